/* SPDX-License-Identifier: Apache-2.0 */
/* The chain: what is refused under which heading, what is flagged, and an order that is the same for any order in. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gex/chain.h>
#include <gex/clock.h>

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define NO_TIME INT64_MIN
#define NOT_A_NUMBER ((double)NAN)
#define ENDLESS ((double)INFINITY)

Suite *suite_chain(void);

/* ---- one row --------------------------------------------------------------------------------------------------- */

/* A row as its columns would give it. A text NULL, or has_* 0, leaves the column out. */
struct row_case {
    const char *name, *symbol, *root;
    int32_t     expiry; /* 0: column absent */
    int64_t     settlement;
    double      strike;
    int         has_strike;
    int8_t      right;
    int         has_right;
    int8_t      exercise, payoff;
    double      multiplier;
    int         has_multiplier;
    /* what comes out */
    int         status;
    uint32_t    flags; /* of the series; quotes are absent, so GEX_FLAG_NO_QUOTE besides */
};
#define STRIKE(k) .strike = (k), .has_strike = 1
#define RIGHT(r)  .right = (r), .has_right = 1
#define MULTIPLIER(m) .multiplier = (m), .has_multiplier = 1

/* Expected: the rules of row.h and chain.h, by hand. */
static const struct row_case row_cases[] = {
    {"symbol", "SPXW230914C04500000", .status = GEX_ROW_USED},
    {"symbol, padded", "SPXW  230914P04500000", .status = GEX_ROW_USED},
    {"columns", NULL, "SPXW", 20230914, STRIKE(4500), RIGHT(GEX_CALL), .status = GEX_ROW_USED},
    {"settlement, no root", .settlement = 1, STRIKE(4500), RIGHT(GEX_CALL), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"expiry, no root", .expiry = 20230914, STRIKE(4500), RIGHT(GEX_PUT), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"unknown root", NULL, "ZZZQ", 20230914, STRIKE(10), RIGHT(GEX_PUT), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"root of 15", NULL, "ABCDEFGHIJKLMNO", 20230914, STRIKE(10), RIGHT(GEX_PUT), .status = GEX_ROW_USED,
     .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"a Sunday", "SPXW231231P05000000", .status = GEX_ROW_USED, .flags = GEX_FLAG_MOVED_EXPIRY},
    {"label beside columns", "BTC-14SEP23-26000-C", NULL, 20230914, 5, STRIKE(26000), RIGHT(GEX_CALL),
     .status = GEX_ROW_USED, .flags = GEX_FLAG_UNKNOWN_ROOT},
    {"empty symbol beside columns", "", "SPX", 20230915, STRIKE(4500), RIGHT(GEX_CALL), .status = GEX_ROW_USED},

    {"strike NaN", "SPXW230914C04500000", STRIKE(NOT_A_NUMBER), .status = GEX_ROW_BAD_STRIKE},
    {"strike -5", "SPXW230914C04500000", STRIKE(-5), .status = GEX_ROW_BAD_STRIKE},
    {"strike -0", "SPXW230914C04500000", STRIKE(-0.0), .status = GEX_ROW_BAD_STRIKE},
    {"strike inf", "SPXW230914C04500000", STRIKE(ENDLESS), .status = GEX_ROW_BAD_STRIKE},
    {"strike 0 of a symbol", "SPXW230914C00000000", .status = GEX_ROW_BAD_STRIKE},
    {"least strike", NULL, "SPXW", 20230914, STRIKE(4.9406564584124654e-324), RIGHT(GEX_CALL), .status = GEX_ROW_USED},
    {"right 0", "SPXW230914C04500000", RIGHT(0), .status = GEX_ROW_BAD_RIGHT},
    {"right 67", "SPXW230914C04500000", RIGHT('C'), .status = GEX_ROW_BAD_RIGHT},
    {"strike before right", "SPXW230914C04500000", STRIKE(0), RIGHT(0), .status = GEX_ROW_BAD_STRIKE},
    {"strike before symbol", "what", STRIKE(0), .status = GEX_ROW_BAD_STRIKE},
    {"symbol", "what", .status = GEX_ROW_BAD_SYMBOL},
    {"symbol empty", "", .status = GEX_ROW_BAD_SYMBOL},
    {"symbol, strike alone beside it", "what", STRIKE(4500), .status = GEX_ROW_BAD_SYMBOL},
    {"symbol, no root beside it", "what", NULL, 20230914, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"lower case", "spxw230914c04500000", .status = GEX_ROW_BAD_SYMBOL},
    {"30 February", "SPXW230230C04500000", .status = GEX_ROW_BAD_SYMBOL},
    {"30 February of a column", NULL, "SPXW", 20230230, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"expiry -1", NULL, "SPXW", -1, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"expiry -1 beside a symbol", "SPXW230914C04500000", NULL, -1, .status = GEX_ROW_BAD_SYMBOL},
    {"root empty", NULL, "", 20230914, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"root of 16", NULL, "ABCDEFGHIJKLMNOP", 20230914, STRIKE(4500), RIGHT(1), .status = GEX_ROW_BAD_SYMBOL},
    {"multiplier 0", "SPXW230914C04500000", MULTIPLIER(0), .status = GEX_ROW_NOT_FINITE},
    {"multiplier -100", "SPXW230914C04500000", MULTIPLIER(-100), .status = GEX_ROW_NOT_FINITE},
    {"multiplier NaN", "SPXW230914C04500000", MULTIPLIER(NOT_A_NUMBER), .status = GEX_ROW_NOT_FINITE},
    {"symbol before multiplier", "what", MULTIPLIER(NOT_A_NUMBER), .status = GEX_ROW_BAD_SYMBOL},
    {"multiplier 1e9", "SPXW230914C04500000", MULTIPLIER(1e9), .status = GEX_ROW_USED},
    {"exercise 3", "SPXW230914C04500000", .exercise = 3, .status = GEX_ROW_UNSUPPORTED},
    {"exercise -1", "SPXW230914C04500000", .exercise = -1, .status = GEX_ROW_UNSUPPORTED},
    {"payoff 3", "SPXW230914C04500000", .payoff = 3, .status = GEX_ROW_UNSUPPORTED},
    {"payoff in coin", "SPXW230914C04500000", .payoff = GEX_PAYOFF_INVERSE, .status = GEX_ROW_UNSUPPORTED},
    {"multiplier before payoff", "SPXW230914C04500000", .payoff = 2, MULTIPLIER(0), .status = GEX_ROW_NOT_FINITE},
    {"adjusted root", "SPY1230915C00450000", .status = GEX_ROW_UNSUPPORTED,
     .flags = GEX_FLAG_UNKNOWN_ROOT | GEX_FLAG_ADJUSTED_ROOT},
};

