/* SPDX-License-Identifier: Apache-2.0 */
/* Results as Arrow tables: every column that of its accessor, nulls where nothing is, and whoever is released last. */
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "doors.h"
#include "failing.h"
#include "refusal.h"
#include "tables.h"

Suite *suite_tables(void);

static struct world world;

static void open_world(void)
{
    gex_error error;
    ck_assert_msg(world_open(&world, NULL, &error) == GEX_OK, "%s", error.message);
}

static void close_world(void)
{
    world_close(&world);
}

struct table {
    struct ArrowSchema schema;
    struct ArrowArray  array;
};

static void release(struct table *table)
{
    table->array.release(&table->array);
    ck_assert(table->array.release == NULL);
    table->schema.release(&table->schema);
    ck_assert(table->schema.release == NULL);
}

/* ---- what any table is ------------------------------------------------------------------------------------------- */

static void check_nulls(const struct ArrowSchema *schema, const struct ArrowArray *child)
{
    int64_t nulls = 0;

    for (int64_t i = 0; i < child->length; i++)
        nulls += table_is_null(child, i);
    ck_assert_int_eq(nulls, child->null_count);
    if (nulls > 0)
        ck_assert_int_eq(schema->flags, ARROW_FLAG_NULLABLE);
    for (int64_t i = 0; strcmp(schema->format, "g") == 0 && i < child->length; i++)
        ck_assert_msg(table_is_null(child, i) == (isnan(((const double *)child->buffers[1])[i]) != 0), "%s",
                      schema->name);
    for (int64_t i = 0; schema->format[0] == 't' && i < child->length; i++)
        ck_assert_int_eq(table_is_null(child, i), ((const int64_t *)child->buffers[1])[i] == INT64_MIN);
}

static void check_texts(const struct ArrowArray *child)
{
    const int64_t *ends = child->buffers[1];

    ck_assert_int_eq(ends[0], 0);
    for (int64_t i = 0; i < child->length; i++)
        ck_assert_int_le(ends[i], ends[i + 1]);
    ck_assert(child->buffers[2] != NULL || ends[child->length] == 0);
}

static void check_table(const struct table *table, int64_t rows)
{
    const char *unit = NULL;

    ck_assert_str_eq(table->schema.format, "+s");
    ck_assert_int_eq(table->schema.n_children, table->array.n_children);
    ck_assert_int_eq(table->array.length, rows);
    ck_assert_int_eq(table->array.n_buffers, 1);
    ck_assert_ptr_null(table->array.buffers[0]);
    ck_assert(table->schema.dictionary == NULL && table->array.dictionary == NULL);
    for (int64_t k = 0; k < table->schema.n_children; k++) {
        const struct ArrowSchema *schema = table->schema.children[k];
        const struct ArrowArray *child = table->array.children[k];
        const bool text = strcmp(schema->format, "U") == 0;

        ck_assert_int_eq(table_find(&table->schema, schema->name), k); /* no name twice */
        ck_assert_int_eq(child->length, rows);
        ck_assert_int_eq(child->offset, 0);
        ck_assert_int_eq(child->n_buffers, text ? 3 : 2);
        ck_assert(schema->n_children == 0 && child->n_children == 0);
        ck_assert_ptr_nonnull(child->buffers[1]);
        ck_assert_int_ge(table_unit(schema->metadata, &unit), 0);
        if (text)
            check_texts(child);
        else
            check_nulls(schema, child);
    }
}

/* A column is what an accessor gives, to the bit. */
static const struct ArrowArray *column(const struct table *table, const char *name, const char *format)
{
    const int64_t k = table_find(&table->schema, name);

    ck_assert_msg(k >= 0, "no column %s", name);
    ck_assert_str_eq(table->schema.children[k]->format, format);
    return table->array.children[k];
}

static void holds(const struct table *table, const char *name, const char *format, const void *values)
{
    const struct ArrowArray *child = column(table, name, format);
    const size_t size = (size_t)(child->length * table_width(format));

    ck_assert_msg(size == 0 || memcmp(child->buffers[1], values, size) == 0, "%s", name);
}

static void says(const struct table *table, const char *name, int64_t row, const char *text)
{
    const struct ArrowArray *child = column(table, name, "U");
    const int64_t *ends = child->buffers[1];

    ck_assert_int_eq(ends[row + 1] - ends[row], (int64_t)strlen(text));
    ck_assert_mem_eq((const char *)child->buffers[2] + ends[row], text, strlen(text));
}

