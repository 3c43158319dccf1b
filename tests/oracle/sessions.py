# SPDX-License-Identifier: Apache-2.0
"""Sessions of the US option exchanges, from the published holiday rules, and when an option settles.

Written from conventions.md section 2 and the exchanges' holiday notices alone; shares nothing with the library.
"""
import datetime as dt
import functools
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
AM_ROOTS = {"SPX", "NDX", "RUT", "DJX", "VIX", "VIXW"}
DAY = dt.timedelta(days=1)
NS = 10**9

# Closed outside the rules: attacks of 2001, days of mourning, Hurricane Sandy.
IRREGULAR = {dt.date(2001, 9, d) for d in (11, 12, 13, 14)} | {
    dt.date(2004, 6, 11), dt.date(2007, 1, 2), dt.date(2012, 10, 29), dt.date(2012, 10, 30), dt.date(2018, 12, 5),
    dt.date(2025, 1, 9)}


def nth_weekday(year, month, weekday, n):
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def last_weekday(year, month, weekday):
    last = dt.date(year + month // 12, month % 12 + 1, 1) - DAY
    return last - dt.timedelta(days=(last.weekday() - weekday) % 7)


def easter(year):
    """Gauss's rule in the form of Butcher (1876)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    m = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114
    return dt.date(year, n // 31, n % 31 + 1)


def observed(date):
    """Saturday is kept on Friday, Sunday on Monday."""
    return date - DAY if date.weekday() == 5 else date + DAY if date.weekday() == 6 else date


@functools.lru_cache(maxsize=None)
def holidays(year):
    new_year = dt.date(year, 1, 1)
    days = {nth_weekday(year, 1, 0, 3), nth_weekday(year, 2, 0, 3), easter(year) - 2 * DAY, last_weekday(year, 5, 0),
            observed(dt.date(year, 7, 4)), nth_weekday(year, 9, 0, 1), nth_weekday(year, 11, 3, 4),
            observed(dt.date(year, 12, 25))}
    if new_year.weekday() != 5:  # a Saturday one is not moved into the old year
        days.add(observed(new_year))
    if year >= 2022:
        days.add(observed(dt.date(year, 6, 19)))
    return days


def is_session(date):
    return date.weekday() < 5 and date not in holidays(date.year) and date not in IRREGULAR


def closes_early(date):
    """13:00 on the day before Independence Day and before Christmas, and after Thanksgiving."""
    eve = (date.month, date.day) in ((7, 3), (12, 24)) and (date + DAY).weekday() < 5
    return is_session(date) and (eve or date == nth_weekday(date.year, 11, 3, 4) + DAY)


def to_ns(moment):
    whole = moment.astimezone(dt.timezone.utc) - dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
    return (whole.days * 86400 + whole.seconds) * NS + whole.microseconds * 1000


@functools.lru_cache(maxsize=None)
def settlement(root, date):
    """Instant, ns since 1970 UTC. A date on a closed day settles on the last session before it."""
    while not is_session(date):
        date -= DAY
    clock = dt.time(9, 30) if root in AM_ROOTS else dt.time(13, 0) if closes_early(date) else dt.time(16, 0)
    return to_ns(dt.datetime.combine(date, clock, NEW_YORK))


def new_york_date(instant):
    return dt.datetime.fromtimestamp(instant // NS, NEW_YORK).date()
