#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Smiles of mixtures of lognormals, from nothing but prices: tests/golden/mixture.csv.

    generate_mixture.py > mixture.csv

Prices out of the money are sums of Black's over the components; total variance is the root of Black's price, and its
two derivatives by k are differences of that root over steps of 1e-25, all with 120 digits. The density of ln(S / F) is
the sum of those of the components. Needs mpmath.
"""
from mpmath import erfc, exp, findroot, log, mp, mpf, npdf, sqrt

mp.dps = 120
H = mpf(10) ** -25

MIXTURES = {
    "one": [("1", "1", "0.2")],
    "index": [("0.62", "1.01", "0.04"), ("0.3", "0.99", "0.08"), ("0.08", None, "0.2")],
    "crash": [("0.999", "1.0005", "0.01"), ("0.001", None, "0.35")],
    "two_sided": [("0.5", "0.9", "0.03"), ("0.5", None, "0.03")],
    "event": [("0.5", "0.98", "0.002"), ("0.5", None, "0.002")],
    "long": [("0.7", "1.2", "0.5"), ("0.25", "0.55", "0.9"), ("0.05", None, "2.5")],
}
PLACES = {
    "one": "-3 -1 -0.2 -1e-6 0 0.1 2",
    "index": "-4 -0.9 -0.3 -0.1 -0.02 0 0.003 0.05 0.2 0.7 5",
    "crash": "-20 -5 -1 -0.3 -0.06 -0.03 -0.01 0 0.01 0.04 0.2 1 12",
    "two_sided": "-1 -0.3 -0.105 -0.05 -0.01 0 0.02 0.095 0.2 0.8",
    "event": "-0.3 -0.06 -0.0202 -0.01 -0.004 0 0.005 0.0198 0.04 0.3",
    "long": "-20 -6 -2 -0.6 0 0.4 1.5 5 20",
}


def normal(x):
    return erfc(-x / sqrt(mpf(2))) / 2


def price(k, mean, v, call):
    d1 = (log(mean) - k) / v + v / 2
    return mean * normal(d1) - exp(k) * normal(d1 - v) if call else exp(k) * normal(v - d1) - mean * normal(-d1)


def closed(rows):
    """The last mean from the others: weights times means add up to 1."""
    rest = 1 - sum(mpf(p) * mpf(m) for p, m, _ in rows if m is not None)
    return [(mpf(p), mpf(m) if m is not None else rest / mpf(p), mpf(v)) for p, m, v in rows]


def deviation(rows, k, call):
    """Bisection over ln v of ln price, then secants: no start is too far out."""
    target = log(sum(p * price(k, m, v, call) for p, m, v in rows))
    low, high = log(min(v for _, _, v in rows)) - 1, log(mpf(20))
    for _ in range(60):
        middle = (low + high) / 2
        if log(price(k, mpf(1), exp(middle), call)) < target:
            low = middle
        else:
            high = middle
    return exp(findroot(lambda x: log(price(k, mpf(1), exp(x), call)) - target, (low, high), solver="secant",
                        tol=mpf(10) ** -200))


def main():
    print("kind,mixture,a,b,c,d,e")
    for name, given in MIXTURES.items():
        rows = closed(given)
        for p, m, v in rows:
            print(f"component,{name},{mp.nstr(p, 40)},{mp.nstr(m, 40)},{mp.nstr(v, 40)},,")
        for text in PLACES[name].split():
            k = mpf(text)
            call = k >= 0
            w = [deviation(rows, k + i * H, call) ** 2 for i in (-1, 0, 1)]
            density = sum(p * npdf((k - log(m)) / v + v / 2) / v for p, m, v in rows)
            print(f"value,{name},{text}," + ",".join(mp.nstr(x, 40) for x in (
                w[1], (w[2] - w[0]) / (2 * H), (w[2] - 2 * w[1] + w[0]) / H ** 2, density)))


if __name__ == "__main__":
    main()
