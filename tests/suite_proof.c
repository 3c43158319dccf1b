/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a check says is proved: violations where no sample would be, slices that touch, and numbers drawn, each against
 * a search in longer arithmetic that is dense wherever a slice bends.
 */
#include <float.h>

#include "draw.h"
#include "surfaces.h"

Suite *suite_proof(void);

typedef long double wide;
typedef wide curve(const double *one, const double *other, wide k);

static wide variance_of(const double *p, wide k)
{
    const wide x = k - p[3], s = p[4];
    return p[0] + p[1] * (p[2] * x + sqrtl(x * x + s * s));
}

static wide g_of(const double *p, const double *unused, wide k)
{
    const wide x = k - p[3], s = p[4], r = sqrtl(x * x + s * s), w = variance_of(p, k);
    const wide w1 = p[1] * (p[2] + x / r), w2 = p[1] * s * s / (r * r * r), lean = 1 - k * w1 / (2 * w);

    (void)unused;
    return lean * lean - w1 * w1 * (1 / w + 0.25L) / 4 + w2 / 2;
}

static wide above_of(const double *earlier, const double *later, wide k)
{
    return variance_of(later, k) - variance_of(earlier, k);
}

/* The least over m + s sinh(u) for |u| up to 17, of either slice, every local one refined. */
static wide least_of(curve *f, const double *one, const double *other, wide *at_out)
{
    const int half = 1200;
    const wide each = 17 / (wide)half;
    wide least = INFINITY;

    for (int slice = 0; slice < 2; slice++) {
        const double *p = slice == 0 ? one : other;
        for (int i = -half; i <= half; i++) {
            const wide k = p[3] + p[4] * sinhl(i * each), here = f(one, other, k);
            wide step = p[4] * coshl(i * each) * each, at = k, value = here;

            if (here > f(one, other, k - step) || here > f(one, other, k + step) || here > least + 1e-3L * fabsl(least))
                continue;
            for (int n = 0; n < 120; n++) {
                const wide left = f(one, other, at - step), right = f(one, other, at + step);
                if (left < value)
                    value = left, at -= step;
                else if (right < value)
                    value = right, at += step;
                else
                    step /= 2;
            }
            if (value < least) {
                least = value;
                *at_out = at;
            }
        }
    }
    return least;
}

static wide least_g(const double *p, wide *at_out)
{
    wide least = least_of(g_of, p, p, at_out);

    for (int side = -1; side <= 1; side += 2) {
        const wide slope = (wide)p[1] * (1 + side * (wide)p[2]);
        least = fminl(least, 0.25L - slope * slope / 16);
    }
    return least;
}

static double butterfly(const double *p, double *at)
{
    double least;

    ck_assert_int_eq(gex_svi_butterfly(p, &least, at, NULL), GEX_OK);
    return least;
}

static double calendar(const double *earlier, const double *later, double *at)
{
    double least;

    ck_assert_int_eq(gex_svi_calendar(earlier, later, &least, at, NULL), GEX_OK);
    return least;
}

static int64_t violations(int count, const double (*slices)[5], int32_t which)
{
    static const double years[] = {1, 2}, forward[] = {100, 100};
    gex_surface *surface = svi_of(count, years, forward, slices);
    gex_surface_report *report = NULL;
    int64_t found;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-12, &report, NULL), GEX_OK);
    found = gex_surface_report_count(report, which);
    gex_surface_report_free(report);
    gex_surface_free(surface);
    return found;
}

/* ---- raw SVI ----------------------------------------------------------------------------------------------------- */

/* Wings of slightly less than 2, w about 2 |k| + 1.92: g tends to something above zero, is above zero out to |k| = 20,
 * and is -1e-9 where |k| is about 75. */
