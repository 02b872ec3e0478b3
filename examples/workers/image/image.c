#include <cloche/refuse.h>
#include <stdlib.h>
#include <string.h>

/* Filters of pictures in the portable formats P5 (grey) and P6 (red, green, blue), 8 bits a value. Only whole numbers. */

#define LONGEST_SIDE 8192
#define MOST_PIXELS (16u << 20)
#define LARGEST_RADIUS 64

typedef struct {
  uint32_t width, height, depth; /* depth: 1 or 3 values a pixel */
  unsigned char *values;
} picture;

static int32_t no_memory(void) { return worker_fail("There is not enough memory for this picture.", 44); }

/* ---- reading and answering ---- */

static int is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* A number of the head, after spaces and comments; -1 where there is none. */
static long head_number(const char **at, const char *end) {
  while (*at < end && (is_space(**at) || **at == '#'))
    if (*(*at)++ == '#')
      while (*at < end && **at != '\n') (*at)++;
  if (*at == end || **at < '0' || **at > '9') return -1;
  long value = 0;
  for (; *at < end && **at >= '0' && **at <= '9'; (*at)++)
    if (value < 1000000) value = 10 * value + (**at - '0');
  return value;
}

static int side(const char *field, long value) {
  if (value >= 1 && value <= LONGEST_SIDE) return 1;
  if (value < 0) refuse(field, "missing", "The picture's head has no ", field, ".", (char *)0);
  else refuse(field, "size", "The ", field, " must be from 1 to ", decimal(LONGEST_SIDE), ", but is ", decimal((uint64_t)value), ".", (char *)0);
  return 0;
}

static int read_picture(picture *into) {
  size_t length = (size_t)worker_input_length();
  char *bytes = malloc(length + 1);
  if (bytes == 0) return no_memory(), 0;
  worker_read(bytes, 0, length);
  const char *at = bytes + 2, *end = bytes + length;
  if (length < 3 || bytes[0] != 'P' || (bytes[1] != '5' && bytes[1] != '6') || !is_space(bytes[2]))
    return refuse("picture", "format", "The picture must be in the format P5 (PGM) or P6 (PPM).", (char *)0), 0;
  long width = head_number(&at, end), height = head_number(&at, end), most = head_number(&at, end);
  if (!side("width", width) || !side("height", height)) return 0;
  if (most != 255) return refuse("maxval", "value", "The largest value must be 255.", (char *)0), 0;
  if ((uint64_t)width * (uint64_t)height > MOST_PIXELS) return refuse("picture", "size", "A picture may have at most ", decimal(MOST_PIXELS), " pixels.", (char *)0), 0;
  *into = (picture){(uint32_t)width, (uint32_t)height, bytes[1] == '6' ? 3 : 1, (unsigned char *)at + 1};
  uint64_t expected = (uint64_t)into->width * into->height * into->depth, has = at < end ? (uint64_t)(end - at) - 1 : 0;
  if (has != expected) return refuse("picture", "length", "The picture must have ", decimal(expected), " bytes after its head, but has ", decimal(has), ".", (char *)0), 0;
  return 1;
}

static int32_t answer_picture(const picture *p) {
  char head[40] = {'P', p->depth == 3 ? '6' : '5', '\n', 0};
  strcat(strcat(strcat(strcat(head, decimal(p->width)), " "), decimal(p->height)), "\n255\n");
  size_t front = strlen(head), length = (size_t)p->width * p->height * p->depth;
  worker_block block = worker_alloc(front + length);
  if (block == 0) return no_memory();
  worker_store(block, head, front);
  worker_store(block + front, p->values, length);
  worker_output_set(block, front + length);
  return 0;
}

/* ---- the filters ---- */

/* Luma of BT.601 in 16 bits, rounded. */
static picture grey(const picture *p) {
  size_t count = (size_t)p->width * p->height;
  picture result = {p->width, p->height, 1, malloc(count)};
  if (result.values == 0) return result;
  if (p->depth == 1) {
    memcpy(result.values, p->values, count);
    return result;
  }
#pragma clang loop unroll_count(8)
  for (size_t i = 0; i < count; i++) {
    const unsigned char *v = p->values + 3 * i;
    result.values[i] = (unsigned char)((19595u * v[0] + 38470u * v[1] + 7471u * v[2] + 32768u) >> 16);
  }
  return result;
}

