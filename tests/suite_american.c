/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American options with one boundary or none: against published and independent values (golden/american_alo.csv,
 * american_quantlib.csv), against differences of their own prices, and against what has to hold.
 */
#include "american_rows.h"

Suite *suite_american(void);

/* What the header promises of each accuracy, in units of spot or strike: up to two years, beyond. */
static const double error_of[GEX_ACCURACY_LAST_ + 1][2] = {{0, 0}, {3e-5, 1.2e-4}, {1e-6, 4e-6}, {5e-8, 4e-6}};

static double allowed(const struct option *o, int32_t accuracy)
{
    return error_of[accuracy][o->T > 2.0] * fmax(o->S, o->K);
}

/* ---- values from elsewhere --------------------------------------------------------------------------------------- */

START_TEST(published_values)
{
    struct table t;
    int rows = 0;

    table_open(&t, TESTS_DIR "/golden/american_alo.csv");
    while (table_next(&t)) {
        const struct option o = {table_number(&t, "S"),
                                 table_number(&t, "K"),
                                 table_number(&t, "T"),
                                 table_number(&t, "sigma"),
                                 table_number(&t, "r"),
                                 table_number(&t, "q"),
                                 table_text(&t, "cp")[0] == 'C' ? 1 : -1};
        const struct valued v = value_with(NULL, o, _i, NULL);
        const double deviation = o.vol * sqrt(o.T);

        rows++;
        ck_assert_int_eq(v.status, GEX_CALC_OK);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_PRICE], table_number(&t, "american"), allowed(&o, _i) + 4e-9);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_DELTA], table_number(&t, "delta"), 20 * error_of[_i][1] + 2e-7);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_GAMMA] * o.S * deviation, table_number(&t, "gamma") * o.S * deviation,
                                200 * error_of[_i][1] + 2e-6 * o.S);
    }
    ck_assert_int_eq(rows, 15);
}
END_TEST

START_TEST(values_of_models_md)
{
    static const struct {
        struct option o;
        double value;
    } rows[] = {
        {{36, 40, 1, 0.2, 0.06, 0.005, -1}, 4.5330805360},
        {{100, 95, 30 / 365.0, 0.3, 0.02, 0.08, 1}, 6.1455266799},
        {{100, 100, 3, 0.2, 0.04, 0.04, -1}, 12.6052119160},
        {{80, 100, 3, 0.2, 0.04, 0.04, -1}, 23.2283386524},
        {{120, 100, 3, 0.2, 0.04, 0.04, -1}, 6.4824245448},
    };
    const struct option level = {100, 100, 1, 0.25, 0.05, 0.05, -1};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_double_eq_tol(price_of(rows[i].o, GEX_ACCURACY_HIGH), rows[i].value, 1e-7 * rows[i].o.K);
    ck_assert_double_eq_tol(price_of(level, GEX_ACCURACY_HIGH), 9.462492596167083 + 0.10695270274673, 1e-8);
}
END_TEST

START_TEST(values_of_quantlib)
{
    struct table t;
    int rows = 0;

    table_open(&t, TESTS_DIR "/golden/american_quantlib.csv");
    while (table_next(&t)) {
        const struct option o = {100.0,
                                 table_number(&t, "K"),
                                 table_number(&t, "days") / 365.0,
                                 table_number(&t, "sigma"),
                                 table_number(&t, "r"),
                                 table_number(&t, "q"),
                                 (int8_t)table_number(&t, "w")};
        const double got = price_of(o, _i), value = table_number(&t, "value");

        rows++;
        ck_assert_msg(fabs(got - value) <= allowed(&o, _i) + 1e-6,
                      "K %g T %g vol %g r %g q %g f %d: %.12g, QuantLib %.12g", o.K, o.T, o.vol, o.r, o.q, o.f, got,
                      value);
    }
    ck_assert_int_gt(rows, 500);
}
END_TEST

/* ---- what has to hold -------------------------------------------------------------------------------------------- */

static gex_european_columns european_of(const struct option *o)
{
    gex_european_columns columns;

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.spot = (gex_f64){&o->S, 0};
    columns.strike = (gex_f64){&o->K, 0};
    columns.years = (gex_f64){&o->T, 0};
    columns.vol = (gex_f64){&o->vol, 0};
    columns.right = (gex_i8){&o->f, 0};
    columns.rate = (gex_f64){&o->r, 0};
    columns.carry_yield = (gex_f64){&o->q, 0};
    return columns;
}

