# SPDX-License-Identifier: Apache-2.0
"""What dealers must trade when spot, time and volatility move: + means they BUY the underlying."""
from __future__ import annotations

import ctypes as C
from typing import Any

import numpy as np

from . import _api
from ._book import Book
from ._columns import count_rows, put, reals
from ._instants import instants
from ._library import lib
from ._market import Market
from ._object import Named, Object, call, choose, expect, lend, names, options

COLUMNS = names("GEX_FLOW_", lib.gex_flow_name)
"""Columns of a flow by name: shares, + = dealers BUY; usd_at_start is USD."""


def scenarios(spot: Any, as_of: Any, vol: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """Options for scenarios, and the arrays they point at."""
    columns = {}
    if spot is not None:
        columns["spot"] = reals("spot", spot)
    if as_of is not None:
        columns["as_of"] = instants("as_of", as_of)
    if vol is not None:
        columns["vol_shift"] = reals("vol", vol)
    struct = options(_api.gex_flow_options, lib.gex_flow_options_init)
    struct.rows = count_rows(columns)
    for name, array in columns.items():
        put(getattr(struct, name), array)
    return struct, columns


class Flow(Named, Object):
    """Hedge flow of each scenario. Index by a name of gex.FLOW_COLUMNS; shares, + = dealers BUY.

    exact = spot + time + vol (averages over the six orders of the moves); linear is the first-order value.
    """

    __slots__ = ("market", "book", "_struct", "_columns")
    _free = "gex_flow_free"

    def __init__(self, market: Market, book: Book, spot: Any = None, as_of: Any = None, vol: Any = None):
        self.market, self.book = expect(market, Market), expect(book, Book)
        struct, columns = scenarios(spot, as_of, vol)
        self._struct, self._columns = struct, columns  # lines() asks again
        self._create(lib.gex_flow_compute, None, market, book, C.byref(struct))

    def __getitem__(self, name: str) -> np.ndarray:
        column = lib.gex_flow_column(self, choose("column", name, lib.gex_flow_find, COLUMNS))
        return lend(self, column, len(self), "f8")

    def keys(self) -> list[str]:
        return list(COLUMNS)

    def __len__(self) -> int:
        return lib.gex_flow_rows(self)

    @property
    def exact(self) -> np.ndarray:
        """By repricing, shares."""
        return self["exact"]

    @property
    def linear(self) -> np.ndarray:
        """To first order, shares."""
        return self["linear"]

    @property
    def spot(self) -> np.ndarray:
        """Share of the move of spot, shares."""
        return self["spot"]

    @property
    def time(self) -> np.ndarray:
        """Share of the passage of time, shares."""
        return self["time"]

    @property
    def vol(self) -> np.ndarray:
        """Share of the move of volatility, shares."""
        return self["vol"]

    @property
    def unwind(self) -> np.ndarray:
        """Trade that undoes the hedge of what has settled before the scenario's instant, shares."""
        return self["unwind"]

    def lines(self, scenario: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """(exact, unwind) of one scenario row by row of the chain, shares; NaN for rows that are not used."""
        flow, unwind = np.empty((2, len(self.book.chain)))
        doubles = C.POINTER(C.c_double)
        call(lib.gex_flow_lines, None, self.market, self.book, C.byref(self._struct), scenario,
             flow.ctypes.data_as(doubles), unwind.ctypes.data_as(doubles))
        return flow, unwind

    def __repr__(self) -> str:
        flows = ", ".join(f"{value:+,.1f}" for value in self.exact[:10]) + (", ..." if len(self) > 10 else "")
        return f"<flow of {self.book.source}, shares, + = dealers BUY: {flows}>"


def flow(market: Market, book: Book, spot: Any = None, as_of: Any = None, vol: Any = None) -> Flow:
    """Hedge flow of one scenario or of many; what is left out does not move, single values hold for all scenarios.

    spot   price moved to
    as_of  instant moved to, not before the market's
    vol    added to every volatility: 0.01 is one point
    """
    return Flow(market, book, spot, as_of, vol)
