/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as it is written: commas, brackets, keys and values. */
#include "json_pen.h"

#include <math.h>
#include <string.h>

#include <gex/clock.h>

enum { INSTANT_SPACE = 48 };

void gex__json_separate(struct gex__json *j)
{
    if (!j->first)
        gex__put_bytes(j->w, ",", 1);
    j->first = false;
}

void gex__json_open(struct gex__json *j, const char *bracket)
{
    gex__put_text(j->w, bracket);
    j->first = true;
}

void gex__json_close(struct gex__json *j, const char *bracket)
{
    gex__put_text(j->w, bracket);
    j->first = false;
}

void gex__json_key(struct gex__json *j, const char *name)
{
    gex__json_separate(j);
    gex__put_bytes(j->w, "\"", 1);
    gex__put_text(j->w, name);
    gex__put_bytes(j->w, "\":", 2);
}

void gex__json_member(struct gex__json *j, const char *name)
{
    gex__json_separate(j);
    gex__put_bytes(j->w, "\n\"", 2);
    gex__put_text(j->w, name);
    gex__put_bytes(j->w, "\":", 2);
}

void gex__json_element(struct gex__json *j)
{
    gex__json_separate(j);
    gex__json_open(j, "\n {");
}

void gex__json_value(struct gex__json *j, double value)
{
    if (isfinite(value))
        gex__put_number(j->w, value);
    else
        gex__put_text(j->w, "null");
}

void gex__json_item(struct gex__json *j, double value)
{
    gex__json_separate(j);
    gex__json_value(j, value);
}

void gex__json_string(struct gex__json *j, const char *string)
{
    gex__put_json_string(j->w, string, (int64_t)strlen(string));
}

void gex__json_when(struct gex__json *j, int64_t instant)
{
    char string[INSTANT_SPACE];
    const int64_t length = gex_instant_format(instant, GEX_ZONE_NEW_YORK, string, sizeof string);

    gex__put_json_string(j->w, string, length);
}

void gex__json_number(struct gex__json *j, const char *name, double value)
{
    gex__json_key(j, name);
    gex__json_value(j, value);
}

void gex__json_integer(struct gex__json *j, const char *name, int64_t count)
{
    gex__json_key(j, name);
    gex__put_count(j->w, count);
}

void gex__json_text(struct gex__json *j, const char *name, const char *string)
{
    gex__json_key(j, name);
    gex__json_string(j, string);
}

void gex__json_instant(struct gex__json *j, const char *name, int64_t instant)
{
    gex__json_key(j, name);
    gex__json_when(j, instant);
}
