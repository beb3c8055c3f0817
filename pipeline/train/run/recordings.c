#include "pipeline/train/run/recordings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/npy.h"
#include "features/model/posteriors.h"
#include "pipeline/files/features_file.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/train/run/version_map.h"

enum { SUFFIX_SIZE = 32 };

static void free_recording(silbe_recording *r)
{
    silbe_phone_text_free(&r->text);
    silbe_labels_free(&r->labels);
    silbe_matrix_free(&r->logmel);
    silbe_matrix_free(&r->posteriors);
    for (size_t k = 0; k < r->n_peers; k++) {
        free(r->peers[k].other_s);
    }
    free(r->peers);
    free(r->own_durations);
    free(r->name);
    free(r->work);
    free(r->word_start_s);
    free(r->word_confidence);
    free(r->anchors);
    free(r->own_start_s);
    free(r->agreed);
    free(r->phones);
    free(r->weights);
    free(r->pieces);
}

void silbe_recordings_free(silbe_recordings *recordings)
{
    for (size_t i = 0; i < recordings->n_items; i++) {
        free_recording(&recordings->items[i]);
    }
    free(recordings->items);
    *recordings = (silbe_recordings)SILBE_RECORDINGS_INIT;
}

static char *copy_of(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = malloc(n);
    return copy != NULL ? memcpy(copy, text, n) : NULL;
}

/* The paths of one item. */
typedef struct {
    char *facts;
    char *logmel;
    char *labels;
    char *words; /* NULL: not wanted */
} item_paths;

static void free_paths(item_paths *p)
{
    free(p->facts);
    free(p->logmel);
    free(p->labels);
    free(p->words);
}

static silbe_status find_paths(const silbe_config *config, const silbe_item *item, bool with_scores,
                               item_paths *p, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *p = (item_paths){
        .facts = silbe_chain_path(config, SILBE_FILE_FEATURES, SILBE_STAGE_SCORE, item, err),
        .logmel = silbe_chain_path(config, SILBE_FILE_LOGMEL, SILBE_STAGE_SCORE, item, err),
        .labels = silbe_chain_path(config, SILBE_FILE_LABELS, SILBE_STAGE_SCORE, item, err),
        .words = with_scores
                     ? silbe_chain_path(config, SILBE_FILE_WORDS, SILBE_STAGE_SCORE, item, err)
                     : NULL};
    return err->status;
}

/* The first file that is missing, or NULL. */
static const char *missing(const item_paths *p)
{
    const char *const paths[] = {p->facts, p->logmel, p->labels, p->words};
    for (size_t i = 0; i < 4; i++) {
        if (paths[i] != NULL && access(paths[i], R_OK) != 0) {
            return paths[i];
        }
    }
    return NULL;
}

static silbe_status read_logmel(const item_paths *p, const silbe_model *model, silbe_recording *r,
                                silbe_err *err)
{
    silbe_features_facts facts;
    double *means = NULL;
    const silbe_logmel_options *m = &model->logmel;
    silbe_status status = silbe_features_file_read(p->facts, &facts, err);
    if (status == SILBE_OK &&
        (facts.rate_hz != model->rate_hz || facts.logmel_low_hz != m->low_hz ||
         facts.logmel_high_hz != m->high_hz || facts.n_logmel_bands != m->n_bands ||
         fabs(facts.logmel_hop_s - m->hop_s) > 1e-9)) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "%s: other log-mel bands than the acoustic model hears; run the stage "
                            "features again",
                            p->facts);
    }
    if (status == SILBE_OK) {
        status = silbe_npy_read_matrix(p->logmel, m->n_bands, &r->logmel, err);
    }
    if (status == SILBE_OK) {
        means = calloc(m->n_bands, sizeof *means);
        status = means != NULL ? silbe_posteriors_means(&r->logmel, means, err)
                               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    if (status == SILBE_OK) {
        silbe_posteriors_remove_means(means, &r->logmel);
        r->n_frames = silbe_net_output_frames(&model->shape, r->logmel.n_rows);
    }
    free(means);
    return status;
}

