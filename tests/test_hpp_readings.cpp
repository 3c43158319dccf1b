/* SPDX-License-Identifier: Apache-2.0 */
/* gex.hpp: what an uncertain book makes of numbers, readings of fields and flows, and a context. Every value is that of
 * the C calls, to the bit, however the object was made. */
#include "worked.hpp"

#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace {

bool same(double left, double right)
{
    return left == right || (std::isnan(left) && std::isnan(right));
}

/* Every element, and some of them. */
template <class T> void same(const gex::span<T> &got, const T *wanted, std::int64_t count, const char *what)
{
    bool good = got.size() == count && count > 0;
    for (std::int64_t i = 0; good && i < count; i++)
        good = got[i] == wanted[i] || (got[i] != got[i] && wanted[i] != wanted[i]);
    expect(good, what);
}

template <class T, class O>
void same(const gex::span<T> &got, const T *(*wanted)(const O *, std::int64_t *), const O *object, const char *what)
{
    std::int64_t count = 0;
    const T *data = wanted(object, &count);
    same(got, data, count, what);
}

/* ---- positions --------------------------------------------------------------------------------------------------- */

gex_uncertainty_options worked_uncertainty()
{
    static const double tilt[] = {300, -200, 100, 0, 500, -900, 40, 800, -100};
    static const gex_f64 loading = gex::column(tilt);
    gex_uncertainty_options options = gex::uncertainty_options();
    options.share = 0.4;
    options.correlation = 0.2;
    options.factor_count = 1;
    options.loadings = &loading;
    return options;
}

void check_uncertainty(const gex::uncertainty_ref &uncertainty, const gex::book_ref &book)
{
    const gex_uncertainty_options options = worked_uncertainty();
    gex_uncertainty *wanted = nullptr;
    expect(gex_uncertainty_create(nullptr, book.get(), &options, &wanted, nullptr) == GEX_OK, "an uncertainty in C");
    same(uncertainty.sd(), gex_uncertainty_sd(wanted), rows, "deviations");
    expect(uncertainty.factors() == 3 && gex_uncertainty_factors(wanted) == 3, "one factor given, one a right");
    for (std::int64_t f = 0; f < uncertainty.factors(); f++)
        same(uncertainty.loading(f), gex_uncertainty_loading(wanted, f), rows, "loadings");
    expect(uncertainty.share() == 0.4 && uncertainty.correlation() == 0.2 && uncertainty.refused() == 0, "as chosen");
    near(uncertainty.sd()[1], 0.4 * 20000 * std::sqrt(0.8), 9, "a row's own part of its error");
    near(uncertainty.loading(0)[5], -900, 9, "the loading given");
    expect(uncertainty.loading(3).empty() && uncertainty.book().get() == book.get(), "no more factors, and the book");
    gex_uncertainty_free(wanted);
}

/* ---- bands ------------------------------------------------------------------------------------------------------- */

gex_exposure_options gamma_in_usd()
{
    gex_exposure_options options = gex::exposure_options();
    options.unit = GEX_UNIT_GEX_USD_PCT;
    return options;
}

gex_grouping_options by_strike()
{
    gex_grouping_options options = gex::grouping_options();
    options.first = GEX_BY_STRIKE;
    return options;
}

gex_bands_options worked_profile()
{
    gex_bands_options options = gex::bands_options();
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.points = 101;
    return options;
}

/* Across the flip and back, an hour a step. */
gex_bands_options worked_path()
{
    static const double spot[] = {5000, 5040, 4960, 5040};
    static const std::int64_t instants[] = {as_of(), as_of() + hour / 2, as_of() + hour, as_of() + 2 * hour};
    gex_bands_options options = worked_profile();
    options.points = 4;
    options.spot = gex::column(spot);
    options.as_of = gex::column(instants);
    return options;
}

