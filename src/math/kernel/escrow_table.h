/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines under escrowed dividends at one price, GEX_LANES at a time, over their tables (escrow.h): Black's at s, and the
 * premium from five nodes of the log of s next to it, at three volatilities along the parabola through them.
 */
#include "escrow.h"

#include <stddef.h>

/* What lines of one expiry share at a price, most often; worked out again where they do not. */
struct escrow_place {
    f64v alpha, paid, carry, years;
    f64v s, x, fade, root, per; /* log of s, e^(-carry years), sqrt(years), 1 / alpha */
};

/* Tables of these lanes. */
struct escrow_seats {
    const double *tables;
    i64v offset;
};

LANE f64v escrow_field(const struct escrow_seats *seats, int field)
{
    return v_look(seats->tables + field, seats->offset, 1);
}

LANE void escrow_place_set(struct escrow_place *place, const struct escrow_seats *seats, f64v carry, f64v years,
                           double price)
{
    const f64v alpha = escrow_field(seats, GEX_ESCROW_ALPHA), paid = escrow_field(seats, GEX_ESCROW_PAID);

    if (!v_any(~(v_equal(alpha, place->alpha) & v_equal(paid, place->paid) & v_equal(carry, place->carry) &
                 v_equal(years, place->years))))
        return;
    place->alpha = alpha;
    place->paid = paid;
    place->carry = carry;
    place->years = years;
    place->per = 1.0 / alpha;
    place->s = v_max(price - paid, v_set(GEX_ESCROW_NOTHING * price)) * place->per;
    place->x = log_ratio(place->s, v_set(1.0)).hi;
    place->fade = exp_short(-(carry * years));
    place->root = v_sqrt(years);
}

/* Premium and derivatives by x up to `orders`, 2 or 3, at volatility k, in place of `by`. Beyond the nodes linear in s
 * in the money, 0 out of it. */
LANE void escrow_nodes_read(const struct escrow_seats *seats, const struct escrow_place *place, f64v right, int k,
                            int orders, f64v by[4])
{
    static const double share[5] = {0.0, 1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0};
    const f64v per_dx = escrow_field(seats, GEX_ESCROW_PER_DX + k), last = v_set((double)(GEX_ESCROW_NODES - 1));
    const f64v at = (place->x - escrow_field(seats, GEX_ESCROW_LOW + k)) * per_dx;
    const i64v below = v_less(at, v_set(0.0)), above = v_less(last, at);
    const i64v rich = (below & v_less(right, v_set(0.0))) | (above & v_less(v_set(0.0), right));
    const f64v rounded = v_min(v_max(at - 2.0, v_set(0.0)), last - 4.0) + ROUNDER, t0 = at - (rounded - ROUNDER);
    const i64v node = seats->offset + (v_bits(rounded) & 0xff);
    const double *nodes = seats->tables + GEX_ESCROW_PREMIUM + k * GEX_ESCROW_NODES;
    f64v d[5], scale = per_dx;

    for (int j = 0; j <= orders; j++)
        by[j] = v_set(0.0);
    if (v_any(~(below | above))) {
        for (int j = 0; j < 5; j++)
            d[j] = v_look(nodes + j, node, 1);
        for (int j = 1; j < 5; j++) /* divided differences, then Horner's rule for derivatives over their factorials */
            for (int i = 4; i >= j; i--)
                d[i] = (d[i] - d[i - 1]) * share[j];
        for (int j = 4; j >= 0; j--) {
            const f64v t = t0 - (double)j;

            for (int order = orders < 4 - j ? orders : 4 - j; order > 0; order--) /* the others are 0 so far */
                by[order] = v_fma(by[order], t, by[order - 1]);
            by[0] = v_fma(by[0], t, d[j]);
        }
        for (int order = 1; order <= orders; order++) {
            by[order] = v_keep(~(below | above), by[order] * (scale * (double)(order == 3 ? 6 : order)));
            scale *= per_dx;
        }
    }
    if (v_any(rich)) {
        const f64v slope = v_keep(rich, escrow_field(seats, GEX_ESCROW_SLOPE + k) * place->s);

        for (int order = 1; order <= orders; order++)
            by[order] += slope;
    }
}

