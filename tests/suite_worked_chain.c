/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worked examples of docs/conventions.md, digit for digit as printed there. Expected values are the text of that
 * document: 8 significant digits, further zeros are padding. The reference contract is that of sections 3 and 4, the
 * chain that of section 11.
 */
#include <stdio.h>

#include "scene.h"

Suite *suite_worked_chain(void);

/* ---- comparing with print ---------------------------------------------------------------------------------------- */

/* Half a unit of the last digit that means something: zeros beyond the eighth significant digit are padding. */
static double half_unit(const char *printed)
{
    const char *point = strchr(printed, '.');
    int significant = 0, places = 0, zeros = 0, padding;

    for (const char *c = printed; *c != '\0'; c++) {
        if (*c < '0' || *c > '9')
            continue;
        significant += significant > 0 || *c != '0';
        zeros = *c == '0' ? zeros + 1 : 0;
        places += point != NULL && c > point;
    }
    padding = significant <= 8 ? 0 : zeros < significant - 8 ? zeros : significant - 8;
    return 0.5 * pow(10.0, padding - places);
}

static double number_of(const char *printed)
{
    char plain[64];
    size_t used = 0;

    for (const char *c = printed; *c != '\0' && used + 1 < sizeof plain; c++)
        if (*c != ',')
            plain[used++] = *c;
    plain[used] = '\0';
    return strtod(plain, NULL);
}

/* 1e-13: the printed decimal and the double that stands for it are not the same number. */
#define ck_printed(what, got, printed)                                                                           \
    ck_assert_msg(fabs((got) - number_of(printed)) <= half_unit(printed) + 1e-13 * fabs(got), "%s: got %.12g, " \
                  "printed %s", what, got, printed)

START_TEST(printed_digits_are_all_asked_for)
{
    ck_assert_double_eq_tol(half_unit("5000.1345"), 0.5e-4, 1e-18);
    ck_assert_double_eq_tol(half_unit("46,211,496,000"), 500, 1e-12);
    ck_assert_double_eq_tol(half_unit("462,114,960"), 5, 1e-12);
    ck_assert_double_eq_tol(half_unit("21753.4215"), 0.5e-4, 1e-18);
    ck_assert_double_eq_tol(half_unit("-0.1698875083"), 0.5e-10, 1e-24);
    ck_assert_double_eq_tol(half_unit("80.16476400"), 0.5e-6, 1e-20);
    ck_assert_double_eq_tol(half_unit("5000"), 0.5, 1e-15);
    ck_assert_double_eq_tol(half_unit("10,000"), 0.5, 1e-15);
}
END_TEST

/* ---- the reference contract -------------------------------------------------------------------------------------- */

static struct scene contract(int8_t right, double strike, double vol)
{
    const struct option_row row = {right, strike, vol, 10000, 10000, 30.0 / 365};
    return scene_of(&row, 1, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);
}

static const struct {
    int32_t     greek;
    const char *call, *put;
} contract_greeks[] = {
    {GEX_GREEK_PRICE, "91.23651522", "80.16476400"},       {GEX_GREEK_DELTA, "0.5285741274", "-0.4703579501"},
    {GEX_GREEK_GAMMA, "0.001848459837", "0.001848459837"}, {GEX_GREEK_VEGA, "569.7307717", "569.7307717"},
    {GEX_GREEK_THETA, "-587.5873757", "-453.1744153"},     {GEX_GREEK_VANNA, "-0.07976230803", "-0.07976230803"},
    {GEX_GREEK_CHARM, "-0.1698875083", "-0.1828736253"},   {GEX_GREEK_VOMMA, "8.358652828", "8.358652828"},
    {GEX_GREEK_SPEED, "-0.000000998168312", "-0.000000998168312"},
    {GEX_GREEK_ZOMMA, "-0.01229594639", "-0.01229594639"}, {GEX_GREEK_COLOR, "0.01132892537", "0.01132892537"},
    {GEX_GREEK_VETA, "-3439.932323", "-3439.932323"},      {GEX_GREEK_ULTIMA, "-213.8776115", "-213.8776115"},
};

START_TEST(reference_contract_has_its_greeks)
{
    struct scene call = contract(GEX_CALL, 5000, 0.15), put = contract(GEX_PUT, 5000, 0.15);
    gex_greeks *calls, *puts;

    ck_assert_int_eq(gex_greeks_compute(NULL, call.market, &calls, NULL), GEX_OK);
    ck_assert_int_eq(gex_greeks_compute(NULL, put.market, &puts, NULL), GEX_OK);
    for (int i = 0; i < LENGTH(contract_greeks); i++) {
        const int32_t greek = contract_greeks[i].greek;
        ck_printed(gex_greek_name(greek), gex_greeks_column(calls, greek)[0], contract_greeks[i].call);
        ck_printed(gex_greek_name(greek), gex_greeks_column(puts, greek)[0], contract_greeks[i].put);
    }
    ck_printed("charms apart by q exp(-qT)",
               gex_greeks_column(calls, GEX_GREEK_CHARM)[0] - gex_greeks_column(puts, GEX_GREEK_CHARM)[0],
               "0.012986117");
    gex_greeks_free(calls);
    gex_greeks_free(puts);
    scene_free(&call);
    scene_free(&put);
}
END_TEST

