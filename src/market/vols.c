/* SPDX-License-Identifier: Apache-2.0 */
/* A volatility per row, by the market's rule, or the status that says why there is none. */
#include <math.h>

#include <gex/european.h>

#include "early.h"
#include "lanes.h"
#include "strikes.h"

static const double none = (double)NAN;

/* The smaller of two statuses that apply; GEX_ROW_USED does not count as one. */
static uint8_t first_status(uint8_t a, uint8_t b)
{
    return a == GEX_ROW_USED || (b != GEX_ROW_USED && b < a) ? b : a;
}

/* A volatility on the clock of its expiry, and the same deviation on the calendar. */
struct vol {
    double here, calendar;
};

/* Either may leave the numbers where the clocks lie far apart. */
static uint8_t vol_check(const struct vol *vol)
{
    return vol->here > 0 && isfinite(vol->here) && vol->calendar > 0 && isfinite(vol->calendar) ? GEX_ROW_USED
                                                                                                : GEX_ROW_NO_VOL;
}

/* Published, and at a limit: what some vendors write where they have none. */
static bool is_capped(const gex_market *market, double quoted)
{
    return quoted > 0 && (quoted <= market->vol_low || (market->vol_high > 0 && quoted >= market->vol_high));
}

/* A volatility that was published and is not a number is an error of the data; none, or zero, was not published. */
static uint8_t given_vol(const gex_market *market, int64_t row, int32_t expiry, struct vol *vol_out)
{
    const double quoted = gex_chain_vol(market->chain)[row];

    if (!isfinite(quoted))
        return GEX_ROW_NOT_FINITE;
    if (is_capped(market, quoted))
        return GEX_ROW_NO_VOL;
    if (expiry < 0)
        return quoted > 0 ? GEX_ROW_USED : GEX_ROW_NO_VOL;
    *vol_out = (struct vol){quoted * market->times.restated[expiry], quoted * market->times.dated[expiry]};
    return vol_check(vol_out);
}

/* Deviation that gives a price, by the pricer of the row's exercise; GEX_CALC_*. A price in coin is worth the forward
 * times as much, undiscounted; it is used at a discount of 1 alone. */
static int32_t price_deviation(const gex_market *market, int64_t row, int32_t expiry, double price, double *deviation)
{
    const struct gex__curve *curve = &market->curve;
    const double strike = gex_chain_strike(market->chain)[row];
    const bool inverse = gex_chain_payoff(market->chain)[row] == GEX_PAYOFF_INVERSE;
    double vol = none;
    uint8_t code;

    if (market->exercise[row] != GEX_EXERCISE_AMERICAN)
        return gex__implied_deviation(market->isa,
                                      inverse ? price * curve->forward[expiry] : price / curve->discount[expiry],
                                      curve->forward[expiry], strike, gex_chain_right(market->chain)[row], deviation);
    gex__early_vols(market, 1, &row, &price, &vol, &code);
    *deviation = vol * sqrt(curve->years[expiry]);
    return code;
}

static struct vol vol_of(const gex_market *market, int32_t expiry, double deviation)
{
    return (struct vol){deviation / sqrt(market->times.years[expiry]), deviation / sqrt(market->curve.years[expiry])};
}

static uint8_t price_vol(const gex_market *market, int64_t row, int32_t expiry, double price, struct vol *vol_out)
{
    double deviation = none;

    if (price_deviation(market, row, expiry, price, &deviation) != GEX_CALC_OK)
        return GEX_ROW_NO_VOL;
    *vol_out = vol_of(market, expiry, deviation);
    return vol_check(vol_out);
}

/* The middle of a two-sided quote, or NaN. A bid of zero is no bid. */
static double middle_of(const gex_market *market, int64_t row)
{
    const double bid = gex_chain_bid(market->chain)[row], ask = gex_chain_ask(market->chain)[row];

    return bid > 0 && ask >= bid && isfinite(ask) ? bid + (ask - bid) / 2 : none;
}

static bool is_out_of_the_money(const gex_market *market, int64_t row)
{
    const double forward = market->curve.forward[gex_chain_expiry_index(market->chain)[row]];
    const bool below = gex_chain_strike(market->chain)[row] < forward;

    return below == (gex_chain_right(market->chain)[row] == GEX_PUT);
}

/* Rows whose middle is inverted with others, ahead of being asked for: those sure to be. */
static bool is_ahead(const gex_market *market, int64_t row)
{
    const int32_t expiry = gex_chain_expiry_index(market->chain)[row];
    struct vol given;

    if (expiry < 0 || market->curve.source[expiry] == 0 ||
        (market->lanes == NULL && market->exercise[row] != GEX_EXERCISE_AMERICAN) ||
        gex_chain_status(market->chain)[row] != GEX_ROW_USED || market->vol_rule == GEX_VOL_GIVEN)
        return false;
    return market->vol_rule == GEX_VOL_IMPLIED ||
           (is_out_of_the_money(market, row) && given_vol(market, row, expiry, &given) != GEX_ROW_USED);
}

