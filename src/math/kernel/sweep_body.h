/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many lines at many prices: lines that share a stretch of prices are added up as one polynomial of the log price.
 *
 * Over a stretch with the middle m and half the width r, s = (log P - m) / r, a line of d1 = d at the middle and
 * e = r / v is W exp(-(d + e s)^2 / 2), the generating function of the Hermite polynomials: the sum over n of
 * b_n s^n / n! with
 *
 *     b_0 = W exp(-d^2 / 2),   b_1 = -e d b_0,   b_(n+1) = -e d b_n - n e^2 b_(n-1)
 *
 * Cramer's bound, |He_n(x)| exp(-x^2 / 4) <= 1.09 sqrt(n!), says what is left out after n terms: no more than
 * 1.09 W e^n / sqrt(n!) exp(-z^2 / 4) with z the least |d1| of the stretch. Source: Greengard and Strain (1991), The
 * fast Gauss transform; here every line has a width of its own, and the coefficients of a line cost two multiplications
 * each.
 */
#ifndef GEX_MATH_KERNEL_SWEEP_BODY_H
#define GEX_MATH_KERNEL_SWEEP_BODY_H

#include <math.h>

#include "sum_body.h"

enum { SWEEP_VECTORS = GEX_SWEEP_PACK / GEX_SWEEP_LANES, SWEEP_AT_ONCE = 16 };

/* exp(share x) within a factor of sqrt(2), as a power of two; share x in [-700, 700]. */
LANE f64v rough_exp(f64v x, double share)
{
    const f64v rounded = v_fma(x, v_set(share * 0x1.71547652b82fep0), v_set(ROUNDER));

    return v_from_bits((i64v)((u64v)v_bits(rounded) << 52) + v_bits(v_set(1.0)));
}

/* Logarithms of prices over that of the hoist, as pairs; a multiple of GEX_SWEEP_LANES of them. */
static void sweep_logs(const double *prices, double reference, int64_t count, double *high, double *low)
{
    for (int64_t k = 0; k < count; k += GEX_LANES) {
        const struct pair l = log_ratio(v_load(prices + k), v_set(reference));

        v_store(high + k, l.hi);
        v_store(low + k, l.lo);
    }
}

/* Of lines side by side, where d1 is 0, in widths of the range above its low end. */
LANE f64v centre_of(f64v c, f64v half_v, f64v v, double low, double width)
{
    return ((-c - half_v * v) - v_set(low)) * v_set(1.0 / width);
}

/* Where lines belong: that, how many deviations a width holds, and what each weighs, times what no price changes. */
static void sweep_place(const double *const column[GEX_LINE_FIELDS], int64_t count, double low, double width,
                        struct gex__sweep_places *places)
{
    for (int64_t i = 0; i < count; i += GEX_LANES) {
        const f64v per_v = v_load(column[GEX_LINE_PER_V] + i), c = v_load(column[GEX_LINE_C] + i);

        v_store(places->centre + i, centre_of(c, v_load(column[GEX_LINE_HALF_V] + i), 1.0 / per_v, low, width));
        v_store(places->held + i, per_v * v_set(width));
        v_store(places->weight + i, v_load(places->weight + i) * v_load(column[GEX_LINE_GAMMA] + i));
    }
}

/* How far a pack reaches, in widths of the range: idle lines do as the first one. */
static void sweep_reach(struct gex__sweep_pack *pack, double low, double width)
{
    f64v from = v_set((double)INFINITY), to = v_set(-(double)INFINITY);
    double from_lane[GEX_LANES], to_lane[GEX_LANES];

    for (int i = 0; i < GEX_SWEEP_PACK; i += GEX_LANES) {
        const f64v v = 1.0 / v_load(pack->per_v + i), away = v * v_set(GEX_SWEEP_REACH / width);
        const f64v centre = centre_of(v_load(pack->c + i), v_load(pack->half_v + i), v, low, width);

        from = v_min(centre - away, from);
        to = v_max(centre + away, to);
    }
    v_store(from_lane, from);
    v_store(to_lane, to);
    for (int i = 1; i < GEX_LANES; i++) {
        from_lane[0] = from_lane[i] < from_lane[0] ? from_lane[i] : from_lane[0];
        to_lane[0] = to_lane[i] > to_lane[0] ? to_lane[i] : to_lane[0];
    }
    pack->from = from_lane[0];
    pack->to = to_lane[0];
}

/* Lanes [lane, lane + GEX_LANES) of a pack over a stretch. */
LANE void sweep_lanes(const struct gex__sweep_pack *pack, int lane, double middle, double reach, int orders,
                      struct gex__sweep_sums *sums)
{
    f64v before[SWEEP_VECTORS], now[SWEEP_VECTORS], p[SWEEP_VECTORS], q[SWEEP_VECTORS], e2[SWEEP_VECTORS];
    f64v gross = v_load(sums->gross + lane), tilt = v_load(sums->tilt + lane), spread = v_load(sums->spread + lane);
    f64v doubt = v_load(sums->doubt + lane);

