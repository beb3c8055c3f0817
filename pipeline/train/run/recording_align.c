#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "features/model/posteriors.h"
#include "pipeline/align/phone_search.h"
#include "pipeline/train/run/recordings.h"

static const double BLUR_S = 0.1; /* to either side */
static const double AGREED_S = 0.25;
/* A peer may disagree by so much: its words may be late, its text another. */
static const double PEER_FLOOR = 1e-2;

/* What was found in one recording. */
typedef struct {
    silbe_matrix evidence; /* log-posteriors, perhaps with those of peers */
    silbe_phone_search search;
} text_found;

static void free_found(text_found *f)
{
    silbe_matrix_free(&f->evidence);
    silbe_phone_search_free(&f->search);
}

static void add_anchor(silbe_recording *r, size_t word, double begin_s, double end_s, double hop_s)
{
    double begin = begin_s / hop_s, end = end_s / hop_s;
    r->anchors[r->text.text.n_anchors++] =
        (silbe_trellis_anchor){.index = word,
                               .begin_frame = begin > 0.0 ? (size_t)begin : 0,
                               .end_frame = end > 0.0 ? (size_t)end + 1 : 1};
}

/* The score's times as anchors: a word's note begins with its vowel, its consonants before. The
 * anchors say how long phones last, so that durations, which cannot hold in quick words, are not
 * needed. Without a score, words that peers agree on. */
static void set_anchors(const silbe_config *config, silbe_recording *r, double hop_s,
                        bool with_peers)
{
    silbe_trellis_text *text = &r->text.text;
    bool with_score = r->word_start_s != NULL;
    text->anchors = r->anchors;
    text->n_anchors = 0;
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        r->text.durations[k] =
            with_score ? (silbe_trellis_duration){1, 0.0, 0.0} : r->own_durations[k];
    }
    if (with_score) {
        text->gap_words = text->gap_lines; /* and where the rests are */
    }
    for (size_t w = 0; w < text->n_words; w++) {
        if (with_score && r->word_confidence[w] >= config->adapt.min_confidence) {
            double start_s = r->word_start_s[w];
            add_anchor(r, w, start_s - 1e-3 * config->train.anchor_before_ms,
                       start_s + 1e-3 * config->train.anchor_after_ms, hop_s);
        } else if (with_peers && r->agreed[w]) {
            add_anchor(r, w, r->own_start_s[w] - AGREED_S, r->own_start_s[w] + AGREED_S, hop_s);
        }
    }
}

/* Adds, to each frame of `evidence`, weight * ln of the mean probability in the frames of `other`
 * around the time that the peer has for it. */
static void add_peer(const silbe_peer *peer, const silbe_matrix *other, double hop_s, double weight,
                     silbe_matrix *evidence)
{
    ptrdiff_t reach = (ptrdiff_t)(BLUR_S / hop_s + 0.5), last = (ptrdiff_t)other->n_rows - 1;
    for (size_t t = 0; t < evidence->n_rows; t++) {
        double sums[SILBE_N_PHONES] = {0.0};
        ptrdiff_t middle = (ptrdiff_t)((double)peer->other_s[t] / hop_s + 0.5);
        for (ptrdiff_t d = -reach; d <= reach; d++) {
            ptrdiff_t at = middle + d < 0 ? 0 : middle + d > last ? last : middle + d;
            const float *row = silbe_matrix_row(other, (size_t)at);
            for (size_t k = 0; k < SILBE_N_PHONES; k++) {
                sums[k] += exp((double)row[k]);
            }
        }
        for (size_t k = 0; k < SILBE_N_PHONES; k++) {
            double mean = sums[k] / (double)(2 * reach + 1);
            silbe_matrix_row(evidence, t)[k] +=
                (float)(weight * log(mean > PEER_FLOOR ? mean : PEER_FLOOR));
        }
    }
}

/* What the frames say: the recording's own posteriors, perhaps its peers', too. */
static void make_evidence(const silbe_config *config, double hop_s, const silbe_recordings *all,
                          const silbe_recording *r, bool with_peers, silbe_matrix *evidence,
                          silbe_err *err)
{
    silbe_try(err, silbe_matrix_new(evidence, r->posteriors.n_rows, r->posteriors.n_cols, err));
    if (silbe_failed(err)) {
        return;
    }
    memcpy(evidence->data, r->posteriors.data,
           evidence->n_rows * evidence->n_cols * sizeof *evidence->data);
    for (size_t k = 0; with_peers && k < r->n_peers; k++) {
        const silbe_matrix *other = &all->items[r->peers[k].recording].posteriors;
        if (other->n_rows > 0) {
            add_peer(&r->peers[k], other, hop_s, config->adapt.versions_weight / (double)r->n_peers,
                     evidence);
        }
    }
}

