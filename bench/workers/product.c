/* The peer of the matrix worker: the product as one writes it down in C, for gcc -O3. Prints the milliseconds of each round. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void product(const double *restrict a, const double *restrict b, double *restrict c, int n) {
  memset(c, 0, sizeof(double) * n * n);
  for (int i = 0; i < n; i++)
    for (int k = 0; k < n; k++)
      for (int j = 0; j < n; j++) c[i * n + j] += a[i * n + k] * b[k * n + j];
}

int main(int count, char **words) {
  int n = count > 1 ? atoi(words[1]) : 512, rounds = count > 2 ? atoi(words[2]) : 15;
  double *a = malloc(sizeof(double) * n * n), *b = malloc(sizeof(double) * n * n), *c = malloc(sizeof(double) * n * n);
  for (int i = 0; i < n * n; i++) { a[i] = i % 17 - 8; b[i] = i % 13 - 6; }
  double check = 0;
  for (int round = 0; round < rounds; round++) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    product(a, b, c, n);
    clock_gettime(CLOCK_MONOTONIC, &to);
    check += c[round];
    printf("%.3f\n", (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6);
  }
  fprintf(stderr, "%g\n", check);
  return 0;
}
