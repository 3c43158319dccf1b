/* SPDX-License-Identifier: Apache-2.0 */
/* One volatility a strike: which side it comes from, how, and what a row without any is told. */
#include <check.h>
#include <stdbool.h>

#include <gex/market.h>

#include "base/civil.h"
#include "quoted.h"

Suite *suite_otm(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
#define NOT ((double)NAN)
#define INF ((double)INFINITY)
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const int64_t month = 30 * GEX_DAY;

static struct rows rows;

static gex_market *market_by(int32_t vol)
{
    gex_market_options options;
    gex_chain *chain = rows_chain(&rows);
    gex_market *market = NULL;
    gex_error error = {0};

    gex_market_options_init(&options, sizeof options);
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of;
    options.spot = 100; /* with no rates the forward is 100 exactly */
    options.vol = vol;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain);
    return market;
}

static void add(int64_t settlement, double strike, int8_t right, double vol, double bid, double ask)
{
    const int64_t i = rows_add(&rows, "SPXW", settlement, strike, right);

    rows.vol[i] = vol;
    rows.bid[i] = bid;
    rows.ask[i] = ask;
}

/* A strike of one month: the put at 90 is out of the money, the call in it; by parity its price is that of the put and
 * 10. Expected of the put and of the call: source (0: no_vol), and whether the side in the money was all there is. */
static const struct strike_case {
    const char *name;
    double      put_vol, put_bid, put_ask, call_vol, call_bid, call_ask;
    uint8_t     put_source, call_source;
    bool        in_the_money;
} strike_cases[] = {
    {"both given", 0.25, NOT, NOT, 0.4, NOT, NOT, GEX_SOURCE_GIVEN, GEX_SOURCE_OTHER_GIVEN, false},
    {"the call's is zero", 0.25, NOT, NOT, 0, NOT, NOT, GEX_SOURCE_GIVEN, GEX_SOURCE_OTHER_GIVEN, false},
    {"given comes before a quote", 0.25, 0.5, 0.6, 0, 10.3, 10.5, GEX_SOURCE_GIVEN, GEX_SOURCE_OTHER_GIVEN, false},
    {"a quote comes before the call's", 0, 0.37, 0.39, 0.4, 10.3, 10.5, GEX_SOURCE_IMPLIED, GEX_SOURCE_OTHER_IMPLIED,
     false},
    {"only the call's", 0, NOT, NOT, 0.4, NOT, NOT, GEX_SOURCE_OTHER_GIVEN, GEX_SOURCE_GIVEN, true},
    {"only the call's, negative", -0.1, NOT, NOT, 0.4, NOT, NOT, GEX_SOURCE_OTHER_GIVEN, GEX_SOURCE_GIVEN, true},
    {"no bid is no quote", 0, 0, 0.39, 0.4, NOT, NOT, GEX_SOURCE_OTHER_GIVEN, GEX_SOURCE_GIVEN, true},
    {"only the call's quote", 0, NOT, NOT, 0, 10.3, 10.5, GEX_SOURCE_OTHER_IMPLIED, GEX_SOURCE_IMPLIED, true},
    {"a call's bid below intrinsic", 0, NOT, NOT, 0, 9.9, 11, 0, 0, false},
    {"a call's middle below intrinsic", 0, NOT, NOT, 0, 9.5, 9.9, 0, 0, false},
    {"a put above its bound", 0, 95, 97, 0, NOT, NOT, 0, 0, false},
    {"crossed", 0, 0.39, 0.37, 0, NOT, NOT, 0, 0, false},
    {"nothing", 0, NOT, NOT, 0, NOT, NOT, 0, 0, false},
};

static void assert_row(const gex_market *market, int64_t row, const char *name, uint8_t source, bool in_the_money)
{
    const bool flagged = (gex_market_flags(market)[row] & GEX_FLAG_VOL_IN_THE_MONEY) != 0;

    ck_assert_msg(gex_market_vol_source(market)[row] == source, "%s, row %d: %s", name, (int)row,
                  gex_vol_source_name(gex_market_vol_source(market)[row]));
    ck_assert_int_eq(gex_market_status(market)[row], source != 0 ? GEX_ROW_USED : GEX_ROW_NO_VOL);
    ck_assert_msg(flagged == in_the_money, "%s, row %d: flag", name, (int)row);
    ck_assert_int_eq(isnan(gex_market_vol(market)[row]), source == 0);
}

