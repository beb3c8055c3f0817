#define _POSIX_C_SOURCE 200809L
#include "features/base/npy.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"
#include "features/base/npy_values.h"

static const char MAGIC[6] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};

enum {
    PREFIX_SIZE = 10,       /* magic, version, length of the header in two bytes */
    ALIGNMENT = 64,         /* prefix and header together */
    MAX_HEADER_SIZE = 4096, /* of two numbers and two words; numpy writes 118 */
};

/* ---- writing ---- */

static void put_header(FILE *stream, const char *descr, size_t n_rows, size_t n_cols)
{
    char header[256];
    int length = snprintf(header, sizeof header,
                          "{'descr': '%s', 'fortran_order': False, 'shape': (%zu, %zu), }", descr,
                          n_rows, n_cols);
    size_t size = (PREFIX_SIZE + (size_t)length + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t header_size = size - PREFIX_SIZE;
    memset(header + length, ' ', header_size - (size_t)length - 1);
    header[header_size - 1] = '\n';
    const unsigned char version_and_size[4] = {1, 0, (unsigned char)(header_size & 0xff),
                                               (unsigned char)(header_size >> 8)};
    (void)fwrite(MAGIC, 1, sizeof MAGIC, stream);
    (void)fwrite(version_and_size, 1, sizeof version_and_size, stream);
    (void)fwrite(header, 1, header_size, stream);
}

silbe_status silbe_npy_write_matrix(const char *path, const silbe_matrix *matrix, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    put_header(file.stream, "<f4", matrix->n_rows, matrix->n_cols);
    /* A failed write shows in commit, through the error flag of the stream. */
    silbe_npy_put_values(file.stream, matrix->data, sizeof(float), matrix->n_rows * matrix->n_cols,
                         silbe_npy_is_native());
    return silbe_atomic_commit(&file, err);
}

silbe_status silbe_npy_write_doubles(const char *path, const double *data, size_t n_rows,
                                     size_t n_cols, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    if (n_cols != 0 && n_rows > SIZE_MAX / sizeof(double) / n_cols) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: %zu x %zu values overflow size_t", path,
                          n_rows, n_cols);
    }
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    put_header(file.stream, "<f8", n_rows, n_cols);
    silbe_npy_put_values(file.stream, data, sizeof(double), n_rows * n_cols, silbe_npy_is_native());
    return silbe_atomic_commit(&file, err);
}

/* ---- reading ---- */

/* What a header says. */
typedef struct {
    size_t item_size; /* 4 or 8 */
    size_t shape[2];
    size_t n_dims;
    bool has_descr;
    bool has_order;
    bool has_shape;
} npy_header;

/* The header's text, a Python literal, and where we are in it. */
typedef struct {
    const char *path;
    const char *text;
    const char *at;
} scanner;

static void fail_at(const scanner *s, const char *expected, silbe_err *err)
{
    silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT,
                              "%s: .npy header, character %zu: %s is expected, got \"%.20s\"",
                              s->path, (size_t)(s->at - s->text) + 1, expected, s->at));
}

static void skip_blanks(scanner *s)
{
    s->at += strspn(s->at, " ");
}

/* Skips blanks and takes text if it comes next. */
static bool take(scanner *s, const char *text)
{
    skip_blanks(s);
    if (strncmp(s->at, text, strlen(text)) != 0) {
        return false;
    }
    s->at += strlen(text);
    return true;
}

static void read_descr(scanner *s, npy_header *header, silbe_err *err)
{
    if (take(s, "'<f4'")) {
        header->item_size = sizeof(float);
    } else if (take(s, "'<f8'")) {
        header->item_size = sizeof(double);
    } else {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: the numbers are of type %.*s, not '<f4' or '<f8' (little-endian "
                         "float32 or float64); save with array.astype('<f4')",
                         s->path, (int)strcspn(s->at, ","), s->at);
    }
}

static void read_order(scanner *s, silbe_err *err)
{
    if (take(s, "True")) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: the array is in Fortran order; save numpy.ascontiguousarray(array)",
                         s->path);
    } else if (!take(s, "False")) {
        fail_at(s, "True or False", err);
    }
}

static size_t read_size(scanner *s, silbe_err *err)
{
    char *end = NULL;
    if (*s->at < '0' || *s->at > '9') {
        fail_at(s, "a size", err);
        return 0;
    }
    errno = 0;
    unsigned long long size = strtoull(s->at, &end, 10);
    if (errno != 0 || size > SIZE_MAX) {
        fail_at(s, "a size that a computer can hold", err);
    }
    s->at = end;
    return (size_t)size;
}

