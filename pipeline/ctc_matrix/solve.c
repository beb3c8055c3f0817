#include "pipeline/ctc_matrix/solve.h"

#include <math.h>
#include <stdlib.h>

#define BYTES_PER_MB 1000000

bool silbe_posteriors_has_boundaries(const silbe_posteriors_problem *problem)
{
    return problem->vocabulary->boundary != SILBE_NO_TOKEN &&
           problem->config->posteriors.boundaries == SILBE_BOUNDARY_REQUIRED;
}

size_t silbe_posteriors_near_frames(const silbe_posteriors_problem *problem)
{
    return (size_t)floor(problem->config->posteriors.near_ms * 1e-3 / problem->clock->hop_s + 1e-9);
}

silbe_status silbe_posteriors_allocate(const silbe_posteriors_problem *problem, size_t taken,
                                       size_t bytes, void **memory, silbe_err *err)
{
    size_t limit = (size_t)problem->config->posteriors.max_memory_mb * BYTES_PER_MB;
    *memory = NULL;
    if (bytes > limit || taken > limit - bytes) {
        return silbe_fail(err, SILBE_ERR_MEMORY,
                          "%zu frames and %zu words need %.0f MB, posteriors.max_memory_mb allows "
                          "%d; raise it, or cut the recording",
                          problem->clock->n_frames, problem->text->n_words,
                          ceil(((double)bytes + (double)taken) / BYTES_PER_MB),
                          problem->config->posteriors.max_memory_mb);
    }
    *memory = malloc(bytes > 0 ? bytes : 1);
    return *memory != NULL
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu bytes", bytes);
}

static bool is_plain(const silbe_posteriors_problem *p)
{
    const silbe_config *c = p->config;
    bool boundaries = p->vocabulary->boundary == SILBE_NO_TOKEN ||
                      c->posteriors.boundaries != SILBE_BOUNDARY_OPTIONAL;
    return c->posteriors.engine == SILBE_ENGINE_AUTO &&
           c->posteriors.topology == SILBE_TOPOLOGY_CTC && boundaries &&
           c->posteriors.wildcard == SILBE_WILDCARD_NEVER && !c->posteriors.optional_lines &&
           c->posteriors.min_duration_ms <= p->clock->hop_s * 1e3 &&
           c->posteriors.expected_duration_ms == 0 && p->n_anchors == 0 &&
           p->spelt->n_wildcards == 0;
}

silbe_status silbe_posteriors_solve(const silbe_posteriors_problem *problem,
                                    silbe_posteriors_result *result, silbe_err *err)
{
    size_t n_words = problem->text->n_words;
    result->words = calloc(n_words, sizeof *result->words);
    if (result->words == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", n_words);
    }
    result->n_words = n_words;
    silbe_status status = is_plain(problem) ? silbe_posteriors_solve_ctc(problem, result, err)
                                            : silbe_posteriors_solve_trellis(problem, result, err);
    if (status != SILBE_OK) {
        silbe_posteriors_result_free(result);
    }
    return status;
}

void silbe_posteriors_result_free(silbe_posteriors_result *result)
{
    free(result->words);
    *result = (silbe_posteriors_result)SILBE_POSTERIORS_RESULT_INIT;
}
