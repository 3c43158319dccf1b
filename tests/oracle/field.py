# SPDX-License-Identifier: Apache-2.0
"""Fields and flows against brute force in numpy: every contract repriced at every price and instant, on the sample and
on two SPX chains of $GEX_DATA.

    python3 field.py FILE...

Prints the worst difference of each quantity relative to gross, the same sum without signs. Chains that are missing are
named and left out; 77 when nothing could be compared.
"""
import gzip
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
import sessions
import tables
from map_oracle import positions

TOLERANCE = 1e-9
HOUR = 3600 * 10**9
RATE, CARRY = 0.05, 0.015
CHAINS = ("cboe-quotedata/spx_2023-09-14.csv", "cboe-quotedata/spx_2022-07-12_intraday.csv.gz")
QUANTITIES = ("flow", "unwind", "flow_hour", "flow_pct", "GEX_USD_PCT", "DEX_SHARES", "VEX_USD_VOLPT", "CEX_USD_HOUR",
              "GEX_PLUS_USD_PT")
BETA = -10.0


class Lines:
    """Rows that count: alive, with a volatility and a position."""

    def __init__(self, table, clock):
        weight = positions(table, "NAIVE_CALL_LONG") * table.multiplier
        self.settlement = np.array([np.nan if s is None else s for s in table.settlement], float)
        used = (np.isfinite(weight) & (weight != 0) & (table.vol > 0) & np.isfinite(table.vol) & (table.strike > 0)
                & (self.settlement >= table.as_of))
        exact = [s for s, ok in zip(table.settlement, used) if ok]
        self.settlement = exact
        self.weight, self.strike, self.right = weight[used], table.strike[used], table.right[used]
        self.as_of, self.spot, self.clock = table.as_of, table.spot, clock
        self.left = {}
        began = np.array([self.deviation_left(s, self.as_of) for s in exact])
        calendar = np.array([self.calendar(s, self.as_of) for s in exact])
        with np.errstate(invalid="ignore", divide="ignore"):  # of CAL_365, as vendors quote
            self.vol = np.where(calendar > 0, table.vol[used] * np.sqrt(calendar / began), table.vol[used])

    @staticmethod
    def calendar(settlement, at):
        return max(0, settlement - at) / (365 * 86400 * 10**9)

    def deviation_left(self, settlement, at):
        """Years of variance that are left, on the clock."""
        if (settlement, at) not in self.left:
            self.left[settlement, at] = clocks.left(self.clock, at, settlement)
        return self.left[settlement, at][0]

    def at(self, price, instant):
        """Sums of N M greek at a price and instant, with their gross: greeks by name."""
        alive = np.array([s >= instant for s in self.settlement])
        years = np.array([self.calendar(s, instant) for s in self.settlement])
        clock = np.array([self.deviation_left(s, instant) for s in self.settlement])
        pace = np.array([self.left[s, instant][1] for s in self.settlement])
        total = self.vol * np.sqrt(clock)
        with np.errstate(invalid="ignore", divide="ignore"):
            d1 = (np.log(price / self.strike) + (RATE - CARRY) * years) / total + total / 2
            at_strike = (total == 0) & (price == self.strike)
            d1 = np.where(at_strike, 0, d1)
            grown = np.exp(-CARRY * years)
            density = grown * np.exp(-d1**2 / 2) / np.sqrt(2 * np.pi)
            delta = self.right * grown * ndtr(self.right * d1)
            gamma = np.where(total > 0, density / (price * total), 0)
            vanna = np.where(total > 0, -density * (d1 - total) / self.vol, 0)
            charm = np.where(total > 0, CARRY * delta - density * ((RATE - CARRY) / total
                                                                   - (d1 - total) * pace / (2 * clock)),
                             np.where(at_strike, 0, CARRY * delta))  # with no time left, off the strike
        sums = {}
        for name, greek in (("delta", delta), ("gamma", gamma), ("vanna", vanna), ("charm", charm),
                            ("vega", vanna * self.vol)):
            part = (self.weight * greek)[alive]
            sums[name], sums["gross " + name] = part.sum(), abs(part).sum()
        gone = (self.weight * delta)[~alive]
        sums["settled"], sums["gross settled"] = gone.sum(), abs(gone).sum()
        return sums


def expected(lines, price, instant, start):
    """{quantity: value, gross}."""
    s = lines.at(price, instant)
    delta = abs(start["gross delta"]) + s["gross delta"] + s["gross settled"]
    return {
        "flow": (start["delta"] - s["delta"] - s["settled"], delta), "unwind": (s["settled"], s["gross settled"]),
        "flow_hour": (-s["charm"] / 8760, s["gross charm"] / 8760),
        "flow_pct": (-s["gamma"] * price / 100, s["gross gamma"] * price / 100),
        "GEX_USD_PCT": (s["gamma"] * price**2 / 100, s["gross gamma"] * price**2 / 100),
        "DEX_SHARES": (s["delta"], s["gross delta"]),
        "VEX_USD_VOLPT": (s["vanna"] * price / 100, s["gross vanna"] * price / 100),
        "CEX_USD_HOUR": (s["charm"] * price / 8760, s["gross charm"] * price / 8760),
        "GEX_PLUS_USD_PT": (price * s["gamma"] + BETA * s["vega"],
                            price * s["gross gamma"] + abs(BETA) * s["gross vega"])}


