# SPDX-License-Identifier: Apache-2.0
"""How far positions may be off, and what that makes of exposures, flows and flips."""
from __future__ import annotations

import ctypes as C
from typing import Any, Mapping, Sequence

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._book import Book, _per_row
from ._columns import count_rows, put, reals, refuse
from ._exposure import exposure, find_unit, scaled
from ._field import STRETCHES
from ._flow import scenarios
from ._grouping import Grouping, grouping_options
from ._instants import instants
from ._library import lib
from ._market import Market
from ._object import Object, choose, expect, lend, lend_counted, names, options

FLIP_BANDS = names("GEX_FLIP_", lib.gex_flip_name)
"""Which flip of a sampled book: nearest to spot, the nearest below, the nearest above."""


class Uncertainty(Object):
    """Errors of the positions of a book: N = book + sd z + sum of loadings x, z and x independent standard normal.

    book         the positions
    sd           contracts a row, or one for all: each row's own deviation
    share        instead of sd: the deviation of a row is this part of its |position|
    correlation  0 to 1, of sd or share of any two rows of one right: that part of the variance is common to all calls,
                 and to all puts
    loadings     columns of contracts a row, one a factor that rows share: a sequence of arrays, or an array of rows by
                 factors
    """

    __slots__ = ("book",)
    _free = "gex_uncertainty_free"

    def __init__(self, book: Book, sd: Any = None, share: float = 0.0, correlation: float = 0.0, loadings: Any = None):
        self.book = expect(book, Book)
        struct = options(_api.gex_uncertainty_options, lib.gex_uncertainty_options_init)
        struct.share, struct.correlation = share, correlation
        keep: list[Any] = []
        if sd is not None:
            keep.append(_per_row(book.chain, struct.sd, "sd", sd))
        if loadings is not None:
            columns = list(loadings.T) if isinstance(loadings, np.ndarray) and loadings.ndim == 2 else list(loadings)
            table = (_api.gex_f64 * max(1, len(columns)))()
            keep += [_per_row(book.chain, table[f], f"loadings of factor {f}", column)
                     for f, column in enumerate(columns)]
            struct.factor_count, struct.loadings = len(columns), C.addressof(table)
            keep.append(table)
        self._create(lib.gex_uncertainty_create, None, book, C.byref(struct))
        del keep

    @property
    def sd(self) -> np.ndarray:
        """Per row, its own deviation, contracts: what is common to many rows is in `loadings`."""
        return lend(self, lib.gex_uncertainty_sd(self), len(self.book.chain), "f8")

    @property
    def loadings(self) -> list[np.ndarray]:
        """Per factor, contracts a row; those of calls and of puts, where there is a correlation, come last."""
        return [lend(self, lib.gex_uncertainty_loading(self, f), len(self.book.chain), "f8")
                for f in range(lib.gex_uncertainty_factors(self))]

    @property
    def share(self) -> float:
        """As chosen."""
        return lib.gex_uncertainty_share(self)

    @property
    def correlation(self) -> float:
        """As chosen."""
        return lib.gex_uncertainty_correlation(self)

    @property
    def refused(self) -> int:
        """Rows whose sd or loading is no number: taken as certain."""
        return lib.gex_uncertainty_refused(self)

    def __repr__(self) -> str:
        return (f"<gex.Uncertainty of {self.book.source}: share {self.share:g}, correlation {self.correlation:g}, "
                f"{lib.gex_uncertainty_factors(self)} factors>")


