/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of the American options: strided columns gathered into blocks, large batches cut for the executor. */
#include <math.h>
#include <string.h>

#include "american.h"
#include "american_implied.h"
#include "base/base.h"

enum {
    AMERICAN_COLUMNS_0_1 = 160,
    BLOCK_ROWS = 16,   /* gathered at a time: 0.8 kB of stack; two groups of lanes */
    TASK_ROWS = 256,   /* a task for the executor: some hundred microseconds */
    MAX_GREEKS = 1024, /* asked for at once; there are 19, and repeating one is allowed */
    MAX_DIVIDENDS = 64
};
_Static_assert(sizeof(gex_american_columns) >= AMERICAN_COLUMNS_0_1, "options only grow");

void gex_american_columns_init(gex_american_columns *columns, uint32_t struct_size)
{
    static const gex_american_columns defaults = {0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

#define ACCURACY_TEXT(name, value, text) [value] = text,
static const char *const names[GEX_ACCURACY_LAST_ + 1] = {[0] = "unknown", GEX_ACCURACY_LIST(ACCURACY_TEXT)};

const char *gex_accuracy_name(int32_t accuracy)
{
    return names[accuracy >= 1 && accuracy <= GEX_ACCURACY_LAST_ ? accuracy : 0];
}

int32_t gex_accuracy_find(const char *name)
{
    for (int32_t accuracy = 1; name != NULL && accuracy <= GEX_ACCURACY_LAST_; accuracy++)
        if (strcmp(names[accuracy], name) == 0)
            return accuracy;
    return 0;
}

static const char *const models[GEX_DIVIDENDS_LAST_ + 1] = {[0] = "unknown", GEX_DIVIDENDS_LIST(ACCURACY_TEXT)};

const char *gex_dividends_name(int32_t model)
{
    return models[model >= 1 && model <= GEX_DIVIDENDS_LAST_ ? model : 0];
}

int32_t gex_dividends_find(const char *name)
{
    for (int32_t model = 1; name != NULL && model <= GEX_DIVIDENDS_LAST_; model++)
        if (strcmp(models[model], name) == 0)
            return model;
    return 0;
}

struct american {
    gex_american_columns  columns;
    int32_t               instruction_set;
    int                   preset;
    struct gex__dividends dividends; /* those after now */
    double               *outputs[GEX_GREEK_LAST_ + 1];
    double               *boundary;
    gex_f64               price; /* of implied volatility */
    double               *vol;
    uint8_t              *status;
};

static void gather(gex_f64 column, double absent, int64_t from, int64_t rows, double *out)
{
    for (int64_t i = 0; i < rows; i++)
        out[i] = column.data != NULL ? gex__f64_at(column, from + i) : absent;
}

static void american_block(const struct american *job, int64_t from, int64_t rows)
{
    const gex_american_columns *c = &job->columns;
    double spot[BLOCK_ROWS], strike[BLOCK_ROWS], years[BLOCK_ROWS], vol[BLOCK_ROWS], rate[BLOCK_ROWS],
        carry[BLOCK_ROWS];
    int8_t right[BLOCK_ROWS];
    double *outputs[GEX_GREEK_LAST_ + 1];
    const struct gex__black_in in = {.rows = rows,
                                     .spot = spot,
                                     .strike = strike,
                                     .years = years,
                                     .vol = vol,
                                     .rate = rate,
                                     .carry = carry,
                                     .right = right};

    gather(c->spot, 0, from, rows, spot);
    gather(c->strike, 0, from, rows, strike);
    gather(c->years, 0, from, rows, years);
    gather(c->vol, 0, from, rows, vol);
    gather(c->rate, 0.0, from, rows, rate);
    gather(c->carry_yield, 0.0, from, rows, carry);
    for (int64_t i = 0; i < rows; i++)
        right[i] = gex__i8_at(c->right, from + i);
    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = job->outputs[greek] != NULL ? job->outputs[greek] + from : NULL;
    gex__american(job->instruction_set, job->preset, &in, &job->dividends, outputs,
                  job->boundary != NULL ? job->boundary + from : NULL, job->status != NULL ? job->status + from : NULL);
}

static void american_task(void *arg, int64_t task)
{
    const struct american *job = arg;
    const int64_t end = (task + 1) * TASK_ROWS < job->columns.rows ? (task + 1) * TASK_ROWS : job->columns.rows;

    for (int64_t from = task * TASK_ROWS; from < end; from += BLOCK_ROWS)
        american_block(job, from, end - from < BLOCK_ROWS ? end - from : BLOCK_ROWS);
}

/* Few at a time: the pricer below takes most of a small stack. */
static void implied_block(const struct american *job, int64_t from, int64_t rows)
{
    enum { FEW = GEX_AMERICAN_IMPLIED_ROWS };
    const gex_american_columns *c = &job->columns;
    double spot[FEW], strike[FEW], years[FEW], rate[FEW], carry[FEW], price[FEW];
    int8_t right[FEW];
    uint8_t code[FEW];
    const struct gex__black_in in = {
        .rows = rows, .spot = spot, .strike = strike, .years = years, .rate = rate, .carry = carry, .right = right};

    gather(c->spot, 0, from, rows, spot);
    gather(c->strike, 0, from, rows, strike);
    gather(c->years, 0, from, rows, years);
    gather(c->rate, 0.0, from, rows, rate);
    gather(c->carry_yield, 0.0, from, rows, carry);
    gather(job->price, 0, from, rows, price);
    for (int64_t i = 0; i < rows; i++)
        right[i] = gex__i8_at(c->right, from + i);
    gex__american_implied(job->instruction_set, job->preset, &in, &job->dividends, price, job->vol + from, code);
    if (job->status != NULL)
        memcpy(job->status + from, code, (size_t)rows);
}

static void implied_task(void *arg, int64_t task)
{
    const struct american *job = arg;
    const int64_t end = (task + 1) * TASK_ROWS < job->columns.rows ? (task + 1) * TASK_ROWS : job->columns.rows;

    for (int64_t from = task * TASK_ROWS; from < end; from += GEX_AMERICAN_IMPLIED_ROWS)
        implied_block(job, from, end - from < GEX_AMERICAN_IMPLIED_ROWS ? end - from : GEX_AMERICAN_IMPLIED_ROWS);
}

/* ---- what the caller gives --------------------------------------------------------------------------------------- */

/* Those after now are all that counts in either model. */
static gex_status check_dividends(const gex_american_columns *c, struct gex__dividends *dividends, gex_error *error)
{
    const bool escrowed = c->dividend_model == GEX_DIVIDENDS_ESCROWED;
    int64_t past = 0;

    if (c->dividend_model < 0 || c->dividend_model > GEX_DIVIDENDS_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "dividend_model {i} is not one of GEX_DIVIDENDS_*",
                         (int64_t)c->dividend_model);
    if (c->dividend_count < 0 || c->dividend_count > MAX_DIVIDENDS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} dividends: between 0 and {i} are possible",
                         c->dividend_count, (int64_t)MAX_DIVIDENDS);
    if (c->dividend_count > 0 &&
        (c->dividend_years == NULL || (c->dividend_cash == NULL && c->dividend_fraction == NULL)))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "dividend_years and one of dividend_cash and dividend_fraction are required");
    for (int64_t i = 0; i < c->dividend_count; i++) {
        const double years = c->dividend_years[i];

        if (!isfinite(years) || (i > 0 && !(years > c->dividend_years[i - 1])))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                             "dividend_years[{i}] is {g}: finite and ascending are required", i, years);
        if (c->dividend_cash != NULL && !(c->dividend_cash[i] >= 0.0 && isfinite(c->dividend_cash[i])))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                             "dividend_cash[{i}] is {g}: finite and not negative is required", i, c->dividend_cash[i]);
        if (c->dividend_fraction != NULL && !(c->dividend_fraction[i] >= 0.0 && c->dividend_fraction[i] <= 1.0))
            return gex__fail(error, GEX_ERR_ARGUMENT, -1, "dividend_fraction[{i}] is {g}: between 0 and 1 is required",
                             i, c->dividend_fraction[i]);
        if (escrowed && c->dividend_fraction != NULL && c->dividend_fraction[i] == 1.0)
            return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                             "dividend_fraction[{i}] is 1: below 1 is required when escrowed", i);
        past += years <= 0.0;
    }
    *dividends = (struct gex__dividends){
        c->dividend_count - past, past < c->dividend_count ? c->dividend_years + past : NULL,
        c->dividend_cash != NULL ? c->dividend_cash + past : NULL,
        c->dividend_fraction != NULL ? c->dividend_fraction + past : NULL, escrowed, 0.0};
    return GEX_OK;
}

