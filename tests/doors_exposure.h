/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of gex/exposure.h, grouping.h, horizons.h, levels.h, measures.h and robustness.h, for tests/doors.c alone. */
DOOR(gex_grouping_compute)
{
    const gex_grouping_options options = world_grouping_options();
    gex_grouping *made = LEFT(gex_grouping);
    const gex_status status = gex_grouping_compute(context, w->exposure, &options, &made, error);
    MADE(grouping, digest_grouping(made));
}

DOOR(gex_horizons_compute)
{
    const gex_profile_options options = world_profile_options();
    gex_horizons *made = LEFT(gex_horizons);
    const gex_status status =
        gex_horizons_compute(context, w->market, w->book, &options, w->instants, WORLD_FLOWS, &made, error);
    uint64_t digest = 0;

    for (int64_t i = 0; status == GEX_OK && i < WORLD_FLOWS; i++)
        digest = digest * 3 + digest_flips(gex_horizons_flips(made, i));
    MADE(horizons, digest);
}

DOOR(gex_zero_flow_compute)
{
    gex_flips *made = LEFT(gex_flips);
    const gex_status status = gex_zero_flow_compute(context, w->market, w->book, NULL, &made, error);
    MADE(flips, digest_flips(made));
}

DOOR(gex_robustness_compute)
{
    const gex_robustness_options options = world_robustness_options();
    const gex_market_options market = world_market_options(w);
    const gex_book_options book = world_book_options();
    gex_robustness *made = LEFT(gex_robustness);
    const gex_status status = gex_robustness_compute(context, w->chain, &market, &book, &options, &made, error);
    MADE(robustness, digest_robustness(made));
}

/* A map keeps the panel it was given, and shows it. */
static uint64_t of_panel(const struct world *w, gex_error *error)
{
    gex_map_options options;
    gex_map *map = NULL;
    uint64_t digest = 1;

    gex_map_options_init(&options, sizeof options);
    options.robustness = w->robustness;
    if (gex_map_compute(NULL, w->market, w->book, &options, &map, error) == GEX_OK) {
        digest ^= digest_robustness(gex_map_robustness(map));
        (void)gex_report_page(NULL, map, digest_write, &digest, error);
        (void)gex_report_json(NULL, map, digest_write, &digest, error);
    }
    gex_map_free(map);
    return digest;
}

static uint64_t of_measures(const struct world *w, gex_error *error)
{
    gex_measure_options options;
    uint64_t digest = 0;

    gex_measure_options_init(&options, sizeof options);
    options.adv = options.shares_outstanding = 1e6;
    for (int32_t measure = 1; measure <= GEX_MEASURE_LAST_; measure++) {
        double value = 0;
        (void)gex_measure(w->exposure, measure, &options, &value, error);
        digest = digest_bytes(digest, &value, sizeof value);
    }
    return digest;
}

static uint64_t of_expected(const struct world *w, gex_error *error)
{
    uint64_t digest = 0;

    for (int32_t move = 1; move <= GEX_MOVE_LAST_; move++) {
        double value = 0;
        (void)gex_expected_move(w->greeks, 2, move, &value, error);
        digest = digest_bytes(digest, &value, sizeof value);
    }
    return digest;
}

static uint64_t of_ranked(const struct world *w, gex_error *error)
{
    double found[2] = {0, 0};
    return of_int(gex_level_ranked(w->exposure, GEX_LEVEL_CALL_WALL_ABOVE, 1, 0, &found[0], &found[1], error)) ^
           BITS(found, 2);
}

static uint64_t of_band(const struct world *w, gex_error *error)
{
    double ends[2] = {0, 0};
    return of_int(gex_concentration_band(w->exposure, 0.7, &ends[0], &ends[1], error)) ^ BITS(ends, 2);
}

static uint64_t of_peak(const struct world *w, gex_error *error)
{
    double found[2] = {0, 0};
    return of_int(gex_profile_peak(w->profile, GEX_DOWN, &found[0], &found[1], error)) ^ BITS(found, 2);
}

/* Likewise an earlier map, with what changed since. */
static uint64_t of_since(const struct world *w, gex_error *error)
{
    gex_map_options options;
    gex_map *map = NULL;
    uint64_t digest = 1;

    gex_map_options_init(&options, sizeof options);
    options.since = w->map;
    if (gex_map_compute(NULL, w->moved, w->book, &options, &map, error) == GEX_OK) {
        digest ^= digest_difference(gex_map_gamma_since(map)) + digest_difference(gex_map_flow_since(map));
        digest ^= gex_map_since(map) == w->map;
        (void)gex_report_page(NULL, map, digest_write, &digest, error);
        (void)gex_report_json(NULL, map, digest_write, &digest, error);
    }
    gex_map_free(map);
    return digest;
}

static uint64_t of_factor(double spot, gex_error *error)
{
    double factor = 0.0;
    return of_int(gex_unit_factor(GEX_UNIT_CEX_USD_HOUR, GEX_UNIT_CEX_SHARES_CALDAY, spot, NULL, &factor, error)) ^
           of_double(factor);
}

static uint64_t of_roots(const struct world *w, gex_error *error)
{
    gex_grouping_options options = world_grouping_options();
    gex_grouping *roots = NULL;
    uint64_t digest = 1;

    options.second = GEX_BY_ROOT;
    if (gex_grouping_compute(NULL, w->exposure, &options, &roots, error) == GEX_OK)
        for (int64_t key = 0; key < gex_grouping_keys(roots, 1); key++)
            digest ^= of_text(gex_grouping_root(roots, key));
    gex_grouping_free(roots);
    return digest;
}

static uint64_t of_edges(const gex_grouping *grouping)
{
    int64_t count;
    const double *edges = gex_grouping_edges(grouping, 0, &count);
    return BITS(edges, count);
}

static uint64_t of_cell(const gex_grouping *grouping)
{
    int64_t count;
    const int64_t *rows = gex_grouping_rows(grouping, 1, &count);
    return BITS(rows, count);
}
