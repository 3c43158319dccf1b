/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the feed: which table it is, how many rows it has, one block, and the rows. */
#include <math.h>
#include <string.h>

#include "feed.h"

enum { CHAIN_COLUMNS_0_1 = offsetof(gex_chain_columns, volume) + sizeof(gex_f64) };
_Static_assert(sizeof(gex_chain_columns) >= CHAIN_COLUMNS_0_1, "columns only grow");

/* What the first reading finds. */
struct survey {
    struct gex__span    preamble; /* the lines above the column line */
    struct gex__lines   rest;     /* the lines below it */
    struct gex__columns columns;
    int64_t             column_line;
    int64_t             good, bad, first_bad;
    bool                cut; /* the text ends within a row: in a line without an end, with too few fields */
    int64_t             symbol_width, root_width;
};

/* ---- the column line ------------------------------------------------------------------------------------------- */

static bool begins_with(struct gex__span text, const char *bytes, int64_t length)
{
    return text.length >= length && memcmp(text.at, bytes, (size_t)length) == 0;
}

static struct gex__span without_byte_order_mark(struct gex__span text)
{
    const int64_t mark = begins_with(text, "\xef\xbb\xbf", 3) ? 3 : 0;
    return (struct gex__span){text.at + mark, text.length - mark};
}

/* What else the bytes may be, to say so. */
static const char *hint(struct gex__span text)
{
    if (begins_with(text, "\x1f\x8b", 2))
        return "; this is gzip: unpack it first";
    if (begins_with(text, "\xff\xfe", 2) || begins_with(text, "\xfe\xff", 2))
        return "; this is UTF-16: save it as UTF-8";
    if (begins_with(text, "PK\x03\x04", 4))
        return "; this is a zip archive or a spreadsheet: save it as CSV";
    if (begins_with(text, "{", 1) || begins_with(text, "[", 1))
        return "; this looks like JSON";
    if (begins_with(text, "<", 1))
        return "; this looks like a web page";
    return "";
}

static gex_status find_columns(struct gex__span text, struct survey *survey, gex_error *error)
{
    struct gex__lines lines = gex__lines_of(text);
    struct gex__span line;

    while (gex__lines_next(&lines, &line)) {
        const bool cboe = gex__cboe_is_column_line(line);
        if (!cboe && !gex__neutral_is_column_line(line))
            continue;
        survey->preamble = gex__span_between(text.at, line.at);
        survey->rest = lines;
        survey->column_line = lines.number;
        return cboe ? gex__cboe_columns(line, lines.number, &survey->columns, error)
                    : gex__neutral_columns(line, lines.number, &survey->columns, error);
    }
    if (lines.number == 0)
        return gex__fail(error, GEX_ERR_FORMAT, 1, "the text is empty: expected a Cboe quote table or neutral columns");
    return gex__fail(error, GEX_ERR_FORMAT, 1,
                     "no column line among {i} lines: expected \"Expiration Date,Calls,...\" of a Cboe quote table, or "
                     "names such as \"root,expiry,strike,right\"{s}",
                     lines.number, hint(text));
}

/* ---- counting -------------------------------------------------------------------------------------------------- */

static enum gex__line_kind read_line(const struct gex__columns *columns, struct gex__span line,
                                     struct gex__fields *fields)
{
    return columns->form == GEX_FEED_CBOE ? gex__cboe_line(columns, line, fields)
                                          : gex__neutral_line(columns, line, fields);
}

static void widen(int64_t *width, const struct gex__fields *fields, int32_t field)
{
    if (field >= 0 && fields->field[field].length > *width)
        *width = fields->field[field].length < GEX_FEED_TEXT ? fields->field[field].length : GEX_FEED_TEXT;
}

static void count_row(struct survey *survey, const struct gex__fields *fields)
{
    const struct gex__columns *columns = &survey->columns;

    survey->good++;
    if (columns->form == GEX_FEED_CBOE) {
        widen(&survey->symbol_width, fields, columns->side[0][GEX_CBOE_SYMBOL]);
        widen(&survey->symbol_width, fields, columns->side[1][GEX_CBOE_SYMBOL]);
    } else {
        widen(&survey->symbol_width, fields, columns->neutral[GEX_NEUTRAL_SYMBOL]);
        widen(&survey->root_width, fields, columns->neutral[GEX_NEUTRAL_ROOT]);
    }
}

