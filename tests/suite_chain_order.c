/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a chain, which is the same for any order in; its distinct expiries and strikes; its duplicates. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gex/chain.h>

#define NOT_A_NUMBER ((double)NAN)
#define ENDLESS ((double)INFINITY)

Suite *suite_chain_order(void);

enum { MANY = 3000 };
struct many_row {
    char    root[8];
    int32_t expiry;
    int8_t  right, exercise;
    double  strike, multiplier, bid, ask, last, vol, open_interest, volume;
};

static uint32_t pseudo_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Few values a column, so that every kind of tie comes up, among them NaN, zeros of both signs and refused rows. */
static void many_rows(struct many_row *rows, uint64_t seed)
{
    static const char *const roots[] = {"SPX", "SPXW", "SPY", "ZZZ"};
    static const double odd[] = {0.0, -0.0, 1.0, NOT_A_NUMBER, ENDLESS, 2.5};
    static const int32_t expiries[] = {20230914, 20230915, 20240119, 20230230};

    memset(rows, 0, MANY * sizeof *rows);
    for (int i = 0; i < MANY; i++) {
        struct many_row *r = &rows[i];
        strcpy(r->root, roots[pseudo_random(&seed) % 4]);
        r->expiry = expiries[pseudo_random(&seed) % 16 == 0 ? 3 : pseudo_random(&seed) % 3];
        r->right = pseudo_random(&seed) % 2 ? GEX_CALL : GEX_PUT;
        r->exercise = (int8_t)(pseudo_random(&seed) % 8 == 0);
        r->strike = pseudo_random(&seed) % 32 == 0 ? -1.0 : 0.1 * (double)(1 + pseudo_random(&seed) % 40);
        r->multiplier = pseudo_random(&seed) % 8 == 0 ? 10 : 100;
        r->bid = odd[pseudo_random(&seed) % 6];
        r->ask = odd[pseudo_random(&seed) % 6];
        r->last = odd[pseudo_random(&seed) % 6];
        r->vol = odd[pseudo_random(&seed) % 6];
        r->open_interest = pseudo_random(&seed) % 3;
        r->volume = pseudo_random(&seed) % 3;
    }
}

static gex_chain *chain_of_rows(const struct many_row *rows, int64_t count, int32_t duplicates)
{
    const int64_t s = sizeof *rows;
    gex_chain_columns columns;
    gex_chain_options options;
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = count;
    columns.root = (gex_text){rows->root, s, sizeof rows->root};
    columns.expiry = (gex_i32){&rows->expiry, s};
    columns.strike = (gex_f64){&rows->strike, s};
    columns.right = (gex_i8){&rows->right, s};
    columns.exercise = (gex_i8){&rows->exercise, s};
    columns.multiplier = (gex_f64){&rows->multiplier, s};
    columns.bid = (gex_f64){&rows->bid, s};
    columns.ask = (gex_f64){&rows->ask, s};
    columns.last = (gex_f64){&rows->last, s};
    columns.vol = (gex_f64){&rows->vol, s};
    columns.open_interest = (gex_f64){&rows->open_interest, s};
    columns.volume = (gex_f64){&rows->volume, s};
    gex_chain_options_init(&options, sizeof options);
    options.duplicates = duplicates;
    ck_assert_int_eq(gex_chain_create(NULL, &columns, &options, &chain, NULL), GEX_OK);
    return chain;
}

static int64_t count_used(const gex_chain *chain)
{
    int64_t used = 0;
    for (int64_t i = 0; i < gex_chain_rows(chain); i++)
        used += gex_chain_status(chain)[i] == GEX_ROW_USED;
    return used;
}

START_TEST(the_order_is_by_settlement_strike_right_root)
{
    static struct many_row rows[MANY];
    static int seen[MANY];
    gex_chain *chain;
    const int64_t *order;
    int64_t used;

    many_rows(rows, 1 + (uint64_t)_i);
    chain = chain_of_rows(rows, MANY, GEX_DUPLICATES_KEEP);
    order = gex_chain_order(chain);
    used = count_used(chain);
    ck_assert_int_gt(used, MANY / 2);
    memset(seen, 0, sizeof seen);
    for (int64_t i = 0; i < MANY; i++)
        seen[order[i]]++;
    for (int64_t i = 0; i < MANY; i++)
        ck_assert_int_eq(seen[i], 1);
    for (int64_t i = 1; i < MANY; i++) {
        const int64_t a = order[i - 1], b = order[i];
        const int64_t s = gex_chain_settlement(chain)[a], t = gex_chain_settlement(chain)[b];
        const double k = gex_chain_strike(chain)[a], l = gex_chain_strike(chain)[b];
        const int8_t r = gex_chain_right(chain)[a], q = gex_chain_right(chain)[b];
        if (i >= used) {
            ck_assert_int_ne(gex_chain_status(chain)[b], GEX_ROW_USED);
            ck_assert(i == used || a < b);
            continue;
        }
        ck_assert(s <= t && (s < t || k <= l) && (s < t || k < l || r <= q));
        ck_assert(s < t || k < l || r < q || strcmp(rows[a].root, rows[b].root) <= 0);
    }
    gex_chain_free(chain);
}
END_TEST

