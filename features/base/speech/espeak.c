#include "features/base/speech/espeak.h"

#include <espeak-ng/speak_lib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "features/base/compare.h"

#define MAX_VOICE_BYTES 64

/* libespeak-ng's mode bits: IPA or mnemonics, and the separator in bits 8 to 23. */
#define WITH_SEPARATOR ('_' << 8)

/* The state of libespeak-ng, as far as it has to be known. Guarded by the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool is_initialised = false;
static char loaded_voice[MAX_VOICE_BYTES] = "";

typedef struct {
    char *bytes; /* NUL-terminated once something was appended */
    size_t n;
    size_t capacity;
} growing_text;

static silbe_status append(growing_text *text, const char *bytes, size_t n, silbe_err *err)
{
    if (text->capacity - text->n <= n) {
        size_t capacity = 2 * (text->n + n) + 64;
        char *moved = realloc(text->bytes, capacity);
        if (moved == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu bytes of phonemes",
                              capacity);
        }
        text->bytes = moved;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->n, bytes, n);
    text->n += n;
    text->bytes[text->n] = '\0';
    return SILBE_OK;
}

static silbe_status initialise(silbe_err *err)
{
    if (!is_initialised) {
        if (espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, espeakINITIALIZE_DONT_EXIT) < 0) {
            return silbe_fail(err, SILBE_ERR_IO,
                              "libespeak-ng does not find its data; install espeak-ng-data");
        }
        is_initialised = true;
    }
    return SILBE_OK;
}

/* Lock held, initialised. */
static silbe_status list_voices(growing_text *text, silbe_err *err)
{
    const espeak_VOICE **voices = espeak_ListVoices(NULL);
    size_t n = 0;
    while (voices[n] != NULL) {
        n++;
    }
    const char **names = calloc(n + 1, sizeof *names);
    if (names == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for %zu voices", n);
    }
    size_t n_names = 0;
    for (size_t i = 0; i < n; i++) {
        /* The first byte is a priority. MBROLA's voices are there only if their data are. */
        if (strncmp(voices[i]->identifier, "mb", 2) != 0) {
            names[n_names++] = voices[i]->languages + 1;
        }
    }
    qsort(names, n_names, sizeof *names, silbe_compare_texts);
    silbe_status status = append(text, "", 0, err);
    for (size_t i = 0; i < n_names && status == SILBE_OK; i++) {
        if (i > 0 && strcmp(names[i], names[i - 1]) == 0) {
            continue;
        }
        if (i > 0) {
            status = append(text, " ", 1, err);
        }
        if (status == SILBE_OK) {
            status = append(text, names[i], strlen(names[i]), err);
        }
    }
    free(names);
    return status;
}

static silbe_status select_voice(const char *voice, silbe_err *err)
{
    silbe_status status = initialise(err);
    size_t n = strlen(voice);
    if (status != SILBE_OK || (n > 0 && strcmp(voice, loaded_voice) == 0)) {
        return status;
    }
    loaded_voice[0] = '\0';
    if (n > 0 && n < MAX_VOICE_BYTES && espeak_SetVoiceByName(voice) == EE_OK) {
        memcpy(loaded_voice, voice, n + 1);
        return SILBE_OK;
    }
    growing_text known = {NULL, 0, 0};
    status = list_voices(&known, err);
    if (status == SILBE_OK) {
        status =
            silbe_fail(err, SILBE_ERR_ARGUMENT,
                       "libespeak-ng has no voice \"%.40s\"; there are: %s", voice, known.bytes);
    }
    free(known.bytes);
    return status;
}

/* All clauses in one mode, '\n' between them. */
static silbe_status translate(const char *text, int mode, growing_text *out, silbe_err *err)
{
    silbe_status status = append(out, "", 0, err);
    const void *rest = text;
    while (rest != NULL && status == SILBE_OK) {
        const char *clause = espeak_TextToPhonemes(&rest, espeakCHARS_UTF8, mode);
        if (clause != NULL && *clause != '\0') {
            if (out->n > 0) {
                status = append(out, "\n", 1, err);
            }
            if (status == SILBE_OK) {
                status = append(out, clause, strlen(clause), err);
            }
        }
    }
    return status;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        n++;
    }
    return n;
}

static silbe_status replace(growing_text *text, const char *old, const char *new, silbe_err *err)
{
    growing_text out = {NULL, 0, 0};
    const char *from = text->bytes;
    silbe_status status = append(&out, "", 0, err);
    for (const char *at; status == SILBE_OK && (at = strstr(from, old)) != NULL;
         from = at + strlen(old)) {
        status = append(&out, from, (size_t)(at - from), err);
        if (status == SILBE_OK) {
            status = append(&out, new, strlen(new), err);
        }
    }
    if (status == SILBE_OK) {
        status = append(&out, from, strlen(from), err);
    }
    if (status != SILBE_OK) {
        free(out.bytes);
        return status;
    }
    free(text->bytes);
    *text = out;
    return SILBE_OK;
}

