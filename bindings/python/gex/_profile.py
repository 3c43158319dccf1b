# SPDX-License-Identifier: Apache-2.0
"""An exposure repriced over a range of spot prices, and where it is zero."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterator, NamedTuple

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._book import Book
from ._columns import refuse
from ._exposure import find_unit, scaled
from ._instants import instants
from ._library import lib
from ._market import Market
from ._object import Object, call, expect, lend_counted, options


SPACINGS = {"even": _api.GEX_SPACING_EVEN, "log": _api.GEX_SPACING_LOG}


def profile_options(unit: str, greek: str | None, low: float, high: float, points: int, adv: float | None,
                    future_price: float | None, future_multiplier: float | None, beta: float) -> Any:
    """Options of a profile or a search."""
    struct = scaled(options(_api.gex_profile_options, lib.gex_profile_options_init), adv, future_price,
                    future_multiplier, beta)
    struct.unit, struct.low, struct.high, struct.points = find_unit(unit, greek), low, high, points
    return struct


class Profile(Tabled, Object):
    """Exposure at each price of a grid, every option repriced there; `values` are in `unit`, at the grid's price."""

    __slots__ = ("market", "book")
    _free = "gex_profile_free"

    def __init__(self, market: Market, book: Book, struct: Any):
        self.market, self.book = expect(market, Market), expect(book, Book)
        self._create(lib.gex_profile_compute, None, market, book, C.byref(struct))

    @property
    def unit(self) -> str:
        """Name of the unit."""
        return lib.gex_unit_name(lib.gex_profile_unit(self)).decode()

    @property
    def label(self) -> str:
        """The unit in words."""
        return lib.gex_unit_label(lib.gex_profile_unit(self)).decode()

    @property
    def prices(self) -> np.ndarray:
        """Prices of the underlying, ascending."""
        return lend_counted(self, lib.gex_profile_prices, self)

    @property
    def values(self) -> np.ndarray:
        """Exposure at each price."""
        return lend_counted(self, lib.gex_profile_values, self)

    def peak(self, direction: str = "up") -> tuple[float, float]:
        """Price of the grid and value where the profile is largest above zero ("up") or lowest below it ("down")."""
        price, value = C.c_double(), C.c_double()
        number = {"up": _api.GEX_UP, "down": _api.GEX_DOWN}.get(direction, 0)
        call(lib.gex_profile_peak, self, number, C.byref(price), C.byref(value))
        return price.value, value.value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.values, dtype) if copy or dtype not in (None, np.dtype("f8")) else self.values

    def __len__(self) -> int:
        return len(self.prices)

    def to_arrow(self) -> ArrowTable:
        """Prices and values as a table."""
        return ArrowTable(self, lib.gex_profile_to_arrow)

    def __repr__(self) -> str:
        prices = self.prices
        return f"<profile of {self.unit}, {self.label}, {len(self)} prices {prices[0]:g} to {prices[-1]:g}>"


class Flip(NamedTuple):
    """A price at which the exposure is zero."""

    price: float    #: of the underlying
    direction: str  #: 'up': negative below, positive above; 'down'
    slope: float    #: exposure per 1.00 of price
    size: float     #: 0 to 1: the exposure half a percent away, over the largest in the range
    status: str     #: 'FOUND', or 'NEGLIGIBLE': listed, never a level


