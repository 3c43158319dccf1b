/* SPDX-License-Identifier: Apache-2.0 */
/* The neutral table: `# key: value` lines, one line of column names, one row a line. See docs/neutral-csv.md. */
#include <math.h>
#include <string.h>

#include <gex/clock.h>

#include "base/civil.h"
#include "feed.h"

static const char *const names[GEX_NEUTRAL_COLUMNS] = {
    [GEX_NEUTRAL_SYMBOL] = "symbol",
    [GEX_NEUTRAL_ROOT] = "root",
    [GEX_NEUTRAL_EXPIRY] = "expiry",
    [GEX_NEUTRAL_SETTLEMENT] = "settlement",
    [GEX_NEUTRAL_STRIKE] = "strike",
    [GEX_NEUTRAL_RIGHT] = "right",
    [GEX_NEUTRAL_MULTIPLIER] = "multiplier",
    [GEX_NEUTRAL_EXERCISE] = "exercise",
    [GEX_NEUTRAL_PAYOFF] = "payoff",
    [GEX_NEUTRAL_BID] = "bid",
    [GEX_NEUTRAL_ASK] = "ask",
    [GEX_NEUTRAL_LAST] = "last",
    [GEX_NEUTRAL_VOL] = "vol",
    [GEX_NEUTRAL_OPEN_INTEREST] = "open_interest",
    [GEX_NEUTRAL_VOLUME] = "volume",
    [GEX_NEUTRAL_POSITION] = "position",
    [GEX_NEUTRAL_DEVIATION] = "deviation",
};

/* ---- the column line ------------------------------------------------------------------------------------------- */

static int32_t column_of(struct gex__span name)
{
    for (int32_t i = 0; i < GEX_NEUTRAL_COLUMNS; i++)
        if (gex__span_is(name, names[i]))
            return i;
    return -1;
}

static bool is_comment(struct gex__span line)
{
    line = gex__span_trim(line);
    return line.length > 0 && line.at[0] == '#';
}

/* `symbol`, or two known names: enough to tell a column line, misspelt names and all, from a line of text. */
bool gex__neutral_is_column_line(struct gex__span line)
{
    struct gex__fields fields;
    int32_t known = 0;

    if (is_comment(line) || gex__line_blank(line))
        return false;
    if (memchr(line.at, ',', (size_t)line.length) == NULL)
        return gex__span_is(gex__span_trim(line), names[GEX_NEUTRAL_SYMBOL]);
    gex__fields_split_any(line, 2, &fields);
    for (int32_t i = 0; i < fields.count && i < GEX_FIELDS_MAX; i++) {
        const int32_t column = column_of(fields.field[i]);
        known += column == GEX_NEUTRAL_SYMBOL ? 2 : column >= 0;
    }
    return known >= 2;
}

gex_status gex__neutral_columns(struct gex__span line, int64_t number, struct gex__columns *columns, gex_error *error)
{
    struct gex__fields fields;
    const int32_t *n = columns->neutral;

    memset(columns, -1, sizeof *columns);
    columns->form = GEX_FEED_NEUTRAL;
    gex__fields_split_any(line, INT32_MAX, &fields);
    if (fields.count > GEX_FIELDS_MAX)
        return gex__fail(error, GEX_ERR_FORMAT, number, "more than {i} columns", (int64_t)GEX_FIELDS_MAX);
    columns->width = columns->count = fields.count;
    while (columns->count > 0 && fields.field[columns->count - 1].length == 0)
        columns->count--;
    for (int32_t i = 0; i < columns->count; i++) {
        const int32_t column = column_of(fields.field[i]);
        if (column < 0)
            return gex__fail(error, GEX_ERR_FORMAT, number,
                             "no column is named \"{n}\"; known are symbol root expiry settlement strike right "
                             "multiplier exercise payoff bid ask last vol open_interest volume position deviation",
                             fields.field[i].length < 40 ? fields.field[i].length : (int64_t)40, fields.field[i].at);
        if (n[column] >= 0)
            return gex__fail(error, GEX_ERR_FORMAT, number, "two columns are named {s}", names[column]);
        columns->neutral[column] = i;
    }
    if (n[GEX_NEUTRAL_SYMBOL] < 0 && (n[GEX_NEUTRAL_STRIKE] < 0 || n[GEX_NEUTRAL_RIGHT] < 0 ||
                                      (n[GEX_NEUTRAL_EXPIRY] < 0 && n[GEX_NEUTRAL_SETTLEMENT] < 0)))
        return gex__fail(error, GEX_ERR_FORMAT, number,
                         "the columns name no contract: there has to be symbol, or strike and right with expiry or "
                         "settlement");
    return GEX_OK;
}