static void in_unit(const struct table *table, const char *name, const char *unit)
{
    const char *said = NULL;
    const int32_t length = table_unit(table->schema.children[table_find(&table->schema, name)]->metadata, &said);

    ck_assert_int_eq(length, (int32_t)strlen(unit));
    ck_assert_mem_eq(said, unit, strlen(unit));
}

#define GIVEN(rows, call)                                             \
    struct table table;                                               \
    gex_error error = blank();                                        \
    struct ArrowSchema *const schema = &table.schema;                 \
    struct ArrowArray *const array = &table.array;                    \
    ck_assert_msg((call) == GEX_OK, "%s", error.message);             \
    check_table(&table, (rows))

/* ---- each -------------------------------------------------------------------------------------------------------- */

static void series(const struct table *table, const gex_chain *chain)
{
    holds(table, "settlement", "tsn:UTC", gex_chain_settlement(chain));
    holds(table, "strike", "g", gex_chain_strike(chain));
    holds(table, "right", "c", gex_chain_right(chain));
    for (int64_t i = 0; i < gex_chain_rows(chain); i++) {
        says(table, "root", i, gex_chain_root(chain, i));
        ck_assert_int_eq(table_is_null(column(table, "right", "c"), i), gex_chain_right(chain)[i] == 0);
    }
}

START_TEST(a_chain_and_back)
{
    const gex_chain *chain = world.chain;
    gex_chain *again = NULL;
    char symbol[65];
    GIVEN(WORLD_ROWS, gex_chain_to_arrow(NULL, chain, schema, array, &error));

    series(&table, chain);
    for (int64_t i = 0; i < WORLD_ROWS; i++) {
        gex_chain_symbol(chain, i, symbol, sizeof symbol);
        says(&table, "symbol", i, symbol);
    }
    holds(&table, "bid", "g", gex_chain_bid(chain));
    holds(&table, "vol", "g", gex_chain_vol(chain));
    holds(&table, "volume", "g", gex_chain_volume(chain));
    holds(&table, "status", "C", gex_chain_status(chain));
    holds(&table, "flags", "I", gex_chain_flags(chain));
    ck_assert_ptr_eq(column(&table, "vol", "g")->buffers[1], gex_chain_vol(chain)); /* lent */

    ck_assert_int_eq(gex_chain_from_arrow(NULL, &table.schema, &table.array, NULL, &again, &error), GEX_OK);
    for (int64_t i = 0; i < WORLD_ROWS; i++) { /* rows that name a series; the others stay refused */
        ck_assert_int_eq(gex_chain_status(again)[i] == GEX_ROW_USED, gex_chain_status(chain)[i] == GEX_ROW_USED);
        if (gex_chain_status(chain)[i] != GEX_ROW_USED)
            continue;
        ck_assert_str_eq(gex_chain_root(again, i), gex_chain_root(chain, i));
        ck_assert_int_eq(gex_chain_settlement(again)[i], gex_chain_settlement(chain)[i]);
        ck_assert(gex_chain_strike(again)[i] == gex_chain_strike(chain)[i]);
        ck_assert(gex_chain_open_interest(again)[i] == gex_chain_open_interest(chain)[i] ||
                  isnan(gex_chain_open_interest(chain)[i]));
        ck_assert_int_eq(isnan(gex_chain_open_interest(again)[i]) != 0, isnan(gex_chain_open_interest(chain)[i]) != 0);
        ck_assert_int_eq(gex_chain_exercise(again)[i], gex_chain_exercise(chain)[i]);
        ck_assert(gex_chain_multiplier(again)[i] == gex_chain_multiplier(chain)[i]);
    }
    gex_chain_free(again);
    release(&table);
}
END_TEST

START_TEST(a_market_by_row_and_expiry)
{
    const gex_market *market = world.market;
    {
        GIVEN(WORLD_ROWS, gex_market_to_arrow(NULL, market, 0, schema, array, &error));
        series(&table, world.chain);
        holds(&table, "status", "C", gex_market_status(market));
        holds(&table, "vol", "g", gex_market_vol(market));
        holds(&table, "vol_source", "C", gex_market_vol_source(market));
        release(&table);
    }
    {
        GIVEN(gex_market_expiry_count(market), gex_market_to_arrow(NULL, market, GEX_BY_EXPIRY, schema, array, &error));
        holds(&table, "settlement", "tsn:UTC", gex_chain_expiries(world.chain, NULL));
        holds(&table, "years", "g", gex_market_years(market));
        holds(&table, "forward", "g", gex_market_forward(market));
        holds(&table, "forward_pairs", "i", gex_market_forward_pairs(market));
        holds(&table, "parity", "C", gex_market_parity(market));
        in_unit(&table, "forward", "price");
        release(&table);
    }
}
END_TEST

