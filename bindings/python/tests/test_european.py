# SPDX-License-Identifier: Apache-2.0
"""gex.greeks and gex.implied_vol: golden values at their bounds, broadcasting, strides, statuses."""
import csv
import pathlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gex

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden" / "greeks_european.csv"
ULP = 2.0 ** -52


@pytest.fixture(scope="module")
def golden():
    """600 rows computed with 80 digits from the doubles nearest to the printed inputs."""
    lines = [line for line in GOLDEN.read_text().splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    assert len(rows) == 600
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def bounds(row):
    """Allowed error of each greek: relative where the value is one product, of the sum of absolute terms where it is a
    sum; d the larger of |d1| and |d2|. The conditioning of the density is d^2; see the kernel's own suite."""
    s, k, t, vol = row["spot"], row["strike"], row["T"], row["sigma"]
    r, q, f = row["r"], row["q"], row["w"]
    v = vol * np.sqrt(t)
    x = (np.log(s / k) + (r - q) * t) / v
    d = np.maximum(abs(x + v / 2), abs(x - v / 2))
    a = abs(np.log(s / k)) / v + abs(r - q) * t / v + v / 2       # terms of d1 and of d2
    p = (a - v / 2) ** 2 + v * v / 4                              # terms of d1 d2
    density = np.exp(-(x + v / 2) ** 2 / 2) / np.sqrt(2 * np.pi) * np.exp(-q * t)
    gamma, vega = row["gamma"], row["vega"]
    product, tail, total = (4 + 2 * d * d) * ULP, (6 + 3 * d * d) * ULP, (8 + 4 * d * d) * ULP
    carry = abs(q * row["delta"])
    terms = {
        "theta": s * density * vol / (2 * np.sqrt(t)) + abs(r * k * row["dual_delta"]) + s * carry,
        "vanna": density * a / vol,
        "charm": carry + density * (2 * abs(r - q) * t + a * v) / (2 * t * v),
        "vomma": vega * p / vol,
        "veta": vega * (abs(q) + abs(r - q) * a / v + (1 + p) / (2 * t)),
        "speed": gamma / s * (a / v + 1),
        "zomma": gamma * (p + 1) / vol,
        "color": density / (2 * s * t * v) * (2 * abs(q) * t + 1 + a * (2 * abs(r - q) * t + a * v) / v),
        "ultima": vega / vol ** 2 * (p * (1 + p) + 2 * a * a),
    }
    in_the_money = f * x > 0
    allowed = {name: product * abs(row[name]) for name in ("gamma", "vega", "dual_gamma")}
    allowed.update({name: tail * abs(row[name]) for name in ("delta", "rho", "epsilon", "dual_delta")})
    allowed.update({name: total * terms[name] for name in terms})
    allowed["price"] = np.where(in_the_money, 2 * ULP * np.maximum(s, k), tail * abs(row["price"]))
    return allowed


@pytest.mark.parametrize("name", gex.DEFAULT_GREEKS)
def test_golden(golden, name):
    got = gex.greeks(golden["spot"], golden["strike"], golden["T"], golden["sigma"], golden["w"].astype(np.int8),
                     golden["r"], golden["q"], columns=[name, "status"])
    assert not got["status"].any()
    worst = np.max(abs(got[name] - golden[name]) / np.maximum(bounds(golden)[name], 1e-300))
    assert worst <= 1, f"{name}: {worst:.2f} times the bound"


def test_default_columns():
    got = gex.greeks(100, 100, 0.25, 0.2, 1)
    assert list(got) == ("price delta gamma vega theta rho epsilon vanna charm vomma veta speed zomma color ultima "
                         "dual_delta dual_gamma").split()
    assert set(gex.greeks(100, 100, 0.25, 0.2, 1, columns=["dvanna_dvol", "dual_vanna"])) == {"dvanna_dvol",
                                                                                               "dual_vanna"}
    assert isinstance(got["delta"], float)
    assert gex.greeks(100, 100, 0.25, 0.2, 1, columns="delta") == {"delta": got["delta"]}
    with pytest.raises(gex.InputError, match="'omega' is not one of price, delta"):
        gex.greeks(100, 100, 0.25, 0.2, 1, columns=["omega"])


def test_shapes_broadcast():
    spot = np.linspace(80, 120, 5)[:, None]
    vol = np.array([0.1, 0.2, 0.3])
    got = gex.greeks(spot, 100, 0.5, vol, np.array("C"), 0.03, columns=["vega", "status"])
    assert got["vega"].shape == got["status"].shape == (5, 3)
    for i in range(5):
        for j in range(3):
            assert got["vega"][i, j] == gex.greeks(spot[i, 0], 100, 0.5, vol[j], 1, 0.03)["vega"]
    assert gex.greeks(np.empty((0, 3)), 100, 0.5, vol, 1)["price"].shape == (0, 3)
    with pytest.raises(ValueError, match=r"do not go together: spot \(2,\), strike \(3,\)$"):
        gex.greeks(np.ones(2), np.ones(3), 1, 1, 1)


def laid_out(values, layout):
    """The same values in memory of another form."""
    array = np.asarray(values)
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    if layout == "every third":
        wide = np.zeros(3 * len(array), array.dtype)
        wide[::3] = array
        return wide[::3]
    if layout == "field":
        record = np.zeros(len(array), [("pad", "u1"), ("value", array.dtype)])  # unaligned
        record["value"] = array
        return record["value"]
    if layout == "swapped bytes":
        return array.astype(array.dtype.newbyteorder())
    if layout == "single":
        return array.astype(np.float32) if array.dtype == np.float64 else array.astype(np.int64)
    return {"list": list(values), "object": array.astype(object)}.get(layout, array)


LAYOUTS = ["reversed", "every third", "field", "swapped bytes", "list", "object", "plain"]
ROW = st.tuples(st.floats(10, 1000), st.floats(10, 1000), st.floats(0, 3), st.floats(0, 2), st.sampled_from([1, -1]),
                st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))


