/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file store.h Chains, markets and books as bytes, for this version or a later one to read: yesterday's snapshot.
 *
 * Little-endian on every machine, with a magic number, a version and a checksum against damage (none against intent).
 * Numbers keep every bit. Of a chain what can be worked out is not stored: indices, orders and groups are made anew. Of
 * a market everything is: it comes back as it was, whatever processor or version reads it. docs/difference.md.
 */
#ifndef GEX_STORE_H
#define GEX_STORE_H

#include <gex/book.h>
#include <gex/chain.h>
#include <gex/market.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Of the bytes that this version writes; it reads 1 up to here. */
enum { GEX_STORE_VERSION = 1, GEX_STORE_MARKET_VERSION = 1, GEX_STORE_BOOK_VERSION = 1 };

enum { GEX_SAVED_CHAIN = 1, GEX_SAVED_MARKET = 2, GEX_SAVED_BOOK = 3 };
/**
 * What bytes begin with, by their head alone: several things may be saved into one file, one behind another.
 *
 * @param length_out  bytes of it, more than there are where it was cut short; 0 for none; may be NULL
 * @return GEX_SAVED_*, 0 when nothing of libgex was saved there. Since 0.1. Thread class: pure. O(1).
 */
GEX_API int32_t gex_saved_kind(const void *bytes, int64_t length, int64_t *length_out);

/* ---- chain ------------------------------------------------------------------------------------------------------- */

/** Bytes that gex_chain_save() writes, 0 for NULL. Thread class: const-shared. O(1). Since 0.1. */
GEX_API int64_t gex_chain_save_size(const gex_chain *chain);
/**
 * Write a chain.
 * @param write  called with pieces of any size, in order
 * @return GEX_OK, GEX_ERR_ARGUMENT, _CALLBACK. Since 0.1. Thread class: const-shared. O(rows), no allocation.
 */
GEX_API gex_status gex_chain_save(const gex_chain *chain, gex_write write, void *user, gex_error *error);
/**
 * Read one. Bytes from anywhere are safe: a chain comes out that gex_chain_create() could have made, or nothing does.
 *
 * @param bytes   of exactly one chain, of any alignment; read during the call
 * @param length  bytes
 * @param out     freed with gex_chain_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT, _VERSION (of a later version), _FORMAT (not a chain, cut short, damaged, a row that
 *         cannot be: error row), _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), two allocations.
 */
GEX_API gex_status gex_chain_load(const gex_context *context, const void *bytes, int64_t length, gex_chain **out,
                                  gex_error *error);

/* ---- market ------------------------------------------------------------------------------------------------------ */

/** Bytes that gex_market_save() writes, 0 for NULL. Thread class: const-shared. O(expiries). Since 0.1. */
GEX_API int64_t gex_market_save_size(const gex_market *market);
/**
 * Write a market with its chain, its calendar and the smile it moves along: choices, and everything that came of them
 * and of the columns beside them. A moved market, and one that a live book froze, is written like any other.
 *
 * @return as gex_chain_save(). Since 0.1. Thread class: const-shared. O(rows), no allocation.
 */
GEX_API gex_status gex_market_save(const gex_market *market, gex_write write, void *user, gex_error *error);
/**
 * Read one, its chain included: gex_market_chain(). Every accessor, and what is computed from the market on the same
 * processor by the same version, has the bits it had. Bytes from anywhere are safe: nothing comes out, or a market that
 * holds what markets hold; that its numbers go together is not proved.
 *
 * @param bytes, length, out  as in gex_chain_load(); out is freed with gex_market_free()
 * @return as gex_chain_load(). Since 0.1. Thread class: const-shared. Cost: O(rows log rows), six allocations at most.
 */
GEX_API gex_status gex_market_load(const gex_context *context, const void *bytes, int64_t length, gex_market **out,
                                   gex_error *error);

/* ---- book -------------------------------------------------------------------------------------------------------- */

/** Bytes that gex_book_save() writes, 0 for NULL. Thread class: const-shared. O(1). Since 0.1. */
GEX_API int64_t gex_book_save_size(const gex_book *book);
/**
 * Write the positions of a book and the name of their source. Its chain is not in it, but the checksum of the chain is.
 *
 * @return as gex_chain_save(), also GEX_ERR_UNSUPPORTED (a name of a megabyte). Since 0.1. Thread class: const-shared.
 *         O(rows), no allocation.
 */
GEX_API gex_status gex_book_save(const gex_book *book, gex_write write, void *user, gex_error *error);
/**
 * Read one.
 *
 * @param chain  the one it was of, or one with the same bytes: gex_market_chain() of the market saved beside it
 * @param bytes, length, out  as in gex_chain_load(); out is freed with gex_book_free()
 * @return as gex_chain_load(), GEX_ERR_ARGUMENT also for a book of another chain. Since 0.1. Thread class:
 *         const-shared. Cost: O(rows), two allocations.
 */
GEX_API gex_status gex_book_load(const gex_context *context, const gex_chain *chain, const void *bytes, int64_t length,
                                 gex_book **out, gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
