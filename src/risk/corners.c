/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Corner c has factor f as it is after where c & 1 << f. The share of a factor is the mean, over the orders in which
 * the factors are moved one after another, of what its move adds; each of the four stands in 24 orders, so an edge with
 * k factors moved before it weighs k! (3 - k)! / 24: 1/4, 1/12, 1/12, 1/4 (Shapley 1953). Edges are added with their
 * mirror image, so that swapping the two ends negates a share to the last bit.
 *
 * Volatility is kept on the clock of its expiry: moved without the time, and the time without it, it is restated on the
 * calendar by the root of the instant. Where the two stand on different clocks it is kept on the calendar.
 */
#include "corners.h"

#include <math.h>

#include "base/context.h"
#include "market/payout.h"
#include "pace.h"
#include "value.h"

enum { BATCH = 64, CORNERS = 1 << GEX_FACTORS, ALL = CORNERS - 1, TASKS = 32 };

/* A batch of contracts; too much for a stack that is not ours. */
struct batch {
    double strike[BATCH], years[BATCH], vol[BATCH], rate[BATCH], carry[BATCH], root[BATCH], excess[BATCH];
    double inside_vol[BATCH];
    double greek[GEX_GREEK_LAST_ + 1][BATCH];
    double value[CORNERS][BATCH];
    int8_t right[BATCH], exercise[BATCH];
};

struct work {
    const struct gex__corners *corners;
    double *const             *share;
    double                    *mean;
    struct batch              *scratch; /* per task */
    int64_t                    batches, tasks;
    bool                       paid_differs; /* the dividends of the two */
};

/* ---- one state --------------------------------------------------------------------------------------------------- */

static const gex_market *market_of(const struct work *work, int corner, int factor)
{
    return work->corners->market[corner >> factor & 1];
}

static int32_t expiry_of(const struct work *work, int side, int64_t i)
{
    return gex_chain_expiry_index(gex_market_chain(work->corners->market[side]))[work->corners->row[side][i]];
}

static bool is_one_clock(const struct work *work, int64_t i)
{
    const gex_market *const *market = work->corners->market;

    return gex_market_expiry_clock(market[0])[expiry_of(work, 0, i)] ==
           gex_market_expiry_clock(market[1])[expiry_of(work, 1, i)];
}

static bool vol_moves(const struct work *work, int64_t i)
{
    const gex_market *const *market = work->corners->market;
    const int64_t a = work->corners->row[0][i], b = work->corners->row[1][i];

    return is_one_clock(work, i) ? gex_market_vol(market[0])[a] != gex_market_vol(market[1])[b]
                                 : gex_market_calendar_vol(market[0])[a] != gex_market_calendar_vol(market[1])[b];
}

static bool time_moves(const struct work *work, int64_t i)
{
    const gex_market *const *market = work->corners->market;
    const int32_t e = expiry_of(work, 0, i), f = expiry_of(work, 1, i);
    const struct gex__pace a = gex__pace_of(market[0], e), b = gex__pace_of(market[1], f);

    return gex_market_calendar_years(market[0])[e] != gex_market_calendar_years(market[1])[f] || a.root != b.root ||
           a.excess != b.excess;
}

/* Of both markets by the exercise of the first: contracts that the two value differently are not compared. */
static double carry_of(const struct work *work, int side, int64_t i)
{
    const int8_t exercise = gex_market_exercise(work->corners->market[0])[work->corners->row[0][i]];

    return gex__market_row_carry(work->corners->market[side], expiry_of(work, side, i), exercise);
}

static bool carry_moves(const struct work *work, int64_t i)
{
    const gex_market *const *market = work->corners->market;
    const int32_t e = expiry_of(work, 0, i), f = expiry_of(work, 1, i);

    return gex_market_expiry_rate(market[0])[e] != gex_market_expiry_rate(market[1])[f] ||
           carry_of(work, 0, i) != carry_of(work, 1, i) || work->paid_differs;
}

/* Bits of the factors that move for some contract of the batch. */
static int moving(const struct work *work, int64_t first, int64_t count)
{
    int moved = gex_market_spot(work->corners->market[0]) != gex_market_spot(work->corners->market[1])
                    ? 1 << GEX_FACTOR_SPOT : 0;

    for (int64_t i = first; i < first + count; i++)
        moved |= (time_moves(work, i) ? 1 << GEX_FACTOR_TIME : 0) | (vol_moves(work, i) ? 1 << GEX_FACTOR_VOL : 0) |
                 (carry_moves(work, i) ? 1 << GEX_FACTOR_CARRY : 0);
    return moved;
}

