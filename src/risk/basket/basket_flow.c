/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hedge flow of a basket: the flow of every member to the price its link and drift take it to,
 *
 *     P(R, t) = slope R + constant + p (exp(drift (t - now)) - 1),
 *
 * in units of the reference: shares of the member times currency times slope.
 */
#include <math.h>

#include "basket.h"
#include "risk/flow.h"
#include "math/sum.h"

struct work {
    const struct gex_basket *basket;
    gex_flow_options         scenarios; /* of the reference */
    gex_flow               **flow;      /* one a member */
    double                  *spot;      /* of a member, in each scenario */
    void                    *block;
    int64_t                  size;
};

static struct gex__state state_of(const struct work *work, int64_t scenario)
{
    struct gex__state to = gex__flow_state(&work->scenarios, work->basket->member[0].market, scenario);

    if (work->scenarios.spot.data == NULL)
        to.spot = work->basket->spot;
    return to;
}

static gex_status scenarios_check(const struct work *work, gex_error *error)
{
    gex_status status = GEX_OK;

    for (int64_t s = 0; status == GEX_OK && s < work->scenarios.rows; s++) {
        const struct gex__state to = state_of(work, s);
        status = gex__flow_state_check(&to, work->basket->member[0].market, s, error);
    }
    return status;
}

static gex_status prices_set(const struct work *work, int64_t i, gex_error *error)
{
    const struct gex__member *member = &work->basket->member[i];

    for (int64_t s = 0; s < work->scenarios.rows; s++) {
        const struct gex__state to = state_of(work, s);
        const double years = gex_years(GEX_CLOCK_CAL_365, gex_basket_as_of(work->basket), to.as_of);

        work->spot[s] = gex__member_price(work->basket, i, to.spot) + member->spot * expm1(member->drift * years);
        if (!(work->spot[s] > 0.0) || isinf(work->spot[s]))
            return gex__fail(error, GEX_ERR_DOMAIN, s,
                             "scenario {i}: {g} of the reference leaves {s} no price above zero", s, to.spot,
                             member->name);
    }
    return GEX_OK;
}

static gex_status members_compute(const gex_context *context, const struct work *work, gex_error *error)
{
    gex_flow_options scenarios = work->scenarios;
    gex_status status = GEX_OK;

    scenarios.struct_size = sizeof scenarios;
    scenarios.spot = (gex_f64){work->spot, sizeof *work->spot};
    for (int64_t i = 0; status == GEX_OK && i < work->basket->members; i++) {
        const struct gex__member *member = &work->basket->member[i];

        (void)((status = prices_set(work, i, error)) ||
               (status = gex_flow_compute(context, member->market, member->book, &scenarios, &work->flow[i], error)));
    }
    return status;
}

/* Not inlined: its frame would lie under every member's flow. */
__attribute__((noinline)) static void totals_set(const struct work *work, double *members, struct gex_flow *total)
{
    const struct gex_basket *basket = work->basket;
    struct gex__exact sum;

    for (int32_t column = 1; column <= GEX_FLOW_LAST_; column++)
        for (int64_t s = 0; s < total->rows; s++) {
            gex__exact_clear(&sum);
            for (int64_t i = 0; i < basket->members; i++) {
                const double factor = gex__member_factor(&basket->member[i], GEX_GREEK_DELTA);
                const double line = work->flow[i]->column[column][s] * factor;

                gex__exact_add(&sum, line);
                if (members != NULL && column == GEX_FLOW_EXACT)
                    members[i * total->rows + s] = line;
            }
            total->column[column][s] = gex__exact_round(&sum);
        }
    for (int64_t s = 0; s < total->rows; s++)
        total->column[GEX_FLOW_USD_AT_START][s] = total->column[GEX_FLOW_EXACT][s] * basket->spot;
}

static bool work_alloc(const struct gex__memory *memory, struct work *work)
{
    struct gex__layout layout = {0};
    const int64_t flow = gex__layout_add(&layout, work->basket->members, sizeof *work->flow);
    const int64_t spot = gex__layout_add(&layout, work->scenarios.rows, sizeof(double));
    char *block = layout.overflow ? NULL : gex__memory_get(memory, layout.size);

    if (block == NULL)
        return false;
    work->block = block;
    work->size = layout.size;
    work->flow = (gex_flow **)(block + flow);
    work->spot = (double *)(block + spot);
    for (int64_t i = 0; i < work->basket->members; i++)
        work->flow[i] = NULL;
    return true;
}

gex_status gex_basket_flow_compute(const gex_context *context, const gex_basket *basket,
                                   const gex_flow_options *options, double *members, gex_flow **out, gex_error *error)
{
    const struct gex__memory memory = gex__memory_of(context);
    struct work work = {.basket = basket};
    struct gex_flow *flow;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || basket == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "basket, options and out are required");
    status = gex__flow_door(basket->member[0].market, basket->member[0].book, options, &work.scenarios, error);
    if (status != GEX_OK)
        return status;
    flow = gex__flow_alloc(context, work.scenarios.rows); /* a row count no memory has is found before a row is read */
    if (flow == NULL || !work_alloc(&memory, &work)) {
        gex__object_release(flow);
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for {i} scenarios", work.scenarios.rows);
    }
    gex__guest_enter(&guest);
    (void)((status = scenarios_check(&work, error)) || (status = members_compute(context, &work, error)));
    if (status == GEX_OK)
        totals_set(&work, members, flow);
    for (int64_t i = 0; i < basket->members; i++)
        gex_flow_free(work.flow[i]);
    gex__memory_put(&memory, work.block, work.size);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(flow);
        return status;
    }
    *out = flow;
    return GEX_OK;
}
