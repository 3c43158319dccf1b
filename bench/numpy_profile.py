# SPDX-License-Identifier: Apache-2.0
"""Worker: gamma of a book at every level in numpy, tuned: what does not depend on the price is worked out once, the
exponential is taken in place, the sum is a dot product. numpy_profile.py CONTRACTS LEVELS"""
import sys

import numpy as np

import worker


def main():
    strike, years, rate, carry, vol, weight = worker.read_sample(sys.argv[1], "contracts")
    prices = worker.read_sample(sys.argv[2], "levels")[0]

    def profile():
        v = vol * np.sqrt(years)
        per_v = 1 / v
        constant = ((rate - carry) * years - np.log(strike)) * per_v + 0.5 * v
        factor = weight * np.exp(-carry * years) * per_v * 0.39894228040143267794
        logs = np.log(prices)
        d1, out = np.empty_like(v), np.empty_like(prices)
        for k, price in enumerate(prices):
            np.multiply(per_v, logs[k], out=d1)
            d1 += constant
            d1 *= d1
            d1 *= -0.5
            np.exp(d1, out=d1)
            out[k] = factor.dot(d1) / price
        return out

    worker.serve([worker.Offer("numpy, tuned", worker.repeated(profile), lambda: [profile()])], len(prices), 1,
                 [f"numpy {np.__version__}"])


main()
