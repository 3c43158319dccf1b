# SPDX-License-Identifier: Apache-2.0
"""Volatility surfaces: made from quotes, from SVI or from SSVI, asked at any strike and time, checked for arbitrage."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterable, NamedTuple

import numpy as np

from . import _api
from ._columns import count_rows, integers, put, reals, refuse, spread
from ._library import lib
from ._object import Object, call, choose, lend, names, options

OUTPUTS = names("GEX_SURFACE_", lib.gex_surface_name)
"""What a surface answers, by name."""

POINT_STATUS = names("GEX_POINT_", lib.gex_point_text)
"""Keys of the status of a point."""

SLICE_STATUS = names("GEX_SLICE_", lib.gex_slice_text)
"""Keys of the status of an expiry."""

WINGS = names("GEX_WINGS_", lib.gex_wings_name)
"""What a raw surface does beyond its strikes."""


class Arbitrage(NamedTuple):
    """What a check proved, one element an expiry; NaN where an expiry is not used. No violations: there are none."""

    violations: int            #: butterflies, calendar spreads and steep wings, added up
    butterfly: np.ndarray      #: g is nowhere below; below 0 is a density below 0
    butterfly_at: np.ndarray   #: k where it is near that
    calendar: np.ndarray       #: total variance (mixtures: price / forward) is nowhere nearer that of the expiry before
    calendar_at: np.ndarray    #: k where it is near that
    left_slope: np.ndarray     #: of total variance, outwards; Lee allows 2
    right_slope: np.ndarray


class Components(NamedTuple):
    """Lognormals of a mixture, one element each: S_T / F is mean exp(deviation Z - deviation^2 / 2)."""

    expiry: np.ndarray     #: index of it
    weight: np.ndarray     #: probability
    mean: np.ndarray       #: per unit of the forward
    deviation: np.ndarray  #: vol sqrt(years)


class Surface(Object):
    """Total variance over log-moneyness k = ln(K / F) and years. Made by Surface.raw, .svi, .ssvi or .mixture, or by
    gex.fit."""

    __slots__ = ()
    _free = "gex_surface_free"

    def __init__(self) -> None:
        raise TypeError("a surface is made by gex.Surface.raw, gex.Surface.svi, gex.Surface.ssvi, "
                        "gex.Surface.mixture or gex.fit")

    @classmethod
    def _made(cls, function: Any, struct: Any) -> Surface:
        made = cls.__new__(cls)
        made._create(function, None, C.byref(struct))
        return made

    @classmethod
    def raw(cls, years: Any, forward: Any, expiry: Any, strike: Any, vol: Any, *, wings: str = "linear",
            spot: float = 0.0) -> Surface:
        """From quotes at fixed strikes, which come back as they are.

        years, forward       one an expiry
        expiry, strike, vol  one a quote; expiry is an index into years, below 0 for none
        wings                'linear' or 'flat_vol', beyond the strikes
        spot                 forward of years 0; 0 when not known
        """
        struct = options(_api.gex_raw_columns, lib.gex_raw_columns_init)
        struct.wings = choose("wings", wings, lib.gex_wings_find, WINGS)
        struct.spot = spot
        keep = fill_expiries(struct, {"years": years, "forward": forward}, ("years", "forward"))
        rows = {"expiry": integers("expiry", expiry, np.int32), "strike": reals("strike", strike),
                "vol": reals("vol", vol)}
        struct.rows = count_rows(rows)
        for name, array in rows.items():
            put(getattr(struct, name), array)
        made = cls._made(lib.gex_surface_create_raw, struct)
        del keep
        return made

    @classmethod
    def svi(cls, years: Any, forward: Any, a: Any, b: Any, rho: Any, m: Any, s: Any, *, spot: float = 0.0) -> Surface:
        """From raw SVI parameters, one set an expiry: w = a + b (rho (k - m) + sqrt((k - m)^2 + s^2))."""
        struct = options(_api.gex_svi_columns, lib.gex_svi_columns_init)
        struct.spot = spot
        columns = {"years": years, "forward": forward, "a": a, "b": b, "rho": rho, "m": m, "s": s}
        keep = fill_expiries(struct, columns, columns)
        made = cls._made(lib.gex_surface_create_svi, struct)
        del keep
        return made

    @classmethod
    def ssvi(cls, years: Any, forward: Any, theta: Any, rho: float, eta: float, gamma: float, *,
             spot: float = 0.0) -> Surface:
        """From SSVI: total variance at the money one an expiry, rho, eta and gamma for all."""
        struct = options(_api.gex_ssvi_columns, lib.gex_ssvi_columns_init)
        struct.spot, struct.rho, struct.eta, struct.gamma = spot, rho, eta, gamma
        columns = {"years": years, "forward": forward, "theta": theta}
        keep = fill_expiries(struct, columns, columns)
        made = cls._made(lib.gex_surface_create_ssvi, struct)
        del keep
        return made

    @classmethod
    def mixture(cls, years: Any, forward: Any, expiry: Any, weight: Any, mean: Any, deviation: Any, *,
                spot: float = 0.0) -> Surface:
        """From mixtures of lognormals: S_T / F is mean exp(deviation Z - deviation^2 / 2) with probability weight.

        years, forward                   one an expiry
        expiry, weight, mean, deviation  one a component; an expiry's weights, and weights times means, add up to 1
        """
        struct = options(_api.gex_mixture_columns, lib.gex_mixture_columns_init)
        struct.spot = spot
        keep = fill_expiries(struct, {"years": years, "forward": forward}, ("years", "forward"))
        rows = {"expiry": integers("expiry", expiry, np.int32), "weight": reals("weight", weight),
                "mean": reals("mean", mean), "deviation": reals("deviation", deviation)}
        struct.rows = count_rows(rows)
        for name, array in rows.items():
            put(getattr(struct, name), array)
        made = cls._made(lib.gex_surface_create_mixture, struct)
        del keep
        return made

    def evaluate(self, strike: Any = None, years: Any = None, *, k: Any = None, forward: Any = None,
                 columns: str | Iterable[str] = "vol") -> Any:
        """Any of OUTPUTS, and "status", at every point; everything broadcasts.

        strike   price; or k, ln(K / F), instead
        forward  the surface's own when left out
        columns  one name gives an array, several give a dict
        """
        if (strike is None) == (k is None) or years is None:
            raise refuse("years, and one of strike and k, are needed")
        wanted = [columns] if isinstance(columns, str) else list(columns)
        numbers = [choose("output", name, lib.gex_surface_find, OUTPUTS) for name in wanted if name != "status"]
        inputs = {"strike" if k is None else "k": reals("strike", strike if k is None else k),
                  "years": reals("years", years)}
        if forward is not None:
            inputs["forward"] = reals("forward", forward)
        struct = options(_api.gex_surface_points, lib.gex_surface_points_init)
        shape, flat = spread(inputs)
        struct.rows = int(np.prod(shape, dtype=np.int64))
        for name, array in zip(inputs, flat):
            put(getattr(struct, name), array)
        outputs = [np.empty(struct.rows) for _ in numbers]
        status = np.zeros(struct.rows, np.uint8)
        pointers = (C.c_void_p * max(1, len(outputs)))(*(array.ctypes.data for array in outputs))
        call(lib.gex_surface_evaluate, None, self, C.byref(struct), (C.c_int32 * max(1, len(numbers)))(*numbers),
             len(numbers), pointers, status.ctypes.data)
        del flat
        arrays = iter(outputs)
        got = {name: (status if name == "status" else next(arrays)).reshape(shape)[()] for name in wanted}
        return got[columns] if isinstance(columns, str) else got

    def vol(self, strike: Any, years: Any, forward: Any = None) -> Any:
        """Volatility at every strike and time; everything broadcasts."""
        return self.evaluate(strike, years, forward=forward)

    def check(self, tolerance: float = 1e-12) -> Arbitrage:
        """Look for static arbitrage in every expiry, and between neighbours in time."""
        report = _Report.__new__(_Report)
        report._create(lib.gex_surface_check, None, self, tolerance)
        return Arbitrage(lib.gex_surface_report_count(report, 0),
                         *(lend(report, getattr(lib, f"gex_surface_report_{name}")(report), len(self), "f8")
                           for name in Arbitrage._fields[1:]))

    def __len__(self) -> int:
        """Expiries, used or not."""
        return lib.gex_surface_expiries(self)

    def __repr__(self) -> str:
        used = int((self.status == 0).sum())
        return f"<gex.Surface, {self.form}, of {used} expiries>"

    @property
    def form(self) -> str:
        """'raw', 'svi', 'ssvi' or 'mixture'."""
        return lib.gex_form_name(lib.gex_surface_form(self)).decode()

    @property
    def status(self) -> np.ndarray:
        """Per expiry, 0 or why it is not used: a value of gex.SLICE_STATUS."""
        return lend(self, lib.gex_surface_status(self), len(self), "u1")

    @property
    def years(self) -> np.ndarray:
        """Per expiry, as given."""
        return lend(self, lib.gex_surface_years(self), len(self), "f8")

    @property
    def forward(self) -> np.ndarray:
        """Per expiry, as given."""
        return lend(self, lib.gex_surface_forward(self), len(self), "f8")

    @property
    def theta(self) -> np.ndarray:
        """Per expiry, total variance at the money."""
        return lend(self, lib.gex_surface_theta(self), len(self), "f8")

    @property
    def parameters(self) -> np.ndarray:
        """a, b, rho, m, s of every expiry; no rows for another form."""
        return lend(self, lib.gex_surface_parameters(self), 5 * len(self), "f8").reshape(-1, 5)

    @property
    def shape(self) -> tuple[float, float, float]:
        """rho, eta, gamma of SSVI; NaN for another form."""
        return lib.gex_surface_rho(self), lib.gex_surface_eta(self), lib.gex_surface_gamma(self)

    @property
    def components(self) -> Components:
        """Those of a mixture, expiry by expiry; no rows for another form."""
        count = lib.gex_surface_component_count(self)
        return Components(*(lend(self, getattr(lib, f"gex_surface_component_{name}")(self), count, kind)
                            for name, kind in zip(Components._fields, ("i4", "f8", "f8", "f8"))))

    @property
    def quote_status(self) -> np.ndarray:
        """Raw and mixture: per quote or component, 0 or why it is not used: a value of gex.ROW_STATUS."""
        rows = C.c_int64()
        return lend(self, lib.gex_surface_quote_status(self, C.byref(rows)), rows.value, "u1")


class _Report(Object):
    __slots__ = ()
    _free = "gex_surface_report_free"


def fill_expiries(struct: Any, columns: dict[str, Any], wanted: Iterable[str]) -> list[np.ndarray]:
    """Columns of one element an expiry, single values for all; what is returned has to outlive the call."""
    arrays = {name: reals(name, columns[name]) for name in wanted}
    struct.expiries = count_rows(arrays)
    for name, array in arrays.items():
        put(getattr(struct, name), array)
    return list(arrays.values())


def jump_wings(raw: Any, years: float) -> np.ndarray:
    """v, psi, p, c, vt of one raw SVI slice a, b, rho, m, s."""
    return _five(lib.gex_svi_to_jump_wings, raw, years)


def from_jump_wings(wings: Any, years: float) -> np.ndarray:
    """a, b, rho, m, s of the slice with the jump wings v, psi, p, c, vt."""
    return _five(lib.gex_svi_from_jump_wings, wings, years)


def _five(function: Any, values: Any, years: float) -> np.ndarray:
    given = np.ascontiguousarray(reals("parameters", values))
    if given.shape != (5,):
        raise refuse(f"five parameters are wanted, not an array of shape {given.shape}")
    out = np.empty(5)
    call(function, given.ctypes.data, years, out.ctypes.data)
    return out


def repair(raw: Any) -> tuple[np.ndarray, float]:
    """A raw SVI slice without a butterfly, and how far it was moved: 0 not at all, 1 all the path, more beyond."""
    given = np.ascontiguousarray(reals("raw", raw))
    if given.shape != (5,):
        raise refuse(f"five parameters are wanted, not an array of shape {given.shape}")
    out, moved = np.empty(5), C.c_double()
    call(lib.gex_svi_repair, given.ctypes.data, out.ctypes.data, C.addressof(moved))
    return out, moved.value
