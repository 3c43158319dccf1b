/* SPDX-License-Identifier: Apache-2.0 */
/* A basket: members, and the line P = slope R + constant through today's prices (S, p) that each moves along. */
#include "basket.h"

#include <math.h>
#include <string.h>

#include "risk/greeks.h"

enum { BASKET_COLUMNS_0_1 = 160 };
_Static_assert(sizeof(gex_basket_columns) >= BASKET_COLUMNS_0_1, "options only grow");

#define STEEPEST 10.0  /* |drift|, as of rates */
#define DUST     1e-12 /* of today's price */

void gex_basket_columns_init(gex_basket_columns *columns, uint32_t struct_size)
{
    static const gex_basket_columns defaults = {.rows = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

/* ---- a member ---------------------------------------------------------------------------------------------------- */

static double real_of(gex_f64 column, int64_t i, double absent)
{
    return column.data != NULL ? gex__f64_at(column, i) : absent;
}

static void name_set(const gex_basket_columns *columns, int64_t i, struct gex__member *member)
{
    const char *text = gex_chain_underlying(gex_market_chain(member->market));
    int64_t length;

    if (columns->name.data != NULL)
        length = gex__text_at(columns->name, i, &text);
    else
        length = (int64_t)strlen(text);
    if (length > GEX_NAME_MOST)
        length = GEX_NAME_MOST;
    memcpy(member->name, text, (size_t)length);
    member->name[length] = '\0';
}

static void line_set(double spot, double factor, struct gex__member *member)
{
    member->ratio = member->spot / spot;
    member->basis = member->spot - spot;
    switch (member->link) {
    case GEX_LINK_BASIS:
        member->slope = factor;
        member->constant = fma(-factor, spot, member->spot);
        break;
    case GEX_LINK_BETA:
        member->slope = factor * member->ratio;
        member->constant = member->spot * (1.0 - factor);
        break;
    default:
        member->slope = member->ratio;
        member->constant = 0.0;
    }
    member->beta = member->link == GEX_LINK_BASIS ? factor / member->ratio : factor;
}

static gex_status number_check(int64_t i, const char *name, const char *what, double value, bool sound,
                               gex_error *error)
{
    if (!sound)
        return gex__fail(error, GEX_ERR_DOMAIN, i, "member {i}: {s} is {g}: it has to be {s}", i, name, value, what);
    return GEX_OK;
}

static gex_status choices_check(const gex_basket_columns *columns, int64_t i, struct gex__member *member,
                                gex_error *error)
{
    member->link = gex__i32_at(columns->link, i);
    member->role = columns->role.data != NULL ? gex__i32_at(columns->role, i) : GEX_ROLE_OTHER;
    if (member->link < 1 || member->link > GEX_LINK_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, i, "member {i}: link {i} is unknown: set one of GEX_LINK_*", i,
                         (int64_t)member->link);
    if (member->role < 1 || member->role > GEX_ROLE_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, i, "member {i}: role {i} is unknown: set one of GEX_ROLE_*", i,
                         (int64_t)member->role);
    return GEX_OK;
}

static gex_status member_set(const gex_basket_columns *columns, int64_t i, struct gex__member *member, gex_error *error)
{
    const double factor = real_of(columns->factor, i, 1.0);
    gex_status status = choices_check(columns, i, member, error);

    if (status != GEX_OK)
        return status;
    if (member->link == GEX_LINK_RATIO && factor != 1.0)
        return gex__fail(error, GEX_ERR_ARGUMENT, i,
                         "member {i}: factor is {g}: of link ratio it has to be 1, the two prices say the ratio", i,
                         factor);
    member->currency = real_of(columns->currency, i, 1.0);
    member->drift = real_of(columns->drift, i, 0.0);
    member->weight = real_of(columns->weight, i, 0.0);
    member->spot = gex_market_spot(member->market);
    line_set(columns->spot, factor, member);
    (void)((status = number_check(i, "factor", "finite", factor, isfinite(factor), error)) ||
           (status = number_check(i, "currency", "finite and above zero", member->currency,
                                  member->currency > 0.0 && isfinite(member->currency), error)) ||
           (status = number_check(i, "drift", "within -10 and 10", member->drift, fabs(member->drift) <= STEEPEST,
                                  error)) ||
           (status = number_check(i, "weight", "finite and not below zero", member->weight,
                                  member->weight >= 0.0 && isfinite(member->weight), error)) ||
           (status = number_check(i, "slope", "finite", member->slope,
                                  isfinite(member->slope) && isfinite(member->constant), error)));
    return status;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static bool strides_fit(const gex_basket_columns *c)
{
    return gex__stride_fits(c->name.data, c->name.stride, c->rows) &&
           gex__stride_fits(c->link.data, c->link.stride, c->rows) &&
           gex__stride_fits(c->factor.data, c->factor.stride, c->rows) &&
           gex__stride_fits(c->currency.data, c->currency.stride, c->rows) &&
           gex__stride_fits(c->drift.data, c->drift.stride, c->rows) &&
           gex__stride_fits(c->role.data, c->role.stride, c->rows) &&
           gex__stride_fits(c->weight.data, c->weight.stride, c->rows);
}

static gex_status columns_check(const gex_basket_columns *c, gex_error *error)
{
    if (c->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket columns: reserved must be zero");
    if (c->rows < 1 || c->rows > GEX_MAX_ROWS)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} members: a basket has at least one", c->rows);
    if (c->market == NULL || c->book == NULL || c->link.data == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "market, book and link are required");
    if (c->name.data != NULL && (c->name.width < 1 || c->name.width > GEX_NAME_MOST))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "names of {i} bytes: a width is 1 to 64", c->name.width);
    if (!strides_fit(c))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} members overflows", c->rows);
    if (!(c->spot > 0.0) || isinf(c->spot))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it has to be finite and above zero", c->spot);
    return GEX_OK;
}

static gex_status objects_check(const gex_basket_columns *c, int64_t i, gex_error *error)
{
    if (c->market[i] == NULL || c->book[i] == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, i, "member {i}: its market and book are required", i);
    if (gex_book_chain(c->book[i]) != gex_market_chain(c->market[i]))
        return gex__fail(error, GEX_ERR_ARGUMENT, i,
                         "member {i}: market and book have to come from the same chain object", i);
    if (gex_market_as_of(c->market[i]) != gex_market_as_of(c->market[0]))
        return gex__fail(error, GEX_ERR_ARGUMENT, i,
                         "member {i}: every market has to stand at the instant of the first", i);
    return GEX_OK;
}

static void basket_drop(void *object)
{
    const struct gex_basket *basket = object;

    for (int64_t i = 0; i < basket->members; i++) {
        gex__object_release(basket->member[i].market);
        gex__object_release(basket->member[i].book);
        gex__object_release(basket->member[i].greeks);
    }
}

static struct gex_basket *basket_alloc(const gex_context *context, int64_t members)
{
    struct gex__layout layout = {0};
    struct gex_basket *basket;
    int64_t member;

    gex__layout_add(&layout, 1, sizeof *basket);
    member = gex__layout_add(&layout, members, sizeof *basket->member);
    basket = gex__object_create(context, &layout, basket_drop);
    if (basket == NULL)
        return NULL;
    basket->members = members;
    basket->member = (struct gex__member *)((char *)basket + member);
    return basket;
}

static gex_status basket_fill(const gex_context *context, const gex_basket_columns *columns, struct gex_basket *basket,
                              gex_error *error)
{
    gex_status status = GEX_OK;

    for (int64_t i = 0; status == GEX_OK && i < columns->rows; i++) {
        struct gex__member *member = &basket->member[i];
        gex_greeks *greeks = NULL;

        status = objects_check(columns, i, error);
        if (status != GEX_OK)
            break;
        member->market = columns->market[i];
        member->book = columns->book[i];
        gex__object_retain(member->market);
        gex__object_retain(member->book);
        name_set(columns, i, member);
        status = member_set(columns, i, member, error);
        if (status == GEX_OK)
            status = gex_greeks_compute(context, member->market, &greeks, error);
        member->greeks = greeks;
    }
    return status;
}

gex_status gex_basket_create(const gex_context *context, const gex_basket_columns *columns, gex_basket **out,
                             gex_error *error)
{
    gex_basket_columns mine = {.rows = 0};
    struct gex_basket *basket = NULL;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || columns == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and out are required");
    if (gex__options_take(&mine, sizeof mine, BASKET_COLUMNS_0_1, columns) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "basket columns: struct_size {u}", columns->struct_size);
    gex__guest_enter(&guest);
    status = columns_check(&mine, error);
    if (status == GEX_OK) {
        basket = basket_alloc(context, mine.rows);
        if (basket == NULL)
            status = gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a basket of {i} members", mine.rows);
    }
    if (status == GEX_OK) {
        basket->spot = mine.spot;
        status = basket_fill(context, &mine, basket, error);
    }
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(basket);
        return status;
    }
    *out = basket;
    return GEX_OK;
}

