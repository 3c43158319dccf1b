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
import operations as ops
import table
import targets
import workers as work

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM_PYTHON = "/usr/bin/python3"


def machine_facts():
    """Model of the processor and what compiled things here."""
    listing = subprocess.run(["lscpu"], capture_output=True, text=True, check=False, env=dict(os.environ, LC_ALL="C"))
    processor = dict(re.findall(r"^(Model name|CPU family|Model): *(.*)$", listing.stdout, re.M))
    release = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    system = re.search(r'^PRETTY_NAME="(.*)"$', release, re.M)
    return {"processor": "{Model name}, family {CPU family} model {Model}".format(**processor),
            "cores": os.cpu_count(), "system": system.group(1)}


class Bench:
    """What one run has at hand and what it found."""

    def __init__(self, options):
        self.folder = pathlib.Path(options.folder).resolve()
        self.programs = self.folder / "bench"
        self.samples = self.folder / "samples"
        self.repetitions, self.seconds = options.repetitions, options.seconds
        self.cpu = max(os.sched_getaffinity(0))
        self.log = open(self.folder / "workers.log", "w", encoding="utf-8")  # what they say on standard error
        self.library = self.folder / "libgex.so"
        self.environment = dict(os.environ, OMP_NUM_THREADS="1", GEX_LIBRARY=str(self.library),
                                PYTHONPATH=f"{self.folder / 'python'}:{HERE.parent / 'bindings' / 'python'}")
        self.machine, self.loaded, self.held = machine_facts(), None, None
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

    def peers(self, path):
        """Commands of the Python packages that are here: in the build folder (bench/run --peers), or otherwise."""
        commands = []
        for line in (HERE / "peers.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            name = line.split()[0]
            target = self.folder / "peers" / name
            given = [f"PYTHONPATH={target}"] if target.exists() else []
            found = subprocess.run(["env", *given, SYSTEM_PYTHON, "-c", f"import {name.replace('-', '_')}"],
                                   capture_output=True, check=False)
            if found.returncode == 0:
                commands.append(["env", *given, SYSTEM_PYTHON, HERE / "peers.py", name, path])
            else:
                self.note(f"Python {name}: not installed; bench/run --peers installs it")
        return commands

    def add(self, task, sample, name, samples, errors):
        best, median = work.best_and_median(samples)
        self.rows.append({"task": task, "sample": sample, "name": name, "best": best, "median": median,
                          "repetitions": len(samples), "accuracy": errors})

    def output(self, name, *arguments):
        """What a program prints, run on the processor where everything is timed."""
        command = ["taskset", "-c", self.cpu, self.programs / name, *arguments]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout

    def compare(self, task, sample, commands, judge, pinned=True, items=1, repetitions=None):
        """Time the workers in turn on a sample; judge(outputs) gives the accuracy of each.

        items: how many make up what a time is given for. pinned: on one processor, by its time; else by the wall clock.
        """
        started, notes = work.open_all([command for command in commands if command],
                                       self.cpu if pinned else None, self.environment, self.log)
        for note in notes:
            self.note(note)
        timed = work.time_in_turn(started, repetitions or self.repetitions, self.seconds, "time" if pinned else "wall")
        for (worker, number), samples in timed.items():
            samples = [items * seconds for seconds in samples]
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
        bench.program("bench-plain-O3", path), bench.program("bench-plain-Ofast", path),
        bench.script("numpy_european.py", path), *bench.peers(path),
    ], lambda outputs: accuracy.european(sample, outputs))


def implied(bench):
    for name in ("equity", "wide"):
        path = bench.samples / f"implied-{name}.f64"
        sample = accuracy.read_sample(path)
        bench.compare("implied", name, [
            bench.program("bench-implied", path), bench.program("bench-quantlib", path),
            bench.cargo("bench-implied-rust", path), bench.script("lbriv_implied.py", path, needs="lbriv"),
            *bench.peers(path),
        ], lambda outputs, sample=sample: accuracy.implied(sample, outputs))


def american(bench):
    for name in ("puts", "wide"):
        path = bench.samples / f"american-{name}.f64"
        columns = accuracy.read_american(HERE / f"american-{name}.csv")
        accuracy.write_sample(path, "american", columns)
        bench.compare("american", name, [bench.program("bench-american", path),
                                           bench.program("bench-quantlib-american", path)],
                      lambda outputs, columns=columns: accuracy.american(columns[-1], outputs))


