#include "pipeline/align/phone_anchors.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"
#include "pipeline/files/corrections.h"

/* How long before its vowel a word's first consonants may begin. */
static const double LONGEST_ONSET_S = 0.5;
static const double MIN_SPAN_S = 1e-3;

void silbe_phone_anchors_free(silbe_phone_anchors *anchors)
{
    silbe_reference_words_free(&anchors->words);
    free(anchors->anchors);
    *anchors = (silbe_phone_anchors)SILBE_PHONE_ANCHORS_INIT;
}

static bool may_begin_with_consonant(const silbe_word_phones *word)
{
    bool may = false;
    for (size_t i = 0; i < word->n_items; i++) {
        may = may || !silbe_phone_is_nucleus(word->items[i].phones[0]);
    }
    return may;
}

/* Where the first phone of word w may begin, which was set by hand. */
static silbe_trellis_anchor anchor_of(const silbe_config *config, const silbe_phone_text *text,
                                      size_t w, double start_s, double hop_s)
{
    double tolerance_s = config->lyrics.anchor_tolerance_ms * 1e-3;
    double shift_s = config->lyrics.offset_ms * 1e-3;
    bool is_early =
        config->lyrics.start == SILBE_START_NUCLEUS && may_begin_with_consonant(&text->words[w]);
    double begin_s = start_s - shift_s - tolerance_s - (is_early ? LONGEST_ONSET_S : 0);
    double end_s = start_s - shift_s + tolerance_s;
    return (silbe_trellis_anchor){.index = w,
                                  .begin_frame = (size_t)floor(fmax(begin_s, 0) / hop_s),
                                  .end_frame = (size_t)floor(fmax(end_s, 0) / hop_s) + 1};
}

silbe_status silbe_phone_anchors_read(const silbe_config *config, const char *path, double hop_s,
                                      double duration_s, silbe_phone_text *text,
                                      silbe_phone_anchors *anchors, silbe_err *err)
{
    silbe_err own;
    const silbe_lyrics *lyrics = text->lyrics;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_corrections_read(path, lyrics, &anchors->words, err));
    anchors->anchors = silbe_alloc(lyrics->n_words, sizeof *anchors->anchors, "words", err);
    for (size_t w = 0; w < anchors->words.n_words && !silbe_failed(err); w++) {
        const silbe_reference_word *word = &anchors->words.words[w];
        if (word->is_known && word->start_s > duration_s) {
            (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                             "%s: \"%s\" at %.3f s, but the recording ends at %.3f s", path,
                             lyrics->words[w].text, word->start_s, duration_s);
        } else if (word->is_known) {
            anchors->anchors[anchors->n_anchors++] =
                anchor_of(config, text, w, word->start_s, hop_s);
        }
    }
    text->text.anchors = anchors->anchors;
    text->text.n_anchors = anchors->n_anchors;
    return err->status;
}

static void start_at(const silbe_lyrics *lyrics, size_t w, double start_s, silbe_words *timed)
{
    const silbe_word *word = &lyrics->words[w];
    silbe_span *span = &timed->times.words[w];
    silbe_span *syllables = &timed->times.syllables[word->first_syllable];
    span->start_s = start_s;
    span->end_s = fmax(span->end_s, start_s + MIN_SPAN_S);
    syllables[0].start_s = start_s;
    for (size_t i = 0; i < word->n_syllables; i++) {
        syllables[i].start_s = fmax(syllables[i].start_s, start_s);
        syllables[i].end_s = fmax(syllables[i].end_s, syllables[i].start_s + MIN_SPAN_S);
    }
    timed->sounding_start_s[w] = fmin(timed->sounding_start_s[w], start_s);
}

void silbe_phone_anchors_apply(const silbe_phone_anchors *anchors, const silbe_lyrics *lyrics,
                               silbe_words *timed)
{
    const silbe_reference_word *words = anchors->words.words;
    double latest_s = INFINITY, earliest_s = 0;
    for (size_t w = 0; w < anchors->words.n_words; w++) {
        if (words[w].is_known) {
            start_at(lyrics, w, words[w].start_s, timed);
            timed->times.words[w].confidence = 1;
            timed->times.syllables[lyrics->words[w].first_syllable].confidence = 1;
        }
    }
    for (size_t w = anchors->words.n_words; w-- > 0;) {
        if (!words[w].is_known && timed->times.words[w].start_s > latest_s) {
            start_at(lyrics, w, latest_s, timed);
        }
        latest_s = words[w].is_known ? words[w].start_s : latest_s;
    }
    for (size_t w = 0; w < anchors->words.n_words; w++) {
        if (timed->times.words[w].start_s < earliest_s) {
            start_at(lyrics, w, earliest_s, timed);
        }
        earliest_s = timed->times.words[w].start_s;
    }
}
