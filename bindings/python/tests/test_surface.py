# SPDX-License-Identifier: Apache-2.0
"""gex.Surface and gex.fit: golden values, broadcasting, statuses, round trips; a library that is not there says so."""
import csv
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gex

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "tests" / "golden"
PUBLISHED = [-0.0410, 0.1331, 0.3060, 0.3586, 0.4153]

needs_fit = pytest.mark.skipif(not gex.fit.available(), reason="libgex-fit is not here: GSL was not found")


def golden(name):
    lines = [line for line in (GOLDEN / name).read_text().splitlines() if not line.startswith("#")]
    return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(lines)]


def test_svi_matches_the_golden_file():
    for row in golden("svi.csv"):
        surface = gex.Surface.svi(0.5, 100, row["a"], row["b"], row["rho"], row["m"], row["s"])
        got = surface.evaluate(k=row["k"], years=0.5,
                               columns=["total_variance", "dvariance_dk", "d2variance_dk2", "butterfly"])
        assert got["total_variance"] == pytest.approx(row["w"], rel=1e-12)
        assert got["dvariance_dk"] == pytest.approx(row["dw"], rel=1e-12)
        assert got["d2variance_dk2"] == pytest.approx(row["d2w"], rel=1e-12)
        assert got["butterfly"] == pytest.approx(row["g"], rel=1e-12, abs=1e-12)


def test_ssvi_matches_the_golden_file():
    for row in golden("ssvi.csv"):
        surface = gex.Surface.ssvi([0.25], 100, row["theta"], row["rho"], row["eta"], row["gamma"])
        assert surface.evaluate(k=row["k"], years=0.25, columns="total_variance") == pytest.approx(row["w"], rel=1e-12)
        assert surface.shape == (row["rho"], row["eta"], row["gamma"]) and surface.form == "ssvi"


@settings(max_examples=50)
@given(vols=st.lists(st.floats(0.05, 1.5), min_size=1, max_size=12), wings=st.sampled_from(["linear", "flat_vol"]))
def test_raw_gives_its_quotes_back(vols, wings):
    strikes = 80 + 4.0 * np.arange(len(vols))
    surface = gex.Surface.raw([0.1, 0.4], [100, 101], 1, strikes, vols, wings=wings)
    np.testing.assert_allclose(surface.vol(strikes, 0.4), vols, rtol=1e-14)
    assert list(surface.status) == [gex.SLICE_STATUS["no_quotes"], 0] and len(surface) == 2
    assert not surface.quote_status.any() and surface.parameters.shape == (0, 5)


def test_points_broadcast_and_say_where_they_are():
    surface = gex.Surface.svi([0.1, 0.5], [100, 102], [0.002, 0.01], [0.04, 0.1], -0.5, 0.0, [0.05, 0.2], spot=99.5)
    got = surface.evaluate(np.linspace(80, 120, 5)[:, None], np.array([0.0, 0.05, 0.1, 0.3, 0.9]),
                           columns=["vol", "status", "forward"])
    assert got["vol"].shape == (5, 5)
    keys = {value: key for key, value in gex.POINT_STATUS.items()}
    assert [keys[value] for value in got["status"][2]] == ["no_time", "before_first", "inside", "inside", "after_last"]
    assert np.isnan(got["vol"][:, 0]).all() and got["forward"][0, 0] == 99.5
    assert surface.evaluate(100, 0.3, columns="vol") == got["vol"][2, 3]
    assert surface.evaluate(k=np.log(100 / 97), years=0.3, forward=97) == pytest.approx(surface.vol(100, 0.3, 97))
    with pytest.raises(gex.InputError, match="one of strike and k"):
        surface.evaluate(100, 0.3, k=0.0)
    with pytest.raises(gex.InputError, match="'omega' is not one of total_variance"):
        surface.evaluate(100, 0.3, columns="omega")
    with pytest.raises(TypeError):
        gex.Surface()


def test_density_integrates_to_one():
    surface = gex.Surface.ssvi([0.1, 0.5, 1.0], 100, [0.004, 0.02, 0.04], -0.6, 1.2, 0.4)
    u = np.linspace(-7, 7, 4001)
    for years in (0.03, 0.1, 0.3, 1.0, 2.0):
        scale = np.sqrt(surface.evaluate(k=0.0, years=years, columns="total_variance"))
        density = surface.evaluate(k=scale * np.sinh(u), years=years, columns="density")
        assert np.trapz(density * scale * np.cosh(u), u) == pytest.approx(1, abs=1e-9)
    assert surface.check().violations == 0


def test_checks_and_repair():
    found = gex.Surface.svi([1, 2], 100, [PUBLISHED[0], PUBLISHED[0] - 0.001], *PUBLISHED[1:]).check()
    assert found.butterfly[0] == pytest.approx(-0.0329, abs=5e-5)
    assert found.butterfly_at[0] == pytest.approx(0.88, abs=0.005)
    assert found.calendar[1] == pytest.approx(-0.001) and np.isnan(found.calendar[0]) and found.violations == 3
    repaired, moved = gex.repair(PUBLISHED)
    assert 0 < moved < 1 and gex.Surface.svi(1, 100, *repaired).check().violations == 0
    wings = gex.jump_wings(PUBLISHED, 1)
    np.testing.assert_allclose(wings, [0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249], rtol=5e-6)
    np.testing.assert_allclose(gex.from_jump_wings(wings, 1), PUBLISHED, rtol=1e-12)
    with pytest.raises(gex.InputError, match="five parameters"):
        gex.repair([1, 2])


