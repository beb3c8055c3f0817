#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/host/json_file.h"
#include "pipeline/output/output.h"

/* Where the reader is, and what it fills. All that takes one is a step. */
typedef struct {
    const char *path;
    silbe_err *err;
    size_t line; /* counted from 1, 0 = not inside one */
    size_t word; /* in its line */
    size_t syllable;
    silbe_words *words;
    size_t next_word; /* filled so far */
    size_t next_syllable;
    size_t next_phone;
} reader;

#define TAKE(r, object, wanted) take((r), (object), (wanted), sizeof(wanted) / sizeof((wanted)[0]))

static void fail(const reader *r, const char *problem)
{
    char place[96] = "";
    if (silbe_failed(r->err)) {
        return;
    }
    if (r->syllable > 0) {
        (void)snprintf(place, sizeof place, "line %zu, word %zu, syllable %zu: ", r->line, r->word,
                       r->syllable);
    } else if (r->word > 0) {
        (void)snprintf(place, sizeof place, "line %zu, word %zu: ", r->line, r->word);
    } else if (r->line > 0) {
        (void)snprintf(place, sizeof place, "line %zu: ", r->line);
    }
    (void)silbe_fail(r->err, SILBE_ERR_FORMAT, "%s: %s%s; run the alignment again", r->path, place,
                     problem);
}

/* Exactly the wanted fields: each must be there, and no other. */
static void take(const reader *r, const json_t *object, const silbe_json_field *wanted, size_t n)
{
    silbe_err problem = SILBE_ERR_INIT;
    if (!silbe_failed(r->err) &&
        silbe_json_take(object, "", wanted, n, true, &problem) != SILBE_OK) {
        fail(r, problem.message);
    }
}

/* The writer makes children fill their parent exactly; doubles printed alike compare alike. */
static void check_filled(const reader *r, const silbe_span *parent, const silbe_span *children,
                         size_t n)
{
    if (children[0].start_s != parent->start_s || children[n - 1].end_s != parent->end_s) {
        fail(r, "its parts do not begin and end with it");
    }
    for (size_t i = 1; i < n; i++) {
        if (children[i].start_s < children[i - 1].end_s) {
            fail(r, "its parts overlap");
        }
    }
}

static void read_syllable(reader *r, const json_t *object, size_t word)
{
    const char *text = NULL;
    silbe_syllable *syllable = &r->words->lyrics.syllables[r->next_syllable];
    silbe_span *span = &r->words->times.syllables[r->next_syllable];
    const silbe_json_field wanted[] = {
        {"text", 's', &text},
        {"start_s", 'N', &span->start_s},
        {"end_s", 'N', &span->end_s},
        {"confidence", 'F', &span->confidence},
        {"onset_q", 'N', &syllable->onset_q},
        {"end_q", 'N', &syllable->end_q},
    };
    TAKE(r, object, wanted);
    syllable->word = word;
    syllable->text = silbe_copy_text(text, r->err);
    r->next_syllable++;
}

static void read_phone(reader *r, const json_t *object, size_t word)
{
    const char *text = "";
    silbe_timed_phone *phone = &r->words->phones[r->next_phone];
    const silbe_json_field wanted[] = {
        {"phone", 's', &text},
        {"start_s", 'F', &phone->span.start_s},
        {"end_s", 'F', &phone->span.end_s},
        {"confidence", 'F', &phone->span.confidence},
    };
    TAKE(r, object, wanted);
    if (!silbe_failed(r->err) && strlen(text) >= sizeof phone->symbol) {
        fail(r, "a phone's symbol is too long");
    }
    if (!silbe_failed(r->err)) {
        (void)snprintf(phone->symbol, sizeof phone->symbol, "%s", text);
        phone->word = word;
        r->next_phone++;
    }
}

/* Fields of the word itself; *syllables and *phones are borrowed from object. */
static void read_word_fields(reader *r, json_t *object, size_t w, const json_t **syllables,
                             const json_t **phones)
{
    const char *text = NULL, *voice = NULL;
    json_int_t index = 0;
    silbe_words *words = r->words;
    silbe_span *span = &words->times.words[w];
    silbe_json_field wanted[10] = {
        {"index", 'I', &index},
        {"voice", 's', &voice},
        {"matched", 'b', &words->is_matched[w]},
        {"text", 's', &text},
        {"start_s", 'N', &span->start_s},
        {"end_s", 'N', &span->end_s},
        {"confidence", 'F', &span->confidence},
        {"syllables", 'a', syllables},
    };
    size_t n_wanted = 8;
    /* All words have these, or none has. */
    if (words->sounding_start_s != NULL) {
        wanted[n_wanted++] =
            (silbe_json_field){"sounding_start_s", 'N', &words->sounding_start_s[w]};
    }
    if (words->phones != NULL) {
        wanted[n_wanted++] = (silbe_json_field){"phones", 'a', phones};
    }
    take(r, object, wanted, n_wanted);
    if (silbe_failed(r->err)) {
        return;
    }
    if (index < 1 || (size_t)index != w + 1) {
        fail(r, "words must have the indices 1, 2, 3, ... in the order of the text");
    }
    words->voice[w] = silbe_words_voice(words, voice, r->err);
    words->lyrics.words[w].text = silbe_copy_text(text, r->err);
}

