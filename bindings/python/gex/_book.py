# SPDX-License-Identifier: Apache-2.0
"""Who holds what: signed contracts per row, dealers long > 0. Never a greek."""
from __future__ import annotations

import ctypes as C
from typing import Any

import numpy as np

from . import _api
from ._chain import Chain
from ._columns import put, reals, refuse
from ._library import lib
from ._object import Object, choose, expect, lend, names, options, saved

SIGNS = names("GEX_SIGN_", lib.gex_sign_name)
"""Sign conventions by name. No public feed gives the dealers' position: each one is an assumption."""


class Book(Object):
    """The dealers' signed contracts in each row of a chain, by a named convention or as given.

    chain          the contracts
    sign           a name of gex.SIGNS: 'NAIVE_CALL_LONG', ...; left out with `positions` or `weights`
    positions      signed contracts a row (INVENTORY_GIVEN)
    weights        in [-1, 1] a row, times open interest (WEIGHTED)
    alpha          OI_ALPHA: times the net volume, added to open interest
    net_volume     OI_ALPHA: classified buys minus sells, contracts a row
    customer_view  the other side of every trade
    """

    __slots__ = ("chain", "_options")
    _free = "gex_book_free"

    def __init__(self, chain: Chain, sign: str | None = None, *, positions: Any = None, weights: Any = None,
                 alpha: float = 0.0, net_volume: Any = None, customer_view: bool = False):
        self.chain = expect(chain, Chain)
        if sign is None:
            sign = "INVENTORY_GIVEN" if positions is not None else "WEIGHTED" if weights is not None else None
        if sign is None:
            raise refuse(f"a sign convention or positions are needed: {', '.join(SIGNS)}")
        struct = options(_api.gex_book_options, lib.gex_book_options_init)
        struct.sign = choose("sign", sign, lib.gex_sign_find, SIGNS)
        struct.alpha, struct.customer_view = alpha, bool(customer_view)
        keep = [_per_row(chain, getattr(struct, name), name, value)
                for name, value in (("positions", positions), ("weights", weights), ("net_volume", net_volume))
                if value is not None]
        for name, sign_value in (("positions", _api.GEX_SIGN_INVENTORY_GIVEN), ("weights", _api.GEX_SIGN_WEIGHTED),
                                 ("net_volume", _api.GEX_SIGN_OI_ALPHA)):
            if getattr(struct, name).data and struct.sign != sign_value:
                raise refuse(f"{name} does not go with {sign}")
        self._create(lib.gex_book_create, None, chain, C.byref(struct))
        self._options = struct, keep  # gex.robustness() makes others of them

    def weight(self, weights: Any, name: str | None = None) -> Book:
        """A book whose positions are these times `weights`: a subset (0 and 1), a customer view (-1), a fading.

        weights  a number a row, or one for all
        name     appended to the name of the source: "NAIVE_CALL_LONG * zero_dte"
        """
        column = _api.gex_f64()
        keep = _per_row(self.chain, column, "weights", weights)
        made = Book.__new__(Book)
        made.chain = self.chain
        made._create(lib.gex_book_weight, None, self, C.byref(column), None if name is None else name.encode())
        del keep
        return made

    def save(self) -> bytes:
        """The positions and the name of their source as bytes, for load() of this version or a later one."""
        return saved(lib.gex_book_save, self)

    @classmethod
    def load(cls, chain: Chain, content: bytes) -> Book:
        """The book of such bytes, which may come from anywhere; refused when it was saved of another chain."""
        made = cls.__new__(cls)
        made.chain, content = expect(chain, Chain), bytes(content)
        made._create(lib.gex_book_load, None, chain, content, len(content))
        return made

    @property
    def sign(self) -> str:
        """Name of the convention."""
        return lib.gex_sign_name(lib.gex_book_sign(self)).decode()

    @property
    def source(self) -> str:
        """Name to print beside every number."""
        return lib.gex_book_source(self).decode("utf-8", "replace")

    @property
    def positions(self) -> np.ndarray:
        """Per row, the dealers' signed contracts, long > 0; NaN where there is none."""
        return lend(self, lib.gex_book_positions(self), len(self.chain), "f8")

    def __repr__(self) -> str:
        return f"<gex.Book {self.source}: dealers' signed contracts in {len(self.chain)} rows>"


def _per_row(chain: Chain, column: Any, name: str, value: Any) -> np.ndarray:
    array = reals(name, value)
    if array.ndim > 1 or (array.ndim == 1 and array.shape[0] not in (1, len(chain))):
        raise refuse(f"{name} has shape {array.shape}; the chain has {len(chain)} rows")
    put(column, array)
    return array
