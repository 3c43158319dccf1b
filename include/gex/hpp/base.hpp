/* SPDX-License-Identifier: Apache-2.0 */
/** @file base.hpp What all classes share: values lent, errors, ownership. And what the host lends. */
#ifndef GEX_HPP_BASE_HPP
#define GEX_HPP_BASE_HPP

#include <gex.h>

#include <cstddef>
#include <cstdint>
#include <string>

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

inline gex_context_options context_options() noexcept { return filled<gex_context_options>(gex_context_options_init); }

/** Reads a context. */
class context_ref : public ref<gex_context> {
public:
    explicit context_ref(const gex_context *at) noexcept : ref<gex_context>(at) {}
    /** GEX_ISA_* that calls with it use; of an empty one, that of calls without. */
    std::int32_t instruction_set() const noexcept { return gex_context_instruction_set(at_); }
    /** Bytes that lie idle with it, as `keep` of its options allows. */
    std::int64_t kept() const noexcept { return gex_context_kept(at_); }
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

} /* namespace gex */

#endif
