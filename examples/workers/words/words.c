#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A command as any other: the function's name is its first argument, the request comes on standard input, the answer goes
 * to standard output. What it prints on standard error before it ends with another status than 0 is the call's error. */

#define LARGEST (32u << 20)

static char *text;
static size_t length;

static int read_text(void) {
  size_t room = 1 << 16;
  text = malloc(room);
  while (text != NULL && !feof(stdin)) {
    if (length == room) {
      if (room >= LARGEST) {
        fputs("{\"field\":\"content\",\"rule\":\"size\",\"message\":\"The text may have at most 33554432 bytes.\"}", stderr);
        return 0;
      }
      text = realloc(text, room *= 2);
      if (text == NULL) break;
    }
    length += fread(text + length, 1, room - length, stdin);
  }
  if (text == NULL) fputs("There is not enough memory for this text.", stderr);
  return text != NULL;
}

static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int count(void) {
  size_t lines = 0, words = 0;
  for (size_t i = 0; i < length; i++) {
    lines += text[i] == '\n';
    words += !is_space(text[i]) && (i == 0 || is_space(text[i - 1]));
  }
  printf("{\"lines\":%zu,\"words\":%zu,\"bytes\":%zu}", lines, words, length);
  return 0;
}

typedef struct { const char *start; size_t length; } line;

static int order(const void *a, const void *b) {
  const line *one = a, *two = b;
  size_t shared = one->length < two->length ? one->length : two->length;
  int first = memcmp(one->start, two->start, shared);
  if (first != 0) return first;
  if (one->length != two->length) return one->length < two->length ? -1 : 1;
  return one->start < two->start ? -1 : one->start > two->start;
}

static int sort(void) {
  size_t lines = length > 0 && text[length - 1] != '\n';
  for (size_t i = 0; i < length; i++) lines += text[i] == '\n';
  line *all = malloc((lines + 1) * sizeof(line));
  if (all == NULL) return fputs("There is not enough memory for this text.", stderr), 1;
  const char *start = text;
  for (size_t i = 0; i < lines; i++) {
    const char *end = memchr(start, '\n', (size_t)(text + length - start));
    if (end == NULL) end = text + length;
    all[i] = (line){start, (size_t)(end - start)};
    start = end + 1;
  }
  qsort(all, lines, sizeof(line), order);
  for (size_t i = 0; i < lines; i++) {
    fwrite(all[i].start, 1, all[i].length, stdout);
    putchar('\n');
  }
  free(all);
  return 0;
}

int main(int words, char **word) {
  const char *function = words > 1 ? word[1] : "";
  int (*chosen)(void) = strcmp(function, "count") == 0 ? count : strcmp(function, "sort") == 0 ? sort : NULL;
  if (chosen == NULL) {
    fprintf(stderr, "There is no function '%s': there are count and sort.", function);
    return 2;
  }
  return read_text() ? chosen() : 1;
}
