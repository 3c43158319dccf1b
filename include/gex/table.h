/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file table.h Results as tables in memory, by the Arrow C data interface: no file, no dependency.
 *
 * A table is a struct array whose children are named columns. Names, types and units are the contract, and stand in
 * docs/arrow.md: a name keeps what it means, later versions may add columns. Numbers are lent where the library holds
 * them and copied where it does not. What the library holds for nothing is null: NaN, settlement INT64_MIN, code 0 of
 * right, exercise and payoff, row -1; its value stands beneath. Each child carries its unit as metadata.
 *
 * The object that was asked is kept alive until everything is released, and may be freed before. The callbacks may be
 * called by any thread; children may be moved, and outlive the struct.
 */
#ifndef GEX_TABLE_H
#define GEX_TABLE_H

#include <gex/arrow.h>
#include <gex/bands.h>
#include <gex/basket.h>
#include <gex/change.h>
#include <gex/combo.h>
#include <gex/difference.h>
#include <gex/dispersion.h>
#include <gex/field.h>
#include <gex/forced.h>
#include <gex/grouping.h>
#include <gex/profile.h>
#include <gex/regime.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Of all of these:
 *
 * @param schema, array  filled on success, to be released once each by the caller; their `release` is NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (missing; a `by` without a table), _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: one allocation; O(rows) a column for nulls, texts and what is copied.
 */

/** Rows as they came, in the names of gex_chain_columns: gex_chain_from_arrow() reads it. */
GEX_API gex_status gex_chain_to_arrow(const gex_context *context, const gex_chain *chain, struct ArrowSchema *schema,
                                      struct ArrowArray *array, gex_error *error);
/** @param by  0: the chain's rows; GEX_BY_EXPIRY: its expiries */
GEX_API gex_status gex_market_to_arrow(const gex_context *context, const gex_market *market, int32_t by,
                                       struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** The chain's rows, a column for each greek. */
GEX_API gex_status gex_greeks_to_arrow(const gex_context *context, const gex_greeks *greeks,
                                       struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** @param by  0: the chain's rows; GEX_BY_STRIKE to GEX_BY_ZERO_DTE: sums by key */
GEX_API gex_status gex_exposure_to_arrow(const gex_context *context, const gex_exposure *exposure, int32_t by,
                                         struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row a cell; the columns of its keys are those of what was grouped by. */
GEX_API gex_status gex_grouping_to_arrow(const gex_context *context, const gex_grouping *grouping,
                                         struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row a price. */
GEX_API gex_status gex_profile_to_arrow(const gex_context *context, const gex_profile *profile,
                                        struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row an instant and a price, prices of one instant together; a column a quantity. */
GEX_API gex_status gex_field_to_arrow(const gex_context *context, const gex_field *field, struct ArrowSchema *schema,
                                      struct ArrowArray *array, gex_error *error);
/** A row a stretch of time. */
GEX_API gex_status gex_forced_to_arrow(const gex_context *context, const gex_forced *forced,
                                       struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** @param by  0: rows, GEX_BY_STRIKE: strikes, GEX_BY_EXPIRY: expiries, each of the chain before */
GEX_API gex_status gex_change_to_arrow(const gex_context *context, const gex_change *change, int32_t by,
                                       struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** @param by  0: lines, GEX_BY_STRIKE, GEX_BY_EXPIRY */
GEX_API gex_status gex_difference_to_arrow(const gex_context *context, const gex_difference *difference, int32_t by,
                                           struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row a member: how it follows the reference. */
GEX_API gex_status gex_basket_to_arrow(const gex_context *context, const gex_basket *basket,
                                       struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row a member: its sums, in the basket's terms. */
GEX_API gex_status gex_basket_exposure_to_arrow(const gex_context *context, const gex_basket_exposure *exposure,
                                                struct ArrowSchema *schema, struct ArrowArray *array,
                                                gex_error *error);
/** A row a node. */
GEX_API gex_status gex_combo_to_arrow(const gex_context *context, const gex_combo *combo, struct ArrowSchema *schema,
                                      struct ArrowArray *array, gex_error *error);
/** One row, a column for each value: tables of many days stack. */
GEX_API gex_status gex_dispersion_to_arrow(const gex_context *context, const gex_dispersion *dispersion,
                                           struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row a member of the basket. */
GEX_API gex_status gex_dispersion_members_to_arrow(const gex_context *context, const gex_dispersion *dispersion,
                                                   struct ArrowSchema *schema, struct ArrowArray *array,
                                                   gex_error *error);
/** A row a value; with its state where it has one. */
GEX_API gex_status gex_bands_to_arrow(const gex_context *context, const gex_bands *bands, struct ArrowSchema *schema,
                                      struct ArrowArray *array, gex_error *error);
/** A row a sample. */
GEX_API gex_status gex_flip_bands_to_arrow(const gex_context *context, const gex_flip_bands *flips,
                                           struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);
/** A row a state. */
GEX_API gex_status gex_regime_path_to_arrow(const gex_context *context, const gex_regime_path *path,
                                            struct ArrowSchema *schema, struct ArrowArray *array, gex_error *error);

/**
 * A table as a stream of one batch, for consumers that only read streams.
 *
 * @param schema, array  a table of plain columns, as these functions make it: moved, `release` is NULL afterwards.
 *                       After a failure they are the caller's as before
 * @param out            released once by the caller; `release` is NULL on failure. Its schema may be asked for often,
 *                       with one allocation each, its batch comes once; both outlive the stream. One thread at a time
 * @return GEX_OK, GEX_ERR_ARGUMENT (missing, released, nested), _MEMORY
 * Since 0.1. Thread class: exclusive of its arguments. Cost: one allocation, no copy.
 */
GEX_API gex_status gex_arrow_stream(const gex_context *context, struct ArrowSchema *schema, struct ArrowArray *array,
                                    struct ArrowArrayStream *out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
