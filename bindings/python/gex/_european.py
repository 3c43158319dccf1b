# SPDX-License-Identifier: Apache-2.0
"""European options, row by row: price, greeks, implied volatility."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterable, TypeVar, overload

import numpy as np

from . import _api
from ._columns import put, reals, refuse, rights, spread
from ._compiled import compiled
from ._library import lib
from ._object import call, choose, names, options
from ._results import Results, named

GREEKS = names("GEX_GREEK_", lib.gex_greek_name)
"""Names of the greeks and their numbers in the C interface."""

DEFAULT_GREEKS = tuple(list(GREEKS)[:_api.GEX_GREEK_DUAL_GAMMA])
"""What greeks() computes unless told: price and sixteen derivatives."""

COINS = names("GEX_COIN_", lib.gex_greek_name)
"""What model="inverse" can compute besides GREEKS: value and derivatives in coin."""

MODELS = names("GEX_MODEL_", lib.gex_model_name)
FORMS = names("GEX_OPTION_FORM_", lib.gex_option_form_name)

Out = TypeVar("Out", bound="dict[str, np.ndarray] | list[np.ndarray] | tuple[np.ndarray, ...] | np.ndarray")


@overload
def greeks(spot: Any, strike: Any, years: Any, vol: Any, right: Any, rate: Any = 0.0, carry_yield: Any = 0.0,
           columns: Iterable[str] | None = None, out: None = None, *, model: str = "black",
           form: str = "spot") -> dict[str, np.ndarray]: ...


@overload
def greeks(spot: Any, strike: Any, years: Any, vol: Any, right: Any, rate: Any = 0.0, carry_yield: Any = 0.0,
           columns: Iterable[str] | None = None, *, out: Out, model: str = "black", form: str = "spot") -> Out: ...


@compiled(lib.gex_european, _api.gex_european_columns, lib.gex_european_columns_init,
          results={**GREEKS, "status": 0}, initial=DEFAULT_GREEKS, release_rows=512)
def greeks(spot: Any, strike: Any, years: Any, vol: Any, right: Any, rate: Any = 0.0, carry_yield: Any = 0.0,
           columns: Iterable[str] | None = None, out: Any = None, *, model: str = "black", form: str = "spot") -> Any:
    """Price and greeks of European options on a spot with a carry yield or on a forward; everything broadcasts.

    spot, strike       price, > 0 but for "bachelier"; spot is the forward when the form says so
    years              to settlement, >= 0
    vol                0.20 is 20 % a year, >= 0
    right              +1 call, -1 put; 'C' and 'P' too
    rate, carry_yield  continuous, a year
    columns            names of GREEKS, and "status": only these are computed; None: those of a dict `out`, else price
                       and 16 derivatives
    out                arrays for the results, a dict by name or a sequence in the order of columns (a matrix: one row a
                       column): float64, status uint8, of the shape the inputs broadcast to, over no input or other
                       result
    model              "black", "bachelier" (vol in price units), "inverse" (settled in the underlying; without rates;
                       greeks are those of the dollar value, names of COINS those in coin)
    form               "spot", or "forward": derivatives at fixed forward, without carry_yield

    Returns raw derivatives by name, or `out`: per year, per 1.00 of vol, per 1.00 of rate; theta, charm, veta and color
    run forward in calendar time. A row outside the domain is NaN; "status" says why (0 good, 1 domain, 2 at the strike
    at expiry).
    """
    wanted = named(columns, out, DEFAULT_GREEKS)
    numbers = [choose("greek", name, lib.gex_greek_find, {**GREEKS, **COINS}) for name in wanted if name != "status"]
    inputs = {"spot": reals("spot", spot), "strike": reals("strike", strike), "years": reals("years", years),
              "vol": reals("vol", vol), "right": rights(right), **_given("rate", rate, 0.0, model == "inverse"),
              **_given("carry_yield", carry_yield, 0.0, model == "inverse" or form == "forward")}
    struct = options(_api.gex_european_columns, lib.gex_european_columns_init)
    struct.model = choose("model", model, lib.gex_model_find, MODELS)
    struct.form = choose("form", form, lib.gex_option_form_find, FORMS)
    shape, keep = _fill(struct, inputs)
    results = Results(wanted, out, shape, dict(zip(inputs, keep)))
    outputs, status = results.reals(), results.status()
    pointers = (C.c_void_p * max(1, len(outputs)))(*(array.ctypes.data for array in outputs))
    call(lib.gex_european, None, C.byref(struct), (C.c_int32 * max(1, len(numbers)))(*numbers), len(numbers), pointers,
         None if status is None else status.ctypes.data)
    del keep
    return dict(zip(wanted, results.made())) if out is None else results.hand_back()


@overload
def implied_vol(price: Any, forward: Any, strike: Any, years: Any, right: Any, discount: Any = 1.0,
                out: None = None, *, model: str = "black") -> tuple[np.ndarray, np.ndarray]: ...


@overload
def implied_vol(price: Any, forward: Any, strike: Any, years: Any, right: Any, discount: Any = 1.0, *,
                out: Out, model: str = "black") -> Out: ...


@compiled(lib.gex_implied_vol, _api.gex_price_columns, lib.gex_price_columns_init,
          results={"vol": 1, "status": 0}, initial=("vol", "status"), release_rows=64)
def implied_vol(price: Any, forward: Any, strike: Any, years: Any, right: Any, discount: Any = 1.0,
                out: Any = None, *, model: str = "black") -> Any:
    """The volatility that gives each price back; everything broadcasts.

    price     discounted, as in the market; "inverse": in coin
    forward   price of the underlying for delivery at settlement
    strike    price
    years     to settlement
    right     +1 call, -1 put; 'C' and 'P' too
    discount  factor, > 0; none for "inverse"
    out       two arrays for the results, float64 and uint8: (vol, status), or a dict of these names; as for greeks()
    model     "black", "bachelier" or "inverse", as in greeks()

    Returns (vol, status), or `out`: 0.20 is 20 % a year ("bachelier": in price units), NaN where there is none; status
    0 good, 1 an input outside the domain, 3 below intrinsic, 4 at or above the payoff's bound, 5 no time left.
    """
    inputs = {"price": reals("price", price), "forward": reals("forward", forward), "strike": reals("strike", strike),
              "years": reals("years", years), "right": rights(right),
              **_given("discount", discount, 1.0, model == "inverse")}
    struct = options(_api.gex_price_columns, lib.gex_price_columns_init)
    struct.model = choose("model", model, lib.gex_model_find, MODELS)
    shape, keep = _fill(struct, inputs)
    results = Results(("vol", "status"), out, shape, dict(zip(inputs, keep)))
    vol, status = results.flat
    call(lib.gex_implied_vol, None, C.byref(struct), vol.ctypes.data, status.ctypes.data)
    del keep
    return tuple(results.made()) if out is None else results.hand_back()


def _given(name: str, value: Any, absent: float, without: bool) -> dict[str, np.ndarray]:
    """A column; left out where the model is without it, unless the caller gave another value than the default."""
    return {} if without and np.ndim(value) == 0 and value == absent else {name: reals(name, value)}


def _fill(struct: Any, inputs: dict[str, np.ndarray]) -> tuple[tuple[int, ...], list[np.ndarray]]:
    shape, flat = spread(inputs)
    struct.rows = int(np.prod(shape, dtype=np.int64))
    if struct.rows > _api.GEX_MAX_ROWS:
        raise refuse(f"{struct.rows} rows are more than {_api.GEX_MAX_ROWS}")
    for name, array in zip(inputs, flat):
        put(getattr(struct, name), array)
    return shape, flat
