# SPDX-License-Identifier: Apache-2.0
"""python -m gex map does what gex-map does: the same bytes, the same exits, the same messages."""
import gzip
import json
import os
import subprocess
import sys

import pytest

GEX_MAP = os.environ.get("GEX_MAP")


def run(command, *arguments, cwd=None, **more):
    return subprocess.run([*command, *map(str, arguments)], cwd=cwd, capture_output=True, **more)


def by_python(*arguments, **more):
    return run([sys.executable, "-m", "gex", "map"], *arguments, **more)


def by_c(*arguments, **more):
    return run([GEX_MAP], *arguments, **more)


@pytest.fixture
def both():
    if not GEX_MAP:
        pytest.skip("GEX_MAP names no gex-map to compare with")

    def compare(*arguments, **more):
        c, python = by_c(*arguments, **more), by_python(*arguments, **more)
        assert python.returncode == c.returncode, (c.stderr, python.stderr)
        assert python.stderr == c.stderr
        assert python.stdout == c.stdout
        return python

    return compare


@pytest.mark.parametrize("arguments", [
    (), ("--json",), ("--json", "--sign", "DEALER_ALL_SHORT", "--customer-view"), ("--unit=USD_PT",),
    ("--sign", "CUSTOMER_VIEW", "--unit=GRID_PCT"),
    ("--json", "--forward", "rate", "--rate=0.04", "--carry-yield", "0.013", "--exercise", "european"),
    ("--json", "--unit", "GEX_FUT_PCT", "--future-price", "5000", "--future-multiplier", "50", "--beta", "-10"),
    ("--json", "--uncertainty=0.5", "--correlation", "0.3"), ("--uncertainty", "0.4"),
    ("--vol", "given"), ("--vol", "implied", "--unit", "GEX_ADV_PCT", "--adv", "8e6"),
    ("--spot", "5000", "--as-of", "2024-06-03 13:00")],
    ids=" ".join)
def test_the_sample_maps_alike(both, sample, arguments):
    assert both(*arguments, sample).returncode == 0


def test_standard_input_and_files(both, sample, tmp_path):
    content = sample.read_bytes()
    assert both("-", input=content).returncode == 0
    (tmp_path / "c").mkdir(), (tmp_path / "python").mkdir()
    arguments = ("--svg", "map.svg", "--lines", "lines.csv", "--json", sample)
    assert by_c(*arguments, cwd=tmp_path / "c").returncode == 0
    assert by_python(*arguments, cwd=tmp_path / "python").returncode == 0
    for name in ("map.svg", "lines.csv"):
        assert (tmp_path / "c" / name).read_bytes() == (tmp_path / "python" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "python").iterdir()) == ["lines.csv", "map.svg"]


def test_what_is_saved_and_what_changed_since(both, sample, tmp_path):
    """The same bytes from both, and the same page from either's; other choices are refused by name."""
    (tmp_path / "c").mkdir(), (tmp_path / "python").mkdir()
    choices = ("--clock", "VARIANCE_CLOCK", "--dynamics", "STICKINESS=0.50")
    for run, folder in ((by_c, "c"), (by_python, "python")):
        assert run(*choices, "--save", "kept", sample, cwd=tmp_path / folder).returncode == 0
    assert (tmp_path / "c" / "kept").read_bytes() == (tmp_path / "python" / "kept").read_bytes()
    saved = tmp_path / "c" / "kept"
    assert both(*choices, "--since", saved, sample).stdout == both(*choices, "--since", sample, sample).stdout
    assert both(*choices, "--json", "--since", saved, sample).returncode == 0
    both(*choices, "--since", saved, "--customer-view", sample)
    both("--since", saved, sample)
    both(saved)
    (tmp_path / "cut").write_bytes(saved.read_bytes()[:-9])
    both(*choices, "--since", tmp_path / "cut", sample)


def test_deviations_by_row(both):
    table = b"# as_of: 2027-03-10T13:05\n# spot: 5000\nroot,expiry,strike,right,vol,open_interest,deviation\n" \
        b"SPX,2027-06-18,5000,C,0.2,9000,4000\nSPX,2027-06-18,4800,P,0.22,7000,\n"
    for arguments in (("--json", "--uncertainty", "column"), ("--uncertainty=column", "--correlation", "0"),
                      ("--uncertainty", "column", "--uncertainty", "0.5")):
        assert both(*arguments, "-", input=table).returncode == 0


OTHER = b"""# spot: 20
# as_of: 2020-06-01T12:00
root,expiry,strike,right,vol,open_interest
VIX,2020-06-17,20,C,0.8,10
"""


