/* SPDX-License-Identifier: Apache-2.0 */
/* One line an entry: what was changed, and what the headline numbers come to. */
#include "robust.h"

#include <math.h>

#include <gex/map.h>

#include "figures.h"

enum { CHANGED = 15, NET = 36, ZERO_DTE = 50, FLIP = 67, REGIME = 72, ZERO_FLOW = 95 };

static const char *regime_words(int32_t regime)
{
    switch (regime) {
    case GEX_REGIME_LONG_GAMMA: return "long gamma";
    case GEX_REGIME_SHORT_GAMMA: return "short gamma";
    case GEX_REGIME_AT_FLIP: return "at the flip";
    default: return "no gamma";
    }
}

static void put_agreement(struct gex__writer *w, const gex_robustness *robustness, int32_t what, const char *words)
{
    int64_t count;
    const int64_t agreeing = gex_robustness_agreeing(robustness, 0, what, &count);

    gex__put_integer(w, agreeing);
    gex__put_text(w, " of ");
    gex__put_integer(w, count);
    gex__put_text(w, words);
}

static void put_flip(struct gex__writer *w, const gex_robustness *robustness, int64_t i)
{
    const double flip = gex_robustness_value(robustness, i, GEX_ROBUST_FLIP);
    char text[GEX_FIGURE_MAX];

    if (isnan(flip))
        gex__put_right(w, FLIP, gex_roots_text(gex_robustness_roots(robustness, i)));
    else
        gex__put_right(w, FLIP, gex__figure_price(flip, text));
    if (gex_robustness_agrees(robustness, i, GEX_AGREE_FLIP) == 0)
        gex__put_text(w, " ~");
}

/* Was ZERO_FLOW asked for, and is it anywhere? */
static bool has_zero_flow(const gex_robustness *robustness)
{
    for (int64_t i = 0; i < gex_robustness_count(robustness); i++)
        if (!isnan(gex_robustness_value(robustness, i, GEX_ROBUST_ZERO_FLOW)))
            return true;
    return false;
}

static void put_zero_flow(struct gex__writer *w, double price)
{
    char text[GEX_FIGURE_MAX];

    gex__put_right(w, ZERO_FLOW, isnan(price) ? "none" : gex__figure_price(price, text));
}

static void put_entry(struct gex__writer *w, const gex_robustness *robustness, int64_t i, bool zero_flow)
{
    gex__put_text(w, "  ");
    gex__put_text(w, gex_vary_name(gex_robustness_vary(robustness, i)));
    gex__put_to_column(w, CHANGED);
    gex__put_text(w, gex_robustness_choice(robustness, i));
    if (gex_robustness_status(robustness, i) != GEX_OK) {
        gex__put_to_column(w, NET);
        gex__put_text(w, "refused: ");
        gex__put_text(w, gex_status_text(gex_robustness_status(robustness, i)));
        gex__put_newline(w);
        return;
    }
    if (!(gex_robustness_value(robustness, i, GEX_ROBUST_GROSS) > 0.0)) {
        gex__put_to_column(w, NET);
        gex__put_text(w, "nothing to sum");
        gex__put_newline(w);
        return;
    }
    gex__put_scaled(w, NET + 5, gex_robustness_value(robustness, i, GEX_ROBUST_NET));
    if (gex_robustness_agrees(robustness, i, GEX_AGREE_SIGN) == 0)
        gex__put_text(w, " *");
    gex__put_scaled(w, ZERO_DTE + 5, gex_robustness_value(robustness, i, GEX_ROBUST_ZERO_DTE_NET));
    put_flip(w, robustness, i);
    gex__put_to_column(w, REGIME);
    gex__put_text(w, regime_words(gex_robustness_regime(robustness, i)));
    if (zero_flow)
        put_zero_flow(w, gex_robustness_value(robustness, i, GEX_ROBUST_ZERO_FLOW));
    gex__put_newline(w);
}

void gex__put_robustness(struct gex__writer *w, const gex_robustness *robustness)
{
    const bool zero_flow = has_zero_flow(robustness);

    gex__put_text(w, "One choice changed at a time:");
    gex__put_newline(w);
    gex__put_to_column(w, CHANGED);
    put_agreement(w, robustness, GEX_AGREE_SIGN, " keep the sign of the total, ");
    put_agreement(w, robustness, GEX_AGREE_FLIP, " the flip, ");
    put_agreement(w, robustness, GEX_AGREE_REGIME, " the regime");
    gex__put_newline(w);
    gex__put_text(w, "  changed");
    gex__put_to_column(w, CHANGED);
    gex__put_text(w, "to");
    gex__put_to_column(w, NET - 3);
    gex__put_text(w, "USD per 1 %");
    gex__put_to_column(w, ZERO_DTE);
    gex__put_text(w, "of it 0DTE");
    gex__put_right(w, FLIP, "flip");
    gex__put_to_column(w, REGIME);
    gex__put_text(w, "regime");
    if (zero_flow)
        gex__put_right(w, ZERO_FLOW, "zero flow");
    gex__put_newline(w);
    for (int64_t i = 0; i < gex_robustness_count(robustness); i++)
        put_entry(w, robustness, i, zero_flow);
    gex__put_text(w, "  * another sign than the base   ~ a flip elsewhere");
    gex__put_newline(w);
}
