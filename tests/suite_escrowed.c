/* SPDX-License-Identifier: Apache-2.0 */
/* Escrowed dividends: American rows by themselves, and in a market with a schedule wherever it values them. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <gex.h>

Suite *suite_escrowed(void);

/* ---- rows -------------------------------------------------------------------------------------------------------- */

enum { DATES = 4, COLUMNS = GEX_GREEK_LAST_ + 1 };

struct schedule {
    int64_t count;
    double  years[DATES], cash[DATES], fraction[DATES];
};

struct option {
    double spot, strike, years, vol, rate, carry;
    int8_t right;
};

static gex_american_columns columns_of(const struct option *o, int64_t rows, const struct schedule *schedule)
{
    gex_american_columns columns;

    gex_american_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.spot = (gex_f64){&o->spot, sizeof *o};
    columns.strike = (gex_f64){&o->strike, sizeof *o};
    columns.years = (gex_f64){&o->years, sizeof *o};
    columns.vol = (gex_f64){&o->vol, sizeof *o};
    columns.rate = (gex_f64){&o->rate, sizeof *o};
    columns.carry_yield = (gex_f64){&o->carry, sizeof *o};
    columns.right = (gex_i8){&o->right, sizeof *o};
    columns.dividend_count = schedule->count;
    columns.dividend_years = schedule->years;
    columns.dividend_cash = schedule->cash;
    columns.dividend_fraction = schedule->fraction;
    columns.dividend_model = GEX_DIVIDENDS_ESCROWED;
    return columns;
}

/* @return GEX_CALC_*; greek by number, boundary at 0. */
static uint8_t value(const struct option *o, const struct schedule *schedule, double greek[COLUMNS])
{
    const gex_american_columns columns = columns_of(o, 1, schedule);
    int32_t wanted[GEX_GREEK_LAST_];
    double *outputs[GEX_GREEK_LAST_];
    uint8_t status = 0;

    for (int32_t g = 0; g < GEX_GREEK_LAST_; g++) {
        wanted[g] = g + 1;
        outputs[g] = &greek[g + 1];
    }
    ck_assert_int_eq(gex_american(NULL, &columns, wanted, GEX_GREEK_LAST_, outputs, greek, &status, NULL), GEX_OK);
    return status;
}

static double price(struct option o, const struct schedule *schedule)
{
    const gex_american_columns columns = columns_of(&o, 1, schedule);
    const int32_t wanted = GEX_GREEK_PRICE;
    double got, *output = &got;

    ck_assert_int_eq(gex_american(NULL, &columns, &wanted, 1, &output, NULL, NULL, NULL), GEX_OK);
    return got;
}

/* Black's formula at a spot. */
static double black(const struct option *o, double spot, double years)
{
    const double v = o->vol * sqrt(years), d = (log(spot / o->strike) + (o->rate - o->carry) * years) / v + v / 2;
    const double f = o->right, root = sqrt(0.5);

    return f *
           (spot * exp(-o->carry * years) * erfc(-f * d * root) -
            o->strike * exp(-o->rate * years) * erfc(-f * (d - v) * root)) /
           2;
}

/* What is left of the spot, written out: P of cash c_i is the sum of c_i e^(-r t_i) over the fractions kept till then.
 */
static double escrowed(const struct option *o, const struct schedule *s)
{
    double kept = 1, paid = 0;

    for (int64_t i = 0; i < s->count; i++)
        if (s->years[i] <= o->years) {
            kept *= 1 - s->fraction[i];
            paid += s->cash[i] / kept * exp(-o->rate * s->years[i]);
        }
    return (o->spot - paid) * kept;
}

static const struct schedule schedules[] = {{1, {0.02}, {0.9}, {0}},
                                            {2, {0.1, 0.35}, {0.6, 0.6}, {0, 0}},
                                            {4, {0.05, 0.3, 0.55, 0.8}, {1.2, 0, 1.2, 0}, {0, 0.01, 0, 0.01}}};

