# SPDX-License-Identifier: Apache-2.0
"""An index against its constituents: implied correlation, and what a basket holds of it."""
from __future__ import annotations

import ctypes as C
from typing import TYPE_CHECKING, Any, Iterator, Mapping

import numpy as np

from . import _api
from ._arrow import ArrowTable, Tabled
from ._columns import put, reals, refuse
from ._instants import instant
from ._library import lib
from ._object import Object, choose, lend_counted, names, options

if TYPE_CHECKING:
    from ._basket import Basket

MEMBER_VALUES = names("GEX_DISPERSION_MEMBER_", lib.gex_dispersion_member_name)
"""Values of a member by name."""
VALUES = {name: value for name, value in names("GEX_DISPERSION_", lib.gex_dispersion_name).items()
          if lib.gex_dispersion_find(name.encode()) == value}
"""Values of the whole by name."""


class Dispersion(Tabled, Object, Mapping[str, float]):
    """Values by a name of gex.DISPERSION_VALUES; vegas in hedge currency per vol point. `members` has those of each."""

    __slots__ = ("basket",)
    _free = "gex_dispersion_free"

    def __init__(self, basket: Basket, tenor: Any, index: int = -1, vols: Any = None):
        self.basket = basket
        struct = options(_api.gex_dispersion_options, lib.gex_dispersion_options_init)
        struct.tenor, struct.index = instant(tenor), index
        if vols is not None:
            array = reals("vols", vols)
            if array.shape not in ((), (len(basket),)):
                raise refuse(f"vols of shape {array.shape} for {len(basket)} members")
            put(struct.vols, array)
        self._create(lib.gex_dispersion_compute, None, basket, C.byref(struct))

    @property
    def status(self) -> str:
        """'FOUND', 'ABOVE_ONE', 'BELOW_LEAST', 'NO_VOL' or 'TOO_FEW': what the correlation came to."""
        return lib.gex_correlation_text(lib.gex_dispersion_status(self)).decode()

    @property
    def correlation(self) -> float:
        """The one correlation of every pair that the volatilities imply."""
        return self["correlation"]

    @property
    def members(self) -> dict[str, np.ndarray]:
        """Values of each member, by name; NaN where it is not in a leg that has one."""
        return {name: lend_counted(self, lib.gex_dispersion_member, self, value)
                for name, value in MEMBER_VALUES.items()}

    def __getitem__(self, name: str) -> float:
        return lib.gex_dispersion_value(self, choose("value", name, lib.gex_dispersion_find, VALUES))

    def __iter__(self) -> Iterator[str]:
        return iter(VALUES)

    def to_arrow(self, by: str | None = None) -> ArrowTable:
        """One row of the values, or by="member" a row a member, as a table."""
        if by not in (None, "member"):
            raise refuse(f"by {by!r} is not 'member'; left out for the values")
        return ArrowTable(self, lib.gex_dispersion_to_arrow if by is None else lib.gex_dispersion_members_to_arrow)

    def __len__(self) -> int:
        return len(VALUES)

    def __repr__(self) -> str:
        return (f"<dispersion: correlation {self.correlation:.4f} {self.status}, index vega {self['index_vega']:,.0f}, "
                f"names' {self['names_vega']:,.0f}>")