START_TEST(greeks_and_exposures)
{
    {
        GIVEN(WORLD_ROWS, gex_greeks_to_arrow(NULL, world.greeks, schema, array, &error));
        series(&table, world.chain);
        holds(&table, "status", "C", gex_greeks_status(world.greeks));
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            if (gex_greeks_column(world.greeks, greek) != NULL)
                holds(&table, gex_greek_name(greek), "g", gex_greeks_column(world.greeks, greek));
        release(&table);
    }
    {
        GIVEN(WORLD_ROWS, gex_exposure_to_arrow(NULL, world.exposure, 0, schema, array, &error));
        series(&table, world.chain);
        holds(&table, "exposure", "g", gex_exposure_rows(world.exposure));
        holds(&table, "position", "g", gex_book_positions(world.book));
        holds(&table, "status", "C", gex_exposure_status(world.exposure));
        in_unit(&table, "exposure", "USD per 1 % of spot");
        release(&table);
    }
    for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++) {
        static const char *const keys[] = {"", "strike", "settlement", "right", "zero_dte"};
        int64_t count;
        const double *net = gex_exposure_by(world.exposure, by, GEX_SUM_NET, &count);
        GIVEN(count, gex_exposure_to_arrow(NULL, world.exposure, by, schema, array, &error));
        ck_assert_int_eq(table_find(&table.schema, keys[by]), 0);
        holds(&table, "net", "g", net);
        holds(&table, "gross", "g", gex_exposure_by(world.exposure, by, GEX_SUM_GROSS, NULL));
        holds(&table, "put", "g", gex_exposure_by(world.exposure, by, GEX_SUM_PUT, NULL));
        holds(&table, "rows", "l", gex_exposure_count_by(world.exposure, by, NULL));
        if (by == GEX_BY_STRIKE)
            holds(&table, "strike", "g", gex_chain_strikes(world.chain, NULL));
        release(&table);
    }
}
END_TEST

static gex_grouping *grouped(int32_t first, int32_t second)
{
    static const double edges[] = {0.5, 1.0, 40.0};
    gex_grouping_options options;
    gex_grouping *grouping = NULL;
    gex_error error;

    gex_grouping_options_init(&options, sizeof options);
    options.first = first;
    options.second = second;
    if (first >= GEX_BY_DTE && first <= GEX_BY_MONEYNESS_FORWARD) {
        options.first_edges = (gex_f64){edges, sizeof *edges};
        options.first_edge_count = 3;
    }
    if (second >= GEX_BY_DTE && second <= GEX_BY_MONEYNESS_FORWARD) {
        options.second_edges = (gex_f64){edges, sizeof *edges};
        options.second_edge_count = 3;
    }
    ck_assert_msg(gex_grouping_compute(NULL, world.exposure, &options, &grouping, &error) == GEX_OK, "%s",
                  error.message);
    return grouping;
}

static double real_at(const struct table *table, const char *name, int64_t row)
{
    return ((const double *)column(table, name, "g")->buffers[1])[row];
}

/* The columns of the first key say what the key of each cell is. */
static void check_keys(const struct table *table, const gex_grouping *grouping)
{
    const int32_t first = gex_grouping_by(grouping, 0);

    for (int64_t i = 0; i < gex_grouping_cells(grouping); i++) {
        const int32_t key = gex_grouping_key(grouping, 0)[i];

        if (first == GEX_BY_ROOT)
            says(table, "root", i, gex_grouping_root(grouping, key));
        if (first == GEX_BY_STRIKE)
            ck_assert(real_at(table, "strike", i) == gex_chain_strikes(world.chain, NULL)[key]);
        if (first == GEX_BY_RIGHT)
            ck_assert_int_eq(((const int8_t *)column(table, "right", "c")->buffers[1])[i], key == 0 ? 1 : -1);
        if (first != GEX_BY_DTE)
            continue;
        ck_assert_int_eq(table_is_null(column(table, "dte_from", "g"), i), key == 0);
        ck_assert_int_eq(table_is_null(column(table, "dte_to", "g"), i), key == 3);
        ck_assert(key == 0 || key == 3 || real_at(table, "dte_from", i) < real_at(table, "dte_to", i));
    }
}

