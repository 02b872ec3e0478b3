#include "matrix.h"
#include "request.h"
#include <cloche/number.h>
#include <cloche/refuse.h>
#include <string.h>

static int32_t no_memory(void) { return worker_fail("There is not enough memory for these matrices.", 46); }

/* The whole input from OFFSET on, in the arena; 0 where memory is short, and the call's error is then set. */
static const char *input_from(uint64_t offset, size_t *length) {
  uint64_t whole = worker_input_length();
  *length = (size_t)(whole - offset);
  char *text = whole - offset > SIZE_MAX / 2 ? 0 : arena_take(*length + 1);
  if (text == 0) return no_memory(), (char *)0;
  worker_read(text, offset, *length);
  return text;
}

static int32_t not_finite(void) {
  return refuse("A", "overflow", "A value of the product is beyond the range of double precision.", (char *)0);
}

static int is_finite(double value) { return value - value == 0; }

static int all_finite(const matrix *m) {
  size_t count = (size_t)m->rows * m->columns;
  double sum = 0; /* of v - v, which is 0 for each finite v and NaN for any other */
#pragma clang loop unroll_count(8)
  for (size_t i = 0; i < count; i++) sum += m->values[i] - m->values[i];
  return sum == 0;
}

/* ---- JSON ---- */

WORKER_FUNCTION(multiply) {
  arena_reset();
  size_t length;
  const char *text = input_from(0, &length);
  request asked;
  if (text == 0 || !request_read(text, length, &asked)) return 1;
  matrix product;
  product.values = arena_take((size_t)asked.a.matrix.rows * asked.b.matrix.columns * sizeof(double));
  if (product.values == 0 || !matrix_multiply(&asked.a.matrix, &asked.b.matrix, &product)) return no_memory();
  if (!all_finite(&product)) return not_finite();
  char *answer = arena_take((size_t)product.rows * product.columns * (NUMBER_TEXT + 1) + (size_t)product.rows * 3 + 2), *at = answer;
  if (answer == 0) return no_memory();
  for (uint32_t row = 0; row < product.rows; row++) {
    *at++ = row == 0 ? '[' : ',';
    for (uint32_t column = 0; column < product.columns; column++) {
      *at++ = column == 0 ? '[' : ',';
      at += number_write(product.values[(size_t)row * product.columns + column], at);
    }
    *at++ = ']';
  }
  *at++ = ']';
  return worker_answer(answer, (size_t)(at - answer));
}

/* ---- lists of parts: a count, then for each its length and its bytes, all numbers 32 bits, little-endian ---- */

static void store_u32(uint64_t offset, uint32_t value) {
  for (int i = 0; i < 4; i++) worker_store_u8(offset + (uint64_t)i, value >> (8 * i) & 255);
}

static uint32_t input_u32(uint64_t offset) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++) value |= worker_input_load_u8(offset + (uint64_t)i) << (8 * i);
  return value;
}

/* How many parts are asked for, at most one for each row; 0 where that is wrong. */
static uint32_t parts_asked(uint32_t rows) {
  uint32_t parts = input_u32(0);
  if (parts == 0) return refuse("parts", "range", "The number of parts must be at least 1.", (char *)0), 0;
  return parts < rows ? parts : rows;
}

static int has_parts(void) {
  if (worker_input_length() >= 4) return 1;
  refuse("parts", "missing", "The input must begin with the number of parts, 4 bytes.", (char *)0);
  return 0;
}

static uint32_t first_row(uint32_t rows, uint32_t part, uint32_t parts) { return (uint32_t)((uint64_t)rows * part / parts); }

