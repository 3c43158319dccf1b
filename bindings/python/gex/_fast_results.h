/* SPDX-License-Identifier: Apache-2.0 */
/* Which results are wanted, where they are written, and what the caller is given: see _fast.c. */
#ifndef GEX_FAST_RESULTS_H
#define GEX_FAST_RESULTS_H

#include "_fast.h"

/* Index of a result by its name, -1 when there is none or it was asked for before. Names mostly come in order and are
 * the very objects; others are known by hash and text. */
static int ask(const Call *call, PyObject *name, int after, uint64_t *asked)
{
    Py_hash_t hash;
    int i = after, tried = 0;

    if (after == call->name_count || PyTuple_GET_ITEM(call->names, i) != name) {
        if (!PyUnicode_CheckExact(name))
            return -1;
        hash = PyObject_Hash(name);
        for (i = after; tried < call->name_count; tried++, i++) {
            if (i == call->name_count)
                i = 0;
            if (call->hashes[i] == hash && same_text(PyTuple_GET_ITEM(call->names, i), name))
                break;
        }
    }
    if (tried == call->name_count || (*asked >> i & 1) != 0)
        return -1;
    *asked |= (uint64_t)1 << i;
    return i;
}

/* The same tuple will mostly name the results of the next call too. Under the interpreter's lock only. */
static void remember(Call *call, const struct job *job, PyObject *names, Py_ssize_t count)
{
#ifdef Py_GIL_DISABLED
    (void)call, (void)job, (void)names, (void)count;
#else
    if (names == NULL || !PyTuple_CheckExact(names))
        return;
    memcpy(call->last_asked, job->asked, (size_t)count * sizeof job->asked[0]);
    Py_INCREF(names);
    Py_XSETREF(call->last, names);
#endif
}

/* Which results are wanted, and the caller's arrays for them. */
static int ask_all(Call *call, struct job *job, PyObject *names, PyObject *out)
{
    PyObject *name, *array;
    uint64_t asked = 0;
    Py_ssize_t count;
    int last = -1;

    if (names == NULL && out != NULL && PyDict_CheckExact(out)) { /* a dict says both */
        for (Py_ssize_t at = 0; PyDict_Next(out, &at, &name, &array);) {
            last = ask(call, name, last + 1, &asked);
            if (last < 0)
                return PLAIN;
            Py_INCREF(array);
            job->asked[job->results] = last;
            job->held[job->results++] = array;
        }
        return READY;
    }
    if (names == NULL)
        count = call->initial_count;
    else if (PyTuple_CheckExact(names) || PyList_CheckExact(names))
        count = PySequence_Fast_GET_SIZE(names);
    else
        return PLAIN;
    if (names != NULL && names == call->last) {
        memcpy(job->asked, call->last_asked, (size_t)count * sizeof job->asked[0]);
    } else {
        for (Py_ssize_t i = 0; i < count; i++) {
            last = names != NULL ? ask(call, PySequence_Fast_GET_ITEM(names, i), last + 1, &asked) : (int)i;
            if (last < 0)
                return PLAIN;
            job->asked[i] = last;
        }
        remember(call, job, names, count);
    }
    if (out == NULL || PyArray_CheckExact(out)) {
        memset(job->held, 0, (size_t)count * sizeof job->held[0]);
        job->results = (int)count;
        return READY;
    }
    if (count != (PyDict_CheckExact(out)                              ? PyDict_GET_SIZE(out)
                  : PyTuple_CheckExact(out) || PyList_CheckExact(out) ? PySequence_Fast_GET_SIZE(out)
                                                                      : -1))
        return PLAIN;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (PyDict_CheckExact(out)) {
            array = PyDict_GetItemWithError(out, PyTuple_GET_ITEM(call->names, job->asked[i]));
            if (array == NULL) {
                PyErr_Clear();
                return PLAIN;
            }
        } else {
            array = PySequence_Fast_GET_ITEM(out, i);
        }
        Py_INCREF(array);
        job->held[job->results++] = array;
    }
    return READY;
}

/* Where the library writes the result that was asked for as the i-th. */
static void point(const Call *call, struct job *job, int i, void *data)
{
    int32_t number = call->numbers[job->asked[i]];

    if (number == 0) {
        job->status = data;
    } else if (number < 0) {
        job->boundary = data;
    } else {
        job->numbers[job->output_count] = number;
        job->outputs[job->output_count++] = data;
    }
}

