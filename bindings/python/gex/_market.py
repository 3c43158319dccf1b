# SPDX-License-Identifier: Apache-2.0
"""The state of the market: years and forward per expiry, volatility and greeks per contract."""
from __future__ import annotations

import ctypes as C
from typing import Any, Mapping

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled, table_by
from ._calendar import CLOCKS, Calendar
from ._chain import Chain, Table, count_statuses
from ._columns import pair, put, reals, refuse
from ._european import GREEKS
from ._instants import Instant, as_datetime64, format_instant, instant, instants
from ._library import lib
from ._object import Named, Object, call, choose, expect, lend, names, options, saved
from ._surface import Surface

VOLS = names("GEX_VOL_", lib.gex_vol_name)
"""How volatilities are found."""
VOL_SOURCES = names("GEX_SOURCE_", lib.gex_vol_source_name)
"""Where a contract's volatility comes from."""
FORWARDS = names("GEX_FORWARD_", lib.gex_forward_name)
"""How forwards are found."""
FORWARD_SOURCES = {**FORWARDS, **names("GEX_FROM_", lib.gex_forward_name)}
"""Where an expiry's forward comes from."""
PARITY = names("GEX_PARITY_", lib.gex_parity_text)
"""What put-call parity came to in an expiry."""
FALLBACKS = {"rate": _api.GEX_FALLBACK_RATE, "neighbours": _api.GEX_FALLBACK_NEIGHBOURS}
"""What an expiry takes that parity gives no forward."""
STYLES = names("GEX_STYLE_", lib.gex_style_name)
"""How exercise is valued."""
DYNAMICS = {name: value for name, value in names("GEX_DYNAMICS_", lib.gex_dynamics_name).items() if name != "unknown"}
"""What a volatility does when spot moves; STICKINESS, BETA and FITTED are followed by =number."""


def parse_dynamics(text: str) -> tuple[int, float]:
    """Number and parameter of a dynamics: 'STICKINESS=1.5', 'BETA=-10', 'LOCAL_VOL'."""
    if not isinstance(text, str):
        raise refuse(f"dynamics {text!r} is not one of {', '.join(DYNAMICS)}")
    dynamics, parameter = C.c_int32(), C.c_double()
    call(lib.gex_dynamics_parse, text.encode("utf-8", "replace"), C.byref(dynamics), C.byref(parameter))
    return dynamics.value, parameter.value


def format_dynamics(dynamics: int, parameter: float) -> str:
    """Back to text; every way to write a parameter becomes one."""
    text = C.create_string_buffer(_api.GEX_DYNAMICS_TEXT)
    call(lib.gex_dynamics_format, dynamics, parameter, text)
    return text.value.decode()


def _in_coarser_units(as_of: int) -> bool:
    """Whether a count of ns since 1970 is, as s, ms or us, an instant from 1973 to 2096; no option is listed before."""
    return any(10**8 * units <= as_of < 4 * 10**9 * units for units in (1, 10**3, 10**6))


def _curve(struct: Any, rates: Any, dividends: Any) -> list[np.ndarray]:
    """Put a curve of rates and dividends; what has to live until the call is over."""
    keep = []
    if rates is not None:
        years, values = (np.atleast_1d(reals("rates", column)) for column in pair("rates", rates, "(years, rates)"))
        if years.shape != values.shape or years.ndim != 1:
            raise refuse(f"rates: {years.size} years and {values.size} rates")
        struct.rate_count = years.size
        put(struct.rate_years, years)
        put(struct.rates, values)
        keep += [years, values]
    if dividends is not None:
        given = ((list(dividends.keys()), list(dividends.values())) if isinstance(dividends, Mapping)
                 else tuple(dividends))
        if len(given) not in (2, 3):
            raise refuse("dividends: columns (instants, cash) or (instants, cash, shares) are wanted")
        when = np.atleast_1d(instants("dividends", given[0]))
        amounts = [np.atleast_1d(reals("dividends", column)) for column in given[1:]]
        for amount in amounts:
            if when.shape != amount.shape or when.ndim != 1:
                raise refuse(f"dividends: {when.size} instants and {amount.size} amounts")
        struct.dividend_count = when.size
        put(struct.dividend_at, when)
        for column, amount in zip((struct.dividend_cash, struct.dividend_share), amounts):
            put(column, amount)
        keep += [when, *amounts]
    return keep


