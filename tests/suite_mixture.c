/* SPDX-License-Identifier: Apache-2.0 */
/* Surfaces of mixtures of lognormals:
 * against 120 digits (golden/mixture.csv), against their own prices, and at their edges. */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>

#include "surfaces.h"

Suite *suite_mixture(void);

/* ---- a surface of rows ------------------------------------------------------------------------------------------- */

enum { MOST = 64 };
struct rows {
    int64_t expiries, count;
    double years[8], forward[8], weight[MOST], mean[MOST], deviation[MOST];
    int32_t expiry[MOST];
};

static void add(struct rows *rows, int32_t expiry, double weight, double mean, double deviation)
{
    const int64_t i = rows->count++;

    ck_assert_int_lt(i, MOST);
    rows->expiry[i] = expiry;
    rows->weight[i] = weight, rows->mean[i] = mean, rows->deviation[i] = deviation;
}

static void add_expiry(struct rows *rows, double years, double forward)
{
    rows->years[rows->expiries] = years;
    rows->forward[rows->expiries++] = forward;
}

static gex_status make(const struct rows *rows, gex_surface **out, gex_error *error)
{
    gex_mixture_columns columns;

    gex_mixture_columns_init(&columns, sizeof columns);
    columns.expiries = rows->expiries, columns.rows = rows->count;
    columns.years = (gex_f64){rows->years, sizeof(double)}, columns.forward = (gex_f64){rows->forward, sizeof(double)};
    columns.expiry = (gex_i32){rows->expiry, sizeof(int32_t)};
    columns.weight = (gex_f64){rows->weight, sizeof(double)}, columns.mean = (gex_f64){rows->mean, sizeof(double)};
    columns.deviation = (gex_f64){rows->deviation, sizeof(double)};
    return gex_surface_create_mixture(NULL, &columns, out, error);
}

static gex_surface *made(const struct rows *rows)
{
    gex_surface *surface = NULL;
    gex_error error = {0};

    ck_assert_msg(make(rows, &surface, &error) == GEX_OK, "%s", error.message);
    return surface;
}

/* Three expiries, each an earlier one spread further: no calendar spread. */
static struct rows sound(void)
{
    struct rows rows = {.expiries = 0};

    add_expiry(&rows, 0.02, 4500), add_expiry(&rows, 0.3, 4570), add_expiry(&rows, 1, 4700);
    for (int32_t e = 0; e < 3; e++) {
        const double scale = e == 0 ? 1 : e == 1 ? 3 : 6;
        add(&rows, e, 0.75, 1 + 0.01 * scale / 3, 0.02 * scale);
        add(&rows, e, 0.2, 1 - 0.005 * scale, 0.035 * scale);
        add(&rows, e, 0.05, (1 - 0.75 * (1 + 0.01 * scale / 3) - 0.2 * (1 - 0.005 * scale)) / 0.05, 0.08 * scale);
    }
    return rows;
}

/* ---- against 120 digits ------------------------------------------------------------------------------------------ */

/* The last bit of a mean is one of the price, and that at the money some v of the forward: errors of w in parts of
 * 1 / v. Of w' and w'' in the unit of the terms they are differences of, of the density in parts, whose exponent of
 * some hundred is known to an ulp. */
static void check_place(const gex_surface *surface, const char *name, const double value[5])
{
    const struct answers got = ask(surface, value[0], 1);
    const double k = value[0], w = value[1], first = value[2], second = value[3], density = value[4];
    const double depth = k * k / w + w + 1 / sqrt(w), unit1 = fabs(first) + sqrt(w) / (1 + fabs(k) / sqrt(w));
    const double unit2 = fabs(second) + 2 * (1 + fabs(k * first / w)) * (1 + fabs(k * first / w));
    char what[64];

    snprintf(what, sizeof what, "%s at %g", name, k);
    check_near(what, got.value[GEX_SURFACE_TOTAL_VARIANCE], w, 4 * DBL_EPSILON * w * (1 + 1 / sqrt(w)));
    check_near(what, got.value[GEX_SURFACE_DVARIANCE_DK], first, 64 * DBL_EPSILON * (1 + depth) * unit1);
    check_near(what, got.value[GEX_SURFACE_D2VARIANCE_DK2], second, 64 * DBL_EPSILON * (1 + depth) * unit2);
    check_near(what, got.value[GEX_SURFACE_DENSITY], density, 16 * DBL_EPSILON * (1 + depth) * density);
    ck_assert_int_eq(got.status, GEX_POINT_INSIDE);
}

