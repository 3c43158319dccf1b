/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smile that a market takes from a surface: at each expiry's years the surface is followed by cubics through its
 * own values and slopes, with intervals halved until they are within NEAR. With e and e' what a cubic is off in the
 * middle of its interval of length h, the error is largest there, |e|, where the fourth derivative is even about the
 * middle, and 0.15 h |e'| at most where it is odd.
 */
#include <math.h>
#include <string.h>

#include "smile.h"
#include "surface_make.h"

#define NEAR 1e-8      /* of volatility on the calendar */
#define BEYOND 1.0     /* of k, past the lowest and the highest strike */
#define FAR 300.0      /* of k where a slice is asked, which grows without end as time runs out */
#define APART 1e-4     /* of the deviation: places nearer than this are one, w'' of a short interval being noise */
#define CORNER 1e-10   /* of k: what a corner of a raw smile, at its last quote, is rounded over */
#define STRIDE 0.5     /* of u: k = centre +- scale (e^u - 1) */
#define BODY 6         /* deviations of a component to either side that are looked at one by one */
enum { NODES_MOST = 8192, HALVINGS = 40 };

struct node {
    double k, w, slope;
};

/* All nodes of a surface as they come. */
struct nodes {
    struct gex__memory memory;
    struct node *node;
    int64_t count, room, most; /* most: of them, once this expiry is done */
};

static bool nodes_add(struct nodes *nodes, struct node node)
{
    if (nodes->count == nodes->room) {
        const int64_t room = 2 * nodes->room + 4096, size = (int64_t)sizeof *nodes->node;
        struct node *more = gex__memory_get(&nodes->memory, room * size);

        if (more == NULL)
            return false;
        if (nodes->count > 0)
            memcpy(more, nodes->node, (size_t)(nodes->count * size));
        gex__memory_put(&nodes->memory, nodes->node, nodes->room * size);
        nodes->node = more;
        nodes->room = room;
    }
    nodes->node[nodes->count++] = node;
    return true;
}

/* ---- one expiry -------------------------------------------------------------------------------------------------- */

/* The surface at one time. */
struct cut {
    const gex_surface *surface;
    const struct gex__slice *slice[2]; /* those the smile rests on; the second may be NULL */
    double years, calendar;            /* left, as the surface counts them and on CAL_365 */
    double stretch;                    /* of their k */
    double deviation;                  /* at the money */
};

static struct node node_at(const struct cut *cut, double k)
{
    const struct gex__smile at = gex__surface_at(cut->surface, k, cut->years).smile;

    return (struct node){k, at.w, at.w1};
}

static bool node_allowed(const struct node *node)
{
    return node->w > 0 && isfinite(node->w) && isfinite(node->slope);
}

static struct cut cut_of(const gex_surface *surface, double years, double calendar)
{
    struct cut cut = {.surface = surface, .years = years, .calendar = calendar, .stretch = 1};
    int64_t to = 0;

    while (to < surface->used && surface->slice[to].years < years)
        to++;
    cut.slice[0] = &surface->slice[to < surface->used ? to : to - 1];
    if (to == 0)
        cut.stretch = sqrt(years / surface->slice[0].years);
    else if (to < surface->used && surface->slice[to].years != years)
        cut.slice[1] = &surface->slice[to - 1];
    cut.deviation = sqrt(fmax(0, node_at(&cut, 0).w));
    return cut;
}

/* The first place above k of those that a shape asks to be looked at. */
static double on_grid(double centre, double scale, double k)
{
    const double x = (k - centre) / scale, u = log1p(fabs(x)) / STRIDE;

    return centre + scale * (x < 0 ? -expm1(STRIDE * (ceil(u) - 1)) : expm1(STRIDE * (floor(u) + 1)));
}

static double on_raw(const gex_surface *surface, const struct gex__slice *slice, double k)
{
    const double *node = surface->k + slice->first;
    int64_t low = 0, high = slice->nodes;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (node[middle] <= k)
            low = middle + 1;
        else
            high = middle;
    }
    return low < slice->nodes ? node[low] : HUGE_VAL;
}

