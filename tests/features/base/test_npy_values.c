/* Numbers read and written the portable way: by hand, and against the fast one. */
#include "tests/check.h"

#include <string.h>
#include <unistd.h>

#include "features/base/npy_values.h"

static const char PATH[] = "test_npy_values.bin";

enum { N = 20000 }; /* several blocks and a rest */

/* Values of any bit pattern, NaN and infinities among them. */
static unsigned char *random_bytes(size_t n, uint64_t seed)
{
    check_rng rng = check_rng_new(seed);
    unsigned char *bytes = malloc(n);
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++) {
        bytes[i] = (unsigned char)check_random(&rng);
    }
    return bytes;
}

static void write_file(const void *bytes, size_t n)
{
    FILE *stream = fopen(PATH, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, n, stream), n);
    assert_int_equal(fclose(stream), 0);
}

static void put(const void *values, size_t item_size, size_t n, bool is_native)
{
    FILE *stream = fopen(PATH, "wb");
    assert_non_null(stream);
    silbe_npy_put_values(stream, values, item_size, n, is_native);
    assert_int_equal(fclose(stream), 0);
}

static bool get(size_t file_size, void *values, size_t item_size, size_t n, bool is_native)
{
    FILE *stream = fopen(PATH, "rb");
    assert_non_null(stream);
    bool is_whole = silbe_npy_get_values(stream, file_size, values, item_size, n, is_native);
    assert_int_equal(fclose(stream), 0);
    return is_whole;
}

static void check_file_is(const void *want, size_t n)
{
    unsigned char *got = malloc(n + 1);
    FILE *stream = fopen(PATH, "rb");
    assert_non_null(stream);
    assert_non_null(got);
    assert_int_equal(fread(got, 1, n + 1, stream), n);
    assert_int_equal(fclose(stream), 0);
    assert_memory_equal(got, want, n);
    free(got);
}

/* IEEE 754 by hand: 1 = 3f800000, -2.5 = c0200000, 0.1 = 3fb999999999999a; lowest byte first. The
 * portable way gives this on every machine. */
static void portable_by_hand(void **state)
{
    (void)state;
    static const unsigned char FLOATS[] = {0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0};
    static const unsigned char DOUBLE[] = {0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f};
    const float floats[] = {1.0F, -2.5F};
    const double number = 0.1;
    float floats_back[2];
    double number_back = 0, floats_as_doubles[2];
    float number_as_float = 0;
    put(floats, sizeof(float), 2, false);
    check_file_is(FLOATS, sizeof FLOATS);
    assert_true(get(4, floats_back, sizeof(float), 2, false));
    assert_memory_equal(floats_back, floats, sizeof floats);
    assert_true(get(4, floats_as_doubles, sizeof(double), 2, false));
    assert_true(floats_as_doubles[0] == 1.0 && floats_as_doubles[1] == -2.5);
    put(&number, sizeof(double), 1, false);
    check_file_is(DOUBLE, sizeof DOUBLE);
    assert_true(get(8, &number_back, sizeof(double), 1, false));
    assert_true(number_back == 0.1);
    assert_true(get(8, &number_as_float, sizeof(float), 1, false));
    assert_true(number_as_float == 0.1F);
}

static void both_ways_agree(void **state)
{
    (void)state;
    if (!silbe_npy_is_native()) {
        skip();
    }
    static const size_t SIZES[] = {4, 8};
    unsigned char *values = random_bytes((size_t)8 * N, 81);
    unsigned char *fast = malloc((size_t)8 * N), *portable = malloc((size_t)8 * N);
    assert_non_null(fast);
    assert_non_null(portable);
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 2; k++) {
            size_t file_size = SIZES[i], item_size = SIZES[k];
            write_file(values, file_size * N);
            assert_true(get(file_size, fast, item_size, N, true));
            assert_true(get(file_size, portable, item_size, N, false));
            assert_memory_equal(fast, portable, item_size * N);
            for (size_t j = 0; j < N && file_size != item_size; j++) {
                float single;
                double number, want, got = 0;
                memcpy(&single, values + j * sizeof single, sizeof single);
                memcpy(&number, values + j * sizeof number, sizeof number);
                memcpy(&got, fast + j * item_size, item_size);
                want = single;
                single = (float)number;
                assert_memory_equal(&got, file_size == 4 ? (void *)&want : &single, item_size);
            }
        }
        put(values, SIZES[i], N, true);
        check_file_is(values, SIZES[i] * N);
        put(values, SIZES[i], N, false);
        check_file_is(values, SIZES[i] * N);
    }
    free(values);
    free(fast);
    free(portable);
}

/* Whatever the sizes, a file that ends early says so, and nothing is read behind its end. */
static void a_short_file_is_noticed(void **state)
{
    (void)state;
    static const size_t SIZES[] = {4, 8};
    unsigned char *values = random_bytes((size_t)8 * N, 82);
    unsigned char *got = malloc((size_t)8 * N);
    assert_non_null(got);
    for (size_t i = 0; i < 8; i++) {
        size_t file_size = SIZES[i % 2], item_size = SIZES[i / 2 % 2];
        write_file(values, file_size * N - 1);
        assert_false(get(file_size, got, item_size, N, i < 4));
        assert_true(get(file_size, got, item_size, N - 1, i < 4));
    }
    free(values);
    free(got);
    assert_int_equal(unlink(PATH), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portable_by_hand),
        cmocka_unit_test(both_ways_agree),
        cmocka_unit_test(a_short_file_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
