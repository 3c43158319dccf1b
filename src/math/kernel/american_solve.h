/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collocation of american_body.h for a scheme of GEX_NODES nodes and GEX_POINTS points. Included once for each
 * scheme, with GEX_SOLVE(name) to tell the names apart, so that a small scheme takes a small stack.
 */
struct GEX_SOLVE(boundary) {
    const struct gex__american_scheme *scheme;
    f64v v, per_v, a, c, kappa;
    f64v forward; /* d+ = (log(S / B) / v) / s + forward s */
    f64v h[GEX_NODES], series[GEX_NODES + 1];
    f64v matrix[GEX_NODES][GEX_NODES], step[GEX_NODES]; /* the matrix becomes its factors, 1 / the diagonal */
};

OWN_STACK void GEX_SOLVE(find_series)(struct GEX_SOLVE(boundary) *b)
{
    for (int k = 0; k <= GEX_NODES; k++) {
        f64v sum = v_set(0.0);

        for (int i = 0; i < GEX_NODES; i++)
            sum = v_fma(b->h[i], v_set(b->scheme->series[i][k]), sum);
        b->series[k] = sum;
    }
}

/*
 * QD+ at each node, from the shortest time on: the root of
 *
 *     1 - e^-c' N(-d+) + u (v x n(d+) e^-c' / 2 + c' e^-c' N(-d+)) = u a' e^-a' N(-d-) / b - w (1 - b - p) / b
 *
 * for b = B / K and the European put p. Again in logarithms; from the asymptotic depth of the boundary at the shortest
 * time, v x sqrt(1 - 2 log(5 (a' - c') / (v x) + 7 a')), and from the node before in proportion. Both are on the far
 * side, where the iteration is safe. A yield barely above the rate, kappa < 3 v x, is a yield equal to the rate for
 * this purpose: the boundary starts flat, at 0.64 v x, and falls as soon as it notices.
 */
OWN_STACK void GEX_SOLVE(first_estimate)(struct GEX_SOLVE(boundary) *b)
{
    f64v phi = v_set(0.0), log_scale = v_set(0.0);
    i64v was_even = v_less(v_set(1.0), v_set(0.0));

    for (int i = GEX_NODES - 1; i >= 0; i--) {
        const double x = b->scheme->x[i];
        const f64v vx = b->v * x, per_vx = b->per_v * (1.0 / x);
        const i64v even = v_less(b->a, b->c) & v_less(b->kappa, 3.0 * vx);
        const f64v yield = v_select(even, b->a, b->c), kappa = v_keep(~even, b->kappa);
        const f64v forward = v_fma(b->a - yield, b->per_v, 0.5 * b->v);
        const f64v a = b->a * (x * x), c = yield * (x * x), grown = exp_short(-a), paid = exp_short(-c);
        const f64v per_variance = 2.0 * per_vx * per_vx;
        const i64v brief = v_less(a, v_set(1e-4));
        /* a / (1 - e^-a) */
        const f64v ratio = v_select(brief, 1.0 + 0.5 * a, a / v_select(brief, v_set(1.0), 1.0 - grown));
        const f64v alpha = per_variance * ratio, beta = v_fma(per_variance, a - c, v_set(-1.0));
        const f64v root = v_sqrt(v_fma(beta, beta, 4.0 * alpha)), per_root = 1.0 / root;
        const f64v w = v_fma(alpha * (1.0 - alpha * per_root * per_root), grown * per_root, -0.5 * (beta + root));
        const f64v u = per_variance * per_root;
        const f64v gained = v_max(c, v_set(0.0)), lost = c - gained;

        if (i == GEX_NODES - 1) {
            const f64v scale = 5.0 * v_max(a - c, v_set(0.0)) * per_vx + 7.0 * v_max(a, 0x1p-20 * v_abs(c));

            log_scale = log_ratio(v_max(scale, v_set(0x1p-1000)), v_set(1.0)).hi;
            phi = -vx * v_sqrt(1.0 + 2.0 * v_max(-log_scale, v_set(0.0)));
        } else {
            const f64v depth = vx * v_sqrt(v_max(1.0 - 2.0 * (log_scale + b->scheme->log_square[i]), v_set(1.0)));

            phi = v_select(even & ~was_even, -depth, phi * (x / b->scheme->x[i + 1]));
        }
        was_even = even;
        for (int k = i == GEX_NODES - 1 ? 3 : 2; k > 0; k--) {
            const f64v log_b = phi - kappa, per_b = exp_short(-log_b);
            const f64v d1 = v_fma(forward, v_set(x), log_b * per_vx), d2 = d1 - vx;
            f64v n1, n2;
            const f64v strike = grown * normal_cdf(-d2, &n2) * per_b, spot = paid * normal_cdf(-d1, &n1),
                       slope = n1 * paid;
            const f64v left = 1.0 - spot + u * v_fma(gained, spot, 0.5 * vx * slope);
            const f64v right = u * v_fma(a, strike, -(lost * spot)) - w * (per_b - 1.0 - (strike - spot));
            const f64v left_slope = slope * (per_vx + u * (gained * per_vx - 0.5 * d1));
            const f64v right_slope =
                w * (per_b - strike) - u * v_fma(a, strike + slope * per_vx, -(lost * slope * per_vx));
            const f64v change = 2.0 * (left - right) / ((left + right) * (left_slope / left - right_slope / right));
            const i64v shallow = ~v_less(left * 1e-3, right); /* the European put is worth more than exercise here */

            phi = v_select(shallow, phi * 1.3, v_min(v_max(phi - change, phi * 2.0), phi * 0.3));
        }
        {
            /* QD+ is that much too shallow */
            const f64v depth = v_select(even, v_min(phi + b->kappa, -0.64 * vx), phi) * 1.015;

            b->h[i] = depth * depth;
        }
    }
}

