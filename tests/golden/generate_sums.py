#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sums.txt: lists of doubles and the double nearest to their exact sum, by fractions.Fraction and, where it can, by
math.fsum. A line is the sum and then the values, as hexadecimal floats; infinities and NaN by the rules of IEEE 754."""
import math
import random
from fractions import Fraction

random.seed(20240531)
MAX, MIN, TRUE_MIN = 1.7976931348623157e308, 2.2250738585072014e-308, 5e-324


def rounded(values):
    if any(math.isnan(v) for v in values):
        return math.nan
    if any(math.isinf(v) for v in values):
        return math.inf if -math.inf not in values else -math.inf if math.inf not in values else math.nan
    exact = sum(map(Fraction, values))
    try:
        result = float(exact)  # an integer over an integer divides to the nearest double
    except OverflowError:
        return math.inf if exact > 0 else -math.inf
    try:
        assert math.fsum(values) == result
    except OverflowError:
        pass
    return result


def bits():
    while True:
        value = float.fromhex("%s0x1.%013xp%d" % (random.choice("+-"),
                                                  random.getrandbits(52), random.randint(-1074, 1023)))
        if abs(value) <= MAX:
            return value


cases = [
    [], [0.0], [-0.0], [1.0], [-TRUE_MIN], [TRUE_MIN] * 3, [MIN, -TRUE_MIN],
    [MAX], [MAX, MAX], [MAX, MAX, -MAX], [-MAX, -MAX],
    [MAX, 2.0**970], [MAX, 2.0**969], [MAX, 2.0**970, -TRUE_MIN], [-MAX, -2.0**970],
    [1.0, 1e100, 1.0, -1e100], [1.0, 2.0**-53], [1.0, 2.0**-53, TRUE_MIN],
    [1.0, 2.0**-53, -TRUE_MIN], [1.0 + 2.0**-52, 2.0**-53],
    [1.0 + 2.0**-52, 2.0**-53, -TRUE_MIN], [-1.0, -2.0**-53, -TRUE_MIN], [2.0**53, 1.0], [2.0**53, 1.0, 2.0**-1074],
    [2.0**53 - 1, 0.5], [2.0**53 - 1, 0.5, -TRUE_MIN], [0.1] * 10, [0.1] * 1000, [1e308, 1e308, -1e308, 5e-324],
    [2.0**32, -1.0], [-(2.0**32), 1.0], [2.0**-1042, -(2.0**-1074)], [MIN, MIN, -MIN], [2.0**-1023] * 2,
    [math.inf], [-math.inf, 1.0], [math.inf, -math.inf], [math.nan, 1.0], [math.inf, math.nan], [MAX, MAX, -math.inf],
]
for count, rounds in ((2, 12), (3, 12), (7, 12), (50, 6), (300, 1)):
    for _ in range(rounds):
        wide = [bits() for _ in range(count)]
        cases.append(wide)
        near = [random.gauss(0, 1) * 10.0**random.randint(-3, 3) for _ in range(count)]
        cases.append(near + [-v for v in random.sample(near, count // 2)])
        everything = near + wide[: count // 4]
        cases.append(everything + [-v for v in everything] + [random.uniform(-1, 1) * 2.0**random.randint(-1070, 10)])
for case in cases:
    print(" ".join([rounded(case).hex()] + [v.hex() for v in case]))
