#include "pipeline/evaluate/word_match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static silbe_status fail_line(size_t number, size_t n_lines, silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_MISMATCH, "has words of line %zu, the text has %zu lines",
                      number, n_lines);
}

/* What the document lists as not found. */
static silbe_status mark_unmatched(const silbe_output_document *document,
                                   const silbe_lyrics *lyrics, silbe_word_match *match,
                                   silbe_err *err)
{
    for (size_t i = 0; i < document->n_unmatched; i++) {
        const silbe_output_unmatched *entry = &document->unmatched[i];
        if (entry->line < 1 || entry->line > lyrics->n_lines) {
            return fail_line(entry->line, lyrics->n_lines, err);
        }
        const silbe_line *line = &lyrics->lines[entry->line - 1];
        if (entry->word < 1 || entry->word > line->n_words ||
            strcmp(lyrics->words[line->first_word + entry->word - 1].text, entry->text) != 0) {
            return silbe_fail(err, SILBE_ERR_MISMATCH,
                              "unmatched word %zu of line %zu, \"%.60s\", is not there in the text",
                              entry->word, entry->line, entry->text);
        }
        match->unmatched[line->first_word + entry->word - 1] = i;
    }
    return SILBE_OK;
}

static silbe_status match_line(const silbe_output_document *document, size_t l,
                               const silbe_lyrics *lyrics, silbe_word_match *match, silbe_err *err)
{
    const silbe_line *own = &document->lyrics.lines[l];
    size_t number = document->line_numbers != NULL ? document->line_numbers[l] : l + 1;
    if (number < 1 || number > lyrics->n_lines) {
        return fail_line(number, lyrics->n_lines, err);
    }
    const silbe_line *line = &lyrics->lines[number - 1];
    size_t next = line->first_word, end = line->first_word + line->n_words;
    for (size_t i = 0; i < own->n_words; i++) {
        size_t word = own->first_word + i;
        while (next < end && match->unmatched[next] != SIZE_MAX) {
            next++;
        }
        if (next == end || strcmp(lyrics->words[next].text, document->lyrics.words[word].text)) {
            return silbe_fail(
                err, SILBE_ERR_MISMATCH,
                "word %zu of line %zu is \"%.60s\" here, but %s%.60s%s in the text", i + 1, number,
                document->lyrics.words[word].text, next < end ? "\"" : "",
                next < end ? lyrics->words[next].text : "none", next < end ? "\"" : "");
        }
        match->words[next++] = word;
    }
    return SILBE_OK;
}

silbe_status silbe_word_match_run(const silbe_output_document *document, const silbe_lyrics *lyrics,
                                  silbe_word_match *match, silbe_err *err)
{
    size_t n = lyrics->n_words;
    *match = (silbe_word_match){.words = malloc((n + 1) * sizeof *match->words),
                                .unmatched = malloc((n + 1) * sizeof *match->unmatched),
                                .n_words = n};
    if (match->words == NULL || match->unmatched == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", n);
    }
    for (size_t w = 0; w < n; w++) {
        match->words[w] = match->unmatched[w] = SIZE_MAX;
    }
    silbe_status status = mark_unmatched(document, lyrics, match, err);
    for (size_t l = 0; l < document->lyrics.n_lines && status == SILBE_OK; l++) {
        status = match_line(document, l, lyrics, match, err);
    }
    /* All that is neither placed nor unmatched would be lost without a word. */
    for (size_t w = 0; w < n && status == SILBE_OK; w++) {
        if (match->words[w] == SIZE_MAX && match->unmatched[w] == SIZE_MAX) {
            status = silbe_fail(err, SILBE_ERR_MISMATCH,
                                "lacks \"%.60s\" of line %zu, neither placed nor unmatched",
                                lyrics->words[w].text, lyrics->words[w].line + 1);
        }
    }
    return status;
}

void silbe_word_match_free(silbe_word_match *match)
{
    free(match->words);
    free(match->unmatched);
    *match = (silbe_word_match)SILBE_WORD_MATCH_INIT;
}
