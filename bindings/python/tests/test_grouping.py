# SPDX-License-Identifier: Apache-2.0
"""Exposures by keys and pairs of keys, beside numpy."""
import itertools
import math

import numpy as np
import pytest

import gex
import worked

EDGES = {"dte": [1, 20, 40], "moneyness": [0.97, 1.0, 1.01], "moneyness_forward": [0.97, 1.0, 1.01]}


def grouped(exposure, *by):
    return gex.group(exposure, *by, edges={name: EDGES[name] for name in by if name in EDGES} or None)


@pytest.mark.parametrize("by", [*((name,) for name in gex.BY), *itertools.permutations(gex.BY, 2)])
def test_every_cell_is_the_sum_of_its_rows(market, inventory, by):
    exposure = gex.Exposure(market, inventory)
    cells = grouped(exposure, *by)
    assert sorted(np.concatenate([cells.rows(i) for i in range(len(cells))])) == list(range(len(worked.ROWS)))
    for i in range(len(cells)):
        rows = exposure.rows[cells.rows(i)]
        assert cells.net[i] == math.fsum(rows) and cells.gross[i] == math.fsum(abs(rows))
        assert cells.call[i] == math.fsum(rows[market.chain.right[cells.rows(i)] == 1])
        assert cells.put[i] == math.fsum(rows[market.chain.right[cells.rows(i)] == -1])
    assert cells.used.sum() == len(worked.ROWS)


def test_keys_are_values(market, naive):
    exposure = gex.Exposure(market, naive)
    right, strike = gex.group(exposure, "type", "strike").keys
    assert right.tolist() == [1] * 3 + [-1] * 4
    assert strike.tolist() == [5000, 5025, 5200, 4500, 4800, 4975, 5000]
    days, root = gex.group(exposure, "dte", "root", edges=[5]).keys
    assert days.tolist() == [0, 1] and root.tolist() == ["SPXW", "SPXW"]
    expiry, today = gex.group(exposure, "expiry", "0dte").keys
    assert expiry.tolist() == market.chain.expiries.tolist() and today.tolist() == [True, False]


def test_matrix_is_strike_by_expiry(market, naive):
    cells = gex.group(gex.Exposure(market, naive), "strike", "expiry")
    strikes, expiries, table = cells.matrix()
    assert table.shape == (6, 2) and np.count_nonzero(table) == len(cells) == 7
    np.testing.assert_allclose(table.sum(1), gex.exposure(market, naive, by="strike").values, rtol=1e-12)
    assert cells.matrix(cells.used)[2].sum() == 9


@pytest.mark.parametrize("by, edges", [
    (("dte",), None), (("strike",), [1]), (("dte", "moneyness"), [1]),
    (("dte",), [2, 1]), (("dte",), {"moneyness": [1]}),
    (("dte",), [math.nan]), (("strike", "strike"), None), (("colour",), None)])
def test_what_makes_no_sense_is_refused(market, naive, by, edges):
    with pytest.raises(gex.InputError):
        gex.group(gex.Exposure(market, naive), *by, edges=edges)
