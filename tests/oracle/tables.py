# SPDX-License-Identifier: Apache-2.0
"""Chains from files: the Cboe quote table as CSV and as JSON, and neutral columns CSV. Python's own csv and json."""
import csv
import datetime as dt
import gzip
import io
import json
import math
import re

import numpy as np

import sessions

SYMBOL = re.compile(r"^([A-Z][A-Z0-9]{0,5}) *(\d{6})([CP])(\d{8})$")
MONTHS = {name: 1 + i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
NO_INSTANT = None


class Table:
    """Rows in the file's order: settlement (ns or None), strike, right, multiplier, vol, interest, volume, position,
    and the quote."""

    def __init__(self, as_of=None, spot=math.nan, underlying=""):
        self.as_of, self.spot, self.underlying = as_of, spot, underlying
        self.root, self.settlement, self.strike, self.right = [], [], [], []
        self.multiplier, self.vol, self.interest, self.volume, self.position = [], [], [], [], []
        self.bid, self.ask = [], []

    def add(self, root, settlement, strike, right, vol, interest, volume, multiplier=100.0, position=math.nan,
            bid=math.nan, ask=math.nan):
        self.root.append(root)
        self.settlement.append(settlement)
        self.strike.append(strike)
        self.right.append(right)
        self.vol.append(vol)
        self.interest.append(interest)
        self.volume.append(volume)
        self.multiplier.append(multiplier)
        self.position.append(position)
        self.bid.append(bid)
        self.ask.append(ask)

    def freeze(self):
        for name in ("strike", "multiplier", "vol", "interest", "volume", "position", "bid", "ask"):
            setattr(self, name, np.array(getattr(self, name), dtype=float))
        self.right = np.array(self.right, dtype=int)
        return self


def number(cell, empty=0.0):
    """An empty cell was not published; one that holds no number is NaN."""
    cell = cell.strip().replace(",", "")
    if not cell:
        return empty
    try:
        return float(cell)
    except ValueError:
        return math.nan


def parse_symbol(text):
    """(root, date, right, strike) or None."""
    match = SYMBOL.match(text.strip())
    if match is None:
        return None
    root, day, right, milli = match.groups()
    try:
        date = dt.date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    return root, date, 1 if right == "C" else -1, int(milli) / 1000


def add_symbol(table, text, **values):
    named = parse_symbol(text)
    if named is None:
        table.add("", NO_INSTANT, math.nan, 0, **values)
    else:
        root, date, right, strike = named
        table.add(root, sessions.settlement(root, date), strike, right, **values)


def header_instant(text):
    """A date in words, in any order, and a time with AM or PM, New York."""
    clock = re.search(r"(\d{1,2}):(\d\d) *([AP])M", text, re.I)
    words = re.search(r"([A-Za-z]{3})[a-z]*\.? +(\d{1,2})\b|(\d{1,2}) +([A-Za-z]{3})[a-z]*", text[text.find(":") + 1:])
    year = re.search(r"\b(20\d\d)\b", text)
    if not (clock and words and year):
        return None
    month = MONTHS[(words.group(1) or words.group(4)).lower()]
    day = int(words.group(2) or words.group(3))
    hour = int(clock.group(1)) % 12 + (12 if clock.group(3).upper() == "P" else 0)
    wall = dt.datetime(int(year.group(1)), month, day, hour, int(clock.group(2)), tzinfo=sessions.NEW_YORK)
    return sessions.to_ns(wall)


def read_cboe_csv(lines):
    start = next(i for i, line in enumerate(lines) if line.lstrip("\ufeff").startswith("Expiration Date"))
    names = next(csv.reader([lines[start].lstrip("\ufeff")]))
    call, put = names.index("Calls"), names.index("Puts")
    offset = {name: names.index(name) - call for name in ("IV", "Volume", "Open Interest", "Bid", "Ask")}
    table = Table()
    for line in lines[:start]:
        last = re.search(r"Last: *([0-9.,]+?)(?:,[A-Z]|,*$| )", line)
        if last:
            table.spot = number(last.group(1))
            table.underlying = next(csv.reader([line]))[0]
        if "Date:" in line:
            table.as_of = header_instant(line)
    for cells in csv.reader(lines[start + 1:]):
        if len(cells) < put + 10:
            continue
        for side in (call, put):
            add_symbol(table, cells[side], vol=number(cells[side + offset["IV"]]),
                       interest=number(cells[side + offset["Open Interest"]]),
                       volume=number(cells[side + offset["Volume"]]),
                       bid=number(cells[side + offset["Bid"]], math.nan),
                       ask=number(cells[side + offset["Ask"]], math.nan))
    return table.freeze()


def read_cboe_json(text):
    whole = json.loads(text)
    moment = dt.datetime.strptime(whole["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=dt.timezone.utc)
    table = Table(sessions.to_ns(moment), float(whole["data"]["current_price"]), whole["data"].get("symbol", ""))
    for row in whole["data"]["options"]:
        add_symbol(table, row["option"], vol=float(row["iv"]), interest=float(row["open_interest"]),
                   volume=float(row["volume"]), bid=float(row["bid"]), ask=float(row["ask"]))
    return table.freeze()


def iso_ns(text):
    """An instant with its offset; fractions beyond the microsecond are not used here."""
    return sessions.to_ns(dt.datetime.fromisoformat(text.strip().replace("Z", "+00:00")))


def read_neutral(lines):
    table = Table()
    body = []
    for line in lines:
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            key, value = key.strip(), value.strip()
            table.as_of = iso_ns(value) if key == "as_of" else table.as_of
            table.spot = float(value) if key == "spot" else table.spot
            table.underlying = value if key == "underlying" else table.underlying
        elif line.strip():
            body.append(line)
    for row in csv.DictReader(body):
        values = dict(vol=number(row.get("vol") or ""), interest=number(row.get("open_interest") or ""),
                      volume=number(row.get("volume") or ""), position=number(row.get("position") or "", math.nan),
                      bid=number(row.get("bid") or "", math.nan), ask=number(row.get("ask") or "", math.nan))
        if row.get("multiplier"):
            values["multiplier"] = number(row["multiplier"])
        if row.get("symbol"):
            add_symbol(table, row["symbol"], **values)
            continue
        if row.get("settlement"):
            when = iso_ns(row["settlement"])
        else:
            date = dt.datetime.strptime(row["expiry"].replace("-", ""), "%Y%m%d").date()
            when = sessions.settlement(row["root"], date)
        table.add(row.get("root", ""), when, number(row["strike"], math.nan), {"C": 1, "P": -1}.get(row["right"], 0),
                  **values)
    return table.freeze()


def read(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rb") as file:
        text = file.read().decode("utf-8-sig")
    if text.lstrip().startswith("{"):
        return read_cboe_json(text)
    lines = io.StringIO(text).read().splitlines()
    if any(line.startswith("Expiration Date") for line in lines[:50]):
        return read_cboe_csv(lines)
    return read_neutral(lines)
