/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roots: none lost and none made up, against a gamma sum written again and a grid twenty times finer; stretches of
 * exact zeros, ends of the range, and lines with seconds left.
 */
#include "scene.h"
#include "shuffled.h"

Suite *suite_flips(void);

#define SPOT  5000.0
#define RATE  0.04
#define CARRY 0.013

/* ---- brute force ------------------------------------------------------------------------------------------------- */

struct brute {
    const struct option_row *rows;
    int64_t                  count;
};

/* GEX_USD_PCT at a price, term by term as in docs/conventions.md, section 1. */
static double brute_at(const struct brute *brute, double price)
{
    double sum = 0.0;

    for (int64_t i = 0; i < brute->count; i++) {
        const struct option_row *row = &brute->rows[i];
        const double years = round(row->years * YEAR) / YEAR, v = row->vol * sqrt(years);
        const double d1 =
            (log1p((price - row->strike) / row->strike) + (RATE - CARRY + 0.5 * row->vol * row->vol) * years) / v;

        sum += row->dealer * exp(-CARRY * years - 0.5 * d1 * d1) / v;
    }
    return sum * 100.0 * price * 0.01 / sqrt(2.0 * acos(-1.0));
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prices of the whole range twenty times finer than 0.05 %, and of each line's surroundings at v / 80. */
static int64_t brute_grid(const struct brute *brute, double *price, int64_t capacity)
{
    int64_t count = 0;

    for (int i = 0; i <= 16000; i++)
        price[count++] = SPOT * (0.8 + 0.4 * i / 16000.0);
    for (int64_t r = 0; r < brute->count; r++) {
        const double v = brute->rows[r].vol * sqrt(brute->rows[r].years);

        for (int i = -800; v < 0.004 && i <= 800; i++) {
            const double at = brute->rows[r].strike * exp(i * v / 80.0);
            if (at > SPOT * 0.8 && at < SPOT * 1.2 && count < capacity)
                price[count++] = at;
        }
    }
    ck_assert_int_lt(count, capacity);
    qsort(price, (size_t)count, sizeof *price, ascending);
    return count;
}

/* Where the sign changes: `low` to `high` holds one. Beyond 1e-250 of the largest, two ways of computing an exponential
 * that fades out may differ in which side is left; those are not compared. */
struct change {
    double low, high;
    int    up;
};

static int64_t brute_changes(const struct brute *brute, struct change *changes, int64_t capacity)
{
    enum { GRID = 200000 };
    double *price = malloc(GRID * sizeof *price), largest = 0.0, before = 0.0, at = 0.0;
    const int64_t points = brute_grid(brute, price, GRID);
    double *value = malloc((size_t)points * sizeof *value);
    int64_t count = 0;

    for (int64_t i = 0; i < points; i++) {
        value[i] = brute_at(brute, price[i]);
        largest = fmax(largest, fabs(value[i]));
    }
    for (int64_t i = 0; i < points; i++) {
        if (fabs(value[i]) < 1e-250 * largest)
            continue;
        if (before != 0.0 && (value[i] > 0.0) != (before > 0.0)) {
            ck_assert_int_lt(count, capacity);
            changes[count++] = (struct change){at, price[i], value[i] > 0.0};
        }
        before = value[i];
        at = price[i];
    }
    free(price);
    free(value);
    return count;
}

/* Every sign change holds exactly one root of the right direction, and no root is anywhere else. */
static void check_against_brute(const char *name, const struct option_row *rows, int64_t count)
{
    struct scene scene = scene_of(rows, count, SPOT, RATE, CARRY, GEX_SIGN_INVENTORY_GIVEN);
    struct brute brute = {rows, count};
    struct change changes[512];
    const int64_t expected = brute_changes(&brute, changes, LENGTH(changes));
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    int64_t matched = 0;

    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        const double price = gex_flips_price(flips, i), slack = 1e-12 * price;
        int64_t holds = 0;

        for (int64_t c = 0; c < expected; c++)
            if (price >= changes[c].low - slack && price <= changes[c].high + slack) {
                holds++;
                ck_assert_int_eq(gex_flips_direction(flips, i), changes[c].up ? GEX_UP : GEX_DOWN);
            }
        matched += holds;
        ck_assert_msg(holds == 1 || gex_flips_size(flips, i) < 1e-240, "%s: root %.9g, size %g, in %d changes", name,
                      price, gex_flips_size(flips, i), (int)holds);
    }
    ck_assert_msg(matched == expected, "%s: %d of %d sign changes found", name, (int)matched, (int)expected);
    gex_flips_free(flips);
    scene_free(&scene);
}