/* Row i: the difference of the logarithms of (*) and, on `anew`, its slopes with the logarithm of each node's depth. */
OWN_STACK void GEX_SOLVE(collocate)(struct GEX_SOLVE(boundary) *b, int i, bool anew)
{
    const struct gex__american_scheme *scheme = b->scheme;
    const double x = scheme->x[i];
    const f64v phi = -v_sqrt(b->h[i]), per_vx = b->per_v * (1.0 / x);
    const f64v c = b->c * (x * x), a = b->a * (x * x) * exp_short(b->kappa);
    const f64v gained = v_max(c, v_set(0.0)), lost = c - gained, carried = exp_short(-c);
    f64v yields[GEX_POINTS], strikes[GEX_POINTS], sum[GEX_NODES + 1], density;
    f64v left, right, yield_sum = v_set(0.0), strike_sum = v_set(0.0), yield_slope = v_set(0.0),
                      strike_slope = v_set(0.0);
    f64v direct, of_yield, of_strike, per_left, per_right;

    left = carried * normal_cdf(v_fma(b->forward, v_set(x), (phi - b->kappa) * per_vx), &density);
    direct = carried * density * per_vx;
    for (int j = 0; j < GEX_POINTS; j++) {
        const double s = scheme->sine[j];
        const f64v per_vs = per_vx * (1.0 / s), least = phi * (LEAST_DEPTH * scheme->cosine[j]);
        const f64v h = chebyshev_sum(b->series, GEX_NODES, v_set(2.0 * x * scheme->cosine[j] - 1.0));
        const f64v there = -v_sqrt(v_max(h, least * least));
        const f64v d = v_fma(b->forward, v_set(x * s), (phi - there) * per_vs);
        const f64v discount = exp_short(c * (-s * s)) * scheme->weight[j];
        const f64v tail = discount * normal_cdf(d, &density), yield = discount * density * per_vs;
        const f64v strike = yield * exp_short(-there);

        yield_sum += tail + yield;
        strike_sum += strike;
        if (anew) {
            const f64v bend = d * per_vs, per_there = 1.0 / there;
            const f64v yield_bent = yield - yield * bend, strike_bent = strike * bend;

            yield_slope += yield_bent;
            strike_slope += strike_bent;
            yields[j] = yield_bent * per_there;
            strikes[j] = (strike_bent - strike) * per_there;
        }
    }
    left = v_fma(gained, yield_sum, left);
    right = v_fma(a, strike_sum, -(lost * yield_sum));
    b->step[i] = 2.0 * (right - left) / (right + left);
    if (!anew)
        return;

    per_left = 1.0 / left;
    per_right = 1.0 / right;
    of_yield = gained * per_left + lost * per_right;
    of_strike = a * per_right;
    direct = direct * per_left + of_yield * yield_slope + of_strike * strike_slope;
    for (int k = 0; k <= GEX_NODES; k++)
        sum[k] = v_set(0.0);
    for (int j = 0; j < GEX_POINTS; j++) {
        const f64v by = v_fma(of_yield, yields[j], of_strike * strikes[j]);
        const double z = 2.0 * x * scheme->cosine[j] - 1.0;
        double before = 1.0, now = z;

        sum[0] += by;
        for (int k = 1; k <= GEX_NODES; k++) {
            const double after = 2.0 * z * now - before;

            sum[k] = v_fma(by, v_set(now), sum[k]);
            before = now;
            now = after;
        }
    }
    for (int k = 0; k < GEX_NODES; k++) {
        f64v slope = v_set(0.0);

        for (int m = 0; m <= GEX_NODES; m++)
            slope = v_fma(sum[m], v_set(scheme->series[k][m]), slope);
        b->matrix[i][k] = -slope * b->h[k];
    }
    b->matrix[i][i] += phi * direct;
}

