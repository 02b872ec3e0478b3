#include "fields.h"

#include <cloche/number.h>
#include <cloche/refuse.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Estimates by chance. Sample I of a seed is the same wherever it is drawn, and sums are whole numbers: so a call that is
 * divided answers the same digits as one that is not, on each engine. */

#define MOST_SAMPLES 1e9
#define LARGEST_SEED 9007199254740991.0
#define MOST_PARTS 1024
#define UNITS 65536.0      /* payoffs are summed up in parts of this */
#define LARGEST_PAYOFF 131072.0

/* Steele, Lea and Flood's SplitMix64, by its counter. */
static inline uint64_t random_bits(uint64_t seed, uint64_t index) {
  uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static inline double fraction(uint64_t bits) { return (double)(bits >> 11) * 0x1p-53; }

/* ---- texts ---- */

static char answer[512];

static void put(const char *text) { strcat(answer, text); }

static void put_number(double value) {
  char text[NUMBER_TEXT + 1];
  text[number_write(value, text)] = 0;
  put(text);
}

static char *input_text(uint64_t offset, size_t *length) {
  uint64_t whole = worker_input_length();
  *length = (size_t)(whole - offset);
  char *text = malloc(*length + 1);
  if (text == NULL) worker_fail("There is not enough memory for this input.", 42);
  else worker_read(text, offset, *length);
  return text;
}

/* Reads the input from OFFSET on. */
static int read_fields(uint64_t offset, field *fields, int count) {
  size_t length;
  char *text = input_text(offset, &length);
  if (text == NULL) return 0;
  int read = fields_read(text, length, fields, count);
  free(text);
  return read;
}

/* ---- pi ---- */

enum { SAMPLES, SEED, FROM, SPOT, STRIKE, RATE, VOLATILITY, YEARS };

#define COMMON_FIELDS                                            \
  {"samples", 1, MOST_SAMPLES, 1e6, 0, 0, 1}, {"seed", 0, LARGEST_SEED, 1, 0, 0, 1}, \
  {"from", 0, LARGEST_SEED / 4, 0, 0, 0, 1}

#define OPTION_FIELDS                                                                                                             \
  {"spot", 1e-3, 1e5, 0, 1, 0, 0}, {"strike", 0, 1e5, 0, 1, 0, 0}, {"rate", -1, 1, 0, 0, 0, 0}, {"volatility", 0, 2, 0, 1, 0, 0}, \
  {"years", 0, 100, 1, 0, 0, 0}

static int32_t answer_pi(uint64_t samples, uint64_t inside) {
  answer[0] = 0;
  put("{\"pi\":");
  put_number(4.0 * (double)inside / (double)samples);
  put(",\"samples\":");
  put(decimal(samples));
  put(",\"inside\":");
  put(decimal(inside));
  put("}");
  return worker_answer(answer, strlen(answer));
}

WORKER_FUNCTION(pi) {
  field f[] = {COMMON_FIELDS};
  if (!read_fields(0, f, 3)) return 1;
  uint64_t samples = (uint64_t)f[SAMPLES].value, seed = (uint64_t)f[SEED].value, from = (uint64_t)f[FROM].value, inside = 0;
#pragma clang loop unroll_count(4)
  for (uint64_t i = from; i < from + samples; i++) {
    double x = fraction(random_bits(seed, 2 * i)), y = fraction(random_bits(seed, 2 * i + 1));
    inside += x * x + y * y < 1;
  }
  return answer_pi(samples, inside);
}

/* ---- the price of a European call option, by Black and Scholes' model ---- */

static int32_t answer_option(uint64_t samples, uint64_t units) {
  answer[0] = 0;
  put("{\"price\":");
  put_number((double)units / UNITS / (double)samples);
  put(",\"samples\":");
  put(decimal(samples));
  put(",\"units\":\"");
  put(decimal(units));
  put("\"}");
  return worker_answer(answer, strlen(answer));
}

WORKER_FUNCTION(option) {
  field f[] = {COMMON_FIELDS, OPTION_FIELDS};
  if (!read_fields(0, f, 8)) return 1;
  uint64_t samples = (uint64_t)f[SAMPLES].value, seed = (uint64_t)f[SEED].value, from = (uint64_t)f[FROM].value, units = 0;
  double years = f[YEARS].value, drift = (f[RATE].value - f[VOLATILITY].value * f[VOLATILITY].value / 2) * years;
  double spread = f[VOLATILITY].value * sqrt(years), discount = exp(-f[RATE].value * years);
  for (uint64_t i = from; i < from + samples; i++) {
    double first = 1 - fraction(random_bits(seed, 2 * i)), second = fraction(random_bits(seed, 2 * i + 1));
    double normal = sqrt(-2 * log(first)) * cos(6.283185307179586 * second);
    double payoff = discount * (f[SPOT].value * exp(drift + spread * normal) - f[STRIKE].value);
    if (payoff > LARGEST_PAYOFF) payoff = LARGEST_PAYOFF;
    if (payoff > 0) units += (uint64_t)(payoff * UNITS + 0.5);
  }
  return answer_option(samples, units);
}

/* ---- division ---- */

static void put_u32(char *to, uint32_t value) { memcpy(to, &value, 4); }

static int32_t split(field *f, int count) {
  if (worker_input_length() < 4) return refuse("parts", "missing", "The input must begin with the number of parts, 4 bytes.", (char *)0);
  uint32_t parts = 0;
  for (int i = 0; i < 4; i++) parts |= worker_input_load_u8((uint64_t)i) << (8 * i);
  if (!read_fields(4, f, count)) return 1;
  if (parts == 0) return refuse("parts", "range", "The number of parts must be at least 1.", (char *)0);
  if (parts > MOST_PARTS) parts = MOST_PARTS;
  uint64_t samples = (uint64_t)f[SAMPLES].value, from = (uint64_t)f[FROM].value;
  if (parts > samples) parts = (uint32_t)samples;
  char *list = malloc(4 + parts * (sizeof answer + 4)), *at = list + 4;
  if (list == NULL) return worker_fail("There is not enough memory for this input.", 42);
  put_u32(list, parts);
  for (uint32_t part = 0; part < parts; part++) {
    uint64_t first = samples * part / parts;
    f[SAMPLES].value = (double)(samples * (part + 1) / parts - first);
    f[FROM].value = (double)(from + first);
    answer[0] = 0;
    for (int i = 0; i < count; i++) {
      put(i == 0 ? "{\"" : ",\"");
      put(f[i].name);
      put("\":");
      put_number(f[i].value);
    }
    put("}");
    size_t length = strlen(answer);
    put_u32(at, (uint32_t)length);
    memcpy(at + 4, answer, length);
    at += 4 + length;
  }
  int32_t result = worker_answer(list, (size_t)(at - list));
  free(list);
  return result;
}

static int32_t bad_list(void) {
  return refuse("parts", "list", "The input must be a list of results: their number, then for each its length and its bytes.", (char *)0);
}

/* The whole number behind NAME in a result; -1 where there is none. */
static int64_t number_behind(const char *text, const char *name) {
  const char *at = strstr(text, name);
  if (at == NULL) return -1;
  at += strlen(name);
  if (*at < '0' || *at > '9') return -1;
  int64_t value = 0;
  for (int digits = 0; *at >= '0' && *at <= '9'; at++)
    if (digits++ == 18) return -1;
    else value = 10 * value + (*at - '0');
  return value;
}

static int32_t join(const char *name, int32_t (*done)(uint64_t, uint64_t)) {
  size_t length;
  char *list = input_text(0, &length), *at = list + 4, *end = list + length, text[sizeof answer];
  if (list == NULL) return 1;
  uint32_t parts = 0, part_length;
  if (length >= 4) memcpy(&parts, list, 4);
  if (parts == 0) return bad_list();
  uint64_t samples = 0, sum = 0;
  for (; parts > 0; parts--) {
    if (end - at < 4) return bad_list();
    memcpy(&part_length, at, 4);
    at += 4;
    if (part_length >= sizeof text || (size_t)(end - at) < part_length) return bad_list();
    memcpy(text, at, part_length);
    text[part_length] = 0;
    at += part_length;
    int64_t some = number_behind(text, "\"samples\":"), value = number_behind(text, name);
    if (some < 1 || value < 0 || samples + (uint64_t)some > (uint64_t)LARGEST_SEED) return bad_list();
    samples += (uint64_t)some;
    sum += (uint64_t)value;
  }
  if (at != end) return bad_list();
  free(list);
  return done(samples, sum);
}

WORKER_FUNCTION(pi_split) {
  field f[] = {COMMON_FIELDS};
  return split(f, 3);
}

WORKER_FUNCTION(pi_join) { return join("\"inside\":", answer_pi); }

WORKER_FUNCTION(option_split) {
  field f[] = {COMMON_FIELDS, OPTION_FIELDS};
  return split(f, 8);
}

WORKER_FUNCTION(option_join) { return join("\"units\":\"", answer_option); }
