#include "pipeline/train/data/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/train/data/logmel_cache.h"

enum { MAX_WORD_BYTES = 512 };

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

static void add_words(silbe_corpus *corpus, const silbe_corpus_options *options, silbe_utterance *u,
                      silbe_err *err)
{
    const char *voice = u->item->set->voice;
    u->words = silbe_alloc(strlen(u->item->text) / 2 + 1, sizeof *u->words, "words", err);
    for (const char *at = u->item->text; !silbe_failed(err) && *(at += strspn(at, " ")) != '\0';) {
        char word[MAX_WORD_BYTES];
        size_t n = strcspn(at, " ");
        if (n >= sizeof word) {
            (void)silbe_fail(err, SILBE_ERR_DATA, "a word of %zu bytes", n);
            return;
        }
        memcpy(word, at, n);
        word[n] = '\0';
        at += n;
        if (is_punctuation(word)) {
            continue;
        }
        if (is_breath(voice, word)) {
            (void)silbe_fail(err, SILBE_ERR_DATA, "\"%s\" is breath", word);
        }
        silbe_try(err, silbe_lexicon_add(&corpus->lexicon, voice, word, options->max_pronunciations,
                                         &u->words[u->n_words], err));
        u->n_words += !silbe_failed(err);
    }
    if (!silbe_failed(err) && u->n_words == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "no words");
    }
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

static void read_sound(const silbe_corpus_options *options, const silbe_logmel_cache *cache,
                       silbe_utterance *utterance, silbe_err *err)
{
    char *path = silbe_format(err, "%s/%s", options->root, utterance->item->file);
    silbe_try(err, silbe_logmel_cache_get(cache, path, &utterance->logmel, err));
    free(path);
}

static void leave_out(silbe_corpus *corpus, const silbe_speech_item *item, const char *reason,
                      silbe_err *err)
{
    char *copy = silbe_copy_text(reason, err);
    if (copy != NULL) {
        corpus->left_out[corpus->n_left_out++] = (silbe_left_out){item, copy};
    }
}

/* Reads all sound, then closes the gaps that failures leave. */
static void read_all(const silbe_corpus_options *options, const silbe_logmel_cache *cache,
                     silbe_corpus *corpus, silbe_err *err)
{
    size_t n = corpus->n_utterances;
    silbe_err *errs = silbe_alloc(n, sizeof *errs, "utterances", err);
    if (errs == NULL) {
        return;
    }
#pragma omp parallel for schedule(dynamic, 8)
    for (size_t i = 0; i < n; i++) {
        read_sound(options, cache, &corpus->utterances[i], &errs[i]);
    }
    corpus->n_utterances = 0;
    for (size_t i = 0; i < n; i++) {
        silbe_utterance *u = &corpus->utterances[i];
        if (!silbe_failed(&errs[i])) {
            corpus->seconds += u->item->seconds;
            corpus->utterances[corpus->n_utterances++] = *u;
            continue;
        }
        leave_out(corpus, u->item, errs[i].message, err);
        free(u->words);
        silbe_matrix_free(&u->logmel);
    }
    free(errs);
}

static void read_texts(const silbe_corpus_options *options, silbe_corpus *corpus, silbe_err *err)
{
    size_t n = corpus->manifest.n_items;
    bool *taken = silbe_alloc(n, sizeof *taken, "utterances", err);
    corpus->utterances = silbe_alloc(n, sizeof *corpus->utterances, "utterances", err);
    corpus->left_out = silbe_alloc(n, sizeof *corpus->left_out, "utterances", err);
    if (!silbe_failed(err)) {
        choose(options, corpus, taken);
    }
    for (size_t i = 0; i < n && !silbe_failed(err); i++) {
        silbe_err reason = SILBE_ERR_INIT;
        silbe_utterance utterance = {.item = &corpus->manifest.items[i]};
        if (!taken[i]) {
            continue;
        }
        add_words(corpus, options, &utterance, &reason);
        if (!silbe_failed(&reason)) {
            corpus->utterances[corpus->n_utterances++] = utterance;
            continue;
        }
        free(utterance.words);
        if (reason.status == SILBE_ERR_MEMORY) {
            *err = reason;
        }
        leave_out(corpus, utterance.item, reason.message, err);
    }
    free(taken);
}

static void check_left_out(const char *root, const silbe_corpus *corpus, silbe_err *err)
{
    size_t n_rows = corpus->n_utterances + corpus->n_left_out;
    if (10 * corpus->n_left_out > n_rows) {
        const silbe_left_out *first = &corpus->left_out[0];
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: %zu of %zu recordings cannot be used; %s: %s",
                         root, corpus->n_left_out, n_rows, first->item->file, first->reason);
    } else if (corpus->n_utterances == 0) {
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no recording is left", root);
    }
}

silbe_status silbe_corpus_read(const silbe_corpus_options *options, silbe_corpus *corpus,
                               silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_speech_selection selection;
    silbe_logmel_cache *cache = NULL;
    silbe_try(err, silbe_speech_sets_parse(options->sets, options->allowed, &selection, err));
    silbe_try(err, silbe_speech_manifest_read(options->root, selection, &corpus->manifest, err));
    silbe_try(err, silbe_logmel_cache_new(options->work, &options->logmel, &cache, err));
    read_texts(options, corpus, err);
    read_all(options, cache, corpus, err);
    if (!silbe_failed(err)) {
        check_left_out(options->root, corpus, err);
    }
    silbe_logmel_cache_free(cache);
    if (silbe_failed(err)) {
        silbe_corpus_free(corpus);
    }
    return err->status;
}