/* Without pivoting: the diagonal dominates. */
OWN_STACK void GEX_SOLVE(factorise)(struct GEX_SOLVE(boundary) *b)
{
    for (int k = 0; k < GEX_NODES; k++) {
        const f64v inverse = 1.0 / b->matrix[k][k];

        b->matrix[k][k] = inverse;
        for (int i = k + 1; i < GEX_NODES; i++) {
            const f64v factor = b->matrix[i][k] * inverse;

            b->matrix[i][k] = factor;
            for (int j = k + 1; j < GEX_NODES; j++)
                b->matrix[i][j] = v_fma(-factor, b->matrix[k][j], b->matrix[i][j]);
        }
    }
}

OWN_STACK void GEX_SOLVE(substitute)(struct GEX_SOLVE(boundary) *b)
{
    for (int i = 0; i < GEX_NODES; i++)
        for (int k = 0; k < i; k++)
            b->step[i] = v_fma(-b->matrix[i][k], b->step[k], b->step[i]);
    for (int i = GEX_NODES - 1; i >= 0; i--) {
        for (int k = i + 1; k < GEX_NODES; k++)
            b->step[i] = v_fma(-b->matrix[i][k], b->step[k], b->step[i]);
        b->step[i] = b->step[i] * b->matrix[i][i];
    }
}

/*
 * The boundary approaches its perpetual level as exp(-(a + (m - v^2 / 2)^2 / (2 v^2)) tau), m = a - c: a life longer
 * than that needs is cut off for it, so that the nodes stand where it falls.
 */
OWN_STACK void GEX_SOLVE(prepare)(struct GEX_SOLVE(boundary) *b, const struct gex__american_scheme *scheme,
                                  struct gex__american_lines *lines, int from)
{
    const f64v least = v_set(0x1p-1000);
    const f64v v = v_load(&lines->v[from]), a = v_load(&lines->a[from]), c = v_load(&lines->c[from]);
    const f64v drift = (a - c - 0.5 * v * v) / v, fall = v_fma(0.5 * drift, drift, a);
    const f64v share = GEX_AMERICAN_LEVEL / v_max(fall, v_set(GEX_AMERICAN_LEVEL)), root = v_sqrt(share);

