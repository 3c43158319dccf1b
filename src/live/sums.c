/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sums of a live. An expiry keeps its sum (src/math/wide.h) and is changed by what left and what came; so does a
 * strike, where strikes have many rows: else it is summed whole. What is 0DTE and what is later keep the sums of their
 * expiries, and every total is made of these two. Where a sum is not known to be correctly rounded it is made anew, and
 * where that does not help, digit by digit.
 */
#include <math.h>

#include "live.h"

enum { KEY_HEADROOM = 2, HALF_HEADROOM = 3 }; /* how far values may grow, as powers of two, before a sum is made anew */

static int32_t chunks(const gex_live *live)
{
    return (int32_t)(live->pitch / GEX_WIDE);
}

/* ---- digit by digit ---------------------------------------------------------------------------------------------- */

static void exact_add(const gex_live *live, int32_t u, const int32_t *rows, int64_t count, bool gross,
                      struct gex__exact *sum)
{
    for (int64_t i = 0; i < count; i++) {
        const double value = live->value[rows[i] * live->pitch + u];

        if (live->status[rows[i]] == GEX_ROW_USED && (live->skip[rows[i]] >> u & 1) == 0)
            gex__exact_add(sum, gross ? fabs(value) : value);
    }
}

/* Calls, puts or both of one key; `at` as strike_at and expiry_at. */
static void exact_key(const gex_live *live, int32_t u, const int32_t *rows, const int32_t *at, int sum,
                      struct gex__exact *exact)
{
    if (sum != GEX_WIDE_OF_PUTS)
        exact_add(live, u, rows + at[0], at[1] - at[0], sum == GEX_WIDE_GROSS, exact);
    if (sum != GEX_WIDE_OF_CALLS)
        exact_add(live, u, rows + at[1], at[2] - at[1], sum == GEX_WIDE_GROSS, exact);
}

/* Lanes of which sums have to be done that way: what the bits say, and all where a value is not finite. */
static uint32_t unsure_of(const gex_live *live, uint32_t unsure)
{
    return live->odd_count != 0 ? UINT32_MAX : unsure;
}

/* ---- strikes and expiries ---------------------------------------------------------------------------------------- */

/* One chunk of units into a group's sums. */
static void key_store(gex_live *live, int by, int64_t key, int32_t chunk, gex__wide_row sums[GEX_WIDE_SUMS],
                      uint32_t unsure, const int32_t *rows, const int32_t *at)
{
    const int64_t keys = live->group[by].keys;
    const int32_t from = chunk * GEX_WIDE, left = live->unit_count - from, units = left < GEX_WIDE ? left : GEX_WIDE;
    double *to = live->group[by].sum + from * GEX_WIDE_SUMS * keys + key;
    struct gex__exact exact;

    for (int32_t u = 0; u < units; u++)
        for (int s = 0; s < GEX_WIDE_SUMS; s++, to += keys) {
            *to = sums[s][u];
            if (unsure == 0 || (unsure >> (GEX_WIDE * s + u) & 1) == 0)
                continue;
            gex__exact_clear(&exact);
            exact_key(live, from + u, rows, at, s, &exact);
            *to = gex__exact_round(&exact);
        }
}

/* Rows of keys, where each key's begin, and sums: of strikes NULL where they are not kept.
 * `by` is GEX_BY_STRIKE or _EXPIRY. */
static const int32_t *rows_by(const gex_live *live, int by)
{
    return by == GEX_BY_STRIKE ? live->strike_rows : live->expiry_rows;
}

static const int32_t *at_by(const gex_live *live, int by, int64_t key)
{
    return (by == GEX_BY_STRIKE ? live->strike_at : live->expiry_at) + 2 * key;
}

static struct gex__wide *sum_by(const gex_live *live, int by, int64_t key, int32_t chunk)
{
    struct gex__wide *sums = by == GEX_BY_STRIKE ? live->strike_sum : live->expiry_sum;

    return sums != NULL ? &sums[key * chunks(live) + chunk] : NULL;
}

static struct gex__wide_rows key_rows(const gex_live *live, int by, int64_t key, int32_t chunk)
{
    const int32_t *at = at_by(live, by, key);

    return (struct gex__wide_rows){live->value + chunk * GEX_WIDE, live->pitch, rows_by(live, by) + at[0],
                                   at[1] - at[0], at[2] - at[1]};
}

static void key_sum(const gex_live *live, int by, int64_t key, int32_t chunk, int32_t headroom, struct gex__wide *sum)
{
    const struct gex__wide_rows rows = key_rows(live, by, key, chunk);

    live->wide->sum(&rows, headroom, sum);
}

