/* SPDX-License-Identifier: Apache-2.0 */
/* Loading the library changes nothing, unloading leaves nothing. This program is not linked with it. */
#define _GNU_SOURCE /* RTLD_DEEPBIND, mkstemp */
#include <check.h>
#include <dirent.h>
#include <dlfcn.h>
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gex.h>

#include "sanitized.h"

Suite *suite_load(void);

typedef const char *(*version_of)(void);
typedef gex_status (*create_chain)(const gex_context *context, const gex_chain_columns *columns,
                                   const gex_chain_options *options, gex_chain **out, gex_error *error);
typedef void (*init_columns)(gex_chain_columns *columns, uint32_t struct_size);
typedef void (*free_chain)(gex_chain *chain);

static uint64_t control_word(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_stmxcsr();
#else
    return (uint64_t)fegetround();
#endif
}

static int mapped(const char *name)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[1024];
    int count = 0;

    ck_assert_ptr_nonnull(maps);
    while (fgets(line, sizeof line, maps) != NULL)
        count += strstr(line, name) != NULL;
    fclose(maps);
    return count;
}

static int threads(void)
{
    DIR *directory = opendir("/proc/self/task");
    int count = 0;

    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

/* ISO C has no cast from an object pointer to a function; POSIX says the bits are good. */
#define FUNCTION(type, library, name)                           \
    type name;                                                  \
    do {                                                        \
        void *found = dlsym(library, "gex_" #name);             \
        ck_assert_msg(found != NULL, "gex_%s is missing", #name); \
        memcpy(&name, &found, sizeof name);                     \
    } while (0)

static void make_a_chain(void *library)
{
    FUNCTION(version_of, library, version);
    FUNCTION(create_chain, library, chain_create);
    FUNCTION(init_columns, library, chain_columns_init);
    FUNCTION(free_chain, library, chain_free);
    const char symbol[] = "SPXW231020C04500000";
    gex_chain_columns columns;
    gex_chain *chain = NULL;

    ck_assert_str_eq(version(), GEX_VERSION);
    chain_columns_init(&columns, sizeof columns);
    columns.rows = 3;
    columns.symbol = (gex_text){symbol, 0, sizeof symbol};
    ck_assert_int_eq(chain_create(NULL, &columns, NULL, &chain, NULL), GEX_OK);
    chain_free(chain);
}

START_TEST(loading_leaves_the_arithmetic_alone)
{
    const uint64_t control = control_word();
    const int tasks = threads();
    void *library = dlopen(GEX_LIBRARY, RTLD_NOW | RTLD_LOCAL);

    ck_assert_msg(library != NULL, "%s", dlerror());
    ck_assert_uint_eq(control_word(), control);
    make_a_chain(library);
    ck_assert_uint_eq(control_word(), control);
    ck_assert_int_eq(threads(), tasks);
    ck_assert_int_eq(dlclose(library), 0);
    ck_assert_uint_eq(control_word(), control);
}
END_TEST

START_TEST(unloading_leaves_nothing)
{
    ck_assert_int_eq(mapped("libgex"), 0);
    for (int i = 0; i < 100; i++) {
        void *library = dlopen(GEX_LIBRARY, RTLD_NOW | RTLD_LOCAL);

        ck_assert_msg(library != NULL, "%s", dlerror());
        ck_assert_int_gt(mapped("libgex"), 0);
        make_a_chain(library);
        ck_assert_int_eq(dlclose(library), 0);
        ck_assert_msg(mapped("libgex") == 0, "still mapped after closing it %d times", i + 1);
    }
}
END_TEST

static void copy_file(const char *from, const char *to)
{
    char buffer[65536];
    size_t length;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");

    ck_assert_ptr_nonnull(in);
    ck_assert_ptr_nonnull(out);
    while ((length = fread(buffer, 1, sizeof buffer, in)) > 0)
        ck_assert_uint_eq(fwrite(buffer, 1, length, out), length);
    fclose(in);
    ck_assert_int_eq(fclose(out), 0);
}

START_TEST(two_copies_live_side_by_side)
{
    char other[] = "./another-gex-XXXXXX";
    const int descriptor = mkstemp(other);
    void *first, *second;

    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    copy_file(GEX_LIBRARY, other);
    first = dlopen(GEX_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    second = dlopen(other, RTLD_NOW | RTLD_LOCAL | (SANITIZED ? 0 : RTLD_DEEPBIND));
    unlink(other);
    ck_assert_ptr_nonnull(first);
    ck_assert_msg(second != NULL, "%s", dlerror());
    ck_assert_ptr_ne(dlsym(first, "gex_chain_create"), dlsym(second, "gex_chain_create"));
    make_a_chain(first);
    make_a_chain(second);
    dlclose(first);
    make_a_chain(second);
    dlclose(second);
}
END_TEST

Suite *suite_load(void)
{
    Suite *suite = suite_create("load");
    TCase *tcase = tcase_create("load");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, loading_leaves_the_arithmetic_alone);
    tcase_add_test(tcase, unloading_leaves_nothing);
    tcase_add_test(tcase, two_copies_live_side_by_side);
    suite_add_tcase(suite, tcase);
    return suite;
}
