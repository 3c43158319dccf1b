# SPDX-License-Identifier: Apache-2.0
"""The wheel carries the library and works on its own."""
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from conftest import ROOT

MISSING = [module for module in ("pip", "setuptools", "wheel") if importlib.util.find_spec(module) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"building a wheel needs {', '.join(MISSING)}")

LIBRARY = os.environ.get("GEX_LIBRARY")


def pip(*arguments, **environment):
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)],
                          env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    assert LIBRARY, "GEX_LIBRARY names the library to carry"
    folder = tmp_path_factory.mktemp("wheel")
    source = shutil.copytree(ROOT / "bindings" / "python", folder / "source",
                             ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "libgex.so"))
    pip("wheel", "--no-build-isolation", "--no-index", "--no-deps", "-w", folder, source, GEX_WHEEL_LIBRARY=LIBRARY)
    made, = folder.glob("*.whl")
    return made


def test_name_and_contents(wheel):
    assert wheel.name.startswith("gex-0.1.0-py3-none-linux_")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"gex/libgex.so", "gex/py.typed", "gex/_api.py"} <= set(names)
    assert not any("tests" in name for name in names)


def test_installed(wheel, sample, tmp_path):
    pip("install", "--no-index", "--no-deps", "--target", tmp_path / "site", wheel)
    environment = {key: value for key, value in os.environ.items() if key != "GEX_LIBRARY"}
    environment["PYTHONPATH"] = str(tmp_path / "site")
    program = "import gex; print(gex.__file__, gex.version(), gex._library.find())"
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    for word in done.stdout.split()[::2]:
        assert word.startswith(str(tmp_path / "site"))
    done = subprocess.run([sys.executable, "-m", "gex", "map", sample], env=environment, cwd=tmp_path,
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and "not a forecast" in done.stdout
