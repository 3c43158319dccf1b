/* SPDX-License-Identifier: Apache-2.0 */
/* Ex-dates of a row, its grid, and what stands on it. */
#include "american_escrow_grid.h"

#include <stddef.h>

static const double REACH = 3.75; /* deviations beyond the strike, and beyond where exercise begins to pay */
static const double DEVIATION_LEAST = 1e-4, STEEPEST = 40.0; /* the latter: drift in deviations */
static const double HELD = 1e-10; /* of the strike: an excess below is none */

struct gex__escrow_events gex__escrow_events(const struct gex__dividends *dividends, double years)
{
    int64_t first = 0, end = dividends->count;

    while (first < end && !(dividends->years[first] - dividends->passed > 0.0))
        first++;
    while (end > first && dividends->years[end - 1] - dividends->passed > years)
        end--;
    if (first == end)
        return (struct gex__escrow_events){0};
    return (struct gex__escrow_events){
        end - first, dividends->years + first, dividends->cash != NULL ? dividends->cash + first : NULL,
        dividends->fraction != NULL ? dividends->fraction + first : NULL, dividends->passed};
}

struct gex__escrowed gex__escrowed_of(const struct gex__escrow_events *events, double rate)
{
    struct gex__escrowed e = {1.0, 0.0, 0.0};
    double until = 0.0;

    for (int64_t i = events->count; i-- > 0;) {
        const double when = events->years[i] - events->passed,
                     kept = 1.0 - (events->fraction != NULL ? events->fraction[i] : 0.0);
        const double cash = events->cash != NULL ? events->cash[i] : 0.0;
        const double span = i == events->count - 1 ? 0.0 : until - when, decay = exp(-rate * span);

        e.by_rate = decay * (e.by_rate + span * e.paid) / kept;
        e.paid = (decay * e.paid + cash) / kept;
        e.alpha /= kept;
        until = when;
    }
    e.by_rate = exp(-rate * until) * (e.by_rate + until * e.paid);
    e.paid *= exp(-rate * until);
    return e;
}

double gex__escrowed_spot(const struct gex__escrowed *escrowed, double spot)
{
    return fmax(spot - escrowed->paid, GEX_ESCROW_NOTHING * spot) / escrowed->alpha;
}

double gex__escrowed_spot_of(const struct gex__black_in *in, int64_t row, const struct gex__dividends *dividends)
{
    const struct gex__escrow_events events = gex__escrow_events(dividends, in->years[row]);
    const struct gex__escrowed escrowed = gex__escrowed_of(&events, in->rate[row]);
    const double spot = gex__spot_of(in, row);

    return events.count > 0 ? gex__escrowed_spot(&escrowed, spot) : spot;
}

struct gex__escrow_european gex__escrow_european_of(const struct gex__black_in *in, int64_t row, double s,
                                                    double log_moneyness, double fade, bool with_delta)
{
    const double T = in->years[row], vol = in->vol[row], f = in->right[row], q = in->carry[row], b = in->rate[row] - q;
    const double v = vol * sqrt(T), d1 = (log_moneyness + b * T) / v + 0.5 * v, d2 = d1 - v;
    const double density = fade * 0.3989422804014327 * exp(-0.5 * d1 * d1);
    const double delta = with_delta ? f * fade * 0.5 * erfc(-f * d1 * 0.70710678118654752) : 0.0;
    const double gamma = density / (s * v);

    return (struct gex__escrow_european){delta, gamma, -gamma / s * (d1 / v + 1.0), -density * d2 / vol,
                                         q * delta - density * (b / v - d2 / (2.0 * T))};
}

bool gex__escrow_is_steep(double vol, double rate, double carry, double years)
{
    const double v = vol * sqrt(years);

    return v < DEVIATION_LEAST || fabs(rate - carry) * years > STEEPEST * v;
}

static void lay_lane(struct gex__escrow_lines *lines, int lane, const struct gex__escrowed *escrowed, double vol)
{
    const double K = lines->strike[lane], k = lines->log_strike[lane], v = vol * sqrt(lines->years), reach = REACH * v;
    const double drift = (lines->rate[lane] - lines->carry[lane] - 0.5 * vol * vol) * lines->years;
    const double pays = log(fmax((K - escrowed->paid) / escrowed->alpha, 0.02 * K)); /* exercise pays beyond it */
    const double low = fmin(pays, k) - reach - fmin(fmax(drift, 0.0), 2.0 * reach);
    const double high = fmax(pays, k) + reach - fmax(fmin(drift, 0.0), -2.0 * reach);
    const double dx = (high - low) / lines->last;

    lines->dx[lane] = dx;
    lines->low[lane] = k - floor((k - low) / dx + 0.5) * dx; /* a node at the strike */
    lines->low_spot[lane] = exp(lines->low[lane]);
    lines->high_spot[lane] = exp(lines->low[lane] + lines->last * dx);
    lines->growth[lane] = exp(dx);
}

