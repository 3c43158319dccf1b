/* SPDX-License-Identifier: Apache-2.0 */
/*
 * American options under dividends that are escrowed: of the stock, what is paid out by expiry is known, and the rest
 * is lognormal.
 *
 *     S(t) = alpha(t) s(t) + P(t)     ds / s = (r - q) dt + vol dW     at expiry alpha = 1, P = 0
 *
 * At an ex-date that pays c + f S(t-) both step, backwards in time, alpha' = alpha / (1 - f) and P' = (P + c) / (1 -
 * f); in between P(t) grows at the rate. So s = (S - P) / alpha, the forward is s e^((r - q) T), European options are
 * Black's at s with the very same volatility, and exercise pays alpha s + P - K (Hull; docs/american.md). The premium
 * over Black is solved on a grid in log s.
 */
#ifndef GEX_MATH_AMERICAN_ESCROW_H
#define GEX_MATH_AMERICAN_ESCROW_H

#include "american_group.h"

/* Ex-dates after now and not after expiry. */
struct gex__escrow_events gex__escrow_events(const struct gex__dividends *dividends, double years);

/* Today: S = alpha s + paid. */
struct gex__escrowed {
    double alpha, paid, by_rate; /* the last is -d paid / d rate */
};
struct gex__escrowed gex__escrowed_of(const struct gex__escrow_events *events, double rate);
/* s of a stock. Where dividends take it all, next to nothing. */
double gex__escrowed_spot(const struct gex__escrowed *escrowed, double spot);

/* s of a row, its spot where no ex-date lies before its expiry. */
double gex__escrowed_spot_of(const struct gex__black_in *in, int64_t row, const struct gex__dividends *dividends);

/* Of the European option at s: what turns derivatives at s into derivatives at the stock, and where gex__black() would
 * take too much of a small stack. log_moneyness: log(s / strike); fade: e^(-carry years). Without delta that
 * and charm are not to be read. */
struct gex__escrow_european {
    double delta, gamma, speed, vanna, charm;
};
struct gex__escrow_european gex__escrow_european_of(const struct gex__black_in *in, int64_t row, double s,
                                                    double log_moneyness, double fade, bool with_delta);

/*
 * Between ex-dates exercise gains f (q alpha s - r K) a year: a call is exercised there above alpha s = r K / q, a put
 * below, each where that pays. Of a row with an ex-date before its expiry, at that volatility and spots up to `high`:
 */
enum gex__escrow_kind {
    GEX__ESCROW_EUROPEAN, /* never exercised, or with a premium below 1e-9 of the strike */
    GEX__ESCROW_CALLS,    /* a call that is exercised before ex-dates alone: kernel/escrow_dates.h */
    GEX__ESCROW_GRID,
    GEX__ESCROW_KINDS
};
enum gex__escrow_kind gex__escrow_kind_of(const struct gex__black_in *in, int64_t row,
                                          const struct gex__dividends *dividends, double vol, double high);

/*
 * Rows of the same years and one kind, at most GEX_ESCROW_LANES of them, each with ex-dates before its expiry. The
 * outputs hold the European values at s already.
 */
void gex__american_escrow(const struct gex__american_job *job, enum gex__escrow_kind kind, int count,
                          const int64_t *row, const struct gex__dividends *dividends);

/* ---- deltas at many spots
 * -------------------------------------------------------------------------------------------- */

struct gex__escrow_spots {
    int64_t count;
    const double *spot;
    double *delta; /* of row i at spot k: delta[k * stride + i] */
    int64_t stride;
};
/* Has the row ex-dates before its expiry, and a deviation for the grid? */
bool gex__escrow_is_held(const struct gex__black_in *in, int64_t row, const struct gex__dividends *dividends);
/*
 * Deltas of at most GEX_ESCROW_LANES rows of the same years, each of them held: the bits that gex__american() gives a
 * row at each of the spots. `in->spot` is not read.
 */
void gex__escrow_deltas(int32_t instruction_set, const struct gex__black_in *in, int count, const int64_t *row,
                        const struct gex__dividends *dividends, const struct gex__escrow_spots *at);

/* ---- greeks at many spots
 * ------------------------------------------------------------------------------------------ */

/* Doubles a row takes, at one volatility or over a range of them; the first of them is the row. */
int64_t gex__escrow_table_size(bool by_vol);
/*
 * Work out what no spot changes, up to the price `high`: at most GEX_ESCROW_ROWS rows of the same years, `tables` one
 * after another. least, most: of the volatilities asked for, by row of `in`; NULL: the rows' own. by_vol: needed for
 * vanna, and for a range.
 */
enum { GEX_ESCROW_ROWS = 16 };
void gex__escrow_hoist(int32_t instruction_set, const struct gex__black_in *in, int count, const int64_t *row,
                       const struct gex__dividends *dividends, bool by_vol, const double *least, const double *most,
                       double high, double *tables);
/*
 * Gamma, delta, charm and vanna (by_vol) of the rows of `count` tables at one price, in place of what is there from
 * element `at` on; `in` begins with the row of the first table, has that many, and `in->spot` is not read.
 */
void gex__escrow_profile(int32_t instruction_set, const struct gex__black_in *in, const double *tables, int64_t count,
                         bool by_vol, double price, int64_t at, double *const outputs[GEX_GREEK_LAST_ + 1]);

#endif
