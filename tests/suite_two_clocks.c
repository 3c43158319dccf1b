/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What depends on the clock of a market: greeks by the chain rule, time derivatives, profiles and flows as repriced
 * markets have them. tests/golden/two_clocks.csv is 60-digit differentiation of the price itself.
 */
#include <stdio.h>

#include "risk/pace.h"
#include "two_clocks.h"

Suite *suite_two_clocks(void);

/* ---- the chain rule ---------------------------------------------------------------------------------------------- */

enum { INPUTS = 9, GOLDEN_GREEKS = GEX_GREEK_LAST_ - 2, GOLDEN_ROWS = 32 };
static const int32_t golden_greeks[GOLDEN_GREEKS] = {
    GEX_GREEK_PRICE,       GEX_GREEK_DELTA,     GEX_GREEK_GAMMA,  GEX_GREEK_VEGA,       GEX_GREEK_THETA,
    GEX_GREEK_VANNA,       GEX_GREEK_CHARM,     GEX_GREEK_VOMMA,  GEX_GREEK_VETA,       GEX_GREEK_SPEED,
    GEX_GREEK_ZOMMA,       GEX_GREEK_COLOR,     GEX_GREEK_ULTIMA, GEX_GREEK_DUAL_DELTA, GEX_GREEK_DUAL_GAMMA,
    GEX_GREEK_DVANNA_DVOL, GEX_GREEK_DUAL_VANNA};

struct golden {
    double spot, strike, years, clock_years, pace, rate, carry, vol;
    int8_t right;
    double greek[GEX_GREEK_LAST_ + 1];
};

static int golden_read(struct golden rows[GOLDEN_ROWS])
{
    FILE *file = fopen(TESTS_DIR "/golden/two_clocks.csv", "r");
    char line[2048];
    int count = 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        double value[INPUTS + GOLDEN_GREEKS];
        char *c = line;

        ck_assert_int_lt(count, GOLDEN_ROWS);
        for (int k = 0; k < INPUTS + GOLDEN_GREEKS; k++, c += *c == ',')
            value[k] = strtod(c, &c);
        rows[count] = (struct golden){value[0], value[1], value[2], value[3],          value[4],
                                      value[5], value[6], value[7], (int8_t)value[8], {0}};
        for (int g = 0; g < GOLDEN_GREEKS; g++)
            rows[count].greek[golden_greeks[g]] = value[INPUTS + g];
        count++;
    }
    fclose(file);
    return count;
}

/* Every greek of one row by the kernel of one clock, at a volatility. */
static void kernel(const struct golden *row, double vol, double greeks[GEX_GREEK_LAST_ + 1])
{
    int32_t list[GEX_GREEK_LAST_];
    double *outputs[GEX_GREEK_LAST_];
    gex_european_columns columns;

    for (int32_t g = 0; g < GEX_GREEK_LAST_; g++) {
        list[g] = g + 1;
        outputs[g] = &greeks[g + 1];
    }
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.spot = (gex_f64){&row->spot, 0};
    columns.strike = (gex_f64){&row->strike, 0};
    columns.years = (gex_f64){&row->years, 0};
    columns.vol = (gex_f64){&vol, 0};
    columns.rate = (gex_f64){&row->rate, 0};
    columns.carry_yield = (gex_f64){&row->carry, 0};
    columns.right = (gex_i8){&row->right, 0};
    ck_assert_int_eq(gex_european(NULL, &columns, list, GEX_GREEK_LAST_, outputs, NULL, NULL), GEX_OK);
}

