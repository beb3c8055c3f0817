#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/base/read_file.h"
#include "features/model/weights_internal.h"

/* Bytes to be read. Once err holds a failure every read gives zeros: so a sequence of reads needs
 * one check, before anything is done with the values. */
typedef struct {
    const unsigned char *bytes;
    size_t size;
    size_t at;
    silbe_err *err;
} source;

static const unsigned char *take(source *in, size_t n, const char *what)
{
    if (silbe_failed(in->err)) {
        return NULL;
    }
    if (n > in->size - in->at) {
        (void)silbe_fail(in->err, SILBE_ERR_FORMAT,
                         "byte %zu: the file ends within %s (%zu bytes wanted, %zu left)", in->at,
                         what, n, in->size - in->at);
        return NULL;
    }
    const unsigned char *bytes = in->bytes + in->at;
    in->at += n;
    return bytes;
}

static uint64_t uint_of(const unsigned char *bytes, size_t n_bytes)
{
    uint64_t value = 0;
    for (size_t i = n_bytes; i-- > 0;) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static uint64_t take_uint(source *in, size_t n_bytes, const char *what)
{
    const unsigned char *bytes = take(in, n_bytes, what);
    return bytes == NULL ? 0 : uint_of(bytes, n_bytes);
}

static double take_double(source *in, const char *what)
{
    uint64_t bits = take_uint(in, 8, what);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Length and bytes, which are not terminated. */
static const char *take_string(source *in, size_t *size, const char *what)
{
    *size = (size_t)take_uint(in, 2, what);
    return (const char *)take(in, *size, what);
}

static silbe_status check_frame(const unsigned char *bytes, size_t size, silbe_err *err)
{
    enum { FIXED = 24, CRC = 8 };
    if (size < FIXED + CRC || memcmp(bytes, SILBE_WEIGHTS_MAGIC, 8) != 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "byte 0: not a file of weights, which begins with '%s'",
                          SILBE_WEIGHTS_MAGIC);
    }
    uint64_t version = uint_of(bytes + 8, 4);
    uint64_t order = uint_of(bytes + 12, 4);
    uint64_t file_size = uint_of(bytes + 16, 8);
    if (order != SILBE_WEIGHTS_ORDER) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "byte 12: byte order mark should be 0x%08x, got 0x%08x: numbers should "
                          "be little-endian",
                          (unsigned)SILBE_WEIGHTS_ORDER, (unsigned)order);
    }
    if (version != SILBE_WEIGHTS_VERSION) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "byte 8: weights of version %u, this program reads version %d",
                          (unsigned)version, SILBE_WEIGHTS_VERSION);
    }
    if (file_size != size) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "byte 16: the file says that it has %llu bytes, it has %zu: get it again",
                          (unsigned long long)file_size, size);
    }
    uint64_t want = uint_of(bytes + size - CRC, CRC);
    uint64_t got = silbe_crc64(bytes, size - CRC);
    if (want != got) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "checksum should be %016llx, got %016llx: the file is damaged, get it "
                          "again",
                          (unsigned long long)want, (unsigned long long)got);
    }
    return SILBE_OK;
}

static void take_shape(source *in, silbe_net_shape *shape)
{
    size_t *const fields[] = {&shape->n_bands,     &shape->n_channels,  &shape->n_hidden,
                              &shape->n_classes,   &shape->n_blocks,    &shape->block_width,
                              &shape->input_width, &shape->input_stride};
    *shape = (silbe_net_shape){0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] = (size_t)take_uint(in, 4, "the network's shape");
    }
    if (shape->n_blocks > SILBE_NET_MAX_BLOCKS) {
        silbe_try(in->err,
                  silbe_fail(in->err, SILBE_ERR_FORMAT, "n_blocks should be 1 .. %d, got %zu",
                             SILBE_NET_MAX_BLOCKS, shape->n_blocks));
    }
    for (size_t b = 0; b < shape->n_blocks && !silbe_failed(in->err); b++) {
        shape->dilations[b] = (size_t)take_uint(in, 4, "the dilations");
    }
    if (!silbe_failed(in->err) && silbe_net_shape_check(shape, in->err) != SILBE_OK) {
        (void)silbe_fail_prefix(in->err, SILBE_ERR_FORMAT, "network's shape");
    }
}

static void take_features(source *in, silbe_model *model)
{
    silbe_logmel_options *mel = &model->logmel;
    double *const fields[] = {&model->rate_hz, &mel->low_hz, &mel->high_hz,
                              &mel->window_s,  &mel->hop_s,  &mel->floor};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] = take_double(in, "the feature settings");
    }
    uint64_t scale = take_uint(in, 4, "the mel scale");
    model->blank = (size_t)take_uint(in, 4, "the blank");
    mel->scale = scale == 0 ? SILBE_MEL_SLANEY : SILBE_MEL_HTK;
    if (scale > 1) {
        silbe_try(in->err,
                  silbe_fail(in->err, SILBE_ERR_FORMAT, "mel scale should be 0 or 1, got %llu",
                             (unsigned long long)scale));
    }
    if (!silbe_failed(in->err)) {
        silbe_weights_check_features(model, in->err);
        if (silbe_failed(in->err)) {
            (void)silbe_fail_prefix(in->err, SILBE_ERR_FORMAT, "settings");
        }
    }
}

