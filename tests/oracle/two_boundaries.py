#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""American options with two exercise boundaries by a method that shares nothing with the library's.

    two_boundaries.py [ROWS] [--seed N] [--rows | --table]

The linear complementarity problem in the log of spot, differences that are exact for 1 and S, Crank-Nicolson after
four implicit half steps with times that grow as squares, each step solved exactly by policy iteration (Forsyth and
Vetzal, 2002). The European option goes through the same matrices, so that what is extrapolated (Richardson, three
grids) is the premium. No boundary is looked for. --rows prints the table of tests/suite_american_two.c, --table a line
of docs/accuracy.md; else the library's prices are compared, 1e-6 of the larger of spot and strike.
"""
from __future__ import annotations

import argparse
import math
import sys

import numpy as np
from scipy.linalg import solve_banded
from scipy.special import ndtr

TOLERANCE = 1e-6
REACH = 7.5  # deviations beyond spot and strikes


def black_put(spot: float, years: float, vol: float, rate: float, carry: float) -> float:
    v = vol * math.sqrt(years)
    d1 = (math.log(spot) + (rate - carry) * years) / v + v / 2
    return float(math.exp(-rate * years) * ndtr(v - d1) - spot * math.exp(-carry * years) * ndtr(-d1))


class Grid:
    """A put of strike 1 on so many intervals."""

    def __init__(self, spot: float, years: float, vol: float, rate: float, carry: float, intervals: int) -> None:
        v, drift = vol * math.sqrt(years), abs(rate - carry) * years
        low = min(math.log(rate / carry), math.log(spot)) - REACH * v - drift
        high = max(0.0, math.log(spot)) + REACH * v + drift
        dx = (high - low) / intervals
        strike = round(-low / dx)
        self.x = dx * (np.arange(intervals + 1) - strike)
        self.pays = np.maximum(-np.expm1(self.x), 0.0)
        self.first = self.pays.copy()
        self.first[strike] = (dx / 2 + math.expm1(-dx / 2)) / dx  # the mean over the kink's cell
        over, under, s2, b = math.expm1(dx), -math.expm1(-dx), vol * vol, rate - carry
        self.up, self.down = (s2 + b * under) / (over * (over + under)), (s2 - b * over) / (under * (over + under))
        self.here = -(self.up + self.down) - rate
        self.rate, self.carry, self.years = rate, carry, years

    def step(self, value: np.ndarray, dt: float, theta: float, left: float, early: bool) -> np.ndarray:
        """`left` years from expiry after the step, which takes dt."""
        right = value.copy()
        right[1:-1] += (1 - theta) * dt * (self.down * value[:-2] + self.here * value[1:-1] + self.up * value[2:])
        right[0] = math.exp(-self.rate * left) - math.exp(self.x[0] - self.carry * left)  # both are the forward there
        right[-1] = 0.0
        bands = np.empty((3, len(value)))
        bands[0], bands[1], bands[2] = -theta * dt * self.up, 1 - theta * dt * self.here, -theta * dt * self.down
        bands[1, 0] = bands[1, -1] = 1.0
        bands[0, 1] = bands[2, -2] = 0.0
        if not early:
            return solve_banded((1, 1), bands, right)
        held = (value <= self.pays + 1e-15) & (self.pays > 0) & (self.x > math.log(self.rate / self.carry))
        for _ in range(100):
            those = np.flatnonzero(held)
            fixed, known = bands.copy(), right.copy()
            fixed[1, those], fixed[0, those + 1], fixed[2, those - 1], known[those] = 1.0, 0.0, 0.0, self.pays[those]
            solved = solve_banded((1, 1), fixed, known)
            force = bands[1] * solved - right
            force[1:] += bands[2, :-1] * solved[:-1]
            force[:-1] += bands[0, 1:] * solved[1:]
            changed = np.where(held, force >= -1e-14, solved < self.pays - 1e-14) & (self.pays > 0)
            changed[0] = False
            if np.array_equal(changed, held):
                return solved
            held = changed
        return solved

    def premium(self, steps: int, spot: float) -> float:
        early, european = self.first.copy(), self.first.copy()
        times = self.years * (np.arange(steps + 1) / steps) ** 2
        for before, after in zip(times[:-1], times[1:]):
            damped = after <= times[2]
            for end in (0.5 * (before + after), after) if damped else (after,):
                dt = 0.5 * (after - before) if damped else after - before
                early = self.step(early, dt, 1.0 if damped else 0.5, end, True)
                european = self.step(european, dt, 1.0 if damped else 0.5, end, False)
        place = int(np.searchsorted(self.x, math.log(spot))) - 3
        nodes = slice(place, place + 6)
        x, y = self.x[nodes] - math.log(spot), (early - european)[nodes]
        return float(sum(y[i] * math.prod(x[j] / (x[j] - x[i]) for j in range(6) if j != i) for i in range(6)))


def put(spot: float, years: float, vol: float, rate: float, carry: float, intervals: int = 2500) -> tuple[float, float]:
    """Value of a put of strike 1, and how far two extrapolations of it differ."""
    grids = [Grid(spot, years, vol, rate, carry, n * intervals // 2).premium(n * intervals // 5, spot)
             for n in (1, 2, 4)]
    once = [fine + (fine - coarse) / 3 for coarse, fine in zip(grids, grids[1:])]
    floor = max(1.0 - spot, 0.0)
    return max(black_put(spot, years, vol, rate, carry) + once[1], floor), abs(once[1] - once[0])


def rows(count: int, seed: int) -> list[tuple[float, ...]]:
    """(spot, strike, years, vol, rate, carry, right), every other one a call; spots about both boundaries."""
    random = np.random.default_rng(seed)
    drawn = []
    for i in range(count):
        years, vol = math.exp(random.uniform(math.log(0.02), math.log(10))), random.uniform(0.04, 0.5)
        low = -random.uniform(0.01, 0.12)
        high = low * random.uniform(0.05, 0.95)
        log_spot = random.uniform(-2, 2) * min(vol * math.sqrt(years), 0.5)
        log_spot += math.log(high / low) if i % 4 > 1 else 0.0
        spot = round(math.exp(log_spot), 4)
        put_row = (100 * spot, 100.0, round(years, 4), round(vol, 4), round(high, 5), round(low, 5), -1)
        drawn.append(put_row if i % 2 == 0 else
                     (100.0, 100 * spot, *put_row[2:4], put_row[5], put_row[4], 1))
    return drawn


def reference(row: tuple[float, ...]) -> tuple[float, float]:
    """A call is the put with spot and strike, rate and yield exchanged."""
    spot, strike, years, vol, rate, carry, right = row
    unit = strike if right < 0 else spot
    value, doubt = (put(spot / strike, years, vol, rate, carry) if right < 0 else
                    put(strike / spot, years, vol, carry, rate))
    return unit * value, unit * doubt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    drawn = rows(arguments.count, arguments.seed)
    references = [reference(row) for row in drawn]
    if arguments.rows:
        for row, (value, doubt) in zip(drawn, references):
            print("    {{" + ", ".join(f"{x:g}" for x in row) + f"}}, {value:.7f}}}, /* {doubt / max(row[:2]):.0e} */")
        return 0
    import gex
    found = gex.american(*np.array(drawn).T[:4], right=np.array([row[6] for row in drawn], np.int8),
                         rate=np.array([row[4] for row in drawn]), carry_yield=np.array([row[5] for row in drawn]),
                         columns=["price", "status"])
    unit = np.array([max(row[:2]) for row in drawn])
    error = np.abs(found["price"] - [value for value, _ in references]) / unit
    doubt = np.array([d for _, d in references]) / unit
    if arguments.table:
        sure = error[doubt < TOLERANCE]
        print("| two boundaries, to 10 years, rates and yields from -12 % | collocation "
              f"| {len(sure)} | {len(error) - len(sure)} "
              f"| {sure.max():.1e} | {np.quantile(sure, 0.99):.1e} | {np.median(sure):.1e} |")
        return 0
    print(f"{len(drawn)} rows: largest error {error.max():.1e}, reference in doubt by {doubt.max():.1e}, "
          f"statuses {sorted(set(found['status'].tolist()))}")
    return int(not (error <= TOLERANCE).all() or not set(found["status"].tolist()) <= {0, 6})


if __name__ == "__main__":
    sys.exit(main())
