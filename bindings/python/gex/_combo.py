# SPDX-License-Identifier: Apache-2.0
"""Strikes of several products on one axis, and levels carried between products."""
from __future__ import annotations

import ctypes as C
from typing import TYPE_CHECKING, Mapping

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._levels import LEVELS
from ._library import lib
from ._market import Market
from ._object import Object, call, choose, expect, lend_counted, options

if TYPE_CHECKING:
    from ._basket import BasketExposure

_MAPPED = {"ratio": _api.GEX_MAPPED_RATIO, "basis": _api.GEX_MAPPED_BASIS}
_OF_OPEN_INTEREST = ("call_wall_oi", "put_wall_oi")


class Combo(Tabled, Object):
    """Exposure by strike of all members, strikes at prices of the reference: COMBO."""

    __slots__ = ("exposure",)
    _free = "gex_combo_free"

    def __init__(self, exposure: BasketExposure, step: float = 0.0):
        self.exposure = exposure
        struct = options(_api.gex_combo_options, lib.gex_combo_options_init)
        struct.step = step
        self._create(lib.gex_combo_compute, None, exposure, C.byref(struct))

    @property
    def prices(self) -> np.ndarray:
        """Nodes, ascending."""
        return lend_counted(self, lib.gex_combo_prices, self)

    @property
    def values(self) -> np.ndarray:
        """Net of each node."""
        return lend_counted(self, lib.gex_combo_sum, self, _api.GEX_SUM_NET)

    @property
    def gross(self) -> np.ndarray:
        """Per node, the sum of absolute values."""
        return lend_counted(self, lib.gex_combo_sum, self, _api.GEX_SUM_GROSS)

    @property
    def call(self) -> np.ndarray:
        """Per node, calls alone, signed."""
        return lend_counted(self, lib.gex_combo_sum, self, _api.GEX_SUM_CALL)

    @property
    def put(self) -> np.ndarray:
        """Per node, puts alone, signed."""
        return lend_counted(self, lib.gex_combo_sum, self, _api.GEX_SUM_PUT)

    @property
    def left_out(self) -> int:
        """Strikes without a price of the reference."""
        return lib.gex_combo_left_out(self)

    def parts(self, node: int) -> list[tuple[str, float]]:
        """(member, strike) behind a node."""
        members = lend_counted(self, lib.gex_combo_part_member, self, node, kind="i8")
        strikes = lend_counted(self, lib.gex_combo_part_strike, self, node, kind="i8")
        basket = self.exposure.basket
        return [(basket.names[i], float(basket.members[i].market.chain.strikes[k])) for i, k in zip(members, strikes)]

    def level(self, level: str, rank: int = 0) -> tuple[float, float]:
        """Price of a level over the nodes and the exposure there; NaN where there is none. As gex.wall()."""
        price, value = C.c_double(), C.c_double()
        call(lib.gex_combo_level, self, choose("level", level, lib.gex_level_find, LEVELS), rank, C.byref(price),
             C.byref(value))
        return price.value, value.value

    @property
    def levels(self) -> Mapping[str, float]:
        """Every level but the two of open interest, which does not add up over contracts of different sizes."""
        return {name: self.level(name)[0] for name in LEVELS if name not in _OF_OPEN_INTEREST}

    def to_arrow(self) -> ArrowTable:
        """A row a node, as a table."""
        return ArrowTable(self, lib.gex_combo_to_arrow)

    def __len__(self) -> int:
        return len(self.prices)

    def __repr__(self) -> str:
        return f"<{len(self)} nodes of {self.exposure!r}>"


def level_mapped(level: float, mapped: str, frm: float, to: float) -> float:
    """A level of one product as a price of another: MAPPED.

    mapped   'ratio': level * to / frm; 'basis': level + (to - frm)
    frm, to  prices of the two products now
    """
    price = C.c_double()
    how = choose("mapped", mapped, lambda name: _MAPPED.get(name.decode(), 0), _MAPPED)
    call(lib.gex_level_mapped, level, how, frm, to, C.byref(price))
    return price.value


def parity_basis(market: Market, expiry: int, pairs: int = 10) -> tuple[float, int]:
    """What a future of an expiry costs beside spot, by the median of put-call parity, and the pairs it rests on.

    expiry  index into market.chain.expiries
    pairs   strikes nearest to spot to take, 1 to 64
    """
    basis, count = C.c_double(), C.c_int64()
    call(lib.gex_parity_basis, expect(market, Market), expiry, pairs, C.byref(basis), C.byref(count))
    return basis.value, count.value