static void find_text(const silbe_config *config, const silbe_model *model,
                      const silbe_recordings *all, silbe_recording *r, bool with_peers,
                      text_found *f, silbe_err *err)
{
    double hop_s = silbe_model_hop_s(model);
    /* Each of them is a posterior. */
    double n_voices = with_peers ? 1.0 + config->adapt.versions_weight : 1.0;
    silbe_posteriorgram_facts facts = {.duration_s = hop_s * (double)r->n_frames,
                                       .hop_s = hop_s,
                                       .n_frames = r->n_frames,
                                       .voice_share = 1.0};
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        facts.log_prior[p] = n_voices * (double)model->log_prior[p];
    }
    set_anchors(config, r, hop_s, with_peers);
    make_evidence(config, hop_s, all, r, with_peers, &f->evidence, err);
    silbe_try(err, silbe_phone_search_run(config, &facts, &f->evidence, &r->text, &f->search, err));
}

/* Phone and weight of every frame. */
static void set_frames(const silbe_config *config, silbe_recording *r, const text_found *f)
{
    const silbe_trellis_alignment *a = &f->search.found;
    size_t n_words = r->text.text.n_words, t = 0;
    double before = 0.0;
    r->confidence = 0.0;
    for (size_t i = 0; i < r->n_frames; i++) {
        r->phones[i] = SILBE_PHONE_SILENCE;
    }
    for (size_t i = 0; i < a->n_labels; i++) {
        for (size_t k = a->labels[i].begin_frame; k < a->labels[i].end_frame; k++) {
            r->phones[k] = a->labels[i].symbol;
        }
    }
    for (size_t w = 0; w <= n_words; w++) {
        double sure = w == n_words                 ? before
                      : r->agreed[w]               ? 1.0
                      : r->word_confidence != NULL ? r->word_confidence[w]
                                                   : a->words[w].confidence;
        r->confidence += w < n_words ? sure / (double)n_words : 0.0;
        sure = sure >= config->adapt.min_confidence ? sure : 0.0;
        before = w == 0 ? sure : before;
        size_t begin = w < n_words ? a->words[w].begin_frame : r->n_frames;
        for (; t < begin; t++) {
            r->weights[t] = (float)(before < sure ? before : sure);
        }
        for (; w < n_words && t < a->words[w].end_frame; t++) {
            r->weights[t] = (float)sure;
        }
        before = sure;
    }
}

/* The last place to cut in (begin, begin + longest]: in the middle of a gap between lines if there
 * is one in the second half, else between words, else at the very end. */
static size_t cut_after(const silbe_recording *r, const text_found *f, size_t begin, size_t longest)
{
    const silbe_lyrics *lyrics = &r->labels.lyrics;
    size_t between_words = 0, between_lines = 0, end = begin + longest;
    if (end >= r->n_frames) {
        return r->n_frames;
    }
    for (size_t w = 0; w + 1 < lyrics->n_words; w++) {
        size_t middle =
            (f->search.found.words[w].end_frame + f->search.found.words[w + 1].begin_frame) / 2;
        if (middle > begin + longest / 2 && middle <= end) {
            between_words = middle;
            between_lines =
                lyrics->words[w].line != lyrics->words[w + 1].line ? middle : between_lines;
        }
    }
    return between_lines > 0 ? between_lines : between_words > 0 ? between_words : end;
}

static void set_pieces(const silbe_config *config, double hop_s, silbe_recording *r,
                       const text_found *f, silbe_err *err)
{
    size_t longest = (size_t)(config->adapt.piece_s / hop_s) + 1;
    free(r->pieces);
    r->pieces = silbe_alloc(2 * r->n_frames / longest + 2, sizeof *r->pieces, "pieces", err);
    for (size_t begin = 0; begin < r->n_frames && !silbe_failed(err);) {
        size_t end = cut_after(r, f, begin, longest);
        double weight = 0.0;
        for (size_t t = begin; t < end; t++) {
            weight += (double)r->weights[t];
        }
        /* Nearly nothing sure in it: nothing to learn. */
        if (weight > 0.1 * (double)(end - begin)) {
            r->pieces[r->n_pieces++] = (silbe_piece_span){begin, end};
        }
        begin = end;
    }
}

static void align_one(const silbe_config *config, const silbe_model *model,
                      const silbe_recordings *all, silbe_recording *r, bool with_peers,
                      double *logp, silbe_err *err)
{
    text_found f = {0};
    double hop_s = silbe_model_hop_s(model);
    find_text(config, model, all, r, with_peers, &f, err);
    r->n_pieces = 0;
    if (!silbe_failed(err)) {
        *logp = f.search.found.viterbi_logp / (double)r->n_frames;
        for (size_t w = 0; w < r->text.text.n_words && !with_peers; w++) {
            r->own_start_s[w] = (double)f.search.found.words[w].begin_frame * hop_s;
        }
        set_frames(config, r, &f);
        set_pieces(config, hop_s, r, &f, err);
    }
    free_found(&f);
}

