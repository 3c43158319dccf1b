/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file store.h Chains as bytes, to be read again by this version or a later one: yesterday's snapshot.
 *
 * Little-endian on every machine, with a magic number, a version and a checksum against damage (none against intent). Numbers
 * keep every bit. What can be worked out is not stored: indices, orders and groups are made anew. A market is made again
 * from its chain and the choices of its options.
 */
#ifndef GEX_STORE_H
#define GEX_STORE_H

#include <gex/chain.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GEX_STORE_VERSION = 1 }; /**< of the bytes that this version writes; it reads 1 up to here */

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
 * @return GEX_OK, GEX_ERR_ARGUMENT, _VERSION (of a later version), _FORMAT (not a chain, cut short, damaged, a row that cannot
 *         be: error row), _MEMORY
 * Since 0.1. Thread class: const-shared. Cost: O(rows log rows), two allocations.
 */
GEX_API gex_status gex_chain_load(const gex_context *context, const void *bytes, int64_t length, gex_chain **out,
                                  gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
