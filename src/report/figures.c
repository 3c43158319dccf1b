/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include <gex/clock.h>

#include "base/civil.h"
#include "base/decimal.h"
#include "figures.h"

static const char *not_available(char *text)
{
    memcpy(text, "n/a", 4);
    return text;
}

const char *gex__figure_fixed(double value, int32_t places, char *text)
{
    if (!isfinite(value))
        return not_available(text);
    text[gex__decimal_fixed(value, places, true, text)] = '\0';
    return text;
}

const char *gex__figure_signed(double value, int32_t places, char *text)
{
    if (!isfinite(value))
        return not_available(text);
    text[0] = '+';
    gex__figure_fixed(value, places, value < 0.0 ? text : text + 1);
    return text;
}

const char *gex__figure_price(double price, char *text)
{
    return gex__figure_fixed(price, fabs(price) < 10.0 ? 4 : 2, text);
}

const char *gex__figure_strike(double strike, char *text)
{
    char digits[GEX_DECIMAL_MAX];
    int64_t length;

    for (int32_t places = 0; places < 4; places++) {
        double back;
        length = gex__decimal_fixed(strike, places, false, digits);
        if (gex__decimal_parse(digits, length, &back) && back == strike)
            return gex__figure_fixed(strike, places, text);
    }
    return gex__figure_fixed(strike, 4, text);
}

/* Three digits: the scale changes at 999.5 so that rounding never gives four. */
const char *gex__figure_scaled(double value, char *text)
{
    static const struct {
        double      scale;
        const char *name;
    } scales[] = {{1e12, " tn"}, {1e9, " bn"}, {1e6, " m"}, {1e3, " k"}, {1.0, ""}};
    const double size = fabs(value);
    size_t pick = 0;
    int64_t length;
    double figure;

    if (!isfinite(value))
        return not_available(text);
    while (scales[pick].scale > 1.0 && size < 0.9995 * scales[pick].scale)
        pick++;
    figure = size / scales[pick].scale;
    length = gex__decimal_fixed(value / scales[pick].scale,
                                size == 0.0 || figure >= 99.95 ? 0 : figure >= 9.995 ? 1 : 2, true, text);
    memcpy(text + length, scales[pick].name, strlen(scales[pick].name) + 1);
    return text;
}

/* ---- dates ---------------------------------------------------------------------------------------------------- */

static char *two_digits(char *text, int32_t value)
{
    text[0] = (char)('0' + value / 10 % 10);
    text[1] = (char)('0' + value % 10);
    return text + 2;
}

static void new_york(int64_t instant, struct gex__civil *civil)
{
    gex__civil_from_instant(instant, gex__new_york_offset(instant), civil);
}

const char *gex__figure_day(int64_t instant, char *text)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct gex__civil civil;
    char *end;

    new_york(instant, &civil);
    memcpy(text, days + 3 * gex__weekday(gex__days_from_date(civil.year, civil.month, civil.day)), 3);
    text[3] = ' ';
    end = two_digits(text + 4, civil.day);
    *end++ = ' ';
    memcpy(end, months + 3 * (civil.month - 1), 3);
    end[3] = ' ';
    end = two_digits(two_digits(end + 4, civil.year / 100), civil.year);
    *end = '\0';
    return text;
}

const char *gex__figure_time(int64_t instant, char *text)
{
    struct gex__civil civil;
    char *end;

    new_york(instant, &civil);
    end = two_digits(text, civil.hour);
    *end++ = ':';
    end = two_digits(end, civil.minute);
    if (civil.second != 0) {
        *end++ = ':';
        end = two_digits(end, civil.second);
    }
    *end = '\0';
    return text;
}

/* ---- amounts and axes ----------------------------------------------------------------------------------------- */

void gex__put_amount(struct gex__writer *writer, double value, const char *label)
{
    const bool money = strncmp(label, "USD", 3) == 0;
    char text[GEX_FIGURE_MAX];

    if (money)
        gex__put_text(writer, "USD ");
    gex__put_text(writer, gex__figure_scaled(value, text));
    if (!money && label[0] != '\0')
        gex__put_text(writer, " ");
    gex__put_text(writer, money ? label + 3 : label);
}

void gex__put_scaled(struct gex__writer *writer, int64_t column, double value)
{
    char text[GEX_FIGURE_MAX];
    char *scale;

    gex__figure_scaled(value, text);
    scale = strchr(text, ' ');
    if (scale != NULL)
        *scale = '\0';
    gex__put_right(writer, column, text);
    if (scale != NULL) {
        gex__put_text(writer, " ");
        gex__put_text(writer, scale + 1);
    }
}

double gex__nice_step(double least)
{
    static const double steps[] = {1.0, 2.0, 2.5, 5.0, 10.0};
    const double decade = pow(10.0, floor(log10(least)));
    double step = 0.0;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && step < least; i++)
        step = steps[i] * decade;
    return step;
}