static double on_mixture(const gex_surface *surface, const struct gex__slice *slice, double k)
{
    double next = HUGE_VAL;

    for (int64_t j = slice->first; j < slice->first + slice->nodes; j++) {
        const struct gex__lognormal *one = &surface->component[j];
        const double steps = fmax(floor((k - one->mu) / one->v) + 1, -BODY);

        if (steps <= BODY)
            next = fmin(next, one->mu + steps * one->v);
    }
    return next;
}

static double on_slice(const gex_surface *surface, const struct gex__slice *slice, double k)
{
    if (surface->form == GEX_FORM_RAW)
        return on_raw(surface, slice, k);
    if (surface->form == GEX_FORM_MIXTURE)
        return on_mixture(surface, slice, k);
    return on_grid(slice->svi.m, slice->svi.s, k);
}

static double place_after(const struct cut *cut, double k, double high)
{
    const double apart = APART * cut->deviation, from = k + apart;
    double next = cut->surface->form == GEX_FORM_RAW ? HUGE_VAL : on_grid(0, cut->deviation, from);

    for (int i = 0; i < 2 && cut->slice[i] != NULL; i++)
        next = fmin(next, cut->stretch * on_slice(cut->surface, cut->slice[i], from / cut->stretch));
    next = fmax(next, from); /* scales may be too small to be told apart */
    return next < high - apart ? next : high;
}

static bool is_near(const struct cut *cut, const struct node *left, const struct node *right, const struct node *middle)
{
    const double h = right->k - left->k;
    const double w = (left->w + right->w) / 2 + h * (left->slope - right->slope) / 8;
    const double slope = 1.5 * (right->w - left->w) / h - (left->slope + right->slope) / 4;
    const double off = 2 * fabs(w - middle->w) + 0.15 * h * fabs(slope - middle->slope);

    return off <= NEAR * 2 * sqrt(middle->w * cut->calendar); /* d vol = dw / (2 sqrt(w T)) */
}

/* Nodes after `left`, which is there, up to `right`. @return GEX_OK, _MEMORY, or _DOMAIN. */
static gex_status interval_add(const struct cut *cut, struct node left, struct node right, struct nodes *nodes)
{
    struct node ahead[HALVINGS] = {right};
    int32_t count = 1;

    while (count > 0) {
        const struct node *next = &ahead[count - 1];
        const struct node middle = node_at(cut, left.k + (next->k - left.k) / 2);

        if (!node_allowed(&middle) || nodes->count >= nodes->most)
            return GEX_ERR_DOMAIN;
        if (next->k - left.k > 2 * CORNER && count < HALVINGS && !is_near(cut, &left, next, &middle)) {
            ahead[count++] = middle;
            continue;
        }
        left = *next;
        count--;
        if (!nodes_add(nodes, left))
            return GEX_ERR_MEMORY;
    }
    return GEX_OK;
}

