/* SPDX-License-Identifier: Apache-2.0 */
/* Signed contracts per row, by a named convention. Source: docs/conventions.md, signs. */
#include <math.h>
#include <string.h>

#include <gex/book.h>

#include "base/base.h"
#include "book.h"

enum { BOOK_OPTIONS_0_1 = offsetof(gex_book_options, positions) + sizeof(gex_f64) };
_Static_assert(sizeof(void *) != 8 || BOOK_OPTIONS_0_1 == 72, "the first size of the options is part of the ABI");
_Static_assert(sizeof(gex_book_options) >= BOOK_OPTIONS_0_1, "options only grow");

static const double none = (double)NAN;

struct gex_book {
    struct gex__object object;
    const gex_chain   *chain;
    int32_t            sign;
    int64_t            rows;
    double            *positions;
    char              *source;
};

#define NAME_CASE(name, value, text) \
    case name: return text;
#define FIND_CASE(constant, value, text) \
    if (strcmp(name, text) == 0) \
        return constant;

const char *gex_sign_name(int32_t sign)
{
    switch (sign) {
        GEX_SIGN_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_sign_find(const char *name)
{
    if (name == NULL)
        return 0;
    GEX_SIGN_LIST(FIND_CASE)
    return 0;
}

void gex_book_options_init(gex_book_options *options, uint32_t struct_size)
{
    static const gex_book_options defaults = {.sign = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- one row -------------------------------------------------------------------------------------------------- */

/* Open interest or volume: NaN unless a number of contracts. */
static double contracts(double value)
{
    return isfinite(value) && value >= 0.0 ? value : none;
}

static double larger(double a, double b)
{
    return b > a || isnan(b) ? b : a; /* NaN where either is, which fmax would hide */
}

/* Calls long, puts short; a row that is neither has no position. */
static double naive(int8_t right, double size)
{
    return right == GEX_CALL || right == GEX_PUT ? right * size : none;
}

static double within_one(double weight)
{
    return weight >= -1.0 && weight <= 1.0 ? weight : none;
}

/* A negative zero would print a sign nobody meant. */
double gex__book_position(double position)
{
    return isfinite(position) ? position + 0.0 : none;
}

static double position_of(const gex_chain *chain, const gex_book_options *opt, int64_t i)
{
    const int8_t right = gex_chain_right(chain)[i];
    const double interest = contracts(gex_chain_open_interest(chain)[i]);
    const double volume = contracts(gex_chain_volume(chain)[i]);

    switch (opt->sign) {
    case GEX_SIGN_NAIVE_CALL_LONG: return naive(right, interest);
    case GEX_SIGN_NAIVE_CALL_SHORT: return -naive(right, interest);
    case GEX_SIGN_DEALER_ALL_LONG: return interest;
    case GEX_SIGN_DEALER_ALL_SHORT: return -interest;
    case GEX_SIGN_VOLUME_NAIVE: return naive(right, volume);
    case GEX_SIGN_OI_PLUS_VOLUME: return naive(right, interest + volume);
    case GEX_SIGN_OI_MAX_VOLUME: return naive(right, larger(interest, volume));
    case GEX_SIGN_OI_ALPHA: {
        const double effective = interest + opt->alpha * gex__f64_at(opt->net_volume, i);
        return naive(right, effective < 0.0 ? 0.0 : effective);
    }
    case GEX_SIGN_WEIGHTED: return within_one(gex__f64_at(opt->weights, i)) * interest;
    case GEX_SIGN_INVENTORY_GIVEN: return gex__f64_at(opt->positions, i);
    default: return none;
    }
}

/* ---- the object ----------------------------------------------------------------------------------------------- */

static void book_drop(void *object)
{
    const gex_book *book = object;
    gex__object_release(book->chain);
}

/* Positions are left for the caller to fill; the source is head, middle and tail, one after another. */
static gex_book *book_alloc(const gex_context *context, const gex_chain *chain, int32_t sign, const char *head,
                            const char *middle, const char *tail)
{
    const int64_t rows = gex_chain_rows(chain);
    const size_t lengths[3] = {strlen(head), strlen(middle), strlen(tail)};
    struct gex__layout layout = {0};
    int64_t positions, source;
    gex_book *book;

    gex__layout_add(&layout, 1, sizeof *book);
    positions = gex__layout_add(&layout, rows, sizeof(double));
    source = gex__layout_add(&layout, (int64_t)(lengths[0] + lengths[1] + lengths[2]) + 1, 1);
    book = gex__object_create(context, &layout, book_drop);
    if (book == NULL)
        return NULL;
    gex__object_retain(chain);
    book->chain = chain;
    book->sign = sign;
    book->rows = rows;
    book->positions = (double *)(void *)((char *)book + positions);
    book->source = (char *)book + source;
    memcpy(book->source, head, lengths[0]);
    memcpy(book->source + lengths[0], middle, lengths[1]);
    memcpy(book->source + lengths[0] + lengths[1], tail, lengths[2]);
    return book; /* the block was zeroed, so the source is terminated */
}

/* The column a convention reads beyond the chain; NULL when it needs none. */
static const char *missing_column(const gex_book_options *opt)
{
    if (opt->sign == GEX_SIGN_OI_ALPHA && opt->net_volume.data == NULL)
        return "net_volume";
    if (opt->sign == GEX_SIGN_WEIGHTED && opt->weights.data == NULL)
        return "weights";
    if (opt->sign == GEX_SIGN_INVENTORY_GIVEN && opt->positions.data == NULL)
        return "positions";
    return NULL;
}

gex_status gex_book_create(const gex_context *context, const gex_chain *chain, const gex_book_options *options,
                           gex_book **out, gex_error *error)
{
    gex_book_options opt = {.sign = 0};
    struct gex__guest guest;
    const char *missing;
    gex_book *book;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || chain == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "chain, options and out are required");
    if (gex__options_take(&opt, sizeof opt, BOOK_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "book options: struct_size {u} is not understood",
                         options->struct_size);
    if (opt.sign < GEX_SIGN_NAIVE_CALL_LONG || opt.sign > GEX_SIGN_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "sign convention {i}: choose one of GEX_SIGN_*, there is no default", (int64_t)opt.sign);
    if (opt.reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "book options: reserved must be zero");
    if (!gex__stride_fits(opt.net_volume.data, opt.net_volume.stride, gex_chain_rows(chain)) ||
        !gex__stride_fits(opt.weights.data, opt.weights.stride, gex_chain_rows(chain)) ||
        !gex__stride_fits(opt.positions.data, opt.positions.stride, gex_chain_rows(chain)))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} rows overflows",
                         gex_chain_rows(chain));
    missing = gex_chain_rows(chain) > 0 ? missing_column(&opt) : NULL;
    if (missing != NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} needs the column {s}", gex_sign_name(opt.sign), missing);
    if (opt.sign == GEX_SIGN_OI_ALPHA && !isfinite(opt.alpha))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "alpha is {g}: it must be finite", opt.alpha);

    book = book_alloc(context, chain, opt.sign, opt.customer_view != 0 ? "CUSTOMER_VIEW of " : "",
                      gex_sign_name(opt.sign), "");
    if (book == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a book of {i} rows", gex_chain_rows(chain));
    gex__guest_enter(&guest);
    for (int64_t i = 0; i < book->rows; i++) {
        const double position = position_of(chain, &opt, i);
        book->positions[i] = gex__book_position(opt.customer_view != 0 ? -position : position);
    }
    gex__guest_leave(&guest);
    *out = book;
    return GEX_OK;
}

gex_status gex_book_weight(const gex_context *context, const gex_book *book, const gex_f64 *weights, const char *name,
                           gex_book **out, gex_error *error)
{
    struct gex__guest guest;
    gex_book *weighted;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || book == NULL || weights == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "book, weights and out are required");
    if (weights->data == NULL && book->rows > 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the column of weights is absent");
    if (!gex__stride_fits(weights->data, weights->stride, book->rows))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "the stride of weights times {i} rows overflows", book->rows);

    weighted = book_alloc(context, book->chain, book->sign, book->source, name != NULL ? " * " : "",
                          name != NULL ? name : "");
    if (weighted == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a book of {i} rows", book->rows);
    gex__guest_enter(&guest);
    for (int64_t i = 0; i < weighted->rows; i++)
        weighted->positions[i] = gex__book_position(gex__f64_at(*weights, i) * book->positions[i]);
    gex__guest_leave(&guest);
    *out = weighted;
    return GEX_OK;
}

gex_book *gex__book_of(const gex_context *context, const gex_chain *chain, int32_t sign, const char *source,
                       const char *tail, const double *positions)
{
    gex_book *book = book_alloc(context, chain, sign, source, "", tail);

    if (book != NULL)
        memcpy(book->positions, positions, (size_t)book->rows * sizeof *positions);
    return book;
}

void gex_book_free(gex_book *book)
{
    gex__object_release(book);
}

/* ---- lent ------------------------------------------------------------------------------------------------------ */

const gex_chain *gex_book_chain(const gex_book *book)
{
    return book != NULL ? book->chain : NULL;
}

int32_t gex_book_sign(const gex_book *book)
{
    return book != NULL ? book->sign : 0;
}

const char *gex_book_source(const gex_book *book)
{
    return book != NULL ? book->source : "";
}

const double *gex_book_positions(const gex_book *book)
{
    return book != NULL ? book->positions : NULL;
}
