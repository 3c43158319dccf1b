/* SPDX-License-Identifier: Apache-2.0 */
/* A surface from parameters: the doors, one block, and what can be asked of it. Quotes: surface_raw.c. */
#include <math.h>
#include <string.h>

#include "surface_make.h"

enum {
    SVI_COLUMNS_0_1 = offsetof(gex_svi_columns, s) + sizeof(gex_f64),
    SSVI_COLUMNS_0_1 = offsetof(gex_ssvi_columns, gamma) + sizeof(double)
};
_Static_assert(sizeof(void *) != 8 || (SVI_COLUMNS_0_1 == 136 && SSVI_COLUMNS_0_1 == 96),
               "first sizes are part of the ABI");

static const double none = (double)NAN;

void gex_svi_columns_init(gex_svi_columns *columns, uint32_t struct_size)
{
    static const gex_svi_columns defaults = {.rho = {NULL, 0}};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

void gex_ssvi_columns_init(gex_ssvi_columns *columns, uint32_t struct_size)
{
    static const gex_ssvi_columns defaults = {.rho = 0};
    gex__options_init(columns, struct_size, &defaults, sizeof defaults);
}

/* ---- what all three doors prove --------------------------------------------------------------------------------- */

gex_status gex__surface_prove(const struct gex__expiries *given, gex_error *error)
{
    if (given->count < 0 || given->count > INT32_MAX)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{i} expiries: between 0 and 2^31 - 1 are possible",
                         given->count);
    if (given->count == 0)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "a surface needs an expiry");
    if (given->years.data == NULL || given->forward.data == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns years and forward are required, an element an expiry");
    if (!gex__stride_fits(given->years.data, given->years.stride, given->count) ||
        !gex__stride_fits(given->forward.data, given->forward.stride, given->count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "stride of years or forward times {i} expiries overflows",
                         given->count);
    return GEX_OK;
}

gex_status gex__surface_prove_spot(double spot, gex_error *error)
{
    if (spot >= 0 && isfinite(spot))
        return GEX_OK;
    return gex__fail(error, GEX_ERR_DOMAIN, -1, "spot is {g}: it must be finite and above zero, or 0 for not known",
                     spot);
}

/* ---- one block -------------------------------------------------------------------------------------------------- */

/* Where the arrays lie: counted in a first call with block NULL, handed out in a second. */
static void *carve(struct gex__layout *layout, char *block, int64_t count, int64_t element)
{
    const int64_t offset = gex__layout_add(layout, count, element);
    return block != NULL ? block + offset : NULL;
}

static void carve_surface(struct gex__layout *layout, char *block, gex_surface *surface, int64_t expiries, int64_t rows,
                          int32_t form)
{
    carve(layout, block, 1, sizeof *surface);
    surface->status = carve(layout, block, expiries, 1);
    surface->years = carve(layout, block, expiries, sizeof(double));
    surface->forward = carve(layout, block, expiries, sizeof(double));
    surface->theta = carve(layout, block, expiries, sizeof(double));
    surface->slice = carve(layout, block, expiries, sizeof *surface->slice);
    if (form == GEX_FORM_SVI || form == GEX_FORM_SSVI) {
        surface->parameters = carve(layout, block, 5 * expiries, sizeof(double));
        return;
    }
    surface->quote_status = carve(layout, block, rows, 1);
    if (form == GEX_FORM_MIXTURE) {
        surface->component = carve(layout, block, rows, sizeof *surface->component);
        surface->component_expiry = carve(layout, block, rows, sizeof(int32_t));
        surface->component_weight = carve(layout, block, rows, sizeof(double));
        surface->component_mean = carve(layout, block, rows, sizeof(double));
        surface->component_deviation = carve(layout, block, rows, sizeof(double));
        return;
    }
    surface->k = carve(layout, block, rows, sizeof(double));
    surface->w = carve(layout, block, rows, sizeof(double));
    surface->slope = carve(layout, block, rows, sizeof(double));
}

gex_surface *gex__surface_make(const gex_context *context, const struct gex__expiries *given, int32_t form,
                               int64_t rows)
{
    struct gex__layout layout = {0}, again = {0};
    gex_surface counted, *surface;

    carve_surface(&layout, NULL, &counted, given->count, rows, form);
    surface = gex__object_create(context, &layout, NULL);
    if (surface == NULL)
        return NULL;
    carve_surface(&again, (char *)surface, surface, given->count, rows, form);
    surface->form = form;
    surface->expiries = given->count;
    surface->rows = rows;
    surface->spot = given->spot;
    surface->rho = surface->eta = surface->gamma = none;
    for (int64_t i = 0; i < given->count; i++) {
        const double years = gex__f64_at(given->years, i), forward = gex__f64_at(given->forward, i);
        surface->years[i] = years;
        surface->forward[i] = forward;
        surface->theta[i] = none;
        surface->status[i] = (uint8_t)(!(years > 0 && isfinite(years))       ? GEX_SLICE_NO_TIME
                                       : !(forward > 0 && isfinite(forward)) ? GEX_SLICE_NO_FORWARD
                                                                             : GEX_SLICE_USED);
        for (int64_t j = 0; surface->parameters != NULL && j < 5; j++)
            surface->parameters[5 * i + j] = none;
    }
    return surface;
}

static bool earlier(const struct gex__slice *a, const struct gex__slice *b)
{
    return a->years < b->years || (a->years == b->years && a->place < b->place);
}

/* Move the slice at `root` of a heap of `count` down to where it belongs. */
static void sift(struct gex__slice *slice, int64_t root, int64_t count)
{
    const struct gex__slice moving = slice[root];

    for (int64_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && earlier(&slice[child], &slice[child + 1]))
            child++;
        if (!earlier(&moving, &slice[child]))
            break;
        slice[root] = slice[child];
    }
    slice[root] = moving;
}

