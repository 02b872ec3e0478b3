/* What a worker written in C or C++ needs: the functions that Cloche gives it, by the names of the Extism plug-in
 * interface. A worker's memory is its own; what goes in and out lies in blocks of the host, read and written by offset. */
#ifndef CLOCHE_WORKER_H
#define CLOCHE_WORKER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WORKER_IMPORT(name) __attribute__((import_module("extism:host/env"), import_name(name)))

/* A function that can be called by its name. It returns 0, or 1 after worker_fail. */
#define WORKER_FUNCTION(name) __attribute__((export_name(#name))) int32_t worker_function_##name(void)

typedef uint64_t worker_block; /* a block of the host's memory; 0 is none */

WORKER_IMPORT("input_length") uint64_t worker_input_length(void);
WORKER_IMPORT("input_load_u8") uint32_t worker_input_load_u8(uint64_t offset);
WORKER_IMPORT("input_load_u64") uint64_t worker_input_load_u64(uint64_t offset);
WORKER_IMPORT("alloc") worker_block worker_alloc(uint64_t length);
WORKER_IMPORT("free") void worker_free(worker_block block);
WORKER_IMPORT("length") uint64_t worker_length(worker_block block);
WORKER_IMPORT("load_u8") uint32_t worker_load_u8(uint64_t offset);
WORKER_IMPORT("load_u64") uint64_t worker_load_u64(uint64_t offset);
WORKER_IMPORT("store_u8") void worker_store_u8(uint64_t offset, uint32_t value);
WORKER_IMPORT("store_u64") void worker_store_u64(uint64_t offset, uint64_t value);
WORKER_IMPORT("output_set") void worker_output_set(worker_block block, uint64_t length);
WORKER_IMPORT("error_set") void worker_error_set(worker_block block);
WORKER_IMPORT("config_get") worker_block worker_config_get(worker_block key);
WORKER_IMPORT("var_get") worker_block worker_var_get(worker_block key);
WORKER_IMPORT("var_set") void worker_var_set(worker_block key, worker_block value);
WORKER_IMPORT("log_info") void worker_log_info(worker_block text);
WORKER_IMPORT("log_warn") void worker_log_warn(worker_block text);

/* Copies LENGTH bytes of the input from OFFSET on. */
static inline void worker_read(void *into, uint64_t offset, size_t length) {
  unsigned char *to = (unsigned char *)into;
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t word = worker_input_load_u64(offset + at);
    __builtin_memcpy(to + at, &word, 8);
  }
  for (; at < length; at++) to[at] = (unsigned char)worker_input_load_u8(offset + at);
}

/* Copies LENGTH bytes of a block from OFFSET on. */
static inline void worker_load(void *into, worker_block offset, size_t length) {
  unsigned char *to = (unsigned char *)into;
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t word = worker_load_u64(offset + at);
    __builtin_memcpy(to + at, &word, 8);
  }
  for (; at < length; at++) to[at] = (unsigned char)worker_load_u8(offset + at);
}

/* Copies bytes into the host's memory at OFFSET. */
static inline void worker_store(uint64_t offset, const void *bytes, size_t length) {
  const unsigned char *from = (const unsigned char *)bytes;
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t word;
    __builtin_memcpy(&word, from + at, 8);
    worker_store_u64(offset + at, word);
  }
  for (; at < length; at++) worker_store_u8(offset + at, from[at]);
}

/* A new block that holds these bytes; 0 where the host has no room. */
static inline worker_block worker_block_of(const void *bytes, size_t length) {
  worker_block block = worker_alloc(length);
  if (block != 0) worker_store(block, bytes, length);
  return block;
}

/* Answers these bytes; what the function then returns. */
static inline int32_t worker_answer(const void *bytes, size_t length) {
  worker_block block = worker_block_of(bytes, length);
  if (block == 0 && length != 0) return 1;
  worker_output_set(block, length);
  return 0;
}

/* Ends the call with an error; what the function then returns. */
static inline int32_t worker_fail(const char *text, size_t length) {
  worker_error_set(worker_block_of(text, length));
  return 1;
}

#ifdef __cplusplus
}
#endif
#endif