START_TEST(golden_values_come_out)
{
    FILE *file = fopen(TESTS_DIR "/golden/mixture.csv", "r");
    struct rows rows = {.expiries = 0};
    gex_surface *surface = NULL;
    char line[512], name[32] = "";
    int places = 0;

    ck_assert_ptr_nonnull(file);
    add_expiry(&rows, 1, 100);
    while (fgets(line, sizeof line, file) != NULL) {
        char here[32];
        double value[5] = {0};
        const bool component =
            sscanf(line, "component,%31[^,],%lf,%lf,%lf", here, &value[0], &value[1], &value[2]) == 4;

        if (!component && sscanf(line, "value,%31[^,],%lf,%lf,%lf,%lf,%lf", here, &value[0], &value[1], &value[2],
                                 &value[3], &value[4]) != 6)
            continue;
        if (strcmp(here, name) != 0) {
            gex_surface_free(surface);
            surface = NULL;
            rows.count = 0;
            strcpy(name, here);
        }
        if (component) {
            add(&rows, 0, value[0], value[1], value[2]);
            continue;
        }
        if (surface == NULL)
            surface = made(&rows);
        check_place(surface, name, value);
        places++;
    }
    fclose(file);
    gex_surface_free(surface);
    ck_assert_int_ge(places, 50);
}
END_TEST

/* ---- identities -------------------------------------------------------------------------------------------------- */

START_TEST(one_component_is_flat)
{
    struct rows rows = {.expiries = 0};
    gex_surface *surface;

    add_expiry(&rows, 0.25, 100);
    add(&rows, 0, 1, 1, 0.1);
    surface = made(&rows);
    for (double k = -30; k <= 30; k += 0.37) {
        const struct answers got = ask(surface, k, 0.25);
        check_near("vol", got.value[GEX_SURFACE_VOL], 0.2, 1e-15);
        check_near("slope", got.value[GEX_SURFACE_DVARIANCE_DK], 0, 1e-14);
        check_near("g", got.value[GEX_SURFACE_BUTTERFLY], 1, 1e-9);
    }
    gex_surface_free(surface);
}
END_TEST

/* Prices that the volatilities give are the components'; undiscounted, F = 1. */
START_TEST(prices_are_sums_of_the_components)
{
    const struct rows rows = sound();
    gex_surface *surface = made(&rows);

    for (int32_t e = 0; e < 3; e++)
        for (int i = -40; i <= 40; i++) {
            const double strike = exp(0.01 * i * (1 + e)), one = 1, spot = 1;
            const double v = sqrt(variance(surface, log(strike), rows.years[e]));
            const int32_t what = GEX_GREEK_PRICE;
            const int8_t right = strike < 1 ? GEX_PUT : GEX_CALL;
            double wanted = 0, price;
            double *const out = &price;
            gex_european_columns columns;

            gex_european_columns_init(&columns, sizeof columns);
            columns.rows = 1;
            columns.strike = (gex_f64){&strike, 0}, columns.years = (gex_f64){&one, 0};
            columns.right = (gex_i8){&right, 0};
            for (int64_t j = 0; j < rows.count; j++)
                if (rows.expiry[j] == e) {
                    columns.spot = (gex_f64){&rows.mean[j], 0}, columns.vol = (gex_f64){&rows.deviation[j], 0};
                    ck_assert_int_eq(gex_european(NULL, &columns, &what, 1, &out, NULL, NULL), GEX_OK);
                    wanted += rows.weight[j] * price;
                }
            columns.spot = (gex_f64){&spot, 0}, columns.vol = (gex_f64){&v, 0};
            ck_assert_int_eq(gex_european(NULL, &columns, &what, 1, &out, NULL, NULL), GEX_OK);
            check_near("price", price, wanted, 1e-12 * wanted);
        }
    gex_surface_free(surface);
}
END_TEST

