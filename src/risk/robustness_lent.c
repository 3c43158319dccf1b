/* SPDX-License-Identifier: Apache-2.0 */
/* Names of what is varied, entries as they are read, and how many agree with the base. */
#include <math.h>

#include "robustness.h"

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_vary_name(int32_t vary)
{
    switch (vary) {
        GEX_VARY_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_robust_name(int32_t what)
{
    switch (what) {
        GEX_ROBUST_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_agree_name(int32_t what)
{
    switch (what) {
        GEX_AGREE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

static const char *choice_name(const struct gex__robust_entry *entry)
{
    switch (entry->vary) {
    case GEX_VARY_SIGN: return gex_sign_name(entry->choice);
    case GEX_VARY_CLOCK: return gex_clock_name(entry->choice);
    case GEX_VARY_FORWARD: return gex_forward_name(entry->choice);
    case GEX_VARY_FALLBACK: return entry->choice == GEX_FALLBACK_RATE ? "rate" : "neighbours";
    case GEX_VARY_VOL: return gex_vol_name(entry->choice);
    case GEX_VARY_DYNAMICS: return entry->dynamics;
    case GEX_VARY_VOL_LEVEL: return entry->choice > 0 ? "+1 point" : "-1 point";
    default: return "";
    }
}

static const struct gex__robust_entry *entry_of(const gex_robustness *robustness, int64_t i)
{
    return robustness != NULL && i >= 0 && i < robustness->count ? &robustness->entry[i] : NULL;
}

int64_t gex_robustness_count(const gex_robustness *robustness)
{
    return robustness != NULL ? robustness->count : 0;
}

int32_t gex_robustness_vary(const gex_robustness *robustness, int64_t i)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL ? entry->vary : 0;
}

const char *gex_robustness_choice(const gex_robustness *robustness, int64_t i)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL ? choice_name(entry) : "";
}

gex_status gex_robustness_status(const gex_robustness *robustness, int64_t i)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL ? entry->status : 0;
}

double gex_robustness_value(const gex_robustness *robustness, int64_t i, int32_t what)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL && what >= 1 && what <= GEX_ROBUST_LAST_ ? entry->value[what] : (double)NAN;
}

int32_t gex_robustness_regime(const gex_robustness *robustness, int64_t i)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL ? entry->regime : 0;
}

const gex_flips *gex_robustness_flips(const gex_robustness *robustness, int64_t i)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL ? entry->flips : NULL;
}

double gex_robustness_root(const gex_robustness *robustness, int64_t i, int64_t root)
{
    const gex_flips *base = gex_robustness_flips(robustness, 0), *flips = gex_robustness_flips(robustness, i);
    double nearest = (double)NAN;
    struct gex__guest guest;

    if (gex_flips_root_status(base, root) != GEX_ROOT_FOUND)
        return (double)NAN;
    gex__guest_enter(&guest);
    for (int64_t k = 0; k < gex_flips_count(flips); k++) {
        const double price = gex_flips_price(flips, k), from = gex_flips_price(base, root);

        if (gex_flips_root_status(flips, k) == GEX_ROOT_FOUND &&
            gex_flips_direction(flips, k) == gex_flips_direction(base, root) &&
            !(fabs(price - from) >= fabs(nearest - from)))
            nearest = price;
    }
    gex__guest_leave(&guest);
    return nearest;
}

int32_t gex_robustness_roots(const gex_robustness *robustness, int64_t i)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    return entry != NULL ? entry->roots : 0;
}

/* ---- agreement --------------------------------------------------------------------------------------------------- */

static int32_t sign_of(double value)
{
    return (value > 0.0) - (value < 0.0);
}

static bool flips_agree(const struct gex_robustness *robustness, const struct gex__robust_entry *entry)
{
    const struct gex__robust_entry *base = &robustness->entry[0];
    const double apart = fabs(entry->value[GEX_ROBUST_FLIP] - base->value[GEX_ROBUST_FLIP]);

    if (isnan(entry->value[GEX_ROBUST_FLIP]) && isnan(base->value[GEX_ROBUST_FLIP]))
        return entry->roots == base->roots;
    return apart <= robustness->near_sigmas * base->value[GEX_ROBUST_DAILY_SIGMA];
}

int32_t gex_robustness_agrees(const gex_robustness *robustness, int64_t i, int32_t what)
{
    const struct gex__robust_entry *entry = entry_of(robustness, i);
    struct gex__guest guest;
    int32_t agrees = -1;

    if (entry == NULL || entry->status != GEX_OK || what < 1 || what > GEX_AGREE_LAST_)
        return -1;
    gex__guest_enter(&guest);
    if (entry->value[GEX_ROBUST_GROSS] > 0.0)
        agrees = what == GEX_AGREE_FLIP     ? flips_agree(robustness, entry)
                 : what == GEX_AGREE_REGIME ? entry->regime == robustness->entry[0].regime
                                            : sign_of(entry->value[GEX_ROBUST_NET]) ==
                                                  sign_of(robustness->entry[0].value[GEX_ROBUST_NET]);
    gex__guest_leave(&guest);
    return agrees;
}

int64_t gex_robustness_agreeing(const gex_robustness *robustness, int32_t vary, int32_t what, int64_t *count_out)
{
    int64_t agreeing = 0, count = 0;

    for (int64_t i = 1; i < gex_robustness_count(robustness); i++) {
        const int32_t agrees = gex_robustness_agrees(robustness, i, what);

        if (vary != 0 && robustness->entry[i].vary != vary)
            continue;
        agreeing += agrees == 1;
        count += agrees >= 0;
    }
    if (count_out != NULL)
        *count_out = count;
    return agreeing;
}
