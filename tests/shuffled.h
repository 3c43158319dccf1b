/* SPDX-License-Identifier: Apache-2.0 */
/* A crowd: a random chain with every kind of row, more than one block of them, in one order or another. */
#ifndef GEX_TESTS_SHUFFLED_H
#define GEX_TESTS_SHUFFLED_H

#include "scene.h"

enum { CROWD_ROWS = 2600 };
#define CROWD_SPOT 5000.0

struct crowd {
    struct option_row rows[CROWD_ROWS];
};

/* Knuth's MMIX generator; the high bits are the good ones. */
static inline double draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

static inline void crowd_fill(struct crowd *crowd)
{
    static const double years[] = {0.0, 2.0 / 8760, 3.0 / 8760, 1.0 / 365, 8.0 / 365, 30.0 / 365, 0.5, 2.0, -0.01};
    uint64_t state = 20240603;

    for (int i = 0; i < CROWD_ROWS; i++) {
        struct option_row *row = &crowd->rows[i];

        row->right = draw(&state) < 0.5 ? GEX_CALL : GEX_PUT;
        row->strike = 4000.0 + 5.0 * floor(400.0 * draw(&state));
        row->vol = 0.08 + 0.5 * draw(&state) * draw(&state);
        row->open_interest = floor(20000.0 * draw(&state) * draw(&state));
        row->dealer = floor(row->open_interest * (2.0 * draw(&state) - 1.0)) + 0.1 * draw(&state);
        row->years = years[(int)(draw(&state) * LENGTH(years))];
        if (i % 7 == 0)
            row->dealer = row->open_interest = 0.0;
        if (i % 41 == 0)
            row->vol = i % 2 ? 0.0 : NOT_A_NUMBER;
        if (i % 97 == 0)
            row->strike = -1.0;
        if (i % 101 == 0)
            row->dealer = NOT_A_NUMBER;
        if (i % 113 == 0)
            row->right = 0;
        if (i % 11 == 5) { /* the same series again, another position */
            crowd->rows[i] = crowd->rows[i - 1];
            row->dealer = floor(1000.0 * draw(&state)) - 500.0;
        }
    }
}

static inline struct scene crowd_scene(struct crowd *crowd, int32_t sign)
{
    crowd_fill(crowd);
    return scene_of(crowd->rows, CROWD_ROWS, CROWD_SPOT, 0.04, 0.013, sign);
}

static inline struct scene crowd_shuffled(struct crowd *crowd, int32_t sign, uint32_t seed)
{
    uint64_t state = seed;

    crowd_fill(crowd);
    for (int i = CROWD_ROWS - 1; i > 0; i--) {
        const int j = (int)(draw(&state) * (i + 1));
        const struct option_row kept = crowd->rows[i];
        crowd->rows[i] = crowd->rows[j];
        crowd->rows[j] = kept;
    }
    return scene_of(crowd->rows, CROWD_ROWS, CROWD_SPOT, 0.04, 0.013, sign);
}

#endif