class Bands(Tabled, Object):
    """Values that are jointly normal, since positions are: mean, sd, the probability of each sign.

    keys  of exposure_bands() by a grouping, as Grouping.keys; of forced_bands() names of stretches; otherwise ()
    """

    __slots__ = ("market", "uncertainty", "keys")
    _free = "gex_bands_free"

    def __init__(self, market: Market, uncertainty: Uncertainty, function: Any, *arguments: Any):
        self.market, self.uncertainty, self.keys = market, uncertainty, ()
        self._create(function, None, *arguments)

    @property
    def unit(self) -> str:
        """Name of the unit; 'shares' of a flow."""
        unit = lib.gex_bands_unit(self)
        return lib.gex_unit_name(unit).decode() if unit else "shares"

    @property
    def label(self) -> str:
        """The unit in words."""
        unit = lib.gex_bands_unit(self)
        return lib.gex_unit_label(unit).decode() if unit else "shares, + = dealers BUY"

    @property
    def mean(self) -> np.ndarray:
        """The values of the book itself."""
        return lend_counted(self, lib.gex_bands_mean, self)

    @property
    def sd(self) -> np.ndarray:
        """One standard deviation of each value."""
        return lend_counted(self, lib.gex_bands_sd, self)

    @property
    def gross(self) -> np.ndarray:
        """Sum of absolute values over rows, of the book itself."""
        return lend_counted(self, lib.gex_bands_gross, self)

    @property
    def above(self) -> np.ndarray:
        """Probability of a value above zero."""
        return lend_counted(self, lib.gex_bands_above, self)

    @property
    def below(self) -> np.ndarray:
        """Probability of a value below zero."""
        return lend_counted(self, lib.gex_bands_below, self)

    @property
    def spot(self) -> np.ndarray:
        """Price of each state; empty for an exposure."""
        return lend_counted(self, lib.gex_bands_spot, self)

    @property
    def as_of(self) -> np.ndarray:
        """Instant of each state (UTC); empty for an exposure."""
        return lend_counted(self, lib.gex_bands_as_of, self, kind="M8[ns]")

    def quantile(self, probability: float) -> np.ndarray:
        """Of each value, what it lies below with a probability above 0 and below 1."""
        return np.array([lib.gex_bands_quantile(self, i, probability) for i in range(len(self))])

    @property
    def covariance(self) -> np.ndarray:
        """Of each pair; NaN between states where it was not asked for."""
        count = range(len(self))
        return np.array([[lib.gex_bands_covariance(self, i, j) for j in count] for i in count]).reshape(len(self), -1)

    def flips(self, samples: int = 4096, seed: int = 0) -> FlipBands:
        """Flips of sampled books; of bands of one instant, prices ascending."""
        return FlipBands(self, samples, seed)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.mean, dtype) if copy or dtype not in (None, np.dtype("f8")) else self.mean

    def to_arrow(self) -> ArrowTable:
        """A row a value, with its state where it has one, as a table."""
        return ArrowTable(self, lib.gex_bands_to_arrow)

    def __len__(self) -> int:
        return len(self.mean)

    def __repr__(self) -> str:
        values = ", ".join(f"{mean:.6g} +- {sd:.3g}" for mean, sd in zip(self.mean[:3], self.sd[:3]))
        return f"<bands of {self.unit}, {len(self)} values: {values}{', ...' if len(self) > 3 else ''}>"


class FlipBands(Tabled, Object):
    """Flips of sampled books: per sample the nearest to spot, the nearest below it and above it; NaN where none."""

    __slots__ = ("bands",)
    _free = "gex_flip_bands_free"

    def __init__(self, bands: Bands, samples: int = 4096, seed: int = 0):
        self.bands = expect(bands, Bands)
        struct = options(_api.gex_flip_bands_options, lib.gex_flip_bands_options_init)
        struct.samples, struct.seed = samples, seed
        self._create(lib.gex_flip_bands_compute, None, bands, C.byref(struct))

    def __getitem__(self, name: str) -> np.ndarray:
        """'nearest', 'below', 'above': a price a sample."""
        return lend_counted(self, lib.gex_flip_bands_samples, self, _flip(name))

    @property
    def nearest(self) -> np.ndarray:
        return self["nearest"]

    @property
    def below(self) -> np.ndarray:
        return self["below"]

    @property
    def above(self) -> np.ndarray:
        return self["above"]

    @property
    def shares(self) -> dict[str, float]:
        """Share of samples by what the search came to: FOUND, NONE_POSITIVE, NONE_NEGATIVE, AT_EDGE, NONE_ZERO."""
        return {lib.gex_roots_text(status).decode(): lib.gex_flip_bands_share(self, status)
                for status in range(_api.GEX_ROOTS_FOUND, _api.GEX_ROOTS_NONE_ZERO + 1)}

    def found(self, flip: str = "nearest") -> float:
        """Share of samples that have such a flip."""
        return lib.gex_flip_bands_found(self, _flip(flip))

    def quantile(self, probability: Any, flip: str = "nearest") -> Any:
        """Among the samples that have it."""
        which = _flip(flip)
        return np.vectorize(lambda p: lib.gex_flip_bands_quantile(self, which, float(p)), otypes=[float])(
            probability)[()]

    def to_arrow(self) -> ArrowTable:
        """A row a sample, as a table."""
        return ArrowTable(self, lib.gex_flip_bands_to_arrow)

    def __len__(self) -> int:
        return len(self.nearest)

    def __repr__(self) -> str:
        low, middle, high = self.quantile([0.05, 0.5, 0.95])
        return (f"<{len(self)} sampled flips: {self.found():.1%} have one; of those 90 % from {low:.6g} to {high:.6g}, "
                f"median {middle:.6g}>")


