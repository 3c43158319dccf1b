#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write examples/data/ticks.csv: half an hour of the index that does not exist, after the chain of generate_sample.py.

    python3 examples/generate_ticks.py > examples/data/ticks.csv

Once a minute: a price of the index, a walk with a slide in the middle; some quotes of today's options near the money,
by the chain's own surface; and contracts that dealers are taken to have sold (-), calls into the rise and puts into the
slide. Nothing here was fitted to a market. Only random.random() of a fixed seed is used, whose sequence Python keeps
from version to version.
"""
import datetime
import math
import random

import generate_sample as sample

TODAY = sample.AS_OF.date()


def quote(spot, strike, call, minutes_gone):
    """Bid and ask to the cent, around Black's value with the time that is left."""
    years = sample.years_to(TODAY, 16, 0) - minutes_gone / 525600
    forward = spot * math.exp((sample.RATE - sample.YIELD) * years)
    deviation = math.sqrt(sample.total_variance(math.log(strike / forward), years))
    upper = math.log(forward / strike) / deviation + deviation / 2
    value = forward * sample.normal_cdf(upper) - strike * sample.normal_cdf(upper - deviation)
    value = math.exp(-sample.RATE * years) * (value if call else value - forward + strike)
    half = 0.05 + 0.01 * value
    return max(math.floor(20 * (value - half)) / 20, 0), math.ceil(20 * (value + half)) / 20


def main():
    draw = random.Random(20270310).random
    spot = sample.SPOT
    print("# synthetic: made by examples/generate_ticks.py; an invented index, not market data")
    print("time,what,symbol,bid_or_number,ask")
    for minute in range(1, 31):
        time = (sample.AS_OF + datetime.timedelta(minutes=minute)).isoformat()
        slide = -2.5 if 12 <= minute < 20 else 0.4
        spot = round(4 * (spot + slide + 2 * (draw() - 0.5))) / 4
        print(f"{time},spot,,{spot:.2f},")
        for _ in range(3):
            strike = 5 * round(spot / 5) + 5 * int(7 * draw() - 3)
            call = draw() < 0.5
            symbol = f"SPXW270310{'C' if call else 'P'}{strike * 1000:08d}"
            bid, ask = quote(spot, strike, call, minute)
            print(f"{time},quote,{symbol},{bid:.2f},{ask:.2f}")
        strike = 5 * round(spot / 5) + (5 if slide > 0 else -5)
        symbol = f"SPXW270310{'C' if slide > 0 else 'P'}{strike * 1000:08d}"
        print(f"{time},trade,{symbol},{-10 * int(10 + 60 * draw())},")


if __name__ == "__main__":
    main()
