# SPDX-License-Identifier: Apache-2.0
"""Market data of other shapes as neutral columns CSV: one snapshot of one underlying a file.

    python3 convert.py [--all] DATA_FOLDER OUT_FOLDER

A choice of snapshots, or all of them, some 400. Values are passed on as they stand, dirty ones too; percentages become
decimals. Coin options are written as options on the index with a multiplier of 1: the map needs a chain, not their
payoff.
"""
import csv
import datetime as dt
import gzip
import json
import pathlib
import sys

import sessions

UTC = dt.timezone.utc


def rows_of(path, **options):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, **options)


def new_york(date, hour, minute):
    return dt.datetime.combine(date, dt.time(hour, minute), sessions.NEW_YORK)


def percent(text):
    return repr(float(text) / 100) if text else ""


def file_name(when):
    """2021-04-26_1200 of an instant as text."""
    return when[:16].replace(":", "").replace(" ", "_").replace("T", "_")


def write(out, name, underlying, spot, as_of, columns, rows):
    path = out / (name + ".csv")
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(f"# underlying: {underlying}\n# spot: {spot}\n# as_of: {as_of.isoformat()}\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path


LISTED = ["root", "expiry", "strike", "right", "vol", "open_interest", "volume", "last"]
INSTANT = ["root", "settlement", "strike", "right", "vol", "open_interest", "volume", "multiplier"]


def us_daily(data, out, every):
    """Closes; one file is seen at the close itself, where the day's own options have no time left at all."""
    wanted = {("spy", "2026-05-26"): (15, 45), ("spy", "2026-06-12"): (16, 0), ("spy", "2026-07-17"): (15, 59),
              ("nvda", "2026-05-26"): (16, 0), ("nvda", "2026-06-18"): (12, 0), ("nvda", "2026-07-16"): (15, 59)}
    for ticker in ("spy", "nvda"):
        days = {}
        for row in rows_of(data / "us-chain-daily" / f"{ticker}_2026-05-25_2026-07-17.csv.gz"):
            if row["spot"] and (every or (ticker, row["date"]) in wanted):
                days.setdefault(row["date"], []).append(row)
        for day, rows in days.items():
            yield write(out, f"{ticker}_{day}", ticker.upper(), rows[0]["spot"],
                        new_york(dt.date.fromisoformat(day), *wanted.get((ticker, day), (16, 0))), LISTED,
                        [[r["underlying"], r["expiry"].replace("-", ""), r["strike"], r["right"], percent(r["iv_pct"]),
                          r["open_interest"], r["volume"], r["last"]] for r in rows])


def us_raw(data, out, every):
    """The same source before it was laid out again: a call and a put an element, "2026-06-12_799.00_Call"."""
    if not every:
        return
    with gzip.open(data / "us-chain-daily" / "raw_spy_2026-06-12.json.gz", "rt", encoding="utf-8") as file:
        whole = json.load(file)
    rows = []
    for pair in whole["contracts"]:
        for side in ("call", "put"):
            expiry, strike, right = pair[side + "Option"].split("_")
            rows.append(["SPY", expiry, strike, right[0], pair[side + "Iv"] / 100, pair[side + "Oi"],
                         pair[side + "Volume"], pair[side + "Price"]])
    yield write(out, "spy_raw_2026-06-12", "SPY", whole["header"]["underlyingPrice"],
                new_york(dt.date(2026, 6, 12), 15, 30), LISTED, rows)


def yahoo(data, out, every):
    snapshots = {}
    for row in rows_of(data / "yahoo-daily" / "mstr_2026-04-15_2026-08-21.csv.gz"):
        snapshots.setdefault(row["snapshot_local"], []).append(row)
    ordered = sorted(snapshots)
    for when in ordered if every else (ordered[5], ordered[len(ordered) // 2], ordered[-1]):
        rows = snapshots[when]
        yield write(out, "mstr_" + file_name(when), "MSTR", rows[0]["spot"],
                    dt.datetime.fromisoformat(when).replace(tzinfo=sessions.NEW_YORK), LISTED,
                    [[r["underlying"], r["expiry"].replace("-", ""), r["strike"], r["right"], r["iv"],
                      r["open_interest"], r["volume"], r["last"]] for r in rows])


def vix(data, out, every):
    rows = list(rows_of(data / "cboe-trades" / "vix_option_eod_2016-06-01.csv"))
    yield write(out, "vix_2016-06-01", "VIX", rows[0]["active_underlying_price_1545"],
                new_york(dt.date(2016, 6, 1), 15, 45), LISTED,
                [[r["root"], r["expiration"].replace("-", ""), r["strike"], r["option_type"],
                  r["implied_volatility_1545"], r["open_interest"], r["trade_volume"], r["close"]] for r in rows])
    times = {}
    for row in rows_of(data / "cboe-intervals" / "vix_30min_2021-04-26.csv.gz"):
        times.setdefault(row["quote_datetime"], []).append(row)
    for when in times if every else ["2021-04-26 12:00:00"]:
        rows = times[when]
        yield write(out, "vix_" + file_name(when), "VIX", rows[0]["active_underlying_price"],
                    dt.datetime.fromisoformat(when).replace(tzinfo=sessions.NEW_YORK), LISTED,
                    [[r["root"], r["expiration"].replace("-", ""), r["strike"], r["option_type"],
                      r["implied_volatility"], r["open_interest"], r["trade_volume"], r["close"]] for r in rows])


def aapl(data, out, every):
    days = {}
    for row in rows_of(data / "equity-daily" / "aapl_2014-06.csv.gz"):
        days.setdefault(row["date"], []).append(row)
    for day in days if every else ("2014-06-03", "2014-06-16"):
        stock = next(r for r in days[day] if not r["expiry"])
        yield write(out, "aapl_" + day, "AAPL", stock["close"], new_york(dt.date.fromisoformat(day), 9, 30), LISTED,
                    [["AAPL", r["expiry"], r["strike"], r["right"], r["implied_volatility"], r["open_interest"],
                      r["volume"], r["close"]] for r in days[day] if r["expiry"]])


def deribit(data, out, every):
    snapshots = {}
    for row in rows_of(data / "deribit-6h" / "deribit_6h_2026-02-20_2026-03-06.csv.gz"):
        snapshots.setdefault((row["timestamp"], row["currency"]), []).append(row)
    whens = sorted({when for when, _ in snapshots})
    for when, coin in sorted(snapshots) if every else [(whens[len(whens) // 2], coin) for coin in ("BTC", "ETH")]:
        rows = snapshots[when, coin]
        yield write(out, f"{coin.lower()}_{file_name(when)}", coin, rows[0]["index_price"],
                    dt.datetime.fromisoformat(when), INSTANT,
                    [[coin, r["expiry_datetime"], r["strike"], r["option_type"][0].upper(), r["implied_volatility"],
                      r["open_interest"], r["volume"], 1] for r in rows])

    path = data / "deribit-btc-eod" / "btc_eod_202106.txt.gz"
    days = {}
    for row in rows_of(path):
        row = {key.strip(" []"): value.strip() for key, value in row.items()}
        days.setdefault(row["QUOTE_DATE"], []).append(row)
    for day in days if every else ["2021-06-15"]:
        rows = days[day]
        yield write(out, "btc_" + day, "BTC", rows[0]["UNDERLYING_PRICE"],
                    dt.datetime.fromtimestamp(int(rows[0]["QUOTE_UNIXTIME"]), UTC), INSTANT,
                    [["BTC", dt.datetime.fromtimestamp(int(r["EXPIRY_UNIX"]), UTC).isoformat(), r["STRIKE"],
                      r["OPTION_RIGHT"][0].upper(), percent(r["MARK_IV"]), r["OPEN_INTEREST"], r["VOLUME"], 1]
                     for r in rows])

    rows = list(rows_of(data / "deribit-book" / "btc_2021-02-11.csv.gz"))
    rows = [r for r in rows if r["instrument_name"].count("-") == 3]

    def settles(name):
        day = dt.datetime.strptime(name.split("-")[1], "%d%b%y")
        return day.replace(hour=8, tzinfo=UTC).isoformat()
    yield write(out, "btc_2021-02-11", "BTC", rows[0]["index_price"],
                dt.datetime.fromtimestamp(int(rows[0]["timestamp"]) // 1000, UTC), INSTANT,
                [["BTC", settles(r["instrument_name"]), r["instrument_name"].split("-")[2], r["instrument_name"][-1],
                  percent(r["mark_iv"]), r["open_interest"], r["stats.volume"], 1] for r in rows])


def convert_all(data, out, every=False):
    data, out = pathlib.Path(data), pathlib.Path(out)
    paths = []
    for shape in (us_daily, us_raw, yahoo, vix, aapl, deribit):
        paths.extend(shape(data, out, every))
    return paths


if __name__ == "__main__":
    for written in convert_all(*sys.argv[-2:], "--all" in sys.argv):
        print(written)
