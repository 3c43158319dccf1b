/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of gex-map. */
#ifndef GEX_MAP_OPTIONS_H
#define GEX_MAP_OPTIONS_H

#include <stdbool.h>

#include <gex.h>

#include "curves.h"

struct options {
    const char *file, *svg, *lines, *since, *save; /* the last four NULL: not wanted */
    const char *name;               /* of the file, for messages */
    bool        json, customer_view, robustness, field;
    bool        fixed_discount;
    bool        has_as_of, is_earlier; /* the table of --since */
    int64_t     as_of;
    double      spot; /* 0: not given */
    double      vol_low, vol_high; /* 0: no limit */
    int32_t     sign, unit, clock, vol_clock, dynamics, vol, forward, exercise, fallback;
    double      rate, carry_yield, dynamics_parameter;
    double      adv, future_price, future_multiplier, beta;
    double      uncertainty, correlation; /* share of each position; 0: not asked for */
    bool        deviations;               /* uncertainty by row, from the table's column */
    struct curves curves;
};

enum outcome { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG, OPTIONS_FAILED };

/*
 * Read the arguments. DONE: --help or --version was answered; FAILED: its answer could not be written. WRONG: they make
 * no sense. After the last two, one line was written to standard error.
 */
enum outcome options_read(struct options *options, int argc, char **argv);

/* One line on standard error: "gex-map: ", then the formatted text, whatever it holds. */
void complain(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

#endif
