# SPDX-License-Identifier: Apache-2.0
"""gex-map from outside: what it prints, how it ends, what it does with input that is wrong.

GEX_MAP is the program, GEX_SOURCE the source tree, GEX_JSON 1 or 0 for a build with or without JSON input. Real chains
are read where GEX_DATA names a folder with cboe-quotedata.
"""
import csv
import gzip
import io
import json
import math
import os
import pathlib
import re
import resource
import subprocess
import sys
import xml.etree.ElementTree

import pytest

PROGRAM = os.environ["GEX_MAP"]
SOURCE = pathlib.Path(os.environ["GEX_SOURCE"])
SAMPLE = SOURCE / "examples" / "data" / "sample.csv"
REFUSED = ["bad_strike", "bad_right", "bad_symbol", "not_finite", "expired", "no_vol", "no_price", "unsupported"]
MOVES = [-3, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 3]
needs_json = pytest.mark.skipif(os.environ.get("GEX_JSON") != "1",
                                reason="this build has no JSON input: jansson is missing")


def run(*arguments, code=0, **more):
    """Run the program; on failure there is one line on standard error, and nothing on standard output."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, timeout=240, **more)
    assert done.returncode == code, (done.returncode, done.stderr[:2000])
    if code != 0:
        assert done.stderr.count(b"\n") == 1 and done.stderr.startswith(b"gex-map: "), done.stderr[:2000]
        assert done.stderr.endswith(b"\n") and len(done.stderr) > 20
        assert done.stdout == b""
    return done


def complaint(*arguments, code, **more):
    return run(*arguments, code=code, **more).stderr.decode(errors="replace")


def no_constants(text):
    raise AssertionError(f"{text} is not JSON")


def report(*arguments, **more):
    return json.loads(run("--json", *arguments, **more).stdout, parse_constant=no_constants)


def lines_of(folder, *arguments):
    """The JSON report, and the rows of --lines with their numbers read."""
    path = folder / "lines.csv"
    told = report("--lines", path, *arguments)
    with open(path, newline="") as file:
        return told, list(csv.DictReader(file))


def table(rows, head="# as_of: 2027-03-10T13:05\n# spot: 5000\n", columns="symbol,vol,open_interest"):
    return (head + columns + "\n" + "".join(row + "\n" for row in rows)).encode()


GOOD = ["SPXW270310C05000000,0.16,9000", "SPXW270310P04975000,0.18,16000", "SPX270416P04500000,0.24,60000"]


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "chain.csv"
    path.write_bytes(table(GOOD))
    return path


# ---- the reports -----------------------------------------------------------------------------------------------------


def test_page_of_the_sample_is_the_kept_one():
    kept = (SOURCE / "tests" / "golden" / "sample_page.txt").read_bytes()
    assert run(SAMPLE).stdout == kept


def test_page_says_what_it_has_to():
    page = run(SAMPLE).stdout.decode()
    for part in ["Sample Index (synthetic)", "spot 5,487.25", "13:05 New York",
                 "Nearest flip", "Call wall", "Put wall", "0DTE",
                 "Next expiry", "BUY", "SELL", "USD", "per 1 %", "daily sigma",
                 "Biggest strikes", "NAIVE_CALL_LONG", "GEX_USD_PCT",
                 "CAL_365", "STICKY_STRIKE", "vol otm", "forward implied",
                 "exercise auto", "used", "refused", "not a forecast"]:
        assert part in page, part
    assert max(len(line) for line in page.splitlines()) <= 95
    assert len(page.splitlines()) <= 60


def test_zero_flow_is_a_line_and_a_key():
    told, page = report(SAMPLE)["zero_flow"], run(SAMPLE, "--robustness").stdout.decode()
    assert told["until"] == "2027-03-10T16:00:00-05:00" and told["status"] == "FOUND"
    root = next(root for root in told["roots"] if root["price"] == told["nearest"])
    line = next(line for line in page.splitlines() if line.startswith("Zero flow"))
    assert f"{told['nearest']:,.2f}" in line and "by 16:00" in line
    assert ("bought below, sold above" in line) == (root["direction"] == "down")
    entries = report(SAMPLE, "--robustness")["robustness"]["entries"]
    assert entries[0]["zero_flow"] == told["nearest"]
    signs = {entry["choice"]: entry["zero_flow"] for entry in entries if entry["vary"] == "sign"}
    assert signs["NAIVE_CALL_SHORT"] == told["nearest"]  # whoever is on the other side has traded nothing either
    panel = page[page.index("One choice changed"):].splitlines()
    assert panel[2].endswith("zero flow") and panel[3].endswith(f"{told['nearest']:,.2f}")
    late = report(SAMPLE, "--as-of", "2027-03-12T17:00")["zero_flow"]  # a Friday evening: Monday's close
    assert late["until"] == "2027-03-15T16:00:00-04:00"
    assert "Mon 15 Mar 2027 16:00" in run(SAMPLE, "--as-of", "2027-03-12T17:00").stdout.decode()


@pytest.mark.parametrize("dynamics", ["STICKY_MONEYNESS", "LOCAL_VOL", "STICKINESS=1.5", "FITTED=1.3", "BETA=-10"])
def test_dynamics_move_the_profile_and_nothing_at_spot(dynamics):
    told, sticky = report(SAMPLE, f"--dynamics={dynamics}"), report(SAMPLE)
    assert told["conventions"]["dynamics"] == dynamics
    assert told["totals"] == sticky["totals"] and told["by_strike"] == sticky["by_strike"]
    assert told["profile"][100]["gex_usd_pct"] == pytest.approx(told["totals"]["gex_usd_pct"], rel=1e-9)
    assert told["profile"][90]["gex_usd_pct"] != sticky["profile"][90]["gex_usd_pct"]
    assert sticky["flip_range"] == {"low": pytest.approx(0.8 * 5487.25), "high": pytest.approx(1.2 * 5487.25)}
    assert told["flip_range"]["high"] == pytest.approx((1.0995 if dynamics == "BETA=-10" else 1.2) * 5487.25)
    assert (told["profile"][200]["gex_usd_pct"] is None) == (dynamics == "BETA=-10")
    assert f"dynamics {dynamics}" in run(SAMPLE, "--dynamics", dynamics).stdout.decode()


def test_without_a_flip_the_page_says_where_it_looked():
    """BETA leaves no volatility above 109.95 % of spot: what lies there is not searched, and not said to be."""
    whole = run(SAMPLE, "--sign", "DEALER_ALL_LONG").stdout.decode()
    told = run(SAMPLE, "--sign", "DEALER_ALL_LONG", "--dynamics", "BETA=-10").stdout.decode()
    assert "none from 80 % to 120 % of spot: long gamma throughout" in whole and "searched" not in whole
    assert "none from 4,389.80 to 6,033.23: long gamma throughout" in told and "120 %" not in told


def test_the_field_is_tables_a_key_and_a_heat_map(tmp_path):
    """Its first row is the profile's exposure and a flow of 0 at spot; signs on the page are those of the numbers."""
    told = report(SAMPLE, "--field", "--svg", tmp_path / "map.svg")
    field, spot = told["field"], told["spot"]
    middle = len(field["prices"]) // 2
    assert len(field["prices"]) == 61 and len(field["instants"]) == 25
    assert field["prices"][middle] == pytest.approx(spot, rel=1e-12)
    assert field["flow"][0][middle] == pytest.approx(0, abs=1e-3)
    assert field["GEX_USD_PCT"][0][middle] == pytest.approx(told["totals"]["gex_usd_pct"], rel=1e-9)
    assert field["instants"][0]["instant"] == told["as_of"] and field["instants"][0]["live"] > 4000
    flows = dict(zip([entry["move_pct"] for entry in told["flow"]], told["flow"]))
    for move, place in ((-3, 0), (-1, 20), (1, 40), (3, 60)):
        assert field["flow"][0][place] == pytest.approx(flows[move]["shares_exact"], rel=1e-9)
    page = run(SAMPLE, "--field").stdout.decode()
    rows = page[page.index("OVER TIME"):].splitlines()
    last = [line for line in rows if line.startswith("  Wed 16:00")]
    assert len(last) == 2 and max(len(line) for line in rows[:18]) <= 95
    for line, name, words in zip(last, ("GEX_USD_PCT", "flow"), (("long", "short"), ("BUY", "SELL"))):
        signs = [words[value < 0] for value in field[name][-1][::15]]
        assert re.findall("|".join(words), line) == signs
    picture = xml.etree.ElementTree.parse(tmp_path / "map.svg").getroot()
    assert picture.get("height") == "1160" and "over price and New York time" in "".join(picture.itertext())
    plain = report(SAMPLE, "--svg", tmp_path / "plain.svg")
    assert "field" not in plain and xml.etree.ElementTree.parse(tmp_path / "plain.svg").getroot().get("height") == "820"
    assert "takes no value" in complaint("--field=yes", SAMPLE, code=2)


LAST_MINUTE = """# spot: 100
# as_of: {as_of}
root,expiry,strike,right,vol,open_interest
SPXW,2027-03-10,100,C,0.3,10
"""


def test_the_last_minutes_of_a_day_are_told_apart(tmp_path):
    (tmp_path / "late.csv").write_text(LAST_MINUTE.format(as_of="2027-03-10T15:58"))
    page = run("--field", "--svg", tmp_path / "map.svg", tmp_path / "late.csv").stdout.decode()
    times = re.findall(r"^  Wed (\S+)", page, re.M)
    assert times == 2 * ["15:58:00", "15:58:20", "15:58:40", "15:59:00", "15:59:20", "15:59:40", "16:00:00"]
    assert ">15:58:20</text>" in (tmp_path / "map.svg").read_text()
    assert "; 1 contract settles later today\n" in page