@settings(max_examples=150)
@given(rows=st.lists(ROW, min_size=1, max_size=9), layouts=st.lists(st.sampled_from(LAYOUTS), min_size=7, max_size=7))
def test_any_layout_gives_the_bits_of_scalar_calls(rows, layouts):
    columns = [np.array(column, np.int8 if i == 4 else np.float64) for i, column in enumerate(zip(*rows))]
    got = gex.greeks(*map(laid_out, columns, layouts), columns=list(gex.GREEKS))
    for i, row in enumerate(rows):
        alone = gex.greeks(*row, columns=list(gex.GREEKS))
        for name in gex.GREEKS:
            np.testing.assert_array_equal(got[name][i], alone[name])


@settings(max_examples=100)
@given(price=st.lists(st.floats(0.01, 150), min_size=1, max_size=9), layout=st.sampled_from(LAYOUTS))
def test_implied_vol_gives_the_price_back(price, layout):
    vol, status = gex.implied_vol(laid_out(price, layout), 100.0, 105.0, 0.5, "C", 0.98)
    for i, value in enumerate(price):
        alone = gex.implied_vol(value, 100.0, 105.0, 0.5, 1, 0.98)
        np.testing.assert_array_equal((vol[i], status[i]), alone)
        if value >= 98:
            assert status[i] == 4 and np.isnan(vol[i])
        elif status[i] == 0 and vol[i] < 5:
            rate = -np.log(0.98) / 0.5
            back = gex.greeks(100 * 0.98, 105.0, 0.5, vol[i], 1, rate, 0.0)
            # a step of the vol, two of the price, and the roundings of this test's own forward
            assert abs(back["price"] - value) <= (2 * value + back["vega"] * vol[i] + 4 * 98) * ULP


