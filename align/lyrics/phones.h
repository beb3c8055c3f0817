/*
 * The phone set: what the acoustic model tells apart and the trellis aligns. 40 phones, made for
 * German; English, Dutch, Italian, Latin, Japanese and others are mapped onto it (phones_ipa.c).
 * The table itself, one line for each phone, is phones.c.
 *
 * - Diphthongs are two phones: the vowel that is held, and a glide ("I^", "U^", "Y^"), which in
 *   singing comes at the very end. Glides have symbols of their own because they last differently
 *   from the vowels they resemble, and in German sound lower (stage German: ae, ao, oe).
 *   "U^" is also [w], "Y^" also the glide in French "nuit".
 * - Affricates are plosive and fricative. Length, stress, nasality and the like are dropped from
 *   the phone and kept as marks beside it.
 * - Glottal stops are dropped: singers join words as often as not, and the gap sounds like silence.
 */
#ifndef SILBE_PHONES_H
#define SILBE_PHONES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "features/base/status.h"

enum {
    SILBE_PHONE_SILENCE = 0, /* silence, and music without voice */
    SILBE_N_PHONES = 40,
    SILBE_PHONE_SET_VERSION = 1, /* goes up with any change of order or meaning */
    SILBE_PHONE_NONE = 255
};

typedef enum {
    SILBE_PHONE_CLASS_SILENCE = 0,
    SILBE_PHONE_CLASS_VOWEL,
    SILBE_PHONE_CLASS_GLIDE, /* second part of a diphthong, [w] */
    SILBE_PHONE_CLASS_NASAL,
    SILBE_PHONE_CLASS_LIQUID, /* l r j */
    SILBE_PHONE_CLASS_FRICATIVE,
    SILBE_PHONE_CLASS_PLOSIVE,
    SILBE_N_PHONE_CLASSES
} silbe_phone_class;

/* Milliseconds. See phones.c for where the figures come from; training replaces them. */
typedef struct {
    float min_ms;      /* > 0 */
    float expected_ms; /* mean, > min_ms */
} silbe_phone_duration;

typedef struct {
    const char *symbol; /* ASCII, 1 or 2 characters (3 for "sil"), nearly SAMPA; unique */
    const char *ipa;    /* UTF-8; unique */
    silbe_phone_class phone_class;
    bool voiced;
    bool holdable; /* can carry a long note: vowels, and nasals and l when hummed */
    silbe_phone_duration speech;
    silbe_phone_duration singing;
} silbe_phone_info;

/* What the phone set drops: kept beside each phone, as bits. */
typedef enum {
    SILBE_MARK_LONG = 1,
    SILBE_MARK_STRESS = 2,     /* on the vowel */
    SILBE_MARK_SECONDARY = 4,  /* secondary stress */
    SILBE_MARK_GLIDE = 8,      /* no nucleus: second part of a diphthong */
    SILBE_MARK_AFFRICATE = 16, /* on both parts */
    SILBE_MARK_NASAL = 32,     /* nasalised vowel */
    SILBE_MARK_SYLLABIC = 64,  /* consonant that is a nucleus */
} silbe_phone_mark;

typedef struct {
    uint8_t phone; /* index, < SILBE_N_PHONES */
    uint8_t marks; /* silbe_phone_mark */
} silbe_phone;

/* NULL if phone >= SILBE_N_PHONES. Static. */
const silbe_phone_info *silbe_phone_get(size_t phone);

/* Index of the phone with this symbol or this IPA spelling (as in the table), or SILBE_PHONE_NONE.
 * No symbol is another phone's IPA spelling. */
size_t silbe_phone_find(const char *name, size_t n_bytes);

/* "vowel", "glide", ...; NULL for anything else. */
const char *silbe_phone_class_str(silbe_phone_class phone_class);

/* Whether the phone carries a syllable: vowels that are not marked as glides, and consonants that
 * are marked as syllabic. */
bool silbe_phone_is_nucleus(silbe_phone phone);

/*
 * Maps IPA onto phones: one phoneme or several, with '_', blanks and newlines between them, as
 * silbe_espeak_phonemes gives them. Of several vowels in one phoneme (a diphthong) the first is
 * held and the others are glides, unless IPA's U+032F says otherwise. A phoneme of a plosive and a
 * fricative is an affricate.
 *
 * Appends to phones[*n_phones ..]; capacity is that of the array. What has no phone (a sign of a
 * language not met before) is left out and its first such code point put into *unmapped (may be
 * NULL; else set to 0 if all is mapped). SILBE_ERR_DATA if the array is too small,
 * SILBE_ERR_FORMAT if ipa is not UTF-8.
 */
SILBE_MUST_CHECK silbe_status silbe_phones_from_ipa(const char *ipa, silbe_phone *phones,
                                                    size_t capacity, size_t *n_phones,
                                                    uint32_t *unmapped, silbe_err *err);

/*
 * Reads phones that people wrote: symbols or IPA spellings of the table, with blanks between; ":"
 * or U+02D0 after one marks it as long, "=" or U+02C8 before one as stressed; a glide after a vowel
 * is marked as the second part of a diphthong. Reads n_bytes and appends to phones[*n_phones ..].
 * What is no phone: SILBE_ERR_FORMAT naming it; silence as well. SILBE_ERR_DATA if the array is too
 * small.
 */
SILBE_MUST_CHECK silbe_status silbe_phones_read(const char *text, size_t n_bytes,
                                                silbe_phone *phones, size_t capacity,
                                                size_t *n_phones, silbe_err *err);

/* Writes the symbols with blanks between, without marks: "m E: t" is "m E t". Returns the length
 * that the whole needs, like snprintf. */
size_t silbe_phones_write(const silbe_phone *phones, size_t n_phones, char *text, size_t size);

#endif
