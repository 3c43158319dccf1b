/* SPDX-License-Identifier: Apache-2.0 */
/* What forwards and discounts rest on, on the page: parity, its neighbours, or rates, and why parity was not enough. */
#include <math.h>

#include "figures.h"
#include "page_parts.h"

/* Why an expiry stands on rates, in the order they are told. */
enum reason { FEW, DISAGREE, OTHER_SPOT, NOW, NO_ROWS, BY_RULE, REASONS };

/* Columns of ", from rate 0.05, carry yield 0.013" and ", from rates 0.0312 to 0.0498, carry yield 0.013". */
enum { RATE_SPACE = 36, RATES_SPACE = 50 };

static const char *const reason_words[REASONS] = {
    [FEW] = "without enough quotes",
    [DISAGREE] = "whose quotes disagree",
    [OTHER_SPOT] = "whose quotes are not of this spot",
    [NOW] = "settling now",
    [NO_ROWS] = "without a forward in their rows",
    [BY_RULE] = "expiries",
};

static enum reason reason_of(const gex_market *market, int64_t e)
{
    if (gex_market_forward_rule(market) == GEX_FORWARD_RATE)
        return BY_RULE;
    if (gex_market_forward_rule(market) == GEX_FORWARD_QUOTED)
        return NO_ROWS;
    switch (gex_market_parity(market)[e]) {
    case GEX_PARITY_FEW_PAIRS: return FEW;
    case GEX_PARITY_IMPLAUSIBLE: return OTHER_SPOT;
    case GEX_PARITY_NOT_ASKED: return NOW;
    default: return DISAGREE;
    }
}

/* A rate, or the least and the largest where a curve gave several. */
static void put_rates(struct gex__writer *w, double least, double most)
{
    char text[GEX_FIGURE_MAX];

    if (least == most) {
        gex__put_text(w, "rate ");
        gex__put_number(w, least);
        return;
    }
    gex__put_text(w, "rates ");
    gex__put_text(w, gex__figure_fixed(least, 4, text));
    gex__put_text(w, " to ");
    gex__put_text(w, gex__figure_fixed(most, 4, text));
}

/* Expiries with used rows whose forward comes from rates. */
static void put_from_rates(struct gex__writer *w, const struct gex__facts *f, const char *separator)
{
    const double *rate = gex_market_expiry_rate(f->market);
    double least = (double)INFINITY, most = -(double)INFINITY;
    int64_t count[REASONS] = {0};

    for (int64_t e = 0; e < f->expiries; e++) {
        if (f->used_by_expiry[e] == 0 || gex_market_forward_source(f->market)[e] != GEX_FORWARD_RATE)
            continue;
        count[reason_of(f->market, e)]++;
        least = fmin(least, rate[e]);
        most = fmax(most, rate[e]);
    }
    for (int reason = 0; reason < REASONS; reason++)
        gex__put_counted(w, count[reason], reason_words[reason], &separator);
    if (w->column + (least == most ? RATE_SPACE : RATES_SPACE) > GEX_PAGE_WIDTH) {
        gex__put_newline(w);
        gex__put_label(w, "");
        gex__put_text(w, "from ");
    } else {
        gex__put_text(w, count[BY_RULE] > 0 ? " from " : ", from ");
    }
    put_rates(w, least, most);
    gex__put_text(w, ", carry yield ");
    gex__put_number(w, gex_market_carry_yield(f->market));
}

static void put_dividends(struct gex__writer *w, const gex_market *market)
{
    const int64_t count = gex_market_dividend_count(market), *at = gex_market_dividend_at(market);
    const double *cash = gex_market_dividend_cash(market), *share = gex_market_dividend_share(market);
    int64_t ahead = 0;
    double paid = 0.0;
    bool shares = false;

    for (int64_t i = 0; i < count; i++) {
        if (at[i] <= gex_market_as_of(market))
            continue;
        ahead++;
        paid += cash[i];
        shares = shares || share[i] > 0.0;
    }
    if (count == 0)
        return;
    gex__put_label(w, "");
    gex__put_text(w, "dividends on ");
    gex__put_integer(w, ahead);
    gex__put_text(w, ahead == 1 ? " ex-date ahead, cash " : " ex-dates ahead, cash ");
    gex__put_number(w, paid);
    gex__put_text(w, shares ? " in all, and shares of the price" : " in all");
    gex__put_newline(w);
}

void gex__put_forwards(struct gex__writer *w, const struct gex__facts *f)
{
    static const char *const words[] = {
        [GEX_FORWARD_IMPLIED] = "expiries from put-call parity",
        [GEX_FORWARD_GIVEN] = "expiries given",
        [GEX_FORWARD_QUOTED] = "expiries from their rows",
        [GEX_FROM_INTERPOLATED] = "interpolated between them",
        [GEX_FROM_EXTRAPOLATED] = "extrapolated from them",
    };
    static const int32_t order[] = {GEX_FORWARD_IMPLIED, GEX_FORWARD_GIVEN, GEX_FORWARD_QUOTED, GEX_FROM_INTERPOLATED,
                                    GEX_FROM_EXTRAPOLATED};
    const int32_t rule = gex_market_forward_rule(f->market);
    const char *separator = ": ";

    gex__put_label(w, "");
    gex__put_text(w, "forward ");
    gex__put_text(w, gex_forward_name(rule));
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        gex__put_counted(w, f->forwards[order[k]], words[order[k]], &separator);
    if (f->forwards[GEX_FORWARD_RATE] > 0) {
        if (separator[0] == ',') { /* a long line of its own */
            gex__put_text(w, ",");
            gex__put_newline(w);
            gex__put_label(w, "");
            separator = "";
        }
        put_from_rates(w, f, separator);
    }
    gex__put_newline(w);
    if (rule == GEX_FORWARD_IMPLIED && gex_market_fixed_discount(f->market)) {
        gex__put_label(w, "");
        gex__put_text(w, "every discount from the rates");
        gex__put_newline(w);
    }
    put_dividends(w, f->market);
}
