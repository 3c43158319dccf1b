/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What does not depend on the clock of a market, and where a clock ends: gamma and flips when volatilities are
 * restated, whole days, an expiry without time, instants no calendar knows.
 */
#include <stdio.h>

#include "two_clocks.h"

Suite *suite_one_clock(void);

/* ---- what no clock moves ----------------------------------------------------------------------------------------- */

/* conventions.md section 2: the 5025 call with three hours left, its deviation held. */
static const struct {
    int32_t clock;
    double  vol, vanna;
} second_table[] = {
    {GEX_CLOCK_CAL_365, 0.16, 1.023431},
    {GEX_CLOCK_BUS_252_CLOCK, 0.069187060, 2.366756},
    {GEX_CLOCK_BUS_252_DAYS, 0.047003352, 3.483771},
};

START_TEST(the_second_table_of_clocks)
{
    const struct option_row row = {GEX_CALL, 5025, 0.16, 1, 1, 3.0 / 8760};
    const struct choice choice = {
        .clock = second_table[_i].clock, .as_of = AS_OF, .spot = 5000, .rate = 0.04, .carry = 0.013};
    gex_chain *chain = scene_chain(&row, 1, 100.0);
    gex_market *market = market_of(chain, &choice);
    gex_greeks *greeks = greeks_of(market);
    const double vol = gex_market_vol(market)[0], vanna = gex_greeks_column(greeks, GEX_GREEK_VANNA)[0];

    ck_assert_double_eq_tol(vol, second_table[_i].vol, 5e-10);
    ck_assert_double_eq_tol(gex_greeks_column(greeks, GEX_GREEK_GAMMA)[0], 0.006572726, 5e-10);
    ck_assert_double_eq_tol(vanna, second_table[_i].vanna, 5e-7);
    ck_assert_double_eq_tol(vanna * vol, 0.163749, 5e-7);
    /* per calendar year, and its variance runs at T_var / T on each of the three */
    ck_assert_double_eq_tol(gex_greeks_column(greeks, GEX_GREEK_CHARM)[0], -239.9601, 5e-5);
    ck_assert_double_eq_tol(gex_greeks_column(greeks, GEX_GREEK_CHARM)[0] * gex_market_calendar_years(market)[0],
                            -0.082178117, 5e-10);
    gex_greeks_free(greeks);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

/* A vendor's CAL_365 volatility put into BUS_252 time unconverted moves the delta of that call: conventions.md. */
START_TEST(mixing_clocks_is_the_error_it_is_said_to_be)
{
    const struct option_row row = {GEX_CALL, 5025, 0.16, 1, 1, 3.0 / 8760};
    const double wrong_years = 1.0 / 252, forward = 5000 * exp(0.027 * wrong_years),
                 discount = exp(-0.04 * wrong_years);
    struct choice choice = {
        .clock = GEX_CLOCK_BUS_252_DAYS, .as_of = AS_OF, .spot = 5000, .rate = 0.04, .carry = 0.013};
    gex_chain *chain = scene_chain(&row, 1, 100.0);
    gex_market *right = market_of(chain, &choice), *wrong;
    gex_greeks *good = greeks_of(right), *bad;

    choice.vol_clock = GEX_CLOCK_BUS_252_DAYS;
    choice.forward = GEX_FORWARD_GIVEN;
    choice.forwards = (gex_f64){&forward, 0};
    choice.discounts = (gex_f64){&discount, 0};
    wrong = market_of(chain, &choice);
    bad = greeks_of(wrong);
    ck_assert_double_eq_tol(gex_greeks_column(good, GEX_GREEK_DELTA)[0], 0.046493, 5e-7);
    ck_assert_double_eq_tol(gex_greeks_column(bad, GEX_GREEK_DELTA)[0], 0.315892, 5e-7);
    gex_greeks_free(good);
    gex_greeks_free(bad);
    gex_market_free(right);
    gex_market_free(wrong);
    gex_chain_free(chain);
}
END_TEST

/* A chain the size of an index's: 40 expiries from today's to two years ahead, mornings and afternoons, 250 strikes. */
enum { CHAIN_EXPIRIES = 40, CHAIN_STRIKES = 250, CHAIN_ROWS = 2 * CHAIN_EXPIRIES * CHAIN_STRIKES };

struct quotes {
    double strike[CHAIN_ROWS], vol[CHAIN_ROWS], bid[CHAIN_ROWS], ask[CHAIN_ROWS], open_interest[CHAIN_ROWS];
    int64_t settlement[CHAIN_ROWS];
    int8_t right[CHAIN_ROWS];
};

static gex_chain *chain_from(const struct quotes *q)
{
    gex_chain_columns columns;
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = CHAIN_ROWS;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.settlement = (gex_i64){q->settlement, sizeof *q->settlement};
    columns.strike = (gex_f64){q->strike, sizeof *q->strike};
    columns.right = (gex_i8){q->right, sizeof *q->right};
    columns.vol = (gex_f64){q->vol, sizeof *q->vol};
    columns.bid = (gex_f64){q->bid, sizeof *q->bid};
    columns.ask = (gex_f64){q->ask, sizeof *q->ask};
    columns.open_interest = (gex_f64){q->open_interest, sizeof *q->open_interest};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    return chain;
}

/* Sessions from the as-of's date on: every one at first, then fewer; every third settles in the morning. */
static gex_chain *index_chain(struct quotes *q, int64_t as_of)
{
    int64_t day = as_of;
    gex_chain *chain;

    for (int e = 0; e < CHAIN_EXPIRIES; e++, day += (e < 12 ? 1 : e < 30 ? 7 : 56) * 24 * HOUR) {
        int64_t open = 0, close = 0;

        while (gex_session(gex_instant_date(day, GEX_ZONE_NEW_YORK), &open, &close) == GEX_SESSION_CLOSED ||
               (e % 3 == 1 ? open : close) < as_of)
            day += 24 * HOUR;
        for (int i = 0; i < 2 * CHAIN_STRIKES; i++) {
            const int row = e * 2 * CHAIN_STRIKES + i;
            const double moneyness = 0.6 + 0.8 * (double)(i / 2) / (double)CHAIN_STRIKES;

            q->settlement[row] = e % 3 == 1 ? open : close;
            q->strike[row] = 5000 * moneyness;
            q->right[row] = i % 2 == 0 ? GEX_CALL : GEX_PUT;
            q->vol[row] = 0.12 + 0.4 * (1 - moneyness) * (1 - moneyness) + 0.05 * (1 - moneyness);
            q->bid[row] = q->ask[row] = 0;
            q->open_interest[row] = row * 7919 % 5000;
        }
    }
    chain = chain_from(q);
    return chain;
}

/* A Monday in session, the Thursday evening before an AM settlement, a Sunday, the last minute of an early close. */
static const char *const moments[] = {"2024-06-03 13:00", "2023-09-14 16:31", "2024-01-07 12:00",
                                      "2024-11-29 12:59:30"};

/* An ulp of deviation, times d^2 at most, in what is no rounded copy; below 1e-300 doubles have fewer digits. */
static void check_near(const char *what, const double *a, const double *b, const double *factor_a,
                       const double *factor_b)
{
    for (int64_t i = 0; i < CHAIN_ROWS; i++) {
        const double x = factor_a != NULL ? a[i] * factor_a[i] : a[i], y = factor_b != NULL ? b[i] * factor_b[i] : b[i];
        ck_assert_msg(fabs(x - y) <= 1e-12 * fabs(y) + 1e-300, "%s of row %d: %.17g, %.17g", what, (int)i, x, y);
    }
}

static const int32_t unmoved[] = {GEX_GREEK_PRICE, GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_SPEED, GEX_GREEK_RHO,
                                  GEX_GREEK_EPSILON, GEX_GREEK_DUAL_DELTA, GEX_GREEK_DUAL_GAMMA};

static int runs_evenly(int32_t clock)
{
    return clock != GEX_CLOCK_BUS_252_CLOCK && clock != GEX_CLOCK_VARIANCE_CLOCK;
}

static void check_unmoved(const gex_market *base, const gex_market *market)
{
    gex_greeks *want = greeks_of(base), *got = greeks_of(market);

    for (int g = 0; g < LENGTH(unmoved); g++) /* to the bit */
        ck_assert_mem_eq(gex_greeks_column(want, unmoved[g]), gex_greeks_column(got, unmoved[g]),
                         CHAIN_ROWS * sizeof(double));
    check_near("vanna * vol", gex_greeks_column(got, GEX_GREEK_VANNA), gex_greeks_column(want, GEX_GREEK_VANNA),
               gex_market_vol(market), gex_market_vol(base));
    check_near("vega * vol", gex_greeks_column(got, GEX_GREEK_VEGA), gex_greeks_column(want, GEX_GREEK_VEGA),
               gex_market_vol(market), gex_market_vol(base));
    if (runs_evenly(gex_market_clock(market)))
        check_near("charm", gex_greeks_column(got, GEX_GREEK_CHARM), gex_greeks_column(want, GEX_GREEK_CHARM), NULL,
                   NULL);
    gex_greeks_free(want);
    gex_greeks_free(got);
}

START_TEST(gamma_is_the_same_on_every_clock)
{
    static struct quotes q;
    const int64_t as_of = at(moments[_i]);
    struct choice choice = {.clock = GEX_CLOCK_CAL_365, .as_of = as_of, .spot = 5000, .rate = 0.05, .carry = 0.014};
    gex_chain *chain = index_chain(&q, as_of);
    gex_market *base = market_of(chain, &choice);

    for (int64_t i = 0; i < CHAIN_ROWS; i++)
        ck_assert_double_eq(gex_market_vol(base)[i], q.vol[i]);
    for (choice.clock = 1; choice.clock <= GEX_CLOCK_LAST_; choice.clock++) {
        gex_market *market = market_of(chain, &choice);
        check_unmoved(base, market);
        gex_market_free(market);
    }
    gex_market_free(base);
    gex_chain_free(chain);
}
END_TEST

/* Quotes made by one market are implied on every clock, and state what the quotes do. */
START_TEST(implied_volatilities_are_born_on_the_clock)
{
    static struct quotes q;
    const int64_t as_of = at(moments[_i]);
    struct choice choice = {.clock = GEX_CLOCK_CAL_365, .as_of = as_of, .spot = 5000, .rate = 0.05, .carry = 0.014};
    gex_chain *chain = index_chain(&q, as_of);
    gex_market *base = market_of(chain, &choice);
    gex_greeks *greeks = greeks_of(base);
    int64_t used = 0;

    for (int64_t i = 0; i < CHAIN_ROWS; i++) {
        q.bid[i] = gex_greeks_column(greeks, GEX_GREEK_PRICE)[i] * 0.999;
        q.ask[i] = gex_greeks_column(greeks, GEX_GREEK_PRICE)[i] * 1.001;
    }
    gex_greeks_free(greeks);
    gex_market_free(base);
    gex_chain_free(chain);
    chain = chain_from(&q);
    choice.vol = GEX_VOL_IMPLIED;
    base = market_of(chain, &choice);
    for (choice.clock = 2; choice.clock <= GEX_CLOCK_LAST_; choice.clock++) {
        gex_market *market = market_of(chain, &choice);
        gex_greeks *want = greeks_of(base), *got = greeks_of(market);

        for (int64_t i = 0; i < CHAIN_ROWS; i++) {
            const int32_t e = gex_chain_expiry_index(chain)[i];
            if (gex_market_status(base)[i] != GEX_ROW_USED)
                continue;
            used++;
            ck_assert_double_eq(gex_greeks_column(got, GEX_GREEK_GAMMA)[i],
                                gex_greeks_column(want, GEX_GREEK_GAMMA)[i]);
            ck_assert_double_eq_tol(gex_market_vol(market)[i] * sqrt(gex_market_years(market)[e]) /
                                        (gex_market_vol(base)[i] * sqrt(gex_market_years(base)[e])), 1.0, 1e-15);
        }
        gex_greeks_free(want);
        gex_greeks_free(got);
        gex_market_free(market);
    }
    ck_assert_int_gt(used, CHAIN_ROWS);
    gex_market_free(base);
    gex_chain_free(chain);
}
END_TEST

/* From a clock to another and back: the market's volatilities, told to be on its clock, make the same market. */
START_TEST(a_volatility_told_its_clock_says_the_same)
{
    static struct quotes q;
    const int64_t as_of = at(moments[_i]);
    struct choice choice = {.as_of = as_of, .spot = 5000, .rate = 0.05, .carry = 0.014};

    for (int32_t quoted = 1; quoted <= GEX_CLOCK_LAST_; quoted++) {
        gex_chain *chain = index_chain(&q, as_of), *told;
        gex_market *base;

        choice.clock = quoted;
        choice.vol_clock = 0;
        base = market_of(chain, &choice);
        memcpy(q.vol, gex_market_vol(base), sizeof q.vol);
        told = chain_from(&q);
        choice.vol_clock = quoted;
        for (choice.clock = 1; choice.clock <= GEX_CLOCK_LAST_; choice.clock++) {
            gex_market *market = market_of(told, &choice);

            ck_assert_int_eq(gex_market_vol_clock(market), quoted);
            check_near("vol on the calendar", gex_market_calendar_vol(market), gex_market_calendar_vol(base), NULL,
                       NULL);
            if (choice.clock == quoted) /* unchanged is unchanged */
                ck_assert_mem_eq(gex_market_vol(market), gex_market_vol(base), CHAIN_ROWS * sizeof(double));
            for (int64_t e = 0; e < gex_market_expiry_count(market); e++)
                ck_assert_double_eq(gex_market_forward(market)[e], gex_market_forward(base)[e]);
            gex_market_free(market);
        }
        gex_market_free(base);
        gex_chain_free(told);
        gex_chain_free(chain);
    }
}
END_TEST

/* Everything a map says of gamma and delta is the same; flips, walls, regime and all. */
START_TEST(a_map_stands_where_it_stood)
{
    static struct quotes q;
    const int64_t as_of = at(moments[_i]);
    struct choice choice = {.clock = GEX_CLOCK_CAL_365, .as_of = as_of, .spot = 5000, .rate = 0.05, .carry = 0.014};
    gex_chain *chain = index_chain(&q, as_of);
    gex_market *market = market_of(chain, &choice);
    gex_book *book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, NULL);
    gex_map *base = NULL;

    ck_assert_int_eq(gex_map_compute(NULL, market, book, NULL, &base, NULL), GEX_OK);
    gex_market_free(market);
    for (choice.clock = 2; choice.clock <= GEX_CLOCK_LAST_; choice.clock++) {
        gex_map *map = NULL;
        int64_t points;
        const double *profile;

        market = market_of(chain, &choice);
        ck_assert_int_eq(gex_map_compute(NULL, market, book, NULL, &map, NULL), GEX_OK);
        ck_assert_double_eq(gex_exposure_total(gex_map_gamma(map)), gex_exposure_total(gex_map_gamma(base)));
        ck_assert_double_eq(gex_exposure_total(gex_map_delta(map)), gex_exposure_total(gex_map_delta(base)));
        ck_assert_int_eq(gex_flips_count(gex_map_flips(map)), gex_flips_count(gex_map_flips(base)));
        for (int64_t i = 0; i < gex_flips_count(gex_map_flips(map)); i++)
            ck_assert_double_eq(gex_flips_price(gex_map_flips(map), i), gex_flips_price(gex_map_flips(base), i));
        profile = gex_profile_values(gex_map_profile(map), &points);
        ck_assert_mem_eq(profile, gex_profile_values(gex_map_profile(base), NULL), (size_t)points * sizeof *profile);
        ck_assert_mem_eq(gex_flow_column(gex_map_flow(map), GEX_FLOW_EXACT),
                         gex_flow_column(gex_map_flow(base), GEX_FLOW_EXACT),
                         10 * sizeof(double)); /* spot alone moves */
        ck_assert_double_eq(gex_map_daily_sigma(map), gex_map_daily_sigma(base));
        ck_assert_int_eq(gex_map_regime(map), gex_map_regime(base));
        gex_map_free(map);
        gex_market_free(market);
    }
    gex_map_free(base);
    gex_book_free(book);
    gex_chain_free(chain);
}
END_TEST

