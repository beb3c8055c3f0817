#include "pipeline/adapt/evidence.h"

#include <math.h>
#include <stdio.h>

static const double SAME_S = 0.3;

double silbe_evidence_confidence(const silbe_words *words)
{
    double sum = 0;
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        sum += words->times.words[w].confidence;
    }
    return words->lyrics.n_words > 0 ? sum / (double)words->lyrics.n_words : 0;
}

/* Words that are not matched may have no time: then they agree with nothing. */
static bool is_same(const silbe_span *a, const silbe_span *b)
{
    return fabs(a->start_s - b->start_s) <= SAME_S;
}

silbe_evidence silbe_evidence_of(const silbe_words *before, const silbe_words *after)
{
    double same = 0, all = 0;
    for (size_t w = 0; w < before->lyrics.n_words; w++) {
        const silbe_span *span = &before->times.words[w];
        all += span->confidence;
        same += is_same(span, &after->times.words[w]) ? span->confidence : 0;
    }
    return (silbe_evidence){.confidence_before = silbe_evidence_confidence(before),
                            .confidence_after = silbe_evidence_confidence(after),
                            .agreement = all > 0 ? same / all : 0,
                            .n_found_before = silbe_words_n_matched(before),
                            .n_found_after = silbe_words_n_matched(after)};
}

void silbe_evidence_objection(const silbe_config *config, const silbe_evidence *e,
                              bool is_learnt_from, char *text, size_t size)
{
    const double least = config->adapt.min_text_confidence;
    text[0] = '\0';
    if (!is_learnt_from && e->confidence_after < least) {
        (void)snprintf(text, size,
                       "the text is too unsure to learn from (confidence %.2f, "
                       "adapt.min_text_confidence %.2f): is it the text of this recording?",
                       e->confidence_before, least);
    } else if (e->confidence_after <= e->confidence_before) {
        (void)snprintf(text, size, "the words became no surer (confidence %.2f, before %.2f)",
                       e->confidence_after, e->confidence_before);
    } else if (e->n_found_after < e->n_found_before) {
        (void)snprintf(text, size, "fewer words are found (%zu, before %zu)", e->n_found_after,
                       e->n_found_before);
    } else if (e->agreement < config->adapt.min_agreement) {
        (void)snprintf(text, size,
                       "words that were sure moved (%.0f %% stayed, adapt.min_agreement asks for "
                       "%.0f %%)",
                       100 * e->agreement, 100 * config->adapt.min_agreement);
    }
}
