/* SPDX-License-Identifier: Apache-2.0 */
/** @file surface.hpp Surfaces of volatility. */
#ifndef GEX_HPP_SURFACE_HPP
#define GEX_HPP_SURFACE_HPP

#include <gex/hpp/base.hpp>

#include <limits>

namespace gex {

inline gex_raw_columns raw_columns() noexcept { return filled<gex_raw_columns>(gex_raw_columns_init); }
inline gex_svi_columns svi_columns() noexcept { return filled<gex_svi_columns>(gex_svi_columns_init); }
inline gex_ssvi_columns ssvi_columns() noexcept { return filled<gex_ssvi_columns>(gex_ssvi_columns_init); }
inline gex_mixture_columns mixture_columns() noexcept
{
    return filled<gex_mixture_columns>(gex_mixture_columns_init);
}
inline gex_surface_points surface_points() noexcept { return filled<gex_surface_points>(gex_surface_points_init); }

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
        return gex_surface_evaluate(nullptr, at_, &points, &what, 1, &output, nullptr, nullptr) == GEX_OK ? value
                                                                                                          : nan();
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
    static surface create(gex_error *error, const gex_raw_columns &columns,
                          const gex_context *context = nullptr) noexcept
    {
        return surface(detail::made<gex_surface>(error, gex_surface_create_raw, context, &columns));
    }
    static surface create(gex_error *error, const gex_svi_columns &columns,
                          const gex_context *context = nullptr) noexcept
    {
        return surface(detail::made<gex_surface>(error, gex_surface_create_svi, context, &columns));
    }
    static surface create(gex_error *error, const gex_ssvi_columns &columns,
                          const gex_context *context = nullptr) noexcept
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

} /* namespace gex */

#endif
