/* Numbers as JSON writes them: text to double, correctly rounded, and double to text as JavaScript prints it. */
#ifndef NUMBERS_H
#define NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT 25 /* the longest text of a double, -2.2250738585072014e-308, and one more */

enum number_state { NUMBER_READ, NUMBER_NONE, NUMBER_NOT_FINITE };

/* Reads the number at TEXT and moves it behind. NUMBER_NONE where the text is no JSON number. */
enum number_state number_read(const char **text, const char *end, double *value);

/* Writes a finite double's shortest text that reads back as the same double; its length. */
size_t number_write(double value, char *text);

#endif
