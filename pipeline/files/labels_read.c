#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "align/lyrics/builder.h"
#include "features/base/memory.h"
#include "pipeline/files/labels_internal.h"
#include "pipeline/host/json_file.h"

/* "notes[12]" */
typedef struct {
    char text[64];
} place;

static place place_of(const char *key, size_t i)
{
    place at;
    (void)snprintf(at.text, sizeof at.text, "%s[%zu]", key, i);
    return at;
}

/* A language, or none. */
static void take_language(const char *from, const char *at, char to[SILBE_LANGUAGE_SIZE],
                          silbe_err *err)
{
    if (!silbe_failed(err) && from != NULL &&
        (from[0] == '\0' || strlen(from) >= SILBE_LANGUAGE_SIZE)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s\"language\" should be null or 1 to %d bytes, got \"%.40s\"", at,
                         SILBE_LANGUAGE_SIZE - 1, from);
    }
    (void)snprintf(to, SILBE_LANGUAGE_SIZE, "%s", from != NULL ? from : "");
}

/* The array `key` of root, and zeroed room for its rows. */
static void *take_rows(const json_t *root, const char *key, size_t item_size, const json_t **rows,
                       silbe_err *err)
{
    const silbe_json_field wanted[] = {{key, 'a', rows}};
    *rows = NULL;
    silbe_try(err, silbe_json_take(root, "", wanted, 1, false, err));
    return silbe_alloc(json_array_size(*rows), item_size, key, err);
}

static void read_measures(const json_t *root, silbe_score *score, silbe_err *err)
{
    const json_t *rows = NULL;
    score->measures = take_rows(root, "measures", sizeof *score->measures, &rows, err);
    for (size_t i = 0; i < json_array_size(rows) && !silbe_failed(err); i++) {
        silbe_measure *measure = &score->measures[i];
        json_int_t number = 0;
        const silbe_json_field columns[] = {{"number", 'I', &number, 0, INT_MAX},
                                            {"onset_q", 'F', &measure->onset_q},
                                            {"length_q", 'F', &measure->length_q},
                                            {"metre_q", 'F', &measure->metre_q}};
        silbe_try(err, silbe_json_take_row(json_array_get(rows, i), place_of("measures", i).text,
                                           columns, 4, err));
        measure->number = (int)number;
        score->n_measures = i + 1;
    }
}

static void read_note(const json_t *row, size_t i, silbe_note *note, silbe_err *err)
{
    json_int_t pitch = 0;
    const char *part = "";
    const silbe_json_field columns[] = {{"onset_q", 'F', &note->onset_q},
                                        {"duration_q", 'F', &note->duration_q},
                                        {"pitch", 'I', &pitch, 0, 127},
                                        {"part", 's', &part},
                                        {"grace", 'b', &note->is_grace}};
    silbe_try(err, silbe_json_take_row(row, place_of("notes", i).text, columns, 5, err));
    if (!silbe_failed(err) && strcmp(part, "voice") != 0 && strcmp(part, "piano") != 0) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "notes[%zu][3] (part) should be \"voice\" or \"piano\", got %.20s", i,
                         part);
    }
    note->pitch = (short)pitch;
    note->is_voice = !silbe_failed(err) && strcmp(part, "voice") == 0;
}

static void read_notes(const json_t *root, silbe_score *score, silbe_err *err)
{
    const json_t *rows = NULL;
    score->notes = take_rows(root, "notes", sizeof *score->notes, &rows, err);
    for (size_t i = 0; i < json_array_size(rows) && !silbe_failed(err); i++) {
        read_note(json_array_get(rows, i), i, &score->notes[i], err);
        score->n_notes = i + 1;
    }
}

