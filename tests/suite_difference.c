/* SPDX-License-Identifier: Apache-2.0 */
/* What changed between two snapshots: causes that are zero,
 * causes that are all, brute force over 24 orders, who is who. */
#include "scene.h"

Suite *suite_difference(void);

enum { CAUSES = GEX_DIFFERENCE_LAST_ - GEX_DIFFERENCE_CHANGE };
#define SETTLES (3 * HOUR) /* A1 to A4 */

static gex_difference *difference_of(const struct scene *a, const struct scene *b, int32_t quantity)
{
    gex_difference *made = NULL;
    gex_difference_options options;
    gex_error error;

    gex_difference_options_init(&options, sizeof options);
    options.quantity = quantity;
    options.adv = 8e6;
    options.future_price = 5010;
    options.future_multiplier = 50;
    options.beta = -10;
    ck_assert_msg(gex_difference_compute(NULL, a->market, a->book, b->market, b->book, &options, &made, &error) ==
                      GEX_OK,
                  "%s", error.message);
    return made;
}

static double of(const gex_difference *made, int32_t column, int64_t line)
{
    return gex_difference_lines(made, column, NULL)[line];
}

static void near(double a, double b, double scale)
{
    ck_assert_msg(fabs(a - b) <= 4e-15 * scale || a == b, "%.17g beside %.17g, scale %g", a, b, scale);
}

/* change = after - before = the sum of the causes: line by line, key by key and in total, to rounding. */
static void assert_adds_up(const gex_difference *made)
{
    const int64_t lines = gex_difference_count(made, 0);
    double scale = 0;
    int64_t kinds = 0, keys;

    for (int64_t i = 0; i < lines; i++) {
        const double before = of(made, GEX_DIFFERENCE_BEFORE, i), after = of(made, GEX_DIFFERENCE_AFTER, i);
        double sum = 0, size = fabs(before) + fabs(after);

        for (int32_t c = GEX_DIFFERENCE_SPOT; c <= GEX_DIFFERENCE_LAST_; c++)
            sum += of(made, c, i), size += fabs(of(made, c, i));
        ck_assert_double_eq(of(made, GEX_DIFFERENCE_CHANGE, i), after - before);
        near(sum, after - before, size);
        scale += size;
    }
    for (int32_t by = 0; by <= GEX_BY_EXPIRY; by++) {
        gex_difference_by(made, by, GEX_DIFFERENCE_CHANGE, &keys);
        for (int64_t k = 0; k < (by == 0 ? 1 : keys); k++) {
            double sum = 0;

            for (int32_t c = GEX_DIFFERENCE_SPOT; c <= GEX_DIFFERENCE_LAST_; c++)
                sum += by == 0 ? gex_difference_total(made, c) : gex_difference_by(made, by, c, NULL)[k];
            near(sum, by == 0 ? gex_difference_total(made, GEX_DIFFERENCE_CHANGE)
                              : gex_difference_by(made, by, GEX_DIFFERENCE_CHANGE, NULL)[k], scale);
        }
    }
    for (int32_t c = 1; c <= GEX_DIFFERENCE_LAST_; c++)
        for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_EXPIRY; by++) {
            const double *sums = gex_difference_by(made, by, c, &keys);
            double sum = 0;

            for (int64_t k = 0; k < keys; k++)
                sum += sums[k];
            near(sum, gex_difference_total(made, c), scale);
        }
    for (int32_t kind = 1; kind <= GEX_LINE_LAST_; kind++)
        kinds += gex_difference_count(made, kind);
    ck_assert_int_eq(kinds, lines);
}

/* Of the causes only those of a set, a sum of 1 << column, are not zero. */
static void assert_only(const gex_difference *made, int set)
{
    for (int32_t c = GEX_DIFFERENCE_SPOT; c <= GEX_DIFFERENCE_LAST_; c++)
        for (int64_t i = 0; i < gex_difference_count(made, 0); i++)
            if ((set >> c & 1) == 0)
                ck_assert_msg(of(made, c, i) == 0, "%s of line %d", gex_difference_name(c), (int)i);
}

