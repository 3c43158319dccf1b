# SPDX-License-Identifier: Apache-2.0
"""Objects: what they lend, how long it lives, statuses and counts, refusals, threads."""
import gc
import math
import pickle
import threading

import numpy as np
import pytest

import worked
import gex


def test_arrays_are_views_that_cannot_be_written(chain, market, naive):
    assert chain.strike.__array_interface__["data"][0] == chain.strike.__array_interface__["data"][0]
    for array in (chain.strike, chain.status, chain.settlement, chain.strikes, market.vol, market.forward,
                  market.greeks["gamma"], naive.positions, gex.exposure(market, naive).values,
                  gex.profile(market, naive).prices, gex.flow(market, naive, spot=5001).exact):
        assert not array.flags.writeable and not array.flags.owndata
        with pytest.raises(ValueError):
            array[...] = 0


def test_an_array_keeps_its_object(chain):
    def far():
        return worked.market(worked.chain()).vol

    vol = far()
    gc.collect()
    rubbish = [worked.chain() for _ in range(50)]  # would overwrite freed memory
    assert list(vol) == worked.VOL
    del rubbish


def test_objects_may_go_in_any_order():
    chain = worked.chain()
    market, book = worked.market(chain), gex.Book(chain, "NAIVE_CALL_LONG")
    total = gex.exposure(market, book, by=None).total
    del chain
    gc.collect()
    strikes = gex.exposure(market, book).keys
    exposure, made = gex.exposure(market, book, by=None), gex.map(market, book)
    gamma = made.gamma
    del market, book, made
    gc.collect()
    assert exposure.total == total == gamma.total
    assert list(strikes) == [4500, 4800, 4975, 5000, 5025, 5200]
    assert gamma.book.source == "NAIVE_CALL_LONG"


def test_quotes_of_every_row(chain):
    quoted = gex.Chain(root="SPXW", expiry=20240703, strike=[4900, 4900, 5000, 5100], right=[1, -1, 1, 1],
                       bid=[101, 1.5, 40, 9], ask=[103, 1.7, 39, 12])
    market = gex.Market(quoted, as_of="2024-06-03T13:00-04:00", spot=5000, forward="rate")
    quotes = gex.Quotes(market)
    assert list(quotes.status()) == [gex.QUOTE_STATUS[name] for name in ("ok", "ok", "crossed", "ok")]
    assert list(quotes.price("bid")[[0, 1, 3]]) == [101, 1.5, 9] and np.isnan(quotes.price("ask")[2])
    vol, status = gex.implied_vol(1.6, 5000, 4900, market.years[0], -1)
    assert status == 0 and quotes.vol("mid")[1] == pytest.approx(vol, rel=1e-13)
    assert quotes.vol("strike")[0] == quotes.vol("strike")[1] == quotes.vol("mid")[1]
    assert quotes.price("strike")[0] == pytest.approx(101.6, rel=1e-14)
    assert quotes.counts["crossed"] == 1 and quotes.counts["otm_side"] == 3 and quotes.counts["stale"] == 0
    stale = gex.Quotes(market, quoted_at="2024-06-03T12:00-04:00", age_max=60)
    assert stale.counts["stale"] == 4
    with pytest.raises(gex.InputError, match="which 'last' is not one of bid, mid, ask, strike"):
        quotes.price("last")
    with pytest.raises(gex.InputError, match="no repair was asked for"):
        quotes.price("repaired")


def test_middles_are_repaired():
    bent = gex.Chain(root="SPXW", expiry=20240703, strike=[4900, 5000, 5100],
                     right=1, bid=[110, 76, 20], ask=[130, 96, 40])
    market = gex.Market(bent, as_of="2024-06-03T13:00-04:00", spot=5000, forward="rate")
    quotes = gex.Quotes(market, repair="strikes")
    assert quotes.price("repaired") == pytest.approx([120 + 11 / 3, 86 - 22 / 3, 30 + 11 / 3], rel=1e-9)
    assert quotes.counts["repaired"] == 3 and list(quotes.repaired) == [gex.REPAIRED["done"]]
    with pytest.raises(gex.InputError, match="repair 'some' is not one of none, strikes, all"):
        gex.Quotes(market, repair="some")


