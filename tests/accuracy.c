/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints docs/accuracy.md: every greek of every instruction set here against 256 bits, on rows of black_rows.h.
 *
 *     accuracy ROWS [SEED]     so many of each kind
 *
 * ulp are of the greek's nearest double where the greek is one product or a tail, of the sum of its absolute terms
 * where it is a sum. The last table gives the rows that use most of their bound;
 * tests/golden/worst_rows.csv keeps such rows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "base/isa.h"
#include "math/black.h"
#include "oracle_mpfr.h"

enum { SETS = 3, KINDS = 6, BINS = 4096, BINS_AN_ULP = 32 };

static const char *const kinds[KINDS] = {"chain", "anywhere", "at the strike", "tails", "borders", "sample"};

struct tally {
    double most, sum, share;
    struct oracle_row worst; /* by share */
    int64_t count, bins[BINS];
};

static struct tally tally[SETS][KINDS][GEX_GREEK_LAST_ + 1];

/* The rows of performance measurements: spot 100, a day to two years, vol 8 to 80 %, strikes within 3.5 deviations. */
static struct oracle_row draw_sample(void)
{
    struct oracle_row row = {100, 0, 0, 0, 0, 0, 0};

    row.years = log_between(1.0 / 365, 2);
    row.vol = 0.08 + 0.72 * uniform() * uniform();
    row.rate = between(0, 0.06);
    row.carry = between(0, 0.03);
    row.strike = 100 * exp(between(-3.5, 3.5) * row.vol * sqrt(row.years));
    row.right = uniform() < 0.5 ? 1 : -1;
    return row;
}

static bool is_product(int greek)
{
    switch (greek) {
    case GEX_GREEK_DELTA: case GEX_GREEK_GAMMA: case GEX_GREEK_VEGA: case GEX_GREEK_RHO: case GEX_GREEK_EPSILON:
    case GEX_GREEK_DUAL_DELTA: case GEX_GREEK_DUAL_GAMMA:
        return true;
    default:
        return false;
    }
}

static void black(int32_t set, const struct oracle_row *row, double *values)
{
    const int8_t right = (int8_t)row->right;
    double *outputs[GEX_GREEK_LAST_ + 1];
    struct gex__black_in in = {.rows = 1, .spot = &row->spot, .strike = &row->strike, .years = &row->years,
                               .vol = &row->vol, .rate = &row->rate, .carry = &row->carry, .right = &right};

    for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
        outputs[greek] = &values[greek];
    gex__black(set, &in, outputs, NULL);
}

static void note(struct tally *t, const struct oracle_row *row, double ulp, double share)
{
    const double bin = ulp * (double)BINS_AN_ULP;

    t->count++;
    t->sum += ulp;
    t->most = fmax(t->most, ulp);
    t->bins[bin < BINS - 1 ? (int)bin : BINS - 1]++;
    if (share > t->share || share != share) {
        t->share = share;
        t->worst = *row;
    }
}

static void judge_row(int kind, const struct oracle_row *row)
{
    struct oracle_greeks truth;
    double value[GEX_GREEK_LAST_ + 1];

    for (int set = 0; set < SETS; set++) {
        if (!gex__isa_here(set + 1))
            continue;
        black(set + 1, row, value);
        if (set == 0)
            oracle_black(row, value, &truth);
        for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
            const double error = fabs((value[greek] - truth.value[greek]) - truth.rest[greek]);
            const double allowed =
                fmax(bound(greek, row, truth.value[greek], truth.scale[greek], truth.d1, truth.d2), 1e-300);
            const double unit = fmax(ulp_of(is_product(greek) ? truth.value[greek] : truth.scale[greek]), 1e-300);

            note(&tally[set][kind][greek], row, error / unit, error / allowed);
        }
    }
}

/* The ulp that all but one row in 10,000 stay within. */
static double nearly_most(const struct tally *t)
{
    int64_t beyond = 0;

    for (int bin = BINS - 1; bin >= 0; bin--) {
        beyond += t->bins[bin];
        if (beyond * 10000 > t->count)
            return fmin(t->most, (double)(bin + 1) / (double)BINS_AN_ULP);
    }
    return 0;
}

