/* SPDX-License-Identifier: Apache-2.0 */
/* Figures as a person reads them: three digits and a scale, a price, a signed percentage, a date. */
#ifndef GEX_REPORT_FIGURES_H
#define GEX_REPORT_FIGURES_H

#include <stdint.h>

#include "writer.h"

enum { GEX_FIGURE_MAX = 464 }; /* bytes of any figure below, its terminator included */

/* Each writes a terminated text into `text` and returns it. Not finite: "n/a". */
const char *gex__figure_scaled(double value, char *text);             /* "-2.59 bn", "415 m", "12.3 k", "0.52" */
const char *gex__figure_price(double price, char *text);              /* "4,505.10"; four places below 10 */
const char *gex__figure_strike(double strike, char *text);            /* "4,500", "252.5": no more places than needed */
const char *gex__figure_signed(double value, int32_t places, char *text); /* "+0.25", "-3.00" */
const char *gex__figure_fixed(double value, int32_t places, char *text);  /* thousands separated */
const char *gex__figure_day(int64_t instant, char *text);             /* "Thu 14 Sep 2023", New York */
const char *gex__figure_time(int64_t instant, char *text);            /* "16:31", New York */

/*
 * A value with its unit in words: "USD -2.59 bn per 1 % of spot", "-518 k shares per 1 % of spot". A label that begins
 * with USD puts the currency before the figure.
 */
void gex__put_amount(struct gex__writer *writer, double value, const char *label);

/* A scaled figure in a table: its digits end left of `column`, its scale follows. */
void gex__put_scaled(struct gex__writer *writer, int64_t column, double value);

/* The step of an axis: 1, 2, 2.5 or 5 times a power of ten, the smallest that is at least `least`, > 0. */
double gex__nice_step(double least);

#endif
