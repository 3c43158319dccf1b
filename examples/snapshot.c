/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include <stdio.h>
#include <string.h>

bool is_snapshot(const struct input *input)
{
    return gex_saved_kind(input->bytes, input->length, NULL) != 0;
}

static bool parts_load(const struct input *input, gex_market **market, gex_book **book, gex_error *error)
{
    int64_t length = 0;

    if (gex_saved_kind(input->bytes, input->length, &length) != GEX_SAVED_MARKET || length > input->length)
        length = input->length; /* and is refused as what it is */
    return gex_market_load(NULL, input->bytes, length, market, error) == GEX_OK &&
           gex_book_load(NULL, gex_market_chain(*market), input->bytes + length, input->length - length, book, error) ==
               GEX_OK;
}

/* What changed has to be the market and the positions, and not a choice between two runs. */
static bool agrees(const char *option, const char *saved, const char *now, const char *name)
{
    if (strcmp(saved, now) == 0)
        return true;
    complain("%s: saved under %s %s, and this run is under %s", name, option, saved, now);
    return false;
}

static bool all_agree(const gex_market *market, const gex_book *book, const struct options *o, const char *name)
{
    char dynamics[GEX_DYNAMICS_TEXT], dynamics_now[GEX_DYNAMICS_TEXT], sign[GEX_DYNAMICS_TEXT];

    (void)gex_dynamics_format(gex_market_dynamics(market), gex_market_dynamics_parameter(market), dynamics, NULL);
    (void)gex_dynamics_format(o->dynamics, o->dynamics_parameter, dynamics_now, NULL);
    snprintf(sign, sizeof sign, "%s%s", o->customer_view ? "CUSTOMER_VIEW of " : "", gex_sign_name(o->sign));
    return agrees("--clock", gex_clock_name(gex_market_clock(market)), gex_clock_name(o->clock), name) &&
           agrees("--vol", gex_vol_name(gex_market_vol_rule(market)), gex_vol_name(o->vol), name) &&
           agrees("--forward", gex_forward_name(gex_market_forward_rule(market)), gex_forward_name(o->forward), name) &&
           agrees("--exercise", gex_style_name(gex_market_style(market)), gex_style_name(o->exercise), name) &&
           agrees("--dynamics", dynamics, dynamics_now, name) && agrees("--sign", gex_book_source(book), sign, name);
}

bool snapshot_read(const struct input *input, const struct options *options, const char *name, gex_market **market,
                   gex_book **book)
{
    gex_error error = {0};

    if (parts_load(input, market, book, &error))
        return all_agree(*market, *book, options, name);
    complain("%s: %s", name, error.message);
    return false;
}

/* The first row from `row` on whose root is another than `last`; the number of rows when there is none. */
static int64_t next_root(const gex_chain *chain, int64_t row, const char *last)
{
    while (row < gex_chain_rows(chain) &&
           (gex_chain_root(chain, row)[0] == '\0' || strcmp(gex_chain_root(chain, row), last) == 0))
        row++;
    return row;
}

/* A chain without roots may be of anything. */
static bool shares_root(const gex_chain *a, const gex_chain *b)
{
    const int64_t first = next_root(a, 0, "");
    const char *last_a = "";

    if (first == gex_chain_rows(a) || next_root(b, 0, "") == gex_chain_rows(b))
        return true;
    for (int64_t i = first; i < gex_chain_rows(a); i = next_root(a, i, last_a)) {
        const char *last_b = "";
        last_a = gex_chain_root(a, i);
        for (int64_t j = next_root(b, 0, ""); j < gex_chain_rows(b); j = next_root(b, j, last_b)) {
            last_b = gex_chain_root(b, j);
            if (strcmp(last_a, last_b) == 0)
                return true;
        }
    }
    return false;
}

bool snapshot_precedes(const gex_market *before, const char *before_name, const gex_market *now, const char *now_name)
{
    const gex_chain *then = gex_market_chain(before), *here = gex_market_chain(now);

    if (gex_market_as_of(before) > gex_market_as_of(now)) {
        char from[40], to[40];
        (void)gex_instant_format(gex_market_as_of(before), GEX_ZONE_NEW_YORK, from, sizeof from);
        (void)gex_instant_format(gex_market_as_of(now), GEX_ZONE_NEW_YORK, to, sizeof to);
        complain("%s: taken %s, after %s, taken %s: --since names the earlier of two", before_name, from, now_name, to);
        return false;
    }
    if (shares_root(then, here))
        return true;
    complain("%s: options on %s, and %s has none of that root: --since names an earlier table of the same underlying",
             before_name, gex_chain_root(then, next_root(then, 0, "")), now_name);
    return false;
}

gex_status snapshot_write(const gex_context *context, const gex_map *map, gex_write write, void *user,
                          gex_error *error)
{
    const gex_status status = gex_market_save(gex_map_market(map), write, user, error);

    (void)context;
    return status == GEX_OK ? gex_book_save(gex_map_book(map), write, user, error) : status;
}
