/* Which kernels run: whatever this processor is, plain C does. */
#include "tests/check.h"

#include <string.h>

#include "align/base/cpu.h"

static void test_kernels(void **state)
{
    (void)state;
    silbe_kernel best = silbe_kernel_best();
    assert_true(best >= SILBE_KERNEL_PORTABLE && best <= SILBE_KERNEL_AVX512);
    for (int k = 0; k < SILBE_N_KERNELS; k++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_status status = silbe_kernel_check((silbe_kernel)k, "X", &err);
        assert_int_equal(status, k <= (int)best ? SILBE_OK : SILBE_ERR_ARGUMENT);
        assert_true(status == SILBE_OK ||
                    strstr(err.message, silbe_kernel_name((silbe_kernel)k)) != NULL);
    }
}

static void test_unknown(void **state)
{
    (void)state;
    const int bad[] = {-1, SILBE_N_KERNELS, 1000};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(silbe_kernel_check((silbe_kernel)bad[i], "DTW", &err), SILBE_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, "DTW: there is no kernel"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
