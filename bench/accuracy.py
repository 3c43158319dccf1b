# SPDX-License-Identifier: Apache-2.0
"""How wrong the outputs of an implementation are, against the references that bench-samples computed in 113 bits."""
import array
import csv
import math

OUTPUTS = ("price", "delta", "gamma", "vega", "theta", "rho", "vanna", "charm", "vomma", "speed", "zomma", "color")
OF_VALUE = ("delta", "gamma", "vega", "rho")  # no sum in them that cancels: ulp of the value is fair
INPUTS = 7
EPS = 2.0 ** -52


def read_sample(path):
    """Columns of a sample file."""
    with open(path, "rb") as file:
        _, rows, columns = file.readline().split()
        return _columns(file, int(rows), int(columns))


def read_outputs(path, rows, outputs):
    with open(path, "rb") as file:
        return _columns(file, rows, outputs)


def _columns(file, rows, columns):
    values = array.array("d")
    values.fromfile(file, rows * columns)
    return [values[k * rows:(k + 1) * rows] for k in range(columns)]


def write_sample(path, task, columns):
    with open(path, "wb") as file:
        file.write(f"{task} {len(columns[0])} {len(columns)}\n".encode())
        for column in columns:
            array.array("d", column).tofile(file)


def read_american(path):
    """Columns spot, strike, years, rate, carry, vol, right, price of a kept American sample."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = [[float(row[name]) for row in rows] for name in rows[0]]
    columns[2] = [days / 365 for days in columns[2]]
    return columns


def european(sample, outputs):
    """Largest error of each output: ulp of the value for OF_VALUE, of the sum of absolute terms for the others."""
    worst = {}
    for k, name in enumerate(OUTPUTS):
        value, rest, scale = sample[INPUTS + 3 * k:INPUTS + 3 * k + 3]
        unit = value if name in OF_VALUE else scale
        errors = [abs((got - true) - low) / math.ulp(one) for got, true, low, one in zip(outputs[k], value, rest, unit)]
        if not math.isnan(outputs[k][0]):
            worst[name] = max(errors) if all(error == error for error in errors) else math.nan
    return worst


def implied(sample, outputs):
    """eps: largest relative error over max(1, condition), in eps; plain: without the condition; failed: no number."""
    vol, condition = sample[5], sample[6]
    eps = plain = 0.0
    failed = 0
    for got, true, cond in zip(outputs[0], vol, condition):
        error = abs(got / true - 1) / EPS
        if not error < 1 / EPS:
            failed += 1
            continue
        plain, eps = max(plain, error), max(eps, error / max(1.0, cond))
    return {"eps": eps, "plain": plain, "failed": failed}


def american(reference, outputs):
    """Largest absolute error on a spot of 100, and largest relative one where the price is above 0.01."""
    pairs = list(zip(outputs[0], reference))
    return {"absolute": max(abs(got - true) for got, true in pairs),
            "relative": max(abs(got / true - 1) for got, true in pairs if true > 0.01)}


def profile(reference, outputs):
    """Largest error over the largest of the profile."""
    return {"of_largest": max(abs(got - true) for got, true in zip(outputs[0], reference)) / max(map(abs, reference))}