static void assert_negated(const gex_difference *there, const gex_difference *back)
{
    static const int32_t twin[] = {0, GEX_DIFFERENCE_AFTER, GEX_DIFFERENCE_BEFORE, GEX_DIFFERENCE_CHANGE,
                                   GEX_DIFFERENCE_SPOT, GEX_DIFFERENCE_TIME, GEX_DIFFERENCE_VOL, GEX_DIFFERENCE_CARRY,
                                   GEX_DIFFERENCE_POSITION, GEX_DIFFERENCE_EXPIRED, GEX_DIFFERENCE_GONE,
                                   GEX_DIFFERENCE_NEW, GEX_DIFFERENCE_REFUSED, GEX_DIFFERENCE_APPEARED};

    ck_assert_int_eq(gex_difference_count(there, 0), gex_difference_count(back, 0));
    for (int32_t c = 1; c <= GEX_DIFFERENCE_LAST_; c++) {
        const double sign = c <= GEX_DIFFERENCE_AFTER ? 1 : -1;

        for (int64_t i = 0; i < gex_difference_count(there, 0); i++)
            ck_assert_msg(of(there, c, i) == sign * of(back, twin[c], i), "%s of line %d: %.17g, %.17g",
                          gex_difference_name(c), (int)i, of(there, c, i), of(back, twin[c], i));
        ck_assert_double_eq(gex_difference_total(there, c), sign * gex_difference_total(back, twin[c]));
    }
}

static void assert_sums_of_exposures(const gex_difference *made, const struct scene *a, const struct scene *b)
{
    const bool flow = gex_difference_quantity(made) == GEX_FIELD_FLOW;
    const struct scene *scene[2] = {a, b};

    for (int side = 0; side < 2; side++) {
        gex_exposure_options options;
        gex_greeks *greeks = NULL;
        gex_exposure *exposure = NULL;

        gex_exposure_options_init(&options, sizeof options);
        options.unit = flow ? GEX_UNIT_DEX_SHARES : gex_difference_quantity(made);
        options.adv = 8e6, options.future_price = 5010, options.future_multiplier = 50, options.beta = -10;
        ck_assert_int_eq(gex_greeks_compute(NULL, scene[side]->market, &greeks, NULL), GEX_OK);
        ck_assert_int_eq(gex_exposure_compute(NULL, greeks, scene[side]->book, &options, &exposure, NULL), GEX_OK);
        ck_assert_double_eq(gex_difference_total(made, GEX_DIFFERENCE_BEFORE + side),
                            (flow ? -1 : 1) * gex_exposure_total(exposure));
        gex_exposure_free(exposure);
        gex_greeks_free(greeks);
    }
}

/* ---- markets ----------------------------------------------------------------------------------------------------- */

struct state {
    double  spot, rate, carry, vol_shift, held;
    int64_t later;
    int32_t clock, style;
};

static struct scene scene_at(const struct state *at)
{
    struct option_row rows[WORKED_ROWS];
    struct scene scene = {0};
    gex_market_options options;

    memcpy(rows, worked_rows, sizeof rows);
    for (int i = 0; i < WORKED_ROWS; i++) {
        rows[i].vol += at->vol_shift * (i + 1);
        rows[i].dealer += at->held * (i - 3);
    }
    scene.chain = scene_chain(rows, WORKED_ROWS, 100.0);
    scene.book = scene_book(scene.chain, GEX_SIGN_INVENTORY_GIVEN, rows);
    gex_market_options_init(&options, sizeof options);
    options.clock = options.vol_clock = at->clock;
    options.as_of = AS_OF + at->later;
    options.spot = at->spot;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = at->style;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = at->rate;
    options.carry_yield = at->carry;
    ck_assert_int_eq(gex_market_create(NULL, scene.chain, &options, &scene.market, NULL), GEX_OK);
    return scene;
}

static const struct state start = {5000, 0.04, 0.013, 0, 0, 0, GEX_CLOCK_CAL_365, GEX_STYLE_EUROPEAN};

static const int32_t ways[][2] = {{GEX_CLOCK_CAL_365, GEX_STYLE_EUROPEAN},
                                  {GEX_CLOCK_BUS_252_DAYS, GEX_STYLE_EUROPEAN},
                                  {GEX_CLOCK_VARIANCE_CLOCK, GEX_STYLE_EUROPEAN},
                                  {GEX_CLOCK_CAL_365, GEX_STYLE_AMERICAN}};

static const int32_t quantities[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD, GEX_UNIT_VEX_USD_VOLPT,
                                     GEX_UNIT_CEX_USD_CALDAY, GEX_UNIT_DAG, GEX_UNIT_GEX_PLUS_USD_PT,
                                     GEX_UNIT_VEX_USD_RELPCT, GEX_UNIT_CEX_USD_TOEXP, GEX_UNIT_COLOR_USD_PCT_CALDAY,
                                     GEX_UNIT_GEX_FUT_PCT, GEX_FIELD_FLOW};

