/* SPDX-License-Identifier: Apache-2.0 */
/* Deltas of lines in the states that scenarios pass through. */
#include <math.h>

#include "flow.h"
#include "math/american_escrow.h"
#include "value.h"

/* What an expiry's lines share in a state: years on the calendar, and the factor that restates their volatilities. */
struct shared {
    double years, restated;
};

static struct shared shared_of(const struct gex__lines *lines, const gex_market *market, const struct gex__state *state,
                               int64_t line)
{
    const double root = lines->root != NULL ? lines->root[line] : 1.0;
    struct gex__left left;

    if (state->as_of == gex_market_as_of(market))
        return (struct shared){lines->years[line], 1.0};
    left = gex__left_of(market, lines->expiry[line], state->as_of);
    return (struct shared){left.years, left.root / root};
}

/*
 * Volatilities of lines of one expiry in a state, on the calendar. A volatility is kept and shifted on its own clock:
 * on the calendar a shift is `root` times as large, and all is restated by the root there is then.
 * Before that the dynamics move it with spot.
 */
static void lines_move(const struct gex__lines *lines, const struct gex__state *state, const struct shared *shared,
                       int64_t first, int64_t count, double *vol)
{
    const double shift = state->shift * (lines->root != NULL ? lines->root[first] : 1.0);

    gex__lines_vol(lines, first, count, state->spot, vol);
    for (int64_t i = 0; i < count; i++) {
        const double moved = vol[i] + shift;

        vol[i] = (moved > 0.0 ? moved : 0.0) * shared->restated;
    }
}

/* Lines of one expiry, at a spot yet to be set. */
static struct gex__black_in european_in(const struct gex__lines *lines, const struct shared *shared, int64_t first,
                                        int64_t count, const double *vol)
{
    return (struct gex__black_in){.rows = count, .one_spot = true, .strike = lines->strike + first,
                                  .years = &shared->years, .one_years = true, .vol = vol, .rate = lines->rate + first,
                                  .one_rate = true, .carry = lines->carry + first, .one_carry = true,
                                  .right = lines->right + first};
}

static void european_deltas(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                            const struct gex__state *state, int64_t first, int64_t count, double *delta)
{
    const struct shared shared = shared_of(lines, market, state, first);
    double vol[GEX_STATE_LINES], *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_DELTA] = delta};
    struct gex__black_in in = european_in(lines, &shared, first, count, vol);

    in.spot = &state->spot;
    lines_move(lines, state, &shared, first, count, vol);
    gex__black(isa, &in, outputs, NULL);
}

enum { AMERICAN_LINES = GEX_AMERICAN_ROWS, REST_LINES = 8 };

/* Pricers of American contracts want a column of everything. */
static void american_deltas(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                            const struct gex__state *state, int64_t first, int64_t count, double *delta)
{
    const struct shared shared = shared_of(lines, market, state, first);
    const struct gex__dividends dividends =
        gex__dividends_from(&lines->dividends, gex_market_as_of(market), state->as_of);
    double years[AMERICAN_LINES], vol[AMERICAN_LINES];
    double *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_DELTA] = delta};
    const struct gex__black_in in = {.rows = count,
                                     .spot = &state->spot,
                                     .one_spot = true,
                                     .strike = lines->strike + first,
                                     .years = years,
                                     .vol = vol,
                                     .rate = lines->rate + first,
                                     .carry = lines->carry + first,
                                     .right = lines->right + first};

    for (int64_t i = 0; i < count; i++)
        years[i] = shared.years;
    lines_move(lines, state, &shared, first, count, vol);
    gex__value(isa, &in, lines->exercise + first, &dividends, outputs, NULL);
}

int64_t gex__state_count(const struct gex__lines *lines, int64_t first, int64_t end)
{
    const int64_t most = lines->exercise != NULL ? AMERICAN_LINES : GEX_STATE_LINES;
    int64_t count = end - first < most ? end - first : most;

    while (lines->expiry[first + count - 1] != lines->expiry[first])
        count--;
    return count;
}

void gex__state_deltas(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                       const struct gex__state *state, int64_t first, int64_t count, double *delta)
{
    if (lines->exercise != NULL)
        american_deltas(lines, market, isa, state, first, count, delta);
    else
        european_deltas(lines, market, isa, state, first, count, delta);
}

/* ---- states that differ in spot alone ---------------------------------------------------------------------------- */

bool gex__states_share(const struct gex__lines *lines)
{
    return lines->motion == NULL;
}

bool gex__states_save(const struct gex__lines *lines)
{
    return lines->motion == NULL && lines->exercise != NULL;
}

