# SPDX-License-Identifier: Apache-2.0
"""American options, row by row: price, greeks, exercise boundary, implied volatility."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterable

import numpy as np

from . import _api
from ._columns import put, reals, refuse, rights, spread
from ._compiled import compiled
from ._european import DEFAULT_GREEKS, GREEKS
from ._library import lib
from ._object import call, choose, names, options
from ._results import Results, named

ACCURACIES = names("GEX_ACCURACY_", lib.gex_accuracy_name)
"""Names of the accuracies and their numbers in the C interface."""
DIVIDEND_MODELS = names("GEX_DIVIDENDS_", lib.gex_dividends_name)
"""Names of the models of dividends and their numbers in the C interface."""


@compiled(lib.gex_american, _api.gex_american_columns, lib.gex_american_columns_init,
          results={**GREEKS, "status": 0, "boundary": -1}, initial=DEFAULT_GREEKS, release_rows=8)
def american(spot: Any, strike: Any, years: Any, vol: Any, right: Any, rate: Any = 0.0, carry_yield: Any = 0.0,
             columns: Iterable[str] | None = None, accuracy: str = "standard", dividends: Any = None,
             out: Any = None, dividend_model: str = "spot") -> Any:
    """Price and greeks of American options on a spot with a carry yield; everything broadcasts.

    spot, strike       price, > 0
    years              to settlement, >= 0
    vol                0.20 is 20 % a year, >= 0
    right              +1 call, -1 put; 'C' and 'P' too
    rate, carry_yield  continuous, a year
    columns            names of GREEKS, "boundary" and "status"; None: those of a dict `out`, else price and 16
                       derivatives
    accuracy           "fast", "standard" or "high"
    dividends          rows of (years, cash) or (years, cash, fraction of spot), ascending, for every option: valued on
                       a grid
    out                arrays for the results, as in greeks()
    dividend_model     "spot": lognormal between ex-dates is the stock; "escrowed": what is left of it without the
                       dividends, as in a Market, and some two hundred times faster

    Returns raw derivatives by name, or `out`, as greeks() does; "boundary" is the spot where exercise begins, 0 (put)
    or infinity (call) where it never does. "status": 0 good, 1 domain, 2 at the strike at expiry, 6 exercised, 7 valued
    on a grid, 8 on a grid and exercise just before the next ex-date is worth at least as much as to hold.
    """
    wanted = named(columns, out, DEFAULT_GREEKS)
    numbers = [choose("greek", name, lib.gex_greek_find, GREEKS) for name in wanted
               if name not in ("boundary", "status")]
    struct, keep = _columns({"spot": reals("spot", spot), "strike": reals("strike", strike),
                             "years": reals("years", years),
                             "vol": reals("vol", vol), "right": rights(right), "rate": reals("rate", rate),
                             "carry_yield": reals("carry_yield", carry_yield)}, accuracy, dividends, dividend_model)
    shape, inputs, schedule = keep
    results = Results(wanted, out, shape, inputs)
    arrays = dict(zip(wanted, results.flat))
    outputs = [array for name, array in zip(wanted, results.flat) if name not in ("boundary", "status")]
    pointers = (C.c_void_p * max(1, len(outputs)))(*(array.ctypes.data for array in outputs))
    call(lib.gex_american, None, C.byref(struct), (C.c_int32 * max(1, len(numbers)))(*numbers), len(numbers), pointers,
         *(arrays[name].ctypes.data if name in arrays else None for name in ("boundary", "status")))
    del inputs, schedule
    return dict(zip(wanted, results.made())) if out is None else results.hand_back()


def american_implied_vol(price: Any, spot: Any, strike: Any, years: Any, right: Any, rate: Any = 0.0,
                         carry_yield: Any = 0.0, accuracy: str = "standard",
                         dividends: Any = None, dividend_model: str = "spot") -> tuple[np.ndarray, np.ndarray]:
    """The volatility that gives each American price back; everything broadcasts, as in american().

    Returns (vol, status): NaN where there is none; status 0 good, 1 an input outside the domain, 3 below intrinsic, 4
    at or above the payoff's bound, 5 no time left, 6 just what exercise pays, which every small vol gives.
    """
    struct, keep = _columns({"spot": reals("spot", spot), "strike": reals("strike", strike),
                             "years": reals("years", years),
                             "right": rights(right), "rate": reals("rate", rate),
                             "carry_yield": reals("carry_yield", carry_yield), "price": reals("price", price)},
                            accuracy, dividends, dividend_model)
    shape, inputs, schedule = keep
    column = _api.gex_f64()
    put(column, inputs["price"])
    vol, status = np.empty(struct.rows), np.zeros(struct.rows, np.uint8)
    call(lib.gex_american_implied_vol, None, C.byref(struct), C.byref(column), vol.ctypes.data, status.ctypes.data)
    del inputs, schedule
    return vol.reshape(shape)[()], status.reshape(shape)[()]


def _columns(inputs: dict[str, np.ndarray], accuracy: str, dividends: Any,
             dividend_model: str) -> tuple[Any, tuple[Any, Any, Any]]:
    """The filled struct, and what has to live as long as it: shape, inputs by name, dividend columns."""
    struct = options(_api.gex_american_columns, lib.gex_american_columns_init)
    shape, flat = spread(inputs)
    struct.rows = int(np.prod(shape, dtype=np.int64))
    if struct.rows > _api.GEX_MAX_ROWS:
        raise refuse(f"{struct.rows} rows are more than {_api.GEX_MAX_ROWS}")
    struct.accuracy = choose("accuracy", accuracy, lib.gex_accuracy_find, ACCURACIES)
    struct.dividend_model = choose("dividend_model", dividend_model, lib.gex_dividends_find, DIVIDEND_MODELS)
    kept = dict(zip(inputs, flat))
    for name, array in kept.items():
        if name != "price":
            put(getattr(struct, name), array)
    schedule = _schedule(dividends)
    struct.dividend_count = len(schedule[0])
    for name, array in zip(("years", "cash", "fraction"), schedule):
        setattr(struct, f"dividend_{name}", array.ctypes.data if len(array) else None)
    return struct, (shape, kept, schedule)


def _schedule(dividends: Any) -> list[np.ndarray]:
    """Years, cash and fractions of a dividend schedule, contiguous."""
    if dividends is None or len(dividends) == 0:
        return [np.empty(0)] * 3
    table = np.asarray(dividends, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] not in (2, 3):
        raise refuse("dividends: rows of (years, cash) or (years, cash, fraction) are wanted")
    wide = np.column_stack([table, np.zeros((len(table), 3 - table.shape[1]))])
    return [np.ascontiguousarray(wide[:, k]) for k in range(3)]