/* Relative to the larger of a greek and what the clock adds to it: the two may cancel. An ulp of vol, times d^2. */
START_TEST(every_greek_is_that_of_two_clocks)
{
    struct golden rows[GOLDEN_ROWS];
    const int count = golden_read(rows);

    ck_assert_int_eq(count, GOLDEN_ROWS);
    for (int i = 0; i < count; i++) {
        const struct golden *row = &rows[i];
        const double root = gex__pace_root(row->clock_years, row->years), vol = row->vol * root;
        const double excess = row->pace / (row->clock_years / row->years) - 1.0;
        const struct gex__pace_rows in = {1, &row->years, &vol, &root, &excess};
        double greeks[GEX_GREEK_LAST_ + 1], before[GEX_GREEK_LAST_ + 1];
        double *columns[GEX_GREEK_LAST_ + 1];

        kernel(row, vol, greeks);
        memcpy(before, greeks, sizeof before);
        for (int g = 0; g <= GEX_GREEK_LAST_; g++)
            columns[g] = &greeks[g];
        gex__pace_apply(&in, columns);
        for (int g = 0; g < GOLDEN_GREEKS; g++) {
            const int32_t greek = golden_greeks[g];
            const double scale = fmax(fabs(row->greek[greek]), fabs(greeks[greek] - before[greek]));

            ck_assert_msg(fabs(greeks[greek] - row->greek[greek]) <= 2e-14 * scale, "row %d, %s: got %.17g, not %.17g",
                          i, gex_greek_name(greek), greeks[greek], row->greek[greek]);
        }
    }
}
END_TEST

/* ---- a market on a clock ----------------------------------------------------------------------------------------- */

/* Weights under which as_of to settlement has these years at this pace: no U-shape, nothing for closed days. */
static gex_calendar *calendar_with(int64_t as_of, int64_t settlement, double clock_years, double pace)
{
    gex_calendar_options options;
    gex_calendar *calendar = NULL;
    double sessions, nights;

    gex_calendar_options_init(&options, sizeof options);
    options.u_shape = options.non_business = 0;
    options.session = 1, options.overnight = 0;
    ck_assert_int_eq(gex_calendar_create(NULL, &options, &calendar, NULL), GEX_OK);
    sessions = gex_calendar_units(calendar, as_of, settlement);
    gex_calendar_free(calendar);
    options.session = 0, options.overnight = 1;
    ck_assert_int_eq(gex_calendar_create(NULL, &options, &calendar, NULL), GEX_OK);
    nights = gex_calendar_units(calendar, as_of, settlement);
    gex_calendar_free(calendar);
    options.year = 1;
    options.session = pace * 6.5 / 8760;
    options.overnight = (clock_years - options.session * sessions) / nights;
    ck_assert_int_eq(gex_calendar_create(NULL, &options, &calendar, NULL), GEX_OK);
    return calendar;
}

