/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Door of the implied volatility. Whole blocks of columns that lie closely are read where they are; any others are
 * gathered into blocks on the stack. Results go straight into the caller's arrays. Rows do not depend on each other, so
 * large batches are cut for the executor without touching a bit.
 */
#include <gex/european.h>

#include "columns.h"
#include "implied.h"

enum { PRICE_COLUMNS_0_1 = 112 };
_Static_assert(sizeof(gex_price_columns) >= PRICE_COLUMNS_0_1, "options only grow");

void gex_price_columns_init(gex_price_columns *columns, uint32_t struct_size)
{
    static const gex_price_columns defaults = {0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

struct implied {
    gex_price_columns columns;
    int32_t instruction_set;
    double *vol;
    uint8_t *status;
};

static bool lies_closely(gex_f64 column)
{
    return column.data == NULL ||
           (column.stride == (int64_t)sizeof *column.data && (uintptr_t)column.data % _Alignof(double) == 0);
}

static const double *rows_from(gex_f64 column, int64_t from)
{
    return column.data != NULL ? column.data + from : NULL;
}

/* Whole blocks, read where they lie. */
static void implied_in_place(const struct implied *job, int64_t from, int64_t rows)
{
    const gex_price_columns *c = &job->columns;
    const struct gex__implied_in in = {.rows = rows,
                                       .price = rows_from(c->price, from),
                                       .forward = rows_from(c->forward, from),
                                       .strike = rows_from(c->strike, from),
                                       .years = rows_from(c->years, from),
                                       .right = c->right.data + from,
                                       .discount = rows_from(c->discount, from),
                                       .model = c->model};

    gex__implied(job->instruction_set, &in, job->vol + from, job->status != NULL ? job->status + from : NULL);
}

/* A row beyond the last is 1. */
static void gather_padded(gex_f64 column, int64_t from, int64_t rows, double *out)
{
    gex__gather_f64(column, 1.0, from, rows, out);
    for (int64_t i = rows; i % GEX_IMPLIED_ROWS != 0; i++)
        out[i] = 1.0;
}

static void implied_gathered(const struct implied *job, int64_t from, int64_t rows)
{
    const gex_price_columns *c = &job->columns;
    double price[GEX_BLOCK_ROWS], forward[GEX_BLOCK_ROWS], strike[GEX_BLOCK_ROWS], years[GEX_BLOCK_ROWS];
    double discount[GEX_BLOCK_ROWS];
    int8_t right[GEX_BLOCK_ROWS] = {0};
    const struct gex__implied_in in = {.rows = rows,
                                       .price = price,
                                       .forward = forward,
                                       .strike = strike,
                                       .years = years,
                                       .right = right,
                                       .discount = c->discount.data != NULL ? discount : NULL,
                                       .model = c->model};

    _Static_assert(GEX_BLOCK_ROWS % GEX_IMPLIED_ROWS == 0, "room for whole groups");
    gather_padded(c->price, from, rows, price);
    gather_padded(c->forward, from, rows, forward);
    gather_padded(c->strike, from, rows, strike);
    gather_padded(c->years, from, rows, years);
    if (in.discount != NULL)
        gather_padded(c->discount, from, rows, discount);
    gex__gather_i8(c->right, from, rows, right);
    gex__implied(job->instruction_set, &in, job->vol + from, job->status != NULL ? job->status + from : NULL);
}

static void implied_task(void *arg, int64_t task)
{
    const struct implied *job = arg;
    const gex_price_columns *c = &job->columns;
    const int64_t end = gex__task_end(task, c->rows);
    int64_t from = task * GEX_TASK_ROWS;

    if (lies_closely(c->price) && lies_closely(c->forward) && lies_closely(c->strike) && lies_closely(c->years) &&
        lies_closely(c->discount) && c->right.stride == 1) {
        const int64_t whole = (end - from) / GEX_IMPLIED_ROWS * GEX_IMPLIED_ROWS;

        if (whole > 0)
            implied_in_place(job, from, whole);
        from += whole;
    }
    for (; from < end; from += GEX_BLOCK_ROWS)
        implied_gathered(job, from, end - from < GEX_BLOCK_ROWS ? end - from : GEX_BLOCK_ROWS);
}

/* Read the caller's columns of any age. */
static gex_status price_take(const gex_price_columns *theirs, gex_price_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, PRICE_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "price columns: struct_size {u}; fill them with gex_price_columns_init()",
                         theirs->struct_size);
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->model < 0 || mine->model > GEX_MODEL_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "model {i}: one of GEX_MODEL_*, or 0 for black",
                         (int64_t)mine->model);
    if (mine->model == GEX_MODEL_INVERSE && mine->discount.data != NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "an option paid in the underlying is not discounted: leave the column discount out");
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
    mine->model = mine->model == 0 ? GEX_MODEL_BLACK : mine->model;
    return GEX_OK;
}

gex_status gex_implied_vol(const gex_context *context, const gex_price_columns *columns, double *vol_out,
                           uint8_t *status_out, gex_error *error)
{
    struct implied job = {.columns = {0}, .instruction_set = gex__isa(context), .vol = vol_out, .status = status_out};
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
    ran = gex__run(context, implied_task, &job, gex__tasks_of(job.columns.rows));
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}
