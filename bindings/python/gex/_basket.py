# SPDX-License-Identifier: Apache-2.0
"""Several underlyings as one book, hedged with one reference product in one currency."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterable, Iterator, NamedTuple

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._book import Book
from ._columns import put, reals, refuse, texts
from ._combo import Combo
from ._dispersion import Dispersion
from ._exposure import Exposure, find_unit, scaled
from ._flow import Flow, scenarios
from ._library import lib
from ._market import Market
from ._object import Object, choose, expect, names, options
from ._profile import Flips, Profile, profile_options

LINKS = names("GEX_LINK_", lib.gex_link_name)
"""How a member's price follows the reference, by name."""
ROLES = names("GEX_ROLE_", lib.gex_role_name)
"""What a member is to a dispersion, by name."""

_DOUBLES = C.POINTER(C.c_double)


class Member(NamedTuple):
    """One underlying of a basket; p is the spot of its market, S the reference's."""

    market: Market
    book: Book
    name: str | None = None   #: the underlying of the chain when left out
    link: str = "ratio"       #: what stays: 'ratio' p / S; 'basis' p - factor S; 'beta' the ratio of returns
    factor: float = 1.0       #: points per point, or the beta; 1 for 'ratio'
    currency: float = 1.0     #: hedge currency for one unit of the member's
    drift: float = 0.0        #: growth a year of the member while the reference stands still; flows alone read it
    role: str = "other"       #: 'index' or 'constituent', for dispersion()
    weight: float = 0.0       #: of a constituent in its index


class BasketProfile(Profile):
    """A profile over prices of the reference; members[i] is what member i adds, and their sum is `values`."""

    __slots__ = ("basket", "members")

    def __init__(self, basket: Basket, struct: Any):
        self.basket, self.members = basket, np.empty((len(basket), max(0, struct.points)))
        self._create(lib.gex_basket_profile_compute, None, basket, C.byref(struct),
                     self.members.ctypes.data_as(_DOUBLES))

    @property
    def moneyness(self) -> np.ndarray:
        """Prices over today's."""
        return self.prices / self.basket.spot


class BasketFlips(Flips):
    """Every root of a basket's profile, prices of the reference."""

    __slots__ = ("basket",)

    def __init__(self, basket: Basket, struct: Any):
        self.basket = basket
        self._create(lib.gex_basket_flips_compute, None, basket, C.byref(struct))
        self._read(struct.unit)


class BasketFlow(Flow):
    """Hedge flow of each scenario in units of the reference, + = BUY; members[i] is what member i adds to `exact`."""

    __slots__ = ("basket", "members")

    def __init__(self, basket: Basket, spot: Any = None, as_of: Any = None, vol: Any = None):
        struct, self._columns = scenarios(spot, as_of, vol)
        self.basket, self.members = basket, np.empty((len(basket), struct.rows))
        self._create(lib.gex_basket_flow_compute, None, basket, C.byref(struct), self.members.ctypes.data_as(_DOUBLES))

    def lines(self, scenario: int = 0) -> dict[str, float]:
        """Each member's part of `exact`, by name."""
        return dict(zip(self.basket.names, self.members[:, scenario].tolist()))

    def __repr__(self) -> str:
        return f"<flow of {self.basket!r}, units of the reference, + = BUY: {self.exact[:10]}>"


class BasketExposure(Tabled, Object):
    """Exposure of a basket in one unit: hedge currency, by the reference. e["SPY"] or e[1] is a member's line."""

    __slots__ = ("basket",)
    _free = "gex_basket_exposure_free"

    def __init__(self, basket: Basket, struct: Any):
        self.basket = basket
        self._create(lib.gex_basket_exposure_compute, None, basket, C.byref(struct))

    @property
    def unit(self) -> str:
        """Name of the unit."""
        return lib.gex_unit_name(lib.gex_basket_exposure_unit(self)).decode()

    @property
    def label(self) -> str:
        """The unit in words."""
        return lib.gex_unit_label(lib.gex_basket_exposure_unit(self)).decode()

    @property
    def total(self) -> float:
        """Sum of the members' totals, correctly rounded."""
        return lib.gex_basket_exposure_total(self)

    @property
    def gross(self) -> float:
        """Sum of the members' gross."""
        return lib.gex_basket_exposure_gross(self)

    @property
    def members(self) -> dict[str, float]:
        """Each member's total, by name."""
        return {name: self[i].total for i, name in enumerate(self.basket.names)}

    def __getitem__(self, member: int | str) -> Exposure:
        place = self.basket.place(member)
        line = Exposure._lent(lib.gex_basket_exposure_member(self, place), self)
        line.market, line.book = self.basket.members[place].market, self.basket.members[place].book
        return line

    def to_arrow(self) -> ArrowTable:
        """A row a member, its sums, as a table."""
        return ArrowTable(self, lib.gex_basket_exposure_to_arrow)

    def __len__(self) -> int:
        return len(self.basket)

    def __iter__(self) -> Iterator[Exposure]:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return self.total

    def combo(self, step: float = 0.0) -> Combo:
        """Strikes of all members on the axis of the reference.

        step  nodes at its multiples, each strike at the nearest; 0: every price a strike maps to
        """
        return Combo(self, step)

    def __repr__(self) -> str:
        lines = ", ".join(f"{name} {value:,.4g}" for name, value in self.members.items())
        return f"<{self.unit} {self.total:,.4f} {self.label}: {lines}>"


