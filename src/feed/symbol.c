/* SPDX-License-Identifier: Apache-2.0 */
/* Option symbols of the OCC Options Symbology Initiative (2010), padded to 21 characters or compact; deribit.c has the
 * others. */
#include <string.h>

#include <gex/symbol.h>

#include "base/base.h"
#include "base/civil.h"
#include "deribit.h"

enum {
    ROOT_MAX = 6,
    DATE_AT = 0, /* positions in the tail, which both forms share: YYMMDD, C or P, strike */
    RIGHT_AT = 6,
    STRIKE_AT = 7,
    STRIKE_DIGITS = 8,
    TAIL = 15,
    STRIKE_MILLI_MAX = 99999999,
    FORMAT_CAPACITY = 22
};

enum { SERIES_0_1 = 40 };
_Static_assert(offsetof(gex_series, venue) == SERIES_0_1, "the first size of a series is part of the ABI");
_Static_assert(ROOT_MAX < sizeof((gex_series *)0)->root, "root has to fit, terminated");

/* ASCII whatever the locale. */
static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_root(const char *root, int64_t length)
{
    if (length < 1 || length > ROOT_MAX || !is_upper(root[0]))
        return false;
    for (int64_t i = 1; i < length; i++)
        if (!is_upper(root[i]) && !is_digit(root[i]))
            return false;
    return true;
}

static bool number_at(const char *text, int32_t digits, int32_t *value_out)
{
    int32_t value = 0;

    for (int32_t i = 0; i < digits; i++) {
        if (!is_digit(text[i]))
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *value_out = value;
    return true;
}

static int64_t without_blanks(const char *text, int64_t length)
{
    while (length > 0 && text[length - 1] == ' ')
        length--;
    return length;
}

static gex_status series_give(const gex_series *series, gex_series *series_out, gex_error *error)
{
    if (gex__options_give(series_out, SERIES_0_1, series, sizeof *series) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "series: struct_size {u} is not understood",
                         series_out->struct_size);
    return GEX_OK;
}

static gex_status deribit_parse(const char *text, int64_t length, gex_series *series_out, gex_error *error)
{
    struct gex__guest guest;
    gex_series series;
    const char *wrong = gex__deribit_parse(text, length, &series);

    if (wrong != NULL)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\": {s}", length, text, wrong);
    gex__guest_enter(&guest);
    series.strike = (double)series.strike_milli / 1000.0; /* both exact, so the quotient is rounded once */
    gex__guest_leave(&guest);
    return series_give(&series, series_out, error);
}

gex_status gex_symbol_parse(const char *text, int64_t length, gex_series *series_out, gex_error *error)
{
    gex_series series = {0};
    struct gex__guest guest;
    int64_t used, root;
    int32_t date, milli;
    const char *tail;

    if (text == NULL || length < 0 || series_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "text, its length and series_out are required");
    used = without_blanks(text, length);
    if (gex__deribit_like(text, used))
        return deribit_parse(text, used, series_out, error);
    if (used <= TAIL || used > ROOT_MAX + TAIL)
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\" has {i} characters, a symbol has 16 to 21", used, text,
                         used);
    tail = text + used - TAIL;
    root = without_blanks(text, used - TAIL);
    if (!is_root(text, root) || (root != used - TAIL && used != ROOT_MAX + TAIL))
        return gex__fail(error, GEX_ERR_FORMAT, -1,
                         "\"{n}\": the root is 1 to 6 upper case letters and digits, padded with blanks to 6 or not",
                         used, text);
    if (!number_at(tail + DATE_AT, 6, &date) || !gex__date_valid(2000 + date / 10000, date / 100 % 100, date % 100))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\": {n} is not a date YYMMDD", used, text, (int64_t)6,
                         tail + DATE_AT);
    if (tail[RIGHT_AT] != 'C' && tail[RIGHT_AT] != 'P')
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\": {n} stands where C or P should", used, text, (int64_t)1,
                         tail + RIGHT_AT);
    if (!number_at(tail + STRIKE_AT, STRIKE_DIGITS, &milli))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "\"{n}\": the strike is not 8 digits", used, text);

    series.expiry = 20000000 + date;
    series.strike_milli = milli;
    series.right = tail[RIGHT_AT] == 'C' ? GEX_CALL : GEX_PUT;
    series.payoff = GEX_PAYOFF_VANILLA;
    memcpy(series.root, text, (size_t)root);
    gex__guest_enter(&guest);
    series.strike = (double)milli / 1000.0; /* both exact, so the quotient is rounded once */
    gex__guest_leave(&guest);
    return series_give(&series, series_out, error);
}

static void put_digits(char *out, int64_t value, int32_t digits)
{
    for (int32_t i = digits - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
}

int64_t gex_symbol_format(const gex_series *series, int32_t padded, char *buffer, int64_t capacity)
{
    gex_series mine = {0};
    const char *end;
    int64_t root, field;

    if (series == NULL || buffer == NULL || capacity < FORMAT_CAPACITY)
        return 0;
    if (gex__options_take(&mine, sizeof mine, SERIES_0_1, series) != GEX_OK)
        return 0;
    if (mine.venue == GEX_VENUE_DERIBIT)
        return capacity >= GEX_DERIBIT_CAPACITY ? gex__deribit_format(&mine, buffer) : 0;
    if (mine.venue != GEX_VENUE_US)
        return 0;
    end = memchr(mine.root, '\0', sizeof mine.root);
    if (end == NULL || !is_root(mine.root, end - mine.root))
        return 0;
    if (mine.expiry < 20000000 || mine.expiry > 20991231 ||
        !gex__date_valid(mine.expiry / 10000, mine.expiry / 100 % 100, mine.expiry % 100))
        return 0;
    if (mine.strike_milli < 0 || mine.strike_milli > STRIKE_MILLI_MAX)
        return 0;
    if (mine.right != GEX_CALL && mine.right != GEX_PUT)
        return 0;

    root = end - mine.root;
    field = padded != 0 ? ROOT_MAX : root;
    memset(buffer, ' ', (size_t)field);
    memcpy(buffer, mine.root, (size_t)root);
    put_digits(buffer + field + DATE_AT, mine.expiry, RIGHT_AT - DATE_AT);
    buffer[field + RIGHT_AT] = mine.right == GEX_CALL ? 'C' : 'P';
    put_digits(buffer + field + STRIKE_AT, mine.strike_milli, STRIKE_DIGITS);
    buffer[field + TAIL] = '\0';
    return field + TAIL;
}
