/* SPDX-License-Identifier: Apache-2.0 */
/* The Cboe quote table: a line a strike, the call's columns before Strike, the put's behind it under the same names. */
#include <math.h>
#include <string.h>

#include "feed.h"

static const char first_column[] = "Expiration Date";
static const char *const side_names[] = {"call", "put"};

/* ---- the column line ------------------------------------------------------------------------------------------- */

/* What a name stands for on one side of Strike, or -1. */
static int32_t side_column(struct gex__span name, int32_t side)
{
    static const struct {
        const char *name;
        int32_t     column;
    } known[] = {
        {"Last Sale", GEX_CBOE_LAST},         {"Last", GEX_CBOE_LAST},
        {"Bid", GEX_CBOE_BID},                {"Ask", GEX_CBOE_ASK},
        {"Volume", GEX_CBOE_VOLUME},          {"Vol", GEX_CBOE_VOLUME},
        {"IV", GEX_CBOE_VOL},                 {"Open Interest", GEX_CBOE_OPEN_INTEREST},
        {"Open Int", GEX_CBOE_OPEN_INTEREST}, {"Int", GEX_CBOE_OPEN_INTEREST},
    };

    if (gex__span_is(name, side == 0 ? "Calls" : "Puts"))
        return GEX_CBOE_SYMBOL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (gex__span_is(name, known[i].name))
            return known[i].column;
    return -1;
}

/* By its first field, up to the comma, whatever its quotes. */
bool gex__cboe_is_column_line(struct gex__span line)
{
    enum { LONGEST = 64 };
    const int64_t reach = line.length < LONGEST ? line.length : LONGEST;
    const char *comma = reach > 0 ? memchr(line.at, ',', (size_t)reach) : NULL;

    return comma != NULL && gex__span_is(gex__span_trim(gex__span_between(line.at, comma)), first_column);
}

static gex_status place_column(struct gex__columns *columns, struct gex__span name, int32_t field, int64_t number,
                               gex_error *error)
{
    const int32_t side = field > columns->strike, column = side_column(name, side);

    if (column < 0)
        return GEX_OK;
    if (columns->side[side][column] >= 0)
        return gex__fail(error, GEX_ERR_FORMAT, number, "the {s} side has two columns for \"{n}\"", side_names[side],
                         name.length, name.at);
    columns->side[side][column] = field;
    return GEX_OK;
}

gex_status gex__cboe_columns(struct gex__span line, int64_t number, struct gex__columns *columns, gex_error *error)
{
    struct gex__fields fields;

    memset(columns, -1, sizeof *columns);
    columns->form = GEX_FEED_CBOE;
    gex__fields_split_any(line, INT32_MAX, &fields);
    if (fields.count > GEX_FIELDS_MAX)
        return gex__fail(error, GEX_ERR_FORMAT, number, "more than {i} columns", (int64_t)GEX_FIELDS_MAX);
    columns->count = columns->width = fields.count;
    while (columns->count > 0 && fields.field[columns->count - 1].length == 0)
        columns->count--;
    for (int32_t i = 0; i < columns->count; i++) {
        if (!gex__span_is(fields.field[i], "Strike"))
            continue;
        if (columns->strike >= 0)
            return gex__fail(error, GEX_ERR_FORMAT, number, "two columns named Strike");
        columns->strike = i;
    }
    if (columns->strike < 0)
        return gex__fail(error, GEX_ERR_FORMAT, number, "no column named Strike, between the calls and the puts");
    for (int32_t i = 0; i < columns->count; i++) {
        gex_status status = place_column(columns, fields.field[i], i, number, error);
        if (status != GEX_OK)
            return status;
    }
    for (int32_t side = 0; side < 2; side++)
        if (columns->side[side][GEX_CBOE_SYMBOL] < 0)
            return gex__fail(error, GEX_ERR_FORMAT, number, "no column named {s} Strike",
                             side == 0 ? "Calls before" : "Puts behind");
    return GEX_OK;
}

