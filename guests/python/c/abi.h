// The imports of the public module ABI.
#pragma once
#include <stdint.h>
typedef int32_t i32;
typedef uint32_t u32;
typedef int64_t i64;
typedef uint64_t u64;
#define ABI(version, name) __attribute__((import_module("spacetime_10." version), import_name(#name))) extern

ABI("0", console_log) void console_log(i32 level, const char *target, i32 target_len, const char *file, i32 file_len, i32 line, const char *text, i32 len);
ABI("0", bytes_sink_write) i32 bytes_sink_write(i32 sink, const char *data, u32 *len);
ABI("0", bytes_source_read) i32 bytes_source_read(i32 source, char *data, u32 *len);
ABI("0", table_id_from_name) i32 table_id_from_name(const char *name, i32 len, u32 *out);
ABI("0", index_id_from_name) i32 index_id_from_name(const char *name, i32 len, u32 *out);
ABI("0", datastore_table_row_count) i32 datastore_table_row_count(i32 table, u64 *out);
ABI("0", datastore_table_scan_bsatn) i32 datastore_table_scan_bsatn(i32 table, u32 *iter);
ABI("0", row_iter_bsatn_advance) i32 row_iter_bsatn_advance(i32 iter, char *data, u32 *len);
ABI("0", row_iter_bsatn_close) i32 row_iter_bsatn_close(i32 iter);
ABI("0", datastore_insert_bsatn) i32 datastore_insert_bsatn(i32 table, char *row, u32 *len);
ABI("0", datastore_update_bsatn) i32 datastore_update_bsatn(i32 table, i32 index, char *row, u32 *len);
ABI("0", datastore_delete_all_by_eq_bsatn) i32 datastore_delete_all_by_eq_bsatn(i32 table, const char *rows, i32 len, u32 *out);
ABI("4", datastore_index_scan_point_bsatn) i32 datastore_index_scan_point_bsatn(i32 index, const char *key, i32 len, u32 *iter);
ABI("4", datastore_delete_by_index_scan_point_bsatn) i32 datastore_delete_by_index_scan_point_bsatn(i32 index, const char *key, i32 len, u32 *out);
ABI("0", datastore_index_scan_range_bsatn) i32 datastore_index_scan_range_bsatn(i32 index, const char *prefix, i32 prefix_len, i32 prefix_elements,
    const char *start, i32 start_len, const char *end, i32 end_len, u32 *iter);
ABI("0", datastore_delete_by_index_scan_range_bsatn) i32 datastore_delete_by_index_scan_range_bsatn(i32 index, const char *prefix, i32 prefix_len,
    i32 prefix_elements, const char *start, i32 start_len, const char *end, i32 end_len, u32 *out);
ABI("0", identity) void abi_identity(char *out);
ABI("5", datastore_clear) i32 datastore_clear(i32 table, u64 *out);
ABI("0", console_timer_start) i32 console_timer_start(const char *name, i32 len);
ABI("0", console_timer_end) i32 console_timer_end(i32 timer);
ABI("2", get_jwt) i32 get_jwt(const char *connection, u32 *source);
ABI("3", procedure_start_mut_tx) i32 procedure_start_mut_tx(i64 *timestamp);
ABI("3", procedure_commit_mut_tx) i32 procedure_commit_mut_tx(void);
ABI("3", procedure_abort_mut_tx) i32 procedure_abort_mut_tx(void);
ABI("3", procedure_sleep_until) i64 procedure_sleep_until(i64 micros);
ABI("3", procedure_http_request) i32 procedure_http_request(const char *request, i32 len, const char *body, i32 body_len, u32 *sources);
