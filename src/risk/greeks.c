/* SPDX-License-Identifier: Apache-2.0 */
/* Greeks of every row of a market, as its right of exercise asks. */
#include "greeks.h"

#include <math.h>

#include "market/payout.h"
#include "pace.h"
#include "value.h"

/* Rows a task takes, and rows gathered at a time: three columns of them fit on a small stack. */
enum { TASK_ROWS = 2048, GATHER_ROWS = 32 };

struct greeks_task {
    const struct gex_greeks *greeks;
    int32_t                  isa;
    double                   spot;
    const uint8_t           *status;
    const int32_t           *expiry;
    const double            *years, *rate; /* per expiry; years on CAL_365 */
    bool                     paced;
};

/* From the calendar to the clock of each row's expiry. `root` and `excess` are room for as many rows. */
static void pace_rows(const struct greeks_task *task, int64_t first, int64_t count, const double *years, double *root,
                      double *excess, double *const outputs[GEX_GREEK_LAST_ + 1])
{
    const gex_market *market = task->greeks->market;
    const struct gex__pace_rows rows = {count, years, gex_market_calendar_vol(market) + first, root, excess};

    for (int64_t i = 0; i < count; i++) {
        const int32_t e = task->expiry[first + i];
        const bool used = task->status[first + i] == GEX_ROW_USED && e >= 0;
        const struct gex__pace pace = used ? gex__pace_of(market, e) : (struct gex__pace){1.0, 0.0};

        root[i] = pace.root;
        excess[i] = pace.excess;
    }
    gex__pace_apply(&rows, outputs);
}

