/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compaction of a book's rows for repricing. Canonical order, so that sums by blocks do not depend on how the caller
 * ordered the rows. The chain knows no positions: series listed twice that differ in position alone would stand in the
 * caller's order, so the weights of such a run are sorted; all else in it is equal.
 */
#include "lines.h"

#include <math.h>

#include "base/order.h"

bool gex__is_line(uint8_t status, double position)
{
    return status == GEX_ROW_USED && isfinite(position) && position != 0.0;
}

static bool lines_alloc(struct gex__lines *lines, int64_t rows, bool paced, bool american, bool placed)
{
    struct gex__layout layout = {0};
    int64_t column[8], expiry, right, exercise, place;
    char *block;

    for (int i = 0; i < 8; i++)
        column[i] = gex__layout_add(&layout, i < 6 || paced ? rows : 0, sizeof(double));
    expiry = gex__layout_add(&layout, rows, sizeof(int32_t));
    right = gex__layout_add(&layout, rows, 1);
    exercise = gex__layout_add(&layout, american ? rows : 0, 1);
    place = gex__layout_add(&layout, placed ? rows : 0, sizeof *lines->place);
    block = layout.overflow ? NULL : gex__memory_get(&lines->memory, layout.size);
    if (block == NULL)
        return false;
    lines->block = block;
    lines->size = layout.size;
    lines->weight = (double *)(block + column[0]);
    lines->strike = (double *)(block + column[1]);
    lines->years = (double *)(block + column[2]);
    lines->vol = (double *)(block + column[3]);
    lines->rate = (double *)(block + column[4]);
    lines->carry = (double *)(block + column[5]);
    lines->root = paced ? (double *)(block + column[6]) : NULL;
    lines->excess = paced ? (double *)(block + column[7]) : NULL;
    lines->expiry = (int32_t *)(block + expiry);
    lines->right = (int8_t *)(block + right);
    lines->exercise = american ? (int8_t *)(block + exercise) : NULL;
    lines->place = placed ? (struct gex__place *)(block + place) : NULL;
    return true;
}

static bool same_but_weight(const struct gex__lines *lines, int64_t a, int64_t b)
{
    return lines->expiry[a] == lines->expiry[b] && lines->strike[a] == lines->strike[b] &&
           lines->right[a] == lines->right[b] && lines->vol[a] == lines->vol[b] &&
           (lines->exercise == NULL || lines->exercise[a] == lines->exercise[b]);
}

static void runs_sort(struct gex__lines *lines)
{
    for (int64_t first = 0, end; first < lines->rows; first = end) {
        for (end = first + 1; end < lines->rows && same_but_weight(lines, first, end); end++)
            ;
        if (end > first + 1)
            gex__doubles_sort(lines->weight + first, end - first);
    }
}

static void pace_set(struct gex__lines *lines, int64_t at, const gex_market *market, int64_t expiry)
{
    const struct gex__pace pace = gex__pace_of(market, expiry);

    lines->root[at] = pace.root;
    lines->excess[at] = pace.excess;
}

static void place_set(struct gex__lines *lines, int64_t at, const gex_market *market, int32_t expiry)
{
    const double root = lines->root != NULL ? lines->root[at] : 1.0;

    lines->place[at] = gex__market_place(market, lines->motion, expiry, lines->strike[at], root);
}

/* What lines are made of, by row of the chain and by expiry. */
struct source {
    const gex_market *market;
    const uint8_t    *status;
    const double     *position, *multiplier, *strike, *vol;
    const int32_t    *expiry;
    const int8_t     *right, *exercise;
    const double     *years, *rate; /* per expiry */
};

static struct source source_of(const gex_market *market, const gex_book *book)
{
    const gex_chain *chain = gex_market_chain(market);

    return (struct source){.market = market,
                           .status = gex_market_status(market),
                           .position = gex_book_positions(book),
                           .multiplier = gex_chain_multiplier(chain),
                           .strike = gex_chain_strike(chain),
                           .vol = gex_market_calendar_vol(market),
                           .expiry = gex_chain_expiry_index(chain),
                           .right = gex_chain_right(chain),
                           .exercise = gex_market_exercise(market),
                           .years = gex_market_calendar_years(market),
                           .rate = gex_market_expiry_rate(market)};
}