/* Derivatives are those of the values, and the density integrates to 1, at expiries, between them, before and after. */
START_TEST(derivatives_belong_to_the_values)
{
    static const double years[] = {0.005, 0.02, 0.1, 0.3, 0.6, 1, 1.5};
    const struct rows rows = sound();
    gex_surface *surface = made(&rows);

    for (int i = 0; i < LENGTH(years); i++) {
        const double v = sqrt(variance(surface, 0, years[i])), h = 1e-4 * v;
        double whole = 0;
        char what[64];

        for (int n = -800; n <= 800; n++) {
            const double k = 0.05 * n * v;
            const struct answers at = ask(surface, k, years[i]);
            const double w = at.value[GEX_SURFACE_TOTAL_VARIANCE], up = variance(surface, k + h, years[i]),
                         down = variance(surface, k - h, years[i]);

            ck_assert(at.status == GEX_POINT_INSIDE || at.status == GEX_POINT_BEFORE_FIRST ||
                      at.status == GEX_POINT_AFTER_LAST);
            whole += at.value[GEX_SURFACE_DENSITY] * 0.05 * v;
            if (n % 10 != 0)
                continue;
            check_near("w'", at.value[GEX_SURFACE_DVARIANCE_DK], (up - down) / (2 * h), 1e-6 * v);
            check_near("w''", at.value[GEX_SURFACE_D2VARIANCE_DK2], (up - 2 * w + down) / (h * h), 2e-5);
        }
        snprintf(what, sizeof what, "density at %g", years[i]);
        check_near(what, whole, 1, 1e-6);
    }
    gex_surface_free(surface);
}
END_TEST

/* A mixture is one on either side of the forward, far from it, and where a component stands alone. */
START_TEST(a_gap_between_two_components_is_no_arbitrage)
{
    struct rows rows = {.expiries = 0};
    gex_surface_report *report = NULL;
    gex_surface *surface;

    add_expiry(&rows, 0.01, 100);
    add(&rows, 0, 0.5, 0.9, 0.004), add(&rows, 0, 0.5, 1.1, 0.004);
    surface = made(&rows);
    for (double k = -2; k <= 2; k += 0.001) {
        const struct answers got = ask(surface, k, 0.01);
        ck_assert_int_eq(got.status, GEX_POINT_INSIDE);
        ck_assert(got.value[GEX_SURFACE_BUTTERFLY] >= 0 && got.value[GEX_SURFACE_DENSITY] >= 0);
    }
    ck_assert_int_eq(gex_surface_check(NULL, surface, 0, &report, NULL), GEX_OK);
    ck_assert_int_eq(gex_surface_report_count(report, 0), 0);
    gex_surface_report_free(report);
    gex_surface_free(surface);
}
END_TEST

/* ---- the check --------------------------------------------------------------------------------------------------- */

static int64_t calendars(const struct rows *rows)
{
    gex_surface *surface = made(rows);
    gex_surface_report *report = NULL;
    int64_t count;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-12, &report, NULL), GEX_OK);
    count = gex_surface_report_count(report, GEX_ARBITRAGE_CALENDAR);
    ck_assert_int_eq(gex_surface_report_count(report, 0), count);
    gex_surface_report_free(report);
    gex_surface_free(surface);
    return count;
}

START_TEST(calendar_spreads_are_found)
{
    struct rows rows = sound();

    ck_assert_int_eq(calendars(&rows), 0);
    rows.deviation[8] = 0.2; /* the far wings of the last expiry below those of the one before: 0.24 there */
    ck_assert_int_eq(calendars(&rows), 1);
    rows = sound();
    rows.deviation[3] = 0.01, rows.deviation[4] = 0.01; /* at the money alone */
    ck_assert_int_eq(calendars(&rows), 1);
    rows = sound();
    for (int i = 0; i < 3; i++) /* the same distribution again, but for weights far out */
        rows.mean[3 + i] = rows.mean[i], rows.deviation[3 + i] = rows.deviation[i];
    ck_assert_int_eq(calendars(&rows), 0);
}
END_TEST

