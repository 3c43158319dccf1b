/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file feed.h From the bytes of a table to columns. The bytes are in memory: the library opens no file.
 *
 * Two forms are read. The Cboe quote table (a line a strike, call side then put side; each line becomes two rows, call
 * first) in every variant seen in the wild, and neutral columns CSV, documented in docs/neutral-csv.md: `# key: value`
 * lines, one line of column names, one row a line.
 *
 * An empty cell was not published: volatility, open interest and volume become 0, bid, ask and last NaN. A cell that
 * holds no number becomes NaN. Such a row keeps its place and is refused later,
 * under its key, if the number was needed.
 */
#ifndef GEX_FEED_H
#define GEX_FEED_H

#include <gex/chain.h>
#include <gex/context.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_feed gex_feed; /**< one table: columns, and what its header said; immutable, any thread reads it */

enum { GEX_FEED_CBOE = 1, GEX_FEED_NEUTRAL = 2 };

/**
 * Read a table, recognising its form by its column line.
 *
 * @param bytes   read during the call only; UTF-8 with or without a byte order mark, any line ends
 * @param length  bytes
 * @param out     freed with gex_feed_free(); NULL on failure
 * @param error   filled on failure, row = line number counted from 1; may be NULL
 * @return GEX_OK, GEX_ERR_FORMAT (no column line; no row; a column named twice; more than half of the lines that follow
 *         the column line are not rows; the text breaks off within one), _ARGUMENT, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(length), a fixed number of allocations.
 */
GEX_API gex_status gex_feed_csv(const gex_context *context, const char *bytes, int64_t length, gex_feed **out,
                                gex_error *error);
GEX_API void gex_feed_free(gex_feed *feed); /**< NULL is a no-op */

/** GEX_FEED_*. Thread class: const-shared. Since 0.1. */
GEX_API int32_t gex_feed_form(const gex_feed *feed);

/**
 * Lend the rows in the form gex_chain_create() takes. Pointers are valid until the feed is freed.
 * @param columns_out  the caller sets struct_size. @return GEX_OK, GEX_ERR_ARGUMENT, _VERSION.
 * Thread class: const-shared. Since 0.1.
 */
GEX_API gex_status gex_feed_columns(const gex_feed *feed, gex_chain_columns *columns_out, gex_error *error);

/** Dealer's signed contracts a row, where the table has such a column (neutral CSV, `position`); otherwise data is
 *  NULL. Thread class: const-shared. Since 0.1. */
GEX_API gex_status gex_feed_positions(const gex_feed *feed, gex_f64 *positions_out, gex_error *error);

/** One standard deviation of each position, contracts, as `sd` of gex_uncertainty_options, where the table has such a
 *  column (neutral CSV, `deviation`); otherwise data is NULL. Thread class: const-shared. Since 0.1. */
GEX_API gex_status gex_feed_deviations(const gex_feed *feed, gex_f64 *deviations_out, gex_error *error);

/** Name of the underlying as the header has it, "" when it does not say. Lent, terminated. Since 0.1. */
GEX_API const char *gex_feed_underlying(const gex_feed *feed);
/** Price of the underlying, NaN when the header does not say. Since 0.1. */
GEX_API double gex_feed_spot(const gex_feed *feed);
/** Instant of the snapshot. @return 1 and sets instant_out, or 0 when the header does not say. Since 0.1. */
GEX_API int32_t gex_feed_as_of(const gex_feed *feed, int64_t *instant_out);
/** 1 when the header's date had no year and the nearest to the first expiry was taken. Since 0.1. */
GEX_API int32_t gex_feed_year_guessed(const gex_feed *feed);
/** Lines after the column line that were not rows and were left out, blank ones not counted. Since 0.1. */
GEX_API int64_t gex_feed_bad_lines(const gex_feed *feed);
/** Line, counted from 1, that a row came from; 0 when the row does not exist. Since 0.1. */
GEX_API int64_t gex_feed_line(const gex_feed *feed, int64_t row);

#ifdef __cplusplus
}
#endif
#endif