def _flip(name: str) -> int:
    return choose("flip", name, lib.gex_flip_find, FLIP_BANDS)


def bands(market: Market, uncertainty: Uncertainty, spot: Any = None, as_of: Any = None, unit: str = "GEX_USD_PCT",
          greek: str | None = None, low: float = 0.8, high: float = 1.2, points: int = 201, covariance: bool = True,
          adv: float | None = None, future_price: float | None = None, future_multiplier: float | None = None,
          beta: float = 0.0) -> Bands:
    """An exposure of an uncertain book, repriced in every state of a profile or a path.

    spot, as_of        states: prices and instants, one for all or one a state, instants ascending. Without spot a
                       profile: `points` prices from low to high, fractions of spot
    covariance         kept for every pair, which flips and paths are sampled from; 4096 states at most
    """
    struct = scaled(options(_api.gex_bands_options, lib.gex_bands_options_init), adv, future_price, future_multiplier,
                    beta)
    struct.unit, struct.low, struct.high, struct.points = find_unit(unit, greek), low, high, points
    struct.covariance = bool(covariance)
    columns = {}
    if spot is not None:
        columns["spot"] = reals("spot", spot)
    if as_of is not None:
        columns["as_of"] = instants("as_of", as_of)
    for name, array in columns.items():
        put(getattr(struct, name), array)
    if "spot" in columns:
        struct.points = count_rows(columns)
    elif "as_of" in columns and count_rows(columns) not in (1, points):
        raise refuse(f"as_of has shape {columns['as_of'].shape}, the profile {points} points")
    return Bands(expect(market, Market), expect(uncertainty, Uncertainty), lib.gex_bands_of_states, market,
                 uncertainty, C.byref(struct))


def exposure_bands(market: Market, uncertainty: Uncertainty, by: str | None = None, second: str | None = None,
                   edges: Sequence[float] | Mapping[str, Sequence[float]] | None = None, unit: str = "GEX_USD_PCT",
                   greek: str | None = None, adv: float | None = None, future_price: float | None = None,
                   future_multiplier: float | None = None, beta: float = 0.0) -> Bands:
    """The exposure of an uncertain book: its total, one value, or one a cell of a grouping.

    by, second, edges  as first, second and edges of group(); `keys` of the result are its cells
    """
    numbers = adv, future_price, future_multiplier, beta
    struct = scaled(options(_api.gex_exposure_options, lib.gex_exposure_options_init), *numbers)
    struct.unit = find_unit(unit, greek)
    greeks, held = expect(market, Market).greeks, expect(uncertainty, Uncertainty).book
    if by is None:
        return Bands(market, uncertainty, lib.gex_bands_of_exposure, greeks, uncertainty, C.byref(struct), None)
    _, cells, keep = grouping_options(by, second, edges)
    made = Bands(market, uncertainty, lib.gex_bands_of_exposure, greeks, uncertainty, C.byref(struct), C.byref(cells))
    made.keys = Grouping(exposure(market, held, greek, unit, None, *numbers), by, second, edges).keys
    del keep
    return made


def flow_bands(market: Market, uncertainty: Uncertainty, spot: Any = None, as_of: Any = None, vol: Any = None) -> Bands:
    """Hedge flow of an uncertain book, shares, + = dealers BUY; scenarios as for flow()."""
    struct, keep = scenarios(spot, as_of, vol)
    made = Bands(expect(market, Market), expect(uncertainty, Uncertainty), lib.gex_bands_of_flow, market, uncertainty,
                 C.byref(struct))
    del keep
    return made


def forced_bands(market: Market, uncertainty: Uncertainty, spot_pct: float = 0.0) -> Bands:
    """Flows of named stretches of time of an uncertain book, shares, + = dealers BUY.

    The stretches are `keys` of the result.

    spot_pct  as in forced(): percent of spot by which a stretch ends above where it began
    """
    struct = options(_api.gex_forced_options, lib.gex_forced_options_init)
    struct.spot_pct = spot_pct
    made = Bands(expect(market, Market), expect(uncertainty, Uncertainty), lib.gex_bands_of_forced, market, uncertainty,
                 C.byref(struct))
    made.keys = tuple(STRETCHES)
    return made