START_TEST(a_butterfly_far_out_is_found)
{
    double p[5] = {1.92, 0, 0, 0, 0.5}, low = 1e-6, high = 0.1, at;
    wide where = 0, least = 0;

    for (int i = 0; i < 60; i++) {
        p[1] = 2 - (low + high) / 2;
        least = least_g(p, &where);
        *(least < -1e-9L ? &low : &high) = (low + high) / 2;
    }
    ck_assert(fabsl(least + 1e-9L) < 1e-12L && fabsl(where) > 40 && fabsl(where) < 200);
    for (wide k = -20; k <= 20; k += 0.01L)
        ck_assert(g_of(p, NULL, k) > 1e-5L);
    check_near("least g", butterfly(p, &at), (double)least, 1e-12);
    check_near("its k", fabs(at), fabs((double)where), 0.5);
    ck_assert_int_eq(violations(1, (const double(*)[5]) & p, GEX_ARBITRAGE_BUTTERFLY), 1);
    ck_assert_int_eq(violations(1, (const double(*)[5]) & p, GEX_ARBITRAGE_WING), 0);
}
END_TEST

/* The later is above the earlier out to |k| = 20 and far out, and 1e-9 below at about 40. */
START_TEST(a_crossing_far_out_is_found)
{
    double slices[2][5] = {{0.04, 0.1, -0.3, 0, 0.3}, {0.04, 0.100003, -0.3, 0, 0.4}}, at;
    const wide least = least_of(above_of, slices[0], slices[1], &(wide){0});
    wide where = 0;

    slices[1][0] -= (double)(least + 1e-9L);
    check_near("made", (double)least_of(above_of, slices[0], slices[1], &where), -1e-9, 1e-15);
    ck_assert(where > 30 && where < 60);
    for (wide k = -20; k <= 20; k += 0.01L)
        ck_assert(above_of(slices[0], slices[1], k) > 1e-5L);
    check_near("least", calendar(slices[0], slices[1], &at), -1e-9, 1e-13);
    check_near("its k", at, (double)where, 0.1);
    ck_assert_int_eq(violations(2, (const double(*)[5])slices, GEX_ARBITRAGE_CALENDAR), 1);
    slices[1][0] += 1.0001e-9;
    ck_assert_double_ge(calendar(slices[0], slices[1], &at), 0);
    ck_assert_int_eq(violations(2, (const double(*)[5])slices, 0), 0);
}
END_TEST

/* w from nearly touching zero to nearly flat, bends from a hundredth to ten, wings of up to 2. */
static void draw_slice(double p[5])
{
    double lowest;

    p[4] = exp(between(-5, 1));
    p[2] = between(-0.97, 0.97);
    p[1] = exp(between(-4.5, 0.6)) / (1 + fabs(p[2]));
    p[3] = between(-3, 3) * p[4];
    lowest = p[1] * p[4] * sqrt(1 - p[2] * p[2]);
    p[0] = lowest * (exp(between(-4, 2)) - 1);
}

START_TEST(least_g_is_what_a_search_finds)
{
    seed = 11;
    for (int i = 0; i < 150; i++) {
        double p[5], at, least;
        wide where, searched;

        draw_slice(p);
        searched = least_g(p, &where);
        least = butterfly(p, &at);
        ck_assert_msg(least <= searched && least >= searched - 2e-6L * fabsl(searched) - 1e-11L,
                      "%.17g %.17g %.17g %.17g %.17g: least g %.17g, searched %.17Lg", p[0], p[1], p[2], p[3], p[4],
                      least, searched);
        ck_assert_int_eq(least >= 0, searched >= 0);
    }
}
END_TEST

/* The level at which g touches zero, and a little to either side of it. */
START_TEST(a_butterfly_begins_where_g_touches_zero)
{
    seed = 12;
    for (int i = 0; i < 12; i++) {
        double p[5], low, high, at;
        wide where;

        do
            draw_slice(p);
        while (p[1] * (1 + fabs(p[2])) > 1.9);
        low = -p[1] * p[4] * sqrt(1 - p[2] * p[2]) * (1 - 1e-9), high = 10;
        for (int n = 0; n < 90 && high - low > 4 * DBL_EPSILON * fabs(high); n++) {
            p[0] = (low + high) / 2;
            *(least_g(p, &where) < 0 ? &low : &high) = p[0];
        }
        p[0] = high;
        check_near("at the touch", butterfly(p, &at), 0, 1e-11);
        ck_assert_int_le(violations(1, (const double(*)[5]) & p, 0), 1);
        p[0] = high * (1 + 1e-8) + 1e-8 * p[4];
        ck_assert_double_ge(butterfly(p, &at), 0);
        p[0] = high * (1 - 1e-8) - 1e-8 * p[4];
        ck_assert_double_lt(butterfly(p, &at), 0);
    }
}
END_TEST

