/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file grouping.h An exposure by days to expiry, moneyness, root, and pairs of groupings; every sum with its rows.
 *
 * A cell is a key, or a pair of keys, that at least one used row has. Its sums are the correctly rounded sums of its
 * rows, which it lists, and each used row stands in exactly one cell.
 */
#ifndef GEX_GROUPING_H
#define GEX_GROUPING_H

#include <gex/exposure.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_grouping gex_grouping; /**< immutable; any thread may read it; keeps its exposure alive */

/**
 * What to group by. Fill with gex_grouping_options_init(), then set first: zero is refused.
 *
 * GEX_BY_DTE and the two of moneyness need edges e0 < e1 < ... < en: key 0 is below e0, key i from e(i-1) up to but not
 * including ei, key n + 1 from en up. Days to expiry are calendar days to the settlement instant, fractions included.
 */
typedef struct gex_grouping_options {
    uint32_t struct_size;
    int32_t  first;              /**< GEX_BY_*; no default */
    int32_t  second;             /**< GEX_BY_*, another one; 0, the default: by `first` alone */
    int32_t  reserved;           /**< zero */
    gex_f64  first_edges;        /**< finite, ascending, read during the call; absent where the key needs none */
    int64_t  first_edge_count;
    gex_f64  second_edges;
    int64_t  second_edge_count;
} gex_grouping_options;
GEX_API void gex_grouping_options_init(gex_grouping_options *options, uint32_t struct_size);

/**
 * Sort the used rows of an exposure into cells and sum them.
 *
 * @param out  freed with gex_grouping_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (unknown or equal groupings, edges missing, too many or not wanted), _DOMAIN (edges
 *         not finite or not ascending), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows + keys), by moneyness or days O(rows log edges), by root
 * O(rows + changes of root log changes); four allocations at most.
 */
GEX_API gex_status gex_grouping_compute(const gex_context *context, const gex_exposure *exposure,
                                        const gex_grouping_options *options, gex_grouping **out, gex_error *error);
GEX_API void gex_grouping_free(gex_grouping *grouping); /**< NULL is a no-op */

/* Lent until the grouping is freed; NULL or 0 for a NULL grouping. `axis` is 0 for the first key, 1 for the second. */
GEX_API const gex_exposure *gex_grouping_exposure(const gex_grouping *grouping);
GEX_API int32_t gex_grouping_by(const gex_grouping *grouping, int32_t axis);   /**< GEX_BY_*; 0 without that axis */
GEX_API int64_t gex_grouping_keys(const gex_grouping *grouping, int32_t axis); /**< keys there can be on an axis */
/** Edges of an axis, as given. @param count_out may be NULL. @return lent; NULL where there are none. Since 0.1. */
GEX_API const double *gex_grouping_edges(const gex_grouping *grouping, int32_t axis, int64_t *count_out);
/** Root of a key of GEX_BY_ROOT. @return lent, terminated; "" for another key or none. Since 0.1. */
GEX_API const char *gex_grouping_root(const gex_grouping *grouping, int64_t key);

/** Cells, ascending by first key, then by second. Since 0.1. */
GEX_API int64_t gex_grouping_cells(const gex_grouping *grouping);
/**
 * Key of each cell: an index into gex_chain_strikes(), gex_chain_expiries() or the buckets, 0 for calls and 1 for puts,
 * 0 for what settles on the as-of's date and 1 for later,
 * or an index for gex_grouping_root(), roots in alphabetical order.
 * @return lent, gex_grouping_cells() values; NULL without that axis. Since 0.1.
 */
GEX_API const int32_t *gex_grouping_key(const gex_grouping *grouping, int32_t axis);
/** One sum per cell. @param sum GEX_SUM_*. @return lent; NULL for an unknown sum. Since 0.1. */
GEX_API const double *gex_grouping_sum(const gex_grouping *grouping, int32_t sum);
/** Used rows per cell. Since 0.1. */
GEX_API const int64_t *gex_grouping_count(const gex_grouping *grouping);
/**
 * Rows of the chain behind a cell, ascending:
 * its net sum is that of gex_exposure_rows() over them, diverging rows left out.
 * @param count_out  may be NULL. @return lent; NULL out of range. Thread class: const-shared. Since 0.1.
 */
GEX_API const int64_t *gex_grouping_rows(const gex_grouping *grouping, int64_t cell, int64_t *count_out);

#ifdef __cplusplus
}
#endif
#endif
