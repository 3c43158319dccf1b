/* SPDX-License-Identifier: Apache-2.0 */
/* The table of public functions. A guard compares it with the export list, so a new function has to be added here. */
#include "doors.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static struct answer answered(gex_status status, const void *left, uint64_t digest)
{
    return (struct answer){status, status == GEX_OK ? NULL : left, status == GEX_OK ? digest : 0};
}

#define BITS(array, count) digest_bytes(0, (array), (count) * (int64_t)sizeof *(array))

static uint64_t of_double(double value)
{
    return BITS(&value, 1);
}

static uint64_t of_int(int64_t value)
{
    return BITS(&value, 1);
}

static uint64_t of_text(const char *text)
{
    return BITS(text, (int64_t)strlen(text) + 1);
}

static uint64_t of_same(const void *a, const void *b)
{
    return a == b ? 1 : 2; /* an address is not a result; being the right one is */
}

static uint64_t of_init(void (*init)(void *options, uint32_t size), uint32_t size)
{
    unsigned char options[512];
    memset(options, 0xa5, sizeof options);
    init(options, size);
    return BITS(options, (int64_t)sizeof options);
}

/* ---- what takes a context ---------------------------------------------------------------------------------------- */

#define DOOR(name) static struct answer door_##name(const gex_context *context, const struct world *w, gex_error *error)
static const char left_over; /* its address in `out` before a call: has to be gone afterwards */
#define LEFT(type) ((type *)(uintptr_t)&left_over)

/* A digest is only taken of what succeeded. */
#define MADE(kind, digest_of)                                                                    \
    do {                                                                                         \
        const struct answer answer = answered(status, made, status == GEX_OK ? (digest_of) : 0); \
        if (status == GEX_OK)                                                                    \
            gex_##kind##_free(made);                                                             \
        return answer;                                                                           \
    } while (0)

DOOR(gex_european)
{
    enum { GREEKS = GEX_GREEK_LAST_ };
    double (*values)[WORLD_ROWS] = malloc(GREEKS * sizeof *values); /* not on the stack: a suite measures that */
    int32_t greeks[GREEKS];
    double *outputs[GREEKS];
    uint8_t states[WORLD_ROWS];
    gex_european_columns columns;
    uint64_t digest = 0;
    gex_status status;

    for (int32_t g = 0; g < GREEKS; g++) {
        greeks[g] = g + 1;
        outputs[g] = values[g];
    }
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = WORLD_ROWS;
    columns.spot = (gex_f64){&w->spot, 0};
    columns.strike = (gex_f64){w->strike, sizeof(double)};
    columns.years = (gex_f64){w->years, sizeof(double)};
    columns.vol = (gex_f64){w->vol, sizeof(double)};
    columns.right = (gex_i8){w->right, 1};
    status = gex_european(context, &columns, greeks, GREEKS, outputs, states, error);
    digest = digest_bytes(digest, values, GREEKS * (int64_t)sizeof *values);
    free(values);
    return answered(status, NULL, digest_bytes(digest, states, sizeof states));
}

DOOR(gex_implied_vol)
{
    double vol[WORLD_ROWS];
    uint8_t states[WORLD_ROWS];
    gex_price_columns columns;
    gex_status status;

    gex_price_columns_init(&columns, sizeof columns);
    columns.rows = WORLD_ROWS;
    columns.price = (gex_f64){w->ask, sizeof(double)};
    columns.forward = (gex_f64){&w->spot, 0};
    columns.strike = (gex_f64){w->strike, sizeof(double)};
    columns.years = (gex_f64){w->years, sizeof(double)};
    columns.right = (gex_i8){w->right, 1};
    status = gex_implied_vol(context, &columns, vol, states, error);
    return answered(status, NULL, digest_bytes(BITS(vol, WORLD_ROWS), states, sizeof states));
}

/* The columns of both American doors; a dividend schedule sends rows to the grid. */
static gex_american_columns american_columns(const struct world *w, bool dividends, int32_t model)
{
    static const double when[] = {-0.1, 0.001, 0.02}, cash[] = {1.0, 0.5, 0.25}, fraction[] = {0.0, 0.0, 0.001};
    gex_american_columns columns;

    gex_american_columns_init(&columns, sizeof columns);
    columns.rows = WORLD_ROWS;
    columns.spot = (gex_f64){&w->spot, 0};
    columns.strike = (gex_f64){w->strike, sizeof(double)};
    columns.years = (gex_f64){w->years, sizeof(double)};
    columns.vol = (gex_f64){w->vol, sizeof(double)};
    columns.right = (gex_i8){w->right, 1};
    columns.rate = (gex_f64){&when[2], 0};
    columns.carry_yield = (gex_f64){&cash[2], 0};
    if (dividends) {
        columns.dividend_count = 3;
        columns.dividend_years = when;
        columns.dividend_cash = cash;
        columns.dividend_fraction = fraction;
        columns.dividend_model = model;
    }
    return columns;
}

DOOR(gex_american)
{
    enum { GREEKS = GEX_GREEK_LAST_ };
    double (*values)[WORLD_ROWS] = malloc(GREEKS * sizeof *values);
    int32_t greeks[GREEKS];
    double *outputs[GREEKS], boundary[WORLD_ROWS];
    uint8_t states[WORLD_ROWS];
    gex_american_columns columns = american_columns(w, false, 0);
    uint64_t digest = 0;
    gex_status status;

    for (int32_t g = 0; g < GREEKS; g++) {
        greeks[g] = g + 1;
        outputs[g] = values[g];
    }
    status = gex_american(context, &columns, greeks, GREEKS, outputs, boundary, states, error);
    digest = digest_bytes(digest, values, GREEKS * (int64_t)sizeof *values);
    for (int32_t model = 1; status == GEX_OK && model <= GEX_DIVIDENDS_LAST_; model++) { /* a few rows on either grid */
        columns = american_columns(w, true, model);
        columns.rows = model == GEX_DIVIDENDS_SPOT ? 2 : 10;
        status = gex_american(context, &columns, greeks, GREEKS, outputs, boundary, states, error);
        digest = digest_bytes(digest, values, GREEKS * (int64_t)sizeof *values);
    }
    free(values);
    digest = digest_bytes(digest, boundary, sizeof boundary);
    return answered(status, NULL, digest_bytes(digest, states, sizeof states));
}

DOOR(gex_american_implied_vol)
{
    double vol[WORLD_ROWS];
    uint8_t states[WORLD_ROWS];
    const gex_american_columns columns = american_columns(w, true, GEX_DIVIDENDS_ESCROWED);
    const gex_f64 price = {w->ask, sizeof(double)};
    const gex_status status = gex_american_implied_vol(context, &columns, &price, vol, states, error);

    return answered(status, NULL, digest_bytes(BITS(vol, WORLD_ROWS), states, sizeof states));
}

DOOR(gex_chain_create)
{
    gex_chain *made = LEFT(gex_chain);
    const gex_status status = gex_chain_create(context, &w->columns, NULL, &made, error);
    MADE(chain, digest_chain(made));
}

DOOR(gex_feed_csv)
{
    gex_feed *made = LEFT(gex_feed);
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    const gex_status status = gex_feed_csv(context, world_csv, world_csv_length, &made, error);
    uint64_t digest = 0;

    (void)w;
    if (status == GEX_OK) { /* the columns are read the way a user reads them */
        gex_chain_columns_init(&columns, sizeof columns);
        (void)gex_feed_columns(made, &columns, NULL);
        (void)gex_chain_create(NULL, &columns, NULL, &chain, NULL);
        digest = digest_chain(chain);
        gex_chain_free(chain);
    }
    MADE(feed, digest);
}

DOOR(gex_calendar_create)
{
    const gex_calendar_options options = world_calendar_options(w);
    gex_calendar *made = LEFT(gex_calendar);
    const gex_status status = gex_calendar_create(context, &options, &made, error);
    MADE(calendar, of_double(gex_calendar_units(made, w->as_of, w->as_of + INT64_C(9000000000000000))));
}

DOOR(gex_market_create)
{
    gex_market_options options = world_market_options(w);
    gex_market *made = LEFT(gex_market);
    gex_status status;

    options.vol = GEX_VOL_IMPLIED; /* the longer way; the world itself goes the other */
    options.clock = GEX_CLOCK_VARIANCE_CLOCK;
    options.calendar = w->calendar;
    options.dynamics = GEX_DYNAMICS_LOCAL_VOL;
    options.surface = w->svi;
    options.surface_clock = GEX_CLOCK_CAL_365;
    status = gex_market_create(context, w->chain, &options, &made, error);
    MADE(market, digest_market(made));
}

DOOR(gex_quotes_create)
{
    const gex_quotes_options options = world_quotes_options(w);
    gex_quotes *made = LEFT(gex_quotes);
    const gex_status status = gex_quotes_create(context, w->market, &options, &made, error);
    MADE(quotes, digest_quotes(made));
}

DOOR(gex_book_create)
{
    const gex_book_options options = world_book_options();
    gex_book *made = LEFT(gex_book);
    const gex_status status = gex_book_create(context, w->chain, &options, &made, error);
    MADE(book, BITS(gex_book_positions(made), gex_chain_rows(w->chain)));
}

DOOR(gex_book_weight)
{
    const double half = 0.5;
    const gex_f64 weights = {&half, 0};
    gex_book *made = LEFT(gex_book);
    const gex_status status = gex_book_weight(context, w->book, &weights, "half", &made, error);
    MADE(book, digest_bytes(of_text(gex_book_source(made)), gex_book_positions(made),
                            gex_chain_rows(w->chain) * (int64_t)sizeof(double)));
}

DOOR(gex_greeks_compute)
{
    gex_greeks *made = LEFT(gex_greeks);
    const gex_status status = gex_greeks_compute(context, w->market, &made, error);
    uint64_t digest = 0;

    for (int32_t greek = 1; status == GEX_OK && greek <= GEX_GREEK_LAST_; greek++)
        digest =
            digest_bytes(digest, gex_greeks_column(made, greek), gex_chain_rows(w->chain) * (int64_t)sizeof(double));
    MADE(greeks, digest);
}

