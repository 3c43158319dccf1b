# SPDX-License-Identifier: Apache-2.0
"""An installation in a staging folder that was moved, and programs that know nothing but it."""
import math
import os
import re
import shutil
import subprocess
import sys

import pytest

from house import BUILD, FIT, FIT_HEADER, SOURCE, run

pytestmark = pytest.mark.skipif(BUILD is None, reason="needs a build")
CONSUMER = SOURCE / "tests" / "consumer"


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """The prefix of an installation that is not where it was installed to."""
    folder = tmp_path_factory.mktemp("staging")
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", folder / "first")
    (folder / "first").rename(folder / "moved")
    return next(folder.glob("moved/**/include/gex.h")).parents[1]


@pytest.fixture(scope="module")
def libdir(prefix):
    return next(prefix.rglob("libgex.so")).parent


def environment(libdir, **more):
    """No other installation can be found, neither by pkg-config nor by the loader."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**keep, "PKG_CONFIG_LIBDIR": str(libdir / "pkgconfig"), "LD_LIBRARY_PATH": str(libdir),
            "LC_ALL": "C", **more}


def pkg_config(libdir, *options):
    return run("pkg-config", *options, "libgex", env=environment(libdir)).split()


def result(program, libdir):
    text = run(program, env=environment(libdir))
    assert re.fullmatch(r"libgex \d+\.\d+\.\d+: -?\d+\.\d+ USD per 1 % of spot\n", text), text
    return text


@pytest.fixture(scope="module")
def expected(libdir, tmp_path_factory):
    program = tmp_path_factory.mktemp("shared") / "consumer"
    run("cc", "-std=c99", "-o", program, CONSUMER / "consumer.c", *pkg_config(libdir, "--cflags", "--libs"))
    assert re.search(r"NEEDED.*\[libgex\.so\.0\]", run("readelf", "-d", program))
    return result(program, libdir)


def test_by_pkg_config(expected):
    """The figure, worked out here: gamma N M S^2 / 100 of the two lines, without rates."""
    spot, years = 5000.0, (29 * 24 + 3) / 8760.0
    total = 0.0
    for strike, vol, contracts in ((5200.0, 0.125, 40000), (4800.0, 0.185, -50000)):
        deviation = vol * math.sqrt(years)
        d1 = math.log(spot / strike) / deviation + deviation / 2
        total += math.exp(-d1 * d1 / 2) / math.sqrt(2 * math.pi) / (spot * deviation) * contracts * 100 * spot**2 / 100
    assert float(expected.split()[2]) == pytest.approx(total, rel=1e-12)


def test_static_by_pkg_config(libdir, expected, tmp_path):
    program = tmp_path / "consumer"
    run("cc", "-std=c99", "-static", "-o", program, CONSUMER / "consumer.c",
        *pkg_config(libdir, "--static", "--cflags", "--libs"))
    assert "libgex" not in run("readelf", "-d", program)
    assert result(program, libdir) == expected


def test_library_asks_for_nothing_else(libdir):
    assert pkg_config(libdir, "--libs-only-l") == ["-lgex"]
    assert pkg_config(libdir, "--static", "--libs-only-l") == ["-lgex", "-lm"]
    project = run("meson", "introspect", BUILD, "--projectinfo")
    assert pkg_config(libdir, "--modversion") == [project.split('"version": "')[1].split('"')[0]]


FITTED = r"libgex-fit \d+\.\d+\.\d+: good, 100 % within bid and ask, 0 violations\n"


@pytest.mark.skipif(FIT is None, reason="libgex-fit was not built: GSL was not found")
def test_second_library_by_pkg_config(libdir, tmp_path):
    """A program links both by the second package alone, and the host's GSL is found where it is installed."""
    (tmp_path / "fit.c").write_text("#include <gex/fit.h>\n#include <stdio.h>\n"
                                    "int main(void) { return puts(gex_fit_version()) < 0 || "
                                    "gex_fit_svi(0, 0, 0, 0, 0) != GEX_ERR_ARGUMENT; }\n")
    keep = environment(libdir)
    keep["PKG_CONFIG_PATH"] = run("pkg-config", "--variable", "pc_path", "pkg-config").strip()
    flags = run("pkg-config", "--cflags", "--libs", "libgex-fit", env=keep).split()
    assert "-lgsl" not in flags
    run("cc", "-std=c99", "-o", tmp_path / "fit", tmp_path / "fit.c", *flags, f"-Wl,-rpath-link,{libdir}")
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run(tmp_path / "fit", env=environment(libdir)))
    run("c++", "-std=c++11", "-o", tmp_path / "fitted", CONSUMER / "fit.cpp", *flags, f"-Wl,-rpath-link,{libdir}")
    assert re.fullmatch(FITTED, run(tmp_path / "fitted", env=environment(libdir)))


