/* SPDX-License-Identifier: Apache-2.0 */
/* Instrument names of Deribit. */
#ifndef GEX_FEED_DERIBIT_H
#define GEX_FEED_DERIBIT_H

#include <gex/symbol.h>

#include "base/base.h"

enum { GEX_DERIBIT_CAPACITY = 48 };

/* Is this text to be read as one: three dashes, which no OSI symbol that is nearly right has. */
bool gex__deribit_like(const char *text, int64_t length);
/* @return NULL, or what is wrong; series_out is then as it was. */
const char *gex__deribit_parse(const char *text, int64_t length, gex_series *series_out);
/* @return bytes written without the terminator, 0 when the series has no such name. */
int64_t gex__deribit_format(const gex_series *series, char *buffer);

#endif
