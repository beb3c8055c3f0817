/*
 * write_weights FILE [other]: a tiny acoustic model with random weights, on the log-mel bands of
 * the default settings, with the phone set or with other classes.
 */
#include <stdio.h>
#include <string.h>

#include "align/lyrics/phones.h"
#include "features/model/weights.h"
#include "pipeline/files/features_file.h"
#include "tests/check.h"

int main(int argc, char **argv)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_config config;
    silbe_model model = SILBE_MODEL_INIT;
    const char *symbols[SILBE_N_PHONES];
    silbe_net_shape shape = silbe_net_shape_default(SILBE_N_PHONES);
    if (argc < 2) {
        return 2;
    }
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        symbols[k] = silbe_phone_get(k)->symbol;
    }
    if (argc > 2) {
        symbols[7] = "seven";
    }
    shape.n_channels = shape.n_hidden = 8;
    shape.n_blocks = 1;
    silbe_config_defaults(&config);
    silbe_features_options features = silbe_features_options_from(&config);
    silbe_status status = silbe_model_new(&shape, symbols, SILBE_PHONE_SILENCE, &model, &err);
    if (status == SILBE_OK) {
        check_rng rng = check_rng_new(5);
        model.logmel = features.logmel;
        model.rate_hz = features.audio.rate_hz;
        for (size_t i = 0; i < silbe_net_n_tensors(&shape); i++) {
            silbe_net_tensor tensor = silbe_net_tensor_at(&shape, i);
            for (size_t v = 0; v < tensor.n_values; v++) {
                model.params[tensor.offset + v] = (float)(0.2 * (check_uniform(&rng) - 0.5));
            }
        }
        status = silbe_weights_write(argv[1], &model, SILBE_WEIGHTS_FLOAT16, &err);
    }
    if (status != SILBE_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
    }
    silbe_model_free(&model);
    return status != SILBE_OK;
}
