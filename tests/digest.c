/* SPDX-License-Identifier: Apache-2.0 */
/* Every bit of a result in one number, FNV-1a: equal digests stand for equal results. */
#include <string.h>

#include "doors.h"

uint64_t digest_bytes(uint64_t digest, const void *bytes, int64_t length)
{
    const unsigned char *byte = bytes;

    if (digest == 0)
        digest = UINT64_C(14695981039346656037);
    for (int64_t i = 0; i < length; i++)
        digest = (digest ^ byte[i]) * UINT64_C(1099511628211);
    return digest;
}

int32_t digest_write(void *user, const char *bytes, int64_t length)
{
    uint64_t *digest = user;
    *digest = digest_bytes(*digest, bytes, length);
    return 0;
}

#define MIX(array, count) (digest = digest_bytes(digest, (array), (count) * (int64_t)sizeof *(array)))

uint64_t digest_chain(const gex_chain *chain)
{
    const int64_t rows = gex_chain_rows(chain);
    uint64_t digest = digest_bytes(0, &rows, sizeof rows);
    int64_t count;
    const int64_t *expiries = gex_chain_expiries(chain, &count);

    MIX(expiries, count);
    const double *strikes = gex_chain_strikes(chain, &count);
    MIX(strikes, count);
    MIX(gex_chain_status(chain), rows);
    MIX(gex_chain_flags(chain), rows);
    MIX(gex_chain_strike(chain), rows);
    MIX(gex_chain_right(chain), rows);
    MIX(gex_chain_exercise(chain), rows);
    MIX(gex_chain_payoff(chain), rows);
    MIX(gex_chain_settlement(chain), rows);
    MIX(gex_chain_multiplier(chain), rows);
    MIX(gex_chain_bid(chain), rows);
    MIX(gex_chain_ask(chain), rows);
    MIX(gex_chain_last(chain), rows);
    MIX(gex_chain_vol(chain), rows);
    MIX(gex_chain_open_interest(chain), rows);
    MIX(gex_chain_volume(chain), rows);
    MIX(gex_chain_expiry_index(chain), rows);
    MIX(gex_chain_strike_index(chain), rows);
    MIX(gex_chain_order(chain), rows);
    for (int64_t i = 0; i < rows; i++)
        MIX(gex_chain_root(chain, i), (int64_t)strlen(gex_chain_root(chain, i)) + 1);
    return digest;
}

uint64_t digest_market(const gex_market *market)
{
    const int64_t rows = gex_chain_rows(gex_market_chain(market)), expiries = gex_market_expiry_count(market);
    uint64_t digest = digest_bytes(0, &expiries, sizeof expiries);

    MIX(gex_market_status(market), rows);
    MIX(gex_market_flags(market), rows);
    MIX(gex_market_vol(market), rows);
    MIX(gex_market_vol_source(market), rows);
    MIX(gex_market_exercise(market), rows);
    MIX(gex_market_calendar_vol(market), rows);
    MIX(gex_market_years(market), expiries);
    MIX(gex_market_calendar_years(market), expiries);
    MIX(gex_market_expiry_clock(market), expiries);
    MIX(gex_market_pace(market), expiries);
    MIX(gex_market_forward(market), expiries);
    MIX(gex_market_discount(market), expiries);
    MIX(gex_market_expiry_rate(market), expiries);
    MIX(gex_market_expiry_carry(market), expiries);
    MIX(gex_market_forward_source(market), expiries);
    MIX(gex_market_forward_error(market), expiries);
    MIX(gex_market_forward_pairs(market), expiries);
    MIX(gex_market_forward_quote_error(market), expiries);
    MIX(gex_market_forward_outliers(market), expiries);
    MIX(gex_market_parity(market), expiries);
    MIX(gex_market_discount_error(market), expiries);
    MIX(gex_market_borrow(market), expiries);
    return digest;
}

uint64_t digest_quotes(const gex_quotes *quotes)
{
    const int64_t rows = gex_chain_rows(gex_market_chain(gex_quotes_market(quotes)));
    uint64_t digest = digest_bytes(0, &rows, sizeof rows);

    for (int32_t which = GEX_QUOTE_BID; which <= GEX_QUOTE_REPAIRED; which++) {
        if (gex_quotes_price(quotes, which) == NULL) /* no repair was asked for */
            continue;
        MIX(gex_quotes_price(quotes, which), rows);
        MIX(gex_quotes_vol(quotes, which), rows);
        MIX(gex_quotes_status(quotes, which), rows);
    }
    MIX(gex_quotes_flags(quotes), rows);
    if (gex_quotes_repaired(quotes) != NULL)
        MIX(gex_quotes_repaired(quotes), gex_market_expiry_count(gex_quotes_market(quotes)));
    return digest;
}

