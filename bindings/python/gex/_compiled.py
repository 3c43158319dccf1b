# SPDX-License-Identifier: Apache-2.0
"""The compiled way of calling, where it is there: `_fast`, beside this file in a wheel, beside the library in a build.

Without it, or with GEX_FAST=off, the same functions run through ctypes alone, with the same results. With GEX_FAST=on
the import fails where it is missing.
"""
from __future__ import annotations

import ctypes as C
import functools
import importlib.machinery
import importlib.util
import inspect
import os
import pathlib
import sys
from types import ModuleType
from typing import Any, Callable, Mapping, Sequence, TypeVar

from . import _api
from ._columns import WORDS
from ._object import options

_SPECIFICATION = 3  # of _fast.Call
_REAL, _CODE, _NAMES, _OUT, _OTHER = range(5)  # what a parameter is, as _fast.c numbers it
_COLUMNS: dict[Any, int] = {_api.gex_f64: _REAL, _api.gex_i8: _CODE}

Function = TypeVar("Function", bound=Callable[..., Any])


def _candidates() -> list[pathlib.Path]:
    folders = [pathlib.Path(__file__).parent]
    given = os.environ.get("GEX_LIBRARY", "")
    if "/" in given:  # the library of a build tree
        folders.append(pathlib.Path(given).parent / "bindings")
    return [folder / f"_fast{suffix}" for folder in folders for suffix in importlib.machinery.EXTENSION_SUFFIXES]


def _load() -> ModuleType | None:
    """The extension, if one was built for this Python, this numpy and this version of the package."""
    setting = os.environ.get("GEX_FAST")
    for path in [] if setting == "off" else _candidates():
        spec = importlib.util.spec_from_file_location("gex._fast", path)
        if spec is None or spec.loader is None or not path.exists():
            continue
        try:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        except ImportError:
            continue
        if getattr(module, "SPECIFICATION", None) == _SPECIFICATION:
            return module
    if setting == "on":
        raise ImportError("GEX_FAST=on, and no extension gex._fast was built for this Python and this numpy")
    return None


_fast = _load()
COMPILED = _fast is not None
"""Whether the functions over columns are compiled here, or go through ctypes alone."""


def compiled(function: Any, struct: Any, init: Any, results: Mapping[str, int], initial: Sequence[str],
             release_rows: int) -> Callable[[Function], Function]:
    """Put a compiled call before a Python function that fills the columns of `struct` and calls `function`.

    A parameter named as a column of the struct is that column; `columns` names results and `out` takes them; any other
    is left to Python unless it has its default.

    function      of the library: (context, struct, numbers, count, outputs, status, error), the same with a boundary
                  before the status, or (context, struct, output, status, error)
    results       name -> number in the library, 0 for the status, -1 for the boundary; `initial` when none are named:
                  the first of them
    release_rows  from here on other Python threads run meanwhile; letting them costs as much as a short call
    """
    def around(plain: Function) -> Function:
        if _fast is None:
            return plain
        names = [*initial, *(name for name in results if name not in initial)]
        described = inspect.signature(plain).parameters.values()
        parameters = tuple(_parameter(struct, parameter) for parameter in described)
        positional = sum(parameter.kind is not parameter.KEYWORD_ONLY for parameter in described)
        call = _fast.Call(plain, C.cast(function, C.c_void_p).value, len(function.argtypes),
                          bytes(options(struct, init)), struct.rows.offset, _api.GEX_MAX_ROWS, release_rows, parameters,
                          tuple(map(sys.intern, names)), tuple(results[name] for name in names),
                          len(initial), positional)
        functools.update_wrapper(call, plain)
        return call
    return around


def _parameter(struct: Any, parameter: inspect.Parameter) -> tuple[Any, ...]:
    name = sys.intern(parameter.name)
    default = () if parameter.default is parameter.empty else (parameter.default,)
    kind = {"columns": _NAMES, "out": _OUT}.get(name) or _COLUMNS.get(dict(struct._fields_).get(name), _OTHER)
    offset = getattr(struct, name).offset if kind in (_REAL, _CODE) else 0
    return name, kind, offset, WORDS.get(name), *default
