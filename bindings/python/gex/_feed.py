# SPDX-License-Identifier: Apache-2.0
"""From a file or the bytes of one to a chain: the Cboe quote table as CSV or JSON, and neutral columns CSV."""
from __future__ import annotations

import ctypes as C
import json
import os
import re
from typing import Any, Union

import numpy as np

from . import _api
from ._chain import Chain, Table
from ._instants import instant
from ._library import lib
from ._object import InputError, Object, call, lend

_NAN = float("nan")
_NUMBERS = {"bid": "bid", "ask": "ask", "last": "last_trade_price", "vol": "iv", "open_interest": "open_interest",
            "volume": "volume"}
_UNPUBLISHED = {"vol": 0.0, "open_interest": 0.0, "volume": 0.0}  # a price that is not there is NaN


class _Feed(Object):
    __slots__ = ()
    _free = "gex_feed_free"

    def __init__(self, content: bytes):
        self._create(lib.gex_feed_csv, None, content, len(content))


def read_cboe(source: Union[bytes, bytearray, str, "os.PathLike[str]"]) -> Chain:
    """Read a table of quotes: a path, or the bytes themselves.

    Both forms of the Cboe quote table are known, CSV in its variants and JSON, and so is neutral columns CSV. What the
    table says of its instant and of the underlying's price stands in `as_of` and `spot` of the chain, and Market takes
    both from there unless told otherwise.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        content = bytes(source)
    elif not isinstance(source, (str, os.PathLike)):
        raise TypeError(f"source: a path or bytes are wanted, not {type(source).__name__}")
    else:
        with open(source, "rb") as file:
            content = file.read()
    return _from_json(content) if is_json(content) else _from_csv(content)


def is_json(content: bytes) -> bool:
    """Whether the text begins a JSON object; a byte order mark and blanks may stand before it."""
    start = 3 if content.startswith(b"\xef\xbb\xbf") else 0
    return re.compile(rb"[ \t\r\n]*\{").match(content, start) is not None


def _from_csv(content: bytes) -> Chain:
    feed = _Feed(content)
    struct = _api.gex_chain_columns(struct_size=C.sizeof(_api.gex_chain_columns))
    call(lib.gex_feed_columns, feed, C.byref(struct))
    spot, as_of = lib.gex_feed_spot(feed), C.c_int64()
    positions, deviations = _api.gex_f64(), _api.gex_f64()
    has_as_of = lib.gex_feed_as_of(feed, C.byref(as_of)) != 0
    call(lib.gex_feed_positions, feed, C.byref(positions))
    call(lib.gex_feed_deviations, feed, C.byref(deviations))
    table = Table(spot=spot if spot == spot else None, as_of=as_of.value if has_as_of else None,
                  positions=_strided(feed, positions, struct.rows) if positions.data else None,
                  deviations=_strided(feed, deviations, struct.rows) if deviations.data else None,
                  bad_lines=lib.gex_feed_bad_lines(feed), year_guessed=lib.gex_feed_year_guessed(feed) != 0,
                  line=lambda row: lib.gex_feed_line(feed, row))
    chain = Chain.__new__(Chain)
    chain._from_columns(struct, lib.gex_feed_underlying(feed).decode("utf-8", "replace"), table)
    return chain


def _strided(owner: Any, column: Any, rows: int) -> np.ndarray:
    """A lent column of any stride, as doubles."""
    span = lend(owner, column.data, max(1, (rows - 1) * column.stride + 8), "u1")
    return np.ndarray(rows, np.float64, span, 0, (column.stride,))


def _from_json(content: bytes) -> Chain:
    """The exchange's delayed quotes. What is missing or null was not published; what is no number becomes NaN.

    "NaN" and "Infinity" are no JSON, but Python's json writes them: they are no numbers either.
    """
    try:
        document = json.loads(content, parse_constant=lambda name: _NAN)
    except (ValueError, RecursionError) as reason:
        raise _unreadable(str(reason), getattr(reason, "lineno", 1)) from None
    data = document.get("data")
    data = data if isinstance(data, dict) else {}
    rows = data.get("options", document.get("options"))
    if not isinstance(rows, list):
        raise _unreadable("a JSON object without an array data.options is not an option chain")
    if not rows:
        raise _unreadable("data.options is empty: there is no contract")
    rows = [row if isinstance(row, dict) else {} for row in rows]
    columns: dict[str, Any] = {name: [_number(row.get(key), _UNPUBLISHED.get(name, _NAN)) for row in rows]
                               for name, key in _NUMBERS.items()}
    spot = _number(data.get("current_price", document.get("current_price")), _NAN)
    timestamp = document.get("timestamp", data.get("timestamp"))
    name = next((text for text in (data.get("symbol"), document.get("symbol")) if isinstance(text, str)), "")
    chain = Chain([_symbol(row.get("option")) for row in rows], underlying=name, **columns)
    chain.table = Table(spot=spot if 0 < spot < float("inf") else None,
                        as_of=_instant_or_none(timestamp) if isinstance(timestamp, str) else None)
    return chain


def _number(value: Any, missing: float) -> float:
    if value is None:
        return missing
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return _NAN
    if isinstance(value, str) and not re.fullmatch(r"[0-9.+\-eE]+", value):
        return _NAN
    try:
        return float(value)
    except (ValueError, OverflowError):
        return _NAN


def _symbol(value: Any) -> str:
    """Too long to be one becomes "?", which is refused, rather than a part that might be accepted."""
    if not isinstance(value, str):
        return ""
    return value if len(value) <= 32 else "?"


def _instant_or_none(text: str) -> int | None:
    try:
        return instant(text, _api.GEX_ZONE_UTC)
    except InputError:
        return None


def _unreadable(message: str, line: int = 1) -> InputError:
    return InputError(_api.GEX_ERR_FORMAT, line, message)
