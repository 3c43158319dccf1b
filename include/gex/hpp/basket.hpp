/* SPDX-License-Identifier: Apache-2.0 */
/** @file basket.hpp Several underlyings as one book. */
#ifndef GEX_HPP_BASKET_HPP
#define GEX_HPP_BASKET_HPP

#include <gex/hpp/exposure.hpp>

namespace gex {

inline gex_basket_columns basket_columns() noexcept { return filled<gex_basket_columns>(gex_basket_columns_init); }
inline gex_combo_options combo_options() noexcept { return filled<gex_combo_options>(gex_combo_options_init); }
inline gex_dispersion_options dispersion_options() noexcept
{
    return filled<gex_dispersion_options>(gex_dispersion_options_init);
}

/** Reads a basket: members by their number. */
class basket_ref : public ref<gex_basket> {
public:
    explicit basket_ref(const gex_basket *at) noexcept : ref<gex_basket>(at) {}
    std::int64_t size() const noexcept { return gex_basket_members(at_); }
    double spot() const noexcept { return gex_basket_spot(at_); }
    const char *name(std::int64_t i) const noexcept { return gex_basket_name(at_, i); }
    double slope(std::int64_t i) const noexcept { return gex_basket_slope(at_, i); }
    double beta(std::int64_t i) const noexcept { return gex_basket_beta(at_, i); }
    /** A price of the reference as one of a member, and back; NaN where there is none. */
    double price(std::int64_t i, double reference) const noexcept { return gex_basket_price(at_, i, reference); }
    double reference(std::int64_t i, double price) const noexcept { return gex_basket_reference(at_, i, price); }
};

/** Several underlyings as one book, hedged with a reference. */
class basket : public owned<basket_ref, gex_basket, gex_basket_free> {
public:
    basket() noexcept {}
    static basket create(gex_error *error, const gex_basket_columns &columns,
                         const gex_context *context = nullptr) noexcept
    {
        return basket(detail::made<gex_basket>(error, gex_basket_create, context, &columns));
    }
#if GEX_HPP_EXCEPTIONS
    explicit basket(const gex_basket_columns &columns, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_basket>(gex_basket_create, context, &columns))
    {
    }
#endif

private:
    explicit basket(gex_basket *mine) noexcept : owned(mine) {}
};

/** Reads an exposure of a basket: hedge currency, by the reference. */
class basket_exposure_ref : public ref<gex_basket_exposure> {
public:
    explicit basket_exposure_ref(const gex_basket_exposure *at) noexcept : ref<gex_basket_exposure>(at) {}
    double total() const noexcept { return gex_basket_exposure_total(at_); }
    double gross() const noexcept { return gex_basket_exposure_gross(at_); }
    /** A member's line, with its rows behind it. */
    exposure_ref operator[](std::int64_t i) const noexcept { return exposure_ref(gex_basket_exposure_member(at_, i)); }
};

/** One unit of every member of a basket. */
class basket_exposure : public owned<basket_exposure_ref, gex_basket_exposure, gex_basket_exposure_free> {
public:
    basket_exposure() noexcept {}
    static basket_exposure create(gex_error *error, const basket_ref &basket, const gex_exposure_options &options,
                                  const gex_context *context = nullptr) noexcept
    {
        return basket_exposure(detail::made<gex_basket_exposure>(error, gex_basket_exposure_compute, context,
                                                                 basket.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    basket_exposure(const basket_ref &basket, const gex_exposure_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_basket_exposure>(gex_basket_exposure_compute, context, basket.get(),
                                                            &options))
    {
    }
#endif

private:
    explicit basket_exposure(gex_basket_exposure *mine) noexcept : owned(mine) {}
};

/** Reads strikes of several members on one axis. */
class combo_ref : public ref<gex_combo> {
public:
    explicit combo_ref(const gex_combo *at) noexcept : ref<gex_combo>(at) {}
    span<double> prices() const noexcept { return detail::counted<double>(at_, gex_combo_prices); }
    /** GEX_SUM_* of each node. */
    span<double> operator[](std::int32_t sum) const noexcept
    {
        std::int64_t size = 0;
        const double *data = gex_combo_sum(at_, sum, &size);
        return {data, size};
    }
    /** Price of a level over the nodes; NaN where there is none. */
    double level(std::int32_t level, std::int64_t rank = 0) const noexcept
    {
        double price = 0;
        gex_combo_level(at_, level, rank, &price, nullptr, nullptr);
        return price;
    }
};

/** COMBO: strikes of all members where the reference would be. */
class combo : public owned<combo_ref, gex_combo, gex_combo_free> {
public:
    combo() noexcept {}
    static combo create(gex_error *error, const basket_exposure_ref &exposure,
                        const gex_combo_options *options = nullptr, const gex_context *context = nullptr) noexcept
    {
        return combo(detail::made<gex_combo>(error, gex_combo_compute, context, exposure.get(), options));
    }
#if GEX_HPP_EXCEPTIONS
    explicit combo(const basket_exposure_ref &exposure, const gex_combo_options *options = nullptr,
                   const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_combo>(gex_combo_compute, context, exposure.get(), options))
    {
    }
#endif

private:
    explicit combo(gex_combo *mine) noexcept : owned(mine) {}
};

/** Reads a dispersion: GEX_DISPERSION_*. */
class dispersion_ref : public ref<gex_dispersion> {
public:
    explicit dispersion_ref(const gex_dispersion *at) noexcept : ref<gex_dispersion>(at) {}
    std::int32_t status() const noexcept { return gex_dispersion_status(at_); }
    double operator[](std::int32_t value) const noexcept { return gex_dispersion_value(at_, value); }
    span<double> member(std::int32_t value) const noexcept
    {
        std::int64_t size = 0;
        const double *data = gex_dispersion_member(at_, value, &size);
        return {data, size};
    }
};

/** An index against its constituents. */
class dispersion : public owned<dispersion_ref, gex_dispersion, gex_dispersion_free> {
public:
    dispersion() noexcept {}
    static dispersion create(gex_error *error, const basket_ref &basket, const gex_dispersion_options &options,
                             const gex_context *context = nullptr) noexcept
    {
        return dispersion(
            detail::made<gex_dispersion>(error, gex_dispersion_compute, context, basket.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    dispersion(const basket_ref &basket, const gex_dispersion_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_dispersion>(gex_dispersion_compute, context, basket.get(), &options))
    {
    }
#endif

private:
    explicit dispersion(gex_dispersion *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
