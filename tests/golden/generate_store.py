# SPDX-License-Identifier: Apache-2.0
"""chain_v1.txt: the bytes of a saved chain, version 1, in hexadecimal, packed here from what the library says of the
chain.

    GEX_LIBRARY=build/libgex.so PYTHONPATH=bindings/python tests/golden/generate_store.py > tests/golden/chain_v1.txt
"""
import struct

import gex

SYMBOLS = ["SPXW240603C05000000", "SPXW240603P05000000", "SPX240621C05200000", "SPY240621P00500500",
           "SPXW240603C05000000", "nonsense", "QQZZ240621C00010000", "SPY1240621C00500000", "BTC-28JUN24-68000-C"]
DATES = [20240603, 20240603, 20240621, 20240621, 20240603, 0, 20240621, 0, 20240628]
WIDTH = 24
NAN = float("nan")


def fnv(content):
    total = 0xcbf29ce484222325
    for byte in content:
        total = (total ^ byte) * 0x100000001b3 % 2**64
    return total


def main():
    chain = gex.Chain(SYMBOLS, bid=[11.5, 0, NAN, 3, 11.5, 1, 0.1, 2, 0.05], ask=[12, 4, 80, 2.5, 12, 2, 0.2, 3, 0.06],
                      vol=[0.15, 0.16, NAN, 0, 0.15, 0.2, 9, 0.3, 0.5], open_interest=[1, 2, -3, 4, 5, 6, 1e300, 8, 9],
                      underlying="SPX", open_interest_as_of="2024-06-03T13:00-04:00")
    content = struct.pack("<8sIIqq64s", b"gexchain", 1, WIDTH, len(chain), 1717434000000000000, b"SPX")
    for i, symbol in enumerate(SYMBOLS):
        content += struct.pack("<BbbbI8dqi16s24s", chain.status[i], chain.right[i], chain.exercise[i], chain.payoff[i],
                               chain.flags[i], chain.strike[i], chain.multiplier[i], chain.bid[i], chain.ask[i],
                               chain.last[i], chain.vol[i], chain.open_interest[i], chain.volume[i],
                               int(chain.settlement[i].astype("i8")), DATES[i], chain.root(i).encode(), symbol.encode())
    content += struct.pack("<Q", fnv(content))
    text = content.hex()
    for start in range(0, len(text), 96):
        print(text[start:start + 96])


main()
