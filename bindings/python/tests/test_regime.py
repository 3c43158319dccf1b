# SPDX-License-Identifier: Apache-2.0
"""Bands, sampled flips and regimes against numpy: every row repriced by the formula, every error drawn one by one."""
import math

import numpy as np
import pytest

import gex

Z95 = 1.6448536269514722  # of scipy.stats.norm.ppf(0.95)


@pytest.fixture(scope="module")
def index(sample):
    """The sample chain as an index under the sign rule most in use."""
    chain = gex.read_cboe(sample)
    market = gex.Market(chain)
    return market, gex.Book(chain, "NAIVE_CALL_LONG")


@pytest.fixture(scope="module")
def uncertainty(index):
    """Every kind of error: own, of calls, of puts, and a factor of the caller's that tilts near against far."""
    market, book = index
    position = np.nan_to_num(book.positions)
    near = np.where(np.array(market.chain.settlement) < np.sort(market.chain.expiries)[5], 1.0, -0.3)
    return gex.Uncertainty(book, sd=0.4 * np.abs(position) + 3.0, correlation=0.25, loadings=[0.1 * position * near])


def normal_below(x):
    return np.array([0.5 * math.erfc(-v / math.sqrt(2.0)) for v in np.atleast_1d(x)])


class Rows:
    """The used rows of a chain, and one contract's worth of each by the formula of Black and Scholes."""

    def __init__(self, market, book, uncertainty):
        chain = market.chain
        self.at = np.flatnonzero((np.array(market.status) == 0) & np.isfinite(book.positions))
        expiry = np.array(chain.expiry_index)[self.at]
        self.strike, self.multiplier = np.array(chain.strike)[self.at], np.array(chain.multiplier)[self.at]
        self.years, self.vol = np.array(market.calendar_years)[expiry], np.array(market.calendar_vol)[self.at]
        self.rate, self.carry = np.array(market.expiry_rate)[expiry], np.array(market.expiry_carry)[expiry]
        self.right = np.array(chain.right)[self.at]
        self.position, self.sd = book.positions[self.at], uncertainty.sd[self.at]
        self.loadings = [loading[self.at] for loading in uncertainty.loadings]

    def d1(self, spot, years):
        deviation = self.vol * np.sqrt(years)
        return (np.log(spot / self.strike) + (self.rate - self.carry) * years) / deviation + 0.5 * deviation

    def gamma(self, spot, years=None):
        """USD per 1 %, of one contract."""
        years = self.years if years is None else years
        density = np.exp(-0.5 * self.d1(spot, years) ** 2 - self.carry * years) / math.sqrt(2.0 * math.pi)
        return density / (spot * self.vol * np.sqrt(years)) * self.multiplier * spot * spot * 0.01

    def delta(self, spot):
        """Shares, of one contract."""
        below = normal_below(self.right * self.d1(spot, self.years))
        return self.right * np.exp(-self.carry * self.years) * below * self.multiplier

    def moments(self, worth):
        """Mean, covariance and gross of values whose rows are worth[i]: (values, rows)."""
        own = worth * self.sd
        load = np.array([worth @ loading for loading in self.loadings]).T
        return worth @ self.position, own @ own.T + load @ load.T, np.abs(worth * self.position).sum(axis=1)


@pytest.fixture(scope="module")
def rows(index, uncertainty):
    return Rows(*index, uncertainty)


def assert_moments(bands, expected, pairs=True):
    mean, covariance, gross = expected
    sd = np.sqrt(np.diag(covariance))
    assert np.allclose(bands.mean, mean, rtol=0, atol=1e-12 * gross.max())
    assert np.allclose(bands.gross, gross, rtol=1e-12, atol=0)
    assert np.allclose(bands.sd, sd, rtol=1e-12, atol=0)
    assert np.allclose(bands.above, normal_below(mean / sd), rtol=1e-9, atol=1e-12)
    assert np.allclose(bands.above + bands.below, 1.0, rtol=0, atol=1e-15)
    assert np.allclose(bands.quantile(0.95), mean + Z95 * sd, rtol=0, atol=1e-12 * (gross.max() + sd.max()))
    if pairs:
        assert np.allclose(bands.covariance, covariance, rtol=0, atol=1e-12 * covariance.max())


