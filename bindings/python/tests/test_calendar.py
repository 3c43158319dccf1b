# SPDX-License-Identifier: Apache-2.0
"""Clocks and calendars: years by name, weights and events, markets on a clock of their own."""
import datetime as dt
import math

import numpy as np
import pytest

import gex
import worked

OPEN, CLOSE = "2024-03-13T09:30-04:00", "2024-03-13T16:00-04:00"


def test_years_by_every_clock():
    start, end = worked.AS_OF, worked.AS_OF + 3 * worked.HOUR
    counted = {"CAL_365": 3 / 8760, "CAL_365_25": 3 / 8766, "BUS_252_DAYS": 1 / 252, "BUS_262_DAYS": 1 / 262,
               "BUS_252_CLOCK": 3 / 1638}
    assert set(gex.CLOCKS) == {*counted, "VARIANCE_CLOCK"}
    for clock, years in counted.items():
        assert gex.years(start, end, clock) == pytest.approx(years, rel=1e-15)
        assert gex.years(end, start, clock) == -gex.years(start, end, clock)
    assert gex.years(OPEN, CLOSE, "VARIANCE_CLOCK") == pytest.approx(0.75 / 257.65, rel=1e-14)
    with pytest.raises(gex.InputError, match="CAL_365.*VARIANCE_CLOCK"):
        gex.years(start, end, "BUS_252")


def test_years_broadcast():
    ends = np.array(["2024-03-13T20:00", "2024-03-14T20:00"], "M8[ns]")
    got = gex.years(OPEN, ends, clock="BUS_252_CLOCK")
    np.testing.assert_allclose(got, np.array([6.5, 13.0]) / 1638, rtol=1e-15)
    assert gex.years(ends[:, None], ends[None, :]).shape == (2, 2)
    assert isinstance(gex.years(OPEN, CLOSE), float)


def test_a_calendar_has_weights_days_and_events():
    fed = dt.datetime(2024, 3, 13, 14, tzinfo=dt.timezone(dt.timedelta(hours=-4)))
    plain, own = gex.Calendar(), gex.Calendar(events={fed: 0.5}, closed=["2024-03-14"], early=[20240315])
    assert plain.weights == {"session": 0.75, "overnight": 0.25, "non_business": 0.05, "u_shape": 0.4, "year": 257.65}
    assert plain.units(OPEN, CLOSE) == 0.75
    assert own.units(OPEN, CLOSE) == pytest.approx(1.25, rel=1e-15)
    assert own.session("2024-03-14") is None and plain.session("2024-03-14") is not None
    opens, closes = own.session(dt.date(2024, 3, 15))
    assert (closes - opens) / worked.HOUR == 3.5
    assert gex.years(OPEN, "2024-03-16T12:00-04:00", "BUS_252_CLOCK", own) == pytest.approx(10 / 1638, rel=1e-15)
    assert plain.pace("VARIANCE_CLOCK", OPEN) == pytest.approx(0.75 * 1.8 / 6.5 * 8760 / 257.65, rel=1e-14)
    assert math.isnan(plain.pace("BUS_252_DAYS", OPEN))
    assert gex.Calendar(closed=[]).session("2024-12-25") is not None  # no holidays at all
    assert gex.Calendar(session=1.0, overnight=0.5, year=365).weights["year"] == 365
    assert gex.Calendar(events=([fed, fed], [0.1, 0.2])).units(OPEN, CLOSE) == pytest.approx(1.05, rel=1e-15)
    assert "session 0.75" in repr(plain)


@pytest.mark.parametrize("wrong", [{"session": -1}, {"u_shape": 1}, {"non_business": math.nan}, {"year": -5},
                                   {"events": ([worked.AS_OF], [-1])}, {"events": ([worked.AS_OF], [1, 2])},
                                   {"closed": ["2024-02-30"]}])
def test_a_calendar_that_cannot_be_is_refused(wrong):
    with pytest.raises(gex.InputError):
        gex.Calendar(**wrong)


@pytest.mark.parametrize("clock", list(gex.CLOCKS))
def test_gamma_does_not_depend_on_the_clock(chain, clock):
    base, market = worked.market(chain), worked.market(chain, clock=clock)
    assert market.conventions["clock"] == clock and market.vol_clock == "CAL_365"
    for name in ("price", "delta", "gamma"):
        np.testing.assert_array_equal(market.greeks[name], base.greeks[name])
    np.testing.assert_allclose(market.greeks["vanna"] * market.vol, base.greeks["vanna"] * base.vol, rtol=1e-12)
    np.testing.assert_array_equal(market.calendar_vol, base.vol)
    np.testing.assert_array_equal(market.calendar_years, base.years)
    variance, same = (m.vol**2 * np.repeat(m.years, [4, 5]) for m in (market, base))
    np.testing.assert_allclose(variance, same, rtol=1e-14)
    np.testing.assert_array_equal(market.expiry_clock, gex.CLOCKS[clock])
    book = gex.Book(chain, "NAIVE_CALL_LONG")
    assert [flip.price for flip in gex.flips(market, book)] == [flip.price for flip in gex.flips(base, book)]


def test_volatilities_told_to_be_on_the_clock_are_not_restated(chain):
    market = worked.market(chain, clock="BUS_252_DAYS", vol_clock="BUS_252_DAYS")
    assert list(market.vol) == worked.VOL and list(market.years) == [1 / 252, 21 / 252]
    years = market.years  # carry in business time as well, as the printed figures have it
    market = worked.market(chain, clock="BUS_252_DAYS", vol_clock="BUS_252_DAYS",
                           forward=5000 * np.exp((worked.RATE - worked.CARRY) * years),
                           discounts=np.exp(-worked.RATE * years))
    book = gex.Book(chain, "NAIVE_CALL_LONG")
    assert gex.exposure(market, book, by=None).total / worked.MILLION == pytest.approx(673.1143, abs=5e-5)
    assert gex.flips(market, book)[0].price == pytest.approx(4991.2256, abs=5e-5)


def test_a_market_keeps_its_calendar(chain):
    market = worked.market(chain, clock="VARIANCE_CLOCK", calendar=gex.Calendar(session=0.9, non_business=0.2))
    later = worked.AS_OF + worked.HOUR
    assert market.calendar.weights["session"] == 0.9
    assert market.pace[0] == market.calendar.pace("VARIANCE_CLOCK", worked.AS_OF)
    np.testing.assert_array_equal(market.years,
                                  gex.years(worked.AS_OF, chain.expiries, "VARIANCE_CLOCK", market.calendar))
    flow = gex.flow(market, gex.Book(chain, "NAIVE_CALL_LONG"), as_of=later)
    moved = worked.market(chain, as_of=later, clock="VARIANCE_CLOCK", calendar=market.calendar)
    assert flow.exact[0] != 0 and moved.years[0] < market.years[0]
    with pytest.raises(TypeError):
        worked.market(chain, calendar="US")
    with pytest.raises(gex.InputError, match="vol_clock"):
        worked.market(chain, vol_clock="cal")
