/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns a chain, a market, greeks, exposures, groups, profiles, fields and stretches have as tables. */
#include "tables.h"

#include <math.h>
#include <string.h>

#define INSTANT "tsn:UTC"

gex_status gex__table_begin(const void *object, const char *what, struct ArrowSchema *schema, struct ArrowArray *array,
                            gex_error *error)
{
    if (schema != NULL)
        *schema = (struct ArrowSchema){.format = NULL};
    if (array != NULL)
        *array = (struct ArrowArray){.length = 0};
    if (object == NULL || schema == NULL || array == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s}, schema and array are required", what);
    return GEX_OK;
}

gex_status gex__table_end(const gex_context *context, const struct gex__table *table, struct ArrowSchema *schema,
                          struct ArrowArray *array, gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    gex__guest_enter(&guest);
    status = gex__table_give(context, table, schema, array, error);
    gex__guest_leave(&guest);
    return status;
}

gex_status gex__table_refuse(int32_t by, const char *offered, gex_error *error)
{
    return gex__fail(error, GEX_ERR_ARGUMENT, -1, "by is {i}: there is a table by {s}", (int64_t)by, offered);
}

/* ---- chain, market, greeks --------------------------------------------------------------------------------------- */

static const gex_chain *chain_of(const void *from)
{
    return gex_market_chain(from);
}

static void chain_symbol(const void *from, int64_t row, char *text)
{
    (void)gex_chain_symbol(from, row, text, GEX_TABLE_TEXT);
}

static void chain_root(const void *from, int64_t row, char *text)
{
    const char *root = gex_chain_root(from, row);

    memcpy(text, root, strlen(root) + 1);
}

static void market_root(const void *from, int64_t row, char *text)
{
    chain_root(chain_of(from), row, text);
}

/* What names a contract, lent by its chain. */
static void put_series(struct gex__table *table, const gex_chain *chain)
{
    gex__table_lend(table, "settlement", INSTANT, NULL, gex_chain_settlement(chain));
    gex__table_lend(table, "strike", "g", "price", gex_chain_strike(chain));
    gex__table_lend(table, "right", "c", NULL, gex_chain_right(chain))->null = GEX_NULL_ZERO;
}

gex_status gex_chain_to_arrow(const gex_context *context, const gex_chain *chain, struct ArrowSchema *schema,
                              struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(chain, "chain", schema, array, error);

    if (status != GEX_OK)
        return status;
    gex__table_open(&table, chain, gex_chain_rows(chain));
    gex__table_text(&table, "symbol", chain_symbol);
    gex__table_text(&table, "root", chain_root);
    put_series(&table, chain);
    gex__table_lend(&table, "exercise", "c", NULL, gex_chain_exercise(chain))->null = GEX_NULL_ZERO;
    gex__table_lend(&table, "payoff", "c", NULL, gex_chain_payoff(chain))->null = GEX_NULL_ZERO;
    gex__table_lend(&table, "multiplier", "g", "units of the underlying", gex_chain_multiplier(chain));
    gex__table_lend(&table, "bid", "g", "price", gex_chain_bid(chain));
    gex__table_lend(&table, "ask", "g", "price", gex_chain_ask(chain));
    gex__table_lend(&table, "last", "g", "price", gex_chain_last(chain));
    gex__table_lend(&table, "vol", "g", "1, a root year of CAL_365", gex_chain_vol(chain));
    gex__table_lend(&table, "open_interest", "g", "contracts", gex_chain_open_interest(chain));
    gex__table_lend(&table, "volume", "g", "contracts", gex_chain_volume(chain));
    gex__table_lend(&table, "status", "C", NULL, gex_chain_status(chain));
    gex__table_lend(&table, "flags", "I", NULL, gex_chain_flags(chain));
    return gex__table_end(context, &table, schema, array, error);
}

static void put_market_rows(struct gex__table *table, const gex_market *market)
{
    const gex_chain *chain = gex_market_chain(market);

    gex__table_open(table, market, gex_chain_rows(chain));
    gex__table_text(table, "root", market_root);
    put_series(table, chain);
    gex__table_lend(table, "status", "C", NULL, gex_market_status(market));
    gex__table_lend(table, "flags", "I", NULL, gex_market_flags(market));
    gex__table_lend(table, "exercise", "c", NULL, gex_market_exercise(market));
    gex__table_lend(table, "vol", "g", "1, a root year of the expiry's clock", gex_market_vol(market));
    gex__table_lend(table, "calendar_vol", "g", "1, a root year of CAL_365", gex_market_calendar_vol(market));
    gex__table_lend(table, "vol_source", "C", NULL, gex_market_vol_source(market));
}

