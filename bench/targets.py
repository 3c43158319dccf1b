# SPDX-License-Identifier: Apache-2.0
"""What libgex is asked to reach, and what a run measured: each target is a ratio inside one run, or an error.

Ratios are of medians, except that of two threads over one, which is of best times: what else runs on the second
processor counts against two threads only.
"""
import typing

QUANTLIB = "QuantLib BlackCalculator, price + 5 greeks"
PLAIN, FAST_MATH = "scalar C, -O3 -march=native", "scalar C, -Ofast -march=native"
HOISTED = "scalar C, hoisted, -O3 -march=native"
PORTS = ("implied-vol crate, Jaeckel (LetsBeRational)", "lbriv (LetsBeRational)")
HYBRID = ("implied-vol crate, Hybrid (default)",)  # the first of these, but for some low prices


class Target(typing.NamedTuple):
    name: str
    what: str
    measure: typing.Callable
    must: float
    stretch: float
    unit: str = "x"
    at_least: bool = True


class Missing(Exception):
    """A row that the target needs was not measured."""


class Rows:
    """The rows of a run, by what they are."""

    def __init__(self, rows, loaded, held):
        self.rows, self.loaded, self.held = rows, loaded, held

    def named(self, task, sample, name):
        for row in self.rows:
            if (row["task"], row["sample"], row["name"]) == (task, sample, name):
                return row
        raise Missing(f"no row {task}, {sample}, {name}")

    def libgex(self, task, sample):
        mine = [row for row in self.rows if row["task"] == task and row["sample"] == sample
                and row["name"].startswith("libgex ")]
        if not mine:
            raise Missing(f"no row of libgex for {task}")
        return mine

    def fastest(self, task, sample):
        return min(self.libgex(task, sample), key=lambda row: row["median"])


def european_against(peer, name=None):
    def measure(rows):
        sample = "2048 contracts"
        mine = rows.named("european", sample, name) if name else rows.fastest("european", sample)
        return rows.named("european", sample, peer)["median"] / mine["median"]
    return measure


def european_error(rows):
    """Of all instruction sets."""
    return max(max(row["accuracy"].values()) for row in rows.libgex("european", "2048 contracts"))


def over_bound(rows):
    row = rows.fastest("european", "2048 contracts")
    if "bound" not in row:
        raise Missing("no operation count")
    return row["median"] / row["bound"]["fma_seconds"]


def implied_against(names):
    def measure(rows):
        """The fastest of them on the sample where it does best."""
        ratios = []
        for sample in ("equity", "wide"):
            peers = [row["median"] for row in rows.rows
                     if row["task"] == "implied" and row["sample"] == sample and row["name"] in names]
            if not peers:
                raise Missing("none of " + ", ".join(names))
            ratios.append(min(peers) / rows.fastest("implied", sample)["median"])
        return min(ratios)
    return measure


def implied_error(rows):
    """Of all instruction sets on both samples; a price without a vol is an infinite error."""
    found = [row["accuracy"] for sample in ("equity", "wide") for row in rows.libgex("implied", sample)]
    return max(float("inf") if one["failed"] else one["eps"] for one in found)


def american_against(peer):
    def measure(rows):
        """The fastest preset whose largest error is no larger than the peer's."""
        other = rows.named("american", "puts", peer)
        as_good = [row["median"] for row in rows.libgex("american", "puts")
                   if row["accuracy"]["absolute"] <= other["accuracy"]["absolute"]]
        if not as_good:
            raise Missing("no preset is as exact")
        return other["median"] / min(as_good)
    return measure


def profile_against(sample, peer):
    def measure(rows):
        return rows.named("profile", sample, peer)["median"] / rows.fastest("profile", sample)["median"]
    return measure


def profile_error(rows):
    """Of all instruction sets."""
    return max(row["accuracy"]["of_largest"] for row in rows.libgex("profile", "log grid"))


def normals_against_gsl(rows):
    sample = "16,384 numbers"
    return (rows.named("normals", sample, "GSL, Mersenne twister and ziggurat")["median"] /
            rows.fastest("normals", sample)["median"])


def two_threads(sample):
    def measure(rows):
        one, two = (rows.named("threads", sample, f"libgex, {count}") for count in ("one thread", "two threads"))
        return one["best"] / two["best"]
    return measure


def python_cost(rows):
    """Nanoseconds, of the cheapest way to call from Python over the call from C."""
    sample = "a call of 8 rows"
    ways = [row["median"] for row in rows.rows if row["task"] == "calls" and row["name"].startswith("Python ")]
    if not ways:
        raise Missing("no call from Python")
    return 1e9 * (min(ways) - rows.fastest("calls", sample)["median"])


SMALL_FIELD = "M2 flow field 160 x 6, 5,000"
LARGE_FIELD = "M3 flow field 201 x 78, 20,000, two threads"


def milliseconds(sample):
    def measure(rows):
        return 1e3 * rows.named("field", sample, "libgex")["best"]
    return measure


