/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker is a program that knows one or more implementations of a task, prepares the inputs once, and then does what
 * bench/drive.py tells it on standard input. The implementations to be compared sit in different processes, so that
 * none lends its floating-point mode, heap or runtime to another, and the driver lets them run in turn.
 *
 *     worker says    offer NAME                 one line an implementation, numbered from 0
 *                    refused NAME: WHY          it is known, and cannot run here
 *                    about TEXT                 version of what is behind it
 *                    ready ROWS OUTPUTS
 *     driver says    time N                     worker answers seconds an item, of one warm stretch
 *                    wall N                     the same by the clock on the wall, for more than one thread
 *                    write N FILE               OUTPUTS x ROWS doubles, output by output; worker answers done
 *
 * time is processor time of the process, so that what else runs on the machine counts little.
 */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct offer {
    const char    *name;
    void         (*run)(void *state); /* the whole sample once */
    void          *state;
    double *const *outputs; /* of run(); a NULL among them is written as NaN */
};

/** Print the offers, obey until standard input ends. @return the exit code of the program. */
int worker_serve(const struct offer *offers, int count, int64_t rows, int outputs);

/* A sample as bench-samples wrote it: a line "TASK ROWS COLUMNS", then COLUMNS x ROWS doubles, column by column. */
struct sample {
    int64_t rows;
    int     columns;
    double *values;
};

/** Ends the program with a message when the file is not a sample of the task. */
struct sample sample_read(const char *path, const char *task);
const double *sample_column(const struct sample *sample, int column);

/** Zeroed memory on a page boundary, never NULL. */
double *page_of_doubles(int64_t count);

#ifdef __cplusplus
}
#endif
#endif
