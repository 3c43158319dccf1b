# SPDX-License-Identifier: Apache-2.0
"""The map of one chain, a second time: numpy and scipy.special.ndtr, from DESIGN.md section 6 and conventions.md alone.

    python3 map_oracle.py FILE [--sign NAME] [--rate R] [--carry-yield Q] [--clock NAME] [--vol given|otm]

Prints JSON.

Volatilities of CAL_365 restated on the clock, given or one a strike; forward S exp((r - q) T), every option European.
Nothing here is shared with the library: reading, calendar, greeks and root search are this folder's own. Quantities a
comparison needs a scale for carry it beside them.
"""
import argparse
import itertools
import json
import math

import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr

import clocks
import sessions
import tables

YEAR_NS = 365 * 86400 * 10**9
SQRT_2PI = math.sqrt(2 * math.pi)
SIGNS = {  # of calls and puts, and what they multiply
    "NAIVE_CALL_LONG": (1, -1, lambda t: t.interest),
    "NAIVE_CALL_SHORT": (-1, 1, lambda t: t.interest),
    "DEALER_ALL_LONG": (1, 1, lambda t: t.interest),
    "DEALER_ALL_SHORT": (-1, -1, lambda t: t.interest),
    "VOLUME_NAIVE": (1, -1, lambda t: t.volume),
    "OI_PLUS_VOLUME": (1, -1, lambda t: t.interest + t.volume),
    "OI_MAX_VOLUME": (1, -1, lambda t: np.maximum(t.interest, t.volume)),
}
MOVES = (-3, -2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2, 3)
CHUNK = 32  # prices at a time


def positions(table, sign):
    """Dealer's contracts; NaN where a quantity the rule needs is not a number of contracts."""
    if sign == "INVENTORY_GIVEN":
        return np.where(np.isfinite(table.position), table.position, np.nan)
    call, put, size = SIGNS[sign]
    needed = [table.volume] if sign == "VOLUME_NAIVE" else [table.interest]
    if sign in ("OI_PLUS_VOLUME", "OI_MAX_VOLUME"):
        needed = [table.interest, table.volume]
    good = np.all([np.isfinite(n) & (n >= 0) for n in needed], axis=0)
    return np.where(good, np.where(table.right > 0, call, put) * np.where(good, size(table), 0), np.nan)


def implied(price, forward, strike, right, discount, years):
    """Volatility of CAL_365 that a price has, NaN where it has none."""
    target, put_or_call = price / discount, right
    if right * (forward - strike) > 0:  # its time value is the price of the other side
        target, put_or_call = target - right * (forward - strike), -right
    if not (years > 0 and 0 < target < min(forward, strike)):
        return math.nan

    def excess(v):
        d1 = math.log(forward / strike) / v + v / 2
        return put_or_call * (forward * ndtr(put_or_call * d1) - strike * ndtr(put_or_call * (d1 - v))) - target
    return brentq(excess, 1e-9, 60, xtol=1e-300, rtol=9e-16, maxiter=500) / math.sqrt(years)


def one_a_strike(table, rate, carry):
    """Volatility of each row by its strike: the side out of the money, given, else implied, else the other side, whose
    bid then has to have one too. Rows of one settlement, strike and root belong together."""
    vol, together = np.zeros(len(table.strike)), {}
    for i, when in enumerate(table.settlement):
        good = when is not None and when >= table.as_of and table.strike[i] > 0 and np.isfinite(table.vol[i])
        if good and abs(table.right[i]) == 1 and not table.root[i][-1:].isdigit():
            together.setdefault((when, table.strike[i], table.root[i]), []).append(i)
    def order(i):  # of a series that is listed twice the first counts: by quote, volatility, interest, volume
        return [math.inf if math.isnan(x) else x for x in (table.multiplier[i],
                                                           table.bid[i], table.ask[i], table.vol[i],
                                                           table.interest[i], table.volume[i])]

    for (when, strike, _), rows in together.items():
        rows.sort(key=order)
        years = (when - table.as_of) / YEAR_NS
        forward, discount = table.spot * math.exp((rate - carry) * years), math.exp(-rate * years)
        out = -1 if strike < forward else 1

        def from_quote(i):
            bid, ask = table.bid[i], table.ask[i]
            if not (0 < bid <= ask < math.inf):
                return math.nan
            if table.right[i] != out and not implied(bid, forward, strike, table.right[i], discount, years) > 0:
                return math.nan
            return implied(bid + (ask - bid) / 2, forward, strike, table.right[i], discount, years)
        chosen = math.nan
        for side in (out, -out):
            here = [i for i in rows if table.right[i] == side]
            found = [table.vol[i] for i in here if table.vol[i] > 0] or [v for v in map(from_quote, here) if v > 0]
            if found:
                chosen = found[0]
                break
        for i in rows:
            own = math.isfinite(chosen) and table.right[i] == side and table.vol[i] > 0
            vol[i] = table.vol[i] if own else chosen if math.isfinite(chosen) else 0.0
    return vol


