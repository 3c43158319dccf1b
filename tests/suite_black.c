/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel against 80-digit differentiation of the price (golden/greeks_european.csv, bs_greeks.csv), against 256-bit
 * arithmetic, against the identities of the model, and at its limits.
 *
 * Bounds stand in black_rows.h. The largest share of its bound each greek uses is printed.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "math/black.h"
#include "sets.h"

#include "black_rows.h"
#if GEX_HAVE_MPFR
#include "oracle_mpfr.h"
#endif

Suite *suite_black(void);

static uint8_t black(const struct oracle_row *row, double *values)
{
    const int8_t right = (int8_t)row->right;
    double *outputs[GEX_GREEK_LAST_ + 1];
    struct gex__black_in in = {.rows = 1, .spot = &row->spot, .strike = &row->strike, .years = &row->years,
                               .vol = &row->vol, .rate = &row->rate, .carry = &row->carry, .right = &right};
    uint8_t status;

    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = &values[greek];
    gex__black(set_now, &in, outputs, &status);
    return status;
}

/* The largest share of its bound each greek has used, and on which row. */
struct shares {
    double share[GEX_GREEK_LAST_ + 1];
    struct oracle_row row[GEX_GREEK_LAST_ + 1];
};

static void note_share(struct shares *shares, int greek, const struct oracle_row *row, double share)
{
    if (!(share <= shares->share[greek])) {
        shares->share[greek] = share;
        shares->row[greek] = *row;
    }
}

static void judge_shares(const char *name, const struct shares *shares)
{
    printf("%s, share of the bound:", name);
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        printf(" %s %.2f", gex_greek_name(greek), shares->share[greek]);
    printf("\n");
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
        const struct oracle_row *r = &shares->row[greek];

        ck_assert_msg(shares->share[greek] <= 1,
                      "%s uses %g of its bound: S %.17g K %.17g T %.17g vol %.17g r %.17g q %.17g f %g",
                      gex_greek_name(greek), shares->share[greek], r->spot, r->strike, r->years, r->vol, r->rate,
                      r->carry, r->right);
    }
}

/* ---- golden files ---------------------------------------------------------------------------------------------- */

enum { FIELDS_MAX = 32, LINE_BYTES = 2048 };

struct golden {
    FILE *file;
    char  line[LINE_BYTES], header[LINE_BYTES];
    char *field[FIELDS_MAX], *name[FIELDS_MAX];
    int   fields;
};

static int split_line(char *line, char **field)
{
    int fields = 0;

    for (char *at = strtok(line, ",\n"); at != NULL; at = strtok(NULL, ",\n"))
        field[fields++] = at;
    return fields;
}

static void golden_open(struct golden *g, const char *path)
{
    g->file = fopen(path, "r");
    ck_assert_ptr_nonnull(g->file);
    do
        ck_assert_ptr_nonnull(fgets(g->header, sizeof g->header, g->file));
    while (g->header[0] == '#');
    g->fields = split_line(g->header, g->name);
}

static bool golden_next(struct golden *g)
{
    if (fgets(g->line, sizeof g->line, g->file) == NULL) {
        fclose(g->file);
        return false;
    }
    ck_assert_int_eq(split_line(g->line, g->field), g->fields);
    return true;
}

static const char *golden_text(const struct golden *g, const char *name)
{
    for (int i = 0; i < g->fields; i++)
        if (strcmp(g->name[i], name) == 0)
            return g->field[i];
    return NULL;
}

static double golden_double(const struct golden *g, const char *name)
{
    const char *text = golden_text(g, name);

    ck_assert_msg(text != NULL, "no column %s", name);
    return strtod(text, NULL);
}

