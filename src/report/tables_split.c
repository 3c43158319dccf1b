/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns the change at fixed strike, and the difference between snapshots, have as tables. */
#include <string.h>

#include "tables.h"

#define INSTANT "tsn:UTC"
#define VOLS    "1, a root year of the clock"

/* ---- change at fixed strike -------------------------------------------------------------------------------------- */

static void put_change_rows(struct gex__table *table, const gex_change *change)
{
    int64_t rows;
    const int64_t *after = gex_change_rows(change, &rows);

    gex__table_open(table, change, rows);
    gex__table_lend(table, "row_after", "l", NULL, after)->null = GEX_NULL_BELOW_ZERO;
    for (int32_t column = 1; column <= GEX_CHANGE_LAST_; column++)
        gex__table_lend(table, gex_change_name(column), "g", column == GEX_CHANGE_VEGA ? "USD per 1.00 of vol" : VOLS,
                        gex_change_column(change, column, NULL));
}

static void put_change_sums(struct gex__table *table, const gex_change *change, int32_t by)
{
    int64_t count;

    (void)gex_change_by(change, by, GEX_CHANGE_VEGA, &count);
    gex__table_open(table, change, count);
    for (int32_t column = GEX_CHANGE_TOTAL; column <= GEX_CHANGE_LAST_; column++)
        gex__table_lend(table, gex_change_name(column), "g", column == GEX_CHANGE_VEGA ? "USD per 1.00 of vol" : "USD",
                        gex_change_by(change, by, column, NULL));
}

static void put_change_expiries(struct gex__table *table, const gex_change *change)
{
    static const char *const units[GEX_CHANGE_EXPIRY_LAST_ + 1] = {NULL, VOLS, VOLS, VOLS, VOLS, "1", VOLS, VOLS,
                                                                   "years", "contracts"};
    int64_t count;

    (void)gex_change_expiry(change, GEX_CHANGE_EXPIRY_LEVEL, &count);
    gex__table_open(table, change, count);
    for (int32_t column = 1; column <= GEX_CHANGE_EXPIRY_LAST_; column++)
        gex__table_lend(table, gex_change_expiry_name(column), "g", units[column],
                        gex_change_expiry(change, column, NULL));
}

gex_status gex_change_to_arrow(const gex_context *context, const gex_change *change, int32_t by,
                               struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(change, "change", schema, array, error);

    if (status != GEX_OK)
        return status;
    if (by == 0)
        put_change_rows(&table, change);
    else if (by == GEX_BY_STRIKE)
        put_change_sums(&table, change, by);
    else if (by == GEX_BY_EXPIRY)
        put_change_expiries(&table, change);
    else
        return gex__table_refuse(by, "0, rows, GEX_BY_STRIKE and GEX_BY_EXPIRY", error);
    return gex__table_end(context, &table, schema, array, error);
}

/* ---- between snapshots ------------------------------------------------------------------------------------------- */

/* Where a line's contract stands: in the chain before, or else in the one after. */
static const gex_chain *line_chain(const gex_difference *difference, int64_t line, int64_t *row_out)
{
    const int64_t before = gex_difference_rows_before(difference, NULL)[line];

    *row_out = before >= 0 ? before : gex_difference_rows_after(difference, NULL)[line];
    return gex_market_chain(before >= 0 ? gex_difference_market_before(difference)
                                        : gex_difference_market_after(difference));
}

static void line_root(const void *from, int64_t line, char *text)
{
    int64_t row;
    const gex_chain *chain = line_chain(from, line, &row);
    const char *root = gex_chain_root(chain, row);

    memcpy(text, root, strlen(root) + 1);
}

static void line_settlement(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)which;
    for (int64_t i = 0; i < rows; i++) {
        int64_t row;
        const gex_chain *chain = line_chain(from, i, &row);
        ((int64_t *)to)[i] = gex_chain_settlement(chain)[row];
    }
}

static void line_strike(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)which;
    for (int64_t i = 0; i < rows; i++) {
        int64_t row;
        const gex_chain *chain = line_chain(from, i, &row);
        ((double *)to)[i] = gex_chain_strike(chain)[row];
    }
}

static void line_right(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)which;
    for (int64_t i = 0; i < rows; i++) {
        int64_t row;
        const gex_chain *chain = line_chain(from, i, &row);
        ((int8_t *)to)[i] = gex_chain_right(chain)[row];
    }
}

static void put_lines(struct gex__table *table, const gex_difference *difference)
{
    int64_t lines;
    const uint8_t *kinds = gex_difference_kinds(difference, &lines);

    gex__table_open(table, difference, lines);
    gex__table_text(table, "root", line_root);
    gex__table_fill(table, "settlement", INSTANT, NULL, line_settlement, 0);
    gex__table_fill(table, "strike", "g", "price", line_strike, 0);
    gex__table_fill(table, "right", "c", NULL, line_right, 0);
    gex__table_lend(table, "kind", "C", NULL, kinds);
    gex__table_lend(table, "row_before", "l", NULL, gex_difference_rows_before(difference, NULL))->null =
        GEX_NULL_BELOW_ZERO;
    gex__table_lend(table, "row_after", "l", NULL, gex_difference_rows_after(difference, NULL))->null =
        GEX_NULL_BELOW_ZERO;
}

gex_status gex_difference_to_arrow(const gex_context *context, const gex_difference *difference, int32_t by,
                                   struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(difference, "difference", schema, array, error);
    const char *label;
    int64_t count;

    if (status != GEX_OK)
        return status;
    if (by != 0 && by != GEX_BY_STRIKE && by != GEX_BY_EXPIRY)
        return gex__table_refuse(by, "0, lines, GEX_BY_STRIKE and GEX_BY_EXPIRY", error);
    label = gex_field_quantity_label(gex_difference_quantity(difference));
    if (by == 0) {
        put_lines(&table, difference);
    } else if (by == GEX_BY_STRIKE) {
        const double *strikes = gex_difference_strikes(difference, &count);
        gex__table_open(&table, difference, count);
        gex__table_lend(&table, "strike", "g", "price", strikes);
    } else {
        const int64_t *expiries = gex_difference_expiries(difference, &count);
        gex__table_open(&table, difference, count);
        gex__table_lend(&table, "settlement", INSTANT, NULL, expiries);
    }
    for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++)
        gex__table_lend(&table, gex_difference_name(column), "g", label,
                        by == 0 ? gex_difference_lines(difference, column, NULL)
                                : gex_difference_by(difference, by, column, NULL));
    return gex__table_end(context, &table, schema, array, error);
}