/* ---- the worked chain in whole days ------------------------------------------------------------------------------ */

/* conventions.md section 11 with T = 1/252 and 21/252, volatilities unchanged: quoted on this clock. That text lets
 * carry run with T, which forwards and discounts given by that T say; with carry on the calendar the figures are those
 * of 30-digit arithmetic. From 3 June 2024 thirty days are 21 business days. */
static const struct option_row worked[] = {
    {GEX_CALL, 5000, 0.160, 9000, 0, 3.0 / 8760},   {GEX_CALL, 5025, 0.150, 20000, 0, 3.0 / 8760},
    {GEX_PUT, 4975, 0.180, 16000, 0, 3.0 / 8760},   {GEX_PUT, 5000, 0.165, 8000, 0, 3.0 / 8760},
    {GEX_CALL, 5000, 0.150, 12000, 0, 30.0 / 365},  {GEX_CALL, 5200, 0.125, 40000, 0, 30.0 / 365},
    {GEX_PUT, 5000, 0.152, 18000, 0, 30.0 / 365},   {GEX_PUT, 4800, 0.185, 50000, 0, 30.0 / 365},
    {GEX_PUT, 4500, 0.240, 60000, 0, 30.0 / 365},
};

static void check_whole_days(const struct choice *choice, double gex, double gex_tol, double flip, double flip_tol)
{
    gex_chain *chain = scene_chain(worked, LENGTH(worked), 100.0);
    gex_book *book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, worked);
    gex_market *market = market_of(chain, choice);
    gex_exposure *exposure = scene_exposure(market, book, GEX_UNIT_GEX_USD_PCT);
    gex_flips *flips = scene_flips(market, book, GEX_UNIT_GEX_USD_PCT);

    ck_assert_double_eq(gex_market_years(market)[0], 1.0 / 252);
    ck_assert_double_eq(gex_market_years(market)[1], 21.0 / 252);
    ck_assert_double_eq(gex_market_vol(market)[5], 0.125);
    ck_assert_double_eq_tol(gex_exposure_total(exposure) / 1e6, gex, gex_tol);
    ck_assert_double_eq_tol(gex_flips_price(flips, gex_flips_nearest(flips)), flip, flip_tol);
    ck_assert_int_eq(gex_flips_direction(flips, gex_flips_nearest(flips)), GEX_UP);
    gex_flips_free(flips);
    gex_exposure_free(exposure);
    gex_market_free(market);
    gex_book_free(book);
    gex_chain_free(chain);
}