void gex_basket_free(gex_basket *basket)
{
    gex__object_release(basket);
}

/* ---- along the line ---------------------------------------------------------------------------------------------- */

/* What rounding leaves of a zero is no price. */
static double above_zero(double price, double today)
{
    return price > DUST * today && isfinite(price) ? price : (double)NAN;
}

double gex__member_price(const struct gex_basket *basket, int64_t i, double reference)
{
    const struct gex__member *member = &basket->member[i];

    if (reference == basket->spot)
        return member->spot;
    return above_zero(fma(member->slope, reference, member->constant), member->spot);
}

double gex__member_reference(const struct gex_basket *basket, int64_t i, double price)
{
    const struct gex__member *member = &basket->member[i];

    if (member->slope == 0.0)
        return (double)NAN;
    if (price == member->spot)
        return basket->spot;
    return above_zero((price - member->constant) / member->slope, basket->spot);
}

double gex__member_factor(const struct gex__member *member, int32_t greek)
{
    double factor = member->currency;
    int by_spot = 0;

    switch (greek) {
    case GEX_GREEK_SPEED: by_spot = 3; break;
    case GEX_GREEK_GAMMA:
    case GEX_GREEK_ZOMMA:
    case GEX_GREEK_COLOR: by_spot = 2; break;
    case GEX_GREEK_DELTA:
    case GEX_GREEK_VANNA:
    case GEX_GREEK_CHARM: by_spot = 1; break;
    default: break; /* price, theta, and derivatives by volatility and rates alone: all else that a unit is made of */
    }
    for (int k = 0; k < by_spot; k++)
        factor *= member->slope;
    return factor;
}

