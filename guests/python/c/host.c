// The Python module _cloche: the host's functions for the package, over bytes and numbers.
#include "guest.h"

// One buffer for all that passes through; calls do not nest while it is in use.
char *buffer;
u32 capacity;
PyObject *host_error;
#define USUAL 65536u
#define KEPT (8u << 20)

int room(u32 size) {
  if (size <= capacity) return 1;
  u32 wanted = size < USUAL ? USUAL : size;
  char *moved = PyMem_RawRealloc(buffer, wanted);
  if (!moved) { PyErr_NoMemory(); return 0; }
  buffer = moved;
  capacity = wanted;
  return 1;
}

static int grow(void) { if (capacity > UINT32_MAX / 2) { PyErr_NoMemory(); return 0; } return room(capacity * 2); }

// A large answer must not hold memory for the life of the instance.
static PyObject *take(u32 size) {
  PyObject *bytes = PyBytes_FromStringAndSize(buffer, size);
  if (capacity > KEPT) { PyMem_RawFree(buffer); buffer = NULL; capacity = 0; }
  return bytes;
}

PyObject *refuse(i32 number) {
  PyObject *value = PyLong_FromLong(number);
  if (value) { PyErr_SetObject(host_error, value); Py_DECREF(value); }
  return NULL;
}

// All bytes of a source, at the start of the buffer; -1 with a Python error.
Py_ssize_t read_source(u32 source) {
  u32 have = 0;
  if (!source) return 0;
  if (!room(USUAL)) return -1;
  for (;;) {
    u32 part = capacity - have;
    i32 result = (int16_t)bytes_source_read((i32)source, buffer + have, &part);
    if (result > 0) { refuse(result); return -1; }
    have += part;
    if (result < 0) return have;
    if (have == capacity && !grow()) return -1;
  }
}

static int number(PyObject *object, u32 *out) {
  unsigned long value = PyLong_AsUnsignedLong(object);
  *out = (u32)value;
  return !(value == (unsigned long)-1 && PyErr_Occurred());
}

static int bytes_of(PyObject *object, char **data, u32 *len) {
  Py_ssize_t size;
  if (PyBytes_AsStringAndSize(object, data, &size)) return 0;
  *len = (u32)size;
  return 1;
}

static int arity(Py_ssize_t n, Py_ssize_t wanted) {
  if (n == wanted) return 1;
  PyErr_Format(PyExc_TypeError, "expected %zd arguments, got %zd", wanted, n);
  return 0;
}

static PyObject *id_of(PyObject *name, i32 (*look)(const char *, i32, u32 *)) {
  Py_ssize_t size;
  u32 id = 0;
  const char *text = PyUnicode_AsUTF8AndSize(name, &size);
  if (!text) return NULL;
  i32 error = look(text, (i32)size, &id);
  return error ? refuse(error) : PyLong_FromUnsignedLong(id);
}
static PyObject *table_id(PyObject *self, PyObject *name) { return id_of(name, table_id_from_name); }
static PyObject *index_id(PyObject *self, PyObject *name) { return id_of(name, index_id_from_name); }

static PyObject *count(PyObject *self, PyObject *table) {
  u32 id; u64 rows = 0;
  if (!number(table, &id)) return NULL;
  i32 error = datastore_table_row_count((i32)id, &rows);
  return error ? refuse(error) : PyLong_FromUnsignedLongLong(rows);
}

// The generated columns that the host wrote over the row, or None.
static PyObject *generated(i32 error, u32 len) {
  if (error) return refuse(error);
  if (!len) Py_RETURN_NONE;
  return PyBytes_FromStringAndSize(buffer, len);
}

static PyObject *insert(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  u32 table, len; char *row;
  if (!arity(n, 2) || !number(args[0], &table) || !bytes_of(args[1], &row, &len) || !room(len)) return NULL;
  memcpy(buffer, row, len);
  i32 error = datastore_insert_bsatn((i32)table, buffer, &len);
  return generated(error, len);
}

static PyObject *update(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  u32 table, index, len; char *row;
  if (!arity(n, 3) || !number(args[0], &table) || !number(args[1], &index) || !bytes_of(args[2], &row, &len) || !room(len)) return NULL;
  memcpy(buffer, row, len);
  i32 error = datastore_update_bsatn((i32)table, (i32)index, buffer, &len);
  return generated(error, len);
}

static PyObject *deleted(i32 error, u32 rows) { return error ? refuse(error) : PyLong_FromUnsignedLong(rows); }

