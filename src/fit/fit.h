/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of libgex-fit: it stands right of every room and sees public headers only, so it brings its own manners. */
#ifndef GEX_FIT_INSIDE_H
#define GEX_FIT_INSIDE_H

#include <fenv.h>
#include <stdbool.h>
#include <stddef.h>

#include <gex/fit.h>

/* ---- manners: manners.c ----------------------------------------------------------------------------------------- */

gex_status gex__fit_fail(gex_error *error, gex_status status, const char *message);

/* errno, rounding and traps of the host; the work is done in the default environment. */
struct gex__fit_guest {
    int saved_errno;
    fenv_t environment;
};
void gex__fit_enter(struct gex__fit_guest *guest);
void gex__fit_leave(const struct gex__fit_guest *guest);

/* A struct of any age: a shorter one leaves the rest of `mine`, a longer one has to be zero beyond. */
bool gex__fit_take(void *mine, uint32_t mine_size, uint32_t first_size, const void *theirs);
void gex__fit_init(void *theirs, uint32_t theirs_size, uint32_t mine_size);

/* ---- quotes: quotes.c ------------------------------------------------------------------------------------------- */

/* One quote as the fits see it: r = (w - mid) scale is the distance in half-spreads, weight included. */
struct gex__quote {
    double k, mid, scale;
    double bid, ask;   /* vols */
    double low, high;  /* total variances of them */
    double unit;       /* scale without the weight */
    double weight;
    double model;      /* what the fit says, vol */
    int64_t row;
};

/* One expiry and its quotes. */
struct gex__expiry {
    double years, forward;
    int64_t count, strikes;   /* quotes used, and strikes among them that differ */
    struct gex__quote *quote; /* ascending in k */
    uint8_t slice, fitted;
    double raw[5];               /* a, b, rho, m, s */
    double slope_error[2];       /* variance of the left and the right slope as the quotes tell them */
    double pool[2], pool_weight; /* of isotonic regression: slopes, or theta in the first */
    int64_t pool_size;
    double low[2], high[2]; /* bounds of the slopes */
    double theta, raised;
    double most_held[5]; /* the slice for itself that holds most; a is NaN where squares hold all, or none was found */
};

/* Everything a fit works on: one block of the context's memory. */
struct gex__work {
    const gex_context *context;
    gex_fit_columns columns;
    gex_fit_results results;
    struct gex__expiry *expiry; /* in the caller's order */
    int64_t *by_years; /* the `used` ones that can be used, years ascending; after fitting, those that are fitted */
    int64_t used;
    struct gex__quote *quotes;
    uint8_t *row_status;
    int64_t size; /* bytes of the block, which begins with expiry */
};

/* Total variance at the money: straight between the quotes around the money; the nearest where all lie on one
 * side. */
double gex__level_at_the_money(const struct gex__expiry *expiry);
/* Room for `count` elements of `element` bytes after what stands in *size, on a line of its own. @return its offset;
 * *size is -1 once something does not fit. */
int64_t gex__fit_room(int64_t *size, int64_t count, int64_t element);
/* The door's part: prove the columns and the results, take memory, judge and sort rows. On failure nothing is held. */
gex_status gex__work_open(struct gex__work *work, const gex_context *context, const gex_fit_columns *columns,
                          const gex_fit_results *results, bool wants_loss, bool wants_enforce, gex_error *error);
/* Behind the guest: fails with GEX_ERR_DOMAIN when spot is no price. */
gex_status gex__work_sort(struct gex__work *work, gex_error *error);
/* Leave out of by_years what has no fit, with its status. @return false when nothing is left. */
bool gex__work_keep_fitted(struct gex__work *work);
void gex__work_close(struct gex__work *work);
/* What slices of raw SVI say of their quotes. */
void gex__work_model(struct gex__work *work);
/* Errors of the fit into the caller's arrays. */
void gex__work_report(const struct gex__work *work);

/* ---- one slice: slice.c, polish.c ------------------------------------------------------------------------------- */

/* w = a + L (R - x) / 2 + U (R + x) / 2, x = k - m, R = sqrt(x^2 + s^2): level, slopes of the wings, and q = ln s. */
enum { FIT_A, FIT_L, FIT_U, FIT_M, FIT_Q, FIT_COUNT };

enum { GEX_FIT_GRID = 141, GEX_FIT_EDGE = 161 };
/* A neighbour in time, on a grid in k: total variance may not fall below the one before, nor rise above the one
 * after. */
struct gex__fence {
    double k[GEX_FIT_GRID], w[GEX_FIT_GRID];
    double weight; /* of a breach, relative to w, in the sum of squares */
};

/* Tables of edge.c. */
struct gex__edge {
    double l[GEX_FIT_EDGE], per_root[GEX_FIT_EDGE];
};