/* Two slices that touch; and from far apart to differences of a part in 10^12. */
START_TEST(least_distance_is_what_a_search_finds)
{
    seed = 13;
    for (int i = 0; i < 150; i++) {
        const double apart = pow(10, -(i % 13));
        double p[5], q[5], at, scale, least;
        wide where, searched;

        draw_slice(p);
        do {
            for (int j = 0; j < 5; j++)
                q[j] = p[j] * (1 + apart * between(-0.5, 0.5));
            q[2] = fmax(-0.99, fmin(0.99, q[2]));
            q[0] = fmax(q[0], -q[1] * q[4] * sqrt(1 - q[2] * q[2]) * 0.999);
        } while (q[1] * (1 - q[2]) < p[1] * (1 - p[2]) || q[1] * (1 + q[2]) < p[1] * (1 + p[2]));
        searched = least_of(above_of, p, q, &where);
        least = calendar(p, q, &at);
        scale = apart * p[1] * (p[4] + fabs(p[3]));
        ck_assert_msg(least <= (double)searched + 1e-17 * scale / apart &&
                          least >= (double)searched - 1e-9 * fabs((double)searched) - 1e-10 * scale - 1e-18,
                      "%d, apart %g: least %.17g, searched %.17Lg at %Lg", i, apart, least, searched, where);
        if (apart > 1e-9) { /* lifted until they touch: none within the tolerance, one beyond it */
            double both[2][5];

            memcpy(both[0], p, sizeof p);
            memcpy(both[1], q, sizeof q);
            both[1][0] -= (double)searched;
            if (both[1][0] + q[1] * q[4] * sqrt(1 - q[2] * q[2]) < 0)
                continue;
            ck_assert_int_eq(violations(2, (const double(*)[5])both, GEX_ARBITRAGE_CALENDAR), 0);
            both[1][0] -= 1e-11 * (double)variance_of(p, where);
            ck_assert_int_eq(violations(2, (const double(*)[5])both, GEX_ARBITRAGE_CALENDAR), 1);
        }
    }
}
END_TEST

/* What fits end with: a wing that is nearly flat, a level without slopes, and the same slice twice. */
START_TEST(edges_of_slices)
{
    static const double flat[5] = {0.0045, 0.0058, -0.999999999, -0.0234, 0.0132}, level[5] = {0.04, 0, 0.3, 0.1, 0.2};
    const double twice[2][5] = {{0.04, 0.1, -0.3, 0.01, 0.3}, {0.04, 0.1, -0.3, 0.01, 0.3}};
    double at;
    wide where;

    check_near("flat wing", butterfly(flat, &at), (double)least_g(flat, &where), 1e-6);
    check_near("level", butterfly(level, &at), 1, 1e-12);
    check_near("twice", calendar(twice[0], twice[1], &at), 0, 1e-14);
    ck_assert_int_eq(violations(2, twice, 0), 0);
    check_near("one below the other", calendar(level, flat, &at), (double)least_of(above_of, level, flat, &where),
               1e-10);
    ck_assert(isinf(calendar(flat, level, &at)) && at < 0); /* slopes cross */
}
END_TEST

/* ---- quotes ------------------------------------------------------------------------------------------------------ */

/* Two expiries of random smiles on strikes of their own. */
static gex_surface *drawn_quotes(int32_t wings)
{
    enum { EACH = 9 };
    static const double years[2] = {0.5, 0.6}, forward[2] = {100, 100};
    static double strike[2 * EACH], vol[2 * EACH];
    static int32_t expiry[2 * EACH];
    gex_surface *surface = NULL;
    gex_raw_columns columns;

    for (int i = 0; i < 2 * EACH; i++) {
        const double k = -0.6 + 1.2 * (i % EACH + between(0, 0.9)) / (double)EACH;
        strike[i] = 100 * exp(k);
        vol[i] = 0.25 - 0.2 * k + 0.15 * k * k + between(-0.01, 0.01) + (i < EACH ? 0 : 0.01);
        expiry[i] = i / EACH;
    }
    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = wings, columns.expiries = 2, columns.rows = 2 * EACH;
    columns.years = (gex_f64){years, sizeof *years}, columns.forward = (gex_f64){forward, sizeof *forward};
    columns.strike = (gex_f64){strike, sizeof *strike}, columns.vol = (gex_f64){vol, sizeof *vol};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &surface, NULL), GEX_OK);
    return surface;
}

