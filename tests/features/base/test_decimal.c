#define _XOPEN_SOURCE 700
#include "features/base/decimal.h"

#include <locale.h>

#include "tests/check.h"

static void decimals_are_parsed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } GOOD[] = {{"12", 12}, {"-0.5", -0.5}, {".5", 0.5}, {"5.", 5}, {"1e-3", 0.001}, {"2E+2", 200}};
    /* Where a locale with a decimal comma is installed, it changes nothing. */
    (void)setlocale(LC_ALL, "de_DE.UTF-8");
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        double value = 0;
        assert_true(silbe_decimal_parse(GOOD[i].text, &value));
        check_close(value, GOOD[i].value, 0);
    }
}

static void anything_else_is_refused(void **state)
{
    (void)state;
    static const char *const BAD[] = {"",    " 1",    "1 ",   "+1",  "1,5",   "0x1",
                                      "nan", "inf",   "-inf", "1e",  "e1",    ".",
                                      "-",   "1.2.3", "--1",  "1e+", "1e999", "1d5"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        double value = 0;
        if (silbe_decimal_parse(BAD[i], &value)) {
            fail_msg("\"%s\" is taken for %g", BAD[i], value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_parsed),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
