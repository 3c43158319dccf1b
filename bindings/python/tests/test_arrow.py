# SPDX-License-Identifier: Apache-2.0
"""Chains from Arrow tables: the chain that the same columns make. Skipped where pyarrow is not installed."""
import datetime

import numpy as np
import pytest

import gex


def test_what_is_no_table_is_refused():
    with pytest.raises(gex.InputError, match="no Arrow table"):
        gex.Chain.from_arrow({"symbol": ["SPXW240603C05000000"]})


def test_a_capsule_of_another_name_is_refused():
    class Odd:
        def __arrow_c_array__(self):
            return 1, 2

    with pytest.raises(gex.InputError, match="arrow_schema"):
        gex.Chain.from_arrow(Odd())


SYMBOLS = ["SPXW240603C05000000", "SPXW240603P05000000", "SPY240621P00500500"]


@pytest.fixture
def pyarrow():
    return pytest.importorskip("pyarrow")


def same(chain, other):
    assert chain.save() == other.save()


def test_record_batch(pyarrow):
    batch = pyarrow.record_batch({
        "symbol": SYMBOLS, "bid": [1.5, None, 3.0], "open_interest": [10, 20, 30], "comment": ["a", "b", None]})
    chain = gex.Chain.from_arrow(batch, underlying="SPX")
    same(chain, gex.Chain(SYMBOLS, bid=[1.5, np.nan, 3.0], open_interest=[10, 20, 30], underlying="SPX"))
    assert len(chain) == 3 and chain.underlying == "SPX" and not chain.status.any()
    same(gex.Chain.from_arrow(batch.slice(1)), gex.Chain(SYMBOLS[1:], bid=[np.nan, 3.0], open_interest=[20, 30]))
    same(gex.Chain.from_arrow(batch.to_struct_array().slice(1, 1)),
         gex.Chain(SYMBOLS[1:2], bid=[np.nan], open_interest=[20]))


def test_series_by_columns(pyarrow):
    expiry = [datetime.date(2024, 6, 3), datetime.date(2024, 6, 21)]
    settlement = np.array(["2024-06-03T20:00", "2024-06-21T13:30"], "M8[ns]")
    wanted = gex.Chain(root=["SPXW", "SPX"], expiry=expiry, settlement=settlement, strike=[5000.0, 5100.0],
                       right=[1, -1], exercise="european", vol=[0.5, 0.25])
    for text in (pyarrow.string(), pyarrow.large_string()):
        for unit in ("ns", "us", "ms", "s"):
            same(gex.Chain.from_arrow(pyarrow.record_batch({
                "root": pyarrow.array(["SPXW", "SPX"], text), "expiry": pyarrow.array(expiry, pyarrow.date32()),
                "settlement": pyarrow.array(settlement).cast(pyarrow.timestamp(unit, "UTC")),
                "strike": pyarrow.array([5000, 5100], pyarrow.int64()), "right": pyarrow.array(["C", "P"], text),
                "exercise": pyarrow.array(["European"] * 2, text),
                "vol": pyarrow.array([0.5, 0.25], pyarrow.float32())})),
                 wanted)


def test_table_of_several_batches(pyarrow):
    table = pyarrow.concat_tables([pyarrow.table({"symbol": SYMBOLS[:1], "vol": [0.1]}),
                                   pyarrow.table({"symbol": SYMBOLS[1:], "vol": [0.2, None]})])
    assert table.column("symbol").num_chunks == 2
    same(gex.Chain.from_arrow(table), gex.Chain(SYMBOLS, vol=[0.1, 0.2, np.nan]))
    assert len(gex.Chain.from_arrow(table.slice(0, 0))) == 0


@pytest.mark.parametrize("library", ["polars", "pandas"])
def test_data_frames(pyarrow, library):
    frame = pytest.importorskip(library).DataFrame({"symbol": SYMBOLS, "bid": [1.0, 2.0, 3.0]})
    if not hasattr(frame, "__arrow_c_stream__"):
        pytest.skip(f"this {library} is older than the interface")
    same(gex.Chain.from_arrow(frame), gex.Chain(SYMBOLS, bid=[1.0, 2.0, 3.0]))


def test_refusals_say_what_to_mend(pyarrow):
    for column, said in ((pyarrow.array(SYMBOLS).dictionary_encode(), "symbol is dictionary-encoded"),
                         (pyarrow.array([1.0, 2.0, 3.0]), "symbol of format g")):
        with pytest.raises(gex.InputError, match=said):
            gex.Chain.from_arrow(pyarrow.record_batch({"symbol": column}))
    with pytest.raises(gex.InputError, match="time zone"):
        gex.Chain.from_arrow(pyarrow.record_batch({"settlement": pyarrow.array([0], pyarrow.timestamp("ns"))}))
    with pytest.raises(gex.InputError, match="names a series"):
        gex.Chain.from_arrow(pyarrow.record_batch({"name": SYMBOLS}))
    with pytest.raises(gex.InputError, match="a struct"):
        gex.Chain.from_arrow(pyarrow.array([1.0]))


def test_everything_is_released(pyarrow):
    before = pyarrow.total_allocated_bytes()
    batch = pyarrow.record_batch({"symbol": SYMBOLS * 1000})
    chain = gex.Chain.from_arrow(batch)
    with pytest.raises(gex.InputError):
        gex.Chain.from_arrow(pyarrow.record_batch({"bid": np.ones(1000)}))
    del batch
    assert pyarrow.total_allocated_bytes() == before and chain.symbol(2999) == SYMBOLS[2]
