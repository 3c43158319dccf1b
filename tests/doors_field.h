/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of gex/crossings.h and gex/forced.h, and of fields into arrays, for tests/doors.c alone. */
static uint64_t of_crossings(const gex_crossings *crossings)
{
    int64_t count;
    const double *price = gex_crossings_price(crossings, &count);

    return BITS(price, count) ^ BITS(gex_crossings_instant(crossings, NULL), count) ^
           BITS(gex_crossings_direction(crossings, NULL), count);
}

static uint64_t of_cliffs(const gex_cliffs *cliffs)
{
    int64_t count;
    const double *before = gex_cliffs_before(cliffs, &count);

    return BITS(before, count) ^ BITS(gex_cliffs_settling(cliffs, NULL), count) ^
           BITS(gex_cliffs_after(cliffs, NULL), count) ^ BITS(gex_cliffs_settlement(cliffs, NULL), count) ^
           BITS(gex_cliffs_rows(cliffs, NULL), count);
}

static uint64_t of_forced(const gex_forced *forced)
{
    uint64_t digest = 0;

    for (int32_t stretch = 1; stretch <= GEX_STRETCH_LAST_; stretch++)
        for (int32_t column = 1; column <= GEX_FORCED_LAST_; column++) {
            const double value = gex_forced_value(forced, stretch, column);
            digest = digest_bytes(digest, &value, sizeof value);
        }
    return digest;
}

/* A field like the world's. */
DOOR(gex_field_compute_into)
{
    enum { QUANTITIES = 4, POINTS = 17, STEPS = 5, CELLS = POINTS * STEPS };
    const gex_field_options options = world_field_options(w);
    double *values = malloc(2 * QUANTITIES * CELLS * sizeof *values), prices[POINTS];
    double *value[QUANTITIES], *gross[QUANTITIES];
    int64_t instants[STEPS], live[STEPS];
    uint64_t digest = 0;
    gex_status status;

    for (int q = 0; q < QUANTITIES; q++) {
        value[q] = values + (int64_t)q * CELLS;
        gross[q] = values + (int64_t)(QUANTITIES + q) * CELLS;
    }
    status = gex_field_compute_into(context, w->market, w->book, &options, value, gross, prices, instants, live, error);
    if (status == GEX_OK)
        digest = BITS(values, 2 * QUANTITIES * CELLS) ^ BITS(prices, POINTS) ^ BITS(instants, STEPS) ^
                 BITS(live, STEPS);
    free(values);
    return answered(status, NULL, digest);
}

DOOR(gex_crossings_compute)
{
    gex_crossings *made = LEFT(gex_crossings);
    const gex_status status = gex_crossings_compute(context, w->field, GEX_FIELD_FLOW, &made, error);
    MADE(crossings, of_crossings(made));
}

DOOR(gex_cliffs_compute)
{
    const gex_cliffs_options options = world_cliffs_options();
    gex_cliffs *made = LEFT(gex_cliffs);
    const gex_status status = gex_cliffs_compute(context, w->market, w->book, &options, &made, error);
    MADE(cliffs, of_cliffs(made));
}

DOOR(gex_flow_lines)
{
    double flow[WORLD_ROWS], unwind[WORLD_ROWS];
    const gex_flow_options options = world_flow_options(w);
    const gex_status status = gex_flow_lines(context, w->market, w->book, &options, 1, flow, unwind, error);
    return answered(status, NULL, status == GEX_OK ? BITS(flow, WORLD_ROWS) ^ BITS(unwind, WORLD_ROWS) : 0);
}

DOOR(gex_forced_compute)
{
    gex_forced *made = LEFT(gex_forced);
    const gex_status status = gex_forced_compute(context, w->market, w->book, NULL, &made, error);
    MADE(forced, of_forced(made));
}