void gex__surface_arrange(gex_surface *surface)
{
    struct gex__slice *slice = surface->slice;
    int64_t count = surface->used, kept = 0;

    for (int64_t root = count / 2; root-- > 0;)
        sift(slice, root, count);
    for (int64_t last = count; last-- > 1;) {
        const struct gex__slice first = slice[0];
        slice[0] = slice[last];
        slice[last] = first;
        sift(slice, 0, last);
    }
    for (int64_t i = 0; i < count; i++) {
        if (kept > 0 && slice[i].years == slice[kept - 1].years)
            surface->status[slice[i].place] = GEX_SLICE_SAME_YEARS;
        else
            slice[kept++] = slice[i];
    }
    surface->used = kept;
    for (int64_t i = 0; i < kept; i++) {
        const struct gex__slice *at = &slice[i];
        surface->theta[at->place] = at->theta;
        if (surface->parameters != NULL)
            memcpy(&surface->parameters[5 * at->place], &at->svi, 5 * sizeof(double));
    }
}

gex_status gex__surface_give(gex_surface *surface, gex_surface **out, gex_error *error)
{
    if (surface->used == 0) {
        const gex_status status =
            gex__fail(error, GEX_ERR_DOMAIN, 0, "none of {i} expiries can be used; the first is {s}", surface->expiries,
                      gex_slice_text(surface->status[0]));
        gex_surface_free(surface);
        return status;
    }
    *out = surface;
    return GEX_OK;
}

/* ---- from parameters -------------------------------------------------------------------------------------------- */

static void put_slice(gex_surface *surface, int64_t i, const struct gex__svi *svi)
{
    const double theta = gex__svi_at(svi, 0).w;

    if (surface->status[i] != GEX_SLICE_USED)
        return;
    if (!gex__svi_allowed(svi) || !(theta > 0 && isfinite(theta)))
        surface->status[i] = GEX_SLICE_BAD_PARAMETERS;
    else
        surface->slice[surface->used++] = (struct gex__slice){
            .years = surface->years[i], .forward = surface->forward[i], .theta = theta, .place = i, .svi = *svi};
}

static gex_status svi_take(const gex_svi_columns *theirs, gex_svi_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, SVI_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "svi columns: struct_size {u}; fill them with gex_svi_columns_init()", theirs->struct_size);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "svi columns: reserved must be zero");
    if (mine->a.data == NULL || mine->b.data == NULL || mine->rho.data == NULL || mine->m.data == NULL ||
        mine->s.data == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns a, b, rho, m and s are required");
    return GEX_OK;
}

static bool svi_strides_fit(const gex_svi_columns *c)
{
    return gex__stride_fits(c->a.data, c->a.stride, c->expiries) &&
           gex__stride_fits(c->b.data, c->b.stride, c->expiries) &&
           gex__stride_fits(c->rho.data, c->rho.stride, c->expiries) &&
           gex__stride_fits(c->m.data, c->m.stride, c->expiries) &&
           gex__stride_fits(c->s.data, c->s.stride, c->expiries);
}

