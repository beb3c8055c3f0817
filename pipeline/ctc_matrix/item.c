#include "pipeline/ctc_matrix/item.h"

#include <stdlib.h>

#include "features/base/memory.h"
#include "pipeline/ctc_matrix/emissions.h"
#include "pipeline/ctc_matrix/times.h"
#include "pipeline/host/read_text.h"
#include "pipeline/host/run_info.h"
#include "pipeline/output/output.h"

/* All that an item reads. */
typedef struct {
    silbe_matrix logp;
    int kind;
    silbe_lyrics_text text;
    silbe_spelt spelt;
    silbe_frame_clock clock;
    silbe_trellis_anchor *anchors;
    size_t n_anchors;
} inputs;

static void free_inputs(inputs *in)
{
    silbe_matrix_free(&in->logp);
    silbe_lyrics_text_free(&in->text);
    silbe_spelt_free(&in->spelt);
    free(in->anchors);
}

static silbe_status read_lyrics(const char *path, silbe_lyrics_text *text, silbe_err *err)
{
    char *bytes = NULL;
    size_t n_bytes = 0;
    silbe_status status = silbe_read_text(path, &bytes, &n_bytes, err);
    if (status == SILBE_OK) {
        status = silbe_lyrics_text_parse(bytes, n_bytes, text, err);
        status = status == SILBE_OK ? SILBE_OK : silbe_fail_prefix(err, status, path);
    }
    free(bytes);
    return status;
}

static silbe_status read_inputs(const silbe_ctc_matrix_context *c,
                                const silbe_ctc_matrix_item *item, inputs *in, silbe_err *err)
{
    const silbe_config *config = c->config;
    silbe_status status = silbe_ctc_matrix_read(item->npy_path, c->vocabulary->n_symbols,
                                                config->posteriors.kind, &in->logp, &in->kind, err);
    if (status == SILBE_OK) {
        status = read_lyrics(item->text_path, &in->text, err);
    }
    if (status == SILBE_OK) {
        status = silbe_spell(&in->text, item->text_path, c->vocabulary, c->vocab_path, config,
                             &in->spelt, err);
    }
    in->clock = (silbe_frame_clock){.hop_s = config->posteriors.hop_ms * 1e-3,
                                    .offset_s = config->posteriors.offset_ms * 1e-3,
                                    .n_frames = in->logp.n_rows};
    if (status == SILBE_OK && item->anchors_path != NULL) {
        status = silbe_anchors_read(item->anchors_path, &in->text, &in->clock,
                                    config->posteriors.anchor_tolerance_ms * 1e-3, &in->anchors,
                                    &in->n_anchors, err);
    }
    return status;
}

static void fill_facts(const silbe_ctc_matrix_context *c, const silbe_ctc_matrix_item *item,
                       silbe_words *words, silbe_err *err)
{
    words->work = silbe_copy_text(item->name, err);
    words->version = silbe_copy_text("", err);
    words->mode = silbe_copy_text("posteriors", err);
    words->audio_file = silbe_copy_text(item->npy_path, err);
    words->program_version = silbe_copy_text(silbe_version(), err);
    words->settings_digest = silbe_copy_text(c->settings_digest, err);
}

static void note(const inputs *in, const silbe_ctc_matrix_result *result, silbe_item_report *report)
{
    if (in->spelt.n_dropped > 0) {
        silbe_item_warning(report, "%zu letters or digits are not in the vocabulary: left out",
                           in->spelt.n_dropped);
    }
    if (in->spelt.n_wildcards > 0) {
        silbe_item_warning(report,
                           "any sound stands for what is not in the vocabulary, at %zu "
                           "places",
                           in->spelt.n_wildcards);
    }
    silbe_item_note(report, "%zu frames of %zu symbols (%s), %zu words, %zu states, %zu anchors",
                    in->logp.n_rows, in->logp.n_cols, silbe_ctc_matrix_kind_name(in->kind),
                    result->n_words, result->n_states, in->n_anchors);
    silbe_item_note(report, "log-probability of the path %.3f", result->logp);
}

silbe_status silbe_ctc_matrix_item_run(const silbe_ctc_matrix_context *context,
                                       const silbe_ctc_matrix_item *item, const char *const *paths,
                                       silbe_item_report *report, silbe_err *err)
{
    silbe_err own;
    inputs in = {.logp = SILBE_MATRIX_INIT};
    silbe_ctc_matrix_result result = SILBE_CTC_MATRIX_RESULT_INIT;
    silbe_words words = SILBE_WORDS_INIT;
    err = silbe_err_begin(err, &own);
    silbe_try(err, read_inputs(context, item, &in, err));
    if (silbe_failed(err)) {
        goto done;
    }
    const silbe_ctc_matrix_problem problem = {.logp = &in.logp,
                                              .vocabulary = context->vocabulary,
                                              .text = &in.text,
                                              .spelt = &in.spelt,
                                              .clock = &in.clock,
                                              .anchors = in.anchors,
                                              .n_anchors = in.n_anchors,
                                              .config = context->config};
    silbe_try(err, silbe_ctc_matrix_solve(&problem, &result, err));
    silbe_try(err, silbe_ctc_matrix_fill_words(&problem, &result, &words, report, err));
    if (err->status == SILBE_ERR_INFEASIBLE && in.n_anchors > 0) {
        (void)silbe_fail_prefix(err, err->status, item->anchors_path);
    }
    if (silbe_failed(err)) {
        (void)silbe_fail_prefix(err, err->status, item->npy_path);
        goto done;
    }
    report->audio_s = words.duration_s;
    note(&in, &result, report);
    fill_facts(context, item, &words, err);
    silbe_try(err, silbe_output_write_formats(&words, context->config->output.formats, paths, err));
done:
    silbe_words_free(&words);
    silbe_ctc_matrix_result_free(&result);
    free_inputs(&in);
    return err->status;
}