static PyObject *delete_equal(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  u32 table, len, rows = 0; char *data;
  if (!arity(n, 2) || !number(args[0], &table) || !bytes_of(args[1], &data, &len)) return NULL;
  i32 error = datastore_delete_all_by_eq_bsatn((i32)table, data, (i32)len, &rows);
  return deleted(error, rows);
}

// All rows of an iterator as one bytes object, so that none is left open and changes do not disturb a loop.
static PyObject *rows_of(i32 error, u32 iter) {
  u32 have = 0;
  if (error) return refuse(error);
  if (!room(USUAL)) { row_iter_bsatn_close((i32)iter); return NULL; }
  for (;;) {
    u32 part = capacity - have;
    i32 result = (int16_t)row_iter_bsatn_advance((i32)iter, buffer + have, &part);
    if (result == 11) {
      if (part > UINT32_MAX - have || !room(have + part > capacity * 2 ? have + part : capacity * 2)) { row_iter_bsatn_close((i32)iter); return NULL; }
      continue;
    }
    if (result > 0) return refuse(result);
    have += part;
    if (result < 0) return take(have);
    if (capacity - have < USUAL / 4 && !grow()) { row_iter_bsatn_close((i32)iter); return NULL; }
  }
}

static PyObject *scan(PyObject *self, PyObject *table) {
  u32 id, iter = 0;
  if (!number(table, &id)) return NULL;
  i32 error = datastore_table_scan_bsatn((i32)id, &iter);
  return rows_of(error, iter);
}

static PyObject *point(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  u32 index, len, iter = 0; char *key;
  if (!arity(n, 2) || !number(args[0], &index) || !bytes_of(args[1], &key, &len)) return NULL;
  i32 error = datastore_index_scan_point_bsatn((i32)index, key, (i32)len, &iter);
  return rows_of(error, iter);
}

static PyObject *delete_point(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  u32 index, len, rows = 0; char *key;
  if (!arity(n, 2) || !number(args[0], &index) || !bytes_of(args[1], &key, &len)) return NULL;
  i32 error = datastore_delete_by_index_scan_point_bsatn((i32)index, key, (i32)len, &rows);
  return deleted(error, rows);
}

// index, prefix, number of values in it, lower bound, upper bound
typedef struct { u32 index, elements, prefix_len, start_len, end_len; char *prefix, *start, *end; } Range;
static int range_of(PyObject *const *args, Py_ssize_t n, Range *r) {
  return arity(n, 5) && number(args[0], &r->index) && bytes_of(args[1], &r->prefix, &r->prefix_len) && number(args[2], &r->elements)
    && bytes_of(args[3], &r->start, &r->start_len) && bytes_of(args[4], &r->end, &r->end_len);
}

static PyObject *range(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  Range r; u32 iter = 0;
  if (!range_of(args, n, &r)) return NULL;
  i32 error = datastore_index_scan_range_bsatn((i32)r.index, r.prefix, (i32)r.prefix_len, (i32)r.elements, r.start, (i32)r.start_len, r.end, (i32)r.end_len, &iter);
  return rows_of(error, iter);
}

static PyObject *delete_range(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  Range r; u32 rows = 0;
  if (!range_of(args, n, &r)) return NULL;
  i32 error = datastore_delete_by_index_scan_range_bsatn((i32)r.index, r.prefix, (i32)r.prefix_len, (i32)r.elements, r.start, (i32)r.start_len, r.end, (i32)r.end_len, &rows);
  return deleted(error, rows);
}

static PyObject *log_line(PyObject *self, PyObject *args) {
  int level, line; const char *target, *file, *text; Py_ssize_t target_len, file_len, len;
  if (!PyArg_ParseTuple(args, "is#s#is#", &level, &target, &target_len, &file, &file_len, &line, &text, &len)) return NULL;
  console_log(level, target, (i32)target_len, file, (i32)file_len, line, text, (i32)len);
  Py_RETURN_NONE;
}

static PyObject *identity_of(PyObject *self, PyObject *unused) { char out[32]; abi_identity(out); return PyBytes_FromStringAndSize(out, 32); }

static PyObject *clear(PyObject *self, PyObject *table) {
  u32 id; u64 rows = 0;
  if (!number(table, &id)) return NULL;
  i32 error = datastore_clear((i32)id, &rows);
  return error ? refuse(error) : PyLong_FromUnsignedLongLong(rows);
}

