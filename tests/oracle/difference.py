# SPDX-License-Identifier: Apache-2.0
"""What changed between two snapshots, a second time in numpy: every contract at the sixteen mixtures of its two states,
every one of the 24 orders walked. On the sample and the sample moved, and on two pairs of SPX chains of $GEX_DATA.

    python3 difference.py FILE

Prints the worst difference of each cause relative to the gross of both snapshots, by total, strike and expiry. Pairs
that are missing are named and left out.
"""
import copy
import gzip
import itertools
import os
import pathlib
import shutil
import sys
import tempfile

try:
    import numpy as np
    from scipy.special import ndtr
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

import clocks
import tables
from map_oracle import positions

TOLERANCE = 1e-9
HOUR = 3600 * 10**9
YEAR = 365 * 24 * HOUR
PAIRS = (("cboe-quotedata/spx_2022-07-12_intraday.csv.gz", "cboe-quotedata/spx_2022-12-12.csv.gz"),
         ("cboe-quotedata/spx_2023-09-14.csv", "cboe-quotedata/spx_2024-01-07_weekend.csv.gz"))
UNITS = ("GEX_USD_PCT", "flow", "VEX_USD_VOLPT", "CEX_USD_CALDAY", "VEX_USD_RELPCT", "CEX_USD_TOEXP", "DAG")
CLOCKS = ("CAL_365", "BUS_252_CLOCK")
CAUSES = ("spot", "time", "vol", "carry", "position", "expired", "new", "gone", "appeared", "refused")
FACTORS = CAUSES[:4]


class Snapshot:
    """Rows of a table by series, with a volatility on the clock."""

    def __init__(self, table, clock, rate, carry, clock_vol=None):
        self.table, self.rate, self.carry, self.spot = table, rate, carry, table.spot
        self.held = positions(table, "NAIVE_CALL_LONG") * table.multiplier
        self.rows, self.years, self.clock_years, self.pace = {}, {}, {}, {}
        self.vol = np.full(len(table.strike), np.nan)
        self.used = np.zeros(len(table.strike), bool)
        for i, when in enumerate(table.settlement):
            if when is None:
                continue
            self.rows[when, table.strike[i], table.right[i], table.root[i]] = i
            if when < table.as_of:
                continue
            if when not in self.years:
                self.years[when] = (when - table.as_of) / YEAR
                self.clock_years[when], self.pace[when] = clocks.left(clock, table.as_of, when)
            self.used[i] = table.vol[i] > 0 and np.isfinite(self.held[i])
            if clock_vol is not None:
                self.vol[i] = clock_vol[i]
            else:
                self.vol[i] = table.vol[i] * np.sqrt(self.years[when] / self.clock_years[when])

    def column(self, name, keys):
        rows = np.array([self.rows[key] for key in keys], int)
        if name in ("vol", "held"):
            return getattr(self, name)[rows]
        return np.array([getattr(self, name)[key[0]] for key in keys])


def value(unit, spot, strike, right, time, vol, carry):
    """One unit of each contract."""
    years, clock_years, pace = time
    rate, carry = carry
    v = vol * np.sqrt(clock_years)
    d1 = (np.log(spot / strike) + (rate - carry) * years) / v + v / 2
    grown = np.exp(-carry * years)
    density = grown * np.exp(-d1**2 / 2) / np.sqrt(2 * np.pi)
    delta = right * grown * ndtr(right * d1)
    gamma = density / (spot * v)
    vanna = -density * (d1 - v) / vol
    charm = carry * delta - density * ((rate - carry) / v - (d1 - v) * pace / (2 * clock_years))
    return {"GEX_USD_PCT": gamma * spot**2 / 100, "flow": -delta, "VEX_USD_VOLPT": vanna * spot / 100,
            "CEX_USD_CALDAY": charm * spot / 365, "VEX_USD_RELPCT": vanna * vol * spot / 100,
            "CEX_USD_TOEXP": charm * spot * years, "DAG": abs(delta) * gamma * spot**2 / 100}[unit]


def split(unit, a, b, keys):
    """{cause: value of each contract of keys}, all used in both, and its values before and after."""
    strike, right = (np.array([key[k] for key in keys], float) for k in (1, 2))
    states = []
    for s in (a, b):
        time = tuple(s.column(name, keys) for name in ("years", "clock_years", "pace"))
        states.append((s.spot, time, s.column("vol", keys), (s.rate, s.carry)))
    corner = {}
    for which in itertools.product((0, 1), repeat=4):
        spot, time, vol, carry = (states[w][f] for f, w in enumerate(which))
        corner[which] = value(unit, spot, strike, right, time, vol, carry)
    held = [s.column("held", keys) for s in (a, b)]
    share = {name: np.zeros(len(keys)) for name in FACTORS}
    for order in itertools.permutations(range(4)):
        at = [0, 0, 0, 0]
        for f in order:
            before = corner[tuple(at)]
            at[f] = 1
            share[FACTORS[f]] += (corner[tuple(at)] - before) / 24
    first, last = corner[0, 0, 0, 0], corner[1, 1, 1, 1]
    out = {name: (held[0] + held[1]) / 2 * part for name, part in share.items()}
    out["position"] = (first + last) / 2 * (held[1] - held[0])
    return out, held[0] * first, held[1] * last


