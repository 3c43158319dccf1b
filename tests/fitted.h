/* SPDX-License-Identifier: Apache-2.0 */
/* What the suites of libgex-fit share: a host's GSL handler that fails the test, quotes made from slices, a call. */
#ifndef GEX_TESTS_FITTED_H
#define GEX_TESTS_FITTED_H

#include <check.h>
#include <math.h>
#include <string.h>

#include <gex.h>
#include <gex/fit.h>
#include <gsl/gsl_errno.h>

#include "draw.h"

#define LENGTH(array) ((int)(sizeof(array) / sizeof(array)[0]))

static void handler_of_the_host(const char *reason, const char *file, int line, int number)
{
    ck_abort_msg("the host's GSL handler was reached: %s, %s:%d, %d", reason, file, line, number);
}

static inline void install_handler(void)
{
    gsl_set_error_handler(handler_of_the_host);
}

/* It is still the host's. */
static inline void check_handler(void)
{
    gsl_error_handler_t *now = gsl_set_error_handler(handler_of_the_host);
    ck_assert(now == handler_of_the_host);
}

enum { MOST_EXPIRIES = 64, MOST_QUOTES = 6000 };

/* Quotes, and everything a fit gives back. */
struct fitted {
    gex_fit_columns columns;
    gex_fit_results results;
    double years[MOST_EXPIRIES], forward[MOST_EXPIRIES];
    int32_t expiry[MOST_QUOTES];
    double strike[MOST_QUOTES], bid[MOST_QUOTES], ask[MOST_QUOTES];
    double raw[MOST_EXPIRIES][5], theta[MOST_EXPIRIES], rms[MOST_EXPIRIES], most[MOST_EXPIRIES], inside[MOST_EXPIRIES],
        raised[MOST_EXPIRIES], ssvi[3];
    int32_t quotes[MOST_EXPIRIES];
    uint8_t slice[MOST_EXPIRIES], by[MOST_EXPIRIES], row_status[MOST_QUOTES];
    gex_surface *surface;
};

static inline void open_fitted(struct fitted *fit, int32_t loss, int32_t enforce)
{
    memset(fit, 0, sizeof *fit);
    gex_fit_columns_init(&fit->columns, sizeof fit->columns);
    gex_fit_results_init(&fit->results, sizeof fit->results);
    fit->columns.loss = loss;
    fit->columns.enforce = enforce;
    fit->columns.years = (gex_f64){fit->years, sizeof(double)};
    fit->columns.forward = (gex_f64){fit->forward, sizeof(double)};
    fit->columns.expiry = (gex_i32){fit->expiry, sizeof(int32_t)};
    fit->columns.strike = (gex_f64){fit->strike, sizeof(double)};
    fit->columns.bid_vol = (gex_f64){fit->bid, sizeof(double)};
    fit->columns.ask_vol = (gex_f64){fit->ask, sizeof(double)};
    fit->results.parameters = &fit->raw[0][0];
    fit->results.theta = fit->theta, fit->results.rms = fit->rms, fit->results.most = fit->most;
    fit->results.inside = fit->inside, fit->results.raised = fit->raised, fit->results.quotes = fit->quotes;
    fit->results.slice = fit->slice, fit->results.fitted = fit->by, fit->results.row_status = fit->row_status;
    fit->results.ssvi = fit->ssvi;
}

static inline double raw_variance(const double raw[5], double k)
{
    return raw[0] + raw[1] * (raw[2] * (k - raw[3]) + sqrt((k - raw[3]) * (k - raw[3]) + raw[4] * raw[4]));
}

static inline void add_quote(struct fitted *fit, int32_t expiry, double k, double bid, double ask)
{
    const int64_t i = fit->columns.rows++;

    ck_assert_int_lt(i, MOST_QUOTES);
    fit->expiry[i] = expiry;
    fit->strike[i] = fit->forward[expiry] * exp(k);
    fit->bid[i] = bid;
    fit->ask[i] = ask;
}

/* An expiry of `count` quotes on a slice, k from low to high, with a half-spread. */
static inline void add_slice(struct fitted *fit, double years, double forward, const double raw[5], double low,
                             double high, int count, double half)
{
    const int32_t expiry = (int32_t)fit->columns.expiries++;

    fit->years[expiry] = years;
    fit->forward[expiry] = forward;
    for (int i = 0; i < count; i++) {
        const double k = low + (high - low) * i / (count > 1 ? count - 1 : 1), vol = sqrt(raw_variance(raw, k) / years);
        add_quote(fit, expiry, k, vol - half, vol + half);
    }
}

static inline void run_svi(struct fitted *fit)
{
    gex_error error = {0};
    ck_assert_msg(gex_fit_svi(NULL, &fit->columns, &fit->results, &fit->surface, &error) == GEX_OK, "%s",
                  error.message);
    check_handler();
}

static inline int64_t violations(const gex_surface *surface, int32_t which)
{
    gex_surface_report *report = NULL;
    int64_t count;

    ck_assert_int_eq(gex_surface_check(NULL, surface, 1e-12, &report, NULL), GEX_OK);
    count = gex_surface_report_count(report, which);
    gex_surface_report_free(report);
    return count;
}

#endif
