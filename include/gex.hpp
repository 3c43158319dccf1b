/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file gex.hpp libgex for C++11 and later: handles that free themselves, and errors as exceptions. Header only and
 * outside the ABI: everything is inline and calls the C functions, whose headers say what the values mean.
 *
 * Each object has two ways to be made: a constructor that throws gex::error, and create(), which fills a gex_error and
 * gives an empty object. Without exceptions in the compiler only create() is there. What is lent is a `span` or a
 * `..._ref`, valid as long as its object; an object made from another keeps it alive, so they may go in any order.
 * One header a stage, in the order data flows, and each may be included alone.
 */
#ifndef GEX_HPP
#define GEX_HPP

#include <gex/hpp/base.hpp>
#include <gex/hpp/market.hpp>
#include <gex/hpp/surface.hpp>
#include <gex/hpp/book.hpp>
#include <gex/hpp/exposure.hpp>
#include <gex/hpp/profile.hpp>
#include <gex/hpp/bands.hpp>
#include <gex/hpp/field.hpp>
#include <gex/hpp/difference.hpp>
#include <gex/hpp/basket.hpp>
#include <gex/hpp/map.hpp>
#include <gex/hpp/live.hpp>

#endif