def test_a_map_of_nothing_has_no_empty_line(tmp_path):
    (tmp_path / "dead.csv").write_text(LAST_MINUTE.format(as_of="2027-03-11T09:30"))
    page = run(tmp_path / "dead.csv").stdout.decode()
    assert "NO GAMMA" in page and "vol otm, dynamics STICKY_STRIKE" in page
    assert all(line.strip() for line in page.splitlines())


def test_robustness_is_a_panel_and_a_key():
    told, page = report(SAMPLE, "--robustness"), run(SAMPLE, "--robustness").stdout.decode()
    entries = told["robustness"]["entries"]
    assert entries[0]["net"] == told["totals"]["gex_usd_pct"] and entries[0]["flip"] == told["nearest_flip"]["price"]
    for key in ("sign_of_net", "flip", "regime"):
        marks = [entry["agrees"][key] for entry in entries][1:]
        assert told["robustness"][key] == {"agree": marks.count(True), "of": len(marks) - marks.count(None)}
    other = next(entry for entry in entries if entry["choice"] == "DEALER_ALL_LONG")
    assert other["net"] == report(SAMPLE, "--sign", "DEALER_ALL_LONG")["totals"]["gex_usd_pct"]
    assert {entry["vary"] for entry in entries} == {"base", "sign", "clock", "forward", "fallback", "vol", "dynamics",
                                                   "vol_level"}
    assert "robustness" not in report(SAMPLE)
    assert "One choice changed at a time" in page and max(map(len, page.splitlines())) <= 95
    assert run(SAMPLE).stdout.decode().splitlines()[:20] == page.splitlines()[:20]
    assert "takes no value" in complaint("--robustness=yes", SAMPLE, code=2)


def test_uncertainty_is_the_probability_of_the_regime():
    told = report(SAMPLE, "--uncertainty", "0.5")
    page = run(SAMPLE, "--uncertainty", "0.5").stdout.decode()
    sure, plain = told["uncertainty"], report(SAMPLE)
    assert (sure["share"], sure["correlation"], sure["factors"], sure["refused"]) == (0.5, 0.2, 2, 0)
    odds = sure["probability"]
    assert odds["long_gamma"] + odds["short_gamma"] == pytest.approx(1.0, abs=1e-15)
    net = told["totals"]["gex_usd_pct"]
    z = (net - sure["gex_usd_pct"]["p05"]) / sure["gex_usd_pct"]["sd"]
    assert z == pytest.approx(1.6448536269514722, rel=1e-12)
    assert odds["long_gamma"] == pytest.approx(0.5 * math.erfc(-net / sure["gex_usd_pct"]["sd"] / math.sqrt(2)),
                                               rel=1e-12)
    assert sure["flip"]["p05"] < told["nearest_flip"]["price"] < sure["flip"]["p95"]
    assert [entry["move_pct"] for entry in sure["flow"]] == MOVES
    for entry, flow in zip(sure["flow"], told["flow"]):
        assert (entry["buy"] > 0.5) == (flow["shares_exact"] > 0)
        assert (entry["p05"] + entry["p95"]) / 2 == pytest.approx(flow["shares_exact"], rel=1e-6)
    assert f"long gamma {100 * odds['long_gamma']:.0f} %" in page and "err by 50 %, correlation 0.20" in page
    assert max(map(len, page.splitlines())) <= 95
    # without it nothing is claimed, and everything else stays as it was
    assert "uncertainty" not in plain and "probability" not in run(SAMPLE).stdout.decode()
    assert {name: value for name, value in told.items() if name != "uncertainty"} == plain
    lone = report(SAMPLE, "--uncertainty=0.5", "--correlation=0")["uncertainty"]
    assert lone["factors"] == 0 and lone["gex_usd_pct"]["sd"] < sure["gex_usd_pct"]["sd"]
    certain = run(SAMPLE, "--uncertainty", "0.05", "--sign", "DEALER_ALL_LONG").stdout.decode()
    assert "no flip in any" in certain
    assert ("  odds         long gamma over 99.9 %, short gamma under 0.1 %,\n"
            "               if positions err by 5 %, correlation 0.20\n") in certain
    assert max(map(len, certain.splitlines())) <= 95
    assert "above 0" in complaint("--uncertainty=0", SAMPLE, code=2)
    assert "from 0 to 1" in complaint("--correlation=1.1", SAMPLE, code=2)


def test_the_picture_says_how_sure_the_regime_is(tmp_path):
    for arguments, told in (([], False), (["--uncertainty", "0.5"], True)):
        run(SAMPLE, "--svg", tmp_path / "map.svg", *arguments)
        assert ("(probability 81 %)" in (tmp_path / "map.svg").read_text()) == told


def earlier(folder):
    """The sample a session before: spot lower, volatilities higher, fewer contracts, two series not there yet."""
    path, out = folder / "earlier.csv", []
    for i, line in enumerate(SAMPLE.read_text().splitlines()):
        if line.startswith("# spot:"):
            line = "# spot: 5461.5"
        elif line.startswith("# as_of:"):
            line = "# as_of: 2027-03-09T15:05:00-05:00"
        elif i > 6 and not line.startswith("#"):
            cells = line.split(",")
            cells[4] = f"{float(cells[4]) + 0.006:.6f}" if cells[4] else ""
            cells[5] = str(int(float(cells[5]) * 0.9)) if cells[5] else ""
            line = ",".join(cells)
        if i not in (2000, 2001):
            out.append(line)
    path.write_text("\n".join(out) + "\n")
    return path


def test_an_earlier_table_says_its_own_instant(tmp_path):
    nameless = tmp_path / "nameless.csv"
    nameless.write_text("".join(line for line in SAMPLE.read_text().splitlines(True) if "as_of" not in line))
    done = run("--as-of", "2027-03-10T13:05", "--since", nameless, SAMPLE, code=1)
    assert b"an earlier table has to" in done.stderr


def test_since_is_a_panel_and_a_key(tmp_path):
    choices = ("--forward", "rate", "--rate", "0.04")
    before, now = report(earlier(tmp_path), *choices), report(SAMPLE, *choices)
    told = report("--since", earlier(tmp_path), SAMPLE, *choices)
    since = told.pop("since")
    assert told == now and (since["as_of"], since["spot"]) == (before["as_of"], before["spot"])
    causes = ["spot", "time", "vol", "carry", "position", "expired", "new", "gone", "appeared", "refused"]
    for key, at in (("gex_usd_pct", "gex_usd_pct"), ("hedge_shares", None)):
        part = since[key]
        scale = max(abs(part[name]) for name in part)
        assert part["change"] == pytest.approx(sum(part[name] for name in causes), rel=0, abs=1e-12 * scale)
        assert part["change"] == pytest.approx(part["after"] - part["before"], rel=0, abs=1e-12 * scale)
        if at:
            assert (part["before"], part["after"]) == (before["totals"][at], now["totals"][at])
    assert since["gex_usd_pct"]["carry"] == 0 != since["gex_usd_pct"]["vol"] and since["gex_usd_pct"]["new"] != 0
    assert since["hedge_shares"]["before"] == pytest.approx(-before["totals"]["dex_usd"] / before["spot"], rel=1e-12)
    assert since["contracts"]["new"] == 2 and since["contracts"]["gone"] == 0
    for key, sums in (("strike", since["gex_usd_pct_by_strike"]), ("expiry", since["gex_usd_pct_by_expiry"])):
        of = {row[key]: row["gex_usd_pct"] for row in now[f"by_{key}"]}
        assert all(row["after"] == of[row[key]] for row in sums)
        assert sum(row["change"] for row in sums) == pytest.approx(since["gex_usd_pct"]["change"], rel=1e-9)
    flip = since["levels"]["nearest_flip"]
    assert flip["move"] == flip["after"] - flip["before"] and flip["before"] == before["nearest_flip"]["price"]
    for name, price in now["walls"].items():
        assert since["levels"][name]["after"] == price and since["levels"][name]["before"] == before["walls"][name]
    pain = {row["expiry"]: row["max_pain"] for row in now["by_expiry"]}
    assert all(row["after"] == pain[row["expiry"]] for row in since["max_pain"])


def test_page_since(tmp_path):
    page = run("--since", earlier(tmp_path), SAMPLE).stdout.decode()
    panel = page[page.index("What changed since Tue 09 Mar 2027 15:05"):]
    for words in ("spot moved", "time passed", "volatility", "positions",
                  "new series", "Nearest flip", "shares", "longer"):
        assert words in panel
    assert max(map(len, page.splitlines())) <= 95 and "What changed" not in run(SAMPLE).stdout.decode()
    same = run("--since", SAMPLE, SAMPLE).stdout.decode()
    assert "as before" in same and "longer" not in same and "BUY" not in same[same.index("What changed"):]


def test_since_what_was_saved(tmp_path):
    table, kept = earlier(tmp_path), tmp_path / "kept"
    choices = ("--dynamics", "LOCAL_VOL", "--vol", "given", "--forward",
               "rate", "--rate", "0.03", "--clock", "BUS_252_CLOCK")
    page = run(*choices, "--save", kept, table).stdout
    assert page == run(*choices, table).stdout
    assert run(*choices, "--since", kept, SAMPLE).stdout == run(*choices, "--since", table, SAMPLE).stdout
    assert (run(*choices, "--json", "--since", kept, SAMPLE).stdout
            == run(*choices, "--json", "--since", table, SAMPLE).stdout)
    assert "saved under --dynamics LOCAL_VOL" in complaint("--since", kept, *choices[2:], SAMPLE, code=1)
    refused = complaint("--since", kept, *choices, "--customer-view", SAMPLE, code=1)
    assert "saved under --sign NAIVE_CALL_LONG" in refused
    assert "no table" in complaint(kept, code=1)
    assert "table that is read" in complaint("--since", kept, "--save", kept, SAMPLE, code=2)
    for length in (30, 300, len(kept.read_bytes()) - 20):
        (tmp_path / "cut").write_bytes(kept.read_bytes()[:length])
        assert "cut" in complaint("--since", tmp_path / "cut", *choices, SAMPLE, code=1)


