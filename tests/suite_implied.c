/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implied volatility on every instruction set, against 50-digit pairs (golden/implied_vol.csv) and against the price in
 * 320 bits: how far the price at the returned volatility is from the price given, over v b'(v), is how far the
 * volatility is off, and that is held against the header: 2 ulp times max(1, 1 / e), e = v b'(v) / p the elasticity of
 * the time value p, for a price without elasticity knows no more.
 *
 * GEX_LONG=1000000 in the environment runs so many rows a kind and set against 320 bits: hours. It leaves out a set
 * whose bits are those of the next, and prints each new worst input. What it and tests/implied_range, which goes over
 * the whole range of doubles in minutes, have found is in worst_rows below.
 */
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex/european.h>

#include "base/isa.h"
#include "implied_rows.h"
#include "math/implied.h"
#include "sanitized.h"

#if GEX_HAVE_MPFR
#include "implied_oracle.h"
#endif

Suite *suite_implied(void);

enum { SETS = GEX_ISA_LAST_ + 1 };

static bool missing(int32_t set)
{
    if (gex__isa_here(set))
        return false;
    printf("skipped: %s is not here\n", gex_isa_name(set));
    return true;
}

#if GEX_HAVE_MPFR
/* Rows of a long run, or as many as usual. */
static int64_t long_or(int64_t usual)
{
    const char *rows = getenv("GEX_LONG");

    return rows != NULL ? strtoll(rows, NULL, 10) : SANITIZED ? usual / 8 : usual;
}

/* In a long run. */
static bool told_by_the_next(int32_t set)
{
    return getenv("GEX_LONG") != NULL && set == GEX_ISA_AVX2 && gex__isa_here(GEX_ISA_AVX512);
}
#endif

static int32_t vol_of(int32_t set, double price, double forward, double strike, double years, int32_t right,
                      double discount, double *vol)
{
    return gex__implied_vol(set, price, forward, strike, years, right, discount, vol);
}

static void invert(int32_t set, struct batch *b, int64_t rows, int32_t model)
{
    gex_context_options options;
    gex_context *context = NULL;
    const gex_price_columns columns = columns_of(b, rows, model);

    gex_context_options_init(&options, sizeof options);
    options.instruction_set = set;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    ck_assert_int_eq(gex_implied_vol(context, &columns, b->vol, b->status, NULL), GEX_OK);
    gex_context_free(context);
}

START_TEST(matches_fifty_digits)
{
    FILE *file = fopen(TESTS_DIR "/golden/implied_vol.csv", "r");
    char line[512];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        double x, deviation, beta, price, v, forward, elasticity;

        if (missing(_i) || sscanf(line, "%lf,%lf,%lf,%lf", &x, &deviation, &beta, &price) != 4)
            continue;
        rows++;
        forward = 100 * exp(x);
        ck_assert_int_eq(vol_of(_i, price, forward, 100, 1, 1, 1, &v), GEX_CALC_OK);
        elasticity = deviation * exp(-(x * x / (deviation * deviation) + deviation * deviation / 4) / 2) /
                     sqrt(2 * acos(-1.0)) / beta;
        /* The file's target of 1e-14, and what rounding the forward and the price does: an ulp of x / v each way. */
        ck_assert_msg(fabs(v - deviation) <=
                          deviation * (1e-14 * fmax(1, 1 / elasticity) + (x != 0 ? 4e-16 / fabs(x) : 0)),
                      "x %g: %.17g, expected %.17g", x, v, deviation);
    }
    fclose(file);
    ck_assert_int_eq(rows, gex__isa_here(_i) ? 20 : 0);
}
END_TEST

#if GEX_HAVE_MPFR
/* A price from the volatility by the same arithmetic. */
static double price_near(int32_t model, double forward, double strike, double years, int right, double discount,
                         double vol)
{
    return miss(model, 0, forward, strike, years, right, discount, vol).off;
}

struct worst {
    double share; /* of what the header promises */
    int    used;
};

