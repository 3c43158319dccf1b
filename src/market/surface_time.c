/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A slice at any k, and the surface between, before and after its slices.
 *
 * Before the first expiry T1 the smile keeps its shape over k / sqrt(T): w(k, T) = (T / T1) w1(k sqrt(T1 / T)). Where
 * w1 has no butterfly this has none either, since g(k) - g1(k sqrt(T1 / T)) = (1 - T / T1) w1'^2 / 16 >= 0, and no
 * calendar spread, since 1 - k w' / 2w > 0 wherever g >= 0 (Fukasawa 2012, Mathematical Finance 22(4)).
 */
#include <math.h>

#include "surface.h"

/* ---- a slice ---------------------------------------------------------------------------------------------------- */

static int64_t interval_of(const double *k, int64_t nodes, double at)
{
    int64_t low = 0, high = nodes - 1;

    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        *(k[middle] <= at ? &low : &high) = middle;
    }
    return low;
}

static struct gex__smile raw_at(const struct gex_surface *surface, const struct gex__slice *slice, double at,
                                bool *beyond)
{
    const double *k = surface->k + slice->first, *w = surface->w + slice->first;
    const int64_t last = slice->nodes - 1;

    *beyond = *beyond || at < k[0] || at > k[last];
    if (at < k[0] || last == 0)
        return at <= k[0] ? (struct gex__smile){w[0] + slice->left * (k[0] - at), -slice->left, 0, 0}
                          : (struct gex__smile){w[0] + slice->right * (at - k[0]), slice->right, 0, 0};
    if (at > k[last])
        return (struct gex__smile){w[last] + slice->right * (at - k[last]), slice->right, 0, 0};
    return gex__pchip_at(interval_of(k, slice->nodes, at), k, w, surface->slope + slice->first, at);
}

struct gex__smile gex__slice_at(const struct gex_surface *surface, const struct gex__slice *slice, double k,
                                bool *beyond)
{
    if (surface->form == GEX_FORM_RAW)
        return raw_at(surface, slice, k, beyond);
    if (surface->form == GEX_FORM_MIXTURE)
        return gex__mixture_at(&(struct gex__mixture){surface->component + slice->first, slice->nodes,
                                                      slice->narrowest, slice->widest},
                               k);
    return gex__svi_at(&slice->svi, k);
}

