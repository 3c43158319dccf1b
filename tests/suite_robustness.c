/* SPDX-License-Identifier: Apache-2.0 */
/* The headline numbers under one other choice at a time, each beside a market and a book made by hand. */
#include "scene.h"

Suite *suite_robustness(void);

enum { QUOTED = 44 }; /* two expiries with bid and ask at eleven strikes, given vols a little off them */

struct bench {
    double                 strike[QUOTED], bid[QUOTED], ask[QUOTED], vol[QUOTED], interest[QUOTED], volume[QUOTED];
    double                 dealer[QUOTED], weight[QUOTED], forward[2], row_forward[QUOTED];
    int64_t                settlement[QUOTED];
    int8_t                 right[QUOTED];
    gex_chain             *chain;
    gex_market_options     market;
    gex_book_options       book;
    gex_robustness_options options;
};

static void quotes_put(struct bench *bench)
{
    static const double years[2] = {3.0 / 8760, 30.0 / 365};
    const int32_t greek = GEX_GREEK_PRICE;
    double spot = 5000, rate = 0.05, price;
    double *const output = &price;

    for (int i = 0; i < QUOTED; i++) {
        const int late = i / 22;
        gex_european_columns in;

        bench->strike[i] = 4900 + 20 * (i / 2 % 11);
        bench->right[i] = i % 2 ? GEX_PUT : GEX_CALL;
        bench->vol[i] = 0.15 + 3e-5 * (5000 - bench->strike[i]);
        bench->interest[i] = 1000 + i * 7919 % 5000;
        bench->volume[i] = i * 104729 % 3000;
        bench->dealer[i] = 40.0 * i - 900.0;
        bench->weight[i] = 0.5 - 0.02 * i;
        bench->row_forward[i] = 5005;
        bench->settlement[i] = AS_OF + (int64_t)llround(years[late] * YEAR);
        gex_european_columns_init(&in, sizeof in);
        in.rows = 1;
        in.spot = (gex_f64){&spot, 0};
        in.strike = (gex_f64){&bench->strike[i], 0};
        in.years = (gex_f64){&years[late], 0};
        in.vol = (gex_f64){&bench->vol[i], 0};
        in.right = (gex_i8){&bench->right[i], 0};
        in.rate = (gex_f64){&rate, 0};
        ck_assert_int_eq(gex_european(NULL, &in, &greek, 1, &output, NULL, NULL), GEX_OK);
        bench->bid[i] = price * 0.99;
        bench->ask[i] = price * 1.01;
        bench->vol[i] += 0.01;
    }
    bench->vol[3] = bench->vol[30] = 0.0; /* otm and implied have one there */
}

static void bench_open(struct bench *bench)
{
    gex_chain_columns columns;

    quotes_put(bench);
    gex_chain_columns_init(&columns, sizeof columns);
    columns.rows = QUOTED;
    columns.root = (gex_text){"SPXW", 0, 4};
    columns.settlement = (gex_i64){bench->settlement, sizeof(int64_t)};
    columns.strike = (gex_f64){bench->strike, sizeof(double)};
    columns.right = (gex_i8){bench->right, 1};
    columns.bid = (gex_f64){bench->bid, sizeof(double)};
    columns.ask = (gex_f64){bench->ask, sizeof(double)};
    columns.vol = (gex_f64){bench->vol, sizeof(double)};
    columns.open_interest = (gex_f64){bench->interest, sizeof(double)};
    columns.volume = (gex_f64){bench->volume, sizeof(double)};
    ck_assert_int_eq(gex_chain_create(NULL, &columns, NULL, &bench->chain, NULL), GEX_OK);
    gex_market_options_init(&bench->market, sizeof bench->market);
    bench->market.clock = GEX_CLOCK_CAL_365;
    bench->market.as_of = AS_OF;
    bench->market.spot = 5000;
    bench->market.vol = GEX_VOL_OTM;
    bench->market.forward = GEX_FORWARD_IMPLIED;
    bench->market.style = GEX_STYLE_EUROPEAN;
    bench->market.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    bench->market.rate = 0.01;
    gex_book_options_init(&bench->book, sizeof bench->book);
    bench->book.sign = GEX_SIGN_NAIVE_CALL_LONG;
    gex_robustness_options_init(&bench->options, sizeof bench->options);
}

