# SPDX-License-Identifier: Apache-2.0
"""Worker: Python packages, called as their users call them. peers.py PACKAGE SAMPLE, of either task

Those with functions of arrays get the whole sample at once, the others a loop. Their vega and rho are per 0.01 and
theta per day; outputs are scaled back before they are judged, outside the time.
"""
import importlib.metadata
import math
import sys
import warnings

import numpy as np

import accuracy
import worker

warnings.simplefilter("ignore")
FIRST = ("delta", "gamma", "vega", "theta", "rho")  # the greeks every one of them has


def raw(columns):
    """price and FIRST in the conventions of vollib, as the twelve outputs in raw derivatives."""
    price, delta, gamma, vega, theta, rho = (np.asarray(column, float) for column in columns)
    return [price, delta, gamma, 100 * vega, 365 * theta, 100 * rho] + [None] * 6


class Market:
    """The columns of a European sample."""

    def __init__(self, path):
        columns = worker.read_sample(path, "european")[:7]
        self.S, self.K, self.T, self.r, self.q, self.vol, self.right = map(np.ascontiguousarray, columns)
        self.flag = np.where(self.right > 0, "c", "p")
        self.flags = self.flag.tolist()
        numbers = (self.S, self.K, self.T, self.r, self.vol, self.q)
        self.rows = list(zip(self.flags, *(column.tolist() for column in numbers)))


def vectorized_greeks(package, price, **options):
    """price and get_all_greeks of py_vollib_vectorized, which fast-vollib has too."""
    def european(m):
        def run():
            value = price(m.flag, m.S, m.K, m.T, m.r, m.vol, m.q, return_as="numpy", **options)
            greeks = package.get_all_greeks(m.flag, m.S, m.K, m.T, m.r, m.vol, m.q, model="black_scholes_merton",
                                            return_as="dict", **options)
            return [value] + [greeks[name] for name in FIRST]
        return "price + 5 greeks", run, lambda: raw(run())
    return european


def py_vollib_vectorized():
    import py_vollib_vectorized as package
    import py_vollib_vectorized.implied_volatility as inverse

    def implied(price, forward, strike, years, flag):
        return inverse.vectorized_implied_volatility_black(price, forward, strike, 0.0, years, flag, return_as="numpy")
    return vectorized_greeks(package, package.vectorized_black_scholes_merton), implied


def fast_vollib():
    import fast_vollib as package

    def implied(price, forward, strike, years, flag):
        return package.fast_implied_volatility_black(price, forward, strike, 0.0, years, flag, return_as="numpy",
                                                     backend="numpy")
    return vectorized_greeks(package, package.fast_black_scholes_merton, backend="numpy"), implied


def vollib():
    import vollib.black.implied_volatility as inverse
    import vollib.black_scholes_merton as model
    import vollib.black_scholes_merton.greeks.analytical as greeks

    functions = [model.black_scholes_merton] + [getattr(greeks, name) for name in FIRST]

    def european(m):
        def run():
            return [[function(*row) for row in m.rows] for function in functions]
        return "price + 5 greeks", run, lambda: raw(run())

    def implied(*columns):
        one = inverse.implied_volatility
        return [one(price, F, K, 0.0, T, flag) for price, F, K, T, flag in zip(*columns)]
    return european, implied


def opengreeks():
    """Its array functions take one flag, rate and carry for all rows, so they are timed with those of the first row,
    calls and puts apart, and judged by its scalar functions, row by row."""
    from opengreeks import black76, black_scholes_merton as model

    scalars = [model.black_scholes_merton] + [getattr(model, name) for name in FIRST]
    arrays = [model.black_scholes_merton_array] + [getattr(model, f"{name}_array") for name in accuracy.OUTPUTS[1:]]

    def european(m):
        sides = [(flag, m.S[mine], m.K[mine], m.T[mine], m.r[0], m.vol[mine], m.q[0])
                 for flag, mine in (("c", m.right > 0), ("p", m.right < 0))]

        def run():
            return [[function(*side) for function in arrays] for side in sides]

        def judged():
            return raw([[function(*row) for row in m.rows] for function in scalars])
        return "12 outputs", run, judged

    def implied(price, forward, strike, years, flag):
        vol = np.empty_like(price)
        for side in "cp":
            mine = flag == side
            columns = (price[mine], forward[mine], strike[mine], 0.0, years[mine])
            vol[mine] = black76.implied_volatility_array(*columns, side)
        return vol
    return european, implied


def quantlib():
    import QuantLib as ql

    kinds = {"c": ql.Option.Call, "p": ql.Option.Put}

    def european(m):
        def row(flag, S, K, T, r, vol, q):
            discount = math.exp(-r * T)
            payoff = ql.PlainVanillaPayoff(kinds[flag], K)
            black = ql.BlackCalculator(payoff, S * math.exp((r - q) * T), vol * math.sqrt(T), discount)
            return black.value(), black.delta(S), black.gamma(S), black.vega(T), black.theta(S, T), black.rho(T)

        def run():
            return [row(*one) for one in m.rows]
        return "price + 5 greeks", run, lambda: list(np.array(run()).T) + [None] * 6

    def implied(*columns):
        inverse, nothing = ql.blackFormulaImpliedStdDev, ql.nullDouble()
        return [inverse(kinds[flag], K, F, price, 1.0, 0.0, nothing, 1e-14, 1000) / T**0.5
                for price, F, K, T, flag in zip(*columns)]
    return european, implied


PACKAGES = {"py_vollib_vectorized": py_vollib_vectorized, "fast-vollib": fast_vollib, "vollib": vollib,
            "opengreeks": opengreeks, "QuantLib": quantlib}


def main():
    name, path = sys.argv[1:]
    european, implied = PACKAGES[name]()
    about = [f"{name} {importlib.metadata.version(name)} (Python)"]
    with open(path, "rb") as file:
        task = file.readline().split()[0].decode()
    if task == "european":
        market = Market(path)
        what, run, judged = european(market)
        worker.serve([worker.Offer(f"Python {name}, {what}", worker.repeated(run), judged)], len(market.S), 12, about)
    else:
        price, forward, strike, years, right = map(np.ascontiguousarray, worker.read_sample(path, "implied")[:5])
        flag = np.where(right > 0, "c", "p")

        def run():
            return implied(price, forward, strike, years, flag)
        offer = worker.Offer(f"Python {name}", worker.repeated(run), lambda: [np.asarray(run(), float)])
        worker.serve([offer], len(price), 1, about)


if __name__ == "__main__":
    main()