static void take_texts(source *in, silbe_model *model)
{
    for (size_t k = 0; k < model->shape.n_classes && !silbe_failed(in->err); k++) {
        size_t size;
        const char *name = take_string(in, &size, "the class names");
        silbe_model_set_class(model, k, name, size, in->err);
    }
    size_t size = (size_t)take_uint(in, 4, "the comment");
    size_t start = in->at;
    const char *text = (const char *)take(in, size, "the comment");
    size_t bad = text != NULL ? silbe_model_bad_text(text, size, true) : SIZE_MAX;
    if (size > SILBE_WEIGHTS_MAX_COMMENT || bad != SIZE_MAX) {
        silbe_try(in->err,
                  silbe_fail(in->err, SILBE_ERR_FORMAT,
                             "byte %zu: the comment should be up to %d bytes of UTF-8 "
                             "without control characters",
                             start + (bad == SIZE_MAX ? 0 : bad), SILBE_WEIGHTS_MAX_COMMENT));
    }
    char *comment = silbe_alloc(size + 1, 1, "characters of the comment", in->err);
    if (comment != NULL) {
        memcpy(comment, text, size);
        free(model->comment);
        model->comment = comment;
    }
}

enum { MAX_TENSORS = 6 + SILBE_NET_BLOCK_TENSORS * SILBE_NET_MAX_BLOCKS + 1 };

/* The tensors that the file should hold, and which of them have come. */
typedef struct {
    size_t n;
    silbe_net_tensor tensors[MAX_TENSORS];
    float *values[MAX_TENSORS]; /* into the model */
    bool found[MAX_TENSORS];
} inventory;

