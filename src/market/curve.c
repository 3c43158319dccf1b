/* SPDX-License-Identifier: Apache-2.0 */
/* Forwards. The rules by which one from parity is believed are those of docs/market.md; each stands where it acts. */
#include "curve.h"

#include <math.h>
#include <string.h>

static const double none = (double)NAN;

/* A fit has converged when it moves by less than this: 5e-6 points of an index, far inside any standard error. */
static const double at_rest = 1e-9;

enum { PAIRS_MIN = 4 };

static bool allowed(double rate)
{
    return fabs(rate) <= 10; /* the box of the kernels; false for NaN */
}

/* Forward, discount and rate of expiry e, and the carry that gives the forward from spot. @return false outside the
 * domain. */
static bool curve_set(struct gex__curve *curve, double spot, int64_t e, double forward, double discount, double rate)
{
    const double carry = rate - log(forward / spot) / curve->years[e];

    if (!(forward > 0 && discount > 0) || !isfinite(forward) || !isfinite(discount) || !allowed(rate) ||
        !allowed(carry))
        return false;
    curve->forward[e] = forward;
    curve->discount[e] = discount;
    curve->rate[e] = rate;
    curve->carry[e] = carry;
    return true;
}

void gex__curve_flat(const struct gex__curve_base *base, const int64_t *expiries, struct gex__curve *curve)
{
    for (int64_t e = 0; e < curve->count; e++) {
        const bool alive = expiries[e] >= base->as_of;
        const double years = alive ? gex_years(GEX_CLOCK_CAL_365, base->as_of, expiries[e]) : 0;

        curve->years[e] = years;
        curve->forward[e] = alive ? base->spot * exp((base->rate - base->carry) * years) : none;
        curve->discount[e] = alive ? exp(-base->rate * years) : none;
        curve->rate[e] = base->rate;
        curve->carry[e] = base->carry;
        curve->error[e] = none;
        curve->pairs[e] = 0;
        curve->source[e] = alive ? GEX_FORWARD_RATE : 0;
    }
}

int64_t gex__curve_given(const struct gex__curve_base *base, gex_f64 forwards, gex_f64 discounts,
                         struct gex__curve *curve)
{
    for (int64_t e = 0; e < curve->count; e++) {
        double discount, rate;

        if (curve->source[e] == 0)
            continue;
        curve->source[e] = GEX_FORWARD_GIVEN;
        if (curve->years[e] == 0)
            continue; /* settling now: the forward is the spot, and no rate could make it another */
        discount = discounts.data != NULL ? gex__f64_at(discounts, e) : curve->discount[e];
        rate = discounts.data != NULL ? -log(discount) / curve->years[e] : base->rate;
        if (!curve_set(curve, base->spot, e, gex__f64_at(forwards, e), discount, rate))
            return e;
    }
    return -1;
}

/* ---- pairs ----------------------------------------------------------------------------------------------------- */

/* Rows [from, to) of the canonical order that settle together. */
static int64_t expiry_end(const gex_chain *chain, int64_t from, int64_t rows)
{
    const int64_t *order = gex_chain_order(chain);
    const int32_t *expiry = gex_chain_expiry_index(chain);
    int64_t to = from;

    while (to < rows && expiry[order[to]] == expiry[order[from]])
        to++;
    return to;
}

int64_t gex__curve_pairs_max(const gex_chain *chain)
{
    const int64_t rows = gex_chain_rows(chain);
    int64_t largest = 0, to;

    for (int64_t from = 0; from < rows; from = to) {
        to = expiry_end(chain, from, rows);
        largest = to - from > largest ? to - from : largest;
    }
    return largest / 2;
}