/* Every pair of keys: a cell's columns say its key, edges of the outer buckets are null. */
START_TEST(groups_of_every_key)
{
    static const char *const keys[] = {"", "strike", "settlement", "right", "zero_dte", "dte_from", "moneyness_from",
                                       "moneyness_forward_from", "root"};

    for (int32_t first = 1; first <= GEX_BY_ROOT; first++)
        for (int32_t second = 0; second <= GEX_BY_ROOT; second++) {
            gex_grouping *grouping = first != second ? grouped(first, second) : NULL;
            const int64_t cells = gex_grouping_cells(grouping);

            if (grouping != NULL) {
                GIVEN(cells, gex_grouping_to_arrow(NULL, grouping, schema, array, &error));
                ck_assert_int_eq(table_find(&table.schema, keys[first]), 0);
                ck_assert(second == 0 || table_find(&table.schema, keys[second]) > 0);
                holds(&table, "net", "g", gex_grouping_sum(grouping, GEX_SUM_NET));
                holds(&table, "rows", "l", gex_grouping_count(grouping));
                check_keys(&table, grouping);
                release(&table);
            }
            gex_grouping_free(grouping);
        }
}
END_TEST

START_TEST(profiles_fields_and_stretches)
{
    int64_t prices, instants, count;
    const double *price = gex_field_prices(world.field, &prices);
    const int64_t *instant = gex_field_instants(world.field, &instants);
    const int32_t *quantities = gex_field_quantities(world.field, &count);
    char gross[64];
    {
        int64_t points;
        const double *at = gex_profile_prices(world.profile, &points);
        GIVEN(points, gex_profile_to_arrow(NULL, world.profile, schema, array, &error));
        holds(&table, "price", "g", at);
        holds(&table, "exposure", "g", gex_profile_values(world.profile, NULL));
        release(&table);
    }
    {
        GIVEN(prices * instants, gex_field_to_arrow(NULL, world.field, schema, array, &error));
        for (int64_t i = 0; i < prices * instants; i++) {
            ck_assert_int_eq(((const int64_t *)column(&table, "instant", "tsn:UTC")->buffers[1])[i],
                             instant[i / prices]);
            ck_assert(real_at(&table, "price", i) == price[i % prices]);
        }
        for (int64_t q = 0; q < count; q++) {
            const char *name = gex_field_quantity_name(quantities[q]);
            holds(&table, name, "g", gex_field_values(world.field, quantities[q], NULL));
            in_unit(&table, name, gex_field_quantity_label(quantities[q]));
            snprintf(gross, sizeof gross, "%s_gross", name);
            holds(&table, gross, "g", gex_field_gross(world.field, quantities[q], NULL));
            in_unit(&table, gross, gex_field_quantity_label(quantities[q]));
        }
        release(&table);
    }
    {
        GIVEN(GEX_STRETCH_LAST_, gex_forced_to_arrow(NULL, world.forced, schema, array, &error));
        for (int32_t i = 0; i < GEX_STRETCH_LAST_; i++) {
            says(&table, "stretch", i, gex_stretch_name(i + 1));
            ck_assert_int_eq(((const int64_t *)column(&table, "to", "tsn:UTC")->buffers[1])[i],
                             gex_forced_to(world.forced, i + 1));
            for (int32_t k = 1; k <= GEX_FORCED_LAST_; k++) {
                const double mine = ((const double *)column(&table, gex_forced_name(k), "g")->buffers[1])[i];
                const double theirs = gex_forced_value(world.forced, i + 1, k);
                ck_assert(mine == theirs || (isnan(mine) && isnan(theirs)));
            }
        }
        release(&table);
    }
}
END_TEST

static int8_t code_at(const struct table *table, const char *name, const char *format, int64_t row)
{
    return ((const int8_t *)column(table, name, format)->buffers[1])[row];
}

