#define _POSIX_C_SOURCE 200809L
#include "features/base/decimal.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* digits [. digits] [e [sign] digits] with an optional minus: what strtod takes beyond that
 * (blanks, hexadecimal, nan, inf, a locale's comma) is refused before it is called. */
static bool is_decimal(const char *text)
{
    const char *p = text + (*text == '-');
    size_t n_digits = strspn(p, "0123456789");
    p += n_digits;
    if (*p == '.') {
        size_t n_fraction = strspn(p + 1, "0123456789");
        n_digits += n_fraction;
        p += 1 + n_fraction;
    }
    if (n_digits == 0) {
        return false;
    }
    if (*p == 'e' || *p == 'E') {
        p++;
        p += *p == '-' || *p == '+';
        size_t n_exponent = strspn(p, "0123456789");
        if (n_exponent == 0) {
            return false;
        }
        p += n_exponent;
    }
    return *p == '\0';
}

bool silbe_decimal_parse(const char *text, double *value)
{
    if (!is_decimal(text)) {
        return false;
    }
    /* The "C" locale of newlocale is a constant object in glibc and musl: this costs nothing, and
     * cannot fail there. */
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0) {
        return false;
    }
    locale_t old_locale = uselocale(c_locale);
    double number = strtod(text, NULL);
    (void)uselocale(old_locale);
    freelocale(c_locale);
    *value = number;
    return isfinite(number);
}