/* The mean of 2 * RADIUS + 1 values along lines of COUNT values, STEP apart; the edges' values go on beyond them. */
static void blur_line(const unsigned char *from, unsigned char *to, uint32_t count, size_t step, uint32_t radius) {
  uint32_t size = 2 * radius + 1, sum = from[0] * (radius + 1);
  for (uint32_t i = 1; i <= radius; i++) sum += from[(i < count ? i : count - 1) * step];
  for (uint32_t i = 0; i < count; i++) {
    to[i * step] = (unsigned char)((sum + size / 2) / size);
    sum += from[(i + radius + 1 < count ? i + radius + 1 : count - 1) * step];
    sum -= from[(i > radius ? i - radius : 0) * step];
  }
}

static uint32_t radius_of_configuration(void) {
  worker_block key = worker_block_of("radius", 6), value = worker_config_get(key);
  if (value == 0) return 2;
  uint64_t length = worker_length(value), radius = 0;
  for (uint64_t i = 0; i < length && i < 4; i++) {
    uint32_t digit = worker_load_u8(value + i) - '0';
    radius = digit <= 9 ? 10 * radius + digit : LARGEST_RADIUS + 1;
    if (radius > LARGEST_RADIUS) break;
  }
  if (length >= 1 && length <= 2 && radius >= 1 && radius <= LARGEST_RADIUS) return (uint32_t)radius;
  refuse("config.radius", "range", "The radius must be a whole number from 1 to ", decimal(LARGEST_RADIUS), ".", (char *)0);
  return 0;
}

WORKER_FUNCTION(greyscale) {
  picture p;
  if (!read_picture(&p)) return 1;
  picture result = grey(&p);
  return result.values == 0 ? no_memory() : answer_picture(&result);
}

WORKER_FUNCTION(blur) {
  picture p;
  if (!read_picture(&p)) return 1;
  uint32_t radius = radius_of_configuration();
  if (radius == 0) return 1;
  unsigned char *between = malloc((size_t)p.width * p.height * p.depth);
  if (between == 0) return no_memory();
  size_t line = (size_t)p.width * p.depth;
  for (uint32_t y = 0; y < p.height; y++)
    for (uint32_t value = 0; value < p.depth; value++) blur_line(p.values + y * line + value, between + y * line + value, p.width, p.depth, radius);
  for (size_t x = 0; x < line; x++) blur_line(between + x, p.values + x, p.height, line, radius);
  return answer_picture(&p);
}

/* Sobel's operator on the grey picture: |across| + |down|, at most 255; the edges' values go on beyond them. */
WORKER_FUNCTION(edges) {
  picture p;
  if (!read_picture(&p)) return 1;
  picture light = grey(&p), result = {p.width, p.height, 1, malloc((size_t)p.width * p.height)};
  if (light.values == 0 || result.values == 0) return no_memory();
  for (uint32_t y = 0; y < p.height; y++) {
    const unsigned char *above = light.values + (size_t)(y > 0 ? y - 1 : 0) * p.width, *here = light.values + (size_t)y * p.width;
    const unsigned char *below = light.values + (size_t)(y + 1 < p.height ? y + 1 : y) * p.width;
#pragma clang loop unroll_count(4)
    for (uint32_t x = 0; x < p.width; x++) {
      uint32_t l = x > 0 ? x - 1 : 0, r = x + 1 < p.width ? x + 1 : x;
      int across = above[r] + 2 * here[r] + below[r] - above[l] - 2 * here[l] - below[l];
      int down = below[l] + 2 * below[x] + below[r] - above[l] - 2 * above[x] - above[r];
      int strength = abs(across) + abs(down);
      result.values[(size_t)y * p.width + x] = (unsigned char)(strength > 255 ? 255 : strength);
    }
  }
  return answer_picture(&result);
}