/* models.md 1.3, the first golden row, from a chain. */
START_TEST(a_market_has_the_greeks_of_two_clocks)
{
    struct golden rows[GOLDEN_ROWS];
    const struct golden *want = &rows[0];
    const struct option_row row = {GEX_CALL, 103, 0.25, 1, 1, 0.05};
    struct choice choice = {.clock = GEX_CLOCK_VARIANCE_CLOCK, .vol_clock = GEX_CLOCK_VARIANCE_CLOCK, .as_of = AS_OF,
                            .spot = 100, .rate = 0.04, .carry = 0.01};
    gex_chain *chain = scene_chain(&row, 1, 100.0);
    gex_calendar *calendar = calendar_with(AS_OF, gex_chain_expiries(chain, NULL)[0], 0.04, 3.9);
    gex_market *market;
    gex_greeks *greeks;

    golden_read(rows);
    choice.calendar = calendar;
    market = market_of(chain, &choice);
    gex_calendar_free(calendar);
    greeks = greeks_of(market);
    ck_assert_double_eq_tol(gex_market_years(market)[0], 0.04, 1e-16);
    ck_assert_double_eq_tol(gex_market_calendar_years(market)[0], 0.05, 1e-16);
    ck_assert_double_eq_tol(gex_market_pace(market)[0], 3.9, 1e-14);
    ck_assert_double_eq(gex_market_vol(market)[0], 0.25); /* quoted on this very clock */
    ck_assert_double_eq_tol(gex_greeks_column(greeks, GEX_GREEK_CHARM)[0], -10.0731632394, 5e-11);
    for (int g = 0; g < GOLDEN_GREEKS; g++) {
        const double got = gex_greeks_column(greeks, golden_greeks[g])[0], expected = want->greek[golden_greeks[g]];
        ck_assert_msg(fabs(got - expected) <= 2e-14 * fabs(expected), "%s: got %.17g, not %.17g",
                      gex_greek_name(golden_greeks[g]), got, expected);
    }
    gex_greeks_free(greeks);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

/* ---- time -------------------------------------------------------------------------------------------------------- */

/* Open, midday, a minute before the close, night, weekend, an early close. */
static const char *const hours[] = {"2024-06-03 09:45", "2024-06-03 12:45", "2024-06-03 15:58", "2024-06-04 03:00",
                                    "2024-06-08 12:00", "2024-07-03 12:30"};

static const struct option_row dated[] = {
    {GEX_CALL, 5000, 0.16, 100, 1, 0.1}, {GEX_CALL, 5100, 0.15, 100, 1, 0.1}, {GEX_PUT, 4800, 0.22, 100, 1, 0.1},
    {GEX_PUT, 5050, 0.14, 100, 1, 0.3},  {GEX_CALL, 5600, 0.12, 100, 1, 0.3}, {GEX_PUT, 4900, 0.19, 100, 1, 1.5},
};

static gex_market *dated_market(const gex_chain *chain, int32_t clock, int64_t as_of, double spot)
{
    const struct choice choice = {.clock = clock, .vol_clock = clock, .as_of = as_of, .spot = spot, .rate = 0.05,
                                  .carry = 0.013};
    return market_of(chain, &choice);
}

/* A greek against the five-point difference of another over time, on a clock that its volatilities stay with. Ten
 * seconds a step: pace is a parabola, which five points take exactly, and rounding is 1e-16 of the value over 3e-7
 * years. */
static void check_slope(const gex_chain *chain, int32_t clock, int64_t as_of, int32_t of, int32_t slope)
{
    static const double weight[5] = {1.0 / 12, -8.0 / 12, 0, 8.0 / 12, -1.0 / 12};
    const int64_t step = 10 * SECOND;
    const double years = gex_years(GEX_CLOCK_CAL_365, 0, step);
    gex_greeks *greeks[5];

    for (int k = 0; k < 5; k++) {
        gex_market *market = dated_market(chain, clock, as_of + (k - 2) * step, 5000);
        greeks[k] = greeks_of(market);
        gex_market_free(market);
    }
    for (int i = 0; i < LENGTH(dated); i++) {
        const double got = gex_greeks_column(greeks[2], slope)[i], value = gex_greeks_column(greeks[2], of)[i];
        double expected = 0.0;

        for (int k = 0; k < 5; k++)
            expected += weight[k] * gex_greeks_column(greeks[k], of)[i] / years;
        ck_assert_msg(fabs(got - expected) <= 1e-8 * fabs(expected) + 1e-8 * fabs(value),
                      "%s of row %d: %.12g, slope %.12g", gex_greek_name(slope), i, got, expected);
    }
    for (int k = 0; k < 5; k++)
        gex_greeks_free(greeks[k]);
}

START_TEST(time_derivatives_are_slopes_of_repriced_markets)
{
    static const int32_t clocks[] = {GEX_CLOCK_CAL_365, GEX_CLOCK_CAL_365_25, GEX_CLOCK_BUS_252_CLOCK,
                                     GEX_CLOCK_VARIANCE_CLOCK};
    gex_chain *chain = scene_chain(dated, LENGTH(dated), 100.0);

    for (int c = 0; c < LENGTH(clocks); c++) {
        check_slope(chain, clocks[c], at(hours[_i]), GEX_GREEK_PRICE, GEX_GREEK_THETA);
        check_slope(chain, clocks[c], at(hours[_i]), GEX_GREEK_DELTA, GEX_GREEK_CHARM);
        check_slope(chain, clocks[c], at(hours[_i]), GEX_GREEK_VEGA, GEX_GREEK_VETA);
        check_slope(chain, clocks[c], at(hours[_i]), GEX_GREEK_GAMMA, GEX_GREEK_COLOR);
    }
    gex_chain_free(chain);
}
END_TEST

/* theta + b S delta + sigma^2 pace S^2 gamma / 2 - r V = 0, with sigma and pace of the clock: models.md 1.3. */
START_TEST(the_pde_holds_with_the_pace_of_the_clock)
{
    gex_chain *chain = scene_chain(dated, LENGTH(dated), 100.0);

    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
        gex_market *market = dated_market(chain, clock, at(hours[_i]), 5000);
        gex_greeks *greeks = greeks_of(market);

        for (int i = 0; i < LENGTH(dated); i++) {
            const double vol = gex_market_vol(market)[i];
            const double pace = gex_market_pace(market)[gex_chain_expiry_index(chain)[i]];
            const double theta = gex_greeks_column(greeks, GEX_GREEK_THETA)[i];
            const double carried = (0.05 - 0.013) * 5000 * gex_greeks_column(greeks, GEX_GREEK_DELTA)[i];
            const double moved = vol * vol * pace * 25e6 * gex_greeks_column(greeks, GEX_GREEK_GAMMA)[i] / 2;
            const double accrued = 0.05 * gex_greeks_column(greeks, GEX_GREEK_PRICE)[i];

            ck_assert_double_eq_tol(theta + carried + moved - accrued, 0.0, 3e-14 * (fabs(carried) + moved + accrued));
        }
        gex_greeks_free(greeks);
        gex_market_free(market);
    }
    gex_chain_free(chain);
}
END_TEST

