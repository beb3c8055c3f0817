#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/model/posteriors.h"
#include "pipeline/train/run/recordings.h"

#define BYTES_PER_MB 1000000

static const double BLUR_S = 0.1; /* to either side */
/* A peer may disagree by so much: its words may be late, its text another. */
static const double PEER_FLOOR = 1e-2;

/* What the search of one recording needs. */
typedef struct {
    silbe_matrix evidence; /* log-posteriors, perhaps with those of peers */
    void *graph;
    void *scratch;
    silbe_trellis_alignment found;
} search;

static void free_search(search *s)
{
    silbe_matrix_free(&s->evidence);
    free(s->graph);
    free(s->scratch);
    free(s->found.words);
    free(s->found.labels);
    free(s->found.path);
}

/* The score's times as anchors: a word's note begins with its vowel, its consonants before. The
 * anchors say how long phones last, so that least durations, which cannot hold in quick words, are
 * not needed. */
static void set_anchors(const silbe_config *config, silbe_recording *r, double hop_s)
{
    silbe_trellis_text *text = &r->text.text;
    text->anchors = NULL;
    text->n_anchors = 0;
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        silbe_trellis_duration d = r->own_durations[k];
        if (r->word_start_s != NULL) {
            d = (silbe_trellis_duration){1, 0.0};
        }
        r->text.durations[k] = d;
    }
    for (size_t w = 0; r->word_start_s != NULL && w < text->n_words; w++) {
        double begin = (r->word_start_s[w] - 1e-3 * config->train.anchor_before_ms) / hop_s;
        double end = (r->word_start_s[w] + 1e-3 * config->train.anchor_after_ms) / hop_s;
        if (r->word_confidence[w] >= config->adapt.min_confidence) {
            r->anchors[text->n_anchors++] =
                (silbe_trellis_anchor){.index = w,
                                       .begin_frame = begin > 0.0 ? (size_t)begin : 0,
                                       .end_frame = end > 0.0 ? (size_t)end + 1 : 1};
        }
    }
    text->anchors = r->anchors;
}

static silbe_trellis_align_options options_of(const silbe_config *config, double hop_s)
{
    silbe_trellis_align_options o = SILBE_TRELLIS_ALIGN_OPTIONS_INIT;
    o.near_frames = (size_t)floor(config->lyrics.near_ms * 1e-3 / hop_s + 1e-6);
    o.window_frames = o.near_frames > o.window_frames ? o.near_frames : o.window_frames;
    o.min_sung = 0;
    o.llr_threshold = config->lyrics.llr_threshold + config->lyrics.wildcard_penalty;
    o.llr_width = config->lyrics.llr_width;
    o.posterior_scale = config->lyrics.posterior_scale;
    o.kernel.max_bytes = (size_t)config->lyrics.max_memory_mb * BYTES_PER_MB / 4;
    return o;
}

