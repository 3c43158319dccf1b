/* SPDX-License-Identifier: Apache-2.0 */
/* gex-map: an option chain in, the map of dealers' forced hedging out. Opens the files; the library does the rest. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gex.h>

#include "cboe_json.h"
#include "input.h"
#include "options.h"
#include "output.h"
#include "snapshot.h"

/* The table as read, in whichever form it came. */
struct table {
    gex_feed         *feed; /* NULL for JSON */
    struct cboe_json  json;
    gex_chain_columns columns;
    gex_f64           positions, deviations; /* data NULL: the table has none */
    const char       *underlying;
    double            spot; /* NaN: the table does not say */
    bool              has_as_of;
    int64_t           as_of;
};

/* The stages, in the order data flows. */
struct stages {
    gex_chain      *chain;
    gex_market     *market;
    gex_book       *book;
    gex_map        *map;
    gex_robustness *robustness; /* NULL: not asked for */
    gex_field      *field;      /* NULL: not asked for */
    gex_uncertainty *uncertainty; /* NULL: not asked for */
    int64_t         close;      /* until when the page says what is traded; 0: the calendar has none */
};

static void table_free(struct table *table)
{
    gex_feed_free(table->feed);
    cboe_json_free(&table->json);
}

static void stages_free(struct stages *stages)
{
    gex_map_free(stages->map);
    gex_robustness_free(stages->robustness);
    gex_uncertainty_free(stages->uncertainty);
    gex_field_free(stages->field);
    gex_book_free(stages->book);
    gex_market_free(stages->market);
    gex_chain_free(stages->chain);
}

/* ---- reading -------------------------------------------------------------------------------------------------- */

static gex_status table_from_csv(struct table *table, const struct input *input, gex_error *error)
{
    gex_status status = gex_feed_csv(NULL, input->bytes, input->length, &table->feed, error);

    if (status != GEX_OK)
        return status;
    gex_chain_columns_init(&table->columns, sizeof table->columns);
    status = gex_feed_columns(table->feed, &table->columns, error);
    if (status == GEX_OK)
        status = gex_feed_positions(table->feed, &table->positions, error);
    if (status == GEX_OK)
        status = gex_feed_deviations(table->feed, &table->deviations, error);
    table->underlying = gex_feed_underlying(table->feed);
    table->spot = gex_feed_spot(table->feed);
    table->has_as_of = gex_feed_as_of(table->feed, &table->as_of) != 0;
    return status;
}

static gex_status table_from_json(struct table *table, const struct input *input, gex_error *error)
{
    const gex_status status = cboe_json_read(input->bytes, input->length, &table->json, error);

    if (status != GEX_OK)
        return status;
    cboe_json_columns(&table->json, &table->columns);
    table->underlying = table->json.underlying;
    table->spot = table->json.spot;
    table->has_as_of = table->json.has_as_of;
    table->as_of = table->json.as_of;
    return GEX_OK;
}

/* All of a file. @return false after a complaint. */
static bool file_read(struct input *input, const char *file, const char *name)
{
    const char *reason = input_read(file, input);

    if (reason == NULL && input->length == 0) {
        input_free(input);
        reason = "line 1: the file is empty";
    }
    if (reason != NULL)
        complain("%s: %s", name, reason);
    return reason == NULL;
}

static bool table_read(struct table *table, const struct input *input, const char *name)
{
    gex_error error = {0};
    const gex_status status =
        input_is_json(input) ? table_from_json(table, input, &error) : table_from_csv(table, input, &error);

    if (status != GEX_OK)
        complain("%s: line %lld: %s", name, (long long)(error.row > 0 ? error.row : 1), error.message);
    return status == GEX_OK;
}

/* What the command line says wins over what the table says; one of them has to say it. */
static bool settle_state(struct table *table, const struct options *options)
{
    if (options->has_as_of) {
        table->has_as_of = true;
        table->as_of = options->as_of;
    }
    if (options->spot > 0.0)
        table->spot = options->spot;
    if (!table->has_as_of) {
        complain("%s: line 1: the header does not say when the chain was taken; %s", options->name,
                 options->is_earlier ? "an earlier table has to" : "give --as-of");
        return false;
    }
    if (!(table->spot > 0.0) || !isfinite(table->spot)) {
        complain("%s: line 1: the header does not give the price of the underlying; %s", options->name,
                 options->is_earlier ? "an earlier table has to" : "give --spot");
        return false;
    }
    if (options->sign == GEX_SIGN_INVENTORY_GIVEN && table->positions.data == NULL) {
        complain("%s: line 1: --sign INVENTORY_GIVEN reads a column named position, and the table has none",
                 options->name);
        return false;
    }
    if (options->deviations && table->deviations.data == NULL) {
        complain("%s: line 1: --uncertainty column reads a column named deviation, and the table has none",
                 options->name);
        return false;
    }
    return true;
}

