/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a Cboe quote table of 20,000 contracts takes from bytes to columns.
 *
 *     bench-feed [--rounds N] [--write FILE]
 *
 * The table has 40 expiries of 250 strikes, a line a strike, in the form of today's downloads. It is read N times (31):
 * least and median milliseconds of processor time, allocation included. FILE gets the table, for whoever reads it too.
 */
#define _POSIX_C_SOURCE 200809L
#include <gex.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXPIRIES = 40, STRIKES = 250, ROUNDS_MOST = 255, LINE_MOST = 400, HEAD_MOST = 1000 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static int print_head(char *to)
{
    return snprintf(to, HEAD_MOST,
                    "\n\"S&P 500 INDEX\",\"Last: 5000.25\",\"Change: 1.75\"\n"
                    "\"Date: September 14, 2023 at 9:30 AM EDT\",\"Bid: 4999.5\",\"Ask: 5000.5\",\"Size: 1*1\",\"Volume: 0\"\n"
                    "Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,"
                    "Puts,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest\n");
}

/* Last sale to open interest of one side. Prices of an option are not needed, numbers that look like them are. */
static int print_side(char *to, size_t room, int e, int k, int right)
{
    const double away = (k - STRIKES / 2) / 50.0 * right;
    const double price = exp(4 - away) * sqrt(1 + e), delta = right * 0.5 * erfc(away);
    const int size = (e * 7919 + k * 104729 + (right > 0 ? 1 : 2) * 31) % 9973;

    return snprintf(to, room, "%.2f,%.2f,%.2f,%.2f,%d,%.4f,%.4f,%.4f,%d", price, 0.01 * (size % 200 - 100),
                    price * 0.99, price * 1.01, size % 700, 0.14 + 0.02 * away * away, delta, 0.001 * exp(-away * away),
                    size);
}

static int64_t table_print(char *text)
{
    int64_t used = print_head(text);

    for (int e = 0; e < EXPIRIES; e++) {
        const time_t day = 1694649600 + (time_t)86400 * (e < 10 ? e : 10 + (e - 10) * 7); /* 2023-09-14 */
        struct tm date;
        char name[32], symbol[32];

        gmtime_r(&day, &date);
        strftime(name, sizeof name, "%a %b %d %Y", &date);
        snprintf(symbol, sizeof symbol, "SPXW%02d%02d%02d", date.tm_year % 100, date.tm_mon + 1, date.tm_mday);
        for (int k = 0; k < STRIKES; k++) {
            const int strike = 3750 + 10 * k;
            char call[160], put[160];

            print_side(call, sizeof call, e, k, 1);
            print_side(put, sizeof put, e, k, -1);
            used += snprintf(text + used, LINE_MOST, "%s,%sC%05d000,%s,%d.00,%sP%05d000,%s\n", name, symbol, strike,
                             call, strike, symbol, strike, put);
        }
    }
    return used;
}

/* ---- the reading ------------------------------------------------------------------------------------------------- */

static double read_once(const char *text, int64_t length)
{
    const double start = now();
    gex_chain_columns columns;
    gex_feed *feed = NULL;
    gex_error error = {0};
    double took;

    if (gex_feed_csv(NULL, text, length, &feed, &error) != GEX_OK) {
        fprintf(stderr, "line %lld: %s\n", (long long)error.row, error.message);
        exit(1);
    }
    took = now() - start;
    gex_chain_columns_init(&columns, sizeof columns);
    if (gex_feed_columns(feed, &columns, &error) != GEX_OK || columns.rows != 2 * EXPIRIES * STRIKES ||
        gex_feed_bad_lines(feed) != 0) {
        fprintf(stderr, "%lld rows, %lld bad lines\n", (long long)columns.rows, (long long)gex_feed_bad_lines(feed));
        exit(1);
    }
    gex_feed_free(feed);
    return took;
}

int main(int argc, char **argv)
{
    char *text = malloc(HEAD_MOST + (size_t)EXPIRIES * STRIKES * LINE_MOST);
    double took[ROUNDS_MOST];
    const char *path = NULL;
    int rounds = 31;
    int64_t length;

    for (int i = 1; i + 1 < argc; i += 2)
        if (strcmp(argv[i], "--rounds") == 0)
            rounds = (int)strtol(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--write") == 0)
            path = argv[i + 1];
    if (rounds < 1 || rounds > ROUNDS_MOST || text == NULL)
        return 2;
    length = table_print(text);
    if (path != NULL) {
        FILE *file = fopen(path, "wb");

        if (file == NULL || fwrite(text, 1, (size_t)length, file) != (size_t)length || fclose(file) != 0) {
            perror(path);
            return 1;
        }
    }
    for (int i = 0; i < rounds; i++)
        took[i] = read_once(text, length);
    qsort(took, (size_t)rounds, sizeof *took, ascending);
    printf("%s\n", gex_build_info());
    printf("what\tleast ms\tmedian ms\tMB a second\n");
    printf("M6 Cboe CSV, 20,000\t%.3f\t%.3f\t%.0f\n", 1e3 * took[0], 1e3 * took[rounds / 2],
           1e-6 * (double)length / took[rounds / 2]);
    free(text);
    return 0;
}
