/* SPDX-License-Identifier: Apache-2.0 */
/* The table of units. Source: docs/conventions.md, sections 3 and 4, by the same names. */
#include "units.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

#define HOURS_A_YEAR         8760.0   /* calendar */
#define SESSION_HOURS_A_YEAR 1638.0   /* 252 days of 6.5 hours */
#define MINUTES_A_YEAR       525600.0 /* calendar */

#define NONE   GEX_INSIDE_NONE
#define VOL    GEX_INSIDE_VOL
#define YEARS  GEX_INSIDE_YEARS
#define BETA   GEX_BY_BETA
#define FUTURE (GEX_PER_FUTURE_PRICE | GEX_PER_FUTURE_MULTIPLIER)

/* Every unit has a row in both lists: here the formula, in the public header its number, name and label.
 *     unit                      greek  power of S  constant                    inside                scaled */
#define ONE_TERM_LIST(X)                                                                                 \
    X(GEX_UNIT_GEX_SHARES_PT,        GAMMA, 0, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_GEX_USD_PT,           GAMMA, 1, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_GEX_USD_PCT,          GAMMA, 2, 1e-2,                       NONE,                 0)               \
    X(GEX_UNIT_GEX_USD_10BP,         GAMMA, 2, 1e-3,                       NONE,                 0)               \
    X(GEX_UNIT_GEX_USD_UNIT,         GAMMA, 2, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_GEX_SHARES_PCT,       GAMMA, 1, 1e-2,                       NONE,                 0)               \
    X(GEX_UNIT_GEX_FUT_PCT,          GAMMA, 2, 1e-2,                       NONE,                 FUTURE)          \
    X(GEX_UNIT_GEX_FUT_PT,           GAMMA, 0, 1.0,                        NONE,       GEX_PER_FUTURE_MULTIPLIER) \
    X(GEX_UNIT_GEX_ADV_PCT,          GAMMA, 1, 1.0 /* 1e-2 S^2 / S in % */, NONE,                GEX_PER_ADV)     \
    X(GEX_UNIT_DAG,                  GAMMA, 2, 1e-2,                       GEX_INSIDE_ABS_DELTA, 0)               \
    X(GEX_UNIT_DEX_SHARES,           DELTA, 0, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_DEX_USD,              DELTA, 1, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_VEX_USD_UNIT,         VANNA, 1, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_VEX_USD_VOLPT,        VANNA, 1, 1e-2,                       NONE,                 0)               \
    X(GEX_UNIT_VEX_USD_RELPCT,       VANNA, 1, 1e-2,                       VOL,                  0)               \
    X(GEX_UNIT_VEX_USD_PT_BETA,      VANNA, 0, 1.0,                        VOL,                  BETA)            \
    X(GEX_UNIT_VEGA_USD_VOLPT,       VEGA,  0, 1e-2,                       NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_YEAR,         CHARM, 1, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_CALDAY,       CHARM, 1, 1.0 / 365.0,                NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_TRDDAY,       CHARM, 1, 1.0 / 252.0,                NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_HOUR,         CHARM, 1, 1.0 / HOURS_A_YEAR,         NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_RTHHOUR,      CHARM, 1, 1.0 / SESSION_HOURS_A_YEAR, NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_MINUTE,       CHARM, 1, 1.0 / MINUTES_A_YEAR,       NONE,                 0)               \
    X(GEX_UNIT_CEX_USD_TOEXP,        CHARM, 1, 1.0,                        YEARS,                0)               \
    X(GEX_UNIT_THETA_USD_CALDAY,     THETA, 0, 1.0 / 365.0,                NONE,                 0)               \
    X(GEX_UNIT_VOMMA_VEGA_VOLPT,     VOMMA, 0, 1e-4,                       NONE,                 0)               \
    X(GEX_UNIT_SPEED_SHARES_PT2,     SPEED, 0, 1.0,                        NONE,                 0)               \
    X(GEX_UNIT_SPEED_USD_PCT2,       SPEED, 3, 1e-4,                       NONE,                 0)               \
    X(GEX_UNIT_COLOR_USD_PCT_CALDAY, COLOR, 2, 1e-2 / 365.0,               NONE,                 0)               \
    X(GEX_UNIT_ZOMMA_USD_PCT_VOLPT,  ZOMMA, 2, 1e-4,                       NONE,                 0)               \
    X(GEX_UNIT_ULTIMA_VEGA_VOLPT2,  ULTIMA, 0, 1e-6,                       NONE,                 0)               \
    X(GEX_UNIT_RHO_USD_BP,             RHO, 0, 1e-4,                       NONE,                 0)               \
    X(GEX_UNIT_EPSILON_USD_BP,     EPSILON, 0, 1e-4,                       NONE,                 0)               \
    X(GEX_UNIT_DEX_FUT,              DELTA, 1, 1.0,                        NONE,                 FUTURE)          \
    X(GEX_UNIT_DEX_ADV_PCT,          DELTA, 0, 1e2,                        NONE,                 GEX_PER_ADV)     \
    X(GEX_UNIT_VEX_SHARES_VOLPT,     VANNA, 0, 1e-2,                       NONE,                 0)               \
    X(GEX_UNIT_VEX_FUT_VOLPT,        VANNA, 1, 1e-2,                       NONE,                 FUTURE)          \
    X(GEX_UNIT_CEX_SHARES_CALDAY,    CHARM, 0, 1.0 / 365.0,                NONE,                 0)               \
    X(GEX_UNIT_CEX_FUT_CALDAY,       CHARM, 1, 1.0 / 365.0,                NONE,                 FUTURE)          \
    X(GEX_UNIT_VETA_USD_VOLPT_CALDAY, VETA, 0, 1e-2 / 365.0,               NONE,                 0)

