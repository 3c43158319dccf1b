/* SPDX-License-Identifier: Apache-2.0 */
/* Middles repaired: against answers worked out by hand, and by what the quotes say when they are quoted again. */
#include <check.h>
#include <stdbool.h>

#include <gex/quotes.h>

#include "base/civil.h"
#include "quoted.h"

Suite *suite_repair(void);

#define LENGTH(array) ((int)(sizeof(array) / sizeof *(array)))
static const int64_t as_of = 1700000000 * GEX_SECOND;
static const int64_t month = 30 * GEX_DAY;
static const double carry = 0.02;

static struct rows rows;
static gex_quotes *quotes;
static double rate; /* of the market */

static int64_t add(int64_t settlement, double strike, int8_t right, double bid, double ask)
{
    const int64_t i = rows_add(&rows, "SPXW", settlement, strike, right);

    rows.bid[i] = bid;
    rows.ask[i] = ask;
    return i;
}

static void quote(int32_t repair, double wide)
{
    gex_quotes_options how;
    gex_market *market = rows_market(&rows, as_of, rate, carry);
    gex_error error = {0};

    gex_quotes_options_init(&how, sizeof how);
    how.repair = repair;
    how.wide = wide;
    ck_assert_msg(gex_quotes_create(NULL, market, &how, &quotes, &error) == GEX_OK, "%s", error.message);
    gex_market_free(market);
}

static double moved(int64_t row)
{
    return gex_quotes_price(quotes, GEX_QUOTE_REPAIRED)[row] - gex_quotes_price(quotes, GEX_QUOTE_MID)[row];
}

static bool flagged(int64_t row)
{
    return (gex_quotes_flags(quotes)[row] & GEX_FLAG_REPAIRED) != 0;
}

/* The repaired middles as locked quotes: then nothing is left to find. */
static void requote(void)
{
    static const uint32_t all = GEX_FLAG_NOT_MONOTONE | GEX_FLAG_NOT_CONVEX | GEX_FLAG_CALENDAR;
    gex_quotes *const first = quotes;

    for (int64_t i = 0; i < rows.count; i++)
        rows.bid[i] = rows.ask[i] = gex_quotes_price(first, GEX_QUOTE_REPAIRED)[i];
    quote(GEX_REPAIR_NONE, 0);
    ck_assert_int_eq(gex_quotes_count(quotes, all), 0);
    gex_quotes_free(quotes);
    quotes = first;
}

/* ---- by hand --------------------------------------------------------------------------------------------------- */

/*
 * Strikes 90, 100, 110 with middles 12, 8.6, 3 (calls): the middle one is 1.1 above the line. With half-spreads h the
 * least sum of (move / h)^2 moves each by 1.1 h_i^2 a_i / sum h^2 a^2, a = (1/2, -1, 1/2). Discount 1, or e^(-r T):
 * moves of quotes scale with nothing, since both sides of the condition do.
 */
static const struct bend {
    double half[3];
    double rate;
} bends[] = {{{1, 1, 1}, 0}, {{1, 1, 1}, 0.05}, {{1.5, 0.9, 1.2}, 0}, {{0.5, 2, 0.5}, 0.05}};

START_TEST(a_butterfly_by_hand)
{
    static const double middle[] = {12, 8.6, 3}, a[] = {0.5, -1, 0.5};
    const struct bend *bend = &bends[_i];
    double sum = 0;

    rows.count = 0;
    rate = bend->rate;
    for (int k = 0; k < 3; k++) {
        add(as_of + month, 90 + 10 * k, GEX_CALL, middle[k] - bend->half[k], middle[k] + bend->half[k]);
        sum += bend->half[k] * bend->half[k] * a[k] * a[k];
    }
    quote(GEX_REPAIR_STRIKES, 0);
    for (int k = 0; k < 3; k++) {
        ck_assert_double_eq_tol(moved(k), 1.1 * bend->half[k] * bend->half[k] * a[k] / sum, 1e-9);
        ck_assert(flagged(k));
        ck_assert_uint_eq(gex_quotes_status(quotes, GEX_QUOTE_REPAIRED)[k], GEX_QUOTE_OK);
    }
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 3);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_DONE);
    ck_assert_uint_eq(gex_quotes_flags(quotes)[1] & GEX_FLAG_NOT_CONVEX, GEX_FLAG_NOT_CONVEX); /* as it was quoted */
    requote();
    gex_quotes_free(quotes);
}
END_TEST

