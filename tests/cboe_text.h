/* SPDX-License-Identifier: Apache-2.0 */
/* A Cboe table of one line, to be varied, and how to read it. */
#ifndef GEX_TESTS_CBOE_TEXT_H
#define GEX_TESTS_CBOE_TEXT_H

#include <check.h>
#include <string.h>

#include <gex/feed.h>

#define SIDE ",Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest"
#define COLUMNS "Expiration Date,Calls" SIDE ",Strike,Puts" SIDE
#define CALL_CELLS "5.2,0.1,5.1,5.3,1234,0.1812,0.51,0.0012,4321"
#define PUT_CELLS "6.2,-0.1,6.1,6.3,2345,0.1912,-0.49,0.0012,5432"
#define LINE "Thu Sep 14 2023,SPXW230914C04500000," CALL_CELLS ",4500.00,SPXW230914P04500000," PUT_CELLS
#define COMMAS ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
#define TABLE COLUMNS "\n" LINE "\n"

static inline gex_feed *read_bytes(const char *bytes, int64_t length)
{
    gex_error error = {0};
    gex_feed *feed = NULL;

    ck_assert_msg(gex_feed_csv(NULL, bytes, length, &feed, &error) == GEX_OK, "line %lld: %s in\n%.*s",
                  (long long)error.row, error.message, (int)length, bytes);
    return feed;
}

static inline gex_feed *read_text(const char *text)
{
    return read_bytes(text, (int64_t)strlen(text));
}

static inline gex_chain_columns columns_of(const gex_feed *feed)
{
    gex_chain_columns columns;

    gex_chain_columns_init(&columns, sizeof columns);
    ck_assert_int_eq(gex_feed_columns(feed, &columns, NULL), GEX_OK);
    return columns;
}

#endif