def test_a_profile_is_that_of_numpy(index, uncertainty, rows):
    market, book = index
    bands = gex.bands(market, uncertainty, points=101)
    assert_moments(bands, rows.moments(np.array([rows.gamma(price) for price in bands.spot])))
    profile = gex.profile(market, book, points=101)
    assert np.array_equal(bands.spot, profile.prices)
    assert (np.abs(bands.mean - profile.values) <= 1.01e-12 * bands.gross).all()  # what a profile of gamma promises
    assert np.array_equal(bands.sd, gex.bands(market, uncertainty, points=101, covariance=False).sd)


def test_a_path_is_that_of_numpy_as_time_passes(index, uncertainty, rows):
    market, book = index
    steps = np.arange(12)
    when = np.array(market.as_of, "M8[ns]") + steps * np.timedelta64(13, "m")
    spot = market.spot * (1.0 + 0.002 * np.sin(steps))
    bands = gex.bands(market, uncertainty, spot=spot, as_of=when)
    worth = np.array([rows.gamma(price, rows.years - step * 13 / (365 * 24 * 60))
                      for price, step in zip(spot, steps)])
    mean, covariance, gross = rows.moments(worth)
    assert np.allclose(bands.mean, mean, rtol=0, atol=1e-11 * gross.max())  # years of 0DTE, rounded in nanoseconds
    assert np.allclose(bands.covariance, covariance, rtol=0, atol=1e-11 * covariance.max())
    field = gex.field(market, book, "GEX_USD_PCT", prices=np.sort(spot), instants=when)
    cells = np.array([field["GEX_USD_PCT"][step, np.searchsorted(field.prices, spot[step])] for step in steps])
    assert np.allclose(bands.mean, cells, rtol=0, atol=1e-14 * gross.max())


def test_totals_and_groups_are_those_of_numpy(index, uncertainty, rows):
    market, book = index
    each = rows.gamma(market.spot)
    total = gex.exposure_bands(market, uncertainty)
    assert_moments(total, rows.moments(each[None, :]))
    assert total.mean[0] == gex.exposure(market, book, by=None).total
    for by in ("expiry", "right", "strike"):
        bands = gex.exposure_bands(market, uncertainty, by)
        keys = {"strike": rows.strike, "right": rows.right,
                "expiry": np.array(market.chain.expiries)[np.array(market.chain.expiry_index)[rows.at]]}[by]
        cells = np.array([np.where(keys == key, each, 0.0) for key in bands.keys[0]])
        assert_moments(bands, rows.moments(cells))


def test_flows_are_those_of_numpy(index, uncertainty, rows):
    market, book = index
    spot = market.spot * (1.0 + np.array([-3.0, -1.0, -0.25, 0.5, 2.0]) / 100)
    bands = gex.flow_bands(market, uncertainty, spot=spot)
    now = rows.delta(market.spot)
    mean, covariance, gross = rows.moments(np.array([now - rows.delta(price) for price in spot]))
    assert np.allclose(bands.mean, gex.flow(market, book, spot=spot).exact, rtol=0, atol=1e-13 * gross.max())
    assert np.allclose(bands.mean, mean, rtol=0, atol=1e-12 * np.abs(now * rows.position).sum())
    assert np.allclose(bands.covariance, covariance, rtol=0, atol=1e-11 * covariance.max())


def test_flows_of_stretches_are_those_of_rows(index, uncertainty, rows):
    market, book = index
    bands, forced = gex.forced_bands(market, uncertainty, spot_pct=1.5), gex.forced(market, book, spot_pct=1.5)
    assert bands.keys == tuple(forced.keys()) and bands.unit == "shares"
    assert np.allclose(bands.spot, 1.015 * market.spot, rtol=1e-15)
    each = []
    for name, mean, end in zip(bands.keys, bands.mean, bands.as_of):
        assert end == forced[name]["to"]
        assert np.isclose(mean, forced[name]["shares"], rtol=0, atol=1e-12 * bands.gross.max())
        ends = gex.flow(market, gex.Book(market.chain, "INVENTORY_GIVEN", positions=1.0),
                        spot=[market.spot, bands.spot[0]], as_of=[forced[name]["from"], end])
        begun = np.array(market.chain.expiries)[np.array(market.chain.expiry_index)] >= forced[name]["from"]
        each.append(np.where(begun, ends.lines(1)[0] - ends.lines(0)[0], 0.0)[rows.at])
    mean, covariance, _ = rows.moments(np.array(each))
    assert np.allclose(bands.mean, mean, rtol=0, atol=1e-11 * bands.gross.max())
    assert np.allclose(bands.covariance, covariance, rtol=0, atol=1e-10 * covariance.max())