START_TEST(the_worked_chain_in_whole_days)
{
    const double years[] = {1.0 / 252, 21.0 / 252};
    double forwards[2], discounts[2];
    struct choice choice = {.clock = GEX_CLOCK_BUS_252_DAYS, .vol_clock = GEX_CLOCK_BUS_252_DAYS, .as_of = AS_OF,
                            .spot = 5000, .rate = 0.04, .carry = 0.013};

    check_whole_days(&choice, 641.348195778716807, 1e-9, 4991.65467293276755, 1e-8);
    for (int e = 0; e < 2; e++) {
        forwards[e] = 5000 * exp((0.04 - 0.013) * years[e]);
        discounts[e] = exp(-0.04 * years[e]);
    }
    choice.forward = GEX_FORWARD_GIVEN;
    choice.forwards = (gex_f64){forwards, sizeof *forwards};
    choice.discounts = (gex_f64){discounts, sizeof *discounts};
    check_whole_days(&choice, 673.1143, 5e-5, 4991.2256, 5e-5);
    choice.vol_clock = GEX_CLOCK_CAL_365; /* restated, the clock says nothing: the naive book's own figure */
    choice.forward = GEX_FORWARD_RATE;
    {
        gex_chain *chain = scene_chain(worked, LENGTH(worked), 100.0);
        gex_book *book = scene_book(chain, GEX_SIGN_NAIVE_CALL_LONG, worked);
        gex_market *market = market_of(chain, &choice);
        gex_exposure *exposure = scene_exposure(market, book, GEX_UNIT_GEX_USD_PCT);

        ck_assert_double_eq_tol(gex_exposure_total(exposure) / 1e6, -89.4438, 5e-5);
        gex_exposure_free(exposure);
        gex_market_free(market);
        gex_book_free(book);
        gex_chain_free(chain);
    }
}
END_TEST

