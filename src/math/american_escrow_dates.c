/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of rows, and the dates of those that have a formula. */
#include "american_escrow_dates.h"

#include <stddef.h>

static const double NEGLIGIBLE = 1e-9;      /* of the strike: a premium below is none */
static const double REACH = 6.0, OUT = 5.5; /* deviations: where nothing is neglected, and where a premium is */
static const double ABOVE = 0.4;            /* log of a spot over the strike */
static const double DEEPEST = 0.5;          /* of the strike: dividends for which s* is found between bounds */

static double reach_of(double asked, double vol, double rate, double carry, double years)
{
    return asked + fmax(rate - carry, 0.0) * years + REACH * vol * sqrt(years);
}

/* One option, from expiry back to an ex-date. Exercise there pays alpha s + paid - strike. */
struct walk {
    double strike, rate, carry, vol;
    double x, reach; /* log of s now up to which values are asked, and beyond which nothing is ever asked */
    double alpha, paid, until;
    double next, level, slope; /* exercise deep in the money, at the next date or expiry, pays level + slope s */
    double bend;               /* log of s there where waiting for that begins to be certain */
    bool bounded;              /* exercise at the next date pays up to a stock within reach and no further */
};

static struct walk walk_from(double strike, double rate, double carry, double years, double vol, double x, double reach)
{
    return (struct walk){strike, rate, carry, vol, x, reach, 1.0, 0.0, years, years, -strike, 1.0, log(strike), false};
}

/* Can exercise pay, and what it adds stay above 0? Only above the strike, and up to where level + slope s is 0. */
static bool pays_at(const struct walk *w, double level, double slope)
{
    if (slope < 0.0)
        return level > NEGLIGIBLE * w->strike && level * w->alpha > -slope * (w->strike - w->paid);
    if (slope == 0.0)
        return level > NEGLIGIBLE * w->strike;
    return level > 0.0 || log(-level / slope) < w->reach;
}

/*
 * To just before ex-date i. level, slope: what exercise adds there to waiting where all is certain, 0 where it never
 * adds. @return false where it adds up to a stock within reach and no further, unless that is out of reach by the
 * ex-date and the last such date there is.
 */
static bool walk_to(struct walk *w, const struct gex__escrow_events *events, int64_t i, double *level, double *slope)
{
    const double when = events->years[i] - events->passed, wait = w->next - when;
    const double kept = 1.0 - (events->fraction != NULL ? events->fraction[i] : 0.0);
    const double cash = events->cash != NULL ? events->cash[i] : 0.0;
    const double drift = w->rate - w->carry - 0.5 * w->vol * w->vol;
    const bool bounded = w->bounded;
    double most;

    w->paid = ((w->paid == 0.0 ? 0.0 : exp(-w->rate * (w->until - when)) * w->paid) + cash) / kept;
    w->alpha /= kept;
    w->until = when;
    *level = w->paid - w->strike - w->level * exp(-w->rate * wait);
    *slope = w->carry == 0.0 ? w->alpha - w->slope : w->alpha - w->slope * exp(-w->carry * wait);
    if (!pays_at(w, *level, *slope)) {
        *level = *slope = 0.0;
        return true;
    }
    most = *slope < 0.0 ? log(*level / -*slope) : HUGE_VAL;
    w->bounded = most < w->reach;
    w->bend += REACH * w->vol * sqrt(wait) - fmin(drift * wait, 0.0);
    w->next = when;
    w->level = w->paid - w->strike;
    w->slope = w->alpha;
    return !bounded && (!w->bounded || (most > reach_of(w->x, w->vol, w->rate, w->carry, when) && most > w->bend));
}

/* What is asked is below the larger of x and ABOVE times the strike, so that most rows have one formula for all spots.
 */
static double asked_of(double x, double log_strike)
{
    return fmax(x, log_strike + ABOVE);
}

