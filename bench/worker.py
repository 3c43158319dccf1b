# SPDX-License-Identifier: Apache-2.0
"""A worker in Python: what bench/worker.h says, for numpy and for peers that are Python packages."""
import sys
import time
import typing

import numpy as np

STRETCH = 2e-3  # seconds measured at a time


class Offer(typing.NamedTuple):
    """loop(n) does the whole sample n times; judged() returns the outputs, None in the place of one it has not."""
    name: str
    loop: typing.Callable
    judged: typing.Callable


def repeated(run):
    """The loop of an Offer that calls run(), for samples so large that the loop does not count."""
    def loop(passes):
        for _ in range(passes):
            run()
    return loop


def read_sample(path, task):
    """The columns of a sample as an array of shape (columns, rows)."""
    with open(path, "rb") as file:
        name, rows, columns = file.readline().decode().split()
        if name != task:
            sys.exit(f"{path}: a sample of {name}, not of {task}")
        return np.fromfile(file).reshape(int(columns), int(rows))


def timed(loop, passes):
    start = time.process_time()
    loop(passes)
    return time.process_time() - start


def serve(offers, rows, outputs, about=()):
    """Print the offers, obey until standard input ends."""
    for offer in offers:
        print("offer", offer.name)
    for line in about:
        print("about", line)
    print("ready", rows, outputs, flush=True)
    passes = {}
    for line in sys.stdin:
        word, number, *path = line.split()
        offer = offers[int(number)]
        if word == "time":
            timed(offer.loop, 1)
            if number not in passes:
                passes[number] = 1
                while timed(offer.loop, passes[number]) < STRETCH / 2:
                    passes[number] *= 2
            print(timed(offer.loop, passes[number]) / passes[number] / rows, flush=True)
        else:
            nothing = np.full(rows, np.nan)
            np.concatenate([nothing if one is None else one for one in offer.judged()]).tofile(path[0])
            print("done", flush=True)
