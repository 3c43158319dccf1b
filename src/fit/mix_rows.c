/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows and candidates of one expiry: bands of its quotes in prices, places where prices may not fall below those of
 * the expiry before, and the lognormals a mixture may be made of.
 */
#include <math.h>
#include <string.h>

#include <gex/european.h>
#include <gex/symbol.h>

#include "mixture.h"

enum { SCALES = 4, BASES = 5, EVERY = GEX_MIX_FINE / GEX_MIX_ROWS };
#define FARTHEST 24.0  /* |k| to which calendar spreads are looked for */
#define FAR 20.0       /* deviations of the tail beyond the outermost mean, likewise */
#define INSIDE 0.95    /* of a half-spread: where a quote is to lie */
#define PULL 0.03      /* of the middle */
#define FINEST 1e8     /* a half-spread counts as one of 1 / FINEST of the forward at least */
#define STRICT 1e3     /* a calendar spread of 1 / STRICT of the price counts as a half-spread */
#define LEVER 1e5      /* the most a candidate is taken for in prices of the expiry before */
#define TAIL 1e-7      /* weight of what lies behind everything: it decides the far wings alone */
#define TAIL_WIDE 1.3  /* its deviation: so many of the widest other's, */
#define TAIL_FAR 0.25  /* and so much of the outermost mean */
#define WING_WIDE 2.0  /* the widest other, in deviations that are quoted */
#define WIDEST 8.0     /* ... and at most: prices beyond it are those of a certainty, and such quotes are passed over */

/* ---- prices ------------------------------------------------------------------------------------------------------ */

void gex__mix_place(const struct gex__places *places, int64_t at, double k)
{
    places->k[at] = k;
    places->strike[at] = exp(k);
    places->right[at] = k < 0 ? GEX_PUT : GEX_CALL;
}

/* Undiscounted prices per unit of the forward at places [from, to), of one lognormal or of many deviations; and vega,
 * unless that is NULL. */
static void price_of(const struct gex__places *places, int64_t from, int64_t to, double mean, gex_f64 deviation,
                     double *price, double *vega)
{
    const int32_t what[2] = {GEX_GREEK_PRICE, GEX_GREEK_VEGA};
    double *const out[2] = {price, vega};
    const double one = 1;
    gex_european_columns columns;

    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = to - from;
    columns.spot = (gex_f64){&mean, 0};
    columns.strike = (gex_f64){places->strike + from, sizeof(double)};
    columns.years = (gex_f64){&one, 0};
    columns.vol = deviation;
    columns.right = (gex_i8){places->right + from, 1};
    (void)gex_european(NULL, &columns, what, vega != NULL ? 2 : 1, out, NULL, NULL);
}

void gex__mix_price(const struct gex__mixing *fitting, const struct gex__places *places, int64_t count,
                    const struct gex__made *mixture, double *price, double *gain)
{
    double *const each = fitting->spare, *const vega = fitting->spare + GEX_MIX_FINE;

    memset(price, 0, (size_t)count * sizeof *price);
    memset(gain, 0, (size_t)count * sizeof *gain);
    for (int j = 0; j < mixture->count; j++) {
        const struct gex__lognormal *one = &mixture->one[j];

        price_of(places, 0, count, exp(one->mu), (gex_f64){&one->v, 0}, each, vega);
        for (int64_t i = 0; i < count; i++) {
            price[i] += one->weight * each[i];
            gain[i] += one->weight * one->v / 2 * vega[i];
        }
    }
}

/* ---- candidates -------------------------------------------------------------------------------------------------- */

static void put_candidate(struct gex__mix *mix, double mu, double v, double weight)
{
    const int at = mix->candidates++;

    mix->one[at] = (struct gex__lognormal){mu, v, weight};
    mix->mean[at] = exp(mu);
}

/* Components of an expiry but its tail. @return the deviation of that. */
static double put_made(struct gex__mix *mix, const struct gex__made *made, double share)
{
    for (int i = GEX_MIX_TAIL + 1; i < made->count; i++)
        put_candidate(mix, made->one[i].mu, made->one[i].v, share * made->one[i].weight);
    return made->one[GEX_MIX_TAIL].v;
}

