/* SPDX-License-Identifier: Apache-2.0 */
/* Failing, the host's environment, structs of any age, names: what base does for the first library. */
#include <errno.h>
#include <string.h>

#include "fit.h"

gex_status gex__fit_fail(gex_error *error, gex_status status, const char *message)
{
    if (error != NULL) {
        const size_t length = strlen(message), most = sizeof error->message - 1;
        error->status = status;
        error->reserved = 0;
        error->row = -1;
        memcpy(error->message, message, length < most ? length : most);
        error->message[length < most ? length : most] = '\0';
    }
    return status;
}

void gex__fit_enter(struct gex__fit_guest *guest)
{
    guest->saved_errno = errno;
    fegetenv(&guest->environment);
    fesetenv(FE_DFL_ENV);
}

void gex__fit_leave(const struct gex__fit_guest *guest)
{
    fesetenv(&guest->environment);
    errno = guest->saved_errno;
}

bool gex__fit_take(void *mine, uint32_t mine_size, uint32_t first_size, const void *theirs)
{
    const unsigned char *bytes = theirs;
    uint32_t size;

    memcpy(&size, theirs, sizeof size);
    if (size < first_size || size > 4096)
        return false;
    for (uint32_t i = mine_size; i < size; i++)
        if (bytes[i] != 0)
            return false;
    memcpy(mine, theirs, size < mine_size ? size : mine_size);
    return true;
}

void gex__fit_init(void *theirs, uint32_t theirs_size, uint32_t mine_size)
{
    (void)mine_size; /* every default is zero or NULL */
    if (theirs == NULL || theirs_size < sizeof theirs_size || theirs_size > 4096)
        return;
    memset(theirs, 0, theirs_size);
    memcpy(theirs, &theirs_size, sizeof theirs_size);
}

void gex_fit_columns_init(gex_fit_columns *columns, uint32_t struct_size)
{
    gex__fit_init(columns, struct_size, sizeof *columns);
}

void gex_fit_results_init(gex_fit_results *results, uint32_t struct_size)
{
    gex__fit_init(results, struct_size, sizeof *results);
}

const char *gex_fit_version(void)
{
    return GEX_VERSION;
}

#define NAME_CASE(name, value, text)                                                                                   \
    case value:                                                                                                        \
        return text;
#define FIND_LINE(constant, value, text)                                                                               \
    if (name != NULL && strcmp(name, text) == 0)                                                                       \
        return value;
#define NAMES(choice, LIST)                                                                                            \
    const char *gex_##choice##_name(int32_t choice)                                                                    \
    {                                                                                                                  \
        switch (choice) {                                                                                              \
            LIST(NAME_CASE)                                                                                            \
        default:                                                                                                       \
            return "unknown";                                                                                          \
        }                                                                                                              \
    }
NAMES(loss, GEX_LOSS_LIST)
NAMES(enforce, GEX_ENFORCE_LIST)
NAMES(fitted, GEX_FITTED_LIST)

int32_t gex_loss_find(const char *name)
{
    GEX_LOSS_LIST(FIND_LINE)
    return 0;
}

int32_t gex_enforce_find(const char *name)
{
    GEX_ENFORCE_LIST(FIND_LINE)
    return 0;
}
