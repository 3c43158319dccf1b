/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American options with two exercise boundaries: against the values of tests/oracle/two_boundaries.py, a binomial
 * lattice, the closed form of the perpetual option and differences of their own prices, and against what has to hold.
 */
#include "american_rows.h"

Suite *suite_american_two(void);

static const double bound = 1e-6; /* of the larger of spot and strike, as the header promises */

/* To ten years, rates and yields from -12 %; spots about either end of what is exercised at expiry. */
static struct option two_option(void)
{
    const double lower = -between(0.005, 0.12), upper = lower * between(0.1, 0.97);
    const int8_t f = uniform() < 0.5 ? -1 : 1;
    struct option o = {
        100.0, 100.0, log_between(0.02, 10.0), between(0.04, 0.6), f < 0 ? upper : lower, f < 0 ? lower : upper, f};

    o.K = o.S * exp(between(-2, 2) * fmin(o.vol * sqrt(o.T), 0.5) + (uniform() < 0.5 ? log(o.q / o.r) : 0.0));
    return o;
}

/* ---- values from elsewhere
 * ---------------------------------------------------------------------------------------------- */

START_TEST(values_of_the_oracle)
{
    static const struct {
        struct option o;
        double value;
    } rows[] = {
        /* tests/oracle/two_boundaries.py 24 --seed 7 --rows; beside each its doubt, of the larger of spot and strike */
        {{69.98, 100, 0.9731, 0.4527, -0.02409, -0.09533, -1}, 32.4788299}, /* 6e-09 */
        {{100, 98.85, 4.5575, 0.0424, -0.10034, -0.07699, 1}, 1.9758328},   /* 1e-07 */
        {{45.11, 100, 0.1315, 0.1681, -0.01714, -0.03804, -1}, 54.8926383}, /* 1e-11 */
        {{100, 131.61, 0.6236, 0.4979, -0.09719, -0.05928, 1}, 6.0594065},  /* 7e-09 */
        {{94.34, 100, 0.0762, 0.1137, -0.00693, -0.07738, -1}, 5.6600000},  /* 4e-10 */
        {{100, 101.01, 0.4906, 0.2545, -0.11089, -0.06834, 1}, 6.0217548},  /* 5e-09 */
        {{24.13, 100, 0.4386, 0.1539, -0.00252, -0.0113, -1}, 75.8700000},  /* 1e-12 */
        {{100, 73.83, 0.0696, 0.21, -0.01041, -0.0083, 1}, 26.1743003},     /* 1e-13 */
        {{108.41, 100, 0.1055, 0.445, -0.05368, -0.06608, -1}, 2.6879553},  /* 9e-10 */
        {{100, 118.87, 2.0093, 0.0821, -0.06953, -0.03525, 1}, 0.1089289},  /* 1e-09 */
        {{36.2, 100, 0.1888, 0.3152, -0.00659, -0.01652, -1}, 63.8122249},  /* 3e-12 */
        {{100, 96.28, 0.0509, 0.4155, -0.05174, -0.04816, 1}, 5.8276184},   /* 2e-10 */
        {{92.89, 100, 0.8591, 0.3335, -0.01568, -0.08441, -1}, 13.6486261}, /* 1e-08 */
        {{100, 92.64, 0.0886, 0.2251, -0.02064, -0.01901, 1}, 7.7692205},   /* 1e-10 */
        {{47.88, 100, 1.3005, 0.1782, -0.06857, -0.10615, -1}, 54.3799783}, /* 7e-11 */
        {{100, 27.69, 3.8182, 0.4747, -0.10943, -0.06158, 1}, 88.0897805},  /* 9e-09 */
        {{120.25, 100, 0.0661, 0.4668, -0.01504, -0.07076, -1}, 0.3316003}, /* 2e-09 */
        {{100, 72.12, 1.078, 0.3021, -0.05139, -0.02158, 1}, 29.0270620},   /* 3e-09 */
        {{51.63, 100, 0.0253, 0.4431, -0.03336, -0.06145, -1}, 48.3743916}, /* 1e-12 */
        {{100, 6.9, 2.1322, 0.0516, -0.05094, -0.00394, 1}, 93.1568100},    /* 3e-11 */
        {{210.77, 100, 8.1533, 0.3426, -0.02977, -0.0571, -1}, 15.9659145}, /* 2e-08 */
        {{100, 100.99, 0.1698, 0.3115, -0.08521, -0.03152, 1}, 4.3330682},  /* 6e-09 */
        {{33.09, 100, 2.3249, 0.4582, -0.02369, -0.02662, -1}, 71.4680422}, /* 6e-10 */
        {{100, 80.22, 2.1542, 0.4128, -0.02504, -0.01069, 1}, 32.1617864},  /* 1e-08 */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct option *o = &rows[i].o;
        const struct valued v = value_with(NULL, *o, (int32_t)_i, NULL);

        ck_assert_msg(v.status == GEX_CALC_OK || v.status == GEX_CALC_EXERCISED, "row %zu: status %d", i, v.status);
        ck_assert_msg(fabs(v.by[GEX_GREEK_PRICE] - rows[i].value) <= bound * fmax(o->S, o->K),
                      "row %zu: %.9f, expected %.9f", i, v.by[GEX_GREEK_PRICE], rows[i].value);
    }
}
END_TEST

