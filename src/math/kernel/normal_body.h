/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random words by Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11), and
 * normal numbers by the inverse distribution, one from each word:
 *
 *     u = (word + 1/2) / 2^32,  y = u - 1/2,  z = sqrt(2 pi) y + y^3 A(c - y^2) / B(c - y^2) for |y| <= 7/16,
 *                                          c = (7/16)^2
 *     beyond, with w = sqrt(-log(1/2 - |y|)):  |z| = sqrt(2) w - A(w - 13/8) / B(w - 13/8)
 *
 * One word in eight is in a tail. These are put on a list and done together afterwards.
 *
 * Products and sums round one by one and nothing is fused, so that every instruction set gives the same bits.
 */
#ifndef GEX_MATH_KERNEL_NORMAL_BODY_H
#define GEX_MATH_KERNEL_NORMAL_BODY_H

#include "kernel.h"
#include "lanes.h"
#include "normal_tables.h"
#include "tables.h"

enum { NORMAL_ROWS = 64, PHILOX_ROUNDS = 10 };

#define LOW_WORD UINT64_C(0xffffffff)

/* ---- words ------------------------------------------------------------------------------------------------------- */

/* Four words a lane, each in the low half; the high halves hold anything. */
struct words {
    u64v word[4];
};

enum { PHILOX_TOGETHER = 2 }; /* a round waits for the one before it, so two counters go through side by side */

LANE void philox(struct words *c, const uint32_t *key)
{
    uint32_t key0 = key[0], key1 = key[1];

    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        for (int j = 0; j < PHILOX_TOGETHER; j++) {
            const u64v p0 = v_product(c[j].word[0], UINT32_C(0xd2511f53));
            const u64v p1 = v_product(c[j].word[2], UINT32_C(0xcd9e8d57));

            c[j] = (struct words){{(p1 >> 32) ^ c[j].word[1] ^ key0, p1, (p0 >> 32) ^ c[j].word[3] ^ key1, p0}};
        }
        key0 += UINT32_C(0x9e3779b9);
        key1 += UINT32_C(0xbb67ae85);
    }
}