def test_since_is_earlier_and_of_the_same_underlying(tmp_path):
    copy = earlier(tmp_path)
    line = complaint("--since", SAMPLE, copy, code=1)
    assert "2027-03-10T13:05:00-05:00" in line and "earlier" in line and str(copy) in line
    other, kept = tmp_path / "other.csv", tmp_path / "kept"
    other.write_text("# spot: 20\n# as_of: 2027-03-09T12:00\nroot,expiry,strike,right,vol,open_interest\n"
                     "VIX,2027-03-17,20,C,0.8,10\n")
    assert "options on VIX" in complaint("--since", other, SAMPLE, code=1)
    run("--save", kept, other)
    assert "options on VIX" in complaint("--since", kept, SAMPLE, code=1)
    nothing = tmp_path / "nothing.csv"  # no row that is a contract, so nothing to tell what it is of
    nothing.write_text(other.read_text().replace(",20,C", ",-1,C"))
    run("--since", nothing, SAMPLE)


def test_since_that_cannot_be_read(tmp_path):
    bare = tmp_path / "bare.csv"
    bare.write_text("\n".join(line for line in SAMPLE.read_text().splitlines()
                              if not line.startswith("# as_of")) + "\n")
    assert "bare.csv" in complaint("--since", bare, SAMPLE, code=1)
    assert "missing.csv" in complaint("--since", tmp_path / "missing.csv", SAMPLE, code=1)
    assert "name of a file" in complaint("--since", "-", SAMPLE, code=2)
    copy = earlier(tmp_path)
    assert "table that is read" in complaint("--since", copy, "--svg", copy, SAMPLE, code=2)


def test_json_has_every_key_of_the_contract():
    told = report(SAMPLE)
    assert told["schema"] == "gex-map/1" and told["library"].startswith("libgex ")
    assert told["as_of"] == "2027-03-10T13:05:00-05:00" and told["spot"] == 5487.25
    assert list(told["contracts"]["refused"]) == REFUSED
    assert told["contracts"]["used"] + sum(told["contracts"]["refused"].values()) == told["contracts"]["total"]
    assert 0 < told["contracts"]["zero_position"] < told["contracts"]["used"]
    want = {"sign": "NAIVE_CALL_LONG", "unit": "GEX_USD_PCT", "clock": "CAL_365",
            "dynamics": "STICKY_STRIKE", "vol": "otm",
            "forward": "implied", "exercise": "auto"}
    assert {key: told["conventions"][key] for key in want} == want
    assert {"gex_usd_pct", "gross_gex_usd_pct", "dex_usd", "vex_usd_volpt", "cex_usd_calday"} <= set(told["totals"])
    assert {"gex_usd_pct", "share"} <= set(told["zero_dte"]) and 0 < told["zero_dte"]["share"] < 1
    assert told["regime"] in ("long_gamma", "short_gamma", "at_flip")
    assert told["flip_status"] == "FOUND"
    for flip in told["flips"]:
        assert set(flip) >= {"price", "direction", "slope", "size", "status"}
        assert flip["direction"] == ("up" if flip["slope"] > 0 else "down")
        assert flip["status"] in ("FOUND", "NEGLIGIBLE")
    assert {"call_wall_net", "put_wall_net", "call_wall_max_call", "put_wall_max_put",
            "abs_gamma"} <= set(told["walls"])
    assert [row["strike"] for row in told["by_strike"]] == sorted({row["strike"] for row in told["by_strike"]})
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT(16:00|09:30):00-0[45]:00", row["expiry"]) for row in told["by_expiry"])
    assert all(row["forward"] > 0 for row in told["by_expiry"])
    assert len(told["profile"]) == 201
    assert told["profile"][0]["price"] == pytest.approx(0.8 * 5487.25, rel=1e-15)
    assert told["profile"][200]["price"] == pytest.approx(1.2 * 5487.25, rel=1e-15)
    assert told["profile"][100]["gex_usd_pct"] == pytest.approx(told["totals"]["gex_usd_pct"], rel=1e-9)
    assert [row["move_pct"] for row in told["flow"]] == MOVES
    for row in told["flow"]:
        assert row["usd_at_start"] == row["shares_exact"] * told["spot"]
        assert "shares_linear" in row
    scenario = told["flow_scenario"]
    assert [scenario[key] for key in ("spot_pct", "hours", "vol_points")] == [-1, 1, 1]
    assert scenario["total"] == pytest.approx(scenario["spot"] + scenario["time"] + scenario["vol"], rel=1e-12)
    assert told["in_unit"]["unit"] == "GEX_USD_PCT" and told["in_unit"]["total"] == told["totals"]["gex_usd_pct"]
    assert [row["value"] for row in told["in_unit"]["by_strike"]] == [row["gex_usd_pct"] for row in told["by_strike"]]


CLOCKS = ["CAL_365", "CAL_365_25", "BUS_252_DAYS", "BUS_262_DAYS", "BUS_252_CLOCK", "VARIANCE_CLOCK"]


@pytest.mark.parametrize("clock", CLOCKS)
def test_every_clock_is_mapped_and_printed_and_moves_no_gamma(tmp_path, clock):
    plain, (told, rows) = report(SAMPLE), lines_of(tmp_path, SAMPLE, "--clock", clock)
    page = run(SAMPLE, "--clock", clock).stdout.decode()
    assert f"clock {clock}," in page and max(map(len, page.splitlines())) <= 95 and len(page.splitlines()) <= 60
    assert ("volatilities quoted on CAL_365" in page) == (clock != "CAL_365")
    assert ("weights session 0.75" in page) == (clock == "VARIANCE_CLOCK") == ("weights" in told["conventions"])
    assert told["conventions"]["clock"] == clock and told["conventions"]["vol_clock"] == "CAL_365"
    for key in ("gex_usd_pct", "gross_gex_usd_pct", "dex_usd"):
        assert told["totals"][key] == plain["totals"][key]
    for key in ("flips", "walls", "regime", "profile", "flow", "zero_dte"):
        assert told[key] == plain[key], key
    for row, base in zip(told["by_strike"], plain["by_strike"]):
        for key in ("strike", "gex_usd_pct", "dex_usd"):
            assert row[key] == base[key]
    even = clock not in ("BUS_252_CLOCK", "VARIANCE_CLOCK")
    charm, same = told["totals"]["cex_usd_calday"], plain["totals"]["cex_usd_calday"]
    assert charm == pytest.approx(same, rel=1e-12) if even else abs(charm - same) > 1e-3 * abs(same)
    check_sums(told, rows)
    for row in used(rows):
        assert row["clock"] == clock
    for row, base in zip(told["by_expiry"], plain["by_expiry"]):
        assert row["calendar_years"] == base["years"] and row["clock"] == clock and row["forward"] == base["forward"]
        assert row["years"] > 0 and (row["years"] == base["years"]) == (clock == "CAL_365")


def test_volatilities_may_be_quoted_on_another_clock(tmp_path):
    _, here = lines_of(tmp_path, SAMPLE, "--clock", "BUS_252_CLOCK", "--vol-clock", "BUS_252_CLOCK")
    _, plain = lines_of(tmp_path, SAMPLE)
    assert [row["vol"] for row in here] == [row["vol"] for row in plain]
    assert [row["gamma"] for row in here] != [row["gamma"] for row in plain]
    assert "volatilities quoted" not in run(SAMPLE, "--clock", "BUS_252_CLOCK",
                                            "--vol-clock", "BUS_252_CLOCK").stdout.decode()


def test_an_expiry_without_time_on_the_clock_says_so(tmp_path):
    path = tmp_path / "chain.csv"  # the evening before SPX settles on the open
    path.write_bytes(table(["SPX230915C04500000,0.12,9000", "SPXW230915C04500000,0.12,9000"],
                           "# as_of: 2023-09-14T16:31\n# spot: 4505\n"))
    told, page = report(path, "--clock", "BUS_252_CLOCK"), run(path, "--clock", "BUS_252_CLOCK").stdout.decode()
    assert [row["clock"] for row in told["by_expiry"]] == ["CAL_365", "BUS_252_CLOCK"]
    assert told["totals"]["gex_usd_pct"] == report(path)["totals"]["gex_usd_pct"]
    assert "1 expiry stands on CAL_365: the clock has no time before it settles" in page


def used(rows):
    """Rows a sum rests on: those used, but for the ones whose greek diverges."""
    return [row for row in rows if row["status"] == "used" and math.isfinite(float(row["gex_usd_pct"]))]


