# SPDX-License-Identifier: Apache-2.0
"""Same-day gamma by strike against a public file of it, through two days: docs/evidence.md holds the tables.

    python3 same_day.py             exit 77 when GEX_DATA, numpy or the file is missing

The file has no volatilities, so two sources stand in that owe nothing to the snapshot they are compared with: the
index itself, whose variance since the open is taken to go on until the close; and the smile of the day's first
snapshot, solved from its gammas, kept through the day by what it says at ln(K / S) / sqrt(T).
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

FILE = pathlib.Path("spx-0dte-profile") / "spxw_0dte_profile_2026-08-13_18_19.csv.gz"
BARS = pathlib.Path("spx-bars") / "spx_1min.csv.gz"
PAGE = pathlib.Path(__file__).parents[2] / "docs" / "evidence.md"
CLOSE, DELAY = 16 * 60, 15  # minutes of the day, New York; minutes
YEAR = 365 * 24 * 60  # minutes
TOP = 5


def minutes(text):
    hours, left = text.split(":")
    return int(hours) * 60 + int(left)


def clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


class Snapshot:
    """One time of the file: columns by strike."""

    def __init__(self, day, time, rows):
        self.day, self.stamp = day, minutes(time)
        self.spot = float(rows[0]["spot"])
        self.strike, self.calls, self.puts, self.net, call_oi, put_oi = (
            np.array([float(row[name]) for row in rows])
            for name in ("strike", "call_gex", "put_gex", "total_gex", "call_oi", "put_oi"))
        self.interest = call_oi, put_oi
        with np.errstate(invalid="ignore", divide="ignore"):
            each = [np.abs(gex) / (held * self.spot**2) for gex, held in ((self.calls, call_oi), (self.puts, put_oi))]
        self.sides = each  # gamma of one contract; NaN without open interest
        self.gamma = np.where(np.isfinite(each[0]), each[0], each[1])


def snapshots(data):
    rows = {}
    with gzip.open(data / FILE, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["date"], row["time"]), []).append(row)
    return [Snapshot(*key, of) for key, of in sorted(rows.items())]


def bars(data):
    """{day: {minute: (low, high, close)}}."""
    days = {}
    with gzip.open(data / BARS, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            bar = tuple(float(row[name]) for name in ("low", "high", "close"))
            days.setdefault(row["date"], {})[minutes(row["time"])] = bar
    return days


def was_there(snapshot, day, lag):
    """Did the index trade at the file's spot in one of two minutes, `lag` and one more before the stamp?"""
    return any(bar[0] - 0.005 <= snapshot.spot <= bar[1] + 0.005
               for minute in (snapshot.stamp - lag, snapshot.stamp - lag - 1) for bar in [day.get(minute)] if bar)


# ---- volatilities ----------------------------------------------------------------------------------------------------

def black_gamma(spot, strike, deviation):
    d1 = np.log(spot / strike) / deviation + deviation / 2
    return np.exp(-d1 * d1 / 2) / np.sqrt(2 * np.pi) / (spot * deviation)


def solve(spot, strike, gamma, rising):
    """Total deviation of a gamma: below |ln(K / S)| gamma rises with it, above it falls."""
    turn = np.maximum(np.abs(np.log(strike / spot)), 1e-7)
    low, high = (1e-7 * np.ones_like(turn), turn.copy()) if rising else (turn.copy(), np.ones_like(turn))
    for _ in range(100):
        middle = np.sqrt(low * high)
        up = (black_gamma(spot, strike, middle) < gamma) == rising
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return low


def smile_of(snapshot, years):
    """z and vol of each strike. On each side the branch changes where the gamma comes nearest to the turn."""
    z = np.log(snapshot.strike / snapshot.spot) / np.sqrt(years)
    turn = black_gamma(snapshot.spot, snapshot.strike, np.maximum(np.abs(z) * np.sqrt(years), 1e-7))
    inner = np.zeros(len(z), bool)
    for side in (z >= 0, z < 0):
        at = np.argmax(np.where(side, snapshot.gamma / turn, -1))
        inner |= side & (np.abs(z) <= abs(z[at]))
    deviation = np.where(inner, solve(snapshot.spot, snapshot.strike, snapshot.gamma, False),
                         solve(snapshot.spot, snapshot.strike, snapshot.gamma, True))
    return z, deviation / np.sqrt(years)


