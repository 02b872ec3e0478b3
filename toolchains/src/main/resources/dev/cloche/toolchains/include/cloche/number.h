/* Numbers as JSON writes them: text to double, correctly rounded, and double to text as JavaScript prints it. */
#ifndef CLOCHE_NUMBER_H
#define CLOCHE_NUMBER_H

#include "powers.h"
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT 25 /* the longest text of a double, -2.2250738585072014e-308, and one more */

enum number_state { NUMBER_READ, NUMBER_NONE, NUMBER_NOT_FINITE };

#define NUMBER_LOWEST (-342)
#define NUMBER_DIGITS 800     /* no double needs more to be told from its neighbours: 767 */
#define NUMBER_BOUND 5000 /* beyond it each number is 0 or no double */

typedef struct { uint64_t high, low; } number_wide;

static inline number_wide number_multiply(uint64_t a, uint64_t b) {
  uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  uint64_t low = a0 * b0, left = a1 * b0, right = a0 * b1;
  uint64_t middle = (low >> 32) + (uint32_t)left + (uint32_t)right;
  return (number_wide){a1 * b1 + (left >> 32) + (right >> 32) + (middle >> 32), middle << 32 | (uint32_t)low};
}

static inline double number_from_bits(uint64_t bits) {
  double value;
  __builtin_memcpy(&value, &bits, 8);
  return value;
}

static inline uint64_t number_to_bits(double value) {
  uint64_t bits;
  __builtin_memcpy(&bits, &value, 8);
  return bits;
}

/* ---- text to double ---- */

#define NUMBER_INFINITE 0x7ff0000000000000u

/* The bits of the double nearest to DIGITS * 10^EXPONENT. Lemire, "Number parsing at a gigabyte per second", 2021. */
static inline uint64_t number_nearest(uint64_t digits, int exponent) {
  if (digits == 0 || exponent < NUMBER_LOWEST) return 0;
  if (exponent > 308) return NUMBER_INFINITE;
  int zeros = __builtin_clzll(digits);
  digits <<= zeros;
  const uint64_t *power = NUMBER_POWERS[exponent - NUMBER_LOWEST];
  number_wide product = number_multiply(digits, power[0]);
  if ((product.high & 0x1ff) == 0x1ff) {
    uint64_t more = number_multiply(digits, power[1]).high;
    product.low += more;
    if (more > product.low) product.high++;
  }
  int upper = (int)(product.high >> 63), shift = upper + 64 - 52 - 3;
  uint64_t fraction = product.high >> shift;
  int binary = ((217706 * exponent) >> 16) + 63 + upper - zeros + 1023;
  if (binary <= 0) {
    if (-binary + 1 >= 64) return 0;
    fraction >>= -binary + 1;
    fraction = (fraction + (fraction & 1)) >> 1;
    return fraction;
  }
  if (product.low <= 1 && exponent >= -4 && exponent <= 23 && (fraction & 3) == 1 && fraction << shift == product.high) fraction &= ~(uint64_t)1;
  fraction = (fraction + (fraction & 1)) >> 1;
  if (fraction >= (uint64_t)2 << 52) {
    fraction = (uint64_t)1 << 52;
    binary++;
  }
  if (binary >= 0x7ff) return NUMBER_INFINITE;
  return (fraction & ~((uint64_t)1 << 52)) | (uint64_t)binary << 52;
}

/* A natural number of any size that is needed here: 10^(800 + 342), or 2^1075 times 800 digits. */
typedef struct { int length; uint32_t words[200]; } number_natural;

static inline void number_times(number_natural *n, uint32_t factor, uint32_t carry) {
  uint64_t rest = carry;
  for (int i = 0; i < n->length; i++) {
    rest += (uint64_t)n->words[i] * factor;
    n->words[i] = (uint32_t)rest;
    rest >>= 32;
  }
  if (rest != 0) n->words[n->length++] = (uint32_t)rest;
}

static inline void number_times_power(number_natural *n, uint32_t base, int exponent) {
  for (; exponent > 0; exponent--) number_times(n, base, 0);
}

