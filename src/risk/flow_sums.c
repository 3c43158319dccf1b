/* SPDX-License-Identifier: Apache-2.0 */
/* Sums over the book: its delta in each distinct state, and its gamma, vanna and charm now. They are exact, so that who
 * values a line, and in which order, does not show. */
#include <math.h>

#include "flow_sums.h"
#include "value.h"

enum { SLOPE_LINES = 16, SOME_ROWS = 64 };

/* Where lines share what no spot changes: at most GEX_STATES states of one instant and shift. */
static void pieces_fill(struct gex__flow_work *work)
{
    work->aside->pieces = 0;
    for (int64_t k = 0, begun = 0; k < work->distinct; k++) {
        const struct gex__state *at = &work->state[work->first[k]], *as = &work->state[work->first[begun]];

        if (k > 0 && k - begun < GEX_STATES && at->as_of == as->as_of && at->shift == as->shift)
            continue;
        work->sorted[work->aside->pieces++] = begun = k;
    }
}

/* ---- delta of the book ------------------------------------------------------------------------------------------- */

/* A greek that diverges, at the strike at settlement, is no part of a sum. */
static double weighted(double weight, double greek)
{
    return isfinite(greek) ? weight * greek : 0.0;
}

/* Sum of N M times a greek the market has of every row: of the lines, which no order changes. Deltas do not diverge. */
static double sum_from(const struct gex__flow_work *work, int32_t greek, struct gex__exact *sum)
{
    const gex_chain *chain = gex_market_chain(work->market);
    const double *position = gex_book_positions(work->book), *multiplier = gex_chain_multiplier(chain);
    const double *column = gex_greeks_column(work->greeks, greek);
    const uint8_t *status = gex_market_status(work->market);
    const int64_t rows = gex_chain_rows(chain);
    double some[SOME_ROWS];
    int64_t count = 0;

    gex__exact_clear(sum);
    for (int64_t row = 0; row < rows; row++) {
        if (gex__is_line(status[row], position[row]))
            some[count++] = greek == GEX_GREEK_DELTA ? position[row] * multiplier[row] * column[row]
                                                     : weighted(position[row] * multiplier[row], column[row]);
        if (count == SOME_ROWS || row == rows - 1) {
            gex__exact_add_all(sum, work->isa, some, count);
            count = 0;
        }
    }
    return gex__exact_round(sum);
}

/* Are greeks of the market those of its lines as they stand? */
static bool has_greeks(const struct gex__flow_work *work)
{
    return work->greeks != NULL && work->lines->motion == NULL;
}

/* Sum of N M delta of the first `rows` lines in a state. Not inlined: one such frame at a time is enough. */
__attribute__((noinline)) static double delta_of(const struct gex__flow_work *work, const struct gex__state *state,
                                                 int64_t rows)
{
    double delta[GEX_STATE_LINES];
    struct gex__exact sum;

    if (!gex__lines_reach(work->lines, state->spot) && rows > 0)
        return (double)NAN;
    gex__exact_clear(&sum);
    for (int64_t first = 0, count; first < rows; first += count) {
        count = gex__state_count(work->lines, first, rows);
        gex__state_deltas(work->lines, work->market, work->isa, state, first, count, delta);
        for (int64_t i = 0; i < count; i++)
            delta[i] = work->lines->weight[first + i] * delta[i];
        gex__exact_add_all(&sum, work->isa, delta, count);
    }
    return gex__exact_round(&sum);
}

static double settled_of(const struct gex__flow_work *work, int64_t k)
{
    const struct gex__state *state = &work->state[work->first[k]];

    return delta_of(work, state, gex__lines_settled(work->lines, work->market, state->as_of));
}

static void delta_run(void *arg, int64_t k)
{
    const struct gex__flow_work *work = arg;

    if (k != work->held)
        work->delta[k].book = delta_of(work, &work->state[work->first[k]], work->lines->rows);
    work->delta[k].settled = settled_of(work, k);
}

/* Of the whole book in the states [first, end), which differ in spot alone. */
static void piece_run(const struct gex__flow_work *work, int64_t first, int64_t end, struct gex__flow_room *room)
{
    const struct gex__lines *lines = work->lines;
    int64_t states = 0;

    for (int64_t k = first; k < end; k++) {
        if (k == work->held)
            continue;
        room->number[states] = k;
        room->state[states] = work->state[work->first[k]];
        gex__exact_clear(&room->sum[states++]);
    }
    for (int64_t line = 0, count; line < lines->rows && states > 0; line += count) {
        count = gex__state_count(lines, line, lines->rows);
        gex__states_deltas(lines, work->market, work->isa, room->state, states, line, count, room->delta[0]);
        for (int64_t k = 0; k < states; k++) {
            for (int64_t i = 0; i < count; i++)
                room->delta[k][i] = lines->weight[line + i] * room->delta[k][i];
            gex__exact_add_all(&room->sum[k], work->isa, room->delta[k], count);
        }
    }
    for (int64_t k = 0; k < states; k++)
        work->delta[room->number[k]].book = gex__exact_round(&room->sum[k]);
}