START_TEST(the_order_does_not_know_the_callers)
{
    static struct many_row rows[MANY], shuffled[MANY];
    uint64_t seed = 99 + (uint64_t)_i;
    gex_chain *one, *other;

    many_rows(rows, 7);
    memcpy(shuffled, rows, sizeof rows);
    for (int i = MANY - 1; i > 0; i--) {
        const int k = (int)(pseudo_random(&seed) % (uint32_t)(i + 1));
        const struct many_row swap = shuffled[i];
        shuffled[i] = shuffled[k];
        shuffled[k] = swap;
    }
    one = chain_of_rows(rows, MANY, GEX_DUPLICATES_KEEP);
    other = chain_of_rows(shuffled, MANY, GEX_DUPLICATES_KEEP);
    ck_assert_int_eq(count_used(one), count_used(other));
    for (int64_t i = 0; i < count_used(one); i++)
        ck_assert_mem_eq(&rows[gex_chain_order(one)[i]], &shuffled[gex_chain_order(other)[i]], sizeof *rows);
    gex_chain_free(one);
    gex_chain_free(other);
}
END_TEST

START_TEST(distinct_expiries_and_strikes)
{
    static struct many_row rows[MANY];
    const int64_t *expiries;
    const double *strikes;
    int64_t expiry_count, strike_count;
    gex_chain *chain;

    many_rows(rows, 3);
    chain = chain_of_rows(rows, MANY, GEX_DUPLICATES_KEEP);
    expiries = gex_chain_expiries(chain, &expiry_count);
    strikes = gex_chain_strikes(chain, &strike_count);
    ck_assert_int_eq(expiry_count, 6); /* three dates, open and close of each */
    ck_assert_int_eq(strike_count, 40);
    for (int64_t i = 1; i < expiry_count; i++)
        ck_assert_int_lt(expiries[i - 1], expiries[i]);
    for (int64_t i = 1; i < strike_count; i++)
        ck_assert_double_lt(strikes[i - 1], strikes[i]);
    for (int64_t i = 0; i < MANY; i++) {
        if (gex_chain_status(chain)[i] != GEX_ROW_USED) {
            ck_assert_int_eq(gex_chain_expiry_index(chain)[i], -1);
            ck_assert_int_eq(gex_chain_strike_index(chain)[i], -1);
            continue;
        }
        ck_assert_int_eq(expiries[gex_chain_expiry_index(chain)[i]], gex_chain_settlement(chain)[i]);
        ck_assert_double_eq(strikes[gex_chain_strike_index(chain)[i]], gex_chain_strike(chain)[i]);
    }
    gex_chain_free(chain);
}
END_TEST

START_TEST(instants_before_1970_come_first)
{
    static const int64_t settlements[] = {5, -5, INT64_MAX, 0, INT64_MIN + 1, -6};
    static const int64_t expected[] = {4, 5, 1, 3, 0, 2};
    static const double strike = 1;
    static const int8_t right = GEX_PUT;
    gex_chain_columns columns;
    gex_chain *chain;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 6;
    columns.settlement = (gex_i64){settlements, sizeof *settlements};
    columns.strike.data = &strike;
    columns.right.data = &right;
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_mem_eq(gex_chain_order(chain), expected, sizeof expected);
    gex_chain_free(chain);
}
END_TEST

/* The definition, row against row. American by exercise code, or by root where that is 0. */
static int same_series(const struct many_row *a, const struct many_row *b)
{
    const int american_a = a->exercise == 0 && strncmp(a->root, "SPX", 3) != 0;
    const int american_b = b->exercise == 0 && strncmp(b->root, "SPX", 3) != 0;

    return strcmp(a->root, b->root) == 0 && a->expiry == b->expiry && a->strike == b->strike && a->right == b->right &&
           a->multiplier == b->multiplier && american_a == american_b;
}

