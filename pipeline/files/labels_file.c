#include "pipeline/files/labels_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "features/base/atomic_file.h"
#include "pipeline/files/labels_internal.h"

void silbe_labels_free(silbe_labels *labels)
{
    if (labels != NULL) {
        free(labels->work);
        silbe_score_free(&labels->score);
        silbe_lyrics_free(&labels->lyrics);
        silbe_differences_free(&labels->differences);
        *labels = (silbe_labels)SILBE_LABELS_INIT;
    }
}

/* The builders below return NULL if memory is short or a text is not UTF-8. */

static json_t *real_or_null(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *language_or_null(const char *language)
{
    return text_or_null(language[0] != '\0' ? language : NULL);
}

static json_t *measure_row(const silbe_labels *labels, size_t i)
{
    const silbe_measure *measure = &labels->score.measures[i];
    return json_pack("[i,f,f,f]", measure->number, measure->onset_q, measure->length_q,
                     measure->metre_q);
}

static json_t *note_row(const silbe_labels *labels, size_t i)
{
    const silbe_note *note = &labels->score.notes[i];
    return json_pack("[f,f,i,s,b]", note->onset_q, note->duration_q, (int)note->pitch,
                     note->is_voice ? "voice" : "piano", (int)note->is_grace);
}

static json_t *score_syllable_row(const silbe_labels *labels, size_t i)
{
    const silbe_score_syllable *syllable = &labels->score.syllables[i];
    return json_pack("[s,s,I,f,f]", syllable->text, silbe_syllabic_str(syllable->syllabic),
                     (json_int_t)syllable->first_note, syllable->onset_q, syllable->end_q);
}

static json_t *word_object(const silbe_lyrics *lyrics, const silbe_word *word)
{
    json_t *syllables = json_array();
    for (size_t s = 0; s < word->n_syllables; s++) {
        const silbe_syllable *syllable = &lyrics->syllables[word->first_syllable + s];
        json_t *row = json_pack("[s,o,o]", syllable->text, real_or_null(syllable->onset_q),
                                real_or_null(syllable->end_q));
        if (row == NULL || json_array_append_new(syllables, row) != 0) {
            json_decref(syllables);
            return NULL;
        }
    }
    return json_pack("{s:s,s:o}", "text", word->text, "syllables", syllables);
}

static json_t *line_object(const silbe_labels *labels, size_t i)
{
    const silbe_line *line = &labels->lyrics.lines[i];
    json_t *words = json_array();
    for (size_t w = 0; w < line->n_words; w++) {
        json_t *word = word_object(&labels->lyrics, &labels->lyrics.words[line->first_word + w]);
        if (word == NULL || json_array_append_new(words, word) != 0) {
            json_decref(words);
            return NULL;
        }
    }
    return json_pack("{s:s,s:I,s:o,s:b,s:o}", "text", line->text, "stanza",
                     (json_int_t)line->stanza, "language", language_or_null(line->language),
                     "tagged", (int)line->is_tagged, "words", words);
}

static json_t *difference_object(const silbe_labels *labels, size_t i)
{
    const silbe_difference *item = &labels->differences.items[i];
    return json_pack(
        "{s:s,s:o,s:o,s:o,s:s,s:s}", "kind", silbe_difference_kind_str(item->kind), "text_line",
        item->text_line == 0 ? json_null() : json_integer((json_int_t)item->text_line), "measure",
        item->measure < 0 ? json_null() : json_integer(item->measure), "onset_q",
        real_or_null(item->onset_q), "in_text", item->in_text, "in_score", item->in_score);
}

/* Writes one value on the rest of the line; takes it over. */
static bool put_value(FILE *stream, json_t *value)
{
    size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(17);
    char *text = value != NULL ? json_dumps(value, flags) : NULL;
    bool is_good = text != NULL && fputs(text, stream) >= 0;
    free(text);
    json_decref(value);
    return is_good;
}

static bool put_field(FILE *stream, const char *key, json_t *value)
{
    return fprintf(stream, " \"%s\": ", key) > 0 && put_value(stream, value) &&
           fputs(",\n", stream) >= 0;
}

/* An array with one row to a line. */
static bool put_rows(FILE *stream, const char *key, const silbe_labels *labels, size_t n_rows,
                     json_t *(*row)(const silbe_labels *, size_t), const char *after)
{
    bool is_good = fprintf(stream, " \"%s\": [", key) > 0;
    for (size_t i = 0; i < n_rows && is_good; i++) {
        is_good =
            fputs(i == 0 ? "\n  " : ",\n  ", stream) >= 0 && put_value(stream, row(labels, i));
    }
    return is_good && fprintf(stream, "%s]%s\n", n_rows > 0 ? "\n " : "", after) > 0;
}

static bool put_labels(FILE *stream, const silbe_labels *labels)
{
    const silbe_score *score = &labels->score;
    return fputs("{\n", stream) >= 0 &&
           put_field(stream, "format", json_string(SILBE_LABELS_FORMAT)) &&
           put_field(stream, "version", json_integer(SILBE_LABELS_VERSION)) &&
           put_field(stream, "work", json_string(labels->work)) &&
           put_field(stream, "title", text_or_null(score->title)) &&
           put_field(stream, "end_q", json_real(score->end_q)) &&
           put_field(stream, "language", language_or_null(labels->lyrics.language)) &&
           put_rows(stream, "measures", labels, score->n_measures, measure_row, ",") &&
           put_rows(stream, "notes", labels, score->n_notes, note_row, ",") &&
           put_rows(stream, "score_syllables", labels, score->n_syllables, score_syllable_row,
                    ",") &&
           put_rows(stream, "lines", labels, labels->lyrics.n_lines, line_object, ",") &&
           put_rows(stream, "differences", labels, labels->differences.n_items, difference_object,
                    "") &&
           fputs("}\n", stream) >= 0;
}

silbe_status silbe_labels_write(const char *path, const silbe_labels *labels, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_status status = silbe_labels_check(labels, SILBE_ERR_ARGUMENT, err);
    if (status != SILBE_OK) {
        return silbe_fail_prefix(err, status, path);
    }
    status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    errno = 0;
    if (put_labels(file.stream, labels)) {
        status = silbe_atomic_commit(&file, err);
    } else if (ferror(file.stream)) {
        status = silbe_fail(err, SILBE_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
    } else {
        status = silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: a text is not UTF-8, or memory is short",
                            path);
    }
    silbe_atomic_abort(&file);
    return status;
}
