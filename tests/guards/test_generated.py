# SPDX-License-Identifier: Apache-2.0
"""Committed tables are what their generators write."""
import os
import sys
import zoneinfo

import pytest

from house import SOURCE, run


def zones_edition():
    for folder in zoneinfo.TZPATH:
        path = os.path.join(folder, "tzdata.zi")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.readline().split()[-1]
    return None


@pytest.mark.parametrize("generator, table", [
    ("src/market/generate_calendar.py", "src/market/calendar_table.h"),
    ("tests/golden/generate_decimals.py", "tests/golden/decimals.txt"),
])
def test_generated_table_has_not_drifted(generator, table):
    assert run(sys.executable, SOURCE / generator) == (SOURCE / table).read_text()


def test_new_york_table_has_not_drifted():
    table = (SOURCE / "tests/golden/new_york.txt").read_text()
    edition = table.split("\n", 1)[0].rstrip(".").split()[-1]
    if zones_edition() != edition:
        pytest.skip(f"the table is of edition {edition} of the IANA time zones, here is {zones_edition()}")
    assert run(sys.executable, SOURCE / "tests/golden/generate_new_york.py") == table
