# SPDX-License-Identifier: Apache-2.0
"""The compiled calls and the Python functions behind them are one: same bits, same refusals; nothing is leaked, nothing
is shared between threads, and the package is whole without them."""
import copy
import gc
import importlib.machinery
import inspect
import os
import pathlib
import pickle
import resource
import shutil
import subprocess
import sys
import threading
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gex
from gex import _compiled
from test_out import columns_of, inputs

compiled = pytest.mark.skipif(not gex.COMPILED, reason="the package has no compiled calls here")
plain = getattr(gex.greeks, "__wrapped__", None)
T16 = "price delta gamma vega theta rho vanna charm vomma speed zomma color".split()  # no literals: not interned


def answer(function, *args, **kwargs):
    """What a call gives, or how it refuses, in a form that compares."""
    try:
        got = function(*args, **kwargs)
    except Exception as refusal:
        return type(refusal), str(refusal)
    names, values = (list(got), got.values()) if isinstance(got, dict) else (type(got), got)
    return names, [(type(value), value.dtype, value.shape, value.tobytes()) for value in values]


def bytes_of(out):
    return [] if out is None else [array.tobytes() for array in (out.values() if isinstance(out, dict) else out)]


# ---- the same answer -------------------------------------------------------------------------------------------


def laid(values, form):
    """A column in one of the forms people hold it in."""
    array = np.array(values, np.float64)
    n = len(array)
    if form == "field":
        record = np.zeros(n, [("pad", "u1"), ("value", "f8")])
        record["value"] = array
        return record["value"]
    if form == "read-only":
        array.flags.writeable = False
        return array
    one = array[0] if n else 1.5
    return {"float": float(one), "int": int(one), "huge": 10 ** 400, "bool": True, "none": None,
            "numpy scalar": np.float64(one), "float32 scalar": np.float32(one), "0-d": np.array(one),
            "one": np.array([one]), "reversed": array[::-1].copy()[::-1], "every third": np.repeat(array, 3)[::3],
            "one value": np.broadcast_to(np.float64(one), n), "swapped": array.astype(">f8"),
            "float32": array.astype(np.float32), "list": list(array), "2-d": array.reshape(1, n),
            "column": array.reshape(n, 1), "longer": np.concatenate([array, [1.0, 2.0]]),
            "masked": np.ma.masked_less(array, 0.5)}.get(form, array)


DIRECT = st.sampled_from(["plain"] * 4 + ["float", "int", "numpy scalar", "0-d", "one", "reversed", "every third",
                          "one value", "field", "read-only"])
FORMS = st.one_of(DIRECT, st.sampled_from(["huge", "bool", "none", "float32 scalar", "swapped", "float32", "list",
                                           "2-d", "column", "longer", "masked"]))
DIRECT_RIGHT = st.sampled_from(["plain", "plain", "C", "PUT", 1, -1, 0, 5, "0-d", "one", "reversed"])
RIGHTS = st.one_of(DIRECT_RIGHT, st.sampled_from(["p", "call", "X", 300, 257, 1.0, None, True, b"C", "int64", "float64",
                                                  "words", "longer", 2 ** 70]))


def columns_in(count):
    """Forms of all columns: half of the time only such as are called directly."""
    return st.one_of(st.tuples(st.lists(DIRECT, min_size=count, max_size=count), DIRECT_RIGHT),
                     st.tuples(st.lists(FORMS, min_size=count, max_size=count), RIGHTS))


def right_column(n, form):
    signs = np.where(np.arange(n) % 3, 1, -1).astype(np.int8)
    return {"plain": signs, "0-d": np.array(-1, np.int8), "one": np.array([1], np.int8), "reversed": signs[::-1],
            "int64": signs.astype(np.int64), "float64": signs.astype(float), "words": np.where(signs > 0, "C", "P"),
            "longer": np.ones(n + 1, np.int8)}.get(form, form) if isinstance(form, str) else form


COLUMNS = [*gex.GREEKS, "status"]
NAMES = st.one_of(st.none(), st.lists(st.sampled_from(COLUMNS), max_size=6, unique=True), st.permutations(COLUMNS),
                  st.lists(st.sampled_from(COLUMNS), max_size=6),
                  st.sampled_from([T16, ["price", "omega"], "delta", [b"price"], [1]]))
