/* SPDX-License-Identifier: Apache-2.0 */
/** @file book.h Stage 3: who holds what. Signed contracts per row, dealer long > 0. Never a greek. */
#ifndef GEX_BOOK_H
#define GEX_BOOK_H

#include <gex/chain.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_book gex_book; /**< immutable; any thread may read it; keeps its chain alive */

/* Sign conventions: the dealer's contracts N from open interest OI and volume V. No public feed gives N; each of these
 * is an assumption, and every report prints its name. */
#define GEX_SIGN_LIST(X)                                                                                    \
    X(GEX_SIGN_NAIVE_CALL_LONG, 1, "NAIVE_CALL_LONG")   /* calls +OI, puts -OI */                           \
    X(GEX_SIGN_NAIVE_CALL_SHORT, 2, "NAIVE_CALL_SHORT") /* calls -OI, puts +OI */                           \
    X(GEX_SIGN_DEALER_ALL_LONG, 3, "DEALER_ALL_LONG")   /* +OI */                                           \
    X(GEX_SIGN_DEALER_ALL_SHORT, 4, "DEALER_ALL_SHORT") /* -OI */                                           \
    X(GEX_SIGN_VOLUME_NAIVE, 5, "VOLUME_NAIVE")         /* calls +V, puts -V */                             \
    X(GEX_SIGN_OI_PLUS_VOLUME, 6, "OI_PLUS_VOLUME")     /* OI + V, calls long, puts short */                \
    X(GEX_SIGN_OI_MAX_VOLUME, 7, "OI_MAX_VOLUME")       /* max(OI, V), calls long, puts short */            \
    X(GEX_SIGN_OI_ALPHA, 8, "OI_ALPHA")  /* max(0, OI + alpha * net classified volume), calls long, puts short */ \
    X(GEX_SIGN_WEIGHTED, 9, "WEIGHTED")                 /* weight * OI, weight in [-1, 1] from the caller */ \
    X(GEX_SIGN_INVENTORY_GIVEN, 10, "INVENTORY_GIVEN")  /* N from the caller */

#define GEX_SIGN_ENUM(name, value, text) name = value,
enum { GEX_SIGN_LIST(GEX_SIGN_ENUM) GEX_SIGN_LAST_ = 10 };

/** Name of a sign convention. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_sign_name(int32_t sign);
/** Sign convention of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_sign_find(const char *name);

/** What the caller chooses. Fill with gex_book_options_init(), then set sign: zero is refused. */
typedef struct gex_book_options {
    uint32_t struct_size;
    int32_t  sign;          /**< GEX_SIGN_*; no default */
    int32_t  customer_view; /**< nonzero: minus the convention, the other side of every trade */
    int32_t  reserved;      /**< zero */
    double   alpha;         /**< GEX_SIGN_OI_ALPHA: finite; 0 by default is plain open interest */
    gex_f64  net_volume;    /**< GEX_SIGN_OI_ALPHA: classified buys minus sells, contracts a row */
    gex_f64  weights;       /**< GEX_SIGN_WEIGHTED: [-1, 1] a row */
    gex_f64  positions;     /**< GEX_SIGN_INVENTORY_GIVEN: signed contracts a row */
} gex_book_options;
GEX_API void gex_book_options_init(gex_book_options *options, uint32_t struct_size);

/**
 * Signed contracts by a named convention.
 *
 * A quantity the convention needs that is NaN, infinite or negative, or a weight outside [-1, 1], makes that row's
 * position NaN: totals refuse the row under not_finite. Columns are in the chain's row order and read during the call.
 *
 * @return GEX_OK, GEX_ERR_ARGUMENT (sign left at zero, a column the convention needs missing), _DOMAIN (alpha),
 *         _VERSION, _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows), one allocation. Source: docs/conventions.md, signs.
 */
GEX_API gex_status gex_book_create(const gex_context *context, const gex_chain *chain, const gex_book_options *options,
                                   gex_book **out, gex_error *error);

/**
 * A book whose positions are `weights` times those of another: a subset (weights 0 and 1), a customer view (-1), a
 * fading by time to expiry. Exposures are linear in position, so this is all that subsets need.
 *
 * @param weights  any finite number a row, read during the call; a NaN makes the position NaN
 * @param name     appended to the name of the source, as "NAIVE_CALL_LONG * zero_dte"; NULL for none
 * @return GEX_OK, GEX_ERR_ARGUMENT, _MEMORY. Since 0.1. Thread class: const-shared. Cost: O(rows), one allocation.
 */
GEX_API gex_status gex_book_weight(const gex_context *context, const gex_book *book, const gex_f64 *weights,
                                   const char *name, gex_book **out, gex_error *error);

GEX_API void gex_book_free(gex_book *book); /**< NULL is a no-op; objects made from the book stay valid */

/* Lent until the book is freed. Since 0.1. */
GEX_API const gex_chain *gex_book_chain(const gex_book *book);
GEX_API int32_t          gex_book_sign(const gex_book *book);      /**< GEX_SIGN_* */
GEX_API const char      *gex_book_source(const gex_book *book);    /**< name printed beside every number */
GEX_API const double    *gex_book_positions(const gex_book *book); /**< contracts, dealer long > 0, per chain row */

#ifdef __cplusplus
}
#endif
#endif
