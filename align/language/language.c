#include "align/language/language.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <unistr.h>

#include "align/language/orthography.h"
#include "align/language/table.h"
#include "align/language/words.h"
#include "features/base/memory.h"

/* In the order in which ties are broken. */
static const silbe_language_table *const READ[] = {
    &silbe_language_german,  &silbe_language_english, &silbe_language_french,
    &silbe_language_italian, &silbe_language_spanish, &silbe_language_dutch,
    &silbe_language_latin,   &silbe_language_swedish,
};

enum { N_READ = sizeof READ / sizeof *READ };

/* How a language makes words: so much of a text are its function words, its words of songs, any
 * words that are spelt as its own, and words of no language. Guesses, not critical. */
static const double FUNCTION = 0.40, SONGS = 0.10, SPELT = 0.485, FOREIGN = 0.015;
/* Frequencies of function words fall as 1 / (rank + FLAT). */
static const double FLAT = 8;
/* What one word may say at most for a language. */
static const double MAX_WORD = 6;
/* Certain: log-odds against the second, in all; the mean of a word, alone and with its share of the
 * former, which a language must have that is merely less foreign than the others; words. */
static const double MIN_MARGIN = 4.0, MIN_FIT = 0.0, MIN_FIT_AND_MARGIN = 1.2;
static const size_t MIN_WORDS = 3;
enum { LAST_LATIN_LETTER = 0x24f };

/* A word of a table. */
typedef struct {
    const char *text;
    size_t language;
    double p; /* how often the language says it as one of its lists */
} known_word;

struct silbe_languages {
    size_t n; /* languages, those that are not read last */
    char *bytes;
    known_word *words; /* by text, then by language */
    size_t n_words;
    silbe_orthography spelling[SILBE_MAX_LANGUAGES];
    silbe_orthography any; /* of all together */
};

static const silbe_language_table *table_of(size_t language)
{
    return language < N_READ                             ? READ[language]
           : language < N_READ + silbe_language_n_others ? &silbe_language_others[language - N_READ]
                                                         : NULL;
}

const char *silbe_language_name(size_t language)
{
    return table_of(language) != NULL ? table_of(language)->name : NULL;
}

const char *silbe_language_code(size_t language)
{
    return table_of(language) != NULL ? table_of(language)->code : NULL;
}

const char *silbe_language_voice(size_t language)
{
    const silbe_language_table *table = table_of(language);
    return table == NULL ? NULL : table->voice != NULL ? table->voice : table->code;
}

bool silbe_language_is_read(size_t language)
{
    return table_of(language) != NULL && table_of(language)->is_read;
}