def alone():
    """Nothing tells the loader where the installation is."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}


def test_installed_program_runs_where_it_was_moved_to(prefix):
    program = prefix / "bin" / "gex-map"
    if not program.exists():
        pytest.skip("examples are not built")
    assert run(program, "--version", env=alone()).startswith("gex-map, libgex ")


@pytest.mark.skipif(FIT is None, reason="libgex-fit was not built: GSL was not found")
def test_second_library_finds_the_first(libdir):
    code = "import ctypes, sys; print(ctypes.CDLL(sys.argv[1]).gex_fit_svi is not None)"
    assert run(sys.executable, "-c", code, libdir / "libgex-fit.so.0", env=alone()) == "True\n"


@pytest.mark.skipif(shutil.which("musl-gcc") is None, reason="musl-gcc is not installed")
def test_no_indirect_functions_where_the_loader_has_none(tmp_path):
    """musl's loader refuses them, which no linker says: a library with them loads nowhere on such a system."""
    told = run("meson", "setup", tmp_path / "build", SOURCE, "-Dtests=disabled", "-Dbench=disabled", "-Dfit=disabled",
               "-Dexamples=disabled", env={**alone(), "CC": "musl-gcc"})
    assert re.search(r'"indirect functions"\s*: links: NO', told), told


def configure(prefix, libdir, folder, wanted):
    return subprocess.run(["cmake", "-S", CONSUMER, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}", f"-DWANTED={wanted}",
                           "-DCMAKE_LIBRARY_ARCHITECTURE=" + libdir.name], capture_output=True, text=True,
                          env=environment(libdir))


@pytest.mark.skipif(shutil.which("cmake") is None, reason="cmake is not installed")
def test_by_cmake(prefix, libdir, expected, tmp_path):
    done = configure(prefix, libdir, tmp_path, "0.1")
    assert done.returncode == 0, done.stderr
    run("cmake", "--build", tmp_path, env=environment(libdir))
    assert result(tmp_path / "consumer", libdir) == expected
    assert result(tmp_path / "consumer_static", libdir) == expected
    assert "libgex" not in run("readelf", "-d", tmp_path / "consumer_static")
    assert (FIT is not None) == (tmp_path / "consumer_fit").exists()
    if FIT is not None:
        assert re.fullmatch(FITTED, run(tmp_path / "consumer_fit", env=environment(libdir)))


@pytest.mark.skipif(shutil.which("cmake") is None, reason="cmake is not installed")
@pytest.mark.parametrize("wanted", ["0.0", "0.2", "1.0", "0.1.99"])
def test_cmake_refuses_another_abi(prefix, libdir, tmp_path, wanted):
    done = configure(prefix, libdir, tmp_path, wanted)
    assert done.returncode != 0
    assert "libgex" in done.stderr and "version" in done.stderr


def test_what_is_installed(prefix, libdir):
    files = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}
    headers = {f"include/{path.relative_to(SOURCE / 'include')}" for path in (SOURCE / "include").rglob("*.h*")
               if FIT is not None or path != FIT_HEADER}
    place = str(libdir.relative_to(prefix))
    wanted = headers | {f"{place}/{name}" for name in (
        "libgex.so", "libgex.so.0", "libgex.a", "pkgconfig/libgex.pc", "cmake/libgex/libgexConfig.cmake",
        "cmake/libgex/libgexConfigVersion.cmake")}
    if FIT is not None:
        wanted |= {f"{place}/{name}" for name in ("libgex-fit.so", "libgex-fit.so.0", "pkgconfig/libgex-fit.pc")}
    assert wanted <= files, wanted - files
    more = {name for name in files - wanted if not name.startswith("bin/")}
    assert all(re.fullmatch(re.escape(place) + r"/libgex(-fit)?\.so\.\d+\.\d+\.\d+", name) for name in more), more


def test_package_files_name_no_place(prefix):
    for path in [*prefix.rglob("*.pc"), *prefix.rglob("*.cmake")]:
        assert str(SOURCE) not in path.read_text() and "/usr/local" not in path.read_text(), path.name
