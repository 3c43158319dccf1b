/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Surfaces of real chains, where there are any: folder cboe-quotedata in the folder GEX_DATA names. Forwards from
 * put-call parity, volatilities of bid and ask from the public doors, out of the money; then a fit, its check, and
 * every two-sided quote repriced.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "fitted.h"

Suite *suite_fit_data(void);

enum { LARGEST = 4 << 20, MOST = 25000 };
static char table[LARGEST];
static int64_t table_length, rows;

/* One chain, and what is asked of it row by row. */
static gex_chain *chain;
static gex_market *market;
static double forward[MOST], years[MOST], discount[MOST], bid_vol[MOST], ask_vol[MOST], vol[MOST], price[MOST];
static int32_t expiry[MOST], every_expiry[MOST]; /* of quotes out of the money; of every two-sided quote */

static int load(const char *name)
{
    const char *folder = getenv("GEX_DATA");
    char path[1024], command[1100];
    const bool packed = strstr(name, ".gz") != NULL;
    FILE *file;

    if (folder == NULL || *folder == '\0') {
        printf("SKIPPED %s: GEX_DATA names no folder\n", name);
        return 0;
    }
    snprintf(path, sizeof path, "%s/cboe-quotedata/%s", folder, name);
    file = fopen(path, "rb");
    if (file == NULL) {
        printf("SKIPPED %s: no such file\n", path);
        return 0;
    }
    if (packed) { /* the file is there; what unpacks it is every Unix's */
        fclose(file);
        snprintf(command, sizeof command, "gzip -dc '%s'", path);
        file = popen(command, "r");
        ck_assert_ptr_nonnull(file);
    }
    table_length = (int64_t)fread(table, 1, LARGEST - 1, file);
    ck_assert_int_eq(packed ? pclose(file) : fclose(file), 0);
    return 1;
}

static void imply(const double *of, double *to)
{
    gex_price_columns columns;

    gex_price_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.price = (gex_f64){of, sizeof(double)}, columns.forward = (gex_f64){forward, sizeof(double)};
    columns.strike = (gex_f64){gex_chain_strike(chain), sizeof(double)};
    columns.years = (gex_f64){years, sizeof(double)}, columns.discount = (gex_f64){discount, sizeof(double)};
    columns.right = (gex_i8){gex_chain_right(chain), 1};
    ck_assert_int_eq(gex_implied_vol(NULL, &columns, to, NULL, NULL), GEX_OK);
}

static bool two_sided(int64_t i)
{
    return gex_chain_bid(chain)[i] > 0 && gex_chain_ask(chain)[i] >= gex_chain_bid(chain)[i];
}

