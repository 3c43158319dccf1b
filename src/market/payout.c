/* SPDX-License-Identifier: Apache-2.0 */
#include "payout.h"

#include "market.h"

/* Insertion: schedules are short, and come in order. */
static void sort(struct gex__payout *p, int64_t count)
{
    for (int64_t i = 1; i < count; i++)
        for (int64_t k = i; k > 0 && p->at[k] < p->at[k - 1]; k--) {
            const int64_t at = p->at[k];
            const double cash = p->cash[k], share = p->share[k];

            p->at[k] = p->at[k - 1], p->cash[k] = p->cash[k - 1], p->share[k] = p->share[k - 1];
            p->at[k - 1] = at, p->cash[k - 1] = cash, p->share[k - 1] = share;
        }
}

void gex__payout_take(struct gex__payout *p, const gex_market_options *options)
{
    bool shared = false;

    for (int64_t i = 0; i < options->dividend_count; i++) {
        p->at[i] = gex__i64_at(options->dividend_at, i);
        p->cash[i] = options->dividend_cash.data != NULL ? gex__f64_at(options->dividend_cash, i) : 0;
        p->share[i] = options->dividend_share.data != NULL ? gex__f64_at(options->dividend_share, i) : 0;
        shared = shared || p->share[i] != 0;
    }
    sort(p, options->dividend_count);
    p->dividends =
        (struct gex__dividends){options->dividend_count, p->years, p->cash, shared ? p->share : NULL, true, 0};
    gex__payout_date(p, options->as_of);
}

void gex__payout_date(struct gex__payout *p, int64_t as_of)
{
    for (int64_t i = 0; i < p->dividends.count; i++)
        p->years[i] = p->at[i] >= as_of ? gex_years(GEX_CLOCK_CAL_365, as_of, p->at[i])
                                        : -gex_years(GEX_CLOCK_CAL_365, p->at[i], as_of);
}

bool gex__payout_differs(const gex_market *a, const gex_market *b)
{
    const struct gex__payout *p = &a->payout, *q = &b->payout;
    const int64_t from = a->base.as_of > b->base.as_of ? a->base.as_of : b->base.as_of;
    int64_t i = 0, j = 0;

    while (i < p->dividends.count && p->at[i] <= from)
        i++;
    while (j < q->dividends.count && q->at[j] <= from)
        j++;
    if (p->dividends.count - i != q->dividends.count - j)
        return true;
    for (; i < p->dividends.count; i++, j++)
        if (p->at[i] != q->at[j] || p->cash[i] != q->cash[j] || p->share[i] != q->share[j])
            return true;
    return false;
}

void gex__payout_give(const struct gex__payout *p, gex_market_options *options)
{
    options->dividend_at = (gex_i64){p->at, sizeof *p->at};
    options->dividend_cash = (gex_f64){p->cash, sizeof *p->cash};
    options->dividend_share = (gex_f64){p->share, sizeof *p->share};
    options->dividend_count = p->dividends.count;
}

double gex__payout_carry(const struct gex__dividends *dividends, double spot, double years, double forward, double rate,
                         double carry)
{
    const struct gex__escrow_events events = gex__escrow_events(dividends, years);
    const struct gex__escrowed escrowed = gex__escrowed_of(&events, rate);

    if (events.count == 0 || !(years > 0) || !(spot > escrowed.paid))
        return carry;
    return fmax(-10, fmin(10, rate - log(forward / gex__escrowed_spot(&escrowed, spot)) / years));
}

const struct gex__dividends *gex__market_dividends(const gex_market *market)
{
    return &market->payout.dividends;
}

double gex__market_row_carry(const gex_market *market, int32_t expiry, int8_t exercise)
{
    return exercise == GEX_EXERCISE_AMERICAN ? market->curve.early[expiry] : market->curve.carry[expiry];
}

struct gex__dividends gex__dividends_from(const struct gex__dividends *dividends, int64_t as_of, int64_t later)
{
    struct gex__dividends seen = *dividends;

    if (later != as_of)
        seen.passed += gex_years(GEX_CLOCK_CAL_365, as_of, later);
    return seen;
}
