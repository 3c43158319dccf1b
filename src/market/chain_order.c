/* SPDX-License-Identifier: Apache-2.0 */
/* Canonical order of a chain, its distinct expiries and strikes, its duplicates.
 *
 * A radix sort by strike lays out the strikes, a second by settlement the expiries, each in ascending order; being
 * stable, the two leave the rows by settlement, then strike. What is left are short runs of equal strike in one expiry
 * (calls and puts, two roots), which a merge sort puts in order by every field that remains. Linear but for those runs,
 * n log n when the whole chain is one.
 */
#include <string.h>

#include "chain.h"

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS, INSERTION = 8 };
_Static_assert(GEX_ARRANGE_EXTRA == 64 / DIGIT_BITS * DIGITS, "room to count every digit of a key");

/* ---- radix sort by an 8-byte column ---------------------------------------------------------------------------- */

/* Bits of a column whose unsigned order is the order of the values, once `flip` is applied: 0 for positive doubles,
 * the sign bit for int64_t. */
struct key {
    const void *column;
    uint64_t    flip;
};

static uint64_t key_at(struct key key, int64_t row)
{
    uint64_t bits;
    memcpy(&bits, (const char *)key.column + row * (int64_t)sizeof bits, sizeof bits);
    return bits ^ key.flip;
}

/* Bits in which any two keys differ. */
static uint64_t varying_bits(struct key key, const int64_t *order, int64_t count)
{
    uint64_t varying = 0;

    for (int64_t i = 1; i < count; i++)
        varying |= key_at(key, order[i]) ^ key_at(key, order[0]);
    return varying;
}

/* start[p][digit]: where rows with that digit begin. All digits are counted in one reading: counting one at a time
 * waits on the same counter over and over when neighbours are alike, as they are in a chain. */
static void count_digits(struct key key, int base, int passes, const int64_t *order, int64_t count,
                         int64_t (*start)[DIGITS])
{
    memset(start, 0, (size_t)passes * sizeof *start);
    for (int64_t i = 0; i < count; i++) {
        uint64_t bits = key_at(key, order[i]) >> base;
        for (int p = 0; p < passes; p++, bits >>= DIGIT_BITS)
            start[p][bits & (DIGITS - 1)]++;
    }
    for (int p = 0; p < passes; p++)
        for (int64_t digit = 0, sum = 0; digit < DIGITS; digit++) {
            const int64_t here = start[p][digit];
            start[p][digit] = sum;
            sum += here;
        }
}

/* Stable. scratch: count elements, and the digits' counters behind them. */
static void radix_sort(struct key key, int64_t *order, int64_t *scratch, int64_t count)
{
    const uint64_t varying = varying_bits(key, order, count);
    const int base = varying != 0 ? __builtin_ctzll(varying) : 0;
    const int passes = varying != 0 ? (64 - __builtin_clzll(varying) - base + DIGIT_BITS - 1) / DIGIT_BITS : 0;
    int64_t(*start)[DIGITS] = (int64_t(*)[DIGITS])(scratch + count);
    int64_t *from = order, *to = scratch;

    count_digits(key, base, passes, order, count, start);
    for (int p = 0; p < passes; p++) {
        const int shift = base + p * DIGIT_BITS;
        int64_t *swap = from;
        if (((varying >> shift) & (DIGITS - 1)) == 0)
            continue;
        for (int64_t i = 0; i < count; i++)
            to[start[p][(key_at(key, from[i]) >> shift) & (DIGITS - 1)]++] = from[i];
        from = to;
        to = swap;
    }
    if (from != order)
        memcpy(order, from, (size_t)count * sizeof *order);
}

/* ---- the fields that remain ------------------------------------------------------------------------------------ */