/* A random book: mostly short lines on neighbouring strikes, some long ones, sizes over three decades. */
static int64_t random_book(struct option_row *rows, double shortest, uint64_t seed)
{
    uint64_t state = seed;
    const int64_t count = 6 + (int64_t)(20.0 * draw(&state));

    for (int64_t i = 0; i < count; i++) {
        const bool far = draw(&state) < 0.25;
        rows[i].right = draw(&state) < 0.5 ? GEX_CALL : GEX_PUT;
        rows[i].strike = SPOT + 5.0 * floor(far ? 160.0 * (draw(&state) - 0.5) : 12.0 * (draw(&state) - 0.5));
        rows[i].vol = 0.08 + 0.3 * draw(&state);
        rows[i].years = far ? 30.0 / 365 * (1.0 + draw(&state)) : shortest * (draw(&state) < 0.7 ? 1.0 : 4.0);
        rows[i].open_interest = 100000;
        rows[i].dealer = (draw(&state) < 0.5 ? -1.0 : 1.0) * pow(10.0, 2.0 + 3.0 * draw(&state));
    }
    return count;
}

static const struct {
    const char *name;
    double      years;
} shortest[] = {{"1 second", 1.0 / 31536000},   {"30 seconds", 30.0 / 31536000}, {"1 minute", 60.0 / 31536000},
                {"5 minutes", 300.0 / 31536000}, {"half an hour", 0.5 / 8760},   {"an hour", 1.0 / 8760},
                {"three hours", 3.0 / 8760},    {"a week", 7.0 / 365}};

START_TEST(no_root_is_lost_and_none_made_up)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct option_row rows[32];
        const int64_t count = random_book(rows, shortest[_i].years, seed);

        check_against_brute(shortest[_i].name, rows, count);
    }
}
END_TEST

/* A line far from spot today with nothing of the gross there, and all of it at its own strike: a grid that looked at
 * today's shares alone would step over both roots. */
START_TEST(a_narrow_line_far_from_spot_is_seen)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.2, 1000, 1000, 60.0 / 365},
                                      {GEX_CALL, 5301.3, 0.1, 1000, -1000, 2.0 / 31536000}};

    check_against_brute("far line", rows, 2);
}
END_TEST

static double largest_of(const struct brute *brute)
{
    double largest = 0.0;

    for (int i = 0; i <= 800; i++)
        largest = fmax(largest, fabs(brute_at(brute, SPOT * (0.8 + 0.0005 * i))));
    return largest;
}