def alone(unit, s, keys):
    strike, right = (np.array([key[k] for key in keys], float) for k in (1, 2))
    time = tuple(s.column(name, keys) for name in ("years", "clock_years", "pace"))
    return s.column("held", keys) * value(unit, s.spot, strike, right, time, s.column("vol", keys), (s.rate, s.carry))


def expected(unit, a, b):
    """Per contract {cause: value}, by key of its series; and the gross of both snapshots."""
    kinds = {"both": []}
    for key in sorted({**a.rows, **b.rows}):
        here, there = a.rows.get(key), b.rows.get(key)
        before, after = here is not None and a.used[here], there is not None and b.used[there]
        if before and after:
            kinds["both"].append(key)
        elif before and key[0] < b.table.as_of:
            kinds.setdefault("expired", []).append(key)
        elif before:
            kinds.setdefault("gone" if there is None else "refused", []).append(key)
        elif after:
            kinds.setdefault("new" if here is None else "appeared", []).append(key)
    parts, before, after = split(unit, a, b, kinds["both"])
    lines, gross = {name: (kinds["both"], part) for name, part in parts.items()}, abs(before).sum() + abs(after).sum()
    for kind in CAUSES[5:]:
        keys = kinds.get(kind, [])
        sums = alone(unit, b if kind in ("new", "appeared") else a, keys) if keys else np.zeros(0)
        lines[kind] = keys, sums if kind in ("new", "appeared") else -sums
        gross += abs(sums).sum()
    return lines, gross


def market_of(gex, table, clock, rate, carry):
    chain = gex.Chain(root=table.root, settlement=np.array([0 if s is None else s for s in table.settlement]),
                      strike=table.strike, right=table.right, vol=table.vol, open_interest=table.interest,
                      multiplier=table.multiplier)
    market = gex.Market(chain, as_of=table.as_of, spot=table.spot, clock=clock, vol="given", forward="rate",
                        exercise="european", rate=rate, carry_yield=carry)
    return market, gex.Book(chain, "NAIVE_CALL_LONG")


def compare(gex, name, a, b, made_of, worst):
    for unit in UNITS:
        made = gex.difference(*made_of, unit=unit)
        lines, gross = expected(unit, a, b)
        for cause in CAUSES:
            keys, part = lines[cause]
            gap = abs(made.total(cause) - part.sum())
            for by, at, k in (("strike", made.strikes, 1), ("expiry", made.expiries.view("i8"), 0)):
                sums = np.zeros(len(at))
                np.add.at(sums, np.searchsorted(at, np.array([key[k] for key in keys])), part)
                gap = max(gap, abs(sums - made.by(by, cause)).max())
            worst[cause] = max(worst.get(cause, 0), gap / gross)
        left = abs(sum(made.causes.values()) - made.total()) / gross
        worst["what is left over"] = max(worst.get("what is left over", 0), left)
    counts = ", ".join(f"{made.count(kind)} {kind}" for kind in gex.LINES if made.count(kind))
    print(f"{name}: {counts}")


def sample_moved(gex, path, worst):
    """The same chain, moved by the library and by hand."""
    table = tables.read(path)
    first = min(s for s in table.settlement if s is not None and s > table.as_of)
    for clock in CLOCKS:
        a = Snapshot(table, clock, 0.05, 0.015)
        market, book = market_of(gex, table, clock, 0.05, 0.015)
        for spot, later, vol in ((1.0, 0, 0.0), (0.985, 0, 0.0), (1.0, HOUR, 0.0), (1.0, 0, 0.01), (1.01, HOUR, -0.005),
                                 (0.97, first - table.as_of + 2 * HOUR, 0.02)):
            moved = copy.copy(table)
            moved.as_of, moved.spot = table.as_of + later, table.spot * spot
            b = Snapshot(moved, clock, 0.05, 0.015, clock_vol=a.vol + vol)
            other = market.shift(spot=moved.spot, as_of=moved.as_of, vol=vol)
            compare(gex, f"{path} moved, {clock}", a, b, (market, book, other, book), worst)


def unpacked(folder, name, out):
    source = pathlib.Path(folder, name)
    if source.suffix != ".gz":
        return str(source)
    plain = pathlib.Path(out, source.stem)
    with gzip.open(source, "rb") as packed, open(plain, "wb") as to:
        shutil.copyfileobj(packed, to)
    return str(plain)


def pairs(gex, folder, worst):
    for before, after in PAIRS:
        if not folder or not all(pathlib.Path(folder, name).exists() for name in (before, after)):
            print(f"SKIPPED: {before} and {after}: GEX_DATA names no folder with them")
            continue
        with tempfile.TemporaryDirectory() as out:
            first, last = (tables.read(unpacked(folder, name, out)) for name in (before, after))
        for clock in CLOCKS:
            a, b = Snapshot(first, clock, 0.05, 0.015), Snapshot(last, clock, 0.043, 0.018)
            made_of = (*market_of(gex, first, clock, 0.05, 0.015), *market_of(gex, last, clock, 0.043, 0.018))
            compare(gex, f"{before} to {after}, {clock}", a, b, made_of, worst)


def main():
    import gex
    worst = {}
    sample_moved(gex, sys.argv[1], worst)
    pairs(gex, os.environ.get("GEX_DATA", ""), worst)
    for name, difference in worst.items():
        print(f"{name:20} {difference:.2e}{'' if difference <= TOLERANCE else '  TOO FAR'}")
    return 0 if all(difference <= TOLERANCE for difference in worst.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
