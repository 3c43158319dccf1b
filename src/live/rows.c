/* SPDX-License-Identifier: Apache-2.0 */
/* Exposures of rows, with the arithmetic of src/risk/exposure.c, in every wanted unit at once; and how many there are. */
#include <math.h>
#include <string.h>

#include "live.h"
#include "risk/pace.h"
#include "risk/value.h"

enum { BLOCK_ROWS = GEX__LIVE_BLOCK_ROWS };

void gex__live_factors(gex_live *live)
{
    for (int32_t u = 0; u < live->unit_count; u++)
        for (int t = 0; t < GEX_TERMS; t++)
            live->unit[u].factor[t] =
                gex__term_scale(&live->unit[u].formula->term[t], &live->scale, live->held.base.spot);
}

/* ---- greeks -------------------------------------------------------------------------------------------------------- */

static void block_pace(const gex_live *live, struct gex__live_block *block, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const struct gex__pace pace = gex__pace_of(&live->held, block->expiry);
    double years[BLOCK_ROWS], root[BLOCK_ROWS], excess[BLOCK_ROWS];
    const struct gex__pace_rows rows = {block->count, years, live->vol + block->first, root, excess};

    for (int64_t i = 0; i < block->count; i++) {
        years[i] = live->held.curve.years[block->expiry];
        root[i] = pace.root;
        excess[i] = pace.excess;
    }
    gex__pace_apply(&rows, outputs);
}