/* The call of sections 3 and 4, 10,000 contracts, dealer long; ADV 8,000,000 shares, F = S, Mf = 50, beta = -10. */
static const struct {
    int32_t     unit;
    const char *value;
} contract_units[] = {
    {GEX_UNIT_GEX_SHARES_PT, "1848.4598"},
    {GEX_UNIT_GEX_USD_PT, "9,242,299.2"},
    {GEX_UNIT_GEX_USD_PCT, "462,114,960"},
    {GEX_UNIT_GEX_USD_10BP, "46,211,496"},
    {GEX_UNIT_GEX_USD_UNIT, "46,211,496,000"},
    {GEX_UNIT_GEX_SHARES_PCT, "92,422.992"},
    {GEX_UNIT_GEX_FUT_PCT, "1848.4598"},
    {GEX_UNIT_GEX_FUT_PT, "36.969197"},
    {GEX_UNIT_GEX_ADV_PCT, "1.1552874"},
    {GEX_UNIT_DAG, "244,262,010"},
    {GEX_UNIT_GEX_PLUS_USD_PT, "9,361,942.6"},
    {GEX_UNIT_DEX_SHARES, "528,574.13"},
    {GEX_UNIT_DEX_USD, "2,642,870,600"},
    {GEX_UNIT_VEX_USD_UNIT, "-398,811,540"},
    {GEX_UNIT_VEX_USD_VOLPT, "-3,988,115.4"},
    {GEX_UNIT_VEX_USD_RELPCT, "-598,217.31"},
    {GEX_UNIT_VEX_USD_PT_BETA, "119,643.46"},
    {GEX_UNIT_VEGA_USD_VOLPT, "5,697,307.7"},
    {GEX_UNIT_CEX_USD_YEAR, "-849,437,540"},
    {GEX_UNIT_CEX_USD_CALDAY, "-2,327,226.1"},
    {GEX_UNIT_CEX_USD_TRDDAY, "-3,370,783.9"},
    {GEX_UNIT_CEX_USD_HOUR, "-96,967.756"},
    {GEX_UNIT_CEX_USD_RTHHOUR, "-518,582.14"},
    {GEX_UNIT_CEX_USD_MINUTE, "-1,616.1293"},
    {GEX_UNIT_CEX_USD_TOEXP, "-69,816,784"},
    {GEX_UNIT_THETA_USD_CALDAY, "-1,609,828.4"},
    {GEX_UNIT_VOMMA_VEGA_VOLPT, "835.86528"},
    {GEX_UNIT_SPEED_SHARES_PT2, "-0.99816831"},
    {GEX_UNIT_SPEED_USD_PCT2, "-12,477,104"},
    {GEX_UNIT_DGEX_PCT_PER_PCT, "-3,234,804.7"},
    {GEX_UNIT_COLOR_USD_PCT_CALDAY, "7,759,537.9"},
    {GEX_UNIT_ZOMMA_USD_PCT_VOLPT, "-30,739,866"},
    /* these are not printed there: derivatives in 50-digit arithmetic (mpmath) */
    {GEX_UNIT_ULTIMA_VEGA_VOLPT2, "-213.87761"},
    {GEX_UNIT_RHO_USD_BP, "20,972.335"},
    {GEX_UNIT_EPSILON_USD_BP, "-21,722.224"},
    {GEX_UNIT_DEX_FUT, "10,571.483"},
    {GEX_UNIT_DEX_ADV_PCT, "6.6071766"},
    {GEX_UNIT_VEX_SHARES_VOLPT, "-797.62308"},
    {GEX_UNIT_VEX_FUT_VOLPT, "-15.952462"},
    {GEX_UNIT_CEX_SHARES_CALDAY, "-465.44523"},
    {GEX_UNIT_CEX_FUT_CALDAY, "-9.3089046"},
    {GEX_UNIT_VETA_USD_VOLPT_CALDAY, "-94,244.721"},
    {GEX_UNIT_IMPULSE, "501,996,110"},
};
_Static_assert(LENGTH(contract_units) == GEX_UNIT_LAST_, "every unit has a value");

START_TEST(reference_contract_in_every_unit)
{
    struct scene scene = contract(GEX_CALL, 5000, 0.15);
    gex_exposure *exposure = scene_exposure(scene.market, scene.book, contract_units[_i].unit);

    ck_printed(gex_unit_name(contract_units[_i].unit), gex_exposure_total(exposure), contract_units[_i].value);
    gex_exposure_free(exposure);
    scene_free(&scene);
}
END_TEST

static double total_of(const struct scene *scene, int32_t unit)
{
    gex_exposure *exposure = scene_exposure(scene->market, scene->book, unit);
    const double total = gex_exposure_total(exposure);

    gex_exposure_free(exposure);
    return total;
}

