/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doors of the European options. Contiguous columns go to the kernels as they lie, others are gathered into blocks on the
 * stack; results go straight into the caller's arrays. Rows do not depend on each other, so large batches are cut for the
 * executor without touching a bit.
 */
#include <string.h>

#include "base/base.h"
#include "black.h"
#include "implied.h"

#include <gex/european.h>

enum {
    EUROPEAN_COLUMNS_0_1 = 128,
    PRICE_COLUMNS_0_1 = 112,
    BLOCK_ROWS = 32,   /* gathered at a time: 2 kB of stack, over which the kernel takes 12 */
    TASK_ROWS = 16384, /* a task for the executor: some hundred microseconds */
    MAX_GREEKS = 1024  /* asked for at once; there are 19, and repeating one is allowed */
};
_Static_assert(sizeof(gex_european_columns) >= EUROPEAN_COLUMNS_0_1, "options only grow");
_Static_assert(sizeof(gex_price_columns) >= PRICE_COLUMNS_0_1, "options only grow");

static void gather_f64(gex_f64 column, int64_t from, int64_t rows, double *out)
{
    if (column.stride == (int64_t)sizeof *out)
        memcpy(out, (const char *)column.data + from * (int64_t)sizeof *out, (size_t)rows * sizeof *out);
    else
        for (int64_t i = 0; i < rows; i++)
            out[i] = gex__f64_at(column, from + i);
}

static void gather_i8(gex_i8 column, int64_t from, int64_t rows, int8_t *out)
{
    for (int64_t i = 0; i < rows; i++)
        out[i] = gex__i8_at(column, from + i);
}

static int64_t tasks_of(int64_t rows)
{
    return (rows + TASK_ROWS - 1) / TASK_ROWS;
}

/* ---- price and greeks ------------------------------------------------------------------------------------------ */

void gex_european_columns_init(gex_european_columns *columns, uint32_t struct_size)
{
    static const gex_european_columns defaults = {0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

struct european {
    gex_european_columns columns;
    int32_t              instruction_set;
    double              *outputs[GEX_GREEK_LAST_ + 1];
    uint8_t             *status;
};

/* Whether the kernels can read it as it lies; those that hold one value for every row, only where they have a flag. */
static bool lies_ready(gex_f64 column, bool may_be_one)
{
    if (column.data == NULL)
        return true;
    return (uintptr_t)column.data % _Alignof(double) == 0 &&
           (column.stride == (int64_t)sizeof(double) || (column.stride == 0 && may_be_one));
}

/* Rows from `from` on as the kernels take them: the caller's own column, or gathered. *one as gex__black_in has it. */
static const double *column_of(gex_f64 column, int64_t from, int64_t rows, double *gathered, bool *one)
{
    static const double absent = 0.0;

    if (one != NULL)
        *one = column.data == NULL || column.stride == 0;
    if (column.data == NULL)
        return &absent;
    if (lies_ready(column, one != NULL))
        return (const double *)column.data + (column.stride == 0 ? 0 : from);
    gather_f64(column, from, one != NULL && *one ? 1 : rows, gathered);
    return gathered;
}

static bool rows_lie_ready(const gex_european_columns *c)
{
    return lies_ready(c->spot, true) && lies_ready(c->strike, false) && lies_ready(c->years, true) &&
           lies_ready(c->vol, false) && lies_ready(c->rate, true) && lies_ready(c->carry_yield, true) && c->right.stride == 1;
}

static void european_rows(const struct european *job, int64_t from, int64_t rows)
{
    const gex_european_columns *c = &job->columns;
    double gathered[6][BLOCK_ROWS];
    int8_t right[BLOCK_ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1];
    struct gex__black_in in = {.rows = rows};

    in.spot = column_of(c->spot, from, rows, gathered[0], &in.one_spot);
    in.strike = column_of(c->strike, from, rows, gathered[1], NULL);
    in.years = column_of(c->years, from, rows, gathered[2], &in.one_years);
    in.vol = column_of(c->vol, from, rows, gathered[3], NULL);
    in.rate = column_of(c->rate, from, rows, gathered[4], &in.one_rate);
    in.carry = column_of(c->carry_yield, from, rows, gathered[5], &in.one_carry);
    if (c->right.stride == 1) {
        in.right = (const int8_t *)c->right.data + from;
    } else {
        gather_i8(c->right, from, rows, right);
        in.right = right;
    }
    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = job->outputs[greek] != NULL ? job->outputs[greek] + from : NULL;
    gex__black(job->instruction_set, &in, outputs, job->status != NULL ? job->status + from : NULL);
}

static void european_task(void *arg, int64_t task)
{
    const struct european *job = arg;
    const int64_t end = (task + 1) * TASK_ROWS < job->columns.rows ? (task + 1) * TASK_ROWS : job->columns.rows;
    const int64_t step = rows_lie_ready(&job->columns) ? TASK_ROWS : BLOCK_ROWS;

    for (int64_t from = task * TASK_ROWS; from < end; from += step)
        european_rows(job, from, end - from < step ? end - from : step);
}

/* Read the caller's columns of any age. */
static gex_status european_take(const gex_european_columns *theirs, gex_european_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, EUROPEAN_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "european columns: struct_size {u}; fill them with gex_european_columns_init()",
                         theirs->struct_size);
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->rows > 0 && (mine->spot.data == NULL || mine->strike.data == NULL || mine->years.data == NULL ||
                           mine->vol.data == NULL || mine->right.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns spot, strike, years, vol and right are required");
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "european columns: reserved must be zero");
    if (!gex__stride_fits(mine->spot.data, mine->spot.stride, mine->rows) ||
        !gex__stride_fits(mine->strike.data, mine->strike.stride, mine->rows) ||
        !gex__stride_fits(mine->years.data, mine->years.stride, mine->rows) ||
        !gex__stride_fits(mine->vol.data, mine->vol.stride, mine->rows) ||
        !gex__stride_fits(mine->right.data, mine->right.stride, mine->rows) ||
        !gex__stride_fits(mine->rate.data, mine->rate.stride, mine->rows) ||
        !gex__stride_fits(mine->carry_yield.data, mine->carry_yield.stride, mine->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    return GEX_OK;
}

gex_status gex_european(const gex_context *context, const gex_european_columns *columns, const int32_t *greeks,
                        int64_t greek_count, double *const *outputs, uint8_t *status, gex_error *error)
{
    struct european job = {.columns = {0}, .instruction_set = gex__isa(context), .status = status};
    struct gex__guest guest;
    gex_status taken;
    bool ran;

    if (columns == NULL || (greek_count != 0 && (greeks == NULL || outputs == NULL)))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns, greeks and outputs are required");
    taken = european_take(columns, &job.columns, error);
    if (taken != GEX_OK)
        return taken;
    if (greek_count < 0 || greek_count > MAX_GREEKS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} greeks: between 0 and {i} are possible", greek_count,
                         (int64_t)MAX_GREEKS);
    for (int64_t i = 0; i < greek_count; i++) {
        if (greeks[i] < 1 || greeks[i] > GEX_GREEK_LAST_)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks[{i}] is {i}: not one of GEX_GREEK_*", i,
                             (int64_t)greeks[i]);
        if (outputs[i] == NULL && job.columns.rows > 0)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "outputs[{i}] is missing", i);
        job.outputs[greeks[i]] = outputs[i];
    }

    gex__guest_enter(&guest);
    ran = gex__run(context, european_task, &job, tasks_of(job.columns.rows));
    for (int64_t i = 0; ran && job.columns.rows > 0 && i < greek_count; i++) /* a greek asked for twice was computed once */
        if (outputs[i] != job.outputs[greeks[i]])
            memcpy(outputs[i], job.outputs[greeks[i]], (size_t)job.columns.rows * sizeof(double));
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}

