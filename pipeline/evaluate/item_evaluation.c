#define _POSIX_C_SOURCE 200809L
#include "pipeline/evaluate/item_evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "align/score/word_times.h"
#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/evaluate/item_references.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/record.h"

enum { PATH_COLUMNS = 3 }; /* of the stage's path file: onset_q, time_s, confidence */

/* How long after the end of the recording a reference may lie. */
static const double REFERENCE_SLACK_S = 1.0;

/* What the earlier stages made, and the references. */
typedef struct {
    silbe_labels labels;
    silbe_words words;
    double *path;
    size_t n_events; /* 0: the mode has no path */
    silbe_item_references references;
} sources;

static void free_sources(sources *s)
{
    silbe_labels_free(&s->labels);
    silbe_words_free(&s->words);
    free(s->path);
    silbe_item_references_free(&s->references);
}

static void fail_stage(silbe_item_evaluation *evaluation, silbe_stage_id stage, const char *reason)
{
    const char *name = stage >= SILBE_STAGE_MODES ? "align" : silbe_chain_get(stage)->name;
    (void)snprintf(evaluation->failed_stage, sizeof evaluation->failed_stage, "%s", name);
    (void)snprintf(evaluation->failed_reason, sizeof evaluation->failed_reason, "%s", reason);
}

/* Reads the record of a stage that the mode needs: its time, or its failure. False where there is
 * none. */
static bool read_record(const silbe_config *config, silbe_stage_id stage, const silbe_item *item,
                        silbe_item_evaluation *evaluation, silbe_err *err)
{
    silbe_record record = SILBE_RECORD_INIT;
    char *path = silbe_chain_record(config, stage, item, err);
    bool exists = path != NULL && silbe_record_read(path, &record, NULL) == SILBE_OK;
    if (exists && record.ok) {
        evaluation->result.wall_s += record.wall_s;
    } else if (exists) {
        fail_stage(evaluation, stage, record.reason);
    }
    silbe_record_free(&record);
    free(path);
    return exists;
}

/* The first failure of the item's stages, and the time that all took. What an earlier stage made
 * may have been removed since, as long as the mode's own results are there. */
static void read_records(const silbe_config *config, silbe_stage_id mode, const silbe_item *item,
                         silbe_item_evaluation *evaluation, silbe_err *err)
{
    silbe_stage_id first_missing = SILBE_N_STAGES;
    bool is_there = true; /* the record of the last stage, which is the mode's */
    evaluation->result.wall_s = 0;
    for (int s = 0; s <= (int)mode && evaluation->failed_stage[0] == '\0'; s++) {
        if (silbe_chain_needs(mode, (silbe_stage_id)s)) {
            is_there = read_record(config, (silbe_stage_id)s, item, evaluation, err);
            first_missing =
                is_there || first_missing < SILBE_N_STAGES ? first_missing : (silbe_stage_id)s;
        }
    }
    if (!is_there && evaluation->failed_stage[0] == '\0') {
        fail_stage(evaluation, first_missing, "not run yet; `silbe align` runs it");
    }
}

silbe_status silbe_item_evaluation_exists(const silbe_config *config, silbe_stage_id mode,
                                          const silbe_item *item, bool *exists, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *path = silbe_chain_record(config, mode, item, err);
    *exists = path != NULL && access(path, F_OK) == 0;
    free(path);
    return err->status;
}

static void check_text(const char *path, const sources *s, silbe_err *err)
{
    silbe_err problem = SILBE_ERR_INIT;
    if (!silbe_failed(err) &&
        silbe_words_check_text(&s->words, &s->labels.lyrics, &problem) != SILBE_OK) {
        (void)silbe_fail(err, problem.status, "%.200s: %s; run the stage align again", path,
                         problem.message);
    }
}