START_TEST(out_of_the_money_puts_gain_gamma_from_skew)
{
    struct scene scene = contract(GEX_PUT, 4800, 0.185);

    ck_printed("GEX", total_of(&scene, GEX_UNIT_GEX_USD_PT), "5,288,789.8");
    ck_printed("VEX", total_of(&scene, GEX_UNIT_VEX_USD_PT_BETA), "2,201,970.0");
    scene_free(&scene);
}
END_TEST

START_TEST(a_tenth_of_the_index_has_a_tenth_of_the_exposure)
{
    const struct option_row spy = {GEX_CALL, 500, 0.15, 10000, 10000, 30.0 / 365};
    struct scene scene = scene_of(&spy, 1, 500, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);

    ck_printed("gamma", total_of(&scene, GEX_UNIT_GEX_SHARES_PT) / 1e6, "0.018484598");
    ck_printed("USD_PCT", total_of(&scene, GEX_UNIT_GEX_USD_PCT), "46,211,495.9");
    ck_printed("USD_PT", total_of(&scene, GEX_UNIT_GEX_USD_PT), "9,242,299.2");
    scene_free(&scene);
}
END_TEST

START_TEST(one_day_of_charm_repriced)
{
    struct scene scene = contract(GEX_CALL, 5000, 0.15);
    const int64_t tomorrow = AS_OF + 24 * HOUR;
    gex_flow_options options;
    gex_flow *flow;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.as_of = (gex_i64){&tomorrow, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene.market, scene.book, &options, &flow, NULL), GEX_OK);
    ck_printed("exact 1 day reprice", -gex_flow_column(flow, GEX_FLOW_USD_AT_START)[0], "-2,347,941.9");
    gex_flow_free(flow);
    scene_free(&scene);
}
END_TEST

/* Section 2: at-the-money gamma of one strike, vol 0.16, and the dollar gamma of 1,000 contracts, $m. */
static const struct {
    double      years;
    const char *gamma, *usd_pct;
} clocks[] = {
    {3.0 / 8760, "0.026946662", "673.666542"},     {3.0 / (6.5 * 252), "0.01165149", "291.287240"},
    {1.0 / 365, "0.0095260801", "238.152004"},     {1.0 / 262, "0.0080704526", "201.761315"},
    {1.0 / 252, "0.0079148853", "197.872133"},     {300.0 / 31536000, "0.16168234", "4042.058383"},
    {1e-6, "0.49867783", "12466.945715"},
};

START_TEST(gamma_depends_on_the_clock)
{
    const struct option_row row = {GEX_CALL, 5000, 0.16, 1000, 1000, clocks[_i].years};
    struct scene scene = scene_of(&row, 1, 5000, 0.04, 0.013, GEX_SIGN_INVENTORY_GIVEN);

    ck_printed("gamma", total_of(&scene, GEX_UNIT_GEX_SHARES_PT) / 1e5, clocks[_i].gamma);
    ck_printed("$m per 1 %", total_of(&scene, GEX_UNIT_GEX_USD_PCT) / 1e6, clocks[_i].usd_pct);
    scene_free(&scene);
}
END_TEST

/* ---- the worked chain -------------------------------------------------------------------------------------------- */

static struct scene worked(int32_t sign)
{
    return scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, sign);
}

static const int32_t books[] = {GEX_SIGN_NAIVE_CALL_LONG, GEX_SIGN_INVENTORY_GIVEN};
enum { NAIVE = 0, INVENTORY = 1, BOOKS = 2 };

static const struct {
    const char *delta, *gamma, *vanna, *charm, *gross; /* gross GEX_USD_PCT, $m */
} lines[WORKED_ROWS] = {
    {"0.50183422", "0.0269466617", "-0.00409506", "-2.674669", "6062.998875"},
    {"0.03656416", "0.0057703233", "0.95828675", "-210.643317", "2885.161627"},
    {"-0.06561908", "0.0076690432", "-1.06860458", "279.793110", "3067.617291"},
    {"-0.49818062", "0.0261301020", "-0.00363031", "-2.659498", "5226.020390"},
    {"0.52857413", "0.0018484598", "-0.07976231", "-0.169888", "554.537951"},
    {"0.15498382", "0.0013292904", "2.00157414", "-1.699470", "1329.290399"},
    {"-0.47051388", "0.0018241902", "-0.07618986", "-0.181932", "820.885579"},
    {"-0.20079032", "0.0010577580", "-1.19025403", "1.194124", "1322.197448"},
    {"-0.05497073", "0.0003231413", "-0.70830260", "0.989783", "484.711923"},
};