uint64_t digest_exposure(const gex_exposure *exposure)
{
    const int64_t rows = gex_exposure_count_total(exposure);
    const double sums[] = {gex_exposure_total(exposure), gex_exposure_gross(exposure)};
    uint64_t digest = digest_bytes(0, sums, sizeof sums);

    MIX(gex_exposure_rows(exposure), rows);
    MIX(gex_exposure_status(exposure), rows);
    for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_ZERO_DTE; by++)
        for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++) {
            int64_t count;
            const double *values = gex_exposure_by(exposure, by, sum, &count);
            MIX(values, count);
        }
    return digest;
}

uint64_t digest_grouping(const gex_grouping *grouping)
{
    const int64_t cells = gex_grouping_cells(grouping);
    uint64_t digest = digest_bytes(0, &cells, sizeof cells);

    for (int32_t axis = 0; axis < 2; axis++)
        if (gex_grouping_by(grouping, axis) != 0)
            MIX(gex_grouping_key(grouping, axis), cells);
    for (int32_t sum = GEX_SUM_NET; sum <= GEX_SUM_PUT; sum++)
        MIX(gex_grouping_sum(grouping, sum), cells);
    MIX(gex_grouping_count(grouping), cells);
    for (int64_t cell = 0; cell < cells; cell++) {
        int64_t count;
        const int64_t *rows = gex_grouping_rows(grouping, cell, &count);
        MIX(rows, count);
    }
    return digest;
}

uint64_t digest_flips(const gex_flips *flips)
{
    const int64_t count = gex_flips_count(flips), nearest = gex_flips_nearest(flips);
    const int32_t status = gex_flips_status(flips);
    uint64_t digest = digest_bytes(0, &count, sizeof count);

    MIX(&nearest, 1);
    MIX(&status, 1);
    for (int64_t i = 0; i < count; i++) {
        const double values[] = {gex_flips_price(flips, i), gex_flips_slope(flips, i), gex_flips_size(flips, i)};
        const int32_t marks[] = {gex_flips_direction(flips, i), gex_flips_root_status(flips, i)};
        MIX(values, 3);
        MIX(marks, 2);
    }
    return digest;
}

uint64_t digest_change(const gex_change *change)
{
    int64_t rows;
    const int64_t *row = gex_change_rows(change, &rows);
    uint64_t digest = digest_bytes(0, row, rows * (int64_t)sizeof *row);

    for (int32_t column = 1; column <= GEX_CHANGE_LAST_; column++) {
        MIX(gex_change_column(change, column, NULL), rows);
        for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_EXPIRY; by++) {
            int64_t count;
            const double *values = gex_change_by(change, by, column, &count);
            MIX(values, count);
        }
    }
    for (int32_t column = 1; column <= GEX_CHANGE_EXPIRY_LAST_; column++) {
        int64_t count;
        const double *values = gex_change_expiry(change, column, &count);
        MIX(values, count);
    }
    return digest;
}

uint64_t digest_difference(const gex_difference *difference)
{
    int64_t count;
    const uint8_t *kind = gex_difference_kinds(difference, &count);
    const int64_t *before = gex_difference_rows_before(difference, NULL);
    const int64_t *after = gex_difference_rows_after(difference, NULL);
    uint64_t digest = digest_bytes(0, kind, count);

    MIX(before, count);
    MIX(after, count);
    for (int32_t column = 1; column <= GEX_DIFFERENCE_LAST_; column++) {
        const double *lines = gex_difference_lines(difference, column, &count);
        const double total = gex_difference_total(difference, column);
        MIX(lines, count);
        MIX(&total, 1);
        for (int32_t by = GEX_BY_STRIKE; by <= GEX_BY_EXPIRY; by++) {
            int64_t keys;
            const double *values = gex_difference_by(difference, by, column, &keys);
            MIX(values, keys);
        }
    }
    return digest;
}

uint64_t digest_flow(const gex_flow *flow)
{
    const int64_t rows = gex_flow_rows(flow);
    uint64_t digest = digest_bytes(0, &rows, sizeof rows);

    for (int32_t column = GEX_FLOW_EXACT; column <= GEX_FLOW_LAST_; column++)
        MIX(gex_flow_column(flow, column), rows);
    return digest;
}

