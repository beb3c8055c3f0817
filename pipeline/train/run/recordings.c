#include "pipeline/train/run/recordings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/memory.h"
#include "features/base/npy.h"
#include "features/model/posteriors.h"
#include "pipeline/files/features_file.h"
#include "pipeline/output/output.h"
#include "pipeline/run/chain.h"
#include "pipeline/train/run/version_map.h"

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

static item_paths find_paths(const silbe_config *config, const silbe_item *item, bool with_scores,
                             silbe_err *err)
{
    return (item_paths){
        .facts = silbe_chain_path(config, SILBE_FILE_FEATURES, SILBE_STAGE_SCORE, item, err),
        .logmel = silbe_chain_path(config, SILBE_FILE_LOGMEL, SILBE_STAGE_SCORE, item, err),
        .labels = silbe_chain_path(config, SILBE_FILE_LABELS, SILBE_STAGE_SCORE, item, err),
        .words = with_scores
                     ? silbe_chain_path(config, SILBE_FILE_WORDS, SILBE_STAGE_SCORE, item, err)
                     : NULL};
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

static void read_logmel(const item_paths *p, const silbe_model *model, silbe_recording *r,
                        silbe_err *err)
{
    silbe_features_facts facts;
    const silbe_logmel_options *m = &model->logmel;
    silbe_try(err, silbe_features_file_read(p->facts, &facts, err));
    if (!silbe_failed(err) &&
        (facts.rate_hz != model->rate_hz || facts.logmel_low_hz != m->low_hz ||
         facts.logmel_high_hz != m->high_hz || facts.n_logmel_bands != m->n_bands ||
         fabs(facts.logmel_hop_s - m->hop_s) > 1e-9)) {
        (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                         "%s: other log-mel bands than the acoustic model hears; run the stage "
                         "features again",
                         p->facts);
    }
    silbe_try(err, silbe_npy_read_matrix(p->logmel, m->n_bands, &r->logmel, err));
    double *means = silbe_alloc(m->n_bands, sizeof *means, "bands", err);
    silbe_try(err, silbe_posteriors_means(&r->logmel, means, err));
    if (!silbe_failed(err)) {
        r->duration_s = facts.duration_s;
        silbe_posteriors_remove_means(means, &r->logmel);
        r->n_frames = silbe_net_output_frames(&model->shape, r->logmel.n_rows);
    }
    free(means);
}

static void read_words(const char *path, silbe_recording *r, silbe_err *err)
{
    silbe_words d = SILBE_WORDS_INIT;
    size_t n = r->labels.lyrics.n_words;
    silbe_try(err, silbe_output_read_json(path, &d, err));
    if (!silbe_failed(err) && silbe_words_check_text(&d, &r->labels.lyrics, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, path);
    }
    r->word_start_s = silbe_alloc(n, sizeof *r->word_start_s, "words", err);
    r->word_confidence = silbe_alloc(n, sizeof *r->word_confidence, "words", err);
    for (size_t w = 0; w < n && !silbe_failed(err); w++) {
        r->word_start_s[w] = d.times.words[w].start_s;
        r->word_confidence[w] = d.times.words[w].confidence;
    }
    silbe_words_free(&d);
}

static void read_recording(const silbe_config *config, const silbe_item *item, const item_paths *p,
                           const silbe_model *model, silbe_recording *r, silbe_err *err)
{
    r->name = silbe_copy_text(item->name, err);
    r->work = silbe_copy_text(item->work, err);
    read_logmel(p, model, r, err);
    silbe_try(err, silbe_labels_read(p->labels, &r->labels, err));
    silbe_try(err, silbe_phone_text_new(config, &r->labels.lyrics, silbe_model_hop_s(model), 0,
                                        &r->text, err));
    if (p->words != NULL) {
        read_words(p->words, r, err);
    }
    size_t n_words = r->labels.lyrics.n_words;
    r->own_durations = silbe_alloc(SILBE_N_PHONES, sizeof *r->own_durations, "phones", err);
    r->phones = silbe_alloc(r->n_frames, sizeof *r->phones, "frames", err);
    r->weights = silbe_alloc(r->n_frames, sizeof *r->weights, "frames", err);
    r->anchors = silbe_alloc(n_words, sizeof *r->anchors, "words", err);
    r->own_start_s = silbe_alloc(n_words, sizeof *r->own_start_s, "words", err);
    r->agreed = silbe_alloc(n_words, sizeof *r->agreed, "words", err);
}

static void read_sound(const silbe_config *config, char *name, silbe_version_sound *sound,
                       silbe_err *err)
{
    silbe_features_facts facts = {0};
    const silbe_item item = {.name = name};
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
}

static void free_sound(silbe_version_sound *sound)
{
    silbe_matrix_free(&sound->chroma);
    silbe_matrix_free(&sound->onset);
}

/* The times of recording k for recording i. */
static void add_peer(silbe_cli *cli, silbe_recordings *all, size_t i, size_t k, double hop_s,
                     silbe_err *err)
{
    silbe_recording *r = &all->items[i];
    silbe_version_sound x = {0}, y = {0};
    double cost = 0.0;
    read_sound(&cli->config, r->name, &x, err);
    read_sound(&cli->config, all->items[k].name, &y, err);
    float *other_s = silbe_alloc(r->n_frames, sizeof *other_s, "frames", err);
    silbe_try(err, silbe_version_map(&x, &y, hop_s, r->n_frames, other_s, &cost, err));
    if (!silbe_failed(err)) {
        silbe_log_detail(&cli->log, "%s follows %s at a cost of %.3f a frame", r->name,
                         all->items[k].name, cost);
        r->peers[r->n_peers++] = (silbe_peer){k, other_s};
    } else {
        free(other_s);
    }
    free_sound(&x);
    free_sound(&y);
}

static void find_peers(silbe_cli *cli, silbe_recordings *all, double hop_s, silbe_err *err)
{
    for (size_t i = 0; i < all->n_items && !silbe_failed(err); i++) {
        silbe_recording *r = &all->items[i];
        r->peers = silbe_alloc(all->n_items, sizeof *r->peers, "recordings", err);
        for (size_t k = 0; k < all->n_items && !silbe_failed(err); k++) {
            if (k != i && strcmp(r->work, all->items[k].work) == 0) {
                add_peer(cli, all, i, k, hop_s, err);
            }
        }
    }
}

silbe_status silbe_recordings_read(silbe_cli *cli, const silbe_dataset *dataset,
                                   const silbe_model *model, bool with_scores,
                                   silbe_recordings *recordings, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_config *config = &cli->config;
    char first[256] = "";
    size_t n_selected = 0;
    recordings->items = silbe_alloc(dataset->n_items, sizeof *recordings->items, "recordings", err);
    for (size_t i = 0; i < dataset->n_items && !silbe_failed(err); i++) {
        const silbe_item *item = &dataset->items[i];
        if (!silbe_chain_selects(config, item->name)) {
            continue;
        }
        n_selected++;
        item_paths p = find_paths(config, item, with_scores, err);
        const char *lacks = silbe_failed(err) ? NULL : missing(&p);
        if (lacks != NULL) {
            silbe_log_warning(&cli->log, "%s: left out: there is no %s", item->name, lacks);
            (void)snprintf(first, sizeof first, "%s", lacks);
        } else {
            read_recording(config, item, &p, model, &recordings->items[recordings->n_items++], err);
        }
        free_paths(&p);
    }
    if (!silbe_failed(err) && recordings->n_items == 0) {
        return silbe_fail(err, SILBE_ERR_DATA,
                          "dataset %.100s: none of its %zu recordings can be trained on%s%s; run "
                          "first: silbe align DATASET --mode %s",
                          config->dataset.name, n_selected,
                          first[0] != '\0' ? ": there is no " : "", first,
                          with_scores ? "score" : "lyrics");
    }
    if (!with_scores && config->adapt.versions_weight > 0.0) {
        find_peers(cli, recordings, silbe_model_hop_s(model), err);
    }
    return err->status;
}

silbe_status silbe_recordings_source(const silbe_recordings *recordings, const bool *left_out,
                                     size_t stride, silbe_piece_source_options options,
                                     silbe_piece_source **source, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = 0;
    for (size_t i = 0; i < recordings->n_items; i++) {
        n += recordings->items[i].n_pieces;
    }
    options.pieces = silbe_alloc(n, sizeof *options.pieces, "pieces", err);
    for (size_t i = 0; i < recordings->n_items && !silbe_failed(err); i++) {
        const silbe_recording *r = &recordings->items[i];
        options.n_bands = r->logmel.n_cols;
        for (size_t k = 0; !left_out[i] && k < r->n_pieces; k++) {
            /* Output frame s is centred on input frame stride * s. */
            size_t begin = r->pieces[k].begin_frame, n_frames = r->pieces[k].end_frame - begin;
            options.pieces[options.n_pieces++] =
                (silbe_train_piece){r->name,
                                    silbe_matrix_row(&r->logmel, begin * stride),
                                    (n_frames - 1) * stride + 1,
                                    {r->phones + begin, r->weights + begin, n_frames}};
        }
    }
    if (!silbe_failed(err) && options.n_pieces == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "no part of the recordings is sure enough to learn from "
                         "(adapt.min_confidence)");
    }
    if (silbe_failed(err)) {
        free(options.pieces);
        return err->status;
    }
    return silbe_piece_source_new(&options, source, err);
}
