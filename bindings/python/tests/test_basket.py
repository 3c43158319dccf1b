# SPDX-License-Identifier: Apache-2.0
"""Baskets from Python: lines by name, arrays, refusals. Numbers are proved in tests/suite_basket.c and tests/oracle."""
import math

import numpy as np
import pytest

import gex

MONTH = 30 * 86400 * 10**9


def fund_of(chain, market):
    """The worked chain in tenths."""
    small = gex.Chain(root="SPXW", settlement=chain.settlement, strike=chain.strike / 10, right=chain.right,
                      vol=chain.vol, open_interest=chain.open_interest)
    return small, gex.Market(small, as_of=market.as_of, spot=market.spot / 10, clock="CAL_365", vol="given",
                             forward="rate", rate=market.rate, carry_yield=market.carry_yield, exercise="european")


@pytest.fixture
def members(market, naive):
    chain, fund = fund_of(market.chain, market)
    return [gex.Member(market, naive, "index", role="index"),
            gex.Member(fund, gex.Book(chain, "NAIVE_CALL_LONG"), "fund", "basis", 0.1),
            gex.Member(fund, gex.Book(chain, "DEALER_ALL_LONG"), "name", "beta", 1.3, 1.08, 0.02, "constituent", 0.6),
            gex.Member(fund, gex.Book(chain, "DEALER_ALL_LONG"), "other", "beta", 0.7, role="constituent", weight=0.4)]


@pytest.fixture
def basket(members):
    return gex.basket(members, spot=5000.0)


def test_links(basket):
    assert len(basket) == 4 and basket.names == ["index", "fund", "name", "other"] and basket.spot == 5000
    assert basket.slope == pytest.approx([1, 0.1, 0.13, 0.07]) and basket.beta == pytest.approx([1, 1, 1.3, 0.7])
    assert basket.ratio == pytest.approx([1, 0.1, 0.1, 0.1]) and basket.basis == pytest.approx([0, -4500, -4500, -4500])
    assert basket.price("name", 5100) == pytest.approx(513) and basket.reference("fund", 495) == pytest.approx(4950)
    assert basket.as_of == np.datetime64(basket.members[0].market.as_of, "ns")
    assert "fund" in repr(basket)


def test_exposure_and_its_lines(basket, market, naive):
    made = basket.exposure("USD_PCT", greek="gamma")
    assert made.unit == "GEX_USD_PCT" and len(made) == 4
    assert made.total == math.fsum(made.members.values()) == float(made)
    assert made.gross == math.fsum(line.gross for line in made)
    assert made["index"].total == gex.Exposure(market, naive).total
    assert made["fund"].total == pytest.approx(made["index"].total / 10, rel=1e-12)
    assert made["name"].by("strike").values.sum() == pytest.approx(made["name"].total, rel=1e-12)
    assert "index" in repr(made)


def test_profile_flips_and_flow(basket):
    profile = basket.profile(points=41)
    assert profile.members.shape == (4, 41) and profile.moneyness[20] == pytest.approx(1)
    assert [math.fsum(column) for column in profile.members.T] == list(profile.values)
    assert profile.values[20] == pytest.approx(basket.exposure().total, rel=1e-9)
    flips = basket.flips()
    assert flips.status in ("FOUND", "NONE_POSITIVE") and flips.range == (4000, 6000)
    flow = basket.flow(spot=[4900, 5100], vol=0.01)
    assert flow.members.shape == (4, 2) and list(flow.lines(1)) == basket.names
    assert flow.exact[1] == math.fsum(flow.lines(1).values())
    assert flow["usd_at_start"] == pytest.approx(flow.exact * 5000)
    assert "reference" in repr(flow)


def test_combo(basket):
    combo = basket.exposure().combo(25)
    assert len(combo) == len(combo.prices) and set(combo.prices % 25) == {0}
    node = int(np.flatnonzero(combo.prices == 5000)[0])
    assert ("fund", 500.0) in combo.parts(node) and ("index", 5000.0) in combo.parts(node)
    assert combo.values.sum() == pytest.approx(basket.exposure().total, rel=1e-9)
    assert combo.call + combo.put == pytest.approx(combo.values, rel=1e-9, abs=1e-3) and combo.left_out == 0
    assert combo.levels["call_wall_net"] == combo.level("call_wall_net")[0] == combo.prices[combo.values.argmax()]
    assert (combo.gross >= abs(combo.values)).all() and "nodes" in repr(combo)
    with pytest.raises(gex.InputError, match="open interest"):
        combo.level("call_wall_oi")


def test_mapped(market):
    assert gex.level_mapped(4500, "ratio", 4500, 450) == 450
    assert gex.level_mapped(4500, "basis", 4505, 4545) == 4540
    assert gex.parity_basis(market, 1)[1] == 0 and math.isnan(gex.parity_basis(market, 1)[0])  # no quotes
    with pytest.raises(gex.InputError, match="not one of"):
        gex.level_mapped(4500, "magic", 1, 1)


def test_dispersion(basket, market):
    made = basket.dispersion(int(market.as_of) + MONTH)
    assert made.status == "FOUND" and made.correlation == pytest.approx(1, abs=0.1)
    assert made["net_vega"] == pytest.approx(made["index_vega"] + made["names_vega"])
    vols = made.members["vol"]
    assert math.isnan(vols[1]) and vols[0] == pytest.approx(0.151, abs=1e-3)
    given = basket.dispersion(int(market.as_of) + MONTH, vols=[0.15, np.nan, 0.3, 0.2])
    a, b = 0.6 * 0.3, 0.4 * 0.2
    assert given.correlation == pytest.approx((0.15**2 - a * a - b * b) / (2 * a * b), rel=1e-13)
    assert dict(given)["weight"] == 1 and set(gex.DISPERSION_VALUES) == set(given)
    assert set(gex.DISPERSION_MEMBER_VALUES) == set(given.members) and "correlation" in repr(given)
    with pytest.raises(gex.InputError, match="shape"):
        basket.dispersion(int(market.as_of) + MONTH, vols=[0.1, 0.2])


def test_wrong_members_are_refused(members):
    with pytest.raises(gex.InputError, match="at least one"):
        gex.basket([], 5000)
    with pytest.raises(gex.InputError, match="link"):
        gex.basket([members[0]._replace(link="magic")], 5000)
    with pytest.raises(gex.InputError, match="factor"):
        gex.basket([members[0]._replace(factor=0.1)], 5000)
    with pytest.raises(TypeError):
        gex.basket([("market", "book")], 5000)
    with pytest.raises(gex.InputError, match="is not one of"):
        gex.basket(members, 5000).price("nobody", 5000)
    with pytest.raises(IndexError):
        gex.basket(members, 5000).exposure()[4]
    with pytest.raises(gex.InputError, match="same chain"):
        gex.basket([gex.Member(members[0].market, members[1].book)], 5000)