static gex_text text_column(const char *text, char space[64])
{
    if (text == NULL)
        return (gex_text){NULL, 0, 0};
    memset(space, 0, 64);
    memcpy(space, text, strlen(text));
    return (gex_text){space, 0, 64};
}

static gex_chain *chain_of_case(const struct row_case *c)
{
    char symbol[64], root[64];
    gex_chain_columns columns;
    gex_error error = {0};
    gex_chain *chain = NULL;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.symbol = text_column(c->symbol, symbol);
    columns.root = text_column(c->root, root);
    columns.expiry.data = c->expiry != 0 ? &c->expiry : NULL;
    columns.settlement.data = c->settlement != 0 ? &c->settlement : NULL;
    columns.strike.data = c->has_strike ? &c->strike : NULL;
    columns.right.data = c->has_right ? &c->right : NULL;
    columns.exercise.data = &c->exercise;
    columns.payoff.data = &c->payoff;
    columns.multiplier.data = c->has_multiplier ? &c->multiplier : NULL;
    ck_assert_msg(gex_chain_create(NULL, &columns, NULL, &chain, &error) == GEX_OK, "%s: %s", c->name, error.message);
    return chain;
}

START_TEST(a_row_has_the_smallest_status_that_applies)
{
    const struct row_case *c = &row_cases[_i];
    gex_chain *chain = chain_of_case(c);

    ck_assert_msg(*gex_chain_status(chain) == c->status, "%s: %s", c->name, gex_row_text(*gex_chain_status(chain)));
    ck_assert_msg(*gex_chain_flags(chain) == (c->flags | GEX_FLAG_NO_QUOTE), "%s: flags %u", c->name,
                  *gex_chain_flags(chain));
    if (c->status != GEX_ROW_USED) {
        ck_assert_double_nan(*gex_chain_strike(chain));
        ck_assert_double_nan(*gex_chain_multiplier(chain));
        ck_assert_int_eq(*gex_chain_right(chain), 0);
        ck_assert(*gex_chain_settlement(chain) == NO_TIME);
        ck_assert_str_eq(gex_chain_root(chain, 0), "");
    }
    ck_assert_int_eq(*gex_chain_expiry_index(chain), c->status == GEX_ROW_USED ? 0 : -1);
    ck_assert_int_eq(*gex_chain_strike_index(chain), c->status == GEX_ROW_USED ? 0 : -1);
    gex_chain_free(chain);
}
END_TEST

