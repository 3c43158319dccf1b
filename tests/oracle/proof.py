# SPDX-License-Identifier: Apache-2.0
"""What Surface.check() says is proved, a second time: by roots of polynomials and by search, in forty digits.

    python3 proof.py                exit 77 when mpmath or numpy is missing

calendar   total variances of two raw SVI slices are equal where a quartic is zero (Gatheral and Jacquier 2014, section
           3): its real roots, and those of the derivative of the difference, are where the difference is least. Slices
           are drawn from far apart to a part in 10^10 apart, some lowered until they touch.
butterfly  with k = m + s sinh(u), g on a grid of u out to 25, every dip of which is refined by golden section.
mixture    prices of two mixtures on a grid as fine as their narrowest lognormal.
"""
import random
import sys

try:
    import numpy as np
    from mpmath import mp, mpf
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

import gex

mp.dps = 40


def variance(p, k):
    a, b, rho, m, s = p
    return a + b * (rho * (k - m) + mp.sqrt((k - m) ** 2 + s**2))


def g(p, k):
    a, b, rho, m, s = p
    r = mp.sqrt((k - m) ** 2 + s**2)
    w, w1, w2 = variance(p, k), b * (rho + (k - m) / r), b * s**2 / r**3
    return (1 - k * w1 / (2 * w)) ** 2 - w1**2 * (1 / w + mpf(1) / 4) / 4 + w2 / 2


def golden(f, low, high, steps=90):
    share = (3 - mp.sqrt(5)) / 2
    one, other = low + share * (high - low), high - share * (high - low)
    at_one, at_other = f(one), f(other)
    for _ in range(steps):
        if at_one < at_other:
            high, other, at_other = other, one, at_one
            one = low + share * (high - low)
            at_one = f(one)
        else:
            low, one, at_one = one, other, at_other
            other = high - share * (high - low)
            at_other = f(other)
    return min(at_one, at_other)


def least_on(f, places):
    values = [f(k) for k in places]
    least = min(values)
    for i in range(1, len(places) - 1):
        if values[i] <= values[i - 1] and values[i] <= values[i + 1]:
            least = min(least, golden(f, places[i - 1], places[i + 1]))
    return least


def least_g(p):
    places = [p[3] + p[4] * mp.sinh(mpf(u) / 20) for u in range(-500, 501)]
    limits = [mpf(1) / 4 - (p[1] * (1 + side * p[2])) ** 2 / 16 for side in (-1, 1)]
    return min([least_on(lambda k: g(p, k), places)] + limits)


def times(one, other):
    out = [mpf(0)] * (len(one) + len(other) - 1)
    for i, x in enumerate(one):
        for j, y in enumerate(other):
            out[i + j] += x * y
    return out


def crossings(p, q):
    """Real k where c + d k + b' R' - b R = 0 squared twice is zero, highest power first: no more than four."""
    straight = [q[1] * q[2] - p[1] * p[2], q[0] - p[0] - q[1] * q[2] * q[3] + p[1] * p[2] * p[3]]
    square = [times([x[1], -x[1] * x[3]], [x[1], -x[1] * x[3]]) for x in (p, q)]
    for one, x in zip(square, (p, q)):
        one[2] += (x[1] * x[4]) ** 2
    line = times(straight, straight)
    both = [line[i] + square[1][i] - square[0][i] for i in range(3)]
    quartic = [x - 4 * y for x, y in zip(times(both, both), times(line, square[1]))]
    while quartic and abs(quartic[0]) < mpf(10) ** -60:
        quartic.pop(0)
    if len(quartic) < 2:
        return []
    roots = mp.polyroots(quartic, maxsteps=2000, extraprec=400, error=False)
    return sorted(mp.re(x) for x in roots if abs(mp.im(x)) < mpf(10) ** -12 * (1 + abs(x)))


def least_above(p, q):
    """Between two crossings, and beyond the outer ones, the difference has one sign: its least there by search."""
    def f(k):
        return variance(q, k) - variance(p, k)

    bends = [x[3] + x[4] * mp.sinh(mpf(u) / 8) for x in (p, q) for u in range(-160, 161)]
    return least_on(f, sorted(bends + crossings(p, q)))


def draw(rng):
    s = mp.exp(rng.uniform(-4, 0.5))
    rho = mpf(rng.uniform(-0.95, 0.95))
    b = mp.exp(rng.uniform(-4, 0.6)) / (1 + abs(rho))
    lowest = b * s * mp.sqrt(1 - rho**2)
    p = [lowest * (mp.exp(rng.uniform(-4, 2)) - 1), b, rho, rng.uniform(-2, 2) * s, s]
    return [mpf(float(x)) for x in p]