def test_bad_rows_keep_their_place():
    nan = float("nan")
    spot = [100, nan, -1, 100, 100, 100, np.inf, None, 100]
    right = [1, 1, 1, 0, 1, 1, 1, 1, "X"]
    years = [0.5, 0.5, 0.5, 0.5, -1, 0.0, 0.5, 0.5, 0.5]
    got = gex.greeks(spot, 100, years, 0.2, right, columns=["delta", "gamma", "status"])
    assert list(got["status"]) == [0, 1, 1, 1, 1, 2, 1, 1, 1]
    assert np.isnan(got["delta"][[1, 2, 3, 4, 6, 7, 8]]).all()
    assert got["delta"][5] == 0.5 and got["gamma"][5] == np.inf
    vol, status = gex.implied_vol([10, nan, 1, 60, 7], 50, [40, 40, 40, 40, 45], [1, 1, 1, 1, 0], 1)
    assert list(status) == [0, 1, 3, 4, 5]
    assert np.isnan(vol[1:]).all() and vol[0] == 0


def test_wrong_kinds_are_refused():
    with pytest.raises(ValueError, match="spot: datetime64"):
        gex.greeks(np.array(["2024-01-01"], "M8[D]"), 100, 1, 0.2, 1)
    with pytest.raises(ValueError, match="right: 'put call'"):
        gex.greeks(100, 100, 1, 0.2, "put call")


# ---- models and forms ------------------------------------------------------------------------------------------


def test_models_and_forms_by_name():
    call = gex.greeks(50000.0, 52000.0, 1.0, 0.1, "C", model="inverse",
                      columns=["coin_price", "coin_delta", "coin_gamma", "premium_adjusted_delta", "delta"])
    assert call["coin_price"] == pytest.approx(0.0237610598544406, rel=1e-14)
    assert call["coin_delta"] == pytest.approx(6.84672898978763e-6, rel=1e-14)
    assert call["coin_gamma"] == pytest.approx(1.23114599474881e-9, rel=1e-13)
    assert call["premium_adjusted_delta"] == pytest.approx(call["delta"] - call["coin_price"], rel=1e-13)
    forward = gex.greeks(101.5, 100.0, 0.5, 0.2, 1, 0.03, form="forward")
    assert forward["rho"] == -0.5 * forward["price"] and forward["epsilon"] == 0
    normal = gex.greeks(-1.0, [-2.0, 0.0, 3.0], 0.5, 4.0, "P", model="bachelier", form="forward")
    assert np.all(normal["price"] > 0) and np.array_equal(normal["dual_gamma"], normal["gamma"])


@pytest.mark.parametrize("model", ["black", "bachelier", "inverse"])
def test_a_volatility_of_every_model_comes_back(model):
    strike, vol = np.linspace(80.0, 125.0, 40), 20.0 if model == "bachelier" else 0.2
    name = "coin_price" if model == "inverse" else "price"
    price = gex.greeks(100.0, strike, 0.7, vol, "C", model=model, form="forward", columns=name)[name]
    back, status = gex.implied_vol(price, 100.0, strike, 0.7, "C", model=model)
    assert np.all(status == 0) and np.allclose(back, vol, rtol=1e-11)


def test_choices_that_do_not_exist_or_have_no_meaning_are_refused():
    with pytest.raises(gex.InputError, match="'normal' is not one of black, bachelier, inverse"):
        gex.greeks(100, 100, 1, 0.2, 1, model="normal")
    with pytest.raises(gex.InputError, match="'strike' is not one of spot, forward"):
        gex.greeks(100, 100, 1, 0.2, 1, form="strike")
    with pytest.raises(gex.InputError, match="carry_yield"):
        gex.greeks(100, 100, 1, 0.2, 1, carry_yield=0.01, form="forward")
    with pytest.raises(gex.InputError, match="rate"):
        gex.greeks(100, 100, 1, 0.2, 1, rate=0.01, model="inverse")
    with pytest.raises(gex.InputError, match="discount"):
        gex.implied_vol(0.1, 100, 100, 1, 1, discount=0.9, model="inverse")
    with pytest.raises(gex.InputError, match="GEX_MODEL_INVERSE"):
        gex.greeks(100, 100, 1, 0.2, 1, columns="coin_price")