LIVE_TICK, FIRST_MAP = "M1 spot tick, live, 20,000", "M5 columns to first map, 20,000"
LIVE_ROWS = ("M4 one quote, live, 20,000", "M4 one volatility, live, 20,000", "M4 one trade, live, 20,000")


def live(scale, *samples):
    """The slowest of the samples."""
    def measure(rows):
        return scale * max(rows.named("live", sample, "libgex")["median"] for sample in samples)
    return measure


def table_read(rows):
    return 1e3 * rows.named("feed", "M6 Cboe CSV, 20,000", "libgex")["median"]


def bytes_held(rows):
    if rows.held is None:
        raise Missing("not looked at")
    return rows.held


def loading(rows):
    if rows.loaded is None:
        raise Missing("not looked at")
    return 0.0 if rows.loaded["unchanged"] else 1.0


TARGETS = (
    Target("T1", "price + 11 greeks vs QuantLib BlackCalculator (price + 5)", european_against(QUANTLIB), 35, 55),
    Target("T2", "same vs plain scalar C -O3 -march=native", european_against(PLAIN), 11, 17),
    Target("T3", "same vs the -Ofast auto-vectorised loop", european_against(FAST_MATH), 1.35, 2),
    Target("T4", "same through AVX2 only vs QuantLib", european_against(QUANTLIB, "libgex avx2"), 12, 18),
    Target("T5", "its largest error, of value or of absolute terms, every set", european_error, 6, 4, " ulp", False),
    Target("T6", "its time over the multiply-add bound of its own instructions", over_bound, 1.9, 1.3, "x", False),
    Target("T7", "implied vol vs the fastest LetsBeRational port", implied_against(PORTS), 16, 30),
    Target("T7", "same vs the crate's default, a hybrid of it", implied_against(HYBRID), 16, 30),
    Target("T7", "its largest error over max(1, condition), no failure", implied_error, 16, 4, " eps", False),
    Target("T8", "American vs QdFp fast at no larger error", american_against("QuantLib QdFp fast"), 14, 40),
    Target("T9", "American vs QdFp accurate at no larger error", american_against("QuantLib QdFp accurate"), 40, 150),
    Target("T10", "gamma profile on any grid vs tuned numpy", profile_against("linear grid", "numpy, tuned"), 4, 8),
    Target("T10", "same vs hoisted scalar C", profile_against("linear grid", HOISTED), 11, 22),
    Target("T11", "gamma profile on a logarithmic grid vs tuned numpy",
           profile_against("log grid", "numpy, tuned"), 15, 30),
    Target("T11", "its largest error over the largest of the profile", profile_error, 1e-12, 1e-13, "", False),
    Target("T14", "normals, counter-based, inverse cdf, vs GSL ziggurat", normals_against_gsl, 3, 6),
    Target("T15", "two threads over one, implied vol", two_threads("implied"), 1.9, 1.98),
    Target("T15", "two threads over one, greeks in cache", two_threads("greeks"), 1.9, 1.95),
    Target("T15", "two threads over one, greeks streaming", two_threads("streaming"), 1.7, 1.9),
    Target("T16", "Python batch call, fixed cost over the C call", python_cost, 400, 150, " ns", False),
    Target("M1", "exposures of first and second order after a tick of spot, live",
           live(1e3, LIVE_TICK), 0.4, 0.2, " ms", False),
    Target("M2", "flow field, 160 prices, 6 instants, 5,000 contracts", milliseconds(SMALL_FIELD), 10, 5, " ms", False),
    Target("M3", "flow field, 201 x 78, 20,000, two threads", milliseconds(LARGE_FIELD), 400, 200, " ms", False),
    Target("M4", "one quote, volatility or trade worked into every total", live(1e6, *LIVE_ROWS), 2, 0.5, " us", False),
    Target("M5", "20,000 contracts from columns to first map", live(1e3, FIRST_MAP), 15, 5, " ms", False),
    Target("M6", "a Cboe table of 20,000 contracts from bytes to columns", table_read, 10, 4, " ms", False),
    Target("M8", "heap of a contract: live, chain, market and book", bytes_held, 512, 256, " B", False),
    Target("T17", "MXCSR, locale, signal mask, threads moved by loading", loading, 0, 0, " of 4", False),
)


def verdict(target, value):
    def reached(limit):
        return value >= limit if target.at_least else value <= limit
    return "stretch met" if reached(target.stretch) else "must met" if reached(target.must) else "NOT met"


def measure(rows, loaded, held=None):
    """A dict for each target; value is None and the verdict says why when the run has not what it needs."""
    found = Rows(rows, loaded, held)
    results = []
    for target in TARGETS:
        try:
            value = target.measure(found)
            said = verdict(target, value)
        except Missing as why:
            value, said = None, f"not measured: {why}"
        results.append({"name": target.name, "what": target.what, "value": value, "must": target.must,
                        "stretch": target.stretch, "unit": target.unit, "sign": ">=" if target.at_least else "<=",
                        "verdict": said})
    return results
