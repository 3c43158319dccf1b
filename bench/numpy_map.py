# SPDX-License-Identifier: Apache-2.0
"""How long the numpy program of the tests takes for the same map: numpy_map.py FILE [ROUNDS]. Prints seconds, least of
them."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "oracle"))
import map_oracle  # noqa: E402
import tables      # noqa: E402


def main():
    table = tables.read(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    took = []
    for _ in range(rounds):
        start = time.process_time()
        map_oracle.compute(table, rate=0.05, carry=0.015)
        took.append(time.process_time() - start)
    print(min(took))


if __name__ == "__main__":
    main()
