/*
 * Decimal numbers in files, whatever the locale.
 */
#ifndef SILBE_DECIMAL_H
#define SILBE_DECIMAL_H

#include <stdbool.h>

/* Whether the whole text is a finite decimal number ("12", "-0.5", "1e-3"; no blanks, no
 * hexadecimal, no "nan", no "inf"), which *value then is. */
bool silbe_decimal_parse(const char *text, double *value);

#endif
