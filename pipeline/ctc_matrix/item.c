#include "pipeline/ctc_matrix/item.h"

#include <stdlib.h>

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

static silbe_status read_inputs(const silbe_posteriors_context *c,
                                const silbe_posteriors_item *item, inputs *in, silbe_err *err)
{
    const silbe_config *config = c->config;
    silbe_status status = silbe_posteriors_read(item->npy_path, c->vocabulary->n_symbols,
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

static silbe_status write_outputs(const silbe_posteriors_context *c,
                                  const silbe_posteriors_item *item,
                                  const silbe_posteriors_times *times, const char *const *paths,
                                  silbe_err *err)
{
    size_t n_formats = 0, n_written = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    const silbe_output_item output = {.lyrics = &times->lyrics,
                                      .times = &times->times,
                                      .work = item->name,
                                      .version = "",
                                      .mode = "posteriors",
                                      .audio_file = item->npy_path,
                                      .duration_s = times->duration_s,
                                      .program_version = silbe_version(),
                                      .settings_digest = c->settings_digest,
                                      .line_numbers = times->line_numbers,
                                      .unmatched = times->unmatched,
                                      .n_unmatched = times->n_unmatched};
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n_formats && status == SILBE_OK; i++) {
        if (c->config->output.formats & (1u << i)) {
            status = formats[i].write(paths[n_written++], &output, err);
        }
    }
    return status;
}

static void note(const inputs *in, const silbe_posteriors_result *result, silbe_item_report *report)
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
                    in->logp.n_rows, in->logp.n_cols, silbe_posteriors_kind_name(in->kind),
                    result->n_words, result->n_states, in->n_anchors);
    silbe_item_note(report, "%s; log-probability of the path %.3f", result->engine, result->logp);
}

silbe_status silbe_posteriors_item_run(const silbe_posteriors_context *context,
                                       const silbe_posteriors_item *item, const char *const *paths,
                                       silbe_item_report *report, silbe_err *err)
{
    inputs in = {.logp = SILBE_MATRIX_INIT};
    silbe_posteriors_result result = SILBE_POSTERIORS_RESULT_INIT;
    silbe_posteriors_times times = SILBE_POSTERIORS_TIMES_INIT;
    silbe_status status = read_inputs(context, item, &in, err);
    if (status != SILBE_OK) {
        goto done;
    }
    const silbe_posteriors_problem problem = {.logp = &in.logp,
                                              .vocabulary = context->vocabulary,
                                              .text = &in.text,
                                              .spelt = &in.spelt,
                                              .clock = &in.clock,
                                              .anchors = in.anchors,
                                              .n_anchors = in.n_anchors,
                                              .config = context->config};
    status = silbe_posteriors_solve(&problem, &result, err);
    if (status == SILBE_OK) {
        status = silbe_posteriors_times_make(&problem, &result, &times, report, err);
    }
    if (status == SILBE_ERR_INFEASIBLE && in.n_anchors > 0) {
        status = silbe_fail_prefix(err, status, item->anchors_path);
    }
    if (status != SILBE_OK) {
        status = silbe_fail_prefix(err, status, item->npy_path);
        goto done;
    }
    report->audio_s = times.duration_s;
    note(&in, &result, report);
    status = write_outputs(context, item, &times, paths, err);
done:
    silbe_posteriors_times_free(&times);
    silbe_posteriors_result_free(&result);
    free_inputs(&in);
    return status;
}
