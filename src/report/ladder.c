/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "figures.h"
#include "ladder.h"

enum { RUNGS = 14, HALF = 22, CENTRE = 50, MARKS = CENTRE + HALF + 3 };

struct ladder {
    int64_t rung[RUNGS]; /* index of a strike, highest strike first */
    int64_t count;
    double  largest; /* of |net| */
};

/* The largest |net|, kept in order of size; then in order of strike. */
static void pick(const struct gex__facts *f, const double *net, struct ladder *ladder)
{
    ladder->count = 0;
    for (int64_t i = 0; i < f->strikes; i++) {
        int64_t at = ladder->count;
        if (f->used_by_strike[i] == 0 || !(fabs(net[i]) > 0.0))
            continue;
        while (at > 0 && fabs(net[ladder->rung[at - 1]]) < fabs(net[i]))
            at--;
        if (at == RUNGS)
            continue;
        if (ladder->count < RUNGS)
            ladder->count++;
        for (int64_t k = ladder->count - 1; k > at; k--)
            ladder->rung[k] = ladder->rung[k - 1];
        ladder->rung[at] = i;
    }
    ladder->largest = ladder->count > 0 ? fabs(net[ladder->rung[0]]) : 0.0;
    for (int64_t a = 1; a < ladder->count; a++)
        for (int64_t b = a; b > 0 && ladder->rung[b] > ladder->rung[b - 1]; b--) {
            const int64_t swap = ladder->rung[b];
            ladder->rung[b] = ladder->rung[b - 1];
            ladder->rung[b - 1] = swap;
        }
}

static void put_bar(struct gex__writer *w, double net, double largest)
{
    const int64_t length = (int64_t)(fabs(net) / largest * (double)HALF + 0.5);

    gex__put_to_column(w, net < 0.0 ? CENTRE - length : CENTRE);
    if (net < 0.0)
        gex__put_repeat(w, "█", length);
    gex__put_text(w, "│");
    if (net > 0.0)
        gex__put_repeat(w, "█", length);
}

static void put_marks(struct gex__writer *w, const struct gex__facts *f, double strike)
{
    static const struct {
        int32_t     level;
        const char *name;
    } marks[] = {{GEX_LEVEL_CALL_WALL_NET, "call wall"}, {GEX_LEVEL_PUT_WALL_NET, "put wall"}};

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        double price;
        if (gex_level(f->gamma, marks[i].level, &price, NULL, NULL) != GEX_OK || price != strike)
            continue;
        gex__put_to_column(w, MARKS);
        gex__put_text(w, marks[i].name);
    }
}

static void put_spot(struct gex__writer *w, const struct gex__facts *f)
{
    char text[GEX_FIGURE_MAX];

    gex__put_right(w, 12, gex__figure_price(f->spot, text));
    gex__put_text(w, " spot ");
    while (w->column < CENTRE)
        gex__put_text(w, "·");
    gex__put_text(w, "│");
    while (w->column < CENTRE + HALF + 1)
        gex__put_text(w, "·");
    gex__put_text(w, "\n");
}

void gex__put_ladder(struct gex__writer *w, const struct gex__facts *f)
{
    const double *strike = gex_chain_strikes(f->chain, NULL);
    const double *net = gex_exposure_by(f->in_unit, GEX_BY_STRIKE, GEX_SUM_NET, NULL);
    bool above = true; /* still above spot */
    struct ladder ladder;
    char text[GEX_FIGURE_MAX];

    pick(f, net, &ladder);
    if (ladder.count == 0)
        return;
    if (gex_exposure_unit(f->in_unit) == GEX_UNIT_GEX_USD_PCT) {
        gex__put_text(w, "Biggest strikes, USD per 1 %");
        gex__put_right(w, CENTRE - 2, "short gamma");
        gex__put_to_column(w, CENTRE + 3);
        gex__put_text(w, "long gamma");
    } else {
        gex__put_text(w, "Biggest strikes, ");
        gex__put_text(w, gex_unit_label(gex_exposure_unit(f->in_unit)));
    }
    gex__put_text(w, "\n");
    for (int64_t i = 0; i < ladder.count; i++) {
        const int64_t k = ladder.rung[i];
        if (above && strike[k] < f->spot) {
            above = false;
            put_spot(w, f);
        }
        gex__put_right(w, 12, gex__figure_strike(strike[k], text));
        gex__put_scaled(w, 21, net[k]);
        put_bar(w, net[k], ladder.largest);
        put_marks(w, f, strike[k]);
        gex__put_text(w, "\n");
    }
    if (above)
        put_spot(w, f);
}
