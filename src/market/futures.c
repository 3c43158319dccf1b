/* SPDX-License-Identifier: Apache-2.0 */
/* Roots of US futures and of the options on them: what a contract holds in units of the quoted price, and its style. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include <gex/row.h>

#include "roots.h"

/* A future's own root stands for its quarterly or monthly options. */
#define EUROPEAN GEX_EXERCISE_EUROPEAN
#define AMERICAN GEX_EXERCISE_AMERICAN

/* Source: contract specifications of CME, CBOT, NYMEX, COMEX and CFE, as of 2025. Prices as these quote them: grains,
 * soybean oil and livestock in cents, notes and bonds in points of 100, currencies, yen too, in dollars a unit. */
static const struct fact {
    char    root[5];
    uint8_t length;
    int8_t  exercise;
    double  multiplier;
} facts[] = {
#define FACT(root, exercise, multiplier) {root, sizeof root - 1, exercise, multiplier}
#define WEEK(week, multiplier)                                                         \
    FACT(week "A", EUROPEAN, multiplier), FACT(week "B", EUROPEAN, multiplier),        \
        FACT(week "C", EUROPEAN, multiplier), FACT(week "D", EUROPEAN, multiplier)
    FACT("ES", AMERICAN, 50.0), /* quarterly; weekly ones are EW1, E1A, ..., ends of months EW */
    FACT("EW", EUROPEAN, 50.0),
    FACT("EW1", EUROPEAN, 50.0),
    FACT("EW2", EUROPEAN, 50.0),
    FACT("EW3", EUROPEAN, 50.0),
    FACT("EW4", EUROPEAN, 50.0),
    WEEK("E1", 50.0), /* Monday to Thursday of the first week */
    WEEK("E2", 50.0),
    WEEK("E3", 50.0),
    WEEK("E4", 50.0),
    WEEK("E5", 50.0),
    FACT("MES", AMERICAN, 5.0),
    FACT("NQ", AMERICAN, 20.0),
    FACT("QN1", EUROPEAN, 20.0),
    FACT("QN2", EUROPEAN, 20.0),
    FACT("QN3", EUROPEAN, 20.0),
    FACT("QN4", EUROPEAN, 20.0),
    WEEK("Q1", 20.0),
    WEEK("Q2", 20.0),
    WEEK("Q3", 20.0),
    WEEK("Q4", 20.0),
    WEEK("Q5", 20.0),
    FACT("MNQ", AMERICAN, 2.0),
    FACT("RTY", AMERICAN, 50.0),
    FACT("M2K", AMERICAN, 5.0),
    FACT("YM", AMERICAN, 5.0),
    FACT("MYM", AMERICAN, 0.5),
    FACT("VX", EUROPEAN, 1000.0),
    FACT("CL", AMERICAN, 1000.0), /* barrels */
    FACT("LO", AMERICAN, 1000.0),
    FACT("MCL", AMERICAN, 100.0),
    FACT("NG", AMERICAN, 10000.0), /* million British thermal units */
    FACT("ON", AMERICAN, 10000.0),
    FACT("LN", EUROPEAN, 10000.0),
    FACT("HO", AMERICAN, 42000.0), /* gallons */
    FACT("OH", AMERICAN, 42000.0),
    FACT("RB", AMERICAN, 42000.0),
    FACT("OB", AMERICAN, 42000.0),
    FACT("GC", AMERICAN, 100.0), /* troy ounces */
    FACT("OG", AMERICAN, 100.0),
    FACT("MGC", AMERICAN, 10.0),
    FACT("SI", AMERICAN, 5000.0),
    FACT("SO", AMERICAN, 5000.0),
    FACT("PL", AMERICAN, 50.0),
    FACT("HG", AMERICAN, 25000.0), /* pounds, in dollars */
    FACT("HXE", AMERICAN, 25000.0),
    FACT("ZB", AMERICAN, 1000.0),
    FACT("OZB", AMERICAN, 1000.0),
    FACT("ZN", AMERICAN, 1000.0),
    FACT("OZN", AMERICAN, 1000.0),
    FACT("ZF", AMERICAN, 1000.0),
    FACT("OZF", AMERICAN, 1000.0),
    FACT("ZT", AMERICAN, 2000.0), /* 200,000 of face value */
    FACT("OZT", AMERICAN, 2000.0),
    FACT("ZC", AMERICAN, 50.0), /* 5,000 bushels in cents */
    FACT("OZC", AMERICAN, 50.0),
    FACT("ZS", AMERICAN, 50.0),
    FACT("OZS", AMERICAN, 50.0),
    FACT("ZW", AMERICAN, 50.0),
    FACT("OZW", AMERICAN, 50.0),
    FACT("ZL", AMERICAN, 600.0), /* 60,000 pounds in cents */
    FACT("OZL", AMERICAN, 600.0),
    FACT("ZM", AMERICAN, 100.0), /* short tons in dollars */
    FACT("OZM", AMERICAN, 100.0),
    FACT("LE", AMERICAN, 400.0), /* 40,000 pounds in cents */
    FACT("HE", AMERICAN, 400.0),
    FACT("6E", EUROPEAN, 125000.0),
    FACT("EUU", EUROPEAN, 125000.0),
    FACT("6J", EUROPEAN, 12500000.0),
    FACT("JPU", EUROPEAN, 12500000.0),
    FACT("6B", EUROPEAN, 62500.0),
    FACT("GBU", EUROPEAN, 62500.0),
    FACT("6A", EUROPEAN, 100000.0),
    FACT("ADU", EUROPEAN, 100000.0),
    FACT("6C", EUROPEAN, 100000.0),
    FACT("CAU", EUROPEAN, 100000.0),
    FACT("6S", EUROPEAN, 125000.0),
    FACT("CHU", EUROPEAN, 125000.0),
    FACT("BTC", EUROPEAN, 5.0), /* coins */
    FACT("MBT", EUROPEAN, 0.1),
    FACT("ETH", EUROPEAN, 50.0),
    FACT("MET", EUROPEAN, 0.1),
#undef WEEK
#undef FACT
};

gex_root gex__future_facts(const char *root, int64_t length)
{
    gex_root found = {
        .struct_size = sizeof found,
        .exercise = AMERICAN,
        .flags = GEX_FLAG_UNKNOWN_ROOT,
        .multiplier = (double)NAN,
    };

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (facts[i].length != length || memcmp(facts[i].root, root, (size_t)length) != 0)
            continue;
        found.exercise = facts[i].exercise;
        found.flags = 0;
        found.multiplier = facts[i].multiplier;
        break;
    }
    return found;
}
