#include "fields.h"

#include <cloche/number.h>
#include <cloche/refuse.h>
#include <string.h>

typedef struct { const char *at, *end, *start; } reader;

static int take(reader *r, char c) {
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')) r->at++;
  if (r->at == r->end || *r->at != c) return 0;
  r->at++;
  return 1;
}

static int malformed(reader *r, const char *expected) {
  refuse("content", "json", "The content is not well-formed JSON: ", expected, " is expected at character ", decimal((uint64_t)(r->at - r->start) + 1), ".", (char *)0);
  return 0;
}

static const char *number_text(double value) {
  static char texts[4][NUMBER_TEXT + 1];
  static int next;
  char *text = texts[next++ & 3];
  text[number_write(value, text)] = 0;
  return text;
}

static int read_value(reader *r, field *f) {
  take(r, ' ');
  if (f->given) return refuse(f->name, "duplicate", f->name, " is given twice.", (char *)0), 0;
  f->given = 1;
  enum number_state state = number_read(&r->at, r->end, &f->value);
  if (state == NUMBER_NONE) return refuse(f->name, "type", f->name, " must be a number.", (char *)0), 0;
  if (state == NUMBER_NOT_FINITE || f->value < f->least || f->value > f->most || (f->whole && f->value != __builtin_floor(f->value))) {
    refuse(f->name, "range", f->name, " must be a ", f->whole ? "whole number" : "number", " from ", number_text(f->least), " to ", number_text(f->most), ".", (char *)0);
    return 0;
  }
  return 1;
}

static int read_member(reader *r, field *fields, int count) {
  if (!take(r, '"')) return malformed(r, "a name in quotes");
  const char *name = r->at;
  while (r->at < r->end && *r->at != '"' && *r->at != '\\' && *r->at >= ' ') r->at++;
  size_t length = (size_t)(r->at - name);
  if (!take(r, '"')) return malformed(r, "the end of the name");
  if (!take(r, ':')) return malformed(r, "':'");
  for (int i = 0; i < count; i++)
    if (strlen(fields[i].name) == length && memcmp(fields[i].name, name, length) == 0) return read_value(r, &fields[i]);
  char known[41] = {0};
  for (size_t i = 0; i < length && i < 40; i++) known[i] = name[i] <= '~' && name[i] >= ' ' ? name[i] : '?';
  refuse(known, "unknown", "There is no field '", known, "'.", (char *)0);
  return 0;
}

int fields_read(const char *text, size_t length, field *fields, int count) {
  reader r = {text, text + length, text};
  if (!take(&r, '{')) return malformed(&r, "an object");
  if (!take(&r, '}')) {
    do
      if (!read_member(&r, fields, count)) return 0;
    while (take(&r, ','));
    if (!take(&r, '}')) return malformed(&r, "',' or '}'");
  }
  take(&r, ' ');
  while (r.at < r.end && (*r.at == '\n' || *r.at == '\r' || *r.at == '\t' || *r.at == ' ')) r.at++;
  if (r.at != r.end) return malformed(&r, "nothing more");
  for (int i = 0; i < count; i++)
    if (fields[i].needed && !fields[i].given) return refuse(fields[i].name, "missing", fields[i].name, " is missing.", (char *)0), 0;
  return 1;
}
