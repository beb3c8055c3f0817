#include "align/lyrics/german.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

bool silbe_german_is_voice(const char *voice)
{
    return strcmp(voice, "German") == 0 ||
           (strncmp(voice, "de", 2) == 0 &&
            (voice[2] == '\0' || voice[2] == '-' || voice[2] == '+'));
}

typedef struct {
    const char *from;
    const char *to;
} pair;

#define N(table) (sizeof(table) / sizeof((table)[0]))

static const pair abbreviations[] = {
    {"bzw", "beziehungsweise"}, {"d.h", "das heißt"},   {"d.i", "das ist"},
    {"dr", "doktor"},           {"etc", "et zetera"},   {"fr", "frau"},
    {"hl", "heilige"},          {"hr", "herr"},         {"nr", "nummer"},
    {"s.o", "siehe oben"},      {"st", "sankt"},        {"u.a", "unter anderem"},
    {"u.s.w", "und so weiter"}, {"usf", "und so fort"}, {"usw", "und so weiter"},
    {"z.b", "zum beispiel"},
};

const char *silbe_german_abbreviation(const char *key)
{
    for (size_t i = 0; i < N(abbreviations); i++) {
        if (strcmp(abbreviations[i].from, key) == 0) {
            return abbreviations[i].to;
        }
    }
    return NULL;
}

/* Beginnings of words and, where marked with '*', places inside words (compounds). First match. */
static const pair old_stems[] = {
    /* Sharp s after short vowels, until 1996: at the end and before consonants only. */
    {"*bewußt", "bewusst"},
    {"*blaß", "blass"},
    {"*biß", "biss"},
    {"daß", "dass"},
    {"eßt", "esst"},
    {"*faßt", "fasst"},
    {"*fluß", "fluss"},
    {"floß", "floss"},
    {"*frißt", "frisst"},
    {"gewiß", "gewiss"},
    {"genuß", "genuss"},
    {"goß", "goss"},
    {"*haß", "hass"},
    {"häßlich", "hässlich"},
    {"ißt", "isst"},
    {"*kuß", "kuss"},
    {"*küßt", "küsst"},
    {"*küß", "küss"},
    {"*laß", "lass"},
    {"*läßt", "lässt"},
    {"*mißt", "misst"},
    {"miß", "miss"},
    {"*muß", "muss"},
    {"*müßt", "müsst"},
    {"*naß", "nass"},
    {"*nuß", "nuss"},
    {"*paßt", "passt"},
    {"*preßt", "presst"},
    {"*riß", "riss"},
    {"*roß", "ross"},
    {"schloß", "schloss"},
    {"*schluß", "schluss"},
    {"*schuß", "schuss"},
    {"*verdruß", "verdruss"},
    {"wißt", "wisst"},
    {"*wußt", "wusst"},
    {"*wüßt", "wüsst"},
    /* d and t, c and z, ie and i. */
    {"brodt", "brot"},
    {"brod", "brot"},
    {"ceder", "zeder"},
    {"cither", "zither"},
    {"cypresse", "zypresse"},
    {"erndte", "ernte"},
    {"fieng", "fing"},
    {"gieng", "ging"},
    {"heerde", "herde"},
    {"hieng", "hing"},
    {"scepter", "zepter"},
    {"*schwerdt", "schwert"},
    {"*tödt", "töt"},
    {"*todt", "tot"},
};

/* What follows a t that ends the first part of a compound: "Gasthof" keeps its h. */
static const char *const h_stems[] = {
    "haar", "hab",  "haf",  "hall", "halt", "hand", "haup", "haus", "haut", "hauch", "heim", "heiß",
    "heit", "held", "hell", "hemd", "herb", "herr", "herv", "herz", "hieb", "hilf",  "himm", "hin",
    "hirt", "hoch", "hof",  "hold", "holz", "horn", "huld", "hund", "hüll", "hütt",
};

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Whether the h at text belongs to a compound's second part. */
static bool is_h_of_its_own(const char *text)
{
    for (size_t i = 0; i < N(h_stems); i++) {
        if (starts(text, h_stems[i])) {
            return true;
        }
    }
    return false;
}

/* The old stem at text, or NULL. */
static const pair *find_stem(const char *text, bool at_start, size_t *length)
{
    for (size_t i = 0; i < N(old_stems); i++) {
        const char *from = old_stems[i].from;
        bool anywhere = from[0] == '*';
        from += anywhere;
        size_t n = strlen(from);
        bool before_vowel = starts(text, from) && starts(from + n - 2, "ß") && text[n] != '\0' &&
                            strchr("aeiouy\xc3", text[n]) != NULL; /* Muße, Schloßen: long */
        if ((at_start || anywhere) && starts(text, from) && !before_vowel) {
            *length = n;
            return &old_stems[i];
        }
    }
    return NULL;
}

