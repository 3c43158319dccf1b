# SPDX-License-Identifier: Apache-2.0
"""Pictures: what is drawn is what was computed, and axes say their units. Skipped where matplotlib is not installed."""
import numpy as np
import pytest

import gex
from worked import SPOT

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture
def book(chain):
    return gex.Book(chain, "NAIVE_CALL_LONG")


def texts(axes):
    return " ".join([axes.get_xlabel(), axes.get_ylabel(),
                     *(text.get_text() for text in axes.get_legend().get_texts())])


def test_profile(market, book):
    axes = gex.plot.profile(market, book, low=0.95, high=1.05)
    made = gex.profile(market, book, low=0.95, high=1.05)
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), made.values)
    assert "USD per 1 % of spot" in texts(axes) and "5,000.13 up" in texts(axes)


def test_by_strike(market, book):
    axes = gex.plot.by_strike(market, book)
    made = gex.exposure(market, book, unit="GEX_USD_PCT", by="strike")
    np.testing.assert_allclose([bar.get_height() for bar in axes.patches], made.values)
    assert "strike" in texts(axes) and f"spot {SPOT:,.2f}" in texts(axes)


def test_field_and_flips(market, book):
    made = gex.field(market, book, ("flow", "GEX_USD_PCT"), points=21, steps=4)
    axes = gex.plot.field(made, "GEX_USD_PCT")
    np.testing.assert_array_equal(np.asarray(axes.collections[0].get_array()).ravel(), made["GEX_USD_PCT"].T.ravel())
    assert "New York" in texts(axes) and gex.plot.field(made) is not axes
    axes = gex.plot.flip_by_horizon(market, book, until="close", steps=4)
    drawn = np.concatenate([line.get_ydata() for line in axes.lines[:2]])
    assert any(abs(drawn - 5000.1345) < 1e-4) and "GEX_USD_PCT is zero" in texts(axes)
