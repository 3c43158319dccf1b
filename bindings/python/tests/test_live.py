# SPDX-License-Identifier: Apache-2.0
"""A live against what is made anew from its frozen state."""
import gc

import numpy as np
import pytest

import gex

UNITS = ["GEX_USD_PCT", "DEX_USD", "CEX_USD_CALDAY"]


def same(live, market, book):
    for unit in UNITS:
        for by in ("strike", "expiry", "right", "zero_dte"):
            anew = gex.exposure(market, book, unit=unit, by=by, greek=None)
            assert np.array_equal(live.by(unit, by), np.asarray(anew)), (unit, by)
        assert live.total(unit) == gex.exposure(market, book, unit=unit, by=None, greek=None).total
        built = gex.exposure(market, book, unit=unit, by=None, greek=None)
        assert np.array_equal(live.rows(unit), built.rows, equal_nan=True)


def test_ticks_come_to_what_a_rebuild_does(market, naive):
    live = gex.Live(market, naive, UNITS)
    same(live, market, naive)
    live.set(spot=market.spot * 1.002).vol(3, 0.21).trade(1, -2500).position(2, 17).quote(0, 1.0, 2.0)
    assert live.spot == market.spot
    live.refresh()
    assert live.spot == market.spot * 1.002 and live.positions[2] == 17 and live.vols[3] == 0.21
    frozen, book = live.freeze()
    assert book.source == "NAIVE_CALL_LONG + live" and frozen.spot == live.spot
    same(live, frozen, book)
    later = market.as_of + np.timedelta64(30, "m")
    live.set(as_of=later).refresh()
    assert live.as_of == later
    assert live.counts["used"] == len(market.chain)
    del live
    gc.collect()
    assert frozen.chain.vol[3] == 0.21 and len(frozen.chain) == len(market.chain)


def test_many_ticks_at_once(market, naive):
    one, many = gex.Live(market, naive, UNITS), gex.Live(market, naive, UNITS)
    rows = np.array([3, 1, 3, 0])
    vols, trades = np.array([0.2, 0.21, 0.22, 0.23]), np.array([10.0, -20.0, 30.0, -40.0])
    for row, vol, trade in zip(rows, vols, trades):
        one.vol(row, vol).trade(row, trade)
    assert many.ticks(rows, vol=vols, trade=trades) is many
    backwards = gex.Live(market, naive, UNITS).ticks(rows[::-1].tolist(), vol=list(vols[::-1]), trade=trades[::-1])
    for live in (one, many, backwards):
        live.refresh()
    assert np.array_equal(one.vols, many.vols, equal_nan=True) and many.vols[3] == 0.22 and backwards.vols[3] == 0.2
    for unit in UNITS:
        assert one.total(unit) == many.total(unit) and np.array_equal(one.by(unit), many.by(unit))
    assert np.array_equal(one.positions, backwards.positions)
    many.ticks(position=7).refresh()
    assert (many.positions == 7).all()
    bids = np.asfortranarray(np.arange(2.0 * len(market.chain)).reshape(-1, 2))
    many.ticks(bid=bids[:, 0], ask=bids[:, 1]).refresh()
    frozen, _ = many.freeze()
    assert np.array_equal(frozen.chain.bid, bids[:, 0]) and np.array_equal(frozen.chain.ask, bids[:, 1])
    with pytest.raises(gex.InputError, match="tick 1 is of row 99"):
        many.ticks([0, 99], trade=[1, 2])
    with pytest.raises(gex.InputError, match="bid and ask come together"):
        many.ticks([0], bid=[1.0])
    with pytest.raises(gex.InputError, match="no column"):
        many.ticks([0])
    with pytest.raises(gex.InputError, match="row has 2, trade has 3|trade has 3, row has 2"):
        many.ticks([0, 1], trade=[1, 2, 3])
    assert (many.refresh().positions == 7).all()


def test_what_is_refused(market, naive):
    live = gex.Live(market, naive, "GEX_USD_PCT", strikes=False)
    assert live.gross("GEX_USD_PCT") > 0 and live.by("GEX_USD_PCT").size == 0
    with pytest.raises(gex.InputError, match="not one this live"):
        live.total("DEX_USD")
    with pytest.raises(gex.InputError, match="row 99"):
        live.trade(99, 1)
    with pytest.raises(gex.InputError, match="spot"):
        live.set(spot=-1)
    with pytest.raises(gex.InputError, match="unit_count"):
        gex.Live(market, naive, [])
    with pytest.raises(gex.InputError, match="by is one of"):
        live.by("GEX_USD_PCT", "colour")


def test_a_market_and_its_book_saved_and_loaded(chain, market, naive):
    for other in (market, market.shift(spot=5010.0, as_of=market.as_of + np.timedelta64(1, "h"), dynamics="LOCAL_VOL")):
        again = gex.Market.load(other.save())
        book = gex.Book.load(again.chain, naive.save())
        assert again.save() == other.save() and book.save() == naive.save() and book.source == "NAIVE_CALL_LONG"
        assert again.conventions == other.conventions and again.calendar is None
        assert gex.exposure(again, book, by=None).total == gex.exposure(other, naive, by=None).total
        assert str(gex.map(again, book)) == str(gex.map(other, naive))
    kept = again.chain.strike
    del again, book
    assert np.array_equal(kept, chain.strike)
    calendar = gex.Calendar(overnight=0.3, closed=[20240619])
    dated = gex.Market(chain, market.as_of, 5000.0, clock="VARIANCE_CLOCK", calendar=calendar, forward="rate")
    assert gex.Market.load(dated.save()).calendar.weights == calendar.weights


def test_what_is_no_market_or_book_is_refused(chain, market, naive):
    with pytest.raises(gex.InputError, match="cut short"):
        gex.Market.load(market.save()[:-1])
    with pytest.raises(gex.InputError, match="not a saved market"):
        gex.Market.load(chain.save() * 3)
    with pytest.raises(gex.InputError, match="of another chain"):
        gex.Book.load(gex.Chain("SPXW240603C05000000"),
                      gex.Book(gex.Chain("SPXW240603P05000000"), "DEALER_ALL_LONG").save())
    with pytest.raises(gex.InputError, match="damaged"):
        gex.Book.load(chain, naive.save()[:-1] + b"x")


def test_a_chain_saved_and_loaded(chain, market, naive):
    again = gex.Chain.load(chain.save())
    assert again.save() == chain.save() and again.underlying == chain.underlying
    assert np.array_equal(again.vol, chain.vol, equal_nan=True) and np.array_equal(again.settlement, chain.settlement)
    later = gex.Market(again, as_of=market.as_of, spot=market.spot, forward="rate")
    assert len(later.chain) == len(chain)
    with pytest.raises(gex.InputError, match="cut short"):
        gex.Chain.load(chain.save()[:-1])
    with pytest.raises(gex.InputError, match="not a saved chain"):
        gex.Chain.load(b"")