/* Row i of the batch: its volatility gives the price back, or it has none for a good reason. */
static void check_row(const char *name, int32_t model, int i, struct worst *worst)
{
    const double price = batch.price[i], forward = batch.forward[i], strike = batch.strike[i], years = batch.years[i];
    const double discount = batch.discount[i], got = batch.vol[i];
    const int right = batch.right[i];
    struct miss m;
    double share;

    if (!(price >= DBL_MIN) || batch.status[i] != GEX_CALC_OK || got == 0) {
        const double unit = model == GEX_MODEL_INVERSE ? forward : 1;
        const double intrinsic = fmax(right * (forward - strike) * discount, 0) / unit;
        const double most = model == GEX_MODEL_BACHELIER ? HUGE_VAL : discount * (right > 0 ? forward : strike) / unit;
        const double size = discount * fmax(fabs(forward), fabs(strike)) / unit;

        /* only a price at its bounds, or too small for a double, has none */
        ck_assert_msg(price < DBL_MIN || fabs(price - intrinsic) <= 2 * ulp_of(size) ||
                          price >= most * (1 - DBL_EPSILON),
                      "%s: price %.17g F %.17g K %.17g T %.17g f %d D %.17g: status %d, vol %g", name, price, forward,
                      strike, years, right, discount, batch.status[i], got);
        return;
    }
    m = miss(model, price, forward, strike, years, right, discount, got);
    share = share_of(&m, got);
    if (share > worst->share && getenv("GEX_LONG") != NULL)
        printf("%s: share %.3f {%.17g, %.17g, %.17g, %.17g, %d, %.17g},\n", name, share, price, forward, strike, years,
               right, discount);
    worst->used++;
    worst->share = fmax(worst->share, share);
    ck_assert_msg(share <= 1,
                  "%s: price %.17g F %.17g K %.17g T %.17g f %d D %.17g: vol %.17g is off by %.3g of what is promised",
                  name, price, forward, strike, years, right, discount, got, share);
}
#endif

#if GEX_HAVE_MPFR
/* Rows that were wrong once, and what long runs found to be the worst for the price or the volatility. */
static const struct {
    double price, forward, strike, years;
    int right;
    double discount;
} worst_rows[] = {
    {0.0019523750351399453, 0.057501942367585483, 0.057528049373682486, 0.022528648636143449, 1, 1},
    {0.00011202783993461057, 0.0031543605500655696, 0.003413606586666743, 0.38144179776473042, 1, 0.9926922870761784},
    {483.813205269398, 34892.385585460099, 35184.66150171576, 0.030711810801792739, 1, 0.99898193098484012},
    {1884.3439077065807, 235544.57538875483, 240968.57279854571, 0.0048423977848459114, 1, 0.99994156150269853},
    {0x1.1b7c722985045p-204, 0x1.43a39eec6488ap-204, 0x1.43a39eec6488ap-204, 0x1.550ed4e25dc96p-11, 1, 1},
    {0x1.5e0b9763e69fp-583, 0x1.f1480f7389d43p+968, 0x1.c490d5c20cdb2p+1003, 0x1.5c5dd42bf2448p-18, 1,
     0x1.11f5b86bef554p+807},
    {0x1.5aa4ddd8377d9p-193, 0x1.510f4794f2864p+891, 0x1.a70c4f05e5226p-897, 0x1.3c03341bf0e88p+547, -1,
     0x1.ef4e6b0be553p+703},
    {0x1.eca10b61d3719p-1019, 0x1.870f5279c28f6p-212, 0x1.e3e6a88cbd1eap-853, 0x1.73afa76f9998cp+984, -1,
     0x1.4e239d6bd8cddp-153},
    {0x1.d0676998b185p+2, 0x1.bfc54adf1f0cfp+133, 0x1.bfc54adf1f0cdp+133, 0x1.74f2249f82b15p-586, -1,
     0x1.fadf73a65f566p-1},
    {0x1.174d9fb525e56p+692, 0x1.04460f74ed03p-39, 0x1.04460f74e05dp-39, 0x1.22c38408c6156p-1, 1,
     0x1.d6843985522b8p+744},
    {0x1.9ba7f8aec59a1p+175, 0x1.736cc91fb27ddp+184, 0x1.736c2bb419de7p+184, 0x1.ef9922df70c2cp+176, -1, 1},
    {0x1.a701e8de2a64p-909, 0x1.0adee5bac815ap+150, 0x1.051ccc2f598fbp+150, 0x1.c103819cf1304p+978, 1,
     0x0.000000002fd2ep-1022},
    {0x1.51bbeaebb9b1ap+201, 0x1.bd61bc3c2ce6ep+752, 0x1.f0cec936b4bb1p+203, 0x1.feb50dfa044a8p+981, -1,
     0x1.bd79d9db3e778p-1},
    {0x1.e5f0246bf5876p-496, 0x1.7c3961f965896p+96, 0x1.5f483695ad9cap-493, 0x1.a50734dddb5b8p-525, -1, 1},
};
#endif

