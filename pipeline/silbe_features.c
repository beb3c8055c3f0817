/* silbe-features: recordings to chroma, onsets and log-mel bands, work/<dataset>/features/. */
#include <math.h>
#include <stdlib.h>

#include "datasets/dataset.h"
#include "features/base/npy.h"
#include "features/features.h"
#include "pipeline/files/features_file.h"
#include "pipeline/run/open_dataset.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/cli.h"

static const silbe_cli_spec SPEC = {
    .program = "silbe-features",
    .summary = "recordings to features (chroma, onsets, log-mel bands)",
    .details = "Writes for each item, below WORK/<dataset>/features/:\n"
               "  <item>.chroma.npy         frames x 12 pitch classes\n"
               "  <item>.onset.npy          frames x 12 pitch classes\n"
               "  <item>.pitch_onset.npy    frames x semitones\n"
               "  <item>.logmel.npy         frames x mel bands (features.logmel)\n"
               "  <item>.features.json      hops, rate, tuning, shapes, symbols",
};

static const char *const KEYS[] = {"features."};

enum { CHROMA, ONSET, PITCH_ONSET, FACTS, LOGMEL }; /* outputs of an item; LOGMEL is optional */

typedef struct {
    const silbe_dataset *dataset;
    const silbe_features_options *options;
    const silbe_features_plan *plan;
} features_context;

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const features_context *c = context;
    const silbe_item *source = &c->dataset->items[item->tag];
    silbe_features features = SILBE_FEATURES_INIT;
    silbe_status status = silbe_features_run(c->plan, source->audio_path, &features, err);
    if (status != SILBE_OK) {
        goto done;
    }
    report->audio_s = features.duration_s;
    silbe_item_note(report, "%s, %.0f Hz, %d channels, peak %.1f dB, tuning %+.0f cents",
                    features.audio.format, features.audio.file_rate_hz, features.audio.n_channels,
                    20 * log10(features.audio.peak), features.tuning.cents);
    if (features.audio.missing_frames > 0) {
        silbe_item_warning(report, "the recording ends %.2f s before its header says",
                           (double)features.audio.missing_frames / features.audio.file_rate_hz);
    }
    status = silbe_npy_write_matrix(temps[CHROMA], &features.chroma, err);
    if (status == SILBE_OK) {
        status = silbe_npy_write_matrix(temps[ONSET], &features.onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_npy_write_matrix(temps[PITCH_ONSET], &features.pitch_onset, err);
    }
    if (status == SILBE_OK && c->options->want_logmel) {
        status = silbe_npy_write_matrix(temps[LOGMEL], &features.logmel, err);
    }
    if (status == SILBE_OK) {
        status = silbe_features_file_write(temps[FACTS], c->options, &features, err);
    }
done:
    silbe_features_free(&features);
    return status;
}

static silbe_status add_items(silbe_stage *stage, const silbe_config *config,
                              const silbe_dataset *dataset, silbe_err *err)
{
    static const char *const SUFFIXES[] = {
        [CHROMA] = "chroma.npy",   [ONSET] = "onset.npy",   [PITCH_ONSET] = "pitch_onset.npy",
        [FACTS] = "features.json", [LOGMEL] = "logmel.npy",
    };
    size_t n_outputs = config->features.logmel ? LOGMEL + 1 : LOGMEL;
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < dataset->n_items && status == SILBE_OK; i++) {
        const silbe_item *item = &dataset->items[i];
        size_t index = 0;
        if (!silbe_stage_selects(config, item->name)) {
            continue;
        }
        status = silbe_stage_add_item(stage, item->name, i, &index, err);
        if (status == SILBE_OK) {
            status = silbe_stage_add_input(stage, index, item->audio_path, err);
        }
        for (size_t k = 0; k < n_outputs && status == SILBE_OK; k++) {
            status = silbe_stage_add_item_output(stage, index, SUFFIXES[k], err);
        }
    }
    return status;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_dataset dataset = SILBE_DATASET_INIT;
    silbe_features_plan *plan = NULL;
    int exit_code = SILBE_EXIT_UNABLE;
    if (!silbe_cli_start(&cli, &SPEC, argc, argv, &exit_code)) {
        return exit_code;
    }
    silbe_features_options options = silbe_features_options_from(&cli.config);
    features_context context = {.dataset = &dataset, .options = &options};
    stage.name = "features";
    stage.keys = KEYS;
    stage.n_keys = sizeof KEYS / sizeof KEYS[0];
    stage.run = run_item;
    stage.context = &context;
    if (silbe_open_dataset(&cli, &dataset, &err) != SILBE_OK ||
        silbe_features_plan_new(&options, &plan, &err) != SILBE_OK ||
        add_items(&stage, &cli.config, &dataset, &err) != SILBE_OK) {
        exit_code = silbe_cli_fail(&cli, &err);
    } else {
        context.plan = plan;
        exit_code = silbe_stage_run(&stage, &cli);
    }
    silbe_stage_free(&stage);
    silbe_features_plan_free(plan);
    silbe_dataset_free(&dataset);
    return silbe_cli_end(&cli, exit_code);
}
