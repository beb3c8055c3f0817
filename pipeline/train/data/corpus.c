#include "pipeline/train/data/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/train/data/logmel_cache.h"

enum { PATH_SIZE = 4096, MAX_WORD_BYTES = 512 };

silbe_corpus_options silbe_corpus_options_default(void)
{
    return (silbe_corpus_options){.sets = SILBE_SPEECH_SETS_DEFAULT,
                                  .allowed = SILBE_SPEECH_MAY_SHIP,
                                  .max_pronunciations = 4,
                                  .logmel = silbe_logmel_options_default()};
}

void silbe_corpus_free(silbe_corpus *corpus)
{
    for (size_t i = 0; i < corpus->n_utterances; i++) {
        silbe_matrix_free(&corpus->utterances[i].logmel);
        free(corpus->utterances[i].words);
    }
    for (size_t i = 0; i < corpus->n_left_out; i++) {
        free(corpus->left_out[i].reason);
    }
    free(corpus->utterances);
    free(corpus->left_out);
    silbe_lexicon_free(&corpus->lexicon);
    silbe_speech_manifest_free(&corpus->manifest);
    *corpus = (silbe_corpus)SILBE_CORPUS_INIT;
}

/* Nothing but punctuation. A byte of 0x80 or more may be a letter: the pronouncer decides. */
static bool is_punctuation(const char *word)
{
    for (const unsigned char *c = (const unsigned char *)word; *c != '\0'; c++) {
        if (*c >= 0x80 || (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
            (*c >= 'a' && *c <= 'z')) {
            return strcmp(word, "–") == 0 || strcmp(word, "—") == 0;
        }
    }
    return true;
}

/* "ahh": breath, not voice, in the sung set. */
static bool is_breath(const char *voice, const char *word)
{
    size_t n = strlen(word);
    return strcmp(voice, "romaji") == 0 && n >= 3 && strcmp(word + n - 2, "hh") == 0;
}

static silbe_status add_words(silbe_corpus *corpus, const silbe_corpus_options *options,
                              silbe_utterance *utterance, silbe_err *err)
{
    const char *voice = utterance->item->set->voice;
    utterance->words = calloc(strlen(utterance->item->text) / 2 + 1, sizeof *utterance->words);
    if (utterance->words == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a text");
    }
    for (const char *at = utterance->item->text; *(at += strspn(at, " ")) != '\0';) {
        char word[MAX_WORD_BYTES];
        size_t n = strcspn(at, " ");
        if (n >= sizeof word) {
            return silbe_fail(err, SILBE_ERR_DATA, "a word of %zu bytes", n);
        }
        memcpy(word, at, n);
        word[n] = '\0';
        at += n;
        if (is_punctuation(word)) {
            continue;
        }
        if (is_breath(voice, word)) {
            return silbe_fail(err, SILBE_ERR_DATA, "\"%s\" is breath", word);
        }
        silbe_status status =
            silbe_lexicon_add(&corpus->lexicon, voice, word, options->max_pronunciations,
                              &utterance->words[utterance->n_words], err);
        if (status != SILBE_OK) {
            return status;
        }
        utterance->n_words++;
    }
    return utterance->n_words > 0 ? SILBE_OK : silbe_fail(err, SILBE_ERR_DATA, "no words");
}

/* Which of the set's rows are taken: row k of n if the whole part of (k + 1) share rises. */
static void choose(const silbe_corpus_options *options, silbe_corpus *corpus, bool *taken)
{
    const silbe_speech_manifest *m = &corpus->manifest;
    double share = options->max_seconds > 0.0 && options->max_seconds < m->seconds
                       ? options->max_seconds / m->seconds
                       : 1.0;
    double owed[SILBE_MAX_SPEECH_SETS] = {0.0};
    for (size_t i = 0; i < m->n_items; i++) {
        size_t s = (size_t)(m->items[i].set - silbe_speech_set_at(0));
        owed[s] += share * m->items[i].seconds;
        taken[i] = owed[s] >= 0.5 * m->items[i].seconds;
        owed[s] -= taken[i] ? m->items[i].seconds : 0.0;
    }
}

static silbe_status read_sound(const silbe_corpus_options *options, const silbe_logmel_cache *cache,
                               silbe_utterance *utterance, silbe_err *err)
{
    char path[PATH_SIZE];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", options->root, utterance->item->file) >=
        sizeof path) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the path of a recording is too long");
    }
    return silbe_logmel_cache_get(cache, path, &utterance->logmel, err);
}

