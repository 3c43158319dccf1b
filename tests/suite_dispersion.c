/* SPDX-License-Identifier: Apache-2.0 */
/* Implied correlation and dispersion, by hand. Against pairs one by one and differences in numpy:
 * tests/oracle/basket.py. */
#include "baskets.h"
#include "refusal.h"

Suite *suite_dispersion(void);

#define SPOT  5000.0
#define TENOR (AS_OF + 30 * 24 * HOUR)

enum { MEMBERS = 4, ROWS = 4 };
static const struct member_row members[MEMBERS] = {{"index", GEX_LINK_RATIO, 1, 1, 0, GEX_ROLE_INDEX, 0},
                                                   {"a", GEX_LINK_BETA, 1.2, 1, 0, GEX_ROLE_CONSTITUENT, 0.5},
                                                   {"b", GEX_LINK_BETA, 0.8, 1, 0, GEX_ROLE_CONSTITUENT, 0.5},
                                                   {"future", GEX_LINK_BASIS, 1, 1, 0, GEX_ROLE_OTHER, 0}};
/* Deviations at the money: 20 % at 10 days, 30 % at 60. */
static const struct option_row rows[ROWS] = {{GEX_CALL, 5000, 0.20, 0, -40, 10.0 / 365},
                                             {GEX_PUT, 4000, 0.35, 0, 15, 10.0 / 365},
                                             {GEX_PUT, 5000, 0.30, 0, -25, 60.0 / 365},
                                             {GEX_CALL, 6000, 0.25, 0, 30, 60.0 / 365}};

struct stand {
    struct scene scene[MEMBERS];
    gex_basket  *basket;
};

static void stand_open(struct stand *stand, const struct member_row *of, int64_t count)
{
    static const double spots[MEMBERS] = {SPOT, 120, 45, 5020}, positions[MEMBERS] = {1, -30, -80, 2};

    for (int64_t i = 0; i < MEMBERS; i++)
        stand->scene[i] = scaled_scene(rows, ROWS, SPOT, spots[i] / SPOT, positions[i], GEX_SIGN_INVENTORY_GIVEN);
    stand->basket = basket_of(stand->scene, of, count, SPOT);
}

static void stand_close(struct stand *stand)
{
    gex_basket_free(stand->basket);
    for (int i = 0; i < MEMBERS; i++)
        scene_free(&stand->scene[i]);
}

static gex_dispersion *dispersion_of(const struct stand *stand, int64_t tenor, const double *vols)
{
    gex_dispersion_options options;
    gex_dispersion *made = NULL;
    gex_error error;

    gex_dispersion_options_init(&options, sizeof options);
    options.tenor = tenor;
    options.vols = (gex_f64){vols, sizeof *vols};
    ck_assert_msg(gex_dispersion_compute(NULL, stand->basket, &options, &made, &error) == GEX_OK, "%s", error.message);
    return made;
}

/* Two equal names of 20 %: I^2 = 0.02 (1 + r). One name or none, no volatility, variances out of range. */
static const struct correlation_case {
    double  index, a, b;
    int32_t status;
    double  value;
} correlation_cases[] = {
    {0.2, 0.2, 0.2, GEX_CORRELATION_FOUND, 1},
    {0.17320508075688773, 0.2, 0.2, GEX_CORRELATION_FOUND, 0.5},
    {0.1414213562373095, 0.2, 0.2, GEX_CORRELATION_FOUND, 0},
    {0.1, 0.2, 0.2, GEX_CORRELATION_FOUND, -0.5},
    {0.25, 0.2, 0.2, GEX_CORRELATION_ABOVE_ONE, 2.125},
    {0.01, 0.1, 0.4, GEX_CORRELATION_BELOW_LEAST, (0.0001 - 0.0025 - 0.04) / 0.02},
    {0.15, 0.1, 0.3, GEX_CORRELATION_FOUND, (0.0225 - 0.0025 - 0.0225) / 0.015},
    {0.15, 0.0, 0.3, GEX_CORRELATION_TOO_FEW, NAN},
    {0.0, 0.2, 0.3, GEX_CORRELATION_NO_VOL, NAN},
};

