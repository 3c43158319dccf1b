/* SPDX-License-Identifier: Apache-2.0 */
/* Roots of sampled profiles, judged as the roots of a profile are. */
#include <math.h>
#include <string.h>

#include "gauss.h"
#include "math/root.h"

enum { FLIP_BANDS_OPTIONS_0_1 = 24, TASKS = 32, STREAM = 1, NODES = 4, STATUSES = GEX_ROOTS_NONE_ZERO };
_Static_assert(sizeof(gex_flip_bands_options) >= FLIP_BANDS_OPTIONS_0_1, "options only grow");

#define NEGLIGIBLE 1e-4  /* of the largest exposure of the sample */
#define SIZE_STEP  0.005 /* of the price: where the size of a root is read */

struct gex_flip_bands {
    struct gex__object object;
    int64_t            samples;
    double            *price[GEX_FLIP_LAST_ + 1];  /* per sample */
    double            *sorted[GEX_FLIP_LAST_ + 1]; /* of those that have one */
    int64_t            found[GEX_FLIP_LAST_ + 1];
    uint8_t           *status; /* GEX_ROOTS_* per sample */
    double             found_share[GEX_FLIP_LAST_ + 1], share[STATUSES + 1]; /* of samples */
};

static const gex_flip_bands_options defaults = {.samples = 4096};

void gex_flip_bands_options_init(gex_flip_bands_options *options, uint32_t struct_size)
{
    gex__options_init(options, struct_size, &defaults, sizeof defaults);
}

/* ---- one sample -------------------------------------------------------------------------------------------------- */

struct sample {
    const double *price; /* ascending */
    const double *value; /* one after another GEX_DRAWS places on */
    int64_t       points;
    double        largest; /* |value| */
    int64_t       cell;    /* where value_near() looks */
};

static double value_of(const struct sample *sample, int64_t i)
{
    return sample->value[i * GEX_DRAWS];
}

/* The cubic through the four prices around a cell, by Neville's scheme; a straight line where one has no value. */
static double value_near(void *user, double price)
{
    const struct sample *sample = user;
    const int64_t last = sample->points - NODES, wanted = sample->cell - 1;
    int64_t from = wanted < 0 ? 0 : wanted > last ? last : wanted, nodes = NODES;
    double x[NODES], y[NODES];

    for (int k = 0; k < NODES; k++)
        if (isnan(value_of(sample, from + k)))
            nodes = 2;
    if (nodes == 2)
        from = sample->cell;
    for (int64_t k = 0; k < nodes; k++) {
        x[k] = sample->price[from + k];
        y[k] = value_of(sample, from + k);
    }
    for (int64_t order = 1; order < nodes; order++)
        for (int64_t k = 0; k < nodes - order; k++)
            y[k] += (price - x[k]) / (x[k + order] - x[k]) * (y[k + 1] - y[k]);
    return y[0];
}

static double value_at(const struct sample *sample, double price)
{
    struct sample at = *sample;
    int64_t low = 0, high = sample->points - 1;

    if (price <= sample->price[low])
        return value_of(sample, low);
    if (price >= sample->price[high])
        return value_of(sample, high);
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;

        if (sample->price[middle] <= price)
            low = middle;
        else
            high = middle;
    }
    at.cell = low;
    return value_near(&at, price);
}

static bool is_negligible(const struct sample *sample, double price)
{
    const double size = fmax(fabs(value_at(sample, price * (1.0 - SIZE_STEP))),
                             fabs(value_at(sample, price * (1.0 + SIZE_STEP))));

    return !(size >= NEGLIGIBLE * sample->largest);
}

/* Between opposite signs at two prices: exact zeros between them are one root, at their middle. */
static double root_between(const struct sample *sample, int64_t left, int64_t right)
{
    struct sample at = *sample;
    double low, high;

    if (right > left + 1)
        return 0.5 * sample->price[left + 1] + 0.5 * sample->price[right - 1];
    at.cell = left;
    low = value_of(sample, left);
    high = value_of(sample, right);
    return gex__brent(value_near, &at, sample->price[left], low, sample->price[right], high,
                      1e-12 * sample->price[right]);
}

static void root_take(struct gex_flip_bands *flips, int64_t sample, double spot, double root)
{
    double *nearest = &flips->price[GEX_FLIP_NEAREST][sample];

    if (isnan(*nearest) || fabs(root - spot) < fabs(*nearest - spot))
        *nearest = root;
    if (root <= spot)
        flips->price[GEX_FLIP_BELOW][sample] = root; /* roots ascend: the last one is nearest */
    if (root >= spot && isnan(flips->price[GEX_FLIP_ABOVE][sample]))
        flips->price[GEX_FLIP_ABOVE][sample] = root;
}

static bool zero_at_edge(const struct sample *sample, int64_t point)
{
    return value_of(sample, point) == 0.0 && !is_negligible(sample, sample->price[point]);
}