START_TEST(the_price_comes_back)
{
#if GEX_HAVE_MPFR
    static const char *names[] = {"chain",        "wide",      "near the money", "broad and deep",
                                  "paid in coin", "bachelier", "worst"};
    enum { KINDS = 7 };
    const int kind = _i % KINDS, set = GEX_ISA_BASELINE + _i / KINDS;
    const int32_t model = kind == 4 ? GEX_MODEL_INVERSE : kind == 5 ? GEX_MODEL_BACHELIER : GEX_MODEL_BLACK;
    const int64_t wanted = kind == 6 ? 1 : long_or(2000); /* of kind 6, the list */
    struct worst worst = {0, 0};

    if (missing(set) || told_by_the_next(set))
        return;
    for (int64_t done = 0; done < wanted;) {
        int rows = (int)(wanted - done < BATCH ? wanted - done : BATCH);

        for (int i = 0; i < rows; i++) {
            double forward = exp(between(-7, 14)), years, vol, m, discount = 1, strike;
            const int right = uniform() < 0.5 ? 1 : -1;

            switch (kind) {
            case 0:
                years = exp(between(log(1.0 / 365), log(2)));
                vol = between(0.05, 0.9);
                m = between(-4, 4) * vol * sqrt(years);
                discount = exp(-between(0, 0.05) * years);
                break;
            case 1:
            case 4:
                years = exp(between(log(1e-6), log(50)));
                vol = exp(between(log(1e-4), log(3)));
                m = between(-36, 36) * vol * sqrt(years);
                break;
            case 2:
                years = exp(between(log(1e-9), log(1)));
                vol = exp(between(log(1e-3), log(3)));
                m = i % 10 == 0 ? 0 : exp(between(-36, -1)) * (uniform() < 0.5 ? 1 : -1);
                break;
            default:
                years = 1;
                vol = between(0.3, 12);
                m = between(-20, 20);
                break;
            }
            strike = forward * exp(m);
            if (kind == 5) {
                forward = between(-1, 1) * exp(between(-7, 14));
                years = exp(between(log(1e-6), log(50)));
                vol = exp(between(-7, 14));
                strike = forward + between(-1, 1) * exp(between(-20, 3.6)) * vol * sqrt(years);
                discount = exp(-between(-0.05, 0.05) * years);
            }
            batch.forward[i] = forward;
            batch.strike[i] = strike;
            batch.years[i] = years;
            batch.right[i] = (int8_t)right;
            batch.discount[i] = discount;
            batch.price[i] = price_near(model, forward, strike, years, right, discount, vol);
        }
        if (kind == 6)
            for (rows = 0; rows < (int)(sizeof worst_rows / sizeof *worst_rows); rows++) {
                batch.price[rows] = worst_rows[rows].price;
                batch.forward[rows] = worst_rows[rows].forward;
                batch.strike[rows] = worst_rows[rows].strike;
                batch.years[rows] = worst_rows[rows].years;
                batch.right[rows] = (int8_t)worst_rows[rows].right;
                batch.discount[rows] = worst_rows[rows].discount;
            }
        invert(set, &batch, rows, model);
        for (int i = 0; i < rows; i++)
            check_row(names[kind], model, i, &worst);
        done += rows;
    }
    printf("%s, %s: %d rows, share of what is promised %.2f\n", gex_isa_name(set), names[kind], worst.used,
           worst.share);
    ck_assert_int_ge(worst.used, kind == 6 ? (int64_t)(sizeof worst_rows / sizeof *worst_rows) : wanted / 3);
#else
    printf("skipped: implied volatility against 320 bits, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

#define NONE ((double)NAN)
static const struct edge {
    const char *name;
    double price, forward, strike, years;
    int right;
    double discount;
    int32_t status;
    double vol;
} edges[] = {
    {"worth nothing", 0, 100, 110, 1, 1, 1, GEX_CALC_OK, 0},
    {"worth nothing, with a sign", -0.0, 100, 110, 1, 1, 0.9, GEX_CALC_OK, 0},
    {"exactly intrinsic", 10, 110, 100, 1, 1, 1, GEX_CALC_OK, 0},
    {"exactly intrinsic, expired", 10, 110, 100, 0, 1, 1, GEX_CALC_OK, 0},
    {"rounded discounted intrinsic", 0.97 * (110.3 - 100), 110.3, 100, 1, 1, 0.97, GEX_CALC_OK, 0},
    {"below intrinsic", 9.9, 110, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"negative", -0.1, 90, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"a little negative", -5e-324, 100, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"call as dear as the forward", 110, 110, 100, 1, 1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"put as dear as the strike", 100, 110, 100, 1, -1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"call above the discounted forward", 99.1, 110, 100, 1, 1, 0.9, GEX_CALC_ABOVE_MAX, NONE},
    {"expired with a time value", 11, 110, 100, 0, 1, 1, GEX_CALC_NO_TIME, NONE},
    {"no forward", 1, 0, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"no strike", 1, 100, -0.0, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"price not a number", NONE, 100, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"forward not a number", 1, NONE, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"discount not a number", 1, 100, 100, 1, 1, NONE, GEX_CALC_DOMAIN, NONE},
    {"time not a number", 1, 100, 100, NONE, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"price without end", HUGE_VAL, 100, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"time without end", 1, 100, 100, HUGE_VAL, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"time before now", 1, 100, 100, -1e-9, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"no right", 1, 100, 100, 1, 0, 1, GEX_CALC_DOMAIN, NONE},
    {"no discount", 1, 100, 100, 1, 1, 0, GEX_CALC_DOMAIN, NONE},
    {"huge, exactly intrinsic", DBL_MAX - 0x1p1000, DBL_MAX, 0x1p1000, 1, 1, 1, GEX_CALC_OK, 0},
    {"huge forward, tiny strike", DBL_MAX, DBL_MAX, 5e-324, 1, 1, 1, GEX_CALC_OK, 0},
    {"tiny forward, huge strike", 5e-324, 5e-324, DBL_MAX, 1, 1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"largest price of all", DBL_MAX, 1, 1, 1, 1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"largest price, smallest discount", DBL_MAX, 1, 2, 1, 1, 5e-324, GEX_CALC_ABOVE_MAX, NONE},
    {"smallest price, smallest strike, forward and discount", 0x1p-1074, 0x4eb9cecp-1074, 0x4eb9ceep-1074, 2, -1,
     0x9p-1074, GEX_CALC_ABOVE_MAX, NONE},
    {"intrinsic below all doubles", 0, 0x1.f0p-463, 0x1.7p-466, 1, 1, 0x1.cp-708, GEX_CALC_OK, 0},
    {"intrinsic rounded, a little below midway", 0x1.280365e90e49dp-725, 0xcp-1074, 0x1.8aaf328c130d2p+346, 9.7, -1,
     0x6p-1074, GEX_CALC_OK, 0},
    {"smallest price, largest discount", -5e-324, 1, 2, 1, 1, DBL_MAX, GEX_CALC_BELOW_INTRINSIC, NONE},
};

/* Alone, and between rows that need everything the kernel has. */
START_TEST(edge_has_its_status)
{
    enum { EDGES = (int)(sizeof edges / sizeof *edges) };
    const struct edge *e = &edges[_i % EDGES];
    const int32_t set = GEX_ISA_BASELINE + _i / EDGES;
    double vol = 1;

    if (missing(set))
        return;
    ck_assert_msg(vol_of(set, e->price, e->forward, e->strike, e->years, e->right, e->discount, &vol) == e->status,
                  "%s", e->name);
    ck_assert_msg(vol == e->vol || (isnan(vol) && isnan(e->vol)), "%s: %g", e->name, vol);
    for (int i = 0; i < 64; i++) {
        const bool here = i == 21;

        batch.price[i] = here ? e->price : i % 3 == 0 ? 7 : i % 3 == 1 ? 1e-200 : 55;
        batch.forward[i] = here ? e->forward : 100;
        batch.strike[i] = here ? e->strike : 104;
        batch.years[i] = here ? e->years : 0.5;
        batch.right[i] = (int8_t)(here ? e->right : 1);
        batch.discount[i] = here ? e->discount : 0.98;
    }
    invert(set, &batch, 64, GEX_MODEL_BLACK);
    ck_assert_msg(batch.status[21] == e->status, "%s between others", e->name);
    ck_assert_msg(batch.vol[21] == e->vol || (isnan(batch.vol[21]) && isnan(e->vol)), "%s between others: %g", e->name,
                  batch.vol[21]);
    ck_assert(batch.status[20] == GEX_CALC_OK && batch.status[22] == GEX_CALC_OK && batch.vol[20] > 0 &&
              batch.vol[22] > 0);
}
END_TEST

static const struct edge normal_edges[] = {
    {"worth nothing", 0, 100, 110, 1, 1, 1, GEX_CALC_OK, 0},
    {"exactly intrinsic", 10, 110, 100, 1, 1, 1, GEX_CALC_OK, 0},
    {"exactly intrinsic, both negative", 10, -100, -110, 1, 1, 1, GEX_CALC_OK, 0},
    {"below intrinsic", 9.9, 110, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"negative", -0.1, 90, 100, 1, 1, 1, GEX_CALC_BELOW_INTRINSIC, NONE},
    {"expired with a time value", 11, 110, 100, 0, 1, 1, GEX_CALC_NO_TIME, NONE},
    {"forward not a number", 1, NONE, 100, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"strike out of range", 1, 100, 0x1p900, 1, 1, 1, GEX_CALC_DOMAIN, NONE},
    {"no right", 1, 100, 100, 1, 2, 1, GEX_CALC_DOMAIN, NONE},
    {"a volatility above all doubles", DBL_MAX, 0, 0, 1e-300, 1, 1, GEX_CALC_ABOVE_MAX, NONE},
    {"a volatility above all doubles, by discount", DBL_MAX, 0, 0, 1, 1, 1e-10, GEX_CALC_ABOVE_MAX, NONE},
    {"at zero", 1, 0, 0, 1, 1, 1, GEX_CALC_OK, 0x1.40d931ff62706p+1},
    {"at the money", 0x1p-1000, -5, -5, 1, -1, 1, GEX_CALC_OK, 0x1.40d931ff62706p-999},
};

START_TEST(normal_edge_has_its_status)
{
    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        const struct edge *e = &normal_edges[_i];

        if (missing(set))
            continue;
        batch.price[0] = e->price;
        batch.forward[0] = e->forward;
        batch.strike[0] = e->strike;
        batch.years[0] = e->years;
        batch.right[0] = (int8_t)e->right;
        batch.discount[0] = e->discount;
        invert(set, &batch, 1, GEX_MODEL_BACHELIER);
        ck_assert_msg(batch.status[0] == e->status, "%s: %d", e->name, batch.status[0]);
        ck_assert_msg(batch.vol[0] == e->vol || (isnan(batch.vol[0]) && isnan(e->vol)), "%s: %.17g", e->name,
                      batch.vol[0]);
    }
}
END_TEST

/* Every price a double can be, for forwards and strikes of every size: an answer, and never for ever. */
START_TEST(any_price_has_an_answer)
{
    static const double sizes[] = {5e-324, DBL_MIN, 1e-300, 1e-6, 1, 1 + DBL_EPSILON, 1e9, 1e300, DBL_MAX};
    const int count = (int)(sizeof sizes / sizeof *sizes);

    for (int f = 0; f < count && !missing(_i); f++)
        for (int k = 0; k < count; k++)
            for (int i = 0; i < 400; i++) {
                const double bound = fmin(sizes[f], sizes[k]);
                const int right = sizes[f] > sizes[k] ? -1 : 1; /* out of the money */
                double price = i < 100   ? bound * (i / 100.0)
                               : i < 200 ? bound * (1 - ldexp(1, -(i - 100)))
                                         : ldexp(bound, -(i - 200) * 11),
                       v;
                const int32_t status = vol_of(_i, price, sizes[f], sizes[k], 1, right, 1, &v);

                if (price < bound * 1e-300) /* the deviation itself may be below what a double holds */
                    ck_assert(status == GEX_CALC_OK && v >= 0);
                else if (price == 0)
                    ck_assert(status == GEX_CALC_OK && v == 0);
                else if (price >= bound)
                    ck_assert_int_eq(status, GEX_CALC_ABOVE_MAX);
                else
                    ck_assert_msg(status == GEX_CALC_OK && v > 0 && v < 200, "price %g F %g K %g: status %d, %g", price,
                                  sizes[f], sizes[k], status, v);
            }
}
END_TEST

/* The whole double range: the volatility, or the status the header promises. */
START_TEST(the_whole_range)
{
#if GEX_HAVE_MPFR
    const int64_t wanted = long_or(1000000 / 3);
    int64_t solved = 0, compared = 0;
    double worst = 0;

    if (missing(_i) || told_by_the_next(_i))
        return;
    for (int64_t done = 0; done < wanted; done += BATCH) {
        for (int i = 0; i < BATCH; i++)
            draw_any_row(&batch, i);
        invert(_i, &batch, BATCH, GEX_MODEL_BLACK);
        for (int i = 0; i < BATCH; i++) {
            double share = 0;
            bool worthless;
            const int32_t status = promised(&batch, i, &worthless);

#define SHOWN                                                                                                          \
    "price %a F %a K %a T %a f %d D %a: status %d, promised %d, vol %.17g, share %.3g", batch.price[i],                \
        batch.forward[i], batch.strike[i], batch.years[i], batch.right[i], batch.discount[i], batch.status[i], status, \
        batch.vol[i], share
            ck_assert_msg(batch.status[i] == status, SHOWN);
            if (status != GEX_CALC_OK)
                ck_assert_msg(isnan(batch.vol[i]), SHOWN);
            else if (worthless)
                ck_assert_msg(batch.vol[i] == 0, SHOWN);
            else /* at F = K the deviation, and with much time the volatility, may be below all doubles */
                ck_assert_msg(batch.vol[i] > 0 || (batch.vol[i] == 0 && batch.forward[i] == batch.strike[i]), SHOWN);
            solved += batch.vol[i] > 0;
            if (batch.vol[i] > DBL_MIN && (done + i) % 64 == 0 && batch.price[i] > DBL_MIN) {
                const struct miss m =
                    miss(GEX_MODEL_BLACK, batch.price[i], batch.forward[i], batch.strike[i], batch.years[i],
                         batch.right[i], batch.discount[i], batch.vol[i]);

                if (!(m.steepness > DBL_MIN)) /* next to the bound; its own ulp says nothing there */
                    continue;
                share = share_of(&m, batch.vol[i]);
                worst = fmax(worst, share);
                compared++;
                ck_assert_msg(share <= 1, SHOWN);
            }
        }
    }
    printf("%s: %lld rows, %lld with a volatility, %lld of them against 320 bits: share of what is promised %.2f\n",
           gex_isa_name(_i), (long long)wanted, (long long)solved, (long long)compared, worst);
    ck_assert_int_gt(solved, wanted / 4);
#else
    printf("skipped: the whole range of doubles, because MPFR was not found when the build was configured\n");
#endif
}
END_TEST

START_TEST(dearer_is_never_calmer)
{
    for (int i = 0; i < 2000 && !missing(_i); i++) {
        const double forward = 100, strike = 100 * exp(between(-2, 2)), bound = fmin(forward, strike);
        const int right = forward > strike ? -1 : 1;
        double price = bound * uniform() * (i % 2 == 0 ? 1 : 1e-6), last = 0, v;

        for (int step = 0; step < 4; step++, price = nextafter(price, HUGE_VAL)) {
            ck_assert_int_eq(vol_of(_i, price, forward, strike, 1, right, 1, &v), GEX_CALC_OK);
            ck_assert_msg(v >= last * (1 - 4 * DBL_EPSILON), "price %.17g K %.17g: %.17g after %.17g", price, strike, v,
                          last);
            last = v;
        }
    }
}
END_TEST

/* Rows that take other ways through the kernel side by side: near and far numbers, one step and many, no solution. */
static void mixed_rows(int rows)
{
    seed = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < rows; i++) { /* without the host's exp, so that the rows are the same everywhere */
        const double forward = i % 7 == 0 ? 1e-250 : 100, strike = forward * between(0.4, 2.2);
        const int right = uniform() < 0.5 ? 1 : -1;
        const double part = uniform(), power = between(0, i % 3 == 0 ? 600 : 30);
        const double share = i % 4 == 0 ? part : ldexp(part, -(int)power);

        batch.forward[i] = forward;
        batch.strike[i] = i % 11 == 0 ? forward : strike;
        batch.years[i] = i % 31 == 0 ? 0 : between(0.001, 3);
        batch.right[i] = (int8_t)(i % 53 == 0 ? 0 : right);
        batch.discount[i] = i % 5 == 0 ? 1 : between(0.9, 1);
        batch.price[i] =
            fmin(forward, strike) * share + (i % 17 == 0 ? 0 : fmax(right * (forward - strike) * batch.discount[i], 0));
    }
}