/* schedule, strike, years, vol, right, rate, carry, premium over Black at spot 100: tests/oracle/escrowed.py */
static const double premiums[][8] = {
    {0, 107, 0.06, 0.12, -1, 0.05, 0.010, 0.168964},   {1, 90, 0.50, 0.20, +1, 0.02, 0.000, 0.127183},
    {2, 116, 1.10, 0.20, -1, -0.01, 0.010, 0.000000},  {0, 99, 0.06, 0.12, +1, -0.01, 0.010, 0.242232},
    {1, 101, 0.50, 0.35, -1, 0.02, 0.010, 0.042257},   {2, 94, 1.10, 0.20, +1, -0.01, 0.000, 0.681856},
    {0, 107, 0.06, 0.20, -1, -0.01, 0.010, -0.000000}, {1, 95, 0.50, 0.20, +1, -0.01, 0.010, 0.330564},
    {2, 59, 1.10, 0.35, -1, -0.01, 0.000, -0.000000},  {0, 94, 0.06, 0.20, +1, -0.01, 0.010, 0.689451},
    {1, 92, 0.50, 0.35, -1, 0.02, 0.010, 0.021562},    {2, 56, 1.10, 0.35, +1, -0.01, 0.000, 4.060946},
    {0, 101, 0.06, 0.35, -1, 0.02, 0.000, 0.009075},   {1, 100, 0.50, 0.12, +1, 0.05, 0.010, 0.001414},
    {2, 110, 1.10, 0.12, -1, 0.05, 0.000, 1.240385},   {0, 96, 0.06, 0.12, +1, -0.01, 0.000, 0.748948},
    {1, 107, 0.50, 0.20, -1, 0.05, 0.010, 0.310243},   {2, 74, 1.10, 0.20, +1, 0.02, -0.005, 1.598910},
    {0, 95, 0.06, 0.20, -1, -0.01, -0.005, 0.000000},  {1, 101, 0.50, 0.12, +1, 0.05, -0.005, 0.000000},
    {2, 114, 1.10, 0.12, -1, 0.02, -0.005, 0.621203},  {0, 98, 0.06, 0.12, +1, 0.05, -0.005, 0.280432},
    {1, 109, 0.50, 0.12, -1, 0.02, -0.005, 0.266617},  {2, 78, 1.10, 0.12, +1, -0.01, 0.000, 4.927051},
};

START_TEST(premiums_are_those_of_another_method)
{
    const double *row = premiums[_i];
    const struct schedule *schedule = &schedules[(int)row[0]];
    const struct option o = {100, row[1], row[2], row[3], row[5], row[6], (int8_t)row[4]};
    const double european = black(&o, escrowed(&o, schedule), o.years), got = price(o, schedule) - european;
    const double expected = fmax(row[7], o.right * (o.spot - o.strike) - european); /* when exercised at once */

    ck_assert_msg(fabs(got - expected) <= 1e-4 * o.strike, "%.9g, not %.9g", got, expected);
}
END_TEST

/* One dividend and no carry: the call is exercised just before it or never, e^-rt E max(s + D - K - C(s), 0). */
START_TEST(a_call_before_one_dividend_is_an_integral)
{
    const double strike = 80 + 10 * _i, rate = 0.06, when = 0.5, cash = 7;
    const struct schedule schedule = {1, {when}, {cash}, {0}};
    const struct option o = {100, strike, 1, 0.3, rate, 0, 1};
    const double s = escrowed(&o, &schedule), v = o.vol * sqrt(when);
    double sum = 0;

    for (int k = -40000; k <= 40000; k++) {
        const double z = k * 2e-4, then = s * exp((rate - o.vol * o.vol / 2) * when + v * z);

        sum += 2e-4 * 0.3989422804014327 * exp(-z * z / 2) * fmax(0, then + cash - strike - black(&o, then, 1 - when));
    }
    ck_assert_double_eq_tol(price(o, &schedule), black(&o, s, 1) + exp(-rate * when) * sum, 1e-7 * strike);
}
END_TEST

/* A carry below 0 ends exercise at a stock that is out of reach by the ex-date, or within: a formula, or the grid. */
START_TEST(a_call_that_carry_holds_is_an_integral)
{
    const int near = _i % 2;
    const double strike = 360 + 20 * (_i / 2), when = near != 0 ? 0.03 : 0.002, cash = 1.6;
    const struct schedule schedule = {1, {when}, {cash}, {0}};
    const struct option o = {450, strike, 0.042, 0.3, 0, -0.055, 1};
    const double s = escrowed(&o, &schedule), v = o.vol * sqrt(when);
    double sum = 0, greek[COLUMNS];

    for (int k = -40000; k <= 40000; k++) {
        const double z = k * 2e-4, then = s * exp((-o.carry - o.vol * o.vol / 2) * when + v * z);

        sum += 2e-4 * 0.3989422804014327 * exp(-z * z / 2) *
               fmax(0, then + cash - strike - black(&o, then, o.years - when));
    }
    ck_assert_int_ne(value(&o, &schedule, greek), GEX_CALC_DOMAIN);
    ck_assert_double_eq_tol(greek[GEX_GREEK_PRICE], black(&o, s, o.years) + sum, (near != 0 ? 3e-5 : 1e-7) * strike);
}
END_TEST