silbe_status silbe_german_modern(const char *part, char **modern, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    /* Stems grow by at most one byte; "schloß" with its two bytes for sharp s does not. */
    char *out = silbe_alloc(2 * strlen(part) + 8, 1, "bytes of a word", err);
    *modern = out;
    if (out == NULL) {
        return err->status;
    }
    size_t n = 0;
    for (const char *at = part; *at != '\0';) {
        size_t length = 0;
        const pair *stem = find_stem(at, at == part, &length);
        if (stem != NULL) {
            memcpy(out + n, stem->to, strlen(stem->to));
            n += strlen(stem->to);
            at += length;
        } else if (starts(at, "th") && (at == part || !is_h_of_its_own(at + 1))) {
            out[n++] = 't';
            at += 2;
        } else if (starts(at, "th")) { /* libespeak-ng would swallow the h of "Gasthof" */
            out[n++] = 't';
            out[n++] = ' ';
            at++;
        } else if ((starts(at, "ey") || starts(at, "ay")) && strcmp(part, "hey") != 0) {
            out[n++] = at[0];
            out[n++] = 'i';
            at += 2;
        } else if (*at == '\'' && (at == part || at[1] == '\0')) {
            at++; /* inside a word libespeak-ng takes it as it is meant: "ew'ge" keeps its long e */
        } else {
            out[n++] = *at++;
        }
    }
    out[n] = '\0';
    return SILBE_OK;
}

/* ä, ö, ü, and é begin with byte C3; ß is C3 9F and no vowel. */
static bool has_vowel_or_digit(const char *word)
{
    for (const char *c = word; *c != '\0'; c++) {
        if (strchr("aeiouy0123456789", *c) != NULL ||
            ((unsigned char)*c == 0xc3 && (unsigned char)c[1] != 0x9f)) {
            return true;
        }
    }
    return false;
}

static const pair consonants[] = {
    {"sch", "S"}, {"ch", "x"}, {"ck", "k"}, {"ng", "N"}, {"ph", "f"},  {"th", "t"},  {"qu", "k v"},
    {"b", "b"},   {"c", "k"},  {"d", "d"},  {"f", "f"},  {"g", "g"},   {"h", "h"},   {"j", "j"},
    {"k", "k"},   {"l", "l"},  {"m", "m"},  {"n", "n"},  {"p", "p"},   {"q", "k"},   {"r", "r"},
    {"s", "s"},   {"t", "t"},  {"v", "f"},  {"w", "v"},  {"x", "k s"}, {"z", "t s"}, {"ß", "s"},
};

silbe_status silbe_german_consonants(const char *word, silbe_phone *phones, size_t capacity,
                                     size_t *n, silbe_err *err)
{
    *n = 0;
    if (has_vowel_or_digit(word)) {
        return SILBE_OK;
    }
    for (const char *at = word; *at != '\0';) {
        size_t found = 0;
        while (found < N(consonants) && !starts(at, consonants[found].from)) {
            found++;
        }
        if (found == N(consonants)) {
            at++; /* apostrophes */
            continue;
        }
        const char *symbols = consonants[found].to;
        for (const char *s = symbols; *s != '\0'; s++) {
            if (*s == ' ') {
                continue;
            }
            if (*n == capacity) {
                return silbe_fail(err, SILBE_ERR_DATA, "more than %zu phones", capacity);
            }
            phones[(*n)++] = (silbe_phone){(uint8_t)silbe_phone_find(s, 1), 0};
        }
        at += strlen(consonants[found].from);
    }
    return SILBE_OK;
}

static bool is_voiceless(silbe_phone phone)
{
    const silbe_phone_info *info = silbe_phone_get(phone.phone);
    return !info->voiced && info->symbol[0] != 'h' &&
           (info->phone_class == SILBE_PHONE_CLASS_FRICATIVE ||
            info->phone_class == SILBE_PHONE_CLASS_PLOSIVE);
}

static bool is_symbol(silbe_phone phone, char symbol)
{
    const char *is = silbe_phone_get(phone.phone)->symbol;
    return is[0] == symbol && is[1] == '\0';
}

static uint8_t phone_of(char symbol)
{
    return (uint8_t)silbe_phone_find(&symbol, 1);
}

size_t silbe_german_repair(silbe_phone *phones, size_t n)
{
    static const char voiced[] = "bdg";
    static const char voiceless[] = "ptk";
    for (size_t i = 0; i < n; i++) {
        if (is_symbol(phones[i], 'y') && (phones[i].marks & SILBE_MARK_LONG) == 0) {
            phones[i].phone = phone_of('Y');
        }
        for (size_t v = 0; v < 3; v++) {
            if (i + 1 < n && is_symbol(phones[i], voiced[v]) && is_voiceless(phones[i + 1])) {
                phones[i].phone = phone_of(voiceless[v]);
            }
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_double = kept > 0 && phones[i].phone == phones[kept - 1].phone &&
                         silbe_phone_get(phones[i].phone)->phone_class != SILBE_PHONE_CLASS_VOWEL;
        if (is_double) {
            phones[kept - 1].marks |= SILBE_MARK_LONG;
        } else {
            phones[kept++] = phones[i];
        }
    }
    return kept;
}