/* ---- curves ------------------------------------------------------------------------------------------------------ */

static const int32_t curved[] = {GEX_UNIT_GEX_USD_PCT,          GEX_UNIT_DEX_USD,
                                 GEX_UNIT_VEX_USD_VOLPT,        GEX_UNIT_VEX_USD_RELPCT,
                                 GEX_UNIT_VEX_USD_PT_BETA,      GEX_UNIT_VEGA_USD_VOLPT,
                                 GEX_UNIT_CEX_USD_CALDAY,       GEX_UNIT_CEX_USD_TOEXP,
                                 GEX_UNIT_THETA_USD_CALDAY,     GEX_UNIT_VOMMA_VEGA_VOLPT,
                                 GEX_UNIT_COLOR_USD_PCT_CALDAY, GEX_UNIT_ZOMMA_USD_PCT_VOLPT,
                                 GEX_UNIT_GEX_PLUS_USD_PT,      GEX_UNIT_DAG,
                                 GEX_UNIT_SPEED_USD_PCT2,       GEX_UNIT_DGEX_PCT_PER_PCT,
                                 GEX_UNIT_VETA_USD_VOLPT_CALDAY, GEX_UNIT_ULTIMA_VEGA_VOLPT2,
                                 GEX_UNIT_RHO_USD_BP,           GEX_UNIT_CEX_SHARES_CALDAY};

/* A profile is what markets at its prices expose, in every kind of unit; profiles of the hoisted greeks are within
 * 1e-12 of the sum of absolute terms. */
START_TEST(profiles_are_markets_at_other_prices)
{
    gex_chain *chain = scene_chain(dated, LENGTH(dated), 100.0);
    gex_book *book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, dated);
    gex_market *market = dated_market(chain, GEX_CLOCK_VARIANCE_CLOCK, at("2024-06-03 10:30"), 5000);
    gex_profile_options options;
    gex_profile *profile = NULL;
    const double *prices, *values;

    gex_profile_options_init(&options, sizeof options);
    options.unit = curved[_i];
    options.points = 9;
    options.low = 0.96;
    options.high = 1.04;
    options.beta = -10;
    ck_assert_int_eq(gex_profile_compute(NULL, market, book, &options, &profile, NULL), GEX_OK);
    prices = gex_profile_prices(profile, NULL);
    values = gex_profile_values(profile, NULL);
    for (int i = 0; i < 9; i++) {
        gex_market *there = dated_market(chain, GEX_CLOCK_VARIANCE_CLOCK, at("2024-06-03 10:30"), prices[i]);
        gex_exposure *exposure = scene_exposure(there, book, curved[_i]);

        ck_assert_double_eq_tol(values[i], gex_exposure_total(exposure), 2e-12 * gex_exposure_gross(exposure));
        gex_exposure_free(exposure);
        gex_market_free(there);
    }
    gex_profile_free(profile);
    gex_market_free(market);
    gex_book_free(book);
    gex_chain_free(chain);
}
END_TEST

/* ---- flow -------------------------------------------------------------------------------------------------------- */

static double delta_of(const gex_chain *chain, const gex_book *book, const struct choice *choice)
{
    gex_market *market = market_of(chain, choice);
    gex_exposure *exposure = scene_exposure(market, book, GEX_UNIT_DEX_SHARES);
    const double total = gex_exposure_total(exposure);

    gex_exposure_free(exposure);
    gex_market_free(market);
    return total;
}