START_TEST(what_a_root_says_is_the_default)
{
    /* Expected: symbol.h, from the Cboe product specifications; 2023-09-15 13:30 and 20:00 UTC by hand. */
    static const struct {
        const char *symbol;
        int64_t     settlement;
        int         exercise;
    } cases[] = {
        {"SPX230915C04500000", INT64_C(1694784600000000000), GEX_EXERCISE_EUROPEAN},
        {"SPXW230915C04500000", INT64_C(1694808000000000000), GEX_EXERCISE_EUROPEAN},
        {"SPY230915C00450000", INT64_C(1694808000000000000), GEX_EXERCISE_AMERICAN},
        {"ZZZZ230915C00450000", INT64_C(1694808000000000000), GEX_EXERCISE_AMERICAN},
    };
    const struct row_case row = {cases[_i].symbol, cases[_i].symbol, .status = 0};
    gex_chain *chain = chain_of_case(&row);

    ck_assert_int_eq(*gex_chain_settlement(chain), cases[_i].settlement);
    ck_assert_int_eq(*gex_chain_exercise(chain), cases[_i].exercise);
    ck_assert_int_eq(*gex_chain_payoff(chain), GEX_PAYOFF_VANILLA);
    ck_assert_double_eq(*gex_chain_multiplier(chain), 100);
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_column_wins_over_the_symbol)
{
    const struct row_case row = {"all columns", "SPXW230915C04500000", "SPX", 20230915, .settlement = 77, STRIKE(12.5),
                                 RIGHT(GEX_PUT), .exercise = GEX_EXERCISE_AMERICAN, MULTIPLIER(10)};
    gex_chain *chain = chain_of_case(&row);
    char symbol[65];

    ck_assert_int_eq(*gex_chain_settlement(chain), 77);
    ck_assert_double_eq(*gex_chain_strike(chain), 12.5);
    ck_assert_int_eq(*gex_chain_right(chain), GEX_PUT);
    ck_assert_int_eq(*gex_chain_exercise(chain), GEX_EXERCISE_AMERICAN);
    ck_assert_double_eq(*gex_chain_multiplier(chain), 10);
    ck_assert_str_eq(gex_chain_root(chain, 0), "SPX");
    ck_assert_int_eq(gex_chain_symbol(chain, 0, symbol, sizeof symbol), 19);
    ck_assert_str_eq(symbol, "SPXW230915C04500000");
    gex_chain_free(chain);
}
END_TEST