void same_bands(const gex::bands_ref &bands, const gex_bands *wanted, bool of_states)
{
    const std::int64_t last = bands.mean().size() - 1;
    expect(bands.unit() == gex_bands_unit(wanted), "unit of bands");
    same(bands.mean(), gex_bands_mean, wanted, "mean of bands");
    same(bands.sd(), gex_bands_sd, wanted, "deviation of bands");
    same(bands.gross(), gex_bands_gross, wanted, "gross of bands");
    same(bands.above(), gex_bands_above, wanted, "probability above zero");
    same(bands.below(), gex_bands_below, wanted, "probability below zero");
    expect(bands.sd()[last] > 0 && bands.above()[last] != bands.below()[last], "a band is wide and has a side");
    expect(bands.covariance(0, last) == gex_bands_covariance(wanted, 0, last), "a covariance");
    expect(bands.quantile(last, 0.05) == gex_bands_quantile(wanted, last, 0.05), "the end of a band");
    expect(bands.quantile(last, 0.05) < bands.mean()[last] && std::isnan(bands.quantile(last + 1, 0.05)), "lies below");
    if (of_states) {
        same(bands.spot(), gex_bands_spot, wanted, "prices of bands");
        same(bands.as_of(), gex_bands_as_of, wanted, "instants of bands");
    } else {
        expect(bands.spot().empty() && bands.as_of().empty(), "an exposure has no states");
    }
}

void check_bands_of_exposure(const gex::bands_ref &total, const gex::bands_ref &strikes, const gex::greeks_ref &greeks,
                             const gex::uncertainty_ref &uncertainty)
{
    const gex_exposure_options options = gamma_in_usd();
    const gex_grouping_options by = by_strike();
    gex_bands *wanted = nullptr;
    gex_bands_of_exposure(nullptr, greeks.get(), uncertainty.get(), &options, nullptr, &wanted, nullptr);
    same_bands(total, wanted, false);
    gex_bands_free(wanted);
    gex_bands_of_exposure(nullptr, greeks.get(), uncertainty.get(), &options, &by, &wanted, nullptr);
    same_bands(strikes, wanted, false);
    gex_bands_free(wanted);
    near(total.mean()[0] / 1e6, -89.4438, 4, "the total is in the middle of its band");
    near(strikes.mean()[3] / 1e6, 570.6309, 4, "so is that of 5000");
}

void check_bands(const gex::bands_ref &profile, const gex::bands_ref &path, const gex::bands_ref &flow,
                 const gex::bands_ref &forced, const gex::market_ref &market, const gex::uncertainty_ref &uncertainty)
{
    const gex_bands_options over_spot = worked_profile(), along = worked_path();
    const gex_flow_options scenarios = worked_flow();
    const gex_forced_options stretches = gex::forced_options();
    gex_bands *wanted = nullptr;
    gex_bands_of_states(nullptr, market.get(), uncertainty.get(), &over_spot, &wanted, nullptr);
    same_bands(profile, wanted, true);
    gex_bands_free(wanted);
    gex_bands_of_states(nullptr, market.get(), uncertainty.get(), &along, &wanted, nullptr);
    same_bands(path, wanted, true);
    gex_bands_free(wanted);
    gex_bands_of_flow(nullptr, market.get(), uncertainty.get(), &scenarios, &wanted, nullptr);
    same_bands(flow, wanted, true);
    gex_bands_free(wanted);
    gex_bands_of_forced(nullptr, market.get(), uncertainty.get(), &stretches, &wanted, nullptr);
    same_bands(forced, wanted, true);
    gex_bands_free(wanted);
    expect(forced.mean().size() == GEX_STRETCH_LAST_, "values a stretch");
    expect(profile.mean().size() == 101 && path.mean().size() == 4, "values a state");
    near(flow.mean()[0], -1485686.8, 1, "flow at -1 %");
    near(flow.mean()[1], -1720012.5, 1, "flow at +1 %");
    expect(flow.unit() == 0 && flow.spot()[1] == 5050, "shares, and the scenario");
}

/* ---- samples of them --------------------------------------------------------------------------------------------- */

gex_flip_bands_options worked_samples()
{
    gex_flip_bands_options options = gex::flip_bands_options();
    options.samples = 200;
    options.seed = 7;
    return options;
}

gex_regime_path_options worked_rules()
{
    gex_regime_path_options options = gex::regime_path_options();
    options.samples = 100;
    options.seed = 7;
    return options;
}