/* A dividend below the interest on the strike from there to expiry is not worth exercising for. */
START_TEST(never_exercised_is_black)
{
    const struct schedule schedule = {2, {0.1, 0.3}, {0.3, 0.3}, {0, 0}};
    const struct option o = {100, 80.0 + 5 * _i, 0.8, 0.25, 0.05, 0, 1};
    double greek[COLUMNS];

    ck_assert_int_eq(value(&o, &schedule, greek), GEX_CALC_OK);
    ck_assert_double_eq_tol(greek[GEX_GREEK_PRICE], black(&o, escrowed(&o, &schedule), o.years), 2e-13 * o.spot);
    ck_assert(isinf(greek[0]));
}
END_TEST

/* With dividends of nothing the grid is the collocation's problem. */
START_TEST(dividends_of_nothing_change_nothing)
{
    const struct schedule none = {0, {0}, {0}, {0}}, nothing = {1, {0.2}, {0}, {0}};
    const struct option o = {
        100, 80.0 + 6 * _i, 0.5 + 0.2 * (_i % 3), 0.2, 0.05, _i % 2 == 0 ? 0.02 : 0.08, (int8_t)(_i % 2 == 0 ? -1 : 1)};

    ck_assert_double_eq_tol(price(o, &nothing), price(o, &none), 3e-5 * o.strike);
}
END_TEST

/* The same contract at a later instant. */
static double later(struct option o, const struct schedule *s, double passed, int32_t greek)
{
    struct schedule seen = *s;
    double values[COLUMNS];

    o.years -= passed;
    for (int64_t i = 0; i < s->count; i++)
        seen.years[i] -= passed;
    value(&o, &seen, values);
    return values[greek];
}

static double by(struct option o, const struct schedule *s, int32_t greek)
{
    double values[COLUMNS];

    value(&o, s, values);
    return values[greek];
}

START_TEST(greeks_are_slopes)
{
    static const double strikes[] = {88, 97, 104, 112};
    const struct schedule schedule = {2, {0.1, 0.3}, {0.8, 0.8}, {0, 0.01}};
    const struct option o = {100, strikes[_i / 2], 0.5, 0.25, 0.05, 0.01, (int8_t)(_i % 2 == 0 ? 1 : -1)};
    struct option up = o, down = o;
    double g[COLUMNS];

    if (value(&o, &schedule, g) == GEX_CALC_EXERCISED)
        return;
#define SLOPE(greek, below, field, step, tolerance)                                                                    \
    (up.field = o.field + (step), down.field = o.field - (step),                                                       \
     ck_assert_msg(fabs((by(up, &schedule, below) - by(down, &schedule, below)) / (2 * (step)) - g[greek]) <=          \
                       (tolerance),                                                                                    \
                   "%s: %g, not %g", gex_greek_name(greek), g[greek],                                                  \
                   (by(up, &schedule, below) - by(down, &schedule, below)) / (2 * (step))),                            \
     up.field = down.field = o.field)
    SLOPE(GEX_GREEK_DELTA, GEX_GREEK_PRICE, spot, 0.5, 2e-3);
    SLOPE(GEX_GREEK_GAMMA, GEX_GREEK_DELTA, spot, 0.5, 1e-3);
    SLOPE(GEX_GREEK_VEGA, GEX_GREEK_PRICE, vol, 0.005, 0.3);
    SLOPE(GEX_GREEK_VANNA, GEX_GREEK_DELTA, vol, 0.005, 0.03);
    SLOPE(GEX_GREEK_RHO, GEX_GREEK_PRICE, rate, 0.002, 0.5);
    SLOPE(GEX_GREEK_EPSILON, GEX_GREEK_PRICE, carry, 0.002, 0.5);
    SLOPE(GEX_GREEK_DUAL_DELTA, GEX_GREEK_PRICE, strike, 0.5, 3e-3);
#undef SLOPE
    ck_assert_double_eq_tol(
        g[GEX_GREEK_THETA],
        (later(o, &schedule, 0.002, GEX_GREEK_PRICE) - later(o, &schedule, -0.002, GEX_GREEK_PRICE)) / 0.004, 0.3);
    ck_assert_double_eq_tol(
        g[GEX_GREEK_CHARM],
        (later(o, &schedule, 0.002, GEX_GREEK_DELTA) - later(o, &schedule, -0.002, GEX_GREEK_DELTA)) / 0.004, 0.03);
}
END_TEST

/* On the eve of an ex-date deep calls wait for the last moment, worth their stock; a day later they are options again.
 */