/* Puts are mirrored; locked neighbours leave the middle one to move alone. */
START_TEST(a_butterfly_of_puts_between_locked_quotes)
{
    rows.count = 0;
    rate = 0;
    add(as_of + month, 90, GEX_PUT, 3, 3);
    add(as_of + month, 100, GEX_PUT, 6.5, 9.5);
    add(as_of + month, 110, GEX_PUT, 12, 12);
    quote(GEX_REPAIR_STRIKES, 0);
    ck_assert_double_eq_tol(moved(1), -0.5, 1e-9);
    ck_assert(flagged(1) && !flagged(0) && !flagged(2));
    ck_assert_double_eq(moved(0), 0);
    ck_assert_double_eq(moved(2), 0);
    requote();
    gex_quotes_free(quotes);
}
END_TEST

/* Two calls that rise: both move to where the weighted mean is, h = 1 and 2, weights 1 and 1/4. */
START_TEST(a_vertical_by_hand)
{
    rows.count = 0;
    rate = 0;
    add(as_of + month, 100, GEX_CALL, 4, 6);
    add(as_of + month, 110, GEX_CALL, 4, 8);
    quote(GEX_REPAIR_STRIKES, 0);
    ck_assert_double_eq_tol(moved(0), 0.2, 1e-9);
    ck_assert_double_eq_tol(moved(1), -0.8, 1e-9);
    requote();
    gex_quotes_free(quotes);
}
END_TEST

/* A middle below what exercise at settlement is worth is raised to it where the ask allows. */
START_TEST(not_below_intrinsic)
{
    rows.count = 0;
    rate = carry; /* the forward is 100 */
    add(as_of + month, 80, GEX_CALL, 19, 20.5);
    quote(GEX_REPAIR_STRIKES, 0);
    ck_assert_double_eq_tol(gex_quotes_price(quotes, GEX_QUOTE_REPAIRED)[0], 20 * exp(-carry * 30 / 365), 1e-8);
    ck_assert_uint_eq(gex_quotes_status(quotes, GEX_QUOTE_MID)[0], GEX_QUOTE_BELOW_INTRINSIC);
    gex_quotes_free(quotes);
}
END_TEST

START_TEST(what_cannot_be_repaired)
{
    rows.count = 0;
    rate = 0;
    add(as_of + month, 100, GEX_CALL, 4, 5);
    add(as_of + month, 110, GEX_CALL, 5.5, 6); /* above the lower strike's ask */
    add(as_of + month, 90, GEX_PUT, 1, 1.2);
    add(as_of + 2 * month, 100, GEX_CALL, 5, 6);
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_IMPOSSIBLE);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[1], GEX_REPAIRED_SOUND);
    for (int64_t i = 0; i < rows.count; i++) {
        ck_assert_double_eq(moved(i), 0);
        ck_assert(!flagged(i));
    }
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_NOT_MONOTONE), 2);
    gex_quotes_free(quotes);
}
END_TEST

/* ---- settlements ----------------------------------------------------------------------------------------------- */

/* Rate and carry are the same, so strikes compare as they are and prices by the discount. The later call at 100 lies
 * half a point below the earlier: the earlier keeps what it has, and the later is raised. Asked for along the strikes
 * alone, nothing moves. */
START_TEST(a_calendar_spread)
{
    rows.count = 0;
    rate = carry;
    for (int late = 0; late < 2; late++)
        for (int k = 0; k < 3; k++) {
            static const double middle[2][3] = {{11, 4.5, 1.5}, {11.5, 4, 2}};
            const double at = middle[late][k] * exp(-rate * 30 * (late + 1) / 365);
            add(as_of + month * (late + 1), 90 + 10 * k, GEX_CALL, at - 0.75, at + 0.75);
        }
    quote(GEX_REPAIR_STRIKES, 0);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 0);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_CALENDAR), 1);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[1], GEX_REPAIRED_SOUND);
    gex_quotes_free(quotes);

    quote(GEX_REPAIR_ALL, 0);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_SOUND);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[1], GEX_REPAIRED_DONE);
    ck_assert_double_eq_tol(moved(4), 0.5 * exp(-rate * 60 / 365), 1e-8);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 1);
    requote();
    gex_quotes_free(quotes);
}
END_TEST

/* The later one cannot rise so far: the earlier one comes down to it. Where both cannot, both say so. */
START_TEST(a_calendar_spread_from_both_sides)
{
    rows.count = 0;
    rate = carry;
    for (int late = 0; late < 2; late++)
        for (int k = 0; k < 2; k++)
            add(as_of + month * (late + 1), 100 + 10 * k, GEX_CALL, 8 - 5 * k, 10 - 5 * k);
    rows.bid[2] = 7;
    rows.ask[2] = 8.5; /* 9 before */
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_DONE);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[1], GEX_REPAIRED_DONE);
    ck_assert_double_eq_tol(gex_quotes_price(quotes, GEX_QUOTE_REPAIRED)[0], 8.5 * exp(rate * 30 / 365), 1e-8);
    requote();
    gex_quotes_free(quotes);

    rows.count = 0;
    for (int late = 0; late < 2; late++)
        for (int k = 0; k < 2; k++)
            add(as_of + month * (late + 1), 100 + 10 * k, GEX_CALL, 8 - 5 * k, 10 - 5 * k);
    rows.bid[2] = 6;
    rows.ask[2] = 7;
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_STRIKES);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 0);
    gex_quotes_free(quotes);
}
END_TEST

