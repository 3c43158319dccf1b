/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Door of the European options. Contiguous columns go to the kernels as they lie, others are gathered into blocks on
 * the stack; results go straight into the caller's arrays. Rows do not depend on each other, so large batches are cut
 * for the executor without touching a bit.
 */
#include <string.h>

#include <gex/european.h>

#include "columns.h"
#include "models.h"

enum {
    EUROPEAN_COLUMNS_0_1 = 128,
    BLOCK_ROWS = 32,  /* gathered at a time: 2 kB of stack, over which the kernel takes 12 */
    MAX_GREEKS = 1024 /* asked for at once; there are 23, and repeating one is allowed */
};
_Static_assert(sizeof(gex_european_columns) >= EUROPEAN_COLUMNS_0_1, "options only grow");

void gex_european_columns_init(gex_european_columns *columns, uint32_t struct_size)
{
    static const gex_european_columns defaults = {0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

struct european {
    gex_european_columns columns;
    int32_t              instruction_set;
    struct gex__wanted   wanted;
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
    if (column.data == NULL && one != NULL)
        return &absent;
    if (column.data != NULL && lies_ready(column, one != NULL))
        return (const double *)column.data + (column.stride == 0 ? 0 : from);
    gex__gather_f64(column, 0.0, from, one != NULL && *one ? 1 : rows, gathered);
    return gathered;
}

/* Black's formula at fixed spot is what the kernels take single values for;
 * other models and forms read whole columns. */
static bool is_plain(const gex_european_columns *c)
{
    return c->model == GEX_MODEL_BLACK && c->form == GEX_OPTION_FORM_SPOT;
}

static bool rows_lie_ready(const gex_european_columns *c)
{
    return is_plain(c) && lies_ready(c->spot, true) && lies_ready(c->strike, false) && lies_ready(c->years, true) &&
           lies_ready(c->vol, false) && lies_ready(c->rate, true) && lies_ready(c->carry_yield, true) &&
           c->right.stride == 1;
}

static void european_rows(const struct european *job, int64_t from, int64_t rows)
{
    const gex_european_columns *c = &job->columns;
    double gathered[6][BLOCK_ROWS];
    int8_t right[BLOCK_ROWS];
    struct gex__wanted wanted = {.status = job->wanted.status != NULL ? job->wanted.status + from : NULL};
    const bool plain = is_plain(c);
    struct gex__black_in in = {.rows = rows};

    in.spot = column_of(c->spot, from, rows, gathered[0], plain ? &in.one_spot : NULL);
    in.strike = column_of(c->strike, from, rows, gathered[1], NULL);
    in.years = column_of(c->years, from, rows, gathered[2], plain ? &in.one_years : NULL);
    in.vol = column_of(c->vol, from, rows, gathered[3], NULL);
    in.rate = column_of(c->rate, from, rows, gathered[4], plain ? &in.one_rate : NULL);
    in.carry = column_of(c->carry_yield, from, rows, gathered[5], plain ? &in.one_carry : NULL);
    if (c->right.stride == 1) {
        in.right = (const int8_t *)c->right.data + from;
    } else {
        gex__gather_i8(c->right, from, rows, right);
        in.right = right;
    }
    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        wanted.greek[greek] = job->wanted.greek[greek] != NULL ? job->wanted.greek[greek] + from : NULL;
    for (int k = 0; k < GEX_COIN_COUNT; k++)
        wanted.coin[k] = job->wanted.coin[k] != NULL ? job->wanted.coin[k] + from : NULL;
    gex__european(job->instruction_set, c->model, c->form, &in, &wanted);
}

static void european_task(void *arg, int64_t task)
{
    const struct european *job = arg;
    const int64_t end = gex__task_end(task, job->columns.rows);
    const int64_t step = rows_lie_ready(&job->columns) ? GEX_TASK_ROWS : BLOCK_ROWS;

    for (int64_t from = task * GEX_TASK_ROWS; from < end; from += step)
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
    if (mine->model < 0 || mine->model > GEX_MODEL_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "model {i}: one of GEX_MODEL_*, or 0 for black",
                         (int64_t)mine->model);
    if (mine->form < 0 || mine->form > GEX_OPTION_FORM_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "form {i}: one of GEX_OPTION_FORM_*, or 0 for spot",
                         (int64_t)mine->form);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "european columns: reserved must be zero");
    if (mine->model == GEX_MODEL_INVERSE && (mine->rate.data != NULL || mine->carry_yield.data != NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "an option paid in the underlying has no rates: give its forward as "
                         "spot and leave the columns rate and carry_yield out");
    if (mine->form == GEX_OPTION_FORM_FORWARD && mine->carry_yield.data != NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "at fixed forward there is no carry: leave the column carry_yield out");
    mine->model = mine->model == 0 ? GEX_MODEL_BLACK : mine->model;
    mine->form = mine->form == 0 ? GEX_OPTION_FORM_SPOT : mine->form;
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

/* Where the output of a greek is kept; NULL for what is none. */
static double **wanted_slot(struct gex__wanted *wanted, int32_t greek)
{
    if (greek >= 1 && greek <= GEX_GREEK_LAST_)
        return &wanted->greek[greek];
    if (greek >= GEX_COIN_FIRST && greek < GEX_COIN_FIRST + GEX_COIN_COUNT)
        return &wanted->coin[greek - GEX_COIN_FIRST];
    return NULL;
}

gex_status gex_european(const gex_context *context, const gex_european_columns *columns, const int32_t *greeks,
                        int64_t greek_count, double *const *outputs, uint8_t *status, gex_error *error)
{
    struct european job = {.columns = {0}, .instruction_set = gex__isa(context), .wanted = {.status = status}};
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
        double **slot = wanted_slot(&job.wanted, greeks[i]);

        if (slot == NULL)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks[{i}] is {i}: not one of GEX_GREEK_* or GEX_COIN_*", i,
                             (int64_t)greeks[i]);
        if (greeks[i] >= GEX_COIN_FIRST && job.columns.model != GEX_MODEL_INVERSE)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "greeks[{i}], {s}, needs GEX_MODEL_INVERSE", i,
                             gex_greek_name(greeks[i]));
        if (outputs[i] == NULL && job.columns.rows > 0)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "outputs[{i}] is missing", i);
        *slot = outputs[i];
    }

    gex__guest_enter(&guest);
    ran = gex__run(context, european_task, &job, gex__tasks_of(job.columns.rows));
    /* a greek asked for twice was computed once */
    for (int64_t i = 0; ran && job.columns.rows > 0 && i < greek_count; i++)
        if (outputs[i] != *wanted_slot(&job.wanted, greeks[i]))
            memcpy(outputs[i], *wanted_slot(&job.wanted, greeks[i]), (size_t)job.columns.rows * sizeof(double));
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}
