// The exports of the module ABI: start the interpreter, run the author's source, hand calls to Python.
#include "guest.h"
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))
void __wasm_call_ctors(void);
void set_frozen(void);
void seed_random(u64 seed);

// The packer lays the source over this with one more data segment; in .bss it takes no room in the file.
#define ROOM (1 << 20)
static struct { u32 len; char data[ROOM]; } slot;
__attribute__((used)) static volatile struct { char magic[16]; void *at; u32 room; } slot_place = {"PYTHON-SOURCE-1", &slot, ROOM};
// volatile: the compiler knows that nothing here ever writes the length
#define SOURCE_LEN (*(volatile u32 *)&slot.len)

enum { OK = 0, CALL_FAILED = 1, VIEW_WITH_HEADER = 2 };
static i64 now_micros;
static int started, loaded, called;
static PyObject *guest, *reducers, *procedures, *views, *anonymous_views, *handlers, *failed;

void set_time(i64 micros) { now_micros = micros; }
i64 host_now(void) { return now_micros * 1000; }
// What the interpreter itself writes before sys.stderr is ours; in fragments.
void host_log(i32 fd, const char *text, i32 len) { if (len != 1 || *text != '\n') console_log(fd == 2 ? 0 : 2, "python", 6, "", 0, 0, text, len); }

static _Noreturn void die(const char *what) {
  console_log(101, "python", 6, "", 0, 0, what, (i32)strlen(what));
  if (PyErr_Occurred()) PyErr_Print();
  __builtin_trap();
}

static void start(void) {
  (void)slot_place.room;
  set_frozen();
  PyImport_AppendInittab("_cloche", make_host_module);
  PyPreConfig pre;
  PyPreConfig_InitIsolatedConfig(&pre);
  pre.utf8_mode = 1;
  PyStatus status = Py_PreInitialize(&pre);
  if (PyStatus_Exception(status)) die("the interpreter did not start");
  PyConfig c;
  PyConfig_InitIsolatedConfig(&c);
  c.site_import = 0; c.install_signal_handlers = 0; c.use_hash_seed = 1; c.hash_seed = 0; c.pathconfig_warnings = 0; c.module_search_paths_set = 1;
  c.write_bytecode = 0; c.optimization_level = 0; c.use_frozen_modules = 1; c.buffered_stdio = 0;
  PyConfig_SetString(&c, &c.program_name, L"python"); PyConfig_SetString(&c, &c.executable, L""); PyConfig_SetString(&c, &c.base_executable, L"");
  PyConfig_SetString(&c, &c.home, L"/"); PyConfig_SetString(&c, &c.prefix, L"/"); PyConfig_SetString(&c, &c.exec_prefix, L"/");
  PyConfig_SetString(&c, &c.base_prefix, L"/"); PyConfig_SetString(&c, &c.base_exec_prefix, L"/");
  status = Py_InitializeFromConfig(&c);
  PyConfig_Clear(&c);
  if (PyStatus_Exception(status)) die(status.err_msg ? status.err_msg : "the interpreter did not start");
  guest = PyImport_ImportModule("cloche.guest");
  failed = guest ? PyObject_GetAttrString(guest, "failed") : NULL;
  if (!failed) die("the package cloche did not load");
}

EXPORT("__preinit__10_python") void preinit(void) {
  if (started) return;
  started = 1;
  __wasm_call_ctors();
  start();
}

static void write_sink(i32 sink, const char *data, size_t size) {
  while (size) {
    u32 part = size > UINT32_MAX ? UINT32_MAX : (u32)size;
    if (bytes_sink_write(sink, data, &part)) die("the host does not take the answer");
    data += part;
    size -= part;
  }
}

// A text into a sink; what is no text is a fault of the package.
static void write_text(i32 sink, PyObject *text) {
  Py_ssize_t size;
  const char *data = text ? PyUnicode_AsUTF8AndSize(text, &size) : NULL;
  if (!data) { PyErr_Clear(); data = "error without text"; size = (Py_ssize_t)strlen(data); }
  write_sink(sink, data, (size_t)size);
  Py_XDECREF(text);
}

EXPORT("__setup__") i32 setup(i32 sink) {
  if (loaded) return OK;
  PyObject *text = PyObject_CallMethod(guest, "load", "y#", slot.data, (Py_ssize_t)SOURCE_LEN);
  if (!text) die("load");
  if (text != Py_None) { write_text(sink, text); return CALL_FAILED; }
  Py_DECREF(text);
  reducers = PyObject_GetAttrString(guest, "reducers");
  procedures = PyObject_GetAttrString(guest, "procedures");
  views = PyObject_GetAttrString(guest, "views");
  anonymous_views = PyObject_GetAttrString(guest, "anonymous_views");
  handlers = PyObject_GetAttrString(guest, "handlers");
  if (!reducers || !procedures || !views || !anonymous_views || !handlers) die("load");
  loaded = 1;
  return OK;
}

EXPORT("__describe_module__") void describe_module(i32 sink) {
  PyObject *bytes = PyObject_CallMethod(guest, "describe", NULL);
  if (!bytes || !PyBytes_Check(bytes)) die("describe");
  write_sink(sink, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));
  Py_DECREF(bytes);
}

