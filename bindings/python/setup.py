# SPDX-License-Identifier: Apache-2.0
"""Puts libgex.so into the wheel: the one GEX_WHEEL_LIBRARY names, or one that meson builds from the tree around this
folder; and compiled calls for the Python that builds it, where a compiler and the headers of Python and numpy are
found. Without them the package calls the library through ctypes, so one wheel serves every Python of a platform.

    pip wheel bindings/python          (needs a C compiler; meson and ninja are fetched when pip isolates the build)
"""
import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile

from setuptools import Extension, setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1
    from wheel.bdist_wheel import bdist_wheel

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SCRATCH = tempfile.mkdtemp(prefix="gex-wheel-")  # nothing is written into the source tree
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)


def build_library(folder):
    """Compile a release library and give its path."""
    if not (SOURCE / "src" / "libgex.map").exists():
        raise SystemExit(f"{SOURCE} is not the source tree of libgex: set GEX_WHEEL_LIBRARY to a libgex.so")
    subprocess.run(["meson", "setup", "-Dbuildtype=release", "-Ddebug=false", "-Dtests=disabled",
                    "-Dexamples=disabled", "-Dbench=disabled", "-Dfit=disabled", folder, SOURCE], check=True)
    subprocess.run(["meson", "compile", "-C", folder, "gex:shared_library"], check=True)
    return folder / "libgex.so"


def compiled_calls():
    """The extension gex._fast; a wheel without it is complete."""
    try:
        import numpy
    except ImportError:
        return []
    return [Extension("gex._fast", ["gex/_fast.c"], include_dirs=[numpy.get_include()],
                      depends=["gex/_fast.h", "gex/_fast_arguments.h", "gex/_fast_results.h"],
                      extra_compile_args=["-std=c11", "-O3", "-g0"], optional=True)]


class BuildWithLibrary(build_py):
    def run(self):
        super().run()
        given = os.environ.get("GEX_WHEEL_LIBRARY")
        package = pathlib.Path(self.build_lib) / "gex"
        shutil.copy(given or build_library(pathlib.Path(SCRATCH, "libgex")), package / "libgex.so")
        if (SOURCE / "LICENSE").exists():
            shutil.copy(SOURCE / "LICENSE", package)


class PlatformWheel(bdist_wheel):
    """py3-none-<platform>: any Python 3, this platform."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class BinaryDistribution(Distribution):
    def has_ext_modules(self):
        return True


setup(ext_modules=compiled_calls(), distclass=BinaryDistribution,
      cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": PlatformWheel},
      options={"build": {"build_base": SCRATCH}, "egg_info": {"egg_base": SCRATCH}})
