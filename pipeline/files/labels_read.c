#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "align/lyrics/builder.h"
#include "pipeline/files/labels_internal.h"
#include "pipeline/host/json_file.h"

/* The name of a field, as in "notes[12][2] (pitch)". */
typedef struct {
    char text[160];
} field_name;

static field_name name_of(const char *format, ...) SILBE_PRINTF(1, 2);

static field_name name_of(const char *format, ...)
{
    field_name name;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(name.text, sizeof name.text, format, args);
    va_end(args);
    return name;
}

static silbe_status wrong(const json_t *value, field_name name, const char *wanted, silbe_err *err)
{
    static const char *const TYPES[] = {"an object", "an array", "a text", "a whole number",
                                        "a number",  "true",     "false",  "null"};
    return silbe_fail(err, SILBE_ERR_FORMAT, "%s should be %s, got %s", name.text, wanted,
                      value == NULL ? "nothing" : TYPES[json_typeof(value)]);
}

static silbe_status get_real(const json_t *value, bool null_is_nan, field_name name, double *real,
                             silbe_err *err)
{
    if (null_is_nan && json_is_null(value)) {
        *real = NAN;
        return SILBE_OK;
    }
    if (!json_is_number(value)) {
        return wrong(value, name, null_is_nan ? "a number or null" : "a number", err);
    }
    *real = json_number_value(value);
    return SILBE_OK;
}

static silbe_status get_integer(const json_t *value, json_int_t low, json_int_t high,
                                field_name name, json_int_t *integer, silbe_err *err)
{
    if (!json_is_integer(value)) {
        return wrong(value, name, "a whole number", err);
    }
    *integer = json_integer_value(value);
    if (*integer < low || *integer > high) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s should be %lld..%lld, got %lld", name.text,
                          (long long)low, (long long)high, (long long)*integer);
    }
    return SILBE_OK;
}

static silbe_status get_text(const json_t *value, field_name name, char **text, silbe_err *err)
{
    if (!json_is_string(value)) {
        return wrong(value, name, "a text", err);
    }
    *text = silbe_copy_bytes(json_string_value(value), json_string_length(value));
    if (*text == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %s", name.text);
    }
    return SILBE_OK;
}

/* The array `key` of the file and zeroed room for its rows. */
static silbe_status get_rows(const json_t *root, const char *key, size_t item_size,
                             const json_t **rows, void *items, silbe_err *err)
{
    *rows = json_object_get(root, key);
    if (!json_is_array(*rows)) {
        return wrong(*rows, name_of("%s", key), "an array", err);
    }
    void *room = calloc(json_array_size(*rows) + 1, item_size);
    if (room == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %s", key);
    }
    memcpy(items, &room, sizeof room); /* items is the address of a pointer of any type */
    return SILBE_OK;
}

static silbe_status check_row(const json_t *row, const char *key, size_t i, size_t n_values,
                              silbe_err *err)
{
    if (!json_is_array(row)) {
        return wrong(row, name_of("%s[%zu]", key, i), "an array", err);
    }
    if (json_array_size(row) != n_values) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s[%zu] should have %zu values, got %zu", key, i,
                          n_values, json_array_size(row));
    }
    return SILBE_OK;
}

static silbe_status read_measures(const json_t *root, silbe_score *score, silbe_err *err)
{
    const json_t *rows = NULL;
    silbe_status status =
        get_rows(root, "measures", sizeof *score->measures, &rows, &score->measures, err);
    for (size_t i = 0; status == SILBE_OK && i < json_array_size(rows); i++) {
        static const char *const NAMES[] = {"number", "onset_q", "length_q", "metre_q"};
        const json_t *row = json_array_get(rows, i);
        silbe_measure *measure = &score->measures[i];
        double *reals[] = {NULL, &measure->onset_q, &measure->length_q, &measure->metre_q};
        json_int_t number = 0;
        status = check_row(row, "measures", i, 4, err);
        if (status == SILBE_OK) {
            status = get_integer(json_array_get(row, 0), 0, INT_MAX,
                                 name_of("measures[%zu][0] (number)", i), &number, err);
        }
        for (size_t k = 1; k < 4 && status == SILBE_OK; k++) {
            status = get_real(json_array_get(row, k), false,
                              name_of("measures[%zu][%zu] (%s)", i, k, NAMES[k]), reals[k], err);
        }
        measure->number = (int)number;
        score->n_measures = i + 1;
    }
    return status;
}

