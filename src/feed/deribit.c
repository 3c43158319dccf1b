/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ROOT-DMMMYY-STRIKE-R: BTC-27FEB26-68000-C, SOL_USDC-3JAN25-190-P, XRP_USDC-30JUN23-0d625-C. A root without an
 * underscore is a coin whose options are paid in it; with one, what stands behind is the currency they are paid in.
 * Every series has one name and every name one series, so leading zeros and zeros behind the point are refused.
 */
#include <string.h>

#include "base/civil.h"
#include "deribit.h"

enum { ROOT_MAX = 14, WHOLE_DIGITS = 12 };
#define STRIKE_MILLI_MAX INT64_C(999999999999999)

static const char months[12][4] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

_Static_assert(ROOT_MAX < sizeof((gex_series *)0)->root, "root has to fit, terminated");
_Static_assert(ROOT_MAX + 1 + 7 + 1 + WHOLE_DIGITS + 4 + 2 < GEX_DERIBIT_CAPACITY, "a name has to fit, terminated");

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool gex__deribit_like(const char *text, int64_t length)
{
    int64_t dashes = 0;

    for (int64_t i = 0; i < length; i++)
        dashes += text[i] == '-';
    return dashes == 3;
}

static bool is_root(const char *root, int64_t length)
{
    if (length < 1 || length > ROOT_MAX || !(root[0] >= 'A' && root[0] <= 'Z') || root[length - 1] == '_')
        return false;
    for (int64_t i = 1; i < length; i++)
        if (!(root[i] >= 'A' && root[i] <= 'Z') && !is_digit(root[i]) && root[i] != '_')
            return false;
    return true;
}

/* DMMMYY or DDMMMYY as yyyymmdd, or 0. */
static int32_t date_of(const char *text, int64_t length)
{
    const int64_t day_digits = length - 5;
    int32_t day = 0, year, month = 0;

    if (day_digits < 1 || day_digits > 2 || text[0] == '0' || !is_digit(text[length - 2]) ||
        !is_digit(text[length - 1]))
        return 0;
    for (int64_t i = 0; i < day_digits; i++) {
        if (!is_digit(text[i]))
            return 0;
        day = day * 10 + (text[i] - '0');
    }
    while (month < 12 && memcmp(months[month], text + day_digits, 3) != 0)
        month++;
    year = 2000 + (text[length - 2] - '0') * 10 + (text[length - 1] - '0');
    return month < 12 && gex__date_valid(year, month + 1, day) ? year * 10000 + (month + 1) * 100 + day : 0;
}

/* Thousandths, or -1. */
static int64_t milli_of(const char *text, int64_t length)
{
    int64_t whole = 0, milli = 0, i = 0, unit = 100;

    while (i < length && is_digit(text[i]) && i < WHOLE_DIGITS)
        whole = whole * 10 + (text[i++] - '0');
    if (i == 0 || (text[0] == '0' && i > 1))
        return -1;
    if (i < length && text[i] == 'd') {
        if (++i == length || text[length - 1] == '0')
            return -1;
        for (; i < length && is_digit(text[i]) && unit > 0; i++, unit /= 10)
            milli += unit * (text[i] - '0');
    }
    return i == length ? whole * 1000 + milli : -1;
}

const char *gex__deribit_parse(const char *text, int64_t length, gex_series *series_out)
{
    const char *end = text + length, *date, *strike, *right;
    gex_series series = {.venue = GEX_VENUE_DERIBIT};

    date = (const char *)memchr(text, '-', (size_t)length) + 1;
    strike = (const char *)memchr(date, '-', (size_t)(end - date)) + 1;
    right = (const char *)memchr(strike, '-', (size_t)(end - strike)) + 1;
    if (!is_root(text, date - 1 - text))
        return "the root is 1 to 14 upper case letters, digits and underscores";
    series.expiry = date_of(date, strike - 1 - date);
    if (series.expiry == 0)
        return "a date like 7MAR26 stands between the first dashes";
    series.strike_milli = milli_of(strike, right - 1 - strike);
    if (series.strike_milli < 0)
        return "the strike is digits, with d for the point and at most three behind it";
    if (end - right != 1 || (*right != 'C' && *right != 'P'))
        return "C or P stands behind the last dash";
    memcpy(series.root, text, (size_t)(date - 1 - text));
    series.right = *right == 'C' ? GEX_CALL : GEX_PUT;
    series.payoff = strchr(series.root, '_') == NULL ? GEX_PAYOFF_INVERSE : GEX_PAYOFF_VANILLA;
    *series_out = series;
    return NULL;
}

/* Digits without leading zeros. @return where they end. */
static char *put_number(char *out, int64_t value)
{
    char digits[20];
    int count = 0;

    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (count > 0)
        *out++ = digits[--count];
    return out;
}

int64_t gex__deribit_format(const gex_series *series, char *buffer)
{
    const char *root_end = memchr(series->root, '\0', sizeof series->root);
    const int32_t year = series->expiry / 10000, month = series->expiry / 100 % 100, day = series->expiry % 100;
    char *out = buffer;

    if (root_end == NULL || !is_root(series->root, root_end - series->root) || year < 2000 || year > 2099 ||
        !gex__date_valid(year, month, day) || series->strike_milli < 0 || series->strike_milli > STRIKE_MILLI_MAX ||
        (series->right != GEX_CALL && series->right != GEX_PUT))
        return 0;
    memcpy(out, series->root, (size_t)(root_end - series->root));
    out += root_end - series->root;
    *out++ = '-';
    out = put_number(out, day);
    memcpy(out, months[month - 1], 3);
    out += 3;
    *out++ = (char)('0' + year / 10 % 10);
    *out++ = (char)('0' + year % 10);
    *out++ = '-';
    out = put_number(out, series->strike_milli / 1000);
    if (series->strike_milli % 1000 != 0) {
        int64_t milli = series->strike_milli % 1000;
        *out++ = 'd';
        for (int64_t unit = 100; milli > 0; milli %= unit, unit /= 10)
            *out++ = (char)('0' + milli / unit);
    }
    *out++ = '-';
    *out++ = series->right == GEX_CALL ? 'C' : 'P';
    *out = '\0';
    return out - buffer;
}
