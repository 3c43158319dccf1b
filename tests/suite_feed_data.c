/* SPDX-License-Identifier: Apache-2.0 */
/* Real Cboe tables, where there are any: folder cboe-quotedata in the folder GEX_DATA names. */
#define _POSIX_C_SOURCE 200809L /* popen */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex/clock.h>
#include <gex/feed.h>

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define SECOND INT64_C(1000000000)

Suite *suite_feed_data(void);

/* Expected: the table in the README of the collection, made from the files by another program (Python, csv module); its
 * instants as seconds since 1970. No volatility means a cell of 0, over all rows. Open interest in millions. */
static const struct table_case {
    const char *name;
    int64_t     seconds;
    double      spot;
    int64_t     lines;
    int32_t     expiries, first, last; /* dates */
    int64_t     no_vol[2];             /* calls, puts */
    double      millions[2];
    const char *root;
    int64_t     root_lines;
} table_cases[] = {
    {"spx_2023-09-14.csv", 1694723460, 4505.1001, 9960, 53, 20230914, 20251219, {709, 738}, {6.66, 13.72},
     "SPXW", 6817},
    {"spy_2023-09-14.csv", 1694723460, 450.81, 3646, 31, 20230914, 20260116, {875, 760}, {6.91, 14.67},
     "SPY", 3646},
    {"xsp_2023-09-14.csv.gz", 1694723400, 450.51, 5441, 51, 20230914, 20250620, {509, 812}, {0.11, 0.39},
     "XSP", 5441},
    {"spx_2022-07-12_intraday.csv.gz", 1657641300, 3856.28, 9689, 47, 20220712, 20271217, {424, 227}, {5.89, 9.83},
     "SPXW", 6097},
    {"spx_2022-12-12.csv.gz", 1670895000, 3990.5601, 9578, 51, 20221212, 20271217, {1287, 1016}, {7.01, 12.26},
     "SPXW", 6381},
    {"ndx_2022-12-12.csv.gz", 1670895060, 11706.4395, 9559, 41, 20221212, 20241220, {123, 0}, {0.09, 0.08},
     "NDXP", 6511},
    {"rut_2022-12-12.csv.gz", 1670895000, 1817.4937, 3667, 26, 20221212, 20241220, {321, 317}, {0.23, 0.36},
     "RUTW", 2621},
    {"spx_2024-01-07_weekend.csv.gz", 1704642720, 4697.2402, 10519, 55, 20240105, 20291221, {431, 615}, {6.14, 11.96},
     "SPXW", 7241},
    {"qqq_2023-06-12.csv.gz", 1686602100, 358.27, 3623, 29, 20230612, 20250620, {300, 450}, {5.09, 10.31},
     "QQQ", 3623},
    {"qqq_2023-09-24_weekend.csv.gz", 1695577560, 358.23, 3170, 28, 20230925, 20260116, {28, 818}, {3.91, 7.63},
     "QQQ", 3170},
};

enum { LARGEST = 4 << 20 };
static char    table[LARGEST]; /* terminated */
static int64_t table_length;

/* @return 0, and says so, when there is no such file here. */
static int load(const char *name)
{
    const char *folder = getenv("GEX_DATA");
    char command[1024];
    FILE *file;
    int packed;

    if (folder == NULL || *folder == '\0') {
        printf("SKIPPED %s: GEX_DATA names no folder\n", name);
        return 0;
    }
    snprintf(command, sizeof command, "%s/cboe-quotedata/%s", folder, name);
    file = fopen(command, "rb");
    if (file == NULL) {
        printf("SKIPPED %s: no such file\n", command);
        return 0;
    }
    packed = strstr(name, ".gz") != NULL;
    if (packed) {
        fclose(file);
        snprintf(command, sizeof command, "gzip -dc '%s/cboe-quotedata/%s'", folder, name);
        file = popen(command, "r");
        ck_assert_ptr_nonnull(file);
    }
    table_length = (int64_t)fread(table, 1, LARGEST - 1, file);
    table[table_length] = '\0';
    ck_assert_int_eq(packed ? pclose(file) : fclose(file), 0);
    ck_assert_int_gt(table_length, 0);
    ck_assert_int_lt(table_length, LARGEST - 1);
    return 1;
}

static gex_feed *read_table(gex_chain **chain)
{
    gex_error error = {0};
    gex_chain_columns columns;
    gex_feed *feed = NULL;

    ck_assert_msg(gex_feed_csv(NULL, table, table_length, &feed, &error) == GEX_OK, "%s", error.message);
    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_feed_columns(feed, &columns, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, chain, NULL), GEX_OK);
    return feed;
}