/* A refused row goes in with a volatility of NaN, which the kernel answers with NaN. */
static void block_greeks(const gex_live *live, struct gex__live_block *block)
{
    const struct gex__curve *curve = &live->held.curve;
    const int64_t e = block->expiry, first = block->first;
    const int8_t *exercise = live->exercise + first;
    double years[BLOCK_ROWS], rate[BLOCK_ROWS], carry[BLOCK_ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    bool one = true;
    struct gex__black_in in = {.rows = block->count, .spot = &live->held.base.spot, .one_spot = true,
                               .strike = live->strike + first, .years = years, .vol = live->vol + first, .rate = rate,
                               .carry = carry, .right = live->right + first};

    for (int64_t i = 0; i < block->count; i++) {
        one = one && exercise[i] != GEX_EXERCISE_AMERICAN;
        years[i] = curve->years[e];
        rate[i] = curve->rate[e];
        carry[i] = curve->carry[e];
    }
    in.one_years = in.one_rate = in.one_carry = one;
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = live->wanted[greek] ? block->column[greek] : NULL;
    gex__value(live->isa, &in, one ? NULL : exercise, outputs, block->code);
    if (gex__is_paced(&live->held))
        block_pace(live, block, outputs);
}

/* ---- exposures ----------------------------------------------------------------------------------------------------- */

static void block_judge(const gex_live *live, struct gex__live_block *block)
{
    const int64_t *order = gex_chain_order(live->given) + block->first;
    const double *multiplier = gex_chain_multiplier(live->given);

    for (int64_t i = 0; i < block->count; i++) {
        const int64_t row = order[i];
        const uint8_t market = live->held.status[row];
        const bool priced = market != GEX_ROW_USED || block->code[i] != GEX_CALC_DOMAIN;

        block->status[i] = priced && isfinite(live->position[row]) ? market : GEX_ROW_NOT_FINITE;
        block->weight[i] = live->position[row] * multiplier[row];
        block->line[i] = live->value + row * live->pitch;
        block->skip[i] = 0;
        block->mark[i] = live->position[row] == 0.0 ? GEX__MARK_ZERO : 0;
    }
}

static void term_add(const gex_live *live, const struct gex__live_block *block, const struct gex__term *term, double factor,
                     double *value)
{
    const double *greek = block->column[term->greek], *weight = block->weight;
    const double *delta = block->column[GEX_GREEK_DELTA], years = live->held.curve.years[block->expiry];
    const int64_t *order = gex_chain_order(live->given) + block->first;
    double inside[BLOCK_ROWS];

    if (term->inside == GEX_INSIDE_NONE) {
        for (int64_t i = 0; i < block->count; i++)
            value[i] += weight[i] * greek[i] * factor;
        return;
    }
    for (int64_t i = 0; i < block->count; i++)
        inside[i] = term->inside == GEX_INSIDE_VOL     ? live->held.vol[order[i]]
                    : term->inside == GEX_INSIDE_YEARS ? years
                                                       : fabs(delta[i]);
    for (int64_t i = 0; i < block->count; i++)
        value[i] += weight[i] * (greek[i] * inside[i]) * factor;
}

/* A used row without a finite value: its greek diverges at the strike at expiry, and it stays out of sums; or not. */
static void row_note(const struct gex__unit *formula, struct gex__live_block *block, int64_t i, int32_t u)
{
    bool diverges = false;

    for (int t = 0; t < GEX_TERMS && formula->term[t].greek != 0; t++)
        diverges = diverges || !isfinite(block->column[formula->term[t].greek][i]);
    if (diverges && block->code[i] == GEX_CALC_AT_STRIKE_AT_EXPIRY)
        block->skip[i] |= (uint16_t)(1u << u);
    else
        block->mark[i] |= GEX__MARK_ODD;
}

static bool all_finite(const double value[BLOCK_ROWS])
{
    double odd[8] = {0.0};

    for (int i = 0; i < BLOCK_ROWS; i += 8)
        for (int j = 0; j < 8; j++)
            odd[j] += value[i + j] - value[i + j]; /* NaN once a value is not finite */
    for (int width = 4; width > 0; width /= 2)
        for (int j = 0; j < width; j++)
            odd[j] += odd[j + width];
    return odd[0] == 0.0;
}

/* A row that is not used has no number to its name anywhere in its product, so NaN comes of itself. */
static void block_unit(gex_live *live, struct gex__live_block *block, int32_t u)
{
    const struct gex__live_unit *unit = &live->unit[u];
    double value[BLOCK_ROWS] = {0.0};

    for (int t = 0; t < GEX_TERMS && unit->formula->term[t].greek != 0; t++)
        term_add(live, block, &unit->formula->term[t], unit->factor[t], value);
    for (int64_t i = 0; i < block->count; i++)
        block->line[i][u] = value[i];
    if (all_finite(value))
        return;
    for (int64_t i = 0; i < block->count; i++)
        if (block->status[i] == GEX_ROW_USED && !isfinite(value[i]))
            row_note(unit->formula, block, i, u);
}

static bool block_note(gex_live *live, const struct gex__live_block *block)
{
    const int64_t *order = gex_chain_order(live->given) + block->first;
    bool changed = false;

    for (int64_t i = 0; i < block->count; i++) {
        const int64_t row = order[i];

        changed = changed || live->status[row] != block->status[i] || live->skip[row] != block->skip[i] ||
                  live->mark[row] != block->mark[i];
        live->status[row] = block->status[i];
        live->skip[row] = block->skip[i];
        live->mark[row] = block->mark[i];
    }
    return changed;
}

bool gex__live_value(gex_live *live, struct gex__live_block *block, int64_t first, int64_t count)
{
    const int64_t *order = gex_chain_order(live->given), end = first + count;
    const int32_t *expiry = gex_chain_expiry_index(live->given);
    bool changed = false;

    for (; first < end; first += block->count) {
        block->first = first;
        block->expiry = expiry[order[first]];
        block->count = live->first_place[block->expiry + 1] - first;
        block->count = block->count < BLOCK_ROWS ? block->count : BLOCK_ROWS;
        block->count = block->count < end - first ? block->count : end - first;
        block_greeks(live, block);
        block_judge(live, block);
        for (int32_t u = 0; u < live->unit_count; u++)
            block_unit(live, block, u);
        changed = block_note(live, block) || changed;
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

/* ---- counts -------------------------------------------------------------------------------------------------------- */

void gex__live_count(gex_live *live, int64_t row, int32_t sign)
{
    const int32_t e = gex_chain_expiry_index(live->given)[row];

    live->count[live->status[row]] += sign;
    live->odd_count += live->mark[row] & GEX__MARK_ODD ? sign : 0;
    if (live->status[row] != GEX_ROW_USED)
        return;
    live->zero_position += live->mark[row] & GEX__MARK_ZERO ? sign : 0;
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
