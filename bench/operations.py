# SPDX-License-Identifier: Apache-2.0
"""What the instructions that bench-steps saw are, and how long they must take on this machine at least.

A multiply-add pipe takes multiplications, multiply-adds and the special functions of AVX-512; the divider takes
divisions and square roots; bench-machine measured how many of each start in a cycle. The larger of the two is a bound
that no order of the same instructions can beat. Additions, comparisons, moves and integer work have pipes of their own
and are not in it.
"""
import collections
import re
import subprocess

PIPE = re.compile(r"v?(fn?m(add|sub)\d*|mul|scalef|getexp|getmant|rndscale|rcp14|rsqrt14)[ps]d")
DIVIDE = re.compile(r"v?div[ps]d")
ROOT = re.compile(r"v?sqrt[ps]d")
FLOATING = re.compile(r"v?(add|sub|max|min|cmp\w*|u?comis)[ps]d")


def kind_of(mnemonic):
    for pattern, kind in ((PIPE, "fma"), (DIVIDE, "divide"), (ROOT, "root"), (FLOATING, "add")):
        if pattern.fullmatch(mnemonic):
            return kind
    return "other"


def width_of(operands):
    return 512 if "zmm" in operands else 256 if "ymm" in operands else 128


def disassemble(library):
    """{offset: (mnemonic, operands)} of a shared library."""
    command = ["objdump", "-d", "--no-show-raw-insn", library]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^ *([0-9a-f]+):\t(\S+) *(.*)$", listing, re.M)
    return {int(offset, 16): (mnemonic, operands) for offset, mnemonic, operands in found}


def count(steps, code):
    """{(kind, width): executed for a row}, from the output of bench-steps; "rows" and "library" lines included."""
    counts, rows = collections.Counter(), 1
    for line in steps.splitlines():
        first, _, second = line.partition(" ")
        if first == "rows":
            rows = int(second)
        elif first == "elsewhere":
            counts["elsewhere", 0] += int(second)
        elif first != "library":
            mnemonic, operands = code[int(first, 16)]
            counts[kind_of(mnemonic), width_of(operands)] += int(second)
    return {which: number / rows for which, number in counts.items()}


def bound(counts, machine):
    """What bench.json keeps: instructions a row, and seconds a row that the pipes and the divider need."""
    cycles = {"fma": 0.0, "divider": 0.0}
    for (kind, width), number in counts.items():
        if kind == "fma":
            cycles["fma"] += number / machine[f"fma_{width}"]
        elif kind in ("divide", "root"):
            cycles["divider"] += number / machine[f"{kind}_{width}"]
    by_kind = collections.Counter()
    for (kind, _), number in counts.items():
        by_kind[kind] += number
    return {"instructions": sum(counts.values()), "by_kind": dict(by_kind),
            "fma_seconds": cycles["fma"] / machine["clock"], "divider_seconds": cycles["divider"] / machine["clock"]}