START_TEST(baskets_and_dispersions)
{
    const gex_basket *basket = world.basket;
    const gex_basket_exposure *exposure = world.basket_exposure;
    const gex_dispersion *dispersion = world.dispersion;
    const char *label = gex_unit_label(gex_basket_exposure_unit(exposure));
    int64_t nodes, count;

    {
        GIVEN(WORLD_MEMBERS, gex_basket_to_arrow(NULL, basket, schema, array, &error));
        for (int64_t i = 0; i < WORLD_MEMBERS; i++) {
            says(&table, "name", i, gex_basket_name(basket, i));
            ck_assert_int_eq(code_at(&table, "link", "C", i), gex_basket_link(basket, i));
            ck_assert_int_eq(code_at(&table, "role", "C", i), gex_basket_role(basket, i));
            ck_assert(real_at(&table, "spot", i) == gex_market_spot(gex_basket_market(basket, i)));
            ck_assert(real_at(&table, "currency", i) == gex_basket_currency(basket, i));
            ck_assert(real_at(&table, "drift", i) == gex_basket_drift(basket, i));
            ck_assert(real_at(&table, "weight", i) == gex_basket_weight(basket, i));
            ck_assert(real_at(&table, "slope", i) == gex_basket_slope(basket, i));
            ck_assert(real_at(&table, "beta", i) == gex_basket_beta(basket, i));
            ck_assert(real_at(&table, "ratio", i) == gex_basket_ratio(basket, i));
            ck_assert(real_at(&table, "basis", i) == gex_basket_basis(basket, i));
        }
        release(&table);
    }
    {
        GIVEN(WORLD_MEMBERS, gex_basket_exposure_to_arrow(NULL, exposure, schema, array, &error));
        for (int64_t i = 0; i < WORLD_MEMBERS; i++) {
            const gex_exposure *member = gex_basket_exposure_member(exposure, i);
            const double *by_right = gex_exposure_by(member, GEX_BY_RIGHT, GEX_SUM_NET, NULL);

            says(&table, "name", i, gex_basket_name(basket, i));
            ck_assert_int_eq(code_at(&table, "link", "C", i), gex_basket_link(basket, i));
            ck_assert_int_eq(code_at(&table, "role", "C", i), gex_basket_role(basket, i));
            ck_assert(real_at(&table, "net", i) == gex_exposure_total(member));
            ck_assert(real_at(&table, "gross", i) == gex_exposure_gross(member));
            ck_assert(real_at(&table, "call", i) == by_right[0]);
            ck_assert(real_at(&table, "put", i) == by_right[1]);
            ck_assert_int_eq(((const int64_t *)column(&table, "rows", "l")->buffers[1])[i],
                             gex_exposure_count_used(member));
        }
        in_unit(&table, "net", label);
        release(&table);
    }

    (void)gex_combo_prices(world.combo, &nodes);
    {
        GIVEN(nodes, gex_combo_to_arrow(NULL, world.combo, schema, array, &error));
        holds(&table, "price", "g", gex_combo_prices(world.combo, NULL));
        holds(&table, "net", "g", gex_combo_sum(world.combo, GEX_SUM_NET, NULL));
        holds(&table, "gross", "g", gex_combo_sum(world.combo, GEX_SUM_GROSS, NULL));
        holds(&table, "call", "g", gex_combo_sum(world.combo, GEX_SUM_CALL, NULL));
        holds(&table, "put", "g", gex_combo_sum(world.combo, GEX_SUM_PUT, NULL));
        in_unit(&table, "gross", label);
        for (int64_t i = 0; i < nodes; i++) {
            (void)gex_combo_part_strike(world.combo, i, &count);
            ck_assert_int_eq(((const int64_t *)column(&table, "strikes", "l")->buffers[1])[i], count);
        }
        release(&table);
    }
    {
        GIVEN(1, gex_dispersion_to_arrow(NULL, dispersion, schema, array, &error));
        ck_assert_int_eq(code_at(&table, "status", "C", 0), gex_dispersion_status(dispersion));
        for (int32_t value = 1; value <= GEX_DISPERSION_LAST_; value++) {
            const double mine = ((const double *)column(&table, gex_dispersion_name(value), "g")->buffers[1])[0];
            const double theirs = gex_dispersion_value(dispersion, value);
            ck_assert(mine == theirs || (isnan(mine) && isnan(theirs)));
        }
        in_unit(&table, "correlation_vega", "hedge currency per 0.01 of correlation");
        in_unit(&table, "fixed_correlation_vega", "hedge currency per vol point");
        in_unit(&table, "names_gross_gamma", "hedge currency per 1 % of the reference");
        in_unit(&table, "names_own_gamma", "hedge currency per 1 % of each name");
        in_unit(&table, "names_gross_vega", "hedge currency per vol point");
        release(&table);
    }
    {
        GIVEN(WORLD_MEMBERS, gex_dispersion_members_to_arrow(NULL, dispersion, schema, array, &error));
        for (int64_t i = 0; i < WORLD_MEMBERS; i++) {
            says(&table, "name", i, gex_basket_name(basket, i));
            ck_assert_int_eq(code_at(&table, "role", "C", i), gex_basket_role(basket, i));
        }
        for (int32_t value = 1; value <= GEX_DISPERSION_MEMBER_LAST_; value++)
            holds(&table, gex_dispersion_member_name(value), "g", gex_dispersion_member(dispersion, value, NULL));
        release(&table);
    }
}
END_TEST

