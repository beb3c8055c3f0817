/*
 * The acoustic model and its file.
 *
 * One file holds everything that is needed to use the network: shape, class names, feature
 * settings, tensors. All numbers are little-endian; a string is a u16 length and that many bytes of
 * UTF-8 without zeros or control characters.
 *
 *   "SILBEWTS"                              8 bytes
 *   u32 version = 1, u32 0x01020304         the second reads 0x04030201 if a writer swapped bytes
 *   u64 size of the file
 *   u32 n_bands n_channels n_hidden n_classes n_blocks block_width input_width input_stride
 *   u32 dilation                            n_blocks times
 *   f64 rate_hz low_hz high_hz window_s hop_s floor, u32 mel scale (0 Slaney, 1 HTK)
 *   u32 blank                               class of silence and music
 *   string class name                       n_classes times, all different, none empty
 *   u32 length, comment                     free text: origin, data, licence; <= 65,535 bytes
 *   u32 n_tensors, then for each: string name, u32 type (0 float32, 1 float16), u32 n_dims,
 *       u32 dim n_dims times, u64 bytes, values row-major
 *   u64 CRC-64/XZ (ECMA-182, reflected) of all bytes before
 *
 * Tensors are those of net.h and "log_prior" (n_classes, always float32), in any order, each once.
 * The checksum is for damage, not for forgery, and a CRC finds every burst of up to 64 bits; so
 * features/ needs no cryptographic library. (The pipeline's records carry the SHA-256 of the file,
 * as of every input.)
 *
 * float16: IEEE 754 binary16, rounded to nearest, ties to even, subnormals kept; a value that would
 * round to infinity is an error when writing. Reading is exact. File and reader never exceed
 * SILBE_WEIGHTS_MAX_BYTES.
 */
#ifndef SILBE_FEATURES_MODEL_WEIGHTS_H
#define SILBE_FEATURES_MODEL_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"
#include "features/logmel.h"
#include "features/model/net.h"

enum {
    SILBE_WEIGHTS_VERSION = 1,
    SILBE_WEIGHTS_MAX_BYTES = 64 << 20, /* the one that ships stays below 4 MB */
    SILBE_CLASS_NAME_MAX = 31,          /* bytes */
};

typedef struct {
    silbe_net_shape shape;
    silbe_net_layout layout;     /* of shape */
    silbe_logmel_options logmel; /* what the network was trained on; n_bands is the shape's */
    double rate_hz;              /* of the samples behind the log-mel */
    size_t blank;                /* class of silence and music, < n_classes */
    char (*class_names)[SILBE_CLASS_NAME_MAX + 1]; /* n_classes, UTF-8, owned */
    float *params;                                 /* layout.n_params, 64-byte aligned, owned */
    float *log_prior; /* n_classes: ln of each class's share of training frames, <= 0, finite,
                         owned. All ln(1 / n_classes) if unknown */
    char *comment;    /* UTF-8, owned, never NULL */
} silbe_model;

#define SILBE_MODEL_INIT                                                                           \
    {                                                                                              \
        0                                                                                          \
    }

typedef enum {
    SILBE_WEIGHTS_FLOAT32 = 0,
    SILBE_WEIGHTS_FLOAT16,
    SILBE_WEIGHTS_N_TYPES
} silbe_weights_type;

/* Allocates for the shape: parameters zero, flat prior, empty comment, default features with
 * n_bands bands at 22,050 Hz, class names copied and checked. The caller frees *model. */
SILBE_MUST_CHECK silbe_status silbe_model_new(const silbe_net_shape *shape,
                                              const char *const *class_names, size_t blank,
                                              silbe_model *model, silbe_err *err);

void silbe_model_free(silbe_model *model);

/* Seconds between posterior frames. */
double silbe_model_hop_s(const silbe_model *model);

/* SILBE_ERR_MISMATCH naming the first class that differs, unless the model's classes are exactly
 * these, in this order. */
SILBE_MUST_CHECK silbe_status silbe_model_check_classes(const silbe_model *model,
                                                        const char *const *class_names,
                                                        size_t n_classes, silbe_err *err);

/* The file's bytes: *bytes is freed by the caller. SILBE_ERR_DATA names a tensor and index that is
 * not finite or does not fit float16. */
SILBE_MUST_CHECK silbe_status silbe_weights_format(const silbe_model *model,
                                                   silbe_weights_type type, unsigned char **bytes,
                                                   size_t *size, silbe_err *err);

/* The inverse. Pure: any bytes are safe. SILBE_ERR_FORMAT with the byte position, what was expected
 * and what was found; values that are not finite are refused. *model is freed by the caller, and
 * empty after a failure. */
SILBE_MUST_CHECK silbe_status silbe_weights_parse(const unsigned char *bytes, size_t size,
                                                  silbe_model *model, silbe_err *err);

/* To and from a file, atomically; messages begin with the path. */
SILBE_MUST_CHECK silbe_status silbe_weights_write(const char *path, const silbe_model *model,
                                                  silbe_weights_type type, silbe_err *err);
SILBE_MUST_CHECK silbe_status silbe_weights_read(const char *path, silbe_model *model,
                                                 silbe_err *err);

/* CRC-64/XZ; its check value for "123456789" is 0x995dc9bbdf1939fa. */
uint64_t silbe_crc64(const void *bytes, size_t size);

/* binary16 to and from float by the rule above; overflow gives infinity. */
uint16_t silbe_half_of_float(float value);
float silbe_float_of_half(uint16_t half);

#endif
