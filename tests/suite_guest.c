/* SPDX-License-Identifier: Apache-2.0 */
/* A good guest: what the process was before a call, it is after it,
 * and what the host did to the arithmetic does not show. */
#define _GNU_SOURCE /* feenableexcept, environ */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doors.h"
#include "sanitized.h"

Suite *suite_guest(void);

static struct world world;

static void open_world(void)
{
    gex_error error = {0};
    ck_assert_msg(world_open(&world, NULL, &error) == GEX_OK, "%s", error.message);
}

static void close_world(void)
{
    world_close(&world);
}

/* ---- the process before and after -------------------------------------------------------------------------------- */

struct process {
    int      error_number, rounding, sticky, traps, threads, descriptors;
    uint64_t control; /* the SSE control and status word where there is one */
    uint64_t environment, handlers;
    sigset_t blocked;
    char     locale[256];
};

static uint64_t control_word(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_stmxcsr();
#else
    return 0;
#endif
}

static int entries(const char *folder)
{
    DIR *directory = opendir(folder);
    int count = 0;

    ck_assert_ptr_nonnull(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static struct process process_now(void)
{
    struct process now;

    memset(&now, 0, sizeof now);
    now.error_number = errno;
    now.control = control_word();
    now.rounding = fegetround();
    now.sticky = fetestexcept(FE_ALL_EXCEPT);
    now.traps = fegetexcept();
    now.threads = entries("/proc/self/task");
    now.descriptors = entries("/proc/self/fd");
    for (char **entry = environ; *entry != NULL; entry++)
        now.environment = digest_bytes(now.environment, *entry, (int64_t)strlen(*entry) + 1);
    for (int signal_number = 1; signal_number < SIGRTMAX; signal_number++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        if (sigaction(signal_number, NULL, &action) == 0)
            now.handlers = digest_bytes(now.handlers, &action.sa_handler, sizeof action.sa_handler);
    }
    sigprocmask(SIG_SETMASK, NULL, &now.blocked);
    snprintf(now.locale, sizeof now.locale, "%s", setlocale(LC_ALL, NULL));
    return now;
}

static void check_unchanged(const char *door, const struct process *before, const struct process *after)
{
    ck_assert_msg(after->error_number == before->error_number, "%s: errno %d became %d", door, before->error_number,
                  after->error_number);
    ck_assert_msg(after->control == before->control, "%s: control word %#llx became %#llx", door,
                  (unsigned long long)before->control, (unsigned long long)after->control);
    ck_assert_msg(after->rounding == before->rounding, "%s: rounding mode", door);
    ck_assert_msg(after->sticky == before->sticky, "%s: sticky flags %#x became %#x", door, (unsigned)before->sticky,
                  (unsigned)after->sticky);
    ck_assert_msg(after->traps == before->traps, "%s: traps", door);
    ck_assert_msg(after->threads == before->threads, "%s: threads", door);
    ck_assert_msg(after->descriptors == before->descriptors, "%s: open files", door);
    ck_assert_msg(after->environment == before->environment, "%s: environment", door);
    ck_assert_msg(after->handlers == before->handlers, "%s: signal handlers", door);
    ck_assert_msg(memcmp(&after->blocked, &before->blocked, sizeof after->blocked) == 0, "%s: signal mask", door);
    ck_assert_str_eq(after->locale, before->locale);
}

static uint64_t call(const struct door *door)
{
    const struct answer answer = door->call(NULL, &world, NULL);
    ck_assert_msg(answer.status == GEX_OK, "%s: status %d", door->name, answer.status);
    return answer.digest;
}

START_TEST(process_is_left_as_it_was)
{
    const struct door *door = &doors[_i];

    for (int raised = 0; raised < 2; raised++) { /* sticky flags down, and all up */
        struct process before, after;

        feclearexcept(FE_ALL_EXCEPT);
        if (raised)
            feraiseexcept(FE_ALL_EXCEPT);
        errno = 77;
        before = process_now();
        errno = 77;
        (void)call(door);
        after = process_now();
        check_unchanged(door->name, &before, &after);
    }
}
END_TEST

START_TEST(the_snapshot_sees_what_a_bad_guest_does)
{
    const struct process before = process_now();
    struct process after;

    errno = before.error_number + 1;
    feraiseexcept(FE_DIVBYZERO);
    ck_assert_int_eq(setenv("GEX_A_BAD_GUEST", "1", 1), 0);
    ck_assert(signal(SIGUSR2, SIG_IGN) != SIG_ERR);
    ck_assert_int_ge(dup(0), 0);
    after = process_now();
    ck_assert_int_ne(after.sticky, before.sticky);
    ck_assert_uint_ne(after.environment, before.environment);
    ck_assert_uint_ne(after.handlers, before.handlers);
    ck_assert_int_ne(after.descriptors, before.descriptors);
}
END_TEST

/* ---- the host's arithmetic --------------------------------------------------------------------------------------- */

static const struct mood {
    const char *name;
    int         rounding, traps;
    unsigned    control; /* bits of the SSE control word: 0x8000 flushes results to zero, 0x40 denormal inputs */
} moods[] = {
    {"rounding up", FE_UPWARD, 0, 0},
    {"rounding down", FE_DOWNWARD, 0, 0},
    {"rounding to zero", FE_TOWARDZERO, 0, 0},
    {"every trap on", FE_TONEAREST, FE_ALL_EXCEPT, 0},
    {"denormals flushed", FE_TONEAREST, 0, 0x8040},
    {"all at once", FE_UPWARD, FE_ALL_EXCEPT, 0x8040},
};

static void take_mood(const struct mood *mood)
{
    ck_assert_int_eq(fesetround(mood->rounding), 0);
#if defined(__x86_64__)
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | mood->control);
#endif
    feclearexcept(FE_ALL_EXCEPT);
    if (mood->traps != 0)
        (void)feenableexcept(mood->traps);
}

START_TEST(same_bits_in_every_mood_of_the_host)
{
    const struct door *door = &doors[_i];
    const uint64_t calm = call(door);
    fenv_t home;

    fegetenv(&home);
    for (size_t m = 0; m < sizeof moods / sizeof *moods; m++) {
        uint64_t digest, control_before, control_after;
        int rounding;

        take_mood(&moods[m]);
        control_before = control_word();
        digest = door->call(NULL, &world, NULL).digest; /* nothing else: a trap would go off here too */
        control_after = control_word();
        rounding = fegetround();
        fesetenv(&home);
        ck_assert_msg(digest == calm, "%s, %s: other bits", door->name, moods[m].name);
        ck_assert_msg(control_before == control_after, "%s, %s: control word %#llx became %#llx", door->name,
                      moods[m].name, (unsigned long long)control_before, (unsigned long long)control_after);
        ck_assert_int_eq(rounding, moods[m].rounding);
    }
}
END_TEST

START_TEST(nothing_is_printed)
{
    int pipes[2];
    char byte;

    ck_assert_int_eq(pipe(pipes), 0);
    fflush(stdout);
    fflush(stderr);
    ck_assert_int_ge(dup2(pipes[1], STDOUT_FILENO), 0);
    ck_assert_int_ge(dup2(pipes[1], STDERR_FILENO), 0);
    for (int64_t i = 0; i < door_count; i++)
        (void)call(&doors[i]);
    fflush(stdout);
    fflush(stderr);
    close(pipes[1]);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    ck_assert_int_eq((int)read(pipes[0], &byte, 1), 0); /* the other end is gone and nothing came */
    close(STDIN_FILENO);
    for (int64_t i = 0; i < door_count; i++) /* and with the three closed */
        (void)call(&doors[i]);
}
END_TEST

/* ---- stack ------------------------------------------------------------------------------------------------------- */

enum { STACK = SANITIZED ? 2 << 20 : 64 << 10, STACK_LIMIT = 16 << 10, PAINT = 0xab };

static void *run_doors(void *only)
{
    const struct door *door = only;

    if (door != NULL)
        (void)door->call(NULL, &world, NULL);
    return NULL;
}

/* Bytes of a painted stack that one call touched. */
static int64_t stack_used(const struct door *door)
{
    unsigned char *stack = aligned_alloc(4096, STACK);
    pthread_attr_t attributes;
    pthread_t thread;
    int64_t clean = 0;

    ck_assert_ptr_nonnull(stack);
    memset(stack, PAINT, STACK);
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstack(&attributes, stack, STACK), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, run_doors, (void *)(uintptr_t)door), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
    while (clean < STACK && stack[clean] == PAINT)
        clean++;
    free(stack);
    return STACK - clean;
}

START_TEST(stack_of_a_small_thread_is_enough)
{
    const struct door *door = &doors[_i];
    int64_t used;

    used = stack_used(door) - stack_used(NULL);
    ck_assert_msg(SANITIZED || used < STACK_LIMIT, "%s takes %lld bytes of stack", door->name, (long long)used);
}
END_TEST

Suite *suite_guest(void)
{
    Suite *suite = suite_create("guest");
    TCase *tcase = tcase_create("guest");

    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, open_world, close_world);
    tcase_add_loop_test(tcase, process_is_left_as_it_was, 0, (int)door_count);
    tcase_add_test(tcase, the_snapshot_sees_what_a_bad_guest_does);
    tcase_add_loop_test(tcase, same_bits_in_every_mood_of_the_host, 0, (int)door_count);
    tcase_add_test(tcase, nothing_is_printed);
    tcase_add_loop_test(tcase, stack_of_a_small_thread_is_enough, 0, (int)door_count);
    suite_add_tcase(suite, tcase);
    return suite;
}
