/* SPDX-License-Identifier: Apache-2.0 */
/* Text on its way to the caller's callback: buffered here, counted in columns, silent after the first refusal. */
#ifndef GEX_REPORT_WRITER_H
#define GEX_REPORT_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

enum { GEX_WRITER_BUFFER = 2048 };

/*
 * Lives on the stack of one public call. Between open and close the floating-point environment is the default one; the
 * callback is the host's code and runs in the host's, and an errno it sets survives for the host to read.
 */
struct gex__writer {
    gex_write        write;
    void            *user;
    struct gex__guest guest;
    int64_t          used;   /* bytes waiting in the buffer */
    int64_t          column; /* code points since the last line end */
    bool             failed; /* the callback refused: nothing more is sent */
    char             buffer[GEX_WRITER_BUFFER];
};

void       gex__writer_open(struct gex__writer *writer, gex_write write, void *user);
gex_status gex__writer_close(struct gex__writer *writer, gex_error *error);

/* As it is. */
void gex__put_text(struct gex__writer *writer, const char *text);
void gex__put_bytes(struct gex__writer *writer, const char *bytes, int64_t length);
void gex__put_newline(struct gex__writer *writer);
void gex__put_repeat(struct gex__writer *writer, const char *text, int64_t times);
/* Blanks up to a column counted from 0; at least one blank when the line is already there and not at its start. */
void gex__put_to_column(struct gex__writer *writer, int64_t column);
/* So that the last code point stands left of `column`; text that is too long follows one blank. */
void gex__put_right(struct gex__writer *writer, int64_t column, const char *text);

/* Numbers. */
void gex__put_number(struct gex__writer *writer, double value);                /* shortest that gives the double back */
void gex__put_fixed(struct gex__writer *writer, double value, int32_t places); /* thousands separated */
void gex__put_integer(struct gex__writer *writer, int64_t value);              /* thousands separated */
void gex__put_plain(struct gex__writer *writer, double value, int32_t places); /* not separated, for coordinates */
void gex__put_count(struct gex__writer *writer, int64_t value);                /* not separated */

/* Texts of the caller, made safe for where they go: invalid UTF-8 becomes U+FFFD. */
void gex__put_json_string(struct gex__writer *writer, const char *text, int64_t length); /* with its quotes */
void gex__put_xml_text(struct gex__writer *writer, const char *text, int64_t length);    /* also good in attributes */
void gex__put_csv_cell(struct gex__writer *writer, const char *text, int64_t length);    /* quoted where it has to be */
void gex__put_plain_text(struct gex__writer *writer, const char *text, int64_t length);  /* controls become blanks */

/*
 * One code point of UTF-8; @return the bytes it takes, >= 1. Overlong forms, surrogates, values past U+10FFFF and cut
 * sequences give U+FFFD for one byte. length has to be > 0.
 */
int64_t gex__utf8_next(const char *text, int64_t length, uint32_t *code_out);
/* Code points of a text. */
int64_t gex__utf8_length(const char *text);

#endif
