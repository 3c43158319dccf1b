/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text, without a locale, correctly rounded in both directions. */
#ifndef GEX_BASE_DECIMAL_H
#define GEX_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The double nearest to a decimal number: optional sign, digits with an optional point, optional exponent, any length.
 * "nan", "inf" and "infinity" in any case, with a sign, are numbers too. The whole text has to be the number.
 * @return false, and value untouched, when it is not one.
 */
bool gex__decimal_parse(const char *text, int64_t length, double *value_out);

enum { GEX_DECIMAL_MAX = 448 }; /* bytes that any of the writers may need: -DBL_MAX grouped to 17 places takes 430 */

/* Shortest text that parses back to the same double: "0.1", "1e-300", "nan", "-inf". @return bytes, no terminator. */
int64_t gex__decimal_shortest(double value, char *buffer);
/* `places` digits after the point (0 to 17), correctly rounded; `group` thousands with commas. @return bytes. */
int64_t gex__decimal_fixed(double value, int32_t places, bool group, char *buffer);
/* An integer, thousands grouped or not. @return bytes. */
int64_t gex__decimal_integer(int64_t value, bool group, char *buffer);

#endif