static int32_t status_of(const struct sample *sample, bool found, double at_largest)
{
    if (found)
        return GEX_ROOTS_FOUND;
    if (at_largest == 0.0)
        return GEX_ROOTS_NONE_ZERO;
    if (zero_at_edge(sample, 0) || zero_at_edge(sample, sample->points - 1))
        return GEX_ROOTS_AT_EDGE;
    return at_largest > 0.0 ? GEX_ROOTS_NONE_POSITIVE : GEX_ROOTS_NONE_NEGATIVE;
}

static void sample_search(struct gex_flip_bands *flips, int64_t index, double spot, struct sample *sample)
{
    double at_largest = 0.0;
    int64_t left = -1;

    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++)
        flips->price[flip][index] = (double)NAN;
    for (int64_t i = 0; i < sample->points; i++)
        if (fabs(value_of(sample, i)) > fabs(at_largest))
            at_largest = value_of(sample, i);
    sample->largest = fabs(at_largest);
    for (int64_t i = 0; i < sample->points; i++) {
        const double value = value_of(sample, i);

        if (isnan(value)) {
            left = -1;
        } else if (value != 0.0) {
            if (left >= 0 && (value > 0.0) != (value_of(sample, left) > 0.0)) {
                const double root = root_between(sample, left, i);

                if (!is_negligible(sample, root))
                    root_take(flips, index, spot, root);
            }
            left = i;
        }
    }
    flips->status[index] = (uint8_t)status_of(sample, !isnan(flips->price[GEX_FLIP_NEAREST][index]), at_largest);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

struct work {
    const struct gex_bands *bands;
    struct gex_flip_bands  *flips;
    struct gex__gauss       gauss;
    int64_t                 seed, batches, tasks, scratch_size;
    int32_t                 isa;
    double                 *scratch;
};

/* Task i takes every tasks-th batch. */
static void batches_run(void *arg, int64_t task)
{
    const struct work *work = arg;
    double *value = work->scratch + task * work->scratch_size, *scratch = value + work->bands->count * GEX_DRAWS;

    for (int64_t batch = task; batch < work->batches; batch += work->tasks) {
        const int64_t first = batch * GEX_DRAWS, left = work->flips->samples - first;

        gex__gauss_draw(&work->gauss, work->isa, work->seed, STREAM, first, scratch, value);
        for (int64_t k = 0; k < GEX_DRAWS && k < left; k++) {
            struct sample sample = {work->bands->spot, value + k, work->bands->count, 0.0, 0};

            sample_search(work->flips, first + k, work->bands->market_spot, &sample);
        }
    }
}

static gex_status samples_run(const gex_context *context, struct work *work)
{
    struct gex__layout layout = {0};
    bool done;

    if (!gex__gauss_create(context, work->bands, &work->gauss))
        return GEX_ERR_MEMORY;
    work->isa = gex__isa(context);
    work->batches = work->flips->samples / GEX_DRAWS + (work->flips->samples % GEX_DRAWS != 0);
    work->tasks = work->batches < TASKS ? work->batches : TASKS;
    work->scratch_size = work->bands->count * GEX_DRAWS + gex__gauss_scratch(&work->gauss);
    gex__layout_add(&layout, work->tasks, work->scratch_size * (int64_t)sizeof(double));
    work->scratch = layout.overflow ? NULL : gex__memory_get(&work->gauss.memory, layout.size);
    if (work->scratch == NULL)
        return GEX_ERR_MEMORY;
    done = gex__run(context, batches_run, work, work->tasks);
    gex__memory_put(&work->gauss.memory, work->scratch, layout.size);
    return done ? GEX_OK : GEX_ERR_CALLBACK;
}

static void samples_count(struct gex_flip_bands *flips)
{
    int64_t statuses[STATUSES + 1] = {0};

    for (int64_t i = 0; i < flips->samples; i++)
        statuses[flips->status[i]]++;
    for (int32_t status = 1; status <= STATUSES; status++)
        flips->share[status] = (double)statuses[status] / (double)flips->samples;
    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++) {
        flips->found[flip] = gex__sorted_of(flips->price[flip], flips->samples, flips->sorted[flip]);
        flips->found_share[flip] = (double)flips->found[flip] / (double)flips->samples;
    }
}

static struct gex_flip_bands *flips_alloc(const gex_context *context, int64_t samples)
{
    struct gex__layout layout = {0};
    int64_t price[GEX_FLIP_LAST_ + 1], sorted[GEX_FLIP_LAST_ + 1], status;
    struct gex_flip_bands *flips;

