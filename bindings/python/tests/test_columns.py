# SPDX-License-Identifier: Apache-2.0
"""What Python holds, as columns and instants: every accepted form means the same, and nothing is guessed."""
import datetime as dt

import numpy as np
import pytest

import gex

UTC = dt.timezone.utc
INSTANT = 1_694_723_460_000_000_000  # 2023-09-14T20:31:00Z


class Stamp(dt.datetime):
    """A datetime with nanoseconds, as pandas makes them."""

    nanosecond = 7


@pytest.mark.parametrize("value", [
    INSTANT, np.int64(INSTANT), np.datetime64(INSTANT, "ns"), np.datetime64("2023-09-14T20:31"),
    np.array(INSTANT), np.array("2023-09-14T20:31", "M8[s]"), dt.datetime(2023, 9, 14, 20, 31, tzinfo=UTC),
    dt.datetime(2023, 9, 14, 16, 31, tzinfo=dt.timezone(dt.timedelta(hours=-4))),
    "2023-09-14T20:31:00Z", "2023-09-14 16:31:00-04:00", "2023-09-14T16:31-0400", "2023-09-15T01:31:00.000+05"])
def test_one_instant_in_every_form(value):
    assert gex.instant(value) == INSTANT


def test_nanoseconds_survive():
    assert gex.instant("2023-09-14T20:31:00.123456789Z") == INSTANT + 123_456_789
    assert gex.instant(Stamp(2023, 9, 14, 20, 31, 0, 5, tzinfo=UTC)) == INSTANT + 5007
    assert gex.format_instant(INSTANT + 120_000_000) == "2023-09-14T16:31:00.120-04:00"


@pytest.mark.parametrize("value, why", [
    ("2023-09-14T16:31:00", "no offset"), (dt.datetime(2023, 9, 14, 16, 31), "no zone"), (1.5e18, "not an instant"),
    (np.datetime64("2023-09-14"), "no time of day"), (np.datetime64("NaT", "ns"), "no time of day"),
    (None, "not an instant"),
    (True, "instant True"), ("2023-13-14T16:31:00Z", "does not begin with a date"), (dt.date(2023, 9, 14), "not an")])
def test_what_is_no_instant_is_refused(value, why):
    with pytest.raises(ValueError, match=why):
        gex.instant(value)


def settlements(values):
    return gex.Chain(root="SPXW", settlement=values, strike=100.0, right="C")


def test_a_column_of_instants():
    forms = ["2023-09-14T20:31:00Z", dt.datetime(2023, 9, 14, 20, 31, tzinfo=UTC), np.datetime64(INSTANT, "ns")]
    chain = settlements(np.array(forms + [None, "n/a", "", float("nan"), np.datetime64("NaT", "ns")], object))
    assert list(chain.settlement[:3].astype(np.int64)) == [INSTANT] * 3
    assert list(chain.status) == [0] * 3 + [gex.ROW_STATUS["bad_symbol"]] * 5
    assert np.isnat(chain.settlement[3:]).all()
    strided = np.repeat(np.array([INSTANT], "M8[ns]"), 6)[::2]
    assert (settlements(strided).settlement == strided).all()
    seconds = np.array(["2023-09-14T20:31"] * 2, "M8[s]")
    assert (settlements(seconds).settlement == seconds).all()
    for wrong in (["2023-09-14T16:31:00"] * 2, [dt.datetime(2023, 9, 14)] * 2, [1.5e18, 1.6e18],
                  np.array(["2023-09-14"], "M8[D]")):
        with pytest.raises(ValueError):
            settlements(wrong)


PM = np.datetime64("2023-09-14T20:00", "ns")


@pytest.mark.parametrize("value", [
    20230914, np.array([20230914] * 2), [20230914.0] * 2, dt.date(2023, 9, 14), dt.datetime(2023, 9, 14),
    [dt.date(2023, 9, 14)] * 2, np.array(["2023-09-14"] * 2, "M8[D]"), np.array(["2023-09-14"] * 2, "M8[ns]"),
    "2023-09-14", ["2023-09-14", "20230914"], [b"2023-09-14"] * 2,
    # and with a time of day: the instant itself
    "2023-09-14T16:00-04:00", np.array(["2023-09-14T20:00"] * 2, "M8[ns]"), [int(PM.astype(np.int64))] * 2,
    [dt.datetime(2023, 9, 14, 20, tzinfo=UTC)] * 2])