/* ---- where a clock ends ------------------------------------------------------------------------------------------ */

/* The evening before a settlement on the open: by open time none is left, and the expiry says that it is on the
 * calendar. */
START_TEST(an_expiry_without_time_stands_on_the_calendar)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.16, 10, 1, 17.0 / 8760}, {GEX_CALL, 5000, 0.16, 10, 1, 0.1}};
    const struct choice choice = {.clock = GEX_CLOCK_BUS_252_CLOCK, .as_of = at("2024-06-03 16:30"), .spot = 5000,
                                  .rate = 0.05};
    const struct choice plain = {.clock = GEX_CLOCK_CAL_365, .as_of = choice.as_of, .spot = 5000, .rate = 0.05};
    const struct choice quoted = {.clock = GEX_CLOCK_BUS_252_CLOCK, .vol_clock = GEX_CLOCK_BUS_252_CLOCK,
                                  .as_of = choice.as_of, .spot = 5000, .rate = 0.05};
    gex_chain *chain = scene_chain(rows, 2, 100.0); /* settles 06:00 and 0.1 years after AS_OF */
    gex_market *market = market_of(chain, &choice), *base = market_of(chain, &plain), *told = market_of(chain, &quoted);
    gex_greeks *got = greeks_of(market), *want = greeks_of(base);

    ck_assert_double_eq(gex_years(GEX_CLOCK_BUS_252_CLOCK, choice.as_of, gex_chain_expiries(chain, NULL)[0]), 0.0);
    ck_assert_int_eq(gex_market_expiry_clock(market)[0], GEX_CLOCK_CAL_365);
    ck_assert_int_eq(gex_market_expiry_clock(market)[1], GEX_CLOCK_BUS_252_CLOCK);
    ck_assert_double_eq(gex_market_years(market)[0], gex_market_calendar_years(base)[0]);
    ck_assert_double_eq(gex_market_pace(market)[0], 1.0);
    ck_assert_double_eq(gex_market_pace(market)[1], 0.0); /* the night is nothing to this clock */
    ck_assert_double_eq(gex_market_vol(market)[0], 0.16);
    ck_assert_double_eq(gex_market_vol(told)[0], 0.16);
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        ck_assert_double_eq(gex_greeks_column(got, greek)[0], gex_greeks_column(want, greek)[0]);
    ck_assert_double_eq(gex_greeks_column(got, GEX_GREEK_GAMMA)[1], gex_greeks_column(want, GEX_GREEK_GAMMA)[1]);
    gex_greeks_free(got);
    gex_greeks_free(want);
    gex_market_free(market);
    gex_market_free(base);
    gex_market_free(told);
    gex_chain_free(chain);
}
END_TEST

