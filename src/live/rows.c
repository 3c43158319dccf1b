/* SPDX-License-Identifier: Apache-2.0 */
/* Exposures of rows, with the arithmetic of src/risk/exposure.c,
 * in every wanted unit at once; and how many there are. */
#include <math.h>
#include <string.h>

#include "live.h"
#include "risk/pace.h"
#include "risk/value.h"

enum { BLOCK_ROWS = GEX__LIVE_BLOCK_ROWS };
_Static_assert(GEX_ROW_USED == 0, "a bit of a status says refused");

void gex__live_factors(gex_live *live)
{
    for (int32_t u = 0; u < live->unit_count; u++)
        for (int t = 0; t < GEX_TERMS; t++)
            live->unit[u].factor[t] =
                gex__term_scale(&live->unit[u].formula->term[t], &live->scale, live->held.base.spot);
}

void gex__live_weigh(gex_live *live, int64_t row)
{
    const double position = live->position[row];
    const int32_t place = live->place[row];

    if (place < 0)
        return;
    live->weight[place] = position * gex_chain_multiplier(live->given)[row];
    live->due[place] = isfinite(position) ? live->held.status[row] : GEX_ROW_NOT_FINITE;
    live->due[place] |= position == 0.0 ? GEX__NOTE_ZERO : 0;
}

/* ---- greeks ------------------------------------------------------------------------------------------------------ */

static double *spread(struct gex__live_block *block, int column, double value)
{
    for (int64_t i = 0; i < block->count; i++)
        block->spread[column][i] = value;
    return block->spread[column];
}

static void block_pace(const gex_live *live, struct gex__live_block *block, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const struct gex__pace pace = gex__pace_of(&live->held, block->expiry);
    const struct gex__pace_rows rows = {block->count, spread(block, 0, live->held.curve.years[block->expiry]),
                                        live->vol + block->first, spread(block, 1, pace.root),
                                        spread(block, 2, pace.excess)};

    gex__pace_apply(&rows, outputs);
}

static void block_american(const gex_live *live, struct gex__live_block *block, struct gex__black_in *in,
                           double *const outputs[GEX_GREEK_LAST_ + 1])
{
    in->years = spread(block, 0, *in->years);
    in->rate = spread(block, 1, *in->rate);
    in->carry = spread(block, 2, *in->carry);
    for (int64_t i = 0; i < block->count; i++)
        if (live->exercise[block->first + i] == GEX_EXERCISE_AMERICAN)
            block->spread[2][i] = live->held.curve.early[block->expiry];
    in->one_years = in->one_rate = in->one_carry = false;
    gex__value(live->isa, in, live->exercise + block->first, &live->held.payout.dividends, outputs, block->code);
}

/* Is a row of the block refused? */
static bool some_refused(const uint8_t *due, int64_t count)
{
    uint8_t any = 0;

    for (int64_t i = 0; i < count; i++)
        any |= due[i];
    return (any & GEX__NOTE_STATUS) != GEX_ROW_USED;
}

/* A refused row has no greeks, whatever went in in place of its volatility. */
static void block_refuse(const gex_live *live, struct gex__live_block *block)
{
    const int64_t *order = gex_chain_order(live->given) + block->first;

    if (!some_refused(live->due + block->first, block->count))
        return;
    for (int64_t i = 0; i < block->count; i++) {
        if (live->held.status[order[i]] == GEX_ROW_USED)
            continue;
        block->code[i] = GEX_CALC_DOMAIN;
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            if (live->wanted[greek])
                block->column[greek][i] = (double)NAN;
    }
}

