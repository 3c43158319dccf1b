# SPDX-License-Identifier: Apache-2.0
"""Runs every implementation of every task side by side and writes what came out: drive.py BUILD_FOLDER [TASK...]

TASK is one of the names below; all of them when none is named. The result is BUILD_FOLDER/bench.json and the table on
standard output. bench/run builds first.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

import accuracy
import table
import workers as work

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM_PYTHON = "/usr/bin/python3"


class Bench:
    """What one run has at hand and what it found."""

    def __init__(self, options):
        self.folder = pathlib.Path(options.folder).resolve()
        self.programs = self.folder / "bench"
        self.samples = self.folder / "samples"
        self.repetitions, self.seconds = options.repetitions, options.seconds
        self.cpu = max(os.sched_getaffinity(0))
        self.environment = dict(os.environ, PYTHONPATH=str(self.folder / "python"), OMP_NUM_THREADS="1")
        self.rows, self.notes, self.about, self.sections = [], [], [], {}

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def program(self, name, *arguments):
        """Command of a compiled worker, or None and a note that it was not built."""
        if (self.programs / name).exists():
            return [self.programs / name, *arguments]
        self.note(f"{name}: not built, what it needs is not installed")
        return None

    def cargo(self, name, *arguments):
        if (program := self.folder / "rust" / "release" / name).exists():
            return [program, *arguments]
        self.note(f"{name}: not built, cargo or the crate is missing")
        return None

    def script(self, name, *arguments, needs="numpy"):
        """Command of a Python worker, or None and a note that a package is not installed."""
        found = subprocess.run([SYSTEM_PYTHON, "-c", f"import numpy, scipy, {needs}"], env=self.environment,
                               capture_output=True, check=False)
        if found.returncode == 0:
            return [SYSTEM_PYTHON, HERE / name, *arguments]
        self.note(f"{name}: numpy, scipy or {needs} not installed")
        return None

    def add(self, task, sample, name, samples, errors):
        best, median = work.best_and_median(samples)
        self.rows.append({"task": task, "sample": sample, "name": name, "best": best, "median": median,
                          "repetitions": len(samples), "accuracy": errors})

    def compare(self, task, sample, commands, judge):
        """Time the workers in turn on a sample; judge(outputs) gives the accuracy of each."""
        started, notes = work.open_all([command for command in commands if command], self.cpu, self.environment)
        for note in notes:
            self.note(note)
        for (worker, number), samples in work.time_in_turn(started, self.repetitions, self.seconds).items():
            path = self.folder / "outputs.f64"
            worker.write(number, path)
            self.add(task, sample, worker.offers[number], samples,
                     judge(accuracy.read_outputs(path, worker.rows, worker.outputs)))
        for worker in started:
            self.about += [line for line in worker.about if line not in self.about]
            worker.close()


def european(bench):
    path = bench.samples / "european.f64"
    sample = accuracy.read_sample(path)
    bench.compare("european", "2048 contracts", [
        bench.program("bench-european", path), bench.program("bench-quantlib", path),
        bench.program("bench-plain", path), bench.program("bench-ofast", path),
        bench.script("numpy_european.py", path),
    ], lambda outputs: accuracy.european(sample, outputs))


def implied(bench):
    for name in ("equity", "wide"):
        path = bench.samples / f"implied-{name}.f64"
        sample = accuracy.read_sample(path)
        bench.compare("implied", name, [
            bench.program("bench-implied", path), bench.program("bench-quantlib", path),
            bench.cargo("bench-implied-rust", path), bench.script("lbriv_implied.py", path, needs="lbriv"),
        ], lambda outputs, sample=sample: accuracy.implied(sample, outputs))


def american(bench):
    for name in ("puts", "wide"):
        path = bench.samples / f"american-{name}.f64"
        columns = accuracy.read_american(HERE / f"american-{name}.csv")
        accuracy.write_sample(path, "american", columns)
        bench.compare("american", name, [bench.program("bench-quantlib-american", path)],
                      lambda outputs, columns=columns: accuracy.american(columns[-1], outputs))


def whole_map(bench):
    """A map of 20,000 contracts, stage by stage, and the numpy program of the tests on the same chain."""
    chain = bench.folder / "chain.csv"
    stages = subprocess.run([bench.programs / "bench-map", "--write", chain], check=True, capture_output=True, text=True)
    bench.sections["map"] = stages.stdout.partition("\n")[2]
    took = float(re.search(r"^chain \+ market \+ book \+ map +([0-9.]+)", stages.stdout, re.M).group(1)) / 1e3
    bench.add("map", "20,000 contracts", "libgex, chain to map", [took], {})
    numpy = subprocess.run([SYSTEM_PYTHON, HERE / "numpy_map.py", chain], capture_output=True, text=True)
    if numpy.returncode == 0:
        bench.add("map", "20,000 contracts", "numpy, tests/oracle", [float(numpy.stdout)], {})
    else:
        bench.note("numpy map: numpy or scipy not installed")


TASKS = {"european": european, "implied": implied, "american": american, "map": whole_map}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="build folder")
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("--repetitions", type=int, default=31, help="of every implementation (31)")
    parser.add_argument("--seconds", type=float, default=20, help="about how long a task may take (20)")
    options = parser.parse_args()
    unknown = set(options.tasks) - set(TASKS)
    if unknown:
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    bench = Bench(options)
    bench.samples.mkdir(exist_ok=True)
    subprocess.run([bench.programs / "bench-samples", bench.samples], check=True)
    for name in options.tasks or TASKS:
        work.say(f"bench: {name}")
        TASKS[name](bench)
    result = {"about": bench.about, "rows": bench.rows, "sections": bench.sections, "notes": bench.notes}
    (bench.folder / "bench.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table.text(result))


if __name__ == "__main__":
    sys.exit(main())
