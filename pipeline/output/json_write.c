#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 10000

/* NULL if memory is short, which json_pack passes on to the whole tree. */
static json_t *text_of(const char *text)
{
    char *clean = silbe_text_copy(text, SILBE_TEXT_PLAIN);
    json_t *string = clean != NULL ? json_string(clean) : NULL;
    free(clean);
    return string;
}

static json_t *seconds_of(int64_t ticks)
{
    return json_real((double)ticks / TICKS_PER_SECOND);
}

/* A time that need not keep clear of others, or is not known. */
static json_t *free_time_of(double time_s)
{
    return isfinite(time_s) ? seconds_of((int64_t)llround(time_s * TICKS_PER_SECOND)) : json_null();
}

static json_t *confidence_of(double confidence)
{
    return json_real(round(confidence * 1e6) / 1e6);
}

static json_t *position_of(double position_q)
{
    return isfinite(position_q) ? json_real(round(position_q * 1e6) / 1e6) : json_null();
}

typedef struct {
    const silbe_words *words;
    const silbe_output_tiers *tiers;
    const size_t *first_phones; /* of each word and, at n_words, of none; NULL: phones not known */
} source;

typedef json_t *(*maker)(const source *from, size_t index);

/* Array to which make(i) was appended for i in [first, first + n); NULL if memory is short. */
static json_t *array_of(const source *from, size_t first, size_t n, maker make)
{
    json_t *array = json_array();
    for (size_t i = first; i < first + n && array != NULL; i++) {
        if (json_array_append_new(array, make(from, i)) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

/* Those of its place, if it has one, else where it would be. */
static json_t *start_of(const silbe_tick_span *placed, double guess_s)
{
    return silbe_tick_span_is_placed(placed) ? seconds_of(placed->start) : free_time_of(guess_s);
}

static json_t *end_of(const silbe_tick_span *placed, double guess_s)
{
    return silbe_tick_span_is_placed(placed) ? seconds_of(placed->end) : free_time_of(guess_s);
}

static json_t *make_syllable(const source *from, size_t s)
{
    const silbe_syllable *syllable = &from->words->lyrics.syllables[s];
    const silbe_span *span = &from->words->times.syllables[s];
    const silbe_tick_span *placed = &from->tiers->syllables[s];
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "text", text_of(syllable->text), "start_s",
                     start_of(placed, span->start_s), "end_s", end_of(placed, span->end_s),
                     "confidence", confidence_of(span->confidence), "onset_q",
                     position_of(syllable->onset_q), "end_q", position_of(syllable->end_q));
}

static json_t *make_phone(const source *from, size_t i)
{
    const silbe_timed_phone *phone = &from->words->phones[i];
    const silbe_tick_span *span = &from->tiers->phones[i];
    return json_pack("{s:o, s:o, s:o, s:o}", "phone", text_of(phone->symbol), "start_s",
                     seconds_of(span->start), "end_s", seconds_of(span->end), "confidence",
                     confidence_of(phone->span.confidence));
}

static json_t *make_word(const source *from, size_t w)
{
    const silbe_words *words = from->words;
    const silbe_word *word = &words->lyrics.words[w];
    const silbe_span *span = &words->times.words[w];
    const silbe_tick_span *placed = &from->tiers->words[w];
    json_t *object = json_pack(
        "{s:I, s:o, s:b, s:o, s:o, s:o, s:o, s:o}", "index", (json_int_t)(w + 1), "voice",
        text_of(words->voices[words->voice[w]]), "matched", (int)words->is_matched[w], "text",
        text_of(word->text), "start_s", start_of(placed, span->start_s), "end_s",
        end_of(placed, span->end_s), "confidence", confidence_of(span->confidence), "syllables",
        array_of(from, word->first_syllable, word->n_syllables, make_syllable));
    int failed = 0;
    if (from->tiers->sounding_starts != NULL) {
        failed |= json_object_set_new(
            object, "sounding_start_s",
            words->is_matched[w] ? seconds_of(from->tiers->sounding_starts[w]) : json_null());
    }
    if (from->first_phones != NULL) {
        size_t first = from->first_phones[w], n = from->first_phones[w + 1] - first;
        failed |= json_object_set_new(object, "phones", array_of(from, first, n, make_phone));
    }
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *make_line(const source *from, size_t l)
{
    const silbe_line *line = &from->words->lyrics.lines[l];
    const silbe_tick_span *span = &from->tiers->lines[l];
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "line", (json_int_t)(l + 1), "stanza",
                     (json_int_t)(line->stanza + 1), "text", text_of(line->text), "start_s",
                     start_of(span, NAN), "end_s", end_of(span, NAN), "words",
                     array_of(from, line->first_word, line->n_words, make_word));
}

static json_t *make_document(const source *from)
{
    const silbe_words *words = from->words;
    return json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "format",
                     SILBE_WORDS_FORMAT, "format_version", SILBE_WORDS_FORMAT_VERSION,
                     "program_version", text_of(words->program_version), "settings_digest",
                     text_of(words->settings_digest), "mode", text_of(words->mode), "work",
                     text_of(words->work), "version", text_of(words->version), "title",
                     words->title != NULL ? text_of(words->title) : json_null(), "audio_file",
                     text_of(silbe_output_base_name(words->audio_file)), "duration_s",
                     seconds_of(from->tiers->duration), "lines",
                     array_of(from, 0, words->lyrics.n_lines, make_line));
}

/* Where each word's phones begin; NULL if they are not known. */
static size_t *find_first_phones(const silbe_words *words, silbe_err *err)
{
    size_t n_words = words->lyrics.n_words, i = 0;
    size_t *first_phones =
        words->phones != NULL ? silbe_alloc(n_words + 1, sizeof *first_phones, "words", err) : NULL;
    for (size_t w = 0; first_phones != NULL && w <= n_words; w++) {
        while (i < words->n_phones && words->phones[i].word < w) {
            i++;
        }
        first_phones[w] = i;
    }
    return first_phones;
}

static void save(const char *path, const source *from, silbe_err *err)
{
    json_t *document = !silbe_failed(err) ? make_document(from) : NULL;
    /* Twelve digits: 1e7 seconds to 0.1 ms, and 0.1 stays 0.1. */
    char *text =
        document != NULL ? json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) : NULL;
    if (text != NULL) {
        size_t length = strlen(text);
        text[length] = '\n'; /* in place of the terminator */
        silbe_try(err, silbe_output_write_file(path, text, length + 1, err));
    } else if (!silbe_failed(err)) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory for %zu words", path,
                         from->words->lyrics.n_words);
    }
    free(text);
    json_decref(document);
}

silbe_status silbe_output_write_json(const char *path, const silbe_words *words, silbe_err *err)
{
    silbe_err own;
    silbe_output_tiers tiers = SILBE_OUTPUT_TIERS_INIT;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_output_tiers_new(words, TICKS_PER_SECOND, true, &tiers, err));
    if (silbe_failed(err)) {
        return silbe_fail_prefix(err, err->status, path);
    }
    size_t *first_phones = find_first_phones(words, err);
    const source from = {words, &tiers, first_phones};
    save(path, &from, err);
    free(first_phones);
    silbe_output_tiers_free(&tiers);
    return err->status;
}
