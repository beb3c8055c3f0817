/* The entrance to the trellis: see solve.h. */
#include "align/trellis/solve.h"

#include <stdlib.h>

#include "align/trellis/align.h"
#include "align/trellis/chain.h"

/* What all steps share. */
typedef struct {
    const silbe_trellis_text *text;
    const silbe_trellis_emissions *emissions;
    const silbe_trellis_align_options *options;
    size_t most_bytes;
    silbe_trellis_alignment *alignment;
    silbe_trellis_solution *solution;
} task;

/* bytes of memory, if the limit allows them beside what is taken. */
static void *claim(const task *k, size_t bytes, silbe_err *err)
{
    if (silbe_failed(err)) {
        return NULL;
    }
    size_t *n_bytes = &k->solution->n_bytes;
    *n_bytes = silbe_size_add(*n_bytes, bytes);
    if (*n_bytes > k->most_bytes) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY,
                         "trellis: %zu frames and %zu words need %zu bytes, %zu are allowed",
                         k->emissions->n_frames, k->text->n_words, *n_bytes, k->most_bytes);
        return NULL;
    }
    void *memory = malloc(bytes > 0 ? bytes : 1);
    if (memory == NULL) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "trellis: no memory for %zu bytes", bytes);
    }
    return memory;
}

static void solve_chain(const task *k, silbe_err *err)
{
    silbe_trellis_chain chain;
    size_t bytes = 0;
    void *memory = claim(k, silbe_trellis_chain_size(k->text, k->emissions), err);
    void *scratch = NULL;
    if (!silbe_failed(err)) {
        silbe_trellis_chain_init(k->text, k->emissions, k->options, memory, &chain);
        k->solution->n_states = chain.states.n_states;
    }
    silbe_try(err, silbe_trellis_chain_align_size(&chain, &bytes, err));
    scratch = claim(k, bytes, err);
    silbe_try(err, silbe_trellis_chain_align(&chain, scratch, bytes, k->alignment, err));
    free(scratch);
    free(memory);
}

static void solve_any(const task *k, silbe_err *err)
{
    silbe_trellis *trellis = NULL;
    size_t n_frames = k->emissions->n_frames, graph_bytes = 0, bytes = 0;
    silbe_try(err, silbe_trellis_size(k->text, n_frames, &graph_bytes, err));
    void *graph = claim(k, graph_bytes, err);
    silbe_try(err, silbe_trellis_init(k->text, n_frames, graph, graph_bytes, &trellis, err));
    silbe_try(err, silbe_trellis_align_size(trellis, k->options, &bytes, err));
    void *scratch = claim(k, bytes, err);
    silbe_try(err, silbe_trellis_align(k->text, trellis, k->emissions, k->options, scratch, bytes,
                                       k->alignment, err));
    k->solution->n_states = silbe_failed(err) ? 0 : silbe_trellis_n_states(trellis);
    free(scratch);
    free(graph);
}

static silbe_status check_arguments(const task *k, silbe_err *err)
{
    if (k->emissions == NULL || k->solution == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: %s missing (NULL)",
                          k->emissions == NULL ? "the emissions are" : "the solution is");
    }
    silbe_try(err, silbe_trellis_text_check(k->text, err));
    silbe_try(err, silbe_trellis_align_options_check(k->options, err));
    silbe_try(err, silbe_trellis_alignment_check(k->text, k->alignment, err));
    return err->status;
}

silbe_status silbe_trellis_solve(const silbe_trellis_text *text,
                                 const silbe_trellis_emissions *emissions,
                                 const silbe_trellis_align_options *options, size_t most_bytes,
                                 silbe_trellis_alignment *alignment,
                                 silbe_trellis_solution *solution, silbe_err *err)
{
    silbe_err own;
    const task k = {text, emissions, options, most_bytes, alignment, solution};
    err = silbe_err_begin(err, &own);
    silbe_try(err, check_arguments(&k, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    *solution =
        (silbe_trellis_solution){.is_chain = silbe_trellis_is_chain(text, emissions, options)};
    if (solution->is_chain) {
        solve_chain(&k, err);
    } else {
        solve_any(&k, err);
    }
    return err->status;
}