OUTS = ["none"] * 3 + ["dict"] * 2 + ["tuple", "list", "matrix", "read-only", "short", "overlap", "over input",
                                      "strided", "too few", "wrong kind", "turned", "wide"]


def out_arrays(kind, names, n, first):
    """Arrays for the names, or what only looks like them. Made anew for each side, filled alike."""
    names = list(dict.fromkeys(names))
    arrays = columns_of(n, names)
    some = names[-1] if names else None
    if kind == "none" or not all(isinstance(name, str) for name in names):
        return None
    if kind == "read-only" and some:
        arrays[some].flags.writeable = False
    elif kind == "short" and some:
        arrays[some] = arrays[some][1:]
    elif kind == "overlap" and some:
        arrays[names[0]] = arrays[some]
    elif kind == "over input" and some and isinstance(first, np.ndarray):
        arrays[names[0]] = first
    elif kind == "strided" and some:
        arrays[some] = np.full(2 * n, 77, arrays[some].dtype)[::2]
    elif kind == "too few" and some:
        del arrays[some]
    elif kind == "wrong kind" and some:
        arrays[some] = np.zeros(n, np.float32)
    elif kind == "matrix":
        return np.full((len(names), n), 77.0)
    elif kind == "wide":
        return np.full((len(names), n + 1), 77.0)
    elif kind == "turned":
        return np.full((n, len(names)), 77.0).T
    return {"tuple": tuple, "list": list}[kind](arrays.values()) if kind in ("tuple", "list") else arrays


def first_of(args, kind):
    """A copy where it may be written over."""
    return np.array(args[0]) if kind == "over input" and type(args[0]) is np.ndarray else args[0]


directly = {"greeks": 0, "implied_vol": 0}  # calls of the two tests that follow


def count_direct(function, *args, **kwargs):
    try:
        function.seconds(0, *args, **kwargs)
    except Exception:
        return
    directly[function.__name__] += 1


@settings(max_examples=1500)
@given(n=st.integers(0, 5), seed=st.integers(0, 10 ** 6), columns=columns_in(6), names=NAMES, as_tuple=st.booleans(),
       kind=st.sampled_from(OUTS), name_them=st.booleans(), left_out=st.integers(0, 2))
def any_call_is_the_plain_call(n, seed, columns, names, as_tuple, kind, name_them, left_out):
    forms, right = columns
    random = np.random.default_rng(seed)
    bounds = [(80, 120), (80, 120), (0.01, 2), (0.05, 0.6), (-0.05, 0.1), (-0.05, 0.1)]
    reals = [random.uniform(low, high, n) for low, high in bounds]
    args = [laid(values, form) for values, form in zip(reals, forms)]
    args.insert(4, right_column(n, right))
    asked = [*gex.DEFAULT_GREEKS] if names is None else [names] if isinstance(names, str) else names
    if as_tuple and isinstance(names, list):
        names = tuple(names)

    def call(function):
        fresh = [first_of(args, kind), *args[1:7 - left_out]]
        out = out_arrays(kind, asked, n, fresh[0])
        keywords = {} if names is None or (isinstance(out, dict) and not name_them) else {"columns": names}
        if out is not None:
            keywords["out"] = out
        if function is gex.greeks:
            count_direct(function, *fresh, **keywords)
        return answer(function, *fresh, **keywords), bytes_of(out)

    assert call(gex.greeks) == call(plain)


@compiled
def test_any_call_is_the_plain_call():
    any_call_is_the_plain_call()
    assert directly["greeks"] >= 200


@settings(max_examples=400)
@given(n=st.integers(0, 5), seed=st.integers(0, 10 ** 6), columns=columns_in(5), kind=st.sampled_from(OUTS),
       left_out=st.integers(0, 1))
