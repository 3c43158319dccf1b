/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed American lines at many spots against the pricer, line by line. */
#include "american_rows.h"

#include "math/american_moving.h"
#include "math/american_profile.h"
#include "math/american_two.h"
#include "math/black.h"
#include "math/profile.h"

Suite *suite_american_hoisted(void);

enum { MANY = 1000, PRICES = 31 };

static const int greeks[] = {GEX_GREEK_GAMMA, GEX_GREEK_DELTA, GEX_GREEK_VANNA, GEX_GREEK_CHARM};
static double spot[MANY], strike[MANY], years[MANY], vol[MANY], rate[MANY], carry[MANY];
static int8_t right[MANY];
static double full[GEX_GREEK_LAST_ + 1][MANY], fast[GEX_GREEK_LAST_ + 1][MANY + 16];
static uint8_t status[MANY], valued[MANY];

/* What parity makes of the last hours and days: up to 800 % a year, and in the money as deep as there are strikes. */
static struct option hasty_option(void)
{
    for (;;) {
        struct option o = {.S = 100.0, .T = log_between(1.0 / 365 / 24 / 12, 5.0 / 365), .vol = log_between(0.05, 1.5),
                           .r = between(-8, 8), .q = between(-8, 8), .f = between(0, 1) < 0.5 ? 1 : -1};

        o.K = o.S * exp(between(0, 1) < 0.5 ? between(-4, 4) * o.vol * sqrt(o.T) : between(-0.5, 0.5));
        if ((o.f < 0 ? o.r : o.q) > 0.0)
            return o;
    }
}

static void draw_lines(bool hasty)
{
    for (int i = 0; i < MANY; i++) {
        const struct option o = hasty ? hasty_option() : usual_option();

        strike[i] = o.K;
        years[i] = o.T;
        vol[i] = o.vol;
        rate[i] = o.r;
        carry[i] = o.q;
        right[i] = o.f;
    }
}

static struct gex__black_in lines_in(void)
{
    return (struct gex__black_in){.rows = MANY,
                                  .spot = spot,
                                  .strike = strike,
                                  .years = years,
                                  .vol = vol,
                                  .rate = rate,
                                  .carry = carry,
                                  .right = right};
}

static double *hoist(bool with_vanna)
{
    double *lines = malloc((size_t)gex__american_profile_size(MANY) * sizeof *lines);
    const struct gex__black_in in = lines_in();

    ck_assert_ptr_nonnull(lines);
    gex__american_hoist(GEX_ISA_BASELINE, &in, NULL, 70, 140, with_vanna, lines, status);
    return lines;
}

static void outputs_of(double (*values)[MANY + 16], double *outputs[GEX_GREEK_LAST_ + 1])
{
    memset(outputs, 0, (GEX_GREEK_LAST_ + 1) * sizeof *outputs);
    for (int k = 0; k < 4; k++)
        outputs[greeks[k]] = values[greeks[k]];
}

START_TEST(lines_against_the_pricer)
{
    const double bounds[4] = {1e-3, _i == 0 ? 3e-5 : 6e-5, 1e-3, 1e-2};
    const struct gex__dividends none = {0};
    const struct gex__black_in in = lines_in();
    double *lines, *out[GEX_GREEK_LAST_ + 1], *reference[GEX_GREEK_LAST_ + 1] = {NULL};
    int64_t compared = 0;

    draw_lines(_i == 1);
    lines = hoist(true);
    outputs_of(fast, out);
    for (int k = 0; k < 4; k++)
        reference[greeks[k]] = full[greeks[k]];
    for (int p = 0; p < PRICES; p++) {
        const double price = 70 + p * 70.0 / (PRICES - 1) + 0.13;

        for (int i = 0; i < MANY; i++)
            spot[i] = price;
        gex__american(GEX_ISA_BASELINE, 2, &in, &none, reference, NULL, valued);
        gex__american_profile(GEX_ISA_BASELINE, lines, MANY, 0, MANY, price, out);
        for (int i = 0; i < MANY; i++) {
            const double v = vol[i] * sqrt(years[i]), scale[4] = {1 / (price * v), 1, 1 / vol[i], 1 / years[i]};

            if (status[i] != GEX_CALC_OK)
                continue; /* kept as European, and says so */
            compared++;
            for (int k = 0; k < 4; k++)
                ck_assert_msg(fabs(fast[greeks[k]][i] - full[greeks[k]][i]) <= bounds[k] * scale[k],
                              "%s at %g: %.10g, pricer %.10g: K %g T %g vol %g r %g q %g f %d",
                              gex_greek_name(greeks[k]), price, fast[greeks[k]][i], full[greeks[k]][i], strike[i],
                              years[i], vol[i], rate[i], carry[i], right[i]);
        }
    }
    ck_assert_int_gt(compared, MANY * PRICES * 9 / 10);
    free(lines);
}
END_TEST