static double european(struct option o, int32_t greek)
{
    const gex_european_columns columns = european_of(&o);
    double value;
    double *const output = &value;

    ck_assert_int_eq(gex_european(NULL, &columns, &greek, 1, &output, NULL, NULL), GEX_OK);
    return value;
}

START_TEST(never_exercised_is_european_bit_for_bit)
{
    for (int i = 0; i < 2000; i++) {
        struct option o = usual_option();
        struct valued v;

        *(o.f < 0 ? &o.r : &o.q) = i % 3 == 0 ? 0.0 : -between(0, 0.1);
        *(o.f < 0 ? &o.q : &o.r) = (o.f < 0 ? o.r : o.q) + (i % 5 == 0 ? 0.0 : between(0, 0.1));
        v = value_with(NULL, o, GEX_ACCURACY_STANDARD, NULL);
        for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++) {
            const double expected = european(o, g);
            ck_assert_mem_eq(&v.by[g], &expected, sizeof expected);
        }
        ck_assert_int_eq(v.status, GEX_CALC_OK);
        ck_assert(v.boundary == (o.f < 0 ? 0.0 : HUGE_VAL));
    }
}
END_TEST

START_TEST(worth_at_least_exercise_and_at_least_the_european)
{
    for (int i = 0; i < 3000; i++) {
        const struct option o = usual_option();
        const double value = price_of(o, GEX_ACCURACY_STANDARD), intrinsic = fmax(o.f * (o.S - o.K), 0.0);
        struct option longer = o;

        longer.T *= 1.1;
        ck_assert(value >= intrinsic);
        ck_assert(value >= european(o, GEX_GREEK_PRICE) - 1e-12 * o.K);
        ck_assert(price_of(longer, GEX_ACCURACY_STANDARD) >= value - 2 * allowed(&o, GEX_ACCURACY_STANDARD));
    }
}
END_TEST

/* Worth nothing, and not less: the premium of this one is summed to below zero. */
START_TEST(never_worth_less_than_nothing)
{
    const struct option o = {0.0028679241810266954, 0.0025662021560655399, 40.958384541173444, 0.0031245838205025849,
                             0.19054612321929382, 0.16946160074971611, -1};

    for (int32_t accuracy = 1; accuracy <= GEX_ACCURACY_LAST_; accuracy++)
        ck_assert_double_ge(price_of(o, accuracy), 0);
}
END_TEST

/* C(S, K, r, q) = P(K, S, q, r); V(2 S, 2 K) = 2 V(S, K), exactly, since only ratios enter. */
START_TEST(symmetric_and_homogeneous)
{
    for (int i = 0; i < 2000; i++) {
        const struct option o = usual_option(), mirrored = {o.K, o.S, o.T, o.vol, o.q, o.r, (int8_t)-o.f};
        struct option doubled = o;
        const double value = price_of(o, GEX_ACCURACY_STANDARD);

        doubled.S *= 2;
        doubled.K *= 2;
        ck_assert_double_eq(price_of(doubled, GEX_ACCURACY_STANDARD), 2 * value);
        ck_assert_double_eq_tol(price_of(mirrored, GEX_ACCURACY_STANDARD), value, 1e-13 * fmax(o.S, o.K));
    }
}
END_TEST

/* On the boundary the value is what exercise pays and the slope is its slope;
 * beyond, exactly so. It recedes with time. */
