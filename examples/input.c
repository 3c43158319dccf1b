/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"

static const int64_t first_chunk = 1 << 16, largest = INT64_C(1) << 31;

/* Room for at least one more byte. The buffer doubles, so reading is linear in the length. */
static bool grow(struct input *input, int64_t *capacity)
{
    const int64_t wanted = *capacity == 0 ? first_chunk : *capacity * 2;
    char *bytes;

    if (input->length < *capacity)
        return true;
    bytes = realloc(input->bytes, (size_t)wanted);
    if (bytes == NULL)
        return false;
    input->bytes = bytes;
    *capacity = wanted;
    return true;
}

static const char *read_all(int descriptor, struct input *input)
{
    int64_t capacity = 0;

    for (;;) {
        ssize_t got;
        if (input->length > largest)
            return "larger than 2 GiB";
        if (!grow(input, &capacity))
            return "no memory to read it";
        got = read(descriptor, input->bytes + input->length, (size_t)(capacity - input->length));
        if (got == 0)
            return NULL;
        if (got > 0)
            input->length += got;
        else if (errno != EINTR)
            return strerror(errno);
    }
}

const char *input_read(const char *path, struct input *input)
{
    const bool standard = strcmp(path, "-") == 0;
    const int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    const char *reason;

    *input = (struct input){NULL, 0};
    if (descriptor < 0)
        return strerror(errno);
    reason = read_all(descriptor, input);
    if (!standard)
        close(descriptor);
    if (reason != NULL)
        input_free(input);
    return reason;
}

void input_free(struct input *input)
{
    free(input->bytes);
    *input = (struct input){NULL, 0};
}

bool input_is_json(const struct input *input)
{
    int64_t i = input->length >= 3 && memcmp(input->bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    while (i < input->length && memchr(" \t\r\n", input->bytes[i], 4) != NULL)
        i++;
    return i < input->length && input->bytes[i] == '{';
}
