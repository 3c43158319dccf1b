/* SPDX-License-Identifier: Apache-2.0 */
/* Names of what a surface is made of and answers. */
#include <stddef.h>
#include <string.h>

#include <gex/surface.h>

#define TEXT_CASE(name, value, text)                                                                                   \
    case value:                                                                                                        \
        return text;
#define FIND_LINE(name, value, text)                                                                                   \
    if (wanted != NULL && strcmp(wanted, text) == 0)                                                                   \
        return value;

const char *gex_form_name(int32_t form)
{
    switch (form) {
        GEX_FORM_LIST(TEXT_CASE)
    default:
        return "unknown form of a surface";
    }
}

const char *gex_wings_name(int32_t wings)
{
    switch (wings) {
        GEX_WINGS_LIST(TEXT_CASE)
    default:
        return "unknown wings";
    }
}

const char *gex_slice_text(int32_t slice_status)
{
    switch (slice_status) {
        GEX_SLICE_LIST(TEXT_CASE)
    default:
        return "unknown slice status";
    }
}

const char *gex_point_text(int32_t point_status)
{
    switch (point_status) {
        GEX_POINT_LIST(TEXT_CASE)
    default:
        return "unknown point status";
    }
}

const char *gex_surface_name(int32_t output)
{
    switch (output) {
        GEX_SURFACE_LIST(TEXT_CASE)
    default:
        return "unknown output of a surface";
    }
}

int32_t gex_wings_find(const char *wanted)
{
    GEX_WINGS_LIST(FIND_LINE)
    return 0;
}

int32_t gex_surface_find(const char *wanted)
{
    GEX_SURFACE_LIST(FIND_LINE)
    return 0;
}
