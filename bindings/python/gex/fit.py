# SPDX-License-Identifier: Apache-2.0
"""Surfaces fitted to quotes, where libgex-fit is: a second library, on GSL, whose binary is conveyed under the GPL.

    fitted = gex.fit.svi(years, forward, expiry, strike, bid_vol, ask_vol)
    fitted.surface.vol(4500, 0.1)
    fitted.inside                       share of quotes repriced within bid and ask, an expiry each

The library is the one GEX_FIT_LIBRARY names, else libgex-fit.so beside libgex, else the system's. It is looked for on
first use; gex.fit.available() says whether it is there, and every other call raises ImportError where it is not.
"""
from __future__ import annotations

import ctypes as C
import functools
import os
import pathlib
from typing import Any, NamedTuple

import numpy as np

from . import _api
from ._columns import count_rows, integers, put, reals
from ._library import find
from ._object import call, choose, options
from ._surface import Surface, fill_expiries

LOSSES = {"squares": _api.GEX_LOSS_SQUARES, "bounded": _api.GEX_LOSS_BOUNDED, "held": _api.GEX_LOSS_HELD}
"""How far a quote pulls."""

ENFORCED = {"nothing": _api.GEX_ENFORCE_NOTHING, "butterfly": _api.GEX_ENFORCE_BUTTERFLY, "all": _api.GEX_ENFORCE_ALL}
"""What to do about arbitrage."""

FITTED = {"none": _api.GEX_FITTED_NONE, "own": _api.GEX_FITTED_OWN, "borrowed": _api.GEX_FITTED_BORROWED}
"""Where an expiry's parameters come from."""


class Fitted(NamedTuple):
    """A surface and how well it fits: one element an expiry, NaN or 0 where there is no fit; errors in vol points."""

    surface: Surface
    parameters: np.ndarray  #: a, b, rho, m, s; NaN from mixture()
    theta: np.ndarray       #: total variance at the money
    rms: np.ndarray         #: of vol - mid
    most: np.ndarray        #: largest |vol - mid|
    inside: np.ndarray      #: share of the quotes used that are repriced within bid and ask
    raised: np.ndarray      #: total variance added to leave no arbitrage
    quotes: np.ndarray      #: used
    slice: np.ndarray       #: 0, or why the expiry is not used: a value of gex.SLICE_STATUS
    fitted: np.ndarray      #: a value of gex.fit.FITTED
    row_status: np.ndarray  #: per quote, a value of gex.ROW_STATUS
    ssvi: np.ndarray        #: rho, eta, gamma; NaN from svi()


@functools.lru_cache(maxsize=None)
def _library() -> Any:
    given = os.environ.get("GEX_FIT_LIBRARY")
    beside = pathlib.Path(find()).with_name("libgex-fit.so")
    path = given or (str(beside) if beside.exists() else f"libgex-fit.so.{_api.SOVERSION}")
    try:
        library = C.CDLL(path)
        library.gex_fit_version.argtypes, library.gex_fit_version.restype = [], C.c_char_p
        found = library.gex_fit_version().decode("ascii", "replace")
    except (OSError, AttributeError) as reason:
        raise ImportError(f"libgex-fit is not here ({reason}): build libgex where GSL is, or set "
                          "GEX_FIT_LIBRARY") from None
    if not _api.understood(found):
        raise ImportError(f"{path} is libgex-fit {found}; this package is for libgex {_api.DESCRIBED}")
    return _api.declare(library, _api.FIT_FUNCTIONS, path, found)


def available() -> bool:
    """Is libgex-fit there?"""
    try:
        _library()
    except ImportError:
        return False
    return True


def version() -> str:
    """Version of libgex-fit."""
    return _library().gex_fit_version().decode()


def svi(years: Any, forward: Any, expiry: Any, strike: Any, bid_vol: Any, ask_vol: Any, *, weight: Any = None,
        loss: str = "squares", enforce: str = "all", spot: float = 0.0) -> Fitted:
    """Raw SVI an expiry.

    years, forward    one an expiry
    expiry            index into years, one a quote; below 0 for none
    strike            price
    bid_vol, ask_vol  0 < bid_vol <= ask_vol; 0.20 is 20 %
    weight            times 1 / half-spread^2; times 1 with loss 'held'
    loss              'squares'; 'bounded': a stray quote pulls little; 'held': as many within bid and ask as can be
    enforce           'all' arbitrage, 'butterfly' alone, or 'nothing'
    """
    return _fit("gex_fit_svi", years, forward, expiry, strike, bid_vol, ask_vol, weight, loss, enforce, spot)


def ssvi(years: Any, forward: Any, expiry: Any, strike: Any, bid_vol: Any, ask_vol: Any, *, weight: Any = None,
         loss: str = "squares", spot: float = 0.0) -> Fitted:
    """SSVI over all expiries, free of arbitrage whatever the quotes. Arguments as in svi(), but for loss 'held'."""
    return _fit("gex_fit_ssvi", years, forward, expiry, strike, bid_vol, ask_vol, weight, loss, "all", spot)


def mixture(years: Any, forward: Any, expiry: Any, strike: Any, bid_vol: Any, ask_vol: Any, *, weight: Any = None,
            enforce: str = "all", spot: float = 0.0) -> Fitted:
    """A mixture of lognormals an expiry, priced within bid and ask where that can be. Arguments as in svi()."""
    return _fit("gex_fit_mixture", years, forward, expiry, strike, bid_vol, ask_vol, weight, "squares", enforce, spot)


def _fit(name: str, years: Any, forward: Any, expiry: Any, strike: Any, bid_vol: Any, ask_vol: Any, weight: Any,
         loss: str, enforce: str, spot: float) -> Fitted:
    library = _library()
    struct = options(_api.gex_fit_columns, library.gex_fit_columns_init)
    struct.loss = choose("loss", loss, library.gex_loss_find, LOSSES)
    struct.enforce = choose("enforce", enforce, library.gex_enforce_find, ENFORCED)
    struct.spot = spot
    keep = fill_expiries(struct, {"years": years, "forward": forward}, ("years", "forward"))
    rows = {"expiry": integers("expiry", expiry, np.int32), "strike": reals("strike", strike),
            "bid_vol": reals("bid_vol", bid_vol), "ask_vol": reals("ask_vol", ask_vol)}
    if weight is not None:
        rows["weight"] = reals("weight", weight)
    struct.rows = count_rows(rows)
    for column, array in rows.items():
        put(getattr(struct, column), array)
    results = options(_api.gex_fit_results, library.gex_fit_results_init)
    n = struct.expiries
    out = {"parameters": np.full((n, 5), np.nan),
           **{key: np.full(n, np.nan) for key in ("theta", "rms", "most", "inside", "raised")},
           "quotes": np.zeros(n, np.int32), "slice": np.zeros(n, np.uint8), "fitted": np.zeros(n, np.uint8),
           "row_status": np.zeros(struct.rows, np.uint8), "ssvi": np.full(3, np.nan)}
    for key, array in out.items():
        setattr(results, key, array.ctypes.data)
    surface = Surface.__new__(Surface)
    surface._create(getattr(library, name), None, C.byref(struct), C.byref(results))
    del keep
    return Fitted(surface, **out)
