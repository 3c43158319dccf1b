/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file gex.hpp libgex for C++11 and later: handles that free themselves, and errors as exceptions. Header only and
 * outside the ABI: everything is inline and calls the C functions, whose headers say what the values mean.
 *
 * Each object has two ways to be made: a constructor that throws gex::error, and create(), which fills a gex_error and
 * gives an empty object. Without exceptions in the compiler only create() is there. What is lent is a `span` or a
 * `..._ref`, valid as long as its object; an object made from another keeps it alive, so they may go in any order.
 */
#ifndef GEX_HPP
#define GEX_HPP

#include <gex.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#if defined(__cpp_exceptions) || defined(__EXCEPTIONS)
#define GEX_HPP_EXCEPTIONS 1
#include <stdexcept>
#else
#define GEX_HPP_EXCEPTIONS 0
#endif

namespace gex {

/** Values lent by the library, or lent to it. */
template <class T> class span {
public:
    span() noexcept : data_(nullptr), size_(0) {}
    span(const T *data, std::int64_t size) noexcept : data_(data), size_(data != nullptr ? size : 0) {}

    const T *data() const noexcept { return data_; }
    std::int64_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    const T *begin() const noexcept { return data_; }
    const T *end() const noexcept { return data_ + size_; }
    const T &operator[](std::int64_t i) const noexcept { return data_[i]; }

private:
    const T *data_;
    std::int64_t size_;
};

/** A column over values that lie one after another, or `stride` bytes apart; stride 0 repeats the first. */
inline gex_f64 column(const double *data, std::int64_t stride = sizeof(double)) noexcept
{
    return {data, stride};
}
inline gex_i64 column(const std::int64_t *data, std::int64_t stride = sizeof(std::int64_t)) noexcept
{
    return {data, stride};
}
inline gex_i32 column(const std::int32_t *data, std::int64_t stride = sizeof(std::int32_t)) noexcept
{
    return {data, stride};
}
inline gex_i8 column(const std::int8_t *data, std::int64_t stride = sizeof(std::int8_t)) noexcept
{
    return {data, stride};
}
/** Text of `width` bytes a value, `stride` bytes apart. */
inline gex_text column(const char *data, std::int64_t stride, std::int64_t width) noexcept
{
    return {data, stride, width};
}

/** A struct of options or columns with the library's defaults. */
template <class T> T filled(void (*init)(T *, std::uint32_t)) noexcept
{
    T made;
    init(&made, static_cast<std::uint32_t>(sizeof made));
    return made;
}
inline gex_context_options context_options() noexcept { return filled<gex_context_options>(gex_context_options_init); }
inline gex_chain_columns chain_columns() noexcept { return filled<gex_chain_columns>(gex_chain_columns_init); }
inline gex_chain_options chain_options() noexcept { return filled<gex_chain_options>(gex_chain_options_init); }
inline gex_calendar_options calendar_options() noexcept
{
    return filled<gex_calendar_options>(gex_calendar_options_init);
}
inline gex_market_options market_options() noexcept { return filled<gex_market_options>(gex_market_options_init); }
inline gex_shift_options shift_options() noexcept { return filled<gex_shift_options>(gex_shift_options_init); }
inline gex_quotes_options quotes_options() noexcept { return filled<gex_quotes_options>(gex_quotes_options_init); }
inline gex_raw_columns raw_columns() noexcept { return filled<gex_raw_columns>(gex_raw_columns_init); }
inline gex_svi_columns svi_columns() noexcept { return filled<gex_svi_columns>(gex_svi_columns_init); }
inline gex_ssvi_columns ssvi_columns() noexcept { return filled<gex_ssvi_columns>(gex_ssvi_columns_init); }
inline gex_mixture_columns mixture_columns() noexcept
{
    return filled<gex_mixture_columns>(gex_mixture_columns_init);
}
inline gex_surface_points surface_points() noexcept { return filled<gex_surface_points>(gex_surface_points_init); }
inline gex_book_options book_options() noexcept { return filled<gex_book_options>(gex_book_options_init); }
inline gex_uncertainty_options uncertainty_options() noexcept
{
    return filled<gex_uncertainty_options>(gex_uncertainty_options_init);
}
inline gex_exposure_options exposure_options() noexcept
{
    return filled<gex_exposure_options>(gex_exposure_options_init);
}
inline gex_live_options live_options() noexcept { return filled<gex_live_options>(gex_live_options_init); }
inline gex_live_columns live_columns() noexcept { return filled<gex_live_columns>(gex_live_columns_init); }
inline gex_grouping_options grouping_options() noexcept
{
    return filled<gex_grouping_options>(gex_grouping_options_init);
}
inline gex_measure_options measure_options() noexcept { return filled<gex_measure_options>(gex_measure_options_init); }
inline gex_profile_options profile_options() noexcept { return filled<gex_profile_options>(gex_profile_options_init); }
inline gex_flow_options flow_options() noexcept { return filled<gex_flow_options>(gex_flow_options_init); }
inline gex_bands_options bands_options() noexcept { return filled<gex_bands_options>(gex_bands_options_init); }
inline gex_flip_bands_options flip_bands_options() noexcept
{
    return filled<gex_flip_bands_options>(gex_flip_bands_options_init);
}
inline gex_regime_path_options regime_path_options() noexcept
{
    return filled<gex_regime_path_options>(gex_regime_path_options_init);
}
inline gex_field_options field_options() noexcept { return filled<gex_field_options>(gex_field_options_init); }
inline gex_zero_flow_options zero_flow_options() noexcept
{
    return filled<gex_zero_flow_options>(gex_zero_flow_options_init);
}
inline gex_basket_columns basket_columns() noexcept { return filled<gex_basket_columns>(gex_basket_columns_init); }
inline gex_combo_options combo_options() noexcept { return filled<gex_combo_options>(gex_combo_options_init); }
inline gex_dispersion_options dispersion_options() noexcept
{
    return filled<gex_dispersion_options>(gex_dispersion_options_init);
}
inline gex_difference_options difference_options() noexcept
{
    return filled<gex_difference_options>(gex_difference_options_init);
}
inline gex_cliffs_options cliffs_options() noexcept { return filled<gex_cliffs_options>(gex_cliffs_options_init); }
inline gex_forced_options forced_options() noexcept { return filled<gex_forced_options>(gex_forced_options_init); }
inline gex_robustness_options robustness_options() noexcept
{
    return filled<gex_robustness_options>(gex_robustness_options_init);
}
inline gex_map_options map_options() noexcept { return filled<gex_map_options>(gex_map_options_init); }

#if GEX_HPP_EXCEPTIONS
/** Why a call failed; what() is the message. */
class error : public std::runtime_error {
public:
    explicit error(const gex_error &why) : std::runtime_error(why.message), status_(why.status), row_(why.row) {}
    gex_status status() const noexcept { return status_; }
    std::int64_t row() const noexcept { return row_; } /**< -1 when the fault is not in a row */

private:
    gex_status status_;
    std::int64_t row_;
};
#endif

/** An object owned: freed with this, moved and not copied. Ref is the class that reads it. */
template <class Ref, class T, void (*Free)(T *)> class owned : public Ref {
public:
    owned() noexcept : Ref(nullptr), mine_(nullptr) {}
    explicit owned(T *mine) noexcept : Ref(mine), mine_(mine) {}
    owned(owned &&other) noexcept : Ref(other), mine_(other.release()) {}
    owned &operator=(owned &&other) noexcept
    {
        if (this != &other) {
            Free(mine_);
            Ref::operator=(other);
            mine_ = other.release();
        }
        return *this;
    }
    owned(const owned &) = delete;
    owned &operator=(const owned &) = delete;
    ~owned() { Free(mine_); }

    /** Give the object to the caller, who frees it. */
    T *release() noexcept
    {
        T *mine = mine_;
        mine_ = nullptr;
        Ref::operator=(Ref(nullptr));
        return mine;
    }

protected:
    T *mine() noexcept { return mine_; }

private:
    T *mine_;
};

/** What all readers share. */
template <class T> class ref {
public:
    const T *get() const noexcept { return at_; }
    explicit operator bool() const noexcept { return at_ != nullptr; }

protected:
    explicit ref(const T *at) noexcept : at_(at) {}
    const T *at_;
};

namespace detail {

template <class T, class F, class... A> T *made(gex_error *error, F function, A... arguments) noexcept
{
    T *out = nullptr;
    function(arguments..., &out, error);
    return out;
}

#if GEX_HPP_EXCEPTIONS
inline void check(gex_status status, const gex_error &why)
{
    if (status != GEX_OK)
        throw error(why);
}

template <class T, class F, class... A> T *made_or_thrown(F function, A... arguments)
{
    gex_error why = gex_error();
    T *out = nullptr;
    check(function(arguments..., &out, &why), why);
    return out;
}

/** A gex_write whose user is a std::string. */
inline std::int32_t append(void *user, const char *bytes, std::int64_t length) noexcept
{
    try {
        static_cast<std::string *>(user)->append(bytes, static_cast<std::size_t>(length));
    } catch (...) { /* out of memory: no exception may cross the library */
        return 1;
    }
    return 0;
}
#endif

template <class T, class O, class F> span<T> counted(const O *object, F function) noexcept
{
    std::int64_t count = 0;
    const T *data = function(object, &count);
    return span<T>(data, count);
}

} /* namespace detail */

/** Reads a context. */
class context_ref : public ref<gex_context> {
public:
    explicit context_ref(const gex_context *at) noexcept : ref<gex_context>(at) {}
    /** GEX_ISA_* that calls with it use; of an empty one, that of calls without. */
    std::int32_t instruction_set() const noexcept { return gex_context_instruction_set(at_); }
};

/** Memory and threads that the host lends; calls take get() of it. What was made with it may outlive it. */
class context : public owned<context_ref, gex_context, gex_context_free> {
public:
    context() noexcept {}
    static context create(gex_error *error, const gex_context_options &options) noexcept
    {
        return context(detail::made<gex_context>(error, gex_context_create, &options));
    }
#if GEX_HPP_EXCEPTIONS
    explicit context(const gex_context_options &options)
        : owned(detail::made_or_thrown<gex_context>(gex_context_create, &options))
    {
    }
#endif

private:
    explicit context(gex_context *mine) noexcept : owned(mine) {}
};

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

/** Reads a surface. */
class surface_ref : public ref<gex_surface> {
public:
    explicit surface_ref(const gex_surface *at) noexcept : ref<gex_surface>(at) {}
    std::int64_t expiries() const noexcept { return gex_surface_expiries(at_); }
    /** One of GEX_SURFACE_* at a strike and time, years; NaN where there is none. */
    double at(std::int32_t what, double strike, double years) const noexcept
    {
        gex_surface_points points = surface_points();
        double value = 0, *output = &value;

        points.rows = 1;
        points.strike = column(&strike);
        points.years = column(&years);
        return gex_surface_evaluate(nullptr, at_, &points, &what, 1, &output, nullptr, nullptr) == GEX_OK ? value : nan();
    }
    double vol(double strike, double years) const noexcept { return at(GEX_SURFACE_VOL, strike, years); }
    /** Expiries in violation, GEX_ARBITRAGE_* or 0 for all; -1 without memory. */
    std::int64_t violations(std::int32_t arbitrage = 0, double tolerance = 1e-12) const noexcept
    {
        gex_surface_report *report = nullptr;
        std::int64_t count = -1;

        if (gex_surface_check(nullptr, at_, tolerance, &report, nullptr) == GEX_OK)
            count = gex_surface_report_count(report, arbitrage);
        gex_surface_report_free(report);
        return count;
    }

private:
    static double nan() noexcept { return std::numeric_limits<double>::quiet_NaN(); }
};

/** Total variance over log-moneyness and time; from quotes, SVI, SSVI or mixtures by the type of the columns. */
class surface : public owned<surface_ref, gex_surface, gex_surface_free> {
public:
    surface() noexcept {}
    /** A surface made elsewhere, by a fit for one: this frees it. */
    explicit surface(gex_surface *mine) noexcept : owned(mine) {}
    static surface create(gex_error *error, const gex_raw_columns &columns, const gex_context *context = nullptr) noexcept
    {
        return surface(detail::made<gex_surface>(error, gex_surface_create_raw, context, &columns));
    }
    static surface create(gex_error *error, const gex_svi_columns &columns, const gex_context *context = nullptr) noexcept
    {
        return surface(detail::made<gex_surface>(error, gex_surface_create_svi, context, &columns));
    }
    static surface create(gex_error *error, const gex_ssvi_columns &columns, const gex_context *context = nullptr) noexcept
    {
        return surface(detail::made<gex_surface>(error, gex_surface_create_ssvi, context, &columns));
    }
    static surface create(gex_error *error, const gex_mixture_columns &columns,
                          const gex_context *context = nullptr) noexcept
    {
        return surface(detail::made<gex_surface>(error, gex_surface_create_mixture, context, &columns));
    }
#if GEX_HPP_EXCEPTIONS
    explicit surface(const gex_raw_columns &columns, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_surface>(gex_surface_create_raw, context, &columns))
    {
    }
    explicit surface(const gex_svi_columns &columns, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_surface>(gex_surface_create_svi, context, &columns))
    {
    }
    explicit surface(const gex_ssvi_columns &columns, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_surface>(gex_surface_create_ssvi, context, &columns))
    {
    }
    explicit surface(const gex_mixture_columns &columns, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_surface>(gex_surface_create_mixture, context, &columns))
    {
    }
#endif
};

#ifdef GEX_FIT_H /* the second library, where <gex/fit.h> was included first: link with libgex-fit */
inline gex_fit_columns fit_columns() noexcept { return filled<gex_fit_columns>(gex_fit_columns_init); }
inline gex_fit_results fit_results() noexcept { return filled<gex_fit_results>(gex_fit_results_init); }

/** A surface fitted by gex_fit_svi, _ssvi or _mixture; empty on failure. results may be NULL. */
inline surface fitted(gex_status (*fit)(const gex_context *, const gex_fit_columns *, gex_fit_results *, gex_surface **,
                                        gex_error *),
                      gex_error *error, const gex_fit_columns &columns, gex_fit_results *results = nullptr,
                      const gex_context *context = nullptr) noexcept
{
    return surface(detail::made<gex_surface>(error, fit, context, &columns, results));
}
#if GEX_HPP_EXCEPTIONS
inline surface fitted(gex_status (*fit)(const gex_context *, const gex_fit_columns *, gex_fit_results *, gex_surface **,
                                        gex_error *),
                      const gex_fit_columns &columns, gex_fit_results *results = nullptr,
                      const gex_context *context = nullptr)
{
    return surface(detail::made_or_thrown<gex_surface>(fit, context, &columns, results));
}
#endif
#endif

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
    static live create(gex_error *error, const market_ref &market, const book_ref &book, const gex_live_options &options,
                       const gex_context *context = nullptr) noexcept
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
        return flips(detail::made<gex_flips>(error, gex_zero_flow_compute, context, market.get(), book.get(), &options));
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

/** What changed at fixed strike between two markets, weighted by a book's vega or, with an empty one, by one contract each. */
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

/** Reads bands: jointly normal values. */
class bands_ref : public ref<gex_bands> {
public:
    explicit bands_ref(const gex_bands *at) noexcept : ref<gex_bands>(at) {}
    std::int32_t unit() const noexcept { return gex_bands_unit(at_); }
    span<double> mean() const noexcept { return detail::counted<double>(at_, gex_bands_mean); }
    span<double> sd() const noexcept { return detail::counted<double>(at_, gex_bands_sd); }
    span<double> gross() const noexcept { return detail::counted<double>(at_, gex_bands_gross); }
    /** Probability of a value above zero, and below it. */
    span<double> above() const noexcept { return detail::counted<double>(at_, gex_bands_above); }
    span<double> below() const noexcept { return detail::counted<double>(at_, gex_bands_below); }
    /** States they were repriced in; empty for an exposure. */
    span<double> spot() const noexcept { return detail::counted<double>(at_, gex_bands_spot); }
    span<std::int64_t> as_of() const noexcept { return detail::counted<std::int64_t>(at_, gex_bands_as_of); }
    double quantile(std::int64_t i, double probability) const noexcept
    {
        return gex_bands_quantile(at_, i, probability);
    }
    double covariance(std::int64_t i, std::int64_t j) const noexcept { return gex_bands_covariance(at_, i, j); }
};

/** What an uncertain book makes of an exposure, of states or of a flow, by the type of the options. */
class bands : public owned<bands_ref, gex_bands, gex_bands_free> {
public:
    bands() noexcept {}
    /** Of a total, or of each cell of a grouping. */
    static bands create(gex_error *error, const greeks_ref &greeks, const uncertainty_ref &uncertainty,
                        const gex_exposure_options &options, const gex_grouping_options *by = nullptr,
                        const gex_context *context = nullptr) noexcept
    {
        return bands(detail::made<gex_bands>(error, gex_bands_of_exposure, context, greeks.get(), uncertainty.get(),
                                             &options, by));
    }
    static bands create(gex_error *error, const market_ref &market, const uncertainty_ref &uncertainty,
                        const gex_bands_options &options, const gex_context *context = nullptr) noexcept
    {
        return bands(detail::made<gex_bands>(error, gex_bands_of_states, context, market.get(), uncertainty.get(),
                                             &options));
    }
    static bands create(gex_error *error, const market_ref &market, const uncertainty_ref &uncertainty,
                        const gex_flow_options &options, const gex_context *context = nullptr) noexcept
    {
        return bands(detail::made<gex_bands>(error, gex_bands_of_flow, context, market.get(), uncertainty.get(),
                                             &options));
    }
#if GEX_HPP_EXCEPTIONS
    bands(const greeks_ref &greeks, const uncertainty_ref &uncertainty, const gex_exposure_options &options,
          const gex_grouping_options *by = nullptr, const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_bands>(gex_bands_of_exposure, context, greeks.get(), uncertainty.get(),
                                                  &options, by))
    {
    }
    bands(const market_ref &market, const uncertainty_ref &uncertainty, const gex_bands_options &options,
          const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_bands>(gex_bands_of_states, context, market.get(), uncertainty.get(),
                                                  &options))
    {
    }
    bands(const market_ref &market, const uncertainty_ref &uncertainty, const gex_flow_options &options,
          const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_bands>(gex_bands_of_flow, context, market.get(), uncertainty.get(),
                                                  &options))
    {
    }
#endif

private:
    explicit bands(gex_bands *mine) noexcept : owned(mine) {}
};

/** Reads sampled flips; `flip` is GEX_FLIP_*. */
class flip_bands_ref : public ref<gex_flip_bands> {
public:
    explicit flip_bands_ref(const gex_flip_bands *at) noexcept : ref<gex_flip_bands>(at) {}
    /** A price a sample, NaN where it has no such root. */
    span<double> samples(std::int32_t flip) const noexcept
    {
        std::int64_t size = 0;
        const double *data = gex_flip_bands_samples(at_, flip, &size);
        return {data, size};
    }
    /** Share of samples in which the search came to GEX_ROOTS_*. */
    double share(std::int32_t roots_status) const noexcept { return gex_flip_bands_share(at_, roots_status); }
    /** Share of samples that have such a root. */
    double found(std::int32_t flip) const noexcept { return gex_flip_bands_found(at_, flip); }
    /** Among those; NaN where there is none. */
    double quantile(std::int32_t flip, double probability) const noexcept
    {
        return gex_flip_bands_quantile(at_, flip, probability);
    }
};

/** Flips of sampled books, of bands of a profile. */
class flip_bands : public owned<flip_bands_ref, gex_flip_bands, gex_flip_bands_free> {
public:
    flip_bands() noexcept {}
    static flip_bands create(gex_error *error, const bands_ref &bands, const gex_flip_bands_options *options = nullptr,
                             const gex_context *context = nullptr) noexcept
    {
        return flip_bands(detail::made<gex_flip_bands>(error, gex_flip_bands_compute, context, bands.get(), options));
    }
#if GEX_HPP_EXCEPTIONS
    explicit flip_bands(const bands_ref &bands, const gex_flip_bands_options *options = nullptr,
                        const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_flip_bands>(gex_flip_bands_compute, context, bands.get(), options))
    {
    }
#endif

private:
    explicit flip_bands(gex_flip_bands *mine) noexcept : owned(mine) {}
};

/** Reads the regime along a path; `regime` is GEX_REGIME_*. */
class regime_path_ref : public ref<gex_regime_path> {
public:
    explicit regime_path_ref(const gex_regime_path *at) noexcept : ref<gex_regime_path>(at) {}
    span<std::int32_t> states() const noexcept { return detail::counted<std::int32_t>(at_, gex_regime_path_states); }
    span<std::int64_t> changes() const noexcept { return detail::counted<std::int64_t>(at_, gex_regime_path_changes); }
    /** Nanoseconds in it. */
    std::int64_t time(std::int32_t regime) const noexcept { return gex_regime_path_time(at_, regime); }
    double share(std::int32_t regime) const noexcept { return gex_regime_path_share(at_, regime); }
    double expected(std::int32_t regime) const noexcept { return gex_regime_path_expected(at_, regime); }
    /** Of the share of time, over the samples. */
    double quantile(std::int32_t regime, double probability) const noexcept
    {
        return gex_regime_path_quantile(at_, regime, probability);
    }
    double unchanged() const noexcept { return gex_regime_path_unchanged(at_); }
};

/** The regime in every state of a path, and how long it lasts, of bands of those states. */
class regime_path : public owned<regime_path_ref, gex_regime_path, gex_regime_path_free> {
public:
    regime_path() noexcept {}
    static regime_path create(gex_error *error, const bands_ref &bands,
                              const gex_regime_path_options *options = nullptr,
                              const gex_context *context = nullptr) noexcept
    {
        return regime_path(
            detail::made<gex_regime_path>(error, gex_regime_path_compute, context, bands.get(), options));
    }
#if GEX_HPP_EXCEPTIONS
    explicit regime_path(const bands_ref &bands, const gex_regime_path_options *options = nullptr,
                         const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_regime_path>(gex_regime_path_compute, context, bands.get(), options))
    {
    }
#endif

private:
    explicit regime_path(gex_regime_path *mine) noexcept : owned(mine) {}
};

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
    std::int32_t agrees(std::int64_t i, std::int32_t what) const noexcept { return gex_robustness_agrees(at_, i, what); }
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
