#include "pipeline/acoustic/model.h"

#include <math.h>

#include "align/lyrics/phones.h"
#include "pipeline/acoustic/shipped.h"
#include "pipeline/files/features_file.h"
#include "pipeline/settings/config_paths.h"

static void check_classes(const silbe_model *model, silbe_err *err)
{
    const char *symbols[SILBE_N_PHONES];
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        symbols[k] = silbe_phone_get(k)->symbol;
    }
    silbe_try(err, silbe_model_check_classes(model, symbols, SILBE_N_PHONES, err));
    if (!silbe_failed(err) && model->blank != SILBE_PHONE_SILENCE) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "class %zu stands for silence and music, class %d is expected",
                         model->blank, SILBE_PHONE_SILENCE);
    }
}

/* Weights file i of those that ship. */
static void open_shipped(size_t i, silbe_model *model, silbe_err *err)
{
    size_t size = 0;
    const unsigned char *bytes = silbe_shipped_weights(i, &size);
    if (size == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "this program was built without an acoustic model; name a weights file "
                         "in acoustic.weights (silbe train makes one)");
        return;
    }
    silbe_try(err, silbe_weights_parse(bytes, size, model, err));
    check_classes(model, err);
    if (silbe_failed(err)) {
        (void)silbe_fail_prefix(err, err->status, "the weights that ship");
    }
}

static void open_file(const char *path, silbe_model *model, silbe_err *err)
{
    if (silbe_failed(err) || silbe_weights_read(path, model, err) != SILBE_OK) {
        return;
    }
    check_classes(model, err);
    if (silbe_failed(err)) {
        (void)silbe_fail_prefix(err, err->status, path);
    }
}

silbe_status silbe_acoustic_model_read(const char *paths, silbe_ensemble *ensemble, silbe_err *err)
{
    silbe_err own;
    char path[SILBE_CONFIG_PATH_SIZE];
    *ensemble = (silbe_ensemble)SILBE_ENSEMBLE_INIT;
    err = silbe_err_begin(err, &own);
    while (!silbe_failed(err) && silbe_config_next_path(&paths, path)) {
        silbe_model model = SILBE_MODEL_INIT;
        open_file(path, &model, err);
        if (silbe_failed(err)) {
            silbe_model_free(&model);
        } else if (silbe_ensemble_add(ensemble, &model, err) != SILBE_OK) {
            (void)silbe_fail_prefix(err, err->status, path);
        }
    }
    return err->status;
}

silbe_status silbe_acoustic_model_open(const silbe_config *config, silbe_ensemble *ensemble,
                                       silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    if (config->acoustic.weights[0] != '\0') {
        return silbe_acoustic_model_read(config->acoustic.weights, ensemble, err);
    }
    *ensemble = (silbe_ensemble)SILBE_ENSEMBLE_INIT;
    for (size_t i = 0; i < SILBE_N_SHIPPED && !silbe_failed(err); i++) {
        silbe_model model = SILBE_MODEL_INIT;
        open_shipped(i, &model, err);
        silbe_try(err, silbe_ensemble_add(ensemble, &model, err));
        silbe_model_free(&model);
    }
    return err->status;
}

silbe_status silbe_acoustic_model_first(const silbe_config *config, silbe_model *model,
                                        silbe_err *err)
{
    silbe_err own;
    char path[SILBE_CONFIG_PATH_SIZE];
    const char *paths = config->acoustic.weights;
    *model = (silbe_model)SILBE_MODEL_INIT;
    err = silbe_err_begin(err, &own);
    if (silbe_config_next_path(&paths, path)) {
        open_file(path, model, err);
    } else {
        open_shipped(0, model, err);
    }
    return err->status;
}

silbe_status silbe_acoustic_check_features(const silbe_config *config, const silbe_model *model,
                                           silbe_err *err)
{
    const silbe_logmel_options *m = &model->logmel;
    const struct {
        const char *key;
        double set, needed;
    } settings[] = {
        {"rate_hz", config->features.rate_hz, model->rate_hz},
        {"logmel_bands", config->features.logmel_bands, (double)m->n_bands},
        {"logmel_low_hz", config->features.logmel_low_hz, m->low_hz},
        {"logmel_high_hz", config->features.logmel_high_hz, m->high_hz},
        {"logmel_window_ms", config->features.logmel_window_ms, m->window_s * 1e3},
        {"logmel_hop_ms", config->features.logmel_hop_ms, m->hop_s * 1e3},
    };
    const silbe_logmel_options ours = silbe_features_options_from(config).logmel;
    if (!config->features.logmel) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "the acoustic model hears log-mel bands, and features.logmel is false; "
                          "set features.logmel=true");
    }
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (fabs(settings[i].set - settings[i].needed) > 1e-6 * settings[i].needed) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "the acoustic model was trained with another %s: set features.%s=%g "
                              "(it is %g)",
                              settings[i].key, settings[i].key, settings[i].needed,
                              settings[i].set);
        }
    }
    if (ours.floor != m->floor || ours.scale != m->scale) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "the acoustic model was trained on other log-mel bands (floor %g, %s "
                          "scale) than this version computes (%g, %s); train it again",
                          m->floor, m->scale == SILBE_MEL_SLANEY ? "Slaney" : "HTK", ours.floor,
                          ours.scale == SILBE_MEL_SLANEY ? "Slaney" : "HTK");
    }
    return SILBE_OK;
}