/* The one between has a butterfly that its quotes are too narrow for, and is left as quoted: what settles before it
 * still may not be worth more than what settles after. In dollars of each settlement, at 100: 5 before, 4.5 after. */
START_TEST(a_settlement_that_cannot_be_repaired_is_stepped_over)
{
    static const double middle[3][3] = {{11, 5, 1.5}, {11.5, 8, 1.8}, {12, 4.5, 2}}, half[3] = {0.75, 0.1, 0.75};

    rows.count = 0;
    rate = carry;
    for (int e = 0; e < 3; e++)
        for (int k = 0; k < 3; k++) {
            const double discount = exp(-rate * 30 * (e + 1) / 365);
            add(as_of + month * (e + 1), 90 + 10 * k, GEX_CALL, (middle[e][k] - half[e]) * discount,
                (middle[e][k] + half[e]) * discount);
        }
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_SOUND);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[1], GEX_REPAIRED_IMPOSSIBLE);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[2], GEX_REPAIRED_DONE);
    for (int64_t i = 3; i < 6; i++)
        ck_assert(!flagged(i));
    ck_assert_double_eq_tol(moved(7), 0.5 * exp(-rate * 90 / 365), 1e-8);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 1);
    gex_quotes_free(quotes);
}
END_TEST

/* American options are compared as quoted: at equal strike an earlier settlement is worth no more, whatever the
 * forwards. */
START_TEST(american_settlements_at_equal_strike)
{
    rows.count = 0;
    rate = 0.1;
    for (int late = 0; late < 2; late++)
        for (int k = 0; k < 2; k++)
            rows.exercise[add(as_of + 12 * month * (late + 1), 95 + 10 * k, GEX_PUT, 4 + 8 * k, 6 + 8 * k)] =
                GEX_EXERCISE_AMERICAN;
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_CALENDAR),
                     0); /* equal prices; undiscounted the forwards are 8 % apart */
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 0);
    gex_quotes_free(quotes);
    rows.bid[2] -= 0.5;
    rows.ask[2] -= 0.5;
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_uint_eq(gex_quotes_flags(quotes)[0] & GEX_FLAG_CALENDAR, GEX_FLAG_CALENDAR);
    ck_assert_double_eq_tol(moved(2), 0.5, 1e-8);
    gex_quotes_free(quotes);
}
END_TEST

/* ---- whole chains ---------------------------------------------------------------------------------------------- */

static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

/* Three settlements whose middles have lost up to `noise` half-spreads of their order; ticks of 0.05. */
static void scatter(uint64_t seed, double noise)
{
    rows.count = 0;
    rate = 0.04;
    for (int e = 1; e <= 3; e++)
        for (int k = 0; k < 60; k++)
            for (int8_t right = 1; right >= -1; right -= 2) {
                const double strike = 70 + k, years = 30.0 * e / 365, forward = 100 * exp((rate - carry) * years);
                const double value = black_price(forward, exp(-rate * years), strike, 0.25 * sqrt(years), right);
                const double half = 0.05 * ceil(1 + value * (0.2 + draw(&seed)) / 5);
                const double middle = 0.05 * round((value + half * noise * (2 * draw(&seed) - 1)) / 0.05);
                add(as_of + month * e, strike, right, middle - half, middle + half);
            }
}

START_TEST(nothing_is_left)
{
    const bool calm = _i % 2 == 0;

    scatter((uint64_t)_i, calm ? 0.5 : 0.9);
    quote(GEX_REPAIR_ALL, 0);
    ck_assert_int_gt(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), calm ? 20 : 0);
    for (int e = 0; e < 3; e++)
        ck_assert_uint_ne(gex_quotes_repaired(quotes)[e], GEX_REPAIRED_NOTHING);
    for (int64_t i = 0; i < rows.count; i++) {
        const double price = gex_quotes_price(quotes, GEX_QUOTE_REPAIRED)[i];
        ck_assert_int_eq(flagged(i), moved(i) != 0 && gex_quotes_price(quotes, GEX_QUOTE_MID)[i] > 0);
        if (gex_quotes_price(quotes, GEX_QUOTE_MID)[i] > 0)
            ck_assert(price >= rows.bid[i] && price <= rows.ask[i]);
    }
    if (calm) { /* half of the half-spreads leaves room for prices: the values are such */
        for (int e = 0; e < 3; e++)
            ck_assert_uint_le(gex_quotes_repaired(quotes)[e], GEX_REPAIRED_DONE);
        requote();
    }
    gex_quotes_free(quotes);
}
END_TEST