START_TEST(smooth_at_a_boundary_that_recedes)
{
    for (int i = 0; i < 500; i++) {
        struct option o = usual_option(), longer;
        struct valued at, beyond;
        double boundary;

        o.S = o.K;
        boundary = value_with(NULL, o, GEX_ACCURACY_HIGH, NULL).boundary;
        longer = o;
        longer.T *= 1.2;
        ck_assert(o.f * (value_with(NULL, longer, GEX_ACCURACY_HIGH, NULL).boundary - boundary) > 0);
        ck_assert(o.f * (boundary - o.K) > 0);
        o.S = boundary * (1 - o.f * 1e-7 * o.vol * sqrt(o.T));
        at = value_with(NULL, o, GEX_ACCURACY_HIGH, NULL);
        ck_assert_int_eq(at.status, GEX_CALC_OK);
        ck_assert_double_eq_tol(at.by[GEX_GREEK_PRICE], o.f * (o.S - o.K), 1e-12 * o.K);
        ck_assert_double_eq_tol(at.by[GEX_GREEK_DELTA], o.f, 1e-5);
        ck_assert_double_eq_tol(at.by[GEX_GREEK_VEGA], 0.0, 1e-4 * o.K);
        /* gamma just before exercise: vol^2 S^2 gamma / 2 = f (q S - r K) */
        ck_assert_double_eq_tol(at.by[GEX_GREEK_GAMMA], o.f * 2 * (o.q * o.S - o.r * o.K) / (o.vol * o.vol * o.S * o.S),
                                1e-4 / (o.S * o.vol * sqrt(o.T)));
        o.S = boundary * (1 + o.f * 1e-7);
        beyond = value_with(NULL, o, GEX_ACCURACY_HIGH, NULL);
        ck_assert_int_eq(beyond.status, GEX_CALC_EXERCISED);
        for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++)
            ck_assert_double_eq(beyond.by[g], g == GEX_GREEK_PRICE        ? o.f * (o.S - o.K)
                                              : g == GEX_GREEK_DELTA      ? o.f
                                              : g == GEX_GREEK_DUAL_DELTA ? -o.f
                                                                          : 0.0);
    }
}
END_TEST

/* The perpetual put in closed form: a life T is worth less by at most K e^-rT. */
START_TEST(long_lives_tend_to_the_perpetual)
{
    for (int i = 0; i < 1000; i++) {
        const double r = between(0.02, 0.1);
        const struct option o = {100, between(60, 130), 10 / r, between(0.1, 0.6), r, between(-0.02, 0.1), -1};
        const double s2 = o.vol * o.vol, b = o.r - o.q - 0.5 * s2, lambda = -(b + sqrt(b * b + 2 * o.r * s2)) / s2;
        const double boundary = o.K * lambda / (lambda - 1);
        const double value = o.S <= boundary ? o.K - o.S : (o.K - boundary) * pow(o.S / boundary, lambda);

        const double got = price_of(o, _i);

        ck_assert_msg(got <= value + allowed(&o, _i) && got >= value - o.K * exp(-10.0) - allowed(&o, _i),
                      "K %g vol %g r %g q %g: %.10g, perpetual %.10g", o.K, o.vol, o.r, o.q, got, value);
    }
}
END_TEST

/* ---- greeks against differences of prices ------------------------------------------------------------------------ */

static double high_price(struct option o)
{
    return price_of(o, GEX_ACCURACY_HIGH);
}

static double high_greek(struct option o, int32_t greek)
{
    return value_with(NULL, o, GEX_ACCURACY_HIGH, NULL).by[greek];
}

/* Fourth-order differences of a function of the option along one of its fields. */
#define SLOPE(f, field, step)                                                                        \
    __extension__({                                                                                  \
        struct option a = o, b = o, c = o, d = o;                                                    \
        const double h = (step);                                                                     \
        a.field -= 2 * h, b.field -= h, c.field += h, d.field += 2 * h;                              \
        (8 * (f(c) - f(b)) - (f(d) - f(a))) / (12 * h);                                              \
    })
#define DELTA(x) high_greek(x, GEX_GREEK_DELTA)
#define GAMMA(x) high_greek(x, GEX_GREEK_GAMMA)
#define VEGA(x)  high_greek(x, GEX_GREEK_VEGA)
#define VANNA(x) high_greek(x, GEX_GREEK_VANNA)
#define VOMMA(x) high_greek(x, GEX_GREEK_VOMMA)
#define DUAL(x)  high_greek(x, GEX_GREEK_DUAL_DELTA)

