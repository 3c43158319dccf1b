// SPDX-License-Identifier: Apache-2.0
// American options from another program: prints american_quantlib.csv. QuantLib 1.29, QdFp with tanh-sinh quadrature.
//
//     g++ -O2 generate_american.cpp -o generate_american -lQuantLib && ./generate_american > american_quantlib.csv
#include <cstdio>
#include <ql/quantlib.hpp>
#include <vector>

using namespace QuantLib;

namespace {

struct Rates { double rate, yield; };

const Date today(15, January, 2025);

Handle<YieldTermStructure> flat(double rate) {
    return Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, rate, Actual365Fixed()));
}

double price(double strike, double vol, int days, const Rates& rates, Option::Type type, int iterations, int points) {
    const Handle<Quote> spot(ext::make_shared<SimpleQuote>(100.0));
    const Handle<BlackVolTermStructure> flatVol(
        ext::make_shared<BlackConstantVol>(today, NullCalendar(), vol, Actual365Fixed()));
    const auto process =
        ext::make_shared<GeneralizedBlackScholesProcess>(spot, flat(rates.yield), flat(rates.rate), flatVol);
    VanillaOption option(ext::make_shared<PlainVanillaPayoff>(type, strike),
                         ext::make_shared<AmericanExercise>(today, today + days));
    option.setPricingEngine(ext::make_shared<QdFpAmericanEngine>(
        process, ext::make_shared<QdFpTanhSinhIterationScheme>(points, iterations, 1e-13)));
    return option.NPV();
}

} // namespace

int main() {
    Settings::instance().evaluationDate() = today;
    const double strikes[] = {70, 90, 97, 100, 104, 115, 140}, vols[] = {0.08, 0.15, 0.3, 0.6, 1.2};
    const int days[] = {1, 7, 30, 182, 365, 1095, 3650};
    const Rates pairs[] = {{0.05, 0},     {0.05, 0.05},   {0.02, 0.06}, {0.1, 0.03},
                           {0.03, -0.02}, {0.045, 0.013}, {-0.01, 0.03}};
    unsigned draw = 1;

    std::printf("# American options: QuantLib %s, QdFp with tanh-sinh quadrature (32 points, 24 passes, 1e-13).\n",
                QL_VERSION);
    std::printf(
        "# error: difference from the same with 26 points and 16 passes; rows where it is above 1e-6 are left out.\n");
    std::printf("# Origin: generate_american.cpp. S = 100, T = days / 365.\n");
    std::printf("K,days,r,q,sigma,w,value,error\n");
    for (double strike : strikes)
        for (double vol : vols)
            for (int d : days)
                for (const Rates& rates : pairs)
                    for (int w = -1; w <= 1; w += 2) {
                        draw = draw * 1664525u + 1013904223u;
                        if (draw >> 24 >= 40)
                            continue;
                        try {
                            const Option::Type type = w > 0 ? Option::Call : Option::Put;
                            const double value = price(strike, vol, d, rates, type, 24, 32);
                            const double again = price(strike, vol, d, rates, type, 16, 26);
                            if (std::fabs(value - again) < 1e-6)
                                std::printf("%g,%d,%g,%g,%g,%d,%.15g,%.1e\n", strike, d, rates.rate, rates.yield, vol,
                                            w, value, std::fabs(value - again));
                        } catch (const std::exception&) {
                        }
                    }
    return 0;
}
