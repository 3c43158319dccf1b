/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above a Cboe table, in the variants seen in the wild and others of their kind. */
#include <check.h>
#include <math.h>
#include <string.h>

#include <gex/feed.h>

#include "cboe_text.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))
#define SECOND INT64_C(1000000000)
#define NONE ((double)NAN)

Suite *suite_feed_header(void);

/* Expected: by eye, seconds since 1970 from Python's zoneinfo. 0: the header does not say. */
static const struct header_case {
    const char *preamble, *name;
    double      spot;
    int64_t     seconds;
    int32_t     guessed;
} header_cases[] = {
    /* as in the files of Cboe's page that were kept */
    {"\nStandard & Poors 500 Index,Last: 4505.1001,Change:  37.6601\n"
     "\"Date: September 14, 2023 at 4:31 PM EDT\",Bid: 4483.25,Ask: 4526.27,Size: 1*1,Volume: 0\n",
     "Standard & Poors 500 Index", 4505.1001, 1694723460, 0},
    {"\nSPDR S&P 500 ETF Trust,Last: 450.81,Change:  3.85\n"
     "\"Date: September 14, 2023 at 4:31 PM EDT\",Bid: 450.81,Ask: 450.83,Size: 9*11,\"Volume: 71,039,449\"\n",
     "SPDR S&P 500 ETF Trust", 450.81, 1694723460, 0},
    {"Standard & Poors 500 Index,Last: 3856.28,Change:  1.85,,,,,,,,,,,,,,,,,,,\n"
     "\"Date: July 12, 2022, 11:55 AM EDT\",Bid: 3855.3701,Ask: 3857.1599,Size: 1*1,Volume: 0,,,,,,,,,,,,,,,,,\n",
     "Standard & Poors 500 Index", 3856.28, 1657641300, 0},
    {"---Example Data---\nNASDAQ 100,Last: 11706.4395,Change:  143.1395\n"
     "\"Date: December 12, 2022 at 8:31 PM EST\",Bid: 0,Ask: 0,Size: 0*0,Volume: 0\n",
     "NASDAQ 100", 11706.4395, 1670895060, 0},
    {"\n\"PowerShares QQQ Trust, Series 1 (ETF)\",Last: 358.27,Change:  3.77\n"
     "Date: 12 June 2023, 4:35 PM EDT,Bid: 358.26,Ask: 358.28,Size: 5*12,Volume: 23,342,321\n",
     "PowerShares QQQ Trust, Series 1 (ETF)", 358.27, 1686602100, 0},
    {"\n\"PowerShares QQQ Trust, Series 1 (ETF)\",Last: 358.23,Change:  0.05\n"
     "Date: 24 September 2023,1:46 PM EDT,Bid: 358.23,Ask: 358.24,Size: 8*23,Volume: 51,589,689\n",
     "PowerShares QQQ Trust, Series 1 (ETF)", 358.23, 1695577560, 0},
    /* others of that kind */
    {"SPX,Last: 4,505.10,Change: 37\nDate: September 14 at 4:31 PM EDT\n", "SPX", 4505.10, 1694723460, 1},
    {"SPX,\"Last: 4,505.10\",Change: 37\nDate: 14 September 4:31 PM,Bid: 1\n", "SPX", 4505.10, 1694723460, 1},
    {"\"SPX,Last: 4505.10,Change: 37\n\"Date: September 14, 2023 at 4:31 PM EDT,Bid: 1,Ask: 2\n", "SPX", 4505.10,
     1694723460, 0},
    {"PowerShares QQQ Trust, Series 1 (ETF),Last: 1,234,567.5\n", "PowerShares QQQ Trust, Series 1 (ETF)", 1234567.5, 0,
     0},
    {"\"The \"\"cash\"\" index\",last: $123,Change: 1\n", "The \"cash\" index", 123, 0, 0},
    {"a\x01" "b,Last: 5,1\n", "a?b", 5, 0, 0},
    {"note\nanother, note\n,,,\nSPX,Last: 4505\n\nDate: 9/14/2023 4:31 PM\nfoot,note\n", "SPX", 4505, 1694723460, 0},
    {"As of September 14, 2023 4:31 PM EDT\nLast: 4505\n", "", 4505, 1694723460, 0},
    {"Update: September 14, 2023 4:31 PM\nSPX,Blast: 5\n", "", NONE, 0, 0},
    {"SPX,Last: 1\nNDX,Last: 2\nDate: 9/14/2023 4:31 PM\nDate: 9/15/2023 4:31 PM\n", "SPX", 1, 1694723460, 0},
    {"Update: yes\nSPX,Last: 0,Change: 1\nNDX,Last: n/a\n", "", NONE, 0, 0},
    {"SPX,Last: -3\nDate: September 14, 2023\n", "", NONE, 0, 0},
    {"SPX,Last: 4505\nDate: September 14, 2023 4:31 PM XYZ\n", "SPX", 4505, 0, 0},
    {"", "", NONE, 0, 0},
    /* 63 bytes hold 31 of these letters of two bytes */
    {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9,Last: 1\n",
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9", 1, 0, 0},
};

static void check_header(const struct header_case *c, const char *text)
{
    gex_feed *feed = read_text(text);
    int64_t instant = 1;
    const int32_t has = gex_feed_as_of(feed, &instant);

    ck_assert_int_eq(gex_feed_form(feed), GEX_FEED_CBOE);
    ck_assert_str_eq(gex_feed_underlying(feed), c->name);
    ck_assert_msg(gex_feed_spot(feed) == c->spot || (isnan(c->spot) && isnan(gex_feed_spot(feed))), "%s: spot %.17g",
                  c->preamble, gex_feed_spot(feed));
    ck_assert_msg(has == (c->seconds != 0), "%s: as of? %d", c->preamble, has);
    ck_assert_int_eq(instant, has ? c->seconds * SECOND : 1);
    ck_assert_int_eq(gex_feed_year_guessed(feed), c->guessed);
    ck_assert_int_eq(columns_of(feed).rows, 2);
    ck_assert_int_eq(gex_feed_bad_lines(feed), 0);
    gex_feed_free(feed);
}

/* Each text with LF, CR LF and CR, with and without a byte order mark and a last line end. */
START_TEST(headers_are_read)
{
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    const struct header_case *c = &header_cases[_i];

    for (int form = 0; form < 12; form++) {
        char text[2048] = "", *to = text;
        const char *parts[] = {c->preamble, form & 1 ? TABLE : COLUMNS "\n" LINE};
        if (form & 2)
            to += strlen(strcpy(to, "\xef\xbb\xbf"));
        for (int part = 0; part < 2; part++)
            for (const char *from = parts[part]; *from != '\0'; from++)
                if (*from == '\n')
                    to += strlen(strcpy(to, ends[form / 4]));
                else
                    *to++ = *from;
        *to = '\0';
        check_header(c, text);
    }
}
END_TEST

START_TEST(a_missing_year_is_the_nearest_to_the_first_expiry)
{
    /* Dates and expiries across a turn of the year. Expected: seconds from Python's zoneinfo. */
    static const struct {
        const char *date, *symbols;
        int64_t     seconds;
    } cases[] = {
        {"December 29 at 4:00 PM EST", "SPXW240102C04500000,SPXW240102P04500000", 1703883600},
        {"January 2 at 9:31 AM EST", "SPXW231229C04500000,SPXW231229P04500000", 1704205860},
        {"January 2 at 9:31 AM EST", "SPXW271217C04500000,SPXW240102P04500000", 1704205860},
        {"February 29 at 4:00 PM EST", "SPXW240301C04500000,SPXW240301P04500000", 1709240400},
        {"February 29 at 4:00 PM EST", "SPXW220301C04500000,SPXW220301P04500000", 0},
        {"January 1 at 4:00 PM EST", "SPXW240702C04500000,SPXW240702P04500000", 1704142800}, /* 183 days either way */
        {"January 2 at 9:31 AM EST", "what,ever", 0},
    };
    char text[512];
    int64_t instant = 0;
    gex_feed *feed;

    strcpy(text, "SPX,Last: 4505\nDate: ");
    strcat(strcat(text, cases[_i].date), "\nExpiration Date,Calls,Strike,Puts\nx,");
    strcat(strncat(text, cases[_i].symbols, strcspn(cases[_i].symbols, ",")), ",4500");
    strcat(text, strchr(cases[_i].symbols, ','));
    feed = read_text(text);
    ck_assert_int_eq(gex_feed_as_of(feed, &instant), cases[_i].seconds != 0);
    ck_assert_int_eq(instant, cases[_i].seconds * SECOND);
    ck_assert_int_eq(gex_feed_year_guessed(feed), cases[_i].seconds != 0);
    gex_feed_free(feed);
}
END_TEST

Suite *suite_feed_header(void)
{
    Suite *suite = suite_create("feed_header");
    TCase *header = tcase_create("header");

    tcase_add_loop_test(header, headers_are_read, 0, LENGTH(header_cases));
    tcase_add_loop_test(header, a_missing_year_is_the_nearest_to_the_first_expiry, 0, 7);
    suite_add_tcase(suite, header);
    return suite;
}
