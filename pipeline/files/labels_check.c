#include <math.h>
#include <stddef.h>
#include <string.h>

#include "pipeline/files/labels_internal.h"

/* Ends of notes and onsets of the next are sums of the same numbers, added in different orders. */
static const double SLACK_Q = 1e-6;

const char *silbe_syllabic_str(silbe_syllabic syllabic)
{
    static const char *const NAMES[] = {"single", "begin", "middle", "end"};
    return (int)syllabic >= 0 && (int)syllabic < 4 ? NAMES[syllabic] : NULL;
}

int silbe_syllabic_parse(const char *text)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, silbe_syllabic_str((silbe_syllabic)i)) == 0) {
            return i;
        }
    }
    return -1;
}

static silbe_status check_measures(const silbe_score *score, silbe_status bad, silbe_err *err)
{
    double at_q = 0.0;
    for (size_t i = 0; i < score->n_measures; i++) {
        const silbe_measure *measure = &score->measures[i];
        if (measure->number < 0) {
            return silbe_fail(err, bad, "measures[%zu][0] (number) should be >= 0, got %d", i,
                              measure->number);
        }
        if (!(fabs(measure->onset_q - at_q) <= SLACK_Q)) {
            return silbe_fail(err, bad,
                              "measures[%zu][1] (onset_q) should be %g, the end of the measure "
                              "before, got %g",
                              i, at_q, measure->onset_q);
        }
        if (!(measure->length_q > 0.0 && isfinite(measure->length_q))) {
            return silbe_fail(err, bad, "measures[%zu][2] (length_q) should be > 0, got %g", i,
                              measure->length_q);
        }
        if (!(measure->metre_q > 0.0 && isfinite(measure->metre_q))) {
            return silbe_fail(err, bad, "measures[%zu][3] (metre_q) should be > 0, got %g", i,
                              measure->metre_q);
        }
        at_q = measure->onset_q + measure->length_q;
    }
    if (!(fabs(score->end_q - at_q) <= SLACK_Q)) {
        return silbe_fail(err, bad, "end_q should be %g, the end of the last measure, got %g", at_q,
                          score->end_q);
    }
    return SILBE_OK;
}

static silbe_status check_notes(const silbe_score *score, silbe_status bad, silbe_err *err)
{
    double before_q = 0.0;
    for (size_t i = 0; i < score->n_notes; i++) {
        const silbe_note *note = &score->notes[i];
        if (!(note->onset_q >= before_q && note->onset_q <= score->end_q + SLACK_Q)) {
            return silbe_fail(err, bad,
                              "notes[%zu][0] (onset_q) should be from %g (the note before) to %g "
                              "(end_q), got %g",
                              i, before_q, score->end_q, note->onset_q);
        }
        if (!(note->duration_q > 0.0 && isfinite(note->duration_q))) {
            return silbe_fail(err, bad, "notes[%zu][1] (duration_q) should be > 0, got %g", i,
                              note->duration_q);
        }
        if (note->pitch < 0 || note->pitch > 127) {
            return silbe_fail(err, bad, "notes[%zu][2] (pitch) should be 0..127, got %d", i,
                              (int)note->pitch);
        }
        before_q = note->onset_q;
    }
    return SILBE_OK;
}

static silbe_status check_score_syllables(const silbe_score *score, silbe_status bad,
                                          silbe_err *err)
{
    double before_q = 0.0;
    for (size_t i = 0; i < score->n_syllables; i++) {
        const silbe_score_syllable *syllable = &score->syllables[i];
        if (syllable->text == NULL || silbe_syllabic_str(syllable->syllabic) == NULL) {
            return silbe_fail(err, bad, "score_syllables[%zu] has no text or syllabic", i);
        }
        if (syllable->first_note >= score->n_notes) {
            return silbe_fail(err, bad,
                              "score_syllables[%zu][2] (first_note) should be below %zu, the "
                              "number of notes, got %zu",
                              i, score->n_notes, syllable->first_note);
        }
        if (!(syllable->onset_q >= before_q && isfinite(syllable->onset_q))) {
            return silbe_fail(err, bad,
                              "score_syllables[%zu][3] (onset_q) should be >= %g, that of the "
                              "syllable before, got %g",
                              i, before_q, syllable->onset_q);
        }
        if (!(syllable->end_q > syllable->onset_q && isfinite(syllable->end_q))) {
            return silbe_fail(err, bad,
                              "score_syllables[%zu][4] (end_q) should be > onset_q %g, got %g", i,
                              syllable->onset_q, syllable->end_q);
        }
        before_q = syllable->onset_q;
    }
    return SILBE_OK;
}

