/* SPDX-License-Identifier: Apache-2.0 */
/** @file difference.hpp Two snapshots, and one under other choices. */
#ifndef GEX_HPP_DIFFERENCE_HPP
#define GEX_HPP_DIFFERENCE_HPP

#include <gex/hpp/profile.hpp>

namespace gex {

inline gex_difference_options difference_options() noexcept
{
    return filled<gex_difference_options>(gex_difference_options_init);
}
inline gex_robustness_options robustness_options() noexcept
{
    return filled<gex_robustness_options>(gex_robustness_options_init);
}

/** Reads what changed at fixed strike. */
class change_ref : public ref<gex_change> {
public:
    explicit change_ref(const gex_change *at) noexcept : ref<gex_change>(at) {}
    /** Per row of the chain before; GEX_CHANGE_*. */
    span<double> operator[](std::int32_t column) const noexcept
    {
        std::int64_t size = 0;
        const double *data = gex_change_column(at_, column, &size);
        return {data, size};
    }
    /** The row after of each before, -1 where it is not in both. */
    span<std::int64_t> rows() const noexcept
    {
        std::int64_t size = 0;
        const std::int64_t *data = gex_change_rows(at_, &size);
        return {data, size};
    }
    /** Per expiry of the chain before; GEX_CHANGE_EXPIRY_*. */
    span<double> expiry(std::int32_t column) const noexcept
    {
        std::int64_t size = 0;
        const double *data = gex_change_expiry(at_, column, &size);
        return {data, size};
    }
    /** Times dealers' vega, summed by GEX_BY_STRIKE or GEX_BY_EXPIRY. */
    span<double> by(std::int32_t group, std::int32_t column) const noexcept
    {
        std::int64_t size = 0;
        const double *data = gex_change_by(at_, group, column, &size);
        return {data, size};
    }
    double total(std::int32_t column) const noexcept { return gex_change_total(at_, column); }
    std::int64_t matched() const noexcept { return gex_change_matched(at_); }
    /** R of the two snapshots, and its standard error where asked for. */
    double stickiness(double *error = nullptr) const noexcept { return gex_change_stickiness(at_, error); }
};

/** What changed at fixed strike between two markets,
 * weighted by a book's vega or, with an empty one, by one contract each. */
class change : public owned<change_ref, gex_change, gex_change_free> {
public:
    change() noexcept {}
    static change create(gex_error *error, const market_ref &before, const market_ref &after, const book_ref &book,
                         const gex_context *context = nullptr) noexcept
    {
        return change(
            detail::made<gex_change>(error, gex_change_compute, context, before.get(), after.get(), book.get()));
    }
#if GEX_HPP_EXCEPTIONS
    change(const market_ref &before, const market_ref &after, const book_ref &book,
           const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_change>(gex_change_compute, context, before.get(), after.get(), book.get()))
    {
    }
#endif

private:
    explicit change(gex_change *mine) noexcept : owned(mine) {}
};

/** Reads what changed between two snapshots; columns are GEX_DIFFERENCE_*. */
class difference_ref : public ref<gex_difference> {
public:
    explicit difference_ref(const gex_difference *at) noexcept : ref<gex_difference>(at) {}
    double total(std::int32_t column) const noexcept { return gex_difference_total(at_, column); }
    /** GEX_LINE_*, 0: all. */
    std::int64_t count(std::int32_t kind) const noexcept { return gex_difference_count(at_, kind); }
    /** A column, one value a line. */
    span<double> operator[](std::int32_t column) const noexcept
    {
        std::int64_t count = 0;
        const double *values = gex_difference_lines(at_, column, &count);
        return {values, count};
    }
    span<std::uint8_t> kinds() const noexcept { return detail::counted<std::uint8_t>(at_, gex_difference_kinds); }
    span<std::int64_t> rows_before() const noexcept
    {
        return detail::counted<std::int64_t>(at_, gex_difference_rows_before);
    }
    span<std::int64_t> rows_after() const noexcept
    {
        return detail::counted<std::int64_t>(at_, gex_difference_rows_after);
    }
    span<double> strikes() const noexcept { return detail::counted<double>(at_, gex_difference_strikes); }
    span<std::int64_t> expiries() const noexcept { return detail::counted<std::int64_t>(at_, gex_difference_expiries); }
    /** GEX_BY_STRIKE or GEX_BY_EXPIRY. */
    span<double> by(std::int32_t by, std::int32_t column) const noexcept
    {
        std::int64_t count = 0;
        const double *values = gex_difference_by(at_, by, column, &count);
        return {values, count};
    }
};

/** What changed between two snapshots, split by cause. */
class difference : public owned<difference_ref, gex_difference, gex_difference_free> {
public:
    difference() noexcept {}
    static difference create(gex_error *error, const market_ref &market_before, const book_ref &book_before,
                             const market_ref &market_after, const book_ref &book_after,
                             const gex_difference_options &options, const gex_context *context = nullptr) noexcept
    {
        return difference(detail::made<gex_difference>(error, gex_difference_compute, context, market_before.get(),
                                                       book_before.get(), market_after.get(), book_after.get(),
                                                       &options));
    }
#if GEX_HPP_EXCEPTIONS
    difference(const market_ref &market_before, const book_ref &book_before, const market_ref &market_after,
               const book_ref &book_after, const gex_difference_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_difference>(gex_difference_compute, context, market_before.get(),
                                                       book_before.get(), market_after.get(), book_after.get(),
                                                       &options))
    {
    }
#endif

private:
    explicit difference(gex_difference *mine) noexcept : owned(mine) {}
};

/** Reads the headline numbers under other choices; entry 0 is the base. */
class robustness_ref : public ref<gex_robustness> {
public:
    explicit robustness_ref(const gex_robustness *at) noexcept : ref<gex_robustness>(at) {}
    std::int64_t size() const noexcept { return gex_robustness_count(at_); }
    std::int32_t vary(std::int64_t i) const noexcept { return gex_robustness_vary(at_, i); }
    const char *choice(std::int64_t i) const noexcept { return gex_robustness_choice(at_, i); }
    gex_status status(std::int64_t i) const noexcept { return gex_robustness_status(at_, i); }
    /** GEX_ROBUST_*. */
    double value(std::int64_t i, std::int32_t what) const noexcept { return gex_robustness_value(at_, i, what); }
    std::int32_t regime(std::int64_t i) const noexcept { return gex_robustness_regime(at_, i); }
    std::int32_t roots(std::int64_t i) const noexcept { return gex_robustness_roots(at_, i); }
    flips_ref flips(std::int64_t i) const noexcept { return flips_ref(gex_robustness_flips(at_, i)); }
    /** Where a root of the base is in an entry; NaN when it has none of its direction. */
    double root(std::int64_t i, std::int64_t root) const noexcept { return gex_robustness_root(at_, i, root); }
    /** GEX_AGREE_*: 1, 0, or -1 where it does not count. */
    std::int32_t agrees(std::int64_t i, std::int32_t what) const noexcept
    {
        return gex_robustness_agrees(at_, i, what);
    }
};

/** The headline numbers with one choice changed at a time. */
class robustness : public owned<robustness_ref, gex_robustness, gex_robustness_free> {
public:
    robustness() noexcept {}
    static robustness create(gex_error *error, const chain_ref &chain, const gex_market_options &market,
                             const gex_book_options &book, const gex_robustness_options *options = nullptr,
                             const gex_context *context = nullptr) noexcept
    {
        return robustness(detail::made<gex_robustness>(error, gex_robustness_compute, context, chain.get(), &market,
                                                       &book, options));
    }
#if GEX_HPP_EXCEPTIONS
    robustness(const chain_ref &chain, const gex_market_options &market, const gex_book_options &book,
               const gex_robustness_options *options = nullptr, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_robustness>(gex_robustness_compute, context, chain.get(), &market, &book,
                                                       options))
    {
    }
#endif

private:
    explicit robustness(gex_robustness *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
