/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of the Cboe table with more fields than columns, because numbers were written with commas and without quotes:
 * "23,189,981,0.0916" is an ask of 23 and a volume of 189,981, or an ask of 23,189 and a volume of 981. Every way to
 * lay the fields on the columns is tried. A volatility is never cut, volume and open interest have no fraction. Of what
 * is left, a way that gives the strike of the symbol goes before one that does not, then one whose bid does not exceed
 * its ask, then one that leaves prices whole. Two ways that are as good as each other are none.
 */
#include <math.h>
#include <string.h>

#include "feed.h"

enum {
    SURPLUS_MAX = 12, /* of one side: six numbers of seven digits */
    STEPS_MAX = 512,  /* a line of the exchange takes 20 to 100 */
    JOINS_PRICES = 1,
    CROSSED = 2,
    STRIKE_DIFFERS = 4,
    WORST = 8
};

struct search {
    const struct gex__columns *columns;
    const struct gex__fields  *fields;
    const int32_t             *side; /* columns of this side by what they hold */
    double                     strike; /* of the symbol, NaN when it is none */
    int32_t                    column_end, steps;
    int32_t                    cost, ways; /* of the best layout, and how many cost that */
    bool                       joins_prices;
    int32_t                    more[GEX_FIELDS_MAX], best[GEX_FIELDS_MAX]; /* fields beyond the first, by column */
};

static bool is_count(const struct search *s, int32_t column)
{
    return column == s->side[GEX_CBOE_VOLUME] || column == s->side[GEX_CBOE_OPEN_INTEREST];
}

/* May the column hold fields first to last, as one number if they are several? */
static bool may_hold(const struct search *s, int32_t column, int32_t first, int32_t last)
{
    const struct gex__span tail = s->fields->field[last];

    if (is_count(s, column) && tail.length > 0 && memchr(tail.at, '.', (size_t)tail.length) != NULL)
        return false;
    if (first == last)
        return !gex__field_is_tail(tail);
    return column != s->side[GEX_CBOE_VOL] && gex__fields_are_number(s->fields, first, last);
}

/* The number a column holds in the layout at hand, NaN when the table has no such column. */
static double laid(const struct search *s, int32_t column, int32_t column_from, int32_t field_from)
{
    struct gex__span cell;
    int32_t field = field_from;

    if (column < column_from || column >= s->column_end)
        return (double)NAN;
    for (int32_t c = column_from; c < column; c++)
        field += 1 + s->more[c];
    cell = s->fields->field[field];
    field += s->more[column];
    return gex__cell_number(gex__span_between(cell.at, s->fields->field[field].at + s->fields->field[field].length),
                            (double)NAN);
}

static void judge(struct search *s, int32_t column_from, int32_t field_from)
{
    const double bid = laid(s, s->side[GEX_CBOE_BID], column_from, field_from);
    const double ask = laid(s, s->side[GEX_CBOE_ASK], column_from, field_from);
    const double strike = laid(s, s->columns->strike, column_from, field_from);
    const int32_t cost = (s->joins_prices ? JOINS_PRICES : 0) + (bid > ask ? CROSSED : 0) +
                         (strike < s->strike || strike > s->strike ? STRIKE_DIFFERS : 0); /* false for a NaN */

    if (cost < s->cost) {
        s->cost = cost;
        s->ways = 0;
        memcpy(s->best, s->more, sizeof s->best);
    }
    s->ways += cost == s->cost;
}

/* Take fields for the columns from the first to the end in turn, column after column: an odometer of how many more than
 * one each takes, `surplus` together. */
static void lay(struct search *s, int32_t column_from, int32_t field_from, int32_t surplus)
{
    int32_t first[GEX_FIELDS_MAX], left[GEX_FIELDS_MAX];
    int32_t c = column_from, more = 0;

    first[c] = field_from;
    left[c] = surplus;
    while (s->steps < STEPS_MAX) {
        s->steps++;
        while (more <= left[c] && !may_hold(s, c, first[c], first[c] + more))
            more++;
        if (more > left[c]) { /* no more for this column: the one before it takes another */
            if (c == column_from)
                return;
            more = s->more[--c] + 1;
            continue;
        }
        s->more[c] = more;
        if (c + 1 < s->column_end) {
            first[c + 1] = first[c] + 1 + more;
            left[c + 1] = left[c] - more;
            c++;
            more = 0;
            continue;
        }
        if (more == left[c]) {
            s->joins_prices = false;
            for (int32_t i = column_from; i < s->column_end; i++)
                s->joins_prices |= s->more[i] > 0 && !is_count(s, i) && i != s->columns->strike;
            judge(s, column_from, field_from);
        }
        more++;
    }
    s->ways = 0; /* too many to tell */
}

bool gex__cboe_rejoin(const struct gex__columns *columns, int32_t side, int32_t column_from, int32_t column_end,
                      int32_t field_from, int32_t surplus, double strike, struct gex__fields *fields)
{
    struct search s = {.columns = columns, .fields = fields, .side = columns->side[side], .strike = strike,
                       .column_end = column_end, .cost = WORST};

    if (column_from >= column_end || surplus < 0 || surplus > SURPLUS_MAX)
        return surplus == 0;
    lay(&s, column_from, field_from, surplus);
    if (s.ways != 1)
        return false;
    for (int32_t c = column_from, field = field_from; c < column_end; c++, field++)
        for (int32_t i = 0; i < s.best[c]; i++)
            gex__fields_join(fields, field);
    return true;
}
