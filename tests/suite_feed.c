/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the Cboe table in the variants seen in the wild and others of their kind, and the door of the feed. */
#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gex/feed.h>

#include "cboe_text.h"
#include "failing.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define NONE ((double)NAN)

Suite *suite_feed(void);

/* ---- lines ----------------------------------------------------------------------------------------------------- */

#define COLUMNS_SHUFFLED                                                                                             \
    "Expiration Date,Open Interest,Calls,Color,Ask,Bid,Last Sale,Volume,IV,Strike,IV,Bid,Ask,Puts,Open Interest,Last " \
    "Sale,Volume"

/* One line in many hands. Expected every time: the cells of LINE. */
static const struct line_case {
    const char *name, *columns, *line;
} line_cases[] = {
    {"plain", COLUMNS, LINE},
    {"other case, blanks", "expiration date , CALLS" SIDE ", strike ,puts" SIDE,
     "Thu Sep 14 2023, SPXW230914C04500000 , 5.2 ,0.1,5.1,5.3,1234,0.1812,0.51,0.0012,\t4321,4500.00,"
     "SPXW230914P04500000," PUT_CELLS "  "},
    {"all quoted", "\"Expiration Date\",\"Calls\"" SIDE ",\"Strike\",\"Puts\"" SIDE,
     "\"Thu Sep 14 2023\",\"SPXW230914C04500000\",\"5.2\",\"0.1\",\"5.1\",\"5.3\",\"1,234\",\"0.1812\",\"0.51\","
     "\"0.0012\",\"4,321\",\"4,500.00\",\"SPXW230914P04500000\",\"6.2\",\"-0.1\",\"6.1\",\"6.3\",\"2,345\","
     "\"0.1912\",\"-0.49\",\"0.0012\",\"5,432\""},
    {"trailing commas", COLUMNS ",,,", LINE ",,,"},
    {"trailing commas in the row alone", COLUMNS, LINE ",,,,,,,,,,,,,,,,"},
    {"more commas than fields are kept", COLUMNS, LINE COMMAS COMMAS COMMAS},
    {"a column more at the end", COLUMNS ",Note", LINE ",hello"},
    {"a cell more under no name", COLUMNS ",", LINE ",hello"},
    {"columns in another order", COLUMNS_SHUFFLED,
     "x,4321,SPXW230914C04500000,red,5.3,5.1,5.2,1234,0.1812,4500.00,0.1912,6.1,6.3,SPXW230914P04500000,5432,6.2,2345"},
    {"names of before 2019", "Expiration Date,Calls,Last Sale,Net,Bid,Ask,Vol,IV,Delta,Gamma,Open Int,Strike,Puts,Last "
     "Sale,Net,Bid,Ask,Vol,IV,Delta,Gamma,Open Int", LINE},
    {"thousands, call volume", COLUMNS, "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,1,234,0.1812,0.51,0.0012,4321,4500.00,"
     "SPXW230914P04500000," PUT_CELLS},
    {"thousands, put volume", COLUMNS, "x,SPXW230914C04500000," CALL_CELLS ",4500.00,"
     "SPXW230914P04500000,6.2,-0.1,6.1,6.3,2,345,0.1912,-0.49,0.0012,5432"},
    {"thousands, every large number", COLUMNS, "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,1,234,0.1812,0.51,0.0012,4,321,"
     "4,500.00,SPXW230914P04500000,6.2,-0.1,6.1,6.3,2,345,0.1912,-0.49,0.0012,5,432"},
    {"thousands and trailing commas", COLUMNS ",,", "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,1,234,0.1812,0.51,0.0012,"
     "4321,4500.00,SPXW230914P04500000," PUT_CELLS ",,"},
    {"thousands in a cell that is not read", "Expiration Date,Theo,Calls" SIDE ",Strike,Puts" SIDE,
     "x,1,000,000.5,SPXW230914C04500000," CALL_CELLS ",4500.00,SPXW230914P04500000," PUT_CELLS},
    {"a stray quote before", COLUMNS, "\"" LINE},
    {"a stray quote within", COLUMNS, "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,\"1234,0.1812,0.51,0.0012,4321,4500.00,"
     "SPXW230914P04500000," PUT_CELLS},
    {"a stray quote within, thousands", COLUMNS, "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,\"1,234,0.1812,0.51,0.0012,"
     "4321,4500.00,SPXW230914P04500000," PUT_CELLS},
    {"a stray quote at the end", COLUMNS, LINE "\""},
    {"a stray quote in the column line", "Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open "
     "Interest,Strike,Puts,\"Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest", LINE},
    {"signs and exponents", COLUMNS, "x,SPXW230914C04500000,+5.2,0.1,51e-1,5.3,1.234e3,.1812,0.51,0.0012,4321.,4500,"
     "SPXW230914P04500000," PUT_CELLS},
};

