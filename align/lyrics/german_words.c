/*
 * Words that libespeak-ng's German voice (1.51, 1.52) gets wrong, checked against Duden's
 * pronunciation dictionary, clitics, which it would spell, and words that the two say differently
 * (all there are in Debian's word lists of today's and of the old spelling). Sorted by bytes;
 * symbols of the phone set, ":" after a long vowel, "=" before the stressed one; "|" between
 * pronunciations of different words that are spelled alike (Weg, weg).
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
    {"akquise", "a k v =i: z @"},
    {"angina", "a N g =i: n a"},
    {"aubergine", "o b E r Z =i: n @"},
    {"balance", "b a l =a N s"},
    {"bergstrom", "b =E r k S t r o: m"},
    {"bergstroms", "b =E r k S t r o: m s"},
    {"biotechnologie", "b i o t E C n o l o g =i:"},
    {"blumenstrauß", "b l =u: m @ n S t r a U^ s"},
    {"bratschen", "b r =a: t S @ n"},
    {"bredouille", "b r e d =U l j @"},
    {"charisma", "k a r =I s m a"},
    {"chile", "t S =i: l @"},
    {"cuxhaven", "k U k s h =a: f @ n"},
    {"cuxhavens", "k U k s h =a: f @ n s"},
    {"daher", "d a h =e: r"},
    {"der", "d e: r"},
    {"er", "e: r"},
    {"espresso", "E s p r =E s o"},
    {"eunuch", "O Y^ n =u: x"},
    {"eunuche", "O Y^ n =u: x @"},
    {"eunuchen", "O Y^ n =u: x @ n"},
    {"genie", "Z e n =i:"},
    {"gina", "d Z =i: n a"},
    {"hinweggetaut", "h I n v =E k g @ t a U^ t"},
    {"irregehen", "=I r @ g e: @ n"},
    {"isotropie", "i z o t r o p =i:"},
    {"koscher", "k =o: S 6"},
    {"lebewohl", "l e: b @ v =o: l"},
    {"lok", "l =O k"},
    {"loks", "l =O k s"},
    {"mallorca", "m a j =O r k a"},
    {"maloche", "m a l =o: x @"},
    {"mückenstich", "m =Y k @ n S t I C"},
    {"orange", "o r =a: Z @"},
    {"präzise", "p r E t s =i: z @"},
    {"scheidegruß", "S =a I^ d @ g r u: s"},
    {"schwerin", "S v e r =i: n"},
    {"schwerins", "S v e r =i: n s"},
    {"sehnsucht", "z =e: n z U x t"},
    {"sehnsuchts", "z =e: n z U x t s"},
    {"serviette", "z E r v i =E t @"},
    {"stillestehn", "S t =I l @ S t e: n"},
    {"umher", "U m h =e: r"},
    {"unbarmherzge", "=U n b a r m h E r t s g @"},
    {"unpräzise", "=U n p r E t s i: z @"},
    {"vogelgeschrei", "f =o: g @ l g @ S r a I^"},
    {"vor", "f o: r"},
    {"vöglein", "f =2: g l a I^ n"},
    {"vögleins", "f =2: g l a I^ n s"},
    {"wanderstab", "v =a n d 6 S t a: p"},
    {"wanderstabe", "v =a n d 6 S t a: b @"},
    {"weg", "v =E k|v =e: k"},
    {"wege", "v =e: g @"},
    {"wust", "v =u: s t"},
    {"wusts", "v =u: s t s"},
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

/*
 * Stems that libespeak-ng gets wrong wherever they are: in words that contain the letters of stem,
 * the phones said become those meant. Mostly vowels that are long before several consonants.
 */
