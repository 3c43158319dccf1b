/* SPDX-License-Identifier: Apache-2.0 */
/* An expiry against the one before: where its prices come too near, and what lifts them. */
#include <math.h>

#include "mixture.h"

enum { LIFTS = 60, CLOSE = 17, CLOSER = 2 };
#define NEAR 2e-2   /* a share of variance: a place that may have less beside it, looked at before all is final */
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

/* Whether the surface of the two has no calendar spread, by the check that is anyone's: a proof, for every strike. */
static gex_status prove(const struct gex__mixing *fitting, const struct gex__made *now, const struct gex__made *before,
                        bool *proved, gex_error *error)
{
    const struct gex__made *const both[2] = {before, now};
    const double years[2] = {1, 2}, one = 1;
    struct gex__lognormal row[2 * GEX_MIX_KEPT];
    double mean[2 * GEX_MIX_KEPT];
    int32_t expiry[2 * GEX_MIX_KEPT];
    gex_mixture_columns columns;
    gex_surface *surface = NULL;
    gex_surface_report *report = NULL;
    gex_status status;

    gex_mixture_columns_init(&columns, sizeof columns);
    for (int32_t e = 0; e < 2; e++)
        for (int j = 0; j < both[e]->count; j++) {
            row[columns.rows] = both[e]->one[j];
            mean[columns.rows] = exp(both[e]->one[j].mu);
            expiry[columns.rows++] = e;
        }
    columns.expiries = 2;
    columns.years = (gex_f64){years, sizeof *years};
    columns.forward = (gex_f64){&one, 0};
    columns.expiry = (gex_i32){expiry, sizeof *expiry};
    columns.weight = (gex_f64){&row->weight, sizeof *row};
    columns.mean = (gex_f64){mean, sizeof *mean};
    columns.deviation = (gex_f64){&row->v, sizeof *row};
    status = gex_surface_create_mixture(fitting->work->context, &columns, &surface, error);
    if (status == GEX_OK)
        status = gex_surface_check(fitting->work->context, surface, 0, &report, error);
    *proved = gex_surface_report_count(report, GEX_ARBITRAGE_CALENDAR) == 0;
    gex_surface_report_free(report);
    gex_surface_free(surface);
    return status == GEX_ERR_DOMAIN ? GEX_OK : status; /* neither is a mixture: the surface will refuse both */
}

static void widen(struct gex__made *now, double share, double *grown)
{
    for (int j = 0; j < now->count; j++)
        now->one[j].v *= sqrt(1 + share);
    *grown *= 1 + share;
}

/* The variance of every component grows by a share until no price is below the one before, to first order each time: a
 * component that is spread further about its own mean is dearer everywhere. */
gex_status gex__mix_lift(struct gex__mixing *fitting, struct gex__expiry *expiry, struct gex__made *now,
                         const struct gex__made *before, gex_error *error)
{
    double more = 1e-6, grown = 1, share = MARGIN;
    gex_status status = GEX_OK;
    bool proved = false;

    for (int n = 0; n < LIFTS; n++) {
        struct gex__dip dip[GEX_MIX_DIPS];
        const int count = gex__mix_dips(fitting, now, before, NEAR, dip);
        double need = 0;

        for (int i = 0; i < count; i++)
            need = fmax(need, MARGIN * (1 + more) - dip[i].above);
        if (count == 0)
            break;
        widen(now, need * (1 + more), &grown);
        more = fmin(4 * more, 1);
    }
    for (int n = 0; n < LIFTS && status == GEX_OK; n++) { /* what was looked at is not all there is */
        status = prove(fitting, now, before, &proved, error);
        if (proved)
            break;
        widen(now, share, &grown);
        share *= 2;
    }
    expiry->raised = grown - 1; /* of total variance; made an amount of it once that is known */
    return status;
}