def market_of(gex, table, clock):
    chain = gex.Chain(root=table.root, settlement=np.array([0 if s is None else s for s in table.settlement]),
                      strike=table.strike, right=table.right, vol=table.vol, open_interest=table.interest,
                      multiplier=table.multiplier)
    market = gex.Market(chain, as_of=table.as_of, spot=table.spot, clock=clock, vol="given", forward="rate",
                        exercise="european", rate=RATE, carry_yield=CARRY)
    return market, gex.Book(chain, "NAIVE_CALL_LONG")


def compare(gex, path, worst):
    table = tables.read(path)
    later = sorted({s for s in table.settlement if s is not None and s > table.as_of})
    instants = sorted({table.as_of, table.as_of + HOUR, (table.as_of + later[0]) // 2, later[0], later[0] + 1,
                       (later[0] + later[min(2, len(later) - 1)]) // 2, later[min(3, len(later) - 1)] + HOUR})
    prices = np.array(sorted({*(table.spot * np.linspace(0.93, 1.06, 12)), table.spot}))
    for clock in ("CAL_365", "VARIANCE_CLOCK"):
        market, book = market_of(gex, table, clock)
        lines = Lines(table, clock)
        field = gex.field(market, book, QUANTITIES, prices=prices, instants=instants, beta=BETA)
        start = lines.at(table.spot, table.as_of)
        assert int(field.live[0]) == len(lines.settlement), (path, field.live[0], len(lines.settlement))
        for t, instant in enumerate(instants):
            flow = gex.flow(market, book, spot=prices, as_of=np.full(len(prices), instant))
            gap = abs(flow.spot + flow.time + flow.vol - flow.exact) / start["gross delta"]
            worst["flow: spot + time + vol - exact"] = max(worst.get("flow: spot + time + vol - exact", 0), gap.max())
            for p, price in enumerate(prices):
                for name, (value, gross) in expected(lines, price, instant, start).items():
                    got = field[name][t, p]
                    difference = abs(got - value) / gross if gross > 0 else abs(got)
                    worst[name] = max(worst.get(name, 0), difference)
                    if name == "flow":
                        exact = abs(flow.exact[p] - value) / gross
                        worst["gex_flow exact"] = max(worst.get("gex_flow exact", 0), exact)
        zero_flow(gex, market, book, lines, instants, start, worst)
    print(f"{path}: {len(lines.settlement)} lines, {len(instants)} instants, {len(prices)} prices, two clocks")


def zero_flow(gex, market, book, lines, instants, start, worst):
    """On both sides of a root the brute-force flow has the signs that the root's direction says."""
    wrong = 0
    for instant in instants[1:]:
        for unwound in (False, True):
            for root in gex.zero_flow(market, book, instant, low=0.93, high=1.06, unwound=unwound):
                beside = [expected(lines, root.price * side, instant, start) for side in (1 - 1e-9, 1 + 1e-9)]
                below, above = (b["flow"][0] + (b["unwind"][0] if unwound else 0) for b in beside)
                wrong += not (below < 0 < above if root.direction == "up" else below > 0 > above)
                worst["zero-flow roots"] = worst.get("zero-flow roots", 0) + 1
    worst["zero-flow roots of the wrong sign"] = worst.get("zero-flow roots of the wrong sign", 0) + wrong


def chains(folder, out):
    for name in CHAINS:
        source = pathlib.Path(folder, name) if folder else None
        if source is None or not source.exists():
            print(f"SKIPPED: {name}: GEX_DATA names no folder with it")
            continue
        if source.suffix != ".gz":
            yield str(source)
            continue
        unpacked = pathlib.Path(out, source.stem)
        with gzip.open(source, "rb") as packed, open(unpacked, "wb") as plain:
            shutil.copyfileobj(packed, plain)
        yield str(unpacked)


def main():
    import gex
    worst, compared = {}, 0
    with tempfile.TemporaryDirectory() as out:
        for path in [*sys.argv[1:], *chains(os.environ.get("GEX_DATA", ""), out)]:
            compare(gex, path, worst)
            compared += 1
    roots = worst.pop("zero-flow roots", 0)
    print(f"zero-flow roots: {roots}")
    for name, difference in worst.items():
        print(f"{name:32} {difference:.2e}{'' if difference <= TOLERANCE else '  TOO FAR'}")
    if not compared:
        return 77
    return 0 if roots > 0 and all(difference <= TOLERANCE for difference in worst.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