static void lanes_flush(gex_market *market, struct gex__lanes *lanes)
{
    const int count = gex__lanes_invert(market, lanes);

    for (int i = 0; i < count; i++)
        market->calendar_vol[lanes->row[i]] = lanes->deviation[i];
}

/* Of the middles of rows [from, to), into the market's column until they are used: volatilities on the calendar of
 * American rows, deviations of the others. */
static void middles_fill(gex_market *market, int64_t from, int64_t to)
{
    struct gex__lanes *const lanes = market->lanes;
    int64_t row[GEX_EARLY_ROWS];
    double price[GEX_EARLY_ROWS], vol[GEX_EARLY_ROWS];
    uint8_t code[GEX_EARLY_ROWS];
    int count = 0;

    if (lanes != NULL)
        lanes->count = 0;
    for (int64_t next = from; next <= to; next++) {
        const bool end = next == to;
        const double middle = !end && is_ahead(market, next) ? middle_of(market, next) : none;

        if (middle > 0 && market->exercise[next] != GEX_EXERCISE_AMERICAN) {
            gex__lanes_put(market, lanes, next, 0, middle);
        } else if (middle > 0) {
            row[count] = next;
            price[count++] = middle;
        }
        if (count == GEX_EARLY_ROWS || (end && count > 0)) {
            gex__early_vols(market, count, row, price, vol, code);
            for (int i = 0; i < count; i++)
                market->calendar_vol[row[i]] = vol[i];
            count = 0;
        }
        if (lanes != NULL && (lanes->count == GEX_IMPLIED_ROWS || (end && lanes->count > 0)))
            lanes_flush(market, lanes);
    }
}

/* From the middle of a two-sided quote. */
static uint8_t implied_vol(const gex_market *market, int64_t row, int32_t expiry, struct vol *vol_out)
{
    const double middle = middle_of(market, row);

    if (!(middle > 0))
        return GEX_ROW_NO_PRICE;
    if (!is_ahead(market, row))
        return price_vol(market, row, expiry, middle, vol_out);
    *vol_out = vol_of(market, expiry, market->exercise[row] == GEX_EXERCISE_AMERICAN
                                          ? market->calendar_vol[row] * sqrt(market->curve.years[expiry])
                                          : market->calendar_vol[row]);
    return vol_check(vol_out);
}

static void row_use(gex_market *market, int64_t row, const struct vol *vol, uint8_t source)
{
    market->status[row] = GEX_ROW_USED;
    market->calendar_vol[row] = vol->calendar;
    market->vol[row] = vol->here; /* on CAL_365 one column, and one number */
    market->vol_source[row] = source;
    if (market->style == GEX_STYLE_EUROPEAN && gex_chain_exercise(market->chain)[row] == GEX_EXERCISE_AMERICAN)
        market->flags[row] |= GEX_FLAG_AMERICAN_AS_EUROPEAN;
}

static void row_begin(gex_market *market, int64_t row)
{
    const bool american = gex_chain_exercise(market->chain)[row] == GEX_EXERCISE_AMERICAN;

    market->exercise[row] = market->style == GEX_STYLE_AMERICAN || (american && market->style == GEX_STYLE_AUTO)
                                ? GEX_EXERCISE_AMERICAN
                                : GEX_EXERCISE_EUROPEAN;
    market->vol[row] = market->calendar_vol[row] = none;
}

static void row_end(gex_market *market, int64_t row)
{
    if (market->status[row] != GEX_ROW_USED)
        market->calendar_vol[row] = none;
}

/* Each row by itself. */
static void row_fill(gex_market *market, int64_t row)
{
    const gex_chain *chain = market->chain;
    const int32_t expiry = gex_chain_expiry_index(chain)[row];
    uint8_t status = gex_chain_status(chain)[row];
    struct vol vol = {none, none};

    if (expiry >= 0 && market->curve.source[expiry] == 0)
        status = first_status(status, GEX_ROW_EXPIRED);
    if (market->vol_rule == GEX_VOL_GIVEN)
        status = first_status(status, given_vol(market, row, expiry, &vol));
    else if (market->vol_rule == GEX_VOL_IMPLIED && status == GEX_ROW_USED)
        status = implied_vol(market, row, expiry, &vol);
    else if (market->vol_rule == GEX_VOL_OTM && !isfinite(gex_chain_vol(chain)[row]))
        status = first_status(status, GEX_ROW_NOT_FINITE);
    /* the dollars a coin option is worth are Black's without a discount:
     * with one there is no rate to give the kernels */
    if (gex_chain_payoff(chain)[row] == GEX_PAYOFF_INVERSE && expiry >= 0 && market->curve.discount[expiry] != 1)
        status = first_status(status, GEX_ROW_UNSUPPORTED);

    market->status[row] = status;
    market->flags[row] = gex_chain_flags(chain)[row];
    if (market->vol_rule != GEX_VOL_IMPLIED && is_capped(market, gex_chain_vol(chain)[row]))
        market->flags[row] |= GEX_FLAG_VOL_CAPPED;
    market->vol_source[row] = 0;
    if (status == GEX_ROW_USED && market->vol_rule != GEX_VOL_OTM)
        row_use(market, row, &vol, market->vol_rule == GEX_VOL_GIVEN ? GEX_SOURCE_GIVEN : GEX_SOURCE_IMPLIED);
}

