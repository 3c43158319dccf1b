/* SPDX-License-Identifier: Apache-2.0 */
/** @file map.hpp Everything for one market and one book, and reports of it. */
#ifndef GEX_HPP_MAP_HPP
#define GEX_HPP_MAP_HPP

#include <gex/hpp/bands.hpp>
#include <gex/hpp/difference.hpp>

namespace gex {

inline gex_map_options map_options() noexcept { return filled<gex_map_options>(gex_map_options_init); }

/** Reads a map. */
class map_ref : public ref<gex_map> {
public:
    explicit map_ref(const gex_map *at) noexcept : ref<gex_map>(at) {}
    exposure_ref gamma() const noexcept { return exposure_ref(gex_map_gamma(at_)); }
    exposure_ref delta() const noexcept { return exposure_ref(gex_map_delta(at_)); }
    exposure_ref vanna() const noexcept { return exposure_ref(gex_map_vanna(at_)); }
    exposure_ref charm() const noexcept { return exposure_ref(gex_map_charm(at_)); }
    profile_ref profile() const noexcept { return profile_ref(gex_map_profile(at_)); }
    flips_ref flips() const noexcept { return flips_ref(gex_map_flips(at_)); }
    flow_ref flow() const noexcept { return flow_ref(gex_map_flow(at_)); }
    std::int32_t regime() const noexcept { return gex_map_regime(at_); }
    /** What changed since options.since: nothing is in them without it. */
    difference_ref gamma_since() const noexcept { return difference_ref(gex_map_gamma_since(at_)); }
    difference_ref flow_since() const noexcept { return difference_ref(gex_map_flow_since(at_)); }
    /** What options.uncertainty makes of it: nothing is in them without one. */
    bands_ref gamma_bands() const noexcept { return bands_ref(gex_map_gamma_bands(at_)); }
    bands_ref profile_bands() const noexcept { return bands_ref(gex_map_profile_bands(at_)); }
    bands_ref flow_bands() const noexcept { return bands_ref(gex_map_flow_bands(at_)); }
    flip_bands_ref flip_bands() const noexcept { return flip_bands_ref(gex_map_flip_bands(at_)); }
};

/** Everything for one market and one book. */
class map : public owned<map_ref, gex_map, gex_map_free> {
public:
    map() noexcept {}
    static map create(gex_error *error, const market_ref &market, const book_ref &book,
                      const gex_map_options *options = nullptr, const gex_context *context = nullptr) noexcept
    {
        return map(detail::made<gex_map>(error, gex_map_compute, context, market.get(), book.get(), options));
    }
#if GEX_HPP_EXCEPTIONS
    map(const market_ref &market, const book_ref &book, const gex_map_options *options = nullptr,
        const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_map>(gex_map_compute, context, market.get(), book.get(), options))
    {
    }
#endif

private:
    explicit map(gex_map *mine) noexcept : owned(mine) {}
};

#if GEX_HPP_EXCEPTIONS
/** A report as text; `report` is gex_report_page, _json, _svg or _lines. */
inline std::string report(gex_status (*report)(const gex_context *, const gex_map *, gex_write, void *, gex_error *),
                          const map_ref &map, const gex_context *context = nullptr)
{
    std::string text;
    gex_error why = gex_error();
    detail::check(report(context, map.get(), detail::append, &text, &why), why);
    return text;
}
#endif

} /* namespace gex */

#endif