    for (int j = 0; j < SWEEP_VECTORS; j++) {
        const int at = lane + j * GEX_SWEEP_LANES;
        const f64v weight = v_load(pack->weight + at), per_v = v_load(pack->per_v + at), e = reach * per_v;
        const f64v m = (middle + v_load(pack->c + at)) + v_load(pack->c_lo + at);
        const f64v d = v_fma(m, per_v, v_load(pack->half_v + at));
        const f64v near = v_min(v_max(v_abs(d) - e, v_set(0.0)), v_set(50.0));

        before[j] = bell_of(d) * weight;
        p[j] = -(e * d);
        q[j] = e2[j] = e * e;
        now[j] = p[j] * before[j];
        gross = gross + v_abs(before[j]);
        tilt = v_fma(v_abs(before[j]), p[j], tilt);
        spread = v_fma(v_abs(before[j]), e2[j], spread);
        doubt = v_fma(v_abs(weight), rough_exp(near * near, -0.25), doubt);
    }
    v_store(sums->gross + lane, gross);
    v_store(sums->tilt + lane, tilt);
    v_store(sums->spread + lane, spread);
    v_store(sums->doubt + lane, doubt);
    v_store(sums->term[0] + lane, v_load(sums->term[0] + lane) + ((before[0] + before[1]) + (before[2] + before[3])));
    for (int n = 1; n < orders; n++) {
        v_store(sums->term[n] + lane, v_load(sums->term[n] + lane) + ((now[0] + now[1]) + (now[2] + now[3])));
        for (int j = 0; j < SWEEP_VECTORS; j++) {
            const f64v next = v_fma(p[j], now[j], -(q[j] * before[j]));

            q[j] = q[j] + e2[j];
            before[j] = now[j];
            now[j] = next;
        }
    }
}

/* Those packs that reach the stretch. */
static void sweep_stretch(const struct gex__sweep_pack *packs, int64_t count, int32_t stretch, double middle,
                          double reach, int orders, struct gex__sweep_sums *sums)
{
    for (int64_t i = 0; i < count; i++)
        if (packs[i].first <= stretch && stretch <= packs[i].last)
            for (int lane = 0; lane < GEX_SWEEP_LANES; lane += GEX_LANES)
                sweep_lanes(&packs[i], lane, middle, reach, orders, sums);
}

/* A polynomial at prices of its stretch, added to the values; and how much there is of lines of either sign, at least.
 */
static void sweep_polynomial(const struct gex__sweep_stretch *stretch, const double *terms, int orders,
                             const double *high, const double *low, int64_t count, double *value, double *gross)
{
    const f64v middle = v_set(stretch->middle), per_reach = v_set(stretch->per_reach);

    for (int64_t k = 0; k < count; k += SWEEP_AT_ONCE) {
        const int64_t some = count - k < SWEEP_AT_ONCE ? count - k : SWEEP_AT_ONCE;
        double log_high[SWEEP_AT_ONCE] = {0.0}, log_low[SWEEP_AT_ONCE] = {0.0}, sum[SWEEP_AT_ONCE], part[SWEEP_AT_ONCE];
        f64v s[SWEEP_AT_ONCE / GEX_LANES], x[SWEEP_AT_ONCE / GEX_LANES];

        memcpy(log_high, high + k, (size_t)some * sizeof *high);
        memcpy(log_low, low + k, (size_t)some * sizeof *low);
        for (int j = 0; j < SWEEP_AT_ONCE / GEX_LANES; j++) {
            s[j] = ((v_load(log_high + j * GEX_LANES) - middle) + v_load(log_low + j * GEX_LANES)) * per_reach;
            x[j] = v_set(terms[orders - 1]);
        }
        for (int n = orders - 2; n >= 0; n--)
            for (int j = 0; j < SWEEP_AT_ONCE / GEX_LANES; j++)
                x[j] = v_fma(x[j], s[j], v_set(terms[n]));
        for (int j = 0; j < SWEEP_AT_ONCE / GEX_LANES; j++) {
            const f64v mean = s[j] * v_fma(s[j], v_set(-0.5 * stretch->spread), v_set(stretch->tilt));

            v_store(sum + j * GEX_LANES, x[j]);
            v_store(part + j * GEX_LANES, stretch->gross * rough_exp(v_max(v_min(mean, v_set(700.0)), v_set(-700.0)),
                                                                     1.0)); /* Jensen: exp() of the mean is no more */
        }
        for (int64_t i = 0; i < some; i++) {
            value[k + i] += sum[i];
            gross[k + i] += part[i];
        }
    }
}

/* One line at prices, the last of a multiple of GEX_SWEEP_LANES. */
static void sweep_line(const struct gex__sweep_pack *pack, int line, const double *high, const double *low,
                       int64_t count, double *value, double *gross)
{
    const f64v c = v_set(pack->c[line]), c_lo = v_set(pack->c_lo[line]), per_v = v_set(pack->per_v[line]);
    const f64v half_v = v_set(pack->half_v[line]), weight = v_set(pack->weight[line]);

    for (int64_t k = 0; k < count; k += GEX_LANES) {
        const f64v m = (v_load(high + k) + c) + (v_load(low + k) + c_lo), x = bell_of(v_fma(m, per_v, half_v)) * weight;

        v_store(value + k, v_load(value + k) + x);
        v_store(gross + k, v_load(gross + k) + v_abs(x));
    }
}

#endif