def refusals(table, position, vol):
    """The first key that applies to each row, "" for a used one."""
    settled = np.array([when is not None and when < table.as_of for when in table.settlement])
    nameless = np.array([when is None for when in table.settlement])
    adjusted = np.array([root[-1:].isdigit() for root in table.root])
    with np.errstate(invalid="ignore"):
        tests = [
            ("bad_strike", ~nameless & ~(np.isfinite(table.strike) & (table.strike > 0))),
            ("bad_right", ~nameless & (abs(table.right) != 1)),
            ("bad_symbol", nameless),
            ("not_finite", ~np.isfinite(table.vol) | ~np.isfinite(position)
             | ~(np.isfinite(table.multiplier) & (table.multiplier > 0))),
            ("expired", settled),
            ("no_vol", ~(vol > 0)),
            ("no_price", np.zeros(len(settled), bool)),  # no price is needed
            ("unsupported", adjusted),
        ]
    reason = np.full(len(settled), "", dtype=object)
    for key, applies in tests:
        reason[(reason == "") & applies] = key
    return reason, [key for key, _ in tests]


class Lines:
    """Used rows as columns, and what they are worth at any state."""

    def __init__(self, table, position, used, rate, carry, clock, vol):
        self.settlement = np.array([w for w, u in zip(table.settlement, used) if u], dtype=np.int64)
        self.strike, self.dated_vol = table.strike[used], vol[used]
        self.right = table.right[used]
        self.contracts = position[used]
        self.units = position[used] * table.multiplier[used]  # shares a full delta
        self.interest = table.interest[used]
        self.years = (self.settlement - table.as_of) / YEAR_NS
        self.rate, self.carry, self.spot = rate, carry, table.spot
        self.clock, self.as_of = clock, table.as_of
        left = {when: clocks.left(clock, table.as_of, when) for when in set(self.settlement.tolist())}
        self.clock_years, self.pace = (np.array([left[when][k] for when in self.settlement.tolist()]) for k in (0, 1))
        with np.errstate(invalid="ignore"):
            self.vol = self.dated_vol * np.where(self.years > 0, np.sqrt(self.years / self.clock_years), 1.0)

    def later(self, instant):
        """Calendar and clock years then; an expiry stays on the clock it stands on, a settled one keeps its delta."""
        def clock_left(when, on_calendar):
            return clocks.years("CAL_365" if on_calendar else self.clock, instant, when) if when > instant else 0.0
        pairs = list(zip(self.settlement.tolist(), (self.clock_years == self.years).tolist()))
        known = {pair: clock_left(*pair) for pair in set(pairs)}
        return np.maximum((self.settlement - instant) / YEAR_NS, 0), np.array([known[pair] for pair in pairs])

    def d1(self, price, time=None, vol=None):
        """And total deviation. No deviation left: +-inf by the side of the strike, NaN at it."""
        years, clock_years = (self.years, self.clock_years) if time is None else time
        v = (self.vol if vol is None else vol) * np.sqrt(clock_years)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (np.log(price / self.strike) + (self.rate - self.carry) * years) / v + v / 2, v

    def delta(self, price, time=None, vol=None):
        d1, _ = self.d1(price, time, vol)
        years = self.years if time is None else time[0]
        probability = np.where(np.isnan(d1), 0.5, ndtr(self.right * d1))
        return self.right * np.exp(-self.carry * years) * probability

    def greeks(self):
        d1, v = self.d1(self.spot)
        d2 = d1 - v
        fade = np.exp(-self.carry * self.years)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            bell = np.exp(-d1 * d1 / 2) / SQRT_2PI
            gamma = fade * bell / (self.spot * v)
            vanna = -fade * bell * d2 / self.vol
            drift = (self.rate - self.carry) / v - self.pace * d2 / (2 * self.clock_years)
            charm = self.carry * self.delta(self.spot) - np.where(bell > 0, fade * bell * drift, 0.0)
        charm = np.where(np.isnan(d1), np.nan, charm)  # at the strike at expiry it diverges, as gamma does
        return {"gamma": gamma, "delta": self.delta(self.spot), "vanna": np.where(bell > 0, vanna, 0.0), "charm": charm}