/* clang-format off */
static const struct {
    const char *stem;
    const char *said;
    const char *meant;
} stems[] = {
    {"artischock", "a r t I S", "a r t i S"},
    {"blum", "b l U m", "b l u: m"},
    {"bochum", "b O x U m", "b o: x U m"},
    {"busen", "b U s @", "b u: z @"},
    {"düster", "d Y s t", "d y: s t"},
    {"düsterer", "s t 6 @ r", "s t @ r @ r"},
    {"elektronisch", "t r o n i S", "t r o: n I S"},
    {"essentiell", "E s @ n t I", "E s E n t s i"},
    {"finst", "f i n s t", "f I n s t"},
    {"fluch", "f l U x", "f l u: x"},
    {"garage", "g a r a g @", "g a r a: Z @"},
    {"geburt", "b U r t", "b u: r t"},
    {"gemäld", "m E l d", "m E: l d"},
    {"großm", "g r O s", "g r o: s"},
    {"herz", "h 6 t s", "h E r t s"},
    {"höchst", "h 9 k s t", "h 2: C s t"},
    {"hört", "h 9 r t", "h 2: r t"},
    {"josef", "j o z e f", "j o: z E f"},
    {"kloster", "k l O s t", "k l o: s t"},
    {"kuchen", "k U x", "k u: x"},
    {"mond", "m O n", "m o: n"},
    {"mond", "m o n t @", "m o: n d @"},
    {"nervig", "n E r v I", "n E r f I"},
    {"nervig", "f I C @", "f I g @"},
    {"nervig", "f I C 6", "f I g 6"},
    {"obsolet", "z o l @ t", "z o l e: t"},
    {"phänomen", "f E n o m @ n", "f E n o m e: n"},
    {"phänomen", "f E n o m e n", "f E n o m e: n"},
    {"rätsel", "r E t z @ l", "r E: t s @ l"},
    {"rätsel", "r E t s l", "r E: t s @ l"},
    {"schuster", "S U s t", "S u: s t"},
    {"steg", "S t E k", "S t e: k"},
    {"stern", "s t 6 n", "S t E r n"},
    {"strauß", "s t r a", "S t r a"},
    {"strom", "s t r o", "S t r o:"},
    {"tibet", "t i b e t", "t i: b E t"},
    {"tuch", "t U x", "t u: x"},
    {"tüch", "t Y C", "t y: C"},
    {"werd", "v E r d", "v e: r d"},
    {"wert", "v E r t", "v e: r t"},
    {"wuchs", "v U x s", "v u: k s"},
    {"wuchs", "v U x z", "v u: k s"},
    {"wüst", "v Y s t", "v y: s t"},
};
/* clang-format on */

enum { MAX_STEM_PHONES = 8 };

static size_t read(const char *text, silbe_phone *phones)
{
    size_t n = 0;
    silbe_err ignored = SILBE_ERR_INIT;
    /* The table is right: silbe_german_check, run by the tests, reads it all. */
    return silbe_phones_read(text, strlen(text), phones, MAX_STEM_PHONES, &n, &ignored) == SILBE_OK
               ? n
               : 0;
}

static bool is_at(const silbe_phone *phones, const silbe_phone *said, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (phones[i].phone != said[i].phone) {
            return false;
        }
    }
    return true;
}

size_t silbe_german_repair_stems(const char *word, silbe_phone *phones, size_t n, size_t capacity)
{
    for (size_t s = 0; s < sizeof stems / sizeof stems[0]; s++) {
        if (strstr(word, stems[s].stem) == NULL) {
            continue;
        }
        silbe_phone said[MAX_STEM_PHONES];
        silbe_phone meant[MAX_STEM_PHONES];
        size_t n_said = read(stems[s].said, said);
        size_t n_meant = read(stems[s].meant, meant);
        for (size_t i = 0; n_said > 0 && i + n_said <= n; i++) {
            if (!is_at(phones + i, said, n_said) || n - n_said + n_meant > capacity) {
                continue;
            }
            memmove(phones + i + n_meant, phones + i + n_said, (n - i - n_said) * sizeof *phones);
            memcpy(phones + i, meant, n_meant * sizeof *phones);
            n = n - n_said + n_meant;
            i += n_meant - 1;
        }
    }
    return n;
}

static void check_phones(const char *word, const char *text, silbe_err *err)
{
    for (bool is_last = false; !is_last && !silbe_failed(err);) {
        silbe_phone phones[SILBE_N_PHONES];
        size_t n = 0;
        size_t length = strcspn(text, "|");
        if (silbe_phones_read(text, length, phones, SILBE_N_PHONES, &n, err) != SILBE_OK) {
            (void)silbe_fail_prefix(err, err->status, word);
        } else if (n == 0) {
            (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no phones", word);
        }
        is_last = text[length] == '\0';
        text += length + 1;
    }
}

silbe_status silbe_german_check(silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
        if (i > 0 && strcmp(exceptions[i - 1].word, exceptions[i].word) >= 0) {
            silbe_try(
                err, silbe_fail(err, SILBE_ERR_DATA, "%s is not in its place", exceptions[i].word));
        }
        check_phones(exceptions[i].word, exceptions[i].phones, err);
    }
    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++) {
        silbe_phone phones[MAX_STEM_PHONES];
        if (read(stems[i].said, phones) == 0 || read(stems[i].meant, phones) == 0) {
            silbe_try(err,
                      silbe_fail(err, SILBE_ERR_DATA, "%s: no phones, or too many", stems[i].stem));
        }
    }
    return err->status;
}