START_TEST(every_line_of_the_worked_chain)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const gex_greeks *greeks = gex_exposure_greeks(gamma);

    for (int i = 0; i < WORKED_ROWS; i++) {
        ck_printed("delta", gex_greeks_column(greeks, GEX_GREEK_DELTA)[i], lines[i].delta);
        ck_printed("gamma", gex_greeks_column(greeks, GEX_GREEK_GAMMA)[i], lines[i].gamma);
        ck_printed("vanna", gex_greeks_column(greeks, GEX_GREEK_VANNA)[i], lines[i].vanna);
        ck_printed("charm", gex_greeks_column(greeks, GEX_GREEK_CHARM)[i], lines[i].charm);
        ck_printed("gross", fabs(gex_exposure_rows(gamma)[i]) / 1e6, lines[i].gross);
    }
    ck_printed("straddle",
               gex_greeks_column(greeks, GEX_GREEK_PRICE)[0] + gex_greeks_column(greeks, GEX_GREEK_PRICE)[3],
               "11.996925");
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t     sign, customer;
    const char *gex, *zero_dte, *dex, *vex, *cex_hour; /* $m */
} totals[] = {
    {GEX_SIGN_NAIVE_CALL_LONG, 0, "-89.4438", "654.5228", "22316.1964", "1093.7184", "-506.7459"},
    {GEX_SIGN_NAIVE_CALL_SHORT, 0, "89.4438", "-654.5228", "-22316.1964", "-1093.7184", "506.7459"},
    {GEX_SIGN_DEALER_ALL_LONG, 0, "21753.4215", "17241.7982", "-4526.1631", "-111.3715", "15.0843"},
    {GEX_SIGN_DEALER_ALL_SHORT, 0, "-21753.4215", "-17241.7982", "4526.1631", "111.3715", "-15.0843"},
    {GEX_SIGN_INVENTORY_GIVEN, 0, "-2591.1542", "-2757.1271", "4255.2595", "390.5277", "-154.1278"},
    {GEX_SIGN_INVENTORY_GIVEN, 1, "2591.1542", "2757.1271", "-4255.2595", "-390.5277", "154.1278"},
};

static gex_book *customer_view(const gex_chain *chain, int32_t sign)
{
    gex_book_options options;
    gex_book *book;

    gex_book_options_init(&options, sizeof options);
    options.sign = sign;
    options.customer_view = 1;
    options.positions = (gex_f64){&worked_rows->dealer, sizeof *worked_rows};
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    return book;
}

START_TEST(totals_by_every_sign)
{
    struct scene scene = worked(totals[_i].sign);
    gex_exposure *gamma;

    if (totals[_i].customer) {
        gex_book_free(scene.book);
        scene.book = customer_view(scene.chain, totals[_i].sign);
    }
    gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    ck_printed("GEX", gex_exposure_total(gamma) / 1e6, totals[_i].gex);
    ck_printed("0DTE", gex_exposure_by(gamma, GEX_BY_ZERO_DTE, GEX_SUM_NET, NULL)[0] / 1e6, totals[_i].zero_dte);
    ck_printed("DEX", total_of(&scene, GEX_UNIT_DEX_USD) / 1e6, totals[_i].dex);
    ck_printed("VEX", total_of(&scene, GEX_UNIT_VEX_USD_VOLPT) / 1e6, totals[_i].vex);
    ck_printed("CEX", total_of(&scene, GEX_UNIT_CEX_USD_HOUR) / 1e6, totals[_i].cex_hour);
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t     unit;
    const char *value[BOOKS]; /* $m, ADV in percent */
    double      scale;
} more_totals[] = {
    {GEX_UNIT_CEX_USD_CALDAY, {"-12161.9014", "-3699.0664"}, 1e6},
    {GEX_UNIT_GEX_USD_PT, {"-1.788876", "-51.823085"}, 1e6},
    {GEX_UNIT_VEX_USD_PT_BETA, {"-37.233498", "-9.615689"}, 1e6},
    {GEX_UNIT_GEX_PLUS_USD_PT, {"-39.022373", "-61.438774"}, 1e6},
    {GEX_UNIT_GEX_ADV_PCT, {"-0.223609", "-6.477886"}, 1.0},
    {GEX_UNIT_IMPULSE, {"-11026.63", "-6496.43"}, 1e6}, /* the totals of GEX_USD_PCT less ten times VEX_USD_VOLPT */
};

START_TEST(totals_in_further_units)
{
    for (int b = 0; b < BOOKS; b++) {
        struct scene scene = worked(books[b]);

        ck_printed(gex_unit_name(more_totals[_i].unit), total_of(&scene, more_totals[_i].unit) / more_totals[_i].scale,
                   more_totals[_i].value[b]);
        scene_free(&scene);
    }
}
END_TEST

START_TEST(calls_against_puts)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const double *gross = gex_exposure_by(gamma, GEX_BY_RIGHT, GEX_SUM_GROSS, NULL), call = gross[0], put = gross[1];

    ck_printed("calls", call / 1e6, "10831.988852");
    ck_printed("puts", put / 1e6, "10921.432632");
    ck_printed("C/P", call / put, "0.991810252");
    ck_printed("(C - P)/(C + P)", (call - put) / (call + put), "-0.004111711");
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

static const struct {
    double      strike;
    const char *value[BOOKS]; /* $m */
} by_strike[] = {
    {4500, {"-484.7119", "201.9633"}},  {4800, {"-1322.1974", "-528.8790"}}, {4975, {"-3067.6173", "-958.6304"}},
    {5000, {"570.6309", "-3168.1244"}}, {5025, {"2885.1616", "865.5485"}},   {5200, {"1329.2904", "996.9678"}},
};