def read_smile(smile, z):
    """Straight between strikes, straight on beyond them with the slope of the outer third of each side."""
    at, vol = smile
    out = np.interp(z, at, vol)
    for outer, beyond in ((at >= at[-1] * 2 / 3, z > at[-1]), (at <= at[0] * 2 / 3, z < at[0])):
        slope, level = np.polyfit(at[outer], vol[outer], 1)
        out = np.where(beyond, slope * z + level, out)
    return out


def index_vol(day, until, years):
    """The variance of the index since the open, minute by minute, as going on until the close."""
    closes = np.array([bar[2] for minute, bar in sorted(day.items()) if minute < until])
    each = np.mean(np.diff(np.log(closes)) ** 2)
    return np.sqrt(each * (CLOSE - until) / years)


# ---- ours ------------------------------------------------------------------------------------------------------------

def ours(gex, snapshot, as_of, vol):
    """Net and gross GEX_USD_PCT by strike of the file, from its open interest and spot, and these volatilities."""
    count = len(snapshot.strike)
    chain = gex.Chain(root="SPXW", expiry=snapshot.day, strike=np.tile(snapshot.strike, 2),
                      right=np.repeat([1, -1], count), vol=np.tile(np.broadcast_to(vol, count), 2),
                      open_interest=np.concatenate(snapshot.interest))
    market = gex.Market(chain, as_of=f"{snapshot.day}T{clock(as_of)}:00-04:00", spot=snapshot.spot, forward="rate",
                        exercise="european")
    exposure = gex.exposure(market, gex.Book(chain, "NAIVE_CALL_LONG"), unit="GEX_USD_PCT", by=None)
    rows = exposure.rows
    return rows[:count] + rows[count:], np.abs(rows[:count]) + np.abs(rows[count:])


class Score:
    """Ours against the file at one snapshot."""

    def __init__(self, snapshot, net, gross):
        theirs = np.abs(snapshot.calls) + np.abs(snapshot.puts)
        first, second = (np.argsort(-np.abs(x), kind="stable")[:TOP] for x in (net, snapshot.net))
        both = (net != 0) & (snapshot.net != 0)
        self.correlation = np.corrcoef(net, snapshot.net)[0, 1]
        self.gross, self.top, self.same = gross.sum() / theirs.sum(), len({*first} & {*second}), first[0] == second[0]
        self.net = net.sum(), snapshot.net.sum()
        self.unlike = int(np.sum(np.sign(net[both]) != np.sign(snapshot.net[both])))
        held = sum(snapshot.interest)
        gamma = np.divide(gross, held * snapshot.spot**2, out=np.zeros_like(gross), where=held > 0)
        self.rounded = np.sum(np.round(gamma, 4) * held) / np.sum(gamma * held)
        self.mass = integral(gamma, snapshot.strike)

    def cells(self):
        return f"{self.correlation:.3f} | {self.gross:.2f} | {self.top}{' *' if self.same else ''}"


def weighted(gex, snapshot, at):
    """Years of variance left to the close on VARIANCE_CLOCK."""
    ends = (f"{snapshot.day}T{clock(minute)}:00-04:00" for minute in (at, CLOSE))
    return float(gex.years(*ends, clock="VARIANCE_CLOCK"))


def scores_of(gex, snapshot, day, smile, uneven):
    """By each way to a volatility. The third takes the smile along on a clock that gives minutes of the day unequal
    weights, the fourth puts the stamp where the file's own delay belongs."""
    seen, made = snapshot.stamp - DELAY, {}
    for name, at in (("index", seen), ("smile", seen), ("stamp", snapshot.stamp)):
        years = (CLOSE - at) / YEAR
        if years <= 0:
            continue
        z = np.log(snapshot.strike / snapshot.spot) / np.sqrt(years)
        vol = index_vol(day, at, years) if name == "index" else read_smile(smile, z)
        made[name] = Score(snapshot, *ours(gex, snapshot, at, vol))
    on_clock, years = weighted(gex, snapshot, seen), (CLOSE - seen) / YEAR
    vol = read_smile(uneven, np.log(snapshot.strike / snapshot.spot) / np.sqrt(on_clock)) * np.sqrt(on_clock / years)
    made["clock"] = Score(snapshot, *ours(gex, snapshot, seen, vol))
    return made