static void read_score_syllable(const json_t *row, size_t i, silbe_score_syllable *syllable,
                                silbe_err *err)
{
    json_int_t first_note = 0;
    const char *text = NULL, *syllabic = "";
    const silbe_json_field columns[] = {{"text", 's', &text},
                                        {"syllabic", 's', &syllabic},
                                        {"first_note", 'I', &first_note, 0, INT_MAX},
                                        {"onset_q", 'F', &syllable->onset_q},
                                        {"end_q", 'F', &syllable->end_q}};
    silbe_try(err, silbe_json_take_row(row, place_of("score_syllables", i).text, columns, 5, err));
    int which = silbe_failed(err) ? 0 : silbe_syllabic_parse(syllabic);
    if (which < 0) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "score_syllables[%zu][1] (syllabic) should be single, begin, middle or "
                         "end, got %.20s",
                         i, syllabic);
    }
    syllable->text = silbe_copy_text(text, err);
    syllable->syllabic = which < 0 ? SILBE_SYLLABIC_SINGLE : (silbe_syllabic)which;
    syllable->first_note = (size_t)first_note;
}

static void read_score_syllables(const json_t *root, silbe_score *score, silbe_err *err)
{
    const json_t *rows = NULL;
    score->syllables = take_rows(root, "score_syllables", sizeof *score->syllables, &rows, err);
    for (size_t i = 0; i < json_array_size(rows) && !silbe_failed(err); i++) {
        read_score_syllable(json_array_get(rows, i), i, &score->syllables[i], err);
        score->n_syllables = i + 1;
    }
}

/* at: the word's place, "lines[3].words[1]". */
static void read_word(const json_t *word, const char *at, silbe_lyrics_builder *builder,
                      silbe_err *err)
{
    char here[128];
    const char *text = NULL;
    const json_t *syllables = NULL;
    const silbe_json_field wanted[] = {{"text", 's', &text}, {"syllables", 'a', &syllables}};
    (void)snprintf(here, sizeof here, "%s: ", at);
    silbe_try(err, silbe_json_take(word, here, wanted, 2, false, err));
    silbe_try(err, silbe_builder_word(builder, text, strlen(text), err));
    for (size_t s = 0; s < json_array_size(syllables) && !silbe_failed(err); s++) {
        double onset_q = NAN, end_q = NAN;
        const silbe_json_field columns[] = {
            {"text", 's', &text}, {"onset_q", 'N', &onset_q}, {"end_q", 'N', &end_q}};
        (void)snprintf(here, sizeof here, "%s.syllables[%zu]", at, s);
        silbe_try(err, silbe_json_take_row(json_array_get(syllables, s), here, columns, 3, err));
        silbe_try(err, silbe_builder_syllable(builder, text, strlen(text), onset_q, end_q, err));
    }
}

static void read_line(const json_t *line, size_t i, silbe_lyrics_builder *builder, silbe_err *err)
{
    char here[80];
    char language[SILBE_LANGUAGE_SIZE] = "";
    const char *text = NULL, *said = NULL;
    const json_t *words = NULL;
    json_int_t stanza = 0;
    bool is_tagged = false;
    const silbe_json_field wanted[] = {{"text", 's', &text},
                                       {"words", 'a', &words},
                                       {"stanza", 'I', &stanza, 0, INT_MAX},
                                       {"language", 'S', &said},
                                       {"tagged", 'b', &is_tagged}};
    (void)snprintf(here, sizeof here, "lines[%zu]: ", i);
    silbe_try(err, silbe_json_take(line, here, wanted, 5, false, err));
    take_language(said, here, language, err);
    silbe_try(err, silbe_builder_line(builder, text, strlen(text), (size_t)stanza, err));
    silbe_builder_language(builder, language, is_tagged);
    for (size_t w = 0; w < json_array_size(words) && !silbe_failed(err); w++) {
        (void)snprintf(here, sizeof here, "lines[%zu].words[%zu]", i, w);
        read_word(json_array_get(words, w), here, builder, err);
    }
}

