// Linked first and dropped again: the linker lists imports in the order in which this names them. What few modules need
// stands last, so that the packer can take it away (see pack.py).
#include "abi.h"

void abi_order(char *p, u32 *n, i64 *t) {
  console_log(0, p, 0, p, 0, 0, p, 0);
  bytes_sink_write(0, p, n);
  bytes_source_read(0, p, n);
  table_id_from_name(p, 0, n);
  index_id_from_name(p, 0, n);
  datastore_table_row_count(0, (u64 *)t);
  datastore_table_scan_bsatn(0, n);
  row_iter_bsatn_advance(0, p, n);
  row_iter_bsatn_close(0);
  datastore_insert_bsatn(0, p, n);
  datastore_update_bsatn(0, 0, p, n);
  datastore_index_scan_point_bsatn(0, p, 0, n);
  datastore_index_scan_range_bsatn(0, p, 0, 0, p, 0, p, 0, n);
  abi_identity(p);
  datastore_delete_by_index_scan_point_bsatn(0, p, 0, n);
  datastore_delete_by_index_scan_range_bsatn(0, p, 0, 0, p, 0, p, 0, n);
  datastore_delete_all_by_eq_bsatn(0, p, 0, n);
  datastore_clear(0, (u64 *)t);
  console_timer_start(p, 0);
  console_timer_end(0);
  get_jwt(p, n);
  procedure_start_mut_tx(t);
  procedure_commit_mut_tx();
  procedure_abort_mut_tx();
  procedure_sleep_until(0);
  procedure_http_request(p, 0, p, 0, n);
}