/* Read the caller's columns of any age. */
static gex_status american_take(const gex_american_columns *theirs, bool vol_read, struct american *job,
                                gex_error *error)
{
    gex_american_columns *mine = &job->columns;

    if (gex__options_take(mine, sizeof *mine, AMERICAN_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "american columns: struct_size {u}; fill them with gex_american_columns_init()",
                         theirs->struct_size);
    if (mine->accuracy < 0 || mine->accuracy > GEX_ACCURACY_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "accuracy {i} is not one of GEX_ACCURACY_*",
                         (int64_t)mine->accuracy);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "american columns: reserved must be zero");
    if (mine->rows < 0 || mine->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} rows: between 0 and 2^40 are possible", mine->rows);
    if (mine->rows > 0 && (mine->spot.data == NULL || mine->strike.data == NULL || mine->years.data == NULL ||
                           (vol_read && mine->vol.data == NULL) || mine->right.data == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns spot, strike, years, {s}right are required",
                         vol_read ? "vol and " : "and ");
    if (!gex__stride_fits(mine->spot.data, mine->spot.stride, mine->rows) ||
        !gex__stride_fits(mine->strike.data, mine->strike.stride, mine->rows) ||
        !gex__stride_fits(mine->years.data, mine->years.stride, mine->rows) ||
        !gex__stride_fits(mine->vol.data, mine->vol.stride, mine->rows) ||
        !gex__stride_fits(mine->right.data, mine->right.stride, mine->rows) ||
        !gex__stride_fits(mine->rate.data, mine->rate.stride, mine->rows) ||
        !gex__stride_fits(mine->carry_yield.data, mine->carry_yield.stride, mine->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", mine->rows);
    job->preset = (mine->accuracy == 0 ? GEX_ACCURACY_STANDARD : mine->accuracy) - GEX_ACCURACY_FAST;
    return check_dividends(mine, &job->dividends, error);
}

gex_status gex_american(const gex_context *context, const gex_american_columns *columns, const int32_t *greeks,
                        int64_t greek_count, double *const *outputs, double *boundary_out, uint8_t *status,
                        gex_error *error)
{
    struct american job = {
        .columns = {0}, .instruction_set = gex__isa(context), .boundary = boundary_out, .status = status};
    struct gex__guest guest;
    gex_status taken;
    bool ran;

    if (columns == NULL || (greek_count != 0 && (greeks == NULL || outputs == NULL)))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns, greeks and outputs are required");
    taken = american_take(columns, true, &job, error);
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
    ran = gex__run(context, american_task, &job, (job.columns.rows + TASK_ROWS - 1) / TASK_ROWS);
    /* a greek asked for twice was computed once */
    for (int64_t i = 0; ran && job.columns.rows > 0 && i < greek_count; i++)
        if (outputs[i] != job.outputs[greeks[i]])
            memcpy(outputs[i], job.outputs[greeks[i]], (size_t)job.columns.rows * sizeof(double));
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}

gex_status gex_american_implied_vol(const gex_context *context, const gex_american_columns *columns,
                                    const gex_f64 *price, double *vol_out, uint8_t *status_out, gex_error *error)
{
    struct american job = {.columns = {0}, .instruction_set = gex__isa(context), .vol = vol_out, .status = status_out};
    struct gex__guest guest;
    gex_status taken;
    bool ran;

    if (columns == NULL || price == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and price are required");
    taken = american_take(columns, false, &job, error);
    if (taken != GEX_OK)
        return taken;
    if (job.columns.rows > 0 && (price->data == NULL || vol_out == NULL))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "price and vol_out are required");
    if (!gex__stride_fits(price->data, price->stride, job.columns.rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", job.columns.rows);
    job.price = *price;
    job.columns.vol = (gex_f64){NULL, 0};

    gex__guest_enter(&guest);
    ran = gex__run(context, implied_task, &job, (job.columns.rows + TASK_ROWS - 1) / TASK_ROWS);
    gex__guest_leave(&guest);
    if (!ran)
        return gex__fail(error, GEX_ERR_CALLBACK, -1, "the executor reported failure");
    return GEX_OK;
}
