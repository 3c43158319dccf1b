/* SPDX-License-Identifier: Apache-2.0 */
/* The roots whose contracts differ from a stock option's, and the fund roots that look like them and do not. */
#include <stddef.h>
#include <string.h>

#include <gex/row.h>

#include "base/base.h"
#include "roots.h"

_Static_assert(sizeof(gex_root) == 24, "size of version 0.1");

#define AM       GEX_SETTLE_AM
#define PM       GEX_SETTLE_PM
#define EUROPEAN GEX_EXERCISE_EUROPEAN
#define AMERICAN GEX_EXERCISE_AMERICAN

/* Source: product specifications of Cboe (index roots) and of the listing exchanges (fund roots), as of 2025. */
static const struct fact {
    char    root[7];
    uint8_t length;
    int8_t  settle, exercise;
} facts[] = {
#define FACT(root, settle, exercise) {root, sizeof root - 1, settle, exercise}
    FACT("SPX", AM, EUROPEAN), /* third-Friday series; the others are SPXW */
    FACT("SPXW", PM, EUROPEAN),
    FACT("XSP", PM, EUROPEAN),
    FACT("NDX", AM, EUROPEAN),
    FACT("NDXP", PM, EUROPEAN),
    FACT("XND", PM, EUROPEAN),
    FACT("RUT", AM, EUROPEAN),
    FACT("RUTW", PM, EUROPEAN),
    FACT("MRUT", PM, EUROPEAN),
    FACT("DJX", AM, EUROPEAN),
    FACT("VIX", AM, EUROPEAN),
    FACT("VIXW", AM, EUROPEAN),
    FACT("XEO", PM, EUROPEAN),
    FACT("OEX", PM, AMERICAN),
    FACT("SPY", PM, AMERICAN),
    FACT("IVV", PM, AMERICAN),
    FACT("VOO", PM, AMERICAN),
    FACT("QQQ", PM, AMERICAN),
    FACT("IWM", PM, AMERICAN),
    FACT("DIA", PM, AMERICAN),
    FACT("MDY", PM, AMERICAN),
    FACT("VTI", PM, AMERICAN),
    FACT("EFA", PM, AMERICAN),
    FACT("EEM", PM, AMERICAN),
#undef FACT
};

gex_root gex__root_facts(const char *root, int64_t length)
{
    gex_root found = {
        .struct_size = sizeof found,
        .settle = PM,
        .exercise = AMERICAN,
        .flags = GEX_FLAG_UNKNOWN_ROOT,
        .multiplier = 100.0,
    };

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (facts[i].length != length || memcmp(facts[i].root, root, (size_t)length) != 0)
            continue;
        found.settle = facts[i].settle;
        found.exercise = facts[i].exercise;
        found.flags = 0;
        return found;
    }
    /* a corporate action leaves the old contracts under the root with a digit behind it */
    if (length > 0 && root[length - 1] >= '0' && root[length - 1] <= '9')
        found.flags |= GEX_FLAG_ADJUSTED_ROOT;
    return found;
}

gex_status gex_root_facts(const char *root, int64_t length, gex_root *root_out, gex_error *error)
{
    return gex_root_facts_of(GEX_ROOTS_OF_LISTED, root, length, root_out, error);
}

gex_status gex_root_facts_of(int32_t roots, const char *root, int64_t length, gex_root *root_out, gex_error *error)
{
    gex_root found;

    if (roots != GEX_ROOTS_OF_LISTED && roots != GEX_ROOTS_OF_FUTURES)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "roots is {i}: GEX_ROOTS_OF_LISTED or GEX_ROOTS_OF_FUTURES",
                         (int64_t)roots);
    if (root == NULL || length <= 0 || root_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "a root of at least one character and root_out are required");
    found = roots == GEX_ROOTS_OF_FUTURES ? gex__future_facts(root, length) : gex__root_facts(root, length);
    if (gex__options_give(root_out, sizeof found, &found, sizeof found) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "root: struct_size {u} is not understood", root_out->struct_size);
    return GEX_OK;
}