/*
 * One phoneme, two spellings: what libespeak-ng 1.51 (Debian 12) and 1.52 (Debian 13) write
 * differently, as the acoustic model learnt it. With it both give the same phones for all German,
 * Spanish, Dutch and Latin words of Debian's word lists but for two, and for all but 1 in 3,000 of
 * the Italian, French, Portuguese and American ones; single German words are in align/lyrics. Where
 * mnemonic is not NULL, the phonemes' mnemonics must have it as often.
 */
static const struct {
    const char *language;
    const char *said[2];
    const char *settled;
    const char *mnemonic;
} spellings[] = {
    {"de", {"??", "ʊɐ"}, "UR", "UR"},    /* Sturm: 1.51 has no IPA for it */
    {"en-us", {"oː", NULL}, "ɔː", NULL}, /* four, glory: as in north since 1.52 */
    {"es", {"n_f", NULL}, "m_f", NULL},  /* enfermo: no longer assimilated since 1.52 */
};

/* By the voice that is selected: "de" for "de", "de+f2" and "German", "es" for "es-419" as well. */
static bool is_spoken(const char *language)
{
    const espeak_VOICE *voice = espeak_GetCurrentVoice();
    if (voice == NULL || voice->languages == NULL || voice->languages[0] == '\0') {
        return false;
    }
    const char *spoken = voice->languages + 1; /* after a priority */
    size_t n = strlen(language);
    return strncmp(spoken, language, n) == 0 && (spoken[n] == '\0' || spoken[n] == '-');
}

/* Whether ipa has the said phonemes as often as the mnemonics of text have their mnemonic. */
static silbe_status confirm(const char *text, const char *ipa, const char *const said[2],
                            const char *mnemonic, bool *is_so, silbe_err *err)
{
    growing_text mnemonics = {NULL, 0, 0};
    silbe_status status = translate(text, WITH_SEPARATOR, &mnemonics, err);
    if (status == SILBE_OK) {
        *is_so = count(mnemonics.bytes, mnemonic) == count(ipa, said[0]) + count(ipa, said[1]);
    }
    free(mnemonics.bytes);
    return status;
}

/* Spells phonemes one way. Lock held, the voice selected. A phoneme without IPA that is not in the
 * table stays "??", and whoever maps it reports "?". */
static silbe_status settle(const char *text, growing_text *ipa, silbe_err *err)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        const char *const *said = spellings[i].said;
        bool found = strstr(ipa->bytes, said[0]) != NULL ||
                     (said[1] != NULL && strstr(ipa->bytes, said[1]) != NULL);
        if (!found || !is_spoken(spellings[i].language)) {
            continue;
        }
        bool is_so = true;
        silbe_status status = SILBE_OK;
        if (spellings[i].mnemonic != NULL) {
            status = confirm(text, ipa->bytes, said, spellings[i].mnemonic, &is_so, err);
        }
        for (size_t k = 0; k < 2 && is_so && said[k] != NULL && status == SILBE_OK; k++) {
            status = replace(ipa, said[k], spellings[i].settled, err);
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}

silbe_status silbe_espeak_phonemes(const char *voice, const char *text, char **phonemes,
                                   silbe_err *err)
{
    *phonemes = NULL;
    if (u8_check((const uint8_t *)text, strlen(text)) != NULL) {
        return silbe_fail(err, SILBE_ERR_DATA, "text for libespeak-ng is not UTF-8");
    }
    growing_text ipa = {NULL, 0, 0};
    pthread_mutex_lock(&lock);
    silbe_status status = select_voice(voice, err);
    if (status == SILBE_OK) {
        status = translate(text, WITH_SEPARATOR | espeakPHONEMES_IPA, &ipa, err);
    }
    if (status == SILBE_OK) {
        status = settle(text, &ipa, err);
    }
    pthread_mutex_unlock(&lock);
    if (status != SILBE_OK) {
        free(ipa.bytes);
        return status;
    }
    *phonemes = ipa.bytes;
    return SILBE_OK;
}

silbe_status silbe_espeak_check_voice(const char *voice, silbe_err *err)
{
    pthread_mutex_lock(&lock);
    silbe_status status = select_voice(voice, err);
    pthread_mutex_unlock(&lock);
    return status;
}

const char *silbe_espeak_version(void)
{
    const char *path = NULL;
    return espeak_Info(&path);
}