static void block_greeks(const gex_live *live, struct gex__live_block *block)
{
    const struct gex__curve *curve = &live->held.curve;
    const int64_t e = block->expiry, first = block->first;
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    struct gex__black_in in = {.rows = block->count, .spot = &live->held.base.spot, .one_spot = true,
                               .strike = live->strike + first, .years = curve->years + e, .one_years = true,
                               .vol = live->vol + first, .rate = curve->rate + e, .one_rate = true,
                               .carry = curve->carry + e, .one_carry = true, .right = live->right + first};

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = live->wanted[greek] ? block->column[greek] : NULL;
    if (live->american[e])
        block_american(live, block, &in, outputs);
    else
        gex__value(live->isa, &in, NULL, NULL, outputs, block->code);
    if (gex__is_paced(&live->held))
        block_pace(live, block, outputs);
    block_refuse(live, block);
}

/* ---- exposures --------------------------------------------------------------------------------------------------- */

static void block_begin(const gex_live *live, struct gex__live_block *block)
{
    for (int32_t u = 0; u < live->unit_count; u++)
        for (int t = 0; t < GEX_TERMS; t++) {
            const struct gex__term *term = &live->unit[u].formula->term[t];

            block->term[u][t].greek = term->greek != 0 ? block->column[term->greek] : NULL;
            block->term[u][t].inside = term->inside != GEX_INSIDE_NONE ? block->inside[term->inside] : NULL;
            block->term[u][t].factor = live->unit[u].factor[t];
        }
}

/* What stands inside a sum. */
static void block_inside(const gex_live *live, struct gex__live_block *block)
{
    const int64_t *order = gex_chain_order(live->given) + block->first;

    for (int64_t i = 0; live->inside[GEX_INSIDE_VOL] && i < block->count; i++)
        block->inside[GEX_INSIDE_VOL][i] = live->held.vol[order[i]];
    for (int64_t i = 0; live->inside[GEX_INSIDE_YEARS] && i < block->count; i++)
        block->inside[GEX_INSIDE_YEARS][i] = live->held.curve.years[block->expiry];
    for (int64_t i = 0; live->inside[GEX_INSIDE_ABS_DELTA] && i < block->count; i++)
        block->inside[GEX_INSIDE_ABS_DELTA][i] = fabs(block->column[GEX_GREEK_DELTA][i]);
}

static void block_judge(const gex_live *live, struct gex__live_block *block)
{
    const uint8_t *due = live->due + block->first;

    for (int64_t i = 0; i < block->count; i++)
        block->note[i] = block->code[i] == GEX_CALC_DOMAIN && (due[i] & GEX__NOTE_STATUS) == GEX_ROW_USED
                             ? (due[i] & GEX__NOTE_ZERO) | GEX_ROW_NOT_FINITE
                             : due[i];
}

/* A used row without a finite value: its greek diverges at the strike at expiry, and it stays out of sums; or not. */
static void row_note(const struct gex__unit *formula, struct gex__live_block *block, int64_t i, int32_t u)
{
    bool diverges = false;

    for (int t = 0; t < GEX_TERMS && formula->term[t].greek != 0; t++)
        diverges = diverges || !isfinite(block->column[formula->term[t].greek][i]);
    if (diverges && block->code[i] == GEX_CALC_AT_STRIKE_AT_EXPIRY) {
        block->skip[i] |= (uint16_t)(1u << u);
        block->note[i] |= GEX__NOTE_SKIP;
    } else {
        block->note[i] |= GEX__NOTE_ODD;
    }
}

/* Where a value is not finite: of a row that is not used, where NaN comes of itself, or one to be noted. */
static bool block_odd(const gex_live *live, struct gex__live_block *block, const int64_t *order)
{
    bool skips = false;

    memset(block->skip, 0, sizeof block->skip);
    for (int64_t i = 0; i < block->count; i++) {
        if ((block->note[i] & GEX__NOTE_STATUS) != GEX_ROW_USED)
            continue;
        for (int32_t u = 0; u < live->unit_count; u++)
            if (!isfinite(live->value[order[i] * live->pitch + u]))
                row_note(live->unit[u].formula, block, i, u);
        skips = skips || block->skip[i] != 0;
    }
    return skips;
}