static void check_line_values(const gex_feed *feed, int64_t row)
{
    static const double expected[2][6] = {{5.2, 5.1, 5.3, 1234, 0.1812, 4321}, {6.2, 6.1, 6.3, 2345, 0.1912, 5432}};
    const gex_chain_columns c = columns_of(feed);

    for (int64_t side = 0; side < 2; side++) {
        const double *e = expected[side];
        const int64_t i = row + side;
        char symbol[65] = "";
        memcpy(symbol, c.symbol.data + i * c.symbol.stride, (size_t)c.symbol.width);
        ck_assert_str_eq(symbol, side == 0 ? "SPXW230914C04500000" : "SPXW230914P04500000");
        ck_assert_double_eq(c.strike.data[i], 4500);
        ck_assert_double_eq(c.last.data[i], e[0]);
        ck_assert_double_eq(c.bid.data[i], e[1]);
        ck_assert_double_eq(c.ask.data[i], e[2]);
        ck_assert_double_eq(c.volume.data[i], e[3]);
        ck_assert_double_eq(c.vol.data[i], e[4]);
        ck_assert_double_eq(c.open_interest.data[i], e[5]);
    }
}

static char *join(const char *columns, const char *line)
{
    static char text[4096];

    strcpy(text, columns);
    strcat(strcat(strcat(text, "\n"), line), "\n");
    return text;
}

START_TEST(a_line_reads_the_same_in_many_hands)
{
    const struct line_case *c = &line_cases[_i];
    gex_feed *feed = read_text(join(c->columns, c->line));

    ck_assert_msg(gex_feed_bad_lines(feed) == 0, "%s", c->name);
    ck_assert_int_eq(columns_of(feed).rows, 2);
    check_line_values(feed, 0);
    gex_feed_free(feed);
}
END_TEST

/* Numbers cut by their own commas among neighbours that could be their heads or tails. The first six are lines of the
 * exchange's files with commas put in; expected: the numbers without them. */
static const struct cut_case {
    const char *call, *put; /* from Last Sale on, the strike with the call's */
    double      expected[2][6], strike;
} cut_cases[] = {
    {"178.74,0,149,153,0,0.1319,0.9098,0.0015,39,000,4370.00", "5.5,-5.6,4.5,4.8,23,0.1308,-0.0902,0.0014,240,000",
     {{178.74, 149, 153, 0, 0.1319, 39000}, {5.5, 4.5, 4.8, 23, 0.1308, 240000}}, 4370},
    {"22.43,10.43,22.5,23,189,981,0.0916,0.4098,0.005,285,4535.00",
     "45.7,-28.2,41.2,41.7,2,222,0.0922,-0.5903,0.005,21",
     {{22.43, 22.5, 23, 189981, 0.0916, 285}, {45.7, 41.2, 41.7, 2222, 0.0922, 21}}, 4535},
    {"0,0,202,206.1,0,0.1513,0.9472,0.0008,0,4,315.00", "4.4,-1.7,2.7,2.9,1,0.1503,-0.0528,0.0008,13",
     {{0, 202, 206.1, 0, 0.1513, 0}, {4.4, 2.7, 2.9, 1, 0.1503, 13}}, 4315},
    {"20.15,3.7,20.21,21.42,533,0,1,0,10,454,430.00", "0.01,-0.005,0,0.01,581,3.1,0,0,11,370",
     {{20.15, 20.21, 21.42, 533, 0, 10454}, {0.01, 0, 0.01, 581, 3.1, 11370}}, 430},
    {"4,093,0,0,0,0,0.8128,1,0,10,200.00", "0.3,0,0,0.55,0,0.8969,-0.0003,0,616",
     {{4093, 0, 0, 0, 0.8128, 10}, {0.3, 0, 0.55, 0, 0.8969, 616}}, 200},
    {"4,510.24,11.44,4,492.2,4,503.6,6,0,1,0,1,862,200.00", "0.05,0,0,0.05,0,4.5107,0,0,2,878",
     {{4510.24, 4492.2, 4503.6, 6, 0, 1862}, {0.05, 0, 0.05, 0, 4.5107, 2878}}, 200},
    /* a bid of 5,300 for an ask of 1; a volume of 10,200 for an ask of 1; a head that is a tail */
    {"5,0,5,300,1,234,0.18,0.5,0.001,4,500", "9,0,990,1,010,200,0.19,-0.5,0.001,7",
     {{5, 5, 300, 1234, 0.18, 4}, {9, 990, 1010, 200, 0.19, 7}}, 500},
    {"1,007.82,0,890,897,0,0.8778,1,0,46,500", "-1,-1,002.5,1,2,3,0.19,-0.5,0.001,7",
     {{1007.82, 890, 897, 0, 0.8778, 46}, {-1, 1, 2, 3, 0.19, 7}}, 500},
};