void check_flip_bands(const gex::flip_bands_ref &flips, const gex::bands_ref &profile)
{
    const gex_flip_bands_options options = worked_samples();
    gex_flip_bands *wanted = nullptr;
    expect(gex_flip_bands_compute(nullptr, profile.get(), &options, &wanted, nullptr) == GEX_OK, "flips in C");
    for (std::int32_t flip = GEX_FLIP_NEAREST; flip <= GEX_FLIP_ABOVE; flip++) {
        same(flips.samples(flip), gex_flip_bands_samples(wanted, flip, nullptr), 200, "flips of samples");
        expect(flips.found(flip) == gex_flip_bands_found(wanted, flip), "how many have one");
        expect(same(flips.quantile(flip, 0.25), gex_flip_bands_quantile(wanted, flip, 0.25)), "quantile of flips");
    }
    expect(flips.samples(GEX_FLIP_ABOVE + 1).empty(), "no such flip");
    for (std::int32_t status = GEX_ROOTS_FOUND; status <= GEX_ROOTS_NONE_ZERO; status++)
        expect(flips.share(status) == gex_flip_bands_share(wanted, status), "what searches came to");
    expect(flips.share(GEX_ROOTS_FOUND) > 0 && flips.found(GEX_FLIP_NEAREST) > 0, "some samples have a flip");
    expect(flips.quantile(GEX_FLIP_NEAREST, 0.1) < flips.quantile(GEX_FLIP_NEAREST, 0.9), "and not all the same");
    gex_flip_bands_free(wanted);
}

void check_regime_path(const gex::regime_path_ref &regimes, const gex::bands_ref &path)
{
    const gex_regime_path_options options = worked_rules();
    const std::int32_t long_gamma = GEX_REGIME_LONG_GAMMA, short_gamma = GEX_REGIME_SHORT_GAMMA;
    gex_regime_path *made = nullptr;
    expect(gex_regime_path_compute(nullptr, path.get(), &options, &made, nullptr) == GEX_OK, "regimes in C");
    const gex_regime_path *wanted = made;
    same(regimes.states(), gex_regime_path_states, wanted, "regime of each state");
    same(regimes.changes(), gex_regime_path_changes, wanted, "changes of regime");
    for (std::int32_t regime = long_gamma; regime <= GEX_REGIME_NONE; regime++) {
        expect(regimes.time(regime) == gex_regime_path_time(wanted, regime), "time in a regime");
        expect(regimes.share(regime) == gex_regime_path_share(wanted, regime), "its share");
        expect(same(regimes.expected(regime), gex_regime_path_expected(wanted, regime)), "its share, expected");
        expect(same(regimes.quantile(regime, 0.9), gex_regime_path_quantile(wanted, regime, 0.9)), "sampled");
    }
    expect(regimes.unchanged() == gex_regime_path_unchanged(wanted), "samples that never change");
    expect(regimes.states()[0] == short_gamma && regimes.states()[1] == long_gamma, "across the flip");
    expect(regimes.time(long_gamma) + regimes.time(short_gamma) == 2 * hour, "two hours in all");
    near(regimes.expected(long_gamma) + regimes.expected(short_gamma), 1, 12, "one sign or the other");
    gex_regime_path_free(made);
}

/* ---- readings ---------------------------------------------------------------------------------------------------- */

gex_field_options gamma_to_the_close()
{
    static const std::int32_t quantity = GEX_UNIT_GEX_USD_PCT;
    gex_field_options options = gex::field_options();
    options.quantities = &quantity;
    options.quantity_count = 1;
    options.steps = 3;
    return options;
}

gex_cliffs_options worked_cliffs()
{
    gex_cliffs_options options = gex::cliffs_options();
    options.unit = GEX_UNIT_GEX_USD_PCT;
    options.lead = 4 * hour; /* longer than the first expiry has: before it is the market's instant */
    return options;
}

gex_forced_options worked_forced()
{
    gex_forced_options options = gex::forced_options();
    options.adv = 1e6;
    return options;
}

void check_crossings(const gex::crossings_ref &crossings, const gex::field_ref &field)
{
    gex_crossings *made = nullptr;
    expect(gex_crossings_compute(nullptr, field.get(), GEX_UNIT_GEX_USD_PCT, &made, nullptr) == GEX_OK, "crossings");
    const gex_crossings *wanted = made;
    same(crossings.price(), gex_crossings_price, wanted, "prices of crossings");
    same(crossings.instant(), gex_crossings_instant, wanted, "their instants");
    same(crossings.direction(), gex_crossings_direction, wanted, "their directions");
    bool found = false;
    for (std::int64_t i = 0; i < crossings.price().size(); i++)
        found = found || (crossings.instant()[i] == 0 && crossings.direction()[i] == GEX_UP &&
                          std::fabs(crossings.price()[i] - 5000.1345) <= 0.5e-4);
    expect(found, "the flip is a crossing");
    gex_crossings_free(made);
}