START_TEST(later_rows_of_a_series_are_duplicates)
{
    static struct many_row rows[MANY];
    gex_chain *kept, *refused;
    int duplicates = 0;

    many_rows(rows, 5);
    kept = chain_of_rows(rows, MANY, GEX_DUPLICATES_KEEP);
    refused = chain_of_rows(rows, MANY, GEX_DUPLICATES_REFUSE_LATER);
    for (int64_t i = 0; i < MANY; i++) {
        int later = 0;
        if (gex_chain_status(kept)[i] != GEX_ROW_USED)
            continue;
        for (int64_t k = 0; k < i && !later; k++)
            later = gex_chain_status(kept)[k] == GEX_ROW_USED && same_series(&rows[k], &rows[i]);
        ck_assert_int_eq((gex_chain_flags(kept)[i] & GEX_FLAG_DUPLICATE) != 0, later);
        ck_assert_int_eq(gex_chain_flags(refused)[i], gex_chain_flags(kept)[i]);
        ck_assert_int_eq(gex_chain_status(refused)[i], later ? GEX_ROW_UNSUPPORTED : GEX_ROW_USED);
        ck_assert_int_eq(gex_chain_strike_index(refused)[i], later ? -1 : gex_chain_strike_index(kept)[i]);
        duplicates += later;
    }
    ck_assert_int_gt(duplicates, 100);
    ck_assert_int_eq(count_used(refused), count_used(kept) - duplicates);
    for (int64_t i = 0; i < count_used(refused); i++)
        ck_assert_int_eq(gex_chain_status(refused)[gex_chain_order(refused)[i]], GEX_ROW_USED);
    gex_chain_free(kept);
    gex_chain_free(refused);
}
END_TEST

START_TEST(a_chain_of_one_series_is_no_trap)
{
    enum { COUNT = 300000 }; /* a sort that is quadratic here does not end within the timeout */
    const char *symbol = "SPXW230914C04500000";
    double *open_interest = malloc(COUNT * sizeof *open_interest);
    gex_chain_columns columns;
    gex_chain *chain;

    for (int64_t i = 0; i < COUNT; i++)
        open_interest[i] = (double)(i * 7919 % COUNT);
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = COUNT;
    columns.symbol = (gex_text){symbol, 0, 19};
    columns.open_interest = (gex_f64){open_interest, sizeof *open_interest};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    for (int64_t i = 0; i < COUNT; i++) {
        ck_assert_double_eq(gex_chain_open_interest(chain)[gex_chain_order(chain)[i]], (double)i);
        ck_assert_uint_eq(gex_chain_flags(chain)[i], (i > 0 ? GEX_FLAG_DUPLICATE : 0u) | GEX_FLAG_NO_QUOTE);
    }
    gex_chain_free(chain);
    free(open_interest);
}
END_TEST

START_TEST(any_stride_will_do)
{
    enum { COUNT = 50, STEP = 13 }; /* bytes: unaligned in every row but one in eight */
    static char packed[COUNT * STEP + 8];
    static double plain[COUNT];
    const char *symbol = "SPXW230914C04500000";
    gex_chain_columns columns;
    gex_chain *up, *down;

    for (int i = 0; i < COUNT; i++) {
        plain[i] = 10.5 + 3 * i;
        memcpy(packed + 1 + i * STEP, &plain[i], sizeof plain[i]);
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = COUNT;
    columns.symbol = (gex_text){symbol, 0, 19};
    columns.strike = (gex_f64){(const double *)(const void *)(packed + 1), STEP};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &up, NULL), GEX_OK);
    columns.strike = (gex_f64){plain + COUNT - 1, -(int64_t)sizeof *plain};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &down, NULL), GEX_OK);
    for (int i = 0; i < COUNT; i++) {
        ck_assert_double_eq(gex_chain_strike(up)[i], plain[i]);
        ck_assert_double_eq(gex_chain_strike(down)[i], plain[COUNT - 1 - i]);
    }
    gex_chain_free(up);
    gex_chain_free(down);
}
END_TEST

Suite *suite_chain_order(void)
{
    Suite *suite = suite_create("chain_order");
    TCase *order = tcase_create("order");

    tcase_set_timeout(order, 60);
    tcase_add_loop_test(order, the_order_is_by_settlement_strike_right_root, 0, 5);
    tcase_add_loop_test(order, the_order_does_not_know_the_callers, 0, 5);
    tcase_add_test(order, distinct_expiries_and_strikes);
    tcase_add_test(order, instants_before_1970_come_first);
    tcase_add_test(order, later_rows_of_a_series_are_duplicates);
    tcase_add_test(order, a_chain_of_one_series_is_no_trap);
    tcase_add_test(order, any_stride_will_do);
    suite_add_tcase(suite, order);
    return suite;
}
