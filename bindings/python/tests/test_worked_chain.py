# SPDX-License-Identifier: Apache-2.0
"""The worked chain of docs/conventions.md, digit for digit as printed there: a tolerance is half the last digit."""
import math

import numpy as np
import pytest

import worked
import gex
from worked import AS_OF, HOUR, INVENTORY, MILLION


def near(got, printed, digits):
    assert abs(got - printed) <= 0.5000001 * 10.0 ** -digits, f"{got!r} is not {printed}"


GREEKS = [  # delta, gamma, vanna, charm a year
    (0.50183422, 0.0269466617, -0.00409506, -2.674669), (0.03656416, 0.0057703233, 0.95828675, -210.643317),
    (-0.06561908, 0.0076690432, -1.06860458, 279.793110), (-0.49818062, 0.0261301020, -0.00363031, -2.659498),
    (0.52857413, 0.0018484598, -0.07976231, -0.169888), (0.15498382, 0.0013292904, 2.00157414, -1.699470),
    (-0.47051388, 0.0018241902, -0.07618986, -0.181932), (-0.20079032, 0.0010577580, -1.19025403, 1.194124),
    (-0.05497073, 0.0003231413, -0.70830260, 0.989783)]
GROSS = [6062.998875, 2885.161627, 3067.617291, 5226.020390, 554.537951, 1329.290399, 820.885579, 1322.197448,
         484.711923]  # $m, GEX_USD_PCT


@pytest.mark.parametrize("row", range(9))
def test_greeks(market, row):
    delta, gamma, vanna, charm = GREEKS[row]
    near(market.greeks["delta"][row], delta, 8)
    near(market.greeks["gamma"][row], gamma, 10)
    near(market.greeks["vanna"][row], vanna, 8)
    near(market.greeks["charm"][row], charm, 6)


def test_greeks_of_arrays_are_those_of_the_market(market):
    out = gex.greeks(worked.SPOT, worked.STRIKE, worked.YEARS, worked.VOL, worked.RIGHT, worked.RATE, worked.CARRY)
    for name in ("delta", "gamma", "vanna", "charm"):
        np.testing.assert_allclose(out[name], market.greeks[name], rtol=1e-13)


def test_gross_by_row(market, chain):
    rows = gex.exposure(market, gex.Book(chain, "DEALER_ALL_LONG"), greek="gamma", unit="USD_PCT", by="row")
    for got, printed in zip(rows.values, GROSS):
        near(got / MILLION, printed, 6)


TOTALS = [  # sign, then $m: GEX_USD_PCT, of it 0DTE, DEX_USD, VEX_USD_VOLPT, CEX_USD_HOUR
    ("NAIVE_CALL_LONG", -89.4438, 654.5228, 22316.1964, 1093.7184, -506.7459),
    ("NAIVE_CALL_SHORT", 89.4438, -654.5228, -22316.1964, -1093.7184, 506.7459),
    ("DEALER_ALL_LONG", 21753.4215, 17241.7982, -4526.1631, -111.3715, 15.0843),
    ("DEALER_ALL_SHORT", -21753.4215, -17241.7982, 4526.1631, 111.3715, -15.0843),
    ("INVENTORY_GIVEN", -2591.1542, -2757.1271, 4255.2595, 390.5277, -154.1278),
    ("customer", 2591.1542, 2757.1271, -4255.2595, -390.5277, 154.1278)]


@pytest.mark.parametrize("sign, gamma, zero_dte, delta, vanna, charm", TOTALS)
def test_totals(market, chain, sign, gamma, zero_dte, delta, vanna, charm):
    if sign == "INVENTORY_GIVEN":
        book = gex.Book(chain, positions=INVENTORY)
    elif sign == "customer":
        book = gex.Book(chain, positions=INVENTORY, customer_view=True)
    else:
        book = gex.Book(chain, sign)
    total = gex.exposure(market, book, greek="gamma", unit="USD_PCT", by=None)
    near(total.total / MILLION, gamma, 4)
    near(total.by("zero_dte")[True] / MILLION, zero_dte, 4)
    near(gex.exposure(market, book, greek="delta", unit="USD", by=None).total / MILLION, delta, 4)
    near(gex.exposure(market, book, unit="VEX_USD_VOLPT", by=None).total / MILLION, vanna, 4)
    near(gex.exposure(market, book, unit="CEX_USD_HOUR", by=None).total / MILLION, charm, 4)