static inline int number_compare(const number_natural *a, const number_natural *b) {
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  for (int i = a->length - 1; i >= 0; i--)
    if (a->words[i] != b->words[i]) return a->words[i] < b->words[i] ? -1 : 1;
  return 0;
}

/* LOWER is the nearest double, or the one below it; the one above is nearer where the digits are beyond the middle. */
static inline uint64_t number_nearer(uint64_t lower, const char *digits, int count, int exponent) {
  uint64_t fraction = lower & (((uint64_t)1 << 52) - 1);
  int binary = (int)(lower >> 52);
  if (binary != 0) fraction |= (uint64_t)1 << 52;
  else binary = 1;
  uint64_t middle = 2 * fraction + 1;
  binary -= 1023 + 52 + 1;
  number_natural left = {0, {0}}, right = {2, {(uint32_t)middle, (uint32_t)(middle >> 32)}};
  if (right.words[1] == 0) right.length = 1;
  for (int i = 0; i < count; i++) number_times(&left, 10, (uint32_t)(digits[i] - '0'));
  number_times_power(exponent >= 0 ? &left : &right, 10, exponent >= 0 ? exponent : -exponent);
  number_times_power(binary >= 0 ? &right : &left, 2, binary >= 0 ? binary : -binary);
  int order = number_compare(&left, &right);
  return order > 0 || (order == 0 && (lower & 1) != 0) ? lower + 1 : lower;
}

static inline int number_is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads the number at TEXT and moves it behind. NUMBER_NONE where the text is no JSON number. */
static inline enum number_state number_read(const char **text, const char *end, double *value) {
  const char *at = *text;
  int negative = at < end && *at == '-';
  if (negative) at++;
  if (at == end || !number_is_digit(*at)) return NUMBER_NONE;
  if (*at == '0' && at + 1 < end && number_is_digit(at[1])) return NUMBER_NONE;
  uint64_t digits = 0;
  int count = 0, kept = 0, exponent = 0, behind = 0;
  char all[NUMBER_DIGITS + 1];
  for (; at < end; at++) {
    if (*at == '.' && !behind) {
      if (at + 1 == end || !number_is_digit(at[1])) return NUMBER_NONE;
      behind = 1;
      continue;
    }
    if (!number_is_digit(*at)) break;
    if (behind) exponent--;
    if (count == 0 && *at == '0') continue;
    if (count < NUMBER_DIGITS) {
      all[count++] = *at;
      if (count <= 19) digits = 10 * digits + (uint64_t)(*at - '0'), kept = count;
    } else {
      if (*at != '0') all[NUMBER_DIGITS] = '1';
      else if (count == NUMBER_DIGITS) all[NUMBER_DIGITS] = '0';
      count = NUMBER_DIGITS + 1;
      exponent++;
    }
  }
  if (count > NUMBER_DIGITS) exponent--; /* the last kept digit stands for all that follow */
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    int down = at < end && *at == '-', written = 0;
    if (at < end && (*at == '-' || *at == '+')) at++;
    if (at == end || !number_is_digit(*at)) return NUMBER_NONE;
    for (; at < end && number_is_digit(*at); at++)
      if (written < 100000000) written = 10 * written + (*at - '0');
    exponent += down ? -written : written;
  }
  *text = at;
  uint64_t bits;
  if (count <= 15 && exponent >= -22 && exponent <= 22 && count > 0) {
    static const double EXACT[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double read = (double)digits;
    bits = number_to_bits(exponent < 0 ? read / EXACT[-exponent] : read * EXACT[exponent]);
  } else {
    int scale = exponent + count - kept;
    if (scale < -NUMBER_BOUND) scale = -NUMBER_BOUND;
    if (scale > NUMBER_BOUND) scale = NUMBER_BOUND;
    bits = number_nearest(digits, scale);
    if (count > kept && bits != number_nearest(digits + 1, scale)) bits = number_nearer(bits, all, count, exponent);
  }
  if (bits >= NUMBER_INFINITE) return NUMBER_NOT_FINITE;
  *value = number_from_bits(bits | (uint64_t)negative << 63);
  return NUMBER_READ;
}

