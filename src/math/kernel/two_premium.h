/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What two boundaries add, at one spot, GEX_LANES points of the integral at a time.
 *
 * With I(B) the premium integral of american_body.h along a boundary, as for a put exercised below it, and y = log(S /
 * K):
 *
 *     S > B today          V - European = I(B)
 *     S < Y today          W = V - (1 - S) = -I(Y)
 *     they met at u = U'   V - European = I(B) - I(Y) over u < U'
 *
 * Derivatives are the sums I1 to I4 of american.h. Next to a boundary those from I2 on are sharper than any points;
 * there a polynomial of degree 6 takes W from what is known at the boundary,
 *
 *     W = W_y = 0    W_yy = 2 (a - c e^y) / v^2    W_yyy = -2 / v^2 ((m - v^2 / 2 + y_b') W_yy + c e^y)
 *
 * (y_b' by tau, 1 the life) to value, slope and curvature at TWO_NEAR deviations.
 */
static const double TWO_NEAR = 0.2;  /* fewer where the drift is strong */
static const double TWO_STEEP = 2.5; /* from where the drift makes a step of the integrands: american_body.h */

enum { TWO_SLOTS = 8, TWO_PARTS = TWO_SLOTS / GEX_LANES }; /* sums are in eight parts on every set */

struct two_premium {
    const struct gex__two_lines *two;
    const double *series; /* of the boundary */
    bool is_upper;
    int orders;
    double y, spot, per_v, forward, sign; /* of what is added */
    f64v sum[GEX_TWO_ORDERS][TWO_PARTS];
};

/* log(boundary / K) at x. */
LANE f64v two_boundary(const struct two_premium *p, f64v x)
{
    const f64v f = two_value(p->series, x + x - 1.0);

    return p->is_upper ? -v_sqrt(v_max(f, v_set(0.0))) : f - p->two->gap;
}

/* The integrands at q, into the sums of one part. */
LANE void two_add(struct two_premium *p, int part, f64v q, f64v width)
{
    const double a = p->two->a, c = p->two->c;
    const f64v q2 = q * q, per = 1.0 / (1.0 + q2), s = v_max(2.0 * q * per, v_set(1e-100)), cosine = (1.0 - q2) * per;
    const f64v weight = width * per * (4.0 * s * cosine) * p->sign, s2 = s * s;
    const f64v there = two_boundary(p, v_min(cosine * (1.0 / p->two->root), v_set(1.0)));
    const f64v per_vs = p->per_v / s, d1 = v_fma(v_set(p->forward), s, (p->y - there) * per_vs),
               d2 = d1 - p->two->v * s;
    const f64v carried = exp_short(-c * s2) * weight;
    f64v n1, n2;
    const f64v tail = carried * normal_cdf(-d1, &n1);

    p->sum[0][part] += a * exp_short(-a * s2) * weight * normal_cdf(-d2, &n2) - c * p->spot * tail;
    if (p->orders > 1) {
        const f64v gauss = carried * n1, bent = (c - a * exp_short(-there)) * per_vs;

        p->sum[1][part] += gauss * bent - c * tail;
        p->sum[2][part] += gauss * per_vs * (c - d1 * bent);
        p->sum[3][part] += gauss * per_vs * per_vs * (bent * (d1 * d1 - 1.0) - c * d1);
        p->sum[4][part] += gauss * per_vs * per_vs * per_vs * (bent * d1 * (3.0 - d1 * d1) + c * (d1 * d1 - 1.0));
    }
}

/* asinh(x), x >= 0. */
static double two_asinh(double x)
{
    return log1p(x + x * x / (1.0 + sqrt(1.0 + x * x)));
}

/* Over q = delta sinh(t), delta the distance from the boundary in deviations: points are densest where they matter. */
static void two_integrate_from(struct two_premium *p, double distance, double start, double end)
{
    const double delta = fmin(fmax(distance, 1e-3), 0.4), first = two_asinh(start / delta);
    const double stretch = two_asinh(end / delta) - first, scale = 0.5 * delta;

    for (int j = 0; j < GEX_TWO_PRICES; j += GEX_LANES) {
        const f64v t = v_fma(v_load(&gex__american_two.t[j]), v_set(stretch), v_set(first));
        const f64v up = exp_short(t), down = 1.0 / up;

        two_add(p, j / GEX_LANES % TWO_PARTS, scale * (up - down),
                stretch * scale * (up + down) * v_load(&gex__american_two.t_weight[j]));
    }
}

static void two_integrate_between(struct two_premium *p, double start, double end)
{
    const double width = end - start;

    for (int j = 0; j < GEX_TWO_PRICES; j += GEX_LANES)
        two_add(p, j / GEX_LANES % TWO_PARTS, v_fma(v_set(width), v_load(&gex__american_two.t[j]), v_set(start)),
                width * v_load(&gex__american_two.t_weight[j]));
}

/* q of s. */
static double two_half_tangent(double s)
{
    const double bounded = fmax(fmin(s, 1.0), 0.0);

    return bounded / (1.0 + sqrt(1.0 - bounded * bounded));
}

/* The sums over the life at y along one boundary, into by. */
OWN_STACK void two_integrate(const struct gex__two_lines *two, bool is_upper, double y, int orders, double sign,
                             double *by)
{
    struct two_premium p = {.two = two,
                            .series = is_upper ? two->upper : two->lower,
                            .is_upper = is_upper,
                            .orders = orders,
                            .y = y,
                            .spot = exp(y),
                            .per_v = 1.0 / two->v,
                            .sign = sign};
    const double steep = (two->a - two->c) / two->v;

    p.forward = steep + 0.5 * two->v;
    for (int k = 0; k < GEX_TWO_ORDERS; k++)
        for (int part = 0; part < TWO_PARTS; part++)
            p.sum[k][part] = v_set(0.0);
    if (two->met) {
        const double share = two->meet * two->root, s = sqrt(fmax(1.0 - share * share, 0.0));
        const double crossing = two_at(two->lower, two->meet) - two->gap;

        two_integrate_from(&p, fabs(y - crossing) / two->v, s / (1.0 + share), 1.0);
    } else if (is_upper || steep <= TWO_STEEP) {
        two_integrate_from(&p, (is_upper ? y - two->to : two->from - y) / two->v, 0.0, 1.0);
    } else { /* the drift takes the spot to Y at about one time: panels before, about and after */
        const double distance = two->from - y, passage = sqrt(fmax(distance / (two->a - two->c), 0.0)),
                     reach = 4.0 / steep;
        const double before = two_half_tangent(passage - reach), after = two_half_tangent(passage + reach);
        const double first = before > 0.0 ? before : 0.25 * after;

        two_integrate_from(&p, distance / two->v, 0.0, first);
        two_integrate_between(&p, first, after);
        two_integrate_between(&p, after, 1.0);
    }
    for (int k = 0; k < (orders > 1 ? GEX_TWO_ORDERS : 1); k++) {
        double part[TWO_SLOTS];

        for (int i = 0; i < TWO_PARTS; i++)
            v_store(&part[i * GEX_LANES], p.sum[k][i]);
        by[k] += ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
}

/* Adds `share` times the European put less what exercise pays, in the form of the sums. */
OWN_STACK void two_exchange(const struct gex__two_lines *two, double y, double share, double by[GEX_TWO_ORDERS])
{
    const double d1 = (y + two->a - two->c) / two->v + 0.5 * two->v, spot = exp(y), paid = exp(-two->c);
    double n1[GEX_LANES], tail1[GEX_LANES], tail2[GEX_LANES], gauss;
    f64v density;

    v_store(tail2, normal_cdf(v_set(two->v - d1), &density));
    v_store(tail1, normal_cdf(v_set(-d1), &density));
    v_store(n1, density);
    gauss = share * paid * n1[0] / two->v;
    by[0] += share * (exp(-two->a) * tail2[0] - spot * paid * tail1[0] - (1.0 - spot));
    by[1] += share * (1.0 - paid * tail1[0]);
    by[2] += gauss;
    by[3] += -gauss * d1 / two->v;
    by[4] += gauss * (d1 * d1 - 1.0) / (two->v * two->v);
}

/* The slope of a boundary today by the time that is left, the life being 1. */
static double two_slope(const struct gex__two_lines *two, bool is_upper)
{
    const double *series = is_upper ? two->upper : two->lower;
    double slope = 0.0, value = 0.0;

    if (two->root < 1.0)
        return 0.0;
    for (int k = 0; k <= TWO_LAST; k++) {
        value += series[k];
        slope += (double)(k * k) * series[k]; /* d/dx = 2 d/dz, and dx/dtau = 1/2 */
    }
    return is_upper ? -0.5 * slope / sqrt(value) : slope;
}

/* by[2..4] of W at y, within TWO_NEAR deviations of the boundary at y0. */
OWN_STACK void two_carry(const struct gex__two_lines *two, bool is_upper, double y, double length, double *by)
{
    const double y0 = is_upper ? two->to : two->from, h = is_upper ? length : -length, end = y0 + h, spot = exp(y0),
                 far = exp(end);
    const double v2 = two->v * two->v, m = two->a - two->c, w = (y - y0) / h;
    const double curve = 2.0 * (two->a - two->c * spot) / v2;
    const double third = -2.0 / v2 * ((m - 0.5 * v2 + two_slope(two, is_upper)) * curve + two->c * spot);
    double at[GEX_TWO_ORDERS] = {0.0}, c[7] = {0.0}, f[5] = {0.0};

    two_integrate(two, is_upper, end, GEX_TWO_ORDERS, is_upper ? 1.0 : -1.0, at);
    if (is_upper)
        two_exchange(two, end, 1.0, at);
    c[2] = 0.5 * h * h * curve;
    c[3] = h * h * h * third / 6.0;
    {
        const double value = at[0] - c[2] - c[3], slope = h * far * at[1] - 2.0 * c[2] - 3.0 * c[3];
        const double bend = h * h * far * (at[1] + at[2]) - 2.0 * c[2] - 6.0 * c[3];

        c[6] = 0.5 * bend + 10.0 * value - 4.0 * slope;
        c[5] = slope - 4.0 * value - 2.0 * c[6];
        c[4] = 5.0 * value - slope + c[6];
    }
    for (int k = 6; k >= 0; k--) {
        for (int order = 4; order > 0; order--)
            f[order] = f[order] * w + f[order - 1];
        f[0] = f[0] * w + c[k];
    }
    {
        const double here = exp(-y), i1 = f[1] / h * here, i2 = 2.0 * f[2] / (h * h) * here - i1;
        const double i3 = 6.0 * f[3] / (h * h * h) * here - i1 - 2.0 * i2;

        by[2] = i2;
        by[3] = i3;
        by[4] = 24.0 * f[4] / (h * h * h * h) * here - i1 - 3.0 * i2 - 3.0 * i3;
    }
}

/*
 * The sums at y: `whole` what the value is more than what exercise pays, else more than the European put. orders 1:
 * by[0] alone; else all. @return where y is; exercised is worth what exercise pays.
 */
static enum gex__two_region two_premium(const struct gex__two_lines *two, double y, int orders, bool whole,
                                        double by[GEX_TWO_ORDERS])
{
    const double length = TWO_NEAR * two->v / fmax(1.0, (two->a - two->c) / two->v);
    enum gex__two_region region = y > two->to ? GEX__TWO_OVER : y < two->from ? GEX__TWO_UNDER : GEX__TWO_EXERCISED;
    bool is_whole = region != GEX__TWO_OVER;

    memset(by, 0, GEX_TWO_ORDERS * sizeof *by);
    if (two->met) {
        region = GEX__TWO_MET;
        two_integrate(two, true, y, orders, 1.0, by);
        two_integrate(two, false, y, orders, -1.0, by);
        is_whole = false;
    } else if (region != GEX__TWO_EXERCISED) {
        const bool is_upper = region == GEX__TWO_OVER;

        two_integrate(two, is_upper, y, orders, is_upper ? 1.0 : -1.0, by);
        if (orders > 1 && (is_upper ? y - two->to : two->from - y) < length) {
            double near[GEX_TWO_ORDERS] = {0.0};

            two_carry(two, is_upper, y, length, near);
            if (is_upper)
                two_exchange(two, y, -1.0, near);
            memcpy(&by[2], &near[2], 3 * sizeof *by);
        }
    }
    if (whole != is_whole)
        two_exchange(two, y, whole ? 1.0 : -1.0, by);
    return region;
}
