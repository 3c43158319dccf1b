# SPDX-License-Identifier: Apache-2.0
"""Exposure and hedge flow over spot and time: + flow means dealers BUY the underlying."""
from __future__ import annotations

import ctypes as C
from typing import Any, Sequence

import numpy as np

from . import _api
from ._book import Book
from ._columns import put, reals
from ._exposure import UNITS, scaled
from ._instants import as_datetime64, instant, instants as as_instants
from ._library import lib
from ._market import Market
from ._object import Object, call, choose, expect, lend_counted, names, options

QUANTITIES = {**names("GEX_FIELD_", lib.gex_field_quantity_name), **UNITS}
"""What a field may hold, by name: flow, unwind, flow_hour and flow_pct in shares, and every unit."""
UNTILS = names("GEX_UNTIL_", lib.gex_until_name)
"""Named ends of time."""
PARTS = names("GEX_PART_", lib.gex_part_name)
"""Parts of a book by when its contracts settle."""


def until(market: Market, end: str) -> np.datetime64:
    """The instant a named end stands for: 'close', 'next_open', 'next_close', 'first_settlement', 'last_settlement'."""
    out = C.c_int64()
    call(lib.gex_until_instant, expect(market, Market), choose("until", end, lib.gex_until_find, UNTILS), C.byref(out))
    return as_datetime64(out.value)


class Field(Object):
    """Quantities over instants and prices. Index by the name of one that was asked for: instants x prices, read-only."""

    __slots__ = ("market", "book")
    _free = "gex_field_free"

    def __init__(self, market: Market, book: Book, struct: Any):
        self.market, self.book = expect(market, Market), expect(book, Book)
        self._create(lib.gex_field_compute, None, market, book, C.byref(struct))

    @property
    def prices(self) -> np.ndarray:
        """Prices of the underlying, ascending."""
        return lend_counted(self, lib.gex_field_prices, self)

    @property
    def instants(self) -> np.ndarray:
        """Instants, UTC, ascending."""
        return lend_counted(self, lib.gex_field_instants, self, kind="i8").view("M8[ns]")

    @property
    def hours(self) -> np.ndarray:
        """Calendar hours from the market's instant."""
        return (lend_counted(self, lib.gex_field_instants, self, kind="i8") - instant(self.market.as_of)) / 3.6e12

    @property
    def live(self) -> np.ndarray:
        """Rows alive at each instant."""
        return lend_counted(self, lib.gex_field_live, self, kind="i8")

    def keys(self) -> list[str]:
        """Names of what it holds."""
        held = lend_counted(self, lib.gex_field_quantities, self, kind="i4")
        return [lib.gex_field_quantity_name(int(quantity)).decode() for quantity in held]

    @staticmethod
    def label(name: str) -> str:
        """A quantity in words: "shares to buy since now"."""
        return lib.gex_field_quantity_label(choose("quantity", name, lib.gex_field_quantity_find, QUANTITIES)).decode()

    def __getitem__(self, name: str) -> np.ndarray:
        quantity = choose("quantity", name, lib.gex_field_quantity_find, self.keys())
        values = lend_counted(self, lib.gex_field_values, self, quantity)
        if not values.size:
            raise KeyError(f"{name!r} was not asked for: {', '.join(self.keys())} were")
        return values.reshape(len(self.instants), len(self.prices))

    def __repr__(self) -> str:
        prices, hours = self.prices, self.hours
        return (f"<field of {self.book.source}: {', '.join(self.keys())}; {len(hours)} instants {hours[0]:g} to "
                f"{hours[-1]:g} hours on, {len(prices)} prices {prices[0]:g} to {prices[-1]:g}>")


def field(market: Market, book: Book, quantities: str | Sequence[str] = ("flow", "GEX_USD_PCT"), low: float = 0.95,
          high: float = 1.05, points: int = 101, prices: Any = None, until: Any = "close", steps: int = 14,
          instants: Any = None, part: str = "all", adv: float | None = None, future_price: float | None = None,
          future_multiplier: float | None = None, beta: float = 0.0) -> Field:
    """Exposure and flow over spot and time, every option repriced at every price and instant.

    quantities  names of gex.FIELD_QUANTITIES: units, and 'flow' since now, 'unwind', 'flow_hour', 'flow_pct'
    low, high   the range as fractions of spot, `points` prices evenly spaced; or `prices`, the caller's, ascending
    until       a name of gex.UNTILS or an instant, `steps` instants evenly spaced; or `instants`, the caller's
    part        'all', 'zero_dte', 'later'
    """
    wanted = [quantities] if isinstance(quantities, str) else list(quantities)
    numbers = [choose("quantity", name, lib.gex_field_quantity_find, QUANTITIES) for name in wanted]
    held = (C.c_int32 * len(numbers))(*numbers)
    struct = scaled(options(_api.gex_field_options, lib.gex_field_options_init), adv, future_price, future_multiplier,
                    beta)
    struct.quantities, struct.quantity_count = C.cast(held, C.c_void_p), len(numbers)
    struct.part = choose("part", part, lib.gex_part_find, PARTS)
    struct.low, struct.high, struct.points = low, high, points
    columns = []
    if prices is not None:
        columns.append(np.atleast_1d(reals("prices", prices)))
        put(struct.prices, columns[-1])
        struct.points = len(columns[-1])
    struct.steps = steps
    if instants is not None:
        columns.append(np.atleast_1d(as_instants("instants", instants)))
        put(struct.instants, columns[-1])
        struct.steps = len(columns[-1])
    elif isinstance(until, str) and until in UNTILS:
        struct.until = UNTILS[until]
    elif isinstance(until, str) and not until[:1].isdigit():
        choose("until", until, lib.gex_until_find, UNTILS)
    else:
        struct.until, struct.end = _api.GEX_UNTIL_GIVEN, instant(until)
    return Field(market, book, struct)