/* Cut anywhere at multiples of 16, one greek at a time, by any instruction set that rounds alike: the same bits. */
START_TEST(bits_do_not_depend_on_cuts)
{
    static double part[GEX_GREEK_LAST_ + 1][MANY + 16];
    double *lines, *out[GEX_GREEK_LAST_ + 1], *alone[GEX_GREEK_LAST_ + 1] = {NULL};

    draw_lines(false);
    lines = hoist(true);
    outputs_of(fast, out);
    gex__american_profile(GEX_ISA_BASELINE, lines, MANY, 0, MANY, 97.0, out);
    for (int64_t first = 0; first < MANY; first += 48) {
        const int64_t count = MANY - first < 48 ? MANY - first : 48;

        for (int k = 0; k < 4; k++) {
            memset(alone, 0, sizeof alone);
            alone[greeks[k]] = part[greeks[k]];
            gex__american_profile(GEX_ISA_BASELINE, lines, MANY, first, count, 97.0, alone);
            ck_assert_mem_eq(part[greeks[k]], &fast[greeks[k]][first], (size_t)count * sizeof(double));
        }
    }
    free(lines);
}
END_TEST

/* A line that is never exercised has the European bits; a bad one is 0; two boundaries say that they stay European. */
START_TEST(what_is_not_american)
{
    static double black[GEX_GREEK_LAST_ + 1][MANY + 16];
    static const double middle = 105.0; /* of the prices hoist() asks for */
    struct gex__black_in in = lines_in();
    double *lines, *european, *out[GEX_GREEK_LAST_ + 1], *expected[GEX_GREEK_LAST_ + 1];

    draw_lines(false);
    for (int i = 0; i < MANY; i++) {
        *(right[i] < 0 ? &rate[i] : &carry[i]) = -0.02;
        *(right[i] < 0 ? &carry[i] : &rate[i]) = i % 5 == 0 ? -0.05 : 0.01;
        if (i % 7 == 0)
            vol[i] = (double)NAN;
    }
    lines = hoist(false);
    european = malloc((size_t)gex__profile_size(MANY) * sizeof *european);
    ck_assert_ptr_nonnull(european);
    in.spot = &middle;
    in.one_spot = true;
    gex__black_hoist(GEX_ISA_BASELINE, &in, european);
    outputs_of(fast, out);
    outputs_of(black, expected);
    gex__american_profile(GEX_ISA_BASELINE, lines, MANY, 0, MANY, 103.0, out);
    gex__black_profile(GEX_ISA_BASELINE, european, MANY, 0, MANY, 103.0, expected);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(status[i], i % 7 == 0 ? GEX_CALC_DOMAIN : i % 5 == 0 ? GEX_CALC_SLOW_PATH : GEX_CALC_OK);
        for (int k = 0; k < 4; k++)
            ck_assert_mem_eq(&fast[greeks[k]][i], &black[greeks[k]][i], sizeof(double));
    }
    free(european);
    free(lines);
}
END_TEST

/* ---- volatilities that differ from price to price ---------------------------------------------------------------- */

/* Least and most volatility of a line per one of its own, and where between them, or beyond, it is at a price. */
static const double range_of[][2] = {{1, 1}, {0.9, 1.2}, {0.6, 1.4}, {0.35, 2.0}, {0.1, 1.1}};
static const double share_of[] = {0.0, 1.0, 0.37, 0.85, 0.12, 0.61, -0.05};
enum { RANGES = sizeof range_of / sizeof *range_of, SHARES = sizeof share_of / sizeof *share_of };

static struct gex__american_moving hoist_moving(bool with_vanna, const double *least, const double *most,
                                                double **block)
{
    static int8_t american[MANY];
    const struct gex__black_in in = lines_in();
    struct gex__american_moving moving;

    for (int i = 0; i < MANY; i++)
        american[i] = i % 50 == 49 ? GEX_EXERCISE_EUROPEAN : GEX_EXERCISE_AMERICAN;
    *block = malloc((size_t)gex__american_moving_size(MANY, with_vanna) * sizeof **block);
    ck_assert_ptr_nonnull(*block);
    gex__american_moving_hoist(GEX_ISA_BASELINE, &in, american, 70, 140, with_vanna, least, most, *block, &moving);
    return moving;
}

