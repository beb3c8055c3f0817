#include "pipeline/align/text_language.h"

#include <stdlib.h>
#include <string.h>

#include "align/language/language.h"
#include "align/language/lyrics_language.h"
#include "features/base/format.h"

static const char AUTO[] = "auto", FALLBACK[] = "de";

/* Natural log-odds from which on a text is clearly in another language than the one that is set. */
static const double CLEAR = 40;

bool silbe_text_language_recognises(const silbe_config *config)
{
    return strcmp(config->acoustic.voice, AUTO) == 0;
}

silbe_text_language silbe_text_language_get(const silbe_config *config, const silbe_lyrics *lyrics)
{
    bool is_auto = silbe_text_language_recognises(config), is_known = lyrics->language[0] != '\0';
    silbe_text_language language = {.voice = config->acoustic.voice};
    if (is_auto) {
        language.voice = is_known ? lyrics->language : FALLBACK;
        language.source = is_known ? SILBE_LANGUAGE_RECOGNISED : SILBE_LANGUAGE_ASSUMED;
    }
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        language.n_other_lines += line->language[0] != '\0' && (line->is_tagged || is_auto) &&
                                  strcmp(line->language, language.voice) != 0;
    }
    return language;
}

char *silbe_text_language_say(const silbe_text_language *language, silbe_err *err)
{
    static const char *const SOURCES[] = {"", " (recognised)", " (assumed)"};
    char *lines =
        language->n_other_lines > 0
            ? silbe_format(err, ", %zu line%s in another language", language->n_other_lines,
                           language->n_other_lines > 1 ? "s" : "")
            : NULL;
    char *said = silbe_format(err, "%s%s%s", language->voice, SOURCES[language->source],
                              lines != NULL ? lines : "");
    free(lines);
    return said;
}

/* Latin of the church is sung in Italy's way as well, which the voice "it" is for. */
static bool is_way_to_sing(const char *language, const char *voice)
{
    int italian = silbe_language_find("it");
    return strcmp(language, "la") == 0 && silbe_language_find(voice) == italian;
}

static void warn_other(const silbe_config *config, const silbe_lyrics *lyrics,
                       const char *text_path, silbe_item_report *report, silbe_err *err)
{
    const char *voice = config->acoustic.voice;
    double margin = 0;
    silbe_try(err, silbe_lyrics_language_margin(lyrics, voice, &margin, err));
    if (!silbe_failed(err) && margin >= CLEAR && !is_way_to_sing(lyrics->language, voice)) {
        silbe_item_warning(
            report,
            "%s: the text is %s (%s) by its words, but is read as %s (%s), as acoustic.voice says",
            text_path, silbe_language_name((size_t)silbe_language_find(lyrics->language)),
            lyrics->language, silbe_language_name((size_t)silbe_language_find(voice)), voice);
    }
}

void silbe_text_language_report(const silbe_config *config, const silbe_lyrics *lyrics,
                                const char *text_path, silbe_item_report *report, silbe_err *err)
{
    silbe_text_language language = silbe_text_language_get(config, lyrics);
    char *said = silbe_text_language_say(&language, err);
    text_path = text_path != NULL ? text_path : "the text";
    if (said != NULL) {
        silbe_item_note(report, "language %s", said);
    }
    free(said);
    if (language.source == SILBE_LANGUAGE_ASSUMED) {
        silbe_item_warning(report,
                           "%s: the language of the text could not be told, so it is read as "
                           "German; say which it is, also if it is German: --set acoustic.voice=it "
                           "(any voice of eSpeak NG)",
                           text_path);
    } else if (language.source == SILBE_LANGUAGE_SET) {
        warn_other(config, lyrics, text_path, report, err);
    }
}