START_TEST(the_eve_of_an_ex_date)
{
    const struct schedule eve = {1, {0.5 / 365}, {1.6}, {0}}, past = {0, {0}, {0}, {0}};
    struct option call = {450, 400, 10.0 / 365, 0.15, 0.053, 0, 1}, near = call;
    double greek[COLUMNS];

    ck_assert_int_eq(value(&call, &eve, greek), GEX_CALC_EXERCISE_AT_DIVIDEND);
    ck_assert_double_eq_tol(greek[GEX_GREEK_DELTA], 1, 3e-4);
    ck_assert_double_eq_tol(greek[GEX_GREEK_GAMMA], 0, 1e-4);
    ck_assert_double_eq_tol(greek[GEX_GREEK_PRICE], 50 + 400 * (1 - exp(-0.053 * 0.5 / 365)), 1e-5 * 400);
    call.spot -= 1.6;
    ck_assert_int_eq(value(&call, &past, greek), GEX_CALC_OK);
    near.strike = 450;
    ck_assert_int_eq(value(&near, &eve, greek), GEX_CALC_OK);
    ck_assert_double_gt(greek[GEX_GREEK_GAMMA], 0.01);
    near.right = -1; /* nobody exercises a put into a dividend */
    near.strike = 520;
    ck_assert_int_eq(value(&near, &eve, greek), GEX_CALC_SLOW_PATH);
    ck_assert_double_gt(greek[GEX_GREEK_PRICE], 71.5);
}
END_TEST

START_TEST(a_volatility_comes_back)
{
    enum { ROWS = 24 };
    struct option o[ROWS];
    double prices[ROWS], vol[ROWS];
    uint8_t status[ROWS];
    gex_american_columns columns;

    for (int i = 0; i < ROWS; i++) {
        o[i] = (struct option){100, 88 + i, 0.25 + 0.25 * (i / 8), 0.22, 0.04, 0, (int8_t)(i % 2 == 0 ? 1 : -1)};
        prices[i] = price(o[i], &schedules[1]);
    }
    columns = columns_of(o, ROWS, &schedules[1]);
    ck_assert_int_eq(gex_american_implied_vol(NULL, &columns, &(gex_f64){prices, sizeof(double)}, vol, status, NULL),
                     GEX_OK);
    for (int i = 0; i < ROWS; i++)
        if (prices[i] > o[i].right * (100 - o[i].strike) + 1e-3) {
            ck_assert_int_eq(status[i], GEX_CALC_OK);
            ck_assert_double_eq_tol(vol[i], 0.22, 1e-5); /* the grid follows the vol, and steps by a node */
        }
}
END_TEST

/* A row's bits depend neither on its neighbours nor on what else is asked; AVX2 and AVX-512 agree. */
START_TEST(bits_are_a_rows_own)
{
    enum { ROWS = 23 };
    struct option o[ROWS];
    double together[ROWS], *output = together;
    const int32_t wanted = GEX_GREEK_CHARM;
    gex_american_columns columns;

    for (int i = 0; i < ROWS; i++)
        o[i] = (struct option){100,  80 + 2 * i, 0.3 + 0.2 * (i / 6),          0.15 + 0.01 * i,
                               0.04, 0.01,       (int8_t)(i % 3 == 0 ? 1 : -1)};
    columns = columns_of(o, ROWS, &schedules[2]);
    ck_assert_int_eq(gex_american(NULL, &columns, &wanted, 1, &output, NULL, NULL, NULL), GEX_OK);
    for (int i = 0; i < ROWS; i++) {
        double greek[COLUMNS];

        value(&o[i], &schedules[2], greek);
        ck_assert_msg(greek[GEX_GREEK_CHARM] == together[i], "row %d", i);
    }
}
END_TEST

/* Inputs at and beyond every edge answer with a number or refuse the row. */
START_TEST(edges_are_answered)
{
    static const double spots[] = {1e-3, 0.5, 2, 100, 1e5}, vols[] = {0, 1e-6, 0.01, 0.3, 4};
    static const double years[] = {1e-6, 0.01, 0.25, 3, 40}, rates[] = {-0.5, -0.02, 0, 0.05, 3};
    const struct option o = {100 * spots[_i % 5],
                             100,
                             years[_i / 5 % 5],
                             vols[_i / 25 % 5],
                             rates[_i / 125 % 5],
                             rates[(_i + 2) % 5],
                             (int8_t)(_i % 2 == 0 ? 1 : -1)};
    double greek[COLUMNS];
    const uint8_t status = value(&o, &schedules[2], greek);

    if (status == GEX_CALC_DOMAIN)
        return;
    ck_assert_msg(isfinite(greek[GEX_GREEK_PRICE]) && isfinite(greek[GEX_GREEK_DELTA]),
                  "%g of %g, %g years, vol %g, %g and %g", o.spot, o.strike, o.years, o.vol, o.rate, o.carry);
    ck_assert_double_ge(greek[GEX_GREEK_PRICE], fmax(0, o.right * (o.spot - o.strike)) - 1e-9 * o.spot);
}
END_TEST