START_TEST(moving_lines_against_the_pricer)
{
    static const double bounds[4] = {1e-3, 3e-5, 1e-3, 1e-2};
    static double least[MANY], most[MANY], now[MANY];
    static uint8_t rest[GEX_MOVING_ROWS];
    static bool is_rest[MANY];
    const struct gex__dividends none = {0};
    struct gex__black_in in = lines_in();
    struct gex__american_moving moving;
    double *block, *out[GEX_GREEK_LAST_ + 1], *reference[GEX_GREEK_LAST_ + 1] = {NULL};
    double *here[GEX_GREEK_LAST_ + 1] = {NULL};
    int64_t left = 0;

    draw_lines(_i == 1);
    for (int i = 0; i < MANY; i++) {
        least[i] = vol[i] * range_of[i % RANGES][0];
        most[i] = vol[i] * range_of[i % RANGES][1];
    }
    moving = hoist_moving(true, least, most, &block);
    outputs_of(fast, out);
    for (int k = 0; k < 4; k++)
        reference[greeks[k]] = full[greeks[k]];
    in.vol = now;
    for (int p = 0; p < PRICES; p++) {
        const double price = 70 + p * 70.0 / (PRICES - 1) + 0.13;
        int64_t count;

        for (int i = 0; i < MANY; i++) {
            spot[i] = price;
            now[i] = fmax(0, least[i] + share_of[(p + i / RANGES) % SHARES] * (most[i] - least[i]));
        }
        gex__american(GEX_ISA_BASELINE, 2, &in, &none, reference, NULL, valued);
        gex__black(GEX_ISA_BASELINE, &in, out, NULL);
        for (int i = 49; i < MANY; i += 50)
            for (int k = 0; k < 4; k++)
                full[greeks[k]][i] = fast[greeks[k]][i];
        memset(is_rest, 0, sizeof is_rest);
        for (int first = 0; first < MANY; first += GEX_MOVING_ROWS) {
            for (int k = 0; k < 4; k++)
                here[greeks[k]] = &fast[greeks[k]][first];
            count = gex__american_moving(GEX_ISA_BASELINE, &moving, first,
                                         MANY - first < GEX_MOVING_ROWS ? MANY - first : GEX_MOVING_ROWS, price,
                                         now + first, here, rest);
            for (int64_t k = 0; k < count; k++)
                is_rest[first + rest[k]] = true;
            left += count;
        }
        for (int i = 0; i < MANY; i++) {
            const double v = now[i] * sqrt(years[i]), scale[4] = {1 / (price * v), 1, 1 / now[i], 1 / years[i]};

            for (int k = 0; k < 4 && !is_rest[i]; k++)
                ck_assert_msg(fabs(fast[greeks[k]][i] - full[greeks[k]][i]) <= bounds[k] * scale[k],
                              "%s at %g: %.10g, pricer %.10g: K %g T %g vol %g of %g to %g, r %g q %g f %d",
                              gex_greek_name(greeks[k]), price, fast[greeks[k]][i], full[greeks[k]][i], strike[i],
                              years[i], now[i], least[i], most[i], rate[i], carry[i], right[i]);
        }
    }
    ck_assert_int_lt(left, MANY * PRICES / 10);
    free(block);
}
END_TEST

/* Cut anywhere at multiples of 16, one greek at a time: the same bits. Without vanna the other greeks have them too. */
START_TEST(moving_bits_do_not_depend_on_cuts)
{
    static double part[GEX_GREEK_LAST_ + 1][MANY + 16], least[MANY], most[MANY];
    static uint8_t rest[GEX_MOVING_ROWS];
    struct gex__american_moving moving, lean;
    double *block, *lean_block, *out[GEX_GREEK_LAST_ + 1] = {NULL}, *alone[GEX_GREEK_LAST_ + 1] = {NULL};

    draw_lines(false);
    for (int i = 0; i < MANY; i++) {
        least[i] = 0.7 * vol[i];
        most[i] = 1.2 * vol[i];
    }
    memset(fast, 0, sizeof fast);
    moving = hoist_moving(true, least, most, &block);
    lean = hoist_moving(false, least, most, &lean_block);
    for (int first = 0; first < MANY; first += GEX_MOVING_ROWS) {
        for (int k = 0; k < 4; k++)
            out[greeks[k]] = &fast[greeks[k]][first];
        gex__american_moving(GEX_ISA_BASELINE, &moving, first,
                             MANY - first < GEX_MOVING_ROWS ? MANY - first : GEX_MOVING_ROWS, 97.0, vol + first, out,
                             rest);
    }
    for (int64_t first = 0; first < MANY; first += 48) {
        const int64_t count = MANY - first < 48 ? MANY - first : 48;

        for (int k = 0; k < 4; k++) {
            const struct gex__american_moving *from = greeks[k] != GEX_GREEK_VANNA && first % 32 == 0 ? &lean : &moving;

            memset(alone, 0, sizeof alone);
            memset(part, 0, sizeof part);
            alone[greeks[k]] = part[greeks[k]];
            gex__american_moving(GEX_ISA_BASELINE, from, first, count, 97.0, vol + first, alone, rest);
            ck_assert_mem_eq(part[greeks[k]], &fast[greeks[k]][first], (size_t)count * sizeof(double));
        }
    }
    free(lean_block);
    free(block);
}
END_TEST

