/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The quadratic problem of a mixture, by active sets: Lawson and Hanson (1974), Solving Least Squares Problems, chapter
 * 23, for weights not below zero, with two sums held by their multipliers; and for the rows the squares of those that
 * are outside their band as they stand,
 * which makes steps those of Newton on a function that is quadratic piece by piece.
 *
 * Candidates join one at a time, the one that promises most first, and none once every row is within its band: so few
 * do. Rows far outside then count by their distance and no longer by its square,
 * which gives up a few quotes rather than many.
 */
#include <math.h>
#include <string.h>

#include "mixture.h"

enum { ROUNDS = 4, MOVES = 40, STEPS = 800, BISECTIONS = 24 };
#define RIDGE 1e-13    /* of the diagonal: candidates are nearly alike */
#define NIL 1e-14      /* likewise: what is left of a candidate that is not new */
#define ALIKE 1e-12    /* means that are one, as a share */
#define GAIN 1e-6      /* of the sum: a step that brings no more is the last */
#define WORTH 1e-3     /* a candidate's promise, in the unit of the sum */
#define SHARPEST 4.0   /* the most a row's distance counts for being small */

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static double distance(const struct gex__band *band)
{
    return fmax(0, fmax(band->low - band->value, band->value - band->high)) * band->scale;
}

/* Where a row stands decides what it adds to the squares. @return whether that changed. */
static bool stand(struct gex__band *band)
{
    const double square = band->scale * band->scale, pull = band->pull * band->pull;
    const bool below = band->value < band->low, above = band->value > band->high;
    const double trust = below || above ? band->trust : 0;
    const double weight = square * (trust + pull);
    const double target =
        weight > 0 ? (trust * (below ? band->low : band->high) + pull * band->middle) / (trust + pull) : 0;
    const bool changed = weight != band->weight || (weight > 0 && target != band->target);

    band->weight = weight;
    band->target = target;
    return changed;
}

/* `more` times the square of a row, into h and q. */
static void add_row(struct gex__mix *mix, const double *a, double more, double target_more)
{
    for (int i = 0; i < mix->candidates; i++) {
        const double by = more * a[i];
        double *h = mix->h[i];

        for (int j = 0; j < mix->candidates; j++)
            h[j] += by * a[j];
        mix->q[i] += target_more * a[i];
    }
}

static double sum_of(const struct gex__mix *mix)
{
    double sum = 0;

    for (int64_t r = 0; r < mix->rows; r++) {
        const struct gex__band *band = &mix->band[r];
        const double beyond = distance(band), off = band->pull * band->scale * (band->value - band->middle);

        sum += band->trust * beyond * beyond + off * off;
    }
    return sum;
}

/* What a row adds to the slope of the sum as its value moves by `by`. */
static double pulled(const struct gex__band *band, double value, double by)
{
    const double beyond = value < band->low ? value - band->low : value > band->high ? value - band->high : 0;
    return by * band->scale * band->scale * (band->trust * beyond + band->pull * band->pull * (value - band->middle));
}

/* The squares as the rows now stand. @return whether any row changed. */
static bool look(struct gex__mix *mix)
{
    bool changed = false;

    for (int64_t r = 0; r < mix->rows; r++) {
        struct gex__band *band = &mix->band[r];
        const double weight = band->weight, target = band->target;

        if (!stand(band))
            continue;
        add_row(mix, mix->a + r * GEX_MIX_CANDIDATES, band->weight - weight,
                band->weight * band->target - weight * target);
        changed = true;
    }
    return changed;
}

int64_t gex__mix_missed(const struct gex__mix *mix, int64_t rows)
{
    int64_t count = 0;

    for (int64_t r = 0; r < rows; r++)
        count += distance(&mix->band[r]) > 0;
    return count;
}

static bool all_within(const struct gex__mix *mix)
{
    return gex__mix_missed(mix, mix->rows) == 0;
}

/* ---- weights ----------------------------------------------------------------------------------------------------- */

/* How much of the two sums' own squares is added to h: nothing changes where both are met, and few rows are enough. */
static double of_sums(const struct gex__mix *mix)
{
    double least = HUGE_VAL;

    for (int i = 0; i < mix->count; i++)
        least = fmin(least, mix->h[mix->kept[i]][mix->kept[i]]);
    return least;
}

/*
 * Cholesky of the part of h that is kept, with `of_sums` of the squares of both sums. What those before can do as well
 * is left out: its weight goes to zero.
 */
static bool factor(struct gex__mix *mix, double of_sums)
{
    for (int i = 0; i < mix->count; i++) {
        const int here = mix->kept[i];
        double least = 0;

        for (int j = 0; j <= i; j++) {
            const int other = mix->kept[j];
            double sum = mix->h[here][other] + of_sums * (1 + (mix->mean[here] - 1) * (mix->mean[other] - 1));

            if (i == j) {
                least = NIL * sum;
                sum *= 1 + RIDGE;
            }
            for (int n = 0; n < j; n++)
                sum -= mix->factor[i][n] * mix->factor[j][n];
            mix->factor[i][j] = i == j ? sum : sum / mix->factor[j][j];
        }
        if (!(mix->factor[i][i] < HUGE_VAL))
            return false;
        if (mix->factor[i][i] > least) {
            mix->factor[i][i] = sqrt(mix->factor[i][i]);
            continue;
        }
        memset(mix->factor[i], 0, (size_t)i * sizeof(double));
        mix->factor[i][i] = HUGE_VAL;
    }
    return true;
}