/* ---- a market ------------------------------------------------------------------------------------------------------
 */

enum { STRIKES = 13, EXPIRIES = 4, ROWS = 2 * STRIKES * EXPIRIES };
static const int64_t as_of = INT64_C(1694721600000000000),
                     day = INT64_C(86400000000000); /* 2023-09-14 16:00 New York */

static struct scene {
    double strike[ROWS], vol[ROWS], held[ROWS];
    int8_t right[ROWS], exercise[ROWS];
    int64_t settlement[ROWS], paid_at[3];
    gex_chain *chain;
    gex_market *market;
    gex_book *book;
} scene;
static const double cash[3] = {1.5, 0, 1.8}, shares[3] = {0, 0.004, 0};

static gex_market_options options_at(double spot, int64_t instant)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = instant;
    options.spot = spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.05;
    options.carry_yield = 0.002;
    options.dividend_at = (gex_i64){scene.paid_at, sizeof(int64_t)};
    options.dividend_cash = (gex_f64){cash, sizeof(double)};
    options.dividend_share = (gex_f64){shares, sizeof(double)};
    options.dividend_count = 3;
    return options;
}

static gex_market *market_with(const gex_market_options *options)
{
    gex_market *market = NULL;
    gex_error error = {0};

    ck_assert_msg(gex_market_create(NULL, scene.chain, options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static gex_market *market_at(double spot, int64_t instant)
{
    const gex_market_options options = options_at(spot, instant);

    return market_with(&options);
}

static void scene_open(void)
{
    static const int days[EXPIRIES] = {1, 20, 100, 380};
    static const int64_t paid[3] = {200, 92, 7}; /* in any order */
    gex_chain_columns columns;
    gex_book_options held;
    int i = 0;

    for (int k = 0; k < 3; k++)
        scene.paid_at[k] = as_of + paid[k] * day;
    for (int e = 0; e < EXPIRIES; e++)
        for (int k = 0; k < STRIKES; k++)
            for (int side = -1; side <= 1; side += 2, i++) {
                scene.strike[i] = 390 + 10 * k;
                scene.vol[i] = 0.15 + 0.002 * (STRIKES - k);
                scene.right[i] = (int8_t)side;
                scene.exercise[i] = k % 6 == 5 ? GEX_EXERCISE_EUROPEAN : GEX_EXERCISE_AMERICAN;
                scene.settlement[i] = as_of + days[e] * day;
                scene.held[i] = (side > 0 ? 1 : -1) * (1000 + (i * 7919) % 5000);
            }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = ROWS;
    columns.root = (gex_text){"SPY", 0, 3};
    columns.strike = (gex_f64){scene.strike, sizeof(double)};
    columns.vol = (gex_f64){scene.vol, sizeof(double)};
    columns.right = (gex_i8){scene.right, 1};
    columns.exercise = (gex_i8){scene.exercise, 1};
    columns.settlement = (gex_i64){scene.settlement, sizeof(int64_t)};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &scene.chain, NULL), GEX_OK);
    gex_book_options_init(&held, sizeof held);
    held.sign = GEX_SIGN_INVENTORY_GIVEN;
    held.positions = (gex_f64){scene.held, sizeof(double)};
    ck_assert_int_eq(gex_book_create(NULL, scene.chain, &held, &scene.book, NULL), GEX_OK);
    scene.market = market_at(451.25, as_of);
}

static void scene_close(void)
{
    gex_market_free(scene.market);
    gex_book_free(scene.book);
    gex_chain_free(scene.chain);
}

static gex_exposure *exposure_of(const gex_market *market, const gex_book *book, int32_t unit)
{
    gex_exposure_options options;
    gex_exposure *exposure = NULL;
    gex_greeks *greeks = NULL;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = unit;
    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_exposure_compute(NULL, greeks, book, &options, &exposure, NULL), GEX_OK);
    gex_greeks_free(greeks);
    return exposure;
}

/* American rows as gex_american() says with the same schedule; European ones as in a market of the same forwards
 * without one. */
