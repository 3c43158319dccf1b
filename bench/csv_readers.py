# SPDX-License-Identifier: Apache-2.0
"""How long readers of CSV take for the table of bench-feed: csv_readers.py FILE [ROUNDS].

Prints a line a reader, name and seconds of processor time, least of the rounds. Each gives the numbers of both sides as
doubles and the symbols as text, which is what gex_feed_csv gives; none of them reads a symbol.
"""
import csv
import sys
import time

HEAD = 3  # lines above the column line
NUMBERS = (2, 4, 5, 6, 7, 10, 11, 13, 15, 16, 17, 18, 21)  # last sale, bid, ask, volume, IV, open interest; strike
NAMES = (1, 12)


def by_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        for _ in range(HEAD + 1):
            next(file)
        rows = list(csv.reader(file))
    return [[row[i] for row in rows] for i in NAMES], [[float(row[i]) for row in rows] for i in NUMBERS]


def by_numpy(path):
    import numpy
    return (numpy.loadtxt(path, delimiter=",", skiprows=HEAD + 1, usecols=NAMES, dtype="U19"),
            numpy.loadtxt(path, delimiter=",", skiprows=HEAD + 1, usecols=NUMBERS))


def by_pandas(path):
    import pandas
    return pandas.read_csv(path, skiprows=HEAD, usecols=sorted(NAMES + NUMBERS))


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for name, read in (("Python csv", by_csv), ("numpy loadtxt", by_numpy), ("pandas read_csv", by_pandas)):
        took = []
        try:
            for _ in range(rounds):
                start = time.process_time()
                read(sys.argv[1])
                took.append(time.process_time() - start)
        except ImportError:
            continue
        print(f"{name}\t{min(took):.6f}")


if __name__ == "__main__":
    main()
