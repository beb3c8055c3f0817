#include <string.h>

#include "datasets/demo/pronounce.h"
#include "tests/check.h"
#include "tests/datasets/demo/demo_item.h"

/* The syllable has these phones before and behind its vowel. */
static void expect_sung(const silbe_synth_sung *sung, const char *before, const char *after)
{
    char text[2][128] = {"", ""};
    for (size_t i = 0; i < sung->n_phones; i++) {
        if (i != sung->nucleus) {
            strcat(text[i > sung->nucleus], sung->phones[i]->ipa);
        }
    }
    assert_string_equal(text[0], before);
    assert_string_equal(text[1], after);
}

static void test_syllables_have_vowels(void **state)
{
    (void)state;
    for (size_t s = 0; silbe_demo_song_at(s) != NULL; s++) {
        silbe_synth_song song = SILBE_SYNTH_SONG_INIT;
        silbe_synth_sung sung[MAX_SYLLABLES];
        silbe_err err = SILBE_ERR_INIT;
        size_t n_fallback = 99;
        check_ok(silbe_demo_song_read(&song, silbe_demo_song_at(s), &err), err);
        check_ok(silbe_demo_pronounce(&song, sung, &n_fallback, &err), err);
        /* none with eSpeak NG 1.51; another version may see a word or two otherwise */
        assert_true(n_fallback * 10 <= song.n_words);
        for (size_t i = 0; i < song.n_syllables; i++) {
            assert_true(sung[i].nucleus < sung[i].n_phones);
            for (size_t k = 0; k < sung[i].n_phones; k++) {
                bool vowel = sung[i].phones[k]->kind == SILBE_SYNTH_VOWEL;
                assert_true(vowel || k != sung[i].nucleus);
                assert_true(!vowel || k == sung[i].nucleus || n_fallback > 0);
            }
        }
        silbe_demo_song_free(&song);
    }
}

/* Words of the first song: "Himmel", "geküßt,", "Blütenschimmer". The consonants hardly depend on
 * the version of eSpeak NG, shades of vowels do. */
static void test_known_words(void **state)
{
    (void)state;
    demo_item item;
    demo_item_open(&item, 0, 0);
    expect_sung(&item.sung[5], "h", "");
    expect_sung(&item.sung[6], "m", "l");
    expect_sung(&item.sung[12], "k", "st");
    expect_sung(&item.sung[16], "bl", "");
    expect_sung(&item.sung[17], "t", "n");
    expect_sung(&item.sung[18], "ʃ", "");
    demo_item_close(&item);
}

/* The syllables of the score need not be the dictionary's. */
static void test_fallback(void **state)
{
    (void)state;
    silbe_synth_source source = {.work = "X",
                                 .title = "X",
                                 .poet = "X",
                                 .key = "C:maj",
                                 .tempo_qpm = 60.0,
                                 .voice = "@4/4 C4/4 D4 E4 F4",
                                 .right_hand = "@4/4 r/1",
                                 .left_hand = "@4/4 r/1",
                                 .lyrics = "sanft Au-gen-b"};
    silbe_synth_song song = SILBE_SYNTH_SONG_INIT;
    silbe_synth_sung sung[8];
    silbe_err err = SILBE_ERR_INIT;
    size_t n_fallback = 0;
    check_ok(silbe_demo_song_read(&song, &source, &err), err);
    check_ok(silbe_demo_pronounce(&song, sung, &n_fallback, &err), err);
    assert_int_equal(n_fallback, 1);
    for (size_t i = 0; i < song.n_syllables; i++) {
        assert_true(sung[i].n_phones > 0);
        assert_int_equal(sung[i].phones[sung[i].nucleus]->kind, SILBE_SYNTH_VOWEL);
    }
    silbe_demo_song_free(&song);
}

static size_t onset_of(const char *ipa)
{
    const silbe_synth_phone *phones[8] = {NULL};
    size_t n = 0;
    while (*ipa != '\0') {
        size_t length = 0;
        phones[n] = silbe_synth_phone_find(ipa, &length);
        assert_non_null(phones[n]);
        ipa += length;
        n++;
    }
    return silbe_demo_onset_length(phones, n);
}

static void test_onsets(void **state)
{
    (void)state;
    assert_int_equal(onset_of(""), 0);
    assert_int_equal(onset_of("n"), 1);
    assert_int_equal(onset_of("ŋ"), 0);
    assert_int_equal(onset_of("nd"), 1);   /* Wan-dern */
    assert_int_equal(onset_of("pf"), 1);   /* Gip-feln */
    assert_int_equal(onset_of("çt"), 1);   /* schlech-ter */
    assert_int_equal(onset_of("ɾʃt"), 2);  /* ver-stehen */
    assert_int_equal(onset_of("nʃtr"), 3); /* an-strengen */
}

static void test_table(void **state)
{
    (void)state;
    size_t n = 0;
    const silbe_synth_phone *phones = silbe_synth_phones(&n);
    for (size_t i = 0; i < n; i++) {
        size_t length = 0;
        assert_ptr_equal(silbe_synth_phone_find(phones[i].ipa, &length), &phones[i]);
        assert_int_equal(length, strlen(phones[i].ipa));
        assert_true((phones[i].kind == SILBE_SYNTH_VOWEL) == (phones[i].duration_s <= 0.0F));
    }
    size_t length = 9;
    assert_null(silbe_synth_phone_find("ˈa", &length));
    assert_int_equal(length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syllables_have_vowels),
        cmocka_unit_test(test_known_words),
        cmocka_unit_test(test_fallback),
        cmocka_unit_test(test_onsets),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