/* Leisen and Reimer (1996), steps odd. */
static double lattice(struct option o, int steps)
{
    static double value[8100];
    const double dt = o.T / steps, v = o.vol * sqrt(o.T), d1 = (log(o.S / o.K) + (o.r - o.q) * o.T) / v + v / 2,
                 d2 = d1 - v;
    const double n = steps + 1.0 / 3 + 0.1 / (steps + 1), grow = exp((o.r - o.q) * dt), discount = exp(-o.r * dt);
    const double p = 0.5 + copysign(0.5, d2) * sqrt(1 - exp(-d2 * d2 / (n * n) * (steps + 1.0 / 6)));
    const double q = 0.5 + copysign(0.5, d1) * sqrt(1 - exp(-d1 * d1 / (n * n) * (steps + 1.0 / 6)));
    const double up = grow * q / p, down = (grow - p * up) / (1 - p), ratio = up / down;
    double low = o.S * pow(down, steps);

    for (int i = 0; i <= steps; i++)
        value[i] = fmax(o.f * (low * pow(ratio, i) - o.K), 0);
    for (int step = steps - 1; step >= 0; step--) {
        double S;

        low /= down;
        S = low;
        for (int i = 0; i <= step; i++, S *= ratio)
            value[i] = fmax(discount * (p * value[i + 1] + (1 - p) * value[i]), o.f * (S - o.K));
    }
    return value[0];
}

/* First order and smooth: extrapolated. */
static double fine_lattice(struct option o)
{
    return 2 * lattice(o, 4001) - lattice(o, 2001);
}

START_TEST(random_rows_against_a_lattice)
{
    for (int i = 0; i < 8; i++) {
        const struct option o = two_option();

        ck_assert_double_eq_tol(price_of(o, 0), fine_lattice(o), 1e-5 * fmax(o.K, o.S)); /* the lattice errs by that */
    }
}
END_TEST

/*
 * Long before expiry, with vol < sqrt(-2 q) - sqrt(-2 r): (K - X) (S / X)^l outside of the ends X = K l / (l - 1), l
 * being the roots of vol^2 l^2 / 2 + (r - q - vol^2 / 2) l - r = 0. For calls S and K, r and q change places. The life
 * is long for the boundaries, and for the drift to have taken the spot to the lower one.
 */
START_TEST(perpetual)
{
    for (int i = 0; i < 200; i++) {
        const double r = -between(0.01, 0.1), q = r * between(1.2, 5.0), least = sqrt(-2 * q) - sqrt(-2 * r);
        const double vol = least * between(0.1, 0.4), s2 = vol * vol, b = r - q - s2 / 2,
                     root = sqrt(b * b + 2 * r * s2);
        const double high = (-b - root) / s2, low = (-b + root) / s2, upper = high / (high - 1),
                     lower = low / (low - 1);
        const double years = 25.0 / (r + b * b / (2 * s2)), fall = fmin((r - q) * years / 4, 0.3) * uniform();
        const double s = i % 2 == 0 ? upper * exp(between(0, 0.3)) : lower * exp(-fall);
        const double value = i % 2 == 0 ? (1 - upper) * pow(s / upper, high) : (1 - lower) * pow(s / lower, low);
        const struct option put = {100 * s, 100, years, vol, r, q, -1}, call = {100, 100 * s, years, vol, q, r, 1};
        const struct valued v = value_with(NULL, put, 0, NULL);

        ck_assert_int_eq(v.status, GEX_CALC_OK);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_PRICE], 100 * value, bound * 100);
        ck_assert_double_eq_tol(v.boundary, 100 * upper, 1e-5 * 100);
        ck_assert_double_eq_tol(price_of(call, 0), 100 * value, bound * 100);
    }
}
END_TEST