START_TEST(net_by_strike)
{
    struct scene scene = worked(books[_i]);
    gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    int64_t count;
    const double *net = gex_exposure_by(gamma, GEX_BY_STRIKE, GEX_SUM_NET, &count);

    ck_assert_int_eq(count, LENGTH(by_strike));
    for (int k = 0; k < LENGTH(by_strike); k++) {
        ck_assert_double_eq(gex_chain_strikes(scene.chain, NULL)[k], by_strike[k].strike);
        ck_printed("net", net[k] / 1e6, by_strike[k].value[_i]);
    }
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

/* ---- flips ------------------------------------------------------------------------------------------------------- */

enum { ALL, TWO_HOURS_LATER, ZERO_DTE, WITHOUT_ZERO_DTE, DTE_WEIGHTED };

/* Roots as printed, ascending; a minus is down, a plus is up, and "n" NEGLIGIBLE. */
struct root {
    const char *price;
    int32_t     direction, status;
};
#define UP(price)   {price, GEX_UP, GEX_ROOT_FOUND}
#define DOWN(price) {price, GEX_DOWN, GEX_ROOT_FOUND}
#define NEGLIGIBLE_DOWN(price) {price, GEX_DOWN, GEX_ROOT_NEGLIGIBLE}

static const struct flip_case {
    const char *name;
    int32_t     unit;
    int         book, change;
    struct root root[5];
} flip_cases[] = {
    {"naive", GEX_UNIT_GEX_USD_PCT, NAIVE, ALL, {UP("5000.1345")}},
    {"naive, later", GEX_UNIT_GEX_USD_PCT, NAIVE, TWO_HOURS_LATER, {UP("4998.6853")}},
    {"naive, 0DTE", GEX_UNIT_GEX_USD_PCT, NAIVE, ZERO_DTE, {UP("4998.9824"), NEGLIGIBLE_DOWN("5282.2820")}},
    {"naive, without 0DTE", GEX_UNIT_GEX_USD_PCT, NAIVE, WITHOUT_ZERO_DTE, {UP("5053.8515")}},
    {"naive, by days", GEX_UNIT_GEX_USD_PCT, NAIVE, DTE_WEIGHTED, {UP("5028.2045")}},
    {"naive, beta -10", GEX_UNIT_GEX_PLUS_USD_PT, NAIVE, ALL,
     {DOWN("4080.0640"), UP("5002.8689"), DOWN("5055.1393"), UP("5149.7599"), NEGLIGIBLE_DOWN("5975.7154")}},
    {"naive, vanna", GEX_UNIT_VEX_USD_VOLPT, NAIVE, ALL, {UP("4683.0481"), DOWN("5284.5502")}},
    {"naive, delta", GEX_UNIT_DEX_USD, NAIVE, ALL, {{NULL, 0, 0}}},
    {"inventory", GEX_UNIT_GEX_USD_PCT, INVENTORY, ALL, {DOWN("4603.9800"), UP("5009.3645")}},
    {"inventory, later", GEX_UNIT_GEX_USD_PCT, INVENTORY, TWO_HOURS_LATER, {DOWN("4604.2127"), UP("5011.2512")}},
    {"inventory, 0DTE", GEX_UNIT_GEX_USD_PCT, INVENTORY, ZERO_DTE, {UP("5010.0718"), NEGLIGIBLE_DOWN("5282.9616")}},
    {"inventory, without 0DTE", GEX_UNIT_GEX_USD_PCT, INVENTORY, WITHOUT_ZERO_DTE,
     {DOWN("4603.9800"), UP("4973.6626")}},
    {"inventory, by days", GEX_UNIT_GEX_USD_PCT, INVENTORY, DTE_WEIGHTED, {DOWN("4603.9800"), UP("4989.6091")}},
    {"inventory, beta -10", GEX_UNIT_GEX_PLUS_USD_PT, INVENTORY, ALL,
     {UP("4065.5296"), DOWN("4743.4307"), UP("5011.0261")}},
    {"inventory, vanna", GEX_UNIT_VEX_USD_VOLPT, INVENTORY, ALL,
     {DOWN("4360.2464"), UP("4846.6747"), DOWN("5244.8529")}},
    {"inventory, delta", GEX_UNIT_DEX_USD, INVENTORY, ALL, {{NULL, 0, 0}}},
};

static void apply_change(struct scene *scene, int change)
{
    double weights[WORKED_ROWS];
    gex_book *weighted;
    gex_market *later;

    for (int i = 0; i < WORKED_ROWS; i++)
        weights[i] = change == ZERO_DTE           ? i < WORKED_ZERO_DTE
                     : change == WITHOUT_ZERO_DTE ? i >= WORKED_ZERO_DTE
                     : change == DTE_WEIGHTED     ? fmin(1.0, 365.0 * worked_rows[i].years / 5.0)
                                                  : 1.0;
    weighted = scene_weighted(scene->book, weights);
    gex_book_free(scene->book);
    scene->book = weighted;
    if (change == TWO_HOURS_LATER) {
        later = scene_market(scene->chain, 5000, 0.04, 0.013, AS_OF + 2 * HOUR);
        gex_market_free(scene->market);
        scene->market = later;
    }
}

static void check_roots(const char *name, const gex_flips *flips, const struct root *root, int64_t capacity)
{
    int64_t count = 0, found = 0;

    for (; count < capacity && root[count].price != NULL; count++) {
        ck_assert_msg(gex_flips_count(flips) > count, "%s: root %s is missing", name, root[count].price);
        ck_printed(name, gex_flips_price(flips, count), root[count].price);
        ck_assert_int_eq(gex_flips_direction(flips, count), root[count].direction);
        ck_assert_msg(gex_flips_root_status(flips, count) == root[count].status, "%s %s: size %g", name,
                      root[count].price, gex_flips_size(flips, count));
        found += root[count].status == GEX_ROOT_FOUND;
    }
    ck_assert_msg(gex_flips_count(flips) == count, "%s: a root too many at %g", name, gex_flips_price(flips, count));
    ck_assert_int_eq(gex_flips_status(flips) == GEX_ROOTS_FOUND, found > 0);
    ck_assert_int_eq(gex_flips_nearest(flips) >= 0, found > 0);
}

START_TEST(every_flip_of_the_worked_chain)
{
    const struct flip_case *c = &flip_cases[_i];
    struct scene scene = worked(books[c->book]);
    gex_flips *flips;

    apply_change(&scene, c->change);
    flips = scene_flips(scene.market, scene.book, c->unit);
    check_roots(c->name, flips, c->root, LENGTH(c->root));
    if (c->root[0].price == NULL) /* neither sign set lets the delta of the book cross zero */
        ck_assert_int_eq(gex_flips_status(flips), GEX_ROOTS_NONE_POSITIVE);
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

START_TEST(the_clock_moves_the_flip)
{
    const struct root root[] = {UP("4991.2256")};
    struct option_row rows[WORKED_ROWS];
    struct scene scene;
    gex_flips *flips;

    memcpy(rows, worked_rows, sizeof rows);
    for (int i = 0; i < WORKED_ROWS; i++)
        rows[i].years = i < WORKED_ZERO_DTE ? 1.0 / 252 : 21.0 / 252;
    scene = scene_of(rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    flips = scene_flips(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    check_roots("1/252 and 21/252", flips, root, 1);
    ck_printed("GEX", total_of(&scene, GEX_UNIT_GEX_USD_PCT) / 1e6, "673.1143");
    gex_flips_free(flips);
    scene_free(&scene);
}
END_TEST

/* ---- levels read off strikes ------------------------------------------------------------------------------------- */

static const struct {
    int         book;
    int32_t     level;
    const char *price, *value; /* value in $m, contracts for the OI walls */
} levels[] = {
    {NAIVE, GEX_LEVEL_CALL_WALL_MAX_CALL, "5000", NULL},
    {NAIVE, GEX_LEVEL_CALL_WALL_NET, "5025", "2885.1616"},
    {NAIVE, GEX_LEVEL_CALL_WALL_OI, "5200", "40,000"},
    {NAIVE, GEX_LEVEL_PUT_WALL_MAX_PUT, "5000", NULL},
    {NAIVE, GEX_LEVEL_PUT_WALL_NET, "4975", "-3067.6173"},
    {NAIVE, GEX_LEVEL_PUT_WALL_OI, "4500", "60,000"},
    {NAIVE, GEX_LEVEL_ABS_GAMMA, "5000", "12,664.4428"},
    {NAIVE, GEX_LEVEL_HVL_CENTROID, "4974.5850", NULL},
    {INVENTORY, GEX_LEVEL_CALL_WALL_NET, "5200", "996.9678"},
    {INVENTORY, GEX_LEVEL_PUT_WALL_NET, "5000", "-3168.1244"},
    {INVENTORY, GEX_LEVEL_HVL_CENTROID, "4998.5579", NULL},
};

START_TEST(walls_of_the_worked_chain)
{
    struct scene scene = worked(books[levels[_i].book]);
    gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
    const bool contracts = levels[_i].level == GEX_LEVEL_CALL_WALL_OI || levels[_i].level == GEX_LEVEL_PUT_WALL_OI;
    double price, value;

    ck_assert_int_eq(gex_level(gamma, levels[_i].level, &price, &value, NULL), GEX_OK);
    ck_printed(gex_level_name(levels[_i].level), price, levels[_i].price);
    if (levels[_i].value != NULL)
        ck_printed(gex_level_name(levels[_i].level), contracts ? value : value / 1e6, levels[_i].value);
    gex_exposure_free(gamma);
    scene_free(&scene);
}
END_TEST

static const struct {
    int32_t     kind;
    const char *price[BOOKS][3];
} strike_flips[] = {
    {GEX_STRIKE_SIGN, {{"4996.0789"}, {"4582.9030", "5019.6355"}}},
    {GEX_STRIKE_CUM, {{NULL}, {"4614.5612"}}},
};

START_TEST(sign_changes_between_strikes)
{
    for (int b = 0; b < BOOKS; b++) {
        struct scene scene = worked(books[b]);
        gex_exposure *gamma = scene_exposure(scene.market, scene.book, GEX_UNIT_GEX_USD_PCT);
        double price[WORKED_ROWS];
        int64_t count, expected = 0;

        ck_assert_int_eq(gex_strike_flips(gamma, strike_flips[_i].kind, price, WORKED_ROWS, &count, NULL), GEX_OK);
        for (; strike_flips[_i].price[b][expected] != NULL; expected++) {
            ck_assert_int_gt(count, expected);
            ck_printed("strike flip", price[expected], strike_flips[_i].price[b][expected]);
        }
        ck_assert_int_eq(count, expected);
        gex_exposure_free(gamma);
        scene_free(&scene);
    }
}
END_TEST

START_TEST(max_pain_of_both_expiries)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);

    for (int64_t e = 0; e < 2; e++) {
        double price;
        ck_assert_int_eq(gex_max_pain(scene.chain, e, &price, NULL), GEX_OK);
        ck_assert_double_eq(price, 5000);
    }
    scene_free(&scene);
}
END_TEST

/* ---- flow -------------------------------------------------------------------------------------------------------- */

static const struct flow_case {
    const char *name;
    double      spot;
    int64_t     hours;
    double      shift;
    const char *linear[BOOKS], *exact[BOOKS];
} flow_cases[] = {
    {"-1 %", 4950, 0, 0, {"-17,888.8", "-518,230.8"}, {"-1,485,686.8", "-610,837.2"}},
    {"-0.25 %", 4987.5, 0, 0, {"-4,472.2", "-129,557.7"}, {"-193,476.5", "-172,786.7"}},
    {"+0.25 %", 5012.5, 0, 0, {"4,472.2", "129,557.7"}, {"-216,073.6", "45,679.2"}},
    {"+1 %", 5050, 0, 0, {"17,888.8", "518,230.8"}, {"-1,720,012.5", "-390,603.5"}},
    {"one hour", 5000, 1, 0, {"101,349.2", "30,825.6"}, {"100,392.9", "30,551.0"}},
    {"to the close", 5000, 3, 0, {"304,047.5", "92,476.7"}, {"184,689.6", "55,670.8"}},
    {"vol +1", 5000, 0, 0.01, {"-218,743.7", "-78,105.5"}, {"-214,665.0", "-75,070.2"}},
    {"joint", 4975, 1, 0.01, {NULL, NULL}, {"-833,501.9", "-432,704.8"}},
};

static gex_flow *flow_of(const struct scene *scene, double spot, int64_t as_of, double shift)
{
    gex_flow_options options;
    gex_flow *flow;

    gex_flow_options_init(&options, sizeof options);
    options.rows = 1;
    options.spot = (gex_f64){&spot, 0};
    options.as_of = (gex_i64){&as_of, 0};
    options.vol_shift = (gex_f64){&shift, 0};
    ck_assert_int_eq(gex_flow_compute(NULL, scene->market, scene->book, &options, &flow, NULL), GEX_OK);
    return flow;
}

static double flow_column(const gex_flow *flow, int32_t column)
{
    return gex_flow_column(flow, column)[0];
}

START_TEST(every_flow_of_the_worked_chain)
{
    const struct flow_case *c = &flow_cases[_i];

    for (int b = 0; b < BOOKS; b++) {
        struct scene scene = worked(books[b]);
        gex_flow *flow = flow_of(&scene, c->spot, AS_OF + c->hours * HOUR, c->shift);

        ck_printed(c->name, flow_column(flow, GEX_FLOW_EXACT), c->exact[b]);
        if (c->linear[b] != NULL)
            ck_printed(c->name, flow_column(flow, GEX_FLOW_LINEAR), c->linear[b]);
        ck_assert_double_eq(flow_column(flow, GEX_FLOW_UNWIND), 0.0);
        gex_flow_free(flow);
        scene_free(&scene);
    }
}
END_TEST

static const struct {
    int32_t     column;
    const char *value[BOOKS];
} joint[] = {
    {GEX_FLOW_SPOT_ALONE, {"-661,750.4", "-367,539.2"}}, {GEX_FLOW_TIME_ALONE, {"100,392.9", "30,551.0"}},
    {GEX_FLOW_VOL_ALONE, {"-214,665.0", "-75,070.2"}},   {GEX_FLOW_CROSS, {"-57,479.5", "-20,646.5"}},
    {GEX_FLOW_SPOT, {"-695,095.5", "-378,971.8"}},       {GEX_FLOW_TIME, {"54,197.6", "10,233.6"}},
    {GEX_FLOW_VOL, {"-192,604.1", "-63,966.6"}},
};

START_TEST(the_joint_step_attributed)
{
    for (int b = 0; b < BOOKS; b++) {
        struct scene scene = worked(books[b]);
        gex_flow *flow = flow_of(&scene, 4975, AS_OF + HOUR, 0.01);

        ck_printed(gex_flow_name(joint[_i].column), flow_column(flow, joint[_i].column), joint[_i].value[b]);
        gex_flow_free(flow);
        scene_free(&scene);
    }
}
END_TEST

/* "Adding speed (naive +1 %: -3,303,239 shares) is no better." */
START_TEST(speed_does_not_reach_fifty_points)
{
    struct scene scene = worked(GEX_SIGN_NAIVE_CALL_LONG);
    const double gamma = total_of(&scene, GEX_UNIT_GEX_SHARES_PT), speed = total_of(&scene, GEX_UNIT_SPEED_SHARES_PT2);

    ck_printed("second order", -(gamma * 50.0 + 0.5 * speed * 2500.0), "-3,303,239");
    scene_free(&scene);
}
END_TEST

static const char *const close_zero_dte[BOOKS] = {"178,314.1", "54,016.6"};
static const char *const removed[BOOKS] = {"1,028,314.1", "4,016.6"};

START_TEST(zero_dte_to_the_close_and_gone)
{
    struct scene scene = worked(books[_i]);
    gex_flow *close, *after;

    apply_change(&scene, ZERO_DTE);
    close = flow_of(&scene, 5000, AS_OF + 3 * HOUR, 0.0);
    after = flow_of(&scene, 5000, AS_OF + 3 * HOUR + 1, 0.0);
    ck_printed("to the close", flow_column(close, GEX_FLOW_EXACT), close_zero_dte[_i]);
    ck_printed("time", flow_column(after, GEX_FLOW_TIME), close_zero_dte[_i]);
    ck_printed("gone", flow_column(after, GEX_FLOW_EXACT) + flow_column(after, GEX_FLOW_UNWIND), removed[_i]);
    ck_printed("delta now", total_of(&scene, GEX_UNIT_DEX_SHARES), removed[_i]);
    gex_flow_free(close);
    gex_flow_free(after);
    scene_free(&scene);
}
END_TEST

START_TEST(open_interest_alpha)
{
    const struct option_row row = {GEX_CALL, 5000, 0.15, 10000, 0, 30.0 / 365};
    const double net_volume = 3000 - 1800;
    gex_chain *chain = scene_chain(&row, 1, 100.0);
    gex_book_options options;
    gex_book *book;

    gex_book_options_init(&options, sizeof options);
    options.sign = GEX_SIGN_OI_ALPHA;
    options.alpha = 0.4;
    options.net_volume = (gex_f64){&net_volume, 0};
    ck_assert_int_eq(gex_book_create(NULL, chain, &options, &book, NULL), GEX_OK);
    ck_assert_double_eq(gex_book_positions(book)[0], 10480);
    gex_book_free(book);
    gex_chain_free(chain);
}
END_TEST

Suite *suite_worked_chain(void)
{
    Suite *suite = suite_create("worked_chain");
    TCase *contract_case = tcase_create("contract"), *chain_case = tcase_create("chain"),
          *flow_case = tcase_create("flow");

    tcase_add_test(contract_case, printed_digits_are_all_asked_for);
    tcase_add_test(contract_case, reference_contract_has_its_greeks);
    tcase_add_loop_test(contract_case, reference_contract_in_every_unit, 0, LENGTH(contract_units));
    tcase_add_test(contract_case, out_of_the_money_puts_gain_gamma_from_skew);
    tcase_add_test(contract_case, a_tenth_of_the_index_has_a_tenth_of_the_exposure);
    tcase_add_test(contract_case, one_day_of_charm_repriced);
    tcase_add_loop_test(contract_case, gamma_depends_on_the_clock, 0, LENGTH(clocks));
    suite_add_tcase(suite, contract_case);

    tcase_add_test(chain_case, every_line_of_the_worked_chain);
    tcase_add_loop_test(chain_case, totals_by_every_sign, 0, LENGTH(totals));
    tcase_add_loop_test(chain_case, totals_in_further_units, 0, LENGTH(more_totals));
    tcase_add_test(chain_case, calls_against_puts);
    tcase_add_loop_test(chain_case, net_by_strike, 0, BOOKS);
    tcase_add_loop_test(chain_case, every_flip_of_the_worked_chain, 0, LENGTH(flip_cases));
    tcase_add_test(chain_case, the_clock_moves_the_flip);
    tcase_add_loop_test(chain_case, walls_of_the_worked_chain, 0, LENGTH(levels));
    tcase_add_loop_test(chain_case, sign_changes_between_strikes, 0, LENGTH(strike_flips));
    tcase_add_test(chain_case, max_pain_of_both_expiries);
    suite_add_tcase(suite, chain_case);

    tcase_add_loop_test(flow_case, every_flow_of_the_worked_chain, 0, LENGTH(flow_cases));
    tcase_add_loop_test(flow_case, the_joint_step_attributed, 0, LENGTH(joint));
    tcase_add_test(flow_case, speed_does_not_reach_fifty_points);
    tcase_add_loop_test(flow_case, zero_dte_to_the_close_and_gone, 0, BOOKS);
    tcase_add_test(flow_case, open_interest_alpha);
    suite_add_tcase(suite, flow_case);
    return suite;
}
