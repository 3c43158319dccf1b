# SPDX-License-Identifier: Apache-2.0
"""The headline numbers under every other choice that could have been made, one at a time."""
from __future__ import annotations

import ctypes as C
from typing import Any, Iterator, NamedTuple, Sequence

from . import _api
from ._book import Book
from ._columns import refuse
from ._field import end_of
from ._library import lib
from ._market import Market
from ._object import Object, expect, names, options

VARIES = names("GEX_VARY_", lib.gex_vary_name)
"""What an entry of gex.robustness() can change."""
_AGREES = names("GEX_AGREE_", lib.gex_agree_name)
_NUMBERS = names("GEX_ROBUST_", lib.gex_robust_name)


class Headline(NamedTuple):
    """The numbers of one entry; NaN where the library refused its market or book."""

    vary: str                       #: what is changed: a name of gex.VARIES
    choice: str                     #: to what; "" for the base
    status: str                     #: "success", or why it is not there
    net: float                      #: GEX_USD_PCT
    gross: float                    #: likewise, absolute
    zero_dte_net: float             #: of the net: settles on the as-of's date
    flip: float                     #: nearest root that is a level; NaN without one
    daily_sigma: float              #: price
    used: float                     #: rows
    zero_flow: float                #: price at which nothing will have been traded; NaN without one, or not asked for
    regime: str                     #: "long_gamma", "short_gamma", "at_flip", "none"
    flip_status: str                #: what the search came to
    agrees: dict[str, bool | None]  #: with the base in "sign_of_net", "flip", "regime"; None: not counted


class Robustness(Object):
    """Entries, the base first. How many agree with it: agreeing("sign_of_net")."""

    __slots__ = ("market", "book")
    _free = "gex_robustness_free"

    def __init__(self, market: Market, book: Book, left_out: Sequence[str] = (), near_sigmas: float = 0.5,
                 beta: float = -10.0, low: float = 0.8, high: float = 1.2, zero_flow: Any = None):
        self.market, self.book = expect(market, Market), expect(book, Book)
        if not hasattr(market, "_options") or not hasattr(book, "_options"):
            raise refuse("robustness needs a market and a book as they were chosen, not moved or weighted ones")
        if book.chain is not market.chain:
            raise refuse("market and book have to come from the same chain")
        struct = options(_api.gex_robustness_options, lib.gex_robustness_options_init)
        for name in left_out:
            if name not in VARIES:
                raise refuse(f"left_out {name!r} is not one of {', '.join(VARIES)}")
            struct.left_out |= 1 << VARIES[name]
        struct.near_sigmas, struct.beta, struct.low, struct.high = near_sigmas, beta, low, high
        if zero_flow is not None:
            struct.zero_flow = end_of(market, zero_flow)
        self._create(lib.gex_robustness_compute, None, market.chain, C.byref(market._options[0]),
                     C.byref(book._options[0]), C.byref(struct))

    def __len__(self) -> int:
        return lib.gex_robustness_count(self)

    def __getitem__(self, i: int) -> Headline:
        if not -len(self) <= i < len(self):
            raise IndexError(i)
        i %= len(self)
        agrees = {name: lib.gex_robustness_agrees(self, i, what) for name, what in _AGREES.items()}
        return Headline(lib.gex_vary_name(lib.gex_robustness_vary(self, i)).decode(),
                        lib.gex_robustness_choice(self, i).decode(),
                        lib.gex_status_text(lib.gex_robustness_status(self, i)).decode(),
                        *(lib.gex_robustness_value(self, i, what) for what in _NUMBERS.values()),
                        lib.gex_regime_text(lib.gex_robustness_regime(self, i)).decode(),
                        lib.gex_roots_text(lib.gex_robustness_roots(self, i)).decode(),
                        {name: None if flag < 0 else flag == 1 for name, flag in agrees.items()})

    def __iter__(self) -> Iterator[Headline]:
        return (self[i] for i in range(len(self)))

    def root(self, i: int, root: int = 0) -> float:
        """Where a root of the base, negligible ones counted, is in entry i: the nearest of its direction, or NaN."""
        return lib.gex_robustness_root(self, i, root)

    @property
    def base(self) -> Headline:
        """The numbers of the market and the book as they were chosen."""
        return self[0]

    def agreeing(self, what: str, vary: str | None = None) -> tuple[int, int]:
        """How many entries agree with the base, of how many that count.

        what  'sign_of_net', 'flip' (within near_sigmas of the base's daily sigma) or 'regime'
        vary  a name of gex.VARIES; all when left out
        """
        if what not in _AGREES or (vary is not None and vary not in VARIES):
            raise refuse(f"{what!r} and {vary!r}: one of {', '.join(_AGREES)}, and of {', '.join(VARIES)}")
        count = C.c_int64()
        return lib.gex_robustness_agreeing(self, VARIES.get(vary, 0), _AGREES[what], C.byref(count)), count.value

    def __repr__(self) -> str:
        agree, count = self.agreeing("sign_of_net")
        return f"<robustness of {self.book.source}: {agree} of {count} entries keep the sign of {self.base.net:,.4g}>"


def robustness(market: Market, book: Book, left_out: Sequence[str] = (), near_sigmas: float = 0.5, beta: float = -10.0,
               low: float = 0.8, high: float = 1.2, zero_flow: Any = None) -> Robustness:
    """GEX_USD_PCT, its flips and the regime with one choice of market or book changed at a time.

    left_out     names of gex.VARIES that are not tried
    near_sigmas  flips agree when no further apart than so many daily sigmas
    beta         of the entry that moves volatilities with spot by BETA; 0: no such entry
    low, high    range of the flips, fractions of spot
    zero_flow    a name of gex.UNTILS or an instant: ZERO_FLOW by then too
    """
    return Robustness(market, book, left_out, near_sigmas, beta, low, high, zero_flow)
