#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write examples/data/sample.csv: the chain of an index that does not exist.

    python3 examples/generate_sample.py > examples/data/sample.csv

Wednesday 2027-03-10, 13:05 New York: same-day options with under three hours to live, a daily every session for two
weeks, then weeklies, month ends and monthlies to December 2028. Third Fridays carry both an AM-settled SPX and a
PM-settled SPXW series, and the expiries lie on both sides of the change to summer time, Good Friday 2027 and the
closed third Friday of June 2027. The roots SPX and SPXW are borrowed so that settlement is that of real contracts.

Prices come from one surface without static arbitrage: SSVI with phi = eta / sqrt(theta (1 + theta)) and
eta (1 + |rho|) < 2 (Gatheral and Jacquier, 2014, Arbitrage-free SVI volatility surfaces, section 4), so every
bid and ask has an arbitrage-free price between them. Open interest peaks at round strikes, puts below spot and calls
above it. `position` is an invented dealer inventory for --sign INVENTORY_GIVEN. Nothing here was fitted to a market.

Only random.random() of a fixed seed is used, whose sequence Python keeps from version to version.
"""
import datetime
import math
import random
import sys

SPOT, RATE, YIELD = 5487.25, 0.0385, 0.0125
AS_OF = datetime.datetime(2027, 3, 10, 13, 5)
SUMMER = datetime.date(2027, 3, 14), datetime.date(2027, 11, 7), datetime.date(2028, 3, 12), datetime.date(2028, 11, 5)
RHO, ETA = -0.72, 1.10
DAILY = ["2027-03-%02d" % day for day in (10, 11, 12, 15, 16, 17, 18, 19, 22, 23, 24, 25)]
WEEKLY = ["2027-03-31", "2027-04-02", "2027-04-09", "2027-04-16", "2027-04-23", "2027-04-30", "2027-05-07",
          "2027-05-21", "2027-05-28", "2027-06-17", "2027-06-30", "2027-09-17", "2027-12-17"]
MONTHLY = ["2027-03-19", "2027-04-16", "2027-05-21", "2027-06-17", "2027-07-16", "2027-08-20", "2027-09-17",
           "2027-12-17", "2028-01-21", "2028-03-17", "2028-06-16", "2028-12-15"]


def utc_offset(date):
    return -4 if SUMMER[0] <= date < SUMMER[1] or SUMMER[2] <= date < SUMMER[3] else -5


def years_to(date, hour, minute):
    settle = datetime.datetime(date.year, date.month, date.day, hour, minute)
    hours = (settle - AS_OF).total_seconds() / 3600 - (utc_offset(date) - utc_offset(AS_OF.date()))
    return hours / 8760


def normal_cdf(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def total_variance(log_moneyness, years):
    """SSVI; the at-the-money vol rises from 12.5 % now to 18.5 % far out, and its total variance with it."""
    atm = 0.185 - 0.06 / (1 + 3 * years)
    theta = atm * atm * years
    phi = ETA / math.sqrt(theta * (1 + theta))
    x = phi * log_moneyness
    return theta / 2 * (1 + RHO * x + math.sqrt((x + RHO) ** 2 + 1 - RHO * RHO))


def price_and_delta(strike, years, vol, call):
    forward = SPOT * math.exp((RATE - YIELD) * years)
    deviation = vol * math.sqrt(years)
    d1 = math.log(forward / strike) / deviation + deviation / 2
    sign = 1 if call else -1
    price = sign * (forward * normal_cdf(sign * d1) - strike * normal_cdf(sign * (d1 - deviation)))
    return math.exp(-RATE * years) * max(price, 0.0), sign * normal_cdf(sign * d1)


def strikes_of(years):
    """Every 5 or 10 points near the money in short expiries, wider apart with distance and time."""
    width = max(0.04, min(0.45, 3.6 * 0.16 * math.sqrt(years)))
    fine = 5 if years < 0.02 else 10 if years < 0.06 else 25 if years < 0.6 else 50
    strikes = set()
    for step, reach in ((fine, 0.014), (25, 0.45 * width), (50, width), (100, 1.3 * width)):
        step = max(step, fine)
        low, high = SPOT * (1 - reach), SPOT * (1 + max(0.6 * reach, min(reach, 0.03)))
        strikes.update(range(int(math.ceil(low / step)) * step, int(high) + 1, step))
    return sorted(strikes)


def quote(price, draw):
    """Ticks of 0.05 below 3.00 and 0.10 above; the half spread is 2 cents and half a percent."""
    half = 0.02 + 0.005 * price * (0.7 + 0.6 * draw)
    tick = 0.05 if price < 3 else 0.10
    bid = math.floor((price - half) / tick) * tick
    ask = math.ceil((price + half) / tick) * tick
    return max(bid, 0.0), max(ask, 0.05)


def roundness(strike):
    for step, weight in ((500, 3.2), (100, 2.6), (50, 1.6), (25, 1.0)):
        if strike % step == 0:
            return weight
    return 0.45


def interest(strike, years, call, size, draw):
    """Calls lie about a deviation above spot, puts from just below it far down: the longer tail is theirs."""
    deviation = 0.15 * math.sqrt(max(years, 2 / 365))
    x = math.log(strike / SPOT) / deviation
    centre, inner, outer = (0.75, 0.8, 1.1) if call else (-0.9, 0.75, 1.9)
    reach = (x - centre) if call else (centre - x)
    bulk = math.exp(-0.5 * (reach / (outer if reach > 0 else inner)) ** 2)
    return int(size * (1.17 if call else 1.0) * roundness(strike) * bulk * (0.35 + 1.3 * draw * draw))


def inventory(contracts, strike, call, draw):
    """Dealers have sold downside puts and upside wings, hold near calls from overwriters, and are mixed elsewhere."""
    x = math.log(strike / SPOT)
    lean = (0.45 if x < 0.03 else -0.25) if call else (-0.5 if x < -0.02 else 0.2)
    return int(contracts * (lean + 0.5 * (draw - 0.5)))


def expiry_rows(date, am, out):
    years = years_to(date, 9, 30) if am else years_to(date, 16, 0)
    forward = SPOT * math.exp((RATE - YIELD) * years)
    monthly = 14 < date.day < 22 and date.weekday() in (3, 4)
    today = years < 0.002
    size = 3400 * math.exp(-0.9 * years) if am else 1900 if today else 1300 if monthly or date.weekday() == 4 else 800
    activity = 9000 if today else 500 * math.exp(-4 * years)
    root = "SPX" if am else "SPXW"
    for strike in strikes_of(years):
        vol = math.sqrt(total_variance(math.log(strike / forward), years) / years)
        for call in (True, False):
            draws = [random.random() for _ in range(6)]
            price, delta = price_and_delta(strike, years, vol, call)
            bid, ask = quote(price, draws[0])
            contracts = interest(strike, years, call, size, draws[1])
            near = math.exp(-abs(math.log(strike / SPOT)) / (0.012 + 0.05 * math.sqrt(years)))
            volume = int(activity * near * draws[2] ** 2 * roundness(strike))
            deep = abs(delta) > 0.985
            shown_vol = 0 if (deep and draws[3] < 0.6) or (bid == 0 and draws[3] < 0.25) else vol
            last = 0 if volume == 0 and draws[4] < 0.3 else bid + (ask - bid) * draws[4]
            symbol = "%s%s%s%08d" % (root, date.strftime("%y%m%d"), "C" if call else "P", strike * 1000)
            out.write("%s,%.2f,%.2f,%.2f,%.4f,%d,%d,%d\n" % (symbol, bid, ask, last, shown_vol, contracts, volume,
                                                            inventory(contracts, strike, call, draws[5])))


def main(out):
    random.seed(20270310)
    out.write("# synthetic: made by examples/generate_sample.py; an invented index, not market data\n"
              "# underlying: Sample Index (synthetic)\n"
              "# spot: %.2f\n# as_of: 2027-03-10T13:05:00-05:00\n"
              "symbol,bid,ask,last,vol,open_interest,volume,position\n" % SPOT)
    series = [(day, False) for day in DAILY + WEEKLY] + [(day, True) for day in MONTHLY]
    for day, am in sorted(series, key=lambda one: (one[0], not one[1])):
        expiry_rows(datetime.date(*map(int, day.split("-"))), am, out)


if __name__ == "__main__":
    main(sys.stdout)
