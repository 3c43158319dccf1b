# SPDX-License-Identifier: Apache-2.0
"""Clocks: years between instants by name, and the calendar that business clocks read."""
from __future__ import annotations

import ctypes as C
from typing import Any, Mapping

import numpy as np

from . import _api
from ._columns import pair, put, reals, refuse
from ._instants import Instant, dates, instant, instants
from ._library import lib
from ._object import Object, choose, expect, names, options

CLOCKS = names("GEX_CLOCK_", lib.gex_clock_name)
"""How time to expiry is counted."""
WEIGHTS = names("GEX_WEIGHT_", lib.gex_weight_name)
"""What VARIANCE_CLOCK weighs with."""


class Calendar(Object):
    """The days markets are open, and how much variance each part of time carries on VARIANCE_CLOCK.

    session       units of a session of 6.5 hours; a shorter one in proportion
    overnight     units from a close to the next open; left out: 1 - session
    non_business  units more for each closed day in between
    u_shape       c, 0 <= c < 1: intensity in the session 1 - c at midday, 1 + 2c at the bells
    year          units a year; left out: 252 (session + overnight) + 113 non_business
    events        units by instant: a mapping, or a pair of columns (instants, units)
    closed        dates without a session, which replace those of the US exchanges; Saturdays and Sundays always are
    early         dates that close at 13:00 New York, likewise
    """

    __slots__ = ()
    _free = "gex_calendar_free"

    def __init__(self, session: float = 0.75, overnight: float | None = None, non_business: float = 0.05,
                 u_shape: float = 0.4, year: float | None = None, events: Any = None, closed: Any = None,
                 early: Any = None):
        struct = options(_api.gex_calendar_options, lib.gex_calendar_options_init)
        struct.session, struct.non_business, struct.u_shape = session, non_business, u_shape
        struct.year = 0.0 if year is None else year
        if overnight is not None:
            struct.overnight = overnight
        keep = []
        if events is not None:
            when, units = ((list(events.keys()), list(events.values())) if isinstance(events, Mapping) else
                           pair("events", events, "(instants, units)"))
            keep += [np.atleast_1d(instants("events", when)), np.atleast_1d(reals("events", units))]
            if keep[0].shape != keep[1].shape or keep[0].ndim != 1:
                raise refuse(f"events: {keep[0].size} instants and {keep[1].size} units")
            struct.event_count = keep[0].size
            put(struct.event, keep[0])
            put(struct.event_units, keep[1])
        if closed is not None or early is not None:
            struct.own_days = 1
            for name, value in (("closed", closed), ("early", early)):
                column = np.atleast_1d(dates(name, [] if value is None else value))
                if column.size > 0:
                    put(getattr(struct, name), column)
                setattr(struct, name + "_count", column.size)
                keep.append(column)
        self._create(lib.gex_calendar_create, None, C.byref(struct))

    @property
    def weights(self) -> dict[str, float]:
        """Session, overnight, non_business and year in units of variance, and u_shape."""
        return {name: lib.gex_calendar_weight(self, value) for name, value in WEIGHTS.items()}

    def session(self, date: Any) -> tuple[int, int] | None:
        """Open and close of a New York date as instants in ns; None where there is no session."""
        day, begin, end = int(dates("date", date)), C.c_int64(), C.c_int64()
        kind = lib.gex_calendar_session(self, day, C.byref(begin), C.byref(end))
        if kind < 0:
            raise refuse(f"date {date!r} is not in the calendar")
        return (begin.value, end.value) if kind != _api.GEX_SESSION_CLOSED else None

    def units(self, start: Any, end: Any) -> Any:
        """Units of variance between instants, which broadcast; NaN outside the years 1900 to 2200."""
        return _each(lambda a, b: lib.gex_calendar_units(self, a, b), start, end)

    def pace(self, clock: str, at: Instant) -> float:
        """Years of a clock that pass per calendar year from an instant on; NaN for a whole-day clock."""
        return lib.gex_calendar_pace(self, choose("clock", clock, lib.gex_clock_find, CLOCKS), instant(at))

    def __repr__(self) -> str:
        return f"<gex.Calendar: {', '.join(f'{name} {value:g}' for name, value in self.weights.items())}>"


def _each(function: Any, start: Any, end: Any) -> Any:
    pairs = np.broadcast(instants("start", start), instants("end", end))
    return np.array([function(int(a), int(b)) for a, b in pairs], np.float64).reshape(pairs.shape)[()]


def years(start: Any, end: Any, clock: str = "CAL_365", calendar: Calendar | None = None) -> Any:
    """Years from instants to instants, which broadcast, on a clock of gex.CLOCKS; negative when the end is first.

    calendar  days and weights of the business clocks; left out: the US exchanges and the default weights

    NaN on a business clock for an instant outside the years 1900 to 2200; without a calendar of one's own no holiday is
    known before 2000 and after 2035.
    """
    number = choose("clock", clock, lib.gex_clock_find, CLOCKS)
    address = None if calendar is None else expect(calendar, Calendar)
    return _each(lambda a, b: lib.gex_calendar_years(address, number, a, b), start, end)