static bool block_exposures(gex_live *live, struct gex__live_block *block)
{
    const int64_t *order = gex_chain_order(live->given) + block->first;
    const struct gex__wide_lines lines = {.count = block->count, .weight = live->weight + block->first,
                                          .units = live->unit_count,
                                          .unit = (const struct gex__wide_term(*)[GEX_WIDE_TERMS])block->term,
                                          .values = live->value, .pitch = live->pitch, .rows = order};
    const bool finite = live->wide->lines(&lines), skips = !finite && block_odd(live, block, order);

    if (!skips && memcmp(block->note, live->note + block->first, (size_t)block->count) == 0)
        return false;
    memcpy(live->note + block->first, block->note, (size_t)block->count);
    for (int64_t i = 0; i < block->count; i++) {
        live->status[order[i]] = block->note[i] & GEX__NOTE_STATUS;
        live->skip[order[i]] = finite ? 0 : block->skip[i];
    }
    return true;
}

bool gex__live_value(gex_live *live, struct gex__live_block *block, int64_t first, int64_t count)
{
    const int64_t *order = gex_chain_order(live->given), end = first + count;
    const int32_t *expiry = gex_chain_expiry_index(live->given);
    bool changed = false;

    block_begin(live, block);
    for (; first < end; first += block->count) {
        block->first = first;
        block->expiry = expiry[order[first]];
        block->count = live->first_place[block->expiry + 1] - first;
        block->count = block->count < BLOCK_ROWS ? block->count : BLOCK_ROWS;
        block->count = block->count < end - first ? block->count : end - first;
        block_greeks(live, block);
        block_judge(live, block);
        block_inside(live, block);
        changed = block_exposures(live, block) || changed;
    }
    return changed;
}

void gex__live_dates(gex_live *live)
{
    const int64_t as_of = live->held.base.as_of, *settlement = gex_chain_expiries(live->given, NULL);
    const int32_t today = gex_instant_date(as_of, GEX_ZONE_NEW_YORK);

    for (int64_t e = 0; e < live->expiries; e++)
        live->zero_dte[e] =
            settlement[e] >= as_of && gex_instant_date(settlement[e], GEX_ZONE_NEW_YORK) == today;
}

/* ---- counts ------------------------------------------------------------------------------------------------------ */

void gex__live_count(gex_live *live, int64_t row, int32_t sign)
{
    const int32_t e = gex_chain_expiry_index(live->given)[row];
    const uint8_t note = live->place[row] >= 0 ? live->note[live->place[row]] : 0;

    live->count[live->status[row]] += sign;
    live->odd_count += note & GEX__NOTE_ODD ? sign : 0;
    if (live->status[row] != GEX_ROW_USED)
        return;
    live->zero_position += note & GEX__NOTE_ZERO ? sign : 0;
    for (int32_t u = 0; live->skip[row] != 0 && u < live->unit_count; u++)
        live->diverging[u] += live->skip[row] >> u & 1 ? sign : 0;
    live->group[GEX_BY_STRIKE].count[gex_chain_strike_index(live->given)[row]] += sign;
    live->group[GEX_BY_EXPIRY].count[e] += sign;
    live->group[GEX_BY_RIGHT].count[gex_chain_right(live->given)[row] == GEX_CALL ? 0 : 1] += sign;
    live->group[GEX_BY_ZERO_DTE].count[live->zero_dte[e] ? 0 : 1] += sign;
}

void gex__live_counts(gex_live *live)
{
    memset(live->count, 0, sizeof live->count);
    memset(live->diverging, 0, sizeof live->diverging);
    live->odd_count = live->zero_position = 0;
    for (int by = 1; by <= GEX__LIVE_BY_LAST; by++)
        memset(live->group[by].count, 0, (size_t)live->group[by].keys * sizeof(int64_t));
    for (int64_t row = 0; row < live->rows; row++)
        gex__live_count(live, row, 1);
}