START_TEST(greeks_are_those_of_the_pricers)
{
    gex_market_options plain = options_at(451.25, as_of);
    gex_greeks *greeks = NULL, *without = NULL;
    gex_market *given;
    int at_dividend = 0;

    plain.forward = GEX_FORWARD_GIVEN;
    plain.forwards = (gex_f64){gex_market_forward(scene.market), sizeof(double)};
    plain.discounts = (gex_f64){gex_market_discount(scene.market), sizeof(double)};
    plain.dividend_count = 0;
    given = market_with(&plain);
    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &greeks, NULL), GEX_OK);
    ck_assert_int_eq(gex_greeks_compute(NULL, given, &without, NULL), GEX_OK);
    for (int i = 0; i < ROWS; i++) {
        const int32_t e = gex_chain_expiry_index(scene.chain)[i];
        const struct schedule schedule = {3, {7.0 / 365, 92.0 / 365, 200.0 / 365}, {1.8, 0, 1.5}, {0, 0.004, 0}};
        const struct option o = {451.25, scene.strike[i], gex_market_years(scene.market)[e], scene.vol[i], 0.05,
                                 0.002,  scene.right[i]};
        double greek[COLUMNS];
        uint8_t status;

        for (int32_t g = 1; g <= GEX_GREEK_LAST_ && scene.exercise[i] == GEX_EXERCISE_EUROPEAN; g++)
            ck_assert_double_eq_tol(gex_greeks_column(greeks, g)[i], gex_greeks_column(without, g)[i],
                                    1e-10 * fabs(gex_greeks_column(without, g)[i]));
        if (scene.exercise[i] == GEX_EXERCISE_EUROPEAN)
            continue;
        status = value(&o, &schedule, greek);
        ck_assert_int_eq(status, gex_greeks_status(greeks)[i]);
        ck_assert_double_eq_tol(greek[GEX_GREEK_PRICE], gex_greeks_column(greeks, GEX_GREEK_PRICE)[i], 1e-9 * 450);
        ck_assert_double_eq_tol(greek[GEX_GREEK_DELTA], gex_greeks_column(greeks, GEX_GREEK_DELTA)[i], 1e-9);
        ck_assert_double_eq_tol(greek[GEX_GREEK_CHARM], gex_greeks_column(greeks, GEX_GREEK_CHARM)[i], 1e-7);
        at_dividend += status == GEX_CALC_EXERCISE_AT_DIVIDEND;
    }
    ck_assert_int_gt(at_dividend, 3);
    gex_greeks_free(greeks);
    gex_greeks_free(without);
    gex_market_free(given);
}
END_TEST

/* Two grids are read, and one line at its boundary, where vanna jumps, is a hundredth of this book: of the gross. */
static const double promised[] = {2e-3, 2e-3, 1.5e-2, 5e-3};
static const int32_t drawn[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_SHARES, GEX_UNIT_VEX_USD_VOLPT,
                                GEX_UNIT_CEX_USD_CALDAY};
static const int32_t moves[] = {GEX_DYNAMICS_STICKY_STRIKE, GEX_DYNAMICS_BETA, GEX_DYNAMICS_STICKINESS};

/* A profile at a price is the exposure of the market moved there, whatever moves with spot. */
START_TEST(a_profile_is_the_exposure_at_each_price)
{
    const int32_t unit = drawn[_i % 4], dynamics = moves[_i / 4];
    gex_market_options asked = options_at(451.25, as_of);
    gex_profile_options options;
    gex_profile *profile = NULL;
    gex_market *market;

    asked.dynamics = dynamics;
    asked.dynamics_parameter = dynamics == GEX_DYNAMICS_BETA ? -3 : dynamics == GEX_DYNAMICS_STICKINESS ? 1.6 : 0;
    market = market_with(&asked);
    gex_profile_options_init(&options, sizeof options);
    options.unit = unit;
    options.low = 0.92;
    options.high = 1.08;
    options.points = 9;
    ck_assert_int_eq(gex_profile_compute(NULL, market, scene.book, &options, &profile, NULL), GEX_OK);
    for (int p = 0; p < 9; p++) {
        gex_shift_options to;
        gex_market *there = NULL;
        gex_exposure *exposure;
        double got = gex_profile_values(profile, NULL)[p], expected;

        gex_shift_options_init(&to, sizeof to);
        to.spot = gex_profile_prices(profile, NULL)[p];
        ck_assert_int_eq(gex_market_shift(NULL, market, &to, &there, NULL), GEX_OK);
        exposure = exposure_of(there, scene.book, unit);
        expected = gex_exposure_total(exposure);
        ck_assert_msg(fabs(got - expected) <= promised[_i % 4] * gex_exposure_gross(exposure),
                      "%s at %.2f: %.9g, not %.9g of %g", gex_unit_name(unit), to.spot, got, expected,
                      gex_exposure_gross(exposure));
        gex_exposure_free(exposure);
        gex_market_free(there);
    }
    gex_profile_free(profile);
    gex_market_free(market);
}
END_TEST

/* Dealers' flow past ex-dates is the delta of the book before less that of a market made anew then, American rows
 * alone. */
