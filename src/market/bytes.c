/* SPDX-License-Identifier: Apache-2.0 */
/* Records: numbers out through a piece at a time, and in from where enough bytes are. */
#include "bytes.h"

#include <string.h>

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t sum_of(uint64_t sum, const unsigned char *bytes, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        sum = (sum ^ bytes[i]) * FNV_PRIME;
    return sum;
}

/* ---- written ----------------------------------------------------------------------------------------------------- */

void gex__sink_open(struct gex__sink *sink, gex_write write, void *user)
{
    sink->write = write;
    sink->user = user;
    sink->sum = FNV_START;
    sink->failed = false;
    sink->waiting = 0;
}

static void flush(struct gex__sink *sink)
{
    sink->sum = sum_of(sink->sum, sink->piece, sink->waiting);
    if (sink->waiting > 0 && sink->write != NULL && !sink->failed)
        sink->failed = sink->write(sink->user, (const char *)sink->piece, sink->waiting) != 0;
    sink->waiting = 0;
}

void gex__save_int(struct gex__sink *sink, uint64_t value, int bytes)
{
    if (sink->waiting + bytes > GEX_PIECE_BYTES)
        flush(sink);
    for (int i = 0; i < bytes; i++)
        sink->piece[sink->waiting++] = (unsigned char)(value >> (8 * i));
}

void gex__save_f64(struct gex__sink *sink, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    gex__save_int(sink, bits, 8);
}

void gex__save_bytes(struct gex__sink *sink, const void *bytes, int64_t count)
{
    const unsigned char *at = bytes;

    while (count > 0) {
        const int64_t room = GEX_PIECE_BYTES - sink->waiting, part = count < room ? count : room;

        memcpy(sink->piece + sink->waiting, at, (size_t)part);
        sink->waiting += part;
        at += part;
        count -= part;
        if (sink->waiting == GEX_PIECE_BYTES)
            flush(sink);
    }
}

uint64_t gex__save_sum(struct gex__sink *sink)
{
    uint64_t sum;

    flush(sink);
    sum = sink->sum;
    gex__save_int(sink, sum, GEX_SUM_BYTES);
    flush(sink);
    sink->sum = FNV_START;
    return sum;
}

gex_status gex__sink_status(const struct gex__sink *sink, gex_error *error)
{
    if (sink->failed)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the writer reported failure");
    return GEX_OK;
}

/* ---- read -------------------------------------------------------------------------------------------------------- */

bool gex__is_magic(const unsigned char *bytes, const char *magic)
{
    return memcmp(bytes, magic, GEX_MAGIC_BYTES) == 0;
}

uint64_t gex__load_int(const unsigned char **at, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value |= (uint64_t) * (*at)++ << (8 * i);
    return value;
}

double gex__load_f64(const unsigned char **at)
{
    const uint64_t bits = gex__load_int(at, 8);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

void gex__load_bytes(const unsigned char **at, void *bytes, int64_t count)
{
    if (count > 0)
        memcpy(bytes, *at, (size_t)count);
    *at += count;
}

bool gex__is_text(const char *text, int64_t bytes)
{
    int64_t i = 0;

    while (i < bytes && text[i] != '\0')
        i++;
    if (i == bytes)
        return false;
    for (; i < bytes; i++)
        if (text[i] != '\0')
            return false;
    return true;
}

gex_status gex__record_begin(const unsigned char *bytes, int64_t length, const char *magic, int64_t newest,
                             int64_t least, const char *what, gex_error *error)
{
    const unsigned char *at = bytes + GEX_MAGIC_BYTES;
    int64_t version;

    if (length < least || !gex__is_magic(bytes, magic))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "these {i} bytes are not a saved {s}", length, what);
    version = (int64_t)gex__load_int(&at, 4);
    if (version < 1 || version > newest)
        return gex__fail(error, GEX_ERR_VERSION, -1, "a {s} saved as version {i}: this library reads 1 to {i}", what,
                         version, newest);
    return GEX_OK;
}

gex_status gex__record_check(const unsigned char *bytes, int64_t length, int64_t size, const char *what,
                             gex_error *error)
{
    const unsigned char *end = bytes + length - GEX_SUM_BYTES;

    if (size != length)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved {s} is cut short, or bytes follow it: {i} are here",
                         what, length);
    if (sum_of(FNV_START, bytes, length - GEX_SUM_BYTES) != gex__load_int(&end, GEX_SUM_BYTES))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "the saved {s} is damaged: its checksum differs", what);
    return GEX_OK;
}
