#include "pipeline/align/mode.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/path.h"
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
                silbe_path_format("words/%s.%s", stage->items[index].name, formats[i].extension);
            if (path == NULL) {
                (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a path");
            }
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

silbe_status silbe_align_write_words(const silbe_align_context *context,
                                     const silbe_stage_item *item, const silbe_output_item *words,
                                     const char *const *temps, silbe_err *err)
{
    const silbe_item *source = &context->dataset->items[item->tag];
    const char *const *path = silbe_stage_output(item, temps, SILBE_FILE_WORDS);
    size_t n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    const char *slash = strrchr(source->audio_path, '/');
    silbe_output_item output = *words;
    output.work = source->work;
    output.version = source->version;
    output.mode = silbe_chain_get(context->mode)->name;
    output.audio_file = slash != NULL ? slash + 1 : source->audio_path;
    output.program_version = silbe_version();
    output.settings_digest = context->settings_digest;
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (context->config->output.formats & (1u << i)) {
            status = formats[i].write(*path++, &output, err);
        }
    }
    return status;
}
