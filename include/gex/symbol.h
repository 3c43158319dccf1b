/* SPDX-License-Identifier: Apache-2.0 */
/** @file symbol.h Option symbols and what a root tells. */
#ifndef GEX_SYMBOL_H
#define GEX_SYMBOL_H

#include <gex/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { GEX_CALL = 1, GEX_PUT = -1 };
enum { GEX_EXERCISE_EUROPEAN = 1, GEX_EXERCISE_AMERICAN = 2 };
enum { GEX_PAYOFF_VANILLA = 1, GEX_PAYOFF_INVERSE = 2 /**< paid in coin */ };
enum { GEX_VENUE_US = 0, GEX_VENUE_DERIBIT = 1 /**< European, 08:00 UTC, one coin a contract */ };
enum { GEX_SETTLE_AM = 1, GEX_SETTLE_PM = 2, GEX_SETTLE_0800_UTC = 3 };
/** Whose roots they are: ES is a stock's and a future's. A Deribit name is Deribit's either way. */
enum {
    GEX_ROOTS_OF_LISTED = 0, /**< US options on stocks, funds and indices, as gex_root_facts() */
    GEX_ROOTS_OF_FUTURES = 1 /**< US futures and the options on them, as gex_root_facts_of() */
};

/** One series, as its symbol names it. Written by the library; the caller sets struct_size. */
typedef struct gex_series {
    uint32_t struct_size;
    int32_t  expiry;       /**< yyyymmdd */
    int64_t  strike_milli; /**< strike * 1000, exact */
    double   strike;       /**< the double nearest to strike_milli / 1000 */
    int8_t   right;        /**< GEX_CALL or GEX_PUT */
    char     root[15];     /**< terminated; of a Deribit name what stands before the date, BTC or SOL_USDC */
    int32_t  venue;        /**< GEX_VENUE_*: whose symbol it is; a root of one is not the same root of another */
    int32_t  payoff;       /**< GEX_PAYOFF_*; the reader alone writes it: inverse for a Deribit root without currency */
} gex_series;

/**
 * Read an OSI symbol, padded ("SPXW  230914C01200000", 21 characters, as Databento's definitions have it) or compact
 * ("SPXW230914C01200000"), or a Deribit name ("BTC-27FEB26-68000-C", "XRP_USDC-30JUN23-0d625-C").
 *
 * OSI: a root of 1 to 6 letters and digits beginning with a letter, date YYMMDD (20YY, a real date), C or P,
 * strike * 1000 in 8 digits. Deribit: a root of at most 14 letters, digits and underscores, day without a leading zero,
 * month, year 20YY, strike in digits with d for the point and at most three behind it, no zeros that could be left out.
 * Trailing blanks are allowed; lower case is not.
 * @return GEX_OK, GEX_ERR_FORMAT (message says which part), _ARGUMENT, _VERSION. Thread class: pure. Since 0.1.
 * Source: OCC Options Symbology Initiative (2010); Deribit API, instrument naming.
 */
GEX_API gex_status gex_symbol_parse(const char *text, int64_t length, gex_series *series_out, gex_error *error);

/**
 * Write the symbol of a series: what gex_symbol_parse() reads back to it.
 * @param padded    nonzero: the root of an OSI symbol padded with blanks to six characters
 * @param capacity  at least 22, for a Deribit name 48; the text is terminated
 * @return bytes written without the terminator, or 0 when the series cannot be written so.
 *         Thread class: pure. Since 0.1.
 */
GEX_API int64_t gex_symbol_format(const gex_series *series, int32_t padded, char *buffer, int64_t capacity);

/** What a root tells. Written by the library; the caller sets struct_size. */
typedef struct gex_root {
    uint32_t struct_size;
    int32_t  settle;     /**< GEX_SETTLE_AM or GEX_SETTLE_PM; 0 of a future: no one instant */
    int32_t  exercise;   /**< GEX_EXERCISE_EUROPEAN or GEX_EXERCISE_AMERICAN */
    uint32_t flags;      /**< GEX_FLAG_UNKNOWN_ROOT, GEX_FLAG_ADJUSTED_ROOT */
    double   multiplier; /**< units of the underlying a contract; NaN of a future that is not known */
} gex_root;

/**
 * Facts of a US option root: European are SPX SPXW XSP NDX NDXP XND RUT RUTW MRUT DJX VIX VIXW XEO; AM-settled are SPX
 * NDX RUT DJX VIX VIXW; everything else is PM-settled and American; the multiplier is 100. A root outside the table of
 * index and fund roots is flagged GEX_FLAG_UNKNOWN_ROOT, one that ends in a digit GEX_FLAG_ADJUSTED_ROOT as well.
 * @return GEX_OK, GEX_ERR_ARGUMENT, _VERSION. Thread class: pure. Since 0.1. Source: Cboe product specifications.
 */
GEX_API gex_status gex_root_facts(const char *root, int64_t length, gex_root *root_out, gex_error *error);

/**
 * Facts of a root by whose it is: of GEX_ROOTS_OF_LISTED those of gex_root_facts(), of GEX_ROOTS_OF_FUTURES those of
 *
 *     ES EW EW1..4 E1..5A..D MES, NQ QN1..4 Q1..5A..D MNQ, RTY M2K, YM MYM, VX; CL LO MCL, NG ON LN, HO OH, RB OB;
 *     GC OG MGC, SI SO, PL, HG HXE; ZB OZB, ZN OZN, ZF OZF, ZT OZT; ZC OZC, ZS OZS, ZW OZW, ZL OZL, ZM OZM, LE, HE;
 *     6E EUU, 6J JPU, 6B GBU, 6A ADU, 6C CAU, 6S CHU; BTC MBT ETH MET
 *
 * The multiplier turns the price that the exchange quotes into dollars: 50 for ES, 50 for corn in cents a bushel, 1000
 * for notes in points, 12,500,000 for yen in dollars. A future's own root has the style of its quarterly or monthly
 * options; EW and all behind it up to E5D, QN1 to Q5D, LN, VX, currencies and coins are European, the rest American.
 * No root says at what hour its options end: settle is 0. Any other root has multiplier NaN, GEX_FLAG_UNKNOWN_ROOT, and
 * is American.
 * @param roots  GEX_ROOTS_OF_*
 * @return GEX_OK, GEX_ERR_ARGUMENT, _VERSION. Thread class: pure. Since 0.1.
 * Source: contract specifications of CME Group and Cboe Futures Exchange, as of 2025.
 */
GEX_API gex_status gex_root_facts_of(int32_t roots, const char *root, int64_t length, gex_root *root_out,
                                     gex_error *error);

#ifdef __cplusplus
}
#endif
#endif