# ---- flips -----------------------------------------------------------------------------------------------------------

def drawn_positions(rows, samples, seed):
    draw = np.random.default_rng(seed)
    position = rows.position + rows.sd * draw.standard_normal((samples, len(rows.at)))
    for loading in rows.loadings:
        position += draw.standard_normal((samples, 1)) * loading
    return position


def nearest_roots(prices, values, spot):
    """Of each row of values, the nearest price where a straight line between neighbours is zero; NaN without one."""
    found = np.full(len(values), np.nan)
    for k, value in enumerate(values):
        left = np.flatnonzero(np.sign(value[:-1]) != np.sign(value[1:]))
        root = prices[left] - value[left] * (prices[left + 1] - prices[left]) / (value[left + 1] - value[left])
        size = np.maximum(np.abs(np.interp(root * 0.995, prices, value)),
                          np.abs(np.interp(root * 1.005, prices, value)))
        root = root[size >= 1e-4 * np.abs(value).max()]
        if len(root):
            found[k] = root[np.argmin(np.abs(root - spot))]
    return found


def distance(a, b):
    """Largest difference of two empirical distributions (Kolmogorov, Smirnov)."""
    both = np.concatenate([a, b])
    below = [np.searchsorted(np.sort(x), both, side="right") / len(x) for x in (a, b)]
    return np.abs(below[0] - below[1]).max()


@pytest.mark.parametrize("low, high", [(0.9, 1.1), (0.985, 1.01)])
def test_sampled_flips_have_the_law_of_drawn_positions(index, uncertainty, rows, low, high):
    market, _ = index
    samples = 3000
    flips = gex.bands(market, uncertainty, low=low, high=high, points=201).flips(samples, seed=11)
    prices = flips.bands.spot
    values = drawn_positions(rows, samples, 5) @ np.array([rows.gamma(price) for price in prices]).T
    drawn = nearest_roots(prices, values, market.spot)
    missing = np.isnan(drawn).mean()
    apart = math.sqrt(2.0 / samples)
    assert abs(missing - (1.0 - flips.found())) <= 4.0 * apart * math.sqrt(missing * (1.0 - missing)) + 1e-12
    assert missing > 0.05 or low < 0.95  # the narrow range has books without a flip
    a, b = drawn[~np.isnan(drawn)], flips.nearest[~np.isnan(flips.nearest)]
    # 2.23: such a distance comes once in ten thousand times from one law (Smirnov 1948); the seeds are fixed
    assert distance(a, b) <= 2.23 * math.sqrt(1.0 / len(a) + 1.0 / len(b))
    for name, sign in (("NONE_POSITIVE", 1), ("NONE_NEGATIVE", -1)):
        peak = values[np.arange(samples), np.abs(values).argmax(axis=1)]
        share = (np.isnan(drawn) & (np.sign(peak) == sign)).mean()
        assert abs(flips.shares[name] - share) <= 4.0 * apart * 0.5
    assert sum(flips.shares.values()) == pytest.approx(1.0, abs=1e-15)


def test_a_small_error_moves_a_flip_as_the_slope_says(index):
    """Delta method: sd of a root is sd of the exposure there over the slope, to the first order of the error."""
    market, book = index
    at = gex.flips(market, book).nearest
    tight = gex.Uncertainty(book, share=0.01, correlation=0.2)
    flips = gex.bands(market, tight, low=0.97, high=1.03, points=401).flips(20000, seed=2)
    there = gex.bands(market, tight, spot=at.price)
    expected = there.sd[0] / abs(at.slope)
    assert flips.found() == 1.0
    assert np.std(flips.nearest) == pytest.approx(expected, rel=0.03)  # 0.5 % of sampling, the rest the second order
    assert np.mean(flips.nearest) == pytest.approx(at.price, abs=0.05 * expected)


