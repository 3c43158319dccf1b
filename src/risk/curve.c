/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A unit repriced at one spot:  sum over terms of scale(P) * sum over lines of N M greek(P) inside.
 * Lines in canonical order, blocks of GEX_BLOCK, lanes in a block, blocks pairwise: same bits whoever does the work.
 */
#include "curve.h"

#include <math.h>

#include "base/context.h"
#include "math/american_escrow.h"
#include "math/american_profile.h"
#include "math/american_two.h"
#include "math/profile.h"
#include "math/sum.h"
#include "value.h"

enum { TASKS = 64 }; /* enough to keep any host's threads busy, few enough that their scratch stays small */
/* Blocks of a scratch: one a term, then volatilities moved with spot, then the second helper of veta. */
enum { MOVED = GEX_TERMS, VEGA, BUFFERS };

static int64_t blocks_of(const struct gex__lines *lines)
{
    return lines->rows / GEX_BLOCK + (lines->rows % GEX_BLOCK != 0);
}

int64_t gex__curve_scratch(const struct gex__curve *curve)
{
    return BUFFERS * GEX_BLOCK + GEX_TERMS * GEX_SUM_PRICES * blocks_of(curve->lines);
}

/* Weighted greeks of one term, in place. A greek that diverges is no part of a sum. `vol` is of these lines. */
static void weigh(const struct gex__lines *lines, int64_t first, int64_t count, int32_t inside, const double *vol,
                  const double *delta, double *greek)
{
    for (int64_t i = 0; i < count; i++) {
        double factor = lines->weight[first + i];

        if (inside == GEX_INSIDE_VOL)
            factor *= lines->root != NULL ? vol[i] / lines->root[first + i] : vol[i];
        else if (inside == GEX_INSIDE_YEARS)
            factor *= lines->years[first + i];
        else if (inside == GEX_INSIDE_ABS_DELTA)
            factor *= fabs(delta[i]);
        greek[i] = isfinite(greek[i]) ? greek[i] * factor : 0.0;
    }
}

static struct gex__black_in lines_in(const struct gex__lines *lines, int64_t first, int64_t count, const double *spot)
{
    return (struct gex__black_in){.rows = count,
                                  .spot = spot,
                                  .one_spot = true,
                                  .strike = lines->strike + first,
                                  .years = lines->years + first,
                                  .vol = lines->vol + first,
                                  .rate = lines->rate + first,
                                  .carry = lines->carry + first,
                                  .right = lines->right + first};
}

/* The greeks most drawn have an entry that works out once what no spot changes; the others are priced anew. */
static bool has_entry(const struct gex__unit *unit)
{
    for (int t = 0; t < GEX_TERMS; t++) {
        const int32_t greek = unit->term[t].greek;
        if (greek != 0 && greek != GEX_GREEK_GAMMA && greek != GEX_GREEK_DELTA && greek != GEX_GREEK_VANNA &&
            greek != GEX_GREEK_CHARM)
            return false;
    }
    return true;
}

/* ... as long as volatilities stay: every price would ask for an entry of its own. */
static bool is_hoisted(const struct gex__curve *curve)
{
    return has_entry(curve->unit) && curve->lines->motion == NULL;
}

static bool wants_vanna(const struct gex__unit *unit)
{
    return unit->term[0].greek == GEX_GREEK_VANNA || unit->term[1].greek == GEX_GREEK_VANNA;
}

/* Of American lines what exercise adds does have one, for any volatility in reach. */
static bool is_moving(const struct gex__curve *curve)
{
    return has_entry(curve->unit) && curve->lines->motion != NULL && curve->lines->exercise != NULL;
}

static bool asks_vanna(const struct gex__curve *curve)
{
    return wants_vanna(curve->unit) || curve->lines->root != NULL;
}

static bool is_paying(const struct gex__lines *lines, int64_t i)
{
    return lines->exercise != NULL && lines->exercise[i] == GEX_EXERCISE_AMERICAN &&
           gex__escrow_events(&lines->dividends, lines->years[i]).count > 0;
}

/* How many there may be: of any lines like these at any instant from theirs on. */
static int64_t payers_most(const struct gex__curve *curve)
{
    const struct gex__lines *lines = curve->lines;

    return lines->exercise != NULL && gex__escrow_events(&lines->dividends, HUGE_VAL).count > 0 ? lines->rows : 0;
}

/* Tables at several volatilities: for vanna, and where they move. */
static bool is_by_vol(const struct gex__curve *curve)
{
    return asks_vanna(curve) || curve->lines->motion != NULL;
}