/* ---- what has to hold
 * ---------------------------------------------------------------------------------------------------- */

START_TEST(calls_are_puts)
{
    for (int i = 0; i < 200; i++) {
        const struct option o = two_option(), mirrored = {o.K, o.S, o.T, o.vol, o.q, o.r, (int8_t)-o.f};

        ck_assert_double_eq_tol(price_of(o, 0), price_of(mirrored, 0), 1e-13 * fmax(o.S, o.K));
    }
}
END_TEST

/* At the boundary that is told the value and its slope are those of exercise; beyond it nothing is left to decide. */
START_TEST(boundary_is_where_exercise_begins)
{
    int met = 0;

    for (int i = 0; i < 200; i++) {
        struct option o = two_option();
        const double boundary = value_with(NULL, o, 0, NULL).boundary, end = o.K * o.r / o.q;
        struct valued v;

        if (boundary == 0.0 || isinf(boundary)) {
            met++;
            o.S = sqrt(o.K * end); /* is exercised at expiry, and by now nowhere */
            v = value_with(NULL, o, 0, NULL);
            ck_assert_int_eq(v.status, GEX_CALC_OK);
            ck_assert_double_gt(v.by[GEX_GREEK_PRICE], o.f * (o.S - o.K));
            continue;
        }
        ck_assert_msg(o.f < 0 ? boundary < o.K && boundary > end : boundary > o.K && boundary < end,
                      "%.17g: K %.17g T %.17g vol %.17g r %.17g q %.17g f %d", boundary, o.K, o.T, o.vol, o.r, o.q,
                      o.f);
        o.S = boundary * (1 - o.f * 1e-9);
        v = value_with(NULL, o, 0, NULL);
        ck_assert_int_eq(v.status, GEX_CALC_OK);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_PRICE], o.f * (o.S - o.K), bound * o.K);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_DELTA], o.f, 1e-4);
        o.S = boundary * (1 + o.f * 1e-9);
        v = value_with(NULL, o, 0, NULL);
        ck_assert_int_eq(v.status, GEX_CALC_EXERCISED);
        ck_assert_double_eq(v.by[GEX_GREEK_PRICE], o.f * (o.S - o.K));
    }
    ck_assert_int_gt(met, 20);
    ck_assert_int_lt(met, 180);
}
END_TEST

START_TEST(worth_more_than_what_it_can_be_instead)
{
    for (int i = 0; i < 2000; i++) {
        const struct option o = two_option();
        struct option longer = o;
        const double price = price_of(o, 0);

        longer.T *= 1.05;
        ck_assert_double_ge(price, o.f * (o.S - o.K));
        ck_assert_double_ge(price_of(longer, 0), price - 1e-2 * bound * fmax(o.S, o.K));
    }
}
END_TEST

/* ---- greeks
 * -------------------------------------------------------------------------------------------------------------- */

static double of(struct option o, int32_t greek)
{
    return value_with(NULL, o, 0, NULL).by[greek];
}

#define SLOPE(greek, member, step) slope_of(o, greek, offsetof(struct option, member), step)

static double slope_of(struct option o, int32_t greek, size_t member, double step)
{
    double values[2];

    for (int side = 0; side < 2; side++) {
        struct option moved = o;
        double field;

        memcpy(&field, (const char *)&o + member, sizeof field);
        field += side == 0 ? -step : step;
        memcpy((char *)&moved + member, &field, sizeof field);
        values[side] = of(moved, greek);
    }
    return (values[1] - values[0]) / (2 * step);
}

