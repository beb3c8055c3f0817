#include <stdlib.h>

#include "pipeline/train/data/bootstrap.h"

silbe_status silbe_realign_all(const silbe_corpus *corpus, const silbe_model *model,
                               const double *log_prior, const silbe_realign_options *options,
                               silbe_alignments *alignments, double *logp, size_t *n_unaligned,
                               silbe_err *err)
{
    size_t n = corpus->n_utterances;
    silbe_err *errs = calloc(n, sizeof *errs);
    double *logps = calloc(n, sizeof *logps);
    if (errs == NULL || logps == NULL) {
        free(errs);
        free(logps);
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu utterances", n);
    }
#pragma omp parallel for schedule(dynamic, 4)
    for (size_t i = 0; i < n; i++) {
        errs[i].status = silbe_align_viterbi(corpus, &corpus->utterances[i], model, log_prior,
                                             options, &alignments->items[i], &logps[i], &errs[i]);
    }
    silbe_status status = SILBE_OK;
    double sum = 0.0;
    *n_unaligned = 0;
    for (size_t i = 0; i < n && status == SILBE_OK; i++) {
        if (errs[i].status == SILBE_OK) {
            sum += logps[i];
        } else if (errs[i].status == SILBE_ERR_INFEASIBLE) {
            free(alignments->items[i].segments);
            alignments->items[i].segments = NULL;
            alignments->items[i].n_segments = 0;
            ++*n_unaligned;
        } else {
            status = silbe_fail(err, errs[i].status, "%s: %s", corpus->utterances[i].item->file,
                                errs[i].message);
        }
    }
    *logp = n > *n_unaligned ? sum / (double)(n - *n_unaligned) : 0.0;
    free(errs);
    free(logps);
    if (status == SILBE_OK && *n_unaligned == n) {
        status = silbe_fail(err, SILBE_ERR_INFEASIBLE, "no utterance could be aligned");
    }
    return status;
}