static void contract_place(const struct work *work, struct batch *batch, int corner, int64_t i, int64_t at)
{
    const int time = corner >> GEX_FACTOR_TIME & 1, carry = corner >> GEX_FACTOR_CARRY & 1;
    const int vol = vol_moves(work, i) ? corner >> GEX_FACTOR_VOL & 1 : time;
    const gex_market *now = work->corners->market[time], *quoted = work->corners->market[vol];
    const gex_chain *chain = gex_market_chain(work->corners->market[0]);
    const int64_t row = work->corners->row[0][i], vol_row = work->corners->row[vol][i];
    const int32_t expiry = expiry_of(work, time, i), carry_expiry = expiry_of(work, carry, i);
    const struct gex__pace pace = gex__pace_of(now, expiry);

    batch->strike[at] = gex_chain_strike(chain)[row];
    batch->right[at] = gex_chain_right(chain)[row];
    batch->exercise[at] = gex_market_exercise(work->corners->market[0])[row];
    batch->years[at] = gex_market_calendar_years(now)[expiry];
    batch->root[at] = pace.root;
    batch->excess[at] = pace.excess;
    batch->inside_vol[at] = gex_market_vol(quoted)[vol_row];
    batch->vol[at] = vol == time || !is_one_clock(work, i) ? gex_market_calendar_vol(quoted)[vol_row]
                                                           : gex_market_vol(quoted)[vol_row] * pace.root;
    batch->rate[at] = gex_market_expiry_rate(market_of(work, corner, GEX_FACTOR_CARRY))[carry_expiry];
    batch->carry[at] = carry_of(work, carry, i);
}

/* Greeks a unit is made of, with what restates them from one clock to two. */
static void outputs_set(const struct gex__unit *unit, struct batch *batch, double *outputs[GEX_GREEK_LAST_ + 1])
{
    for (int t = 0; t < GEX_TERMS && unit->term[t].greek != 0; t++) {
        const int32_t greek = unit->term[t].greek, helper = gex__pace_helper(greek);

        outputs[greek] = batch->greek[greek];
        if (helper != 0)
            outputs[helper] = batch->greek[helper];
        if (greek == GEX_GREEK_VETA)
            outputs[GEX_GREEK_VEGA] = batch->greek[GEX_GREEK_VEGA];
        if (unit->term[t].inside == GEX_INSIDE_ABS_DELTA)
            outputs[GEX_GREEK_DELTA] = batch->greek[GEX_GREEK_DELTA];
    }
}

static double inside_of(const struct batch *batch, int32_t inside, int64_t at)
{
    switch (inside) {
    case GEX_INSIDE_VOL: return batch->inside_vol[at];
    case GEX_INSIDE_YEARS: return batch->years[at];
    case GEX_INSIDE_ABS_DELTA: return fabs(batch->greek[GEX_GREEK_DELTA][at]);
    default: return 1.0;
    }
}

static void corner_value(const struct work *work, struct batch *batch, int corner, int64_t first, int64_t count)
{
    const struct gex__unit *unit = work->corners->unit;
    const double spot = gex_market_spot(market_of(work, corner, GEX_FACTOR_SPOT));
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    const struct gex__black_in in = {.rows = count, .spot = &spot, .one_spot = true, .strike = batch->strike,
                                     .years = batch->years, .vol = batch->vol, .rate = batch->rate,
                                     .carry = batch->carry, .right = batch->right};
    const struct gex__pace_rows paced = {count, batch->years, batch->vol, batch->root, batch->excess};
    const gex_market *payer = market_of(work, corner, GEX_FACTOR_CARRY);
    const struct gex__dividends dividends =
        gex__dividends_from(gex__market_dividends(payer), gex_market_as_of(payer),
                            gex_market_as_of(market_of(work, corner, GEX_FACTOR_TIME)));

    for (int64_t at = 0; at < count; at++)
        contract_place(work, batch, corner, first + at, at);
    outputs_set(unit, batch, outputs);
    gex__value(work->corners->isa, &in, batch->exercise, &dividends, outputs, NULL);
    if (gex__is_paced(work->corners->market[0]) || gex__is_paced(work->corners->market[1]))
        gex__pace_apply(&paced, outputs);
    for (int64_t at = 0; at < count; at++)
        batch->value[corner][at] = 0.0;
    for (int t = 0; t < GEX_TERMS && unit->term[t].greek != 0; t++) {
        const double scale = gex__term_scale(&unit->term[t], work->corners->scale, spot);

        for (int64_t at = 0; at < count; at++)
            batch->value[corner][at] +=
                batch->greek[unit->term[t].greek][at] * inside_of(batch, unit->term[t].inside, at) * scale;
    }
}

