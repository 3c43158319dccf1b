/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map as one JSON object, schema "gex-map/1". A key once published keeps its name and meaning; keys are added.
 * Top-level members and the elements of arrays each begin a line, so that two reports can be compared with diff.
 * A number that is not finite is null. by_strike and by_expiry have one entry per strike and settlement instant that
 * a used row has; a strike or expiry whose rows were all refused has no number to give and no entry.
 */
#include "json_parts.h"

#include <gex/report.h>

static void put_head(struct gex__json *j, const struct gex__facts *f)
{
    gex__json_member(j, "schema");
    gex__put_text(j->w, "\"gex-map/1\"");
    gex__json_member(j, "library");
    gex__put_text(j->w, "\"libgex ");
    gex__put_text(j->w, gex_version());
    gex__put_text(j->w, "\"");
    gex__json_member(j, "build");
    gex__json_string(j, gex_build_info());
    gex__json_member(j, "underlying");
    gex__json_string(j, gex_chain_underlying(f->chain));
    gex__json_member(j, "as_of");
    gex__json_when(j, f->as_of);
    gex__json_member(j, "spot");
    gex__json_value(j, f->spot);
}

static void put_contracts(struct gex__json *j, const struct gex__facts *f)
{
    /* what a market does not look at */
    static const uint32_t of_quotes = GEX_FLAG_ZERO_BID | GEX_FLAG_WIDE | GEX_FLAG_STALE | GEX_FLAG_NOT_MONOTONE |
                                      GEX_FLAG_NOT_CONVEX | GEX_FLAG_CALENDAR | GEX_FLAG_OTM_SIDE;
    const uint32_t *flags = gex_market_flags(f->market);

    gex__json_member(j, "contracts");
    gex__json_open(j, "{");
    gex__json_integer(j, "total", gex_exposure_count_total(f->gamma));
    gex__json_integer(j, "used", gex_exposure_count_used(f->gamma));
    gex__json_integer(j, "zero_position", gex_exposure_count_zero_position(f->gamma));
    gex__json_integer(j, "diverging", gex_exposure_count_diverging(f->gamma));
    gex__json_integer(j, "american", f->american);
    gex__json_integer(j, "american_as_european", f->american_as_european);
    gex__json_integer(j, "exercise_now", f->exercise_now);
    gex__json_integer(j, "exercise_at_dividend", gex__facts_at_dividend(f));
    gex__json_key(j, "refused");
    gex__json_open(j, "{");
    for (int32_t status = GEX_ROW_USED + 1; status < GEX_ROW_COUNT; status++)
        gex__json_integer(j, gex_row_text(status), gex_exposure_count_refused(f->gamma, status));
    gex__json_close(j, "}");
    gex__json_key(j, "flags");
    gex__json_open(j, "{");
    for (uint32_t bit = 1; bit <= GEX_FLAG_LAST_; bit <<= 1) {
        int64_t count = 0;
        if ((bit & of_quotes) != 0)
            continue;
        for (int64_t i = 0; i < f->rows; i++)
            count += (flags[i] & bit) != 0;
        gex__json_integer(j, gex_flag_text(bit), count);
    }
    gex__json_close(j, "}");
    gex__json_close(j, "}");
}

/* What the clock weighs with, where it weighs. */
static void put_weights(struct gex__json *j, const gex_calendar *calendar)
{
    gex__json_key(j, "weights");
    gex__json_open(j, "{");
    for (int32_t w = 1; w <= GEX_WEIGHT_LAST_; w++)
        gex__json_number(j, gex_weight_name(w), gex_calendar_weight(calendar, w));
    gex__json_integer(j, "events", gex_calendar_event_count(calendar));
    gex__json_close(j, "}");
}

/* Ex-dates as given. */
static void put_dividends(struct gex__json *j, const gex_market *market)
{
    const int64_t *at = gex_market_dividend_at(market);
    const double *cash = gex_market_dividend_cash(market), *share = gex_market_dividend_share(market);

    gex__json_key(j, "dividends");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < gex_market_dividend_count(market); i++) {
        gex__json_separate(j);
        gex__json_open(j, "{");
        gex__json_instant(j, "ex_date", at[i]);
        gex__json_number(j, "cash", cash[i]);
        gex__json_number(j, "share", share[i]);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
}