/* ---- the stages ----------------------------------------------------------------------------------------------- */

static gex_status make_chain(struct stages *stages, const struct table *table, gex_error *error)
{
    gex_chain_options options;

    gex_chain_options_init(&options, sizeof options);
    snprintf(options.underlying, sizeof options.underlying, "%s", table->underlying);
    return gex_chain_create(NULL, &table->columns, &options, &stages->chain, error);
}

static gex_market_options market_options(const struct table *table, const struct options *o)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = o->clock;
    options.vol_clock = o->vol_clock;
    options.as_of = table->as_of;
    options.spot = table->spot;
    options.vol = o->vol;
    options.forward = o->forward;
    options.style = o->exercise;
    options.dynamics = o->dynamics;
    options.dynamics_parameter = o->dynamics_parameter;
    options.rate = o->rate;
    options.carry_yield = o->carry_yield;
    options.fallback = o->fallback - 1; /* a choice is above 0 */
    options.vol_low = o->vol_low;
    options.vol_high = o->vol_high;
    options.fixed_discount = o->fixed_discount;
    options.rate_years = (gex_f64){o->curves.rate_years, sizeof(double)};
    options.rates = (gex_f64){o->curves.rates, sizeof(double)};
    options.rate_count = o->curves.rate_count;
    options.dividend_at = (gex_i64){o->curves.ex_dates, sizeof(int64_t)};
    options.dividend_cash = (gex_f64){o->curves.cash, sizeof(double)};
    options.dividend_count = o->curves.dividend_count;
    return options;
}

static gex_book_options book_options(const struct table *table, const struct options *o)
{
    gex_book_options options;

    gex_book_options_init(&options, sizeof options);
    options.sign = o->sign;
    options.customer_view = o->customer_view;
    options.positions = table->positions;
    return options;
}

static gex_status make_robustness(struct stages *stages, const gex_market_options *market,
                                  const gex_book_options *book, gex_error *error)
{
    gex_robustness_options options;

    gex_robustness_options_init(&options, sizeof options);
    options.zero_flow = stages->close;
    return gex_robustness_compute(NULL, stages->chain, market, book, &options, &stages->robustness, error);
}

/* To the close in 25 instants, 3 % to either side in 61 prices. */
static gex_status make_field(struct stages *stages, gex_error *error)
{
    static const int32_t quantities[] = {GEX_UNIT_GEX_USD_PCT, GEX_FIELD_FLOW};
    gex_field_options options;

    gex_field_options_init(&options, sizeof options);
    options.quantities = quantities;
    options.quantity_count = 2;
    options.low = 0.97;
    options.high = 1.03;
    options.points = 61;
    options.steps = 25;
    return gex_field_compute(NULL, stages->market, stages->book, &options, &stages->field, error);
}

static gex_status make_uncertainty(struct stages *stages, const struct table *table, const struct options *o,
                                   gex_error *error)
{
    gex_uncertainty_options options;

    gex_uncertainty_options_init(&options, sizeof options);
    options.share = o->uncertainty;
    if (o->deviations)
        options.sd = table->deviations;
    options.correlation = o->correlation;
    return gex_uncertainty_create(NULL, stages->book, &options, &stages->uncertainty, error);
}

static gex_status make_market_and_book(struct stages *stages, const struct table *table, const struct options *o,
                                       gex_error *error)
{
    const gex_market_options market = market_options(table, o);
    const gex_book_options book = book_options(table, o);
    gex_status status = gex_market_create(NULL, stages->chain, &market, &stages->market, error);

    if (status == GEX_OK)
        status = gex_book_create(NULL, stages->chain, &book, &stages->book, error);
    if (status == GEX_OK && (o->is_earlier ||
                             gex_until_instant(stages->market, GEX_UNTIL_CLOSE, &stages->close, NULL) != GEX_OK))
        stages->close = 0;
    if (status == GEX_OK && o->robustness)
        status = make_robustness(stages, &market, &book, error);
    if (status == GEX_OK && o->field)
        status = make_field(stages, error);
    if (status == GEX_OK && (o->uncertainty > 0.0 || o->deviations))
        status = make_uncertainty(stages, table, o, error);
    return status;
}