static void read_results(const silbe_config *config, silbe_stage_id mode, const silbe_item *item,
                         sources *s, silbe_err *err)
{
    char *labels = silbe_chain_path(config, SILBE_FILE_LABELS, mode, item, err);
    char *words = silbe_chain_path(config, SILBE_FILE_WORDS, mode, item, err);
    char *path = silbe_chain_path(config, SILBE_FILE_PATH, mode, item, err);
    silbe_try(err, silbe_labels_read(labels, &s->labels, err));
    silbe_try(err, silbe_output_read_json(words, &s->words, err));
    if (silbe_chain_makes(mode, SILBE_FILE_PATH)) {
        silbe_try(err, silbe_npy_read_doubles(path, PATH_COLUMNS, &s->path, &s->n_events, err));
    }
    check_text(words, s, err);
    free(labels);
    free(words);
    free(path);
}

static void fill_measures(const sources *s, silbe_item_evaluation *evaluation, double *reference_s,
                          double *estimate_s, silbe_err *err)
{
    const silbe_reference_measures *measures = &s->references.measures;
    double *event_q = silbe_alloc(2 * s->n_events, sizeof *event_q, "events", err);
    if (event_q == NULL) {
        return;
    }
    double *event_s = event_q + s->n_events;
    for (size_t k = 0; k < s->n_events; k++) {
        event_q[k] = s->path[k * PATH_COLUMNS];
        event_s[k] = s->path[k * PATH_COLUMNS + 1];
    }
    silbe_score_times times = {.event_q = event_q,
                               .event_s = event_s,
                               .n_events = s->n_events,
                               .duration_s = s->words.duration_s};
    for (size_t i = 0; i < measures->n_measures; i++) {
        reference_s[i] = measures->measures[i].time_s;
        estimate_s[i] = silbe_score_time(&times, measures->measures[i].onset_q);
    }
    evaluation->result.n_measures = measures->n_measures;
    evaluation->result.measure_reference_s = reference_s;
    evaluation->result.measure_estimate_s = estimate_s;
    free(event_q);
}

/* Word w of the text, of which the reference is known, becomes entry n. */
static void fill_word(const sources *s, size_t w, size_t n, double *const columns[3],
                      silbe_item_evaluation *evaluation, silbe_err *err)
{
    const silbe_word *word = &s->words.lyrics.words[w];
    const silbe_span *span = &s->words.times.words[w];
    bool is_matched = s->words.is_matched[w];
    columns[0][n] = s->references.words.words[w].start_s;
    columns[1][n] = is_matched ? span->start_s : NAN;
    columns[2][n] = span->confidence;
    evaluation->is_missing[n] = !is_matched;
    evaluation->lines[n] = word->line + 1;
    evaluation->texts[n] = silbe_copy_text(word->text, err);
}

static void fill_words(const sources *s, silbe_item_evaluation *evaluation,
                       double *const columns[3], silbe_err *err)
{
    size_t n = 0, n_missing = 0, n_text = s->words.lyrics.n_words;
    for (size_t w = 0; s->references.has_words && w < n_text && !silbe_failed(err); w++) {
        if (s->references.words.words[w].is_known) {
            fill_word(s, w, n, columns, evaluation, err);
            n_missing += evaluation->is_missing[n++];
        }
    }
    silbe_item_result *result = &evaluation->result;
    double sum = 0;
    result->n_placed = silbe_words_n_matched(&s->words);
    for (size_t w = 0; w < n_text; w++) {
        double confidence = s->words.times.words[w].confidence;
        sum += s->words.is_matched[w] ? confidence : 0;
        result->n_unsure += s->words.is_matched[w] && confidence < 0.5;
    }
    result->mean_confidence = result->n_placed > 0 ? sum / (double)result->n_placed : NAN;
    result->n_unmatched = n_text - (s->references.has_words ? n - n_missing : result->n_placed);
    result->n_words = n;
    result->reference_s = columns[0];
    result->estimate_s = columns[1];
    result->confidence = columns[2];
    result->is_missing = evaluation->is_missing;
    result->word_texts = (const char *const *)evaluation->texts;
    result->line_numbers = evaluation->lines;
}

