# SPDX-License-Identifier: Apache-2.0
"""Levels read off strikes: walls, centroids, sign changes, max pain. Each by its own name."""
from __future__ import annotations

import ctypes as C
from typing import Iterator, Mapping

import numpy as np

from . import _api
from ._book import Book
from ._chain import Chain
from ._exposure import Exposure
from ._library import lib
from ._market import Market
from ._object import call, choose, expect, names

LEVELS = names("GEX_LEVEL_", lib.gex_level_name)
"""Definitions of levels by name."""

_KINDS = {"sign": _api.GEX_STRIKE_SIGN, "cum": _api.GEX_STRIKE_CUM}


class Walls(Mapping[str, float]):
    """Strike or price of each level by name; NaN where it does not exist. value() is the exposure found there."""

    def __init__(self, exposure: Exposure):
        self.exposure = expect(exposure, Exposure)
        self._levels = {name: self._level(number) for name, number in LEVELS.items()}

    def _level(self, number: int) -> tuple[float, float]:
        price, value = C.c_double(), C.c_double()
        call(lib.gex_level, self.exposure, number, C.byref(price), C.byref(value))
        return price.value, value.value

    def value(self, name: str) -> float:
        """Exposure at a level, in the exposure's unit; open interest, contracts, for the two OI walls."""
        choose("level", name, lib.gex_level_find, LEVELS)
        return self._levels[name][1]

    def __getitem__(self, name: str) -> float:
        return self._levels[name][0]

    def __getattr__(self, name: str) -> float:
        if name.startswith("_") or name not in self._levels:
            raise AttributeError(name)
        return self._levels[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._levels)

    def __len__(self) -> int:
        return len(self._levels)

    def __repr__(self) -> str:
        return f"<walls of {self.exposure.unit}: {', '.join(f'{name} {price:g}' for name, price in self.items())}>"


def walls(market: Market, book: Book, unit: str = "GEX_USD_PCT") -> Walls:
    """Walls and centroid of an exposure by strike, each by the name of its definition: "call_wall_net", ..."""
    return Walls(Exposure(market, book, unit))


def wall(exposure: Exposure, level: str, rank: int = 0, spot: float | None = None) -> tuple[float, float]:
    """Strike of a wall and the exposure there, or of the next largest by its definition; NaN where there is none.

    rank  0 is the wall itself. A secondary wall is rank 1 where its value is at least 0.7 of the wall's
    spot  price that "above" and "below" are of; the market's when left out. With today's spot and the exposure of
          `market.shift(spot=previous_close)` a wall is the frozen one, which does not follow price
    """
    number = choose("level", level, lib.gex_level_find, LEVELS)
    price, value = C.c_double(), C.c_double()
    call(lib.gex_level_ranked, expect(exposure, Exposure), number, rank, spot or 0.0, C.byref(price), C.byref(value))
    return price.value, value.value


def concentration_band(exposure: Exposure, part: float = 0.7) -> tuple[float, float]:
    """The narrowest range of strikes that holds a part of sum |net|."""
    low, high = C.c_double(), C.c_double()
    call(lib.gex_concentration_band, expect(exposure, Exposure), part, C.byref(low), C.byref(high))
    return low.value, high.value


def strike_flips(exposure: Exposure, kind: str = "sign") -> np.ndarray:
    """Interpolated sign changes of exposure by strike: not prices at which anything is zero.

    kind  'sign': of the net by strike (FLIP_STRIKE_SIGN); 'cum': of its running sum (FLIP_CUM_STRIKE)
    """
    number = choose("kind", kind, lambda name: _KINDS.get(name.decode(), 0), _KINDS)
    count = C.c_int64()
    call(lib.gex_strike_flips, expect(exposure, Exposure), number, None, 0, C.byref(count))
    prices = np.empty(count.value)
    call(lib.gex_strike_flips, exposure, number, prices.ctypes.data, len(prices), C.byref(count))
    return prices


def max_pain(chain: Chain) -> dict[np.datetime64, float]:
    """Per settlement instant (UTC), the strike at which holders would receive least; NaN without open interest."""
    pains = {}
    for place, expiry in enumerate(expect(chain, Chain).expiries):
        price = C.c_double()
        call(lib.gex_max_pain, chain, place, C.byref(price))
        pains[expiry] = price.value
    return pains