static gex_status make_map(struct stages *stages, const struct options *o, const gex_map *since, gex_error *error)
{
    gex_map_options options;

    gex_map_options_init(&options, sizeof options);
    options.unit = o->unit;
    options.adv = o->adv;
    options.future_price = o->future_price;
    options.future_multiplier = o->future_multiplier;
    options.beta = o->beta;
    options.robustness = stages->robustness;
    options.field = stages->field;
    options.uncertainty = stages->uncertainty;
    options.since = since;
    options.zero_flow = stages->close;
    return gex_map_compute(NULL, stages->market, stages->book, &options, &stages->map, error);
}

static bool stages_make(struct stages *stages, const struct table *table, const struct options *options,
                        const gex_map *since)
{
    gex_error error = {0};

    if (make_chain(stages, table, &error) == GEX_OK &&
        make_market_and_book(stages, table, options, &error) == GEX_OK) {
        if (since != NULL &&
            !snapshot_precedes(gex_map_market(since), options->since, stages->market, options->name))
            return false;
        if (make_map(stages, options, since, &error) == GEX_OK)
            return true;
    }
    if (error.row >= 0 && table->feed != NULL && gex_feed_line(table->feed, error.row) > 0)
        complain("%s: line %lld: %s", options->name, (long long)gex_feed_line(table->feed, error.row), error.message);
    else
        complain("%s: %s", options->name, error.message);
    return false;
}

/* What an earlier run saved. */
static bool saved_make(struct stages *stages, const struct input *input, const struct options *options)
{
    gex_error error = {0};

    if (!snapshot_read(input, options, options->since, &stages->market, &stages->book))
        return false;
    if (make_map(stages, options, NULL, &error) == GEX_OK)
        return true;
    complain("%s: %s", options->since, error.message);
    return false;
}

/* The earlier table by the same choices; its instant and spot are its own. */
static bool earlier_from(struct stages *stages, struct table *table, const struct input *input,
                         const struct options *options)
{
    struct options earlier = *options;

    if (is_snapshot(input))
        return saved_make(stages, input, options);
    earlier.file = earlier.name = options->since;
    earlier.is_earlier = true; /* what the command line says of the other is not of it */
    earlier.has_as_of = false;
    earlier.spot = 0.0;
    earlier.robustness = earlier.field = false;
    earlier.uncertainty = 0.0;
    earlier.deviations = false;
    return table_read(table, input, earlier.name) && settle_state(table, &earlier) &&
           stages_make(stages, table, &earlier, NULL);
}

static bool earlier_make(struct stages *stages, struct table *table, const struct options *options)
{
    struct input input;
    bool good;

    if (options->since == NULL)
        return true;
    good = file_read(&input, options->since, options->since);
    if (good) {
        good = earlier_from(stages, table, &input, options);
        input_free(&input);
    }
    return good;
}