/* At a settlement there is one clock, whatever its name, and nothing is NaN that is not on the calendar; a settled
 * expiry has none; a nanosecond before the end no number is lost. */
START_TEST(settlement_is_the_same_on_every_clock)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.16, 10, 1, 3.0 / 8760},
                                      {GEX_PUT, 4990, 0.16, 10, 1, 3.0 / 8760},
                                      {GEX_CALL, 4990, 0.16, 10, 1, 3.0 / 8760},
                                      {GEX_PUT, 5000, 0.16, 10, 1, 0.1}};
    const int64_t bell = AS_OF + 3 * HOUR;
    gex_chain *chain = scene_chain(rows, LENGTH(rows), 100.0);

    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
        for (int64_t late = -1; late <= 1; late++) {
            const struct choice choice = {
                .clock = clock, .as_of = bell + late, .spot = 5000, .rate = 0.05, .carry = 0.01};
            const struct choice plain = {.clock = GEX_CLOCK_CAL_365, .as_of = bell + late, .spot = 5000, .rate = 0.05,
                                         .carry = 0.01};
            gex_market *market = market_of(chain, &choice), *base = market_of(chain, &plain);
            gex_greeks *got = greeks_of(market), *want = greeks_of(base);

            for (int i = 0; i < 3; i++) {
                ck_assert_int_eq(gex_market_status(market)[i], late > 0 ? GEX_ROW_EXPIRED : GEX_ROW_USED);
                ck_assert_int_eq(gex_greeks_status(got)[i], gex_greeks_status(want)[i]);
                for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
                    const double x = gex_greeks_column(got, greek)[i], y = gex_greeks_column(want, greek)[i];
                    ck_assert_int_eq(isnan(x) != 0, isnan(y) != 0);
                    if (late == 0)
                        ck_assert(isnan(y) || x == y);
                }
                ck_assert(late > 0 ||
                          gex_greeks_column(got, GEX_GREEK_GAMMA)[i] == gex_greeks_column(want, GEX_GREEK_GAMMA)[i]);
            }
            ck_assert_int_eq(gex_market_expiry_clock(market)[0], late > 0 ? 0 : clock);
            ck_assert_int_eq(isnan(gex_market_pace(market)[0]) != 0, late > 0);
            if (late >= 0)
                ck_assert_double_eq(gex_market_years(market)[0], 0.0);
            gex_greeks_free(got);
            gex_greeks_free(want);
            gex_market_free(market);
            gex_market_free(base);
        }
    }
    gex_chain_free(chain);
}
END_TEST

