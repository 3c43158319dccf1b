/* SPDX-License-Identifier: Apache-2.0 */
/* Which columns baskets, their exposures, strikes on one axis and dispersions have as tables. */
#include <math.h>
#include <string.h>

#include "tables.h"

/* ---- members ----------------------------------------------------------------------------------------------------- */

static void name_put(const gex_basket *basket, int64_t row, char *text)
{
    const char *name = gex_basket_name(basket, row);

    memcpy(text, name, strlen(name) + 1);
}

static void member_name(const void *from, int64_t row, char *text)
{
    name_put(from, row, text);
}

static double member_spot(const gex_basket *basket, int64_t i)
{
    return gex_market_spot(gex_basket_market(basket, i));
}

static const struct {
    const char *name, *unit;
    double (*of)(const gex_basket *basket, int64_t i);
} members[] = {
    {"spot", "price", member_spot},
    {"currency", "hedge currency per unit of the member's", gex_basket_currency},
    {"drift", "1 a year", gex_basket_drift},
    {"weight", "1", gex_basket_weight},
    {"slope", "price per price of the reference", gex_basket_slope},
    {"beta", "return per return of the reference", gex_basket_beta},
    {"ratio", "price over price of the reference", gex_basket_ratio},
    {"basis", "price", gex_basket_basis},
};
enum { MEMBERS = sizeof members / sizeof *members };

static void member_number(const void *from, int64_t which, int64_t rows, void *to)
{
    for (int64_t i = 0; i < rows; i++)
        ((double *)to)[i] = members[which].of(from, i);
}

static void codes_put(const gex_basket *basket, int64_t which, int64_t rows, uint8_t *to)
{
    for (int64_t i = 0; i < rows; i++)
        to[i] = (uint8_t)(which == 0 ? gex_basket_link(basket, i) : gex_basket_role(basket, i));
}

static void member_code(const void *from, int64_t which, int64_t rows, void *to)
{
    codes_put(from, which, rows, to);
}

gex_status gex_basket_to_arrow(const gex_context *context, const gex_basket *basket, struct ArrowSchema *schema,
                               struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(basket, "basket", schema, array, error);

    if (status != GEX_OK)
        return status;
    gex__table_open(&table, basket, gex_basket_members(basket));
    gex__table_text(&table, "name", member_name);
    gex__table_fill(&table, "link", "C", NULL, member_code, 0);
    gex__table_fill(&table, "role", "C", NULL, member_code, 1);
    for (int32_t k = 0; k < MEMBERS; k++)
        gex__table_fill(&table, members[k].name, "g", members[k].unit, member_number, k);
    return gex__table_end(context, &table, schema, array, error);
}

/* ---- exposure of a basket ---------------------------------------------------------------------------------------- */

static void exposure_name(const void *from, int64_t row, char *text)
{
    name_put(gex_basket_exposure_basket(from), row, text);
}

static void exposure_code(const void *from, int64_t which, int64_t rows, void *to)
{
    codes_put(gex_basket_exposure_basket(from), which, rows, to);
}

/* Calls and puts are the two keys by right. */
static void exposure_sum(const void *from, int64_t which, int64_t rows, void *to)
{
    for (int64_t i = 0; i < rows; i++) {
        const gex_exposure *member = gex_basket_exposure_member(from, i);
        const double *by_right = gex_exposure_by(member, GEX_BY_RIGHT, GEX_SUM_NET, NULL);

        ((double *)to)[i] = which == GEX_SUM_NET     ? gex_exposure_total(member)
                            : which == GEX_SUM_GROSS ? gex_exposure_gross(member)
                                                     : by_right[which == GEX_SUM_PUT];
    }
}

static void exposure_rows(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)which;
    for (int64_t i = 0; i < rows; i++)
        ((int64_t *)to)[i] = gex_exposure_count_used(gex_basket_exposure_member(from, i));
}

gex_status gex_basket_exposure_to_arrow(const gex_context *context, const gex_basket_exposure *exposure,
                                        struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    struct gex__table table;
    const gex_status status = gex__table_begin(exposure, "exposure", schema, array, error);
    const char *label;

    if (status != GEX_OK)
        return status;
    label = gex_unit_label(gex_basket_exposure_unit(exposure));
    gex__table_open(&table, exposure, gex_basket_members(gex_basket_exposure_basket(exposure)));
    gex__table_text(&table, "name", exposure_name);
    gex__table_fill(&table, "link", "C", NULL, exposure_code, 0);
    gex__table_fill(&table, "role", "C", NULL, exposure_code, 1);
    gex__table_fill(&table, "net", "g", label, exposure_sum, GEX_SUM_NET);
    gex__table_fill(&table, "gross", "g", label, exposure_sum, GEX_SUM_GROSS);
    gex__table_fill(&table, "call", "g", label, exposure_sum, GEX_SUM_CALL);
    gex__table_fill(&table, "put", "g", label, exposure_sum, GEX_SUM_PUT);
    gex__table_fill(&table, "rows", "l", NULL, exposure_rows, 0);
    return gex__table_end(context, &table, schema, array, error);
}