int silbe_language_find(const char *voice)
{
    size_t n = strcspn(voice, "-+");
    for (size_t i = 0; table_of(i) != NULL; i++) {
        const silbe_language_table *table = table_of(i);
        if ((strlen(table->code) == n && strncasecmp(table->code, voice, n) == 0) ||
            strcasecmp(table->name, voice) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* ---- the tables, counted ---- */

static size_t count_words(const char *list)
{
    size_t n = 0;
    for (const char *at = list; *at != '\0'; at += strspn(at, " ")) {
        at += strcspn(at, " ");
        n++;
    }
    return n;
}

static double weight(size_t rank, bool is_function)
{
    return is_function ? 1 / ((double)rank + FLAT) : 1;
}

/* A list of a language; at: where the copies of its words go. */
static char *add_list(silbe_languages *l, size_t language, const char *list, bool is_function,
                      char *at)
{
    size_t n = count_words(list);
    double sum = 0;
    for (size_t rank = 0; rank < n; rank++) {
        sum += weight(rank, is_function);
    }
    for (size_t rank = 0; rank < n; rank++) {
        size_t n_bytes = strcspn(list, " ");
        memcpy(at, list, n_bytes);
        at[n_bytes] = '\0';
        l->words[l->n_words++] = (known_word){
            at, language, (is_function ? FUNCTION : SONGS) * weight(rank, is_function) / sum};
        silbe_orthography_count(&l->spelling[language], at, n_bytes);
        silbe_orthography_count(&l->any, at, n_bytes);
        at += n_bytes + 1;
        list += n_bytes + strspn(list + n_bytes, " ");
    }
    return at;
}

static int compare_words(const void *a, const void *b)
{
    const known_word *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : x->language < y->language ? -1 : x->language > y->language;
}

silbe_languages *silbe_languages_new(silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_languages *l = silbe_alloc(1, sizeof *l, "languages", err);
    size_t n_bytes = 0, n_words = 0;
    for (size_t i = 0; table_of(i) != NULL; i++) {
        n_bytes += strlen(table_of(i)->function) + strlen(table_of(i)->words) + 2;
        n_words += count_words(table_of(i)->function) + count_words(table_of(i)->words);
    }
    if (l == NULL) {
        return NULL;
    }
    l->bytes = silbe_alloc(n_bytes, 1, "words", err);
    l->words = silbe_alloc(n_words, sizeof *l->words, "words", err);
    silbe_orthography_init(&l->any, err);
    for (; table_of(l->n) != NULL && !silbe_failed(err); l->n++) {
        silbe_orthography_init(&l->spelling[l->n], err);
    }
    if (silbe_failed(err)) {
        silbe_languages_free(l);
        return NULL;
    }
    char *at = l->bytes;
    for (size_t i = 0; i < l->n; i++) {
        at = add_list(l, i, table_of(i)->function, true, at);
        at = add_list(l, i, table_of(i)->words, false, at);
    }
    qsort(l->words, l->n_words, sizeof *l->words, compare_words);
    return l;
}

void silbe_languages_free(silbe_languages *l)
{
    if (l != NULL) {
        for (size_t i = 0; i < SILBE_MAX_LANGUAGES; i++) {
            silbe_orthography_free(&l->spelling[i]);
        }
        silbe_orthography_free(&l->any);
        free(l->bytes);
        free(l->words);
        free(l);
    }
}

/* ---- a text ---- */

static int compare_with(const char *known, const char *word, size_t n_bytes)
{
    int order = strncmp(known, word, n_bytes);
    return order != 0 ? order : known[n_bytes] != '\0';
}

/* The first entry of this word, or where it would be. */
static size_t find_word(const silbe_languages *l, const char *word, size_t n_bytes)
{
    size_t begin = 0, end = l->n_words;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (compare_with(l->words[middle].text, word, n_bytes) < 0) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

static bool is_known(const void *context, const char *word, size_t n_bytes)
{
    const silbe_languages *l = context;
    size_t at = find_word(l, word, n_bytes);
    return at < l->n_words && compare_with(l->words[at].text, word, n_bytes) == 0;
}

/* Greek, Cyrillic, Japanese and the rest, which no table knows. */
static bool is_latin(const char *word, size_t n_bytes)
{
    bool is_so = true;
    for (size_t at = 0; at < n_bytes && is_so;) {
        ucs4_t point = 0;
        at += (size_t)u8_mbtouc(&point, (const uint8_t *)word + at, n_bytes - at);
        is_so = point <= LAST_LATIN_LETTER;
    }
    return is_so;
}

static void add_word(const silbe_languages *l, const silbe_counted_word *word, double *scores)
{
    size_t n_bytes = strlen(word->text);
    double p[SILBE_MAX_LANGUAGES] = {0}, factor = log2(1 + (double)word->count);
    double any = silbe_orthography_logp(&l->any, word->text, n_bytes);
    for (size_t at = find_word(l, word->text, n_bytes);
         at < l->n_words && strcmp(l->words[at].text, word->text) == 0; at++) {
        p[l->words[at].language] += l->words[at].p;
    }
    bool is_foreign = !is_latin(word->text, n_bytes);
    for (size_t i = 0; i < l->n; i++) {
        double spelt = silbe_orthography_logp(&l->spelling[i], word->text, n_bytes);
        double odds = FOREIGN + (is_foreign ? 0 : p[i] * exp(-any) + SPELT * exp(spelt - any));
        scores[i] += factor * fmin(MAX_WORD, log(odds));
    }
}

static void decide(const silbe_languages *l, silbe_language_guess *guess)
{
    size_t best = 0;
    double second = -INFINITY;
    for (size_t i = 1; i < l->n; i++) {
        best = guess->scores[i] > guess->scores[best] ? i : best;
    }
    for (size_t i = 0; i < l->n; i++) {
        second = i != best ? fmax(second, guess->scores[i]) : second;
    }
    guess->nearest = table_of(best)->code;
    guess->margin = guess->scores[best] - second;
    guess->fit = guess->scores[best] / (double)guess->n_words;
    double fit_and_margin = guess->fit + guess->margin / (double)guess->n_words;
    if (table_of(best)->is_read && guess->n_words >= MIN_WORDS && guess->margin >= MIN_MARGIN &&
        guess->fit >= MIN_FIT && fit_and_margin >= MIN_FIT_AND_MARGIN) {
        guess->code = guess->nearest;
    }
}

silbe_status silbe_language_of(const silbe_languages *languages, const char *text, size_t n_bytes,
                               silbe_language_guess *guess, silbe_err *err)
{
    silbe_err own;
    silbe_counted_words words = SILBE_COUNTED_WORDS_INIT;
    err = silbe_err_begin(err, &own);
    *guess = (silbe_language_guess){.code = NULL};
    silbe_try(err, silbe_counted_words_new(text, n_bytes, is_known, languages, &words, err));
    for (size_t i = 0; i < words.n && !silbe_failed(err); i++) {
        add_word(languages, &words.items[i], guess->scores);
        guess->n_words++;
    }
    if (guess->n_words > 0) {
        decide(languages, guess);
    }
    silbe_counted_words_free(&words);
    return err->status;
}