/* A book of a chain's size, whose grid is swept: roots, and what is said of each. */
START_TEST(roots_of_many_lines)
{
    enum { BOOK = 700 };
    static struct option_row rows[BOOK];
    struct brute brute = {rows, BOOK};
    uint64_t state = (uint64_t)_i + 1;
    struct scene scene;
    gex_flips *flips;

    for (int i = 0; i < BOOK; i++) {
        const double size = pow(10.0, 1.0 + 3.0 * draw(&state));

        rows[i] = (struct option_row){.right = draw(&state) < 0.5 ? GEX_CALL : GEX_PUT, .vol = 0.1 + 0.3 * draw(&state),
                                      .strike = 4000.0 + 5.0 * floor(400.0 * draw(&state)), .open_interest = 100000,
                                      .years = (1.0 + floor(60.0 * draw(&state) * draw(&state))) / 365,
                                      .dealer = draw(&state) < 0.5 ? -size : size};
    }
    check_against_brute("many lines", rows, BOOK);
    scene = scene_of(rows, BOOK, SPOT, RATE, CARRY, GEX_SIGN_INVENTORY_GIVEN);
    flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    for (int64_t i = 0; i < gex_flips_count(flips); i++) {
        const double at = gex_flips_price(flips, i), h = 1e-2, size = gex_flips_size(flips, i);
        const double near = brute_at(&brute, at + h) - brute_at(&brute, at - h);
        const double far = brute_at(&brute, at + 2.0 * h) - brute_at(&brute, at - 2.0 * h);
        const double slope = (8.0 * near - far) / (12.0 * h);

        ck_assert_double_eq_tol(gex_flips_slope(flips, i), slope, 1e-6 * fabs(slope));
        if (at > 0.81 * SPOT && at < 1.19 * SPOT)
            ck_assert_double_eq_tol(fmax(fabs(brute_at(&brute, 0.995 * at)), fabs(brute_at(&brute, 1.005 * at))) / size,
                                    largest_of(&brute), 1e-3 * largest_of(&brute)); /* the grids differ */
        ck_assert_double_eq_tol(brute_at(&brute, at), 0.0, 1e-12 * largest_of(&brute));
    }
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* ---- what is said about a root ----------------------------------------------------------------------------------- */

START_TEST(slope_and_size_are_what_they_say)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, RATE, CARRY, GEX_SIGN_INVENTORY_GIVEN);
    struct brute brute = {worked_rows, WORKED_ROWS};
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const double largest = largest_of(&brute);

    ck_assert_int_eq(gex_flips_count(flips), 2);
    for (int64_t i = 0; i < 2; i++) {
        const double at = gex_flips_price(flips, i), h = 1e-3;
        const double slope = (brute_at(&brute, at + h) - brute_at(&brute, at - h)) / (2.0 * h);
        const double size = fmax(fabs(brute_at(&brute, 0.995 * at)), fabs(brute_at(&brute, 1.005 * at))) / largest;

        ck_assert_double_eq_tol(gex_flips_slope(flips, i), slope, 1e-6 * fabs(slope)); /* h^2, and rounding over h */
        ck_assert_double_eq_tol(gex_flips_size(flips, i), size, 1e-12);
        ck_assert_double_eq_tol(brute_at(&brute, at), 0.0, 1e-11 * largest); /* a few ulp of price, times the slope */
    }
    ck_assert(isnan(gex_flips_price(flips, -1)) && isnan(gex_flips_price(flips, 2)));
    ck_assert_int_eq(gex_flips_direction(flips, 2), 0);
    ck_assert_int_eq(gex_flips_root_status(flips, -1), 0);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* ---- zeros that are no crossing, and crossings through zeros ----------------------------------------------------- */

#define NOW 0.0 /* settling at this instant: delta is 0, half, 1 and gamma 0 off the strike */
#define MINUTE (60.0 / 31536000)

