/*
 * Where the phones of utterances lie. Frames are the network's output frames, hop_s apart; frame s
 * is centred on s * hop_s seconds. The segments of an utterance cover its frames without gaps.
 *
 * File: TSV, UTF-8, header "file begin_s end_s phone word", one row per segment, utterances in the
 * order of the corpus; word counts from 1 within the utterance's text, 0 is silence. begin_s and
 * end_s are the centres of frames begin_frame and end_frame (the border itself lies half a hop
 * earlier), with 4 decimals. An utterance that could not be aligned has no rows.
 */
#ifndef SILBE_TRAIN_ALIGNMENT_H
#define SILBE_TRAIN_ALIGNMENT_H

#include "pipeline/train/augment/segments.h"
#include "pipeline/train/data/corpus.h"

typedef struct {
    silbe_alignment *items; /* one per utterance of the corpus; owned */
    size_t n_items;
    double hop_s; /* of output frames */
} silbe_alignments;

#define SILBE_ALIGNMENTS_INIT                                                                      \
    {                                                                                              \
        NULL, 0, 0.0                                                                               \
    }

/* Empty alignments for a corpus. stride: input frames per output frame; hop_s of the output. */
SILBE_MUST_CHECK silbe_status silbe_alignments_new(const silbe_corpus *corpus, size_t stride,
                                                   double hop_s, silbe_alignments *alignments,
                                                   silbe_err *err);
void silbe_alignments_free(silbe_alignments *alignments);

/* labels[t], n_frames of them: the phone of each frame. */
void silbe_alignment_labels(const silbe_alignment *alignment, int32_t *labels);

/* ln of each phone's share of all aligned frames, each phone counted once more than it occurs;
 * log_prior: SILBE_N_PHONES values. */
void silbe_alignments_log_prior(const silbe_alignments *alignments, double *log_prior);

/* Share of frames, 0..1, whose phone differs; over utterances that both have aligned. */
double silbe_alignments_changed(const silbe_alignments *a, const silbe_alignments *b);

SILBE_MUST_CHECK silbe_status silbe_alignments_write(const char *path, const silbe_corpus *corpus,
                                                     const silbe_alignments *alignments,
                                                     silbe_err *err);

/* Reads what _write wrote for this corpus into alignments from _new. SILBE_ERR_FORMAT with file and
 * line; SILBE_ERR_MISMATCH for a file that is not in the corpus, another order, another length. */
SILBE_MUST_CHECK silbe_status silbe_alignments_read(const char *path, const silbe_corpus *corpus,
                                                    silbe_alignments *alignments, silbe_err *err);

#endif