static void print_kind(int kind)
{
    printf("\n## Rows: %s\n\n| greek | unit |", kinds[kind]);
    for (int set = 0; set < SETS; set++)
        if (gex__isa_here(set + 1))
            printf(" %s max | 99.99 %% | mean | share |", gex_isa_name(set + 1));
    printf("\n|---|---|");
    for (int set = 0; set < SETS; set++)
        if (gex__isa_here(set + 1))
            printf("--:|--:|--:|--:|");
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++) {
        printf("\n| %s | %s |", gex_greek_name(greek), is_product(greek) ? "value" : "terms");
        for (int set = 0; set < SETS; set++) {
            const struct tally *t = &tally[set][kind][greek];

            if (gex__isa_here(set + 1))
                printf(" %.2f | %.2f | %.3f | %.2f |", t->most, nearly_most(t), t->sum / (double)t->count, t->share);
        }
    }
    printf("\n");
}

static void print_worst(void)
{
    printf("\n## Rows that use most of their bound\n\n```\ngreek,share,spot,strike,years,vol,rate,carry,right\n");
    for (int greek = 1; greek <= GEX_GREEK_LAST_; greek++)
        for (int set = 0; set < SETS; set++) {
            const struct tally *most = &tally[set][0][greek];

            for (int kind = 1; kind < KINDS; kind++)
                if (tally[set][kind][greek].share > most->share)
                    most = &tally[set][kind][greek];
            if (gex__isa_here(set + 1) && set < 2) /* the third has the bits of the second */
                printf("%s,%.2f,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%g\n", gex_greek_name(greek), most->share,
                       most->worst.spot, most->worst.strike, most->worst.years, most->worst.vol, most->worst.rate,
                       most->worst.carry, most->worst.right);
        }
    printf("```\n");
}

int main(int argc, char **argv)
{
    const long rows = argc > 1 ? strtol(argv[1], NULL, 10) : 0;

    if (rows <= 0) {
        (void)fprintf(stderr, "usage: accuracy ROWS [SEED]\n");
        return 2;
    }
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10) | 1;
    oracle_begin();
    for (int kind = 0; kind < KINDS; kind++)
        for (long i = 0; i < rows; i++) {
            const struct oracle_row row = kind < 5 ? draw_row(kind) : draw_sample();

            judge_row(kind, &row);
        }
    oracle_end();
    printf("<!-- SPDX-License-Identifier: Apache-2.0 -->\n# Accuracy of the European kernel\n\n"
           "Written by `scripts/accuracy`; %ld rows of each kind against 256 bits.\n\n"
           "ulp of the nearest double (`value`), or of the sum of the absolute terms of a greek that is a sum (`terms`): such a\n"
           "greek passes through zero, where an ulp of itself means nothing. The terms of a price are S Q N(d1) and K D N(d2).\n"
           "`share` is the largest part used of the bound that grows with d^2 as the condition of a Gaussian does\n"
           "(tests/black_rows.h): what is a tail or a Gaussian, and a price out of the money, by its own ulp, 6 + 3 d^2 or\n"
           "4 + 2 d^2 of them; a price in the money 2 ulp of the spot or of itself, whichever is more, since a put with K far\n"
           "above S is worth more than S and its intrinsic value carries no smaller ulp; sums 8 + 4 d^2 ulp of their terms.\n\n"
           "Sets with a fused multiply-add, AVX2, AVX-512 and that of aarch64, give the same bits, so their figures are equal. The\n"
           "baseline of x86-64 has none. To have the same bits it would have to work one out for each of 160 operations a row:\n"
           "libm's costs 280 times the kernel's time where the processor has none, and the call alone 4 times where it has one.\n"
           "So it has bits of its own, within the same bounds.\n\n"
           "log(S/K) is within 2^-66, so d is within 2^-66 / v. That is more than the ulp of d where v is below 1e-3, the forward\n"
           "is within some v^2 of the strike and the spot is not: a volatility of 1e-4, or the last second, and a carry that has\n"
           "moved the forward. There vanna, vomma, veta, speed, color, ultima, dvanna_dvol and dual_vanna pass through zero with d,\n"
           "and are off by up to 10^4 times the bound; price, delta, gamma and the others keep theirs.\n\n"
           "`GEX_KERNEL_ROWS=1e8 build/tests/suite_kernel` prices 10^8 random rows of the box S, K in [1e-6, 1e9], T in\n"
           "[1e-9, 50], vol in [1e-4, 5], |r|, |q| <= 1 on each set: every greek is a finite number and every status OK.\n",
           rows);
    for (int kind = 0; kind < KINDS; kind++)
        print_kind(kind);
    print_worst();
    return 0;
}
