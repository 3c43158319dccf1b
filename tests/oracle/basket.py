# SPDX-License-Identifier: Apache-2.0
"""Baskets against brute force in numpy: every contract mapped by hand and priced by Black's formula, on an invented
basket of every kind of link and, where $GEX_DATA has them, on SPX with SPY and XSP of one date.

    python3 basket.py

Prints the worst difference of each quantity relative to gross, the same sum without signs. Chains that are missing are
named and left out.
"""
import gzip
import os
import pathlib
import shutil
import sys
import tempfile

try:
    import numpy as np
    from scipy.special import ndtr
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

import tables
from map_oracle import positions

TOLERANCE = 1e-9
YEAR = 365 * 86400 * 10**9
DAY = 86400 * 10**9
AS_OF = 1694723460 * 10**9  # 2023-09-14, 16:31 in New York
BETA, FUTURE, MULTIPLIER, ADV = -10.0, 4530.0, 50.0, 8e6
DATA = (("cboe-quotedata/spx_2023-09-14.csv", "SPX", "ratio", 1.0),
        ("cboe-quotedata/spy_2023-09-14.csv", "SPY", "basis", 0.1),
        ("cboe-quotedata/xsp_2023-09-14.csv.gz", "XSP", "ratio", 1.0))


class Contracts:
    """One member: what counts of its rows, and how its price follows the reference."""

    def __init__(self, name, spot, settlement, strike, right, vol, position, multiplier, rate, carry, link, factor,
                 currency, drift, role="other", weight=0.0):
        self.name, self.spot, self.rate, self.carry = name, spot, rate, carry
        self.settlement, self.strike, self.right = np.asarray(settlement), np.asarray(strike, float), np.asarray(right)
        self.vol, self.weight = np.asarray(vol, float), np.asarray(position, float) * multiplier
        self.position, self.multiplier = np.asarray(position, float), multiplier
        self.link, self.factor, self.currency, self.drift = link, factor, currency, drift
        self.role, self.share = role, weight

    def price(self, reference, spot, instant=AS_OF):
        """The member's price where the reference is, and points per point."""
        gained = self.spot * np.expm1(self.drift * (instant - AS_OF) / YEAR)
        if self.link == "ratio":
            return reference / spot * self.spot + gained, self.spot / spot
        if self.link == "basis":
            return self.spot + self.factor * (reference - spot) + gained, self.factor
        return self.spot * (1 + self.factor * (reference / spot - 1)) + gained, self.factor * self.spot / spot

    def greeks(self, price, instant=AS_OF, shift=0.0):
        """Of the contracts alive at an instant; delta of those that settled before it is their payoff's."""
        years = np.maximum(0, self.settlement - instant) / YEAR
        vol = np.maximum(0, self.vol + shift)
        total = vol * np.sqrt(years)
        r, q = self.rate, self.carry
        with np.errstate(invalid="ignore", divide="ignore"):
            d1 = np.where(total > 0, (np.log(price / self.strike) + (r - q) * years) / total + total / 2,
                          np.sign(price * np.exp((r - q) * years) - self.strike) * np.inf)
            d1 = np.where((total == 0) & (price * np.exp((r - q) * years) == self.strike), 0, d1)
            d2 = d1 - total
            grown, discount = np.exp(-q * years), np.exp(-r * years)
            density = grown * np.exp(-d1**2 / 2) / np.sqrt(2 * np.pi)
            g = {"delta": self.right * grown * ndtr(self.right * d1), "gamma": density / (price * total)}
            g["vega"] = price * density * np.sqrt(years)
            g["vanna"] = -density * d2 / vol
            g["speed"] = -g["gamma"] / price * (d1 / total + 1)
            g["charm"] = q * g["delta"] - density * ((r - q) / total - d2 / (2 * years))
            g["theta"] = (-price * density * vol / (2 * np.sqrt(years)) - self.right * r * self.strike * discount
                          * ndtr(self.right * d2) + self.right * q * price * grown * ndtr(self.right * d1))
            g["zomma"] = g["gamma"] * (d1 * d2 - 1) / vol
        return g


