#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/output/json_names.h"
#include "pipeline/output/json_reader.h"
#include "pipeline/output/output.h"

void silbe_output_document_free(silbe_output_document *document)
{
    silbe_lyrics_free(&document->lyrics);
    silbe_word_times_free(&document->times);
    free(document->work);
    free(document->version);
    free(document->title);
    free(document->mode);
    free(document->audio_file);
    free(document->program_version);
    free(document->settings_digest);
    free(document->line_numbers);
    for (size_t i = 0; i < document->n_unmatched; i++) {
        free(document->unmatched_texts[i]);
    }
    free(document->unmatched_texts);
    free(document->unmatched);
    free(document->sounding_start_s);
    free(document->phones);
    *document = (silbe_output_document)SILBE_OUTPUT_DOCUMENT_INIT;
}

/* Counts words and syllables of the tree and allocates for them; also refuses empty parents, so
 * that the rest need not. */
static silbe_status allocate(silbe_json_reader *r, const json_t *lines)
{
    size_t n_words = 0, n_syllables = 0, n_phones = 0;
    size_t l;
    const json_t *line;
    const json_t *first = json_array_get(json_object_get(json_array_get(lines, 0), "words"), 0);
    bool has_sounding_start = json_object_get(first, "sounding_start_s") != NULL;
    bool has_phones = json_object_get(first, "phones") != NULL;
    json_array_foreach(lines, l, line)
    {
        const json_t *words = json_object_get(line, "words");
        size_t w;
        const json_t *word;
        r->line = l + 1;
        if (json_array_size(words) == 0) {
            return silbe_reader_fail(r, "\"words\" must be an array that is not empty");
        }
        json_array_foreach(words, w, word)
        {
            const json_t *syllables = json_object_get(word, "syllables");
            r->word = w + 1;
            if (json_array_size(syllables) == 0) {
                return silbe_reader_fail(r, "\"syllables\" must be an array that is not empty");
            }
            n_words++;
            n_syllables += json_array_size(syllables);
            n_phones += json_array_size(json_object_get(word, "phones"));
        }
        r->word = 0;
    }
    r->line = 0;
    if (n_words == 0) {
        return silbe_reader_fail(r, "\"lines\" must be an array that is not empty");
    }
    silbe_lyrics *lyrics = &r->document->lyrics;
    silbe_word_times *times = &r->document->times;
    lyrics->lines = calloc(json_array_size(lines), sizeof *lyrics->lines);
    r->document->line_numbers = calloc(json_array_size(lines), sizeof(size_t));
    lyrics->words = calloc(n_words, sizeof *lyrics->words);
    lyrics->syllables = calloc(n_syllables, sizeof *lyrics->syllables);
    times->words = calloc(n_words, sizeof *times->words);
    times->syllables = calloc(n_syllables, sizeof *times->syllables);
    silbe_output_document *d = r->document;
    d->sounding_start_s = has_sounding_start ? calloc(n_words, sizeof(double)) : NULL;
    d->phones = has_phones ? calloc(n_phones + 1, sizeof *d->phones) : NULL;
    d->n_phones = has_phones ? n_phones : 0;
    if ((has_sounding_start && d->sounding_start_s == NULL) || (has_phones && d->phones == NULL)) {
        return silbe_reader_fail_memory(r);
    }
    if (lyrics->lines == NULL || r->document->line_numbers == NULL || lyrics->words == NULL ||
        lyrics->syllables == NULL || times->words == NULL || times->syllables == NULL) {
        return silbe_reader_fail_memory(r);
    }
    lyrics->n_lines = json_array_size(lines);
    lyrics->n_words = times->n_words = n_words;
    lyrics->n_syllables = times->n_syllables = n_syllables;
    return SILBE_OK;
}

/* Facts of the head of the file; *lines is borrowed from root. */
static silbe_status read_head(silbe_json_reader *r, json_t *root, const json_t **lines,
                              const json_t **unmatched)
{
    json_int_t format_version;
    const char *texts[8];
    silbe_output_document *document = r->document;
    const char *found = json_string_value(json_object_get(root, "format"));
    if (found == NULL || strcmp(found, SILBE_JSON_FORMAT) != 0) {
        return silbe_reader_fail(
            r, "not a file of word times (\"format\" is not \"" SILBE_JSON_FORMAT "\")");
    }
    if (json_integer_value(json_object_get(root, "format_version")) != SILBE_JSON_FORMAT_VERSION) {
        return silbe_reader_fail(r, "format_version is not the one that this program reads");
    }
    const silbe_json_field wanted[] = {
        {"format", 's', &texts[0]},
        {"format_version", 'I', &format_version},
        {"program_version", 's', &texts[1]},
        {"settings_digest", 's', &texts[2]},
        {"mode", 's', &texts[3]},
        {"work", 's', &texts[4]},
        {"version", 's', &texts[5]},
        {"title", 'S', &texts[6]},
        {"audio_file", 's', &texts[7]},
        {"duration_s", 'F', &document->duration_s},
        {"lines", 'a', lines},
        {"unmatched", 'a', unmatched}, /* may be missing */
    };
    size_t n_wanted = sizeof wanted / sizeof wanted[0];
    bool is_told = json_object_get(root, "unmatched") != NULL;
    silbe_status status = silbe_reader_take(r, root, wanted, is_told ? n_wanted : n_wanted - 1);
    if (status != SILBE_OK) {
        return status;
    }
    document->program_version = silbe_reader_copy(texts[1]);
    document->settings_digest = silbe_reader_copy(texts[2]);
    document->mode = silbe_reader_copy(texts[3]);
    document->work = silbe_reader_copy(texts[4]);
    document->version = silbe_reader_copy(texts[5]);
    document->audio_file = silbe_reader_copy(texts[7]);
    document->title = silbe_reader_copy(texts[6]);
    if (document->program_version == NULL || document->settings_digest == NULL ||
        document->mode == NULL || document->work == NULL || document->version == NULL ||
        document->audio_file == NULL || (texts[6] != NULL && document->title == NULL)) {
        return silbe_reader_fail_memory(r);
    }
    return SILBE_OK;
}

