/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the feed. A table is read twice: once to find its form and count its rows, once into the arrays. */
#ifndef GEX_FEED_FEED_H
#define GEX_FEED_FEED_H

#include <gex/feed.h>

#include "base/base.h"
#include "text.h"
#include "when.h"

enum { GEX_FEED_TEXT = 64 }; /* bytes of a name, a symbol or a root at most, the terminator of a name included */

/* What stands above the columns. */
struct gex__header {
    char            underlying[GEX_FEED_TEXT];
    double          spot; /* NaN: not said */
    bool            has_when, has_as_of;
    struct gex__when when; /* as the Cboe table says it; the year may be missing */
    int64_t         as_of; /* as the neutral table says it */
};

/* The Cboe table's: "NAME,Last: 4,505.10,..." and "Date: ..." somewhere among the lines. */
void gex__header_cboe(struct gex__span preamble, struct gex__header *header);
/* The neutral table's "# key: value" lines. @return GEX_ERR_FORMAT for a known key with a value that cannot be. */
gex_status gex__header_neutral(struct gex__span preamble, struct gex__header *header, gex_error *error);

/* ---- columns --------------------------------------------------------------------------------------------------- */

/* Of one side of the Cboe table. */
enum {
    GEX_CBOE_SYMBOL,
    GEX_CBOE_LAST,
    GEX_CBOE_BID,
    GEX_CBOE_ASK,
    GEX_CBOE_VOLUME,
    GEX_CBOE_VOL,
    GEX_CBOE_OPEN_INTEREST,
    GEX_CBOE_COLUMNS
};

enum {
    GEX_NEUTRAL_SYMBOL,
    GEX_NEUTRAL_ROOT,
    GEX_NEUTRAL_EXPIRY,
    GEX_NEUTRAL_SETTLEMENT,
    GEX_NEUTRAL_STRIKE,
    GEX_NEUTRAL_RIGHT,
    GEX_NEUTRAL_MULTIPLIER,
    GEX_NEUTRAL_EXERCISE,
    GEX_NEUTRAL_PAYOFF,
    GEX_NEUTRAL_BID,
    GEX_NEUTRAL_ASK,
    GEX_NEUTRAL_LAST,
    GEX_NEUTRAL_VOL,
    GEX_NEUTRAL_OPEN_INTEREST,
    GEX_NEUTRAL_VOLUME,
    GEX_NEUTRAL_POSITION,
    GEX_NEUTRAL_DEVIATION,
    GEX_NEUTRAL_COLUMNS
};

/* Which field of a line holds what; -1: no such column. */
struct gex__columns {
    int32_t form;  /* GEX_FEED_* */
    int32_t count; /* fields up to the last one with a name */
    int32_t width; /* fields of the column line */
    int32_t strike;
    int32_t side[2][GEX_CBOE_COLUMNS]; /* calls, puts */
    int32_t neutral[GEX_NEUTRAL_COLUMNS];
};

bool       gex__cboe_is_column_line(struct gex__span line);
gex_status gex__cboe_columns(struct gex__span line, int64_t number, struct gex__columns *columns, gex_error *error);
bool       gex__neutral_is_column_line(struct gex__span line);
gex_status gex__neutral_columns(struct gex__span line, int64_t number, struct gex__columns *columns, gex_error *error);

/* ---- lines ----------------------------------------------------------------------------------------------------- */

enum gex__line_kind { GEX_LINE_ROW, GEX_LINE_BLANK, GEX_LINE_BAD };
/* Cut a line into fields that stand where the columns say. */
enum gex__line_kind gex__cboe_line(const struct gex__columns *columns, struct gex__span line,
                                   struct gex__fields *fields);
/* Put together the numbers that their own commas cut, in the fields from `field_from` that stand for one side's columns
 * [column_from, column_end): `surplus` more fields than columns. `strike` is the symbol's. @return false, fields as
 * they were, when there is no way to do it or more than one. */
bool gex__cboe_rejoin(const struct gex__columns *columns, int32_t side, int32_t column_from, int32_t column_end,
                      int32_t field_from, int32_t surplus, double strike, struct gex__fields *fields);
enum gex__line_kind gex__neutral_line(const struct gex__columns *columns, struct gex__span line,
                                      struct gex__fields *fields);

/* ---- rows ------------------------------------------------------------------------------------------------------ */

struct gex_feed {
    struct gex__object object;
    int32_t            form;
    int32_t            year_guessed;
    bool               has_as_of;
    int64_t            as_of;
    double             spot;
    int64_t            rows, lines; /* a line of the Cboe table makes two rows */
    int64_t            bad_lines;
    char               underlying[GEX_FEED_TEXT];
    int64_t           *line; /* number, per line */
    /* Per row; NULL: the table has no such column. */
    char    *symbol, *root;
    int64_t  symbol_width, root_width;
    int32_t *expiry;
    int64_t *settlement;
    double  *strike, *multiplier, *bid, *ask, *last, *vol, *open_interest, *volume, *position, *deviation;
    int8_t  *right, *exercise, *payoff;
};

/* Fill the row or rows of one line. */
void gex__cboe_rows(struct gex_feed *feed, const struct gex__columns *columns, const struct gex__fields *fields,
                    int64_t line);
void gex__neutral_row(struct gex_feed *feed, const struct gex__columns *columns, const struct gex__fields *fields,
                      int64_t row);
/* Copy a text into row i of a column. One that does not fit, or holds a zero byte, is made one that names nothing. */
void gex__feed_put_text(char *column, int64_t width, int64_t i, struct gex__span text);

#endif