def any_implied_vol_is_the_plain_one(n, seed, columns, kind, left_out):
    forms, right = columns
    random = np.random.default_rng(seed)
    reals = [random.uniform(low, high, n) for low, high in [(1, 30), (80, 120), (80, 120), (0.01, 2), (0.9, 1.1)]]
    args = [laid(values, form) for values, form in zip(reals, forms)]
    args.insert(4, right_column(n, right))

    def call(function):
        fresh = [first_of(args, kind), *args[1:6 - left_out]]
        out = out_arrays(kind, ["vol", "status"], n, fresh[0])
        keywords = {} if out is None else {"out": out}
        if function is gex.implied_vol:
            count_direct(function, *fresh, **keywords)
        return answer(function, *fresh, **keywords), bytes_of(out)

    assert call(gex.implied_vol) == call(gex.implied_vol.__wrapped__)


@compiled
def test_any_implied_vol_is_the_plain_one():
    any_implied_vol_is_the_plain_one()
    assert directly["implied_vol"] >= 60


@compiled
@pytest.mark.parametrize("args", [
    {}, {"right": 1}, {"right": "P"}, {"rate": 0.0}, {"rate": 0}, {"spot": np.float64(101.0)},
    {"spot": np.array(101.0)}, {"strike": np.array([100.0])}, {"spot": np.linspace(110.0, 90.0, 10)[::-2]},
    {"vol": np.broadcast_to(0.2, 5)}, {"columns": T16}, {"columns": tuple(T16)},
    {"columns": T16, "out": np.zeros((12, 5))}, {"out": columns_of(5)},
    {"columns": ("status", "price"), "out": [columns_of(5)["status"], np.zeros(5)]}])
def test_the_common_calls_are_compiled(args):
    names = "spot strike years vol right rate carry_yield".split()
    merged = {**dict(zip(names, inputs())), **args}
    assert gex.greeks.seconds(1, **merged) >= 0
    positional = [merged.pop(name) for name in names]
    assert gex.greeks.seconds(0, *positional, **merged) >= 0
    assert answer(gex.greeks, *positional, **merged) == answer(plain, *positional, **merged)


@compiled
@pytest.mark.parametrize("args", [
    {"rate": 10 ** 400}, {"carry_yield": -10 ** 400}, {"spot": 2 ** 64 - 1}, {"right": 257}, {"right": 2 ** 70},
    {"right": -129}, {"right": "p"}, {"right": "straddle"}, {"rate": None}, {"rate": "0.03"}, {"rate": [0.03] * 5},
    {"columns": T16, "out": np.zeros((12, 6))}, {"columns": T16, "out": np.zeros((11, 5))},
    {"columns": ["price", "status"], "out": np.zeros((2, 5))}, {"columns": {"vega": 1}},
    {"columns": "price delta".split(), "out": [np.zeros(5), np.zeros(5), np.zeros(5)]}])
def test_the_uncommon_calls_say_the_same(args):
    merged = {**dict(zip("spot strike years vol right rate carry_yield".split(), inputs())), **args}
    assert answer(gex.greeks, **merged) == answer(plain, **merged)


@compiled
def test_the_other_calls_are_not():
    with pytest.raises(ValueError, match="called directly"):
        gex.greeks.seconds(1, np.ones((2, 2)), 1, 1, 1, 1)
    with pytest.raises(ValueError, match="called directly"):
        gex.greeks.seconds(-1, 1, 1, 1, 1, 1)
    with pytest.raises(TypeError):
        gex.greeks.seconds("once", 1, 1, 1, 1, 1)
    with pytest.raises(ValueError, match="called directly"):
        gex.greeks.seconds()


@compiled
def test_arguments_are_those_of_the_function():
    for args, keywords in (((), {}), ((1,) * 7 + (None,) * 3, {}), ((1,) * 7 + (None, None, "black"), {}),
                           ((1,) * 5, {"spot": 1}), ((1,) * 5, {"tau": 1}), ((1,) * 4, {"rate": 0})):
        kind, message = answer(gex.greeks, *args, **keywords)
        assert kind is TypeError and "greeks()" in message
        assert (kind, message) == answer(plain, *args, **keywords)
    dynamic = {"".join(["vo", "l"]): 0.2, "".join(["right"]): 1}  # keywords that are not interned
    assert answer(gex.greeks, 100.0, 100.0, 0.5, **dynamic) == answer(plain, 100.0, 100.0, 0.5, **dynamic)
    assert answer(gex.greeks, carry_yield=0.01, right=-1, vol=0.2, years=0.5, strike=99.0, spot=100.0) == \
        answer(plain, 100.0, 99.0, 0.5, 0.2, -1, 0.0, 0.01)


