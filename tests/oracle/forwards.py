# SPDX-License-Identifier: Apache-2.0
"""Parity forwards of the Cboe tables under $GEX_DATA: are they such as those days can have had?

    python3 forwards.py --gex-map PROGRAM               exit 77 when GEX_DATA is not set

Nothing is given, so each rate and forward comes from the quotes. The bounds are wide and from outside: the policy rate
of the day, dividend yields of 0.5 to 2 % a year, a spot and quotes that closed up to 0.4 % apart.
"""
import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

# file: live expiries, how many have no forward of their own at most, policy rate (upper end of the target that day)
EXPECTED = {
    "ndx_2022-12-12.csv": (41, 1, 0.0400), "qqq_2023-06-12.csv": (28, 0, 0.0525),
    "qqq_2023-09-24_weekend.csv": (28, 0, 0.0550), "rut_2022-12-12.csv": (25, 0, 0.0400),
    "rut_2023-09-20.json": (25, 0, 0.0550), "spx_2022-07-12_intraday.csv": (52, 0, 0.0175),
    "spx_2022-12-12.csv": (55, 50, 0.0400), "spx_2023-09-14.csv": (58, 0, 0.0550),
    "spx_2024-01-07_weekend.csv": (59, 0, 0.0550), "spy_2023-09-14.csv": (30, 0, 0.0550),
    "xsp_2023-09-14.csv": (50, 0, 0.0550),
}


def check(name, got):
    live, most_missing, policy = EXPECTED[name]
    spot, wrong = got["spot"], []
    implied = [e for e in got["by_expiry"] if e["forward_source"] == "implied"]
    missing = len(got["by_expiry"]) - len(implied)
    if len(got["by_expiry"]) > live or missing > most_missing:
        wrong.append(f"{missing} of {len(got['by_expiry'])} expiries have no forward of their own")
    for e in implied:
        drift = math.log(e["forward"] / spot)
        if not -0.004 - 0.01 * e["years"] <= drift <= 0.004 + (policy + 0.02) * e["years"]:
            wrong.append(f"{e['expiry']}: forward {e['forward']} from spot {spot}")
        if e["discount"] > 1 or e["discount"] < math.exp(-(policy + 0.02) * e["years"]):
            wrong.append(f"{e['expiry']}: discount {e['discount']}")
        if not (e["forward_pairs"] >= 4 and 0 <= e["forward_error"] <= 0.01 * spot):
            wrong.append(f"{e['expiry']}: {e['forward_pairs']} pairs, error {e['forward_error']}")
    year = [e for e in implied if 0.2 <= e["years"] <= 1.4] or implied
    rates = [-math.log(e["discount"]) / e["years"] for e in year]
    drifts = [math.log(e["forward"] / spot) / e["years"] for e in year]
    print(f"{name:28} implied {len(implied):2} of {len(got['by_expiry']):2}, 0.2 to 1.4 years: rates {min(rates):6.2%}"
          f" to {max(rates):6.2%}, ln(F/S)/T {min(drifts):6.2%} to {max(drifts):6.2%}")
    for text in wrong:
        print(f"    {text}")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gex-map", required=True)
    args = parser.parse_args()
    if not os.path.isdir(os.environ.get("GEX_DATA", "")):
        print("SKIPPED: GEX_DATA names no folder of market data")
        return 77
    from compare import json_built, unpacked
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for path in unpacked(pathlib.Path(os.environ["GEX_DATA"]), pathlib.Path(folder)):
            if path.suffix == ".json" and not json_built(args.gex_map):
                print(f"{path.name:28} SKIPPED: this gex-map reads no JSON")
                continue
            done = subprocess.run([args.gex_map, "--json", str(path)], capture_output=True, text=True, check=True)
            good = check(path.name, json.loads(done.stdout)) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
