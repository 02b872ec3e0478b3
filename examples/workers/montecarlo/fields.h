/* A JSON object of numbers, such as {"samples":1000,"seed":1}, without anything deeper. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const char *name;
  double least, most;
  double value;  /* as it is where the object does not have it */
  int needed;    /* whether the object must have it */
  int given;
  int whole;     /* whether it must be a whole number */
} field;

/* Reads the object into the fields. 0 where it is wrong; the call's error is then set. */
int fields_read(const char *text, size_t length, field *fields, int count);

#endif
