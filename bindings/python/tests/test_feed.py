# SPDX-License-Identifier: Apache-2.0
"""Tables of quotes: the sample, both forms of Cboe's, and the real ones where GEX_DATA says they are."""
import csv
import gzip
import io
import json

import numpy as np
import pytest

import gex

TABLE = b"""\

S&P 500 INDEX,Last: 4505.10,Change: 1.0
"Date: September 14, 2023 at 4:31 PM EDT",Bid: 1,Ask: 2,Size: 1x1,Volume: 0
Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,Puts,Last Sale,Net,Bid,Ask,\
Volume,IV,Delta,Gamma,Open Interest
Fri Sep 15 2023,SPXW230915C04500000,12.5,0,12,13,"1,200",0.11,0.5,0.01,340,4500.00,SPXW230915P04500000,7.5,0,7,8,90,\
0.12,-0.5,0.01,500
"""

OPTION = {"option": "SPXW230915C04500000", "bid": 12, "ask": 13.0, "iv": 0.11, "open_interest": 340.0, "volume": 1200,
          "last_trade_price": 12.5}


def as_json(options, **more):
    return json.dumps({"timestamp": "2023-09-14 20:31:00", "symbol": "_SPX",
                       "data": {"symbol": "^SPX", "current_price": 4505.1, "options": options}, **more}).encode()


def test_both_forms_say_the_same(tmp_path):
    put = {"option": "SPXW230915P04500000", "bid": 7, "ask": 8, "iv": 0.12, "open_interest": 500, "volume": 90,
           "last_trade_price": 7.5}
    (tmp_path / "table.csv").write_bytes(TABLE)
    of_csv, of_json = gex.read_cboe(tmp_path / "table.csv"), gex.read_cboe(as_json([OPTION, put]))
    for name in ("strike", "right", "bid", "ask", "last", "vol", "open_interest", "volume", "settlement", "status"):
        np.testing.assert_array_equal(getattr(of_csv, name), getattr(of_json, name))
    assert of_csv.spot == of_json.spot == 4505.1
    assert of_csv.as_of == of_json.as_of == np.datetime64("2023-09-14T20:31", "ns")
    assert of_csv.underlying == "S&P 500 INDEX" and of_json.underlying == "^SPX"
    assert of_csv.symbols() == of_json.symbols() == ["SPXW230915C04500000", "SPXW230915P04500000"]
    assert of_csv.table.line(1) == 5 and of_csv.positions is None


def test_json_in_other_hands():
    plain = gex.read_cboe(as_json([OPTION]))
    texts = {key: value if key == "option" else str(value) for key, value in OPTION.items()}
    for content in (as_json([texts]), as_json([{**OPTION, "gamma": float("nan"), "note": 'a "NaN" \\'}])):
        chain = gex.read_cboe(content)
        for name in ("bid", "ask", "last", "vol", "open_interest", "volume"):
            np.testing.assert_array_equal(getattr(chain, name), getattr(plain, name))
        assert (chain.as_of, chain.spot, chain.underlying) == (plain.as_of, plain.spot, plain.underlying)
    missing = gex.read_cboe(as_json([{**OPTION, "iv": float("nan"), "open_interest": float("-inf")}]))
    assert np.isnan(missing.vol[0]) and np.isnan(missing.open_interest[0])


def test_json_that_is_incomplete():
    nan = float("nan")
    rows = [OPTION, {"option": OPTION["option"]}, {**OPTION, "bid": None, "iv": None}, {**OPTION, "iv": "11 %"},
            {**OPTION, "ask": True, "volume": 10 ** 400}, {}, "text", {**OPTION, "option": "x" * 40},
            {**OPTION, "option": 5}]
    chain = gex.read_cboe(b"\xef\xbb\xbf \n" + as_json(rows))
    assert list(chain.status) == [0] * 5 + [gex.ROW_STATUS["bad_symbol"]] * 4
    np.testing.assert_array_equal(chain.bid[:5], [12, nan, nan, 12, 12])
    np.testing.assert_array_equal(chain.ask[:5], [13, nan, 13, 13, nan])
    np.testing.assert_array_equal(chain.vol[:5], [0.11, 0, 0, nan, 0.11])
    np.testing.assert_array_equal(chain.volume[:5], [1200, 0, 1200, 1200, nan])
    nothing_said = gex.read_cboe(json.dumps({"timestamp": "yesterday", "data": {"options": [OPTION]}}).encode())
    assert nothing_said.spot is None and nothing_said.as_of is None and nothing_said.underlying == ""
    with pytest.raises(ValueError, match="as_of is needed"):
        gex.Market(nothing_said)


