/* SPDX-License-Identifier: Apache-2.0 */
/* Rows to the kernels of implied volatility. */
#include "implied.h"

#include <gex/european.h>

#include "kernel/kernel.h"

void gex__implied(int32_t instruction_set, const struct gex__implied_in *in, double *vol, uint8_t *code)
{
    gex__kernels_of(instruction_set)->implied(in, vol, code);
}

int32_t gex__implied_deviation(int32_t instruction_set, double undiscounted_price, double forward, double strike,
                               int32_t right, double *v_out)
{
    return gex__implied_vol(instruction_set, undiscounted_price, forward, strike, 1.0, right, 1.0, v_out);
}

int32_t gex__implied_vol(int32_t instruction_set, double price, double forward, double strike, double years,
                         int32_t right, double discount, double *vol_out)
{
    double column[5][GEX_IMPLIED_ROWS] = {{price}, {forward}, {strike}, {years}, {discount}};
    int8_t side[GEX_IMPLIED_ROWS] = {(int8_t)(right == 1 || right == -1 ? right : 0)};
    const struct gex__implied_in in = {.rows = 1,
                                       .price = column[0],
                                       .forward = column[1],
                                       .strike = column[2],
                                       .years = column[3],
                                       .right = side,
                                       .discount = column[4],
                                       .model = GEX_MODEL_BLACK};
    uint8_t code;

    gex__implied(instruction_set, &in, vol_out, &code);
    return code;
}
