/* SPDX-License-Identifier: Apache-2.0 */
/* The door of the chain: sizes and strides proved, one block, and what it lends. */
#include <math.h>
#include <string.h>

#include "chain.h"

enum {
    CHAIN_COLUMNS_0_1 = offsetof(gex_chain_columns, volume) + sizeof(gex_f64),
    CHAIN_OPTIONS_0_1 = offsetof(gex_chain_options, underlying) + GEX_UNDERLYING_MAX,
    TEXT_WIDTH_MAX = 64,
    SYMBOL_BUFFER = 65,
    SYMBOL_ROW_MIN = 22 /* OSI, padded, with its terminator */
};
_Static_assert(sizeof(void *) != 8 || CHAIN_COLUMNS_0_1 == 272, "the first size of the columns is part of the ABI");
_Static_assert(CHAIN_OPTIONS_0_1 == 80, "the first size of the options is part of the ABI");
_Static_assert(sizeof(gex_chain_columns) >= CHAIN_COLUMNS_0_1, "columns only grow");
_Static_assert(sizeof(gex_chain_options) >= CHAIN_OPTIONS_0_1, "options only grow");

void gex_chain_columns_init(gex_chain_columns *columns, uint32_t struct_size)
{
    static const gex_chain_columns defaults = {.rows = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

void gex_chain_options_init(gex_chain_options *options, uint32_t struct_size)
{
    static const gex_chain_options defaults = {.duplicates = GEX_DUPLICATES_KEEP};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- what the caller passed ----------------------------------------------------------------------------------- */

static bool strides_fit(const gex_chain_columns *c)
{
    const gex_f64 f64[] = {c->strike, c->multiplier, c->bid, c->ask, c->last, c->vol, c->open_interest, c->volume};
    const gex_text text[] = {c->symbol, c->root};
    const gex_i8 i8[] = {c->right, c->exercise, c->payoff};
    bool fit = gex__stride_fits(c->expiry.data, c->expiry.stride, c->rows) &&
               gex__stride_fits(c->settlement.data, c->settlement.stride, c->rows);

    for (size_t k = 0; k < sizeof f64 / sizeof *f64; k++)
        fit = fit && gex__stride_fits(f64[k].data, f64[k].stride, c->rows);
    for (size_t k = 0; k < sizeof text / sizeof *text; k++)
        fit = fit && gex__stride_fits(text[k].data, text[k].stride, c->rows);
    for (size_t k = 0; k < sizeof i8 / sizeof *i8; k++)
        fit = fit && gex__stride_fits(i8[k].data, i8[k].stride, c->rows);
    return fit;
}

static bool width_fits(gex_text text)
{
    return text.data == NULL || (text.width >= 1 && text.width <= TEXT_WIDTH_MAX);
}

static bool names_series(const gex_chain_columns *c)
{
    return c->symbol.data != NULL || ((c->expiry.data != NULL || c->settlement.data != NULL) &&
                                      c->strike.data != NULL && c->right.data != NULL);
}

static gex_status columns_check(const gex_chain_columns *c, gex_error *error)
{
    if (c->rows < 0 || c->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "rows is {i}: 0 to 2^40 are possible", c->rows);
    if (c->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain columns: reserved must be zero");
    if (c->rows > 0 && !names_series(c))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "no column names a series: give symbol, or strike and right with expiry or settlement");
    if (!width_fits(c->symbol) || !width_fits(c->root))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "symbol width is {i}, root width {i}: 1 to 64 bytes are possible",
                         c->symbol.width, c->root.width);
    if (!strides_fit(c))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows", c->rows);
    return GEX_OK;
}

static gex_status options_check(const gex_chain_options *opt, gex_error *error)
{
    if (opt->duplicates != GEX_DUPLICATES_KEEP && opt->duplicates != GEX_DUPLICATES_REFUSE_LATER)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "duplicates is {i}: GEX_DUPLICATES_KEEP or _REFUSE_LATER",
                         (int64_t)opt->duplicates);
    if (opt->roots != GEX_ROOTS_OF_LISTED && opt->roots != GEX_ROOTS_OF_FUTURES)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "roots is {i}: GEX_ROOTS_OF_LISTED or GEX_ROOTS_OF_FUTURES",
                         (int64_t)opt->roots);
    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain options: reserved must be zero");
    if (memchr(opt->underlying, '\0', sizeof opt->underlying) == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "underlying is not terminated within 64 bytes");
    return GEX_OK;
}

