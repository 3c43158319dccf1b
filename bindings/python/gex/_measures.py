# SPDX-License-Identifier: Apache-2.0
"""Single numbers by name: measures of papers, ratios and concentration of an exposure, expected moves."""
from __future__ import annotations

import ctypes as C
from typing import Any

import numpy as np

from . import _api
from ._columns import refuse
from ._exposure import Exposure
from ._library import lib
from ._market import Greeks, Market
from ._object import call, choose, expect, names, options

MEASURES = names("GEX_MEASURE_", lib.gex_measure_name)
"""Measures by name; measure_label() says what each is in."""

MOVES = names("GEX_MOVE_", lib.gex_move_name)
"""Forms of an expected move by name."""


def measure_label(measure: str) -> str:
    """What a measure is in: "USD per 1.00 of spot", "0 to 1"."""
    return lib.gex_measure_label(choose("measure", measure, lib.gex_measure_find, MEASURES)).decode()


def measure(exposure: Exposure, name: str, top: int = 5, shares_outstanding: float | None = None,
            adv: float | None = None) -> float:
    """One measure of an exposure; NaN where it does not exist.

    name                a name of gex.MEASURES: 'nge', 'gamma_imbalance', 'cp_tilt', 'herfindahl', 'gtbr', ...
    top                 strikes of top_share
    shares_outstanding  for net_gamma
    adv                 shares a day, for gamma_imbalance
    """
    struct = options(_api.gex_measure_options, lib.gex_measure_options_init)
    struct.top, struct.shares_outstanding, struct.adv = top, shares_outstanding or 0.0, adv or 0.0
    value = C.c_double()
    call(lib.gex_measure, expect(exposure, Exposure), choose("measure", name, lib.gex_measure_find, MEASURES),
         C.byref(struct), C.byref(value))
    return value.value


def expected_move(market: Market | Greeks, expiry: Any = 0, move: str = "sigma") -> float:
    """Expected move of an expiry, price units; NaN where it does not exist.

    expiry  index into chain.expiries, or the settlement instant as it stands there
    move    a name of gex.MOVES: 'straddle' (quotes), 'straddle_85', 'model_straddle', 'sigma', 'mad', '1d_252',
            '1d_365'
    """
    value = C.c_double()
    greeks = market if isinstance(market, Greeks) else expect(market, Market).greeks
    if isinstance(expiry, np.datetime64):
        places = np.flatnonzero(greeks.market.chain.expiries == expiry)
        if not places.size:
            raise refuse(f"expiry {expiry} is not one of chain.expiries")
        expiry = places[0]
    call(lib.gex_expected_move, greeks, expiry, choose("move", move, lib.gex_move_find, MOVES), C.byref(value))
    return value.value
