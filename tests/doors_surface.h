/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of gex/surface.h, for tests/doors.c alone. */
DOOR(gex_surface_create_raw)
{
    const gex_raw_columns columns = world_raw_columns(w);
    gex_surface *made = LEFT(gex_surface);
    const gex_status status = gex_surface_create_raw(context, &columns, &made, error);
    MADE(surface, digest_surface(made));
}

DOOR(gex_surface_create_svi)
{
    const gex_svi_columns columns = world_svi_columns();
    gex_surface *made = LEFT(gex_surface);
    const gex_status status = gex_surface_create_svi(context, &columns, &made, error);
    (void)w;
    MADE(surface, digest_surface(made));
}

DOOR(gex_surface_create_ssvi)
{
    const gex_ssvi_columns columns = world_ssvi_columns();
    gex_surface *made = LEFT(gex_surface);
    const gex_status status = gex_surface_create_ssvi(context, &columns, &made, error);
    (void)w;
    MADE(surface, digest_surface(made));
}

DOOR(gex_surface_create_mixture)
{
    const gex_mixture_columns columns = world_mixture_columns();
    gex_surface *made = LEFT(gex_surface);
    const gex_status status = gex_surface_create_mixture(context, &columns, &made, error);
    (void)w;
    MADE(surface, digest_surface(made));
}

DOOR(gex_surface_evaluate)
{
    double vol[WORLD_ROWS];
    double *const output = vol;
    const int32_t what = GEX_SURFACE_VOL;
    uint8_t states[WORLD_ROWS];
    gex_surface_points points;
    gex_status status;

    gex_surface_points_init(&points, sizeof points);
    points.rows = WORLD_ROWS;
    points.strike = (gex_f64){w->strike, sizeof(double)};
    points.years = (gex_f64){w->years, sizeof(double)};
    status = gex_surface_evaluate(context, w->svi, &points, &what, 1, &output, states, error);
    return answered(status, NULL, status == GEX_OK ? digest_bytes(BITS(vol, WORLD_ROWS), states, sizeof states) : 0);
}

DOOR(gex_surface_check)
{
    gex_surface_report *made = LEFT(gex_surface_report);
    const gex_status status = gex_surface_check(context, w->svi, 1e-12, &made, error);
    MADE(surface_report, digest_surface_report(made, gex_surface_expiries(w->svi)));
}

static const double one_slice[5] = {-0.0410, 0.1331, 0.3060, 0.3586, 0.4153};

/* ---- what a context lends: no door of a surface, but used by the library that fits one -------------------------- */

static void count_up(void *arg, int64_t i)
{
    ((int64_t *)arg)[i] += i;
}

DOOR(gex_context_allocate)
{
    void *block = gex_context_allocate(context, 100);
    gex_context_release(context, block, 100);
    (void)w, (void)error;
    return answered(block != NULL ? GEX_OK : GEX_ERR_MEMORY, NULL, 1);
}

DOOR(gex_context_release)
{
    gex_context_release(context, NULL, 100);
    (void)w, (void)error;
    return answered(GEX_OK, NULL, 1);
}

DOOR(gex_context_run)
{
    int64_t counts[40] = {0};
    const gex_status status = gex_context_run(context, count_up, counts, 40, error);
    (void)w;
    return answered(status, NULL, BITS(counts, 40));
}