static gex_status count_rows(struct survey *survey, gex_error *error)
{
    struct gex__lines lines = survey->rest;
    struct gex__fields fields;
    struct gex__span line;

    survey->symbol_width = survey->root_width = 1;
    while (gex__lines_next(&lines, &line))
        switch (read_line(&survey->columns, line, &fields)) {
        case GEX_LINE_ROW: count_row(survey, &fields); break;
        case GEX_LINE_BLANK: break;
        case GEX_LINE_BAD:
            survey->bad++;
            if (survey->bad == 1)
                survey->first_bad = lines.number;
            survey->cut = line.at + line.length == lines.end && fields.count < survey->columns.count;
            break;
        }
    if (survey->bad > survey->good)
        return gex__fail(error, GEX_ERR_FORMAT, survey->first_bad,
                         "not a row of the {i} columns named in line {i}, like {i} of {i} lines below it",
                         (int64_t)survey->columns.count, survey->column_line, survey->bad, survey->bad + survey->good);
    if (survey->good == 0)
        return gex__fail(error, GEX_ERR_FORMAT, survey->column_line, "no row below the column line");
    if (survey->cut)
        return gex__fail(error, GEX_ERR_FORMAT, lines.number,
                         "the text breaks off after {i} of {i} columns and without an end of line: it was cut short",
                         (int64_t)fields.count, (int64_t)survey->columns.count);
    return GEX_OK;
}

/* ---- one block ------------------------------------------------------------------------------------------------- */

/* Where the arrays lie: counted with block NULL, handed out in a second round. */
struct carve {
    struct gex__layout layout;
    char              *block;
};

static void *carve(struct carve *c, bool wanted, int64_t count, int64_t element)
{
    const int64_t offset = c->layout.size;

    if (!wanted)
        return NULL;
    gex__layout_add(&c->layout, count, element);
    return c->block != NULL ? c->block + offset : NULL;
}

static void carve_feed(struct carve *c, struct gex_feed *feed, const struct survey *survey)
{
    const bool cboe = survey->columns.form == GEX_FEED_CBOE;
    const int64_t lines = survey->good, rows = cboe ? 2 * lines : lines;
    const int32_t *n = survey->columns.neutral;

    carve(c, true, 1, sizeof *feed);
    feed->line = carve(c, true, lines, sizeof(int64_t));
    feed->symbol = carve(c, cboe || n[GEX_NEUTRAL_SYMBOL] >= 0, rows, survey->symbol_width);
    feed->root = carve(c, n[GEX_NEUTRAL_ROOT] >= 0, rows, survey->root_width);
    /* a settlement that is not one is told to the chain through the expiry */
    feed->expiry = carve(c, n[GEX_NEUTRAL_EXPIRY] >= 0 || n[GEX_NEUTRAL_SETTLEMENT] >= 0, rows, sizeof(int32_t));
    feed->settlement = carve(c, n[GEX_NEUTRAL_SETTLEMENT] >= 0, rows, sizeof(int64_t));
    feed->strike = carve(c, cboe || n[GEX_NEUTRAL_STRIKE] >= 0, rows, sizeof(double));
    feed->right = carve(c, n[GEX_NEUTRAL_RIGHT] >= 0, rows, 1);
    feed->multiplier = carve(c, n[GEX_NEUTRAL_MULTIPLIER] >= 0, rows, sizeof(double));
    feed->exercise = carve(c, n[GEX_NEUTRAL_EXERCISE] >= 0, rows, 1);
    feed->payoff = carve(c, n[GEX_NEUTRAL_PAYOFF] >= 0, rows, 1);
    feed->bid = carve(c, cboe || n[GEX_NEUTRAL_BID] >= 0, rows, sizeof(double));
    feed->ask = carve(c, cboe || n[GEX_NEUTRAL_ASK] >= 0, rows, sizeof(double));
    feed->last = carve(c, cboe || n[GEX_NEUTRAL_LAST] >= 0, rows, sizeof(double));
    feed->vol = carve(c, cboe || n[GEX_NEUTRAL_VOL] >= 0, rows, sizeof(double));
    feed->open_interest = carve(c, cboe || n[GEX_NEUTRAL_OPEN_INTEREST] >= 0, rows, sizeof(double));
    feed->volume = carve(c, cboe || n[GEX_NEUTRAL_VOLUME] >= 0, rows, sizeof(double));
    feed->position = carve(c, n[GEX_NEUTRAL_POSITION] >= 0, rows, sizeof(double));
    feed->deviation = carve(c, n[GEX_NEUTRAL_DEVIATION] >= 0, rows, sizeof(double));
    feed->lines = lines;
    feed->rows = rows;
    feed->symbol_width = survey->symbol_width;
    feed->root_width = survey->root_width;
}

