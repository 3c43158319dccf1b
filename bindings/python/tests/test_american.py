# SPDX-License-Identifier: Apache-2.0
"""gex.american and gex.american_implied_vol: golden values, broadcasting, boundary, dividends, statuses."""
import csv
import pathlib

import numpy as np
import pytest

import gex

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden"


def rows(name):
    lines = [line for line in (GOLDEN / name).read_text().splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


@pytest.mark.parametrize("accuracy, bound", [("fast", 3e-5), ("standard", 1e-6), ("high", 5e-8)])
def test_golden(accuracy, bound):
    table = rows("american_alo.csv")
    column = {name: np.array([float(row[name]) for row in table])
              for name in ("S", "K", "T", "r", "q", "sigma", "american")}
    got = gex.american(column["S"], column["K"], column["T"], column["sigma"],
                       [row["cp"] for row in table], column["r"],
                       column["q"], columns=["price", "status"], accuracy=accuracy)
    assert not got["status"].any()
    scale = np.maximum(column["S"], column["K"]) * np.where(column["T"] > 2, 4, 1)
    assert np.max(abs(got["price"] - column["american"]) / scale) <= bound


def test_shapes_and_columns():
    got = gex.american(100, [90, 100, 110], [[0.1], [0.5]], 0.2, "P", 0.05)
    assert list(got) == list(gex.DEFAULT_GREEKS)
    assert got["price"].shape == (2, 3)
    assert isinstance(gex.american(100, 100, 1, 0.2, -1, 0.05)["delta"], float)
    assert set(gex.american(100, 100, 1, 0.2, -1, 0.05, columns=["boundary", "vega"])) == {"boundary", "vega"}
    with pytest.raises(gex.InputError, match="'exact' is not one of fast, standard, high"):
        gex.american(100, 100, 1, 0.2, -1, accuracy="exact")


def test_boundary_and_exercise():
    got = gex.american([70, 100], 100, 1, 0.2, -1, 0.05, columns=["price", "delta", "boundary", "status"])
    assert got["status"].tolist() == [6, 0]
    assert (got["price"][0], got["delta"][0]) == (30, -1)
    assert got["boundary"][0] == got["boundary"][1] and 70 < got["boundary"][0] < 100
    assert gex.american(100, 100, 1, 0.2, 1, 0.05, columns=["boundary"])["boundary"] == np.inf
    assert gex.american(100, 100, 1, 0.2, -1, 0.0, columns=["boundary"])["boundary"] == 0


def test_never_exercised_is_european():
    american, european = (call(100, [80, 100, 120], 0.5, 0.3, 1, 0.05, 0.0) for call in (gex.american, gex.greeks))
    for name in gex.DEFAULT_GREEKS:
        assert np.array_equal(american[name], european[name]), name


def test_out():
    price, status = np.empty(3), np.empty(3, np.uint8)
    out = {"price": price, "status": status}
    assert gex.american(100, [90, 100, 110], 1, 0.2, -1, 0.05, out=out) is out
    assert np.array_equal(price, gex.american(100, [90, 100, 110], 1, 0.2, -1, 0.05)["price"])


def test_dividends():
    for row in rows("discrete_dividend.csv"):
        if row["exercise"] != "A":
            continue
        schedule = [(float(row[f"t{k}"]), float(row[f"d{k}"])) for k in (1, 2, 3) if row[f"t{k}"]]
        got = gex.american(float(row["S"]), float(row["K"]), float(row["T"]),
                           float(row["sigma"]), row["cp"], float(row["r"]),
                           columns=["price", "status"], dividends=schedule)
        assert got["price"] == pytest.approx(float(row["value"]), abs=1e-4 * float(row["K"]) + float(row["tol"]))
        assert got["status"] in (7, 8)
    whole = gex.american(100, 100, 1, 0.2, 1, 0.05, columns=["price"], dividends=[(0.5, 0.0, 0.02)])["price"]
    assert whole < gex.american(100, 100, 1, 0.2, 1, 0.05, columns=["price"])["price"]
    with pytest.raises(gex.InputError, match="rows of"):
        gex.american(100, 100, 1, 0.2, 1, dividends=[0.5, 1.0])
    with pytest.raises(gex.InputError, match="ascending"):
        gex.american(100, 100, 1, 0.2, 1, dividends=[(0.5, 1.0), (0.2, 1.0)])


def test_implied_vol():
    strike = np.array([80.0, 95, 100, 105, 120])
    price = gex.american(100, strike, 0.75, 0.35, -1, 0.05, 0.01)["price"]
    vol, status = gex.american_implied_vol(price, 100, strike, 0.75, -1, 0.05, 0.01)
    assert not status.any() and vol == pytest.approx(0.35, abs=1e-9)
    vol, status = gex.american_implied_vol([9, 10, 100], 90, 100, 1, -1, 0.05)
    assert np.isnan(vol).all() and status.tolist() == [3, 6, 4]
    vol, status = gex.american_implied_vol(4.0, 100, 100, 0.5, 1, 0.05, dividends=[(0.25, 1.0)])
    assert status == 0
    assert gex.american(100, 100, 0.5, vol, 1, 0.05, dividends=[(0.25, 1.0)])["price"] == pytest.approx(4.0, abs=1e-9)


@pytest.mark.skipif(not gex.COMPILED, reason="the package has no compiled calls here")
def test_compiled_call_is_the_python_function():
    plain = gex.american.__wrapped__
    strike = np.linspace(70.0, 140.0, 37)
    right = np.where(np.arange(37) % 2 == 0, 1, -1).astype(np.int8)
    arguments = (100.0, strike, 0.7, 0.25, right, 0.05, 0.03)
    for columns in (None, ["boundary"], ["status", "price", "boundary", "vega"], list(gex.GREEKS), []):
        fast, slow = (call(*arguments, columns=columns) for call in (gex.american, plain))
        assert list(fast) == list(slow)
        for name in fast:
            assert fast[name].dtype == slow[name].dtype and np.array_equal(fast[name], slow[name], equal_nan=True), name
    out = {"boundary": np.empty(37), "delta": np.empty(37), "status": np.empty(37, np.uint8)}
    assert gex.american(*arguments, out=out) is out
    slow = plain(*arguments, columns=list(out))
    assert all(np.array_equal(out[name], slow[name]) for name in out)
    assert gex.american.seconds(1, *arguments) > 0  # called directly
    one = gex.american(100.0, 90.0, 0.5, 0.2, -1, 0.05, columns=["boundary", "price"])
    assert one == plain(100.0, 90.0, 0.5, 0.2, -1, 0.05, columns=["boundary", "price"])
    for name, value in (("accuracy", "fast"), ("dividends", [(0.2, 1.0)])):
        fast, slow = (call(*arguments, **{name: value}) for call in (gex.american, plain))
        assert all(np.array_equal(fast[key], slow[key]) for key in slow)
