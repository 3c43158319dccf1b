/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of rows of an exposure by lines of three. */
#include "quick.h"

#include <math.h>
#include <string.h>

#include <gex/chain.h>

enum { LANE_NET, LANE_GROSS, LANE_OPEN_INTEREST, LANES };

void gex__quick_begin(struct gex__quick *quick, int32_t instruction_set)
{
    memset(quick, 0, sizeof *quick);
    quick->wide = gex__wide_of(instruction_set);
    for (int32_t i = 0; i < GEX__QUICK_ROWS; i++)
        quick->place[i] = i;
}

static double exposure_of(const struct gex_exposure *exposure, int64_t row)
{
    return exposure->diverges[row] ? 0.0 : exposure->row[row];
}

static double open_interest_of(const double *open_interest, int64_t row)
{
    return isfinite(open_interest[row]) ? open_interest[row] : 0.0;
}

/* Lines of rows, calls from the front, puts from behind. @return how many are calls, -1 when a value is not finite */
static int64_t lines_fill(struct gex__quick *quick, const struct gex_exposure *exposure, const int64_t *row,
                          int64_t count)
{
    const gex_chain *chain = gex_book_chain(exposure->book);
    const double *open_interest = gex_chain_open_interest(chain);
    const int8_t *right = gex_chain_right(chain);
    int64_t calls = 0, behind = count;
    bool finite = true;

    for (int64_t r = 0; r < count; r++) {
        const double value = exposure_of(exposure, row[r]);
        double *line = quick->line + GEX_WIDE * (right[row[r]] == GEX_CALL ? calls++ : --behind);

        line[LANE_NET] = value;
        line[LANE_GROSS] = fabs(value);
        line[LANE_OPEN_INTEREST] = open_interest_of(open_interest, row[r]);
        finite = finite && isfinite(value);
    }
    return finite ? calls : -1;
}

static bool some_sum(struct gex__quick *quick, const struct gex_exposure *exposure, const int64_t *row, int64_t count,
                     struct gex__wide *sum)
{
    const int64_t calls = lines_fill(quick, exposure, row, count);

    if (calls >= 0)
        quick->wide->sum(&(struct gex__wide_rows){quick->line, GEX_WIDE, quick->place, calls, count - calls}, 0, sum);
    return calls >= 0;
}

/* Windows for sums of sets of rows of which none comes to more than all. */
static void clear_for(const struct gex__quick *quick, double exposures, double interest, int64_t sets,
                      struct gex__wide *sum)
{
    const double largest[GEX_WIDE] = {
        [LANE_NET] = exposures, [LANE_GROSS] = exposures, [LANE_OPEN_INTEREST] = interest};

    quick->wide->clear(sum, largest, 4 * sets, 1);
}

bool gex__quick_rows(struct gex__quick *quick, const struct gex_exposure *exposure, const int64_t *row, int64_t count,
                     struct gex__wide *sum)
{
    const double *open_interest = gex_chain_open_interest(gex_book_chain(exposure->book));
    double exposures = 0.0, interest = 0.0;

    if (count <= GEX__QUICK_ROWS)
        return some_sum(quick, exposure, row, count, sum);
    for (int64_t r = 0; r < count; r++) {
        exposures += fabs(exposure_of(exposure, row[r]));
        interest += fabs(open_interest_of(open_interest, row[r]));
    }
    clear_for(quick, exposures, interest, count / GEX__QUICK_ROWS + 1, sum);
    for (int64_t first = 0; first < count; first += GEX__QUICK_ROWS) {
        struct gex__wide some;
        const int64_t left = count - first;

        if (!some_sum(quick, exposure, row + first, left < GEX__QUICK_ROWS ? left : GEX__QUICK_ROWS, &some) ||
            !quick->wide->merge(sum, &some, 1))
            return false;
    }
    return true;
}

void gex__quick_clear(const struct gex__quick *quick, const struct gex_exposure *exposure, int64_t keys,
                      struct gex__wide *sum)
{
    const double *open_interest = gex_chain_open_interest(gex_book_chain(exposure->book));
    double exposures = 0.0, interest = 0.0;

    for (int64_t i = 0; i < exposure->rows; i++) {
        const bool used = exposure->status[i] == GEX_ROW_USED;

        exposures += used ? fabs(exposure_of(exposure, i)) : 0.0;
        interest += used ? fabs(open_interest_of(open_interest, i)) : 0.0;
    }
    clear_for(quick, exposures, interest, keys, sum);
}

bool gex__quick_round(const struct gex__quick *quick, const struct gex__wide *sum, double value[GEX__SUM_LAST + 1])
{
    static const struct source {
        int8_t sum, lane;
    } sources[GEX__SUM_LAST + 1] = {
        [GEX_SUM_NET] = {GEX_WIDE_NET, LANE_NET},
        [GEX_SUM_GROSS] = {GEX_WIDE_NET, LANE_GROSS},
        [GEX_SUM_CALL] = {GEX_WIDE_OF_CALLS, LANE_NET},
        [GEX_SUM_PUT] = {GEX_WIDE_OF_PUTS, LANE_NET},
        [GEX__SUM_CALL_GROSS] = {GEX_WIDE_OF_CALLS, LANE_GROSS},
        [GEX__SUM_PUT_GROSS] = {GEX_WIDE_OF_PUTS, LANE_GROSS},
        [GEX__SUM_CALL_OI] = {GEX_WIDE_OF_CALLS, LANE_OPEN_INTEREST},
        [GEX__SUM_PUT_OI] = {GEX_WIDE_OF_PUTS, LANE_OPEN_INTEREST},
    };
    gex__wide_row rounded[GEX_WIDE_SUMS];
    const uint32_t unsure = quick->wide->round(sum, rounded);
    bool sure = true;

    for (int s = 1; s <= GEX__SUM_LAST; s++) {
        value[s] = rounded[sources[s].sum][sources[s].lane];
        sure = sure && (unsure >> (GEX_WIDE * sources[s].sum + sources[s].lane) & 1) == 0;
    }
    return sure;
}
