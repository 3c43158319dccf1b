#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of the American options, from 50-digit arithmetic: prints american_tables.c. Needs mpmath.

    generate_american.py > american_tables.c

A scheme has n nodes of the boundary, l points of an integral along it, p points of the premium.
"""
from mpmath import cos, erfc, exp, log, mp, mpf, pi, sin, sqrt

mp.dps = 50

TERMS = 18
SCHEMES = [("fast", 5, 5, 12), ("standard", 7, 7, 20), ("high", 12, 14, 40)]


def interpolate(f, low, high, degree):
    """Monomial coefficients in (x - middle) of the polynomial through the Chebyshev points of [low, high]."""
    count = degree + 1
    middle, half = (low + high) / 2, (high - low) / 2
    values = [f(middle + half * cos(pi * (k + mpf(1) / 2) / count)) for k in range(count)]
    series = [2 * sum(values[k] * cos(pi * j * (k + mpf(1) / 2) / count) for k in range(count)) / count
              for j in range(count)]
    series[0] /= 2
    chebyshev = [[mpf(1)], [mpf(0), mpf(1)]]
    while len(chebyshev) <= degree:
        following = [mpf(0)] + [2 * c for c in chebyshev[-1]]
        for i, c in enumerate(chebyshev[-2]):
            following[i] -= c
        chebyshev.append(following)
    result = [mpf(0)] * count
    for j in range(count):
        for i, c in enumerate(chebyshev[j]):
            result[i] += series[j] * c
    return [c / half**i for i, c in enumerate(result)]


def gauss(count):
    """Points and weights of Gauss-Legendre on [0, 1], ascending."""
    rows = []
    for i in range(count):
        z = cos(pi * (i + mpf(3) / 4) / (count + mpf(1) / 2))
        for _ in range(10):  # Newton's method, quadratic from a good start
            before, now = mpf(1), z
            for k in range(2, count + 1):
                before, now = now, ((2 * k - 1) * z * now - (k - 1) * before) / k
            slope = count * (z * now - before) / (z * z - 1)
            z -= now / slope
        rows.append(((1 - z) / 2, 1 / ((1 - z * z) * slope**2)))
    return rows


def array(name, values, indent="    "):
    line = f"{indent}{name}{{" + ", ".join(float(v).hex() for v in values) + "}"
    while len(line) > 116:
        cut = line.rfind(",", 0, 116) + 1
        print(line[:cut])
        line = indent + "    " + line[cut:].lstrip()
    return line


def scheme(name, n, points, prices, of_options=True):
    """gex__american_scheme, options in lanes; or gex__two_scheme of two.h."""
    print(f"const struct gex__{'american' if of_options else 'two'}_scheme gex__american_{name} = {{")
    if of_options:
        print(f"    .nodes = {n}, .points = {points}, .prices = {prices},")
    print(array(".x = ", [(1 + cos(pi * i / n)) / 2 for i in range(n)]) + ",")
    if of_options:
        print(array(".log_square = ",
                    [2 * log((1 + cos(pi * i / n)) / (1 + cos(pi * (n - 1) / n))) for i in range(n)]) + ",")
    angles = [(pi / 2 * t, w) for t, w in gauss(points)]
    print(array(".sine = ", [sin(a) for a, w in angles]) + ",")
    print(array(".cosine = ", [cos(a) for a, w in angles]) + ",")
    print(array(".weight = ", [w * pi * sin(a) * cos(a) for a, w in angles]) + ",")
    print("    .series = {")
    for i in range(n):
        print(array("", [2 * cos(pi * i * k / n) / n / (2 if k in (0, n) else 1) / (2 if i == 0 else 1)
                         for k in range(n + 1)], "        ") + ",")
    print("    },")
    print(array(".t = ", [t for t, w in gauss(prices)]) + ",")
    print(array(".t_weight = ", [w for t, w in gauss(prices)]) + ",")
    print("};")


def mills():
    """(z + 4) R(z) as a polynomial in s = 2.2 z / (z + 4) - 1, z in [0, 40]."""
    def f(s):
        u = (s + 1) / mpf("2.2")  # z / (z + 4)
        z = 4 * u / (1 - u)
        return (z + 4) * sqrt(pi / 2) * exp(z * z / 2) * erfc(z / sqrt(mpf(2)))

    return interpolate(f, mpf(-1), mpf(1), 18)


def monomials(count):
    """Chebyshev points, and the monomial coefficients of their Lagrange functions."""
    points = [cos(pi * (j + mpf(1) / 2) / count) for j in range(count)]
    columns = []
    for point in points:
        product, scale = [mpf(1)], mpf(1)
        for other in points:
            if other != point:
                product = [a - other * b for a, b in zip([mpf(0)] + product, product + [mpf(0)])]
                scale *= point - other
        columns.append([c / scale for c in product])
    return points, [[column[k] for column in columns] for k in range(count)]


def main():
    half = log(mpf(2)) / 2
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Written by generate_american.py. */")
    print('#include "american_tables.h"')
    print('#include "two.h"')
    print()
    print(array("const double gex__cdf_exp[12] = ", interpolate(exp, -half, half, 11), "") + ";")
    print(array("const double gex__cdf_mills[19] = ", mills(), "") + ";")
    points, rows = monomials(TERMS)
    print()
    print(array(f"const double gex__american_nodes[{TERMS}] = ", points, "") + ";")
    print()
    print(f"const double gex__american_monomial[{TERMS}][{TERMS}] = {{")
    for row in rows:
        print(array("", row) + ",")
    print("};")
    for row in SCHEMES:
        print()
        scheme(*row)
    print()
    scheme("two", 16, 16, 40, of_options=False)


main()