static void put_market_expiries(struct gex__table *table, const gex_market *market)
{
    int64_t count;
    const int64_t *expiries = gex_chain_expiries(gex_market_chain(market), &count);

    gex__table_open(table, market, count);
    gex__table_lend(table, "settlement", INSTANT, NULL, expiries);
    gex__table_lend(table, "years", "g", "years of the clock", gex_market_years(market));
    gex__table_lend(table, "calendar_years", "g", "years of CAL_365", gex_market_calendar_years(market));
    gex__table_lend(table, "clock", "C", NULL, gex_market_expiry_clock(market));
    gex__table_lend(table, "pace", "g", "years of the clock a calendar year", gex_market_pace(market));
    gex__table_lend(table, "forward", "g", "price", gex_market_forward(market));
    gex__table_lend(table, "discount", "g", "factor", gex_market_discount(market));
    gex__table_lend(table, "rate", "g", "a year, continuous", gex_market_expiry_rate(market));
    gex__table_lend(table, "carry", "g", "a year, continuous", gex_market_expiry_carry(market));
    gex__table_lend(table, "borrow", "g", "a year, continuous", gex_market_borrow(market));
    gex__table_lend(table, "forward_source", "C", NULL, gex_market_forward_source(market));
    gex__table_lend(table, "forward_error", "g", "price", gex_market_forward_error(market));
    gex__table_lend(table, "forward_quote_error", "g", "price", gex_market_forward_quote_error(market));
    gex__table_lend(table, "discount_error", "g", "factor", gex_market_discount_error(market));
    gex__table_lend(table, "forward_pairs", "i", NULL, gex_market_forward_pairs(market));
    gex__table_lend(table, "forward_outliers", "i", NULL, gex_market_forward_outliers(market));
    gex__table_lend(table, "parity", "C", NULL, gex_market_parity(market));
}

gex_status gex_market_to_arrow(const gex_context *context, const gex_market *market, int32_t by,
                               struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(market, "market", schema, array, error);

    if (status != GEX_OK)
        return status;
    if (by != 0 && by != GEX_BY_EXPIRY)
        return gex__table_refuse(by, "0, rows, and GEX_BY_EXPIRY", error);
    if (by == 0)
        put_market_rows(&table, market);
    else
        put_market_expiries(&table, market);
    return gex__table_end(context, &table, schema, array, error);
}

static void greeks_root(const void *from, int64_t row, char *text)
{
    market_root(gex_greeks_market(from), row, text);
}

gex_status gex_greeks_to_arrow(const gex_context *context, const gex_greeks *greeks, struct ArrowSchema *schema,
                               struct ArrowArray *array, gex_error *error)
{
    /* Of the price V of one unit, by spot S, strike K, vol, and years of t, of rate r and of carry yield q. */
    static const char *const derivatives[GEX_GREEK_LAST_ + 1] = {
        NULL,         "price",       "dV/dS",     "d2V/dS2",   "dV/dvol",      "dV/dt",      "dV/dr",
        "dV/dq",      "d2V/dS dvol", "d2V/dS dt", "d2V/dvol2", "d2V/dvol dt",  "d3V/dS3",    "d3V/dS2 dvol",
        "d3V/dS2 dt", "d3V/dvol3",   "dV/dK",     "d2V/dK2",   "d3V/dS dvol2", "d2V/dK dvol"};
    struct gex__table table;
    const gex_status status = gex__table_begin(greeks, "greeks", schema, array, error);
    const gex_chain *chain;

    if (status != GEX_OK)
        return status;
    chain = gex_market_chain(gex_greeks_market(greeks));
    gex__table_open(&table, greeks, gex_chain_rows(chain));
    gex__table_text(&table, "root", greeks_root);
    put_series(&table, chain);
    gex__table_lend(&table, "status", "C", NULL, gex_greeks_status(greeks));
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (gex_greeks_column(greeks, greek) != NULL)
            gex__table_lend(&table, gex_greek_name(greek), "g", derivatives[greek], gex_greeks_column(greeks, greek));
    return gex__table_end(context, &table, schema, array, error);
}

