/* Mode lyrics: finds the phones of the text in the posteriorgram of the recording. */
#include <math.h>
#include <stdlib.h>

#include "pipeline/acoustic/posteriorgram.h"
#include "pipeline/align/items.h"
#include "pipeline/align/phone_text.h"
#include "pipeline/align/phone_times.h"
#include "pipeline/labels_file.h"

static const char *const KEYS[] = {"acoustic.voice", "acoustic.variants", "lyrics.", "output."};

enum { POSTERIORS, FACTS, LABELS };
#define BYTES_PER_MB 1000000

typedef struct {
    silbe_posteriorgram_facts facts;
    silbe_matrix posteriors;
    silbe_labels labels;
    silbe_phone_text text;
    void *graph;
    void *scratch;
    silbe_trellis_alignment found;
    silbe_phone_times times;
} lyrics_item;

static void free_item(lyrics_item *it)
{
    silbe_phone_times_free(&it->times);
    free(it->found.words);
    free(it->found.labels);
    free(it->found.lines);
    free(it->found.path);
    free(it->scratch);
    free(it->graph);
    silbe_phone_text_free(&it->text);
    silbe_labels_free(&it->labels);
    silbe_matrix_free(&it->posteriors);
}

static silbe_status allocate_found(lyrics_item *it, silbe_err *err)
{
    const silbe_lyrics *lyrics = &it->labels.lyrics;
    silbe_trellis_alignment *found = &it->found;
    found->label_capacity = silbe_trellis_label_capacity(&it->text.text);
    found->words = calloc(lyrics->n_words, sizeof *found->words);
    found->labels = calloc(found->label_capacity, sizeof *found->labels);
    found->lines = calloc(lyrics->n_lines, sizeof *found->lines);
    found->path = calloc(it->posteriors.n_rows, sizeof *found->path);
    return found->words != NULL && found->labels != NULL && found->lines != NULL &&
                   found->path != NULL
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", lyrics->n_words);
}

static silbe_trellis_align_options options_of(const silbe_config *config, double hop_s)
{
    silbe_trellis_align_options options = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    options.near_frames = (size_t)floor(config->lyrics.near_ms * 1e-3 / hop_s + 1e-6);
    options.window_frames =
        options.near_frames > options.window_frames ? options.near_frames : options.window_frames;
    options.min_sung = 0;
    /* The llr of the library counts the penalty of the wildcard. */
    options.llr_threshold = config->lyrics.llr_threshold + config->lyrics.wildcard_penalty;
    options.llr_width = config->lyrics.llr_width;
    options.posterior_scale = config->lyrics.posterior_scale;
    options.kernel.max_bytes = (size_t)config->lyrics.max_memory_mb * BYTES_PER_MB / 4;
    return options;
}

static silbe_status align(const silbe_config *config, lyrics_item *it, silbe_err *err)
{
    const silbe_trellis_emissions emissions = {.values = it->posteriors.data,
                                               .n_frames = it->posteriors.n_rows,
                                               .n_symbols = SILBE_N_PHONES,
                                               .row_stride = SILBE_N_PHONES,
                                               .scale = config->lyrics.scale,
                                               .log_prior = it->facts.log_prior,
                                               .prior_scale = config->lyrics.prior_scale,
                                               .wildcard_rule = SILBE_WILDCARD_LOGSUM,
                                               .wildcard_penalty = config->lyrics.wildcard_penalty};
    const silbe_trellis_align_options options = options_of(config, it->facts.hop_s);
    silbe_trellis *trellis = NULL;
    size_t n_frames = it->posteriors.n_rows, graph_bytes = 0, bytes = 0;
    silbe_status status = silbe_trellis_size(&it->text.text, n_frames, &graph_bytes, err);
    if (status == SILBE_OK && (it->graph = malloc(graph_bytes)) == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu bytes", graph_bytes);
    }
    if (status == SILBE_OK) {
        status =
            silbe_trellis_build(&it->text.text, n_frames, it->graph, graph_bytes, &trellis, err);
    }
    if (status == SILBE_OK) {
        status = silbe_trellis_align_size(trellis, &options, &bytes, err);
    }
    if (status == SILBE_OK && (it->scratch = malloc(bytes)) == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu bytes", bytes);
    }
    if (status == SILBE_OK) {
        status = allocate_found(it, err);
    }
    return status == SILBE_OK ? silbe_trellis_align(&it->text.text, trellis, &emissions, &options,
                                                    it->scratch, bytes, &it->found, err)
                              : status;
}

static silbe_status run_item(const silbe_align_context *c, const silbe_stage_item *item,
                             const char *const *temps, silbe_item_report *report, silbe_err *err)
{
    lyrics_item it = {0};
    silbe_status status = silbe_posteriorgram_read(item->inputs[FACTS], item->inputs[POSTERIORS],
                                                   &it.facts, &it.posteriors, err);
    if (status == SILBE_OK) {
        status = silbe_labels_read(item->inputs[LABELS], &it.labels, err);
    }
    if (status != SILBE_OK) {
        goto done;
    }
    report->audio_s = it.facts.duration_s;
    status = silbe_phone_text_make(c->config, &it.labels.lyrics, it.facts.hop_s, &it.text, err);
    if (status == SILBE_OK) {
        status = align(c->config, &it, err);
    }
    if (status == SILBE_OK) {
        status = silbe_phone_times_make(c->config, &it.text, &it.found, it.facts.hop_s,
                                        it.facts.duration_s, &it.times, err);
    }
    if (status != SILBE_OK) {
        status = silbe_fail_prefix(err, status, c->dataset->items[item->tag].audio_path);
        goto done;
    }
    silbe_item_note(report, "log-probability of the path %.3f a frame",
                    it.found.viterbi_logp / (double)it.facts.n_frames);
    const silbe_output_item output = {.lyrics = &it.labels.lyrics,
                                      .times = &it.times.times,
                                      .title = it.labels.score.title,
                                      .duration_s = it.facts.duration_s,
                                      .sounding_start_s = it.times.sounding_start_s,
                                      .phones = it.times.phones,
                                      .n_phones = it.times.n_phones};
    status = silbe_align_write_words(c, item, &output, temps, err);
done:
    free_item(&it);
    return status;
}

static silbe_status add_item(silbe_stage *stage, size_t index, const silbe_config *config,
                             const silbe_item *item, silbe_err *err)
{
    static const struct {
        const char *folder;
        const char *suffix;
    } INPUTS[] = {
        [POSTERIORS] = {"posteriors", "npy"},
        [FACTS] = {"posteriors", "posteriors.json"},
        [LABELS] = {"labels", "json"},
    };
    silbe_status status = SILBE_OK;
    for (size_t k = 0; k < sizeof INPUTS / sizeof INPUTS[0] && status == SILBE_OK; k++) {
        const char *name = k == LABELS ? item->work : item->name;
        status = silbe_align_add_input(stage, index, config, INPUTS[k].folder, name,
                                       INPUTS[k].suffix, err);
    }
    if (status == SILBE_OK && config->acoustic.pronunciations[0] != '\0') {
        status = silbe_stage_add_input(stage, index, config->acoustic.pronunciations, err);
    }
    return status;
}

const silbe_align_mode silbe_align_mode_lyrics = {
    .name = "lyrics",
    .keys = KEYS,
    .n_keys = sizeof KEYS / sizeof KEYS[0],
    .add_item = add_item,
    .run_item = run_item,
};
