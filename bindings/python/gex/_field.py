# SPDX-License-Identifier: Apache-2.0
"""Exposure and hedge flow over spot and time: + flow means dealers BUY the underlying."""
from __future__ import annotations

import ctypes as C
from typing import Any, Mapping, NamedTuple, Sequence

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._book import Book
from ._columns import nanoseconds, put, reals
from ._exposure import UNITS, find_unit, scaled
from ._instants import as_datetime64, format_instant, instant, instants as as_instants
from ._library import lib
from ._market import Market
from ._object import Named, Object, call, choose, expect, lend_counted, names, options
from ._profile import Flips
from ._results import Results

QUANTITIES = {**names("GEX_FIELD_", lib.gex_field_quantity_name), **UNITS}
"""What a field may hold, by name: flow, unwind, flow_hour and flow_pct in shares, and every unit."""
UNTILS = names("GEX_UNTIL_", lib.gex_until_name)
"""Named ends of time."""
PARTS = names("GEX_PART_", lib.gex_part_name)
"""Parts of a book by when its contracts settle."""


STRETCHES = names("GEX_STRETCH_", lib.gex_stretch_name)
"""Named stretches of time."""
FORCED_COLUMNS = names("GEX_FORCED_", lib.gex_forced_name)
"""Columns of forced flows by name."""


def until(market: Market, end: str) -> np.datetime64:
    """The instant a named end stands for: 'close', 'next_open', 'next_close', 'first_settlement', 'last_settlement'."""
    out = C.c_int64()
    call(lib.gex_until_instant, expect(market, Market), choose("until", end, lib.gex_until_find, UNTILS), C.byref(out))
    return as_datetime64(out.value)


def set_until(struct: Any, until: Any) -> None:
    """Fill until and end of an options struct: a name, or an instant."""
    if isinstance(until, str) and not until[:1].isdigit():
        ends = [name for name in UNTILS if name != "given"]
        struct.until = UNTILS[until] if until in ends else choose("until", until, lambda name: 0, ends)
    else:
        struct.until, struct.end = _api.GEX_UNTIL_GIVEN, instant(until)


def end_of(market: Market, end: Any) -> int:
    """The instant a name of UNTILS, or an instant, stands for."""
    return instant(until(market, end) if isinstance(end, str) and not end[:1].isdigit() else end)


class Crossings(NamedTuple):
    """Where a quantity changes sign, ascending in instant and price: arrays of one value a crossing."""

    instants: np.ndarray    #: UTC
    prices: np.ndarray      #: of the underlying
    directions: np.ndarray  #: +1: negative below, positive above; -1


class _Crossings(Object):
    __slots__ = ()
    _free = "gex_crossings_free"

    def __init__(self, field: Field, quantity: int):
        self._create(lib.gex_crossings_compute, None, field, quantity)


class Cliffs(Object):
    """Exposure on both sides of each settlement; arrays of one value a settlement."""

    __slots__ = ("market", "book", "unit")
    _free = "gex_cliffs_free"

    def __init__(self, market: Market, book: Book, struct: Any):
        self.market, self.book = expect(market, Market), expect(book, Book)
        self.unit = lib.gex_unit_name(struct.unit).decode()
        self._create(lib.gex_cliffs_compute, None, market, book, C.byref(struct))

    def __repr__(self) -> str:
        said = ", ".join(f"{format_instant(when)} {part:+,.6g}"
                         for when, part in zip(self.settlements.view("i8")[:3], self.settling))
        return (f"<cliffs of {self.book.source}: {len(self)} settlements take of {self.unit} {said or 'nothing'}"
                f"{', ...' if len(self) > 3 else ''}>")

    @property
    def settlements(self) -> np.ndarray:
        """Instants, UTC."""
        return lend_counted(self, lib.gex_cliffs_settlement, self, kind="i8").view("M8[ns]")

    @property
    def before(self) -> np.ndarray:
        """Exposure of all contracts shortly before."""
        return lend_counted(self, lib.gex_cliffs_before, self)

    @property
    def settling(self) -> np.ndarray:
        """The part of it that settles."""
        return lend_counted(self, lib.gex_cliffs_settling, self)

    @property
    def after(self) -> np.ndarray:
        """Exposure once that part has left."""
        return lend_counted(self, lib.gex_cliffs_after, self)

    @property
    def rows(self) -> np.ndarray:
        """Contracts that settle."""
        return lend_counted(self, lib.gex_cliffs_rows, self, kind="i8")

    def __len__(self) -> int:
        return len(self.rows)


