/* SPDX-License-Identifier: Apache-2.0 */
/* What volatilities do when spot moves:
 * the worked chain's flips, the reference's total greeks, profile against flow. */
#include <stdio.h>
#include <string.h>

#include "market/dynamics.h"
#include "risk/shadow.h"
#include "scene.h"

Suite *suite_dynamics(void);

static gex_market *market_of(const gex_chain *chain, int32_t dynamics, double parameter, int32_t clock, int32_t style)
{
    gex_market_options options;
    gex_market *market = NULL;
    gex_error error;

    gex_market_options_init(&options, sizeof options);
    options.clock = clock;
    options.as_of = AS_OF;
    options.spot = 5000;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = style;
    options.dynamics = dynamics;
    options.dynamics_parameter = parameter;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    ck_assert_msg(gex_market_create(NULL, chain, &options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static gex_market *market_by(const gex_chain *chain, int32_t dynamics, double parameter, int32_t clock)
{
    return market_of(chain, dynamics, parameter, clock, GEX_STYLE_EUROPEAN);
}

/* ---- flips ------------------------------------------------------------------------------------------------------- */

/* docs/conventions.md, FLIP_PROFILE_DYN: BETA=-10 on the worked chain. */
START_TEST(worked_chain_beta_flips)
{
    static const struct {
        int32_t sign, count;
        double  price[2];
        int32_t direction[2];
    } expected[] = {{GEX_SIGN_NAIVE_CALL_LONG, 1, {5000.1352}, {GEX_UP}},
                    {GEX_SIGN_INVENTORY_GIVEN, 2, {4606.9862, 5009.4623}, {GEX_DOWN, GEX_UP}}};
    gex_chain *chain = scene_chain(worked_rows, WORKED_ROWS, 100.0);
    gex_market *market = market_by(chain, GEX_DYNAMICS_BETA, -10, GEX_CLOCK_CAL_365);

    for (int e = 0; e < LENGTH(expected); e++) {
        gex_book *book = scene_book(chain, expected[e].sign, worked_rows);
        gex_flips *flips = scene_flips(market, book, GEX_UNIT_GEX_USD_PCT);
        int32_t found = 0;

        for (int64_t i = 0; i < gex_flips_count(flips); i++) {
            if (gex_flips_root_status(flips, i) != GEX_ROOT_FOUND)
                continue;
            ck_assert_int_lt(found, expected[e].count);
            ck_assert_double_eq_tol(gex_flips_price(flips, i), expected[e].price[found], 6e-5);
            ck_assert_int_eq(gex_flips_direction(flips, i), expected[e].direction[found]);
            found++;
        }
        ck_assert_int_eq(found, expected[e].count);
        ck_assert_double_eq(gex_flips_low(flips), 4000);
        ck_assert_double_eq_tol(gex_flips_high(flips), 5497.5, 1e-9); /* the last even price below 1.1 S */
        gex_flips_free(flips);
        gex_book_free(book);
    }
    gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

/* ---- total greeks ------------------------------------------------------------------------------------------------ */

/* golden/skew_delta.csv: an SVI smile, total delta and gamma at several R. */
START_TEST(total_greeks_of_the_reference)
{
    FILE *file = fopen(TESTS_DIR "/golden/skew_delta.csv", "r");
    char line[1024];
    int rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        double v[9], dvol, d2vol, raw[2], total[2], vol, delta, gamma, rate = 0;
        char cp;
        struct gex__slopes slopes;
        gex_european_columns columns;
        double out[5], *values[5] = {&out[0], &out[1], &out[2], &out[3], &out[4]};
        const int32_t greeks[5] = {GEX_GREEK_DELTA, GEX_GREEK_GAMMA, GEX_GREEK_VEGA, GEX_GREEK_VANNA, GEX_GREEK_VOMMA};
        int8_t right;
        int read;

        /* S,K,T,a,b,rho,m,s,R,cp,vol,dvol,d2vol,delta,gamma,total_delta,total_gamma */
        read = sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%c,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &v[0], &v[1], &v[2],
                      &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &cp, &vol, &dvol, &d2vol, &raw[0], &raw[1], &total[0],
                      &total[1]);
        if (read != 17)
            continue;
        rows++;
        right = cp == 'C' ? GEX_CALL : GEX_PUT;
        gex_european_columns_init(&columns, sizeof columns);
        columns.rows = 1;
        columns.spot = (gex_f64){&v[0], 8}, columns.strike = (gex_f64){&v[1], 8}, columns.years = (gex_f64){&v[2], 8};
        columns.vol = (gex_f64){&vol, 8}, columns.rate = columns.carry_yield = (gex_f64){&rate, 8};
        columns.right = (gex_i8){&right, 1};
        ck_assert_int_eq(gex_european(NULL, &columns, greeks, 5, values, NULL, NULL), GEX_OK);
        slopes = gex__stickiness_slopes(v[8], v[0], dvol, d2vol);
        delta = out[0], gamma = out[1];
        gex__shadow(&slopes, &(struct gex__shadow){out[2], out[3], out[4]}, &delta, &gamma);
        ck_assert_double_eq_tol(out[0], raw[0], 1e-13);
        ck_assert_double_eq_tol(delta, total[0], 1e-12 * fmax(1, fabs(total[0])));
        ck_assert_double_eq_tol(gamma, total[1], 1e-12 * fmax(1, fabs(total[1])));
    }
    fclose(file);
    ck_assert_int_ge(rows, 12);
} END_TEST

/* ---- a chain with a smile ---------------------------------------------------------------------------------------- */

enum { STRIKES = 41, TERMS = 3, SMILE_ROWS = STRIKES * TERMS * 2 };
static struct option_row smile_rows[SMILE_ROWS];

/* Three expiries, a strike every 25; a skewed smile; calls and puts of one strike a little apart. */
static void smile_fill(void)
{
    static const double years[TERMS] = {2.0 / 365, 30.0 / 365, 120.0 / 365};
    int i = 0;

    for (int t = 0; t < TERMS; t++)
        for (int n = 0; n < STRIKES; n++)
            for (int side = -1; side <= 1; side += 2, i++) {
                const double strike = 4500 + 25 * n, k = log(strike / 5000);
                const double vol = 0.16 - 0.5 * k + 1.5 * k * k + 0.01 * t + (side > 0 ? 0.0015 : 0);

                smile_rows[i] = (struct option_row){side > 0 ? GEX_CALL : GEX_PUT, strike, vol, 100 + 7 * (i % 13),
                                                    (i % 5 - 2) * 30.0 + 5, years[t]};
            }
}

static gex_market *moved(const gex_market *market, double spot, int64_t as_of, double shift)
{
    gex_shift_options options;
    gex_market *out = NULL;
    gex_error error;

    gex_shift_options_init(&options, sizeof options);
    options.spot = spot;
    options.as_of = as_of;
    options.vol_shift = shift;
    ck_assert_msg(gex_market_shift(NULL, market, &options, &out, &error) == GEX_OK, "%s", error.message);
    return out;
}

static gex_greeks *greeks_of(const gex_market *market)
{
    gex_greeks *greeks = NULL;

    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    return greeks;
}

static const struct regime {
    int32_t dynamics;
    double  parameter;
} regimes[] = {{GEX_DYNAMICS_STICKY_STRIKE, 0}, {GEX_DYNAMICS_STICKY_MONEYNESS, 0}, {GEX_DYNAMICS_LOCAL_VOL, 0},
               {GEX_DYNAMICS_STICKINESS, 1.5},  {GEX_DYNAMICS_STICKINESS, -1},      {GEX_DYNAMICS_FITTED, 1.3},
               {GEX_DYNAMICS_BETA, -4}};
static const int32_t clocks[] = {GEX_CLOCK_CAL_365, GEX_CLOCK_BUS_252_CLOCK, GEX_CLOCK_VARIANCE_CLOCK};
enum { REGIMES = LENGTH(regimes), CLOCKS = LENGTH(clocks) };

static gex_chain *smile_chain(void)
{
    smile_fill();
    return scene_chain(smile_rows, SMILE_ROWS, 100.0);
}

/* Not moved: every number as it was, to the bit. */
START_TEST(a_move_of_nothing)
{
    gex_chain *chain = smile_chain();
    gex_market *market = market_by(chain, regimes[_i / CLOCKS].dynamics, regimes[_i / CLOCKS].parameter,
                                   clocks[_i % CLOCKS]);
    gex_market *same = moved(market, 0, INT64_MIN, 0);

    for (int64_t e = 0; e < gex_market_expiry_count(market); e++) {
        ck_assert_double_eq(gex_market_forward(market)[e], gex_market_forward(same)[e]);
        ck_assert_double_eq(gex_market_discount(market)[e], gex_market_discount(same)[e]);
        ck_assert_double_eq(gex_market_years(market)[e], gex_market_years(same)[e]);
        ck_assert_double_eq(gex_market_pace(market)[e], gex_market_pace(same)[e]);
    }
    for (int64_t i = 0; i < SMILE_ROWS; i++) {
        ck_assert_double_eq(gex_market_vol(market)[i], gex_market_vol(same)[i]);
        ck_assert_double_eq(gex_market_calendar_vol(market)[i], gex_market_calendar_vol(same)[i]);
        ck_assert_int_eq(gex_market_status(same)[i], GEX_ROW_USED);
    }
    ck_assert_int_eq(gex_market_dynamics(same), gex_market_dynamics(market));
    ck_assert_double_eq(gex_market_dynamics_parameter(same), gex_market_dynamics_parameter(market));
    gex_market_free(same);
    gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

/* The exposure of a moved market is the profile at that price, and its delta what the flow repriced. */
START_TEST(moved_markets_are_profiles_and_flows)
{
    static const double spots[] = {4700, 4990, 5000, 5011, 5230};
    static const int64_t hours[] = {0, 1, 30, 60}; /* the last two: past a close, past the first settlement */
    static const double shifts[] = {0, 0.01, -0.02};
    gex_chain *chain = smile_chain();
    gex_book *book = scene_book(chain, GEX_SIGN_INVENTORY_GIVEN, smile_rows);
    gex_market *market = market_by(chain, regimes[_i / CLOCKS].dynamics, regimes[_i / CLOCKS].parameter,
                                   clocks[_i % CLOCKS]);
    gex_exposure *start = scene_exposure(market, book, GEX_UNIT_DEX_SHARES);

    for (int n = 0; n < 5 * 4 * 3; n++) {
        const double spot = spots[n % 5], shift = shifts[n / 20];
        const int64_t as_of = AS_OF + hours[n / 5 % 4] * HOUR;
        gex_market *there = moved(market, spot, as_of, shift);
        gex_exposure *delta = scene_exposure(there, book, GEX_UNIT_DEX_SHARES);
        gex_flow_options options;
        gex_flow *flow = NULL;
        double change;

        gex_flow_options_init(&options, sizeof options);
        options.rows = 1;
        options.spot = (gex_f64){&spot, 8};
        options.as_of = (gex_i64){&as_of, 8};
        options.vol_shift = (gex_f64){&shift, 8};
        ck_assert_int_eq(gex_flow_compute(NULL, market, book, &options, &flow, NULL), GEX_OK);
        change = gex_exposure_total(start) - gex_exposure_total(delta) -
                 gex_flow_column(flow, GEX_FLOW_UNWIND)[0]; /* settled rows are gone from the market, not from exact */
        ck_assert_double_eq_tol(gex_flow_column(flow, GEX_FLOW_EXACT)[0], change,
                                1e-11 * gex_exposure_gross(start));
        if (as_of == AS_OF && shift == 0) {
            gex_exposure *gamma = scene_exposure(there, book, GEX_UNIT_GEX_USD_PCT);
            gex_profile_options range;
            gex_profile *profile = NULL;

            gex_profile_options_init(&range, sizeof range);
            range.unit = GEX_UNIT_GEX_USD_PCT;
            range.low = spot / 5000;
            range.points = 2;
            range.high = range.low + 0.01;
            ck_assert_int_eq(gex_profile_compute(NULL, market, book, &range, &profile, NULL), GEX_OK);
            ck_assert_double_eq_tol(gex_profile_values(profile, NULL)[0], gex_exposure_total(gamma),
                                    1e-11 * gex_exposure_gross(gamma));
            gex_profile_free(profile);
            gex_exposure_free(gamma);
        }
        gex_flow_free(flow);
        gex_exposure_free(delta);
        gex_market_free(there);
    }
    gex_exposure_free(start);
    gex_market_free(market);
    gex_book_free(book);
    gex_chain_free(chain);
} END_TEST

/* At 94, 100 and 106 % of spot. */
static void profile_of(const gex_market *market, const gex_book *book, int32_t unit, double values[3])
{
    gex_profile_options range;
    gex_profile *profile = NULL;

    gex_profile_options_init(&range, sizeof range);
    range.unit = unit;
    range.low = 0.94;
    range.high = 1.06;
    range.points = 3;
    ck_assert_int_eq(gex_profile_compute(NULL, market, book, &range, &profile, NULL), GEX_OK);
    memcpy(values, gex_profile_values(profile, NULL), 3 * sizeof *values);
    gex_profile_free(profile);
}

/* The same of American contracts, which a curve interpolates over volatilities and a moved market prices one by one. */
START_TEST(american_profiles_are_moved_markets)
{
    static const int32_t units[] = {GEX_UNIT_GEX_USD_PCT, GEX_UNIT_DEX_USD, GEX_UNIT_VEX_USD_VOLPT,
                                    GEX_UNIT_CEX_USD_CALDAY};
    static const double near[] = {1e-5, 1e-6, 3e-5, 3e-4}; /* of the gross exposure */
    static const double spots[] = {4700, 5000, 5300};
    const struct regime *regime = &regimes[_i / CLOCKS];
    gex_chain *chain = smile_chain();
    gex_book *book = scene_book(chain, GEX_SIGN_INVENTORY_GIVEN, smile_rows);
    gex_market *market = market_of(chain, regime->dynamics, regime->parameter, clocks[_i % CLOCKS], GEX_STYLE_AMERICAN);
    gex_market *european = market_by(chain, regime->dynamics, regime->parameter, clocks[_i % CLOCKS]);
    int apart = 0;

    for (int u = 0; u < LENGTH(units); u++) {
        double curve[3], black[3];

        profile_of(market, book, units[u], curve);
        profile_of(european, book, units[u], black);
        for (int n = 0; n < LENGTH(spots); n++) {
            gex_market *there = moved(market, spots[n], INT64_MIN, 0);
            gex_exposure *exposure = scene_exposure(there, book, units[u]);
            const double gross = gex_exposure_gross(exposure), early = gex_exposure_total(exposure);

            ck_assert_msg(fabs(curve[n] - early) <= near[u] * gross, "%s at %g: %.12g, moved %.12g, of %g",
                          gex_unit_name(units[u]), spots[n], curve[n], early, gross);
            apart += fabs(black[n] - early) > 3 * near[u] * gross;
            gex_exposure_free(exposure);
            gex_market_free(there);
        }
    }
    ck_assert_int_ge(apart, 8); /* exercise is seen; positions of both signs hide it here and there */
    gex_market_free(european), gex_market_free(market);
    gex_book_free(book);
    gex_chain_free(chain);
} END_TEST

/* Sticky moneyness scales: spot and strike a percent up, price a percent up, delta as it was, gamma a percent down. */
START_TEST(sticky_moneyness_is_homogeneous)
{
    enum { COUNT = 49 };
    static struct option_row rows[COUNT];
    const double ratio = 1.01;
    gex_chain *chain;
    gex_market *market, *there;
    gex_greeks *here, *then;

    for (int i = 0; i < COUNT; i++) {
        const double k = (i - COUNT / 2) * log(ratio);
        rows[i] = (struct option_row){GEX_CALL, 5000 * exp(k), 0.16 - 0.4 * k + 2 * k * k, 1, 1, 0.2};
    }
    chain = scene_chain(rows, COUNT, 100.0);
    market = market_of(chain, GEX_DYNAMICS_STICKY_MONEYNESS, 0, clocks[_i / 2],
                       _i % 2 == 0 ? GEX_STYLE_EUROPEAN : GEX_STYLE_AMERICAN);
    there = moved(market, 5000 * ratio, INT64_MIN, 0);
    here = greeks_of(market), then = greeks_of(there);
    for (int i = 2; i + 1 < COUNT; i++) {
        const double price = gex_greeks_column(here, GEX_GREEK_PRICE)[i],
                     delta = gex_greeks_column(here, GEX_GREEK_DELTA)[i];
        const double gamma = gex_greeks_column(here, GEX_GREEK_GAMMA)[i];

        ck_assert_double_eq_tol(gex_market_vol(there)[i + 1], gex_market_vol(market)[i], 1e-13);
        ck_assert_double_eq_tol(gex_greeks_column(then, GEX_GREEK_PRICE)[i + 1], ratio * price, 1e-9);
        ck_assert_double_eq_tol(gex_greeks_column(then, GEX_GREEK_DELTA)[i + 1], delta, 1e-11);
        ck_assert_double_eq_tol(gex_greeks_column(then, GEX_GREEK_GAMMA)[i + 1], gamma / ratio, 1e-13);
    }
    gex_greeks_free(here), gex_greeks_free(then);
    gex_market_free(there), gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

/* Total delta and gamma are differences of the price of moved markets; where time derivatives run on two clocks too. */
START_TEST(total_greeks_are_differences_of_moved_prices)
{
    const double h = 0.02; /* at a node the smile's curvature jumps: halving the step takes that out */
    gex_chain *chain = smile_chain();
    gex_market *market = market_by(chain, regimes[_i / CLOCKS].dynamics, regimes[_i / CLOCKS].parameter,
                                   clocks[_i % CLOCKS]);
    gex_greeks *here = greeks_of(market), *at[4], *total = NULL;

    ck_assert_int_eq(gex_greeks_shadow(NULL, here, &total, NULL), GEX_OK);
    for (int n = 0; n < 4; n++) {
        gex_market *there = moved(market, 5000 + (n % 2 == 0 ? h : -h) / (n < 2 ? 1 : 2), INT64_MIN, 0);
        at[n] = greeks_of(there);
        gex_market_free(there);
    }
    for (int64_t i = 0; i < SMILE_ROWS; i++) {
        const double now = gex_greeks_column(here, GEX_GREEK_PRICE)[i];
        double p[4], delta[2], gamma[2];

        for (int n = 0; n < 4; n++)
            p[n] = gex_greeks_column(at[n], GEX_GREEK_PRICE)[i];
        for (int n = 0; n < 2; n++) {
            const double step = n == 0 ? h : h / 2;
            delta[n] = (p[2 * n] - p[2 * n + 1]) / (2 * step);
            gamma[n] = (p[2 * n] - 2 * now + p[2 * n + 1]) / (step * step);
        }
        ck_assert_double_eq_tol(gex_greeks_column(total, GEX_GREEK_DELTA)[i], 2 * delta[1] - delta[0], 1e-7);
        if (smile_rows[i].strike < 5500) /* at the last strike the smile has a corner */
            ck_assert_double_eq_tol(gex_greeks_column(total, GEX_GREEK_GAMMA)[i], 2 * gamma[1] - gamma[0], 1e-7);
        if (regimes[_i / CLOCKS].dynamics == GEX_DYNAMICS_STICKY_STRIKE)
            ck_assert_double_eq(gex_greeks_column(total, GEX_GREEK_GAMMA)[i],
                                gex_greeks_column(here, GEX_GREEK_GAMMA)[i]);
        ck_assert_double_eq(gex_greeks_column(total, GEX_GREEK_VANNA)[i], gex_greeks_column(here, GEX_GREEK_VANNA)[i]);
    }
    for (int n = 0; n < 4; n++)
        gex_greeks_free(at[n]);
    gex_greeks_free(total), gex_greeks_free(here);
    gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

/* Two moves are one: R and time add up. */
START_TEST(moves_add_up)
{
    gex_chain *chain = smile_chain();
    gex_market *market = market_by(chain, regimes[_i].dynamics, regimes[_i].parameter, GEX_CLOCK_VARIANCE_CLOCK);
    gex_market *first = moved(market, 4900, AS_OF + HOUR, 0), *then = moved(first, 5120, AS_OF + 30 * HOUR, 0);
    gex_market *once = moved(market, 5120, AS_OF + 30 * HOUR, 0);

    for (int64_t i = 0; i < SMILE_ROWS && regimes[_i].dynamics != GEX_DYNAMICS_BETA; i++)
        ck_assert_double_eq_tol(gex_market_vol(then)[i], gex_market_vol(once)[i], 1e-13);
    for (int64_t e = 0; e < TERMS; e++)
        ck_assert_double_eq_tol(gex_market_forward(then)[e] / gex_market_forward(once)[e], 1, 1e-14);
    gex_market_free(once), gex_market_free(then), gex_market_free(first), gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

/* STICKINESS=1 is STICKY_STRIKE and 0, 2 are their names, to the bit; under sticky moneyness the smile goes along. */
START_TEST(one_family)
{
    static const struct {
        int32_t name;
        double  stickiness;
    } same[] = {{GEX_DYNAMICS_STICKY_STRIKE, 1}, {GEX_DYNAMICS_STICKY_MONEYNESS, 0}, {GEX_DYNAMICS_LOCAL_VOL, 2}};
    gex_chain *chain = smile_chain();
    gex_book *book = scene_book(chain, GEX_SIGN_INVENTORY_GIVEN, smile_rows);

    for (int n = 0; n < LENGTH(same); n++) {
        gex_market *a = market_by(chain, same[n].name, 0, GEX_CLOCK_CAL_365);
        gex_market *b = market_by(chain, GEX_DYNAMICS_STICKINESS, same[n].stickiness, GEX_CLOCK_CAL_365);
        gex_profile_options options;
        gex_profile *pa = NULL, *pb = NULL;

        gex_profile_options_init(&options, sizeof options);
        options.unit = GEX_UNIT_GEX_USD_PCT;
        ck_assert_int_eq(gex_profile_compute(NULL, a, book, &options, &pa, NULL), GEX_OK);
        ck_assert_int_eq(gex_profile_compute(NULL, b, book, &options, &pb, NULL), GEX_OK);
        ck_assert_mem_eq(gex_profile_values(pa, NULL), gex_profile_values(pb, NULL), 201 * sizeof(double));
        ck_assert_double_eq(gex_market_dynamics_parameter(a), same[n].stickiness);
        gex_profile_free(pa), gex_profile_free(pb);
        gex_market_free(a), gex_market_free(b);
    }
    gex_book_free(book);
    gex_chain_free(chain);
} END_TEST

/* Under sticky moneyness a strike has the volatility that its moneyness had: 4750 at 4750 that of 5000 at 5000. */
START_TEST(moved_vols_by_the_formula)
{
    gex_chain *chain = smile_chain();
    gex_market *market = market_by(chain, GEX_DYNAMICS_STICKY_MONEYNESS, 0, GEX_CLOCK_CAL_365);
    const double ratio = 4750.0 / 5000.0; /* every forward moves by it; strike 4750 comes to where 5000 was */
    gex_market *there = moved(market, 5000 * ratio, INT64_MIN, 0);

    for (int64_t i = 0; i < SMILE_ROWS; i++)
        for (int64_t j = 0; j < SMILE_ROWS; j++)
            if (smile_rows[j].years == smile_rows[i].years && smile_rows[j].right == smile_rows[i].right &&
                fabs(smile_rows[i].strike - ratio * smile_rows[j].strike) < 1e-9) {
                const double forward = gex_market_forward(market)[gex_chain_expiry_index(chain)[i]];
                const bool same_side = (smile_rows[i].strike < forward) == (smile_rows[j].strike < forward);

                /* where the two nodes are of different sides, what these are apart stays between them */
                ck_assert_double_eq_tol(gex_market_vol(there)[i], gex_market_vol(market)[j],
                                        same_side ? 1e-12 : 0.00151);
            }
    gex_market_free(there), gex_market_free(market);
    gex_chain_free(chain);
} END_TEST

START_TEST(dynamics_as_text)
{
    static const char *const good[] = {"STICKY_STRIKE", "STICKY_MONEYNESS", "LOCAL_VOL", "STICKINESS=1.5",
                                       "STICKINESS=-1", "BETA=-10", "FITTED=1.32"};
    static const struct {
        const char *text;
        gex_status  status;
    } bad[] = {{"", GEX_ERR_FORMAT},
               {"sticky_strike", GEX_ERR_FORMAT},
               {"STICKINESS", GEX_ERR_FORMAT},
               {"STICKINESS=", GEX_ERR_FORMAT},
               {"STICKINESS=1.5x", GEX_ERR_FORMAT},
               {"STICKY_STRIKE=1", GEX_ERR_FORMAT},
               {"FITTED", GEX_ERR_FORMAT},
               {"BETA=nan", GEX_ERR_DOMAIN},
               {"STICKINESS=3.5", GEX_ERR_DOMAIN},
               {"STICKINESS=-1.01", GEX_ERR_DOMAIN},
               {"BETA=1e9", GEX_ERR_DOMAIN},
               {"A_NAME_OF_MORE_THAN_SIXTY_FOUR_BYTES_IS_NOT_COPIED_ANYWHERE_AND_NO_DYNAMICS_EITHER", GEX_ERR_FORMAT}};
    char text[GEX_DYNAMICS_TEXT];
    int32_t dynamics;
    double parameter;
    gex_error error;

    for (int i = 0; i < LENGTH(good); i++) {
        ck_assert_msg(gex_dynamics_parse(good[i], &dynamics, &parameter, &error) == GEX_OK, "%s", error.message);
        ck_assert_int_eq(gex_dynamics_format(dynamics, parameter, text, NULL), GEX_OK);
        ck_assert_str_eq(text, good[i]);
    }
    for (int i = 0; i < LENGTH(bad); i++) {
        dynamics = -7, parameter = -7;
        ck_assert_msg(gex_dynamics_parse(bad[i].text, &dynamics, &parameter, &error) == bad[i].status, "%s: %s",
                      bad[i].text, error.message);
        ck_assert_int_eq(dynamics, -7);
        ck_assert_double_eq(parameter, -7);
    }
} END_TEST

Suite *suite_dynamics(void)
{
    Suite *suite = suite_create("dynamics");
    TCase *cases = tcase_create("all");

    tcase_add_test(cases, worked_chain_beta_flips);
    tcase_add_test(cases, total_greeks_of_the_reference);
    tcase_add_loop_test(cases, a_move_of_nothing, 0, REGIMES * CLOCKS);
    tcase_add_loop_test(cases, moved_markets_are_profiles_and_flows, 0, REGIMES * CLOCKS);
    tcase_add_loop_test(cases, american_profiles_are_moved_markets, 0, REGIMES * CLOCKS);
    tcase_add_loop_test(cases, sticky_moneyness_is_homogeneous, 0, 2 * CLOCKS);
    tcase_add_loop_test(cases, total_greeks_are_differences_of_moved_prices, 0, REGIMES * CLOCKS);
    tcase_add_loop_test(cases, moves_add_up, 0, REGIMES);
    tcase_add_test(cases, one_family);
    tcase_add_test(cases, moved_vols_by_the_formula);
    tcase_add_test(cases, dynamics_as_text);
    suite_add_tcase(suite, cases);
    return suite;
}
