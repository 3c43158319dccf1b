/* SPDX-License-Identifier: Apache-2.0 */
/* An expiry against the one before: where its prices come too near, and what lifts them. */
#include <math.h>

#include "mixture.h"

enum { LIFTS = 60, CLOSE = 17, CLOSER = 2 };
#define NEAR 2e-2   /* a share of variance: a place that may have less beside it, looked at before what is found is final */
#define MARGIN 1e-9 /* a share of variance, between expiries */

/* The least of a parabola through three values at even steps, the middle one not above the others. */
static double bottom(double left, double at, double right)
{
    const double bend = left - 2 * at + right, lean = right - left;
    return bend > 0 && bend < HUGE_VAL ? at - lean * lean / (8 * bend) : at;
}

/* Between two places, ever closer. */
static struct gex__dip look_closer(const struct gex__mixing *fitting, const struct gex__made *now,
                                   const struct gex__made *before, double low, double high)
{
    double k[CLOSE], strike[CLOSE], earlier[CLOSE], price[CLOSE], gain[CLOSE];
    int8_t right[CLOSE];
    const struct gex__places places = {k, strike, right};
    struct gex__dip dip = {0, 0, HUGE_VAL};

    for (int n = 0; n < CLOSER; n++) {
        int at = 0;

        for (int i = 0; i < CLOSE; i++)
            gex__mix_place(&places, i, low + (high - low) * i / (CLOSE - 1));
        gex__mix_price(fitting, &places, CLOSE, before, earlier, gain);
        gex__mix_price(fitting, &places, CLOSE, now, price, gain);
        for (int i = 0; i < CLOSE; i++) {
            price[i] = gain[i] > 0 ? (price[i] - earlier[i]) / gain[i] : HUGE_VAL;
            at = price[i] < price[at] ? i : at;
        }
        if (price[at] < dip.above)
            dip = (struct gex__dip){k[at], earlier[at], price[at]};
        if (at > 0 && at < CLOSE - 1)
            dip.above = fmin(dip.above, bottom(price[at - 1], price[at], price[at + 1]));
        low = k[at > 0 ? at - 1 : 0];
        high = k[at < CLOSE - 1 ? at + 1 : at];
    }
    return dip;
}

/* Where prices may be too near those of the expiry before, on a grid so fine that between its places a parabola tells
 * where to look closer. @return how many, at most GEX_MIX_DIPS. */
int gex__mix_dips(struct gex__mixing *fitting, const struct gex__made *now, const struct gex__made *before,
                  double near, struct gex__dip *dip)
{
    double *const above = fitting->now;
    int count = 0;

    gex__mix_price(fitting, &fitting->fine, GEX_MIX_FINE, now, fitting->now, fitting->gain);
    for (int i = 0; i < GEX_MIX_FINE; i++) {
        const bool priced = fitting->earlier[i] > GEX_MIX_NOTICED && fitting->gain[i] > 0;
        above[i] = priced ? (fitting->now[i] - fitting->earlier[i]) / fitting->gain[i] : HUGE_VAL;
    }
    for (int i = 0; i < GEX_MIX_FINE && count < GEX_MIX_DIPS; i++) {
        const int left = i > 0 ? i - 1 : i, right = i + 1 < GEX_MIX_FINE ? i + 1 : i;

        if (!(above[i] < HUGE_VAL && above[i] <= above[left] && above[i] <= above[right]) ||
            fmin(above[i] - near, bottom(above[left], above[i], above[right])) >= MARGIN)
            continue;
        dip[count] = look_closer(fitting, now, before, fitting->fine.k[left], fitting->fine.k[right]);
        count += dip[count].above < MARGIN;
    }
    return count;
}

/* The variance of every component grows by a share until no price is below the one before, to first order each time: a
 * component that is spread further about its own mean is dearer everywhere. */
void gex__mix_lift(struct gex__mixing *fitting, struct gex__expiry *expiry, struct gex__made *now,
                   const struct gex__made *before)
{
    double more = 1e-6, grown = 1;

    for (int n = 0; n < LIFTS; n++) {
        struct gex__dip dip[GEX_MIX_DIPS];
        const int count = gex__mix_dips(fitting, now, before, NEAR, dip);
        double need = 0;

        for (int i = 0; i < count; i++)
            need = fmax(need, MARGIN * (1 + more) - dip[i].above);
        if (count == 0)
            break;
        for (int j = 0; j < now->count; j++)
            now->one[j].v *= sqrt(1 + need * (1 + more));
        grown *= 1 + need * (1 + more);
        more = fmin(4 * more, 1);
    }
    expiry->raised = grown - 1; /* of total variance; made an amount of it once that is known */
}