static void substitute(const struct gex__mix *mix, double *y)
{
    for (int i = 0; i < mix->count; i++) {
        for (int n = 0; n < i; n++)
            y[i] -= mix->factor[i][n] * y[n];
        y[i] /= mix->factor[i][i];
    }
    for (int i = mix->count; i-- > 0;) {
        for (int n = i + 1; n < mix->count; n++)
            y[i] -= mix->factor[n][i] * y[n];
        y[i] /= mix->factor[i][i];
    }
}

/*
 * The best of what is kept, signs free, both sums met: h z = q + level + slope mean. Means count from the one at which
 * the two sums have nothing to do with each other, since h is next to singular where few rows pull; what is left of the
 * sums after that is taken off once more.
 */
static bool best_of_kept(struct gex__mix *mix, double *z)
{
    enum { TIMES = 3 };
    const double sums = of_sums(mix);
    double one[GEX_MIX_KEPT], off[GEX_MIX_KEPT], along_off[GEX_MIX_KEPT], s11 = 0, s12 = 0, s22 = 0, middle, spread = 0;

    if (!factor(mix, sums))
        return false;
    for (int i = 0; i < mix->count; i++) {
        z[i] = mix->q[mix->kept[i]] + sums * mix->total;
        one[i] = 1;
    }
    substitute(mix, z);
    substitute(mix, one);
    for (int i = 0; i < mix->count; i++) {
        s11 += one[i];
        s12 += mix->mean[mix->kept[i]] * one[i];
    }
    if (!(s11 > 0))
        return false;
    middle = s12 / s11;
    for (int i = 0; i < mix->count; i++) {
        off[i] = along_off[i] = mix->mean[mix->kept[i]] - middle;
        spread = fmax(spread, fabs(off[i]));
    }
    substitute(mix, along_off);
    for (int i = 0; i < mix->count; i++)
        s22 += off[i] * along_off[i];
    mix->level = mix->slope = 0;
    for (int n = 0; n < TIMES; n++) {
        double sum = mix->total, moment = mix->total * (1 - middle), level, slope;

        for (int i = 0; i < mix->count; i++) {
            sum -= z[i];
            moment -= off[i] * z[i];
        }
        level = sum / s11;
        slope = spread > ALIKE * fabs(middle) && s22 > 0 ? moment / s22 : 0; /* all means alike: one sum is the other */
        for (int i = 0; i < mix->count; i++)
            z[i] += level * one[i] + slope * along_off[i];
        mix->level += level - slope * middle;
        mix->slope += slope;
    }
    return true;
}

static void leave(struct gex__mix *mix, int place)
{
    mix->one[mix->kept[place]].weight = 0;
    mix->count--;
    memmove(mix->kept + place, mix->kept + place + 1, (size_t)(mix->count - place) * sizeof *mix->kept);
}

/* What the values of the rows move by along a direction. */
static void along(struct gex__mix *mix, const double *direction)
{
    for (int64_t r = 0; r < mix->rows; r++) {
        const double *a = mix->a + r * GEX_MIX_CANDIDATES;

        mix->band[r].by = 0;
        for (int n = 0; n < mix->count; n++)
            mix->band[r].by += direction[n] * a[mix->kept[n]];
    }
}

/* The share of the direction, at most `most`, at which the sum is least: it is convex, so its slope tells. */
static double best_share(const struct gex__mix *mix, double most)
{
    double low = 0, high = most, at = most;

    for (int i = 0; i < BISECTIONS; i++) {
        double slope = 0;

        for (int64_t r = 0; r < mix->rows; r++)
            slope += pulled(&mix->band[r], mix->band[r].value + at * mix->band[r].by, mix->band[r].by);
        if (i == 0 && slope <= 0)
            return most;
        *(slope > 0 ? &high : &low) = at;
        at = (low + high) / 2;
    }
    return low;
}

/* Towards the best of what is kept, as far as no weight falls below zero and the sum does; a weight that reaches zero
 * leaves. @return whether that was the end: all the way and no row stands elsewhere now, or next to nothing gained. */