/* ---- what it holds ----------------------------------------------------------------------------------------------- */

static const struct gex__member *member_of(const gex_basket *basket, int64_t i)
{
    return basket != NULL && i >= 0 && i < basket->members ? &basket->member[i] : NULL;
}

int64_t gex_basket_members(const gex_basket *basket)
{
    return basket != NULL ? basket->members : 0;
}

double gex_basket_spot(const gex_basket *basket)
{
    return basket != NULL ? basket->spot : (double)NAN;
}

int64_t gex_basket_as_of(const gex_basket *basket)
{
    return basket != NULL ? gex_market_as_of(basket->member[0].market) : 0;
}

const char *gex_basket_name(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->name : "";
}

const gex_market *gex_basket_market(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->market : NULL;
}

const gex_book *gex_basket_book(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->book : NULL;
}

const gex_greeks *gex_basket_greeks(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->greeks : NULL;
}

int32_t gex_basket_link(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->link : 0;
}

int32_t gex_basket_role(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->role : 0;
}

double gex_basket_currency(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->currency : (double)NAN;
}

double gex_basket_drift(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->drift : (double)NAN;
}

double gex_basket_weight(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->weight : (double)NAN;
}

double gex_basket_slope(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->slope : (double)NAN;
}

double gex_basket_beta(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->beta : (double)NAN;
}

double gex_basket_ratio(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->ratio : (double)NAN;
}

double gex_basket_basis(const gex_basket *basket, int64_t i)
{
    const struct gex__member *member = member_of(basket, i);
    return member != NULL ? member->basis : (double)NAN;
}

double gex_basket_price(const gex_basket *basket, int64_t i, double reference)
{
    struct gex__guest guest;
    double price = (double)NAN;

    if (member_of(basket, i) == NULL)
        return price;
    gex__guest_enter(&guest); /* the reference may be anything */
    if (reference > 0.0)
        price = gex__member_price(basket, i, reference);
    gex__guest_leave(&guest);
    return price;
}

double gex_basket_reference(const gex_basket *basket, int64_t i, double price)
{
    struct gex__guest guest;
    double reference = (double)NAN;

    if (member_of(basket, i) == NULL)
        return reference;
    gex__guest_enter(&guest);
    if (price > 0.0)
        reference = gex__member_reference(basket, i, price);
    gex__guest_leave(&guest);
    return reference;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_link_name(int32_t link)
{
    switch (link) {
        GEX_LINK_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_role_name(int32_t role)
{
    switch (role) {
        GEX_ROLE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_link_find(const char *name)
{
    for (int32_t link = 1; name != NULL && link <= GEX_LINK_LAST_; link++)
        if (strcmp(name, gex_link_name(link)) == 0)
            return link;
    return 0;
}

int32_t gex_role_find(const char *name)
{
    for (int32_t role = 1; name != NULL && role <= GEX_ROLE_LAST_; role++)
        if (strcmp(name, gex_role_name(role)) == 0)
            return role;
    return 0;
}
