# SPDX-License-Identifier: Apache-2.0
"""The driver's side of bench/worker.h: workers in their own processes, timed in turn."""
import os
import pathlib
import statistics
import subprocess
import sys
import time


class Failed(Exception):
    """A worker ended or said what was not asked."""


class Worker:
    """One process with the implementations it offers."""

    def __init__(self, command, cpu, environment, log):
        self.command = [str(part) for part in command]
        self.name = " ".join(pathlib.Path(part).name for part in self.command if "=" not in part)
        self.offers, self.refused, self.about = [], [], []
        pin = None if cpu is None else lambda: os.sched_setaffinity(0, {cpu})
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                        text=True, preexec_fn=pin, env=environment)
        while not (line := self._read()).startswith("ready "):
            word, _, rest = line.partition(" ")
            {"offer": self.offers, "refused": self.refused, "about": self.about}.get(word, []).append(rest)
        self.rows, self.outputs = map(int, line.split()[1:])

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"ended with code {self.process.wait()}: {self.name}")
        return line.strip()

    def _ask(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self._read()

    def time(self, number, clock):
        """Seconds an item, of one stretch; clock is "time" or "wall"."""
        return float(self._ask(f"{clock} {number}"))

    def write(self, number, path):
        if self._ask(f"write {number} {path}") != "done":
            raise Failed(f"{self.offers[number]} wrote nothing")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def open_all(commands, cpu, environment, log):
    """(workers, notes): those that start, and a line for each that does not and for each implementation refused."""
    workers, notes = [], []
    for command in commands:
        try:
            workers.append(Worker(command, cpu, environment, log))
            notes += workers[-1].refused
        except (Failed, OSError) as error:
            notes.append(str(error))
    return workers, notes


def time_in_turn(workers, repetitions, seconds, clock):
    """{(worker, number): seconds an item, one for each repetition}.

    Every repetition asks each implementation once, starting with another one each time, so what else the machine does
    hits all alike. Those so slow that they would take more than their share of `seconds` are asked less often, never
    under three times; where others keep the processor busy, all are.
    """
    todo = [(worker, number) for worker in workers for number in range(len(worker.offers))]
    samples = {which: [] for which in todo}
    share, deadline = seconds / max(1, len(todo)), time.monotonic() + 2 * seconds
    for repetition in range(repetitions):
        turn = repetition % max(1, len(todo))
        for which in todo[turn:] + todo[:turn]:
            worker, number = which
            passes = 2 * worker.rows * sum(samples[which])  # a warming pass and a timed one
            if len(samples[which]) < 3 or (passes < share and time.monotonic() < deadline):
                samples[which].append(worker.time(number, clock))
    return samples


def best_and_median(samples):
    return min(samples), statistics.median(samples)


def say(text):
    print(text, file=sys.stderr, flush=True)