/* Whether there is an exercise region with so much of the life left. */
static bool parts(struct option o, double share)
{
    double boundary;

    o.T *= share;
    boundary = value_with(NULL, o, 0, NULL).boundary;
    return boundary > 0.0 && !isinf(boundary);
}

/* Within a tenth of a deviation of exercise. */
static bool is_near(struct option o, const struct valued *v)
{
    const double S = o.S, step = 0.1 * o.vol * sqrt(o.T) * o.S;

    for (int side = -1; side <= 1; side += 2) {
        o.S = S + side * step;
        if (value_with(NULL, o, 0, NULL).status != v->status)
            return true;
    }
    return false;
}

/* In units of the greek's own scale; rows away from a boundary and from where the boundaries meet. */
START_TEST(greeks_are_slopes)
{
    int compared = 0;

    for (int i = 0; i < 400; i++) {
        const struct option o = two_option();
        const struct valued v = value_with(NULL, o, 0, NULL);
        const double deviation = o.vol * sqrt(o.T), hs = 2e-3 * deviation * o.S, hv = 2e-3 * o.vol, ht = 1e-3 * o.T;
        const double share = 2e-3 * fmin(1.0, 10 * deviation), unit = o.S * deviation;
        const double hr = share * fmin(fabs(o.r - o.q), fabs(o.r)), hq = share * fmin(fabs(o.r - o.q), fabs(o.q));

        if (v.status != GEX_CALC_OK || parts(o, 0.8) != parts(o, 1.0) || parts(o, 1.25) != parts(o, 1.0) ||
            is_near(o, &v))
            continue;
        compared++;
        ck_assert_double_eq_tol(v.by[GEX_GREEK_DELTA], SLOPE(GEX_GREEK_PRICE, S, hs), 1e-5);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_GAMMA] * unit, SLOPE(GEX_GREEK_DELTA, S, hs) * unit, 1e-4);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_DUAL_DELTA], SLOPE(GEX_GREEK_PRICE, K, hs), 1e-4);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_THETA] * o.T, -SLOPE(GEX_GREEK_PRICE, T, ht) * o.T, 1e-5 * o.S);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_CHARM] * o.T, -SLOPE(GEX_GREEK_DELTA, T, ht) * o.T, 1e-3);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_VEGA] * o.vol, SLOPE(GEX_GREEK_PRICE, vol, hv) * o.vol, 2e-5 * o.S);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_VANNA] * o.vol, SLOPE(GEX_GREEK_DELTA, vol, hv) * o.vol, 2e-4);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_VOMMA] * o.vol * o.vol, SLOPE(GEX_GREEK_VEGA, vol, hv) * o.vol * o.vol,
                                2e-3 * o.S);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_RHO], SLOPE(GEX_GREEK_PRICE, r, hr), 2e-3 * o.S * o.T);
        ck_assert_double_eq_tol(v.by[GEX_GREEK_EPSILON], SLOPE(GEX_GREEK_PRICE, q, hq), 2e-3 * o.S * o.T);
    }
    ck_assert_int_gt(compared, 100);
}
END_TEST

/* ---- bits
 * ---------------------------------------------------------------------------------------------------------------- */

enum { MANY = 120 };

static void value_all(const gex_context *context, const struct option *options, int64_t rows,
                      double values[][GEX_GREEK_LAST_ + 1], uint8_t *status)
{
    for (int64_t i = 0; i < rows; i++) {
        const struct valued v = value_with(context, options[i], 0, NULL);

        memcpy(values[i], v.by, sizeof v.by);
        status[i] = v.status;
    }
}

START_TEST(bits_across_instruction_sets)
{
    static double of_set[3][MANY][GEX_GREEK_LAST_ + 1];
    static uint8_t status[3][MANY];
    static struct option options[MANY];
    static const int32_t sets[3] = {GEX_ISA_BASELINE, GEX_ISA_AVX2, GEX_ISA_AVX512};
    bool here[3];

    for (int i = 0; i < MANY; i++)
        options[i] = two_option();
    for (int k = 0; k < 3; k++) {
        gex_context *context = bound_to(sets[k]);

        here[k] = context != NULL;
        if (here[k])
            value_all(context, options, MANY, of_set[k], status[k]);
        gex_context_free(context);
    }
    if (here[1] && here[2]) {
        ck_assert_mem_eq(of_set[1], of_set[2], sizeof of_set[1]);
        ck_assert_mem_eq(status[1], status[2], sizeof status[1]);
    }
    for (int i = 0; i < MANY && here[1]; i++)
        ck_assert_double_eq_tol(of_set[0][i][GEX_GREEK_PRICE], of_set[1][i][GEX_GREEK_PRICE],
                                1e-11 * fmax(options[i].S, options[i].K));
}
END_TEST