/* ---- one block ------------------------------------------------------------------------------------------------ */

static void carve_chain(struct gex__carve *c, struct gex_chain *chain, int64_t rows, int64_t symbol_width)
{
    gex__carve(c, 1, sizeof *chain);
    chain->status = gex__carve(c, rows, sizeof *chain->status);
    chain->flags = gex__carve(c, rows, sizeof *chain->flags);
    chain->strike = gex__carve(c, rows, sizeof(double));
    chain->multiplier = gex__carve(c, rows, sizeof(double));
    chain->bid = gex__carve(c, rows, sizeof(double));
    chain->ask = gex__carve(c, rows, sizeof(double));
    chain->last = gex__carve(c, rows, sizeof(double));
    chain->vol = gex__carve(c, rows, sizeof(double));
    chain->open_interest = gex__carve(c, rows, sizeof(double));
    chain->volume = gex__carve(c, rows, sizeof(double));
    chain->settlement = gex__carve(c, rows, sizeof(int64_t));
    chain->right = gex__carve(c, rows, 1);
    chain->exercise = gex__carve(c, rows, 1);
    chain->payoff = gex__carve(c, rows, 1);
    chain->root = gex__carve(c, rows, sizeof *chain->root);
    chain->expiry_index = gex__carve(c, rows, sizeof(int32_t));
    chain->strike_index = gex__carve(c, rows, sizeof(int32_t));
    chain->order = gex__carve(c, rows, sizeof(int64_t));
    chain->expiries = gex__carve(c, rows, sizeof(int64_t));
    chain->strikes = gex__carve(c, rows, sizeof(double));
    chain->date = gex__carve(c, rows, sizeof(int32_t));
    chain->symbol = symbol_width != 0 ? gex__carve(c, rows, symbol_width) : NULL;
    chain->symbol_width = symbol_width;
}

/* Rows of zeros; or of what was there, and symbols of zeros, to be judged. */
static struct gex_chain *chain_alloc(const gex_context *context, int64_t rows, int64_t symbol_width, bool judged)
{
    struct gex__carve carving = {.block = NULL};
    struct gex_chain sizing, *chain;

    carve_chain(&carving, &sizing, rows, symbol_width);
    chain = gex__object_create_open(context, &carving.layout, judged ? (int64_t)sizeof *chain : carving.layout.size,
                                    NULL);
    if (chain == NULL)
        return NULL;
    carving = (struct gex__carve){.block = (char *)chain};
    carve_chain(&carving, chain, rows, symbol_width);
    chain->rows = rows;
    if (judged && chain->symbol != NULL)
        memset(chain->symbol, 0, (size_t)(rows * symbol_width));
    return chain;
}

struct gex_chain *gex__chain_alloc(const gex_context *context, int64_t rows, int64_t symbol_width)
{
    return chain_alloc(context, rows, symbol_width, false);
}

