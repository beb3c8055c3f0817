/*
 * Whether adaptation made the alignment of a recording better, from what the alignments before and
 * after it say: no truth is needed. A model that learns from its own results is surer of them
 * afterwards, right or wrong, so confidence alone tells little:
 *
 *   - A recording is learnt from only if the words were fairly sure before it was
 *     (adapt.min_text_confidence). A wrong text is not, and would teach wrong sounds.
 *   - What was sure before must be found at the same place afterwards (adapt.min_agreement): the
 *     confidence before is the probability that a word is right, and did not see the adaptation.
 *     A model that overfits pulls sure words along with the others.
 *   - And the confidence must rise, without more words that are not found.
 */
#ifndef SILBE_ADAPT_EVIDENCE_H
#define SILBE_ADAPT_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/output/words.h"
#include "pipeline/settings/config.h"

typedef struct {
    double confidence_before; /* mean over all words */
    double confidence_after;
    double agreement; /* share of the words, each counted by its confidence before, that start at
                         the same place in both: to 0.3 s, which is what that confidence promises */
    size_t n_found_before; /* words that the recording seems to hold */
    size_t n_found_after;
} silbe_evidence;

/* Mean confidence of all words. */
double silbe_evidence_confidence(const silbe_words *words);

/* Both of the same text. */
silbe_evidence silbe_evidence_of(const silbe_words *before, const silbe_words *after);

/* What speaks against taking the alignment after adaptation: a phrase, in text (at least 256
 * bytes); "" if nothing does. is_learnt_from: whether the recording was. */
void silbe_evidence_objection(const silbe_config *config, const silbe_evidence *evidence,
                              bool is_learnt_from, char *text, size_t size);

#endif