/* Where a syllable of the lyrics stands in the file, for messages. */
static silbe_status fail_syllable(const silbe_lyrics *lyrics, size_t i, silbe_status bad,
                                  const char *what, double got, silbe_err *err)
{
    size_t w = lyrics->syllables[i].word, l = lyrics->words[w].line;
    return silbe_fail(err, bad, "lines[%zu].words[%zu].syllables[%zu]%s, got %g", l,
                      w - lyrics->lines[l].first_word, i - lyrics->words[w].first_syllable, what,
                      got);
}

static silbe_status check_times(const silbe_lyrics *lyrics, silbe_status bad, silbe_err *err)
{
    double before_q = 0.0;
    for (size_t i = 0; i < lyrics->n_syllables; i++) {
        const silbe_syllable *syllable = &lyrics->syllables[i];
        bool has_place = !isnan(lyrics->syllables[0].onset_q);
        if (isnan(syllable->onset_q) == has_place || isnan(syllable->end_q) == has_place) {
            return fail_syllable(lyrics, i, bad,
                                 ": all syllables should have onset_q and end_q, or none",
                                 syllable->onset_q, err);
        }
        if (has_place && !(syllable->onset_q >= before_q && isfinite(syllable->onset_q))) {
            return fail_syllable(lyrics, i, bad,
                                 "[1] (onset_q) should be >= that of the syllable before",
                                 syllable->onset_q, err);
        }
        if (has_place && !(syllable->end_q > syllable->onset_q && isfinite(syllable->end_q))) {
            return fail_syllable(lyrics, i, bad, "[2] (end_q) should be > onset_q", syllable->end_q,
                                 err);
        }
        before_q = syllable->onset_q;
    }
    return SILBE_OK;
}

/* Lines hold all words and words all syllables, in order and without gaps. */
static silbe_status check_lyrics(const silbe_lyrics *lyrics, silbe_status bad, silbe_err *err)
{
    size_t w = 0, s = 0, stanza = 0;
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        const silbe_line *line = &lyrics->lines[l];
        if (line->text == NULL || line->first_word != w || line->n_words == 0 ||
            line->n_words > lyrics->n_words - w) {
            return silbe_fail(err, bad, "lines[%zu] should have a text and at least one word", l);
        }
        if (line->stanza < stanza) {
            return silbe_fail(err, bad, "lines[%zu].stanza should be >= %zu, got %zu", l, stanza,
                              line->stanza);
        }
        stanza = line->stanza;
        for (; w < line->first_word + line->n_words; w++) {
            const silbe_word *word = &lyrics->words[w];
            if (word->text == NULL || word->text[0] == '\0' || word->line != l ||
                word->first_syllable != s || word->n_syllables == 0 ||
                word->n_syllables > lyrics->n_syllables - s) {
                return silbe_fail(err, bad,
                                  "lines[%zu].words[%zu] should have a text and at least one "
                                  "syllable",
                                  l, w - line->first_word);
            }
            for (; s < word->first_syllable + word->n_syllables; s++) {
                if (lyrics->syllables[s].text == NULL || lyrics->syllables[s].word != w) {
                    return silbe_fail(err, bad, "syllable %zu of the lyrics has no text or word",
                                      s);
                }
            }
        }
    }
    if (w != lyrics->n_words || s != lyrics->n_syllables) {
        return silbe_fail(err, bad, "%zu words and %zu syllables of the lyrics are in no line",
                          lyrics->n_words - w, lyrics->n_syllables - s);
    }
    return check_times(lyrics, bad, err);
}

silbe_status silbe_labels_check(const silbe_labels *labels, silbe_status bad, silbe_err *err)
{
    if (labels->work == NULL || labels->work[0] == '\0') {
        return silbe_fail(err, bad, "work should be a name, got an empty one");
    }
    for (size_t i = 0; i < labels->differences.n_items; i++) {
        const silbe_difference *item = &labels->differences.items[i];
        if (item->in_text == NULL || item->in_score == NULL ||
            silbe_difference_kind_str(item->kind) == NULL || isinf(item->onset_q)) {
            return silbe_fail(err, bad, "differences[%zu] lacks kind, in_text or in_score", i);
        }
    }
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, check_measures(&labels->score, bad, err));
    silbe_try(err, check_notes(&labels->score, bad, err));
    silbe_try(err, check_score_syllables(&labels->score, bad, err));
    silbe_try(err, check_lyrics(&labels->lyrics, bad, err));
    return err->status;
}