/* Least squares over the quotes of an expiry. */
struct gex__problem {
    const struct gex__quote *quote;
    int64_t count;
    double low[2], high[2];         /* slopes L and U */
    double m[2], q[2];              /* bounds of m and ln s */
    double stray;                   /* 0: squares; else u^2 / (1 + u^2) with u = (r / stray)^2 */
    double hold;                    /* above 0: v^2 / (v^2 + hold^2), v what w lies outside bid and ask by */
    const struct gex__fence *fence; /* the expiry before; NULL: none */
    const struct gex__fence *roof;  /* the expiry after; NULL: none */
    const struct gex__edge *edge;   /* NULL: x is free; else s is the least without a butterfly */
};

void gex__problem_of(const struct gex__expiry *expiry, struct gex__problem *problem);
/* Best a, L and U for one m and s: solution of the bounded quadratic problem. @return the sum of squares. */
double gex__slice_inner(const struct gex__problem *problem, double m, double s, double x[FIT_COUNT]);
/* Best of a grid in (m, s); then polished. */
double gex__slice_search(const struct gex__problem *problem, double x[FIT_COUNT]);
enum { GEX_FIT_COARSE = 12, GEX_FIT_FINE = 60 };
/* Levenberg-Marquardt from x within the bounds, at most `steps`; up to GEX_FIT_COARSE of them it is content with less.
 * @return the objective; slope_error as in gex__expiry when not NULL. */
double gex__slice_polish(const struct gex__problem *problem, double x[FIT_COUNT], int steps, double *slope_error);

/* The sum of squares at x. */
double gex__slice_cost(const struct gex__problem *problem, const double x[FIT_COUNT]);

void gex__raw_of(const double x[FIT_COUNT], double raw[5]);
void gex__x_of(const double raw[5], double x[FIT_COUNT]);

/* Isotonic regression of expiry->pool[at] over `count` expiries in order, each of pool_weight; pool_size is
 * overwritten. */
void gex__isotonic(struct gex__expiry *expiry, const int64_t *order, int64_t count, int at);

/* ---- the edge of butterflies: edge.c ---------------------------------------------------------------------------- */

void gex__edge_make(struct gex__edge *edge);
/* z holds a / s, L, U and m / s: x with the least s that has no butterfly. @return false where none has. */
bool gex__edge_find(const struct gex__edge *edge, const double z[FIT_COUNT], double x[FIT_COUNT]);
/* Raise a until x has no butterfly. @return false where no a will do. */
bool gex__edge_lift(const struct gex__edge *edge, double x[FIT_COUNT]);
void gex__edge_of(const double x[FIT_COUNT], double z[FIT_COUNT]);
/* The least s at a / s, L, U and m / s of x, over the s of x: below 1 where x has no butterfly. */
double gex__edge_share(const struct gex__edge *edge, const double x[FIT_COUNT]);

/* ---- free of arbitrage: free.c ---------------------------------------------------------------------------------- */

bool gex__slice_sound(const struct gex__expiry *before, const double raw[5]);
/* Polished free, if that ends without a butterfly; else the better of two on the edge: from where that ended, and from
 * x where that has none. @return the objective; +inf, and x as it was, where there is no such slice. */
double gex__slice_settle(struct gex__problem *problem, const struct gex__edge *edge, double x[FIT_COUNT]);
/* Fit again without a butterfly, and above the expiry before unless that is NULL, but for what a small lift does.
 * @return false when there is no such fit. */
bool gex__slice_free(struct gex__expiry *expiry, const struct gex__expiry *before, double stray);

/* ---- quotes held: search.c, hold.c ------------------------------------------------------------------------------ */

/* Weight of the quotes within bid and ask. */
double gex__held(const struct gex__problem *problem, const double x[FIT_COUNT]);
/* From x, which is within the bounds and fences and, unless edge is NULL, without a butterfly, to where no fewer
 * quotes are held and all of that still is so. @return what is held. */
double gex__search(const struct gex__problem *problem, const struct gex__edge *edge, int rounds, double x[FIT_COUNT]);
/* most_held, from raw; `sound`: that has no butterfly. The best of all starts is searched around for `rounds` more. */
void gex__slice_hold(struct gex__expiry *expiry, bool sound, int rounds);
/* raw: the most held between two neighbours, each of which may be NULL, from raw, from most_held and from the one
 * before; as it is where nothing better is without arbitrage. */
void gex__slice_hold_between(struct gex__expiry *expiry, const struct gex__expiry *before,
                             const struct gex__expiry *after);

/* ---- all slices: order.c ---------------------------------------------------------------------------------------- */

/* pool: slopes that rise with years. */
void gex__order_slopes(struct gex__work *work);
/* Refit and, at worst, lift, from the first expiry on, until nothing is violated. */
void gex__order_enforce(struct gex__work *work);
/* The same, and then back and forth for the most quotes held. */
void gex__order_hold(struct gex__work *work);
/* Slopes of raw within their range, and raw lifted until it is sound. @return false where no constant does it. */
bool gex__slice_lift(const struct gex__expiry *expiry, const struct gex__expiry *before, double raw[5]);
/* Lift what has a butterfly, each expiry for itself. */
void gex__order_lift(struct gex__work *work);
/* The slice of `other` as a fence of the expiry's. */
void gex__fence_make(const struct gex__expiry *expiry, const struct gex__expiry *other, struct gex__fence *fence);

#endif