class Basket(Tabled, Object):
    """Members by their order or name, hedged with a reference at `spot`; made with gex.basket()."""

    __slots__ = ("members",)
    _free = "gex_basket_free"

    def __init__(self, members: Iterable[Member], spot: float):
        self.members = tuple(expect(member, Member) for member in members)
        for member in self.members:
            expect(member.market, Market), expect(member.book, Book)
        struct = options(_api.gex_basket_columns, lib.gex_basket_columns_init)
        handles = C.c_void_p * len(self.members)
        markets = handles(*(member.market._address for member in self.members))
        books = handles(*(member.book._address for member in self.members))
        struct.rows, struct.spot = len(self.members), spot
        struct.market, struct.book = C.addressof(markets), C.addressof(books)
        called = [member.market.chain.underlying if member.name is None else member.name for member in self.members]
        columns = {"name": texts("name", np.array(called, object)),
                   "link": self._words("link", lib.gex_link_find, LINKS),
                   "role": self._words("role", lib.gex_role_find, ROLES)}
        for name in ("factor", "currency", "drift", "weight"):
            columns[name] = reals(name, [getattr(member, name) for member in self.members])
        for name, array in columns.items():
            put(getattr(struct, name), array)
        self._create(lib.gex_basket_create, None, C.byref(struct))

    def _words(self, what: str, find: Any, offered: dict[str, int]) -> np.ndarray:
        return np.array([choose(what, getattr(member, what), find, offered) for member in self.members], np.int32)

    def place(self, member: int | str) -> int:
        """Number of a member given by its name; a number as it is."""
        if isinstance(member, str):
            if member not in self.names:
                raise refuse(f"member {member!r} is not one of {', '.join(self.names)}")
            return self.names.index(member)
        if not -len(self) <= member < len(self):
            raise IndexError(member)
        return member % len(self)

    @property
    def spot(self) -> float:
        """Price of the reference."""
        return lib.gex_basket_spot(self)

    @property
    def as_of(self) -> np.datetime64:
        """Instant of every market (UTC)."""
        return np.datetime64(lib.gex_basket_as_of(self), "ns")

    @property
    def names(self) -> list[str]:
        return [lib.gex_basket_name(self, i).decode() for i in range(len(self))]

    def _each(self, function: Any) -> np.ndarray:
        return np.array([function(self, i) for i in range(len(self))])

    @property
    def slope(self) -> np.ndarray:
        """Per member, points of its price per point of the reference."""
        return self._each(lib.gex_basket_slope)

    @property
    def beta(self) -> np.ndarray:
        """Per member, its return per return of the reference."""
        return self._each(lib.gex_basket_beta)

    @property
    def ratio(self) -> np.ndarray:
        """Per member, its spot over the reference's."""
        return self._each(lib.gex_basket_ratio)

    @property
    def basis(self) -> np.ndarray:
        """Per member, its spot less the reference's."""
        return self._each(lib.gex_basket_basis)

    def price(self, member: int | str, reference: float) -> float:
        """A level of the reference as a price of a member; NaN where there is none."""
        return lib.gex_basket_price(self, self.place(member), reference)

    def reference(self, member: int | str, price: float) -> float:
        """A strike or level of a member as a price of the reference; NaN where there is none."""
        return lib.gex_basket_reference(self, self.place(member), price)

    def exposure(self, unit: str = "GEX_USD_PCT", greek: str | None = None, adv: float | None = None,
                 future_price: float | None = None, future_multiplier: float | None = None,
                 beta: float = 0.0) -> BasketExposure:
        """Exposure of all members; spot in a unit is the reference's, and so are adv and future."""
        struct = scaled(options(_api.gex_exposure_options, lib.gex_exposure_options_init), adv, future_price,
                        future_multiplier, beta)
        struct.unit = find_unit(unit, greek)
        return BasketExposure(self, struct)

    def profile(self, unit: str = "GEX_USD_PCT", greek: str | None = None, low: float = 0.8, high: float = 1.2,
                points: int = 201, adv: float | None = None, future_price: float | None = None,
                future_multiplier: float | None = None, beta: float = 0.0) -> BasketProfile:
        """As gex.profile(), over fractions of the reference's spot."""
        return BasketProfile(self, profile_options(unit, greek, low, high, points, adv, future_price,
                                                   future_multiplier, beta))

    def flips(self, unit: str = "GEX_USD_PCT", greek: str | None = None, low: float = 0.8, high: float = 1.2,
              adv: float | None = None, future_price: float | None = None, future_multiplier: float | None = None,
              beta: float = 0.0) -> BasketFlips:
        """As gex.flips(), over fractions of the reference's spot."""
        return BasketFlips(self, profile_options(unit, greek, low, high, 201, adv, future_price, future_multiplier,
                                                 beta))

    def flow(self, spot: Any = None, as_of: Any = None, vol: Any = None) -> BasketFlow:
        """As gex.flow(): `spot` is a price of the reference, and so are the units that are traded."""
        return BasketFlow(self, spot, as_of, vol)

    def dispersion(self, tenor: Any, index: int | str | None = None, vols: Any = None) -> Dispersion:
        """The index leg against the constituents.

        tenor  instant that volatilities reach to
        index  member whose volatility is the index's; the only one of role 'index' when left out
        vols   a volatility a member in place of the market's; NaN: the market's
        """
        return Dispersion(self, tenor, -1 if index is None else self.place(index), vols)

    def to_arrow(self) -> ArrowTable:
        """A row a member, how it follows the reference, as a table."""
        return ArrowTable(self, lib.gex_basket_to_arrow)

    def __len__(self) -> int:
        return lib.gex_basket_members(self)

    def __repr__(self) -> str:
        return f"<basket of {', '.join(self.names)} at {self.spot:g}>"


def basket(members: Iterable[Member], spot: float) -> Basket:
    """Several underlyings as one book.

    members  gex.Member(market, book, name, link, ...), every market at one instant
    spot     price of the reference that the basket is hedged with, in the hedge currency
    """
    return Basket(members, spot)