/* Two boundaries: the line read at any price against the row there. */
START_TEST(two_boundaries_against_the_pricer)
{
    enum { LINES = 40, READS = 6 };
    static const double bounds[4] = {1e-5, 1e-6, 1e-4, 1e-4};
    const struct gex__dividends none = {0};
    double *const line = malloc((size_t)gex__american_two_size(true) * sizeof *line);
    int exercised = 0, compared = 0;

    ck_assert_ptr_nonnull(line);
    for (int i = 0; i < LINES; i++) {
        const double lower = -between(0.005, 0.12), upper = lower * between(0.05, 0.95);
        const int8_t f = i % 2 == 0 ? 1 : -1;
        const double r = f < 0 ? upper : lower, q = f < 0 ? lower : upper, T = log_between(1.0 / 365, 3),
                     s = between(0.08, 0.6);
        const double v = s * sqrt(T), K = 100 * exp(between(-3, 3) * v);
        struct gex__black_in in = {
            .rows = 1, .one_spot = true, .strike = &K, .years = &T, .vol = &s, .rate = &r, .carry = &q, .right = &f};

        ck_assert(gex__american_is_two(&in, 0));
        gex__american_two_hoist(GEX_ISA_BASELINE, &in, 0, 80, 120, true, line);
        for (int p = 0; p < READS; p++) {
            const double price = between(80, 120), scale[4] = {1 / (price * v), 1, 1 / s, 1 / T};
            double got[GEX_GREEK_LAST_ + 1], expected[GEX_GREEK_LAST_ + 1], *out[GEX_GREEK_LAST_ + 1] = {NULL};
            double *reference[GEX_GREEK_LAST_ + 1] = {NULL}, near = fabs(log(price / exp(line[10])));
            uint8_t code;

            near = fmin(near, fabs(log(price / exp(line[11])))) / v;
            for (int k = 0; k < 4; k++) {
                out[greeks[k]] = &got[greeks[k]];
                reference[greeks[k]] = &expected[greeks[k]];
            }
            in.spot = &price;
            gex__american(GEX_ISA_BASELINE, 1, &in, &none, reference, NULL, &code);
            gex__black(GEX_ISA_BASELINE, &in, out, NULL);
            gex__american_two_at(line, true, price, 0, out);
            exercised += code == GEX_CALC_EXERCISED;
            for (int k = 0; k < 4 && (near > 0.2 || isnan(near) || isinf(near)); k++, compared++)
                ck_assert_msg(fabs(got[greeks[k]] - expected[greeks[k]]) <= bounds[k] * scale[k],
                              "%s at %g: %.10g, pricer %.10g: K %g T %g vol %g r %g q %g f %d",
                              gex_greek_name(greeks[k]), price, got[greeks[k]], expected[greeks[k]], K, T, s, r, q, f);
            ck_assert_double_eq_tol(got[GEX_GREEK_DELTA], expected[GEX_GREEK_DELTA], bounds[1]);
        }
    }
    ck_assert_int_gt(compared, 4 * LINES * READS / 2);
    ck_assert_int_gt(exercised, LINES * READS / 20);
    free(line);
}
END_TEST

START_TEST(no_lines)
{
    const struct gex__black_in in = {.rows = 0};
    double lines[64], *out[GEX_GREEK_LAST_ + 1] = {NULL};

    ck_assert_int_ge(gex__american_profile_size(0), 1);
    ck_assert_int_le(gex__american_profile_size(0), 64);
    gex__american_hoist(GEX_ISA_BASELINE, &in, NULL, 90, 110, true, lines, NULL);
    gex__american_profile(GEX_ISA_BASELINE, lines, 0, 0, 0, 100.0, out);
}
END_TEST

Suite *suite_american_hoisted(void)
{
    Suite *suite = suite_create("american_hoisted");
    TCase *tcase = tcase_create("american_hoisted");

    tcase_set_timeout(tcase, 240);
    tcase_add_loop_test(tcase, lines_against_the_pricer, 0, 2);
    tcase_add_test(tcase, bits_do_not_depend_on_cuts);
    tcase_add_test(tcase, what_is_not_american);
    tcase_add_loop_test(tcase, moving_lines_against_the_pricer, 0, 2);
    tcase_add_test(tcase, moving_bits_do_not_depend_on_cuts);
    tcase_add_test(tcase, two_boundaries_against_the_pricer);
    tcase_add_test(tcase, no_lines);
    suite_add_tcase(suite, tcase);
    return suite;
}
