# SPDX-License-Identifier: Apache-2.0
"""Repaired middles against another solver of the same problem: least distance programming by non-negative least
squares.

    python3 repair.py               exit 77 when numpy or scipy is missing

Made-up chains with noise of half a spread always, and SPX of one evening where GEX_DATA has it. For each expiry of a
root and right: the repaired middles lie within bid and ask, leave no vertical spread or butterfly, and their distance
from the middles is the least there is. What is said to be impossible is so by a linear program.
Source: Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23.
"""
import os
import pathlib
import sys

try:
    import numpy as np
    from scipy.optimize import linprog, nnls
    from scipy.special import ndtr
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

import gex

AS_OF = np.datetime64("2026-03-02T16:00", "ns")


def conditions(strike, low, high):
    """Rows of G and h with G c >= h for prices c of calls, undiscounted."""
    n = len(strike)
    rows, right = [], []

    def add(places, values, least):
        row = np.zeros(n)
        row[list(places)] = values
        rows.append(row)
        right.append(least)

    for i in range(n):
        add([i], [1.0], low[i])
        add([i], [-1.0], -high[i])
    for i in range(n - 1):
        width = strike[i + 1] - strike[i]
        add([i, i + 1], [1.0, -1.0], 0.0)
        add([i, i + 1], [-1.0, 1.0], -width)
    for i in range(1, n - 1):
        part = (strike[i] - strike[i - 1]) / (strike[i + 1] - strike[i - 1])
        add([i - 1, i, i + 1], [1 - part, -1.0, part], 0.0)
    return np.array(rows), np.array(right)


def nearest(strike, middle, half, low, high):
    """Least sum of squares of changes in half-spreads, the solution, and whether there is one."""
    G, h = conditions(strike, low, high)
    scaled, least = G * half, h - G @ middle
    size = np.abs(scaled).max(axis=1)
    scaled, least = scaled / size[:, None], least / size
    system = np.vstack([scaled.T, least])
    target = np.zeros(len(strike) + 1)
    target[-1] = 1.0
    weights, distance = nnls(system, target, maxiter=100 * system.shape[1])
    residual = system @ weights - target
    if distance < 1e-7:
        return np.inf, None
    move = -residual[:-1] / residual[-1]
    return float(move @ move), middle + half * move


def possible(strike, low, high):
    G, h = conditions(strike, low, high)
    slack = linprog(np.r_[np.zeros(len(strike)), 1.0], A_ub=-np.c_[G, np.ones(len(h))], b_ub=-h,
                    bounds=[(None, None)] * len(strike) + [(0, None)], method="highs")
    return slack.x[-1] < 1e-9 * strike.max()


def slices(chain, quotes):
    """(expiry, rows) of every expiry, root and right whose middles are compared, by strike."""
    good = np.isfinite(quotes.price("mid")) & ((quotes.flags & (gex.FLAGS["wide"] | gex.FLAGS["stale"])) == 0)
    names = np.array([chain.root(row) for row in range(len(chain))])
    for expiry in range(len(quotes.market.forward)):
        for right in (1, -1):
            here = good & (chain.expiry_index == expiry) & (chain.right == right)
            for name in np.unique(names[here]):
                rows = np.flatnonzero(here & (names == name))
                rows = rows[np.argsort(chain.strike[rows], kind="stable")]
                if len(rows):
                    yield expiry, rows[np.r_[True, np.diff(chain.strike[rows]) > 0]]


def check(title, chain, market, most=10**9):
    quotes = gex.Quotes(market, repair="strikes")
    states = {value: name for name, value in gex.REPAIRED.items()}
    worst, said, moved, compared, good = 0.0, {}, 0, 0, True
    for expiry, rows in slices(chain, quotes):
        if compared >= most:
            break
        scale, forward = 1 / market.discount[expiry], market.forward[expiry]
        strike, put = chain.strike[rows], chain.right[rows] < 0
        shift = np.where(put, forward - strike, 0.0)
        bid, ask = chain.bid[rows] * scale + shift, chain.ask[rows] * scale + shift
        middle, half = (bid + ask) / 2, np.maximum((ask - bid) / 2, 1e-9 * strike)
        low = np.maximum(bid, np.minimum(ask, np.maximum(0, forward - strike)))
        price = quotes.price("repaired")[rows] * scale + shift
        touched = np.any(quotes.flags[rows] & gex.FLAGS["repaired"])
        G, h = conditions(strike, low, ask)
        sound = bool(np.all(G @ price >= h - 1e-9 * strike.max()))
        if not possible(strike, low, ask):
            good = good and states[quotes.repaired[expiry]] == "impossible" and not touched
            said["impossible"] = said.get("impossible", 0) + 1
            continue
        least, _ = nearest(strike, middle, half, low, ask)
        found = float(np.sum(((price - middle) / half) ** 2))
        good = good and sound and (found > 0) == bool(touched)
        worst = max(worst, abs(found - least) / max(1.0, least))
        moved += int(np.count_nonzero(quotes.flags[rows] & gex.FLAGS["repaired"]))
        compared += 1
    good = good and worst < 1e-5 and compared > 0
    print(f"{'ok    ' if good else 'FAILED'} {title}: {compared} slices, {moved} rows moved, least squares within "
          f"{worst:.1e}, {said}")
    return good


def made_up(seed):
    """Calls and puts at uneven strikes with quotes that have lost their order."""
    draw = np.random.default_rng(seed)
    strikes = np.unique(np.round(np.exp(draw.normal(np.log(100), 0.15, 60)), 1))
    strike, right = np.tile(strikes, 2), np.repeat([1, -1], len(strikes)).astype(np.int8)
    years = 45 / 365
    vol = 0.2 + 0.3 * np.abs(np.log(strike / 100))
    forward, deviation = 100 * np.exp(0.03 * years), vol * np.sqrt(years)
    d = np.log(forward / strike) / deviation + deviation / 2
    value = right * np.exp(-0.03 * years) * (forward * ndtr(right * d) - strike * ndtr(right * (d - deviation)))
    spread = np.maximum(0.05, 0.02 * value) * draw.uniform(0.5, 2, len(value))
    middle = np.maximum(value + draw.uniform(-0.5, 0.5, len(value)) * spread, spread)
    chain = gex.Chain(root=["SPXW"] * len(strike), strike=strike, right=right,
                      settlement=np.full(len(strike), AS_OF + np.timedelta64(45, "D")),
                      bid=middle - spread / 2, ask=middle + spread / 2)
    return chain, gex.Market(chain, spot=100.0, as_of=AS_OF, vol="otm", forward="rate", rate=0.03)


def main():
    good = True
    for seed in range(12):
        chain, market = made_up(seed)
        good = check(f"made up, {seed}", chain, market) and good
    folder = os.environ.get("GEX_DATA", "")
    path = pathlib.Path(folder) / "cboe-quotedata" / "spx_2023-09-14.csv"
    if not folder or not path.exists():
        print("SKIPPED the chain of SPX: GEX_DATA has none")
    else:
        chain = gex.read_cboe(path.read_bytes())
        good = check(path.name, chain, gex.Market(chain, vol="otm"), most=30) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
