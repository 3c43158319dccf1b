# SPDX-License-Identifier: Apache-2.0
"""Volatility that moves with spot, markets moved, and what changed at fixed strike; on real days of SPY."""
import csv
import gzip

import numpy as np
import pytest

import gex
import worked


def test_names_and_parameters(chain):
    for text in ("STICKY_STRIKE", "STICKY_MONEYNESS", "LOCAL_VOL", "STICKINESS=1.5", "BETA=-10", "FITTED=1.3"):
        market = worked.market(chain, dynamics=text)
        assert market.dynamics == market.conventions["dynamics"] == text
    for text in ("STICKINESS", "STICKINESS=4", "BETA=nan", "sticky_strike", "LOCAL_VOL=2", 7, None):
        with pytest.raises(gex.InputError):
            worked.market(chain, dynamics=text)
    assert "FITTED" in gex.DYNAMICS and "unknown" not in gex.DYNAMICS


def test_flips_by_beta(chain, naive, inventory):
    market = worked.market(chain, dynamics="BETA=-10")
    assert [(round(flip.price, 4), flip.direction) for flip in gex.flips(market, naive) if flip.status == "FOUND"] == [
        (5000.1352, "up")]
    flips = gex.flips(market, inventory)
    assert [(round(flip.price, 4), flip.direction) for flip in flips if flip.status == "FOUND"] == [
        (4606.9862, "down"), (5009.4623, "up")]
    assert flips.range == (4000.0, pytest.approx(5497.5))
    assert np.isnan(gex.profile(market, naive).values[-1])


def test_a_moved_market_is_the_profile(chain, inventory):
    market = worked.market(chain, dynamics="STICKINESS=1.4")
    there = market.shift(spot=4975.0)
    profile = gex.profile(market, inventory, low=0.995, high=1.005, points=3)
    assert gex.exposure(there, inventory, by=None).total == pytest.approx(profile.values[0], rel=1e-10)
    assert there.dynamics == market.dynamics and there.spot == 4975.0
    assert np.array_equal(market.shift().vol, market.vol)
    later = market.shift(as_of=worked.AS_OF + 4 * worked.HOUR, vol=0.01)
    assert later.refused["expired"] == 4
    with pytest.raises(gex.InputError):
        market.shift(as_of=worked.AS_OF - 1)


def test_shadow_exposure(chain, inventory):
    plain = worked.market(chain)
    assert gex.exposure(plain, inventory, by=None, shadow=True).total == gex.exposure(plain, inventory, by=None).total
    market, h = worked.market(chain, dynamics="STICKY_MONEYNESS"), 0.01
    price = {move: market.shift(spot=worked.SPOT + move).greeks["price"] for move in (-h, h)}
    assert market.greeks.shadow()["delta"] == pytest.approx((price[h] - price[-h]) / (2 * h), abs=1e-4)
    assert gex.exposure(market, inventory, by=None, shadow=True).total != gex.exposure(market, inventory, by=None).total


def test_change_of_the_worked_chain(chain, inventory):
    market = worked.market(chain)
    change = gex.change(market, market.shift(spot=5010.0, vol=0.01), inventory)
    assert change.matched == 9 and set(change.keys()) == set(gex.CHANGE_COLUMNS)
    assert change["change"] == pytest.approx(np.full(9, 0.01), abs=1e-14)
    assert change["roll"] + change["slide"] + change["surface"] == pytest.approx(change["change"], abs=1e-15)
    assert change.total("fixed_strike") == pytest.approx(0.01 * change.total("vega"))
    assert change.by("strike", "vega").sum() == pytest.approx(change.total("vega"))
    assert change.by("expiry", "vega").sum() == pytest.approx(change.total("vega"))
    assert np.array_equal(change.rows, np.arange(9))


@pytest.fixture(scope="module")
def days(data):
    """Every SPY day: a market of each, forwards and volatilities from its closing prices.

    The vendor's own volatilities rest on a spot that is not the options' at the close: calls and puts lie points
    apart."""
    path = data / "us-chain-daily" / "spy_2026-05-25_2026-07-17.csv.gz"
    if not path.is_file():
        pytest.skip("GEX_DATA has no us-chain-daily")
    tables = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["date"], []).append(row)
    markets = []
    for date, rows in sorted(tables.items()):
        spots = [float(row["spot"]) for row in rows if row["spot"]]
        if not spots:
            continue
        numbers = {name: [float(row[column]) if row[column] else np.nan for row in rows]
                   for name, column in (("strike", "strike"), ("last", "last"), ("open_interest", "open_interest"))}
        made = gex.Chain(root="SPY", expiry=[row["expiry"] for row in rows], right=[row["right"] for row in rows],
                         strike=numbers["strike"], bid=numbers["last"], ask=numbers["last"],
                         open_interest=numbers["open_interest"], underlying="SPY")
        markets.append((date, gex.Market(made, as_of=f"{date}T16:00:00-04:00", spot=spots[0], vol="implied",
                                         forward="implied", rate=0.037, carry_yield=0.011, exercise="european")))
    return markets