START_TEST(a_symbol_is_made_from_columns)
{
    static const struct {
        struct row_case row;
        const char     *symbol;
    } cases[] = {
        {{"whole", NULL, "SPXW", 20230914, STRIKE(4500), RIGHT(GEX_CALL)}, "SPXW230914C04500000"},
        {{"thousandths", NULL, "SPY", 20231231, STRIKE(450.125), RIGHT(GEX_PUT)}, "SPY231231P00450125"},
        {{"as listed, not as settled", NULL, "SPXW", 20231231, STRIKE(0.001), RIGHT(1)}, "SPXW231231C00000001"},
        {{"from the settlement, New York's date", NULL, "XSP", .settlement = INT64_C(1694822399000000000), STRIKE(1),
          RIGHT(1)}, "XSP230915C00001000"}, /* 2023-09-15 23:59:59 UTC */
        {{"finer than OSI writes", NULL, "SPY", 20230915, STRIKE(450.1255), RIGHT(1)}, ""},
        {{"more than OSI writes", NULL, "SPY", 20230915, STRIKE(100000), RIGHT(1)}, ""},
        {{"the most OSI writes", NULL, "SPY", 20230915, STRIKE(99999.999), RIGHT(1)}, "SPY230915C99999999"},
        {{"no root", .settlement = INT64_C(1694808000000000000), STRIKE(1), RIGHT(1)}, ""},
        {{"refused", NULL, "SPY", 20230915, STRIKE(-1), RIGHT(1)}, ""},
        {{"root too long for OSI", NULL, "ABCDEFGHIJKLMNO", 20230915, STRIKE(1), RIGHT(1)}, ""},
    };
    gex_chain *chain = chain_of_case(&cases[_i].row);
    char symbol[65] = "x";

    ck_assert_int_eq(gex_chain_symbol(chain, 0, symbol, sizeof symbol), (int64_t)strlen(cases[_i].symbol));
    ck_assert_str_eq(symbol, cases[_i].symbol);
    ck_assert_int_eq(gex_chain_symbol(chain, 1, symbol, sizeof symbol), 0);
    ck_assert_int_eq(gex_chain_symbol(chain, -1, symbol, sizeof symbol), 0);
    ck_assert_int_eq(gex_chain_symbol(chain, 0, symbol, 64), 0);
    ck_assert_int_eq(gex_chain_symbol(chain, 0, NULL, 65), 0);
    ck_assert_int_eq(gex_chain_symbol(NULL, 0, symbol, 65), 0);
    gex_chain_free(chain);
}
END_TEST

START_TEST(quotes_are_flagged)
{
    static const struct {
        double   bid, ask;
        uint32_t flags;
    } cases[] = {
        {1, 2, 0},
        {2, 2, 0},
        {2, 1, GEX_FLAG_CROSSED},
        {0, 1, GEX_FLAG_ONE_SIDED},
        {NOT_A_NUMBER, 1, GEX_FLAG_ONE_SIDED},
        {-1, 1, GEX_FLAG_ONE_SIDED},
        {1, 0, GEX_FLAG_ONE_SIDED},
        {1, ENDLESS, GEX_FLAG_ONE_SIDED},
        {0, 0, GEX_FLAG_NO_QUOTE},
        {NOT_A_NUMBER, NOT_A_NUMBER, GEX_FLAG_NO_QUOTE},
    };
    const char *symbol = "SPXW230914C04500000";
    gex_chain_columns columns;
    gex_chain *chain;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = LENGTH(cases);
    columns.symbol = (gex_text){symbol, 0, 19};
    columns.bid = (gex_f64){&cases[0].bid, sizeof cases[0]};
    columns.ask = (gex_f64){&cases[0].ask, sizeof cases[0]};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(cases); i++) {
        ck_assert_uint_eq(gex_chain_flags(chain)[i], cases[i].flags | (i > 0 ? GEX_FLAG_DUPLICATE : 0u));
        ck_assert_mem_eq(&gex_chain_bid(chain)[i], &cases[i].bid, sizeof(double));
        ck_assert_mem_eq(&gex_chain_ask(chain)[i], &cases[i].ask, sizeof(double));
    }
    gex_chain_free(chain);
}
END_TEST

