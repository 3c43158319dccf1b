# SPDX-License-Identifier: Apache-2.0
"""Results as Arrow tables: read by hand through the C structs always, by pyarrow, polars and pandas where they are."""
import ctypes as C
import gc
import weakref

import numpy as np
import pytest

import gex


class Schema(C.Structure):
    pass


class Array(C.Structure):
    pass


Schema._fields_ = [("format", C.c_char_p), ("name", C.c_char_p), ("metadata", C.c_void_p), ("flags", C.c_int64),
                   ("n_children", C.c_int64), ("children", C.POINTER(C.POINTER(Schema))), ("dictionary", C.c_void_p),
                   ("release", C.c_void_p), ("private_data", C.c_void_p)]
Array._fields_ = [("length", C.c_int64), ("null_count", C.c_int64), ("offset", C.c_int64), ("n_buffers", C.c_int64),
                  ("n_children", C.c_int64), ("buffers", C.POINTER(C.c_void_p)),
                  ("children", C.POINTER(C.POINTER(Array))), ("dictionary", C.c_void_p),
                  ("release", C.c_void_p), ("private_data", C.c_void_p)]
KINDS = {b"g": "f8", b"l": "i8", b"i": "i4", b"I": "u4", b"c": "i1", b"C": "u1", b"tsn:UTC": "i8"}

pointer = C.pythonapi.PyCapsule_GetPointer
pointer.restype, pointer.argtypes = C.c_void_p, [C.py_object, C.c_char_p]


def values(address, count, kind):
    return np.frombuffer(C.string_at(address, count * np.dtype(kind).itemsize), kind)


