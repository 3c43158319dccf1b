# SPDX-License-Identifier: Apache-2.0
"""American options under escrowed dividends by a method that shares nothing with the library: no differences, no boundary.

Exercise is allowed at many dates, every ex-date among them. From one to the next the value is convolved with the exact
normal density by FFT, damped so that it vanishes at both ends; three numbers of dates in the ratio 1 : 2 : 4 are
extrapolated. The European option goes the same way and is compared with Black's formula, so the premium is what
the two leave.
"""
from __future__ import annotations

import numpy as np

POINTS, REACH, DAMPING = 4096, 12.0, 22.0


def escrow(rate: float, years: float, dividends: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Stretches from today on: (from, to, alpha, P at `to` before what happens there)."""
    rows = [row for row in dividends if 0.0 < row[0] <= years]
    alpha, paid, until, stretches = 1.0, 0.0, years, []
    for when, cash, fraction in reversed(rows):
        stretches.append((when, until, alpha, paid))
        paid = (paid * np.exp(-rate * (until - when)) + cash) / (1.0 - fraction)
        alpha /= 1.0 - fraction
        until = when
    stretches.append((0.0, until, alpha, paid))
    return stretches[::-1]


def bermudan(spot: float, strike: float, years: float, vol: float, right: int, rate: float, carry: float,
             dividends: np.ndarray, dates: int) -> tuple[float, float]:
    """Value with exercise at about so many dates, and without early exercise."""
    stretches = escrow(rate, years, dividends)
    _, first, alpha, paid = stretches[0]
    s = (spot - paid * np.exp(-rate * first)) / alpha
    v = vol * np.sqrt(years)
    kink = np.log(max((strike - paid) / alpha, 0.05 * strike))
    center = 0.5 * (np.log(s) + np.log(strike))
    half = REACH * v + 0.5 * max(abs(np.log(s / strike)), abs(np.log(strike) - kink)) + abs(rate - carry) * years
    dx = 2.0 * half / POINTS
    x = np.log(s) + dx * (np.arange(POINTS) - round((np.log(s) - center + half) / dx))  # today's s is a point
    a = right * DAMPING / half
    frequency = 2.0 * np.pi * np.fft.rfftfreq(POINTS, dx)
    undamp, damp = np.exp(a * (x - np.log(s))), np.exp(-a * (x - np.log(s)))
    level = np.exp(x)

    def cells(payoff: np.ndarray, place: float) -> np.ndarray:  # the mean over the kink's cell
        i = int(np.argmin(abs(x - place)))
        low, high = (place, x[i] + dx / 2) if right > 0 else (x[i] - dx / 2, place)
        payoff[i] = right * ((np.exp(high) - np.exp(low)) - strike * (high - low)) / dx
        return payoff

    held = cells(np.maximum(right * (level - strike), 0.0), np.log(strike)) * damp
    plain = held.copy()
    for start, end, alpha, paid in stretches[::-1]:
        if end <= start:
            if start > 0.0 or len(stretches) > 1:
                index = stretches.index((start, end, alpha, paid))
                if index > 0:
                    before = stretches[index - 1]
                    held = np.maximum(held, right * (before[2] * level + before[3] - strike) * damp)
            continue
        count = max(4, int(round(dates * (end - start) / years)))
        edges = start + (end - start) * (1.0 - (np.arange(count + 1) / count) ** 1.0)
        dt = (end - start) / count
        z = frequency - 1j * a
        factor = np.exp(1j * z * (rate - carry - 0.5 * vol * vol) * dt - 0.5 * vol * vol * dt * z * z - rate * dt)
        # e^{-a x} E[V(x + Y)] has the transform of e^{-a x} V times the characteristic function at w - i a
        for k in range(count):
            held = np.fft.irfft(np.fft.rfft(held) * factor, POINTS)
            plain = np.fft.irfft(np.fft.rfft(plain) * factor, POINTS)
            now = edges[k + 1]
            gain = right * (alpha * level + paid * np.exp(-rate * (end - now)) - strike)
            held = np.maximum(held, gain * damp)
        if start > 0.0:
            before = stretches[stretches.index((start, end, alpha, paid)) - 1]
            held = np.maximum(held, right * (before[2] * level + before[3] - strike) * damp)
    i = int(np.argmin(abs(x - np.log(s))))
    return held[i] * undamp[i], plain[i] * undamp[i]


def premium(*row, dates: int = 80) -> float:
    """The early-exercise premium, the dates extrapolated away."""
    one, two, four = (np.subtract(*bermudan(*row, dates=dates * k)) for k in (1, 2, 4))
    return (8.0 * four - 6.0 * two + one) / 3.0