/* Each part has some of A's rows, as they were written, and the whole of B. */
WORKER_FUNCTION(multiply_split) {
  arena_reset();
  if (!has_parts()) return 1;
  size_t length;
  const char *text = input_from(4, &length);
  request asked;
  if (text == 0 || !request_read(text, length, &asked)) return 1;
  uint32_t rows = asked.a.matrix.rows, parts = parts_asked(rows);
  if (parts == 0) return 1;
  const char **a = asked.a.rows, **b = asked.b.rows;
  size_t right = (size_t)(b[asked.b.matrix.rows] - b[0]), frame = sizeof "{\"A\":[],\"B\":[]}" - 1;
  uint64_t size = 4;
  for (uint32_t part = 0; part < parts; part++) size += 4 + frame + right + (uint64_t)(a[first_row(rows, part + 1, parts)] - a[first_row(rows, part, parts)]);
  worker_block list = worker_alloc(size);
  if (list == 0) return no_memory();
  uint64_t at = list;
  store_u32(at, parts);
  at += 4;
  for (uint32_t part = 0; part < parts; part++) {
    uint32_t from = first_row(rows, part, parts), to = first_row(rows, part + 1, parts);
    const char *end = a[to];
    if (to < rows) /* the next row starts behind a comma and maybe spaces */
      while (end[-1] != ']') end--;
    size_t left = (size_t)(end - a[from]);
    store_u32(at, (uint32_t)(frame + left + right));
    at += 4;
    worker_store(at, "{\"A\":[", 6), at += 6;
    worker_store(at, a[from], left), at += left;
    worker_store(at, "],\"B\":[", 7), at += 7;
    worker_store(at, b[0], right), at += right;
    worker_store(at, "]}", 2), at += 2;
  }
  worker_output_set(list, at - list);
  return 0;
}

/* Where part N of the list at AT lies; 0 where the list is cut off. */
static const char *next_part(const char **at, const char *end, uint32_t *length) {
  if (end - *at < 4) return 0;
  memcpy(length, *at, 4);
  if ((size_t)(end - *at) - 4 < *length) return 0;
  const char *part = *at + 4;
  *at = part + *length;
  return part;
}

static int32_t bad_list(void) {
  return refuse("parts", "list", "The input must be a list of results: their number, then for each its length and its bytes.", (char *)0);
}

WORKER_FUNCTION(multiply_join) {
  arena_reset();
  size_t length;
  const char *text = input_from(0, &length), *at = text + 4, *end = text + length;
  if (text == 0) return 1;
  uint32_t parts = 0, part_length;
  if (length >= 4) memcpy(&parts, text, 4);
  char *answer = arena_take(length + 2), *to = answer;
  if (answer == 0) return no_memory();
  if (parts == 0) return bad_list();
  for (uint32_t part = 0; part < parts; part++) {
    const char *rows = next_part(&at, end, &part_length);
    if (rows == 0 || part_length < 4 || rows[0] != '[' || rows[part_length - 1] != ']') return bad_list();
    *to++ = part == 0 ? '[' : ',';
    memcpy(to, rows + 1, part_length - 2);
    to += part_length - 2;
  }
  if (at != end) return bad_list();
  *to++ = ']';
  return worker_answer(answer, (size_t)(to - answer));
}

/* ---- doubles as they lie in memory ---- */

#define REQUEST_HEAD 16
#define PRODUCT_HEAD 8

static int in_range(const char *field, uint32_t value) {
  if (value >= 1 && value <= LONGEST_SIDE) return 1;
  refuse(field, value == 0 ? "shape" : "size", "The number of ", field, " must be from 1 to ", decimal(LONGEST_SIDE), ", but is ", decimal(value), ".", (char *)0);
  return 0;
}

static int read_operand(const char *field, uint64_t offset, matrix *m) {
  size_t bytes = (size_t)m->rows * m->columns * sizeof(double);
  m->values = arena_take(bytes);
  if (m->values == 0) return no_memory(), 0;
  worker_read(m->values, offset, bytes);
  if (all_finite(m)) return 1;
  uint64_t at = 0;
  while (is_finite(m->values[at])) at++;
  refuse(field, "number", field, "[", decimal(at / m->columns), "][", decimal(at % m->columns), "] must be a finite number of double precision.", (char *)0);
  return 0;
}