/* ---- causes ------------------------------------------------------------------------------------------------------ */

/* A cause that did not move is zero to the bit, alone it is the whole change, and both ways it is one number. */
START_TEST(one_factor_at_a_time)
{
    for (int way = 0; way < LENGTH(ways); way++)
        for (int q = 0; q < LENGTH(quantities); q++)
            for (int moved = 0; moved <= 5; moved++) {
                struct state before = start, after;
                struct scene a, b;
                gex_difference *there, *back;

                if (ways[way][1] == GEX_STYLE_AMERICAN && q % 4 != 0)
                    continue; /* they take their time */
                before.clock = ways[way][0], before.style = ways[way][1];
                after = before;
                after.spot += moved == 1 ? 31 : 0;
                after.later += moved == 2 ? 2 * HOUR : 0;
                after.vol_shift += moved == 3 ? 0.003 : 0;
                after.rate += moved == 4 ? 0.01 : 0, after.carry -= moved == 4 ? 0.004 : 0;
                after.held += moved == 5 ? 150 : 0;
                a = scene_at(&before), b = scene_at(&after);
                there = difference_of(&a, &b, quantities[q]);
                back = difference_of(&b, &a, quantities[q]);
                assert_only(there, moved == 0 ? 0 : 1 << (GEX_DIFFERENCE_CHANGE + moved));
                assert_adds_up(there);
                assert_negated(there, back);
                assert_sums_of_exposures(there, &a, &b);
                ck_assert_int_eq(gex_difference_count(there, GEX_LINE_BOTH), WORKED_ROWS);
                if (moved > 0)
                    ck_assert_double_ne(gex_difference_total(there, GEX_DIFFERENCE_CHANGE + moved), 0);
                gex_difference_free(back);
                gex_difference_free(there);
                scene_free(&b), scene_free(&a);
            }
} END_TEST

static const struct state moved_all = {4961, 0.046, 0.010, 0.002, 210, 2 * HOUR, 0, 0};

static struct scene end_of(int way)
{
    struct state after = moved_all;

    after.clock = ways[way][0], after.style = ways[way][1];
    return scene_at(&after);
}

START_TEST(all_at_once)
{
    for (int q = 0; q < LENGTH(quantities); q++) {
        struct state before = start;
        struct scene a, b;
        gex_difference *there, *back;

        before.clock = ways[_i][0], before.style = ways[_i][1];
        a = scene_at(&before), b = end_of(_i);
        there = difference_of(&a, &b, quantities[q]);
        back = difference_of(&b, &a, quantities[q]);
        assert_adds_up(there);
        assert_negated(there, back);
        assert_sums_of_exposures(there, &a, &b);
        gex_difference_free(back);
        gex_difference_free(there);
        scene_free(&b), scene_free(&a);
    }
} END_TEST

/* Gamma of one contract with factors of a set as they are after. */
static double mixed_gamma(int i, int set)
{
    const double spot = set & 1 ? moved_all.spot : start.spot;
    const double years = worked_rows[i].years - (set & 2 ? (double)moved_all.later / YEAR : 0);
    const double vol = worked_rows[i].vol + (set & 4 ? moved_all.vol_shift * (i + 1) : 0);
    const double rate = set & 8 ? moved_all.rate : start.rate, carry = set & 8 ? moved_all.carry : start.carry;
    const double d1 =
        (log(spot / worked_rows[i].strike) + (rate - carry + vol * vol / 2) * years) / (vol * sqrt(years));

    return exp(-carry * years) * exp(-d1 * d1 / 2) / sqrt(2 * acos(-1)) / (spot * vol * sqrt(years)) * spot * spot *
           0.01;
}

