#include "features/base/speech/espeak.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "features/base/compare.h"
#include "features/base/memory.h"

#define MAX_VOICE_BYTES 64

/* libespeak-ng's mode bits: IPA or mnemonics, and the separator in bits 8 to 23. */
#define WITH_SEPARATOR ('_' << 8)

/* The state of libespeak-ng, as far as it has to be known. Guarded by the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER; /* taken before the lock, if at all */
static bool is_initialised = false;
static char loaded_voice[MAX_VOICE_BYTES] = "";

typedef struct {
    char *bytes; /* NUL-terminated once something was appended */
    size_t n;
    size_t capacity;
} growing_text;

static void append(growing_text *text, const char *bytes, size_t n, silbe_err *err)
{
    while (text->capacity - text->n <= n && !silbe_failed(err)) {
        text->bytes =
            silbe_grow(text->bytes, text->capacity, &text->capacity, 1, "bytes of phonemes", err);
    }
    if (!silbe_failed(err)) {
        memcpy(text->bytes + text->n, bytes, n);
        text->n += n;
        text->bytes[text->n] = '\0';
    }
}

/* Without espeak_Initialize, which would look for a sound card, and whose sound server complains on
 * stderr where the home folder cannot be written to. */
static void initialise(silbe_err *err)
{
    if (!is_initialised) {
        espeak_ng_ERROR_CONTEXT context = NULL;
        espeak_ng_InitializePath(NULL);
        if (espeak_ng_Initialize(&context) != ENS_OK) {
            espeak_ng_ClearErrorContext(&context);
            (void)silbe_fail(err, SILBE_ERR_IO,
                             "libespeak-ng does not find its data; install espeak-ng-data");
            return;
        }
        is_initialised = true;
    }
}

/* Lock held, initialised. */
static void list_voices(growing_text *text, silbe_err *err)
{
    const espeak_VOICE **voices = espeak_ListVoices(NULL);
    size_t n = 0;
    while (voices[n] != NULL) {
        n++;
    }
    const char **names = silbe_alloc(n, sizeof *names, "voices", err);
    size_t n_names = 0;
    for (size_t i = 0; i < n && names != NULL; i++) {
        /* The first byte is a priority. MBROLA's voices are there only if their data are. */
        if (strncmp(voices[i]->identifier, "mb", 2) != 0) {
            names[n_names++] = voices[i]->languages + 1;
        }
    }
    if (names != NULL) {
        qsort(names, n_names, sizeof *names, silbe_compare_texts);
    }
    append(text, "", 0, err);
    for (size_t i = 0; i < n_names; i++) {
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0) {
            append(text, " ", i > 0, err);
            append(text, names[i], strlen(names[i]), err);
        }
    }
    free(names);
}

static void select_voice(const char *voice, silbe_err *err)
{
    initialise(err);
    size_t n = strlen(voice);
    if (silbe_failed(err) || (n > 0 && strcmp(voice, loaded_voice) == 0)) {
        return;
    }
    loaded_voice[0] = '\0';
    if (n > 0 && n < MAX_VOICE_BYTES && espeak_SetVoiceByName(voice) == EE_OK) {
        memcpy(loaded_voice, voice, n + 1);
        return;
    }
    growing_text known = {NULL, 0, 0};
    list_voices(&known, err);
    silbe_try(err,
              silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "libespeak-ng has no voice \"%.40s\"; there are: %s", voice, known.bytes));
    free(known.bytes);
}

/* All clauses in one mode, '\n' between them. */
static void translate(const char *text, int mode, growing_text *out, silbe_err *err)
{
    append(out, "", 0, err);
    const void *rest = text;
    while (rest != NULL && !silbe_failed(err)) {
        const char *clause = espeak_TextToPhonemes(&rest, espeakCHARS_UTF8, mode);
        if (clause != NULL && *clause != '\0') {
            append(out, "\n", out->n > 0, err);
            append(out, clause, strlen(clause), err);
        }
    }
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        n++;
    }
    return n;
}

