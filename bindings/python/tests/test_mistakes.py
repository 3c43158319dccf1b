# SPDX-License-Identifier: Apache-2.0
"""Wrong arguments are refused by name; what cannot be copied or sent says what to do; results are as they look."""
import copy
import os
import pickle
import re

import numpy as np
import pytest

import gex

SYMBOLS = ["SPXW270310C05500000", "SPXW270310P05450000", "SPX270416P05000000", "SPX270416C05000000"]
AS_OF = "2027-03-10T13:05:00-05:00"


@pytest.fixture(scope="module")
def chain():
    return gex.Chain(SYMBOLS, vol=[0.125, 0.148, 0.22, 0.2], open_interest=[4000, 6500, 21000, 3000])


@pytest.fixture(scope="module")
def market(chain):
    return gex.Market(chain, as_of=AS_OF, spot=5487.25, forward="rate", rate=0.04)


@pytest.fixture(scope="module")
def book(chain):
    return gex.Book(chain, "NAIVE_CALL_LONG")


def test_a_number_of_another_type_is_named(chain, market, book):
    exposure = gex.Exposure(market, book)
    for words, wrong in (
            ("spot: a number is wanted, not str", lambda: gex.Market(chain, as_of=AS_OF, spot="5487")),
            ("rate: a number is wanted, not NoneType", lambda: gex.Market(chain, as_of=AS_OF, spot=5487, rate=None)),
            ("share: a number is wanted, not list", lambda: gex.Uncertainty(book, share=[0.2])),
            ("low: a number is wanted, not ndarray", lambda: gex.profile(market, book, low=np.array([0.9, 1.0]))),
            ("points: a whole number is wanted, not float", lambda: gex.profile(market, book, points=101.0)),
            ("underlying: a name is wanted, not NoneType", lambda: gex.Chain(SYMBOLS, underlying=None)),
            ("gex_level_ranked: a whole number is wanted, not NoneType None",
             lambda: gex.wall(exposure, "call_wall_net", rank=None)),
            ("gex_concentration_band: a number is wanted, not str '70%'",
             lambda: gex.concentration_band(exposure, "70%")),
            ("gex_live_set_spot: a number is wanted, not str '5400'",
             lambda: gex.Live(market, book, "GEX_USD_PCT").set(spot="5400")),
            ("source: a path or bytes are wanted, not int", lambda: gex.read_cboe(0))):
        with pytest.raises(TypeError, match=re.escape(words)):
            wrong()
    os.fstat(0)  # a number is the descriptor of nobody


def test_what_is_no_pair_no_unit_no_time_is_named(chain, market, book):
    for words, wrong in (
            ("rates: a pair of columns is wanted", lambda: gex.Market(chain, as_of=AS_OF, spot=5487, rates="5%")),
            ("rates: a pair of columns is wanted", lambda: gex.Market(chain, as_of=AS_OF, spot=5487, rates=(1, 2, 3))),
            ("events: a pair of columns is wanted", lambda: gex.Calendar(events="FOMC")),
            ("unit 5 is not one of", lambda: gex.difference(market, book, market, book, unit=5)),
            ("lead: a finite number is wanted, not nan", lambda: gex.cliffs(market, book, lead=float("nan"))),
            ("age_max: a finite number is wanted, not inf", lambda: gex.Quotes(market, age_max=float("inf")))):
        with pytest.raises(gex.InputError, match=re.escape(words)):
            wrong()


def test_a_large_integer_is_not_cut(market, book):
    """2^64 + 101 was taken for 101."""
    with pytest.raises(ValueError, match="points: 18446744073709551717 is too large"):
        gex.profile(market, book, points=2**64 + 101)


@pytest.mark.parametrize("as_of", [1804701900, 1804701900_000, 1804701900_000_000, np.int64(1804701900)])
def test_seconds_are_not_taken_for_nanoseconds(chain, as_of):
    with pytest.raises(gex.InputError, match="is 19[79][0-9].*counts ns since 1970, not s, ms or us"):
        gex.Market(chain, as_of=as_of, spot=5487)
    ns = 1804701900 * 10**9
    assert gex.Market(chain, as_of=ns, spot=5487, forward="rate").as_of == np.datetime64(ns, "ns")


def test_copies_are_the_object_and_pickles_say_what_to_send(chain, market, book):
    for thing in (chain, market, book, market.greeks, gex.flips(market, book), gex.flow(market, book, spot=5400.0)):
        assert copy.copy(thing) is thing and copy.deepcopy(thing) is thing
        assert copy.deepcopy({"a": [thing]})["a"][0] is thing
    for thing in (chain, market, book):
        load = f"gex.{type(thing).__name__}.load"
        with pytest.raises(TypeError, match=rf"cannot be pickled: send the bytes of its save\(\) and use {load}"):
            pickle.dumps(thing)
    with pytest.raises(TypeError, match="cannot be pickled: send what it is made of"):
        pickle.dumps(gex.Exposure(market, book))
    live = gex.Live(market, book, "GEX_USD_PCT")
    for function in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="a Live changes and is not copied: freeze"):
            function(live)


def test_what_is_read_by_name_is_walked_by_name(market, book):
    flow = gex.flow(market, book, spot=[5400.0, 5500.0])
    difference = gex.difference(market, book, market.shift(spot=5400.0), book)
    for thing in (flow, market.greeks, gex.forced(market, book), gex.field(market, book, points=5, steps=2), difference,
                  gex.change(market, market.shift(spot=5400.0), book)):
        names = list(thing)
        assert names == list(thing.keys()) == list(dict(thing)) and names[0] in thing and "nothing" not in thing
    assert len(flow) == 2  # scenarios, as before


def test_cliffs_say_what_they_take(market, book):
    said = repr(gex.cliffs(market, book))
    assert said.startswith("<cliffs of NAIVE_CALL_LONG: 2 settlements take of GEX_USD_PCT 2027-03-10T16:00:00-05:00 ")