@compiled
def test_more_rows_than_there_can_be():
    vast = np.broadcast_to(1.0, 2 ** 41)
    assert answer(gex.greeks, vast, 1, 1, 1, 1, columns=[]) == answer(plain, vast, 1, 1, 1, 1, columns=[])
    assert "2199023255552 rows are more than" in answer(gex.greeks, vast, 1, 1, 1, 1)[1]


@compiled
def test_subclasses_are_left_to_python():
    """They may have made up their own minds about what they are."""
    class Name(str):
        def __hash__(self):
            raise ZeroDivisionError

    class Columns(tuple):
        def __iter__(self):
            return iter(["vega"])

    class Out(dict):
        def __iter__(self):
            return iter(["delta"])

    for keywords in ({"columns": [Name("price")]}, {"columns": Columns(["price"])}, {"out": Out(price=np.zeros(1))}):
        with pytest.raises(ValueError, match="called directly"):
            gex.greeks.seconds(1, 100.0, 100.0, 0.5, 0.2, 1, **keywords)
        assert answer(gex.greeks, 100.0, 100.0, 0.5, 0.2, 1, **keywords) == \
            answer(plain, 100.0, 100.0, 0.5, 0.2, 1, **keywords)


OUT_OF_MEMORY = """
import resource, numpy as np, gex
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (600 << 20), resource.RLIM_INFINITY))
for columns in (None, ("price", "delta", "gamma")):  # 256 MiB each
    try:
        gex.greeks(np.broadcast_to(1.0, 1 << 25), 1, 1, 1, 1, columns=columns)
    except MemoryError:
        print("MemoryError")
assert gex.greeks(np.ones(1 << 20), 1, 1, 1, 1)["price"].size == 1 << 20
"""


