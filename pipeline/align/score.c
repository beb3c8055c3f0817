/* Mode score: synchronises recordings with scores. */
#include <stdlib.h>

#include "align/score/score_sync.h"
#include "align/score/word_times.h"
#include "features/base/npy.h"
#include "pipeline/align/items.h"
#include "pipeline/corrections.h"
#include "pipeline/features_file.h"
#include "pipeline/labels_file.h"
#include "pipeline/score_options.h"

/* features.onset_decay_s: the score is given the same traces as the recording. */
static const char *const KEYS[] = {"align.", "features.onset_decay_s", "output."};

/* Inputs of an item, and its outputs: the path, then the word times. */
enum { CHROMA, ONSET, PITCH_ONSET, FACTS, LABELS, N_INPUTS };
enum { PATH_FILE, FIRST_FORMAT };
enum { PATH_COLUMNS = 3 };

/* What one item reads. */
typedef struct {
    silbe_matrix chroma;
    silbe_matrix onset;
    silbe_matrix pitch_onset;
    silbe_features_facts facts;
    silbe_labels labels;
    silbe_score_anchor *anchors; /* NULL: none */
} item_inputs;

static void free_inputs(item_inputs *inputs)
{
    free(inputs->anchors);
    silbe_matrix_free(&inputs->chroma);
    silbe_matrix_free(&inputs->onset);
    silbe_matrix_free(&inputs->pitch_onset);
    silbe_labels_free(&inputs->labels);
}

static silbe_status read_inputs(const silbe_stage_item *item, item_inputs *inputs, silbe_err *err)
{
    silbe_status status = silbe_features_file_read(item->inputs[FACTS], &inputs->facts, err);
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[CHROMA], SILBE_N_PITCH_CLASSES, &inputs->chroma,
                                       err);
    }
    if (status == SILBE_OK) {
        status =
            silbe_npy_read_matrix(item->inputs[ONSET], SILBE_N_PITCH_CLASSES, &inputs->onset, err);
    }
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(item->inputs[PITCH_ONSET], inputs->facts.n_onset_pitches,
                                       &inputs->pitch_onset, err);
    }
    if (status == SILBE_OK && (inputs->chroma.n_rows != inputs->facts.n_frames ||
                               inputs->onset.n_rows != inputs->facts.n_frames ||
                               inputs->pitch_onset.n_rows != inputs->facts.n_frames)) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "%s: says %zu frames, but the arrays have %zu, %zu and %zu; run the "
                            "stage features again with --force",
                            item->inputs[FACTS], inputs->facts.n_frames, inputs->chroma.n_rows,
                            inputs->onset.n_rows, inputs->pitch_onset.n_rows);
    }
    if (status == SILBE_OK) {
        status = silbe_labels_read(item->inputs[LABELS], &inputs->labels, err);
    }
    return status;
}

/* Words set by hand as anchors. */
static silbe_status read_anchors(const char *path, item_inputs *inputs, silbe_item_report *report,
                                 silbe_score_sync_options *options, silbe_err *err)
{
    const silbe_lyrics *lyrics = &inputs->labels.lyrics;
    silbe_reference_words words = SILBE_REFERENCE_WORDS_INIT;
    silbe_status status = silbe_corrections_read(path, lyrics, &words, err);
    inputs->anchors = calloc(lyrics->n_words + 1, sizeof *inputs->anchors);
    if (status == SILBE_OK && inputs->anchors == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t i = 0; i < words.n_words && status == SILBE_OK; i++) {
        double onset_q = lyrics->syllables[lyrics->words[i].first_syllable].onset_q;
        if (words.words[i].is_known && words.words[i].start_s > inputs->facts.duration_s) {
            status = silbe_fail(
                err, SILBE_ERR_MISMATCH, "%s: \"%s\" at %.3f s, but the recording ends at %.3f s",
                path, lyrics->words[i].text, words.words[i].start_s, inputs->facts.duration_s);
        } else if (words.words[i].is_known) {
            inputs->anchors[options->n_anchors++] =
                (silbe_score_anchor){onset_q, words.words[i].start_s};
        }
    }
    options->anchors = inputs->anchors;
    silbe_item_note(report, "%zu words set by hand", options->n_anchors);
    silbe_reference_words_free(&words);
    return status;
}

