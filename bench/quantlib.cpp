/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Worker: QuantLib's European prices and implied volatilities. bench-quantlib SAMPLE, of either task.
 *
 * BlackCalculator is its fastest way to greeks and has price, delta, gamma, vega, theta and rho; AnalyticEuropeanEngine
 * is the documented door, with options and process built beforehand, in one flat market: its numbers are not compared.
 */
#include <ql/quantlib.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

#include "worker.h"

namespace {

using namespace QuantLib;

enum { OUTPUTS = 12 };

struct European {
    int64_t                                 rows;
    const double                           *in[7];
    double                                 *out[OUTPUTS];
    std::vector<ext::shared_ptr<VanillaOption>> options;
    double                                  sink;
};

void black_calculator(European &e, bool greeks)
{
    for (int64_t i = 0; i < e.rows; i++) {
        const double S = e.in[0][i], T = e.in[2][i], D = std::exp(-e.in[3][i] * T), Q = std::exp(-e.in[4][i] * T);
        const BlackCalculator black(e.in[6][i] > 0 ? Option::Call : Option::Put, e.in[1][i], S * Q / D,
                                    e.in[5][i] * std::sqrt(T), D);
        e.out[0][i] = black.value();
        if (greeks) {
            e.out[1][i] = black.delta(S);
            e.out[2][i] = black.gamma(S);
            e.out[3][i] = black.vega(T);
            e.out[4][i] = black.theta(S, T);
            e.out[5][i] = black.rho(T);
        }
    }
}

void run_price(void *state)
{
    black_calculator(*static_cast<European *>(state), false);
}

void run_greeks(void *state)
{
    black_calculator(*static_cast<European *>(state), true);
}

void run_engine(void *state)
{
    European &e = *static_cast<European *>(state);
    double sum = 0;

    for (auto &option : e.options) {
        option->recalculate();
        sum += option->NPV() + option->delta() + option->gamma() + option->vega() + option->theta() + option->rho();
    }
    e.sink = sum;
}

void build_options(European &e)
{
    const Date today(15, January, 2025);
    const DayCounter day_counter = Actual365Fixed();

    Settings::instance().evaluationDate() = today;
    auto process = ext::make_shared<BlackScholesMertonProcess>(
        Handle<Quote>(ext::make_shared<SimpleQuote>(100.0)),
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, 0.01, day_counter)),
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, 0.03, day_counter)),
        Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), 0.2, day_counter)));
    auto engine = ext::make_shared<AnalyticEuropeanEngine>(process);
    for (int64_t i = 0; i < e.rows; i++) {
        const int days = std::max(1, static_cast<int>(e.in[2][i] * 365));
        auto option = ext::make_shared<VanillaOption>(
            ext::make_shared<PlainVanillaPayoff>(e.in[6][i] > 0 ? Option::Call : Option::Put, e.in[1][i]),
            ext::make_shared<EuropeanExercise>(today + Period(days, Days)));
        option->setPricingEngine(engine);
        e.options.push_back(option);
    }
}

int serve_european(const sample &given)
{
    static European e;
    static double *price[OUTPUTS], *greeks[OUTPUTS], *none[OUTPUTS];

    e.rows = given.rows;
    for (int k = 0; k < 7; k++)
        e.in[k] = sample_column(&given, k);
    for (int k = 0; k < 6; k++)
        greeks[k] = e.out[k] = page_of_doubles(given.rows);
    price[0] = e.out[0];
    build_options(e);
    const offer offers[] = {{"QuantLib BlackCalculator, price + 5 greeks", run_greeks, &e, greeks},
                            {"QuantLib BlackCalculator, price", run_price, &e, price},
                            {"QuantLib AnalyticEuropeanEngine, price + 5 greeks", run_engine, &e, none}};
    return worker_serve(offers, 3, given.rows, OUTPUTS);
}

struct Implied {
    int64_t       rows;
    const double *in[5];
    double       *out[1];
    double        accuracy;
};

void run_implied(void *state)
{
    Implied &v = *static_cast<Implied *>(state);

    for (int64_t i = 0; i < v.rows; i++) {
        try {
            v.out[0][i] = blackFormulaImpliedStdDev(v.in[4][i] > 0 ? Option::Call : Option::Put, v.in[2][i], v.in[1][i],
                                                    v.in[0][i], 1.0, 0.0, Null<Real>(), v.accuracy, 1000) /
                          std::sqrt(v.in[3][i]);
        } catch (const std::exception &) { /* no root found, or the price thought impossible */
            v.out[0][i] = NAN;
        }
    }
}

int serve_implied(const sample &given)
{
    static Implied loose, tight;

    loose.rows = given.rows;
    loose.accuracy = 1e-6;
    for (int k = 0; k < 5; k++)
        loose.in[k] = sample_column(&given, k);
    loose.out[0] = page_of_doubles(given.rows);
    tight = loose;
    tight.accuracy = 1e-14;
    const offer offers[] = {{"QuantLib blackFormulaImpliedStdDev, 1e-6", run_implied, &loose, loose.out},
                            {"QuantLib blackFormulaImpliedStdDev, 1e-14", run_implied, &tight, tight.out}};
    return worker_serve(offers, 2, given.rows, 1);
}

}

int main(int argc, char **argv)
{
    std::string task;
    const char *path = argc > 1 ? argv[1] : "";

    std::ifstream(path) >> task;
    std::printf("about QuantLib %s\n", QL_VERSION);
    return task == "implied" ? serve_implied(sample_read(path, "implied"))
                             : serve_european(sample_read(path, "european"));
}
