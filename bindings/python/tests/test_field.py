# SPDX-License-Identifier: Apache-2.0
"""Fields from Python: arrays of the right shape, the numbers of flows and profiles, choices by name."""
import numpy as np
import pytest

import gex
from worked import AS_OF, HOUR, SPOT


@pytest.fixture
def book(chain):
    return gex.Book(chain, "NAIVE_CALL_LONG")


def test_a_field_holds_what_was_asked_for(market, book):
    field = gex.field(market, book, ["flow", "GEX_USD_PCT", "unwind"], points=5, steps=4)
    assert field.keys() == ["flow", "GEX_USD_PCT", "unwind"]
    np.testing.assert_allclose(field.prices, SPOT * np.array([0.95, 0.975, 1, 1.025, 1.05]))
    np.testing.assert_allclose(field.hours, [0, 1, 2, 3])
    assert field.instants.dtype == "M8[ns]" and field["flow"].shape == (4, 5)
    assert list(field.live) == [9, 9, 9, 9]
    assert "4 instants" in repr(field) and field.label("flow") == "shares to buy since now"
    with pytest.raises(KeyError):
        field["DEX_USD"]
    with pytest.raises(ValueError):
        field["flow"][0, 0] = 1


def test_its_first_row_is_the_profile(market, book):
    profile = gex.profile(market, book, low=0.9, high=1.1, points=21)
    field = gex.field(market, book, "GEX_USD_PCT", prices=profile.prices, instants=[AS_OF])
    assert (field["GEX_USD_PCT"][0] == profile.values).all()


def test_its_flow_is_that_of_scenarios(market, book):
    prices, when = np.array([4975.0, 5010.0]), AS_OF + HOUR * np.array([0, 1, 3, 4])
    field = gex.field(market, book, ("flow", "unwind"), prices=prices, instants=when)
    for row, instant in enumerate(when):
        flow = gex.flow(market, book, spot=prices, as_of=np.full(2, instant))
        np.testing.assert_allclose(field["flow"][row], flow.exact, rtol=1e-9, atol=1e-6)
        np.testing.assert_array_equal(field["unwind"][row], flow.unwind)


def test_parts_add_up(market, book):
    whole, today, later = (gex.field(market, book, "DEX_SHARES", part=part, until="next_close")["DEX_SHARES"]
                           for part in ("all", "zero_dte", "later"))
    np.testing.assert_allclose(today + later, whole, rtol=1e-12, atol=1e-6)
    assert (today[-1] == 0).all() and (today[0] != 0).any()


def test_ends_have_names(market, book):
    assert gex.until(market, "close") == np.datetime64("2024-06-03T20:00:00", "ns")
    assert gex.until(market, "next_open") == np.datetime64("2024-06-04T13:30:00", "ns")
    field = gex.field(market, book, until="2024-06-03T15:00:00-04:00", steps=2)
    assert field.hours[-1] == 2
    with pytest.raises(gex.InputError, match="is not one of"):
        gex.field(market, book, until="dusk")
    with pytest.raises(gex.InputError, match="is not one of"):
        gex.field(market, book, "flows")
    with pytest.raises(gex.InputError):
        gex.field(market, book, prices=[5000, 4000])
