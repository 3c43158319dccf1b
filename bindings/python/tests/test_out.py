# SPDX-License-Identifier: Apache-2.0
"""Results into the caller's arrays: the same bits as new ones, and every array that cannot take them is refused, by the
compiled calls and by the plain functions behind them alike."""
import doctest

import numpy as np
import pytest

import gex
from conftest import ROOT

COLUMNS = ("price", "delta", "gamma", "status")
GREEKS = pytest.mark.parametrize("greeks", [gex.greeks, getattr(gex.greeks, "__wrapped__", gex.greeks)],
                                 ids=["as offered", "plain"])
IMPLIED = pytest.mark.parametrize("implied_vol", [gex.implied_vol,
                                                  getattr(gex.implied_vol, "__wrapped__", gex.implied_vol)],
                                  ids=["as offered", "plain"])


def columns_of(shape, names=COLUMNS):
    """Arrays full of what no result is."""
    return {name: np.full(shape, 77, np.uint8 if name == "status" else np.float64) for name in names}


def inputs(n=5):
    return (np.linspace(90.0, 110.0, n), 100.0, np.full(n, 0.5), np.linspace(0.1, 0.4, n),
            np.where(np.arange(n) % 2, -1, 1).astype(np.int8), 0.03, 0.01)


def same(got, expected):
    assert list(got) == list(expected)
    for name in expected:
        assert got[name].shape == expected[name].shape and got[name].dtype == expected[name].dtype
        np.testing.assert_array_equal(got[name], expected[name])


@GREEKS
def test_a_dict_says_which_columns_too(greeks):
    expected = greeks(*inputs(), columns=COLUMNS)
    out = columns_of(5)
    assert greeks(*inputs(), out=out) is out
    same(out, expected)
    out = columns_of(5, COLUMNS[::-1])
    assert greeks(*inputs(), columns=COLUMNS, out=out) is out
    same({name: out[name] for name in COLUMNS}, expected)
    assert greeks(*inputs(), out={}) == {}


@GREEKS
@pytest.mark.parametrize("kind", [tuple, list])
def test_a_sequence_follows_the_columns(greeks, kind):
    out = kind(columns_of(5).values())
    assert greeks(*inputs(), columns=list(COLUMNS), out=out) is out
    same(dict(zip(COLUMNS, out)), greeks(*inputs(), columns=COLUMNS))


@GREEKS
def test_a_matrix_holds_one_column_a_row(greeks):
    expected = greeks(*inputs(), columns=COLUMNS[:3])
    for out in (np.zeros((3, 5)), np.zeros((5, 3)).T, np.zeros((6, 10))[::2, ::2], np.zeros((3, 7))[:, 1:6]):
        assert greeks(*inputs(), columns=COLUMNS[:3], out=out) is out
        same(dict(zip(COLUMNS, out)), expected)


@GREEKS
@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 3), (4, 0)])
def test_any_shape(greeks, shape):
    out = columns_of(shape)
    given = (np.full(shape, 101.0), 100, 0.25, 0.2, "P")
    assert greeks(*given, out=out) is out
    expected = greeks(*given, columns=COLUMNS)
    for name in COLUMNS:
        assert out[name].shape == shape
        np.testing.assert_array_equal(out[name], expected[name])


@GREEKS
def test_arrays_that_do_not_lie_together(greeks, tmp_path):
    expected = greeks(*inputs(), columns=COLUMNS)
    wide = np.zeros((5, 8))
    record = np.zeros(5, [("pad", "u1"), ("delta", "f8"), ("status", "u1")])
    mapped = np.memmap(tmp_path / "gamma", np.float64, "w+", shape=5)
    out = {"price": wide[:, 3], "delta": record["delta"], "gamma": mapped, "status": record["status"][::-1]}
    assert greeks(*inputs(), out=out) is out
    same(out, expected)
    assert (np.delete(wide, 3, axis=1) == 0).all() and (record["pad"] == 0).all()


@GREEKS
def test_only_the_columns_asked_for_are_written(greeks):
    out = columns_of(5, list(gex.GREEKS))
    before = {name: array.copy() for name, array in out.items()}
    greeks(*inputs(), columns=["vega", "rho"], out=[out["vega"], out["rho"]])
    for name in gex.GREEKS:
        assert (out[name] == before[name]).all() == (name not in ("vega", "rho"))


def refused():
    """Changes to a good set of arrays, and what is said about them."""
    def read_only(out):
        out["delta"].flags.writeable = False
    return {
        "float32": (lambda out: out.update(delta=np.zeros(5, np.float32)), "delta holds float32, not float64"),
        "swapped bytes": (lambda out: out.update(delta=np.zeros(5, ">f8")), "delta holds >f8, not float64"),
        "status": (lambda out: out.update(status=np.zeros(5)), "status holds float64, not uint8"),
        "too long": (lambda out: out.update(gamma=np.zeros(6)), r"gamma has shape \(6,\), the results have \(5,\)"),
        "broadcast": (lambda out: out.update(gamma=np.zeros((2, 5))), r"gamma has shape \(2, 5\)"),
        "number": (lambda out: out.update(gamma=1.0), "gamma is a float, not a numpy array"),
        "list": (lambda out: out.update(gamma=[0.0] * 5), "gamma is a list, not a numpy array"),
        "masked": (lambda out: out.update(gamma=np.ma.zeros(5)), "gamma is a MaskedArray, not a numpy array"),
        "read-only": (read_only, "delta is read-only"),
        "twice": (lambda out: out.update(gamma=out["delta"]), "gamma overlaps delta"),
        "nothing": (lambda out: out.update(delta=None), "delta is a NoneType, not a numpy array"),
        "status in a column": (lambda out: out.update(status=out["price"].view(np.uint8)[:5]), "status overlaps price"),
        "unknown": (lambda out: out.update(omega=np.zeros(5)), "greek 'omega' is not one of"),
    }


