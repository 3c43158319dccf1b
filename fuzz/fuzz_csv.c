/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a table, and what comes of it as a chain. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gex/feed.h>
#include <gex/uncertainty.h>

#define REQUIRE(condition) \
    if (!(condition))      \
    abort()

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the header says, and where rows came from. */
static void check_feed(const gex_feed *feed, int64_t rows, int64_t length)
{
    int64_t instant = 0, before = 0;
    const char *name = gex_feed_underlying(feed);

    REQUIRE(memchr(name, '\0', 64) != NULL);
    REQUIRE(isnan(gex_feed_spot(feed)) || (isfinite(gex_feed_spot(feed)) && gex_feed_spot(feed) > 0));
    REQUIRE(gex_feed_as_of(feed, &instant) == 0 || instant != 0 || length > 0);
    REQUIRE(gex_feed_year_guessed(feed) == 0 || gex_feed_as_of(feed, NULL) == 1);
    REQUIRE(rows > 0 && rows <= 2 * length);
    REQUIRE(gex_feed_bad_lines(feed) <= rows);
    for (int64_t i = 0; i < rows; i++) {
        const int64_t line = gex_feed_line(feed, i);
        REQUIRE(line >= before && line > 1 && line <= length + 1);
        before = line;
    }
    REQUIRE(gex_feed_line(feed, rows) == 0);
}

/* Every row has one place in the order, used ones first and in it by settlement and strike, refused ones without. */
static void check_chain(const gex_chain *chain)
{
    const int64_t rows = gex_chain_rows(chain), *order = gex_chain_order(chain);
    uint8_t *seen = calloc((size_t)rows + 1, 1);
    int64_t expiries, strikes;

    gex_chain_expiries(chain, &expiries);
    gex_chain_strikes(chain, &strikes);
    for (int64_t k = 0; k < rows; k++) {
        const int64_t i = order[k], before = k > 0 ? order[k - 1] : i;
        const int used = gex_chain_status(chain)[i] == GEX_ROW_USED;
        char symbol[65];
        REQUIRE(i >= 0 && i < rows && seen[i]++ == 0);
        REQUIRE(gex_chain_symbol(chain, i, symbol, sizeof symbol) == (int64_t)strlen(symbol));
        if (!used) {
            REQUIRE(gex_chain_expiry_index(chain)[i] == -1 && isnan(gex_chain_strike(chain)[i]));
            continue;
        }
        REQUIRE(gex_chain_strike(chain)[i] > 0 && isfinite(gex_chain_strike(chain)[i]));
        REQUIRE(abs(gex_chain_right(chain)[i]) == 1);
        REQUIRE(gex_chain_expiry_index(chain)[i] < expiries && gex_chain_strike_index(chain)[i] < strikes);
        REQUIRE(gex_chain_status(chain)[before] == GEX_ROW_USED);
        REQUIRE(gex_chain_expiry_index(chain)[before] <= gex_chain_expiry_index(chain)[i]);
        REQUIRE(gex_chain_expiry_index(chain)[before] < gex_chain_expiry_index(chain)[i] ||
                gex_chain_strike_index(chain)[before] <= gex_chain_strike_index(chain)[i]);
    }
    free(seen);
}

/* Positions and their deviations make a book and errors, whatever they are. */
static void check_book(const gex_feed *feed, const gex_chain *chain)
{
    gex_book_options held;
    gex_uncertainty_options errors;
    gex_uncertainty *uncertainty = NULL;
    gex_book *book = NULL;

    gex_book_options_init(&held, sizeof held);
    gex_uncertainty_options_init(&errors, sizeof errors);
    REQUIRE(gex_feed_positions(feed, &held.positions, NULL) == GEX_OK);
    REQUIRE(gex_feed_deviations(feed, &errors.sd, NULL) == GEX_OK);
    REQUIRE(gex_feed_form(feed) == GEX_FEED_NEUTRAL || (held.positions.data == NULL && errors.sd.data == NULL));
    held.sign = held.positions.data != NULL ? GEX_SIGN_INVENTORY_GIVEN : GEX_SIGN_NAIVE_CALL_LONG;
    REQUIRE(gex_book_create(NULL, chain, &held, &book, NULL) == GEX_OK);
    REQUIRE(gex_uncertainty_create(NULL, book, &errors, &uncertainty, NULL) == GEX_OK);
    for (int64_t i = 0; i < gex_chain_rows(chain); i++)
        REQUIRE(gex_uncertainty_sd(uncertainty)[i] >= 0.0 && isfinite(gex_uncertainty_sd(uncertainty)[i]));
    gex_uncertainty_free(uncertainty);
    gex_book_free(book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gex_chain_columns columns;
    gex_error error = {.status = GEX_OK};
    gex_chain *chain = NULL;
    gex_feed *feed = NULL;
    const gex_status status = gex_feed_csv(NULL, (const char *)data, (int64_t)size, &feed, &error);

    if (status != GEX_OK) {
        REQUIRE(status == GEX_ERR_FORMAT && feed == NULL && error.status == status && error.row >= 1);
        REQUIRE(memchr(error.message, '\0', sizeof error.message) != NULL && error.message[0] != '\0');
        return 0;
    }
    gex_chain_columns_init(&columns, sizeof columns);
    REQUIRE(gex_feed_columns(feed, &columns, NULL) == GEX_OK);
    check_feed(feed, columns.rows, (int64_t)size);
    REQUIRE(gex_chain_create(NULL, &columns, NULL, &chain, NULL) == GEX_OK);
    REQUIRE(gex_chain_rows(chain) == columns.rows);
    check_book(feed, chain);
    gex_feed_free(feed);
    check_chain(chain);
    gex_chain_free(chain);
    return 0;
}
