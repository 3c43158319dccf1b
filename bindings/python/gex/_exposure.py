# SPDX-License-Identifier: Apache-2.0
"""Greeks times the dealers' signed contracts, in one named unit, with the rows every sum rests on."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterator

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled, table_by
from ._book import Book
from ._chain import ROW_STATUS
from ._columns import refuse
from ._european import GREEKS
from ._library import lib
from ._market import Market
from ._object import Object, call, choose, expect, lend, lend_counted, names, options

UNITS = names("GEX_UNIT_", lib.gex_unit_name)
"""Units by name; unit_label() says what each measures."""

_GROUPS = {"strike": _api.GEX_BY_STRIKE, "expiry": _api.GEX_BY_EXPIRY, "right": _api.GEX_BY_RIGHT,
           "zero_dte": _api.GEX_BY_ZERO_DTE}
_OTHER_NAMES = {"type": "right", "0dte": "zero_dte"}


def unit_label(unit: str) -> str:
    """What a unit measures, in words: "USD per 1 % of spot"."""
    return lib.gex_unit_label(find_unit(unit)).decode()


def find_unit(unit: str, greek: str | None = None) -> int:
    """Number of a unit. With a greek its head may be left off and the unit has to measure it; none named is gamma."""
    if greek is not None:
        number = choose("greek", greek, lib.gex_greek_find, GREEKS)
        return choose(f"unit of {greek}", unit, lambda name: lib.gex_unit_find(name, number),
                      [name for name, value in UNITS.items() if lib.gex_unit_find(name.encode(), number) == value])
    return choose("unit", unit, lambda name: lib.gex_unit_find(name, 0) or
                  lib.gex_unit_find(name, _api.GEX_GREEK_GAMMA), UNITS)


def scaled(struct: Any, adv: float | None, future_price: float | None, future_multiplier: float | None,
           beta: float) -> Any:
    """Set the fields that units need beside the market."""
    struct.adv, struct.future_price = adv or 0.0, future_price or 0.0
    struct.future_multiplier, struct.beta = future_multiplier or 0.0, beta
    return struct


def unit_factor(unit: str, to: str, spot: float, adv: float | None = None, future_price: float | None = None,
                future_multiplier: float | None = None, beta: float = 0.0) -> float:
    """What totals in one unit, numbers or arrays, are multiplied by to be in another; refused where rows differ in it.

    spot   price at which both are meant
    adv, future_price, future_multiplier, beta  as in exposure(), where either unit needs them
    """
    struct = scaled(options(_api.gex_exposure_options, lib.gex_exposure_options_init), adv, future_price,
                    future_multiplier, beta)
    factor = C.c_double()
    call(lib.gex_unit_factor, find_unit(unit), find_unit(to), spot, C.byref(struct), C.byref(factor))
    return factor.value


class Group:
    """Used rows of an exposure summed by a key; `values` and the array it converts to are the net sums.

    keys    strikes (price), settlement instants (datetime64, UTC), rights, zero_dte (True, False), or row numbers
    values  net, signed; unit and label say in what
    """

    __slots__ = ("exposure", "by", "keys", "values")

    def __init__(self, exposure: Exposure, by: str, keys: np.ndarray, values: np.ndarray):
        self.exposure, self.by, self.keys, self.values = exposure, by, keys, values

    def _sum(self, kind: int) -> np.ndarray:
        if self.by == "row":
            raise refuse("rows are not sums: group by strike, expiry, right or zero_dte")
        return lend_counted(self.exposure, lib.gex_exposure_by, self.exposure, _GROUPS[self.by], kind)

    @property
    def gross(self) -> np.ndarray:
        """Per key, the sum of absolute values."""
        return self._sum(_api.GEX_SUM_GROSS)

    @property
    def call(self) -> np.ndarray:
        """Per key, calls alone, signed."""
        return self._sum(_api.GEX_SUM_CALL)

    @property
    def put(self) -> np.ndarray:
        """Per key, puts alone, signed."""
        return self._sum(_api.GEX_SUM_PUT)

    @property
    def used(self) -> np.ndarray:
        """Per key, how many rows the sum rests on."""
        if self.by == "row":
            return (self.exposure.status == 0).astype(np.int64)
        return lend_counted(self.exposure, lib.gex_exposure_count_by, self.exposure, _GROUPS[self.by], kind="i8")

    @property
    def total(self) -> float:
        """Over all keys."""
        return self.exposure.total

    @property
    def unit(self) -> str:
        return self.exposure.unit

    @property
    def label(self) -> str:
        return self.exposure.label

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.values, dtype) if copy or dtype not in (None, self.values.dtype) else self.values

    def __len__(self) -> int:
        return len(self.keys)

    def items(self) -> Iterator[tuple[Any, float]]:
        """Keys with their net sums."""
        return zip(self.keys, self.values)

    __iter__ = items

    def __getitem__(self, key: Any) -> float:
        """Net of one key: g[5000.0] is the strike 5000."""
        place = np.flatnonzero(self.keys == key)
        if place.size == 0:
            raise KeyError(key)
        return float(self.values[place[0]])

    def __repr__(self) -> str:
        return f"<{len(self)} sums by {self.by} of {self.exposure!r}>"


class Exposure(Tabled, Object):
    """One greek of one book in one market, in one unit. EXPOSURE is a change of the dealers' option delta."""

    __slots__ = ("market", "book")
    _free = "gex_exposure_free"

    def __init__(self, market: Market, book: Book, unit: str = "GEX_USD_PCT", greek: str | None = None,
                 adv: float | None = None, future_price: float | None = None, future_multiplier: float | None = None,
                 beta: float = 0.0, shadow: bool = False):
        self.market, self.book = expect(market, Market), expect(book, Book)
        struct = scaled(options(_api.gex_exposure_options, lib.gex_exposure_options_init), adv, future_price,
                        future_multiplier, beta)
        struct.unit = find_unit(unit, greek)
        greeks = market.greeks.shadow() if shadow else market.greeks
        self._create(lib.gex_exposure_compute, None, greeks, book, C.byref(struct))

    @property
    def unit(self) -> str:
        """Name of the unit."""
        return lib.gex_unit_name(lib.gex_exposure_unit(self)).decode()

    @property
    def label(self) -> str:
        """The unit in words: "USD per 1 % of spot"."""
        return lib.gex_unit_label(lib.gex_exposure_unit(self)).decode()

    @property
    def total(self) -> float:
        """Sum over used rows, correctly rounded."""
        return lib.gex_exposure_total(self)

    @property
    def gross(self) -> float:
        """Sum of absolute values over used rows."""
        return lib.gex_exposure_gross(self)

    @property
    def rows(self) -> np.ndarray:
        """Per row of the chain; NaN where refused, +-inf or NaN where the greek diverges."""
        return lend(self, lib.gex_exposure_rows(self), len(self.market.chain), "f8")

    @property
    def status(self) -> np.ndarray:
        """Per row, 0 or why it is refused: a value of gex.ROW_STATUS."""
        return lend(self, lib.gex_exposure_status(self), len(self.market.chain), "u1")

    @property
    def counts(self) -> dict[str, Any]:
        """Rows the sums rest on: total = used + all refused; zero_position and diverging are among the used."""
        return {"total": lib.gex_exposure_count_total(self), "used": lib.gex_exposure_count_used(self),
                "zero_position": lib.gex_exposure_count_zero_position(self),
                "diverging": lib.gex_exposure_count_diverging(self),
                "refused": {key: lib.gex_exposure_count_refused(self, value) for key, value in ROW_STATUS.items()
                            if value != 0}}

    def by(self, by: str) -> Group:
        """Sums by "strike", "expiry", "right" (+1, -1; "type" too), "zero_dte" (True: settles on the as-of's day;
        "0dte" too), or the rows."""
        by = _OTHER_NAMES.get(by, by)
        if by == "row":
            return Group(self, by, np.arange(len(self.market.chain)), self.rows)
        if by not in _GROUPS:
            raise refuse(f"by {by!r} is not one of {', '.join(_GROUPS)}, row")
        values = lend_counted(self, lib.gex_exposure_by, self, _GROUPS[by], _api.GEX_SUM_NET)
        keys = {"strike": lambda: self.market.chain.strikes, "expiry": lambda: self.market.chain.expiries,
                "right": lambda: np.array([_api.GEX_CALL, _api.GEX_PUT], np.int8),
                "zero_dte": lambda: np.array([True, False])}[by]()
        return Group(self, by, keys, values)

    def to_arrow(self, by: str | None = None) -> ArrowTable:
        """The rows, or the sums by "strike", "expiry", "right" or "zero_dte", as a table."""
        return table_by(self, lib.gex_exposure_to_arrow, _OTHER_NAMES.get(by or "", by), _GROUPS)

    def __float__(self) -> float:
        return self.total

    def __repr__(self) -> str:
        used, total = lib.gex_exposure_count_used(self), lib.gex_exposure_count_total(self)
        return f"<{self.unit} {self.total:,.4f} {self.label}, {self.book.source}, {used} of {total} contracts>"


def exposure(market: Market, book: Book, greek: str | None = None, unit: str = "USD_PCT", by: str | None = "strike",
             adv: float | None = None, future_price: float | None = None, future_multiplier: float | None = None,
             beta: float = 0.0, shadow: bool = False) -> Exposure | Group:
    """Greeks times signed contracts, in a named unit, summed.

    greek              'gamma', 'delta', 'vanna', ...: the unit's head may then be left off; gamma when none is named
    unit               a name of gex.UNITS: 'GEX_USD_PCT', or 'USD_PCT' with greek='gamma'
    by                 'strike', 'expiry', 'right', 'zero_dte', 'row'; None for the exposure itself, which has them all
    adv                shares a day, for GEX_ADV_PCT
    future_price       for GEX_FUT_PCT
    future_multiplier  for GEX_FUT_PCT and GEX_FUT_PT
    beta               relative vol move per relative spot move, for the units with beta; of IMPULSE vol points per
                       +1 % of spot
    shadow             total delta and gamma: with what the market's dynamics do to volatility when spot moves
    """
    made = Exposure(market, book, unit, greek, adv, future_price, future_multiplier, beta, shadow)
    return made if by is None else made.by(by)
