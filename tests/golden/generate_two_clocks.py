#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""two_clocks.csv: greeks where variance runs on one clock and carry on the calendar, by 60-digit differentiation.

    python3 generate_two_clocks.py > two_clocks.csv

The price at calendar time t from now is the expectation itself, with T - t years of carry and T_clock - pace t years of
variance left; every column is a derivative of that one function, so nothing here shares an algebra with the library.
Inputs are doubles, printed so that they read back to the bit. The first row is the call of models.md 1.3.
"""
import random

from mpmath import diff, erfc, exp, log, mp, mpf, sqrt

mp.dps = 60
random.seed(20240531)


def price(S, K, vol, t, right, T, clock, pace, r, q):
    T, v = T - t, vol * sqrt(clock - pace * t)
    D, F = exp(-r * T), S * exp((r - q) * T)
    d1 = log(F / K) / v + v / 2
    return right * D * (F * erfc(-right * d1 / sqrt(2)) - K * erfc(-right * (d1 - v) / sqrt(2))) / 2


# orders of differentiation in S, K, vol, t
ORDERS = {"delta": (1, 0, 0, 0), "gamma": (2, 0, 0, 0), "vega": (0, 0, 1, 0),
          "theta": (0, 0, 0, 1), "vanna": (1, 0, 1, 0),
          "charm": (1, 0, 0, 1), "vomma": (0, 0, 2, 0), "veta": (0, 0, 1, 1),
          "speed": (3, 0, 0, 0), "zomma": (2, 0, 1, 0),
          "color": (2, 0, 0, 1), "ultima": (0, 0, 3, 0), "dual_delta": (0, 1, 0, 0), "dual_gamma": (0, 2, 0, 0),
          "dvanna_dvol": (1, 0, 2, 0), "dual_vanna": (0, 1, 1, 0)}
INPUTS = ["spot", "strike", "years", "clock_years", "pace", "rate", "carry_yield", "vol", "right"]


def cases():
    yield [100.0, 103.0, 0.05, 0.04, 3.9, 0.04, 0.01, 0.25, 1]
    for i in range(31):
        years = 10.0 ** random.uniform(-4.5, 0.5)
        clock = years * random.uniform(0.3, 12.0)
        vol = random.uniform(0.05, 0.9)
        strike = 100.0 * 2.718281828 ** (random.gauss(0.0, 1.2) * vol * clock**0.5)
        pace = random.choice([0.0, 0.4857, 2.3538, 7.0615, random.uniform(0.0, 20.0)])
        yield [100.0, round(strike, 3), years, clock, pace, random.uniform(-0.03, 0.08),
               random.uniform(-0.02, 0.06), vol,
               1 if i % 2 else -1]


print(",".join(INPUTS + ["price"] + list(ORDERS)))
for case in cases():
    S, K, T, clock, pace, r, q, vol, right = map(mpf, case)
    fixed = (right, T, clock, pace, r, q)

    def f(S, K, vol, t):
        return price(S, K, vol, t, *fixed)

    at = (S, K, vol, mpf(0))
    values = [f(*at)] + [diff(f, at, order) for order in ORDERS.values()]
    print(",".join([repr(value) for value in case] + [mp.nstr(value, 20) for value in values]))