class Flips(Object):
    """Every root of a profile, or of the flow to an instant, in a range, ascending in price; a sequence of Flip."""

    __slots__ = ("market", "book", "unit", "_flips")
    _free = "gex_flips_free"

    def __init__(self, market: Market, book: Book, struct: Any):
        self.market, self.book = expect(market, Market), expect(book, Book)
        if isinstance(struct, _api.gex_zero_flow_options):
            self._create(lib.gex_zero_flow_compute, None, market, book, C.byref(struct))
            self._read(_api.GEX_FIELD_FLOW)
        else:
            self._create(lib.gex_flips_compute, None, market, book, C.byref(struct))
            self._read(struct.unit)

    def _read(self, quantity: int) -> None:
        self.unit = lib.gex_field_quantity_name(quantity).decode()
        self._flips = [
            Flip(lib.gex_flips_price(self, i), lib.gex_direction_text(lib.gex_flips_direction(self, i)).decode(),
                 lib.gex_flips_slope(self, i), lib.gex_flips_size(self, i),
                 lib.gex_root_status_text(lib.gex_flips_root_status(self, i)).decode())
            for i in range(lib.gex_flips_count(self))]

    @property
    def status(self) -> str:
        """'FOUND', 'NONE_POSITIVE', 'NONE_NEGATIVE', 'AT_EDGE', or 'NONE_ZERO' when nothing is used or all cancels."""
        return lib.gex_roots_text(lib.gex_flips_status(self)).decode()

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest price searched: short of the range asked for where BETA leaves no volatility."""
        return lib.gex_flips_low(self), lib.gex_flips_high(self)

    @property
    def nearest(self) -> Flip | None:
        """The root nearest to spot that is not negligible."""
        place = lib.gex_flips_nearest(self)
        return None if place < 0 else self._flips[place]

    @property
    def prices(self) -> np.ndarray:
        """Of all roots, negligible ones included."""
        return np.array([flip.price for flip in self._flips])

    def __len__(self) -> int:
        return len(self._flips)

    def __iter__(self) -> Iterator[Flip]:
        return iter(self._flips)

    def __getitem__(self, place: int) -> Flip:
        return self._flips[place]

    def __repr__(self) -> str:
        roots = ", ".join(f"{flip.price:.4f} {flip.direction}" + (" NEGLIGIBLE" if flip.status == "NEGLIGIBLE" else "")
                          for flip in self._flips)
        return f"<flips of {self.unit}: {self.status}{' ' if roots else ''}{roots}>"


def profile(market: Market, book: Book, unit: str = "GEX_USD_PCT", greek: str | None = None, low: float = 0.8,
            high: float = 1.2, points: int = 201, adv: float | None = None, future_price: float | None = None,
            future_multiplier: float | None = None, beta: float = 0.0, spacing: str = "even") -> Profile:
    """Exposure over a range of spot, every option repriced at every price.

    unit       as for exposure(); units that contain spot use the price of the grid
    low, high  the range as fractions of spot
    points     prices, ends included
    spacing    of the prices: 'even', or 'log', every one the same multiple of the one before
    """
    struct = profile_options(unit, greek, low, high, points, adv, future_price, future_multiplier, beta)
    if spacing not in SPACINGS:
        raise refuse(f"spacing {spacing!r} is not one of {', '.join(SPACINGS)}")
    struct.spacing = SPACINGS[spacing]
    return Profile(market, book, struct)


def flips(market: Market, book: Book, unit: str = "GEX_USD_PCT", greek: str | None = None, low: float = 0.8,
          high: float = 1.2, adv: float | None = None, future_price: float | None = None,
          future_multiplier: float | None = None, beta: float = 0.0) -> Flips:
    """Every price in a range at which the repriced exposure is zero, with its direction, size and status.

    unit       'GEX_USD_PCT' gives the gamma flip, 'VEX_USD_VOLPT' the vanna flip, 'CEX_USD_CALDAY' the charm flip,
               'DEX_USD' the delta-neutral price, 'GEX_PLUS_USD_PT' with beta the flip with vol moving along,
               'IMPULSE' the same with beta in vol points per +1 % of spot
    low, high  the range as fractions of spot
    """
    return Flips(market, book, profile_options(unit, greek, low, high, 201, adv, future_price, future_multiplier, beta))


class Horizons(Object):
    """Flips at instants ahead: h[i] those at instants[i], `nearest` the one nearest to spot at each."""

    __slots__ = ("market", "book", "_unit")
    _free = "gex_horizons_free"

    def __init__(self, market: Market, book: Book, struct: Any, when: np.ndarray):
        self.market, self.book, self._unit = expect(market, Market), expect(book, Book), struct.unit
        self._create(lib.gex_horizons_compute, None, market, book, C.byref(struct), when.ctypes.data, len(when))

    @property
    def instants(self) -> np.ndarray:
        """Instants (UTC)."""
        return lend_counted(self, lib.gex_horizons_instants, self, kind="M8[ns]")

    @property
    def nearest(self) -> np.ndarray:
        """At each instant, the price of the flip nearest to spot; NaN without one."""
        return lend_counted(self, lib.gex_horizons_nearest, self)

    def __getitem__(self, i: int) -> Flips:
        if not -len(self) <= i < len(self):
            raise IndexError(i)
        flips = Flips._lent(lib.gex_horizons_flips(self, i % len(self)), self)
        flips.market, flips.book = self.market, self.book
        flips._read(self._unit)
        return flips

    def __len__(self) -> int:
        return len(self.instants)

    def __repr__(self) -> str:
        return f"<flips at {len(self)} instants: {', '.join(f'{price:g}' for price in self.nearest)}>"


def flips_by_horizon(market: Market, book: Book, when: Any, unit: str = "GEX_USD_PCT", greek: str | None = None,
                     low: float = 0.8, high: float = 1.2, adv: float | None = None, future_price: float | None = None,
                     future_multiplier: float | None = None, beta: float = 0.0) -> Horizons:
    """Flips as time passes and nothing else moves; what has settled is gone.

    when  instants, not before the market's (int ns since 1970 UTC, datetime64 in UTC, aware datetimes, ISO text)
    """
    struct = profile_options(unit, greek, low, high, 201, adv, future_price, future_multiplier, beta)
    return Horizons(market, book, struct, np.ascontiguousarray(np.atleast_1d(instants("when", when)), np.int64))