void check_cliffs(const gex::cliffs_ref &cliffs, const gex::market_ref &market, const gex::book_ref &book)
{
    const gex_cliffs_options options = worked_cliffs();
    gex_cliffs *made = nullptr;
    expect(gex_cliffs_compute(nullptr, market.get(), book.get(), &options, &made, nullptr) == GEX_OK, "cliffs in C");
    const gex_cliffs *wanted = made;
    same(cliffs.settlement(), gex_cliffs_settlement, wanted, "settlements");
    same(cliffs.before(), gex_cliffs_before, wanted, "exposure before");
    same(cliffs.settling(), gex_cliffs_settling, wanted, "what settles of it");
    same(cliffs.after(), gex_cliffs_after, wanted, "exposure after");
    same(cliffs.rows(), gex_cliffs_rows, wanted, "contracts that leave");
    expect(cliffs.settlement()[0] == as_of() + 3 * hour && cliffs.rows()[0] == 4 && cliffs.rows()[1] == 5, "two");
    near(cliffs.before()[0] / 1e6, -89.4438, 4, "now, with all of it");
    expect(cliffs.settling()[0] != 0 && cliffs.after()[1] == 0, "in the end nothing is left");
    gex_cliffs_free(made);
}

void check_forced(const gex::forced_ref &forced, const gex::market_ref &market, const gex::book_ref &book)
{
    const gex_forced_options options = worked_forced();
    gex_forced *wanted = nullptr;
    expect(gex_forced_compute(nullptr, market.get(), book.get(), &options, &wanted, nullptr) == GEX_OK, "stretches");
    for (std::int32_t stretch = GEX_STRETCH_TO_CLOSE; stretch <= GEX_STRETCH_NEXT_SESSION; stretch++) {
        for (std::int32_t column = GEX_FORCED_SHARES; column <= GEX_FORCED_ADV_PCT; column++)
            expect(same(forced.value(stretch, column), gex_forced_value(wanted, stretch, column)), "a forced flow");
        expect(forced.from(stretch) == gex_forced_from(wanted, stretch), "where a stretch begins");
        expect(forced.to(stretch) == gex_forced_to(wanted, stretch), "where it ends");
    }
    expect(forced.from(GEX_STRETCH_TO_CLOSE) == as_of() && forced.to(GEX_STRETCH_TO_CLOSE) == as_of() + 3 * hour,
           "three hours to the close");
    near(forced.value(GEX_STRETCH_TO_CLOSE, GEX_FORCED_SHARES), 184689.6, 1, "flow to the close");
    near(forced.value(GEX_STRETCH_TO_CLOSE, GEX_FORCED_ADV_PCT), 18.46896, 5, "of a million shares a day");
    expect(std::isnan(forced.value(GEX_STRETCH_TO_CLOSE, GEX_FORCED_FUTURES)), "no future was given");
    gex_forced_free(wanted);
}

/* ---- a context --------------------------------------------------------------------------------------------------- */

/* What was handed out and not given back. */
struct ledger {
    std::int64_t blocks, handed_out;
    static void *allocate(void *user, std::int64_t size, std::int64_t alignment) noexcept
    {
        ledger *mine = static_cast<ledger *>(user);
        const std::int64_t whole = (size + alignment - 1) / alignment * alignment;
        mine->blocks++;
        mine->handed_out++;
        return aligned_alloc(static_cast<std::size_t>(alignment), static_cast<std::size_t>(whole));
    }
    static void release(void *user, void *memory, std::int64_t, std::int64_t) noexcept
    {
        static_cast<ledger *>(user)->blocks--;
        free(memory);
    }
};

gex_context_options counted_by(ledger *book)
{
    gex_context_options options = gex::context_options();
    options.instruction_set = GEX_ISA_BASELINE;
    options.allocate = ledger::allocate;
    options.release = ledger::release;
    options.memory_user = book;
    return options;
}

