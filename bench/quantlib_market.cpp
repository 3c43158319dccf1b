/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QuantLib's SviInterpolation on the smiles of market.c: 50 expiries of 60 middles, weighted by vega, at most 50
 * guesses, asked for a millionth where its default stops at 0.2 vol points.
 */
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <vector>

#include <ql/experimental/volatility/sviinterpolation.hpp>

namespace {

const int expiries = 50, fitted = 60, rounds = 5;

double now()
{
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double years_of(int e) { return (e < 20 ? e + 1.0 : 20 + 14.0 * (e - 19)) / 365; }

double vol_at(int e, double k)
{
    const double theta = 0.03 * years_of(e), wing = 0.35 * std::sqrt(theta) / std::sqrt(1 + theta);
    const double x = k - 0.02 * std::sqrt(theta), s = 1.1 * std::sqrt(theta);
    return std::sqrt((0.35 * theta + wing * (-0.6 * x + std::sqrt(x * x + s * s))) / years_of(e));
}

/* Seconds for all, and the largest rms, vol points. */
double run(double accept, double *rms)
{
    const double from = now();

    *rms = 0;
    for (int e = 0; e < expiries; e++) {
        const double forward = 5000 * std::exp(0.036 * years_of(e));
        std::vector<double> strike, vol;

        for (int j = 0; j < fitted; j++) {
            const double k = (j - 0.65 * fitted) / fitted * 5 * 0.2 * std::sqrt(years_of(e) + 0.02);
            strike.push_back(forward * std::exp(k));
            vol.push_back(vol_at(e, k));
        }
        const QuantLib::Real none = QuantLib::Null<QuantLib::Real>();
        QuantLib::SviInterpolation svi(strike.begin(), strike.end(), vol.begin(), years_of(e), forward, none, none,
                                       none, none, none, false, false, false, false, false, true,
                                       QuantLib::ext::shared_ptr<QuantLib::EndCriteria>(),
                                       QuantLib::ext::shared_ptr<QuantLib::OptimizationMethod>(), accept, false, 50);
        svi.update();
        *rms = std::max(*rms, 100 * svi.rmsError());
    }
    return now() - from;
}

void timed(const char *name, double accept)
{
    std::vector<double> taken;
    double rms = 0;

    for (int i = 0; i < rounds; i++)
        taken.push_back(1e3 * run(accept, &rms));
    std::sort(taken.begin(), taken.end());
    std::printf("%s\t%.3f\t%.3f\t%.1e\n", name, taken[0], taken[rounds / 2], rms);
}

} // namespace

int main()
{
    try {
        timed("SVI, 50 expiries of 60 quotes", 1e-6);
    } catch (const std::exception &why) {
        std::fprintf(stderr, "bench-quantlib-market: %s\n", why.what());
        return 1;
    }
    return 0;
}