/* ---- a line ---------------------------------------------------------------------------------------------------- */

enum gex__line_kind gex__neutral_line(const struct gex__columns *columns, struct gex__span line,
                                      struct gex__fields *fields)
{
    if (is_comment(line) || gex__line_blank(line))
        return GEX_LINE_BLANK;
    gex__fields_split(line, true, fields);
    if (fields->count < columns->count || fields->count > GEX_FIELDS_MAX)
        return GEX_LINE_BAD;
    for (int32_t i = columns->count; i < fields->count; i++)
        if (fields->field[i].length != 0)
            return GEX_LINE_BAD;
    return GEX_LINE_ROW;
}

/* ---- its row --------------------------------------------------------------------------------------------------- */

/* Codes of a few words; `garbled` for any other. */
struct word {
    const char *text;
    int8_t      code;
};

static int8_t word_code(struct gex__span cell, const struct word *words, size_t count, int8_t garbled)
{
    for (size_t i = 0; i < count; i++)
        if (gex__span_is(cell, words[i].text))
            return words[i].code;
    return garbled;
}

static int8_t right_code(struct gex__span cell)
{
    static const struct word words[] = {{"C", GEX_CALL}, {"P", GEX_PUT},  {"call", GEX_CALL}, {"put", GEX_PUT},
                                        {"1", GEX_CALL}, {"-1", GEX_PUT}, {"+1", GEX_CALL}};
    return word_code(cell, words, sizeof words / sizeof *words, 0);
}

static int8_t exercise_code(struct gex__span cell)
{
    static const struct word words[] = {{"", 0},
                                        {"E", GEX_EXERCISE_EUROPEAN},
                                        {"A", GEX_EXERCISE_AMERICAN},
                                        {"European", GEX_EXERCISE_EUROPEAN},
                                        {"American", GEX_EXERCISE_AMERICAN}};
    return word_code(cell, words, sizeof words / sizeof *words, -1);
}

static int8_t payoff_code(struct gex__span cell)
{
    static const struct word words[] = {{"", 0}, {"vanilla", GEX_PAYOFF_VANILLA}, {"inverse", GEX_PAYOFF_INVERSE}};
    return word_code(cell, words, sizeof words / sizeof *words, -1);
}