static void read_lines(const json_t *root, silbe_lyrics *lyrics, silbe_err *err)
{
    const json_t *lines = NULL;
    const char *language = NULL;
    const silbe_json_field wanted[] = {{"lines", 'a', &lines}, {"language", 'S', &language}};
    silbe_lyrics_builder builder = SILBE_LYRICS_BUILDER_INIT;
    silbe_try(err, silbe_json_take(root, "", wanted, 2, false, err));
    take_language(language, "", builder.lyrics.language, err);
    for (size_t i = 0; i < json_array_size(lines) && !silbe_failed(err); i++) {
        read_line(json_array_get(lines, i), i, &builder, err);
    }
    *lyrics = builder.lyrics;
}

static void read_difference(const json_t *row, size_t i, silbe_difference *item, silbe_err *err)
{
    char here[64];
    const char *kind = "", *in_text = NULL, *in_score = NULL;
    json_int_t text_line = 0, measure = -1;
    int which = 0;
    const silbe_json_field wanted[] = {{"kind", 's', &kind},
                                       {"in_text", 's', &in_text},
                                       {"in_score", 's', &in_score},
                                       {"text_line", 'J', &text_line, 0, INT_MAX},
                                       {"measure", 'J', &measure, 0, INT_MAX},
                                       {"onset_q", 'N', &item->onset_q}};
    (void)snprintf(here, sizeof here, "differences[%zu]: ", i);
    silbe_try(err, silbe_json_take(row, here, wanted, 6, false, err));
    while (!silbe_failed(err) && which < SILBE_N_DIFFERENCE_KINDS &&
           strcmp(kind, silbe_difference_kind_str((silbe_difference_kind)which)) != 0) {
        which++;
    }
    if (which == SILBE_N_DIFFERENCE_KINDS) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "differences[%zu]: \"kind\" is unknown: %.20s", i,
                         kind);
    }
    item->kind = (silbe_difference_kind)(which % SILBE_N_DIFFERENCE_KINDS);
    item->in_text = silbe_copy_text(in_text, err);
    item->in_score = silbe_copy_text(in_score, err);
    item->text_line = (size_t)text_line;
    item->measure = (int)measure;
}

static void read_differences(const json_t *root, silbe_differences *differences, silbe_err *err)
{
    const json_t *rows = NULL;
    differences->items = take_rows(root, "differences", sizeof *differences->items, &rows, err);
    for (size_t i = 0; i < json_array_size(rows) && !silbe_failed(err); i++) {
        read_difference(json_array_get(rows, i), i, &differences->items[i], err);
        differences->n_items = i + 1;
    }
}

static void read_head(const json_t *root, silbe_labels *labels, silbe_err *err)
{
    const char *work = NULL, *title = NULL;
    const silbe_json_field wanted[] = {
        {"work", 's', &work}, {"title", 'S', &title}, {"end_q", 'F', &labels->score.end_q}};
    silbe_try(err, silbe_json_check_format(root, SILBE_LABELS_FORMAT, SILBE_LABELS_VERSION, err));
    silbe_try(err, silbe_json_take(root, "", wanted, 3, false, err));
    labels->work = silbe_copy_text(work, err);
    labels->score.title = silbe_copy_text(title, err);
}

static void parse(const json_t *root, void *target, silbe_err *err)
{
    silbe_labels *labels = target;
    read_head(root, labels, err);
    read_measures(root, &labels->score, err);
    read_notes(root, &labels->score, err);
    read_score_syllables(root, &labels->score, err);
    read_lines(root, &labels->lyrics, err);
    read_differences(root, &labels->differences, err);
    silbe_try(err, silbe_labels_check(labels, SILBE_ERR_FORMAT, err));
}

silbe_status silbe_labels_read(const char *path, silbe_labels *labels, silbe_err *err)
{
    silbe_labels found = SILBE_LABELS_INIT;
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_json_parse(path, parse, &found, err));
    if (silbe_failed(err)) {
        silbe_labels_free(&found);
    } else {
        *labels = found;
    }
    return err->status;
}
