#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"
#include "features/model/weights_internal.h"

/* Bytes to come; with bytes == NULL they are only counted. */
typedef struct {
    unsigned char *bytes;
    size_t n_used;
} sink;

static void put(sink *out, const void *data, size_t size)
{
    if (out->bytes != NULL && size > 0) {
        memcpy(out->bytes + out->n_used, data, size);
    }
    out->n_used += size;
}

static void put_uint(sink *out, uint64_t value, size_t n_bytes)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < n_bytes; i++) {
        bytes[i] = (unsigned char)(value >> 8 * i & 0xffU);
    }
    put(out, bytes, n_bytes);
}

static void put_double(sink *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_uint(out, bits, 8);
}

static void put_float(sink *out, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_uint(out, bits, 4);
}

static void put_string(sink *out, const char *text)
{
    put_uint(out, strlen(text), 2);
    put(out, text, strlen(text));
}

static void put_header(sink *out, const silbe_model *model, uint64_t file_size)
{
    const silbe_net_shape *shape = &model->shape;
    const size_t sizes[] = {shape->n_bands,     shape->n_channels,  shape->n_hidden,
                            shape->n_classes,   shape->n_blocks,    shape->block_width,
                            shape->input_width, shape->input_stride};
    const silbe_logmel_options *mel = &model->logmel;
    const double settings[] = {model->rate_hz, mel->low_hz, mel->high_hz,
                               mel->window_s,  mel->hop_s,  mel->floor};
    put(out, SILBE_WEIGHTS_MAGIC, 8);
    put_uint(out, SILBE_WEIGHTS_VERSION, 4);
    put_uint(out, SILBE_WEIGHTS_ORDER, 4);
    put_uint(out, file_size, 8);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        put_uint(out, sizes[i], 4);
    }
    for (size_t b = 0; b < shape->n_blocks; b++) {
        put_uint(out, shape->dilations[b], 4);
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        put_double(out, settings[i]);
    }
    put_uint(out, (uint64_t)mel->scale, 4);
    put_uint(out, model->blank, 4);
    for (size_t k = 0; k < shape->n_classes; k++) {
        put_string(out, model->class_names[k]);
    }
    put_uint(out, strlen(model->comment), 4);
    put(out, model->comment, strlen(model->comment));
}

size_t silbe_weights_n_tensors(const silbe_model *model)
{
    return silbe_net_n_tensors(&model->shape) + 1;
}

silbe_net_tensor silbe_weights_tensor(const silbe_model *model, size_t i, float **values)
{
    if (i == silbe_net_n_tensors(&model->shape)) {
        *values = model->log_prior;
        return (silbe_net_tensor){.name = SILBE_WEIGHTS_PRIOR,
                                  .n_dims = 1,
                                  .dims = {model->shape.n_classes, 0, 0},
                                  .n_values = model->shape.n_classes};
    }
    silbe_net_tensor tensor = silbe_net_tensor_at(&model->shape, i);
    *values = model->params + tensor.offset;
    return tensor;
}

static void put_tensor(sink *out, const silbe_model *model, size_t i, silbe_weights_type type,
                       silbe_err *err)
{
    float *values;
    silbe_net_tensor tensor = silbe_weights_tensor(model, i, &values);
    if (strcmp(tensor.name, SILBE_WEIGHTS_PRIOR) == 0) {
        type = SILBE_WEIGHTS_FLOAT32;
    }
    size_t value_bytes = type == SILBE_WEIGHTS_FLOAT16 ? 2 : 4;
    put_string(out, tensor.name);
    put_uint(out, (uint64_t)type, 4);
    put_uint(out, tensor.n_dims, 4);
    for (size_t d = 0; d < tensor.n_dims; d++) {
        put_uint(out, tensor.dims[d], 4);
    }
    put_uint(out, (uint64_t)tensor.n_values * value_bytes, 8);
    if (out->bytes == NULL) {
        out->n_used += tensor.n_values * value_bytes;
        return;
    }
    for (size_t k = 0; k < tensor.n_values; k++) {
        bool fits = isfinite(values[k]);
        if (type == SILBE_WEIGHTS_FLOAT16) {
            uint16_t half = silbe_half_of_float(values[k]);
            fits = fits && (half & 0x7c00U) != 0x7c00U;
            put_uint(out, half, 2);
        } else {
            put_float(out, values[k]);
        }
        if (!fits) {
            silbe_try(err,
                      silbe_fail(err, SILBE_ERR_DATA, "tensor '%s', value %zu: %g %s", tensor.name,
                                 k, (double)values[k],
                                 isfinite(values[k]) ? "does not fit float16" : "is not finite"));
        }
    }
}

