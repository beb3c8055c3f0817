#include "align/language/lyrics_language.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align/language/language.h"
#include "features/base/memory.h"

/* Natural log-odds: what a change of language costs, what a line can say at most for one language
 * against another, and what a stretch of lines must be ahead by. */
static const double CHANGE = 7, MAX_LINE = 24, MIN_MARGIN = 18;
/* What a line must be ahead by to count where none fits the whole text. */
static const double MIN_LINE_MARGIN = 8;
/* Words of a stretch, and different ones among them. */
static const size_t MIN_WORDS = 6, MIN_DIFFERENT = 5;

typedef struct {
    const silbe_languages *languages;
    silbe_lyrics *lyrics;
    size_t n;                                   /* languages that are read */
    size_t own;                                 /* that of the text */
    double (*scores)[SILBE_MAX_LANGUAGES];      /* of each line, owned */
    unsigned char (*from)[SILBE_MAX_LANGUAGES]; /* the best language of the line before, owned */
} reading;

/* The lines from first on that take part, joined, to be freed. */
static char *join(const silbe_lyrics *lyrics, size_t first, size_t n_lines, silbe_err *err)
{
    size_t size = 1, n = 0;
    for (size_t l = first; l < first + n_lines; l++) {
        size += strlen(lyrics->lines[l].text) + 1;
    }
    char *text = silbe_alloc(size, 1, "bytes of lyrics", err);
    for (size_t l = first; l < first + n_lines && text != NULL; l++) {
        const silbe_line *line = &lyrics->lines[l];
        size_t length = strlen(line->text);
        if (!line->is_tagged || line->language[0] == '\0') {
            memcpy(text + n, line->text, length);
            text[n + length] = '\n';
            n += length + 1;
        }
    }
    return text;
}

static void guess_lines(const silbe_languages *languages, const silbe_lyrics *lyrics, size_t first,
                        size_t n_lines, silbe_language_guess *guess, silbe_err *err)
{
    char *text = join(lyrics, first, n_lines, err);
    if (text != NULL) {
        silbe_try(err, silbe_language_of(languages, text, strlen(text), guess, err));
    }
    free(text);
}

/* Where two languages share a text, neither fits it all: that of most words in lines that are
 * certain each, if it is half of them; SIZE_MAX: none. */
static size_t of_most_lines(const silbe_languages *languages, const silbe_lyrics *lyrics,
                            silbe_err *err)
{
    size_t n_words[SILBE_MAX_LANGUAGES] = {0}, n_all = 0, most = 0;
    for (size_t l = 0; l < lyrics->n_lines && !silbe_failed(err); l++) {
        silbe_language_guess guess = {.code = NULL};
        guess_lines(languages, lyrics, l, 1, &guess, err);
        if (guess.code != NULL && guess.margin >= MIN_LINE_MARGIN) {
            n_words[silbe_language_find(guess.code)] += guess.n_words;
        }
        n_all += guess.n_words;
    }
    for (size_t i = 0; i < SILBE_MAX_LANGUAGES; i++) {
        most = n_words[i] > n_words[most] ? i : most;
    }
    return n_words[most] >= MIN_WORDS && 2 * n_words[most] >= n_all ? most : SIZE_MAX;
}

static void recognise_text(const silbe_languages *languages, silbe_lyrics *lyrics, silbe_err *err)
{
    silbe_language_guess guess = {.code = NULL};
    guess_lines(languages, lyrics, 0, lyrics->n_lines, &guess, err);
    size_t language = guess.code != NULL ? (size_t)silbe_language_find(guess.code)
                                         : of_most_lines(languages, lyrics, err);
    const char *voice = silbe_language_voice(language);
    (void)snprintf(lyrics->language, sizeof lyrics->language, "%s", voice != NULL ? voice : "");
}

/* Whether lines [first, end) are clearly in this language. */
static bool is_clear(const reading *r, size_t first, size_t end, size_t language, silbe_err *err)
{
    silbe_language_guess guess = {.code = NULL};
    size_t n_words = 0;
    for (size_t l = first; l < end; l++) {
        n_words += r->lyrics->lines[l].n_words;
    }
    if (n_words < MIN_WORDS) {
        return false;
    }
    guess_lines(r->languages, r->lyrics, first, end - first, &guess, err);
    return guess.code != NULL && strcmp(guess.code, silbe_language_code(language)) == 0 &&
           guess.margin >= MIN_MARGIN && guess.n_words >= MIN_DIFFERENT;
}