class Forced(Tabled, Named, Object):
    """Flows of named stretches of time: forced["overnight"]["shares"]; + means dealers BUY."""

    __slots__ = ("market", "book")
    _free = "gex_forced_free"

    def __init__(self, market: Market, book: Book, struct: Any):
        self.market, self.book = expect(market, Market), expect(book, Book)
        self._create(lib.gex_forced_compute, None, market, book, C.byref(struct))

    def __getitem__(self, stretch: str) -> dict[str, Any]:
        place = choose("stretch", stretch, lib.gex_stretch_find, STRETCHES)
        columns = {name: lib.gex_forced_value(self, place, column) for name, column in FORCED_COLUMNS.items()}
        return {"from": as_datetime64(lib.gex_forced_from(self, place)),
                "to": as_datetime64(lib.gex_forced_to(self, place)), **columns}

    def keys(self) -> list[str]:
        """Names of the stretches."""
        return list(STRETCHES)

    def to_arrow(self) -> ArrowTable:
        """The stretches as a table."""
        return ArrowTable(self, lib.gex_forced_to_arrow)

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {self[name]['shares']:+,.0f}" for name in self.keys())
        return f"<forced flows of {self.book.source}, shares, + = dealers BUY: {shares}>"


class Field(Tabled, Named, Object):
    """Quantities over instants and prices. Index by the name of one asked for: instants x prices, read-only."""

    __slots__ = ("market", "book")
    _free = "gex_field_free"

    def __init__(self, market: Market, book: Book, struct: Any):
        self.market, self.book = expect(market, Market), expect(book, Book)
        self._create(lib.gex_field_compute, None, market, book, C.byref(struct))

    @property
    def prices(self) -> np.ndarray:
        """Prices of the underlying, ascending."""
        return lend_counted(self, lib.gex_field_prices, self)

    @property
    def instants(self) -> np.ndarray:
        """Instants, UTC, ascending."""
        return lend_counted(self, lib.gex_field_instants, self, kind="i8").view("M8[ns]")

    @property
    def hours(self) -> np.ndarray:
        """Calendar hours from the market's instant."""
        return (lend_counted(self, lib.gex_field_instants, self, kind="i8") - instant(self.market.as_of)) / 3.6e12

    @property
    def live(self) -> np.ndarray:
        """Rows alive at each instant."""
        return lend_counted(self, lib.gex_field_live, self, kind="i8")

    def keys(self) -> list[str]:
        """Names of what it holds."""
        held = lend_counted(self, lib.gex_field_quantities, self, kind="i4")
        return [lib.gex_field_quantity_name(int(quantity)).decode() for quantity in held]

    @staticmethod
    def label(name: str) -> str:
        """A quantity in words: "shares to buy since now"."""
        return lib.gex_field_quantity_label(choose("quantity", name, lib.gex_field_quantity_find, QUANTITIES)).decode()

    def __getitem__(self, name: str) -> np.ndarray:
        quantity = choose("quantity", name, lib.gex_field_quantity_find, self.keys())
        values = lend_counted(self, lib.gex_field_values, self, quantity)
        if not values.size:
            raise KeyError(f"{name!r} was not asked for: {', '.join(self.keys())} were")
        return values.reshape(len(self.instants), len(self.prices))

    def gross(self, name: str) -> np.ndarray:
        """What each contract adds to a quantity, without signs, added up; where gross=True asked for it."""
        values = lend_counted(self, lib.gex_field_gross, self,
                              choose("quantity", name, lib.gex_field_quantity_find, self.keys()))
        if not values.size:
            raise KeyError(f"no gross of {name!r}: gex.field(..., gross=True) makes it of every quantity")
        return values.reshape(len(self.instants), len(self.prices))

    def crossings(self, name: str) -> Crossings:
        """Where a quantity of the field changes sign: the regime map of gamma, the zero-flow prices of 'flow'."""
        made = _Crossings(self, choose("quantity", name, lib.gex_field_quantity_find, self.keys()))
        places = lend_counted(made, lib.gex_crossings_instant, made, kind="i8")
        return Crossings(self.instants[places], lend_counted(made, lib.gex_crossings_price, made),
                         lend_counted(made, lib.gex_crossings_direction, made, kind="i4"))

    def to_arrow(self) -> ArrowTable:
        """A row an instant and a price, a column a quantity, as a table."""
        return ArrowTable(self, lib.gex_field_to_arrow)

    def __repr__(self) -> str:
        prices, hours = self.prices, self.hours
        return (f"<field of {self.book.source}: {', '.join(self.keys())}; {len(hours)} instants {hours[0]:g} to "
                f"{hours[-1]:g} hours on, {len(prices)} prices {prices[0]:g} to {prices[-1]:g}>")


def _chosen(quantities: Sequence[str], low: float, high: float, points: int, prices: Any, until: Any, steps: int,
            instants: Any, part: str, adv: float | None, future_price: float | None, future_multiplier: float | None,
            beta: float, gross: bool) -> tuple[Any, list[Any]]:
    """The options of a field, and what they point into."""
    numbers = [choose("quantity", name, lib.gex_field_quantity_find, QUANTITIES) for name in quantities]
    held = (C.c_int32 * len(numbers))(*numbers)
    struct = scaled(options(_api.gex_field_options, lib.gex_field_options_init), adv, future_price, future_multiplier,
                    beta)
    struct.quantities, struct.quantity_count = C.cast(held, C.c_void_p), len(numbers)
    struct.part, struct.gross = choose("part", part, lib.gex_part_find, PARTS), bool(gross)
    struct.low, struct.high, struct.points = low, high, points
    columns: list[Any] = [held]
    if prices is not None:
        columns.append(np.atleast_1d(reals("prices", prices)))
        put(struct.prices, columns[-1])
        struct.points = len(columns[-1])
    struct.steps = steps
    if instants is not None:
        columns.append(np.atleast_1d(as_instants("instants", instants)))
        put(struct.instants, columns[-1])
        struct.steps = len(columns[-1])
    else:
        set_until(struct, until)
    return struct, columns


