/* SPDX-License-Identifier: Apache-2.0 */
/* Where dealers stand: totals, flips, walls, and exposures by strike and by expiry. */
#include <math.h>

#include "json_parts.h"

static void put_totals(struct gex__json *j, const struct gex__facts *f)
{
    const double *right = gex_exposure_by(f->gamma, GEX_BY_RIGHT, GEX_SUM_NET, NULL);
    const double *dte = gex_exposure_by(f->gamma, GEX_BY_ZERO_DTE, GEX_SUM_NET, NULL);
    const double *dte_gross = gex_exposure_by(f->gamma, GEX_BY_ZERO_DTE, GEX_SUM_GROSS, NULL);
    const int64_t *dte_count = gex_exposure_count_by(f->gamma, GEX_BY_ZERO_DTE, NULL);

    gex__json_member(j, "totals");
    gex__json_open(j, "{");
    gex__json_number(j, "gex_usd_pct", gex_exposure_total(f->gamma));
    gex__json_number(j, "gross_gex_usd_pct", gex_exposure_gross(f->gamma));
    gex__json_number(j, "call_gex_usd_pct", right[0]);
    gex__json_number(j, "put_gex_usd_pct", right[1]);
    gex__json_number(j, "dex_usd", gex_exposure_total(gex_map_delta(f->map)));
    gex__json_number(j, "vex_usd_volpt", gex_exposure_total(gex_map_vanna(f->map)));
    gex__json_number(j, "cex_usd_calday", gex_exposure_total(gex_map_charm(f->map)));
    gex__json_close(j, "}");

    gex__json_member(j, "zero_dte");
    gex__json_open(j, "{");
    gex__json_number(j, "gex_usd_pct", dte[0]);
    gex__json_number(j, "gross_gex_usd_pct", dte_gross[0]);
    gex__json_number(j, "share", gex_map_zero_dte_share(f->map));
    gex__json_integer(j, "contracts", dte_count[0]);
    gex__json_close(j, "}");
}

