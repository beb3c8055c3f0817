#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/read_file.h"
#include "features/model/weights_internal.h"

/* Bytes to be read. The first failure makes status other than SILBE_OK, and every read after it
 * gives zeros: so a sequence of reads needs one check, before anything is done with the values. */
typedef struct {
    const unsigned char *bytes;
    size_t size;
    size_t at;
    silbe_status status;
    silbe_err *err;
} source;

static const unsigned char *take(source *in, size_t n, const char *what)
{
    if (in->status != SILBE_OK) {
        return NULL;
    }
    if (n > in->size - in->at) {
        in->status = silbe_fail(in->err, SILBE_ERR_FORMAT,
                                "byte %zu: the file ends within %s (%zu bytes wanted, %zu left)",
                                in->at, what, n, in->size - in->at);
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

static silbe_status take_shape(source *in, silbe_net_shape *shape)
{
    size_t *const fields[] = {&shape->n_bands,     &shape->n_channels,  &shape->n_hidden,
                              &shape->n_classes,   &shape->n_blocks,    &shape->block_width,
                              &shape->input_width, &shape->input_stride};
    *shape = (silbe_net_shape){0};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] = (size_t)take_uint(in, 4, "the network's shape");
    }
    if (in->status == SILBE_OK && shape->n_blocks > SILBE_NET_MAX_BLOCKS) {
        in->status = silbe_fail(in->err, SILBE_ERR_FORMAT, "n_blocks should be 1 .. %d, got %zu",
                                SILBE_NET_MAX_BLOCKS, shape->n_blocks);
    }
    for (size_t b = 0; in->status == SILBE_OK && b < shape->n_blocks; b++) {
        shape->dilations[b] = (size_t)take_uint(in, 4, "the dilations");
    }
    if (in->status == SILBE_OK && silbe_net_shape_check(shape, in->err) != SILBE_OK) {
        in->status = silbe_fail_prefix(in->err, SILBE_ERR_FORMAT, "network's shape");
    }
    return in->status;
}

static silbe_status take_features(source *in, silbe_model *model)
{
    silbe_logmel_options *mel = &model->logmel;
    double *const fields[] = {&model->rate_hz, &mel->low_hz, &mel->high_hz,
                              &mel->window_s,  &mel->hop_s,  &mel->floor};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] = take_double(in, "the feature settings");
    }
    uint64_t scale = take_uint(in, 4, "the mel scale");
    model->blank = (size_t)take_uint(in, 4, "the blank");
    if (in->status == SILBE_OK && scale > 1) {
        in->status = silbe_fail(in->err, SILBE_ERR_FORMAT, "mel scale should be 0 or 1, got %llu",
                                (unsigned long long)scale);
    }
    mel->scale = scale == 0 ? SILBE_MEL_SLANEY : SILBE_MEL_HTK;
    if (in->status == SILBE_OK && silbe_weights_check_features(model, in->err) != SILBE_OK) {
        in->status = silbe_fail_prefix(in->err, SILBE_ERR_FORMAT, "settings");
    }
    return in->status;
}

