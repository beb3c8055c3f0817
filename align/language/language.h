/*
 * Which language a text is in: of those in the tables (table.h), or none that is certain.
 *
 * Each different word of the text is weighed as naive Bayes does: how likely each language is to
 * say it, against how likely any language is to. A language says a word because it is one of its
 * function words (the frequent ones oftener), because it is one of its words of songs, or because
 * it is spelt as its words are: letters by the two before them, counted in both lists. One word
 * can say only so much for or against a language, and one that is sung ten times little more than
 * one that is sung twice; what is repeated at once ("la la la") says nothing.
 *
 * Certain is a language that is far enough ahead of each other one, those included that are only
 * known so as not to be taken for one of these, and that fits the text by itself. Ties go to the
 * table that comes first.
 */
#ifndef SILBE_LANGUAGE_H
#define SILBE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

enum { SILBE_MAX_LANGUAGES = 32 };

/* Words and spelling of all languages; read-only once it is made. */
typedef struct silbe_languages silbe_languages;

/* NULL: SILBE_ERR_MEMORY. */
silbe_languages *silbe_languages_new(silbe_err *err);
void silbe_languages_free(silbe_languages *languages);

typedef struct {
    const char *code;    /* of the language that is certain, "de"; NULL: none. Static. */
    const char *nearest; /* of the best one, be it certain or not, or not read; NULL: no words */
    double margin;       /* natural log-odds of the best against the second, >= 0 */
    double fit;     /* mean of the different words' log-odds of the best against any language */
    size_t n_words; /* different ones that say something */
    double scores[SILBE_MAX_LANGUAGES]; /* log-odds of each against any; by place in the tables */
} silbe_language_guess;

/* text: n_bytes of UTF-8. SILBE_ERR_FORMAT: it is not. SILBE_ERR_MEMORY. */
SILBE_MUST_CHECK silbe_status silbe_language_of(const silbe_languages *languages, const char *text,
                                                size_t n_bytes, silbe_language_guess *guess,
                                                silbe_err *err);

/* Place of a language in the tables, by the voice that speaks it ("en" of "en-us" and "en+f2",
 * "de" of "German"); -1: it is in no table. */
int silbe_language_find(const char *voice);

/* By its place: "English", "en", and the voice of eSpeak NG that reads it, "en-us"; NULL behind the
 * last one. */
const char *silbe_language_name(size_t language);
const char *silbe_language_code(size_t language);
const char *silbe_language_voice(size_t language);

/* Whether texts of this language are read; else it is only known so as not to be mistaken. */
bool silbe_language_is_read(size_t language);

#endif