START_TEST(numbers_cut_by_their_own_commas_are_put_together)
{
    const struct cut_case *c = &cut_cases[_i];
    char text[1024], strike[9] = "00000000";
    gex_chain_columns columns;
    gex_feed *feed;

    for (int i = 7, milli = (int)c->strike * 1000; i >= 0; i--, milli /= 10)
        strike[i] = (char)('0' + milli % 10);
    strcpy(text, COLUMNS "\nThu Sep 14 2023,SPXW230914C");
    strcat(strcat(strcat(strcat(text, strike), ","), c->call), ",SPXW230914P");
    strcat(strcat(strcat(strcat(text, strike), ","), c->put), "\n");
    feed = read_text(text);
    columns = columns_of(feed);
    ck_assert_msg(gex_feed_bad_lines(feed) == 0, "%s", text);
    for (int64_t side = 0; side < 2; side++) {
        const double got[] = {columns.last.data[side],   columns.bid.data[side], columns.ask.data[side],
                              columns.volume.data[side], columns.vol.data[side], columns.open_interest.data[side]};
        ck_assert_double_eq(columns.strike.data[side], c->strike);
        for (int i = 0; i < LENGTH(got); i++)
            ck_assert_msg(got[i] == c->expected[side][i], "%s: side %d, number %d is %g", text, (int)side, i, got[i]);
    }
    gex_feed_free(feed);
}
END_TEST

/* Every field a head and a tail: there is no telling, and no trying for ever. */
START_TEST(a_line_of_heads_and_tails_is_no_row)
{
    char text[4096];
    gex_feed *feed;

    strcpy(text, COLUMNS "\n" LINE "\n" LINE "\nThu Sep 14 2023,SPXW230914C04500000");
    for (int i = 0; i < 20; i++)
        strcat(text, ",123");
    strcat(text, ",SPXW230914P04500000");
    for (int i = 0; i < 60; i++)
        strcat(text, ",123");
    feed = read_text(strcat(text, "\n"));
    ck_assert_int_eq(gex_feed_bad_lines(feed), 1);
    gex_feed_free(feed);
}
END_TEST

/* What cannot be told for sure is left out and counted. */
static const struct line_case bad_cases[] = {
    {"cut short", COLUMNS, "Thu Sep 14 2023,SPXW230914C04500000,5.2,0.1,5"},
    {"one cell short", COLUMNS, "x,SPXW230914C04500000," CALL_CELLS ",4500.00,SPXW230914P04500000,6.2,-0.1,6.1,6.3,"
     "2345,0.1912,-0.49,0.0012"},
    {"text", COLUMNS, "Total: 4,321 calls"},
    {"no symbol", COLUMNS, "Thu Sep 14 2023,," CALL_CELLS ",4500.00,," PUT_CELLS},
    {"the column line again", COLUMNS, COLUMNS},
    {"thousands, two ways", COLUMNS, "x,SPXW230914C04500000,1,168.04,0,967,976.7,0,0,0.51,0.0012,4321,4500.00,"
     "SPXW230914P04500000," PUT_CELLS},
    {"a cell more in the middle", COLUMNS, "x,SPXW230914C04500000,more," CALL_CELLS ",4500.00,SPXW230914P04500000,"
     PUT_CELLS},
    {"a cell more at the end", COLUMNS, LINE ",more"},
    {"thousands with a nought before", COLUMNS, "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,0,234,0.1812,0.51,0.0012,4321,"
     "4500.00,SPXW230914P04500000," PUT_CELLS},
    {"a stray quote, and a cell short", COLUMNS, "x,SPXW230914C04500000,5.2,0.1,5.1,5.3,\"1,234,0.1812,0.51,0.0012,"
     "4321,4500.00,SPXW230914P04500000,6.2,-0.1,6.1,6.3,2345,0.1912,-0.49,0.0012"},
};