def units(member, g, slope, spot):
    """unit: value of each contract by the reference, its derivatives taken once, twice, three times along the line."""
    m, x, n = slope, member.currency, member.weight
    gamma, speed = n * x * m * m * g["gamma"], n * x * m**3 * g["speed"]
    delta, vanna = n * x * m * g["delta"], n * x * m * g["vanna"]
    return {
        "GEX_SHARES_PT": gamma, "GEX_USD_PT": gamma * spot, "GEX_USD_PCT": gamma * spot**2 / 100,
        "GEX_FUT_PCT": gamma * spot**2 / 100 / (FUTURE * MULTIPLIER), "GEX_ADV_PCT": gamma * spot / ADV * 100 / 100,
        "DAG": abs(g["delta"]) * gamma * spot**2 / 100, "DEX_SHARES": delta, "DEX_USD": delta * spot,
        "VEX_USD_VOLPT": vanna * spot / 100, "VEX_USD_RELPCT": vanna * spot * member.vol / 100,
        "GEX_PLUS_USD_PT": gamma * spot + BETA * vanna * member.vol, "VEGA_USD_VOLPT": n * x * g["vega"] / 100,
        "THETA_USD_CALDAY": n * x * g["theta"] / 365, "CEX_USD_CALDAY": n * x * m * g["charm"] * spot / 365,
        "SPEED_USD_PCT2": speed * spot**3 / 1e4, "dGEX_PCT_PER_PCT": (2 * gamma * spot**2 + speed * spot**3) / 1e4,
        "ZOMMA_USD_PCT_VOLPT": n * x * m * m * g["zomma"] * spot**2 / 1e4}


class Worst(dict):
    def note(self, name, got, value, gross):
        got, value, gross = np.asarray(got, float), np.asarray(value, float), np.asarray(gross, float)
        with np.errstate(invalid="ignore", divide="ignore"):
            gap = np.where(gross > 0, abs(got - value) / gross, abs(got - value))
        self[name] = max(self.get(name, 0.0), float(np.max(np.where(np.isnan(gap), np.inf, gap))))


def basket_of(gex, members, spot):
    made = []
    for c in members:
        chain = gex.Chain(root="SPXW", settlement=c.settlement, strike=c.strike, right=c.right, vol=c.vol,
                          open_interest=np.ones(len(c.strike)), multiplier=c.multiplier)
        market = gex.Market(chain, as_of=AS_OF, spot=c.spot, clock="CAL_365", vol="given", forward="rate",
                            exercise="european", rate=c.rate, carry_yield=c.carry)
        made.append(gex.Member(market, gex.Book(chain, positions=c.position), c.name, c.link, c.factor, c.currency,
                               c.drift, c.role, c.share))
    return gex.basket(made, spot=spot)


def exposures(basket, members, spot, worst):
    for unit in units(members[0], members[0].greeks(members[0].spot), 1.0, spot):
        made = basket.exposure(unit, adv=ADV, future_price=FUTURE, future_multiplier=MULTIPLIER, beta=BETA)
        want = [units(c, c.greeks(c.spot), c.price(spot, spot)[1], spot)[unit] for c in members]
        gross = sum(abs(w).sum() for w in want)
        worst.note(f"exposure {unit}", made.total, sum(w.sum() for w in want), gross)
        worst.note(f"exposure {unit}, gross", made.gross, gross, gross)
        for i, w in enumerate(want):
            worst.note("exposure of members", made[i].total, w.sum(), abs(w).sum())
            worst.note("exposure of contracts", made[i].rows, w, max(abs(w).max(), 1e-300))


def profile_at(members, spot, unit, prices):
    """(sum, gross) at each price of the reference, NaN where a member has none."""
    sums = []
    for reference in prices:
        parts = []
        for c in members:
            price, slope = c.price(reference, spot)
            parts.append(units(c, c.greeks(price), slope, reference)[unit] if price > 0 else np.array([np.nan]))
        sums.append((sum(p.sum() for p in parts), sum(abs(p).sum() for p in parts)))
    return np.array(sums).T


def profiles(basket, members, spot, worst):
    for unit in ("GEX_USD_PCT", "GEX_PLUS_USD_PT", "DEX_USD", "VEX_USD_VOLPT", "dGEX_PCT_PER_PCT"):
        made = basket.profile(unit, points=41, beta=BETA)
        value, gross = profile_at(members, spot, unit, made.prices)
        worst.note(f"profile {unit}", made.values, value, gross)
        worst.note("profile, sum of members", made.members.sum(axis=0), made.values, gross)


