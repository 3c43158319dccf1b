/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generalised Black-Scholes price and greeks, GEX_LANES options at a time. Compiled once per instruction set.
 *
 *     Q = exp(-q T)   D = exp(-r T)   v = vol sqrt(T)   f = +1 call, -1 put
 *     A  = log(S/K) + (r - q) T                       log-moneyness of the forward
 *     d1 = A / v + v / 2,  d2 = A / v - v / 2
 *     p  = Q n(d1) = exp(-(d1^2 / 2 + q T + log sqrt(2 pi)))      the one Gaussian, since S Q n(d1) = K D n(d2)
 *     Q N(-|d1|) = p R(|d1|),  K D N(-|d2|) = S p R(|d2|)         both tails, R the Mills ratio
 *     price = S p (R(a - h) - R(a + h)) out of the money, a = |A| / v, h = v / 2; the intrinsic value is added inside
 *
 * The greeks are those of Haug (2007), chapter 2, arranged so that no factor overflows before its product does. Half an
 * ulp in S/K is hundreds of ulp in gamma a day before expiry, so everything up to the exponent of p is an unevaluated
 * sum of two doubles.
 *
 * Blocks of rows go through the passes for plain rows; those that are not plain are done again, a few at a time. Which
 * of the two a row takes depends on its own numbers only, so its bits depend on nothing else.
 */
#include "plain.h"
#include "plain_greeks.h"
#include "rare_body.h"

/* A column with one value, as a vector. */
static const double *spread(double *to, const double *from, bool one)
{
    for (int i = 0; one && i < GEX_LANES; i++)
        to[i] = from[0];
    return one ? to : from;
}

/* The last rows of a batch, padded to whole lanes with ones so that nothing beyond the caller's columns is read. */
struct padded_rows {
    double spot[GEX_LANES], strike[GEX_LANES], years[GEX_LANES], vol[GEX_LANES], rate[GEX_LANES], carry[GEX_LANES];
    double value[GEX_GREEK_LAST_ + 1][GEX_LANES];
    int8_t right[GEX_LANES];
};

static const double *pad(double *to, const double *from, int step, int rows)
{
    for (int i = 0; i < GEX_LANES; i++)
        to[i] = i < rows ? from[i * step] : 1.0;
    return to;
}

/* A bit for each row whose right is neither a call nor a put. */
static uint64_t wrong_rights(const int8_t *right, int rows)
{
    uint64_t wrong = 0;
    int any = 0;

    for (int i = 0; i < rows; i++)
        any |= (right[i] != 1) & (right[i] != -1);
    for (int i = 0; any != 0 && i < rows; i++)
        wrong |= (uint64_t)((right[i] != 1) & (right[i] != -1)) << i;
    return wrong;
}

/* p and its multiples again, for a block in which some p are late. */
LANE void find_late(const struct plain_in in, struct plain *b, const struct wanted *w, bool twins)
{
    const struct bell bell = bell_places(w);

    find_late_gauss(in, b);
    EACH_PLAIN(i)
        write_bell(in, b, bell, i, v_abs(OF(gauss)), true, twins);
}

/* @return a bit for each row that is not plain, or for each pair of twins. */
LANE uint64_t passes(const struct plain_in in, const struct wanted *w, bool twins)
{
    const bool sides = (w->greeks & WANT_SIDES) != 0, moves = (w->greeks & WANT_MOVES) != 0;
    struct plain b;
    struct apart apart;
    bool careful;

    find_quotient(in, &b);
    find_deviation_and_logarithm(in, &b);
    apart = find_d1(in, &b, sides);
    careful = find_gauss(in, &b, w, twins) || apart.any_long;
    if (careful)
        find_late(in, &b, w, twins);
    if (sides) {
        find_arguments(in, &b);
        find_ratios(in, &b);
    }
    if (careful) {
        if (sides) {
            find_factors(in, &b);
            write_sides(in, &b, w, true, twins);
        }
        if (moves)
            write_moves(in, &b, w, true, twins);
    } else {
        if (sides)
            write_sides(in, &b, w, false, twins);
        if (moves)
            write_moves(in, &b, w, false, twins);
    }
    return apart.rare;
}

/* @return a bit for each row that is not plain. */
static OWN_FRAME uint64_t plain_rows(const struct plain_in *in, const struct wanted *w)
{
    return passes(*in, w, false) | wrong_rights(in->right, in->rows);
}

/* A bit for each row that has the strike and volatility of the next, of more than GEX_LANES and at most 64. */
static uint64_t same_as_next(const struct plain_in *in, int rows)
{
    uint64_t same = 0;

    for (int i = 0; i + 1 < rows; i += GEX_LANES) {
        const int at = i < rows - 1 - GEX_LANES ? i : rows - 1 - GEX_LANES; /* the last ones reach back */
        const double *strike = in->strike + at, *vol = in->vol + at;

        same |= (uint64_t)m_lanes(m_equal(v_load(strike), v_load(strike + 1)) & m_equal(v_load(vol), v_load(vol + 1)))
                << at;
    }
    return same;
}

