# SPDX-License-Identifier: Apache-2.0
"""Which libgex: the one GEX_LIBRARY names, else the one a wheel carries, else the system's."""
from __future__ import annotations

import os
import pathlib

from . import _api


def find() -> str:
    """Path or name for the dynamic loader."""
    given = os.environ.get("GEX_LIBRARY")
    if given:
        return given
    carried = pathlib.Path(__file__).with_name("libgex.so")
    return str(carried) if carried.exists() else f"libgex.so.{_api.SOVERSION}"


lib = _api.load(find())


def version() -> str:
    """Version of the library in use, "major.minor.patch"."""
    return lib.gex_version().decode()


def build_info() -> str:
    """What the library's binary is: version, math kernel, instruction sets, compiler."""
    return lib.gex_build_info().decode()