/* Every one of the 24 orders walked, in the textbook's formula of gamma. */
START_TEST(brute_force)
{
    const struct scene a = scene_at(&start), b = end_of(0);
    gex_difference *made = difference_of(&a, &b, GEX_UNIT_GEX_USD_PCT);

    for (int64_t line = 0; line < WORKED_ROWS; line++) {
        const int i = (int)gex_difference_rows_before(made, NULL)[line];
        const double held[2] = {100 * worked_rows[i].dealer, 100 * (worked_rows[i].dealer + moved_all.held * (i - 3))};
        const double first = mixed_gamma(i, 0), last = mixed_gamma(i, 15);
        double share[4] = {0};

        for (int code = 0; code < 256; code++) {
            int set = 0;
            double step[4] = {0};

            for (int n = 0; n < 4; n++) {
                const int factor = code >> 2 * n & 3;

                step[factor] = mixed_gamma(i, set | 1 << factor) - mixed_gamma(i, set);
                set |= 1 << factor;
            }
            for (int f = 0; f < 4 && set == 15; f++)
                share[f] += step[f] / 24;
        }
        for (int f = 0; f < 4; f++)
            ck_assert_double_eq_tol(of(made, GEX_DIFFERENCE_SPOT + f, line), (held[0] + held[1]) / 2 * share[f],
                                    1e-12 * fabs(held[0]) * (first + last));
        ck_assert_double_eq_tol(of(made, GEX_DIFFERENCE_POSITION, line), (first + last) / 2 * (held[1] - held[0]),
                                1e-12 * fabs(held[0]) * (first + last));
    }
    gex_difference_free(made);
    struct scene both[2] = {a, b};
    scene_free(&both[0]), scene_free(&both[1]);
} END_TEST

/* The flow between two states of one chain is that of the scenario: volatility, time and spot of gex_flow_compute(). */
START_TEST(hedge_of_a_moved_market)
{
    struct scene a = scene_at(&start), b = a;
    const double spot = 4970, shift = 0.004;
    const int64_t as_of = AS_OF + HOUR;
    gex_shift_options options;
    gex_flow_options scenario;
    gex_difference *made;
    gex_flow *flow = NULL;

    gex_shift_options_init(&options, sizeof options);
    options.spot = spot, options.as_of = as_of, options.vol_shift = shift;
    ck_assert_int_eq(gex_market_shift(NULL, a.market, &options, &b.market, NULL), GEX_OK);
    made = difference_of(&a, &b, GEX_FIELD_FLOW);
    gex_flow_options_init(&scenario, sizeof scenario);
    scenario.rows = 1;
    scenario.spot = (gex_f64){&spot, 0}, scenario.as_of = (gex_i64){&as_of, 0},
    scenario.vol_shift = (gex_f64){&shift, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, a.market, a.book, &scenario, &flow, NULL), GEX_OK);
    assert_adds_up(made);
    assert_only(made, 1 << GEX_DIFFERENCE_SPOT | 1 << GEX_DIFFERENCE_TIME | 1 << GEX_DIFFERENCE_VOL);
    ck_assert_double_eq_tol(gex_difference_total(made, GEX_DIFFERENCE_CHANGE), gex_flow_column(flow, GEX_FLOW_EXACT)[0],
                            1e-5);
    ck_assert_double_eq_tol(gex_difference_total(made, GEX_DIFFERENCE_SPOT), gex_flow_column(flow, GEX_FLOW_SPOT)[0],
                            1e-5);
    ck_assert_double_eq_tol(gex_difference_total(made, GEX_DIFFERENCE_TIME), gex_flow_column(flow, GEX_FLOW_TIME)[0],
                            1e-5);
    ck_assert_double_eq_tol(gex_difference_total(made, GEX_DIFFERENCE_VOL), gex_flow_column(flow, GEX_FLOW_VOL)[0],
                            1e-5);
    gex_flow_free(flow);
    gex_difference_free(made);
    gex_market_free(b.market);
    scene_free(&a);
} END_TEST

/* ---- contracts --------------------------------------------------------------------------------------------------- */

