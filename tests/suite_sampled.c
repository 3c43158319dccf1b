/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamics that read a surface: every form against the surface itself, prices of moved markets, and what is kept. */
#include "scene.h"

#include <string.h>

#include "market/market.h"
#include "surfaces.h"

Suite *suite_sampled(void);

enum { STRIKES = 31, TERMS = 5, ROWS = STRIKES * TERMS * 2, FORMS = 5, CLOCKS = 3, RULES = 6 };
#define MOST_OFF 1e-8 /* of volatility, on the calendar */

static const struct rule {
    int32_t dynamics;
    double  parameter, stickiness;
} rules[RULES] = {{GEX_DYNAMICS_STICKY_MONEYNESS, 0, 0}, {GEX_DYNAMICS_LOCAL_VOL, 0, 2},
                  {GEX_DYNAMICS_STICKINESS, 1.4, 1.4},   {GEX_DYNAMICS_STICKINESS, -1, -1},
                  {GEX_DYNAMICS_STICKINESS, 3, 3},       {GEX_DYNAMICS_FITTED, 1.3, 1.3}};
static const int32_t clocks[CLOCKS] = {GEX_CLOCK_CAL_365, GEX_CLOCK_BUS_252_CLOCK, GEX_CLOCK_VARIANCE_CLOCK};

/* Before the first expiry of the surfaces, on it, between two, on the last, after it. */
static const double terms[TERMS] = {0.002, 0.02, 0.21, 2.0, 2.6};

static struct option_row rows[ROWS];

static gex_chain *quoted_chain(void)
{
    for (int i = 0; i < ROWS; i++) {
        const double strike = 3600 + 60 * (i / 2 % STRIKES), k = log(strike / 4495);

        rows[i] = (struct option_row){i % 2 == 0 ? GEX_CALL : GEX_PUT, strike,
                                      0.17 - 0.3 * k + 0.8 * k * k + 0.001 * (i % 3), 100 + 7 * (i % 13),
                                      (i % 5 - 2) * 30.0 + 5, terms[i / 2 / STRIKES]};
    }
    return scene_chain(rows, ROWS, 100.0);
}

static gex_surface *mixture(void)
{
    static const double weight[] = {0.8, 0.2};
    static const double low[] = {0.97, 0.93, 0.9, 0.8, 0.75}, narrow[] = {0.02, 0.045, 0.08, 0.15, 0.2};
    double p[2 * EXPIRIES], mean[2 * EXPIRIES], deviation[2 * EXPIRIES];
    int32_t expiry[2 * EXPIRIES];
    gex_mixture_columns columns;
    gex_surface *surface = NULL;
    gex_error error = {0};

    for (int i = 0; i < 2 * EXPIRIES; i++) {
        expiry[i] = i / 2;
        p[i] = weight[i % 2];
        mean[i] = i % 2 == 1 ? low[i / 2] : (1 - 0.2 * low[i / 2]) / 0.8;
        deviation[i] = narrow[i / 2] * (i % 2 == 1 ? 2.2 : 1);
    }
    gex_mixture_columns_init(&columns, sizeof columns);
    columns.expiries = EXPIRIES;
    columns.years = (gex_f64){years_of, sizeof(double)}, columns.forward = (gex_f64){forward_of, sizeof(double)};
    columns.rows = 2 * EXPIRIES;
    columns.expiry = (gex_i32){expiry, sizeof(int32_t)};
    columns.weight = (gex_f64){p, sizeof(double)}, columns.mean = (gex_f64){mean, sizeof(double)};
    columns.deviation = (gex_f64){deviation, sizeof(double)};
    ck_assert_msg(gex_surface_create_mixture(NULL, &columns, &surface, &error) == GEX_OK, "%s", error.message);
    return surface;
}

static gex_surface *form_of(int form)
{
    return form == 0   ? svi()
           : form == 1 ? ssvi()
           : form == 2 ? mixture()
                       : raw(form == 3 ? GEX_WINGS_LINEAR : GEX_WINGS_FLAT_VOL);
}

