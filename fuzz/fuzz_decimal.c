/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text against the C library's, in the C locale: what is read, what is refused, and what is written. */
#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

/* Does strtod read all of it, in a form that is ours too? Not ours: space in front, hexadecimal, nan(text). */
static bool library_reads(const char *text, size_t length, double *value_out)
{
    char *end;

    *value_out = strtod(text, &end);
    if (length == 0 || end != text + length || isspace((unsigned char)text[0]))
        return false;
    return strpbrk(text, "xX(") == NULL;
}

static void check_parse(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *exact = malloc(size > 0 ? size : 1);
    double theirs, ours = 12345.0;
    bool read;

    require(text != NULL && exact != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    memcpy(exact, data, size);
    read = gex__decimal_parse(exact, (int64_t)size, &ours);
    require(read == (library_reads(text, size, &theirs) && strlen(text) == size));
    require(read ? same(ours, theirs) : same(ours, 12345.0));
    free(text);
    free(exact);
}

static void check_shortest(double value)
{
    char text[GEX_DECIMAL_MAX + 1];
    double back = 12345.0;
    int64_t length = gex__decimal_shortest(value, text);

    require(length > 0 && length < 40);
    text[length] = '\0';
    require(same(strtod(text, NULL), value));
    require(gex__decimal_parse(text, length, &back) && same(back, value));
}

static void check_fixed(double value, int places)
{
    char ours[GEX_DECIMAL_MAX + 1], grouped[GEX_DECIMAL_MAX + 1], theirs[GEX_DECIMAL_MAX + 1];
    int64_t length = gex__decimal_fixed(value, places, true, grouped), kept = 0;

    ours[gex__decimal_fixed(value, places, false, ours)] = '\0';
    if (isfinite(value)) {
        snprintf(theirs, sizeof theirs, "%.*f", places, value);
        require(strcmp(ours, theirs) == 0);
    }
    require(length <= GEX_DECIMAL_MAX);
    for (int64_t i = 0; i < length; i++)
        if (grouped[i] != ',')
            grouped[kept++] = grouped[i];
    grouped[kept] = '\0';
    require(strcmp(ours, grouped) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double value;

    check_parse(data, size);
    if (size < sizeof value + 1)
        return 0;
    memcpy(&value, data, sizeof value);
    check_shortest(value);
    check_fixed(value, data[sizeof value] % 18);
    return 0;
}
