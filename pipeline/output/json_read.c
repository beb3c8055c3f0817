#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/output/json_names.h"
#include "pipeline/output/output.h"

/* Where the reader is: counted from 1, 0 = not inside one. */
typedef struct {
    const char *path;
    silbe_err *err;
    size_t line;
    size_t word; /* in its line */
    size_t syllable;
    silbe_output_document *document;
    size_t next_word; /* filled so far */
    size_t next_syllable;
    size_t next_phone;
} reader;

static silbe_status fail_here(const reader *r, const char *problem)
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

/* A key that an object must have, and where its value goes. */
typedef struct {
    const char *key;
    char type; /* 's' string, 'F' number, 'I' integer, 'a' array, 'S' string or null, 'N' number or
                  null (then NAN) */
    void *target; /* const char *, double, json_int_t, json_t * (borrowed) */
} field;

/* False if value is not of the field's type. */
static bool take_value(const field *wanted, json_t *value)
{
    switch (wanted->type) {
    case 's':
    case 'S':
        *(const char **)wanted->target = json_string_value(value);
        return json_is_string(value) || (wanted->type == 'S' && json_is_null(value));
    case 'F':
    case 'N':
        *(double *)wanted->target = json_is_number(value) ? json_number_value(value) : NAN;
        return json_is_number(value) || (wanted->type == 'N' && json_is_null(value));
    case 'I':
        *(json_int_t *)wanted->target = json_integer_value(value);
        return json_is_integer(value);
    default:
        *(json_t **)wanted->target = value;
        return json_is_array(value);
    }
}

static const char *type_name(char type)
{
    switch (type) {
    case 's':
        return "a string";
    case 'S':
        return "a string or null";
    case 'F':
        return "a number";
    case 'N':
        return "a number or null";
    case 'I':
        return "an integer";
    default:
        return "an array";
    }
}

/* Takes exactly the n wanted fields from object: each must be there, and no other. */
static silbe_status take_fields(const reader *r, json_t *object, const field *wanted, size_t n)
{
    char problem[160];
    for (size_t i = 0; i < n; i++) {
        json_t *value = json_object_get(object, wanted[i].key);
        if (value == NULL || !take_value(&wanted[i], value)) {
            (void)snprintf(problem, sizeof problem, "\"%s\" %s%s", wanted[i].key,
                           value == NULL ? "is missing" : "is not ",
                           value == NULL ? "" : type_name(wanted[i].type));
            return fail_here(r, problem);
        }
    }
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        bool is_known = false;
        for (size_t i = 0; i < n; i++) {
            is_known = is_known || strcmp(key, wanted[i].key) == 0;
        }
        if (!is_known) {
            (void)snprintf(problem, sizeof problem, "\"%.100s\" is not a key of this format", key);
            return fail_here(r, problem);
        }
    }
    return SILBE_OK;
}

#define TAKE(r, object, wanted)                                                                    \
    take_fields((r), (object), (wanted), sizeof(wanted) / sizeof((wanted)[0]))

static silbe_status fail_memory(const reader *r)
{
    return silbe_fail(r->err, SILBE_ERR_MEMORY, "%s: out of memory", r->path);
}

