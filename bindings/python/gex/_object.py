# SPDX-License-Identifier: Apache-2.0
"""Calls that can fail, objects of the library, and arrays that it lends."""
from __future__ import annotations

import ctypes as C
import re
import weakref
from typing import Any, Callable, Iterable, Iterator

import numpy as np

from . import _api
from ._library import lib


class Error(Exception):
    """A call that the library refused.

    status   negative number, a GEX_ERR_* of gex/status.h
    row      first offending input row or text line, -1 when the fault is not in a row
    message  one line that says what to mend
    """

    def __init__(self, status: int, row: int, message: str):
        super().__init__(status, row, message)
        self.status, self.row, self.message = status, row, message

    def __str__(self) -> str:
        what = "line" if self.status == _api.GEX_ERR_FORMAT else "row"
        where = f" ({what} {self.row})" if self.row >= 0 else ""
        return f"{lib.gex_status_text(self.status).decode()}: {self.message}{where}"


class InputError(Error, ValueError):
    """An argument, a value or a text that the library cannot use."""


class OutOfMemory(Error, MemoryError):
    """The library could not obtain memory."""


_KINDS = {_api.GEX_ERR_ARGUMENT: InputError, _api.GEX_ERR_DOMAIN: InputError, _api.GEX_ERR_FORMAT: InputError,
          _api.GEX_ERR_UNSUPPORTED: InputError, _api.GEX_ERR_MEMORY: OutOfMemory}


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Call a function whose last argument is the error record; raise what it says."""
    error = _api.gex_error()
    try:
        status = function(*arguments, C.byref(error))
    except C.ArgumentError as reason:
        raise _misfit(function, arguments, str(reason)) from None
    if status != _api.GEX_OK:
        raise _KINDS.get(status, Error)(status, error.row, error.message.decode("utf-8", "replace"))


def _misfit(function: Callable[..., int], arguments: tuple, reason: str) -> TypeError:
    """ctypes counts the arguments from 1."""
    counted = re.match(r"argument (\d+):", reason)
    if counted is None:
        return TypeError(f"{function.__name__}: {reason}")
    value, kind = arguments[int(counted[1]) - 1], function.argtypes[int(counted[1]) - 1]
    what = "a whole number" if kind in (C.c_int32, C.c_int64) else "a number" if kind is C.c_double else "another type"
    return TypeError(f"{function.__name__}: {what} is wanted, not {type(value).__name__} {value!r:.40}")


def saved(function: Callable[..., int], value: Any) -> bytes:
    """What a function that saves an object writes."""
    pieces: list[bytes] = []

    @_api.gex_write
    def write(_user: int, piece: int, length: int) -> int:
        pieces.append(C.string_at(piece, length))
        return 0

    call(function, value, write, None)
    return b"".join(pieces)


def options(kind: type, init: Callable[..., None]) -> Any:
    """A struct of options with the library's defaults."""
    made = kind()
    init(C.byref(made), C.sizeof(made))
    return made


class Object:
    """One object of the library: immutable, usable from any thread, freed with its last Python reference.

    `owner` is set for an object that another one lends: it is kept alive instead, and nothing is freed.
    """

    __slots__ = ("_address", "_owner", "__weakref__")
    _free = ""  # name of the function that frees it

    @property
    def _as_parameter_(self) -> C.c_void_p:
        return C.c_void_p(self._address)

    def _create(self, function: Callable[..., int], *arguments: Any) -> None:
        out = C.c_void_p()
        call(function, *arguments, C.byref(out))
        self._own(out.value)

    def _own(self, address: int) -> None:
        self._address, self._owner = address, None
        weakref.finalize(self, getattr(lib, self._free), address)

    @classmethod
    def _lent(cls, address: int, owner: Any) -> Any:
        made = cls.__new__(cls)
        made._address, made._owner = address, owner
        return made

    def __copy__(self) -> Any:
        return self  # it cannot change

    def __deepcopy__(self, _memo: Any) -> Any:
        return self

    def __reduce__(self):
        kind = type(self).__name__
        instead = (f"send the bytes of its save() and use gex.{kind}.load()" if hasattr(self, "save") else
                   "send what it is made of, as the bytes of Market.save() and Book.save(), or its numbers")
        raise TypeError(f"{kind} lives in the library's memory and cannot be pickled: {instead}")


def expect(value: Any, kind: type) -> Any:
    """The value, if it is of that kind: an address of something else must not reach the library."""
    if not isinstance(value, kind):
        raise TypeError(f"a gex.{kind.__name__} is wanted, not {type(value).__name__}")
    return value


class Named:
    """What is read by the names that keys() lists: a mapping to whoever walks it, as in dict(flow), "spot" in flow."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __contains__(self, name: object) -> bool:
        return name in self.keys()


class _Lent:
    """Memory of the library as numpy sees it. numpy keeps this object, and this object keeps the owner."""

    __slots__ = ("__array_interface__", "owner")

    def __init__(self, owner: Any, address: int, count: int, kind: str):
        self.owner = owner
        self.__array_interface__ = {"version": 3, "shape": (count,), "typestr": kind, "data": (address, True)}


def lend(owner: Any, address: int | None, count: int, kind: str) -> np.ndarray:
    """A read-only view of `count` values: no copy, valid as long as the array is."""
    dtype = np.dtype(kind)
    if not address or count == 0:
        empty = np.empty(0, dtype)
        empty.flags.writeable = False
        return empty
    return np.asarray(_Lent(owner, address, count, dtype.str))


def lend_counted(owner: Any, function: Callable[..., int], *arguments: Any, kind: str = "f8") -> np.ndarray:
    """A view of an array whose length the function says through its last argument."""
    count = C.c_int64()
    address = function(*arguments, C.byref(count))
    return lend(owner, address, count.value, kind)


def names(prefix: str, text: Callable[[int], bytes]) -> dict[str, int]:
    """The library's own names of a group of constants, with their values."""
    values = [value for name, value in vars(_api).items() if name.startswith(prefix)]
    return {text(value).decode(): value for value in values}


def choose(what: str, name: str, find: Callable[..., int], offered: Iterable[str]) -> int:
    """The value of a choice by its name; a name that does not exist is refused with those that do."""
    value = find(name.encode("utf-8", "replace")) if isinstance(name, str) else 0
    if value == 0:
        raise InputError(_api.GEX_ERR_ARGUMENT, -1, f"{what} {name!r} is not one of {', '.join(offered)}")
    return value
