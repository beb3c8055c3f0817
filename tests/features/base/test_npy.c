#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <string.h>
#include <unistd.h>

#include "features/base/npy.h"

static const char PATH[] = "test_npy.npy";

/* A header of 118 bytes as numpy pads it: text, blanks, newline. */
#define NUMPY_HEADER_SIZE 118

/* numpy.save(numpy.array([[1, -2.5, inf], [0, 3, nan]], '<f4')) with numpy 1.24.2: the header
 * "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" and these 24 bytes. */
static const char FLOATS_HEADER[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
static const unsigned char FLOATS[24] = {0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0, 0, 0, 0x80, 0x7f,
                                         0, 0, 0,    0,    0, 0, 0x40, 0x40, 0, 0, 0xc0, 0x7f};

/* numpy.save(numpy.array([[0.1], [2e300]], '<f8')), likewise. */
static const char DOUBLES_HEADER[] = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }";
static const unsigned char DOUBLES[16] = {0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f,
                                          0x9c, 0x75, 0x00, 0x88, 0x3c, 0xe4, 0x47, 0x7e};

static size_t build(unsigned char *bytes, int version, const char *header, const void *data,
                    size_t data_size)
{
    size_t prefix = version == 1 ? 10 : 12;
    size_t size = version == 1 ? NUMPY_HEADER_SIZE : NUMPY_HEADER_SIZE - 2;
    memcpy(bytes, "\x93NUMPY", 6);
    memset(bytes + 6, 0, prefix - 6);
    bytes[6] = (unsigned char)version;
    bytes[8] = (unsigned char)size;
    memset(bytes + prefix, ' ', size);
    memcpy(bytes + prefix, header, strlen(header));
    bytes[prefix + size - 1] = '\n';
    if (data_size > 0) {
        memcpy(bytes + prefix + size, data, data_size);
    }
    return prefix + size + data_size;
}

static void write_bytes(const unsigned char *bytes, size_t n)
{
    FILE *stream = fopen(PATH, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, n, stream), n);
    assert_int_equal(fclose(stream), 0);
}

static void check_file_is(const unsigned char *bytes, size_t n)
{
    unsigned char got[1024];
    FILE *stream = fopen(PATH, "rb");
    assert_non_null(stream);
    assert_int_equal(fread(got, 1, sizeof got, stream), n);
    assert_int_equal(fclose(stream), 0);
    assert_memory_equal(got, bytes, n);
}

static void writes_what_numpy_writes(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    unsigned char want[1024];
    float values[6];
    silbe_matrix m = {values, 2, 3};
    memcpy(values, FLOATS, sizeof values);
    check_ok(silbe_npy_write_matrix(PATH, &m, &err), err);
    check_file_is(want, build(want, 1, FLOATS_HEADER, FLOATS, sizeof FLOATS));
    const double doubles[2] = {0.1, 2e300};
    check_ok(silbe_npy_write_doubles(PATH, doubles, 2, 1, &err), err);
    check_file_is(want, build(want, 1, DOUBLES_HEADER, DOUBLES, sizeof DOUBLES));
}

static void reads_what_numpy_writes(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    unsigned char bytes[1024];
    silbe_matrix m;
    for (int version = 1; version <= 3; version++) {
        write_bytes(bytes, build(bytes, version, FLOATS_HEADER, FLOATS, sizeof FLOATS));
        check_ok(silbe_npy_read_matrix(PATH, 3, &m, &err), err);
        assert_int_equal(m.n_rows, 2);
        assert_int_equal(m.n_cols, 3);
        assert_memory_equal(m.data, FLOATS, sizeof FLOATS);
        silbe_matrix_free(&m);
    }
    write_bytes(bytes, build(bytes, 1, DOUBLES_HEADER, DOUBLES, sizeof DOUBLES));
    check_ok(silbe_npy_read_matrix(PATH, 0, &m, &err), err);
    check_close(m.data[0], 0.1, 1e-8);
    assert_true(isinf(m.data[1]) && m.data[1] > 0); /* beyond float */
    silbe_matrix_free(&m);
}

/* Legal headers that numpy does not write itself. */
static void reads_other_spellings(void **state)
{
    (void)state;
    const struct {
        const char *header;
        size_t n_rows, n_cols;
    } cases[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", 6, 1},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6,)}", 6, 1},
        {"{'shape':(6,1),'fortran_order':False,'descr':'<f4'}", 6, 1},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }", 1, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        unsigned char bytes[1024];
        silbe_matrix m;
        write_bytes(bytes, build(bytes, 1, cases[i].header, FLOATS, sizeof FLOATS));
        check_ok(silbe_npy_read_matrix(PATH, 0, &m, &err), err);
        assert_int_equal(m.n_rows, cases[i].n_rows);
        assert_int_equal(m.n_cols, cases[i].n_cols);
        silbe_matrix_free(&m);
    }
}

