#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/json_reader.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

silbe_status silbe_reader_fail(const silbe_json_reader *r, const char *problem)
{
    char place[96] = "";
    if (r->syllable > 0) {
        (void)snprintf(place, sizeof place, "line %zu, word %zu, syllable %zu: ", r->line, r->word,
                       r->syllable);
    } else if (r->word > 0) {
        (void)snprintf(place, sizeof place, "line %zu, word %zu: ", r->line, r->word);
    } else if (r->line > 0) {
        (void)snprintf(place, sizeof place, "line %zu: ", r->line);
    }
    return silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: %s%s; run the alignment again", r->path, place,
                      problem);
}

silbe_status silbe_reader_take(const silbe_json_reader *r, json_t *object,
                               const silbe_json_field *wanted, size_t n)
{
    silbe_err problem = SILBE_ERR_INIT;
    return silbe_json_take(object, "", wanted, n, true, &problem) == SILBE_OK
               ? SILBE_OK
               : silbe_reader_fail(r, problem.message);
}

silbe_status silbe_reader_fail_memory(const silbe_json_reader *r)
{
    return silbe_fail(r->err, SILBE_ERR_MEMORY, "%s: out of memory", r->path);
}

char *silbe_reader_copy(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static silbe_status read_syllable(silbe_json_reader *r, json_t *object, size_t word_index)
{
    const char *text;
    silbe_syllable *syllable = &r->document->lyrics.syllables[r->next_syllable];
    silbe_span *span = &r->document->times.syllables[r->next_syllable];
    const silbe_json_field wanted[] = {
        {"text", 's', &text},
        {"start_s", 'F', &span->start_s},
        {"end_s", 'F', &span->end_s},
        {"confidence", 'F', &span->confidence},
        {"onset_q", 'N', &syllable->onset_q},
        {"end_q", 'N', &syllable->end_q},
    };
    silbe_status status = SILBE_READER_TAKE(r, object, wanted);
    if (status != SILBE_OK) {
        return status;
    }
    syllable->word = word_index;
    syllable->text = silbe_reader_copy(text);
    r->next_syllable++;
    return syllable->text != NULL ? SILBE_OK : silbe_reader_fail_memory(r);
}

/* The writer makes children fill their parent exactly; doubles printed alike compare alike. */
static silbe_status check_filled(const silbe_json_reader *r, double start_s, double end_s,
                                 const silbe_span *children, size_t n)
{
    if (children[0].start_s != start_s || children[n - 1].end_s != end_s) {
        return silbe_reader_fail(r, "its parts do not begin and end with it");
    }
    for (size_t i = 1; i < n; i++) {
        if (children[i].start_s < children[i - 1].end_s) {
            return silbe_reader_fail(r, "its parts overlap");
        }
    }
    return SILBE_OK;
}

static silbe_status read_phone(silbe_json_reader *r, json_t *object, size_t word_index)
{
    const char *text;
    silbe_output_phone *phone = &r->document->phones[r->next_phone];
    const silbe_json_field wanted[] = {
        {"phone", 's', &text},
        {"start_s", 'F', &phone->span.start_s},
        {"end_s", 'F', &phone->span.end_s},
        {"confidence", 'F', &phone->span.confidence},
    };
    silbe_status status = SILBE_READER_TAKE(r, object, wanted);
    if (status == SILBE_OK && strlen(text) >= sizeof phone->symbol) {
        status = silbe_reader_fail(r, "a phone's symbol is too long");
    }
    if (status == SILBE_OK) {
        (void)snprintf(phone->symbol, sizeof phone->symbol, "%s", text);
        phone->word = word_index;
        r->next_phone++;
    }
    return status;
}

static silbe_status read_word(silbe_json_reader *r, json_t *object, size_t line_index)
{
    const char *text;
    const json_t *syllables, *phones = NULL;
    silbe_output_document *document = r->document;
    size_t w = r->next_word;
    silbe_word *word = &r->document->lyrics.words[w];
    silbe_span *span = &r->document->times.words[w];
    silbe_json_field wanted[7] = {
        {"text", 's', &text},           {"start_s", 'F', &span->start_s},
        {"end_s", 'F', &span->end_s},   {"confidence", 'F', &span->confidence},
        {"syllables", 'a', &syllables},
    };
    size_t n_wanted = 5;
    /* All words have these, or none has. */
    if (document->sounding_start_s != NULL) {
        wanted[n_wanted++] =
            (silbe_json_field){"sounding_start_s", 'F', &document->sounding_start_s[w]};
    }
    if (document->phones != NULL) {
        wanted[n_wanted++] = (silbe_json_field){"phones", 'a', &phones};
    }
    silbe_status status = silbe_reader_take(r, object, wanted, n_wanted);
    if (status != SILBE_OK) {
        return status;
    }
    word->line = line_index;
    word->first_syllable = r->next_syllable;
    word->n_syllables = json_array_size(syllables);
    word->text = silbe_reader_copy(text);
    r->next_word++;
    if (word->text == NULL) {
        return silbe_reader_fail_memory(r);
    }
    for (size_t s = 0; s < word->n_syllables; s++) {
        r->syllable = s + 1;
        status = read_syllable(r, json_array_get(syllables, s), w);
        if (status != SILBE_OK) {
            return status;
        }
    }
    r->syllable = 0;
    for (size_t i = 0; i < json_array_size(phones); i++) {
        status = read_phone(r, json_array_get(phones, i), w);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return check_filled(r, span->start_s, span->end_s,
                        r->document->times.syllables + word->first_syllable, word->n_syllables);
}

silbe_status silbe_reader_line(silbe_json_reader *r, json_t *object, size_t l)
{
    const char *text;
    const json_t *words;
    json_int_t number;
    json_int_t stanza;
    double start_s;
    double end_s;
    silbe_line *line = &r->document->lyrics.lines[l];
    const silbe_json_field wanted[] = {
        {"line", 'I', &number},     {"stanza", 'I', &stanza}, {"text", 's', &text},
        {"start_s", 'F', &start_s}, {"end_s", 'F', &end_s},   {"words", 'a', &words},
    };
    silbe_status status = SILBE_READER_TAKE(r, object, wanted);
    if (status != SILBE_OK) {
        return status;
    }
    /* Lines of which no word was found are left out, hence gaps. */
    if (number < 1 || (l > 0 && (size_t)number <= r->document->line_numbers[l - 1]) || stanza < 1) {
        return silbe_reader_fail(
            r, "lines must have rising numbers from 1 on, stanzas numbers from 1 on");
    }
    r->document->line_numbers[l] = (size_t)number;
    line->stanza = (size_t)(stanza - 1);
    line->first_word = r->next_word;
    line->n_words = json_array_size(words);
    line->text = silbe_reader_copy(text);
    if (line->text == NULL) {
        return silbe_reader_fail_memory(r);
    }
    for (size_t i = 0; i < line->n_words; i++) {
        r->word = i + 1;
        status = read_word(r, json_array_get(words, i), l);
        if (status != SILBE_OK) {
            return status;
        }
    }
    r->word = 0;
    return check_filled(r, start_s, end_s, r->document->times.words + line->first_word,
                        line->n_words);
}
