/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American options: which rows have which problem.
 *
 * A row that is never exercised early keeps its European value. One boundary goes to american_group.c, a full group of
 * lanes at a time; two boundaries to american_pair.c; dividends of the spot model to the grid, escrowed ones to
 * american_escrow.c; without deviation the path is known.
 */
#include <math.h>
#include <string.h>

#include "american_escrow.h"
#include "american_grid.h"
#include "american_group.h"

enum { BLOCK = 8 }; /* rows whose European part is worked out at a time */

enum gex__exercise gex__exercise_of(double put_rate, double put_yield)
{
    if (put_rate > 0.0 || (put_rate == 0.0 && put_yield < 0.0))
        return GEX__ONE_BOUNDARY;
    return put_yield < put_rate ? GEX__TWO_BOUNDARIES : GEX__NEVER;
}

void gex__american_exercised(const struct gex__american_job *job, int64_t row)
{
    const double f = job->in->right[row];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (job->outputs[greek] != NULL)
            job->outputs[greek][row] = greek == GEX_GREEK_PRICE
                                           ? f * (gex__spot_of(job->in, row) - job->in->strike[row])
                                       : greek == GEX_GREEK_DELTA      ? f
                                       : greek == GEX_GREEK_DUAL_DELTA ? -f
                                                                       : 0.0;
    if (job->status != NULL)
        job->status[row] = GEX_CALC_EXERCISED;
}

/* What an option can be worth at most: all of the spot, or of the strike, whenever that is most. */
static double most_of(const struct gex__grid_option *option)
{
    return option->right > 0 ? option->spot * fmax(1.0, exp(-option->carry * option->years))
                             : option->strike * fmax(1.0, exp(-option->rate * option->years));
}

/*
 * A premium of twice what the option can be worth, or less than nothing by so much, is none: a drift too steep for the
 * nodes. Its greeks are not known.
 */