/* ---- one volatility a strike ----------------------------------------------------------------------------------- */

/* First volatility a side has by one of the two ways; in the money the bid alone has to imply one too, for else the
 * time value is less than what the quote leaves open. @return GEX_SOURCE_GIVEN, GEX_SOURCE_IMPLIED, or 0. */
static uint8_t side_vol(const gex_market *market, struct gex__side side, bool in_the_money, struct vol *vol_out)
{
    const int64_t *order = gex_chain_order(market->chain);
    struct vol floor;

    for (int64_t i = side.from; i < side.to; i++)
        if (market->status[order[i]] == GEX_ROW_USED &&
            given_vol(market, order[i], gex_chain_expiry_index(market->chain)[order[i]], vol_out) == GEX_ROW_USED)
            return GEX_SOURCE_GIVEN;
    for (int64_t i = side.from; i < side.to; i++) {
        const int32_t expiry = gex_chain_expiry_index(market->chain)[order[i]];
        if (market->status[order[i]] == GEX_ROW_USED &&
            implied_vol(market, order[i], expiry, vol_out) == GEX_ROW_USED &&
            (!in_the_money || price_vol(market, order[i], expiry, gex_chain_bid(market->chain)[order[i]], &floor) ==
                                  GEX_ROW_USED))
            return GEX_SOURCE_IMPLIED;
    }
    return 0;
}

/* The volatility of a strike to the rows of one side. `own`: it came from this side, whose rows keep what was given to
 * each. */
static void side_use(gex_market *market, struct gex__side side, bool own, uint8_t source, const struct vol *vol,
                     uint32_t flag)
{
    static const uint8_t from_other[] = {0, GEX_SOURCE_OTHER_GIVEN, GEX_SOURCE_OTHER_IMPLIED};
    const int64_t *order = gex_chain_order(market->chain);

    for (int64_t i = side.from; i < side.to; i++) {
        const int64_t row = order[i];
        struct vol given;

        if (market->status[row] != GEX_ROW_USED)
            continue;
        if (source == 0) {
            market->status[row] = GEX_ROW_NO_VOL;
        } else {
            const bool kept = own && source == GEX_SOURCE_GIVEN &&
                              given_vol(market, row, gex_chain_expiry_index(market->chain)[row], &given) ==
                                  GEX_ROW_USED;
            row_use(market, row, kept ? &given : vol, own ? source : from_other[source]);
            market->flags[row] |= flag;
        }
    }
}

static void strike_use(gex_market *market, const struct gex__strike *strike)
{
    const bool puts_out =
        gex_chain_strikes(market->chain, NULL)[strike->strike] < market->curve.forward[strike->expiry];
    const struct gex__side out = puts_out ? strike->puts : strike->calls, in = puts_out ? strike->calls : strike->puts;
    struct vol vol = {none, none};
    uint8_t source = side_vol(market, out, false, &vol);
    const bool from_out = source != 0;

    if (!from_out)
        source = side_vol(market, in, true, &vol);
    side_use(market, out, from_out, source, &vol, from_out || source == 0 ? 0 : GEX_FLAG_VOL_IN_THE_MONEY);
    side_use(market, in, !from_out, source, &vol, from_out || source == 0 ? 0 : GEX_FLAG_VOL_IN_THE_MONEY);
}

void gex__market_vols(gex_market *market)
{
    struct gex__strike strike = {.end = 0};

    for (int64_t row = 0; row < market->rows; row++)
        row_begin(market, row);
    middles_fill(market, 0, market->rows);
    for (int64_t row = 0; row < market->rows; row++)
        row_fill(market, row);
    while (market->vol_rule == GEX_VOL_OTM && gex__strike_next(market->chain, &strike))
        if (market->curve.source[strike.expiry] != 0)
            strike_use(market, &strike);
    for (int64_t row = 0; row < market->rows; row++)
        row_end(market, row);
}

void gex__market_row(gex_market *market, int64_t row)
{
    row_begin(market, row);
    middles_fill(market, row, row + 1);
    row_fill(market, row);
    if (market->vol_rule != GEX_VOL_OTM) /* else its strike asks for the middle */
        row_end(market, row);
}

void gex__market_strike(gex_market *market, const struct gex__strike *strike)
{
    const int64_t *order = gex_chain_order(market->chain);

    if (market->curve.source[strike->expiry] != 0)
        strike_use(market, strike);
    for (int64_t i = strike->puts.from; i < strike->puts.to; i++)
        row_end(market, order[i]);
    for (int64_t i = strike->calls.from; i < strike->calls.to; i++)
        row_end(market, order[i]);
}