/* ---- shares ------------------------------------------------------------------------------------------------------ */

/* The corner in which the factors beside `factor` are moved as the three bits of `others` say. */
static int corner_without(int factor, int others)
{
    const int low = (1 << factor) - 1;
    return (others & low) | (others & ~low) << 1;
}

static double mirrored(const double *value, int factor, int others)
{
    const int move = 1 << factor, from = corner_without(factor, others), mirror = corner_without(factor, 7 & ~others);

    return (value[from | move] - value[from]) + (value[mirror | move] - value[mirror]);
}

static double share_of(const double *value, int factor)
{
    return mirrored(value, factor, 0) / 4.0 +
           (mirrored(value, factor, 1) + mirrored(value, factor, 2) + mirrored(value, factor, 4)) / 12.0;
}

/* Orders are walked as numbers of four digits; one whose corners are not all finite does not count. */
static void shares_of_finite(const double *value, double share[GEX_FACTORS])
{
    int orders = 0;

    for (int f = 0; f < GEX_FACTORS; f++)
        share[f] = 0.0;
    for (int code = 0; code < 1 << 2 * GEX_FACTORS; code++) {
        double step[GEX_FACTORS] = {0.0};
        int corner = 0;

        for (int n = 0; n < GEX_FACTORS; n++) {
            const int factor = code >> 2 * n & 3, next = corner | 1 << factor;

            if (next == corner || !isfinite(value[next]))
                break;
            step[factor] = value[next] - value[corner];
            corner = next;
        }
        if (corner != ALL)
            continue;
        for (int f = 0; f < GEX_FACTORS; f++)
            share[f] += step[f];
        orders++;
    }
    for (int f = 0; f < GEX_FACTORS && orders > 0; f++)
        share[f] /= orders;
    if (orders == 0)
        share[GEX_FACTOR_TIME] = value[ALL] - value[0];
}

static void contract_share(const struct work *work, const struct batch *batch, int64_t at, int64_t i)
{
    double value[CORNERS], share[GEX_FACTORS];
    bool finite = true;

    for (int c = 0; c < CORNERS; c++) {
        value[c] = batch->value[c][at];
        finite = finite && isfinite(value[c]);
    }
    for (int f = 0; f < GEX_FACTORS && finite; f++)
        share[f] = share_of(value, f);
    if (!finite)
        shares_of_finite(value, share);
    for (int f = 0; f < GEX_FACTORS; f++)
        work->share[f][i] = share[f];
    work->mean[i] = 0.5 * (value[0] + value[ALL]);
}

/* ---- batches ----------------------------------------------------------------------------------------------------- */

static void batch_run(const struct work *work, struct batch *batch, int64_t first)
{
    const int64_t left = work->corners->count - first, count = left < BATCH ? left : BATCH;
    const int moved = moving(work, first, count);

    for (int c = 0; c < CORNERS; c++) {
        if ((c & ~moved) == 0)
            corner_value(work, batch, c, first, count);
        else
            for (int64_t at = 0; at < count; at++)
                batch->value[c][at] = batch->value[c & moved][at];
    }
    for (int64_t at = 0; at < count; at++)
        contract_share(work, batch, at, first + at);
}

/* Task i takes every tasks-th batch. */
static void task_run(void *arg, int64_t task)
{
    const struct work *work = arg;

    for (int64_t b = task; b < work->batches; b += work->tasks)
        batch_run(work, &work->scratch[task], b * BATCH);
}

gex_status gex__corners_run(const gex_context *context, const struct gex__corners *corners,
                            double *const share[GEX_FACTORS], double *mean)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct work work = {.corners = corners, .share = share, .mean = mean,
                        .paid_differs = gex__payout_differs(corners->market[0], corners->market[1])};
    gex_status status;

    work.batches = corners->count / BATCH + (corners->count % BATCH != 0);
    work.tasks = context == NULL || context->run == NULL ? 1 : work.batches < TASKS ? work.batches : TASKS;
    if (work.batches == 0)
        return GEX_OK;
    work.scratch = gex__memory_get(&memory, work.tasks * (int64_t)sizeof *work.scratch);
    if (work.scratch == NULL)
        return GEX_ERR_MEMORY;
    status = gex__run(context, task_run, &work, work.tasks) ? GEX_OK : GEX_ERR_CALLBACK;
    gex__memory_put(&memory, work.scratch, work.tasks * (int64_t)sizeof *work.scratch);
    return status;
}