def field_into(market: Market, book: Book, out: Mapping[str, np.ndarray], low: float = 0.95, high: float = 1.05,
               points: int = 101, prices: Any = None, until: Any = "close", steps: int = 14, instants: Any = None,
               part: str = "all", adv: float | None = None, future_price: float | None = None,
               future_multiplier: float | None = None, beta: float = 0.0) -> Mapping[str, np.ndarray]:
    """gex.field() into the caller's arrays, which are handed back: no other memory is made for the numbers.

    out  float64 arrays of instants x prices by the name of a quantity; and for the gross of all of them or of none,
         by that name with "_gross" behind it
    """
    quantities = [name for name in out if not name.endswith("_gross")]
    gross = [f"{name}_gross" for name in quantities] if len(out) > len(quantities) else []
    struct, _held = _chosen(quantities, low, high, points, prices, until, steps, instants, part, adv, future_price,
                            future_multiplier, beta, bool(gross))
    results = Results(quantities + gross, out, (struct.steps, struct.points), {})
    places = [array.ctypes.data for array in results.reals()]
    values, more = places[:len(quantities)], places[len(quantities):]
    call(lib.gex_field_compute_into, None, expect(market, Market), expect(book, Book), C.byref(struct),
         (C.c_void_p * max(1, len(values)))(*values), (C.c_void_p * len(more))(*more) if more else None, None, None,
         None)
    return results.hand_back()


def field(market: Market, book: Book, quantities: str | Sequence[str] = ("flow", "GEX_USD_PCT"), low: float = 0.95,
          high: float = 1.05, points: int = 101, prices: Any = None, until: Any = "close", steps: int = 14,
          instants: Any = None, part: str = "all", adv: float | None = None, future_price: float | None = None,
          future_multiplier: float | None = None, beta: float = 0.0, gross: bool = False) -> Field:
    """Exposure and flow over spot and time, every option repriced at every price and instant.

    quantities  names of gex.FIELD_QUANTITIES: units, and 'flow' since now, 'unwind', 'flow_hour', 'flow_pct'
    low, high   the range as fractions of spot, `points` prices evenly spaced; or `prices`, the caller's, ascending
    until       a name of gex.UNTILS or an instant, `steps` instants evenly spaced; or `instants`, the caller's
    part        'all', 'zero_dte', 'later'
    gross       make Field.gross() of every quantity too
    """
    wanted = [quantities] if isinstance(quantities, str) else list(quantities)
    struct, _held = _chosen(wanted, low, high, points, prices, until, steps, instants, part, adv, future_price,
                            future_multiplier, beta, gross)
    return Field(market, book, struct)


def zero_flow(market: Market, book: Book, until: Any = "close", low: float = 0.8, high: float = 1.2,
              unwound: bool = False) -> Flips:
    """Every price at which dealers will have traded nothing by an instant; slopes are shares per 1.00.

    'down': below it they have bought, above it sold, so their trading leans towards it; 'up': away from it.

    until      a name of gex.UNTILS or an instant, not before the market's
    low, high  the range as fractions of spot
    unwound    hedges of what settles on the way are undone, as with settlement in cash; else they stay
    """
    struct = options(_api.gex_zero_flow_options, lib.gex_zero_flow_options_init)
    set_until(struct, until)
    struct.low, struct.high, struct.unwound = low, high, bool(unwound)
    return Flips(market, book, struct)


def cliffs(market: Market, book: Book, unit: str = "GEX_USD_PCT", greek: str | None = None, price: float = 0.0,
           lead: float = 1.0, adv: float | None = None, future_price: float | None = None,
           future_multiplier: float | None = None, beta: float = 0.0) -> Cliffs:
    """Exposure before and after each settlement ahead, and the part that leaves with it.

    price  of the underlying at every settlement; 0: spot
    lead   hours before a settlement at which `before` is read
    """
    struct = scaled(options(_api.gex_cliffs_options, lib.gex_cliffs_options_init), adv, future_price, future_multiplier,
                    beta)
    struct.unit, struct.price, struct.lead = find_unit(unit, greek), price, nanoseconds("lead", lead, 3.6e12)
    return Cliffs(market, book, struct)


def forced(market: Market, book: Book, spot_pct: float = 0.0, adv: float | None = None,
           future_price: float | None = None,
           future_multiplier: float | None = None) -> Forced:
    """What dealers must trade to the close, overnight and over the next session, in shares, futures and dollars.

    spot_pct  percent of spot by which each stretch ends above where it began: 0 is charm alone, repriced
    """
    struct = options(_api.gex_forced_options, lib.gex_forced_options_init)
    struct.spot_pct, struct.adv = spot_pct, adv or 0.0
    struct.future_price, struct.future_multiplier = future_price or 0.0, future_multiplier or 0.0
    return Forced(market, book, struct)
