/* SPDX-License-Identifier: Apache-2.0 */
/* American rows for the suites: one option by the public door, random ones, and tables with empty fields. */
#ifndef TESTS_AMERICAN_ROWS_H
#define TESTS_AMERICAN_ROWS_H

#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gex.h>

#include "draw.h"

struct option {
    double S, K, T, vol, r, q;
    int8_t f;
};

struct valued {
    double  by[GEX_GREEK_LAST_ + 1]; /* [GEX_GREEK_*] */
    double  boundary;
    uint8_t status;
};

struct schedule {
    int64_t       count;
    const double *years, *cash, *fraction;
};

static inline gex_american_columns columns_of(const struct option *o, int64_t rows, int32_t accuracy)
{
    gex_american_columns columns;
    const int64_t stride = sizeof *o;

    gex_american_columns_init(&columns, sizeof columns);
    columns.accuracy = accuracy;
    columns.rows = rows;
    columns.spot = (gex_f64){&o->S, stride};
    columns.strike = (gex_f64){&o->K, stride};
    columns.years = (gex_f64){&o->T, stride};
    columns.vol = (gex_f64){&o->vol, stride};
    columns.right = (gex_i8){&o->f, stride};
    columns.rate = (gex_f64){&o->r, stride};
    columns.carry_yield = (gex_f64){&o->q, stride};
    return columns;
}

/* Every greek of one option; `context` and `schedule` may be NULL. */
static inline struct valued value_with(const gex_context *context, struct option o, int32_t accuracy,
                                       const struct schedule *schedule)
{
    gex_american_columns columns = columns_of(&o, 1, accuracy);
    int32_t greeks[GEX_GREEK_LAST_];
    double *outputs[GEX_GREEK_LAST_];
    struct valued valued = {.by = {0.0}};
    gex_error error = {0};

    for (int32_t g = 1; g <= GEX_GREEK_LAST_; g++) {
        greeks[g - 1] = g;
        outputs[g - 1] = &valued.by[g];
    }
    if (schedule != NULL) {
        columns.dividend_count = schedule->count;
        columns.dividend_years = schedule->years;
        columns.dividend_cash = schedule->cash;
        columns.dividend_fraction = schedule->fraction;
    }
    ck_assert_msg(gex_american(context, &columns, greeks, GEX_GREEK_LAST_, outputs, &valued.boundary, &valued.status,
                               &error) == GEX_OK,
                  "%s", error.message);
    return valued;
}

/* Price alone: nothing else is worked out. */
static inline double price_with(struct option o, int32_t accuracy, const struct schedule *schedule)
{
    gex_american_columns columns = columns_of(&o, 1, accuracy);
    const int32_t greek = GEX_GREEK_PRICE;
    double price = 0.0;
    double *const output = &price;

    if (schedule != NULL) {
        columns.dividend_count = schedule->count;
        columns.dividend_years = schedule->years;
        columns.dividend_cash = schedule->cash;
        columns.dividend_fraction = schedule->fraction;
    }
    ck_assert_int_eq(gex_american(NULL, &columns, &greek, 1, &output, NULL, NULL, NULL), GEX_OK);
    return price;
}

static inline gex_context *bound_to(int32_t instruction_set)
{
    gex_context_options options;
    gex_context *context = NULL;

    gex_context_options_init(&options, sizeof options);
    options.instruction_set = instruction_set;
    if (gex_context_create(&options, &context, NULL) != GEX_OK)
        return NULL; /* not a set of this machine */
    return context;
}

static inline double price_of(struct option o, int32_t accuracy)
{
    return price_with(o, accuracy, NULL);
}

static inline double log_between(double low, double high)
{
    return exp(between(log(low), log(high)));
}

/* Up to two years, vol 5 % to 80 %, rates and yields -3 % to 12 %, strikes within three deviations; one boundary. */
static inline struct option usual_option(void)
{
    for (;;) {
        struct option o = {.S = 100.0,
                           .T = log_between(1.0 / 365, 2.0),
                           .vol = between(0.05, 0.8),
                           .r = between(-0.03, 0.12),
                           .q = between(-0.03, 0.12),
                           .f = between(0, 1) < 0.5 ? 1 : -1};

        o.K = o.S * exp(between(-3, 3) * o.vol * sqrt(o.T));
        if ((o.f < 0 ? o.r : o.q) > 0.0)
            return o;
    }
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

enum { TABLE_FIELDS = 24, TABLE_LINE = 512 };

struct table {
    FILE *file;
    char  header[TABLE_LINE], line[TABLE_LINE];
    char *name[TABLE_FIELDS], *field[TABLE_FIELDS];
    int   fields;
};

/* Unlike strtok, an empty field is one. */
static inline int table_split(char *line, char **field)
{
    int fields = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at != NULL; fields++) {
        char *const comma = strchr(at, ',');

        ck_assert_int_lt(fields, TABLE_FIELDS);
        field[fields] = at;
        if (comma != NULL)
            *comma = '\0';
        at = comma != NULL ? comma + 1 : NULL;
    }
    return fields;
}

static inline void table_open(struct table *table, const char *path)
{
    table->file = fopen(path, "r");
    ck_assert_msg(table->file != NULL, "%s", path);
    do
        ck_assert_ptr_nonnull(fgets(table->header, sizeof table->header, table->file));
    while (table->header[0] == '#');
    table->fields = table_split(table->header, table->name);
}

static inline bool table_next(struct table *table)
{
    if (fgets(table->line, sizeof table->line, table->file) == NULL) {
        fclose(table->file);
        return false;
    }
    ck_assert_int_eq(table_split(table->line, table->field), table->fields);
    return true;
}

static inline const char *table_text(const struct table *table, const char *name)
{
    for (int i = 0; i < table->fields; i++)
        if (strcmp(table->name[i], name) == 0)
            return table->field[i];
    ck_abort_msg("no column %s", name);
    return NULL;
}

static inline double table_number(const struct table *table, const char *name)
{
    return strtod(table_text(table, name), NULL);
}

#endif