static void check_expiries(const struct table_case *c, const gex_chain *chain)
{
    int64_t count;
    const int64_t *expiries = gex_chain_expiries(chain, &count);
    int32_t dates = 0, before = 0;

    for (int64_t i = 0; i < count; i++) {
        const int32_t date = gex_instant_date(expiries[i], GEX_ZONE_NEW_YORK);
        if (i == 0)
            ck_assert_int_eq(date, c->first);
        dates += date != before;
        before = date;
    }
    ck_assert_int_eq(before, c->last);
    ck_assert_int_eq(dates, c->expiries);
}

START_TEST(a_table_is_what_its_description_says)
{
    const struct table_case *c = &table_cases[_i];
    int64_t instant = 0, no_vol[2] = {0, 0}, root_rows = 0;
    double contracts[2] = {0, 0};
    gex_chain *chain = NULL;
    gex_feed *feed;

    if (!load(c->name))
        return;
    feed = read_table(&chain);
    ck_assert_int_eq(gex_feed_as_of(feed, &instant), 1);
    ck_assert_int_eq(instant, c->seconds * SECOND);
    ck_assert_int_eq(gex_feed_year_guessed(feed), 0);
    ck_assert_double_eq(gex_feed_spot(feed), c->spot);
    ck_assert_int_eq(gex_feed_bad_lines(feed), 0);
    ck_assert_int_eq(gex_chain_rows(chain), 2 * c->lines);
    for (int64_t i = 0; i < 2 * c->lines; i++) {
        ck_assert_int_eq(gex_chain_status(chain)[i], GEX_ROW_USED);
        ck_assert_int_eq(gex_chain_right(chain)[i], i % 2 == 0 ? GEX_CALL : GEX_PUT);
        no_vol[i % 2] += gex_chain_vol(chain)[i] == 0;
        contracts[i % 2] += gex_chain_open_interest(chain)[i];
        root_rows += strcmp(gex_chain_root(chain, i), c->root) == 0;
    }
    ck_assert_int_eq(root_rows, 2 * c->root_lines);
    for (int side = 0; side < 2; side++) {
        ck_assert_int_eq(no_vol[side], c->no_vol[side]);
        ck_assert_double_eq_tol(contracts[side] / 1e6, c->millions[side], 0.005 + 1e-12); /* printed to 0.01 */
    }
    check_expiries(c, chain);
    gex_chain_free(chain);
    gex_feed_free(feed);
}
END_TEST

/* The data lines of these files hold no quotes and no blanks inside cells, so that strchr and strtod read them too. */
START_TEST(every_cell_is_what_strtod_reads)
{
    enum { CELLS = 22 };
    gex_chain *chain = NULL;
    gex_feed *feed;
    int64_t row = 0;
    char *line;

    if (!load(table_cases[_i].name))
        return;
    feed = read_table(&chain);
    line = strstr(table, "Expiration Date");
    for (; (line = strchr(line, '\n')) != NULL && line[1] != '\0'; row += 2) {
        const char *cell[CELLS];
        cell[0] = ++line;
        for (int k = 1; k < CELLS; k++)
            cell[k] = strchr(cell[k - 1], ',') + 1;
        for (int side = 0; side < 2; side++) {
            const char *const *at = side == 0 ? cell : cell + 11;
            char symbol[65];
            ck_assert_int_eq(gex_chain_symbol(chain, row + side, symbol, sizeof symbol), at[2] - at[1] - 1);
            ck_assert_mem_eq(symbol, at[1], (size_t)(at[2] - at[1] - 1));
            ck_assert_double_eq(gex_chain_last(chain)[row + side], strtod(at[2], NULL));
            ck_assert_double_eq(gex_chain_bid(chain)[row + side], strtod(at[4], NULL));
            ck_assert_double_eq(gex_chain_ask(chain)[row + side], strtod(at[5], NULL));
            ck_assert_double_eq(gex_chain_volume(chain)[row + side], strtod(at[6], NULL));
            ck_assert_double_eq(gex_chain_vol(chain)[row + side], strtod(at[7], NULL));
            ck_assert_double_eq(gex_chain_open_interest(chain)[row + side], strtod(at[10], NULL));
            ck_assert_double_eq(gex_chain_strike(chain)[row + side], strtod(cell[11], NULL));
        }
    }
    ck_assert_int_eq(row, gex_chain_rows(chain));
    gex_chain_free(chain);
    gex_feed_free(feed);
}
END_TEST

Suite *suite_feed_data(void)
{
    Suite *suite = suite_create("feed_data");
    TCase *tcase = tcase_create("cboe-quotedata");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_table_is_what_its_description_says, 0, LENGTH(table_cases));
    tcase_add_loop_test(tcase, every_cell_is_what_strtod_reads, 0, LENGTH(table_cases));
    suite_add_tcase(suite, tcase);
    return suite;
}