def test_forty_days_split_exactly(days, capsys):
    """Roll, slide and surface of every contract add up; R of each day and of all of them together."""
    assert len(days) == 40
    lines, xx, xy, yy, contracts = [], 0.0, 0.0, 0.0, 0
    for (_, before), (date, after) in zip(days, days[1:]):
        change = gex.change(before, after, gex.Book(before.chain, "NAIVE_CALL_LONG"))
        both = change.rows >= 0
        total, parts = change["change"], change["roll"] + change["slide"] + change["surface"]
        assert change.matched == np.count_nonzero(both) > 0 and np.all(np.isnan(total[~both]))
        assert np.array_equal(total[both], after.vol[change.rows[both]] - before.vol[both])
        assert np.max(np.abs(parts - total)[both] / np.maximum(1, np.abs(change["surface"][both]))) <= 4.5e-16
        split = change["level"] + change["skew"] + change["curvature"] + change["residual"]
        assert np.max(np.abs(split - change["surface"])[both]) <= 1e-13
        x, y, weight = (change.expiry(name) for name in ("skew_move", "atm", "weight"))
        # two holidays repeat the day before
        used = weight > 0 if abs(after.spot / before.spot - 1) > 1e-6 else weight < 0
        xx += np.sum((weight * x * x)[used])
        xy += np.sum((weight * x * y)[used])
        yy += np.sum((weight * y * y)[used])
        contracts += change.matched
        stickiness, error = change.stickiness
        lines.append((date, 100 * np.log(after.spot / before.spot), stickiness, error))
        if used.any() and after.spot != before.spot:
            fitted = np.sum((weight * x * y)[used]) / np.sum((weight * x * x)[used])
            assert stickiness == pytest.approx(fitted, rel=1e-12)
    moved = np.array([stickiness for _, move, stickiness, _ in lines if abs(move) > 0.25])
    with capsys.disabled():
        print(f"\nSPY, {len(lines)} pairs of days, {contracts} contracts")
        for date, move, stickiness, error in lines:
            print(f"  {date}  spot {move:+6.2f} %  R {stickiness:7.2f} +- {error:.2f}")
        print(f"  all days: R {xy / xx:.2f}, r^2 {xy * xy / xx / yy:.2f}; days of more than 0.25 %: "
              f"median {np.median(moved):.2f}, quartiles {np.percentile(moved, 25):.2f} to "
              f"{np.percentile(moved, 75):.2f}, n {len(moved)}")
    assert np.isfinite(xy / xx)


def test_dynamics_along_a_surface(chain, inventory):
    plain = worked.market(chain, dynamics="LOCAL_VOL")
    years, forward = plain.years, plain.forward
    a, b, rho, m, s = 0.0002, 0.02, -0.5, 0.01, 0.05

    def total_variance(k):
        return a + b * (rho * (k - m) + np.sqrt((k - m) ** 2 + s ** 2))

    surface = gex.Surface.svi(years, forward, *(np.full(len(years), value) for value in (a, b, rho, m, s)))
    market = worked.market(chain, dynamics="LOCAL_VOL", surface=surface)
    assert market.surface.form == "svi" and plain.surface is None
    for spot in (4700.0, 5000.0, 5123.0):
        there = market.shift(spot=spot)
        k = np.log(chain.strike / forward[chain.expiry_index])
        t = years[chain.expiry_index]
        moved = np.sqrt(total_variance(k + np.log(spot / worked.SPOT)) / t) - np.sqrt(total_variance(k) / t)
        assert there.vol == pytest.approx(np.maximum(0, market.vol + moved), abs=2e-8)
    back = gex.Market.load(market.save())
    assert back.surface is None and np.array_equal(back.shift(spot=5100.0).vol, market.shift(spot=5100.0).vol)
    assert gex.robustness(market, inventory)
    for wrong in ({"surface": 7}, {"surface": surface, "surface_clock": "noon"}):
        with pytest.raises((TypeError, gex.InputError)):
            worked.market(chain, dynamics="LOCAL_VOL", **wrong)
    bottom = (-0.0625, 0.25, 0.0, 0.25, 0.25)  # total variance of 0 at k = 0.25
    empty = gex.Surface.svi(years, forward, *(np.full(len(years), value) for value in bottom))
    with pytest.raises(gex.Error, match="no volatility"):
        worked.market(chain, dynamics="LOCAL_VOL", surface=empty)
