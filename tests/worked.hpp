/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of gex.hpp share: how they count, and the worked chain of docs/conventions.md. */
#ifndef GEX_TESTS_WORKED_HPP
#define GEX_TESTS_WORKED_HPP

#include <gex.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

inline int &failures()
{
    static int count = 0;
    return count;
}

inline void expect(bool good, const char *what)
{
    if (!good) {
        std::printf("FAILED: %s\n", what);
        failures()++;
    }
}

inline void near(double got, double printed, int digits, const char *what)
{
    if (!(std::fabs(got - printed) <= 0.5000001 * std::pow(10.0, -digits))) {
        std::printf("FAILED: %s is %.12g, not %.12g\n", what, got, printed);
        failures()++;
    }
}

const std::int64_t hour = INT64_C(3600000000000);

struct line {
    std::int8_t right;
    double strike, vol, open_interest, inventory;
    std::int64_t hours;
};
const line lines[] = {
    {1, 5000, .160, 9000, -2500, 3},    {1, 5025, .150, 20000, 6000, 3},     {-1, 4975, .180, 16000, -5000, 3},
    {-1, 5000, .165, 8000, -1500, 3},   {1, 5000, .150, 12000, -4000, 720},  {1, 5200, .125, 40000, 30000, 720},
    {-1, 5000, .152, 18000, -7000, 720}, {-1, 4800, .185, 50000, -20000, 720}, {-1, 4500, .240, 60000, 25000, 720},
};
const std::int64_t rows = sizeof lines / sizeof lines[0];

inline std::int64_t as_of()
{
    const std::string text = "2024-06-03T13:00:00-04:00";
    std::int64_t instant = 0;
    gex_instant_parse(text.data(), static_cast<std::int64_t>(text.size()), GEX_ZONE_UTC, &instant, nullptr);
    return instant;
}

/* The rows stand as an array of structs: columns are fields of it, stride by stride. */
inline gex_chain_columns worked_columns(const std::vector<std::int64_t> &settlement)
{
    gex_chain_columns columns = gex::chain_columns();
    columns.rows = rows;
    columns.root = gex::column("SPXW", 0, 4);
    columns.settlement = gex::column(settlement.data());
    columns.right = gex::column(&lines[0].right, sizeof(line));
    columns.strike = gex::column(&lines[0].strike, sizeof(line));
    columns.vol = gex::column(&lines[0].vol, sizeof(line));
    columns.open_interest = gex::column(&lines[0].open_interest, sizeof(line));
    return columns;
}

inline std::vector<std::int64_t> settlements()
{
    std::vector<std::int64_t> made;
    for (const line &one : lines)
        made.push_back(as_of() + one.hours * hour);
    return made;
}

inline gex_market_options worked_market()
{
    gex_market_options options = gex::market_options();
    options.clock = GEX_CLOCK_CAL_365;
    options.as_of = as_of();
    options.spot = 5000;
    options.vol = GEX_VOL_GIVEN;
    options.forward = GEX_FORWARD_RATE;
    options.style = GEX_STYLE_AUTO;
    options.dynamics = GEX_DYNAMICS_STICKY_STRIKE;
    options.rate = 0.04;
    options.carry_yield = 0.013;
    return options;
}

inline gex_book_options naive_book()
{
    gex_book_options options = gex::book_options();
    options.sign = GEX_SIGN_NAIVE_CALL_LONG;
    return options;
}

inline gex_flow_options worked_flow()
{
    static const double spots[] = {4950, 5050};
    gex_flow_options options = gex::flow_options();
    options.rows = 2;
    options.spot = gex::column(spots);
    return options;
}

/** Bands, flips of samples, regimes, crossings, cliffs and stretches, against the C calls. In test_hpp_readings.cpp. */
void check_readings();

#endif
