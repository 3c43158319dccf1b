/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as text: spans, lines, fields, numbers. All in place, without memory of its own, in one linear reading. */
#ifndef GEX_FEED_TEXT_H
#define GEX_FEED_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* A piece of the caller's text; not terminated. */
struct gex__span {
    const char *at;
    int64_t     length;
};

bool             gex__is_digit(char c);
bool             gex__is_letter(char c);
char             gex__lower(char c); /* ASCII, whatever the locale */
struct gex__span gex__span_between(const char *from, const char *end);
/* Without blanks, tabs and quotes at either end. */
struct gex__span gex__span_trim(struct gex__span span);
/* The same words? Upper and lower case are one, and so are a blank and an underscore. */
bool gex__span_is(struct gex__span span, const char *words);
/* Position of a key such as "Last:" that does not stand inside a longer word, in any case; -1 when there is none. */
int64_t gex__span_find_key(struct gex__span span, const char *key);
/* Copy into a terminated text of `capacity` bytes: doubled quotes single, controls as '?', cut between characters. */
void gex__span_copy(struct gex__span span, char *text, int64_t capacity);

/* ---- lines ----------------------------------------------------------------------------------------------------- */

/* Lines end at LF, CR LF or CR alone, whichever comes; each byte is looked at twice at most. */
struct gex__lines {
    const char *at, *end;
    const char *newline, *carriage; /* the next of each at or after `at`, once it was looked for */
    int64_t     number;             /* of the line last read, from 1 */
};
struct gex__lines gex__lines_of(struct gex__span text);
bool              gex__lines_next(struct gex__lines *lines, struct gex__span *line_out);

/* ---- fields ---------------------------------------------------------------------------------------------------- */

enum { GEX_FIELDS_MAX = 128 };
struct gex__fields {
    int32_t          count; /* GEX_FIELDS_MAX + 1 when there are more than were kept, and not all of them empty */
    struct gex__span field[GEX_FIELDS_MAX];
};
/* Cut a line at its commas. With `quotes`, a comma between quotes (RFC 4180) does not cut; a quote left open ends with
 * the line. Without, quotes are as blanks. Fields come trimmed. */
void gex__fields_split(struct gex__span line, bool quotes, struct gex__fields *fields);
/* As quotes say, or, where that gives fewer than `wanted` fields and a quote is left open, as if there were none.
 * @return true for the latter. */
bool gex__fields_split_any(struct gex__span line, int32_t wanted, struct gex__fields *fields);
/* Nothing but blanks, commas and quotes. */
bool gex__line_blank(struct gex__span line);

/* ---- numbers --------------------------------------------------------------------------------------------------- */

/* The number a cell holds, thousands with or without commas; `empty` for an empty cell; NaN for anything else. */
double gex__cell_number(struct gex__span cell, double empty);
/* Bytes of the number a text begins with; a comma belongs to it before exactly three digits of a group. 0: none. */
int64_t gex__number_length(struct gex__span text);
/* "007", "026.66": what stands behind a comma of a number, and begins none. */
bool gex__field_is_tail(struct gex__span field);
/* May fields first to last, two or more, be one number that its own commas cut? */
bool gex__fields_are_number(const struct gex__fields *fields, int32_t first, int32_t last);
/* Make one field of field i and the one behind it. */
void gex__fields_join(struct gex__fields *fields, int32_t i);

#endif
