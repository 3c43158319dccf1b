/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The grid: discrete dividends against the exact one-dimensional integral and golden/discrete_dividend.csv, to 1e-4 of
 * strike; greeks against differences of prices.
 */
#include "american_rows.h"

Suite *suite_american_grid(void);

static const double bound = 1e-4; /* of strike, as the header promises */

/* ---- dividends --------------------------------------------------------------------------------------------------- */

START_TEST(golden_dividends)
{
    struct table t;
    int rows = 0;

    table_open(&t, TESTS_DIR "/golden/discrete_dividend.csv");
    while (table_next(&t)) {
        const struct option o = {table_number(&t, "S"),
                                 table_number(&t, "K"),
                                 table_number(&t, "T"),
                                 table_number(&t, "sigma"),
                                 table_number(&t, "r"),
                                 0.0,
                                 table_text(&t, "cp")[0] == 'C' ? 1 : -1};
        double years[3], cash[3];
        struct schedule schedule = {0, years, cash, NULL};
        struct valued v;

        if (table_text(&t, "exercise")[0] != 'A')
            continue;
        for (int k = 0; k < 3; k++) {
            const char names[3][2][3] = {{"t1", "d1"}, {"t2", "d2"}, {"t3", "d3"}};

            if (table_text(&t, names[k][0])[0] == '\0')
                continue;
            years[schedule.count] = table_number(&t, names[k][0]);
            cash[schedule.count++] = table_number(&t, names[k][1]);
        }
        rows++;
        v = value_with(NULL, o, 0, &schedule);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_PRICE], table_number(&t, "value"),
                                bound * o.K + table_number(&t, "tol"));
        ck_assert(v.status == GEX_CALC_SLOW_PATH || v.status == GEX_CALC_EXERCISE_AT_DIVIDEND);
    }
    ck_assert_int_eq(rows, 7);
}
END_TEST

static double black_call(double S, double K, double T, double vol, double r)
{
    const double v = vol * sqrt(T), d1 = S > 0 ? log(S / K) / v + r * T / v + v / 2 : -1e9;

    return S <= 0 ? 0 : S * 0.5 * erfc(-d1 * sqrt(0.5)) - K * exp(-r * T) * 0.5 * erfc(-(d1 - v) * sqrt(0.5));
}

/*
 * A call with one dividend is exercised just before the ex-date or held: the discounted mean over the lognormal spot
 * there of max(Black(S - D, T - t), S - K), by Simpson's rule in deviations.
 */
static double call_with_dividend(struct option o, double t, double cash, double fraction)
{
    enum { POINTS = 20000 };
    const double v = o.vol * sqrt(t), low = -9, high = 9, h = (high - low) / (double)POINTS;
    double sum = 0;

    for (int i = 0; i <= POINTS; i++) {
        const double z = low + i * h, S = o.S * exp((o.r - o.vol * o.vol / 2) * t + v * z);
        const double held = black_call(fmax(S - cash - fraction * S, 0), o.K, o.T - t, o.vol, o.r);

        sum += (i == 0 || i == POINTS ? 1 : i % 2 == 1 ? 4 : 2) * exp(-z * z / 2) * fmax(held, S - o.K);
    }
    return exp(-o.r * t) * sum * h / 3 / sqrt(2 * acos(-1.0));
}

START_TEST(calls_with_a_dividend_against_the_integral)
{
    for (int i = 0; i < 60; i++) {
        const struct option o = {100, between(70, 140), log_between(0.05, 2), between(0.1, 0.6), between(0.0, 0.1), 0,
                                 1};
        const double when = o.T * between(0.02, 0.98), cash = i % 3 == 0 ? 0 : between(0.2, 8);
        const double fraction = i % 3 == 1 ? 0 : between(0.002, 0.08);
        const struct schedule schedule = {1, &when, &cash, &fraction};

        ck_assert_double_eq_tol(price_with(o, 0, &schedule), call_with_dividend(o, when, cash, fraction), bound * o.K);
    }
}
END_TEST

/* Ex-dates that are past, at expiry or beyond leave the ordinary option;
 * a dividend of nothing costs a grid and no more. */