START_TEST(greeks_are_slopes_of_prices)
{
    for (int i = 0; i < 60; i++) {
        struct option o = usual_option();
        double boundary, v, hs, hv, ht, hr, expected[GEX_GREEK_LAST_ + 1] = {0}, scale[GEX_GREEK_LAST_ + 1];
        struct valued got;

        o.vol = between(0.1, 0.6);
        o.T = log_between(5.0 / 365, 2.0);
        v = o.vol * sqrt(o.T);
        boundary = value_with(NULL, o, GEX_ACCURACY_HIGH, NULL).boundary;
        if (o.f * log(boundary / o.S) < 0.3 * v || fabs(log(o.S / o.K)) > 2.5 * v || (o.f < 0 ? o.r : o.q) < 0.005)
            continue; /* a difference must not step over the boundary */
        hs = 0.02 * v * o.S;
        hv = 0.01 * o.vol;
        ht = 0.01 * o.T;
        hr = 2e-4;
        got = value_with(NULL, o, GEX_ACCURACY_STANDARD, NULL);
        expected[GEX_GREEK_DELTA] = SLOPE(high_price, S, hs);
        expected[GEX_GREEK_GAMMA] = SLOPE(DELTA, S, hs);
        expected[GEX_GREEK_SPEED] = SLOPE(GAMMA, S, hs);
        expected[GEX_GREEK_VEGA] = SLOPE(high_price, vol, hv);
        expected[GEX_GREEK_VANNA] = SLOPE(DELTA, vol, hv);
        expected[GEX_GREEK_VOMMA] = SLOPE(VEGA, vol, hv);
        expected[GEX_GREEK_ZOMMA] = SLOPE(GAMMA, vol, hv);
        expected[GEX_GREEK_DVANNA_DVOL] = SLOPE(VANNA, vol, hv);
        expected[GEX_GREEK_ULTIMA] = SLOPE(VOMMA, vol, hv);
        expected[GEX_GREEK_THETA] = -SLOPE(high_price, T, ht);
        expected[GEX_GREEK_CHARM] = -SLOPE(DELTA, T, ht);
        expected[GEX_GREEK_COLOR] = -SLOPE(GAMMA, T, ht);
        expected[GEX_GREEK_VETA] = -SLOPE(VEGA, T, ht);
        expected[GEX_GREEK_RHO] = SLOPE(high_price, r, hr);
        expected[GEX_GREEK_EPSILON] = SLOPE(high_price, q, hr);
        expected[GEX_GREEK_DUAL_DELTA] = SLOPE(high_price, K, hs);
        expected[GEX_GREEK_DUAL_GAMMA] = SLOPE(DUAL, K, hs);
        expected[GEX_GREEK_DUAL_VANNA] = SLOPE(VEGA, K, hs);

        for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++)
            scale[g] = 1.0;
        scale[GEX_GREEK_GAMMA] = scale[GEX_GREEK_DUAL_GAMMA] = 1 / (o.S * v);
        scale[GEX_GREEK_SPEED] = 1 / (o.S * v * o.S * v);
        scale[GEX_GREEK_VEGA] = o.S * sqrt(o.T);
        scale[GEX_GREEK_VANNA] = scale[GEX_GREEK_DUAL_VANNA] = 1 / o.vol;
        scale[GEX_GREEK_VOMMA] = o.S * sqrt(o.T) / o.vol;
        scale[GEX_GREEK_ZOMMA] = 1 / (o.S * v * o.vol);
        scale[GEX_GREEK_DVANNA_DVOL] = 1 / (o.vol * o.vol);
        scale[GEX_GREEK_ULTIMA] = o.S * sqrt(o.T) / (o.vol * o.vol);
        scale[GEX_GREEK_THETA] = o.S * v / o.T;
        scale[GEX_GREEK_CHARM] = 1 / o.T;
        scale[GEX_GREEK_COLOR] = 1 / (o.S * v * o.T);
        scale[GEX_GREEK_VETA] = o.S / sqrt(o.T);
        scale[GEX_GREEK_RHO] = scale[GEX_GREEK_EPSILON] = o.S * o.T;
        for (int32_t g = GEX_GREEK_DELTA; g <= GEX_GREEK_LAST_; g++) {
            const bool third = g == GEX_GREEK_ULTIMA || g == GEX_GREEK_COLOR || g == GEX_GREEK_DVANNA_DVOL ||
                               g == GEX_GREEK_SPEED || g == GEX_GREEK_ZOMMA;
            ck_assert_msg(fabs(got.by[g] - expected[g]) <= (third ? 1e-2 : 1e-3) * scale[g],
                          "%s is %.10g, by differences %.10g: K %g T %g vol %g r %g q %g f %d", gex_greek_name(g),
                          got.by[g], expected[g], o.K, o.T, o.vol, o.r, o.q, o.f);
        }
    }
}
END_TEST

/* ---- bits -------------------------------------------------------------------------------------------------------- */

enum { MANY = 203 };

static void value_many(const gex_context *context, const struct option *options, int64_t rows, int32_t accuracy,
                       double values[GEX_GREEK_LAST_][MANY], double *boundary, uint8_t *status)
{
    const gex_american_columns columns = columns_of(options, rows, accuracy);
    int32_t greeks[GEX_GREEK_LAST_];
    double *outputs[GEX_GREEK_LAST_];

    for (int32_t g = 0; g < GEX_GREEK_LAST_; g++) {
        greeks[g] = g + 1;
        outputs[g] = values[g];
    }
    ck_assert_int_eq(gex_american(context, &columns, greeks, GEX_GREEK_LAST_, outputs, boundary, status, NULL), GEX_OK);
}

