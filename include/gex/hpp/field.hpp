/* SPDX-License-Identifier: Apache-2.0 */
/** @file field.hpp Exposures and hedges over spot and time, and readings of them. */
#ifndef GEX_HPP_FIELD_HPP
#define GEX_HPP_FIELD_HPP

#include <gex/hpp/book.hpp>

namespace gex {

inline gex_field_options field_options() noexcept { return filled<gex_field_options>(gex_field_options_init); }
inline gex_cliffs_options cliffs_options() noexcept { return filled<gex_cliffs_options>(gex_cliffs_options_init); }
inline gex_forced_options forced_options() noexcept { return filled<gex_forced_options>(gex_forced_options_init); }

/** Reads a field: instants times prices. */
class field_ref : public ref<gex_field> {
public:
    explicit field_ref(const gex_field *at) noexcept : ref<gex_field>(at) {}
    span<double> prices() const noexcept { return detail::counted<double>(at_, gex_field_prices); }
    span<std::int64_t> instants() const noexcept { return detail::counted<std::int64_t>(at_, gex_field_instants); }
    span<std::int64_t> live() const noexcept { return detail::counted<std::int64_t>(at_, gex_field_live); }
    /** One quantity, row by row in time. */
    span<double> operator[](std::int32_t quantity) const noexcept
    {
        std::int64_t count = 0;
        const double *values = gex_field_values(at_, quantity, &count);
        return {values, count};
    }
    /** Its gross likewise, empty where options did not ask. */
    span<double> gross(std::int32_t quantity) const noexcept
    {
        std::int64_t count = 0;
        const double *values = gex_field_gross(at_, quantity, &count);
        return {values, count};
    }
};

/** Exposure and hedge flow over spot and time. */
class field : public owned<field_ref, gex_field, gex_field_free> {
public:
    field() noexcept {}
    static field create(gex_error *error, const market_ref &market, const book_ref &book,
                        const gex_field_options &options, const gex_context *context = nullptr) noexcept
    {
        return field(detail::made<gex_field>(error, gex_field_compute, context, market.get(), book.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    field(const market_ref &market, const book_ref &book, const gex_field_options &options,
          const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_field>(gex_field_compute, context, market.get(), book.get(), &options))
    {
    }
#endif

private:
    explicit field(gex_field *mine) noexcept : owned(mine) {}
};

/** Reads where a quantity of a field changes sign. */
class crossings_ref : public ref<gex_crossings> {
public:
    explicit crossings_ref(const gex_crossings *at) noexcept : ref<gex_crossings>(at) {}
    span<double> price() const noexcept { return detail::counted<double>(at_, gex_crossings_price); }
    /** Indices into field_ref::instants(). */
    span<std::int64_t> instant() const noexcept { return detail::counted<std::int64_t>(at_, gex_crossings_instant); }
    span<std::int32_t> direction() const noexcept
    {
        return detail::counted<std::int32_t>(at_, gex_crossings_direction);
    }
};

/** Every price at which a quantity of a field changes sign, instant by instant. */
class crossings : public owned<crossings_ref, gex_crossings, gex_crossings_free> {
public:
    crossings() noexcept {}
    static crossings create(gex_error *error, const field_ref &field, std::int32_t quantity,
                            const gex_context *context = nullptr) noexcept
    {
        return crossings(detail::made<gex_crossings>(error, gex_crossings_compute, context, field.get(), quantity));
    }
#if GEX_HPP_EXCEPTIONS
    crossings(const field_ref &field, std::int32_t quantity, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_crossings>(gex_crossings_compute, context, field.get(), quantity))
    {
    }
#endif

private:
    explicit crossings(gex_crossings *mine) noexcept : owned(mine) {}
};

/** Reads cliffs, one value a settlement. */
class cliffs_ref : public ref<gex_cliffs> {
public:
    explicit cliffs_ref(const gex_cliffs *at) noexcept : ref<gex_cliffs>(at) {}
    span<std::int64_t> settlement() const noexcept { return detail::counted<std::int64_t>(at_, gex_cliffs_settlement); }
    span<double> before() const noexcept { return detail::counted<double>(at_, gex_cliffs_before); }
    span<double> settling() const noexcept { return detail::counted<double>(at_, gex_cliffs_settling); }
    span<double> after() const noexcept { return detail::counted<double>(at_, gex_cliffs_after); }
    /** How many contracts of the chain leave. */
    span<std::int64_t> rows() const noexcept { return detail::counted<std::int64_t>(at_, gex_cliffs_rows); }
};

/** The exposure on both sides of each settlement ahead. */
class cliffs : public owned<cliffs_ref, gex_cliffs, gex_cliffs_free> {
public:
    cliffs() noexcept {}
    static cliffs create(gex_error *error, const market_ref &market, const book_ref &book,
                         const gex_cliffs_options &options, const gex_context *context = nullptr) noexcept
    {
        return cliffs(detail::made<gex_cliffs>(error, gex_cliffs_compute, context, market.get(), book.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    cliffs(const market_ref &market, const book_ref &book, const gex_cliffs_options &options,
           const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_cliffs>(gex_cliffs_compute, context, market.get(), book.get(), &options))
    {
    }
#endif

private:
    explicit cliffs(gex_cliffs *mine) noexcept : owned(mine) {}
};

/** Reads the flows of stretches of time; `stretch` is GEX_STRETCH_*. */
class forced_ref : public ref<gex_forced> {
public:
    explicit forced_ref(const gex_forced *at) noexcept : ref<gex_forced>(at) {}
    /** GEX_FORCED_*. */
    double value(std::int32_t stretch, std::int32_t column) const noexcept
    {
        return gex_forced_value(at_, stretch, column);
    }
    std::int64_t from(std::int32_t stretch) const noexcept { return gex_forced_from(at_, stretch); }
    std::int64_t to(std::int32_t stretch) const noexcept { return gex_forced_to(at_, stretch); }
};

/** What each named stretch of time asks dealers to trade. */
class forced : public owned<forced_ref, gex_forced, gex_forced_free> {
public:
    forced() noexcept {}
    static forced create(gex_error *error, const market_ref &market, const book_ref &book,
                         const gex_forced_options *options = nullptr, const gex_context *context = nullptr) noexcept
    {
        return forced(detail::made<gex_forced>(error, gex_forced_compute, context, market.get(), book.get(), options));
    }
#if GEX_HPP_EXCEPTIONS
    forced(const market_ref &market, const book_ref &book, const gex_forced_options *options = nullptr,
           const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_forced>(gex_forced_compute, context, market.get(), book.get(), options))
    {
    }
#endif

private:
    explicit forced(gex_forced *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
