/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole range of doubles, as the_whole_range of suite_implied draws it, in any number: of every row the status
 * that the header promises, and of every volatility how much it uses of the error that is promised.
 *
 *     implied_range [ROWS [SEED]]      10^8 rows unless said; minutes of one processor a set
 *     implied_range --proof [ROWS]     how far the arithmetic below is from 320 bits
 *
 * A row is decided in double-double (implied_quick.h), or where that is not enough, or the share above 0.9, in 320
 * bits, and its status in 4,400. A set whose bits are those of the next is left out. Prints rows that use most, and
 * exits with 1 at the first that breaks the promise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "base/isa.h"
#include "implied_oracle.h"
#include "implied_quick.h"

struct tally {
    int64_t rows, solved, shares, slow_status, slow_share;
    double worst;
};

static void print_row(const char *what, int i, double share)
{
    printf("%s: share %.3f, status %d, vol %.17g {%a, %a, %a, %a, %d, %a}\n", what, share, batch.status[i],
           batch.vol[i], batch.price[i], batch.forward[i], batch.strike[i], batch.years[i], batch.right[i],
           batch.discount[i]);
    fflush(stdout);
}

static double exact_share(int i)
{
    /* an exact factor keeps what miss() returns within doubles */
    const double factor = batch.price[i] > 0x1p900 ? 0x1p-120 : batch.price[i] < 0x1p-900 ? 0x1p120 : 1;
    const struct miss m =
        miss(GEX_MODEL_BLACK, batch.price[i] * factor, batch.forward[i], batch.strike[i], batch.years[i],
             batch.right[i], batch.discount[i] * factor, batch.vol[i]);

    /* next to the bound a price's own ulp says nothing */
    return m.steepness > DBL_MIN ? share_of(&m, batch.vol[i]) : 0;
}

/* @return whether the promise is kept */
static bool check(int i, struct tally *tally)
{
    struct quick_value value;
    int32_t status;
    bool worthless, quick = quick_status(&batch, i, &status, &worthless, &value);
    double share;

    tally->rows++;
    if (!quick) {
        tally->slow_status++;
        status = promised(&batch, i, &worthless);
    }
    if (batch.status[i] != status)
        return false;
    if (status != GEX_CALC_OK)
        return isnan(batch.vol[i]);
    if (worthless)
        return batch.vol[i] == 0;
    if (!(batch.vol[i] > 0)) /* at F = K the deviation, and with much time the volatility, may be below all doubles */
        return batch.vol[i] == 0 && batch.forward[i] == batch.strike[i];
    tally->solved++;
    if (!(batch.vol[i] > DBL_MIN) || !(batch.price[i] > DBL_MIN))
        return true;
    share = quick_share(&batch, i, &value);
    if (!(share >= 0) || share > 0.9) {
        tally->slow_share++;
        share = exact_share(i);
    }
    tally->shares++;
    if (share > tally->worst) {
        tally->worst = share;
        if (share > 0.6)
            print_row("worst", i, share);
    }
    return share <= 1;
}

static gex_context *context_of(int32_t set)
{
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.instruction_set = set;
    return gex_context_create(&options, &context, NULL) == GEX_OK ? context : NULL;
}

static bool next_batch(const gex_context *context)
{
    const gex_price_columns columns = columns_of(&batch, BATCH, GEX_MODEL_BLACK);

    for (int i = 0; i < BATCH; i++)
        draw_any_row(&batch, i);
    return gex_implied_vol(context, &columns, batch.vol, batch.status, NULL) == GEX_OK;
}

static bool run(int32_t set, int64_t rows)
{
    gex_context *context = context_of(set);
    struct tally tally = {0};

    for (int64_t done = 0; done < rows; done += BATCH) {
        if (!next_batch(context))
            return false;
        for (int i = 0; i < BATCH; i++)
            if (!check(i, &tally)) {
                print_row("BROKEN", i, exact_share(i));
                return false;
            }
    }
    printf("%s: %lld rows, %lld with a volatility, %lld compared: share of what is promised %.3f; in high precision "
           "the status of %lld, the share of %lld\n",
           gex_isa_name(set), (long long)tally.rows, (long long)tally.solved, (long long)tally.shares, tally.worst,
           (long long)tally.slow_status, (long long)tally.slow_share);
    gex_context_free(context);
    return true;
}

/* Rows of which both arithmetics can say something. */
static bool prove(int64_t rows)
{
    gex_context *context = context_of(GEX_ISA_BASELINE);
    int64_t statuses = 0, shares = 0;
    double apart = 0;

    while (shares < rows) {
        if (!next_batch(context))
            return false;
        for (int i = 0; i < BATCH; i++) {
            struct quick_value value;
            int32_t status;
            bool worthless, nothing;
            double quick, difference;

            if (!quick_status(&batch, i, &status, &nothing, &value))
                continue;
            statuses++;
            if (promised(&batch, i, &worthless) != status || worthless != nothing) {
                print_row("statuses differ", i, status);
                return false;
            }
            if (status != GEX_CALC_OK || nothing || !(batch.vol[i] > DBL_MIN))
                continue;
            quick = quick_share(&batch, i, &value);
            if (quick < 0)
                continue;
            difference = fabs(quick - exact_share(i));
            shares++;
            if (difference > apart) {
                apart = difference;
                if (apart > 1e-6)
                    print_row("apart", i, apart);
            }
        }
    }
    printf("%lld statuses agree; %lld shares agree within %.3g\n", (long long)statuses, (long long)shares, apart);
    gex_context_free(context);
    return apart < 1e-6;
}

int main(int argc, char **argv)
{
    const bool proof = argc > 1 && strcmp(argv[1], "--proof") == 0;
    const char *rows = argc > 1 + proof ? argv[1 + proof] : proof ? "1000000" : "100000000";

    seed = UINT64_C(0x2545f4914f6cdd1d); /* of the run that docs/accuracy.md tells of */
    if (argc > 2 && !proof)
        seed ^= strtoull(argv[2], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15);
    quick_begin();
    if (proof)
        return prove(strtoll(rows, NULL, 10)) ? 0 : 1;
    for (int32_t set = GEX_ISA_BASELINE; set <= GEX_ISA_LAST_; set++)
        if (gex__isa_here(set) && !(set == GEX_ISA_AVX2 && gex__isa_here(GEX_ISA_AVX512)) &&
            !run(set, strtoll(rows, NULL, 10)))
            return 1;
    return 0;
}
