/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known mistakes in published formulas: docs/conventions.md, section 12. One test a mistake; each fails if it comes
 * back. The contract is that of sections 3 and 4 of the same document unless said otherwise.
 */
#include "scene.h"

Suite *suite_mistakes(void);

#define SPOT   5000.0
#define RATE   0.04
#define CARRY  0.013
#define MONTH  (30.0 / 365)
#define HOURS3 (3.0 / 8760)

static struct scene contracts(const struct option_row *rows, int64_t count)
{
    return scene_of(rows, count, SPOT, RATE, CARRY, GEX_SIGN_INVENTORY_GIVEN);
}

static double total_at(const struct option_row *rows, int64_t count, int32_t unit, double spot, int64_t as_of)
{
    gex_chain *chain = scene_chain(rows, count, 100.0);
    gex_market *market = scene_market(chain, spot, RATE, CARRY, as_of);
    gex_book *book = scene_book(chain, GEX_SIGN_INVENTORY_GIVEN, rows);
    gex_exposure *exposure = scene_exposure(market, book, unit);
    const double total = gex_exposure_total(exposure);

    gex_exposure_free(exposure);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
    return total;
}

static double total(const struct option_row *rows, int64_t count, int32_t unit)
{
    return total_at(rows, count, unit, SPOT, AS_OF);
}

static const struct option_row call = {GEX_CALL, 5000, 0.15, 10000, 10000, MONTH};
static const struct option_row put = {GEX_PUT, 5000, 0.15, 10000, 10000, MONTH};

/* "Charm with the wrong sign on the q term": call less put is q exp(-qT), per share and year. */
START_TEST(charm_keeps_its_carry_term)
{
    const double apart = total(&call, 1, GEX_UNIT_CEX_USD_YEAR) - total(&put, 1, GEX_UNIT_CEX_USD_YEAR);

    ck_assert_double_eq_tol(apart / (1e6 * SPOT), CARRY * exp(-CARRY * MONTH), 1e-12);
}
END_TEST

/* "Charm as d/dt beside color as d/dT": all four run forward in calendar time, as a market an hour on shows.
 * The centred difference over two hours is good to (1/720)^2 of a month's decay. */
START_TEST(time_greeks_run_forward)
{
    static const struct {
        int32_t unit, of;   /* the change of `of` over time is `unit` */
        double  factor;     /* of `of`, to the scale of `unit` */
    } pairs[] = {
        {GEX_UNIT_CEX_USD_HOUR, GEX_UNIT_DEX_USD, 1.0},
        {GEX_UNIT_COLOR_USD_PCT_CALDAY, GEX_UNIT_GEX_USD_PCT, 24.0},
    };

    for (int i = 0; i < LENGTH(pairs); i++)
        for (int side = 0; side < 2; side++) {
            const struct option_row row = {side ? GEX_PUT : GEX_CALL, 5050, 0.15, 1, 10000, MONTH};
            const double change = total_at(&row, 1, pairs[i].of, SPOT, AS_OF + HOUR) -
                                  total_at(&row, 1, pairs[i].of, SPOT, AS_OF - HOUR);
            const double got = total(&row, 1, pairs[i].unit);

            ck_assert_double_eq_tol(got, 0.5 * change * pairs[i].factor, 1e-4 * fabs(got));
        }
}
END_TEST

/* "Charm multiplied by T and called an exposure": only TOEXP has T in it. */
START_TEST(charm_per_day_has_no_time_to_expiry_in_it)
{
    ck_assert_double_eq_tol(total(&call, 1, GEX_UNIT_CEX_USD_CALDAY) * 365.0, total(&call, 1, GEX_UNIT_CEX_USD_YEAR),
                            1e-3);
    ck_assert_double_eq_tol(total(&call, 1, GEX_UNIT_CEX_USD_TOEXP), total(&call, 1, GEX_UNIT_CEX_USD_YEAR) * MONTH,
                            1e-3);
}
END_TEST