#define ONE_TERM(unit, greek, power, constant, inside, scaled) \
    [unit] = {{{GEX_GREEK_##greek, power, constant, inside, scaled}}},

static const struct gex__unit units[GEX_UNIT_LAST_ + 1] = {
    ONE_TERM_LIST(ONE_TERM)
    [GEX_UNIT_GEX_PLUS_USD_PT] = {{{GEX_GREEK_GAMMA, 1, 1.0, NONE, 0}, {GEX_GREEK_VANNA, 0, 1.0, VOL, BETA}}},
    [GEX_UNIT_IMPULSE] = {{{GEX_GREEK_GAMMA, 2, 1e-2, NONE, 0}, {GEX_GREEK_VANNA, 1, 1e-2, NONE, BETA}}},
    [GEX_UNIT_DGEX_PCT_PER_PCT] = {{{GEX_GREEK_GAMMA, 2, 2e-4, NONE, 0}, {GEX_GREEK_SPEED, 3, 1e-4, NONE, 0}}},
};

const struct gex__unit *gex__unit_of(int32_t unit)
{
    return unit >= 1 && unit <= GEX_UNIT_LAST_ && units[unit].term[0].greek != 0 ? &units[unit] : NULL;
}

double gex__term_scale(const struct gex__term *term, const struct gex__scale *scale, double spot)
{
    double value = term->constant;

    for (int32_t i = 0; i < term->power; i++)
        value *= spot;
    if (term->scaled & GEX_BY_BETA)
        value *= scale->beta;
    if (term->scaled & GEX_PER_ADV)
        value /= scale->adv;
    if (term->scaled & GEX_PER_FUTURE_PRICE)
        value /= scale->future_price;
    if (term->scaled & GEX_PER_FUTURE_MULTIPLIER)
        value /= scale->future_multiplier;
    return value;
}

static gex_status need_check(const char *unit, const char *what, double value, gex_error *error)
{
    if (value == 0.0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unit {s} needs {s}: set it above zero", unit, what);
    if (!(value > 0.0) || isinf(value))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{s} is {g}: it has to be finite and above zero", what, value);
    return GEX_OK;
}

gex_status gex__unit_check(int32_t unit, const struct gex__scale *scale, gex_error *error)
{
    const struct gex__unit *known = gex__unit_of(unit);
    gex_status status = GEX_OK;
    int32_t scaled;

    if (unit == 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unit is not chosen: set one of GEX_UNIT_*");
    if (known == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "unit {i} is unknown", (int64_t)unit);
    scaled = known->term[0].scaled | known->term[1].scaled;
    if (scaled & GEX_PER_ADV)
        status = need_check(gex_unit_name(unit), "adv", scale->adv, error);
    if (status == GEX_OK && (scaled & GEX_PER_FUTURE_PRICE))
        status = need_check(gex_unit_name(unit), "future_price", scale->future_price, error);
    if (status == GEX_OK && (scaled & GEX_PER_FUTURE_MULTIPLIER))
        status = need_check(gex_unit_name(unit), "future_multiplier", scale->future_multiplier, error);
    if (status == GEX_OK && (scaled & GEX_BY_BETA) && !isfinite(scale->beta))
        status = gex__fail(error, GEX_ERR_DOMAIN, -1, "beta is {g}: it has to be finite", scale->beta);
    return status;
}

#define NAME_CASE(name, value, text, label) \
    case name: return text;
#define LABEL_CASE(name, value, text, label) \
    case name: return label;

const char *gex_unit_name(int32_t unit)
{
    switch (unit) {
        GEX_UNIT_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_unit_label(int32_t unit)
{
    switch (unit) {
        GEX_UNIT_LIST(LABEL_CASE)
    default: return "unknown";
    }
}

/* The name of GEX_USD_PCT on a grid of prices, where S is the grid's, as in every unit here. */
static bool is_grid_pct(const char *name, int32_t greek)
{
    static const char whole[] = "GEX_GRID_PCT", tail[] = "GRID_PCT";
    return (strcmp(name, whole) == 0 && (greek == 0 || greek == GEX_GREEK_GAMMA)) ||
           (strcmp(name, tail) == 0 && greek == GEX_GREEK_GAMMA);
}

int32_t gex_unit_find(const char *name, int32_t greek)
{
    if (name == NULL)
        return 0;
    if (is_grid_pct(name, greek))
        return GEX_UNIT_GEX_USD_PCT;
    for (int32_t unit = 1; unit <= GEX_UNIT_LAST_; unit++) {
        const char *whole = gex_unit_name(unit), *head_end = strchr(whole, '_');

        if (greek != 0 && units[unit].term[0].greek != greek)
            continue;
        if (strcmp(name, whole) == 0 || (greek != 0 && head_end != NULL && strcmp(name, head_end + 1) == 0))
            return unit;
    }
    return 0;
}