START_TEST(the_strike_is_made_from_the_repaired)
{
    int64_t changed = 0;

    scatter(5, 0.5);
    quote(GEX_REPAIR_ALL, 0);
    for (int64_t i = 0; i < rows.count; i++)
        if ((gex_quotes_flags(quotes)[i] & GEX_FLAG_OTM_SIDE) != 0 && gex_quotes_price(quotes, GEX_QUOTE_MID)[i] > 0 &&
            gex_quotes_vol(quotes, GEX_QUOTE_REPAIRED)[i] > 0) {
            ck_assert_double_eq(gex_quotes_price(quotes, GEX_QUOTE_STRIKE)[i],
                                gex_quotes_price(quotes, GEX_QUOTE_REPAIRED)[i]);
            ck_assert_double_eq(gex_quotes_vol(quotes, GEX_QUOTE_STRIKE)[i],
                                gex_quotes_vol(quotes, GEX_QUOTE_REPAIRED)[i]);
            changed += moved(i) != 0;
        }
    ck_assert_int_gt(changed, 10);
    gex_quotes_free(quotes);
}
END_TEST

/* A quote too wide is held against nobody, and stays. */
START_TEST(the_wide_stay)
{
    rows.count = 0;
    rate = 0;
    add(as_of + month, 90, GEX_CALL, 11, 13);
    add(as_of + month, 100, GEX_CALL, 1, 30);
    add(as_of + month, 110, GEX_CALL, 2, 4);
    quote(GEX_REPAIR_STRIKES, 1);
    ck_assert_int_eq(gex_quotes_count(quotes, GEX_FLAG_REPAIRED), 0);
    ck_assert_double_eq(gex_quotes_price(quotes, GEX_QUOTE_REPAIRED)[1], 15.5);
    ck_assert_uint_eq(gex_quotes_repaired(quotes)[0], GEX_REPAIRED_SOUND);
    gex_quotes_free(quotes);
}
END_TEST

START_TEST(not_asked_for)
{
    rows.count = 0;
    add(as_of + month, 90, GEX_CALL, 11, 13);
    quote(GEX_REPAIR_NONE, 1);
    ck_assert_ptr_null(gex_quotes_repaired(quotes));
    ck_assert_ptr_null(gex_quotes_price(quotes, GEX_QUOTE_REPAIRED));
    ck_assert_ptr_null(gex_quotes_vol(quotes, GEX_QUOTE_REPAIRED));
    ck_assert_ptr_null(gex_quotes_status(quotes, GEX_QUOTE_REPAIRED));
    gex_quotes_free(quotes);
    rows.count = 0;
    quote(GEX_REPAIR_ALL, 1);
    ck_assert_int_eq(gex_quotes_count(quotes, UINT32_MAX), 0);
    gex_quotes_free(quotes);
}
END_TEST

START_TEST(texts)
{
    static const char *const expected[] = {"nothing", "sound", "done", "strikes", "impossible"};

    for (int k = 0; k < LENGTH(expected); k++)
        ck_assert_str_eq(gex_repaired_text(k), expected[k]);
    ck_assert_str_eq(gex_repaired_text(LENGTH(expected)), "unknown");
    ck_assert_str_eq(gex_flag_text(GEX_FLAG_REPAIRED), "repaired");
}
END_TEST

Suite *suite_repair(void)
{
    Suite *suite = suite_create("repair");
    TCase *hand = tcase_create("hand"), *settlements = tcase_create("settlements"), *chains = tcase_create("chains");

    tcase_add_loop_test(hand, a_butterfly_by_hand, 0, LENGTH(bends));
    tcase_add_test(hand, a_butterfly_of_puts_between_locked_quotes);
    tcase_add_test(hand, a_vertical_by_hand);
    tcase_add_test(hand, not_below_intrinsic);
    tcase_add_test(hand, what_cannot_be_repaired);
    tcase_add_test(settlements, a_calendar_spread);
    tcase_add_test(settlements, a_calendar_spread_from_both_sides);
    tcase_add_test(settlements, a_settlement_that_cannot_be_repaired_is_stepped_over);
    tcase_add_test(settlements, american_settlements_at_equal_strike);
    tcase_add_loop_test(chains, nothing_is_left, 0, 40);
    tcase_add_test(chains, the_strike_is_made_from_the_repaired);
    tcase_add_test(chains, the_wide_stay);
    tcase_add_test(chains, not_asked_for);
    tcase_add_test(chains, texts);
    suite_add_tcase(suite, hand);
    suite_add_tcase(suite, settlements);
    suite_add_tcase(suite, chains);
    return suite;
}
