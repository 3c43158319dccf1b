/* SPDX-License-Identifier: Apache-2.0 */
/* The probability of the regime and nine books in ten, as a page has them. */
#include "odds.h"

#include <math.h>

#include "figures.h"

enum { LABEL = 15, WIDTH = 95 };

double gex__regime_probability(const gex_map *map)
{
    const gex_bands *bands = gex_map_gamma_bands(map);
    const int32_t regime = gex_map_regime(map);

    if (bands == NULL)
        return (double)NAN;
    return regime == GEX_REGIME_LONG_GAMMA    ? gex_bands_above(bands, NULL)[0]
           : regime == GEX_REGIME_SHORT_GAMMA ? gex_bands_below(bands, NULL)[0]
                                              : (double)NAN;
}

void gex__put_probability(struct gex__writer *w, double probability)
{
    char text[GEX_FIGURE_MAX];

    if (probability < 0.001) {
        gex__put_text(w, "under 0.1 %");
    } else if (probability > 0.999) {
        gex__put_text(w, "over 99.9 %");
    } else {
        gex__put_text(w, gex__figure_fixed(100.0 * probability, probability < 0.01 || probability > 0.99, text));
        gex__put_text(w, " %");
    }
}

/* On a line of its own where the page is too narrow for it. */
static void put_condition(struct gex__writer *w, const char *const words[4])
{
    int64_t length = 1; /* the blank before it */

    for (int k = 0; k < 4; k++)
        length += gex__utf8_length(words[k]);
    gex__put_text(w, ",");
    if (w->column + length > WIDTH) {
        gex__put_text(w, "\n");
        gex__put_to_column(w, LABEL);
    } else {
        gex__put_text(w, " ");
    }
    for (int k = 0; k < 4; k++)
        gex__put_text(w, words[k]);
}

static void put_errors(struct gex__writer *w, const gex_uncertainty *uncertainty)
{
    char share[GEX_FIGURE_MAX], correlation[GEX_FIGURE_MAX];

    if (!(gex_uncertainty_share(uncertainty) > 0.0)) {
        put_condition(w, (const char *const[]){"if positions err as given", "", "", ""});
        return;
    }
    gex__figure_fixed(100.0 * gex_uncertainty_share(uncertainty), 0, share);
    gex__figure_fixed(gex_uncertainty_correlation(uncertainty), 2, correlation);
    put_condition(w, (const char *const[]){"if positions err by ", share, " %, correlation ", correlation});
}

/* Ends of 90 % of the samples that have a flip, and how many have none. */
static void put_flip_band(struct gex__writer *w, const gex_flip_bands *flips)
{
    const double found = gex_flip_bands_found(flips, GEX_FLIP_NEAREST);
    char text[GEX_FIGURE_MAX];

    if (!(found > 0.0)) {
        gex__put_text(w, "; no flip in any");
        return;
    }
    gex__put_text(w, "; flip ");
    gex__put_text(w, gex__figure_price(gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.05), text));
    gex__put_text(w, " to ");
    gex__put_text(w, gex__figure_price(gex_flip_bands_quantile(flips, GEX_FLIP_NEAREST, 0.95), text));
    if (found < 1.0) {
        gex__put_text(w, ", none in ");
        gex__put_probability(w, 1.0 - found);
    }
}

void gex__put_odds(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_bands *bands = gex_map_gamma_bands(f->map);
    char text[GEX_FIGURE_MAX];

    if (bands == NULL)
        return;
    gex__put_text(w, "  odds");
    gex__put_to_column(w, LABEL);
    gex__put_text(w, "long gamma ");
    gex__put_probability(w, gex_bands_above(bands, NULL)[0]);
    gex__put_text(w, ", short gamma ");
    gex__put_probability(w, gex_bands_below(bands, NULL)[0]);
    put_errors(w, gex_map_uncertainty(f->map));
    gex__put_text(w, "\n  nine in ten");
    gex__put_to_column(w, LABEL);
    gex__put_text(w, "net USD ");
    gex__put_text(w, gex__figure_scaled(gex_bands_quantile(bands, 0, 0.05), text));
    gex__put_text(w, " to ");
    gex__put_text(w, gex__figure_scaled(gex_bands_quantile(bands, 0, 0.95), text));
    put_flip_band(w, gex_map_flip_bands(f->map));
    gex__put_text(w, "\n");
}
