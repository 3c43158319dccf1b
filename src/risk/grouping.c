/* SPDX-License-Identifier: Apache-2.0 */
/* Used rows of an exposure in cells of one key or two: a stable counting sort by the second key, then by the first. */
#include <math.h>
#include <string.h>

#include <gex/grouping.h>

#include "base/order.h"
#include "parts.h"
#include "quick.h"

#define DAY 86400e9 /* ns */

enum { GROUPING_OPTIONS_0_1 = 64, AXES = 2 };
_Static_assert(sizeof(gex_grouping_options) >= GROUPING_OPTIONS_0_1, "options only grow");

struct axis {
    int32_t  by; /* GEX_BY_*; 0: the axis is not there, and every row has key 0 */
    int64_t  keys;
    int64_t  edge_count;
    double  *edge;
    int64_t *root;    /* of a key of GEX_BY_ROOT: a row that has it */
    int32_t *key;     /* per cell */
};

struct gex_grouping {
    struct gex__object  object;
    const gex_exposure *exposure; /* retained */
    struct axis         axis[AXES];
    int64_t             cells;
    int64_t            *row;   /* used rows, by cell */
    int64_t            *start; /* cells + 1: places in row */
    int64_t            *count;
    double             *sum[GEX_SUM_PUT + 1];
};

void gex_grouping_options_init(gex_grouping_options *options, uint32_t struct_size)
{
    static const gex_grouping_options defaults = {.first = 0};
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

static bool in_buckets(int32_t by)
{
    return by == GEX_BY_DTE || by == GEX_BY_MONEYNESS || by == GEX_BY_MONEYNESS_FORWARD;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status edges_check(const char *axis, int32_t by, gex_f64 edges, int64_t count, gex_error *error)
{
    if (!in_buckets(by))
        return edges.data == NULL && count == 0
                   ? GEX_OK
                   : gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} takes no edges: its keys are not buckets", axis);
    if (edges.data == NULL || count < 1)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s} is in buckets: give at least one edge", axis);
    if (count > INT32_MAX - 1 || !gex__stride_fits(edges.data, edges.stride, count))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "{s}: {i} edges, or their stride, are too many", axis, count);
    for (int64_t i = 0; i < count; i++) {
        const double edge = gex__f64_at(edges, i);

        if (!isfinite(edge) || (i > 0 && !(edge > gex__f64_at(edges, i - 1))))
            return gex__fail(error, GEX_ERR_DOMAIN, i, "{s}: edge {g} has to be finite and above the one before it",
                             axis, edge);
    }
    return GEX_OK;
}

static gex_status choices_check(const gex_grouping_options *opt, gex_error *error)
{
    gex_status status;

    if (opt->first == 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "first is not chosen: set one of GEX_BY_*");
    if (opt->first < 0 || opt->first > GEX_BY_ROOT || opt->second < 0 || opt->second > GEX_BY_ROOT)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "grouping {i} by {i} is unknown: set two of GEX_BY_*",
                         (int64_t)opt->first, (int64_t)opt->second);
    if (opt->first == opt->second)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "first and second are the same grouping");
    if (opt->reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "reserved has to be zero");
    status = edges_check("first", opt->first, opt->first_edges, opt->first_edge_count, error);
    return status == GEX_OK ? edges_check("second", opt->second, opt->second_edges, opt->second_edge_count, error)
                            : status;
}

/* ---- keys of rows ------------------------------------------------------------------------------------------------ */