/* Weighted over the volatilities of the tables. */
LANE void escrow_vols_read(const struct escrow_seats *seats, const struct escrow_place *place, f64v right, int vols,
                           const f64v weight[3], int orders, f64v by[4])
{
    f64v one[4];

    if (vols == 1) {
        escrow_nodes_read(seats, place, right, 0, orders, by);
        return;
    }
    for (int j = 0; j <= orders; j++)
        by[j] = v_set(0.0);
    for (int k = 0; k < 3; k++) {
        if (!v_any(~v_equal(weight[k], v_set(0.0)))) /* two of the values, one of the slopes, where it stays */
            continue;
        escrow_nodes_read(seats, place, right, k, orders, one);
        for (int j = 0; j <= orders; j++)
            by[j] = v_fma(weight[k], one[j], by[j]);
    }
}

/* Where the value is certain to be linear in s, between two logs of s: by the parabola where all three have such, else
 * those of the nearest volatility. */
LANE i64v escrow_is_certain(const struct escrow_seats *seats, int vols, const f64v weight[3], f64v x)
{
    f64v from = escrow_field(seats, GEX_ESCROW_FROM), to = escrow_field(seats, GEX_ESCROW_TO);

    if (vols > 1) {
        const f64v first = from, end = to;
        const i64v low = v_less(weight[1], weight[0]), high = v_less(weight[1], weight[2]);
        f64v mean_from = weight[0] * first, mean_to = weight[0] * end;
        i64v whole = ~v_less(end, first);

        for (int k = 1; k < 3; k++) {
            const f64v from_k = escrow_field(seats, GEX_ESCROW_FROM + k), to_k = escrow_field(seats, GEX_ESCROW_TO + k);
            const i64v nearest = k == 1 ? ~low : high & ~low;

            whole &= ~v_less(to_k, from_k);
            mean_from = v_fma(weight[k], from_k, mean_from);
            mean_to = v_fma(weight[k], to_k, mean_to);
            from = v_select(nearest, from_k, from);
            to = v_select(nearest, to_k, to);
        }
        from = v_select(whole, mean_from, from);
        to = v_select(whole, mean_to, to);
    }
    return ~v_less(x, from) & ~v_less(to, x);
}