START_TEST(dividends_that_do_not_matter)
{
    const struct option o = {100, 105, 0.5, 0.3, 0.05, 0.02, -1};
    const double years[] = {-1, 0, 0.5, 0.7}, cash[] = {5, 5, 5, 5}, nothing[] = {0}, soon[] = {0.1};
    const struct schedule outside = {4, years, cash, NULL}, empty = {1, soon, nothing, nothing};
    const double price = price_of(o, GEX_ACCURACY_STANDARD);

    ck_assert_double_eq(price_with(o, GEX_ACCURACY_STANDARD, &outside), price);
    ck_assert_double_eq_tol(price_with(o, GEX_ACCURACY_STANDARD, &empty), price, bound * o.K);
}
END_TEST

/* A deep call before a large dividend is exercised at the ex-date, one out of the money is not;
 * a put waits for the drop. */
START_TEST(exercise_at_the_dividend)
{
    const double years[] = {0.05, 0.3}, cash[] = {1.5, 1.5};
    const struct schedule schedule = {2, years, cash, NULL};
    const struct option deep = {100, 70, 0.25, 0.2, 0.03, 0, 1}, out = {100, 110, 0.25, 0.2, 0.03, 0, 1};
    const struct option put = {100, 110, 0.25, 0.2, 0.03, 0, -1};

    ck_assert_int_eq(value_with(NULL, deep, 0, &schedule).status, GEX_CALC_EXERCISE_AT_DIVIDEND);
    ck_assert_int_eq(value_with(NULL, out, 0, &schedule).status, GEX_CALC_SLOW_PATH);
    ck_assert_int_eq(value_with(NULL, put, 0, &schedule).status, GEX_CALC_SLOW_PATH);
}
END_TEST

/* The grid on a problem with one boundary is the collocation's value: a dividend of nothing sends it there. */
START_TEST(grid_against_collocation)
{
    const double when = 1e-3, nothing = 0;
    const struct schedule schedule = {1, &when, &nothing, NULL};

    for (int i = 0; i < 60; i++) {
        struct option o = usual_option();

        o.T = log_between(0.01, 2.0);
        ck_assert_double_eq_tol(price_with(o, 0, &schedule), price_of(o, GEX_ACCURACY_HIGH), bound * fmax(o.K, o.S));
    }
}
END_TEST

/* ---- greeks ------------------------------------------------------------------------------------------------------ */

static const double ex_years[] = {0.1, 0.35, 0.6}, ex_cash[] = {1, 1, 1}, ex_fraction[] = {0, 0.005, 0};
static const struct schedule three = {3, ex_years, ex_cash, ex_fraction};

enum field { SPOT, STRIKE, VOL, RATE, CARRY };

static struct option moved(struct option o, enum field field, double step)
{
    double *const fields[] = {&o.S, &o.K, &o.vol, &o.r, &o.q};

    *fields[field] += step;
    return o;
}

static double slope(const struct option *o, const struct schedule *schedule, enum field field, double step)
{
    return (price_with(moved(*o, field, step), 0, schedule) - price_with(moved(*o, field, -step), 0, schedule)) /
           (2 * step);
}

/* The value a little later, all dates being that much nearer. */
static double theta_of(struct option o, const struct schedule *schedule, double price)
{
    const double step = 0.005;
    double nearer[3];
    struct schedule later = three;

    for (int i = 0; i < 3; i++)
        nearer[i] = ex_years[i] - step;
    later.years = nearer;
    o.T -= step;
    return (price_with(o, 0, schedule != NULL ? &later : NULL) - price) / step;
}

