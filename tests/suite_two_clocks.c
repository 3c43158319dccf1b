/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A market whose variance runs on one clock and whose carry runs on the calendar: what does not depend on the clock,
 * what does, and that time derivatives are the slope of repriced markets. tests/golden/two_clocks.csv is 60-digit
 * differentiation of the price itself.
 */
#include <stdio.h>

#include "risk/pace.h"
#include "scene.h"

Suite *suite_two_clocks(void);

#define SECOND INT64_C(1000000000)

static int64_t at(const char *text)
{
    int64_t instant = 0;

    ck_assert_msg(gex_instant_parse(text, (int64_t)strlen(text), GEX_ZONE_NEW_YORK, &instant, NULL) == GEX_OK, "%s",
                  text);
    return instant;
}

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

struct choice {
    int32_t             clock, vol_clock, vol, forward;
    const gex_calendar *calendar;
    int64_t             as_of;
    double              spot, rate, carry;
    gex_f64             forwards, discounts;
};

static gex_market *market_of(const gex_chain *chain, const struct choice *choice)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = choice->clock;
    options.vol_clock = choice->vol_clock;
    options.calendar = choice->calendar;
    options.as_of = choice->as_of;
    options.spot = choice->spot;
    options.vol = choice->vol != 0 ? choice->vol : GEX_VOL_GIVEN;
    options.forward = choice->forward != 0 ? choice->forward : GEX_FORWARD_RATE;
    options.style = GEX_STYLE_EUROPEAN;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = choice->rate;
    options.carry_yield = choice->carry;
    options.forwards = choice->forwards;
    options.discounts = choice->discounts;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static gex_greeks *greeks_of(const gex_market *market)
{
    gex_greeks *greeks = NULL;

    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    return greeks;
}

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

Suite *suite_two_clocks(void)
{
    Suite *suite = suite_create("two_clocks");
    TCase *tcase = tcase_create("two_clocks");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, every_greek_is_that_of_two_clocks);
    tcase_add_test(tcase, a_market_has_the_greeks_of_two_clocks);
    tcase_add_loop_test(tcase, the_second_table_of_clocks, 0, LENGTH(second_table));
    tcase_add_test(tcase, mixing_clocks_is_the_error_it_is_said_to_be);
    tcase_add_loop_test(tcase, gamma_is_the_same_on_every_clock, 0, LENGTH(moments));
    tcase_add_loop_test(tcase, implied_volatilities_are_born_on_the_clock, 0, LENGTH(moments));
    tcase_add_loop_test(tcase, a_volatility_told_its_clock_says_the_same, 0, LENGTH(moments));
    tcase_add_loop_test(tcase, a_map_stands_where_it_stood, 0, LENGTH(moments));
    tcase_add_test(tcase, the_worked_chain_in_whole_days);
    tcase_add_loop_test(tcase, time_derivatives_are_slopes_of_repriced_markets, 0, LENGTH(hours));
    tcase_add_loop_test(tcase, the_pde_holds_with_the_pace_of_the_clock, 0, LENGTH(hours));
    tcase_add_loop_test(tcase, profiles_are_markets_at_other_prices, 0, LENGTH(curved));
    tcase_add_loop_test(tcase, flow_is_the_market_later, 0, GEX_CLOCK_LAST_);
    tcase_add_loop_test(tcase, a_short_while_is_charm, 0, LENGTH(hours));
    tcase_add_test(tcase, an_expiry_without_time_stands_on_the_calendar);
    tcase_add_test(tcase, settlement_is_the_same_on_every_clock);
    tcase_add_test(tcase, what_a_clock_cannot_say_is_data);
    suite_add_tcase(suite, tcase);
    return suite;
}
