# SPDX-License-Identifier: Apache-2.0
"""Worker: price and eleven greeks in numpy with scipy's ndtr, and in numba where it is installed. numpy_european.py
SAMPLE

The arrays of the sample and their temporaries stay in the caches, which is numpy at its best: on arrays of 100,000 it
takes ten times as long a contract, because every temporary is mapped and faulted in anew.
"""
import math
import sys

import numpy as np
import scipy
from scipy.special import ndtr

import worker


def greeks(S, K, T, r, q, vol, f):
    root = np.sqrt(T)
    v = vol * root
    d1 = (np.log(S / K) + (r - q) * T) / v + 0.5 * v
    d2 = d1 - v
    Q = np.exp(-q * T)
    n = Q * np.exp(-0.5 * d1 * d1) * 0.39894228040143267794
    A = Q * ndtr(f * d1)
    B = K * np.exp(-r * T) * ndtr(f * d2)
    e = (2 * (r - q) * T - d2 * v) / v
    gamma = n / (S * v)
    vega = S * n * root
    d1d2 = d1 * d2
    twice = 0.5 / T
    return (f * (S * A - B), f * A, gamma, vega, -0.5 * S * n * vol / root + f * (q * S * A - r * B), f * T * B,
            -n * d2 / vol, q * f * A - n * e * twice, vega * d1d2 / vol, -gamma / S * (d1 / v + 1),
            gamma * (d1d2 - 1) / vol, gamma * twice * (2 * q * T + 1 + d1 * e))


def in_numba():
    """The scalar loop of plain.c compiled by numba, or None."""
    try:
        import numba
    except ImportError:
        return None

    @numba.njit
    def cdf(x):
        return 0.5 * math.erfc(-x * 0.70710678118654752440)

    @numba.njit
    def loop(rows, out):
        for i in range(rows.shape[1]):
            S, K, T, r, q, vol, f = rows[0, i], rows[1, i], rows[2, i], rows[3, i], rows[4, i], rows[5, i], rows[6, i]
            root = math.sqrt(T)
            v = vol * root
            d1 = (math.log(S / K) + (r - q) * T) / v + 0.5 * v
            d2 = d1 - v
            Q = math.exp(-q * T)
            n = Q * math.exp(-0.5 * d1 * d1) * 0.39894228040143267794
            A = Q * cdf(f * d1)
            B = K * math.exp(-r * T) * cdf(f * d2)
            e = 2 * (r - q) * T - d2 * v
            gamma = n / (S * v)
            vega = S * n * root
            out[0, i] = f * (S * A - B)
            out[1, i] = f * A
            out[2, i] = gamma
            out[3, i] = vega
            out[4, i] = -S * n * vol / (2 * root) + f * (q * S * A - r * B)
            out[5, i] = f * T * B
            out[6, i] = -n * d2 / vol
            out[7, i] = q * f * A - n * e / (2 * T * v)
            out[8, i] = vega * d1 * d2 / vol
            out[9, i] = -gamma / S * (d1 / v + 1)
            out[10, i] = gamma * (d1 * d2 - 1) / vol
            out[11, i] = gamma / (2 * T) * (2 * q * T + 1 + d1 * e / v)

    return loop, f"numba {numba.__version__}"


def main():
    rows = np.ascontiguousarray(worker.read_sample(sys.argv[1], "european")[:7])
    offers = [worker.Offer("numpy and scipy.special.ndtr, in cache", worker.repeated(lambda: greeks(*rows)),
                           lambda: greeks(*rows))]
    about = [f"numpy {np.__version__}, scipy {scipy.__version__}"]
    if compiled := in_numba():
        loop, version = compiled
        out = np.empty((12, rows.shape[1]))
        offers.append(worker.Offer("numba njit", worker.repeated(lambda: loop(rows, out)), lambda: out))
        about.append(version)
    worker.serve(offers, rows.shape[1], 12, about)


if __name__ == "__main__":
    main()