/* ---- implied volatility ---------------------------------------------------------------------------------------- */

void gex_price_columns_init(gex_price_columns *columns, uint32_t struct_size)
{
    static const gex_price_columns defaults = {0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

struct implied {
    gex_price_columns columns;
    double           *vol;
    uint8_t          *status;
};

static void implied_task(void *arg, int64_t task)
{
    const struct implied *job = arg;
    const gex_price_columns *c = &job->columns;
    int64_t end = (task + 1) * TASK_ROWS < c->rows ? (task + 1) * TASK_ROWS : c->rows;

    for (int64_t i = task * TASK_ROWS; i < end; i++) {
        double vol;
        int32_t status = gex__implied_vol(
            gex__f64_at(c->price, i), gex__f64_at(c->forward, i), gex__f64_at(c->strike, i), gex__f64_at(c->years, i),
            gex__i8_at(c->right, i), c->discount.data != NULL ? gex__f64_at(c->discount, i) : 1.0, &vol);

        job->vol[i] = vol;
        if (job->status != NULL)
            job->status[i] = (uint8_t)status;
    }
}

/* Read the caller's columns of any age. */
static gex_status price_take(const gex_price_columns *theirs, gex_price_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, PRICE_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "price columns: struct_size {u}; fill them with gex_price_columns_init()", theirs->struct_size);
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "price columns: reserved must be zero");
    if (mine->rows > 0 && (mine->price.data == NULL || mine->forward.data == NULL || mine->strike.data == NULL ||
                           mine->years.data == NULL || mine->right.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns price, forward, strike, years and right are required");
    if (!gex__stride_fits(mine->price.data, mine->price.stride, mine->rows) ||
        !gex__stride_fits(mine->forward.data, mine->forward.stride, mine->rows) ||
        !gex__stride_fits(mine->strike.data, mine->strike.stride, mine->rows) ||
        !gex__stride_fits(mine->years.data, mine->years.stride, mine->rows) ||
        !gex__stride_fits(mine->right.data, mine->right.stride, mine->rows) ||
        !gex__stride_fits(mine->discount.data, mine->discount.stride, mine->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    return GEX_OK;
}

gex_status gex_implied_vol(const gex_context *context, const gex_price_columns *columns, double *vol_out,
                           uint8_t *status_out, gex_error *error)
{
    struct implied job = {.columns = {0}, .vol = vol_out, .status = status_out};
    struct gex__guest guest;
    gex_status taken;
    bool ran;

    if (columns == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns are required");
    taken = price_take(columns, &job.columns, error);
    if (taken != GEX_OK)
        return taken;
    if (job.columns.rows > 0 && vol_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "vol_out is required");

    gex__guest_enter(&guest);
    ran = gex__run(context, implied_task, &job, tasks_of(job.columns.rows));
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}
