# SPDX-License-Identifier: Apache-2.0
"""python -m gex map FILE [the options of gex-map]"""
import sys

from ._command import run


def main(arguments: list) -> int:
    if not arguments or arguments[0] != "map":
        sys.stderr.write("usage: python -m gex map [options] FILE; see python -m gex map --help\n")
        return 2
    return run(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
