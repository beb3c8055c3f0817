/*
 * A dataset's own recordings as training data: features and labels as the stages wrote them, and
 * the phones of the text found in them by a model, with how sure that is.
 */
#ifndef SILBE_TRAIN_RECORDINGS_H
#define SILBE_TRAIN_RECORDINGS_H

#include "datasets/dataset.h"
#include "features/model/weights.h"
#include "pipeline/align/phone_text.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/settings/cli.h"
#include "pipeline/train/data/piece_source.h"

/* Frames [begin, end) of the network that are trained on as one utterance. */
typedef struct {
    size_t begin_frame;
    size_t end_frame;
} silbe_piece_span;

/* Another recording of the same work. */
typedef struct {
    size_t recording; /* index */
    float *other_s;   /* n_frames of this one: the time there of what sounds here; owned */
} silbe_peer;

/* All owned. */
typedef struct {
    char *name; /* of the item */
    char *work;
    silbe_labels labels;
    silbe_phone_text text;                 /* of labels.lyrics */
    silbe_trellis_duration *own_durations; /* as mode lyrics has them, by the pace of the song */
    double duration_s;                     /* of the sound */
    silbe_matrix logmel;                   /* band means of the whole recording removed */
    double *word_start_s; /* n_words, where the score's notes are; NULL: not known */
    double *word_confidence;
    silbe_trellis_anchor *anchors; /* room for n_words */

    silbe_peer *peers; /* other recordings of the work that the text is found together with */
    size_t n_peers;
    silbe_matrix posteriors; /* of the model that is aligned with; during _align */
    double *own_start_s;     /* n_words: where the recording by itself has them; during _align */
    bool *agreed;            /* n_words: a peer has the word at the same place of the work */

    size_t n_frames; /* of the network */
    int32_t *phones; /* n_frames: phone, set by _align */
    float *weights;  /* n_frames: how much the frame counts, 0..1 */
    silbe_piece_span *pieces;
    size_t n_pieces;   /* 0: not aligned, or nothing is sure enough */
    double confidence; /* mean of its words */
} silbe_recording;

typedef struct {
    silbe_recording *items;
    size_t n_items;
} silbe_recordings;

#define SILBE_RECORDINGS_INIT                                                                      \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

void silbe_recordings_free(silbe_recordings *recordings);

/*
 * Reads WORK/<dataset>/features and labels of the items that run.items selects; with_scores: also
 * the times in score/words. Items without recording or without these files are left out, with a
 * warning; if none is left it is SILBE_ERR_DATA, naming the command to run first. Without
 * scores, and with adapt.versions_weight above 0, recordings of one work are laid on each other's
 * time axis (version_map.h).
 */
SILBE_MUST_CHECK silbe_status silbe_recordings_read(silbe_cli *cli, const silbe_dataset *dataset,
                                                    const silbe_model *model, bool with_scores,
                                                    silbe_recordings *recordings, silbe_err *err);

/*
 * Finds phones, weights and pieces with the model, as mode lyrics does; where the score's times are
 * known, each word is held to its own (train.anchor_before_ms, anchor_after_ms). Weight of a frame:
 * the confidence of its word, or the lesser one of the words around a silence; 0 below
 * adapt.min_confidence. With peers: first each recording by itself; words that two of them have at
 * the same place of the work, and one of their neighbours too, are taken to be right and held
 * there; then the others are found in the sum of a recording's own log-posteriors and
 * adapt.versions_weight times the mean of the others' at that place, blurred, as voices do not keep
 * to the piano to the frame. Where one singer is hard to understand, the other may not be.
 * Parallel over recordings; the same with any number of
 * threads. A recording whose text does not fit gets no pieces, and a warning. logp: mean per frame
 * of the paths.
 */
SILBE_MUST_CHECK silbe_status silbe_recordings_align(silbe_cli *cli, const silbe_model *model,
                                                     silbe_recordings *recordings, double *logp,
                                                     silbe_err *err);

/*
 * Batches of the pieces found in them, without the recordings left out (n_items; read here only).
 * options: n_masks, n_batch, seed and speech; the rest is set here. stride: input frames to a frame
 * of the network. The recordings are borrowed, and not to change meanwhile. SILBE_ERR_DATA: no
 * piece.
 */
SILBE_MUST_CHECK silbe_status silbe_recordings_source(const silbe_recordings *recordings,
                                                      const bool *left_out, size_t stride,
                                                      silbe_piece_source_options options,
                                                      silbe_piece_source **source, silbe_err *err);

#endif
