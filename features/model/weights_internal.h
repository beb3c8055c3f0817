/* Shared by model.c, weights_read.c and weights_write.c; not for others. */
#ifndef SILBE_FEATURES_MODEL_WEIGHTS_INTERNAL_H
#define SILBE_FEATURES_MODEL_WEIGHTS_INTERNAL_H

#include <stdbool.h>

#include "features/model/weights.h"

#define SILBE_WEIGHTS_MAGIC "SILBEWTS"
#define SILBE_WEIGHTS_PRIOR "log_prior"

enum {
    SILBE_WEIGHTS_ORDER = 0x01020304,
    SILBE_WEIGHTS_MAX_COMMENT = 65535,
};

/* All functions here that take an err are steps (features/base/status.h): it is never NULL, and
 * they do nothing where it already holds a failure. */

/* n zeros at a multiple of 64 bytes, freed by free(); NULL after a failure. */
float *silbe_model_floats_new(size_t n, silbe_err *err);

/* Everything but class names and blank, which stay empty and 0; *model is empty after a failure. */
void silbe_model_allocate(const silbe_net_shape *shape, silbe_model *model, silbe_err *err);

/* Index of the first byte of text that is not UTF-8 without control characters (line feed and tab
 * are allowed with allow_lines), SIZE_MAX if there is none. */
size_t silbe_model_bad_text(const char *text, size_t size, bool allow_lines);

/* Sets the name of a class; SILBE_ERR_FORMAT for bad text or a name that an earlier class has. */
void silbe_model_set_class(silbe_model *model, size_t class, const char *name, size_t size,
                           silbe_err *err);

/* Tensor i of the file: those of net.h, then log_prior. *values points into the model. */
silbe_net_tensor silbe_weights_tensor(const silbe_model *model, size_t i, float **values);
size_t silbe_weights_n_tensors(const silbe_model *model);

/* SILBE_ERR_DATA naming a setting that is out of range: what reader and writer both refuse. */
void silbe_weights_check_features(const silbe_model *model, silbe_err *err);

#endif