static int take_result(const Call *call, struct job *job, int i)
{
    PyArrayObject *array = (PyArrayObject *)job->held[i];
    int byte = call->numbers[job->asked[i]] == 0;

    if (!PyArray_CheckExact(array) || !PyArray_CHKFLAGS(array, NPY_ARRAY_CARRAY) ||
        PyArray_DESCR(array) != (byte ? call->byte : call->real) ||
        PyArray_NDIM(array) != job->dimensions || (job->dimensions == 1 && PyArray_DIM(array, 0) != job->rows))
        return PLAIN;
    point(call, job, i, PyArray_DATA(array));
    if (job->rows > 0)
        job->written[job->writes++] = (struct range){(uintptr_t)PyArray_DATA(array),
                                                     (uintptr_t)job->rows * (byte ? 1 : sizeof(double))};
    return READY;
}

/* A matrix of results, one a row. */
static int take_matrix(const Call *call, struct job *job, PyArrayObject *matrix)
{
    if (!PyArray_CHKFLAGS(matrix, NPY_ARRAY_CARRAY) || PyArray_DESCR(matrix) != call->real ||
        job->dimensions != 1 || PyArray_NDIM(matrix) != 2 || PyArray_DIM(matrix, 0) != job->results ||
        PyArray_DIM(matrix, 1) != job->rows)
        return PLAIN;
    for (int i = 0; i < job->results; i++) {
        if (call->numbers[job->asked[i]] == 0)
            return PLAIN;
        point(call, job, i, (double *)PyArray_DATA(matrix) + i * job->rows);
    }
    if (job->results > 0 && job->rows > 0)
        job->written[job->writes++] = (struct range){(uintptr_t)PyArray_DATA(matrix),
                                                     (uintptr_t)PyArray_NBYTES(matrix)};
    return READY;
}

static int make_result(const Call *call, struct job *job, int i)
{
    int byte = call->numbers[job->asked[i]] == 0;

    if (job->dimensions == 0) {
        point(call, job, i, byte ? (void *)&job->status_value : (void *)&job->values[i]);
        return READY;
    }
    job->held[i] = PyArray_EMPTY(1, &job->rows, byte ? NPY_UINT8 : NPY_DOUBLE, 0);
    if (job->held[i] == NULL)
        return RAISED;
    point(call, job, i, PyArray_DATA((PyArrayObject *)job->held[i]));
    return READY;
}

/* Whether no result lies over an input or over another result, by their outermost bytes: the Python function looks
 * closer. Memory outside of all before it, where arrays made one by one mostly lie, is done with in one look. */
static int apart(const struct job *job)
{
    uintptr_t low = UINTPTR_MAX, high = 0;

    for (int k = 0; k < job->reads; k++) {
        low = job->read[k].from < low ? job->read[k].from : low;
        high = end_of(job->read[k]) > high ? end_of(job->read[k]) : high;
    }
    for (int i = 0; i < job->writes; i++) {
        const struct range mine = job->written[i];
        if (mine.from < high && end_of(mine) > low) {
            for (int k = 0; k < job->reads; k++)
                if (meet(mine, job->read[k]))
                    return PLAIN;
            for (int k = 0; k < i; k++)
                if (meet(mine, job->written[k]))
                    return PLAIN;
        }
        low = mine.from < low ? mine.from : low;
        high = end_of(mine) > high ? end_of(mine) : high;
    }
    return READY;
}

static int take_results(const Call *call, struct job *job, PyObject *out)
{
    int taken = READY;

    if (out != NULL && PyArray_CheckExact(out))
        taken = take_matrix(call, job, (PyArrayObject *)out);
    else
        for (int i = 0; i < job->results && taken == READY; i++)
            taken = out != NULL ? take_result(call, job, i) : make_result(call, job, i);
    return taken == READY && out != NULL ? apart(job) : taken;
}

static void drop(struct job *job)
{
    for (int i = 0; i < job->results; i++)
        Py_CLEAR(job->held[i]);
}

/* What a call without the caller's arrays gives: a dict by name, or the pair of a function with one result. */
static PyObject *hand_over(const Call *call, struct job *job)
{
    PyObject *answer = call->one == NULL ? PyDict_New() : PyTuple_New(job->results);

    for (int i = 0; i < job->results && answer != NULL; i++) {
        int byte = call->numbers[job->asked[i]] == 0;
        PyObject *value = job->held[i];
        int failed = 0;

        job->held[i] = NULL;
        if (value == NULL)
            value = byte ? PyArray_Scalar(&job->status_value, call->byte, NULL)
                         : PyArray_Scalar(&job->values[i], call->real, NULL);
        if (value == NULL) {
            failed = 1;
        } else if (call->one != NULL) {
            PyTuple_SET_ITEM(answer, i, value);
        } else {
            failed = PyDict_SetItem(answer, PyTuple_GET_ITEM(call->names, job->asked[i]), value) < 0;
            Py_DECREF(value);
        }
        if (failed)
            Py_CLEAR(answer);
    }
    return answer;
}

#endif
