/* SPDX-License-Identifier: Apache-2.0 */
/* The second library from outside, in C++: a slice is quoted, fitted, and comes back. */
#include <gex/fit.h>

#include <gex.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

int main()
{
    const double years = 0.5, forward = 100, a = 0.01, b = 0.1, rho = -0.4, m = 0.02, s = 0.15;
    std::vector<double> strike, vol;
    std::vector<std::int32_t> expiry;
    gex_fit_columns columns = gex::fit_columns();
    gex_fit_results results = gex::fit_results();
    double inside = 0;

    for (double k = -0.3; k <= 0.3; k += 0.025) {
        const double w = a + b * (rho * (k - m) + std::sqrt((k - m) * (k - m) + s * s));
        strike.push_back(forward * std::exp(k));
        vol.push_back(std::sqrt(w / years));
        expiry.push_back(0);
    }
    columns.loss = GEX_LOSS_SQUARES;
    columns.enforce = GEX_ENFORCE_ALL;
    columns.expiries = 1;
    columns.years = gex::column(&years);
    columns.forward = gex::column(&forward);
    columns.rows = static_cast<std::int64_t>(strike.size());
    columns.expiry = gex::column(expiry.data());
    columns.strike = gex::column(strike.data());
    columns.bid_vol = columns.ask_vol = gex::column(vol.data());
    results.inside = &inside;
    try {
        const gex::surface surface = gex::fitted(gex_fit_svi, columns, &results);
        const double at_the_money = std::sqrt((a + b * (rho * -m + std::sqrt(m * m + s * s))) / years);
        const bool good = std::fabs(surface.vol(100, 0.5) - at_the_money) < 1e-9;
        std::printf("libgex-fit %s: %s, %.0f %% within bid and ask, %d violations\n", gex_fit_version(),
                    good ? "good" : "bad", 100 * inside, static_cast<int>(surface.violations()));
        columns.loss = 0;
        (void)gex::fitted(gex_fit_svi, columns);
        return 1;
    } catch (const gex::error &why) {
        return why.status() == GEX_ERR_ARGUMENT ? 0 : 1;
    }
}