/* ---- exposures --------------------------------------------------------------------------------------------------- */

static void exposure_root(const void *from, int64_t row, char *text)
{
    greeks_root(gex_exposure_greeks(from), row, text);
}

static const gex_chain *exposure_chain(const gex_exposure *exposure)
{
    return gex_book_chain(gex_exposure_book(exposure));
}

static void put_exposure_rows(struct gex__table *table, const gex_exposure *exposure)
{
    gex__table_open(table, exposure, gex_exposure_count_total(exposure));
    gex__table_text(table, "root", exposure_root);
    put_series(table, exposure_chain(exposure));
    gex__table_lend(table, "status", "C", NULL, gex_exposure_status(exposure));
    gex__table_lend(table, "position", "g", "contracts", gex_book_positions(gex_exposure_book(exposure)));
    gex__table_lend(table, "exposure", "g", gex_unit_label(gex_exposure_unit(exposure)), gex_exposure_rows(exposure));
}

/* The key of a sum where the groups are all there are. */
static void put_key(struct gex__table *table, const gex_chain *chain, int32_t by)
{
    static const int8_t rights[] = {GEX_CALL, GEX_PUT}, zero_dte[] = {1, 0};

    if (by == GEX_BY_STRIKE)
        gex__table_lend(table, "strike", "g", "price", gex_chain_strikes(chain, NULL));
    else if (by == GEX_BY_EXPIRY)
        gex__table_lend(table, "settlement", INSTANT, NULL, gex_chain_expiries(chain, NULL));
    else if (by == GEX_BY_RIGHT)
        gex__table_lend(table, "right", "c", NULL, rights);
    else
        gex__table_lend(table, "zero_dte", "c", NULL, zero_dte);
}