/* Can it pay to exercise a call between ex-dates, at s up to e^x? What is neglected is below a part of the strike. */
static bool call_flows(double strike, double rate, double carry, double years, double vol, double x, double alpha,
                       double paid)
{
    if (carry > 0.0) {
        const double v = vol * sqrt(years), drift = fmax(rate - carry, 0.0) * years;
        const double beyond = rate > 0.0 ? log(rate * strike / (carry * alpha)) : -HUGE_VAL;
        const double d = (x + drift - beyond) / v + 0.5 * v;

        return carry * alpha * years * exp(x + drift) * 0.5 * erfc(-d * 0.70710678118654752) > NEGLIGIBLE * strike;
    }
    return rate < 0.0 && (carry == 0.0 || rate / carry > 1.0 - paid / strike);
}

static bool put_is_held(double rate, double carry)
{
    return rate <= 0.0 && rate <= carry;
}

enum gex__escrow_kind gex__escrow_kind_of(const struct gex__black_in *in, int64_t row,
                                          const struct gex__dividends *dividends, double vol, double high)
{
    const double T = in->years[row], K = in->strike[row], r = in->rate[row], q = in->carry[row];
    const struct gex__escrow_events events = gex__escrow_events(dividends, T);
    const struct gex__escrowed now = gex__escrowed_of(&events, r);
    const double x = log(gex__escrowed_spot(&now, high)), asked = asked_of(x, log(K)), v = vol * sqrt(T);
    struct walk w = walk_from(K, r, q, T, vol, x, reach_of(asked, vol, r, q, T));
    bool any = false;

    if (in->right[row] < 0)
        return put_is_held(r, q) ? GEX__ESCROW_EUROPEAN : GEX__ESCROW_GRID;
    if (call_flows(K, r, q, T, vol, asked, now.alpha, now.paid * exp(fmax(r, 0.0) * T)))
        return GEX__ESCROW_GRID;
    for (int64_t i = events.count; i-- > 0;) {
        double level, slope;

        if (!walk_to(&w, &events, i, &level, &slope) || !(w.paid < DEEPEST * K))
            return GEX__ESCROW_GRID;
        any = any || (w.next == w.until && x + fmax(r - q, 0.0) * T + OUT * v > log((K - w.paid) / w.alpha));
    }
    return !any ? GEX__ESCROW_EUROPEAN : events.count > GEX_ESCROW_DATES ? GEX__ESCROW_GRID : GEX__ESCROW_CALLS;
}

double gex__escrow_formula_asked(const struct gex__escrow_lines *lines, int lane, double x)
{
    return asked_of(x, lines->log_strike[lane]);
}

void gex__escrow_formula_lay(const struct gex__escrow_lines *lines, const double *high,
                             struct gex__escrow_formula *formula)
{
    struct walk walk[GEX_ESCROW_LANES];
    struct gex__escrow_date *date = &formula->date[GEX_ESCROW_DATES];

    for (int i = 0; i < GEX_ESCROW_LANES; i++)
        walk[i] = walk_from(lines->strike[i], lines->rate[i], lines->carry[i], lines->years, lines->vol[i], high[i],
                            reach_of(gex__escrow_formula_asked(lines, i, high[i]), lines->vol[i], lines->rate[i],
                                     lines->carry[i], lines->years));
    for (int64_t k = lines->events.count; k-- > 0;) {
        bool any = false;

        date--;
        date->when = lines->events.years[k] - lines->events.passed;
        for (int i = 0; i < GEX_ESCROW_LANES; i++) {
            walk_to(&walk[i], &lines->events, k, &date->level[i], &date->slope[i]);
            any = any || date->level[i] != 0.0 || date->slope[i] != 0.0;
            date->alpha = walk[i].alpha;
        }
        date += any ? 0 : 1;
    }
    formula->dates = (int)(&formula->date[GEX_ESCROW_DATES] - date);
    for (int k = 0; k < formula->dates; k++)
        formula->date[k] = date[k];
}

bool gex__escrow_formula_at_dividend(const struct gex__escrow_lines *lines, const struct gex__escrow_formula *formula,
                                     int lane)
{
    return formula->dates > 0 && formula->date[0].when == lines->events.years[0] - lines->events.passed &&
           lines->at[lane] >= formula->date[0].first[lane];
}