static silbe_status read_words(const char *path, silbe_recording *r, silbe_err *err)
{
    silbe_words d = SILBE_WORDS_INIT;
    size_t n = r->labels.lyrics.n_words;
    silbe_status status = silbe_output_read_json(path, &d, err);
    if (status == SILBE_OK && d.lyrics.n_words != n) {
        status = silbe_fail(err, SILBE_ERR_MISMATCH,
                            "%s: %zu words, but the labels have %zu; run the mode score again",
                            path, d.lyrics.n_words, n);
    }
    if (status == SILBE_OK) {
        r->word_start_s = calloc(n, sizeof *r->word_start_s);
        r->word_confidence = calloc(n, sizeof *r->word_confidence);
        status = r->word_start_s != NULL && r->word_confidence != NULL
                     ? SILBE_OK
                     : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    for (size_t w = 0; w < n && status == SILBE_OK; w++) {
        r->word_start_s[w] = d.times.words[w].start_s;
        r->word_confidence[w] = d.times.words[w].confidence;
    }
    silbe_words_free(&d);
    return status;
}

static silbe_status read_recording(const silbe_config *config, const silbe_item *item,
                                   const item_paths *p, const silbe_model *model,
                                   silbe_recording *r, silbe_err *err)
{
    r->name = copy_of(item->name);
    r->work = copy_of(item->work);
    silbe_status status = r->name != NULL && r->work != NULL
                              ? SILBE_OK
                              : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    if (status == SILBE_OK) {
        status = read_logmel(p, model, r, err);
    }
    if (status == SILBE_OK) {
        status = silbe_labels_read(p->labels, &r->labels, err);
    }
    if (status == SILBE_OK) {
        status = silbe_phone_text_make(config, &r->labels.lyrics, silbe_model_hop_s(model),
                                       &r->text, err);
    }
    if (status == SILBE_OK && p->words != NULL) {
        status = read_words(p->words, r, err);
    }
    if (status == SILBE_OK) {
        r->own_durations = malloc(SILBE_N_PHONES * sizeof *r->own_durations);
        r->phones = calloc(r->n_frames, sizeof *r->phones);
        r->weights = calloc(r->n_frames, sizeof *r->weights);
        r->anchors = calloc(r->labels.lyrics.n_words + 1, sizeof *r->anchors);
        r->own_start_s = calloc(r->labels.lyrics.n_words + 1, sizeof *r->own_start_s);
        r->agreed = calloc(r->labels.lyrics.n_words + 1, sizeof *r->agreed);
        status = r->own_durations != NULL && r->phones != NULL && r->weights != NULL &&
                         r->anchors != NULL && r->own_start_s != NULL && r->agreed != NULL
                     ? SILBE_OK
                     : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    if (status == SILBE_OK) {
        memcpy(r->own_durations, r->text.durations, SILBE_N_PHONES * sizeof *r->own_durations);
    }
    return status;
}

static silbe_status read_sound(const silbe_config *config, char *name, silbe_version_sound *sound,
                               silbe_err *err)
{
    silbe_err own;
    silbe_features_facts facts = {0};
    const silbe_item item = {.name = name};
    err = silbe_err_begin(err, &own);
    char *chroma = silbe_chain_path(config, SILBE_FILE_CHROMA, SILBE_STAGE_SCORE, &item, err);
    char *onset = silbe_chain_path(config, SILBE_FILE_ONSET, SILBE_STAGE_SCORE, &item, err);
    char *path = silbe_chain_path(config, SILBE_FILE_FEATURES, SILBE_STAGE_SCORE, &item, err);
    silbe_try(err, silbe_features_file_read(path, &facts, err));
    sound->hop_s = facts.hop_s;
    silbe_try(err, silbe_npy_read_matrix(chroma, SILBE_N_PITCH_CLASSES, &sound->chroma, err));
    silbe_try(err, silbe_npy_read_matrix(onset, SILBE_N_PITCH_CLASSES, &sound->onset, err));
    free(chroma);
    free(onset);
    free(path);
    return err->status;
}

static void free_sound(silbe_version_sound *sound)
{
    silbe_matrix_free(&sound->chroma);
    silbe_matrix_free(&sound->onset);
}

/* The peer's times for recording i. */
static silbe_status add_peer(silbe_cli *cli, silbe_recordings *all, size_t i, size_t k,
                             double hop_s, silbe_err *err)
{
    silbe_recording *r = &all->items[i];
    silbe_version_sound x = {0}, y = {0};
    float *other_s = calloc(r->n_frames + 1, sizeof *other_s);
    double cost = 0.0;
    silbe_status status = read_sound(&cli->config, r->name, &x, err);
    if (status == SILBE_OK) {
        status = read_sound(&cli->config, all->items[k].name, &y, err);
    }
    if (status == SILBE_OK) {
        status = other_s != NULL
                     ? silbe_version_map(&x, &y, hop_s, r->n_frames, other_s, &cost, err)
                     : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    if (status == SILBE_OK) {
        silbe_log_detail(&cli->log, "%s follows %s at a cost of %.3f a frame", r->name,
                         all->items[k].name, cost);
        r->peers[r->n_peers++] = (silbe_peer){k, other_s};
        other_s = NULL;
    }
    free(other_s);
    free_sound(&x);
    free_sound(&y);
    return status;
}

static silbe_status find_peers(silbe_cli *cli, silbe_recordings *all, double hop_s, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < all->n_items && status == SILBE_OK; i++) {
        all->items[i].peers = calloc(all->n_items, sizeof *all->items[i].peers);
        if (all->items[i].peers == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
        }
        for (size_t k = 0; k < all->n_items && status == SILBE_OK; k++) {
            if (k != i && strcmp(all->items[i].work, all->items[k].work) == 0) {
                status = add_peer(cli, all, i, k, hop_s, err);
            }
        }
    }
    return status;
}

silbe_status silbe_recordings_load(silbe_cli *cli, const silbe_dataset *dataset,
                                   const silbe_model *model, bool with_scores,
                                   silbe_recordings *recordings, silbe_err *err)
{
    const silbe_config *config = &cli->config;
    char first[256] = "";
    size_t n_selected = 0;
    silbe_status status = SILBE_OK;
    recordings->items = calloc(dataset->n_items + 1, sizeof *recordings->items);
    if (recordings->items == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < dataset->n_items && status == SILBE_OK; i++) {
        const silbe_item *item = &dataset->items[i];
        item_paths p;
        if (!silbe_chain_selects(config, item->name)) {
            continue;
        }
        n_selected++;
        status = find_paths(config, item, with_scores, &p, err);
        const char *lacks = status == SILBE_OK ? missing(&p) : NULL;
        if (lacks != NULL) {
            silbe_log_warning(&cli->log, "%s: left out: there is no %s", item->name, lacks);
            (void)snprintf(first, sizeof first, "%s", lacks);
            recordings->n_without++;
        } else if (status == SILBE_OK) {
            status = read_recording(config, item, &p, model,
                                    &recordings->items[recordings->n_items++], err);
        }
        free_paths(&p);
    }
    if (status == SILBE_OK && recordings->n_items == 0) {
        status =
            silbe_fail(err, SILBE_ERR_DATA,
                       "dataset %.100s: none of its %zu recordings can be trained on%s%s; run "
                       "first: make align DATASET=... MODE=%s",
                       config->dataset.name, n_selected, first[0] != '\0' ? ": there is no " : "",
                       first, with_scores ? "score" : "lyrics");
    }
    if (status == SILBE_OK && !with_scores && config->adapt.versions_weight > 0.0) {
        status = find_peers(cli, recordings, silbe_model_hop_s(model), err);
    }
    return status;
}
