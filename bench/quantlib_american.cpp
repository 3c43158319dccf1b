/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QuantLib's American options: where the samples come from, and the worker for them.
 *
 *     bench-quantlib-american --write FOLDER     american-puts.csv, american-wide.csv, in two minutes
 *     bench-quantlib-american SAMPLE             worker
 *
 * The reference is the fixed-point engine with tanh-sinh quadrature (32 boundary points, 24 steps, 1e-13). On a spot of
 * 100 it is good to 1.5e-7 (puts) and 7e-7 (wide): that much more points move it. It takes 0.2 s an option and does not
 * depend on the machine, so the two files are kept.
 *
 * puts: 192, K 80 to 120, r 2 and 5 %, q 0 and 4 %, vol 10 to 60 %, 30 and 182 days.
 * wide: 288 calls and puts, K 70 to 140, r 1 and 6 %, q 0, 3 and 8 %, vol 12 and 70 %, 1, 4 and 12 years; with calls on
 *       a spot without carry, which are European.
 */
#include <ql/quantlib.hpp>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "worker.h"

namespace {

using namespace QuantLib;

struct Contract {
    double strike, rate, carry, vol;
    int    days, right;
};

enum { SPOT, STRIKE, YEARS, RATE, CARRY, VOL, RIGHT, COLUMNS };

const Date today(15, January, 2025);

std::vector<Contract> puts()
{
    std::vector<Contract> all;

    for (double strike : {80.0, 90.0, 100.0, 110.0, 120.0, 105.0})
        for (double rate : {0.02, 0.05})
            for (double carry : {0.0, 0.04})
                for (double vol : {0.1, 0.2, 0.4, 0.6})
                    for (int days : {30, 182})
                        all.push_back({strike, rate, carry, vol, days, -1});
    return all;
}

std::vector<Contract> wide()
{
    std::vector<Contract> all;

    for (double strike : {70.0, 95.0, 110.0, 140.0})
        for (double rate : {0.01, 0.06})
            for (double carry : {0.0, 0.03, 0.08})
                for (double vol : {0.12, 0.7})
                    for (int days : {365, 1461, 4383})
                        for (int right : {-1, 1})
                            all.push_back({strike, rate, carry, vol, days, right});
    return all;
}

ext::shared_ptr<GeneralizedBlackScholesProcess> process(double spot, double rate, double carry, double vol)
{
    const DayCounter day_counter = Actual365Fixed();

    return ext::make_shared<BlackScholesMertonProcess>(
        Handle<Quote>(ext::make_shared<SimpleQuote>(spot)),
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, carry, day_counter)),
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, rate, day_counter)),
        Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), vol, day_counter)));
}

ext::shared_ptr<VanillaOption> option(double strike, int days, int right)
{
    return ext::make_shared<VanillaOption>(
        ext::make_shared<PlainVanillaPayoff>(right > 0 ? Option::Call : Option::Put, strike),
        ext::make_shared<AmericanExercise>(today, today + Period(days, Days)));
}

/* ---- samples ----------------------------------------------------------------------------------------------------- */

double reference(const Contract &c)
{
    auto priced = option(c.strike, c.days, c.right);

    priced->setPricingEngine(ext::make_shared<QdFpAmericanEngine>(
        process(100.0, c.rate, c.carry, c.vol), ext::make_shared<QdFpTanhSinhIterationScheme>(32, 24, 1e-13)));
    return priced->NPV();
}

void write_sample(const std::string &path, const std::vector<Contract> &all)
{
    std::FILE *file = std::fopen(path.c_str(), "w");

    if (file == nullptr)
        throw std::runtime_error(path + " cannot be written");
    std::fprintf(file, "spot,strike,days,rate,carry,vol,right,price\n");
    for (const Contract &c : all)
        std::fprintf(file, "100,%.17g,%d,%.17g,%.17g,%.17g,%d,%.17g\n", c.strike, c.days, c.rate, c.carry, c.vol,
                     c.right, reference(c));
    if (std::fclose(file) != 0)
        throw std::runtime_error(path + " cannot be written");
}

/* ---- worker ------------------------------------------------------------------------------------------------------ */

struct Engine {
    std::vector<ext::shared_ptr<VanillaOption>> options;
    double                                     *out[1];
};

void run_engine(void *state)
{
    Engine &engine = *static_cast<Engine *>(state);

    for (std::size_t i = 0; i < engine.options.size(); i++) {
        engine.options[i]->recalculate();
        engine.out[0][i] = engine.options[i]->NPV();
    }
}

using Make = ext::shared_ptr<PricingEngine> (*)(const ext::shared_ptr<GeneralizedBlackScholesProcess> &);

Engine *engine_for(const sample &given, Make make)
{
    Engine *engine = new Engine;
    const double *in[COLUMNS];

    for (int k = 0; k < COLUMNS; k++)
        in[k] = sample_column(&given, k);
    for (int64_t i = 0; i < given.rows; i++) {
        auto one = option(in[STRIKE][i], int(std::lround(in[YEARS][i] * 365)), int(in[RIGHT][i]));
        one->setPricingEngine(make(process(in[SPOT][i], in[RATE][i], in[CARRY][i], in[VOL][i])));
        engine->options.push_back(one);
    }
    engine->out[0] = page_of_doubles(given.rows);
    return engine;
}

ext::shared_ptr<PricingEngine> fast(const ext::shared_ptr<GeneralizedBlackScholesProcess> &p)
{
    return ext::make_shared<QdFpAmericanEngine>(p, QdFpAmericanEngine::fastScheme());
}

ext::shared_ptr<PricingEngine> accurate(const ext::shared_ptr<GeneralizedBlackScholesProcess> &p)
{
    return ext::make_shared<QdFpAmericanEngine>(p, QdFpAmericanEngine::accurateScheme());
}

ext::shared_ptr<PricingEngine> barone_adesi_whaley(const ext::shared_ptr<GeneralizedBlackScholesProcess> &p)
{
    return ext::make_shared<BaroneAdesiWhaleyApproximationEngine>(p);
}

int serve(const sample &given)
{
    const struct {
        const char *name;
        Make        make;
    } engines[] = {{"QuantLib QdFp fast", fast},
                   {"QuantLib QdFp accurate", accurate},
                   {"QuantLib Barone-Adesi-Whaley", barone_adesi_whaley}};
    std::vector<offer> offers;

    for (const auto &one : engines) {
        Engine *engine = engine_for(given, one.make);
        offers.push_back({one.name, run_engine, engine, engine->out});
    }
    return worker_serve(offers.data(), int(offers.size()), given.rows, 1);
}

}

int main(int argc, char **argv)
try {
    Settings::instance().evaluationDate() = today;
    if (argc == 3 && std::strcmp(argv[1], "--write") == 0) {
        write_sample(std::string(argv[2]) + "/american-puts.csv", puts());
        write_sample(std::string(argv[2]) + "/american-wide.csv", wide());
        return 0;
    }
    std::printf("about QuantLib %s\n", QL_VERSION);
    return serve(sample_read(argc > 1 ? argv[1] : "", "american"));
} catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
