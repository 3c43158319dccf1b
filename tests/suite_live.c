/* SPDX-License-Identifier: Apache-2.0 */
/* A live against objects built anew from the same numbers: every sum, row and count, to the bit, after any ticks. */
#include <stdio.h>

#include "failing.h"
#include "pool.h"
#include "sets.h"
#include "shuffled.h"

Suite *suite_live(void);

enum { DESK_ROWS = 900 };

static const int32_t wanted[] = {GEX_UNIT_DEX_USD,          GEX_UNIT_GEX_USD_PCT,     GEX_UNIT_VEGA_USD_VOLPT,
                                 GEX_UNIT_THETA_USD_CALDAY, GEX_UNIT_VEX_USD_VOLPT,   GEX_UNIT_CEX_USD_CALDAY,
                                 GEX_UNIT_VOMMA_VEGA_VOLPT, GEX_UNIT_GEX_PLUS_USD_PT, GEX_UNIT_DAG,
                                 GEX_UNIT_CEX_USD_TOEXP};

/* ---- a desk: what a live is told, kept beside it in plain columns ------------------------------------------------ */

struct desk {
    struct crowd crowd;
    double       bid[CROWD_ROWS], ask[CROWD_ROWS], position[CROWD_ROWS];
    int64_t      settlement[CROWD_ROWS];
    int64_t      rows, as_of;
    double       spot, multiplier;
    int32_t      vol, forward, clock, style;
    gex_live    *live;
};

