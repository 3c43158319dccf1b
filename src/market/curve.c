/* SPDX-License-Identifier: Apache-2.0 */
/* Forwards. The rules by which one from parity is believed are those of docs/market.md; each stands where it acts. */
#include "curve.h"

#include <math.h>
#include <string.h>

#include "parity_early.h"

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

double gex__curve_rate(const struct gex__curve_base *base, double years)
{
    double before = 0, rate = base->rate;

    for (int64_t i = 0; i < base->rate_count; i++) {
        const double at = gex__f64_at(base->rate_years, i), here = gex__f64_at(base->rates, i);

        if (years <= at)
            return i == 0 ? here : rate + (here - rate) * ((years - before) / (at - before));
        before = at;
        rate = here;
    }
    return rate;
}

double gex__curve_escrowed(const struct gex__curve_base *base, double years)
{
    const struct gex__dividends *paid = base->dividends;
    double spot = base->spot, kept = 1;

    for (int64_t i = 0; paid != NULL && i < paid->count; i++) {
        const double when = paid->years[i];

        if (!(when > 0 && when <= years))
            continue;
        kept *= 1 - (paid->fraction != NULL ? paid->fraction[i] : 0);
        spot -= paid->cash[i] / kept * exp(-gex__curve_rate(base, when) * when);
    }
    return spot * kept;
}

int64_t gex__curve_flat(const struct gex__curve_base *base, const int64_t *expiries, struct gex__curve *curve)
{
    int64_t bad = -1;

    for (int64_t e = 0; e < curve->count; e++) {
        const bool alive = expiries[e] >= base->as_of;
        const double years = alive ? gex_years(GEX_CLOCK_CAL_365, base->as_of, expiries[e]) : 0;
        const double rate = gex__curve_rate(base, years), spot = gex__curve_escrowed(base, years);

        curve->years[e] = years;
        curve->forward[e] = alive ? spot * exp((rate - base->carry) * years) : none;
        curve->discount[e] = alive ? exp(-rate * years) : none;
        curve->rate[e] = rate;
        curve->carry[e] = curve->early[e] = base->carry;
        curve->borrow[e] = curve->error[e] = curve->quote_error[e] = curve->discount_error[e] = none;
        curve->pairs[e] = curve->outliers[e] = 0;
        curve->source[e] = alive ? GEX_FORWARD_RATE : 0;
        curve->parity[e] = GEX_PARITY_NOT_ASKED;
        if (bad < 0 && spot != base->spot && /* the carry then holds the dividends too */
            !curve_set(curve, base->spot, e, curve->forward[e], curve->discount[e], rate))
            bad = e;
    }
    return bad;
}

void gex__curve_borrow(const struct gex__curve_base *base, struct gex__curve *curve)
{
    for (int64_t e = 0; e < curve->count; e++) {
        const double spot = gex__curve_escrowed(base, curve->years[e]);

        curve->early[e] = curve->carry[e];
        if (curve->source[e] == 0 || !(curve->years[e] > 0))
            continue;
        if (base->dividends != NULL)
            curve->early[e] = gex__payout_carry(base->dividends, base->spot, curve->years[e], curve->forward[e],
                                                curve->rate[e], curve->carry[e]);
        curve->borrow[e] = spot == base->spot ? curve->carry[e]
                                              : curve->rate[e] - log(curve->forward[e] / spot) / curve->years[e];
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
        rate = discounts.data != NULL ? -log(discount) / curve->years[e] : curve->rate[e];
        if (!curve_set(curve, base->spot, e, gex__f64_at(forwards, e), discount, rate))
            return e;
    }
    return -1;
}

