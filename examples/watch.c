/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What dealers must trade, minute by minute: a chain, then ticks.   cc watch.c $(pkg-config --cflags --libs libgex)
 *
 *     watch CHAIN TICKS         CHAIN: neutral CSV with a column `position`; TICKS: lines of
 *     TIME,spot,,PRICE,         TIME,quote,SYMBOL,BID,ASK         TIME,trade,SYMBOL,CONTRACTS,     (dealers': + bought)
 *
 * TICKS is read line by line, "-" from the standard input, so that it may be endless. Ticks of one time are worked in
 * together and print a line, once a later one comes.
 */
#include <gex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 256, SYMBOL_MOST = 65, UNITS = 4 };
static const int32_t units[UNITS] = {GEX_UNIT_DEX_SHARES, GEX_UNIT_GEX_SHARES_PCT, GEX_UNIT_VEX_SHARES_VOLPT,
                                     GEX_UNIT_CEX_SHARES_CALDAY};

struct watch {
    gex_live *live;
    double    first_delta; /* shares, at the start */
    char (*symbol)[SYMBOL_MOST];
    gex_error error;
};

/* ---- the chain --------------------------------------------------------------------------------------------------- */

static gex_status start(struct watch *watch, const char *text, long length)
{
    gex_error *error = &watch->error;
    gex_feed *feed = NULL;
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_chain_columns columns;
    gex_market_options state;
    gex_book_options held;
    gex_live_options wanted;
    gex_chain_options named;

    gex_chain_columns_init(&columns, sizeof columns);
    gex_chain_options_init(&named, sizeof named);
    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365, state.vol = GEX_VOL_IMPLIED, state.forward = GEX_FORWARD_IMPLIED;
    state.style = GEX_STYLE_AUTO, state.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    gex_book_options_init(&held, sizeof held);
    held.sign = GEX_SIGN_INVENTORY_GIVEN;
    gex_live_options_init(&wanted, sizeof wanted);
    wanted.units = (gex_i32){units, sizeof units[0]}, wanted.unit_count = UNITS, wanted.without_strikes = 1;
    if (gex_feed_csv(NULL, text, length, &feed, error) != GEX_OK)
        return error->status;
    snprintf(named.underlying, sizeof named.underlying, "%s", gex_feed_underlying(feed));
    if (gex_feed_columns(feed, &columns, error) == GEX_OK &&
        gex_feed_positions(feed, &held.positions, error) == GEX_OK &&
        gex_chain_create(NULL, &columns, &named, &chain, error) == GEX_OK) {
        state.spot = gex_feed_spot(feed);
        gex_feed_as_of(feed, &state.as_of);
        if (gex_market_create(NULL, chain, &state, &market, error) == GEX_OK &&
            gex_book_create(NULL, chain, &held, &book, error) == GEX_OK)
            gex_live_create(NULL, market, book, &wanted, &watch->live, error);
    }
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain); /* the live keeps it */
    gex_feed_free(feed);
    return error->status;
}

static int names(struct watch *watch)
{
    const gex_chain *chain = gex_live_chain(watch->live);
    const int64_t rows = gex_chain_rows(chain);

    watch->symbol = calloc((size_t)rows, sizeof *watch->symbol);
    for (int64_t row = 0; watch->symbol != NULL && row < rows; row++)
        gex_chain_symbol(chain, row, watch->symbol[row], SYMBOL_MOST);
    return watch->symbol != NULL;
}

/* ---- ticks ------------------------------------------------------------------------------------------------------- */

static int64_t row_of(const struct watch *watch, const char *symbol)
{
    const int64_t rows = gex_chain_rows(gex_live_chain(watch->live));

    for (int64_t row = 0; row < rows; row++)
        if (strcmp(watch->symbol[row], symbol) == 0)
            return row;
    return -1; /* which setters refuse */
}

/* @return GEX_ERR_FORMAT for what is no tick */
static gex_status tick(struct watch *watch, const char *time, const char *what, const char *symbol, double number,
                       double ask)
{
    int64_t as_of;

    if (gex_instant_parse(time, (int64_t)strlen(time), GEX_ZONE_NEW_YORK, &as_of, &watch->error) != GEX_OK ||
        gex_live_set_as_of(watch->live, as_of, &watch->error) != GEX_OK)
        return watch->error.status;
    if (strcmp(what, "spot") == 0)
        return gex_live_set_spot(watch->live, number, &watch->error);
    if (strcmp(what, "quote") == 0)
        return gex_live_set_quote(watch->live, row_of(watch, symbol), number, ask, &watch->error);
    if (strcmp(what, "trade") == 0)
        return gex_live_trade(watch->live, row_of(watch, symbol), number, &watch->error);
    watch->error.status = GEX_ERR_FORMAT;
    snprintf(watch->error.message, sizeof watch->error.message, "'%s' is not spot, quote or trade", what);
    return GEX_ERR_FORMAT;
}

/* Dealers offset what their options' delta becomes: they SELL what is gained and BUY what is lost. */
static void put_trade(double gained)
{
    printf("   %-4s %9.1f", gained > 0 ? "SELL" : gained < 0 ? "BUY" : "-", (gained < 0 ? -gained : gained) / 1000);
}