/* All rows at once and one greek at a time: the bits of each row alone with all greeks. */
START_TEST(bits_are_the_rows_own)
{
    static double alone[MANY][GEX_GREEK_LAST_ + 1], column[MANY];
    static uint8_t status[MANY], again[MANY];
    static struct option options[MANY];

    for (int i = 0; i < MANY; i++)
        options[i] = i % 3 == 0 ? usual_option() : two_option();
    value_all(NULL, options, MANY, alone, status);
    for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++) {
        const gex_american_columns columns = columns_of(options, MANY, 0);
        double *const output = column;

        ck_assert_int_eq(gex_american(NULL, &columns, &g, 1, &output, NULL, again, NULL), GEX_OK);
        for (int i = 0; i < MANY; i++)
            ck_assert_msg(memcmp(&column[i], &alone[i][g], sizeof *column) == 0, "%s of row %d: %.17g, alone %.17g",
                          gex_greek_name(g), i, column[i], alone[i][g]);
        ck_assert_mem_eq(again, status, sizeof again);
    }
}
END_TEST

/* ---- the far ends of the domain
 * ------------------------------------------------------------------------------------------- */

/* 0.1 % to 300 % of vol, an hour to 50 years, rates to -100 %, as close to each other and to 0 as they come. */
START_TEST(wide_rows_are_numbers)
{
    int slow = 0;

    for (int i = 0; i < 4000; i++) {
        const double lower = -log_between(1e-5, 1.0), near = log_between(1e-9, 1.0);
        const double upper = lower * (i % 2 == 0 ? near : 1.0 - 0.999 * near);
        const int8_t f = i % 4 < 2 ? -1 : 1;
        struct option o = {
            100.0, 100.0, log_between(1e-4, 50.0), log_between(1e-3, 3.0), f < 0 ? upper : lower, f < 0 ? lower : upper,
            f};
        struct valued v;

        o.K = o.S * exp(between(-4, 4) * o.vol * sqrt(o.T));
        v = value_with(NULL, o, 0, NULL);
        slow += v.status == GEX_CALC_SLOW_PATH;
        ck_assert(v.status == GEX_CALC_OK || v.status == GEX_CALC_EXERCISED || v.status == GEX_CALC_SLOW_PATH);
        for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++)
            ck_assert_msg(isfinite(v.by[g]), "%s is %g: K %.17g T %.17g vol %.17g r %.17g q %.17g f %d",
                          gex_greek_name(g), v.by[g], o.K, o.T, o.vol, o.r, o.q, o.f);
        ck_assert_double_ge(v.by[GEX_GREEK_PRICE], fmax(o.f * (o.S - o.K), 0.0) * (1 - 1e-12));
        ck_assert(!isnan(v.boundary));
    }
    ck_assert_int_le(slow, 40); /* |q T| or |r T| in the tens: docs/american.md */
}
END_TEST

Suite *suite_american_two(void)
{
    Suite *suite = suite_create("american_two");
    TCase *tcase = tcase_create("american_two");

    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, values_of_the_oracle, 1, GEX_ACCURACY_LAST_ + 1);
    tcase_add_test(tcase, random_rows_against_a_lattice);
    tcase_add_test(tcase, perpetual);
    tcase_add_test(tcase, calls_are_puts);
    tcase_add_test(tcase, boundary_is_where_exercise_begins);
    tcase_add_test(tcase, worth_more_than_what_it_can_be_instead);
    tcase_add_test(tcase, greeks_are_slopes);
    tcase_add_test(tcase, bits_across_instruction_sets);
    tcase_add_test(tcase, bits_are_the_rows_own);
    tcase_add_test(tcase, wide_rows_are_numbers);
    suite_add_tcase(suite, tcase);
    return suite;
}