void gex__american_by_grid(const struct gex__american_job *job, int64_t row, const struct gex__dividends *dividends)
{
    const struct gex__black_in *in = job->in;
    const struct gex__grid_option option = {gex__spot_of(in, row), in->strike[row], in->years[row], in->vol[row],
                                            in->rate[row],    in->carry[row],  in->right[row]};
    double *const price = job->outputs[GEX_GREEK_PRICE];
    const double european = price != NULL ? price[row] : 0.0;
    const double most = most_of(&option);
    double values[GEX_GREEK_LAST_ + 1], boundary;
    const int32_t code = gex__american_grid(&option, dividends, job->wanted, values, &boundary);
    const bool whole = dividends->count > 0 || code == GEX_CALC_EXERCISED;
    const bool held = fabs(values[GEX_GREEK_PRICE]) <= 2.0 * most;

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if (job->outputs[greek] != NULL)
            job->outputs[greek][row] = held || greek == GEX_GREEK_PRICE
                                           ? values[greek] + (whole ? 0.0 : job->outputs[greek][row])
                                           : (double)NAN;
    if (price != NULL) { /* beyond no bound by what the grid errs */
        const double least = fmax(whole ? 0.0 : european, option.right * (option.spot - option.strike));

        price[row] = fmin(fmax(price[row], least), fmax(most, least));
    }
    if (job->boundary != NULL)
        job->boundary[row] = boundary;
    if (job->status != NULL)
        job->status[row] = (uint8_t)code;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/*
 * A time after which nothing happens any more. What the strike still earns is below e^-18 of it; or the spot has been
 * through the boundary with all but 1e-8 of probability, wherever that is; or the drift away from the perpetual
 * boundary, at -log(1 - 1 / lambda) below the strike, has carried it off by 6.5 deviations.
 */
static const double ACCRUED_MOST = 18.0, DEVIATION_MOST = 12.0, FAR_OFF = 6.5;

static double years_that_matter(double years, double vol, double put_rate, double put_yield)
{
    const double v = vol * sqrt(years), a = put_rate * years, drift = (put_rate - put_yield) * years - 0.5 * v * v;
    double share = 1.0;

    if (a > ACCRUED_MOST)
        share = ACCRUED_MOST / a;
    if (v > DEVIATION_MOST)
        share = fmin(share, (DEVIATION_MOST / v) * (DEVIATION_MOST / v));
    if (drift > FAR_OFF * v) {
        const double depth = log1p(v * v / (drift + sqrt(drift * drift + 2.0 * a * v * v)));
        const double root = (FAR_OFF + sqrt(FAR_OFF * FAR_OFF + 4.0 * drift * depth / (v * v))) / (2.0 * drift / v);

        share = fmin(share, root * root);
    }
    return share < 1.0 ? share * years : years;
}

/* The preset that keeps its error: few nodes do not follow a boundary that falls fast and then stays level for long. */
static int preset_of(int preset, double v, double a, double c)
{
    const double drift = (a - c - 0.5 * v * v) / v, fall = a + 0.5 * drift * drift;
    const double share = fmin(1.0, GEX_AMERICAN_LEVEL / fall), steep = fabs(a - c) / v * sqrt(share);

    v *= sqrt(share); /* of the boundary: american_solve.h */
    a *= share;
    c *= share;

    if (preset == 0 && (steep > 2.0 || v > 1.5 || a > 1.5 || fabs(c) > 3.0))
        preset = 1;
    if (preset == 1 && (steep > 2.5 || v > 1.2 || a > 0.8 || fabs(c) > 1.6))
        preset = 2;
    return preset;
}

int gex__american_terms(const struct gex__black_in *in, int64_t row, int preset, double *years)
{
    const bool put = in->right[row] < 0;
    const double put_rate = put ? in->rate[row] : in->carry[row], put_yield = put ? in->carry[row] : in->rate[row];

    *years = years_that_matter(in->years[row], in->vol[row], put_rate, put_yield);
    return preset_of(preset, in->vol[row] * sqrt(*years), put_rate * *years, put_yield * *years);
}

/* Rows of each preset waiting for a full group of lanes. */
struct waiting {
    int     count;
    int64_t row[GEX_AMERICAN_GROUP];
    double  years[GEX_AMERICAN_GROUP];
};

struct rows {
    struct gex__american_job job;
    int                      preset; /* asked for: the least */
    struct waiting           waiting[GEX_AMERICAN_PRESETS];
    int                      paying[GEX__ESCROW_KINDS]; /* rows of one expiry and kind waiting under dividends */
    int64_t                  paying_row[GEX__ESCROW_KINDS][GEX_ESCROW_LANES];
};

static void flush(struct rows *rows, int preset)
{
    struct waiting *const w = &rows->waiting[preset];

    gex__american_group(&rows->job, preset, w->count, w->row, w->years);
    w->count = 0;
}

/* The European part over the years that matter. Rare, and kept off the stack of the rest. */
static __attribute__((noinline)) void shorten(const struct gex__american_job *job, int64_t row, double years)
{
    const struct gex__black_in *in = job->in;
    const double spot = gex__spot_of(in, row);
    const struct gex__black_in alone = {.rows = 1,
                                        .spot = &spot,
                                        .one_spot = true,
                                        .strike = &in->strike[row],
                                        .years = &years,
                                        .vol = &in->vol[row],
                                        .rate = &in->rate[row],
                                        .carry = &in->carry[row],
                                        .right = &in->right[row]};
    double *outputs[GEX_GREEK_LAST_ + 1];

    for (int32_t greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = job->outputs[greek] != NULL ? &job->outputs[greek][row] : NULL;
    gex__black(job->instruction_set, &alone, outputs, NULL);
}

static void let_wait(struct rows *rows, int64_t row)
{
    const struct gex__black_in *in = rows->job.in;
    double years;
    const int preset = gex__american_terms(in, row, rows->preset, &years);
    struct waiting *const w = &rows->waiting[preset];

    if (years < in->years[row])
        shorten(&rows->job, row, years);
    w->row[w->count] = row;
    w->years[w->count] = years;
    if (++w->count == GEX_AMERICAN_GROUP)
        flush(rows, preset);
}

/*
 * No deviation: the spot's path is known, and the holder exercises when the discounted payoff of the put, K e^-rt - S
 * e^-qt, is largest: now, at expiry, or in between where its slope vanishes, t* = log(r K / (q S)) / (r - q) with r and
 * q as the put sees them. There the greeks of first order are those of the payoff at fixed t*;
 * of those by vol only the first is known.
 */
static void without_deviation(const struct gex__american_job *job, int64_t row, double put_rate, double put_yield)
{
    const struct gex__black_in *in = job->in;
    const double f = in->right[row], S = gex__spot_of(in, row), K = in->strike[row], T = in->years[row];
    const double put_spot = f < 0 ? S : K, put_strike = f < 0 ? K : S;
    const double now = put_strike - put_spot, last = put_strike * exp(-put_rate * T) - put_spot * exp(-put_yield * T);
    const double ratio = put_rate * put_strike / (put_yield * put_spot), between = log(ratio) / (put_rate - put_yield);
    double best = fmax(last, 0.0), when = T;

    if (put_rate * put_yield > 0.0 && between > 0.0 && between < T) {
        const double then = put_strike * exp(-put_rate * between) - put_spot * exp(-put_yield * between);

        if (then > best) {
            best = then;
            when = between;
        }
    }
    if (job->boundary != NULL && put_rate > 0.0)
        job->boundary[row] = put_yield > put_rate ? (f < 0 ? K * put_rate / put_yield : K * put_yield / put_rate) : K;
    if (now > 0.0 && now >= best) {
        gex__american_exercised(job, row);
    } else if (when < T) {
        const double paid = exp(-in->carry[row] * when), grown = exp(-in->rate[row] * when);
        const double gamma =
            -f * -put_yield * exp(-put_yield * when) / (put_rate - put_yield) * (f < 0 ? -1.0 / S : K / (S * S));
        const double known[GEX_GREEK_LAST_ + 1] = {
            [GEX_GREEK_PRICE] = best,
            [GEX_GREEK_DELTA] = f * paid,
            [GEX_GREEK_GAMMA] = gamma,
            [GEX_GREEK_RHO] = f * when * K * grown,
            [GEX_GREEK_EPSILON] = -f * when * S * paid,
            [GEX_GREEK_DUAL_DELTA] = -f * grown,
            [GEX_GREEK_DUAL_GAMMA] = S * S * gamma / (K * K),
            [GEX_GREEK_SPEED] = (double)NAN,
            [GEX_GREEK_VOMMA] = (double)NAN,
            [GEX_GREEK_ULTIMA] = (double)NAN,
            [GEX_GREEK_DVANNA_DVOL] = (double)NAN,
        };
        for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
            if (job->outputs[greek] != NULL)
                job->outputs[greek][row] = known[greek];
    }
}

static void escrow_flush(struct rows *rows, enum gex__escrow_kind kind, const struct gex__dividends *dividends)
{
    gex__american_escrow(&rows->job, kind, rows->paying[kind], rows->paying_row[kind], dividends);
    rows->paying[kind] = 0;
}

static void escrow_wait(struct rows *rows, int64_t row, const struct gex__dividends *dividends)
{
    const struct gex__black_in *in = rows->job.in;
    const enum gex__escrow_kind kind = gex__escrow_kind_of(in, row, dividends, in->vol[row], gex__spot_of(in, row));
    int64_t *const waiting = rows->paying_row[kind];

    if (rows->paying[kind] > 0 && in->years[waiting[0]] != in->years[row])
        escrow_flush(rows, kind, dividends);
    waiting[rows->paying[kind]++] = row;
    if (rows->paying[kind] == GEX_ESCROW_LANES)
        escrow_flush(rows, kind, dividends);
}

static __attribute__((noinline)) void value_row(struct rows *rows, int64_t row, const struct gex__dividends *dividends)
{
    const struct gex__american_job *job = &rows->job;
    const struct gex__black_in *in = job->in;
    const double f = in->right[row], T = in->years[row];
    const double put_rate = f < 0 ? in->rate[row] : in->carry[row], put_yield = f < 0 ? in->carry[row] : in->rate[row];
    const enum gex__exercise exercise = gex__exercise_of(put_rate, put_yield);

    if (job->boundary != NULL) /* unless something better is known; at expiry exercise is at the strike */
        job->boundary[row] = T == 0.0 ? in->strike[row] : f < 0 ? 0.0 : HUGE_VAL;
    if (T == 0.0)
        return;
    if (dividends->escrowed && gex__escrow_events(dividends, T).count > 0)
        escrow_wait(rows, row, dividends);
    else if (!dividends->escrowed && dividends->count > 0 && dividends->years[0] < T)
        gex__american_by_grid(job, row, dividends);
    else if (in->vol[row] * sqrt(T) < GEX_AMERICAN_LEAST)
        without_deviation(job, row, put_rate, put_yield);
    else if (exercise == GEX__ONE_BOUNDARY)
        let_wait(rows, row);
    else if (exercise == GEX__TWO_BOUNDARIES)
        gex__american_pair(job, row);
}

/* European values, of rows under dividends at what is left of the spot. Apart: nothing takes more stack than what it
 * calls. */
static __attribute__((noinline)) void black_block(const struct gex__american_job *job, int64_t from, int64_t rows,
                                                  const struct gex__dividends *dividends, uint8_t *code)
{
    const struct gex__black_in *in = job->in;
    struct gex__black_in block = {.rows = rows,
                                  .spot = in->one_spot ? in->spot : in->spot + from,
                                  .one_spot = in->one_spot,
                                  .strike = in->strike + from,
                                  .years = in->years + from,
                                  .vol = in->vol + from,
                                  .rate = in->rate + from,
                                  .carry = in->carry + from,
                                  .right = in->right + from};
    double *here[GEX_GREEK_LAST_ + 1] = {NULL};
    double spot[BLOCK];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        here[greek] = job->outputs[greek] != NULL ? job->outputs[greek] + from : NULL;
    if (dividends->escrowed && dividends->count > 0) {
        for (int64_t i = 0; i < rows; i++)
            spot[i] = gex__escrowed_spot_of(in, from + i, dividends);
        block.spot = spot;
        block.one_spot = false;
    }
    gex__black(job->instruction_set, &block, here, code);
}

void gex__american(int32_t instruction_set, int preset, const struct gex__black_in *in,
                   const struct gex__dividends *dividends, double *const outputs[GEX_GREEK_LAST_ + 1], double *boundary,
                   uint8_t *status)
{
    struct rows all = {.job = {in, instruction_set, 0, outputs, boundary, status}, .preset = preset};
    uint8_t code[BLOCK];

    for (int32_t greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        all.job.wanted |= outputs[greek] != NULL ? WANT(greek) : 0;
    for (int64_t from = 0; from < in->rows; from += BLOCK) {
        const int64_t rows = in->rows - from < BLOCK ? in->rows - from : BLOCK;

        black_block(&all.job, from, rows, dividends, code);
        if (status != NULL)
            memcpy(status + from, code, (size_t)rows);
        for (int64_t i = 0; i < rows; i++) {
            if (code[i] != GEX_CALC_DOMAIN)
                value_row(&all, from + i, dividends);
            else if (boundary != NULL)
                boundary[from + i] = (double)NAN;
        }
    }
    for (int k = preset; k < GEX_AMERICAN_PRESETS; k++)
        flush(&all, k);
    for (int kind = 0; kind < GEX__ESCROW_KINDS; kind++)
        escrow_flush(&all, (enum gex__escrow_kind)kind, dividends);
}
