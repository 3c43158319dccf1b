# SPDX-License-Identifier: Apache-2.0
"""How many quotes five numbers can hold: the most that a long search finds, beside what gex_fit_svi() holds.

    python3 held.py [EVERY]         exit 77 when GEX_DATA, numpy or libgex-fit is missing; every EVERY-th expiry, 12th
                                    unless given

For each expiry of the SPX chains under $GEX_DATA every two-sided quote is an interval of total variance. A raw SVI
slice is moved at random, level and slopes along random lines to where most intervals are met, m and s by jumps that
keep three quotes; one that holds fewer is kept now and then, ever less often. It shares nothing with the library but
its forwards and discounts. Nothing is asked about arbitrage, so what it reaches is more than an enforced fit can be
asked for.
"""
import gzip
import os
import pathlib
import sys

try:
    import numpy as np
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

from math import erf

SPX = ("spx_2023-09-14.csv", "spx_2024-01-07_weekend.csv.gz", "spx_2022-07-12_intraday.csv.gz")
ROUNDS = 2400
normal = np.vectorize(lambda x: 0.5 * (1 + erf(x / 2**0.5)), otypes=[float])


def total_variance(forward, strike, price, call):
    """Of undiscounted prices, by bisection of the price of the side out of the money; 0 below intrinsic, inf above
    the bound."""
    price = price - np.where(call, np.maximum(forward - strike, 0), np.maximum(strike - forward, 0))
    low, high = np.full(len(strike), 1e-6), np.full(len(strike), 10.0)
    out = strike >= forward
    for _ in range(60):
        s = (low + high) / 2
        d1 = np.log(forward / strike) / s + s / 2
        worth = np.where(out, forward * normal(d1) - strike * normal(d1 - s),
                         strike * normal(s - d1) - forward * normal(-d1))
        low, high = np.where(worth < price, s, low), np.where(worth < price, high, s)
    w = ((low + high) / 2)**2
    return np.where(price <= 0, 0, np.where(price >= np.minimum(forward, strike), np.inf, w))


class Slice:
    """Intervals of one expiry, and slices a, L, U, m, ln s over them."""

    def __init__(self, k, low, high):
        self.k, self.low, self.high = k, low, high

    def basis(self, x):
        at = self.k - x[3]
        root = np.hypot(at, np.exp(x[4]))
        return np.array([np.ones_like(at), (root - at) / 2, (root + at) / 2])

    def held(self, x):
        w = x[:3] @ self.basis(x)
        return int(np.sum((w >= self.low) & (w <= self.high)))

    def best_step(self, basis, x, line):
        """Along level and slopes: every end of an interval is a place where the count changes."""
        w, slope = x[:3] @ basis, line @ basis
        moves = abs(slope) > 1e-14
        with np.errstate(invalid="ignore"):
            ends = np.sort(np.stack([(self.low - w)[moves], (self.high - w)[moves]]) / slope[moves], axis=0)
        ends = np.clip(ends, -10, 10)
        places = np.concatenate(ends)
        order = np.argsort(places, kind="stable")
        count = np.cumsum(np.concatenate([np.ones(moves.sum()), -np.ones(moves.sum())])[order])
        at = int(np.argmax(count))
        return (places[order][at] + places[order][min(at + 1, len(order) - 1)]) / 2

    def search(self, x, rounds, random):
        x, kept, held = x.copy(), x.copy(), self.held(x)
        most = held
        for n in range(rounds):
            y = x.copy()
            if random.random() < 0.6:
                far = np.exp(-9 * random.random())
                y[3] += far * random.normal() * max(np.exp(y[4]), 0.02)
                y[4] = np.clip(y[4] + far * random.normal(), -9, 2)
                three = random.integers(len(self.k), size=3)
                try:
                    y[:3] = np.linalg.solve(self.basis(y)[:, three].T, x[:3] @ self.basis(x)[:, three])
                except np.linalg.LinAlgError:
                    continue
            basis = self.basis(y)
            for _ in range(3):
                line = random.normal(size=3) * [0.1, 1, 1]
                pivots = random.integers(len(self.k), size=2)
                kind = random.integers(4)
                if kind == 0:
                    line = np.array([1.0, 0, 0])
                elif kind == 1:
                    line[0] = -line[1:] @ basis[1:, pivots[0]]
                elif kind == 2:
                    line = np.cross(basis[:, pivots[0]], basis[:, pivots[1]])
                size = np.abs(line).sum()
                if size > 1e-14:
                    there = y[:3] + self.best_step(basis, y, line / size) * line / size
                    if np.all((there[1:] >= 0) & (there[1:] <= 2)):
                        y[:3] = there
            if np.any(y[1:3] < 0) or np.any(y[1:3] > 2) or y[0] + np.exp(y[4]) * np.sqrt(y[1] * y[2]) < 0:
                continue
            now = self.held(y)
            if now >= held or random.random() < np.exp((now - held) / (0.5 * (1 - n / rounds) + 1e-3)):
                x, held = y, now
                if now > most:
                    kept, most = y.copy(), now
        return kept, most


