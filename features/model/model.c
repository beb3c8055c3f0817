#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/model/weights.h"
#include "features/model/weights_internal.h"

float *silbe_model_floats_new(size_t n, silbe_err *err)
{
    bool fits = !silbe_failed(err) && n <= SIZE_MAX / sizeof(float) - 64;
    size_t bytes = fits ? (n * sizeof(float) + 63) / 64 * 64 : 0;
    float *values =
        silbe_need(fits ? aligned_alloc(64, bytes > 0 ? bytes : 64) : NULL, "the network", err);
    if (values != NULL) {
        memset(values, 0, bytes);
    }
    return values;
}

/* UTF-8 sequence length at text, 0 if malformed (overlong, surrogate, too large) or control. */
static size_t utf8_length(const unsigned char *text, size_t size)
{
    if (text[0] < 0x80U) {
        return text[0] >= 0x20U && text[0] != 0x7fU ? 1 : 0;
    }
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least;
    } forms[] = {{0xe0U, 0xc0U, 2, 0x80U}, {0xf0U, 0xe0U, 3, 0x800U}, {0xf8U, 0xf0U, 4, 0x10000U}};
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if ((text[0] & forms[f].mask) != forms[f].lead) {
            continue;
        }
        uint32_t code = text[0] & (unsigned char)~forms[f].mask;
        if (size < forms[f].length) {
            return 0;
        }
        for (size_t i = 1; i < forms[f].length; i++) {
            if ((text[i] & 0xc0U) != 0x80U) {
                return 0;
            }
            code = code << 6 | (text[i] & 0x3fU);
        }
        bool is_valid = code >= forms[f].least && code <= 0x10ffffU && code >= 0xa0U &&
                        !(code >= 0xd800U && code <= 0xdfffU);
        return is_valid ? forms[f].length : 0;
    }
    return 0;
}

size_t silbe_model_bad_text(const char *text, size_t size, bool allow_lines)
{
    size_t i = 0;
    while (i < size) {
        bool is_space = allow_lines && (text[i] == '\n' || text[i] == '\t');
        size_t length = is_space ? 1 : utf8_length((const unsigned char *)text + i, size - i);
        if (length == 0) {
            return i;
        }
        i += length;
    }
    return SIZE_MAX;
}

void silbe_model_set_class(silbe_model *model, size_t class, const char *name, size_t size,
                           silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    if (size < 1 || size > SILBE_CLASS_NAME_MAX ||
        silbe_model_bad_text(name, size, false) != SIZE_MAX) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "name of class %zu should be 1 .. %d bytes of UTF-8 without control "
                         "characters, got %zu bytes",
                         class, SILBE_CLASS_NAME_MAX, size);
        return;
    }
    char *place = model->class_names[class];
    memcpy(place, name, size);
    place[size] = '\0';
    for (size_t k = 0; k < class; k++) {
        if (strcmp(model->class_names[k], place) == 0) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT, "classes %zu and %zu are both called '%s'", k,
                             class, place);
            return;
        }
    }
}

void silbe_model_allocate(const silbe_net_shape *shape, silbe_model *model, silbe_err *err)
{
    *model = (silbe_model)SILBE_MODEL_INIT;
    silbe_try(err, silbe_net_shape_check(shape, err));
    if (silbe_failed(err)) {
        return;
    }
    model->shape = *shape;
    for (size_t b = shape->n_blocks; b < SILBE_NET_MAX_BLOCKS; b++) {
        model->shape.dilations[b] = 0;
    }
    model->layout = silbe_net_layout_of(shape);
    model->logmel = silbe_logmel_options_default();
    model->logmel.n_bands = shape->n_bands;
    model->rate_hz = 22050.0;
    model->class_names =
        silbe_alloc(shape->n_classes, sizeof *model->class_names, "class names", err);
    model->params = silbe_model_floats_new(model->layout.n_params, err);
    model->log_prior = silbe_model_floats_new(shape->n_classes, err);
    model->comment = silbe_copy_text("", err);
    if (silbe_failed(err)) {
        silbe_model_free(model);
        return;
    }
    for (size_t k = 0; k < shape->n_classes; k++) {
        model->log_prior[k] = -logf((float)shape->n_classes);
    }
}

silbe_status silbe_model_new(const silbe_net_shape *shape, const char *const *class_names,
                             size_t blank, silbe_model *model, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_model_allocate(shape, model, err);
    model->blank = blank;
    if (blank >= shape->n_classes) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_ARGUMENT, "blank should be < %zu, got %zu",
                                  shape->n_classes, blank));
    }
    for (size_t k = 0; k < shape->n_classes && !silbe_failed(err); k++) {
        silbe_model_set_class(model, k, class_names[k], strlen(class_names[k]), err);
    }
    if (silbe_failed(err)) {
        silbe_model_free(model);
    }
    return err->status;
}

void silbe_model_free(silbe_model *model)
{
    free(model->class_names);
    free(model->params);
    free(model->log_prior);
    free(model->comment);
    *model = (silbe_model)SILBE_MODEL_INIT;
}

double silbe_model_hop_s(const silbe_model *model)
{
    return model->logmel.hop_s * (double)model->shape.input_stride;
}

silbe_status silbe_model_check_classes(const silbe_model *model, const char *const *class_names,
                                       size_t n_classes, silbe_err *err)
{
    size_t n_both = n_classes < model->shape.n_classes ? n_classes : model->shape.n_classes;
    for (size_t k = 0; k < n_both; k++) {
        if (strcmp(model->class_names[k], class_names[k]) != 0) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "the model's class %zu is '%s', the labels' is '%s': the model was "
                              "trained for another label set",
                              k, model->class_names[k], class_names[k]);
        }
    }
    if (n_classes != model->shape.n_classes) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "the model has %zu classes, the labels %zu: the model was trained for "
                          "another label set",
                          model->shape.n_classes, n_classes);
    }
    return SILBE_OK;
}
