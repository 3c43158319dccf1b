/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regimes of volatility, one family and one line through it:
 *
 *     vol(P) = vol + f(k + (R - 1) ln(P / S)) - f(k)      k = ln(K / F), f the smile of the expiry
 *     vol(P) = vol (1 + b (P / S - 1))
 *
 * R = 1 is sticky strike, 0 sticky moneyness, 2 what a short-dated local volatility does to first order (Derman 1999,
 * Risk 12(4); Bergomi 2009, Risk 22(12); Berestycki, Busca and Florent 2002, Quantitative Finance 2). Anchored at the
 * contract's own volatility: a call and a put of one strike that are quoted apart stay apart.
 */
#include "dynamics.h"

#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "surface.h"

#define STICKINESS_LOW  (-1.0)
#define STICKINESS_HIGH 3.0
#define BETA_MOST       1000.0
#define SPAN_STEPS      16
#define AT_NODE         1e-12 /* of k: rounding of moneyness after moves */

/* ---- choices ----------------------------------------------------------------------------------------------------- */

static bool takes_stickiness(int32_t dynamics)
{
    return dynamics == GEX_DYNAMICS_STICKINESS || dynamics == GEX_DYNAMICS_FITTED;
}

gex_status gex__dynamics_check(int32_t dynamics, double parameter, gex_error *error)
{
    if (takes_stickiness(dynamics) && !(parameter >= STICKINESS_LOW && parameter <= STICKINESS_HIGH))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "dynamics {s}={g}: the skew stickiness has to lie within -1 to 3",
                         gex_dynamics_name(dynamics), parameter);
    if (dynamics == GEX_DYNAMICS_BETA && !(fabs(parameter) <= BETA_MOST))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "dynamics BETA={g}: it has to lie within -1000 to 1000", parameter);
    if (!takes_stickiness(dynamics) && dynamics != GEX_DYNAMICS_BETA && !(parameter == 0))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "dynamics {s} takes no parameter, and dynamics_parameter is {g}",
                         gex_dynamics_name(dynamics), parameter);
    return GEX_OK;
}

struct gex__motion gex__motion_of(int32_t dynamics, double parameter, double spot)
{
    struct gex__motion motion = {.spot = spot, .stickiness = 1};

    if (dynamics == GEX_DYNAMICS_STICKY_MONEYNESS)
        motion.stickiness = 0;
    else if (dynamics == GEX_DYNAMICS_LOCAL_VOL)
        motion.stickiness = 2;
    else if (takes_stickiness(dynamics))
        motion.stickiness = parameter;
    else if (dynamics == GEX_DYNAMICS_BETA) {
        motion.by_beta = true;
        motion.beta = parameter;
    }
    return motion;
}

double gex__motion_parameter(const struct gex__motion *motion, int32_t dynamics)
{
    return motion->by_beta ? motion->beta : takes_stickiness(dynamics) ? motion->stickiness : 0;
}

gex_status gex_dynamics_format(int32_t dynamics, double parameter, char *text, gex_error *error)
{
    char number[GEX_DECIMAL_MAX];
    int64_t used;

    if (text == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "text is required: GEX_DYNAMICS_TEXT bytes");
    used = (int64_t)strlen(gex_dynamics_name(dynamics));
    memcpy(text, gex_dynamics_name(dynamics), (size_t)used + 1);
    if (takes_stickiness(dynamics) || dynamics == GEX_DYNAMICS_BETA) {
        const int64_t length = gex__decimal_shortest(parameter, number);
        text[used++] = '=';
        memcpy(text + used, number, (size_t)length);
        text[used + length] = '\0';
    }
    return GEX_OK;
}

