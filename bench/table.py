# SPDX-License-Identifier: Apache-2.0
"""The tables of a run, for a terminal or as Markdown for README.md: table.py BENCH_JSON [--markdown]"""
import argparse
import json

import accuracy

HEAD = ("task, sample", "implementation", "best", "median", "x libgex", "largest error", "instructions", "over bound")
ALIGNED_RIGHT = (2, 3, 4, 6, 7)


def fastest_of_libgex(rows, task, sample):
    """The row of libgex that the others of its sample are held against."""
    mine = [row for row in rows if row["task"] == task and row["sample"] == sample and row["name"].startswith("libgex")]
    return min(mine, key=lambda row: row["median"], default=None)


def time_text(seconds):
    for unit, factor in (("ns", 1e9), ("us", 1e6), ("ms", 1e3)):
        if seconds * factor < 1000 or unit == "ms":
            return f"{seconds * factor:.3g} {unit}" if seconds * factor < 1000 else f"{seconds * factor:.0f} {unit}"


def accuracy_text(row):
    found = row["accuracy"]
    if not found:
        return ""
    if "eps" in found:
        failed = f", {found['failed']} failed" if found["failed"] else ""
        return f"{found['eps']:.3g} eps max(1, cond){failed}"
    if "absolute" in found:
        return f"{found['absolute']:.2g} absolute, {found['relative']:.2g} relative"
    of_value = [found[name] for name in found if name in accuracy.OF_VALUE]
    of_scale = [found[name] for name in found if name not in accuracy.OF_VALUE]
    parts = [f"{max(of_value):.3g} ulp of value"] if of_value else []
    return ", ".join(parts + [f"{max(of_scale):.3g} of scale"])


def lines(result):
    """The cells of each row of the table, as text."""
    for row in result["rows"]:
        best = fastest_of_libgex(result["rows"], row["task"], row["sample"])
        bound = row.get("bound")
        yield (f"{row['task']}, {row['sample']}", row["name"], time_text(row["best"]), time_text(row["median"]),
               f"{row['median'] / best['median']:.2f}" if best else "", accuracy_text(row),
               f"{bound['instructions']:.0f}" if bound else "",
               f"{row['median'] / bound['fma_seconds']:.2f}" if bound else "")


def number_text(value, unit):
    return "" if value is None else f"{value:.3g}{unit}"


def target_lines(result):
    for target in result["targets"]:
        yield (target["name"], target["what"], number_text(target["value"], target["unit"]),
               f"{target['sign']} {number_text(target['must'], target['unit'])}",
               f"{target['sign']} {number_text(target['stretch'], target['unit'])}", target["verdict"])


TARGET_HEAD = ("", "target", "measured", "must", "stretch", "")


def columns(body, right=()):
    """Rows of text, padded; the first is the head, and is underlined."""
    widths = [max(len(line[k]) for line in body) for k in range(len(body[0]))]
    out = []
    for line in body:
        cells = [cell.rjust(width) if k in right else cell.ljust(width) for k, (cell, width) in enumerate(zip(line, widths))]
        out.append("  ".join(cells).rstrip())
    return [out[0], "-" * max(map(len, out))] + out[1:]


def machine_lines(result):
    machine = result["machine"]
    lines_ = [f"{machine['processor']}, {machine['cores']} cores, {machine['system']}"]
    if "clock" in machine:
        rates = ", ".join(f"{machine[f'fma_{width}']:.2f} of {width} bits" for width in (128, 256, 512) if f"fma_{width}" in machine)
        lines_.append(f"{machine['clock'] / 1e9:.2f} GHz; multiply-adds started a cycle: {rates}")
    return lines_ + result["about"]


def text(result):
    out = columns([HEAD] + list(lines(result)), ALIGNED_RIGHT)
    for name, section in result["sections"].items():
        out += ["", name, section.rstrip()]
    out += ["", *columns([TARGET_HEAD] + list(target_lines(result)), (2,))]
    return "\n".join(out + [""] + result["notes"] + [""] + machine_lines(result))


def markdown(result):
    out = [f"{' · '.join(machine_lines(result))}", ""]
    out.append("| " + " | ".join(HEAD) + " |")
    out.append("|" + "|".join("---:" if k in ALIGNED_RIGHT else "---" for k in range(len(HEAD))) + "|")
    out += ["| " + " | ".join(line) + " |" for line in lines(result)]
    out += ["", "| " + " | ".join(TARGET_HEAD) + " |", "|---|---|---:|---|---|---|"]
    return "\n".join(out + ["| " + " | ".join(line) + " |" for line in target_lines(result)])


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
