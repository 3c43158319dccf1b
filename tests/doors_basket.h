/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of gex/basket.h, combo.h and dispersion.h, for tests/doors.c alone. */
static uint64_t of_basket(const gex_basket *basket)
{
    uint64_t digest = 0;

    for (int64_t i = 0; i < gex_basket_members(basket); i++) {
        const double values[] = {gex_basket_slope(basket, i), gex_basket_beta(basket, i),
                                 gex_basket_ratio(basket, i), gex_basket_basis(basket, i),
                                 gex_basket_drift(basket, i), gex_basket_weight(basket, i),
                                 gex_basket_currency(basket, i), gex_basket_price(basket, i, 4900.0),
                                 gex_basket_reference(basket, i, 4900.0)};
        digest = digest_bytes(digest, values, sizeof values) ^ of_text(gex_basket_name(basket, i));
    }
    return digest;
}

static uint64_t of_basket_exposure(const gex_basket_exposure *exposure)
{
    uint64_t digest = of_double(gex_basket_exposure_total(exposure)) ^ of_double(gex_basket_exposure_gross(exposure));

    for (int64_t i = 0; gex_basket_exposure_member(exposure, i) != NULL; i++)
        digest ^= digest_exposure(gex_basket_exposure_member(exposure, i)) + (uint64_t)i;
    return digest;
}

static uint64_t of_combo(const gex_combo *combo)
{
    int64_t nodes, parts;
    const double *price = gex_combo_prices(combo, &nodes);
    uint64_t digest = BITS(price, nodes);

    for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++)
        digest ^= BITS(gex_combo_sum(combo, sum, NULL), nodes);
    for (int64_t node = 0; node < nodes; node++) {
        const int64_t *member = gex_combo_part_member(combo, node, &parts);
        digest ^= BITS(member, parts) ^ BITS(gex_combo_part_strike(combo, node, NULL), parts);
    }
    return digest;
}

static uint64_t of_dispersion(const gex_dispersion *dispersion)
{
    uint64_t digest = of_int(gex_dispersion_status(dispersion));
    int64_t count;

    for (int32_t value = 1; value <= GEX_DISPERSION_LAST_; value++)
        digest ^= of_double(gex_dispersion_value(dispersion, value)) + (uint64_t)value;
    for (int32_t value = 1; value <= GEX_DISPERSION_MEMBER_LAST_; value++) {
        const double *members = gex_dispersion_member(dispersion, value, &count);
        digest ^= BITS(members, count);
    }
    return digest;
}

static uint64_t of_basket_profile(const gex_profile *profile)
{
    int64_t points;
    const double *price = gex_profile_prices(profile, &points);

    return BITS(price, points) ^ BITS(gex_profile_values(profile, NULL), points);
}

DOOR(gex_basket_create)
{
    const gex_basket_columns columns = world_basket_columns(w);
    gex_basket *made = LEFT(gex_basket);
    const gex_status status = gex_basket_create(context, &columns, &made, error);
    MADE(basket, of_basket(made));
}

DOOR(gex_basket_exposure_compute)
{
    const gex_exposure_options options = world_exposure_options();
    gex_basket_exposure *made = LEFT(gex_basket_exposure);
    const gex_status status = gex_basket_exposure_compute(context, w->basket, &options, &made, error);
    MADE(basket_exposure, of_basket_exposure(made));
}

DOOR(gex_basket_profile_compute)
{
    const gex_profile_options options = world_profile_options();
    double *members = malloc((size_t)(WORLD_MEMBERS * options.points) * sizeof *members);
    gex_profile *made = LEFT(gex_profile);
    const gex_status status = gex_basket_profile_compute(context, w->basket, &options, members, &made, error);
    const uint64_t digest = status == GEX_OK ? BITS(members, WORLD_MEMBERS * options.points) : 0;

    free(members);
    MADE(profile, digest ^ of_basket_profile(made));
}

DOOR(gex_basket_flips_compute)
{
    const gex_profile_options options = world_profile_options();
    gex_flips *made = LEFT(gex_flips);
    const gex_status status = gex_basket_flips_compute(context, w->basket, &options, &made, error);
    MADE(flips, digest_flips(made));
}

DOOR(gex_basket_flow_compute)
{
    const gex_flow_options options = world_flow_options(w);
    double members[WORLD_MEMBERS * WORLD_FLOWS];
    gex_flow *made = LEFT(gex_flow);
    const gex_status status = gex_basket_flow_compute(context, w->basket, &options, members, &made, error);
    MADE(flow, digest_flow(made) ^ BITS(members, WORLD_MEMBERS * WORLD_FLOWS));
}

DOOR(gex_combo_compute)
{
    gex_combo *made = LEFT(gex_combo);
    const gex_status status = gex_combo_compute(context, w->basket_exposure, NULL, &made, error);
    MADE(combo, of_combo(made));
}

DOOR(gex_dispersion_compute)
{
    const gex_dispersion_options options = world_dispersion_options(w);
    gex_dispersion *made = LEFT(gex_dispersion);
    const gex_status status = gex_dispersion_compute(context, w->basket, &options, &made, error);
    MADE(dispersion, of_dispersion(made));
}

static uint64_t of_combo_level(const gex_combo *combo)
{
    double level[2] = {0.0, 0.0};

    (void)gex_combo_level(combo, GEX_LEVEL_ABS_GAMMA, 0, &level[0], &level[1], NULL);
    return BITS(level, 2);
}

static uint64_t of_mapped(void)
{
    double price = 0.0;

    (void)gex_level_mapped(4900.0, GEX_MAPPED_RATIO, 5000.0, 501.7, &price, NULL);
    return of_double(price);
}

static uint64_t of_parity_basis(const gex_market *market)
{
    double basis = 0.0;
    int64_t count = 0;

    (void)gex_parity_basis(market, 1, 5, &basis, &count, NULL);
    return of_double(basis) ^ of_int(count);
}