def test_mixture_matches_the_golden_file():
    rows = [line.rstrip().split(",") for line in (GOLDEN / "mixture.csv").read_text().splitlines()[1:]]
    for name in {row[1] for row in rows}:
        parts = np.array([row[2:5] for row in rows if row[:2] == ["component", name]], float)
        surface = gex.Surface.mixture(1, 100, [0] * len(parts), *parts.T)
        values = np.array([row[2:7] for row in rows if row[:2] == ["value", name]], float)
        got = surface.evaluate(k=values[:, 0], years=1, columns=("total_variance", "density", "status"))
        np.testing.assert_allclose(got["total_variance"], values[:, 1], rtol=1e-12)
        np.testing.assert_allclose(got["density"], values[:, 4], rtol=1e-9)
        assert (got["status"] == 0).all() and surface.form == "mixture" and len(surface.parameters) == 0
        np.testing.assert_allclose(surface.components.weight, parts[:, 0], rtol=1e-15)
        np.testing.assert_allclose(surface.components.mean, parts[:, 1], rtol=1e-14)
        assert (surface.components.expiry == 0).all() and (surface.components.deviation == parts[:, 2]).all()


@needs_fit
def test_mixtures_meet_every_quote_without_arbitrage():
    truth = gex.Surface.ssvi([0.1, 0.5, 1.0], [100, 101, 102], [0.004, 0.02, 0.04], -0.6, 1.2, 0.4)
    k = np.linspace(-0.25, 0.18, 30)
    vol = truth.evaluate(k=k, years=truth.years[:, None])
    strike = truth.forward[:, None] * np.exp(k)
    fitted = gex.fit.mixture(truth.years, truth.forward, np.repeat(np.arange(3), 30),
                             strike.ravel(), vol.ravel() - 0.004,
                             vol.ravel() + 0.004)
    assert (fitted.inside == 1).all() and fitted.surface.check().violations == 0
    assert np.isnan(fitted.parameters).all() and len(fitted.surface.components.weight) < 3 * 48


@needs_fit
def test_fit_gives_the_parameters_back():
    k = np.linspace(-0.8, 0.8, 25)
    vol = gex.Surface.svi(0.75, 100, *PUBLISHED).evaluate(k=k, years=0.75)
    fitted = gex.fit.svi(0.75, 100, 0, 100 * np.exp(k), vol - 0.005, vol + 0.005, enforce="nothing")
    np.testing.assert_allclose(fitted.parameters[0], PUBLISHED, atol=1e-11)
    assert fitted.inside[0] == 1 and fitted.quotes[0] == 25 and fitted.fitted[0] == gex.fit.FITTED["own"]
    free = gex.fit.svi(0.75, 100, 0, 100 * np.exp(k), vol - 0.005, vol + 0.005)
    assert free.surface.check().violations == 0 and free.rms[0] > fitted.rms[0]


@needs_fit
def test_ssvi_gives_its_shape_back():
    truth = gex.Surface.ssvi([0.1, 0.5, 1.0], [100, 101, 102], [0.004, 0.02, 0.04], -0.6, 1.2, 0.4)
    k = np.linspace(-0.5, 0.4, 30)
    vol = truth.evaluate(k=k, years=truth.years[:, None])
    strike = truth.forward[:, None] * np.exp(k)
    expiry = np.repeat(np.arange(3), 30)
    fitted = gex.fit.ssvi(truth.years, truth.forward, expiry, strike.ravel(), vol.ravel() - 0.01, vol.ravel() + 0.01)
    np.testing.assert_allclose(fitted.ssvi, [-0.6, 1.2, 0.4], atol=1e-6)
    np.testing.assert_allclose(fitted.theta, truth.theta, rtol=1e-6)
    assert gex.fit.version() == gex.version()
    with pytest.raises(gex.InputError, match="'cubes' is not one of squares, bounded"):
        gex.fit.ssvi(1, 100, 0, [90, 100, 110], 0.2, 0.21, loss="cubes")


def test_a_library_that_is_not_there_says_so(tmp_path):
    code = "import gex\nassert not gex.fit.available()\ntry:\n    gex.fit.svi(1, 1, 0, [1], 1, 1)\n"
    code += "except ImportError as reason:\n    print(reason)\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          env={**os.environ, "GEX_FIT_LIBRARY": str(tmp_path / "absent.so"),
                               "PYTHONPATH": str(pathlib.Path(gex.__file__).parents[1])})
    assert done.returncode == 0, done.stderr
    assert "libgex-fit is not here" in done.stdout and "GSL" in done.stdout