static uint64_t hash_of(const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* The bits themselves: of sets that fuse one number, whatever the machine, of the baseline of x86-64 another. */
START_TEST(bits_are_pinned)
{
    static const uint64_t fused[] = {0, UINT64_C(0xa3489a79cdb8a6d7), UINT64_C(0x4c829ab6f76c8d58),
                                     UINT64_C(0xc29ec4e83b2f3055)};
    static const uint64_t twice[] = {0, UINT64_C(0xa1d8524afd1c60ad), UINT64_C(0x86ef38613380b321),
                                     UINT64_C(0x7bd9b51830db870e)};

    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
#if defined(__x86_64__)
        const uint64_t expected = set == GEX_ISA_BASELINE ? twice[_i] : fused[_i];
#else
        const uint64_t expected = fused[_i];
#endif
        uint64_t hash;

        if (missing(set))
            continue;
        (void)twice;
        mixed_rows(BATCH);
        invert(set, &batch, BATCH, _i);
        for (int i = 0; i < BATCH; i++)
            if (isnan(batch.vol[i]))
                batch.vol[i] = -1 - batch.status[i]; /* whatever the bits of a NaN */
        hash = hash_of(batch.vol, sizeof batch.vol);
        ck_assert_msg(hash == expected, "%s, %s: 0x%016llx", gex_isa_name(set), gex_model_name(_i),
                      (unsigned long long)hash);
    }
}
END_TEST

