/* SPDX-License-Identifier: Apache-2.0 */
/* Halving until what is proved and what is attained agree; polynomials by their Bernstein coefficients, which enclose
 * them. */
#include "least.h"

#include <math.h>

enum { DEPTH = 64, PIECES = 1 << 14 };

struct gex__least gex__least_none(double close)
{
    return (struct gex__least){close, HUGE_VAL, HUGE_VAL, HUGE_VAL, (double)NAN};
}

static bool settled(const struct gex__piece *piece, const struct gex__least *least)
{
    if (piece->floor >= least->enough)
        return true;
    if (least->enough < HUGE_VAL && least->found >= least->enough)
        return false;
    return piece->floor >= least->found - 2 * piece->rounding ||
           (piece->floor >= least->found - least->close * fabs(least->found) &&
            (piece->floor >= 0 || least->found < 0));
}

static void look(gex__bounder *bounder, const void *user, struct gex__piece *piece, struct gex__least *least)
{
    bounder(user, piece);
    if (!(piece->floor >= -HUGE_VAL))
        piece->floor = -HUGE_VAL;
    if (piece->found < least->found) {
        least->found = piece->found;
        least->at = piece->at;
    }
}

/* The lower half first, so that pieces elsewhere are seldom halved in vain. */
void gex__least_over(gex__bounder *bounder, const void *user, double low, double high, struct gex__least *least)
{
    struct gex__piece stack[DEPTH + 2];
    int depth[DEPTH + 2], height = 1;

    stack[0] = (struct gex__piece){.low = low, .high = high};
    depth[0] = 0;
    look(bounder, user, &stack[0], least);
    for (int pieces = 0; height > 0; pieces++) {
        const struct gex__piece piece = stack[height - 1];
        const int below = depth[height - 1];
        const double middle = piece.low + (piece.high - piece.low) / 2;
        struct gex__piece *one = &stack[height - 1], *other = &stack[height];

        if (settled(&piece, least) || below == DEPTH || pieces > PIECES) {
            least->floor = fmin(least->floor, piece.floor);
            height--;
            continue;
        }
        *one = (struct gex__piece){.low = piece.low, .high = middle};
        *other = (struct gex__piece){.low = middle, .high = piece.high};
        look(bounder, user, one, least);
        look(bounder, user, other, least);
        if (one->floor < other->floor) {
            const struct gex__piece swap = *one;
            *one = *other, *other = swap;
        }
        depth[height - 1] = depth[height] = below + 1;
        height++;
    }
}

/* ---- polynomials ------------------------------------------------------------------------------------------------- */

static const double *binomials(int degree)
{
    static const double table[GEX_BERNSTEIN_MOST + 1][GEX_BERNSTEIN_MOST + 1] = {
        {1},
        {1, 1},
        {1, 2, 1},
        {1, 3, 3, 1},
        {1, 4, 6, 4, 1},
        {1, 5, 10, 10, 5, 1},
        {1, 6, 15, 20, 15, 6, 1},
        {1, 7, 21, 35, 35, 21, 7, 1},
        {1, 8, 28, 56, 70, 56, 28, 8, 1},
        {1, 9, 36, 84, 126, 126, 84, 36, 9, 1},
        {1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1}};
    return table[degree];
}

double gex__bernstein_largest(int degree, const double *a)
{
    const double *binomial = binomials(degree);
    double most = 0;

    for (int i = 0; i <= degree; i++)
        most = fmax(most, fabs(a[i]) / binomial[i]);
    return most;
}

void gex__bernstein_ratio(int degree, const double *top, double top_error, const double *bottom, double bottom_error,
                          struct gex__piece *piece)
{
    const double *binomial = binomials(degree);

    piece->floor = piece->found = piece->rounding = HUGE_VAL;
    for (int i = 0; i <= degree; i++) {
        const double value = top[i] / binomial[i], size = bottom[i] / binomial[i], least = value - top_error;
        const double floor = least / (least >= 0 ? size + bottom_error : size - bottom_error), ratio = value / size;

        if (!(size - bottom_error > 0)) {
            piece->floor = -HUGE_VAL;
            continue;
        }
        piece->floor = floor < piece->floor ? floor : piece->floor;
        piece->rounding = fmin(piece->rounding, ratio - floor); /* of the best, since halves know more than the whole */
        if ((i == 0 || i == degree) && ratio < piece->found) {
            piece->found = ratio;
            piece->at = i == 0 ? piece->low : piece->high;
        }
    }
    if (!(piece->rounding < HUGE_VAL))
        piece->rounding = 0;
}