class Greeks(Tabled, Named, Object):
    """Raw derivatives of one unit of each contract, free of position and of unit; index by the names of gex.GREEKS."""

    __slots__ = ("market",)
    _free = "gex_greeks_free"

    def __init__(self, market: Market):
        self.market = expect(market, Market)
        self._create(lib.gex_greeks_compute, None, market)

    def __getitem__(self, name: str) -> np.ndarray:
        """Per row of the chain, NaN where refused: per year, per 1.00 of vol, per 1.00 of rate."""
        column = lib.gex_greeks_column(self, choose("greek", name, lib.gex_greek_find, GREEKS))
        return lend(self, column, len(self.market.chain), "f8")

    def keys(self) -> list[str]:
        return list(GREEKS)

    def to_arrow(self) -> ArrowTable:
        """The rows as a table, a column for each greek."""
        return ArrowTable(self, lib.gex_greeks_to_arrow)

    def shadow(self) -> Greeks:
        """The same with total delta and gamma: what the market's dynamics do to volatility when spot moves included."""
        total = Greeks.__new__(Greeks)
        total.market = self.market
        total._create(lib.gex_greeks_shadow, None, self)
        return total

    @property
    def status(self) -> np.ndarray:
        """Per row, 0 good, 1 refused or outside the domain, 2 at the strike at expiry."""
        return lend(self, lib.gex_greeks_status(self), len(self.market.chain), "u1")

    def __repr__(self) -> str:
        return f"<gex.Greeks of {len(self.market.chain)} contracts: per year, per 1.00 of vol, per 1.00 of rate>"