START_TEST(bands_flips_and_regimes)
{
    const gex_exposure_options by_total = world_exposure_options();
    const gex_bands *path = world.path_bands;
    gex_bands *total = NULL;
    int64_t count, changes;
    const int32_t *regime = gex_regime_path_states(world.regime_path, &count);
    const int64_t *change = gex_regime_path_changes(world.regime_path, &changes);

    {
        GIVEN(count, gex_bands_to_arrow(NULL, path, schema, array, &error));
        holds(&table, "instant", "tsn:UTC", gex_bands_as_of(path, NULL));
        holds(&table, "spot", "g", gex_bands_spot(path, NULL));
        holds(&table, "mean", "g", gex_bands_mean(path, NULL));
        holds(&table, "sd", "g", gex_bands_sd(path, NULL));
        holds(&table, "gross", "g", gex_bands_gross(path, NULL));
        holds(&table, "above", "g", gex_bands_above(path, NULL));
        holds(&table, "below", "g", gex_bands_below(path, NULL));
        in_unit(&table, "sd", gex_unit_label(gex_bands_unit(path)));
        release(&table);
    }

    ck_assert_int_eq(gex_bands_of_exposure(NULL, world.greeks, world.uncertainty, &by_total, NULL, &total, NULL),
                     GEX_OK);
    {
        GIVEN(1, gex_bands_to_arrow(NULL, total, schema, array, &error));
        ck_assert_int_eq(table.schema.n_children, 5); /* no state */
        holds(&table, "mean", "g", gex_bands_mean(total, NULL));
        release(&table);
    }
    gex_bands_free(total);

    (void)gex_flip_bands_samples(world.flip_bands, GEX_FLIP_NEAREST, &count);
    {
        GIVEN(count, gex_flip_bands_to_arrow(NULL, world.flip_bands, schema, array, &error));
        for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++)
            holds(&table, gex_flip_name(flip), "g", gex_flip_bands_samples(world.flip_bands, flip, NULL));
        release(&table);
    }

    (void)gex_regime_path_states(world.regime_path, &count);
    {
        GIVEN(count, gex_regime_path_to_arrow(NULL, world.regime_path, schema, array, &error));
        for (int64_t i = 0, k = 0; i < count; i++) {
            const bool begins = k < changes && change[k] == i;

            k += begins;
            ck_assert_int_eq(code_at(&table, "regime", "C", i), regime[i]);
            ck_assert_int_eq(code_at(&table, "change", "c", i), begins);
        }
        release(&table);
    }
}
END_TEST

/* Two schemas and a batch, each of which outlives the rest, and the table they are of. */
START_TEST(a_stream_of_one_batch)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema first, second;
    struct ArrowArray batch, rest;
    gex_combo *combo = NULL;
    struct table table;
    gex_error error;
    int64_t nodes;

    ck_assert_int_eq(gex_combo_compute(NULL, world.basket_exposure, NULL, &combo, NULL), GEX_OK);
    ck_assert_int_eq(gex_combo_to_arrow(NULL, combo, &table.schema, &table.array, &error), GEX_OK);
    gex_combo_free(combo);
    ck_assert_int_eq(gex_arrow_stream(NULL, &table.schema, &table.array, &stream, &error), GEX_OK);
    ck_assert(table.schema.release == NULL && table.array.release == NULL && stream.release != NULL);
    ck_assert_int_eq(gex_arrow_stream(NULL, &table.schema, &table.array, &(struct ArrowArrayStream){0}, NULL),
                     GEX_ERR_ARGUMENT); /* moved away */
    ck_assert_int_eq(stream.get_schema(&stream, &first), 0);
    ck_assert_int_eq(stream.get_schema(&stream, &second), 0);
    ck_assert_int_eq(stream.get_next(&stream, &batch), 0);
    ck_assert_int_eq(stream.get_next(&stream, &rest), 0);
    ck_assert(batch.release != NULL && rest.release == NULL);
    ck_assert_ptr_null(stream.get_last_error(&stream));
    stream.release(&stream);
    ck_assert(stream.release == NULL);
    first.children[1]->release(first.children[1]); /* as one that was moved out */
    first.release(&first);
    table = (struct table){second, batch};
    (void)gex_combo_prices(world.combo, &nodes);
    ck_assert_int_eq(table.array.length, nodes);
    holds(&table, "price", "g", gex_combo_prices(world.combo, NULL));
    in_unit(&table, "gross", gex_unit_label(gex_basket_exposure_unit(world.basket_exposure)));
    release(&table);
}
END_TEST