class Profile:
    """E(P) = sum N M gamma(P) P^2 0.01, volatilities and T frozen."""

    def __init__(self, lines):
        held = (lines.units != 0) & (lines.years > 0)
        self.strike, index = np.unique(lines.strike[held], return_inverse=True)
        self.index = index
        self.years, self.vol = lines.years[held], lines.vol[held]
        self.v = self.vol * np.sqrt(lines.clock_years[held])
        self.shift = (lines.rate - lines.carry) * self.years / self.v + self.v / 2
        self.weight = 0.01 * lines.units[held] * np.exp(-lines.carry * self.years) / (self.v * SQRT_2PI)

    def bells(self, prices):
        """d1 and weighted bell of every line, a row a price."""
        d1 = np.log(prices[:, None] / self.strike)[:, self.index] / self.v + self.shift
        return d1, self.weight * np.exp(-d1 * d1 / 2)

    def __call__(self, prices):
        prices = np.atleast_1d(np.asarray(prices, float))
        out = np.empty(len(prices))
        for at in range(0, len(prices), CHUNK):
            part = prices[at:at + CHUNK]
            out[at:at + CHUNK] = part * self.bells(part)[1].sum(axis=1)
        return out

    def one(self, price):
        return float(self(price)[0])

    def gross(self, price):
        return float(price * abs(self.bells(np.array([price]))[1]).sum())

    def slope(self, price):
        """dE/dP: of P times a bell in log P, the bell less its own slope d1 / v."""
        d1, bells = self.bells(np.array([price]))
        return float((bells * (1 - d1 / self.v)).sum())

    def grid(self, low, high, spot):
        """0.05 % of spot, and around every line narrower than four cells, cells of a quarter of its deviation, six of
        them to either side."""
        steps = int(round((high - low) / (0.0005 * spot)))
        points = [low + (high - low) * np.arange(steps + 1) / steps]
        narrow = self.v < 4 * 0.0005 * 1.3
        summit = self.strike[self.index] * np.exp(-self.shift * self.v)  # where d1 = 0
        for top, v in sorted(set(zip(summit[narrow], self.v[narrow]))):
            points.append(top * np.exp(np.arange(-24, 25) * 0.25 * v))
        grid = np.unique(np.concatenate(points))
        return grid[(grid >= low) & (grid <= high)]

    def largest(self, grid, sizes):
        """max |E|: crests stand between points of the grid."""
        most = float(sizes.max())
        peaks = (sizes[1:-1] >= sizes[:-2]) & (sizes[1:-1] > sizes[2:]) & (sizes[1:-1] > 0.97 * most)
        for i in np.flatnonzero(peaks) + 1:
            found = minimize_scalar(lambda price: -abs(self.one(price)), bounds=(grid[i - 1], grid[i + 1]),
                                    method="bounded", options={"xatol": 1e-7 * (grid[i + 1] - grid[i - 1])})
            most = max(most, -float(found.fun))
        return most

    def flips(self, low, high, spot):
        if len(self.weight) == 0:
            return [], "NONE_ZERO", 0.0
        grid = self.grid(low, high, spot)
        values = self(grid)
        largest = self.largest(grid, abs(values))
        filled = np.flatnonzero(values)
        found = []
        for a, b in zip(filled[:-1], filled[1:]):
            if np.sign(values[a]) == np.sign(values[b]):
                continue
            price = grid[a + 1]  # when E is exactly zero there
            if b == a + 1:
                price = brentq(self.one, grid[a], grid[b], xtol=1e-300, rtol=9e-16, maxiter=300)
            size = max(abs(self.one(0.995 * price)), abs(self.one(1.005 * price))) / largest
            found.append({"price": price, "direction": "up" if values[b] > 0 else "down", "slope": self.slope(price),
                          "size": size, "status": "FOUND" if size >= 1e-4 else "NEGLIGIBLE"})
        if any(f["status"] == "FOUND" for f in found):
            return found, "FOUND", largest
        if largest == 0:
            return found, "NONE_ZERO", largest
        if values[0] == 0 or values[-1] == 0:
            return found, "AT_EDGE", largest
        return found, "NONE_POSITIVE" if values[abs(values).argmax()] > 0 else "NONE_NEGATIVE", largest


