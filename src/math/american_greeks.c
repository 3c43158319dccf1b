/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Greeks of what early exercise adds, e, from its derivatives. By time from e_t = r e - (r - q) S e_S - vol^2 S^2 e_SS
 * / 2 and its derivatives, which hold wherever the option is held; by strike from homogeneity, V = S V_S + K V_K.
 */
#include <stddef.h>

#include "american_group.h"

void gex__american_by_spot(const struct gex__american_job *job, int64_t row, int orders, double by[GEX_AMERICAN_ORDERS])
{
    const double S = gex__spot_of(job->in, row), K = job->in->strike[row];
    const double p = by[0], i1 = by[1], i2 = by[2], i3 = by[3], i4 = by[4];

    if (job->in->right[row] < 0) {
        by[0] = K * p;
        if (orders > 1) {
            by[1] = i1;
            by[2] = i2;
        }
        if (orders > 3) {
            by[3] = i3 - i2;
            by[4] = i4 - 3.0 * i3 + 2.0 * i2;
        }
    } else {
        const double ratio = K / S;

        by[0] = S * p;
        if (orders > 1) {
            by[1] = p - ratio * i1;
            by[2] = ratio * i2;
        }
        if (orders > 3) {
            by[3] = -ratio * (2.0 * i2 + i3);
            by[4] = ratio * (6.0 * i2 + 5.0 * i3 + i4);
        }
    }
}

void gex__american_add(const struct gex__american_job *job, int32_t greek, int64_t row, double value)
{
    if (job->outputs[greek] != NULL)
        job->outputs[greek][row] += value;
}

void gex__american_add_by_spot(const struct gex__american_job *job, int64_t row, const double by[GEX_AMERICAN_ORDERS])
{
    const struct gex__black_in *in = job->in;
    const double S = gex__spot_of(in, row), K = in->strike[row], f = in->right[row];
    const double s2 = in->vol[row] * in->vol[row], r = in->rate[row], q = in->carry[row], b = r - q;
    const double e = by[0], e1 = by[1], e2 = by[2], e3 = by[3], e4 = by[4];
    double *const price = job->outputs[GEX_GREEK_PRICE];

    gex__american_add(job, GEX_GREEK_PRICE, row, e);
    if (price != NULL)
        price[row] = fmax(fmax(price[row], f * (S - K)), 0.0);
    gex__american_add(job, GEX_GREEK_DELTA, row, e1);
    gex__american_add(job, GEX_GREEK_GAMMA, row, e2 / S);
    gex__american_add(job, GEX_GREEK_DUAL_DELTA, row, (e - S * e1) / K);
    gex__american_add(job, GEX_GREEK_DUAL_GAMMA, row, S * e2 / (K * K));
    gex__american_add(job, GEX_GREEK_THETA, row, r * e - b * S * e1 - 0.5 * s2 * S * e2);
    gex__american_add(job, GEX_GREEK_SPEED, row, e3 / (S * S));
    gex__american_add(job, GEX_GREEK_CHARM, row, q * e1 - b * e2 - s2 * (e2 + 0.5 * e3));
    gex__american_add(job, GEX_GREEK_COLOR, row, (r * e2 - b * (2.0 * e2 + e3) - s2 * (e2 + 2.0 * e3 + 0.5 * e4)) / S);
}

void gex__american_add_by_vol(const struct gex__american_job *job, int64_t row, double curve, const double once[3])
{
    const struct gex__black_in *in = job->in;
    const double S = gex__spot_of(in, row), s = in->vol[row], r = in->rate[row], b = r - in->carry[row];
    const double vega = once[0] / s, vanna = once[1] / s, zomma = once[2] / s;

    gex__american_add(job, GEX_GREEK_VEGA, row, vega);
    gex__american_add(job, GEX_GREEK_VANNA, row, vanna);
    gex__american_add(job, GEX_GREEK_ZOMMA, row, zomma / S);
    gex__american_add(job, GEX_GREEK_VETA, row, r * vega - b * S * vanna - s * S * (curve + 0.5 * s * zomma));
    gex__american_add(job, GEX_GREEK_DUAL_VANNA, row, (vega - S * vanna) / in->strike[row]);
}

void gex__american_add_by_vol_again(const struct gex__american_job *job, int64_t row, const double again[3])
{
    const double s = job->in->vol[row];

    gex__american_add(job, GEX_GREEK_ULTIMA, row, again[0] / (s * s * s));
    gex__american_add(job, GEX_GREEK_VOMMA, row, again[1] / (s * s));
    gex__american_add(job, GEX_GREEK_DVANNA_DVOL, row, again[2] / (s * s));
}