/* Edges at or below a value: its bucket. */
static int32_t bucket_of(const struct axis *axis, double value)
{
    int64_t low = 0, high = axis->edge_count;

    while (low < high) {
        const int64_t middle = low + (high - low) / 2;

        if (axis->edge[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return (int32_t)low;
}

static int32_t key_of(const struct axis *axis, const struct gex_exposure *exposure, int32_t today, int64_t i)
{
    const gex_market *market = exposure->greeks->market;
    const gex_chain *chain = gex_market_chain(market);
    const int32_t expiry = gex_chain_expiry_index(chain)[i];
    const int64_t left = gex_chain_settlement(chain)[i] - gex_market_as_of(market);

    switch (axis->by) {
    case GEX_BY_STRIKE: return gex_chain_strike_index(chain)[i];
    case GEX_BY_EXPIRY: return expiry;
    case GEX_BY_RIGHT: return gex_chain_right(chain)[i] == GEX_CALL ? 0 : 1;
    case GEX_BY_ZERO_DTE:
        return left >= 0 && gex_instant_date(gex_chain_settlement(chain)[i], GEX_ZONE_NEW_YORK) == today ? 0 : 1;
    case GEX_BY_DTE: return bucket_of(axis, (double)left / DAY);
    case GEX_BY_MONEYNESS: return bucket_of(axis, gex_chain_strike(chain)[i] / gex_market_spot(market));
    case GEX_BY_MONEYNESS_FORWARD:
        return bucket_of(axis, gex_chain_strike(chain)[i] / gex_market_forward(market)[expiry]);
    default: return 0;
    }
}

static bool root_less(const void *user, int64_t a, int64_t b)
{
    return strcmp(gex_chain_root(user, a), gex_chain_root(user, b)) < 0;
}

static bool same_root(const gex_chain *chain, int64_t a, int64_t b)
{
    return strcmp(gex_chain_root(chain, a), gex_chain_root(chain, b)) == 0;
}

/*
 * Roots stand in runs in real chains, so only the first row of each run is sorted. `head` is room for a number per row.
 * @return how many roots there are; a row of each is left in `head`, in alphabetical order.
 */
static int64_t roots_find(const struct gex_exposure *exposure, int64_t *head)
{
    const gex_chain *chain = gex_book_chain(exposure->book);
    int64_t runs = 0, roots = 0;

    for (int64_t i = 0; i < exposure->rows; i++)
        if (exposure->status[i] == GEX_ROW_USED && (runs == 0 || !same_root(chain, head[runs - 1], i)))
            head[runs++] = i;
    gex__index_sort(head, runs, root_less, chain);
    for (int64_t r = 0; r < runs; r++)
        if (roots == 0 || !same_root(chain, head[roots - 1], head[r]))
            head[roots++] = head[r];
    return roots;
}

static int32_t root_key(const struct axis *axis, const gex_chain *chain, int64_t row)
{
    int64_t low = 0, high = axis->keys;

    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;

        if (strcmp(gex_chain_root(chain, axis->root[middle]), gex_chain_root(chain, row)) <= 0)
            low = middle;
        else
            high = middle;
    }
    return (int32_t)low;
}

/* ---- sorting ----------------------------------------------------------------------------------------------------- */

/* Working memory. Edges and roots are copied into the grouping once it is known how large that is. */
struct sorter {
    struct gex__memory memory;
    void              *block;
    int64_t            size;
    struct axis        axis[AXES];
    int64_t           *offset; /* keys + 1 of the larger axis */
    int64_t           *row[2]; /* used rows, sorted from one to the other */
    int32_t           *key[AXES]; /* per row of the chain */
    struct gex__parts *parts;
    struct gex__quick *quick;
    int64_t            used;
};

static int64_t axis_keys(const struct gex_exposure *exposure, int32_t by, int64_t edges)
{
    int64_t keys = 1;

    switch (by) {
    case GEX_BY_STRIKE: gex_chain_strikes(gex_book_chain(exposure->book), &keys); return keys;
    case GEX_BY_EXPIRY: gex_chain_expiries(gex_book_chain(exposure->book), &keys); return keys;
    case GEX_BY_RIGHT:
    case GEX_BY_ZERO_DTE: return 2;
    case GEX_BY_ROOT: return exposure->rows; /* until they have been counted */
    default: return in_buckets(by) ? edges + 1 : 1;
    }
}

static bool sorter_alloc(struct sorter *sorter, const struct gex_exposure *exposure, const gex_grouping_options *opt)
{
    struct gex__layout layout = {0};
    int64_t edge[AXES], root[AXES], key[AXES], row[2], offset, parts, quick, most;
    char *block;

    sorter->axis[0] = (struct axis){.by = opt->first, .edge_count = opt->first_edge_count};
    sorter->axis[1] = (struct axis){.by = opt->second, .edge_count = opt->second_edge_count};
    for (int a = 0; a < AXES; a++) {
        struct axis *axis = &sorter->axis[a];

        axis->keys = axis_keys(exposure, axis->by, axis->edge_count);
        edge[a] = gex__layout_add(&layout, axis->edge_count, sizeof(double));
        root[a] = gex__layout_add(&layout, axis->by == GEX_BY_ROOT ? exposure->rows : 0, sizeof(int64_t));
        key[a] = gex__layout_add(&layout, exposure->rows, sizeof(int32_t));
        row[a] = gex__layout_add(&layout, exposure->rows, sizeof(int64_t));
    }
    most = sorter->axis[0].keys > sorter->axis[1].keys ? sorter->axis[0].keys : sorter->axis[1].keys;
    offset = gex__layout_add(&layout, most + 1, sizeof(int64_t));
    parts = gex__layout_add(&layout, 1, sizeof(struct gex__parts));
    quick = gex__layout_add(&layout, 1, sizeof(struct gex__quick));
    block = layout.overflow ? NULL : gex__memory_get(&sorter->memory, layout.size);
    if (block == NULL)
        return false;
    sorter->block = block;
    sorter->size = layout.size;
    sorter->offset = (int64_t *)(block + offset);
    sorter->parts = (struct gex__parts *)(block + parts);
    sorter->quick = (struct gex__quick *)(block + quick);
    for (int a = 0; a < AXES; a++) {
        sorter->axis[a].edge = (double *)(block + edge[a]);
        sorter->axis[a].root = (int64_t *)(block + root[a]);
        sorter->key[a] = (int32_t *)(block + key[a]);
        sorter->row[a] = (int64_t *)(block + row[a]);
    }
    for (int64_t i = 0; i < opt->first_edge_count; i++)
        sorter->axis[0].edge[i] = gex__f64_at(opt->first_edges, i);
    for (int64_t i = 0; i < opt->second_edge_count; i++)
        sorter->axis[1].edge[i] = gex__f64_at(opt->second_edges, i);
    return true;
}

static void keys_fill(struct sorter *sorter, const struct gex_exposure *exposure)
{
    const gex_chain *chain = gex_book_chain(exposure->book);
    const int32_t today = gex_instant_date(gex_market_as_of(exposure->greeks->market), GEX_ZONE_NEW_YORK);

    for (int a = 0; a < AXES; a++)
        if (sorter->axis[a].by == GEX_BY_ROOT)
            sorter->axis[a].keys = roots_find(exposure, sorter->axis[a].root);
    sorter->used = 0;
    for (int64_t i = 0; i < exposure->rows; i++) {
        if (exposure->status[i] != GEX_ROW_USED)
            continue;
        sorter->row[0][sorter->used++] = i;
        for (int a = 0; a < AXES; a++)
            sorter->key[a][i] = sorter->axis[a].by == GEX_BY_ROOT ? root_key(&sorter->axis[a], chain, i)
                                                                  : key_of(&sorter->axis[a], exposure, today, i);
    }
}

/* Rows from one array to the other, by a key, those of a key in the order they stood in. */
static void rows_sort(const struct sorter *sorter, int axis, const int64_t *from, int64_t *to)
{
    const int64_t keys = sorter->axis[axis].keys;
    const int32_t *key = sorter->key[axis];

    memset(sorter->offset, 0, (size_t)(keys + 1) * sizeof *sorter->offset);
    for (int64_t r = 0; r < sorter->used; r++)
        sorter->offset[key[from[r]] + 1]++;
    for (int64_t k = 1; k <= keys; k++)
        sorter->offset[k] += sorter->offset[k - 1];
    for (int64_t r = 0; r < sorter->used; r++)
        to[sorter->offset[key[from[r]]]++] = from[r];
}

static bool same_cell(const struct sorter *sorter, int64_t a, int64_t b)
{
    return sorter->key[0][a] == sorter->key[0][b] && sorter->key[1][a] == sorter->key[1][b];
}

static int64_t cells_count(const struct sorter *sorter)
{
    int64_t cells = 0;

    for (int64_t r = 0; r < sorter->used; r++)
        cells += r == 0 || !same_cell(sorter, sorter->row[0][r - 1], sorter->row[0][r]);
    return cells;
}

/* ---- the object -------------------------------------------------------------------------------------------------- */

static void grouping_drop(void *object)
{
    struct gex_grouping *grouping = object;
    gex__object_release(grouping->exposure);
}

static struct gex_grouping *grouping_alloc(const gex_context *context, const struct sorter *sorter,
                                           const gex_exposure *exposure, int64_t cells)
{
    struct gex__layout layout = {0};
    int64_t edge[AXES], root[AXES], key[AXES], row, start, count, sum;
    struct gex_grouping *grouping;

    gex__layout_add(&layout, 1, sizeof *grouping);
    for (int a = 0; a < AXES; a++) {
        const struct axis *axis = &sorter->axis[a];

        edge[a] = gex__layout_add(&layout, axis->edge_count, sizeof(double));
        root[a] = gex__layout_add(&layout, axis->by == GEX_BY_ROOT ? axis->keys : 0, sizeof(int64_t));
        key[a] = gex__layout_add(&layout, cells, sizeof(int32_t));
    }
    row = gex__layout_add(&layout, sorter->used, sizeof(int64_t));
    start = gex__layout_add(&layout, cells + 1, sizeof(int64_t));
    count = gex__layout_add(&layout, cells, sizeof(int64_t));
    sum = gex__layout_add(&layout, cells, GEX_SUM_PUT * (int64_t)sizeof(double));
    grouping = gex__object_create(context, &layout, grouping_drop);
    if (grouping == NULL)
        return NULL;
    for (int a = 0; a < AXES; a++) {
        struct axis *axis = &grouping->axis[a];

        *axis = sorter->axis[a];
        axis->edge = (double *)((char *)grouping + edge[a]);
        axis->root = (int64_t *)((char *)grouping + root[a]);
        axis->key = (int32_t *)((char *)grouping + key[a]);
        memcpy(axis->edge, sorter->axis[a].edge, (size_t)axis->edge_count * sizeof *axis->edge);
        if (axis->by == GEX_BY_ROOT)
            memcpy(axis->root, sorter->axis[a].root, (size_t)axis->keys * sizeof *axis->root);
    }
    grouping->cells = cells;
    grouping->row = (int64_t *)((char *)grouping + row);
    grouping->start = (int64_t *)((char *)grouping + start);
    grouping->count = (int64_t *)((char *)grouping + count);
    for (int s = 1; s <= GEX_SUM_PUT; s++)
        grouping->sum[s] = (double *)((char *)grouping + sum) + (s - 1) * cells;
    grouping->exposure = exposure;
    gex__object_retain(exposure);
    return grouping;
}

/* A sum of two is rounded correctly as it is, and in strikes by expiries most cells are a call and a put. Beginning at
 * 0.0 makes -0.0 what the exact sum makes of it. */
static void cell_of_two(struct gex_grouping *grouping, int64_t cell, const int64_t *row)
{
    const struct gex_exposure *exposure = grouping->exposure;
    double sum[GEX_SUM_PUT + 1] = {0.0};

    for (int64_t r = 0; r < grouping->count[cell]; r++) {
        const double value = exposure->diverges[row[r]] ? 0.0 : exposure->row[row[r]];
        const bool call = gex_chain_right(gex_book_chain(exposure->book))[row[r]] == GEX_CALL;

        sum[GEX_SUM_NET] += value;
        sum[GEX_SUM_GROSS] += fabs(value);
        sum[call ? GEX_SUM_CALL : GEX_SUM_PUT] += value;
    }
    for (int s = 1; s <= GEX_SUM_PUT; s++)
        grouping->sum[s][cell] = sum[s];
}

static void cell_sum(struct gex_grouping *grouping, int64_t cell, const struct sorter *sorter)
{
    const int64_t *row = grouping->row + grouping->start[cell], count = grouping->count[cell];
    double value[GEX__SUM_LAST + 1];
    struct gex__wide sum;
    bool known;

    if (count <= 2) {
        cell_of_two(grouping, cell, row);
        return;
    }
    known = gex__quick_rows(sorter->quick, grouping->exposure, row, count, &sum) &&
            gex__quick_round(sorter->quick, &sum, value);
    gex__parts_clear(sorter->parts);
    if (!known)
        gex__parts_rows(sorter->parts, grouping->exposure, row, count);
    for (int s = 1; s <= GEX_SUM_PUT; s++)
        grouping->sum[s][cell] = known ? value[s] : gex__parts_round(sorter->parts, s);
}

static void cells_fill(struct gex_grouping *grouping, const struct sorter *sorter)
{
    int64_t cell = -1;

    memcpy(grouping->row, sorter->row[0], (size_t)sorter->used * sizeof *grouping->row);
    for (int64_t r = 0; r < sorter->used; r++) {
        if (r == 0 || !same_cell(sorter, grouping->row[r - 1], grouping->row[r])) {
            grouping->start[++cell] = r;
            for (int a = 0; a < AXES; a++)
                grouping->axis[a].key[cell] = sorter->key[a][grouping->row[r]];
        }
        grouping->count[cell]++;
    }
    grouping->start[grouping->cells] = sorter->used;
    for (cell = 0; cell < grouping->cells; cell++)
        cell_sum(grouping, cell, sorter);
}

gex_status gex_grouping_compute(const gex_context *context, const gex_exposure *exposure,
                                const gex_grouping_options *options, gex_grouping **out, gex_error *error)
{
    gex_grouping_options opt = {.first = 0};
    struct sorter sorter = {.memory = gex__memory_of(context)};
    struct gex_grouping *grouping;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || exposure == NULL || options == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "exposure, options and out are required");
    if (gex__options_take(&opt, sizeof opt, GROUPING_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "grouping options: struct_size {u}", options->struct_size);
    gex__guest_enter(&guest);
    status = choices_check(&opt, error);
    if (status == GEX_OK && !sorter_alloc(&sorter, exposure, &opt))
        status = gex__fail(error, GEX_ERR_MEMORY, -1, "no memory to sort {i} rows", exposure->rows);
    if (status == GEX_OK) {
        gex__quick_begin(sorter.quick, gex__isa(context));
        keys_fill(&sorter, exposure);
        rows_sort(&sorter, 1, sorter.row[0], sorter.row[1]);
        rows_sort(&sorter, 0, sorter.row[1], sorter.row[0]);
        grouping = grouping_alloc(context, &sorter, exposure, cells_count(&sorter));
        if (grouping != NULL)
            cells_fill(grouping, &sorter);
        else
            status = gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for cells of {i} rows", sorter.used);
        *out = grouping;
    }
    gex__memory_put(&sorter.memory, sorter.block, sorter.size);
    gex__guest_leave(&guest);
    return status;
}

void gex_grouping_free(gex_grouping *grouping)
{
    gex__object_release(grouping);
}

/* ---- reading it -------------------------------------------------------------------------------------------------- */

static const struct axis *axis_of(const gex_grouping *grouping, int32_t axis)
{
    return grouping != NULL && axis >= 0 && axis < AXES && grouping->axis[axis].by != 0 ? &grouping->axis[axis] : NULL;
}

const gex_exposure *gex_grouping_exposure(const gex_grouping *grouping)
{
    return grouping != NULL ? grouping->exposure : NULL;
}

int32_t gex_grouping_by(const gex_grouping *grouping, int32_t axis)
{
    return axis_of(grouping, axis) != NULL ? grouping->axis[axis].by : 0;
}

int64_t gex_grouping_keys(const gex_grouping *grouping, int32_t axis)
{
    return axis_of(grouping, axis) != NULL ? grouping->axis[axis].keys : 0;
}

const double *gex_grouping_edges(const gex_grouping *grouping, int32_t axis, int64_t *count_out)
{
    const struct axis *mine = axis_of(grouping, axis);

    if (count_out != NULL)
        *count_out = mine != NULL ? mine->edge_count : 0;
    return mine != NULL && mine->edge_count > 0 ? mine->edge : NULL;
}

const char *gex_grouping_root(const gex_grouping *grouping, int64_t key)
{
    for (int32_t a = 0; a < AXES; a++)
        if (gex_grouping_by(grouping, a) == GEX_BY_ROOT && key >= 0 && key < grouping->axis[a].keys)
            return gex_chain_root(gex_book_chain(grouping->exposure->book), grouping->axis[a].root[key]);
    return "";
}

int64_t gex_grouping_cells(const gex_grouping *grouping)
{
    return grouping != NULL ? grouping->cells : 0;
}

const int32_t *gex_grouping_key(const gex_grouping *grouping, int32_t axis)
{
    return axis_of(grouping, axis) != NULL ? grouping->axis[axis].key : NULL;
}

const double *gex_grouping_sum(const gex_grouping *grouping, int32_t sum)
{
    return grouping != NULL && sum >= GEX_SUM_NET && sum <= GEX_SUM_PUT ? grouping->sum[sum] : NULL;
}

const int64_t *gex_grouping_count(const gex_grouping *grouping)
{
    return grouping != NULL ? grouping->count : NULL;
}

const int64_t *gex_grouping_rows(const gex_grouping *grouping, int64_t cell, int64_t *count_out)
{
    const bool there = grouping != NULL && cell >= 0 && cell < grouping->cells;

    if (count_out != NULL)
        *count_out = there ? grouping->count[cell] : 0;
    return there ? grouping->row + grouping->start[cell] : NULL;
}
