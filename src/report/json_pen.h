/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as it is written: commas, brackets, keys and values. A number that is not finite is null. */
#ifndef GEX_REPORT_JSON_PEN_H
#define GEX_REPORT_JSON_PEN_H

#include <stdbool.h>
#include <stdint.h>

#include "writer.h"

struct gex__json {
    struct gex__writer *w;
    bool                first; /* nothing written yet in the object or array that is open */
};

void gex__json_open(struct gex__json *j, const char *bracket);
void gex__json_close(struct gex__json *j, const char *bracket);

/* What an open object takes: a key, and its value after it. A member is a key on a line of its own. */
void gex__json_key(struct gex__json *j, const char *name);
void gex__json_member(struct gex__json *j, const char *name);
/* What an open array takes: another array or value after the comma, a number, or an object on a line of its own. */
void gex__json_separate(struct gex__json *j);
void gex__json_item(struct gex__json *j, double value);
void gex__json_element(struct gex__json *j);

/* Values. */
void gex__json_value(struct gex__json *j, double value);
void gex__json_string(struct gex__json *j, const char *string);
void gex__json_when(struct gex__json *j, int64_t instant); /* New York */
/* Keys with their values. */
void gex__json_number(struct gex__json *j, const char *name, double value);
void gex__json_integer(struct gex__json *j, const char *name, int64_t count);
void gex__json_text(struct gex__json *j, const char *name, const char *string);
void gex__json_instant(struct gex__json *j, const char *name, int64_t instant);

#endif
