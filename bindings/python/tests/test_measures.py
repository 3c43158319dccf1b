# SPDX-License-Identifier: Apache-2.0
"""Measures, walls by rank, bands and expected moves beside numpy."""
import math

import numpy as np
import pytest

import gex
from worked import MILLION


def test_measures_of_the_worked_chain(market, naive, inventory):
    e = gex.Exposure(market, naive)
    assert gex.measure(e, "nge") / MILLION == pytest.approx(-1.788876, abs=6e-7)
    assert gex.measure(e, "gamma_imbalance", adv=8e6) == pytest.approx(-0.223609, abs=6e-7)
    assert gex.measure(e, "cp_ratio") == pytest.approx(0.991810252, abs=6e-10)
    net = np.abs(e.by("strike").values)
    assert gex.measure(e, "herfindahl") == pytest.approx(((net / net.sum()) ** 2).sum(), rel=1e-13)
    assert gex.measure(e, "top_share", top=3) == pytest.approx(np.sort(net)[-3:].sum() / net.sum(), rel=1e-13)
    assert gex.measure_label("nge") == "USD per 1.00 of spot" and len(gex.MEASURES) == 17
    with pytest.raises(gex.InputError, match="shares_outstanding"):
        gex.measure(gex.Exposure(market, inventory), "net_gamma")
    with pytest.raises(gex.InputError, match="not one of"):
        gex.measure(e, "vibes")


def test_walls_by_rank_and_bands(market, naive):
    e = gex.Exposure(market, naive)
    by = e.by("strike")
    order = [float(by.keys[i]) for i in np.argsort(-by.values, kind="stable") if by.values[i] > 0]
    assert [gex.wall(e, "call_wall_net", rank)[0] for rank in range(len(order))] == order == [5025, 5200, 5000]
    assert math.isnan(gex.wall(e, "call_wall_net", 3)[0])
    assert gex.wall(e, "call_wall_net_above", spot=5100)[0] == 5200
    frozen = gex.Exposure(market.shift(spot=5150), naive)
    assert gex.wall(frozen, "call_wall_above", spot=5000)[0] == 5200 != gex.walls(market, naive)["call_wall_above"]
    low, high = gex.concentration_band(e, 0.6)
    assert np.abs(by.values[(by.keys >= low) & (by.keys <= high)]).sum() >= 0.6 * np.abs(by.values).sum()


def test_peaks_of_a_profile(market, naive):
    profile = gex.profile(market, naive)
    assert profile.peak("up") == (profile.prices[profile.values.argmax()], profile.values.max())
    assert profile.peak("down") == (profile.prices[profile.values.argmin()], profile.values.min())
    with pytest.raises(gex.InputError):
        profile.peak("sideways")


def test_expected_moves(market):
    vol = (0.160 + 0.165) / 2  # calls and puts of 5000, which is nearest the forward
    assert gex.expected_move(market) == pytest.approx(5000 * vol * math.sqrt(3 / 8760), rel=1e-12)
    assert gex.expected_move(market, 0, "mad") == pytest.approx(gex.expected_move(market) * math.sqrt(2 / math.pi))
    assert gex.expected_move(market, 0, "model_straddle") == pytest.approx(11.996925, abs=6e-7)
    assert gex.expected_move(market, 0, "1d_252") == pytest.approx(5000 * vol / math.sqrt(252))
    assert math.isnan(gex.expected_move(market, 0, "straddle"))  # no quotes
    expiry = market.chain.expiries[1]
    assert gex.expected_move(market, expiry) == gex.expected_move(market, 1)
    with pytest.raises(gex.InputError, match="not one of chain.expiries"):
        gex.expected_move(market, expiry + np.timedelta64(1, "ns"))
    with pytest.raises(gex.InputError):
        gex.expected_move(market, 2)


def test_prices_of_a_profile_may_be_even_in_the_logarithm(market, naive):
    profile = gex.profile(market, naive, low=0.5, high=2, points=5, spacing="log")
    assert profile.prices / market.spot == pytest.approx([0.5, math.sqrt(0.5), 1, math.sqrt(2), 2], rel=1e-14)
    even = gex.profile(market, naive, low=0.5, high=2, points=4)
    assert profile.values[::2] == pytest.approx(even.values[[0, 1, 3]], rel=1e-9)