DOOR(gex_exposure_compute)
{
    const gex_exposure_options options = world_exposure_options();
    gex_exposure *made = LEFT(gex_exposure);
    const gex_status status = gex_exposure_compute(context, w->greeks, w->book, &options, &made, error);
    MADE(exposure, digest_exposure(made));
}

DOOR(gex_profile_compute)
{
    const gex_profile_options options = world_profile_options();
    gex_profile *made = LEFT(gex_profile);
    const gex_status status = gex_profile_compute(context, w->market, w->book, &options, &made, error);
    MADE(profile, BITS(gex_profile_values(made, NULL), options.points));
}

DOOR(gex_flips_compute)
{
    const gex_profile_options options = world_profile_options();
    gex_flips *made = LEFT(gex_flips);
    const gex_status status = gex_flips_compute(context, w->market, w->book, &options, &made, error);
    MADE(flips, digest_flips(made));
}

DOOR(gex_field_compute)
{
    const gex_field_options options = world_field_options(w);
    gex_field *made = LEFT(gex_field);
    const gex_status status = gex_field_compute(context, w->market, w->book, &options, &made, error);
    MADE(field, digest_field(made));
}

DOOR(gex_flow_compute)
{
    const gex_flow_options options = world_flow_options(w);
    gex_flow *made = LEFT(gex_flow);
    const gex_status status = gex_flow_compute(context, w->market, w->book, &options, &made, error);
    MADE(flow, digest_flow(made));
}

DOOR(gex_map_compute)
{
    const gex_map_options options = world_map_options(w);
    gex_map *made = LEFT(gex_map);
    const gex_status status = gex_map_compute(context, w->market, w->book, &options, &made, error);
    MADE(map, digest_map(made));
}

#define REPORT(name)                                                              \
    DOOR(name)                                                                    \
    {                                                                             \
        uint64_t digest = 0;                                                      \
        const gex_status status = name(context, w->map, digest_write, &digest, error); \
        return answered(status, NULL, digest);                                    \
    }
REPORT(gex_report_page)
REPORT(gex_report_json)
REPORT(gex_report_svg)
REPORT(gex_report_lines)

#include "doors_surface.h"
#include "doors_dynamics.h"
#include "doors_field.h"
#include "doors_exposure.h"
#include "doors_basket.h"

/* ---- what does not, and is more than one expression -------------------------------------------------------------- */