static silbe_status make_room(const silbe_recording *r, search *s,
                              const silbe_trellis_align_options *options, silbe_trellis **trellis,
                              size_t *bytes, silbe_err *err)
{
    size_t graph_bytes = 0, n = s->evidence.n_rows;
    const silbe_trellis_text *text = &r->text.text;
    silbe_status status = silbe_trellis_size(text, n, &graph_bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    s->graph = malloc(graph_bytes);
    s->found.label_capacity = silbe_trellis_label_capacity(text);
    s->found.words = calloc(text->n_words, sizeof *s->found.words);
    s->found.labels = calloc(s->found.label_capacity, sizeof *s->found.labels);
    s->found.path = calloc(n, sizeof *s->found.path);
    if (s->graph == NULL || s->found.words == NULL || s->found.labels == NULL ||
        s->found.path == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu words", text->n_words);
    }
    status = silbe_trellis_build(text, n, s->graph, graph_bytes, trellis, err);
    if (status == SILBE_OK) {
        status = silbe_trellis_align_size(*trellis, options, bytes, err);
    }
    if (status == SILBE_OK && (s->scratch = malloc(*bytes)) == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu bytes", *bytes);
    }
    return status;
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

/* What the frames say: the recording's own posteriors, and its peers'. */
static silbe_status make_evidence(const silbe_config *config, double hop_s,
                                  const silbe_recordings *all, const silbe_recording *r,
                                  silbe_matrix *evidence, silbe_err *err)
{
    silbe_status status =
        silbe_matrix_new(evidence, r->posteriors.n_rows, r->posteriors.n_cols, err);
    if (status == SILBE_OK) {
        memcpy(evidence->data, r->posteriors.data,
               evidence->n_rows * evidence->n_cols * sizeof *evidence->data);
    }
    for (size_t k = 0; k < r->n_peers && status == SILBE_OK; k++) {
        const silbe_matrix *other = &all->items[r->peers[k].recording].posteriors;
        if (other->n_rows > 0) {
            add_peer(&r->peers[k], other, hop_s, config->adapt.versions_weight / (double)r->n_peers,
                     evidence);
        }
    }
    return status;
}

static silbe_status find_text(const silbe_config *config, const silbe_model *model,
                              const silbe_recordings *all, silbe_recording *r, search *s,
                              silbe_err *err)
{
    double log_prior[SILBE_N_PHONES], hop_s = silbe_model_hop_s(model);
    const silbe_trellis_align_options options = options_of(config, hop_s);
    /* Each of them is a posterior. */
    double n_voices = r->n_peers > 0 ? 1.0 + config->adapt.versions_weight : 1.0;
    silbe_trellis *trellis = NULL;
    size_t bytes = 0;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        log_prior[p] = (double)model->log_prior[p];
    }
    set_anchors(config, r, hop_s);
    silbe_status status = make_evidence(config, hop_s, all, r, &s->evidence, err);
    if (status == SILBE_OK) {
        status = make_room(r, s, &options, &trellis, &bytes, err);
    }
    const silbe_trellis_emissions emissions = {.values = s->evidence.data,
                                               .n_frames = s->evidence.n_rows,
                                               .n_symbols = SILBE_N_PHONES,
                                               .row_stride = SILBE_N_PHONES,
                                               .scale = config->lyrics.scale,
                                               .log_prior = log_prior,
                                               .prior_scale = config->lyrics.prior_scale * n_voices,
                                               .wildcard_rule = SILBE_WILDCARD_LOGSUM,
                                               .wildcard_penalty = config->lyrics.wildcard_penalty};
    return status == SILBE_OK ? silbe_trellis_align(&r->text.text, trellis, &emissions, &options,
                                                    s->scratch, bytes, &s->found, err)
                              : status;
}

/* Phone and weight of every frame. */
static void set_frames(const silbe_config *config, silbe_recording *r, const search *s)
{
    const silbe_trellis_alignment *a = &s->found;
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
static size_t cut_after(const silbe_recording *r, const search *s, size_t begin, size_t longest)
{
    const silbe_lyrics *lyrics = &r->labels.lyrics;
    size_t between_words = 0, between_lines = 0, end = begin + longest;
    if (end >= r->n_frames) {
        return r->n_frames;
    }
    for (size_t w = 0; w + 1 < lyrics->n_words; w++) {
        size_t middle = (s->found.words[w].end_frame + s->found.words[w + 1].begin_frame) / 2;
        if (middle > begin + longest / 2 && middle <= end) {
            between_words = middle;
            between_lines =
                lyrics->words[w].line != lyrics->words[w + 1].line ? middle : between_lines;
        }
    }
    return between_lines > 0 ? between_lines : between_words > 0 ? between_words : end;
}

static silbe_status set_pieces(const silbe_config *config, double hop_s, silbe_recording *r,
                               const search *s, silbe_err *err)
{
    size_t longest = (size_t)(config->adapt.piece_s / hop_s) + 1;
    free(r->pieces);
    r->n_pieces = 0;
    r->pieces = calloc(2 * r->n_frames / longest + 2, sizeof *r->pieces);
    if (r->pieces == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for pieces");
    }
    for (size_t begin = 0; begin < r->n_frames;) {
        size_t end = cut_after(r, s, begin, longest);
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
    return SILBE_OK;
}

static silbe_status align_one(const silbe_config *config, const silbe_model *model,
                              const silbe_recordings *all, silbe_recording *r, double *logp,
                              silbe_err *err)
{
    search s = {0};
    silbe_status status = find_text(config, model, all, r, &s, err);
    r->n_pieces = 0;
    if (status == SILBE_OK) {
        *logp = s.found.viterbi_logp / (double)r->n_frames;
        set_frames(config, r, &s);
        status = set_pieces(config, silbe_model_hop_s(model), r, &s, err);
    }
    free_search(&s);
    return status;
}

/* Posteriors first: peers look at each other's. */
static void run_all(const silbe_config *config, const silbe_model *model, silbe_recordings *all,
                    silbe_err *errs, double *logps)
{
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < all->n_items; i++) {
        silbe_recording *r = &all->items[i];
        errs[i].status = silbe_posteriors_run(model, &r->logmel, &r->posteriors, &errs[i]);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (size_t i = 0; i < all->n_items; i++) {
        if (errs[i].status == SILBE_OK) {
            errs[i].status = align_one(config, model, all, &all->items[i], &logps[i], &errs[i]);
        }
    }
    for (size_t i = 0; i < all->n_items; i++) {
        silbe_matrix_free(&all->items[i].posteriors);
    }
}

silbe_status silbe_recordings_align(silbe_cli *cli, const silbe_model *model,
                                    silbe_recordings *recordings, double *logp, silbe_err *err)
{
    size_t n = recordings->n_items, n_aligned = 0;
    silbe_err *errs = calloc(n + 1, sizeof *errs);
    double *logps = calloc(n + 1, sizeof *logps);
    silbe_status status = SILBE_OK;
    *logp = 0.0;
    if (errs == NULL || logps == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu recordings", n);
    }
    if (status == SILBE_OK) {
        run_all(&cli->config, model, recordings, errs, logps);
    }
    for (size_t i = 0; i < n && status == SILBE_OK; i++) {
        if (errs[i].status == SILBE_OK) {
            *logp += logps[i];
            n_aligned++;
        } else if (errs[i].status == SILBE_ERR_INFEASIBLE || errs[i].status == SILBE_ERR_DATA) {
            silbe_log_warning(&cli->log, "%s: left out: %s", recordings->items[i].name,
                              errs[i].message);
        } else {
            status = silbe_fail(err, errs[i].status, "%s: %s", recordings->items[i].name,
                                errs[i].message);
        }
    }
    if (status == SILBE_OK && n_aligned == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "the text could not be found in any of the %zu recordings: %s", n,
                            errs[0].message);
    }
    *logp = n_aligned > 0 ? *logp / (double)n_aligned : 0.0;
    free(errs);
    free(logps);
    return status;
}
