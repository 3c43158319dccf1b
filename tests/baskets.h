/* SPDX-License-Identifier: Apache-2.0 */
/* Baskets from tables of members, for the suites of the risk room. */
#ifndef GEX_TESTS_BASKETS_H
#define GEX_TESTS_BASKETS_H

#include "scene.h"

enum { BASKET_MOST = 8 };

struct member_row {
    const char *name;
    int32_t     link;
    double      factor, currency, drift;
    int32_t     role;
    double      weight;
};

/* Columns over the members of `scenes`, which have to outlive the call that reads them. */
struct basket_columns {
    gex_basket_columns columns;
    const gex_market  *market[BASKET_MOST];
    const gex_book    *book[BASKET_MOST];
    char               name[BASKET_MOST][16];
};

static inline gex_basket_columns *columns_of(struct basket_columns *mine, const struct scene *scenes,
                                             const struct member_row *rows, int64_t count, double spot)
{
    const int64_t stride = sizeof *rows;

    gex_basket_columns_init(&mine->columns, sizeof mine->columns);
    for (int64_t i = 0; i < count; i++) {
        mine->market[i] = scenes[i].market;
        mine->book[i] = scenes[i].book;
        memset(mine->name[i], 0, sizeof mine->name[i]);
        strncpy(mine->name[i], rows[i].name, sizeof mine->name[i] - 1);
    }
    mine->columns.rows = count;
    mine->columns.spot = spot;
    mine->columns.market = mine->market;
    mine->columns.book = mine->book;
    mine->columns.name = (gex_text){mine->name[0], sizeof mine->name[0], sizeof mine->name[0]};
    mine->columns.link = (gex_i32){&rows->link, stride};
    mine->columns.factor = (gex_f64){&rows->factor, stride};
    mine->columns.currency = (gex_f64){&rows->currency, stride};
    mine->columns.drift = (gex_f64){&rows->drift, stride};
    mine->columns.role = (gex_i32){&rows->role, stride};
    mine->columns.weight = (gex_f64){&rows->weight, stride};
    return &mine->columns;
}

static inline gex_basket *basket_of(const struct scene *scenes, const struct member_row *rows, int64_t count,
                                    double spot)
{
    struct basket_columns mine;
    gex_basket *basket = NULL;
    gex_error error;

    ck_assert_msg(gex_basket_create(NULL, columns_of(&mine, scenes, rows, count, spot), &basket, &error) == GEX_OK,
                  "%s", error.message);
    return basket;
}

static inline gex_basket_exposure *basket_exposure(const gex_basket *basket, int32_t unit)
{
    gex_exposure_options options;
    gex_basket_exposure *exposure = NULL;
    gex_error error;

    gex_exposure_options_init(&options, sizeof options);
    options.unit = unit;
    options.adv = 8e6;
    options.future_price = gex_basket_spot(basket);
    options.future_multiplier = 50.0;
    options.beta = -10.0;
    ck_assert_msg(gex_basket_exposure_compute(NULL, basket, &options, &exposure, &error) == GEX_OK, "%s",
                  error.message);
    return exposure;
}

/* The rows of a chain with every price and strike `scale` times as high. */
static inline struct scene scaled_scene(const struct option_row *rows, int64_t count, double spot, double scale,
                                        double positions, int32_t sign)
{
    struct option_row *mine = malloc((size_t)count * sizeof *mine);
    struct scene scene;

    for (int64_t i = 0; i < count; i++) {
        mine[i] = rows[i];
        mine[i].strike *= scale;
        mine[i].open_interest *= positions;
        mine[i].dealer *= positions;
    }
    scene = scene_of(mine, count, spot * scale, 0.04, 0.013, sign);
    free(mine);
    return scene;
}

#endif