/* Sums of absolute terms from long double formulas: a scale needs few digits. */
static void scales(const struct oracle_row *row, double *scale, double *d1_out, double *d2_out)
{
    const double S = row->spot, K = row->strike, T = row->years, s = row->vol, r = row->rate, q = row->carry,
                 f = row->right;
    const double v = s * sqrt(T), b = fabs(r - q), d1 = (log(S / K) + (r - q) * T) / v + v / 2, d2 = d1 - v;
    const double Q = exp(-q * T), D = exp(-r * T), n1 = Q * exp(-d1 * d1 / 2) / sqrt(2 * acos(-1.0));
    const double N1 = erfc(-f * d1 * sqrt(0.5)) / 2, N2 = erfc(-f * d2 * sqrt(0.5)) / 2;
    const double gamma = n1 / (S * v), vega = S * n1 * sqrt(T), a1 = fabs(d1) + v, a2 = fabs(d2) + v;

    *d1_out = d1;
    *d2_out = d2;
    scale[GEX_GREEK_THETA] = S * n1 * s / (2 * sqrt(T)) + fabs(r) * K * D * N2 + fabs(q) * S * Q * N1;
    scale[GEX_GREEK_VANNA] = n1 * a2 / s;
    scale[GEX_GREEK_CHARM] = fabs(q) * Q * N1 + n1 * (b / v + a2 / (2 * T));
    scale[GEX_GREEK_VOMMA] = vega * a1 * a2 / s;
    scale[GEX_GREEK_VETA] = vega * (fabs(q) + b * a1 / v + (1 + a1 * a2) / (2 * T));
    scale[GEX_GREEK_SPEED] = gamma / S * (a1 / v + 1);
    scale[GEX_GREEK_ZOMMA] = gamma * (a1 * a2 + 1) / s;
    scale[GEX_GREEK_COLOR] = gamma * (fabs(q) + b * a1 / v + (1 + a1 * a2) / (2 * T));
    scale[GEX_GREEK_ULTIMA] = vega / (s * s) * (a1 * a2 * (1 + a1 * a2) + a1 * a1 + a2 * a2);
    scale[GEX_GREEK_DVANNA_DVOL] = n1 / (s * s) * (a1 * a2 * a2 + a1 + a2);
    scale[GEX_GREEK_DUAL_VANNA] = S * n1 * a1 / (K * s);
}

START_TEST(matches_eighty_digits)
{
    struct golden g;
    struct shares shares = {.share = {0}};
    int rows = 0;

    golden_open(&g, TESTS_DIR "/golden/greeks_european.csv");
    for (; golden_next(&g); rows++) {
        struct oracle_row row = {golden_double(&g, "spot"), golden_double(&g, "strike"), golden_double(&g, "T"),
                                 golden_double(&g, "sigma"), golden_double(&g, "r"), golden_double(&g, "q"),
                                 golden_double(&g, "w")};
        double value[GEX_GREEK_LAST_ + 1], scale[GEX_GREEK_LAST_ + 1] = {0}, d1, d2;

        scales(&row, scale, &d1, &d2);
        ck_assert_int_eq(black(&row, value), GEX_CALC_OK);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            const char *text = golden_text(&g, gex_greek_name(greek));

            if (text != NULL) {
                const long double expected = strtold(text, NULL);

                note_share(&shares, greek, &row, fabs((double)(value[greek] - expected)) /
                                                     bound(greek, &row, (double)expected, scale[greek], d1, d2));
            }
        }
    }
    ck_assert_int_eq(rows, 600);
    judge_shares("600 golden rows", &shares);
}
END_TEST

START_TEST(matches_the_catalogue)
{
    /* Values of the printed decimals, not of their doubles: relative 1e-12, third order 1e-10 (the file says so). */
    static const char *third = "speed zomma color ultima dvanna_dvol veta";
    struct golden g;
    int rows = 0;

    golden_open(&g, TESTS_DIR "/golden/bs_greeks.csv");
    for (; golden_next(&g); rows++) {
        struct oracle_row row = {golden_double(&g, "S"), golden_double(&g, "K"), golden_double(&g, "T"),
                                 golden_double(&g, "sigma"), golden_double(&g, "r"), golden_double(&g, "q"),
                                 golden_text(&g, "cp")[0] == 'C' ? 1 : -1};
        double value[GEX_GREEK_LAST_ + 1];

        ck_assert_int_eq(black(&row, value), GEX_CALC_OK);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            const double expected = golden_double(&g, gex_greek_name(greek));
            const double tolerance = strstr(third, gex_greek_name(greek)) != NULL ? 1e-10 : 1e-12;

            ck_assert_msg(fabs(value[greek] - expected) <= tolerance * fabs(expected), "row %d: %s is %.17g, not %.17g",
                          rows, gex_greek_name(greek), value[greek], expected);
        }
    }
    ck_assert_int_eq(rows, 24);
}
END_TEST

