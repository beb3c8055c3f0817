#include "pipeline/align/matched.h"

#include <stdlib.h>
#include <string.h>

void silbe_matched_free(silbe_matched *matched)
{
    silbe_lyrics_free(&matched->builder.lyrics);
    silbe_phone_times_free(&matched->kept);
    free(matched->line_numbers);
    free(matched->unmatched);
    *matched = (silbe_matched)SILBE_MATCHED_INIT;
}

static silbe_status allocate(const silbe_lyrics *lyrics, const silbe_phone_times *times,
                             silbe_matched *matched, silbe_err *err)
{
    silbe_phone_times *kept = &matched->kept;
    kept->times.words = calloc(lyrics->n_words + 1, sizeof *kept->times.words);
    kept->times.syllables = calloc(lyrics->n_syllables + 1, sizeof *kept->times.syllables);
    kept->sounding_start_s = calloc(lyrics->n_words + 1, sizeof *kept->sounding_start_s);
    kept->phones = calloc(times->n_phones + 1, sizeof *kept->phones);
    matched->line_numbers = calloc(lyrics->n_lines + 1, sizeof *matched->line_numbers);
    matched->unmatched = calloc(lyrics->n_words + 1, sizeof *matched->unmatched);
    return kept->times.words != NULL && kept->times.syllables != NULL &&
                   kept->sounding_start_s != NULL && kept->phones != NULL &&
                   matched->line_numbers != NULL && matched->unmatched != NULL
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu words", lyrics->n_words);
}

/* Word w of the text with its syllables. */
static silbe_status keep_word(const silbe_lyrics *lyrics, const silbe_phone_times *times, size_t w,
                              silbe_matched *matched, silbe_err *err)
{
    const silbe_word *word = &lyrics->words[w];
    silbe_word_times *kept = &matched->kept.times;
    silbe_status status =
        silbe_builder_word(&matched->builder, word->text, strlen(word->text), err);
    matched->kept.sounding_start_s[kept->n_words] = times->sounding_start_s[w];
    kept->words[kept->n_words++] = times->times.words[w];
    for (size_t i = 0; i < word->n_syllables && status == SILBE_OK; i++) {
        const silbe_syllable *syllable = &lyrics->syllables[word->first_syllable + i];
        kept->syllables[kept->n_syllables++] = times->times.syllables[word->first_syllable + i];
        status = silbe_builder_syllable(&matched->builder, syllable->text, strlen(syllable->text),
                                        syllable->onset_q, syllable->end_q, err);
    }
    return status;
}

static void leave_out(const silbe_lyrics *lyrics, const silbe_phone_times *times, size_t l,
                      silbe_matched *matched)
{
    const silbe_line *line = &lyrics->lines[l];
    for (size_t w = line->first_word; w < line->first_word + line->n_words; w++) {
        const silbe_span *span = &times->times.words[w];
        matched->unmatched[matched->n_unmatched++] =
            (silbe_output_unmatched){.text = lyrics->words[w].text,
                                     .line = l + 1,
                                     .word = w - line->first_word + 1,
                                     .start_s = span->start_s,
                                     .end_s = span->end_s,
                                     .confidence = span->confidence};
    }
}

/* Phones of words that are kept, with the numbers that these have now. */
static void keep_phones(const silbe_lyrics *lyrics, const silbe_phone_times *times,
                        const bool *is_matched, silbe_matched *matched)
{
    silbe_phone_times *kept = &matched->kept;
    size_t n_left_out = 0, w = 0;
    for (size_t i = 0; i < times->n_phones; i++) {
        for (; w < times->phones[i].word; w++) {
            n_left_out += !is_matched[lyrics->words[w].line];
        }
        if (is_matched[lyrics->words[w].line]) {
            kept->phones[kept->n_phones] = times->phones[i];
            kept->phones[kept->n_phones++].word = w - n_left_out;
        }
    }
}

silbe_status silbe_matched_make(const silbe_lyrics *lyrics, const silbe_phone_times *times,
                                const bool *is_matched, silbe_matched *matched, silbe_err *err)
{
    *matched = (silbe_matched)SILBE_MATCHED_INIT;
    silbe_status status = allocate(lyrics, times, matched, err);
    for (size_t l = 0; l < lyrics->n_lines && status == SILBE_OK; l++) {
        const silbe_line *line = &lyrics->lines[l];
        if (!is_matched[l]) {
            leave_out(lyrics, times, l, matched);
            continue;
        }
        matched->line_numbers[matched->builder.lyrics.n_lines] = l + 1;
        status = silbe_builder_line(&matched->builder, line->text, strlen(line->text), line->stanza,
                                    err);
        for (size_t i = 0; i < line->n_words && status == SILBE_OK; i++) {
            status = keep_word(lyrics, times, line->first_word + i, matched, err);
        }
    }
    if (status == SILBE_OK && matched->builder.lyrics.n_lines == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA,
                            "none of the %zu lines is in this recording; is it the right text?",
                            lyrics->n_lines);
    }
    if (status == SILBE_OK) {
        keep_phones(lyrics, times, is_matched, matched);
    }
    return status;
}

void silbe_matched_fill(const silbe_matched *matched, silbe_output_item *output)
{
    output->lyrics = &matched->builder.lyrics;
    output->times = &matched->kept.times;
    output->line_numbers = matched->line_numbers;
    output->unmatched = matched->unmatched;
    output->n_unmatched = matched->n_unmatched;
    output->sounding_start_s = matched->kept.sounding_start_s;
    output->phones = matched->kept.phones;
    output->n_phones = matched->kept.n_phones;
}
