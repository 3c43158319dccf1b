/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls over columns without an interpreter in between: tenths of a microsecond where ctypes takes tens of them.
 *
 * A Call stands before a Python function of the same signature. It takes what it can finish alone: numbers, 0-d and
 * 1-d arrays of the column's own type, results that are contiguous arrays of the right length or not there yet. All
 * else goes to the function with the arguments untouched, so that converting, broadcasting over more dimensions and
 * every word said about a mistake have one home, and a call means the same whoever answers it.
 *
 * Nothing here names a function of the library. Addresses, offsets and names come from the description of the ABI
 * through _compiled.py, and a failure of the library sends the call to the Python function, which raises it.
 */
#include "_fast.h"

#include <structmember.h>

#include <stdlib.h>
#include <time.h>

#include "_fast_arguments.h"
#include "_fast_results.h"

#if PY_VERSION_HEX < 0x030D0000
#define Py_BEGIN_CRITICAL_SECTION2(a, b) { (void)(a), (void)(b);
#define Py_END_CRITICAL_SECTION2() }
#endif

enum { SPECIFICATION = 3 }; /* of the constructor; _compiled.py takes no other */

/* ---- the call -------------------------------------------------------------------------------------------------- */

/* All that comes before the library. `out` is what the caller gave, NULL when nothing. */
static int prepare(Call *call, struct job *job, PyObject *const *args, Py_ssize_t count, PyObject *keywords,
                   PyObject **out)
{
    PyObject *given[PARAMETERS_MAX], *names;
    int ready;

    job->results = job->output_count = job->writes = 0, job->status = NULL, job->boundary = NULL;
    *out = NULL;
    ready = bind(call, args, count, keywords, given);
    if (ready == READY)
        ready = take_columns(call, job, given);
    if (ready != READY)
        return ready;
    names = call->names_at >= 0 && given[call->names_at] != Py_None ? given[call->names_at] : NULL;
    *out = given[call->out_at] != Py_None ? given[call->out_at] : NULL;
    Py_BEGIN_CRITICAL_SECTION2(names != NULL ? names : (PyObject *)call, *out != NULL ? *out : (PyObject *)call);
    ready = ask_all(call, job, names, *out);
    Py_END_CRITICAL_SECTION2();
    if (call->one != NULL && job->results != call->initial_count)
        return PLAIN;
    return ready == READY ? take_results(call, job, *out) : ready;
}

static int32_t run(const Call *call, struct job *job)
{
    if (call->one != NULL)
        return call->one(NULL, job->columns, job->outputs[0], job->status, NULL);
    if (call->bounded != NULL)
        return call->bounded(NULL, job->columns, job->numbers, job->output_count, job->outputs, job->boundary,
                             job->status, NULL);
    return call->many(NULL, job->columns, job->numbers, job->output_count, job->outputs, job->status, NULL);
}

static PyObject *enter(PyObject *self, PyObject *const *args, size_t flagged, PyObject *keywords)
{
    Call *call = (Call *)self;
    Py_ssize_t count = PyVectorcall_NARGS(flagged);
    PyObject *out, *answer;
    struct job job;
    int ready = prepare(call, &job, args, count, keywords, &out);

    if (ready == READY) {
        int32_t status;
        if (job.rows < call->release_rows) {
            status = run(call, &job);
        } else {
            Py_BEGIN_ALLOW_THREADS
            status = run(call, &job);
            Py_END_ALLOW_THREADS
        }
        if (status == 0 && out != NULL) {
            drop(&job);
            Py_INCREF(out);
            return out;
        }
        if (status == 0) {
            answer = hand_over(call, &job);
            drop(&job);
            return answer;
        }
    }
    drop(&job);
    return ready == RAISED ? NULL : PyObject_Vectorcall(call->plain, args, (size_t)count, keywords);
}

PyDoc_STRVAR(seconds_doc, "seconds(times, /, *args, **kwargs)\n--\n\n"
                          "Seconds that the library's function alone takes, called `times` times with the arguments of "
                          "a call.");

