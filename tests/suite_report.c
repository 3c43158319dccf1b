/* SPDX-License-Identifier: Apache-2.0 */
/* The four reports: a callback that refuses at any byte, a host that lends no memory, texts that try to break out. */
#include <check.h>
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "report/figures.h"
#include "report/writer.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *suite_report(void);

/* ---- a map ---------------------------------------------------------------------------------------------------- */

enum { ROWS = 14 };
static const int64_t hour = INT64_C(3600) * 1000000000;

/* The worked chain of docs/conventions.md with a row of each kind that is refused. */
static const struct {
    const char *root;
    int64_t     hours; /* from the as-of to settlement */
    double      strike, vol, open_interest;
    int8_t      right, payoff;
} contracts[ROWS] = {
    {"SPXW", 3, 5000, 0.160, 9000, GEX_CALL, GEX_PAYOFF_VANILLA},
    {"SPXW", 3, 5025, 0.150, 20000, GEX_CALL, GEX_PAYOFF_VANILLA},
    {"SPXW", 3, 4975, 0.180, 16000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 3, 5000, 0.165, 8000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 5000, 0.150, 12000, GEX_CALL, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 5200, 0.125, 40000, GEX_CALL, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 5000, 0.152, 18000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 4800, 0.185, 50000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 4500, 0.240, 60000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, -1, 0.240, 60000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", -1, 5000, 0.240, 60000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 5000, 0.0, 60000, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 5000, 0.2, -1, GEX_PUT, GEX_PAYOFF_VANILLA},
    {"SPXW", 720, 5000, 0.2, 10, GEX_PUT, GEX_PAYOFF_INVERSE},
};

static int64_t as_of(void)
{
    int64_t instant = 0;
    ck_assert_int_eq(gex_instant_parse("2027-03-10T13:00:00-05:00", 25, GEX_ZONE_UTC, &instant, NULL), GEX_OK);
    return instant;
}

static gex_chain *make_chain(int64_t rows, const char *underlying)
{
    int64_t settlement[ROWS];
    gex_chain_columns columns;
    gex_chain_options options;
    gex_chain *chain = NULL;
    gex_error error = {0};
    char roots[ROWS][8] = {{0}};

    for (int i = 0; i < ROWS; i++) {
        settlement[i] = as_of() + contracts[i].hours * hour;
        memcpy(roots[i], contracts[i].root, strlen(contracts[i].root));
    }
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = rows;
    columns.root = (gex_text){roots[0], sizeof roots[0], sizeof roots[0]};
    columns.settlement = (gex_i64){settlement, sizeof settlement[0]};
    columns.strike = (gex_f64){&contracts[0].strike, sizeof contracts[0]};
    columns.right = (gex_i8){&contracts[0].right, sizeof contracts[0]};
    columns.payoff = (gex_i8){&contracts[0].payoff, sizeof contracts[0]};
    columns.vol = (gex_f64){&contracts[0].vol, sizeof contracts[0]};
    columns.open_interest = (gex_f64){&contracts[0].open_interest, sizeof contracts[0]};
    gex_chain_options_init(&options, sizeof options);
    strncpy(options.underlying, underlying, sizeof options.underlying - 1);
    ck_assert_msg(gex_chain_create(NULL, &columns, &options, &chain, &error) == GEX_OK, "%s", error.message);
    return chain;
}

static gex_map *make_map(int64_t rows, const char *underlying, int32_t unit)
{
    gex_chain *chain = make_chain(rows, underlying);
    gex_market_options state;
    gex_book_options sign;
    gex_map_options options;
    gex_market *market = NULL;
    gex_book *book = NULL;
    gex_map *map = NULL;
    gex_error error = {0};

    gex_market_options_init(&state, sizeof state);
    state.clock = GEX_CLOCK_CAL_365;
    state.as_of = as_of();
    state.spot = 5000;
    state.vol = GEX_VOL_GIVEN;
    state.forward = GEX_FORWARD_RATE;
    state.style = GEX_STYLE_AUTO;
    state.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    state.rate = 0.04;
    state.carry_yield = 0.013;
    gex_book_options_init(&sign, sizeof sign);
    sign.sign = GEX_SIGN_NAIVE_CALL_LONG;
    gex_map_options_init(&options, sizeof options);
    options.unit = unit;
    options.future_price = 5010;
    options.future_multiplier = 50;
    options.adv = 8e6;
    ck_assert_msg(gex_market_create(NULL, chain, &state, &market, &error) == GEX_OK, "%s", error.message);
    ck_assert_msg(gex_book_create(NULL, chain, &sign, &book, &error) == GEX_OK, "%s", error.message);
    ck_assert_msg(gex_map_compute(NULL, market, book, &options, &map, &error) == GEX_OK, "%s", error.message);
    gex_chain_free(chain);
    gex_market_free(market);
    gex_book_free(book);
    return map;
}

/* ---- where the text goes --------------------------------------------------------------------------------------- */

typedef gex_status (*reporter)(const gex_context *context, const gex_map *map, gex_write write, void *user,
                               gex_error *error);
static const struct {
    const char *name;
    reporter    write;
} reports[] = {
    {"page", gex_report_page}, {"json", gex_report_json}, {"svg", gex_report_svg}, {"lines", gex_report_lines}};

struct sink {
    char   *bytes;
    int64_t used, room;  /* refuses what would go past `room` */
    int64_t calls, late; /* calls after the first refusal */
    int     refused;
};

static int32_t sink_write(void *user, const char *bytes, int64_t length)
{
    struct sink *sink = user;

    sink->calls++;
    sink->late += sink->refused;
    ck_assert_int_gt(length, 0);
    if (sink->used + length > sink->room) {
        sink->refused = 1;
        return -7;
    }
    memcpy(sink->bytes + sink->used, bytes, (size_t)length);
    sink->used += length;
    return 0;
}

/* The whole text, terminated; the caller frees it. */
static char *report_text(reporter report, const gex_map *map)
{
    struct sink sink = {.bytes = malloc(1 << 20), .room = (1 << 20) - 1};

    ck_assert_int_eq(report(NULL, map, sink_write, &sink, NULL), GEX_OK);
    sink.bytes[sink.used] = '\0';
    return sink.bytes;
}

START_TEST(refusal_at_every_byte)
{
    gex_map *map = make_map(ROWS, "Index", GEX_UNIT_GEX_USD_PCT);
    char *whole = report_text(reports[_i].write, map);
    struct sink sink = {.bytes = malloc(1 << 20)};
    const int64_t length = (int64_t)strlen(whole);

    for (int64_t room = 0; room <= length; room += room < 64 || room > length - 64 ? 1 : 61) {
        gex_error error = {0};
        gex_status status;
        sink.used = sink.calls = sink.late = sink.refused = 0;
        sink.room = room;
        status = reports[_i].write(NULL, map, sink_write, &sink, &error);
        ck_assert_int_eq(status, room < length ? GEX_ERR_CALLBACK : GEX_OK);
        ck_assert_int_eq(error.status, status);
        ck_assert_int_eq(sink.late, 0); /* nothing is sent after a refusal */
        ck_assert(memcmp(sink.bytes, whole, (size_t)sink.used) == 0);
    }
    free(sink.bytes);
    free(whole);
    gex_map_free(map);
} END_TEST

START_TEST(doors_want_a_map_and_a_callback)
{
    gex_map *map = make_map(1, "", GEX_UNIT_GEX_USD_PCT);
    struct sink sink = {.room = 0};
    gex_error error = {0};

    ck_assert_int_eq(reports[_i].write(NULL, NULL, sink_write, &sink, &error), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(error.status, GEX_ERR_ARGUMENT);
    ck_assert_int_eq(reports[_i].write(NULL, map, NULL, NULL, NULL), GEX_ERR_ARGUMENT);
    ck_assert_int_eq(sink.calls, 0);
    gex_map_free(map);
} END_TEST

/* A context of a real allocator, whose memory is used up by the time of the report. */
struct purse {
    int open;
};

static void *purse_allocate(void *user, int64_t size, int64_t alignment)
{
    const struct purse *purse = user;
    return purse->open ? aligned_alloc((size_t)alignment, (size_t)size) : NULL;
}

static void purse_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    (void)user, (void)size, (void)alignment;
    free(memory);
}

START_TEST(no_memory_is_asked_for)
{
    struct purse purse = {1};
    gex_context_options options;
    gex_context *context = NULL;
    gex_map *map = make_map(ROWS, "Index", GEX_UNIT_GEX_USD_PCT);
    struct sink sink = {.bytes = malloc(1 << 20), .room = 1 << 20};

    gex_context_options_init(&options, sizeof options);
    options.allocate = purse_allocate;
    options.release = purse_release;
    options.memory_user = &purse;
    ck_assert_int_eq(gex_context_create(&options, &context, NULL), GEX_OK);
    purse.open = 0;
    if (reports[_i].write == gex_report_lines) { /* but for greeks the map has not, and then before a byte is out */
        ck_assert_int_eq(gex_report_lines(context, map, sink_write, &sink, NULL), GEX_ERR_MEMORY);
        ck_assert_int_eq(sink.used, 0);
    } else {
        ck_assert_int_eq(reports[_i].write(context, map, sink_write, &sink, NULL), GEX_OK);
        ck_assert_int_gt(sink.used, 0);
    }
    gex_context_free(context);
    gex_map_free(map);
    free(sink.bytes);
} END_TEST

/* The callback is the host's: its rounding mode is there, and the errno it sets survives. */
static int32_t host_write(void *user, const char *bytes, int64_t length)
{
    (void)bytes, (void)length;
    *(int *)user += fegetround() == FE_UPWARD;
    errno = ENOSPC;
    return 1;
}

START_TEST(the_callback_runs_in_the_hosts_environment)
{
    gex_map *map = make_map(ROWS, "Index", GEX_UNIT_GEX_USD_PCT);
    int upward = 0;

    errno = 0;
    ck_assert_int_eq(fesetround(FE_UPWARD), 0);
    ck_assert_int_eq(reports[_i].write(NULL, map, host_write, &upward, NULL), GEX_ERR_CALLBACK);
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert_int_eq(fegetround(), FE_UPWARD);
    fesetround(FE_TONEAREST);
    ck_assert_int_eq(upward, 1);
    gex_map_free(map);
} END_TEST

/* ---- what the text is ------------------------------------------------------------------------------------------ */

/* Nothing to show is shown too, and no unit of the list breaks a report. */
START_TEST(every_unit_and_no_rows)
{
    for (int32_t unit = 1; unit <= GEX_UNIT_LAST_; unit++) {
        gex_map *map = make_map(ROWS, "Index", unit), *empty = make_map(0, "", unit);
        char *full = report_text(reports[_i].write, map), *none = report_text(reports[_i].write, empty);
        ck_assert_int_gt((int64_t)strlen(full), (int64_t)strlen(none));
        ck_assert_ptr_nonnull(strstr(full, gex_unit_name(unit)));
        free(full);
        free(none);
        gex_map_free(map);
        gex_map_free(empty);
    }
} END_TEST

static int64_t points_in_line(const char *line)
{
    int64_t points = 0;

    for (; *line != '\0' && *line != '\n'; line++)
        points += ((unsigned char)*line & 0xC0) != 0x80;
    return points;
}

START_TEST(the_page_keeps_to_its_width)
{
    for (int32_t unit = 1; unit <= GEX_UNIT_LAST_; unit++) {
        gex_map *map = make_map(ROWS, "A name of sixty-three characters, which is the longest there is", unit);
        char *page = report_text(gex_report_page, map);
        for (const char *line = page; *line != '\0'; line = strchr(line, '\n') + 1) {
            const char *end = strchr(line, '\n');
            ck_assert_ptr_nonnull(end); /* every line ends */
            ck_assert_msg(points_in_line(line) <= 125, "%.*s", (int)(end - line), line); /* the name is 63 of it */
            ck_assert_msg(end == line || end[-1] != ' ', "blank at the end: %.*s", (int)(end - line), line);
        }
        free(page);
        gex_map_free(map);
    }
} END_TEST

START_TEST(a_hostile_name_stays_inside)
{
    gex_map *map = make_map(ROWS, "\x1b[31m<b>&\"\\\x80\xC0\xAF\n]]>", GEX_UNIT_GEX_USD_PCT);
    char *page = report_text(gex_report_page, map), *json = report_text(gex_report_json, map);
    char *svg = report_text(gex_report_svg, map);

    ck_assert_ptr_null(strchr(page, '\x1b'));
    ck_assert_ptr_null(strchr(svg, '\x1b'));
    ck_assert_ptr_null(strstr(svg, "<b>"));
    ck_assert_ptr_nonnull(strstr(svg, "&lt;b&gt;&amp;&quot;\\\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD]]&gt;"));
    ck_assert_ptr_nonnull(strstr(json, "\"\\u001b[31m<b>&\\\"\\\\\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\u000a]]>\""));
    free(page);
    free(json);
    free(svg);
    gex_map_free(map);
} END_TEST

/* ---- texts and figures ----------------------------------------------------------------------------------------- */

/* Ill-formed sequences: The Unicode Standard 15.0, tables 3-7 and 3-8 and the text around them; the rest by hand. */
static const struct {
    const char *name, *bytes;
    int64_t     length;
    uint32_t    code;
    int64_t     taken;
} sequences[] = {
    {"ascii", "A", 1, 'A', 1},
    {"two", "\xC3\xA9", 2, 0xE9, 2},
    {"three", "\xE2\x82\xAC", 3, 0x20AC, 3},
    {"four", "\xF0\x9D\x84\x9E", 4, 0x1D11E, 4},
    {"last", "\xF4\x8F\xBF\xBF", 4, 0x10FFFF, 4},
    {"past the last", "\xF4\x90\x80\x80", 4, 0xFFFD, 1},
    {"overlong two", "\xC0\xAF", 2, 0xFFFD, 1},
    {"overlong three", "\xE0\x9F\xBF", 3, 0xFFFD, 1},
    {"overlong four", "\xF0\x8F\x80\x80", 4, 0xFFFD, 1},
    {"surrogate", "\xED\xA0\x80", 3, 0xFFFD, 1},
    {"cut", "\xE2\x82", 2, 0xFFFD, 1},
    {"cut at once", "\xF0", 1, 0xFFFD, 1},
    {"stray", "\x80", 1, 0xFFFD, 1},
    {"broken", "\xE2\x82\x41", 3, 0xFFFD, 1},
    {"never", "\xFF", 1, 0xFFFD, 1},
};
START_TEST(utf8_is_read_strictly)
{
    uint32_t code = 0;
    char exact[8];

    memcpy(exact, sequences[_i].bytes, (size_t)sequences[_i].length);
    ck_assert_int_eq(gex__utf8_next(exact, sequences[_i].length, &code), sequences[_i].taken);
    ck_assert_uint_eq(code, sequences[_i].code);
} END_TEST

/* Expected: by hand. */
static const struct {
    double      value;
    const char *scaled, *price, *strike, *sign;
} figures[] = {
    {0.0, "0", "0.0000", "0", "+0.00"},
    {-2591154200.0, "-2.59 bn", "-2,591,154,200.00", "-2,591,154,200", "-2,591,154,200.00"},
    {999499999.0, "999 m", "999,499,999.00", "999,499,999", "+999,499,999.00"},
    {999500000.0, "1.00 bn", "999,500,000.00", "999,500,000", "+999,500,000.00"},
    {12345.0, "12.3 k", "12,345.00", "12,345", "+12,345.00"},
    {252.5, "252", "252.50", "252.5", "+252.50"}, /* a tie goes to the even digit */
    {0.125, "0.12", "0.1250", "0.125", "+0.12"},
    {9.994, "9.99", "9.9940", "9.994", "+9.99"},
    {9.996, "10.0", "9.9960", "9.996", "+10.00"},
    {4505.1001, "4.51 k", "4,505.10", "4,505.1001", "+4,505.10"},
    {1e300, NULL, NULL, NULL, NULL},
};
START_TEST(figures_read_as_written)
{
    char text[GEX_FIGURE_MAX];
    const double value = figures[_i].value;

    if (figures[_i].scaled == NULL) { /* only has to fit */
        ck_assert_int_lt((int64_t)strlen(gex__figure_strike(value, text)), GEX_FIGURE_MAX);
        ck_assert_int_lt((int64_t)strlen(gex__figure_signed(-value, 17, text)), GEX_FIGURE_MAX);
        return;
    }
    ck_assert_str_eq(gex__figure_scaled(value, text), figures[_i].scaled);
    ck_assert_str_eq(gex__figure_price(value, text), figures[_i].price);
    ck_assert_str_eq(gex__figure_strike(value, text), figures[_i].strike);
    ck_assert_str_eq(gex__figure_signed(value, 2, text), figures[_i].sign);
} END_TEST

START_TEST(dates_and_steps_read_as_written)
{
    static const double steps[][2] = {{0.3, 0.5}, {1.0, 1.0}, {1.01, 2.0}, {2.1, 2.5}, {26.0, 50.0}, {5.1, 10.0},
                                      {0.011, 0.02}};
    char text[GEX_FIGURE_MAX];

    ck_assert_str_eq(gex__figure_day(as_of(), text), "Wed 10 Mar 2027");
    ck_assert_str_eq(gex__figure_time(as_of(), text), "13:00");
    ck_assert_str_eq(gex__figure_time(as_of() + 5 * (hour / 3600), text), "13:00:05");
    for (int i = 0; i < LENGTH(steps); i++)
        ck_assert_double_eq_tol(gex__nice_step(steps[i][0]), steps[i][1], 1e-12 * steps[i][1]);
} END_TEST

/* RFC 4180: quoted when it has to be, quotes doubled. */
START_TEST(csv_cells_are_quoted_where_needed)
{
    static const char *const cells[][2] = {
        {"SPXW230914C04500000", "SPXW230914C04500000"},
        {"a,b", "\"a,b\""}, {"a\"b", "\"a\"\"b\""}, {"a\nb", "\"a\nb\""}};
    struct gex__writer writer;

    for (int i = 0; i < LENGTH(cells); i++) {
        char space[64];
        struct sink sink = {.bytes = space, .room = sizeof space};
        gex__writer_open(&writer, sink_write, &sink);
        gex__put_csv_cell(&writer, cells[i][0], (int64_t)strlen(cells[i][0]));
        ck_assert_int_eq(gex__writer_close(&writer, NULL), GEX_OK);
        ck_assert_int_eq(sink.used, (int64_t)strlen(cells[i][1]));
        ck_assert(memcmp(space, cells[i][1], (size_t)sink.used) == 0);
    }
} END_TEST

Suite *suite_report(void)
{
    Suite *suite = suite_create("report");
    TCase *doors = tcase_create("doors"), *text = tcase_create("text"), *parts = tcase_create("parts");

    tcase_set_timeout(doors, 60);
    tcase_add_loop_test(doors, refusal_at_every_byte, 0, LENGTH(reports));
    tcase_add_loop_test(doors, doors_want_a_map_and_a_callback, 0, LENGTH(reports));
    tcase_add_loop_test(doors, no_memory_is_asked_for, 0, LENGTH(reports));
    tcase_add_loop_test(doors, the_callback_runs_in_the_hosts_environment, 0, LENGTH(reports));
    tcase_set_timeout(text, 120);
    tcase_add_loop_test(text, every_unit_and_no_rows, 0, LENGTH(reports));
    tcase_add_test(text, the_page_keeps_to_its_width);
    tcase_add_test(text, a_hostile_name_stays_inside);
    tcase_add_loop_test(parts, utf8_is_read_strictly, 0, LENGTH(sequences));
    tcase_add_loop_test(parts, figures_read_as_written, 0, LENGTH(figures));
    tcase_add_test(parts, dates_and_steps_read_as_written);
    tcase_add_test(parts, csv_cells_are_quoted_where_needed);
    suite_add_tcase(suite, doors);
    suite_add_tcase(suite, text);
    suite_add_tcase(suite, parts);
    return suite;
}
