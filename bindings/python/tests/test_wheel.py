# SPDX-License-Identifier: Apache-2.0
"""The wheel carries the library and works on its own."""
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

import gex
from conftest import ROOT

MISSING = [module for module in ("pip", "setuptools", "wheel") if importlib.util.find_spec(module) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"building a wheel needs {', '.join(MISSING)}")

LIBRARY = os.environ.get("GEX_LIBRARY")


def pip(*arguments, **environment):
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
                          env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def build(folder, **environment):
    assert LIBRARY, "GEX_LIBRARY names the library to carry"
    source = shutil.copytree(ROOT / "bindings" / "python", folder / "source",
                             ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "libgex.so"))
    pip("wheel", "--no-build-isolation", "--no-index", "--no-deps", "-w", folder, source, GEX_WHEEL_LIBRARY=LIBRARY,
        **environment)
    made, = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(tmp_path_factory.mktemp("wheel"))


def test_name_and_contents(wheel):
    assert wheel.name.startswith("gex-0.1.0-py3-none-linux_")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"gex/libgex.so", "gex/py.typed", "gex/_api.py"} <= set(names)
    assert not any("tests" in name for name in names)
    if gex.COMPILED:
        assert f"gex/_fast{importlib.machinery.EXTENSION_SUFFIXES[0]}" in names


def installed(wheel, folder):
    """An environment that has the wheel and knows of no other library."""
    pip("install", "--no-index", "--no-deps", "--target", folder, wheel)
    environment = {key: value for key, value in os.environ.items() if key not in ("GEX_LIBRARY", "GEX_FAST")}
    return {**environment, "PYTHONPATH": str(folder)}


def test_without_a_compiler(tmp_path):
    wheel = build(tmp_path, CC="/nowhere/cc")
    assert not any("_fast" in name for name in zipfile.ZipFile(wheel).namelist())
    program = "import gex; print(gex.COMPILED, gex.greeks(100, 100, 0.5, 0.2, 1)['delta'] > 0.5)"
    done = subprocess.run([sys.executable, "-c", program], env=installed(wheel, tmp_path / "site"), cwd=tmp_path,
                          capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_installed(wheel, sample, tmp_path):
    environment = installed(wheel, tmp_path / "site")
    program = "import gex; print(gex.__file__, gex.version(), gex._library.find(), gex.COMPILED)"
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    file, _, library, compiled = done.stdout.split()
    assert file.startswith(str(tmp_path / "site")) and library.startswith(str(tmp_path / "site"))
    assert compiled == str(gex.COMPILED)
    done = subprocess.run([sys.executable, "-m", "gex", "map", sample], env=environment, cwd=tmp_path,
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and "not a forecast" in done.stdout
