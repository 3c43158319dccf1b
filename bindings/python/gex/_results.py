# SPDX-License-Identifier: Apache-2.0
"""Where results go: new arrays, or the caller's."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Sequence

import numpy as np

from ._columns import refuse


class Results:
    """One array a name, flat and contiguous for the library to write, then given back in their shape.

    An array of the caller's that is not contiguous is written through a copy.
    """

    def __init__(self, names: Sequence[str], out: Any, shape: tuple[int, ...], inputs: Mapping[str, np.ndarray]):
        self.names, self.shape, self.out = names, shape, out
        kinds = {name: np.dtype(np.uint8 if name == "status" else np.float64) for name in names}
        if out is None:
            rows = int(np.prod(shape, dtype=np.int64))
            made = {name: np.empty(rows, kind) for name, kind in kinds.items()}
            self.flat = [made[name] for name in names]
            return
        self.given = _match(names, out)
        for name, array in zip(names, self.given):
            _check(name, array, kinds[name], shape)
        _check_apart([*inputs.items()], [*zip(names, self.given)])
        self.flat = [array.view(np.ndarray).reshape(-1) if array.flags.carray else np.empty(array.size, array.dtype)
                     for array in self.given]

    def reals(self) -> list[np.ndarray]:
        return [array for name, array in zip(self.names, self.flat) if name != "status"]

    def status(self) -> np.ndarray | None:
        return next((array for name, array in zip(self.names, self.flat) if name == "status"), None)

    def made(self) -> list[Any]:
        """The new arrays in their shape, a single number as one."""
        return [array.reshape(self.shape)[()] for array in self.flat]

    def hand_back(self) -> Any:
        """What the caller gave, all of it written."""
        for array, flat in zip(self.given, self.flat):
            if not array.flags.carray:
                array[...] = flat.reshape(self.shape)
        return self.out


def named(columns: Any, out: Any, default: Sequence[str]) -> list[str]:
    """The columns asked for: as named, else as the arrays for them are, else the default."""
    if columns is None:
        return list(out) if isinstance(out, Mapping) else list(default)
    return [columns] if isinstance(columns, str) else list(columns)


def _match(names: Sequence[str], out: Any) -> list[np.ndarray]:
    if len(set(names)) < len(names):
        raise refuse(f"out: columns {', '.join(names)} name one twice")
    if isinstance(out, Mapping):
        for name in [*names, *out]:
            if name not in out or name not in names:
                raise refuse(f"out: {name!r} is {'a column without array' if name in names else 'not a column'}")
        return [out[name] for name in names]
    if not isinstance(out, (list, tuple, np.ndarray)) or (isinstance(out, np.ndarray) and out.ndim == 0):
        raise refuse(f"out: a dict or a sequence of arrays is wanted, not {type(out).__name__}")
    if len(out) != len(names):
        raise refuse(f"out: {len(out)} arrays for {len(names)} columns")
    return list(out)


def _check(name: str, array: Any, kind: np.dtype, shape: tuple[int, ...]) -> None:
    if not isinstance(array, np.ndarray) or isinstance(array, np.ma.MaskedArray):
        raise refuse(f"out: {name} is a {type(array).__name__}, not a numpy array")
    if array.dtype != kind:
        raise refuse(f"out: {name} holds {array.dtype}, not {kind}")
    if array.shape != shape:
        raise refuse(f"out: {name} has shape {array.shape}, the results have {shape}")
    if not array.flags.writeable:
        raise refuse(f"out: {name} is read-only")


def _check_apart(inputs: list[tuple[str, np.ndarray]], outputs: list[tuple[str, np.ndarray]]) -> None:
    """No result may lie over an input or over another result."""
    spans = sorted((*_bounds(array), at, name, array) for at, (name, array) in enumerate([*inputs, *outputs])
                   if array.size)
    for i, (_, end, at, name, array) in enumerate(spans):
        for start, _, other_at, other, there in spans[i + 1:]:
            if start >= end:
                break
            if max(at, other_at) >= len(inputs) and _share(array, there):
                late, early = (name, other) if at > other_at else (other, name)
                raise refuse(f"out: {late} overlaps {early}")


def _bounds(array: np.ndarray) -> tuple[int, int]:
    """Addresses of the first byte of an array, and past its last."""
    start = end = array.__array_interface__["data"][0]
    for count, stride in zip(array.shape, array.strides):
        if stride < 0:
            start += (count - 1) * stride
        else:
            end += (count - 1) * stride
    return start, end + array.itemsize


def _share(one: np.ndarray, other: np.ndarray) -> bool:
    try:
        return np.shares_memory(one, other, max_work=10_000)
    except RuntimeError:  # too hard to tell
        return True
