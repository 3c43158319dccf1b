/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file uncertainty.h Stage 3: how far the positions of a book may be off.
 *
 * Nobody publishes who holds what, so a position is an estimate. What is said about it here is a normal distribution:
 *
 *     N_i = book_i + sd_i z_i + sum over factors f of loading_if x_f       z_i, x_f independent, standard normal
 *
 * sd is a row's own error; a factor is an error that many rows share, as the sign of all calls. The numbers are the
 * caller's; what follows from them is exact (gex/bands.h).
 */
#ifndef GEX_UNCERTAINTY_H
#define GEX_UNCERTAINTY_H

#include <gex/book.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_uncertainty gex_uncertainty; /**< immutable; any thread may read it; keeps its book alive */

/** What the caller chooses. Fill with gex_uncertainty_options_init(); all at zero is a book that is certain. */
typedef struct gex_uncertainty_options {
    uint32_t       struct_size;
    int32_t        factor_count; /**< columns of `loadings`, 0 to 64 */
    gex_f64        sd;           /**< contracts a row, >= 0; absent: by `share` */
    const gex_f64 *loadings;     /**< factor_count columns: contracts a row for one deviation of the factor, any sign */
    double         share;        /**< without `sd`: the deviation of a row is this part of its |position|, >= 0 */
    double         correlation;  /**< 0 to 1, of `sd` or `share` of any two rows of one right: so much of the variance
                                      is that of a factor of all calls, or of all puts. Zero: rows err on their own */
} gex_uncertainty_options;
GEX_API void gex_uncertainty_options_init(gex_uncertainty_options *options, uint32_t struct_size);

/**
 * Errors of the positions of a book.
 *
 * Columns are in the chain's row order and read during the call. A row whose sd or loading is no number, or whose sd is
 * negative, is taken as certain and counted by gex_uncertainty_refused(); a row without a position has no error either,
 * it is refused by every total. With `correlation` two factors, of calls and of puts, follow the caller's.
 *
 * @return GEX_OK, GEX_ERR_ARGUMENT (factor_count, a column absent, sd and share both given), _DOMAIN (share,
 *         correlation), _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows * factors), one allocation.
 */
GEX_API gex_status gex_uncertainty_create(const gex_context *context, const gex_book *book,
                                          const gex_uncertainty_options *options, gex_uncertainty **out,
                                          gex_error *error);
GEX_API void gex_uncertainty_free(gex_uncertainty *uncertainty); /**< NULL is a no-op */

/* Lent until the uncertainty is freed. Since 0.1. */
GEX_API const gex_book *gex_uncertainty_book(const gex_uncertainty *uncertainty);
/** A row's own deviation, contracts, per row of the chain: what `correlation` made common is not in it. */
GEX_API const double *gex_uncertainty_sd(const gex_uncertainty *uncertainty);
GEX_API int64_t       gex_uncertainty_factors(const gex_uncertainty *uncertainty);
/** Contracts a row for one deviation of factor f. @return NULL out of range. */
GEX_API const double *gex_uncertainty_loading(const gex_uncertainty *uncertainty, int64_t f);
GEX_API double        gex_uncertainty_share(const gex_uncertainty *uncertainty); /**< as chosen, likewise the next */
GEX_API double        gex_uncertainty_correlation(const gex_uncertainty *uncertainty);
GEX_API int64_t       gex_uncertainty_refused(const gex_uncertainty *uncertainty); /**< rows taken as certain */

#ifdef __cplusplus
}
#endif
#endif