def walls(strikes, net, call, put, call_interest, put_interest, spot):
    """Strike of each level, None where it does not exist; beside it how far the runner-up is, relative."""
    def extreme(values, allowed):
        if not allowed.any() or not values[allowed].max() > 0:
            return None, None
        chosen = np.flatnonzero(allowed)[values[allowed].argmax()]
        rest = np.delete(values, chosen)[np.delete(allowed, chosen)]
        gap = 1 - rest.max() / values[chosen] if len(rest) else 1.0
        return float(strikes[chosen]), float(gap)
    every = np.ones(len(strikes), bool)
    weight = abs(net).sum()
    out = {
        "call_wall_net": extreme(net, every), "put_wall_net": extreme(-net, every),
        "call_wall_max_call": extreme(call, every), "put_wall_max_put": extreme(put, every),
        "call_wall_above": extreme(call, strikes >= spot), "put_wall_below": extreme(put, strikes <= spot),
        "call_wall_oi": extreme(call_interest, every), "put_wall_oi": extreme(put_interest, every),
        "abs_gamma": extreme(call + put, every),
    }
    out["hvl_centroid"] = (float((strikes * abs(net)).sum() / weight), 1.0) if weight > 0 else (None, None)
    return out


def flows(lines, gamma):
    """Shares, + = dealers buy; the gross beside it is of the same sum without signs."""
    base = lines.delta(lines.spot)
    shares = math.fsum(gamma * lines.units)
    rows = []
    for move in MOVES:
        price = lines.spot * (1 + move / 100)
        change = (lines.delta(price) - base) * lines.units
        exact = -math.fsum(change)
        rows.append({"move_pct": move, "shares_linear": -shares * (price - lines.spot), "shares_exact": exact,
                     "usd_at_start": exact * lines.spot, "gross": float(abs(change).sum())})
    return rows


def scenario(lines, spot_pct=-1.0, hours=1.0, vol_points=1.0):
    """Spot, time and vol moved together, shares; each share is the average over the six orders of moving them."""
    price = lines.spot * (1 + spot_pct / 100)
    later, now = lines.later(lines.as_of + int(hours * 3600e9)), (lines.years, lines.clock_years)
    higher = np.maximum(lines.vol + vol_points / 100, 0)
    states = {}
    for key in itertools.product((False, True), repeat=3):
        moved = price if key[0] else lines.spot, later if key[1] else now, higher if key[2] else lines.vol
        states[key] = lines.delta(*moved) * lines.units
    parts = [0.0, 0.0, 0.0]
    for order in itertools.permutations(range(3)):
        state = [False, False, False]
        for which in order:
            before = states[tuple(state)]
            state[which] = True
            parts[which] -= math.fsum(states[tuple(state)] - before) / 6
    change = states[(True, True, True)] - states[(False, False, False)]
    return {"spot_pct": spot_pct, "hours": hours, "vol_points": vol_points, "total": -math.fsum(change),
            "spot": parts[0], "time": parts[1], "vol": parts[2], "gross": float(abs(change).sum())}


def daily_sigma(lines):
    """S s / sqrt 252, s of the calendar at the money in the expiry nearest 30 days; a value for each strike that is
    nearest."""
    if len(lines.years) == 0:
        return math.nan, math.nan
    apart = abs(lines.years - 30 / 365)
    month = apart == apart.min()
    away = abs(lines.strike - lines.spot)
    here = lines.dated_vol[month & (away == away[month].min())]
    return lines.spot * here.min() / math.sqrt(252), lines.spot * here.max() / math.sqrt(252)