START_TEST(sources_of_a_strike)
{
    const struct strike_case *c = &strike_cases[_i];
    gex_market *market;

    rows.count = 0;
    add(as_of + month, 90, GEX_CALL, c->call_vol, c->call_bid, c->call_ask);
    add(as_of + month, 90, GEX_PUT, c->put_vol, c->put_bid, c->put_ask);
    market = market_by(GEX_VOL_OTM);
    assert_row(market, 0, c->name, c->call_source, c->in_the_money);
    assert_row(market, 1, c->name, c->put_source, c->in_the_money);
    if (c->put_source != 0)
        ck_assert_double_eq(gex_market_vol(market)[0], gex_market_vol(market)[1]);
    if (c->put_source == GEX_SOURCE_GIVEN)
        ck_assert_double_eq(gex_market_vol(market)[0], c->put_vol);
    if (c->call_source == GEX_SOURCE_GIVEN)
        ck_assert_double_eq(gex_market_vol(market)[0], c->call_vol);
    gex_market_free(market);

    /* mirrored in the money: at 110 the call is out of it; given vols alone tell the sides apart */
    rows.count = 0;
    add(as_of + month, 110, GEX_PUT, c->call_vol, NOT, NOT);
    add(as_of + month, 110, GEX_CALL, c->put_vol, NOT, NOT);
    market = market_by(GEX_VOL_OTM);
    if (c->put_vol > 0)
        ck_assert_double_eq(gex_market_vol(market)[0], c->put_vol);
    else if (c->call_vol > 0)
        ck_assert_double_eq(gex_market_vol(market)[0], c->call_vol);
    gex_market_free(market);
} END_TEST

/* An implied one is what GEX_VOL_IMPLIED has for that row, to the bit. */
START_TEST(implied_is_that_of_the_row)
{
    gex_market *otm, *implied;

    rows.count = 0;
    add(as_of + month, 90, GEX_PUT, 0, 0.37, 0.39);
    add(as_of + month, 90, GEX_CALL, 0, NOT, NOT);
    add(as_of + month, 110, GEX_PUT, 0, 10.3, 10.5);
    otm = market_by(GEX_VOL_OTM);
    implied = market_by(GEX_VOL_IMPLIED);
    ck_assert_double_eq(gex_market_vol(otm)[0], gex_market_vol(implied)[0]);
    ck_assert_double_eq(gex_market_vol(otm)[1], gex_market_vol(implied)[0]);
    ck_assert_double_eq(gex_market_vol(otm)[2], gex_market_vol(implied)[2]);
    ck_assert_int_eq(gex_market_vol_source(otm)[2], GEX_SOURCE_IMPLIED);
    gex_market_free(otm);
    gex_market_free(implied);
} END_TEST

/* At the forward the call is the side out of the money; below it by one step of the strike, the put is. */
START_TEST(at_the_forward_the_call_serves)
{
    gex_market *market;

    rows.count = 0;
    add(as_of + month, 100, GEX_PUT, 0.3, NOT, NOT);
    add(as_of + month, 100, GEX_CALL, 0.2, NOT, NOT);
    add(as_of + month, nextafter(100, 0), GEX_PUT, 0.3, NOT, NOT);
    add(as_of + month, nextafter(100, 0), GEX_CALL, 0.2, NOT, NOT);
    market = market_by(GEX_VOL_OTM);
    ck_assert_double_eq(gex_market_vol(market)[0], 0.2);
    ck_assert_double_eq(gex_market_vol(market)[1], 0.2);
    ck_assert_double_eq(gex_market_vol(market)[2], 0.3);
    ck_assert_double_eq(gex_market_vol(market)[3], 0.3);
    gex_market_free(market);
} END_TEST

/* SPX and SPXW of one instant, two settlements, and a strike listed on one side only stay apart. */
START_TEST(roots_and_settlements_stay_apart)
{
    gex_market *market;
    int64_t i;

    rows.count = 0;
    add(as_of + month, 90, GEX_PUT, 0.25, NOT, NOT);
    add(as_of + month, 90, GEX_CALL, 0, NOT, NOT);
    i = rows_add(&rows, "SPX", as_of + month, 90, GEX_CALL);
    rows.vol[i] = 0;
    i = rows_add(&rows, "XSP", as_of + month, 90, GEX_PUT);
    rows.vol[i] = 0.5;
    add(as_of + 2 * month, 90, GEX_CALL, 0, NOT, NOT);
    add(as_of + month, 91, GEX_CALL, 0, NOT, NOT);
    market = market_by(GEX_VOL_OTM);
    ck_assert_double_eq(gex_market_vol(market)[1], 0.25);
    ck_assert_int_eq(gex_market_status(market)[2], GEX_ROW_NO_VOL);
    ck_assert_double_eq(gex_market_vol(market)[3], 0.5);
    ck_assert_int_eq(gex_market_status(market)[4], GEX_ROW_NO_VOL);
    ck_assert_int_eq(gex_market_status(market)[5], GEX_ROW_NO_VOL);
    gex_market_free(market);
} END_TEST

