"""Writes powers.h: for each power of ten from -342 to 324 its first 128 bits, rounded up below zero, down above it."""


def first_bits(exponent):
    if exponent >= 0:
        power = 10**exponent
        length = power.bit_length()
        return power << (128 - length) if length <= 128 else power >> (length - 128)
    power = 10**-exponent
    shift = 127 + power.bit_length()
    value = (1 << shift) // power
    while value.bit_length() > 128:
        shift -= 1
        value = (1 << shift) // power
    while value.bit_length() < 128:
        shift += 1
        value = (1 << shift) // power
    return value + 1


print("#ifndef CLOCHE_POWERS_H\n#define CLOCHE_POWERS_H\n#include <stdint.h>\n\n/* Made by powers.py: the first 128 bits of 10^-342 to 10^324, high word first. */")
print("#ifdef __cplusplus\n__attribute__((weak)) extern const uint64_t NUMBER_POWERS[667][2];\n#endif")
print("__attribute__((weak)) const uint64_t NUMBER_POWERS[667][2] = {")
for exponent in range(-342, 325):
    bits = first_bits(exponent)
    print(f"    {{0x{bits >> 64:016x}, 0x{bits & (2**64 - 1):016x}}},")
print("};")
print("#endif")
