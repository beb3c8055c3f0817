#define _POSIX_C_SOURCE 200809L
#include "pipeline/page/item.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/align/text_language.h"
#include "pipeline/page/audio_link.h"
#include "pipeline/page/item_sources.h"
#include "pipeline/page/peaks.h"
#include "pipeline/page/script_file.h"

enum { TIME_DECIMALS = 4, POSITION_DECIMALS = 4, CONFIDENCE_DECIMALS = 3 };

/* jansson's containers pass a lack of memory on as NULL; so do these. */
static json_t *push(json_t *array, json_t *value)
{
    if (array == NULL || json_array_append_new(array, value) != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static json_t *set(json_t *object, const char *key, json_t *value)
{
    if (object == NULL || json_object_set_new(object, key, value) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* ---- what all modes share ---- */

/* A language for the browser (BCP 47), by the voice that pronounces it. */
static const char *tag_of(const char *voice)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    if (strcmp(voice, "romaji") == 0) {
        return "ja-Latn";
    }
    bool is_tag = voice[0] != '\0' && voice[strspn(voice, LETTERS)] == '\0';
    return is_tag ? voice : "und";
}

static const char *language_of(const silbe_config *config, const silbe_lyrics *lyrics)
{
    silbe_text_language language = silbe_text_language_get(config, lyrics);
    return language.source == SILBE_LANGUAGE_ASSUMED ? "und" : tag_of(language.voice);
}

static json_t *lines_of(const silbe_config *config, const silbe_lyrics *lyrics)
{
    json_t *array = json_array();
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        bool is_other = line->language[0] != '\0' &&
                        (line->is_tagged || silbe_text_language_recognises(config));
        array =
            push(array,
                 json_pack("[o, I, I, I, o]", silbe_page_text(line->text), (json_int_t)line->stanza,
                           (json_int_t)line->first_word, (json_int_t)line->n_words,
                           is_other ? json_string(tag_of(line->language)) : json_null()));
    }
    return array;
}

static json_t *words_of(const silbe_lyrics *lyrics)
{
    json_t *array = json_array();
    for (size_t w = 0; w < lyrics->n_words; w++) {
        array = push(array, silbe_page_text(lyrics->words[w].text));
    }
    return array;
}

/* Positions of the words' beginnings or ends in the score. */
static json_t *positions_of(const silbe_lyrics *lyrics, bool is_end)
{
    json_t *array = json_array();
    for (size_t w = 0; w < lyrics->n_words; w++) {
        const silbe_word *word = &lyrics->words[w];
        const silbe_syllable *first = &lyrics->syllables[word->first_syllable];
        const silbe_syllable *last = first + word->n_syllables - 1;
        array = push(array,
                     silbe_page_number(is_end ? last->end_q : first->onset_q, POSITION_DECIMALS));
    }
    return array;
}

static json_t *measures_of(const silbe_score *score)
{
    json_t *array = json_array();
    for (size_t i = 0; i < score->n_measures; i++) {
        array = push(array,
                     json_pack("[i, o]", score->measures[i].number,
                               silbe_page_number(score->measures[i].onset_q, POSITION_DECIMALS)));
    }
    return array;
}

static json_t *reference_of(const silbe_page_sources *s)
{
    const silbe_item_references *r = &s->references;
    json_t *start = json_array(), *end = json_array(), *corrected = json_array();
    json_t *notes = json_array();
    for (size_t w = 0; s->has_references && r->has_words && w < r->words.n_words; w++) {
        const silbe_reference_word *word = &r->words.words[w];
        start = push(start, silbe_page_number(word->is_known ? word->start_s : NAN, TIME_DECIMALS));
        end = push(end, silbe_page_number(word->is_known && word->has_end ? word->end_s : NAN,
                                          TIME_DECIMALS));
        if (r->is_corrected != NULL && r->is_corrected[w]) {
            corrected = push(corrected, json_integer((json_int_t)w));
        }
    }
    for (size_t i = 0; s->has_references && i < r->words.reports.n; i++) {
        notes = push(notes, silbe_page_text(r->words.reports.texts[i]));
    }
    const char *problem = s->reference_problem[0] != '\0' ? s->reference_problem : NULL;
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "start", start, "end", end, "corrected",
                     corrected, "notes", notes, "problem", silbe_page_text(problem));
}

/* ---- a mode ---- */

static json_t *path_of(const silbe_page_result *result)
{
    if (result->path == NULL) {
        return json_null();
    }
    json_t *columns[2] = {json_array(), json_array()};
    for (size_t k = 0; k < result->n_events; k++) {
        for (size_t c = 0; c < 2; c++) {
            columns[c] =
                push(columns[c], silbe_page_number(result->path[k * SILBE_PAGE_PATH_COLUMNS + c],
                                                   TIME_DECIMALS));
        }
    }
    return json_pack("[o, o]", columns[0], columns[1]);
}

/* Where the first sound of each word of the text is heard; null if the mode does not know. */
static json_t *sounding_of(const silbe_words *words)
{
    json_t *array = words->sounding_start_s != NULL ? json_array() : json_null();
    for (size_t w = 0; words->sounding_start_s != NULL && w < words->lyrics.n_words; w++) {
        array = push(array, silbe_page_number(words->sounding_start_s[w], TIME_DECIMALS));
    }
    return array;
}

static json_t *phones_of(const silbe_words *words)
{
    json_t *array = words->phones != NULL ? json_array() : json_null();
    for (size_t i = 0; i < words->n_phones; i++) {
        const silbe_timed_phone *phone = &words->phones[i];
        array =
            push(array, json_pack("[I, o, o, o, o]", (json_int_t)phone->word,
                                  silbe_page_text(phone->symbol),
                                  silbe_page_number(phone->span.start_s, TIME_DECIMALS),
                                  silbe_page_number(phone->span.end_s, TIME_DECIMALS),
                                  silbe_page_number(phone->span.confidence, CONFIDENCE_DECIMALS)));
    }
    return array;
}

/* Words that were not found, and where they would be at best. */
static json_t *unmatched_of(const silbe_words *words)
{
    json_t *array = json_array();
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        const silbe_span *span = &words->times.words[w];
        if (!words->is_matched[w]) {
            array =
                push(array, json_pack("[I, o, o]", (json_int_t)w,
                                      silbe_page_number(span->start_s, TIME_DECIMALS),
                                      silbe_page_number(span->confidence, CONFIDENCE_DECIMALS)));
        }
    }
    return array;
}

