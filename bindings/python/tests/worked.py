# SPDX-License-Identifier: Apache-2.0
"""The worked chain of docs/conventions.md: one small book, every convention. S 5000, r 0.04, q 0.013, M 100."""
import gex

HOUR = 3_600_000_000_000  # ns
AS_OF = gex.instant("2024-06-03T13:00:00-04:00")  # three hours before the close
SPOT, RATE, CARRY = 5000.0, 0.04, 0.013
MILLION = 1e6

ROWS = [  # id, right, strike, vol, open interest, dealers' inventory, years
    ("A1", "C", 5000, 0.160, 9000, -2500, 3 / 8760),
    ("A2", "C", 5025, 0.150, 20000, 6000, 3 / 8760),
    ("A3", "P", 4975, 0.180, 16000, -5000, 3 / 8760),
    ("A4", "P", 5000, 0.165, 8000, -1500, 3 / 8760),
    ("B1", "C", 5000, 0.150, 12000, -4000, 30 / 365),
    ("B2", "C", 5200, 0.125, 40000, 30000, 30 / 365),
    ("B3", "P", 5000, 0.152, 18000, -7000, 30 / 365),
    ("B4", "P", 4800, 0.185, 50000, -20000, 30 / 365),
    ("B5", "P", 4500, 0.240, 60000, 25000, 30 / 365),
]
RIGHT = [row[1] for row in ROWS]
STRIKE = [float(row[2]) for row in ROWS]
VOL = [row[3] for row in ROWS]
OPEN_INTEREST = [float(row[4]) for row in ROWS]
INVENTORY = [float(row[5]) for row in ROWS]
YEARS = [row[6] for row in ROWS]
SETTLEMENT = [AS_OF + (3 * HOUR if row[0][0] == "A" else 30 * 24 * HOUR) for row in ROWS]


def chain(**more):
    return gex.Chain(root="SPXW", settlement=SETTLEMENT, strike=STRIKE, right=RIGHT, vol=VOL,
                     open_interest=OPEN_INTEREST, underlying="WORKED", **more)


def market(of, **more):
    chosen = {"as_of": AS_OF, "spot": SPOT, "forward": "rate", "rate": RATE, "carry_yield": CARRY, **more}
    return gex.Market(of, **chosen)