gex_status gex_chain_create(const gex_context *context, const gex_chain_columns *columns,
                            const gex_chain_options *options, gex_chain **out, gex_error *error)
{
    gex_chain_columns col = {.rows = 0};
    gex_chain_options opt = {.duplicates = GEX_DUPLICATES_KEEP};
    const struct gex__memory memory = gex__memory_of(context);
    struct gex__guest guest;
    struct gex_chain *chain;
    int64_t *scratch, scratch_size;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || columns == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and out are required");
    if (gex__options_take(&col, sizeof col, CHAIN_COLUMNS_0_1, columns) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "chain columns: struct_size {u}", columns->struct_size);
    if (options != NULL && gex__options_take(&opt, sizeof opt, CHAIN_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "chain options: struct_size {u}", options->struct_size);
    status = columns_check(&col, error);
    if (status == GEX_OK)
        status = options_check(&opt, error);
    if (status != GEX_OK)
        return status;

    scratch_size = (col.rows + GEX_ARRANGE_EXTRA) * (int64_t)sizeof *scratch;
    scratch = gex__memory_get(&memory, scratch_size);
    chain = scratch != NULL
                ? chain_alloc(context, col.rows, col.symbol.data != NULL ? col.symbol.width : 0, true)
                : NULL;
    if (chain == NULL) {
        gex__memory_put(&memory, scratch, scratch_size);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a chain of {i} rows", col.rows);
    }
    chain->open_interest_as_of = opt.open_interest_as_of;
    memcpy(chain->underlying, opt.underlying, strlen(opt.underlying));
    gex__guest_enter(&guest);
    gex__chain_judge(chain, &col, opt.roots);
    gex__chain_arrange(chain, opt.duplicates, scratch);
    gex__guest_leave(&guest);
    gex__memory_put(&memory, scratch, scratch_size);
    *out = chain;
    return GEX_OK;
}

void gex_chain_free(gex_chain *chain)
{
    gex__object_release(chain);
}

/* ---- what it lends -------------------------------------------------------------------------------------------- */

int64_t gex_chain_rows(const gex_chain *chain)
{
    return chain != NULL ? chain->rows : 0;
}

int64_t gex_chain_open_interest_as_of(const gex_chain *chain)
{
    return chain != NULL ? chain->open_interest_as_of : 0;
}

const char *gex_chain_underlying(const gex_chain *chain)
{
    return chain != NULL ? chain->underlying : NULL;
}

#define LEND(type, field)                                  \
    const type *gex_chain_##field(const gex_chain *chain)  \
    {                                                      \
        return chain != NULL ? chain->field : NULL;        \
    }
LEND(uint8_t, status)
LEND(uint32_t, flags)
LEND(double, strike)
LEND(int8_t, right)
LEND(int8_t, exercise)
LEND(int8_t, payoff)
LEND(int64_t, settlement)
LEND(double, multiplier)
LEND(double, bid)
LEND(double, ask)
LEND(double, last)
LEND(double, vol)
LEND(double, open_interest)
LEND(double, volume)
LEND(int32_t, expiry_index)
LEND(int32_t, strike_index)
LEND(int64_t, order)

const int64_t *gex_chain_expiries(const gex_chain *chain, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = chain != NULL ? chain->expiry_count : 0;
    return chain != NULL ? chain->expiries : NULL;
}

const double *gex_chain_strikes(const gex_chain *chain, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = chain != NULL ? chain->strike_count : 0;
    return chain != NULL ? chain->strikes : NULL;
}

static bool has_row(const gex_chain *chain, int64_t row)
{
    return chain != NULL && row >= 0 && row < chain->rows;
}

const char *gex_chain_root(const gex_chain *chain, int64_t row)
{
    return has_row(chain, row) ? chain->root[row] : "";
}

/* A symbol made from columns: only for a strike in whole thousandths, which is what symbols can write. */
static int64_t symbol_make(const gex_chain *chain, int64_t row, char *buffer)
{
    gex_series series = {.struct_size = sizeof series, .expiry = chain->date[row], .right = chain->right[row]};

    series.venue = chain->payoff[row] == GEX_PAYOFF_INVERSE ? GEX_VENUE_DERIBIT : GEX_VENUE_US;
    if (chain->status[row] != GEX_ROW_USED || !(chain->strike[row] < (series.venue == GEX_VENUE_US ? 1e5 : 1e12)))
        return 0;
    series.strike_milli = (int64_t)(chain->strike[row] * 1000.0 + 0.5);
    series.strike = (double)series.strike_milli / 1000.0;
    if (series.strike != chain->strike[row])
        return 0;
    memcpy(series.root, chain->root[row], sizeof series.root);
    series.root[sizeof series.root - 1] = '\0';
    return gex_symbol_format(&series, 0, buffer, SYMBOL_ROW_MIN);
}

int64_t gex_chain_symbol(const gex_chain *chain, int64_t row, char *buffer, int64_t capacity)
{
    struct gex__guest guest;
    int64_t length = 0;

    if (buffer == NULL || capacity <= 0)
        return 0;
    buffer[0] = '\0';
    if (capacity < SYMBOL_BUFFER || !has_row(chain, row))
        return 0;
    if (chain->symbol != NULL) {
        const char *text = chain->symbol + row * chain->symbol_width;
        const char *end = memchr(text, '\0', (size_t)chain->symbol_width);
        length = end != NULL ? end - text : chain->symbol_width;
        memcpy(buffer, text, (size_t)length);
    }
    if (length == 0) {
        gex__guest_enter(&guest);
        length = symbol_make(chain, row, buffer);
        gex__guest_leave(&guest);
    }
    buffer[length] = '\0';
    return length;
}
