# SPDX-License-Identifier: Apache-2.0
"""What option dealers must trade to stay hedged: a map of forced flow under stated assumptions, not a forecast.

    chain = gex.read_cboe("spx_quotedata.csv")
    market = gex.Market(chain)
    book = gex.Book(chain, "NAIVE_CALL_LONG")
    gex.exposure(market, book, greek="gamma", unit="USD_PCT", by="strike")
    print(gex.map(market, book))

Rows are the caller's: row i in is row i out, and a bad row has a status instead of stopping the frame. Arrays that come
out are read-only views of the library's memory, kept alive by what they belong to.
"""
from . import fit, plot
from ._american import ACCURACIES, american, american_implied_vol
from ._arrow import ArrowTable
from ._basket import (LINKS, ROLES, Basket, BasketExposure, BasketFlips, BasketFlow, BasketProfile, Member,
                      basket)
from ._book import SIGNS, Book
from ._calendar import CLOCKS, WEIGHTS, Calendar, years
from ._change import CHANGE_COLUMNS, CHANGE_EXPIRY_COLUMNS, Change, change
from ._chain import FLAGS, ROW_STATUS, Chain
from ._combo import Combo, level_mapped, parity_basis
from ._compiled import COMPILED
from ._difference import DIFFERENCE_COLUMNS, LINES, Difference, difference
from ._dispersion import MEMBER_VALUES as DISPERSION_MEMBER_VALUES
from ._dispersion import VALUES as DISPERSION_VALUES
from ._dispersion import Dispersion
from ._european import DEFAULT_GREEKS, GREEKS, greeks, implied_vol
from ._exposure import UNITS, Exposure, Group, exposure, unit_factor, unit_label
from ._feed import read_cboe
from ._field import (FORCED_COLUMNS, PARTS, STRETCHES, UNTILS, Cliffs,
                     Crossings, Field, Forced, cliffs, field, field_into, forced,
                     until, zero_flow)
from ._field import QUANTITIES as FIELD_QUANTITIES
from ._flow import COLUMNS as FLOW_COLUMNS
from ._flow import Flow, flow
from ._grouping import BY, Grouping, group
from ._instants import format_instant, instant
from ._levels import LEVELS, Walls, concentration_band, max_pain, strike_flips, wall, walls
from ._library import build_info, version
from ._live import Live
from ._map import Map, map
from ._market import (DYNAMICS, FALLBACKS, FORWARD_SOURCES, FORWARDS, PARITY, STYLES, VOL_SOURCES, VOLS, Greeks,
                      Market)
from ._measures import MEASURES, MOVES, expected_move, measure, measure_label
from ._object import Error, InputError, OutOfMemory
from ._profile import Flip, Flips, Horizons, Profile, flips, flips_by_horizon, profile
from ._quotes import QUOTE_STATUS, REPAIRED, Quotes
from ._regime import REGIMES, SIZES, Cell, Regime, RegimePath, regime, regime_path, stand, words
from ._robustness import VARIES, Headline, Robustness, robustness
from ._surface import OUTPUTS as SURFACE_OUTPUTS
from ._surface import (POINT_STATUS, SLICE_STATUS, WINGS, Arbitrage, Components, Surface, from_jump_wings,
                       jump_wings, repair)
from ._uncertainty import FLIP_BANDS, Bands, FlipBands, Uncertainty, bands, exposure_bands, flow_bands, forced_bands

__all__ = [
    "ACCURACIES", "Arbitrage", "ArrowTable", "BY", "Bands", "Basket", "BasketExposure", "BasketFlips", "BasketFlow",
    "BasketProfile", "Book", "CHANGE_COLUMNS", "CHANGE_EXPIRY_COLUMNS", "CLOCKS", "COMPILED", "Calendar", "Cell",
    "Chain", "Change", "Cliffs", "Combo", "Components", "Crossings", "DEFAULT_GREEKS", "DIFFERENCE_COLUMNS",
    "DISPERSION_MEMBER_VALUES", "DISPERSION_VALUES", "DYNAMICS", "Difference", "Dispersion", "Error", "Exposure",
    "FALLBACKS", "FIELD_QUANTITIES", "FLAGS", "FLIP_BANDS", "FLOW_COLUMNS", "FORCED_COLUMNS", "FORWARDS",
    "FORWARD_SOURCES", "Field", "Flip", "FlipBands", "Flips", "Flow", "Forced", "GREEKS", "Greeks", "Group", "Grouping",
    "Headline", "Horizons", "InputError", "LEVELS", "LINES", "LINKS", "Live", "MEASURES", "MOVES", "Map", "Market",
    "Member", "OutOfMemory", "PARITY", "PARTS", "POINT_STATUS", "Profile", "QUOTE_STATUS", "Quotes", "REGIMES",
    "REPAIRED", "ROLES", "ROW_STATUS", "Regime", "RegimePath", "Robustness", "SIGNS", "SIZES", "SLICE_STATUS",
    "STRETCHES", "STYLES", "SURFACE_OUTPUTS", "Surface", "UNITS", "UNTILS", "Uncertainty", "VARIES", "VOLS",
    "VOL_SOURCES", "WEIGHTS", "WINGS", "Walls", "american", "american_implied_vol", "bands", "basket", "build_info",
    "change", "cliffs", "concentration_band", "difference", "expected_move",
    "exposure", "exposure_bands", "field", "field_into",
    "fit", "flips", "flips_by_horizon", "flow", "flow_bands", "forced", "forced_bands",
    "format_instant", "from_jump_wings", "greeks", "group", "implied_vol", "instant", "jump_wings", "level_mapped",
    "map", "max_pain", "measure", "measure_label",
    "parity_basis", "plot", "profile", "read_cboe", "regime", "regime_path", "repair", "robustness", "stand",
    "strike_flips", "unit_factor", "unit_label", "until", "version", "wall", "walls", "words", "years", "zero_flow",
]

__version__ = "0.1.0"