START_TEST(correlation_by_hand)
{
    const struct correlation_case *c = &correlation_cases[_i];
    const double vols[MEMBERS] = {c->index, c->a, c->b, NOT_A_NUMBER};
    struct stand stand;
    gex_dispersion *made;
    const double r = c->value;

    stand_open(&stand, members, MEMBERS);
    made = dispersion_of(&stand, TENOR, vols);
    ck_assert_str_eq(gex_correlation_text(gex_dispersion_status(made)), gex_correlation_text(c->status));
    ck_assert_double_eq(gex_dispersion_value(made, GEX_DISPERSION_WEIGHT), 1);
    if (isnan(r)) {
        ck_assert_double_nan(gex_dispersion_value(made, GEX_DISPERSION_CORRELATION));
        ck_assert_double_nan(gex_dispersion_value(made, GEX_DISPERSION_CORRELATION_VEGA));
        ck_assert_double_nan(gex_dispersion_value(made, GEX_DISPERSION_FIXED_CORRELATION_VEGA));
        ck_assert_double_nan(gex_dispersion_member(made, GEX_DISPERSION_MEMBER_INDEX_VEGA, NULL)[1]);
    } else {
        const double v = gex_dispersion_value(made, GEX_DISPERSION_INDEX_VEGA), pairs = 0.25 * c->a * c->b;
        const double *through = gex_dispersion_member(made, GEX_DISPERSION_MEMBER_INDEX_VEGA, NULL);

        ck_assert_double_eq_tol(gex_dispersion_value(made, GEX_DISPERSION_CORRELATION), r, 1e-14);
        ck_assert_double_eq_tol(gex_dispersion_value(made, GEX_DISPERSION_NAMES_VOL), 0.5 * (c->a + c->b), 1e-16);
        ck_assert_double_eq_tol(gex_dispersion_value(made, GEX_DISPERSION_CORRELATION_VEGA), v * pairs / c->index,
                                1e-13 * fabs(v));
        ck_assert_double_eq_tol(through[1], v * 0.5 * (0.5 * c->a + r * 0.5 * c->b) / c->index, 1e-11 * fabs(v));
        /* the index volatility is homogeneous in those of the names */
        ck_assert_double_eq_tol(c->a * through[1] + c->b * through[2], v * c->index, 1e-12 * fabs(v));
        ck_assert_double_nan(through[0]);
        ck_assert_double_nan(through[3]);
    }
    gex_dispersion_free(made);
    stand_close(&stand);
}
END_TEST

/* Between two expiries total variance lies on a line; before the first it starts at 0, behind the last is none. */
static const struct {
    double days, vol;
} tenors[] = {{1, 0.2}, {10, 0.2}, {35, 0}, {60, 0.3}, {61, NAN}};

START_TEST(volatilities_of_a_tenor)
{
    struct stand stand;
    gex_dispersion *made;
    const double *vol, days = tenors[_i].days;
    const double wanted = tenors[_i].vol != 0 ? tenors[_i].vol : sqrt((0.04 * 10 + (0.09 * 60 - 0.04 * 10) * 0.5) / 35);
    int64_t count;

    stand_open(&stand, members, MEMBERS);
    made = dispersion_of(&stand, AS_OF + (int64_t)(days * 24) * HOUR, NULL);
    vol = gex_dispersion_member(made, GEX_DISPERSION_MEMBER_VOL, &count);
    ck_assert_int_eq(count, MEMBERS);
    if (isnan(wanted)) {
        ck_assert_double_nan(vol[0]);
        ck_assert_int_eq(gex_dispersion_status(made), GEX_CORRELATION_NO_VOL);
    } else {
        for (int i = 0; i < 3; i++)
            ck_assert_double_eq_tol(vol[i], wanted, 1e-8); /* settlements are whole ns */
        ck_assert_double_eq_tol(gex_dispersion_value(made, GEX_DISPERSION_CORRELATION), 1, 1e-7);
    }
    ck_assert_double_nan(vol[3]); /* in no leg */
    gex_dispersion_free(made);
    stand_close(&stand);
}
END_TEST

