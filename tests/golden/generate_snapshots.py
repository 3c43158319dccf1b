# SPDX-License-Identifier: Apache-2.0
"""market_v1.txt, book_v1.txt: the bytes of a saved market and of its book, version 1, in hexadecimal, packed here from
what the library says of them.

    GEX_LIBRARY=build/libgex.so PYTHONPATH=bindings/python tests/golden/generate_snapshots.py
"""
import math
import pathlib
import struct

import gex
from gex._library import lib

CODES = lib.gex_market_forward_source, lib.gex_market_parity, lib.gex_market_expiry_clock
SYMBOLS = ["SPXW240603C05000000", "SPXW240603P05000000", "SPX240621C05200000", "SPXW240531P05000000", "nonsense"]
EVENT, UNITS, CLOSED, EARLY = 1718388000000000000, 2.5, 20240619, 20240703
BETA, VOL_HIGH = -8.0, 2.0
NAN = float("nan")
HERE = pathlib.Path(__file__).resolve().parent


def fnv(content):
    total = 0xcbf29ce484222325
    for byte in content:
        total = (total ^ byte) * 0x100000001b3 % 2**64
    return struct.pack("<Q", total)


def bits(value):
    return struct.pack("<d", value)


def market_record(market, chain, chain_record, weights):
    """The head, the calendar, expiries and rows; no smile, under BETA none is asked for."""
    expiries, rows = len(chain.expiries), len(chain)
    choices = struct.pack("<8iq6d", 6, 1, 1, 1, 1, 5, 0, 0, int(market.as_of.astype("i8")), market.spot, market.rate,
                          market.carry_yield, 0.0, VOL_HIGH, BETA)
    parts = struct.pack("<8q", 1, 1, 1, 1, 1, 0, 0, 0)
    calendar = struct.pack("<5dqdii", *weights, EVENT, UNITS, CLOSED, EARLY)
    body = b""
    for e in range(expiries):
        years, here = market.calendar_years[e], market.years[e]
        dated = 1.0                                               # the chain's volatilities are on CAL_365
        restated = math.sqrt(years / here) if years > 0 else 1.0  # a quoted volatility times this is one on the clock
        factor = math.sqrt(years / here) if here > 0 else 1.0     # ... and so is one of the smile
        for column in (market.calendar_years, market.forward, market.discount, market.expiry_rate, market.expiry_carry,
                       market.borrow, market.forward_error, market.forward_quote_error, market.discount_error,
                       market.years, market.pace):
            body += column[e:e + 1].tobytes()
        body += bits(restated) + bits(dated) + bits(factor) + bits(0.0)
        body += market.expiry_carry[e:e + 1].tobytes()  # without dividends early exercise knows the same carry
        body += struct.pack("<iiBBB", market.forward_pairs[e], market.forward_outliers[e],
                            *(market._expiries(column, "u1")[e] for column in CODES))
    for i in range(rows):
        body += struct.pack("<BBbI", market.status[i], market.vol_source[i], market.exercise[i], market.flags[i])
        body += market.vol[i:i + 1].tobytes() + market.calendar_vol[i:i + 1].tobytes()
    size = 200 + len(calendar) + len(body) + 8 + len(chain_record)
    head = struct.pack("<8sIIq8sqq", b"gexmarkt", 1, 0, size, chain_record[-8:], rows, expiries)
    record = head + choices + parts + calendar + body
    return record + fnv(record)


def write(name, content):
    text = content.hex()
    (HERE / name).write_text("".join(text[at:at + 96] + "\n" for at in range(0, len(text), 96)))


def main():
    calendar = gex.Calendar(overnight=0.25, events={EVENT: UNITS}, closed=[CLOSED], early=[EARLY])
    chain = gex.Chain(SYMBOLS, vol=[0.25, 0.25, 0.5, 0.25, 0.25], open_interest=[100, 200, 300, 400, 500])
    market = gex.Market(chain, "2024-06-03T13:00-04:00", 5000.0, forward="rate", clock="VARIANCE_CLOCK",
                        dynamics=f"BETA={BETA:g}", calendar=calendar, vol_high=VOL_HIGH)
    weights = [calendar.weights[name] for name in ("session", "overnight", "non_business", "u_shape", "year")]
    record = chain.save()  # chain_v1.txt is what proves this one
    write("market_v1.txt", market_record(market, chain, record, weights) + record)

    name = b"NAIVE_CALL_LONG\0"
    book = struct.pack("<8sIIq8sqiI5d", b"gexbook", 1, 0, 48 + 40 + len(name) + 8, record[-8:], 5, 1, len(name),
                       100.0, -200.0, 300.0, -400.0, NAN) + name
    write("book_v1.txt", book + fnv(book))


main()