class Market(Tabled, Object):
    """A chain seen at one instant and one spot. It knows nothing of who holds what.

    chain        the contracts
    as_of        instant; left out: that of the table the chain was read from
    spot         price of the underlying; left out: that of the table the chain was read from
    vol          'given' (the chain's own), 'implied' (from the middle of bid and ask), or 'otm' (one a strike, from
                 its side out of the money, given else implied)
    forward      'implied' (put-call parity per expiry, else by rate), 'rate' (spot, rate, carry_yield for all), or an
                 array of prices, one per element of chain.expiries
    rate         continuous, a year; where nothing better is known
    carry_yield  continuous, a year
    exercise     'auto' (early exercise by contract), 'european' (for none) or 'american' (for all)
    clock        a name of gex.CLOCKS for years and volatilities; rates, carry and discounts stay on the calendar, and
                 theta, charm, veta and color are per calendar year
    dynamics     what a volatility does when spot moves: 'STICKY_STRIKE' (a contract keeps it), 'STICKY_MONEYNESS',
                 'LOCAL_VOL', 'STICKINESS=1.5' (R, -1 to 3), 'FITTED=1.3' (R of two snapshots), 'BETA=-10'
    discounts    with given forwards: a factor per expiry; exp(-rate years) when left out
    vol_clock    the clock the chain's volatilities are quoted on. They are restated, vol sqrt(T_old / T_new), so gamma,
                 delta and vanna times vol do not depend on the clock
    calendar     a gex.Calendar for business clocks; left out: the US exchanges and the default weights
    rates        a curve in place of rate: a pair of columns, years and continuous rates
    dividends    of the underlying, by ex-date: a mapping of instants to cash, columns (instants, cash), or with a third
                 of shares of the price in [0, 1). Forwards know them, and American options are exercised by them
    row_forwards a price per row of the chain: the forward of an expiry is the median of its rows; forward is "quoted"
    fixed_discount  parity takes discounts from the rates and looks for forwards alone
    fallback     of an expiry that parity gives no forward: 'rate', or 'neighbours', between and beside those it does
    surface      a gex.Surface, fitted or not: the smile that dynamics move along; left out: that of the rows'
                 volatilities
    surface_clock  the clock its years are counted on; left out: clock
    vol_low, vol_high  a given volatility at or beyond these was not published: what vendors fill in; 0: no limit
    """

    __slots__ = ("chain", "calendar", "_greeks", "_options")
    _free = "gex_market_free"

    def __init__(self, chain: Chain, as_of: Instant | None = None, spot: float | None = None, vol: str = "given",
                 forward: Any = "implied", rate: float = 0.0, carry_yield: float = 0.0, exercise: str = "auto",
                 clock: str = "CAL_365", dynamics: str = "STICKY_STRIKE", discounts: Any = None,
                 vol_clock: str = "CAL_365", calendar: Calendar | None = None, vol_low: float = 0.0,
                 vol_high: float = 0.0, rates: Any = None, dividends: Any = None, row_forwards: Any = None,
                 fixed_discount: bool = False, fallback: str = "rate", surface: Surface | None = None,
                 surface_clock: str | None = None):
        self.chain = expect(chain, Chain)
        self.calendar = None if calendar is None else expect(calendar, Calendar)
        self._greeks: Greeks | None = None
        if as_of is None and (as_of := chain.as_of) is None:
            raise refuse("as_of is needed: the chain was not read from a table that says its instant")
        if spot is None and (spot := chain.spot) is None:
            raise refuse("spot is needed: the chain was not read from a table that quotes it")
        struct = options(_api.gex_market_options, lib.gex_market_options_init)
        struct.as_of, struct.spot = instant(as_of), spot
        if isinstance(as_of, (int, np.integer)) and _in_coarser_units(struct.as_of):
            raise refuse(f"as_of {as_of} is {format_instant(struct.as_of, _api.GEX_ZONE_UTC)}: "
                         "an int counts ns since 1970, not s, ms or us")
        struct.rate, struct.carry_yield = rate, carry_yield
        struct.vol_low, struct.vol_high = vol_low, vol_high
        struct.vol = choose("vol", vol, lib.gex_vol_find, VOLS)
        struct.style = choose("exercise", exercise, lib.gex_style_find, STYLES)
        struct.clock = choose("clock", clock, lib.gex_clock_find, CLOCKS)
        struct.vol_clock = choose("vol_clock", vol_clock, lib.gex_clock_find, CLOCKS)
        struct.calendar = None if self.calendar is None else self.calendar._address
        struct.dynamics, struct.dynamics_parameter = parse_dynamics(dynamics)
        keep = _curve(struct, rates, dividends)
        if surface is not None:
            struct.surface = expect(surface, Surface)._address
            keep.append(surface)
        if surface_clock is not None:
            struct.surface_clock = choose("surface_clock", surface_clock, lib.gex_clock_find, CLOCKS)
        struct.fixed_discount = int(bool(fixed_discount))
        if fallback not in FALLBACKS:
            raise refuse(f"fallback {fallback!r} is not one of {', '.join(FALLBACKS)}")
        struct.fallback = FALLBACKS[fallback]
        if row_forwards is not None:
            forward = "quoted"
            keep.append(reals("row_forwards", row_forwards))
            if keep[-1].shape not in ((), (1,), (len(chain),)):
                raise refuse(f"row_forwards has shape {keep[-1].shape}; the chain has {len(chain)} rows")
            put(struct.row_forwards, keep[-1])
        if isinstance(forward, str):
            struct.forward = choose("forward", forward, lib.gex_forward_find, FORWARDS)
        else:
            struct.forward = _api.GEX_FORWARD_GIVEN
            keep.append(self._per_expiry(struct.forwards, "forward", forward))
        if discounts is not None:
            if struct.forward != _api.GEX_FORWARD_GIVEN:
                raise refuse("discounts go with given forwards")
            keep.append(self._per_expiry(struct.discounts, "discounts", discounts))
        self._create(lib.gex_market_create, None, chain, C.byref(struct))
        self._options = struct, keep  # gex.robustness() makes others of them

    def _per_expiry(self, column: Any, name: str, value: Any) -> np.ndarray:
        array = reals(name, value)
        count = len(self.chain.expiries)
        if array.ndim > 1 or (array.ndim == 1 and array.shape[0] not in (1, count)):
            raise refuse(f"{name} has shape {array.shape}; the chain has {count} expiries")
        put(column, array)
        return array

    def __repr__(self) -> str:
        return (f"<gex.Market of {len(self.chain)} contracts at {format_instant(lib.gex_market_as_of(self))}, spot "
                f"{self.spot:g}: {', '.join(self.conventions.values())}>")

    def _rows(self, function: Any, kind: str) -> np.ndarray:
        return lend(self, function(self), len(self.chain), kind)

    def _expiries(self, function: Any, kind: str = "f8") -> np.ndarray:
        return lend(self, function(self), lib.gex_market_expiry_count(self), kind)

    @property
    def as_of(self) -> np.datetime64:
        """Instant (UTC)."""
        return as_datetime64(lib.gex_market_as_of(self))

    @property
    def spot(self) -> float:
        """Price of the underlying."""
        return lib.gex_market_spot(self)

    @property
    def conventions(self) -> dict[str, str]:
        """Every choice by name."""
        return {"clock": lib.gex_clock_name(lib.gex_market_clock(self)).decode(),
                "dynamics": self.dynamics,
                "vol": lib.gex_vol_name(lib.gex_market_vol_rule(self)).decode(),
                "forward": lib.gex_forward_name(lib.gex_market_forward_rule(self)).decode(),
                "exercise": lib.gex_style_name(lib.gex_market_style(self)).decode()}

    @property
    def dynamics(self) -> str:
        """What a volatility does when spot moves, with its parameter."""
        return format_dynamics(lib.gex_market_dynamics(self), lib.gex_market_dynamics_parameter(self))

    @property
    def surface(self) -> Surface | None:
        """The surface that dynamics move along, as given; None of a market loaded, which has the smile read from it."""
        address = lib.gex_market_surface(self)
        return Surface._lent(address, self) if address else None

    def shift(self, spot: float | None = None, as_of: Instant | None = None, vol: float = 0.0,
              dynamics: str | None = None) -> Market:
        """The same chain at another spot, instant and level of volatility: a market like any other.

        spot      price moved to
        as_of     instant moved to, not before this market's; settled rows become 'expired'
        vol       added to every volatility, 0.01 is one point
        dynamics  how volatilities go along with spot; the market's own when left out
        """
        struct = options(_api.gex_shift_options, lib.gex_shift_options_init)
        if spot is not None:
            struct.spot = spot
            if not spot:
                raise refuse("spot is 0: it must be above zero")
        if as_of is not None:
            struct.as_of = instant(as_of)
        struct.vol_shift = vol
        if dynamics is not None:
            struct.dynamics, struct.dynamics_parameter = parse_dynamics(dynamics)
        moved = Market.__new__(Market)
        moved.chain, moved.calendar, moved._greeks = self.chain, self.calendar, None
        moved._create(lib.gex_market_shift, None, self, C.byref(struct))
        return moved

    def to_arrow(self, by: str | None = None) -> ArrowTable:
        """The rows, or by="expiry" the expiries, as a table that pyarrow, polars and others read."""
        return table_by(self, lib.gex_market_to_arrow, by, {"expiry": _api.GEX_BY_EXPIRY})

    def save(self) -> bytes:
        """The market with its chain as bytes, for load() of this version or a later one: every bit, moved or not."""
        return saved(lib.gex_market_save, self)

    @classmethod
    def load(cls, content: bytes) -> Market:
        """The market of such bytes, which may come from anywhere: what is none is refused. Its chain is in `chain`."""
        made = cls.__new__(cls)
        content = bytes(content)
        made._create(lib.gex_market_load, None, content, len(content))
        made.chain = Chain._lent(lib.gex_market_chain(made), made)
        made.chain.table = Table()
        calendar = lib.gex_market_calendar(made)
        made.calendar = Calendar._lent(calendar, made) if calendar else None
        made._greeks = None
        return made

    @property
    def vol_clock(self) -> str:
        """The clock the chain's volatilities are quoted on."""
        return lib.gex_clock_name(lib.gex_market_vol_clock(self)).decode()

    @property
    def rate(self) -> float:
        """As given: continuous, a year."""
        return lib.gex_market_rate(self)

    @property
    def carry_yield(self) -> float:
        """As given: continuous, a year."""
        return lib.gex_market_carry_yield(self)

    @property
    def dividends(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """As given, by ex-date: instants in ns, cash, and shares of the price; those gone included."""
        count = lib.gex_market_dividend_count(self)
        return (lend(self, lib.gex_market_dividend_at(self), count, "i8"),
                lend(self, lib.gex_market_dividend_cash(self), count, "f8"),
                lend(self, lib.gex_market_dividend_share(self), count, "f8"))

    @property
    def status(self) -> np.ndarray:
        """Per row, 0 or why it is refused: a value of gex.ROW_STATUS."""
        return self._rows(lib.gex_market_status, "u1")

    @property
    def refused(self) -> dict[str, int]:
        """Rows refused, by key."""
        return count_statuses(self.status)

    @property
    def flags(self) -> np.ndarray:
        """Per row, bits of gex.FLAGS."""
        return self._rows(lib.gex_market_flags, "u4")

    @property
    def vol(self) -> np.ndarray:
        """Per row, 0.20 is 20 % a year on the expiry's clock; NaN where refused."""
        return self._rows(lib.gex_market_vol, "f8")

    @property
    def calendar_vol(self) -> np.ndarray:
        """Per row, the same deviation as a volatility on CAL_365: what goes with calendar_years; NaN where refused."""
        return self._rows(lib.gex_market_calendar_vol, "f8")

    @property
    def vol_source(self) -> np.ndarray:
        """Per row, a value of gex.VOL_SOURCES; 0 where refused."""
        return self._rows(lib.gex_market_vol_source, "u1")

    @property
    def exercise(self) -> np.ndarray:
        """Per row, how it is valued: 1 European, 2 American."""
        return self._rows(lib.gex_market_exercise, "i1")

    @property
    def years(self) -> np.ndarray:
        """Per element of chain.expiries, years to settlement on the expiry's clock; 0 for a settled expiry."""
        return self._expiries(lib.gex_market_years)

    @property
    def calendar_years(self) -> np.ndarray:
        """Per expiry, years to settlement on CAL_365; 0 for a settled expiry."""
        return self._expiries(lib.gex_market_calendar_years)

    @property
    def expiry_clock(self) -> np.ndarray:
        """Per expiry, a value of gex.CLOCKS: the market's, or CAL_365 where that has no time left; 0 where settled."""
        return self._expiries(lib.gex_market_expiry_clock, "u1")

    @property
    def pace(self) -> np.ndarray:
        """Per expiry, years of its clock that pass per calendar year now; NaN for a settled expiry."""
        return self._expiries(lib.gex_market_pace)

    @property
    def forward(self) -> np.ndarray:
        """Per expiry, price; NaN for a settled one."""
        return self._expiries(lib.gex_market_forward)

    @property
    def discount(self) -> np.ndarray:
        """Per expiry, discount factor; NaN for a settled one."""
        return self._expiries(lib.gex_market_discount)

    @property
    def expiry_rate(self) -> np.ndarray:
        """Per expiry, continuous, a year."""
        return self._expiries(lib.gex_market_expiry_rate)

    @property
    def expiry_carry(self) -> np.ndarray:
        """Per expiry, carry yield, continuous, a year."""
        return self._expiries(lib.gex_market_expiry_carry)

    @property
    def forward_source(self) -> np.ndarray:
        """Per expiry, a value of gex.FORWARD_SOURCES."""
        return self._expiries(lib.gex_market_forward_source, "u1")

    @property
    def forward_error(self) -> np.ndarray:
        """Per expiry, standard error of the parity forward, price; NaN where it is not one."""
        return self._expiries(lib.gex_market_forward_error)

    @property
    def forward_pairs(self) -> np.ndarray:
        """Per expiry, call-put pairs the parity forward rests on; 0 where it is not one."""
        return self._expiries(lib.gex_market_forward_pairs, "i4")

    @property
    def forward_quote_error(self) -> np.ndarray:
        """Per expiry, what the spreads leave open of a parity forward, price; NaN where it is not one."""
        return self._expiries(lib.gex_market_forward_quote_error)

    @property
    def forward_outliers(self) -> np.ndarray:
        """Per expiry, pairs that the fit of parity weighs down."""
        return self._expiries(lib.gex_market_forward_outliers, "i4")

    @property
    def parity(self) -> np.ndarray:
        """Per expiry, a value of gex.PARITY: what parity came to."""
        return self._expiries(lib.gex_market_parity, "u1")

    @property
    def discount_error(self) -> np.ndarray:
        """Per expiry, standard error of a discount that parity gave; NaN where it is another's."""
        return self._expiries(lib.gex_market_discount_error)

    @property
    def borrow(self) -> np.ndarray:
        """Per expiry, the carry that rate and cash dividends leave, a year."""
        return self._expiries(lib.gex_market_borrow)

    @property
    def greeks(self) -> Greeks:
        """Price and greeks of each contract, computed when first asked for."""
        if self._greeks is None:
            self._greeks = Greeks(self)
        return self._greeks