enum { ROWS = 3, ROOTS = 2 };
static const struct {
    const char       *name;
    int32_t           unit;
    struct option_row rows[ROWS];
    int64_t           count;
    double            low, high;
    int32_t           status;
    double            root[ROOTS];
    int32_t           direction[ROOTS];
} zeros[] = {
    /* 4500 long and 5500 short with a minute left: gamma fades out to exactly 0 between them. One root, negligible. */
    {"underflow between signs",
     GEX_UNIT_GEX_USD_PCT,
     {{GEX_CALL, 4500, 0.2, 1, 100, MINUTE}, {GEX_CALL, 5500, 0.2, 1, -100, MINUTE}},
     2,
     0.8,
     1.2,
     GEX_ROOTS_NONE_NEGATIVE,
     {4999, 0},
     {GEX_DOWN, 0}},
    {"underflow between equal signs",
     GEX_UNIT_GEX_USD_PCT,
     {{GEX_CALL, 4500, 0.2, 1, 100, MINUTE}, {GEX_CALL, 5500, 0.2, 1, 100, MINUTE}},
     2,
     0.8,
     1.2,
     GEX_ROOTS_NONE_POSITIVE,
     {0, 0},
     {0, 0}},
    {"underflow at both ends",
     GEX_UNIT_GEX_USD_PCT,
     {{GEX_PUT, 5000, 0.2, 1, -100, MINUTE}},
     1,
     0.8,
     1.2,
     GEX_ROOTS_NONE_NEGATIVE,
     {0, 0},
     {0, 0}},
    {"no gamma left",
     GEX_UNIT_GEX_USD_PCT,
     {{GEX_CALL, 5000, 0.2, 1, 100, NOW}},
     1,
     0.8,
     1.2,
     GEX_ROOTS_NONE_ZERO,
     {0, 0},
     {0, 0}},
    {"no position",
     GEX_UNIT_GEX_USD_PCT,
     {{GEX_CALL, 5000, 0.2, 1, 0, 0.1}},
     1,
     0.8,
     1.2,
     GEX_ROOTS_NONE_ZERO,
     {0, 0},
     {0, 0}},
    /* Half a contract short in the money (delta -1/2) and one long: -1/2 below its strike, 0 on it, +1/2 above. */
    {"zero on a grid price",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 5000, 0.2, 1, 1, NOW}},
     2,
     0.8,
     1.2,
     GEX_ROOTS_FOUND,
     {5000, 0},
     {GEX_UP, 0}},
    {"jump inside a cell",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 5001.25, 0.2, 1, 1, NOW}},
     2,
     0.8,
     1.2,
     GEX_ROOTS_FOUND,
     {5001.25, 0},
     {GEX_UP, 0}},
    {"up and down inside a cell",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 5000.5, 0.2, 1, 1, NOW}, {GEX_CALL, 5001.5, 0.2, 1, -1, NOW}},
     3,
     0.8,
     1.2,
     GEX_ROOTS_FOUND,
     {5000.5, 5001.5},
     {GEX_UP, GEX_DOWN}},
    {"a step through zero",
     GEX_UNIT_DEX_SHARES, /* -1, then 0 from 4990 to 5010, then +1 */
     {{GEX_CALL, 3000, 0.2, 1, -1, NOW}, {GEX_CALL, 4990, 0.2, 1, 1, NOW}, {GEX_CALL, 5010, 0.2, 1, 1, NOW}},
     3,
     0.8,
     1.2,
     GEX_ROOTS_FOUND,
     {5000, 0},
     {GEX_UP, 0}},
    {"a step wider than the size is read at",
     GEX_UNIT_DEX_SHARES, /* -1, 0 from 4900 to 5100, +2 */
     {{GEX_CALL, 3000, 0.2, 1, -1, NOW}, {GEX_CALL, 4900, 0.2, 1, 1, NOW}, {GEX_CALL, 5100, 0.2, 1, 2, NOW}},
     3,
     0.8,
     1.2,
     GEX_ROOTS_NONE_POSITIVE,
     {5000, 0},
     {GEX_UP, 0}},
    {"zero at the low end",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 4000, 0.2, 1, 1, NOW}},
     2,
     0.8,
     1.2,
     GEX_ROOTS_AT_EDGE,
     {0, 0},
     {0, 0}},
    {"zero at the high end",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 6000, 0.2, 1, 1, NOW}},
     2,
     0.8,
     1.2,
     GEX_ROOTS_AT_EDGE,
     {0, 0},
     {0, 0}},
    {"root outside the range",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 5600, 0.2, 1, 1, NOW}},
     2,
     0.9,
     1.1,
     GEX_ROOTS_NONE_NEGATIVE,
     {0, 0},
     {0, 0}},
    {"root in a wider range",
     GEX_UNIT_DEX_SHARES,
     {{GEX_CALL, 3000, 0.2, 1, -0.5, NOW}, {GEX_CALL, 7000, 0.2, 1, 1, NOW}},
     2,
     0.7,
     1.5,
     GEX_ROOTS_FOUND,
     {7000, 0},
     {GEX_UP, 0}},
};