/* ---- 256 bits -------------------------------------------------------------------------------------------------- */

START_TEST(matches_256_bits)
{
#if GEX_HAVE_MPFR
    static const char *kinds[] = {"chain", "anywhere", "at the strike", "tails", "borders"};

    oracle_begin();
    for (int kind = 0; kind < 5; kind++) {
        struct shares shares = {.share = {0}};

        for (int i = 0; i < 2000; i++) {
            const struct oracle_row row = draw_row(kind);
            double value[GEX_GREEK_LAST_ + 1];
            struct oracle_greeks truth;

            ck_assert_int_eq(black(&row, value), GEX_CALC_OK);
            oracle_black(&row, value, &truth);
            for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
                const double allowed = bound(greek, &row, truth.value[greek], truth.scale[greek], truth.d1, truth.d2);

                ck_assert_msg(isfinite(value[greek]), "%s is %g", gex_greek_name(greek), value[greek]);
                note_share(&shares, greek, &row, truth.error[greek] / fmax(allowed, 1e-300));
            }
        }
        judge_shares(kinds[kind], &shares);
    }
    oracle_end();
#else
    printf("skipped: comparison with 256 bits, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

/* Rows that used most of their bound in a million (docs/accuracy.md), and those that once used more than all of it. */
START_TEST(worst_rows_stay_within_their_bounds)
{
#if GEX_HAVE_MPFR
    struct golden g;
    struct shares shares = {.share = {0}};
    int rows = 0;

    oracle_begin();
    golden_open(&g, TESTS_DIR "/golden/worst_rows.csv");
    for (; golden_next(&g); rows++) {
        const struct oracle_row row = {golden_double(&g, "spot"),  golden_double(&g, "strike"),
                                       golden_double(&g, "years"), golden_double(&g, "vol"),
                                       golden_double(&g, "rate"),  golden_double(&g, "carry"),
                                       golden_double(&g, "right")};
        double value[GEX_GREEK_LAST_ + 1];
        struct oracle_greeks truth;

        ck_assert_int_eq(black(&row, value), GEX_CALC_OK);
        oracle_black(&row, value, &truth);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            note_share(
                &shares, greek, &row,
                truth.error[greek] /
                    fmax(bound(greek, &row, truth.value[greek], truth.scale[greek], truth.d1, truth.d2), 1e-300));
    }
    ck_assert_int_ge(rows, 25);
    judge_shares("worst rows", &shares);
    oracle_end();
#else
    printf("skipped: the worst rows, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

/* The oracle is the textbook; the golden file is differentiation. They must be the same to the digits printed. */
START_TEST(oracle_is_the_golden_file)
{
#if GEX_HAVE_MPFR
    struct golden g;

    oracle_begin();
    golden_open(&g, TESTS_DIR "/golden/greeks_european.csv");
    while (golden_next(&g)) {
        struct oracle_row row = {golden_double(&g, "spot"), golden_double(&g, "strike"), golden_double(&g, "T"),
                                 golden_double(&g, "sigma"), golden_double(&g, "r"), golden_double(&g, "q"),
                                 golden_double(&g, "w")};
        double zero[GEX_GREEK_LAST_ + 1] = {0};
        struct oracle_greeks truth;

        oracle_black(&row, zero, &truth);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            const char *text = golden_text(&g, gex_greek_name(greek));

            if (text != NULL)
                ck_assert_msg(fabs((double)(truth.value[greek] - strtold(text, NULL))) <=
                                  0.501 * ulp_of(truth.value[greek]),
                              "%s: %.17g, golden %s", gex_greek_name(greek), truth.value[greek], text);
        }
    }
    oracle_end();
#else
    printf("skipped: the oracle against the golden file, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

/* ---- identities of the model ----------------------------------------------------------------------------------- */

/* |x| at most `ulps` of the scale; both sides of an identity are computed, so errors add up. */
static void balance(const char *name, const struct oracle_row *r, double x, double scale, double ulps)
{
    ck_assert_msg(fabs(x) <= ulps * DBL_EPSILON * scale,
                  "%s: off by %g of %g: S %.17g K %.17g T %.17g vol %.17g r %.17g q %.17g", name, x, scale, r->spot,
                  r->strike, r->years, r->vol, r->rate, r->carry);
}

START_TEST(identities_hold)
{
    static const int same[] = {GEX_GREEK_GAMMA,  GEX_GREEK_VEGA,       GEX_GREEK_VANNA,       GEX_GREEK_VOMMA,
                               GEX_GREEK_VETA,   GEX_GREEK_SPEED,      GEX_GREEK_ZOMMA,       GEX_GREEK_COLOR,
                               GEX_GREEK_ULTIMA, GEX_GREEK_DUAL_GAMMA, GEX_GREEK_DVANNA_DVOL, GEX_GREEK_DUAL_VANNA};

    for (int i = 0; i < 20000; i++) {
        struct oracle_row row = draw_row(0);
        double c[GEX_GREEK_LAST_ + 1], p[GEX_GREEK_LAST_ + 1], S = row.spot, K = row.strike, T = row.years, s = row.vol;
        const double Q = exp(-row.carry * T), D = exp(-row.rate * T), b = row.rate - row.carry, all = S * Q + K * D;

        row.right = 1;
        black(&row, c);
        row.right = -1;
        black(&row, p);
        for (size_t k = 0; k < sizeof same / sizeof *same; k++)
            ck_assert_msg(memcmp(&c[same[k]], &p[same[k]], sizeof *c) == 0, "call and put differ in %s",
                          gex_greek_name(same[k]));
        balance("C - P = S Q - K D", &row, c[1] - p[1] - (S * Q - K * D), all, 8);
        balance("delta C - delta P = Q", &row, c[GEX_GREEK_DELTA] - p[GEX_GREEK_DELTA] - Q, Q, 4);
        balance("V = S delta + K dual_delta", &row, c[1] - S * c[GEX_GREEK_DELTA] - K * c[GEX_GREEK_DUAL_DELTA], all,
                20);
        balance("vega = vol T S^2 gamma", &row, c[GEX_GREEK_VEGA] - s * T * S * S * c[GEX_GREEK_GAMMA],
                c[GEX_GREEK_VEGA], 40);
        balance("K^2 dual_gamma = S^2 gamma", &row, K * K * c[GEX_GREEK_DUAL_GAMMA] - S * S * c[GEX_GREEK_GAMMA],
                S * S * c[GEX_GREEK_GAMMA], 100);
        balance("rho + epsilon = -T V", &row, c[GEX_GREEK_RHO] + c[GEX_GREEK_EPSILON] + T * c[1], T * all, 30);
        balance("PDE", &row,
                p[GEX_GREEK_THETA] + b * S * p[GEX_GREEK_DELTA] + 0.5 * s * s * S * S * p[GEX_GREEK_GAMMA] -
                    row.rate * p[1],
                s * s * S * S * p[GEX_GREEK_GAMMA] + fabs(row.rate) * all + fabs(row.carry) * all + fabs(b) * all, 60);
        balance("charm PDE", &row,
                p[GEX_GREEK_CHARM] + b * S * p[GEX_GREEK_GAMMA] + 0.5 * s * s * S * S * p[GEX_GREEK_SPEED] +
                    s * s * S * p[GEX_GREEK_GAMMA] - row.carry * p[GEX_GREEK_DELTA],
                s * s * S * p[GEX_GREEK_GAMMA] * (20 + fabs(log(S / K) + b * T) / (s * s * T)) + fabs(row.carry) +
                    fabs(b) * S * p[GEX_GREEK_GAMMA],
                60);
        ck_assert(c[1] >= 0 && p[1] >= 0 && c[GEX_GREEK_GAMMA] >= 0 && c[GEX_GREEK_DELTA] >= 0 &&
                  p[GEX_GREEK_DELTA] <= 0);
    }
}
END_TEST

START_TEST(price_unit_does_not_matter)
{
    /* 64 scales exactly: prices by 64, gamma by 1/64, delta not at all, to the bit. */
    for (int i = 0; i < 2000; i++) {
        struct oracle_row row = draw_row(i % 5), large = row;
        double a[GEX_GREEK_LAST_ + 1], b[GEX_GREEK_LAST_ + 1];

        large.spot *= 64;
        large.strike *= 64;
        black(&row, a);
        black(&large, b);
        if (a[GEX_GREEK_PRICE] >= DBL_MIN) /* a denormal has no bits to keep */
            ck_assert_double_eq(b[GEX_GREEK_PRICE], 64 * a[GEX_GREEK_PRICE]);
        if (fabs(a[GEX_GREEK_DELTA]) >= DBL_MIN)
            ck_assert_double_eq(b[GEX_GREEK_DELTA], a[GEX_GREEK_DELTA]);
        if (b[GEX_GREEK_GAMMA] >= DBL_MIN)
            ck_assert_double_eq(64 * b[GEX_GREEK_GAMMA], a[GEX_GREEK_GAMMA]);
        if (a[GEX_GREEK_VEGA] >= DBL_MIN)
            ck_assert_double_eq(b[GEX_GREEK_VEGA], 64 * a[GEX_GREEK_VEGA]);
    }
}
END_TEST

/* ---- limits ------------------------------------------------------------------------------------------------------ */

#define INF HUGE_VAL
#define NOT_A_NUMBER ((double)NAN)

/* Limits of models.md 1.4 and, on the strike, along F = K. NAN: the sign is another on either side. */
static const struct limit {
    const char *name;
    struct oracle_row row;
    uint8_t status;
    int greek;
    double expected;
} limits[] = {
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, 10},
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_DELTA, 1},
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_GAMMA, 0},
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_THETA, 0.02 * 110 - 0.05 * 100},
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_CHARM, 0.02},
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_RHO, 0},
    {"call inside at expiry", {110, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_VANNA, 0},
    {"call outside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, 0},
    {"call outside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_DELTA, 0},
    {"call outside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, 1}, GEX_CALC_OK, GEX_GREEK_CHARM, 0},
    {"put inside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, -1}, GEX_CALC_OK, GEX_GREEK_PRICE, 10},
    {"put inside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, -1}, GEX_CALC_OK, GEX_GREEK_DELTA, -1},
    {"put inside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, -1}, GEX_CALC_OK, GEX_GREEK_THETA, 0.05 * 100 - 0.02 * 90},
    {"put inside at expiry", {90, 100, 0, 0.2, 0.05, 0.02, -1}, GEX_CALC_OK, GEX_GREEK_CHARM, -0.02},
    {"no vol, call inside", {110, 100, 2, 0, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, 10},
    {"no vol, call inside", {110, 100, 2, 0, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_RHO, 200},
    {"no vol, call inside", {110, 100, 2, 0, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_EPSILON, -220},
    {"no vol, call inside", {110, 100, 2, 0, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_DUAL_DELTA, -1},
    {"no vol, put outside", {110, 100, 2, 0, 0, 0, -1}, GEX_CALC_OK, GEX_GREEK_RHO, 0},
    {"one ulp above at expiry", {100.00000000000001421, 100, 0, 0.2, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_DELTA, 1},
    {"one ulp above at expiry", {100.00000000000001421, 100, 0, 0.2, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_GAMMA, 0},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_PRICE, 0},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_DELTA, 0.5},
    {"at expiry at strike, put", {100, 100, 0, 0.2, 0.05, 0, -1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_DELTA, -0.5},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_GAMMA, INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_DUAL_GAMMA, INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_VEGA, 0},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_THETA, -INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_CHARM, -INF},
    {"at expiry at strike, carry", {100, 100, 0, 0.2, 0, 0.05, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_CHARM, INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_COLOR, INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_ZOMMA, -INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_VETA, -INF},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_SPEED,
     NOT_A_NUMBER},
    {"at expiry at strike", {100, 100, 0, 0.2, 0.05, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_RHO, 0},
    {"no vol at strike", {100, 100, 4, 0, 0, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_VEGA,
     79.788456080286535588},
    {"no vol at strike", {100, 100, 4, 0, 0, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_RHO, 200},
    {"no vol at strike", {100, 100, 4, 0, 0, 0, 1}, GEX_CALC_AT_STRIKE_AT_EXPIRY, GEX_GREEK_THETA, 0},
    {"vol without end, call", {100, 120, 1, 1e300, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, 100},
    {"vol without end, put", {100, 120, 1, 1e300, 0, 0, -1}, GEX_CALC_OK, GEX_GREEK_PRICE, 120},
    {"vol without end", {100, 120, 1, 1e300, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_GAMMA, 0},
    {"vol and time without end", {100, 120, 1e300, 1e300, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_VANNA, 0},
    {"strike of nothing", {100, 5e-324, 1, 0.2, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, 100},
    {"strike beyond reach", {100, DBL_MAX, 1, 0.2, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, 0},
    {"strike beyond reach", {100, DBL_MAX, 1, 0.2, 0, 0, -1}, GEX_CALC_OK, GEX_GREEK_DELTA, -1},
    {"spot beyond reach", {DBL_MAX, 100, 1, 0.2, 0, 0, 1}, GEX_CALC_OK, GEX_GREEK_PRICE, DBL_MAX},
};

START_TEST(limit_is_exact)
{
    const struct limit *l = &limits[_i];
    double value[GEX_GREEK_LAST_ + 1];

    ck_assert_msg(black(&l->row, value) == l->status, "%s: status", l->name);
    ck_assert_msg(value[l->greek] == l->expected || (isnan(l->expected) && isnan(value[l->greek])) ||
                      fabs(value[l->greek] - l->expected) <= ulp_of(l->expected),
                  "%s: %s is %.17g, expected %.17g", l->name, gex_greek_name(l->greek), value[l->greek], l->expected);
}
END_TEST

static const double hostile[] = {
    0.0, -0.0, 5e-324, DBL_MIN / 2, DBL_MIN, DBL_MAX, 1.0, 1 + DBL_EPSILON, 1 - DBL_EPSILON / 2, -1.0, 1e-12, 1e3, 10.0,
    -10.0, 10.000000000000002, 100.0, HUGE_VAL, -HUGE_VAL, (double)NAN, 1e300, 1e-300};

/* Every hostile value in every field: either the domain refuses the row and all is NaN, or nothing is NaN. */
START_TEST(hostile_values_are_judged)
{
    const int count = (int)(sizeof hostile / sizeof *hostile);

    for (int field = 0; field < 6 * 6; field++)
        for (int i = 0; i < count * count; i++) {
            struct oracle_row row = {100, 100, 0.25, 0.2, 0.03, 0.01, 1};
            double *fields[6] = {&row.spot, &row.strike, &row.years, &row.vol, &row.rate, &row.carry};
            double value[GEX_GREEK_LAST_ + 1];
            uint8_t status;
            bool good;

            *fields[field / 6] = hostile[i / count];
            *fields[field % 6] = hostile[i % count];
            status = black(&row, value);
            good = row.spot > 0 && row.spot <= DBL_MAX && row.strike > 0 && row.strike <= DBL_MAX && row.years >= 0 &&
                   row.years <= DBL_MAX && row.vol >= 0 && row.vol <= DBL_MAX && fabs(row.rate) <= 10 &&
                   fabs(row.carry) <= 10 && fabs(row.rate * row.years) <= 700 && fabs(row.carry * row.years) <= 700;
            ck_assert_msg((status != GEX_CALC_DOMAIN) == good, "S %g K %g T %g vol %g r %g q %g: status %d", row.spot,
                          row.strike, row.years, row.vol, row.rate, row.carry, status);
            for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
                if (status != GEX_CALC_AT_STRIKE_AT_EXPIRY)
                    ck_assert_msg((bool)isnan(value[greek]) == !good, "S %g K %g T %g vol %g r %g q %g: %s is %g",
                                  row.spot, row.strike, row.years, row.vol, row.rate, row.carry, gex_greek_name(greek),
                                  value[greek]);
        }
}
END_TEST

/* ---- the same bits --------------------------------------------------------------------------------------------- */

enum { MANY = 200 };

struct batch {
    double spot[MANY], strike[MANY], years[MANY], vol[MANY], rate[MANY], carry[MANY];
    int8_t right[MANY];
    double value[GEX_GREEK_LAST_ + 1][MANY];
    uint8_t status[MANY];
};

static void draw_batch(struct batch *b)
{
    for (int i = 0; i < MANY; i++) {
        const struct oracle_row row = draw_row(i % 5);

        b->spot[i] = row.spot;
        b->strike[i] = row.strike;
        b->years[i] = i % 17 == 0 ? 0 : row.years;
        b->vol[i] = row.vol;
        b->rate[i] = i % 29 == 0 ? (double)NAN : row.rate;
        b->carry[i] = row.carry;
        b->right[i] = (int8_t)row.right;
    }
}

static void run_batch(struct batch *b, int64_t from, int64_t rows, unsigned mask)
{
    double *outputs[GEX_GREEK_LAST_ + 1];
    struct gex__black_in in = {.rows = rows,
                               .spot = b->spot + from,
                               .strike = b->strike + from,
                               .years = b->years + from,
                               .vol = b->vol + from,
                               .rate = b->rate + from,
                               .carry = b->carry + from,
                               .right = b->right + from};

    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = (mask >> greek & 1) != 0 ? b->value[greek] + from : NULL;
    gex__black(set_now, &in, outputs, b->status + from);
}

START_TEST(any_split_and_mask_give_the_same_bits)
{
    static struct batch whole, cut;
    static const unsigned all = (1u << (GEX_GREEK_LAST_ + 1)) - 2;

    draw_batch(&whole);
    cut = whole;
    run_batch(&whole, 0, MANY, all);
    for (int64_t size = 1; size <= 64; size++) {
        memset(cut.value, 0, sizeof cut.value);
        memset(cut.status, 99, sizeof cut.status);
        for (int64_t from = 0; from < MANY; from += size)
            run_batch(&cut, from, MANY - from < size ? MANY - from : size, all);
        ck_assert(memcmp(whole.value, cut.value, sizeof cut.value) == 0);
        ck_assert(memcmp(whole.status, cut.status, sizeof cut.status) == 0);
    }
    for (int i = 0; i < 200; i++) {
        const unsigned mask = (unsigned)(uniform() * 0x1p32) & all;

        memset(cut.value, 0, sizeof cut.value);
        run_batch(&cut, 0, MANY, mask);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            if ((mask >> greek & 1) != 0)
                ck_assert_msg(memcmp(whole.value[greek], cut.value[greek], sizeof cut.value[greek]) == 0, "mask %x, %s",
                              mask, gex_greek_name(greek));
    }
}
END_TEST

START_TEST(one_spot_is_every_spot)
{
    static struct batch many;
    double one[MANY], spot = 100;
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    struct gex__black_in in = {.rows = MANY,
                               .spot = &spot,
                               .one_spot = true,
                               .strike = many.strike,
                               .years = many.years,
                               .vol = many.vol,
                               .rate = many.rate,
                               .carry = many.carry,
                               .right = many.right};

    draw_batch(&many);
    for (int i = 0; i < MANY; i++)
        many.spot[i] = spot;
    run_batch(&many, 0, MANY, 1u << GEX_GREEK_PRICE);
    outputs[GEX_GREEK_PRICE] = one;
    gex__black(set_now, &in, outputs, NULL);
    ck_assert(memcmp(one, many.value[GEX_GREEK_PRICE], sizeof one) == 0);
}
END_TEST

/* A chain of one expiry: most strikes have a put and a call of one volatility, some have one row or three, some two
 * volatilities, and some rows are wrong. */
static void draw_chain(struct batch *b, int turn)
{
    static const double years[] = {1.0 / 365, 0.25, 2, 1e-7, 0, 30}, rates[] = {0.03, -0.02, 0, 9, 0.5};
    double strike = 0, vol = 0;

    for (int i = 0; i < MANY; i++) {
        const double dice = uniform();

        if (i == 0 || i % 2 == 0 || dice < 0.03) {
            strike = dice < 0.1 ? 100 : 100 * exp((turn % 3 == 0 ? 3 : 0.3) * (uniform() - 0.5));
            vol = dice > 0.95 ? (double)NAN : dice > 0.9 ? 0 : 0.02 + 0.5 * uniform();
        } else if (dice > 0.97) {
            vol *= 1.01;
        }
        b->strike[i] = strike;
        b->vol[i] = vol;
        b->right[i] = dice > 0.5 && dice < 0.51 ? 0 : i % 2 == 0 ? -1 : 1;
        b->spot[i] = 100;
        b->years[i] = years[turn % 6];
        b->rate[i] = rates[turn % 5];
        b->carry[i] = rates[(turn + 1) % 5];
    }
}

START_TEST(a_put_and_a_call_together_are_each_alone)
{
    static struct batch alone, chain;
    static const unsigned all = (1u << (GEX_GREEK_LAST_ + 1)) - 2;

    for (int turn = 0; turn < 300; turn++) {
        const unsigned mask = turn % 2 == 0 ? all : (unsigned)(uniform() * 0x1p32) & all;
        const int from = turn % 7, rows = MANY - from - turn % 11;
        double *outputs[GEX_GREEK_LAST_ + 1];
        struct gex__black_in in = {.rows = rows,
                                   .spot = chain.spot,
                                   .one_spot = true,
                                   .strike = chain.strike + from,
                                   .years = chain.years,
                                   .one_years = true,
                                   .vol = chain.vol + from,
                                   .rate = chain.rate,
                                   .one_rate = true,
                                   .carry = chain.carry,
                                   .one_carry = true,
                                   .right = chain.right + from};

        memset(&alone, 0, sizeof alone);
        draw_chain(&alone, turn);
        chain = alone;
        for (int i = 0; i < rows; i++)
            run_batch(&alone, from + i, 1, mask);
        for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
            outputs[greek] = (mask >> greek & 1) != 0 ? chain.value[greek] + from : NULL;
        gex__black(set_now, &in, outputs, chain.status + from);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            ck_assert_msg(memcmp(alone.value[greek], chain.value[greek], sizeof chain.value[greek]) == 0, "turn %d, %s",
                          turn, gex_greek_name(greek));
        ck_assert(memcmp(alone.status, chain.status, sizeof chain.status) == 0);
    }
}
END_TEST

static void fill_tables(TCase *tables)
{
    tcase_add_test(tables, matches_eighty_digits);
    tcase_add_test(tables, matches_the_catalogue);
}

static void fill_bits(TCase *bits)
{
    tcase_add_test(bits, matches_256_bits);
    tcase_add_test(bits, worst_rows_stay_within_their_bounds);
}

static void fill_laws(TCase *laws)
{
    tcase_add_test(laws, identities_hold);
    tcase_add_test(laws, price_unit_does_not_matter);
    tcase_add_loop_test(laws, limit_is_exact, 0, (int)(sizeof limits / sizeof *limits));
    tcase_add_test(laws, hostile_values_are_judged);
    tcase_add_test(laws, any_split_and_mask_give_the_same_bits);
    tcase_add_test(laws, one_spot_is_every_spot);
    tcase_add_test(laws, a_put_and_a_call_together_are_each_alone);
}

Suite *suite_black(void)
{
    Suite *suite = suite_create("black");
    TCase *oracle = tcase_create("oracle");

    tcase_set_timeout(oracle, 240);
    tcase_add_test(oracle, oracle_is_the_golden_file);
    suite_add_tcase(suite, oracle);
    cases_of_sets(suite, "tables", 60, fill_tables);
    cases_of_sets(suite, "256 bits", 240, fill_bits);
    cases_of_sets(suite, "laws", 120, fill_laws);
    return suite;
}
