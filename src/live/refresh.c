/* SPDX-License-Identifier: Apache-2.0 */
/* What was set, worked in: everything where spot, instant or forwards moved, else the rows that were touched. */
#include <string.h>

#include "live.h"

/* ---- everything -------------------------------------------------------------------------------------------------- */

struct work {
    gex_live *live;
    int64_t   strike_tasks;
};

static void values_run(void *arg, int64_t i)
{
    gex_live *live = ((const struct work *)arg)->live;
    const int64_t first = i * GEX__LIVE_TASK_ROWS, left = live->used - first;

    live->changed[i] =
        gex__live_value(live, &live->block[i], first, left < GEX__LIVE_TASK_ROWS ? left : GEX__LIVE_TASK_ROWS);
}

static void sums_run(void *arg, int64_t i)
{
    const struct work *work = arg;
    const int64_t first = i * GEX__LIVE_TASK_STRIKES, end = first + GEX__LIVE_TASK_STRIKES;

    if (i >= work->strike_tasks) {
        gex__live_sum_key(work->live, GEX_BY_EXPIRY, i - work->strike_tasks);
        return;
    }
    for (int64_t k = first; k < end && k < work->live->strikes; k++)
        gex__live_sum_key(work->live, GEX_BY_STRIKE, k);
}

static bool refused_changed(gex_live *live)
{
    const int64_t *order = gex_chain_order(live->given);
    bool changed = false;

    for (int64_t i = live->used; i < live->rows; i++) {
        changed = changed || live->status[order[i]] != live->held.status[order[i]];
        live->status[order[i]] = live->held.status[order[i]];
    }
    return changed;
}

static bool refresh_all(const gex_context *context, gex_live *live, bool recount)
{
    const int64_t tasks = live->used / GEX__LIVE_TASK_ROWS + (live->used % GEX__LIVE_TASK_ROWS != 0);
    struct work work = {live,
                        live->by_strike ? (live->strikes + GEX__LIVE_TASK_STRIKES - 1) / GEX__LIVE_TASK_STRIKES : 0};

    gex__live_factors(live);
    if (!gex__run(context, values_run, &work, tasks))
        return false;
    for (int64_t i = 0; i < tasks; i++)
        recount = live->changed[i] || recount;
    recount = refused_changed(live) || recount;
    if (recount)
        gex__live_counts(live);
    if (!gex__run(context, sums_run, &work, work.strike_tasks + live->expiries))
        return false;
    gex__live_sum_halves(live);
    gex__live_totals(live);
    return true;
}

/* ---- what was touched -------------------------------------------------------------------------------------------- */

static void row_refresh(gex_live *live, int64_t row)
{
    double gone[GEX_LIVE_UNITS_MAX];

    gex__live_count(live, row, -1);
    if (live->place[row] < 0) {
        live->status[row] = live->held.status[row];
    } else {
        memcpy(gone, live->value + row * live->pitch, (size_t)live->pitch * sizeof *gone);
        gex__live_value(live, live->block, live->place[row], 1);
        gex__live_replace(live, row, gone);
    }
    gex__live_count(live, row, 1);
}

static void refresh_touched(gex_live *live)
{
    for (int64_t i = 0; i < live->set_count; i++)
        row_refresh(live, live->set[i]);
    gex__live_settle(live);
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

/* Volatilities of what was set; that may touch more rows, which are listed behind. */
static void vols_refresh(gex_live *live)
{
    const int64_t set = live->set_count;

    for (int64_t i = 0; i < set; i++) {
        const int64_t row = live->set[i];

        if ((live->todo[row] & GEX__TODO_VOL) != 0)
            gex__live_vol(live, row);
        else if ((live->todo[row] & GEX__TODO_KEEP) != 0)
            gex__live_keep(live, row);
    }
}

static gex_status refresh(const gex_context *context, gex_live *live, gex_error *error)
{
    const bool later = live->next_as_of != live->held.base.as_of;
    const bool anew = later || live->reforwarded || live->broken;
    const bool all = anew || live->next_spot != live->held.base.spot;
    int64_t bad;

    if (!all && live->set_count == 0)
        return GEX_OK;
    if (all) {
        bad = gex__live_curve(live, live->next_spot, live->next_as_of);
        live->broken = true; /* until it is done */
        if (bad >= 0)
            return gex__fail(error, GEX_ERR_DOMAIN, bad,
                             "the forward of expiry {i} at this spot and instant says a carry "
                             "beyond 10 a year",
                             bad);
    }
    if (anew) {
        gex__live_dates(live);
        gex__live_vols(live);
    }
    vols_refresh(live);
    for (int64_t i = 0; i < (anew ? live->rows : live->set_count); i++)
        gex__live_weigh(live, anew ? i : live->set[i]);
    if (!all && live->set_count < live->rows / 8) {
        refresh_touched(live);
    } else if (!refresh_all(context, live, anew)) {
        live->broken = true;
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    }
    for (int64_t i = 0; i < live->set_count; i++)
        live->todo[live->set[i]] = 0;
    live->set_count = 0;
    live->reforwarded = live->broken = false;
    return GEX_OK;
}

gex_status gex_live_refresh(const gex_context *context, gex_live *live, gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    if (live == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "live is required");
    gex__guest_enter(&guest);
    status = refresh(context, live, error);
    gex__guest_leave(&guest);
    return status;
}