def test_every_object_is_freed(monkeypatch):
    from gex import _object

    freed = []
    for kind in (gex.Chain, gex.Market, gex.Book, gex.Greeks, gex.Exposure, gex.Profile, gex.Flips, gex.Flow, gex.Map):
        real = getattr(_object.lib, kind._free)
        monkeypatch.setattr(_object.lib, kind._free,
                            lambda address, real=real, kind=kind: (freed.append(kind), real(address))[1])
    chain = worked.chain()
    market, book = worked.market(chain), gex.Book(chain, "NAIVE_CALL_LONG")
    made = [gex.exposure(market, book, by=None), gex.profile(market, book), gex.flips(market, book),
            gex.flow(market, book, vol=0.01), gex.map(market, book)]
    parts = [made[-1].gamma, made[-1].profile, made[-1].flips, made[-1].flow]  # lent: not freed on their own
    del chain, market, book, made
    gc.collect()
    assert gex.Map not in freed
    del parts
    gc.collect()
    assert sorted(kind.__name__ for kind in freed) == ["Book", "Chain", "Exposure", "Flips", "Flow", "Greeks", "Map",
                                                       "Market", "Profile"]


def test_a_foreign_object_does_not_reach_the_library(chain, market, naive):
    for wrong in (lambda: gex.Market(naive), lambda: gex.Book(market, "NAIVE_CALL_LONG"), lambda: gex.Market(None),
                  lambda: gex.exposure(naive, market), lambda: gex.flow(market, chain), lambda: gex.max_pain(market)):
        with pytest.raises(TypeError, match="is wanted, not"):
            wrong()
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(market)


def test_errors_say_what_to_mend(chain, market, naive):
    other = gex.Book(worked.chain(), "NAIVE_CALL_LONG")
    with pytest.raises(gex.Error) as caught:
        gex.exposure(market, other)
    assert isinstance(caught.value, ValueError) and caught.value.status == -1 and caught.value.row == -1
    assert str(caught.value) == f"argument missing or inconsistent: {caught.value.message}"
    for wrong, why in (
            (lambda: gex.Book(chain, "NAIVE"), "sign 'NAIVE' is not one of NAIVE_CALL_LONG, NAIVE_CALL_SHORT"),
            (lambda: gex.Book(chain), "a sign convention or positions"),
            (lambda: gex.Book(chain, "NAIVE_CALL_LONG", positions=worked.INVENTORY), "positions does not go with"),
            (lambda: gex.Book(chain, positions=[1, 2]), "chain has 9 rows"),
            (lambda: gex.Market(chain, spot=5000), "as_of is needed"),
            (lambda: gex.Market(chain, as_of=worked.AS_OF), "spot is needed"),
            (lambda: worked.market(chain, spot=-1), "spot"), (lambda: worked.market(chain, rate=11), "rate"),
            (lambda: worked.market(chain, vol="atm"), "vol 'atm' is not one of given, implied, otm"),
            (lambda: worked.market(chain, forward=[1, 2, 3]), "2 expiries"),
            (lambda: worked.market(chain, discounts=1), "given forwards"),
            (lambda: gex.exposure(market, naive, unit="GEX_ADV_PCT"), "adv"),
            (lambda: gex.exposure(market, naive, unit="furlongs"), "unit 'furlongs' is not one of"),
            (lambda: gex.exposure(market, naive, greek="delta", unit="GEX_USD_PCT"), "not one of DEX_SHARES, DEX_USD"),
            (lambda: gex.exposure(market, naive, by="mood"), "by 'mood' is not one of"),
            (lambda: gex.profile(market, naive, low=2), "low|range"),
            (lambda: gex.profile(market, naive, spacing="square"), "spacing 'square' is not one of even, log"),
            (lambda: gex.flow(market, naive, as_of=worked.AS_OF - 1), "before|instant")):
        with pytest.raises(gex.InputError, match=why):
            wrong()


