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


def test_its_gross(market, book):
    field = gex.field(market, book, ["GEX_USD_PCT", "flow"], prices=[SPOT], instants=[AS_OF, AS_OF + HOUR], gross=True)
    exposure = gex.exposure(market, book, unit="GEX_USD_PCT", by=None)
    assert field.gross("GEX_USD_PCT")[0, 0] == pytest.approx(exposure.gross, rel=1e-12)
    lines = gex.flow(market, book, spot=[SPOT], as_of=[AS_OF + HOUR]).lines(0)
    assert field.gross("flow")[1, 0] == pytest.approx(np.nansum(np.abs(lines[0])), rel=1e-9)
    with pytest.raises(KeyError):
        field.gross("DEX_USD")
    with pytest.raises(KeyError):
        gex.field(market, book).gross("flow")


def test_into_arrays(market, book):
    field = gex.field(market, book, ["flow", "VEX_USD_VOLPT"], points=5, steps=4, gross=True)
    wide = np.zeros((4, 10))
    out = {"flow": np.empty((4, 5)), "VEX_USD_VOLPT": wide[:, ::2], "flow_gross": np.empty((4, 5)),
           "VEX_USD_VOLPT_gross": np.empty((4, 5))}
    assert gex.field_into(market, book, out, points=5, steps=4) is out
    for name in field.keys():
        assert (out[name] == field[name]).all() and (out[f"{name}_gross"] == field.gross(name)).all()
    assert not wide[:, 1::2].any()
    alone = {"flow": np.empty((4, 5))}
    assert (gex.field_into(market, book, alone, points=5, steps=4)["flow"] == field["flow"]).all()
    for bad in ({"flow": np.empty((4, 4))}, {"flow": np.empty((4, 5), np.float32)}, {"flown": np.empty((4, 5))}, {},
                {"flow": np.empty((4, 5)), "DEX_USD_gross": np.empty((4, 5))}):
        with pytest.raises(gex.InputError):
            gex.field_into(market, book, bad, points=5, steps=4)


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
        gex.field(market, book, until="given")
    with pytest.raises(gex.InputError, match="is not one of"):
        gex.field(market, book, "flows")
    with pytest.raises(gex.InputError):
        gex.field(market, book, prices=[5000, 4000])


def test_crossings_are_the_flips_of_the_worked_chain(market, book):
    field = gex.field(market, book, ("GEX_USD_PCT", "flow"), low=0.8, high=1.2,
                      points=401, instants=[AS_OF, AS_OF + 2 * HOUR])
    crossings = field.crossings("GEX_USD_PCT")
    near = crossings.prices[abs(crossings.prices - SPOT) < 50]
    np.testing.assert_allclose(near, [5000.1345, 4998.6853], atol=5e-5)
    assert set(crossings.directions) <= {-1, 1} and crossings.instants[0] == field.instants[0]
    zero = field.crossings("flow")
    flow = gex.flow(market, book, spot=zero.prices, as_of=zero.instants)
    np.testing.assert_allclose(flow.exact, 0, atol=1e-2)


def test_zero_flow(market, book):
    for until, unwound in (("close", False), (AS_OF + HOUR, False), ("2024-06-03T17:00:00-04:00", True)):
        found = gex.zero_flow(market, book, until, unwound=unwound)
        assert found.status == "FOUND" and found.unit == "flow" and "flow" in repr(found)
        when = gex.until(market, "close") if until == "close" else gex.instant(until)
        flow = gex.flow(market, book, spot=found.prices, as_of=np.full(len(found), when))
        if unwound:
            np.testing.assert_allclose(flow.exact + flow.unwind, 0, atol=1e-2)
        elif until != "close":  # there a root may be a jump on a strike that settles
            np.testing.assert_allclose(flow.exact, 0, atol=1e-2)
    with pytest.raises(gex.InputError, match="is not one of"):
        gex.zero_flow(market, book, "dusk")
    with pytest.raises(gex.InputError):
        gex.zero_flow(market, book, AS_OF - 1)
    now = gex.zero_flow(market, gex.Book(market.chain, "DEALER_ALL_LONG"), AS_OF, low=0.99, high=1.01)
    assert abs(now.prices - SPOT).min() < 1e-9


def test_zero_flow_of_a_map(market, book):
    close, made = gex.zero_flow(market, book), gex.map(market, book)
    assert [root.price for root in made.zero_flow] == [root.price for root in close] and made.zero_flow.unit == "flow"
    assert "Zero flow" in made.page() and gex.map(market, book, zero_flow=None).zero_flow is None
    entries = gex.robustness(market, book, zero_flow="close")
    assert entries.base.zero_flow == close.nearest.price
    assert np.isnan(gex.robustness(market, book, left_out=["sign", "clock"]).base.zero_flow)
    with pytest.raises(gex.InputError):
        gex.map(market, book, zero_flow=AS_OF - HOUR)


def test_impulse(market, book):
    points = -1.5
    total = gex.exposure(market, book, unit="IMPULSE", by=None, beta=points).total
    gamma = gex.exposure(market, book, unit="GEX_USD_PCT", by=None).total
    vanna = gex.exposure(market, book, unit="VEX_USD_VOLPT", by=None).total
    np.testing.assert_allclose(total, gamma + points * vanna, rtol=1e-14)
    found = gex.flips(market, book, unit="IMPULSE", beta=points)
    assert found.status == "FOUND"
    for flip in found:  # the market moved to a root has no impulse
        there = market.shift(spot=flip.price)
        left = gex.exposure(there, book, unit="IMPULSE", by=None, beta=points)
        assert abs(left.total) < 1e-8 * left.gross
    assert gex.unit_label("IMPULSE").startswith("USD per 1 %")


def test_cliffs(market, book):
    cliffs = gex.cliffs(market, book)
    assert list(cliffs.rows) == [4, 5] and len(cliffs) == 2
    assert cliffs.settlements[0] == gex.until(market, "close")
    later = gex.field(market, book, "GEX_USD_PCT", prices=[SPOT], instants=[AS_OF + 2 * HOUR])
    np.testing.assert_allclose(cliffs.before[0], later["GEX_USD_PCT"][0, 0], rtol=1e-12)
    assert cliffs.after[1] == 0


def test_forced_flows_of_the_worked_chain(market, book):
    forced = gex.forced(market, book, adv=8e6)
    assert abs(forced["to_close"]["shares"] - 184689.6) < 0.05
    assert forced["overnight"]["unwind"] == 850000
    assert np.isnan(forced["overnight"]["futures"])
    assert forced["to_close"]["adv_pct"] == pytest.approx(2.30862, abs=1e-5)
    assert "next_session" in repr(forced)
    with pytest.raises(gex.InputError):
        forced["tomorrow"]


def test_rows_of_a_flow_add_up(market, book):
    flow = gex.flow(market, book, spot=[4950.0, 5100.0], as_of=AS_OF + 4 * HOUR)
    for scenario in range(2):
        rows, unwind = flow.lines(scenario)
        assert len(rows) == 9
        np.testing.assert_allclose(rows.sum(), flow.exact[scenario], rtol=1e-12)
        np.testing.assert_allclose(unwind.sum(), flow.unwind[scenario], rtol=1e-12)
