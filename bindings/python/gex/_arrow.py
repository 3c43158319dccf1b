# SPDX-License-Identifier: Apache-2.0
"""Tables in and out by the Arrow PyCapsule interface: two capsules that own the C structs and release them."""
from __future__ import annotations

import ctypes as C
from typing import Any

from . import _api
from ._columns import refuse
from ._library import lib
from ._object import call

_get_pointer = C.pythonapi.PyCapsule_GetPointer
_get_pointer.restype, _get_pointer.argtypes = C.c_void_p, [C.py_object, C.c_char_p]


def one_batch(table: Any) -> tuple[Any, Any]:
    """Capsules of the schema and of the one struct array that hold the table, for as long as they are kept."""
    if hasattr(table, "__arrow_c_array__"):
        return table.__arrow_c_array__()
    if not hasattr(table, "__arrow_c_stream__"):
        raise refuse(f"{type(table).__name__} offers no Arrow table: neither __arrow_c_array__ nor __arrow_c_stream__")
    try:
        import pyarrow
    except ImportError:
        raise refuse(f"{type(table).__name__} comes in batches: to join them needs pyarrow") from None
    joined = pyarrow.table(table)
    views = [k for k, kind in enumerate(joined.schema.types) if str(kind) == "string_view"]  # as polars has them
    for k in views:
        joined = joined.set_column(k, joined.schema.names[k], joined.column(k).cast(pyarrow.large_string()))
    joined = joined.combine_chunks()
    columns = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in joined.columns]
    return pyarrow.RecordBatch.from_arrays(columns, schema=joined.schema).__arrow_c_array__()


def address(capsule: Any, name: str) -> int:
    """Where the struct of a capsule lies; a capsule of another name is refused."""
    try:
        return _get_pointer(capsule, name.encode())
    except (ValueError, TypeError):
        raise refuse(f"not a capsule of {name}") from None


# ---- out ------------------------------------------------------------------------------------------------------------

_SCHEMA, _ARRAY, _STREAM = b"arrow_schema", b"arrow_array", b"arrow_array_stream"
_SCHEMA_BYTES, _ARRAY_BYTES, _STREAM_BYTES = 72, 80, 40  # of the structs of the interface, with pointers of 8 bytes
_SCHEMA_RELEASE, _ARRAY_RELEASE, _STREAM_RELEASE = 56, 64, 24  # where their `release` stands in them

_Destructor = C.PYFUNCTYPE(None, C.c_void_p)
_new_capsule = C.pythonapi.PyCapsule_New
_new_capsule.restype, _new_capsule.argtypes = C.py_object, [C.c_void_p, C.c_char_p, _Destructor]
_pointer_of = C.PYFUNCTYPE(C.c_void_p, C.c_void_p, C.c_char_p)(("PyCapsule_GetPointer", C.pythonapi))
_allocate = C.pythonapi.PyMem_RawMalloc
_allocate.restype, _allocate.argtypes = C.c_void_p, [C.c_size_t]
_free = C.pythonapi.PyMem_RawFree
_free.restype, _free.argtypes = None, [C.c_void_p]
_Release = C.CFUNCTYPE(None, C.c_void_p)


def _destructor(name: bytes, at: int) -> Any:
    """What a capsule does when Python lets go of it: release what nobody took out of it."""

    def destroy(capsule: int, pointer_of: Any = _pointer_of, word: Any = C.c_void_p, free: Any = _free,
                function: Any = _Release) -> None:
        struct = pointer_of(capsule, name)
        release = word.from_address(struct + at).value
        if release:
            function(release)(struct)
        free(struct)

    made = _Destructor(destroy)
    C.pythonapi.Py_IncRef(C.py_object(made))  # a capsule may outlive this module, when Python ends
    return made


_destroy_schema, _destroy_array = _destructor(_SCHEMA, _SCHEMA_RELEASE), _destructor(_ARRAY, _ARRAY_RELEASE)
_destroy_stream = _destructor(_STREAM, _STREAM_RELEASE)


class ArrowTable:
    """A result as a table: what pyarrow, polars, pandas, duckdb and others read through the Arrow PyCapsule interface.

        pyarrow.record_batch(table)
        polars.DataFrame(table)
        duckdb.sql("select sum(net) from table")

    Numbers are lent, not copied, and keep the object alive for as long as the reader holds them. Columns, units and
    nulls stand in docs/arrow.md.
    """

    __slots__ = ("_object", "_function", "_arguments")

    def __init__(self, value: Any, function: Any, *arguments: int):
        self._object, self._function, self._arguments = value, function, arguments

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        """Capsules of the schema and of the struct array; other types than the table's own are not offered."""
        schema, array = _allocate(_SCHEMA_BYTES), _allocate(_ARRAY_BYTES)
        try:
            call(self._function, None, self._object, *self._arguments, schema, array)
        except BaseException:
            _free(schema)
            _free(array)
            raise
        return _new_capsule(schema, _SCHEMA, _destroy_schema), _new_capsule(array, _ARRAY, _destroy_array)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The capsule of a stream of the one batch."""
        schema, array = self.__arrow_c_array__()  # which release what a failure leaves them
        stream = _allocate(_STREAM_BYTES)
        try:
            call(lib.gex_arrow_stream, None, address(schema, "arrow_schema"), address(array, "arrow_array"), stream)
        except BaseException:
            _free(stream)
            raise
        return _new_capsule(stream, _STREAM, _destroy_stream)

    def __arrow_c_schema__(self) -> Any:
        """The capsule of the schema alone."""
        return self.__arrow_c_array__()[0]

    def __repr__(self) -> str:
        return f"<gex.ArrowTable of {self._object!r}>"


class Tabled:
    """What to_arrow() says, to whoever asks the object: polars.DataFrame(profile), duckdb.sql("from profile")."""

    __slots__ = ()

    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]:
        return self.to_arrow().__arrow_c_array__(requested_schema)  # type: ignore[attr-defined]

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.to_arrow().__arrow_c_stream__(requested_schema)  # type: ignore[attr-defined]

    def __arrow_c_schema__(self) -> Any:
        return self.to_arrow().__arrow_c_schema__()  # type: ignore[attr-defined]


def table_by(value: Any, function: Any, by: str | None, offered: dict[str, int]) -> ArrowTable:
    """The table of a result by one of its groups; None: its rows."""
    if by is not None and by not in offered:
        raise refuse(f"by {by!r} is not one of {', '.join(offered)}; left out for rows")
    return ArrowTable(value, function, 0 if by is None else offered[by])


STRIKE_OR_EXPIRY = {"strike": _api.GEX_BY_STRIKE, "expiry": _api.GEX_BY_EXPIRY}