static void read_word(reader *r, json_t *object, size_t line)
{
    const json_t *syllables = NULL, *phones = NULL;
    silbe_words *words = r->words;
    size_t w = r->next_word++;
    silbe_word *word = &words->lyrics.words[w];
    read_word_fields(r, object, w, &syllables, &phones);
    word->line = line;
    word->first_syllable = r->next_syllable;
    word->n_syllables = json_array_size(syllables);
    for (size_t s = 0; s < word->n_syllables && !silbe_failed(r->err); s++) {
        r->syllable = s + 1;
        read_syllable(r, json_array_get(syllables, s), w);
    }
    r->syllable = 0;
    for (size_t i = 0; i < json_array_size(phones) && !silbe_failed(r->err); i++) {
        read_phone(r, json_array_get(phones, i), w);
    }
    if (!silbe_failed(r->err) && words->is_matched[w]) {
        check_filled(r, &words->times.words[w], &words->times.syllables[word->first_syllable],
                     word->n_syllables);
    }
}

/* From the first start to the last end of the line's matched words; NAN if it has none. */
static void check_line_times(const reader *r, const silbe_line *line, double start_s, double end_s)
{
    const silbe_words *words = r->words;
    double first_s = NAN, last_s = NAN; /* fmin and fmax prefer numbers */
    for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
        if (words->is_matched[w]) {
            first_s = fmin(first_s, words->times.words[w].start_s);
            last_s = fmax(last_s, words->times.words[w].end_s);
        }
    }
    if ((isnan(first_s) ? !isnan(start_s) : start_s != first_s) ||
        (isnan(last_s) ? !isnan(end_s) : end_s != last_s)) {
        fail(r, "its matched words do not begin and end with it");
    }
}

static void read_line(reader *r, const json_t *object, size_t l)
{
    const char *text = NULL;
    const json_t *words = NULL;
    json_int_t number = 0, stanza = 0;
    double start_s = NAN, end_s = NAN;
    silbe_line *line = &r->words->lyrics.lines[l];
    const silbe_json_field wanted[] = {
        {"line", 'I', &number},     {"stanza", 'I', &stanza}, {"text", 's', &text},
        {"start_s", 'N', &start_s}, {"end_s", 'N', &end_s},   {"words", 'a', &words},
    };
    r->line = l + 1;
    TAKE(r, object, wanted);
    if (!silbe_failed(r->err) && (number < 1 || (size_t)number != l + 1 || stanza < 1)) {
        fail(r, "lines must have the numbers 1, 2, 3, ..., stanzas numbers from 1 on");
    }
    line->stanza = (size_t)(stanza - 1);
    line->first_word = r->next_word;
    line->n_words = json_array_size(words);
    line->text = silbe_copy_text(text, r->err);
    for (size_t i = 0; i < line->n_words && !silbe_failed(r->err); i++) {
        r->word = i + 1;
        read_word(r, json_array_get(words, i), l);
    }
    r->word = 0;
    if (!silbe_failed(r->err)) {
        check_line_times(r, line, start_s, end_s);
    }
}

static void allocate(const reader *r, size_t n_lines, size_t n_words, size_t n_syllables)
{
    silbe_lyrics *lyrics = &r->words->lyrics;
    silbe_word_times *times = &r->words->times;
    lyrics->lines = silbe_alloc(n_lines, sizeof *lyrics->lines, "lines", r->err);
    lyrics->words = silbe_alloc(n_words, sizeof *lyrics->words, "words", r->err);
    lyrics->syllables = silbe_alloc(n_syllables, sizeof *lyrics->syllables, "syllables", r->err);
    times->words = silbe_alloc(n_words, sizeof *times->words, "words", r->err);
    times->syllables = silbe_alloc(n_syllables, sizeof *times->syllables, "syllables", r->err);
    r->words->is_matched = silbe_alloc(n_words, sizeof *r->words->is_matched, "words", r->err);
    r->words->voice = silbe_alloc(n_words, sizeof *r->words->voice, "words", r->err);
    if (!silbe_failed(r->err)) {
        lyrics->n_lines = n_lines;
        lyrics->n_words = times->n_words = n_words;
        lyrics->n_syllables = times->n_syllables = n_syllables;
    }
}

/* Makes room for all that is in the lines; also refuses empty parents, so that the rest need not.
 */