// The text of the Python error that is set, into the sink.
static i32 fail(i32 sink) {
  PyObject *error = PyErr_GetRaisedException();
  PyObject *text = error ? PyObject_CallOneArg(failed, error) : NULL;
  Py_XDECREF(error);
  if (!text) PyErr_Clear();
  write_text(sink, text);
  return CALL_FAILED;
}

// Instances of one build must not draw the same numbers.
static void first_call(i64 micros) {
  called = 1;
  seed_random((u64)micros);
  PyObject *done = PyObject_CallMethod(guest, "begin", "L", (long long)micros);
  if (done) Py_DECREF(done); else PyErr_Clear();
}

static PyObject *at(PyObject *list, i32 id) {
  if (list && id >= 0 && id < PyList_GET_SIZE(list)) return PyList_GET_ITEM(list, id);
  PyErr_Format(PyExc_LookupError, "there is no function number %d", (int)id);
  return NULL;
}

static PyObject *bytes_of_source(i32 source) {
  Py_ssize_t size = read_source((u32)source);
  return size < 0 ? NULL : PyBytes_FromStringAndSize(buffer, size);
}

// A reducer or procedure by number: its result, or NULL with a Python error.
static PyObject *call(PyObject *list, i32 id, const i64 sender[4], const i64 connection[2], i64 timestamp, i32 args) {
  now_micros = timestamp;
  if (!called) first_call(timestamp);
  Py_ssize_t size = read_source((u32)args);
  PyObject *function = size < 0 ? NULL : at(list, id);
  if (!function) return NULL;
  PyObject *v[4] = {PyBytes_FromStringAndSize((const char *)sender, 32), PyBytes_FromStringAndSize((const char *)connection, 16),
                    PyLong_FromLongLong(timestamp), PyBytes_FromStringAndSize(buffer, size)};
  PyObject *result = v[0] && v[1] && v[2] && v[3] ? PyObject_Vectorcall(function, v, 4, NULL) : NULL;
  for (int k = 0; k < 4; k++) Py_XDECREF(v[k]);
  return result;
}

EXPORT("__call_reducer__") i32 call_reducer(i32 id, i64 s0, i64 s1, i64 s2, i64 s3, i64 c0, i64 c1, i64 timestamp, i32 args, i32 error_sink) {
  PyObject *result = call(reducers, id, (i64[]){s0, s1, s2, s3}, (i64[]){c0, c1}, timestamp, args);
  if (!result) return fail(error_sink);
  Py_DECREF(result);
  return OK;
}

static i32 answer(PyObject *bytes, i32 sink, i32 code) {
  if (!bytes) return fail(sink);
  write_sink(sink, PyBytes_AS_STRING(bytes), (size_t)PyBytes_GET_SIZE(bytes));
  Py_DECREF(bytes);
  return code;
}

EXPORT("__call_procedure__") i32 call_procedure(i32 id, i64 s0, i64 s1, i64 s2, i64 s3, i64 c0, i64 c1, i64 timestamp, i32 args, i32 sink) {
  return answer(call(procedures, id, (i64[]){s0, s1, s2, s3}, (i64[]){c0, c1}, timestamp, args), sink, OK);
}

EXPORT("__call_view__") i32 call_view(i32 id, i64 s0, i64 s1, i64 s2, i64 s3, i32 args, i32 sink) {
  i64 sender[4] = {s0, s1, s2, s3};
  PyObject *function = at(views, id);
  return answer(function ? PyObject_CallFunction(function, "y#", (const char *)sender, (Py_ssize_t)32) : NULL, sink, VIEW_WITH_HEADER);
}

EXPORT("__call_view_anon__") i32 call_view_anon(i32 id, i32 args, i32 sink) {
  PyObject *function = at(anonymous_views, id);
  return answer(function ? PyObject_CallOneArg(function, Py_None) : NULL, sink, VIEW_WITH_HEADER);
}

// Head and body of the answer come as a pair of bytes; what the author's function raises is an answer already.
EXPORT("__call_http_handler__") i32 call_http_handler(i32 id, i64 timestamp, i32 request, i32 body, i32 response_sink, i32 body_sink) {
  now_micros = timestamp;
  if (!called) first_call(timestamp);
  PyObject *function = at(handlers, id);
  PyObject *head = function ? bytes_of_source(request) : NULL;
  PyObject *content = head ? bytes_of_source(body) : NULL;
  PyObject *pair = content ? PyObject_CallFunction(function, "LOO", (long long)timestamp, head, content) : NULL;
  Py_XDECREF(head);
  Py_XDECREF(content);
  char *answer_head, *answer_body;
  Py_ssize_t head_size, body_size;
  if (!pair || !PyArg_ParseTuple(pair, "y#y#", &answer_head, &head_size, &answer_body, &body_size)) {
    Py_XDECREF(pair);
    return fail(response_sink);
  }
  write_sink(response_sink, answer_head, (size_t)head_size);
  write_sink(body_sink, answer_body, (size_t)body_size);
  Py_DECREF(pair);
  return OK;
}
