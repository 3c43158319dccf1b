/* SPDX-License-Identifier: Apache-2.0 */
/* Markets whose variance runs on one clock and whose carry runs on the calendar. */
#ifndef GEX_TESTS_TWO_CLOCKS_H
#define GEX_TESTS_TWO_CLOCKS_H

#include "scene.h"

#define SECOND INT64_C(1000000000)

static inline int64_t at(const char *text)
{
    int64_t instant = 0;

    ck_assert_msg(gex_instant_parse(text, (int64_t)strlen(text), GEX_ZONE_NEW_YORK, &instant, NULL) == GEX_OK, "%s",
                  text);
    return instant;
}

struct choice {
    int32_t             clock, vol_clock, vol, forward;
    const gex_calendar *calendar;
    int64_t             as_of;
    double              spot, rate, carry;
    gex_f64             forwards, discounts;
};

static inline gex_market *market_of(const gex_chain *chain, const struct choice *choice)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = choice->clock;
    options.vol_clock = choice->vol_clock;
    options.calendar = choice->calendar;
    options.as_of = choice->as_of;
    options.spot = choice->spot;
    options.vol = choice->vol != 0 ? choice->vol : GEX_VOL_GIVEN;
    options.forward = choice->forward != 0 ? choice->forward : GEX_FORWARD_RATE;
    options.style = GEX_STYLE_EUROPEAN;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = choice->rate;
    options.carry_yield = choice->carry;
    options.forwards = choice->forwards;
    options.discounts = choice->discounts;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static inline gex_greeks *greeks_of(const gex_market *market)
{
    gex_greeks *greeks = NULL;

    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    return greeks;
}

#endif
