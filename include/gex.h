/* SPDX-License-Identifier: Apache-2.0 */
/** @file gex.h libgex: what dealers must trade to stay hedged. One header a stage, in the order data flows. */
#ifndef GEX_H
#define GEX_H

#include <gex/status.h>
#include <gex/context.h>
#include <gex/column.h>
#include <gex/row.h>
#include <gex/clock.h>
#include <gex/calendar.h>
#include <gex/symbol.h>
#include <gex/european.h>
#include <gex/american.h>
#include <gex/surface.h>
#include <gex/chain.h>
#include <gex/arrow.h>
#include <gex/feed.h>
#include <gex/market.h>
#include <gex/shift.h>
#include <gex/quotes.h>
#include <gex/book.h>
#include <gex/store.h>
#include <gex/uncertainty.h>
#include <gex/greeks.h>
#include <gex/exposure.h>
#include <gex/change.h>
#include <gex/grouping.h>
#include <gex/profile.h>
#include <gex/levels.h>
#include <gex/measures.h>
#include <gex/flow.h>
#include <gex/forced.h>
#include <gex/bands.h>
#include <gex/regime.h>
#include <gex/field.h>
#include <gex/horizons.h>
#include <gex/difference.h>
#include <gex/crossings.h>
#include <gex/robustness.h>
#include <gex/basket.h>
#include <gex/combo.h>
#include <gex/dispersion.h>
#include <gex/map.h>
#include <gex/live.h>
#include <gex/report.h>
#include <gex/table.h>

#endif
