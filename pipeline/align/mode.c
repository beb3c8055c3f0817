#include "pipeline/align/mode.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/files/corrections.h"
#include "pipeline/host/run_info.h"
#include "pipeline/run/chain_items.h"

const silbe_align_mode *silbe_align_mode_get(silbe_stage_id mode)
{
    static const silbe_align_mode *const MODES[SILBE_N_STAGES] = {
        [SILBE_STAGE_SCORE] = &silbe_align_mode_score,
        [SILBE_STAGE_LYRICS] = &silbe_align_mode_lyrics,
        [SILBE_STAGE_JOINT] = &silbe_align_mode_joint,
    };
    return MODES[mode];
}

static void add_corrections(silbe_stage *stage, size_t index, const silbe_config *config,
                            const silbe_item *item, silbe_err *err)
{
    char *path = NULL;
    silbe_try(err, silbe_corrections_path(config, item, &path, err));
    if (path != NULL) {
        silbe_try(err, silbe_stage_add_input(stage, index, SILBE_FILE_CORRECTIONS, path, err));
    }
    free(path);
}

static void add_formats(silbe_stage *stage, size_t index, const silbe_config *config,
                        silbe_err *err)
{
    size_t n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    for (size_t i = 0; i < n_formats && !silbe_failed(err); i++) {
        if (config->output.formats & (1u << i)) {
            char *path =
                silbe_format(err, "words/%s.%s", stage->items[index].name, formats[i].extension);
            silbe_try(err, silbe_stage_add_output(stage, index, SILBE_FILE_WORDS, path, err));
            free(path);
        }
    }
}

silbe_status silbe_align_fill(silbe_stage *stage, const silbe_align_context *context,
                              silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_chain_fill(stage, context->mode, context->config, context->dataset, err));
    for (size_t i = 0; i < stage->n_items && !silbe_failed(err); i++) {
        const silbe_item *item = &context->dataset->items[stage->items[i].tag];
        add_corrections(stage, i, context->config, item, err);
        add_formats(stage, i, context->config, err);
    }
    return err->status;
}

void silbe_align_begin_words(const silbe_align_context *context, silbe_align_inputs *inputs,
                             double duration_s, silbe_words *words, silbe_err *err)
{
    const char *slash = strrchr(inputs->audio_path, '/');
    if (silbe_failed(err)) {
        return;
    }
    silbe_words_begin(words, &inputs->labels.lyrics, err);
    words->work = silbe_copy_text(inputs->work, err);
    words->version = silbe_copy_text(inputs->version, err);
    words->title = silbe_copy_text(inputs->labels.score.title, err);
    words->mode = silbe_copy_text(silbe_chain_get(context->mode)->name, err);
    words->audio_file = silbe_copy_text(slash != NULL ? slash + 1 : inputs->audio_path, err);
    words->duration_s = duration_s;
    words->program_version = silbe_copy_text(silbe_version(), err);
    words->settings_digest = silbe_copy_text(context->settings_digest, err);
}

void silbe_align_result_free(silbe_align_result *result)
{
    silbe_words_free(&result->words);
    free(result->path);
}

silbe_status silbe_align_solve(const silbe_align_context *context, silbe_align_inputs *inputs,
                               silbe_align_result *result, silbe_item_report *report,
                               silbe_err *err)
{
    silbe_err own;
    const silbe_align_mode *mode = silbe_align_mode_get(context->mode);
    err = silbe_err_begin(err, &own);
    if (mode->solve(context, inputs, result, report, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, inputs->audio_path);
    }
    return err->status;
}

static void write_result(const silbe_align_context *context, const silbe_stage_item *item,
                         const silbe_align_result *result, const char *const *temps, silbe_err *err)
{
    const char *const *path = silbe_stage_output(item, temps, SILBE_FILE_PATH);
    if (path != NULL) {
        silbe_try(err, silbe_npy_write_doubles(*path, &result->path[0][0], result->n_path, 3, err));
    }
    path = silbe_stage_output(item, temps, SILBE_FILE_WORDS);
    silbe_try(err, silbe_output_write_formats(&result->words, context->config->output.formats, path,
                                              err));
}

silbe_status silbe_align_run_item(void *context, const silbe_stage_item *item,
                                  const char *const *temps, silbe_item_report *report,
                                  silbe_err *err)
{
    const silbe_align_context *c = context;
    silbe_align_inputs inputs = SILBE_ALIGN_INPUTS_INIT;
    silbe_align_result result = SILBE_ALIGN_RESULT_INIT;
    silbe_try(err,
              silbe_align_inputs_read(c->mode, &c->dataset->items[item->tag], item, &inputs, err));
    report->audio_s = inputs.features.duration_s > 0 ? inputs.features.duration_s
                                                     : inputs.posteriorgram.duration_s;
    silbe_try(err, silbe_align_solve(c, &inputs, &result, report, err));
    write_result(c, item, &result, temps, err);
    silbe_align_result_free(&result);
    silbe_align_inputs_free(&inputs);
    return err->status;
}