static struct gex_feed *feed_alloc(const gex_context *context, const struct survey *survey)
{
    struct carve carving = {.block = NULL};
    struct gex_feed sizing, *feed;

    carve_feed(&carving, &sizing, survey);
    feed = gex__object_create(context, &carving.layout, NULL);
    if (feed == NULL)
        return NULL;
    carving = (struct carve){.block = (char *)feed};
    carve_feed(&carving, feed, survey);
    return feed;
}

/* ---- the rows -------------------------------------------------------------------------------------------------- */

void gex__feed_put_text(char *column, int64_t width, int64_t i, struct gex__span text)
{
    char *to = column + i * width;
    const int64_t length = text.length < width ? text.length : width;

    if (length > 0)
        memcpy(to, text.at, (size_t)length);
    if (text.length > width || (length > 0 && memchr(text.at, '\0', (size_t)length) != NULL))
        to[0] = '?';
}

static void fill_rows(struct gex_feed *feed, const struct survey *survey)
{
    struct gex__lines lines = survey->rest;
    struct gex__fields fields;
    struct gex__span line;
    int64_t i = 0;

    while (gex__lines_next(&lines, &line)) {
        if (read_line(&survey->columns, line, &fields) != GEX_LINE_ROW)
            continue;
        feed->line[i] = lines.number;
        if (survey->columns.form == GEX_FEED_CBOE)
            gex__cboe_rows(feed, &survey->columns, &fields, i++);
        else
            gex__neutral_row(feed, &survey->columns, &fields, i++);
    }
}

/* ---- the header ------------------------------------------------------------------------------------------------ */