/* Whether a peer has word w where this recording has it. */
static bool has_agreement(const silbe_recordings *all, const silbe_recording *r, size_t w,
                          double hop_s)
{
    size_t t = (size_t)(r->own_start_s[w] / hop_s + 0.5);
    for (size_t k = 0; k < r->n_peers; k++) {
        const silbe_recording *other = &all->items[r->peers[k].recording];
        double there_s = (double)r->peers[k].other_s[t < r->n_frames ? t : r->n_frames - 1];
        if (other->posteriors.n_rows > 0 && other->n_pieces > 0 &&
            other->text.text.n_words == r->text.text.n_words &&
            fabs(there_s - other->own_start_s[w]) <= AGREED_S) {
            return true;
        }
    }
    return false;
}

static void find_agreements(const silbe_recordings *all, silbe_recording *r, double hop_s)
{
    size_t n = r->text.text.n_words;
    for (size_t w = 0; w < n; w++) {
        r->agreed[w] =
            has_agreement(all, r, w, hop_s) && ((w > 0 && has_agreement(all, r, w - 1, hop_s)) ||
                                                (w + 1 < n && has_agreement(all, r, w + 1, hop_s)));
    }
}

static void align_all(const silbe_config *config, const silbe_model *model, silbe_recordings *all,
                      bool with_peers, silbe_err *errs, double *logps)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < all->n_items; i++) {
        if (!silbe_failed(&errs[i]) && (!with_peers || all->items[i].n_peers > 0)) {
            align_one(config, model, all, &all->items[i], with_peers, &logps[i], &errs[i]);
        }
    }
}

/* Durations as mode lyrics has them, which asks the same posteriors how long somebody sings. */
static void set_pace(const silbe_config *config, double hop_s, silbe_recording *r)
{
    silbe_voice_meter meter = {0};
    silbe_posteriorgram_facts facts = {0};
    silbe_voice_meter_add(&meter, r->posteriors.data, r->posteriors.n_rows);
    silbe_voice_meter_read(&meter, &facts);
    silbe_phone_text_set_pace(config, hop_s, facts.voice_share * r->duration_s, &r->text);
    memcpy(r->own_durations, r->text.durations, SILBE_N_PHONES * sizeof *r->own_durations);
}

/* Posteriors first: peers look at each other's. */
static void run_all(const silbe_config *config, const silbe_model *model, silbe_recordings *all,
                    silbe_err *errs, double *logps)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < all->n_items; i++) {
        silbe_recording *r = &all->items[i];
        errs[i].status = silbe_posteriors_run(model, &r->logmel, &r->posteriors, &errs[i]);
        if (!silbe_failed(&errs[i])) {
            set_pace(config, silbe_model_hop_s(model), r);
        }
    }
    align_all(config, model, all, false, errs, logps);
    for (size_t i = 0; i < all->n_items; i++) {
        find_agreements(all, &all->items[i], silbe_model_hop_s(model));
    }
    align_all(config, model, all, true, errs, logps);
    for (size_t i = 0; i < all->n_items; i++) {
        silbe_matrix_free(&all->items[i].posteriors);
    }
}

/* A text that is not found costs its recording, other failures the round. */
static void collect(silbe_cli *cli, const silbe_recordings *all, const silbe_err *errs,
                    const double *logps, double *logp, silbe_err *err)
{
    size_t n_aligned = 0;
    for (size_t i = 0; i < all->n_items && !silbe_failed(err); i++) {
        const char *name = all->items[i].name;
        if (!silbe_failed(&errs[i])) {
            *logp += logps[i];
            n_aligned++;
        } else if (errs[i].status == SILBE_ERR_INFEASIBLE || errs[i].status == SILBE_ERR_DATA) {
            silbe_log_warning(&cli->log, "%s: left out: %s", name, errs[i].message);
        } else {
            (void)silbe_fail(err, errs[i].status, "%s: %s", name, errs[i].message);
        }
    }
    if (!silbe_failed(err) && n_aligned == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA,
                         "the text could not be found in any of the %zu recordings: %s",
                         all->n_items, errs[0].message);
    }
    *logp = n_aligned > 0 ? *logp / (double)n_aligned : 0.0;
}

silbe_status silbe_recordings_align(silbe_cli *cli, const silbe_model *model,
                                    silbe_recordings *recordings, double *logp, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_err *errs = silbe_alloc(recordings->n_items, sizeof *errs, "recordings", err);
    double *logps = silbe_alloc(recordings->n_items, sizeof *logps, "recordings", err);
    *logp = 0.0;
    if (!silbe_failed(err)) {
        run_all(&cli->config, model, recordings, errs, logps);
        collect(cli, recordings, errs, logps, logp, err);
    }
    free(errs);
    free(logps);
    return err->status;
}