START_TEST(a_line_that_is_no_row_is_counted)
{
    const struct line_case *c = &bad_cases[_i];
    char text[4096];
    gex_feed *feed;

    strcpy(text, join(c->columns, c->line));
    strcat(text, "\n,,,,\n" LINE "\n  \n" LINE "\n" LINE);
    feed = read_text(text);
    ck_assert_msg(gex_feed_bad_lines(feed) == 1, "%s: %lld bad lines", c->name, (long long)gex_feed_bad_lines(feed));
    ck_assert_int_eq(columns_of(feed).rows, 6);
    for (int64_t row = 0; row < 6; row += 2)
        check_line_values(feed, row);
    ck_assert_int_eq(gex_feed_line(feed, 0), 5);
    ck_assert_int_eq(gex_feed_line(feed, 1), 5);
    ck_assert_int_eq(gex_feed_line(feed, 2), 7);
    ck_assert_int_eq(gex_feed_line(feed, 5), 8);
    ck_assert_int_eq(gex_feed_line(feed, 6), 0);
    ck_assert_int_eq(gex_feed_line(feed, -1), 0);
    gex_feed_free(feed);
}
END_TEST

START_TEST(cells_that_are_no_numbers)
{
    /* Expected: feed.h. An empty cell was not published; a cell that holds no number is NaN. */
    static const struct {
        const char *cell;
        double      bid, vol, open_interest;
    } cases[] = {
        {"", NONE, 0, 0},
        {"\"\"", NONE, 0, 0},
        {"-", NONE, NONE, NONE},
        {"n/a", NONE, NONE, NONE},
        {"nan", NONE, NONE, NONE},
        {"$5", NONE, NONE, NONE},
        {"5%", NONE, NONE, NONE},
        {"1.2.3", NONE, NONE, NONE},
        {"5 6", NONE, NONE, NONE},
        {".", NONE, NONE, NONE},
        {"\"12,34\"", NONE, NONE, NONE},
        {"\"1234,567\"", NONE, NONE, NONE},
        {"\",123\"", NONE, NONE, NONE},
        {"\"1,234,\"", NONE, NONE, NONE},
        {"\xd9\xa3", NONE, NONE, NONE}, /* a digit, but not one of ours */
        {"-5", -5, -5, -5},
        {"inf", (double)INFINITY, (double)INFINITY, (double)INFINITY},
        {"\"-1,234,567.25\"", -1234567.25, -1234567.25, -1234567.25},
        {"0.1000000000000000055511151231257827", 0.1, 0.1, 0.1},
        {"123456789012345678", 123456789012345680, 123456789012345680, 123456789012345680},
        {"-999999999999999", -999999999999999, -999999999999999, -999999999999999},
        {"9999999999999999", 1e16, 1e16, 1e16},
        {"9914177763170.669", 9914177763170.669, 9914177763170.669, 9914177763170.669}, /* a quotient would be off */
        {"1e400", (double)INFINITY, (double)INFINITY, (double)INFINITY},
        {"4.9e-324", 4.9e-324, 4.9e-324, 4.9e-324},
    };
    char text[512] = "Expiration Date,Calls,Bid,IV,Open Interest,Strike,Puts\nx,SPXW230914C04500000";
    gex_chain_columns c;
    gex_feed *feed;

    for (int k = 0; k < 3; k++)
        strcat(strcat(text, ","), cases[_i].cell);
    strcat(text, ",4500,SPXW230914P04500000");
    feed = read_text(text);
    c = columns_of(feed);
    ck_assert_int_eq(c.rows, 2);
    ck_assert(c.bid.data[0] == cases[_i].bid || isnan(cases[_i].bid));
    ck_assert_int_eq(isnan(c.bid.data[0]) != 0, isnan(cases[_i].bid) != 0);
    ck_assert(c.vol.data[0] == cases[_i].vol || (isnan(cases[_i].vol) && isnan(c.vol.data[0])));
    ck_assert(c.open_interest.data[0] == cases[_i].open_interest || isnan(cases[_i].open_interest));
    ck_assert_int_eq(isnan(c.open_interest.data[0]) != 0, isnan(cases[_i].open_interest) != 0);
    ck_assert_double_nan(c.bid.data[1]);
    ck_assert_double_eq(c.vol.data[1], 0);
    ck_assert_double_eq(c.volume.data[0], 0);
    gex_feed_free(feed);
}
END_TEST