static PyObject *seconds(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    Call *call = (Call *)self;
    struct timespec from, to;
    struct job job;
    PyObject *out;
    long times = count > 0 ? PyLong_AsLong(args[0]) : -1;
    int ready;

    if (PyErr_Occurred() != NULL)
        return NULL;
    ready = times < 0 ? PLAIN : prepare(call, &job, args + 1, count - 1, keywords, &out);
    if (ready == READY) {
        clock_gettime(CLOCK_MONOTONIC, &from);
        for (long i = 0; i < times; i++)
            run(call, &job);
        clock_gettime(CLOCK_MONOTONIC, &to);
    }
    if (times >= 0)
        drop(&job);
    if (ready == PLAIN)
        PyErr_SetString(PyExc_ValueError, "a number of times, and arguments that are called directly, are wanted");
    if (ready != READY)
        return NULL;
    return PyFloat_FromDouble((double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec));
}

/* ---- the type -------------------------------------------------------------------------------------------------- */

static int describe_parameter(Call *call, PyObject *item)
{
    struct parameter *p = &call->parameters[call->parameter_count];

    if (!PyArg_ParseTuple(item, "UinO|O:parameter", &p->name, &p->kind, &p->offset, &p->words, &p->initial))
        return -1;
    if (p->kind == REAL || p->kind == CODE) {
        if (p->offset < 0 || p->offset > call->size - (Py_ssize_t)sizeof(struct column) ||
            (p->kind == CODE && !PyDict_CheckExact(p->words))) {
            PyErr_SetString(PyExc_ValueError, "a column that is not in the struct, or has no words");
            return -1;
        }
    } else if (p->initial == NULL) {
        PyErr_SetString(PyExc_ValueError, "an option without a default");
        return -1;
    }
    if (p->kind == NAMES)
        call->names_at = call->parameter_count;
    else if (p->kind == OUT)
        call->out_at = call->parameter_count;
    call->parameter_count++;
    return 0;
}

static int describe_result(Call *call, PyObject *name, PyObject *number)
{
    call->hashes[call->name_count] = PyObject_Hash(name);
    call->numbers[call->name_count++] = (int32_t)PyLong_AsLong(number);
    return PyErr_Occurred() != NULL ? -1 : 0;
}

static PyObject *call_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(keywords))
{
    PyObject *plain, *parameters, *names, *numbers;
    unsigned long long address;
    long long rows_max, release_rows;
    Py_ssize_t rows_offset;
    Py_buffer columns;
    int arguments, initial_count, positional, failed;
    Call *call;

    if (!PyArg_ParseTuple(args, "OKiy*nLLO!O!O!ii:Call", &plain, &address, &arguments, &columns, &rows_offset,
                          &rows_max, &release_rows, &PyTuple_Type, &parameters, &PyTuple_Type, &names, &PyTuple_Type,
                          &numbers, &initial_count, &positional))
        return NULL;
    call = (Call *)type->tp_alloc(type, 0);
    failed = call == NULL;
    if (!failed &&
        (address == 0 || (arguments != 5 && arguments != 7 && arguments != 8) || columns.len > COLUMNS_SIZE_MAX ||
         rows_offset < 0 || rows_offset > columns.len - (Py_ssize_t)sizeof(int64_t) ||
         PyTuple_GET_SIZE(parameters) > PARAMETERS_MAX || PyTuple_GET_SIZE(names) > RESULTS_MAX ||
         PyTuple_GET_SIZE(names) != PyTuple_GET_SIZE(numbers) || initial_count < (arguments == 5 ? 2 : 0) ||
         initial_count > PyTuple_GET_SIZE(names) || positional < 0 || positional > PyTuple_GET_SIZE(parameters))) {
        PyErr_SetString(PyExc_ValueError, "a description that does not hold together");
        failed = 1;
    }
    if (!failed) {
        memcpy(call->columns, columns.buf, (size_t)columns.len);
        call->enter = enter;
        call->size = columns.len, call->rows_offset = rows_offset;
        call->rows_max = rows_max, call->release_rows = release_rows, call->initial_count = initial_count;
        call->positional = positional;
        if (arguments == 7)
            call->many = (many_results)(uintptr_t)address;
        else if (arguments == 8)
            call->bounded = (many_and_boundary)(uintptr_t)address;
        else
            call->one = (one_result)(uintptr_t)address;
        Py_INCREF(plain), call->plain = plain;
        Py_INCREF(parameters), call->description = parameters;
        Py_INCREF(names), call->names = names;
        call->real = PyArray_DescrFromType(NPY_DOUBLE);
        call->code = PyArray_DescrFromType(NPY_INT8);
        call->byte = PyArray_DescrFromType(NPY_UINT8);
        call->names_at = call->out_at = -1;
        failed = call->real == NULL || call->code == NULL || call->byte == NULL;
    }
    for (Py_ssize_t i = 0; !failed && i < PyTuple_GET_SIZE(parameters); i++)
        failed = describe_parameter(call, PyTuple_GET_ITEM(parameters, i)) < 0;
    for (Py_ssize_t i = 0; !failed && i < PyTuple_GET_SIZE(names); i++)
        failed = describe_result(call, PyTuple_GET_ITEM(names, i), PyTuple_GET_ITEM(numbers, i)) < 0;
    if (!failed && call->out_at < 0) {
        PyErr_SetString(PyExc_ValueError, "no parameter takes the results");
        failed = 1;
    }
    PyBuffer_Release(&columns);
    if (failed)
        Py_CLEAR(call);
    return (PyObject *)call;
}

