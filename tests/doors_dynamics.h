/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of gex/shift.h, gex/change.h and gex/difference.h, and those of dynamics, for tests/doors.c alone. */
DOOR(gex_market_shift)
{
    const gex_shift_options options = world_shift_options(w);
    gex_market *made = LEFT(gex_market);
    const gex_status status = gex_market_shift(context, w->market, &options, &made, error);
    MADE(market, digest_market(made));
}

DOOR(gex_greeks_shadow)
{
    gex_greeks *made = LEFT(gex_greeks), *of = w->moved_greeks;
    const gex_status status = gex_greeks_shadow(context, of, &made, error);
    MADE(greeks, BITS(gex_greeks_column(made, GEX_GREEK_GAMMA), gex_chain_rows(w->chain)));
}

DOOR(gex_surface_split)
{
    double values[4][WORLD_ROWS];
    uint8_t states[WORLD_ROWS];
    const gex_split_columns columns = world_split_columns(w);
    const gex_status status = gex_surface_split(context, w->svi, w->ssvi, &columns, values[0], values[1], values[2],
                                                values[3], states, error);
    const uint64_t digest = status == GEX_OK ? digest_bytes(0, values, sizeof values) : 0;
    return answered(status, NULL, digest);
}

DOOR(gex_change_compute)
{
    gex_change *made = LEFT(gex_change);
    const gex_status status = gex_change_compute(context, w->market, w->moved, w->book, &made, error);
    MADE(change, digest_change(made));
}

DOOR(gex_difference_compute)
{
    const gex_difference_options options = world_difference_options();
    gex_difference *made = LEFT(gex_difference);
    const gex_status status = gex_difference_compute(context, w->market, w->book, w->moved, w->book, &options, &made,
                                                     error);
    MADE(difference, digest_difference(made));
}

static uint64_t of_lines(const struct world *w, int32_t column)
{
    int64_t count;
    const double *lines = gex_difference_lines(w->difference, column, &count);
    return BITS(lines, count);
}

static uint64_t of_keys(const struct world *w, int32_t by)
{
    int64_t count;
    const double *sums = gex_difference_by(w->difference, by, GEX_DIFFERENCE_SPOT, &count);
    return BITS(sums, count);
}

static uint64_t of_change(const double *values, int64_t count)
{
    return BITS(values, count);
}

static uint64_t of_stickiness(const gex_change *change)
{
    double error;
    const double stickiness = gex_change_stickiness(change, &error);
    return of_double(stickiness) ^ of_double(error);
}

static uint64_t of_change_by(const gex_change *change)
{
    int64_t count;
    const double *values = gex_change_by(change, GEX_BY_STRIKE, GEX_CHANGE_SURFACE, &count);
    return of_change(values, count);
}

static uint64_t of_dynamics_text(const char *text)
{
    char again[GEX_DYNAMICS_TEXT] = "";
    int32_t dynamics = 0;
    double parameter = 0;
    const gex_status status = gex_dynamics_parse(text, &dynamics, &parameter, NULL);

    (void)gex_dynamics_format(dynamics, parameter, again, NULL);
    return of_int(status) ^ of_int(dynamics) ^ of_double(parameter) ^ of_text(again);
}