def test_statuses_and_counts():
    nan = float("nan")
    chain = gex.Chain(root="SPXW", settlement=worked.AS_OF + worked.HOUR, strike=[5000, -1, 5000, 5000, 5000, 5000],
                      right=[1, 1, 0, 1, 1, -1], vol=[0.2, 0.2, 0.2, 0.0, nan, 0.2],
                      open_interest=[10, 1, 1, 1, 1, nan])
    market, book = worked.market(chain), gex.Book(chain, "NAIVE_CALL_LONG")
    exposure = gex.exposure(market, book, by=None)
    keys = {value: key for key, value in gex.ROW_STATUS.items()}
    assert [keys[value] for value in exposure.status] == ["used", "bad_strike", "bad_right", "no_vol", "not_finite",
                                                          "not_finite"]
    counts = exposure.counts
    assert counts["total"] == 6 and counts["used"] == 1
    assert counts["used"] + sum(counts["refused"].values()) == counts["total"]
    assert math.isfinite(exposure.total) and exposure.total == exposure.rows[0]
    assert np.isnan(exposure.rows[1:]).all()
    assert market.refused == {"bad_strike": 1, "bad_right": 1, "no_vol": 1, "not_finite": 1}


def test_groups_add_up(market, inventory):
    exposure = gex.exposure(market, inventory, by=None)
    for by in ("strike", "expiry", "right", "type", "zero_dte", "0dte"):
        group = exposure.by(by)
        assert len(group) == len(group.values) == len(group.used) and group.used.sum() == 9
        assert math.isclose(group.values.sum(), exposure.total, rel_tol=1e-12)
        assert math.isclose(group.gross.sum(), exposure.gross, rel_tol=1e-12)
        np.testing.assert_allclose(group.call + group.put, group.values, rtol=1e-12)
        assert (np.asarray(group) == group.values).all() and dict(group.items())[group.keys[0]] == group.values[0]
    rows = exposure.by("row")
    assert math.fsum(rows.values) == exposure.total == rows.total == float(exposure)
    with pytest.raises(KeyError):
        exposure.by("strike")[4999]


def test_labels_carry_units(market, naive):
    exposure = gex.exposure(market, naive, by=None)
    assert (exposure.unit, exposure.label) == ("GEX_USD_PCT", "USD per 1 % of spot")
    for text in (repr(exposure), repr(exposure.by("strike")), repr(gex.profile(market, naive))):
        assert "USD per 1 % of spot" in text
    assert "shares, + = dealers BUY" in repr(gex.flow(market, naive, spot=5010))
    assert gex.unit_label("VEX_USD_VOLPT") == "USD per vol point"
    assert gex.exposure(market, naive, greek="vanna", unit="USD_VOLPT").unit == "VEX_USD_VOLPT"
    assert gex.exposure(market, naive).unit == "GEX_USD_PCT"
    assert "NAIVE_CALL_LONG" in repr(naive) and "2024-06-03T13:00:00-04:00" in repr(market)


def test_a_market_from_given_forwards(chain):
    by_rate = worked.market(chain)
    given = worked.market(chain, forward=by_rate.forward, discounts=by_rate.discount)
    np.testing.assert_array_equal(given.forward, by_rate.forward)
    np.testing.assert_allclose(given.greeks["gamma"], by_rate.greeks["gamma"], rtol=1e-13)
    assert given.conventions == {"clock": "CAL_365", "dynamics": "STICKY_STRIKE", "vol": "given", "forward": "given",
                                 "exercise": "auto"}


def test_options_on_futures():
    """Each on its own future: Black's delta and gamma of that future, in dollars and in futures of one of them."""
    forward, discount, strike = np.array([5010.0, 5065.0]), np.array([0.99, 0.975]), np.array([5000.0, 4900.0])
    vol, contracts, multiplier = np.array([0.15, 0.16]), np.array([100.0, -50.0]), 50.0
    chain = gex.Chain(root="ES", settlement=["2024-06-21T16:00-04:00", "2024-09-20T09:30-04:00"], strike=strike,
                      right="C", vol=vol, multiplier=multiplier, exercise="european")
    market = gex.Market(chain, as_of="2024-03-04T12:00-05:00", spot=4990.0, forward=forward, discounts=discount)
    book = gex.Book(chain, positions=contracts)
    deviation = vol * np.sqrt(market.calendar_years)
    d1 = np.log(forward / strike) / deviation + deviation / 2
    delta = discount * np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in d1])
    gamma = discount * np.exp(-d1 ** 2 / 2) / math.sqrt(2 * math.pi) / (forward * deviation)
    for unit, options, expected in (
            ("DEX_USD", {}, delta * forward), ("GEX_USD_PCT", {}, gamma * forward ** 2 / 100),
            ("DEX_FUT", {"future_price": 5010.0, "future_multiplier": 50.0}, delta * forward / (5010 * 50)),
            ("GEX_FUT_PCT", {"future_price": 5010.0, "future_multiplier": 50.0},
             gamma * forward ** 2 / 100 / (5010 * 50))):
        got = gex.exposure(market, book, unit=unit, by="expiry", **options).values
        np.testing.assert_allclose(got, contracts * multiplier * expected, rtol=1e-12, err_msg=unit)