static char *copy_of(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

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

static silbe_status read_syllable(reader *r, json_t *object, size_t word_index)
{
    const char *text;
    silbe_syllable *syllable = &r->document->lyrics.syllables[r->next_syllable];
    silbe_span *span = &r->document->times.syllables[r->next_syllable];
    const field wanted[] = {
        {"text", 's', &text},
        {"start_s", 'F', &span->start_s},
        {"end_s", 'F', &span->end_s},
        {"confidence", 'F', &span->confidence},
        {"onset_q", 'N', &syllable->onset_q},
        {"end_q", 'N', &syllable->end_q},
    };
    silbe_status status = TAKE(r, object, wanted);
    if (status != SILBE_OK) {
        return status;
    }
    syllable->word = word_index;
    syllable->text = copy_of(text);
    r->next_syllable++;
    return syllable->text != NULL ? SILBE_OK : fail_memory(r);
}

/* The writer makes children fill their parent exactly; doubles printed alike compare alike. */
static silbe_status check_filled(const reader *r, double start_s, double end_s,
                                 const silbe_span *children, size_t n)
{
    if (children[0].start_s != start_s || children[n - 1].end_s != end_s) {
        return fail_here(r, "its parts do not begin and end with it");
    }
    for (size_t i = 1; i < n; i++) {
        if (children[i].start_s < children[i - 1].end_s) {
            return fail_here(r, "its parts overlap");
        }
    }
    return SILBE_OK;
}

static silbe_status read_phone(reader *r, json_t *object, size_t word_index)
{
    const char *text;
    silbe_output_phone *phone = &r->document->phones[r->next_phone];
    const field wanted[] = {
        {"phone", 's', &text},
        {"start_s", 'F', &phone->span.start_s},
        {"end_s", 'F', &phone->span.end_s},
        {"confidence", 'F', &phone->span.confidence},
    };
    silbe_status status = TAKE(r, object, wanted);
    if (status == SILBE_OK && strlen(text) >= sizeof phone->symbol) {
        status = fail_here(r, "a phone's symbol is too long");
    }
    if (status == SILBE_OK) {
        (void)snprintf(phone->symbol, sizeof phone->symbol, "%s", text);
        phone->word = word_index;
        r->next_phone++;
    }
    return status;
}

static silbe_status read_word(reader *r, json_t *object, size_t line_index)
{
    const char *text;
    json_t *syllables, *phones = NULL;
    silbe_output_document *document = r->document;
    size_t w = r->next_word;
    silbe_word *word = &r->document->lyrics.words[w];
    silbe_span *span = &r->document->times.words[w];
    field wanted[7] = {
        {"text", 's', &text},           {"start_s", 'F', &span->start_s},
        {"end_s", 'F', &span->end_s},   {"confidence", 'F', &span->confidence},
        {"syllables", 'a', &syllables},
    };
    size_t n_wanted = 5;
    /* All words have these, or none has. */
    if (document->sounding_start_s != NULL) {
        wanted[n_wanted++] = (field){"sounding_start_s", 'F', &document->sounding_start_s[w]};
    }
    if (document->phones != NULL) {
        wanted[n_wanted++] = (field){"phones", 'a', &phones};
    }
    silbe_status status = take_fields(r, object, wanted, n_wanted);
    if (status != SILBE_OK) {
        return status;
    }
    word->line = line_index;
    word->first_syllable = r->next_syllable;
    word->n_syllables = json_array_size(syllables);
    word->text = copy_of(text);
    r->next_word++;
    if (word->text == NULL) {
        return fail_memory(r);
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

static silbe_status read_line(reader *r, json_t *object, size_t l)
{
    const char *text;
    json_t *words;
    json_int_t number;
    json_int_t stanza;
    double start_s;
    double end_s;
    silbe_line *line = &r->document->lyrics.lines[l];
    const field wanted[] = {
        {"line", 'I', &number},     {"stanza", 'I', &stanza}, {"text", 's', &text},
        {"start_s", 'F', &start_s}, {"end_s", 'F', &end_s},   {"words", 'a', &words},
    };
    silbe_status status = TAKE(r, object, wanted);
    if (status != SILBE_OK) {
        return status;
    }
    /* Lines of which no word was found are left out, hence gaps. */
    if (number < 1 || (l > 0 && (size_t)number <= r->document->line_numbers[l - 1]) || stanza < 1) {
        return fail_here(r, "lines must have rising numbers from 1 on, stanzas numbers from 1 on");
    }
    r->document->line_numbers[l] = (size_t)number;
    line->stanza = (size_t)(stanza - 1);
    line->first_word = r->next_word;
    line->n_words = json_array_size(words);
    line->text = copy_of(text);
    if (line->text == NULL) {
        return fail_memory(r);
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

/* Counts words and syllables of the tree and allocates for them; also refuses empty parents, so
 * that the rest need not. */
static silbe_status allocate(reader *r, const json_t *lines)
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
            return fail_here(r, "\"words\" must be an array that is not empty");
        }
        json_array_foreach(words, w, word)
        {
            const json_t *syllables = json_object_get(word, "syllables");
            r->word = w + 1;
            if (json_array_size(syllables) == 0) {
                return fail_here(r, "\"syllables\" must be an array that is not empty");
            }
            n_words++;
            n_syllables += json_array_size(syllables);
            n_phones += json_array_size(json_object_get(word, "phones"));
        }
        r->word = 0;
    }
    r->line = 0;
    if (n_words == 0) {
        return fail_here(r, "\"lines\" must be an array that is not empty");
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
        return fail_memory(r);
    }
    if (lyrics->lines == NULL || r->document->line_numbers == NULL || lyrics->words == NULL ||
        lyrics->syllables == NULL || times->words == NULL || times->syllables == NULL) {
        return fail_memory(r);
    }
    lyrics->n_lines = json_array_size(lines);
    lyrics->n_words = times->n_words = n_words;
    lyrics->n_syllables = times->n_syllables = n_syllables;
    return SILBE_OK;
}

/* Facts of the head of the file; *lines is borrowed from root. */
static silbe_status read_head(reader *r, json_t *root, json_t **lines, json_t **unmatched)
{
    json_int_t format_version;
    const char *texts[8];
    silbe_output_document *document = r->document;
    const char *found = json_string_value(json_object_get(root, "format"));
    if (found == NULL || strcmp(found, SILBE_JSON_FORMAT) != 0) {
        return fail_here(r,
                         "not a file of word times (\"format\" is not \"" SILBE_JSON_FORMAT "\")");
    }
    if (json_integer_value(json_object_get(root, "format_version")) != SILBE_JSON_FORMAT_VERSION) {
        return fail_here(r, "format_version is not the one that this program reads");
    }
    const field wanted[] = {
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
    silbe_status status = take_fields(r, root, wanted, is_told ? n_wanted : n_wanted - 1);
    if (status != SILBE_OK) {
        return status;
    }
    document->program_version = copy_of(texts[1]);
    document->settings_digest = copy_of(texts[2]);
    document->mode = copy_of(texts[3]);
    document->work = copy_of(texts[4]);
    document->version = copy_of(texts[5]);
    document->audio_file = copy_of(texts[7]);
    document->title = copy_of(texts[6]);
    if (document->program_version == NULL || document->settings_digest == NULL ||
        document->mode == NULL || document->work == NULL || document->version == NULL ||
        document->audio_file == NULL || (texts[6] != NULL && document->title == NULL)) {
        return fail_memory(r);
    }
    return SILBE_OK;
}

static silbe_status check_document(const reader *r)
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

static silbe_status read_unmatched(reader *r, const json_t *array)
{
    size_t i;
    json_t *object;
    size_t n = json_array_size(array) + 1;
    r->document->unmatched = calloc(n, sizeof *r->document->unmatched);
    r->document->unmatched_texts = calloc(n, sizeof *r->document->unmatched_texts);
    if (r->document->unmatched == NULL || r->document->unmatched_texts == NULL) {
        return fail_memory(r);
    }
    json_array_foreach(array, i, object)
    {
        const char *text;
        json_int_t line;
        json_int_t number;
        silbe_output_unmatched *word = &r->document->unmatched[i];
        const field wanted[] = {
            {"line", 'I', &line},         {"word", 'I', &number},
            {"text", 's', &text},         {"start_s", 'N', &word->start_s},
            {"end_s", 'N', &word->end_s}, {"confidence", 'F', &word->confidence},
        };
        silbe_status status = TAKE(r, object, wanted);
        if (status != SILBE_OK) {
            return status;
        }
        word->line = line > 0 ? (size_t)line : 0;
        word->word = number > 0 ? (size_t)number : 0;
        char *copy = copy_of(text);
        if (copy == NULL) {
            return fail_memory(r);
        }
        r->document->unmatched_texts[r->document->n_unmatched++] = copy;
        word->text = copy;
    }
    return SILBE_OK;
}

static silbe_status read_tree(reader *r, json_t *root)
{
    json_t *lines = NULL, *unmatched = NULL;
    silbe_status status = read_head(r, root, &lines, &unmatched);
    if (status == SILBE_OK && unmatched != NULL) {
        status = read_unmatched(r, unmatched);
    }
    if (status == SILBE_OK) {
        status = allocate(r, lines);
    }
    for (size_t l = 0; status == SILBE_OK && l < json_array_size(lines); l++) {
        r->line = l + 1;
        status = read_line(r, json_array_get(lines, l), l);
    }
    return status == SILBE_OK ? check_document(r) : status;
}

silbe_status silbe_output_read_json(const char *path, silbe_output_document *document,
                                    silbe_err *err)
{
    *document = (silbe_output_document)SILBE_OUTPUT_DOCUMENT_INIT;
    reader r = {.path = path, .err = err, .document = document};
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read: %s", path, strerror(errno));
    }
    silbe_status status;
    json_error_t problem;
    json_t *root = json_loadf(stream, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL && ferror(stream)) {
        status = silbe_fail(err, SILBE_ERR_IO, "%s: cannot be read", path);
    } else if (root == NULL) {
        status = silbe_fail(err, SILBE_ERR_FORMAT, "%s:%d:%d: %s; run the alignment again", path,
                            problem.line, problem.column, problem.text);
    } else {
        status = read_tree(&r, root);
    }
    json_decref(root);
    (void)fclose(stream);
    if (status != SILBE_OK) {
        silbe_output_document_free(document);
    }
    return status;
}