/* 1e-12: bisected or bracketed to a few ulp. The underflow stretch ends where 4500 and 5500 fade out, so 2e-4 of it. */
START_TEST(stretches_of_zero)
{
    struct scene scene = scene_of(zeros[_i].rows, zeros[_i].count, SPOT, RATE, CARRY, GEX_SIGN_INVENTORY_GIVEN);
    const double tolerance = zeros[_i].unit == GEX_UNIT_DEX_SHARES ? 1e-12 : 1e-3;
    gex_profile_options options;
    gex_flips *flips;
    int64_t count = 0;

    gex_profile_options_init(&options, sizeof options);
    options.unit = zeros[_i].unit;
    options.low = zeros[_i].low;
    options.high = zeros[_i].high;
    ck_assert_int_eq(gex_flips_compute(NULL, scene.market, scene.book, &options, &flips, NULL), GEX_OK);
    ck_assert_msg(gex_flips_status(flips) == zeros[_i].status, "%s: %s", zeros[_i].name,
                  gex_roots_text(gex_flips_status(flips)));
    for (; count < ROOTS && zeros[_i].root[count] != 0.0; count++) {
        ck_assert_msg(fabs(gex_flips_price(flips, count) / zeros[_i].root[count] - 1.0) <= tolerance, "%s: root %.17g",
                      zeros[_i].name, gex_flips_price(flips, count));
        ck_assert_int_eq(gex_flips_direction(flips, count), zeros[_i].direction[count]);
    }
    ck_assert_msg(gex_flips_count(flips) == count, "%s: %d roots", zeros[_i].name, (int)gex_flips_count(flips));
    ck_assert_int_eq(gex_flips_nearest(flips), zeros[_i].status == GEX_ROOTS_FOUND ? 0 : -1);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* ---- what a search may cost -------------------------------------------------------------------------------------- */

struct meter {
    int64_t bytes, most;
};

static void *metered_allocate(void *user, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    meter->bytes += size;
    meter->most = meter->bytes > meter->most ? meter->bytes : meter->most;
    return aligned_alloc((size_t)alignment, (size_t)size);
}

static void metered_release(void *user, void *memory, int64_t size, int64_t alignment)
{
    struct meter *meter = user;

    (void)alignment;
    meter->bytes -= size;
    free(memory);
}

/* 41 strikes, call and put, settling in a nanosecond to a minute: some thousands of prices, not millions. */
START_TEST(no_time_left_does_not_blow_up_the_grid)
{
    static const double years[] = {1.0 / YEAR, 1e3 / YEAR, 1e6 / YEAR, 1e9 / YEAR, 60e9 / YEAR};
    struct option_row rows[82];
    struct meter meter = {0, 0};
    gex_context_options making;
    gex_profile_options options;
    gex_context *context;
    struct scene scene;
    gex_flips *flips;

    for (int i = 0; i < LENGTH(rows); i++)
        rows[i] = (struct option_row){
            i % 2 ? GEX_CALL : GEX_PUT, 4900 + 5.0 * (i / 2), 0.2, 1, i % 2 ? 900 - i : -500 - i, years[_i]};
    scene = scene_of(rows, LENGTH(rows), SPOT, RATE, CARRY, GEX_SIGN_INVENTORY_GIVEN);
    gex_context_options_init(&making, sizeof making);
    making.allocate = metered_allocate;
    making.release = metered_release;
    making.memory_user = &meter;
    ck_assert_int_eq(gex_context_create(&making, &context, NULL), GEX_OK);
    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_flips_compute(context, scene.market, scene.book, &options, &flips, NULL), GEX_OK);
    ck_assert_int_lt(meter.most, 82 * 140 * 2 * 8 + 801 * 2 * 8 + 65536); /* prices and values, and one evaluation */
    gex_flips_free(flips);
    gex_context_free(context);
    ck_assert_int_eq(meter.bytes, 0);
    scene_free(&scene);
}
END_TEST

START_TEST(texts)
{
    ck_assert_str_eq(gex_roots_text(GEX_ROOTS_FOUND), "FOUND");
    ck_assert_str_eq(gex_roots_text(GEX_ROOTS_NONE_POSITIVE), "NONE_POSITIVE");
    ck_assert_str_eq(gex_roots_text(GEX_ROOTS_NONE_NEGATIVE), "NONE_NEGATIVE");
    ck_assert_str_eq(gex_roots_text(GEX_ROOTS_AT_EDGE), "AT_EDGE");
    ck_assert_str_eq(gex_roots_text(GEX_ROOTS_NONE_ZERO), "NONE_ZERO");
    ck_assert_str_eq(gex_roots_text(0), "unknown");
    ck_assert_str_eq(gex_direction_text(GEX_UP), "up");
    ck_assert_str_eq(gex_direction_text(GEX_DOWN), "down");
    ck_assert_str_eq(gex_direction_text(0), "unknown");
    ck_assert_str_eq(gex_root_status_text(GEX_ROOT_FOUND), "FOUND");
    ck_assert_str_eq(gex_root_status_text(GEX_ROOT_NEGLIGIBLE), "NEGLIGIBLE");
    ck_assert_str_eq(gex_root_status_text(7), "unknown");
}
END_TEST

