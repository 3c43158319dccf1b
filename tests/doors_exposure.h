/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of gex/grouping.h, for tests/doors.c alone. */
DOOR(gex_grouping_compute)
{
    const gex_grouping_options options = world_grouping_options();
    gex_grouping *made = LEFT(gex_grouping);
    const gex_status status = gex_grouping_compute(context, w->exposure, &options, &made, error);
    MADE(grouping, digest_grouping(made));
}

static uint64_t of_roots(const struct world *w, gex_error *error)
{
    gex_grouping_options options = world_grouping_options();
    gex_grouping *roots = NULL;
    uint64_t digest = 1;

    options.second = GEX_BY_ROOT;
    if (gex_grouping_compute(NULL, w->exposure, &options, &roots, error) == GEX_OK)
        for (int64_t key = 0; key < gex_grouping_keys(roots, 1); key++)
            digest ^= of_text(gex_grouping_root(roots, key));
    gex_grouping_free(roots);
    return digest;
}

static uint64_t of_edges(const gex_grouping *grouping)
{
    int64_t count;
    const double *edges = gex_grouping_edges(grouping, 0, &count);
    return BITS(edges, count);
}

static uint64_t of_cell(const gex_grouping *grouping)
{
    int64_t count;
    const int64_t *rows = gex_grouping_rows(grouping, 1, &count);
    return BITS(rows, count);
}
