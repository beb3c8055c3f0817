/*
 * Finds the phones of a text in a posteriorgram: the trellis, its search and its posteriors, by the
 * settings in the section lyrics.
 */
#ifndef SILBE_ALIGN_PHONE_SEARCH_H
#define SILBE_ALIGN_PHONE_SEARCH_H

#include "pipeline/align/phone_text.h"
#include "pipeline/files/posteriorgram.h"

typedef struct {
    silbe_trellis_alignment found; /* words, labels, lines, path: owned */
    /* Mean log-probability (scaled, prior taken off, see align/trellis/emissions.h) of the phones
     * of each line in their frames, against all phones: n_lines, owned. */
    double *line_llr;
    double mean_llr;   /* of the whole text */
    size_t n_searches; /* 2 for long recordings, see lyrics.beam */
} silbe_phone_search;

#define SILBE_PHONE_SEARCH_INIT                                                                    \
    {                                                                                              \
        {0}, NULL, 0, 0                                                                            \
    }

/*
 * *search must be _INIT; the caller frees it, also after a failure. SILBE_ERR_INFEASIBLE: the text
 * needs more time than the recording has, or anchors that contradict each other. SILBE_ERR_MEMORY:
 * also if lyrics.max_memory_mb is too little.
 */
SILBE_MUST_CHECK silbe_status silbe_phone_search_run(const silbe_config *config,
                                                     const silbe_posteriorgram_facts *facts,
                                                     const silbe_matrix *posteriors,
                                                     const silbe_phone_text *text,
                                                     silbe_phone_search *search, silbe_err *err);

void silbe_phone_search_free(silbe_phone_search *search);

/* What the settings make of a posteriorgram; borrows all. */
silbe_trellis_emissions silbe_phone_emissions(const silbe_config *config,
                                              const silbe_posteriorgram_facts *facts,
                                              const silbe_matrix *posteriors);

#endif
