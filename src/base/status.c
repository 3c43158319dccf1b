/* SPDX-License-Identifier: Apache-2.0 */
/* Statuses and their texts, and the one way to fail. */
#include <stdarg.h>
#include <string.h>

#include <gex/row.h>

#include "base.h"
#include "decimal.h"

#define TEXT_CASE(name, value, text) \
    case name: return text;

const char *gex_status_text(gex_status status)
{
    switch (status) {
        GEX_STATUS_LIST(TEXT_CASE)
    default: return "unknown status";
    }
}

const char *gex_row_text(int32_t row_status)
{
    switch (row_status) {
        GEX_ROW_LIST(TEXT_CASE)
    default: return "unknown";
    }
}

const char *gex_flag_text(uint32_t flag)
{
    switch (flag) {
        GEX_FLAG_LIST(TEXT_CASE)
    default: return "unknown";
    }
}

/* Text being built into a fixed space; what does not fit is cut. */
struct cut_text {
    char   *text;
    int64_t used, capacity; /* capacity leaves room for the terminator */
};

static void cut_append(struct cut_text *out, const char *bytes, int64_t length)
{
    if (length > out->capacity - out->used)
        length = out->capacity - out->used;
    for (int64_t i = 0; i < length; i++) {
        /* one line whatever the caller's text holds */
        unsigned char c = (unsigned char)bytes[i];
        out->text[out->used++] = c < 0x20 || c == 0x7f ? '?' : (char)c;
    }
}

gex_status gex__fail(gex_error *error, gex_status status, int64_t row, const char *format, ...)
{
    struct cut_text out;
    char number[GEX_DECIMAL_MAX];
    va_list arguments;

    if (error == NULL)
        return status;
    error->status = status;
    error->reserved = 0;
    error->row = row;
    out = (struct cut_text){error->message, 0, (int64_t)sizeof error->message - 1};
    va_start(arguments, format);
    for (const char *f = format; *f != '\0'; f++) {
        if (f[0] != '{' || f[1] == '\0' || f[2] != '}') {
            cut_append(&out, f, 1);
            continue;
        }
        switch (f[1]) {
        case 'i':
            cut_append(&out, number, gex__decimal_integer(va_arg(arguments, int64_t), false, number));
            break;
        case 'u':
            cut_append(&out, number, gex__decimal_integer((int64_t)va_arg(arguments, uint32_t), false, number));
            break;
        case 'g':
            cut_append(&out, number, gex__decimal_shortest(va_arg(arguments, double), number));
            break;
        case 's': {
            const char *text = va_arg(arguments, const char *);
            cut_append(&out, text, (int64_t)strlen(text));
            break;
        }
        case 'n': {
            int64_t length = va_arg(arguments, int64_t);
            cut_append(&out, va_arg(arguments, const char *), length);
            break;
        }
        default: cut_append(&out, f, 3); break;
        }
        f += 2;
    }
    va_end(arguments);
    memset(out.text + out.used, 0, sizeof error->message - (size_t)out.used);
    return status;
}
