/* SPDX-License-Identifier: Apache-2.0 */
/** @file profile.hpp Exposures and hedges repriced over spot: profiles, flips, flows. */
#ifndef GEX_HPP_PROFILE_HPP
#define GEX_HPP_PROFILE_HPP

#include <gex/hpp/book.hpp>

namespace gex {

inline gex_profile_options profile_options() noexcept { return filled<gex_profile_options>(gex_profile_options_init); }
inline gex_flow_options flow_options() noexcept { return filled<gex_flow_options>(gex_flow_options_init); }
inline gex_zero_flow_options zero_flow_options() noexcept
{
    return filled<gex_zero_flow_options>(gex_zero_flow_options_init);
}

/** Reads a profile. */
class profile_ref : public ref<gex_profile> {
public:
    explicit profile_ref(const gex_profile *at) noexcept : ref<gex_profile>(at) {}
    span<double> prices() const noexcept { return detail::counted<double>(at_, gex_profile_prices); }
    span<double> values() const noexcept { return detail::counted<double>(at_, gex_profile_values); }
};

/** An exposure repriced over a grid of spot prices. */
class profile : public owned<profile_ref, gex_profile, gex_profile_free> {
public:
    profile() noexcept {}
    static profile create(gex_error *error, const market_ref &market, const book_ref &book,
                          const gex_profile_options &options, const gex_context *context = nullptr) noexcept
    {
        return profile(detail::made<gex_profile>(error, gex_profile_compute, context, market.get(), book.get(),
                                                 &options));
    }
#if GEX_HPP_EXCEPTIONS
    profile(const market_ref &market, const book_ref &book, const gex_profile_options &options,
            const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_profile>(gex_profile_compute, context, market.get(), book.get(), &options))
    {
    }
#endif

    /** Of a basket, get() of it: prices of the reference. `members`: NULL, or room for members times points. */
    static profile of_basket(gex_error *error, const gex_basket *basket, const gex_profile_options &options,
                             double *members = nullptr, const gex_context *context = nullptr) noexcept
    {
        return profile(
            detail::made<gex_profile>(error, gex_basket_profile_compute, context, basket, &options, members));
    }

private:
    explicit profile(gex_profile *mine) noexcept : owned(mine) {}
};

/** Reads flips. */
class flips_ref : public ref<gex_flips> {
public:
    explicit flips_ref(const gex_flips *at) noexcept : ref<gex_flips>(at) {}
    std::int32_t status() const noexcept { return gex_flips_status(at_); }
    std::int64_t size() const noexcept { return gex_flips_count(at_); }
    double price(std::int64_t i) const noexcept { return gex_flips_price(at_, i); }
    std::int32_t direction(std::int64_t i) const noexcept { return gex_flips_direction(at_, i); }
    std::int32_t root_status(std::int64_t i) const noexcept { return gex_flips_root_status(at_, i); }
    std::int64_t nearest() const noexcept { return gex_flips_nearest(at_); }
};

/** Every price in a range at which a profile is zero. */
class flips : public owned<flips_ref, gex_flips, gex_flips_free> {
public:
    flips() noexcept {}
    static flips create(gex_error *error, const market_ref &market, const book_ref &book,
                        const gex_profile_options &options, const gex_context *context = nullptr) noexcept
    {
        return flips(detail::made<gex_flips>(error, gex_flips_compute, context, market.get(), book.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    flips(const market_ref &market, const book_ref &book, const gex_profile_options &options,
          const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_flips>(gex_flips_compute, context, market.get(), book.get(), &options))
    {
    }
#endif
    /** Prices at which dealers will have traded nothing by an instant. */
    static flips zero_flow(gex_error *error, const market_ref &market, const book_ref &book,
                           const gex_zero_flow_options &options, const gex_context *context = nullptr) noexcept
    {
        return flips(
            detail::made<gex_flips>(error, gex_zero_flow_compute, context, market.get(), book.get(), &options));
    }

    /** Of a basket, get() of it: prices of the reference. */
    static flips of_basket(gex_error *error, const gex_basket *basket, const gex_profile_options &options,
                           const gex_context *context = nullptr) noexcept
    {
        return flips(detail::made<gex_flips>(error, gex_basket_flips_compute, context, basket, &options));
    }

private:
    explicit flips(gex_flips *mine) noexcept : owned(mine) {}
};

/** Reads flips by horizon. */
class horizons_ref : public ref<gex_horizons> {
public:
    explicit horizons_ref(const gex_horizons *at) noexcept : ref<gex_horizons>(at) {}
    span<std::int64_t> instants() const noexcept { return detail::counted<std::int64_t>(at_, gex_horizons_instants); }
    span<double> nearest() const noexcept { return detail::counted<double>(at_, gex_horizons_nearest); }
    flips_ref flips(std::int64_t i) const noexcept { return flips_ref(gex_horizons_flips(at_, i)); }
};

/** The flips of a profile at instants ahead. */
class horizons : public owned<horizons_ref, gex_horizons, gex_horizons_free> {
public:
    horizons() noexcept {}
    static horizons create(gex_error *error, const market_ref &market, const book_ref &book,
                           const gex_profile_options &options, const span<std::int64_t> &instants,
                           const gex_context *context = nullptr) noexcept
    {
        return horizons(detail::made<gex_horizons>(error, gex_horizons_compute, context, market.get(), book.get(),
                                                   &options, instants.data(), instants.size()));
    }
#if GEX_HPP_EXCEPTIONS
    horizons(const market_ref &market, const book_ref &book, const gex_profile_options &options,
             const span<std::int64_t> &instants, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_horizons>(gex_horizons_compute, context, market.get(), book.get(), &options,
                                                     instants.data(), instants.size()))
    {
    }
#endif

private:
    explicit horizons(gex_horizons *mine) noexcept : owned(mine) {}
};

/** Reads a flow: shares, + = dealers BUY. */
class flow_ref : public ref<gex_flow> {
public:
    explicit flow_ref(const gex_flow *at) noexcept : ref<gex_flow>(at) {}
    std::int64_t rows() const noexcept { return gex_flow_rows(at_); }
    span<double> operator[](std::int32_t column) const noexcept { return {gex_flow_column(at_, column), rows()}; }
};

/** What dealers must trade in each of some scenarios. */
class flow : public owned<flow_ref, gex_flow, gex_flow_free> {
public:
    flow() noexcept {}
    static flow create(gex_error *error, const market_ref &market, const book_ref &book,
                       const gex_flow_options &options, const gex_context *context = nullptr) noexcept
    {
        return flow(detail::made<gex_flow>(error, gex_flow_compute, context, market.get(), book.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    flow(const market_ref &market, const book_ref &book, const gex_flow_options &options,
         const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_flow>(gex_flow_compute, context, market.get(), book.get(), &options))
    {
    }
#endif

    /** Of a basket, get() of it: units of the reference. `members`: NULL, or room for members times scenarios. */
    static flow of_basket(gex_error *error, const gex_basket *basket, const gex_flow_options &options,
                          double *members = nullptr, const gex_context *context = nullptr) noexcept
    {
        return flow(detail::made<gex_flow>(error, gex_basket_flow_compute, context, basket, &options, members));
    }

private:
    explicit flow(gex_flow *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