def check_sums(told, rows):
    """Every total again from the lines. Both sides are correctly rounded sums of the same doubles: equal to the bit."""
    kept = used(rows)
    columns = ["gex_usd_pct", "dex_usd", "vex_usd_volpt", "cex_usd_calday"]
    for name in columns:
        assert math.fsum(float(row[name]) for row in kept) == told["totals"][name], name
    assert math.fsum(abs(float(row["gex_usd_pct"])) for row in kept) == told["totals"]["gross_gex_usd_pct"]
    assert math.fsum(float(row["in_unit"]) for row in kept) == told["in_unit"]["total"]
    for right, name in (("C", "call_gex_usd_pct"), ("P", "put_gex_usd_pct")):
        assert math.fsum(float(row["gex_usd_pct"]) for row in kept if row["right"] == right) == told["totals"][name]
    for key, group, of in (("strike", "by_strike", lambda row: float(row["strike"])),
                           ("expiry", "by_expiry", lambda row: row["settlement"])):
        sums = {}
        for row in kept:
            sums.setdefault(of(row), []).append(row)
        assert sorted(sums) == sorted(entry[key] for entry in told[group])
        for entry in told[group]:
            for name in columns:
                assert math.fsum(float(row[name]) for row in sums[entry[key]]) == entry[name], (entry[key], name)
            assert entry["contracts"] == len(sums[entry[key]])
    day = told["as_of"][:10]
    zero = [row for row in kept if row["settlement"][:10] == day]
    assert math.fsum(float(row["gex_usd_pct"]) for row in zero) == told["zero_dte"]["gex_usd_pct"]
    assert len(zero) == told["zero_dte"]["contracts"]
    counts = {key: sum(row["status"] == key for row in rows) for key in REFUSED}
    assert counts == told["contracts"]["refused"]
    assert len(rows) == told["contracts"]["total"]
    assert sum(row["status"] == "used" for row in rows) == told["contracts"]["used"]
    assert sum(row["status"] == "used" and float(row["position"]) == 0
               for row in rows) == told["contracts"]["zero_position"]


@pytest.mark.parametrize("options", [[], ["--unit=CEX_USD_TOEXP", "--sign=OI_MAX_VOLUME"],
                                     ["--sign", "INVENTORY_GIVEN", "--customer-view", "--unit", "DAG"],
                                     ["--vol", "implied"]])
def test_lines_add_up_to_every_total(tmp_path, options):
    told, rows = lines_of(tmp_path, SAMPLE, *options)
    check_sums(told, rows)


def test_lines_hold_every_contract(tmp_path):
    told, rows = lines_of(tmp_path, SAMPLE)
    with open(SAMPLE) as file:
        symbols = [line.split(",")[0] for line in file if not line.startswith(("#", "symbol"))]
    assert [row["symbol"] for row in rows] == symbols
    assert [int(row["row"]) for row in rows] == list(range(len(symbols)))
    greeks = ("price delta gamma vega theta rho epsilon vanna charm vomma veta speed zomma color ultima "
              "dual_delta dual_gamma").split()
    for row in rows:
        assert row["settlement"] and row["strike"] and row["position"] and row["position_source"] == "NAIVE_CALL_LONG"
        if row["status"] == "used":
            assert float(row["years"]) > 0 and float(row["vol"]) > 0 and row["vol_source"] in ("given", "other_given")
            assert all(math.isfinite(float(row[name])) for name in greeks)
        else:
            assert row["status"] in REFUSED
            assert not any(row[name] for name in greeks + ["years", "vol", "vol_source", "gex_usd_pct", "in_unit"])


def test_svg_is_a_plain_picture(tmp_path, plain):
    for table_file, options in ((SAMPLE, []), (SAMPLE, ["--unit", "VEX_USD_VOLPT"]),
                                (plain, ["--sign", "DEALER_ALL_SHORT"]),
                                (plain, ["--as-of", "2028-01-03T10:00"])):
        path = tmp_path / "map.svg"
        run(table_file, "--svg", path, *options)
        root = xml.etree.ElementTree.parse(path).getroot()
        assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("version") == "1.1"
        names = {element.tag.split("}")[1] for element in root.iter()}
        assert names <= {"svg", "title", "g", "rect", "line", "path", "polyline", "text"}
        assert not any("href" in name or name.startswith("on") for element in root.iter() for name in element.attrib)
        text = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("text"))
        assert "spot" in text and "not a forecast" in text and "CAL_365" in text
        for element in root.iter():
            for name in ("x", "y", "x1", "x2", "y1", "y2"):
                if element.get(name) is not None and "transform" not in element.attrib:
                    assert -200 <= float(element.get(name)) <= 1300
    assert "no contract has an exposure" in text


def test_walls_outside_the_picture_are_pointed_at(tmp_path):
    table = tmp_path / "vix.csv"
    table.write_text("# spot: 14\n# as_of: 2027-03-10T12:00\nroot,expiry,strike,right,vol,open_interest\n"
                     "VIX,2027-04-21,13,P,0.8,10\nVIX,2027-04-21,14,C,0.8,50\nVIX,2027-04-21,30,C,1.3,90000\n"
                     "VIX,2027-04-21,9,P,0.9,90000\n")
    run("--svg", tmp_path / "map.svg", table)
    picture = (tmp_path / "map.svg").read_text()
    for words in ("call wall 30 \u2192<", "\u2190 put wall, most gamma 9<"):
        group = next(part for part in picture.split("<g ") if words in part).split("</g>")[0]
        assert "<line" not in group, words  # no line at a price it does not stand at


def test_bars_stand_at_their_strikes(tmp_path):
    rows = ["SPXW270310C05000000,0.16,9000", "SPXW270310C05025000,0.15,20000", "SPXW270310P04975000,0.18,16000"]
    path = tmp_path / "map.svg"
    run("-", "--svg", path, input=table(rows))
    root = xml.etree.ElementTree.parse(path).getroot()
    walls = {}  # x of the dashed line of a wall, by its colour
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        text = "".join(group.itertext())
        if "put wall" in text or "call wall" in text:
            walls[group.get("fill")] = float(group[0].get("x1"))
    bars = {}
    for bar in root.iter("{http://www.w3.org/2000/svg}rect"):
        bars.setdefault(bar.get("fill"), []).append(float(bar.get("x")) + float(bar.get("width")) / 2)
    assert len(walls) == 2
    for colour, x in walls.items():
        assert min(abs(x - place) for place in bars[colour]) < 0.02, (colour, x, bars[colour])


@pytest.mark.parametrize("spot", ["5e-324", "1e-320", "1e-310", "1e-300",
                                  "1e-5", "3.27", "98000", "1e12", "1e300", "1e308"])
def test_a_picture_at_any_spot(tmp_path, spot):
    path = tmp_path / "map.svg"
    told = report("--spot", spot, "--svg", path, SAMPLE)
    assert told["spot"] == float(spot)
    for element in xml.etree.ElementTree.parse(path).getroot().iter():
        for name in {"x", "y", "x1", "x2", "y1", "y2", "width", "height"} & set(element.attrib):
            assert math.isfinite(float(element.get(name))), (element.tag, name)


def test_exposures_that_cancel_are_said_to(tmp_path):
    path = tmp_path / "even.csv"
    path.write_bytes(table(["SPXW270310C05000000,0.16,9000", "SPXW270310P05000000,0.16,9000"]))
    told = report("--svg", tmp_path / "even.svg", path)
    assert told["totals"]["gex_usd_pct"] == 0 and told["totals"]["gross_gex_usd_pct"] > 0
    assert told["flips"] == [] and told["regime"] == "none" and told["zero_dte"]["share"] == 1
    page = run(path).stdout.decode()
    assert "NO NET GAMMA" in page and "100.0 % of gross" in page
    assert "cancel at every price" in (tmp_path / "even.svg").read_text()


def test_unit_changes_page_picture_and_in_unit_only(tmp_path):
    base, other = report(SAMPLE), report(SAMPLE, "--unit", "DEX_SHARES")
    assert other["in_unit"]["unit"] == "DEX_SHARES" and other["in_unit"]["total"] != base["in_unit"]["total"]
    assert other["in_unit"]["total"] == pytest.approx(other["totals"]["dex_usd"] / other["spot"], rel=1e-12)
    for told in (base, other):
        del told["in_unit"], told["conventions"]["unit"]
    assert base == other
    assert "DEX_SHARES" in run(SAMPLE, "--unit", "DEX_SHARES").stdout.decode()


# ---- the command line ------------------------------------------------------------------------------------------------


def test_help_and_version():
    help_text = run("--help").stdout.decode()
    for word in ["--json", "--svg", "--lines", "--as-of", "--spot", "--sign",
                 "--unit", "--clock", "--vol-clock", "--dynamics", "--vol", "--forward",
                 "--rate", "--carry-yield", "--exercise", "--adv", "--future-price", "--future-multiplier", "--beta",
                 "--customer-view", "not a forecast", "NAIVE_CALL_LONG", "GEX_USD_PCT", "CAL_365", "STICKY_STRIKE"]:
        assert word in help_text, word
    assert max(map(len, help_text.splitlines())) <= 80
    assert run("--version").stdout.startswith(b"gex-map, ")


