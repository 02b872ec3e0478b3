#include "request.h"

#include <cloche/number.h>
#include <cloche/refuse.h>
#include <string.h>

/* ---- the text ---- */

typedef struct {
  const char *at, *end, *start;
  const char *field; /* "A", "B" or "content" */
} reader;

static void skip_space(reader *r) {
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')) r->at++;
}

static int next_is(reader *r, char c) {
  skip_space(r);
  return r->at < r->end && *r->at == c;
}

static int take(reader *r, char c) {
  if (!next_is(r, c)) return 0;
  r->at++;
  return 1;
}

static int malformed(reader *r, const char *expected) {
  int whole = strcmp(r->field, "content") == 0;
  refuse(r->field, "json", whole ? "The content" : r->field, " is not well-formed JSON: ", expected, " is expected at character ", decimal((uint64_t)(r->at - r->start) + 1), ".", (char *)0);
  return 0;
}

static int starts_with(reader *r, const char *word) {
  size_t length = strlen(word);
  return (size_t)(r->end - r->at) >= length && memcmp(r->at, word, length) == 0;
}

static const char *kind(reader *r) {
  skip_space(r);
  if (r->at == r->end) return "nothing";
  switch (*r->at) {
    case '{': return "an object";
    case '[': return "an array";
    case '"': return "a string";
    default: break;
  }
  if (starts_with(r, "null")) return "null";
  if (starts_with(r, "true") || starts_with(r, "false")) return "true or false";
  return *r->at == '-' || (*r->at >= '0' && *r->at <= '9') ? "a number" : "no JSON value";
}

