#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up what the test programs of meson builds say of themselves.

    count_tests.py [--failed WHAT]... BUILD...

Reads meson-logs/testlog.json of each build. A program that counts its own tests (Check, pytest, node --test) is taken
at its word; any other is one test. Prints what failed and what was skipped and why, then one line: "N passed, N
failed", with ", N skipped" behind it when there are any. Exit 1 when anything failed or a build ran nothing.
"""
import argparse
import json
import pathlib
import re
import sys

CHECK = re.compile(r"^\d+%: Checks: (\d+), Failures: (\d+), Errors: (\d+)", re.M)
PYTEST = re.compile(r"^=*\s*((?:\d+ \w+(?:, )?)+) in [\d.]+s", re.M)
NODE = re.compile(r"^# (pass|fail|skipped|todo) (\d+)$", re.M)
REASON = re.compile(r"^SKIPPED .*$|^.*\bskipped?: .*$", re.M | re.I)


def counted(text):
    """[passed, failed, skipped] as the program's own summaries have it, None when it gives none."""
    sums = [0, 0, 0]
    found = False
    for checks, failures, errors in CHECK.findall(text):
        found = True
        bad = int(failures) + int(errors)
        sums[0] += int(checks) - bad
        sums[1] += bad
    for summary in PYTEST.findall(text):
        found = True
        for number, word in re.findall(r"(\d+) (\w+)", summary):
            place = {"passed": 0, "xfailed": 0, "failed": 1, "error": 1,
                     "errors": 1, "xpassed": 1, "skipped": 2}.get(word)
            if place is not None:
                sums[place] += int(number)
    for word, number in NODE.findall(text):
        found = True
        sums[{"pass": 0, "fail": 1, "skipped": 2, "todo": 2}[word]] += int(number)
    return sums if found else None


def of_one(entry):
    """[passed, failed, skipped] of one program of a build."""
    result = entry["result"]
    sums = counted(entry.get("stdout") or "")
    if result in ("SKIP", "IGNORED"):
        return [0, 0, max(1, sums[2] if sums else 1)]
    good = result in ("OK", "EXPECTEDFAIL")
    if sums is None or sum(sums) == 0:
        return [1, 0, 0] if good and sums is None else [0, 1, 0]  # a suite that counts and ran nothing has failed
    if not good and sums[1] == 0:
        sums[1] = 1  # it died after its summary, or on the way to it
    return sums


def of_build(build):
    """Totals of a build, having told of failures and skips."""
    log = pathlib.Path(build) / "meson-logs" / "testlog.json"
    totals = [0, 0, 0]
    entries = [json.loads(line) for line in log.read_text().splitlines() if line.strip()] if log.exists() else []
    for entry in entries:
        sums = of_one(entry)
        totals = [a + b for a, b in zip(totals, sums)]
        if sums[1]:
            print(f"  failed: {entry['name']} ({sums[1]})")
        if sums[2]:
            reasons = sorted(set(REASON.findall((entry.get("stdout") or "") + "\n" + (entry.get("stderr") or ""))))
            print(f"  skipped: {entry['name']} ({sums[2]})" + "".join(f"\n    {reason.strip()}" for reason in reasons))
    if sum(totals) == 0:
        print(f"  {build}: nothing ran")
        totals[1] += 1
    return totals


def closing_line(passed, failed, skipped):
    return f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--failed", action="append", default=[], help="something outside the builds that failed")
    parser.add_argument("builds", nargs="*")
    options = parser.parse_args()
    totals = [0, len(options.failed), 0]
    for what in options.failed:
        print(f"  failed: {what}")
    for build in options.builds:
        sums = of_build(build)
        print(f"{pathlib.Path(build).name}: {closing_line(*sums)}")
        totals = [a + b for a, b in zip(totals, sums)]
    print(closing_line(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
