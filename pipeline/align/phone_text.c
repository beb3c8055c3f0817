#include "pipeline/align/phone_text.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"
#include "pipeline/align/text_language.h"
#include "pipeline/host/read_text.h"

void silbe_phone_text_free(silbe_phone_text *text)
{
    for (size_t w = 0; text->words != NULL && w < text->lyrics->n_words; w++) {
        silbe_word_phones_free(&text->words[w]);
    }
    free(text->words);
    free(text->trellis_words);
    free(text->trellis_pronunciations);
    free(text->symbols);
    free(text->trellis_lines);
    free(text->durations);
    *text = (silbe_phone_text)SILBE_PHONE_TEXT_INIT;
}

/* The nearest whole number of frames, and 1 at least. */
static size_t frames_of(double duration_ms, double hop_s)
{
    double frames = floor(duration_ms * 1e-3 / hop_s + 0.5);
    return frames > 1 ? (size_t)frames : 1;
}

/* mean_ms: 0, no model. */
static double mean_frames(double mean_ms, size_t least, double hop_s)
{
    return mean_ms > 0 ? fmax(mean_ms * 1e-3 / hop_s, (double)least) : 0;
}

static silbe_trellis_duration duration_of(double min_ms, double mean_ms, double hop_s)
{
    size_t least = frames_of(min_ms, hop_s);
    return (silbe_trellis_duration){least, mean_frames(mean_ms, least, hop_s), 0};
}

size_t silbe_phone_text_n_syllables(const silbe_phone_text *text)
{
    size_t n = 0;
    for (size_t w = 0; w < text->lyrics->n_words; w++) {
        const silbe_pronunciation *pronunciation = &text->words[w].items[0];
        for (size_t k = 0; k < pronunciation->n_phones; k++) {
            n += silbe_phone_is_nucleus(pronunciation->phones[k]);
        }
    }
    return n;
}

/* How long the song takes for a syllable; 0: not known. */
static double pace_of(const silbe_phone_text *text, double sung_s)
{
    size_t n_syllables = silbe_phone_text_n_syllables(text);
    return n_syllables > 0 ? sung_s / (double)n_syllables : 0;
}

/* What the shortest vowels of the settings are to be multiplied by, 0 .. 1. */
static double vowel_factor(const silbe_config *config, double pace_s)
{
    double longest_s = config->lyrics.vowel_min_ms * 1e-3;
    if (config->lyrics.vowel_min_pace <= 0 || pace_s <= 0 || longest_s <= 0) {
        return 1;
    }
    return fmin(1, config->lyrics.vowel_min_pace * pace_s / longest_s);
}

/* Of a vowel; weak ones in the proportion of their least durations. 0: no model. */
static double vowel_mean_ms(const silbe_config *config, double pace_s, bool is_schwa)
{
    double shortest_ms = config->lyrics.vowel_min_ms;
    double mean_ms = config->lyrics.vowel_mean_ms > 0
                         ? config->lyrics.vowel_mean_ms
                         : 1e3 * config->lyrics.vowel_mean_pace * pace_s;
    return is_schwa && shortest_ms > 0 ? mean_ms * config->lyrics.schwa_min_ms / shortest_ms
                                       : mean_ms;
}

static void set_durations(const silbe_config *config, double hop_s, double pace_s,
                          silbe_trellis_duration *durations)
{
    double vowels = vowel_factor(config, pace_s);
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        const silbe_phone_info *phone = silbe_phone_get(k);
        double min_ms = config->lyrics.obstruent_min_ms, mean_ms = config->lyrics.obstruent_mean_ms;
        bool is_schwa = phone->symbol[0] == '@' || phone->symbol[0] == '6';
        switch (phone->phone_class) {
        case SILBE_PHONE_CLASS_VOWEL:
            min_ms =
                vowels * (is_schwa ? config->lyrics.schwa_min_ms : config->lyrics.vowel_min_ms);
            mean_ms = vowel_mean_ms(config, pace_s, is_schwa);
            break;
        case SILBE_PHONE_CLASS_GLIDE:
            min_ms = config->lyrics.glide_min_ms;
            mean_ms = config->lyrics.glide_mean_ms;
            break;
        case SILBE_PHONE_CLASS_NASAL:
        case SILBE_PHONE_CLASS_LIQUID:
            min_ms = config->lyrics.sonorant_min_ms;
            mean_ms = config->lyrics.sonorant_mean_ms;
            break;
        default:
            break;
        }
        durations[k] = duration_of(min_ms, mean_ms, hop_s);
        if (phone->phone_class == SILBE_PHONE_CLASS_VOWEL && config->lyrics.short_penalty > 0) {
            durations[k].short_logp =
                -config->lyrics.short_penalty / (double)durations[k].min_frames;
        }
    }
}

static void set_gaps(const silbe_config *config, double hop_s, silbe_trellis_text *text)
{
    int wildcard = config->lyrics.wildcard;
    silbe_trellis_gap gap = {.silence = SILBE_TRELLIS_OPTIONAL,
                             .silence_logp = -config->lyrics.silence_penalty,
                             .wildcard_logp = -config->lyrics.wildcard_entry_penalty};
    text->gap_words = text->gap_lines = text->gap_first = text->gap_last = gap;
    text->gap_words.silence_logp = -config->lyrics.word_silence_penalty;
    text->gap_words.silence_frames =
        mean_frames(config->lyrics.word_silence_mean_ms, text->silence_duration.min_frames, hop_s);
    if (wildcard != SILBE_WILDCARD_NEVER) {
        text->gap_first.wildcard = text->gap_last.wildcard = SILBE_TRELLIS_OPTIONAL;
    }
    if (wildcard == SILBE_WILDCARD_LINES) {
        text->gap_lines.wildcard = SILBE_TRELLIS_OPTIONAL;
    }
}