/* The objects outlive the context they were made with. */
void check_context(gex::context context, ledger *book)
{
    gex_error why = gex_error();
    const std::vector<std::int64_t> settlement = settlements();
    expect(static_cast<bool>(context) && context.instruction_set() == GEX_ISA_BASELINE, "a context on the baseline");
    expect(gex::context().kept() == 0, "an empty one keeps nothing");
    expect(gex::context().instruction_set() == gex_context_instruction_set(nullptr), "an empty one is none");
    {
        const std::int64_t before = book->handed_out;
        const gex::chain chain = gex::chain::create(&why, worked_columns(settlement), nullptr, context.get());
        expect(chain.rows() == rows && book->handed_out > before && book->blocks > 0, "memory is that of the context");
        context = gex::context();
        expect(!context && chain.strike()[1] == 5025, "a chain without its context");
    }
    expect(why.status == GEX_OK && book->blocks == 0, "all of it is given back");
}

/* ---- both ways --------------------------------------------------------------------------------------------------- */

/* What works without exceptions. Objects go while others made from them stay. */
void by_create()
{
    gex_error why = gex_error();
    ledger book = ledger();
    check_context(gex::context::create(&why, counted_by(&book)), &book);
    gex_context_options half = gex::context_options();
    half.allocate = ledger::allocate;
    expect(!gex::context::create(&why, half) && why.status == GEX_ERR_ARGUMENT, "an allocator that cannot release");
    why = gex_error();

    const std::vector<std::int64_t> settlement = settlements();
    const gex::chain chain = gex::chain::create(&why, worked_columns(settlement));
    const gex::market market = gex::market::create(&why, chain, worked_market());
    const gex::greeks greeks = gex::greeks::create(&why, market);
    gex::book naive = gex::book::create(&why, chain, naive_book());
    const gex::uncertainty uncertainty = gex::uncertainty::create(&why, naive, worked_uncertainty());
    const gex::crossings crossings = gex::crossings::create(
        &why, gex::field::create(&why, market, naive, gamma_to_the_close()), GEX_UNIT_GEX_USD_PCT);
    const gex_forced_options forced = worked_forced();
    check_crossings(crossings, gex::field::create(&why, market, naive, gamma_to_the_close()));
    check_cliffs(gex::cliffs::create(&why, market, naive, worked_cliffs()), market, naive);
    check_forced(gex::forced::create(&why, market, naive, &forced), market, naive);
    naive = gex::book();
    check_uncertainty(uncertainty, uncertainty.book());

    const gex_grouping_options by = by_strike();
    const gex_flip_bands_options samples = worked_samples();
    const gex_regime_path_options rules = worked_rules();
    const gex::bands profile = gex::bands::create(&why, market, uncertainty, worked_profile());
    const gex::bands path = gex::bands::create(&why, market, uncertainty, worked_path());
    check_bands_of_exposure(gex::bands::create(&why, greeks, uncertainty, gamma_in_usd()),
                            gex::bands::create(&why, greeks, uncertainty, gamma_in_usd(), &by), greeks, uncertainty);
    check_bands(profile, path, gex::bands::create(&why, market, uncertainty, worked_flow()),
                gex::bands::create(&why, market, uncertainty, gex::forced_options()), market, uncertainty);
    check_flip_bands(gex::flip_bands::create(&why, profile, &samples), profile);
    check_regime_path(gex::regime_path::create(&why, path, &rules), path);
    expect(why.status == GEX_OK, why.message);

    expect(!gex::flip_bands::create(&why, path) && why.status == GEX_ERR_ARGUMENT, "a path has no flips");
    expect(!gex::bands::create(nullptr, market, uncertainty, gex::bands_options()), "bands of no unit");
    expect(!gex::cliffs::create(nullptr, market, uncertainty.book(), gex::cliffs_options()), "cliffs of no unit");
    expect(!gex::forced::create(nullptr, market, gex::book()), "stretches of no book");
    expect(!gex::crossings::create(nullptr, gex::field(), GEX_FIELD_FLOW), "crossings of no field");
    expect(!gex::regime_path::create(nullptr, gex::bands()), "regimes of nothing");
    expect(gex::uncertainty().sd().empty() && gex::bands().mean().empty() && gex::cliffs().rows().empty(), "empty");
}

