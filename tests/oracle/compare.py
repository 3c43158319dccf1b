# SPDX-License-Identifier: Apache-2.0
"""gex-map against the oracle, quantity by quantity, on one file or on the chains of the market data.

    python3 compare.py --gex-map PROGRAM FILE...
    python3 compare.py --gex-map PROGRAM --data         chains of all kinds in $GEX_DATA; exit 77 when it is not set
    python3 compare.py --gex-map PROGRAM --data --all   every snapshot of every chain there, 357 in all

Prints the worst difference of each quantity and the file it stood in. A difference is relative to gross: the same sum
without signs, so that a sum that cancels is not asked for digits it cannot have.
"""
import argparse
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
    import scipy.special  # noqa: F401  the oracle's normal distribution
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

import convert
import map_oracle
import sessions
import tables

TOLERANCE = 1e-9
LOOSER = {"flips: slope": 1e-7}  # a difference of large terms
CREST = 0.03  # a size divides by the largest value at a grid's point; a crest between two, a quarter of a line's width
#               apart, is higher by up to that
CASES = [  # rate, carry yield, sign, clock, vol
    (0.0, 0.0, "NAIVE_CALL_LONG", "CAL_365", "given"), (0.053, 0.015, "NAIVE_CALL_LONG", "VARIANCE_CLOCK", "otm"),
    (0.053, 0.015, "NAIVE_CALL_LONG", "CAL_365", "otm"), (0.04, -0.02, "DEALER_ALL_SHORT", "BUS_252_CLOCK", "given"),
    (-0.005, 0.03, "OI_MAX_VOLUME", "BUS_252_DAYS", "otm"), (0.1, 0.0, "VOLUME_NAIVE", "BUS_262_DAYS", "given"),
    (0.04, -0.02, "DEALER_ALL_SHORT", "CAL_365_25", "given"),
]


class Worst:
    """Worst difference of each quantity, and where; what has to be equal counts as 0 or infinite."""

    def __init__(self):
        self.of, self.where, self.times = {}, {}, {}

    def note(self, quantity, difference, case):
        difference = float(difference) if difference == difference else np.inf  # NaN, a null in the JSON, is the worst
        self.times[quantity] = self.times.get(quantity, 0) + 1
        if quantity not in self.of or difference > self.of[quantity]:
            self.of[quantity], self.where[quantity] = difference, case

    def near(self, quantity, got, expected, scale, case):
        got, expected = np.asarray(got, float), np.asarray(expected, float)
        gap = abs(got - expected)
        if gap.size == 0:  # no row is used
            return
        self.note(quantity, np.max(gap / scale) if scale > 0 else 0.0 if not gap.any() else np.inf, case)

    def same(self, quantity, got, expected, case):
        self.note(quantity, 0.0 if got == expected else np.inf, case)
        if got != expected:
            print(f"{case}: {quantity}: got {str(got)[:300]}, expected {str(expected)[:300]}")

    def failures(self):
        return [q for q, d in self.of.items() if d > LOOSER.get(q, TOLERANCE)]

    def table(self):
        print(f"{'quantity':30} {'times':>5} {'worst':>9} {'bound':>6}  where")
        for quantity, worst in sorted(self.of.items()):
            bound = LOOSER.get(quantity, TOLERANCE)
            where = self.where[quantity] if worst else ""
            print(f"{quantity:30} {self.times[quantity]:5} {worst:9.2e} {bound:6.0e}  {where}")


def json_built(program):
    """A gex-map built without a JSON library says so of the smallest JSON there is."""
    done = subprocess.run([program, "-"], input="{}", capture_output=True, text=True, check=False)
    return "not in this build" not in done.stderr