static silbe_status check_document(const silbe_json_reader *r)
{
    const silbe_output_document *document = r->document;
    const silbe_output_item item = {
        .lyrics = &document->lyrics,
        .times = &document->times,
        .work = document->work,
        .version = document->version,
        .title = document->title,
        .mode = document->mode,
        .audio_file = document->audio_file,
        .duration_s = document->duration_s,
        .program_version = document->program_version,
        .settings_digest = document->settings_digest,
        .line_numbers = document->line_numbers,
        .unmatched = document->unmatched,
        .n_unmatched = document->n_unmatched,
        .sounding_start_s = document->sounding_start_s,
        .phones = document->phones,
        .n_phones = document->n_phones,
    };
    if (silbe_output_check(&item, r->err) != SILBE_OK) {
        return silbe_fail_prefix(r->err, SILBE_ERR_FORMAT, r->path);
    }
    const silbe_word_times *times = &document->times;
    for (size_t w = 0; w < times->n_words; w++) {
        double limit_s =
            w + 1 < times->n_words ? times->words[w + 1].start_s : document->duration_s;
        if (times->words[w].end_s > limit_s) {
            return silbe_fail(
                r->err, SILBE_ERR_FORMAT, "%s: word %zu (\"%s\") ends at %g s, after %s (%g s)",
                r->path, w + 1, document->lyrics.words[w].text, times->words[w].end_s,
                w + 1 < times->n_words ? "the next one's start" : "the recording", limit_s);
        }
    }
    return SILBE_OK;
}

static silbe_status read_unmatched(silbe_json_reader *r, const json_t *array)
{
    size_t i;
    json_t *object;
    size_t n = json_array_size(array) + 1;
    r->document->unmatched = calloc(n, sizeof *r->document->unmatched);
    r->document->unmatched_texts = calloc(n, sizeof *r->document->unmatched_texts);
    if (r->document->unmatched == NULL || r->document->unmatched_texts == NULL) {
        return silbe_reader_fail_memory(r);
    }
    json_array_foreach(array, i, object)
    {
        const char *text;
        json_int_t line;
        json_int_t number;
        silbe_output_unmatched *word = &r->document->unmatched[i];
        const silbe_json_field wanted[] = {
            {"line", 'I', &line},         {"word", 'I', &number},
            {"text", 's', &text},         {"start_s", 'N', &word->start_s},
            {"end_s", 'N', &word->end_s}, {"confidence", 'F', &word->confidence},
        };
        silbe_status status = SILBE_READER_TAKE(r, object, wanted);
        if (status != SILBE_OK) {
            return status;
        }
        word->line = line > 0 ? (size_t)line : 0;
        word->word = number > 0 ? (size_t)number : 0;
        char *copy = silbe_reader_copy(text);
        if (copy == NULL) {
            return silbe_reader_fail_memory(r);
        }
        r->document->unmatched_texts[r->document->n_unmatched++] = copy;
        word->text = copy;
    }
    return SILBE_OK;
}

static silbe_status read_tree(silbe_json_reader *r, json_t *root)
{
    const json_t *lines = NULL, *unmatched = NULL;
    silbe_status status = read_head(r, root, &lines, &unmatched);
    if (status == SILBE_OK && unmatched != NULL) {
        status = read_unmatched(r, unmatched);
    }
    if (status == SILBE_OK) {
        status = allocate(r, lines);
    }
    for (size_t l = 0; status == SILBE_OK && l < json_array_size(lines); l++) {
        r->line = l + 1;
        status = silbe_reader_line(r, json_array_get(lines, l), l);
    }
    return status == SILBE_OK ? check_document(r) : status;
}

silbe_status silbe_output_read_json(const char *path, silbe_output_document *document,
                                    silbe_err *err)
{
    *document = (silbe_output_document)SILBE_OUTPUT_DOCUMENT_INIT;
    silbe_json_reader r = {.path = path, .err = err, .document = document};
    json_t *root = NULL;
    silbe_status status = silbe_json_read(path, &root, err);
    if (status == SILBE_OK) {
        status = read_tree(&r, root);
    } else if (status == SILBE_ERR_FORMAT) {
        char problem[SILBE_ERR_MESSAGE_SIZE];
        (void)snprintf(problem, sizeof problem, "%s", err->message);
        status = silbe_fail(err, status, "%.900s; run the alignment again", problem);
    }
    json_decref(root);
    if (status != SILBE_OK) {
        silbe_output_document_free(document);
    }
    return status;
}