/* Index of the tensor of that name; SIZE_MAX for none. */
static size_t find_tensor(const inventory *expected, const char *name, size_t size)
{
    for (size_t i = 0; i < expected->n; i++) {
        const char *its_name = expected->tensors[i].name;
        if (strlen(its_name) == size && memcmp(its_name, name, size) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void take_values(source *in, const silbe_net_tensor *tensor, uint64_t type, float *values)
{
    size_t value_bytes = type == SILBE_WEIGHTS_FLOAT16 ? 2 : 4;
    uint64_t n_bytes = take_uint(in, 8, tensor->name);
    if (n_bytes != (uint64_t)tensor->n_values * value_bytes) {
        silbe_try(in->err, silbe_fail(in->err, SILBE_ERR_FORMAT,
                                      "byte %zu: tensor '%s' should have %zu bytes, has %llu",
                                      in->at - 8, tensor->name, tensor->n_values * value_bytes,
                                      (unsigned long long)n_bytes));
    }
    size_t start = in->at;
    const unsigned char *bytes = take(in, tensor->n_values * value_bytes, tensor->name);
    for (size_t k = 0; k < tensor->n_values && !silbe_failed(in->err); k++) {
        if (type == SILBE_WEIGHTS_FLOAT16) {
            values[k] = silbe_float_of_half((uint16_t)uint_of(bytes + 2 * k, 2));
        } else {
            uint32_t bits = (uint32_t)uint_of(bytes + 4 * k, 4);
            memcpy(&values[k], &bits, sizeof bits);
        }
        if (!isfinite(values[k])) {
            (void)silbe_fail(in->err, SILBE_ERR_FORMAT,
                             "byte %zu: tensor '%s', value %zu is not finite",
                             start + k * value_bytes, tensor->name, k);
        }
    }
}

/* The next name, whose tensor then counts as found; its index, SIZE_MAX after a failure. */
static size_t take_name(source *in, inventory *expected, const char *name, size_t size,
                        size_t start)
{
    size_t index = silbe_failed(in->err) ? SIZE_MAX : find_tensor(expected, name, size);
    if (index == SIZE_MAX || expected->found[index]) {
        bool is_text = name != NULL && silbe_model_bad_text(name, size, false) == SIZE_MAX;
        silbe_try(in->err, silbe_fail(in->err, SILBE_ERR_FORMAT, "byte %zu: %s tensor '%.*s'",
                                      start, index == SIZE_MAX ? "unknown" : "second",
                                      is_text && size < 64 ? (int)size : 0, name));
        return SIZE_MAX;
    }
    expected->found[index] = true;
    return index;
}

static void take_dimensions(source *in, const silbe_net_tensor *tensor, uint64_t n_dims,
                            size_t start)
{
    for (size_t d = 0; n_dims == tensor->n_dims && d < tensor->n_dims; d++) {
        uint64_t dim = take_uint(in, 4, tensor->name);
        if (dim != tensor->dims[d]) {
            silbe_try(in->err, silbe_fail(in->err, SILBE_ERR_FORMAT,
                                          "byte %zu: dimension %zu of tensor '%s' should be %zu, "
                                          "is %llu",
                                          in->at - 4, d, tensor->name, tensor->dims[d],
                                          (unsigned long long)dim));
        }
    }
    if (n_dims != tensor->n_dims) {
        silbe_try(in->err,
                  silbe_fail(in->err, SILBE_ERR_FORMAT,
                             "byte %zu: tensor '%s' should have %zu dimensions, has %llu", start,
                             tensor->name, tensor->n_dims, (unsigned long long)n_dims));
    }
}

static void take_tensor(source *in, inventory *expected)
{
    size_t start = in->at;
    size_t size;
    const char *name = take_string(in, &size, "a tensor's name");
    uint64_t type = take_uint(in, 4, "a tensor's type");
    uint64_t n_dims = take_uint(in, 4, "a tensor's dimensions");
    size_t index = take_name(in, expected, name, size, start);
    if (index == SIZE_MAX) {
        return;
    }
    const silbe_net_tensor *tensor = &expected->tensors[index];
    bool is_prior = strcmp(tensor->name, SILBE_WEIGHTS_PRIOR) == 0;
    if (type >= (is_prior ? SILBE_WEIGHTS_FLOAT16 : SILBE_WEIGHTS_N_TYPES)) {
        (void)silbe_fail(in->err, SILBE_ERR_FORMAT, "byte %zu: tensor '%s' has unknown type %llu",
                         start, tensor->name, (unsigned long long)type);
    }
    take_dimensions(in, tensor, n_dims, start);
    take_values(in, tensor, type, expected->values[index]);
}

static void take_tensors(source *in, silbe_model *model)
{
    if (silbe_failed(in->err)) {
        return;
    }
    inventory expected = {.n = silbe_weights_n_tensors(model)};
    size_t n_tensors = expected.n;
    for (size_t i = 0; i < n_tensors; i++) {
        expected.tensors[i] = silbe_weights_tensor(model, i, &expected.values[i]);
    }
    uint64_t n_in_file = take_uint(in, 4, "the number of tensors");
    if (n_in_file != n_tensors) {
        silbe_try(in->err, silbe_fail(in->err, SILBE_ERR_FORMAT,
                                      "byte %zu: there should be %zu tensors, there are %llu",
                                      in->at - 4, n_tensors, (unsigned long long)n_in_file));
    }
    /* As many as there should be, each known and none twice: so none is missing. */
    for (size_t i = 0; i < n_tensors; i++) {
        take_tensor(in, &expected);
    }
    for (size_t k = 0; k < model->shape.n_classes && !silbe_failed(in->err); k++) {
        if (model->log_prior[k] > 0.0F) {
            (void)silbe_fail(in->err, SILBE_ERR_FORMAT,
                             "log_prior of class %zu should be <= 0, is %g", k,
                             (double)model->log_prior[k]);
        }
    }
}

silbe_status silbe_weights_parse(const unsigned char *bytes, size_t size, silbe_model *model,
                                 silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *model = (silbe_model)SILBE_MODEL_INIT;
    silbe_try(err, check_frame(bytes, size, err));
    source in = {bytes, size - 8, 24, err}; /* between size and checksum */
    silbe_net_shape shape;
    take_shape(&in, &shape);
    /* At least two bytes per value are to come: no small file can ask for much memory. */
    if (!silbe_failed(err) && silbe_net_n_values(&shape) > size / 2) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "the network's shape has %zu parameters, which do not fit %zu bytes",
                         silbe_net_n_values(&shape), size);
    }
    silbe_model_allocate(&shape, model, err);
    take_features(&in, model);
    take_texts(&in, model);
    take_tensors(&in, model);
    if (in.at != in.size) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT, "byte %zu: %zu bytes too many", in.at,
                                  in.size - in.at));
    }
    if (silbe_failed(err)) {
        silbe_model_free(model);
    }
    return err->status;
}

silbe_status silbe_weights_read(const char *path, silbe_model *model, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *model = (silbe_model)SILBE_MODEL_INIT;
    char *bytes = NULL;
    size_t size = 0;
    silbe_try(err, silbe_read_file(path, SILBE_WEIGHTS_MAX_BYTES, &bytes, &size, err));
    if (size > SILBE_WEIGHTS_MAX_BYTES) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: larger than %d bytes", path,
                         SILBE_WEIGHTS_MAX_BYTES);
    }
    if (!silbe_failed(err) &&
        silbe_weights_parse((const unsigned char *)bytes, size, model, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, path);
    }
    free(bytes);
    return err->status;
}
