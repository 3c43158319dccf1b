# SPDX-License-Identifier: Apache-2.0
"""The quotes of a chain in a market: prices, volatilities, statuses and flags."""
from __future__ import annotations

import ctypes as C
from typing import Any

import numpy as np

from . import _api
from ._chain import FLAGS
from ._columns import nanoseconds, put, refuse
from ._instants import instants
from ._library import lib
from ._market import Market
from ._object import Object, expect, lend, options

_WHICH = {"bid": _api.GEX_QUOTE_BID, "mid": _api.GEX_QUOTE_MID, "ask": _api.GEX_QUOTE_ASK,
          "strike": _api.GEX_QUOTE_STRIKE, "repaired": _api.GEX_QUOTE_REPAIRED}
_REPAIR = {"none": _api.GEX_REPAIR_NONE, "strikes": _api.GEX_REPAIR_STRIKES, "all": _api.GEX_REPAIR_ALL}
QUOTE_STATUS = {lib.gex_quote_status_text(value).decode(): value for value in range(_api.GEX_QUOTE_NO_TIME + 1)}
"""What became of one price."""
REPAIRED = {lib.gex_repaired_text(value).decode(): value for value in range(_api.GEX_REPAIRED_IMPOSSIBLE + 1)}
"""What became of an expiry whose middles were to be repaired."""


class Quotes(Object):
    """Prices and volatilities of bid, middle and ask of every row, and what is wrong with each quote.

    quoted_at  instant of each quote, with age_max seconds after which it is stale
    wide       a spread above this many middles is wide; 0: none is
    tick       price; a spread under four ticks is never wide

    repair     "none"; "strikes" or "all" moves middles within bid and ask until there is no arbitrage along the
               strikes, or against the settlement before as well

    Prices are "bid", "mid", "ask", or "strike": the middle of the side out of the money, carried to the other by
    parity; and after a repair "repaired", which "strike" is then made from.
    """

    __slots__ = ("market",)
    _free = "gex_quotes_free"

    def __init__(self, market: Market, quoted_at: Any = None, age_max: float = 0.0, wide: float = 1.0,
                 tick: float = 0.0, repair: str = "none"):
        self.market = expect(market, Market)
        struct = options(_api.gex_quotes_options, lib.gex_quotes_options_init)
        struct.age_max, struct.wide, struct.tick = nanoseconds("age_max", age_max, 1e9), wide, tick
        if repair not in _REPAIR:
            raise refuse(f"repair {repair!r} is not one of {', '.join(_REPAIR)}")
        struct.repair = _REPAIR[repair]
        if quoted_at is not None:
            column = instants("quoted_at", quoted_at)
            if column.ndim > 1 or (column.ndim == 1 and column.shape[0] not in (1, len(market.chain))):
                raise refuse(f"quoted_at has shape {column.shape}; the chain has {len(market.chain)} rows")
            put(struct.quoted_at, column)
        self._create(lib.gex_quotes_create, None, market, C.byref(struct))

    def __repr__(self) -> str:
        return f"<gex.Quotes of {len(self.market.chain)} contracts>"

    def _rows(self, function: Any, which: str, kind: str) -> np.ndarray:
        if which not in _WHICH:
            raise refuse(f"which {which!r} is not one of {', '.join(_WHICH)}")
        at = function(self, _WHICH[which])
        if not at and which == "repaired" and len(self.market.chain) > 0:
            raise refuse("no repair was asked for")
        return lend(self, at, len(self.market.chain), kind)

    def price(self, which: str = "mid") -> np.ndarray:
        """As quoted, in coin for an inverse payoff; NaN where there is none."""
        return self._rows(lib.gex_quotes_price, which, "f8")

    def vol(self, which: str = "mid") -> np.ndarray:
        """0.20 is 20 % a year on the expiry's clock; NaN unless the status is 0."""
        return self._rows(lib.gex_quotes_vol, which, "f8")

    def status(self, which: str = "mid") -> np.ndarray:
        """A value of gex.QUOTE_STATUS."""
        return self._rows(lib.gex_quotes_status, which, "u1")

    @property
    def flags(self) -> np.ndarray:
        """Bits of gex.FLAGS."""
        return lend(self, lib.gex_quotes_flags(self), len(self.market.chain), "u4")

    @property
    def repaired(self) -> np.ndarray:
        """A value of gex.REPAIRED for every expiry of the chain."""
        at = lib.gex_quotes_repaired(self)
        if not at and len(self.market.forward) > 0:
            raise refuse("no repair was asked for")
        return lend(self, at, len(self.market.forward), "u1")

    @property
    def counts(self) -> dict[str, int]:
        """Rows that have each flag."""
        return {name: lib.gex_quotes_count(self, bit) for name, bit in FLAGS.items()}
