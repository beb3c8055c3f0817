#include "datasets/demo/pronounce.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/speech/espeak.h"

#define MAX_WORD_PHONES 48
#define MAX_WORD_BYTES 96

/* What German words (and the syllables inside them) begin with, beyond single consonants. */
static const char *const onsets[] = {
    "bl", "br", "bɾ", "dr", "dɾ", "fl", "fr", "fɾ", "ɡl",  "ɡr",  "ɡɾ",  "ɡn",  "kl",
    "kn", "kr", "kɾ", "kv", "pl", "pr", "pɾ", "ps", "tr",  "tɾ",  "ts",  "tsv", "tʃ",
    "ʃl", "ʃm", "ʃn", "ʃp", "ʃr", "ʃɾ", "ʃt", "ʃv", "ʃpr", "ʃpɾ", "ʃtr", "ʃtɾ", "ʃpl",
};

size_t silbe_demo_onset_length(const silbe_synth_phone *const *consonants, size_t n)
{
    for (size_t take = n < 3 ? n : 3; take >= 2; take--) {
        char cluster[32] = "";
        for (size_t i = n - take; i < n; i++) {
            strcat(cluster, consonants[i]->ipa); /* at most 3 x 3 bytes */
        }
        for (size_t i = 0; i < sizeof onsets / sizeof onsets[0]; i++) {
            if (strcmp(cluster, onsets[i]) == 0) {
                return take;
            }
        }
    }
    if (n == 0) {
        return 0;
    }
    return strcmp(consonants[n - 1]->ipa, "ŋ") == 0 ? 0 : 1;
}

/* The letters of a word alone: punctuation and apostrophes would be read as something else. */
static void letters_only(const char *text, char *letters)
{
    size_t n = 0;
    for (const char *c = text; *c != '\0' && n + 1 < MAX_WORD_BYTES; c++) {
        bool punctuation = strchr("',.;:!?\"()-", *c) != NULL;
        if (!punctuation) {
            letters[n++] = *c;
        }
    }
    letters[n] = '\0';
}

static size_t phones_of(const char *text, const silbe_synth_phone **phones, silbe_err *err)
{
    char letters[MAX_WORD_BYTES];
    letters_only(text, letters);
    char *ipa = NULL;
    silbe_try(err, silbe_espeak_phonemes("de", letters, &ipa, err));
    size_t n = 0;
    for (const char *at = ipa; at != NULL && *at != '\0' && n < MAX_WORD_PHONES;) {
        size_t length = 0;
        const silbe_synth_phone *phone = silbe_synth_phone_find(at, &length);
        if (phone != NULL) {
            phones[n++] = phone;
        }
        at += length > 0 ? length : 1; /* separators, stress marks and the like */
    }
    free(ipa);
    return n;
}

static size_t count_vowels(const silbe_synth_phone *const *phones, size_t n)
{
    size_t vowels = 0;
    for (size_t i = 0; i < n; i++) {
        vowels += phones[i]->kind == SILBE_SYNTH_VOWEL;
    }
    return vowels;
}

static void append(silbe_synth_sung *sung, const silbe_synth_phone *const *phones, size_t n)
{
    for (size_t i = 0; i < n && sung->n_phones < SILBE_SYNTH_MAX_PHONES; i++) {
        sung->phones[sung->n_phones++] = phones[i];
    }
}

/* Deals the phones out to n_syllables syllables; the numbers of vowels agree. */
static void deal_out(const silbe_synth_phone *const *phones, size_t n, silbe_synth_sung *sung)
{
    size_t begin = 0; /* first phone that has no syllable yet */
    size_t syllable = 0;
    for (size_t i = 0; i < n; i++) {
        if (phones[i]->kind != SILBE_SYNTH_VOWEL) {
            continue;
        }
        if (syllable > 0) { /* consonants [begin, i) lie between two vowels */
            size_t onset = silbe_demo_onset_length(phones + begin, i - begin);
            append(&sung[syllable - 1], phones + begin, i - begin - onset);
            begin = i - onset;
        }
        append(&sung[syllable], phones + begin, i + 1 - begin);
        sung[syllable].nucleus = sung[syllable].n_phones - 1;
        begin = i + 1;
        syllable++;
    }
    append(&sung[syllable - 1], phones + begin, n - begin);
}

/* The fallback: a syllable by itself. */
static void pronounce_alone(const char *text, silbe_synth_sung *sung, silbe_err *err)
{
    const silbe_synth_phone *phones[MAX_WORD_PHONES + 1];
    size_t n = phones_of(text, phones, err);
    if (count_vowels(phones, n) == 0) {
        size_t length = 0;
        size_t at = n > 0 ? 1 : 0;
        memmove(phones + at + 1, phones + at, (n - at) * sizeof *phones);
        phones[at] = silbe_synth_phone_find("ə", &length);
        n++;
    }
    append(sung, phones, n);
    while (sung->phones[sung->nucleus]->kind != SILBE_SYNTH_VOWEL) {
        sung->nucleus++;
    }
}

silbe_status silbe_demo_pronounce(const silbe_synth_song *song, silbe_synth_sung *sung,
                                  size_t *n_fallback, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t fallbacks = 0;
    for (size_t i = 0; i < song->n_syllables; i++) {
        sung[i] = (silbe_synth_sung){{NULL}, 0, 0};
    }
    for (size_t w = 0; w < song->n_words && !silbe_failed(err); w++) {
        const silbe_synth_word *word = &song->words[w];
        const silbe_synth_phone *phones[MAX_WORD_PHONES];
        size_t n = phones_of(word->text, phones, err);
        if (count_vowels(phones, n) == word->n_syllables) {
            deal_out(phones, n, sung + word->first_syllable);
            continue;
        }
        fallbacks++;
        for (size_t s = 0; s < word->n_syllables; s++) {
            size_t at = word->first_syllable + s;
            pronounce_alone(song->syllables[at].text, &sung[at], err);
        }
    }
    if (n_fallback != NULL) {
        *n_fallback = fallbacks;
    }
    return err->status;
}

const char *silbe_demo_speech_version(void)
{
    return silbe_espeak_version();
}
