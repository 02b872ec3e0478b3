/* The request {"A":[[...]],"B":[[...]]}, where A and B may also be strings that hold such arrays. */
#ifndef REQUEST_H
#define REQUEST_H

#include "matrix.h"

typedef struct {
  matrix matrix;
  const char *text; /* the rows' text as it came, without the outer brackets */
  const char **rows; /* where each row's text starts; one more: where the last one ends */
} operand;

typedef struct { operand a, b; } request;

/* Reads and checks a request. 0 where it is wrong; the call's error is then set. */
int request_read(const char *text, size_t length, request *into);

#endif