/* ---- many rows ------------------------------------------------------------------------------------------------- */

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

/* ---- the door -------------------------------------------------------------------------------------------------- */

START_TEST(zero_rows_are_a_chain)
{
    gex_chain_columns columns;
    gex_chain *chain;
    int64_t count = 5;

    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_rows(chain), 0);
    gex_chain_expiries(chain, &count);
    ck_assert_int_eq(count, 0);
    ck_assert_str_eq(gex_chain_root(chain, 0), "");
    ck_assert_str_eq(gex_chain_underlying(chain), "");
    gex_chain_free(chain);
}
END_TEST

static gex_chain_columns one_row(void)
{
    static const char symbol[] = "SPXW230914C04500000";
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = 1;
    columns.symbol = (gex_text){symbol, 0, 19};
    return columns;
}

static void expect(gex_status status, const gex_chain_columns *columns, const gex_chain_options *options,
                   const char *word)
{
    gex_chain *chain = (gex_chain *)&chain;
    gex_error error = {0};

    ck_assert_int_eq(gex_chain_create(NULL, columns, options, &chain, &error), status);
    ck_assert_ptr_null(chain);
    ck_assert_int_eq(error.status, status);
    ck_assert_msg(strstr(error.message, word) != NULL, "\"%s\" does not say \"%s\"", error.message, word);
}

START_TEST(the_door_refuses)
{
    static const double strike = 1;
    static const int8_t right = 1;
    gex_chain_columns columns = one_row();
    gex_chain_options options;

    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, NULL, NULL), GEX_ERR_ARGUMENT);
    expect(GEX_ERR_ARGUMENT, NULL, NULL, "required");
    columns.rows = -1;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "rows");
    columns.rows = GEX_MAX_ROWS + 1;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "rows");
    columns = one_row();
    columns.symbol.width = 0;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "width");
    columns.symbol.width = 65;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "width");
    columns = one_row();
    columns.rows = 4;
    columns.volume = (gex_f64){&strike, INT64_MAX / 2};
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "stride");
    columns = one_row();
    columns.symbol.data = NULL;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "series");
    columns.strike.data = &strike;
    columns.right.data = &right;
    expect(GEX_ERR_ARGUMENT, &columns, NULL, "series");

    columns = one_row();
    gex_chain_options_init(&options, sizeof options);
    options.duplicates = 2;
    expect(GEX_ERR_ARGUMENT, &columns, &options, "duplicates");
    options.duplicates = 0;
    memset(options.underlying, 'x', sizeof options.underlying);
    expect(GEX_ERR_ARGUMENT, &columns, &options, "underlying");
    options.struct_size = 8;
    expect(GEX_ERR_VERSION, &columns, &options, "options");
    columns.struct_size = 12;
    expect(GEX_ERR_VERSION, &columns, NULL, "columns");
}
END_TEST

START_TEST(nobody_home)
{
    int64_t count = 3;

    gex_chain_free(NULL);
    ck_assert_int_eq(gex_chain_rows(NULL), 0);
    ck_assert_ptr_null(gex_chain_status(NULL));
    ck_assert_ptr_null(gex_chain_strike(NULL));
    ck_assert_ptr_null(gex_chain_order(NULL));
    ck_assert_ptr_null(gex_chain_expiries(NULL, &count));
    ck_assert_int_eq(count, 0);
    ck_assert_ptr_null(gex_chain_strikes(NULL, NULL));
    ck_assert_str_eq(gex_chain_root(NULL, 0), "");
    ck_assert_int_eq(gex_chain_open_interest_as_of(NULL), 0);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------------------------- */

struct meter {
    int64_t calls, fail_from, fail_to, live;
    int     fill;
};

static void *meter_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;
    void *memory;

    meter->calls++;
    if (meter->calls >= meter->fail_from && meter->calls <= meter->fail_to)
        return NULL;
    memory = aligned_alloc((size_t)alignment, (size_t)size);
    memset(memory, meter->fill, (size_t)size);
    meter->live++;
    return memory;
}