def test_expiry_in_every_form(value):
    chain = gex.Chain(root="SPXW", expiry=value, strike=[4500.0, 4510.0], right="P")
    assert list(chain.settlement) == [PM, PM]
    assert not chain.status.any()


def test_expiry_with_gaps():
    chain = gex.Chain(root="SPXW", expiry=[20230914.0, float("nan"), 20230931.0, 1e12], strike=1.0, right=1)
    assert list(chain.status != 0) == [False, True, True, True]
    chain = gex.Chain(root="SPXW", expiry=[dt.date(2023, 9, 14), None, "soon"], strike=1.0, right=1)
    assert list(chain.status != 0) == [False, True, True]
    with pytest.raises(ValueError, match="no zone"):
        gex.Chain(root="SPXW", expiry=[dt.datetime(2023, 9, 14, 16)], strike=1.0, right=1)
    with pytest.raises(ValueError, match="leave one out"):
        gex.Chain(root="SPXW", expiry="2023-09-14T16:00-04:00", settlement=INSTANT, strike=1.0, right=1)


@pytest.mark.parametrize("right", [
    ["C", "P", "x"], [b"C", b"P", b""], ["call", " Put ", "putt"], [1, -1, 0], [1.0, -1.0, float("nan")],
    np.array([1, -1, 257]), np.array([1, -1, 5], np.int8), np.array(["C", "P", None], object), [1, -1, None],
    np.array([1, -1, 300], np.int16)])
def test_rights(right):
    chain = gex.Chain(root="SPXW", expiry=20230914, strike=1.0, right=right)
    assert list(chain.right) == [1, -1, 0]
    assert list(chain.status) == [0, 0, gex.ROW_STATUS["bad_right"]]


def test_numbers_as_pandas_and_people_write_them():
    nan = float("nan")
    wide = np.arange(12.0).reshape(4, 3)[:, 1]
    masked = np.ma.MaskedArray([1.0, 2.0, 3.0, 4.0], [False, True, False, False])
    for given, kept in (([1, None, "3", "n/a"], [1, nan, 3, nan]), (wide, wide), (wide[::-1], wide[::-1]),
                        (np.array([1, 2, 3, 4], np.float32), [1, 2, 3, 4]), (7, [7] * 4), ([7], [7] * 4),
                        (masked, [1, nan, 3, 4]), (np.array([True, False, True, True]), [1, 0, 1, 1])):
        chain = gex.Chain(root="SPXW", expiry=20230914, strike=[1.0, 2, 3, 4], right=1, bid=given)
        np.testing.assert_array_equal(chain.bid, kept)
    with pytest.raises(ValueError, match="bid: complex128 is not a number"):
        gex.Chain(root="SPXW", expiry=20230914, strike=1.0, right=1, bid=1j)


def test_texts():
    symbols = ["SPXW230914C04500000", "SPXW  230914P04500000", "é" * 9, None, "x" * 90, ""]
    chain = gex.Chain(symbols)
    assert list(chain.right) == [1, -1, 0, 0, 0, 0]
    assert (chain.status[2:] == gex.ROW_STATUS["bad_symbol"]).all()
    assert chain.symbol(0) == symbols[0] and chain.root(1) == "SPXW"
    padded = np.array([b"SPXW230914C04500000" + b" " * 60] * 4)  # wider than any symbol, and strided
    assert not gex.Chain(padded[::2]).status.any()
    assert len(gex.Chain(padded[::2])) == 2
    with pytest.raises(IndexError):
        chain.symbol(6)
    assert chain.symbol(-6) == symbols[0]


def test_lengths_have_to_agree():
    with pytest.raises(ValueError, match="strike has 2, right has 3"):
        gex.Chain(root="SPXW", expiry=20230914, strike=[1.0, 2.0], right=[1, 1, 1])
    with pytest.raises(ValueError, match="2 dimensions"):
        gex.Chain(root="SPXW", expiry=20230914, strike=np.ones((2, 2)), right=1)
    with pytest.raises(ValueError, match="no column names a series|names"):
        gex.Chain(strike=[1.0])
    assert len(gex.Chain(root="SPXW", expiry=20230914, strike=[], right=1)) == 0
    assert len(gex.Chain(root="SPXW", expiry=20230914, strike=1.0, right=1)) == 1