/* ---- doors ------------------------------------------------------------------------------------------------------- */

START_TEST(components_come_back)
{
    const struct rows rows = sound();
    gex_surface *surface = made(&rows);
    int64_t count = 0;
    const uint8_t *status = gex_surface_quote_status(surface, &count);

    ck_assert_int_eq(gex_surface_form(surface), GEX_FORM_MIXTURE);
    ck_assert_str_eq(gex_form_name(gex_surface_form(surface)), "mixture");
    ck_assert_int_eq(gex_surface_component_count(surface), rows.count);
    ck_assert_int_eq(count, rows.count);
    for (int64_t i = 0; i < rows.count; i++) {
        ck_assert_int_eq(status[i], GEX_ROW_USED);
        ck_assert_int_eq(gex_surface_component_expiry(surface)[i], rows.expiry[i]);
        check_near("weight", gex_surface_component_weight(surface)[i], rows.weight[i], 1e-15);
        check_near("mean", gex_surface_component_mean(surface)[i], rows.mean[i], 1e-15);
        ck_assert(gex_surface_component_deviation(surface)[i] == rows.deviation[i]);
    }
    ck_assert_ptr_null(gex_surface_parameters(surface));
    ck_assert(isnan(gex_surface_rho(surface)));
    gex_surface_free(surface);
}
END_TEST

/* What is wrong with one row says so in it, spoils its expiry, and leaves the other alone. */
START_TEST(bad_rows_spoil_their_expiry)
{
    static const struct bad {
        double weight, mean, deviation;
        uint8_t row, slice;
    } bads[] = {
        {NAN, 1, 0.1, GEX_ROW_NOT_FINITE, GEX_SLICE_BAD_PARAMETERS},
        {0.5, INFINITY, 0.1, GEX_ROW_NOT_FINITE, GEX_SLICE_BAD_PARAMETERS},
        {0.5, 1, -INFINITY, GEX_ROW_NOT_FINITE, GEX_SLICE_BAD_PARAMETERS},
        {-0.5, 1, 0.1, GEX_ROW_UNSUPPORTED, GEX_SLICE_BAD_PARAMETERS},
        {0.5, 0, 0.1, GEX_ROW_UNSUPPORTED, GEX_SLICE_BAD_PARAMETERS},
        {0.5, -1, 0.1, GEX_ROW_UNSUPPORTED, GEX_SLICE_BAD_PARAMETERS},
        {0.5, 1, 0, GEX_ROW_UNSUPPORTED, GEX_SLICE_BAD_PARAMETERS},
        {0.5, 1, 51, GEX_ROW_UNSUPPORTED, GEX_SLICE_BAD_PARAMETERS},
        {0.5001, 1, 0.1, GEX_ROW_USED, GEX_SLICE_BAD_PARAMETERS},  /* weights add up to 1.0001 */
        {0.5, 1.0001, 0.1, GEX_ROW_USED, GEX_SLICE_BAD_PARAMETERS}, /* not a martingale */
        {0, 1, 0.1, GEX_ROW_USED, GEX_SLICE_BAD_PARAMETERS},       /* a weight of 0 is no component: half is missing */
        {0.5, 1 + 1e-10, 0.1, GEX_ROW_USED, GEX_SLICE_USED},
    };

    for (int i = 0; i < LENGTH(bads); i++) {
        struct rows rows = {.expiries = 0};
        gex_surface *surface;

        add_expiry(&rows, 0.1, 100), add_expiry(&rows, 0.2, 100);
        add(&rows, 0, 0.5, 1, 0.1), add(&rows, 1, 1, 1, 0.2);
        add(&rows, 0, bads[i].weight, bads[i].mean, bads[i].deviation);
        surface = made(&rows);
        ck_assert_msg(gex_surface_status(surface)[0] == bads[i].slice, "case %d: %s", i,
                      gex_slice_text(gex_surface_status(surface)[0]));
        ck_assert_int_eq(gex_surface_status(surface)[1], GEX_SLICE_USED);
        ck_assert_int_eq(gex_surface_quote_status(surface, NULL)[2], bads[i].row);
        ck_assert_int_eq(gex_surface_quote_status(surface, NULL)[0], GEX_ROW_USED);
        gex_surface_free(surface);
    }
}
END_TEST