uint64_t digest_field(const gex_field *field)
{
    int64_t points, steps, count;
    const double *prices = gex_field_prices(field, &points);
    const int64_t *instants = gex_field_instants(field, &steps), *live = gex_field_live(field, NULL);
    const int32_t *quantities = gex_field_quantities(field, &count);
    uint64_t digest = digest_bytes(0, &points, sizeof points);

    MIX(prices, points);
    MIX(instants, steps);
    MIX(live, steps);
    for (int64_t q = 0; q < count; q++) {
        MIX(gex_field_values(field, quantities[q], NULL), points * steps);
        if (gex_field_gross(field, quantities[q], NULL) != NULL)
            MIX(gex_field_gross(field, quantities[q], NULL), points * steps);
    }
    return digest;
}

uint64_t digest_robustness(const gex_robustness *robustness)
{
    const int64_t count = gex_robustness_count(robustness);
    uint64_t digest = digest_bytes(0, &count, sizeof count);

    for (int64_t i = 0; i < count; i++) {
        const int32_t marks[] = {gex_robustness_vary(robustness, i), gex_robustness_status(robustness, i),
                                 gex_robustness_regime(robustness, i), gex_robustness_roots(robustness, i)};

        MIX(marks, 4);
        MIX(gex_robustness_choice(robustness, i), (int64_t)strlen(gex_robustness_choice(robustness, i)) + 1);
        for (int32_t what = 1; what <= GEX_ROBUST_LAST_; what++) {
            const double value = gex_robustness_value(robustness, i, what);
            MIX(&value, 1);
        }
        for (int32_t what = 1; what <= GEX_AGREE_LAST_; what++) {
            const int32_t agrees = gex_robustness_agrees(robustness, i, what);
            MIX(&agrees, 1);
        }
    }
    return digest;
}

uint64_t digest_map(const gex_map *map)
{
    uint64_t parts[] = {digest_market(gex_map_market(map)), digest_exposure(gex_map_gamma(map)),
                        digest_exposure(gex_map_delta(map)), digest_exposure(gex_map_vanna(map)),
                        digest_exposure(gex_map_charm(map)), digest_exposure(gex_map_in_unit(map)),
                        digest_flips(gex_map_flips(map)), digest_flow(gex_map_flow(map)),
                        digest_flow(gex_map_scenario(map)), digest_flips(gex_map_zero_flow(map)), 0};

    (void)gex_report_json(NULL, map, digest_write, &parts[10], NULL);
    return digest_bytes(0, parts, sizeof parts);
}

/* Every output on a grid that reaches before, between and beyond the expiries and the strikes. */
uint64_t digest_surface(const gex_surface *surface)
{
    enum { KS = 7, TIMES = 4, POINTS = KS * TIMES };
    static const double years[TIMES] = {1e-4, 3.0 / 8760, 0.02, 0.3};
    double k[POINTS], when[POINTS], values[POINTS];
    double *const output = values;
    uint8_t status[POINTS];
    gex_surface_points points;
    uint64_t digest = digest_bytes(0, gex_surface_status(surface), gex_surface_expiries(surface));
    int64_t rows;

    for (int i = 0; i < POINTS; i++) {
        k[i] = 0x1p-6 * (i % KS - 3); /* exact, whatever the host's rounding */
        when[i] = years[i / KS];
    }
    gex_surface_points_init(&points, sizeof points);
    points.rows = POINTS;
    points.k = (gex_f64){k, sizeof(double)};
    points.years = (gex_f64){when, sizeof(double)};
    for (int32_t what = 1; what <= GEX_SURFACE_LAST_; what++) {
        if (gex_surface_evaluate(NULL, surface, &points, &what, 1, &output, status, NULL) != GEX_OK)
            return 0;
        digest = digest_bytes(digest_bytes(digest, values, sizeof values), status, sizeof status);
    }
    (void)gex_surface_quote_status(surface, &rows);
    return digest_bytes(digest, gex_surface_quote_status(surface, NULL), rows);
}

uint64_t digest_surface_report(const gex_surface_report *report, int64_t expiries)
{
    const int64_t length = expiries * (int64_t)sizeof(double), count = gex_surface_report_count(report, 0);
    uint64_t digest = digest_bytes(0, &count, sizeof count);

    digest = digest_bytes(digest, gex_surface_report_butterfly(report), length);
    digest = digest_bytes(digest, gex_surface_report_butterfly_at(report), length);
    digest = digest_bytes(digest, gex_surface_report_calendar(report), length);
    digest = digest_bytes(digest, gex_surface_report_calendar_at(report), length);
    digest = digest_bytes(digest, gex_surface_report_left_slope(report), length);
    return digest_bytes(digest, gex_surface_report_right_slope(report), length);
}
