#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prices and greeks of the models and forms that greeks_european.csv leaves out: prints models.csv. Needs mpmath.

    generate_models.py > models.csv

Values are derivatives, taken numerically in 60 digits, of the price of each model as a function of its inputs, which
are the nearest doubles to the printed ones. `terms` is the sum of the absolute values of the terms of the greek's
formula: the unit in which an error is stated where terms cancel.
"""
import random

from mpmath import diff, exp, log, mp, mpf, ncdf, npdf, sqrt

mp.dps = 60


def black(F, K, T, vol, r, right):
    v = vol * sqrt(T)
    d1 = log(F / K) / v + v / 2
    return exp(-r * T) * right * (F * ncdf(right * d1) - K * ncdf(right * (d1 - v)))


def bachelier(F, K, T, vol, r, right):
    v = vol * sqrt(T)
    d = (F - K) / v
    return exp(-r * T) * (right * (F - K) * ncdf(right * d) + v * npdf(d))


ORDERS = {  # derivatives by S, K, t, vol, r, q
    "price": (0, 0, 0, 0, 0, 0), "delta": (1, 0, 0, 0, 0, 0), "gamma": (2, 0, 0, 0, 0, 0), "vega": (0, 0, 0, 1, 0, 0),
    "theta": (0, 0, 1, 0, 0, 0), "rho": (0, 0, 0, 0, 1, 0), "epsilon": (0, 0, 0, 0, 0, 1), "vanna": (1, 0, 0, 1, 0, 0),
    "charm": (1, 0, 1, 0, 0, 0), "vomma": (0, 0, 0, 2, 0, 0), "veta": (0, 0, 1, 1, 0, 0), "speed": (3, 0, 0, 0, 0, 0),
    "zomma": (2, 0, 0, 1, 0, 0), "color": (2, 0, 1, 0, 0, 0), "ultima": (0, 0, 0, 3, 0, 0),
    "dual_delta": (0, 1, 0, 0, 0, 0), "dual_gamma": (0, 2, 0, 0, 0, 0),
    "dvanna_dvol": (1, 0, 0, 2, 0, 0), "dual_vanna": (0, 1, 0, 1, 0, 0),
}


def terms_of(model, form, S, K, T, vol, r, q, right):
    """Sums of absolute terms by greek; a greek that is a single product is its own."""
    forward = form == "forward"
    q, b = (r, mpf(0)) if forward else (q, r - q)
    g, D, root = exp(b * T), exp(-r * T), sqrt(T)
    F, v = S * g, vol * root
    if model == "bachelier":
        d = (F - K) / v
        n, N = D * npdf(d), D * ncdf(right * d)
        price, gamma, vanna = bachelier(F, K, T, vol, r, right), n / v, abs(n * d / vol)
        bF = abs(b * F)
        return {
            "price": D * abs(F - K) + price if right * (F - K) > 0 else price,
            "theta": abs(r * price) + bF * N + n * vol / 2 / root,
            "rho": abs(T * price) + (0 if forward else abs(T * F) * N),
            "charm": g * (abs(q) * N + bF * gamma + abs(n * d) / 2 / T),
            "veta": n * root * (abs(r) + (1 + d * d) / 2 / T) + bF * vanna,
            "zomma": g * g * gamma * (d * d + 1) / vol,
            "color": g * g * gamma * (abs(r - 2 * b) + (1 + d * d) / 2 / T + bF * abs(d) / v),
            "ultima": n * root * d * d * (d * d + 3) / vol**2,
            "dvanna_dvol": g * vanna * (d * d + 2) / vol,
            "vanna": g * vanna, "dual_vanna": vanna, "speed": g**3 * gamma * abs(d) / v,
            "vomma": n * root * d * d / vol,
        }
    d1 = log(F / K) / v + v / 2
    d2, Q = d1 - v, exp(-q * T)
    n, N1, N2 = Q * npdf(d1), Q * ncdf(right * d1), D * ncdf(right * d2)
    price, vega, gamma = black(F, K, T, vol, r, right), S * n * root, n / S / v
    return {
        "price": D * abs(F - K) + price if right * (F - K) > 0 else price,
        "theta": S * n * vol / 2 / root + abs(r) * K * N2 + abs(q) * S * N1,
        "rho": T * price if forward else K * T * N2,
        "charm": abs(q) * N1 + n * (abs(b) / v + abs(d2) / 2 / T),
        "veta": vega * (abs(q) + abs(b * d1) / v + (1 + abs(d1 * d2)) / 2 / T),
        "color": gamma * (abs(q) + abs(b * d1) / v + (1 + abs(d1 * d2)) / 2 / T),
        "speed": gamma / S * (abs(d1) / v + 1), "zomma": gamma * (abs(d1 * d2) + 1) / vol,
        "vanna": n * max(abs(d1), abs(d2)) / vol, "vomma": vega * max(d1 * d1, d2 * d2) / vol,
        "ultima": vega / vol**2 * (abs(d1 * d2) * (1 + abs(d1 * d2)) + d1 * d1 + d2 * d2),
        "dvanna_dvol": n / vol**2 * (abs(d1) * d2 * d2 + abs(d1) + abs(d2)),
        "dual_vanna": D * npdf(d2) * max(abs(d1), abs(d2)) / vol,
    }


def text(x):
    return mp.nstr(x, 22, strip_zeros=False, min_fixed=0, max_fixed=0)


def rows(model, form, given):
    S, K, T, vol, r, q = (mpf(x) for x in given[:6])
    right = given[6]
    price = bachelier if model == "bachelier" else black

    def value(s, k, t, sigma, rate, carry):
        T_left = T - t
        return price(s if form == "forward" else s * exp((rate - carry) * T_left), k, T_left, sigma, rate, right)
    terms = terms_of(model, form, S, K, T, vol, r, q, right)
    for greek, order in ORDERS.items():
        result = value(S, K, 0, vol, r, q) if not any(order) else diff(value, (S, K, mpf(0), vol, r, q), order)
        if form == "forward" and greek == "epsilon":
            result = mpf(0)
        yield greek, result, terms.get(greek, abs(result))
    if model == "inverse":
        def coin(s):
            return black(s, K, T, vol, mpf(0), right) / s
        delta, gamma = diff(coin, S), diff(coin, S, 2)
        black_gamma = diff(lambda s: black(s, K, T, vol, mpf(0), right), S, 2)
        yield "coin_price", coin(S), terms["price"] / S
        yield "coin_delta", delta, abs(delta)
        yield "coin_gamma", gamma, abs(black_gamma / S) + 2 * abs(delta / S)
        yield "premium_adjusted_delta", S * delta, abs(S * delta)


def cases(model, form):
    random.seed(f"{model} {form}")
    for i in range(16):
        right = 1 if i % 2 == 0 else -1
        T = [1 / 365, 0.04, 0.3, 1.0, 2.5, 1e-5][i % 6]
        r = 0.0 if model == "inverse" else random.uniform(-0.02, 0.09)
        q = 0.0 if form == "forward" or model == "inverse" else random.uniform(-0.03, 0.06)
        if model == "bachelier":
            S = random.choice([100.0, 2.5, -3.0, 0.0, 50000.0])
            vol = random.uniform(0.05, 0.6) * max(abs(S), 5)
            K = S + random.uniform(-4, 4) * vol * T**0.5
        else:
            S = 50000.0 if model == "inverse" else random.uniform(5, 6000)
            vol = random.uniform(0.08, 1.2)
            K = S * float(exp(random.uniform(-4, 4) * vol * T**0.5))
        yield S, K, T, vol, r, q, right
    if model == "inverse":
        yield 50000.0, 52000.0, 1.0, 0.1, 0.0, 0.0, 1


print("# Price and greeks: derivatives in 60 digits of the price of the nearest doubles to the inputs.")
print("model,form,spot,strike,years,vol,rate,carry,right,greek,value,terms")
for model, form in (("black", "forward"), ("bachelier", "forward"), ("bachelier", "spot"), ("inverse", "forward")):
    for given in cases(model, form):
        inputs = ",".join(repr(x) for x in given)
        for greek, value, terms in rows(model, form, given):
            print(f"{model},{form},{inputs},{greek},{text(value)},{text(terms)}")
