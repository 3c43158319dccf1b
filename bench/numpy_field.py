# SPDX-License-Identifier: Apache-2.0
"""How long numpy takes for the flow field of bench-field: numpy_field.py [ROUNDS]. Prints seconds, least of them.

160 prices, 6 instants from the open to the close, 5,000 contracts; what does not depend on the price is worked out once
an instant, one call of ndtr serves all contracts at all prices, sums are matrix products.
"""
import sys
import time

import numpy as np
from scipy.special import ndtr

SPOT, RATE, CARRY, STRIKES, ROWS = 5000.0, 0.05, 0.015, 125, 5000
HOURS = 6.5  # to the close


def chain():
    i = np.arange(ROWS)
    k, e = i // 2 % STRIKES, i // (2 * STRIKES)
    strike = SPOT * (0.8 + 0.4 * k / STRIKES)
    away = strike / SPOT - 1
    right = np.where(i % 2 == 0, 1.0, -1.0)
    vol = 0.14 + 0.9 * away**2 - 0.3 * away + np.where(i % 2 == 0, 0, 1e-3)
    interest = 1 + np.floor(4000 * np.exp(-40 * away**2) * (i * 7919 % 1009) / 1009)
    days = np.where(e < 10, e, 10 + (e - 10) * 7)
    return strike, right, vol, 100 * interest * right, (days * 24 + HOURS) / 8760


def field(strike, right, vol, weight, years, prices, hours):
    flows, start = np.empty((len(hours), len(prices))), None
    for row, passed in enumerate(hours):
        left = np.maximum(years - passed / 8760, 1e-300)
        total = vol * np.sqrt(left)
        centre = (-np.log(strike) + (RATE - CARRY) * left) / total + total / 2
        grown = weight * right * np.exp(-CARRY * left)
        if start is None:
            start = grown @ ndtr(right * (np.log(SPOT) / total + centre))
        flows[row] = start - ndtr(right * (np.log(prices)[:, None] / total + centre)) @ grown
    return flows


def main():
    rows, prices, hours = chain(), SPOT * np.linspace(0.9, 1.1, 160), np.linspace(0, HOURS, 6)
    took = []
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        start = time.process_time()
        field(*rows, prices, hours)
        took.append(time.process_time() - start)
    print(min(took))


if __name__ == "__main__":
    main()