/* Rows (onset_q, time_s, confidence), one for each event of the score. */
static silbe_status write_path(const char *path, const silbe_score_sync *sync, silbe_err *err)
{
    size_t n = sync->events.n_events;
    double *rows = calloc(n * PATH_COLUMNS, sizeof *rows);
    if (rows == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t k = 0; k < n; k++) {
        rows[k * PATH_COLUMNS] = sync->events.onset_q[k];
        rows[k * PATH_COLUMNS + 1] = sync->event_s[k];
        rows[k * PATH_COLUMNS + 2] = sync->confidence[k];
    }
    silbe_status status = silbe_npy_write_doubles(path, rows, n, PATH_COLUMNS, err);
    free(rows);
    return status;
}

static silbe_status run_item(const silbe_align_context *c, const silbe_stage_item *item,
                             const char *const *temps, silbe_item_report *report, silbe_err *err)
{
    item_inputs inputs = {0};
    silbe_score_sync sync = SILBE_SCORE_SYNC_INIT;
    silbe_word_times words = SILBE_WORD_TIMES_INIT;
    const silbe_item *source = &c->dataset->items[item->tag];
    if (source->score_path == NULL) {
        return silbe_fail(
            err, SILBE_ERR_DATA,
            "has no score: mode score needs %s.musicxml, .xml or .mxl beside %s; mode "
            "lyrics needs none",
            source->work, source->audio_path);
    }
    silbe_status status = read_inputs(item, &inputs, err);
    if (status != SILBE_OK) {
        goto done;
    }
    report->audio_s = inputs.facts.duration_s;
    silbe_recording recording = {.chroma = &inputs.chroma,
                                 .onset = &inputs.onset,
                                 .pitch_onset = &inputs.pitch_onset,
                                 .low_pitch = inputs.facts.onset_low_pitch,
                                 .hop_s = inputs.facts.hop_s};
    silbe_score_sync_options options = silbe_score_options_from(c->config);
    if (item->n_inputs > N_INPUTS) {
        status = read_anchors(item->inputs[N_INPUTS], &inputs, report, &options, err);
    }
    if (status == SILBE_OK) {
        status = silbe_score_sync_run(&inputs.labels.score, &recording, &options, &sync, err);
    }
    if (status != SILBE_OK) {
        status = silbe_fail_prefix(err, status, c->dataset->items[item->tag].audio_path);
        goto done;
    }
    silbe_item_note(report, "transposition %+d semitones, key ratio %.3f, sharpness %.3f",
                    sync.coarse.transposition_semitones, sync.coarse.key_ratio, sync.sharpness);
    silbe_score_times times = {.event_q = sync.events.onset_q,
                               .event_s = sync.event_s,
                               .confidence = sync.confidence,
                               .n_events = sync.events.n_events,
                               .duration_s = inputs.facts.duration_s};
    status = silbe_score_word_times(&inputs.labels.lyrics, &times, &words, err);
    if (status == SILBE_OK) {
        status = write_path(temps[PATH_FILE], &sync, err);
    }
    if (status == SILBE_OK) {
        const silbe_output_item output = {.lyrics = &inputs.labels.lyrics,
                                          .times = &words,
                                          .title = inputs.labels.score.title,
                                          .duration_s = inputs.facts.duration_s};
        status = silbe_align_write_words(c, item, &output, temps + FIRST_FORMAT, err);
    }
done:
    silbe_word_times_free(&words);
    silbe_score_sync_free(&sync);
    free_inputs(&inputs);
    return status;
}

static silbe_status add_item(silbe_stage *stage, size_t index, const silbe_config *config,
                             const silbe_item *item, silbe_err *err)
{
    static const struct {
        const char *folder;
        const char *suffix;
    } INPUTS[N_INPUTS] = {
        [CHROMA] = {"features", "chroma.npy"},
        [ONSET] = {"features", "onset.npy"},
        [PITCH_ONSET] = {"features", "pitch_onset.npy"},
        [FACTS] = {"features", "features.json"},
        [LABELS] = {"labels", "json"},
    };
    silbe_status status = SILBE_OK;
    for (size_t k = 0; k < N_INPUTS && status == SILBE_OK; k++) {
        const char *name = k == LABELS ? item->work : item->name;
        status = silbe_align_add_input(stage, index, config, INPUTS[k].folder, name,
                                       INPUTS[k].suffix, err);
    }
    if (status == SILBE_OK) {
        status = silbe_align_add_corrections(stage, index, config, item, err);
    }
    if (status == SILBE_OK) {
        status = silbe_align_add_output(stage, index, "path", item->name, "npy", err);
    }
    return status;
}

const silbe_align_mode silbe_align_mode_score = {
    .name = "score",
    .keys = KEYS,
    .n_keys = sizeof KEYS / sizeof KEYS[0],
    .add_item = add_item,
    .run_item = run_item,
};
