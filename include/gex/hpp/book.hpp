/* SPDX-License-Identifier: Apache-2.0 */
/** @file book.hpp The dealers' contracts, and how far they may be off. */
#ifndef GEX_HPP_BOOK_HPP
#define GEX_HPP_BOOK_HPP

#include <gex/hpp/market.hpp>

namespace gex {

inline gex_book_options book_options() noexcept { return filled<gex_book_options>(gex_book_options_init); }
inline gex_uncertainty_options uncertainty_options() noexcept
{
    return filled<gex_uncertainty_options>(gex_uncertainty_options_init);
}

/** Reads a book. */
class book_ref : public ref<gex_book> {
public:
    explicit book_ref(const gex_book *at) noexcept : ref<gex_book>(at) {}
    chain_ref chain() const noexcept { return chain_ref(gex_book_chain(at_)); }
    const char *source() const noexcept { return gex_book_source(at_); }
    span<double> positions() const noexcept { return {gex_book_positions(at_), chain().rows()}; }
    std::int64_t save_size() const noexcept { return gex_book_save_size(at_); }
    gex_status save(gex_error *error, gex_write write, void *user) const noexcept
    {
        return gex_book_save(at_, write, user, error);
    }
#if GEX_HPP_EXCEPTIONS
    std::string save() const
    {
        std::string bytes;
        gex_error why = gex_error();
        bytes.reserve(static_cast<std::size_t>(save_size()));
        detail::check(save(&why, detail::append, &bytes), why);
        return bytes;
    }
#endif
};

/** The dealers' signed contracts, long > 0. */
class book : public owned<book_ref, gex_book, gex_book_free> {
public:
    book() noexcept {}
    static book create(gex_error *error, const chain_ref &chain, const gex_book_options &options,
                       const gex_context *context = nullptr) noexcept
    {
        return book(detail::made<gex_book>(error, gex_book_create, context, chain.get(), &options));
    }
    /** From the bytes of save(); refused when they are of another chain. */
    static book load(gex_error *error, const chain_ref &chain, const void *bytes, std::int64_t length,
                     const gex_context *context = nullptr) noexcept
    {
        return book(detail::made<gex_book>(error, gex_book_load, context, chain.get(), bytes, length));
    }
    /** A book whose positions are `weights` times those of this. */
    book weight(gex_error *error, const gex_f64 &weights, const char *name,
                const gex_context *context = nullptr) const noexcept
    {
        return book(detail::made<gex_book>(error, gex_book_weight, context, get(), &weights, name));
    }
#if GEX_HPP_EXCEPTIONS
    static book load(const chain_ref &chain, const void *bytes, std::int64_t length,
                     const gex_context *context = nullptr)
    {
        return book(detail::made_or_thrown<gex_book>(gex_book_load, context, chain.get(), bytes, length));
    }
    book(const chain_ref &chain, const gex_book_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_book>(gex_book_create, context, chain.get(), &options))
    {
    }
    book weight(const gex_f64 &weights, const char *name, const gex_context *context = nullptr) const
    {
        return book(detail::made_or_thrown<gex_book>(gex_book_weight, context, get(), &weights, name));
    }
#endif

private:
    friend class live;
    explicit book(gex_book *mine) noexcept : owned(mine) {}
};

/** Reads how far positions may be off, contracts. */
class uncertainty_ref : public ref<gex_uncertainty> {
public:
    explicit uncertainty_ref(const gex_uncertainty *at) noexcept : ref<gex_uncertainty>(at) {}
    book_ref book() const noexcept { return book_ref(gex_uncertainty_book(at_)); }
    span<double> sd() const noexcept { return {gex_uncertainty_sd(at_), rows()}; }
    std::int64_t factors() const noexcept { return gex_uncertainty_factors(at_); }
    span<double> loading(std::int64_t f) const noexcept { return {gex_uncertainty_loading(at_, f), rows()}; }
    double share() const noexcept { return gex_uncertainty_share(at_); }
    double correlation() const noexcept { return gex_uncertainty_correlation(at_); }
    std::int64_t refused() const noexcept { return gex_uncertainty_refused(at_); }

private:
    std::int64_t rows() const noexcept { return book().chain().rows(); }
};

/** Errors of the positions of a book. */
class uncertainty : public owned<uncertainty_ref, gex_uncertainty, gex_uncertainty_free> {
public:
    uncertainty() noexcept {}
    static uncertainty create(gex_error *error, const book_ref &book, const gex_uncertainty_options &options,
                              const gex_context *context = nullptr) noexcept
    {
        return uncertainty(
            detail::made<gex_uncertainty>(error, gex_uncertainty_create, context, book.get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    uncertainty(const book_ref &book, const gex_uncertainty_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_uncertainty>(gex_uncertainty_create, context, book.get(), &options))
    {
    }
#endif

private:
    explicit uncertainty(gex_uncertainty *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
