/* SPDX-License-Identifier: Apache-2.0 */
/* What the targets of saved bytes share: a place that bytes are written to, and what has to hold. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct copy {
    unsigned char *bytes;
    int64_t        length;
};

static int32_t append(void *user, const char *bytes, int64_t length)
{
    struct copy *copy = user;

    memcpy(copy->bytes + copy->length, bytes, (size_t)length);
    copy->length += length;
    return 0;
}

static void require(int truth)
{
    if (!truth)
        abort();
}
