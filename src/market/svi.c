/* SPDX-License-Identifier: Apache-2.0 */
/* Raw SVI and SSVI slices: values, bounds, jump wings, butterflies and their repair. */
#include <math.h>

#include <gex/surface.h>

#include "base/base.h"
#include "svi.h"

bool gex__svi_allowed(const struct gex__svi *p)
{
    return isfinite(p->a) && isfinite(p->b) && isfinite(p->m) && isfinite(p->s) && p->b >= 0 && fabs(p->rho) < 1 &&
           p->s > 0 && p->a + p->b * p->s * sqrt((1 - p->rho) * (1 + p->rho)) >= 0;
}

struct gex__smile gex__svi_at(const struct gex__svi *p, double k)
{
    const double x = k - p->m, root = sqrt(x * x + p->s * p->s), curve = p->s / root;

    return (struct gex__smile){p->a + p->b * (p->rho * x + root), p->b * (p->rho + x / root),
                               p->b * curve * curve / root, 0};
}

double gex__svi_slope(const struct gex__svi *p, int32_t side)
{
    return p->b * (1 + side * p->rho);
}

double gex__ssvi_phi(double theta, double eta, double gamma)
{
    return eta / (pow(theta, gamma) * pow(1 + theta, 1 - gamma));
}

/* theta / 2 (1 - rho^2 + rho (phi k + rho) + sqrt((phi k + rho)^2 + 1 - rho^2)) */
struct gex__svi gex__ssvi_slice(double theta, double phi, double rho)
{
    const double rest = (1 - rho) * (1 + rho);
    return (struct gex__svi){theta * rest / 2, theta * phi / 2, rho, -rho / phi, sqrt(rest) / phi};
}

double gex__smile_g(const struct gex__smile *at, double k)
{
    const double lean = 1 - k * at->w1 / (2 * at->w);

    if (!(at->w > 0))
        return -HUGE_VAL;
    if (at->g > 0)
        return at->g;
    return lean * lean - at->w1 * at->w1 * (1 / at->w + 0.25) / 4 + at->w2 / 2;
}

/* ---- jump wings ------------------------------------------------------------------------------------------------- */

struct wings {
    double v, psi, p, c, vt;
};

static bool to_wings(const struct gex__svi *raw, double years, struct wings *out)
{
    const double root = sqrt(raw->m * raw->m + raw->s * raw->s), w0 = gex__svi_at(raw, 0).w, v0 = sqrt(w0);

    out->v = w0 / years;
    out->psi = raw->b / (2 * v0) * (raw->rho - raw->m / root);
    out->p = raw->b * (1 - raw->rho) / v0;
    out->c = raw->b * (1 + raw->rho) / v0;
    out->vt = (raw->a + raw->b * raw->s * sqrt((1 - raw->rho) * (1 + raw->rho))) / years;
    return w0 > 0 && isfinite(out->psi) && isfinite(out->p) && isfinite(out->c);
}

/*
 * With r = sqrt(m^2 + s^2), beta = m / r: psi says rho - beta, and (v - vt) T = b r (1 - rho beta - sqrt((1 - rho^2) (1
 * - beta^2))), whose bracket is (rho - beta)^2 / (1 - rho beta + sqrt(...)). A smile level at the money (psi = 0)
 * leaves r open.
 */
static bool from_wings(const struct wings *in, double years, struct gex__svi *out)
{
    const double v0 = sqrt(in->v * years), b = v0 * (in->c + in->p) / 2, rho = (in->c - in->p) / (in->c + in->p);
    const double lean = 2 * in->psi * v0 / b, beta = rho - lean;
    const double rest = sqrt((1 - rho) * (1 + rho)), flank = sqrt((1 - beta) * (1 + beta));
    const double r = (in->v - in->vt) * years * (1 - rho * beta + rest * flank) / (b * lean * lean);

    *out = (struct gex__svi){in->vt * years - b * r * flank * rest, b, rho, beta * r, r * flank};
    return fabs(beta) < 1 && gex__svi_allowed(out);
}

static bool take_raw(const double *raw, struct gex__svi *out)
{
    *out = (struct gex__svi){raw[0], raw[1], raw[2], raw[3], raw[4]};
    return gex__svi_allowed(out);
}

static void give_raw(const struct gex__svi *raw, double *out)
{
    out[0] = raw->a, out[1] = raw->b, out[2] = raw->rho, out[3] = raw->m, out[4] = raw->s;
}

static gex_status no_slice(gex_error *error)
{
    return gex__fail(error, GEX_ERR_DOMAIN, -1,
                     "no raw SVI slice: b >= 0, |rho| < 1, s > 0 and a + b s sqrt(1 - rho^2) >= 0, all finite");
}

static gex_status bad_years(double years, gex_error *error)
{
    return gex__fail(error, GEX_ERR_DOMAIN, -1, "years is {g}: it must be finite and above zero", years);
}

gex_status gex_svi_to_jump_wings(const double *raw, double years, double *wings, gex_error *error)
{
    struct gex__guest guest;
    struct gex__svi slice;
    struct wings made;
    gex_status status = GEX_OK;

    if (raw == NULL || wings == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "raw and wings are required");
    gex__guest_enter(&guest);
    if (!(years > 0 && isfinite(years)))
        status = bad_years(years, error);
    else if (!take_raw(raw, &slice))
        status = no_slice(error);
    else if (!to_wings(&slice, years, &made))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "total variance at the money is zero: there are no jump wings");
    if (status == GEX_OK)
        wings[0] = made.v, wings[1] = made.psi, wings[2] = made.p, wings[3] = made.c, wings[4] = made.vt;
    gex__guest_leave(&guest);
    return status;
}

