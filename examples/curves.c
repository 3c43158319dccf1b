/* SPDX-License-Identifier: Apache-2.0 */
#include "curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "input.h"
#include "options.h"

/* One pair, the last separator in it being between its two; NULL when it is good, or what is wrong. */
typedef const char *(*taker)(struct curves *curves, const char *first, const char *second);

/* A plain decimal, as in options.c. */
static bool number(const char *text, double *out)
{
    char *end;

    *out = strtod(text, &end);
    return text[0] != '\0' && text[strspn(text, "0123456789.+-eE")] == '\0' && *end == '\0' && isfinite(*out);
}

static const char *take_rate(struct curves *curves, const char *first, const char *second)
{
    const int64_t i = curves->rate_count;
    double years, rate;

    if (!number(first, &years) || !(years >= 0) || (i > 0 && !(years > curves->rate_years[i - 1])))
        return "years must ascend from 0 or more";
    if (!number(second, &rate) || !(fabs(rate) <= 10))
        return "a rate is continuous, a year, from -10 to 10; 0.05 is 5 %";
    if (i == CURVE_MOST)
        return "there are more than 1024";
    curves->rate_years[i] = years;
    curves->rates[i] = rate;
    curves->rate_count = i + 1;
    return NULL;
}

static const char *take_dividend(struct curves *curves, const char *first, const char *second)
{
    const int64_t i = curves->dividend_count;
    char text[64];
    double cash;

    if (strlen(first) == 10) /* a date alone: the opening of that day */
        snprintf(text, sizeof text, "%sT09:30", first);
    else
        snprintf(text, sizeof text, "%s", first);
    if (i == CURVE_MOST)
        return "there are more than 1024";
    if (gex_instant_parse(text, (int64_t)strlen(text), GEX_ZONE_NEW_YORK, &curves->ex_dates[i], NULL) != GEX_OK)
        return "a date is 2026-06-19, or 2026-06-19T09:30 in New York";
    if (!number(second, &cash) || !(cash >= 0))
        return "cash is a price, 0 or more";
    curves->cash[i] = cash;
    curves->dividend_count = i + 1;
    return NULL;
}

/* A pair of `length` bytes; `separators` may stand between its two. @return false after a complaint. */
static bool take_pair(struct curves *curves, taker take, const char *option, const char *from, size_t length,
                      const char *separators)
{
    char text[128], *between = NULL;
    const char *wrong = "it takes pairs, YEARS:RATE or DATE:CASH";

    snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : sizeof text - 1), from);
    for (char *c = text; *c != '\0'; c++)
        if (strchr(separators, *c) != NULL)
            between = c;
    if (between != NULL) {
        *between = '\0';
        wrong = take(curves, text, between + 1);
        *between = ':';
    }
    if (wrong != NULL)
        complain("%s %s: %s", option, text, wrong);
    return wrong == NULL;
}

/* Pairs that `ends` end, `#` beginning a line that is none. */
static bool take_pairs(struct curves *curves, taker take, const char *option, const char *text, const char *ends,
                       const char *separators)
{
    for (const char *from = text; *from != '\0';) {
        const size_t length = strcspn(from, ends);

        if ((length > 0 && *from != '#' && !take_pair(curves, take, option, from, length, separators)))
            return false;
        from += length + (from[length] != '\0');
    }
    return true;
}

static bool take_value(struct curves *curves, taker take, const char *option, const char *kind, const char *value)
{
    struct input input = {NULL, 0};
    const char *reason;
    char *text;
    bool good;

    if (value[0] == '\0' || strcmp(value, "-") == 0) {
        complain("%s needs pairs, or the name of a file", option);
        return false;
    }
    if (strchr(value, ':') != NULL && strspn(value, "0123456789") > 0)
        return take_pairs(curves, take, option, value, ",", ":");
    reason = input_read(value, &input);
    if (reason != NULL) {
        complain("%s %s: no pairs %s, and no file of them: %s", option, value, kind, reason);
        return false;
    }
    text = malloc((size_t)input.length + 1);
    good = text != NULL;
    if (!good)
        complain("%s %s: out of memory", option, value);
    if (good) {
        memcpy(text, input.bytes, (size_t)input.length);
        text[input.length] = '\0';
        good = take_pairs(curves, take, option, text, "\r\n", ":,");
    }
    free(text);
    input_free(&input);
    return good;
}

bool curves_take_rates(struct curves *curves, const char *value)
{
    curves->rate_count = 0;
    if (!take_value(curves, take_rate, "--rate-curve", "YEARS:RATE", value))
        return false;
    if (curves->rate_count == 0)
        complain("--rate-curve %s: there is no pair YEARS:RATE in it", value);
    return curves->rate_count > 0;
}

bool curves_take_dividends(struct curves *curves, const char *value)
{
    curves->dividend_count = 0;
    if (!take_value(curves, take_dividend, "--dividends", "DATE:CASH", value))
        return false;
    if (curves->dividend_count == 0)
        complain("--dividends %s: there is no pair DATE:CASH in it", value);
    return curves->dividend_count > 0;
}