static void any_size_survives_the_round_trip(void **state)
{
    (void)state;
    const size_t sizes[][2] = {{0, 12}, {1, 1}, {4096, 1}, {4097, 3}, {1000, 12}, {5, 0}};
    check_rng rng = check_rng_new(1);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_matrix m;
        silbe_matrix back;
        size_t n = sizes[i][0] * sizes[i][1];
        check_ok(silbe_matrix_new(&m, sizes[i][0], sizes[i][1], &err), err);
        for (size_t k = 0; k < n; k++) {
            m.data[k] = (float)(check_uniform(&rng) - 0.5);
        }
        check_ok(silbe_npy_write_matrix(PATH, &m, &err), err);
        check_ok(silbe_npy_read_matrix(PATH, sizes[i][1], &back, &err), err);
        assert_int_equal(back.n_rows, m.n_rows);
        assert_int_equal(back.n_cols, m.n_cols);
        if (n > 0) {
            assert_memory_equal(back.data, m.data, n * sizeof *m.data);
        }
        silbe_matrix_free(&m);
        silbe_matrix_free(&back);
    }
}

static void malformed_headers_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *header;
        const char *message;
    } cases[] = {
        {"", "{ is expected"},
        {"{", "is expected"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)", "comma or }"},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "'>f4'"},
        {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", "'<i4'"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", "type"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "Fortran"},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }", "True or False"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "0 dimensions"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }", "3 dimensions"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }", "a size"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2.0, 3), }", "comma"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2 3), }", "comma"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': 6, }", "( is expected"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999999, 1), }",
         "computer can hold"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
         "overflow"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 12), }", "cut off"},
        {"{'descr' : '<f4', 'fortran_order': False, 'shape': (2, 3), }", "is expected"},
        {"{'descr': '<f4', 'fortran_order': False}", "lacks"},
        {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "once"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}", "is expected"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x", "end of the header"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", "written to after"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }", "cut off"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        unsigned char bytes[1024];
        silbe_matrix m;
        write_bytes(bytes, build(bytes, 1, cases[i].header, FLOATS, sizeof FLOATS));
        assert_int_equal(silbe_npy_read_matrix(PATH, 0, &m, &err), SILBE_ERR_FORMAT);
        assert_null(m.data);
        if (strstr(err.message, cases[i].message) == NULL || strstr(err.message, PATH) == NULL) {
            print_error("case %zu: %s\n", i, err.message);
            fail();
        }
    }
}

/* Every file that is cut short, and some that are not .npy at all. */
static void truncated_and_foreign_files_are_refused(void **state)
{
    (void)state;
    unsigned char bytes[1024];
    size_t size = build(bytes, 1, FLOATS_HEADER, FLOATS, sizeof FLOATS);
    silbe_matrix m;
    for (size_t n = 0; n < size; n++) {
        silbe_err err = SILBE_ERR_INIT;
        write_bytes(bytes, n);
        assert_int_equal(silbe_npy_read_matrix(PATH, 0, &m, &err), SILBE_ERR_FORMAT);
    }
    const struct {
        size_t at;
        unsigned char value;
    } changes[] = {{0, 'R'}, {5, 'X'}, {6, 0},  {6, 4},   {6, 9},  {7, 1},
                   {8, 255}, {9, 255}, {20, 0}, {8, 117}, {8, 119}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        silbe_err err = SILBE_ERR_INIT;
        size = build(bytes, 1, FLOATS_HEADER, FLOATS, sizeof FLOATS);
        bytes[changes[i].at] = changes[i].value;
        write_bytes(bytes, size);
        assert_int_equal(silbe_npy_read_matrix(PATH, 0, &m, &err), SILBE_ERR_FORMAT);
    }
}

static void wrong_width_and_places_are_reported(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    unsigned char bytes[1024];
    silbe_matrix m = SILBE_MATRIX_INIT;
    write_bytes(bytes, build(bytes, 1, FLOATS_HEADER, FLOATS, sizeof FLOATS));
    assert_int_equal(silbe_npy_read_matrix(PATH, 12, &m, &err), SILBE_ERR_MISMATCH);
    assert_int_equal(silbe_npy_read_matrix("test_npy.none", 0, &m, &err), SILBE_ERR_IO);
    assert_int_equal(silbe_npy_write_matrix("test_npy.none/x.npy", &m, &err), SILBE_ERR_IO);
    assert_int_equal(silbe_npy_write_doubles(PATH, NULL, SIZE_MAX, 2, &err), SILBE_ERR_ARGUMENT);
    assert_true(silbe_npy_read_matrix(".", 0, &m, &err) != SILBE_OK);
    assert_int_equal(unlink(PATH), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_numpy_writes),
        cmocka_unit_test(reads_what_numpy_writes),
        cmocka_unit_test(reads_other_spellings),
        cmocka_unit_test(any_size_survives_the_round_trip),
        cmocka_unit_test(malformed_headers_are_refused),
        cmocka_unit_test(truncated_and_foreign_files_are_refused),
        cmocka_unit_test(wrong_width_and_places_are_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