def profile(bench):
    """Gamma of 10,000 contracts at 201 levels; a time is that of the whole profile."""
    contracts = bench.samples / "contracts.f64"
    for grid in ("linear", "log"):
        path = bench.samples / f"levels-{grid}.f64"
        levels = accuracy.read_sample(path)
        bench.compare("profile", f"{grid} grid", [
            bench.program("bench-profile", contracts, path), bench.program("bench-plain-profile", contracts, path),
            bench.script("numpy_profile.py", contracts, path),
        ], lambda outputs, levels=levels: accuracy.profile(levels[1], outputs), items=len(levels[0]))


def normals(bench):
    bench.compare("normals", "16,384 numbers", [bench.program("bench-normals"), bench.program("bench-gsl-normals")],
                  lambda outputs: {})


def calls(bench):
    """Eight rows a call: from C, and from Python."""
    path = bench.samples / "european.f64"
    sample = accuracy.read_sample(path)
    bench.compare("calls", "a call of 8 rows", [
        bench.program("bench-european", path, CALL_ROWS),
        bench.script("python_calls.py", path, CALL_ROWS, needs="gex"),
    ], lambda outputs: accuracy.european([column[:CALL_ROWS] for column in sample], outputs), items=CALL_ROWS)


def threads(bench):
    for what, name in (("implied", "implied-equity"), ("greeks", "european"), ("streaming", "european")):
        bench.compare("threads", what, [bench.program("bench-threads", bench.samples / f"{name}.f64", what)],
                      lambda outputs: {}, pinned=False, repetitions=3 * bench.repetitions)


def loading(bench):
    """What dlopen of the library changes in its host."""
    result = subprocess.run([bench.programs / "bench-load", bench.library], capture_output=True, text=True, check=False)
    bench.loaded = {"unchanged": result.returncode == 0, "seen": result.stdout.splitlines()}
    bench.sections["loading the library, before and after"] = result.stdout + result.stderr


def operations(bench):
    """Instructions of libgex a row, and the bound they set on this machine."""
    machine = {name: float(value) for name, value in map(str.split, bench.output("bench-machine").splitlines())}
    code = ops.disassemble(bench.library)
    for row in bench.rows:
        if row["task"] not in ("european", "implied") or not row["name"].startswith("libgex "):
            continue
        name = row["name"].removeprefix("libgex ")
        path = bench.samples / ("european.f64" if row["task"] == "european" else f"implied-{row['sample']}.f64")
        steps = bench.output("bench-steps", row["task"], path, name)
        row["bound"] = ops.bound(ops.count(steps, code), machine)
    bench.machine.update(machine)


def whole_map(bench):
    """A map of 20,000 contracts, stage by stage, and the numpy program of the tests on the same chain."""
    chain = bench.folder / "chain.csv"
    for style, rounds in (("european", 20), ("american", 3)):
        stages = bench.output("bench-map", "--write", chain, "--style", style, "--rounds", rounds)
        bench.sections[f"map, every contract {style}"] = stages.partition("\n")[2]
        took = float(re.search(r"^chain \+ market \+ book \+ map +([0-9.]+)", stages, re.M).group(1)) / 1e3
        bench.add("map", "20,000 contracts", f"libgex, chain to map, {style}", [took], {})
    numpy = subprocess.run([SYSTEM_PYTHON, HERE / "numpy_map.py", chain], capture_output=True, text=True, check=False)
    if numpy.returncode == 0:
        bench.add("map", "20,000 contracts", "numpy, tests/oracle, european", [float(numpy.stdout)], {})
    else:
        bench.note("numpy map: numpy or scipy not installed")


def flow_field(bench):
    """Fields of hedge flow and the numpy program on the same chain, by processor time; two threads by the clock."""
    if not bench.program("bench-field"):
        return
    printed = subprocess.run([bench.programs / "bench-field"], capture_output=True, text=True, check=True).stdout
    bench.sections["fields, exposures after a tick, bytes a contract"] = printed.partition("\n")[2].expandtabs(14)
    for line in printed.splitlines():
        cells = line.split("\t")
        if len(cells) == 5 and cells[0].startswith("M"):
            least, median, work_ms = (float(cell) / 1e3 for cell in cells[1:4])
            bench.add("field", cells[0], "libgex", [least, median, median] if "threads" in cells[0] else [work_ms], {})
    numpy = subprocess.run([SYSTEM_PYTHON, HERE / "numpy_field.py"], capture_output=True, text=True, check=False)
    if numpy.returncode == 0:
        bench.add("field", targets.SMALL_FIELD, "numpy, scipy.special.ndtr", [float(numpy.stdout)], {})
    else:
        bench.note("numpy field: numpy or scipy not installed")