/* A row whose option parity speaks of, with a market on both sides. A bid of zero is no bid. */
static bool quoted(const gex_chain *chain, int64_t row)
{
    const double bid = gex_chain_bid(chain)[row], ask = gex_chain_ask(chain)[row];

    return gex_chain_status(chain)[row] == GEX_ROW_USED && gex_chain_payoff(chain)[row] == GEX_PAYOFF_VANILLA &&
           (gex_chain_flags(chain)[row] & GEX_FLAG_ADJUSTED_ROOT) == 0 && bid > 0 && ask >= bid && isfinite(ask);
}

static bool paired(const gex_chain *chain, int64_t a, int64_t b, int8_t exercise)
{
    const int8_t *style = gex_chain_exercise(chain);
    const bool american = style[a] == GEX_EXERCISE_AMERICAN || style[b] == GEX_EXERCISE_AMERICAN;

    return american == (exercise == GEX_EXERCISE_AMERICAN) && quoted(chain, a) && quoted(chain, b) &&
           gex_chain_multiplier(chain)[a] == gex_chain_multiplier(chain)[b];
}

static struct gex__pair pair_of(const gex_chain *chain, int64_t call, int64_t put)
{
    const double *bid = gex_chain_bid(chain), *ask = gex_chain_ask(chain);
    const double call_mid = bid[call] + (ask[call] - bid[call]) / 2, put_mid = bid[put] + (ask[put] - bid[put]) / 2;

    return (struct gex__pair){.strike = gex_chain_strike(chain)[call],
                              .difference = call_mid - put_mid,
                              .straddle = call_mid + put_mid,
                              .half_call = (ask[call] - bid[call]) / 2,
                              .half_put = (ask[put] - bid[put]) / 2};
}

/* Calls with the puts of the same root at one strike: rows [from, to) of the order, one right before the other, each by
 * root. Walked side by side, so that a strike listed a million times costs a million steps. */
static int64_t strike_pairs(const gex_chain *chain, int64_t from, int64_t to, int8_t exercise, struct gex__pair *pairs)
{
    const int64_t *order = gex_chain_order(chain);
    const int8_t *right = gex_chain_right(chain);
    int64_t i = from, j = from, split, count = 0;

    while (j < to && right[order[j]] == right[order[from]])
        j++;
    split = j;
    while (i < split && j < to) {
        const int64_t a = order[i], b = order[j];
        const int which = strcmp(gex_chain_root(chain, a), gex_chain_root(chain, b));

        if (which == 0 && paired(chain, a, b, exercise))
            pairs[count++] = right[a] == GEX_CALL ? pair_of(chain, a, b) : pair_of(chain, b, a);
        i += which <= 0;
        j += which >= 0;
    }
    return count;
}

/* Pairs of one expiry, ascending in strike. */
static int64_t expiry_pairs(const gex_chain *chain, int64_t from, int64_t to, int8_t exercise, struct gex__pair *pairs)
{
    const int64_t *order = gex_chain_order(chain);
    const int32_t *strike = gex_chain_strike_index(chain);
    int64_t count = 0;

    for (int64_t end; from < to; from = end) {
        for (end = from + 1; end < to && strike[order[end]] == strike[order[from]];)
            end++;
        count += strike_pairs(chain, from, end, exercise, pairs + count);
    }
    gex__pair_weights(pairs, count);
    return count;
}

/* ---- one expiry ------------------------------------------------------------------------------------------------ */

struct quotes {
    const struct gex__pair *pairs;
    int64_t                 count;
    double                 *scratch;
    double                  spot, years;
    double                  discount; /* by the rate that was given */
    double                  centre;   /* near the forward */
    double                  deviation; /* v = vol sqrt(T), from straddles near the centre */
};

/* Pairs whose strike is within `width` of a price, or the four nearest to it when those are fewer. */
static struct quotes near(const struct quotes *all, double price, double width)
{
    int64_t from = 0, to;
    struct quotes some = *all;

