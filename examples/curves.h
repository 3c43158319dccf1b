/* SPDX-License-Identifier: Apache-2.0 */
/* A curve of rates and cash dividends, from the command line or from a file it names. */
#ifndef GEX_MAP_CURVES_H
#define GEX_MAP_CURVES_H

#include <stdbool.h>
#include <stdint.h>

enum { CURVE_MOST = 1024 };

struct curves {
    int64_t rate_count, dividend_count;
    double  rate_years[CURVE_MOST], rates[CURVE_MOST], cash[CURVE_MOST];
    int64_t ex_dates[CURVE_MOST]; /* instants */
};

/*
 * The value of --rate-curve or --dividends: pairs "years:rate" or "date:cash" separated by commas, or the name of a
 * file of such pairs, a line each, with a colon or a comma between the two; lines that are empty or begin with # are
 * passed over. A date alone is 09:30 New York. @return false after a complaint.
 */
bool curves_take_rates(struct curves *curves, const char *value);
bool curves_take_dividends(struct curves *curves, const char *value);

#endif