/* A number that is none refuses its row and serves nobody, as a settled row; settling now has a given vol alone. */
START_TEST(rows_that_serve_nobody)
{
    gex_market *market;

    rows.count = 0;
    add(as_of + month, 90, GEX_PUT, NOT, 0.37, 0.39);
    add(as_of + month, 90, GEX_CALL, 0, NOT, NOT);
    add(as_of + month, 91, GEX_PUT, INF, NOT, NOT);
    add(as_of + month, 91, GEX_CALL, 0.4, NOT, NOT);
    add(as_of - 1, 90, GEX_PUT, 0.2, NOT, NOT);
    add(as_of - 1, 90, GEX_CALL, 0, NOT, NOT);
    add(as_of, 90, GEX_PUT, 0.2, NOT, NOT);
    add(as_of, 90, GEX_CALL, 0, 10.3, 10.5);
    add(as_of, 91, GEX_PUT, 0, 0.1, 0.2);
    market = market_by(GEX_VOL_OTM);
    ck_assert_int_eq(gex_market_status(market)[0], GEX_ROW_NOT_FINITE);
    ck_assert_int_eq(gex_market_status(market)[1], GEX_ROW_NO_VOL);
    ck_assert_int_eq(gex_market_status(market)[2], GEX_ROW_NOT_FINITE);
    ck_assert_double_eq(gex_market_vol(market)[3], 0.4);
    ck_assert_uint_ne(gex_market_flags(market)[3] & GEX_FLAG_VOL_IN_THE_MONEY, 0);
    ck_assert_int_eq(gex_market_status(market)[4], GEX_ROW_EXPIRED);
    ck_assert_int_eq(gex_market_status(market)[5], GEX_ROW_EXPIRED);
    ck_assert_double_eq(gex_market_vol(market)[7], 0.2);
    ck_assert_int_eq(gex_market_status(market)[8], GEX_ROW_NO_VOL);
    gex_market_free(market);
} END_TEST

/* Twice the same put: each keeps what was given to it, and the call has one of them, the same in any row order. */
START_TEST(listed_twice)
{
    double had[2];

    for (int turn = 0; turn < 2; turn++) {
        gex_market *market;

        rows.count = 0;
        add(as_of + month, 90, GEX_PUT, turn == 0 ? 0.25 : 0.26, NOT, NOT);
        add(as_of + month, 90, GEX_PUT, turn == 0 ? 0.26 : 0.25, NOT, NOT);
        add(as_of + month, 90, GEX_CALL, 0, NOT, NOT);
        market = market_by(GEX_VOL_OTM);
        ck_assert_double_eq(gex_market_vol(market)[0], turn == 0 ? 0.25 : 0.26);
        ck_assert_double_eq(gex_market_vol(market)[1], turn == 0 ? 0.26 : 0.25);
        had[turn] = gex_market_vol(market)[2];
        gex_market_free(market);
    }
    ck_assert_double_eq(had[0], had[1]);
} END_TEST

/* Whatever the chain's own volatilities use, otm uses, and rows out of the money have the same number. */
START_TEST(uses_all_that_given_uses)
{
    gex_market *given, *otm;
    uint32_t state = 12345;

    rows.count = 0;
    for (int k = 0; k < 400; k++) {
        state = state * 1664525u + 1013904223u;
        add(as_of + month * (1 + k % 3), 60 + (state >> 8) % 80, (state >> 20) % 2 == 0 ? GEX_CALL : GEX_PUT,
            (state >> 24) % 3 == 0 ? 0 : 0.1 + (state >> 16) % 64 / 100.0, NOT, NOT);
    }
    given = market_by(GEX_VOL_GIVEN);
    otm = market_by(GEX_VOL_OTM);
    for (int64_t i = 0; i < rows.count; i++) {
        if (gex_market_status(given)[i] != GEX_ROW_USED)
            continue;
        ck_assert_int_eq(gex_market_status(otm)[i], GEX_ROW_USED);
        if ((rows.strike[i] < 100) == (rows.right[i] == GEX_PUT))
            ck_assert_double_eq(gex_market_vol(otm)[i], gex_market_vol(given)[i]);
    }
    gex_market_free(given);
    gex_market_free(otm);
} END_TEST

START_TEST(source_names)
{
    static const char *const names[] = {"given", "implied", "other_given", "other_implied"};

    for (int k = 0; k < LENGTH(names); k++)
        ck_assert_str_eq(gex_vol_source_name(k + 1), names[k]);
    ck_assert_str_eq(gex_vol_source_name(0), "unknown");
    ck_assert_str_eq(gex_vol_source_name(GEX_VOL_SOURCE_LAST_ + 1), "unknown");
} END_TEST

Suite *suite_otm(void)
{
    Suite *suite = suite_create("otm");
    TCase *strike = tcase_create("strike");

    tcase_add_loop_test(strike, sources_of_a_strike, 0, LENGTH(strike_cases));
    tcase_add_test(strike, implied_is_that_of_the_row);
    tcase_add_test(strike, at_the_forward_the_call_serves);
    tcase_add_test(strike, roots_and_settlements_stay_apart);
    tcase_add_test(strike, rows_that_serve_nobody);
    tcase_add_test(strike, listed_twice);
    tcase_add_test(strike, uses_all_that_given_uses);
    tcase_add_test(strike, source_names);
    suite_add_tcase(suite, strike);
    return suite;
}