static silbe_status read_note(const json_t *row, size_t i, silbe_note *note, silbe_err *err)
{
    json_int_t pitch = 0;
    silbe_status status = check_row(row, "notes", i, 5, err);
    if (status == SILBE_OK) {
        status = get_real(json_array_get(row, 0), false, name_of("notes[%zu][0] (onset_q)", i),
                          &note->onset_q, err);
    }
    if (status == SILBE_OK) {
        status = get_real(json_array_get(row, 1), false, name_of("notes[%zu][1] (duration_q)", i),
                          &note->duration_q, err);
    }
    if (status == SILBE_OK) {
        status = get_integer(json_array_get(row, 2), 0, 127, name_of("notes[%zu][2] (pitch)", i),
                             &pitch, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    const char *part = json_string_value(json_array_get(row, 3));
    if (part == NULL || (strcmp(part, "voice") != 0 && strcmp(part, "piano") != 0)) {
        return silbe_fail(err, SILBE_ERR_FORMAT,
                          "notes[%zu][3] should be \"voice\" or \"piano\", got %.20s", i,
                          part == NULL ? "no text" : part);
    }
    const json_t *grace = json_array_get(row, 4);
    if (!json_is_boolean(grace)) {
        return wrong(grace, name_of("notes[%zu][4] (grace)", i), "true or false", err);
    }
    note->pitch = (short)pitch;
    note->is_voice = strcmp(part, "voice") == 0;
    note->is_grace = json_is_true(grace);
    return SILBE_OK;
}

static silbe_status read_notes(const json_t *root, silbe_score *score, silbe_err *err)
{
    const json_t *rows = NULL;
    silbe_status status = get_rows(root, "notes", sizeof *score->notes, &rows, &score->notes, err);
    for (size_t i = 0; status == SILBE_OK && i < json_array_size(rows); i++) {
        status = read_note(json_array_get(rows, i), i, &score->notes[i], err);
        score->n_notes = i + 1;
    }
    return status;
}

static silbe_status read_score_syllable(const json_t *row, size_t i, silbe_score_syllable *syllable,
                                        silbe_err *err)
{
    json_int_t first_note = 0;
    silbe_status status = check_row(row, "score_syllables", i, 5, err);
    if (status == SILBE_OK) {
        status = get_text(json_array_get(row, 0), name_of("score_syllables[%zu][0] (text)", i),
                          &syllable->text, err);
    }
    const char *syllabic = json_string_value(json_array_get(row, 1));
    int which = syllabic != NULL ? silbe_syllabic_parse(syllabic) : -1;
    if (status == SILBE_OK && which < 0) {
        status = silbe_fail(err, SILBE_ERR_FORMAT,
                            "score_syllables[%zu][1] (syllabic) should be single, begin, middle or "
                            "end, got %.20s",
                            i, syllabic == NULL ? "no text" : syllabic);
    }
    if (status == SILBE_OK) {
        status = get_integer(json_array_get(row, 2), 0, LONG_MAX,
                             name_of("score_syllables[%zu][2] (first_note)", i), &first_note, err);
    }
    if (status == SILBE_OK) {
        status = get_real(json_array_get(row, 3), false,
                          name_of("score_syllables[%zu][3] (onset_q)", i), &syllable->onset_q, err);
    }
    if (status == SILBE_OK) {
        status = get_real(json_array_get(row, 4), false,
                          name_of("score_syllables[%zu][4] (end_q)", i), &syllable->end_q, err);
    }
    syllable->syllabic = which < 0 ? SILBE_SYLLABIC_SINGLE : (silbe_syllabic)which;
    syllable->first_note = (size_t)first_note;
    return status;
}

static silbe_status read_score_syllables(const json_t *root, silbe_score *score, silbe_err *err)
{
    const json_t *rows = NULL;
    silbe_status status =
        get_rows(root, "score_syllables", sizeof *score->syllables, &rows, &score->syllables, err);
    for (size_t i = 0; status == SILBE_OK && i < json_array_size(rows); i++) {
        score->n_syllables = i + 1;
        status = read_score_syllable(json_array_get(rows, i), i, &score->syllables[i], err);
    }
    return status;
}

static silbe_status read_word(const json_t *word, field_name name, silbe_lyrics_builder *builder,
                              silbe_err *err)
{
    const json_t *text = json_object_get(word, "text");
    const json_t *syllables = json_object_get(word, "syllables");
    if (!json_is_string(text)) {
        return wrong(text, name_of("%.120s.text", name.text), "a text", err);
    }
    if (!json_is_array(syllables)) {
        return wrong(syllables, name_of("%.120s.syllables", name.text), "an array", err);
    }
    silbe_status status =
        silbe_builder_word(builder, json_string_value(text), json_string_length(text), err);
    for (size_t s = 0; status == SILBE_OK && s < json_array_size(syllables); s++) {
        const json_t *row = json_array_get(syllables, s);
        const json_t *part = json_array_get(row, 0);
        field_name here = name_of("%.100s.syllables[%zu]", name.text, s);
        double onset_q = NAN, end_q = NAN;
        if (!json_is_array(row) || json_array_size(row) != 3 || !json_is_string(part)) {
            return wrong(row, here, "[text, onset_q, end_q]", err);
        }
        status = get_real(json_array_get(row, 1), true, name_of("%.130s[1] (onset_q)", here.text),
                          &onset_q, err);
        if (status == SILBE_OK) {
            status = get_real(json_array_get(row, 2), true, name_of("%.130s[2] (end_q)", here.text),
                              &end_q, err);
        }
        if (status == SILBE_OK) {
            status = silbe_builder_syllable(builder, json_string_value(part),
                                            json_string_length(part), onset_q, end_q, err);
        }
    }
    return status;
}

static silbe_status read_line(const json_t *line, size_t i, silbe_lyrics_builder *builder,
                              silbe_err *err)
{
    const json_t *text = json_object_get(line, "text");
    const json_t *words = json_object_get(line, "words");
    json_int_t stanza = 0;
    if (!json_is_string(text)) {
        return wrong(text, name_of("lines[%zu].text", i), "a text", err);
    }
    if (!json_is_array(words)) {
        return wrong(words, name_of("lines[%zu].words", i), "an array", err);
    }
    silbe_status status = get_integer(json_object_get(line, "stanza"), 0, INT_MAX,
                                      name_of("lines[%zu].stanza", i), &stanza, err);
    if (status == SILBE_OK) {
        status = silbe_builder_line(builder, json_string_value(text), json_string_length(text),
                                    (size_t)stanza, err);
    }
    for (size_t w = 0; status == SILBE_OK && w < json_array_size(words); w++) {
        status = read_word(json_array_get(words, w), name_of("lines[%zu].words[%zu]", i, w),
                           builder, err);
    }
    return status;
}

static silbe_status read_lines(const json_t *root, silbe_lyrics *lyrics, silbe_err *err)
{
    const json_t *lines = json_object_get(root, "lines");
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    silbe_status status = SILBE_OK;
    if (!json_is_array(lines)) {
        return wrong(lines, name_of("lines"), "an array", err);
    }
    for (size_t i = 0; status == SILBE_OK && i < json_array_size(lines); i++) {
        status = read_line(json_array_get(lines, i), i, &builder, err);
    }
    *lyrics = builder.lyrics;
    return status;
}

/* A whole number that may be null, then `missing`. */
static silbe_status get_optional(const json_t *value, json_int_t missing, field_name name,
                                 json_int_t *integer, silbe_err *err)
{
    *integer = missing;
    return json_is_null(value) ? SILBE_OK : get_integer(value, 0, INT_MAX, name, integer, err);
}

static silbe_status read_difference(const json_t *row, size_t i, silbe_difference *item,
                                    silbe_err *err)
{
    const char *kind = json_string_value(json_object_get(row, "kind"));
    json_int_t text_line = 0, measure = -1;
    int which = 0;
    while (which < SILBE_N_DIFFERENCE_KINDS &&
           (kind == NULL ||
            strcmp(kind, silbe_difference_kind_str((silbe_difference_kind)which)) != 0)) {
        which++;
    }
    if (which == SILBE_N_DIFFERENCE_KINDS) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "differences[%zu].kind is unknown: %.20s", i,
                          kind == NULL ? "no text" : kind);
    }
    item->kind = (silbe_difference_kind)which;
    silbe_status status = get_text(json_object_get(row, "in_text"),
                                   name_of("differences[%zu].in_text", i), &item->in_text, err);
    if (status == SILBE_OK) {
        status = get_text(json_object_get(row, "in_score"), name_of("differences[%zu].in_score", i),
                          &item->in_score, err);
    }
    if (status == SILBE_OK) {
        status = get_optional(json_object_get(row, "text_line"), 0,
                              name_of("differences[%zu].text_line", i), &text_line, err);
    }
    if (status == SILBE_OK) {
        status = get_optional(json_object_get(row, "measure"), -1,
                              name_of("differences[%zu].measure", i), &measure, err);
    }
    if (status == SILBE_OK) {
        status = get_real(json_object_get(row, "onset_q"), true,
                          name_of("differences[%zu].onset_q", i), &item->onset_q, err);
    }
    item->text_line = (size_t)text_line;
    item->measure = (int)measure;
    return status;
}

