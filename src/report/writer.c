/* SPDX-License-Identifier: Apache-2.0 */
/* The buffered writer of the reports, and the numbers they print. No allocation: the buffer is in the struct. */
#include <string.h>

#include "base/decimal.h"
#include "writer.h"

void gex__writer_open(struct gex__writer *writer, gex_write write, void *user)
{
    writer->write = write;
    writer->user = user;
    writer->used = 0;
    writer->column = 0;
    writer->failed = false;
    gex__guest_enter(&writer->guest);
}

static void flush(struct gex__writer *writer)
{
    if (writer->failed || writer->used == 0)
        return;
    gex__guest_leave(&writer->guest);
    if (writer->write(writer->user, writer->buffer, writer->used) != 0)
        writer->failed = true;
    gex__guest_enter(&writer->guest);
    writer->used = 0;
}

gex_status gex__writer_close(struct gex__writer *writer, gex_error *error)
{
    flush(writer);
    gex__guest_leave(&writer->guest);
    if (writer->failed)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the write callback refused the text");
    return GEX_OK;
}

void gex__put_bytes(struct gex__writer *writer, const char *bytes, int64_t length)
{
    for (int64_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)bytes[i];
        if (byte == '\n')
            writer->column = 0;
        else if ((byte & 0xC0) != 0x80) /* not inside a sequence */
            writer->column++;
    }
    while (length > 0 && !writer->failed) {
        int64_t part = GEX_WRITER_BUFFER - writer->used;
        if (part > length)
            part = length;
        memcpy(writer->buffer + writer->used, bytes, (size_t)part);
        writer->used += part;
        bytes += part;
        length -= part;
        if (writer->used == GEX_WRITER_BUFFER)
            flush(writer);
    }
}

void gex__put_text(struct gex__writer *writer, const char *text)
{
    gex__put_bytes(writer, text, (int64_t)strlen(text));
}

void gex__put_newline(struct gex__writer *writer)
{
    gex__put_bytes(writer, "\n", 1);
}

void gex__put_repeat(struct gex__writer *writer, const char *text, int64_t times)
{
    for (int64_t i = 0; i < times; i++)
        gex__put_text(writer, text);
}

void gex__put_to_column(struct gex__writer *writer, int64_t column)
{
    if (writer->column >= column && writer->column > 0)
        gex__put_bytes(writer, " ", 1);
    while (writer->column < column)
        gex__put_bytes(writer, " ", 1);
}

void gex__put_right(struct gex__writer *writer, int64_t column, const char *text)
{
    const int64_t start = column - gex__utf8_length(text);

    gex__put_to_column(writer, start > 0 ? start : 0);
    gex__put_text(writer, text);
}

/* ---- numbers -------------------------------------------------------------------------------------------------- */

void gex__put_number(struct gex__writer *writer, double value)
{
    char digits[GEX_DECIMAL_MAX];

    gex__put_bytes(writer, digits, gex__decimal_shortest(value, digits));
}

void gex__put_fixed(struct gex__writer *writer, double value, int32_t places)
{
    char digits[GEX_DECIMAL_MAX];

    gex__put_bytes(writer, digits, gex__decimal_fixed(value, places, true, digits));
}

void gex__put_plain(struct gex__writer *writer, double value, int32_t places)
{
    char digits[GEX_DECIMAL_MAX];

    gex__put_bytes(writer, digits, gex__decimal_fixed(value, places, false, digits));
}

void gex__put_integer(struct gex__writer *writer, int64_t value)
{
    char digits[GEX_DECIMAL_MAX];

    gex__put_bytes(writer, digits, gex__decimal_integer(value, true, digits));
}

void gex__put_count(struct gex__writer *writer, int64_t value)
{
    char digits[GEX_DECIMAL_MAX];

    gex__put_bytes(writer, digits, gex__decimal_integer(value, false, digits));
}
