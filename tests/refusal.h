/* SPDX-License-Identifier: Apache-2.0 */
/* How a refusal looks at every door: the status,
 * the same status and a line of text in the record, and NULL in `out`. */
#ifndef GEX_TESTS_REFUSAL_H
#define GEX_TESTS_REFUSAL_H

#include <check.h>
#include <string.h>

#include <gex.h>

static inline void check_error(const char *call, gex_status status, gex_status expected, const gex_error *error)
{
    ck_assert_msg(status == expected, "%s: status %d, expected %d (%s)", call, status, expected, error->message);
    ck_assert_msg(error->status == expected, "%s: error says %d", call, error->status);
    if (expected == GEX_OK)
        return;
    ck_assert_msg(memchr(error->message, '\0', sizeof error->message) != NULL, "%s: message runs on", call);
    ck_assert_msg(strlen(error->message) > 5, "%s: message \"%s\"", call, error->message);
    ck_assert_msg(strchr(error->message, '\n') == NULL, "%s: message of more than one line", call);
    ck_assert_int_eq(error->reserved, 0);
}

static inline gex_error blank(void)
{
    gex_error error = {.status = GEX_OK};
    memset(error.message, 'x', sizeof error.message);
    return error;
}

/* A call that makes an object of `kind`, written with OUT for the last two arguments:
 * with an error record and without. */
#define OUT &made, record
#define CALLED(kind, expected, ...)                                                        \
    do {                                                                                   \
        gex_error error = blank(), *record = &error;                                       \
        gex_##kind *made = (gex_##kind *)(void *)record; /* has to be gone on failure */  \
        check_error(#__VA_ARGS__, __VA_ARGS__, expected, &error);                          \
        ck_assert_msg((made != NULL) == ((expected) == GEX_OK), "%s: out", #__VA_ARGS__);  \
        if ((expected) == GEX_OK)                                                          \
            gex_##kind##_free(made);                                                       \
        record = NULL;                                                                     \
        ck_assert_int_eq(__VA_ARGS__, expected);                                           \
        if ((expected) == GEX_OK)                                                          \
            gex_##kind##_free(made);                                                       \
    } while (0)
/* A call that makes no object, written with RECORD for the last argument. */
#define RECORD record
#define ASKED(expected, ...)                                          \
    do {                                                              \
        gex_error error = blank(), *record = &error;                  \
        check_error(#__VA_ARGS__, __VA_ARGS__, expected, &error);     \
        record = NULL;                                                \
        ck_assert_int_eq(__VA_ARGS__, expected);                      \
    } while (0)

#endif
