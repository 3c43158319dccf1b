# SPDX-License-Identifier: Apache-2.0
"""The contracts outstanding: columns in, an immutable chain out, rows in the caller's order."""
from __future__ import annotations

import ctypes as C
from typing import Any, Callable, NamedTuple

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled, address, one_batch
from ._columns import count_rows, put, reals, refuse, rights, texts, words
from ._instants import Instant, as_datetime64, expiry as expiry_column, instant, instants
from ._library import lib
from ._object import Object, lend, lend_counted, names, options, saved

ROW_STATUS = names("GEX_ROW_", lib.gex_row_text)
"""Keys of the row statuses and their numbers: "used" is 0, the rest say why a row is refused."""

FLAGS = names("GEX_FLAG_", lib.gex_flag_text)
"""Keys of the row flags and their bits."""

_EXERCISES = {"EUROPEAN": _api.GEX_EXERCISE_EUROPEAN, "AMERICAN": _api.GEX_EXERCISE_AMERICAN}
_PAYOFFS = {"VANILLA": _api.GEX_PAYOFF_VANILLA, "INVERSE": _api.GEX_PAYOFF_INVERSE}
_ROOTS = {"listed": _api.GEX_ROOTS_OF_LISTED, "futures": _api.GEX_ROOTS_OF_FUTURES}
_DUPLICATES = {"keep": _api.GEX_DUPLICATES_KEEP, "refuse_later": _api.GEX_DUPLICATES_REFUSE_LATER}


class Table(NamedTuple):
    """What the table a chain was read from says beside its rows."""

    spot: float | None = None            #: price of the underlying
    as_of: int | None = None             #: instant, ns since 1970 UTC
    positions: np.ndarray | None = None  #: dealers' signed contracts a row
    deviations: np.ndarray | None = None  #: one standard deviation of each, contracts
    bad_lines: int = 0                   #: lines left out, not being rows
    year_guessed: bool = False           #: the date had no year; the one nearest to the first expiry was taken
    line: Callable[[int], int] = lambda row: 0  #: line a row came from, counted from 1; 0: not known


