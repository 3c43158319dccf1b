#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of the elementary functions, from 60-digit arithmetic: prints tables.c. Needs mpmath.

    generate_coefficients.py > tables.c

Polynomials are Chebyshev interpolants on each interval, within a few per cent of the best possible ones.
"""
from mpmath import cos, erfc, exp, expm1, log, log1p, mp, mpf, nint, pi, sqrt

mp.dps = 60

EXP_BITS = 6       # 2^(j / 64)
LOG_BITS = 7       # 128 intervals an octave of [1/2, 2)
MILLS_BITS = 5     # 32 intervals an octave of z + 2
MILLS_OCTAVES = 6  # z + 2 in [1, 64)
MILLS_DEGREE = 9
TINY = mpf(10)**-20  # a node that close to 0 is 0


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


def split(value, bits=None):
    """A double and what it leaves out; the first on the grid 2^-bits when that is asked for."""
    high = mpf(float(value)) if bits is None else nint(value * mpf(2)**bits) / mpf(2)**bits
    return high, value - high


def text(value):
    return float(value).hex()


def array(name, values):
    print(f"const double {name}[{len(values)}] = {{")
    for i in range(0, len(values), 4):
        print("    " + ", ".join(text(v) for v in values[i:i + 4]) + ",")
    print("};")


def table(name, rows):
    print(f"const double {name}[{len(rows)}][{len(rows[0])}] = {{")
    for row in rows:
        line = "    {" + ", ".join(text(v) for v in row) + "},"
        while len(line) > 118:  # wrap at a comma
            cut = line.rfind(",", 0, 118) + 1
            print(line[:cut])
            line = "     " + line[cut:].lstrip()
        print(line)
    print("};")


def exponential():
    ln2 = log(mpf(2))
    table("gex__exp_table", [split(mpf(2)**(mpf(j) / 2**EXP_BITS)) for j in range(2**EXP_BITS)])
    bound = ln2 / 2**(EXP_BITS + 1)
    array("gex__exp_poly", interpolate(lambda r: (expm1(r) - r) / r**2 if abs(r) > TINY else mpf(1) / 2, -bound, bound, 4))


def logarithm():
    """{c, -log(c) on the grid 2^-42, the rest}: c has 11 bits and is near the reciprocal of its interval."""
    rows = []
    for octave in (0, 1):
        for j in range(2**LOG_BITS):
            low = mpf(2)**(octave - 1) * (1 + mpf(j) / 2**LOG_BITS)
            c = nint(1 / (low * (1 + mpf(1) / 2**(LOG_BITS + 1))) * 2**10) / 2**10
            if j == 0:                    # from the left end: 1 and 1/2 are exact
                c = 1 / low
            if j == 2**LOG_BITS - 1:      # towards the right end: 1 and 2 are exact
                c = mpf(2)**-octave
            rows.append((c,) + split(-log(c), 42))
    table("gex__log_table", rows)
    bound = mpf(1) / 2**LOG_BITS
    array("gex__log_poly", interpolate(lambda r: (log1p(r) - r + r**2 / 2) / r**3 if abs(r) > TINY else mpf(1) / 3,
                                       -bound, bound, 5))


def mills_ratio(z):
    return erfc(z / sqrt(mpf(2))) * exp(z * z / 2) * sqrt(pi / 2)


def mills():
    """{rest of the first coefficient, coefficients 0 to 9} in z minus the middle of the interval."""
    rows = []
    for octave in range(MILLS_OCTAVES):
        for j in range(2**MILLS_BITS):
            low = mpf(2)**octave * (1 + mpf(j) / 2**MILLS_BITS) - 2
            c = interpolate(mills_ratio, low, low + mpf(2)**(octave - MILLS_BITS), MILLS_DEGREE)
            rows.append([split(c[0])[1]] + c)
    table("gex__mills_table", rows)


def implied():
    """First estimate of an implied deviation; see implied.c. Eight intervals of t = Z / (Z + 4), Z up to 800."""
    def ratio(t):
        z = 4 * t / (1 - t)
        wanted = log(expm1(z)) if z < 100 else z
        low, high = mpf(10)**-12, mpf(64)
        for _ in range(60):
            a = (low + high) / 2 if high > mpf(10)**-3 else sqrt(low * high)
            if a * a / 2 + log(a) - log(1 - a * mills_ratio(a)) > wanted:
                high = a
            else:
                low = a
        return low * sqrt(1 + z / 2) / z
    mp.dps = 30
    scale = 8 * mpf(804) / 800
    rows = [interpolate(lambda u: ratio((j + mpf(1) / 2 + u) / scale), -mpf(1) / 2, mpf(1) / 2, 5) for j in range(8)]
    table("gex__implied_table", rows)


print("""/* SPDX-License-Identifier: Apache-2.0 */
/* Generated by generate_coefficients.py; do not edit. */
#include "tables.h"
""")
exponential()
logarithm()
mills()
implied()