void gex__escrow_lay(const struct gex__black_in *in, int count, const int64_t *row,
                     const struct gex__dividends *dividends, const double *vol, struct gex__escrow_lines *lines,
                     struct gex__escrowed *escrowed)
{
    lines->years = in->years[row[0]];
    lines->events = gex__escrow_events(dividends, lines->years);
    lines->last = GEX_ESCROW_LAST;
    lines->steps = GEX_ESCROW_STEPS;
    for (int i = 0; i < GEX_ESCROW_LANES; i++) {
        const int64_t like = row[i < count ? i : 0];

        lines->vol[i] = in->vol[like];
        lines->rate[i] = in->rate[like];
        lines->carry[i] = in->carry[like];
        lines->strike[i] = in->strike[like];
        lines->right[i] = in->right[like];
        escrowed[i] = gex__escrowed_of(&lines->events, lines->rate[i]);
        lines->log_strike[i] = lines->at[i] = log(lines->strike[i]);
        lines->at_spot[i] = lines->strike[i];
        lay_lane(lines, i, &escrowed[i], vol[i < count ? i : 0]);
    }
}

bool gex__escrow_is_far(const struct gex__escrow_lines *lines, int lane, double x)
{
    return lines->right[lane] > 0.0 ? x < lines->low[lane] : x > lines->low[lane] + lines->last * lines->dx[lane];
}

void gex__escrow_coarse(struct gex__escrow_lines *lines, bool coarse)
{
    for (int i = 0; i < GEX_ESCROW_LANES; i++) {
        lines->dx[i] *= coarse ? 2.0 : 0.5;
        lines->growth[i] = coarse ? lines->growth[i] * lines->growth[i] : sqrt(lines->growth[i]);
    }
    lines->last = coarse ? lines->last / 2 : lines->last * 2;
    lines->steps = coarse ? lines->steps / 2 : lines->steps * 2;
}

struct gex__escrow_premium gex__escrow_premium_of(const struct gex__escrow_lines *lines,
                                                  const struct gex__escrow_nodes *nodes, int lane)
{
    return (struct gex__escrow_premium){&nodes->premium[0][lane], GEX_ESCROW_LANES, lines->last,
                                        lines->low[lane],         lines->dx[lane],  lines->right[lane]};
}

/* Inlined: `orders` is known. */
static inline __attribute__((always_inline)) void read_orders(const struct gex__escrow_premium *premium, double x,
                                                              int orders, double by[5])
{
    static const double share[5] = {0.0, 1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0};
    const double per_node = 1.0 / premium->dx, place = (x - premium->low) * per_node;
    const int stride = premium->stride, last = premium->last;
    const bool below = place<0.0, above = place> last;
    double d[5], scale = 1.0;
    int first;

    if (below || above) {
        const bool in_the_money = below ? premium->right < 0.0 : premium->right > 0.0;
        const int end = below ? 0 : last, inner = below ? 1 : last - 1;
        const double s_end = exp(premium->low + end * premium->dx), s = in_the_money ? exp(x) : 0.0;
        const double slope = in_the_money ? (premium->node[end * stride] - premium->node[inner * stride]) /
                                                (s_end - exp(premium->low + inner * premium->dx))
                                          : 0.0;

        by[0] = in_the_money ? premium->node[end * stride] + slope * (s - s_end) : 0.0;
        for (int k = 1; k <= orders; k++)
            by[k] = slope * s;
        return;
    }
    first = (int)fmin(fmax(place - 1.5, 0.0), last - 4);
    for (int k = 0; k < 5; k++)
        d[k] = premium->node[(first + k) * stride];
    for (int k = 0; k <= orders; k++)
        by[k] = 0.0;
    for (int k = 1; k < 5; k++) /* divided differences, then Horner's rule for derivatives over their factorials */
        for (int i = 4; i >= k; i--)
            d[i] = (d[i] - d[i - 1]) * share[k];
    for (int k = 4; k >= 0; k--) {
        const double t = place - first - k;

        for (int order = orders < 4 - k ? orders : 4 - k; order > 0; order--) /* the others are 0 so far */
            by[order] = by[order] * t + by[order - 1];
        by[0] = by[0] * t + d[k];
    }
    for (int order = 1; order <= orders; order++) {
        scale *= order * per_node;
        by[order] *= scale;
    }
}

void gex__escrow_read(const struct gex__escrow_premium *premium, double x, int orders, double by[5])
{
    if (orders <= 2)
        read_orders(premium, x, 2, by);
    else
        read_orders(premium, x, 4, by);
}

/* Place where exercise ends on the way from node i, where it pays, to the side `way`: the excess grows with the square
 * from there. */
static double edge_of(const struct gex__escrow_lines *lines, const struct gex__escrow_nodes *nodes, int lane, int i,
                      int way)
{
    double root[2];

    if (i + way < 0 || i + way > lines->last)
        return way * HUGE_VAL;
    for (int k = 0; k < 2; k++) {
        const int j = i + (k + 1) * way;

        root[k] = sqrt(fmax(nodes->excess[j < 0 ? 0 : j > lines->last ? lines->last : j][lane], 0.0));
    }
    return lines->low[lane] +
           (i + way * (root[1] > root[0] ? 1.0 - fmin(1.0, root[0] / (root[1] - root[0])) : 0.5)) * lines->dx[lane];
}

struct gex__escrow_edges gex__escrow_edges_of(const struct gex__escrow_lines *lines,
                                              const struct gex__escrow_nodes *nodes, int lane)
{
    const double least = HELD * lines->strike[lane];
    int first = -1, last = -1;

    for (int i = 0; i <= lines->last; i++)
        if (nodes->excess[i][lane] <= least) {
            first = first < 0 ? i : first;
            last = i;
        }
    if (first < 0)
        return (struct gex__escrow_edges){HUGE_VAL, -HUGE_VAL};
    return (struct gex__escrow_edges){edge_of(lines, nodes, lane, first, -1), edge_of(lines, nodes, lane, last, 1)};
}
