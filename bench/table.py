# SPDX-License-Identifier: Apache-2.0
"""The tables of a run, for a terminal or as Markdown: table.py BENCH_JSON [--markdown | --write README.md]"""
import argparse
import json
import pathlib
import re
import sys
import textwrap

import accuracy

HEAD = ("task, sample", "implementation", "best", "median", "x libgex", "largest error", "instructions", "over bound")
ALIGNED_RIGHT = (2, 3, 4, 6, 7)
FRONT_PAGE = (("european", "2048 contracts"), ("implied", "equity"), ("american", "puts"), ("map", "20,000 contracts"))
MARKS = re.compile(r"(<!-- bench -->).*?(<!-- /bench -->)", re.S)


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
    if "of_largest" in found:
        return f"{found['of_largest']:.2g} of the largest"
    if "absolute" in found:
        return f"{found['absolute']:.2g} absolute, {found['relative']:.2g} relative"
    of_value = {name: error for name, error in found.items() if name in accuracy.OF_VALUE}
    of_scale = {name: error for name, error in found.items() if name not in accuracy.OF_VALUE}
    return ", ".join(f"{ulp_text(max(errors.values()))} of {what} ({max(errors, key=errors.get)})"
                     for errors, what in ((of_value, "value"), (of_scale, "scale")) if errors)


def ulp_text(error):
    """Ulp as long as the result is a number of the kind asked for, then how far off it is."""
    return f"{error:.3g} ulp" if error < 1e6 else f"{error * 2**-52:.2g}"


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
        cells = [cell.rjust(widths[k]) if k in right else cell.ljust(widths[k]) for k, cell in enumerate(line)]
        out.append("  ".join(cells).rstrip())
    return [out[0], "-" * max(map(len, out))] + out[1:]


def machine_lines(result):
    machine = result["machine"]
    out = [f"{machine['processor']}, {machine['cores']} cores, {machine['system']}"]
    if "clock" in machine:
        rates = ", ".join(f"{machine[f'fma_{width}']:.2f} of {width} bits" for width in (128, 256, 512)
                          if f"fma_{width}" in machine)
        out.append(f"{machine['clock'] / 1e9:.2f} GHz; multiply-adds started a cycle: {rates}")
    return out + result["about"]


def load_line(result):
    before, after = result["machine"]["load"]
    return f"load average {before:.1f} before, {after:.1f} after: what else runs slows two threads first"


def text(result):
    out = columns([HEAD] + list(lines(result)), ALIGNED_RIGHT) if result["rows"] else []
    for name, section in result["sections"].items():
        out += ["", name, section.rstrip()]
    if result["targets"]:
        out += ["", *columns([TARGET_HEAD] + list(target_lines(result)), (2,))]
    return "\n".join(out + [""] + result["notes"] + [""] + machine_lines(result) + [load_line(result)])


def markdown(result):
    """The rows of README.md: what is compared with peers, on the first sample of each task, and on what machine."""
    shown = {"rows": [row for row in result["rows"] if (row["task"], row["sample"]) in FRONT_PAGE]}
    out = ["| " + " | ".join(HEAD[:6]) + " |"]
    out.append("|" + "|".join("---:" if k in ALIGNED_RIGHT else "---" for k in range(6)) + "|")
    out += ["| " + " | ".join(line[:6]) + " |" for line in lines(shown)]
    return "\n".join(out + ["", textwrap.fill(". ".join(machine_lines(result)) + ".", 120)])


def write_between_marks(path, content):
    """Replace what stands between the two comments of a page."""
    page = pathlib.Path(path).read_text(encoding="utf-8")
    if MARKS.search(page) is None:
        sys.exit(f"{path}: no <!-- bench --> and <!-- /bench -->")
    page = MARKS.sub(lambda found: f"{found[1]}\n{content}\n{found[2]}", page)
    pathlib.Path(path).write_text(page, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("json")
    parser.add_argument("--markdown", action="store_true", help="the rows that README.md shows")
    parser.add_argument("--write", metavar="PAGE", help="put them between <!-- bench --> and <!-- /bench --> of a page")
    options = parser.parse_args()
    with open(options.json, encoding="utf-8") as file:
        result = json.load(file)
    if options.write:
        write_between_marks(options.write, markdown(result))
    else:
        print(markdown(result) if options.markdown else text(result))


if __name__ == "__main__":
    main()
