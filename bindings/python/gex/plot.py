# SPDX-License-Identifier: Apache-2.0
"""Pictures with matplotlib, which is asked for only when one is drawn: units on every axis, spot and flips marked.

    gex.plot.profile(market, book)
    gex.plot.by_strike(market, book)
    gex.plot.field(gex.field(market, book, until="next_close"), "GEX_USD_PCT")
    gex.plot.flip_by_horizon(market, book)

Each draws on `axes`, or on axes of its own, and returns them.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ._book import Book
from ._exposure import exposure
from ._field import Field
from ._field import field as field_of
from ._market import Market
from ._profile import flips as flips_of
from ._profile import profile as profile_of

INK, LONG, SHORT, FLIP = "#22262b", "#1d6fb8", "#d9622b", "#7c3aed"  # blue and orange differ for every kind of sight


def _axes(axes: Any) -> Any:
    if axes is not None:
        return axes
    try:
        from matplotlib import pyplot
    except ImportError as missing:
        raise ImportError("gex.plot draws with matplotlib, which is not installed: pip install matplotlib") from missing
    return pyplot.subplots(figsize=(10, 5))[1]


def _new_york(instants: np.ndarray) -> np.ndarray:
    """Hours on the clock of New York are what a reader looks for; matplotlib takes them as naive instants."""
    from ._instants import format_instant
    return np.array([np.datetime64(format_instant(int(when))[:19]) for when in instants.astype("i8")])


def profile(market: Market, book: Book, unit: str = "GEX_USD_PCT", axes: Any = None, **chosen: Any) -> Any:
    """An exposure over spot, with spot and the roots that are not negligible; `chosen` as for gex.profile()."""
    made, roots = profile_of(market, book, unit, **chosen), flips_of(market, book, unit)
    axes = _axes(axes)
    axes.fill_between(made.prices, made.values, where=made.values > 0, color=LONG, alpha=0.25, linewidth=0)
    axes.fill_between(made.prices, made.values, where=made.values < 0, color=SHORT, alpha=0.25, linewidth=0)
    axes.plot(made.prices, made.values, color=INK)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(market.spot, color=INK, label=f"spot {market.spot:,.2f}")
    for root in roots:
        if root.status == "FOUND" and made.prices[0] <= root.price <= made.prices[-1]:
            axes.axvline(root.price, color=FLIP, linestyle="--", label=f"{root.price:,.2f} {root.direction}")
    axes.set(xlabel="price of the underlying", ylabel=f"{made.unit}, {made.label}", title=book.source)
    axes.legend()
    return axes


def by_strike(market: Market, book: Book, unit: str = "GEX_USD_PCT", axes: Any = None) -> Any:
    """An exposure by strike, at spot."""
    made = exposure(market, book, unit=unit, by="strike")
    axes = _axes(axes)
    values, strikes = np.asarray(made.values), np.asarray(made.keys)
    width = 0.8 * np.min(np.diff(strikes)) if len(strikes) > 1 else 1.0
    axes.bar(strikes, values, width=width, color=np.where(values > 0, LONG, SHORT))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(market.spot, color=INK, label=f"spot {market.spot:,.2f}")
    axes.set(xlabel="strike", ylabel=f"{made.unit}, {made.label}", title=book.source)
    axes.legend()
    return axes


def field(made: Field, quantity: str | None = None, axes: Any = None) -> Any:
    """One quantity of a field, the first unless named, over New York time and price, with where it changes sign."""
    quantity = quantity or made.keys()[0]
    values, when, axes = made[quantity], _new_york(made.instants), _axes(axes)
    largest = np.nanmax(np.abs(values)) or 1.0
    mesh = axes.pcolormesh(when, made.prices, values.T, cmap="PuOr", vmin=-largest, vmax=largest, shading="nearest")
    axes.figure.colorbar(mesh, ax=axes, label=f"{quantity}, {made.label(quantity)}")
    if quantity != "unwind":
        crossings = made.crossings(quantity)
        axes.plot(_new_york(crossings.instants), crossings.prices, ".", color=INK, label="changes sign")
    axes.axhline(made.market.spot, color=INK, linestyle=":", label=f"spot {made.market.spot:,.2f}")
    axes.set(xlabel="New York time", ylabel="price of the underlying", title=made.book.source)
    axes.legend()
    return axes


def flip_by_horizon(market: Market, book: Book, unit: str = "GEX_USD_PCT", until: Any = "next_close", steps: int = 28,
                    axes: Any = None) -> Any:
    """The prices at which an exposure changes sign, through time; the range as for gex.field()."""
    made = field_of(market, book, unit, low=0.9, high=1.1, points=201, until=until, steps=steps)
    crossings, axes = made.crossings(unit), _axes(axes)
    for direction, colour, words in ((1, LONG, "up: short below, long above"),
                                     (-1, SHORT, "down: long below, short above")):
        here = crossings.directions == direction
        axes.plot(_new_york(crossings.instants[here]), crossings.prices[here], ".", color=colour, label=words)
    axes.axhline(market.spot, color=INK, linestyle=":", label=f"spot {market.spot:,.2f}")
    axes.set(xlabel="New York time", ylabel=f"price where {unit} is zero", title=book.source)
    axes.legend()
    return axes
