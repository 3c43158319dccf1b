#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of an implied deviation, from 30-digit arithmetic: prints implied_tables.c. Needs mpmath.

    generate_implied.py > implied_tables.c

First estimate. With x = |log(F/K)|, a = x / s and h = s / 2, for short deviations a price b is x n(a) (1 - a R(a)) / a
of sqrt(F K): a is one function of Z = log(1 + x sqrt(F K) / (b sqrt(2 pi))). That gives a0, s0 = x / a0, h0 = s0 / 2.
What is left is a series in h0^2 whose coefficients are again functions of Z: s = s0 (1 + h0^2 (g1 + h0^2 (g2 + h0^2
g3))).

Eight intervals of t = Z / (Z + 4), Z up to 800; in each a polynomial in t minus its middle, in units of the interval,
for Z / (a0 sqrt(1 + Z / 2)) and for g1, g2, g3.
"""
from mpmath import cos, erfc, exp, expm1, log, log1p, lu_solve, matrix, mp, mpf, nint, npdf, pi, sqrt

mp.dps = 30
SCALE = 8 * mpf(804) / 800
DEGREES = {"gex__implied_ratio": 5, "gex__implied_bend1": 3, "gex__implied_bend2": 2, "gex__implied_bend3": 1}


def mills_ratio(z):
    return erfc(z / sqrt(mpf(2))) * exp(z * z / 2) * sqrt(pi / 2)


def through(nodes, values):
    """Coefficients of the polynomial through points."""
    return lu_solve(matrix([[node**i for i in range(len(nodes))] for node in nodes]), matrix(values))


def chebyshev(count):
    return [cos(pi * (2 * j + 1) / (2 * count)) for j in range(count)]


def bisect(above, low, high):
    """The argument from which on above() holds, between two positive numbers."""
    low, high = log(low), log(high)
    for _ in range(100):
        middle = (low + high) / 2
        if above(exp(middle)):
            high = middle
        else:
            low = middle
    return exp(low)


def short(a):
    """b / (x sqrt(F K)) where h = 0."""
    return npdf(a) * (1 - a * mills_ratio(a)) / a


def first(t):
    """Z and a0 of an interval's coordinate."""
    z = 4 * t / (1 - t)
    wanted = log(expm1(z)) + log(sqrt(2 * pi))
    return z, bisect(lambda a: -log(short(a)) > wanted, mpf(10)**-20, mpf(70))


def stretch(a, h):
    """s / s0."""
    x = 2 * a * h

    def price(s):
        return npdf(x / s) * exp(-s * s / 8) * (mills_ratio(x / s - s / 2) - mills_ratio(x / s + s / 2))
    wanted = log(x * short(a))
    return bisect(lambda s: log(price(s)) > wanted, h, 20 * h) / (2 * h)


bends = {}


def bend(t, k):
    """g1, g2, g3 through Chebyshev points of h0^2, for h0 up to 0.63 (half the bound at the money) and more beyond."""
    if t not in bends:
        a = first(t)[1]
        reach = (mpf(63) / 100 + min(a, 8) / 5)**2
        nodes = [reach / 2 * (1 + node) for node in chebyshev(3)]
        bends[t] = through(nodes, [(stretch(a, sqrt(node)) - 1) / node for node in nodes])
    return bends[t][k]


def ratio(t):
    z, a = first(t)
    return z / (a * sqrt(1 + z / 2))


def table(name, function):
    degree = DEGREES[name]
    columns = []
    for j in range(8):
        nodes = [node / 2 for node in chebyshev(degree + 1)]
        columns.append(through(nodes, [function((j + mpf(1) / 2 + node) / SCALE) for node in nodes]))
    print_rows(name, [[column[k] for column in columns] for k in range(degree + 1)])


def print_rows(name, rows):
    print(f"_Alignas(64) const double {name}[{len(rows)}][{len(rows[0])}] = {{")
    for row in rows:
        values = [float(value).hex() for value in row]
        lines = [", ".join(values[i:i + 4]) for i in range(0, len(values), 4)]
        print("    {" + ",\n     ".join(lines) + "},")
    print("};")


def print_row(name, row):
    values = [float(value).hex() for value in row]
    print(f"_Alignas(64) const double {name}[{len(values)}] = {{")
    print("    " + ",\n    ".join(", ".join(values[i:i + 4]) for i in range(0, len(values), 4)) + "};")


def logarithm():
    """c, -log(c) on the grid 2^-42, the rest, and again with log(sqrt(2 pi) / 3) more: significands around 3/4 + j / 32
    up to 1, around 1 + j / 16 from there."""
    middles = [mpf(3) / 4 + mpf(j) / 32 for j in range(8)] + [1 + mpf(j) / 16 for j in range(8)]
    c = [nint(2**8 / middle) / 2**8 for middle in middles]
    coarse = [nint(-log(value) * 2**42) / 2**42 for value in c]
    print_rows("gex__implied_log", [c, coarse, [-log(value) - high for value, high in zip(c, coarse)]])
    full = [log(sqrt(2 * pi) / 3) - log(value) for value in c]
    coarse = [nint(value * 2**42) / 2**42 for value in full]
    print_rows("gex__implied_log_gauss", [c, coarse, [value - high for value, high in zip(full, coarse)]])
    bound = mpf(35) / 1000
    nodes = [node * bound for node in chebyshev(9)]
    poly = through(nodes, [(log1p(r) - r + r * r / 2) / r**3 if abs(r) > mpf(10)**-9 else mpf(1) / 3 for r in nodes])
    print_row("gex__implied_log_poly", poly)
    nodes = [mpf(1) / 8 + node * mpf(3) / 8 for node in chebyshev(6)]  # from 3/4 to 3/2
    print_row("gex__implied_rough_log", through(nodes, [log1p(u) / u for u in nodes]))


def mills():
    """R(z) over 48 y, y = 1 / (z + 4): in u = 48 y - (j + 1/2), valid half an interval beyond either end.
    The last two rows are what the first two leave out."""
    columns = []
    for j in range(16):
        low, high = max(mpf(j) - mpf(1) / 2, mpf(48) / 124), mpf(j) + mpf(3) / 2
        nodes = [(low + high) / 2 + (high - low) / 2 * node - (j + mpf(1) / 2) for node in chebyshev(13)]
        columns.append(through(nodes, [mills_ratio(48 / (j + mpf(1) / 2 + node) - 4) for node in nodes]))
    rows = [[column[k] for column in columns] for k in range(13)]
    print_rows("gex__implied_mills", rows + [[value - mpf(float(value)) for value in row] for row in rows[:2]])


if __name__ == "__main__":
    print("""/* SPDX-License-Identifier: Apache-2.0 */
/* Generated by generate_implied.py; do not edit. */
#include "implied_tables.h"
""")
    table("gex__implied_ratio", ratio)
    for which in range(3):
        table(f"gex__implied_bend{which + 1}", lambda t, which=which: bend(t, which))
    mp.dps = 50
    logarithm()
    mills()
