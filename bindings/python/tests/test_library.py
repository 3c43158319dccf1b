# SPDX-License-Identifier: Apache-2.0
"""Which library is loaded, and which is refused: both versions are named."""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from gex import _api

PACKAGE = pathlib.Path(_api.__file__).parent
LIBRARY = os.environ.get("GEX_LIBRARY")
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def import_gex(library, package=PACKAGE):
    environment = {key: value for key, value in os.environ.items() if key not in ("GEX_LIBRARY", "GEX_FAST")}
    environment["PYTHONPATH"] = str(package.parent)
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    if library is not None:
        environment["GEX_LIBRARY"] = str(library)
    return subprocess.run([sys.executable, "-c", "import gex; print(gex.version())"], env=environment,
                          cwd=package.parent, capture_output=True, text=True)


def fake(folder, source):
    assert COMPILER, "this test compiles a fake library and needs a C compiler"
    (folder / "fake.c").write_text(source)
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", folder / "fake.so", folder / "fake.c"], check=True)
    return folder / "fake.so"


@pytest.mark.parametrize("version", ["0.2.0", "1.0.0", "9.9.9", "0", "unknown"])
def test_another_version_is_refused(tmp_path, version):
    done = import_gex(fake(tmp_path, f'const char *gex_version(void) {{ return "{version}"; }}'))
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ") and f"libgex {version}" in last and f"libgex {_api.DESCRIBED}" in last


def test_a_library_that_lacks_a_function_is_refused(tmp_path):
    done = import_gex(fake(tmp_path, f'const char *gex_version(void) {{ return "{_api.DESCRIBED}.7"; }}'))
    last = done.stderr.strip().splitlines()[-1]
    assert "ImportError" in last and f"libgex {_api.DESCRIBED}.7" in last and "lacks gex_" in last


def test_what_is_no_libgex_is_refused(tmp_path):
    done = import_gex(fake(tmp_path, "int something_else;"))
    assert "is not libgex: it has no gex_version" in done.stderr
    done = import_gex(tmp_path / "absent.so")
    assert "ImportError: cannot load libgex" in done.stderr and "absent.so" in done.stderr


def test_the_library_beside_the_package_is_found(tmp_path):
    package = tmp_path / "gex"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy(LIBRARY or PACKAGE / "libgex.so", package / "libgex.so")
    done = import_gex(None, package)
    assert (done.returncode, done.stdout.strip()[:4]) == (0, f"{_api.DESCRIBED}."), done.stderr


@pytest.mark.parametrize("described, version, good", [
    ("0.1", "0.1.0", True), ("0.1", "0.1.99", True), ("0.1", "0.2.0", False), ("0.1", "1.1.0", False),
    ("1.2", "1.2.0", True), ("1.2", "1.10.0", True), ("1.2", "1.1.9", False), ("1.2", "2.2.0", False)])
def test_rule(monkeypatch, described, version, good):
    monkeypatch.setattr(_api, "DESCRIBED", described)
    assert _api.understood(version) is good