class Chain(Tabled, Object):
    """Option contracts, validated and copied. A row that cannot be a contract keeps its place and says so in `status`.

    A series is named by `symbol`, or by `root` with `expiry` or `settlement`, `strike` and `right`; what is given
    beside a symbol wins over what the symbol says. Columns are arrays of one length or single values for all rows.

    symbol         OSI, padded or compact
    root           SPX, SPXW, ...
    expiry         dates (yyyymmdd, date, datetime64, ISO text); the settlement instant follows from the root. Values
                   with a time of day are taken as settlement instants.
    settlement     instants (int ns since 1970 UTC, datetime64 in UTC, aware datetime, ISO text with offset)
    strike         price
    right          +1 call, -1 put; 'C' and 'P' too
    exercise       'european' or 'american'; by root when left out
    payoff         'vanilla' or 'inverse' (paid in coin); by symbol when left out
    multiplier     units of the underlying a contract; by root when left out
    bid, ask, last price, NaN where there is none
    vol            implied volatility on CAL_365, 0.20 is 20 %; 0: not published
    open_interest  contracts
    volume         contracts of the session
    underlying     name for reports, at most 63 bytes of it are kept
    open_interest_as_of  instant the open interest was counted at
    duplicates     'keep', or 'refuse_later' for series that stand in an earlier row too
    roots          whose roots these are: 'listed' (US stocks, funds and indices), or 'futures' (US futures and options
                   on them: multiplier and style by root, `settlement` needed, roots that are not known refused unless
                   `multiplier` is given)
    """

    __slots__ = ("table",)
    _free = "gex_chain_free"

    def __init__(self, symbol: Any = None, *, root: Any = None, expiry: Any = None, settlement: Any = None,
                 strike: Any = None, right: Any = None, exercise: Any = None, payoff: Any = None,
                 multiplier: Any = None, bid: Any = None, ask: Any = None, last: Any = None, vol: Any = None,
                 open_interest: Any = None, volume: Any = None, underlying: str = "",
                 open_interest_as_of: Instant | None = None, duplicates: str = "keep", roots: str = "listed"):
        columns: dict[str, np.ndarray] = {}
        for name, value in (("symbol", symbol), ("root", root)):
            if value is not None:
                columns[name] = texts(name, value)
        for name, value in (("strike", strike), ("multiplier", multiplier), ("bid", bid), ("ask", ask), ("last", last),
                            ("vol", vol), ("open_interest", open_interest), ("volume", volume)):
            if value is not None:
                columns[name] = reals(name, value)
        if expiry is not None:
            name, array = expiry_column(expiry)
            if name == "settlement" and settlement is not None:
                raise refuse("expiry carries times of day and settlement is given too: leave one out")
            columns[name] = array
        if settlement is not None:
            columns["settlement"] = instants("settlement", settlement)
        if right is not None:
            columns["right"] = rights(right)
        if exercise is not None:
            columns["exercise"] = words("exercise", exercise, _EXERCISES)
        if payoff is not None:
            columns["payoff"] = words("payoff", payoff, _PAYOFFS)

        struct = options(_api.gex_chain_columns, lib.gex_chain_columns_init)
        struct.rows = count_rows(columns)
        for name, array in columns.items():
            put(getattr(struct, name), array)
        self._from_columns(struct, underlying, Table(), open_interest_as_of, duplicates, roots)

    def _from_columns(self, struct: Any, underlying: str, table: Table, open_interest_as_of: Instant | None = None,
                      duplicates: str = "keep", roots: str = "listed") -> None:
        chosen = self._options(underlying, open_interest_as_of, duplicates, roots)
        self._create(lib.gex_chain_create, None, C.byref(struct), C.byref(chosen))
        self.table = table

    @staticmethod
    def _options(underlying: str, open_interest_as_of: Instant | None, duplicates: str, roots: str) -> Any:
        chosen = options(_api.gex_chain_options, lib.gex_chain_options_init)
        if not isinstance(underlying, str):
            raise TypeError(f"underlying: a name is wanted, not {type(underlying).__name__}")
        if duplicates not in _DUPLICATES:
            raise refuse(f"duplicates {duplicates!r} is not one of {', '.join(_DUPLICATES)}")
        if roots not in _ROOTS:
            raise refuse(f"roots {roots!r} is not one of {', '.join(_ROOTS)}")
        chosen.duplicates = _DUPLICATES[duplicates]
        chosen.roots = _ROOTS[roots]
        chosen.open_interest_as_of = 0 if open_interest_as_of is None else instant(open_interest_as_of)
        chosen.underlying = underlying.encode()[:63].decode("utf-8", "ignore").encode()
        return chosen

    @classmethod
    def from_arrow(cls, table: Any, *, underlying: str = "", open_interest_as_of: Instant | None = None,
                   duplicates: str = "keep", roots: str = "listed") -> Chain:
        """The chain of a table in memory whose columns have the names above: whatever offers the Arrow PyCapsule
        interface.

        A struct array or record batch is read where it lies; a table or data frame (pyarrow, polars, pandas) first
        becomes one batch, which takes pyarrow. Columns of other names are not looked at, a null says nothing; which
        types a column may have stands in docs/arrow.md.
        """
        made = cls.__new__(cls)
        chosen = made._options(underlying, open_interest_as_of, duplicates, roots)
        capsules = one_batch(table)
        made._create(lib.gex_chain_from_arrow, None, address(capsules[0], "arrow_schema"),
                     address(capsules[1], "arrow_array"), C.byref(chosen))
        made.table = Table()
        return made

    def to_arrow(self) -> ArrowTable:
        """The rows as a table that from_arrow(), pyarrow, polars and others read."""
        return ArrowTable(self, lib.gex_chain_to_arrow)

    def save(self) -> bytes:
        """The chain as bytes, for load() of this version or a later one: numbers keep every bit."""
        return saved(lib.gex_chain_save, self)

    @classmethod
    def load(cls, saved: bytes) -> Chain:
        """The chain of such bytes, which may come from anywhere: what is none is refused."""
        made = cls.__new__(cls)
        content = bytes(saved)
        made._create(lib.gex_chain_load, None, content, len(content))
        made.table = Table()
        return made

    def __len__(self) -> int:
        return lib.gex_chain_rows(self)

    def __repr__(self) -> str:
        refused = int(np.count_nonzero(self.status))
        name = self.underlying or "chain"
        return f"<gex.Chain {name}: {len(self)} contracts, {len(self.expiries)} expiries, {refused} refused>"

    def _rows(self, function: Any, kind: str) -> np.ndarray:
        return lend(self, function(self), len(self), kind)

    @property
    def underlying(self) -> str:
        """Name printed on reports."""
        return lib.gex_chain_underlying(self).decode("utf-8", "replace")

    @property
    def spot(self) -> float | None:
        """Price of the underlying that the table this chain was read from quotes; None when it does not say."""
        return self.table.spot

    @property
    def as_of(self) -> np.datetime64 | None:
        """Instant (UTC) of the table this chain was read from; None when it does not say."""
        return None if self.table.as_of is None else as_datetime64(self.table.as_of)

    @property
    def positions(self) -> np.ndarray | None:
        """Dealers' signed contracts a row, where the table this chain was read from has them."""
        return self.table.positions

    @property
    def deviations(self) -> np.ndarray | None:
        """One standard deviation of each position, contracts, where the table this chain was read from has them."""
        return self.table.deviations

    @property
    def open_interest_as_of(self) -> np.datetime64 | None:
        """Instant (UTC) the open interest was counted at; None when it is not known."""
        value = lib.gex_chain_open_interest_as_of(self)
        return None if value == 0 else as_datetime64(value)

    @property
    def status(self) -> np.ndarray:
        """Per row, 0 or why it is not a contract: a value of ROW_STATUS."""
        return self._rows(lib.gex_chain_status, "u1")

    @property
    def flags(self) -> np.ndarray:
        """Per row, bits of FLAGS: what is worth knowing without refusing the row."""
        return self._rows(lib.gex_chain_flags, "u4")

    @property
    def strike(self) -> np.ndarray:
        """Per row, price; NaN where refused."""
        return self._rows(lib.gex_chain_strike, "f8")

    @property
    def right(self) -> np.ndarray:
        """Per row, +1 call, -1 put, 0 where refused."""
        return self._rows(lib.gex_chain_right, "i1")

    @property
    def exercise(self) -> np.ndarray:
        """Per row, 1 European, 2 American."""
        return self._rows(lib.gex_chain_exercise, "i1")

    @property
    def payoff(self) -> np.ndarray:
        """Per row, 1 vanilla, 2 inverse."""
        return self._rows(lib.gex_chain_payoff, "i1")

    @property
    def settlement(self) -> np.ndarray:
        """Per row, the instant (UTC) it settles at, as datetime64[ns]; NaT where refused."""
        return self._rows(lib.gex_chain_settlement, "M8[ns]")

    @property
    def multiplier(self) -> np.ndarray:
        """Per row, units of the underlying a contract."""
        return self._rows(lib.gex_chain_multiplier, "f8")

    @property
    def bid(self) -> np.ndarray:
        """Per row, price; NaN where there is none."""
        return self._rows(lib.gex_chain_bid, "f8")

    @property
    def ask(self) -> np.ndarray:
        """Per row, price; NaN where there is none."""
        return self._rows(lib.gex_chain_ask, "f8")

    @property
    def last(self) -> np.ndarray:
        """Per row, price; NaN where there is none."""
        return self._rows(lib.gex_chain_last, "f8")

    @property
    def vol(self) -> np.ndarray:
        """Per row, implied volatility as given: 0.20 is 20 % a year on CAL_365."""
        return self._rows(lib.gex_chain_vol, "f8")

    @property
    def open_interest(self) -> np.ndarray:
        """Per row, contracts."""
        return self._rows(lib.gex_chain_open_interest, "f8")

    @property
    def volume(self) -> np.ndarray:
        """Per row, contracts of the session."""
        return self._rows(lib.gex_chain_volume, "f8")

    @property
    def expiries(self) -> np.ndarray:
        """Distinct settlement instants (UTC) of good rows, ascending, as datetime64[ns]."""
        return lend_counted(self, lib.gex_chain_expiries, self, kind="M8[ns]")

    @property
    def expiry_index(self) -> np.ndarray:
        """Per row, its place in `expiries`; -1 where refused."""
        return self._rows(lib.gex_chain_expiry_index, "i4")

    @property
    def strikes(self) -> np.ndarray:
        """Distinct strikes of good rows, ascending, price."""
        return lend_counted(self, lib.gex_chain_strikes, self)

    @property
    def strike_index(self) -> np.ndarray:
        """Per row, its place in `strikes`; -1 where refused."""
        return self._rows(lib.gex_chain_strike_index, "i4")

    @property
    def order(self) -> np.ndarray:
        """Rows in canonical order: settlement, strike, right, root; refused rows last."""
        return self._rows(lib.gex_chain_order, "i8")

    def root(self, row: int) -> str:
        """Root of a row; "" where refused."""
        return lib.gex_chain_root(self, self._index(row)).decode()

    def symbol(self, row: int) -> str:
        """Symbol of a row as it was given, or the OSI symbol made from its columns."""
        buffer = C.create_string_buffer(80)
        lib.gex_chain_symbol(self, self._index(row), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace")

    def symbols(self) -> list[str]:
        """Symbols of all rows."""
        return [self.symbol(row) for row in range(len(self))]

    def _index(self, row: int) -> int:
        rows = len(self)
        if not -rows <= row < rows:
            raise IndexError(f"row {row} of {rows}")
        return row % rows


def count_statuses(status: np.ndarray) -> dict[str, int]:
    """Rows refused, by key; keys without rows are left out."""
    counts = np.bincount(status, minlength=len(ROW_STATUS))
    return {key: int(counts[value]) for key, value in ROW_STATUS.items() if value != 0 and counts[value]}
