# SPDX-License-Identifier: Apache-2.0
"""Tables of other libraries by the Arrow PyCapsule interface: two capsules that own the C structs and release them."""
from __future__ import annotations

import ctypes as C
from typing import Any

from ._columns import refuse

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
