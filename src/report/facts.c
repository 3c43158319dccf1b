/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "facts.h"

#include "figures.h"

static void count_rows(struct gex__facts *facts)
{
    const uint8_t *status = gex_exposure_status(facts->gamma);
    const int8_t *exercise = gex_market_exercise(facts->market);
    const uint8_t *calc = gex_greeks_status(gex_exposure_greeks(facts->gamma));
    const uint32_t *flags = gex_market_flags(facts->market);

    for (int64_t i = 0; i < facts->rows; i++) {
        if (status[i] != GEX_ROW_USED)
            continue;
        facts->american += exercise[i] == GEX_EXERCISE_AMERICAN;
        facts->american_as_european += (flags[i] & GEX_FLAG_AMERICAN_AS_EUROPEAN) != 0;
        facts->exercise_now += calc[i] == GEX_CALC_EXERCISED;
    }
}

int64_t gex__facts_at_dividend(const struct gex__facts *facts)
{
    const uint8_t *status = gex_exposure_status(facts->gamma);
    const uint8_t *calc = gex_greeks_status(gex_exposure_greeks(facts->gamma));
    int64_t count = 0;

    for (int64_t i = 0; i < facts->rows; i++)
        count += status[i] == GEX_ROW_USED && calc[i] == GEX_CALC_EXERCISE_AT_DIVIDEND;
    return count;
}

static void count_expiries(struct gex__facts *facts)
{
    const int64_t *settlement = gex_chain_expiries(facts->chain, NULL);
    const uint8_t *source = gex_market_forward_source(facts->market);

    facts->next_expiry = -1;
    for (int64_t i = 0; i < facts->expiries; i++) {
        if (facts->used_by_expiry[i] == 0)
            continue;
        if (source[i] <= GEX_FORWARD_FROM_LAST_)
            facts->forwards[source[i]]++;
        if (facts->next_expiry < 0 && settlement[i] >= facts->as_of)
            facts->next_expiry = i;
    }
}

void gex__facts_gather(const gex_map *map, struct gex__facts *facts)
{
    static const char customer[] = "CUSTOMER_VIEW of ";
    int64_t nearest;

    memset(facts, 0, sizeof *facts);
    facts->map = map;
    facts->market = gex_map_market(map);
    facts->chain = gex_market_chain(facts->market);
    facts->book = gex_map_book(map);
    facts->gamma = gex_map_gamma(map);
    facts->in_unit = gex_map_in_unit(map);
    facts->flips = gex_map_flips(map);
    facts->spot = gex_market_spot(facts->market);
    facts->as_of = gex_market_as_of(facts->market);
    facts->rows = gex_chain_rows(facts->chain);
    facts->used_by_expiry = gex_exposure_count_by(facts->gamma, GEX_BY_EXPIRY, &facts->expiries);
    facts->used_by_strike = gex_exposure_count_by(facts->gamma, GEX_BY_STRIKE, &facts->strikes);
    facts->who = strncmp(gex_book_source(facts->book), customer, sizeof customer - 1) == 0 ? "customers" : "dealers";
    nearest = gex_flips_nearest(facts->flips);
    facts->has_gamma = gex_exposure_gross(facts->gamma) > 0.0;
    facts->flip = nearest >= 0 ? gex_flips_price(facts->flips, nearest) : (double)NAN;
    facts->flip_direction = nearest >= 0 ? gex_flips_direction(facts->flips, nearest) : 0;
    count_rows(facts);
    count_expiries(facts);
}

void gex__facts_vols(const struct gex__facts *facts, int64_t count[GEX_VOL_SOURCE_LAST_ + 1])
{
    const uint8_t *status = gex_exposure_status(facts->gamma), *source = gex_market_vol_source(facts->market);

    memset(count, 0, (GEX_VOL_SOURCE_LAST_ + 1) * sizeof *count);
    for (int64_t i = 0; i < facts->rows; i++)
        if (status[i] == GEX_ROW_USED && source[i] <= GEX_VOL_SOURCE_LAST_)
            count[source[i]]++;
}

const char *gex__sign_words(int32_t sign)
{
    switch (sign) {
    case GEX_SIGN_NAIVE_CALL_LONG: return "calls +OI, puts -OI";
    case GEX_SIGN_NAIVE_CALL_SHORT: return "calls -OI, puts +OI";
    case GEX_SIGN_DEALER_ALL_LONG: return "every contract +OI";
    case GEX_SIGN_DEALER_ALL_SHORT: return "every contract -OI";
    case GEX_SIGN_VOLUME_NAIVE: return "calls +volume, puts -volume";
    case GEX_SIGN_OI_PLUS_VOLUME: return "OI + volume, calls +, puts -";
    case GEX_SIGN_OI_MAX_VOLUME: return "larger of OI and volume, calls +, puts -";
    case GEX_SIGN_OI_ALPHA: return "OI + alpha x classified volume, calls +, puts -";
    case GEX_SIGN_WEIGHTED: return "caller's weight x OI";
    case GEX_SIGN_INVENTORY_GIVEN: return "positions of the caller";
    default: return "";
    }
}

const char *gex__row_words(int32_t row_status)
{
    switch (row_status) {
    case GEX_ROW_BAD_STRIKE: return "bad strike";
    case GEX_ROW_BAD_RIGHT: return "neither call nor put";
    case GEX_ROW_BAD_SYMBOL: return "symbol not understood";
    case GEX_ROW_NOT_FINITE: return "not a number";
    case GEX_ROW_EXPIRED: return "expired";
    case GEX_ROW_NO_VOL: return "no volatility";
    case GEX_ROW_NO_PRICE: return "no two-sided quote";
    case GEX_ROW_UNSUPPORTED: return "not supported";
    default: return gex_row_text(row_status);
    }
}

double gex__scenario(const gex_map *map, int32_t column)
{
    const gex_flow *flow = gex_map_scenario(map);
    const double *values = gex_flow_column(flow, column);

    return values != NULL && gex_flow_rows(flow) > 0 ? values[0] : (double)NAN;
}

double gex__level_price(const gex_exposure *gamma, int32_t level)
{
    double price = (double)NAN;

    return gex_level(gamma, level, &price, NULL, NULL) == GEX_OK ? price : (double)NAN;
}

void gex__put_dynamics(struct gex__writer *writer, const gex_market *market)
{
    char text[GEX_DYNAMICS_TEXT];

    (void)gex_dynamics_format(gex_market_dynamics(market), gex_market_dynamics_parameter(market), text, NULL);
    gex__put_text(writer, text);
}

void gex__put_label(struct gex__writer *writer, const char *text)
{
    gex__put_text(writer, text);
    gex__put_to_column(writer, GEX_LABEL);
}

void gex__put_distance(struct gex__writer *writer, const struct gex__facts *facts, double price)
{
    const double percent = (price / facts->spot - 1.0) * 100.0;
    char text[GEX_FIGURE_MAX];

    gex__put_text(writer, gex__figure_fixed(fabs(percent), 2, text));
    gex__put_text(writer, percent < 0.0 ? " % below spot" : " % above spot");
}