def test_a_certain_book_has_the_flips_of_the_book(index):
    market, book = index
    certain = gex.Uncertainty(book)
    flips = gex.bands(market, certain, points=801).flips(64)
    assert np.ptp(flips.nearest) == 0.0
    assert flips.nearest[0] == pytest.approx(gex.flips(market, book).nearest.price, abs=1e-4)
    made = gex.regime(market, book, certain)
    assert made.probability == {"long_gamma": 1.0, "short_gamma": 0.0}


def test_a_sample_is_the_same_however_many_there_are(index, uncertainty):
    market, _ = index
    bands = gex.bands(market, uncertainty, points=101)
    many = bands.flips(1000, seed=-7)
    for count in (1, 63, 64, 65, 999):
        few = bands.flips(count, seed=-7)
        for name in gex.FLIP_BANDS:
            assert few[name].tobytes() == many[name][:count].tobytes()
    assert bands.flips(64, seed=8).nearest.tobytes() != many.nearest[:64].tobytes()
    assert many.quantile([0.0, 0.5, 1.0]) == pytest.approx(np.nanquantile(many.nearest, [0.0, 0.5, 1.0]), rel=1e-15)
    sides = many.below[~np.isnan(many.below)], many.above[~np.isnan(many.above)]
    assert (sides[0] <= market.spot).all() and (sides[1] >= market.spot).all()


# ---- regimes ---------------------------------------------------------------------------------------------------------

def test_probability_of_a_sign_is_that_of_drawn_books(index, uncertainty, rows):
    market, _ = index
    total = gex.exposure_bands(market, uncertainty)
    drawn = drawn_positions(rows, 20000, 9) @ rows.gamma(market.spot)
    error = math.sqrt(total.above[0] * total.below[0] / len(drawn))
    assert abs((drawn > 0).mean() - total.above[0]) <= 4.0 * error
    assert np.std(drawn) == pytest.approx(total.sd[0], rel=0.03)
    assert 0.05 < total.below[0] < 0.95


def machine(value, size, enter, leave):
    """The rules of gex/regime.h, word by word."""
    states, before = [], "none"
    for v, s in zip(value, size):
        if v > 0 and v >= enter * s:
            before = "long_gamma"
        elif v < 0 and v <= -enter * s:
            before = "short_gamma"
        elif not (before == "long_gamma" and v > leave * s or before == "short_gamma" and v < -leave * s):
            before = "at_flip"
        states.append(before)
    return np.array(states, object)


@pytest.fixture(scope="module")
def walk(index, uncertainty):
    market, book = index
    steps = np.arange(60)
    when = np.array(market.as_of, "M8[ns]") + steps * np.timedelta64(2, "m") + steps**2 * np.timedelta64(1, "s")
    spot = market.spot * (1.0 + 0.012 * np.sin(steps / 7.0))
    return gex.bands(market, uncertainty, spot=spot, as_of=when)


@pytest.mark.parametrize("size, enter, leave", [("gross", 0.0, 0.0), ("gross", 0.1, 0.05), ("sd", 1.0, -1.0),
                                                ("sd", 0.5, 0.5), ("gross", 0.08, -0.02)])
def test_a_path_follows_the_rules(walk, size, enter, leave):
    path = gex.regime_path(walk, enter, leave, size)
    expected = machine(walk.mean, getattr(walk, size), enter, leave)
    assert (path.states == expected).all()
    lasts = np.diff(walk.as_of)
    for name in gex.REGIMES:
        assert path.time[name] == lasts[expected[:-1] == name].sum()
        assert path.share[name] == pytest.approx(lasts[expected[:-1] == name].sum() / lasts.sum(), rel=1e-15)
    sides = [(i, name) for i, name in enumerate(expected) if name in ("long_gamma", "short_gamma")]
    changes = [i for (_, last), (i, name) in zip(sides, sides[1:]) if name != last]
    assert path.changes.tolist() == changes
    weight = lasts.astype(float) / lasts.sum().astype(float)
    assert path.expected["long_gamma"] == pytest.approx((weight * walk.above[:-1]).sum(), rel=1e-12)
    assert path.expected["short_gamma"] == pytest.approx((weight * walk.below[:-1]).sum(), rel=1e-12)