/* words is empty where there is no result. */
static json_t *result_of(const silbe_page_result *result)
{
    const silbe_words *words = &result->words;
    json_t *start = json_array(), *end = json_array(), *confidence = json_array();
    for (size_t w = 0; w < words->lyrics.n_words; w++) {
        const silbe_span nowhere = {NAN, NAN, NAN};
        const silbe_span *span = words->is_matched[w] ? &words->times.words[w] : &nowhere;
        start = push(start, silbe_page_number(span->start_s, TIME_DECIMALS));
        end = push(end, silbe_page_number(span->end_s, TIME_DECIMALS));
        confidence = push(confidence, silbe_page_number(span->confidence, CONFIDENCE_DECIMALS));
    }
    const char *problem = result->problem[0] != '\0' ? result->problem : NULL;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "start", start, "end", end,
                     "confidence", confidence, "path", path_of(result), "problem",
                     silbe_page_text(problem), "sounding", sounding_of(words), "phones",
                     phones_of(words), "unmatched", unmatched_of(words));
}

static json_t *results_of(const silbe_page_sources *s, const silbe_page_modes *modes)
{
    json_t *object = json_object();
    for (size_t m = 0; m < modes->n_modes; m++) {
        object = set(object, modes->modes[m].name, result_of(&s->results[m]));
    }
    return object;
}

/* Signed errors in ms, of the words that have both times. */
static json_t *errors_of(const silbe_page_sources *s, const silbe_page_result *result)
{
    json_t *array = json_array();
    const silbe_reference_words *words = &s->references.words;
    bool is_known = result->is_there && s->has_references && s->references.has_words;
    for (size_t w = 0; is_known && w < words->n_words; w++) {
        if (words->words[w].is_known && result->words.is_matched[w]) {
            double error_s = result->words.times.words[w].start_s - words->words[w].start_s;
            array = push(array, silbe_page_number(1000.0 * error_s, 1));
        }
    }
    return array;
}

/* ---- the recording ---- */

/* item-0007.wav: nothing of the recording's own name but its ending, if that is harmless. */
static void copy_name(const char *audio_path, size_t number, char name[64])
{
    const char *dot = strrchr(audio_path, '.');
    size_t length = dot != NULL ? strlen(dot + 1) : 0;
    bool is_plain = length > 0 && length <= 8;
    for (size_t i = 0; is_plain && i < length; i++) {
        is_plain = isalnum((unsigned char)dot[1 + i]) != 0;
    }
    (void)snprintf(name, 64, "audio/item-%04zu%s", number, is_plain ? dot : "");
}

/* URL for the page, allocated; NULL with *problem or *err filled. */
static char *place_audio(const silbe_config *config, const silbe_item *item, size_t number,
                         const char *page_folder, silbe_err *problem, silbe_err *err)
{
    char *src = NULL;
    if (silbe_failed(err)) {
        return NULL;
    }
    if (access(item->audio_path, R_OK) != 0) {
        (void)silbe_fail(problem, SILBE_ERR_IO, "%s: there is no such recording", item->audio_path);
    } else if (config->report.audio == SILBE_REPORT_AUDIO_LINK) {
        silbe_try(problem, silbe_page_relative_url(page_folder, item->audio_path, &src, problem));
    } else {
        char name[64];
        copy_name(item->audio_path, number, name);
        src = silbe_copy_text(name, err);
        char *path = silbe_join_path(page_folder, name, err);
        silbe_try(err, silbe_page_copy_file(item->audio_path, path, err));
        free(path);
    }
    return src;
}