@pytest.mark.parametrize("arguments, words", [
    ([], ["FILE"]),
    (["--nonsense", "x.csv"], ["--nonsense"]),
    (["-x", "x.csv"], ["-x"]),
    (["x.csv", "y.csv"], ["y.csv"]),
    (["x.csv", "--svg"], ["--svg"]),
    (["x.csv", "--svg="], ["--svg"]),
    (["x.csv", "--lines", "-"], ["--lines"]),
    (["x.csv", "--svg", "a", "--lines", "a"], ["--svg", "--lines"]),
    (["x.csv", "--json=1"], ["--json"]),
    (["x.csv", "--sign", "BEST"], ["--sign", "BEST", "NAIVE_CALL_LONG", "INVENTORY_GIVEN"]),
    (["x.csv", "--sign", "OI_ALPHA"], ["--sign", "OI_ALPHA", "not offered by this version"]),
    (["x.csv", "--sign", "TAPE_DDOI"], ["--sign", "not offered by this version"]),
    (["x.csv", "--unit", "GEX"], ["--unit", "GEX_USD_PCT", "CEX_USD_TOEXP"]),
    (["x.csv", "--unit", "GEX_ADV_PCT"], ["--unit", "--adv"]),
    (["x.csv", "--unit", "GEX_FUT_PCT", "--future-multiplier", "50"], ["--unit", "--future-price"]),
    (["x.csv", "--unit", "GEX_FUT_PT"], ["--unit", "--future-multiplier"]),
    (["x.csv", "--unit", "DEX_FUT", "--future-multiplier", "50"], ["--unit", "--future-price"]),
    (["x.csv", "--unit", "DEX_ADV_PCT"], ["--unit", "--adv"]),
    (["x.csv", "--clock", "BUS_252"],
     ["--clock", "CAL_365, CAL_365_25, BUS_252_DAYS, BUS_262_DAYS, BUS_252_CLOCK, VARIANCE_CLOCK"]),
    (["x.csv", "--vol-clock", "cal_365"], ["--vol-clock", "CAL_365", "VARIANCE_CLOCK"]),
    (["x.csv", "--dynamics", "STICKY"], ["--dynamics", "STICKY_STRIKE", "STICKINESS=R", "BETA=b", "FITTED=R"]),
    (["x.csv", "--dynamics", "STICKINESS"], ["--dynamics", "takes a parameter"]),
    (["x.csv", "--dynamics", "STICKINESS=3.5"], ["--dynamics", "-1 to 3"]),
    (["x.csv", "--dynamics=LOCAL_VOL=2"], ["--dynamics", "takes no parameter"]),
    (["x.csv", "--dynamics=BETA=ten"], ["--dynamics", "no number"]),
    (["x.csv", "--vol", "surface"], ["--vol", "surface", "not offered by this version", "given", "implied", "otm"]),
    (["x.csv", "--forward", "given"], ["--forward", "rate", "implied"]),
    (["x.csv", "--exercise", "bermudan"], ["--exercise", "auto", "european", "american"]),
    (["x.csv", "--spot", "0"], ["--spot"]),
    (["x.csv", "--spot", "-5"], ["--spot"]),
    (["x.csv", "--spot", "nan"], ["--spot"]),
    (["x.csv", "--spot", "0x10"], ["--spot"]),
    (["x.csv", "--spot", "5,000"], ["--spot"]),
    (["x.csv", "--spot", "1e999"], ["--spot"]),
    (["x.csv", "--rate", "11"], ["--rate"]),
    (["x.csv", "--rate", ""], ["--rate"]),
    (["x.csv", "--carry-yield", "2%"], ["--carry-yield"]),
    (["x.csv", "--rate-curve", "1:0.05,0.5:0.04"], ["--rate-curve", "0.5:0.04", "ascend"]),
    (["x.csv", "--rate-curve", "1:5%"], ["--rate-curve", "1:5%", "0.05 is 5 %"]),
    (["x.csv", "--rate-curve", "1:0.05,0.04"], ["--rate-curve", "0.04", "YEARS:RATE"]),
    (["x.csv", "--rate-curve", "nowhere.csv"], ["--rate-curve", "nowhere.csv", "No such file"]),
    (["x.csv", "--rate-curve="], ["--rate-curve"]),
    (["x.csv", "--rate-curve", "1:0.05", "--rate", "0.04"], ["--rate-curve", "--rate", "one of them"]),
    (["x.csv", "--dividends", "1.5"], ["--dividends 1.5", "DATE:CASH", "No such file"]),
    (["x.csv", "--vol-low", "0.4", "--vol-high", "0.3"], ["--vol-low 0.4", "--vol-high 0.3"]),
    (["x.csv", "--correlation", "0.5"], ["--correlation", "--uncertainty"]),
    (["x.csv", "--dividends", "2026-13-01:1"], ["--dividends", "2026-13-01", "date"]),
    (["x.csv", "--dividends", "2026-06-19:-1"], ["--dividends", "0 or more"]),
    (["x.csv", "--fixed-discount=1"], ["--fixed-discount", "no value"]),
    (["x.csv", "--adv", "0"], ["--adv"]),
    (["x.csv", "--beta", "inf"], ["--beta"]),
    (["x.csv", "--as-of", "yesterday"], ["--as-of", "yesterday"]),
    (["x.csv", "--as-of", "2027-03-10"], ["--as-of"]),
    (["x.csv", "--as-of", "2027-03-14T02:30"], ["--as-of"]),  # the hour that summer time skips
])
def test_bad_usage_is_2_and_named(arguments, words):
    line = complaint(*arguments, code=2)
    for word in words:
        assert word in line, line


def test_values_come_after_an_equals_sign_or_a_blank(plain):
    one = run(plain, "--spot=4990", "--rate=-0.01", "--sign=DEALER_ALL_LONG", "--unit=USD_PT").stdout
    assert one == run("--spot", "4990", "--rate", "-0.01", "--sign", "DEALER_ALL_LONG",
                      "--unit", "GEX_USD_PT", plain).stdout
    assert one == run("--spot", "4990", "--rate", "-0.01", "--sign", "DEALER_ALL_LONG",
                      "--unit", "GEX_USD_PT", "--", plain).stdout


@pytest.mark.parametrize("text, told", [
    ("2027-03-09T12:00", "2027-03-09T12:00:00-05:00"), ("2027-03-09 12:00:30", "2027-03-09T12:00:30-05:00"),
    ("2027-03-09T12:00Z", "2027-03-09T07:00:00-05:00"), ("2027-03-09T12:00+01:00", "2027-03-09T06:00:00-05:00"),
    ("2026-07-01T12:00", "2026-07-01T12:00:00-04:00")])
def test_as_of_is_new_york_unless_it_has_an_offset(plain, text, told):
    assert report("--as-of", text, plain)["as_of"] == told


def test_the_command_line_wins_over_the_file(plain):
    told = report("--spot", "4980.5", "--as-of", "2027-03-10T10:00", plain)
    assert told["spot"] == 4980.5 and told["as_of"] == "2027-03-10T10:00:00-05:00"


def test_a_curve_and_dividends_carry_forwards(plain, tmp_path):
    """F = (S - D exp(-r t)) exp(r T), r on the line between the points of the curve, level beyond them."""
    def forwards(*options):
        return [entry["forward"] for entry in report("--forward", "rate", *options, plain)["by_expiry"]]

    flat, level = forwards("--rate", "0.05"), forwards("--rate-curve", "0.5:0.05")
    assert level == flat
    assert forwards("--rate-curve", "0:0.05,30:0.05") == flat
    rising = forwards("--rate-curve", "0:0.01,10:0.41")
    years = [entry["calendar_years"] for entry in report("--forward", "rate", plain)["by_expiry"]]
    spot = report(plain)["spot"]
    for got, t in zip(rising, years):
        assert got == pytest.approx(spot * math.exp((0.01 + 0.04 * t) * t), rel=1e-12)
    as_of = report(plain)["as_of"][:10]
    paid = forwards("--rate", "0.05", "--dividends", f"{as_of}T23:59:12.5,2000-01-01:99")
    for before, after, entry in zip(flat, paid, report("--forward", "rate", plain)["by_expiry"]):
        later = entry["expiry"][:10] > as_of  # one day's interest is what the exact instants could move
        assert before - after == pytest.approx(12.5 * math.exp(0.05 * entry["calendar_years"])
                                               if later else 0, rel=2e-4)
    (tmp_path / "curve.csv").write_text("# years, rate\n0,0.01\r\n\n10,0.41\n")
    assert forwards("--rate-curve", str(tmp_path / "curve.csv")) == rising


def conventions(*arguments):
    """The lines of the page under "Conventions"."""
    page = run(*arguments).stdout.decode()
    return page[page.index("\nConventions"):page.index("\nA map of forced flow")].splitlines()[2:]


def test_the_page_says_which_rates_forwards_rest_on(plain):
    """A curve stands in place of --rate, so that the page must not print --rate; dividends are another choice."""
    told = [line.strip() for line in conventions("--forward", "rate", "--rate-curve", "0.09:0.05,0.11:0.07", plain)]
    # the later settles after 36 days, 19 hours and 25 minutes, which is 0.100847 years: 0.05 + 0.010847
    assert told[-1] == "forward rate: 2 expiries from rates 0.0500 to 0.0608, carry yield 0"
    told = [line.strip() for line in conventions("--forward", "rate", "--rate-curve", "1:0.05", "--dividends",
                                                 "2027-03-01:9,2027-03-20:12.5,2027-05-20:0.5", plain)]
    assert told[-2:] == ["forward rate: 2 expiries from rate 0.05, carry yield 0",
                         "dividends on 2 ex-dates ahead, cash 13 in all"]
    assert "every discount from the rates" in conventions("--fixed-discount", plain)[-1]


def test_json_says_what_forwards_rest_on(plain):
    told = report("--forward", "rate", "--rate-curve", "0.09:0.05,0.11:0.07", "--carry-yield", "0.01", "--dividends",
                  "2027-03-20:12.5", "--fallback", "neighbours", "--fixed-discount", "--vol-low", "0.01", plain)
    chosen, expiries = told["conventions"], told["by_expiry"]
    assert chosen["dividends"] == [{"ex_date": "2027-03-20T09:30:00-04:00", "cash": 12.5, "share": 0}]
    assert chosen["fallback"] == "neighbours" and chosen["fixed_discount"] is True
    assert (chosen["vol_low"], chosen["vol_high"]) == (0.01, 0)
    for entry in expiries:
        years = entry["calendar_years"]
        assert entry["rate"] == pytest.approx(0.05 + min(1, max(0, (years - 0.09) / 0.02)) * 0.02)
        grown = math.exp((entry["rate"] - entry["carry_yield"]) * years)
        assert entry["forward"] == pytest.approx(told["spot"] * grown)
    plainly = report(plain)["conventions"]
    assert (plainly["dividends"], plainly["fallback"], plainly["fixed_discount"]) == ([], "rate", False)


