/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Models and forms of a European option.
 *
 * At fixed forward Black's greeks are the spot greeks with the carry equal to the rate, b = 0 and exp(-q T) = D: delta
 * is f D N(f d1), gamma D n(d1) / (F v), theta r V - F D n(d1) vol / (2 sqrt(T)), and so on. Only the rates act
 * differently, through the discount alone: rho = -T V, epsilon = 0.
 *
 * An option paid in coin, V_c = V / F with D = 1, has Black's greeks for its dollar value V. In coin, without
 * cancellation but in the last,
 *
 *     dV_c/dF   = (delta - V_c) / F = f K N(f d2) / F^2        = -dual_delta K / F^2
 *     d2V_c/dF2 = gamma / F - 2 dV_c/dF / F
 *     premium-adjusted delta = delta - V_c                     = -dual_delta K / F
 */
#include "models.h"

#include <string.h>

#include "kernel/kernel.h"

enum { BLOCK = GEX_KERNEL_ROWS };

/* Of a row outside the domain: the same NaN in every greek, where arithmetic would hand on the one that came in. */
#define NO_NUMBER __builtin_nan("")

#define MODEL_TEXT(name, value, text) [value] = text,
static const char *const models[GEX_MODEL_LAST_ + 1] = {[0] = "unknown", GEX_MODEL_LIST(MODEL_TEXT)};
static const char *const forms[GEX_OPTION_FORM_LAST_ + 1] = {[0] = "unknown", GEX_OPTION_FORM_LIST(MODEL_TEXT)};

const char *gex_model_name(int32_t model)
{
    return models[model >= 1 && model <= GEX_MODEL_LAST_ ? model : 0];
}

const char *gex_option_form_name(int32_t form)
{
    return forms[form >= 1 && form <= GEX_OPTION_FORM_LAST_ ? form : 0];
}

