#include "pipeline/align/items.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/files/corrections.h"
#include "pipeline/host/run_info.h"

silbe_status silbe_align_add_input(silbe_stage *stage, size_t index, const silbe_config *config,
                                   const char *folder, const char *name, const char *suffix,
                                   silbe_err *err)
{
    char *path = silbe_stage_file(config, folder, "", name, suffix);
    silbe_status status = path != NULL
                              ? silbe_stage_add_input(stage, index, path, err)
                              : silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", name);
    free(path);
    return status;
}

silbe_status silbe_align_add_output(silbe_stage *stage, size_t index, const char *folder,
                                    const char *name, const char *suffix, silbe_err *err)
{
    size_t size = strlen(folder) + strlen(name) + strlen(suffix) + 3;
    char *file = malloc(size);
    if (file == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", name);
    }
    (void)snprintf(file, size, "%s/%s.%s", folder, name, suffix);
    silbe_status status = silbe_stage_add_output(stage, index, file, err);
    free(file);
    return status;
}

silbe_status silbe_align_add_corrections(silbe_stage *stage, size_t index,
                                         const silbe_config *config, const silbe_item *item,
                                         silbe_err *err)
{
    char *path = NULL;
    silbe_status status = silbe_corrections_path(config, item, &path, err);
    if (status == SILBE_OK && path != NULL) {
        status = silbe_stage_add_input(stage, index, path, err);
    }
    free(path);
    return status;
}

silbe_status silbe_align_add_formats(silbe_stage *stage, size_t index, const silbe_config *config,
                                     const char *name, silbe_err *err)
{
    size_t n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (config->output.formats & (1u << i)) {
            status = silbe_align_add_output(stage, index, "words", name, formats[i].extension, err);
        }
    }
    return status;
}

silbe_status silbe_align_write_words(const silbe_align_context *context,
                                     const silbe_stage_item *item, const silbe_output_item *words,
                                     const char *const *temps, silbe_err *err)
{
    const silbe_item *source = &context->dataset->items[item->tag];
    size_t n_formats = 0, n_written = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    const char *slash = strrchr(source->audio_path, '/');
    silbe_output_item output = *words;
    output.work = source->work;
    output.version = source->version;
    output.mode = context->mode->name;
    output.audio_file = slash != NULL ? slash + 1 : source->audio_path;
    output.program_version = silbe_version();
    output.settings_digest = context->settings_digest;
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (context->config->output.formats & (1u << i)) {
            status = formats[i].write(temps[n_written++], &output, err);
        }
    }
    return status;
}
