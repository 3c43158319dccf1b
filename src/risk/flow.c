/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hedge flow of scenarios, by repricing the delta of the book in every state a scenario passes through.
 *
 * A scenario moves spot, time and volatility. Making the moves one after another, in any order, visits the corners of a
 * cube: corner c has moved spot where c & 1, time where c & 2, volatility where c & 4. The share of a move, averaged
 * over the six orders, weighs its two first and last edges 1/3 and the two between 1/6 (Shapley 1953). Corners that
 * coincide, within a scenario or between scenarios, are repriced once.
 *
 * Time stops for a line at its settlement: its delta is then that of its payoff. Past that instant the line is gone and
 * its hedge with it; that trade, + delta N M, is the unwind and no part of any share.
 */
#include <math.h>
#include <string.h>

#include "base/context.h"
#include "base/order.h"
#include "flow.h"
#include "math/sum.h"
#include "value.h"

enum { FLOW_OPTIONS_0_1 = 64, CORNERS = 8, SLOPES = 3, TASKS = 32, SLOPE_LINES = 16, SOME_ROWS = 64 };
enum { MOVES_SPOT = 1, MOVES_TIME = 2, MOVES_VOL = 4 };
_Static_assert(sizeof(gex_flow_options) >= FLOW_OPTIONS_0_1, "options only grow");

struct delta {
    double book;    /* sum of N M delta, settled lines at their payoff's */
    double settled; /* the part of lines that settled before the state's instant */
};

/* Of a task that values states together. */
struct room {
    struct gex__state state[GEX_STATES];
    int64_t           number[GEX_STATES]; /* which distinct one each is */
    struct gex__exact sum[GEX_STATES];
    double            delta[GEX_STATES][GEX_STATE_LINES];
};

/* What is too much for a small stack. */
struct aside {
    struct gex__exact sum[SLOPES]; /* of slopes_of() */
    int64_t           pieces;      /* runs of distinct states valued together: the first state of each is in `sorted` */
    struct room       room[];      /* per task */
};

struct flow_work {
    const gex_market *market;
    const gex_book   *book;
    const gex_greeks *greeks;   /* of the market; or NULL */
    const struct gex__lines *lines;
    int32_t           isa;
    int32_t           tasks;    /* that value states together; 0: each by itself */
    int32_t           tables;
    const gex_flow_options *table;
    int64_t           rows;     /* scenarios of all tables */
    int64_t           distinct; /* states */
    int64_t           held;     /* the distinct one whose delta the greeks hold, or -1 */
    struct gex__state     *state;    /* CORNERS per scenario */
    int64_t          *sorted;   /* indices of states; then of pieces */
    int64_t          *number;   /* per state, which distinct one it is */
    int64_t          *first;    /* per distinct one, the index of a state */
    struct delta     *delta;    /* per distinct one */
    struct aside     *aside;
    void             *block;
    int64_t           size;
};