START_TEST(a_flow_passes_an_ex_date)
{
    static const double spot[] = {440, 451.25, 449.45, 455};
    static const int later_days[] = {0, 6, 8, 15};
    int64_t instant[4];
    double row_flow[ROWS];
    gex_flow_options options;
    gex_greeks *now = NULL;

    for (int i = 0; i < 4; i++)
        instant[i] = as_of + later_days[i] * day;
    gex_flow_options_init(&options, sizeof options);
    options.rows = 4;
    options.spot = (gex_f64){spot, sizeof(double)};
    options.as_of = (gex_i64){instant, sizeof(int64_t)};
    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &now, NULL), GEX_OK);
    for (int i = 0; i < 4; i++) {
        gex_market *there = market_at(spot[i], instant[i]);
        gex_greeks *then = NULL;

        ck_assert_int_eq(gex_flow_lines(NULL, scene.market, scene.book, &options, i, row_flow, NULL, NULL), GEX_OK);
        ck_assert_int_eq(gex_greeks_compute(NULL, there, &then, NULL), GEX_OK);
        for (int k = 0; k < ROWS; k++) {
            const double shares_held = 100 * scene.held[k];
            const double expected = shares_held * (gex_greeks_column(now, GEX_GREEK_DELTA)[k] -
                                                   gex_greeks_column(then, GEX_GREEK_DELTA)[k]);

            if (scene.exercise[k] == GEX_EXERCISE_AMERICAN && scene.settlement[k] > instant[i])
                ck_assert_msg(fabs(row_flow[k] - expected) <= 1e-5 * fabs(shares_held), "%d, row %d: %.9g, not %.9g", i,
                              k, row_flow[k] / shares_held, expected / shares_held);
        }
        gex_greeks_free(then);
        gex_market_free(there);
    }
    gex_greeks_free(now);
}
END_TEST

/* ... and scenarios that share an instant and a shift, more than are valued together, say what each says by itself; so
 * do contracts, whose deltas are worked out one state at a time. */
START_TEST(scenarios_together_are_scenarios_alone)
{
    enum { SPOTS = 35, SCENARIOS = 4 * SPOTS };
    static const double shifts[4] = {0, 0.015, -0.16, -1};
    static const int days[4] = {0, 6, 8, 120};
    double spot[SCENARIOS], shift[SCENARIOS], row_flow[ROWS];
    int64_t instant[SCENARIOS];
    gex_flow_options options;
    gex_flow *flow = NULL;

    for (int i = 0; i < SCENARIOS; i++) {
        spot[i] = 451.25 * (0.7 + 0.017 * (i / 4));
        shift[i] = shifts[i % 4];
        instant[i] = as_of + days[i % 4] * day;
    }
    gex_flow_options_init(&options, sizeof options);
    options.rows = SCENARIOS;
    options.spot = (gex_f64){spot, sizeof *spot};
    options.vol_shift = (gex_f64){shift, sizeof *shift};
    options.as_of = (gex_i64){instant, sizeof *instant};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    for (int i = 0; i < SCENARIOS; i += 3) {
        gex_flow_options one = options;
        gex_flow *alone = NULL;
        double sum = 0, gross = 0;

        one.rows = 1;
        one.spot.data = spot + i;
        one.vol_shift.data = shift + i;
        one.as_of.data = instant + i;
        ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &one, &alone, NULL), GEX_OK);
        ck_assert_int_eq(gex_flow_lines(NULL, scene.market, scene.book, &options, i, row_flow, NULL, NULL), GEX_OK);
        for (int32_t c = 1; c <= GEX_FLOW_LAST_; c++)
            ck_assert_double_eq(gex_flow_column(alone, c)[0], gex_flow_column(flow, c)[i]);
        for (int k = 0; k < ROWS; k++) {
            sum += row_flow[k];
            gross += fabs(scene.held[k]) * 100;
        }
        ck_assert_double_eq_tol(sum, gex_flow_column(flow, GEX_FLOW_EXACT)[i], 1e-13 * gross);
        gex_flow_free(alone);
    }
    gex_flow_free(flow);
}
END_TEST

/* A map takes the first order from its greeks. */
START_TEST(a_map_has_the_flow_of_its_market)
{
    static const int32_t clocks[] = {GEX_CLOCK_CAL_365, GEX_CLOCK_BUS_252_CLOCK};
    gex_market_options asked = options_at(451.25, as_of);
    gex_flow_options options;
    gex_market *market;
    gex_flow *flow = NULL;
    gex_map *map = NULL;
    double spot[64];

    asked.clock = clocks[_i];
    market = market_with(&asked);
    ck_assert_int_eq(gex_map_compute(NULL, market, scene.book, NULL, &map, NULL), GEX_OK);
    gex_flow_options_init(&options, sizeof options);
    options.rows = gex_flow_rows(gex_map_flow(map));
    options.spot = (gex_f64){spot, sizeof *spot};
    ck_assert_int_le(options.rows, 64);
    for (int64_t i = 0; i < options.rows; i++)
        spot[i] = 451.25 * (1.0 + gex_map_moves(map, NULL)[i] / 100.0);
    ck_assert_int_eq(gex_flow_compute(NULL, market, scene.book, &options, &flow, NULL), GEX_OK);
    for (int32_t c = 1; c <= GEX_FLOW_LAST_; c++)
        for (int64_t i = 0; i < options.rows; i++)
            ck_assert_double_eq(gex_flow_column(gex_map_flow(map), c)[i], gex_flow_column(flow, c)[i]);
    gex_flow_free(flow);
    gex_map_free(map);
    gex_market_free(market);
}
END_TEST