static int32_t find(const char *const *names, int32_t last, const char *name)
{
    for (int32_t i = 1; name != NULL && i <= last; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

int32_t gex_model_find(const char *name)
{
    return find(models, GEX_MODEL_LAST_, name);
}

int32_t gex_option_form_find(const char *name)
{
    return find(forms, GEX_OPTION_FORM_LAST_, name);
}

/* Rows from `from` on. */
static struct gex__black_in part_of(const struct gex__black_in *in, int64_t from, int64_t rows)
{
    struct gex__black_in part = *in;

    part.rows = rows;
    part.spot = in->one_spot ? in->spot : in->spot + from;
    part.strike = in->strike + from;
    part.years = in->years + from;
    part.vol = in->vol + from;
    part.rate = in->rate + from;
    part.carry = in->carry + from;
    part.right = in->right + from;
    return part;
}

static void black_at_forward(int32_t instruction_set, const struct gex__black_in *in, double *const greeks[],
                             uint8_t *code)
{
    double *outputs[GEX_GREEK_LAST_ + 1], price[BLOCK];
    double *const rho = greeks[GEX_GREEK_RHO], *const epsilon = greeks[GEX_GREEK_EPSILON];
    struct gex__black_in level = *in;

    memcpy(outputs, greeks, sizeof outputs);
    outputs[GEX_GREEK_RHO] = outputs[GEX_GREEK_EPSILON] = NULL;
    if (outputs[GEX_GREEK_PRICE] == NULL && rho != NULL)
        outputs[GEX_GREEK_PRICE] = price;
    level.carry = in->rate;
    gex__black(instruction_set, &level, outputs, code);
    for (int64_t i = 0; rho != NULL && i < in->rows; i++)
        rho[i] = code[i] == GEX_CALC_DOMAIN ? NO_NUMBER : 0.0 - in->years[i] * outputs[GEX_GREEK_PRICE][i];
    for (int64_t i = 0; epsilon != NULL && i < in->rows; i++)
        epsilon[i] = code[i] == GEX_CALC_DOMAIN ? NO_NUMBER : 0.0;
}

static void black_in_coin(int32_t instruction_set, const struct gex__black_in *in, double *const greeks[],
                          double *const coin[], uint8_t *code)
{
    double *outputs[GEX_GREEK_LAST_ + 1], zero[BLOCK] = {0.0}, price[BLOCK], gamma[BLOCK], dual_delta[BLOCK];
    struct gex__black_in level = *in;
    const double *V, *gamma_F, *slope;

    memcpy(outputs, greeks, sizeof outputs);
    if (outputs[GEX_GREEK_PRICE] == NULL && coin[GEX_COIN_PRICE - GEX_COIN_FIRST] != NULL)
        outputs[GEX_GREEK_PRICE] = price;
    if (outputs[GEX_GREEK_GAMMA] == NULL && coin[GEX_COIN_GAMMA - GEX_COIN_FIRST] != NULL)
        outputs[GEX_GREEK_GAMMA] = gamma;
    if (outputs[GEX_GREEK_DUAL_DELTA] == NULL)
        outputs[GEX_GREEK_DUAL_DELTA] = dual_delta;
    V = outputs[GEX_GREEK_PRICE];
    gamma_F = outputs[GEX_GREEK_GAMMA];
    slope = outputs[GEX_GREEK_DUAL_DELTA];
    level.rate = level.carry = zero;
    black_at_forward(instruction_set, &level, outputs, code);
    for (int64_t i = 0; i < in->rows; i++) {
        const double F = in->spot[in->one_spot ? 0 : i];
        const double adjusted = code[i] == GEX_CALC_DOMAIN ? NO_NUMBER
                                : slope[i] == 0.0          ? -slope[i] /* K / F may be beyond the largest double */
                                                           : -slope[i] * (in->strike[i] / F);

        if (coin[GEX_COIN_PRICE - GEX_COIN_FIRST] != NULL)
            coin[GEX_COIN_PRICE - GEX_COIN_FIRST][i] = V[i] / F;
        if (coin[GEX_COIN_DELTA - GEX_COIN_FIRST] != NULL)
            coin[GEX_COIN_DELTA - GEX_COIN_FIRST][i] = adjusted / F;
        if (coin[GEX_COIN_GAMMA - GEX_COIN_FIRST] != NULL)
            coin[GEX_COIN_GAMMA - GEX_COIN_FIRST][i] = (gamma_F[i] - 2.0 * (adjusted / F)) / F;
        if (coin[GEX_COIN_ADJUSTED_DELTA - GEX_COIN_FIRST] != NULL)
            coin[GEX_COIN_ADJUSTED_DELTA - GEX_COIN_FIRST][i] = adjusted;
    }
}

void gex__european(int32_t instruction_set, int32_t model, int32_t form, const struct gex__black_in *in,
                   const struct gex__wanted *wanted)
{
    const bool forward = form == GEX_OPTION_FORM_FORWARD;

    if (model == GEX_MODEL_BLACK && !forward) {
        gex__black(instruction_set, in, wanted->greek, wanted->status);
        return;
    }
    for (int64_t from = 0; from < in->rows; from += BLOCK) {
        const struct gex__black_in part = part_of(in, from, in->rows - from < BLOCK ? in->rows - from : BLOCK);
        double *greeks[GEX_GREEK_LAST_ + 1], *coin[GEX_COIN_COUNT];
        uint8_t code[BLOCK];

        for (int greek = 0; greek <= GEX_GREEK_LAST_; greek++)
            greeks[greek] = wanted->greek[greek] != NULL ? wanted->greek[greek] + from : NULL;
        for (int k = 0; k < GEX_COIN_COUNT; k++)
            coin[k] = wanted->coin[k] != NULL ? wanted->coin[k] + from : NULL;
        if (model == GEX_MODEL_BACHELIER)
            gex__kernels_of(instruction_set)->bachelier(&part, forward, 0, part.rows, greeks, code);
        else if (model == GEX_MODEL_INVERSE)
            black_in_coin(instruction_set, &part, greeks, coin, code);
        else
            black_at_forward(instruction_set, &part, greeks, code);
        if (wanted->status != NULL)
            memcpy(wanted->status + from, code, (size_t)part.rows);
    }
}