/* Legs are sums of the basket's exposures; the one beside them is in neither. */
START_TEST(legs_are_sums_of_lines)
{
    struct stand stand;
    gex_dispersion *made;
    gex_basket_exposure *vega, *gamma;
    double own = 0;
    const double *net;

    stand_open(&stand, members, MEMBERS);
    made = dispersion_of(&stand, TENOR, NULL);
    vega = basket_exposure(stand.basket, GEX_UNIT_VEGA_USD_VOLPT);
    gamma = basket_exposure(stand.basket, GEX_UNIT_GEX_USD_PCT);
#define LINE(exposure, i) gex_exposure_total(gex_basket_exposure_member(exposure, i))
#define GROSS(exposure, i) gex_exposure_gross(gex_basket_exposure_member(exposure, i))
#define VALUE(what) gex_dispersion_value(made, GEX_DISPERSION_##what)
    ck_assert_ptr_eq(gex_dispersion_basket(made), stand.basket);
    ck_assert_double_eq(VALUE(INDEX_VEGA), LINE(vega, 0));
    ck_assert_double_eq(VALUE(NAMES_VEGA), LINE(vega, 1) + LINE(vega, 2));
    ck_assert_double_eq_tol(VALUE(NET_VEGA), VALUE(INDEX_VEGA) + VALUE(NAMES_VEGA), 1e-9);
    ck_assert_double_eq(VALUE(INDEX_GROSS_VEGA), GROSS(vega, 0));
    ck_assert_double_eq(VALUE(NAMES_GROSS_VEGA), GROSS(vega, 1) + GROSS(vega, 2));
    ck_assert_double_eq(VALUE(INDEX_GAMMA), LINE(gamma, 0));
    ck_assert_double_eq(VALUE(NAMES_GAMMA), LINE(gamma, 1) + LINE(gamma, 2));
    ck_assert_double_eq_tol(VALUE(NET_GAMMA), VALUE(INDEX_GAMMA) + VALUE(NAMES_GAMMA), 1e-7);
    ck_assert_double_eq(VALUE(INDEX_GROSS_GAMMA), GROSS(gamma, 0));
    ck_assert_double_eq(VALUE(NAMES_GROSS_GAMMA), GROSS(gamma, 1) + GROSS(gamma, 2));
    for (int i = 1; i <= 2; i++) { /* beta squared away */
        gex_exposure *alone = scene_exposure(stand.scene[i].market, stand.scene[i].book, GEX_UNIT_GEX_USD_PCT);
        own += gex_exposure_total(alone);
        ck_assert_double_eq_tol(LINE(gamma, i), gex_exposure_total(alone) * members[i].factor * members[i].factor,
                                1e-12 * GROSS(gamma, i));
        gex_exposure_free(alone);
    }
    ck_assert_double_eq_tol(VALUE(NAMES_OWN_GAMMA), own, 1e-12 * fabs(own));
    net = gex_dispersion_member(made, GEX_DISPERSION_MEMBER_NET_VEGA, NULL);
    ck_assert_double_eq_tol(VALUE(FIXED_CORRELATION_VEGA), net[1] + net[2], 1e-9);
    ck_assert_double_eq(gex_dispersion_member(made, GEX_DISPERSION_MEMBER_VEGA, NULL)[2], LINE(vega, 2));
    ck_assert_double_eq(gex_dispersion_member(made, GEX_DISPERSION_MEMBER_GAMMA, NULL)[1], LINE(gamma, 1));
    ck_assert_double_nan(gex_dispersion_member(made, GEX_DISPERSION_MEMBER_VEGA, NULL)[3]);
    gex_basket_exposure_free(vega);
    gex_basket_exposure_free(gamma);
    gex_dispersion_free(made);
    stand_close(&stand);
}
END_TEST