def check(slices, tolerance=1e-12):
    columns = np.array([[float(x) for x in p] for p in slices]).T
    years = np.arange(1.0, len(slices) + 1)
    return gex.Surface.svi(years, np.full(len(slices), 100.0), *columns).check(tolerance)


def main():
    rng = random.Random(5)
    good = True

    def hold(what, truth):
        nonlocal good
        if not truth:
            print("FAILED", what)
        good = good and bool(truth)

    butterflies = 0
    for i in range(60):
        p = draw(rng)
        least, found = least_g(p), check([p]).butterfly[0]
        butterflies += least < 0
        hold(f"butterfly {i}: {found}, searched {mp.nstr(least, 20)}",
             found <= least + mpf(10) ** -11 and found >= least - mpf(10) ** -5 * abs(least) - mpf(10) ** -11)
        hold(f"sign of butterfly {i}", (found >= 0) == (least >= 0))

    touches = 0
    for i in range(60):
        apart, p = 10.0 ** -(i % 11), draw(rng)
        while True:
            q = [mpf(float(x * (1 + apart * rng.uniform(-0.5, 0.5)))) for x in p]
            if abs(q[2]) < 1 and all(q[1] * (1 + side * q[2]) > p[1] * (1 + side * p[2]) for side in (-1, 1)):
                break
        if i % 2 == 0:  # until they touch
            q[0] = mpf(float(q[0] - least_above(p, q)))
        if min(x[0] + x[1] * x[4] * mp.sqrt(1 - x[2] ** 2) for x in (p, q)) <= 0:
            continue
        touches += i % 2 == 0
        least, report = least_above(p, q), check([p, q])
        scale = apart * p[1] * (p[4] + abs(p[3]))
        hold(f"calendar {i}, {apart:g} apart: {report.calendar[1]}, searched {mp.nstr(least, 20)}",
             abs(report.calendar[1] - least) <= mpf(10) ** -9 * (scale + abs(least)) + mpf(10) ** -17)
        tolerated = least_above([p[0] * (1 - mpf(10) ** -12), p[1] * (1 - mpf(10) ** -12)] + p[2:], q) >= 0
        found = report.violations - int(np.sum(report.butterfly < -1e-12))
        hold(f"count of calendar {i}: {found}, tolerated {tolerated}", (found == 0) == tolerated)

    crossed = 0
    for i in range(20):
        weight, rows = [0.5, 0.3, 0.2], []
        for e in range(2):
            mean = [mp.exp(rng.uniform(-0.2, 0.2)) for _ in weight]
            total = sum(x * y for x, y in zip(weight, mean))
            deviation = [np.exp(rng.uniform(-4, -1.5)) * (1.2 if e else 1) for _ in weight]
            rows += [(e, x, float(y / total), v) for x, y, v in zip(weight, mean, deviation)]
        rows[3] = rows[3][:3] + (max(rows[3][3], *(row[3] for row in rows[:3])),)

        def price(e, k):
            strike, sum_of = mp.exp(k), mpf(0)
            for at, x, y, v in rows:
                if at == e:
                    d = (mp.log(y) - k) / v + mpf(v) / 2
                    sum_of += x * (y * mp.ncdf(d) - strike * mp.ncdf(d - v))
            return sum_of

        step = min(row[3] for row in rows) / 4
        places = [mpf(k) for k in np.arange(-1, 1, step)]
        with mp.workdps(25):
            least = least_on(lambda k: price(1, k) - price(0, k), places)
        columns = list(zip(*rows))
        report = gex.Surface.mixture([1.0, 2.0], [100.0, 100.0], np.array(columns[0], np.int32), *columns[1:]).check()
        crossed += least < -1e-12
        hold(f"mixture {i}: {report.calendar[1]}, searched {mp.nstr(least, 12)}",
             (report.violations == 1) == (least < -1e-12)
             and (least >= -1e-12 or abs(report.calendar[1] - least) <= 1e-12 + 1e-5 * abs(least)))

    print(f"{butterflies} of 60 slices with a butterfly, {touches} pairs that touch, "
          f"{crossed} of 20 mixtures that cross")
    hold("enough of each", butterflies > 10 and touches > 10 and crossed > 3)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