START_TEST(quotes_are_proved_between_strikes_too)
{
    seed = 21;
    for (int i = 0; i < 12; i++) {
        gex_surface *surface = drawn_quotes(i % 2 == 0 ? GEX_WINGS_LINEAR : GEX_WINGS_FLAT_VOL);
        gex_surface_report *report = NULL;
        double least[2] = {INFINITY, INFINITY}, above = INFINITY;
        const double *floors, *apart;

        ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-9, &report, NULL), GEX_OK);
        floors = gex_surface_report_butterfly(report), apart = gex_surface_report_calendar(report);
        for (int n = 0; n < 60000 + 18; n++) { /* evenly, and at every strike */
            const double k = n < 60000 ? -1.2 + 4e-5 * n : surface->k[n - 60000];
            struct gex__smile at[2];

            for (int e = 0; e < 2; e++) {
                at[e] = gex__slice_at(surface, &surface->slice[e], k, &(bool){false});
                least[e] = fmin(least[e], gex__smile_g(&at[e], k));
            }
            above = fmin(above, at[1].w - at[0].w);
        }
        for (int e = 0; e < 2; e++) {
            ck_assert_msg(floors[e] <= least[e] + 1e-9, "%d, %d: %.17g, sampled %.17g", i, e, floors[e], least[e]);
            ck_assert(isinf(floors[e]) || floors[e] >= least[e] - 0.02 * (1 + fabs(least[e])));
        }
        if (!isinf(apart[1]))
            ck_assert_msg(apart[1] <= above + 1e-14 && apart[1] >= above - 1e-7, "%d: %.17g, sampled %.17g", i,
                          apart[1], above);
        gex_surface_report_free(report);
        gex_surface_free(surface);
    }
}
END_TEST

/* ---- mixtures ---------------------------------------------------------------------------------------------------- */

enum { EACH = 3 };
struct lognormals {
    double weight[2 * EACH], mean[2 * EACH], deviation[2 * EACH];
};

static wide price_of(const struct lognormals *of, int expiry, wide strike)
{
    wide price = 0;

    for (int j = expiry * EACH; j < (expiry + 1) * EACH; j++) {
        const wide v = of->deviation[j], d = logl(of->mean[j] / strike) / v + v / 2, root = sqrtl(2);
        price += of->weight[j] * (of->mean[j] * erfcl(-d / root) - strike * erfcl(-(d - v) / root)) / 2;
    }
    return price;
}

static int64_t crossings(const struct lognormals *of, double tolerance, double *least, double *at)
{
    static const double years[2] = {1, 2}, forward[2] = {100, 100};
    static const int32_t expiry[2 * EACH] = {0, 0, 0, 1, 1, 1};
    gex_mixture_columns columns;
    gex_surface *surface = NULL;
    gex_surface_report *report = NULL;
    int64_t count;

    gex_mixture_columns_init(&columns, sizeof columns);
    columns.expiries = 2, columns.rows = 2 * EACH;
    columns.years = (gex_f64){years, sizeof *years}, columns.forward = (gex_f64){forward, sizeof *forward};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    columns.weight = (gex_f64){of->weight, sizeof(double)}, columns.mean = (gex_f64){of->mean, sizeof(double)};
    columns.deviation = (gex_f64){of->deviation, sizeof(double)};
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_OK);
    ck_assert_int_eq(gex_surface_check(NULL, surface, tolerance, &report, NULL), GEX_OK);
    count = gex_surface_report_count(report, GEX_ARBITRAGE_CALENDAR);
    ck_assert_int_eq(gex_surface_report_count(report, 0), count);
    ck_assert_double_eq(gex_surface_report_butterfly(report)[1], 0);
    *least = gex_surface_report_calendar(report)[1], *at = gex_surface_report_calendar_at(report)[1];
    gex_surface_report_free(report);
    gex_surface_free(surface);
    return count;
}