static silbe_status take_texts(source *in, silbe_model *model)
{
    for (size_t k = 0; k < model->shape.n_classes && in->status == SILBE_OK; k++) {
        size_t size;
        const char *name = take_string(in, &size, "the class names");
        if (in->status == SILBE_OK) {
            in->status = silbe_model_set_class(model, k, name, size, in->err);
        }
    }
    size_t size = (size_t)take_uint(in, 4, "the comment");
    size_t start = in->at;
    const char *text = (const char *)take(in, size, "the comment");
    if (in->status != SILBE_OK) {
        return in->status;
    }
    size_t bad = silbe_model_bad_text(text, size, true);
    if (size > SILBE_WEIGHTS_MAX_COMMENT || bad != SIZE_MAX) {
        return in->status =
                   silbe_fail(in->err, SILBE_ERR_FORMAT,
                              "byte %zu: the comment should be up to %d bytes of UTF-8 "
                              "without control characters",
                              start + (bad == SIZE_MAX ? 0 : bad), SILBE_WEIGHTS_MAX_COMMENT);
    }
    char *comment = calloc(1, size + 1);
    if (comment == NULL) {
        return in->status = silbe_fail(in->err, SILBE_ERR_MEMORY, "no memory for the comment");
    }
    memcpy(comment, text, size);
    free(model->comment);
    model->comment = comment;
    return SILBE_OK;
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

static silbe_status take_values(source *in, const silbe_net_tensor *tensor, uint64_t type,
                                float *values)
{
    size_t value_bytes = type == SILBE_WEIGHTS_FLOAT16 ? 2 : 4;
    uint64_t n_bytes = take_uint(in, 8, tensor->name);
    if (in->status == SILBE_OK && n_bytes != (uint64_t)tensor->n_values * value_bytes) {
        in->status = silbe_fail(
            in->err, SILBE_ERR_FORMAT, "byte %zu: tensor '%s' should have %zu bytes, has %llu",
            in->at - 8, tensor->name, tensor->n_values * value_bytes, (unsigned long long)n_bytes);
    }
    size_t start = in->at;
    const unsigned char *bytes = take(in, tensor->n_values * value_bytes, tensor->name);
    for (size_t k = 0; in->status == SILBE_OK && k < tensor->n_values; k++) {
        if (type == SILBE_WEIGHTS_FLOAT16) {
            values[k] = silbe_float_of_half((uint16_t)uint_of(bytes + 2 * k, 2));
        } else {
            uint32_t bits = (uint32_t)uint_of(bytes + 4 * k, 4);
            memcpy(&values[k], &bits, sizeof bits);
        }
        if (!isfinite(values[k])) {
            in->status = silbe_fail(in->err, SILBE_ERR_FORMAT,
                                    "byte %zu: tensor '%s', value %zu is not finite",
                                    start + k * value_bytes, tensor->name, k);
        }
    }
    return in->status;
}

static silbe_status take_tensor(source *in, inventory *expected)
{
    size_t start = in->at;
    size_t size;
    const char *name = take_string(in, &size, "a tensor's name");
    uint64_t type = take_uint(in, 4, "a tensor's type");
    uint64_t n_dims = take_uint(in, 4, "a tensor's dimensions");
    if (in->status != SILBE_OK) {
        return in->status;
    }
    size_t index = find_tensor(expected, name, size);
    if (index == SIZE_MAX || expected->found[index]) {
        bool is_text = silbe_model_bad_text(name, size, false) == SIZE_MAX && size < 64;
        return in->status = silbe_fail(in->err, SILBE_ERR_FORMAT, "byte %zu: %s tensor '%.*s'",
                                       start, index == SIZE_MAX ? "unknown" : "second",
                                       is_text ? (int)size : 0, name);
    }
    expected->found[index] = true;
    silbe_net_tensor tensor = expected->tensors[index];
    bool is_prior = strcmp(tensor.name, SILBE_WEIGHTS_PRIOR) == 0;
    if (type >= (is_prior ? SILBE_WEIGHTS_FLOAT16 : SILBE_WEIGHTS_N_TYPES)) {
        return in->status = silbe_fail(in->err, SILBE_ERR_FORMAT,
                                       "byte %zu: tensor '%s' has unknown type %llu", start,
                                       tensor.name, (unsigned long long)type);
    }
    bool is_same = n_dims == tensor.n_dims;
    for (size_t d = 0; is_same && d < tensor.n_dims; d++) {
        uint64_t dim = take_uint(in, 4, tensor.name);
        if (in->status == SILBE_OK && dim != tensor.dims[d]) {
            return in->status = silbe_fail(in->err, SILBE_ERR_FORMAT,
                                           "byte %zu: dimension %zu of tensor '%s' should be %zu, "
                                           "is %llu",
                                           in->at - 4, d, tensor.name, tensor.dims[d],
                                           (unsigned long long)dim);
        }
    }
    if (!is_same) {
        return in->status =
                   silbe_fail(in->err, SILBE_ERR_FORMAT,
                              "byte %zu: tensor '%s' should have %zu dimensions, has %llu", start,
                              tensor.name, tensor.n_dims, (unsigned long long)n_dims);
    }
    return take_values(in, &tensor, type, expected->values[index]);
}

static silbe_status take_tensors(source *in, silbe_model *model)
{
    inventory expected = {.n = silbe_weights_n_tensors(model)};
    size_t n_tensors = expected.n;
    for (size_t i = 0; i < n_tensors; i++) {
        expected.tensors[i] = silbe_weights_tensor(model, i, &expected.values[i]);
    }
    uint64_t n_in_file = take_uint(in, 4, "the number of tensors");
    if (in->status == SILBE_OK && n_in_file != n_tensors) {
        in->status = silbe_fail(in->err, SILBE_ERR_FORMAT,
                                "byte %zu: there should be %zu tensors, there are %llu", in->at - 4,
                                n_tensors, (unsigned long long)n_in_file);
    }
    /* As many as there should be, each known and none twice: so none is missing. */
    for (size_t i = 0; i < n_tensors && in->status == SILBE_OK; i++) {
        in->status = take_tensor(in, &expected);
    }
    for (size_t k = 0; in->status == SILBE_OK && k < model->shape.n_classes; k++) {
        if (model->log_prior[k] > 0.0F) {
            in->status = silbe_fail(in->err, SILBE_ERR_FORMAT,
                                    "log_prior of class %zu should be <= 0, is %g", k,
                                    (double)model->log_prior[k]);
        }
    }
    return in->status;
}

silbe_status silbe_weights_parse(const unsigned char *bytes, size_t size, silbe_model *model,
                                 silbe_err *err)
{
    *model = (silbe_model)SILBE_MODEL_INIT;
    silbe_status status = check_frame(bytes, size, err);
    if (status != SILBE_OK) {
        return status;
    }
    source in = {bytes, size - 8, 24, SILBE_OK, err}; /* between size and checksum */
    silbe_net_shape shape;
    status = take_shape(&in, &shape);
    /* At least two bytes per value are to come: no small file can ask for much memory. */
    if (status == SILBE_OK && silbe_net_n_values(&shape) > size / 2) {
        status = silbe_fail(err, SILBE_ERR_FORMAT,
                            "the network's shape has %zu parameters, which do not fit %zu bytes",
                            silbe_net_n_values(&shape), size);
    }
    if (status == SILBE_OK) {
        status = silbe_model_allocate(&shape, model, err);
    }
    if (status == SILBE_OK) {
        status = take_features(&in, model);
    }
    if (status == SILBE_OK) {
        status = take_texts(&in, model);
    }
    if (status == SILBE_OK) {
        status = take_tensors(&in, model);
    }
    if (status == SILBE_OK && in.at != in.size) {
        status = silbe_fail(err, SILBE_ERR_FORMAT, "byte %zu: %zu bytes too many", in.at,
                            in.size - in.at);
    }
    if (status != SILBE_OK) {
        silbe_model_free(model);
    }
    return status;
}

silbe_status silbe_weights_read(const char *path, silbe_model *model, silbe_err *err)
{
    *model = (silbe_model)SILBE_MODEL_INIT;
    char *bytes = NULL;
    size_t size = 0;
    silbe_status status = silbe_read_file(path, SILBE_WEIGHTS_MAX_BYTES, &bytes, &size, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (size > SILBE_WEIGHTS_MAX_BYTES) {
        free(bytes);
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: larger than %d bytes", path,
                          SILBE_WEIGHTS_MAX_BYTES);
    }
    status = silbe_weights_parse((const unsigned char *)bytes, size, model, err);
    if (status != SILBE_OK) {
        status = silbe_fail_prefix(err, status, path);
    }
    free(bytes);
    return status;
}
