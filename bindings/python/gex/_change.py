# SPDX-License-Identifier: Apache-2.0
"""What changed at fixed strike between two snapshots: passage of time, the slide along the smile, true repricing."""
from __future__ import annotations

import ctypes as C

import numpy as np

from . import _api
from ._arrow import STRIKE_OR_EXPIRY, ArrowTable, Tabled, table_by
from ._book import Book
from ._columns import refuse
from ._library import lib
from ._market import Market
from ._object import Named, Object, choose, expect, lend_counted

CHANGE_COLUMNS = {lib.gex_change_name(number).decode(): number
                  for name, number in vars(_api).items()
                  if name.startswith("GEX_CHANGE_") and not name.startswith("GEX_CHANGE_EXPIRY_")}
"""Columns of a change by name: volatilities; vega is dealers' USD per 1.00 of vol."""
CHANGE_EXPIRY_COLUMNS = {lib.gex_change_expiry_name(number).decode(): number
                         for name, number in vars(_api).items() if name.startswith("GEX_CHANGE_EXPIRY_")}
"""Columns of a change per expiry, by name."""

_GROUPS = {"strike": _api.GEX_BY_STRIKE, "expiry": _api.GEX_BY_EXPIRY}


class Change(Tabled, Named, Object):
    """Change of volatility of every contract between two markets; index by a name of gex.CHANGE_COLUMNS.

    change = roll + slide + surface, surface = level + skew + curvature + residual, fixed_strike = slide + surface.
    Rows, strikes and expiries are those of the chain before; NaN where a contract is not in both.
    """

    __slots__ = ("before", "after", "book")
    _free = "gex_change_free"

    def __init__(self, before: Market, after: Market, book: Book | None = None):
        self.before, self.after = expect(before, Market), expect(after, Market)
        self.book = None if book is None else expect(book, Book)
        self._create(lib.gex_change_compute, None, before, after, self.book)

    def __getitem__(self, name: str) -> np.ndarray:
        number = choose("column", name, lib.gex_change_find, CHANGE_COLUMNS)
        return lend_counted(self, lib.gex_change_column, self, number)

    def keys(self) -> list[str]:
        return list(CHANGE_COLUMNS)

    @property
    def rows(self) -> np.ndarray:
        """Per row before, the row after; -1 where the contract is not in both."""
        return lend_counted(self, lib.gex_change_rows, self, kind="i8")

    @property
    def matched(self) -> int:
        """Contracts in both."""
        return lib.gex_change_matched(self)

    def expiry(self, name: str) -> np.ndarray:
        """Per expiry before, a column of gex.CHANGE_EXPIRY_COLUMNS."""
        number = choose("column", name, lib.gex_change_expiry_find, CHANGE_EXPIRY_COLUMNS)
        return lend_counted(self, lib.gex_change_expiry, self, number)

    def by(self, by: str, name: str) -> np.ndarray:
        """A column times dealers' vega, USD, summed by 'strike' or 'expiry' of the chain before."""
        if by not in _GROUPS:
            raise refuse(f"by {by!r} is not one of {', '.join(_GROUPS)}")
        number = choose("column", name, lib.gex_change_find, CHANGE_COLUMNS)
        return lend_counted(self, lib.gex_change_by, self, _GROUPS[by], number)

    def total(self, name: str) -> float:
        """A column times dealers' vega over all contracts, USD."""
        return lib.gex_change_total(self, choose("column", name, lib.gex_change_find, CHANGE_COLUMNS))

    @property
    def stickiness(self) -> tuple[float, float]:
        """Skew stickiness R that the snapshots show, and its standard error; NaN when spot did not move."""
        error = C.c_double()
        return lib.gex_change_stickiness(self, C.byref(error)), error.value

    def to_arrow(self, by: str | None = None) -> ArrowTable:
        """The rows, or sums by "strike", or what was fitted by "expiry", as a table."""
        return table_by(self, lib.gex_change_to_arrow, by, STRIKE_OR_EXPIRY)

    def __repr__(self) -> str:
        return f"<gex.Change of {self.matched} contracts: volatilities at fixed strike>"


def change(before: Market, after: Market, book: Book | None = None) -> Change:
    """What happened to every contract's volatility between two snapshots of one underlying.

    before, after  markets on one clock, of any chains; contracts are matched by root, settlement, strike and right
    book           dealers' positions before; left out: one contract of each
    """
    return Change(before, after, book)