/* Rounded; anew where that is not known to be right. */
static void key_round(gex_live *live, int by, int64_t key, int32_t chunk, bool is_new, struct gex__wide *sum)
{
    gex__wide_row sums[GEX_WIDE_SUMS];
    uint32_t unsure = live->wide->round(sum, sums);

    if (unsure != 0 && !is_new) {
        key_sum(live, by, key, chunk, KEY_HEADROOM, sum);
        unsure = live->wide->round(sum, sums);
    }
    key_store(live, by, key, chunk, sums, unsure_of(live, unsure), rows_by(live, by), at_by(live, by, key));
}

static void key_update(gex_live *live, int by, int64_t key)
{
    for (int32_t c = 0; c < chunks(live); c++)
        key_round(live, by, key, c, false, sum_by(live, by, key, c));
}

void gex__live_sum_key(gex_live *live, int by, int64_t key)
{
    for (int32_t c = 0; c < chunks(live); c++) {
        const struct gex__wide_rows rows = key_rows(live, by, key, c);
        struct gex__wide *kept = sum_by(live, by, key, c), sum;
        const bool again = kept != NULL && live->wide->again(&rows, kept);

        if (!again)
            key_sum(live, by, key, c, kept != NULL ? KEY_HEADROOM : 0, kept != NULL ? kept : &sum);
        key_round(live, by, key, c, !again, kept != NULL ? kept : &sum);
    }
}

/* ---- 0DTE and later ---------------------------------------------------------------------------------------------- */

static struct gex__wide *half_of(const gex_live *live, int64_t expiry, int32_t chunk)
{
    return &live->half_sum[(live->zero_dte[expiry] ? 0 : chunks(live)) + chunk];
}

void gex__live_sum_halves(gex_live *live)
{
    for (int32_t c = 0; c < chunks(live); c++) {
        double largest[GEX_WIDE] = {0.0};

        for (int64_t e = 0; e < live->expiries; e++)
            gex__wide_largest(&live->expiry_sum[e * chunks(live) + c], largest);
        for (int half = 0; half < 2; half++)
            live->wide->clear(&live->half_sum[half * chunks(live) + c], largest, 4 * live->expiries, HALF_HEADROOM);
        for (int64_t e = 0; e < live->expiries; e++)
            live->wide->merge(half_of(live, e, c), &live->expiry_sum[e * chunks(live) + c], 1);
    }
    live->halves_lost = false;
}

/* What is made of halves: which expiries (bits: 0DTE, later), which sides (calls, puts). */
enum { MADE = 5 };
static const struct part {
    uint8_t halves, sides;
    int8_t  by, key;
} parts[MADE] = {{1, 3, GEX_BY_ZERO_DTE, 0}, {2, 3, GEX_BY_ZERO_DTE, 1}, {3, 1, GEX_BY_RIGHT, 0},
                 {3, 2, GEX_BY_RIGHT, 1},
                 {3, 3, 0, 0}};

static uint32_t part_round(const gex_live *live, const struct part *part, int32_t chunk,
                           gex__wide_row out[GEX_WIDE_SUMS])
{
    const struct gex__wide *zero = &live->half_sum[chunk], *later = &live->half_sum[chunks(live) + chunk];
    struct gex__wide sum;

    if (part->halves == 3)
        gex__wide_add(zero, later, &sum);
    else
        sum = part->halves == 1 ? *zero : *later;
    for (int side = 0; side < 2; side++)
        if ((part->sides >> side & 1) == 0)
            gex__wide_drop(&sum, side);
    return live->wide->round(&sum, out);
}

static double part_exact(const gex_live *live, const struct part *part, int32_t u, int sum)
{
    struct gex__exact exact;

    gex__exact_clear(&exact);
    for (int64_t e = 0; e < live->expiries; e++) {
        const int32_t *at = live->expiry_at + 2 * e;
        const bool calls = (part->sides & 1) != 0 && sum != GEX_WIDE_OF_PUTS;
        const bool puts = (part->sides & 2) != 0 && sum != GEX_WIDE_OF_CALLS;

        if ((part->halves >> (live->zero_dte[e] ? 0 : 1) & 1) == 0)
            continue;
        if (calls)
            exact_add(live, u, live->expiry_rows + at[0], at[1] - at[0], sum == GEX_WIDE_GROSS, &exact);
        if (puts)
            exact_add(live, u, live->expiry_rows + at[1], at[2] - at[1], sum == GEX_WIDE_GROSS, &exact);
    }
    return gex__exact_round(&exact);
}

