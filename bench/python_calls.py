# SPDX-License-Identifier: Apache-2.0
"""Worker: batch calls of so few rows that what is timed is the call, from Python. python_calls.py SAMPLE ROWS

The wrapper of bindings/python with the same inputs and outputs as bench-european SAMPLE ROWS has from C; the difference is
what Python costs.
"""
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
    names = list(accuracy.OUTPUTS)

    def call():
        return gex.greeks(S, K, T, vol, right, r, q, columns=names)

    worker.serve([worker.Offer("Python gex.greeks", call, lambda: [call()[name] for name in names])], rows, len(names))


if __name__ == "__main__":
    main()
