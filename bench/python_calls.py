# SPDX-License-Identifier: Apache-2.0
"""Worker: batch calls of so few rows that what is timed is the call, from Python. python_calls.py SAMPLE ROWS

The wrapper of bindings/python with the same inputs and outputs as bench-european SAMPLE ROWS has from C; the difference
is what Python costs. Compiled calls and results into arrays of the caller are offered where the wrapper has them.
"""
import inspect
import sys

import gex
import numpy as np

import accuracy
import worker


def main():
    rows = int(sys.argv[2])
    S, K, T, r, q, vol, right = (np.ascontiguousarray(column[:rows])
                                 for column in worker.read_sample(sys.argv[1], "european")[:7])
    right = right.astype(np.int8)
    names = accuracy.OUTPUTS
    given = tuple(np.empty(rows) for _ in names)

    def new_arrays(greeks):
        def loop(passes):
            for _ in range(passes):
                greeks(S, K, T, vol, right, r, q, columns=names)
        return loop

    def arrays_of_the_caller(greeks):
        def loop(passes):
            for _ in range(passes):
                greeks(S, K, T, vol, right, r, q, columns=names, out=given)
        return loop

    def judged():
        answer = gex.greeks(S, K, T, vol, right, r, q, columns=names)
        return [answer[name] for name in names]

    compiled = getattr(gex, "COMPILED", False)
    ways = {"ctypes": gex.greeks.__wrapped__ if compiled else gex.greeks}
    if compiled:
        ways["compiled"] = gex.greeks
    offers = []
    for way, greeks in ways.items():
        offers.append(worker.Offer(f"Python gex.greeks, {way}", new_arrays(greeks), judged))
        if "out" in inspect.signature(gex.greeks).parameters:
            offers.append(worker.Offer(f"Python gex.greeks, {way}, out=", arrays_of_the_caller(greeks), judged))
    worker.serve(offers, rows, len(names))


if __name__ == "__main__":
    main()
