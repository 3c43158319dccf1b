#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write new_york.txt: dates, and New York time by the IANA database through Python's zoneinfo.

    python3 generate_new_york.py > new_york.txt

The file says which edition of the database wrote it. Lines:
  date   YYYYMMDD DAYS WEEKDAY        days since 1970-01-01, 0 Sunday
  offset SECONDS OFFSET               of New York at that many seconds since 1970-01-01 UTC
  local  YYYY-MM-DDTHH:MM:SS SECONDS  first instant of that New York time, or "skipped"
Offsets are of 1967 to 1973 and 1976 on: in 1974 and 1975 summer time began early by a law the library does not know.
"""
import datetime
import os
import random
import zoneinfo

SEED = 20070311
ZONE = zoneinfo.ZoneInfo("America/New_York")
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
rng = random.Random(SEED)


def offset_at(seconds):
    return int((EPOCH + datetime.timedelta(seconds=seconds)).astimezone(ZONE).utcoffset().total_seconds())


def offset_line(seconds):
    print("offset", seconds, offset_at(seconds))


def seconds_of(year, month, day):
    return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days * 86400


def changes(year):
    """Seconds at which the offset of a year changes, found by bisection."""
    edges = [seconds_of(year, 1, 1), seconds_of(year, 7, 15), seconds_of(year, 12, 31)]
    for low, high in zip(edges, edges[1:]):
        before = offset_at(low)
        while high - low > 1:
            middle = (low + high) // 2
            if offset_at(middle) == before:
                low = middle
            else:
                high = middle
        yield high


def local_line(wall):
    instant = wall.replace(tzinfo=ZONE, fold=0).astimezone(UTC)
    skipped = instant.astimezone(ZONE).replace(tzinfo=None) != wall
    print("local", wall.isoformat(), "skipped" if skipped else int((instant - EPOCH).total_seconds()))


def edition():
    for folder in zoneinfo.TZPATH:
        path = os.path.join(folder, "tzdata.zi")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.readline().split()[-1]
    return "unknown"


def main():
    print(f"# Written by generate_new_york.py, which says what the lines mean. IANA time zones, edition {edition()}.")
    for year in range(1900, 2201, 7):
        for month, day in ((1, 1), (2, 28), (3, 1), (12, 31), (rng.randrange(1, 13), rng.randrange(1, 29))):
            date = datetime.date(year, month, day)
            print("date", date.strftime("%Y%m%d"), (date - datetime.date(1970, 1, 1)).days, date.isoweekday() % 7)
    for year in [2000, 2004, 2100, 2200, 1900]:
        date = datetime.date(year, 3, 1) - datetime.timedelta(days=1)
        print("date", date.strftime("%Y%m%d"), (date - datetime.date(1970, 1, 1)).days, date.isoweekday() % 7)
    for year in range(1967, 2201):
        if year in (1974, 1975):
            continue
        for change in changes(year):
            offset_line(change - 1)
            offset_line(change)
            if 1987 <= year <= 2040:
                wall = (EPOCH + datetime.timedelta(seconds=change + offset_at(change - 1))).replace(tzinfo=None)
                for minutes in (-61, -60, -1, 0, 30, 59, 60):
                    local_line(wall + datetime.timedelta(minutes=minutes))
    for _ in range(500):
        offset_line(rng.randrange(seconds_of(1976, 1, 1), seconds_of(2200, 12, 31)))
    for _ in range(300):
        local_line(datetime.datetime(1987, 1, 1) + datetime.timedelta(seconds=rng.randrange(86400 * 365 * 100)))


if __name__ == "__main__":
    main()