static gex_chain *desk_chain(const struct desk *desk, const double *vol)
{
    const int64_t stride = sizeof(struct option_row);
    gex_chain_columns columns;
    gex_chain *chain = NULL;
    gex_error error;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = desk->rows;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.settlement = (gex_i64){desk->settlement, sizeof(int64_t)};
    columns.strike = (gex_f64){&desk->crowd.rows->strike, stride};
    columns.right = (gex_i8){&desk->crowd.rows->right, stride};
    columns.vol = (gex_f64){vol != NULL ? vol : &desk->crowd.rows->vol, vol != NULL ? (int64_t)sizeof *vol : stride};
    columns.bid = (gex_f64){desk->bid, sizeof(double)};
    columns.ask = (gex_f64){desk->ask, sizeof(double)};
    columns.open_interest = (gex_f64){&desk->crowd.rows->open_interest, stride};
    columns.multiplier = (gex_f64){&desk->multiplier, 0};
    ck_assert_msg(gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

static gex_market *desk_market(const struct desk *desk, const gex_chain *chain, int32_t vol, const double *forward,
                               const double *discount)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error;

    gex_market_options_init(&options, sizeof options);
    options.clock = desk->clock;
    options.as_of = desk->as_of;
    options.spot = desk->spot;
    options.vol = vol;
    options.forward = forward != NULL ? GEX_FORWARD_GIVEN : desk->forward;
    options.style = desk->style;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    if (forward != NULL) {
        options.forwards = (gex_f64){forward, sizeof *forward};
        options.discounts = (gex_f64){discount, sizeof *discount};
    }
    ck_assert_msg(gex_market_create(context_now, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static gex_book *desk_book(const struct desk *desk, const gex_chain *chain)
{
    gex_book_options options;
    gex_book *book = NULL;

    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_INVENTORY_GIVEN;
    options.positions = (gex_f64){desk->position, sizeof(double)};
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    return book;
}

/* Quotes around the value that the volatility gives, so that it may be found in them again; some rows have none. */
static void desk_quote(struct desk *desk)
{
    double years[CROWD_ROWS], rate = 0.04, carry = 0.013, price[CROWD_ROWS], *output = price;
    const int32_t greek = GEX_GREEK_PRICE;
    gex_european_columns columns;

    for (int64_t i = 0; i < desk->rows; i++)
        years[i] = gex_years(GEX_CLOCK_CAL_365, desk->as_of, desk->settlement[i]);
    gex_european_columns_init(&columns, sizeof columns);
    columns.rows = desk->rows;
    columns.spot = (gex_f64){&desk->spot, 0};
    columns.strike = (gex_f64){&desk->crowd.rows->strike, sizeof(struct option_row)};
    columns.years = (gex_f64){years, sizeof(double)};
    columns.vol = (gex_f64){&desk->crowd.rows->vol, sizeof(struct option_row)};
    columns.right = (gex_i8){&desk->crowd.rows->right, sizeof(struct option_row)};
    columns.rate = (gex_f64){&rate, 0};
    columns.carry_yield = (gex_f64){&carry, 0};
    ck_assert_int_eq(gex_european(NULL, &columns, &greek, 1, &output, NULL, NULL), GEX_OK);
    for (int64_t i = 0; i < desk->rows; i++) {
        desk->bid[i] = i % 23 == 3 ? 0.0 : price[i] * 0.998;
        desk->ask[i] = i % 29 == 3 ? NOT_A_NUMBER : price[i] * 1.002 + 0.01;
    }
}

static gex_live_options desk_options(int32_t units)
{
    gex_live_options options;

    gex_live_options_init(&options, sizeof options);
    options.unit_count = units;
    options.units = (gex_i32){wanted, sizeof *wanted};
    options.beta = -10.0;
    return options;
}

/* step: of the strikes, 5 as in the crowd, a few rows each; more, and sums of strikes are kept from tick to tick. */
static struct desk *desk_on_strikes(double step, int32_t vol, int32_t forward, int32_t clock, int32_t units,
                                    uint64_t shuffle)
{
    struct desk *desk = calloc(1, sizeof *desk);
    const gex_live_options options = desk_options(units);
    gex_chain *chain;
    gex_market *market;
    gex_book *book;
    gex_error error;

    crowd_fill(&desk->crowd);
    for (int64_t i = DESK_ROWS - 1; shuffle != 0 && i > 0; i--) {
        const int64_t j = (int64_t)(draw(&shuffle) * (double)(i + 1));
        const struct option_row kept = desk->crowd.rows[i];

        desk->crowd.rows[i] = desk->crowd.rows[j];
        desk->crowd.rows[j] = kept;
    }
    desk->rows = DESK_ROWS;
    desk->as_of = AS_OF;
    desk->spot = CROWD_SPOT;
    desk->multiplier = 100;
    desk->vol = vol;
    desk->forward = forward;
    desk->clock = clock;
    desk->style = GEX_STYLE_EUROPEAN;
    for (int64_t i = 0; i < CROWD_ROWS; i++) {
        desk->settlement[i] = AS_OF + (int64_t)llround(desk->crowd.rows[i].years * YEAR);
        desk->position[i] = desk->crowd.rows[i].dealer;
        if (desk->crowd.rows[i].strike > 0)
            desk->crowd.rows[i].strike = step * floor(desk->crowd.rows[i].strike / step);
        if (vol == GEX_VOL_OTM && i % 3 != 0)
            desk->crowd.rows[i].vol = 0;
    }
    desk_quote(desk);
    chain = desk_chain(desk, NULL);
    market = desk_market(desk, chain, vol, NULL, NULL);
    book = desk_book(desk, chain);
    ck_assert_msg(gex_live_create(context_now, market, book, &options, &desk->live, &error) == GEX_OK, "%s",
                  error.message);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain); /* the live keeps what it needs */
    return desk;
}

static struct desk *desk_open(int32_t vol, int32_t forward, int32_t clock, int32_t units, uint64_t shuffle)
{
    return desk_on_strikes(5, vol, forward, clock, units, shuffle);
}

static void desk_close(struct desk *desk)
{
    gex_live_free(desk->live);
    free(desk);
}

/* ---- the same numbers, built anew -------------------------------------------------------------------------------- */

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void compare_groups(const gex_live *live, const gex_exposure *built, int32_t unit, const char *when)
{
    for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++) {
        int64_t keys, again;
        const int64_t *count = gex_exposure_count_by(built, by, &keys), *here = gex_live_count_by(live, by, &again);

        ck_assert_int_eq(keys, again);
        for (int64_t k = 0; k < keys; k++)
            ck_assert_msg(count[k] == here[k], "%s: by %d, key %d: %lld rows, expected %lld", when, by, (int)k,
                          (long long)here[k], (long long)count[k]);
        for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
            const double *expected = gex_exposure_by(built, by, sum, &keys),
                         *got = gex_live_by(live, unit, by, sum, &again);

            ck_assert_int_eq(keys, again);
            for (int64_t k = 0; k < keys; k++)
                ck_assert_msg(same_bits(expected[k], got[k]), "%s: %s by %d, sum %d, key %d: %a, expected %a", when,
                              gex_unit_name(unit), by, sum, (int)k, got[k], expected[k]);
        }
    }
}

static void compare_unit(const gex_live *live, const gex_greeks *greeks, const gex_book *book, int32_t unit,
                         const char *when)
{
    gex_exposure_options options;
    gex_exposure *built = NULL;
    gex_f64 rows;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = unit;
    options.beta = -10.0;
    ck_assert_int_eq(gex_exposure_compute(NULL, greeks, book, &options, &built, NULL), GEX_OK);
    ck_assert_msg(same_bits(gex_live_total(live, unit), gex_exposure_total(built)), "%s: %s: %a, expected %a", when,
                  gex_unit_name(unit), gex_live_total(live, unit), gex_exposure_total(built));
    ck_assert_msg(same_bits(gex_live_gross(live, unit), gex_exposure_gross(built)), "%s: gross %s", when,
                  gex_unit_name(unit));
    ck_assert_int_eq(gex_live_rows(live, unit, &rows), GEX_OK);
    for (int64_t i = 0; i < gex_exposure_count_total(built); i++) {
        const double got = *(const double *)(const void *)((const char *)rows.data + i * rows.stride);

        ck_assert_msg(gex_live_status(live)[i] == gex_exposure_status(built)[i], "%s: row %d: %s, expected %s", when,
                      (int)i, gex_row_text(gex_live_status(live)[i]), gex_row_text(gex_exposure_status(built)[i]));
        ck_assert_msg(same_bits(got, gex_exposure_rows(built)[i]), "%s: %s, row %d: %a, expected %a", when,
                      gex_unit_name(unit), (int)i, got, gex_exposure_rows(built)[i]);
    }
    compare_groups(live, built, unit, when);
    ck_assert_int_eq(gex_live_count_used(live), gex_exposure_count_used(built));
    ck_assert_int_eq(gex_live_count_zero_position(live), gex_exposure_count_zero_position(built));
    ck_assert_int_eq(gex_live_count_diverging(live, unit), gex_exposure_count_diverging(built));
    for (int32_t status = 0; status < GEX_ROW_COUNT; status++)
        ck_assert_int_eq(gex_live_count_refused(live, status), gex_exposure_count_refused(built, status));
    gex_exposure_free(built);
}

static void compare_all(const gex_live *live, const gex_market *market, const gex_book *book, int32_t units,
                        const char *when)
{
    gex_greeks *greeks = NULL;

    ck_assert_int_eq(gex_greeks_compute(context_now, market, &greeks, NULL), GEX_OK);
    for (int32_t u = 0; u < units; u++)
        compare_unit(live, greeks, book, wanted[u], when);
    gex_greeks_free(greeks);
}

/* From the desk's own columns, with what the header says beside them:
 * volatilities where quotes set them, forwards where they are held. */
static void compare_rebuilt(const struct desk *desk, int32_t units, const char *when)
{
    gex_chain *chain = desk_chain(desk, desk->vol == GEX_VOL_GIVEN ? NULL : gex_live_vol(desk->live));
    double forward[64], discount[64];
    gex_market *market;
    gex_book *book;
    int64_t expiries;

    gex_chain_expiries(chain, &expiries);
    ck_assert_int_le(expiries, 64);
    for (int64_t e = 0; e < expiries; e++) {
        forward[e] = gex_live_forward(desk->live, e);
        discount[e] = gex_live_discount(desk->live, e);
    }
    market = desk_market(desk, chain, GEX_VOL_GIVEN, desk->forward == GEX_FORWARD_RATE ? NULL : forward, discount);
    book = desk_book(desk, chain);
    compare_all(desk->live, market, book, units, when);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
}

static void compare_frozen(const struct desk *desk, int32_t units, const char *when)
{
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_chain *chain;
    gex_error error;

    ck_assert_msg(gex_live_freeze(NULL, desk->live, &market, &book, &error) == GEX_OK, "%s", error.message);
    compare_all(desk->live, market, book, units, when);
    chain = desk_chain(desk, gex_live_vol(desk->live));
    for (int64_t i = 0; i < desk->rows; i++) {
        ck_assert_int_eq(gex_chain_order(chain)[i], gex_chain_order(gex_market_chain(market))[i]);
        ck_assert_uint_eq(gex_chain_flags(chain)[i], gex_chain_flags(gex_market_chain(market))[i]);
        ck_assert(same_bits(gex_chain_bid(chain)[i], gex_chain_bid(gex_market_chain(market))[i]));
    }
    gex_chain_free(chain);
    gex_book_free(book);
    gex_market_free(market);
}

/* ---- ticks ------------------------------------------------------------------------------------------------------- */

static void desk_trade(struct desk *desk, int64_t row, uint64_t *state)
{
    const double contracts = floor(200 * draw(state)) - 100;

    if (draw(state) < 0.5) {
        ck_assert_int_eq(gex_live_trade(desk->live, row, contracts, NULL), GEX_OK);
        desk->position[row] += contracts;
    } else {
        desk->position[row] = draw(state) < 0.05 ? NOT_A_NUMBER : contracts * (draw(state) < 0.1 ? 1e6 : 1);
        ck_assert_int_eq(gex_live_set_position(desk->live, row, desk->position[row], NULL), GEX_OK);
    }
}

static void desk_vol(struct desk *desk, int64_t row, uint64_t *state)
{
    static const double odd[] = {0.0, NOT_A_NUMBER, -1.0, 1e-9};
    const double vol = draw(state) < 0.1 ? odd[(int)(draw(state) * 4)] : 0.05 + 0.5 * draw(state);

    ck_assert_int_eq(gex_live_set_vol(desk->live, row, vol, NULL), GEX_OK);
    if (desk->vol != GEX_VOL_IMPLIED)
        desk->crowd.rows[row].vol = vol;
}

static void desk_bid_ask(struct desk *desk, int64_t row, uint64_t *state)
{
    const double factor = 0.97 + 0.06 * draw(state);

    if (draw(state) < 0.05)
        desk->bid[row] = draw(state) < 0.5 ? 0.0 : NOT_A_NUMBER;
    else if (!(desk->bid[row] > 0))
        desk->bid[row] = desk->ask[row] * 0.99;
    desk->bid[row] *= factor;
    desk->ask[row] *= factor;
    ck_assert_int_eq(gex_live_set_quote(desk->live, row, desk->bid[row], desk->ask[row], NULL), GEX_OK);
}

static const char *desk_tick(struct desk *desk, uint64_t *state)
{
    const int64_t row = (int64_t)(draw(state) * (double)desk->rows);
    const double which = draw(state);

    if (which < 0.35) {
        desk_trade(desk, row, state);
        return "a trade";
    }
    if (which < 0.6) {
        desk_vol(desk, row, state);
        return "a volatility";
    }
    if (which < 0.85) {
        desk_bid_ask(desk, row, state);
        return "a quote";
    }
    if (which < 0.95) {
        desk->spot = draw(state) < 0.2 ? 5.0 * floor(desk->spot / 5.0) : desk->spot * (0.995 + 0.01 * draw(state));
        ck_assert_int_eq(gex_live_set_spot(desk->live, desk->spot, NULL), GEX_OK);
        return "a spot";
    }
    desk->as_of += draw(state) < 0.3 ? HOUR : HOUR / 60;
    ck_assert_int_eq(gex_live_set_as_of(desk->live, desk->as_of, NULL), GEX_OK);
    return "an instant";
}

static void tick_and_compare(double step, int32_t vol, int32_t forward, int32_t clock, int32_t units, uint64_t seed)
{
    struct desk *desk = desk_on_strikes(step, vol, forward, clock, units, seed);
    uint64_t state = seed * 977 + 5;
    gex_error error;

    compare_rebuilt(desk, units, "before any tick");
    for (int turn = 0; turn < 12; turn++) {
        const int batch = draw(&state) < 0.1 ? 500 : draw(&state) < 0.5 ? 1 : 7;
        const char *last = "";

        for (int i = 0; i < batch; i++)
            last = desk_tick(desk, &state);
        ck_assert_msg(gex_live_refresh(context_now, desk->live, &error) == GEX_OK, "%s", error.message);
        compare_rebuilt(desk, units, last);
    }
    compare_frozen(desk, units, "frozen");
    desk_close(desk);
}

static const struct {
    int32_t vol, forward, clock, units;
} kinds[] = {
    {GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 7},
    {GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_BUS_252_CLOCK, 10},
    {GEX_VOL_IMPLIED, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 3},
    {GEX_VOL_IMPLIED, GEX_FORWARD_IMPLIED, GEX_CLOCK_VARIANCE_CLOCK, 10},
    {GEX_VOL_OTM, GEX_FORWARD_IMPLIED, GEX_CLOCK_CAL_365, 10},
    {GEX_VOL_OTM, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 8},
};

START_TEST(ticks_come_to_what_a_rebuild_does)
{
    tick_and_compare(5, kinds[_i].vol, kinds[_i].forward, kinds[_i].clock, kinds[_i].units, (uint64_t)_i % 3);
    tick_and_compare(100, kinds[_i].vol, kinds[_i].forward, kinds[_i].clock, kinds[_i].units, (uint64_t)_i % 3);
}
END_TEST

/* ---- what a quote says ------------------------------------------------------------------------------------------- */

/* The volatility of a quoted row is that of a market by the same rule on the same quotes, spot and forwards. */
static void quote_all(int32_t rule)
{
    struct desk *desk = desk_open(rule, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 2, 0);
    uint64_t state = 4;
    bool twice[DESK_ROWS] = {false}; /* strikes with a series listed twice: which comes first depends on its quotes */
    gex_chain *chain;
    gex_market *market;
    int64_t used = 0;

    desk->spot = 5003.5;
    ck_assert_int_eq(gex_live_set_spot(desk->live, desk->spot, NULL), GEX_OK);
    for (int64_t row = 0; row < desk->rows; row++) /* every one, so that no volatility is older than the spot */
        desk_bid_ask(desk, row, &state);
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    chain = desk_chain(desk, NULL);
    market = desk_market(desk, chain, rule, NULL, NULL);
    for (int64_t row = 0; row < desk->rows; row++)
        if ((gex_chain_flags(chain)[row] & GEX_FLAG_DUPLICATE) != 0)
            twice[gex_chain_strike_index(chain)[row]] = true;
    for (int64_t row = 0; row < desk->rows; row++) {
        const bool alive = gex_market_status(market)[row] == GEX_ROW_USED;

        if (rule == GEX_VOL_OTM && gex_chain_strike_index(chain)[row] >= 0 && twice[gex_chain_strike_index(chain)[row]])
            continue;
        if (alive)
            ck_assert_msg(same_bits(gex_live_vol(desk->live)[row], gex_market_vol(market)[row]),
                          "row %d: %a, expected %a", (int)row, gex_live_vol(desk->live)[row],
                          gex_market_vol(market)[row]);
        else
            ck_assert(!(gex_live_vol(desk->live)[row] > 0) || gex_live_status(desk->live)[row] != GEX_ROW_USED);
        used += alive;
    }
    ck_assert_int_gt(used, 100);
    gex_market_free(market);
    gex_chain_free(chain);
    desk_close(desk);
}

START_TEST(a_quote_sets_what_the_rule_says)
{
    quote_all(GEX_VOL_IMPLIED);
    quote_all(GEX_VOL_OTM);
}
END_TEST

START_TEST(spot_leaves_volatilities_alone)
{
    struct desk *desk = desk_open(GEX_VOL_IMPLIED, GEX_FORWARD_IMPLIED, GEX_CLOCK_CAL_365, 1, 0);
    double *vol = malloc(DESK_ROWS * sizeof *vol);
    const double total = gex_live_total(desk->live, wanted[0]), before = gex_live_forward(desk->live, 3);

    memcpy(vol, gex_live_vol(desk->live), DESK_ROWS * sizeof *vol);
    ck_assert_int_eq(gex_live_set_spot(desk->live, 5050, NULL), GEX_OK);
    ck_assert(same_bits(gex_live_total(desk->live, wanted[0]), total)); /* nothing moves before the refresh */
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    ck_assert_int_eq(memcmp(vol, gex_live_vol(desk->live), DESK_ROWS * sizeof *vol), 0);
    ck_assert_double_eq_tol(gex_live_forward(desk->live, 3), before * 5050 / CROWD_SPOT, 1e-9);
    ck_assert_int_eq(gex_live_set_spot(desk->live, CROWD_SPOT, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    ck_assert(same_bits(gex_live_total(desk->live, wanted[0]), total)); /* there and back */
    free(vol);
    desk_close(desk);
}
END_TEST

START_TEST(forwards_are_taken_from_another_market)
{
    struct desk *desk = desk_open(GEX_VOL_GIVEN, GEX_FORWARD_IMPLIED, GEX_CLOCK_CAL_365, 7, 0);
    double forward[16];
    gex_chain *chain = desk_chain(desk, NULL), *other;
    gex_market *market;
    int64_t expiries;

    gex_chain_expiries(chain, &expiries);
    ck_assert_int_le(expiries, 16);
    for (int64_t e = 0; e < expiries; e++)
        forward[e] = 5000 + 3 * (double)e;
    market = desk_market(desk, chain, GEX_VOL_GIVEN, forward, NULL);
    ck_assert_int_eq(gex_live_reforward(desk->live, market, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    for (int64_t e = 0; e < expiries; e++)
        if (gex_market_years(market)[e] > 0)
            ck_assert_double_eq(gex_live_forward(desk->live, e), forward[e]);
    compare_rebuilt(desk, 7, "other forwards");
    desk->spot = 4990;
    ck_assert_int_eq(gex_live_set_spot(desk->live, desk->spot, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    compare_rebuilt(desk, 7, "other forwards, another spot");
    gex_market_free(market);
    desk->settlement[8] += 60 * HOUR;
    other = desk_chain(desk, NULL);
    market = desk_market(desk, other, GEX_VOL_GIVEN, NULL, NULL);
    ck_assert_int_eq(gex_live_reforward(desk->live, market, NULL), GEX_ERR_ARGUMENT);
    gex_market_free(market);
    gex_chain_free(other);
    gex_chain_free(chain);
    desk_close(desk);
}
END_TEST

START_TEST(early_exercise)
{
    struct desk *desk = desk_open(GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 3, 0);
    uint64_t state = 3;
    gex_live_options options = desk_options(3);
    gex_chain *chain;
    gex_market *market;
    gex_book *book;

    gex_live_free(desk->live);
    desk->style = GEX_STYLE_AMERICAN;
    desk->rows = 200;
    chain = desk_chain(desk, NULL);
    market = desk_market(desk, chain, GEX_VOL_OTM, NULL, NULL);
    desk->vol = GEX_VOL_OTM;
    book = desk_book(desk, chain);
    ck_assert_int_eq(gex_live_create(context_now, market, book, &options, &desk->live, NULL), GEX_OK);
    for (int i = 0; i < 30; i++) {
        (void)desk_tick(desk, &state);
        ck_assert_int_eq(gex_live_refresh(context_now, desk->live, NULL), GEX_OK);
    }
    compare_rebuilt(desk, 3, "early exercise");
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    desk_close(desk);
}
END_TEST

/* ---- memory, threads, order -------------------------------------------------------------------------------------- */

START_TEST(nothing_is_allocated_after_creation)
{
    struct failing meter = {.calls = 0};
    gex_context *context = failing_context(&meter);
    struct desk *desk = desk_open(GEX_VOL_OTM, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 8, 0);
    const gex_live_options options = desk_options(8);
    gex_chain *chain = desk_chain(desk, NULL);
    gex_market *market = desk_market(desk, chain, GEX_VOL_OTM, NULL, NULL);
    gex_book *book = desk_book(desk, chain);
    uint64_t state = 11;
    int64_t before = meter.calls;

    gex_live_free(desk->live);
    ck_assert_int_eq(gex_live_create(context, market, book, &options, &desk->live, NULL), GEX_OK);
    ck_assert_int_eq(meter.calls, before + 1);
    before = meter.calls;
    for (int i = 0; i < 500; i++) {
        (void)desk_tick(desk, &state);
        ck_assert_int_eq(gex_live_refresh(context, desk->live, NULL), GEX_OK);
    }
    ck_assert_int_eq(meter.calls, before);
    desk_close(desk);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    gex_context_free(context);
    ck_assert_int_eq(meter.held, 0);
}
END_TEST

START_TEST(any_number_of_threads)
{
    static const int counts[] = {1, 2, 7};

    for (int k = 0; k < LENGTH(counts); k++) {
        struct desk *desk = desk_open(GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 7, 0);
        struct pool pool = {.threads = counts[k]};
        gex_context *context = pool_context(&pool, set_now);

        for (int i = 0; i < 3; i++) {
            desk->spot *= 1.001;
            ck_assert_int_eq(gex_live_set_spot(desk->live, desk->spot, NULL), GEX_OK);
            ck_assert_int_eq(gex_live_refresh(context, desk->live, NULL), GEX_OK);
        }
        compare_rebuilt(desk, 7, "threads");
        gex_context_free(context);
        desk_close(desk);
    }
}
END_TEST

static int32_t run_fails(void *user, void (*task)(void *arg, int64_t i), void *arg, int64_t n)
{
    (void)user, (void)task, (void)arg;
    return n > 0;
}

START_TEST(a_refresh_that_failed_is_made_good)
{
    struct desk *desk = desk_open(GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 4, 0);
    gex_context_options options;
    gex_context *context;

    gex_context_options_init(&options, sizeof options);
    options.run = run_fails;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    desk->spot = 5010;
    desk->position[7] = 12;
    ck_assert_int_eq(gex_live_set_spot(desk->live, desk->spot, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_set_position(desk->live, 7, 12, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(context, desk->live, NULL), GEX_ERR_CALLBACK);
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    compare_rebuilt(desk, 4, "after a failure");
    gex_context_free(context);
    desk_close(desk);
}
END_TEST

START_TEST(the_order_of_rows_does_not_show)
{
    struct desk *desk = desk_open(GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 7, 0);
    struct desk *other = desk_open(GEX_VOL_GIVEN, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 7, 99);

    ck_assert_int_eq(gex_live_set_spot(desk->live, 5011, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_set_spot(other->live, 5011, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_refresh(NULL, other->live, NULL), GEX_OK);
    for (int u = 0; u < 7; u++) {
        int64_t strikes;
        const double *mine = gex_live_by(desk->live, wanted[u], GEX_BY_STRIKE, GEX_SUM_NET, &strikes);
        const double *theirs = gex_live_by(other->live, wanted[u], GEX_BY_STRIKE, GEX_SUM_NET, NULL);

        ck_assert(same_bits(gex_live_total(desk->live, wanted[u]), gex_live_total(other->live, wanted[u])));
        for (int64_t k = 0; k < strikes; k++)
            ck_assert(same_bits(mine[k], theirs[k]));
    }
    desk_close(desk);
    desk_close(other);
}
END_TEST

/* A row is listed once, however often it is set before a refresh. */
START_TEST(quotes_and_volatilities_of_a_row_in_turn)
{
    struct desk *desk = desk_open(GEX_VOL_IMPLIED, GEX_FORWARD_RATE, GEX_CLOCK_CAL_365, 2, 0);

    for (int i = 0; i < 4 * DESK_ROWS; i++) {
        ck_assert_int_eq(gex_live_set_quote(desk->live, 11, desk->bid[11], desk->ask[11], NULL), GEX_OK);
        ck_assert_int_eq(gex_live_set_vol(desk->live, 11, 0.2 + 1e-5 * i, NULL), GEX_OK);
    }
    ck_assert_int_eq(gex_live_refresh(NULL, desk->live, NULL), GEX_OK);
    ck_assert_double_eq(gex_live_vol(desk->live)[11], 0.2 + 1e-5 * (4 * DESK_ROWS - 1));
    compare_rebuilt(desk, 2, "in turn");
    desk_close(desk);
}
END_TEST

static void fill(TCase *tcase)
{
    tcase_add_test(tcase, early_exercise);
    tcase_add_test(tcase, any_number_of_threads);
    tcase_add_loop_test(tcase, ticks_come_to_what_a_rebuild_does, 0, LENGTH(kinds));
}

Suite *suite_live(void)
{
    Suite *suite = suite_create("live");

    TCase *tcase = tcase_create("what ticks mean");

    cases_of_sets(suite, "ticks", 240, fill);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_quote_sets_what_the_rule_says);
    tcase_add_test(tcase, spot_leaves_volatilities_alone);
    tcase_add_test(tcase, forwards_are_taken_from_another_market);
    tcase_add_test(tcase, nothing_is_allocated_after_creation);
    tcase_add_test(tcase, a_refresh_that_failed_is_made_good);
    tcase_add_test(tcase, the_order_of_rows_does_not_show);
    tcase_add_test(tcase, quotes_and_volatilities_of_a_row_in_turn);
    suite_add_tcase(suite, tcase);
    return suite;
}
