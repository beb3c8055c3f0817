#include <string.h>

#include "align/lyrics/phones.h"
#include "features/base/speech/espeak.h"
#include "tests/align/lyrics/known_espeak.h"
#include "tests/check.h"

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < SILBE_N_PHONES; i++) {
        const silbe_phone_info *info = silbe_phone_get(i);
        assert_non_null(info);
        assert_int_equal(silbe_phone_find(info->symbol, strlen(info->symbol)), i);
        assert_int_equal(silbe_phone_find(info->ipa, strlen(info->ipa)), i);
        assert_non_null(silbe_phone_class_str(info->phone_class));
        assert_true(info->speech.min_ms > 0.0F && info->speech.expected_ms > info->speech.min_ms);
        assert_true(info->singing.min_ms > 0.0F &&
                    info->singing.expected_ms > info->singing.min_ms);
        if (info->phone_class == SILBE_PHONE_CLASS_VOWEL) {
            assert_true(info->voiced && info->holdable);
            assert_true(info->singing.expected_ms > info->speech.expected_ms);
        }
    }
    assert_null(silbe_phone_get(SILBE_N_PHONES));
    assert_null(silbe_phone_class_str(SILBE_N_PHONE_CLASSES));
    assert_string_equal(silbe_phone_get(SILBE_PHONE_SILENCE)->symbol, "sil");
    assert_int_equal(silbe_phone_find("aa", 2), SILBE_PHONE_NONE);
    assert_int_equal(silbe_phone_find("", 0), SILBE_PHONE_NONE);
}

static void expect(const char *ipa, const char *want)
{
    silbe_phone phones[64];
    size_t n = 0;
    uint32_t unmapped = 1;
    char text[256];
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_phones_from_ipa(ipa, phones, 64, &n, &unmapped, &err), err);
    assert_int_equal(unmapped, 0);
    silbe_phones_write(phones, n, text, sizeof text);
    assert_string_equal(text, want);
}

static void test_from_ipa(void **state)
{
    (void)state;
    expect("", "");
    expect("m_ˈɛː_t_ç_ə_n", "m E t C @ n");
    expect("ts_v_ˈaɪ", "t s v a I^");
    expect("d_ˈɔø_t_ʃ", "d O Y^ t S");
    expect("pf_ˈeː_ɾ_t\nʃ_t_ˈUR_m", "p f e r t S t U r m");
    expect("(en)_t_ˈiː_m_(de)", "t i m");
    expect("θ_ɹ_ˈɪ_l_ə ð_ə", "f r I l @ v @");
    expect("b_ˈɜː_d", "b 9 d");
    expect("ɲ_ˈo_kː_ɪ", "n j o k I");
    expect("w_ˈɔ_m_o", "U^ O m o");
    expect("n_ˈiə", "n i @");
    expect("r̝_ˈe_k_a", "r Z e k a");
    expect("ˈʔa", "a");
    expect("f_ʁ_ˈ?a_k", "f r a k");
}

static void test_marks(void **state)
{
    (void)state;
    silbe_phone phones[16];
    size_t n = 0;
    uint32_t unmapped = 0;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_phones_from_ipa("ts_ˈɛː_l_ˌaʊ_ɑ̃_n̩_iə", phones, 16, &n, &unmapped, &err), err);
    static const uint8_t want[] = {SILBE_MARK_AFFRICATE,
                                   SILBE_MARK_AFFRICATE,
                                   SILBE_MARK_LONG | SILBE_MARK_STRESS,
                                   0,
                                   SILBE_MARK_SECONDARY,
                                   SILBE_MARK_GLIDE,
                                   SILBE_MARK_NASAL,
                                   SILBE_MARK_SYLLABIC,
                                   0,
                                   SILBE_MARK_GLIDE};
    static const bool nuclei[] = {false, false, true, false, true, false, true, true, true, false};
    assert_int_equal(n, 10);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(phones[i].marks, want[i]);
        assert_int_equal(silbe_phone_is_nucleus(phones[i]), nuclei[i]);
    }
}

static void test_from_ipa_errors(void **state)
{
    (void)state;
    silbe_phone phones[2];
    size_t n = 0;
    uint32_t unmapped = 0;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_phones_from_ipa("a_☃_n", phones, 2, &n, &unmapped, &err), err);
    assert_int_equal(n, 2);
    assert_int_equal(unmapped, 0x2603);
    n = 0;
    check_ok(silbe_phones_from_ipa("f_??", phones, 2, &n, &unmapped, &err), err);
    assert_int_equal(unmapped, '?');
    n = 2;
    assert_int_equal(silbe_phones_from_ipa("a", phones, 2, &n, &unmapped, &err), SILBE_ERR_DATA);
    assert_int_equal(silbe_phones_from_ipa("\xff", phones, 2, &n, NULL, &err), SILBE_ERR_FORMAT);
}