static bool digits_value(const char *text, int32_t count, int32_t *value)
{
    for (int32_t i = 0; i < count; i++) {
        if (!gex__is_digit(text[i]))
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

enum { NOT_A_DATE = -1 }; /* refused by the chain; 0 would say that nothing was given */

/* "2023-09-14" or "20230914". */
static int32_t date_value(struct gex__span cell)
{
    int32_t value = 0;

    if (cell.length == 0)
        return 0;
    if (cell.length == 8 && digits_value(cell.at, 8, &value) && value != 0)
        return value;
    value = 0;
    if (cell.length == 10 && cell.at[4] == '-' && cell.at[7] == '-' && digits_value(cell.at, 4, &value) &&
        digits_value(cell.at + 5, 2, &value) && digits_value(cell.at + 8, 2, &value) && value != 0)
        return value;
    return NOT_A_DATE;
}

static struct gex__span cell_of(const struct gex__columns *columns, const struct gex__fields *fields, int32_t column)
{
    static const struct gex__span nothing = {"", 0};
    const int32_t field = columns->neutral[column];

    return field >= 0 ? fields->field[field] : nothing;
}

/* An empty cell beside a symbol means what the symbol says. For the chain a column wins row by row, so the cell is
 * filled in here. */
struct known {
    gex_series series; /* strike NaN, right 0, root "" where there is no symbol */
    double     multiplier;
};

static struct known known_of(struct gex__span symbol, struct gex__span root)
{
    struct known known = {.series = {.struct_size = sizeof known.series, .strike = (double)NAN}, .multiplier = 100.0};
    gex_root facts = {.struct_size = sizeof facts};

    (void)gex_symbol_parse(symbol.at, symbol.length, &known.series, NULL);
    if (known.series.venue == GEX_VENUE_DERIBIT) {
        known.multiplier = 1.0;
        return known;
    }
    if (root.length == 0)
        root = (struct gex__span){known.series.root, (int64_t)strlen(known.series.root)};
    if (gex_root_facts(root.at, root.length, &facts, NULL) == GEX_OK)
        known.multiplier = facts.multiplier;
    return known;
}

static void put_series(struct gex_feed *feed, const struct gex__columns *columns, const struct gex__fields *fields,
                       int64_t row)
{
    const struct gex__span symbol = cell_of(columns, fields, GEX_NEUTRAL_SYMBOL);
    const struct gex__span root = cell_of(columns, fields, GEX_NEUTRAL_ROOT);
    const struct gex__span right = cell_of(columns, fields, GEX_NEUTRAL_RIGHT);
    const struct gex__span settlement = cell_of(columns, fields, GEX_NEUTRAL_SETTLEMENT);
    const struct known known = known_of(symbol, root);

    if (feed->symbol != NULL)
        gex__feed_put_text(feed->symbol, feed->symbol_width, row, symbol);
    if (feed->root != NULL)
        gex__feed_put_text(feed->root, feed->root_width, row, root);
    if (feed->expiry != NULL)
        feed->expiry[row] = date_value(cell_of(columns, fields, GEX_NEUTRAL_EXPIRY));
    if (feed->settlement != NULL) {
        feed->settlement[row] = INT64_MIN; /* not given */
        if (settlement.length > 0 && gex_instant_parse(settlement.at, settlement.length, GEX_ZONE_NEW_YORK,
                                                       &feed->settlement[row], NULL) != GEX_OK)
            feed->expiry[row] = NOT_A_DATE;
    }
    if (feed->strike != NULL)
        feed->strike[row] = gex__cell_number(cell_of(columns, fields, GEX_NEUTRAL_STRIKE), known.series.strike);
    if (feed->right != NULL)
        feed->right[row] = right.length > 0 ? right_code(right) : known.series.right;
    if (feed->multiplier != NULL)
        feed->multiplier[row] = gex__cell_number(cell_of(columns, fields, GEX_NEUTRAL_MULTIPLIER), known.multiplier);
    if (feed->exercise != NULL)
        feed->exercise[row] = exercise_code(cell_of(columns, fields, GEX_NEUTRAL_EXERCISE));
    if (feed->payoff != NULL)
        feed->payoff[row] = payoff_code(cell_of(columns, fields, GEX_NEUTRAL_PAYOFF));
}

void gex__neutral_row(struct gex_feed *feed, const struct gex__columns *columns, const struct gex__fields *fields,
                      int64_t row)
{
    const struct {
        double *column;
        int32_t name;
        double  empty;
    } numbers[] = {
        {feed->bid, GEX_NEUTRAL_BID, (double)NAN},
        {feed->ask, GEX_NEUTRAL_ASK, (double)NAN},
        {feed->last, GEX_NEUTRAL_LAST, (double)NAN},
        {feed->vol, GEX_NEUTRAL_VOL, 0.0},
        {feed->open_interest, GEX_NEUTRAL_OPEN_INTEREST, 0.0},
        {feed->volume, GEX_NEUTRAL_VOLUME, 0.0},
        {feed->position, GEX_NEUTRAL_POSITION, 0.0},
        {feed->deviation, GEX_NEUTRAL_DEVIATION, 0.0},
    };

    put_series(feed, columns, fields, row);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].column != NULL)
            numbers[i].column[row] = gex__cell_number(cell_of(columns, fields, numbers[i].name), numbers[i].empty);
}