static void put_conventions(struct gex__json *j, const struct gex__facts *f)
{
    const gex_market *m = f->market;
    int64_t vols[GEX_VOL_SOURCE_LAST_ + 1];
    char dynamics[GEX_DYNAMICS_TEXT];

    gex__facts_vols(f, vols);
    gex__json_member(j, "conventions");
    gex__json_open(j, "{");
    gex__json_text(j, "sign", gex_sign_name(gex_book_sign(f->book)));
    gex__json_text(j, "position_source", gex_book_source(f->book));
    gex__json_text(j, "unit", gex_unit_name(gex_exposure_unit(f->in_unit)));
    gex__json_text(j, "clock", gex_clock_name(gex_market_clock(m)));
    gex__json_text(j, "vol_clock", gex_clock_name(gex_market_vol_clock(m)));
    if (gex_market_clock(m) == GEX_CLOCK_VARIANCE_CLOCK || gex_market_vol_clock(m) == GEX_CLOCK_VARIANCE_CLOCK)
        put_weights(j, gex_market_calendar(m));
    (void)gex_dynamics_format(gex_market_dynamics(m), gex_market_dynamics_parameter(m), dynamics, NULL);
    gex__json_text(j, "dynamics", dynamics);
    gex__json_text(j, "vol", gex_vol_name(gex_market_vol_rule(m)));
    gex__json_text(j, "forward", gex_forward_name(gex_market_forward_rule(m)));
    gex__json_text(j, "exercise", gex_style_name(gex_market_style(m)));
    gex__json_number(j, "rate", gex_market_rate(m));
    gex__json_number(j, "carry_yield", gex_market_carry_yield(m));
    gex__json_key(j, "fixed_discount");
    gex__put_text(j->w, gex_market_fixed_discount(m) != 0 ? "true" : "false");
    gex__json_text(j, "fallback", gex_market_fallback(m) == GEX_FALLBACK_NEIGHBOURS ? "neighbours" : "rate");
    gex__json_number(j, "vol_low", gex_market_vol_low(m));
    gex__json_number(j, "vol_high", gex_market_vol_high(m));
    put_dividends(j, m);
    gex__json_key(j, "contracts_by_vol_source");
    gex__json_open(j, "{");
    for (int32_t source = 1; source <= GEX_VOL_SOURCE_LAST_; source++)
        gex__json_integer(j, gex_vol_source_name(source), vols[source]);
    gex__json_close(j, "}");
    gex__json_key(j, "expiries_by_forward_source");
    gex__json_open(j, "{");
    for (int32_t source = 1; source <= GEX_FORWARD_FROM_LAST_; source++)
        gex__json_integer(j, gex_forward_name(source), f->forwards[source]);
    gex__json_close(j, "}");
    if (gex_chain_open_interest_as_of(f->chain) != 0)
        gex__json_instant(j, "open_interest_as_of", gex_chain_open_interest_as_of(f->chain));
    gex__json_close(j, "}");
}

gex_status gex_report_json(const gex_context *context, const gex_map *map, gex_write write, void *user,
                           gex_error *error)
{
    struct gex__writer writer;
    struct gex__facts facts;
    struct gex__json json = {&writer, true};

    (void)context;
    if (map == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "map and write are required");
    gex__writer_open(&writer, write, user);
    gex__facts_gather(map, &facts);
    gex__json_open(&json, "{");
    put_head(&json, &facts);
    put_contracts(&json, &facts);
    put_conventions(&json, &facts);
    gex__json_standing(&json, &facts);
    gex__json_flow(&json, &facts);
    gex__json_field(&json, map);
    gex__json_since(&json, map);
    gex__json_uncertainty(&json, map);
    gex__json_robustness(&json, map);
    gex__json_close(&json, "\n}\n");
    return gex__writer_close(&writer, error);
}