/* The user's own pronunciations, if there are any. */
static void read_list(const char *path, silbe_pronunciation_list *list, silbe_err *err)
{
    char *bytes = NULL;
    size_t n_bytes = 0;
    if (path[0] != '\0') {
        silbe_try(err, silbe_read_text(path, &bytes, &n_bytes, err));
        silbe_try(err, silbe_pronunciation_list_parse(path, bytes, n_bytes, list, err));
        free(bytes);
    }
}

static void pronounce(const silbe_config *config, const silbe_lyrics *lyrics,
                      silbe_word_phones *words, silbe_err *err)
{
    silbe_pronunciation_list list = SILBE_PRONUNCIATION_LIST_INIT;
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.voice = silbe_text_language_get(config, lyrics).voice;
    options.recognised_lines = silbe_text_language_recognises(config);
    options.max_pronunciations = (size_t)config->acoustic.variants;
    options.in_context = true;
    options.list = config->acoustic.pronunciations[0] != '\0' ? &list : NULL;
    read_list(config->acoustic.pronunciations, &list, err);
    silbe_try(err, silbe_pronounce_lyrics(&options, lyrics, words, err));
    silbe_pronunciation_list_free(&list);
}

/* Room for all pronunciations and their symbols. */
static void allocate(silbe_phone_text *text, silbe_err *err)
{
    size_t n_words = text->lyrics->n_words, n_lines = text->lyrics->n_lines;
    size_t n_pronunciations = 0, n_symbols = 0;
    for (size_t w = 0; w < n_words && !silbe_failed(err); w++) {
        for (size_t i = 0; i < text->words[w].n_items; i++) {
            n_symbols += text->words[w].items[i].n_phones;
        }
        n_pronunciations += text->words[w].n_items;
    }
    text->trellis_words = silbe_alloc(n_words, sizeof *text->trellis_words, "words", err);
    text->trellis_pronunciations =
        silbe_alloc(n_pronunciations, sizeof *text->trellis_pronunciations, "pronunciations", err);
    text->symbols = silbe_alloc(n_symbols, sizeof *text->symbols, "phones", err);
    text->trellis_lines = silbe_alloc(n_lines, sizeof *text->trellis_lines, "lines", err);
    text->durations = silbe_alloc(SILBE_N_PHONES, sizeof *text->durations, "durations", err);
}

static void fill(silbe_phone_text *text)
{
    silbe_trellis_pronunciation *pronunciation = text->trellis_pronunciations;
    int32_t *symbol = text->symbols;
    for (size_t w = 0; w < text->lyrics->n_words; w++) {
        const silbe_word_phones *word = &text->words[w];
        text->trellis_words[w] =
            (silbe_trellis_word){pronunciation, word->n_items, -(double)INFINITY};
        for (size_t i = 0; i < word->n_items; i++) {
            const silbe_pronunciation *from = &word->items[i];
            *pronunciation++ = (silbe_trellis_pronunciation){symbol, from->n_phones, from->logp};
            for (size_t k = 0; k < from->n_phones; k++) {
                *symbol++ = from->phones[k].phone;
            }
        }
    }
    for (size_t l = 0; l < text->lyrics->n_lines; l++) {
        const silbe_line *line = &text->lyrics->lines[l];
        text->trellis_lines[l] = (silbe_trellis_line){
            line->first_word, line->first_word + line->n_words, -(double)INFINITY};
    }
}

void silbe_phone_text_set_pace(const silbe_config *config, double hop_s, double sung_s,
                               silbe_phone_text *text)
{
    set_durations(config, hop_s, pace_of(text, sung_s), text->durations);
}

silbe_status silbe_phone_text_new(const silbe_config *config, const silbe_lyrics *lyrics,
                                  double hop_s, double sung_s, silbe_phone_text *text,
                                  silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *text = (silbe_phone_text)SILBE_PHONE_TEXT_INIT;
    text->lyrics = lyrics;
    text->words = silbe_alloc(lyrics->n_words, sizeof *text->words, "words", err);
    pronounce(config, lyrics, text->words, err);
    allocate(text, err);
    if (silbe_failed(err)) {
        return err->status;
    }
    fill(text);
    silbe_phone_text_set_pace(config, hop_s, sung_s, text);
    text->text = (silbe_trellis_text){
        .words = text->trellis_words,
        .n_words = lyrics->n_words,
        .lines = text->trellis_lines,
        .n_lines = lyrics->n_lines,
        .topology = SILBE_TRELLIS_HMM,
        .n_symbols = SILBE_N_PHONES,
        .silence = SILBE_PHONE_SILENCE,
        .durations = text->durations,
        .silence_duration =
            duration_of(config->lyrics.silence_min_ms, config->lyrics.silence_mean_ms, hop_s),
    };
    set_gaps(config, hop_s, &text->text);
    return SILBE_OK;
}