static gex_status parse(const char *text, int32_t *dynamics_out, double *parameter_out, gex_error *error)
{
    const char *equals = strchr(text, '=');
    const size_t length = equals != NULL ? (size_t)(equals - text) : strlen(text);
    char name[GEX_DYNAMICS_TEXT] = "";
    double parameter = 0;
    int32_t dynamics;
    gex_status status;

    if (length < sizeof name)
        memcpy(name, text, length);
    dynamics = gex_dynamics_find(name);
    if (dynamics == 0)
        return gex__fail(error, GEX_ERR_FORMAT, -1,
                         "{n} names no dynamics: STICKY_STRIKE, STICKY_MONEYNESS, LOCAL_VOL, "
                         "STICKINESS=R, BETA=b or FITTED=R",
                         (int64_t)(length < 40 ? length : 40), text);
    if ((equals != NULL) != (takes_stickiness(dynamics) || dynamics == GEX_DYNAMICS_BETA))
        return gex__fail(error, GEX_ERR_FORMAT, -1,
                         equals != NULL ? "{s} takes no parameter"
                                        : "{s} takes a parameter, "
                                          "as in STICKINESS=1.5, BETA=-10, FITTED=1.3",
                         name);
    if (equals != NULL && !gex__decimal_parse(equals + 1, (int64_t)strlen(equals + 1), &parameter))
        return gex__fail(error, GEX_ERR_FORMAT, -1, "what follows {s}= is no number", name);
    status = gex__dynamics_check(dynamics, parameter, error);
    if (status != GEX_OK)
        return status;
    *dynamics_out = dynamics;
    *parameter_out = parameter;
    return GEX_OK;
}

gex_status gex_dynamics_parse(const char *text, int32_t *dynamics_out, double *parameter_out, gex_error *error)
{
    struct gex__guest guest;
    gex_status status;

    if (text == NULL || dynamics_out == NULL || parameter_out == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "text, dynamics_out and parameter_out are required");
    gex__guest_enter(&guest);
    status = parse(text, dynamics_out, parameter_out, error);
    gex__guest_leave(&guest);
    return status;
}

/* ---- motion ------------------------------------------------------------------------------------------------------ */

bool gex__motion_is_smiling(const struct gex__motion *motion)
{
    return !motion->by_beta && motion->stickiness != 1;
}

bool gex__motion_moves(const struct gex__motion *motion)
{
    return motion->by_beta ? motion->beta != 0 : motion->stickiness != 1 && motion->smile != NULL;
}

static double beta_factor(const struct gex__motion *motion, double price)
{
    return 1 + motion->beta * (price / motion->spot - 1);
}

bool gex__motion_reaches(const struct gex__motion *motion, double price)
{
    return !motion->by_beta || beta_factor(motion, price) > 0;
}

/* Slices keep the order of expiries. */
int64_t gex__motion_slice(const struct gex__motion *motion, int32_t expiry)
{
    const gex_surface *smile = motion->smile;
    int64_t low = 0, high = smile != NULL ? smile->used : 0;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (smile->slice[middle].place < expiry)
            low = middle + 1;
        else
            high = middle;
    }
    return smile != NULL && low < smile->used && smile->slice[low].place == expiry ? low : -1;
}

static double smile_vol(const struct gex__motion *motion, const struct gex__slice *slice, double k)
{
    return sqrt(fmax(0, gex__slice_at(motion->smile, slice, k, &(bool){false}).w) / slice->years);
}

struct gex__place gex__motion_place(const struct gex__motion *motion, int32_t expiry, double k, double factor)
{
    struct gex__place place = {.slice = -1, .k = k, .factor = factor};

    place.slice = gex__motion_slice(motion, expiry);
    if (place.slice >= 0)
        place.vol = smile_vol(motion, &motion->smile->slice[place.slice], place.k);
    return place;
}

double gex__motion_difference(const struct gex__motion *motion, const struct gex__place *place, double log_move)
{
    const struct gex__slice *slice;

    if (place->slice < 0)
        return 0;
    slice = &motion->smile->slice[place->slice];
    return place->factor * (smile_vol(motion, slice, place->k + (motion->stickiness - 1) * log_move) - place->vol);
}

double gex__motion_vol_by(const struct gex__motion *motion, double difference, double vol, double price)
{
    if (motion->by_beta)
        return gex__motion_reaches(motion, price) ? vol * beta_factor(motion, price) : (double)NAN;
    return fmax(0, vol + difference);
}

