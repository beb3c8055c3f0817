/*
 * Words that libespeak-ng's German voice (1.51) gets wrong, checked against Duden's pronunciation
 * dictionary, and clitics, which it would spell. Sorted by bytes; symbols of the phone set, ":"
 * after a long vowel, "=" before the stressed one; "|" between pronunciations of different words
 * that are spelled alike (Weg, weg).
 */
#include <stdlib.h>
#include <string.h>

#include "align/lyrics/german.h"

typedef struct {
    const char *word;
    const char *phones;
} exception;

/* clang-format off */
static const exception exceptions[] = {
    {"'ch", "C"},
    {"'m", "m"},
    {"'n", "n"},
    {"'nauf", "n =a U^ f"},
    {"'naus", "n =a U^ s"},
    {"'ne", "n @"},
    {"'nein", "n =a I^ n"},
    {"'nem", "n @ m"},
    {"'nen", "n @ n"},
    {"'ner", "n 6"},
    {"'nes", "n @ s"},
    {"'r", "6"},
    {"'s", "s"},
    {"'st", "s t"},
    {"bergstrom", "b =E r k S t r o: m"},
    {"bergstroms", "b =E r k S t r o: m s"},
    {"blum", "b l =u: m"},
    {"blume", "b l =u: m @"},
    {"blumen", "b l =u: m @ n"},
    {"blumenstrauß", "b l =u: m @ n S t r a U^ s"},
    {"busen", "b =u: z @ n"},
    {"daher", "d a h =e: r"},
    {"der", "d e: r"},
    {"er", "e: r"},
    {"finster", "f =I n s t 6"},
    {"finstern", "f =I n s t 6 n"},
    {"finstre", "f =I n s t r @"},
    {"genie", "Z e n =i:"},
    {"hinweggetaut", "h I n v =E k g @ t a U^ t"},
    {"irregehen", "=I r @ g e: @ n"},
    {"lebewohl", "l e: b @ v =o: l"},
    {"orange", "o r =a: Z @"},
    {"scheidegruß", "S =a I^ d @ g r u: s"},
    {"sehnsucht", "z =e: n z U x t"},
    {"sehnsuchts", "z =e: n z U x t s"},
    {"stillestehn", "S t =I l @ S t e: n"},
    {"umher", "U m h =e: r"},
    {"unbarmherzge", "=U n b a r m h E r t s g @"},
    {"vogelgeschrei", "f =o: g @ l g @ S r a I^"},
    {"vor", "f o: r"},
    {"vöglein", "f =2: g l a I^ n"},
    {"vögleins", "f =2: g l a I^ n s"},
    {"wanderstab", "v =a n d 6 S t a: p"},
    {"wanderstabe", "v =a n d 6 S t a: b @"},
    {"weg", "v =E k|v =e: k"},
    {"wege", "v =e: g @"},
    {"wüste", "v =y: s t @"},
    {"wüsteneien", "v y: s t @ n =a I^ @ n"},
    {"wüstenein", "v y: s t @ n =a I^ n"},
};
/* clang-format on */

static int compare(const void *key, const void *item)
{
    return strcmp(key, ((const exception *)item)->word);
}

const char *silbe_german_exception(const char *word)
{
    const exception *found = bsearch(word, exceptions, sizeof exceptions / sizeof exceptions[0],
                                     sizeof exceptions[0], compare);
    return found != NULL ? found->phones : NULL;
}