def test_memory_that_cannot_be_had():
    done = subprocess.run([sys.executable, "-c", OUT_OF_MEMORY], capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == (["MemoryError"] * 2, "")


# ---- nothing is kept -------------------------------------------------------------------------------------------


@compiled
def test_no_reference_is_kept():
    args, out, names = inputs(), columns_of(5), tuple(["price", "delta", "gamma", "status"])
    wrong, fewer = {**out, "gamma": np.zeros(5, np.float32)}, names[:2]
    watched = [*args[:1], *args[2:5], *out.values(), out, wrong, *wrong.values(), names, fewer]

    def round_of_calls():
        gex.greeks(*args, out=out)
        gex.greeks(*args, columns=names, out=list(out.values()))
        gex.greeks(*args, columns=fewer)
        gex.greeks(*args, columns=list(names))
        gex.greeks(100.0, 100.0, 0.5, 0.2, 1)
        gex.implied_vol(5.0, 100.0, 100.0, 0.5, "C")
        gex.implied_vol(args[0], 100.0, 100.0, 0.5, 1, out=(out["price"], out["status"]))
        gex.greeks.seconds(1, *args, out=out)

    def round_of_refusals():
        for keywords in ({"out": wrong}, {"out": {**out, "omega": out["price"]}}, {"out": [out["price"]] * 17},
                         {"columns": ["omega"]}, {"columns": names, "out": [out["price"]] * 4}, {"tau": 1}):
            with pytest.raises((gex.InputError, TypeError)):
                gex.greeks(*args, **keywords)

    round_of_calls(), round_of_refusals(), gc.collect()
    before = [sys.getrefcount(item) for item in watched]
    for _ in range(15_000):
        round_of_calls()
    for _ in range(100):
        round_of_refusals()
    gc.collect()
    assert [sys.getrefcount(item) for item in watched] == before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(15_000):
        round_of_calls()
    for _ in range(100):
        round_of_refusals()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 1024  # kB; an array lost a round is more


@compiled
def test_a_call_can_be_forgotten():
    def function():
        pass
    specification = (function, 1, 7, bytes(128), 8, 10, 10, (("out", 3, 0, None, None),), ("price",), (1,), 1, 1)
    call = _compiled._fast.Call(*specification)
    gone = weakref.ref(call)
    call.itself = function.call = call  # in circles of both kinds
    del call, function, specification
    gc.collect()
    assert gone() is None
    specification = (plain, 1, True, bytes(128), 8, 10, 10, (("out", 3, 0, None, None),), ("price",), (1,), 1, 1)
    for at, value in ((1, 0), (3, bytes(2000)), (4, 124), (4, -1), (7, ()),
                      (9, ()), (9, ("a",)), (10, 2), (11, 2), (11, -1),
                      (7, ((1,),)), (7, (("x", 0, 120, None),)), (7, (("x", 1, 0, None),)), (7, (("x", 4, 0, None),))):
        with pytest.raises((ValueError, TypeError, SystemError)):
            _compiled._fast.Call(*specification[:at], value, *specification[at + 1:])


def test_threads_do_not_meet():
    n, threads = 3000, 4  # enough rows for the interpreter to be released
    args = inputs(n)
    expected = gex.greeks(*args, columns=T16)
    outs = [columns_of(n, T16) for _ in range(threads)]

    def work(out):
        for i in range(50):
            gex.greeks(*args, out=out)
            gex.greeks(*args, columns=tuple(T16[:1 + i % 12]))

    workers = [threading.Thread(target=work, args=(out,)) for out in outs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for out in outs:
        for name in T16:
            np.testing.assert_array_equal(out[name], expected[name])


# ---- it is a function, and may be missing ----------------------------------------------------------------------


def test_it_looks_like_a_function():
    for function, first in ((gex.greeks, "spot"), (gex.implied_vol, "price")):
        signature = inspect.signature(function)
        positional = [p.name for p in signature.parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        assert positional[0] == first and positional[-1] == "out"
        assert inspect.getdoc(function) and function.__name__ == function.__qualname__
        assert function.__module__ == "gex._european"
        assert pickle.loads(pickle.dumps(function)) is function
        assert copy.copy(function) is copy.deepcopy(function) is function


PACKAGE = pathlib.Path(gex.__file__).parent
PROGRAM = "import gex; print(gex.COMPILED, gex.greeks(100, 100, 0.5, 0.2, 1)['price'].hex())"


def run(package, **changes):
    environment = {key: value for key, value in os.environ.items() if key != "GEX_FAST"}
    environment.update(changes, PYTHONPATH=str(package.parent), PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run([sys.executable, "-c", PROGRAM], env=environment, cwd=package.parent, capture_output=True,
                          text=True)


def test_the_package_is_whole_without(tmp_path):
    price = gex.greeks(100, 100, 0.5, 0.2, 1)["price"].hex()
    assert run(PACKAGE, GEX_FAST="off").stdout.split() == ["False", price]
    package = shutil.copytree(PACKAGE, tmp_path / "gex", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy(os.environ.get("GEX_LIBRARY") or PACKAGE / "libgex.so", package / "libgex.so")
    alone = {"GEX_LIBRARY": str(package / "libgex.so")}
    assert run(package, **alone).stdout.split() == ["False", price]
    missing = run(package, GEX_FAST="on", **alone)
    assert missing.returncode == 1 and "ImportError: GEX_FAST=on, and no extension" in missing.stderr
    (package / f"_fast{importlib.machinery.EXTENSION_SUFFIXES[0]}").write_bytes(b"of another machine")
    done = run(package, **alone)
    assert (done.stdout.split(), done.stderr) == (["False", price], "")


@compiled
def test_it_is_found_beside_the_package(tmp_path):
    package = shutil.copytree(PACKAGE, tmp_path / "gex", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy(os.environ.get("GEX_LIBRARY") or PACKAGE / "libgex.so", package / "libgex.so")
    shutil.copy(_compiled._fast.__file__, package)
    done = run(package, GEX_LIBRARY=str(package / "libgex.so"))
    assert done.stdout.split()[:1] == ["True"], done.stderr