/* The first expiry among the symbols, 0 when there is none. */
static int32_t first_expiry(const struct gex_feed *feed)
{
    int32_t first = 0;

    for (int64_t row = 0; row < feed->rows; row++) {
        const gex_text symbols = {feed->symbol, feed->symbol_width, feed->symbol_width};
        gex_series series = {.struct_size = sizeof series};
        const char *text;
        const int64_t length = gex__text_at(symbols, row, &text);
        if (gex_symbol_parse(text, length, &series, NULL) == GEX_OK && (first == 0 || series.expiry < first))
            first = series.expiry;
    }
    return first;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* The year that puts a month and day nearest to the first expiry; 0 when there is none. */
static int32_t guess_year(const struct gex__civil *civil, int32_t expiry)
{
    const int32_t middle = expiry / 10000;
    int32_t best = 0;
    int64_t target, least = INT64_MAX;

    if (!gex__days_from_yyyymmdd(expiry, &target))
        return 0;
    for (int32_t year = middle - 1; year <= middle + 1; year++) {
        const int64_t away = distance(gex__days_from_date(year, civil->month, civil->day), target);
        if (gex__date_valid(year, civil->month, civil->day) && away < least) {
            least = away;
            best = year;
        }
    }
    return best;
}

static void date_feed(struct gex_feed *feed, const struct gex__header *header)
{
    const struct gex__civil *civil = &header->when.civil;
    const bool guess = header->has_when && civil->year == 0;
    const int32_t year = guess ? guess_year(civil, first_expiry(feed)) : civil->year;

    feed->has_as_of = header->has_as_of;
    feed->as_of = header->as_of;
    if (header->has_when && year != 0)
        feed->has_as_of = gex__when_instant(&header->when, year, &feed->as_of);
    feed->year_guessed = guess && feed->has_as_of;
}

/* ---- the door -------------------------------------------------------------------------------------------------- */

static gex_status read_table(const gex_context *context, struct gex__span text, struct gex_feed **out, gex_error *error)
{
    struct gex__header header = {.spot = (double)NAN};
    struct survey survey = {.column_line = 0};
    struct gex_feed *feed;
    gex_status status = find_columns(without_byte_order_mark(text), &survey, error);

    if (status != GEX_OK)
        return status;
    if (survey.columns.form == GEX_FEED_CBOE)
        gex__header_cboe(survey.preamble, &header);
    else
        status = gex__header_neutral(survey.preamble, &header, error);
    if (status == GEX_OK)
        status = count_rows(&survey, error);
    if (status != GEX_OK)
        return status;
    feed = feed_alloc(context, &survey);
    if (feed == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a table of {i} rows", survey.good);
    feed->form = survey.columns.form;
    feed->bad_lines = survey.bad;
    feed->spot = header.spot;
    memcpy(feed->underlying, header.underlying, sizeof feed->underlying);
    fill_rows(feed, &survey);
    date_feed(feed, &header);
    *out = feed;
    return GEX_OK;
}

gex_status gex_feed_csv(const gex_context *context, const char *bytes, int64_t length, gex_feed **out, gex_error *error)
{
    const struct gex__span text = {bytes != NULL ? bytes : "", length};
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || length < 0 || (bytes == NULL && length != 0))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bytes, their length and out are required");
    gex__guest_enter(&guest);
    status = read_table(context, text, out, error);
    gex__guest_leave(&guest);
    return status;
}

void gex_feed_free(gex_feed *feed)
{
    gex__object_release(feed);
}

/* ---- what it lends --------------------------------------------------------------------------------------------- */

static gex_f64 f64_column(const double *data)
{
    return (gex_f64){data, sizeof *data};
}

static gex_i8 i8_column(const int8_t *data)
{
    return (gex_i8){data, sizeof *data};
}

gex_status gex_feed_columns(const gex_feed *feed, gex_chain_columns *columns_out, gex_error *error)
{
    gex_chain_columns columns = {.rows = 0};

    if (feed == NULL || columns_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "feed and columns_out are required");
    columns.rows = feed->rows;
    columns.symbol = (gex_text){feed->symbol, feed->symbol_width, feed->symbol_width};
    columns.root = (gex_text){feed->root, feed->root_width, feed->root_width};
    columns.expiry = (gex_i32){feed->expiry, sizeof(int32_t)};
    columns.settlement = (gex_i64){feed->settlement, sizeof(int64_t)};
    columns.strike = f64_column(feed->strike);
    columns.right = i8_column(feed->right);
    columns.exercise = i8_column(feed->exercise);
    columns.payoff = i8_column(feed->payoff);
    columns.multiplier = f64_column(feed->multiplier);
    columns.bid = f64_column(feed->bid);
    columns.ask = f64_column(feed->ask);
    columns.last = f64_column(feed->last);
    columns.vol = f64_column(feed->vol);
    columns.open_interest = f64_column(feed->open_interest);
    columns.volume = f64_column(feed->volume);
    if (gex__options_give(columns_out, CHAIN_COLUMNS_0_1, &columns, sizeof columns) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "chain columns: struct_size {u}", columns_out->struct_size);
    return GEX_OK;
}

gex_status gex_feed_positions(const gex_feed *feed, gex_f64 *positions_out, gex_error *error)
{
    if (feed == NULL || positions_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "feed and positions_out are required");
    *positions_out = f64_column(feed->position);
    return GEX_OK;
}

gex_status gex_feed_deviations(const gex_feed *feed, gex_f64 *deviations_out, gex_error *error)
{
    if (feed == NULL || deviations_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "feed and deviations_out are required");
    *deviations_out = f64_column(feed->deviation);
    return GEX_OK;
}

int32_t gex_feed_form(const gex_feed *feed)
{
    return feed != NULL ? feed->form : 0;
}

const char *gex_feed_underlying(const gex_feed *feed)
{
    return feed != NULL ? feed->underlying : "";
}

double gex_feed_spot(const gex_feed *feed)
{
    return feed != NULL ? feed->spot : (double)NAN;
}

int32_t gex_feed_as_of(const gex_feed *feed, int64_t *instant_out)
{
    if (feed == NULL || !feed->has_as_of)
        return 0;
    if (instant_out != NULL)
        *instant_out = feed->as_of;
    return 1;
}

int32_t gex_feed_year_guessed(const gex_feed *feed)
{
    return feed != NULL ? feed->year_guessed : 0;
}

int64_t gex_feed_bad_lines(const gex_feed *feed)
{
    return feed != NULL ? feed->bad_lines : 0;
}

int64_t gex_feed_line(const gex_feed *feed, int64_t row)
{
    if (feed == NULL || row < 0 || row >= feed->rows)
        return 0;
    return feed->line[row / (feed->rows / feed->lines)];
}
