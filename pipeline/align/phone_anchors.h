/*
 * Words whose time was set by hand (dataset.corrections), in modes that hear phones: the search
 * must find them there, and their starts are those times exactly.
 */
#ifndef SILBE_ALIGN_PHONE_ANCHORS_H
#define SILBE_ALIGN_PHONE_ANCHORS_H

#include "datasets/reference.h"
#include "pipeline/align/phone_times.h"

typedef struct {
    silbe_reference_words words;   /* owned */
    silbe_trellis_anchor *anchors; /* n_anchors, owned */
    size_t n_anchors;
} silbe_phone_anchors;

#define SILBE_PHONE_ANCHORS_INIT                                                                   \
    {                                                                                              \
        SILBE_REFERENCE_WORDS_INIT, NULL, 0                                                        \
    }

/* Reads the file and sets the anchors of text->text. The first phone of a word may begin some time
 * before its start, if the word begins with consonants and starts with its vowel (lyrics.start).
 * SILBE_ERR_MISMATCH for a time outside the recording; errors of silbe_corrections_read. The caller
 * frees *anchors, also after a failure; they must live as long as text is used. */
SILBE_MUST_CHECK silbe_status silbe_phone_anchors_read(const silbe_config *config, const char *path,
                                                       double hop_s, double duration_s,
                                                       silbe_phone_text *text,
                                                       silbe_phone_anchors *anchors,
                                                       silbe_err *err);

/* Moves the starts of the words that were set by hand to their times, and others where these would
 * be out of order. */
void silbe_phone_anchors_apply(const silbe_phone_anchors *anchors, const silbe_lyrics *lyrics,
                               silbe_words *timed);

void silbe_phone_anchors_free(silbe_phone_anchors *anchors);

#endif
