/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of gex/live.h, for tests/doors.c alone. A live belongs to one thread, so each call makes its own. */
static const int32_t live_units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD, GEX_UNIT_CEX_USD_CALDAY};

gex_live_options world_live_options(void)
{
    gex_live_options options;

    gex_live_options_init(&options, sizeof options);
    options.unit_count = sizeof live_units / sizeof *live_units;
    options.units = (gex_i32){live_units, sizeof *live_units};
    return options;
}

/* Everything that it shows. */
static uint64_t digest_live(const gex_live *live)
{
    uint64_t digest = of_double(gex_live_spot(live)) ^ of_int(gex_live_as_of(live));
    int64_t keys;

    for (size_t u = 0; u < sizeof live_units / sizeof *live_units; u++) {
        const double sums[] = {gex_live_total(live, live_units[u]), gex_live_gross(live, live_units[u])};

        digest = digest_bytes(digest, sums, sizeof sums);
        for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++)
            for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
                const double *values = gex_live_by(live, live_units[u], by, sum, &keys);
                digest = digest_bytes(digest, values, keys * (int64_t)sizeof *values);
            }
    }
    return digest_bytes(digest, gex_live_status(live), gex_chain_rows(gex_live_chain(live)));
}

static gex_live *live_of(const struct world *w)
{
    const gex_live_options options = world_live_options();
    gex_live *live = NULL;

    (void)gex_live_create(NULL, w->market, w->book, &options, &live, NULL);
    return live;
}

DOOR(gex_live_create)
{
    const gex_live_options options = world_live_options();
    gex_live *made = LEFT(gex_live);
    const gex_status status = gex_live_create(context, w->market, w->book, &options, &made, error);
    MADE(live, digest_live(made));
}

DOOR(gex_live_refresh)
{
    gex_live *live = live_of(w);
    gex_status status;
    uint64_t digest;

    (void)gex_live_set_spot(live, w->spot + 5, NULL);
    status = gex_live_refresh(context, live, error);
    digest = digest_live(live);
    gex_live_free(live);
    return answered(status, NULL, digest);
}

DOOR(gex_live_freeze)
{
    gex_live *live = live_of(w);
    gex_market *market = LEFT(gex_market);
    gex_book *book = LEFT(gex_book);
    const gex_status status = gex_live_freeze(context, live, &market, &book, error);
    const uint64_t digest = status == GEX_OK ? digest_market(market) ^ BITS(gex_book_positions(book), WORLD_ROWS) : 0;
    const void *left = market;

    if (status == GEX_OK) {
        gex_market_free(market);
        gex_book_free(book);
    } else if (book != NULL) {
        left = book;
    }
    gex_live_free(live);
    return answered(status, left, digest);
}

static gex_status set_columns(gex_live *live, gex_error *error)
{
    static const int64_t rows[] = {3, 5, 3};
    static const double bid = 11, ask = 12, vol = 0.17, trades[] = {5, -5, 1};
    gex_live_columns columns;

    gex_live_columns_init(&columns, sizeof columns);
    columns.count = 3;
    columns.row = (gex_i64){rows, sizeof *rows};
    columns.bid = (gex_f64){&bid, 0}, columns.ask = (gex_f64){&ask, 0}, columns.vol = (gex_f64){&vol, 0};
    columns.trade = (gex_f64){trades, sizeof *trades};
    return gex_live_set_columns(live, &columns, error);
}

/* One tick, a refresh, and what one accessor then says. */
#define LIVE(name, tick, digest_of)                                           \
    PLAIN(name)                                                               \
    {                                                                         \
        gex_live *live = live_of(w);                                          \
        const gex_status status = (tick);                                     \
        const gex_status refreshed = gex_live_refresh(NULL, live, error);     \
        const uint64_t digest = of_int(status) ^ of_int(refreshed) ^ (digest_of); \
                                                                              \
        gex_live_free(live);                                                  \
        return digest;                                                        \
    }

static uint64_t of_live_by(const gex_live *live)
{
    int64_t keys;
    const double *values = gex_live_by(live, GEX_UNIT_DEX_USD, GEX_BY_EXPIRY, GEX_SUM_GROSS, &keys);
    return BITS(values, keys);
}

static uint64_t of_live_counts(const gex_live *live)
{
    int64_t keys;
    const int64_t *counts = gex_live_count_by(live, GEX_BY_STRIKE, &keys);
    return BITS(counts, keys);
}

static uint64_t of_live_rows(const gex_live *live)
{
    gex_f64 rows = {NULL, 0};
    const gex_status status = gex_live_rows(live, GEX_UNIT_GEX_USD_PCT, &rows);
    uint64_t digest = of_int(status);

    for (int64_t i = 0; i < gex_chain_rows(gex_live_chain(live)); i++)
        digest = digest_bytes(digest, (const char *)rows.data + i * rows.stride, sizeof(double));
    return digest;
}
