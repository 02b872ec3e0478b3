#include "matrix.h"

/* A strip of two rows of the product, at most STRIP columns wide, is kept close while four rows of B at a time are added
 * to it. Each turn of the innermost loop reads and writes many columns of it, and no sum is carried from turn to turn:
 * at each turn an engine looks whether it is to stop, and puts aside what is carried. */
#define STRIP 64
#define DEPTH 64 /* so many rows of B's columns stay in the cache */
#define LONG_TURN 32
#define SHORT_TURN 8
#ifdef __wasm_simd128__
#define LANES 2
typedef double lanes __attribute__((vector_size(16)));
#define ALL(value) ((lanes){(value), (value)})
#else
#define LANES 1
typedef double lanes;
#define ALL(value) (value)
#endif

extern unsigned char __heap_base;
static uintptr_t arena_next;

void arena_reset(void) { arena_next = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15; }

void *arena_take(size_t length) {
  uintptr_t from = arena_next, has = (uintptr_t)__builtin_wasm_memory_size(0) << 16;
  if (length > SIZE_MAX - 65536 - from) return 0;
  uintptr_t to = (from + length + 15) & ~(uintptr_t)15;
  if (to > has && __builtin_wasm_memory_grow(0, (to - has + 65535) >> 16) == SIZE_MAX) return 0;
  arena_next = to;
  return (void *)from;
}

void arena_give_back(void *block) { arena_next = (uintptr_t)block; }

/* An address that is a multiple of TURN doubles, and an offset within. "Or" is folded into the instructions' own offsets;
 * an addition, which might wrap around, would be carried out. */
#define AT(address, turn, column) ((lanes *)(((address) & ~(uintptr_t)((turn) * sizeof(double) - 1)) | ((column) * sizeof(double))))

#define ROW_BYTES (STRIP * sizeof(double))

/* strip += the products of two rows of A, four values of each, and four rows of B. */
static void add_four(uintptr_t strip, uintptr_t b, uint32_t width, const double *left, const double *right) {
  lanes p0 = ALL(left[0]), p1 = ALL(left[1]), p2 = ALL(left[2]), p3 = ALL(left[3]);
  lanes q0 = ALL(right[0]), q1 = ALL(right[1]), q2 = ALL(right[2]), q3 = ALL(right[3]);
  uintptr_t at = 0, end = width * sizeof(double);
#define ADD_TURN(turn)                                                                                                            \
  _Pragma("clang loop unroll(full)") for (uintptr_t column = 0; column < (turn); column += LANES) {                               \
    lanes v0 = *AT(b + at, turn, column), v1 = *AT(b + ROW_BYTES + at, turn, column);                                             \
    lanes v2 = *AT(b + 2 * ROW_BYTES + at, turn, column), v3 = *AT(b + 3 * ROW_BYTES + at, turn, column);                         \
    lanes *one = AT(strip + at, turn, column), *two = AT(strip + ROW_BYTES + at, turn, column);                                   \
    *one = *one + p0 * v0 + p1 * v1 + p2 * v2 + p3 * v3;                                                                          \
    *two = *two + q0 * v0 + q1 * v1 + q2 * v2 + q3 * v3;                                                                          \
  }
  for (; at + LONG_TURN * sizeof(double) <= end; at += LONG_TURN * sizeof(double)) { ADD_TURN(LONG_TURN) }
  for (; at < end; at += SHORT_TURN * sizeof(double)) { ADD_TURN(SHORT_TURN) }
}

static double *aligned_room(size_t count) {
  double *room = arena_take(count * sizeof(double) + ROW_BYTES);
  return room == 0 ? 0 : (double *)(((uintptr_t)room + ROW_BYTES - 1) / ROW_BYTES * ROW_BYTES);
}

/* B's columns from COLUMN on, KNOWN of them, and its rows from K on, COUNT of them. What is missing is zero: rows beyond
 * the last change no sum, columns beyond it are not looked at. */
static void take_columns(const matrix *b, uint32_t column, uint32_t known, uint32_t k, uint32_t count, double *to) {
  for (uint32_t end = k + count; k < end; k++, to += STRIP) {
    uint32_t from = k < b->rows ? known : 0;
    __builtin_memcpy(to, b->values + (size_t)k * b->columns + column, from * sizeof(double));
    __builtin_memset(to + from, 0, (STRIP - from) * sizeof(double));
  }
}

/* The values of two rows of A from K on, four of each after the other. */
static void take_rows(const double *left, const double *right, uint32_t columns, uint32_t k, uint32_t count, double *to) {
  for (uint32_t end = k + count; k < end; k += 4, to += 8)
    for (uint32_t i = 0; i < 4; i++) {
      to[i] = k + i < columns ? left[k + i] : 0;
      to[4 + i] = k + i < columns ? right[k + i] : 0;
    }
}

int matrix_multiply(const matrix *a, const matrix *b, matrix *product) {
  uint32_t rows = a->rows, columns = b->columns, inner = (a->columns + 3) / 4 * 4;
  double *strip = aligned_room(2 * STRIP), *panel = aligned_room(DEPTH * STRIP), *pair = aligned_room(DEPTH * 2);
  if (strip == 0 || panel == 0 || pair == 0) return 0;
  product->rows = rows;
  product->columns = columns;
  __builtin_memset(product->values, 0, (size_t)rows * columns * sizeof(double));
  for (uint32_t column = 0; column < columns; column += STRIP)
    for (uint32_t k = 0; k < inner; k += DEPTH) {
      uint32_t known = columns - column < STRIP ? columns - column : STRIP, width = (known + SHORT_TURN - 1) / SHORT_TURN * SHORT_TURN;
      uint32_t count = inner - k < DEPTH ? inner - k : DEPTH;
      size_t bytes = known * sizeof(double);
      take_columns(b, column, known, k, count, panel);
      for (uint32_t row = 0; row < rows; row += 2) {
        uint32_t next = row + 1 < rows ? row + 1 : row;
        take_rows(a->values + (size_t)row * a->columns, a->values + (size_t)next * a->columns, a->columns, k, count, pair);
        double *one = product->values + (size_t)row * columns + column, *two = product->values + (size_t)next * columns + column;
        __builtin_memcpy(strip, one, bytes);
        __builtin_memcpy(strip + STRIP, two, bytes);
        for (uint32_t at = 0; at < count; at += 4) add_four((uintptr_t)strip, (uintptr_t)(panel + (size_t)at * STRIP), width, pair + 2 * at, pair + 2 * at + 4);
        __builtin_memcpy(two, strip + STRIP, bytes);
        __builtin_memcpy(one, strip, bytes);
      }
    }
  return 1;
}