/* American lines are followed by a status each; those that move come after two volatilities of each. */
static int64_t entry_size(const struct gex__curve *curve)
{
    const int64_t rows = curve->lines->rows, statuses = rows / (int64_t)sizeof(double) + 1;

    if (is_moving(curve))
        return 2 * rows + gex__american_moving_size(rows, asks_vanna(curve));
    if (!is_hoisted(curve))
        return 0;
    return curve->lines->exercise == NULL ? gex__profile_size(rows) : gex__american_profile_size(rows) + statuses;
}

/* Then come rights of exercise in which those lines are European, and their tables. */
int64_t gex__curve_hoisted(const struct gex__curve *curve)
{
    const int64_t rows = curve->lines->rows, payers = is_hoisted(curve) || is_moving(curve) ? payers_most(curve) : 0;

    if (payers == 0)
        return entry_size(curve);
    return entry_size(curve) + rows / (int64_t)sizeof(double) + 1 + payers * gex__escrow_table_size(is_by_vol(curve));
}

/* least, most: of the volatilities of each line; NULL: its own. @return the rights of exercise without those lines. */
static const int8_t *payers_prepare(struct gex__curve *curve, const struct gex__black_in *in, const double *least,
                                    const double *most, double high, double *room)
{
    const struct gex__lines *lines = curve->lines;
    const int64_t size = gex__escrow_table_size(is_by_vol(curve));
    int8_t *exercise = (int8_t *)room;
    double *tables = room + lines->rows / (int64_t)sizeof(double) + 1;
    int64_t row[GEX_ESCROW_ROWS];
    int count = 0;

    for (int64_t i = 0; i < lines->rows; i++) {
        const bool paying = is_paying(lines, i);

        exercise[i] = paying ? GEX_EXERCISE_EUROPEAN : lines->exercise[i];
        if (!paying)
            continue;
        if (count == GEX_ESCROW_ROWS || (count > 0 && lines->years[row[0]] != lines->years[i])) {
            gex__escrow_hoist(curve->isa, in, count, row, &lines->dividends, is_by_vol(curve), least, most,
                              high, tables + (curve->payer_count - count) * size);
            count = 0;
        }
        row[count++] = i;
        curve->payer_count++;
    }
    if (count > 0)
        gex__escrow_hoist(curve->isa, in, count, row, &lines->dividends, is_by_vol(curve), least, most, high,
                          tables + (curve->payer_count - count) * size);
    curve->payers = tables;
    curve->payers_by_vol = is_by_vol(curve);
    return exercise;
}

static void moving_prepare(struct gex__curve *curve, const struct gex__black_in *in, double low, double high,
                           double *hoisted)
{
    const struct gex__lines *lines = curve->lines;
    double *least = hoisted, *most = hoisted + lines->rows;
    const int8_t *exercise = lines->exercise;

    for (int64_t i = 0; i < lines->rows; i++) {
        const struct gex__span span = gex__lines_span(lines, i, low, high);
        least[i] = span.least;
        most[i] = span.most;
    }
    if (payers_most(curve) > 0)
        exercise = payers_prepare(curve, in, least, most, high, hoisted + entry_size(curve));
    gex__american_moving_hoist(curve->isa, in, exercise, low, high, asks_vanna(curve), least, most,
                               hoisted + 2 * lines->rows, &curve->moving);
}

static bool is_gamma_alone(const struct gex__curve *curve)
{
    const struct gex__term *term = curve->unit->term;

    return curve->alone && term[0].greek == GEX_GREEK_GAMMA && term[0].inside != GEX_INSIDE_ABS_DELTA &&
           term[1].greek == 0;
}

void gex__curve_prepare(struct gex__curve *curve, double low, double high, double *hoisted)
{
    const struct gex__lines *lines = curve->lines;
    const double middle = 0.5 * low + 0.5 * high;
    const struct gex__black_in in = lines_in(lines, 0, lines->rows, &middle);

    if (is_moving(curve))
        moving_prepare(curve, &in, low * 0.99, high * 1.01, hoisted);
    if (!is_hoisted(curve))
        return;
    if (lines->exercise == NULL) {
        (is_gamma_alone(curve) ? gex__black_hoist_gamma : gex__black_hoist)(curve->isa, &in, hoisted);
    } else {
        uint8_t *kept = (uint8_t *)(hoisted + gex__american_profile_size(lines->rows));
        const int8_t *exercise = lines->exercise;

        if (payers_most(curve) > 0)
            exercise = payers_prepare(curve, &in, NULL, NULL, high * 1.01, hoisted + entry_size(curve));
        gex__american_hoist(curve->isa, &in, exercise, low * 0.99, high * 1.01,
                            asks_vanna(curve), hoisted, kept);
        curve->kept = kept;
    }
    curve->hoisted = hoisted;
}

