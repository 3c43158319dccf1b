/* SPDX-License-Identifier: Apache-2.0 */
/* What this binary is. */
#include <gex/status.h>

const char *gex_version(void)
{
    return GEX_VERSION;
}

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "unknown compiler"
#endif

#if GEX_HAVE_X86_SETS
#define SETS "baseline, avx2, avx512"
#else
#define SETS "baseline"
#endif

const char *gex_build_info(void)
{
    return "libgex " GEX_VERSION "; math kernel black-4; instruction sets: " SETS "; " COMPILER;
}