/* Short the index, long its names: the book loses when correlation rises. Neither the order of members shows. */
START_TEST(the_side_of_a_dispersion)
{
    static const int order[MEMBERS] = {2, 3, 0, 1};
    struct member_row turned[MEMBERS];
    struct stand stand, other;
    gex_dispersion *made, *again;

    for (int i = 0; i < MEMBERS; i++)
        turned[i] = members[order[i]];
    stand_open(&stand, members, MEMBERS);
    stand_open(&other, members, MEMBERS);
    gex_basket_free(other.basket);
    for (int i = 0; i < MEMBERS; i++) {
        struct scene held = other.scene[i];
        for (int k = i; k < MEMBERS; k++)
            if (gex_market_spot(other.scene[k].market) == gex_market_spot(stand.scene[order[i]].market)) {
                other.scene[i] = other.scene[k];
                other.scene[k] = held;
                break;
            }
    }
    other.basket = basket_of(other.scene, turned, MEMBERS, SPOT);
    made = dispersion_of(&stand, TENOR, NULL);
    again = dispersion_of(&other, TENOR, NULL);
    ck_assert_double_lt(gex_dispersion_value(made, GEX_DISPERSION_INDEX_VEGA), 0);
    ck_assert_double_gt(gex_dispersion_value(made, GEX_DISPERSION_NAMES_VEGA), 0);
    ck_assert_double_lt(gex_dispersion_value(made, GEX_DISPERSION_CORRELATION_VEGA), 0);
    for (int32_t value = 1; value <= GEX_DISPERSION_LAST_; value++)
        ck_assert_double_eq(gex_dispersion_value(made, value), gex_dispersion_value(again, value));
    for (int32_t value = 1; value <= GEX_DISPERSION_LAST_; value++)
        ck_assert_int_eq(gex_dispersion_find(gex_dispersion_name(value)), value);
    for (int32_t value = 1; value <= GEX_DISPERSION_MEMBER_LAST_; value++)
        ck_assert_int_eq(gex_dispersion_member_find(gex_dispersion_member_name(value)), value);
    gex_dispersion_free(made);
    gex_dispersion_free(again);
    stand_close(&stand);
    stand_close(&other);
}
END_TEST

#define REFUSED(expected, ...)                                                                       \
    do {                                                                                             \
        gex_dispersion_options options;                                                              \
        gex_dispersion_options_init(&options, sizeof options);                                       \
        options.tenor = TENOR;                                                                       \
        __VA_ARGS__;                                                                                 \
        CALLED(dispersion, expected, gex_dispersion_compute(NULL, stand.basket, &options, OUT));     \
    } while (0)

START_TEST(wrong_choices_are_refused)
{
    static const double below[MEMBERS] = {0.2, -0.1, 0.2, 0.2}, infinite[MEMBERS] = {0.2, 0.1, INFINITY, 0.2};
    struct member_row both[MEMBERS];
    struct stand stand;

    memcpy(both, members, sizeof both);
    stand_open(&stand, members, MEMBERS);
    REFUSED(GEX_OK, (void)0);
    REFUSED(GEX_OK, options.index = 3); /* another's volatility */
    REFUSED(GEX_ERR_ARGUMENT, options.index = MEMBERS);
    REFUSED(GEX_ERR_ARGUMENT, options.index = -2);
    REFUSED(GEX_ERR_ARGUMENT, options.reserved = 1);
    REFUSED(GEX_ERR_ARGUMENT, options.vols = ((gex_f64){below, INT64_MAX}));
    REFUSED(GEX_ERR_DOMAIN, options.tenor = AS_OF);
    REFUSED(GEX_ERR_DOMAIN, options.tenor = 0);
    REFUSED(GEX_ERR_DOMAIN, options.vols = ((gex_f64){below, sizeof *below}));
    REFUSED(GEX_ERR_DOMAIN, options.vols = ((gex_f64){infinite, sizeof *infinite}));
    REFUSED(GEX_ERR_VERSION, options.struct_size = 8);
    stand_close(&stand);
    both[3].role = GEX_ROLE_INDEX;
    stand_open(&stand, both, MEMBERS);
    REFUSED(GEX_ERR_ARGUMENT, (void)0); /* two indices */
    REFUSED(GEX_OK, options.index = 0);
    stand_close(&stand);
    both[0].role = both[3].role = GEX_ROLE_OTHER;
    stand_open(&stand, both, MEMBERS);
    REFUSED(GEX_ERR_ARGUMENT, (void)0); /* none */
    stand_close(&stand);
}
END_TEST

Suite *suite_dispersion(void)
{
    Suite *suite = suite_create("dispersion");
    TCase *tcase = tcase_create("dispersion");

    tcase_add_loop_test(tcase, correlation_by_hand, 0, LENGTH(correlation_cases));
    tcase_add_loop_test(tcase, volatilities_of_a_tenor, 0, LENGTH(tenors));
    tcase_add_test(tcase, legs_are_sums_of_lines);
    tcase_add_test(tcase, the_side_of_a_dispersion);
    tcase_add_test(tcase, wrong_choices_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