static void meter_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)size, (void)alignment;
    ((struct meter *)user)->live--;
    free(memory);
}

static gex_status metered(struct meter *meter, int64_t rows, gex_chain **chain)
{
    gex_chain_columns columns = one_row();
    gex_context_options options;
    gex_context *context = NULL;
    gex_status status;

    gex_context_options_init(&options, sizeof options);
    options.allocate = meter_allocate;
    options.release = meter_release;
    options.memory_user = meter;
    columns.rows = rows;
    if (gex_context_create(&options, &context, NULL) != GEX_OK)
        return GEX_ERR_MEMORY;
    status = gex_chain_create(context, &columns, NULL, chain, NULL);
    gex_context_free(context);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    gex_status status = GEX_ERR_MEMORY;
    int64_t failing = 0;

    for (; status != GEX_OK; failing++) {
        struct meter meter = {.fail_from = failing + 1, .fail_to = _i == 0 ? failing + 1 : INT64_MAX, .fill = 0xa5};
        gex_chain *chain = NULL;

        status = metered(&meter, 1, &chain);
        ck_assert_int_eq(status, meter.calls > failing ? GEX_ERR_MEMORY : GEX_OK);
        ck_assert((chain != NULL) == (status == GEX_OK));
        gex_chain_free(chain);
        ck_assert_int_eq(meter.live, 0);
    }
    ck_assert_int_eq(failing, 4); /* context, scratch and chain, and none */
}
END_TEST

START_TEST(rows_beyond_memory)
{
    /* A view of stride 0 may have as many rows as it likes; there is no memory for a chain of them. */
    struct meter meter = {.fail_from = 2, .fail_to = INT64_MAX};
    gex_chain *chain = NULL;

    ck_assert_int_eq(metered(&meter, GEX_MAX_ROWS, &chain), GEX_ERR_MEMORY);
    ck_assert_ptr_null(chain);
    ck_assert_int_eq(meter.live, 0);
}
END_TEST

Suite *suite_chain(void)
{
    Suite *suite = suite_create("chain");
    TCase *rows = tcase_create("rows"), *order = tcase_create("order"), *door = tcase_create("door");

    tcase_add_loop_test(rows, a_row_has_the_smallest_status_that_applies, 0, LENGTH(row_cases));
    tcase_add_loop_test(rows, what_a_root_says_is_the_default, 0, 4);
    tcase_add_test(rows, a_column_wins_over_the_symbol);
    tcase_add_loop_test(rows, a_symbol_is_made_from_columns, 0, 10);
    tcase_add_test(rows, quotes_are_flagged);
    suite_add_tcase(suite, rows);
    tcase_set_timeout(order, 60);
    tcase_add_loop_test(order, the_order_is_by_settlement_strike_right_root, 0, 5);
    tcase_add_loop_test(order, the_order_does_not_know_the_callers, 0, 5);
    tcase_add_test(order, distinct_expiries_and_strikes);
    tcase_add_test(order, later_rows_of_a_series_are_duplicates);
    tcase_add_test(order, a_chain_of_one_series_is_no_trap);
    tcase_add_test(order, any_stride_will_do);
    suite_add_tcase(suite, order);
    tcase_add_test(door, zero_rows_are_a_chain);
    tcase_add_test(door, the_door_refuses);
    tcase_add_test(door, nobody_home);
    tcase_add_loop_test(door, every_allocation_may_fail, 0, 2);
    tcase_add_test(door, rows_beyond_memory);
    suite_add_tcase(suite, door);
    return suite;
}
