/* SPDX-License-Identifier: Apache-2.0 */
/* The regime along a path: a state machine over its values, and over sampled paths of values. */
#include <gex/regime.h>

#include <math.h>
#include <string.h>

#include "gauss.h"

enum { PATH_OPTIONS_0_1 = 40, TASKS = 32, STREAM = 2, REGIMES = GEX_REGIME_NONE };
_Static_assert(sizeof(gex_regime_path_options) >= PATH_OPTIONS_0_1, "options only grow");

struct rules {
    double        enter, leave;
    const double *size, *gross; /* of each state */
};

struct gex_regime_path {
    struct gex__object object;
    int64_t            count, changes, samples;
    double             unchanged; /* share of samples */
    int32_t           *state;
    int64_t           *change;
    int64_t            time[REGIMES + 1], whole;
    double             share[REGIMES + 1], expected[REGIMES + 1]; /* of `whole`; NaN where no time passes */
    double            *sampled[REGIMES + 1]; /* the same of each sample; ascending in the end. Of none: NULL */
    int64_t            sampled_count[REGIMES + 1];
};

static const gex_regime_path_options defaults = {.size = GEX_SIZE_GROSS};

void gex_regime_path_options_init(gex_regime_path_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- the machine ------------------------------------------------------------------------------------------------- */

static int32_t regime_next(const struct rules *rules, int64_t i, double value, int32_t before)
{
    const double enter = rules->enter * rules->size[i], leave = rules->leave * rules->size[i];

    if (isnan(value) || !(rules->gross[i] > 0.0))
        return GEX_REGIME_NONE;
    if (value > 0.0 && value >= enter)
        return GEX_REGIME_LONG_GAMMA;
    if (value < 0.0 && value <= -enter)
        return GEX_REGIME_SHORT_GAMMA;
    if ((before == GEX_REGIME_LONG_GAMMA && value > leave) || (before == GEX_REGIME_SHORT_GAMMA && value < -leave))
        return before;
    return GEX_REGIME_AT_FLIP;
}

static bool takes_sides(int32_t regime)
{
    return regime == GEX_REGIME_LONG_GAMMA || regime == GEX_REGIME_SHORT_GAMMA;
}

/* ---- the path itself --------------------------------------------------------------------------------------------- */

/* Time from state i to the next; none from the last. */
static int64_t time_of(const struct gex_bands *bands, int64_t i)
{
    return i + 1 < bands->count ? bands->as_of[i + 1] - bands->as_of[i] : 0;
}

static void path_walk(struct gex_regime_path *path, const struct gex_bands *bands, const struct rules *rules)
{
    int32_t before = GEX_REGIME_NONE, side = GEX_REGIME_NONE;
    double expected[2] = {0.0, 0.0};

    for (int64_t i = 0; i < path->count; i++) {
        const int64_t lasts = time_of(bands, i);

        before = path->state[i] = regime_next(rules, i, bands->mean[i], before);
        path->time[before] += lasts;
        path->whole += lasts;
        if (takes_sides(before)) {
            if (side != GEX_REGIME_NONE && side != before)
                path->change[path->changes++] = i;
            side = before;
        }
        if (lasts > 0) {
            expected[0] += (double)lasts * bands->above[i];
            expected[1] += (double)lasts * bands->below[i];
        }
    }
    path->expected[GEX_REGIME_LONG_GAMMA] = expected[0] / (double)path->whole;
    path->expected[GEX_REGIME_SHORT_GAMMA] = expected[1] / (double)path->whole;
    for (int32_t regime = 1; regime <= REGIMES; regime++)
        path->share[regime] = (double)path->time[regime] / (double)path->whole;
}

/* ---- sampled paths ----------------------------------------------------------------------------------------------- */

struct work {
    const struct gex_bands *bands;
    const struct rules     *rules;
    struct gex_regime_path *path;
    struct gex__gauss       gauss;
    int64_t                 seed, batches, tasks, scratch_size, unchanged[TASKS];
    int32_t                 isa;
    double                 *scratch;
};

/* Values of one sample, GEX_DRAWS places apart. @return whether its regime never changes. */
static bool sample_walk(const struct work *work, int64_t sample, const double *value)
{
    const struct gex_bands *bands = work->bands;
    struct gex_regime_path *path = work->path;
    int32_t before = GEX_REGIME_NONE, side = GEX_REGIME_NONE;
    int64_t time[REGIMES + 1] = {0};
    bool unchanged = true;

    for (int64_t i = 0; i < bands->count; i++) {
        before = regime_next(work->rules, i, value[i * GEX_DRAWS], before);
        time[before] += time_of(bands, i);
        if (takes_sides(before)) {
            unchanged = unchanged && (side == GEX_REGIME_NONE || side == before);
            side = before;
        }
    }
    for (int32_t regime = 1; regime <= GEX_REGIME_AT_FLIP; regime++)
        path->sampled[regime][sample] = (double)time[regime] / (double)path->whole;
    return unchanged;
}

/* Task i takes every tasks-th batch. */
static void batches_run(void *arg, int64_t task)
{
    struct work *work = arg;
    double *value = work->scratch + task * work->scratch_size, *scratch = value + work->bands->count * GEX_DRAWS;
    int64_t unchanged = 0;

    for (int64_t batch = task; batch < work->batches; batch += work->tasks) {
        const int64_t first = batch * GEX_DRAWS, left = work->path->samples - first;

        gex__gauss_draw(&work->gauss, work->isa, work->seed, STREAM, first, scratch, value);
        for (int64_t k = 0; k < GEX_DRAWS && k < left; k++)
            unchanged += sample_walk(work, first + k, value + k);
    }
    work->unchanged[task] = unchanged;
}

static gex_status samples_run(const gex_context *context, struct work *work)
{
    struct gex__layout layout = {0};
    int64_t unchanged = 0;
    bool done;

    if (!gex__gauss_create(context, work->bands, &work->gauss))
        return GEX_ERR_MEMORY;
    work->isa = gex__isa(context);
    work->batches = work->path->samples / GEX_DRAWS + (work->path->samples % GEX_DRAWS != 0);
    work->tasks = work->batches < TASKS ? work->batches : TASKS;
    work->scratch_size = work->bands->count * GEX_DRAWS + gex__gauss_scratch(&work->gauss);
    gex__layout_add(&layout, work->tasks, work->scratch_size * (int64_t)sizeof(double));
    work->scratch = layout.overflow ? NULL : gex__memory_get(&work->gauss.memory, layout.size);
    if (work->scratch == NULL)
        return GEX_ERR_MEMORY;
    done = gex__run(context, batches_run, work, work->tasks);
    gex__memory_put(&work->gauss.memory, work->scratch, layout.size);
    for (int64_t task = 0; done && task < work->tasks; task++)
        unchanged += work->unchanged[task];
    work->path->unchanged = (double)unchanged / (double)work->path->samples;
    return done ? GEX_OK : GEX_ERR_CALLBACK;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

static gex_status options_check(const gex_bands *bands, const gex_regime_path_options *opt, gex_error *error)
{
    if (opt->size < 1 || opt->size > GEX_SIZE_LAST_)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "size {i} is unknown: set one of GEX_SIZE_*", (int64_t)opt->size);
    if (!(opt->enter >= 0.0) || isinf(opt->enter))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "enter is {g}: it has to be finite and not below zero", opt->enter);
    if (!(fabs(opt->leave) <= opt->enter))
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "leave is {g}: it has to lie between -enter and enter, {g}",
                         opt->leave, opt->enter);
    if (opt->samples < 0 || opt->samples > INT32_MAX)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} samples: there may be 0 to 2147483647", opt->samples);
    if (bands->unit == 0 || bands->spot == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bands have to be those of an exposure in states");
    if (opt->samples > 0 && bands->covariance == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "samples need bands with their covariance");
    return GEX_OK;
}

