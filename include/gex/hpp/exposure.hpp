/* SPDX-License-Identifier: Apache-2.0 */
/** @file exposure.hpp Greeks, and greeks times contracts. */
#ifndef GEX_HPP_EXPOSURE_HPP
#define GEX_HPP_EXPOSURE_HPP

#include <gex/hpp/book.hpp>

namespace gex {

inline gex_exposure_options exposure_options() noexcept
{
    return filled<gex_exposure_options>(gex_exposure_options_init);
}
inline gex_grouping_options grouping_options() noexcept
{
    return filled<gex_grouping_options>(gex_grouping_options_init);
}
inline gex_measure_options measure_options() noexcept { return filled<gex_measure_options>(gex_measure_options_init); }

/** Reads greeks: raw derivatives, per year, per 1.00 of vol, per 1.00 of rate. */
class greeks_ref : public ref<gex_greeks> {
public:
    explicit greeks_ref(const gex_greeks *at) noexcept : ref<gex_greeks>(at) {}
    market_ref market() const noexcept { return market_ref(gex_greeks_market(at_)); }
    span<double> operator[](std::int32_t greek) const noexcept
    {
        return {gex_greeks_column(at_, greek), market().chain().rows()};
    }
    span<std::uint8_t> status() const noexcept { return {gex_greeks_status(at_), market().chain().rows()}; }
    /** Expected move of an expiry, GEX_MOVE_*; NaN where it does not exist. */
    double expected_move(std::int64_t expiry, std::int32_t move) const noexcept
    {
        double value = 0.0;
        gex_expected_move(at_, expiry, move, &value, nullptr);
        return value;
    }
};

/** Price and greeks of each contract of a market. */
class greeks : public owned<greeks_ref, gex_greeks, gex_greeks_free> {
public:
    greeks() noexcept {}
    static greeks create(gex_error *error, const market_ref &market, const gex_context *context = nullptr) noexcept
    {
        return greeks(detail::made<gex_greeks>(error, gex_greeks_compute, context, market.get()));
    }
    /** The same with total delta and gamma: what the market's dynamics do to volatility when spot moves included. */
    greeks shadow(gex_error *error, const gex_context *context = nullptr) const noexcept
    {
        return greeks(detail::made<gex_greeks>(error, gex_greeks_shadow, context, get()));
    }
#if GEX_HPP_EXCEPTIONS
    explicit greeks(const market_ref &market, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_greeks>(gex_greeks_compute, context, market.get()))
    {
    }
    greeks shadow(const gex_context *context = nullptr) const
    {
        return greeks(detail::made_or_thrown<gex_greeks>(gex_greeks_shadow, context, get()));
    }
#endif

private:
    explicit greeks(gex_greeks *mine) noexcept : owned(mine) {}
};

/** Reads an exposure. */
class exposure_ref : public ref<gex_exposure> {
public:
    explicit exposure_ref(const gex_exposure *at) noexcept : ref<gex_exposure>(at) {}
    std::int32_t unit() const noexcept { return gex_exposure_unit(at_); }
    const char *label() const noexcept { return gex_unit_label(unit()); }
    double total() const noexcept { return gex_exposure_total(at_); }
    double gross() const noexcept { return gex_exposure_gross(at_); }
    span<double> rows() const noexcept { return {gex_exposure_rows(at_), gex_exposure_count_total(at_)}; }
    span<std::uint8_t> status() const noexcept { return {gex_exposure_status(at_), gex_exposure_count_total(at_)}; }
    std::int64_t used() const noexcept { return gex_exposure_count_used(at_); }
    std::int64_t refused(std::int32_t row_status) const noexcept { return gex_exposure_count_refused(at_, row_status); }
    /** One sum per key of a grouping, GEX_BY_* and GEX_SUM_*. */
    span<double> by(std::int32_t by, std::int32_t sum = GEX_SUM_NET) const noexcept
    {
        std::int64_t count = 0;
        const double *sums = gex_exposure_by(at_, by, sum, &count);
        return {sums, count};
    }
    /** Strike or price of a level, GEX_LEVEL_*; NaN when it does not exist. */
    double level(std::int32_t level) const noexcept
    {
        double price = 0.0;
        gex_level(at_, level, &price, nullptr, nullptr);
        return price;
    }
    /** A wall's strike by rank, 0 the wall itself; above and below are of `spot`, 0 for the market's. */
    double wall(std::int32_t level, std::int64_t rank, double spot = 0.0) const noexcept
    {
        double price = 0.0;
        gex_level_ranked(at_, level, rank, spot, &price, nullptr, nullptr);
        return price;
    }
    /** A measure, GEX_MEASURE_*; NaN where it does not exist or needs what the options do not give. */
    double measure(std::int32_t measure, const gex_measure_options *options = nullptr) const noexcept
    {
        double value = 0.0;
        gex_measure(at_, measure, options, &value, nullptr);
        return value;
    }
};

/** Greeks times the dealers' contracts, in one unit. */
class exposure : public owned<exposure_ref, gex_exposure, gex_exposure_free> {
public:
    exposure() noexcept {}
    static exposure create(gex_error *error, const greeks_ref &greeks, const book_ref &book,
                           const gex_exposure_options &options, const gex_context *context = nullptr) noexcept
    {
        return exposure(detail::made<gex_exposure>(error, gex_exposure_compute, context, greeks.get(), book.get(),
                                                   &options));
    }
#if GEX_HPP_EXCEPTIONS
    exposure(const greeks_ref &greeks, const book_ref &book, const gex_exposure_options &options,
             const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_exposure>(gex_exposure_compute, context, greeks.get(), book.get(), &options))
    {
    }
#endif

private:
    explicit exposure(gex_exposure *mine) noexcept : owned(mine) {}
};

/** Reads an exposure in cells of one key or two. */
class grouping_ref : public ref<gex_grouping> {
public:
    explicit grouping_ref(const gex_grouping *at) noexcept : ref<gex_grouping>(at) {}
    exposure_ref exposure() const noexcept { return exposure_ref(gex_grouping_exposure(at_)); }
    std::int64_t cells() const noexcept { return gex_grouping_cells(at_); }
    /** Key of each cell; axis 0 or 1. */
    span<std::int32_t> key(std::int32_t axis) const noexcept { return {gex_grouping_key(at_, axis), cells()}; }
    span<double> sum(std::int32_t sum = GEX_SUM_NET) const noexcept { return {gex_grouping_sum(at_, sum), cells()}; }
    span<std::int64_t> count() const noexcept { return {gex_grouping_count(at_), cells()}; }
    /** Rows of the chain behind a cell. */
    span<std::int64_t> rows(std::int64_t cell) const noexcept
    {
        std::int64_t count = 0;
        const std::int64_t *row = gex_grouping_rows(at_, cell, &count);
        return {row, count};
    }
    const char *root(std::int64_t key) const noexcept { return gex_grouping_root(at_, key); }
};

/** An exposure by one key or two, every sum with its rows. */
class grouping : public owned<grouping_ref, gex_grouping, gex_grouping_free> {
public:
    grouping() noexcept {}
    static grouping create(gex_error *error, const exposure_ref &exposure, const gex_grouping_options &options,
                           const gex_context *context = nullptr) noexcept
    {
        return grouping(detail::made<gex_grouping>(error, gex_grouping_compute, context, exposure.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    grouping(const exposure_ref &exposure, const gex_grouping_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_grouping>(gex_grouping_compute, context, exposure.get(), &options))
    {
    }
#endif

private:
    explicit grouping(gex_grouping *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