/* "Speed, zomma, color, ultima that differ between call and put", and the other greeks that may not. */
START_TEST(call_and_put_share_what_they_share)
{
    static const int32_t shared[] = {GEX_GREEK_GAMMA, GEX_GREEK_VEGA,  GEX_GREEK_VANNA,
                                     GEX_GREEK_VOMMA, GEX_GREEK_SPEED, GEX_GREEK_ZOMMA,
                                     GEX_GREEK_COLOR, GEX_GREEK_VETA,  GEX_GREEK_ULTIMA};
    const struct option_row rows[] = {{GEX_CALL, 5120, 0.15, 1, 1, MONTH}, {GEX_PUT, 5120, 0.15, 1, 1, MONTH}};
    struct scene scene = contracts(rows, 2);
    gex_greeks *greeks;

    ck_assert_int_eq(gex_greeks_compute(NULL, scene.market, &greeks, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(shared); i++) {
        const double *column = gex_greeks_column(greeks, shared[i]);
        ck_assert_msg(column[0] == column[1], "%s: %.17g and %.17g", gex_greek_name(shared[i]), column[0], column[1]);
    }
    gex_greeks_free(greeks);
    scene_free(&scene);
}
END_TEST

/*
 * "Color with a missing 2qT or a stray factor 2T": per year color is gamma times
 *
 *     q + (r - q) d1 / (s sqrt T) + (1 - d1 d2) / (2 T)
 *
 * written here from gamma = Q n(d1) / (S s sqrt T) by hand; textbooks have it over 2T, with 2qT in the bracket. Either
 * slip is thousandths and more of it.
 */
START_TEST(color_has_its_carry_terms)
{
    for (int k = 0; k < 3; k++) {
        const double strike = 4900 + 100 * k, root = 0.15 * sqrt(MONTH);
        const struct option_row row = {GEX_CALL, strike, 0.15, 1, 10000, MONTH};
        const double d1 = (log(SPOT / strike) + (RATE - CARRY) * MONTH) / root + 0.5 * root, d2 = d1 - root;
        const double gamma = total(&row, 1, GEX_UNIT_GEX_USD_PCT);
        const double color = gamma * (CARRY + (RATE - CARRY) * d1 / root + (1.0 - d1 * d2) / (2.0 * MONTH));
        const double without = gamma * ((RATE - CARRY) * d1 / root + (1.0 - d1 * d2) / (2.0 * MONTH));
        const double got = total(&row, 1, GEX_UNIT_COLOR_USD_PCT_CALDAY) * 365.0;

        ck_assert_double_eq_tol(got, color, 1e-11 * fabs(color));
        ck_assert_double_gt(fabs(got - without), 1e-3 * fabs(got));
    }
}
END_TEST

/* "Vomma divided by S": it is how vega changes, dollars per point on dollars per point. */
START_TEST(vomma_is_the_slope_of_vega)
{
    struct option_row row = {GEX_CALL, 5120, 0.15, 1, 10000, MONTH};
    const double vomma = total(&row, 1, GEX_UNIT_VOMMA_VEGA_VOLPT);
    double vega[2];

    for (int side = 0; side < 2; side++) {
        row.vol = side ? 0.1501 : 0.1499;
        vega[side] = total(&row, 1, GEX_UNIT_VEGA_USD_VOLPT);
    }
    ck_assert_double_eq_tol(vomma, (vega[1] - vega[0]) / 0.02, 1e-5 * fabs(vomma)); /* two hundredths of a point */
}
END_TEST

/* "Greeks rounded to five decimals before summing": the 4500 put of section 11 and a wing that rounds to nothing. */
START_TEST(small_greeks_are_not_rounded_away)
{
    const struct option_row wing = {GEX_PUT, 4500, 0.24, 60000, 60000, MONTH};
    const struct option_row far = {GEX_PUT, 3500, 0.24, 60000, 60000, MONTH};

    ck_assert_double_eq_tol(total(&wing, 1, GEX_UNIT_GEX_SHARES_PT) / 6e6, 0.0003231413, 5e-11);
    ck_assert_double_gt(total(&far, 1, GEX_UNIT_GEX_SHARES_PT), 0.0);
    ck_assert_double_lt(total(&far, 1, GEX_UNIT_GEX_SHARES_PT) / 6e6, 5e-6);
}
END_TEST

/* "Missing M": 50 units a contract are half of 100, in every unit. */
START_TEST(the_multiplier_is_in_every_unit)
{
    gex_chain *chain = scene_chain(&call, 1, 50.0);
    gex_market *market = scene_market(chain, SPOT, RATE, CARRY, AS_OF);
    gex_book *book = scene_book(chain, GEX_SIGN_INVENTORY_GIVEN, &call);
    gex_exposure *half = scene_exposure(market, book, _i);

    ck_assert_double_eq(2.0 * gex_exposure_total(half), total(&call, 1, _i));
    gex_exposure_free(half);
    gex_book_free(book);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

/* "Missing or doubled 0.01, S^2 with a per-point label": the units of one greek stand in their exact ratios. */
START_TEST(units_of_one_greek_keep_their_ratios)
{
    static const struct {
        int32_t unit, of;
        double  ratio;
    } ratios[] = {
        {GEX_UNIT_GEX_USD_PT, GEX_UNIT_GEX_SHARES_PT, SPOT},
        {GEX_UNIT_GEX_USD_UNIT, GEX_UNIT_GEX_USD_PT, SPOT},
        {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_GEX_USD_UNIT, 0.01},
        {GEX_UNIT_GEX_USD_10BP, GEX_UNIT_GEX_USD_UNIT, 0.001},
        {GEX_UNIT_GEX_SHARES_PCT, GEX_UNIT_GEX_SHARES_PT, SPOT / 100},
        {GEX_UNIT_GEX_FUT_PT, GEX_UNIT_GEX_SHARES_PT, 1.0 / 50},
        {GEX_UNIT_GEX_FUT_PCT, GEX_UNIT_GEX_USD_PCT, 1.0 / (SPOT * 50)},
        {GEX_UNIT_GEX_ADV_PCT, GEX_UNIT_GEX_USD_PCT, 100.0 / (8e6 * SPOT)},
        {GEX_UNIT_DEX_USD, GEX_UNIT_DEX_SHARES, SPOT},
        {GEX_UNIT_VEX_USD_VOLPT, GEX_UNIT_VEX_USD_UNIT, 0.01},
        {GEX_UNIT_VEX_USD_RELPCT, GEX_UNIT_VEX_USD_VOLPT, 0.15},
        {GEX_UNIT_CEX_USD_TRDDAY, GEX_UNIT_CEX_USD_YEAR, 1.0 / 252},
        {GEX_UNIT_CEX_USD_HOUR, GEX_UNIT_CEX_USD_CALDAY, 1.0 / 24},
        {GEX_UNIT_CEX_USD_RTHHOUR, GEX_UNIT_CEX_USD_TRDDAY, 1.0 / 6.5},
        {GEX_UNIT_CEX_USD_MINUTE, GEX_UNIT_CEX_USD_HOUR, 1.0 / 60},
        {GEX_UNIT_SPEED_USD_PCT2, GEX_UNIT_SPEED_SHARES_PT2, SPOT * SPOT * SPOT * 1e-4},
    };

    for (int i = 0; i < LENGTH(ratios); i++) {
        const double expected = total(&call, 1, ratios[i].of) * ratios[i].ratio;
        ck_assert_msg(fabs(total(&call, 1, ratios[i].unit) - expected) <= 1e-14 * fabs(expected), "%s",
                      gex_unit_name(ratios[i].unit));
    }
}
END_TEST

/* "Summing GEX + VEX + CEX into a net exposure": nothing turns dollars per percent, per vol point and per day into one
 * another, and the library offers no total over units. */
START_TEST(units_of_different_greeks_do_not_add)
{
    static const int32_t apart[] = {GEX_UNIT_DEX_USD,       GEX_UNIT_GEX_USD_PCT,      GEX_UNIT_VEX_USD_VOLPT,
                                    GEX_UNIT_CEX_USD_CALDAY, GEX_UNIT_VEGA_USD_VOLPT, GEX_UNIT_THETA_USD_CALDAY};

    for (int a = 0; a < LENGTH(apart); a++)
        for (int b = 0; b < LENGTH(apart); b++) {
            double factor = NOT_A_NUMBER;
            const gex_status status = gex_unit_factor(apart[a], apart[b], SPOT, NULL, &factor, NULL);

            ck_assert_int_eq(status, a == b ? GEX_OK : GEX_ERR_ARGUMENT);
            ck_assert(a == b ? factor == 1.0 : isnan(factor));
            ck_assert(a == b || strcmp(gex_unit_label(apart[a]), gex_unit_label(apart[b])) != 0 ||
                      (apart[a] + apart[b] == GEX_UNIT_VEX_USD_VOLPT + GEX_UNIT_VEGA_USD_VOLPT) ||
                      (apart[a] + apart[b] == GEX_UNIT_CEX_USD_CALDAY + GEX_UNIT_THETA_USD_CALDAY));
        }
}
END_TEST

/* "Requiring both call and put at a strike and dropping the rest; casting strikes to integers; assuming chains
 * alternate call, put": three calls, one put, strikes with halves and fifths, no pairs. */
START_TEST(strikes_need_no_partner_and_no_integer)
{
    const struct option_row rows[] = {{GEX_CALL, 5002.5, 0.15, 1, 10, MONTH}, {GEX_CALL, 5002.6, 0.15, 1, 10, MONTH},
                                      {GEX_CALL, 5003, 0.15, 1, 10, MONTH},   {GEX_PUT, 4997.2, 0.15, 1, 10, MONTH}};
    struct scene scene = contracts(rows, 4);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    int64_t strikes;
    const double *net = gex_exposure_by(exposure, GEX_BY_STRIKE, GEX_SUM_NET, &strikes);

    ck_assert_int_eq(gex_exposure_count_used(exposure), 4);
    ck_assert_int_eq(strikes, 4);
    for (int64_t k = 0; k < strikes; k++)
        ck_assert_double_gt(net[k], 0.0);
    ck_assert_double_eq(gex_chain_strikes(scene.chain, NULL)[0], 4997.2);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* "Replacing a failed IV by 20 % instead of excluding and counting it." */
START_TEST(a_missing_volatility_is_excluded_and_counted)
{
    const struct option_row rows[] = {{GEX_CALL, 5000, 0.15, 1, 10, MONTH}, {GEX_CALL, 5010, 0.0, 1, 10, MONTH},
                                      {GEX_PUT, 5010, 0.0, 1, 10, MONTH}};
    struct scene scene = contracts(rows, 3);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);

    ck_assert_int_eq(gex_exposure_count_used(exposure), 1);
    ck_assert_int_eq(gex_exposure_count_refused(exposure, GEX_ROW_NO_VOL), 2);
    ck_assert_double_eq(gex_exposure_total(exposure), gex_exposure_rows(exposure)[0]);
    ck_assert(isnan(gex_exposure_rows(exposure)[1]) && isnan(gex_exposure_rows(exposure)[2]));
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

/* "Default to zero gamma on expiry day; expiry at midnight": T is hours, and gamma grows as they run out. */
START_TEST(expiry_day_has_hours_and_gamma)
{
    const struct option_row row = {GEX_CALL, 5000, 0.16, 1, 10, HOURS3};
    const double three = total(&row, 1, GEX_UNIT_GEX_USD_PCT);
    const double one = total_at(&row, 1, GEX_UNIT_GEX_USD_PCT, SPOT, AS_OF + 2 * HOUR);

    ck_assert_double_eq_tol(three / 1e6, 6.73666542, 5e-9); /* section 2: 673.666542 for 1,000 contracts, here 10 */
    ck_assert_double_eq_tol(one / three, sqrt(3.0), 1e-3);  /* 1 / sqrt T at the money, but for the carry */
}
END_TEST

/* "Expiry at midnight; using timedelta.seconds": an expiry settles at its hour, and the days before it count. */
START_TEST(time_to_expiry_has_days_and_an_hour)
{
    static const int32_t dates[] = {20240603, 20240604, 20240703};
    static const double hours[] = {3, 27, 3 + 24 * 30}, strike = 5000, vol = 0.16;
    static const int8_t right = GEX_CALL;
    gex_chain_columns columns;
    gex_chain *chain;
    gex_market *market;

    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = LENGTH(dates);
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.expiry = (gex_i32){dates, sizeof *dates};
    columns.strike = (gex_f64){&strike, 0};
    columns.right = (gex_i8){&right, 0};
    columns.vol = (gex_f64){&vol, 0};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    market = scene_market(chain, SPOT, RATE, CARRY, AS_OF); /* 13:00 in New York */
    for (int64_t e = 0; e < LENGTH(dates); e++) /* 3 July closes at 13:00: three hours less */
        ck_assert_double_eq_tol(gex_market_years(market)[e] * 8760, hours[e] - (e == 2 ? 3 : 0), 1e-9);
    gex_market_free(market);
    gex_chain_free(chain);
}
END_TEST

/* "Returning 0 or the spot when there is no flip." */
START_TEST(no_flip_is_no_number)
{
    struct scene scene = contracts(&call, 1);
    gex_flips *flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    double price;

    ck_assert_int_eq(gex_flips_status(flips), GEX_ROOTS_NONE_POSITIVE);
    ck_assert_int_eq(gex_flips_count(flips), 0);
    ck_assert_int_eq(gex_flips_nearest(flips), -1);
    ck_assert(isnan(gex_flips_price(flips, gex_flips_nearest(flips))));
    ck_assert_int_eq(gex_level(exposure, GEX_LEVEL_PUT_WALL_NET, &price, NULL, NULL), GEX_OK);
    ck_assert(isnan(price));
    gex_exposure_free(exposure);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* "Linear charm carried to the close": 65 % too much for the worked chain. */
START_TEST(charm_to_the_close_is_repriced)
{
    struct scene scene = contracts(worked_rows, WORKED_ROWS);
    gex_book *naive = scene_book(scene.chain, GEX_SIGN_NAIVE_CALL_LONG, worked_rows);
    const int64_t close = AS_OF + 3 * HOUR;
    gex_flow_options options;
    gex_flow *flow;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.as_of = (gex_i64){&close, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, naive, &options, &flow, NULL), GEX_OK);
    ck_assert_double_eq_tol(gex_flow_column(flow, GEX_FLOW_LINEAR)[0] / gex_flow_column(flow, GEX_FLOW_EXACT)[0], 1.65,
                            0.005);
    gex_flow_free(flow);
    gex_book_free(naive);
    scene_free(&scene);
}
END_TEST

/* Section 5, "one sign set per table": a naive dealer is long calls and short puts, so every delta is above zero. */
START_TEST(a_naive_book_has_one_sign_set)
{
    struct scene scene = scene_of(worked_rows, WORKED_ROWS, SPOT, RATE, CARRY, GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *delta = scene_exposure(scene.market, scene.book, GEX_UNIT_DEX_USD);

    for (int64_t i = 0; i < WORKED_ROWS; i++)
        ck_assert_double_gt(gex_exposure_rows(delta)[i], 0.0);
    gex_exposure_free(delta);
    scene_free(&scene);
}
END_TEST

/* Section 6: long gamma sells into strength, short gamma buys; positive charm and vanna exposure sell. */
START_TEST(flow_is_minus_exposure)
{
    for (int side = -1; side <= 1; side += 2) {
        const struct option_row row = {GEX_CALL, 5100, 0.15, 1, 100.0 * side, MONTH};
        const double vanna = total(&row, 1, GEX_UNIT_VEX_USD_UNIT), charm = total(&row, 1, GEX_UNIT_CEX_USD_YEAR);
        struct scene scene = contracts(&row, 1);
        const double spot[] = {5010, 5000, 5000}, shift[] = {0, 0.001, 0};
        const int64_t as_of[] = {AS_OF, AS_OF, AS_OF + HOUR};
        gex_flow_options options;
        gex_flow *flow;
        const double *exact;

        gex_flow_options_init(&options, sizeof options);
        options.rows = 3;
        options.spot = (gex_f64){spot, sizeof *spot};
        options.vol_shift = (gex_f64){shift, sizeof *shift};
        options.as_of = (gex_i64){as_of, sizeof *as_of};
        ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
        exact = gex_flow_column(flow, GEX_FLOW_EXACT);
        ck_assert_msg((exact[0] < 0.0) == (side > 0), "spot up: %g", exact[0]);
        ck_assert_msg((exact[1] < 0.0) == (vanna > 0.0), "vol up: %g", exact[1]);
        ck_assert_msg((exact[2] < 0.0) == (charm > 0.0), "time: %g", exact[2]);
        gex_flow_free(flow);
        scene_free(&scene);
    }
}
END_TEST

/* Section 2: with the total deviation held (and r, q rescaled with T as that table does), the clock drops out of gamma,
 * vanna * vol and charm * T; and a volatility put on another clock unchanged moves a delta of 0.046 to 0.316. */
static const struct {
    const char *name;
    double      years, vol, vanna, charm;
} clocks[] = {
    {"CAL_365", HOURS3, 0.16, 1.023431, -239.9601},
    {"BUS_252_CLOCK", 3.0 / (6.5 * 252), 0.069187060, 2.366756, -44.8693},
    {"1/252", 1.0 / 252, 0.047003352, 3.483771, -20.7089},
};

static void european(double years, double vol, double scale, double out[4])
{
    static const int32_t greeks[4] = {GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VANNA, GEX_GREEK_CHARM};
    const double spot = SPOT, strike = 5025, rate = RATE * scale, carry = CARRY * scale;
    const int8_t right = GEX_CALL;
    double *const outputs[4] = {&out[0], &out[1], &out[2], &out[3]};
    gex_european_columns in;

    gex_european_columns_init(&in, sizeof in);
    in.rows = 1;
    in.spot = (gex_f64){&spot, 0};
    in.strike = (gex_f64){&strike, 0};
    in.years = (gex_f64){&years, 0};
    in.vol = (gex_f64){&vol, 0};
    in.right = (gex_i8){&right, 0};
    in.rate = (gex_f64){&rate, 0};
    in.carry_yield = (gex_f64){&carry, 0};
    ck_assert_int_eq(gex_european(NULL, &in, greeks, 4, outputs, NULL, NULL), GEX_OK);
}

START_TEST(the_clock_drops_out_when_its_volatility_moves_with_it)
{
    const double vol = 0.16 * sqrt(HOURS3 / clocks[_i].years);
    double exact[4], got[4];

    european(HOURS3, 0.16, 1.0, exact);
    european(clocks[_i].years, vol, HOURS3 / clocks[_i].years, got);
    ck_assert_double_eq_tol(vol, clocks[_i].vol, 5e-10);
    ck_assert_double_eq_tol(got[1], 0.006572726, 5e-10);
    ck_assert_double_eq_tol(got[2], clocks[_i].vanna, 5e-7);
    ck_assert_double_eq_tol(got[3], clocks[_i].charm, 5e-5);
    ck_assert_double_eq_tol(got[0], exact[0], 1e-12 * exact[0]);
    ck_assert_double_eq_tol(got[1], exact[1], 1e-12 * exact[1]);
    ck_assert_double_eq_tol(got[2] * vol, exact[2] * 0.16, 1e-12 * fabs(exact[2]));
    ck_assert_double_eq_tol(got[3] * clocks[_i].years, exact[3] * HOURS3, 1e-12 * fabs(exact[3]));
    ck_assert_double_eq_tol(got[2] * vol, 0.163749, 5e-7);
    ck_assert_double_eq_tol(got[3] * clocks[_i].years, -0.082178117, 5e-10);
}
END_TEST

START_TEST(a_volatility_on_the_wrong_clock_shows)
{
    double right[4], wrong[4];

    european(HOURS3, 0.16, 1.0, right);
    european(1.0 / 252, 0.16, 1.0, wrong);
    ck_assert_double_eq_tol(right[0], 0.046493, 5e-7);
    ck_assert_double_eq_tol(wrong[0], 0.315892, 5e-7);
}
END_TEST

Suite *suite_mistakes(void)
{
    Suite *suite = suite_create("mistakes");
    TCase *greek = tcase_create("greeks"), *unit = tcase_create("units"), *row = tcase_create("rows");
    TCase *flow = tcase_create("flow");

    tcase_add_test(greek, charm_keeps_its_carry_term);
    tcase_add_test(greek, time_greeks_run_forward);
    tcase_add_test(greek, charm_per_day_has_no_time_to_expiry_in_it);
    tcase_add_test(greek, call_and_put_share_what_they_share);
    tcase_add_test(greek, color_has_its_carry_terms);
    tcase_add_test(greek, vomma_is_the_slope_of_vega);
    tcase_add_test(greek, small_greeks_are_not_rounded_away);
    tcase_add_loop_test(greek, the_clock_drops_out_when_its_volatility_moves_with_it, 0, LENGTH(clocks));
    tcase_add_test(greek, a_volatility_on_the_wrong_clock_shows);
    suite_add_tcase(suite, greek);

    tcase_add_loop_test(unit, the_multiplier_is_in_every_unit, 1, GEX_UNIT_LAST_ + 1);
    tcase_add_test(unit, units_of_one_greek_keep_their_ratios);
    tcase_add_test(unit, units_of_different_greeks_do_not_add);
    suite_add_tcase(suite, unit);

    tcase_add_test(row, strikes_need_no_partner_and_no_integer);
    tcase_add_test(row, a_missing_volatility_is_excluded_and_counted);
    tcase_add_test(row, expiry_day_has_hours_and_gamma);
    tcase_add_test(row, time_to_expiry_has_days_and_an_hour);
    tcase_add_test(row, no_flip_is_no_number);
    suite_add_tcase(suite, row);

    tcase_add_test(flow, charm_to_the_close_is_repriced);
    tcase_add_test(flow, a_naive_book_has_one_sign_set);
    tcase_add_test(flow, flow_is_minus_exposure);
    suite_add_tcase(suite, flow);
    return suite;
}