static struct gex_regime_path *path_alloc(const gex_context *context, int64_t count, int64_t samples)
{
    struct gex__layout layout = {0};
    int64_t state, change, share[GEX_REGIME_AT_FLIP + 1];
    struct gex_regime_path *path;

    gex__layout_add(&layout, 1, sizeof *path);
    state = gex__layout_add(&layout, count, sizeof(int32_t));
    change = gex__layout_add(&layout, count, sizeof(int64_t));
    for (int32_t regime = 1; regime <= GEX_REGIME_AT_FLIP; regime++)
        share[regime] = gex__layout_add(&layout, samples, sizeof(double));
    path = gex__object_create(context, &layout, NULL);
    if (path == NULL)
        return NULL;
    path->count = count;
    path->samples = samples;
    path->state = (int32_t *)(void *)((char *)path + state);
    path->change = (int64_t *)(void *)((char *)path + change);
    for (int32_t regime = 1; regime <= GEX_REGIME_AT_FLIP; regime++)
        path->sampled[regime] = (double *)(void *)((char *)path + share[regime]);
    return path;
}

static gex_status path_fill(const gex_context *context, const gex_bands *bands, const gex_regime_path_options *opt,
                            struct gex_regime_path *path)
{
    const struct rules rules = {opt->enter, opt->leave, opt->size == GEX_SIZE_SD ? bands->sd : bands->gross,
                                bands->gross};
    struct work work = {.bands = bands, .rules = &rules, .path = path, .seed = opt->seed};
    gex_status status;