/* ---- double to text ---- */

static inline uint64_t number_times_power_to_odd(uint64_t high, uint64_t low, uint64_t factor) {
  uint64_t lower = number_multiply(low, factor).high;
  number_wide upper = number_multiply(high, factor);
  uint64_t middle = upper.low + lower;
  return (upper.high + (middle < lower)) | (middle > 1);
}

/* The shortest digits that read back as the same double. Giulietti, "The Schubfach way to render doubles", 2021. */
static inline uint64_t number_shortest(uint64_t bits, int *exponent) {
  uint64_t fraction = bits & (((uint64_t)1 << 52) - 1), c = fraction;
  int binary = (int)(bits >> 52 & 0x7ff), q = 1 - 1075;
  if (binary != 0) {
    c |= (uint64_t)1 << 52;
    q = binary - 1075;
    if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0) {
      *exponent = 0;
      return c >> -q;
    }
  }
  uint64_t odd = c & 1;
  int closer = fraction == 0 && binary > 1;
  int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
  int shift = q + ((-k * 1741647) >> 19) + 1;
  uint64_t high = NUMBER_POWERS[-k - NUMBER_LOWEST][0], low = NUMBER_POWERS[-k - NUMBER_LOWEST][1];
  if (-k > 55 && ++low == 0) high++;
  uint64_t below = number_times_power_to_odd(high, low, (4 * c - 2 + (uint64_t)closer) << shift) + odd;
  uint64_t here = number_times_power_to_odd(high, low, 4 * c << shift);
  uint64_t above = number_times_power_to_odd(high, low, (4 * c + 2) << shift) - odd;
  uint64_t s = here / 4;
  if (s >= 10) {
    uint64_t tens = s / 10;
    int down = below <= 40 * tens, up = 40 * tens + 40 <= above;
    if (down != up) {
      *exponent = k + 1;
      return tens + (uint64_t)up;
    }
  }
  int down = below <= 4 * s, up = 4 * s + 4 <= above;
  *exponent = k;
  if (down != up) return s + (uint64_t)up;
  uint64_t middle = 4 * s + 2;
  return s + (here > middle || (here == middle && (s & 1) != 0));
}

/* Writes a finite double's shortest text that reads back as the same double; its length. */
static inline size_t number_write(double value, char *text) {
  uint64_t bits = number_to_bits(value);
  char *at = text;
  if (bits << 1 == 0) {
    *at = '0';
    return 1;
  }
  if (bits >> 63) *at++ = '-';
  int exponent;
  uint64_t rest = number_shortest(bits, &exponent);
  char digits[20], *first = digits + 20;
  while (rest >= 10 && rest % 10 == 0) rest /= 10, exponent++;
  for (; rest > 0; rest /= 10) *--first = (char)('0' + rest % 10);
  int count = (int)(digits + 20 - first), point = count + exponent; /* the value is 0.DIGITS * 10^point */
  if (point > 21 || point < -5) {
    *at++ = *first;
    if (count > 1) *at++ = '.';
    for (int i = 1; i < count; i++) *at++ = first[i];
    *at++ = 'e';
    int written = point - 1;
    *at++ = written < 0 ? '-' : '+';
    if (written < 0) written = -written;
    if (written >= 100) *at++ = (char)('0' + written / 100);
    if (written >= 10) *at++ = (char)('0' + written / 10 % 10);
    *at++ = (char)('0' + written % 10);
  } else if (point <= 0) {
    *at++ = '0', *at++ = '.';
    for (int i = point; i < 0; i++) *at++ = '0';
    for (int i = 0; i < count; i++) *at++ = first[i];
  } else {
    for (int i = 0; i < count || i < point; i++) {
      if (i == point) *at++ = '.';
      *at++ = i < count ? first[i] : '0';
    }
  }
  return (size_t)(at - text);
}

#endif