def test_the_page_says_why_parity_gave_no_forward():
    """Quotes of an index at a tenth of its price are not too few: they are of another spot."""
    assert conventions(SAMPLE)[-1].strip() == "forward implied: 37 expiries from put-call parity"
    told = conventions("--spot", "548.7", SAMPLE)
    assert [line.strip() for line in told[-2:]] == ["forward implied: 37 whose quotes are not of this spot",
                                                    "from rate 0, carry yield 0"]


@pytest.mark.parametrize("options, where", [
    (["--forward", "rate", "--rate", "0.05", "--carry-yield", "0.015"],
     {"forward": "rate", "rate": 0.05, "carry_yield": 0.015}),
    (["--exercise", "european"], {"exercise": "european"}),
    (["--vol", "implied"], {"vol": "implied"}),
    (["--sign", "VOLUME_NAIVE"], {"sign": "VOLUME_NAIVE"}),
    (["--customer-view"], {"position_source": "CUSTOMER_VIEW of NAIVE_CALL_LONG"}),
    (["--sign", "CUSTOMER_VIEW"], {"position_source": "CUSTOMER_VIEW of NAIVE_CALL_LONG"}),
    (["--sign", "CUSTOMER_VIEW", "--sign=OI_PLUS_VOLUME"], {"position_source": "CUSTOMER_VIEW of OI_PLUS_VOLUME"}),
    (["--unit", "GEX_GRID_PCT"], {"unit": "GEX_USD_PCT"}),
    (["--unit", "GEX_ADV_PCT", "--adv", "8e6"], {"unit": "GEX_ADV_PCT"}),
    (["--unit", "GEX_FUT_PCT", "--future-price", "5500", "--future-multiplier", "50"], {"unit": "GEX_FUT_PCT"}),
    (["--unit", "GEX_PLUS_USD_PT", "--beta", "-10"], {"unit": "GEX_PLUS_USD_PT"})])
def test_every_choice_is_made_and_printed(options, where):
    told = report(SAMPLE, *options)
    assert {key: told["conventions"][key] for key in where} == where
    run(SAMPLE, *options)


def test_customer_view_is_the_other_side():
    base, other = report(SAMPLE), report(SAMPLE, "--customer-view")
    assert {key: -value for key, value in other["totals"].items() if key != "gross_gex_usd_pct"} == {
        key: value for key, value in base["totals"].items() if key != "gross_gex_usd_pct"}
    assert b"customers" in run(SAMPLE, "--customer-view").stdout


# ---- input that is wrong ---------------------------------------------------------------------------------------------


def test_standard_input_and_a_file_are_the_same(plain):
    assert run(plain).stdout == run("-", input=plain.read_bytes()).stdout


@pytest.mark.parametrize("name, content", ids=lambda value: value if isinstance(value, str) else "", argvalues=[
    ("empty", b""),
    ("blank", b"\n\n   \n"),
    ("junk", bytes(range(256)) * 4096),
    ("zeros", b"\0" * 100000),
    ("words", b"this is not a table\nat all\n"),
    ("columns only", b"symbol,vol,open_interest\n"),
    ("unknown column", b"symbol,vol,colour\nSPXW270310C05000000,0.1,red\n"),
    ("column twice", b"symbol,vol,vol\nSPXW270310C05000000,0.1,0.1\n"),
    ("mostly junk", table(["one", "two", "three"] + GOOD[:1])),
    ("truncated in the head", b"Standard & Poors 500 Index,Last: 4505.1001,Chan"),
    ("truncated in a row", SAMPLE.read_bytes()[:100000]),
    ("no series", b"vol,open_interest\n0.1,5\n"),
])
def test_wrong_tables_are_one_clear_line(tmp_path, name, content):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    line = complaint(path, code=1)
    assert str(path) in line and re.search(r"line \d+: ", line), line
    assert "standard input" in complaint("-", code=1, input=content)


def test_a_file_that_is_not_there_or_a_folder(tmp_path):
    assert "No such file" in complaint(tmp_path / "none.csv", code=1)
    assert "directory" in complaint(tmp_path, code=1)
    assert str(tmp_path) in complaint(tmp_path, code=1)


