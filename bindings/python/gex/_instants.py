# SPDX-License-Identifier: Apache-2.0
"""Instants: int64 nanoseconds since 1970 UTC. Dates: int32 yyyymmdd. Nothing here guesses a zone."""
from __future__ import annotations

import ctypes as C
import datetime as dt
import re
from typing import Any, Union

import numpy as np

from . import _api
from ._columns import integers, refuse
from ._library import lib
from ._object import Error, call

Instant = Union[int, np.datetime64, dt.datetime, str]

NOT_AN_INSTANT = np.iinfo(np.int64).min  # numpy's NaT; the library refuses such a row
_OFFSET = re.compile(r"(Z|[+-]\d\d(:?\d\d)?)\s*$")
_EPOCH = dt.date(1970, 1, 1).toordinal()


def _of_text(text: str, zone: int) -> int:
    if zone == 0 and not _OFFSET.search(text):
        raise refuse(f"instant {text!r} has no offset from UTC: write it as in 2023-09-14T16:31:00-04:00")
    out, data = C.c_int64(), text.strip().encode("utf-8", "replace")
    call(lib.gex_instant_parse, data, len(data), zone or _api.GEX_ZONE_UTC, C.byref(out))
    return out.value


def _of_datetime(value: dt.datetime) -> int:
    if value.tzinfo is None or value.utcoffset() is None:
        raise refuse(f"datetime {value} has no zone: give it a tzinfo")
    utc = value.astimezone(dt.timezone.utc)
    seconds = (utc.toordinal() - _EPOCH) * 86400 + utc.hour * 3600 + utc.minute * 60 + utc.second
    return (seconds * 1_000_000 + utc.microsecond) * 1000 + getattr(value, "nanosecond", 0)  # pandas keeps ns apart


def instant(value: Instant, zone: int = 0) -> int:
    """One instant as ns since 1970 UTC, from int ns, datetime64, an aware datetime or ISO text.

    Text has to carry its offset unless a zone (GEX_ZONE_*) is given to read it in.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)):
        raise refuse(f"instant {value!r}")
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, np.datetime64):
        if np.isnat(value) or np.datetime_data(value.dtype)[0] in ("D", "W", "M", "Y", "generic"):
            raise refuse(f"{value!r} is not an instant: it has no time of day")
        return int(value.astype("M8[ns]").astype(np.int64))
    if isinstance(value, dt.datetime) and value == value:
        return _of_datetime(value)
    if isinstance(value, str):
        return _of_text(value, zone)
    raise refuse(f"{value!r} is not an instant: int ns, datetime64, an aware datetime and ISO text are")


def instants(name: str, value: Any) -> np.ndarray:
    """A column of instants. A missing or malformed one in a column refuses its row; one without a zone is an error."""
    array = np.asarray(value)
    if array.ndim == 0:
        single: Any = value if isinstance(value, (str, dt.datetime)) else array[()]
        return np.array(instant(single), np.int64)
    if array.dtype.kind == "M":
        if np.datetime_data(array.dtype)[0] in ("D", "W", "M", "Y", "generic"):
            raise refuse(f"{name}: {array.dtype} has no time of day")
        return array.astype("M8[ns]", copy=False).view(np.int64)
    if array.dtype == np.int64:
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.int64)
    if array.dtype.kind not in "OU":
        raise refuse(f"{name}: {array.dtype} holds no instants to the nanosecond")
    seen: dict[Any, int] = {}
    return np.array([_seen(item, seen) for item in array], np.int64)


def _seen(item: Any, seen: dict[Any, int]) -> int:
    if item is None or item != item:  # None, NaN, NaT
        return NOT_AN_INSTANT
    if item not in seen:
        seen[item] = _text_or_nothing(item) if isinstance(item, str) else instant(item)
    return seen[item]


def _text_or_nothing(text: str) -> int:
    try:
        read = _of_text(text, _api.GEX_ZONE_UTC)
    except Error:
        return NOT_AN_INSTANT
    return read if _OFFSET.search(text) else _of_text(text, 0)  # which refuses it


def dates(name: str, value: Any) -> np.ndarray:
    """yyyymmdd from integers, date objects, datetime64 or ISO text; 0 where there is none."""
    array = np.asarray(value)
    if array.dtype.kind == "M":
        days = array.astype("M8[D]")
        year, month = days.astype("M8[Y]"), days.astype("M8[M]")
        number = ((year.astype(np.int64) + 1970) * 10000 + (month - year).astype(np.int64) * 100 + 100
                  + (days - month).astype(np.int64) + 1)
        return np.where(np.isnat(days), 0, number).astype(np.int32)
    if array.dtype.kind not in "OUS":
        return integers(name, array, np.int32)
    return np.array([_date(item) for item in array.ravel()], np.int32).reshape(array.shape)


def _date(item: Any) -> int:
    if isinstance(item, dt.date) and item == item:
        return item.year * 10000 + item.month * 100 + item.day
    text = item.decode("ascii", "replace") if isinstance(item, bytes) else str(item)
    match = re.match(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?:\.0)?\s*$", text)  # 20230914.0: pandas made room for a NaN
    return int("".join(match.groups())) if match else 0


def expiry(value: Any) -> tuple[str, np.ndarray]:
    """A column of expiries is one of dates, or one of settlement instants when its values carry a time of day.

    datetime64 and naive datetimes that are all at midnight are dates, as pandas keeps them.
    """
    array = np.asarray(value)
    kind = array.dtype.kind
    if kind in "iu":
        is_instant = array.size > 0 and int(np.abs(array.astype(np.int64)).max()) > 99_999_999
    elif kind == "M":
        known = array[~np.isnat(array)]
        is_instant = bool(np.any(known.astype("M8[D]") != known))
    elif kind in "OU":
        is_instant = any(_has_time(item) for item in array.ravel())
    else:
        is_instant = False
    return ("settlement", instants("expiry", value)) if is_instant else ("expiry", dates("expiry", value))


def _has_time(item: Any) -> bool:
    if isinstance(item, dt.datetime) and item == item:
        return item.tzinfo is not None or item.time() != dt.time()
    return isinstance(item, str) and ":" in item


def as_datetime64(value: int) -> np.datetime64:
    return np.int64(value).view("M8[ns]")


def format_instant(value: int, zone: int = _api.GEX_ZONE_NEW_YORK) -> str:
    """ISO text with offset, in New York time unless another zone is asked for."""
    buffer = C.create_string_buffer(40)
    lib.gex_instant_format(int(value), zone, buffer, len(buffer))
    return buffer.value.decode()
