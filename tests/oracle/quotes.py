# SPDX-License-Identifier: Apache-2.0
"""Forwards, volatilities and greeks of real quotes under $GEX_DATA, held against what is known of them from elsewhere.

    python3 quotes.py               exit 77 when GEX_DATA or numpy is missing

forwards   each against the line between its neighbours', within two standard errors, scatter and quotes together. The
           line is drawn over the dates stocks were delivered, two sessions after the expiry at the time: money is paid
           then, which is why a forward steps by three days' interest from a Wednesday to a Thursday.
carry      rate of each discount of its own against the Treasury's par yield that day, interpolated.
roots      SPX and SPXW of one date settle apart, by 6.5 hours, and nowhere share a forward.
deribit    volatility from the mark price against the mark volatility; delta, gamma, vega and theta of dollars against
           the exchange's. Its vega is of one point, as ours over 100. Its theta is what is lost until tomorrow at a
           forward that stays: ours at a spot that stays, plus delta S ln(F / S) / T, over 365; and never more than the
           option is worth, nor than what the hours left of its last day take.
"""
import csv
import datetime as dt
import gzip
import os
import pathlib
import sys

try:
    import numpy as np
except ImportError as missing:
    print(f"SKIPPED: {missing}")
    sys.exit(77)

import sessions

SPX = ("spx_2022-07-12_intraday.csv.gz", "spx_2023-09-14.csv", "spx_2024-01-07_weekend.csv.gz")


class Checks:
    def __init__(self):
        self.good = True

    def hold(self, what, value, truth):
        print(f"{'ok    ' if truth else 'FAILED'} {what}: {value}")
        self.good = self.good and bool(truth)


def opened(path):
    return gzip.open(path, "rt") if path.suffix == ".gz" else open(path, encoding="utf-8", newline="")


def delivery(instant):
    """Days to the date stocks bought on that of the instant were delivered."""
    date = sessions.new_york_date(int(instant))
    for _ in range(2):
        date += dt.timedelta(days=1)
        while not sessions.is_session(date):
            date += dt.timedelta(days=1)
    return date.toordinal()


def check_forwards(gex, data, checks):
    for name in SPX:
        with opened(data / "cboe-quotedata" / name) as file:
            chain = gex.read_cboe(file.read().encode())
        market = gex.Market(chain, vol="otm")
        own = np.flatnonzero(market.forward_source == gex.FORWARDS["implied"])
        error = np.hypot(market.forward_error[own], market.forward_quote_error[own]) / market.forward[own]
        drift = np.log(market.forward[own] / market.spot)
        when = np.array([delivery(x) for x in chain.expiries[own].astype("M8[ns]").astype(np.int64)], float)
        inside = slice(1, -1)
        span = when[2:] - when[:-2]
        share = np.where(span > 0, (when[inside] - when[:-2]) / np.where(span > 0, span, 1), 0.5)
        apart = abs(drift[inside] - drift[:-2] * (1 - share) - drift[2:] * share)
        allowed = np.sqrt(error[inside]**2 + ((1 - share) * error[:-2])**2 + (share * error[2:])**2)
        within = float(np.mean(apart <= 2 * allowed))
        checks.hold(f"{name} forwards within two errors of their neighbours", f"{within:.1%} of {len(apart)}, errors "
                    f"{np.median(error) * market.spot:.2f} in the median", within >= 0.95)
        check_carry(gex, data, chain, market, own, name, checks)
        check_roots(gex, chain, market, name, checks)


def check_fallback(gex, data, checks):
    """An evening with hardly a bid: what cannot be measured says so, expiry by expiry."""
    name = "spx_2022-12-12.csv.gz"
    with opened(data / "cboe-quotedata" / name) as file:
        chain = gex.read_cboe(file.read().encode())
    for fallback, filled in (("rate", ("rate",)), ("neighbours", ("interpolated", "extrapolated"))):
        market = gex.Market(chain, vol="otm", fallback=fallback)
        sources = {key: int(np.sum(market.forward_source == value)) for key, value in gex.FORWARD_SOURCES.items()}
        said = {key: int(np.sum(market.parity == value)) for key, value in gex.PARITY.items()}
        live = int(np.sum(market.years > 0))
        checks.hold(f"{name} forwards, and what parity said", f"{ {k: n for k, n in sources.items() if n} } of {live}, "
                    f"{ {k: n for k, n in said.items() if n} }",
                    sources["implied"] == said["used"] < 10
                    and sum(sources[key] for key in filled) == live - said["used"]
                    and bool(np.all(np.isnan(market.forward_error[market.parity != gex.PARITY["used"]]))))