/* Rows [first, first + count). A refused row goes in with years of NaN, which the kernel answers with NaN. */
static void gather_and_price(const struct greeks_task *task, int64_t first, int64_t count)
{
    const struct gex_greeks *greeks = task->greeks;
    const gex_chain *chain = gex_market_chain(greeks->market);
    double years[GATHER_ROWS], rate[GATHER_ROWS], carry[GATHER_ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    struct gex__black_in in = {.rows = count,
                               .spot = &task->spot,
                               .one_spot = true,
                               .strike = gex_chain_strike(chain) + first,
                               .years = years,
                               .vol = gex_market_calendar_vol(greeks->market) + first,
                               .rate = rate,
                               .carry = carry,
                               .right = gex_chain_right(chain) + first};
    const int8_t *exercise = gex_market_exercise(greeks->market) + first;
    bool one_expiry = true; /* then what it shares is worked out once */

    for (int64_t i = 0; i < count; i++) {
        const int32_t e = task->expiry[first + i];
        const bool used = task->status[first + i] == GEX_ROW_USED && e >= 0;
        one_expiry = one_expiry && used && e == task->expiry[first] && exercise[i] != GEX_EXERCISE_AMERICAN;
        years[i] = used ? task->years[e] : (double)NAN;
        rate[i] = used ? task->rate[e] : 0.0;
        carry[i] = used ? gex__market_row_carry(greeks->market, e, exercise[i]) : 0.0;
    }
    in.one_years = in.one_rate = in.one_carry = one_expiry;
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = greeks->column[greek] != NULL ? greeks->column[greek] + first : NULL;
    gex__value(task->isa, &in, exercise, gex__market_dividends(greeks->market), outputs, greeks->status + first);
    if (task->paced)
        pace_rows(task, first, count, years, rate, carry, outputs); /* the kernel is done with both */
}

static void greeks_run(void *arg, int64_t i)
{
    const struct greeks_task *task = arg;
    const int64_t rows = task->greeks->rows;
    const int64_t end = (i + 1) * TASK_ROWS < rows ? (i + 1) * TASK_ROWS : rows;

    for (int64_t first = i * TASK_ROWS; first < end; first += GATHER_ROWS)
        gather_and_price(task, first, end - first < GATHER_ROWS ? end - first : GATHER_ROWS);
}

static void greeks_drop(void *object)
{
    struct gex_greeks *greeks = object;
    gex__object_release(greeks->market);
}

struct gex_greeks *gex__greeks_alloc(const gex_context *context, const gex_market *market, int64_t rows, uint32_t set)
{
    struct gex__layout layout = {0};
    int64_t column[GEX_GREEK_LAST_ + 1] = {0}, status, head;
    struct gex_greeks *greeks;

    gex__layout_add(&layout, 1, sizeof *greeks);
    head = layout.size;
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        column[greek] = gex__layout_add(&layout, (set & GEX__WANT(greek)) != 0 ? rows : 0, sizeof(double));
    status = gex__layout_add(&layout, rows, 1);
    greeks = gex__object_create_open(context, &layout, head, greeks_drop);
    if (greeks == NULL)
        return NULL;
    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if ((set & GEX__WANT(greek)) != 0)
            greeks->column[greek] = (double *)((char *)greeks + column[greek]);
    greeks->status = (uint8_t *)greeks + status;
    greeks->rows = rows;
    greeks->market = market;
    gex__object_retain(market);
    return greeks;
}

uint32_t gex__greeks_set(const struct gex_greeks *greeks)
{
    uint32_t set = 0;

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        set |= greeks->column[greek] != NULL ? GEX__WANT(greek) : 0;
    return set;
}

/* With what two clocks ask for beside time derivatives. */
static uint32_t with_helpers(uint32_t set)
{
    const uint32_t veta = set & GEX__WANT(GEX_GREEK_VETA);

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if ((set & GEX__WANT(greek)) != 0 && gex__pace_helper(greek) != 0)
            set |= GEX__WANT(gex__pace_helper(greek));
    return veta != 0 ? set | GEX__WANT(GEX_GREEK_VEGA) : set;
}

gex_status gex__greeks_compute(const gex_context *context, const gex_market *market, uint32_t set, gex_greeks **out,
                               gex_error *error)
{
    const int64_t rows = gex_chain_rows(gex_market_chain(market));
    const bool paced = gex__is_paced(market);
    struct gex_greeks *greeks = gex__greeks_alloc(context, market, rows, paced ? with_helpers(set) : set);
    struct greeks_task task;
    struct gex__guest guest;
    bool ran;

    if (greeks == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for the greeks of {i} rows", rows);
    task = (struct greeks_task){.greeks = greeks,
                                .isa = gex__isa(context),
                                .spot = gex_market_spot(market),
                                .status = gex_market_status(market),
                                .expiry = gex_chain_expiry_index(gex_market_chain(market)),
                                .years = gex_market_calendar_years(market),
                                .paced = paced,
                                .rate = gex_market_expiry_rate(market)};
    gex__guest_enter(&guest);
    ran = gex__run(context, greeks_run, &task, rows / TASK_ROWS + (rows % TASK_ROWS != 0));
    gex__guest_leave(&guest);
    if (!ran) {
        gex__object_release(greeks);
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    }
    *out = greeks;
    return GEX_OK;
}

gex_status gex_greeks_compute(const gex_context *context, const gex_market *market, gex_greeks **out, gex_error *error)
{
    if (out != NULL)
        *out = NULL;
    if (out == NULL || market == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market and out are required");
    return gex__greeks_compute(context, market, GEX__WANT_ALL, out, error);
}

void gex_greeks_free(gex_greeks *greeks)
{
    gex__object_release(greeks);
}

const gex_market *gex_greeks_market(const gex_greeks *greeks)
{
    return greeks != NULL ? greeks->market : NULL;
}

const double *gex_greeks_column(const gex_greeks *greeks, int32_t greek)
{
    return greeks != NULL && greek >= 1 && greek <= GEX_GREEK_LAST_ ? greeks->column[greek] : NULL;
}

const uint8_t *gex_greeks_status(const gex_greeks *greeks)
{
    return greeks != NULL ? greeks->status : NULL;
}
