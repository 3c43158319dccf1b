/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every contract on its line. Totals, by_strike and by_expiry of the JSON report are the sums of these lines over the
 * rows whose status is "used" and whose exposure is finite; a greek that diverges is printed as inf, -inf or nan.
 * A refused row keeps its key and what is known of its series; what could not be computed is an empty cell.
 */
#include <math.h>
#include <string.h>

#include <gex/report.h>

#include "facts.h"
#include "writer.h"

enum { SYMBOL_SPACE = 72, INSTANT_SPACE = 48 };

#define GREEK_COLUMN(name, value, text) text ",",
static const char header[] = "row,symbol,root,settlement,right,strike,multiplier,years,forward,vol,vol_source,"
                             "position,position_source,status,flags,";
static const char *const greek_header[] = {GEX_GREEK_LIST(GREEK_COLUMN)};
static const char exposure_header[] = "gex_usd_pct,dex_usd,vex_usd_volpt,cex_usd_calday,unit,in_unit,"
                                      "clock,calendar_years,exercise\n";

/* The columns the lines are made of, fetched once. */
struct columns {
    const uint8_t *status, *vol_source, *clock, *calc;
    const uint32_t *flags;
    const double *strike, *multiplier, *years, *calendar_years, *forward, *vol, *position;
    const int8_t *right, *exercise;
    const int64_t *settlement;
    const int32_t *expiry;
    const double *greek[GEX_GREEK_LAST_ + 1];
    const double *exposure[5];
    const char *source, *unit;
};

static void fetch(const struct gex__facts *facts, const gex_greeks *greeks, struct columns *c)
{
    c->status = gex_exposure_status(facts->gamma);
    c->flags = gex_market_flags(facts->market);
    c->vol_source = gex_market_vol_source(facts->market);
    c->exercise = gex_market_exercise(facts->market);
    c->calc = gex_greeks_status(greeks);
    c->strike = gex_chain_strike(facts->chain);
    c->right = gex_chain_right(facts->chain);
    c->multiplier = gex_chain_multiplier(facts->chain);
    c->settlement = gex_chain_settlement(facts->chain);
    c->expiry = gex_chain_expiry_index(facts->chain);
    c->years = gex_market_years(facts->market);
    c->calendar_years = gex_market_calendar_years(facts->market);
    c->clock = gex_market_expiry_clock(facts->market);
    c->forward = gex_market_forward(facts->market);
    c->vol = gex_market_vol(facts->market);
    c->position = gex_book_positions(facts->book);
    c->source = gex_book_source(facts->book);
    c->unit = gex_unit_name(gex_exposure_unit(facts->in_unit));
    for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++)
        c->greek[g] = gex_greeks_column(greeks, g);
    c->exposure[0] = gex_exposure_rows(facts->gamma);
    c->exposure[1] = gex_exposure_rows(gex_map_delta(facts->map));
    c->exposure[2] = gex_exposure_rows(gex_map_vanna(facts->map));
    c->exposure[3] = gex_exposure_rows(gex_map_charm(facts->map));
    c->exposure[4] = gex_exposure_rows(facts->in_unit);
}

static void comma(struct gex__writer *w)
{
    gex__put_bytes(w, ",", 1);
}

/* A known number, or an empty cell. */
static void put_known(struct gex__writer *w, double value)
{
    if (!isnan(value))
        gex__put_number(w, value);
    comma(w);
}

static void put_series(struct gex__writer *w, const struct gex__facts *facts, const struct columns *c, int64_t i)
{
    char text[SYMBOL_SPACE], instant[INSTANT_SPACE];
    const char *root = gex_chain_root(facts->chain, i);

    gex__put_csv_cell(w, text, gex_chain_symbol(facts->chain, i, text, sizeof text));
    comma(w);
    gex__put_csv_cell(w, root, (int64_t)strlen(root));
    comma(w);
    if (c->settlement[i] != INT64_MIN)
        gex__put_bytes(w, instant, gex_instant_format(c->settlement[i], GEX_ZONE_NEW_YORK, instant, sizeof instant));
    comma(w);
    gex__put_text(w, c->right[i] == GEX_CALL ? "C," : c->right[i] == GEX_PUT ? "P," : ",");
    put_known(w, c->strike[i]);
    put_known(w, c->multiplier[i]);
}

