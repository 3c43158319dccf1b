/* SPDX-License-Identifier: Apache-2.0 */
/** @file market.hpp Contracts, days, and a chain seen at one instant and one spot. */
#ifndef GEX_HPP_MARKET_HPP
#define GEX_HPP_MARKET_HPP

#include <gex/hpp/surface.hpp>

namespace gex {

inline gex_chain_columns chain_columns() noexcept { return filled<gex_chain_columns>(gex_chain_columns_init); }
inline gex_chain_options chain_options() noexcept { return filled<gex_chain_options>(gex_chain_options_init); }
inline gex_calendar_options calendar_options() noexcept
{
    return filled<gex_calendar_options>(gex_calendar_options_init);
}
inline gex_market_options market_options() noexcept { return filled<gex_market_options>(gex_market_options_init); }
inline gex_shift_options shift_options() noexcept { return filled<gex_shift_options>(gex_shift_options_init); }
inline gex_quotes_options quotes_options() noexcept { return filled<gex_quotes_options>(gex_quotes_options_init); }

/** Reads a chain; all arrays are in the caller's row order. */
class chain_ref : public ref<gex_chain> {
public:
    explicit chain_ref(const gex_chain *at) noexcept : ref<gex_chain>(at) {}
    std::int64_t rows() const noexcept { return gex_chain_rows(at_); }
    span<std::uint8_t> status() const noexcept { return {gex_chain_status(at_), rows()}; }
    span<std::uint32_t> flags() const noexcept { return {gex_chain_flags(at_), rows()}; }
    span<double> strike() const noexcept { return {gex_chain_strike(at_), rows()}; }
    span<std::int8_t> right() const noexcept { return {gex_chain_right(at_), rows()}; }
    span<std::int64_t> settlement() const noexcept { return {gex_chain_settlement(at_), rows()}; }
    span<double> multiplier() const noexcept { return {gex_chain_multiplier(at_), rows()}; }
    span<double> bid() const noexcept { return {gex_chain_bid(at_), rows()}; }
    span<double> ask() const noexcept { return {gex_chain_ask(at_), rows()}; }
    span<double> vol() const noexcept { return {gex_chain_vol(at_), rows()}; }
    span<double> open_interest() const noexcept { return {gex_chain_open_interest(at_), rows()}; }
    span<double> volume() const noexcept { return {gex_chain_volume(at_), rows()}; }
    span<std::int64_t> expiries() const noexcept { return detail::counted<std::int64_t>(at_, gex_chain_expiries); }
    span<double> strikes() const noexcept { return detail::counted<double>(at_, gex_chain_strikes); }
    span<std::int64_t> order() const noexcept { return {gex_chain_order(at_), rows()}; }
    const char *underlying() const noexcept { return gex_chain_underlying(at_); }
    std::int64_t save_size() const noexcept { return gex_chain_save_size(at_); }
    /** Write the chain as bytes that load() reads. */
    gex_status save(gex_error *error, gex_write write, void *user) const noexcept
    {
        return gex_chain_save(at_, write, user, error);
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

/** The contracts outstanding. */
class chain : public owned<chain_ref, gex_chain, gex_chain_free> {
public:
    chain() noexcept {}
    static chain create(gex_error *error, const gex_chain_columns &columns, const gex_chain_options *options = nullptr,
                        const gex_context *context = nullptr) noexcept
    {
        return chain(detail::made<gex_chain>(error, gex_chain_create, context, &columns, options));
    }
    /** From the bytes of save(). */
    static chain load(gex_error *error, const void *bytes, std::int64_t length,
                      const gex_context *context = nullptr) noexcept
    {
        return chain(detail::made<gex_chain>(error, gex_chain_load, context, bytes, length));
    }
#if GEX_HPP_EXCEPTIONS
    static chain load(const void *bytes, std::int64_t length, const gex_context *context = nullptr)
    {
        return chain(detail::made_or_thrown<gex_chain>(gex_chain_load, context, bytes, length));
    }
    explicit chain(const gex_chain_columns &columns, const gex_chain_options *options = nullptr,
                   const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_chain>(gex_chain_create, context, &columns, options))
    {
    }
#endif

private:
    explicit chain(gex_chain *mine) noexcept : owned(mine) {}
};

/** Reads a table of quotes that was read from text. */
class feed_ref : public ref<gex_feed> {
public:
    explicit feed_ref(const gex_feed *at) noexcept : ref<gex_feed>(at) {}
    /** Columns for a chain; they point into the feed. */
    gex_chain_columns columns() const noexcept
    {
        gex_chain_columns lent = chain_columns();
        gex_feed_columns(at_, &lent, nullptr);
        return lent;
    }
    const char *underlying() const noexcept { return gex_feed_underlying(at_); }
    double spot() const noexcept { return gex_feed_spot(at_); }
    bool as_of(std::int64_t *instant) const noexcept { return gex_feed_as_of(at_, instant) != 0; }
};

/** A table of quotes, from the bytes of a file. */
class feed : public owned<feed_ref, gex_feed, gex_feed_free> {
public:
    feed() noexcept {}
    static feed create(gex_error *error, const char *bytes, std::int64_t length,
                       const gex_context *context = nullptr) noexcept
    {
        return feed(detail::made<gex_feed>(error, gex_feed_csv, context, bytes, length));
    }
#if GEX_HPP_EXCEPTIONS
    feed(const char *bytes, std::int64_t length, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_feed>(gex_feed_csv, context, bytes, length))
    {
    }
#endif

private:
    explicit feed(gex_feed *mine) noexcept : owned(mine) {}
};

/** Reads a calendar. */
class calendar_ref : public ref<gex_calendar> {
public:
    explicit calendar_ref(const gex_calendar *at) noexcept : ref<gex_calendar>(at) {}
    double weight(std::int32_t which) const noexcept { return gex_calendar_weight(at_, which); }
    double years(std::int32_t clock, std::int64_t from, std::int64_t to) const noexcept
    {
        return gex_calendar_years(at_, clock, from, to);
    }
    double units(std::int64_t from, std::int64_t to) const noexcept { return gex_calendar_units(at_, from, to); }
    double pace(std::int32_t clock, std::int64_t at) const noexcept { return gex_calendar_pace(at_, clock, at); }
};

/** Open days, and the weights and events of the variance clock. */
class calendar : public owned<calendar_ref, gex_calendar, gex_calendar_free> {
public:
    calendar() noexcept {}
    static calendar create(gex_error *error, const gex_calendar_options &options,
                           const gex_context *context = nullptr) noexcept
    {
        return calendar(detail::made<gex_calendar>(error, gex_calendar_create, context, &options));
    }
#if GEX_HPP_EXCEPTIONS
    explicit calendar(const gex_calendar_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_calendar>(gex_calendar_create, context, &options))
    {
    }
#endif

private:
    explicit calendar(gex_calendar *mine) noexcept : owned(mine) {}
};

/** Reads a market. */
class market_ref : public ref<gex_market> {
public:
    explicit market_ref(const gex_market *at) noexcept : ref<gex_market>(at) {}
    chain_ref chain() const noexcept { return chain_ref(gex_market_chain(at_)); }
    std::int64_t save_size() const noexcept { return gex_market_save_size(at_); }
    gex_status save(gex_error *error, gex_write write, void *user) const noexcept
    {
        return gex_market_save(at_, write, user, error);
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
    std::int64_t as_of() const noexcept { return gex_market_as_of(at_); }
    double spot() const noexcept { return gex_market_spot(at_); }
    std::int32_t dynamics() const noexcept { return gex_market_dynamics(at_); }
    double dynamics_parameter() const noexcept { return gex_market_dynamics_parameter(at_); }
    /** As given; empty when none was, and of a market loaded. */
    surface_ref surface() const noexcept { return surface_ref(gex_market_surface(at_)); }
    span<std::uint8_t> status() const noexcept { return {gex_market_status(at_), chain().rows()}; }
    span<std::uint32_t> flags() const noexcept { return {gex_market_flags(at_), chain().rows()}; }
    span<double> vol() const noexcept { return {gex_market_vol(at_), chain().rows()}; }
    span<double> calendar_vol() const noexcept { return {gex_market_calendar_vol(at_), chain().rows()}; }
    span<double> calendar_years() const noexcept
    {
        return {gex_market_calendar_years(at_), gex_market_expiry_count(at_)};
    }
    span<std::uint8_t> expiry_clock() const noexcept
    {
        return {gex_market_expiry_clock(at_), gex_market_expiry_count(at_)};
    }
    span<double> pace() const noexcept { return {gex_market_pace(at_), gex_market_expiry_count(at_)}; }
    span<double> years() const noexcept { return {gex_market_years(at_), gex_market_expiry_count(at_)}; }
    span<double> forward() const noexcept { return {gex_market_forward(at_), gex_market_expiry_count(at_)}; }
    span<double> discount() const noexcept { return {gex_market_discount(at_), gex_market_expiry_count(at_)}; }
};

/** A chain seen at one instant and one spot. */
class market : public owned<market_ref, gex_market, gex_market_free> {
public:
    market() noexcept {}
    static market create(gex_error *error, const chain_ref &chain, const gex_market_options &options,
                         const gex_context *context = nullptr) noexcept
    {
        return market(detail::made<gex_market>(error, gex_market_create, context, chain.get(), &options));
    }
    /** From the bytes of save(), its chain included. */
    static market load(gex_error *error, const void *bytes, std::int64_t length,
                       const gex_context *context = nullptr) noexcept
    {
        return market(detail::made<gex_market>(error, gex_market_load, context, bytes, length));
    }
    /** The same chain at another spot, instant and level of volatility. */
    market shift(gex_error *error, const gex_shift_options &options,
                 const gex_context *context = nullptr) const noexcept
    {
        return market(detail::made<gex_market>(error, gex_market_shift, context, get(), &options));
    }
#if GEX_HPP_EXCEPTIONS
    static market load(const void *bytes, std::int64_t length, const gex_context *context = nullptr)
    {
        return market(detail::made_or_thrown<gex_market>(gex_market_load, context, bytes, length));
    }
    market(const chain_ref &chain, const gex_market_options &options, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_market>(gex_market_create, context, chain.get(), &options))
    {
    }
    market shift(const gex_shift_options &options, const gex_context *context = nullptr) const
    {
        return market(detail::made_or_thrown<gex_market>(gex_market_shift, context, get(), &options));
    }
#endif

private:
    friend class live;
    explicit market(gex_market *mine) noexcept : owned(mine) {}
};

/** Reads quotes; `which` is GEX_QUOTE_*. */
class quotes_ref : public ref<gex_quotes> {
public:
    explicit quotes_ref(const gex_quotes *at) noexcept : ref<gex_quotes>(at) {}
    market_ref market() const noexcept { return market_ref(gex_quotes_market(at_)); }
    span<double> price(std::int32_t which) const noexcept { return {gex_quotes_price(at_, which), rows()}; }
    span<double> vol(std::int32_t which) const noexcept { return {gex_quotes_vol(at_, which), rows()}; }
    span<std::uint8_t> status(std::int32_t which) const noexcept { return {gex_quotes_status(at_, which), rows()}; }
    span<std::uint32_t> flags() const noexcept { return {gex_quotes_flags(at_), rows()}; }
    /** GEX_REPAIRED_* per expiry; empty when no repair was asked for. */
    span<std::uint8_t> repaired() const noexcept
    {
        return {gex_quotes_repaired(at_), gex_market_expiry_count(gex_quotes_market(at_))};
    }
    std::int64_t count(std::uint32_t flag) const noexcept { return gex_quotes_count(at_, flag); }

private:
    std::int64_t rows() const noexcept { return market().chain().rows(); }
};

/** What the quotes of a chain are worth in a market. */
class quotes : public owned<quotes_ref, gex_quotes, gex_quotes_free> {
public:
    quotes() noexcept {}
    static quotes create(gex_error *error, const market_ref &market, const gex_quotes_options *options = nullptr,
                         const gex_context *context = nullptr) noexcept
    {
        return quotes(detail::made<gex_quotes>(error, gex_quotes_create, context, market.get(), options));
    }
#if GEX_HPP_EXCEPTIONS
    explicit quotes(const market_ref &market, const gex_quotes_options *options = nullptr,
                    const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_quotes>(gex_quotes_create, context, market.get(), options))
    {
    }
#endif

private:
    explicit quotes(gex_quotes *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