HEAD = ["| day, stamp | spot | net ours, file, USD bn | index: corr. | gross | top 5 | smile: corr. | gross | top 5 |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]


def row_of(snapshot, made):
    ours_net, theirs = made["smile"].net
    return (f"| {snapshot.day[5:]} {clock(snapshot.stamp)} | {snapshot.spot:,.2f} | {ours_net / 1e9:.2f}, "
            f"{theirs / 1e9:.2f} | {made['index'].cells()} | {made['smile'].cells()} |")


def integral(values, at):
    """Straight between the points."""
    return float(np.sum((values[1:] + values[:-1]) / 2 * np.diff(at)))


def spread_of(values, form="{:.2f}"):
    return f"{form.format(np.median(values))} ({form.format(min(values))} to {form.format(max(values))})"


def summary(table):
    words = {"index": "index so far, one volatility", "smile": "smile of the day's first snapshot",
             "clock": "the same, kept on VARIANCE_CLOCK", "stamp": "on the calendar again, as of the stamp"}
    lines = ["| volatilities from | n | correlation of net by strike | gross, ours / file | top 5 shared "
             "| first the same |", "|---|---:|---:|---:|---:|---:|"]
    for name, text in words.items():
        of = [made[name] for made in table if name in made]
        lines.append(f"| {text} | {len(of)} | {spread_of([s.correlation for s in of], '{:.3f}')} | "
                     f"{spread_of([s.gross for s in of])} | {np.mean([s.top for s in of]):.1f} | "
                     f"{sum(bool(s.same) for s in of)} of {len(of)} |")
    return lines


def main():
    data = pathlib.Path(os.environ.get("GEX_DATA") or "/nowhere")
    if not (data / FILE).exists() or not (data / BARS).exists():
        print(f"SKIPPED: GEX_DATA names no folder with {FILE} and {BARS}")
        return 77
    import gex
    index, smiles, nets, unlike = bars(data), {}, {}, 0
    table, rows, delays, masses = [], [], [], []
    for snapshot in snapshots(data):
        seen, day = snapshot.stamp - DELAY, index[snapshot.day]
        if seen >= CLOSE:  # after the close: the file still has gammas, ours have settled
            net, _ = ours(gex, snapshot, seen, 0.2)
            settled, theirs = np.isnan(net).all(), snapshot.net.sum()
            continue
        delays.append([was_there(snapshot, day, lag) for lag in range(30)])
        masses.append(integral(np.nan_to_num(snapshot.gamma), snapshot.strike))
        if snapshot.day not in smiles:  # what it says of itself is no evidence
            smiles[snapshot.day] = [smile_of(snapshot, years)
                                    for years in ((CLOSE - seen) / YEAR, weighted(gex, snapshot, seen))]
            continue
        made = scores_of(gex, snapshot, day, *smiles[snapshot.day])
        gross = np.sum(np.abs(snapshot.calls) + np.abs(snapshot.puts))
        nets.setdefault(snapshot.day, []).append(np.sum(snapshot.net) / gross)
        table.append(made)
        unlike += sum(score.unlike for score in made.values())
        if snapshot.stamp % 60 == 0 or snapshot.stamp == CLOSE - 15:
            rows.append(row_of(snapshot, made))
    lines = [*summary(table), *HEAD, *rows]
    hits = np.sum(delays, axis=0)
    lines.append(f"spot: the index was there 15 or 16 minutes before {hits[DELAY]} of {len(delays)} stamps, "
                 f"in no two other minutes before more than {max(hits[:DELAY - 1].max(), hits[DELAY + 2:].max())}")
    lines.append(f"strikes of the other sign: {unlike}")
    smile, flat = ([made[name].mass for made in table] for name in ("smile", "index"))
    lines.append(f"gammas over strikes: file {spread_of(masses)}, smile {spread_of(smile)}, index {spread_of(flat)}")
    rounded = [made["smile"].rounded for made in table]
    lines.append(f"gammas rounded to four decimals: gross times {spread_of(rounded, '{:.3f}')}")
    lines.append("file, net of gross: " + ", ".join(f"{day} {spread_of(part)}" for day, part in nets.items()))
    lines.append(f"after the close: file USD {theirs / 1e9:.1f} bn net, ours {'settled' if settled else 'NOT SETTLED'}")
    print("\n".join(lines))
    told, good = PAGE.read_text(encoding="utf-8"), unlike == 0 and settled and len(table) == 38
    for line in lines:
        if line not in told:
            print(f"FAILED: {PAGE.name} does not have: {line}")
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