/* A live past an ex-date has the exposures of what it freezes to, bit for bit. */
START_TEST(a_live_freezes_to_itself)
{
    const int32_t unit = drawn[_i];
    gex_live_options options;
    gex_market *frozen = NULL;
    gex_book *book = NULL;
    gex_live *live = NULL;
    gex_exposure *exposure;
    gex_f64 rows;

    gex_live_options_init(&options, sizeof options);
    options.units = (gex_i32){&unit, 0};
    options.unit_count = 1;
    ck_assert_int_eq(gex_live_create(NULL, scene.market, scene.book, &options, &live, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_set_spot(live, 447.5, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_set_as_of(live, as_of + 8 * day, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_freeze(NULL, live, &frozen, &book, NULL), GEX_OK);
    exposure = exposure_of(frozen, book, unit);
    ck_assert_int_eq(gex_live_rows(live, unit, &rows), GEX_OK);
    for (int i = 0; i < ROWS; i++)
        if (gex_live_status(live)[i] == GEX_ROW_USED) {
            const double got = *(const double *)((const char *)rows.data + i * rows.stride);
            ck_assert_msg(got == gex_exposure_rows(exposure)[i], "row %d: %.17g, not %.17g", i, got,
                          gex_exposure_rows(exposure)[i]);
        }
    gex_exposure_free(exposure);
    gex_market_free(frozen);
    gex_book_free(book);
    gex_live_free(live);
}
END_TEST

/* Shares and cash in the forward: (S - P) / alpha e^((r - q) T), an ex-date at a time. */
START_TEST(forwards_know_the_schedule)
{
    const struct schedule schedule = {3, {7.0 / 365, 92.0 / 365, 200.0 / 365}, {1.8, 0, 1.5}, {0, 0.004, 0}};

    for (int64_t e = 0; e < gex_market_expiry_count(scene.market); e++) {
        const struct option o = {451.25, 0, gex_market_years(scene.market)[e], 0, 0.05, 0, 1};

        ck_assert_double_eq_tol(gex_market_forward(scene.market)[e], escrowed(&o, &schedule) * exp(0.048 * o.years),
                                1e-10 * 450);
        ck_assert_double_eq_tol(gex_market_borrow(scene.market)[e], 0.002, 1e-9);
    }
}
END_TEST

Suite *suite_escrowed(void)
{
    Suite *suite = suite_create("escrowed");
    TCase *rows = tcase_create("rows"), *market = tcase_create("market");

    tcase_set_timeout(rows, 120);
    tcase_add_loop_test(rows, premiums_are_those_of_another_method, 0, sizeof premiums / sizeof *premiums);
    tcase_add_loop_test(rows, a_call_before_one_dividend_is_an_integral, 0, 5);
    tcase_add_loop_test(rows, a_call_that_carry_holds_is_an_integral, 0, 12);
    tcase_add_loop_test(rows, never_exercised_is_black, 0, 8);
    tcase_add_loop_test(rows, dividends_of_nothing_change_nothing, 0, 8);
    tcase_add_loop_test(rows, greeks_are_slopes, 0, 8);
    tcase_add_test(rows, the_eve_of_an_ex_date);
    tcase_add_test(rows, a_volatility_comes_back);
    tcase_add_test(rows, bits_are_a_rows_own);
    tcase_add_loop_test(rows, edges_are_answered, 0, 625);
    suite_add_tcase(suite, rows);
    tcase_add_unchecked_fixture(market, scene_open, scene_close);
    tcase_set_timeout(market, 120);
    tcase_add_test(market, greeks_are_those_of_the_pricers);
    tcase_add_loop_test(market, a_profile_is_the_exposure_at_each_price, 0, 12);
    tcase_add_test(market, a_flow_passes_an_ex_date);
    tcase_add_test(market, scenarios_together_are_scenarios_alone);
    tcase_add_loop_test(market, a_map_has_the_flow_of_its_market, 0, 2);
    tcase_add_loop_test(market, a_live_freezes_to_itself, 0, 4);
    tcase_add_test(market, forwards_know_the_schedule);
    suite_add_tcase(suite, market);
    return suite;
}