    while (from < all->count && all->pairs[from].strike < price - width)
        from++;
    for (to = from; to < all->count && all->pairs[to].strike <= price + width;)
        to++;
    while (to - from < PAIRS_MIN && (from > 0 || to < all->count)) {
        const double below = from > 0 ? price - all->pairs[from - 1].strike : HUGE_VAL;
        const double above = to < all->count ? all->pairs[to].strike - price : HUGE_VAL;
        if (below < above)
            from--;
        else
            to++;
    }
    some.pairs = all->pairs + from;
    some.count = to - from;
    return some;
}

/* A first forward, the median of what each strike says; and the deviation by V = D F v sqrt(2 / pi) of a straddle. */
static bool quotes_survey(struct quotes *all)
{
    struct quotes nearest;

    for (int64_t i = 0; i < all->count; i++)
        all->scratch[i] = all->pairs[i].strike + all->pairs[i].difference / all->discount;
    all->centre = gex__median(all->scratch, all->count);
    nearest = near(all, all->centre, 0);
    for (int64_t i = 0; i < nearest.count; i++)
        all->scratch[i] = nearest.pairs[i].straddle;
    all->deviation = gex__median(all->scratch, nearest.count) / (0.79788456080286536 * all->discount * all->centre);
    return all->centre > 0 && all->deviation > 0 && isfinite(all->deviation);
}

/*
 * Forward and discount together, over three deviations. The discount is believed when its standard error is at most
 * 2e-4 (2e-4 a year beyond the first: the alternative is a rate that nobody measured) and that of the rate it says at
 * most 1e-3: the slope of a short expiry is not identified.
 */
static bool quotes_line(const struct quotes *all, struct gex__parity *out, int32_t *pairs_out)
{
    const struct quotes some = near(all, all->centre, 3 * all->deviation * all->centre);

    if (!gex__parity_line(some.pairs, some.count, at_rest, some.scratch, out))
        return false;
    *pairs_out = (int32_t)(some.count < INT32_MAX ? some.count : INT32_MAX);
    return some.count >= PAIRS_MIN && out->discount_error <= 2e-4 * fmax(1, all->years) &&
           out->discount_error <= 1e-3 * all->years * out->discount;
}

/*
 * The forward alone, its discount known from elsewhere. An error e in the discount moves it by e (F - K), and so does,
 * for American options, the value of early exercise: hence first one deviation around the centre, then a quarter.
 */
static bool quotes_forward(const struct quotes *all, struct gex__parity *out, int32_t *pairs_out)
{
    const struct quotes wide = near(all, all->centre, all->deviation * all->centre);
    struct quotes narrow;

    if (!gex__parity_forward(wide.pairs, wide.count, all->discount, at_rest, wide.scratch, out))
        return false;
    narrow = near(all, out->forward, 0.25 * all->deviation * all->centre);
    *pairs_out = (int32_t)(narrow.count < INT32_MAX ? narrow.count : INT32_MAX);
    return gex__parity_forward(narrow.pairs, narrow.count, all->discount, at_rest, narrow.scratch, out);
}

/* Known to a tenth of a deviation and a hundredth of itself, between the strikes it was read from, and a forward of
 * this spot at all. */
static bool plausible(const struct quotes *all, const struct gex__parity *fit)
{
    return fit->forward_error <= fmin(0.1 * all->deviation, 0.01) * fit->forward &&
           fit->forward >= all->pairs[0].strike && fit->forward <= all->pairs[all->count - 1].strike &&
           fabs(log(fit->forward / all->spot)) <= 0.5 + 3 * all->deviation;
}

/* What one expiry is worked out from. */
struct expiry {
    const struct gex__curve_base *base;
    const gex_chain              *chain;
    struct gex__pair             *pairs;
    double                       *scratch;
    struct gex__curve            *curve;
};

