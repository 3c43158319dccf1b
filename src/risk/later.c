/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A volatility is kept on its own clock while time passes. On the calendar, which is what kernels know, it is then
 * vol root_then / root_now, root = sqrt(T_clock / T_calendar). A clock that has no time left to a settlement ahead
 * leaves no deviation: the volatility is 0, and the line stands on the calendar alone.
 */
#include "later.h"

#include <math.h>

struct gex__left gex__left_of(const gex_market *market, int32_t expiry, int64_t as_of)
{
    const int64_t settlement = gex_chain_expiries(gex_market_chain(market), NULL)[expiry];
    const int32_t clock = gex_market_expiry_clock(market)[expiry];
    const double years = fmax(0.0, gex_years(GEX_CLOCK_CAL_365, as_of, settlement));
    double on_clock, pace;

    if (clock == GEX_CLOCK_CAL_365 || years == 0.0)
        return (struct gex__left){years, 1.0, 0.0};
    on_clock = fmax(0.0, gex_calendar_years(gex_market_calendar(market), clock, as_of, settlement));
    if (on_clock == 0.0)
        return (struct gex__left){years, 0.0, 0.0};
    pace = gex_calendar_pace(gex_market_calendar(market), clock, as_of); /* NaN: a clock without a slope runs evenly */
    return (struct gex__left){years, gex__pace_root(on_clock, years),
                              isnan(pace) || pace == on_clock / years ? 0.0 : pace / (on_clock / years) - 1.0};
}

struct gex__lines gex__lines_part(const struct gex__lines *lines, int64_t first, int64_t count)
{
    struct gex__lines part = *lines;

    part.rows = count;
    part.settling = lines->settling <= first ? 0 : lines->settling - first < count ? lines->settling - first : count;
    part.weight += first;
    part.strike += first;
    part.years += first;
    part.vol += first;
    part.rate += first;
    part.carry += first;
    part.expiry += first;
    part.right += first;
    if (lines->root != NULL) {
        part.root += first;
        part.excess += first;
    }
    if (lines->exercise != NULL)
        part.exercise += first;
    if (lines->place != NULL)
        part.place += first;
    part.block = NULL;
    return part;
}

struct gex__lines gex__lines_later(const struct gex__lines *lines, const gex_market *market, int64_t as_of,
                                   double *columns)
{
    struct gex__lines later = *lines;
    struct gex__left left = {0.0, 1.0, 0.0};
    int32_t expiry = -1;

    if (as_of == gex_market_as_of(market))
        return later;
    later.years = columns;
    later.vol = columns + lines->rows;
    if (lines->root != NULL) {
        later.root = columns + 2 * lines->rows;
        later.excess = columns + 3 * lines->rows;
    }
    if (lines->place != NULL)
        later.place = (struct gex__place *)(columns + 4 * lines->rows);
    later.settling = 0;
    later.dividends = gex__dividends_from(&lines->dividends, gex_market_as_of(market), as_of);
    for (int64_t i = 0; i < lines->rows; i++) {
        const double root = lines->root != NULL ? lines->root[i] : 1.0;

        if (lines->expiry[i] != expiry) {
            expiry = lines->expiry[i];
            left = gex__left_of(market, expiry, as_of);
        }
        later.years[i] = left.years;
        later.vol[i] = lines->vol[i] * (left.root / root);
        if (lines->place != NULL) {
            later.place[i] = lines->place[i]; /* it stays where it is, and what it adds is restated */
            later.place[i].factor *= left.root / root;
        }
        if (lines->root != NULL) {
            later.root[i] = left.root > 0.0 ? left.root : 1.0;
            later.excess[i] = left.excess;
        }
        later.settling += left.years == 0.0;
    }
    return later;
}

int64_t gex__lines_settled(const struct gex__lines *lines, const gex_market *market, int64_t as_of)
{
    const int64_t *settlement = gex_chain_expiries(gex_market_chain(market), NULL);
    int64_t rows = 0;

    while (rows < lines->rows && settlement[lines->expiry[rows]] < as_of)
        rows++;
    return rows;
}