@GREEKS
@pytest.mark.parametrize("case", refused())
def test_what_cannot_take_results_is_refused(greeks, case):
    change, why = refused()[case]
    out = columns_of(5)
    change(out)
    before = {name: np.copy(array) for name, array in out.items()}
    with pytest.raises(gex.InputError, match=why):
        greeks(*inputs(), out=out)
    for name, array in out.items():
        np.testing.assert_array_equal(array, before[name])


@GREEKS
def test_results_over_inputs_are_refused(greeks):
    spot, strike, years, vol, right, rate, carry = inputs()
    with pytest.raises(gex.InputError, match="out: price overlaps vol"):
        greeks(spot, strike, years, vol, right, out={"price": vol})
    block = np.linspace(90, 110, 9)
    with pytest.raises(gex.InputError, match="out: price overlaps spot"):
        greeks(block[:5], strike, years, vol, right, out={"price": block[4:]})
    with pytest.raises(gex.InputError, match="out: price overlaps spot"):
        greeks(block[4::-1], strike, years, vol, right, out={"price": block[4:]})
    with pytest.raises(gex.InputError, match="out: price overlaps spot"):
        greeks(block[8:3:-1], strike, years, vol, right, out={"price": block[:5]})
    with pytest.raises(gex.InputError, match="out: price overlaps spot"):
        greeks(np.broadcast_to(block[4:5], 5), strike, years, vol, right, out={"price": block[:5]})
    # Between the values of an input, and beside it, there is room.
    table = np.full((5, 6), 100.0)
    expected = greeks(table[:, 0], strike, years, vol, right, columns="price")["price"]
    greeks(table[:, 0], strike, years, vol, right, out={"price": table[:, 5]})
    np.testing.assert_array_equal(table[:, 5], expected)
    block[:5] = 100.0
    ends = np.concatenate([block[:5], np.zeros(5)])
    greeks(ends[:5], strike, years, vol, right, out={"price": ends[5:]})
    np.testing.assert_array_equal(ends[5:], expected)


@GREEKS
def test_arrays_have_to_be_those_of_the_columns(greeks):
    for columns, out, why in (
            (("price", "delta"), [np.zeros(5)], "1 arrays for 2 columns"),
            (("price", "delta"), np.zeros((3, 5)), "3 arrays for 2 columns"),
            (("price",), {"price": np.zeros(5), "delta": np.zeros(5)}, "'delta' is not a column"),
            (("price", "delta"), {"price": np.zeros(5)}, "'delta' is a column without array"),
            (("price", "price"), [np.zeros(5), np.zeros(5)], "name one twice"),
            (None, [np.zeros(5)] * 3, "3 arrays for 17 columns"),
            (("price", "delta"), np.zeros((2, 6)), r"price has shape \(6,\), the results have \(5,\)"),
            (("price",), np.zeros(5), "5 arrays for 1 columns"),
            (("price",), np.array(0.0), "a dict or a sequence of arrays is wanted, not ndarray"),
            (("price",), "price", "a dict or a sequence of arrays is wanted, not str"),
            (("price",), 3, "a dict or a sequence of arrays is wanted, not int")):
        with pytest.raises(gex.InputError, match=why):
            greeks(*inputs(), columns=columns, out=out)


@IMPLIED
def test_implied_vol_into_arrays(implied_vol):
    given = (np.array([2.0, 5.0, 9.0, 200.0]), 100.0, 100.0, 0.5, "C")
    expected = implied_vol(*given)
    assert isinstance(expected, tuple)
    for out in ((np.zeros(4), np.full(4, 9, np.uint8)), [np.zeros(4), np.full(4, 9, np.uint8)],
                {"vol": np.zeros(4), "status": np.full(4, 9, np.uint8)},
                {"status": np.full(4, 9, np.uint8), "vol": np.zeros(8)[::2]}):
        assert implied_vol(*given, out=out) is out
        vol, status = (out["vol"], out["status"]) if isinstance(out, dict) else out
        np.testing.assert_array_equal(vol, expected[0])
        np.testing.assert_array_equal(status, expected[1])
    with pytest.raises(gex.InputError, match="'status' is a column without array"):
        implied_vol(*given, out={"vol": np.zeros(4)})
    with pytest.raises(gex.InputError, match="1 arrays for 2 columns"):
        implied_vol(*given, out=[np.zeros(4)])
    with pytest.raises(gex.InputError, match="out: vol overlaps price"):
        implied_vol(*given, out=(given[0], np.zeros(4, np.uint8)))


def test_what_the_readme_shows():
    failed, tried = doctest.testfile(str(ROOT / "bindings" / "python" / "README.md"), module_relative=False)
    assert tried >= 5 and failed == 0