/* Rows in another order, some gone, new, refused, appeared; an expiry that settled. */
START_TEST(who_is_who)
{
    struct option_row before[WORKED_ROWS + 1], after[WORKED_ROWS + 1];
    struct scene a, b;
    gex_difference *there, *back;
    int64_t count;
    int kept = 0;

    memcpy(before, worked_rows, sizeof worked_rows);
    before[WORKED_ROWS] = (struct option_row){GEX_CALL, 5100, 0, 7000, 900, 30.0 / 365}; /* no volatility yet */
    for (int i = WORKED_ROWS; i >= 0; i--)
        if (i != 4 && i != 0) /* B1 is gone; of what settles A2 to A4 stay listed */
            after[kept++] = before[i];
    after[0].vol = 0.14;  /* appears */
    after[1].vol = 0;     /* B5 is refused */
    after[kept++] = (struct option_row){GEX_PUT, 4700, 0.2, 100, 50, 30.0 / 365};
    a.chain = scene_chain(before, WORKED_ROWS + 1, 100.0), b.chain = scene_chain(after, kept, 100.0);
    a.book = scene_book(a.chain, GEX_SIGN_INVENTORY_GIVEN, before);
    b.book = scene_book(b.chain, GEX_SIGN_INVENTORY_GIVEN, after);
    a.market = scene_market(a.chain, 5000, 0.04, 0.013, AS_OF);
    b.market = scene_market(b.chain, 4990, 0.04, 0.013, AS_OF + SETTLES + HOUR);
    there = difference_of(&a, &b, GEX_UNIT_GEX_USD_PCT), back = difference_of(&b, &a, GEX_UNIT_GEX_USD_PCT);
    assert_adds_up(there);
    assert_negated(there, back);
    assert_sums_of_exposures(there, &a, &b);
    ck_assert_int_eq(gex_difference_count(there, 0), 11);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_EXPIRED), 4);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_GONE), 1);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_NEW), 1);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_APPEARED), 1);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_REFUSED), 1);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_BOTH), 3);
    ck_assert_int_eq(gex_difference_count(back, GEX_LINE_NEW), 1);
    for (int64_t i = 0; i < 11; i++) {
        const int64_t row = gex_difference_rows_before(there, NULL)[i],
                      later = gex_difference_rows_after(there, NULL)[i];
        const uint8_t kind = gex_difference_kinds(there, &count)[i];

        ck_assert_int_eq(count, 11);
        ck_assert_int_eq(kind == GEX_LINE_GONE, row == 4);
        ck_assert_int_eq(kind == GEX_LINE_REFUSED, row == 8);
        ck_assert_int_eq(kind == GEX_LINE_NEW, row < 0);
        if (row >= 0 && later >= 0)
            ck_assert_double_eq(before[row].strike, after[later].strike);
        if (kind != GEX_LINE_BOTH)
            for (int32_t c = GEX_DIFFERENCE_SPOT; c <= GEX_DIFFERENCE_POSITION; c++)
                ck_assert_double_eq(of(there, c, i), 0);
    }
    gex_difference_strikes(there, &count);
    ck_assert_int_eq(count, 8);
    for (int64_t k = 1; k < count; k++)
        ck_assert_double_gt(gex_difference_strikes(there, NULL)[k], gex_difference_strikes(there, NULL)[k - 1]);
    ck_assert_int_eq(gex_difference_expiries(there, &count)[0], AS_OF + SETTLES);
    ck_assert_int_eq(count, 2);
    ck_assert_double_eq(gex_difference_by(there, GEX_BY_EXPIRY, GEX_DIFFERENCE_EXPIRED, NULL)[0],
                        gex_difference_total(there, GEX_DIFFERENCE_EXPIRED));
    gex_difference_free(back), gex_difference_free(there);
    scene_free(&b), scene_free(&a);
} END_TEST

/*
 * At the settlement instant, with spot before on a strike: the state with the time alone moved has no gamma there. The
 * orders that pass it are left out, and the rest adds up.
 */
START_TEST(orders_that_diverge)
{
    struct state after = start;
    struct scene a = scene_at(&start), b;
    gex_difference *there, *back;

    after.spot = 5010;
    after.later = SETTLES;
    b = scene_at(&after);
    there = difference_of(&a, &b, GEX_UNIT_GEX_USD_PCT);
    back = difference_of(&b, &a, GEX_UNIT_GEX_USD_PCT);
    assert_adds_up(there);
    assert_adds_up(back);
    for (int64_t i = 0; i < WORKED_ROWS; i++)
        for (int32_t c = 1; c <= GEX_DIFFERENCE_LAST_; c++)
            ck_assert(isfinite(of(there, c, i)) && isfinite(of(back, c, i)));
    for (int32_t c = GEX_DIFFERENCE_SPOT; c <= GEX_DIFFERENCE_LAST_; c++)
        near(gex_difference_total(there, c), -gex_difference_total(back, c),
             fabs(gex_difference_total(there, GEX_DIFFERENCE_BEFORE)) + fabs(gex_difference_total(there, c)));
    gex_difference_free(back), gex_difference_free(there);
    scene_free(&b);
    after.spot = 5000; /* at the strike when it settles: the gamma after diverges, and is in no sum */
    b = scene_at(&after);
    there = difference_of(&a, &b, GEX_UNIT_GEX_USD_PCT);
    assert_adds_up(there);
    assert_sums_of_exposures(there, &a, &b);
    ck_assert_int_eq(gex_difference_count(there, GEX_LINE_REFUSED), 2);
    gex_difference_free(there);
    scene_free(&b), scene_free(&a);
} END_TEST