/* All rows at once, one by one, from any offset, and one greek at a time: the same bits. Every kind of row is there. */
START_TEST(bits_do_not_depend_on_neighbours)
{
    static double whole[GEX_GREEK_LAST_][MANY], part[GEX_GREEK_LAST_][MANY], boundary[MANY], again[MANY];
    static uint8_t status[MANY], states[MANY];
    static struct option options[MANY];
    gex_context *context = bound_to((int32_t)_i);

    if (context == NULL)
        return;
    for (int i = 0; i < MANY; i++) {
        options[i] = usual_option();
        if (i % 7 == 0)
            options[i].T *= 10;
        if (i % 11 == 0)
            options[i].r = -options[i].r;
        if (i % 13 == 0)
            options[i].vol = i % 2 == 0 ? 0.0 : (double)NAN;
        if (i % 17 == 0)
            options[i].T = 0.0;
    }
    value_many(context, options, MANY, GEX_ACCURACY_FAST, whole, boundary, status);
    for (int from = 0; from < MANY; from += 1 + from % 9) {
        const int rows = from + 1 + from % 9 < MANY ? 1 + from % 9 : MANY - from;

        value_many(context, &options[from], rows, GEX_ACCURACY_FAST, part, again, states);
        for (int g = 0; g < GEX_GREEK_LAST_; g++)
            for (int i = 0; i < rows; i++)
                ck_assert_msg(memcmp(&whole[g][from + i], &part[g][i], sizeof(double)) == 0,
                              "%s of row %d: %.17g alone %.17g", gex_greek_name(g + 1), from + i, whole[g][from + i],
                              part[g][i]);
        ck_assert_mem_eq(&boundary[from], again, (size_t)rows * sizeof *again);
        ck_assert_mem_eq(&status[from], states, (size_t)rows);
    }
    for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++) {
        const gex_american_columns columns = columns_of(options, MANY, GEX_ACCURACY_FAST);
        double *const output = part[0];

        ck_assert_int_eq(gex_american(context, &columns, &g, 1, &output, NULL, NULL, NULL), GEX_OK);
        ck_assert_mem_eq(part[0], whole[g - 1], sizeof part[0]);
    }
    gex_context_free(context);
}
END_TEST

/* Sets that round a product and a sum at once give the same bits; the baseline is within their rounding. */
START_TEST(bits_across_instruction_sets)
{
    static double of[3][GEX_GREEK_LAST_][MANY], boundary[3][MANY];
    static struct option options[MANY];
    static uint8_t status[MANY];
    static const int32_t sets[3] = {GEX_ISA_BASELINE, GEX_ISA_AVX2, GEX_ISA_AVX512};
    bool here[3];

    for (int i = 0; i < MANY; i++)
        options[i] = usual_option();
    for (int k = 0; k < 3; k++) {
        gex_context *context = bound_to(sets[k]);

        here[k] = context != NULL;
        if (here[k])
            value_many(context, options, MANY, _i, of[k], boundary[k], status);
        gex_context_free(context);
    }
    if (here[1] && here[2]) {
        ck_assert_mem_eq(boundary[1], boundary[2], sizeof boundary[1]);
        ck_assert_mem_eq(of[1], of[2], sizeof of[1]);
    }
    for (int i = 0; i < MANY; i++) {
        if (here[1])
            ck_assert_double_eq_tol(of[0][0][i], of[1][0][i], 1e-11 * options[i].K);
    }
}
END_TEST

/* ---- the edges of the domain ------------------------------------------------------------------------------------- */

