/* The product of two matrices of doubles. Each value is summed up in the order of the inner index, one rounding a step,
 * so that each build of this worker answers the same bits. */
#ifndef MATRIX_H
#define MATRIX_H

#include <stddef.h>
#include <stdint.h>

#define LONGEST_SIDE 4096
#define MOST_VALUES 4194304 /* 2048 x 2048 */

typedef struct {
  uint32_t rows, columns;
  double *values; /* row by row */
} matrix;

/* The arena: memory of one call. Its blocks are aligned to 16 bytes and all given back by arena_reset. 0 where none is left. */
void arena_reset(void);
void *arena_take(size_t length);
void arena_give_back(void *block); /* and all blocks taken after it */

/* PRODUCT has room for A's rows and B's columns. 0 where memory is short. */
int matrix_multiply(const matrix *a, const matrix *b, matrix *product);

#endif