/* ---- a line ---------------------------------------------------------------------------------------------------- */

/* Strike of the symbol in a field, NaN when there is none. */
static double strike_named(const struct gex__fields *fields, int32_t i)
{
    gex_series series = {.struct_size = sizeof series, .strike = (double)NAN};

    if (i < fields->count)
        (void)gex_symbol_parse(fields->field[i].at, fields->field[i].length, &series, NULL);
    return series.strike;
}

/* More fields than columns: thousands written with bare commas, or cells that no column names. The symbol of the put
 * tells on which side. @return false when it cannot be told what belongs together. */
static bool realign(const struct gex__columns *columns, int32_t used, struct gex__fields *fields)
{
    const int32_t put = columns->side[1][GEX_CBOE_SYMBOL], surplus = used - columns->count;
    double strike;
    int32_t shift = 0;

    while (put + shift < fields->count && isnan(strike_named(fields, put + shift)))
        shift++;
    if (put + shift == fields->count)
        shift = 0;
    if (shift == 0 && surplus <= 0)
        return true;
    strike = strike_named(fields, put + shift);
    if (surplus > shift &&
        !gex__cboe_rejoin(columns, 1, put + 1, columns->count, put + shift + 1, surplus - shift, strike, fields))
        return shift == 0 && used <= columns->width;
    return (shift == 0 || gex__cboe_rejoin(columns, 0, 0, put, 0, shift, strike, fields)) &&
           fields->count >= columns->count;
}

enum gex__line_kind gex__cboe_line(const struct gex__columns *columns, struct gex__span line,
                                   struct gex__fields *fields)
{
    const bool stray_quote = gex__fields_split_any(line, columns->count, fields);
    int32_t used;

    if (fields->count < columns->count || fields->count > GEX_FIELDS_MAX || gex__cboe_is_column_line(line))
        return gex__line_blank(line) ? GEX_LINE_BLANK : GEX_LINE_BAD;
    used = fields->count;
    while (used > 0 && fields->field[used - 1].length == 0)
        used--;
    if (used == 0)
        return GEX_LINE_BLANK;
    if ((fields->count > columns->count || stray_quote) && !realign(columns, used, fields))
        return GEX_LINE_BAD;
    if (fields->field[columns->side[0][GEX_CBOE_SYMBOL]].length == 0 &&
        fields->field[columns->side[1][GEX_CBOE_SYMBOL]].length == 0)
        return GEX_LINE_BAD;
    return GEX_LINE_ROW;
}

/* ---- its two rows ---------------------------------------------------------------------------------------------- */

static double number_in(const struct gex__fields *fields, int32_t field, double empty)
{
    return field >= 0 ? gex__cell_number(fields->field[field], empty) : empty;
}

void gex__cboe_rows(struct gex_feed *feed, const struct gex__columns *columns, const struct gex__fields *fields,
                    int64_t line)
{
    const double none = (double)NAN, strike = number_in(fields, columns->strike, none);

    for (int32_t side = 0; side < 2; side++) {
        const int32_t *column = columns->side[side];
        const int64_t row = 2 * line + side;
        gex__feed_put_text(feed->symbol, feed->symbol_width, row, fields->field[column[GEX_CBOE_SYMBOL]]);
        feed->strike[row] = strike;
        feed->last[row] = number_in(fields, column[GEX_CBOE_LAST], none);
        feed->bid[row] = number_in(fields, column[GEX_CBOE_BID], none);
        feed->ask[row] = number_in(fields, column[GEX_CBOE_ASK], none);
        feed->volume[row] = number_in(fields, column[GEX_CBOE_VOLUME], 0.0);
        feed->vol[row] = number_in(fields, column[GEX_CBOE_VOL], 0.0);
        feed->open_interest[row] = number_in(fields, column[GEX_CBOE_OPEN_INTEREST], 0.0);
    }
}