static void european_states(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                            const struct gex__state *state, int64_t states, int64_t first, int64_t count, double *delta)
{
    const struct shared shared = shared_of(lines, market, state, first);
    double vol[GEX_STATE_LINES], *outputs[GEX_GREEK_LAST_ + 1] = {NULL};
    struct gex__black_in in = european_in(lines, &shared, first, count, vol);

    lines_move(lines, state, &shared, first, count, vol);
    for (int64_t k = 0; k < states; k++) {
        in.spot = &state[k].spot;
        outputs[GEX_GREEK_DELTA] = delta + k * GEX_STATE_LINES;
        gex__black(isa, &in, outputs, NULL);
    }
}

/* The other lines, each state by itself;
 * their columns are put side by side, for a vector costs the same for one line. */
__attribute__((noinline)) static void rest_deltas(int32_t isa, const struct gex__black_in *in, const int8_t *exercise,
                                                  int count, const int64_t *row, const struct gex__dividends *dividends,
                                                  const struct gex__escrow_spots *at)
{
    double strike[REST_LINES], years[REST_LINES], vol[REST_LINES], rate[REST_LINES], carry[REST_LINES];
    double delta[REST_LINES], *outputs[GEX_GREEK_LAST_ + 1] = {[GEX_GREEK_DELTA] = delta};
    int8_t right[REST_LINES], style[REST_LINES];
    struct gex__black_in rest = {.rows = count, .one_spot = true, .strike = strike, .years = years, .vol = vol,
                                 .rate = rate, .carry = carry, .right = right};

    for (int i = 0; i < count; i++) {
        strike[i] = in->strike[row[i]];
        years[i] = in->years[row[i]];
        vol[i] = in->vol[row[i]];
        rate[i] = in->rate[row[i]];
        carry[i] = in->carry[row[i]];
        right[i] = in->right[row[i]];
        style[i] = exercise[row[i]];
    }
    for (int64_t k = 0; k < at->count && count > 0; k++) {
        rest.spot = at->spot + k;
        gex__value(isa, &rest, style, dividends, outputs, NULL);
        for (int i = 0; i < count; i++)
            at->delta[k * at->stride + row[i]] = delta[i];
    }
}

static void american_states(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                            const struct gex__state *state, int64_t states, int64_t first, int64_t count, double *delta)
{
    const struct shared shared = shared_of(lines, market, state, first);
    const struct gex__dividends dividends =
        gex__dividends_from(&lines->dividends, gex_market_as_of(market), state->as_of);
    double years[AMERICAN_LINES], vol[AMERICAN_LINES], spot[GEX_STATES];
    const struct gex__black_in in = {.rows = count, .spot = spot, .one_spot = true, .strike = lines->strike + first,
                                     .years = years, .vol = vol, .rate = lines->rate + first,
                                     .carry = lines->carry + first, .right = lines->right + first};
    const struct gex__escrow_spots at = {states, spot, delta, GEX_STATE_LINES};
    int64_t row[GEX_ESCROW_LANES], one[AMERICAN_LINES], rest[REST_LINES];
    int held = 0, ones = 0, others = 0;

    for (int64_t k = 0; k < states; k++)
        spot[k] = state[k].spot;
    for (int64_t i = 0; i < count; i++)
        years[i] = shared.years;
    lines_move(lines, state, &shared, first, count, vol);
    for (int64_t i = 0; i < count; i++) {
        const bool american = lines->exercise[first + i] == GEX_EXERCISE_AMERICAN;
        const bool pays = gex__escrow_events(&dividends, years[i]).count > 0;

        if (american && !pays && gex__american_is_one(&in, i))
            one[ones++] = i;
        else if (american && pays && gex__escrow_is_held(&in, i, &dividends))
            row[held++] = i;
        else
            rest[others++] = i;
        if (held == GEX_ESCROW_LANES) {
            gex__escrow_deltas(isa, &in, held, row, &dividends, &at);
            held = 0;
        }
        if (others == REST_LINES) {
            rest_deltas(isa, &in, lines->exercise + first, others, rest, &dividends, &at);
            others = 0;
        }
    }
    if (held > 0)
        gex__escrow_deltas(isa, &in, held, row, &dividends, &at);
    rest_deltas(isa, &in, lines->exercise + first, others, rest, &dividends, &at);
    gex__american_deltas(isa, GEX_VALUE_PRESET, &in, ones, one, states, spot, delta, GEX_STATE_LINES);
}

void gex__states_deltas(const struct gex__lines *lines, const gex_market *market, int32_t isa,
                        const struct gex__state *state, int64_t states, int64_t first, int64_t count, double *delta)
{
    if (lines->exercise != NULL)
        american_states(lines, market, isa, state, states, first, count, delta);
    else
        european_states(lines, market, isa, state, states, first, count, delta);
}
