/* SPDX-License-Identifier: Apache-2.0 */
/** @file bands.hpp What the uncertainty of a book makes of its numbers, and the regime along a path. */
#ifndef GEX_HPP_BANDS_HPP
#define GEX_HPP_BANDS_HPP

#include <gex/hpp/exposure.hpp>

namespace gex {

inline gex_bands_options bands_options() noexcept { return filled<gex_bands_options>(gex_bands_options_init); }
inline gex_flip_bands_options flip_bands_options() noexcept
{
    return filled<gex_flip_bands_options>(gex_flip_bands_options_init);
}
inline gex_regime_path_options regime_path_options() noexcept
{
    return filled<gex_regime_path_options>(gex_regime_path_options_init);
}

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

/** What an uncertain book makes of an exposure, states, a flow or stretches of time, by the type of the options. */
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
    static bands create(gex_error *error, const market_ref &market, const uncertainty_ref &uncertainty,
                        const gex_forced_options &options, const gex_context *context = nullptr) noexcept
    {
        return bands(detail::made<gex_bands>(error, gex_bands_of_forced, context, market.get(), uncertainty.get(),
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
    bands(const market_ref &market, const uncertainty_ref &uncertainty, const gex_forced_options &options,
          const gex_context *context = nullptr)
        : owned(detail::made_or_thrown<gex_bands>(gex_bands_of_forced, context, market.get(), uncertainty.get(),
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

} /* namespace gex */

#endif