/* Pairs of expiry e, with a first look at them. @return false when there are fewer than four of this exercise. */
static bool expiry_quotes(const struct expiry *x, int64_t e, int64_t from, int64_t to, int8_t exercise, double discount,
                          struct quotes *out)
{
    *out = (struct quotes){.pairs = x->pairs, .scratch = x->scratch, .spot = x->base->spot,
                           .years = x->curve->years[e], .discount = discount};
    if (!(out->years > 0 && discount > 0))
        return false;
    out->count = expiry_pairs(x->chain, from, to, exercise, x->pairs);
    return out->count >= PAIRS_MIN && quotes_survey(out);
}

static bool expiry_settle(const struct expiry *x, int64_t e, const struct quotes *all, const struct gex__parity *fit,
                          double rate, int32_t pairs)
{
    struct gex__curve *curve = x->curve;

    if (!plausible(all, fit) || !curve_set(curve, all->spot, e, fit->forward, fit->discount, rate))
        return false;
    curve->error[e] = fit->forward_error;
    curve->pairs[e] = pairs;
    curve->source[e] = GEX_FORWARD_IMPLIED;
    return true;
}

/* European options alone can say what a discount is. @return whether this expiry's did. */
static bool expiry_line(const struct expiry *x, int64_t e, int64_t from, int64_t to)
{
    struct quotes all;
    struct gex__parity fit;
    int32_t pairs;

    return expiry_quotes(x, e, from, to, GEX_EXERCISE_EUROPEAN, x->curve->discount[e], &all) &&
           quotes_line(&all, &fit, &pairs) &&
           expiry_settle(x, e, &all, &fit, -log(fit.discount) / x->curve->years[e], pairs);
}

/* With a rate from elsewhere. European pairs where there are enough: for American ones parity is a bound. */
static void expiry_forward(const struct expiry *x, int64_t e, int64_t from, int64_t to, double rate)
{
    const double discount = exp(-rate * x->curve->years[e]);
    struct quotes all;
    struct gex__parity fit;
    int32_t pairs;

    if ((expiry_quotes(x, e, from, to, GEX_EXERCISE_EUROPEAN, discount, &all) ||
         expiry_quotes(x, e, from, to, GEX_EXERCISE_AMERICAN, discount, &all)) &&
        quotes_forward(&all, &fit, &pairs))
        expiry_settle(x, e, &all, &fit, rate, pairs);
}

/* Rate of whichever of two expiries is nearer to e; -1 or the count: there is none on that side. */
static double nearer_rate(const struct gex__curve *curve, int64_t e, int64_t before, int64_t after, double given)
{
    const double back = before >= 0 ? curve->years[e] - curve->years[before] : HUGE_VAL;
    const double ahead = after < curve->count ? curve->years[after] - curve->years[e] : HUGE_VAL;

    if (before < 0 && after >= curve->count)
        return given;
    return curve->rate[back <= ahead ? before : after];
}

/* First the expiries that say their own discount, then the others with the rate of the nearest of those. */
void gex__curve_parity(const struct gex__curve_base *base, const gex_chain *chain, struct gex__pair *pairs,
                       double *scratch, struct gex__curve *curve)
{
    const struct expiry x = {base, chain, pairs, scratch, curve};
    int64_t from = 0, before = -1, after = 0, to;

    for (int64_t e = 0; e < curve->count; e++, from = to) { /* the canonical order is by settlement */
        to = expiry_end(chain, from, gex_chain_rows(chain));
        if (curve->source[e] != 0)
            expiry_line(&x, e, from, to);
    }
    from = 0;
    for (int64_t e = 0; e < curve->count; e++, from = to) {
        to = expiry_end(chain, from, gex_chain_rows(chain));
        if (curve->source[e] == GEX_FORWARD_IMPLIED)
            before = e;
        for (after = after > e ? after : e + 1; after < curve->count && curve->source[after] != GEX_FORWARD_IMPLIED;)
            after++;
        if (curve->source[e] == GEX_FORWARD_RATE)
            expiry_forward(&x, e, from, to, nearer_rate(curve, e, before, after, base->rate));
    }
}