/*
 * Means over the quoted strikes, as dense about the money as the deviation there asks and ever less outwards, each with
 * deviations of some of its distance to the next; a few at the forward; and where the search starts.
 */
void gex__mix_candidates(struct gex__mix *mix, const struct gex__expiry *expiry, const struct gex__made *attempt,
                         const struct gex__made *before, int nodes)
{
    static const double scale[SCALES] = {0.6, 1, 1.7, 2.8}, base[BASES] = {1, 0.5, 0.75, 1.5, 2.5};
    const double level = fmin(sqrt(gex__level_at_the_money(expiry)), WIDEST);
    const double least = expiry->quote[0].k, most = expiry->quote[expiry->count - 1].k;
    const double low = asinh(fmin(least, -level) / level) - 0.3, high = asinh(fmax(most, level) / level) + 0.3;
    const double step = (high - low) / (nodes - 1);
    double widest = 0, outermost = 0, tail = 0, dear = 0;

    mix->total = 1 - TAIL;
    mix->candidates = 0;
    put_candidate(mix, 0, 0, 0); /* the tail, which the search leaves alone, once it is known how wide */
    if (attempt != NULL)
        tail = put_made(mix, attempt, 1);
    if (before != NULL)
        tail = fmax(tail, put_made(mix, before, attempt == NULL));
    for (int64_t i = 0; i < expiry->count; i++)
        dear = fmax(dear, WING_WIDE * expiry->quote[i].ask * sqrt(expiry->years));
    dear = fmin(dear, WIDEST);
    for (int i = 0; i < BASES; i++)
        put_candidate(mix, 0, fmin(base[i] * level, WIDEST), 0);
    for (int i = 0; i < nodes; i++)
        for (int n = 0; n < SCALES; n++)
            put_candidate(mix, level * sinh(low + step * i),
                          fmin(dear, scale[n] * step * level * cosh(low + step * i)), 0);
    for (int j = 0; j < mix->candidates; j++) {
        widest = fmax(widest, mix->one[j].v);
        outermost = fmax(outermost, fabs(mix->one[j].mu));
    }
    mix->one[GEX_MIX_TAIL].v = fmax(tail, TAIL_WIDE * widest + TAIL_FAR * outermost);
    if (attempt != NULL || before != NULL)
        return;
    /* a start with both sums met: the forward, and one on either side of it */
    put_candidate(mix, -level, level, 0.2 * mix->total * (exp(level) - 1) / (exp(level) - exp(-level)));
    put_candidate(mix, level, level, 0.2 * mix->total * (1 - exp(-level)) / (exp(level) - exp(-level)));
    mix->one[1].weight = 0.8 * mix->total;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* Bands of the quotes in prices; a unit of distance is a half-spread there too. */
void gex__mix_quotes(struct gex__mixing *fitting, const struct gex__expiry *expiry)
{
    const double root = sqrt(expiry->years);
    double *const deviation = fitting->a;

    for (int64_t i = 0; i < expiry->count; i++)
        gex__mix_place(&fitting->rows, i, expiry->quote[i].k);
    for (int side = 0; side < 2; side++) {
        for (int64_t i = 0; i < expiry->count; i++)
            deviation[i] = (side == 0 ? expiry->quote[i].bid : expiry->quote[i].ask) * root;
        price_of(&fitting->rows, 0, expiry->count, 1, (gex_f64){deviation, sizeof(double)}, fitting->price,
                 fitting->spare);
        for (int64_t i = 0; i < expiry->count; i++)
            *(side == 0 ? &fitting->band[i].low : &fitting->band[i].high) = fitting->price[i];
    }
    for (int64_t i = 0; i < expiry->count; i++) {
        const struct gex__quote *quote = &expiry->quote[i];
        struct gex__band *band = &fitting->band[i];
        const double wide = (quote->ask - quote->bid) * (quote->ask + quote->bid) * expiry->years;
        const double half = (band->high - band->low) / 2;
        const double per = wide > 0 ? 2 * half / wide : fitting->spare[i] / (2 * deviation[i]); /* price by variance */

        band->middle = band->low + half;
        band->low = band->middle - INSIDE * half;
        band->high = band->middle + INSIDE * half;
        band->scale = quote->ask * root <= WIDEST ? fmin(quote->scale / fmax(per, 1e-12), FINEST) : 0;
        band->pull = PULL;
    }
}

/* One more row: not below the price of the expiry before there, which is the unit. */
void gex__mix_row(struct gex__mixing *fitting, double k, double earlier)
{
    struct gex__mix *mix = fitting->mix;

    if (!(earlier > GEX_MIX_NOTICED) || mix->rows == fitting->room)
        return;
    gex__mix_place(&fitting->rows, mix->rows, k);
    mix->band[mix->rows++] = (struct gex__band){.low = 1, .high = HUGE_VAL, .middle = earlier, .scale = STRICT};
}

/* Fine places on either side of the money, as dense there as the narrowest component of the expiry before, and its
 * prices there; every so many is a row from the start. */
void gex__mix_calendar(struct gex__mixing *fitting, const struct gex__made *before)
{
    double narrowest = HUGE_VAL, outermost = 0, end;

    for (int j = 0; j < before->count; j++) {
        narrowest = fmin(narrowest, before->one[j].v);
        outermost = fmax(outermost, fabs(before->one[j].mu));
    }
    end = asinh(fmin(FARTHEST, outermost + FAR * before->one[GEX_MIX_TAIL].v) / narrowest);
    for (int i = 0; i < GEX_MIX_FINE; i++)
        gex__mix_place(&fitting->fine, i, narrowest * sinh(end * (2.0 * i / (GEX_MIX_FINE - 1) - 1)));
    gex__mix_price(fitting, &fitting->fine, GEX_MIX_FINE, before, fitting->earlier, fitting->gain);
    for (int i = EVERY / 2; i < GEX_MIX_FINE; i += EVERY)
        gex__mix_row(fitting, fitting->fine.k[i], fitting->earlier[i]);
}

/* Values of all candidates in rows [from, rows),
 * and out of their bands what the tail puts there whatever the weights. */
void gex__mix_values(struct gex__mixing *fitting, int64_t from, int64_t quotes)
{
    struct gex__mix *mix = fitting->mix;

    for (int j = 0; j < mix->candidates; j++) {
        price_of(&fitting->rows, from, mix->rows, mix->mean[j], (gex_f64){&mix->one[j].v, 0}, fitting->price, NULL);
        for (int64_t r = from; r < mix->rows; r++) {
            const double given = fitting->price[r - from] / (r < quotes ? 1 : mix->band[r].middle);
            const double value = isfinite(given) ? given : 0;

            fitting->a[r * GEX_MIX_CANDIDATES + j] = r < quotes ? value : fmin(value, LEVER);
            if (j == GEX_MIX_TAIL)
                fitting->spare[r] = TAIL * value;
        }
    }
    for (int64_t r = from; r < mix->rows; r++) {
        mix->band[r].low -= fitting->spare[r];
        mix->band[r].high -= fitting->spare[r];
        mix->band[r].middle -= r < quotes ? fitting->spare[r] : 0;
    }
}

/* ---- components -------------------------------------------------------------------------------------------------- */

/* Components that have a weight, made to meet both sums to the last bits. */
void gex__mix_take(const struct gex__mix *mix, struct gex__made *made)
{
    struct gex__lognormal *const out = made->one;
    double total = 0, forward = 0;
    int count = 1;

    out[GEX_MIX_TAIL] = mix->one[GEX_MIX_TAIL];
    out[GEX_MIX_TAIL].weight = TAIL;
    for (int n = 0; n < mix->count; n++)
        if (mix->one[mix->kept[n]].weight > 0)
            out[count++] = mix->one[mix->kept[n]];
    for (int j = 0; j < count; j++)
        total += out[j].weight;
    for (int j = 0; j < count; j++) {
        out[j].weight /= total;
        forward += out[j].weight * exp(out[j].mu);
    }
    for (int j = 0; j < count; j++)
        out[j].mu -= log(forward);
    made->count = count;
}
