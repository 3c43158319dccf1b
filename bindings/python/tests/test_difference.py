# SPDX-License-Identifier: Apache-2.0
"""What changed between two snapshots, through Python: causes that add up, twice the same, and who is refused."""
import numpy as np
import pytest

import gex
import worked


@pytest.fixture(scope="module")
def later(chain):
    keep = np.arange(len(worked.STRIKE)) != 4
    other = gex.Chain(root="SPXW", settlement=np.array(worked.SETTLEMENT)[keep], strike=np.array(worked.STRIKE)[keep],
                      right=np.array(worked.RIGHT)[keep], vol=np.array(worked.VOL)[keep] + 0.002,
                      open_interest=np.array(worked.OPEN_INTEREST)[keep])
    market = worked.market(other, as_of=worked.AS_OF + worked.HOUR, spot=4985.0, rate=0.041)
    return market, gex.Book(other, positions=np.array(worked.INVENTORY)[keep] * 1.1)


@pytest.mark.parametrize("unit", ["GEX_USD_PCT", "USD_PT", "DEX_USD", "VEX_USD_VOLPT", "CEX_USD_CALDAY", "flow"])
def test_causes_add_up(market, inventory, later, unit):
    made = gex.difference(market, inventory, *later, unit=unit)
    causes = sum(made[name] for name in made.causes)
    scale = abs(made["before"]) + abs(made["after"]) + abs(made["change"])
    assert np.all(abs(causes - made["change"]) <= 1e-13 * scale.max())
    assert np.array_equal(made["change"], made["after"] - made["before"])
    assert sum(made.causes.values()) == pytest.approx(made.total(), rel=0, abs=1e-13 * scale.sum())
    for by, keys in (("strike", made.strikes), ("expiry", made.expiries)):
        assert made.by(by).shape == keys.shape
        assert made.by(by).sum() == pytest.approx(made.total(), abs=1e-12 * scale.sum())
    back = gex.difference(*later, market, inventory, unit=unit)
    for name, twin in {**{name: name for name in made.causes}, "gone": "new", "new": "gone"}.items():
        assert made.total(name) == -back.total(twin)


def test_totals_are_those_of_the_exposures(market, inventory, later):
    made = gex.difference(market, inventory, *later)
    assert made.total("before") == gex.exposure(market, inventory, by=None).total
    assert made.total("after") == gex.exposure(*later, by=None).total
    hedge = gex.difference(market, inventory, *later, unit="flow")
    assert hedge.total() == -gex.difference(market, inventory, *later, unit="DEX_SHARES").total()
    assert "flow" in repr(hedge) and len(hedge) == 9


def test_kinds(market, inventory, later):
    made = gex.difference(market, inventory, *later)
    assert made.count() == 9 and made.count("both") == 8 and made.count("gone") == 1
    line = int(np.flatnonzero(made.kinds == gex.LINES["gone"])[0])
    assert made.rows_before[line] == 4 and made.rows_after[line] == -1
    assert made["gone"][line] == made["change"][line] == made.total("gone")


def test_of_a_map(market, inventory, later):
    before = gex.map(market, inventory)
    after = gex.map(*later, since=before)
    made = gex.difference(market, inventory, *later)
    assert after.gamma_since.causes == made.causes and after.gamma_since.unit == "GEX_USD_PCT"
    assert after.flow_since.total() == gex.difference(market, inventory, *later, unit="flow").total()
    assert before.gamma_since is None and before.levels_since == {} and after.since is before
    assert after.levels_since["call_wall_net"] == (before.walls.call_wall_net, after.walls.call_wall_net)
    assert after.levels_since["nearest_flip"][0] == before.flips.nearest.price
    assert "What changed since Mon 03 Jun 2024 13:00" in after.page()
    with pytest.raises(TypeError):
        gex.map(*later, since=market)


def test_refusals(market, inventory, later):
    for wrong in ({"unit": "GEX_ADV_PCT"}, {"unit": "colour"}):
        with pytest.raises(gex.InputError):
            gex.difference(market, inventory, *later, **wrong)
    with pytest.raises(gex.InputError):
        gex.difference(market, later[1], *later)
    made = gex.difference(market, inventory, *later)
    for call in (lambda: made["colour"], lambda: made.by("root"), lambda: made.count("colour")):
        with pytest.raises(gex.InputError):
            call()
