#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a call costs over the C function it calls: one row, arrays made beforehand, 7 inputs and 12 outputs.

    GEX_LIBRARY=build/libgex.so PYTHONPATH=bindings/python python3 bindings/python/fixed_cost.py

Nanoseconds. Two times are taken in turn, of the call in a loop in Python and of the same C function on the same
arguments in a loop in C, each too short to be interrupted often. The cost is the median of their differences; "best" is
the difference of the shortest.
"""
import platform
import statistics
import sys
import time

import numpy as np

import gex

COLUMNS = ("price", "delta", "gamma", "vega", "theta", "rho", "vanna", "charm", "vomma", "speed", "zomma", "color")


def one_row():
    """Inputs of greeks(), an array of one row each."""
    return [np.array([value]) for value in (100.0, 105.0, 0.5, 0.2)] + [np.array([1], np.int8)] + \
           [np.array([value]) for value in (0.03, 0.01)]


def forms():
    """Ways of calling with arrays made beforehand: name -> (function, arguments, keywords)."""
    args = one_row()
    arrays = {name: np.empty(1) for name in COLUMNS}
    prices = [np.array([value]) for value in (5.0, 100.0, 105.0, 0.5)] + [np.array([1], np.int8), np.array([0.99])]
    return {
        "greeks, out a matrix": (gex.greeks, args, {"columns": COLUMNS, "out": np.empty((len(COLUMNS), 1))}),
        "greeks, out a tuple": (gex.greeks, args, {"columns": COLUMNS, "out": tuple(arrays.values())}),
        "greeks, out a dict": (gex.greeks, args, {"out": arrays}),
        "greeks, new arrays": (gex.greeks, args, {"columns": COLUMNS}),
        "implied_vol, out a tuple": (gex.implied_vol, prices, {"out": (np.empty(1), np.empty(1, np.uint8))}),
    }


def _loop(args, keywords):
    """A loop over the call as a program would write it: names and literals, no unpacking."""
    names = [f"a{i}" for i in range(len(args))]
    source = (f"def loop(times, function, {', '.join(names)}, {', '.join(keywords)}, clock):\n"
              f"    start = clock()\n"
              f"    for _ in times:\n"
              f"        function({', '.join(names)}, {', '.join(f'{name}={name}' for name in keywords)})\n"
              f"    return clock() - start\n")
    space: dict = {}
    exec(source, space)
    return lambda function, times: space["loop"](range(times), function, *args, *keywords.values(), time.perf_counter)


def measure(function, args, keywords, times=100, repeats=4000):
    """Nanoseconds: (median of the differences, difference of the shortest, shortest from Python, shortest in C)."""
    loop, calls, inside = _loop(args, keywords), [], []
    for _ in range(repeats):
        calls.append(loop(function, times) / times * 1e9)
        inside.append(function.seconds(times, *args, **keywords) / times * 1e9)
    differences = [call - alone for call, alone in zip(calls, inside)]
    return statistics.median(differences), min(calls) - min(inside), min(calls), min(inside)


def fixed_cost(times=100, repeats=4000):
    """Nanoseconds a call of greeks() costs over the C call: 7 arrays in, 12 arrays of the caller's out."""
    return measure(*forms()["greeks, out a tuple"], times=times, repeats=repeats)[0]


def main():
    if not gex.COMPILED:
        print("what measures is part of the compiled calls, which are not there: gex.COMPILED", file=sys.stderr)
        return 1
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, "
          f"libgex {gex.version()}")
    print(f"{'one row, 7 arrays in, 12 out; ns':<34}{'over C':>8}{'best':>8}{'call':>8}{'C alone':>9}")
    for name, (function, args, keywords) in forms().items():
        median, best, call, alone = measure(function, args, keywords)
        print(f"{name:<34}{median:8.0f}{best:8.0f}{call:8.0f}{alone:9.0f}")
    function, args, keywords = forms()["greeks, out a tuple"]
    alone = min(function.seconds(100, *args, **keywords) / 100 * 1e9 for _ in range(1000))
    through = [_loop(args, keywords)(function.__wrapped__, 10) / 10 * 1e9 for _ in range(1000)]
    print(f"{'the tuple through ctypes':<34}{statistics.median(through) - alone:8.0f}{min(through) - alone:8.0f}"
          f"{min(through):8.0f}{alone:9.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