static bool is_two(const struct gex__lines *lines, const struct gex__black_in *in, int64_t i)
{
    return lines->exercise[i] == GEX_EXERCISE_AMERICAN && gex__american_is_two(in, i) && !is_paying(lines, i);
}

int64_t gex__curve_twos(const struct gex__curve *curve)
{
    const struct gex__lines *lines = curve->lines;
    const struct gex__black_in in = lines_in(lines, 0, lines->rows, NULL);
    int64_t count = 0;

    if (!is_hoisted(curve) || lines->exercise == NULL)
        return 0;
    for (int64_t i = 0; i < lines->rows; i++)
        count += is_two(lines, &in, i);
    return count * gex__american_two_size(asks_vanna(curve));
}

void gex__curve_prepare_twos(struct gex__curve *curve, double low, double high, double *twos)
{
    const struct gex__lines *lines = curve->lines;
    const struct gex__black_in in = lines_in(lines, 0, lines->rows, NULL);
    const int64_t size = gex__american_two_size(asks_vanna(curve));

    if (!is_hoisted(curve) || lines->exercise == NULL)
        return;
    for (int64_t i = 0; i < lines->rows; i++)
        if (is_two(lines, &in, i))
            gex__american_two_hoist(curve->isa, &in, i, low * 0.99, high * 1.01, asks_vanna(curve),
                                    twos + curve->two_count++ * size);
    curve->twos = twos;
}