/* Task i takes every tasks-th piece. */
static void pieces_run(void *arg, int64_t task)
{
    const struct gex__flow_work *work = arg;

    for (int64_t piece = task; piece < work->aside->pieces; piece += work->tasks) {
        const int64_t first = work->sorted[piece];
        const int64_t end = piece + 1 < work->aside->pieces ? work->sorted[piece + 1] : work->distinct;

        piece_run(work, first, end, &work->aside->room[task]);
        for (int64_t k = first; k < end; k++)
            work->delta[k].settled = settled_of(work, k);
    }
}

/* The first corner of every scenario is now. */
static void held_set(struct gex__flow_work *work)
{
    work->held = has_greeks(work) && work->rows > 0 ? work->number[0] : -1;
    if (work->held >= 0)
        work->delta[work->held].book = sum_from(work, GEX_GREEK_DELTA, work->aside->sum);
}

bool gex__flow_deltas(const gex_context *context, struct gex__flow_work *work)
{
    held_set(work);
    if (work->tasks == 0)
        return gex__run(context, delta_run, work, work->distinct);
    pieces_fill(work);
    return gex__run(context, pieces_run, work, work->tasks);
}

/* ---- first order ------------------------------------------------------------------------------------------------- */

/* The same sums from what the market's greeks have of every row. */
static struct gex__flow_slopes slopes_from(const struct gex__flow_work *work)
{
    struct gex__exact *sum = work->aside->sum;

    return (struct gex__flow_slopes){sum_from(work, GEX_GREEK_GAMMA, sum), sum_from(work, GEX_GREEK_VANNA, sum),
                           sum_from(work, GEX_GREEK_CHARM, sum)};
}

static struct gex__flow_slopes slopes_of(const struct gex__flow_work *work)
{
    const struct gex__lines *lines = work->lines;
    const double spot = gex_market_spot(work->market);
    double gamma[SLOPE_LINES], vanna[SLOPE_LINES], charm[SLOPE_LINES];
    double *outputs[GEX_GREEK_LAST_ + 1] = {
        [GEX_GREEK_GAMMA] = gamma, [GEX_GREEK_VANNA] = vanna, [GEX_GREEK_CHARM] = charm};
    struct gex__exact *sum = work->aside->sum;

    for (int s = 0; s < GEX_FLOW_SLOPES; s++)
        gex__exact_clear(&sum[s]);
    for (int64_t first = 0; first < lines->rows; first += SLOPE_LINES) {
        const int64_t count = lines->rows - first < SLOPE_LINES ? lines->rows - first : SLOPE_LINES;
        const struct gex__black_in in = {.rows = count,
                                         .spot = &spot,
                                         .one_spot = true,
                                         .strike = lines->strike + first,
                                         .years = lines->years + first,
                                         .vol = lines->vol + first,
                                         .rate = lines->rate + first,
                                         .carry = lines->carry + first,
                                         .right = lines->right + first};

        gex__value(work->isa, &in, lines->exercise != NULL ? lines->exercise + first : NULL, &lines->dividends, outputs,
                   NULL);
        for (int64_t i = 0; i < count && lines->motion != NULL; i++)
            gamma[i] += vanna[i] * gex__lines_slope(lines, first + i); /* both still on the calendar */
        if (lines->root != NULL) {
            const struct gex__pace_rows rows = {count, in.years, in.vol, lines->root + first, lines->excess + first};
            gex__pace_apply(&rows, outputs);
        }
        for (int64_t i = 0; i < count; i++) {
            gex__exact_add(&sum[0], weighted(lines->weight[first + i], gamma[i]));
            gex__exact_add(&sum[1], weighted(lines->weight[first + i], vanna[i]));
            gex__exact_add(&sum[2], weighted(lines->weight[first + i], charm[i]));
        }
    }
    return (struct gex__flow_slopes){gex__exact_round(&sum[0]), gex__exact_round(&sum[1]), gex__exact_round(&sum[2])};
}

struct gex__flow_slopes gex__flow_slopes_of(const struct gex__flow_work *work)
{
    return has_greeks(work) ? slopes_from(work) : slopes_of(work);
}