static gex_market_options options_of(const gex_surface *surface, const struct rule *rule, int32_t clock)
{
    gex_market_options options;

    gex_market_options_init(&options, sizeof options);
    options.clock = options.vol_clock = clock;
    options.as_of = AS_OF;
    options.spot = 4495;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_EUROPEAN;
    options.dynamics = rule->dynamics;
    options.dynamics_parameter = rule->parameter;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    options.surface = surface;
    return options;
}

static gex_market *made(const gex_chain *chain, const gex_market_options *options)
{
    gex_market *market = NULL;
    gex_error error = {0};

    ck_assert_msg(gex_market_create(NULL, chain, options, &market, &error) == GEX_OK, "%s", error.message);
    return market;
}

static gex_market *moved_by(const gex_market *market, double spot, int64_t as_of, int32_t dynamics, double parameter)
{
    gex_shift_options options;
    gex_market *out = NULL;
    gex_error error = {0};

    gex_shift_options_init(&options, sizeof options);
    options.spot = spot;
    options.as_of = as_of;
    options.dynamics = dynamics;
    options.dynamics_parameter = parameter;
    ck_assert_msg(gex_market_shift(NULL, market, &options, &out, &error) == GEX_OK, "%s", error.message);
    return out;
}

static gex_market *moved_to(const gex_market *market, double spot)
{
    return moved_by(market, spot, INT64_MIN, 0, 0);
}

static gex_greeks *greeks_of(const gex_market *market)
{
    gex_greeks *greeks = NULL;

    ck_assert_int_eq(gex_greeks_compute(NULL, market, &greeks, NULL), GEX_OK);
    return greeks;
}

/* ---- the formula ------------------------------------------------------------------------------------------------- */