    path_walk(path, bands, &rules);
    path->unchanged = (double)NAN;
    if (path->samples == 0)
        return GEX_OK;
    status = samples_run(context, &work);
    gex__gauss_drop(&work.gauss);
    for (int32_t regime = 1; status == GEX_OK && regime <= GEX_REGIME_AT_FLIP; regime++)
        path->sampled_count[regime] =
            gex__sorted_of(path->sampled[regime], path->samples, path->sampled[regime]);
    return status;
}

gex_status gex_regime_path_compute(const gex_context *context, const gex_bands *bands,
                                   const gex_regime_path_options *options, gex_regime_path **out, gex_error *error)
{
    gex_regime_path_options opt = defaults;
    struct gex_regime_path *path;
    struct gex__guest guest;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || bands == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bands and out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, PATH_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "regime path options: struct_size {u}", options->struct_size);
    gex__guest_enter(&guest);
    status = options_check(bands, &opt, error);
    gex__guest_leave(&guest);
    if (status != GEX_OK)
        return status;
    path = path_alloc(context, bands->count, opt.samples);
    if (path == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for a path of {i} states, {i} samples", bands->count,
                         opt.samples);
    gex__guest_enter(&guest);
    status = path_fill(context, bands, &opt, path);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(path);
        return gex__gauss_fail(status, bands->count, error);
    }
    *out = path;
    return GEX_OK;
}

void gex_regime_path_free(gex_regime_path *path)
{
    gex__object_release(path);
}

/* ---- what it holds ----------------------------------------------------------------------------------------------- */

static bool is_regime(const gex_regime_path *path, int32_t regime)
{
    return path != NULL && regime >= 1 && regime <= REGIMES;
}

const int32_t *gex_regime_path_states(const gex_regime_path *path, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = path != NULL ? path->count : 0;
    return path != NULL ? path->state : NULL;
}

const int64_t *gex_regime_path_changes(const gex_regime_path *path, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = path != NULL ? path->changes : 0;
    return path != NULL ? path->change : NULL;
}

int64_t gex_regime_path_time(const gex_regime_path *path, int32_t regime)
{
    return is_regime(path, regime) ? path->time[regime] : 0;
}

double gex_regime_path_share(const gex_regime_path *path, int32_t regime)
{
    return is_regime(path, regime) ? path->share[regime] : (double)NAN;
}

double gex_regime_path_expected(const gex_regime_path *path, int32_t regime)
{
    return path != NULL && takes_sides(regime) ? path->expected[regime] : (double)NAN;
}

double gex_regime_path_quantile(const gex_regime_path *path, int32_t regime, double probability)
{
    struct gex__guest guest;
    double value;

    if (!is_regime(path, regime) || regime > GEX_REGIME_AT_FLIP)
        return (double)NAN;
    gex__guest_enter(&guest);
    value = gex__sorted_quantile(path->sampled[regime], path->sampled_count[regime], probability);
    gex__guest_leave(&guest);
    return value;
}

double gex_regime_path_unchanged(const gex_regime_path *path)
{
    return path != NULL ? path->unchanged : (double)NAN;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_size_name(int32_t size)
{
    switch (size) {
        GEX_SIZE_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_size_find(const char *name)
{
    for (int32_t size = 1; name != NULL && size <= GEX_SIZE_LAST_; size++)
        if (strcmp(name, gex_size_name(size)) == 0)
            return size;
    return 0;
}