static int compare_i64(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* A total order over doubles: -nan < -inf < ... < -0 < 0 < ... < inf < nan, and by payload among the last. */
static int64_t ordinal(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? INT64_MIN - bits - 1 : bits;
}

static int compare_f64(const double *column, int64_t a, int64_t b)
{
    return compare_i64(ordinal(column[a]), ordinal(column[b]));
}

/* By what tells two series of one settlement and strike apart. */
static int compare_series(const struct gex_chain *c, int64_t a, int64_t b)
{
    int order = c->right[a] - c->right[b];

    if (order == 0)
        order = memcmp(c->root[a], c->root[b], GEX_ROOT_MAX);
    if (order == 0)
        order = compare_f64(c->multiplier, a, b);
    if (order == 0)
        order = c->exercise[a] - c->exercise[b];
    if (order == 0)
        order = c->payoff[a] - c->payoff[b];
    return order;
}

static int compare_rows(const struct gex_chain *c, int64_t a, int64_t b)
{
    const double *const columns[] = {c->bid, c->ask, c->last, c->vol, c->open_interest, c->volume};
    int order = compare_series(c, a, b);

    for (size_t k = 0; k < sizeof columns / sizeof *columns && order == 0; k++)
        order = compare_f64(columns[k], a, b);
    return order != 0 ? order : compare_i64(c->date[a], c->date[b]);
}

/* ---- merge sort of one run ------------------------------------------------------------------------------------- */

static void insertion_sort(const struct gex_chain *c, int64_t *order, int64_t count)
{
    for (int64_t i = 1; i < count; i++) {
        const int64_t row = order[i];
        int64_t k = i;
        for (; k > 0 && compare_rows(c, order[k - 1], row) > 0; k--)
            order[k] = order[k - 1];
        order[k] = row;
    }
}

static void merge(const struct gex_chain *c, const int64_t *left, const int64_t *middle, const int64_t *end,
                  int64_t *to)
{
    const int64_t *right = middle;

    while (left < middle && right < end)
        *to++ = compare_rows(c, *left, *right) <= 0 ? *left++ : *right++;
    memcpy(to, left, (size_t)(middle - left) * sizeof *to);
    memcpy(to + (middle - left), right, (size_t)(end - right) * sizeof *to);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Stable, from short runs up, without recursion. */
static void merge_sort(const struct gex_chain *c, int64_t *order, int64_t *scratch, int64_t count)
{
    int64_t *from = order, *to = scratch;

    for (int64_t at = 0; at < count; at += INSERTION)
        insertion_sort(c, order + at, smaller(INSERTION, count - at));
    for (int64_t width = INSERTION; width < count; width *= 2) {
        int64_t *swap = from;
        for (int64_t at = 0; at < count; at += 2 * width)
            merge(c, from + at, from + smaller(at + width, count), from + smaller(at + 2 * width, count), to + at);
        from = to;
        to = swap;
    }
    if (from != order)
        memcpy(order, from, (size_t)count * sizeof *order);
}

/* ---- the chain ------------------------------------------------------------------------------------------------- */

/* Rows in use first, refused ones behind them, both in the order they are in. */
static void part_refused(struct gex_chain *c, int64_t *scratch)
{
    int64_t used = 0, refused = 0;

    for (int64_t i = 0; i < c->rows; i++) {
        const int64_t row = c->order[i];
        if (c->status[row] == GEX_ROW_USED)
            c->order[used++] = row;
        else
            scratch[refused++] = row;
    }
    memcpy(c->order + used, scratch, (size_t)refused * sizeof *scratch);
    c->used = used;
}

static void number_strikes(struct gex_chain *c)
{
    int64_t count = 0;

    for (int64_t i = 0; i < c->used; i++) {
        const double strike = c->strike[c->order[i]];
        if (count == 0 || strike != c->strikes[count - 1])
            c->strikes[count++] = strike;
        c->strike_index[c->order[i]] = (int32_t)(count - 1);
    }
    c->strike_count = count;
}

static void number_expiries(struct gex_chain *c)
{
    int64_t count = 0;

    for (int64_t i = 0; i < c->used; i++) {
        const int64_t settlement = c->settlement[c->order[i]];
        if (count == 0 || settlement != c->expiries[count - 1])
            c->expiries[count++] = settlement;
        c->expiry_index[c->order[i]] = (int32_t)(count - 1);
    }
    c->expiry_count = count;
}

/* First element after `from` of order that is of another settlement or strike. */
static int64_t run_end(const struct gex_chain *c, int64_t from)
{
    const int64_t first = c->order[from];
    int64_t i = from + 1;

    while (i < c->used && c->strike_index[c->order[i]] == c->strike_index[first] &&
           c->expiry_index[c->order[i]] == c->expiry_index[first])
        i++;
    return i;
}

/* In a run of one settlement and strike: all rows of a series but the caller's first are duplicates. */
static bool mark_duplicates(struct gex_chain *c, int64_t from, int64_t end)
{
    bool any = false;

    while (from < end) {
        int64_t i = from + 1, first = c->order[from];
        for (; i < end && compare_series(c, first, c->order[i]) == 0; i++)
            first = smaller(first, c->order[i]);
        for (; from < i; from++)
            if (c->order[from] != first) {
                c->flags[c->order[from]] |= GEX_FLAG_DUPLICATE;
                any = true;
            }
    }
    return any;
}

static void refuse_duplicates(struct gex_chain *c, int64_t *scratch)
{
    for (int64_t i = 0; i < c->rows; i++)
        if (c->status[i] == GEX_ROW_USED && (c->flags[i] & GEX_FLAG_DUPLICATE) != 0)
            gex__chain_refuse(c, i, GEX_ROW_UNSUPPORTED);
    part_refused(c, scratch);
}

void gex__chain_arrange(struct gex_chain *chain, int32_t duplicates, int64_t *scratch)
{
    const struct key by_strike = {chain->strike, 0};
    const struct key by_settlement = {chain->settlement, (uint64_t)1 << 63};
    bool any_duplicate = false;

    for (int64_t i = 0; i < chain->rows; i++)
        chain->order[i] = i;
    part_refused(chain, scratch);
    radix_sort(by_strike, chain->order, scratch, chain->used);
    number_strikes(chain);
    radix_sort(by_settlement, chain->order, scratch, chain->used);
    number_expiries(chain);
    for (int64_t from = 0, end; from < chain->used; from = end) {
        end = run_end(chain, from);
        merge_sort(chain, chain->order + from, scratch, end - from);
        any_duplicate = mark_duplicates(chain, from, end) || any_duplicate;
    }
    if (any_duplicate && duplicates == GEX_DUPLICATES_REFUSE_LATER)
        refuse_duplicates(chain, scratch);
}