/* Every row of a moved market, with f asked of the surface by its own door at the years of the market's clock. */
START_TEST(moved_vols_by_the_surface)
{
    static const double spots[] = {3400, 4300, 4490, 4495, 4502, 4800, 5600};
    const int32_t clock = clocks[_i % CLOCKS];
    const struct rule *rule = &rules[_i / CLOCKS % RULES];
    gex_surface *surface = form_of(_i / CLOCKS / RULES);
    gex_chain *chain = quoted_chain();
    const gex_market_options options = options_of(surface, rule, clock);
    gex_market *market = made(chain, &options);

    ck_assert_ptr_eq(gex_market_surface(market), surface);
    for (int n = 0; n < LENGTH(spots); n++) {
        gex_market *there = moved_to(market, spots[n]);

        ck_assert_ptr_eq(gex_market_surface(there), surface);
        for (int64_t i = 0; i < ROWS; i++) {
            const int32_t e = gex_chain_expiry_index(chain)[i];
            const double k = log(rows[i].strike / gex_market_forward(market)[e]), years = gex_market_years(market)[e];
            const double to = k + (rule->stickiness - 1) * log(spots[n] / 4495);
            const double wanted = gex_market_vol(market)[i] + ask(surface, to, years).value[GEX_SURFACE_VOL] -
                                  ask(surface, k, years).value[GEX_SURFACE_VOL];
            const double clocked = sqrt(gex_market_calendar_years(market)[e] / years);

            if (spots[n] == 4495)
                ck_assert_double_eq(gex_market_vol(there)[i], gex_market_vol(market)[i]);
            if (fabs(to - k) < 1) /* the range of the strikes and 1 beyond */
                check_near("vol", gex_market_vol(there)[i], fmax(0, wanted), 2 * MOST_OFF * fmax(1, clocked));
        }
        gex_market_free(there);
    }
    gex_market_free(market), gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

/* Anywhere in the range, between nodes as at them; the number of nodes is one that can be afforded. */
START_TEST(followed_within_the_stated_error)
{
    const int places = 20011;
    gex_surface *surface = form_of(_i);
    gex_chain *chain = quoted_chain();
    const gex_market_options options = options_of(surface, &rules[0], GEX_CLOCK_CAL_365);
    gex_market *market = made(chain, &options);
    const gex_surface *smile = gex__market_motion(market)->smile;
    double worst = 0, curved = 0;

    ck_assert_int_eq(smile->used, TERMS);
    for (int64_t e = 0; e < TERMS; e++) {
        const struct gex__slice *slice = &smile->slice[e];
        double most = 0, off = 0;
        const double forward = gex_market_forward(market)[e];
        const double low = log(3600 / forward) - 1, high = log(5400 / forward) + 1;

        ck_assert_double_eq_tol(smile->k[slice->first], low, 1e-12);
        ck_assert_double_eq_tol(smile->k[slice->first + slice->nodes - 1], high, 1e-12);
        ck_assert_int_lt(slice->nodes, 1500);
        for (int n = 1; n < places; n++) {
            const double k = low + (high - low) * n / places;
            const struct gex__smile got = gex__slice_at(smile, slice, k, &(bool){false});
            const struct gex__smile exact = gex__surface_at(surface, k, slice->years).smile;

            worst = fmax(worst, fabs(sqrt(got.w / slice->years) - sqrt(exact.w / slice->years)));
            most = fmax(most, fabs(exact.w2));
            off = fmax(off, fabs(got.w2 - exact.w2));
        }
        if (_i < 3) /* of a raw smile it jumps at the quotes */
            curved = fmax(curved, off / most);
    }
    ck_assert_msg(worst <= MOST_OFF, "off by %g of volatility", worst);
    ck_assert_msg(curved <= 0.002, "off by %g of curvature", curved);
    gex_market_free(market), gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

static double drawn(uint64_t *state, double low, double high) /* splitmix64 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return low + (high - low) * (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* Slices drawn wide: minutes to years, bends from a thousandth of a deviation to many, wings up to Lee's. */
START_TEST(drawn_surfaces)
{
    const int places = 3001, surfaces = 40;
    uint64_t state = (uint64_t)_i + 1;
    gex_chain *chain = quoted_chain();

    for (int n = 0; n < surfaces; n++) {
        double years[2] = {pow(10, drawn(&state, -4, 0)), 0}, slices[2][5];
        const double forward[2] = {4500, 4510};
        gex_surface *surface;
        gex_market_options options;
        gex_market *market;
        const gex_surface *smile;

        years[1] = years[0] * drawn(&state, 1.2, 40);
        for (int e = 0; e < 2; e++) {
            const double vol = drawn(&state, 0.05, 1.5), w = vol * vol * years[e], rho = drawn(&state, -0.99, 0.99);
            const double s = sqrt(w) * pow(10, drawn(&state, -3, 1));
            const double b = fmin(2 / (1 + fabs(rho)), w / s * drawn(&state, 0.01, 0.9));

            slices[e][0] = w * drawn(&state, 0.1, 1), slices[e][1] = b, slices[e][2] = rho;
            slices[e][3] = sqrt(w) * drawn(&state, -2, 2), slices[e][4] = s;
        }
        surface = svi_of(2, years, forward, (const double(*)[5])slices);
        options = options_of(surface, &rules[1], GEX_CLOCK_CAL_365);
        market = made(chain, &options);
        smile = gex__market_motion(market)->smile;
        for (int64_t e = 0; e < smile->used; e++) {
            const struct gex__slice *slice = &smile->slice[e];
            const double low = smile->k[slice->first], high = smile->k[slice->first + slice->nodes - 1];

            for (int i = 1; i < places; i++) {
                const double k = low + (high - low) * i / places;
                const double got = gex__slice_at(smile, slice, k, &(bool){false}).w;
                const double exact = gex__surface_at(surface, k, slice->years).smile.w;

                check_near("vol", sqrt(got / slice->years), sqrt(exact / slice->years), MOST_OFF);
            }
        }
        gex_market_free(market), gex_surface_free(surface);
    }
    gex_chain_free(chain);
} END_TEST

/* A raw surface through the quotes a smile is made of is that smile. */
START_TEST(quotes_as_a_surface)
{
    gex_chain *chain = quoted_chain();
    gex_market_options options = options_of(NULL, &rules[_i / CLOCKS], clocks[_i % CLOCKS]);
    gex_market *own = made(chain, &options), *other;
    double strike[ROWS / 2], vol[ROWS / 2];
    int32_t expiry[ROWS / 2];
    gex_raw_columns columns;
    gex_surface *surface = NULL;

    for (int i = 0; i < ROWS / 2; i++) {
        const int32_t e = gex_chain_expiry_index(chain)[2 * i];
        const bool put = rows[2 * i].strike < gex_market_forward(own)[e];

        expiry[i] = e;
        strike[i] = rows[2 * i].strike;
        vol[i] = gex_market_vol(own)[2 * i + put];
    }
    gex_raw_columns_init(&columns, sizeof columns);
    columns.wings = GEX_WINGS_LINEAR;
    columns.expiries = TERMS;
    columns.years = (gex_f64){gex_market_years(own), sizeof(double)};
    columns.forward = (gex_f64){gex_market_forward(own), sizeof(double)};
    columns.rows = ROWS / 2;
    columns.expiry = (gex_i32){expiry, sizeof(int32_t)};
    columns.strike = (gex_f64){strike, sizeof(double)};
    columns.vol = (gex_f64){vol, sizeof(double)};
    ck_assert_int_eq(gex_surface_create_raw(NULL, &columns, &surface, NULL), GEX_OK);
    options.surface = surface;
    other = made(chain, &options);
    for (double spot = 4200; spot < 4800; spot += 37) {
        gex_market *a = moved_to(own, spot), *b = moved_to(other, spot);

        for (int64_t i = 0; i < ROWS; i++)
            ck_assert_double_eq_tol(gex_market_vol(a)[i], gex_market_vol(b)[i], 1e-8);
        gex_market_free(a), gex_market_free(b);
    }
    gex_market_free(own), gex_market_free(other), gex_surface_free(surface), gex_chain_free(chain);
} END_TEST

/* ---- prices ------------------------------------------------------------------------------------------------------ */

/* Total delta and gamma are differences of the repriced rows, and nearly what the surface's own derivatives say. */
START_TEST(total_greeks_are_differences)
{
    const double h = 0.01;
    const struct rule *rule = &rules[_i % RULES];
    gex_surface *surface = form_of(_i / RULES);
    gex_chain *chain = quoted_chain();
    const gex_market_options options = options_of(surface, rule, GEX_CLOCK_VARIANCE_CLOCK);
    gex_market *market = made(chain, &options), *up = moved_to(market, 4495 + h), *down = moved_to(market, 4495 - h);
    gex_greeks *here = greeks_of(market), *above = greeks_of(up), *below = greeks_of(down), *total = NULL;

    ck_assert_int_eq(gex_greeks_shadow(NULL, here, &total, NULL), GEX_OK);
    for (int64_t i = 0; i < ROWS; i++) {
        const double p0 = gex_greeks_column(here, GEX_GREEK_PRICE)[i];
        const double pu = gex_greeks_column(above, GEX_GREEK_PRICE)[i];
        const double pd = gex_greeks_column(below, GEX_GREEK_PRICE)[i];

        check_near("delta", gex_greeks_column(total, GEX_GREEK_DELTA)[i], (pu - pd) / (2 * h), 2e-6);
        check_near("gamma", gex_greeks_column(total, GEX_GREEK_GAMMA)[i], (pu - 2 * p0 + pd) / (h * h), 2e-6);
    }
    gex_greeks_free(total), gex_greeks_free(here), gex_greeks_free(above), gex_greeks_free(below);
    gex_market_free(up), gex_market_free(down), gex_market_free(market);
    gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

/* The profile of the market is the exposure of a moved one, that of the frozen live its own. */
START_TEST(profiles_and_lives)
{
    gex_surface *surface = form_of(_i);
    gex_chain *chain = quoted_chain();
    gex_book *book = scene_book(chain, GEX_SIGN_INVENTORY_GIVEN, rows);
    const gex_market_options options = options_of(surface, &rules[2], GEX_CLOCK_CAL_365);
    gex_market *market = made(chain, &options), *there = moved_to(market, 0.97 * 4495), *frozen = NULL, *again;
    gex_exposure *gamma = scene_exposure(there, book, GEX_UNIT_GEX_USD_PCT);
    gex_profile_options range;
    gex_profile *profile = NULL;
    const int32_t unit = GEX_UNIT_GEX_USD_PCT;
    gex_live_options live_options;
    gex_live *live = NULL;
    gex_book *kept = NULL;

    gex_profile_options_init(&range, sizeof range);
    range.unit = GEX_UNIT_GEX_USD_PCT;
    range.low = 0.97, range.high = 0.98, range.points = 2;
    ck_assert_int_eq(gex_profile_compute(NULL, market, book, &range, &profile, NULL), GEX_OK);
    ck_assert_double_eq_tol(gex_profile_values(profile, NULL)[0], gex_exposure_total(gamma),
                            1e-11 * gex_exposure_gross(gamma));
    gex_live_options_init(&live_options, sizeof live_options);
    live_options.unit_count = 1;
    live_options.units = (gex_i32){&unit, sizeof unit};
    ck_assert_int_eq(gex_live_create(NULL, market, book, &live_options, &live, NULL), GEX_OK);
    ck_assert_int_eq(gex_live_freeze(NULL, live, &frozen, &kept, NULL), GEX_OK);
    ck_assert_ptr_eq(gex_market_surface(frozen), surface);
    again = moved_to(frozen, 0.97 * 4495);
    for (int64_t i = 0; i < ROWS; i++)
        ck_assert_double_eq_tol(gex_market_vol(again)[i], gex_market_vol(there)[i], 1e-12);
    gex_market_free(again), gex_market_free(frozen), gex_book_free(kept), gex_live_free(live);
    gex_profile_free(profile), gex_exposure_free(gamma);
    gex_market_free(there), gex_market_free(market), gex_book_free(book);
    gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

/* ---- kept -------------------------------------------------------------------------------------------------------- */

/* Moves add up, under another rule in between too; the caller may free what it gave. */
START_TEST(moves_add_up)
{
    gex_surface *surface = form_of(_i);
    gex_chain *chain = quoted_chain();
    const gex_market_options options = options_of(surface, &rules[1], GEX_CLOCK_VARIANCE_CLOCK);
    gex_market *market = made(chain, &options), *first, *then, *once, *stuck, *level, *back;
    const double root = 0.96;

    gex_surface_free(surface);
    first = moved_by(market, 4400, AS_OF + HOUR, 0, 0);
    then = moved_by(first, 4600, AS_OF + 3 * HOUR, 0, 0);
    once = moved_by(market, 4600, AS_OF + 3 * HOUR, 0, 0);
    for (int64_t i = 0; i < ROWS; i++)
        ck_assert_double_eq_tol(gex_market_vol(then)[i], gex_market_vol(once)[i], 1e-13);
    gex_market_free(then), gex_market_free(once), gex_market_free(first);

    /* a strike keeps f while it is stuck, and moves along it again afterwards: 2 ln(4500 / 4400) of R = 3 */
    stuck = moved_by(market, 4400, INT64_MIN, GEX_DYNAMICS_STICKY_STRIKE, 0);
    then = moved_by(stuck, 4500, INT64_MIN, GEX_DYNAMICS_STICKINESS, 3);
    once = moved_by(market, 4495 * 4500 / 4400.0, INT64_MIN, GEX_DYNAMICS_STICKINESS, 3);
    for (int64_t i = 0; i < ROWS; i++) {
        ck_assert_double_eq(gex_market_vol(stuck)[i], gex_market_vol(market)[i]);
        ck_assert_double_eq_tol(gex_market_vol(then)[i], gex_market_vol(once)[i], 1e-13);
    }
    gex_market_free(then), gex_market_free(once), gex_market_free(stuck);

    /* all volatilities times 0.96, so is the smile */
    level = moved_by(market, 4495 * 1.01, INT64_MIN, GEX_DYNAMICS_BETA, -4);
    then = moved_by(level, 4495 * 1.01 * 1.02, INT64_MIN, GEX_DYNAMICS_STICKINESS, 0);
    once = moved_by(market, 4495 * 1.02, INT64_MIN, GEX_DYNAMICS_STICKINESS, 0);
    for (int64_t i = 0; i < ROWS; i++) {
        ck_assert_double_eq_tol(gex_market_vol(level)[i], root * gex_market_vol(market)[i], 1e-14);
        ck_assert_double_eq_tol(gex_market_vol(then)[i], root * gex_market_vol(once)[i], 1e-12);
    }
    back = moved_by(market, 0, INT64_MIN, 0, 0);
    ck_assert_mem_eq(gex_market_vol(back), gex_market_vol(market), ROWS * sizeof(double));
    gex_market_free(back), gex_market_free(then), gex_market_free(once), gex_market_free(level);
    gex_market_free(market), gex_chain_free(chain);
} END_TEST

/* A surface that no volatility goes along changes no bit, and is there for a move that asks for it. */
START_TEST(sticky_strikes)
{
    static const struct rule stuck = {GEX_DYNAMICS_STICKY_STRIKE, 0, 1};
    gex_surface *surface = form_of(_i);
    gex_chain *chain = quoted_chain();
    gex_market_options options = options_of(surface, &stuck, GEX_CLOCK_CAL_365), plain = options, smiling;
    gex_market *market, *without, *with, *a, *b;
    gex_greeks *one, *other, *total = NULL;

    plain.surface = NULL;
    smiling = options_of(surface, &rules[1], GEX_CLOCK_CAL_365);
    market = made(chain, &options), without = made(chain, &plain), with = made(chain, &smiling);
    a = moved_to(market, 4300), b = moved_to(without, 4300);
    one = greeks_of(a), other = greeks_of(b);
    ck_assert_int_eq(gex_greeks_shadow(NULL, one, &total, NULL), GEX_OK);
    ck_assert_mem_eq(gex_market_vol(a), gex_market_vol(b), ROWS * sizeof(double));
    ck_assert_mem_eq(gex_greeks_column(total, GEX_GREEK_GAMMA), gex_greeks_column(other, GEX_GREEK_GAMMA),
                     ROWS * sizeof(double));
    gex_greeks_free(total), gex_greeks_free(one), gex_greeks_free(other);
    gex_market_free(a), gex_market_free(b);
    a = moved_by(market, 4300, INT64_MIN, GEX_DYNAMICS_LOCAL_VOL, 0), b = moved_to(with, 4300);
    ck_assert_mem_eq(gex_market_vol(a), gex_market_vol(b), ROWS * sizeof(double));
    gex_market_free(a), gex_market_free(b);
    gex_market_free(market), gex_market_free(without), gex_market_free(with);
    gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

struct bytes {
    char   *at;
    int64_t count;
};

static int32_t put(void *user, const char *data, int64_t size)
{
    struct bytes *bytes = user;

    memcpy(bytes->at + bytes->count, data, (size_t)size);
    bytes->count += size;
    return 0;
}

/* Saved, with R and without: what moves from there moves to the bit as before, and moved again too. */
START_TEST(saved_and_loaded)
{
    static const struct rule stuck = {GEX_DYNAMICS_STICKY_STRIKE, 0, 1};
    gex_surface *surface = form_of(_i / 2);
    gex_chain *chain = quoted_chain();
    const gex_market_options options = options_of(surface, _i % 2 == 0 ? &stuck : &rules[2], GEX_CLOCK_BUS_252_CLOCK);
    gex_market *market = made(chain, &options), *back = NULL, *a, *b;
    struct bytes bytes = {malloc((size_t)gex_market_save_size(market)), 0};

    ck_assert_int_eq(gex_market_save(market, put, &bytes, NULL), GEX_OK);
    ck_assert_int_eq(bytes.count, gex_market_save_size(market));
    ck_assert_int_eq(gex_market_load(NULL, bytes.at, bytes.count, &back, NULL), GEX_OK);
    ck_assert_ptr_null(gex_market_surface(back));
    a = moved_by(market, 4300, INT64_MIN, GEX_DYNAMICS_STICKY_STRIKE, 0);
    b = moved_by(back, 4300, INT64_MIN, GEX_DYNAMICS_STICKY_STRIKE, 0);
    gex_market_free(market), gex_market_free(back);
    market = moved_by(a, 4700, AS_OF + HOUR, GEX_DYNAMICS_LOCAL_VOL, 0);
    back = moved_by(b, 4700, AS_OF + HOUR, GEX_DYNAMICS_LOCAL_VOL, 0);
    ck_assert_mem_eq(gex_market_vol(market), gex_market_vol(back), ROWS * sizeof(double));
    gex_market_free(a), gex_market_free(b), gex_market_free(market), gex_market_free(back);
    free(bytes.at);
    gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

/* ---- clocks and refusals ----------------------------------------------------------------------------------------- */

/* The same surface on another clock than the market's is the same smile: total variance is. */
START_TEST(clock_of_the_surface)
{
    gex_surface *surface = form_of(_i);
    gex_chain *chain = quoted_chain();
    gex_market_options options = options_of(surface, &rules[1], GEX_CLOCK_CAL_365);
    gex_market *market = made(chain, &options), *other, *a, *b;

    options.clock = GEX_CLOCK_BUS_252_CLOCK;
    options.vol_clock = options.surface_clock = GEX_CLOCK_CAL_365;
    other = made(chain, &options);
    a = moved_to(market, 4321), b = moved_to(other, 4321);
    for (int64_t i = 0; i < ROWS; i++)
        ck_assert_double_eq_tol(gex_market_calendar_vol(a)[i], gex_market_calendar_vol(b)[i], 1e-13);
    gex_market_free(a), gex_market_free(b), gex_market_free(market), gex_market_free(other);
    gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

/* Total variance of this one is 0 at its bottom: there is no volatility, and the expiry says so. */
START_TEST(no_volatility)
{
    static const double slices[][5] = {{0.0002, 0.012, -0.45, 0.004, 0.025}, {-0.125, 0.25, 0, 0.25, 0.5}};
    static const double years[] = {0.02, 2}, forward[] = {4500, 4900};
    gex_surface *surface = svi_of(2, years, forward, slices);
    gex_chain *chain = quoted_chain();
    const gex_market_options options = options_of(surface, &rules[1], GEX_CLOCK_CAL_365);
    gex_market *market = NULL;
    gex_error error = {0};

    ck_assert_int_eq(gex_market_create(NULL, chain, &options, &market, &error), GEX_ERR_DOMAIN);
    ck_assert_int_eq(error.row, 3); /* the expiry at two years */
    ck_assert_ptr_null(market);
    gex_chain_free(chain), gex_surface_free(surface);
} END_TEST

Suite *suite_sampled(void)
{
    Suite *suite = suite_create("sampled");
    TCase *cases = tcase_create("surface");

    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, moved_vols_by_the_surface, 0, FORMS * RULES * CLOCKS);
    tcase_add_loop_test(cases, followed_within_the_stated_error, 0, FORMS);
    tcase_add_loop_test(cases, drawn_surfaces, 0, 5);
    tcase_add_loop_test(cases, quotes_as_a_surface, 0, RULES * CLOCKS);
    tcase_add_loop_test(cases, total_greeks_are_differences, 0, FORMS * RULES);
    tcase_add_loop_test(cases, profiles_and_lives, 0, FORMS);
    tcase_add_loop_test(cases, moves_add_up, 0, FORMS);
    tcase_add_loop_test(cases, sticky_strikes, 0, FORMS);
    tcase_add_loop_test(cases, saved_and_loaded, 0, 2 * FORMS);
    tcase_add_loop_test(cases, clock_of_the_surface, 0, FORMS);
    tcase_add_test(cases, no_volatility);
    suite_add_tcase(suite, cases);
    return suite;
}
