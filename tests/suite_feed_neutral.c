/* SPDX-License-Identifier: Apache-2.0 */
/* Neutral columns, as docs/neutral-csv.md describes them. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex/clock.h>
#include <gex/feed.h>

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define SECOND INT64_C(1000000000)

Suite *suite_feed_neutral(void);

static gex_feed *read_text(const char *text)
{
    gex_error error = {0};
    gex_feed *feed = NULL;

    ck_assert_msg(gex_feed_csv(NULL, text, (int64_t)strlen(text), &feed, &error) == GEX_OK, "line %lld: %s in\n%s",
                  (long long)error.row, error.message, text);
    return feed;
}

static gex_chain_columns columns_of(const gex_feed *feed)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_feed_columns(feed, &columns, NULL), GEX_OK);
    return columns;
}

static gex_chain *chain_of(const gex_feed *feed)
{
    gex_chain_columns columns = columns_of(feed);
    gex_chain *chain = NULL;

    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    return chain;
}

/* ---- the description is the example ---------------------------------------------------------------------------- */

static char *example(void)
{
    static char page[8192];
    FILE *file = fopen(TESTS_DIR "/../docs/neutral-csv.md", "rb");
    char *from, *end;

    ck_assert_ptr_nonnull(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    from = strstr(page, "```\n");
    ck_assert_ptr_nonnull(from);
    end = strstr(from + 4, "```\n");
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    return from + 4;
}

START_TEST(the_example_of_the_description)
{
    gex_feed *feed = read_text(example());
    gex_chain *chain = chain_of(feed);
    int64_t instant = 0;
    gex_f64 positions;

    ck_assert_int_eq(gex_feed_form(feed), GEX_FEED_NEUTRAL);
    ck_assert_str_eq(gex_feed_underlying(feed), "SPX");
    ck_assert_double_eq(gex_feed_spot(feed), 5000);
    ck_assert_int_eq(gex_feed_as_of(feed, &instant), 1);
    ck_assert_int_eq(instant, 1694710800 * SECOND); /* 17:00 UTC */
    ck_assert_int_eq(gex_feed_year_guessed(feed), 0);
    ck_assert_int_eq(gex_feed_bad_lines(feed), 0);
    ck_assert_int_eq(gex_feed_positions(feed, &positions, NULL), GEX_OK);
    ck_assert_ptr_null(positions.data);
    ck_assert_int_eq(gex_chain_rows(chain), 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(gex_chain_status(chain)[i], GEX_ROW_USED);
        ck_assert_str_eq(gex_chain_root(chain, i), "SPXW");
        ck_assert_int_eq(gex_feed_line(feed, i), 6 + i);
    }
    ck_assert_double_eq(gex_chain_strike(chain)[1], 4975);
    ck_assert_int_eq(gex_chain_right(chain)[0], GEX_CALL);
    ck_assert_int_eq(gex_chain_right(chain)[1], GEX_PUT);
    ck_assert_double_eq(gex_chain_bid(chain)[0], 11.5);
    ck_assert_double_eq(gex_chain_ask(chain)[1], 4.4);
    ck_assert_double_nan(gex_chain_bid(chain)[2]);
    ck_assert_double_eq(gex_chain_vol(chain)[2], 0.14);
    ck_assert_double_eq(gex_chain_open_interest(chain)[2], 40000);
    ck_assert_int_eq(gex_chain_settlement(chain)[2], 1697227200 * SECOND); /* 2023-10-13 20:00 UTC */
    gex_chain_free(chain);
    gex_feed_free(feed);
}
END_TEST

/* ---- cells ----------------------------------------------------------------------------------------------------- */

/* One row, and what the chain makes of it. NO: not looked at. */
#define NO -99
static const struct cell_case {
    const char *columns, *line;
    int         status;
    const char *root;
    double      strike;
    int         right;
    int64_t     settlement; /* seconds */
    double      multiplier;
    int         exercise;
} cell_cases[] = {
    {"symbol", "SPX230915C04500000", GEX_ROW_USED, "SPX", 4500, 1, 1694784600, 100, GEX_EXERCISE_EUROPEAN},
    {"symbol,strike,right,expiry,root,multiplier,exercise,payoff", "SPXW230915P04500000,,,,,,,", GEX_ROW_USED, "SPXW",
     4500, -1, 1694808000, 100, GEX_EXERCISE_EUROPEAN},
    {"symbol,strike,right,expiry,root,multiplier,exercise,payoff",
     "SPXW230915P04500000,4600,call,2023-09-14,SPY,10,A,vanilla", GEX_ROW_USED, "SPY", 4600, 1, 1694721600, 10,
     GEX_EXERCISE_AMERICAN},
    {"STRIKE,Right,EXPIRY", "4500,PUT,20230914", GEX_ROW_USED, "", 4500, -1, 1694721600, 100, GEX_EXERCISE_AMERICAN},
    {"strike,right,settlement", "4500,-1,2023-09-14T20:00:00Z", GEX_ROW_USED, "", 4500, -1, 1694721600, 100, NO},
    {"strike,right,settlement", "4500,+1,2023-09-14 16:00", GEX_ROW_USED, "", 4500, 1, 1694721600, 100, NO},
    {"strike,right,settlement,expiry", "4500,1,2023-09-14T20:00:01Z,2024-01-01", GEX_ROW_USED, "", 4500, 1, 1694721601,
     NO, NO},
    {"strike,right,settlement,expiry", "4500,c,,2023-09-14", GEX_ROW_USED, "", 4500, 1, 1694721600, NO, NO},
    {"strike,right,expiry,exercise", "4500,p,2023-09-14,European", GEX_ROW_USED, "", 4500, -1, 1694721600, 100,
     GEX_EXERCISE_EUROPEAN},
    {"strike,right,expiry", "\"4,500.5\",\"C\",\"2023-09-14\"", GEX_ROW_USED, "", 4500.5, 1, 1694721600, 100, NO},
    {"strike,right,expiry,,", "4500,C,2023-09-14,,", GEX_ROW_USED, "", 4500, 1, 1694721600, 100, NO},

    {"strike,right,expiry", "x,C,2023-09-14", GEX_ROW_BAD_STRIKE, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", ",C,2023-09-14", GEX_ROW_BAD_STRIKE, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,x,2023-09-14", GEX_ROW_BAD_RIGHT, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,,2023-09-14", GEX_ROW_BAD_RIGHT, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,_1,2023-09-14", GEX_ROW_BAD_RIGHT, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,C,", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,C,00000000", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,C,2023-02-30", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,C,09/14/2023", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"strike,right,expiry", "1,C,2023-9-14", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"symbol,expiry", "SPXW230915P04500000,soon", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"symbol,settlement", "SPXW230915P04500000,2023-09-15", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"strike,right,settlement,expiry", "1,C,soon,2023-09-14", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO, NO},
    {"root,strike,right,expiry", "A root of more than 15 bytes,1,C,2023-09-14", GEX_ROW_BAD_SYMBOL, "", NO, 0, NO, NO,
     NO},
    {"symbol,multiplier", "SPXW230915P04500000,-1", GEX_ROW_NOT_FINITE, "", NO, 0, NO, NO, NO},
    {"symbol,multiplier", "SPXW230915P04500000,ten", GEX_ROW_NOT_FINITE, "", NO, 0, NO, NO, NO},
    {"symbol,exercise", "SPXW230915P04500000,Bermudan", GEX_ROW_UNSUPPORTED, "", NO, 0, NO, NO, NO},
    {"symbol,payoff", "SPXW230915P04500000,digital", GEX_ROW_UNSUPPORTED, "", NO, 0, NO, NO, NO},
    {"symbol,payoff", "SPXW230915P04500000,inverse", GEX_ROW_USED, "SPXW", 4500, GEX_PUT, NO, 100, NO},
    {"symbol,bid", "BTC-27FEB26-68000-P,0.01", GEX_ROW_USED, "BTC", 68000, GEX_PUT, 1772179200, 1, NO},
    {"symbol,multiplier", "BTC-27FEB26-68000-P,", GEX_ROW_USED, "BTC", 68000, GEX_PUT, 1772179200, 1, NO},
};

START_TEST(a_row_of_cells)
{
    const struct cell_case *c = &cell_cases[_i];
    char text[512];
    gex_chain *chain;
    gex_feed *feed;

    strcat(strcat(strcpy(text, c->columns), "\n"), c->line);
    feed = read_text(text);
    chain = chain_of(feed);
    ck_assert_int_eq(gex_chain_rows(chain), 1);
    ck_assert_msg(*gex_chain_status(chain) == c->status, "%s: %s", c->line, gex_row_text(*gex_chain_status(chain)));
    ck_assert_str_eq(gex_chain_root(chain, 0), c->root);
    ck_assert_int_eq(*gex_chain_right(chain), c->right);
    if (c->strike != NO)
        ck_assert_double_eq(*gex_chain_strike(chain), c->strike);
    if (c->settlement != NO)
        ck_assert_int_eq(*gex_chain_settlement(chain), c->settlement * SECOND);
    if (c->multiplier != NO)
        ck_assert_double_eq(*gex_chain_multiplier(chain), c->multiplier);
    if (c->exercise != NO)
        ck_assert_int_eq(*gex_chain_exercise(chain), c->exercise);
    gex_chain_free(chain);
    gex_feed_free(feed);
}
END_TEST

START_TEST(numbers_and_positions)
{
    gex_feed *feed = read_text("position,bid,ask,last,vol,open_interest,volume,symbol,deviation\n"
                               "-25,1.5,2.5,2,0.2,\"1,234\",7,SPXW230915P04500000,12.5\n"
                               ",,,,,,,SPXW230915C04500000,\n"
                               "x,x,x,x,x,x,x,SPXW230915C04600000,x\n");
    const gex_chain_columns c = columns_of(feed);
    gex_f64 positions, deviations;

    ck_assert_int_eq(gex_feed_deviations(feed, &deviations, NULL), GEX_OK);
    ck_assert_double_eq(deviations.data[0], 12.5);
    ck_assert_double_eq(deviations.data[1], 0);
    ck_assert_double_nan(deviations.data[2]);

    ck_assert_int_eq(gex_feed_positions(feed, &positions, NULL), GEX_OK);
    ck_assert_double_eq(positions.data[0], -25);
    ck_assert_double_eq(positions.data[1], 0);
    ck_assert_double_nan(positions.data[2]);
    ck_assert_double_eq(c.bid.data[0], 1.5);
    ck_assert_double_eq(c.ask.data[0], 2.5);
    ck_assert_double_eq(c.last.data[0], 2);
    ck_assert_double_eq(c.vol.data[0], 0.2);
    ck_assert_double_eq(c.open_interest.data[0], 1234);
    ck_assert_double_eq(c.volume.data[0], 7);
    ck_assert_double_nan(c.bid.data[1]);
    ck_assert_double_nan(c.last.data[1]);
    ck_assert_double_eq(c.vol.data[1], 0);
    ck_assert_double_eq(c.open_interest.data[1], 0);
    ck_assert_double_eq(c.volume.data[1], 0);
    ck_assert_double_nan(c.vol.data[2]);
    ck_assert_double_nan(c.open_interest.data[2]);
    gex_feed_free(feed);
}
END_TEST

/* ---- above the columns, and lines that are none ---------------------------------------------------------------- */

START_TEST(keys_above_the_columns)
{
    gex_feed *feed = read_text("\xef\xbb\xbf# synthetic: not a market\r\n#AS-OF:2023-09-14 16:31\r\n"
                               "\"# spot: 4,505.10\",,\r\n# Spot: \"4,505.10\",,,\r\n"
                               "#underlying:  S&P 500: the index ,,\r\nsymbol,vol\r\n"
                               "# a comment\r\nSPX230915C04500000,0.2\r\n# spot: none\r\n\r\nSPX230915C04600000\r\n"
                               "SPX230915C04700000,0.2,1\r\nSPX230915C04600000,0.2\r\nSPX230915C04700000,0.2,,");
    int64_t instant = 0;

    ck_assert_int_eq(gex_feed_as_of(feed, &instant), 1);
    ck_assert_int_eq(instant, 1694723460 * SECOND);
    ck_assert_double_eq(gex_feed_spot(feed), 4505.10);
    ck_assert_str_eq(gex_feed_underlying(feed), "S&P 500: the index");
    ck_assert_int_eq(columns_of(feed).rows, 3);
    ck_assert_int_eq(gex_feed_bad_lines(feed), 2);
    ck_assert_int_eq(gex_feed_line(feed, 0), 8);
    ck_assert_int_eq(gex_feed_line(feed, 1), 13);
    gex_feed_free(feed);
}
END_TEST

static const struct refusal {
    const char *text;
    int64_t     row;
    const char *says;
} refusals[] = {
    {"symbol\n", 1, "no row"},
    {"# spot: 5\nsymbol\n# SPX230915C04600000\n", 2, "no row"},
    {"# spot: high\nsymbol\nx", 1, "spot \"high\""},
    {"# spot: -1\nsymbol\nx", 1, "spot"},
    {"# spot:\nsymbol\nx", 1, "spot"},
    {"#\n# as_of: 2023-09-14\nsymbol\nx", 2, "as_of \"2023-09-14\""},
    {"symbol,open_intrest\nx,1", 1, "\"open_intrest\"; known are symbol root expiry"},
    {"symbol,,vol\nx,1,2", 1, "\"\""},
    {"symbol,vol,VOL\nx,1,2", 1, "two columns are named vol"},
    {"strike,right\n1,C", 1, "symbol"},
    {"strike,expiry\n1,2023-09-14", 1, "symbol"},
    {"root,expiry,right\n1,2023-09-14,C", 1, "symbol"},
    {"Symbols,price\nSPX230915C04600000,1", 1, "no column line"},
    {"symbol,vol\nSPX230915C04600000\n", 2, "1 of 1 lines"},
    {"symbol,vol\n\"SPX230915C04600000,1\n", 2, "1 of 1 lines"},
};

START_TEST(what_is_no_table)
{
    const struct refusal *c = &refusals[_i];
    gex_feed *feed = (gex_feed *)&feed;
    gex_error error = {0};

    ck_assert_int_eq(gex_feed_csv(NULL, c->text, (int64_t)strlen(c->text), &feed, &error), GEX_ERR_FORMAT);
    ck_assert_ptr_null(feed);
    ck_assert_msg(strstr(error.message, c->says) != NULL, "\"%s\" does not say \"%s\"", error.message, c->says);
    ck_assert_int_eq(error.row, c->row);
}
END_TEST

Suite *suite_feed_neutral(void)
{
    Suite *suite = suite_create("feed_neutral");
    TCase *tcase = tcase_create("neutral");

    tcase_add_test(tcase, the_example_of_the_description);
    tcase_add_loop_test(tcase, a_row_of_cells, 0, LENGTH(cell_cases));
    tcase_add_test(tcase, numbers_and_positions);
    tcase_add_test(tcase, keys_above_the_columns);
    tcase_add_loop_test(tcase, what_is_no_table, 0, LENGTH(refusals));
    suite_add_tcase(suite, tcase);
    return suite;
}
