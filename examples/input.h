/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a file, or of standard input for "-". */
#ifndef GEX_MAP_INPUT_H
#define GEX_MAP_INPUT_H

#include <stdbool.h>
#include <stdint.h>

struct input {
    char   *bytes; /* freed with input_free() */
    int64_t length;
};

/* Read everything there is. @return NULL, or why not: static text, or that of errno. */
const char *input_read(const char *path, struct input *input);
void        input_free(struct input *input);
/* Does the text begin a JSON object? A byte order mark and blanks may stand before it. */
bool        input_is_json(const struct input *input);

#endif