static void put_roots(struct gex__json *j, const gex_flips *flips)
{
    gex__json_open(j, "[");
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        gex__json_element(j);
        gex__json_number(j, "price", gex_flips_price(flips, i));
        gex__json_text(j, "direction", gex_direction_text(gex_flips_direction(flips, i)));
        gex__json_number(j, "slope", gex_flips_slope(flips, i));
        gex__json_number(j, "size", gex_flips_size(flips, i));
        gex__json_text(j, "status", gex_root_status_text(gex_flips_root_status(flips, i)));
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

/* Prices at which dealers will have traded nothing by an instant; slopes are shares per 1.00. */
static void put_zero_flow(struct gex__json *j, const gex_map *map)
{
    const gex_flips *flips = gex_map_zero_flow(map);

    if (flips == NULL)
        return;
    gex__json_member(j, "zero_flow");
    gex__json_open(j, "{");
    gex__json_instant(j, "until", gex_map_zero_flow_instant(map));
    gex__json_text(j, "status", gex_roots_text(gex_flips_status(flips)));
    gex__json_number(j, "nearest", gex_flips_price(flips, gex_flips_nearest(flips)));
    gex__json_key(j, "roots");
    put_roots(j, flips);
    gex__json_close(j, "}");
}

static void put_levels(struct gex__json *j, const struct gex__facts *f)
{
    const double sigma = gex_map_daily_sigma(f->map);

    gex__json_member(j, "regime");
    gex__json_string(j, gex_regime_text(gex_map_regime(f->map)));
    gex__json_member(j, "daily_sigma");
    gex__json_value(j, sigma);
    gex__json_member(j, "flips");
    put_roots(j, f->flips);
    gex__json_member(j, "flip_status");
    gex__json_string(j, gex_roots_text(gex_flips_status(f->flips)));
    gex__json_member(j, "flip_range");
    gex__json_open(j, "{");
    gex__json_number(j, "low", gex_flips_low(f->flips));
    gex__json_number(j, "high", gex_flips_high(f->flips));
    gex__json_close(j, "}");
    gex__json_member(j, "nearest_flip");
    gex__json_open(j, "{");
    gex__json_number(j, "price", f->flip);
    gex__json_number(j, "distance_pct", (f->flip / f->spot - 1.0) * 100.0);
    gex__json_number(j, "distance_daily_sigmas", (f->flip - f->spot) / sigma);
    gex__json_close(j, "}");
    put_zero_flow(j, f->map);
    gex__json_member(j, "walls");
    gex__json_open(j, "{");
    for (int32_t which = 1; which <= GEX_LEVEL_LAST_; which++)
        gex__json_number(j, gex_level_name(which), gex__level_price(f->gamma, which));
    gex__json_close(j, "}");
}

/* Sums by strike or by expiry. */
struct sums {
    const double *net, *gross, *delta, *vanna, *charm;
    const int64_t *used;
};

static struct sums sums_by(const struct gex__facts *f, int32_t grouping, const int64_t *used)
{
    return (struct sums){gex_exposure_by(f->gamma, grouping, GEX_SUM_NET, NULL),
                         gex_exposure_by(f->gamma, grouping, GEX_SUM_GROSS, NULL),
                         gex_exposure_by(gex_map_delta(f->map), grouping, GEX_SUM_NET, NULL),
                         gex_exposure_by(gex_map_vanna(f->map), grouping, GEX_SUM_NET, NULL),
                         gex_exposure_by(gex_map_charm(f->map), grouping, GEX_SUM_NET, NULL),
                         used};
}

static void put_gamma(struct gex__json *j, const struct sums *sums, int64_t i)
{
    gex__json_number(j, "gex_usd_pct", sums->net[i]);
    gex__json_number(j, "gross_gex_usd_pct", sums->gross[i]);
}

static void put_others(struct gex__json *j, const struct sums *sums, int64_t i)
{
    gex__json_number(j, "dex_usd", sums->delta[i]);
    gex__json_number(j, "vex_usd_volpt", sums->vanna[i]);
    gex__json_number(j, "cex_usd_calday", sums->charm[i]);
    gex__json_integer(j, "contracts", sums->used[i]);
}

static void put_by_strike(struct gex__json *j, const struct gex__facts *f)
{
    const struct sums sums = sums_by(f, GEX_BY_STRIKE, f->used_by_strike);
    const double *strike = gex_chain_strikes(f->chain, NULL);
    const double *call = gex_exposure_by(f->gamma, GEX_BY_STRIKE, GEX_SUM_CALL, NULL);
    const double *put = gex_exposure_by(f->gamma, GEX_BY_STRIKE, GEX_SUM_PUT, NULL);

    gex__json_member(j, "by_strike");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < f->strikes; i++) {
        if (sums.used[i] == 0)
            continue;
        gex__json_element(j);
        gex__json_number(j, "strike", strike[i]);
        put_gamma(j, &sums, i);
        gex__json_number(j, "call_gex_usd_pct", call[i]);
        gex__json_number(j, "put_gex_usd_pct", put[i]);
        put_others(j, &sums, i);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

static double max_pain(const struct gex__facts *f, int64_t expiry)
{
    double price = (double)NAN;

    return gex_max_pain(f->chain, expiry, &price, NULL) == GEX_OK ? price : (double)NAN;
}

static void put_forward(struct gex__json *j, const struct gex__facts *f, int64_t i)
{
    const gex_market *m = f->market;

    gex__json_number(j, "years", gex_market_years(m)[i]);
    gex__json_text(j, "clock", gex_clock_name(gex_market_expiry_clock(m)[i]));
    gex__json_number(j, "calendar_years", gex_market_calendar_years(m)[i]);
    gex__json_number(j, "pace", gex_market_pace(m)[i]);
    gex__json_number(j, "forward", gex_market_forward(m)[i]);
    gex__json_number(j, "discount", gex_market_discount(m)[i]);
    gex__json_number(j, "rate", gex_market_expiry_rate(m)[i]);
    gex__json_number(j, "carry_yield", gex_market_expiry_carry(m)[i]);
    gex__json_text(j, "forward_source", gex_forward_name(gex_market_forward_source(m)[i]));
    gex__json_number(j, "forward_error", gex_market_forward_error(m)[i]);
    gex__json_number(j, "forward_quote_error", gex_market_forward_quote_error(m)[i]);
    gex__json_integer(j, "forward_pairs", gex_market_forward_pairs(m)[i]);
    gex__json_integer(j, "forward_outliers", gex_market_forward_outliers(m)[i]);
    gex__json_text(j, "parity", gex_parity_text(gex_market_parity(m)[i]));
    gex__json_number(j, "discount_error", gex_market_discount_error(m)[i]);
    gex__json_number(j, "borrow", gex_market_borrow(m)[i]);
}

static void put_by_expiry(struct gex__json *j, const struct gex__facts *f)
{
    const int64_t *settlement = gex_chain_expiries(f->chain, NULL);
    const struct sums sums = sums_by(f, GEX_BY_EXPIRY, f->used_by_expiry);

    gex__json_member(j, "by_expiry");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < f->expiries; i++) {
        if (sums.used[i] == 0)
            continue;
        gex__json_element(j);
        gex__json_instant(j, "expiry", settlement[i]);
        put_gamma(j, &sums, i);
        put_others(j, &sums, i);
        put_forward(j, f, i);
        gex__json_number(j, "max_pain", max_pain(f, i));
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

void gex__json_standing(struct gex__json *j, const struct gex__facts *f)
{
    put_totals(j, f);
    put_levels(j, f);
    put_by_strike(j, f);
    put_by_expiry(j, f);
}
