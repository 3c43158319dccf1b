# SPDX-License-Identifier: Apache-2.0
"""Long or short gamma: at spot and along a path, with the probability of it, in words."""
from __future__ import annotations

import ctypes as C
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._book import Book
from ._exposure import Exposure, exposure
from ._library import lib
from ._market import Market
from ._object import Object, call, choose, expect, lend_counted, names, options
from ._profile import Flips, flips
from ._uncertainty import Bands, FlipBands, Uncertainty, bands, exposure_bands

REGIMES = {lib.gex_regime_text(number).decode(): number
           for number in range(_api.GEX_REGIME_LONG_GAMMA, _api.GEX_REGIME_NONE + 1)}
"""long_gamma, short_gamma, at_flip, none."""

SIZES = names("GEX_SIZE_", lib.gex_size_name)
"""What a threshold of a regime is a share of, by name."""

_STANDS = names("GEX_STAND_", lib.gex_stand_name)
_DIRECTIONS = {"rises": _api.GEX_UP, "falls": _api.GEX_DOWN}


def stand(gamma: Exposure, roots: Flips) -> dict[str, float]:
    """Where spot stands: daily sigma, the flips below and above and how many daily sigmas away, USD dealers buy as spot
    rises or falls 1 %, net over gross. NaN for what does not exist.

    gamma, roots  exposure and flips of one market and book, GEX_USD_PCT
    """
    found = {}
    for name, number in _STANDS.items():
        value = C.c_double()
        call(lib.gex_stand, expect(gamma, Exposure), expect(roots, Flips), number, C.byref(value))
        found[name] = value.value
    return found


def words(regime: str) -> str:
    """What dealers do in a regime, and what that does to price."""
    return lib.gex_regime_words(REGIMES[regime]).decode()


@dataclass(frozen=True)
class Cell:
    """One of the four cells: a regime, and spot that rises or falls."""

    side: str    #: what dealers do: 'BUY', 'SELL', 'either', 'neither'
    usd: float   #: of the underlying for 1 % of spot, by today's gamma
    effect: str  #: what that does to the tape


@dataclass(frozen=True)
class Regime:
    """Where spot stands, and how sure that is. What rests on an uncertainty is None without one."""

    regime: str                 #: 'long_gamma', 'short_gamma', 'at_flip', 'none'
    words: str                  #: what dealers do, and what that does to price
    rises: Cell                 #: as spot rises
    falls: Cell                 #: as spot falls
    net: float                  #: GEX_USD_PCT
    net_to_gross: float
    daily_sigma: float          #: price
    flip_below: float           #: price; NaN: none in the range
    flip_above: float
    sigmas_below: float         #: daily sigmas from spot down to flip_below
    sigmas_above: float
    probability: dict[str, float] | None      #: of long_gamma and short_gamma: net above, below zero
    band: tuple[float, float] | None          #: 90 % of net
    flip_band: tuple[float, float] | None     #: 90 % of the flip nearest to spot, of samples that have one
    flips: FlipBands | None                   #: the samples

    def __str__(self) -> str:
        lines = [f"{self.regime.replace('_', ' ')}: {self.words}"]
        if self.probability is not None and self.band is not None:
            lines[0] += (f"\n  net {_usd(self.net)} per 1 %, 90 % of books from {_usd(self.band[0])} to "
                         f"{_usd(self.band[1])}; long gamma with probability {self.probability['long_gamma']:.0%}")
        for word, cell in (("rises", self.rises), ("falls", self.falls)):
            lines.append(f"  spot {word} 1 %: dealers {cell.side} {_usd(abs(cell.usd))}: {cell.effect}")
        return "\n".join(lines)


def _usd(value: float) -> str:
    for size, unit in ((1e9, "bn"), (1e6, "m")):
        if abs(value) >= size:
            return f"USD {value / size:.3g} {unit}"
    return f"USD {value:,.0f}"