/* A damaged cell reaches the chain, and the row its heading. */
START_TEST(damage_is_refused_under_its_heading)
{
    static const struct {
        const char *line;
        int         call, put;
    } cases[] = {
        {"x,SPXW230914C04500000,4500,SPXW230914P04500000", GEX_ROW_USED, GEX_ROW_USED},
        {"x,SPXW230914C04500000,NaN,SPXW230914P04500000", GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE},
        {"x,SPXW230914C04500000,-4500,SPXW230914P04500000", GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE},
        {"x,SPXW230914C04500000,,SPXW230914P04500000", GEX_ROW_BAD_STRIKE, GEX_ROW_BAD_STRIKE},
        {"x,what,4500,SPXW230914P04500000", GEX_ROW_BAD_SYMBOL, GEX_ROW_USED},
        {"x,SPXW230914C04500000,4500,", GEX_ROW_USED, GEX_ROW_BAD_SYMBOL},
        {"x,SPXW230914C04500000,4500,SPXW230914P04500000 and much more of it as if a line had been glued to it",
         GEX_ROW_USED, GEX_ROW_BAD_SYMBOL},
        {"x,SPXW230914C04500000,4500,SPXW230914P04500000                                                  cut off here",
         GEX_ROW_USED, GEX_ROW_BAD_SYMBOL},
    };
    gex_feed *feed = read_text(join("Expiration Date,Calls,Strike,Puts", cases[_i].line));
    gex_chain_columns columns = columns_of(feed);
    gex_chain *chain = NULL;

    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    ck_assert_int_eq(gex_chain_status(chain)[0], cases[_i].call);
    ck_assert_int_eq(gex_chain_status(chain)[1], cases[_i].put);
    gex_chain_free(chain);
    gex_feed_free(feed);
}
END_TEST

/* ---- the door -------------------------------------------------------------------------------------------------- */

static const struct refusal {
    const char *text;
    int64_t     length; /* 0: up to the terminator */
    int64_t     row;
    const char *says;
} refusals[] = {
    {"", 0, 1, "empty"},
    {"\xef\xbb\xbf", 0, 1, "empty"},
    {"\n", 0, 1, "no column line among 1 lines"},
    {"one\ntwo\rthree\r\nfour", 0, 1, "no column line among 4 lines"},
    {"Expiration Date", 0, 1, "no column line"},
    {"\x1f\x8b\x08\0\0", 5, 1, "gzip"},
    {"\xff\xfe" "E\0x\0", 6, 1, "UTF-16"},
    {"PK\x03\x04", 0, 1, "spreadsheet"},
    {"{\"timestamp\": 1}", 0, 1, "JSON"},
    {"<html>", 0, 1, "web page"},
    {"\n" COLUMNS, 0, 2, "no row"},
    {"\n" COLUMNS "\n\n,,,\n", 0, 2, "no row"},
    {COLUMNS "\njunk\n" LINE "\njunk\n", 0, 2, "2 of 3 lines"},
    {COLUMNS "\n" LINE "\nThu Sep 14 2023,SPXW230914C04500000,5.2", 0, 3, "after 3 of 22 columns"},
    {COLUMNS "\n" LINE "\r\nT", 0, 3, "cut short"},
    {"symbol,vol\nSPXW230914C04500000,0.2\nSPXW230914C0", 0, 3, "cut short"},
    {"Expiration Date,Calls,Puts\n", 0, 1, "Strike"},
    {"Expiration Date,Strike,Puts\n", 0, 1, "Calls before"},
    {"Expiration Date,Calls,Strike\n", 0, 1, "Puts behind"},
    {"Expiration Date,Puts,Strike,Calls\n", 0, 1, "Calls before"},
    {"Expiration Date,Calls,Strike,Strike,Puts\n", 0, 1, "two columns named Strike"},
    {"\nExpiration Date,Calls,Bid,Bid,Strike,Puts\n", 0, 2, "two columns for \"Bid\""},
    {"Expiration Date,Calls,Strike,Puts,Last,Last Sale\n", 0, 1, "put side has two"},
};