/* The likeliest languages of the lines: Viterbi, from the language of the text to itself. */
static void find_path(const reading *r, unsigned char *path)
{
    double best[SILBE_MAX_LANGUAGES];
    size_t n_lines = r->lyrics->n_lines;
    for (size_t i = 0; i < r->n; i++) {
        best[i] = i == r->own ? 0 : -CHANGE;
    }
    for (size_t l = 0; l < n_lines; l++) {
        size_t top = 0;
        for (size_t i = 1; i < r->n; i++) {
            top = best[i] > best[top] ? i : top;
        }
        double change = best[top] - CHANGE;
        for (size_t i = 0; i < r->n; i++) {
            r->from[l][i] = (unsigned char)(best[i] >= change ? i : top);
            best[i] = fmax(best[i], change) + r->scores[l][i];
        }
    }
    size_t at = r->own;
    for (size_t i = 0; i < r->n; i++) {
        at = best[i] - CHANGE > best[r->own] && best[i] > best[at] ? i : at;
    }
    for (size_t l = n_lines; l-- > 0;) {
        path[l] = (unsigned char)at;
        at = r->from[l][at];
    }
}

static void mark_lines(const reading *r, const unsigned char *path, silbe_err *err)
{
    for (size_t first = 0; first < r->lyrics->n_lines && !silbe_failed(err);) {
        size_t end = first + 1, language = path[first];
        while (end < r->lyrics->n_lines && path[end] == language) {
            end++;
        }
        if (language != r->own && is_clear(r, first, end, language, err)) {
            for (size_t l = first; l < end; l++) {
                silbe_line *line = &r->lyrics->lines[l];
                (void)snprintf(line->language, sizeof line->language, "%s",
                               silbe_language_voice(language));
            }
        }
        first = end;
    }
}

/* Scores of each line against that of the text's own language. */
static void score_lines(reading *r, silbe_err *err)
{
    for (size_t l = 0; l < r->lyrics->n_lines && !silbe_failed(err); l++) {
        silbe_language_guess guess = {.code = NULL};
        guess_lines(r->languages, r->lyrics, l, 1, &guess, err);
        for (size_t i = 0; i < r->n; i++) {
            double score = guess.scores[i] - guess.scores[r->own];
            r->scores[l][i] = fmax(-MAX_LINE, fmin(MAX_LINE, score));
        }
    }
}

static void recognise_lines(const silbe_languages *languages, silbe_lyrics *lyrics, size_t own,
                            silbe_err *err)
{
    size_t n_lines = lyrics->n_lines;
    reading r = {.languages = languages, .lyrics = lyrics, .own = own};
    while (silbe_language_is_read(r.n)) {
        r.n++;
    }
    r.scores = silbe_alloc(n_lines, sizeof *r.scores, "lines", err);
    r.from = silbe_alloc(n_lines, sizeof *r.from, "lines", err);
    unsigned char *path = silbe_alloc(n_lines, sizeof *path, "lines", err);
    score_lines(&r, err);
    if (!silbe_failed(err)) {
        find_path(&r, path);
        mark_lines(&r, path, err);
    }
    free(path);
    free(r.from);
    free(r.scores);
}

static bool has_tags(const silbe_lyrics *lyrics)
{
    bool has = false;
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        has = has || lyrics->lines[l].is_tagged;
    }
    return has;
}

silbe_status silbe_lyrics_recognise(silbe_lyrics *lyrics, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_languages *languages = silbe_languages_new(err);
    if (languages != NULL) {
        recognise_text(languages, lyrics, err);
        if (!silbe_failed(err) && lyrics->language[0] != '\0' && !has_tags(lyrics)) {
            recognise_lines(languages, lyrics, (size_t)silbe_language_find(lyrics->language), err);
        }
    }
    silbe_languages_free(languages);
    return err->status;
}

silbe_status silbe_lyrics_language_margin(const silbe_lyrics *lyrics, const char *voice,
                                          double *margin, silbe_err *err)
{
    silbe_err own;
    silbe_language_guess guess = {.code = NULL};
    int said = silbe_language_find(voice);
    int found = lyrics->language[0] != '\0' ? silbe_language_find(lyrics->language) : -1;
    err = silbe_err_begin(err, &own);
    *margin = 0;
    if (said < 0 || found < 0 || said == found) {
        return SILBE_OK;
    }
    silbe_languages *languages = silbe_languages_new(err);
    if (languages != NULL) {
        guess_lines(languages, lyrics, 0, lyrics->n_lines, &guess, err);
        *margin = guess.scores[found] - guess.scores[said];
    }
    silbe_languages_free(languages);
    return err->status;
}
