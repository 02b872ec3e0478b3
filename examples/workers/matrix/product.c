#include "matrix.h"

/* A block of TALL rows and WIDE columns of the product stays in registers while its values are summed up. */
#define TALL 4
#ifdef __wasm_simd128__
#define WIDE 4
typedef double lane __attribute__((vector_size(16)));
#define LANES 2
#else
#define WIDE 2
typedef double lane;
#define LANES 1
#endif
#define PARTS (WIDE / LANES)
#define ROWS_AT_ONCE 64

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

/* Sums up a block of the product: TALL rows of A from A on, each STRIDE after the other, with one panel of B. */
static void whole_block(const double *a, size_t stride, const double *panel, uint32_t inner, double *c, size_t width) {
  lane sum[TALL][PARTS] = {0};
  const double *a0 = a, *a1 = a + stride, *a2 = a + 2 * stride, *a3 = a + 3 * stride;
  const lane *b = (const lane *)panel;
#pragma clang loop unroll_count(8)
  for (uint32_t k = 0; k < inner; k++, b += PARTS) {
#pragma clang loop unroll(full)
    for (int part = 0; part < PARTS; part++) {
      sum[0][part] += a0[k] * b[part];
      sum[1][part] += a1[k] * b[part];
      sum[2][part] += a2[k] * b[part];
      sum[3][part] += a3[k] * b[part];
    }
  }
  for (int row = 0; row < TALL; row++)
    for (int part = 0; part < PARTS; part++) __builtin_memcpy(c + row * width + part * LANES, &sum[row][part], sizeof(lane));
}

/* The same for a block at the edge: TALL or fewer rows, WIDE or fewer columns. */
static void edge_block(const double *a, size_t stride, const double *panel, uint32_t inner, double *c, size_t width, uint32_t tall, uint32_t wide) {
  for (uint32_t row = 0; row < tall; row++) {
    double sum[WIDE] = {0};
#pragma clang loop unroll_count(8)
    for (uint32_t k = 0; k < inner; k++)
      for (int column = 0; column < WIDE; column++) sum[column] += a[row * stride + k] * panel[(size_t)k * WIDE + (size_t)column];
    for (uint32_t column = 0; column < wide; column++) c[row * width + column] = sum[column];
  }
}

/* B, WIDE columns at a time, each of these panels row by row; the last one is filled up with zeros. */
static double *panels(const matrix *b) {
  uint32_t inner = b->rows, columns = b->columns, whole = (columns + WIDE - 1) / WIDE;
  double *packed = arena_take((size_t)whole * inner * WIDE * sizeof(double));
  if (packed == 0) return 0;
  for (uint32_t k = 0; k < inner; k++) {
    const double *row = b->values + (size_t)k * columns;
    for (uint32_t panel = 0; panel < whole; panel++) {
      double *to = packed + ((size_t)panel * inner + k) * WIDE;
      for (uint32_t column = 0; column < WIDE; column++) to[column] = panel * WIDE + column < columns ? row[panel * WIDE + column] : 0;
    }
  }
  return packed;
}

int matrix_multiply(const matrix *a, const matrix *b, matrix *product) {
  uint32_t rows = a->rows, inner = a->columns, columns = b->columns;
  double *packed = panels(b);
  if (packed == 0) return 0;
  product->rows = rows;
  product->columns = columns;
  for (uint32_t from = 0; from < rows; from += ROWS_AT_ONCE) {
    uint32_t to = rows - from < ROWS_AT_ONCE ? rows : from + ROWS_AT_ONCE;
    for (uint32_t column = 0; column < columns; column += WIDE) {
      const double *panel = packed + (size_t)column * inner;
      uint32_t wide = columns - column < WIDE ? columns - column : WIDE;
      for (uint32_t row = from; row < to; row += TALL) {
        uint32_t tall = to - row < TALL ? to - row : TALL;
        const double *left = a->values + (size_t)row * inner;
        double *c = product->values + (size_t)row * columns + column;
        if (tall == TALL && wide == WIDE) whole_block(left, inner, panel, inner, c, columns);
        else edge_block(left, inner, panel, inner, c, columns, tall, wide);
      }
    }
  }
  return 1;
}