def par_yields(data, date):
    with open(next((data / "rates").iterdir()), encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Date"] <= date.isoformat()]
    row = max(rows, key=lambda r: r["Date"])
    years = {"1 Mo": 1 / 12, "2 Mo": 1 / 6, "3 Mo": 0.25, "6 Mo": 0.5, "1 Yr": 1.0, "2 Yr": 2.0}
    known = [(t, 2 * np.log(1 + float(row[name]) / 200)) for name, t in years.items() if row.get(name)]
    return tuple(np.array(column) for column in zip(*known))


def check_carry(gex, data, chain, market, own, name, checks):
    """A discount read off option prices holds what index option desks borrow at: a little above the Treasury."""
    years, yields = par_yields(data, sessions.new_york_date(int(market.as_of.astype("M8[ns]").astype(np.int64))))
    rated = own[np.isfinite(market.discount_error[own]) & (market.years[own] > 0.2) & (market.years[own] < 1.5)]
    rate = -np.log(market.discount[rated]) / market.years[rated]
    above = rate - np.interp(market.years[rated], years, yields)
    checks.hold(f"{name} rates above the Treasury curve", f"{above.min():+.2%} to {above.max():+.2%} of {len(rated)}",
                len(rated) > 8 and above.min() > -0.006 and above.max() < 0.012)
    curve = gex.Market(chain, vol="otm", rates=(years, yields), fixed_discount=True)
    moved = abs(curve.forward[rated] / market.forward[rated] - 1)
    checks.hold(f"{name} forwards with the Treasury's discounts move by", f"{moved.max():.1e}", moved.max() < 2e-4)


def check_roots(gex, chain, market, name, checks):
    roots = np.array([chain.root(i) for i in range(len(chain))])
    settle = chain.settlement.astype("M8[ns]").astype(np.int64)
    dates = {}
    for root in ("SPX", "SPXW"):
        for when in np.unique(settle[(roots == root) & (chain.status == 0)]):
            dates.setdefault(sessions.new_york_date(int(when)), {})[root] = int(when)
    both = [pair for pair in dates.values() if len(pair) == 2]
    apart = {(pair["SPXW"] - pair["SPX"]) / 3.6e12 for pair in both}
    checks.hold(f"{name} SPX settles before SPXW of its date by hours", f"{sorted(apart)} on {len(both)} dates",
                len(both) >= 5 and apart <= {6.5, 3.5})


def coin_market(gex, table, names, as_of):
    """Chain and market of a table of Deribit; names: of columns instrument, bid, ask, vol, forward, interest, spot."""
    instrument, *columns = ([row[name] for row in table] for name in names)
    bid, ask, vol, forward, interest, spot = (np.array(column, float) for column in columns)
    chain = gex.Chain(symbol=list(instrument), bid=bid, ask=ask, vol=vol, open_interest=interest)
    return chain, gex.Market(chain, as_of=as_of, spot=float(np.median(spot)), row_forwards=forward)


def check_coin_parity(gex, table, names, as_of):
    """Forwards from quotes in coin beside the exchange's: distances, in units of their errors and of the price."""
    chain, quoted = coin_market(gex, table, names, as_of)
    market = gex.Market(chain, as_of=as_of, spot=quoted.spot, forward="implied")
    own = np.flatnonzero((market.forward_source == gex.FORWARDS["implied"]) & (quoted.forward > 0))
    apart = abs(market.forward[own] - quoted.forward[own])
    return apart / np.hypot(market.forward_error[own], market.forward_quote_error[own]), apart / quoted.forward[own]


def of_forward(market, chain, used):
    """Delta and gamma in the forward of the dollars an option paid in coin is worth: Black's."""
    ratio = market.spot / market.forward[np.searchsorted(chain.expiries, chain.settlement[used])]
    return market.greeks["delta"][used] * ratio, market.greeks["gamma"][used] * ratio**2


def of_day(market, chain, used):
    """Vega of a point, and what is lost until tomorrow at a forward that stays, as the exchange states them."""
    expiry = np.searchsorted(chain.expiries, chain.settlement[used])
    years, greeks = market.years[expiry], market.greeks
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = np.log(market.forward[expiry] / market.spot) / years
        lost = (greeks["theta"][used] + greeks["delta"][used] * market.spot * drift) * np.minimum(1 / 365, years)
    return greeks["vega"][used] / 100, np.maximum(lost, -greeks["price"][used])


def hold_close(checks, what, ours, theirs, median, most):
    """Where the exchange says more than a dollar: it rounds to five decimals, of volatilities of four."""
    said = abs(theirs) > 1
    gap = abs(ours[said] / theirs[said] - 1)
    checks.hold(what, f"median {np.median(gap):.1e}, nine tenths below {np.quantile(gap, 0.9):.1e}, 99 % below "
                f"{np.quantile(gap, 0.99):.1e} of {len(gap)}",
                np.median(gap) < median and np.quantile(gap, 0.99) < most)


def check_deribit_6h(gex, data, checks):
    names = ("instrument_name", "mark_price", "mark_price", "implied_volatility", "underlying", "open_interest",
             "index_price")
    snapshots, vols, deltas, vegas, refused, total = {}, [], [], [], 0, 0
    with opened(next((data / "deribit-6h").glob("deribit_6h*"))) as file:
        for row in csv.DictReader(file):
            snapshots.setdefault((row["timestamp"], row["currency"]), []).append(row)
    for (when, _), table in sorted(snapshots.items()):
        chain, market = coin_market(gex, table, names, when)
        used = np.flatnonzero(market.status == 0)
        refused, total = refused + len(table) - len(used), total + len(table)
        gap = abs(gex.Quotes(market, wide=0).vol("mid") - chain.vol)
        vols.append(gap[np.isfinite(gap)])
        deltas.append(abs(of_forward(market, chain, used)[0] - np.array([float(r["delta"]) for r in table])[used]))
        vegas.append((of_day(market, chain, used)[0], np.array([float(r["vega"]) for r in table])[used]))
    gap, delta = np.concatenate(vols) * 100, np.concatenate(deltas)
    checks.hold("deribit-6h volatility from the mark price against the mark volatility, points",
                f"median {np.median(gap):.4f}, nine tenths below {np.quantile(gap, 0.9):.3f}, {len(gap)} of {total}",
                np.median(gap) <= 0.05 and len(gap) > 0.9 * total)
    checks.hold("deribit-6h delta against the exchange's", f"median {np.median(delta):.1e}, 99 % below "
                f"{np.quantile(delta, 0.99):.1e}", np.median(delta) < 5e-4 and np.quantile(delta, 0.99) < 0.02)
    hold_close(checks, "deribit-6h vega against the exchange's", *map(np.concatenate, zip(*vegas)), 2e-3, 0.06)
    checks.hold("deribit-6h rows refused", f"{refused} of {total}", refused < 0.01 * total)


def check_deribit_eod(gex, data, checks):
    """No mark price is published here: the mark volatility has to lie between those of bid and ask."""
    names = ("INSTRUMENT_NAME", "BID_PRICE", "ASK_PRICE", "MARK", "UNDERLYING_PRICE", "OPEN_INTEREST", "SPOT")
    days, deltas, gammas, marks, parity, by_day = {}, [], [], [], [], []
    with opened(next((data / "deribit-btc-eod").iterdir())) as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            row = {key.strip("[] \r"): value.strip() for key, value in row.items()}
            row["MARK"] = float(row["MARK_IV"]) / 100
            days.setdefault(int(row["QUOTE_UNIXTIME"]), []).append(row)
    for when, table in sorted(days.items()):
        nearest = min(row["EXPIRY_UNIX"] for row in table)  # no index price either: the first forward stands for it
        spot = np.median([float(row["UNDERLYING_PRICE"]) for row in table if row["EXPIRY_UNIX"] == nearest])
        for row in table:
            row["SPOT"] = spot
        chain, market = coin_market(gex, table, names, when * 10**9)
        parity.append(check_coin_parity(gex, table, names, when * 10**9))
        used = np.flatnonzero(market.status == 0)
        ours = of_forward(market, chain, used)
        for mine, name, gaps in zip(ours, ("DELTA", "GAMMA"), (deltas, gammas)):
            gaps.append(abs(mine - np.array([float(row[name]) for row in table])[used]))
        by_day.append((*of_day(market, chain, used),
                       *(np.array([float(row[name]) for row in table])[used] for name in ("VEGA", "THETA"))))
        quotes = gex.Quotes(market, wide=0)
        low, high = quotes.vol("bid"), quotes.vol("ask")
        seen = np.isfinite(low) & np.isfinite(high)
        marks.append((low[seen] - 0.0005 <= chain.vol[seen]) & (chain.vol[seen] <= high[seen] + 0.0005))
    delta, gamma, mark = np.concatenate(deltas), np.concatenate(gammas), np.concatenate(marks)
    checks.hold("deribit-btc-eod delta against the exchange's", f"median {np.median(delta):.1e}, 99 % below "
                f"{np.quantile(delta, 0.99):.1e} of {len(delta)}", np.median(delta) < 1e-3)
    checks.hold("deribit-btc-eod gamma against the exchange's, which has five decimals",
                f"{np.mean(gamma <= 6e-6):.1%} within its rounding", np.mean(gamma <= 6e-6) > 0.95)
    vega, theta, their_vega, their_theta = map(np.concatenate, zip(*by_day))
    hold_close(checks, "deribit-btc-eod vega against the exchange's", vega, their_vega, 2e-3, 0.06)
    hold_close(checks, "deribit-btc-eod theta against the exchange's", theta, their_theta, 2e-3, 0.06)
    checks.hold("deribit-btc-eod mark volatility between ours of bid and ask", f"{mark.mean():.1%} of {len(mark)}",
                mark.mean() > 0.9)
    errors, shares = (np.concatenate(column) for column in zip(*parity))
    checks.hold("deribit-btc-eod forwards from parity in coin against the exchange's",
                f"median {np.median(shares):.1e} of the "
                f"price, {np.mean(errors <= 2):.1%} of {len(errors)} within two errors",
                np.median(shares) < 1e-3 and np.mean(errors <= 2) > 0.95)


def main():
    if not os.path.isdir(os.environ.get("GEX_DATA", "")):
        print("SKIPPED: GEX_DATA names no folder of market data")
        return 77
    import gex
    data, checks = pathlib.Path(os.environ["GEX_DATA"]), Checks()
    check_forwards(gex, data, checks)
    check_fallback(gex, data, checks)
    check_deribit_6h(gex, data, checks)
    check_deribit_eod(gex, data, checks)
    return 0 if checks.good else 1


if __name__ == "__main__":
    sys.exit(main())