def test_units_and_ratios(market, naive, inventory, chain):
    near(gex.exposure(market, naive, unit="CEX_USD_CALDAY", by=None).total / MILLION, -12161.9014, 4)
    near(gex.exposure(market, inventory, unit="CEX_USD_CALDAY", by=None).total / MILLION, -3699.0664, 4)
    near(gex.exposure(market, naive, unit="GEX_PLUS_USD_PT", by=None, beta=-10).total / MILLION, -39.022373, 6)
    near(gex.exposure(market, inventory, unit="GEX_PLUS_USD_PT", by=None, beta=-10).total / MILLION, -61.438774, 6)
    near(gex.exposure(market, naive, unit="VEX_USD_PT_BETA", by=None, beta=-10).total / MILLION, -37.233498, 6)
    near(gex.exposure(market, naive, unit="GEX_ADV_PCT", by=None, adv=8e6).total, -0.223609, 6)
    near(gex.exposure(market, inventory, unit="GEX_ADV_PCT", by=None, adv=8e6).total, -6.477886, 6)
    by_right = gex.exposure(market, gex.Book(chain, "DEALER_ALL_LONG"), by="right")
    near(by_right[1] / MILLION, 10831.988852, 6)
    near(by_right[-1] / MILLION, 10921.432632, 6)


def test_flips_by_horizon(market, naive, inventory):
    later = gex.flips_by_horizon(market, inventory, [AS_OF, AS_OF + 2 * HOUR])
    near(later.nearest[0], 5009.3645, 4)
    assert [flip.direction for flip in later[1] if flip.status == "FOUND"] == ["down", "up"]
    for flip, printed in zip([flip for flip in later[1] if flip.status == "FOUND"], (4604.2127, 5011.2512)):
        near(flip.price, printed, 4)
    near(gex.flips_by_horizon(market, naive, AS_OF + 2 * HOUR).nearest[0], 4998.6853, 4)
    assert later.instants[1] - later.instants[0] == np.timedelta64(2, "h")
    with pytest.raises(gex.InputError):
        gex.flips_by_horizon(market, naive, AS_OF - 1)


def test_factors_turn_totals(market, inventory):
    numbers = {"adv": 8e6, "future_price": 5000.0, "future_multiplier": 50.0, "beta": -10.0}
    total = {unit: gex.exposure(market, inventory, unit=unit, by=None, **numbers).total for unit in gex.UNITS}
    for unit, to in [("GEX_USD_PCT", "GEX_ADV_PCT"), ("DEX_SHARES", "DEX_FUT"), ("CEX_USD_HOUR", "CEX_SHARES_CALDAY")]:
        assert total[unit] * gex.unit_factor(unit, to, 5000.0, **numbers) == pytest.approx(total[to], rel=1e-13)
    with pytest.raises(gex.InputError, match="no one factor"):
        gex.unit_factor("DAG", "GEX_USD_PCT", 5000.0)


BY_STRIKE = [(4500, -484.7119, 201.9633), (4800, -1322.1974, -528.8790), (4975, -3067.6173, -958.6304),
             (5000, 570.6309, -3168.1244), (5025, 2885.1616, 865.5485), (5200, 1329.2904, 996.9678)]


@pytest.mark.parametrize("strike, of_naive, of_inventory", BY_STRIKE)
def test_by_strike(market, naive, inventory, strike, of_naive, of_inventory):
    near(gex.exposure(market, naive, by="strike")[strike] / MILLION, of_naive, 4)
    near(gex.exposure(market, inventory, by="strike")[strike] / MILLION, of_inventory, 4)


def without_zero_dte():
    return [0.0 if row[0][0] == "A" else 1.0 for row in worked.ROWS]


def only_zero_dte():
    return [1.0 if row[0][0] == "A" else 0.0 for row in worked.ROWS]


def dte_weight():
    return [min(1.0, 365 * years / 5) for years in worked.YEARS]