static silbe_status read_differences(const json_t *root, silbe_differences *differences,
                                     silbe_err *err)
{
    const json_t *rows = NULL;
    silbe_status status =
        get_rows(root, "differences", sizeof *differences->items, &rows, &differences->items, err);
    for (size_t i = 0; status == SILBE_OK && i < json_array_size(rows); i++) {
        differences->n_items = i + 1;
        status = read_difference(json_array_get(rows, i), i, &differences->items[i], err);
    }
    return status;
}

static silbe_status read_head(const json_t *root, silbe_labels *labels, silbe_err *err)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *title = json_object_get(root, "title");
    json_int_t version = 0;
    if (format == NULL || strcmp(format, SILBE_LABELS_FORMAT) != 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "format should be \"%s\", got %.40s",
                          SILBE_LABELS_FORMAT, format == NULL ? "nothing" : format);
    }
    silbe_status status = get_integer(json_object_get(root, "version"), SILBE_LABELS_VERSION,
                                      SILBE_LABELS_VERSION, name_of("version"), &version, err);
    if (status == SILBE_OK) {
        status = get_text(json_object_get(root, "work"), name_of("work"), &labels->work, err);
    }
    if (status == SILBE_OK && !json_is_null(title)) {
        status = get_text(title, name_of("title"), &labels->score.title, err);
    }
    if (status == SILBE_OK) {
        status = get_real(json_object_get(root, "end_q"), false, name_of("end_q"),
                          &labels->score.end_q, err);
    }
    return status;
}

