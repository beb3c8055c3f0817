/*
 * In which language a text is read: the setting acoustic.voice, or what was recognised.
 */
#ifndef SILBE_ALIGN_TEXT_LANGUAGE_H
#define SILBE_ALIGN_TEXT_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "features/base/lyrics.h"
#include "pipeline/run/batch.h"
#include "pipeline/settings/config.h"

typedef enum {
    SILBE_LANGUAGE_SET = 0,    /* by acoustic.voice */
    SILBE_LANGUAGE_RECOGNISED, /* from the text: acoustic.voice is auto */
    SILBE_LANGUAGE_ASSUMED,    /* German: auto, but nothing was recognised */
} silbe_language_source;

typedef struct {
    const char *voice; /* reads the text; borrowed from the setting or the lyrics */
    silbe_language_source source;
    size_t n_other_lines; /* read in another language, by tag or recognised */
} silbe_text_language;

silbe_text_language silbe_text_language_get(const silbe_config *config, const silbe_lyrics *lyrics);

/* Whether lines are read in the language that was recognised for them; tagged ones always are. */
bool silbe_text_language_recognises(const silbe_config *config);

/* The same in words, for a person: "fr (recognised), 2 lines in another language". Allocated; NULL
 * after a failure. A step (features/base/status.h). */
char *silbe_text_language_say(const silbe_text_language *language, silbe_err *err);

/* A note of the language; a warning where it could not be told, and where the text is clearly in
 * another one than acoustic.voice says. text_path names the text's file in them. A step. */
void silbe_text_language_report(const silbe_config *config, const silbe_lyrics *lyrics,
                                const char *text_path, silbe_item_report *report, silbe_err *err);

#endif