    gex__layout_add(&layout, 1, sizeof *flips);
    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++) {
        price[flip] = gex__layout_add(&layout, samples, sizeof(double));
        sorted[flip] = gex__layout_add(&layout, samples, sizeof(double));
    }
    status = gex__layout_add(&layout, samples, 1);
    flips = gex__object_create(context, &layout, NULL);
    if (flips == NULL)
        return NULL;
    flips->samples = samples;
    for (int32_t flip = 1; flip <= GEX_FLIP_LAST_; flip++) {
        flips->price[flip] = (double *)(void *)((char *)flips + price[flip]);
        flips->sorted[flip] = (double *)(void *)((char *)flips + sorted[flip]);
    }
    flips->status = (uint8_t *)flips + status;
    return flips;
}

static bool is_profile(const gex_bands *bands)
{
    if (bands->covariance == NULL || bands->unit == 0 || bands->spot == NULL || bands->count < NODES)
        return false;
    for (int64_t i = 1; i < bands->count; i++)
        if (!(bands->spot[i] > bands->spot[i - 1]) || bands->as_of[i] != bands->as_of[0])
            return false;
    return true;
}

gex_status gex_flip_bands_compute(const gex_context *context, const gex_bands *bands,
                                  const gex_flip_bands_options *options, gex_flip_bands **out, gex_error *error)
{
    gex_flip_bands_options opt = defaults;
    struct gex_flip_bands *flips;
    struct gex__guest guest;
    struct work work;
    gex_status status;

    if (out != NULL)
        *out = NULL;
    if (out == NULL || bands == NULL)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "bands and out are required");
    if (options != NULL && gex__options_take(&opt, sizeof opt, FLIP_BANDS_OPTIONS_0_1, options) != GEX_OK)
        return gex__fail(error, GEX_ERR_VERSION, -1, "flip bands options: struct_size {u}", options->struct_size);
    if (opt.reserved != 0)
        return gex__fail(error, GEX_ERR_ARGUMENT, -1, "flip bands options: reserved must be zero");
    if (opt.samples < 1 || opt.samples > INT32_MAX)
        return gex__fail(error, GEX_ERR_DOMAIN, -1, "{i} samples: there may be 1 to 2147483647", opt.samples);
    if (!is_profile(bands))
        return gex__fail(error, GEX_ERR_ARGUMENT, -1,
                         "bands have to be of one instant, with covariance, at 4 prices or more that ascend");

    flips = flips_alloc(context, opt.samples);
    if (flips == NULL)
        return gex__fail(error, GEX_ERR_MEMORY, -1, "no memory for {i} samples", opt.samples);
    work = (struct work){.bands = bands, .flips = flips, .seed = opt.seed};
    gex__guest_enter(&guest);
    status = samples_run(context, &work);
    gex__gauss_drop(&work.gauss);
    if (status == GEX_OK)
        samples_count(flips);
    gex__guest_leave(&guest);
    if (status != GEX_OK) {
        gex__object_release(flips);
        return gex__gauss_fail(status, bands->count, error);
    }
    *out = flips;
    return GEX_OK;
}

void gex_flip_bands_free(gex_flip_bands *flips)
{
    gex__object_release(flips);
}

/* ---- what it holds ----------------------------------------------------------------------------------------------- */

static bool is_flip(const gex_flip_bands *flips, int32_t flip)
{
    return flips != NULL && flip >= 1 && flip <= GEX_FLIP_LAST_;
}

const double *gex_flip_bands_samples(const gex_flip_bands *flips, int32_t flip, int64_t *count_out)
{
    if (count_out != NULL)
        *count_out = is_flip(flips, flip) ? flips->samples : 0;
    return is_flip(flips, flip) ? flips->price[flip] : NULL;
}

double gex_flip_bands_share(const gex_flip_bands *flips, int32_t roots_status)
{
    return flips != NULL && roots_status >= 1 && roots_status <= STATUSES ? flips->share[roots_status] : (double)NAN;
}

double gex_flip_bands_found(const gex_flip_bands *flips, int32_t flip)
{
    return is_flip(flips, flip) ? flips->found_share[flip] : (double)NAN;
}

double gex_flip_bands_quantile(const gex_flip_bands *flips, int32_t flip, double probability)
{
    struct gex__guest guest;
    double value;

    if (!is_flip(flips, flip))
        return (double)NAN;
    gex__guest_enter(&guest);
    value = gex__sorted_quantile(flips->sorted[flip], flips->found[flip], probability);
    gex__guest_leave(&guest);
    return value;
}

#define NAME_CASE(name, value, text) \
    case name: return text;

const char *gex_flip_name(int32_t flip)
{
    switch (flip) {
        GEX_FLIP_LIST(NAME_CASE)
    default: return "unknown";
    }
}

int32_t gex_flip_find(const char *name)
{
    for (int32_t flip = 1; name != NULL && flip <= GEX_FLIP_LAST_; flip++)
        if (strcmp(name, gex_flip_name(flip)) == 0)
            return flip;
    return 0;
}