FLIPS = [  # what, weights, unit, naive, inventory: price and direction, negligible roots left out
    ("all", None, "GEX_USD_PCT", [(5000.1345, "up")], [(4603.9800, "down"), (5009.3645, "up")]),
    ("0DTE only", only_zero_dte, "GEX_USD_PCT", [(4998.9824, "up"), (5282.2820, "down")],
     [(5010.0718, "up"), (5282.9616, "down")]),
    ("without 0DTE", without_zero_dte, "GEX_USD_PCT", [(5053.8515, "up")], [(4603.9800, "down"), (4973.6626, "up")]),
    ("DTE weighted", dte_weight, "GEX_USD_PCT", [(5028.2045, "up")], [(4603.9800, "down"), (4989.6091, "up")]),
    ("beta -10", None, "GEX_PLUS_USD_PT",
     [(4080.0640, "down"), (5002.8689, "up"), (5055.1393, "down"), (5149.7599, "up")],
     [(4065.5296, "up"), (4743.4307, "down"), (5011.0261, "up")]),
    ("vanna", None, "VEX_USD_VOLPT", [(4683.0481, "up"), (5284.5502, "down")],
     [(4360.2464, "down"), (4846.6747, "up"), (5244.8529, "down")]),
    ("delta", None, "DEX_USD", [], [])]


@pytest.mark.parametrize("what, weights, unit, of_naive, of_inventory", FLIPS, ids=[row[0] for row in FLIPS])
def test_flips(market, naive, inventory, what, weights, unit, of_naive, of_inventory):
    for book, printed in ((naive, of_naive), (inventory, of_inventory)):
        if weights is not None:
            book = book.weight(weights(), what)
            assert what in book.source
        found = gex.flips(market, book, unit=unit, beta=-10 if unit == "GEX_PLUS_USD_PT" else 0)
        # the printed 5282 roots of 0DTE alone are where gamma has underflowed: listed, and no level
        wanted = [flip for flip in printed if what != "0DTE only" or flip[0] < 5200]
        levels = [flip for flip in found if flip.status == "FOUND"]
        assert [flip.direction for flip in levels] == [direction for _, direction in wanted]
        for flip, (price, _) in zip(levels, wanted):
            near(flip.price, price, 4)
        for price, direction in printed:
            assert any(abs(flip.price - price) < 6e-5 and flip.direction == direction for flip in found)
        assert (found.status == "FOUND") == bool(levels)
        if levels:
            assert found.nearest == min(levels, key=lambda flip: abs(flip.price - worked.SPOT))
        else:
            assert found.nearest is None and found.status in ("NONE_POSITIVE", "NONE_NEGATIVE")


def test_flips_two_hours_later(chain):
    later = worked.market(chain, as_of=AS_OF + 2 * HOUR)
    near(gex.flips(later, gex.Book(chain, "NAIVE_CALL_LONG")).nearest.price, 4998.6853, 4)
    found = gex.flips(later, gex.Book(chain, positions=INVENTORY))
    near(found[0].price, 4604.2127, 4)
    near(found.nearest.price, 5011.2512, 4)


def test_negligible_root_is_listed_and_no_level(market, naive):
    found = gex.flips(market, naive, unit="GEX_PLUS_USD_PT", beta=-10)
    negligible = [flip for flip in found if flip.status == "NEGLIGIBLE"]
    assert [flip.direction for flip in negligible] == ["down"]
    near(negligible[0].price, 5975.7154, 4)
    assert negligible[0].size < 1e-4


def test_strike_flips(market, naive, inventory):
    of_naive = gex.exposure(market, naive, by=None)
    of_inventory = gex.exposure(market, inventory, by=None)
    got = gex.strike_flips(of_naive, "sign")
    assert len(got) == 1
    near(got[0], 4996.0789, 4)
    assert len(gex.strike_flips(of_naive, "cum")) == 0
    for price, printed in zip(gex.strike_flips(of_inventory, "sign"), (4582.9030, 5019.6355)):
        near(price, printed, 4)
    assert len(gex.strike_flips(of_inventory, "sign")) == 2
    got = gex.strike_flips(of_inventory, "cum")
    near(got[0], 4614.5612, 4)