class RegimePath(Tabled, Object):
    """The regime in every state of a path: `states` by name, how long each lasts, how often it changes."""

    __slots__ = ("bands",)
    _free = "gex_regime_path_free"

    def __init__(self, bands: Bands, enter: float = 0.0, leave: float = 0.0, size: str = "gross", samples: int = 0,
                 seed: int = 0):
        self.bands = expect(bands, Bands)
        struct = options(_api.gex_regime_path_options, lib.gex_regime_path_options_init)
        struct.size = choose("size", size, lib.gex_size_find, SIZES)
        struct.enter, struct.leave, struct.samples, struct.seed = enter, leave, samples, seed
        self._create(lib.gex_regime_path_compute, None, bands, C.byref(struct))

    @property
    def states(self) -> np.ndarray:
        """Name of the regime in each state."""
        texts = np.array(["", *REGIMES], object)
        return texts[lend_counted(self, lib.gex_regime_path_states, self, kind="i4")]

    @property
    def changes(self) -> np.ndarray:
        """States at which long gamma turns into short, or short into long."""
        return lend_counted(self, lib.gex_regime_path_changes, self, kind="i8")

    @property
    def time(self) -> dict[str, np.timedelta64]:
        """Time in each regime."""
        return {name: np.timedelta64(lib.gex_regime_path_time(self, number), "ns") for name, number in REGIMES.items()}

    @property
    def share(self) -> dict[str, float]:
        """Share of the time of the path in each regime; NaN where no time passes."""
        return {name: lib.gex_regime_path_share(self, number) for name, number in REGIMES.items()}

    @property
    def expected(self) -> dict[str, float]:
        """Share of time that the exposure is expected to be above zero (long_gamma) and below (short_gamma)."""
        return {name: lib.gex_regime_path_expected(self, REGIMES[name]) for name in ("long_gamma", "short_gamma")}

    def quantile(self, probability: float, regime: str = "long_gamma") -> float:
        """Of the share of time in a regime, over the samples; NaN without samples."""
        return lib.gex_regime_path_quantile(self, REGIMES[regime], probability)

    @property
    def unchanged(self) -> float:
        """Share of samples whose regime never changes; NaN without samples."""
        return lib.gex_regime_path_unchanged(self)

    def to_arrow(self) -> ArrowTable:
        """A row a state, as a table."""
        return ArrowTable(self, lib.gex_regime_path_to_arrow)

    def __len__(self) -> int:
        return len(self.states)

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {share:.1%}" for name, share in self.share.items() if share > 0)
        return f"<regime along {len(self)} states: {shares}; {len(self.changes)} changes>"


def regime_path(bands: Bands, enter: float = 0.0, leave: float = 0.0, size: str = "gross", samples: int = 0,
                seed: int = 0) -> RegimePath:
    """The regime along a path of states, from bands(market, uncertainty, spot, as_of).

    enter, leave  a regime is entered where the exposure is at least `enter` sizes, and held while it is more than
                  `leave` sizes, -enter to enter: hysteresis. Both 0: the sign of the exposure
    size          'gross' or 'sd', of each state
    samples       paths drawn from the joint distribution of the states; 0: none
    """
    return RegimePath(bands, enter, leave, size, samples, seed)


def regime(market: Market, book: Book, uncertainty: Uncertainty | None = None, low: float = 0.8, high: float = 1.2,
           points: int = 401, samples: int = 4096, seed: int = 0) -> Regime:
    """Long or short gamma at spot, how far the flips are, and with an uncertainty how sure that is.

    low, high      where flips are looked for, fractions of spot
    points         prices of the profile that flips are sampled on
    samples, seed  of flips
    """
    if uncertainty is not None and expect(uncertainty, Uncertainty).book is not book:
        raise ValueError("uncertainty has to be of the same book")
    gamma, roots = exposure(market, book, unit="GEX_USD_PCT", by=None), flips(market, book, low=low, high=high)
    number, at = lib.gex_regime_of(gamma, roots), stand(gamma, roots)
    cells = {word: Cell(lib.gex_regime_side(number, direction).decode(), at["buy_" + way],
                        lib.gex_regime_effect(number, direction).decode())
             for (word, direction), way in zip(_DIRECTIONS.items(), ("up", "down"))}
    probability = band = flip_band = sampled = None
    if uncertainty is not None:
        total = exposure_bands(market, uncertainty)
        probability = {"long_gamma": float(total.above[0]), "short_gamma": float(total.below[0])}
        band = (float(total.quantile(0.05)[0]), float(total.quantile(0.95)[0]))
        sampled = bands(market, uncertainty, low=low, high=high, points=points).flips(samples, seed)
        flip_band = tuple(float(price) for price in sampled.quantile([0.05, 0.95]))
    return Regime(lib.gex_regime_text(number).decode(), lib.gex_regime_words(number).decode(), cells["rises"],
                  cells["falls"], gamma.total, at["net_to_gross"], at["daily_sigma"], at["flip_below"],
                  at["flip_above"], at["sigmas_below"], at["sigmas_above"], probability, band, flip_band, sampled)