/* Greeks of lanes at the stock. `columns`: vol, rate, carry and years of them. */
LANE void escrow_table_lanes(const struct escrow_seats *seats, struct escrow_place *place, int vols, double price,
                             const double *const column[4], f64v greek[4], const unsigned wanted)
{
    const f64v vol = v_load(column[0]), r = v_load(column[1]), q = v_load(column[2]), T = v_load(column[3]);
    const f64v b = r - q, right = escrow_field(seats, GEX_ESCROW_RIGHT), zero = v_set(0.0);
    f64v value[3] = {v_set(1.0), zero, zero}, by[4], v, per_v, d1, d2, density, delta = zero, per_s, gamma;
    i64v certain;

    escrow_place_set(place, seats, q, T, price);
    if (vols > 1) {
        const f64v middle = escrow_field(seats, GEX_ESCROW_VOL + 1);
        const f64v t = (vol - middle) / (escrow_field(seats, GEX_ESCROW_VOL + 2) - middle);

        value[0] = 0.5 * t * (t - 1.0);
        value[1] = 1.0 - t * t;
        value[2] = 0.5 * t * (t + 1.0);
    }
    certain = escrow_is_certain(seats, vols, value, place->x);
    v = v_max(vol * place->root, v_set(1e-12));
    per_v = 1.0 / v;
    per_s = 1.0 / place->s;
    d1 = v_fma(v_fma(b, T, place->x - escrow_field(seats, GEX_ESCROW_LOG_STRIKE)), per_v, 0.5 * v);
    d2 = d1 - v;
    if (wanted & (1u << GEX_ESCROW_DELTA | 1u << GEX_ESCROW_CHARM)) {
        delta = place->fade * normal_cdf(v_flip(d1, right), &density);
        delta = v_flip(delta, right);
    } else {
        density = exp_short(-0.5 * (d1 * d1)) * 0x1.9884533d43651p-2;
    }
    density *= place->fade;
    gamma = density * per_s * per_v;
    if (wanted & (1u << GEX_ESCROW_CHARM))
        escrow_vols_read(seats, place, right, vols, value, 3, by);
    else
        escrow_vols_read(seats, place, right, vols, value, 2, by);
    gamma = v_fma(by[2] - by[1], per_s * per_s, gamma);
    greek[GEX_ESCROW_GAMMA] = v_select(certain, zero, place->per * place->per * gamma);
    greek[GEX_ESCROW_DELTA] =
        v_select(certain, escrow_field(seats, GEX_ESCROW_SURE), place->per * v_fma(by[1], per_s, delta));
    if (wanted & (1u << GEX_ESCROW_CHARM)) {
        const f64v e2 = by[2] - by[1], e3 = by[3] - 3.0 * by[2] + 2.0 * by[1], s2 = vol * vol;
        const f64v european = q * delta - density * (b * per_v - d2 / (2.0 * T));
        const f64v premium = (q * by[1] - b * e2 - s2 * (e2 + 0.5 * e3)) * per_s;
        const f64v fall = -(r * place->paid) * place->per; /* ds/dt at a fixed stock */

        greek[GEX_ESCROW_CHARM] = v_select(certain, escrow_field(seats, GEX_ESCROW_SURE_CHARM),
                                           place->per * (european + premium + fall * gamma));
    }
    if (wanted & (1u << GEX_ESCROW_VANNA)) {
        f64v slope[3] = {zero, zero, zero};

        if (vols > 1) {
            const f64v middle = escrow_field(seats, GEX_ESCROW_VOL + 1);
            const f64v per_h = 1.0 / (escrow_field(seats, GEX_ESCROW_VOL + 2) - middle), t = (vol - middle) * per_h;

            slope[0] = (t - 0.5) * per_h;
            slope[1] = -2.0 * t * per_h;
            slope[2] = (t + 0.5) * per_h;
        }
        escrow_vols_read(seats, place, right, vols, slope, 2, by);
        greek[GEX_ESCROW_VANNA] = v_select(certain, zero, place->per * v_fma(by[1], per_s, -(density * d2 / vol)));
    }
}

static void escrow_profile(const struct gex__escrow_reading *reading)
{
    struct escrow_place place = {.alpha = v_set(0.0)}; /* nobody's */
    double padded[4][GEX_LANES];

    for (int64_t i = 0; i < reading->count; i += GEX_LANES) {
        const int64_t left = reading->count - i, rows = left < GEX_LANES ? left : GEX_LANES;
        struct escrow_seats seats = {reading->tables + i * reading->size, v_bits(v_set(0.0))};
        const double *column[4];
        f64v greek[4];
        int64_t offset[GEX_LANES];

        for (int j = 0; j < GEX_LANES; j++)
            offset[j] = (j < rows ? j : rows - 1) * reading->size;
        memcpy(&seats.offset, offset, sizeof offset);
        for (int c = 0; c < 4; c++) {
            column[c] = reading->column[c] + i;
            if (rows < GEX_LANES) {
                for (int j = 0; j < GEX_LANES; j++)
                    padded[c][j] = column[c][j < rows ? j : rows - 1];
                column[c] = padded[c];
            }
        }
        escrow_table_lanes(&seats, &place, reading->vols, reading->price, column, greek, reading->wanted);
        for (int g = 0; g < 4; g++) {
            if (!(reading->wanted & 1u << g))
                continue;
            if (rows == GEX_LANES)
                v_store(reading->greek[g] + i, greek[g]);
            else
                memcpy(reading->greek[g] + i, &greek[g], (size_t)rows * sizeof(double));
        }
    }
}
