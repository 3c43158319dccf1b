/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of gex/uncertainty.h, gex/bands.h and gex/regime.h, for tests/doors.c alone. */
static uint64_t of_uncertainty(const gex_uncertainty *uncertainty)
{
    uint64_t digest = BITS(gex_uncertainty_sd(uncertainty), WORLD_ROWS);

    for (int64_t f = 0; f < gex_uncertainty_factors(uncertainty); f++)
        digest = digest_bytes(digest, gex_uncertainty_loading(uncertainty, f), WORLD_ROWS * (int64_t)sizeof(double));
    return digest ^ of_int(gex_uncertainty_refused(uncertainty));
}

static uint64_t of_bands(const gex_bands *bands)
{
    int64_t count;
    const double *mean = gex_bands_mean(bands, &count);
    uint64_t digest = BITS(mean, count);

    digest = digest_bytes(digest, gex_bands_sd(bands, NULL), count * (int64_t)sizeof(double));
    digest = digest_bytes(digest, gex_bands_gross(bands, NULL), count * (int64_t)sizeof(double));
    digest = digest_bytes(digest, gex_bands_above(bands, NULL), count * (int64_t)sizeof(double));
    digest = digest_bytes(digest, gex_bands_below(bands, NULL), count * (int64_t)sizeof(double));
    for (int64_t i = 0; i < count; i++) {
        const double pair = gex_bands_covariance(bands, i, count - 1 - i), high = gex_bands_quantile(bands, i, 0.95);

        digest = digest_bytes(digest, &pair, sizeof pair);
        digest = digest_bytes(digest, &high, sizeof high);
    }
    return digest;
}

static uint64_t of_flip_bands(const gex_flip_bands *flips)
{
    uint64_t digest = of_double(gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.3));

    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++) {
        int64_t count;
        const double *price = gex_flip_bands_samples(flips, flip, &count), found = gex_flip_bands_found(flips, flip);

        digest = digest_bytes(digest, price, count * (int64_t)sizeof *price);
        digest = digest_bytes(digest, &found, sizeof found);
    }
    for (int32_t status = GEX_ROOTS_FOUND; status <= GEX_ROOTS_NONE_ZERO; status++) {
        const double share = gex_flip_bands_share(flips, status);
        digest = digest_bytes(digest, &share, sizeof share);
    }
    return digest;
}

static uint64_t of_path(const gex_regime_path *path)
{
    int64_t count;
    const int32_t *states = gex_regime_path_states(path, &count);
    uint64_t digest = BITS(states, count) ^ of_double(gex_regime_path_unchanged(path));
    const int64_t *changes = gex_regime_path_changes(path, &count);

    digest = digest_bytes(digest, changes, count * (int64_t)sizeof *changes);
    for (int32_t regime = 1; regime <= GEX_REGIME_NONE; regime++) {
        const double numbers[] = {(double)gex_regime_path_time(path, regime), gex_regime_path_share(path, regime),
                                  gex_regime_path_expected(path, regime), gex_regime_path_quantile(path, regime, 0.4)};
        digest = digest_bytes(digest, numbers, sizeof numbers);
    }
    return digest;
}

static uint64_t of_stand(const struct world *w)
{
    uint64_t digest = 0;

    for (int32_t what = 1; what <= GEX_STAND_LAST_; what++) {
        double value;

        (void)gex_stand(gex_map_gamma(w->map), gex_map_flips(w->map), what, &value, NULL);
        digest = digest_bytes(digest, &value, sizeof value);
    }
    return digest;
}

/* A map with everything that rests on an uncertainty. */
static uint64_t of_banded(const struct world *w, gex_error *error)
{
    gex_map_options options;
    gex_map *map;
    uint64_t digest;

    gex_map_options_init(&options, sizeof options);
    options.uncertainty = w->uncertainty;
    if (gex_map_compute(NULL, w->market, w->book, &options, &map, error) != GEX_OK)
        return 0;
    digest = of_bands(gex_map_gamma_bands(map)) ^ of_bands(gex_map_flow_bands(map)) ^
             BITS(gex_bands_sd(gex_map_profile_bands(map), NULL), 401) ^ of_flip_bands(gex_map_flip_bands(map)) ^
             of_same(gex_map_uncertainty(map), w->uncertainty);
    gex_map_free(map);
    return digest;
}

DOOR(gex_uncertainty_create)
{
    const gex_f64 loading = {w->shifts, 0};
    gex_uncertainty_options options = world_uncertainty_options(&loading);
    gex_uncertainty *made = LEFT(gex_uncertainty);
    const gex_status status = gex_uncertainty_create(context, w->book, &options, &made, error);
    MADE(uncertainty, of_uncertainty(made));
}

DOOR(gex_bands_of_exposure)
{
    const gex_exposure_options options = world_exposure_options();
    const gex_grouping_options by = world_grouping_options();
    gex_bands *made = LEFT(gex_bands);
    const gex_status status =
        gex_bands_of_exposure(context, w->greeks, w->uncertainty, &options, &by, &made, error);
    MADE(bands, of_bands(made));
}

DOOR(gex_bands_of_states)
{
    const gex_bands_options options = world_bands_options(w);
    gex_bands *made = LEFT(gex_bands);
    const gex_status status = gex_bands_of_states(context, w->market, w->uncertainty, &options, &made, error);
    MADE(bands, of_bands(made));
}

DOOR(gex_bands_of_flow)
{
    const gex_flow_options options = world_flow_options(w);
    gex_bands *made = LEFT(gex_bands);
    const gex_status status = gex_bands_of_flow(context, w->market, w->uncertainty, &options, &made, error);
    MADE(bands, of_bands(made));
}

DOOR(gex_bands_of_forced)
{
    gex_bands *made = LEFT(gex_bands);
    const gex_status status = gex_bands_of_forced(context, w->market, w->uncertainty, NULL, &made, error);
    MADE(bands, of_bands(made));
}

DOOR(gex_flip_bands_compute)
{
    gex_flip_bands_options options;
    gex_flip_bands *made = LEFT(gex_flip_bands);
    gex_status status;

    gex_flip_bands_options_init(&options, sizeof options);
    options.samples = 200;
    status = gex_flip_bands_compute(context, w->profile_bands, &options, &made, error);
    MADE(flip_bands, of_flip_bands(made));
}

DOOR(gex_regime_path_compute)
{
    gex_regime_path_options options;
    gex_regime_path *made = LEFT(gex_regime_path);
    gex_status status;

    gex_regime_path_options_init(&options, sizeof options);
    options.enter = 0.02;
    options.samples = 150;
    status = gex_regime_path_compute(context, w->path_bands, &options, &made, error);
    MADE(regime_path, of_path(made));
}
