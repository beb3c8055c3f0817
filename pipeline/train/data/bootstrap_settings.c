#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/read_text.h"
#include "pipeline/train/data/bootstrap_internal.h"

enum { PATH_SIZE = 4096, TEXT_SIZE = 4096 };

/* Everything that the result depends on, but for the sound itself (of which the lengths stand
 * here). */
static void describe(const silbe_bootstrap_options *o, const silbe_corpus *corpus,
                     char text[TEXT_SIZE])
{
    size_t n_frames = 0, n_words = 0;
    uint64_t names = 0;
    for (size_t i = 0; i < corpus->n_utterances; i++) {
        const silbe_utterance *u = &corpus->utterances[i];
        n_frames += u->logmel.n_rows;
        n_words += u->n_words;
        names = 31 * names + silbe_crc64(u->item->file, strlen(u->item->file)) +
                silbe_crc64(u->item->text, strlen(u->item->text)) + u->logmel.n_rows;
    }
    uint64_t start = o->initial == NULL ? 0
                                        : silbe_crc64(o->initial->params,
                                                      o->initial->layout.n_params * sizeof(float));
    int n = snprintf(text, TEXT_SIZE,
                     "bootstrap 1, phone set %d\nsteps %zu batch %zu rate %.17g smoothing %.17g "
                     "seed %llu\nnet %zu %zu %zu %zu %zu width %zu %zu stride %zu dilations",
                     SILBE_PHONE_SET_VERSION, o->steps_per_round, o->n_batch, o->peak_rate,
                     o->smoothing, (unsigned long long)o->seed, o->shape.n_bands,
                     o->shape.n_channels, o->shape.n_hidden, o->shape.n_classes, o->shape.n_blocks,
                     o->shape.block_width, o->shape.input_width, o->shape.input_stride);
    for (size_t b = 0; b < o->shape.n_blocks; b++) {
        n += snprintf(text + n, TEXT_SIZE - (size_t)n, " %zu", o->shape.dilations[b]);
    }
    (void)snprintf(text + n, TEXT_SIZE - (size_t)n,
                   "\nprior %.17g scale %.17g initial %016llx\n%zu utterances %zu words %zu frames "
                   "%016llx\n",
                   o->realign.prior_scale, o->realign.scale, (unsigned long long)start,
                   corpus->n_utterances, n_words, n_frames, (unsigned long long)names);
}

silbe_status silbe_bootstrap_check_settings(const silbe_bootstrap_options *options,
                                            const silbe_corpus *corpus, silbe_err *err)
{
    char path[PATH_SIZE], text[TEXT_SIZE];
    char *old = NULL;
    size_t n_bytes;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_status status = silbe_make_folders(options->folder, err);
    if (status != SILBE_OK) {
        return status;
    }
    if ((size_t)snprintf(path, sizeof path, "%s/settings.txt", options->folder) >= PATH_SIZE) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of the work folder is too long");
    }
    describe(options, corpus, text);
    if (access(path, F_OK) == 0) {
        status = silbe_read_text(path, &old, &n_bytes, err);
        if (status == SILBE_OK && strcmp(old, text) != 0) {
            status = silbe_fail(err, SILBE_ERR_MISMATCH,
                                "%s: the folder holds a run with other settings or recordings; "
                                "take another folder, or delete this one",
                                options->folder);
        }
        free(old);
        return status;
    }
    status = silbe_atomic_open(&file, path, err);
    if (status == SILBE_OK) {
        (void)fputs(text, file.stream);
        status = silbe_atomic_commit(&file, err);
    }
    silbe_atomic_abort(&file);
    return status;
}