double gex__motion_vol(const struct gex__motion *motion, const struct gex__place *place, double vol, double price,
                       double log_move)
{
    return gex__motion_vol_by(motion, motion->by_beta ? 0 : gex__motion_difference(motion, place, log_move), vol,
                              price);
}

static void span_add(struct gex__span *span, double vol)
{
    span->least = fmin(span->least, vol);
    span->most = fmax(span->most, vol);
}

struct gex__span gex__motion_span(const struct gex__motion *motion, const struct gex__place *place, double vol,
                                  double low, double high)
{
    struct gex__span span = {vol, vol};
    const struct gex__slice *slice;
    const gex_surface *smile = motion->smile;
    double from, to;

    if (motion->by_beta) {
        span_add(&span, fmax(0, vol * beta_factor(motion, motion->spot * exp(low))));
        span_add(&span, fmax(0, vol * beta_factor(motion, motion->spot * exp(high))));
        return span;
    }
    if (place->slice < 0)
        return span;
    slice = &smile->slice[place->slice];
    for (int i = 0; i <= SPAN_STEPS; i++)
        span_add(&span, fmax(0, vol + gex__motion_difference(motion, place, low + (high - low) * i / SPAN_STEPS)));
    from = place->k + (motion->stickiness - 1) * (motion->stickiness > 1 ? low : high);
    to = place->k + (motion->stickiness - 1) * (motion->stickiness > 1 ? high : low);
    for (int64_t i = slice->first; i < slice->first + slice->nodes; i++) /* of a raw smile: monotone between nodes */
        if (smile->k[i] > from && smile->k[i] < to)
            span_add(&span, fmax(0, vol + place->factor * (sqrt(fmax(0, smile->w[i]) / slice->years) - place->vol)));
    return span;
}

struct gex__slopes gex__stickiness_slopes(double stickiness, double spot, double dvol_dk, double d2vol_dk2)
{
    const double more = stickiness - 1;

    return (struct gex__slopes){more * dvol_dk / spot, (more * more * d2vol_dk2 - more * dvol_dk) / (spot * spot)};
}

double gex__log_moneyness(double strike, double forward)
{
    return log1p((strike - forward) / forward);
}

/* The smile at k. At a node of a cubic the two sides differ in curvature,
 * at the last one perhaps in slope: their mean. */
static struct gex__smile smile_at(const gex_surface *smile, const struct gex__slice *slice, double k)
{
    const double *node = smile->k + slice->first;
    struct gex__smile at = gex__slice_at(smile, slice, k, &(bool){false}), left, right;
    int64_t low = 0, high = slice->nodes;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (node[middle] < k - AT_NODE)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == slice->nodes || node[low] > k + AT_NODE)
        return at;
    left = gex__slice_at(smile, slice, nextafter(node[low], -HUGE_VAL), &(bool){false});
    right = gex__slice_at(smile, slice, nextafter(node[low], HUGE_VAL), &(bool){false});
    at.w1 = (left.w1 + right.w1) / 2;
    at.w2 = (left.w2 + right.w2) / 2;
    return at;
}

struct gex__slopes gex__motion_slopes(const struct gex__motion *motion, const struct gex__place *place, double vol)
{
    const struct gex__slice *slice;
    struct gex__smile at;
    double f1, f2;

    if (motion->by_beta)
        return (struct gex__slopes){vol * motion->beta / motion->spot, 0};
    if (place->slice < 0 || !(place->vol > 0))
        return (struct gex__slopes){0, 0};
    slice = &motion->smile->slice[place->slice];
    at = smile_at(motion->smile, slice, place->k);
    f1 = at.w1 / (2 * slice->years * place->vol); /* f = sqrt(w / T), f' = w' / 2T f, f'' = (w'' / 2T - f'^2) / f */
    f2 = (at.w2 / (2 * slice->years) - f1 * f1) / place->vol;
    return gex__stickiness_slopes(motion->stickiness, motion->spot, place->factor * f1, place->factor * f2);
}