static void open_market(void)
{
    gex_error error = {0};
    gex_feed *feed = NULL;
    gex_chain_columns columns;
    gex_market_options options;

    ck_assert_msg(gex_feed_csv(NULL, table, table_length, &feed, &error) == GEX_OK, "%s", error.message);
    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_feed_columns(feed, &columns, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365, options.vol = GEX_VOL_GIVEN, options.forward = GEX_FORWARD_IMPLIED;
    options.style = GEX_STYLE_AUTO, options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.spot = gex_feed_spot(feed);
    ck_assert_int_eq(gex_feed_as_of(feed, &options.as_of), 1);
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_feed_free(feed);
    rows = gex_chain_rows(chain);
    ck_assert_int_le(rows, MOST);
    for (int64_t i = 0; i < rows; i++) {
        const int32_t e = gex_chain_expiry_index(chain)[i];
        forward[i] = e >= 0 ? gex_market_forward(market)[e] : NAN;
        years[i] = e >= 0 ? gex_market_years(market)[e] : 0;
        discount[i] = e >= 0 ? gex_market_discount(market)[e] : NAN;
        every_expiry[i] = two_sided(i) ? e : -1;
        expiry[i] =
            two_sided(i) && (gex_chain_strike(chain)[i] >= forward[i]) == (gex_chain_right(chain)[i] == GEX_CALL) ? e
                                                                                                                  : -1;
    }
    imply(gex_chain_bid(chain), bid_vol);
    imply(gex_chain_ask(chain), ask_vol);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return values[count / 2];
}

/* Per expiry the share of all two-sided quotes, calls and puts, whose price on the surface lies within bid and ask. */
static double median_repriced(const gex_surface *surface, const uint8_t *fitted)
{
    const int32_t what = GEX_SURFACE_VOL, greek = GEX_GREEK_PRICE;
    double *const vols = vol, *const prices = price, share[MOST_EXPIRIES * 2];
    gex_surface_points points;
    gex_european_columns columns;
    int count = 0;

    gex_surface_points_init(&points, sizeof points);
    points.rows = rows;
    points.strike = (gex_f64){gex_chain_strike(chain), sizeof(double)};
    points.years = (gex_f64){years, sizeof(double)}, points.forward = (gex_f64){forward, sizeof(double)};
    ck_assert_int_eq(gex_surface_evaluate(NULL, surface, &points, &what, 1, &vols, NULL, NULL), GEX_OK);
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.spot = (gex_f64){forward, sizeof(double)}, columns.strike = points.strike, columns.years = points.years;
    columns.vol = (gex_f64){vol, sizeof(double)}, columns.right = (gex_i8){gex_chain_right(chain), 1};
    ck_assert_int_eq(gex_european(NULL, &columns, &greek, 1, &prices, NULL, NULL), GEX_OK);
    for (int64_t e = 0; e < gex_market_expiry_count(market); e++) {
        double total = 0, inside = 0;
        for (int64_t i = 0; i < rows; i++)
            if (gex_chain_expiry_index(chain)[i] == e && two_sided(i)) {
                const double here = price[i] * discount[i], slack = 1e-9;
                total++;
                inside += here >= gex_chain_bid(chain)[i] - slack && here <= gex_chain_ask(chain)[i] + slack;
            }
        if (fitted[e] == GEX_FITTED_OWN)
            share[count++] = inside / total;
    }
    return median(share, count);
}

/* What is demanded of a fit of SPX is what it reaches, less what the last bits of its quotes move: docs/surface.md has
 * the table. */
static const struct wish {
    const char *name;
    int32_t loss, enforce; /* loss 0: mixtures, which do not ask */
    double repriced; /* at least, in the median expiry */
} wishes[] = {
    {"spx_2023-09-14.csv", GEX_LOSS_SQUARES, GEX_ENFORCE_NOTHING, 0.92},
    {"spx_2023-09-14.csv", GEX_LOSS_BOUNDED, GEX_ENFORCE_BUTTERFLY, 0.90},
    {"spx_2023-09-14.csv", GEX_LOSS_SQUARES, GEX_ENFORCE_ALL, 0.75},
    {"spx_2023-09-14.csv", GEX_LOSS_BOUNDED, GEX_ENFORCE_ALL, 0.83},
    {"spx_2024-01-07_weekend.csv.gz", GEX_LOSS_SQUARES, GEX_ENFORCE_NOTHING, 0.78},
    {"spx_2024-01-07_weekend.csv.gz", GEX_LOSS_BOUNDED, GEX_ENFORCE_BUTTERFLY, 0.86},
    {"spx_2024-01-07_weekend.csv.gz", GEX_LOSS_BOUNDED, GEX_ENFORCE_ALL, 0.80},
    {"spx_2022-07-12_intraday.csv.gz", GEX_LOSS_SQUARES, GEX_ENFORCE_NOTHING, 0.40},
    {"spx_2022-07-12_intraday.csv.gz", GEX_LOSS_BOUNDED, GEX_ENFORCE_BUTTERFLY, 0.64},
    {"spx_2022-07-12_intraday.csv.gz", GEX_LOSS_BOUNDED, GEX_ENFORCE_ALL, 0.52},
    {"spx_2023-09-14.csv", GEX_LOSS_HELD, GEX_ENFORCE_NOTHING, 0.94},
    {"spx_2023-09-14.csv", GEX_LOSS_HELD, GEX_ENFORCE_BUTTERFLY, 0.9},
    {"spx_2023-09-14.csv", GEX_LOSS_HELD, GEX_ENFORCE_ALL, 0.865},
    {"spx_2024-01-07_weekend.csv.gz", GEX_LOSS_HELD, GEX_ENFORCE_NOTHING, 0.89},
    {"spx_2024-01-07_weekend.csv.gz", GEX_LOSS_HELD, GEX_ENFORCE_BUTTERFLY, 0.875},
    {"spx_2024-01-07_weekend.csv.gz", GEX_LOSS_HELD, GEX_ENFORCE_ALL, 0.82},
    {"spx_2022-07-12_intraday.csv.gz", GEX_LOSS_HELD, GEX_ENFORCE_NOTHING, 0.77},
    {"spx_2022-07-12_intraday.csv.gz", GEX_LOSS_HELD, GEX_ENFORCE_BUTTERFLY, 0.78},
    {"spx_2022-07-12_intraday.csv.gz", GEX_LOSS_HELD, GEX_ENFORCE_ALL, 0.77},
    {"spx_2023-09-14.csv", 0, GEX_ENFORCE_ALL, 0.99},
    {"spx_2024-01-07_weekend.csv.gz", 0, GEX_ENFORCE_ALL, 0.99},
    {"spx_2022-07-12_intraday.csv.gz", 0, GEX_ENFORCE_ALL, 0.99},
};

START_TEST(a_chain_is_fitted)
{
    const struct wish *wish = &wishes[_i];
    static struct fitted fit;
    struct timespec from, to;
    double repriced, raised = 0, rms[MOST_EXPIRIES * 2];
    gex_error error = {0};
    int64_t expiries, used = 0;
    int count = 0;

    if (!load(wish->name))
        return;
    open_market();
    open_fitted(&fit, wish->loss, wish->enforce);
    expiries = gex_market_expiry_count(market);
    ck_assert_int_le(expiries, MOST_EXPIRIES);
    fit.columns.expiries = expiries, fit.columns.rows = rows;
    fit.columns.years = (gex_f64){gex_market_years(market), sizeof(double)};
    fit.columns.forward = (gex_f64){gex_market_forward(market), sizeof(double)};
    fit.columns.spot = gex_market_spot(market);
    fit.columns.expiry = (gex_i32){wish->loss == GEX_LOSS_HELD ? every_expiry : expiry, sizeof(int32_t)};
    fit.columns.strike = (gex_f64){gex_chain_strike(chain), sizeof(double)};
    fit.columns.bid_vol = (gex_f64){bid_vol, sizeof(double)}, fit.columns.ask_vol = (gex_f64){ask_vol, sizeof(double)};
    fit.results.row_status = NULL;
    clock_gettime(CLOCK_MONOTONIC, &from);
    ck_assert_msg((wish->loss != 0 ? gex_fit_svi : gex_fit_mixture)(NULL, &fit.columns, &fit.results, &fit.surface,
                                                                    &error) == GEX_OK,
                  "%s", error.message);
    clock_gettime(CLOCK_MONOTONIC, &to);
    check_handler();
    for (int64_t e = 0; e < expiries; e++)
        if (fit.by[e] == GEX_FITTED_OWN) {
            raised = fmax(raised, 100 * (sqrt(fit.theta[e] / gex_market_years(market)[e]) -
                                         sqrt((fit.theta[e] - fit.raised[e]) / gex_market_years(market)[e])));
            rms[count++] = fit.rms[e];
            used += fit.quotes[e];
        }
    ck_assert_int_ge(count, 50);
    repriced = median_repriced(fit.surface, fit.by);
    printf("%s, %s, enforce %s: %d expiries, %d quotes, %.1f ms; median rms %.2f vol points, at most %.3f raised; %.1f "
           "%% of all "
           "two-sided quotes repriced within bid and ask in the median expiry\n",
           wish->name, wish->loss != 0 ? gex_loss_name(wish->loss) : "mixtures", gex_enforce_name(wish->enforce), count,
           (int)used, (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) * 1e-6,
           median(rms, count), raised, 100 * repriced);
    ck_assert_double_ge(repriced, wish->repriced);
    if (wish->enforce == GEX_ENFORCE_ALL) {
        ck_assert_int_eq(violations(fit.surface, 0), 0);
        ck_assert_double_le(raised, 0.5);
    }
    if (wish->enforce == GEX_ENFORCE_BUTTERFLY)
        ck_assert_int_eq(violations(fit.surface, GEX_ARBITRAGE_BUTTERFLY), 0);
    gex_surface_free(fit.surface);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

Suite *suite_fit_data(void)
{
    Suite *suite = suite_create("fit_data");
    TCase *tcase = tcase_create("cboe-quotedata");

    tcase_add_checked_fixture(tcase, install_handler, check_handler);
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, a_chain_is_fitted, 0, LENGTH(wishes));
    suite_add_tcase(suite, tcase);
    return suite;
}