static void test_read(void **state)
{
    (void)state;
    silbe_phone phones[8];
    size_t n = 0;
    silbe_err err = SILBE_ERR_INIT;
    const char *text = "=aː U^ ç E: g";
    char written[32];
    check_ok(silbe_phones_read(text, strlen(text), phones, 8, &n, &err), err);
    assert_int_equal(silbe_phones_write(phones, n, written, sizeof written), strlen("a U^ C E g"));
    assert_string_equal(written, "a U^ C E g");
    assert_int_equal(phones[0].marks, SILBE_MARK_LONG | SILBE_MARK_STRESS);
    assert_int_equal(phones[1].marks, SILBE_MARK_GLIDE);
    assert_int_equal(silbe_phones_write(phones, n, written, 4), strlen("a U^ C E g"));
    assert_string_equal(written, "a U");
    static const char *const bad[] = {"a q", "sil", ":", "a::", "=", "aI"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        n = 0;
        assert_int_equal(silbe_phones_read(bad[i], strlen(bad[i]), phones, 8, &n, &err),
                         SILBE_ERR_FORMAT);
        assert_non_null(strstr(err.message, "no phone"));
    }
    n = 8;
    assert_int_equal(silbe_phones_read("a", 1, phones, 8, &n, &err), SILBE_ERR_DATA);
}

/* Sentences with most sounds of each language: nothing may be left over. */
static void test_languages(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"de", "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich, dessen Genie "
               "Restaurant Chance Häuser Mädchen Jazz Garage durch Sturm Wurm Team Thriller"},
        {"en", "the quick brown fox jumps over the lazy dog; church joy measure thing near care "
               "poor boy house bird button little year which uh-oh"},
        {"en-us", "the quick brown fox jumps over the lazy dog; water butter bird hurry near care "
                  "orange little mountain loch"},
        {"nl", "pa's wijze lynx bezag vroom het fikse aquaduct; huis wij koud deur nieuw meeuw "
               "schip oranje jij ruim gij baby's loge"},
        {"it", "quel vituperabile xenofobo zelante assaggia il whisky ed esclama alleluja; gnocchi "
               "figlio ghiaccio pizza mezzo scena cielo uomo"},
        {"la", "ave Maria gratia plena dominus tecum benedicta tu; caelum quae agnus excelsis "
               "philosophia rex jam gloria poena"},
        {"fr", "portez ce vieux whisky au juge blond qui fume; un bon vin blanc, oeil feuille "
               "campagne nuit rue leçon garçon peur deux"},
        {"es", "el veloz murciélago hindú comía feliz cardillo y kiwi; la cigüeña tocaba el "
               "saxofón detrás del palenque de paja; perro llamar agua"},
        {"sv", "flygande bäckasiner söka hwila på mjuka tuvor; sjunga kärlek kjol hus ute barn"},
        {"da", "høj bly gom vandt fræk sexquiz på wc; kærlighed rødgrød dag gade mad"},
        {"cs", "příliš žluťoučký kůň úpěl ďábelské ódy; řeka děti chléb vlk krk"},
        {"pl", "pchnąć w tę łódź jeża lub ośm skrzyń fig; źdźbło wąż dzień życie szczęście"},
        {"fi", "törkylempijävongahdus; hyvää yötä laulu kuu rakkaus tie suo"},
        {"pt", "à noite, vovô Kowalsky vê o ímã cair no pé do pinguim queixoso; coração não mãe "
               "filha chuva"},
        {"hu", "árvíztűrő tükörfúrógép; gyöngy szép tyúk zseni csók dzsungel ágy nyár"},
        {"ru", "съешь же ещё этих мягких французских булок, да выпей чаю; жизнь щука цирк объём"},
    };
    size_t n_unmapped = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *ipa = NULL;
        silbe_phone phones[2048];
        size_t n = 0;
        uint32_t unmapped = 0;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_espeak_phonemes(texts[i][0], texts[i][1], &ipa, &err), err);
        check_ok(silbe_phones_from_ipa(ipa, phones, 2048, &n, &unmapped, &err), err);
        if (unmapped != 0) {
            print_error("%s: no phone for U+%04X in %s\n", texts[i][0], (unsigned)unmapped, ipa);
            n_unmapped++;
        }
        assert_true(n > strlen(texts[i][1]) / 3);
        free(ipa);
    }
    check_wrong_words(n_unmapped, sizeof texts / sizeof texts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table), cmocka_unit_test(test_from_ipa),
        cmocka_unit_test(test_marks), cmocka_unit_test(test_from_ipa_errors),
        cmocka_unit_test(test_read),  cmocka_unit_test(test_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
