/* What pronounces and what hears: eSpeak NG and the acoustic model. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "align/lyrics/pronounce.h"
#include "features/base/format.h"
#include "features/base/speech/espeak.h"
#include "pipeline/acoustic/folds.h"
#include "pipeline/acoustic/model.h"
#include "pipeline/commands/doctor_checks.h"
#include "pipeline/settings/config_paths.h"

static const char GROUP[] = "speech";

static void add_espeak(silbe_findings *findings, silbe_err *err)
{
    silbe_err failure = SILBE_ERR_INIT;
    char *folder = NULL;
    size_t n_languages = 0;
    if (silbe_espeak_data(&folder, &n_languages, &failure) != SILBE_OK) {
        silbe_findings_add_failure(findings, GROUP, "eSpeak NG", &failure, err);
    } else {
        silbe_findings_add(
            findings, GROUP, "eSpeak NG", n_languages > 0 ? SILBE_FOUND_GOOD : SILBE_FOUND_BROKEN,
            silbe_format(err, "%s, %zu languages in %s%s", silbe_espeak_version(), n_languages,
                         folder, n_languages > 0 ? "" : "; install espeak-ng-data"),
            err);
    }
    free(folder);
}

/* "t a l", to be freed by the caller. A step. */
static char *spell_phones(const silbe_word_phones *word, silbe_err *err)
{
    char *text = NULL;
    for (size_t i = 0; word->n_items > 0 && i < word->items[0].n_phones; i++) {
        char *longer = silbe_format(err, "%s%s%s", i > 0 ? text : "", i > 0 ? " " : "",
                                    silbe_phone_get(word->items[0].phones[i].phone)->symbol);
        free(text);
        text = longer;
    }
    return text;
}

/* A word that every language has: a figure, which each voice reads as its own word. */
static void add_voice(const silbe_config *config, silbe_findings *findings, silbe_err *err)
{
    silbe_err failure = SILBE_ERR_INIT;
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    silbe_word_phones word = SILBE_WORD_PHONES_INIT;
    bool is_auto = strcmp(config->acoustic.voice, "auto") == 0;
    const char *voice = is_auto ? "de" : config->acoustic.voice; /* auto: what is not recognised */
    const char *text = strcmp(voice, "romaji") == 0 ? "nana" : "7";
    options.voice = voice;
    options.style = SILBE_STYLE_PLAIN;
    if (silbe_pronounce_word(&options, text, &word, &failure) != SILBE_OK) {
        silbe_findings_add_failure(findings, GROUP, "voice", &failure, err);
    } else {
        char *phones = spell_phones(&word, err);
        silbe_findings_add(findings, GROUP, "voice", SILBE_FOUND_GOOD,
                           silbe_format(err, "%s (acoustic.voice) says %s as %s", voice, text,
                                        phones != NULL ? phones : ""),
                           err);
        free(phones);
    }
    silbe_word_phones_free(&word);
}

/* Weights for each work: which ones, only a dataset says. */
static void add_folds(const char *path, silbe_findings *findings, silbe_err *err)
{
    bool is_readable = access(path, R_OK) == 0;
    silbe_findings_add(
        findings, GROUP, "model", is_readable ? SILBE_FOUND_GOOD : SILBE_FOUND_BROKEN,
        is_readable ? silbe_format(err, "%s names weights for each work; not tried", path)
                    : silbe_format(err, "%s: cannot be read: %s", path, strerror(errno)),
        err);
}

/* A network that was read; path: its file, or "" if it ships. */
static void add_network(const silbe_model *model, const char *path, silbe_findings *findings,
                        silbe_err *err)
{
    int n_first_line = (int)strcspn(model->comment, "\n");
    silbe_findings_add(findings, GROUP, "model", SILBE_FOUND_GOOD,
                       silbe_format(err, "%s: %zu phones, %.2f million parameters%s%.*s",
                                    path[0] != '\0' ? path : "ships with silbe",
                                    model->shape.n_classes, (double)model->layout.n_params * 1e-6,
                                    n_first_line > 0 ? "; " : "", n_first_line, model->comment),
                       err);
}

static void add_model(const silbe_config *config, silbe_findings *findings, silbe_err *err)
{
    silbe_err failure = SILBE_ERR_INIT;
    silbe_ensemble ensemble = SILBE_ENSEMBLE_INIT;
    const char *paths = config->acoustic.weights;
    char path[SILBE_CONFIG_PATH_SIZE] = "";
    silbe_try(&failure, silbe_acoustic_model_open(config, &ensemble, &failure));
    if (!silbe_failed(&failure)) {
        silbe_try(&failure, silbe_acoustic_check_features(config, ensemble.models, &failure));
    }
    if (silbe_failed(&failure)) {
        silbe_findings_add_failure(findings, GROUP, "model", &failure, err);
    }
    for (size_t i = 0; i < ensemble.n_models && !silbe_failed(&failure); i++) {
        (void)silbe_config_next_path(&paths, path);
        add_network(&ensemble.models[i], path, findings, err);
    }
    silbe_ensemble_free(&ensemble);
}

void silbe_doctor_speech(const silbe_config *config, silbe_findings *findings, silbe_err *err)
{
    add_espeak(findings, err);
    add_voice(config, findings, err);
    char folds[SILBE_CONFIG_PATH_SIZE];
    if (silbe_folds_is_named(config->acoustic.weights, folds)) {
        add_folds(folds, findings, err);
    } else {
        add_model(config, findings, err);
    }
}