static void part_store(gex_live *live, const struct part *part, int32_t u, int sum, double value)
{
    const struct gex__live_group *group = &live->group[part->by];

    if (part->by != 0)
        group->sum[(u * GEX_WIDE_SUMS + sum) * group->keys + part->key] = value;
    else if (sum == GEX_WIDE_NET)
        live->total[u] = value;
    else if (sum == GEX_WIDE_GROSS)
        live->gross[u] = value;
}

static uint32_t chunk_totals(gex_live *live, int32_t chunk, bool last)
{
    const int32_t from = chunk * GEX_WIDE;
    gex__wide_row sums[GEX_WIDE_SUMS];
    uint32_t any = 0;

    for (int p = 0; p < MADE; p++) {
        const uint32_t unsure = unsure_of(live, part_round(live, &parts[p], chunk, sums));

        any |= unsure;
        for (int32_t u = from; u < live->unit_count && u < from + GEX_WIDE; u++)
            for (int s = 0; s < GEX_WIDE_SUMS; s++)
                part_store(live, &parts[p], u, s, last && (unsure >> (GEX_WIDE * s + u - from) & 1) != 0
                                                      ? part_exact(live, &parts[p], u, s)
                                                      : sums[s][u - from]);
    }
    return any;
}

void gex__live_totals(gex_live *live)
{
    bool unsure = false;

    for (int32_t c = 0; c < chunks(live); c++)
        unsure = chunk_totals(live, c, false) != 0 || unsure;
    if (!unsure)
        return;
    gex__live_sum_halves(live); /* bounds have grown with what came and went */
    for (int32_t c = 0; c < chunks(live); c++)
        chunk_totals(live, c, true);
}

/* ---- by a difference --------------------------------------------------------------------------------------------- */

static void halves_merge(gex_live *live, int64_t expiry, double sign)
{
    for (int32_t c = 0; c < chunks(live); c++)
        if (!live->halves_lost &&
            !live->wide->merge(half_of(live, expiry, c), &live->expiry_sum[expiry * chunks(live) + c], sign))
            live->halves_lost = true;
}

enum { KEY_TOUCHED = 1, KEY_ANEW = 2 };

/* A row's line in the sum of its key was `gone`. */
static void key_replace(gex_live *live, int by, int64_t key, int32_t side, const double *gone, const double *come)
{
    uint8_t *todo = by == GEX_BY_STRIKE ? live->strike_todo : live->expiry_todo;

    for (int32_t c = 0; c < chunks(live) && todo[key] != KEY_ANEW; c++) {
        struct gex__wide *sum = sum_by(live, by, key, c);

        if (sum == NULL || !live->wide->replace(sum, side, gone + c * GEX_WIDE, come + c * GEX_WIDE))
            todo[key] = KEY_ANEW;
    }
}

void gex__live_replace(gex_live *live, int64_t row, const double *gone)
{
    const int32_t e = gex_chain_expiry_index(live->given)[row], k = gex_chain_strike_index(live->given)[row];
    const int32_t side = gex_chain_right(live->given)[row] == GEX_CALL ? GEX_WIDE_CALL : GEX_WIDE_PUT;
    const double *come = live->value + row * live->pitch;

    if (live->by_strike && live->strike_todo[k] == 0) {
        live->strike_todo[k] = KEY_TOUCHED;
        live->strike_list[live->strike_count++] = k;
    }
    if (live->expiry_todo[e] == 0) {
        live->expiry_todo[e] = KEY_TOUCHED;
        live->expiry_list[live->expiry_count++] = e;
        halves_merge(live, e, -1);
    }
    if (live->by_strike)
        key_replace(live, GEX_BY_STRIKE, k, side, gone, come);
    key_replace(live, GEX_BY_EXPIRY, e, side, gone, come);
}

static void key_settle(gex_live *live, int by, int64_t key, uint8_t *todo)
{
    if (todo[key] == KEY_ANEW)
        gex__live_sum_key(live, by, key);
    else
        key_update(live, by, key);
    todo[key] = 0;
}

void gex__live_settle(gex_live *live)
{
    for (int64_t i = 0; i < live->strike_count; i++)
        key_settle(live, GEX_BY_STRIKE, live->strike_list[i], live->strike_todo);
    for (int64_t i = 0; i < live->expiry_count; i++) {
        key_settle(live, GEX_BY_EXPIRY, live->expiry_list[i], live->expiry_todo);
        halves_merge(live, live->expiry_list[i], 1);
    }
    live->strike_count = live->expiry_count = 0;
    if (live->halves_lost)
        gex__live_sum_halves(live);
    gex__live_totals(live);
}