def as_nobody():
    """Arguments that run the program without the rights of root."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def test_no_permission(tmp_path):
    path, folder = tmp_path / "closed.csv", tmp_path / "closed"
    path.write_bytes(table(GOOD))
    path.chmod(0)
    folder.mkdir(mode=0o555)
    for parent in [tmp_path, *tmp_path.parents][:-1]:
        if not parent.stat().st_mode & 1:
            parent.chmod(parent.stat().st_mode | 0o11)
    try:
        subprocess.run([PROGRAM, "--version"], capture_output=True, check=True, **as_nobody())
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("the program cannot be run as another user here")
    assert "Permission denied" in complaint(path, code=1, **as_nobody())
    line = complaint("-", "--svg", folder / "map.svg", code=1, input=table(GOOD), **as_nobody())
    assert "Permission denied" in line and "map.svg" in line
    assert not list(folder.iterdir())


@pytest.mark.parametrize("head, option", [("# spot: 5000\n", "--as-of"), ("# as_of: 2027-03-10T13:05\n", "--spot")])
def test_what_the_file_does_not_say_is_asked_for(head, option):
    line = complaint("-", code=1, input=table(GOOD, head=head))
    assert option in line and "line 1" in line
    run("-", option, "5000" if option == "--spot" else "2027-03-10T13:05", input=table(GOOD, head=head))


def test_inventory_wants_its_column(plain):
    assert "position" in complaint(plain, "--sign", "INVENTORY_GIVEN", code=1)


def test_uncertainty_by_row_wants_its_column(plain):
    assert "deviation" in complaint(plain, "--uncertainty", "column", code=1)
    assert "column" in complaint(plain, "--uncertainty", "columns", code=2)


def test_uncertainty_by_row():
    rows = [line.split(",") for line in ("2027-06-18,5000,C,0.2,9000", "2027-06-18,4800,P,0.22,7000")]
    head = "# as_of: 2027-03-10T13:05\n# spot: 5000\nroot,expiry,strike,right,vol,open_interest,deviation\n"
    given = (head + "".join(f"SPX,{','.join(row)},{0.5 * float(row[-1])}\n" for row in rows)).encode()
    by_row, share = (json.loads(run("--json", "--uncertainty", how, "-", input=given).stdout)
                     for how in ("column", "0.5"))
    assert by_row["uncertainty"].pop("share") == 0 and share["uncertainty"].pop("share") == 0.5
    assert by_row == share
    blank = json.loads(run("--json", "--uncertainty=column", "-", input=given.replace(b"4500.0", b"")).stdout)
    assert 0 < blank["uncertainty"]["gex_usd_pct"]["sd"] < share["uncertainty"]["gex_usd_pct"]["sd"]
    last, first = (run("--uncertainty", one, "--uncertainty", other, "-", input=given).stdout.decode()
                   for one, other in (("0.1", "column"), ("column", "0.1")))
    assert "if positions err as given" in last and "as given" not in first


def test_ten_million_junk_lines(tmp_path):
    path = tmp_path / "many.csv"
    with open(path, "wb") as file:
        for _ in range(100):
            file.write(b"junk,1\n" * 100000)
    assert str(path) in complaint(path, code=1)
    with open(path, "wb") as file:
        file.write(table(GOOD))
        for _ in range(100):
            file.write(b"junk\n" * 100000)
    assert str(path) in complaint(path, code=1)


def test_a_line_of_seventy_megabytes(tmp_path):
    path = tmp_path / "long.csv"
    for content in (b"x" * 70_000_000, b"," * 70_000_000, b'"' * 70_000_001, b"symbol," + b"vol," * 17_500_000 + b"\n",
                    table(GOOD[:1]) + b"9" * 70_000_000 + b"\n" + b"8,8\n" * 3):
        path.write_bytes(content)
        assert str(path) in complaint(path, code=1)


@pytest.mark.parametrize("row, key", [
    ("SPXW270310C05000000,nan,10", "not_finite"),
    ("SPXW270310C05000000,inf,10", "not_finite"),
    ("SPXW270310C05000000,text,10", "not_finite"),
    ("SPXW270310C05000000,0.2,-10", "not_finite"),
    ("SPXW270310C05000000,0.2,nan", "not_finite"),
    ("SPXW270310C05000000,0.2,1e400", "not_finite"),
    ("SPXW270310C05000000,-0.2,10", "no_vol"),
    ("SPXW270310C05000000,0,10", "no_vol"),
    ("SPXW270310C05000000,,10", "no_vol"),
    ("SPXW270310C00000000,0.2,10", "bad_strike"),
    ("SPXW270230C05000000,0.2,10", "bad_symbol"),
    ("SPXW270310X05000000,0.2,10", "bad_symbol"),
    (",0.2,10", "bad_symbol"),
    ("SPXW270309C05000000,0.2,10", "expired"),
    ("SPXW1270310C05000000,0.2,10", "unsupported"),
])
def test_a_bad_row_is_refused_under_its_key(tmp_path, row, key):
    path = tmp_path / "chain.csv"
    path.write_bytes(table(GOOD + [row]))
    told, rows = lines_of(tmp_path, path, "--vol", "given")
    assert told["contracts"]["refused"] == {name: int(name == key) for name in REFUSED}
    assert told["contracts"]["used"] == len(GOOD)
    assert rows[-1]["status"] == key
    run(path)
    clean = tmp_path / "clean.csv"
    clean.write_bytes(table(GOOD))
    assert report(clean, "--vol", "given")["totals"] == told["totals"]  # it spoils nothing


def test_one_volatility_a_strike(tmp_path):
    """Out of the money serves the other side; a strike with none is refused on both."""
    path = tmp_path / "chain.csv"
    path.write_bytes(table(["SPXW270310P04900000,0.3,10", "SPXW270310C04900000,0,10", "SPXW270310C05200000,0.2,10",
                            "SPXW270310P05200000,0.9,10", "SPXW270310C04800000,0.4,10", "SPXW270310C05300000,0,10",
                            "SPXW270310P05300000,,10"]))
    told, rows = lines_of(tmp_path, path)
    assert [row["vol"] for row in rows] == ["0.3", "0.3", "0.2", "0.2", "0.4", "", ""]
    assert [row["vol_source"] for row in rows] == ["given", "other_given", "given", "other_given", "given", "", ""]
    assert [row["flags"].split("|")[-1] == "vol_in_the_money" for row in rows] == [i == 4 for i in range(7)]
    assert told["contracts"]["refused"]["no_vol"] == 2 and told["contracts"]["flags"]["vol_in_the_money"] == 1
    assert told["conventions"]["contracts_by_vol_source"] == {"given": 3, "implied": 0, "other_given": 2,
                                                              "other_implied": 0}
    assert "vol otm: 3 given, 2 from the other side of the strike" in run(path).stdout.decode()
    assert "vol otm" not in run(path, "--vol", "given").stdout.decode()


def test_every_row_refused_is_a_map_of_nothing(tmp_path):
    path = tmp_path / "chain.csv"
    path.write_bytes(table(["SPXW270310C05000000,0,10", "SPXW270310P05000000,0,10"]))
    told, rows = lines_of(tmp_path, path)
    assert told["contracts"]["used"] == 0
    assert told["by_strike"] == [] and told["by_expiry"] == [] and told["flips"] == []
    assert told["regime"] == "none" and told["walls"]["call_wall_net"] is None and told["zero_dte"]["share"] is None
    run(path, "--svg", tmp_path / "none.svg")
    assert b"NO GAMMA" in run(path).stdout


# ---- writing that fails ----------------------------------------------------------------------------------------------


def test_a_full_disk_is_told(tmp_path, plain):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    for options in ([], ["--json"], ["--help"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, *options, str(plain)], stdout=full, stderr=subprocess.PIPE, timeout=60)
        assert done.returncode == 1, (options, done)
        assert done.stderr.count(b"\n") == 1 and b"No space left" in done.stderr, (options, done)
    for option in ("--svg", "--lines"):
        assert "No space left" in complaint(plain, option, "/dev/full", code=1)


def limited(bytes_allowed):
    return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_allowed, bytes_allowed))}


@pytest.mark.parametrize("option", ["--svg", "--lines"])
@pytest.mark.parametrize("room", [0, 100, 5000])
def test_a_file_appears_whole_or_not_at_all(tmp_path, plain, option, room):
    target = tmp_path / "out"
    line = complaint(SAMPLE, option, target, code=1, **limited(room))
    assert str(target) in line and "cannot write" in line
    assert list(tmp_path.iterdir()) == []
    target.write_text("precious")
    target.chmod(0o640)
    complaint(SAMPLE, option, target, code=1, **limited(room))
    assert target.read_text() == "precious" and list(tmp_path.iterdir()) == [target]
    run(plain, option, target)
    assert target.read_text() != "precious" and target.stat().st_mode & 0o777 == 0o640


def test_when_standard_output_fails_no_file_changes(tmp_path, plain):
    target = tmp_path / "out.svg"
    target.write_text("precious")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, str(plain), "--svg", str(target),
                               "--lines", str(tmp_path / "new.csv")], stdout=full,
                              stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1
    assert target.read_text() == "precious" and list(tmp_path.iterdir()) == [target]


def test_a_reader_that_leaves_is_a_failed_write():
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run([PROGRAM, "--json", str(SAMPLE)], stdout=write_end, stderr=subprocess.PIPE, timeout=60)
    os.close(write_end)
    assert done.returncode == 1 and b"Broken pipe" in done.stderr


def test_closed_standard_output_is_not_taken_for_a_file(tmp_path, plain):
    target = tmp_path / "out.svg"
    done = subprocess.run(["/bin/sh", "-c", 'exec "$0" "$1" --svg "$2" >&-', PROGRAM, str(plain), str(target)],
                          stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 1 and not target.exists()


def test_writing_goes_through_a_link_and_to_a_device(tmp_path, plain):
    real, link = tmp_path / "real.svg", tmp_path / "link.svg"
    real.write_text("old")
    link.symlink_to(real)
    run(plain, "--svg", link)
    assert link.is_symlink() and real.read_text().startswith("<?xml")
    run(plain, "--svg", "/dev/null")
    assert b"<?xml" in run(plain, "--svg", "/dev/stdout").stdout


def test_the_table_is_not_written_over(tmp_path):
    path = tmp_path / "chain.csv"
    path.write_bytes(table(GOOD))
    assert "chain.csv" in complaint(path, "--lines", path, code=2)
    assert path.read_bytes() == table(GOOD)
    assert "No such file" in complaint(path, "--svg", tmp_path / "none" / "map.svg", code=1)
    assert "directory" in complaint(path, "--svg", tmp_path, code=1)


# ---- JSON input ------------------------------------------------------------------------------------------------------


def feed(options, **more):
    data = {"symbol": "^TST", "current_price": 5000, "options": options}
    return json.dumps({"timestamp": "2027-03-10 18:05:00", "data": data, **more}).encode()


def option(symbol, **more):
    return {"option": symbol, "bid": 1.0, "ask": 1.2, "iv": 0.2, "open_interest": 10.0, "volume": 0.0, **more}


@needs_json
def test_json_input_is_the_table_it_stands_for(tmp_path):
    rows = [row.split(",") for row in GOOD]
    content = feed([option(symbol, iv=float(vol), open_interest=float(oi),
                           bid=None, ask=None) for symbol, vol, oi in rows])
    told = report("-", input=content)
    same = report("-", input=table(GOOD))
    assert told["underlying"] == "^TST" and told["as_of"] == "2027-03-10T13:05:00-05:00"  # the timestamp is UTC
    for key in ("spot", "totals", "by_strike", "by_expiry", "flips", "flow", "contracts"):
        assert told[key] == same[key], key
    assert report("-", input=b"\xef\xbb\xbf \r\n" + content) == told


@needs_json
@pytest.mark.parametrize("changes, key", [
    ({"iv": "20 %"}, "not_finite"), ({"iv": math.nan}, "not_finite"), ({"open_interest": math.inf}, "not_finite"),
    ({"open_interest": -math.inf, "iv": None}, "not_finite"), ({"iv": ""}, "not_finite"), ({"iv": "-"}, "not_finite"),
    ({"iv": None}, "no_vol"), ({"iv": 0}, "no_vol"), ({"open_interest": []}, "not_finite"),
    ({"open_interest": -5}, "not_finite"), ({"option": None}, "bad_symbol"), ({"option": 5}, "bad_symbol"),
    ({"option": "SPXW270310C05000000" + " " * 20 + "X"}, "bad_symbol")])
def test_json_cells_that_are_wrong_spoil_their_row_only(changes, key):
    good = [option("SPXW270310C05000000"), option("SPXW270310P04900000")]
    told = report("-", "--vol", "given", input=feed(good + [{**option("SPXW270310P04800000"), **changes}, {}, 7]))
    want = {name: int(name == key) + 2 * (name == "bad_symbol") for name in REFUSED}
    assert told["contracts"]["refused"] == want
    assert told["totals"] == report("-", "--vol", "given", input=feed(good))["totals"]


@needs_json
def test_json_in_other_hands_is_the_same_table():
    rows = [option("SPXW270310C05000000", bid=3.5, note='NaN, "Infinity" \\'), option("SPXW270310P04900000", iv=1e-1)]
    plain = report("-", input=feed(rows))
    texts = [{key: value if key in ("option", "note") else str(value) for key, value in row.items()} for row in rows]
    assert report("-", input=feed(texts)) == plain
    assert report("-", input=feed(texts, extra=[math.nan, math.inf, -math.inf, "NaN"])) == plain
    whole = json.loads(feed(rows))
    assert report("-", input=json.dumps({"timestamp": whole["timestamp"], **whole["data"]}).encode()) == plain
    assert report("-", input=json.dumps({"data": {"timestamp": whole["timestamp"], **whole["data"]}}).encode()) == plain


@needs_json
def test_json_fields_that_are_missing_were_not_published():
    told = report("-", input=feed([option("SPXW270310C05000000"), {"option": "SPXW270310P04900000", "iv": 0.2}]))
    assert told["contracts"]["used"] == 2 and told["contracts"]["zero_position"] == 1


@needs_json
@pytest.mark.parametrize("content, words", ids=lambda value: "", argvalues=[
    (b"{", []), (b'{"a": NaN, "b": xNaN}', []), (b'{"a": -NaN}', []),
    (b'{"data": {"options": [{"option": "SPXW2703', []), (b"{}", ["data.options"]), (b'{"data": []}', ["data.options"]),
    (b'{"data": {"options": []}}', ["empty"]), (b'{"a": 1e999}', []), (b"{" + b'"a":{' * 5000, []),
    (feed([option("SPXW270310C05000000")]).replace(b"timestamp", b"time"), ["--as-of"]),
    (feed([option("SPXW270310C05000000")]).replace(b"current_price", b"price"), ["--spot"]),
    (feed([option("SPXW270310C05000000")]).replace(b"5000,", b'"five",'), ["--spot"])])
def test_json_that_is_wrong_is_one_clear_line(content, words):
    line = complaint("-", code=1, input=content)
    assert "standard input" in line and re.search(r"line \d+: ", line)
    for word in words:
        assert word in line


def test_json_without_a_reader_is_said():
    if os.environ.get("GEX_JSON") == "1":
        pytest.skip("this build has JSON input")
    assert "not in this build" in complaint("-", code=1, input=feed([]))


# ---- real chains -----------------------------------------------------------------------------------------------------

# Spot, rows and IV = 0 of the tables: facts of the data's own description.
REAL = {
    "spx_2023-09-14.csv": (4505.1001, 9960, 709, 738),
    "spy_2023-09-14.csv": (450.81, 3646, 875, 760),
    "xsp_2023-09-14.csv.gz": (450.51, 5441, 509, 812),
    "spx_2022-07-12_intraday.csv.gz": (3856.28, 9689, 424, 227),
    "spx_2022-12-12.csv.gz": (3990.5601, 9578, 1287, 1016),
    "ndx_2022-12-12.csv.gz": (11706.4395, 9559, 123, 0),
    "rut_2022-12-12.csv.gz": (1817.4937, 3667, 321, 317),
    "spx_2024-01-07_weekend.csv.gz": (4697.2402, 10519, 431, 615),
    "qqq_2023-06-12.csv.gz": (358.27, 3623, 300, 450),
    "qqq_2023-09-24_weekend.csv.gz": (358.23, 3170, 28, 818),
    "rut_2023-09-20.json.gz": (1806.1193, 3340, None, None),
}


def real(name):
    folder = os.environ.get("GEX_DATA")
    if not folder or not pathlib.Path(folder, "cboe-quotedata").is_dir():
        pytest.skip("GEX_DATA names no folder with cboe-quotedata")
    if ".json" in name and os.environ.get("GEX_JSON") != "1":
        pytest.skip("this build has no JSON input: jansson is missing")
    content = pathlib.Path(folder, "cboe-quotedata", name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def test_the_list_of_real_tables_is_whole():
    folder = os.environ.get("GEX_DATA")
    if not folder or not pathlib.Path(folder, "cboe-quotedata").is_dir():
        pytest.skip("GEX_DATA names no folder with cboe-quotedata")
    assert sorted(path.name for path in pathlib.Path(folder, "cboe-quotedata").iterdir()) == sorted(REAL)


@pytest.mark.parametrize("name", REAL)
def test_real_tables_map_as_they_are(tmp_path, name):
    path = tmp_path / "chain"
    path.write_bytes(real(name))
    spot, rows = REAL[name][:2]
    told, lines = lines_of(tmp_path, path, "--svg", tmp_path / "map.svg")
    assert told["spot"] == spot
    assert told["contracts"]["total"] == 2 * rows
    assert told["contracts"]["used"] >= 0.6 * told["contracts"]["total"]
    check_sums(told, lines)
    xml.etree.ElementTree.parse(tmp_path / "map.svg")


@pytest.mark.parametrize("name", [name for name in REAL if REAL[name][2] is not None])
def test_real_tables_without_a_volatility_are_counted(tmp_path, name):
    """Seen from before its first expiry, nothing is expired: what is refused has the IV of 0 of its description."""
    path = tmp_path / "chain"
    path.write_bytes(real(name))
    _, lines = lines_of(tmp_path, path, "--vol", "given", "--as-of", "2022-06-01T12:00")
    for right, count in (("C", REAL[name][2]), ("P", REAL[name][3])):
        assert sum(row["right"] == right and row["status"] == "no_vol" for row in lines) == count
    assert {row["status"] for row in lines} <= {"used", "no_vol"}


# ---- what ships ------------------------------------------------------------------------------------------------------


def test_the_sample_is_what_its_program_writes():
    made = subprocess.run([sys.executable, SOURCE / "examples" / "generate_sample.py"],
                          capture_output=True, check=True).stdout
    assert made == SAMPLE.read_bytes()
    assert b"synthetic" in made.split(b"\n")[0] and b"generate_sample.py" in made.split(b"\n")[0]
    assert len(made) < 1_000_000


def test_the_sample_has_an_arbitrage_free_price_in_every_spread():
    sys.path.insert(0, str(SOURCE / "examples"))
    import generate_sample as g
    import datetime
    count = 0
    for row in csv.DictReader(line for line in io.StringIO(SAMPLE.read_text()) if not line.startswith("#")):
        root, date, right, strike = re.fullmatch(r"(SPXW?)(\d{6})([CP])(\d{8})", row["symbol"]).groups()
        day = datetime.datetime.strptime(date, "%y%m%d").date()
        years = g.years_to(day, 9, 30) if root == "SPX" else g.years_to(day, 16, 0)
        strike = int(strike) / 1000
        forward = g.SPOT * math.exp((g.RATE - g.YIELD) * years)
        vol = math.sqrt(g.total_variance(math.log(strike / forward), years) / years)
        price, _ = g.price_and_delta(strike, years, vol, right == "C")
        assert float(row["bid"]) - 0.005 <= price <= float(row["ask"]) + 0.005  # printed to the cent
        assert float(row["vol"]) in (0, round(vol, 4))
        count += 1
    assert 4500 <= count <= 5500


@pytest.mark.parametrize("name", os.environ["GEX_EXAMPLES"].split(os.pathsep))
def test_small_programs_print_what_is_kept(name):
    done = subprocess.run([name], capture_output=True, timeout=60)
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout == (SOURCE / "examples" / (pathlib.Path(name).name + ".expected")).read_bytes()


WATCH = os.environ.get("GEX_WATCH", "")
TICKS = SOURCE / "examples" / "data" / "ticks.csv"


def watch(ticks, *chain):
    return subprocess.run([WATCH, *(chain or [SAMPLE]), ticks], capture_output=True, timeout=60, text=True)


def test_the_ticks_are_what_their_program_writes():
    made = subprocess.run([sys.executable, "-B", SOURCE / "examples" / "generate_ticks.py"],
                          capture_output=True, check=True).stdout
    assert made == TICKS.read_bytes()
    assert b"synthetic" in made.split(b"\n")[0] and b"generate_ticks.py" in made.split(b"\n")[0]


def test_watch_prints_a_line_for_each_time():
    done = watch(TICKS)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout == (SOURCE / "examples" / "watch.expected").read_text()
    times = list(dict.fromkeys(line.split(",")[0] for line in TICKS.read_text().splitlines()[2:]))
    lines = done.stdout.splitlines()[5:]
    assert [line.split()[0] for line in lines] == [time.split("T")[1] for time in times]


def test_watch_reads_ticks_of_any_length():
    """Twelve megabytes through a pipe: lines are read as they come."""
    told = b"# nothing has happened since the last line\n" * 300_000 + TICKS.read_bytes()
    done = subprocess.run([WATCH, SAMPLE, "-"], input=told, capture_output=True, timeout=60)
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout == (SOURCE / "examples" / "watch.expected").read_bytes()


def test_watch_starts_where_the_map_is(tmp_path):
    """The first line, one trade of nothing at the chain's own time, is gamma, vanna and charm of gex-map by the same
    choices."""
    ticks = tmp_path / "ticks"
    ticks.write_text("2027-03-10T13:05:00,trade,SPXW270310C05500000,0,\n")
    line = watch(ticks).stdout.splitlines()[-1].split()
    told = json.loads(run("--json", "--sign", "INVENTORY_GIVEN", "--vol",
                          "implied", "--forward", "implied", SAMPLE).stdout)
    thousands = told["spot"] * 1000
    gained = [told["totals"][name] / over / thousands
              for name, over in (("gex_usd_pct", 10), ("vex_usd_volpt", 1), ("cex_usd_calday", 24))]
    assert line[:2] == ["13:05:00", "5487.25"] and line[8:] == ["-", "0.0"]
    for shown, shares, value in zip(line[2::2], line[3::2], gained):
        assert shown == ("SELL" if value > 0 else "BUY") and abs(float(shares) - abs(value)) <= 0.0501


@pytest.mark.parametrize("line, why", [
    ("2027-03-10T13:06:00,trade,SPXW270310C09990000,1,", "row"), ("2027-03-10T13:06:00,spot,,-1,", "spot"),
    ("2027-03-10T12:00:00,spot,,5480,", "as_of"), ("2027-03-10T13:06:00,news,SPX,1,", "news"), ("nothing", "not TIME"),
    ("2027-03-10T13:06:00,spot,," + 300 * "5", "not TIME"),
    ("yesterday,spot,,5480,", "yesterday"), ("2027-03-10T13:06:00,spot,,54a80,", "not TIME"),
    ("2027-03-10T13:06:00,quote,SPXW270310C05500000,12,13.5x", "not TIME"),
])
def test_watch_refuses_what_is_no_tick(tmp_path, line, why):
    ticks = tmp_path / "ticks"
    ticks.write_text(line + "\n")
    done = watch(ticks)
    assert done.returncode == 1 and done.stderr.startswith("watch: line 1: ") and why in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1


def test_watch_says_which_file_it_cannot_read(tmp_path):
    for done in (watch(tmp_path / "none"), watch(TICKS, tmp_path / "none")):
        assert done.returncode == 1 and "none cannot be read" in done.stderr
    assert watch(TICKS, TICKS).returncode == 1
    done = subprocess.run([WATCH, "--help"], capture_output=True, timeout=60, text=True)
    assert done.returncode == 2 and done.stderr.startswith("usage: watch CHAIN TICKS") and done.stderr.count("\n") == 1
