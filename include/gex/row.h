/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file row.h What became of a row. A bad row is data, not a failure: it keeps its place, its results are NaN, and
 * every total says how many rows it used and how many it refused under which heading.
 */
#ifndef GEX_ROW_H
#define GEX_ROW_H

#include <gex/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row has one status: the smallest number that applies. The texts are the keys of the JSON report. */
#define GEX_ROW_LIST(X)                                                                                          \
    X(GEX_ROW_USED, 0, "used")                                                                                   \
    X(GEX_ROW_BAD_STRIKE, 1, "bad_strike")   /* not a finite number above zero */                                \
    X(GEX_ROW_BAD_RIGHT, 2, "bad_right")     /* neither call (+1) nor put (-1) */                                \
    X(GEX_ROW_BAD_SYMBOL, 3, "bad_symbol")   /* symbol, root or expiry not understood */                         \
    X(GEX_ROW_NOT_FINITE, 4, "not_finite")   /* a needed number is NaN, infinite, or a negative quantity */      \
    X(GEX_ROW_EXPIRED, 5, "expired")         /* settled before the as-of instant */                              \
    X(GEX_ROW_NO_VOL, 6, "no_vol")           /* no volatility: missing, zero, negative, or not implied by a price */ \
    X(GEX_ROW_NO_PRICE, 7, "no_price")       /* a price was needed and there is no two-sided quote */            \
    X(GEX_ROW_UNSUPPORTED, 8, "unsupported") /* not valued: adjusted root, unknown future, coin payoff at a rate */

#define GEX_ROW_ENUM(name, value, text) name = value,
enum { GEX_ROW_LIST(GEX_ROW_ENUM) GEX_ROW_COUNT = 9 };

/* What is worth knowing about a row without refusing it. Bits of one uint32_t. */
#define GEX_FLAG_LIST(X)                                                                                   \
    X(GEX_FLAG_DUPLICATE, 1, "duplicate")           /* the same series stands in an earlier row too */     \
    X(GEX_FLAG_UNKNOWN_ROOT, 2, "unknown_root")     /* settled at the close, American, by default */       \
    X(GEX_FLAG_ADJUSTED_ROOT, 4, "adjusted_root")   /* deliverable changed by a corporate action */        \
    X(GEX_FLAG_NO_QUOTE, 8, "no_quote")             /* neither bid nor ask */                              \
    X(GEX_FLAG_ONE_SIDED, 16, "one_sided")          /* bid or ask alone */                                 \
    X(GEX_FLAG_CROSSED, 32, "crossed")              /* bid above ask */                                    \
    X(GEX_FLAG_MOVED_EXPIRY, 64, "moved_expiry")    /* listed on a closed day; settles on the session before */ \
    X(GEX_FLAG_AMERICAN_AS_EUROPEAN, 128, "american_as_european") /* as if exercised at expiry only, as asked */ \
    X(GEX_FLAG_VOL_IN_THE_MONEY, 256, "vol_in_the_money") /* vol of the side in the money: the other has none */ \
    X(GEX_FLAG_ZERO_BID, 512, "zero_bid")           /* an ask, and a bid of zero: nobody pays for it */    \
    X(GEX_FLAG_WIDE, 1024, "wide")                  /* spread too wide beside the middle */                \
    X(GEX_FLAG_STALE, 2048, "stale")                /* quote older than was asked for */                   \
    X(GEX_FLAG_NOT_MONOTONE, 4096, "not_monotone")  /* beside a neighbour: a vertical spread out of its bounds */ \
    X(GEX_FLAG_NOT_CONVEX, 8192, "not_convex")      /* middle above the line between its neighbours' */    \
    X(GEX_FLAG_CALENDAR, 16384, "calendar")         /* worth more than the same strike settling later */   \
    X(GEX_FLAG_OTM_SIDE, 32768, "otm_side")         /* the side of its strike that is out of the money */  \
    X(GEX_FLAG_VOL_CAPPED, 65536, "vol_capped")    /* given vol at or beyond a limit of the caller's: none */ \
    X(GEX_FLAG_REPAIRED, 131072, "repaired")        /* middle moved within bid and ask: no arbitrage, as asked */

#define GEX_FLAG_ENUM(name, value, text) name = value,
enum { GEX_FLAG_LIST(GEX_FLAG_ENUM) GEX_FLAG_LAST_ = 131072 };

/** Key of a row status, as in the JSON report. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_row_text(int32_t row_status);
/** Key of one flag bit. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_flag_text(uint32_t flag);

#ifdef __cplusplus
}
#endif
#endif