static silbe_status leave_out(silbe_corpus *corpus, const silbe_speech_item *item,
                              const char *reason, silbe_err *err)
{
    size_t n = strlen(reason) + 1;
    char *copy = malloc(n);
    if (copy == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a message");
    }
    memcpy(copy, reason, n);
    corpus->left_out[corpus->n_left_out++] = (silbe_left_out){item, copy};
    return SILBE_OK;
}

/* Reads all sound, then closes the gaps that failures leave. */
static silbe_status read_all(const silbe_corpus_options *options, const silbe_logmel_cache *cache,
                             silbe_corpus *corpus, silbe_err *err)
{
    size_t n = corpus->n_utterances, n_kept = 0;
    silbe_err *errs = calloc(n, sizeof *errs);
    if (errs == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu utterances", n);
    }
#pragma omp parallel for schedule(dynamic, 8)
    for (size_t i = 0; i < n; i++) {
        errs[i].status = read_sound(options, cache, &corpus->utterances[i], &errs[i]);
    }
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n; i++) {
        silbe_utterance *u = &corpus->utterances[i];
        if (errs[i].status == SILBE_OK) {
            corpus->seconds += u->item->seconds;
            corpus->utterances[n_kept++] = *u;
            continue;
        }
        if (status == SILBE_OK) {
            status = leave_out(corpus, u->item, errs[i].message, err);
        }
        free(u->words);
        silbe_matrix_free(&u->logmel);
    }
    corpus->n_utterances = n_kept;
    free(errs);
    return status;
}

static silbe_status read_texts(const silbe_corpus_options *options, silbe_corpus *corpus,
                               silbe_err *err)
{
    size_t n = corpus->manifest.n_items;
    bool *taken = calloc(n, sizeof *taken);
    corpus->utterances = calloc(n, sizeof *corpus->utterances);
    corpus->left_out = calloc(n, sizeof *corpus->left_out);
    if (taken == NULL || corpus->utterances == NULL || corpus->left_out == NULL) {
        free(taken);
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu utterances", n);
    }
    choose(options, corpus, taken);
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < n && status == SILBE_OK; i++) {
        silbe_err reason = SILBE_ERR_INIT;
        silbe_utterance utterance = {.item = &corpus->manifest.items[i]};
        if (!taken[i]) {
            continue;
        }
        status = add_words(corpus, options, &utterance, &reason);
        if (status == SILBE_OK) {
            corpus->utterances[corpus->n_utterances++] = utterance;
            continue;
        }
        free(utterance.words);
        status = status == SILBE_ERR_MEMORY
                     ? silbe_fail(err, SILBE_ERR_MEMORY, "%s", reason.message)
                     : leave_out(corpus, utterance.item, reason.message, err);
    }
    free(taken);
    return status;
}

silbe_status silbe_corpus_load(const silbe_corpus_options *options, silbe_corpus *corpus,
                               silbe_err *err)
{
    silbe_speech_selection selection;
    silbe_logmel_cache *cache = NULL;
    silbe_status status = silbe_speech_sets_parse(options->sets, options->allowed, &selection, err);
    if (status == SILBE_OK) {
        status = silbe_speech_manifest_read(options->root, selection, &corpus->manifest, err);
    }
    if (status == SILBE_OK) {
        status = silbe_logmel_cache_new(options->work, &options->logmel, &cache, err);
    }
    if (status == SILBE_OK) {
        status = read_texts(options, corpus, err);
    }
    if (status == SILBE_OK && corpus->n_utterances > 0) {
        status = read_all(options, cache, corpus, err);
    }
    if (status == SILBE_OK && 10 * corpus->n_left_out > corpus->n_utterances + corpus->n_left_out) {
        const silbe_left_out *first = &corpus->left_out[0];
        status =
            silbe_fail(err, SILBE_ERR_DATA, "%s: %zu of %zu recordings cannot be used; %s: %s",
                       options->root, corpus->n_left_out, corpus->n_utterances + corpus->n_left_out,
                       first->item->file, first->reason);
    } else if (status == SILBE_OK && corpus->n_utterances == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: no recording is left", options->root);
    }
    silbe_logmel_cache_free(cache);
    if (status != SILBE_OK) {
        silbe_corpus_free(corpus);
    }
    return status;
}
