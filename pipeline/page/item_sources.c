#define _POSIX_C_SOURCE 200809L
#include "pipeline/page/item_sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "features/base/memory.h"
#include "features/base/npy.h"
#include "pipeline/run/chain.h"

static void read_result(const silbe_config *config, silbe_stage_id mode, const silbe_item *item,
                        silbe_page_result *result, silbe_err *err)
{
    silbe_err problem = SILBE_ERR_INIT;
    char *words = silbe_chain_path(config, SILBE_FILE_WORDS, mode, item, err);
    char *path = silbe_chain_path(config, SILBE_FILE_PATH, mode, item, err);
    if (!silbe_failed(err)) {
        result->is_there = silbe_output_read_json(words, &result->words, &problem) == SILBE_OK;
        (void)snprintf(result->problem, sizeof result->problem, "%s", problem.message);
    }
    /* Not every mode has one; without it there is no tempo curve. */
    if (result->is_there && access(path, R_OK) == 0 &&
        silbe_npy_read_doubles(path, SILBE_PAGE_PATH_COLUMNS, &result->path, &result->n_events,
                               NULL) != SILBE_OK) {
        result->path = NULL;
        result->n_events = 0;
    }
    free(words);
    free(path);
}

/* The text is that of the labels, else of the first result; results of another are not shown. */
static void check_text(silbe_page_sources *s, silbe_page_result *result)
{
    silbe_err problem = SILBE_ERR_INIT;
    s->lyrics = s->lyrics == NULL ? &result->words.lyrics : s->lyrics;
    if (silbe_words_check_text(&result->words, s->lyrics, &problem) != SILBE_OK) {
        (void)snprintf(result->problem, sizeof result->problem,
                       "of another text: %.900s; run the alignment again", problem.message);
        result->is_there = false;
        silbe_words_free(&result->words);
        free(result->path);
        result->path = NULL;
    }
}

static void read_labels(const silbe_config *config, const silbe_item *item, silbe_page_sources *s,
                        silbe_err *err)
{
    silbe_err problem = SILBE_ERR_INIT;
    char *path = silbe_chain_path(config, SILBE_FILE_LABELS, SILBE_STAGE_MODES, item, err);
    if (path == NULL) {
        return;
    }
    s->has_labels = silbe_labels_read(path, &s->labels, &problem) == SILBE_OK;
    free(path);
    if (!s->has_labels) {
        (void)snprintf(s->reference_problem, sizeof s->reference_problem, "%s", problem.message);
        return;
    }
    s->lyrics = &s->labels.lyrics;
    s->has_references =
        silbe_item_references_read(config, item, &s->labels, &s->references, &problem) == SILBE_OK;
    if (!s->has_references) {
        (void)snprintf(s->reference_problem, sizeof s->reference_problem, "%s", problem.message);
    }
}

silbe_status silbe_page_sources_read(const silbe_config *config, const silbe_page_modes *modes,
                                     const silbe_item *item, silbe_page_sources *sources,
                                     silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *sources = (silbe_page_sources)SILBE_PAGE_SOURCES_INIT;
    sources->results = silbe_alloc(modes->n_modes, sizeof *sources->results, "modes", err);
    sources->n_results = sources->results != NULL ? modes->n_modes : 0;
    read_labels(config, item, sources, err);
    for (size_t m = 0; m < sources->n_results && !silbe_failed(err); m++) {
        read_result(config, modes->modes[m].stage, item, &sources->results[m], err);
        if (sources->results[m].is_there) {
            check_text(sources, &sources->results[m]);
        }
    }
    return err->status;
}

void silbe_page_sources_free(silbe_page_sources *sources)
{
    for (size_t m = 0; m < sources->n_results; m++) {
        silbe_words_free(&sources->results[m].words);
        free(sources->results[m].path);
    }
    free(sources->results);
    silbe_item_references_free(&sources->references);
    silbe_labels_free(&sources->labels);
    *sources = (silbe_page_sources)SILBE_PAGE_SOURCES_INIT;
}
