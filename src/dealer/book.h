/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the book, for the rooms to the right that make one. */
#ifndef GEX_DEALER_BOOK_H
#define GEX_DEALER_BOOK_H

#include <gex/book.h>

/* A book of another chain of the same rows with other positions;
 * `tail` is appended to the name of its source. NULL when there is no memory. */
gex_book *gex__book_of(const gex_context *context, const gex_chain *chain, int32_t sign, const char *source,
                       const char *tail, const double *positions);
/* A position as books hold it: NaN where it is not a finite number, and no negative zero. */
double gex__book_position(double contracts);

#endif