def test_sampled_paths_move_together_as_states_do(walk):
    samples = 8000
    path = gex.regime_path(walk, samples=samples, seed=3)
    values = np.random.default_rng(1).multivariate_normal(walk.mean, walk.covariance, samples, method="svd")
    lasts = np.diff(walk.as_of).astype(float)
    long = (values[:, :-1] > 0) @ lasts / lasts.sum()
    unchanged = ((values > 0).all(axis=1) | (values < 0).all(axis=1)).mean()
    error = math.sqrt(2.0 / samples)
    assert abs(path.unchanged - unchanged) <= 4.0 * error * 0.5
    for probability in (0.25, 0.5, 0.75):
        quantile = path.quantile(probability)
        assert (long < quantile - 1e-12).mean() <= probability + 4.0 * error * 0.5
        assert (long <= quantile + 1e-12).mean() >= probability - 4.0 * error * 0.5
    assert math.isnan(gex.regime_path(walk).quantile(0.5)) and math.isnan(gex.regime_path(walk).unchanged)


def test_the_words_of_a_regime(index, uncertainty):
    market, book = index
    made = gex.regime(market, book, uncertainty)
    assert (made.regime, made.rises.side, made.falls.side) == ("long_gamma", "SELL", "BUY")
    assert made.rises.usd == -made.net and made.falls.usd == made.net
    assert made.probability["long_gamma"] == gex.exposure_bands(market, uncertainty).above[0]
    assert made.band[0] < made.net < made.band[1] and made.flip_band[0] < made.flip_below < made.flip_band[1]
    assert made.sigmas_below == pytest.approx((market.spot - made.flip_below) / made.daily_sigma, rel=1e-15)
    assert "SELL" in str(made) and "probability" in str(made)
    other = gex.Book(market.chain, "NAIVE_CALL_SHORT")
    plain = gex.regime(market, other)
    assert (plain.regime, plain.rises.side, plain.falls.side) == ("short_gamma", "BUY", "SELL")
    assert plain.probability is plain.band is plain.flips is None and "probability" not in str(plain)
    with pytest.raises(ValueError, match="same book"):
        gex.regime(market, other, uncertainty)


def test_a_map_carries_them(index, uncertainty):
    market, book = index
    made = gex.map(market, book, uncertainty=uncertainty)
    assert made.gamma_bands.above[0] == gex.exposure_bands(market, uncertainty).above[0]
    assert np.array_equal(made.flow_bands.sd, gex.flow_bands(market, uncertainty, spot=made.flow_bands.spot).sd)
    assert len(made.profile_bands) == 401 and made.flip_bands.found() == made.profile_bands.flips().found()
    assert "if positions err as given" in made.page() and '"uncertainty":{"share":0,' in made.json()
    bare = gex.map(market, book)
    assert "odds" not in bare.page() and "uncertainty" not in bare.json()
    assert bare.gamma_bands is bare.profile_bands is bare.flow_bands is bare.flip_bands is None


def test_an_uncertainty_says_what_it_took(index):
    market, book = index
    rows = len(book.chain)
    split = gex.Uncertainty(book, share=0.5, correlation=0.36)
    position, calls = np.nan_to_num(book.positions), np.array(book.chain.right) == 1
    assert (split.share, split.correlation) == (0.5, 0.36)
    assert np.allclose(split.sd, 0.8 * 0.5 * np.abs(position), rtol=1e-15)
    assert np.allclose(split.loadings[0], np.where(calls, 0.6 * 0.5 * np.abs(position), 0.0), rtol=1e-15)
    assert np.allclose(split.loadings[1], np.where(calls, 0.0, 0.6 * 0.5 * np.abs(position)), rtol=1e-15)
    sd = np.ones(rows)
    sd[np.flatnonzero(np.isfinite(book.positions))[[3, 8]]] = np.nan, -1.0
    bad = gex.Uncertainty(book, sd=sd)
    assert bad.refused == 2 and bad.sd[np.isnan(sd) | (sd < 0)].tolist() == [0.0, 0.0]
    table = np.arange(2.0 * rows).reshape(rows, 2)
    given = gex.Uncertainty(book, loadings=table)
    assert np.array_equal(given.loadings[1], np.where(np.isfinite(book.positions), table[:, 1], 0))
    for wrong in ({"share": -1}, {"correlation": 1.5}, {"sd": 1.0, "share": 0.1}, {"sd": [1.0, 2.0]}):
        with pytest.raises(gex.InputError):
            gex.Uncertainty(book, **wrong)
