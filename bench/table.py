# SPDX-License-Identifier: Apache-2.0
"""The table of a run, for a terminal or as Markdown: table.py BENCH_JSON [--markdown]"""
import argparse
import json

import accuracy


def ours(rows, task, sample):
    """The row of libgex that others are held against: the fastest of its instruction sets."""
    mine = [row for row in rows if row["task"] == task and row["sample"] == sample and row["name"].startswith("libgex")]
    return min(mine, key=lambda row: row["median"], default=None)


def accuracy_text(row):
    found = row["accuracy"]
    if not found:
        return ""
    if row["task"] == "european":
        of_value = [found[name] for name in accuracy.OF_VALUE if name in found]
        of_scale = [found[name] for name in found if name not in accuracy.OF_VALUE]
        parts = [f"{max(of_value):.3g} ulp of value"] if of_value else []
        return ", ".join(parts + [f"{max(of_scale):.3g} of scale"])
    if row["task"] == "implied":
        failed = f", {found['failed']} failed" if found["failed"] else ""
        return f"{found['eps']:.3g} eps max(1, cond){failed}"
    return f"{found['absolute']:.2g} absolute, {found['relative']:.2g} relative"


def lines(result):
    """(task, sample, name, best ns, median ns, ratio to libgex, accuracy), as text."""
    for row in result["rows"]:
        best = ours(result["rows"], row["task"], row["sample"])
        ratio = f"{row['median'] / best['median']:.2f}" if best else ""
        yield (row["task"], row["sample"], row["name"], f"{1e9 * row['best']:.2f}", f"{1e9 * row['median']:.2f}", ratio,
               accuracy_text(row))


HEAD = ("task", "sample", "implementation", "best ns", "median", "x libgex", "largest error")


def text(result):
    body = [HEAD] + list(lines(result))
    widths = [max(len(line[k]) for line in body) for k in range(len(HEAD))]
    out = []
    for line in body:
        cells = [cell.rjust(width) if 3 <= k <= 5 else cell.ljust(width) for k, (cell, width) in enumerate(zip(line, widths))]
        out.append("  ".join(cells).rstrip())
    out.insert(1, "-" * max(map(len, out)))
    for name, section in result["sections"].items():
        out += ["", f"{name}, in detail", section.rstrip()]
    return "\n".join(out + [""] + result["notes"] + result["about"])


def markdown(result):
    out = ["| " + " | ".join(HEAD) + " |", "|---|---|---|---:|---:|---:|---|"]
    return "\n".join(out + ["| " + " | ".join(line) + " |" for line in lines(result)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    with open(options.json, encoding="utf-8") as file:
        result = json.load(file)
    print(markdown(result) if options.markdown else text(result))


if __name__ == "__main__":
    main()
