# SPDX-License-Identifier: Apache-2.0
"""The headline numbers under other choices: entries beside maps made by hand, and the panel."""
import json
import math

import pytest

import gex
import worked
from worked import MILLION


@pytest.fixture(scope="module")
def tried(market, inventory):
    return gex.robustness(market, inventory)


def test_the_base_is_the_worked_chain(tried):
    assert tried.base.vary == "base" and tried.base.agrees == {"sign_of_net": True, "flip": True, "regime": True}
    assert tried.base.net / MILLION == pytest.approx(-2591.1542, abs=6e-5)
    assert tried.base.zero_dte_net / MILLION == pytest.approx(-2757.1271, abs=6e-5)
    assert tried.base.flip == pytest.approx(5009.3645, abs=6e-5) and tried.base.used == 9


@pytest.mark.parametrize("sign, net", [("NAIVE_CALL_LONG", -89.4438), ("DEALER_ALL_LONG", 21753.4215)])
def test_other_signs(tried, chain, market, sign, net):
    entry = next(entry for entry in tried if entry.choice == sign)
    assert entry.net / MILLION == pytest.approx(net, abs=6e-5)
    made = gex.Map(market, gex.Book(chain, sign))
    assert (entry.net, entry.regime) == (made.gamma.total, made.regime)
    assert entry.agrees["sign_of_net"] == (net < 0)


def test_other_clocks_take_the_volatility_as_quoted_on_them(tried, chain, inventory):
    entry = next(entry for entry in tried if entry.choice == "BUS_252_DAYS")
    other = worked.market(chain, clock="BUS_252_DAYS", vol_clock="BUS_252_DAYS")
    assert entry.net == gex.exposure(other, inventory, by=None).total != tried.base.net


def test_roots_are_followed(tried, market, inventory):
    up = next(i for i, entry in enumerate(tried) if entry.choice == "+1 point")
    flips = gex.flips(market.shift(vol=0.01), inventory)
    for k, flip in enumerate(gex.flips(market, inventory)):
        wanted = [other.price for other in flips if (other.direction, other.status) == (flip.direction, "FOUND")]
        assert tried.root(up, k) == min(wanted, key=lambda price: abs(price - flip.price))
    assert tried.root(up) != tried.root(0) and math.isnan(tried.root(up, 99))


def test_counts_are_those_of_the_entries(tried):
    for what in ("sign_of_net", "flip", "regime"):
        marks = [entry.agrees[what] for entry in tried][1:]
        assert tried.agreeing(what) == (marks.count(True), len(marks) - marks.count(None))
        of_signs = [entry.agrees[what] for entry in tried if entry.vary == "sign"]
        assert tried.agreeing(what, "sign") == (of_signs.count(True), len(of_signs) - of_signs.count(None))
    assert math.isnan(next(entry for entry in tried if entry.choice == "VOLUME_NAIVE").flip)


def test_panel_of_page_and_json(tried, market, inventory):
    made = gex.map(market, inventory, robustness=tried)
    assert "One choice changed at a time" in made.page() and "BETA=-10" in made.page()
    told = json.loads(made.json())["robustness"]
    assert len(told["entries"]) == len(tried) and told["entries"][0]["net"] == tried.base.net
    assert told["sign_of_net"] == dict(zip(("agree", "of"), tried.agreeing("sign_of_net")))
    assert "robustness" not in json.loads(gex.map(market, inventory).json())


def test_what_was_left_out(market, naive, chain):
    assert {entry.vary for entry in gex.robustness(market, naive, left_out=["sign", "clock"])} == {
        "base", "forward", "vol", "dynamics", "vol_level"}
    with pytest.raises(gex.InputError):
        gex.robustness(market, naive, left_out=["colour"])
    with pytest.raises(gex.InputError):
        gex.robustness(market, naive.weight(0.5))
    with pytest.raises(gex.InputError):
        gex.robustness(market, gex.Book(worked.chain(), "NAIVE_CALL_LONG"))