START_TEST(no_deviation)
{
    /* a put whose yield outgrows the rate: the known path is worth most when S e^-qt q = K e^-rt r */
    const struct option o = {100, 105, 40, 0.0, 0.02, 0.06, -1};
    const double when = log(0.02 * 105 / (0.06 * 100)) / (0.02 - 0.06),
                 best = 105 * exp(-0.02 * when) - 100 * exp(-0.06 * when);
    const struct valued v = value_with(NULL, o, 0, NULL);
    struct option barely = o, call = {105, 100, 40, 0.0, 0.06, 0.02, 1}, now = {80, 105, 1, 0.0, 0.05, 0.0, -1};

    barely.vol = 1e-4;
    ck_assert(when > 0 && when < 40);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_PRICE], best, 1e-12 * best);
    ck_assert_double_eq_tol(v.by[GEX_GREEK_DELTA], -exp(-0.06 * when), 1e-12);
    ck_assert_double_eq_tol(price_of(barely, GEX_ACCURACY_STANDARD), best, 1e-4);
    ck_assert_double_eq_tol(value_with(NULL, barely, GEX_ACCURACY_HIGH, NULL).by[GEX_GREEK_DELTA], -exp(-0.06 * when),
                            1e-3);
    ck_assert_double_eq_tol(price_of(call, 0), best, 1e-12 * best);
    ck_assert_int_eq(value_with(NULL, now, 0, NULL).status, GEX_CALC_EXERCISED);
    ck_assert_double_eq(price_of(now, 0), 25.0);
    now.S = 120; /* out of the money for good */
    ck_assert_double_eq(price_of(now, 0), 0.0);
}
END_TEST

START_TEST(no_time)
{
    const struct option in = {90, 100, 0, 0.2, 0.05, 0.02, -1}, out = {110, 100, 0, 0.2, 0.05, 0.02, -1};
    const struct option at = {100, 100, 0, 0.2, 0.05, 0.02, -1};

    ck_assert_double_eq(price_of(in, 0), 10.0);
    ck_assert_double_eq(price_of(out, 0), 0.0);
    ck_assert_double_eq(value_with(NULL, in, 0, NULL).boundary, 100.0);
    ck_assert_int_eq(value_with(NULL, at, 0, NULL).status, GEX_CALC_AT_STRIKE_AT_EXPIRY);
}
END_TEST

START_TEST(bad_rows_are_data)
{
    static const double bad[] = {NAN, INFINITY, -INFINITY, -1.0, 0.0};
    const struct option good = {100, 100, 1, 0.2, 0.05, 0.02, -1};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (int field = 0; field < 6; field++) {
            struct option o = good;
            double *const fields[] = {&o.S, &o.K, &o.T, &o.vol, &o.r, &o.q};
            struct valued v;

            if ((bad[i] == 0.0 && field > 1) || (bad[i] == -1.0 && field > 3))
                continue; /* valid there */
            *fields[field] = bad[i];
            v = value_with(NULL, o, 0, NULL);
            ck_assert_int_eq(v.status, GEX_CALC_DOMAIN);
            ck_assert_double_nan(v.by[GEX_GREEK_PRICE]);
            ck_assert_double_nan(v.boundary);
        }
}
END_TEST

/* A drift too steep for any nodes: the price stays between its bounds, whatever else is asked for. */
START_TEST(steep_drifts_keep_the_bounds)
{
    static const struct option steep[] = {{135.436, 159.69, 54.59, 8.56639, 0, -4.398, -1},
                                          {4.85766e+07, 88.0492, 233.9, 1.70372, -1.191, 0, 1},
                                          {2.86098e-06, 1.30685e-06, 65.29, 5.46613, 0.01957, -5.929, -1},
                                          {100, 750.17, 42.21, 2.912, -1.517, 0.08641, 1},
                                          {100, 73.0458, 41.205, 2.5715, -0.71238, 0.025742, 1},
                                          {100, 90.5968, 43.958, 2.1352, 0.0091768, -0.62192, -1}};

    for (size_t i = 0; i < sizeof steep / sizeof *steep; i++) {
        const struct option o = steep[i];
        const struct valued v = value_with(NULL, o, 0, NULL);
        const double price = v.by[GEX_GREEK_PRICE], least = fmax(o.f * (o.S - o.K), 0.0);
        const double most = o.f > 0 ? o.S * fmax(1, exp(-o.q * o.T)) : o.K * fmax(1, exp(-o.r * o.T));

        ck_assert_msg(v.status != GEX_CALC_DOMAIN && price >= least && price <= most * (1 + 1e-12),
                      "row %d: %.17g, at most %g", (int)i, price, most);
        ck_assert_double_eq(price_of(o, 0), price);
        ck_assert_msg(!(fabs(v.by[GEX_GREEK_DELTA]) > 100.0), "row %d: delta %g", (int)i, v.by[GEX_GREEK_DELTA]);
    }
}
END_TEST

