/* SPDX-License-Identifier: Apache-2.0 */
/* Every function in a locale that writes 1,5 for one and a half: the same bits, and the locale stays. Exit 77: there is
 * none. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../doors.h"

static const char *const candidates[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8", "es_ES.UTF-8"};

static const char *with_a_comma(void)
{
    for (size_t k = 0; k < sizeof candidates / sizeof *candidates; k++)
        if (setlocale(LC_ALL, candidates[k]) != NULL && strcmp(localeconv()->decimal_point, ",") == 0)
            return candidates[k];
    return NULL;
}

int main(void)
{
    static struct world world;
    uint64_t *plain = calloc((size_t)door_count, sizeof *plain);
    gex_error error = {0};
    const char *locale;
    int failures = 0;

    if (plain == NULL || world_open(&world, NULL, &error) != GEX_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    for (int64_t i = 0; i < door_count; i++)
        plain[i] = doors[i].call(NULL, &world, NULL).digest;
    locale = with_a_comma();
    if (locale == NULL) {
        printf("skipped: no locale with a decimal comma is installed (localedef -i de_DE -f UTF-8 de_DE.UTF-8)\n");
        return 77;
    }
    for (int64_t i = 0; i < door_count; i++)
        if (doors[i].call(NULL, &world, NULL).digest != plain[i]) {
            printf("%s: other bits in %s\n", doors[i].name, locale);
            failures++;
        }
    if (strcmp(setlocale(LC_ALL, NULL), locale) != 0 || strcmp(localeconv()->decimal_point, ",") != 0) {
        printf("the locale was changed\n");
        failures++;
    }
    world_close(&world);
    free(plain);
    return failures != 0;
}