START_TEST(expiries_that_cannot_be_used_say_why)
{
    struct rows rows = {.expiries = 0};
    gex_surface *surface = NULL;
    gex_error error = {0};

    add_expiry(&rows, 0, 100), add_expiry(&rows, 0.1, NAN), add_expiry(&rows, 0.2, 100), add_expiry(&rows, 0.3, 100);
    add(&rows, 0, 1, 1, 0.1), add(&rows, 1, 1, 1, 0.1), add(&rows, 3, 1, 1, 0.1);
    add(&rows, 4, 1, 1, 0.1), add(&rows, -1, 1, 1, 0.1);
    surface = made(&rows);
    ck_assert_int_eq(gex_surface_status(surface)[0], GEX_SLICE_NO_TIME);
    ck_assert_int_eq(gex_surface_status(surface)[1], GEX_SLICE_NO_FORWARD);
    ck_assert_int_eq(gex_surface_status(surface)[2], GEX_SLICE_NO_QUOTES);
    ck_assert_int_eq(gex_surface_status(surface)[3], GEX_SLICE_USED);
    ck_assert_int_eq(gex_surface_quote_status(surface, NULL)[0], GEX_ROW_EXPIRED);
    ck_assert_int_eq(gex_surface_quote_status(surface, NULL)[3], GEX_ROW_BAD_SYMBOL);
    ck_assert_int_eq(gex_surface_quote_status(surface, NULL)[4], GEX_ROW_BAD_SYMBOL);
    gex_surface_free(surface);
    rows.count = 0;
    ck_assert_int_eq(make(&rows, &surface, &error), GEX_ERR_DOMAIN);
    ck_assert_ptr_null(surface);
}
END_TEST

START_TEST(doors_refuse)
{
    const struct rows rows = sound();
    gex_mixture_columns columns;
    gex_surface *surface = NULL;

    gex_mixture_columns_init(&columns, sizeof columns);
    columns.expiries = rows.expiries, columns.rows = rows.count;
    columns.years = (gex_f64){rows.years, sizeof(double)}, columns.forward = (gex_f64){rows.forward, sizeof(double)};
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_ERR_ARGUMENT);
    columns.expiry = (gex_i32){rows.expiry, sizeof(int32_t)};
    columns.weight = (gex_f64){rows.weight, sizeof(double)}, columns.mean = (gex_f64){rows.mean, sizeof(double)};
    columns.deviation = (gex_f64){rows.deviation, INT64_MAX};
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_ERR_ARGUMENT);
    columns.deviation = (gex_f64){rows.deviation, sizeof(double)};
    columns.rows = -1;
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_ERR_ARGUMENT);
    columns.rows = rows.count, columns.reserved = 1;
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_ERR_ARGUMENT);
    columns.reserved = 0, columns.spot = -1;
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_ERR_DOMAIN);
    columns.spot = 0, columns.struct_size = 8;
    ck_assert_int_eq(gex_surface_create_mixture(NULL, &columns, &surface, NULL), GEX_ERR_VERSION);
    ck_assert_ptr_null(surface);
}
END_TEST

Suite *suite_mixture(void)
{
    Suite *suite = suite_create("mixture");
    TCase *tcase = tcase_create("mixture");

    tcase_add_test(tcase, golden_values_come_out);
    tcase_add_test(tcase, one_component_is_flat);
    tcase_add_test(tcase, prices_are_sums_of_the_components);
    tcase_add_test(tcase, derivatives_belong_to_the_values);
    tcase_add_test(tcase, a_gap_between_two_components_is_no_arbitrage);
    tcase_add_test(tcase, calendar_spreads_are_found);
    tcase_add_test(tcase, components_come_back);
    tcase_add_test(tcase, bad_rows_spoil_their_expiry);
    tcase_add_test(tcase, expiries_that_cannot_be_used_say_why);
    tcase_add_test(tcase, doors_refuse);
    suite_add_tcase(suite, tcase);
    return suite;
}