static PyObject *timer_start(PyObject *self, PyObject *name) {
  Py_ssize_t size; const char *text = PyUnicode_AsUTF8AndSize(name, &size);
  return text ? PyLong_FromUnsignedLong((u32)console_timer_start(text, (i32)size)) : NULL;
}
static PyObject *timer_end(PyObject *self, PyObject *timer) {
  u32 id;
  if (!number(timer, &id)) return NULL;
  i32 error = console_timer_end((i32)id);
  if (error) return refuse(error);
  Py_RETURN_NONE;
}

static PyObject *jwt(PyObject *self, PyObject *connection) {
  char *id; u32 len, source = 0;
  if (!bytes_of(connection, &id, &len)) return NULL;
  if (len != 16) { PyErr_SetString(PyExc_ValueError, "a connection has 16 bytes"); return NULL; }
  i32 error = get_jwt(id, &source);
  if (error) return refuse(error);
  if (!source) Py_RETURN_NONE;
  Py_ssize_t size = read_source(source);
  return size < 0 ? NULL : PyBytes_FromStringAndSize(buffer, size);
}

static PyObject *start_transaction(PyObject *self, PyObject *unused) {
  i64 now = 0;
  i32 error = procedure_start_mut_tx(&now);
  if (error) return refuse(error);
  set_time(now);
  return PyLong_FromLongLong(now);
}
static PyObject *commit(PyObject *self, PyObject *unused) { i32 error = procedure_commit_mut_tx(); if (error) return refuse(error); Py_RETURN_NONE; }
static PyObject *abort_transaction(PyObject *self, PyObject *unused) { i32 error = procedure_abort_mut_tx(); if (error) return refuse(error); Py_RETURN_NONE; }
static PyObject *sleep_until(PyObject *self, PyObject *when) {
  i64 micros = PyLong_AsLongLong(when);
  if (micros == -1 && PyErr_Occurred()) return NULL;
  micros = procedure_sleep_until(micros);
  set_time(micros);
  return PyLong_FromLongLong(micros);
}

// request and body to head and body of the answer; an error has the host's words as its second argument
static PyObject *http(PyObject *self, PyObject *const *args, Py_ssize_t n) {
  char *request, *body; u32 len, body_len, sources[2] = {0, 0};
  if (!arity(n, 2) || !bytes_of(args[0], &request, &len) || !bytes_of(args[1], &body, &body_len)) return NULL;
  i32 error = procedure_http_request(request, (i32)len, body, (i32)body_len, sources);
  if (error && (error != 21 || !sources[0])) return refuse(error);
  Py_ssize_t size = read_source(sources[0]);
  if (size < 0) return NULL;
  PyObject *head = PyBytes_FromStringAndSize(buffer, size);
  if (!head) return NULL;
  if (error) {
    PyObject *arguments = Py_BuildValue("(iN)", (int)error, head);
    if (arguments) { PyErr_SetObject(host_error, arguments); Py_DECREF(arguments); }
    return NULL;
  }
  size = read_source(sources[1]);
  if (size < 0) { Py_DECREF(head); return NULL; }
  return Py_BuildValue("(Ny#)", head, buffer, size);
}

#define FAST(f) (PyCFunction)(void (*)(void))f, METH_FASTCALL
static PyMethodDef methods[] = {
  {"table_id", table_id, METH_O}, {"index_id", index_id, METH_O}, {"count", count, METH_O}, {"clear", clear, METH_O}, {"scan", scan, METH_O},
  {"insert", FAST(insert)}, {"update", FAST(update)}, {"delete_equal", FAST(delete_equal)}, {"point", FAST(point)}, {"delete_point", FAST(delete_point)},
  {"range", FAST(range)}, {"delete_range", FAST(delete_range)}, {"log", log_line, METH_VARARGS}, {"timer_start", timer_start, METH_O},
  {"timer_end", timer_end, METH_O}, {"identity", identity_of, METH_NOARGS}, {"get_jwt", jwt, METH_O}, {"start_transaction", start_transaction, METH_NOARGS},
  {"commit", commit, METH_NOARGS}, {"abort", abort_transaction, METH_NOARGS}, {"sleep_until", sleep_until, METH_O}, {"http", FAST(http)}, {0}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_cloche", "The host of the module ABI.", -1, methods};

PyObject *make_host_module(void) {
  PyObject *module = PyModule_Create(&definition);
  host_error = PyErr_NewException("_cloche.Error", NULL, NULL);
  if (!module || !host_error || PyModule_AddObjectRef(module, "Error", host_error)) return NULL;
  return module;
}