static void line_set(struct gex__lines *lines, const struct source *source, int64_t row)
{
    const int64_t at = lines->rows++;
    const int32_t expiry = source->expiry[row];

    lines->weight[at] = source->position[row] * source->multiplier[row];
    lines->strike[at] = source->strike[row];
    lines->years[at] = source->years[expiry];
    lines->vol[at] = source->vol[row];
    lines->rate[at] = source->rate[expiry];
    lines->carry[at] = gex__market_row_carry(source->market, expiry, source->exercise[row]);
    lines->expiry[at] = expiry;
    lines->right[at] = source->right[row];
    if (lines->exercise != NULL)
        lines->exercise[at] = source->exercise[row];
    if (lines->root != NULL)
        pace_set(lines, at, source->market, expiry);
    if (lines->place != NULL)
        place_set(lines, at, source->market, expiry);
    lines->settling += lines->years[at] == 0.0;
}

bool gex__lines_create(const gex_context *context, const gex_market *market, const gex_book *book,
                       struct gex__lines *lines)
{
    const struct source source = source_of(market, book);
    const struct gex__motion *motion = gex__market_motion(market);
    const int64_t *order = gex_chain_order(gex_market_chain(market));
    const int64_t chain_rows = gex_chain_rows(gex_market_chain(market));
    const bool moves = gex__motion_moves(motion);
    bool american = false;
    int64_t rows = 0;

    *lines = (struct gex__lines){.memory = gex__memory_of(context), .motion = moves ? motion : NULL,
                                 .dividends = *gex__market_dividends(market)};
    for (int64_t i = 0; i < chain_rows; i++)
        if (gex__is_line(source.status[i], source.position[i])) {
            american = american || source.exercise[i] == GEX_EXERCISE_AMERICAN;
            rows++;
        }
    if (!lines_alloc(lines, rows, gex__is_paced(market), american, moves && !motion->by_beta))
        return false;
    for (int64_t i = 0; i < chain_rows; i++)
        if (gex__is_line(source.status[order[i]], source.position[order[i]]))
            line_set(lines, &source, order[i]);
    runs_sort(lines);
    return true;
}

static const struct gex__place nowhere = {.slice = -1};

static const struct gex__place *place_of(const struct gex__lines *lines, int64_t line)
{
    return lines->place != NULL ? &lines->place[line] : &nowhere;
}

double gex__lines_slope(const struct gex__lines *lines, int64_t line)
{
    if (lines->motion == NULL || !(lines->years[line] > 0.0))
        return 0.0;
    return gex__motion_slopes(lines->motion, place_of(lines, line), lines->vol[line]).first;
}

struct gex__span gex__lines_span(const struct gex__lines *lines, int64_t line, double low, double high)
{
    if (lines->motion == NULL || !(lines->years[line] > 0.0))
        return (struct gex__span){lines->vol[line], lines->vol[line]};
    return gex__motion_span(lines->motion, place_of(lines, line), lines->vol[line], log(low / lines->motion->spot),
                            log(high / lines->motion->spot));
}

void gex__lines_vol(const struct gex__lines *lines, int64_t first, int64_t count, double price, double *vol)
{
    const double log_move = lines->place != NULL ? log(price / lines->motion->spot) : 0.0;
    const struct gex__place *last = NULL;
    double difference = 0.0;

    for (int64_t i = 0; i < count; i++) {
        const struct gex__place *place = place_of(lines, first + i);

        vol[i] = lines->vol[first + i];
        if (lines->motion == NULL || !(lines->years[first + i] > 0.0))
            continue;
        if (lines->place == NULL) {
            vol[i] = gex__motion_vol(lines->motion, place, vol[i], price, log_move);
            continue;
        }
        if (last == NULL || place->slice != last->slice || place->k != last->k) /* a call and a put share theirs */
            difference = gex__motion_difference(lines->motion, place, log_move);
        last = place;
        vol[i] = fmax(0.0, vol[i] + difference);
    }
}

bool gex__lines_reach(const struct gex__lines *lines, double price)
{
    return lines->motion == NULL || gex__motion_reaches(lines->motion, price);
}

void gex__lines_drop(struct gex__lines *lines)
{
    gex__memory_put(&lines->memory, lines->block, lines->size);
    lines->block = NULL;
}