/* Rows from the first on that are taken together, and whether as twins: then they are pairs, whole lanes of them. */
static int rows_together(const struct plain_in *in, int64_t left, bool *twins)
{
    const int rows = left < PLAIN_ROWS ? (int)left : PLAIN_ROWS;
    uint64_t same, starts;

    *twins = false;
    if (!in->one_expiry || in->spot_step != 0 || rows < 2 * GEX_LANES)
        return rows;
    same = starts = same_as_next(in, rows);
    for (int pairs = 1; pairs < GEX_LANES; pairs *= 2)
        starts &= starts >> (2 * pairs); /* a lane's worth of pairs begins here */
    if ((starts & 1) == 0)
        return starts != 0 ? __builtin_ctzll(starts) : rows;
    *twins = true;
    same = ~(same | UINT64_C(0xaaaaaaaaaaaaaaaa)); /* where the pairs end */
    return (same != 0 ? __builtin_ctzll(same) : PLAIN_ROWS) / (2 * GEX_LANES) * (2 * GEX_LANES);
}

/* As plain_rows(), of pairs of rows that have all but their right in common. */
static OWN_FRAME uint64_t twin_rows(const struct plain_in *given, const struct wanted *w)
{
    double strike[PLAIN_TWINS], vol[PLAIN_TWINS];
    int8_t right[2 * PLAIN_TWINS];
    struct plain_in in = *given;
    uint64_t rare = wrong_rights(given->right, given->rows), pairs;

    in.rows /= 2;
    in.strike = strike;
    in.vol = vol;
    in.right = right;
    for (int i = 0; i < in.rows; i++) {
        strike[i] = given->strike[2 * i];
        vol[i] = given->vol[2 * i];
        right[i] = given->right[2 * i];
        right[i + PLAIN_TWINS] = given->right[2 * i + 1];
    }
    for (pairs = passes(in, w, true); pairs != 0; pairs &= pairs - 1)
        rare |= UINT64_C(3) << 2 * __builtin_ctzll(pairs);
    return rare;
}

static OWN_FRAME uint64_t plain_rest(const struct plain_in *in, int rows, const struct wanted *w)
{
    struct padded_rows pads;
    double *values[GEX_GREEK_LAST_ + 1];
    struct plain_in padded = {
        .rows = GEX_LANES, .spot_step = 1, .years_step = 1, .rate_step = 1, .carry_step = 1,
        .spot = pad(pads.spot, in->spot, in->spot_step, rows), .strike = pad(pads.strike, in->strike, 1, rows),
        .years = pad(pads.years, in->years, in->years_step, rows), .vol = pad(pads.vol, in->vol, 1, rows),
        .rate = pad(pads.rate, in->rate, in->rate_step, rows),
        .carry = pad(pads.carry, in->carry, in->carry_step, rows), .right = pads.right};
    uint64_t rare;

    for (int i = 0; i < GEX_LANES; i++)
        pads.right[i] = i < rows ? in->right[i] : 1;
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        values[greek] = pads.value[greek];
    rare = plain_rows(&padded, &(struct wanted){w->greeks, values, 0});
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        if ((w->greeks & WANT(greek)) != 0)
            memcpy(w->outputs[greek] + w->from, pads.value[greek], (size_t)rows * sizeof(double));
    return rare & ((UINT64_C(1) << rows) - 1);
}

/* Rows that wait until there are enough of them for a block. */
struct waiting {
    int64_t list[RARE_ROWS];
    int rows;
};

static OWN_FRAME void rare_waiting(struct waiting *rare, const struct gex__black_in *in,
                                   double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *status)
{
    if (rare->rows > 0)
        rare_rows(in, rare->list, rare->rows, outputs, status);
    rare->rows = 0;
}

static void black_rows(const struct gex__black_in *in, double *const outputs[GEX_GREEK_LAST_ + 1], uint8_t *status)
{
    double one[4][GEX_LANES];
    struct waiting waiting = {.rows = 0};
    struct wanted w = {0, outputs, 0};
    struct plain_in block = {
        .spot_step = !in->one_spot, .years_step = !in->one_years,
        .rate_step = !in->one_rate, .carry_step = !in->one_carry,
        .one_expiry = in->one_years && in->one_rate && in->one_carry,
        .spot = spread(one[0], in->spot, in->one_spot), .years = spread(one[1], in->years, in->one_years),
        .rate = spread(one[2], in->rate, in->one_rate), .carry = spread(one[3], in->carry, in->one_carry),
        .strike = in->strike, .vol = in->vol, .right = in->right};

    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        w.greeks |= outputs[greek] != NULL ? WANT(greek) : 0;
    while (w.from < in->rows) {
        bool twins;
        const int together = rows_together(&block, in->rows - w.from, &twins);
        const int rows = together >= GEX_LANES ? together / GEX_LANES * GEX_LANES : together;
        uint64_t rare;

        block.rows = rows;
        rare = twins               ? twin_rows(&block, &w)
               : rows >= GEX_LANES ? plain_rows(&block, &w)
                                   : plain_rest(&block, rows, &w);
        if (status != NULL)
            memset(status + w.from, GEX_CALC_OK, (size_t)rows);
        for (; rare != 0; rare &= rare - 1) {
            waiting.list[waiting.rows++] = w.from + __builtin_ctzll(rare);
            if (waiting.rows == RARE_ROWS)
                rare_waiting(&waiting, in, outputs, status);
        }
        w.from += rows;
        block.spot += rows * block.spot_step;
        block.years += rows * block.years_step;
        block.rate += rows * block.rate_step;
        block.carry += rows * block.carry_step;
        block.strike += rows;
        block.vol += rows;
        block.right += rows;
    }
    rare_waiting(&waiting, in, outputs, status);
}
