/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records: what is saved of an object, little-endian. A magic and a version first, then what the object's file says,
 * and last the FNV-1a of all bytes before.
 */
#ifndef GEX_MARKET_BYTES_H
#define GEX_MARKET_BYTES_H

#include <gex/store.h>

#include "base/base.h"

enum { GEX_MAGIC_BYTES = 8, GEX_SUM_BYTES = 8, GEX_PIECE_BYTES = 4096 };

#define GEX_MAGIC_CHAIN  "gexchain"
#define GEX_MAGIC_MARKET "gexmarkt"
#define GEX_MAGIC_BOOK   "gexbook\0"

/* ---- written ----------------------------------------------------------------------------------------------------- */

struct gex__sink {
    gex_write     write; /* NULL: bytes are summed alone */
    void         *user;
    uint64_t      sum;    /* of the record so far, less what waits */
    bool          failed; /* the writer said so: it is not called again */
    int64_t       waiting;
    unsigned char piece[GEX_PIECE_BYTES];
};

void gex__sink_open(struct gex__sink *sink, gex_write write, void *user);
void gex__save_int(struct gex__sink *sink, uint64_t value, int bytes);
void gex__save_f64(struct gex__sink *sink, double value);
void gex__save_bytes(struct gex__sink *sink, const void *bytes, int64_t count);
/* The checksum, and on to the next record. @return it. */
uint64_t gex__save_sum(struct gex__sink *sink);
/* GEX_OK or GEX_ERR_CALLBACK, once all was put. */
gex_status gex__sink_status(const struct gex__sink *sink, gex_error *error);

/* ---- read: where enough bytes are known to be -------------------------------------------------------------------- */

bool     gex__is_magic(const unsigned char *bytes, const char *magic);
uint64_t gex__load_int(const unsigned char **at, int bytes);
double   gex__load_f64(const unsigned char **at);
void     gex__load_bytes(const unsigned char **at, void *bytes, int64_t count);
/* Ended by a zero, and nothing behind it. */
bool gex__is_text(const char *text, int64_t bytes);

/* Of a record that begins at bytes and should be `size` long: the size, the checksum. `what` names it: "chain". */
gex_status gex__record_check(const unsigned char *bytes, int64_t length, int64_t size, const char *what,
                             gex_error *error);
/* The first 12 bytes are the magic and a version of 1 up to `newest`; at least `least` bytes are there. */
gex_status gex__record_begin(const unsigned char *bytes, int64_t length, const char *magic, int64_t newest,
                             int64_t least, const char *what, gex_error *error);

/* ---- a chain among other records --------------------------------------------------------------------------------- */

/* Its record, as gex_chain_save() writes it. @return the checksum, which tells chains apart. */
uint64_t gex__chain_put(const gex_chain *chain, struct gex__sink *sink);
uint64_t gex__chain_sum(const gex_chain *chain);
/* Bytes of the record of which this is the head. @return -1: it is none. */
int64_t gex__chain_size(const unsigned char *bytes, int64_t length);

#endif
