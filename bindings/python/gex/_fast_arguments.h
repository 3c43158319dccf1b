/* SPDX-License-Identifier: Apache-2.0 */
/* From the arguments of a call to the columns of the library's struct: see _fast.c. */
#ifndef GEX_FAST_ARGUMENTS_H
#define GEX_FAST_ARGUMENTS_H

#include "_fast.h"

/* Arguments by parameter: given, or their initial value. */
static int bind(const Call *call, PyObject *const *args, Py_ssize_t count, PyObject *keywords, PyObject **given)
{
    const int all = call->parameter_count;
    Py_ssize_t keyword_count = keywords != NULL ? PyTuple_GET_SIZE(keywords) : 0;
    int next = (int)count;

    if (count > call->positional)
        return PLAIN;
    memcpy(given, args, (size_t)count * sizeof *given);
    for (int i = next; i < all; i++)
        given[i] = call->parameters[i].initial;
    for (Py_ssize_t k = 0; k < keyword_count; k++) { /* mostly in order, so each is looked for after the last */
        PyObject *keyword = PyTuple_GET_ITEM(keywords, k);
        int tried = 0;
        while (tried < all && (next == all || !same_text(call->parameters[next].name, keyword)))
            next = next == all ? 0 : next + 1, tried++;
        if (tried == all || next < count)
            return PLAIN;
        given[next++] = args[count + k];
    }
    return READY;
}

static inline int take_array(struct job *job, PyArrayObject *array, PyArray_Descr *kind, npy_intp item,
                             struct column *column)
{
    npy_intp length = 1, reach;
    uintptr_t first = (uintptr_t)PyArray_DATA(array);

    if (PyArray_DESCR(array) != kind || PyArray_NDIM(array) > 1)
        return PLAIN;
    *column = (struct column){PyArray_DATA(array), 0};
    if (PyArray_NDIM(array) == 1) {
        job->dimensions = 1;
        length = PyArray_DIM(array, 0);
        if (length != 1) {
            if (job->rows != 1 && job->rows != length)
                return PLAIN;
            job->rows = length;
            column->stride = PyArray_STRIDE(array, 0);
        }
    }
    if (length == 0)
        return READY;
    reach = (length - 1) * (npy_intp)column->stride;
    job->read[job->reads++] = reach < 0 ? (struct range){first - (uintptr_t)-reach, (uintptr_t)(item - reach)}
                                        : (struct range){first, (uintptr_t)(item + reach)};
    return READY;
}

static int take_real(PyObject *value, double *own, struct column *column)
{
    if (PyFloat_CheckExact(value) || Py_TYPE(value) == &PyDoubleArrType_Type) {
        *own = PyFloat_AS_DOUBLE(value); /* a numpy.float64 is a float */
    } else if (PyLong_CheckExact(value)) {
        *own = PyLong_AsDouble(value);
        if (*own == -1.0 && PyErr_Occurred() != NULL) {
            PyErr_Clear();
            return PLAIN;
        }
    } else {
        return PLAIN;
    }
    *column = (struct column){own, 0};
    return READY;
}

static int take_code(const struct parameter *parameter, PyObject *value, int8_t *own, struct column *column)
{
    int overflow = 0;
    long number;

    if (PyUnicode_CheckExact(value)) {
        value = PyDict_GetItemWithError(parameter->words, value);
        if (value == NULL) {
            PyErr_Clear();
            return PLAIN;
        }
    } else if (!PyLong_CheckExact(value)) {
        return PLAIN;
    }
    number = PyLong_AsLongAndOverflow(value, &overflow);
    if (overflow != 0 || number < INT8_MIN || number > INT8_MAX)
        return PLAIN;
    *own = (int8_t)number;
    *column = (struct column){own, 0};
    return READY;
}

/* Point the struct's columns at the arguments; rows and dimensions become those of all together. */
static int take_columns(const Call *call, struct job *job, PyObject *const *given)
{
    memcpy(job->columns, call->columns, (size_t)call->size);
    job->rows = 1, job->dimensions = job->reads = 0;
    for (int i = 0; i < call->parameter_count; i++) {
        const struct parameter *parameter = &call->parameters[i];
        PyObject *value = given[i];
        struct column column;
        int taken;

        if (value == NULL || (parameter->kind == OTHER && value != parameter->initial))
            return PLAIN;
        if (parameter->kind > CODE)
            continue;
        if (PyArray_CheckExact(value))
            taken = parameter->kind == REAL
                        ? take_array(job, (PyArrayObject *)value, call->real, sizeof(double), &column)
                        : take_array(job, (PyArrayObject *)value, call->code, sizeof(int8_t), &column);
        else
            taken = parameter->kind == REAL ? take_real(value, &job->reals[i], &column)
                                            : take_code(parameter, value, &job->codes[i], &column);
        if (taken != READY)
            return taken;
        memcpy(job->columns + parameter->offset, &column, sizeof column);
    }
    memcpy(job->columns + call->rows_offset, &(int64_t){job->rows}, sizeof(int64_t));
    return job->rows <= call->rows_max ? READY : PLAIN;
}

#endif