#define PLAIN(name)                                                                                          \
    static uint64_t plain_##name(const struct world *w, gex_error *error);                                   \
    static struct answer door_##name(const gex_context *context, const struct world *w, gex_error *error)    \
    {                                                                                                        \
        (void)context;                                                                                       \
        return answered(GEX_OK, NULL, plain_##name(w, error));                                               \
    }                                                                                                        \
    static uint64_t plain_##name(const struct world *w, gex_error *error)

PLAIN(gex_svi_to_jump_wings)
{
    double wings[5];
    (void)w;
    return of_int(gex_svi_to_jump_wings(one_slice, 1, wings, error)) ^ BITS(wings, 5);
}

PLAIN(gex_svi_from_jump_wings)
{
    static const double wings[5] = {0.01742625, -0.1752111, 0.6997381, 1.316798, 0.0116249};
    double raw[5];
    (void)w;
    return of_int(gex_svi_from_jump_wings(wings, 1, raw, error)) ^ BITS(raw, 5);
}

PLAIN(gex_svi_butterfly)
{
    double least[2];
    (void)w;
    return of_int(gex_svi_butterfly(one_slice, &least[0], &least[1], error)) ^ BITS(least, 2);
}

PLAIN(gex_svi_calendar)
{
    static const double later[5] = {-0.04, 0.15, 0.3, 0.35, 0.42};
    double least[2];
    (void)w;
    return of_int(gex_svi_calendar(one_slice, later, &least[0], &least[1], error)) ^ BITS(least, 2);
}

PLAIN(gex_svi_repair)
{
    double raw[6];
    (void)w;
    return of_int(gex_svi_repair(one_slice, raw, &raw[5], error)) ^ BITS(raw, 6);
}

PLAIN(gex_ssvi_conditions)
{
    double values[5];
    (void)w;
    return of_int(gex_ssvi_conditions(0.04, -0.7, 1, 0.5, values, error)) ^ BITS(values, 5);
}

PLAIN(gex_context_create)
{
    gex_context *made = NULL;
    const gex_status status = gex_context_create(NULL, &made, error);
    (void)w;
    gex_context_free(made);
    return of_int(status);
}

PLAIN(gex_instant_parse)
{
    const char *text = "2024-03-10 08:30:00.125";
    int64_t instant = 0;
    const gex_status status = gex_instant_parse(text, (int64_t)strlen(text), GEX_ZONE_NEW_YORK, &instant, error);
    (void)w;
    return of_int(status) ^ of_int(instant);
}

PLAIN(gex_instant_format)
{
    char text[40];
    (void)error;
    return gex_instant_format(w->as_of + 1, GEX_ZONE_NEW_YORK, text, sizeof text) > 0 ? of_text(text) : 0;
}

PLAIN(gex_session)
{
    int64_t open_close[2] = {0, 0};
    const int32_t session = gex_session(20231124, &open_close[0], &open_close[1]);
    (void)w, (void)error;
    return of_int(session) ^ BITS(open_close, 2);
}

PLAIN(gex_settlement)
{
    int64_t instant = 0;
    uint32_t flags = 0;
    const gex_status status = gex_settlement("SPX", 3, 20231117, &instant, &flags, error);
    (void)w;
    return of_int(status) ^ of_int(instant) ^ of_int(flags);
}

PLAIN(gex_symbol_parse)
{
    gex_series series = {.struct_size = sizeof series};
    const gex_status status = gex_symbol_parse("SPXW230914C01200000", 19, &series, error);
    (void)w;
    return of_int(status) ^ of_double(series.strike) ^ of_text(series.root);
}

PLAIN(gex_symbol_format)
{
    gex_series series = {.struct_size = sizeof series};
    char text[24] = "";
    (void)w;
    (void)gex_symbol_parse("SPXW230914C01200000", 19, &series, error);
    return of_int(gex_symbol_format(&series, 1, text, sizeof text)) ^ of_text(text);
}

PLAIN(gex_root_facts)
{
    gex_root root = {.struct_size = sizeof root};
    const gex_status status = gex_root_facts("VIXW", 4, &root, error);
    (void)w;
    return of_int(status) ^ of_int(root.settle) ^ of_int(root.exercise) ^ of_double(root.multiplier);
}

PLAIN(gex_root_facts_of)
{
    gex_root root = {.struct_size = sizeof root};
    const gex_status status = gex_root_facts_of(GEX_ROOTS_OF_FUTURES, "MBT", 3, &root, error);
    (void)w;
    return of_int(status) ^ of_int(root.settle) ^ of_int(root.exercise) ^ of_double(root.multiplier);
}

PLAIN(gex_chain_symbol)
{
    char text[65] = "";
    (void)error;
    return of_int(gex_chain_symbol(w->chain, 3, text, sizeof text)) ^ of_text(text);
}

PLAIN(gex_feed_columns)
{
    gex_chain_columns columns;
    gex_status status;

    gex_chain_columns_init(&columns, sizeof columns);
    status = gex_feed_columns(w->feed, &columns, error);
    return of_int(status) ^ of_int(columns.rows) ^ of_double(columns.strike.data[0]);
}

PLAIN(gex_feed_positions)
{
    gex_f64 positions = {NULL, 0};
    return of_int(gex_feed_positions(w->feed, &positions, error)) ^ of_same(positions.data, NULL);
}

PLAIN(gex_feed_deviations)
{
    gex_f64 deviations = {NULL, 0};
    return of_int(gex_feed_deviations(w->feed, &deviations, error)) ^ of_same(deviations.data, NULL);
}

PLAIN(gex_feed_as_of)
{
    int64_t instant = 0;
    (void)error;
    return of_int(gex_feed_as_of(w->feed, &instant)) ^ of_int(instant);
}

PLAIN(gex_level)
{
    uint64_t digest = 0;
    for (int32_t level = 1; level <= GEX_LEVEL_LAST_; level++) {
        double values[2] = {0, 0};
        (void)gex_level(w->exposure, level, &values[0], &values[1], error);
        digest = digest_bytes(digest, values, sizeof values);
    }
    return digest;
}

PLAIN(gex_strike_flips)
{
    double prices[64];
    int64_t count = 0, both = 0;
    (void)gex_strike_flips(w->exposure, GEX_STRIKE_SIGN, prices, 32, &count, error);
    both = count;
    (void)gex_strike_flips(w->exposure, GEX_STRIKE_CUM, prices + count, 32, &count, error);
    return BITS(prices, both + count);
}

PLAIN(gex_max_pain)
{
    double price = 0;
    return of_int(gex_max_pain(w->chain, 0, &price, error)) ^ of_double(price);
}

PLAIN(gex_exposure_by)
{
    (void)error;
    return digest_exposure(w->exposure);
}

PLAIN(gex_chain_free)
{
    gex_chain *chain = NULL;
    gex_market *market = NULL;
    const gex_market_options options = world_market_options(w);
    gex_status status = gex_chain_create(NULL, &w->columns, NULL, &chain, error);
    uint64_t digest;

    if (status == GEX_OK)
        status = gex_market_create(NULL, chain, &options, &market, error);
    gex_chain_free(chain); /* before what was made from it */
    digest = status == GEX_OK ? digest_market(market) : 0;
    gex_market_free(market);
    return digest;
}

PLAIN(gex_quotes_free)
{
    gex_market *market = NULL;
    gex_quotes *quotes = NULL;
    const gex_market_options options = world_market_options(w);
    gex_status status = gex_market_create(NULL, w->chain, &options, &market, error);
    uint64_t digest;

    if (status == GEX_OK)
        status = gex_quotes_create(NULL, market, NULL, &quotes, error);
    gex_market_free(market); /* before what was made from it */
    digest = status == GEX_OK ? digest_quotes(quotes) : 0;
    gex_quotes_free(quotes);
    return digest;
}

/* What two clocks make of the stages behind a market. */
static uint64_t digest_two_clocks(const struct world *w, const gex_market *market, gex_error *error)
{
    gex_greeks *greeks = NULL;
    gex_map *map = NULL;
    uint64_t digest = digest_market(market);

    if (gex_greeks_compute(NULL, market, &greeks, error) == GEX_OK)
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            digest = digest_bytes(digest, gex_greeks_column(greeks, greek),
                                  gex_chain_rows(w->chain) * (int64_t)sizeof(double));
    if (gex_map_compute(NULL, market, w->book, NULL, &map, error) == GEX_OK)
        digest ^= digest_map(map);
    gex_map_free(map);
    gex_greeks_free(greeks);
    return digest;
}

PLAIN(gex_calendar_free)
{
    const gex_calendar_options days = world_calendar_options(w);
    gex_market_options options = world_market_options(w);
    gex_calendar *calendar = NULL;
    gex_market *market = NULL;
    gex_status status = gex_calendar_create(NULL, &days, &calendar, error);
    uint64_t digest = 0;

    options.clock = GEX_CLOCK_VARIANCE_CLOCK;
    options.calendar = calendar;
    if (status == GEX_OK)
        status = gex_market_create(NULL, w->chain, &options, &market, error);
    gex_calendar_free(calendar); /* before what was made with it */
    if (status == GEX_OK)
        digest = digest_two_clocks(w, market, error);
    gex_market_free(market);
    return digest;
}

PLAIN(gex_settlement_by)
{
    int64_t instant = 0;
    uint32_t flags = 0;
    const gex_status status = gex_settlement_by(GEX_SETTLE_0800_UTC, 20231117, &instant, &flags, error);
    (void)w;
    return of_int(status) ^ of_int(instant) ^ of_int(flags);
}

PLAIN(gex_calendar_session)
{
    int64_t open_close[2] = {0, 0};
    const int32_t session = gex_calendar_session(w->calendar, 20231002, &open_close[0], &open_close[1]);
    (void)error;
    return of_int(session) ^ BITS(open_close, 2);
}

PLAIN(gex_calendar_years)
{
    uint64_t digest = 0;
    (void)error;
    for (int32_t clock = 1; clock <= GEX_CLOCK_LAST_; clock++) {
        const double years = gex_calendar_years(w->calendar, clock, w->as_of, w->as_of + INT64_C(9000000000000000));
        digest = digest_bytes(digest, &years, sizeof years);
    }
    return digest;
}

#include "doors_arrow.h"
#include "doors_store.h"
#include "doors_live.h"
#include "doors_regime.h"

#define LIVES(X)                                                                                                \
    X(gex_live_set_spot, gex_live_set_spot(live, w->spot + 1, error), digest_live(live))                        \
    X(gex_live_set_as_of, gex_live_set_as_of(live, w->as_of + 1000000007, error), digest_live(live))            \
    X(gex_live_set_quote, gex_live_set_quote(live, 3, 11.0, 12.0, error), digest_live(live))                    \
    X(gex_live_set_vol, gex_live_set_vol(live, 3, 0.17, error), digest_live(live))                              \
    X(gex_live_set_position, gex_live_set_position(live, 3, -5, error), digest_live(live))                      \
    X(gex_live_trade, gex_live_trade(live, 3, 5, error), digest_live(live))                                     \
    X(gex_live_set_columns, set_columns(live, error), digest_live(live))                                        \
    X(gex_live_reforward, gex_live_reforward(live, w->market, error), digest_live(live))                        \
    X(gex_live_chain, GEX_OK, of_same(gex_live_chain(live), w->chain))                                          \
    X(gex_live_spot, GEX_OK, of_double(gex_live_spot(live)))                                                    \
    X(gex_live_as_of, GEX_OK, of_int(gex_live_as_of(live)))                                                     \
    X(gex_live_vol, GEX_OK, BITS(gex_live_vol(live), WORLD_ROWS))                                               \
    X(gex_live_positions, GEX_OK, BITS(gex_live_positions(live), WORLD_ROWS))                                   \
    X(gex_live_status, GEX_OK, BITS(gex_live_status(live), WORLD_ROWS))                                         \
    X(gex_live_forward, GEX_OK, of_double(gex_live_forward(live, 1)))                                           \
    X(gex_live_discount, GEX_OK, of_double(gex_live_discount(live, 1)))                                         \
    X(gex_live_rows, GEX_OK, of_live_rows(live))                                                                \
    X(gex_live_total, GEX_OK, of_double(gex_live_total(live, GEX_UNIT_DEX_USD)))                                \
    X(gex_live_gross, GEX_OK, of_double(gex_live_gross(live, GEX_UNIT_DEX_USD)))                                \
    X(gex_live_by, GEX_OK, of_live_by(live))                                                                    \
    X(gex_live_count_diverging, GEX_OK, of_int(gex_live_count_diverging(live, GEX_UNIT_GEX_USD_PCT)))           \
    X(gex_live_count_by, GEX_OK, of_live_counts(live))                                                          \
    X(gex_live_count_used, GEX_OK, of_int(gex_live_count_used(live)))                                           \
    X(gex_live_count_zero_position, GEX_OK, of_int(gex_live_count_zero_position(live)))                         \
    X(gex_live_count_refused, GEX_OK, of_int(gex_live_count_refused(live, GEX_ROW_EXPIRED)))
LIVES(LIVE)

/* NULL is a no-op; freeing an object is part of the doors that make one. */
#define FREES(X)                                                                                              \
    X(gex_context_free) X(gex_feed_free) X(gex_market_free) X(gex_book_free) X(gex_greeks_free)               \
    X(gex_exposure_free) X(gex_profile_free) X(gex_flips_free) X(gex_flow_free) X(gex_map_free)    \
    X(gex_surface_free) X(gex_surface_report_free) X(gex_change_free) X(gex_grouping_free) X(gex_field_free)  \
    X(gex_robustness_free) X(gex_difference_free) X(gex_horizons_free)  \
    X(gex_crossings_free) X(gex_cliffs_free) X(gex_forced_free) \
    X(gex_uncertainty_free) X(gex_bands_free) X(gex_flip_bands_free) X(gex_regime_path_free) \
    X(gex_live_free) X(gex_basket_free) X(gex_basket_exposure_free) X(gex_combo_free) X(gex_dispersion_free)
#define FREE(name)          \
    PLAIN(name)             \
    {                       \
        (void)w, (void)error; \
        name(NULL);         \
        return 1;           \
    }
FREES(FREE)

/* ---- one expression ---------------------------------------------------------------------------------------------- */

#define ROWS     (gex_chain_rows(w->chain))
#define EXPIRIES (gex_market_expiry_count(w->market))
#define DIVIDENDS (gex_market_dividend_count(w->market))
#define CELLS    (gex_grouping_cells(w->grouping))
#define INIT(name, type)                                                 \
    static void any_##name(void *options, uint32_t size)                 \
    {                                                                    \
        name(options, size);                                             \
    }                                                                    \
    PLAIN(name)                                                          \
    {                                                                    \
        (void)w, (void)error;                                            \
        return of_init(any_##name, (uint32_t)sizeof(type));              \
    }
INIT(gex_context_options_init, gex_context_options)
INIT(gex_european_columns_init, gex_european_columns)
INIT(gex_price_columns_init, gex_price_columns)
INIT(gex_american_columns_init, gex_american_columns)
INIT(gex_chain_columns_init, gex_chain_columns)
INIT(gex_chain_options_init, gex_chain_options)
INIT(gex_calendar_options_init, gex_calendar_options)
INIT(gex_market_options_init, gex_market_options)
INIT(gex_quotes_options_init, gex_quotes_options)
INIT(gex_book_options_init, gex_book_options)
INIT(gex_exposure_options_init, gex_exposure_options)
INIT(gex_grouping_options_init, gex_grouping_options)
INIT(gex_measure_options_init, gex_measure_options)
INIT(gex_robustness_options_init, gex_robustness_options)
INIT(gex_difference_options_init, gex_difference_options)
INIT(gex_profile_options_init, gex_profile_options)
INIT(gex_flow_options_init, gex_flow_options)
INIT(gex_field_options_init, gex_field_options)
INIT(gex_cliffs_options_init, gex_cliffs_options)
INIT(gex_forced_options_init, gex_forced_options)
INIT(gex_zero_flow_options_init, gex_zero_flow_options)
INIT(gex_uncertainty_options_init, gex_uncertainty_options)
INIT(gex_bands_options_init, gex_bands_options)
INIT(gex_flip_bands_options_init, gex_flip_bands_options)
INIT(gex_regime_path_options_init, gex_regime_path_options)
INIT(gex_map_options_init, gex_map_options)
INIT(gex_raw_columns_init, gex_raw_columns)
INIT(gex_svi_columns_init, gex_svi_columns)
INIT(gex_ssvi_columns_init, gex_ssvi_columns)
INIT(gex_mixture_columns_init, gex_mixture_columns)
INIT(gex_surface_points_init, gex_surface_points)
INIT(gex_shift_options_init, gex_shift_options)
INIT(gex_live_options_init, gex_live_options)
INIT(gex_live_columns_init, gex_live_columns)
INIT(gex_basket_columns_init, gex_basket_columns)
INIT(gex_combo_options_init, gex_combo_options)
INIT(gex_dispersion_options_init, gex_dispersion_options)
INIT(gex_split_columns_init, gex_split_columns)

static uint64_t of_until(const gex_market *market)
{
    int64_t instant = 0;

    (void)gex_until_instant(market, GEX_UNTIL_NEXT_CLOSE, &instant, NULL);
    return of_int(instant);
}

static uint64_t of_moves(const gex_map *map)
{
    int64_t count;
    const double *moves = gex_map_moves(map, &count);
    return BITS(moves, count);
}

static uint64_t of_expiries(const gex_chain *chain)
{
    int64_t count;
    const int64_t *expiries = gex_chain_expiries(chain, &count);
    return BITS(expiries, count);
}

static uint64_t of_strikes(const gex_chain *chain)
{
    int64_t count;
    const double *strikes = gex_chain_strikes(chain, &count);
    return BITS(strikes, count);
}

static uint64_t of_profile(const gex_profile *profile,
                           const double *(*read)(const gex_profile *profile, int64_t *count_out))
{
    int64_t count;
    const double *values = read(profile, &count);
    return BITS(values, count);
}

static uint64_t of_counts(const gex_exposure *exposure, int32_t by)
{
    int64_t count;
    const int64_t *counts = gex_exposure_count_by(exposure, by, &count);
    return BITS(counts, count);
}

#define READS(X)                                                                                              \
    X(gex_status_text, of_text(gex_status_text(GEX_ERR_MEMORY)))                                              \
    X(gex_version, of_text(gex_version()))                                                                    \
    X(gex_build_info, of_text(gex_build_info()))                                                              \
    X(gex_isa_name, of_text(gex_isa_name(GEX_ISA_AVX2)))                                                      \
    X(gex_context_instruction_set, of_int(gex_context_instruction_set(NULL)))                                 \
    X(gex_context_kept, of_int(gex_context_kept(NULL)))                                                       \
    X(gex_row_text, of_text(gex_row_text(GEX_ROW_NO_VOL)))                                                    \
    X(gex_flag_text, of_text(gex_flag_text(GEX_FLAG_CROSSED)))                                                \
    X(gex_instant_date, of_int(gex_instant_date(w->as_of, GEX_ZONE_NEW_YORK)))                                \
    X(gex_years, of_double(gex_years(GEX_CLOCK_CAL_365, w->as_of, w->as_of + 12345678901234)))                \
    X(gex_clock_name, of_text(gex_clock_name(GEX_CLOCK_CAL_365)))                                             \
    X(gex_clock_find, of_int(gex_clock_find("CAL_365")))                                                      \
    X(gex_calendar_weight, of_double(gex_calendar_weight(w->calendar, GEX_WEIGHT_YEAR)))                      \
    X(gex_calendar_event_count, of_int(gex_calendar_event_count(w->calendar)))                                \
    X(gex_calendar_own_days, of_int(gex_calendar_own_days(w->calendar)))                                      \
    X(gex_weight_name, of_text(gex_weight_name(GEX_WEIGHT_U_SHAPE)))                                          \
    X(gex_calendar_units, of_double(gex_calendar_units(w->calendar, w->as_of, w->as_of + 12345678901234)))    \
    X(gex_calendar_pace, of_double(gex_calendar_pace(w->calendar, GEX_CLOCK_VARIANCE_CLOCK, w->as_of)))       \
    X(gex_greek_name, of_text(gex_greek_name(GEX_GREEK_VANNA)))                                               \
    X(gex_greek_find, of_int(gex_greek_find("vanna")))                                                        \
    X(gex_model_name, of_text(gex_model_name(GEX_MODEL_INVERSE)))                                             \
    X(gex_model_find, of_int(gex_model_find("bachelier")))                                                    \
    X(gex_option_form_name, of_text(gex_option_form_name(GEX_OPTION_FORM_FORWARD)))                           \
    X(gex_option_form_find, of_int(gex_option_form_find("forward")))                                          \
    X(gex_chain_rows, of_int(ROWS))                                                                           \
    X(gex_chain_status, BITS(gex_chain_status(w->chain), ROWS))                                               \
    X(gex_chain_flags, BITS(gex_chain_flags(w->chain), ROWS))                                                 \
    X(gex_chain_strike, BITS(gex_chain_strike(w->chain), ROWS))                                               \
    X(gex_chain_right, BITS(gex_chain_right(w->chain), ROWS))                                                 \
    X(gex_chain_exercise, BITS(gex_chain_exercise(w->chain), ROWS))                                           \
    X(gex_chain_payoff, BITS(gex_chain_payoff(w->chain), ROWS))                                               \
    X(gex_chain_settlement, BITS(gex_chain_settlement(w->chain), ROWS))                                       \
    X(gex_chain_multiplier, BITS(gex_chain_multiplier(w->chain), ROWS))                                       \
    X(gex_chain_bid, BITS(gex_chain_bid(w->chain), ROWS))                                                     \
    X(gex_chain_ask, BITS(gex_chain_ask(w->chain), ROWS))                                                     \
    X(gex_chain_last, BITS(gex_chain_last(w->chain), ROWS))                                                   \
    X(gex_chain_vol, BITS(gex_chain_vol(w->chain), ROWS))                                                     \
    X(gex_chain_open_interest, BITS(gex_chain_open_interest(w->chain), ROWS))                                 \
    X(gex_chain_volume, BITS(gex_chain_volume(w->chain), ROWS))                                               \
    X(gex_chain_underlying, of_text(gex_chain_underlying(w->chain)))                                          \
    X(gex_chain_open_interest_as_of, of_int(gex_chain_open_interest_as_of(w->chain)))                         \
    X(gex_chain_expiries, of_expiries(w->chain))                                                              \
    X(gex_chain_expiry_index, BITS(gex_chain_expiry_index(w->chain), ROWS))                                   \
    X(gex_chain_strikes, of_strikes(w->chain))                                                                \
    X(gex_chain_strike_index, BITS(gex_chain_strike_index(w->chain), ROWS))                                   \
    X(gex_chain_order, BITS(gex_chain_order(w->chain), ROWS))                                                 \
    X(gex_chain_root, of_text(gex_chain_root(w->chain, 0)))                                                   \
    X(gex_feed_form, of_int(gex_feed_form(w->feed)))                                                          \
    X(gex_feed_underlying, of_text(gex_feed_underlying(w->feed)))                                             \
    X(gex_feed_spot, of_double(gex_feed_spot(w->feed)))                                                       \
    X(gex_feed_year_guessed, of_int(gex_feed_year_guessed(w->feed)))                                          \
    X(gex_feed_bad_lines, of_int(gex_feed_bad_lines(w->feed)))                                                \
    X(gex_feed_line, of_int(gex_feed_line(w->feed, 1)))                                                       \
    X(gex_market_chain, of_same(gex_market_chain(w->market), w->chain))                                       \
    X(gex_market_as_of, of_int(gex_market_as_of(w->market)))                                                  \
    X(gex_market_spot, of_double(gex_market_spot(w->market)))                                                 \
    X(gex_market_clock, of_int(gex_market_clock(w->market)))                                                  \
    X(gex_market_vol_rule, of_int(gex_market_vol_rule(w->market)))                                            \
    X(gex_market_forward_rule, of_int(gex_market_forward_rule(w->market)))                                    \
    X(gex_market_style, of_int(gex_market_style(w->market)))                                                  \
    X(gex_market_dynamics, of_int(gex_market_dynamics(w->market)))                                            \
    X(gex_market_rate, of_double(gex_market_rate(w->market)))                                                 \
    X(gex_market_carry_yield, of_double(gex_market_carry_yield(w->market)))                                   \
    X(gex_market_status, BITS(gex_market_status(w->market), ROWS))                                            \
    X(gex_market_flags, BITS(gex_market_flags(w->market), ROWS))                                              \
    X(gex_market_vol, BITS(gex_market_vol(w->market), ROWS))                                                  \
    X(gex_market_calendar, of_same(gex_market_calendar(w->market), NULL))                                     \
    X(gex_market_vol_clock, of_int(gex_market_vol_clock(w->market)))                                          \
    X(gex_market_surface, of_same(gex_market_surface(w->market), NULL))                                       \
    X(gex_market_calendar_vol, BITS(gex_market_calendar_vol(w->market), ROWS))                                \
    X(gex_market_calendar_years, BITS(gex_market_calendar_years(w->market), EXPIRIES))                        \
    X(gex_market_expiry_clock, BITS(gex_market_expiry_clock(w->market), EXPIRIES))                            \
    X(gex_market_pace, BITS(gex_market_pace(w->market), EXPIRIES))                                            \
    X(gex_market_vol_source, BITS(gex_market_vol_source(w->market), ROWS))                                    \
    X(gex_market_exercise, BITS(gex_market_exercise(w->market), ROWS))                                        \
    X(gex_market_expiry_count, of_int(EXPIRIES))                                                              \
    X(gex_market_years, BITS(gex_market_years(w->market), EXPIRIES))                                          \
    X(gex_market_forward, BITS(gex_market_forward(w->market), EXPIRIES))                                      \
    X(gex_market_discount, BITS(gex_market_discount(w->market), EXPIRIES))                                    \
    X(gex_market_expiry_rate, BITS(gex_market_expiry_rate(w->market), EXPIRIES))                              \
    X(gex_market_expiry_carry, BITS(gex_market_expiry_carry(w->market), EXPIRIES))                            \
    X(gex_market_forward_source, BITS(gex_market_forward_source(w->market), EXPIRIES))                        \
    X(gex_market_forward_error, BITS(gex_market_forward_error(w->market), EXPIRIES))                          \
    X(gex_market_forward_pairs, BITS(gex_market_forward_pairs(w->market), EXPIRIES))                          \
    X(gex_market_forward_quote_error, BITS(gex_market_forward_quote_error(w->market), EXPIRIES))              \
    X(gex_market_forward_outliers, BITS(gex_market_forward_outliers(w->market), EXPIRIES))                    \
    X(gex_market_parity, BITS(gex_market_parity(w->market), EXPIRIES))                                        \
    X(gex_market_discount_error, BITS(gex_market_discount_error(w->market), EXPIRIES))                        \
    X(gex_market_borrow, BITS(gex_market_borrow(w->market), EXPIRIES))                                        \
    X(gex_market_fixed_discount, of_int(gex_market_fixed_discount(w->market)))                                \
    X(gex_market_fallback, of_int(gex_market_fallback(w->market)))                                            \
    X(gex_parity_text, of_text(gex_parity_text(GEX_PARITY_IMPRECISE)))                                        \
    X(gex_market_dividend_count, of_int(DIVIDENDS))                                                           \
    X(gex_market_dividend_at, BITS(gex_market_dividend_at(w->market), DIVIDENDS))                             \
    X(gex_market_dividend_cash, BITS(gex_market_dividend_cash(w->market), DIVIDENDS))                         \
    X(gex_market_dividend_share, BITS(gex_market_dividend_share(w->market), DIVIDENDS))                       \
    X(gex_market_vol_low, of_double(gex_market_vol_low(w->market)))                                           \
    X(gex_market_vol_high, of_double(gex_market_vol_high(w->market)))                                         \
    X(gex_quotes_market, of_same(gex_quotes_market(w->quotes), w->market))                                    \
    X(gex_quotes_price, BITS(gex_quotes_price(w->quotes, GEX_QUOTE_MID), ROWS))                               \
    X(gex_quotes_vol, BITS(gex_quotes_vol(w->quotes, GEX_QUOTE_STRIKE), ROWS))                                \
    X(gex_quotes_status, BITS(gex_quotes_status(w->quotes, GEX_QUOTE_ASK), ROWS))                             \
    X(gex_quotes_flags, BITS(gex_quotes_flags(w->quotes), ROWS))                                              \
    X(gex_quotes_repaired, BITS(gex_quotes_repaired(w->quotes), EXPIRIES))                                    \
    X(gex_repaired_text, of_text(gex_repaired_text(GEX_REPAIRED_STRIKES)))                                    \
    X(gex_quotes_count, of_int(gex_quotes_count(w->quotes, GEX_FLAG_STALE)))                                  \
    X(gex_quote_status_text, of_text(gex_quote_status_text(GEX_QUOTE_CROSSED)))                               \
    X(gex_vol_name, of_text(gex_vol_name(GEX_VOL_GIVEN)))                                                     \
    X(gex_vol_source_name, of_text(gex_vol_source_name(GEX_SOURCE_OTHER_GIVEN)))                              \
    X(gex_forward_name, of_text(gex_forward_name(GEX_FORWARD_RATE)))                                          \
    X(gex_style_name, of_text(gex_style_name(GEX_STYLE_AUTO)))                                                \
    X(gex_dynamics_name, of_text(gex_dynamics_name(GEX_DYNAMICS_STICKY_STRIKE)))                              \
    X(gex_vol_find, of_int(gex_vol_find("implied")))                                                          \
    X(gex_forward_find, of_int(gex_forward_find("rate")))                                                     \
    X(gex_accuracy_name, of_text(gex_accuracy_name(GEX_ACCURACY_HIGH)))                                       \
    X(gex_accuracy_find, of_int(gex_accuracy_find("fast")))                                                   \
    X(gex_dividends_name, of_text(gex_dividends_name(GEX_DIVIDENDS_ESCROWED)))                                \
    X(gex_dividends_find, of_int(gex_dividends_find("spot")))                                                 \
    X(gex_style_find, of_int(gex_style_find("european")))                                                     \
    X(gex_dynamics_find, of_int(gex_dynamics_find("STICKY_STRIKE")))                                          \
    X(gex_sign_name, of_text(gex_sign_name(GEX_SIGN_OI_ALPHA)))                                               \
    X(gex_sign_find, of_int(gex_sign_find("WEIGHTED")))                                                       \
    X(gex_book_chain, of_same(gex_book_chain(w->book), w->chain))                                             \
    X(gex_book_sign, of_int(gex_book_sign(w->book)))                                                          \
    X(gex_book_source, of_text(gex_book_source(w->book)))                                                     \
    X(gex_book_positions, BITS(gex_book_positions(w->book), ROWS))                                            \
    X(gex_greeks_market, of_same(gex_greeks_market(w->greeks), w->market))                                    \
    X(gex_greeks_column, BITS(gex_greeks_column(w->greeks, GEX_GREEK_GAMMA), ROWS))                           \
    X(gex_greeks_status, BITS(gex_greeks_status(w->greeks), ROWS))                                            \
    X(gex_unit_name, of_text(gex_unit_name(GEX_UNIT_DAG)))                                                    \
    X(gex_unit_label, of_text(gex_unit_label(GEX_UNIT_DAG)))                                                  \
    X(gex_unit_find, of_int(gex_unit_find("USD_PCT", GEX_GREEK_GAMMA)))                                       \
    X(gex_unit_factor, of_factor(w->spot, error))                                                             \
    X(gex_vary_name, of_text(gex_vary_name(GEX_VARY_CLOCK)))                                                  \
    X(gex_robust_name, of_text(gex_robust_name(GEX_ROBUST_FLIP)))                                             \
    X(gex_agree_name, of_text(gex_agree_name(GEX_AGREE_REGIME)))                                              \
    X(gex_robustness_count, of_int(gex_robustness_count(w->robustness)))                                      \
    X(gex_robustness_vary, of_int(gex_robustness_vary(w->robustness, 1)))                                     \
    X(gex_robustness_choice, of_text(gex_robustness_choice(w->robustness, 1)))                                \
    X(gex_robustness_status, of_int(gex_robustness_status(w->robustness, 1)))                                 \
    X(gex_robustness_value, of_double(gex_robustness_value(w->robustness, 1, GEX_ROBUST_NET)))                \
    X(gex_robustness_regime, of_int(gex_robustness_regime(w->robustness, 1)))                                 \
    X(gex_robustness_roots, of_int(gex_robustness_roots(w->robustness, 1)))                                   \
    X(gex_robustness_flips, digest_flips(gex_robustness_flips(w->robustness, 1)))                             \
    X(gex_robustness_root, of_double(gex_robustness_root(w->robustness, 1, 0)))                               \
    X(gex_robustness_agrees, of_int(gex_robustness_agrees(w->robustness, 1, GEX_AGREE_FLIP)))                 \
    X(gex_robustness_agreeing, of_int(gex_robustness_agreeing(w->robustness, 0, GEX_AGREE_SIGN, NULL)))       \
    X(gex_map_robustness, of_panel(w, error))                                                                 \
    X(gex_map_since, of_since(w, error))                                                                      \
    X(gex_map_gamma_since, of_since(w, error))                                                                \
    X(gex_map_flow_since, of_since(w, error))                                                                 \
    X(gex_measure_name, of_text(gex_measure_name(GEX_MEASURE_NGE)))                                           \
    X(gex_measure_label, of_text(gex_measure_label(GEX_MEASURE_NGE)))                                         \
    X(gex_measure_find, of_int(gex_measure_find("gtbr")))                                                     \
    X(gex_measure, of_measures(w, error))                                                                     \
    X(gex_move_name, of_text(gex_move_name(GEX_MOVE_MAD)))                                                    \
    X(gex_move_find, of_int(gex_move_find("mad")))                                                            \
    X(gex_expected_move, of_expected(w, error))                                                               \
    X(gex_level_ranked, of_ranked(w, error))                                                                  \
    X(gex_concentration_band, of_band(w, error))                                                              \
    X(gex_profile_peak, of_peak(w, error))                                                                    \
    X(gex_horizons_instants, BITS(gex_horizons_instants(w->horizons, NULL), WORLD_FLOWS))                     \
    X(gex_horizons_nearest, BITS(gex_horizons_nearest(w->horizons, NULL), WORLD_FLOWS))                       \
    X(gex_horizons_flips, digest_flips(gex_horizons_flips(w->horizons, 1)))                                   \
    X(gex_exposure_greeks, of_same(gex_exposure_greeks(w->exposure), w->greeks))                              \
    X(gex_exposure_book, of_same(gex_exposure_book(w->exposure), w->book))                                    \
    X(gex_exposure_unit, of_int(gex_exposure_unit(w->exposure)))                                              \
    X(gex_exposure_rows, BITS(gex_exposure_rows(w->exposure), ROWS))                                          \
    X(gex_exposure_status, BITS(gex_exposure_status(w->exposure), ROWS))                                      \
    X(gex_exposure_total, of_double(gex_exposure_total(w->exposure)))                                         \
    X(gex_exposure_gross, of_double(gex_exposure_gross(w->exposure)))                                         \
    X(gex_exposure_count_total, of_int(gex_exposure_count_total(w->exposure)))                                \
    X(gex_exposure_count_used, of_int(gex_exposure_count_used(w->exposure)))                                  \
    X(gex_exposure_count_zero_position, of_int(gex_exposure_count_zero_position(w->exposure)))                \
    X(gex_exposure_count_diverging, of_int(gex_exposure_count_diverging(w->exposure)))                        \
    X(gex_exposure_count_refused, of_int(gex_exposure_count_refused(w->exposure, GEX_ROW_NO_VOL)))            \
    X(gex_exposure_count_by, of_counts(w->exposure, GEX_BY_STRIKE))                                           \
    X(gex_grouping_exposure, of_same(gex_grouping_exposure(w->grouping), w->exposure))                        \
    X(gex_grouping_by, of_int(gex_grouping_by(w->grouping, 1)))                                               \
    X(gex_grouping_keys, of_int(gex_grouping_keys(w->grouping, 0)))                                           \
    X(gex_grouping_edges, of_edges(w->grouping))                                                              \
    X(gex_grouping_root, of_roots(w, error))                                                                  \
    X(gex_grouping_cells, of_int(CELLS))                                                                      \
    X(gex_grouping_key, BITS(gex_grouping_key(w->grouping, 0), CELLS))                                        \
    X(gex_grouping_sum, BITS(gex_grouping_sum(w->grouping, GEX_SUM_GROSS), CELLS))                            \
    X(gex_grouping_count, BITS(gex_grouping_count(w->grouping), CELLS))                                       \
    X(gex_grouping_rows, of_cell(w->grouping))                                                                \
    X(gex_profile_unit, of_int(gex_profile_unit(w->profile)))                                                 \
    X(gex_profile_prices, of_profile(w->profile, gex_profile_prices))                                         \
    X(gex_profile_values, of_profile(w->profile, gex_profile_values))                                         \
    X(gex_flips_status, of_int(gex_flips_status(w->flips)))                                                   \
    X(gex_flips_count, of_int(gex_flips_count(w->flips)))                                                     \
    X(gex_flips_price, of_double(gex_flips_price(w->flips, 0)))                                               \
    X(gex_flips_direction, of_int(gex_flips_direction(w->flips, 0)))                                          \
    X(gex_flips_slope, of_double(gex_flips_slope(w->flips, 0)))                                               \
    X(gex_flips_size, of_double(gex_flips_size(w->flips, 0)))                                                 \
    X(gex_flips_root_status, of_int(gex_flips_root_status(w->flips, 0)))                                      \
    X(gex_flips_nearest, of_int(gex_flips_nearest(w->flips)))                                                 \
    X(gex_roots_text, of_text(gex_roots_text(GEX_ROOTS_FOUND)))                                               \
    X(gex_direction_text, of_text(gex_direction_text(GEX_UP)))                                                \
    X(gex_root_status_text, of_text(gex_root_status_text(GEX_ROOT_NEGLIGIBLE)))                               \
    X(gex_level_name, of_text(gex_level_name(GEX_LEVEL_ABS_GAMMA)))                                           \
    X(gex_level_find, of_int(gex_level_find("abs_gamma")))                                                    \
    X(gex_flow_rows, of_int(gex_flow_rows(w->flow)))                                                          \
    X(gex_flow_column, BITS(gex_flow_column(w->flow, GEX_FLOW_EXACT), gex_flow_rows(w->flow)))                \
    X(gex_flow_name, of_text(gex_flow_name(GEX_FLOW_CROSS)))                                                  \
    X(gex_flow_find, of_int(gex_flow_find("cross")))                                                          \
    X(gex_field_market, of_same(gex_field_market(w->field), w->market))                                       \
    X(gex_field_book, of_same(gex_field_book(w->field), w->book))                                             \
    X(gex_field_prices, digest_field(w->field))                                                               \
    X(gex_field_instants, digest_field(w->field))                                                             \
    X(gex_field_quantities, of_int(gex_field_quantities(w->field, NULL)[0]))                                  \
    X(gex_field_live, of_int(gex_field_live(w->field, NULL)[0]))                                              \
    X(gex_field_values, of_double(gex_field_values(w->field, GEX_FIELD_FLOW, NULL)[1]))                       \
    X(gex_field_gross, of_double(gex_field_gross(w->field, GEX_FIELD_FLOW, NULL)[1]))                         \
    X(gex_field_quantity_name, of_text(gex_field_quantity_name(GEX_FIELD_UNWIND)))                            \
    X(gex_field_quantity_label, of_text(gex_field_quantity_label(GEX_FIELD_UNWIND)))                          \
    X(gex_field_quantity_find, of_int(gex_field_quantity_find("unwind")))                                     \
    X(gex_until_name, of_text(gex_until_name(GEX_UNTIL_NEXT_OPEN)))                                           \
    X(gex_until_find, of_int(gex_until_find("next_open")))                                                    \
    X(gex_until_instant, of_until(w->market))                                                                 \
    X(gex_part_name, of_text(gex_part_name(GEX_PART_LATER)))                                                  \
    X(gex_part_find, of_int(gex_part_find("later")))                                                          \
    X(gex_crossings_price, of_crossings(w->crossings))                                                        \
    X(gex_crossings_instant, of_crossings(w->crossings))                                                      \
    X(gex_crossings_direction, of_crossings(w->crossings))                                                    \
    X(gex_cliffs_settlement, of_cliffs(w->cliffs))                                                            \
    X(gex_cliffs_before, of_cliffs(w->cliffs))                                                                \
    X(gex_cliffs_settling, of_cliffs(w->cliffs))                                                              \
    X(gex_cliffs_after, of_cliffs(w->cliffs))                                                                 \
    X(gex_cliffs_rows, of_cliffs(w->cliffs))                                                                  \
    X(gex_forced_value, of_forced(w->forced))                                                                 \
    X(gex_forced_from, of_int(gex_forced_from(w->forced, GEX_STRETCH_OVERNIGHT)))                             \
    X(gex_forced_to, of_int(gex_forced_to(w->forced, GEX_STRETCH_OVERNIGHT)))                                 \
    X(gex_stretch_name, of_text(gex_stretch_name(GEX_STRETCH_OVERNIGHT)))                                     \
    X(gex_stretch_find, of_int(gex_stretch_find("overnight")))                                                \
    X(gex_forced_name, of_text(gex_forced_name(GEX_FORCED_FUTURES)))                                          \
    X(gex_forced_find, of_int(gex_forced_find("futures")))                                                    \
    X(gex_uncertainty_book, of_same(gex_uncertainty_book(w->uncertainty), w->book))                           \
    X(gex_uncertainty_sd, of_uncertainty(w->uncertainty))                                                     \
    X(gex_uncertainty_factors, of_int(gex_uncertainty_factors(w->uncertainty)))                               \
    X(gex_uncertainty_loading, BITS(gex_uncertainty_loading(w->uncertainty, 1), WORLD_ROWS))                  \
    X(gex_uncertainty_share, of_double(gex_uncertainty_share(w->uncertainty)))                               \
    X(gex_uncertainty_correlation, of_double(gex_uncertainty_correlation(w->uncertainty)))                   \
    X(gex_uncertainty_refused, of_int(gex_uncertainty_refused(w->uncertainty)))                               \
    X(gex_bands_unit, of_int(gex_bands_unit(w->path_bands)))                                                  \
    X(gex_bands_mean, of_bands(w->path_bands))                                                                \
    X(gex_bands_sd, of_bands(w->profile_bands))                                                               \
    X(gex_bands_gross, of_double(gex_bands_gross(w->path_bands, NULL)[1]))                                    \
    X(gex_bands_above, of_double(gex_bands_above(w->path_bands, NULL)[1]))                                    \
    X(gex_bands_below, of_double(gex_bands_below(w->path_bands, NULL)[1]))                                    \
    X(gex_bands_spot, BITS(gex_bands_spot(w->path_bands, NULL), WORLD_FLOWS))                                 \
    X(gex_bands_as_of, BITS(gex_bands_as_of(w->path_bands, NULL), WORLD_FLOWS))                               \
    X(gex_bands_quantile, of_double(gex_bands_quantile(w->path_bands, 0, 0.01)))                              \
    X(gex_bands_covariance, of_double(gex_bands_covariance(w->path_bands, 0, 1)))                             \
    X(gex_flip_name, of_text(gex_flip_name(GEX_FLIP_BELOW)))                                                  \
    X(gex_flip_find, of_int(gex_flip_find("below")))                                                          \
    X(gex_flip_bands_samples, of_flip_bands(w->flip_bands))                                                   \
    X(gex_flip_bands_share, of_double(gex_flip_bands_share(w->flip_bands, GEX_ROOTS_FOUND)))                  \
    X(gex_flip_bands_found, of_double(gex_flip_bands_found(w->flip_bands, GEX_FLIP_ABOVE)))                   \
    X(gex_flip_bands_quantile, of_double(gex_flip_bands_quantile(w->flip_bands, GEX_FLIP_NEAREST, 0.5)))      \
    X(gex_regime_words, of_text(gex_regime_words(GEX_REGIME_LONG_GAMMA)))                                     \
    X(gex_regime_side, of_text(gex_regime_side(GEX_REGIME_SHORT_GAMMA, GEX_UP)))                              \
    X(gex_regime_effect, of_text(gex_regime_effect(GEX_REGIME_SHORT_GAMMA, GEX_DOWN)))                        \
    X(gex_regime_of, of_int(gex_regime_of(gex_map_gamma(w->map), gex_map_flips(w->map))))                     \
    X(gex_stand_name, of_text(gex_stand_name(GEX_STAND_BUY_UP)))                                              \
    X(gex_stand_label, of_text(gex_stand_label(GEX_STAND_BUY_UP)))                                            \
    X(gex_stand_find, of_int(gex_stand_find("buy_up")))                                                       \
    X(gex_stand, of_stand(w))                                                                                 \
    X(gex_size_name, of_text(gex_size_name(GEX_SIZE_SD)))                                                     \
    X(gex_size_find, of_int(gex_size_find("sd")))                                                             \
    X(gex_regime_path_states, of_path(w->regime_path))                                                        \
    X(gex_regime_path_changes, of_path(w->regime_path))                                                       \
    X(gex_regime_path_time, of_int(gex_regime_path_time(w->regime_path, GEX_REGIME_LONG_GAMMA)))              \
    X(gex_regime_path_share, of_double(gex_regime_path_share(w->regime_path, GEX_REGIME_LONG_GAMMA)))         \
    X(gex_regime_path_expected, of_double(gex_regime_path_expected(w->regime_path, GEX_REGIME_LONG_GAMMA)))   \
    X(gex_regime_path_quantile, of_double(gex_regime_path_quantile(w->regime_path, GEX_REGIME_LONG_GAMMA, 0.5)))\
    X(gex_regime_path_unchanged, of_double(gex_regime_path_unchanged(w->regime_path)))                        \
    X(gex_map_uncertainty, of_banded(w, error))                                                               \
    X(gex_map_gamma_bands, of_same(gex_map_gamma_bands(w->map), NULL))                                        \
    X(gex_map_profile_bands, of_same(gex_map_profile_bands(w->map), NULL))                                    \
    X(gex_map_flow_bands, of_same(gex_map_flow_bands(w->map), NULL))                                          \
    X(gex_map_flip_bands, of_same(gex_map_flip_bands(w->map), NULL))                                          \
    X(gex_map_zero_flow, digest_flips(gex_map_zero_flow(w->map)))                                             \
    X(gex_map_zero_flow_instant, of_int(gex_map_zero_flow_instant(w->map)))                                   \
    X(gex_map_field, of_same(gex_map_field(w->map), NULL))                                                    \
    X(gex_map_market, of_same(gex_map_market(w->map), w->market))                                             \
    X(gex_map_book, of_same(gex_map_book(w->map), w->book))                                                   \
    X(gex_map_greeks, of_same(gex_greeks_market(gex_map_greeks(w->map)), w->market))                          \
    X(gex_map_gamma, digest_exposure(gex_map_gamma(w->map)))                                                  \
    X(gex_map_delta, digest_exposure(gex_map_delta(w->map)))                                                  \
    X(gex_map_vanna, digest_exposure(gex_map_vanna(w->map)))                                                  \
    X(gex_map_charm, digest_exposure(gex_map_charm(w->map)))                                                  \
    X(gex_map_in_unit, digest_exposure(gex_map_in_unit(w->map)))                                              \
    X(gex_map_profile, of_profile(gex_map_profile(w->map), gex_profile_values))                               \
    X(gex_map_profile_in_unit, of_profile(gex_map_profile_in_unit(w->map), gex_profile_values))               \
    X(gex_map_flips, digest_flips(gex_map_flips(w->map)))                                                     \
    X(gex_map_flow, digest_flow(gex_map_flow(w->map)))                                                        \
    X(gex_map_moves, of_moves(w->map))                                                                        \
    X(gex_map_scenario, digest_flow(gex_map_scenario(w->map)))                                                \
    X(gex_map_scenario_spot_pct, of_double(gex_map_scenario_spot_pct(w->map)))                                \
    X(gex_map_scenario_hours, of_double(gex_map_scenario_hours(w->map)))                                      \
    X(gex_map_scenario_vol_points, of_double(gex_map_scenario_vol_points(w->map)))                            \
    X(gex_map_regime, of_int(gex_map_regime(w->map)))                                                         \
    X(gex_regime_text, of_text(gex_regime_text(GEX_REGIME_AT_FLIP)))                                          \
    X(gex_map_daily_sigma, of_double(gex_map_daily_sigma(w->map)))                                            \
    X(gex_map_zero_dte_share, of_double(gex_map_zero_dte_share(w->map)))                                      \
    X(gex_form_name, of_text(gex_form_name(GEX_FORM_SSVI)))                                                   \
    X(gex_wings_name, of_text(gex_wings_name(GEX_WINGS_LINEAR)))                                              \
    X(gex_wings_find, of_int(gex_wings_find("flat_vol")))                                                     \
    X(gex_slice_text, of_text(gex_slice_text(GEX_SLICE_NO_QUOTES)))                                           \
    X(gex_point_text, of_text(gex_point_text(GEX_POINT_ARBITRAGE)))                                           \
    X(gex_surface_name, of_text(gex_surface_name(GEX_SURFACE_LOCAL_VOL)))                                     \
    X(gex_surface_find, of_int(gex_surface_find("local_vol")))                                                \
    X(gex_surface_form, of_int(gex_surface_form(w->svi)))                                                     \
    X(gex_surface_wings, of_int(gex_surface_wings(w->raw)))                                                   \
    X(gex_surface_expiries, of_int(gex_surface_expiries(w->raw)))                                             \
    X(gex_surface_spot, of_double(gex_surface_spot(w->raw)))                                                  \
    X(gex_surface_status, BITS(gex_surface_status(w->raw), 2))                                                \
    X(gex_surface_years, BITS(gex_surface_years(w->raw), 2))                                                  \
    X(gex_surface_forward, BITS(gex_surface_forward(w->raw), 2))                                              \
    X(gex_surface_theta, BITS(gex_surface_theta(w->raw), 2))                                                  \
    X(gex_surface_parameters, BITS(gex_surface_parameters(w->ssvi), 10))                                      \
    X(gex_surface_rho, of_double(gex_surface_rho(w->ssvi)))                                                   \
    X(gex_surface_eta, of_double(gex_surface_eta(w->ssvi)))                                                   \
    X(gex_surface_gamma, of_double(gex_surface_gamma(w->ssvi)))                                               \
    X(gex_surface_component_count, of_int(gex_surface_component_count(w->mixture)))                           \
    X(gex_surface_component_expiry, BITS(gex_surface_component_expiry(w->mixture), 5))                        \
    X(gex_surface_component_weight, BITS(gex_surface_component_weight(w->mixture), 5))                        \
    X(gex_surface_component_mean, BITS(gex_surface_component_mean(w->mixture), 5))                            \
    X(gex_surface_component_deviation, BITS(gex_surface_component_deviation(w->mixture), 5))                  \
    X(gex_surface_quote_status, digest_surface(w->raw))                                                       \
    X(gex_surface_report_count, of_int(gex_surface_report_count(w->report, 0)))                               \
    X(gex_surface_report_butterfly, BITS(gex_surface_report_butterfly(w->report), 2))                         \
    X(gex_surface_report_butterfly_at, BITS(gex_surface_report_butterfly_at(w->report), 2))                   \
    X(gex_surface_report_calendar, BITS(gex_surface_report_calendar(w->report), 2))                           \
    X(gex_surface_report_calendar_at, BITS(gex_surface_report_calendar_at(w->report), 2))                     \
    X(gex_surface_report_left_slope, BITS(gex_surface_report_left_slope(w->report), 2))                       \
    X(gex_surface_report_right_slope, BITS(gex_surface_report_right_slope(w->report), 2))                       \
    X(gex_market_dynamics_parameter, of_double(gex_market_dynamics_parameter(w->moved)))                      \
    X(gex_dynamics_parse, of_dynamics_text("STICKINESS=1.5"))                                                 \
    X(gex_dynamics_format, of_dynamics_text("BETA=-10"))                                                      \
    X(gex_flips_low, of_double(gex_flips_low(w->flips)))                                                      \
    X(gex_flips_high, of_double(gex_flips_high(w->flips)))                                                    \
    X(gex_change_column, of_change(gex_change_column(w->change, GEX_CHANGE_ROLL, NULL), ROWS))                \
    X(gex_change_rows, BITS(gex_change_rows(w->change, NULL), ROWS))                                          \
    X(gex_change_expiry, of_change(gex_change_expiry(w->change, GEX_CHANGE_EXPIRY_ATM, NULL), EXPIRIES))      \
    X(gex_change_by, of_change_by(w->change))                                                                 \
    X(gex_change_total, of_double(gex_change_total(w->change, GEX_CHANGE_SURFACE)))                           \
    X(gex_change_matched, of_int(gex_change_matched(w->change)))                                              \
    X(gex_change_stickiness, of_stickiness(w->change))                                                        \
    X(gex_change_name, of_text(gex_change_name(GEX_CHANGE_SLIDE)))                                            \
    X(gex_change_find, of_int(gex_change_find("slide")))                                                      \
    X(gex_change_expiry_name, of_text(gex_change_expiry_name(GEX_CHANGE_EXPIRY_SKEW)))                        \
    X(gex_change_expiry_find, of_int(gex_change_expiry_find("skew")))                                         \
    X(gex_difference_market_before, of_int(gex_difference_market_before(w->difference) == w->market))         \
    X(gex_difference_market_after, of_int(gex_difference_market_after(w->difference) == w->moved))            \
    X(gex_difference_quantity, of_int(gex_difference_quantity(w->difference)))                                \
    X(gex_difference_total, of_double(gex_difference_total(w->difference, GEX_DIFFERENCE_CHANGE)))            \
    X(gex_difference_count, of_int(gex_difference_count(w->difference, GEX_LINE_BOTH)))                       \
    X(gex_difference_lines, of_lines(w, GEX_DIFFERENCE_VOL))                                                  \
    X(gex_difference_kinds, BITS(gex_difference_kinds(w->difference, NULL), 4))                               \
    X(gex_difference_rows_before, BITS(gex_difference_rows_before(w->difference, NULL), 4))                   \
    X(gex_difference_rows_after, BITS(gex_difference_rows_after(w->difference, NULL), 4))                     \
    X(gex_difference_strikes, BITS(gex_difference_strikes(w->difference, NULL), 2))                           \
    X(gex_difference_expiries, BITS(gex_difference_expiries(w->difference, NULL), EXPIRIES))                  \
    X(gex_difference_by, of_keys(w, GEX_BY_STRIKE) ^ of_keys(w, GEX_BY_EXPIRY))                               \
    X(gex_difference_name, of_text(gex_difference_name(GEX_DIFFERENCE_CARRY)))                                \
    X(gex_difference_find, of_int(gex_difference_find("carry")))                                              \
    X(gex_line_name, of_text(gex_line_name(GEX_LINE_GONE)))

#define READ(name, ...)       \
    PLAIN(name)               \
    {                         \
        (void)w, (void)error; \
        return __VA_ARGS__;   \
    }
READS(READ)

#define BASKET_READS(X)                                                                                       \
    X(gex_basket_members, of_int(gex_basket_members(w->basket)))                                              \
    X(gex_basket_spot, of_double(gex_basket_spot(w->basket)))                                                 \
    X(gex_basket_as_of, of_int(gex_basket_as_of(w->basket)))                                                  \
    X(gex_basket_name, of_text(gex_basket_name(w->basket, 1)))                                                \
    X(gex_basket_market, of_same(gex_basket_market(w->basket, 1), w->market))                                 \
    X(gex_basket_book, of_same(gex_basket_book(w->basket, 1), w->book))                                       \
    X(gex_basket_greeks, of_same(gex_greeks_market(gex_basket_greeks(w->basket, 1)), w->market))              \
    X(gex_basket_link, of_int(gex_basket_link(w->basket, 1)))                                                 \
    X(gex_basket_role, of_int(gex_basket_role(w->basket, 1)))                                                 \
    X(gex_basket_currency, of_double(gex_basket_currency(w->basket, 1)))                                      \
    X(gex_basket_drift, of_double(gex_basket_drift(w->basket, 1)))                                            \
    X(gex_basket_weight, of_double(gex_basket_weight(w->basket, 1)))                                          \
    X(gex_basket_slope, of_double(gex_basket_slope(w->basket, 1)))                                            \
    X(gex_basket_beta, of_double(gex_basket_beta(w->basket, 1)))                                              \
    X(gex_basket_ratio, of_double(gex_basket_ratio(w->basket, 1)))                                            \
    X(gex_basket_basis, of_double(gex_basket_basis(w->basket, 1)))                                            \
    X(gex_basket_price, of_double(gex_basket_price(w->basket, 1, 4900.0)))                                    \
    X(gex_basket_reference, of_double(gex_basket_reference(w->basket, 1, 4900.0)))                            \
    X(gex_basket_exposure_basket, of_same(gex_basket_exposure_basket(w->basket_exposure), w->basket))         \
    X(gex_basket_exposure_unit, of_int(gex_basket_exposure_unit(w->basket_exposure)))                         \
    X(gex_basket_exposure_total, of_double(gex_basket_exposure_total(w->basket_exposure)))                    \
    X(gex_basket_exposure_gross, of_double(gex_basket_exposure_gross(w->basket_exposure)))                    \
    X(gex_basket_exposure_member, digest_exposure(gex_basket_exposure_member(w->basket_exposure, 1)))         \
    X(gex_link_name, of_text(gex_link_name(GEX_LINK_BASIS)))                                                  \
    X(gex_role_name, of_text(gex_role_name(GEX_ROLE_INDEX)))                                                  \
    X(gex_link_find, of_int(gex_link_find("beta")))                                                           \
    X(gex_role_find, of_int(gex_role_find("constituent")))                                                    \
    X(gex_combo_exposure, of_same(gex_combo_exposure(w->combo), w->basket_exposure))                          \
    X(gex_combo_prices, of_combo(w->combo))                                                                   \
    X(gex_combo_sum, of_combo(w->combo))                                                                      \
    X(gex_combo_part_member, of_combo(w->combo))                                                              \
    X(gex_combo_part_strike, of_combo(w->combo))                                                              \
    X(gex_combo_left_out, of_int(gex_combo_left_out(w->combo)))                                               \
    X(gex_combo_level, of_combo_level(w->combo))                                                              \
    X(gex_level_mapped, of_mapped())                                                                          \
    X(gex_parity_basis, of_parity_basis(w->market))                                                           \
    X(gex_dispersion_basket, of_same(gex_dispersion_basket(w->dispersion), w->basket))                        \
    X(gex_dispersion_status, of_int(gex_dispersion_status(w->dispersion)))                                    \
    X(gex_dispersion_value, of_dispersion(w->dispersion))                                                     \
    X(gex_dispersion_member, of_dispersion(w->dispersion))                                                    \
    X(gex_dispersion_name, of_text(gex_dispersion_name(GEX_DISPERSION_CORRELATION)))                          \
    X(gex_dispersion_member_name, of_text(gex_dispersion_member_name(GEX_DISPERSION_MEMBER_VOL)))             \
    X(gex_correlation_text, of_text(gex_correlation_text(GEX_CORRELATION_FOUND)))                             \
    X(gex_dispersion_find, of_int(gex_dispersion_find("correlation")))                                        \
    X(gex_dispersion_member_find, of_int(gex_dispersion_member_find("net_vega")))
BASKET_READS(READ)

/* ---- the table --------------------------------------------------------------------------------------------------- */

#define TAKES_CONTEXT(X)                                                                                      \
    X(gex_european) X(gex_implied_vol) X(gex_american) X(gex_american_implied_vol) X(gex_chain_create)        \
    X(gex_feed_csv) X(gex_calendar_create) X(gex_market_create) X(gex_quotes_create) X(gex_book_create)       \
    X(gex_book_weight) X(gex_greeks_compute) X(gex_exposure_compute) X(gex_profile_compute)                   \
    X(gex_flips_compute) X(gex_flow_compute) X(gex_field_compute) X(gex_map_compute)                          \
    X(gex_field_compute_into) X(gex_crossings_compute) X(gex_cliffs_compute) X(gex_flow_lines)                \
    X(gex_forced_compute) X(gex_report_page) X(gex_report_json) X(gex_report_svg) X(gex_report_lines)         \
    X(gex_surface_create_raw) X(gex_surface_create_svi) X(gex_surface_create_ssvi)                            \
    X(gex_surface_create_mixture) X(gex_surface_evaluate) X(gex_surface_check) X(gex_market_shift)            \
    X(gex_greeks_shadow) X(gex_surface_split) X(gex_change_compute) X(gex_grouping_compute)                   \
    X(gex_robustness_compute) X(gex_difference_compute) X(gex_horizons_compute) X(gex_zero_flow_compute)      \
    X(gex_uncertainty_create) X(gex_bands_of_exposure) X(gex_bands_of_states) X(gex_bands_of_flow)            \
    X(gex_bands_of_forced) X(gex_flip_bands_compute) X(gex_regime_path_compute) X(gex_live_create)             \
    X(gex_live_refresh) X(gex_live_freeze) X(gex_chain_load) X(gex_chain_from_arrow) X(gex_market_load)       \
    X(gex_book_load)                                                                                          \
    X(gex_basket_create) X(gex_basket_exposure_compute) X(gex_basket_profile_compute)                         \
    X(gex_basket_flips_compute) X(gex_basket_flow_compute) X(gex_combo_compute) X(gex_dispersion_compute)     \
    X(gex_chain_to_arrow) X(gex_market_to_arrow) X(gex_greeks_to_arrow) X(gex_exposure_to_arrow)              \
    X(gex_grouping_to_arrow) X(gex_profile_to_arrow) X(gex_field_to_arrow) X(gex_forced_to_arrow)             \
    X(gex_change_to_arrow) X(gex_difference_to_arrow) X(gex_basket_to_arrow) X(gex_basket_exposure_to_arrow)  \
    X(gex_combo_to_arrow) X(gex_dispersion_to_arrow) X(gex_dispersion_members_to_arrow)                       \
    X(gex_bands_to_arrow) X(gex_flip_bands_to_arrow) X(gex_regime_path_to_arrow) X(gex_arrow_stream)

#define LONGER(X)                                                                                             \
    X(gex_context_create) X(gex_instant_parse) X(gex_instant_format) X(gex_session) X(gex_settlement)         \
    X(gex_symbol_parse) X(gex_symbol_format) X(gex_root_facts) X(gex_root_facts_of) X(gex_chain_symbol)       \
    X(gex_feed_columns) X(gex_feed_deviations)                                                                \
    X(gex_feed_positions) X(gex_feed_as_of) X(gex_level) X(gex_strike_flips) X(gex_max_pain)                  \
    X(gex_exposure_by) X(gex_chain_free) X(gex_calendar_free) X(gex_settlement_by) X(gex_calendar_session)    \
    X(gex_quotes_free) X(gex_calendar_years) X(gex_svi_to_jump_wings) X(gex_svi_from_jump_wings)              \
    X(gex_svi_butterfly) X(gex_svi_calendar) X(gex_svi_repair) X(gex_ssvi_conditions)                         \
    X(gex_context_allocate) X(gex_context_release) X(gex_context_run) X(gex_chain_save)                       \
    X(gex_chain_save_size) X(gex_market_save) X(gex_market_save_size) X(gex_book_save) X(gex_book_save_size)  \
    X(gex_saved_kind)

#define INITS(X)                                                                                              \
    X(gex_context_options_init) X(gex_european_columns_init) X(gex_price_columns_init)                        \
    X(gex_american_columns_init) X(gex_chain_columns_init) X(gex_chain_options_init)                          \
    X(gex_calendar_options_init) X(gex_market_options_init) X(gex_quotes_options_init)                        \
    X(gex_book_options_init) X(gex_exposure_options_init) X(gex_profile_options_init)                         \
    X(gex_flow_options_init) X(gex_map_options_init) X(gex_raw_columns_init) X(gex_svi_columns_init)          \
    X(gex_ssvi_columns_init) X(gex_mixture_columns_init) X(gex_surface_points_init)                           \
    X(gex_shift_options_init) X(gex_split_columns_init) X(gex_grouping_options_init)                          \
    X(gex_measure_options_init) X(gex_field_options_init) X(gex_robustness_options_init)                      \
    X(gex_difference_options_init) X(gex_cliffs_options_init) X(gex_forced_options_init)                      \
    X(gex_uncertainty_options_init) X(gex_bands_options_init) X(gex_flip_bands_options_init)                  \
    X(gex_regime_path_options_init) X(gex_live_options_init) X(gex_live_columns_init)                         \
    X(gex_zero_flow_options_init) X(gex_basket_columns_init) X(gex_combo_options_init)                        \
    X(gex_dispersion_options_init)

#define ENTRY(name)       {#name, door_##name},
#define READ_ENTRY(name, ...) {#name, door_##name},
#define ONE_MORE(name)    +1

const struct door doors[] = {TAKES_CONTEXT(ENTRY) LONGER(ENTRY) INITS(ENTRY) FREES(ENTRY) READS(READ_ENTRY)
                                 BASKET_READS(READ_ENTRY) LIVES(READ_ENTRY)};
const int64_t context_door_count = 0 TAKES_CONTEXT(ONE_MORE);
const int64_t door_count = (int64_t)(sizeof doors / sizeof *doors);