/* 0.1 days to 50 years, vol 1e-4 to 5, any rates: a number, not below the bounds, and near the high accuracy's. */
START_TEST(any_row_has_a_value)
{
    enum { ROWS = 100000, AT_ONCE = 1000 };
    static struct option options[AT_ONCE];
    static double price[AT_ONCE], delta[AT_ONCE], gamma[AT_ONCE], boundary[AT_ONCE];
    static uint8_t status[AT_ONCE];
    static const int32_t greeks[3] = {GEX_GREEK_PRICE, GEX_GREEK_DELTA, GEX_GREEK_GAMMA};
    double *const outputs[3] = {price, delta, gamma};
    int64_t slow = 0;

    for (int done = 0; done < ROWS; done += AT_ONCE) {
        gex_american_columns columns = columns_of(options, AT_ONCE, GEX_ACCURACY_STANDARD);

        for (int i = 0; i < AT_ONCE; i++) {
            struct option *o = &options[i];

            *o = (struct option){100, 100, log_between(0.1 / 365, 50), log_between(1e-4, 5), between(-0.05, 0.2),
                                 between(-0.05, 0.2), i % 2 == 0 ? 1 : -1};
            if (i % 10 == 0)
                o->r = 0.0;
            if (i % 15 == 0)
                o->q = i % 30 == 0 ? 0.0 : o->r;
            o->K *= exp(fmax(fmin(between(-4, 4) * o->vol * sqrt(o->T), 10), -10));
            if ((o->f < 0 ? o->r : o->q) < 0 && (o->f < 0 ? o->q < o->r : o->r < o->q) && i % 50 != 1)
                o->r = o->q = fabs(o->r); /* two boundaries take the grid: a few of them */
        }
        ck_assert_int_eq(gex_american(NULL, &columns, greeks, 3, outputs, boundary, status, NULL), GEX_OK);
        for (int i = 0; i < AT_ONCE; i++) {
            const struct option *o = &options[i];
            const double intrinsic = fmax(o->f * (o->S - o->K), 0.0);
            const double most = o->f > 0 ? o->S * fmax(1, exp(-o->q * o->T)) : o->K * fmax(1, exp(-o->r * o->T));

            slow += status[i] == GEX_CALC_SLOW_PATH;
            ck_assert_msg(
                (status[i] == GEX_CALC_OK || status[i] == GEX_CALC_EXERCISED || status[i] == GEX_CALC_SLOW_PATH) &&
                    price[i] >= intrinsic * (1 - 1e-12) && price[i] <= most * (1 + 1e-3) && isfinite(delta[i]) &&
                    fabs(delta[i]) <= fmax(1, exp(-o->q * o->T)) + 1e-3 && isfinite(gamma[i]) && !isnan(boundary[i]),
                "K %g T %g vol %g r %g q %g f %d: %g, delta %g, gamma %g, status %d", o->K, o->T, o->vol, o->r, o->q,
                o->f, price[i], delta[i], gamma[i], status[i]);
        }
    }
    ck_assert_int_lt(slow, ROWS / 20);
}
END_TEST

/* ---- implied volatility ------------------------------------------------------------------------------------------ */

static int32_t implied(struct option o, double price, double *vol)
{
    const gex_american_columns columns = columns_of(&o, 1, GEX_ACCURACY_STANDARD);
    const gex_f64 column = {&price, 0};
    uint8_t status = 0;

    ck_assert_int_eq(gex_american_implied_vol(NULL, &columns, &column, vol, &status, NULL), GEX_OK);
    return status;
}

START_TEST(implied_vol_gives_the_price_back)
{
    for (int i = 0; i < 1000; i++) {
        const struct option o = usual_option();
        const struct valued v = value_with(NULL, o, GEX_ACCURACY_STANDARD, NULL);
        const double price = v.by[GEX_GREEK_PRICE];
        double vol;
        const int32_t status = implied(o, price, &vol);

        if (v.status == GEX_CALC_EXERCISED) {
            ck_assert_int_eq(status, GEX_CALC_EXERCISED);
            ck_assert_double_nan(vol);
            continue;
        }
        ck_assert_int_eq(status, GEX_CALC_OK);
        if (v.by[GEX_GREEK_VEGA] > 1e-3)
            ck_assert_double_eq_tol(vol, o.vol, 1e-9);
        if (vol > 0) {
            struct option back = o;
            back.vol = vol;
            ck_assert_double_eq_tol(price_of(back, GEX_ACCURACY_STANDARD), price, 1e-12 * fmax(o.S, o.K));
        }
    }
}
END_TEST