START_TEST(what_is_no_table)
{
    const struct refusal *c = &refusals[_i];
    gex_feed *feed = (gex_feed *)&feed;
    gex_error error = {0};

    ck_assert_int_eq(gex_feed_csv(NULL, c->text, c->length != 0 ? c->length : (int64_t)strlen(c->text), &feed, &error),
                     GEX_ERR_FORMAT);
    ck_assert_ptr_null(feed);
    ck_assert_int_eq(error.status, GEX_ERR_FORMAT);
    ck_assert_msg(strstr(error.message, c->says) != NULL, "\"%s\" does not say \"%s\"", error.message, c->says);
    ck_assert_int_eq(error.row, c->row);
}
END_TEST

START_TEST(too_many_columns)
{
    static char text[1024] = "Expiration Date";

    for (int i = 0; i < 130; i++)
        strcat(text, ",a");
    ck_assert_int_eq(gex_feed_csv(NULL, text, (int64_t)strlen(text), &(gex_feed *){NULL}, NULL), GEX_ERR_FORMAT);
}
END_TEST

START_TEST(nobody_home)
{
    gex_chain_columns columns;
    gex_f64 positions = {NULL, 0};
    gex_feed *feed = (gex_feed *)&feed;
    int64_t instant = 7;

    ck_assert_int_eq(gex_feed_csv(NULL, NULL, 1, &feed, NULL), GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(feed);
    ck_assert_int_eq(gex_feed_csv(NULL, TABLE, -1, &feed, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_csv(NULL, TABLE, 10, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_csv(NULL, NULL, 0, &feed, NULL), GEX_ERR_FORMAT);
    gex_feed_free(NULL);
    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_feed_columns(NULL, &columns, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_positions(NULL, &positions, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_deviations(NULL, &positions, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_form(NULL), 0);
    ck_assert_str_eq(gex_feed_underlying(NULL), "");
    ck_assert_double_nan(gex_feed_spot(NULL));
    ck_assert_int_eq(gex_feed_as_of(NULL, &instant), 0);
    ck_assert_int_eq(instant, 7);
    ck_assert_int_eq(gex_feed_year_guessed(NULL), 0);
    ck_assert_int_eq(gex_feed_bad_lines(NULL), 0);
    ck_assert_int_eq(gex_feed_line(NULL, 0), 0);

    feed = read_text("Date: September 14, 2023 4:31 PM\n" TABLE);
    ck_assert_int_eq(gex_feed_as_of(feed, NULL), 1);
    ck_assert_int_eq(gex_feed_columns(feed, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_positions(feed, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_positions(feed, &positions, NULL), GEX_OK);
    ck_assert_ptr_null(positions.data);
    ck_assert_int_eq(gex_feed_deviations(feed, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_feed_deviations(feed, &positions, NULL), GEX_OK);
    ck_assert_ptr_null(positions.data);
    columns.struct_size = 16;
    ck_assert_int_eq(gex_feed_columns(feed, &columns, NULL), GEX_ERR_VERSION);
    gex_feed_free(feed);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct failing failing = {0};
    gex_context *context = failing_context(&failing);
    gex_feed *feed = (gex_feed *)&feed;

    failing.fail_at = failing.calls + 1; /* one block is all there is */
    ck_assert_int_eq(gex_feed_csv(context, TABLE, (int64_t)strlen(TABLE), &feed, NULL), GEX_ERR_MEMORY);
    ck_assert_ptr_null(feed);
    failing.fail_at = failing.calls + 2;
    ck_assert_int_eq(gex_feed_csv(context, TABLE, (int64_t)strlen(TABLE), &feed, NULL), GEX_OK);
    gex_context_free(context);
    gex_feed_free(feed);
    ck_assert_int_eq(failing.held, 0);
}
END_TEST

START_TEST(junk_takes_no_memory)
{
    enum { LINES = 200000 };
    static const char head[] = COLUMNS "\n", junk[] = "1,234,\"junk\n";
    struct failing failing = {0};
    gex_context *context = failing_context(&failing);
    const size_t length = sizeof head - 1 + LINES * (sizeof junk - 1);
    char *text = malloc(length);
    gex_feed *feed;
    gex_error error = {0};

    memcpy(text, head, sizeof head - 1);
    for (size_t i = 0; i < LINES; i++)
        memcpy(text + sizeof head - 1 + i * (sizeof junk - 1), junk, sizeof junk - 1);
    failing.fail_at = failing.calls + 1; /* would answer GEX_ERR_MEMORY */
    ck_assert_int_eq(gex_feed_csv(context, text, (int64_t)length, &feed, &error), GEX_ERR_FORMAT);
    ck_assert_int_eq(error.row, 2);
    ck_assert_ptr_nonnull(strstr(error.message, "200000 of 200000"));
    gex_context_free(context);
    free(text);
}
END_TEST

/* Every prefix of a table is read or refused, and nothing beyond it is touched: the copy has its exact size. */

/* Rows end in a line end or in the last field; whatever stops between them is told. */
START_TEST(any_prefix_of_a_table)
{
    static const char head[] = "SPX,Last: 4,505.10\n\"Date: September 14 at 4:31 PM EDT\",Bid\r\n" COLUMNS "\r" LINE;
    static const char table[] =
        "SPX,Last: 4,505.10\n\"Date: September 14 at 4:31 PM EDT\",Bid\r\n" COLUMNS "\r" LINE "\n" LINE;
    const int64_t whole = sizeof head - 1, last_field = 4; /* "5432" */

    for (int64_t length = 0; length < (int64_t)sizeof table; length++) {
        const bool good = (length >= whole - last_field && length <= whole + 1) ||
                          length >= (int64_t)sizeof table - 1 - last_field;
        char *copy = malloc((size_t)length + (length == 0));
        gex_feed *feed = NULL;
        gex_status status;
        memcpy(copy, table, (size_t)length);
        status = gex_feed_csv(NULL, copy, length, &feed, NULL);
        ck_assert_msg(status == (good ? GEX_OK : GEX_ERR_FORMAT), "%lld of %lld bytes: %d", (long long)length,
                      (long long)sizeof table - 1, (int)status);
        ck_assert((feed != NULL) == (status == GEX_OK));
        gex_feed_free(feed);
        free(copy);
    }
}
END_TEST

Suite *suite_feed(void)
{
    Suite *suite = suite_create("feed");
    TCase *lines = tcase_create("lines"), *door = tcase_create("door");

    tcase_add_loop_test(lines, a_line_reads_the_same_in_many_hands, 0, LENGTH(line_cases));
    tcase_add_loop_test(lines, numbers_cut_by_their_own_commas_are_put_together, 0, LENGTH(cut_cases));
    tcase_add_test(lines, a_line_of_heads_and_tails_is_no_row);
    tcase_add_loop_test(lines, a_line_that_is_no_row_is_counted, 0, LENGTH(bad_cases));
    tcase_add_loop_test(lines, cells_that_are_no_numbers, 0, 25);
    tcase_add_loop_test(lines, damage_is_refused_under_its_heading, 0, 8);
    suite_add_tcase(suite, lines);
    tcase_add_loop_test(door, what_is_no_table, 0, LENGTH(refusals));
    tcase_add_test(door, too_many_columns);
    tcase_add_test(door, nobody_home);
    tcase_add_test(door, every_allocation_may_fail);
    tcase_add_test(door, junk_takes_no_memory);
    tcase_add_test(door, any_prefix_of_a_table);
    suite_add_tcase(suite, door);
    return suite;
}