@pytest.mark.parametrize("content, why", [
    (b"", "line|empty|column"), (b"\0\1\2\3" * 100, "column"), (TABLE[:150], "Strike|no row"), (b"{", "."),
    (b"{} {}", "Extra"), (b'{"data": {"options": [NAN]}}', "line 1"), (b'{"data": 5}', "data.options"),
    (b'{"data": {"options": []}}', "no contract"), (b'{"data":' * 100_000, "."), (b"\xff{", "column")])
def test_what_is_no_table_is_refused(content, why):
    with pytest.raises(gex.InputError, match=why) as caught:
        gex.read_cboe(content)
    assert caught.value.status == -5


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(FileNotFoundError):
        gex.read_cboe(tmp_path / "absent.csv")
    with pytest.raises(IsADirectoryError):
        gex.read_cboe(tmp_path)


def add_up(made):
    """Every total of the map re-added from its lines."""
    rows = list(csv.DictReader(io.StringIO(made.lines())))
    assert len(rows) == len(made.market.chain)
    document = json.loads(made.json())
    contracts = document["contracts"]
    assert contracts["total"] == len(rows) == contracts["used"] + sum(contracts["refused"].values())
    return document


def test_the_sample(sample):
    assert b"synthetic" in sample.read_bytes().splitlines()[0].lower()
    chain = gex.read_cboe(sample)
    market = gex.Market(chain)
    assert len(chain) > 3000 and chain.as_of is not None and np.isfinite(chain.spot)
    made = gex.map(market, gex.Book(chain, "NAIVE_CALL_LONG"))
    document = add_up(made)
    assert document["contracts"]["used"] >= 0.6 * len(chain)
    assert document["totals"]["gex_usd_pct"] == made.gamma.total == gex.exposure(market, made.book, by=None).total
    assert document["regime"] == made.regime
    assert [flip["price"] for flip in document["flips"]] == list(made.flips.prices)
    assert [row["shares_exact"] for row in document["flow"]] == list(made.flow.exact)
    strikes = {row["strike"]: row["gex_usd_pct"] for row in document["by_strike"]}
    for strike, value in made.gamma.by("strike"):
        assert value == strikes.get(strike, 0.0)


REAL = {  # name: rows (two a line in CSV), spot, volatilities that were not published; counted by the data's README
    "spx_2023-09-14.csv": (2 * 9960, 4505.1001, 709 + 738), "spy_2023-09-14.csv": (2 * 3646, 450.81, 875 + 760),
    "xsp_2023-09-14.csv.gz": (2 * 5441, 450.51, 509 + 812),
    "spx_2022-07-12_intraday.csv.gz": (2 * 9689, 3856.28, 424 + 227),
    "spx_2022-12-12.csv.gz": (2 * 9578, 3990.5601, 1287 + 1016),
    "ndx_2022-12-12.csv.gz": (2 * 9559, 11706.4395, 123 + 0), "rut_2022-12-12.csv.gz": (2 * 3667, 1817.4937, 321 + 317),
    "spx_2024-01-07_weekend.csv.gz": (2 * 10519, 4697.2402, 431 + 615),
    "qqq_2023-06-12.csv.gz": (2 * 3623, 358.27, 300 + 450),
    "qqq_2023-09-24_weekend.csv.gz": (2 * 3170, 358.23, 28 + 818), "rut_2023-09-20.json.gz": (6680, 1806.1193, 1015)}


@pytest.mark.parametrize("name", REAL)
def test_real_tables(data, name):
    path = data / "cboe-quotedata" / name
    content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    chain = gex.read_cboe(content)
    rows, spot, unpublished = REAL[name]
    assert (len(chain), chain.spot, np.count_nonzero(chain.vol == 0)) == (rows, spot, unpublished)
    market = gex.Market(chain)
    used = gex.exposure(market, gex.Book(chain, "NAIVE_CALL_LONG"), by=None).counts["used"]
    assert used >= 0.6 * rows