/* A second before expiry a price of a few percent of the spot is a volatility of hundreds, whichever it is. */
START_TEST(implied_vol_of_the_last_second)
{
    for (int f = -1; f <= 1; f += 2)
        for (double wanted = 50; wanted < 2000; wanted *= 1.7) {
            const struct option o = {100, 101, 1.0 / 31536000, wanted, 0.05, 0.02, (int8_t)f};
            double vol;

            ck_assert_int_eq(implied(o, price_of(o, GEX_ACCURACY_STANDARD), &vol), GEX_CALC_OK);
            ck_assert_double_eq_tol(vol, wanted, 1e-9 * wanted);
        }
}
END_TEST

START_TEST(implied_vol_says_what_is_wrong)
{
    const struct option put = {90, 100, 1, 0, 0.05, 0.01, -1}, call = {100, 100, 1, 0, 0.05, 0.01, 1};
    struct option expired = put;
    double vol;

    expired.T = 0;
    ck_assert_int_eq(implied(put, 9.99, &vol), GEX_CALC_BELOW_INTRINSIC);
    ck_assert_double_nan(vol);
    ck_assert_int_eq(implied(put, 10.0, &vol), GEX_CALC_EXERCISED);
    ck_assert_int_eq(implied(put, 100.0, &vol), GEX_CALC_ABOVE_MAX);
    ck_assert_int_eq(implied(put, NAN, &vol), GEX_CALC_DOMAIN);
    ck_assert_int_eq(implied(call, 100.0, &vol), GEX_CALC_ABOVE_MAX);
    ck_assert_int_eq(implied(call, 3.0, &vol), GEX_CALC_BELOW_INTRINSIC); /* 100 e^-q - 100 e^-r is 3.9 */
    ck_assert_int_eq(implied(expired, 12.0, &vol), GEX_CALC_NO_TIME);
    ck_assert_int_eq(implied(expired, 10.0, &vol), GEX_CALC_OK);
    ck_assert_double_eq(vol, 0.0);
}
END_TEST

START_TEST(names)
{
    ck_assert_str_eq(gex_accuracy_name(GEX_ACCURACY_STANDARD), "standard");
    ck_assert_int_eq(gex_accuracy_find("high"), GEX_ACCURACY_HIGH);
    ck_assert_int_eq(gex_accuracy_find(NULL), 0);
}
END_TEST

Suite *suite_american(void)
{
    Suite *suite = suite_create("american");
    TCase *tcase = tcase_create("american");

    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, published_values, GEX_ACCURACY_FAST, GEX_ACCURACY_LAST_ + 1);
    tcase_add_test(tcase, values_of_models_md);
    tcase_add_loop_test(tcase, values_of_quantlib, GEX_ACCURACY_FAST, GEX_ACCURACY_LAST_ + 1);
    tcase_add_test(tcase, never_exercised_is_european_bit_for_bit);
    tcase_add_test(tcase, never_worth_less_than_nothing);
    tcase_add_test(tcase, worth_at_least_exercise_and_at_least_the_european);
    tcase_add_test(tcase, symmetric_and_homogeneous);
    tcase_add_test(tcase, smooth_at_a_boundary_that_recedes);
    tcase_add_loop_test(tcase, long_lives_tend_to_the_perpetual, GEX_ACCURACY_FAST, GEX_ACCURACY_LAST_ + 1);
    tcase_add_test(tcase, greeks_are_slopes_of_prices);
    tcase_add_loop_test(tcase, bits_do_not_depend_on_neighbours, GEX_ISA_BASELINE, GEX_ISA_AVX512 + 1);
    tcase_add_loop_test(tcase, bits_across_instruction_sets, GEX_ACCURACY_FAST, GEX_ACCURACY_LAST_ + 1);
    tcase_add_test(tcase, no_deviation);
    tcase_add_test(tcase, no_time);
    tcase_add_test(tcase, bad_rows_are_data);
    tcase_add_test(tcase, steep_drifts_keep_the_bounds);
    tcase_add_test(tcase, any_row_has_a_value);
    tcase_add_test(tcase, implied_vol_gives_the_price_back);
    tcase_add_test(tcase, implied_vol_of_the_last_second);
    tcase_add_test(tcase, implied_vol_says_what_is_wrong);
    tcase_add_test(tcase, names);
    suite_add_tcase(suite, tcase);
    return suite;
}