/* To a later instant, another spot and other volatilities: the delta of the market that stands there, on every clock.
 * The volatilities are moved on the clock they are quoted on. */
START_TEST(flow_is_the_market_later)
{
    static const char *const laters[] = {"2024-06-03 15:30", "2024-06-03 20:00", "2024-06-10 09:30",
                                         "2024-06-20 11:00"};
    gex_chain *chain = scene_chain(dated, LENGTH(dated), 100.0), *moved;
    gex_book *book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, dated), *moved_book;
    struct option_row rows[LENGTH(dated)];
    struct choice choice = {
        .clock = _i + 1, .vol_clock = _i + 1, .as_of = AS_OF, .spot = 5000, .rate = 0.05, .carry = 0.013};
    gex_market *market = market_of(chain, &choice);
    const double start = delta_of(chain, book, &choice), shift = 0.015;

    memcpy(rows, dated, sizeof rows);
    for (int i = 0; i < LENGTH(dated); i++)
        rows[i].vol += shift;
    moved = scene_chain(rows, LENGTH(dated), 100.0);
    moved_book = scene_book(moved, GEX_SIGN_NAIVE_CALL_LONG, rows);
    choice.spot = 4940;
    for (int k = 0; k < LENGTH(laters); k++) {
        gex_flow_options options;
        gex_flow *flow = NULL;

        choice.as_of = at(laters[k]);
        gex_flow_options_init(&options, sizeof options);
        options.rows = 1;
        options.spot = (gex_f64){&choice.spot, 0};
        options.as_of = (gex_i64){&choice.as_of, 0};
        options.vol_shift = (gex_f64){&shift, 0};
        ck_assert_int_eq(gex_flow_compute(NULL, market, book, &options, &flow, NULL), GEX_OK);
        ck_assert_double_eq_tol(gex_flow_column(flow, GEX_FLOW_EXACT)[0], start - delta_of(moved, moved_book, &choice),
                                1e-9);
        gex_flow_free(flow);
    }
    gex_market_free(market);
    gex_book_free(book);
    gex_book_free(moved_book);
    gex_chain_free(chain);
    gex_chain_free(moved);
}
END_TEST

/* Ten milliseconds ahead the straight line is the flow: charm runs at the pace of the hour. */
START_TEST(a_short_while_is_charm)
{
    gex_chain *chain = scene_chain(dated, LENGTH(dated), 100.0);
    gex_book *book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, dated);
    gex_market *market = dated_market(chain, GEX_CLOCK_VARIANCE_CLOCK, at(hours[_i]), 5000);
    const int64_t later = at(hours[_i]) + SECOND / 100;
    const double shift = 1e-8;
    gex_flow_options options;
    gex_flow *flow = NULL;
    double exact, linear;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.as_of = (gex_i64){&later, 0};
    options.vol_shift = (gex_f64){&shift, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, market, book, &options, &flow, NULL), GEX_OK);
    exact = gex_flow_column(flow, GEX_FLOW_EXACT)[0];
    linear = gex_flow_column(flow, GEX_FLOW_LINEAR)[0];
    ck_assert_double_eq_tol(exact, linear, 2e-5 * fabs(linear));
    gex_flow_free(flow);
    gex_market_free(market);
    gex_book_free(book);
    gex_chain_free(chain);
}
END_TEST

Suite *suite_two_clocks(void)
{
    Suite *suite = suite_create("two_clocks");
    TCase *tcase = tcase_create("two_clocks");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, every_greek_is_that_of_two_clocks);
    tcase_add_test(tcase, a_market_has_the_greeks_of_two_clocks);
    tcase_add_loop_test(tcase, time_derivatives_are_slopes_of_repriced_markets, 0, LENGTH(hours));
    tcase_add_loop_test(tcase, the_pde_holds_with_the_pace_of_the_clock, 0, LENGTH(hours));
    tcase_add_loop_test(tcase, profiles_are_markets_at_other_prices, 0, LENGTH(curved));
    tcase_add_loop_test(tcase, flow_is_the_market_later, 0, GEX_CLOCK_LAST_);
    tcase_add_loop_test(tcase, a_short_while_is_charm, 0, LENGTH(hours));
    suite_add_tcase(suite, tcase);
    return suite;
}
