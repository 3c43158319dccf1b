# SPDX-License-Identifier: Apache-2.0
"""What changed at fixed strike on the SPY closes under $GEX_DATA, day by day, and the skew stickiness each day shows.

    python3 fixed_strike.py             exit 77 when GEX_DATA or numpy is missing

Forwards from parity and volatilities from the last trades of each day, one a strike. The vendor's own volatilities give
nothing usable: calls and puts of one strike lie up to 1.6 points apart. Checked: the parts add up, contract by contract
and by dealers' vega; a regression through the origin made here gives R again; the summary is the table of
docs/dynamics.md.
"""
import csv
import gzip
import os
import pathlib
import sys

try:
    import numpy as np
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

FILE = pathlib.Path("us-chain-daily") / "spy_2026-05-25_2026-07-17.csv.gz"
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "dynamics.md"
BANDS = (("up to 0.25 %", -1, 0.0025), ("0.25 % to 1 %", 0.0025, 0.01), ("more than 1 %", 0.01, 1), ("all", -1, 1))
SUMS = (("roll", "slide", "surface"), "change"), (("slide", "surface"), "fixed_strike"), \
    (("level", "skew", "curvature", "residual"), "surface")


def days_of(data):
    """Rows of each date, in the order of dates."""
    days = {}
    with gzip.open(data / FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["spot"]:
                days.setdefault(row["date"], []).append(row)
    return sorted(days.items())


def market_of(gex, day, rows):
    last = np.array([float(row["last"] or "nan") for row in rows])
    chain = gex.Chain(root=["SPY"] * len(rows), expiry=[row["expiry"] for row in rows],
                      strike=[float(row["strike"]) for row in rows], right=[row["right"] for row in rows],
                      bid=last, ask=last, open_interest=[float(row["open_interest"] or 0) for row in rows])
    return gex.Market(chain, as_of=f"{day}T16:00:00-04:00", spot=float(rows[0]["spot"]), vol="otm")


def parts_left(change):
    """The largest share of a change that its parts leave over, per contract and of dealers' vega."""
    most = 0.0
    for parts, whole in SUMS:
        total = change[whole]
        there = np.isfinite(total)
        scale = np.sum([np.abs(change[part]) for part in parts], axis=0)[there] + change["vol_before"][there]
        left = np.abs(np.sum([change[part] for part in parts], axis=0) - total)[there]
        most = max(most, float(np.max(left / scale, initial=0.0)))
        gross = sum(abs(change.total(part)) for part in parts) + abs(change.total("vega")) * 1e-3
        most = max(most, abs(sum(change.total(part) for part in parts) - change.total(whole)) / gross)
    return most


def regress(x, y, weight):
    return float(np.sum(weight * x * y) / np.sum(weight * x * x))


def summary(table, points):
    """R by how far spot moved: what a small move says is mostly noise, as the errors tell."""
    lines = ["| spot moved | days | median R | quartiles | median error | R over these days | r^2 |",
             "|---|---:|---:|---|---:|---:|---:|"]
    for name, low, high in BANDS:
        of = [i for i, row in enumerate(table) if low < abs(row[1]) <= high]
        each, errors = (np.array([table[i][k] for i in of]) for k in (3, 4))
        x, y, weight = (np.concatenate([points[i][k] for i in of]) for k in range(3))
        pooled = regress(x, y, weight)
        explained = 1 - np.sum(weight * (y - pooled * x) ** 2) / np.sum(weight * y * y)
        quarter, middle, third = np.percentile(each, [25, 50, 75])
        lines.append(f"| {name} | {len(of)} | {middle:.2f} | {quarter:.2f} to {third:.2f} | {np.median(errors):.2f}"
                     f" | {pooled:.2f} | {explained:.2f} |")
    return lines


def main():
    if not os.path.isdir(os.environ.get("GEX_DATA", "")):
        print("SKIPPED: GEX_DATA names no folder of market data")
        return 77
    import gex
    data, before, good = pathlib.Path(os.environ["GEX_DATA"]), None, True
    table, points = [], []
    for day, rows in days_of(data):
        market = market_of(gex, day, rows)
        if before is not None:
            change = gex.change(before, market, gex.Book(before.chain, "NAIVE_CALL_LONG"))
            stickiness, error = change.stickiness
            x = change.expiry("skew_move")
            y, weight = change.expiry("atm"), change.expiry("weight")
            there = np.isfinite(x) & np.isfinite(y) & (weight > 0)
            again = regress(x[there], y[there], weight[there]) if there.any() else float("nan")
            left, move = parts_left(change), np.log(market.spot / before.spot)
            table.append((day, move, change.matched, stickiness, error, left))
            points.append((x[there], y[there], weight[there]))
            agrees = abs(again - stickiness) <= 1e-9 * max(1, abs(stickiness)) or np.isnan(stickiness)
            good = good and left <= 1e-13 and agrees and change.matched > 1000
            print(f"{day}  spot {100 * move:+.2f} %  {change.matched:5} contracts  R {stickiness:6.2f} +- {error:4.2f}"
                  f"  slide {change.total('slide') / 1e6:+8.1f}  surface {change.total('surface') / 1e6:+8.1f} USD m"
                  f"  left over {left:.1e}{'' if agrees else '  REGRESSION ' + repr(again)}")
        before = market
    lines = summary(table, points)
    print("\n".join(lines))
    told = PAGE.read_text(encoding="utf-8")
    for line in lines:
        if line not in told:
            print(f"FAILED: {PAGE.name} does not have: {line}")
            good = False
    good = good and len(table) >= 35
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
