/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that appears whole or not at all: written under a temporary name in the same folder, renamed when complete. A
 * target that is not a regular file (a pipe, a device) is written directly.
 */
#ifndef GEX_MAP_OUTPUT_H
#define GEX_MAP_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct output {
    FILE *file;
    char *path;      /* what it will be called; NULL when written directly */
    char *temporary; /* what it is called until then */
    int   error;     /* errno of the first failure, 0 when there was none */
};

/* Each is false on failure, with the reason in output->error. */
bool output_open(struct output *output, const char *path);
bool output_complete(struct output *output); /* all bytes are with the system; nothing is renamed yet */
bool output_commit(struct output *output);   /* after output_complete() */
void output_discard(struct output *output);  /* whatever the state; after a commit only memory is freed */

/* gex_write callback; `user` is a struct output. */
int32_t output_write(void *user, const char *bytes, int64_t length);

#endif
