/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file basket.h Stage 6: several underlyings as one book, hedged with one reference product in one currency.
 *
 * A member is a market and a book of its own underlying, at price P. The reference is what the basket is hedged with: a
 * price R in the hedge currency, S today. A link says how P follows R, always through today's two prices, and always on
 * a straight line: P = slope R + constant. With V the value of a member and x the hedge currency per unit of its own,
 *
 *     d (x V) / dR = x slope dV/dP        d2 (x V) / dR2 = x slope^2 d2V/dP2        and slope^3 for speed,
 *
 * and a basket is a function of R whose units are those of docs/conventions.md with R for spot. Every total is the
 * correctly rounded sum of its members' lines: the order of members changes no bit. Formulas: docs/basket.md.
 */
#ifndef GEX_BASKET_H
#define GEX_BASKET_H

#include <gex/flow.h>
#include <gex/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gex_basket          gex_basket;          /**< immutable; any thread may read it; keeps what it holds */
typedef struct gex_basket_exposure gex_basket_exposure; /**< likewise; keeps its basket alive */

/* How a member's price follows the reference. p is the member's spot. */
#define GEX_LINK_LIST(X)                                                                              \
    X(GEX_LINK_RATIO, 1, "ratio") /* the ratio p / S stays: P = R p / S. SPY, XSP on SPX */           \
    X(GEX_LINK_BASIS, 2, "basis") /* the difference stays: P = p + factor (R - S). SPX on its future */ \
    X(GEX_LINK_BETA, 3, "beta")   /* returns in proportion: P = p (1 + factor (R / S - 1)). Constituents */

/* What a member is to a dispersion: gex/dispersion.h. */
#define GEX_ROLE_LIST(X)                                          \
    X(GEX_ROLE_OTHER, 1, "other") /* beside both legs */          \
    X(GEX_ROLE_INDEX, 2, "index")                                 \
    X(GEX_ROLE_CONSTITUENT, 3, "constituent")

#define GEX_BASKET_ENUM(name, value, text) name = value,
enum { GEX_LINK_LIST(GEX_BASKET_ENUM) GEX_LINK_LAST_ = 3 };
enum { GEX_ROLE_LIST(GEX_BASKET_ENUM) GEX_ROLE_LAST_ = 3 };

/** One row a member. Fill with gex_basket_columns_init(); spot, market, book and link have no default. */
typedef struct gex_basket_columns {
    uint32_t struct_size;
    int32_t  reserved;  /**< zero */
    int64_t  rows;      /**< members, at least one */
    double   spot;      /**< S: price of the reference now, > 0, hedge currency */
    const gex_market *const *market; /**< all at one instant; kept */
    const gex_book   *const *book;   /**< of the same chain as the member's market; kept */
    gex_text name;      /**< up to 64 bytes; absent: the underlying of each chain */
    gex_i32  link;      /**< GEX_LINK_* */
    gex_f64  factor;    /**< of GEX_LINK_BASIS points per point, of GEX_LINK_BETA the beta; 1 for GEX_LINK_RATIO;
                             finite; absent: 1 */
    gex_f64  currency;  /**< hedge currency for one unit of the member's, > 0; absent: 1 */
    gex_f64  drift;     /**< growth a year of the member's price while the reference stands still, as a basis runs
                             off: rate - dividend yield of a cash index hedged with its future. Flows to later
                             instants alone read it. |drift| <= 10; absent: 0 */
    gex_i32  role;      /**< GEX_ROLE_*; absent: other */
    gex_f64  weight;    /**< of a constituent in its index, >= 0: share of the index's value; absent: 0 */
} gex_basket_columns;
GEX_API void gex_basket_columns_init(gex_basket_columns *columns, uint32_t struct_size);

/**
 * Put members together.
 *
 * @param columns  read during the call; markets and books are kept
 * @param out      freed with gex_basket_free(); NULL on failure
 * @return GEX_OK, GEX_ERR_ARGUMENT (rows, a market or book missing or of different chains, markets of different
 *         instants, a link or role unknown, a factor for GEX_LINK_RATIO; error row = member), _DOMAIN (spot, factor,
 *         currency, drift, weight; a slope that leaves the numbers), _VERSION, _MEMORY, _CALLBACK
 * Since 0.1. Thread class: const-shared. Cost: O(rows of all chains): the greeks of every member; allocations: one, and
 * one a member.
 */
GEX_API gex_status gex_basket_create(const gex_context *context, const gex_basket_columns *columns, gex_basket **out,
                                     gex_error *error);
GEX_API void gex_basket_free(gex_basket *basket); /**< NULL is a no-op; objects made from the basket stay valid */

/* What it holds. Of member i; NULL, 0, "" or NaN out of range. Lent until the basket is freed. Since 0.1. */
GEX_API int64_t           gex_basket_members(const gex_basket *basket);
GEX_API double            gex_basket_spot(const gex_basket *basket);  /**< S */
GEX_API int64_t           gex_basket_as_of(const gex_basket *basket); /**< of every member's market */
GEX_API const char       *gex_basket_name(const gex_basket *basket, int64_t i);
GEX_API const gex_market *gex_basket_market(const gex_basket *basket, int64_t i);
GEX_API const gex_book   *gex_basket_book(const gex_basket *basket, int64_t i);
GEX_API const gex_greeks *gex_basket_greeks(const gex_basket *basket, int64_t i);
GEX_API int32_t           gex_basket_link(const gex_basket *basket, int64_t i);     /**< GEX_LINK_* */
GEX_API int32_t           gex_basket_role(const gex_basket *basket, int64_t i);     /**< GEX_ROLE_* */
GEX_API double            gex_basket_currency(const gex_basket *basket, int64_t i);
GEX_API double            gex_basket_drift(const gex_basket *basket, int64_t i);
GEX_API double            gex_basket_weight(const gex_basket *basket, int64_t i);
GEX_API double            gex_basket_slope(const gex_basket *basket, int64_t i);    /**< dP/dR */
GEX_API double            gex_basket_beta(const gex_basket *basket, int64_t i);     /**< return per return */
GEX_API double            gex_basket_ratio(const gex_basket *basket, int64_t i);    /**< p / S */
GEX_API double            gex_basket_basis(const gex_basket *basket, int64_t i);    /**< p - S */