static void replace(growing_text *text, const char *old, const char *new, silbe_err *err)
{
    growing_text out = {NULL, 0, 0};
    const char *from = text->bytes;
    for (const char *at; (at = strstr(from, old)) != NULL; from = at + strlen(old)) {
        append(&out, from, (size_t)(at - from), err);
        append(&out, new, strlen(new), err);
    }
    append(&out, from, strlen(from), err);
    if (silbe_failed(err)) {
        free(out.bytes);
        return;
    }
    free(text->bytes);
    *text = out;
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
    /* From here on: what every version says, but nobody sings. */
    {"en-us", {"ʔ_n̩", NULL}, "t_n̩", NULL}, /* button */
    {"es", {"ɣ", NULL}, "ɡ", NULL},        /* amigo: no ch */
    {"es", {"ð", NULL}, "d", NULL},        /* ciudad */
    {"fr", {"y_ˈi", NULL}, "ɥ_ˈi", NULL},  /* nuit: one syllable */
    {"fr", {"y_i", NULL}, "ɥ_i", NULL},    /* puissance */
    {"fr", {"y_ˈɛ̃", NULL}, "ɥ_ˈɛ̃", NULL},  /* juin */
    {"fr", {"i_ˈɛ̃", NULL}, "j_ˈɛ̃", NULL},  /* rien */
    {"it", {"ɲ_ɲ", NULL}, "ɲ", NULL},      /* sogno */
    {"it", {"ʊ_ˈɔ", NULL}, "w_ˈɔ", NULL},  /* cuore */
    {"it", {"ʊ_ɔ", NULL}, "w_ɔ", NULL},
    {"it", {"ɔ_i", NULL}, "ɔɪ", NULL}, /* poi */
    {"it", {"o_i", NULL}, "oɪ", NULL},
    {"it", {"ɛ_i", NULL}, "ɛɪ", NULL}, /* sei */
    {"it", {"a_ʊ", NULL}, "aʊ", NULL}, /* aura */
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
static bool confirm(const char *text, const char *ipa, const char *const said[2],
                    const char *mnemonic, silbe_err *err)
{
    growing_text mnemonics = {NULL, 0, 0};
    translate(text, WITH_SEPARATOR, &mnemonics, err);
    bool is_so = !silbe_failed(err) &&
                 count(mnemonics.bytes, mnemonic) == count(ipa, said[0]) + count(ipa, said[1]);
    free(mnemonics.bytes);
    return is_so;
}

/* Spells phonemes one way. Lock held, the voice selected. A phoneme without IPA that is not in the
 * table stays "??", and whoever maps it reports "?". */
static void settle(const char *text, growing_text *ipa, silbe_err *err)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0] && !silbe_failed(err); i++) {
        const char *const *said = spellings[i].said;
        const char *mnemonic = spellings[i].mnemonic;
        bool found = strstr(ipa->bytes, said[0]) != NULL ||
                     (said[1] != NULL && strstr(ipa->bytes, said[1]) != NULL);
        if (found && is_spoken(spellings[i].language) &&
            (mnemonic == NULL || confirm(text, ipa->bytes, said, mnemonic, err))) {
            for (size_t k = 0; k < 2 && said[k] != NULL; k++) {
                replace(ipa, said[k], spellings[i].settled, err);
            }
        }
    }
}

silbe_status silbe_espeak_phonemes(const char *voice, const char *text, char **phonemes,
                                   silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *phonemes = NULL;
    if (u8_check((const uint8_t *)text, strlen(text)) != NULL) {
        return silbe_fail(err, SILBE_ERR_DATA, "text for libespeak-ng is not UTF-8");
    }
    growing_text ipa = {NULL, 0, 0};
    pthread_mutex_lock(&lock);
    select_voice(voice, err);
    translate(text, WITH_SEPARATOR | espeakPHONEMES_IPA, &ipa, err);
    settle(text, &ipa, err);
    pthread_mutex_unlock(&lock);
    if (silbe_failed(err)) {
        free(ipa.bytes);
    } else {
        *phonemes = ipa.bytes;
    }
    return err->status;
}

void silbe_espeak_begin(void)
{
    pthread_mutex_lock(&turn);
}

void silbe_espeak_end(void)
{
    pthread_mutex_unlock(&turn);
}

silbe_status silbe_espeak_check_voice(const char *voice, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    pthread_mutex_lock(&lock);
    select_voice(voice, err);
    pthread_mutex_unlock(&lock);
    return err->status;
}

silbe_status silbe_espeak_data(char **folder, size_t *n_languages, silbe_err *err)
{
    silbe_err own;
    growing_text names = {NULL, 0, 0};
    const char *path = "";
    err = silbe_err_begin(err, &own);
    *folder = NULL;
    *n_languages = 0;
    pthread_mutex_lock(&lock);
    initialise(err);
    if (!silbe_failed(err)) {
        list_voices(&names, err);
        (void)espeak_Info(&path);
    }
    pthread_mutex_unlock(&lock);
    *folder = silbe_copy_text(path, err);
    if (!silbe_failed(err)) {
        *n_languages = names.n > 0 ? count(names.bytes, " ") + 1 : 0;
    }
    free(names.bytes);
    return err->status;
}

const char *silbe_espeak_version(void)
{
    const char *path = NULL;
    return espeak_Info(&path);
}
