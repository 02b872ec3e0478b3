#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>
#include "abi.h"

extern char *buffer;
extern u32 capacity;
int room(u32 size);
Py_ssize_t read_source(u32 source);
PyObject *refuse(i32 number);
PyObject *make_host_module(void);
// The time that Python's clocks show until the next call, in microseconds since 1970.
void set_time(i64 micros);
