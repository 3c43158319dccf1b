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
#include "flow_sums.h"

enum { FLOW_OPTIONS_0_1 = 64, CORNERS = 8, TASKS = 32 };
enum { MOVES_SPOT = 1, MOVES_TIME = 2, MOVES_VOL = 4 };
_Static_assert(sizeof(gex_flow_options) >= FLOW_OPTIONS_0_1, "options only grow");

void gex_flow_options_init(gex_flow_options *options, uint32_t struct_size)
{
    static const gex_flow_options defaults = {.rows = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- states ------------------------------------------------------------------------------------------------------ */

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
static void corners_fill(struct gex__flow_work *work, const gex_flow_options *options, int64_t first)
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

static void states_fill(struct gex__flow_work *work)
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

/* ---- the result -------------------------------------------------------------------------------------------------- */

/* Delta lost over the edge of the cube that makes one move from corner `from`. */
static double edge(const struct gex__flow_work *work, int64_t scenario, int from, int move)
{
    const int64_t *number = work->number + scenario * CORNERS;
    return work->delta[number[from]].book - work->delta[number[from | move]].book;
}

/* Average over the six orders of what one move loses; a and b are the other two. */
static double share(const struct gex__flow_work *work, int64_t scenario, int move, int a, int b)
{
    return (2.0 * edge(work, scenario, 0, move) + edge(work, scenario, a, move) + edge(work, scenario, b, move) +
            2.0 * edge(work, scenario, a | b, move)) /
           6.0;
}

/* Of a table whose first scenario is scenario `first` of all. */
static void flow_fill(const struct gex__flow_work *work, const struct gex__flow_slopes *slopes, int64_t first,
                      struct gex_flow *flow)
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

static bool work_alloc(const gex_context *context, const struct gex__memory *memory, struct gex__flow_work *work)
{
    const int64_t states = work->rows * CORNERS; /* rows <= GEX_MAX_ROWS */
    struct gex__layout layout = {0};
    int64_t state, index[3], delta, aside;
    char *block;

    state = gex__layout_add(&layout, states, sizeof(struct gex__state));
    for (int i = 0; i < 3; i++)
        index[i] = gex__layout_add(&layout, states, sizeof(int64_t));
    delta = gex__layout_add(&layout, states, sizeof(struct gex__flow_delta));
    if (context == NULL || context->run == NULL)
        work->tasks = gex__states_share(work->lines) ? 1 : 0;
    else
        work->tasks = !gex__states_save(work->lines) ? 0 /* states by themselves keep more hands busy */
                      : states < TASKS ? (int32_t)states : TASKS;
    aside = gex__layout_add(&layout, 1,
                            (int64_t)(sizeof *work->aside + (size_t)work->tasks * sizeof *work->aside->room));
    block = layout.overflow ? NULL : gex__memory_get(memory, layout.size);
    if (block == NULL)
        return false;
    work->block = block;
    work->size = layout.size;
    work->state = (struct gex__state *)(block + state);
    work->sorted = (int64_t *)(block + index[0]);
    work->number = (int64_t *)(block + index[1]);
    work->first = (int64_t *)(block + index[2]);
    work->delta = (struct gex__flow_delta *)(block + delta);
    work->aside = (struct gex__flow_aside *)(block + aside);
    return true;
}

/* Everything behind the doors. There are lines. */
static gex_status flow_run(const gex_context *context, struct gex__flow_work *work, struct gex_flow *const *flow)
{
    const struct gex__memory memory = gex__memory_of(context);
    gex_status status = GEX_ERR_MEMORY;
    struct gex__flow_slopes slopes;

    if (!work_alloc(context, &memory, work))
        return GEX_ERR_MEMORY;
    states_fill(work);
    status = gex__flow_deltas(context, work) ? GEX_OK : GEX_ERR_CALLBACK;
    if (status == GEX_OK) {
        slopes = gex__flow_slopes_of(work);
        for (int64_t t = 0, first = 0; t < work->tables; first += flow[t++]->rows)
            flow_fill(work, &slopes, first, flow[t]);
    }
    gex__memory_put(&memory, work->block, work->size);
    return status;
}

/* Not inlined: its lines would lie on every stack. */
__attribute__((noinline)) static gex_status flow_run_alone(const gex_context *context, struct gex__flow_work *work,
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
    struct gex__flow_work work = {.market = market, .book = book, .greeks = greeks, .lines = lines,
                                  .isa = gex__isa(context), .tables = count, .table = opt};
    struct gex__guest guest;
    gex_status status = GEX_OK;

    for (int32_t t = 0; t < count; t++) {
        status = gex__flow_door(market, book, &tables[t], &opt[t], error);
        if (status != GEX_OK)
            return status;
    }
    for (int32_t t = 0; t < count; t++) {
        work.rows += opt[t].rows;
        out[t] = gex__flow_alloc(context, opt[t].rows); /* before they are read: a count no memory has is found now */
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