void gex__curve_quoted(const struct gex__curve_base *base, const gex_chain *chain, gex_f64 row_forwards,
                       double *scratch, struct gex__curve *curve)
{
    const int64_t *order = gex_chain_order(chain), rows = gex_chain_rows(chain);
    const int32_t *expiry = gex_chain_expiry_index(chain);

    for (int64_t from = 0, to; from < rows && expiry[order[from]] >= 0; from = to) {
        const int32_t e = expiry[order[from]];
        int64_t count = 0;

        for (to = from; to < rows && expiry[order[to]] == e; to++) {
            const double forward = gex__f64_at(row_forwards, order[to]);
            if (forward > 0 && isfinite(forward))
                scratch[count++] = forward;
        }
        if (curve->source[e] == 0 || count == 0)
            continue;
        if (!(curve->years[e] > 0) ||
            curve_set(curve, base->spot, e, gex__median(scratch, count), curve->discount[e], curve->rate[e]))
            curve->source[e] = GEX_FORWARD_QUOTED;
    }
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

/* Which options are paired, and what makes a price of theirs one in units of the strike: 1, or the price of a coin. */
struct kind {
    int8_t exercise, payoff;
    double coin;
};

/* A row whose option parity speaks of, with a market on both sides. A bid of zero is no bid. */
static bool quoted(const gex_chain *chain, int64_t row, const struct kind *kind)
{
    const double bid = gex_chain_bid(chain)[row], ask = gex_chain_ask(chain)[row];

    return gex_chain_status(chain)[row] == GEX_ROW_USED && gex_chain_payoff(chain)[row] == kind->payoff &&
           (gex_chain_flags(chain)[row] & GEX_FLAG_ADJUSTED_ROOT) == 0 && bid > 0 && ask >= bid && isfinite(ask);
}

static bool paired(const gex_chain *chain, int64_t a, int64_t b, const struct kind *kind)
{
    const int8_t *style = gex_chain_exercise(chain);
    const bool american = style[a] == GEX_EXERCISE_AMERICAN || style[b] == GEX_EXERCISE_AMERICAN;

    return american == (kind->exercise == GEX_EXERCISE_AMERICAN) && quoted(chain, a, kind) && quoted(chain, b, kind) &&
           gex_chain_multiplier(chain)[a] == gex_chain_multiplier(chain)[b];
}

static struct gex__pair pair_of(const gex_chain *chain, int64_t call, int64_t put, double coin)
{
    const double *bid = gex_chain_bid(chain), *ask = gex_chain_ask(chain);
    const double call_mid = bid[call] + (ask[call] - bid[call]) / 2, put_mid = bid[put] + (ask[put] - bid[put]) / 2;

    return (struct gex__pair){.strike = gex_chain_strike(chain)[call],
                              .difference = (call_mid - put_mid) * coin,
                              .straddle = (call_mid + put_mid) * coin,
                              .half_call = (ask[call] - bid[call]) / 2 * coin,
                              .half_put = (ask[put] - bid[put]) / 2 * coin};
}

/* Calls with the puts of the same root at one strike: rows [from, to) of the order, one right before the other, each by
 * root. Walked side by side, so that a strike listed a million times costs a million steps. */
static int64_t strike_pairs(const gex_chain *chain, int64_t from, int64_t to, const struct kind *kind,
                            struct gex__pair *pairs)
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

        if (which == 0 && paired(chain, a, b, kind))
            pairs[count++] = right[a] == GEX_CALL ? pair_of(chain, a, b, kind->coin) : pair_of(chain, b, a, kind->coin);
        i += which <= 0;
        j += which >= 0;
    }
    return count;
}

/* Pairs of one expiry, ascending in strike. */
static int64_t expiry_pairs(const gex_chain *chain, int64_t from, int64_t to, const struct kind *kind,
                            struct gex__pair *pairs)
{
    const int64_t *order = gex_chain_order(chain);
    const int32_t *strike = gex_chain_strike_index(chain);
    int64_t count = 0;

