/* SPDX-License-Identifier: Apache-2.0 */
/* What a change lends, and the names of its columns. */
#include <math.h>
#include <string.h>

#include "change.h"

static bool is_column(int32_t column)
{
    return column >= 1 && column <= GEX_CHANGE_LAST_;
}

static const double *counted(const double *values, int64_t count, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = values != NULL ? count : 0;
    return values;
}

const double *gex_change_column(const gex_change *change, int32_t column, int64_t *rows_out)
{
    const bool known = change != NULL && is_column(column);
    return counted(known ? change->column[column] : NULL, known ? change->rows : 0, rows_out);
}

const int64_t *gex_change_rows(const gex_change *change, int64_t *rows_out)
{
    if (rows_out != NULL)
        *rows_out = change != NULL ? change->rows : 0;
    return change != NULL ? change->row : NULL;
}

const double *gex_change_expiry(const gex_change *change, int32_t column, int64_t *count_out)
{
    const bool known = change != NULL && column >= 1 && column <= GEX_CHANGE_EXPIRY_LAST_;
    return counted(known ? change->expiry[column] : NULL, known ? change->expiries : 0, count_out);
}

const double *gex_change_by(const gex_change *change, int32_t group, int32_t column, int64_t *count_out)
{
    const bool known = change != NULL && is_column(column);

    if (known && group == GEX_BY_STRIKE)
        return counted(change->by_strike[column], change->strikes, count_out);
    return counted(known && group == GEX_BY_EXPIRY ? change->by_expiry[column] : NULL, known ? change->expiries : 0,
                   count_out);
}

double gex_change_total(const gex_change *change, int32_t column)
{
    return change != NULL && is_column(column) ? change->total[column] : (double)NAN;
}

int64_t gex_change_matched(const gex_change *change)
{
    return change != NULL ? change->matched : 0;
}

double gex_change_stickiness(const gex_change *change, double *error_out)
{
    if (error_out != NULL)
        *error_out = change != NULL ? change->stickiness_error : (double)NAN;
    return change != NULL ? change->stickiness : (double)NAN;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_change_name(int32_t column)
{
    switch (column) {
        GEX_CHANGE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_change_find(const char *name)
{
    for (int32_t column = 1; name != NULL && column <= GEX_CHANGE_LAST_; column++)
        if (strcmp(name, gex_change_name(column)) == 0)
            return column;
    return 0;
}

const char *gex_change_expiry_name(int32_t column)
{
    switch (column) {
        GEX_CHANGE_EXPIRY_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_change_expiry_find(const char *name)
{
    for (int32_t column = 1; name != NULL && column <= GEX_CHANGE_EXPIRY_LAST_; column++)
        if (strcmp(name, gex_change_expiry_name(column)) == 0)
            return column;
    return 0;
}
