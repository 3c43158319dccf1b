/* SPDX-License-Identifier: Apache-2.0 */
/* The foot of the page: what its numbers rest on, contracts used and refused, and the conventions. */
#include <string.h>

#include "page_parts.h"

void gex__put_counted(struct gex__writer *w, int64_t count, const char *words, const char **separator)
{
    if (count == 0)
        return;
    if (w->column + 14 + gex__utf8_length(words) > GEX_PAGE_WIDTH) {
        gex__put_newline(w);
        gex__put_label(w, "");
    } else {
        gex__put_text(w, *separator);
    }
    gex__put_integer(w, count);
    gex__put_text(w, " ");
    gex__put_text(w, words);
    *separator = ", ";
}

static void put_contracts(struct gex__writer *w, const struct gex__facts *f)
{
    static const struct {
        uint32_t    flag;
        const char *words;
    } noted[] = {{GEX_FLAG_DUPLICATE, "listed twice"},
                 {GEX_FLAG_UNKNOWN_ROOT, "of a root not in the table"},
                 {GEX_FLAG_MOVED_EXPIRY, "listed on a closed day"},
                 {GEX_FLAG_CROSSED, "with bid above ask"},
                 {GEX_FLAG_VOL_CAPPED, "with a vol at a limit, not taken"},
                 {GEX_FLAG_VOL_IN_THE_MONEY, "with a vol from in the money only"},
                 {GEX_FLAG_AMERICAN_AS_EUROPEAN, "American, valued as European"}};
    const int64_t total = gex_exposure_count_total(f->gamma), used = gex_exposure_count_used(f->gamma);
    const uint32_t *flags = gex_market_flags(f->market);
    const char *separator = "";

    gex__put_label(w, "Contracts");
    gex__put_integer(w, total);
    gex__put_text(w, " read, ");
    gex__put_integer(w, used);
    gex__put_text(w, " used (");
    gex__put_integer(w, gex_exposure_count_zero_position(f->gamma));
    gex__put_text(w, " with no position), ");
    gex__put_integer(w, total - used);
    gex__put_text(w, " refused");
    if (total > used)
        separator = ": ";
    for (int32_t status = GEX_ROW_USED + 1; status < GEX_ROW_COUNT; status++)
        gex__put_counted(w, gex_exposure_count_refused(f->gamma, status), gex__row_words(status), &separator);
    separator = "; ";
    for (size_t k = 0; k < sizeof noted / sizeof noted[0]; k++) {
        int64_t count = 0;
        for (int64_t i = 0; i < f->rows; i++)
            count += (flags[i] & noted[k].flag) != 0;
        gex__put_counted(w, count, noted[k].words, &separator);
    }
    gex__put_counted(w, f->american, "American", &separator);
    gex__put_counted(w, f->exercise_now, "worth exercising now", &separator);
    gex__put_counted(w, gex__facts_at_dividend(f), "worth exercising before the next ex-date", &separator);
    gex__put_counted(w, gex_exposure_count_diverging(f->gamma), "at the strike at expiry, left out of sums",
                     &separator);
    gex__put_newline(w);
}

/* Where one volatility a strike came from; the other rules have one source. */
static void put_vols(struct gex__writer *w, const struct gex__facts *f)
{
    const char *separator = "vol otm: ";
    int64_t vols[GEX_VOL_SOURCE_LAST_ + 1];

    if (gex_market_vol_rule(f->market) != GEX_VOL_OTM || gex_exposure_count_used(f->gamma) == 0)
        return;
    gex__facts_vols(f, vols);
    gex__put_label(w, "");
    gex__put_counted(w, vols[GEX_SOURCE_GIVEN], "given", &separator);
    gex__put_counted(w, vols[GEX_SOURCE_IMPLIED], "implied by the quote", &separator);
    gex__put_counted(w, vols[GEX_SOURCE_OTHER_GIVEN] + vols[GEX_SOURCE_OTHER_IMPLIED],
                     "from the other side of the strike", &separator);
    gex__put_newline(w);
}

/* What a clock other than the calendar rests on; on the calendar nothing is to be said. */
static void put_clock(struct gex__writer *w, const struct gex__facts *f)
{
    const gex_market *m = f->market;
    const int32_t clock = gex_market_clock(m), vol_clock = gex_market_vol_clock(m);
    int64_t dated = 0;

    if (clock == GEX_CLOCK_VARIANCE_CLOCK) {
        gex__put_label(w, "");
        gex__put_text(w, "weights");
        for (int32_t weight = GEX_WEIGHT_SESSION; weight <= GEX_WEIGHT_U_SHAPE; weight++) {
            gex__put_text(w, weight == GEX_WEIGHT_SESSION ? " " : ", ");
            gex__put_text(w, gex_weight_name(weight));
            gex__put_text(w, " ");
            gex__put_number(w, gex_calendar_weight(gex_market_calendar(m), weight));
        }
        gex__put_newline(w);
    }
    if (gex_market_vol_rule(m) != GEX_VOL_IMPLIED && vol_clock != clock) {
        gex__put_label(w, "");
        gex__put_text(w, "volatilities quoted on ");
        gex__put_text(w, gex_clock_name(vol_clock));
        gex__put_text(w, ", restated on the clock");
        gex__put_newline(w);
    }
    for (int64_t e = 0; e < f->expiries; e++)
        dated += f->used_by_expiry[e] > 0 && gex_market_expiry_clock(m)[e] != clock;
    if (dated > 0) {
        gex__put_label(w, "");
        gex__put_integer(w, dated);
        gex__put_text(w, dated == 1 ? " expiry stands on CAL_365: the clock has no time before it settles"
                                    : " expiries stand on CAL_365: the clock has no time before they settle");
        gex__put_newline(w);
    }
}

static void put_conventions(struct gex__writer *w, const struct gex__facts *f)
{
    const char *source = gex_book_source(f->book), *words = gex__sign_words(gex_book_sign(f->book));

    gex__put_label(w, "Conventions");
    gex__put_text(w, "sign ");
    gex__put_plain_text(w, source, (int64_t)strlen(source));
    gex__put_text(w, " (");
    gex__put_text(w, words);
    gex__put_text(w, "), unit ");
    gex__put_text(w, gex_unit_name(gex_exposure_unit(f->in_unit)));
    gex__put_newline(w);
    gex__put_label(w, "");
    gex__put_text(w, "clock ");
    gex__put_text(w, gex_clock_name(gex_market_clock(f->market)));
    gex__put_text(w, ", vol ");
    gex__put_text(w, gex_vol_name(gex_market_vol_rule(f->market)));
    gex__put_text(w, ", dynamics ");
    gex__put_dynamics(w, f->market);
    gex__put_text(w, ", exercise ");
    gex__put_text(w, gex_style_name(gex_market_style(f->market)));
    gex__put_newline(w);
    put_clock(w, f);
    put_vols(w, f);
    gex__put_forwards(w, f);
}

void gex__put_basis(struct gex__writer *w, const struct gex__facts *f)
{
    put_contracts(w, f);
    put_conventions(w, f);
}