def read(table):
    """Columns by name, as masked arrays and lists of texts."""
    capsules = table.__arrow_c_array__()
    schema = Schema.from_address(pointer(capsules[0], b"arrow_schema"))
    array = Array.from_address(pointer(capsules[1], b"arrow_array"))
    assert schema.format == b"+s" and schema.n_children == array.n_children and array.n_buffers == 1
    columns = {}
    for k in range(schema.n_children):
        field, child = schema.children[k].contents, array.children[k].contents
        assert child.length == array.length and child.offset == 0
        name, rows = field.name.decode(), child.length
        if field.format == b"U":
            ends = values(child.buffers[1], rows + 1, "i8")
            content = C.string_at(child.buffers[2], int(ends[-1])).decode()
            columns[name] = [content[ends[i]:ends[i + 1]] for i in range(rows)]
            continue
        bits = child.buffers[0]
        missing = np.zeros(rows, bool)
        if bits:
            missing = np.unpackbits(values(bits, (rows + 7) // 8, "u1"), bitorder="little")[:rows] == 0
        assert missing.sum() == child.null_count
        columns[name] = np.ma.array(values(child.buffers[1], rows, KINDS[field.format]), mask=missing)
    return columns


def same(column, values):
    np.testing.assert_array_equal(np.ma.getdata(column), values)
    if np.asarray(values).dtype.kind == "f":
        np.testing.assert_array_equal(np.ma.getmaskarray(column), np.isnan(values))


def test_rows_of_an_exposure(chain, market, naive):
    made = gex.exposure(market, naive, by=None)
    columns = read(made.to_arrow())
    assert list(columns) == ["root", "settlement", "strike", "right", "status", "position", "exposure"]
    same(columns["exposure"], made.rows)
    same(columns["strike"], chain.strike)
    same(columns["position"], naive.positions)
    same(columns["settlement"], chain.settlement.astype("i8"))
    assert columns["root"] == ["SPXW"] * len(chain) and columns["exposure"].sum() == pytest.approx(made.total)


def test_sums_of_an_exposure(chain, market, naive):
    made = gex.exposure(market, naive, by=None)
    for by, key in (("strike", "strike"), ("expiry", "settlement"), ("right", "right"), ("0dte", "zero_dte")):
        columns, group = read(made.to_arrow(by)), made.by(by)
        assert list(columns) == [key, "net", "gross", "call", "put", "rows"]
        same(columns["net"], group.values)
        same(columns["gross"], group.gross)
        same(columns["rows"], group.used)
    with pytest.raises(gex.InputError, match="strike, expiry, right, zero_dte"):
        made.to_arrow("root")


def test_chain_market_and_greeks(chain, market):
    columns = read(chain.to_arrow())
    assert columns["symbol"] == chain.symbols()
    same(columns["vol"], chain.vol)
    assert gex.Chain.from_arrow(chain.to_arrow(), underlying=chain.underlying).symbols() == chain.symbols()
    columns = read(market.to_arrow())
    same(columns["vol"], market.vol)
    columns = read(market.to_arrow("expiry"))
    same(columns["forward"], market.forward)
    same(columns["pace"], market.pace)
    columns = read(market.greeks.to_arrow())
    for name in market.greeks.keys():
        same(columns[name], market.greeks[name])


def test_what_is_drawn_and_what_changed(market, naive):
    profile = gex.profile(market, naive)
    same(read(profile.to_arrow())["exposure"], profile.values)
    field = gex.field(market, naive, ("GEX_USD_PCT", "flow"), points=5, steps=3)
    columns = read(field.to_arrow())
    same(columns["flow"], field["flow"].ravel())
    same(columns["price"], np.tile(field.prices, 3))
    same(columns["instant"], np.repeat(field.instants.astype("i8"), 5))
    forced = gex.forced(market, naive, adv=1e6)
    columns = read(forced.to_arrow())
    assert columns["stretch"] == forced.keys()
    same(columns["shares"], np.array([forced[name]["shares"] for name in forced.keys()]))
    group = gex.group(gex.exposure(market, naive, by=None), "expiry", "right")
    same(read(group.to_arrow())["net"], group.net)
    moved = market.shift(spot=5010.0)
    made = gex.difference(market, naive, moved, naive)
    same(read(made.to_arrow())["spot"], made["spot"])
    same(read(made.to_arrow("strike"))["strike"], made.strikes)
    change = gex.change(market, moved, naive)
    same(read(change.to_arrow())["slide"], change["slide"])
    same(read(change.to_arrow("expiry"))["atm"], change.expiry("atm"))


def test_baskets_bands_and_regimes(market, naive):
    basket = gex.basket([gex.Member(market, naive), gex.Member(market, naive, link="basis", name="again")],
                        spot=market.spot)
    columns = read(basket.to_arrow())
    assert columns["name"][1] == "again" and list(columns["link"]) == [1, 2]
    exposure = basket.exposure(unit="GEX_USD_PCT")
    assert read(exposure.to_arrow())["net"].sum() == pytest.approx(exposure.total)
    combo = exposure.combo()
    columns = read(combo.to_arrow())
    same(columns["price"], combo.prices)
    same(columns["put"], combo.put)
    errors = gex.Uncertainty(naive, share=0.3, correlation=0.2)
    bands = gex.bands(market, errors, points=9)
    columns = read(bands.to_arrow())
    same(columns["mean"], bands.mean)
    same(columns["spot"], bands.spot)
    flips = bands.flips(samples=64)
    same(read(flips.to_arrow())["nearest"], flips.nearest)
    path = gex.regime_path(gex.bands(market, errors, spot=[5000.0, 5010.0, 4990.0]))
    assert len(read(path.to_arrow())["regime"]) == len(path) == 3
    made = basket.dispersion(int(market.as_of.astype("i8")) + 10**15, index=0)
    assert read(made.to_arrow())["index_vol"][0] == pytest.approx(made["index_vol"])
    same(read(made.to_arrow("member"))["vol"], made.members["vol"])
    with pytest.raises(gex.InputError, match="member"):
        made.to_arrow("strike")


def test_a_stream_is_the_table(market, naive):
    made = gex.exposure(market, naive, by=None)
    for source in (made, made.to_arrow()):
        capsule = source.__arrow_c_stream__()
        assert "arrow_array_stream" in repr(capsule)
        del capsule  # unread: it releases what it holds
    assert not hasattr(gex.flips(market, naive), "__arrow_c_stream__")


def test_a_table_keeps_what_it_lends(chain, market):
    naive = gex.Book(chain, "NAIVE_CALL_LONG")
    made = gex.exposure(market, naive, by=None)
    gone, kept = weakref.ref(made), made.rows.copy()
    capsules = made.to_arrow().__arrow_c_array__()
    del made, naive
    gc.collect()
    assert gone() is None
    array = Array.from_address(pointer(capsules[1], b"arrow_array"))
    np.testing.assert_array_equal(values(array.children[6].contents.buffers[1], len(kept), "f8"), kept)


# ---- other libraries -------------------------------------------------------------------------------------------------

def test_pyarrow(chain, market, naive):
    pyarrow = pytest.importorskip("pyarrow")
    made = gex.exposure(market, naive, by=None)
    batch = pyarrow.record_batch(made.to_arrow())
    batch.validate(full=True)
    assert batch.schema.field("exposure").metadata == {b"unit": b"USD per 1 % of spot"}
    assert str(batch.schema.field("settlement").type) == "timestamp[ns, tz=UTC]"
    rows = made.rows
    assert batch["exposure"].buffers()[1].address == rows.__array_interface__["data"][0]  # not a copy
    del made
    np.testing.assert_array_equal(batch["exposure"].to_numpy(zero_copy_only=False), rows)
    back = gex.Chain.from_arrow(pyarrow.record_batch(chain.to_arrow()), underlying=chain.underlying)
    np.testing.assert_array_equal(back.settlement, chain.settlement)
    assert pyarrow.schema(naive.chain.to_arrow()).names[:2] == ["symbol", "root"]
    pytest.importorskip("pandas")
    assert batch.to_pandas()["strike"].tolist() == chain.strike.tolist()


def test_nulls_are_what_is_not_there():
    pyarrow = pytest.importorskip("pyarrow")
    chain = gex.Chain(["SPXW240603C05000000", "nonsense"], bid=[np.nan, 1.0], vol=[0.2, 0.2])
    batch = pyarrow.record_batch(chain.to_arrow())
    for column, nulls in (("bid", [True, False]), ("strike", [False, True]), ("settlement", [False, True]),
                          ("right", [False, True]), ("vol", [False, False])):
        assert batch[column].is_null().to_pylist() == nulls, column
    assert batch["symbol"].to_pylist() == ["SPXW240603C05000000", "nonsense"]


def test_polars(market, naive):
    polars = pytest.importorskip("polars")
    made = gex.exposure(market, naive, by=None)
    frame = polars.DataFrame(made.to_arrow("strike"))
    assert frame["net"].to_list() == made.by("strike").values.tolist()
    assert polars.DataFrame(made.to_arrow())["exposure"].sum() == pytest.approx(made.total)
    assert polars.DataFrame(made)["exposure"].to_list() == made.rows.tolist()


def test_duckdb(market, naive):
    duckdb = pytest.importorskip("duckdb")
    made = gex.exposure(market, naive, by=None)
    strikes = made.to_arrow("strike")  # read by its name, as a table
    group = made.by("strike")
    rows = duckdb.sql("select strike, net from strikes where net < 0 order by strike").fetchall()
    assert rows == [(strike, net) for strike, net in zip(group.keys, group.values) if net < 0]
    assert strikes and duckdb.sql("select sum(exposure) from made").fetchall()[0][0] == pytest.approx(made.total)