/* One of the weights is a thousandth and a hundred thousandth wide at `mean`, and nine tenths of that the expiry after.
 * */
static struct lognormals narrow(double mean)
{
    const double rest = (1 - 0.6 - 1e-3 * mean) / 0.399;
    return (struct lognormals){
        {0.6, 0.399, 1e-3, 0.6, 0.399, 1e-3}, {1, rest, mean, 1, rest, mean}, {0.1, 0.3, 1e-5, 0.1, 0.3, 0.9e-5}};
}

START_TEST(a_narrow_crossing_of_mixtures_is_found)
{
    const double mean = 1.5 + 0.1 * _i;
    struct lognormals of = narrow(mean);
    double least, at;
    wide searched = 0;

    for (wide k = -5e-5L; k <= 5e-5L; k += 1e-8L)
        searched = fminl(searched, price_of(&of, 1, mean * expl(k)) - price_of(&of, 0, mean * expl(k)));
    ck_assert(searched < -4e-10L && searched > -2e-9L);
    ck_assert_int_eq(crossings(&of, 1e-12, &least, &at), 1);
    check_near("least", least, (double)searched, 1e-13);
    check_near("its k", at, log(mean), 2e-5);
    ck_assert_int_eq(crossings(&of, 2e-9, &least, &at), 0);
    of.deviation[5] = of.deviation[2];
    ck_assert_int_eq(crossings(&of, 0, &least, &at), 0); /* the same twice */
    ck_assert(least >= -1e-13 && isnan(at));
}
END_TEST

START_TEST(least_price_is_what_a_search_finds)
{
    int found = 0;

    seed = 31;
    for (int i = 0; i < 100; i++) {
        struct lognormals of;
        double least, at, mean[2] = {0, 0};
        wide searched = 0;

        for (int j = 0; j < 2 * EACH; j++) {
            of.weight[j] = j % EACH == 0 ? 0.5 : 0.25;
            of.mean[j] = exp(between(-0.2, 0.2));
            of.deviation[j] = exp(between(-5, -1.5)) * (j < EACH ? 1 : 1.3);
            mean[j / EACH] += of.weight[j] * of.mean[j];
        }
        of.deviation[EACH] = fmax(of.deviation[EACH], fmax(of.deviation[0], fmax(of.deviation[1], of.deviation[2])));
        for (int j = 0; j < 2 * EACH; j++)
            of.mean[j] /= mean[j / EACH];
        for (wide k = -1; k <= 1; k += 5e-5L)
            searched = fminl(searched, price_of(&of, 1, expl(k)) - price_of(&of, 0, expl(k)));
        ck_assert_int_eq(crossings(&of, 1e-12, &least, &at), searched < -1e-12L);
        found += searched < -1e-12L;
        ck_assert_msg(least <= searched + 1e-12L && least >= searched - 1e-6L - 1e-3L * fabsl(searched),
                      "%d: least %.17g at %g, searched %.17Lg", i, least, at, searched);
    }
    ck_assert(found > 20 && found < 95);
}
END_TEST

Suite *suite_proof(void)
{
    Suite *suite = suite_create("proof");
    TCase *tcase = tcase_create("proof");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_butterfly_far_out_is_found);
    tcase_add_test(tcase, a_crossing_far_out_is_found);
    tcase_add_test(tcase, least_g_is_what_a_search_finds);
    tcase_add_test(tcase, a_butterfly_begins_where_g_touches_zero);
    tcase_add_test(tcase, least_distance_is_what_a_search_finds);
    tcase_add_test(tcase, edges_of_slices);
    tcase_add_test(tcase, quotes_are_proved_between_strikes_too);
    tcase_add_loop_test(tcase, a_narrow_crossing_of_mixtures_is_found, 0, 12);
    tcase_add_test(tcase, least_price_is_what_a_search_finds);
    suite_add_tcase(suite, tcase);
    return suite;
}
