#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tables of the elementary functions, from 60-digit arithmetic: prints one of three files. Needs mpmath.

    generate_coefficients.py tables > tables.c                exponential and logarithm
    generate_coefficients.py mills > mills_tables.c           ratio of Mills
    generate_coefficients.py plain > plain_tables.c           what plain.h keeps in vector registers, and tails of sums

Polynomials are Chebyshev interpolants on each interval, within a few per cent of the best possible ones.
"""
import struct
import sys

from mpmath import binomial, cos, erfc, exp, expm1, log, log1p, mp, mpf, nint, pi, sqrt

mp.dps = 60

EXP_BITS = 6       # 2^(j / 64)
LOG_BITS = 7       # 128 intervals an octave of [1/2, 2)
MILLS_BITS = 5     # 32 intervals an octave of z + 2
MILLS_OCTAVES = 6  # z + 2 in [1, 64)
MILLS_DEGREE = 9
TINY = mpf(10)**-20  # a node that close to 0 is 0


def interpolate(f, low, high, degree, about=None):
    """Coefficients in (x - about), the middle unless given, of the polynomial through the Chebyshev points."""
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
    result = [c / half**i for i, c in enumerate(result)]
    if about is None:
        return result
    return [sum(result[i] * binomial(i, k) * (about - middle)**(i - k) for i in range(k, count)) for k in range(count)]


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
    array("gex__exp_poly", interpolate(lambda r: (expm1(r) - r) / r**2 if abs(r) > TINY else mpf(1) / 2,
                                       -bound, bound, 4))


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


# ---- tables that fit in vector registers ----------------------------------------------------------------------------

def columns(name, rows):
    """One array of 8 or 16 numbers a column, as a register or two hold them."""
    print(f"const double {name}[{len(rows[0])}][{len(rows)}] __attribute__((aligned(64))) = {{")
    for column in zip(*rows):
        lines, line = [], "    {"
        for value in column:
            if len(line) + len(text(value)) > 116:
                lines.append(line.rstrip())
                line = "     "
            line += text(value) + ", "
        print("\n".join(lines + [line[:-2] + "},"]))
    print("};")


def gaussian():
    """2^(j / 16) / sqrt(2 pi) with j << 48 taken off its bits, what rounding it lost relative to it, and
    (exp(-x / 2) - 1) / x for |x| <= log(2) / 16."""
    def exact(j):
        return mpf(2)**(mpf(j) / 16) / sqrt(2 * pi)

    def shifted(j):
        word = struct.unpack("<q", struct.pack("<d", float(exact(j))))[0] - (j << 48)
        return mpf(struct.unpack("<d", struct.pack("<q", word))[0])
    columns("gex__gauss_table", [[shifted(j), exact(j) / mpf(float(exact(j))) - 1] for j in range(16)])
    bound = log(mpf(2)) / 16 * mpf("1.001")
    array("gex__gauss_poly", interpolate(lambda x: expm1(-x / 2) / x if abs(x) > TINY else -mpf(1) / 2,
                                         -bound, bound, 5))
    array("gex__bell_poly", interpolate(lambda x: expm1(-x / 2) / x if abs(x) > TINY else -mpf(1) / 2,
                                        -bound, bound, 4))


def brief_exponential():
    """x coth(x / 2) = 2 + x^2 C(x^2) for |x| <= 1/8: expm1(x) = 2 x / (x coth(x / 2) - x)."""
    def rest(s):
        x = sqrt(s)
        return (x * (exp(x) + 1) / expm1(x) - 2) / s if s > TINY else mpf(1) / 6
    array("gex__factor_poly", interpolate(rest, mpf(0), mpf(1) / 64, 3, mpf(0)))


def quotient_logarithm():
    """{c, MAGIC - log(c) on the grid 2^-40, the rest} for 16 intervals of an octave centred on 1 + j / 16.

    c has six bits and is even where |m c - 1| passes 2^-5, so that m c - 1 is exact."""
    magic, rows, bound = mpf(3) * 2**11, [], mpf(0)
    for j in range(16):
        low, high = 1 + (mpf(j) - mpf(1) / 2) / 16, 1 + (mpf(j) + mpf(1) / 2) / 16
        if j == 0:
            low = 1 - mpf(1) / 64
        choices = []
        for k in range(32, 65) if j > 0 else [64]:  # next to 1 the logarithm is that of m alone
            reach = max(abs(low * k / 64 - 1), abs(high * k / 64 - 1))
            if reach <= mpf(1) / 32 or k % 2 == 0:
                choices.append((reach, k))
        reach, k = min(choices)
        bound = max(bound, reach)
        high, rest = split(-log(mpf(k) / 64), 40)
        rows.append((mpf(k) / 64, magic + high, rest))
    columns("gex__quotient_table", rows)
    array("gex__quotient_poly", interpolate(lambda r: (log1p(r) - r + r**2 / 2) / r**3 if abs(r) > TINY else mpf(1) / 3,
                                            -bound, bound, 8))


TAIL_DEGREE = 14
TAIL_INTERVALS = 8
TAIL_SHIFT = 5            # y = 1 / (z + 5)
TAIL_LOW = -mpf(5) / 8    # v / 2 less |A| / v is less
TAIL_SHARED = mpf(5) / 4  # two arguments up to this far apart use the interval of their middle


def nearly_double(value, bits):
    return abs(value / mpf(float(value)) - 1) <= mpf(2)**-bits


def tails():
    """Mills ratio in u = (centre - z) y, y = 1 / (z + 5); interval round(y / width) modulo 8, from 1 on;
    {centre, coefficients}.

    The centre is where the ratio and its slope are nearly doubles, so that rounding them costs nothing."""
    width, rows = mpf(1) / (TAIL_LOW + TAIL_SHIFT) / (TAIL_INTERVALS + mpf(1) / 2), [None] * TAIL_INTERVALS
    for j in range(1, TAIL_INTERVALS + 1):
        low, high = 1 / ((j + mpf(1) / 2) * width) - TAIL_SHIFT, 1 / ((j - mpf(1) / 2) * width) - TAIL_SHIFT
        low = max(low - TAIL_SHARED / 2, mpf(TAIL_LOW))
        high += TAIL_SHARED / 2
        centre = nint((2 / (1 / (low + TAIL_SHIFT) + 1 / (high + TAIL_SHIFT)) - TAIL_SHIFT) * 2**16) / 2**16
        while not (nearly_double(mills_ratio(centre), 60) and
                   nearly_double((centre + TAIL_SHIFT) * (1 - centre * mills_ratio(centre)), 57)):
            centre += mpf(2)**-16

        def slope(u, centre=centre):
            u = u if abs(u) > TINY else TINY
            return (mills_ratio((centre - u * TAIL_SHIFT) / (1 + u)) - mills_ratio(centre)) / u
        from_, to = [(centre - z) / (z + TAIL_SHIFT) for z in (high, low)]
        rows[j % TAIL_INTERVALS] = [centre, mills_ratio(centre)] + interpolate(slope,
                                                                               from_, to, TAIL_DEGREE - 1, mpf(0))
    columns("gex__tail_table", rows)
    print(f"const double gex__tail_scale = {text(1 / width)};")


def tail(name, end, degree):
    """R(z) / y on 0 <= z <= end in y - middle, y = 1 / (z + 4): one polynomial, no table."""
    low, high = 1 / (end + TAIL_SHIFT), mpf(1) / TAIL_SHIFT
    array(f"gex__{name}_tail_poly", interpolate(lambda y: mills_ratio(1 / y - TAIL_SHIFT) / y, low, high, degree))
    print(f"const double gex__{name}_tail_middle = {text((low + high) / 2)};")


print("""/* SPDX-License-Identifier: Apache-2.0 */
/* Generated by generate_coefficients.py; do not edit. */
#include "tables.h"
""")
if sys.argv[1:] == ["tables"]:
    exponential()
    logarithm()
elif sys.argv[1:] == ["mills"]:
    mills()
elif sys.argv[1:] == ["plain"]:
    mp.dps = 30  # plenty for what follows; more would move the last bits of low parts
    gaussian()
    brief_exponential()
    quotient_logarithm()
    tails()
    tail("whole", mpf(77) / 2, 17)  # beyond it the Gaussian is taken for 0; within 1e-13
    tail("near", mpf(37) / 4, 15)   # within 3e-14
else:
    sys.exit("tables, mills or plain")
