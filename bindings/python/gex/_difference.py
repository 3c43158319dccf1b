# SPDX-License-Identifier: Apache-2.0
"""What changed between two snapshots: exposures and the hedge, split by cause with nothing left over."""
from __future__ import annotations

import ctypes as C

import numpy as np

from . import _api
from ._arrow import STRIKE_OR_EXPIRY, ArrowTable, Tabled, table_by
from ._book import Book
from ._columns import refuse
from ._exposure import UNITS, scaled
from ._library import lib
from ._market import Market
from ._object import Named, Object, choose, expect, lend_counted, names, options

DIFFERENCE_COLUMNS = names("GEX_DIFFERENCE_", lib.gex_difference_name)
"""Columns of a difference: before, after, change, and the causes that add up to it."""
LINES = names("GEX_LINE_", lib.gex_line_name)
"""What became of a contract."""

_GROUPS = {"strike": _api.GEX_BY_STRIKE, "expiry": _api.GEX_BY_EXPIRY}
_CAUSES = [name for name in DIFFERENCE_COLUMNS if name not in ("before", "after", "change")]


class Difference(Tabled, Named, Object):
    """Change of an exposure between two snapshots. Index by a name of gex.DIFFERENCE_COLUMNS: one value a line.

    Lines are the contracts of either chain by settlement, strike, puts before calls, root. change = after - before =
    the sum of spot, time, vol, carry, position, expired, new, gone, appeared and refused, on each line and in each sum.
    """

    __slots__ = ("market_before", "book_before", "market_after", "book_after", "unit")
    _free = "gex_difference_free"

    def __init__(self, market_before: Market, book_before: Book, market_after: Market, book_after: Book,
                 unit: str = "GEX_USD_PCT", adv: float | None = None, future_price: float | None = None,
                 future_multiplier: float | None = None, beta: float = 0.0):
        self.market_before, self.book_before = expect(market_before, Market), expect(book_before, Book)
        self.market_after, self.book_after = expect(market_after, Market), expect(book_after, Book)
        struct = scaled(options(_api.gex_difference_options, lib.gex_difference_options_init), adv, future_price,
                        future_multiplier, beta)
        if unit == "flow":
            struct.quantity = _api.GEX_FIELD_FLOW
        else:
            struct.quantity = choose("unit", unit, lambda name: lib.gex_unit_find(name, _api.GEX_GREEK_GAMMA) or
                                     lib.gex_unit_find(name, 0), [*UNITS, "flow"])
        self.unit = lib.gex_field_quantity_name(struct.quantity).decode()
        self._create(lib.gex_difference_compute, None, market_before, book_before, market_after, book_after,
                     C.byref(struct))

    def __getitem__(self, name: str) -> np.ndarray:
        return lend_counted(self, lib.gex_difference_lines, self, self._column(name))

    @staticmethod
    def _column(name: str) -> int:
        return choose("column", name, lib.gex_difference_find, DIFFERENCE_COLUMNS)

    def keys(self) -> list[str]:
        return list(DIFFERENCE_COLUMNS)

    def __len__(self) -> int:
        return lib.gex_difference_count(self, 0)

    @property
    def kinds(self) -> np.ndarray:
        """Per line, what became of the contract: a value of gex.LINES."""
        return lend_counted(self, lib.gex_difference_kinds, self, kind="u1")

    @property
    def rows_before(self) -> np.ndarray:
        """Per line, its row in the chain before; -1 where it has none."""
        return lend_counted(self, lib.gex_difference_rows_before, self, kind="i8")

    @property
    def rows_after(self) -> np.ndarray:
        """Per line, its row in the chain after; -1 where it has none."""
        return lend_counted(self, lib.gex_difference_rows_after, self, kind="i8")

    def count(self, kind: str | None = None) -> int:
        """Lines of a kind of gex.LINES; of all when left out."""
        if kind is not None and kind not in LINES:
            raise refuse(f"kind {kind!r} is not one of {', '.join(LINES)}")
        return lib.gex_difference_count(self, LINES.get(kind, 0))

    def total(self, name: str = "change") -> float:
        """Correctly rounded sum of a column's lines."""
        return lib.gex_difference_total(self, self._column(name))

    @property
    def causes(self) -> dict[str, float]:
        """Totals of what adds up to the change."""
        return {name: self.total(name) for name in _CAUSES}

    @property
    def strikes(self) -> np.ndarray:
        """Strikes of either chain, ascending."""
        return lend_counted(self, lib.gex_difference_strikes, self)

    @property
    def expiries(self) -> np.ndarray:
        """Settlement instants of either chain, UTC, ascending."""
        return lend_counted(self, lib.gex_difference_expiries, self, kind="i8").view("M8[ns]")

    def by(self, by: str, name: str = "change") -> np.ndarray:
        """A column summed by 'strike' (strikes) or 'expiry' (expiries)."""
        if by not in _GROUPS:
            raise refuse(f"by {by!r} is not one of {', '.join(_GROUPS)}")
        return lend_counted(self, lib.gex_difference_by, self, _GROUPS[by], self._column(name))

    def to_arrow(self, by: str | None = None) -> ArrowTable:
        """The lines, or sums by "strike" or "expiry", as a table."""
        return table_by(self, lib.gex_difference_to_arrow, by, STRIKE_OR_EXPIRY)

    def __repr__(self) -> str:
        told = ", ".join(f"{name} {value:+.4g}" for name, value in self.causes.items() if value != 0)
        return f"<gex.Difference {self.unit} {self.total():+.4g}: {told or 'nothing'}>"


def difference(market_before: Market, book_before: Book, market_after: Market, book_after: Book,
               unit: str = "GEX_USD_PCT", **numbers: float) -> Difference:
    """What changed from one snapshot of an underlying to another.

    unit     of gex.UNITS; "flow": the hedge in shares, and what dealers BUY (+) to have it
    numbers  adv, future_price, future_multiplier, beta, where the unit needs them
    """
    return Difference(market_before, book_before, market_after, book_after, unit, **numbers)