/* The table of this run, and what it and the command line say of its instant and spot. */
static bool table_make(struct table *table, const struct options *options)
{
    struct input input;
    bool good;

    if (!file_read(&input, options->file, options->name))
        return false;
    good = !is_snapshot(&input);
    if (!good)
        complain("%s: a saved market is no table: give the table, and this as --since", options->name);
    good = good && table_read(table, &input, options->name) && settle_state(table, options);
    input_free(&input);
    return good;
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

typedef gex_status (*reporter)(const gex_context *context, const gex_map *map, gex_write write, void *user,
                               gex_error *error);

/* Write a file under its temporary name. */
static bool stage_file(struct output *output, const char *path, reporter report, const gex_map *map)
{
    gex_error error = {0};

    if (output_open(output, path)) {
        const gex_status status = report(NULL, map, output_write, output, &error);
        if (status == GEX_OK && output_complete(output))
            return true;
        if (status != GEX_OK && status != GEX_ERR_CALLBACK) {
            complain("%s: %s", path, error.message);
            return false;
        }
    }
    complain("%s: cannot write: %s", path, strerror(output->error));
    return false;
}

/* What the reader of the table had to decide: after the page, or beside the JSON. */
static void put_notes(const struct table *table, FILE *to)
{
    const int64_t bad = table->feed != NULL ? gex_feed_bad_lines(table->feed) : 0;

    if (bad > 0)
        fprintf(to, "Note: %lld line%s of the table %s left out, not being rows.\n", (long long)bad,
                bad == 1 ? "" : "s", bad == 1 ? "was" : "were");
    if (table->feed != NULL && gex_feed_year_guessed(table->feed) != 0)
        fprintf(to, "Note: the date in the header has no year; the one nearest to the first expiry was taken.\n");
}

static bool put_standard(const struct table *table, const gex_map *map, bool json)
{
    struct output output = {stdout, NULL, NULL, 0};
    gex_error error = {0};
    const gex_status status = json ? gex_report_json(NULL, map, output_write, &output, &error)
                                   : gex_report_page(NULL, map, output_write, &output, &error);

    if (status != GEX_OK && status != GEX_ERR_CALLBACK) {
        complain("%s", error.message);
        return false;
    }
    errno = 0;
    if (status == GEX_OK) {
        put_notes(table, json ? stderr : stdout);
        if (ferror(stdout) == 0 && fclose(stdout) == 0)
            return true;
    }
    complain("cannot write to standard output: %s", strerror(output.error != 0 ? output.error : errno));
    return false;
}

/* All is written before anything is renamed: a run that fails leaves every old file as it was. */
static bool write_all(const struct table *table, const gex_map *map, const struct options *options)
{
    enum { FILES = 3 };
    const struct {
        const char *path;
        reporter    report;
    } wanted[FILES] = {
        {options->svg, gex_report_svg}, {options->lines, gex_report_lines}, {options->save, snapshot_write}};
    struct output outputs[FILES] = {{NULL, NULL, NULL, 0}, {NULL, NULL, NULL, 0}, {NULL, NULL, NULL, 0}};
    bool good = true;

    for (int i = 0; i < FILES; i++)
        good = good && (wanted[i].path == NULL || stage_file(&outputs[i], wanted[i].path, wanted[i].report, map));
    good = good && put_standard(table, map, options->json);
    for (int i = 0; i < FILES; i++) {
        if (good && !output_commit(&outputs[i])) {
            complain("%s: cannot write: %s", wanted[i].path, strerror(outputs[i].error));
            good = false;
        }
        output_discard(&outputs[i]);
    }
    return good;
}

/* ---- the program ---------------------------------------------------------------------------------------------- */

/* A picture written to the file that is being read would end the table. */
static bool same_file(const char *a, const char *b)
{
    struct stat first, second;

    return a != NULL && stat(a, &first) == 0 && stat(b, &second) == 0 && S_ISREG(first.st_mode) &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* A failed write is answered, not died of; and no file may be opened as descriptor 0, 1 or 2. */
static void prepare(void)
{
    signal(SIGPIPE, SIG_IGN);
#ifdef SIGXFSZ
    signal(SIGXFSZ, SIG_IGN);
#endif
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", O_RDONLY);
}

int main(int argc, char **argv)
{
    struct options options;
    struct table table = {.spot = (double)NAN}, before_table = {.spot = (double)NAN};
    struct stages stages = {.chain = NULL}, before = {.chain = NULL};
    bool good;

    prepare();
    switch (options_read(&options, argc, argv)) {
    case OPTIONS_DONE: return 0;
    case OPTIONS_FAILED: return 1;
    case OPTIONS_WRONG: return 2;
    case OPTIONS_RUN: break;
    }
    for (int i = 0; i < 2; i++) {
        const char *read = i == 0 ? options.file : options.since;

        if (read != NULL && (same_file(options.svg, read) || same_file(options.lines, read) ||
                             same_file(options.save, read))) {
            complain("%s is the table that is read; write to another file", read);
            return 2;
        }
    }
    good = table_make(&table, &options) && earlier_make(&before, &before_table, &options) &&
           stages_make(&stages, &table, &options, before.map) && write_all(&table, stages.map, &options);
    stages_free(&stages);
    stages_free(&before);
    table_free(&table);
    table_free(&before_table);
    return good ? 0 : 1;
}