def flips(basket, members, spot, worst):
    """Every change of sign of brute force on a fine grid has its root, and on both sides of a root are its signs."""
    made = basket.flips("GEX_USD_PCT")
    prices = spot * (0.8 + 0.4 * (np.arange(1600) + 0.37) / 1600)
    value, _ = profile_at(members, spot, "GEX_USD_PCT", prices)
    roots = np.array([f.price for f in made if f.size > 1e-9])
    inside = np.histogram(roots, prices)[0] % 2
    turns = np.sign(value[1:]) != np.sign(value[:-1])
    near = np.minimum(abs(value[1:]), abs(value[:-1])) > 1e-9 * np.nanmax(abs(value))
    wrong = np.sum((inside != turns) & near)
    for flip in made:
        below, above = profile_at(members, spot, "GEX_USD_PCT", flip.price * np.array([1 - 1e-8, 1 + 1e-8]))[0]
        if flip.status == "FOUND":
            wrong += not (below < 0 < above if flip.direction == "up" else below > 0 > above)
    worst["flips that differ"] = worst.get("flips that differ", 0) + int(wrong)
    return len(made)


def flows(basket, members, spot, worst):
    prices = spot * np.array([1.0, 0.97, 1.0, 1.02, 0.95, 1.01])
    instants = AS_OF + np.array([0, 0, DAY, DAY // 7, 9 * DAY, 40 * DAY])
    shifts = np.array([0.0, 0.0, 0.0, 0.01, 0.03, -0.01])
    made = basket.flow(spot=prices, as_of=instants, vol=shifts)
    for s, (reference, instant, shift) in enumerate(zip(prices, instants, shifts)):
        total = unwind = gross = 0.0
        for i, c in enumerate(members):
            price, slope = c.price(reference, spot, instant)
            shares = c.weight * c.currency * slope
            now, then = shares * c.greeks(c.spot)["delta"], shares * c.greeks(price, instant, shift)["delta"]
            size = abs(now).sum() + abs(then).sum()
            worst.note("flow of members", made.members[i, s], (now - then).sum(), size)
            total, gross = total + (now - then).sum(), gross + size
            unwind += then[c.settlement < instant].sum()
        worst.note("flow exact", made.exact[s], total, gross)
        worst.note("flow unwind", made.unwind[s], unwind, gross)
        worst.note("flow parts", made.spot[s] + made.time[s] + made.vol[s], total, gross)
        worst.note("flow usd", made["usd_at_start"][s], total * spot, gross * spot)


def combos(basket, members, spot, worst):
    made = basket.exposure("GEX_USD_PCT")
    for step in (0.0, 5.0, 25.0):
        combo = made.combo(step)
        nodes = {}
        for c in members:
            _, slope = c.price(spot, spot)
            value = units(c, c.greeks(c.spot), slope, spot)["GEX_USD_PCT"]
            for strike, v in zip(c.strike, value):
                if slope == 0:
                    continue
                at = spot + (strike - c.spot) / slope
                if at > 0:
                    nodes.setdefault(round(step * np.ceil(at / step - 0.5) if step else at, 7), []).append(v)
        prices = np.array(sorted(nodes))
        if step == 0:  # the same place, but for the last bits of two ways there
            continue
        worst.note("combo prices", combo.prices, prices, np.full(len(prices), spot))
        worst.note("combo sums", combo.values, [sum(nodes[p]) for p in prices], np.full(len(prices), made.gross))
        worst.note("combo total", combo.values.sum(), sum(map(sum, nodes.values())), made.gross)
        top = max(nodes, key=lambda p: sum(nodes[p]))
        worst.note("combo call_wall_net", combo.level("call_wall_net")[0], top, spot)


def dispersion(gex, rng, worst):
    """Twelve names and their index: pairs one by one, derivatives by differences of the formula."""
    weight = rng.dirichlet(np.full(12, 3.0))
    vols = rng.uniform(0.15, 0.6, 12)
    members = [random_member(rng, "IDX", 4500.0, "ratio", 1.0, 1.0, 0.0, "index")]
    members += [random_member(rng, f"N{k}", 50.0 + 20 * k, "beta", 0.5 + 0.1 * k, 1.0, 0.0, "constituent", weight[k])
                for k in range(12)]
    basket = basket_of(gex, members, 4500.0)
    made = basket.dispersion(AS_OF + 30 * DAY, vols=np.array([0.2, *vols]))
    pairs = sum(weight[i] * weight[j] * vols[i] * vols[j] for i in range(12) for j in range(i + 1, 12))
    rho = (0.2**2 - sum((weight * vols) ** 2)) / (2 * pairs)
    worst.note("correlation", made.correlation, rho, 1.0)

    def index_vol(s, r):
        w = weight * s
        return np.sqrt(sum(w**2) + r * (sum(w) ** 2 - sum(w**2)))

    vega = [units(c, c.greeks(c.spot), 1.0, 4500.0)["VEGA_USD_VOLPT"].sum() for c in members]
    slope = [(index_vol(vols + 1e-5 * np.eye(12)[k], rho) - index_vol(vols - 1e-5 * np.eye(12)[k], rho)) / 2e-5
             for k in range(12)]
    scale = sum(map(abs, vega))
    through = made.members["index_vega"][1:]
    worst.note("names through the index, /10", through / 10, np.array(slope) * vega[0] / 10, scale)
    by_rho = (index_vol(vols, rho + 1e-5) - index_vol(vols, rho - 1e-5)) / 2e-5
    worst.note("correlation vega, /10", made["correlation_vega"] / 10, vega[0] * by_rho / 10, scale)
    worst.note("net vega", made["net_vega"], sum(vega), scale)


def random_member(rng, name, spot, link, factor, currency, drift, role="other", weight=0.0, rows=180):
    days = rng.choice([0.9, 2.9, 8.0, 30.0, 91.0, 400.0], rows)
    strike = np.round(spot * rng.uniform(0.8, 1.2, rows), 1)
    position = np.round(rng.normal(0, 3000, rows))
    return Contracts(name, spot, AS_OF + (days * DAY).astype(np.int64), strike, rng.choice([-1, 1], rows),
                     rng.uniform(0.1, 0.5, rows), np.where(position == 0, 1, position), 100.0, 0.05, 0.015, link,
                     factor, currency, drift, role, weight)


def invented(rng):
    kinds = [("IDX", 4505.1, "ratio", 1.0, 1.0, 0.0), ("ETF", 450.81, "ratio", 1.0, 1.0, 0.0),
             ("CASH", 4481.3, "basis", 1.0, 1.0, 0.035), ("TENTH", 450.2, "basis", 0.1, 1.0, 0.0),
             ("ABROAD", 96.4, "beta", 1.37, 1.0843, 0.01), ("HEDGE", 20.3, "beta", -0.41, 1.0, 0.0),
             ("APART", 33.0, "beta", 0.0, 1.0, 0.0)]
    return [random_member(rng, *kind) for kind in kinds]


def listed(folder, out):
    """Members from the Cboe tables; an empty list where one is missing."""
    members = []
    for path, name, link, factor in DATA:
        source = pathlib.Path(folder, path) if folder else None
        if source is None or not source.exists():
            print(f"SKIPPED: {path}: GEX_DATA names no folder with it")
            return []
        if source.suffix == ".gz":
            unpacked = pathlib.Path(out, source.stem)
            with gzip.open(source, "rb") as packed, open(unpacked, "wb") as plain:
                shutil.copyfileobj(packed, plain)
            source = unpacked
        table = tables.read(str(source))
        settlement = np.array([0 if s is None else s for s in table.settlement])
        position = positions(table, "NAIVE_CALL_LONG")
        used = (np.isfinite(position) & (position != 0) & (table.vol > 0) & np.isfinite(table.vol) & (table.strike > 0)
                & (settlement > AS_OF))
        members.append(Contracts(name, table.spot, settlement[used], table.strike[used], table.right[used],
                                 table.vol[used], position[used], 100.0, 0.053, 0.015, link, factor, 1.0, 0.0))
    return members


def main():
    import gex
    worst, rng = Worst(), np.random.default_rng(20230914)
    with tempfile.TemporaryDirectory() as out:
        for members in [invented(rng), invented(rng), listed(os.environ.get("GEX_DATA", ""), out)]:
            if not members:
                continue
            spot = members[0].spot
            basket = basket_of(gex, members, spot)
            for part in (exposures, profiles, flows, combos):
                part(basket, members, spot, worst)
            found = flips(basket, members, spot, worst)
            contracts = sum(len(c.strike) for c in members)
            print(f"{', '.join(c.name for c in members)}: {contracts} contracts, {found} flips")
    dispersion(gex, rng, worst)
    for name, difference in worst.items():
        print(f"{name:36} {difference:.2e}{'' if difference <= TOLERANCE else '  TOO FAR'}")
    return 0 if all(difference <= TOLERANCE for difference in worst.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