def read_table(bench):
    """A Cboe table from bytes to columns, and readers of CSV on the same file."""
    if not bench.program("bench-feed"):
        return
    table = bench.folder / "cboe.csv"
    printed = bench.output("bench-feed", "--write", table)
    bench.sections["a table read, ms"] = printed.partition("\n")[2].expandtabs(14)
    name, least, median, _ = printed.splitlines()[-1].split("\t")
    bench.add("feed", name, "libgex", [float(least) / 1e3, float(median) / 1e3, float(median) / 1e3], {})
    readers = subprocess.run(["taskset", "-c", str(bench.cpu), SYSTEM_PYTHON, HERE / "csv_readers.py", table],
                             capture_output=True, text=True, check=True)
    for line in readers.stdout.splitlines():
        reader, seconds = line.split("\t")
        bench.add("feed", name, reader, [float(seconds)], {})


def live_ticks(bench):
    """Ticks worked in by a live, the way from columns to a first map, and bytes a contract."""
    if not bench.program("bench-live"):
        return
    printed = bench.output("bench-live")
    bench.sections["live, us (M8: bytes)"] = printed.partition("\n")[2].expandtabs(14)
    for line in printed.splitlines()[2:]:
        name, *figures = line.split("\t")
        if len(figures) == 1:
            bench.held = float(figures[0])  # the last is of everything
        else:
            least, median = (float(figure) / 1e6 for figure in figures)
            bench.add("live", name, "libgex", [least, median, median], {})


def quoted_market(bench):
    """A quoted chain to a market, to volatilities of every quote and to SVI, beside QuantLib's SVI on the smiles."""
    if not bench.program("bench-market"):
        return
    printed = bench.output("bench-market")
    bench.sections["market of quotes, ms"] = printed.partition("\n")[2].expandtabs(14)
    for line in printed.splitlines()[1:]:
        name, least, median = line.split("\t")
        if not name.startswith("ns"):
            bench.add("market", name, "libgex", [float(least) / 1e3, float(median) / 1e3, float(median) / 1e3], {})
    if bench.program("bench-quantlib-market"):
        name, least, median, _ = bench.output("bench-quantlib-market").strip().split("\t")
        bench.add("market", name, "QuantLib SviInterpolation", [float(least) / 1e3, float(median) / 1e3,
                                                                float(median) / 1e3], {})


CALL_ROWS = 8
TASKS = {"european": european, "implied": implied, "american": american, "profile": profile,
         "normals": normals, "calls": calls, "threads": threads,
         "loading": loading, "operations": operations, "map": whole_map, "field": flow_field, "feed": read_table,
         "live": live_ticks, "market": quoted_market}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="build folder")
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=", ".join(TASKS))
    parser.add_argument("--repetitions", type=int, default=31, help="of every implementation (31)")
    parser.add_argument("--seconds", type=float, default=20, help="about how long a task may take (20)")
    options = parser.parse_intermixed_args()
    unknown = set(options.tasks) - set(TASKS)
    if unknown:
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    bench = Bench(options)
    load_before = os.getloadavg()[0]
    bench.samples.mkdir(exist_ok=True)
    subprocess.run([bench.programs / "bench-samples", bench.samples], check=True)
    for name in options.tasks or TASKS:
        work.say(f"bench: {name}")
        TASKS[name](bench)
    bench.machine["load"] = [load_before, os.getloadavg()[0]]
    measured = [target for target in targets.measure(bench.rows, bench.loaded, bench.held)
                if target["value"] is not None or not options.tasks]  # of some tasks, some targets
    result = {"machine": bench.machine, "about": bench.about, "rows": bench.rows, "sections": bench.sections,
              "targets": measured, "loaded": bench.loaded, "notes": bench.notes}
    (bench.folder / "bench.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(table.text(result))


if __name__ == "__main__":
    sys.exit(main())