static void put_tensors(sink *out, const silbe_model *model, silbe_weights_type type,
                        silbe_err *err)
{
    size_t n_tensors = silbe_weights_n_tensors(model);
    put_uint(out, n_tensors, 4);
    for (size_t i = 0; i < n_tensors && !silbe_failed(err); i++) {
        put_tensor(out, model, i, type, err);
    }
}

void silbe_weights_check_features(const silbe_model *model, silbe_err *err)
{
    const silbe_logmel_options *mel = &model->logmel;
    const struct {
        const char *name;
        double value, low, high;
    } settings[] = {
        {"rate_hz", model->rate_hz, 1000.0, 1e6},
        {"low_hz", mel->low_hz, 0.0, mel->high_hz},
        {"high_hz", mel->high_hz, 1.0, model->rate_hz / 2.0},
        {"window_s", mel->window_s, 1e-4, 10.0},
        {"hop_s", mel->hop_s, 1e-4, 10.0},
        {"floor", mel->floor, 1e-37, 1e30},
        {"number of bands", (double)mel->n_bands, (double)model->shape.n_bands,
         (double)model->shape.n_bands},
        {"mel scale", (double)mel->scale, 0.0, 1.0},
        {"blank", (double)model->blank, 0.0, (double)model->shape.n_classes - 1.0},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (!(settings[i].value >= settings[i].low && settings[i].value <= settings[i].high)) {
            silbe_try(err, silbe_fail(err, SILBE_ERR_DATA, "%s should be %g .. %g, got %g",
                                      settings[i].name, settings[i].low, settings[i].high,
                                      settings[i].value));
        }
    }
}

static void check_model(const silbe_model *model, silbe_weights_type type, silbe_err *err)
{
    size_t comment_size = strlen(model->comment);
    if ((unsigned)type >= SILBE_WEIGHTS_N_TYPES) {
        silbe_try(err,
                  silbe_fail(err, SILBE_ERR_ARGUMENT, "unknown type of weights %d", (int)type));
    }
    if (comment_size > SILBE_WEIGHTS_MAX_COMMENT ||
        silbe_model_bad_text(model->comment, comment_size, true) != SIZE_MAX) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                  "the comment should be up to %d bytes of UTF-8 without control "
                                  "characters, got %zu bytes",
                                  SILBE_WEIGHTS_MAX_COMMENT, comment_size));
    }
    for (size_t k = 0; k < model->shape.n_classes; k++) {
        if (!(isfinite(model->log_prior[k]) && model->log_prior[k] <= 0.0F)) {
            silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                      "log_prior of class %zu should be finite and <= 0, got %g", k,
                                      (double)model->log_prior[k]));
        }
    }
    silbe_weights_check_features(model, err);
}

silbe_status silbe_weights_format(const silbe_model *model, silbe_weights_type type,
                                  unsigned char **bytes, size_t *size, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *bytes = NULL;
    *size = 0;
    check_model(model, type, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    sink out = {NULL, 0};
    put_header(&out, model, 0);
    put_tensors(&out, model, type, err); /* counts */
    size_t file_size = out.n_used + 8;
    if (file_size > SILBE_WEIGHTS_MAX_BYTES) {
        return silbe_fail(err, SILBE_ERR_DATA, "the weights would take %zu bytes, more than %d",
                          file_size, SILBE_WEIGHTS_MAX_BYTES);
    }
    out = (sink){silbe_alloc(file_size, 1, "bytes of weights", err), 0};
    if (out.bytes == NULL) {
        return err->status;
    }
    put_header(&out, model, file_size);
    put_tensors(&out, model, type, err);
    if (silbe_failed(err)) {
        free(out.bytes);
        return err->status;
    }
    put_uint(&out, silbe_crc64(out.bytes, out.n_used), 8);
    *bytes = out.bytes;
    *size = out.n_used;
    return SILBE_OK;
}

silbe_status silbe_weights_write(const char *path, const silbe_model *model,
                                 silbe_weights_type type, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    unsigned char *bytes;
    size_t size;
    if (silbe_weights_format(model, type, &bytes, &size, err) != SILBE_OK) {
        return silbe_fail_prefix(err, err->status, path);
    }
    if (silbe_atomic_open(&file, path, err) == SILBE_OK) {
        (void)fwrite(bytes, 1, size, file.stream); /* commit checks the stream */
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    free(bytes);
    return err->status;
}