static void read_shape(scanner *s, npy_header *header, silbe_err *err)
{
    if (!take(s, "(")) {
        fail_at(s, "(", err);
    }
    header->n_dims = 0;
    while (!silbe_failed(err) && !take(s, ")")) {
        size_t size = read_size(s, err);
        if (header->n_dims < 2) {
            header->shape[header->n_dims] = size;
        }
        header->n_dims++;
        if (!take(s, ",") && *s->at != ')') {
            fail_at(s, "a comma", err);
        }
    }
    if (header->n_dims < 1 || header->n_dims > 2) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT,
                                  "%s: the array has %zu dimensions; it should have two, frames "
                                  "and values",
                                  s->path, header->n_dims));
    }
}

/* "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }" with any order of keys. */
static void parse_header(scanner *s, npy_header *header, silbe_err *err)
{
    if (!take(s, "{")) {
        fail_at(s, "{", err);
    }
    while (!silbe_failed(err) && !take(s, "}")) {
        bool nothing = false, *seen = &nothing;
        if (take(s, "'descr':")) {
            seen = &header->has_descr;
            read_descr(s, header, err);
        } else if (take(s, "'fortran_order':")) {
            seen = &header->has_order;
            read_order(s, err);
        } else if (take(s, "'shape':")) {
            seen = &header->has_shape;
            read_shape(s, header, err);
        } else {
            fail_at(s, "'descr':, 'fortran_order':, 'shape': or }", err);
        }
        if (*seen) {
            fail_at(s, "each key once; a comma or }", err);
        }
        *seen = true;
        if (!take(s, ",") && *s->at != '}') {
            fail_at(s, "a comma or }", err);
        }
    }
    skip_blanks(s);
    if (strcmp(s->at, "\n") != 0) {
        fail_at(s, "the end of the header", err);
    }
    if (!header->has_descr || !header->has_order || !header->has_shape) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT,
                                  "%s: the .npy header lacks 'descr', 'fortran_order' or 'shape'",
                                  s->path));
    }
}

static silbe_status read_header(FILE *stream, const char *path, npy_header *header, silbe_err *err)
{
    unsigned char prefix[PREFIX_SIZE + 2];
    if (fread(prefix, 1, PREFIX_SIZE, stream) != PREFIX_SIZE ||
        memcmp(prefix, MAGIC, sizeof MAGIC) != 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: is not a .npy file (numpy.save writes them)",
                          path);
    }
    size_t header_size = prefix[8] | (size_t)prefix[9] << 8;
    bool is_long = prefix[6] == 2 || prefix[6] == 3; /* these have four bytes of length */
    if ((prefix[6] != 1 && !is_long) || prefix[7] != 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: .npy version %d.%d is not known; 1.0, 2.0 and 3.0 are", path,
                          prefix[6], prefix[7]);
    }
    if (is_long) {
        if (fread(prefix + PREFIX_SIZE, 1, 2, stream) != 2) {
            return silbe_fail(err, SILBE_ERR_FORMAT, "%s: ends inside the .npy header", path);
        }
        header_size |= (size_t)prefix[10] << 16 | (size_t)prefix[11] << 24;
    }
    char text[MAX_HEADER_SIZE + 1];
    if (header_size > MAX_HEADER_SIZE) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: .npy header of %zu bytes; of a plain array it has at most %d", path,
                          header_size, MAX_HEADER_SIZE);
    }
    if (fread(text, 1, header_size, stream) != header_size) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: ends inside the .npy header", path);
    }
    text[header_size] = '\0';
    if (strlen(text) != header_size) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: the .npy header contains a zero byte", path);
    }
    scanner s = {path, text, text};
    parse_header(&s, header, err);
    return err->status;
}

/* The size that the file must have, against the one it has: before anything is allocated. */
static silbe_status check_size(FILE *stream, const char *path, const npy_header *header,
                               size_t n_rows, size_t n_cols, silbe_err *err)
{
    struct stat info;
    long position = ftell(stream);
    if (fstat(fileno(stream), &info) != 0 || position < 0 || !S_ISREG(info.st_mode)) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: is not a regular file", path);
    }
    uint64_t have = (uint64_t)info.st_size - (uint64_t)position;
    if (n_cols != 0 && n_rows > SIZE_MAX / header->item_size / n_cols) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: %zu x %zu values overflow size_t", path,
                          n_rows, n_cols);
    }
    uint64_t want = (uint64_t)(n_rows * n_cols * header->item_size);
    if (have != want) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "%s: %zu x %zu values take %llu bytes behind the header, the file has "
                          "%llu; it was %s",
                          path, n_rows, n_cols, (unsigned long long)want, (unsigned long long)have,
                          have < want ? "cut off" : "written to after its end");
    }
    return SILBE_OK;
}

