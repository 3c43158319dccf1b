/* SPDX-License-Identifier: Apache-2.0 */
/* How sure the numbers are: under errors of positions, and under every other choice. */
#include "json_parts.h"

/* Of one value: its deviation, and what 5 and 95 % of books lie below. */
static void put_band(struct gex__json *j, const gex_bands *bands, int64_t i)
{
    gex__json_number(j, "sd", gex_bands_sd(bands, NULL)[i]);
    gex__json_number(j, "p05", gex_bands_quantile(bands, i, 0.05));
    gex__json_number(j, "p95", gex_bands_quantile(bands, i, 0.95));
}

static void put_flip_bands(struct gex__json *j, const gex_flip_bands *flips)
{
    gex__json_key(j, "flip");
    gex__json_open(j, "{");
    gex__json_number(j, "found", gex_flip_bands_found(flips, GEX_FLIP_NEAREST));
    gex__json_number(j, "none_positive", gex_flip_bands_share(flips, GEX_ROOTS_NONE_POSITIVE));
    gex__json_number(j, "none_negative", gex_flip_bands_share(flips, GEX_ROOTS_NONE_NEGATIVE));
    gex__json_number(j, "p05", gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.05));
    gex__json_number(j, "p50", gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.5));
    gex__json_number(j, "p95", gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.95));
    gex__json_close(j, "}");
}

void gex__json_uncertainty(struct gex__json *j, const gex_map *map)
{
    const gex_uncertainty *uncertainty = gex_map_uncertainty(map);
    const gex_bands *gamma = gex_map_gamma_bands(map), *flow = gex_map_flow_bands(map);
    int64_t count;
    const double *moves = gex_map_moves(map, &count);

    if (uncertainty == NULL)
        return;
    gex__json_member(j, "uncertainty");
    gex__json_open(j, "{");
    gex__json_number(j, "share", gex_uncertainty_share(uncertainty));
    gex__json_number(j, "correlation", gex_uncertainty_correlation(uncertainty));
    gex__json_integer(j, "factors", gex_uncertainty_factors(uncertainty));
    gex__json_integer(j, "refused", gex_uncertainty_refused(uncertainty));
    gex__json_key(j, "probability");
    gex__json_open(j, "{");
    gex__json_number(j, "long_gamma", gex_bands_above(gamma, NULL)[0]);
    gex__json_number(j, "short_gamma", gex_bands_below(gamma, NULL)[0]);
    gex__json_close(j, "}");
    gex__json_key(j, "gex_usd_pct");
    gex__json_open(j, "{");
    put_band(j, gamma, 0);
    gex__json_close(j, "}");
    put_flip_bands(j, gex_map_flip_bands(map));
    gex__json_key(j, "flow");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < count; i++) {
        gex__json_element(j);
        gex__json_number(j, "move_pct", moves[i]);
        gex__json_number(j, "buy", gex_bands_above(flow, NULL)[i]);
        put_band(j, flow, i);
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
    gex__json_close(j, "}");
}

/* What agrees with the base, of what counts; then every entry, the base first. */
void gex__json_robustness(struct gex__json *j, const gex_map *map)
{
    const gex_robustness *robustness = gex_map_robustness(map);

    if (robustness == NULL)
        return;
    gex__json_member(j, "robustness");
    gex__json_open(j, "{");
    for (int32_t what = 1; what <= GEX_AGREE_LAST_; what++) {
        int64_t count;
        const int64_t agreeing = gex_robustness_agreeing(robustness, 0, what, &count);

        gex__json_key(j, gex_agree_name(what));
        gex__json_open(j, "{");
        gex__json_integer(j, "agree", agreeing);
        gex__json_integer(j, "of", count);
        gex__json_close(j, "}");
    }
    gex__json_key(j, "entries");
    gex__json_open(j, "[");
    for (int64_t i = 0; i < gex_robustness_count(robustness); i++) {
        gex__json_element(j);
        gex__json_text(j, "vary", gex_vary_name(gex_robustness_vary(robustness, i)));
        gex__json_text(j, "choice", gex_robustness_choice(robustness, i));
        gex__json_text(j, "status", gex_status_text(gex_robustness_status(robustness, i)));
        for (int32_t what = 1; what <= GEX_ROBUST_LAST_; what++)
            gex__json_number(j, gex_robust_name(what), gex_robustness_value(robustness, i, what));
        gex__json_text(j, "regime", gex_regime_text(gex_robustness_regime(robustness, i)));
        gex__json_text(j, "flip_status", gex_roots_text(gex_robustness_roots(robustness, i)));
        gex__json_key(j, "agrees");
        gex__json_open(j, "{");
        for (int32_t what = 1; what <= GEX_AGREE_LAST_; what++) {
            const int32_t agrees = gex_robustness_agrees(robustness, i, what);

            gex__json_key(j, gex_agree_name(what));
            gex__put_text(j->w, agrees < 0 ? "null" : agrees > 0 ? "true" : "false");
        }
        gex__json_close(j, "}");
        gex__json_close(j, "}");
    }
    gex__json_close(j, "]");
    gex__json_close(j, "}");
}
