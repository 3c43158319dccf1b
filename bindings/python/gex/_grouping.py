# SPDX-License-Identifier: Apache-2.0
"""An exposure by days to expiry, moneyness, root, and pairs of groupings; every sum with the rows behind it."""
from __future__ import annotations

import ctypes as C
from typing import Any, Mapping, Sequence

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._columns import put, reals, refuse
from ._exposure import Exposure
from ._library import lib
from ._object import Object, expect, lend, lend_counted, options

BY = {"strike": _api.GEX_BY_STRIKE, "expiry": _api.GEX_BY_EXPIRY, "right": _api.GEX_BY_RIGHT,
      "zero_dte": _api.GEX_BY_ZERO_DTE, "dte": _api.GEX_BY_DTE, "moneyness": _api.GEX_BY_MONEYNESS,
      "moneyness_forward": _api.GEX_BY_MONEYNESS_FORWARD, "root": _api.GEX_BY_ROOT}
"""What an exposure can be grouped by."""

_OTHER_NAMES = {"type": "right", "0dte": "zero_dte"}
_BUCKETS = ("dte", "moneyness", "moneyness_forward")


def grouping_options(first: str, second: str | None, edges: Any) -> tuple[tuple[str, ...], Any, list[np.ndarray]]:
    """Names of the keys, the library's struct, and what it points to."""
    keys = tuple(_OTHER_NAMES.get(by, by) for by in (first, second) if by is not None)
    for by in keys:
        if by not in BY:
            raise refuse(f"by {by!r} is not one of {', '.join(BY)}")
    struct = options(_api.gex_grouping_options, lib.gex_grouping_options_init)
    struct.first, struct.second = BY[keys[0]], BY[keys[1]] if len(keys) > 1 else 0
    given = _edges_given(keys, edges)
    keep = []
    for place, by in zip(("first", "second"), keys):
        if by in given:
            array = reals(f"edges of {by}", given[by]).reshape(-1)
            put(getattr(struct, f"{place}_edges"), array)
            setattr(struct, f"{place}_edge_count", len(array))
            keep.append(array)
    return keys, struct, keep


def _edges_given(keys: tuple[str, ...], edges: Any) -> dict[str, Any]:
    wanted = [by for by in keys if by in _BUCKETS]
    if edges is None:
        given = {}
    elif isinstance(edges, Mapping):
        given = {_OTHER_NAMES.get(by, by): values for by, values in edges.items()}
    elif len(wanted) == 1:
        given = {wanted[0]: edges}
    else:
        raise refuse("edges: a dict with a sequence for each of " + (", ".join(wanted) or "no key"))
    for by in {*given, *wanted}:
        if by not in wanted or by not in given:
            raise refuse(f"edges: {by!r} " + ("needs edges" if by in wanted else "is not a key in buckets"))
    return given


class Grouping(Tabled, Object):
    """Used rows of an exposure in cells of one key or two, ascending; each sum is that of the rows the cell lists.

    by    names of the keys
    keys  per key, its value in each cell: strike (price), settlement instant (datetime64, UTC), right (+1, -1),
          zero_dte (True, False), root (text), or a bucket: 0 is below the first edge, i from edges[i - 1] up
    """

    __slots__ = ("exposure", "by")
    _free = "gex_grouping_free"

    def __init__(self, exposure: Exposure, first: str, second: str | None = None,
                 edges: Sequence[float] | Mapping[str, Sequence[float]] | None = None):
        self.exposure = expect(exposure, Exposure)
        self.by, struct, keep = grouping_options(first, second, edges)
        self._create(lib.gex_grouping_compute, None, exposure, C.byref(struct))
        del keep

    @property
    def edges(self) -> dict[str, np.ndarray]:
        """Edges of the keys in buckets."""
        return {by: lend_counted(self, lib.gex_grouping_edges, self, axis) for axis, by in enumerate(self.by)
                if by in _BUCKETS}

    def _values(self, axis: int) -> np.ndarray:
        index = lend(self, lib.gex_grouping_key(self, axis), len(self), "i4")
        chain, by = self.exposure.market.chain, self.by[axis]
        if by == "strike":
            return chain.strikes[index]
        if by == "expiry":
            return chain.expiries[index]
        if by == "right":
            return np.where(index == 0, _api.GEX_CALL, _api.GEX_PUT).astype(np.int8)
        if by == "zero_dte":
            return index == 0
        if by == "root":
            count = lib.gex_grouping_keys(self, axis)
            return np.array([lib.gex_grouping_root(self, key).decode() for key in range(count)] or [""], object)[index]
        return index

    @property
    def keys(self) -> tuple[np.ndarray, ...]:
        """Per key, its value in each cell."""
        return tuple(self._values(axis) for axis in range(len(self.by)))

    def _sum(self, kind: int) -> np.ndarray:
        return lend(self, lib.gex_grouping_sum(self, kind), len(self), "f8")

    @property
    def net(self) -> np.ndarray:
        """Per cell, signed, correctly rounded."""
        return self._sum(_api.GEX_SUM_NET)

    @property
    def gross(self) -> np.ndarray:
        """Per cell, the sum of absolute values."""
        return self._sum(_api.GEX_SUM_GROSS)

    @property
    def call(self) -> np.ndarray:
        """Per cell, calls alone, signed."""
        return self._sum(_api.GEX_SUM_CALL)

    @property
    def put(self) -> np.ndarray:
        """Per cell, puts alone, signed."""
        return self._sum(_api.GEX_SUM_PUT)

    @property
    def used(self) -> np.ndarray:
        """Per cell, how many rows the sum rests on."""
        return lend(self, lib.gex_grouping_count(self), len(self), "i8")

    def rows(self, cell: int) -> np.ndarray:
        """Rows of the chain behind a cell, ascending."""
        if not -len(self) <= cell < len(self):
            raise IndexError(cell)
        return lend_counted(self, lib.gex_grouping_rows, self, cell % len(self), kind="i8")

    def matrix(self, values: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Keys of the rows, keys of the columns, and `values` (net if left out) by both; 0 where a pair has no row."""
        if len(self.by) < 2:
            raise refuse("a matrix needs two keys")
        (down, down_at), (across, across_at) = (np.unique(keys, return_inverse=True) for keys in self.keys)
        table = np.zeros((len(down), len(across)))
        table[down_at, across_at] = self.net if values is None else values
        return down, across, table

    @property
    def unit(self) -> str:
        return self.exposure.unit

    @property
    def label(self) -> str:
        return self.exposure.label

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.net, dtype) if copy or dtype not in (None, np.dtype("f8")) else self.net

    def __len__(self) -> int:
        return lib.gex_grouping_cells(self)

    def to_arrow(self) -> ArrowTable:
        """The cells as a table."""
        return ArrowTable(self, lib.gex_grouping_to_arrow)

    def __repr__(self) -> str:
        return f"<{len(self)} cells by {' and '.join(self.by)} of {self.exposure!r}>"


def group(exposure: Exposure, first: str, second: str | None = None,
          edges: Sequence[float] | Mapping[str, Sequence[float]] | None = None) -> Grouping:
    """An exposure grouped by one key or two, each sum with the rows behind it.

    first, second  names of gex.BY: 'strike', 'expiry', 'right', 'zero_dte', 'dte', 'moneyness' (strike / spot),
                   'moneyness_forward', 'root'
    edges          of the keys in buckets (dte in calendar days, moneyness), ascending; a dict where both are
    """
    return Grouping(exposure, first, second, edges)
