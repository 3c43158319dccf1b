/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiled set of kernels offers, and how the set is chosen. */
#ifndef GEX_MATH_KERNEL_KERNEL_H
#define GEX_MATH_KERNEL_KERNEL_H

#include "math/black.h"
#include "math/implied.h"
#include "math/profile.h"
#include "math/sum.h"
#include "math/sweep.h"
#include "math/wide.h"

enum { GEX_KERNEL_ROWS = 32 }; /* a block of the Bachelier and implied kernels; a multiple of every lane count */
enum { GEX_LINE_GROUP = 16 }; /* hoisted lines are padded to groups */
enum { /* their fields, column by column */
    GEX_LINE_C, GEX_LINE_C_LO, GEX_LINE_PER_V, GEX_LINE_HALF_V, GEX_LINE_GAMMA, GEX_LINE_FACTOR, GEX_LINE_RIGHT,
    GEX_LINE_PER_VOL, GEX_LINE_DRIFT, GEX_LINE_DECAY, GEX_LINE_CARRY, GEX_LINE_FIELDS
};

struct gex__kernels {
    /* gex__black() */
    void (*black)(const struct gex__black_in *in, double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *status);
    /* gex__black_hoist() and gex__black_profile() */
    void (*hoist)(const struct gex__black_in *in, double *lines);
    void (*hoist_gamma)(const struct gex__black_in *in, double *lines);
    void (*profile)(const double *lines, int64_t rows, int64_t first, int64_t count, double price,
                    double *const outputs[GEX_GREEK_LAST_ + 1]);
    /* gex__black_sum() but for adding the lanes, which are added to, and the price of gamma */
    void (*sum)(const double *lines, int64_t rows, const double *weights, int64_t first, int64_t count, int32_t greek,
                const double *prices, int points, double (*lanes)[GEX_BLOCK_LANES]);
    /* kernel/sweep_body.h */
    void (*sweep_logs)(const double *prices, double reference, int64_t count, double *high, double *low);
    void (*sweep_place)(const double *const column[GEX_LINE_FIELDS], int64_t count,
                        const struct gex__sweep_sorting *sorting, struct gex__sweep_places *places);
    void (*sweep_reach)(const struct gex__sweep_packs *packs, int64_t first, int64_t count, double low, double step,
                        double s);
    void (*sweep_nodes)(const struct gex__sweep_packs *packs, int64_t first, int64_t count, double low, double step,
                        int64_t start, int64_t end, double *lanes, double *sums);
    void (*sweep_spread)(const double *nodes, int64_t count, const double *taps, int more, double *at);
    struct gex__sweep_reader {
        void (*level)(const struct gex__sweep_level *level, double low, const double *high, const double *rest,
                      int64_t count, double *value);
        void (*line)(const struct gex__sweep_packs *packs, int64_t line, const double *high, const double *rest,
                     int64_t count, double *value, double *gross);
    } sweep_gamma, sweep_vanna, sweep_delta;
    /* gex__bachelier(), at most GEX_KERNEL_ROWS rows */
    void (*bachelier)(const struct gex__black_in *in, bool forward, int64_t from, int64_t rows,
                      double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *code);
    /* gex__implied() */
    void (*implied)(const struct gex__implied_in *in, double *vol, uint8_t *code);
    /* gex__normals() and gex__normals_of_words() */
    void (*normals)(const uint32_t *key, const uint32_t *counter, int64_t rows, double *const outputs[4]);
    void (*normals_of_words)(const uint32_t *words, int64_t rows, double *output);
};

extern const struct gex__kernels gex__kernels_baseline, gex__kernels_avx2, gex__kernels_avx512;
extern const struct gex__wide_kernels gex__wide_baseline, gex__wide_avx2, gex__wide_avx512;

/* What no kernel computes: a row outside the domain, or on the strike with no deviation left. */
void gex__black_amend(const struct gex__black_in *in, int64_t row, double *const outputs[GEX_GREEK_LAST_ + 1],
                      uint8_t code);

/* Those of an instruction set a context may have. */
const struct gex__kernels *gex__kernels_of(int32_t instruction_set);

#endif
