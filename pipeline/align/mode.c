#include "pipeline/align/mode.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
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

void silbe_align_begin_words(const silbe_align_context *context, const silbe_stage_item *item,
                             silbe_labels *labels, double duration_s, silbe_words *words,
                             silbe_err *err)
{
    const silbe_item *source = &context->dataset->items[item->tag];
    const char *slash = strrchr(source->audio_path, '/');
    silbe_words_begin(words, &labels->lyrics, err);
    words->work = silbe_copy_text(source->work, err);
    words->version = silbe_copy_text(source->version, err);
    words->title = silbe_copy_text(labels->score.title, err);
    words->mode = silbe_copy_text(silbe_chain_get(context->mode)->name, err);
    words->audio_file = silbe_copy_text(slash != NULL ? slash + 1 : source->audio_path, err);
    words->duration_s = duration_s;
    words->program_version = silbe_copy_text(silbe_version(), err);
    words->settings_digest = silbe_copy_text(context->settings_digest, err);
}

silbe_status silbe_align_write_words(const silbe_align_context *context,
                                     const silbe_stage_item *item, const silbe_words *words,
                                     const char *const *temps, silbe_err *err)
{
    const char *const *path = silbe_stage_output(item, temps, SILBE_FILE_WORDS);
    return silbe_output_write_formats(words, context->config->output.formats, path, err);
}