def test_walls(market, naive, inventory, chain):
    walls = gex.walls(market, naive)
    assert walls["call_wall_max_call"] == walls.call_wall_max_call == 5000
    assert (walls["call_wall_net"], walls["call_wall_oi"]) == (5025, 5200)
    assert (walls["put_wall_max_put"], walls["put_wall_net"], walls["put_wall_oi"]) == (5000, 4975, 4500)
    assert walls["abs_gamma"] == 5000
    near(walls.value("abs_gamma") / MILLION, 12664.4428, 4)
    near(walls["hvl_centroid"], 4974.5850, 4)
    walls = gex.walls(market, inventory)
    assert (walls["call_wall_net"], walls["put_wall_net"]) == (5200, 5000)
    near(walls["hvl_centroid"], 4998.5579, 4)
    assert list(gex.max_pain(chain).values()) == [5000, 5000]


MOVES = [(-1.00, -17888.8, -1485686.8, -518230.8, -610837.2), (-0.25, -4472.2, -193476.5, -129557.7, -172786.7),
         (0.25, 4472.2, -216073.6, 129557.7, 45679.2), (1.00, 17888.8, -1720012.5, 518230.8, -390603.5)]


def test_flow_of_spot(market, naive, inventory):
    spots = [worked.SPOT * (1 + row[0] / 100) for row in MOVES]
    of_naive, of_inventory = gex.flow(market, naive, spot=spots), gex.flow(market, inventory, spot=spots)
    for i, (_, linear, exact, linear_given, exact_given) in enumerate(MOVES):
        near(of_naive.linear[i], linear, 1)
        near(of_naive.exact[i], exact, 1)
        near(of_inventory.linear[i], linear_given, 1)
        near(of_inventory.exact[i], exact_given, 1)
    np.testing.assert_array_equal(of_naive["usd_at_start"], of_naive.exact * worked.SPOT)


def test_flow_of_time_and_vol(market, naive, inventory):
    as_of = [AS_OF + HOUR, AS_OF + 3 * HOUR]
    of_naive, of_inventory = gex.flow(market, naive, as_of=as_of), gex.flow(market, inventory, as_of=as_of)
    for flow, linear, exact in ((of_naive, (101349.2, 304047.5), (100392.9, 184689.6)),
                                (of_inventory, (30825.6, 92476.7), (30551.0, 55670.8))):
        for i in range(2):
            near(flow.linear[i], linear[i], 1)
            near(flow.exact[i], exact[i], 1)
        assert list(flow.unwind) == [0, 0]
    near(gex.flow(market, naive, vol=0.01).linear[0], -218743.7, 1)
    near(gex.flow(market, naive, vol=0.01).exact[0], -214665.0, 1)
    near(gex.flow(market, inventory, vol=0.01).exact[0], -75070.2, 1)
    after = gex.flow(market, naive, as_of=AS_OF + 3 * HOUR + 1)
    assert after.unwind[0] != 0 and abs(after.exact[0] - of_naive.exact[1]) < 1e-3 * abs(of_naive.exact[1])


def test_flow_of_all_three(market, naive, inventory):
    for book, exact, alone, cross, shares in (
            (naive, -833501.9, (-661750.4, 100392.9, -214665.0), -57479.5, (-695095.5, 54197.6, -192604.1)),
            (inventory, -432704.8, (-367539.2, 30551.0, -75070.2), -20646.5, (-378971.8, 10233.6, -63966.6))):
        flow = gex.flow(market, book, spot=worked.SPOT * 0.995, as_of=AS_OF + HOUR, vol=0.01)
        near(flow.exact[0], exact, 1)
        for name, printed in zip(("spot_alone", "time_alone", "vol_alone"), alone):
            near(flow[name][0], printed, 1)
        near(flow["cross"][0], cross, 1)
        for name, printed in zip(("spot", "time", "vol"), shares):
            near(flow[name][0], printed, 1)
        assert math.isclose(flow.spot[0] + flow.time[0] + flow.vol[0], flow.exact[0], rel_tol=1e-12)


def test_oi_alpha():
    chain = gex.Chain("SPXW240603C05000000", vol=0.16, open_interest=10000)
    book = gex.Book(chain, "OI_ALPHA", alpha=0.4, net_volume=3000 - 1800)
    assert book.positions[0] == 10480
