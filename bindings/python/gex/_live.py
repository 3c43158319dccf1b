# SPDX-License-Identifier: Apache-2.0
"""Exposures kept warm: ticks in, every sum up to date, to the bit what a rebuild shows."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterable

import numpy as np

from . import _api
from ._book import Book
from ._chain import ROW_STATUS, Chain
from ._columns import count_rows, integers, put, reals, refuse
from ._exposure import _GROUPS, _OTHER_NAMES, find_unit, scaled
from ._instants import Instant, instant
from ._library import lib
from ._market import Market
from ._object import Object, call, expect, lend, lend_counted, options

_SUMS = {"net": _api.GEX_SUM_NET, "gross": _api.GEX_SUM_GROSS, "call": _api.GEX_SUM_CALL, "put": _api.GEX_SUM_PUT}


class Live(Object):
    """Exposures of a market and a book that follow ticks. Belongs to one thread at a time.

        live = gex.Live(market, book, ["GEX_USD_PCT", "DEX_USD"])
        live.set(spot=5012.25)
        live.quote(17, 11.2, 11.6)
        live.trade(17, -200)
        live.ticks(rows, bid=bids, ask=asks)
        live.refresh().total("GEX_USD_PCT")

    Setters store; refresh() works them in; everything else shows the last refresh. Spot takes forwards along and leaves
    volatilities; a quote sets volatilities by the market's rule. Arrays are views that change with the live: copy what
    has to last, or freeze().

    units    names of gex.UNITS, at most 16
    strikes  False: no sums by strike, which makes a spot tick cheaper
    adv, future_price, future_multiplier, beta  as in exposure(), for units that need them
    """

    __slots__ = ("market", "book")
    _free = "gex_live_free"

    def __init__(self, market: Market, book: Book, units: str | Iterable[str], strikes: bool = True,
                 adv: float | None = None, future_price: float | None = None, future_multiplier: float | None = None,
                 beta: float = 0.0):
        self.market, self.book = expect(market, Market), expect(book, Book)
        numbers = [find_unit(unit) for unit in ([units] if isinstance(units, str) else units)]
        array = (C.c_int32 * max(1, len(numbers)))(*numbers)
        struct = scaled(options(_api.gex_live_options, lib.gex_live_options_init), adv, future_price, future_multiplier,
                        beta)
        struct.unit_count, struct.without_strikes = len(numbers), int(not strikes)
        struct.units.data, struct.units.stride = C.addressof(array), 4
        self._create(lib.gex_live_create, None, market, book, C.byref(struct))

    def __copy__(self) -> Any:
        raise TypeError("a Live changes and is not copied: freeze() gives its market and book as they are now")

    def __deepcopy__(self, _memo: Any) -> Any:
        return self.__copy__()

    def set(self, spot: float | None = None, as_of: Instant | None = None) -> Live:
        """Price of the underlying, and the instant, which runs forward."""
        if spot is not None:
            call(lib.gex_live_set_spot, self, spot)
        if as_of is not None:
            call(lib.gex_live_set_as_of, self, instant(as_of))
        return self

    def quote(self, row: int, bid: float, ask: float) -> Live:
        """Bid and ask of a row; NaN: none."""
        call(lib.gex_live_set_quote, self, row, bid, ask)
        return self

    def vol(self, row: int, vol: float) -> Live:
        """Volatility of a row."""
        call(lib.gex_live_set_vol, self, row, vol)
        return self

    def position(self, row: int, contracts: float) -> Live:
        """Signed contracts of a row, dealers long > 0."""
        call(lib.gex_live_set_position, self, row, contracts)
        return self

    def trade(self, row: int, contracts: float) -> Live:
        """Signed contracts added to a row."""
        call(lib.gex_live_trade, self, row, contracts)
        return self

    def ticks(self, rows: Any = None, bid: Any = None, ask: Any = None, vol: Any = None, position: Any = None,
              trade: Any = None) -> Live:
        """Many at once: arrays, or numbers that stand for all. What quote(), vol(), position() and trade() would do, in
        this order, tick after tick; either all are stored or none.

        rows  of each tick, any order, as often as it comes; None: tick i is of row i
        """
        given = {name: reals(name, value) for name, value in
                 (("bid", bid), ("ask", ask), ("vol", vol), ("position", position), ("trade", trade))
                 if value is not None}
        columns = _api.gex_live_columns()
        lib.gex_live_columns_init(C.byref(columns), C.sizeof(columns))
        if rows is not None:
            given["row"] = integers("rows", rows, np.int64)
        columns.count = count_rows(given) if rows is not None else self._count(given)
        for name, array in given.items():
            put(getattr(columns, name), array)
        call(lib.gex_live_set_columns, self, C.byref(columns))
        return self

    def _count(self, given: dict[str, np.ndarray]) -> int:
        """Ticks of rows 0, 1, ...: of every row where numbers stand for all."""
        return count_rows(given) if any(array.ndim for array in given.values()) else len(self.market.chain)

    def reforward(self, market: Market) -> Live:
        """Rates, carries and forwards of another market of the same contracts."""
        call(lib.gex_live_reforward, self, expect(market, Market))
        return self

    def refresh(self) -> Live:
        """Work in what was set."""
        call(lib.gex_live_refresh, None, self)
        return self

    def freeze(self) -> tuple[Market, Book]:
        """The state as an ordinary market and book, refreshed."""
        addresses = C.c_void_p(), C.c_void_p()
        call(lib.gex_live_freeze, None, self, C.byref(addresses[0]), C.byref(addresses[1]))
        market, book = Market.__new__(Market), Book.__new__(Book)
        for made, address in zip((market, book), addresses):
            made._own(address.value)
        chain = Chain._lent(lib.gex_market_chain(market), market)
        chain.table = None
        market.chain, market.calendar, market._greeks = chain, self.market.calendar, None
        book.chain = chain
        return market, book

    @property
    def spot(self) -> float:
        return lib.gex_live_spot(self)

    @property
    def as_of(self) -> np.datetime64:
        return np.datetime64(lib.gex_live_as_of(self), "ns")

    @property
    def vols(self) -> np.ndarray:
        """Per row, on the market's vol_clock; 0 or NaN: none."""
        return self._per_row(lib.gex_live_vol(self), "f8")

    @property
    def positions(self) -> np.ndarray:
        return self._per_row(lib.gex_live_positions(self), "f8")

    @property
    def status(self) -> np.ndarray:
        """Per row, a value of gex.ROW_STATUS."""
        return self._per_row(lib.gex_live_status(self), "u1")

    def _per_row(self, address: int, kind: str) -> np.ndarray:
        return lend(self, address, len(self.market.chain), kind)

    def total(self, unit: str) -> float:
        return lib.gex_live_total(self, self._unit(unit))

    def gross(self, unit: str) -> float:
        return lib.gex_live_gross(self, self._unit(unit))

    def rows(self, unit: str) -> np.ndarray:
        """Exposure of every row, a view with a stride."""
        column = _api.gex_f64()
        lib.gex_live_rows(self, self._unit(unit), C.byref(column))
        count, width = len(self.market.chain), column.stride // 8
        if count == 0:
            return np.empty(0)
        return lend(self, C.cast(column.data, C.c_void_p).value, (count - 1) * width + 1, "f8")[::width]

    def by(self, unit: str, by: str = "strike", sum: str = "net") -> np.ndarray:
        """Sums by 'strike', 'expiry', 'right' or 'zero_dte'; sum is 'net', 'gross', 'call' or 'put'."""
        group = _GROUPS.get(_OTHER_NAMES.get(by, by))
        if group is None or sum not in _SUMS:
            raise refuse(f"by is one of {', '.join(_GROUPS)}, sum one of {', '.join(_SUMS)}")
        return lend_counted(self, lib.gex_live_by, self, self._unit(unit), group, _SUMS[sum])

    def _unit(self, unit: str) -> int:
        number = find_unit(unit)
        if not lib.gex_live_total(self, number) == lib.gex_live_total(self, number):
            column = _api.gex_f64()
            if lib.gex_live_rows(self, number, C.byref(column)) != _api.GEX_OK:
                raise refuse(f"unit {unit!r} is not one this live was made with")
        return number

    @property
    def counts(self) -> dict[str, int]:
        """Rows used, and refused by status."""
        refused = {name: lib.gex_live_count_refused(self, value) for name, value in ROW_STATUS.items() if value != 0}
        return {"used": lib.gex_live_count_used(self), **{name: count for name, count in refused.items() if count}}

    def __repr__(self) -> str:
        return f"<gex.Live of {len(self.market.chain)} contracts at spot {self.spot:g}>"