/* What is still in a stream goes with it. */
START_TEST(a_stream_that_nobody_reads)
{
    struct failing host = {0};
    gex_context *context = failing_context(&host);
    struct ArrowArrayStream stream;
    struct table table;

    ck_assert_int_eq(gex_bands_to_arrow(context, world.path_bands, &table.schema, &table.array, NULL), GEX_OK);
    ck_assert_int_eq(gex_arrow_stream(context, &table.schema, &table.array, &stream, NULL), GEX_OK);
    gex_context_free(context);
    ck_assert_int_gt(host.held, 0);
    stream.release(&stream);
    ck_assert_int_eq(host.held, 0);
}
END_TEST

START_TEST(changes_and_differences)
{
    static const int32_t groups[] = {0, GEX_BY_STRIKE, GEX_BY_EXPIRY};

    for (int k = 0; k < 3; k++) {
        const int32_t by = groups[k];
        int64_t count;
        if (by == 0)
            (void)gex_change_rows(world.change, &count);
        else
            (void)gex_change_by(world.change, by, GEX_CHANGE_VEGA, &count);
        GIVEN(count, gex_change_to_arrow(NULL, world.change, by, schema, array, &error));
        if (by == 0) {
            holds(&table, "row_after", "l", gex_change_rows(world.change, NULL));
            holds(&table, "vega", "g", gex_change_column(world.change, GEX_CHANGE_VEGA, NULL));
        } else if (by == GEX_BY_STRIKE) {
            holds(&table, "slide", "g", gex_change_by(world.change, by, GEX_CHANGE_SLIDE, NULL));
        } else {
            holds(&table, "log_move", "g", gex_change_expiry(world.change, GEX_CHANGE_EXPIRY_LOG_MOVE, NULL));
        }
        release(&table);
    }
    for (int k = 0; k < 3; k++) {
        const int32_t by = groups[k];
        int64_t count;
        if (by == 0)
            (void)gex_difference_kinds(world.difference, &count);
        else
            (void)gex_difference_by(world.difference, by, 1, &count);
        GIVEN(count, gex_difference_to_arrow(NULL, world.difference, by, schema, array, &error));
        for (int32_t c = 1; c <= GEX_DIFFERENCE_LAST_; c++)
            holds(&table, gex_difference_name(c), "g",
                  by == 0 ? gex_difference_lines(world.difference, c, NULL)
                          : gex_difference_by(world.difference, by, c, NULL));
        if (by == 0) {
            const int64_t *before = gex_difference_rows_before(world.difference, NULL);
            holds(&table, "kind", "C", gex_difference_kinds(world.difference, NULL));
            for (int64_t i = 0; i < count; i++)
                if (before[i] >= 0) {
                    says(&table, "root", i, gex_chain_root(world.chain, before[i]));
                    ck_assert(((const double *)column(&table, "strike", "g")->buffers[1])[i] ==
                              gex_chain_strike(world.chain)[before[i]]);
                    ck_assert_int_eq(((const int64_t *)column(&table, "settlement", "tsn:UTC")->buffers[1])[i],
                                     gex_chain_settlement(world.chain)[before[i]]);
                    ck_assert_int_eq(((const int8_t *)column(&table, "right", "c")->buffers[1])[i],
                                     gex_chain_right(world.chain)[before[i]]);
                } else {
                    ck_assert_int_eq(table_is_null(column(&table, "row_before", "l"), i), 1);
                }
        }
        release(&table);
    }
}
END_TEST