/* Annotations that go on after the recording has ended are of another one. */
static void check_range(const sources *s, const silbe_item *item, const silbe_item_result *result,
                        silbe_err *err)
{
    double last_s = 0;
    const char *path = item->ref_words_path != NULL ? item->ref_words_path : item->ref_notes_path;
    path = path != NULL ? path : "corrections";
    for (size_t i = 0; i < result->n_words; i++) {
        last_s = fmax(last_s, result->reference_s[i]);
    }
    for (size_t i = 0; i < result->n_measures; i++) {
        if (result->measure_reference_s[i] > last_s) {
            last_s = result->measure_reference_s[i];
            path = item->ref_measures_path;
        }
    }
    if (!silbe_failed(err) && last_s > s->words.duration_s + REFERENCE_SLACK_S) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "%s: reaches to %.3f s, but the recording ends at %.3f s; is it the "
                         "annotation of another recording?",
                         path, last_s, s->words.duration_s);
    }
}

static void fill_result(const sources *s, const silbe_item *item, silbe_item_evaluation *evaluation,
                        silbe_err *err)
{
    size_t n_words = s->labels.lyrics.n_words;
    size_t n_measures = s->n_events > 0 ? s->references.measures.n_measures : 0;
    double *values = silbe_alloc(3 * n_words + 2 * n_measures, sizeof *values, "onsets", err);
    evaluation->values = values;
    evaluation->texts = silbe_alloc(n_words + 1, sizeof *evaluation->texts, "words", err);
    evaluation->lines = silbe_alloc(n_words, sizeof *evaluation->lines, "words", err);
    evaluation->is_missing = silbe_alloc(n_words, sizeof *evaluation->is_missing, "words", err);
    if (silbe_failed(err)) {
        return;
    }
    double *const columns[] = {values, values + n_words, values + 2 * n_words};
    evaluation->result.audio_s = s->words.duration_s;
    fill_words(s, evaluation, columns, err);
    if (n_measures > 0) {
        fill_measures(s, evaluation, values + 3 * n_words, values + 3 * n_words + n_measures, err);
    }
    check_range(s, item, &evaluation->result, err);
    const silbe_messages *lists[] = {&s->references.measures.reports, &s->references.words.reports};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < lists[i]->n && !silbe_failed(err); k++) {
            silbe_try(err, silbe_messages_add(&evaluation->notes, err, "%s", lists[i]->texts[k]));
        }
    }
}

silbe_status silbe_item_evaluation_new(const silbe_config *config, silbe_stage_id mode,
                                       const silbe_item *item, silbe_item_evaluation *evaluation,
                                       silbe_err *err)
{
    silbe_err own;
    sources s = {0};
    err = silbe_err_begin(err, &own);
    *evaluation = (silbe_item_evaluation)SILBE_ITEM_EVALUATION_INIT;
    evaluation->result.work = item->work;
    evaluation->result.version = item->version;
    read_records(config, mode, item, evaluation, err);
    if (!silbe_failed(err) && evaluation->failed_stage[0] == '\0') {
        read_results(config, mode, item, &s, err);
        silbe_try(err, silbe_item_references_read(config, item, &s.labels, &s.references, err));
        fill_result(&s, item, evaluation, err);
    }
    free_sources(&s);
    return err->status;
}

void silbe_item_evaluation_free(silbe_item_evaluation *evaluation)
{
    for (size_t i = 0; evaluation->texts != NULL && evaluation->texts[i] != NULL; i++) {
        free(evaluation->texts[i]);
    }
    free(evaluation->texts);
    free(evaluation->lines);
    free(evaluation->is_missing);
    free(evaluation->values);
    silbe_messages_free(&evaluation->notes);
    *evaluation = (silbe_item_evaluation)SILBE_ITEM_EVALUATION_INIT;
}