static void put_flags(struct gex__writer *w, uint32_t flags)
{
    const char *separator = "";

    for (uint32_t bit = 1; bit != 0 && bit <= GEX_FLAG_LAST_; bit <<= 1) {
        if ((flags & bit) == 0)
            continue;
        gex__put_text(w, separator);
        gex__put_text(w, gex_flag_text(bit));
        separator = "|";
    }
    comma(w);
}

static const char *exercise_text(const struct columns *c, int64_t i)
{
    if (c->calc[i] == GEX_CALC_EXERCISED)
        return "american_now";
    if (c->calc[i] == GEX_CALC_EXERCISE_AT_DIVIDEND)
        return "american_at_dividend";
    return c->exercise[i] == GEX_EXERCISE_AMERICAN ? "american" : "european";
}

static void put_row(struct gex__writer *w, const struct gex__facts *facts, const struct columns *c, int64_t i)
{
    const bool used = c->status[i] == GEX_ROW_USED;
    const int32_t expiry = c->expiry[i];

    gex__put_count(w, i);
    comma(w);
    put_series(w, facts, c, i);
    put_known(w, used ? c->years[expiry] : (double)NAN);
    put_known(w, used ? c->forward[expiry] : (double)NAN);
    put_known(w, used ? c->vol[i] : (double)NAN);
    gex__put_text(w, used ? gex_vol_source_name(c->vol_source[i]) : "");
    comma(w);
    put_known(w, c->position[i]);
    gex__put_csv_cell(w, c->source, (int64_t)strlen(c->source));
    comma(w);
    gex__put_text(w, gex_row_text(c->status[i]));
    comma(w);
    put_flags(w, c->flags[i]);
    for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++) {
        if (used)
            gex__put_number(w, c->greek[g][i]);
        comma(w);
    }
    for (int32_t e = 0; e < 4; e++) {
        if (used)
            gex__put_number(w, c->exposure[e][i]);
        comma(w);
    }
    gex__put_text(w, c->unit);
    comma(w);
    if (used)
        gex__put_number(w, c->exposure[4][i]);
    comma(w);
    gex__put_text(w, used ? gex_clock_name(c->clock[expiry]) : "");
    comma(w);
    if (used)
        gex__put_number(w, c->calendar_years[expiry]);
    comma(w);
    gex__put_text(w, used ? exercise_text(c, i) : "");
    gex__put_newline(w);
}

/* Not inlined: its frame would lie under the greeks. */
__attribute__((noinline)) static gex_status lines_write(const gex_map *map, const gex_greeks *greeks, gex_write write,
                                                        void *user, gex_error *error)
{
    struct gex__writer writer;
    struct gex__facts facts;
    struct columns columns;

    gex__writer_open(&writer, write, user);
    gex__facts_gather(map, &facts);
    fetch(&facts, greeks, &columns);
    gex__put_text(&writer, header);
    for (int32_t g = 0; g < GEX_GREEK_LAST_; g++)
        gex__put_text(&writer, greek_header[g]);
    gex__put_text(&writer, exposure_header);
    for (int64_t i = 0; i < facts.rows && !writer.failed; i++)
        put_row(&writer, &facts, &columns, i);
    return gex__writer_close(&writer, error);
}

gex_status gex_report_lines(const gex_context *context, const gex_map *map, gex_write write, void *user,
                            gex_error *error)
{
    gex_greeks *greeks = NULL; /* every one: the map has some */
    gex_status status;

    if (map == NULL || write == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "map and write are required");
    status = gex_greeks_compute(context, gex_map_market(map), &greeks, error);
    if (status == GEX_OK)
        status = lines_write(map, greeks, write, user, error);
    gex_greeks_free(greeks);
    return status;
}
