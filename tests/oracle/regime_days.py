# SPDX-License-Identifier: Apache-2.0
"""Does the regime of a map drawn at the open separate how much the index then moves? docs/evidence.md has the tables.

    python3 regime_days.py             exit 77 when GEX_DATA, numpy or the files are missing

SPY closes under $GEX_DATA against the S&P 500's 5-minute bars of the day after. Everything on the side of the map is of
the close before: prices, volumes, and open interest as published before that session. Only spot is that of the open.
One book takes the open interest published on the morning itself.
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

from fixed_strike import FILE, days_of

BARS = pathlib.Path("spx-bars") / "spx_5min.csv.gz"
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "evidence.md"
DATED = {"2026-05-22": "2026-05-25"}  # a close that stands under the date of the holiday after it
SIGNS = ("NAIVE_CALL_LONG", "OI_PLUS_VOLUME", "VOLUME_NAIVE")
SEED, DRAWS, BLOCK = 20260717, 2000, 5
PRICES, STEPS = 9, 8  # of the field, within a daily sigma of the open, from there to the close


# ---- data ------------------------------------------------------------------------------------------------------------

def sessions_of(data):
    """{day: opening price, closing price, variance of the day's 5-minute returns, the first from the open}."""
    bars = {}
    with gzip.open(data / BARS, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            bars.setdefault(row["date"], []).append((row["time"], float(row["open"]), float(row["close"])))
    sessions = {}
    for day, rows in sorted(bars.items()):
        rows.sort()
        prices = np.log([rows[0][1], *(close for _, _, close in rows)])
        sessions[day] = rows[0][1], rows[-1][2], float(np.sum(np.diff(prices) ** 2))
    return sessions


def column(rows, name):
    return np.array([float(row[name] or "nan") for row in rows])


def close_of(gex, day, rows):
    """The market at the close: forwards from parity and volatilities from last trades, one a strike."""
    last = column(rows, "last")
    chain = gex.Chain(root="SPY", expiry=[row["expiry"] for row in rows], strike=column(rows, "strike"),
                      right=[row["right"] for row in rows], bid=last, ask=last,
                      open_interest=column(rows, "open_interest"), volume=column(rows, "volume"))
    return gex.Market(chain, as_of=f"{day}T16:00:00-04:00", spot=float(rows[0]["spot"]), vol="otm")


def held_next(rows, after):
    """Open interest of the same series in the next file; of one that is not there, none."""
    key = ("expiry", "strike", "right")
    later = {tuple(row[name] for name in key): float(row["open_interest"] or 0) for row in after}
    return np.array([later.get(tuple(row[name] for name in key), 0.0) for row in rows])


def books_of(gex, chain, rows, after):
    books = {sign: gex.Book(chain, sign) for sign in SIGNS}
    side = np.where(np.array([row["right"] for row in rows]) == "C", 1.0, -1.0)
    books["NAIVE_CALL_LONG, OI of the morning"] = gex.Book(chain, positions=side * held_next(rows, after))
    return books


def long_of(gex, book):
    """The same contracts, all long: gamma without signs."""
    return gex.Book(book.chain, positions=np.abs(np.nan_to_num(book.positions)))


def size_of(gex, market, book):
    """Net as a part of gross."""
    exposure = gex.Exposure(market, book)
    return {"size": exposure.total / exposure.gross, "gross": exposure.gross}


def field_of(gex, market, sigma, book):
    """The distance to the nearest flip in daily sigmas, above 0 in long gamma; from the open to the close net as a part
    of gross at the opening price; and how much of the field within a daily sigma is short."""
    flip = gex.flips(market, book).nearest
    prices = market.spot + sigma * np.linspace(-1, 1, PRICES)
    net, gross = (gex.field(market, of, "GEX_USD_PCT", prices=prices, until="close", steps=STEPS)["GEX_USD_PCT"]
                  for of in (book, long_of(gex, book)))
    now = net[0, PRICES // 2]
    return {"flip": np.nan if flip is None else np.copysign(abs(market.spot - flip.price) / sigma, now),
            "day": float(np.mean(net[:, PRICES // 2] / gross[:, PRICES // 2])), "short": float(np.mean(net < 0))}


def rows_of(gex, data):
    """One row a day: what was known before, what the map said at the open, and what came."""
    files, sessions = dict(days_of(data)), sessions_of(data)
    days, table = list(sessions), []
    for before, day in zip(days, days[1:]):
        rows = files.get(DATED.get(before, before))
        if rows is None or day not in files:
            continue
        close = close_of(gex, before, rows)
        market = close.shift(spot=close.spot * sessions[day][0] / sessions[before][1], as_of=f"{day}T09:30:00-04:00")
        books = books_of(gex, close.chain, rows, files[day])
        ahead = close.chain.expiries[close.chain.expiries > close.as_of]
        first, month = ahead[0], ahead[np.argmin(np.abs(ahead - close.as_of - np.timedelta64(30, "D")))]
        sigma = gex.expected_move(market, month, "1d_252")
        row = {"day": day, "realised": np.log(sessions[day][2]), "before": np.log(sessions[before][2]),
               "gap": np.log(sessions[day][0] / sessions[before][1]),
               "return": np.log(sessions[before][1] / sessions[days[days.index(before) - 3]][1]),
               "implied": 2 * np.log(gex.expected_move(close, month, "1d_252") / close.spot),
               "next": 2 * np.log(gex.expected_move(close, first, "sigma") / close.spot)}
        for name, book in books.items():
            row[name] = size_of(gex, market, book)
        row[SIGNS[0]].update(field_of(gex, market, sigma, books[SIGNS[0]]))
        table.append(row)
    return table


# ---- statistics ------------------------------------------------------------------------------------------------------

def ranks(values):
    """From 0; of ties the mean."""
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values) + np.searchsorted(ordered, values, "right") - 1) / 2


def rank_correlation(x, y, *known):
    """Of what is left of the ranks once those of what was known have been taken out by least squares."""
    basis = np.column_stack([np.ones(len(x)), *map(ranks, known)])
    left = [ranks(v) - basis @ np.linalg.lstsq(basis, ranks(v), rcond=None)[0] for v in (x, y)]
    return float(left[0] @ left[1] / np.sqrt((left[0] @ left[0]) * (left[1] @ left[1])))


def blocks(n):
    """Rows of circular blocks of BLOCK days, as many as there were: the same draws whatever is measured."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    starts = rng.integers(0, n, (DRAWS, -(-n // BLOCK)))
    return (starts[:, :, None] + np.arange(BLOCK)).reshape(DRAWS, -1)[:, :n] % n


def interval(of, *columns):
    """95 % of a statistic over the draws; those in which it does not exist are left out."""
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.array([of(*(column[rows] for column in columns)) for rows in blocks(len(columns[0]))])
    return np.nanpercentile(drawn, [2.5, 97.5])


def shifted(of, x, *others):
    """How often a statistic is as far from 0 when x is turned round against the other days, itself included."""
    far = abs(of(x, *others))
    return float(np.mean([abs(of(np.roll(x, k), *others)) >= far - 1e-12 for k in range(len(x))]))


def difference(x, y):
    """Of y, days of short gamma less days of long."""
    return y[x < 0].mean() - y[x > 0].mean() if (x < 0).any() and (x > 0).any() else np.nan


def vol(log_variance):
    """Percent a year from the logarithms of days' variances: their geometric mean."""
    return 100 * np.sqrt(252 * np.exp(np.mean(log_variance)))


# ---- tables ----------------------------------------------------------------------------------------------------------

BOOKS = (*SIGNS, "NAIVE_CALL_LONG, OI of the morning")
READINGS = (("net / gross at the open", "size"), ("the same, mean to the close", "day"),
            ("part of the field that is short", "short"), ("daily sigmas to the flip, signed", "flip"),
            ("gross in USD, no signs", "gross"))
KNOWN = ("realised", "implied", "next", "before")


def of(table, name, *inner):
    return np.array([row[name][inner[0]] if inner else row[name] for row in table])


def sides(table):
    """Days of long and short gamma at the open."""
    realised, implied = of(table, "realised"), of(table, "implied")
    lines = ["| book | days long, short | realised, % a year | implied | variance, realised / implied "
             "| short / long | p |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    for name in BOOKS:
        x, ratio = of(table, name, "size"), realised - implied
        parts, part = (x > 0, x < 0), "{:.2f}".format
        low, high = np.exp(interval(difference, x, ratio))
        lines.append(f"| {name} | {', '.join(str(where.sum()) for where in parts)} | "
                     f"{', '.join(f'{vol(realised[where]):.1f}' for where in parts)} | "
                     f"{', '.join(f'{vol(implied[where]):.1f}' for where in parts)} | "
                     f"{', '.join(part(np.exp(ratio[where].mean())) for where in parts)} | "
                     f"{part(np.exp(difference(x, ratio)))} ({part(low)} to {part(high)}) | "
                     f"{part(shifted(difference, x, ratio))} |")
    return lines


def thirds(table):
    """Days by net / gross, a third each."""
    realised, implied, x = of(table, "realised"), of(table, "implied"), of(table, SIGNS[0], "size")
    lines = ["| net / gross at the open | days | realised, % a year | implied | variance, realised / implied |",
             "|---|---:|---:|---:|---:|"]
    edges = np.percentile(x, [100 / 3, 200 / 3])
    for k, where in enumerate((x <= edges[0], (x > edges[0]) & (x <= edges[1]), x > edges[1])):
        low, high = np.exp(interval(lambda a, b, k=k: third(a, b, k), x, realised - implied))
        lines.append(f"| {x[where].min():+.2f} to {x[where].max():+.2f} | {where.sum()} | {vol(realised[where]):.1f} | "
                     f"{vol(implied[where]):.1f} | {np.exp((realised - implied)[where].mean()):.2f} "
                     f"({low:.2f} to {high:.2f}) |")
    return lines


def third(x, y, k):
    edges = np.percentile(x, [0, 100 / 3, 200 / 3, 100])
    return y[(x >= edges[k]) & (x <= edges[k + 1])].mean()


def correlations(table):
    """Rank correlation of each reading with what came, and with what came beyond what was known."""
    realised, implied = of(table, "realised"), of(table, "implied")
    vols = [implied, of(table, "next"), of(table, "before")]
    lines = ["| reading | book | realised | implied | realised / implied | given volatilities, p "
             "| given returns too, p |", "|---|---|---:|---:|---:|---:|---:|"]
    asked = [(text, SIGNS[0], key) for text, key in READINGS] + [(READINGS[0][0], name, "size") for name in BOOKS[1:]]
    for text, name, key in asked:
        x = of(table, name, key)
        cells = [(x, realised), (x, implied), (x, realised - implied), (x, realised, *vols),
                 (x, realised, *vols, of(table, "gap"), of(table, "return"))]
        shown = []
        for columns in cells:
            low, high = interval(rank_correlation, *columns)
            p = f", {shifted(rank_correlation, *columns):.2f}" if len(columns) > 2 else ""
            shown.append(f"{rank_correlation(*columns):+.2f} ({low:+.2f} to {high:+.2f}){p}")
        lines.append(f"| {text} | {name} | {' | '.join(shown)} |")
    return lines


def again(x):
    """Correlation with itself a day later."""
    return np.corrcoef(x[:-1], x[1:])[0, 1]


def told_by(part):
    """The first row of correlations() over some days."""
    x, realised, implied, *vols = (of(part, SIGNS[0], "size"), *(of(part, name) for name in KNOWN))
    return (f"realised {rank_correlation(x, realised):+.2f}, realised / implied "
            f"{rank_correlation(x, realised - implied):+.2f}, given volatilities "
            f"{rank_correlation(x, realised, implied, *vols):+.2f}")


def remarks(table):
    first, second = table[:len(table) // 2], table[len(table) // 2:]
    calm = [row for row in table if not "2026-06-08" <= row["day"] <= "2026-06-12"]
    x, ratio = of(table, SIGNS[0], "size"), of(table, "realised") - of(table, "implied")
    return [f"first half, up to {first[-1]['day']}, {len(first)} days: {told_by(first)}",
            f"second half, {len(second)} days: {told_by(second)}",
            f"without the week of 8 June, {len(calm)} days: {told_by(calm)}",
            f"net / gross with itself a day later {again(x):+.2f}, log of realised / implied {again(ratio):+.2f}",
            f"net / gross with the return of the three days before {rank_correlation(x, of(table, 'return')):+.2f}"]


def main():
    data = pathlib.Path(os.environ.get("GEX_DATA") or "/nowhere")
    if not (data / FILE).exists() or not (data / BARS).exists():
        print(f"SKIPPED: GEX_DATA names no folder with {FILE} and {BARS}")
        return 77
    import gex
    table = rows_of(gex, data)
    print(f"{len(table)} days, intervals of 95 % from {DRAWS} draws of circular blocks of {BLOCK} days, seed {SEED}")
    for row in table:
        x = row[SIGNS[0]]
        print(f"{row['day']}  realised {vol(row['realised']):5.1f}  implied {vol(row['implied']):5.1f}  net / gross "
              f"{x['size']:+.2f}, to the close {x['day']:+.2f}, short {x['short']:.2f}, flip {x['flip']:+.2f}")
    lines = [*sides(table), *thirds(table), *correlations(table), *remarks(table)]
    print("\n".join(lines))
    told = PAGE.read_text(encoding="utf-8")
    good = len(table) == 37 and all(np.isfinite(list(row[name].values())).all() for row in table for name in BOOKS)
    good = good and (np.sign(of(table, SIGNS[0], "size")) == np.sign(of(table, SIGNS[0], "day"))).all()
    for line in lines:
        if line not in told:
            print(f"FAILED: {PAGE.name} does not have: {line}")
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
