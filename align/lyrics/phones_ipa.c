/*
 * IPA, as libespeak-ng's voices write it, onto the phone set.
 */
#include <string.h>

#include <unistr.h>

#include "align/lyrics/phones.h"

/*
 * Spelling to phones (symbols with blanks between), the longest first; what is not here is looked
 * up in the phone set itself. Sounds that German lacks go to the acoustically nearest phone: dental
 * fricatives to f and v (no sibilance) rather than to s and z, palatal nasals and laterals to two
 * phones, nasal vowels to the vowel (marked).
 */
/* clang-format off */
static const struct {
    const char *ipa;
    const char *phones;
} spellings[] = {
    /* Of several code points. */
    {"UR", "U r"}, /* libespeak-ng's mnemonic in "Sturm": it has no IPA for it */
    {"r̝̊", "r S"}, {"r̝", "r Z"}, {"sx", "S"}, {"ɪ̈", "I"}, {"u\"", "u"},
    /* Vowels. */
    {"ɜː", "9"}, {"ɑ", "a"}, {"ʌ", "a"}, {"æ", "E"}, {"ɒ", "O"}, {"ɜ", "6"}, {"ɚ", "6"}, {"ɝ", "6"},
    {"ɘ", "@"}, {"ᵻ", "I"}, {"ɨ", "I"}, {"ʉ", "y"}, {"ɵ", "Y"}, {"ɯ", "u"}, {"ɤ", "o"},
    {"ɞ", "9"}, {"ɶ", "9"}, {"ε", "E"}, {"ᵊ", "@"}, {"ɐ", "6"},
    /* Semivowels. */
    {"w", "U^"}, {"ɥ", "Y^"}, {"ʍ", "U^"}, {"ɰ", "U^"},
    /* Nasals and liquids. */
    {"ɱ", "m"}, {"ɲ", "n j"}, {"ɳ", "n"}, {"ɴ", "N"},
    {"ɫ", "l"}, {"ɭ", "l"}, {"ʎ", "l j"}, {"ɬ", "l"}, {"ɮ", "l"}, {"ʟ", "l"}, {"ɺ", "r"},
    {"ɹ", "r"}, {"ɾ", "r"}, {"ʁ", "r"}, {"ʀ", "r"}, {"ɽ", "r"}, {"ɻ", "r"}, {"ʝ", "j"},
    /* Fricatives. */
    {"θ", "f"}, {"ð", "v"}, {"ʋ", "v"}, {"β", "v"}, {"ɸ", "f"}, {"ɕ", "S"}, {"ʑ", "Z"},
    {"ʂ", "S"}, {"ʐ", "Z"}, {"ɣ", "x"}, {"χ", "x"}, {"ɦ", "h"}, {"ħ", "h"}, {"ʕ", "h"},
    {"ɧ", "S"},
    /* Plosives. */
    {"c", "t j"}, {"ɟ", "d j"}, {"ʈ", "t"}, {"ɖ", "d"}, {"q", "k"}, {"ɢ", "g"}, {"g", "g"},
    {"ɓ", "b"}, {"ɗ", "d"}, {"ɠ", "g"},
};
/* clang-format on */

enum {
    PRIMARY_STRESS = 0x2c8,
    SECONDARY_STRESS = 0x2cc,
    LONG_SIGN = 0x2d0,
    TILDE_ABOVE = 0x303,
    SYLLABIC_BELOW = 0x329,
    NON_SYLLABIC_BELOW = 0x32f,
    MAX_PHONEME_PHONES = 16
};

/* Glottal stop, half long, palatalised, labialised, aspirated, devoiced, tied, tones and the like:
 * dropped without a mark. */
static bool is_dropped(ucs4_t point)
{
    return point == '?' || point == 0x294 || point == 0x2d1 || point == '_' || point == '\'' ||
           point == '-' || (point >= 0x2b0 && point <= 0x2ff) ||
           (point >= 0x300 && point <= 0x36f) || (point >= 0x1d2c && point <= 0x1d6a) ||
           (point >= '0' && point <= '9') || point == 0x2191 || point == 0x2193 || point == 0x207f;
}

typedef struct {
    silbe_phone items[MAX_PHONEME_PHONES];
    size_t n;
} phoneme;

static void add(phoneme *to, const char *symbols)
{
    while (*symbols != '\0' && to->n < MAX_PHONEME_PHONES) {
        size_t n = strcspn(symbols, " ");
        to->items[to->n++] = (silbe_phone){(uint8_t)silbe_phone_find(symbols, n), 0};
        symbols += n + (symbols[n] == ' ');
    }
}

/* One sound at the head of [at, end): its length, 0 if there is none. */
static size_t map_sound(const char *at, const char *end, phoneme *to)
{
    size_t left = (size_t)(end - at);
    size_t best = 0;
    size_t length = 0;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        size_t n = strlen(spellings[i].ipa);
        if (n > length && n <= left && memcmp(at, spellings[i].ipa, n) == 0) {
            best = i;
            length = n;
        }
    }
    if (length > 0) {
        add(to, spellings[best].phones);
        if (length > 2 && memcmp(at + length - 2, "ː", 2) == 0) {
            to->items[to->n - 1].marks |= SILBE_MARK_LONG;
        }
        return length;
    }
    ucs4_t point = 0;
    int n = u8_mbtouc(&point, (const uint8_t *)at, left);
    size_t phone = silbe_phone_find(at, (size_t)n);
    /* Symbols are no IPA where they are no lower-case letters ("E", "2"); "∅" is no sound. */
    if (phone == SILBE_PHONE_NONE || phone == SILBE_PHONE_SILENCE ||
        (point < 128 && (point < 'a' || point > 'z'))) {
        return 0;
    }
    to->items[to->n++] = (silbe_phone){(uint8_t)phone, 0};
    return (size_t)n;
}