    b->scheme = scheme;
    b->v = v * root;
    b->a = a * share;
    b->c = c * share;
    v_store(&lines->scale[from], 1.0 / root);
    b->per_v = 1.0 / b->v;
    b->forward = v_fma(b->a - b->c, b->per_v, 0.5 * b->v);
    b->kappa = v_keep(v_less(b->a, b->c), log_ratio(v_max(b->c, least), v_max(b->a, least)).hi);
}

/* The lanes of `mask` into the lines. */
OWN_STACK void GEX_SOLVE(leave)(struct GEX_SOLVE(boundary) *b, struct gex__american_lines *lines, int from, i64v mask)
{
    const f64v depth = b->kappa + v_sqrt(b->h[0]);

    GEX_SOLVE(find_series)(b);
    for (int k = 0; k <= GEX_NODES; k++)
        v_store(&lines->series[k][from], v_select(mask, b->series[k], v_load(&lines->series[k][from])));
    v_store(&lines->kappa[from], b->kappa);
    v_store(&lines->depth[from], v_select(mask, depth, v_load(&lines->depth[from])));
    v_store(&lines->level[from], v_select(mask, exp_short(-depth), v_load(&lines->level[from])));
}

/* Apply the step to the lanes still going. @return the largest relative step of each lane, by its share of the time. */
LANE f64v GEX_SOLVE(move)(struct GEX_SOLVE(boundary) *b, i64v going)
{
    f64v largest = v_set(0.0);

    for (int i = 0; i < GEX_NODES; i++) {
        const f64v step = v_min(v_max(b->step[i], v_set(-0.5)), v_set(0.5)), grown = 1.0 + step;

        b->h[i] = v_select(going, b->h[i] * (grown * grown), b->h[i]);
        largest = v_max(largest, v_abs(step) * (b->scheme->x[i] * b->scheme->x[i]));
    }
    return largest;
}

/*
 * Passes in turn with a new matrix and with the old one, until the largest relative step, by its share of the time, is
 * below GEX_ENOUGH: the node next to expiry, where H is smaller than what interpolation errs, need not come to rest. A
 * lane that has come to rest moves no more, whatever its neighbours need: a line's bits are its own. One that does not
 * come to rest keeps the first estimate.
 */
static void GEX_SOLVE(solve_group)(const struct gex__american_scheme *scheme, struct gex__american_lines *lines)
{
    for (int from = 0; from < lines->count; from += GEX_LANES) {
        struct GEX_SOLVE(boundary) b;
        i64v going = v_equal(v_set(0.0), v_set(0.0)), rested;
        f64v moved = v_set(0.0);

        GEX_SOLVE(prepare)(&b, scheme, lines, from);
        GEX_SOLVE(first_estimate)(&b);
        for (int pass = 0; pass < PASSES_MOST && v_any(going); pass++) {
            f64v largest;

            GEX_SOLVE(find_series)(&b);
            for (int i = GEX_NODES - 1; i >= 0; i--) {
                if (pass % 2 == 0)
                    GEX_SOLVE(collocate)(&b, i, true);
                else
                    GEX_SOLVE(collocate)(&b, i, false);
            }
            if (pass % 2 == 0)
                GEX_SOLVE(factorise)(&b);
            GEX_SOLVE(substitute)(&b);
            largest = GEX_SOLVE(move)(&b, going);
            moved = v_select(going, largest, moved);
            going &= ~v_less(largest, v_set(GEX_ENOUGH));
        }
        rested = v_less(moved, v_set(GEX_AMERICAN_RESTED));
        GEX_SOLVE(leave)(&b, lines, from, rested);
        if (v_any(~rested)) {
            GEX_SOLVE(first_estimate)(&b);
            GEX_SOLVE(leave)(&b, lines, from, ~rested);
        }
        v_store(&lines->moved[from], moved);
    }
}