static int call_traverse(PyObject *self, visitproc visit, void *arg)
{
    Call *call = (Call *)self;

    Py_VISIT(Py_TYPE(self));
    Py_VISIT(call->dict);
    Py_VISIT(call->plain);
    Py_VISIT(call->description);
    Py_VISIT(call->names);
    Py_VISIT(call->last);
    return 0;
}

static int call_clear(PyObject *self)
{
    Call *call = (Call *)self;

    Py_CLEAR(call->dict);
    Py_CLEAR(call->plain);
    Py_CLEAR(call->description);
    Py_CLEAR(call->names);
    Py_CLEAR(call->last);
    return 0;
}

static void call_dealloc(PyObject *self)
{
    Call *call = (Call *)self;
    PyTypeObject *type = Py_TYPE(self);

    PyObject_GC_UnTrack(self);
    if (call->weak != NULL)
        PyObject_ClearWeakRefs(self);
    (void)call_clear(self);
    Py_CLEAR(call->real);
    Py_CLEAR(call->code);
    Py_CLEAR(call->byte);
    type->tp_free(self);
    Py_DECREF(type);
}

/* By name, as functions are. */
static PyObject *call_reduce(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return PyObject_GetAttrString(self, "__qualname__");
}

static PyMethodDef call_methods[] = {
    {"seconds", (PyCFunction)(void (*)(void))seconds, METH_FASTCALL | METH_KEYWORDS, seconds_doc},
    {"__reduce__", call_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef call_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Call, enter), READONLY, NULL},
    {"__dictoffset__", T_PYSSIZET, offsetof(Call, dict), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Call, weak), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef call_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot call_slots[] = {
    {Py_tp_new, (void *)call_new},
    {Py_tp_dealloc, (void *)call_dealloc},
    {Py_tp_traverse, (void *)call_traverse},
    {Py_tp_clear, (void *)call_clear},
    {Py_tp_call, (void *)PyVectorcall_Call},
    {Py_tp_methods, call_methods},
    {Py_tp_members, call_members},
    {Py_tp_getset, call_getset},
    {0, NULL},
};

static PyType_Spec call_spec = {
    .name = "gex._fast.Call",
    .basicsize = sizeof(Call),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .slots = call_slots,
};

/* ---- the module ------------------------------------------------------------------------------------------------ */

/* numpy 2 runs what was compiled for numpy 1 only to print a page about it: refuse before it does. */
static int numpy_fits(void)
{
    PyObject *numpy = PyImport_ImportModule("numpy");
    PyObject *version = numpy != NULL ? PyObject_GetAttrString(numpy, "__version__") : NULL;
    const char *text = version != NULL ? PyUnicode_AsUTF8(version) : NULL;
    int fits = text != NULL;

    if (fits && NPY_ABI_VERSION < 0x02000000 && strtol(text, NULL, 10) >= 2) {
        PyErr_Format(PyExc_ImportError, "compiled for numpy 1, here is numpy %s", text);
        fits = 0;
    }
    Py_XDECREF(version);
    Py_XDECREF(numpy);
    return fits;
}

static int module_exec(PyObject *module)
{
    PyObject *type;

    if (!numpy_fits() || _import_array() < 0)
        return -1;
    type = PyType_FromModuleAndSpec(module, &call_spec, NULL);
    if (type == NULL)
        return -1;
    if (PyModule_AddObject(module, "Call", type) < 0) {
        Py_DECREF(type);
        return -1;
    }
    return PyModule_AddIntConstant(module, "SPECIFICATION", SPECIFICATION);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)module_exec},
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "gex._fast",
    .m_doc = "Calls over columns without an interpreter in between; see _compiled.py.",
    .m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__fast(void);
PyMODINIT_FUNC PyInit__fast(void)
{
    return PyModuleDef_Init(&module);
}