/* Instants no calendar knows, and volatilities that leave the numbers between clocks far apart. */
START_TEST(what_a_clock_cannot_say_is_data)
{
    const double strike = 100, vols[] = {0.2, 1e308, 1e-310};
    const int64_t settlement = INT64_MAX, as_of = INT64_MAX - 40 * 24 * HOUR;
    const int8_t right = GEX_CALL;
    gex_chain_columns columns;
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.settlement = (gex_i64){&settlement, 0};
    columns.strike = (gex_f64){&strike, 0};
    columns.right = (gex_i8){&right, 0};
    columns.vol = (gex_f64){vols, sizeof *vols};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
        const struct choice choice = {.clock = clock, .as_of = as_of, .spot = 100};
        gex_market *market = market_of(chain, &choice);
        const int known = clock == GEX_CLOCK_CAL_365 || clock == GEX_CLOCK_CAL_365_25;

        ck_assert_int_eq(gex_market_expiry_clock(market)[0], known ? clock : GEX_CLOCK_CAL_365);
        ck_assert_int_eq(gex_market_status(market)[0], GEX_ROW_USED);
        gex_market_free(market);
    }
    gex_chain_free(chain);

    columns.settlement = (gex_i64){(const int64_t[]){AS_OF + SECOND}, 0};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    {
        /* by whole days a second is 1/252: volatilities shrink by 350, and grow by it the other way */
        const struct choice shrink = {.clock = GEX_CLOCK_BUS_252_DAYS, .as_of = AS_OF, .spot = 100};
        const struct choice grow = {.clock = GEX_CLOCK_CAL_365, .vol_clock = GEX_CLOCK_BUS_252_DAYS, .as_of = AS_OF,
                                    .spot = 100};
        gex_market *market = market_of(chain, &shrink);

        ck_assert_double_eq_tol(gex_market_vol(market)[0], 0.2 * sqrt(252.0 / 31536000), 1e-16);
        ck_assert_int_eq(gex_market_status(market)[1], GEX_ROW_USED);
        ck_assert_int_eq(gex_market_status(market)[2], GEX_ROW_USED);
        gex_market_free(market);
        market = market_of(chain, &grow);
        ck_assert_int_eq(gex_market_status(market)[0], GEX_ROW_USED);
        ck_assert_int_eq(gex_market_status(market)[1], GEX_ROW_NO_VOL); /* it would be infinite */
        ck_assert_double_nan(gex_market_vol(market)[1]);
        ck_assert_double_nan(gex_market_calendar_vol(market)[1]);
        gex_market_free(market);
    }
    gex_chain_free(chain);
}
END_TEST

Suite *suite_one_clock(void)
{
    Suite *suite = suite_create("one_clock");
    TCase *tcase = tcase_create("one_clock");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, the_second_table_of_clocks, 0, LENGTH(second_table));
    tcase_add_test(tcase, mixing_clocks_is_the_error_it_is_said_to_be);
    tcase_add_loop_test(tcase, gamma_is_the_same_on_every_clock, 0, LENGTH(moments));
    tcase_add_loop_test(tcase, implied_volatilities_are_born_on_the_clock, 0, LENGTH(moments));
    tcase_add_loop_test(tcase, a_volatility_told_its_clock_says_the_same, 0, LENGTH(moments));
    tcase_add_loop_test(tcase, a_map_stands_where_it_stood, 0, LENGTH(moments));
    tcase_add_test(tcase, the_worked_chain_in_whole_days);
    tcase_add_test(tcase, an_expiry_without_time_stands_on_the_calendar);
    tcase_add_test(tcase, settlement_is_the_same_on_every_clock);
    tcase_add_test(tcase, what_a_clock_cannot_say_is_data);
    suite_add_tcase(suite, tcase);
    return suite;
}