@pytest.mark.parametrize("arguments, status", [
    ((), 2), (("a", "b"), 2), (("--nothing", "a"), 2), (("--json=1", "a"), 2), (("--sign",), 2), (("-x",), 2),
    (("--sign", "WEIGHTED", "a"), 2), (("--unit", "furlongs", "a"), 2), (("--vol=atm", "a"), 2),
    (("--exercise", "bermudan", "a"), 2), (("--spot", "-1", "a"), 2), (("--rate", "11", "a"), 2),
    (("--uncertainty", "0", "a"), 2), (("--correlation", "0.3", "a"), 2),
    (("--vol-low", "0.2", "--vol-high=0.15", "a"), 2),
    (("--rate", "0.03", "--rate-curve=1:0.05", "a"), 2), (("--dividends", "1.5", "a"), 2), (("-",), 1),
    (("--since", "other", "table"), 1), (("--since", "later", "table"), 1), (("--correlation=1.5", "a"), 2),
    (("--beta", "nan", "a"), 2), (("--spot=1e", "a"), 2), (("--adv", "", "a"), 2), (("--as-of", "2024-06-03", "a"), 2),
    (("--as-of", "x\ny", "a"), 2), (("--svg", "-", "a"), 2), (("--svg", "o", "--lines=o", "a"), 2),
    (("--svg", "o", "--save=o", "a"), 2), (("--lines", "o", "--save=o", "a"), 2), (("--save", "table", "table"), 2),
    (("--unit", "GEX_ADV_PCT", "a"), 2), (("--unit", "CEX_FUT_CALDAY", "a"), 2), (("--unit", "GEX_FUT_PCT", "a"), 2),
    (("--svg", "table", "table"), 2), (("--since", "nameless", "table"), 1), (("--since", "absent", "table"), 1),
    (("--unit", "GEX_FUT_PCT", "--future-multiplier", "50", "a"), 2), (("--", "--json"), 1), (("absent",), 1),
    ((".",), 1), (("empty",), 1), (("junk",), 1), (("nameless",), 1), (("--as-of", "2023-09-14T16:31", "nameless"), 1),
    (("--sign", "INVENTORY_GIVEN", "table"), 1), (("--uncertainty", "column", "table"), 1),
    (("--svg", "absent/x.svg", "table"), 1),
    (("--lines", ".", "table"), 1), (("--version",), 0)],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_refusals_are_alike(both, tmp_path, arguments, status):
    from test_feed import TABLE

    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "junk").write_bytes(b"no table at all\n" * 20)
    (tmp_path / "table").write_bytes(TABLE)
    (tmp_path / "nameless").write_bytes(b"\n".join(TABLE.splitlines()[3:]))
    (tmp_path / "other").write_bytes(OTHER)
    (tmp_path / "later").write_bytes(OTHER.replace(b"2020", b"2050"))
    done = both(*arguments, cwd=tmp_path)
    assert done.returncode == status
    assert done.stderr.count(b"\n") == (1 if status else 0)
    assert (tmp_path / "table").read_bytes() == TABLE


def test_a_failed_write_leaves_nothing_behind(sample, tmp_path):
    (tmp_path / "old.svg").write_text("old")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "gex", "map", "--svg", tmp_path / "old.svg", "--lines",
                               tmp_path / "new.csv", sample], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == b"gex-map: cannot write to standard output: No space left on device\n"
    assert [path.name for path in tmp_path.iterdir()] == ["old.svg"] and (tmp_path / "old.svg").read_text() == "old"
    closed = subprocess.run(["/bin/sh", "-c", f'"{sys.executable}" -m gex map --svg "{tmp_path}/x.svg" "{sample}" >&-'],
                            stderr=subprocess.PIPE)
    assert closed.returncode == 1 and b"Bad file descriptor" in closed.stderr
    assert not (tmp_path / "x.svg").exists()


def test_help_and_usage(sample):
    done = by_python("--help")
    assert done.returncode == 0 and done.stdout.startswith(b"usage: python -m gex map [options] FILE")
    if GEX_MAP:  # the same text but for the program's name and the build's JSON
        ours, theirs = done.stdout.decode().splitlines(), by_c("--help").stdout.decode().splitlines()
        assert [line for line in ours if line not in theirs] == [
            "usage: python -m gex map [options] FILE",
            "FILE is a Cboe quote table (CSV or JSON)"]
        assert max(map(len, ours)) <= 80
    done = run([sys.executable, "-m", "gex"], "mop")
    assert done.returncode == 2 and b"usage: python -m gex map" in done.stderr


def test_json_input(data, tmp_path):
    content = gzip.decompress((data / "cboe-quotedata" / "rut_2023-09-20.json.gz").read_bytes())
    (tmp_path / "rut.json").write_bytes(content)
    python = by_python("--json", "rut.json", cwd=tmp_path)
    assert python.returncode == 0 and json.loads(python.stdout)["contracts"]["total"] == 6680
    if GEX_MAP and b"not in this build" not in (c := by_c("--json", "rut.json", cwd=tmp_path)).stderr:
        assert python.stdout == c.stdout