static bool move(struct gex__mix *mix)
{
    const double before = sum_of(mix);
    double z[GEX_MIX_KEPT], most = 1, share;
    int first = -1;

    if (!best_of_kept(mix, z))
        return true;
    for (int i = 0; i < mix->count; i++) {
        const double weight = mix->one[mix->kept[i]].weight;

        z[i] -= weight;
        if (weight + z[i] > 0 || weight >= -most * z[i])
            continue;
        most = -weight / z[i];
        first = i;
    }
    along(mix, z);
    share = most > 0 ? best_share(mix, most) : 0;
    for (int i = 0; i < mix->count; i++) {
        double *weight = &mix->one[mix->kept[i]].weight;
        *weight = fmax(0, *weight + share * z[i]);
    }
    for (int64_t r = 0; r < mix->rows; r++)
        mix->band[r].value += share * mix->band[r].by;
    if (first >= 0 && share == most) {
        leave(mix, first);
        (void)look(mix);
        return false;
    }
    return (!look(mix) && share == 1) || before - sum_of(mix) <= GAIN * before;
}

static double gradient_of(const struct gex__mix *mix, int j)
{
    double gradient = -mix->q[j] - mix->level - mix->slope * mix->mean[j];

    for (int n = 0; n < mix->count; n++)
        gradient += mix->h[j][mix->kept[n]] * mix->one[mix->kept[n]].weight;
    return gradient;
}

/* What a direction promises: the gradient along it, and the square of its own length in the squares as they stand. */
static double promise(double gradient, double square)
{
    return gradient < 0 && square > 0 ? gradient * gradient / square : 0;
}

static bool is_kept(const struct gex__mix *mix, int j)
{
    int place = 0;

    while (place < mix->count && mix->kept[place] != j)
        place++;
    return place < mix->count;
}

/* The candidate whose weight would lower the sum most joins, but for one that just left.
 * @return it, -1 when none is worth it. */
static int join(struct gex__mix *mix, int but)
{
    double most = WORTH;
    int best = -1;

    for (int j = GEX_MIX_TAIL + 1; j < mix->candidates; j++) {
        const bool may = mix->one[j].weight == 0 && j != but && !is_kept(mix, j);
        const double here = may ? promise(gradient_of(mix, j), mix->h[j][j]) : 0;
        if (here > most) {
            most = here;
            best = j;
        }
    }
    if (best >= 0)
        mix->kept[mix->count++] = best;
    return best;
}

/* Where one candidate alone has a weight, its mean is that of all, and none can join without one on the other side of
 * it: the best pair does. @return whether one is worth it. */
static bool join_pair(struct gex__mix *mix)
{
    const double mean = mix->mean[mix->kept[0]];
    double most = WORTH, gradient[GEX_MIX_CANDIDATES];
    int best[2] = {-1, -1};

    for (int j = 0; j < mix->candidates; j++)
        gradient[j] = gradient_of(mix, j);
    for (int i = GEX_MIX_TAIL + 1; i < mix->candidates; i++)
        for (int j = GEX_MIX_TAIL + 1; mix->mean[i] < mean && j < mix->candidates; j++) {
            const double share = (mix->mean[j] - mean) / (mix->mean[j] - mix->mean[i]), rest = 1 - share;
            const double here = mix->mean[j] > mean ? promise(share * gradient[i] + rest * gradient[j],
                                                              share * share * mix->h[i][i] + rest * rest * mix->h[j][j])
                                                    : 0;
            if (here > most) {
                most = here;
                best[0] = i, best[1] = j;
            }
        }
    for (int n = 0; best[0] >= 0 && n < 2; n++)
        mix->kept[mix->count++] = best[n];
    return best[0] >= 0;
}

static void solve_round(struct gex__mix *mix)
{
    int moves = 0, last = -1;

    (void)look(mix);
    for (int n = 0; n < STEPS; n++) {
        if (!move(mix) && moves++ < MOVES)
            continue;
        if (mix->count >= GEX_MIX_KEPT - 2 || all_within(mix))
            return;
        if (mix->count != 1 || !join_pair(mix)) {
            last = join(mix, last);
            if (last < 0)
                return;
        }
        moves = 0;
    }
}

void gex__mix_solve(struct gex__mix *mix)
{
    memset(mix->h, 0, sizeof mix->h);
    memset(mix->q, 0, sizeof mix->q);
    mix->count = 0;
    for (int j = 0; j < mix->candidates; j++)
        if (mix->one[j].weight > 0 && mix->count < GEX_MIX_KEPT - 1)
            mix->kept[mix->count++] = j;
    for (int64_t r = 0; r < mix->rows; r++) {
        struct gex__band *band = &mix->band[r];

        band->weight = band->target = band->value = 0;
        band->trust = 1;
        for (int n = 0; n < mix->count; n++)
            band->value += mix->one[mix->kept[n]].weight * mix->a[r * GEX_MIX_CANDIDATES + mix->kept[n]];
    }
    for (int round = 0; round < ROUNDS; round++) {
        solve_round(mix);
        if (round == ROUNDS - 1 || all_within(mix))
            return;
        for (int64_t r = 0; r < mix->rows; r++) {
            struct gex__band *band = &mix->band[r];
            if (band->high < HUGE_VAL)
                band->trust = fmin(SHARPEST, 1 / fmax(distance(band), 1e-3));
            else if (band->value < band->low) /* what may not be: ever more wanted */
                band->low += band->low - band->value;
        }
    }
}