/* Any number of rows at any offset, alignment and stride; sets that fuse agree. */
START_TEST(rows_do_not_know_each_other)
{
    static double whole[BATCH], other[BATCH], part[BATCH + 1];
    static uint8_t whole_status[BATCH], part_status[BATCH];
    static char shifted[5][BATCH * 8 + 16];
    bool fused = false;

    mixed_rows(BATCH);
    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++) {
        gex_context_options options;
        gex_context *context = NULL;

        if (missing(set))
            continue;
        invert(set, &batch, BATCH, _i);
        memcpy(whole, batch.vol, sizeof whole);
        memcpy(whole_status, batch.status, sizeof whole_status);
        gex_context_options_init(&options, sizeof options);
        options.instruction_set = set;
        ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
        for (int rows = 0; rows <= 64; rows++) {
            const int from = 13 * rows + 5, align = rows % 8;
            gex_price_columns columns = columns_of(&batch, rows, _i);
            double *const given[] = {batch.price, batch.forward, batch.strike, batch.years, batch.discount};
            gex_f64 *const taken[] = {&columns.price, &columns.forward, &columns.strike, &columns.years,
                                      &columns.discount};

            for (int k = 0; k < 5; k++) { /* every other one from the last backwards, or unaligned */
                if (taken[k]->data == NULL)
                    continue;
                if (rows % 3 == 0) {
                    for (int i = 0; i < rows; i++)
                        memcpy(&shifted[k][(2 * (rows - 1 - i)) * 8 + align], &given[k][from + i], 8);
                    *taken[k] = (gex_f64){
                        (const double *)(const void *)&shifted[k][2 * (rows > 0 ? rows - 1 : 0) * 8 + align], -16};
                } else {
                    memcpy(&shifted[k][align], &given[k][from], (size_t)rows * 8);
                    *taken[k] = (gex_f64){(const double *)(const void *)&shifted[k][align], 8};
                }
            }
            columns.right.data = &batch.right[from];
            part[rows] = 77;
            ck_assert_int_eq(gex_implied_vol(context, &columns, part, part_status, NULL), GEX_OK);
            ck_assert_msg(memcmp(part, &whole[from], (size_t)rows * 8) == 0, "%d rows", rows);
            ck_assert(memcmp(part_status, &whole_status[from], (size_t)rows) == 0 && part[rows] == 77);
        }
        if (fused)
            ck_assert(memcmp(whole, other, sizeof whole) == 0);
        fused = set != GEX_ISA_BASELINE;
        memcpy(other, whole, sizeof whole);
        gex_context_free(context);
    }
}
END_TEST

