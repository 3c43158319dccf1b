/* SPDX-License-Identifier: Apache-2.0 */
/* What a call is and what it needs on its way: see _fast.c. Parts of one translation unit, as numpy's table asks. */
#ifndef GEX_FAST_H
#define GEX_FAST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include <numpy/arrayobject.h>

#include <stdint.h>
#include <string.h>

enum {
    PARAMETERS_MAX = 32,  /* of a function */
    RESULTS_MAX = 64,     /* of a call, each at most once: a bit each */
    COLUMNS_SIZE_MAX = 1024
};
enum { REAL, CODE, NAMES, OUT, OTHER };     /* what a parameter is: two kinds of column, two of result, the rest */
enum { RAISED = -1, PLAIN = 0, READY = 1 }; /* an exception is set; the Python function answers; go on */

typedef int32_t (*many_results)(const void *context, const void *columns, const int32_t *numbers, int64_t count,
                                double *const *outputs, uint8_t *status, void *error);
typedef int32_t (*many_and_boundary)(const void *context, const void *columns, const int32_t *numbers, int64_t count,
                                     double *const *outputs, double *boundary, uint8_t *status, void *error);
typedef int32_t (*one_result)(const void *context, const void *columns, double *output, uint8_t *status, void *error);

struct parameter {
    PyObject  *name;
    PyObject  *initial; /* value of an argument left out; NULL when it may not be */
    PyObject  *words;   /* CODE: dict, word -> number */
    int        kind;
    Py_ssize_t offset;  /* of the column in the struct */
};

/* Everything but `last` is set by the constructor and only read afterwards. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc   enter;
    PyObject        *dict, *weak;
    PyObject        *plain;       /* the Python function */
    PyObject        *description; /* tuple that holds what `parameters` borrows */
    PyObject        *names;       /* tuple of results by name */
    many_results     many;        /* one of the three */
    many_and_boundary bounded;
    one_result       one;
    Py_ssize_t       size, rows_offset;
    int64_t          rows_max, release_rows; /* from here on the interpreter is released */
    int              parameter_count, positional; /* all, and those that need not be given by name: the first ones */
    int              names_at, out_at;            /* parameters that name results, -1 when none, and take them */
    int              name_count, initial_count;         /* results named when none are: the first ones */
    struct parameter parameters[PARAMETERS_MAX];
    Py_hash_t        hashes[RESULTS_MAX];  /* of names */
    int32_t          numbers[RESULTS_MAX]; /* of names in the library; 0 is the status, -1 the boundary */
    PyArray_Descr   *real, *code, *byte;
    PyObject        *last;                   /* tuple that named the results of the call before, kept alive; or NULL */
    int              last_asked[RESULTS_MAX];
    _Alignas(8) unsigned char columns[COLUMNS_SIZE_MAX];
} Call;

/* A column as the library takes it. */
struct column {
    const void *data;
    int64_t     stride;
};

/* Memory, never empty. */
struct range {
    uintptr_t from, size;
};

static inline uintptr_t end_of(struct range range)
{
    return range.from + range.size;
}

static inline int meet(struct range a, struct range b)
{
    return a.from < end_of(b) && b.from < end_of(a);
}

/* One call under way. */
struct job {
    npy_intp     rows;
    int          dimensions; /* 0 or 1 */
    int          reads, writes, results, output_count;
    struct range read[PARAMETERS_MAX]; /* the caller's input arrays */
    struct range written[RESULTS_MAX]; /* the caller's result arrays */
    int          asked[RESULTS_MAX];   /* indices of names */
    PyObject    *held[RESULTS_MAX];    /* result arrays, a reference each, or NULL */
    int32_t      numbers[RESULTS_MAX];
    double      *outputs[RESULTS_MAX];
    uint8_t     *status;
    double      *boundary;
    double       reals[PARAMETERS_MAX], values[RESULTS_MAX];
    int8_t       codes[PARAMETERS_MAX];
    uint8_t      status_value;
    _Alignas(8) unsigned char columns[COLUMNS_SIZE_MAX];
};

/* Text that is mostly the same object. */
static inline int same_text(PyObject *a, PyObject *b)
{
    return a == b || (PyUnicode_GET_LENGTH(a) == PyUnicode_GET_LENGTH(b) && PyUnicode_KIND(a) == PyUnicode_KIND(b) &&
                      memcmp(PyUnicode_DATA(a), PyUnicode_DATA(b),
                             (size_t)(PyUnicode_GET_LENGTH(a) * (Py_ssize_t)PyUnicode_KIND(a))) == 0);
}

#endif