double gex__slice_slope(const struct gex_surface *surface, const struct gex__slice *slice, int32_t side)
{
    if (surface->form == GEX_FORM_RAW)
        return side < 0 ? slice->left : slice->right;
    if (surface->form == GEX_FORM_MIXTURE)
        return 0; /* total variance tends to that of the widest component */
    return gex__svi_slope(&slice->svi, side);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

/* Slices with years below `years`. */
static int64_t slices_before(const struct gex_surface *surface, double years)
{
    int64_t low = 0, high = surface->used;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (surface->slice[middle].years < years)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Total variance at the money: straight to 0 at T = 0, between expiries, and on after the last, never falling there. */
static double theta_at(const struct gex_surface *surface, int64_t before, double years, double *per_year)
{
    const struct gex__slice *slice = surface->slice;
    const int64_t last = surface->used - 1, to = before > last ? last : before;
    const double t0 = to > 0 ? slice[to - 1].years : 0, theta0 = to > 0 ? slice[to - 1].theta : 0;

    *per_year = (slice[to].theta - theta0) / (slice[to].years - t0);
    if (before > last)
        *per_year = fmax(*per_year, 0);
    if (years == slice[to].years)
        return slice[to].theta;
    return before > last ? slice[last].theta + *per_year * (years - slice[last].years)
                         : theta0 + *per_year * (years - t0);
}

/* dw/dtheta: w = theta / 2 H(phi k), H' as of the slice, phi' = -phi (gamma / theta + (1 - gamma) / (1 + theta)). */
static struct gex__point ssvi_at(const struct gex_surface *surface, double k, int64_t before, double years)
{
    double per_year;
    const double theta = theta_at(surface, before, years, &per_year);
    const double phi = gex__ssvi_phi(theta, surface->eta, surface->gamma);
    const struct gex__svi slice = gex__ssvi_slice(theta, phi, surface->rho);
    struct gex__point out = {.smile = gex__svi_at(&slice, k)};

    out.w_years = per_year * (out.smile.w / theta -
                              k * out.smile.w1 * (surface->gamma / theta + (1 - surface->gamma) / (1 + theta)));
    return out;
}

static struct gex__point before_first(const struct gex_surface *surface, double k, double years)
{
    const struct gex__slice *first = &surface->slice[0];
    const double share = years / first->years, stretch = sqrt(share);
    struct gex__point out = {.beyond = false};
    const struct gex__smile at = gex__slice_at(surface, first, k / stretch, &out.beyond);

    out.smile = (struct gex__smile){share * at.w, stretch * at.w1, at.w2, share == 1 ? at.g : 0};
    out.w_years = (at.w - k / stretch * at.w1 / 2) / first->years;
    return out;
}

static struct gex__point between(const struct gex_surface *surface, double k, int64_t to, double years)
{
    const struct gex__slice *one = &surface->slice[to - 1], *other = &surface->slice[to];
    const double gap = other->years - one->years, linear = years == other->years ? 1 : (years - one->years) / gap;
    struct gex__point out = {.beyond = false};
    const struct gex__smile a = gex__slice_at(surface, one, k, &out.beyond),
                            b = gex__slice_at(surface, other, k, &out.beyond);
    double theta, theta_years, share, share_years;

    if (surface->form == GEX_FORM_RAW || one->theta == other->theta || !(fmin(a.w, b.w) > 0) || fmax(a.w, b.w) > 4000) {
        out.smile.w = a.w + linear * (b.w - a.w);
        out.smile.w1 = a.w1 + linear * (b.w1 - a.w1);
        out.smile.w2 = a.w2 + linear * (b.w2 - a.w2);
        out.w_years = (b.w - a.w) / gap;
        if (linear == 1) /* the expiry itself, to the bit */
            out.smile = b;
        return out;
    }
    theta = theta_at(surface, to, years, &theta_years);
    share = gex__mix_share(one->theta, other->theta, theta, theta_years, &share_years);
    out = gex__smile_mix(&a, &b, k, share, share_years);
    if (linear == 1)
        out.smile = b;
    return out;
}

/* Total variance rises by as much at every k, so that slopes and order stay. */
static struct gex__point after_last(const struct gex_surface *surface, double k, double years)
{
    const struct gex__slice *last = &surface->slice[surface->used - 1];
    struct gex__point out = {.beyond = false};

    out.smile = gex__slice_at(surface, last, k, &out.beyond);
    out.smile.w += theta_at(surface, surface->used, years, &out.w_years) - last->theta;
    out.smile.g = 0;
    return out;
}

struct gex__point gex__surface_at(const struct gex_surface *surface, double k, double years)
{
    const int64_t before = slices_before(surface, years);

    if (surface->form == GEX_FORM_SSVI)
        return ssvi_at(surface, k, before, years);
    if (before == surface->used)
        return after_last(surface, k, years);
    return before == 0 ? before_first(surface, k, years) : between(surface, k, before, years);
}

double gex__surface_forward(const struct gex_surface *surface, double years)
{
    const struct gex__slice *slice = surface->slice;
    const int64_t before = slices_before(surface, years), last = surface->used - 1, to = before > last ? last : before;
    const double t0 = to > 0 ? slice[to - 1].years : 0;
    const double f0 = to > 0 ? slice[to - 1].forward : surface->spot > 0 ? surface->spot : slice[0].forward;

    if (years == slice[to].years)
        return slice[to].forward;
    if (years == t0)
        return f0;
    return f0 * exp(log(slice[to].forward / f0) * ((years - t0) / (slice[to].years - t0)));
}
