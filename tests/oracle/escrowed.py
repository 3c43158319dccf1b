# SPDX-License-Identifier: Apache-2.0
"""American options under escrowed dividends by a method that shares nothing with the library: no differences, no
boundary.

Exercise is allowed at many dates, every ex-date among them. From one to the next the value is convolved with the exact
normal density by FFT, damped so that it vanishes at both ends; three numbers of dates in the ratio 1 : 2 : 4 are
extrapolated. The European option goes the same way and is compared with Black's formula, so the premium is what
the two leave. Where exercise between ex-dates cannot pay (f (q S - r K) <= 0 everywhere) the ex-dates are all the dates
there are.
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


def gains(right: int, rate: float, carry: float) -> bool:
    """Can exercise between ex-dates pay?"""
    return not (carry <= 0.0 <= rate if right > 0 else rate <= 0.0 <= carry)


def closed(strike: float, right: int, rate: float, carry: float, paid: float, worth: float, span: float) -> float:
    """Years before an ex-date in which no put is exercised: `worth` after it without a stock is more than K - P."""
    if right > 0 or rate <= 0.0:
        return 0.0
    return min(span, max(0.0, np.log((worth + paid) / strike)) / (rate + max(0.0, -carry)))


def bermudan(spot: float, strike: float, years: float, vol: float, right: int, rate: float, carry: float,
             dividends: np.ndarray, dates: int) -> tuple[float, float]:
    """Value with exercise at about so many dates after today, and without early exercise."""
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
    z = 2.0 * np.pi * np.fft.rfftfreq(POINTS, dx) - 1j * a
    exponent = 1j * z * (rate - carry - 0.5 * vol * vol) - 0.5 * vol * vol * z * z - rate
    # e^{-a x} E[V(x + Y)] has the transform of e^{-a x} V times the characteristic function at w - i a
    damp, level = np.exp(-a * (x - np.log(s))), np.exp(x)

    def cells(payoff: np.ndarray, place: float) -> np.ndarray:  # the mean over the kink's cell
        i = int(np.argmin(abs(x - place)))
        low, high = (place, x[i] + dx / 2) if right > 0 else (x[i] - dx / 2, place)
        payoff[i] = right * ((np.exp(high) - np.exp(low)) - strike * (high - low)) / dx
        return payoff

    def later(value: np.ndarray, factor: np.ndarray) -> np.ndarray:
        return np.fft.irfft(np.fft.rfft(value) * factor, POINTS)

    held = cells(np.maximum(right * (level - strike), 0.0), np.log(strike)) * damp
    plain, worth = later(held, np.exp(exponent * years)), strike
    for index in range(len(stretches) - 1, -1, -1):
        start, end, alpha, paid = stretches[index]
        shut = closed(strike, right, rate, carry, paid, worth, end - start)
        open_for = end - start - shut
        if shut > 0.0:
            held = later(held, np.exp(exponent * shut))
        if open_for > 0.0:
            count = max(4, int(round(dates * open_for / years))) if gains(right, rate, carry) else 1
            factor = np.exp(exponent * open_for / count)
            gain, escrowed = right * (alpha * level - strike) * damp, right * paid * damp
            for k in range(count):
                now = end - shut - open_for * (k + 1) / count
                held = later(held, factor)
                if count > 1 and now > 1e-12:
                    held = np.maximum(held, gain + escrowed * np.exp(-rate * (end - now)))
        worth = max(worth * np.exp(-rate * (end - start)), strike - paid * np.exp(-rate * (end - start)))
        if index > 0:
            before = stretches[index - 1]
            held = np.maximum(held, right * (before[2] * level + before[3] - strike) * damp)
    i = int(np.argmin(abs(x - np.log(s))))
    return held[i], plain[i]


def premiums(*row, dates: int = 120) -> tuple[float, float]:
    """The early-exercise premium, the dates extrapolated away, and the same from half as many dates."""
    if not gains(row[4], row[5], row[6]):
        return (float(np.subtract(*bermudan(*row, dates=1))),) * 2
    one, two, four, eight = (np.subtract(*bermudan(*row, dates=dates * k // 2)) for k in (1, 2, 4, 8))
    return float((8.0 * eight - 6.0 * four + two) / 3.0), float((8.0 * four - 6.0 * two + one) / 3.0)


def premium(*row, dates: int = 120) -> float:
    return premiums(*row, dates=dates)[0]
