# SPDX-License-Identifier: Apache-2.0
"""Structs of the library. ctypes alone says neither which field a value does not fit, nor that it cut an integer."""
import ctypes as C


class Struct(C.Structure):
    """A struct whose fields refuse, by name, what is no number of theirs."""

    def __setattr__(self, name, value):
        try:
            super().__setattr__(name, value)
        except (TypeError, ValueError, OverflowError):
            raise TypeError(f"{name}: {wanted(getattr(self, name))} is wanted, not {type(value).__name__}") from None
        held = getattr(self, name)
        if type(held) is int and hasattr(value, "__index__") and held != value:
            raise ValueError(f"{name}: {value} is too large")


def wanted(held):
    """What a field or an argument takes, by a value of it."""
    return "a whole number" if type(held) is int else "a number" if type(held) is float else "another type"