static json_t *peaks_of(const silbe_peaks *peaks)
{
    if (peaks->values == NULL) {
        return json_null();
    }
    char *data = silbe_peaks_base64(peaks);
    json_t *object = json_pack("{s:i, s:s}", "per_s", SILBE_PEAKS_PER_S, "data", data);
    free(data);
    return object;
}

/* ---- together ---- */

static double duration_of(const silbe_page_sources *s, const silbe_peaks *peaks)
{
    double duration_s = peaks->values != NULL ? peaks->duration_s : 0;
    for (size_t m = 0; m < s->n_results; m++) {
        if (s->results[m].is_there) {
            duration_s = fmax(duration_s, s->results[m].words.duration_s);
        }
    }
    return duration_s;
}

static const char *title_of(const silbe_page_sources *s)
{
    const char *title = s->has_labels ? s->labels.score.title : NULL;
    for (size_t m = 0; m < s->n_results && title == NULL; m++) {
        title = s->results[m].is_there ? s->results[m].words.title : NULL;
    }
    return title;
}

static json_t *head_of(const silbe_item *item, const silbe_page_sources *s,
                       const silbe_peaks *peaks)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "name", silbe_page_text(item->name), "work",
                     silbe_page_text(item->work), "version", silbe_page_text(item->version),
                     "title", silbe_page_text(title_of(s)), "duration_s",
                     silbe_page_number(duration_of(s, peaks), TIME_DECIMALS));
}

static json_t *row_of(json_t *row, const silbe_page_modes *modes, const silbe_page_sources *s,
                      const silbe_err *audio_problem)
{
    json_t *errors = json_object(), *problems = json_array();
    for (size_t m = 0; m < modes->n_modes; m++) {
        errors = set(errors, modes->modes[m].name, errors_of(s, &s->results[m]));
    }
    if (audio_problem->message[0] != '\0') {
        problems = push(problems, silbe_page_text(audio_problem->message));
    }
    if (s->reference_problem[0] != '\0') {
        problems = push(problems, silbe_page_text(s->reference_problem));
    }
    row = set(row, "n_words", json_integer(s->lyrics != NULL ? (json_int_t)s->lyrics->n_words : 0));
    return set(set(row, "problems", problems), "errors", errors);
}

static json_t *data_of(json_t *data, const silbe_config *config, const silbe_page_modes *modes,
                       const silbe_page_sources *s, const silbe_peaks *peaks)
{
    static const silbe_lyrics NOTHING = SILBE_LYRICS_INIT;
    const silbe_lyrics *lyrics = s->lyrics != NULL ? s->lyrics : &NOTHING;
    data = set(data, "peaks", peaks_of(peaks));
    data = set(data, "language", json_string(language_of(config, lyrics)));
    data = set(data, "lines", lines_of(config, lyrics));
    data = set(data, "words", words_of(lyrics));
    data = set(data, "onset_q", positions_of(lyrics, false));
    data = set(data, "end_q", positions_of(lyrics, true));
    data = set(data, "measures", measures_of(&s->labels.score));
    data = set(data, "reference", reference_of(s));
    return set(data, "modes", results_of(s, modes));
}

silbe_status silbe_page_item_new(const silbe_config *config, const silbe_page_modes *modes,
                                 const silbe_item *item, size_t number, const char *page_folder,
                                 silbe_page_item *page, silbe_err *err)
{
    silbe_err own;
    silbe_page_sources sources = SILBE_PAGE_SOURCES_INIT;
    silbe_peaks peaks = SILBE_PEAKS_INIT;
    silbe_err problem = SILBE_ERR_INIT; /* with the recording */
    err = silbe_err_begin(err, &own);
    *page = (silbe_page_item)SILBE_PAGE_ITEM_INIT;
    silbe_try(err, silbe_page_sources_read(config, modes, item, &sources, err));
    char *src = place_audio(config, item, number, page_folder, &problem, err);
    if (src != NULL && !silbe_failed(err)) {
        silbe_try(&problem, silbe_peaks_read(item->audio_path, &peaks, &problem));
    }
    if (!silbe_failed(err) && problem.status == SILBE_ERR_MEMORY) {
        *err = problem;
    }
    if (!silbe_failed(err)) {
        const char *why = problem.message[0] != '\0' ? problem.message : NULL;
        page->data = set(head_of(item, &sources, &peaks), "audio",
                         json_pack("{s:s?, s:o}", "src", src, "problem", silbe_page_text(why)));
        page->data = data_of(page->data, config, modes, &sources, &peaks);
        page->row = row_of(head_of(item, &sources, &peaks), modes, &sources, &problem);
        (void)silbe_need(page->data, item->name, err);
        (void)silbe_need(page->row, item->name, err);
    }
    free(src);
    silbe_peaks_free(&peaks);
    silbe_page_sources_free(&sources);
    return err->status;
}

void silbe_page_item_free(silbe_page_item *page)
{
    json_decref(page->data);
    json_decref(page->row);
    *page = (silbe_page_item)SILBE_PAGE_ITEM_INIT;
}