/* The first of `count` tables, each beginning with its row, whose row is not below `row`. */
static int64_t table_from(const double *tables, int64_t size, int64_t count, int64_t row)
{
    int64_t low = 0, high = count;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (tables[middle * size] < (double)row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void line_at(const struct gex__curve *curve, double price, int64_t i, int64_t first, const double *vol,
                    double *const outputs[GEX_GREEK_LAST_ + 1])
{
    struct gex__black_in in = lines_in(curve->lines, i, 1, &price);
    double *here[GEX_GREEK_LAST_ + 1] = {NULL};

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        here[greek] = outputs[greek] != NULL ? outputs[greek] + (i - first) : NULL;
    in.vol = vol;
    gex__value(curve->isa, &in, curve->lines->exercise + i, &curve->lines->dividends, here, NULL);
}

/* Lines [first, first + count) with an ex-date before expiry, over what the entry says of them; `vol` from the first
 * on. */
static void payers_at(const struct gex__curve *curve, double price, int64_t first, int64_t count, const double *vol,
                      double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const int64_t size = gex__escrow_table_size(curve->payers_by_vol);
    int64_t next = table_from(curve->payers, size, curve->payer_count, first);

    while (next < curve->payer_count && curve->payers[next * size] < (double)(first + count)) {
        const int64_t row = (int64_t)curve->payers[next * size];
        int64_t run = 1;
        struct gex__black_in in;

        while (next + run < curve->payer_count && row + run < first + count &&
               curve->payers[(next + run) * size] == (double)(row + run))
            run++;
        in = lines_in(curve->lines, row, run, &price);
        in.vol = vol + (row - first);
        gex__escrow_profile(curve->isa, &in, curve->payers + next * size, run, curve->payers_by_vol, price, row - first,
                            outputs);
        next += run;
    }
}

/* Lines [first, first + count) by the entry, those it does not hold one by one. */
static void hoisted_at(const struct gex__curve *curve, double price, int64_t first, int64_t count,
                       double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const struct gex__lines *lines = curve->lines;
    const int64_t size = gex__american_two_size(asks_vanna(curve));
    int64_t two = curve->two_count > 0 ? table_from(curve->twos, size, curve->two_count, first) : 0;

    if (lines->exercise == NULL) {
        gex__black_profile(curve->isa, curve->hoisted, lines->rows, first, count, price, outputs);
        return;
    }
    gex__american_profile(curve->isa, curve->hoisted, lines->rows, first, count, price, outputs);
    for (int64_t i = first; i < first + count; i++) {
        if (curve->kept[i] != GEX_CALC_SLOW_PATH)
            continue;
        if (two < curve->two_count && curve->twos[two * size] == (double)i)
            gex__american_two_at(curve->twos + two++ * size, asks_vanna(curve), price, i - first, outputs);
        else
            line_at(curve, price, i, first, lines->vol + i, outputs);
    }
    payers_at(curve, price, first, count, lines->vol + first, outputs);
}

/* Rows [at, at + GEX_MOVING_ROWS) of a block. Not inlined: its frame would lie under every line_at. */
__attribute__((noinline)) static int64_t piece_at(const struct gex__curve *curve, const struct gex__black_in *in,
                                                  int64_t first, int64_t at, double *const outputs[GEX_GREEK_LAST_ + 1],
                                                  uint8_t *rest)
{
    const int64_t count = in->rows - at < GEX_MOVING_ROWS ? in->rows - at : GEX_MOVING_ROWS;
    double *here[GEX_GREEK_LAST_ + 1];

    for (int32_t greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        here[greek] = outputs[greek] != NULL ? outputs[greek] + at : NULL;
    return gex__american_moving(curve->isa, &curve->moving, first + at, count, *in->spot, in->vol + at, here, rest);
}

/* American lines at volatilities of this price: European by themselves, exercise by the entry. */
static void moving_at(const struct gex__curve *curve, const struct gex__black_in *in, int64_t first,
                      double *const outputs[GEX_GREEK_LAST_ + 1])
{
    uint8_t rest[GEX_MOVING_ROWS];

    gex__black(curve->isa, in, outputs, NULL);
    for (int64_t i = 0; i < in->rows; i += GEX_MOVING_ROWS) {
        const int64_t left = piece_at(curve, in, first, i, outputs, rest);

        for (int64_t k = 0; k < left; k++)
            line_at(curve, *in->spot, first + i + rest[k], first, in->vol + i + rest[k], outputs);
    }
    payers_at(curve, *in->spot, first, in->rows, in->vol, outputs);
}

/* A time derivative on another clock has its helper in the buffer that a unit of one term leaves free; veta has two. */
static void helper_set(const struct gex__curve *curve, double *buffers, double *outputs[GEX_GREEK_LAST_ + 1])
{
    const int32_t helper = gex__pace_helper(curve->unit->term[0].greek);

    if (curve->lines->root != NULL && helper != 0)
        outputs[helper] = buffers + GEX_BLOCK;
    if (curve->lines->root != NULL && curve->unit->term[0].greek == GEX_GREEK_VETA)
        outputs[GEX_GREEK_VEGA] = buffers + VEGA * GEX_BLOCK;
}

static void pace_block(const struct gex__lines *lines, int64_t first, int64_t count, const double *vol,
                       double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const struct gex__pace_rows rows = {count, lines->years + first, vol, lines->root + first,
                                        lines->excess + first};

    gex__pace_apply(&rows, outputs);
}

int64_t gex__curve_rows(const struct gex__curve *curve, double price, int64_t block, double *buffers)
{
    const struct gex__lines *lines = curve->lines;
    const int64_t first = block * GEX_BLOCK;
    const int64_t count = lines->rows - first < GEX_BLOCK ? lines->rows - first : GEX_BLOCK;
    struct gex__black_in in = lines_in(lines, first, count, &price);
    const bool entered = curve->hoisted != NULL || curve->moving.rows > 0;
    double *moved = buffers + MOVED * GEX_BLOCK, *outputs[GEX_GREEK_LAST_ + 1] = {NULL};

    if (lines->motion != NULL) {
        gex__lines_vol(lines, first, count, price, moved);
        in.vol = moved;
    }
    if (curve->unit->term[0].inside == GEX_INSIDE_ABS_DELTA)
        outputs[GEX_GREEK_DELTA] = buffers + GEX_BLOCK;
    for (int t = 0; t < GEX_TERMS; t++)
        if (curve->unit->term[t].greek != 0)
            outputs[curve->unit->term[t].greek] = buffers + t * GEX_BLOCK;
    helper_set(curve, buffers, outputs);
    if (curve->hoisted != NULL)
        hoisted_at(curve, price, first, count, outputs);
    if (curve->moving.rows > 0)
        moving_at(curve, &in, first, outputs);
    if (entered && first < lines->settling)
        /* at the strike only it is exact */
        in.rows = lines->settling - first < count ? lines->settling - first : count;
    if (!entered || first < lines->settling)
        gex__value(curve->isa, &in, lines->exercise != NULL ? lines->exercise + first : NULL, &lines->dividends,
                   outputs, NULL);
    if (lines->root != NULL)
        pace_block(lines, first, count, in.vol, outputs);
    for (int t = 0; t < GEX_TERMS && curve->unit->term[t].greek != 0; t++)
        weigh(lines, first, count, curve->unit->term[t].inside, in.vol, outputs[GEX_GREEK_DELTA],
              buffers + t * GEX_BLOCK);
    return count;
}

static void block_at(const struct gex__curve *curve, double price, int64_t block, double *buffers, double *sum,
                     int64_t term_stride)
{
    const int64_t count = gex__curve_rows(curve, price, block, buffers);

    for (int t = 0; t < GEX_TERMS && curve->unit->term[t].greek != 0; t++)
        sum[t * term_stride] = gex__block_sum(buffers + t * GEX_BLOCK, count);
}

/* One greek with a weight, from lines the entry holds: many prices share what is loaded of a line. */
static bool is_plain_sum(const struct gex__curve *curve)
{
    const struct gex__term *term = curve->unit->term;

    const bool paced = curve->lines->root != NULL && term->greek != GEX_GREEK_GAMMA && term->greek != GEX_GREEK_DELTA;

    return curve->hoisted != NULL && curve->lines->exercise == NULL && !paced && term[1].greek == 0 &&
           term[0].inside == GEX_INSIDE_NONE;
}

void gex__curve_block(const struct gex__curve *curve, int64_t block, const double *prices, int points, double *scratch,
                      double *sums, int64_t term_stride, int64_t stride)
{
    const struct gex__lines *lines = curve->lines;
    const int64_t first = block * GEX_BLOCK, count = lines->rows - first < GEX_BLOCK ? lines->rows - first : GEX_BLOCK;
    double at_prices[GEX_SUM_PRICES];

    if (!is_plain_sum(curve) || first < lines->settling) {
        for (int k = 0; k < points; k++)
            block_at(curve, prices[k], block, scratch, sums + k * stride, term_stride);
        return;
    }
    gex__black_sum(curve->isa, curve->hoisted, lines->rows, lines->weight + first, first, count,
                   curve->unit->term[0].greek, prices, points, at_prices);
    for (int k = 0; k < points; k++)
        sums[k * stride] = at_prices[k];
}

/* Sums of the blocks behind the front of the scratch:
 * of term t at price k from (t * GEX_SUM_PRICES + k) * blocks on. */
static double *blocks_fill(const struct gex__curve *curve, const double *prices, int points, double *scratch)
{
    const int64_t blocks = blocks_of(curve->lines), term_stride = GEX_SUM_PRICES * blocks;
    double *sums = scratch + BUFFERS * GEX_BLOCK;

    for (int64_t b = 0; b < blocks; b++)
        gex__curve_block(curve, b, prices, points, scratch, sums + b, term_stride, blocks);
    return sums;
}

void gex__curve_sums(const struct gex__curve *curve, const double *prices, int points, double *scratch, double *sums)
{
    const int64_t blocks = blocks_of(curve->lines);
    double *by_block = blocks_fill(curve, prices, points, scratch);

    for (int t = 0; t < GEX_TERMS && curve->unit->term[t].greek != 0; t++)
        for (int k = 0; k < points; k++)
            sums[t * GEX_SUM_PRICES + k] = gex__pairwise_sum(by_block + (t * GEX_SUM_PRICES + k) * blocks, blocks);
}

void gex__curve_at_prices(const struct gex__curve *curve, const double *prices, int points, double *values,
                          double *scratch)
{
    const struct gex__term *term = curve->unit->term;
    const int64_t blocks = blocks_of(curve->lines);
    double *by_block = blocks_fill(curve, prices, points, scratch);

    for (int k = 0; k < points; k++) {
        values[k] = gex__lines_reach(curve->lines, prices[k]) ? 0.0 : (double)NAN;
        for (int t = 0; t < GEX_TERMS && term[t].greek != 0; t++)
            values[k] += gex__term_scale(&term[t], &curve->scale, prices[k]) *
                         gex__pairwise_sum(by_block + (t * GEX_SUM_PRICES + k) * blocks, blocks);
    }
}

double gex__curve_at(const struct gex__curve *curve, double price, double *scratch)
{
    double value;

    gex__curve_at_prices(curve, &price, 1, &value, scratch);
    return value;
}

int64_t gex__curve_tasks(const gex_context *context, int64_t points)
{
    if (context == NULL || context->run == NULL)
        return 1;
    return points < TASKS ? points : TASKS;
}

gex_status gex__reprice_fail(gex_status status, const gex_market *market, gex_error *error)
{
    return gex__fail(error, status, -1,
                     status == GEX_ERR_MEMORY ? "no memory to reprice {i} rows" : "the executor reported failure",
                     gex_chain_rows(gex_market_chain(market)));
}
