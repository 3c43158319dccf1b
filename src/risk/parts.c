/* SPDX-License-Identifier: Apache-2.0 */
/* Exact parts of sums. */
#include "parts.h"

#include <math.h>
#include <string.h>

void gex__parts_clear(struct gex__parts *parts)
{
    memset(parts->any, 0, sizeof parts->any);
}

static struct gex__exact *part_of(struct gex__parts *parts, int part)
{
    if (!parts->any[part])
        gex__exact_clear(&parts->sum[part]);
    parts->any[part] = true;
    return &parts->sum[part];
}

static void part_add(struct gex__parts *parts, int part, double value)
{
    if (value != 0.0)
        gex__exact_add(part_of(parts, part), value);
}

void gex__parts_merge(struct gex__parts *parts, const struct gex__parts *other)
{
    for (int p = 0; p < GEX_PARTS; p++)
        if (other->any[p])
            gex__exact_merge(part_of(parts, p), &other->sum[p], 1);
}

void gex__parts_drop(struct gex__parts *parts, int32_t right)
{
    if (right == GEX_PUT)
        parts->any[GEX_PUT_ABOVE] = parts->any[GEX_PUT_BELOW] = parts->any[GEX_PUT_OI] = false;
    else
        parts->any[GEX_CALL_ABOVE] = parts->any[GEX_CALL_BELOW] = parts->any[GEX_CALL_OI] = false;
}

/* Parts of each sum, with the sign they enter it. */
static const struct recipe {
    int8_t sign[GEX_PARTS];
} recipes[GEX__SUM_LAST + 1] = {
    [GEX_SUM_NET] = {{[GEX_CALL_ABOVE] = 1, [GEX_CALL_BELOW] = 1, [GEX_PUT_ABOVE] = 1, [GEX_PUT_BELOW] = 1}},
    [GEX_SUM_GROSS] = {{[GEX_CALL_ABOVE] = 1, [GEX_CALL_BELOW] = -1, [GEX_PUT_ABOVE] = 1, [GEX_PUT_BELOW] = -1}},
    [GEX_SUM_CALL] = {{[GEX_CALL_ABOVE] = 1, [GEX_CALL_BELOW] = 1}},
    [GEX_SUM_PUT] = {{[GEX_PUT_ABOVE] = 1, [GEX_PUT_BELOW] = 1}},
    [GEX__SUM_CALL_GROSS] = {{[GEX_CALL_ABOVE] = 1, [GEX_CALL_BELOW] = -1}},
    [GEX__SUM_PUT_GROSS] = {{[GEX_PUT_ABOVE] = 1, [GEX_PUT_BELOW] = -1}},
    [GEX__SUM_CALL_OI] = {{[GEX_CALL_OI] = 1}},
    [GEX__SUM_PUT_OI] = {{[GEX_PUT_OI] = 1}},
};

double gex__parts_round(const struct gex__parts *parts, int sum)
{
    struct gex__exact whole;
    bool any = false;

    for (int p = 0; p < GEX_PARTS; p++) {
        if (recipes[sum].sign[p] == 0 || !parts->any[p])
            continue;
        if (!any)
            gex__exact_clear(&whole);
        gex__exact_merge(&whole, &parts->sum[p], recipes[sum].sign[p]);
        any = true;
    }
    return any ? gex__exact_round(&whole) : 0.0;
}

void gex__parts_rows(struct gex__parts *parts, const struct gex_exposure *exposure, const int64_t *row, int64_t count)
{
    const gex_chain *chain = gex_book_chain(exposure->book);
    const double *open_interest = gex_chain_open_interest(chain);
    const int8_t *right = gex_chain_right(chain);

    for (int64_t r = 0; r < count; r++) {
        const int64_t i = row[r];
        const bool call = right[i] == GEX_CALL;

        if (!exposure->diverges[i])
            part_add(parts, (call ? GEX_CALL_ABOVE : GEX_PUT_ABOVE) + (exposure->row[i] < 0.0), exposure->row[i]);
        if (isfinite(open_interest[i]))
            part_add(parts, call ? GEX_CALL_OI : GEX_PUT_OI, open_interest[i]);
    }
}