/* Every column there can be. */
static void columns_give(struct bench *bench)
{
    bench->forward[0] = 5001, bench->forward[1] = 5010;
    bench->market.forwards = (gex_f64){bench->forward, sizeof(double)};
    bench->market.row_forwards = (gex_f64){bench->row_forward, sizeof(double)};
    bench->book.positions = (gex_f64){bench->dealer, sizeof(double)};
    bench->book.weights = (gex_f64){bench->weight, sizeof(double)};
    bench->book.net_volume = (gex_f64){bench->dealer, sizeof(double)};
    bench->book.alpha = 0.4;
}

static gex_robustness *computed(const struct bench *bench)
{
    gex_robustness *made = NULL;
    gex_error error;

    ck_assert_msg(gex_robustness_compute(NULL, bench->chain, &bench->market, &bench->book, &bench->options, &made,
                                         &error) == GEX_OK, "%s", error.message);
    return made;
}

/* ---- each entry by hand ------------------------------------------------------------------------------------------ */

static int32_t fallback_find(const char *name)
{
    return strcmp(name, "neighbours") == 0 ? GEX_FALLBACK_NEIGHBOURS : GEX_FALLBACK_RATE;
}

/* The options an entry stands for, by the names it prints. */
static void choice_apply(int32_t vary, const char *choice, gex_market_options *market, gex_book_options *book)
{
    switch (vary) {
    case GEX_VARY_BASE: ck_assert_str_eq(choice, ""); break;
    case GEX_VARY_SIGN: book->sign = gex_sign_find(choice); break;
    case GEX_VARY_CLOCK: market->clock = market->vol_clock = gex_clock_find(choice); break;
    case GEX_VARY_FORWARD: market->forward = gex_forward_find(choice); break;
    case GEX_VARY_FALLBACK: market->fallback = fallback_find(choice); break;
    case GEX_VARY_VOL: market->vol = gex_vol_find(choice); break;
    case GEX_VARY_VOL_LEVEL: break; /* the market is shifted */
    default:
        ck_assert_int_eq(vary, GEX_VARY_DYNAMICS);
        ck_assert_int_eq(gex_dynamics_parse(choice, &market->dynamics, &market->dynamics_parameter, NULL), GEX_OK);
    }
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static gex_market *shifted(gex_market *market, double vol_shift)
{
    gex_shift_options options;
    gex_market *moved;

    gex_shift_options_init(&options, sizeof options);
    options.vol_shift = vol_shift;
    ck_assert_int_eq(gex_market_shift(NULL, market, &options, &moved, NULL), GEX_OK);
    gex_market_free(market);
    return moved;
}

/* Where a root of the base has gone, by looking at all there are. */
static void check_roots(const gex_robustness *made, int64_t i)
{
    const gex_flips *base = gex_robustness_flips(made, 0), *flips = gex_robustness_flips(made, i);

    for (int64_t r = 0; r < gex_flips_count(base); r++) {
        double nearest = NOT_A_NUMBER, away = INFINITY;

        for (int64_t k = 0; k < gex_flips_count(flips); k++)
            if (gex_flips_root_status(base, r) == GEX_ROOT_FOUND && gex_flips_root_status(flips, k) == GEX_ROOT_FOUND &&
                gex_flips_direction(flips, k) == gex_flips_direction(base, r) &&
                fabs(gex_flips_price(flips, k) - gex_flips_price(base, r)) < away) {
                nearest = gex_flips_price(flips, k);
                away = fabs(nearest - gex_flips_price(base, r));
            }
        ck_assert(same(gex_robustness_root(made, i, r), nearest));
    }
    ck_assert_double_nan(gex_robustness_root(made, i, -1));
    ck_assert_double_nan(gex_robustness_root(made, i, gex_flips_count(base)));
}

/* A map is made of the same stages by other hands: its numbers are the entry's, bit for bit. */
static void check_entry(const struct bench *bench, const gex_robustness *made, int64_t i)
{
    gex_market_options market_options = bench->market;
    gex_book_options book_options = bench->book;
    gex_market *market;
    gex_book *book;
    gex_map_options map_options;
    gex_map *map;
    double flip;

    choice_apply(gex_robustness_vary(made, i), gex_robustness_choice(made, i), &market_options, &book_options);
    ck_assert_int_eq(gex_robustness_status(made, i), GEX_OK);
    ck_assert_int_eq(gex_market_create(NULL, bench->chain, &market_options, &market, NULL), GEX_OK);
    if (gex_robustness_vary(made, i) == GEX_VARY_VOL_LEVEL)
        market = shifted(market, strtod(gex_robustness_choice(made, i), NULL) / 100.0);
    ck_assert_int_eq(gex_book_create(NULL, bench->chain, &book_options, &book, NULL), GEX_OK);
    gex_map_options_init(&map_options, sizeof map_options);
    map_options.zero_flow = bench->options.zero_flow;
    ck_assert_int_eq(gex_map_compute(NULL, market, book, &map_options, &map, NULL), GEX_OK);
    flip = gex_flips_price(gex_map_flips(map), gex_flips_nearest(gex_map_flips(map)));
    ck_assert_double_eq(gex_robustness_value(made, i, GEX_ROBUST_NET), gex_exposure_total(gex_map_gamma(map)));
    ck_assert_double_eq(gex_robustness_value(made, i, GEX_ROBUST_GROSS), gex_exposure_gross(gex_map_gamma(map)));
    ck_assert_double_eq(gex_robustness_value(made, i, GEX_ROBUST_ZERO_DTE_NET),
                        gex_exposure_by(gex_map_gamma(map), GEX_BY_ZERO_DTE, GEX_SUM_NET, NULL)[0]);
    ck_assert(same(gex_robustness_value(made, i, GEX_ROBUST_FLIP), flip));
    ck_assert(same(gex_robustness_value(made, i, GEX_ROBUST_DAILY_SIGMA), gex_map_daily_sigma(map)));
    ck_assert_double_eq(gex_robustness_value(made, i, GEX_ROBUST_USED),
                        (double)gex_exposure_count_used(gex_map_gamma(map)));
    ck_assert(same(gex_robustness_value(made, i, GEX_ROBUST_ZERO_FLOW),
                   gex_flips_price(gex_map_zero_flow(map), gex_flips_nearest(gex_map_zero_flow(map)))));
    ck_assert_int_eq(gex_robustness_regime(made, i), gex_map_regime(map));
    ck_assert_int_eq(gex_robustness_roots(made, i), gex_flips_status(gex_map_flips(map)));
    ck_assert_int_eq(gex_flips_count(gex_robustness_flips(made, i)), gex_flips_count(gex_map_flips(map)));
    check_roots(made, i);
    gex_map_free(map);
    gex_book_free(book);
    gex_market_free(market);
}

static void check_all(const struct bench *bench, int64_t count)
{
    gex_robustness *made = computed(bench);

    ck_assert_int_eq(gex_robustness_count(made), count);
    for (int64_t i = 0; i < count; i++) {
        check_entry(bench, made, i);
        for (int64_t j = 0; j < i; j++) /* nothing is tried twice */
            ck_assert(gex_robustness_vary(made, i) != gex_robustness_vary(made, j) ||
                      strcmp(gex_robustness_choice(made, i), gex_robustness_choice(made, j)) != 0);
    }
    gex_robustness_free(made);
}

START_TEST(every_entry_is_the_map_of_its_choices)
{
    struct bench bench;

    bench_open(&bench);
    check_all(&bench, 1 + 6 + 5 + 1 + 1 + 2 + 3 + 2);
    bench.options.zero_flow = AS_OF + 3 * HOUR;
    columns_give(&bench);
    check_all(&bench, 1 + 9 + 5 + 3 + 1 + 2 + 3 + 2);
    gex_chain_free(bench.chain);
}
END_TEST

/* Another base: its own choices are what is not tried, and without implied forwards there is no fallback. */
START_TEST(the_base_is_not_tried_again)
{
    struct bench bench;

    bench_open(&bench);
    columns_give(&bench);
    bench.market.forward = GEX_FORWARD_GIVEN;
    bench.market.vol = GEX_VOL_IMPLIED;
    bench.market.clock = GEX_CLOCK_VARIANCE_CLOCK;
    bench.market.vol_clock = GEX_CLOCK_BUS_252_DAYS;
    bench.market.dynamics = GEX_DYNAMICS_BETA;
    bench.market.dynamics_parameter = -10;
    bench.book.sign = GEX_SIGN_INVENTORY_GIVEN;
    bench.book.customer_view = 1;
    check_all(&bench, 1 + 9 + 5 + 3 + 0 + 2 + 3 + 2);
    bench.market.dynamics_parameter = -5; /* BETA=-10 is another one */
    check_all(&bench, 1 + 9 + 5 + 3 + 0 + 2 + 4 + 2);
    bench.options.beta = 0;
    bench.options.left_out = 1 << GEX_VARY_SIGN | 1 << GEX_VARY_CLOCK | 1 << GEX_VARY_BASE;
    check_all(&bench, 1 + 3 + 0 + 2 + 3 + 2);
    gex_chain_free(bench.chain);
}
END_TEST

/* ---- agreement --------------------------------------------------------------------------------------------------- */

static int64_t entry_of(const gex_robustness *made, const char *choice)
{
    for (int64_t i = 0; i < gex_robustness_count(made); i++)
        if (strcmp(gex_robustness_choice(made, i), choice) == 0)
            return i;
    ck_abort_msg("no entry %s", choice);
    return -1;
}

/* Section 11 of docs/conventions.md: the naive net is -89.4438, that of the opposite signs +89.4438, and flips are the
 * same prices; the inventory has -2591.1542 and a flip 9.2 away; all long has none. */
START_TEST(worked_chain_agrees_where_it_does)
{
    const struct scene scene = scene_of(worked_rows, WORKED_ROWS, 5000, 0.04, 0.013, GEX_SIGN_NAIVE_CALL_LONG);
    static const struct {
        const char *choice;
        double      net, flip;
        int32_t     sign, near, regime;
    } wanted[] = {{"", -89.4438, 5000.1345, 1, 1, 1},
                  {"NAIVE_CALL_SHORT", 89.4438, 5000.1345, 0, 1, 1}, /* within a tenth of a daily sigma: at the flip */
                  {"INVENTORY_GIVEN", -2591.1542, 5009.3645, 1, 1, 0},
                  {"DEALER_ALL_LONG", 21753.4215, NAN, 0, 0, 0},
                  {"VOLUME_NAIVE", 0, NAN, -1, -1, -1}}; /* no volume was given */
    struct bench bench;
    gex_robustness *made;
    int64_t count, agreeing[2] = {0, 0};

    bench.chain = scene.chain;
    gex_market_options_init(&bench.market, sizeof bench.market);
    bench.market.clock = GEX_CLOCK_CAL_365;
    bench.market.as_of = AS_OF;
    bench.market.spot = 5000;
    bench.market.vol = GEX_VOL_GIVEN;
    bench.market.forward = GEX_FORWARD_RATE;
    bench.market.style = GEX_STYLE_EUROPEAN;
    bench.market.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    bench.market.rate = 0.04;
    bench.market.carry_yield = 0.013;
    gex_book_options_init(&bench.book, sizeof bench.book);
    bench.book.sign = GEX_SIGN_NAIVE_CALL_LONG;
    bench.book.positions = (gex_f64){&worked_rows->dealer, sizeof *worked_rows};
    gex_robustness_options_init(&bench.options, sizeof bench.options);
    made = computed(&bench);
    for (int k = 0; k < LENGTH(wanted); k++) {
        const int64_t i = entry_of(made, wanted[k].choice);
        const double flip = gex_robustness_value(made, i, GEX_ROBUST_FLIP);

        ck_assert_double_eq_tol(gex_robustness_value(made, i, GEX_ROBUST_NET) / 1e6, wanted[k].net, 6e-5);
        ck_assert(isnan(wanted[k].flip) ? isnan(flip) : fabs(flip - wanted[k].flip) < 6e-5);
        ck_assert_int_eq(gex_robustness_agrees(made, i, GEX_AGREE_SIGN), wanted[k].sign);
        ck_assert_int_eq(gex_robustness_agrees(made, i, GEX_AGREE_FLIP), wanted[k].near);
        ck_assert_int_eq(gex_robustness_agrees(made, i, GEX_AGREE_REGIME), wanted[k].regime);
    }
    ck_assert_int_eq(gex_robustness_status(made, entry_of(made, "implied")), GEX_OK);
    ck_assert_double_eq_tol(gex_robustness_root(made, entry_of(made, "INVENTORY_GIVEN"), 0), 5009.3645, 6e-5);
    ck_assert_double_nan(gex_robustness_root(made, entry_of(made, "NAIVE_CALL_SHORT"), 0)); /* it goes down there */
    ck_assert_ptr_nonnull(gex_robustness_flips(made, 0));
    ck_assert_double_eq(gex_robustness_value(made, entry_of(made, "BUS_252_DAYS"), GEX_ROBUST_USED), WORKED_ROWS);
    for (int64_t i = 1; i < gex_robustness_count(made); i++) {
        agreeing[0] += gex_robustness_agrees(made, i, GEX_AGREE_SIGN) == 1;
        agreeing[1] += gex_robustness_agrees(made, i, GEX_AGREE_SIGN) >= 0;
    }
    ck_assert_int_eq(gex_robustness_agreeing(made, 0, GEX_AGREE_SIGN, &count), agreeing[0]);
    ck_assert_int_eq(count, agreeing[1]);
    ck_assert_int_eq(gex_robustness_agreeing(made, GEX_VARY_BASE, GEX_AGREE_SIGN, &count), 0);
    ck_assert_int_eq(count, 0); /* the base is what is agreed with */
    gex_robustness_free(made);

    bench.options.near_sigmas = 0.1; /* 4.7 price units */
    made = computed(&bench);
    ck_assert_int_eq(gex_robustness_agrees(made, entry_of(made, "INVENTORY_GIVEN"), GEX_AGREE_FLIP), 0);
    gex_robustness_free(made);
    bench.book.sign = GEX_SIGN_DEALER_ALL_LONG; /* without a flip, the same reason agrees */
    made = computed(&bench);
    ck_assert_int_eq(gex_robustness_agrees(made, entry_of(made, "BUS_252_CLOCK"), GEX_AGREE_FLIP), 1);
    ck_assert_int_eq(gex_robustness_agrees(made, entry_of(made, "DEALER_ALL_SHORT"), GEX_AGREE_FLIP), 0);
    ck_assert_int_eq(gex_robustness_agrees(made, entry_of(made, "NAIVE_CALL_LONG"), GEX_AGREE_FLIP), 0);
    gex_robustness_free(made);
    gex_book_free(scene.book);
    gex_market_free(scene.market);
    gex_chain_free(scene.chain);
}
END_TEST

/* A forward that is no price refuses that entry, and the call goes on; in the base it ends it. */
START_TEST(a_refused_choice_is_kept_with_its_status)
{
    struct bench bench;
    gex_robustness *made;
    gex_error error;
    int64_t i;

    bench_open(&bench);
    columns_give(&bench);
    bench.forward[1] = NOT_A_NUMBER;
    made = computed(&bench);
    i = entry_of(made, "given"); /* the forward: it stands before the volatility */
    ck_assert_int_eq(gex_robustness_vary(made, i), GEX_VARY_FORWARD);
    ck_assert_int_eq(gex_robustness_status(made, i), GEX_ERR_DOMAIN);
    for (int32_t what = 1; what <= GEX_ROBUST_LAST_; what++)
        ck_assert_double_nan(gex_robustness_value(made, i, what));
    for (int32_t what = 1; what <= GEX_AGREE_LAST_; what++)
        ck_assert_int_eq(gex_robustness_agrees(made, i, what), -1);
    ck_assert_int_eq(gex_robustness_regime(made, i), 0);
    ck_assert_ptr_null(gex_robustness_flips(made, i));
    ck_assert_double_nan(gex_robustness_root(made, i, 0));
    ck_assert_double_nan(gex_robustness_value(made, i, GEX_ROBUST_ZERO_FLOW));
    gex_robustness_free(made);
    bench.options.zero_flow = AS_OF - 1; /* before the market's: the base is refused, and so is the call */
    ck_assert_int_eq(
        gex_robustness_compute(NULL, bench.chain, &bench.market, &bench.book, &bench.options, &made, &error),
        GEX_ERR_DOMAIN);
    ck_assert_ptr_null(made);
    bench.market.forward = GEX_FORWARD_GIVEN;
    ck_assert_int_eq(gex_robustness_compute(NULL, bench.chain, &bench.market, &bench.book, NULL, &made, &error),
                     GEX_ERR_DOMAIN);
    ck_assert_ptr_null(made);
    gex_chain_free(bench.chain);
}
END_TEST

static const struct {
    int32_t    left_out;
    double     near_sigmas, beta, low, high;
    gex_status status;
} doors[] = {
    {-1, 0.5, -10, 0.8, 1.2, GEX_ERR_ARGUMENT},   {1 << 9, 0.5, -10, 0.8, 1.2, GEX_ERR_ARGUMENT},
    {0, -0.1, -10, 0.8, 1.2, GEX_ERR_DOMAIN},     {0, INFINITY, -10, 0.8, 1.2, GEX_ERR_DOMAIN},
    {0, NAN, -10, 0.8, 1.2, GEX_ERR_DOMAIN},      {0, 0.5, NAN, 0.8, 1.2, GEX_ERR_DOMAIN},
    {0, 0.5, -1001, 0.8, 1.2, GEX_ERR_DOMAIN},    {0, 0.5, -10, 1.2, 1.2, GEX_ERR_DOMAIN},
    {0, 0.5, -10, NAN, 1.2, GEX_ERR_DOMAIN},      {510, 0, 0, 0.9, 1.1, GEX_OK},
};

START_TEST(options_are_checked)
{
    struct bench bench;
    gex_robustness *made;

    bench_open(&bench);
    bench.options.left_out = doors[_i].left_out;
    bench.options.near_sigmas = doors[_i].near_sigmas;
    bench.options.beta = doors[_i].beta;
    bench.options.low = doors[_i].low;
    bench.options.high = doors[_i].high;
    ck_assert_int_eq(gex_robustness_compute(NULL, bench.chain, &bench.market, &bench.book, &bench.options, &made, NULL),
                     doors[_i].status);
    ck_assert_int_eq(gex_robustness_count(made), doors[_i].status == GEX_OK); /* the base always is */
    gex_robustness_free(made);
    gex_chain_free(bench.chain);
}
END_TEST

Suite *suite_robustness(void)
{
    Suite *suite = suite_create("robustness");
    TCase *tcase = tcase_create("robustness");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_entry_is_the_map_of_its_choices);
    tcase_add_test(tcase, the_base_is_not_tried_again);
    tcase_add_test(tcase, worked_chain_agrees_where_it_does);
    tcase_add_test(tcase, a_refused_choice_is_kept_with_its_status);
    tcase_add_loop_test(tcase, options_are_checked, 0, LENGTH(doors));
    suite_add_tcase(suite, tcase);
    return suite;
}