Suite *suite_implied(void)
{
    Suite *suite = suite_create("implied");
    TCase *tcase = tcase_create("solver"), *bits = tcase_create("320 bits");

    tcase_add_loop_test(tcase, matches_fifty_digits, GEX_ISA_BASELINE, SETS);
    tcase_add_loop_test(tcase, edge_has_its_status, 0, (int)(sizeof edges / sizeof *edges) * GEX_ISA_LAST_);
    tcase_add_loop_test(tcase, normal_edge_has_its_status, 0, (int)(sizeof normal_edges / sizeof *normal_edges));
    tcase_add_loop_test(tcase, any_price_has_an_answer, GEX_ISA_BASELINE, SETS);
    tcase_add_loop_test(tcase, dearer_is_never_calmer, GEX_ISA_BASELINE, SETS);
    tcase_add_loop_test(tcase, bits_are_pinned, GEX_MODEL_BLACK, GEX_MODEL_LAST_ + 1);
    tcase_add_loop_test(tcase, rows_do_not_know_each_other, GEX_MODEL_BLACK, GEX_MODEL_LAST_ + 1);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(bits, the_price_comes_back, 0, 7 * GEX_ISA_LAST_);
    tcase_add_loop_test(bits, the_whole_range, GEX_ISA_BASELINE, SETS);
    tcase_set_timeout(bits, getenv("GEX_LONG") != NULL ? 36000 : 120);
    suite_add_tcase(suite, bits);
    return suite;
}
