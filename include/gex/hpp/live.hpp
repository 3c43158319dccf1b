/* SPDX-License-Identifier: Apache-2.0 */
/** @file live.hpp Exposures kept warm. */
#ifndef GEX_HPP_LIVE_HPP
#define GEX_HPP_LIVE_HPP

#include <gex/hpp/book.hpp>

#include <utility>

namespace gex {

inline gex_live_options live_options() noexcept { return filled<gex_live_options>(gex_live_options_init); }
inline gex_live_columns live_columns() noexcept { return filled<gex_live_columns>(gex_live_columns_init); }

/** Reads what the last refresh of a live showed; spans change with the next. */
class live_ref : public ref<gex_live> {
public:
    explicit live_ref(const gex_live *at) noexcept : ref<gex_live>(at) {}
    chain_ref chain() const noexcept { return chain_ref(gex_live_chain(at_)); }
    double spot() const noexcept { return gex_live_spot(at_); }
    std::int64_t as_of() const noexcept { return gex_live_as_of(at_); }
    span<double> vol() const noexcept { return {gex_live_vol(at_), chain().rows()}; }
    span<double> positions() const noexcept { return {gex_live_positions(at_), chain().rows()}; }
    span<std::uint8_t> status() const noexcept { return {gex_live_status(at_), chain().rows()}; }
    double forward(std::int64_t expiry) const noexcept { return gex_live_forward(at_, expiry); }
    double discount(std::int64_t expiry) const noexcept { return gex_live_discount(at_, expiry); }
    double total(std::int32_t unit) const noexcept { return gex_live_total(at_, unit); }
    double gross(std::int32_t unit) const noexcept { return gex_live_gross(at_, unit); }
    /** A column of chain().rows() values, stride bytes apart; data is NULL for a unit not asked for. */
    gex_f64 rows(std::int32_t unit) const noexcept
    {
        gex_f64 column = {nullptr, 0};
        gex_live_rows(at_, unit, &column);
        return column;
    }
    /** One sum per key of a grouping, GEX_BY_* and GEX_SUM_*. */
    span<double> by(std::int32_t unit, std::int32_t by, std::int32_t sum = GEX_SUM_NET) const noexcept
    {
        std::int64_t count = 0;
        const double *sums = gex_live_by(at_, unit, by, sum, &count);
        return {sums, count};
    }
    std::int64_t used() const noexcept { return gex_live_count_used(at_); }
    std::int64_t refused(std::int32_t row_status) const noexcept { return gex_live_count_refused(at_, row_status); }
};

/** Exposures kept warm: what is set is stored, refresh() works it in. One thread at a time. */
class live : public owned<live_ref, gex_live, gex_live_free> {
public:
    live() noexcept {}
    static live create(gex_error *error, const market_ref &market, const book_ref &book,
                       const gex_live_options &options, const gex_context *context = nullptr) noexcept
    {
        return live(detail::made<gex_live>(error, gex_live_create, context, market.get(), book.get(), &options));
    }
    gex_status set_spot(gex_error *error, double spot) noexcept { return gex_live_set_spot(mine(), spot, error); }
    gex_status set_as_of(gex_error *error, std::int64_t as_of) noexcept
    {
        return gex_live_set_as_of(mine(), as_of, error);
    }
    gex_status set_quote(gex_error *error, std::int64_t row, double bid, double ask) noexcept
    {
        return gex_live_set_quote(mine(), row, bid, ask, error);
    }
    gex_status set_vol(gex_error *error, std::int64_t row, double vol) noexcept
    {
        return gex_live_set_vol(mine(), row, vol, error);
    }
    gex_status set_position(gex_error *error, std::int64_t row, double contracts) noexcept
    {
        return gex_live_set_position(mine(), row, contracts, error);
    }
    gex_status trade(gex_error *error, std::int64_t row, double contracts) noexcept
    {
        return gex_live_trade(mine(), row, contracts, error);
    }
    /** Many ticks at once. */
    gex_status set_columns(gex_error *error, const gex_live_columns &columns) noexcept
    {
        return gex_live_set_columns(mine(), &columns, error);
    }
    gex_status reforward(gex_error *error, const market_ref &market) noexcept
    {
        return gex_live_reforward(mine(), market.get(), error);
    }
    gex_status refresh(gex_error *error, const gex_context *context = nullptr) noexcept
    {
        return gex_live_refresh(context, mine(), error);
    }
    /** Refresh, and the state as an ordinary market and book. */
    std::pair<market, book> freeze(gex_error *error, const gex_context *context = nullptr) noexcept
    {
        gex_market *market_out = nullptr;
        gex_book *book_out = nullptr;
        gex_live_freeze(context, mine(), &market_out, &book_out, error);
        return std::pair<market, book>(market(market_out), book(book_out));
    }
#if GEX_HPP_EXCEPTIONS
    live(const market_ref &market, const book_ref &book, const gex_live_options &options,
         const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_live>(gex_live_create, context, market.get(), book.get(), &options))
    {
    }
    void set_spot(double spot)
    {
        gex_error why = gex_error();
        detail::check(set_spot(&why, spot), why);
    }
    void set_as_of(std::int64_t as_of)
    {
        gex_error why = gex_error();
        detail::check(set_as_of(&why, as_of), why);
    }
    void set_quote(std::int64_t row, double bid, double ask)
    {
        gex_error why = gex_error();
        detail::check(set_quote(&why, row, bid, ask), why);
    }
    void set_vol(std::int64_t row, double vol)
    {
        gex_error why = gex_error();
        detail::check(set_vol(&why, row, vol), why);
    }
    void set_position(std::int64_t row, double contracts)
    {
        gex_error why = gex_error();
        detail::check(set_position(&why, row, contracts), why);
    }
    void set_columns(const gex_live_columns &columns)
    {
        gex_error why = gex_error();
        detail::check(set_columns(&why, columns), why);
    }
    void trade(std::int64_t row, double contracts)
    {
        gex_error why = gex_error();
        detail::check(trade(&why, row, contracts), why);
    }
    void reforward(const market_ref &market)
    {
        gex_error why = gex_error();
        detail::check(reforward(&why, market), why);
    }
    void refresh(const gex_context *context = nullptr)
    {
        gex_error why = gex_error();
        detail::check(refresh(&why, context), why);
    }
    std::pair<market, book> freeze(const gex_context *context = nullptr)
    {
        gex_error why = gex_error();
        std::pair<market, book> made = freeze(&why, context);
        detail::check(why.status, why);
        return made;
    }
#endif

private:
    explicit live(gex_live *mine) noexcept : owned(mine) {}
};

} /* namespace gex */

#endif
