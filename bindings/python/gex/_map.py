# SPDX-License-Identifier: Apache-2.0
"""The map: everything computed for one market and one book, and its page, JSON, picture and lines."""
from __future__ import annotations

import ctypes as C
import math
from typing import Any, Callable

import numpy as np

from . import _api
from ._book import Book
from ._difference import Difference
from ._columns import reals, refuse, put
from ._exposure import Exposure, find_unit, scaled
from ._flow import Flow
from ._levels import LEVELS, Walls
from ._library import lib
from ._market import Market
from ._object import InputError, Object, call, expect, lend_counted, options
from ._profile import Flips, Profile
from ._field import Field, end_of
from ._robustness import Robustness
from ._uncertainty import Bands, FlipBands, Uncertainty


class Map(Object):
    """A map of forced flow under stated assumptions, not a forecast.

    page(), json(), svg() and lines() are texts; the parts are attributes. `str()` is the page.

    zero_flow  a name of gex.UNTILS or an instant: ZERO_FLOW by then; None: left out
    """

    __slots__ = ("market", "book", "since", "uncertainty")
    _free = "gex_map_free"

    def __init__(self, market: Market, book: Book, unit: str = "GEX_USD_PCT", moves: Any = None,
                 scenario_spot_pct: float = -1.0, scenario_hours: float = 1.0, scenario_vol_points: float = 1.0,
                 adv: float | None = None, future_price: float | None = None, future_multiplier: float | None = None,
                 beta: float = 0.0, robustness: Robustness | None = None, field: Field | None = None,
                 since: Map | None = None, uncertainty: Uncertainty | None = None, zero_flow: Any = "close"):
        self.market, self.book = expect(market, Market), expect(book, Book)
        struct = scaled(options(_api.gex_map_options, lib.gex_map_options_init), adv, future_price, future_multiplier,
                        beta)
        struct.unit = find_unit(unit)
        struct.scenario_spot_pct, struct.scenario_hours = scenario_spot_pct, scenario_hours
        struct.scenario_vol_points = scenario_vol_points
        if robustness is not None:
            struct.robustness = expect(robustness, Robustness)._address
        if field is not None:
            struct.field = expect(field, Field)._address
        self.since, self.uncertainty = since, uncertainty
        if uncertainty is not None:
            struct.uncertainty = expect(uncertainty, Uncertainty)._address
        if zero_flow is not None:
            try:
                struct.zero_flow = end_of(market, zero_flow)
            except InputError:
                if zero_flow != "close":  # which the calendar may not have, and nobody asked for by name
                    raise
        if since is not None:
            struct.since = expect(since, Map)._address
        if moves is not None:
            column = np.atleast_1d(reals("moves", moves))
            if column.ndim != 1:
                raise refuse(f"moves has shape {column.shape}")
            struct.move_count = column.size
            put(struct.moves, column)
        self._create(lib.gex_map_compute, None, market, book, C.byref(struct))

    def _part(self, kind: type[Object], function: Callable[..., int]) -> Any:
        part: Any = kind._lent(function(self), self)
        part.market, part.book = self.market, self.book
        return part

    @property
    def gamma(self) -> Exposure:
        """GEX_USD_PCT."""
        return self._part(Exposure, lib.gex_map_gamma)

    @property
    def delta(self) -> Exposure:
        """DEX_USD."""
        return self._part(Exposure, lib.gex_map_delta)

    @property
    def vanna(self) -> Exposure:
        """VEX_USD_VOLPT."""
        return self._part(Exposure, lib.gex_map_vanna)

    @property
    def charm(self) -> Exposure:
        """CEX_USD_CALDAY."""
        return self._part(Exposure, lib.gex_map_charm)

    @property
    def in_unit(self) -> Exposure:
        """The unit of the page."""
        return self._part(Exposure, lib.gex_map_in_unit)

    @property
    def profile(self) -> Profile:
        """GEX_USD_PCT, 201 prices from 80 % to 120 % of spot."""
        return self._part(Profile, lib.gex_map_profile)

    @property
    def flips(self) -> Flips:
        """Of GEX_USD_PCT."""
        part = self._part(Flips, lib.gex_map_flips)
        part._read(_api.GEX_UNIT_GEX_USD_PCT)
        return part

    @property
    def zero_flow(self) -> Flips | None:
        """Prices at which dealers will have traded nothing, as gex.zero_flow(); None where it was left out."""
        if not lib.gex_map_zero_flow_instant(self):
            return None
        part = self._part(Flips, lib.gex_map_zero_flow)
        part._read(_api.GEX_FIELD_FLOW)
        return part

    @property
    def walls(self) -> Walls:
        """Of GEX_USD_PCT."""
        return Walls(self.gamma)

    @property
    def moves(self) -> np.ndarray:
        """Spot moves of the flow table, percent."""
        return lend_counted(self, lib.gex_map_moves, self)

    @property
    def flow(self) -> Flow:
        """One row a move, shares, + = dealers BUY."""
        return self._part(Flow, lib.gex_map_flow)

    @property
    def scenario(self) -> Flow:
        """One row: the joint scenario, shares, + = dealers BUY."""
        return self._part(Flow, lib.gex_map_scenario)

    def _difference(self, function: Callable[..., int], unit: str) -> Difference | None:
        if self.since is None:
            return None
        part = Difference._lent(function(self), self)
        part.market_before, part.book_before, part.unit = self.since.market, self.since.book, unit
        part.market_after, part.book_after = self.market, self.book
        return part

    @property
    def gamma_since(self) -> Difference | None:
        """What changed since the earlier map, GEX_USD_PCT; None without one."""
        return self._difference(lib.gex_map_gamma_since, "GEX_USD_PCT")

    @property
    def flow_since(self) -> Difference | None:
        """Likewise the hedge, shares: + = dealers had to BUY."""
        return self._difference(lib.gex_map_flow_since, "flow")

    @property
    def levels_since(self) -> dict[str, tuple[float, float]]:
        """Each wall and the nearest flip, before and after, price; empty without an earlier map. NaN: there is none."""
        if self.since is None:
            return {}
        before, after = ({name: made.walls[name] for name in LEVELS} for made in (self.since, self))
        flips = (self.since.flips.nearest, self.flips.nearest)
        return {"nearest_flip": tuple(math.nan if flip is None else flip.price for flip in flips),
                **{name: (before[name], after[name]) for name in LEVELS}}

    @property
    def regime(self) -> str:
        """'long_gamma', 'short_gamma', 'at_flip', or 'none'."""
        return lib.gex_regime_text(lib.gex_map_regime(self)).decode()

    def _bands(self, kind: type[Object], function: Callable[..., int]) -> Any:
        if self.uncertainty is None:
            return None
        part: Any = kind._lent(function(self), self)
        if kind is Bands:
            part.market, part.uncertainty, part.keys = self.market, self.uncertainty, ()
        return part

    @property
    def gamma_bands(self) -> Bands | None:
        """Of the total, GEX_USD_PCT; None without an uncertainty, likewise the next three."""
        return self._bands(Bands, lib.gex_map_gamma_bands)

    @property
    def profile_bands(self) -> Bands | None:
        """Of GEX_USD_PCT, 401 prices from 80 % to 120 % of spot."""
        return self._bands(Bands, lib.gex_map_profile_bands)

    @property
    def flow_bands(self) -> Bands | None:
        """One value a move, shares, + = dealers BUY."""
        return self._bands(Bands, lib.gex_map_flow_bands)

    @property
    def flip_bands(self) -> FlipBands | None:
        """4096 samples of that profile."""
        part = self._bands(FlipBands, lib.gex_map_flip_bands)
        if part is not None:
            part.bands = self.profile_bands
        return part

    @property
    def daily_sigma(self) -> float:
        """One daily standard deviation, price; NaN without an at-the-money volatility."""
        return lib.gex_map_daily_sigma(self)

    @property
    def zero_dte_share(self) -> float:
        """Part of gross gamma exposure that settles on the as-of's day, 0 to 1; NaN when there is none."""
        return lib.gex_map_zero_dte_share(self)

    def page(self) -> str:
        """The page a trader reads in ten seconds."""
        return self._text(lib.gex_report_page)

    def json(self) -> str:
        """One JSON object, schema "gex-map/1"."""
        return self._text(lib.gex_report_json)

    def svg(self) -> str:
        """A standalone picture: profile with flips and spot, exposure by strike."""
        return self._text(lib.gex_report_svg)

    def lines(self) -> str:
        """CSV, one line a contract: what every total can be re-added from."""
        return self._text(lib.gex_report_lines)

    def _text(self, report: Callable[..., int]) -> str:
        pieces: list[bytes] = []

        @_api.gex_write
        def write(user: int, piece: int, length: int) -> int:
            pieces.append(C.string_at(piece, length))
            return 0

        call(report, None, self, write, None)
        return b"".join(pieces).decode()

    def __str__(self) -> str:
        return self.page()

    def __repr__(self) -> str:
        return f"<gex.Map {self.regime}: {self.gamma!r}>"


def map(market: Market, book: Book, unit: str = "GEX_USD_PCT", **choices: Any) -> Map:
    """Everything for one book in one market; see Map for the other choices.

    unit  of the page and the picture
    """
    return Map(market, book, unit, **choices)