/* A map lends what it makes of an uncertain book. */
void in_a_map()
{
    const std::vector<std::int64_t> settlement = settlements();
    const gex::chain chain = gex::chain::create(nullptr, worked_columns(settlement));
    const gex::market market = gex::market::create(nullptr, chain, worked_market());
    const gex::book naive = gex::book::create(nullptr, chain, naive_book());
    const gex::uncertainty uncertainty = gex::uncertainty::create(nullptr, naive, worked_uncertainty());
    gex_map_options options = gex::map_options();
    expect(!gex::map::create(nullptr, market, naive, &options).gamma_bands(), "no uncertainty, no band");
    options.uncertainty = uncertainty.get();
    const gex::map map = gex::map::create(nullptr, market, naive, &options);
    const gex::bands total = gex::bands::create(nullptr, gex::greeks::create(nullptr, market), uncertainty,
                                                gamma_in_usd());
    expect(map.gamma_bands().mean()[0] == map.gamma().total(), "a total is in the middle of its band");
    expect(map.gamma_bands().sd()[0] == total.sd()[0], "which is as wide as alone");
    expect(map.profile_bands().spot().size() == 401 && map.profile_bands().spot()[200] == 5000, "401 prices");
    expect(map.flow_bands().mean().size() == map.flow().rows(), "a band a move");
    expect(map.flip_bands().samples(GEX_FLIP_NEAREST).size() == 4096, "4096 samples");
}

#if GEX_HPP_EXCEPTIONS
template <class Make> void refused(Make make, gex_status status, const char *what)
{
    try {
        make();
        expect(false, what);
    } catch (const gex::error &error) {
        expect(error.status() == status && std::string(error.what()).size() > 5, what);
    }
}

void by_exception()
{
    ledger book = ledger();
    check_context(gex::context(counted_by(&book)), &book);

    const std::vector<std::int64_t> settlement = settlements();
    const gex::chain chain(worked_columns(settlement));
    const gex::market market(chain, worked_market());
    const gex::greeks greeks(market);
    const gex::book naive(chain, naive_book());
    const gex::uncertainty uncertainty(naive, worked_uncertainty());
    const gex::field field(market, naive, gamma_to_the_close());
    const gex_forced_options forced = worked_forced();
    check_uncertainty(uncertainty, naive);
    check_crossings(gex::crossings(field, GEX_UNIT_GEX_USD_PCT), field);
    check_cliffs(gex::cliffs(market, naive, worked_cliffs()), market, naive);
    check_forced(gex::forced(market, naive, &forced), market, naive);

    const gex_grouping_options by = by_strike();
    const gex_flip_bands_options samples = worked_samples();
    const gex_regime_path_options rules = worked_rules();
    const gex::bands profile(market, uncertainty, worked_profile()), path(market, uncertainty, worked_path());
    check_bands_of_exposure(gex::bands(greeks, uncertainty, gamma_in_usd()),
                            gex::bands(greeks, uncertainty, gamma_in_usd(), &by), greeks, uncertainty);
    check_bands(profile, path, gex::bands(market, uncertainty, worked_flow()),
                gex::bands(market, uncertainty, gex::forced_options()), market, uncertainty);
    check_flip_bands(gex::flip_bands(profile, &samples), profile);
    check_regime_path(gex::regime_path(path, &rules), path);

    gex_uncertainty_options negative = gex::uncertainty_options();
    negative.share = -1;
    gex_context_options half = gex::context_options();
    half.release = ledger::release;
    refused([&] { gex::context made(half); }, GEX_ERR_ARGUMENT, "an allocator that cannot allocate");
    refused([&] { gex::uncertainty made(naive, negative); }, GEX_ERR_DOMAIN, "a share below zero");
    refused([&] { gex::bands made(market, uncertainty, gex::bands_options()); }, GEX_ERR_ARGUMENT, "bands of no unit");
    refused([&] { gex::flip_bands made(path); }, GEX_ERR_ARGUMENT, "flips of a path");
    refused([&] { gex::regime_path made{gex::bands()}; }, GEX_ERR_ARGUMENT, "regimes of nothing");
    refused([&] { gex::crossings made(field, GEX_FIELD_FLOW); }, GEX_ERR_ARGUMENT, "crossings of what is not held");
    refused([&] { gex::cliffs made(market, naive, gex::cliffs_options()); }, GEX_ERR_ARGUMENT, "cliffs of no unit");
    refused([&] { gex::forced made(market, gex::book()); }, GEX_ERR_ARGUMENT, "stretches of no book");
}
#endif

} // namespace

void check_readings()
{
    by_create();
    in_a_map();
#if GEX_HPP_EXCEPTIONS
    by_exception();
#endif
}
