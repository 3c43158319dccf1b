# SPDX-License-Identifier: Apache-2.0
"""Years between instants and the pace of a clock, from conventions.md section 2 and models.md 5.2 alone.

Days are walked one by one; the variance clock adds the formula's cumulative shares, session by session and gap by gap.
"""
import datetime as dt
import functools

import sessions

SESSION, OVERNIGHT, CLOSED_DAY, U_SHAPE = 0.75, 0.25, 0.05, 0.4  # ws, wo, wn, c
YEAR_UNITS = 252 + 113 * CLOSED_DAY
CALENDAR_YEAR = 365 * 86400 * sessions.NS
FULL = 390 * 60 * sessions.NS


@functools.lru_cache(maxsize=None)
def hours(date):
    """Open and close of a session, ns."""
    close = dt.time(13, 0) if sessions.closes_early(date) else dt.time(16, 0)
    return tuple(sessions.to_ns(dt.datetime.combine(date, at, sessions.NEW_YORK)) for at in (dt.time(9, 30), close))


def next_session(date, step=sessions.DAY):
    date += step
    while not sessions.is_session(date):
        date += step
    return date


def cumulative(u):
    return u + U_SHAPE * (4 * (u - 0.5) ** 3 + 0.5 - u)


def parts(start, end):
    """(from, to, units, kind) of every session and gap that touches the time between."""
    date = sessions.new_york_date(start)
    date = next_session(date + sessions.DAY, -sessions.DAY)
    if hours(date)[0] > start:
        date = next_session(date, -sessions.DAY)
    while True:
        begin, close = hours(date)
        after = next_session(date)
        yield begin, close, SESSION * (close - begin) / FULL, "session"
        yield close, hours(after)[0], OVERNIGHT + CLOSED_DAY * ((after - date).days - 1), "gap"
        date = after
        if hours(date)[0] >= end:
            return


def variance_units(start, end):
    total = 0.0
    for begin, close, units, kind in parts(start, end):
        low, high = max(start, begin), min(end, close)
        if low < high:
            u, w = (low - begin) / (close - begin), (high - begin) / (close - begin)
            total += units * (cumulative(w) - cumulative(u) if kind == "session" else w - u)
    return total


def open_time(start, end):
    return sum(max(0, min(end, close) - max(start, begin)) for begin, close, _, kind in parts(start, end)
               if kind == "session")


@functools.lru_cache(maxsize=None)
def years(clock, start, end):
    if clock in ("CAL_365", "CAL_365_25"):
        return (end - start) / CALENDAR_YEAR * (1 if clock == "CAL_365" else 365 / 365.25)
    if clock == "BUS_252_CLOCK":
        return open_time(start, end) / (252 * FULL)
    if clock == "VARIANCE_CLOCK":
        return variance_units(start, end) / YEAR_UNITS
    first, last = sessions.new_york_date(start), sessions.new_york_date(end)
    dates = [first + sessions.DAY * k for k in range((last - first).days)]
    if clock == "BUS_252_DAYS":
        return max(1, sum(map(sessions.is_session, dates))) / 252
    return max(1, sum(date.weekday() < 5 for date in dates)) / 262


def pace(clock, at):
    """Of a clock that has a slope."""
    for begin, close, units, kind in parts(at, at + 1):
        if begin <= at < close:
            u = (at - begin) / (close - begin)
            if clock == "BUS_252_CLOCK":
                return CALENDAR_YEAR / (252 * FULL) if kind == "session" else 0.0
            shape = 1 + U_SHAPE * (12 * (u - 0.5) ** 2 - 1) if kind == "session" else 1
            return units * shape / (close - begin) * CALENDAR_YEAR / YEAR_UNITS
    raise ValueError(at)


def left(clock, as_of, settlement):
    """Years and pace of an expiry; on the calendar where the clock has no time for it."""
    if settlement <= as_of:
        return 0.0, 1.0
    span = years(clock, as_of, settlement)
    if not span > 0:
        return years("CAL_365", as_of, settlement), 1.0
    slope = clock in ("BUS_252_CLOCK", "VARIANCE_CLOCK")
    return span, pace(clock, as_of) if slope else span / years("CAL_365", as_of, settlement)
