/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What loading the library does to its host: MXCSR, locale, signal mask and number of threads, before and after dlopen.
 *
 *     bench-load LIBRARY      prints "NAME BEFORE AFTER" a line; exit code 1 when one moved
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

enum { FIELDS = 4, WIDTH = 256 };
static const char *const names[FIELDS] = {"mxcsr", "locale", "signals", "threads"};

static int count_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;

    if (tasks == NULL)
        return -1;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static void look(char seen[FIELDS][WIDTH])
{
    sigset_t mask;
    unsigned control = 0;
    size_t used = 0;

#if defined(__x86_64__)
    control = _mm_getcsr();
#endif
    snprintf(seen[0], WIDTH, "0x%04x", control);
    snprintf(seen[1], WIDTH, "%s", setlocale(LC_ALL, NULL));
    sigemptyset(&mask);
    sigprocmask(SIG_SETMASK, NULL, &mask);
    seen[2][0] = '\0';
    for (int number = 1; number < NSIG && used < WIDTH - 8; number++)
        if (sigismember(&mask, number) == 1)
            used += (size_t)snprintf(seen[2] + used, WIDTH - used, "%d,", number);
    if (used == 0)
        snprintf(seen[2], WIDTH, "none");
    snprintf(seen[3], WIDTH, "%d", count_threads());
}

int main(int argc, char **argv)
{
    char before[FIELDS][WIDTH], after[FIELDS][WIDTH];
    void *library;
    int moved = 0;

    setlocale(LC_ALL, "C.UTF-8"); /* not the one a process starts with */
    look(before);
    library = dlopen(argc > 1 ? argv[1] : "", RTLD_NOW);
    look(after);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 2;
    }
    for (int i = 0; i < FIELDS; i++) {
        printf("%s %s %s\n", names[i], before[i], after[i]);
        moved |= strcmp(before[i], after[i]) != 0;
    }
    return moved;
}