static silbe_status read_root(const json_t *root, silbe_labels *labels, silbe_err *err)
{
    silbe_status status = read_head(root, labels, err);
    if (status == SILBE_OK) {
        status = read_measures(root, &labels->score, err);
    }
    if (status == SILBE_OK) {
        status = read_notes(root, &labels->score, err);
    }
    if (status == SILBE_OK) {
        status = read_score_syllables(root, &labels->score, err);
    }
    if (status == SILBE_OK) {
        status = read_lines(root, &labels->lyrics, err);
    }
    if (status == SILBE_OK) {
        status = read_differences(root, &labels->differences, err);
    }
    return status == SILBE_OK ? silbe_labels_check(labels, SILBE_ERR_FORMAT, err) : status;
}

silbe_status silbe_labels_read(const char *path, silbe_labels *labels, silbe_err *err)
{
    silbe_labels found = SILBE_LABELS_INIT;
    json_t *root = NULL;
    silbe_status status = silbe_json_read(path, &root, err);
    if (status != SILBE_OK) {
        return status;
    }
    status = read_root(root, &found, err);
    json_decref(root);
    if (status != SILBE_OK) {
        silbe_labels_free(&found);
        return silbe_fail_prefix(err, status, path);
    }
    *labels = found;
    return SILBE_OK;
}