START_TEST(what_has_no_table)
{
    struct table table;
    struct ArrowSchema *const schema = &table.schema;
    struct ArrowArray *const array = &table.array;

    ASKED(GEX_ERR_ARGUMENT, gex_market_to_arrow(NULL, world.market, GEX_BY_STRIKE, schema, array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_exposure_to_arrow(NULL, world.exposure, GEX_BY_DTE, schema, array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_exposure_to_arrow(NULL, world.exposure, -1, schema, array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_change_to_arrow(NULL, world.change, GEX_BY_RIGHT, schema, array, RECORD));
    ASKED(GEX_ERR_ARGUMENT, gex_difference_to_arrow(NULL, world.difference, 99, schema, array, RECORD));
    ck_assert(table.schema.release == NULL && table.array.release == NULL);
}
END_TEST

/* ---- who is released last ---------------------------------------------------------------------------------------- */

struct count {
    int64_t blocks;
};

static void *count_allocate(void *user, int64_t size, int64_t alignment)
{
    __atomic_add_fetch(&((struct count *)user)->blocks, 1, __ATOMIC_SEQ_CST);
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static void count_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)size;
    (void)alignment;
    if (memory != NULL)
        __atomic_sub_fetch(&((struct count *)user)->blocks, 1, __ATOMIC_SEQ_CST);
    free(memory);
}

static void *release_child(void *child)
{
    struct ArrowArray *array = child;
    array->release(array);
    return NULL;
}

/* A child moved away outlives the object, the struct and the schema; another thread lets go of it. */
START_TEST(a_child_outlives_all)
{
    struct count count = {0};
    gex_context_options options;
    gex_context *context = NULL;
    gex_chain *chain = NULL;
    struct table table;
    struct ArrowArray child;
    struct ArrowSchema field;
    pthread_t thread;
    int64_t at;

    gex_context_options_init(&options, sizeof options);
    options.allocate = count_allocate;
    options.release = count_release;
    options.memory_user = &count;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    count.blocks = 0;
    ck_assert_int_eq(gex_chain_create(context, &world.columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_to_arrow(context, chain, &table.schema, &table.array, NULL), GEX_OK);
    ck_assert_int_eq(count.blocks, 2);
    gex_chain_free(chain);
    ck_assert_int_eq(count.blocks, 2);
    at = table_find(&table.schema, "strike");
    child = *table.array.children[at]; /* moved, as the interface has it */
    table.array.children[at]->release = NULL;
    field = *table.schema.children[at];
    table.schema.children[at]->release = NULL;
    release(&table);
    ck_assert_int_eq(count.blocks, 2);
    ck_assert_str_eq(field.name, "strike");
    ck_assert(((const double *)child.buffers[1])[0] == gex_chain_strike(world.chain)[0]);
    field.release(&field);
    ck_assert_int_eq(count.blocks, 2);
    ck_assert_int_eq(pthread_create(&thread, NULL, release_child, &child), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(child.release == NULL);
    ck_assert_int_eq(count.blocks, 0);
    gex_context_free(context);
}
END_TEST

START_TEST(a_table_without_rows)
{
    gex_chain_columns columns;
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.symbol = (gex_text){"", 1, 1};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    {
        GIVEN(0, gex_chain_to_arrow(NULL, chain, schema, array, &error));
        gex_chain_free(chain);
        release(&table);
    }
}
END_TEST

Suite *suite_tables(void)
{
    Suite *suite = suite_create("tables");
    TCase *tcase = tcase_create("results as Arrow tables");

    tcase_add_checked_fixture(tcase, open_world, close_world);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_chain_and_back);
    tcase_add_test(tcase, a_market_by_row_and_expiry);
    tcase_add_test(tcase, greeks_and_exposures);
    tcase_add_test(tcase, groups_of_every_key);
    tcase_add_test(tcase, profiles_fields_and_stretches);
    tcase_add_test(tcase, baskets_and_dispersions);
    tcase_add_test(tcase, bands_flips_and_regimes);
    tcase_add_test(tcase, a_stream_of_one_batch);
    tcase_add_test(tcase, a_stream_that_nobody_reads);
    tcase_add_test(tcase, changes_and_differences);
    tcase_add_test(tcase, what_has_no_table);
    tcase_add_test(tcase, a_child_outlives_all);
    tcase_add_test(tcase, a_table_without_rows);
    suite_add_tcase(suite, tcase);
    return suite;
}
