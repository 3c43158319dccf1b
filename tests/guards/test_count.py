# SPDX-License-Identifier: Apache-2.0
"""The closing line of scripts/test: it adds up right, and nothing that failed or never ran is left out of it."""
import json
import subprocess
import sys

import pytest

from house import SOURCE

COUNT = SOURCE / "scripts" / "count_tests.py"
CHECK_GOOD = "Running suite(s): chain\n100%: Checks: 12, Failures: 0, Errors: 0\n"
CHECK_BAD = "Running suite(s): chain\n83%: Checks: 12, Failures: 1, Errors: 1\n"
PYTEST = "....s\nSKIPPED [1] test_a.py:3: no data\n4 passed, 1 skipped in 0.12s\n"
PYTEST_LOUD = "=================== 1 failed, 3 passed in 1.20s ===================\n"
NODE = "# tests 5\n# pass 4\n# fail 0\n# skipped 1\n# todo 0\n"


def closing(tmp_path, *entries, arguments=()):
    logs = tmp_path / "build" / "meson-logs"
    logs.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"name": f"t{i}", "result": result, "stdout": text})
             for i, (result, text) in enumerate(entries)]
    (logs / "testlog.json").write_text("\n".join(lines))
    done = subprocess.run([sys.executable, COUNT, *arguments, tmp_path / "build"], capture_output=True, text=True)
    return done.stdout.splitlines()[-1], done.returncode


@pytest.mark.parametrize("entries, line, status", [
    ([("OK", CHECK_GOOD)], "12 passed, 0 failed", 0),
    ([("FAIL", CHECK_BAD)], "10 passed, 2 failed", 1),
    ([("OK", PYTEST)], "4 passed, 0 failed, 1 skipped", 0),
    ([("FAIL", PYTEST_LOUD)], "3 passed, 1 failed", 1),
    ([("OK", NODE)], "4 passed, 0 failed, 1 skipped", 0),
    ([("OK", "all is well\n")], "1 passed, 0 failed", 0),
    ([("SKIP", "skipped: no locale\n"), ("OK", CHECK_GOOD)], "12 passed, 0 failed, 1 skipped", 0),
    ([("OK", CHECK_GOOD), ("TIMEOUT", "")], "12 passed, 1 failed", 1),
    ([("OK", CHECK_GOOD), ("FAIL", CHECK_GOOD)], "24 passed, 1 failed", 1),  # died after its summary
    ([("OK", "100%: Checks: 0, Failures: 0, Errors: 0\n")], "0 passed, 1 failed", 1),
    ([("ERROR", None)], "0 passed, 1 failed", 1),
    ([], "0 passed, 1 failed", 1),
    ([("SKIP", "")], "0 passed, 0 failed, 1 skipped", 1),
])
def test_adds_up(tmp_path, entries, line, status):
    assert closing(tmp_path, *entries) == (line, status)


def test_what_never_was_built_counts_as_failed(tmp_path):
    failed = ["--failed", "build-x: compilation"]
    assert closing(tmp_path, ("OK", CHECK_GOOD), arguments=failed) == ("12 passed, 1 failed", 1)


def test_a_build_without_a_log_counts_as_failed(tmp_path):
    done = subprocess.run([sys.executable, COUNT, tmp_path], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_a_reason_for_skipping_is_shown(tmp_path):
    logs = tmp_path / "meson-logs"
    logs.mkdir()
    (logs / "testlog.json").write_text(json.dumps({"name": "a", "result": "OK", "stdout": PYTEST}))
    done = subprocess.run([sys.executable, COUNT, tmp_path], capture_output=True, text=True)
    assert "no data" in done.stdout
