# SPDX-License-Identifier: Apache-2.0
"""Fixtures: the worked chain, the sample, and the real tables where GEX_DATA says they are."""
import os
import pathlib
import sys

import hypothesis
import pytest

import worked
import gex

if os.environ.get("GEX_PEERS"):  # libraries to exchange tables with, behind everything that is installed
    sys.path.append(os.environ["GEX_PEERS"])

# Nothing is left in the folder the tests run in; the seed of a failure is printed instead.
hypothesis.settings.register_profile("gex", database=None, deadline=None, print_blob=True)
hypothesis.settings.load_profile("gex")

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def chain():
    return worked.chain()


@pytest.fixture(scope="session")
def market(chain):
    return worked.market(chain)


@pytest.fixture(scope="session")
def naive(chain):
    return gex.Book(chain, "NAIVE_CALL_LONG")


@pytest.fixture(scope="session")
def inventory(chain):
    return gex.Book(chain, positions=worked.INVENTORY)


@pytest.fixture(scope="session")
def sample():
    """The synthetic chain that ships with the library."""
    tables = sorted((ROOT / "examples" / "data").glob("*.csv"))
    assert tables, "examples/data has no CSV"
    return tables[0]


@pytest.fixture(scope="session")
def data():
    folder = os.environ.get("GEX_DATA")
    if not folder or not pathlib.Path(folder, "cboe-quotedata").is_dir():
        pytest.skip("GEX_DATA names no folder with cboe-quotedata")
    return pathlib.Path(folder)