/* ---- by horizon -------------------------------------------------------------------------------------------------- */

static const struct {
    int32_t sign;
    double  now, two_hours; /* docs/conventions.md, section 11: the nearest */
} horizons_printed[] = {{GEX_SIGN_NAIVE_CALL_LONG, 5000.1345, 4998.6853},
                        {GEX_SIGN_INVENTORY_GIVEN, 5009.3645, 5011.2512}};

/* Later in any order; past the first settlement what is left is the book without its 0DTE lines. */
START_TEST(flips_by_horizon)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, horizons_printed[_i].sign);
    const int64_t instants[] = {AS_OF + 2 * HOUR, AS_OF, AS_OF + 30 * HOUR}, before[] = {AS_OF, AS_OF - 1};
    gex_profile_options options;
    gex_horizons *horizons;
    gex_error error;
    int64_t count;

    gex_profile_options_init(&options, sizeof options);
    options.unit = GEX_UNIT_GEX_USD_PCT;
    ck_assert_int_eq(gex_horizons_compute(NULL, scene.market, scene.book, &options, instants, 3, &horizons, NULL),
                     GEX_OK);
    ck_assert_double_eq_tol(gex_horizons_nearest(horizons, &count)[0], horizons_printed[_i].two_hours, 6e-5);
    ck_assert_int_eq(count, 3);
    ck_assert_double_eq_tol(gex_horizons_nearest(horizons, NULL)[1], horizons_printed[_i].now, 6e-5);
    ck_assert_mem_eq(gex_horizons_instants(horizons, &count), instants, sizeof instants);
    ck_assert_int_eq(count, 3);
    for (int64_t i = 0; i < 3; i++) {
        gex_market *later = scene_market(scene.chain, 5000, 0.04, 0.013, instants[i]);
        gex_flips *flips = scene_flips(later, scene.book, GEX_UNIT_GEX_USD_PCT);
        const gex_flips *got = gex_horizons_flips(horizons, i);

        ck_assert_int_eq(gex_flips_status(got), gex_flips_status(flips));
        ck_assert_int_eq(gex_flips_count(got), gex_flips_count(flips));
        for (int64_t k = 0; k < gex_flips_count(flips); k++) /* rates and forwards made once more */
            ck_assert_double_eq_tol(gex_flips_price(got, k), gex_flips_price(flips, k), 1e-8);
        gex_flips_free(flips);
        gex_market_free(later);
    }
    ck_assert_ptr_null(gex_horizons_flips(horizons, 3));
    gex_horizons_free(horizons);
    ck_assert_int_eq(gex_horizons_compute(NULL, scene.market, scene.book, &options, before, 2, &horizons, &error),
                     GEX_ERR_DOMAIN);
    ck_assert_int_eq(error.row, 1);
    ck_assert_ptr_null(horizons);
    scene_free(&scene);
}
END_TEST

Suite *suite_flips(void)
{
    Suite *suite = suite_create("flips");
    TCase *brute = tcase_create("brute force"), *zero = tcase_create("zeros"), *cost = tcase_create("cost");

    tcase_set_timeout(brute, 120);
    tcase_add_loop_test(brute, no_root_is_lost_and_none_made_up, 0, LENGTH(shortest));
    tcase_add_loop_test(brute, roots_of_many_lines, 0, 6);
    tcase_add_test(brute, a_narrow_line_far_from_spot_is_seen);
    tcase_add_test(brute, slope_and_size_are_what_they_say);
    suite_add_tcase(suite, brute);

    tcase_add_loop_test(zero, stretches_of_zero, 0, LENGTH(zeros));
    tcase_add_test(zero, texts);
    suite_add_tcase(suite, zero);

    tcase_add_loop_test(cost, no_time_left_does_not_blow_up_the_grid, 0, 5);
    tcase_add_loop_test(cost, flips_by_horizon, 0, LENGTH(horizons_printed));
    suite_add_tcase(suite, cost);
    return suite;
}