gex_status gex_svi_from_jump_wings(const double *wings, double years, double *raw, gex_error *error)
{
    struct gex__guest guest;
    struct gex__svi made;
    gex_status status = GEX_OK;

    if (raw == NULL || wings == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "wings and raw are required");
    gex__guest_enter(&guest);
    if (!(years > 0 && isfinite(years)))
        status = bad_years(years, error);
    else if (!from_wings(&(struct wings){wings[0], wings[1], wings[2], wings[3], wings[4]}, years, &made))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1,
                           "no raw SVI slice has these jump wings: v >= vt >= 0, p, c >= 0, "
                           "p + c > 0, -p < 2 psi < c and psi not 0 are needed");
    if (status == GEX_OK)
        give_raw(&made, raw);
    gex__guest_leave(&guest);
    return status;
}

gex_status gex_svi_butterfly(const double *raw, double *least_out, double *at_out, gex_error *error)
{
    struct gex__guest guest;
    struct gex__svi slice;
    gex_status status = GEX_OK;
    double least, at;

    if (raw == NULL || least_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "raw and least_out are required");
    gex__guest_enter(&guest);
    if (!take_raw(raw, &slice)) {
        status = no_slice(error);
    } else {
        least = gex__svi_butterfly(&slice, &at);
        *least_out = least;
        if (at_out != NULL)
            *at_out = at;
    }
    gex__guest_leave(&guest);
    return status;
}

/* ---- repair ----------------------------------------------------------------------------------------------------- */

/* The end of the path: an SSVI slice with this v, psi and p. */
static struct wings anchor_of(const struct wings *at)
{
    struct wings end = *at;
    end.c = fmax(at->p + 2 * at->psi, 0);
    end.vt = 4 * at->v * at->p * end.c / ((at->p + end.c) * (at->p + end.c));
    return end;
}

static bool sound(const struct wings *at, struct gex__svi *slice)
{
    double k;
    return from_wings(at, 1, slice) && gex__svi_butterfly(slice, &k) >= 0;
}

static struct wings between(const struct wings *from, const struct wings *to, double share)
{
    struct wings at = *from;
    at.c += share * (to->c - from->c);
    at.vt += share * (to->vt - from->vt);
    return at;
}

/* Least share of the path that leaves no butterfly, within 2^-40; the end has none. */
static double share_needed(const struct wings *from, const struct wings *end, struct gex__svi *slice)
{
    double low = 0, high = 1;
    struct wings at;

    for (int i = 0; i < 40; i++) {
        const double middle = (low + high) / 2;
        at = between(from, end, middle);
        *(sound(&at, slice) ? &high : &low) = middle;
    }
    at = between(from, end, high);
    (void)from_wings(&at, 1, slice);
    return high;
}

/* @return how far, as in the header; below 0 when nothing on the way is sound. Jump wings at T = 1: T cancels. */
static double repair(const struct gex__svi *raw, struct gex__svi *slice)
{
    double k, divisor = 1;
    struct wings from, end;

    *slice = *raw;
    if (gex__svi_butterfly(raw, &k) >= 0)
        return 0;
    if (!to_wings(raw, 1, &from))
        return -1;
    end = anchor_of(&from);
    if (sound(&end, slice))
        return share_needed(&from, &end, slice);
    for (int i = 0; i < 200; i++) { /* both halves of the condition shrink with psi and p */
        divisor *= 1.05;
        end = from;
        end.psi /= divisor, end.p /= divisor;
        end = anchor_of(&end);
        if (sound(&end, slice))
            return divisor;
    }
    return -1;
}

gex_status gex_svi_repair(const double *raw, double *repaired_out, double *moved_out, gex_error *error)
{
    struct gex__guest guest;
    struct gex__svi slice, repaired;
    gex_status status = GEX_OK;
    double moved = 0;

    if (raw == NULL || repaired_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "raw and repaired_out are required");
    gex__guest_enter(&guest);
    if (!take_raw(raw, &slice)) {
        status = no_slice(error);
    } else {
        moved = repair(&slice, &repaired);
        if (moved < 0)
            status = gex__fail(error, GEX_ERR_DOMAIN, -1, "no slice without butterflies lies on the path of this one");
    }
    if (status == GEX_OK) {
        give_raw(&repaired, repaired_out);
        if (moved_out != NULL)
            *moved_out = moved;
    }
    gex__guest_leave(&guest);
    return status;
}

gex_status gex_ssvi_conditions(double theta, double rho, double eta, double gamma, double *values, gex_error *error)
{
    struct gex__guest guest;
    gex_status status = GEX_OK;

    if (values == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "values are required");
    gex__guest_enter(&guest);
    if (!(theta > 0 && isfinite(theta) && fabs(rho) < 1 && eta > 0 && isfinite(eta) && gamma >= 0 && gamma <= 1)) {
        status = gex__fail(error, GEX_ERR_DOMAIN, -1,
                           "theta {g}, rho {g}, eta {g}, gamma {g}: theta and eta above zero, "
                           "|rho| < 1 and 0 <= gamma <= 1 are needed",
                           theta, rho, eta, gamma);
    } else {
        const double phi = gex__ssvi_phi(theta, eta, gamma), wide = 1 + fabs(rho);
        values[0] = phi;
        values[1] = theta * phi * wide;
        values[2] = theta * phi * phi * wide;
        values[3] = phi * (1 - gamma) / (1 + theta); /* phi (1 - gamma - (1 - gamma) theta / (1 + theta)) */
        values[4] = rho == 0 ? HUGE_VAL : phi * (1 + sqrt((1 - rho) * (1 + rho))) / (rho * rho);
    }
    gex__guest_leave(&guest);
    return status;
}
