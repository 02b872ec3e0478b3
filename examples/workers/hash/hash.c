#include <cloche/worker.h>
#include <stdlib.h>

/* FIPS 180-4, SHA-256; xxHash64 and CRC-32 by their descriptions. Only whole numbers: each engine answers the same bits. */

static unsigned char *input(size_t *length) {
  *length = (size_t)worker_input_length();
  unsigned char *bytes = malloc(*length + 1);
  if (bytes != 0) worker_read(bytes, 0, *length);
  return bytes;
}

static int32_t answer_hex(const unsigned char *bytes, size_t length) {
  char text[64];
  for (size_t i = 0; i < length; i++) {
    text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
    text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
  }
  return worker_answer(text, 2 * length);
}

static int32_t no_memory(void) { return worker_fail("There is not enough memory for this input.", 42); }

/* ---- SHA-256 ---- */

static const uint32_t ROUND[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
    0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
    0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
    0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline uint32_t right(uint32_t value, int by) { return value >> by | value << (32 - by); }

static void sha256_block(uint32_t state[8], const unsigned char *block) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++) w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[i - 7] + (right(b, 17) ^ right(b, 19) ^ b >> 10);
  }
  __builtin_memcpy(s, state, sizeof s);
#pragma clang loop unroll_count(8)
  for (int i = 0; i < 64; i++) {
    uint32_t one = s[7] + (right(s[4], 6) ^ right(s[4], 11) ^ right(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + ROUND[i] + w[i];
    uint32_t two = (right(s[0], 2) ^ right(s[0], 13) ^ right(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + one, s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

WORKER_FUNCTION(sha256) {
  size_t length, at = 0;
  unsigned char *bytes = input(&length), last[128] = {0}, out[32];
  if (bytes == 0) return no_memory();
  uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (; at + 64 <= length; at += 64) sha256_block(state, bytes + at);
  size_t rest = length - at, end = rest < 56 ? 64 : 128;
  for (size_t i = 0; i < rest; i++) last[i] = bytes[at + i];
  last[rest] = 0x80;
  for (size_t i = 0; i < 8; i++) last[end - 1 - i] = (unsigned char)((uint64_t)length * 8 >> (8 * i));
  for (at = 0; at < end; at += 64) sha256_block(state, last + at);
  free(bytes);
  for (int i = 0; i < 32; i++) out[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
  return answer_hex(out, 32);
}

/* ---- xxHash64, seed 0 ---- */

#define P1 0x9e3779b185ebca87u
#define P2 0xc2b2ae3d27d4eb4fu
#define P3 0x165667b19e3779f9u
#define P4 0x85ebca77c2b2ae63u
#define P5 0x27d4eb2f165667c5u

static inline uint64_t left(uint64_t value, int by) { return value << by | value >> (64 - by); }
static inline uint64_t word(const unsigned char *at) { uint64_t w; __builtin_memcpy(&w, at, 8); return w; }
static inline uint64_t turn(uint64_t sum, uint64_t lane) { return left(sum + lane * P2, 31) * P1; }

WORKER_FUNCTION(xxh64) {
  size_t length;
  unsigned char *bytes = input(&length), *at = bytes, *end = bytes + length, out[8];
  if (bytes == 0) return no_memory();
  uint64_t hash = P5;
  if (length >= 32) {
    uint64_t v[4] = {P1 + P2, P2, 0, 0 - P1};
    for (; end - at >= 32; at += 32)
      for (int i = 0; i < 4; i++) v[i] = turn(v[i], word(at + 8 * i));
    hash = left(v[0], 1) + left(v[1], 7) + left(v[2], 12) + left(v[3], 18);
    for (int i = 0; i < 4; i++) hash = (hash ^ turn(0, v[i])) * P1 + P4;
  }
  hash += length;
  for (; end - at >= 8; at += 8) hash = left(hash ^ turn(0, word(at)), 27) * P1 + P4;
  if (end - at >= 4) {
    uint32_t half;
    __builtin_memcpy(&half, at, 4);
    hash = left(hash ^ half * P1, 23) * P2 + P3;
    at += 4;
  }
  for (; at < end; at++) hash = left(hash ^ *at * P5, 11) * P1;
  hash = (hash ^ hash >> 33) * P2;
  hash = (hash ^ hash >> 29) * P3;
  hash ^= hash >> 32;
  free(bytes);
  for (int i = 0; i < 8; i++) out[i] = (unsigned char)(hash >> (56 - 8 * i));
  return answer_hex(out, 8);
}

/* ---- CRC-32, of zip and PNG ---- */

WORKER_FUNCTION(crc32) {
  static uint32_t table[256];
  if (table[1] == 0)
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
      table[i] = value;
    }
  size_t length;
  unsigned char *bytes = input(&length), out[4];
  if (bytes == 0) return no_memory();
  uint32_t crc = ~0u;
#pragma clang loop unroll_count(8)
  for (size_t i = 0; i < length; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 255];
  crc = ~crc;
  free(bytes);
  for (int i = 0; i < 4; i++) out[i] = (unsigned char)(crc >> (24 - 8 * i));
  return answer_hex(out, 4);
}
