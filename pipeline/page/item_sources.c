#define _POSIX_C_SOURCE 200809L
#include "pipeline/page/item_sources.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
        result->is_there = silbe_output_read_json(words, &result->document, &problem) == SILBE_OK;
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

size_t silbe_page_unmatched_word(const silbe_lyrics *lyrics, const silbe_output_unmatched *entry)
{
    if (entry->line < 1 || entry->line > lyrics->n_lines || entry->word < 1) {
        return SIZE_MAX;
    }
    const silbe_line *line = &lyrics->lines[entry->line - 1];
    size_t word = line->first_word + entry->word - 1;
    return entry->word <= line->n_words && strcmp(lyrics->words[word].text, entry->text) == 0
               ? word
               : SIZE_MAX;
}

/* Words of the document in the lyrics: those of a line in order, by their text, without the ones
 * that it lists as not found. Words that do not fit, because the text was changed, have none. */
static void match_words(const silbe_lyrics *lyrics, const bool *is_lost, silbe_page_result *result)
{
    const silbe_lyrics *own = &result->document.lyrics;
    for (size_t l = 0; l < own->n_lines; l++) {
        size_t number =
            result->document.line_numbers != NULL ? result->document.line_numbers[l] : l + 1;
        const silbe_line *line =
            number >= 1 && number <= lyrics->n_lines ? &lyrics->lines[number - 1] : NULL;
        size_t at = line != NULL ? line->first_word : 0;
        size_t end = line != NULL ? at + line->n_words : 0;
        for (size_t i = 0; i < own->lines[l].n_words; i++) {
            size_t word = own->lines[l].first_word + i, next = at;
            result->words[word] = SIZE_MAX;
            while (next < end && (is_lost[next] ||
                                  strcmp(lyrics->words[next].text, own->words[word].text) != 0)) {
                next++;
            }
            if (next < end) {
                result->words[word] = next;
                at = next + 1;
            }
        }
    }
}

static silbe_status match_result(const silbe_lyrics *lyrics, silbe_page_result *result,
                                 silbe_err *err)
{
    size_t n = result->document.lyrics.n_words;
    bool *is_lost = calloc(lyrics->n_words + 1, sizeof *is_lost);
    result->words = calloc(n + 1, sizeof *result->words);
    if (is_lost == NULL || result->words == NULL) {
        free(is_lost);
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", n);
    }
    for (size_t i = 0; i < result->document.n_unmatched; i++) {
        size_t word = silbe_page_unmatched_word(lyrics, &result->document.unmatched[i]);
        if (word != SIZE_MAX) {
            is_lost[word] = true;
        }
    }
    match_words(lyrics, is_lost, result);
    free(is_lost);
    return SILBE_OK;
}

static silbe_status match_results(silbe_page_sources *s, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (size_t m = 0; m < s->n_results && status == SILBE_OK; m++) {
        if (s->results[m].is_there) {
            status = match_result(s->lyrics, &s->results[m], err);
        }
    }
    return status;
}

static silbe_status read_labels(const silbe_config *config, const silbe_item *item,
                                silbe_page_sources *s, silbe_err *err)
{
    silbe_err problem = SILBE_ERR_INIT;
    char *path = silbe_chain_path(config, SILBE_FILE_LABELS, SILBE_STAGE_MODES, item, err);
    if (path == NULL) {
        return err->status;
    }
    s->has_labels = silbe_labels_read(path, &s->labels, &problem) == SILBE_OK;
    free(path);
    if (!s->has_labels) {
        (void)snprintf(s->reference_problem, sizeof s->reference_problem, "%s", problem.message);
        return SILBE_OK;
    }
    s->lyrics = &s->labels.lyrics;
    s->has_references =
        silbe_item_references_read(config, item, &s->labels, &s->references, &problem) == SILBE_OK;
    if (!s->has_references) {
        (void)snprintf(s->reference_problem, sizeof s->reference_problem, "%s", problem.message);
    }
    return SILBE_OK;
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
    silbe_try(err, read_labels(config, item, sources, err));
    for (size_t m = 0; m < sources->n_results && !silbe_failed(err); m++) {
        read_result(config, modes->modes[m].stage, item, &sources->results[m], err);
        if (sources->lyrics == NULL && sources->results[m].is_there) {
            sources->lyrics = &sources->results[m].document.lyrics;
        }
    }
    if (sources->lyrics != NULL) {
        silbe_try(err, match_results(sources, err));
    }
    return err->status;
}

void silbe_page_sources_free(silbe_page_sources *sources)
{
    for (size_t m = 0; m < sources->n_results; m++) {
        silbe_output_document_free(&sources->results[m].document);
        free(sources->results[m].words);
        free(sources->results[m].path);
    }
    free(sources->results);
    silbe_item_references_free(&sources->references);
    silbe_labels_free(&sources->labels);
    *sources = (silbe_page_sources)SILBE_PAGE_SOURCES_INIT;
}