void gex_flow_options_init(gex_flow_options *options, uint32_t struct_size)
{
    static const gex_flow_options defaults = {.rows = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- states --------------------------------------------------------------------------------------------------------- */

struct gex__state gex__flow_state(const gex_flow_options *options, const gex_market *market, int64_t i)
{
    struct gex__state to = {gex_market_spot(market), gex_market_as_of(market), 0.0};

    if (options->spot.data != NULL)
        to.spot = gex__f64_at(options->spot, i);
    if (options->as_of.data != NULL)
        to.as_of = gex__i64_at(options->as_of, i);
    if (options->vol_shift.data != NULL)
        to.shift = gex__f64_at(options->vol_shift, i) + 0.0; /* -0 is 0 */
    return to;
}

static gex_status columns_check(const gex_flow_options *opt, gex_error *error)
{
    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "flow options: reserved must be zero");
    if (!gex__stride_fits(opt->spot.data, opt->spot.stride, opt->rows) ||
        !gex__stride_fits(opt->as_of.data, opt->as_of.stride, opt->rows) ||
        !gex__stride_fits(opt->vol_shift.data, opt->vol_shift.stride, opt->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", opt->rows);
    return GEX_OK;
}

gex_status gex__flow_door(const gex_market *market, const gex_book *book, const gex_flow_options *options,
                          gex_flow_options *mine, gex_error *error)
{
    *mine = (gex_flow_options){.rows = 0};
    if (gex__options_take(mine, sizeof *mine, FLOW_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "flow options: struct_size {u}", options->struct_size);
    if (gex_book_chain(book) != gex_market_chain(market))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and book have to come from the same chain object");
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} scenarios", mine->rows);
    return columns_check(mine, error);
}

gex_status gex__flow_state_check(const struct gex__state *to, const gex_market *market, int64_t i, gex_error *error)
{
    if (!(to->spot > 0.0) || isinf(to->spot))
        return gex__fail(error, GEX_ERR_DOMAIN, i, "scenario {i}: spot {g} has to be finite and above zero", i,
                         to->spot);
    if (to->as_of < gex_market_as_of(market))
        return gex__fail(error, GEX_ERR_DOMAIN, i, "scenario {i}: its instant lies before the market's", i);
    if (!isfinite(to->shift))
        return gex__fail(error, GEX_ERR_DOMAIN, i, "scenario {i}: vol_shift {g} has to be finite", i, to->shift);
    return GEX_OK;
}

static gex_status scenarios_check(const gex_flow_options *options, const gex_market *market, gex_error *error)
{
    gex_status status = GEX_OK;

    for (int64_t i = 0; status == GEX_OK && i < options->rows; i++) {
        const struct gex__state to = gex__flow_state(options, market, i);
        status = gex__flow_state_check(&to, market, i, error);
    }
    return status;
}

static bool state_less(const void *user, int64_t a, int64_t b)
{
    const struct gex__state *x = (const struct gex__state *)user + a, *y = (const struct gex__state *)user + b;

    if (x->as_of != y->as_of)
        return x->as_of < y->as_of;
    return x->shift != y->shift ? x->shift < y->shift : x->spot < y->spot;
}

/* Corners of a table's scenarios, the first of which is scenario `first` of all. */
static void corners_fill(struct flow_work *work, const gex_flow_options *options, int64_t first)
{
    for (int64_t i = 0; i < options->rows * CORNERS; i++) {
        const struct gex__state to = gex__flow_state(options, work->market, i / CORNERS);
        const int64_t corner = i % CORNERS;

        work->state[first * CORNERS + i] =
            (struct gex__state){corner & MOVES_SPOT ? to.spot : gex_market_spot(work->market),
                                corner & MOVES_TIME ? to.as_of : gex_market_as_of(work->market),
                                corner & MOVES_VOL ? to.shift : 0.0};
    }
}

static void states_fill(struct flow_work *work)
{
    const int64_t count = work->rows * CORNERS;

    for (int64_t t = 0, first = 0; t < work->tables; first += work->table[t++].rows)
        corners_fill(work, &work->table[t], first);
    for (int64_t i = 0; i < count; i++)
        work->sorted[i] = i;
    gex__index_sort(work->sorted, count, state_less, work->state);
    for (int64_t i = 0; i < count; i++) {
        if (i == 0 || state_less(work->state, work->sorted[i - 1], work->sorted[i]))
            work->first[work->distinct++] = work->sorted[i];
        work->number[work->sorted[i]] = work->distinct - 1;
    }
}

/* Where lines share what no spot changes: at most GEX_STATES states of one instant and shift. */
static void pieces_fill(struct flow_work *work)
{
    work->aside->pieces = 0;
    for (int64_t k = 0, begun = 0; k < work->distinct; k++) {
        const struct gex__state *at = &work->state[work->first[k]], *as = &work->state[work->first[begun]];

        if (k > 0 && k - begun < GEX_STATES && at->as_of == as->as_of && at->shift == as->shift)
            continue;
        work->sorted[work->aside->pieces++] = begun = k;
    }
}

/* ---- delta of the book ---------------------------------------------------------------------------------------------- */

/* A greek that diverges, at the strike at settlement, is no part of a sum. */
static double weighted(double weight, double greek)
{
    return isfinite(greek) ? weight * greek : 0.0;
}

/* Sum of N M times a greek the market has of every row: of the lines, which no order changes. Deltas do not diverge. */
static double sum_from(const struct flow_work *work, int32_t greek, struct gex__exact *sum)
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
static bool has_greeks(const struct flow_work *work)
{
    return work->greeks != NULL && work->lines->motion == NULL;
}

/* Sum of N M delta of the first `rows` lines in a state. Not inlined: one such frame at a time is enough. */
__attribute__((noinline)) static double delta_of(const struct flow_work *work, const struct gex__state *state,
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

static double settled_of(const struct flow_work *work, int64_t k)
{
    const struct gex__state *state = &work->state[work->first[k]];

    return delta_of(work, state, gex__lines_settled(work->lines, work->market, state->as_of));
}

static void delta_run(void *arg, int64_t k)
{
    const struct flow_work *work = arg;

    if (k != work->held)
        work->delta[k].book = delta_of(work, &work->state[work->first[k]], work->lines->rows);
    work->delta[k].settled = settled_of(work, k);
}

/* Of the whole book in the states [first, end), which differ in spot alone. */
static void piece_run(const struct flow_work *work, int64_t first, int64_t end, struct room *room)
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
    const struct flow_work *work = arg;

    for (int64_t piece = task; piece < work->aside->pieces; piece += work->tasks) {
        const int64_t first = work->sorted[piece];
        const int64_t end = piece + 1 < work->aside->pieces ? work->sorted[piece + 1] : work->distinct;

        piece_run(work, first, end, &work->aside->room[task]);
        for (int64_t k = first; k < end; k++)
            work->delta[k].settled = settled_of(work, k);
    }
}

/* The first corner of every scenario is now. */
static void held_set(struct flow_work *work)
{
    work->held = has_greeks(work) && work->rows > 0 ? work->number[0] : -1;
    if (work->held >= 0)
        work->delta[work->held].book = sum_from(work, GEX_GREEK_DELTA, work->aside->sum);
}

static bool deltas_run(const gex_context *context, struct flow_work *work)
{
    held_set(work);
    if (work->tasks == 0)
        return gex__run(context, delta_run, work, work->distinct);
    pieces_fill(work);
    return gex__run(context, pieces_run, work, work->tasks);
}

/* ---- first order ---------------------------------------------------------------------------------------------------- */

struct slopes {
    double gamma, vanna, charm; /* of the book; gamma with what vanna adds as volatilities move with spot */
};

/* The same sums from what the market's greeks have of every row. */
static struct slopes slopes_from(const struct flow_work *work)
{
    struct gex__exact *sum = work->aside->sum;

    return (struct slopes){sum_from(work, GEX_GREEK_GAMMA, sum), sum_from(work, GEX_GREEK_VANNA, sum),
                           sum_from(work, GEX_GREEK_CHARM, sum)};
}

/* Not inlined: its frame would lie under every delta_run. */
__attribute__((noinline)) static struct slopes slopes_of(const struct flow_work *work)
{
    const struct gex__lines *lines = work->lines;
    const double spot = gex_market_spot(work->market);
    double gamma[SLOPE_LINES], vanna[SLOPE_LINES], charm[SLOPE_LINES];
    double *outputs[GEX_GREEK_LAST_ + 1] = {
        [GEX_GREEK_GAMMA] = gamma, [GEX_GREEK_VANNA] = vanna, [GEX_GREEK_CHARM] = charm};
    struct gex__exact *sum = work->aside->sum;

    for (int s = 0; s < SLOPES; s++)
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
    return (struct slopes){gex__exact_round(&sum[0]), gex__exact_round(&sum[1]), gex__exact_round(&sum[2])};
}

/* ---- the result ------------------------------------------------------------------------------------------------------ */

/* Delta lost over the edge of the cube that makes one move from corner `from`. */
static double edge(const struct flow_work *work, int64_t scenario, int from, int move)
{
    const int64_t *number = work->number + scenario * CORNERS;
    return work->delta[number[from]].book - work->delta[number[from | move]].book;
}

/* Average over the six orders of what one move loses; a and b are the other two. */
static double share(const struct flow_work *work, int64_t scenario, int move, int a, int b)
{
    return (2.0 * edge(work, scenario, 0, move) + edge(work, scenario, a, move) + edge(work, scenario, b, move) +
            2.0 * edge(work, scenario, a | b, move)) /
           6.0;
}

/* Of a table whose first scenario is scenario `first` of all. */
static void flow_fill(const struct flow_work *work, const struct slopes *slopes, int64_t first, struct gex_flow *flow)
{
    const double spot = gex_market_spot(work->market);
    const int all = MOVES_SPOT | MOVES_TIME | MOVES_VOL;

    for (int64_t i = 0; i < flow->rows; i++) {
        const int64_t scenario = first + i;
        const struct gex__state *to = &work->state[scenario * CORNERS + all];
        const double years = gex_years(GEX_CLOCK_CAL_365, gex_market_as_of(work->market), to->as_of);
        const double exact = edge(work, scenario, 0, all);
        const double alone[3] = {edge(work, scenario, 0, MOVES_SPOT), edge(work, scenario, 0, MOVES_TIME),
                                 edge(work, scenario, 0, MOVES_VOL)};

        flow->column[GEX_FLOW_EXACT][i] = exact;
        flow->column[GEX_FLOW_LINEAR][i] =
            0.0 - (slopes->gamma * (to->spot - spot) + slopes->vanna * to->shift + slopes->charm * years);
        flow->column[GEX_FLOW_SPOT][i] = share(work, scenario, MOVES_SPOT, MOVES_TIME, MOVES_VOL);
        flow->column[GEX_FLOW_TIME][i] = share(work, scenario, MOVES_TIME, MOVES_SPOT, MOVES_VOL);
        flow->column[GEX_FLOW_VOL][i] = share(work, scenario, MOVES_VOL, MOVES_SPOT, MOVES_TIME);
        flow->column[GEX_FLOW_SPOT_ALONE][i] = alone[0];
        flow->column[GEX_FLOW_TIME_ALONE][i] = alone[1];
        flow->column[GEX_FLOW_VOL_ALONE][i] = alone[2];
        flow->column[GEX_FLOW_CROSS][i] = exact - alone[0] - alone[1] - alone[2];
        flow->column[GEX_FLOW_UNWIND][i] = work->delta[work->number[scenario * CORNERS + all]].settled;
        flow->column[GEX_FLOW_USD_AT_START][i] = exact * spot;
    }
}

struct gex_flow *gex__flow_alloc(const gex_context *context, int64_t rows)
{
    struct gex__layout layout = {0};
    int64_t column[GEX_FLOW_LAST_ + 1] = {0};
    struct gex_flow *flow;

    gex__layout_add(&layout, 1, sizeof *flow);
    for (int c = 1; c <= GEX_FLOW_LAST_; c++)
        column[c] = gex__layout_add(&layout, rows, sizeof(double));
    flow = gex__object_create(context, &layout, NULL);
    if (flow == NULL)
        return NULL;
    flow->rows = rows;
    for (int c = 1; c <= GEX_FLOW_LAST_; c++)
        flow->column[c] = (double *)((char *)flow + column[c]);
    return flow;
}

static bool work_alloc(const gex_context *context, const struct gex__memory *memory, struct flow_work *work)
{
    const int64_t states = work->rows * CORNERS; /* rows <= GEX_MAX_ROWS */
    struct gex__layout layout = {0};
    int64_t state, index[3], delta, aside;
    char *block;

    state = gex__layout_add(&layout, states, sizeof(struct gex__state));
    for (int i = 0; i < 3; i++)
        index[i] = gex__layout_add(&layout, states, sizeof(int64_t));
    delta = gex__layout_add(&layout, states, sizeof(struct delta));
    if (context == NULL || context->run == NULL)
        work->tasks = gex__states_share(work->lines) ? 1 : 0;
    else
        work->tasks = gex__states_save(work->lines) ? TASKS : 0; /* else states by themselves keep more hands busy */
    aside = gex__layout_add(&layout, 1, (int64_t)(sizeof *work->aside + (size_t)work->tasks * sizeof(struct room)));
    block = layout.overflow ? NULL : gex__memory_get(memory, layout.size);
    if (block == NULL)
        return false;
    work->block = block;
    work->size = layout.size;
    work->state = (struct gex__state *)(block + state);
    work->sorted = (int64_t *)(block + index[0]);
    work->number = (int64_t *)(block + index[1]);
    work->first = (int64_t *)(block + index[2]);
    work->delta = (struct delta *)(block + delta);
    work->aside = (struct aside *)(block + aside);
    return true;
}

/* Everything behind the doors. There are lines. */
static gex_status flow_run(const gex_context *context, struct flow_work *work, struct gex_flow *const *flow)
{
    const struct gex__memory memory = gex__memory_of(context);
    gex_status status = GEX_ERR_MEMORY;
    struct slopes slopes;

    if (!work_alloc(context, &memory, work))
        return GEX_ERR_MEMORY;
    states_fill(work);
    status = deltas_run(context, work) ? GEX_OK : GEX_ERR_CALLBACK;
    if (status == GEX_OK) {
        slopes = has_greeks(work) ? slopes_from(work) : slopes_of(work);
        for (int64_t t = 0, first = 0; t < work->tables; first += flow[t++]->rows)
            flow_fill(work, &slopes, first, flow[t]);
    }
    gex__memory_put(&memory, work->block, work->size);
    return status;
}

/* Not inlined: its lines would lie on every stack. */
__attribute__((noinline)) static gex_status flow_run_alone(const gex_context *context, struct flow_work *work,
                                                           struct gex_flow *const *flow)
{
    struct gex__lines own;
    gex_status status = GEX_ERR_MEMORY;

    if (gex__lines_create(context, work->market, work->book, &own)) {
        work->lines = &own;
        status = flow_run(context, work, flow);
    }
    gex__lines_drop(&own);
    return status;
}

static void flows_release(struct gex_flow **flow, int32_t tables)
{
    for (int32_t t = 0; t < tables; t++) {
        gex__object_release(flow[t]);
        flow[t] = NULL;
    }
}

gex_status gex__flows_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                              const gex_flow_options *tables, int32_t count, const struct gex__lines *lines,
                              const gex_greeks *greeks, gex_flow **out, gex_error *error)
{
    gex_flow_options opt[GEX_FLOWS];
    struct flow_work work = {.market = market, .book = book, .greeks = greeks, .lines = lines, .isa = gex__isa(context),
                             .tables = count, .table = opt};
    struct gex__guest guest;
    gex_status status = GEX_OK;

    for (int32_t t = 0; t < count; t++) {
        status = gex__flow_door(market, book, &tables[t], &opt[t], error);
        if (status != GEX_OK)
            return status;
    }
    for (int32_t t = 0; t < count; t++) {
        work.rows += opt[t].rows;
        out[t] = gex__flow_alloc(context, opt[t].rows); /* before they are read: a count no memory has is found at once */
        if (out[t] == NULL) {
            flows_release(out, t);
            return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for {i} scenarios", opt[t].rows);
        }
    }
    gex__guest_enter(&guest);
    for (int32_t t = 0; status == GEX_OK && t < count; t++)
        status = scenarios_check(&opt[t], market, error);
    if (status == GEX_OK) {
        status = lines != NULL ? flow_run(context, &work, out) : flow_run_alone(context, &work, out);
        if (status != GEX_OK)
            gex__fail(error, status, -1,
                      status == GEX_ERR_MEMORY ? "no memory for {i} scenarios" : "the executor reported failure",
                      work.rows);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        flows_release(out, count);
    return status;
}

gex_status gex_flow_compute(const gex_context *context, const gex_market *market, const gex_book *book,
                            const gex_flow_options *options, gex_flow **out, gex_error *error)
{
    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL || book == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book, options and out are required");
    return gex__flows_compute(context, market, book, options, 1, NULL, NULL, out, error);
}

void gex_flow_free(gex_flow *flow)
{
    gex__object_release(flow);
}

int64_t gex_flow_rows(const gex_flow *flow)
{
    return flow != NULL ? flow->rows : 0;
}

const double *gex_flow_column(const gex_flow *flow, int32_t column)
{
    return flow != NULL && column >= 1 && column <= GEX_FLOW_LAST_ ? flow->column[column] : NULL;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_flow_name(int32_t column)
{
    switch (column) {
        GEX_FLOW_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_flow_find(const char *name)
{
    for (int32_t column = 1; name != NULL && column <= GEX_FLOW_LAST_; column++)
        if (strcmp(name, gex_flow_name(column)) == 0)
            return column;
    return 0;
}