/* Behind the door: the guest is in. */
static gex_status svi_build(const gex_context *context, const gex_svi_columns *columns,
                            const struct gex__expiries *given, gex_surface **out, gex_error *error)
{
    const gex_status status = gex__surface_prove_spot(given->spot, error);
    gex_surface *surface;

    if (status != GEX_OK)
        return status;
    surface = gex__surface_make(context, given, GEX_FORM_SVI, 0);
    if (surface == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a surface of {i} expiries", given->count);
    for (int64_t i = 0; i < given->count; i++)
        put_slice(surface, i,
                  &(struct gex__svi){gex__f64_at(columns->a, i), gex__f64_at(columns->b, i),
                                     gex__f64_at(columns->rho, i), gex__f64_at(columns->m, i),
                                     gex__f64_at(columns->s, i)});
    gex__surface_arrange(surface);
    return gex__surface_give(surface, out, error);
}

gex_status gex_surface_create_svi(const gex_context *context, const gex_svi_columns *columns, gex_surface **out,
                                  gex_error *error)
{
    gex_svi_columns mine = {0};
    struct gex__expiries given;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (columns == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and out are required");
    status = svi_take(columns, &mine, error);
    if (status != GEX_OK)
        return status;
    given = (struct gex__expiries){mine.expiries, mine.years, mine.forward, mine.spot};
    status = gex__surface_prove(&given, error);
    if (status == GEX_OK && !svi_strides_fit(&mine))
        status =
            gex__fail(error, GEX_ERR_ARGUMENT, -1, "a column's stride times {i} expiries overflows", mine.expiries);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    status = svi_build(context, &mine, &given, out, error);
    gex__guest_leave(&guest);
    return status;
}

static gex_status ssvi_take(const gex_ssvi_columns *theirs, gex_ssvi_columns *mine, gex_error *error)
{
    if (gex__options_take(mine, sizeof *mine, SSVI_COLUMNS_0_1, theirs) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1,
                         "ssvi columns: struct_size {u}; fill them with gex_ssvi_columns_init()", theirs->struct_size);
    if (mine->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "ssvi columns: reserved must be zero");
    if (mine->theta.data == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "column theta is required, an element an expiry");
    return GEX_OK;
}

static gex_status ssvi_build(const gex_context *context, const gex_ssvi_columns *columns,
                             const struct gex__expiries *given, gex_surface **out, gex_error *error)
{
    const gex_status status = gex__surface_prove_spot(given->spot, error);
    gex_surface *surface;

    if (status != GEX_OK)
        return status;
    if (!(fabs(columns->rho) < 1 && columns->eta > 0 && isfinite(columns->eta) && columns->gamma >= 0 &&
          columns->gamma <= 1))
        return gex__fail(error, GEX_ERR_DOMAIN, -1,
                         "rho is {g}, eta {g}, gamma {g}: |rho| < 1, eta above zero and gamma within 0 "
                         "to 1 are needed",
                         columns->rho, columns->eta, columns->gamma);
    surface = gex__surface_make(context, given, GEX_FORM_SSVI, 0);
    if (surface == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a surface of {i} expiries", given->count);
    surface->rho = columns->rho;
    surface->eta = columns->eta;
    surface->gamma = columns->gamma;
    for (int64_t i = 0; i < given->count; i++) {
        const double theta = gex__f64_at(columns->theta, i);
        const struct gex__svi slice =
            gex__ssvi_slice(theta, gex__ssvi_phi(theta, columns->eta, columns->gamma), columns->rho);
        put_slice(surface, i, &slice);
        if (surface->used > 0 && surface->slice[surface->used - 1].place == i)
            surface->slice[surface->used - 1].theta = theta; /* as given: the slice has it but for rounding */
    }
    gex__surface_arrange(surface);
    return gex__surface_give(surface, out, error);
}

gex_status gex_surface_create_ssvi(const gex_context *context, const gex_ssvi_columns *columns, gex_surface **out,
                                   gex_error *error)
{
    gex_ssvi_columns mine = {0};
    struct gex__expiries given;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (columns == NULL || out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "columns and out are required");
    status = ssvi_take(columns, &mine, error);
    if (status != GEX_OK)
        return status;
    given = (struct gex__expiries){mine.expiries, mine.years, mine.forward, mine.spot};
    status = gex__surface_prove(&given, error);
    if (status == GEX_OK && !gex__stride_fits(mine.theta.data, mine.theta.stride, mine.expiries))
        status = gex__fail(error, GEX_ERR_ARGUMENT, -1, "stride of theta times {i} expiries overflows", mine.expiries);
    if (status != GEX_OK)
        return status;
    gex__guest_enter(&guest);
    status = ssvi_build(context, &mine, &given, out, error);
    gex__guest_leave(&guest);
    return status;
}

void gex_surface_free(gex_surface *surface)
{
    gex__object_release(surface);
}

/* ---- what it holds ---------------------------------------------------------------------------------------------- */

#define READ(type, name, field, nothing)                                                                               \
    type gex_surface_##name(const gex_surface *surface)                                                                \
    {                                                                                                                  \
        return surface != NULL ? surface->field : nothing;                                                             \
    }
READ(int32_t, form, form, 0)
READ(int32_t, wings, wings, 0)
READ(int64_t, expiries, expiries, 0)
READ(double, spot, spot, none)
READ(const uint8_t *, status, status, NULL)
READ(const double *, years, years, NULL)
READ(const double *, forward, forward, NULL)
READ(const double *, theta, theta, NULL)
READ(const double *, parameters, parameters, NULL)
READ(double, rho, rho, none)
READ(double, eta, eta, none)
READ(double, gamma, gamma, none)
READ(int64_t, component_count, components, 0)
READ(const int32_t *, component_expiry, component_expiry, NULL)
READ(const double *, component_weight, component_weight, NULL)
READ(const double *, component_mean, component_mean, NULL)
READ(const double *, component_deviation, component_deviation, NULL)

const uint8_t *gex_surface_quote_status(const gex_surface *surface, int64_t *rows_out)
{
    if (rows_out != NULL)
        *rows_out = surface != NULL ? surface->rows : 0;
    return surface != NULL ? surface->quote_status : NULL;
}