def run_map(program, path, rate, carry, sign, clock, vol):
    command = [program, "--json", "--vol", vol, "--forward", "rate", "--exercise", "european", "--sign", sign,
               "--rate", repr(rate), "--carry-yield", repr(carry), "--clock", clock, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def compare_sums(worst, got, want, case):
    gross = want["gross"]
    for key, value in want["contracts"].items():
        worst.same(f"contracts: {key}", got["contracts"][key], value, case)
    for key, value in want["totals"].items():
        worst.near(f"totals: {key}", got["totals"][key], value, gross.get(key, gross["gex_usd_pct"]), case)
    day, expected = got["zero_dte"], want["zero_dte"]
    worst.near("zero_dte: gex_usd_pct", day["gex_usd_pct"], expected["gex_usd_pct"], gross["gex_usd_pct"], case)
    if expected["share"] is not None:
        worst.near("zero_dte: share", day["share"], expected["share"], 1, case)

    rows = got["by_strike"]
    worst.same("by_strike: strikes", [r["strike"] for r in rows], list(want["by_strike"]), case)
    worst.near("by_strike: gex_usd_pct", [r["gex_usd_pct"] for r in rows], list(want["by_strike"].values()),
               gross["gex_usd_pct"], case)
    rows, expected = got["by_expiry"], want["by_expiry"]
    worst.same("by_expiry: instants", [tables.iso_ns(r["expiry"]) for r in rows], list(expected), case)
    for key, scale in (("gex_usd_pct", gross["gex_usd_pct"]), ("forward", want["spot"]), ("years", 1.0),
                       ("calendar_years", 1.0)):
        worst.near(f"by_expiry: {key}", [r[key] for r in rows], [e[key] for e in expected.values()], scale, case)


def compare_levels(worst, got, want, case):
    points = got["profile"]
    worst.near("profile: price", [p["price"] for p in points], want["profile"]["prices"], want["spot"], case)
    worst.near("profile: gex_usd_pct", [p["gex_usd_pct"] for p in points], want["profile"]["values"],
               want["gross"]["gex_usd_pct"], case)
    for name, (strike, gap) in want["walls"].items():
        if name == "hvl_centroid" and strike is not None:
            worst.near("walls: hvl_centroid", got["walls"][name], strike, want["spot"], case)
        elif gap is None or gap > 1e-12:  # else two strikes tie to rounding
            worst.same(f"walls: {name}", got["walls"][name], strike, case)
    if want["regime"] is not None:
        worst.same("regime", got["regime"], want["regime"], case)

    flips, expected = got["flips"], want["flips"]
    worst.same("flips: status of search", got["flip_status"], want["flip_status"], case)
    worst.same("flips: directions", [f["direction"] for f in flips], [f["direction"] for f in expected], case)
    worst.same("flips: statuses", [f["status"] for f in flips], [f["status"] for f in expected], case)
    if len(flips) != len(expected):
        print(f"{case}: got", *flips, "expected", *expected, sep="\n    ")
    for one, other in zip(flips, expected):
        worst.near("flips: price", one["price"], other["price"], other["price"], case)
        above = one["size"] / other["size"] - 1 if other["size"] > 0 else one["size"]
        worst.note("flips: size", max(-above, above - CREST, 0), case)
        # beside its own size, one that would take 1 % of the price to the largest E: a negligible root has no slope
        worst.near("flips: slope", one["slope"], other["slope"],
                   max(abs(other["slope"]), want["largest"] / (0.01 * other["price"])), case)


def compare_flows(worst, got, want, case):
    worst.same("flow: moves", [f["move_pct"] for f in got["flow"]], [f["move_pct"] for f in want["flow"]], case)
    shares = want["gross"]["gex_usd_pct"] / (0.01 * want["spot"])  # for a move of 100 %
    for one, other in zip(got["flow"], want["flow"]):
        for key, scale in (("shares_linear", shares * abs(other["move_pct"]) / 100), ("shares_exact", other["gross"]),
                           ("usd_at_start", other["gross"] * want["spot"])):
            worst.near(f"flow: {key}", one[key], other[key], scale, case)
    for key, value in want["flow_scenario"].items():
        if key in ("spot_pct", "hours", "vol_points"):
            worst.same(f"flow_scenario: {key}", got["flow_scenario"][key], value, case)
        elif key != "gross":
            worst.near(f"flow_scenario: {key}", got["flow_scenario"][key], value, want["flow_scenario"]["gross"], case)


def compare_file(worst, program, path, cases):
    if path.suffix == ".json" and not json_built(program):
        print(f"{path.name:30} SKIPPED: this gex-map reads no JSON")
        return
    table = tables.read(path)
    spent = [0.0, 0.0]
    for rate, carry, sign, clock, vol in cases:
        case = f"{path.name} {sign} r={rate} q={carry} {clock} {vol}"
        began = time.perf_counter()
        got = run_map(program, path, rate, carry, sign, clock, vol)
        middle = time.perf_counter()
        want = map_oracle.compute(table, sign, rate, carry, clock, vol=vol)
        spent[0] += middle - began
        spent[1] += time.perf_counter() - middle
        worst.same("as_of", tables.iso_ns(got["as_of"]), table.as_of, case)
        worst.same("spot", got["spot"], table.spot, case)
        worst.same("conventions: clock", got["conventions"]["clock"], clock, case)
        worst.same("conventions: vol", got["conventions"]["vol"], vol, case)
        worst.same("conventions: sign", got["conventions"]["sign"], sign, case)
        compare_sums(worst, got, want, case)
        compare_levels(worst, got, want, case)
        compare_flows(worst, got, want, case)
    print(f"{path.name:30} {len(table.strike):6} contracts, {len(cases)} maps: gex-map {spent[0]:6.2f} s, numpy"
          f" {spent[1]:6.2f} s", flush=True)


def unpacked(data, folder):
    """The Cboe tables as plain files, whatever they are packed in."""
    for path in sorted((data / "cboe-quotedata").iterdir()):
        target = folder / path.name.removesuffix(".gz")
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as packed, open(target, "wb") as plain:
            shutil.copyfileobj(packed, plain)
        yield target


def worked_chain():
    """conventions.md section 11: proves the oracle itself before it judges anything."""
    rows = [("C", 5000, .160, 9000, -2500, 0), ("C", 5025, .150, 20000, 6000, 0), ("P", 4975, .180, 16000, -5000, 0),
            ("P", 5000, .165, 8000, -1500, 0), ("C", 5000, .150, 12000, -4000, 30), ("C", 5200, .125, 40000, 30000, 30),
            ("P", 5000, .152, 18000, -7000, 30), ("P", 4800, .185, 50000, -20000, 30),
            ("P", 4500, .240, 60000, 25000, 30)]
    as_of = sessions.to_ns(sessions.dt.datetime(2024, 6, 3, 13, tzinfo=sessions.NEW_YORK))
    table = tables.Table(as_of, 5000.0)
    for right, strike, vol, interest, dealer, days in rows:
        settlement = as_of + (days * 86400 if days else 3 * 3600) * 10**9
        table.add("SPXW", settlement, strike, 1 if right == "C" else -1, vol, interest, 0, position=dealer)
    return table.freeze()


PRINTED = {  # sign: GEX, 0DTE, DEX, VEX, CEX (all $m), flips, exact flows at -1 % and +1 %
    "NAIVE_CALL_LONG": (-89.4438, 654.5228, 22316.1964, 1093.7184, -12161.9014, [5000.1345], -1485686.8, -1720012.5),
    "INVENTORY_GIVEN": (-2591.1542, -2757.1271, 4255.2595, 390.5277, -3699.0664, [4603.98, 5009.3645], -610837.2,
                        -390603.5),
}


def prove_oracle():
    for sign, (gex, day, dex, vex, cex, flips, down, up) in PRINTED.items():
        got = map_oracle.compute(worked_chain(), sign, 0.04, 0.013)
        totals = got["totals"]
        found = [f["price"] for f in got["flips"] if f["status"] == "FOUND"]
        moves = {f["move_pct"]: f["shares_exact"] for f in got["flow"]}
        pairs = [(totals["gex_usd_pct"] / 1e6, gex, 5e-5), (got["zero_dte"]["gex_usd_pct"] / 1e6, day, 5e-5),
                 (totals["dex_usd"] / 1e6, dex, 5e-5), (totals["vex_usd_volpt"] / 1e6, vex, 5e-5),
                 (totals["cex_usd_calday"] / 1e6, cex, 5e-5), (moves[-1], down, 0.05), (moves[1], up, 0.05)]
        pairs += [(a, b, 5e-5) for a, b in zip(found, flips)]
        wrong = [(a, b) for a, b, half in pairs if not abs(a - b) <= 1.01 * half]
        if wrong or len(found) != len(flips):
            raise SystemExit(f"the oracle does not reproduce the worked chain, {sign}: {wrong} {found}")
    print("oracle: worked chain reproduced as printed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gex-map", required=True)
    parser.add_argument("--data", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--cases", type=int, default=len(CASES), help="how many of the choices of rates and sign")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    if args.data and not os.path.isdir(os.environ.get("GEX_DATA", "")):
        print("SKIPPED: GEX_DATA names no folder of market data")
        return 77
    prove_oracle()
    worst = Worst()
    with tempfile.TemporaryDirectory() as folder:
        files = list(args.files)
        if args.data:
            data = pathlib.Path(os.environ["GEX_DATA"])
            files += list(unpacked(data, pathlib.Path(folder))) + convert.convert_all(data, folder, args.all)
        for path in files:
            compare_file(worst, args.gex_map, path, CASES[:args.cases])
    worst.table()
    failures = worst.failures()
    print("FAILED: " + ", ".join(failures) if failures else f"all within bounds on {len(files)} files")
    return 1 if failures or not files else 0


if __name__ == "__main__":
    sys.exit(main())
