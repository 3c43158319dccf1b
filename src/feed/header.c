/* SPDX-License-Identifier: Apache-2.0 */
/* The lines above the columns: name, price and instant of the snapshot. */
#include <math.h>
#include <string.h>

#include <gex/clock.h>

#include "feed.h"

/* ---- the Cboe table -------------------------------------------------------------------------------------------- */

/* What follows a key, from the first character that is neither a blank, a quote nor a dollar sign. */
static struct gex__span value_behind(struct gex__span line, int64_t key, int64_t key_length)
{
    struct gex__span value = {line.at + key + key_length, line.length - key - key_length};

    while (value.length > 0 && (value.at[0] == ' ' || value.at[0] == '"' || value.at[0] == '$')) {
        value.at++;
        value.length--;
    }
    return value;
}

static struct gex__span without_commas(struct gex__span text)
{
    text = gex__span_trim(text);
    while (text.length > 0 && (text.at[text.length - 1] == ',' || text.at[0] == ',')) {
        text.at += text.at[0] == ',';
        text.length--;
        text = gex__span_trim(text);
    }
    return text;
}

/* "Standard & Poors 500 Index,Last: 4505.1001,Change: 37.6601" */
static void read_last(struct gex__span line, struct gex__header *header)
{
    const int64_t key = gex__span_find_key(line, "Last:");
    struct gex__span value;
    double spot;

    if (key < 0 || !isnan(header->spot))
        return;
    value = value_behind(line, key, 5);
    value.length = gex__number_length(value);
    spot = gex__cell_number(value, (double)NAN);
    if (!(isfinite(spot) && spot > 0.0))
        return;
    header->spot = spot;
    gex__span_copy(without_commas(gex__span_between(line.at, line.at + key)), header->underlying, GEX_FEED_TEXT);
}

/* "Date: September 14, 2023 at 4:31 PM EDT",Bid: 4483.25,... */
static void read_date(struct gex__span line, struct gex__header *header)
{
    const int64_t key = gex__span_find_key(line, "Date:");

    if (!header->has_when && key >= 0)
        header->has_when = gex__when_read(value_behind(line, key, 5), &header->when);
}

void gex__header_cboe(struct gex__span preamble, struct gex__header *header)
{
    struct gex__lines lines = gex__lines_of(preamble);
    struct gex__span line;

    while (gex__lines_next(&lines, &line)) {
        read_last(line, header);
        read_date(line, header);
    }
    /* a date that lost its key */
    for (lines = gex__lines_of(preamble); !header->has_when && gex__lines_next(&lines, &line);)
        header->has_when = gex__when_read(line, &header->when);
}

/* ---- the neutral table ----------------------------------------------------------------------------------------- */

static gex_status read_pair(struct gex__span key, struct gex__span value, int64_t number, struct gex__header *header,
                            gex_error *error)
{
    if (gex__span_is(key, "underlying")) {
        gex__span_copy(value, header->underlying, GEX_FEED_TEXT);
    } else if (gex__span_is(key, "spot")) {
        header->spot = gex__cell_number(value, (double)NAN);
        if (!(isfinite(header->spot) && header->spot > 0.0))
            return gex__fail(error, GEX_ERR_FORMAT, number, "spot \"{n}\" is not a number above zero", value.length,
                             value.at);
    } else if (gex__span_is(key, "as_of") || gex__span_is(key, "as-of")) {
        header->has_as_of =
            gex_instant_parse(value.at, value.length, GEX_ZONE_NEW_YORK, &header->as_of, NULL) == GEX_OK;
        if (!header->has_as_of)
            return gex__fail(error, GEX_ERR_FORMAT, number,
                             "as_of \"{n}\" is not an instant such as 2023-09-14T16:31:00-04:00", value.length,
                             value.at);
    }
    return GEX_OK;
}

gex_status gex__header_neutral(struct gex__span preamble, struct gex__header *header, gex_error *error)
{
    struct gex__lines lines = gex__lines_of(preamble);
    struct gex__span line;
    gex_status status = GEX_OK;

    while (status == GEX_OK && gex__lines_next(&lines, &line)) {
        const char *colon;
        line = without_commas(line);
        if (line.length == 0 || line.at[0] != '#')
            continue;
        colon = memchr(line.at, ':', (size_t)line.length);
        if (colon != NULL)
            status = read_pair(gex__span_trim(gex__span_between(line.at + 1, colon)),
                               gex__span_trim(gex__span_between(colon + 1, line.at + line.length)), lines.number,
                               header, error);
    }
    return status;
}