/* A series the markets exercise differently is two contracts; one listed twice meets itself twice. */
START_TEST(odd_contracts)
{
    struct option_row twice[2] = {worked_rows[4], worked_rows[4]};
    struct state other = start;
    struct scene a = scene_at(&start), b, c = scene_of(twice, 2, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
    gex_difference *made;

    other.style = GEX_STYLE_AMERICAN;
    b = scene_at(&other);
    made = difference_of(&a, &b, GEX_UNIT_DEX_SHARES);
    assert_adds_up(made);
    ck_assert_int_eq(gex_difference_count(made, GEX_LINE_GONE), WORKED_ROWS);
    ck_assert_int_eq(gex_difference_count(made, GEX_LINE_NEW), WORKED_ROWS);
    gex_difference_free(made);
    made = difference_of(&c, &c, GEX_UNIT_DEX_SHARES);
    ck_assert_int_eq(gex_difference_count(made, GEX_LINE_BOTH), 2);
    assert_only(made, 0);
    gex_difference_free(made);
    made = difference_of(&a, &c, GEX_UNIT_DEX_SHARES);
    assert_adds_up(made);
    ck_assert_int_eq(gex_difference_count(made, GEX_LINE_BOTH), 1);
    ck_assert_int_eq(gex_difference_count(made, GEX_LINE_NEW), 1);
    gex_difference_free(made);
    scene_free(&c), scene_free(&b), scene_free(&a);
} END_TEST

START_TEST(what_is_refused)
{
    struct state other = start;
    struct scene a = scene_at(&start), b;
    gex_difference_options options;
    gex_difference *made = NULL;

    other.clock = GEX_CLOCK_BUS_252_DAYS;
    b = scene_at(&other);
    gex_difference_options_init(&options, sizeof options);
    ck_assert_int_eq(gex_difference_compute(NULL, a.market, a.book, a.market, a.book, &options, &made, NULL),
                     GEX_ERR_ARGUMENT);
    options.quantity = GEX_FIELD_UNWIND; /* of a field alone */
    ck_assert_int_eq(gex_difference_compute(NULL, a.market, a.book, a.market, a.book, &options, &made, NULL),
                     GEX_ERR_ARGUMENT);
    options.quantity = GEX_UNIT_GEX_ADV_PCT;
    ck_assert_int_eq(gex_difference_compute(NULL, a.market, a.book, a.market, a.book, &options, &made, NULL),
                     GEX_ERR_ARGUMENT);
    options.quantity = GEX_UNIT_DEX_USD;
    ck_assert_int_eq(gex_difference_compute(NULL, a.market, a.book, b.market, b.book, &options, &made, NULL),
                     GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_difference_compute(NULL, a.market, b.book, a.market, a.book, &options, &made, NULL),
                     GEX_ERR_ARGUMENT);
    ck_assert_int_eq(gex_difference_compute(NULL, a.market, a.book, a.market, b.book, &options, &made, NULL),
                     GEX_ERR_ARGUMENT);
    ck_assert_ptr_null(made);
    ck_assert_int_eq(gex_difference_find("spot"), GEX_DIFFERENCE_SPOT);
    ck_assert_int_eq(gex_difference_find("colour"), 0);
    ck_assert_str_eq(gex_line_name(GEX_LINE_GONE), "gone");
    scene_free(&b), scene_free(&a);
} END_TEST

Suite *suite_difference(void)
{
    Suite *suite = suite_create("difference");
    TCase *of_causes = tcase_create("causes"), *of_contracts = tcase_create("contracts");

    tcase_set_timeout(of_causes, 120);
    tcase_add_test(of_causes, one_factor_at_a_time);
    tcase_add_loop_test(of_causes, all_at_once, 0, LENGTH(ways));
    tcase_add_test(of_causes, brute_force);
    tcase_add_test(of_causes, hedge_of_a_moved_market);
    tcase_add_test(of_contracts, who_is_who);
    tcase_add_test(of_contracts, orders_that_diverge);
    tcase_add_test(of_contracts, odd_contracts);
    tcase_add_test(of_contracts, what_is_refused);
    suite_add_tcase(suite, of_causes);
    suite_add_tcase(suite, of_contracts);
    return suite;
}