/* A mark on the sound before. */
static bool set_mark(ucs4_t point, phoneme *to)
{
    uint8_t mark = 0;
    switch (point) {
    case LONG_SIGN:
        mark = SILBE_MARK_LONG;
        break;
    case TILDE_ABOVE:
        mark = SILBE_MARK_NASAL;
        break;
    case SYLLABIC_BELOW:
        mark = SILBE_MARK_SYLLABIC;
        break;
    case NON_SYLLABIC_BELOW:
        mark = SILBE_MARK_GLIDE;
        break;
    default:
        return false;
    }
    if (to->n > 0) {
        to->items[to->n - 1].marks |= mark;
    }
    return true;
}

static bool is_vowel(silbe_phone phone)
{
    return silbe_phone_get(phone.phone)->phone_class == SILBE_PHONE_CLASS_VOWEL;
}

/* The glide that a vowel becomes as the second part of a diphthong. */
static const char *glide_of(silbe_phone phone)
{
    switch (silbe_phone_get(phone.phone)->symbol[0]) {
    case 'i':
    case 'I':
    case 'e':
        return "I^";
    case 'u':
    case 'U':
    case 'o':
        return "U^";
    case 'y':
    case 'Y':
    case '2':
        return "Y^";
    default:
        return NULL; /* centring diphthongs keep the vowel, marked as a glide */
    }
}

static void mark_glides(phoneme *of)
{
    bool marked = false; /* the first vowel itself is the glide: Romanian "ea" */
    for (size_t i = 0; i < of->n; i++) {
        marked = marked || (is_vowel(of->items[i]) && (of->items[i].marks & SILBE_MARK_GLIDE) != 0);
    }
    bool seen = false;
    for (size_t i = 0; i < of->n; i++) {
        silbe_phone *phone = &of->items[i];
        if (!is_vowel(*phone)) {
            continue;
        }
        if (seen && !marked) {
            phone->marks |= SILBE_MARK_GLIDE;
        }
        if ((phone->marks & SILBE_MARK_GLIDE) != 0 && glide_of(*phone) != NULL) {
            phone->phone = (uint8_t)silbe_phone_find(glide_of(*phone), 2);
        }
        seen = true;
    }
}

static void mark_affricate(phoneme *of)
{
    for (size_t i = 0; i + 1 < of->n; i++) {
        if (silbe_phone_get(of->items[i].phone)->phone_class == SILBE_PHONE_CLASS_PLOSIVE &&
            silbe_phone_get(of->items[i + 1].phone)->phone_class == SILBE_PHONE_CLASS_FRICATIVE) {
            of->items[i].marks |= SILBE_MARK_AFFRICATE;
            of->items[i + 1].marks |= SILBE_MARK_AFFRICATE;
        }
    }
}

/* Stress stands before the phoneme and goes to its first vowel. */
static void mark_stress(phoneme *of, uint8_t stress)
{
    for (size_t i = 0; i < of->n && stress != 0; i++) {
        if (silbe_phone_is_nucleus(of->items[i])) {
            of->items[i].marks |= stress;
            return;
        }
    }
}

static void map_phoneme(const char *at, const char *end, phoneme *to, uint32_t *unmapped)
{
    uint8_t stress = 0;
    const char *question = memchr(at, '?', (size_t)(end - at)); /* one is Danish stoed */
    if (question != NULL && question + 1 < end && question[1] == '?' && *unmapped == 0) {
        *unmapped = '?'; /* two: libespeak-ng has no IPA for it */
    }
    while (at < end) {
        ucs4_t point = 0;
        int n = u8_mbtouc(&point, (const uint8_t *)at, (size_t)(end - at));
        size_t length = to->n + 2 < MAX_PHONEME_PHONES ? map_sound(at, end, to) : 0;
        if (length > 0) {
            at += length;
            continue;
        }
        if (point == PRIMARY_STRESS) {
            stress = SILBE_MARK_STRESS;
        } else if (point == SECONDARY_STRESS) {
            stress = SILBE_MARK_SECONDARY;
        } else if (!set_mark(point, to) && !is_dropped(point) && *unmapped == 0) {
            *unmapped = point;
        }
        at += n;
    }
    mark_glides(to);
    mark_affricate(to);
    mark_stress(to, stress);
}

silbe_status silbe_phones_from_ipa(const char *ipa, silbe_phone *phones, size_t capacity,
                                   size_t *n_phones, uint32_t *unmapped, silbe_err *err)
{
    uint32_t ignored = 0;
    uint32_t *missing = unmapped != NULL ? unmapped : &ignored;
    *missing = 0;
    if (u8_check((const uint8_t *)ipa, strlen(ipa)) != NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "phonemes are not UTF-8");
    }
    while (*ipa != '\0') {
        size_t n = strcspn(ipa, "_ \n");
        phoneme mapped = {.n = 0};
        if (ipa[0] != '(') { /* "(en)": a change of language */
            map_phoneme(ipa, ipa + n, &mapped, missing);
        }
        if (mapped.n > capacity - *n_phones) {
            return silbe_fail(err, SILBE_ERR_DATA, "more than %zu phones", capacity);
        }
        memcpy(phones + *n_phones, mapped.items, mapped.n * sizeof *phones);
        *n_phones += mapped.n;
        ipa += n + (ipa[n] != '\0');
    }
    return SILBE_OK;
}
