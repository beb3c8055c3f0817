#include "tests/check.h"

#include <string.h>

#include "features/base/status.h"

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int i = 0; i < SILBE_N_STATUS; i++) {
        assert_non_null(silbe_status_str((silbe_status)i));
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(silbe_status_str((silbe_status)i),
                                    silbe_status_str((silbe_status)j));
        }
    }
    assert_string_equal(silbe_status_str(SILBE_N_STATUS), "unknown status");
    assert_string_equal(silbe_status_str((silbe_status)-1), "unknown status");
}

static void fail_fills_and_returns(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(silbe_fail(&err, SILBE_ERR_DATA, "%s: %d", "x.wav", 7), SILBE_ERR_DATA);
    assert_int_equal(err.status, SILBE_ERR_DATA);
    assert_string_equal(err.message, "x.wav: 7");
    assert_non_null(strstr(err.source_file, "test_status.c"));
    assert_true(err.source_line > 0);
    assert_int_equal(silbe_fail(NULL, SILBE_ERR_IO, "nobody listens"), SILBE_ERR_IO);
}

static void long_messages_are_cut_not_overrun(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    char text[3 * SILBE_ERR_MESSAGE_SIZE];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(silbe_fail(&err, SILBE_ERR_IO, "%s", text), SILBE_ERR_IO);
    assert_int_equal(strlen(err.message), SILBE_ERR_MESSAGE_SIZE - 1);
    assert_int_equal(silbe_fail_prefix(&err, SILBE_ERR_IO, text), SILBE_ERR_IO);
    assert_true(strlen(err.message) < SILBE_ERR_MESSAGE_SIZE);
}

static void prefix_stands_in_front(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    (void)silbe_fail(&err, SILBE_ERR_FORMAT, "line 3: no colon");
    assert_int_equal(silbe_fail_prefix(&err, SILBE_ERR_FORMAT, "a.csv"), SILBE_ERR_FORMAT);
    assert_string_equal(err.message, "a.csv: line 3: no colon");
    assert_int_equal(silbe_fail_prefix(NULL, SILBE_ERR_FORMAT, "a.csv"), SILBE_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_text),
        cmocka_unit_test(fail_fills_and_returns),
        cmocka_unit_test(long_messages_are_cut_not_overrun),
        cmocka_unit_test(prefix_stands_in_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