static void make_room(reader *r, const json_t *lines)
{
    size_t n_words = 0, n_syllables = 0, n_phones = 0;
    const json_t *first = json_array_get(json_object_get(json_array_get(lines, 0), "words"), 0);
    for (size_t l = 0; l < json_array_size(lines); l++) {
        const json_t *words = json_object_get(json_array_get(lines, l), "words");
        r->line = l + 1;
        if (json_array_size(words) == 0) {
            fail(r, "\"words\" must be an array that is not empty");
        }
        for (size_t w = 0; w < json_array_size(words); w++) {
            const json_t *word = json_array_get(words, w);
            size_t n = json_array_size(json_object_get(word, "syllables"));
            r->word = w + 1;
            if (n == 0) {
                fail(r, "\"syllables\" must be an array that is not empty");
            }
            n_words++;
            n_syllables += n;
            n_phones += json_array_size(json_object_get(word, "phones"));
        }
        r->word = 0;
    }
    r->line = 0;
    if (n_words == 0) {
        fail(r, "\"lines\" must be an array that is not empty");
    }
    allocate(r, json_array_size(lines), n_words, n_syllables);
    if (json_object_get(first, "sounding_start_s") != NULL) {
        r->words->sounding_start_s = silbe_alloc(n_words, sizeof(double), "words", r->err);
    }
    if (json_object_get(first, "phones") != NULL) {
        r->words->phones = silbe_alloc(n_phones, sizeof *r->words->phones, "phones", r->err);
        r->words->n_phones = n_phones;
    }
}

static void check_version(const reader *r, const json_t *root)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *version = json_object_get(root, "format_version");
    char problem[96];
    if (format == NULL || strcmp(format, SILBE_WORDS_FORMAT) != 0) {
        fail(r, "not a file of word times (\"format\" is not \"" SILBE_WORDS_FORMAT "\")");
    } else if (json_integer_value(version) != SILBE_WORDS_FORMAT_VERSION) {
        (void)snprintf(problem, sizeof problem, "format_version is %lld, this program reads %d",
                       (long long)json_integer_value(version), SILBE_WORDS_FORMAT_VERSION);
        fail(r, problem);
    }
}

/* Facts of the head of the file. Returns the lines, borrowed from root. */
static const json_t *read_head(const reader *r, const json_t *root)
{
    json_int_t format_version = 0;
    const char *texts[8] = {NULL};
    const json_t *lines = NULL;
    silbe_words *words = r->words;
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
        {"duration_s", 'F', &words->duration_s},
        {"lines", 'a', &lines},
    };
    check_version(r, root);
    TAKE(r, root, wanted);
    words->program_version = silbe_copy_text(texts[1], r->err);
    words->settings_digest = silbe_copy_text(texts[2], r->err);
    words->mode = silbe_copy_text(texts[3], r->err);
    words->work = silbe_copy_text(texts[4], r->err);
    words->version = silbe_copy_text(texts[5], r->err);
    words->title = silbe_copy_text(texts[6], r->err);
    words->audio_file = silbe_copy_text(texts[7], r->err);
    return lines;
}

/* Matched words of a voice do not overlap, nor go past the end. */
static void check_ends(const reader *r, size_t voice)
{
    const silbe_words *words = r->words;
    double limit_s = words->duration_s;
    for (size_t w = words->lyrics.n_words; w-- > 0 && !silbe_failed(r->err);) {
        const silbe_span *span = &words->times.words[w];
        if (!words->is_matched[w] || words->voice[w] != voice) {
            continue;
        }
        if (span->end_s > limit_s) {
            (void)silbe_fail(
                r->err, SILBE_ERR_FORMAT, "%s: word %zu (\"%s\") ends at %g s, after %s (%g s)",
                r->path, w + 1, words->lyrics.words[w].text, span->end_s,
                limit_s < words->duration_s ? "the next one's start" : "the recording", limit_s);
        }
        limit_s = span->start_s;
    }
}

static void read_document(reader *r, const json_t *root)
{
    const json_t *lines = read_head(r, root);
    if (!silbe_failed(r->err)) {
        make_room(r, lines);
    }
    for (size_t l = 0; l < json_array_size(lines) && !silbe_failed(r->err); l++) {
        read_line(r, json_array_get(lines, l), l);
    }
    if (!silbe_failed(r->err) && silbe_output_check(r->words, r->err) != SILBE_OK) {
        silbe_err_settle(r->err, silbe_fail_prefix(r->err, SILBE_ERR_FORMAT, r->path));
    }
    for (size_t v = 0; v < r->words->n_voices && !silbe_failed(r->err); v++) {
        check_ends(r, v);
    }
}

silbe_status silbe_output_read_json(const char *path, silbe_words *words, silbe_err *err)
{
    silbe_err own;
    json_t *root = NULL;
    err = silbe_err_begin(err, &own);
    *words = (silbe_words)SILBE_WORDS_INIT;
    reader r = {.path = path, .err = err, .words = words};
    silbe_try(err, silbe_json_read(path, &root, err));
    if (!silbe_failed(err)) {
        read_document(&r, root);
    } else if (err->status == SILBE_ERR_FORMAT) {
        char problem[SILBE_ERR_MESSAGE_SIZE];
        (void)snprintf(problem, sizeof problem, "%s", err->message);
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%.900s; run the alignment again", problem);
    }
    json_decref(root);
    if (silbe_failed(err)) {
        silbe_words_free(words);
    }
    return err->status;
}