gex_status gex_exposure_to_arrow(const gex_context *context, const gex_exposure *exposure, int32_t by,
                                 struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(exposure, "exposure", schema, array, error);
    const char *label;
    int64_t count;

    if (status != GEX_OK)
        return status;
    if (by < 0 || by > GEX_BY_ZERO_DTE)
        return gex__table_refuse(by, "0, rows, and GEX_BY_STRIKE to GEX_BY_ZERO_DTE; others have a grouping", error);
    if (by == 0) {
        put_exposure_rows(&table, exposure);
        return gex__table_end(context, &table, schema, array, error);
    }
    label = gex_unit_label(gex_exposure_unit(exposure));
    (void)gex_exposure_count_by(exposure, by, &count);
    gex__table_open(&table, exposure, count);
    put_key(&table, exposure_chain(exposure), by);
    gex__table_lend(&table, "net", "g", label, gex_exposure_by(exposure, by, GEX_SUM_NET, NULL));
    gex__table_lend(&table, "gross", "g", label, gex_exposure_by(exposure, by, GEX_SUM_GROSS, NULL));
    gex__table_lend(&table, "call", "g", label, gex_exposure_by(exposure, by, GEX_SUM_CALL, NULL));
    gex__table_lend(&table, "put", "g", label, gex_exposure_by(exposure, by, GEX_SUM_PUT, NULL));
    gex__table_lend(&table, "rows", "l", NULL, gex_exposure_count_by(exposure, by, NULL));
    return gex__table_end(context, &table, schema, array, error);
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

/* Of axis `which`: strike, or settlement, of each cell. */
static void grouping_strike(const void *from, int64_t which, int64_t rows, void *to)
{
    const double *strikes = gex_chain_strikes(exposure_chain(gex_grouping_exposure(from)), NULL);
    const int32_t *key = gex_grouping_key(from, (int32_t)which);

    for (int64_t i = 0; i < rows; i++)
        ((double *)to)[i] = strikes[key[i]];
}

static void grouping_settlement(const void *from, int64_t which, int64_t rows, void *to)
{
    const int64_t *expiries = gex_chain_expiries(exposure_chain(gex_grouping_exposure(from)), NULL);
    const int32_t *key = gex_grouping_key(from, (int32_t)which);

    for (int64_t i = 0; i < rows; i++)
        ((int64_t *)to)[i] = expiries[key[i]];
}

static void grouping_right(const void *from, int64_t which, int64_t rows, void *to)
{
    const int32_t *key = gex_grouping_key(from, (int32_t)which);

    for (int64_t i = 0; i < rows; i++)
        ((int8_t *)to)[i] = (int8_t)(key[i] == 0 ? GEX_CALL : GEX_PUT);
}

static void grouping_zero_dte(const void *from, int64_t which, int64_t rows, void *to)
{
    const int32_t *key = gex_grouping_key(from, (int32_t)which);

    for (int64_t i = 0; i < rows; i++)
        ((int8_t *)to)[i] = (int8_t)(key[i] == 0);
}

/* Edges of a bucket: of axis which / 2 the lower for an even `which`, the upper for an odd one; none at the ends. */
static void grouping_edge(const void *from, int64_t which, int64_t rows, void *to)
{
    const int32_t axis = (int32_t)(which / 2);
    const int32_t *key = gex_grouping_key(from, axis);
    int64_t count;
    const double *edges = gex_grouping_edges(from, axis, &count);

    for (int64_t i = 0; i < rows; i++) {
        const int64_t edge = key[i] - 1 + which % 2;
        ((double *)to)[i] = edge >= 0 && edge < count ? edges[edge] : (double)NAN;
    }
}

static void grouping_root(const void *from, int64_t row, char *text)
{
    const int32_t axis = gex_grouping_by(from, 0) == GEX_BY_ROOT ? 0 : 1;
    const char *root = gex_grouping_root(from, gex_grouping_key(from, axis)[row]);

    memcpy(text, root, strlen(root) + 1);
}

static void put_axis(struct gex__table *table, const gex_grouping *grouping, int32_t axis)
{
    switch (gex_grouping_by(grouping, axis)) {
    case GEX_BY_STRIKE: gex__table_fill(table, "strike", "g", "price", grouping_strike, axis); break;
    case GEX_BY_EXPIRY: gex__table_fill(table, "settlement", INSTANT, NULL, grouping_settlement, axis); break;
    case GEX_BY_RIGHT: gex__table_fill(table, "right", "c", NULL, grouping_right, axis); break;
    case GEX_BY_ZERO_DTE: gex__table_fill(table, "zero_dte", "c", NULL, grouping_zero_dte, axis); break;
    case GEX_BY_ROOT: gex__table_text(table, "root", grouping_root); break;
    case GEX_BY_DTE:
        gex__table_fill(table, "dte_from", "g", "calendar days", grouping_edge, 2 * axis);
        gex__table_fill(table, "dte_to", "g", "calendar days", grouping_edge, 2 * axis + 1);
        break;
    case GEX_BY_MONEYNESS:
        gex__table_fill(table, "moneyness_from", "g", "strike / spot", grouping_edge, 2 * axis);
        gex__table_fill(table, "moneyness_to", "g", "strike / spot", grouping_edge, 2 * axis + 1);
        break;
    case GEX_BY_MONEYNESS_FORWARD:
        gex__table_fill(table, "moneyness_forward_from", "g", "strike / forward", grouping_edge, 2 * axis);
        gex__table_fill(table, "moneyness_forward_to", "g", "strike / forward", grouping_edge, 2 * axis + 1);
        break;
    default: break; /* one key alone */
    }
}

gex_status gex_grouping_to_arrow(const gex_context *context, const gex_grouping *grouping, struct ArrowSchema *schema,
                                 struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(grouping, "grouping", schema, array, error);
    const char *label;

    if (status != GEX_OK)
        return status;
    label = gex_unit_label(gex_exposure_unit(gex_grouping_exposure(grouping)));
    gex__table_open(&table, grouping, gex_grouping_cells(grouping));
    put_axis(&table, grouping, 0);
    put_axis(&table, grouping, 1);
    gex__table_lend(&table, "net", "g", label, gex_grouping_sum(grouping, GEX_SUM_NET));
    gex__table_lend(&table, "gross", "g", label, gex_grouping_sum(grouping, GEX_SUM_GROSS));
    gex__table_lend(&table, "call", "g", label, gex_grouping_sum(grouping, GEX_SUM_CALL));
    gex__table_lend(&table, "put", "g", label, gex_grouping_sum(grouping, GEX_SUM_PUT));
    gex__table_lend(&table, "rows", "l", NULL, gex_grouping_count(grouping));
    return gex__table_end(context, &table, schema, array, error);
}

/* ---- over spot and time ------------------------------------------------------------------------------------------ */

gex_status gex_profile_to_arrow(const gex_context *context, const gex_profile *profile, struct ArrowSchema *schema,
                                struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(profile, "profile", schema, array, error);
    const double *prices;
    int64_t count;

    if (status != GEX_OK)
        return status;
    prices = gex_profile_prices(profile, &count);
    gex__table_open(&table, profile, count);
    gex__table_lend(&table, "price", "g", "price", prices);
    gex__table_lend(&table, "exposure", "g", gex_unit_label(gex_profile_unit(profile)),
                    gex_profile_values(profile, NULL));
    return gex__table_end(context, &table, schema, array, error);
}

static void field_instant(const void *from, int64_t which, int64_t rows, void *to)
{
    const int64_t *instants = gex_field_instants(from, NULL);
    int64_t prices;

    (void)which;
    (void)gex_field_prices(from, &prices);
    for (int64_t i = 0; i < rows; i++)
        ((int64_t *)to)[i] = instants[i / prices];
}

static void field_price(const void *from, int64_t which, int64_t rows, void *to)
{
    int64_t count;
    const double *prices = gex_field_prices(from, &count);

    (void)which;
    for (int64_t i = 0; i < rows; i++)
        ((double *)to)[i] = prices[i % count];
}

gex_status gex_field_to_arrow(const gex_context *context, const gex_field *field, struct ArrowSchema *schema,
                              struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(field, "field", schema, array, error);
    const int32_t *quantities;
    int64_t prices, instants, count;

    if (status != GEX_OK)
        return status;
    (void)gex_field_prices(field, &prices);
    (void)gex_field_instants(field, &instants);
    quantities = gex_field_quantities(field, &count);
    gex__table_open(&table, field, instants * prices);
    gex__table_fill(&table, "instant", INSTANT, NULL, field_instant, 0);
    gex__table_fill(&table, "price", "g", "price", field_price, 0);
    for (int64_t q = 0; q < count; q++)
        gex__table_lend(&table, gex_field_quantity_name(quantities[q]), "g", gex_field_quantity_label(quantities[q]),
                        gex_field_values(field, quantities[q], NULL));
    for (int64_t q = 0; q < count && gex_field_gross(field, quantities[q], NULL) != NULL; q++)
        gex__table_lend(&table, gex_field_quantity_name(quantities[q]), "g", gex_field_quantity_label(quantities[q]),
                        gex_field_gross(field, quantities[q], NULL))->gross = 1;
    return gex__table_end(context, &table, schema, array, error);
}

/* Rows are stretches, in the order of their numbers, which begin at 1. */
static void forced_stretch(const void *from, int64_t row, char *text)
{
    const char *name = gex_stretch_name((int32_t)row + 1);

    (void)from;
    memcpy(text, name, strlen(name) + 1);
}

static void forced_instant(const void *from, int64_t which, int64_t rows, void *to)
{
    for (int32_t i = 0; i < (int32_t)rows; i++)
        ((int64_t *)to)[i] = which == 0 ? gex_forced_from(from, i + 1) : gex_forced_to(from, i + 1);
}

static void forced_column(const void *from, int64_t which, int64_t rows, void *to)
{
    for (int32_t i = 0; i < (int32_t)rows; i++)
        ((double *)to)[i] = gex_forced_value(from, i + 1, (int32_t)which);
}

gex_status gex_forced_to_arrow(const gex_context *context, const gex_forced *forced, struct ArrowSchema *schema,
                               struct ArrowArray *array, gex_error *error)
{
    static const char *const units[GEX_FORCED_LAST_ + 1] = {NULL, "shares", "shares", "futures", "USD", "USD", "USD",
                                                            "% of daily volume"};
    struct gex__table table;
    const gex_status status = gex__table_begin(forced, "forced", schema, array, error);

    if (status != GEX_OK)
        return status;
    gex__table_open(&table, forced, GEX_STRETCH_LAST_);
    gex__table_text(&table, "stretch", forced_stretch);
    gex__table_fill(&table, "from", INSTANT, NULL, forced_instant, 0);
    gex__table_fill(&table, "to", INSTANT, NULL, forced_instant, 1);
    for (int32_t column = 1; column <= GEX_FORCED_LAST_; column++)
        gex__table_fill(&table, gex_forced_name(column), "g", units[column], forced_column, column);
    return gex__table_end(context, &table, schema, array, error);
}
