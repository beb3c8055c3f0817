#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/output/json_names.h"
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

static json_t *confidence_of(double confidence)
{
    return json_real(round(confidence * 1e6) / 1e6);
}

static json_t *position_of(double position_q)
{
    return isfinite(position_q) ? json_real(round(position_q * 1e6) / 1e6) : json_null();
}

/* Array to which make(i) was appended for i in [first, first + n); NULL if memory is short. */
typedef struct {
    const silbe_output_item *item;
    const silbe_output_tiers *tiers;
    const size_t *first_phones; /* of each word and, at n_words, of none; NULL: phones not known */
} source;

typedef json_t *(*maker)(const source *from, size_t index);

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

static json_t *make_syllable(const source *from, size_t s)
{
    const silbe_syllable *syllable = &from->item->lyrics->syllables[s];
    const silbe_tick_span *span = &from->tiers->syllables[s];
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "text", text_of(syllable->text), "start_s",
                     seconds_of(span->start), "end_s", seconds_of(span->end), "confidence",
                     confidence_of(from->item->times->syllables[s].confidence), "onset_q",
                     position_of(syllable->onset_q), "end_q", position_of(syllable->end_q));
}

static json_t *make_phone(const source *from, size_t i)
{
    const silbe_output_phone *phone = &from->item->phones[i];
    const silbe_tick_span *span = &from->tiers->phones[i];
    return json_pack("{s:o, s:o, s:o, s:o}", "phone", text_of(phone->symbol), "start_s",
                     seconds_of(span->start), "end_s", seconds_of(span->end), "confidence",
                     confidence_of(phone->span.confidence));
}

static json_t *make_word(const source *from, size_t w)
{
    const silbe_word *word = &from->item->lyrics->words[w];
    const silbe_tick_span *span = &from->tiers->words[w];
    json_t *object =
        json_pack("{s:o, s:o, s:o, s:o, s:o}", "text", text_of(word->text), "start_s",
                  seconds_of(span->start), "end_s", seconds_of(span->end), "confidence",
                  confidence_of(from->item->times->words[w].confidence), "syllables",
                  array_of(from, word->first_syllable, word->n_syllables, make_syllable));
    int failed = 0;
    if (from->tiers->sounding_starts != NULL) {
        failed |= json_object_set_new(object, "sounding_start_s",
                                      seconds_of(from->tiers->sounding_starts[w]));
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
    const silbe_line *line = &from->item->lyrics->lines[l];
    const silbe_tick_span *span = &from->tiers->lines[l];
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "line",
                     (json_int_t)silbe_output_line_number(from->item, l), "stanza",
                     (json_int_t)(line->stanza + 1), "text", text_of(line->text), "start_s",
                     seconds_of(span->start), "end_s", seconds_of(span->end), "words",
                     array_of(from, line->first_word, line->n_words, make_word));
}

static json_t *time_of(double time_s)
{
    return isfinite(time_s) ? seconds_of((int64_t)llround(time_s * TICKS_PER_SECOND)) : json_null();
}

static json_t *make_unmatched(const source *from, size_t i)
{
    const silbe_output_unmatched *word = &from->item->unmatched[i];
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "line", (json_int_t)word->line, "word",
                     (json_int_t)word->word, "text", text_of(word->text), "start_s",
                     time_of(word->start_s), "end_s", time_of(word->end_s), "confidence",
                     confidence_of(word->confidence));
}

static json_t *make_document(const source *from)
{
    const silbe_output_item *item = from->item;
    json_t *document = json_pack(
        "{s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "format", SILBE_JSON_FORMAT,
        "format_version", SILBE_JSON_FORMAT_VERSION, "program_version",
        text_of(item->program_version), "settings_digest", text_of(item->settings_digest), "mode",
        text_of(item->mode), "work", text_of(item->work), "version", text_of(item->version),
        "title", item->title != NULL ? text_of(item->title) : json_null(), "audio_file",
        text_of(silbe_output_base_name(item->audio_file)), "duration_s",
        seconds_of(from->tiers->duration), "lines",
        array_of(from, 0, item->lyrics->n_lines, make_line));
    if (document != NULL && item->unmatched != NULL &&
        json_object_set_new(document, "unmatched",
                            array_of(from, 0, item->n_unmatched, make_unmatched)) != 0) {
        json_decref(document);
        document = NULL;
    }
    return document;
}

/* Where each word's phones begin; *first_phones stays NULL if they are not known. */
static silbe_status find_first_phones(const silbe_output_item *item, size_t **first_phones,
                                      silbe_err *err)
{
    size_t n_words = item->lyrics->n_words, i = 0;
    if (item->phones == NULL) {
        return SILBE_OK;
    }
    *first_phones = calloc(n_words + 1, sizeof **first_phones);
    if (*first_phones == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", item->work);
    }
    for (size_t w = 0; w <= n_words; w++) {
        while (i < item->n_phones && item->phones[i].word < w) {
            i++;
        }
        (*first_phones)[w] = i;
    }
    return SILBE_OK;
}

silbe_status silbe_output_write_json(const char *path, const silbe_output_item *item,
                                     silbe_err *err)
{
    silbe_output_tiers tiers;
    silbe_status status = silbe_output_tiers_new(item, TICKS_PER_SECOND, true, &tiers, err);
    if (status != SILBE_OK) {
        return silbe_fail_prefix(err, status, path);
    }
    size_t *first_phones = NULL;
    status = find_first_phones(item, &first_phones, err);
    const source from = {item, &tiers, first_phones};
    json_t *document = status == SILBE_OK ? make_document(&from) : NULL;
    /* Twelve digits: 1e7 seconds to 0.1 ms, and 0.1 stays 0.1. */
    char *text =
        document != NULL ? json_dumps(document, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) : NULL;
    size_t length = text != NULL ? strlen(text) : 0;
    if (text == NULL) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory for %zu words", path,
                            item->lyrics->n_words);
    } else {
        text[length] = '\n'; /* in place of the terminator */
        status = silbe_output_save(path, text, length + 1, err);
    }
    free(text);
    free(first_phones);
    json_decref(document);
    silbe_output_tiers_free(&tiers);
    return status;
}