    for (int64_t end; from < to; from = end) {
        for (end = from + 1; end < to && strike[order[end]] == strike[order[from]];)
            end++;
        count += strike_pairs(chain, from, end, kind, pairs + count);
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
 * for American options, the value of early exercise: hence first one deviation around the centre, then a quarter, which
 * `used_out` is.
 */
static bool quotes_forward(const struct quotes *all, struct gex__parity *out, struct quotes *used_out)
{
    const struct quotes wide = near(all, all->centre, all->deviation * all->centre);

    if (!gex__parity_forward(wide.pairs, wide.count, all->discount, at_rest, wide.scratch, out))
        return false;
    *used_out = near(all, out->forward, 0.25 * all->deviation * all->centre);
    return gex__parity_forward(used_out->pairs, used_out->count, all->discount, at_rest, used_out->scratch, out);
}

/* Known to a tenth of a deviation and a hundredth of itself. */
static bool precise(const struct quotes *all, const struct gex__parity *fit)
{
    return fit->forward_error <= fmin(0.1 * all->deviation, 0.01) * fit->forward;
}

/* Between the strikes it was read from, and a forward of this spot at all. */
static bool plausible(const struct quotes *all, const struct gex__parity *fit)
{
    return fit->forward >= all->pairs[0].strike && fit->forward <= all->pairs[all->count - 1].strike &&
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

/* Pairs of expiry e, with a first look at them. @return false when there are fewer than four of this kind. */
static bool expiry_quotes(const struct expiry *x, int64_t e, int64_t from, int64_t to, const struct kind *kind,
                          double discount, struct quotes *out)
{
    *out = (struct quotes){.pairs = x->pairs, .scratch = x->scratch, .spot = x->base->spot,
                           .years = x->curve->years[e], .discount = discount};
    if (!(out->years > 0 && discount > 0))
        return false;
    out->count = expiry_pairs(x->chain, from, to, kind, x->pairs);
    return out->count >= PAIRS_MIN && quotes_survey(out);
}

static bool expiry_settle(const struct expiry *x, int64_t e, const struct quotes *all, const struct gex__parity *fit,
                          double rate, int32_t pairs)
{
    struct gex__curve *curve = x->curve;

    curve->parity[e] = precise(all, fit) ? GEX_PARITY_IMPLAUSIBLE : GEX_PARITY_IMPRECISE;
    if (!precise(all, fit) || !plausible(all, fit) ||
        !curve_set(curve, all->spot, e, fit->forward, fit->discount, rate))
        return false;
    curve->parity[e] = GEX_PARITY_USED;
    curve->error[e] = fit->forward_error;
    curve->quote_error[e] = fit->quote_error;
    curve->outliers[e] = fit->outliers;
    curve->pairs[e] = pairs;
    curve->source[e] = GEX_FORWARD_IMPLIED;
    return true;
}

static const struct kind european = {GEX_EXERCISE_EUROPEAN, GEX_PAYOFF_VANILLA, 1},
                         american = {GEX_EXERCISE_AMERICAN, GEX_PAYOFF_VANILLA, 1};

/* European options alone can say what a discount is. @return whether this expiry's did. */
static bool expiry_line(const struct expiry *x, int64_t e, int64_t from, int64_t to)
{
    struct quotes all;
    struct gex__parity fit;
    int32_t pairs;

    if (!expiry_quotes(x, e, from, to, &european, x->curve->discount[e], &all) ||
        !quotes_line(&all, &fit, &pairs) ||
        !expiry_settle(x, e, &all, &fit, -log(fit.discount) / x->curve->years[e], pairs))
        return false;
    x->curve->discount_error[e] = fit.discount_error;
    return true;
}

enum { COIN_ROUNDS = 50 };

/* Paid in coin, undiscounted: (C - P) F = F - K, so that quotes are worth dollars at the forward they say. From the
 * spot on that rests within a few rounds, each closer by the share of the nearest C - P in a coin. */
static bool coin_forward(const struct expiry *x, int64_t e, int64_t from, int64_t to, struct quotes *all,
                         struct gex__parity *fit, struct quotes *used)
{
    struct kind coin = {GEX_EXERCISE_EUROPEAN, GEX_PAYOFF_INVERSE, x->base->spot};

    for (int round = 0; round < COIN_ROUNDS; round++) {
        if (!expiry_quotes(x, e, from, to, &coin, 1, all))
            return false;
        x->curve->parity[e] = GEX_PARITY_NO_FIT;
        if (!quotes_forward(all, fit, used))
            return false;
        if (fabs(fit->forward - coin.coin) <= 1e-12 * coin.coin)
            return true;
        coin.coin = fit->forward;
    }
    return false;
}

/* With a rate from elsewhere. European pairs where there are enough: for American ones parity is a bound until early
 * exercise has been taken out. */
static void expiry_forward(const struct expiry *x, int64_t e, int64_t from, int64_t to, double rate)
{
    const double discount = exp(-rate * x->curve->years[e]);
    const struct gex__parity_early early = {x->base->spot, x->curve->years[e], rate, x->base->isa, x->base->dividends};
    struct quotes all, used;
    struct gex__parity fit;
    int32_t pairs;
    bool early_pairs, bound;

    if (!(x->curve->years[e] > 0))
        return;
    x->curve->parity[e] = GEX_PARITY_FEW_PAIRS;
    early_pairs = !expiry_quotes(x, e, from, to, &european, discount, &all);
    if (early_pairs && !expiry_quotes(x, e, from, to, &american, discount, &all)) {
        if (rate == 0 && coin_forward(x, e, from, to, &all, &fit, &used))
            expiry_settle(x, e, &all, &fit, rate, (int32_t)(used.count < INT32_MAX ? used.count : INT32_MAX));
        return;
    }
    x->curve->parity[e] = GEX_PARITY_NO_FIT;
    if (!quotes_forward(&all, &fit, &used))
        return;
    pairs = (int32_t)(used.count < INT32_MAX ? used.count : INT32_MAX);
    bound = early_pairs && x->base->early &&
            !gex__parity_early(&early, used.pairs, used.count, at_rest, &fit, &pairs);
    if (expiry_settle(x, e, &all, &fit, rate, pairs) && bound)
        x->curve->parity[e] = GEX_PARITY_BOUND;
}

/* Rate of whichever of two expiries is nearer to e; -1 or the count: there is none on that side. */
static double nearer_rate(const struct gex__curve *curve, int64_t e, int64_t before, int64_t after)
{
    const double back = before >= 0 ? curve->years[e] - curve->years[before] : HUGE_VAL;
    const double ahead = after < curve->count ? curve->years[after] - curve->years[e] : HUGE_VAL;

    if (before < 0 && after >= curve->count)
        return curve->rate[e];
    return curve->rate[back <= ahead ? before : after];
}

/* ln(F / S*) and ln D of an expiry that parity gives nothing, on lines in time between two that it does, or at the rate
 * and carry of the only one that there is beside it. S*: the spot without cash dividends till then. */
static void neighbours_fill(const struct gex__curve_base *base, int64_t e, int64_t before, int64_t after,
                            struct gex__curve *curve)
{
    const bool both = before >= 0 && after < curve->count;
    const int64_t one = before >= 0 ? before : after, other = both ? after : one;
    const double years = curve->years[e];
    const double share = both ? (years - curve->years[one]) / (curve->years[other] - curve->years[one]) : 0;
    double growth[2], discount[2], rate;

    for (int i = 0; i < 2; i++) {
        const int64_t from = i == 0 ? one : other;
        const double scale = both ? 1 : years / curve->years[from];
        growth[i] = scale * log(curve->forward[from] / gex__curve_escrowed(base, curve->years[from]));
        discount[i] = scale * -curve->rate[from] * curve->years[from];
    }
    rate = -(discount[0] + (discount[1] - discount[0]) * share) / years;
    if (curve_set(curve, base->spot, e,
                  gex__curve_escrowed(base, years) * exp(growth[0] + (growth[1] - growth[0]) * share),
                  exp(-rate * years), rate))
        curve->source[e] = both ? GEX_FROM_INTERPOLATED : GEX_FROM_EXTRAPOLATED;
}

static void neighbours_all(const struct gex__curve_base *base, struct gex__curve *curve)
{
    int64_t before = -1, after = 0;

    for (int64_t e = 0; e < curve->count; e++) {
        if (curve->source[e] == GEX_FORWARD_IMPLIED)
            before = e;
        for (after = after > e ? after : e + 1; after < curve->count && curve->source[after] != GEX_FORWARD_IMPLIED;)
            after++;
        if (curve->source[e] == GEX_FORWARD_RATE && curve->years[e] > 0 && (before >= 0 || after < curve->count))
            neighbours_fill(base, e, before, after, curve);
    }
}

/* First the expiries that say their own discount, then the others with the rate of the nearest of those; with a curve
 * of rates, or discounts that are not to be looked for, at the rate they have. */
void gex__curve_parity(const struct gex__curve_base *base, const gex_chain *chain, struct gex__pair *pairs,
                       double *scratch, struct gex__curve *curve)
{
    const struct expiry x = {base, chain, pairs, scratch, curve};
    int64_t from = 0, before = -1, after = 0, to;

    for (int64_t e = 0; e < curve->count; e++, from = to) { /* the canonical order is by settlement */
        to = expiry_end(chain, from, gex_chain_rows(chain));
        if (curve->source[e] != 0 && !base->fixed_discount)
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
            expiry_forward(&x, e, from, to, base->fixed_discount || base->rate_count > 0
                                                ? curve->rate[e]
                                                : nearer_rate(curve, e, before, after));
    }
    if (base->neighbours)
        neighbours_all(base, curve);
}
