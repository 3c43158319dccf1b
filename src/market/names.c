/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the choices a market is made by. */
#include <string.h>

#include <gex/market.h>

#define NAME_CASE(name, value, text) \
    case name: return text;
#define FIND_CASE(constant, value, text) \
    if (strcmp(name, text) == 0)         \
        return constant;

/* gex_<choice>_name() and gex_<choice>_find() of one list. */
#define NAME(choice, LIST)                           \
    const char *gex_##choice##_name(int32_t choice)  \
    {                                                \
        switch (choice) {                            \
            LIST(NAME_CASE)                          \
        default: return "unknown";                   \
        }                                            \
    }
#define FIND(choice, LIST)                           \
    int32_t gex_##choice##_find(const char *name)    \
    {                                                \
        if (name == NULL)                            \
            return 0;                                \
        LIST(FIND_CASE)                              \
        return 0;                                    \
    }

#define NAMES(choice, LIST) NAME(choice, LIST) FIND(choice, LIST)
/* A source has a name too, and cannot be chosen. */
#define GEX_FORWARD_ALL(X) GEX_FORWARD_LIST(X) GEX_FORWARD_FROM_LIST(X)

NAMES(vol, GEX_VOL_LIST)
FIND(forward, GEX_FORWARD_LIST)
NAME(forward, GEX_FORWARD_ALL)
NAMES(style, GEX_STYLE_LIST)
NAMES(dynamics, GEX_DYNAMICS_LIST)

const char *gex_vol_source_name(int32_t source)
{
    switch (source) {
        GEX_VOL_SOURCE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

const char *gex_parity_text(int32_t parity)
{
    switch (parity) {
        GEX_PARITY_LIST(NAME_CASE)
    default: return "unknown";
    }
}