/**
 * A member's price where the reference is at a price: a level of the reference, MAPPED onto the member.
 * @return NaN where the link leaves no price above zero. Thread class: const-shared. Since 0.1.
 */
GEX_API double gex_basket_price(const gex_basket *basket, int64_t i, double reference);
/**
 * The price of the reference where a member is at a price: a strike or level of the member, MAPPED onto the reference.
 * @return NaN where the reference would not be above zero, or does not move the member. Thread class: const-shared.
 * Since 0.1.
 */
GEX_API double gex_basket_reference(const gex_basket *basket, int64_t i, double price);

/**
 * Exposure of the basket: of every member, in the hedge currency, by the reference.
 *
 * @param options  as for gex_exposure_compute(): spot in a unit is S, adv and future are the reference's, beta is the
 *                 move of volatility per move of the reference; volatilities, years and deltas inside sums are the
 *                 contract's
 * @param out      freed with gex_basket_exposure_free(); NULL on failure
 * @return as gex_exposure_compute(). Since 0.1. Thread class: const-shared. Cost: O(rows of all chains), two
 * allocations a member and one more.
 */
GEX_API gex_status gex_basket_exposure_compute(const gex_context *context, const gex_basket *basket,
                                               const gex_exposure_options *options, gex_basket_exposure **out,
                                               gex_error *error);
GEX_API void gex_basket_exposure_free(gex_basket_exposure *exposure); /**< NULL is a no-op */
GEX_API const gex_basket *gex_basket_exposure_basket(const gex_basket_exposure *exposure);
GEX_API int32_t           gex_basket_exposure_unit(const gex_basket_exposure *exposure);
GEX_API double gex_basket_exposure_total(const gex_basket_exposure *exposure); /**< sum of the members' totals */
GEX_API double gex_basket_exposure_gross(const gex_basket_exposure *exposure); /**< sum of the members' gross */
/**
 * A member's line, with every row, strike and expiry behind it, all in the basket's terms: hedge currency, by the
 * reference. Strikes stay prices of the member.
 * @return lent; NULL out of range. Since 0.1.
 */
GEX_API const gex_exposure *gex_basket_exposure_member(const gex_basket_exposure *exposure, int64_t i);

/**
 * The exposure over a range of prices of the reference, every option of every member repriced where its link takes its
 * underlying, under its own market's dynamics. Over moneyness R / S: divide the prices by S.
 *
 * @param options  as for gex_profile_compute(); the range is of S
 * @param members  NULL, or room for members times points: what member i adds at price p goes to
 *                 members[i * points + p], and the profile is the sum of these
 * @param out      prices of the reference and values in hedge currency; NaN where a member has no price or no
 *                 volatility. Freed with gex_profile_free(); NULL on failure
 * @return as gex_profile_compute(). Since 0.1. Thread class: const-shared. Cost: the sum of the members' profiles; two
 * allocations a member and three more. Same bits for any order of members and rows and number of threads.
 */
GEX_API gex_status gex_basket_profile_compute(const gex_context *context, const gex_basket *basket,
                                              const gex_profile_options *options, double *members, gex_profile **out,
                                              gex_error *error);
/**
 * Every root of that profile, as gex_flips_compute() finds them: prices of the reference, slopes per 1.00 of it.
 *
 * The range stops at the last even price at which every member has a price and a volatility.
 * @return as gex_flips_compute(). Since 0.1. Thread class: const-shared. Cost: O(rows * cells), cells as the narrowest
 * lines of all members ask for.
 */
GEX_API gex_status gex_basket_flips_compute(const gex_context *context, const gex_basket *basket,
                                            const gex_profile_options *options, gex_flips **out, gex_error *error);

/**
 * What the hedge in the reference has to trade, by repricing: + means BUY, in units of the reference (one unit moves by
 * 1.00 of hedge currency a point: divide by a future's multiplier for contracts), a flow's columns summed over members.
 *
 * GEX_FLOW_USD_AT_START is exact times S, hedge currency. A member's move of spot includes its drift.
 *
 * @param options  as for gex_flow_compute(): spot is the reference's; a shift of volatility is every member's
 * @param members  NULL, or room for members times scenarios: member i's part of GEX_FLOW_EXACT in scenario s goes to
 *                 members[i * rows + s]
 * @param out      freed with gex_flow_free(); NULL on failure
 * @return as gex_flow_compute(), also GEX_ERR_DOMAIN where a scenario leaves a member no price (error row = scenario)
 * Since 0.1. Thread class: const-shared. Cost: the sum of the members' flows.
 */
GEX_API gex_status gex_basket_flow_compute(const gex_context *context, const gex_basket *basket,
                                           const gex_flow_options *options, double *members, gex_flow **out,
                                           gex_error *error);

/** Names. @return static storage, never NULL. Thread class: pure. Since 0.1. */
GEX_API const char *gex_link_name(int32_t link);
GEX_API const char *gex_role_name(int32_t role);
/** The link or role of that name, 0 when there is none. Thread class: pure. Since 0.1. */
GEX_API int32_t gex_link_find(const char *name);
GEX_API int32_t gex_role_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
