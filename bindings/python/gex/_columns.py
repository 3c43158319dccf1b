# SPDX-License-Identifier: Apache-2.0
"""From what Python holds (numbers, lists, numpy, pandas) to the columns the library reads: a pointer and a byte stride.

An array of the right type is used where it lies, whatever its stride; any other type is converted once. A value that
cannot be read becomes the one that makes its row be refused (NaN, right 0, an empty text): a bad row is data.
"""
from __future__ import annotations

from typing import Any, Mapping

import numpy as np

from . import _api
from ._object import InputError

_RIGHTS = {"C": 1, "CALL": 1, "P": -1, "PUT": -1}
WORDS = {"right": _RIGHTS}
"""What stands for a number in a column of small integers, by the column's name."""


def refuse(message: str) -> InputError:
    return InputError(_api.GEX_ERR_ARGUMENT, -1, message)


def pair(name: str, value: Any, of: str) -> tuple:
    """Two columns that belong together."""
    try:
        first, second = () if isinstance(value, str) else value
    except (TypeError, ValueError):
        raise refuse(f"{name}: a pair of columns is wanted, {of}") from None
    return first, second


def nanoseconds(name: str, value: float, each: float) -> int:
    """A length of time given in units of `each` ns."""
    try:
        return round(value * each)
    except (TypeError, ValueError, OverflowError):
        raise refuse(f"{name}: a finite number is wanted, not {value!r}") from None


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def reals(name: str, value: Any) -> np.ndarray:
    """Doubles. None, pandas.NA, what a mask hides and text that is no number become NaN."""
    if isinstance(value, np.ma.MaskedArray):
        value = np.ma.filled(value.astype(np.float64), np.nan)
    array = np.asarray(value)
    if array.dtype == np.float64:
        return array
    if array.dtype.kind in "fiub":
        return array.astype(np.float64)
    if array.dtype.kind in "OUS":
        return np.fromiter(map(_number, array.ravel()), np.float64, array.size).reshape(array.shape)
    raise refuse(f"{name}: {array.dtype} is not a number")


def integers(name: str, value: Any, dtype: type) -> np.ndarray:
    """Integers of a narrower type; one that does not fit, or is NaN, becomes 0."""
    array = np.asarray(value)
    if array.dtype == dtype:
        return array
    wide = reals(name, array)
    limits = np.iinfo(dtype)
    fits = (wide >= limits.min) & (wide <= limits.max) & (wide == np.rint(wide))
    return np.where(fits, wide, 0).astype(dtype)


def words(name: str, value: Any, known: dict[str, int]) -> np.ndarray:
    """Small integers, or words for them in any case. An unknown word is 0; a single one is refused."""
    array = np.asarray(value)
    if array.dtype.kind not in "OUS":
        return integers(name, array, np.int8)
    found = [_word(item, known) for item in array.ravel()]
    if array.ndim == 0 and found[0] == 0:
        raise refuse(f"{name}: {value!r} is not one of {', '.join(known)}")
    return np.array(found, np.int8).reshape(array.shape)


def _word(item: Any, known: dict[str, int]) -> int:
    if isinstance(item, bytes):
        item = item.decode("ascii", "replace")
    if isinstance(item, str) and item.strip().upper() in known:
        return known[item.strip().upper()]
    number = _number(item)
    return int(number) if number in known.values() else 0


def rights(value: Any) -> np.ndarray:
    """+1 call, -1 put; 'C', 'P', 'call' and 'put' too; 0 for anything else."""
    return words("right", value, _RIGHTS)


def texts(name: str, value: Any) -> np.ndarray:
    """Fixed-width bytes. What is not ASCII becomes '?', what is longer than any symbol is cut: the row is refused."""
    array = np.asarray(value)
    if array.dtype.kind == "S":
        return array if 0 < array.dtype.itemsize <= 64 else array.astype("S64" if array.dtype.itemsize else "S1")
    if array.dtype.kind not in "OU":
        raise refuse(f"{name}: {array.dtype} is not text")
    encoded = [_encode(item) for item in array.ravel()]
    return np.array(encoded, f"S{max([1, *map(len, encoded)])}").reshape(array.shape)


def _encode(item: Any) -> bytes:
    if isinstance(item, str):
        item = item.encode("ascii", "replace")
    return item[:64] if isinstance(item, bytes) else b""


def count_rows(columns: Mapping[str, np.ndarray]) -> int:
    """Rows of columns that are single values or of one length; single values alone are one row."""
    lengths = {}
    for name, array in columns.items():
        if array.ndim > 1:
            raise refuse(f"{name} has {array.ndim} dimensions, not one")
        if array.size != 1:
            lengths[name] = len(array)
    if len(set(lengths.values())) > 1:
        raise refuse(f"columns of one length are wanted: {', '.join(f'{name} has {n}' for name, n in lengths.items())}")
    return next(iter(lengths.values()), 1)


def put(column: Any, array: np.ndarray) -> None:
    """Point a column of a struct at an array, which the caller keeps alive during the call."""
    column.data = array.__array_interface__["data"][0]
    column.stride = array.strides[0] if array.ndim == 1 and array.shape[0] != 1 else 0
    if isinstance(column, _api.gex_text):
        column.width = array.dtype.itemsize


def spread(columns: Mapping[str, np.ndarray]) -> tuple[tuple[int, ...], list[np.ndarray]]:
    """Broadcast: the common shape, and each array as one dimension. Copies only where no single stride will do."""
    arrays = columns.values()
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in columns.items() if array.ndim > 0)
        raise refuse(f"shapes do not go together: {shapes}") from None
    flat: list[np.ndarray] = []
    for array in arrays:
        if array.size == 1:
            flat.append(array.reshape(()))
        else:
            flat.append(np.broadcast_to(array, shape).reshape(-1))
    return shape, flat