static gex_status cut_add(const struct cut *cut, double low_strike, double high_strike, struct nodes *nodes)
{
    const double low = fmax(fmin(low_strike - BEYOND, 0), -FAR * cut->stretch);
    const double high = fmin(fmax(high_strike + BEYOND, 0), FAR * cut->stretch);
    struct node left = node_at(cut, low);

    if (!node_allowed(&left) || !(cut->deviation > 0))
        return GEX_ERR_DOMAIN;
    nodes->most = nodes->count + NODES_MOST;
    if (!nodes_add(nodes, left))
        return GEX_ERR_MEMORY;
    while (left.k < high) {
        const struct node right = node_at(cut, place_after(cut, left.k, high));
        const gex_status status = node_allowed(&right) ? interval_add(cut, left, right, nodes) : GEX_ERR_DOMAIN;

        if (status != GEX_OK)
            return status;
        left = right;
    }
    return GEX_OK;
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

/* Lowest and highest used strike of the expiry whose rows begin at place *from; *from goes on to the next. */
static bool strikes_of(const gex_market *market, int64_t *from, double *low, double *high)
{
    const gex_chain *chain = market->chain;
    const int64_t *order = gex_chain_order(chain);
    const int32_t *expiry = gex_chain_expiry_index(chain), own = expiry[order[*from]];

    *low = HUGE_VAL;
    *high = 0;
    for (; *from < market->rows && expiry[order[*from]] == own; ++*from)
        if (market->status[order[*from]] == GEX_ROW_USED) {
            *low = fmin(*low, gex_chain_strike(chain)[order[*from]]);
            *high = fmax(*high, gex_chain_strike(chain)[order[*from]]);
        }
    return *high > 0 && market->curve.years[own] > 0;
}

static gex_status nodes_fill(const gex_market *market, struct nodes *nodes, int64_t *first, int64_t *bad)
{
    const int64_t *order = gex_chain_order(market->chain), *expiries = gex_chain_expiries(market->chain, NULL);
    gex_status status = GEX_OK;
    double low, high;

    for (int64_t e = 0; e <= market->curve.count; e++)
        first[e] = 0;
    for (int64_t at = 0; status == GEX_OK && at < market->rows;) {
        const int32_t e = gex_chain_expiry_index(market->chain)[order[at]];
        double calendar, forward;

        if (gex_chain_strike_index(market->chain)[order[at]] < 0)
            break; /* refused: they come last */
        calendar = market->curve.years[e];
        forward = market->curve.forward[e];

        if (strikes_of(market, &at, &low, &high)) {
            const int64_t before = nodes->count;
            struct cut cut;
            double years;

            *bad = e;
            (void)gex__times_left(&market->timing, market->surface_clock, expiries[e], calendar, &years);
            cut = cut_of(market->surface, years, calendar);
            status = cut_add(&cut, gex__log_moneyness(low, forward), gex__log_moneyness(high, forward), nodes);
            first[e + 1] = nodes->count - before;
        }
    }
    for (int64_t e = 0; e < market->curve.count; e++)
        first[e + 1] += first[e];
    return status;
}

static double outwards(double slope)
{
    return fmax(0, fmin(2, slope));
}

/* The nodes as a raw surface, expiry by expiry. NULL: no memory. */
static gex_surface *surface_of(const gex_context *context, const gex_market *market, const struct nodes *nodes,
                               const int64_t *first)
{
    const struct gex__expiries given = {market->curve.count, {market->curve.years, sizeof(double)},
                                        {market->curve.forward, sizeof(double)}, market->base.spot};
    gex_surface *smile = gex__surface_make(context, &given, GEX_FORM_RAW, nodes->count);

    if (smile == NULL)
        return NULL;
    smile->wings = GEX_WINGS_LINEAR;
    for (int64_t n = 0; n < nodes->count; n++) {
        smile->k[n] = nodes->node[n].k;
        smile->w[n] = nodes->node[n].w;
        smile->slope[n] = nodes->node[n].slope;
        smile->quote_status[n] = GEX_ROW_USED;
    }
    for (int64_t e = 0; e < market->curve.count; e++) {
        struct gex__slice *slice = &smile->slice[smile->used];

        if (first[e] == first[e + 1]) {
            smile->status[e] = smile->status[e] == GEX_SLICE_USED ? GEX_SLICE_NO_QUOTES : smile->status[e];
            continue;
        }
        *slice = (struct gex__slice){.years = smile->years[e], .forward = smile->forward[e], .place = e,
                                     .first = first[e], .nodes = first[e + 1] - first[e],
                                     .left = outwards(-smile->slope[first[e]]),
                                     .right = outwards(smile->slope[first[e + 1] - 1])};
        smile->theta[e] = slice->theta = gex__slice_at(smile, slice, 0, &(bool){false}).w;
        smile->used++;
    }
    return smile;
}

gex_status gex__smile_sampled(const gex_context *context, const gex_market *market, const gex_surface **out,
                              int64_t *bad)
{
    struct nodes nodes = {.memory = gex__memory_of(context)};
    const int64_t size = (market->curve.count + 1) * (int64_t)sizeof(int64_t);
    int64_t *first = gex__memory_get(&nodes.memory, size);
    gex_status status = first != NULL ? nodes_fill(market, &nodes, first, bad) : GEX_ERR_MEMORY;

    *out = NULL;
    if (status == GEX_OK && nodes.count > 0 && (*out = surface_of(context, market, &nodes, first)) == NULL)
        status = GEX_ERR_MEMORY;
    gex__memory_put(&nodes.memory, nodes.node, nodes.room * (int64_t)sizeof *nodes.node);
    gex__memory_put(&nodes.memory, first, size);
    return status;
}