static void check_greeks(struct option o, const struct schedule *schedule)
{
    const struct valued v = value_with(NULL, o, 0, schedule);
    const double up = value_with(NULL, moved(o, SPOT, 0.5), 0, schedule).by[GEX_GREEK_DELTA];
    const double down = value_with(NULL, moved(o, SPOT, -0.5), 0, schedule).by[GEX_GREEK_DELTA];

    if (v.status == GEX_CALC_EXERCISED || fabs(o.S - v.boundary) < 6.0)
        return; /* a difference would step over the boundary */
    ck_assert_double_eq_tol(v.by[GEX_GREEK_DELTA], slope(&o, schedule, SPOT, 0.5), 5e-4);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_GAMMA], up - down, 2e-4);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_DUAL_DELTA], slope(&o, schedule, STRIKE, 0.5), 1e-3);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_VEGA], slope(&o, schedule, VOL, 0.005), 0.1);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_RHO], slope(&o, schedule, RATE, 0.002), 0.3);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_EPSILON], slope(&o, schedule, CARRY, 0.002), 0.3);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_THETA], theta_of(o, schedule, v.by[GEX_GREEK_PRICE]), 0.1);
}

/* A price of 12, a delta of 1/2, a vega of 34: of each, a per cent or less. */
START_TEST(grid_greeks_are_slopes_of_prices)
{
    for (double K = 80; K <= 120; K += 10)
        for (int8_t f = -1; f <= 1; f = (int8_t)(f + 2))
            check_greeks((struct option){100, K, 0.75, 0.25, 0.05, 0.0, f}, &three);
}
END_TEST

START_TEST(grid_greeks_are_all_numbers)
{
    for (int i = 0; i < 100; i++) {
        struct option o = usual_option();
        struct valued v;

        o.T = log_between(0.01, 3.0);
        v = value_with(NULL, o, 0, &three);
        for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++)
            ck_assert_msg(isfinite(v.by[g]), "%s is %g: K %g T %g vol %g r %g q %g f %d", gex_greek_name(g), v.by[g],
                          o.K, o.T, o.vol, o.r, o.q, o.f);
        ck_assert(v.by[GEX_GREEK_PRICE] >= fmax(o.f * (o.S - o.K), 0.0));
        ck_assert(!isnan(v.boundary));
    }
}
END_TEST

/* ---- wrong schedules --------------------------------------------------------------------------------------------- */

START_TEST(wrong_schedules_are_refused)
{
    const double up[] = {0.1, 0.2}, down[] = {0.2, 0.1}, nan_[] = {0.1, NAN}, good[] = {1, 1}, negative[] = {1, -1},
                 big[] = {0, 1.1};
    const struct {
        const double *years, *cash, *fraction;
        gex_status    expected;
    } cases[] = {
        {up, good, NULL, GEX_OK},
        {up, NULL, up, GEX_OK},
        {down, good, NULL, GEX_ERR_ARGUMENT},
        {good, good, NULL, GEX_ERR_ARGUMENT},
        {nan_, good, NULL, GEX_ERR_ARGUMENT},
        {up, negative, NULL, GEX_ERR_ARGUMENT},
        {up, nan_, NULL, GEX_ERR_ARGUMENT},
        {up, NULL, big, GEX_ERR_ARGUMENT},
        {up, NULL, NULL, GEX_ERR_ARGUMENT},
        {NULL, good, NULL, GEX_ERR_ARGUMENT},
    };
    const struct option o = {100, 100, 0.5, 0.2, 0.05, 0, -1};
    const int32_t greek = GEX_GREEK_PRICE;
    double value;
    double *const output = &value;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gex_american_columns columns = columns_of(&o, 1, 0);

        columns.dividend_count = 2;
        columns.dividend_years = cases[i].years;
        columns.dividend_cash = cases[i].cash;
        columns.dividend_fraction = cases[i].fraction;
        ck_assert_int_eq(gex_american(NULL, &columns, &greek, 1, &output, NULL, NULL, NULL), cases[i].expected);
    }
}
END_TEST

Suite *suite_american_grid(void)
{
    Suite *suite = suite_create("american_grid");
    TCase *tcase = tcase_create("american_grid");

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, golden_dividends);
    tcase_add_test(tcase, calls_with_a_dividend_against_the_integral);
    tcase_add_test(tcase, dividends_that_do_not_matter);
    tcase_add_test(tcase, exercise_at_the_dividend);
    tcase_add_test(tcase, grid_against_collocation);
    tcase_add_test(tcase, grid_greeks_are_slopes_of_prices);
    tcase_add_test(tcase, grid_greeks_are_all_numbers);
    tcase_add_test(tcase, wrong_schedules_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
