/* Recordings to chroma, onsets and log-mel bands, work/<dataset>/features/. */
#include <math.h>
#include <stdlib.h>

#include "datasets/dataset.h"
#include "features/base/npy.h"
#include "features/features.h"
#include "pipeline/files/features_file.h"
#include "pipeline/run/chain_items.h"
#include "pipeline/stages/stages.h"

typedef struct {
    const silbe_dataset *dataset;
    const silbe_features_options *options;
    const silbe_features_plan *plan;
} features_context;

/* Nothing where the item does without the file. */
static void write_matrix(const silbe_stage_item *item, const char *const *temps, silbe_file file,
                         const silbe_matrix *matrix, silbe_err *err)
{
    const char *const *path = silbe_stage_output(item, temps, (int)file);
    if (path != NULL) {
        silbe_try(err, silbe_npy_write_matrix(*path, matrix, err));
    }
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    const features_context *c = context;
    const silbe_item *source = &c->dataset->items[item->tag];
    silbe_features features = SILBE_FEATURES_INIT;
    silbe_try(err, silbe_features_run(c->plan, source->audio_path, &features, err));
    if (silbe_failed(err)) {
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
    write_matrix(item, temps, SILBE_FILE_CHROMA, &features.chroma, err);
    write_matrix(item, temps, SILBE_FILE_ONSET, &features.onset, err);
    write_matrix(item, temps, SILBE_FILE_PITCH_ONSET, &features.pitch_onset, err);
    write_matrix(item, temps, SILBE_FILE_LOGMEL, &features.logmel, err);
    write_matrix(item, temps, SILBE_FILE_MIDDLE, &features.middle, err);
    silbe_try(err, silbe_features_file_write(*silbe_stage_output(item, temps, SILBE_FILE_FEATURES),
                                             c->options, &features, err));
done:
    silbe_features_free(&features);
    return err->status;
}

int silbe_features_stage_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    silbe_features_plan *plan = NULL;
    silbe_features_options options = silbe_features_options_from(&cli->config);
    features_context context = {.dataset = dataset, .options = &options};
    stage.run = run_item;
    stage.context = &context;
    silbe_try(&err, silbe_features_plan_new(&options, &plan, &err));
    silbe_try(&err, silbe_chain_fill(&stage, SILBE_STAGE_FEATURES, &cli->config, dataset, &err));
    context.plan = plan;
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_stage_run(&stage, cli);
    silbe_stage_free(&stage);
    silbe_features_plan_free(plan);
    return exit_code;
}