def numbers(raw):
    return np.array([raw[0], raw[1] * (1 - raw[2]), raw[1] * (1 + raw[2]), raw[3], np.log(raw[4])])


def expiries(gex, chain, market):
    """Index, and slice of intervals, of each expiry that has two-sided quotes."""
    place = np.searchsorted(chain.expiries, chain.settlement)
    for e in range(len(market.forward)):
        rows = np.flatnonzero((place == e) & (chain.bid > 0) & (chain.ask >= chain.bid) & (chain.status == 0))
        forward, discount = market.forward[e], market.discount[e]
        if len(rows) < 10 or not (forward > 0 and market.years[e] > 0):
            continue
        call = chain.right[rows] == 1
        low, high = (total_variance(forward, chain.strike[rows], prices[rows] / discount, call)
                     for prices in (chain.bid, chain.ask))
        yield e, rows, Slice(np.log(chain.strike[rows] / forward), low * (1 - 1e-9), high * (1 + 1e-9))


def fit(gex, market, chain, found, enforce):
    """Of every two-sided quote; one whose bid is below intrinsic is bid a volatility of nearly nothing."""
    index, strike, bid, ask = [], [], [], []
    for e, rows, one in found:
        usable = one.high > 0
        index.append(np.full(usable.sum(), e))
        strike.append(chain.strike[rows][usable])
        bid.append(np.sqrt(np.maximum(one.low[usable] / market.years[e], 1e-6)))
        ask.append(np.sqrt(np.minimum(one.high[usable], 60) / market.years[e]))
    index, strike, bid, ask = map(np.concatenate, (index, strike, bid, ask))
    return gex.fit.svi(market.years, market.forward, index, strike, np.minimum(bid, ask), ask, loss="held",
                       enforce=enforce, spot=market.spot)


def main():
    folder = os.environ.get("GEX_DATA", "")
    if not os.path.isdir(folder):
        print("SKIPPED: GEX_DATA names no folder of market data")
        return 77
    import gex
    if not gex.fit.available():
        print("SKIPPED: libgex-fit is not here")
        return 77
    every, good = int(sys.argv[1]) if len(sys.argv) > 1 else 12, True
    for name in SPX:
        path = pathlib.Path(folder) / "cboe-quotedata" / name
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            chain = gex.read_cboe(file.read())
        market = gex.Market(chain, vol="otm")
        found = list(expiries(gex, chain, market))
        fits = {enforce: fit(gex, market, chain, found, enforce) for enforce in ("nothing", "butterfly", "all")}
        shares = []
        for e, _, one in found[::every]:
            if fits["nothing"].fitted[e] != gex.fit.FITTED["own"]:
                continue
            starts = [numbers(made.parameters[e]) for made in fits.values()]
            best = max(one.search(x, ROUNDS // 2, np.random.default_rng(n))[1] for n, x in enumerate(starts[:2]))
            shares.append([best / len(one.k)] + [one.held(x) / len(one.k) for x in starts])
        shares = np.array(shares)
        most, *ours = np.median(shares, axis=0)
        lost = shares[:, 0] - shares[:, 1]
        truth = np.max(lost) < 0.08 and np.mean(lost) < 0.02 and fits["all"].surface.check().violations == 0
        print(f"{'ok    ' if truth else 'FAILED'} {name} held in the median of {len(shares)} expiries: "
              f"{most:.1%} by search; by fit "
              + ", ".join(f"{share:.1%} with {enforce} enforced" for share, enforce in zip(ours, fits))
              + f"; the fit holds {np.mean(lost):.1%} fewer on average, {np.max(lost):.1%} at most")
        good = good and truth
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