/* Reads rows, inner, columns and zero at OFFSET, then both matrices. */
static int read_binary(uint64_t offset, matrix *a, matrix *b) {
  uint64_t length = worker_input_length();
  if (length < offset + REQUEST_HEAD) return refuse("content", "missing", "The input must begin with rows, inner, columns and zero, 4 bytes each.", (char *)0), 0;
  uint32_t rows = input_u32(offset), inner = input_u32(offset + 4), columns = input_u32(offset + 8);
  if (!in_range("rows", rows) || !in_range("inner", inner) || !in_range("columns", columns)) return 0;
  if (input_u32(offset + 12) != 0) return refuse("zero", "range", "The fourth number must be 0.", (char *)0), 0;
  uint64_t left = (uint64_t)rows * inner, right = (uint64_t)inner * columns;
  if (left > MOST_VALUES || right > MOST_VALUES || (uint64_t)rows * columns > MOST_VALUES)
    return refuse("content", "size", "A matrix and the product may have at most ", decimal(MOST_VALUES), " values.", (char *)0), 0;
  uint64_t expected = REQUEST_HEAD + 8 * (left + right);
  if (length - offset != expected)
    return refuse("content", "shape", "The matrices need ", decimal(expected), " bytes with their head, but the input has ", decimal(length - offset), ".", (char *)0), 0;
  *a = (matrix){rows, inner, 0};
  *b = (matrix){inner, columns, 0};
  return read_operand("A", offset + REQUEST_HEAD, a) && read_operand("B", offset + REQUEST_HEAD + 8 * left, b);
}

WORKER_FUNCTION(multiply_f64) {
  arena_reset();
  matrix a, b, product;
  if (!read_binary(0, &a, &b)) return 1;
  size_t bytes = (size_t)a.rows * b.columns * sizeof(double);
  product.values = arena_take(bytes);
  if (product.values == 0 || !matrix_multiply(&a, &b, &product)) return no_memory();
  if (!all_finite(&product)) return not_finite();
  worker_block answer = worker_alloc(PRODUCT_HEAD + bytes);
  if (answer == 0) return no_memory();
  worker_store_u64(answer, a.rows | (uint64_t)b.columns << 32);
  worker_store(answer + PRODUCT_HEAD, product.values, bytes);
  worker_output_set(answer, PRODUCT_HEAD + bytes);
  return 0;
}

WORKER_FUNCTION(multiply_f64_split) {
  arena_reset();
  matrix a, b;
  if (!has_parts() || !read_binary(4, &a, &b)) return 1;
  uint32_t parts = parts_asked(a.rows);
  if (parts == 0) return 1;
  uint64_t row = 8 * (uint64_t)a.columns, right = 8 * (uint64_t)b.rows * b.columns;
  worker_block list = worker_alloc(4 + parts * (4 + REQUEST_HEAD + right) + row * a.rows);
  if (list == 0) return no_memory();
  uint64_t at = list;
  store_u32(at, parts);
  at += 4;
  for (uint32_t part = 0; part < parts; part++) {
    uint32_t from = first_row(a.rows, part, parts), rows = first_row(a.rows, part + 1, parts) - from;
    uint32_t head[4] = {rows, a.columns, b.columns, 0};
    store_u32(at, (uint32_t)(REQUEST_HEAD + rows * row + right));
    at += 4;
    worker_store(at, head, REQUEST_HEAD), at += REQUEST_HEAD;
    worker_store(at, a.values + (size_t)from * a.columns, (size_t)(rows * row)), at += rows * row;
    worker_store(at, b.values, (size_t)right), at += right;
  }
  worker_output_set(list, at - list);
  return 0;
}

WORKER_FUNCTION(multiply_f64_join) {
  arena_reset();
  size_t length;
  const char *list = input_from(0, &length), *at = list + 4, *end = list + length;
  if (list == 0) return 1;
  uint32_t parts = 0, part_length, columns = 0;
  if (length >= 4) memcpy(&parts, list, 4);
  if (parts == 0) return bad_list();
  uint64_t rows = 0;
  char *answer = arena_take(length + PRODUCT_HEAD), *to = answer + PRODUCT_HEAD;
  if (answer == 0) return no_memory();
  for (uint32_t part = 0; part < parts; part++) {
    const char *product = next_part(&at, end, &part_length);
    if (product == 0 || part_length < PRODUCT_HEAD) return bad_list();
    uint32_t head[2];
    memcpy(head, product, PRODUCT_HEAD);
    if (part == 0) columns = head[1];
    if (head[1] != columns || part_length != PRODUCT_HEAD + 8 * (uint64_t)head[0] * columns) return bad_list();
    rows += head[0];
    memcpy(to, product + PRODUCT_HEAD, part_length - PRODUCT_HEAD);
    to += part_length - PRODUCT_HEAD;
  }
  if (at != end) return bad_list();
  uint32_t head[2] = {(uint32_t)rows, columns};
  memcpy(answer, head, PRODUCT_HEAD);
  return worker_answer(answer, (size_t)(to - answer));
}
