/* How a worker says that its input is wrong: an error that is JSON, with the field and the rule that it breaks. */
#ifndef CLOCHE_REFUSE_H
#define CLOCHE_REFUSE_H

#include "worker.h"
#include <stdarg.h>

static inline char *refusal_text(char *to, const char *end, const char *text) {
  for (; *text != 0 && to < end; text++) {
    if (*text == '"' || *text == '\\') *to++ = '\\';
    *to++ = *text;
  }
  return to;
}

static inline char *refusal_plain(char *to, const char *text) {
  while (*text != 0) *to++ = *text++;
  return to;
}

/* Ends the call with an error about a field: its parts are put together, up to a part that is 0. What the function then returns. */
static inline int32_t refuse(const char *field, const char *rule, ...) {
  char text[700], *at = text;
  at = refusal_plain(at, "{\"field\":\"");
  at = refusal_text(at, at + 100, field);
  at = refusal_plain(at, "\",\"rule\":\"");
  at = refusal_text(at, at + 40, rule);
  at = refusal_plain(at, "\",\"message\":\"");
  va_list parts;
  va_start(parts, rule);
  for (const char *part; (part = va_arg(parts, const char *)) != 0;) at = refusal_text(at, text + sizeof text - 10, part);
  va_end(parts);
  at = refusal_plain(at, "\"}");
  return worker_fail(text, (size_t)(at - text));
}

/* A number's text, for refuse; it stays until the eighth next. */
static inline const char *decimal(uint64_t value) {
  static char texts[8][21];
  static int next;
  char *at = texts[next++ & 7] + 20;
  *at = 0;
  do *--at = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  return at;
}

#endif