static void put_line(const struct watch *watch, const char *time)
{
    const char *clock = strchr(time, 'T');
    double value[UNITS];

    for (int u = 0; u < UNITS; u++)
        value[u] = gex_live_total(watch->live, units[u]);
    printf("%-8s  %8.2f", clock != NULL ? clock + 1 : time, gex_live_spot(watch->live));
    put_trade(value[1] / 10);
    put_trade(value[2]);
    put_trade(value[3] / 24);
    put_trade(value[0] - watch->first_delta);
    printf("\n");
    fflush(stdout);
}

/* The next line without its end. @return 0 at the end of the file, -1 for a line that is too long */
static int next_line(FILE *file, char line[LINE_MOST])
{
    size_t length;

    if (fgets(line, LINE_MOST, file) == NULL)
        return 0;
    length = strcspn(line, "\r\n");
    if (line[length] == '\0' && length == LINE_MOST - 1)
        return -1;
    line[length] = '\0';
    return 1;
}

/* @return 0 where the line is no tick */
static int split(const char *line, char *time, char *what, char *symbol, double *first, double *second)
{
    char rest[64], *end;

    symbol[0] = '\0';
    if (sscanf(line, "%39[^,],%7[^,],%64[^,],%63s", time, what, symbol, rest) != 4 &&
        (symbol[0] = '\0', sscanf(line, "%39[^,],%7[^,],,%63s", time, what, rest) != 3))
        return 0;
    *first = strtod(rest, &end);
    if (end == rest || (*end != ',' && *end != '\0'))
        return 0;
    *second = *end == ',' && end[1] != '\0' ? strtod(end + 1, &end) : 0;
    return *end == ',' || *end == '\0';
}

static int follow(struct watch *watch, FILE *ticks)
{
    char line[LINE_MOST], now[40] = "", time[40], what[8], symbol[SYMBOL_MOST];
    long number = 0;
    int got;

    while ((got = next_line(ticks, line)) != 0) {
        double first, second;

        number++;
        if (got > 0 && (line[0] == '\0' || line[0] == '#' || strncmp(line, "time,", 5) == 0))
            continue;
        if (got < 0 || !split(line, time, what, symbol, &first, &second)) {
            fprintf(stderr, "watch: line %ld: not TIME,WHAT,SYMBOL,NUMBER,ASK\n", number);
            return 0;
        }
        if (strcmp(now, time) != 0 && now[0] != '\0') {
            if (gex_live_refresh(NULL, watch->live, &watch->error) != GEX_OK)
                break;
            put_line(watch, now);
        }
        strcpy(now, time);
        if (tick(watch, time, what, symbol, first, second) != GEX_OK)
            break;
    }
    if (ferror(ticks)) {
        perror("watch: ticks");
        return 0;
    }
    if (watch->error.status == GEX_OK && gex_live_refresh(NULL, watch->live, &watch->error) == GEX_OK) {
        put_line(watch, now);
        return 1;
    }
    fprintf(stderr, "watch: line %ld: %s\n", number, watch->error.message);
    return 0;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

/* All of a file. The buffer doubles; NULL where it cannot be read, or there is no memory. */
static char *read_file(const char *path, long *length)
{
    FILE *file = fopen(path, "rb");
    size_t room = 1 << 16, used = 0, got = 1;
    char *text = file != NULL ? malloc(room) : NULL;

    while (text != NULL && got > 0) {
        char *larger = used < room ? text : realloc(text, room *= 2);

        if (larger == NULL)
            free(text);
        text = larger;
        got = text != NULL ? fread(text + used, 1, room - used, file) : 0;
        used += got;
    }
    if (text != NULL && ferror(file)) {
        free(text);
        text = NULL;
    }
    if (file != NULL)
        fclose(file);
    *length = (long)used;
    return text;
}

int main(int argc, char **argv)
{
    struct watch watch = {0};
    long chain_length = 0;
    char *chain = argc == 3 ? read_file(argv[1], &chain_length) : NULL;
    FILE *ticks = argc != 3 ? NULL : strcmp(argv[2], "-") == 0 ? stdin : fopen(argv[2], "r");
    int good = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: watch CHAIN TICKS; like examples/data/sample.csv and ticks.csv, - is standard input\n");
        return 2;
    }
    if (chain == NULL || ticks == NULL)
        fprintf(stderr, "watch: %s cannot be read\n", argv[chain == NULL ? 1 : 2]);
    else if (start(&watch, chain, chain_length) != GEX_OK)
        fprintf(stderr, "watch: %s: %s\n", argv[1], watch.error.message);
    if (watch.live != NULL && names(&watch)) {
        const gex_chain *rows = gex_live_chain(watch.live);

        watch.first_delta = gex_live_total(watch.live, GEX_UNIT_DEX_SHARES);
        printf("%s, %lld contracts, %lld used\n", gex_chain_underlying(rows), (long long)gex_chain_rows(rows),
               (long long)gex_live_count_used(watch.live));
        printf("What dealers trade, thousand shares: on a rise of 0.1 %% (on a fall the opposite), on a vol point\n"
               "more, as an hour passes; and for all that has come since the start, new contracts included\n\n");
        printf("%-8s  %8s   %14s   %14s   %14s   %14s\n", "time", "spot", "rise of 0.1 %", "vol +1 point", "an hour",
               "since start");
        good = follow(&watch, ticks);
    }
    gex_live_free(watch.live);
    free(watch.symbol);
    if (ticks != NULL && ticks != stdin)
        fclose(ticks);
    free(chain);
    return good ? 0 : 1;
}