static void combo_parts(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)which;
    for (int64_t i = 0; i < rows; i++)
        (void)gex_combo_part_member(from, i, (int64_t *)to + i);
}

gex_status gex_combo_to_arrow(const gex_context *context, const gex_combo *combo, struct ArrowSchema *schema,
                              struct ArrowArray *array, gex_error *error)
{
    static const char *const names[] = {NULL, "net", "gross", "call", "put"};
    struct gex__table table;
    const gex_status status = gex__table_begin(combo, "combo", schema, array, error);
    const double *prices;
    const char *label;
    int64_t count;

    if (status != GEX_OK)
        return status;
    label = gex_unit_label(gex_basket_exposure_unit(gex_combo_exposure(combo)));
    prices = gex_combo_prices(combo, &count);
    gex__table_open(&table, combo, count);
    gex__table_lend(&table, "price", "g", "price of the reference", prices);
    for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++)
        gex__table_lend(&table, names[sum], "g", label, gex_combo_sum(combo, sum, NULL));
    gex__table_fill(&table, "strikes", "l", NULL, combo_parts, 0);
    return gex__table_end(context, &table, schema, array, error);
}

/* ---- dispersion -------------------------------------------------------------------------------------------------- */

#define VEGA  "hedge currency per vol point"
#define GAMMA "hedge currency per 1 % of the reference"

static void dispersion_value(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)rows;
    *(double *)to = gex_dispersion_value(from, (int32_t)which);
}

static void dispersion_status(const void *from, int64_t which, int64_t rows, void *to)
{
    (void)which, (void)rows;
    *(uint8_t *)to = (uint8_t)gex_dispersion_status(from);
}

gex_status gex_dispersion_to_arrow(const gex_context *context, const gex_dispersion *dispersion,
                                   struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    static const char *const units[GEX_DISPERSION_LAST_ + 1] = {
        NULL,  "1 a root year", "1 a root year", "1",   "1",   VEGA,  VEGA,
        VEGA,  VEGA,            VEGA,            GAMMA, GAMMA, GAMMA, GAMMA,
        GAMMA, "hedge currency per 1 % of each name", "hedge currency per 0.01 of correlation", VEGA};
    struct gex__table table;
    const gex_status status = gex__table_begin(dispersion, "dispersion", schema, array, error);

    if (status != GEX_OK)
        return status;
    gex__table_open(&table, dispersion, 1);
    gex__table_fill(&table, "status", "C", NULL, dispersion_status, 0);
    for (int32_t value = 1; value <= GEX_DISPERSION_LAST_; value++)
        gex__table_fill(&table, gex_dispersion_name(value), "g", units[value], dispersion_value, value);
    return gex__table_end(context, &table, schema, array, error);
}

static void dispersed_name(const void *from, int64_t row, char *text)
{
    name_put(gex_dispersion_basket(from), row, text);
}

static void dispersed_role(const void *from, int64_t which, int64_t rows, void *to)
{
    codes_put(gex_dispersion_basket(from), which, rows, to);
}

gex_status gex_dispersion_members_to_arrow(const gex_context *context, const gex_dispersion *dispersion,
                                           struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error)
{
    static const char *const units[GEX_DISPERSION_MEMBER_LAST_ + 1] = {NULL, "1 a root year", VEGA, GAMMA, VEGA, VEGA};
    struct gex__table table;
    const gex_status status = gex__table_begin(dispersion, "dispersion", schema, array, error);

    if (status != GEX_OK)
        return status;
    gex__table_open(&table, dispersion, gex_basket_members(gex_dispersion_basket(dispersion)));
    gex__table_text(&table, "name", dispersed_name);
    gex__table_fill(&table, "role", "C", NULL, dispersed_role, 1);
    for (int32_t value = 1; value <= GEX_DISPERSION_MEMBER_LAST_; value++)
        gex__table_lend(&table, gex_dispersion_member_name(value), "g", units[value],
                        gex_dispersion_member(dispersion, value, NULL));
    return gex__table_end(context, &table, schema, array, error);
}
