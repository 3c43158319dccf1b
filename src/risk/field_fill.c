/* SPDX-License-Identifier: Apache-2.0 */
/* What the cells of a field come to: exposures from sums, flows from them, from now and from what has settled. */
#include "field.h"

#include <math.h>
#include <string.h>

#include "math/sum.h"

/* What becomes of the sums of cells. Not on the stack: it is two kilobytes. */
struct filling {
    struct gex_field        *field;
    struct gex__lines        lines; /* of the part */
    struct gex__quantity     quantity[GEX_CELLS_UNITS];
    int32_t                  place[GEX_CELLS_UNITS]; /* of a quantity's unit among those summed */
    const struct gex__unit  *unit[GEX_CELLS_UNITS];  /* those summed */
    int32_t                  units;
    double                   start;   /* delta of the book now */
    double                  *each;    /* that of every line; NULL: nobody asks for the gross of a flow */
    struct gex__exact       *settled; /* payoff delta of settled lines, per price; NULL: nobody asks */
    struct gex__exact       *unwound, *moved; /* of gross: |payoff delta|, and how far from `each`; NULL likewise */
    int64_t                  settled_lines;
    struct gex__gross        gross;
    struct gex__cells        cells;
};

static bool same_sums(const struct gex__unit *a, const struct gex__unit *b)
{
    for (int t = 0; t < GEX_TERMS; t++)
        if (a->term[t].greek != b->term[t].greek || a->term[t].inside != b->term[t].inside)
            return false;
    return true;
}

/* A gross of two terms holds their scale, and that of a flow where it starts: another unit cannot read them. */
static bool is_shared(const struct filling *filling, int32_t u, int32_t quantity)
{
    if (filling->field->gross == NULL || quantity == GEX_FIELD_UNWIND) /* which reads no sum */
        return true;
    return filling->unit[u]->term[1].greek == 0 && quantity != GEX_FIELD_FLOW && u != filling->gross.moved;
}

static void units_collect(struct filling *filling)
{
    filling->gross.moved = -1;
    for (int64_t q = 0; q < filling->field->quantities; q++) {
        const int32_t quantity = filling->field->quantity[q];
        const struct gex__unit *unit;
        int32_t u = 0;

        gex__quantity_find(quantity, &filling->quantity[q]);
        unit = filling->quantity[q].unit;
        while (u < filling->units && !(same_sums(filling->unit[u], unit) && is_shared(filling, u, quantity)))
            u++;
        if (u == filling->units)
            filling->unit[filling->units++] = unit;
        if (quantity == GEX_FIELD_FLOW)
            filling->gross.moved = u;
        filling->place[q] = u;
    }
}

static void settle(struct filling *filling, int64_t until)
{
    for (int64_t line = filling->settled_lines; line < until; line++)
        for (int64_t p = 0; p < filling->field->points; p++) {
            const double delta = gex__payoff_delta(&filling->lines, line, filling->field->price[p]);

            if (delta != 0.0)
                gex__exact_add(&filling->settled[p], delta);
            if (filling->each != NULL) {
                gex__exact_add(&filling->unwound[p], fabs(delta));
                gex__exact_add(&filling->moved[p], fabs(filling->each[line] - delta));
            }
        }
    filling->settled_lines = until;
}

static double settled_gross(const struct filling *filling, int32_t quantity, int64_t p)
{
    if (filling->each == NULL)
        return 0.0;
    return gex__exact_round(quantity == GEX_FIELD_FLOW ? &filling->moved[p] : &filling->unwound[p]);
}

static void instant_take(void *user, int64_t instant, const double *sums)
{
    struct filling *filling = user;
    struct gex_field *field = filling->field;
    const int64_t points = field->points, terms = gex__cells_terms(&filling->cells);
    const int64_t settled_lines = gex__lines_settled(&filling->lines, field->market, field->instant[instant]);

    field->live[instant] = filling->lines.rows - settled_lines;
    if (filling->settled != NULL)
        settle(filling, settled_lines);
    for (int64_t p = 0; p < points; p++) {
        const double settled = filling->settled != NULL ? gex__exact_round(&filling->settled[p]) : 0.0;

        for (int64_t q = 0; q < field->quantities; q++) {
            const struct gex__quantity *quantity = &filling->quantity[q];
            const double *sum = sums + (int64_t)filling->place[q] * terms * points + p;

            field->value[q][instant * points + p] = gex__quantity_value(quantity, &field->scale, field->price[p], sum,
                                                                        points, filling->start, settled);
            if (field->gross != NULL)
                field->gross[q][instant * points + p] =
                    gex__quantity_gross(quantity, &field->scale, field->price[p], sum[GEX_GROSS * points],
                                        settled_gross(filling, quantity->quantity, p));
        }
    }
}

static gex_status lines_fill(const gex_context *context, struct filling *filling)
{
    struct gex_field *field = filling->field;
    gex_status status = GEX_OK;

    units_collect(filling);
    filling->gross.scale = &field->scale;
    filling->gross.start = filling->each;
    filling->cells = (struct gex__cells){field->market, &filling->lines, filling->unit, filling->units,
                                         gex__isa(context), field->price, field->points, field->instant, field->steps,
                                         field->gross != NULL ? &filling->gross : NULL, NULL};
    for (int64_t p = 0; filling->settled != NULL && p < field->points * (filling->each != NULL ? 3 : 1); p++)
        gex__exact_clear(&filling->settled[p]);
    if (filling->settled != NULL)
        status = gex__delta_now(context, field->market, &filling->lines, filling->each, &filling->start);
    return status == GEX_OK ? gex__cells_run(context, &filling->cells, instant_take, filling) : status;
}

static bool has_flow(const struct gex_field *field)
{
    for (int64_t q = 0; q < field->quantities; q++)
        if (field->quantity[q] == GEX_FIELD_FLOW || field->quantity[q] == GEX_FIELD_UNWIND)
            return true;
    return false;
}

gex_status gex__field_fill(const gex_context *context, struct gex_field *field)
{
    const struct gex__memory memory = gex__memory_of(context);
    const bool flows = has_flow(field), gross = flows && field->gross != NULL;
    struct gex__layout layout = {0};
    struct gex__lines all;
    struct filling *filling;
    gex_status status = GEX_ERR_MEMORY;
    int64_t settled, each;
    char *block;

    if (!gex__lines_create(context, field->market, field->book, &all))
        return GEX_ERR_MEMORY;
    gex__layout_add(&layout, 1, sizeof *filling);
    settled = gex__layout_add(&layout, flows ? field->points : 0, (gross ? 3 : 1) * (int64_t)sizeof *filling->settled);
    each = gex__layout_add(&layout, gross ? all.rows : 0, sizeof(double));
    block = layout.overflow ? NULL : gex__memory_get(&memory, layout.size);
    if (block != NULL) {
        filling = (struct filling *)block;
        memset(filling, 0, sizeof *filling);
        filling->field = field;
        filling->lines = gex__lines_of_part(&all, field->market, field->part);
        if (flows)
            filling->settled = (struct gex__exact *)(block + settled);
        if (gross) {
            filling->unwound = filling->settled + field->points;
            filling->moved = filling->unwound + field->points;
            filling->each = (double *)(block + each);
        }
        status = lines_fill(context, filling);
        gex__memory_put(&memory, block, layout.size);
    }
    gex__lines_drop(&all);
    return status;
}