def regime(total, found, spot, sigmas):
    """None where the definition leaves room: at-the-money vol is not one number, and the flip is that near the edge."""
    near = [abs(f["price"] - spot) for f in found if f["status"] == "FOUND"]
    if near and min(near) <= 0.1 * sigmas[1] * 1.2:
        return "at_flip" if min(near) <= 0.1 * sigmas[0] / 1.2 else None
    return "long_gamma" if total > 0 else "short_gamma" if total < 0 else "none"


def compute(table, sign="NAIVE_CALL_LONG", rate=0.0, carry=0.0, clock="CAL_365", with_flips=True, vol="given"):
    position = positions(table, sign)
    vols = one_a_strike(table, rate, carry) if vol == "otm" else table.vol
    reason, keys = refusals(table, position, vols)
    used = reason == ""
    lines = Lines(table, position, used, rate, carry, clock, vols)
    greeks, spot = lines.greeks(), table.spot
    gex = greeks["gamma"] * lines.units * spot**2 * 0.01
    gex = np.where(np.isfinite(gex), gex, 0.0)  # at the strike at expiry: skipped
    greeks["charm"] = np.where(np.isfinite(greeks["charm"]), greeks["charm"], 0.0)
    rows = {"gex_usd_pct": gex, "dex_usd": greeks["delta"] * lines.units * spot,
            "vex_usd_volpt": greeks["vanna"] * lines.units * spot * 0.01,
            "cex_usd_calday": greeks["charm"] * lines.units * spot / 365}
    strikes, expiries = np.unique(lines.strike), np.unique(lines.settlement)
    calls, puts = lines.right > 0, lines.right < 0
    sums = {name: np.array([math.fsum(part[lines.strike == k]) for k in strikes]) for name, part in
            (("net", gex), ("call", np.where(calls, abs(gex), 0)), ("put", np.where(puts, abs(gex), 0)),
             ("call_interest", np.where(calls, lines.interest, 0)),
             ("put_interest", np.where(puts, lines.interest, 0)))}
    gross = math.fsum(abs(gex))
    date = sessions.new_york_date(table.as_of)
    today = np.array([sessions.new_york_date(int(w)) == date for w in lines.settlement], bool)
    profile = Profile(lines)
    prices = spot * (0.8 + 0.4 * np.arange(201) / 200)
    found, status, largest = profile.flips(0.8 * spot, 1.2 * spot, spot) if with_flips else ([], None, math.nan)
    total = math.fsum(gex)
    return {
        "as_of": table.as_of, "spot": spot,
        "contracts": {"total": len(used), "used": int(used.sum()),
                      "zero_position": int((lines.contracts == 0).sum()),
                      "refused": {key: int((reason == key).sum()) for key in keys}},
        "totals": {"gross_gex_usd_pct": gross, **{name: math.fsum(part) for name, part in rows.items()}},
        "gross": {name: math.fsum(abs(part)) for name, part in rows.items()},
        "zero_dte": {"gex_usd_pct": math.fsum(gex[today]),
                     "share": math.fsum(abs(gex[today])) / gross if gross else None},
        "by_strike": dict(zip(strikes.tolist(), sums["net"].tolist())),
        "by_expiry": {int(e): {"gex_usd_pct": math.fsum(gex[lines.settlement == e]),
                               "years": clocks.left(clock, table.as_of, int(e))[0],
                               "calendar_years": (int(e) - table.as_of) / YEAR_NS,
                               "forward": spot * math.exp((rate - carry) * (int(e) - table.as_of) / YEAR_NS)}
                      for e in expiries},
        "profile": {"prices": prices.tolist(), "values": profile(prices).tolist()},
        "walls": walls(strikes, spot=spot, **sums),
        "flips": found, "flip_status": status, "largest": largest,
        "flow": flows(lines, np.where(np.isfinite(greeks["gamma"]), greeks["gamma"], 0.0)),
        "flow_scenario": scenario(lines),
        "regime": regime(total, found, spot, daily_sigma(lines)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--sign", default="NAIVE_CALL_LONG")
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--carry-yield", type=float, default=0.0)
    parser.add_argument("--clock", default="CAL_365")
    parser.add_argument("--vol", default="given", choices=("given", "otm"))
    args = parser.parse_args()
    told = compute(tables.read(args.file), args.sign, args.rate, args.carry_yield, args.clock, vol=args.vol)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