def test_roots_are_of_whom_the_chain_says():
    """ES is a stock's and a future's: the size of a contract, its style and whether an expiry is enough follow."""
    row = {"settlement": "2024-06-21T09:30-04:00", "strike": 5000.0, "right": "C", "vol": 0.15}
    listed, future = gex.Chain(root="ES", **row), gex.Chain(root="ES", roots="futures", **row)
    assert (listed.multiplier[0], future.multiplier[0]) == (100, 50)
    assert future.exercise[0] == 2 and gex.Chain(root="EW2", roots="futures", **row).exercise[0] == 1
    unknown = gex.Chain(root=["XYZ9", "ES"], roots="futures", **row)
    assert unknown.status.tolist() == [gex.ROW_STATUS["unsupported"], gex.ROW_STATUS["used"]]
    assert unknown.flags[0] & gex.FLAGS["unknown_root"]
    assert gex.Chain(root="XYZ9", multiplier=20.0, roots="futures", **row).multiplier[0] == 20
    dated = gex.Chain(root="ES", expiry=20240621, strike=5000.0, right="C", roots="futures")
    assert dated.status[0] == gex.ROW_STATUS["bad_symbol"]
    again = gex.Chain.from_arrow(future.to_arrow(), roots="futures")
    assert again.multiplier[0] == 50
    with pytest.raises(ValueError, match="roots 'future' is not one of listed, futures"):
        gex.Chain(root="ES", roots="future", **row)


def test_a_market_tells_its_dividends(chain):
    assert [len(column) for column in worked.market(chain).dividends] == [0, 0, 0]
    paid = {"2024-09-03T09:30-04:00": 2.0, "2024-06-21T09:30-04:00": 1.5}
    at, cash, share = worked.market(chain, dividends=paid).dividends
    assert list(at) == [gex.instant(when) for when in sorted(paid)]
    assert list(cash) == [1.5, 2.0] and list(share) == [0.0, 0.0]


def test_the_map_is_its_parts(market, naive):
    made = gex.map(market, naive, unit="GEX_USD_PT")
    assert made.gamma.total == gex.exposure(market, naive, by=None).total
    assert made.in_unit.unit == "GEX_USD_PT" and made.delta.unit == "DEX_USD" and made.vanna.unit == "VEX_USD_VOLPT"
    assert list(made.flips) == list(gex.flips(market, naive))
    np.testing.assert_array_equal(made.profile.values, gex.profile(market, naive).values)
    assert list(made.moves) == [-3, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 3]
    np.testing.assert_array_equal(made.flow.exact, gex.flow(market, naive, spot=5000 * (1 + made.moves / 100)).exact)
    assert made.regime == "at_flip" and 0 < made.zero_dte_share < 1
    assert len(made.scenario) == 1 and dict(made.walls) == dict(gex.walls(market, naive))
    assert list(gex.map(market, naive, moves=[1, -1]).moves) == [1, -1]
    assert str(made) == made.page() and "not a forecast" in made.page()
    assert made.svg().lstrip().startswith("<") and made.lines().count("\n") >= 10


def test_threads_share_objects(market, naive):
    wanted = gex.flips(market, naive).prices.tobytes(), gex.exposure(market, naive).values.tobytes()
    got = []

    def work():
        for _ in range(5):
            got.append((gex.flips(market, naive).prices.tobytes(), gex.exposure(market, naive).values.tobytes()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 20 and set(got) == {wanted}