/* Counters `first`, first + 1 and so on modulo 2^32, then the other three words of the counter. */
LANE struct words counters(uint32_t first, const uint32_t *counter)
{
    static const uint64_t steps[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    const u64v none = (u64v)v_bits(v_set(0.0));
    u64v step;

    memcpy(&step, steps, sizeof step);
    return (struct words){{step + first, none + counter[1], none + counter[2], none + counter[3]}};
}

/* ---- the inverse distribution ------------------------------------------------------------------------------------ */

#define EDGE 0.4375

/* y of a word, exactly. */
LANE f64v from_middle(u64v word)
{
    const f64v number = v_from_bits((i64v)((word & LOW_WORD) | (u64v)v_bits(v_set(0x1p52)))) - 0x1p52;

    return (number - (0x1p31 - 0.5)) * 0x1p-32;
}

/* Polynomials wait for their own last sums, so vectors are worked on several at a time. */
enum { ABREAST = 4 }; /* one for each word of a counter */

struct abreast {
    f64v of[ABREAST];
};

#define EACH_ABREAST(j) for (int j = 0; j < ABREAST; j++)

LANE struct abreast polynomial(const double *c, int degree, struct abreast x)
{
    struct abreast sum;

    EACH_ABREAST(j)
        sum.of[j] = v_set(c[degree]);
    for (int k = degree - 1; k >= 0; k--)
        EACH_ABREAST(j)
            sum.of[j] = sum.of[j] * x.of[j] + c[k];
    return sum;
}

LANE struct abreast ratio_of(const double *above, const double *below, int degree, struct abreast x)
{
    struct abreast a, b;

    EACH_ABREAST(j)
        a.of[j] = v_set(above[degree]), b.of[j] = v_set(below[degree]);
    for (int k = degree - 1; k >= 0; k--)
        EACH_ABREAST(j)
            a.of[j] = a.of[j] * x.of[j] + above[k], b.of[j] = b.of[j] * x.of[j] + below[k];
    EACH_ABREAST(j)
        a.of[j] = a.of[j] / b.of[j];
    return a;
}

LANE struct abreast normal_centre(struct abreast y)
{
    struct abreast x;

    EACH_ABREAST(j)
        x.of[j] = EDGE * EDGE - y.of[j] * y.of[j];
    x = ratio_of(gex__normal_centre[0], gex__normal_centre[1], GEX_NORMAL_CENTRE, x);
    EACH_ABREAST(j)
        x.of[j] = y.of[j] * 0x1.40d931ff62706p+1 + y.of[j] * (y.of[j] * y.of[j]) * x.of[j];
    return x;
}

/*
 * 1/2 - |y| = n 2^-33 with an odd integer n below 2^29, so its significand m times the table's six bits is exact. With
 * x = m c - 1 that is log(m) = -log(c) + x - x^2 / 2 + x^3 P(x); log(2) and the table in two parts, as in plain.h.
 */
LANE struct abreast normal_tail(struct abreast y)
{
    struct abreast x, coarse, fine, p, w;

    EACH_ABREAST(j) {
        const u64v bits = (u64v)v_bits(0.5 - v_abs(y.of[j])), rounded = bits + (UINT64_C(1) << 47);
        const i64v index = (i64v)(rounded >> 48);
        const f64v exponent = v_from_bits((i64v)((rounded >> 52) | (u64v)v_bits(v_set(0x1p52)))) - (0x1p52 + 1023.0);
        const u64v power = (rounded >> 52 << 52) - (u64v)v_bits(v_set(1.0));

        x.of[j] = v_from_bits((i64v)(bits - power)) * v_pick(gex__quotient_table[0], index) - 1.0;
        coarse.of[j] = (exponent * 0x1.62e42fefa4p-1 + v_pick(gex__quotient_table[1], index)) - 6144.0;
        fine.of[j] = exponent * -0x1.8432a1b0e2634p-43 + v_pick(gex__quotient_table[2], index);
    }
    p = polynomial(gex__quotient_poly, 8, x);
    EACH_ABREAST(j) {
        const f64v bent = x.of[j] * x.of[j] * (x.of[j] * p.of[j] - 0.5);

        w.of[j] = v_sqrt(-(coarse.of[j] + (x.of[j] + (fine.of[j] + bent))));
        x.of[j] = w.of[j] - 1.625;
    }
    p = ratio_of(gex__normal_tail[0], gex__normal_tail[1], GEX_NORMAL_TAIL, x);
    EACH_ABREAST(j)
        w.of[j] = v_signed(w.of[j] * 0x1.6a09e667f3bcdp+0 - p.of[j], y.of[j]);
    return w;
}

/* Numbers of a block that lie in the tails, by place; room for a whole vector after the last. */
struct tail_list {
    int count;
    int32_t place[4 * NORMAL_ROWS + GEX_LANES];
};

/* z of vectors of y, to places `apart` from each other; what lies in the tails is listed and left as y. */
LANE void centre_and_list(struct abreast y, double *z, int place, int apart, struct tail_list *tails)
{
    const struct abreast centre = normal_centre(y);
    int count = tails->count;

    for (int j = 0; j < ABREAST; j++, place += apart) {
        const choice beyond = m_less(v_set(EDGE), v_abs(y.of[j]));
        const unsigned lanes = m_lanes(beyond);

        v_store(z + place, m_select(beyond, y.of[j], centre.of[j]));
        for (int lane = 0; lane < GEX_LANES; lane++) { /* no branch: which lanes they are is random */
            tails->place[count] = place + lane;
            count += (int)(lanes >> lane & 1);
        }
    }
    tails->count = count;
}

/* z of what was listed: z holds y there. */
static void finish_tails(double *z, const struct tail_list *tails)
{
    double part[4 * NORMAL_ROWS];

    for (int i = 0; i < tails->count; i++)
        part[i] = z[tails->place[i]];
    for (int i = tails->count; i % (ABREAST * GEX_LANES) != 0; i++)
        part[i] = 0.46875;
    for (int i = 0; i < tails->count; i += ABREAST * GEX_LANES) {
        struct abreast y;

        EACH_ABREAST(j)
            y.of[j] = v_load(part + i + j * GEX_LANES);
        y = normal_tail(y);
        EACH_ABREAST(j)
            v_store(part + i + j * GEX_LANES, y.of[j]);
    }
    for (int i = 0; i < tails->count; i++)
        z[tails->place[i]] = part[i];
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static void normal_rows(const uint32_t *key, const uint32_t *counter, int64_t rows, double *const outputs[4])
{
    double z[4 * NORMAL_ROWS];
    struct tail_list tails;

    for (int64_t from = 0; from < rows; from += NORMAL_ROWS) {
        const int here = rows - from < NORMAL_ROWS ? (int)(rows - from) : NORMAL_ROWS;

        tails.count = 0;
        for (int i = 0; i < here; i += PHILOX_TOGETHER * GEX_LANES) {
            struct words c[PHILOX_TOGETHER];

            for (int j = 0; j < PHILOX_TOGETHER; j++)
                c[j] = counters(counter[0] + (uint32_t)(from + i + j * GEX_LANES), counter);
            philox(c, key);
            for (int j = 0; j < PHILOX_TOGETHER; j++) {
                const struct abreast y = {{from_middle(c[j].word[0]), from_middle(c[j].word[1]),
                                           from_middle(c[j].word[2]), from_middle(c[j].word[3])}};

                centre_and_list(y, z, i + j * GEX_LANES, NORMAL_ROWS, &tails);
            }
        }
        finish_tails(z, &tails);
        for (int k = 0; k < 4; k++)
            if (outputs[k] != NULL)
                memcpy(outputs[k] + from, z + k * NORMAL_ROWS, (size_t)here * sizeof *z);
    }
}

static void normal_words(const uint32_t *words, int64_t rows, double *output)
{
    double z[NORMAL_ROWS];
    struct tail_list tails;

    for (int64_t from = 0; from < rows; from += NORMAL_ROWS) {
        const int here = rows - from < NORMAL_ROWS ? (int)(rows - from) : NORMAL_ROWS;
        uint64_t word[NORMAL_ROWS];

        for (int i = 0; i < NORMAL_ROWS; i++)
            word[i] = words[from + (i < here ? i : 0)];
        tails.count = 0;
        for (int i = 0; i < here; i += ABREAST * GEX_LANES) {
            struct abreast y;

            EACH_ABREAST(j) {
                u64v lanes;

                memcpy(&lanes, word + i + j * GEX_LANES, sizeof lanes);
                y.of[j] = from_middle(lanes);
            }
            centre_and_list(y, z, i, GEX_LANES, &tails);
        }
        finish_tails(z, &tails);
        memcpy(output + from, z, (size_t)here * sizeof *z);
    }
}

#undef EDGE
#undef LOW_WORD

#endif