/* Fills an array of n values of item_size bytes. */
static void read_values(FILE *stream, const char *path, size_t file_size, void *values,
                        size_t item_size, size_t n, silbe_err *err)
{
    if (!silbe_failed(err) && n > 0 &&
        !silbe_npy_get_values(stream, file_size, values, item_size, n, silbe_npy_is_native())) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: reading failed: %s", path,
                         ferror(stream) ? strerror(errno) : "it was cut off meanwhile");
    }
}

/* Opens path and reads its header; *n_rows and *n_cols agree with the file's size. The caller
 * closes the stream, also after a failure. */
static FILE *open_array(const char *path, size_t expected_cols, npy_header *header, size_t *n_rows,
                        size_t *n_cols, silbe_err *err)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    }
    silbe_try(err, read_header(stream, path, header, err));
    *n_rows = header->shape[0];
    *n_cols = header->n_dims == 2 ? header->shape[1] : 1;
    if (expected_cols != 0 && *n_cols != expected_cols) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MISMATCH,
                                  "%s: has %zu values a frame, %zu are expected", path, *n_cols,
                                  expected_cols));
    }
    silbe_try(err, check_size(stream, path, header, *n_rows, *n_cols, err));
    return stream;
}

static void close_array(FILE *stream)
{
    if (stream != NULL) {
        (void)fclose(stream);
    }
}

silbe_status silbe_npy_read_matrix(const char *path, size_t expected_cols, silbe_matrix *matrix,
                                   silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    npy_header header = {0};
    size_t n_rows = 0, n_cols = 0;
    *matrix = (silbe_matrix)SILBE_MATRIX_INIT;
    FILE *stream = open_array(path, expected_cols, &header, &n_rows, &n_cols, err);
    silbe_try(err, silbe_matrix_new(matrix, n_rows, n_cols, err));
    read_values(stream, path, header.item_size, matrix->data, sizeof *matrix->data, n_rows * n_cols,
                err);
    close_array(stream);
    if (silbe_failed(err)) {
        silbe_matrix_free(matrix);
    }
    return err->status;
}

silbe_status silbe_npy_read_doubles(const char *path, size_t expected_cols, double **data,
                                    size_t *n_rows, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    npy_header header = {0};
    size_t n_cols = 0;
    FILE *stream = open_array(path, expected_cols, &header, n_rows, &n_cols, err);
    *data = silbe_alloc(*n_rows * n_cols, sizeof **data, "values", err);
    read_values(stream, path, header.item_size, *data, sizeof **data, *n_rows * n_cols, err);
    close_array(stream);
    if (silbe_failed(err)) {
        free(*data);
        *data = NULL;
    }
    return err->status;
}

/* ---- some rows at a time ---- */

silbe_status silbe_npy_rows_open(const char *path, size_t expected_cols, silbe_npy_rows *rows,
                                 silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    npy_header header = {0};
    *rows = (silbe_npy_rows)SILBE_NPY_ROWS_INIT;
    rows->path = path;
    rows->stream = open_array(path, expected_cols, &header, &rows->n_rows, &rows->n_cols, err);
    rows->item_size = header.item_size;
    rows->start = silbe_failed(err) ? 0 : ftell(rows->stream);
    return err->status;
}

silbe_status silbe_npy_rows_read(silbe_npy_rows *rows, size_t n, float *values, size_t *n_read,
                                 silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n_left = rows->n_rows - rows->next_row;
    *n_read = n < n_left ? n : n_left;
    rows->next_row += *n_read;
    read_values(rows->stream, rows->path, rows->item_size, values, sizeof *values,
                *n_read * rows->n_cols, err);
    return err->status;
}

silbe_status silbe_npy_rows_rewind(silbe_npy_rows *rows, silbe_err *err)
{
    if (fseek(rows->stream, rows->start, SEEK_SET) != 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read again: %s", rows->path,
                          strerror(errno));
    }
    rows->next_row = 0;
    return SILBE_OK;
}

void silbe_npy_rows_close(silbe_npy_rows *rows)
{
    close_array(rows->stream);
    *rows = (silbe_npy_rows)SILBE_NPY_ROWS_INIT;
}

void silbe_npy_put_header(FILE *stream, size_t n_rows, size_t n_cols)
{
    put_header(stream, "<f4", n_rows, n_cols);
}

void silbe_npy_put_floats(FILE *stream, const float *values, size_t n)
{
    silbe_npy_put_values(stream, values, sizeof *values, n, silbe_npy_is_native());
}
