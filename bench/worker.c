/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "worker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double stretch = 2e-3; /* seconds measured at a time: long beside the clock, short beside other work */

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "%s: %s\n", which, what);
    exit(1);
}

double *page_of_doubles(int64_t count)
{
    const size_t bytes = ((size_t)count * sizeof(double) + 4095) / 4096 * 4096;
    double *memory = aligned_alloc(4096, bytes);

    if (memory == NULL)
        fail("out of memory", "bench");
    memset(memory, 0, bytes);
    return memory;
}

struct sample sample_read(const char *path, const char *task)
{
    struct sample sample = {0, 0, NULL};
    FILE *file = fopen(path, "rb");
    long long rows;
    char name[32];

    if (file == NULL)
        fail("cannot be read", path);
    if (fscanf(file, "%31s %lld %d", name, &rows, &sample.columns) != 3 || fgetc(file) != '\n' ||
        strcmp(name, task) != 0)
        fail("is no sample of this task", path);
    sample.rows = rows;
    sample.values = page_of_doubles(rows * sample.columns);
    if (fread(sample.values, sizeof(double), (size_t)(rows * sample.columns), file) != (size_t)(rows * sample.columns))
        fail("is cut short", path);
    fclose(file);
    return sample;
}

const double *sample_column(const struct sample *sample, int column)
{
    return sample->values + column * sample->rows;
}

static double time_passes(const struct offer *offer, int64_t passes, clockid_t clock)
{
    const double start = seconds(clock);

    for (int64_t i = 0; i < passes; i++) {
        offer->run(offer->state);
        __asm__ volatile("" ::: "memory"); /* every pass is done */
    }
    return seconds(clock) - start;
}

/* Seconds a pass. The first call finds how many passes fill the stretch; every call begins with an untimed pass. */
static double time_offer(const struct offer *offer, int64_t *passes, clockid_t clock)
{
    time_passes(offer, 1, clock);
    if (*passes == 0) {
        double took = 0;
        for (*passes = 1; (took = time_passes(offer, *passes, clock)) < stretch / 2; *passes *= 2)
            ;
    }
    return time_passes(offer, *passes, clock) / (double)*passes;
}

static void write_outputs(const struct offer *offer, int64_t rows, int outputs, const char *path)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL)
        fail("cannot be written", path);
    offer->run(offer->state);
    for (int k = 0; k < outputs; k++)
        for (int64_t i = 0; i < rows; i++) {
            const double value = offer->outputs[k] != NULL ? offer->outputs[k][i] : (double)NAN;
            fwrite(&value, sizeof value, 1, file);
        }
    if (fclose(file) != 0)
        fail("cannot be written", path);
}

int worker_serve(const struct offer *offers, int count, int64_t rows, int outputs)
{
    int64_t *passes = calloc((size_t)count + 1, sizeof *passes);
    char line[4096], path[4096];
    int n;

    if (passes == NULL)
        return 1;
    for (int i = 0; i < count; i++)
        printf("offer %s\n", offers[i].name);
    printf("ready %lld %d\n", (long long)rows, outputs);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if ((sscanf(line, "time %d", &n) == 1 || sscanf(line, "wall %d", &n) == 1) && n >= 0 && n < count) {
            const clockid_t clock = line[0] == 't' ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
            printf("%.9e\n", time_offer(&offers[n], &passes[n], clock) / (double)rows);
        } else if (sscanf(line, "write %d %4095s", &n, path) == 2 && n >= 0 && n < count) {
            write_outputs(&offers[n], rows, outputs, path);
            printf("done\n");
        } else {
            fprintf(stderr, "not understood: %s", line);
            return 1;
        }
        fflush(stdout);
    }
    free(passes);
    return 0;
}