static int hex(const char *at) {
  int value = 0;
  for (int i = 0; i < 4; i++) {
    char c = at[i];
    int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

/* Decodes the string at the reader into TO, which has room for its text. Characters above 127 become '?': no matrix and
 * no name of one has any. -1 where it is no string. */
static long decode(reader *r, char *to) {
  char *start = to;
  if (!take(r, '"')) return malformed(r, "a string"), -1;
  for (;;) {
    if (r->at == r->end) return malformed(r, "the end of the string"), -1;
    char c = *r->at++;
    if (c == '"') return to - start;
    if ((unsigned char)c < 32) return r->at--, malformed(r, "an escape for the control character"), -1;
    if (c != '\\') {
      *to++ = c;
      continue;
    }
    static const char NAMES[] = "\"\\/bfnrt", VALUES[] = "\"\\/\b\f\n\r\t";
    char name = r->at < r->end ? *r->at : 0;
    const char *found = name != 0 ? strchr(NAMES, name) : 0;
    if (found != 0) {
      *to++ = VALUES[found - NAMES];
      r->at++;
    } else if (name == 'u' && r->end - r->at >= 5 && hex(r->at + 1) >= 0) {
      int value = hex(r->at + 1);
      *to++ = value < 128 ? (char)value : '?';
      r->at += 5;
    } else {
      return malformed(r, "an escape that JSON knows"), -1;
    }
  }
}

/* ---- a matrix ---- */

static int read_value(reader *r, uint64_t row, uint64_t column, double *value) {
  skip_space(r);
  const char *was = r->at;
  switch (number_read(&r->at, r->end, value)) {
    case NUMBER_READ: return 1;
    case NUMBER_NOT_FINITE: break;
    default:
      if (!starts_with(r, "NaN") && !starts_with(r, "Infinity") && !starts_with(r, "-Infinity")) {
        if (r->at == r->end || strcmp(kind(r), "no JSON value") == 0) return malformed(r, "a number");
        if (strcmp(kind(r), "a number") == 0) return malformed(r, "a number as JSON writes it");
        refuse(r->field, "type", r->field, "[", decimal(row), "][", decimal(column), "] must be a number, but is ", kind(r), ".", (char *)0);
        return 0;
      }
  }
  r->at = was;
  refuse(r->field, "number", r->field, "[", decimal(row), "][", decimal(column), "] must be a finite number of double precision.", (char *)0);
  return 0;
}

static int too_large(const char *field) {
  refuse(field, "size", field, " may have at most ", decimal(LONGEST_SIDE), " rows, ", decimal(LONGEST_SIDE), " columns and ", decimal(MOST_VALUES), " values.", (char *)0);
  return 0;
}

/* Counts the commas and brackets ahead, so that the arena gives what the matrix needs: never less than what follows holds. */
static int room_for(reader *r, operand *into) {
  uint64_t rows = 1, values = 1;
  for (const char *at = r->at; at < r->end && *at != '}' && *at != '"'; at++) {
    values += *at == ',';
    rows += *at == '[';
  }
  if (values > (uint64_t)MOST_VALUES + 1) values = (uint64_t)MOST_VALUES + 1;
  if (rows > LONGEST_SIDE + 2) rows = LONGEST_SIDE + 2;
  into->matrix.values = arena_take(values * sizeof(double));
  into->rows = arena_take((rows + 1) * sizeof(char *));
  if (into->matrix.values != 0 && into->rows != 0) return 1;
  worker_fail("There is not enough memory for these matrices.", 46);
  return 0;
}

static int read_row(reader *r, operand *into) {
  matrix *m = &into->matrix;
  if (!next_is(r, '[')) {
    if (r->at == r->end || strcmp(kind(r), "no JSON value") == 0) return malformed(r, "a row");
    refuse(r->field, "type", r->field, "[", decimal(m->rows), "] must be an array of numbers, but is ", kind(r), ".", (char *)0);
    return 0;
  }
  if (m->rows == LONGEST_SIDE) return too_large(r->field);
  into->rows[m->rows] = r->at;
  r->at++;
  double *values = m->values + (size_t)m->rows * m->columns;
  uint32_t count = 0;
  if (!take(r, ']')) {
    do {
      if (m->rows > 0 && count == m->columns) {
        count++;
        break;
      }
      if (count == LONGEST_SIDE || (uint64_t)m->rows * m->columns + count == MOST_VALUES) return too_large(r->field);
      if (!read_value(r, m->rows, count, &values[count])) return 0;
      count++;
    } while (take(r, ','));
    if (count <= m->columns || m->rows == 0)
      if (!take(r, ']')) return malformed(r, "',' or ']'");
  }
  if (m->rows == 0) m->columns = count;
  if (count == 0) {
    refuse(r->field, "shape", r->field, " must have at least one row and one column.", (char *)0);
    return 0;
  }
  if (count != m->columns) {
    refuse(r->field, "shape", "The rows of ", r->field, " must be of one length: ", r->field, "[0] has ", decimal(m->columns), " values, ", r->field, "[", decimal(m->rows), "] has ",
           count > m->columns ? "more" : decimal(count), ".", (char *)0);
    return 0;
  }
  m->rows++;
  return 1;
}

static int read_rows(reader *r, operand *into) {
  if (!next_is(r, '[')) {
    if (r->at == r->end || strcmp(kind(r), "no JSON value") == 0) return malformed(r, "an array of rows");
    refuse(r->field, "type", r->field, " must be an array of rows, or a string that holds one, but is ", kind(r), ".", (char *)0);
    return 0;
  }
  into->matrix = (matrix){0, 0, 0};
  if (!room_for(r, into)) return 0;
  r->at++;
  if (take(r, ']')) {
    refuse(r->field, "shape", r->field, " must have at least one row and one column.", (char *)0);
    return 0;
  }
  do
    if (!read_row(r, into)) return 0;
  while (take(r, ','));
  into->rows[into->matrix.rows] = r->at;
  return take(r, ']') || malformed(r, "',' or ']'");
}

static int read_matrix(reader *r, operand *into) {
  if (!next_is(r, '"')) return read_rows(r, into);
  char *decoded = arena_take((size_t)(r->end - r->at));
  if (decoded == 0) return worker_fail("There is not enough memory for this text.", 41), 0;
  long length = decode(r, decoded);
  if (length < 0) return 0;
  reader inner = {decoded, decoded + length, decoded, r->field};
  if (!read_rows(&inner, into)) return 0;
  skip_space(&inner);
  return inner.at == inner.end || malformed(&inner, "nothing more");
}

/* ---- the request ---- */

static int read_member(reader *r, request *into) {
  char *name = arena_take((size_t)(r->end - r->at) + 1);
  if (name == 0) return worker_fail("There is not enough memory for this text.", 41), 0;
  long length = decode(r, name);
  if (length < 0) return 0;
  name[length] = 0;
  if (length != 1 || (*name != 'A' && *name != 'B')) {
    if (length > 40) name[40] = 0;
    for (char *at = name; *at != 0; at++)
      if (*at < ' ' || *at > '~') *at = '?';
    refuse(name, "unknown", "There is no field '", name, "': the matrices are A and B.", (char *)0);
    return 0;
  }
  operand *which = *name == 'A' ? &into->a : &into->b;
  if (which->matrix.values != 0) {
    refuse(name, "duplicate", name, " is given twice.", (char *)0);
    return 0;
  }
  arena_give_back(name);
  if (!take(r, ':')) return malformed(r, "':'");
  reader value = *r;
  value.field = *name == 'A' ? "A" : "B";
  if (!read_matrix(&value, which)) return 0;
  r->at = value.at;
  return 1;
}

int request_read(const char *text, size_t length, request *into) {
  reader r = {text, text + length, text, "content"};
  *into = (request){0};
  if (!next_is(&r, '{')) {
    if (r.at == r.end || strcmp(kind(&r), "no JSON value") == 0) return malformed(&r, "an object with A and B");
    return refuse("content", "type", "The content must be an object with A and B, but is ", kind(&r), ".", (char *)0), 0;
  }
  r.at++;
  if (!take(&r, '}')) {
    do
      if (!read_member(&r, into)) return 0;
    while (take(&r, ','));
    if (!take(&r, '}')) return malformed(&r, "',' or '}'");
  }
  skip_space(&r);
  if (r.at != r.end) return malformed(&r, "nothing more");
  if (into->a.matrix.values == 0) return refuse("A", "missing", "A is missing.", (char *)0), 0;
  if (into->b.matrix.values == 0) return refuse("B", "missing", "B is missing.", (char *)0), 0;
  matrix *a = &into->a.matrix, *b = &into->b.matrix;
  if (b->rows != a->columns) {
    refuse("B", "shape", "B must have as many rows as A has columns (", decimal(a->columns), "), but has ", decimal(b->rows), ".", (char *)0);
    return 0;
  }
  if ((uint64_t)a->rows * b->columns > MOST_VALUES) {
    refuse("B", "size", "The product may have at most ", decimal(MOST_VALUES), " values.", (char *)0);
    return 0;
  }
  return 1;
}
