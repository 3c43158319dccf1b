/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels with what every machine of the architecture has. */
#if defined(__SSE2__) || defined(__aarch64__)
#define GEX_LANES 2
#else
#define GEX_LANES 1
#endif
#include "bachelier_body.h"
#include "bachelier_implied.h"
#include "normal_body.h"
#include "sweep_body.h"
#include "wide_body.h"

const struct gex__kernels gex__kernels_baseline = {.black = black_rows, .hoist = hoist_rows,
    .hoist_gamma = hoist_gamma_rows, .profile = profile_rows, .sum = sum_rows,
    .sweep_logs = sweep_logs, .sweep_place = sweep_place, .sweep_reach = sweep_reach,
    .sweep_nodes = sweep_nodes, .sweep_spread = sweep_spread, .sweep_gamma = {sweep_read, sweep_line},
    .sweep_vanna = {sweep_read_vanna, sweep_line_vanna}, .sweep_delta = {sweep_read_delta, sweep_line_delta},
    .bachelier = bachelier_rows, .implied = implied_rows, .normals = normal_rows, .normals_of_words = normal_words};

const struct gex__wide_kernels gex__wide_baseline = {
    wide_lines, wide_sum, wide_again, wide_replace, wide_clear, wide_merge, wide_round, wide_fold};
