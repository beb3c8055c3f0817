/* Lexicon, cache of features, corpus: on a folder made here. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/train/augment/augment.h"
#include "pipeline/train/data/corpus.h"
#include "pipeline/train/data/logmel_cache.h"
#include "tests/check.h"

static const char *const root = "test_corpus_root", *const work = "test_corpus_work";

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void write_sound(const char *path, double hz)
{
    static float samples[16000];
    SF_INFO info = {.samplerate = 16000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    assert_non_null(file);
    for (int i = 0; i < 16000; i++) {
        samples[i] = 0.3F * (float)sin(6.283185307179586 * hz * i / 16000.0);
    }
    assert_int_equal(sf_write_float(file, samples, 16000), 16000);
    assert_int_equal(sf_close(file), 0);
}

static void test_lexicon(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_lexicon l = SILBE_LEXICON_INIT;
    size_t a, b, c;
    char word[32];
    check_ok(silbe_lexicon_add(&l, "romaji", "J", 1, &a, &err), err);
    assert_string_equal(silbe_phone_get(l.words[a].phones.items[0].phones[0].phone)->symbol, "j");
    check_ok(silbe_lexicon_add(&l, "de", "Mond", 4, &b, &err), err);
    check_ok(silbe_lexicon_add(&l, "nl", "Mond", 4, &c, &err), err);
    assert_true(b != c);
    for (int i = 0; i < 1500; i++) { /* the table grows */
        (void)snprintf(word, sizeof word, "%c%c%c%c%c", "kstnr"[i % 5], "aeiou"[i / 5 % 5],
                       "kstnr"[i / 25 % 5], "aeiou"[i / 125 % 5], "aeiou"[i / 625]);
        check_ok(silbe_lexicon_add(&l, "romaji", word, 1, &a, &err), err);
    }
    assert_int_equal(l.n_words, 1503);
    check_ok(silbe_lexicon_add(&l, "de", "Mond", 4, &c, &err), err);
    assert_int_equal(b, c);
    size_t n = l.n_words;
    assert_int_equal(silbe_lexicon_add(&l, "de", "!!", 4, &c, &err), SILBE_ERR_DATA);
    assert_int_equal(l.n_words, n);
    silbe_lexicon_free(&l);
}

static void make_root(void)
{
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_make_folders("test_corpus_root/de_kerstin", &err), err);
    char text[4096] = "dataset\tlang\tkind\tfile\tseconds\ttext\n";
    for (int i = 0; i < 12; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "%s/de_kerstin/%d.wav", root, i);
        write_sound(path, 200.0 + 100.0 * i);
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used,
                       "de_kerstin\tde\tspeech\tde_kerstin/%d.wav\t1.0\t%s\n", i,
                       i == 7 ? "- ..." : "Guten Tag – Mond");
    }
    write_text("test_corpus_root/manifest.tsv", text);
}

static void test_corpus(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_corpus_options o = silbe_corpus_options_default();
    silbe_corpus a = SILBE_CORPUS_INIT, b = SILBE_CORPUS_INIT;
    make_root();
    o.root = root;
    o.work = work;
    o.sets = "de_kerstin";
    check_ok(silbe_corpus_read(&o, &a, &err), err);
    assert_int_equal(a.n_utterances, 11);
    assert_int_equal(a.n_left_out, 1);
    assert_non_null(strstr(a.left_out[0].item->file, "7.wav"));
    assert_int_equal(a.utterances[0].n_words, 3);
    assert_int_equal(a.lexicon.n_words, 3);
    assert_int_equal(a.utterances[3].logmel.n_rows, 100);
    check_ok(silbe_corpus_read(&o, &b, &err), err); /* from the cache */
    for (size_t i = 0; i < 11; i++) {
        assert_memory_equal(a.utterances[i].logmel.data, b.utterances[i].logmel.data, 100 * 80 * 4);
    }
    silbe_corpus_free(&b);
    /* A share, spread over the rows. */
    o.max_seconds = 2.0;
    check_ok(silbe_corpus_read(&o, &b, &err), err);
    assert_int_equal(b.n_utterances, 2);
    silbe_corpus_free(&b);
    /* A damaged file of the cache is made again; a changed recording has another one. */
    o.max_seconds = 0.0;
    silbe_logmel_cache *cache;
    silbe_matrix m = SILBE_MATRIX_INIT;
    check_ok(silbe_logmel_cache_new(work, &o.logmel, &cache, &err), err);
    write_sound("test_corpus_root/de_kerstin/0.wav", 3000.0);
    check_ok(silbe_logmel_cache_get(cache, "test_corpus_root/de_kerstin/0.wav", &m, &err), err);
    assert_true(memcmp(m.data, a.utterances[0].logmel.data, 100 * 80 * 4) != 0);
    silbe_matrix_free(&m);
    /* A missing recording is told; too many of them are an error. */
    assert_int_equal(unlink("test_corpus_root/de_kerstin/3.wav"), 0);
    assert_int_equal(silbe_corpus_read(&o, &b, &err), SILBE_ERR_DATA);
    assert_non_null(strstr(err.message, "de_kerstin/7.wav"));
    assert_null(b.utterances);
    o.sets = "de_emodb";
    assert_int_equal(silbe_corpus_read(&o, &b, &err), SILBE_ERR_ARGUMENT);
    o.sets = "de_kerstin";
    o.root = "test_corpus_none";
    assert_int_equal(silbe_corpus_read(&o, &b, &err), SILBE_ERR_IO);
    silbe_logmel_cache_free(cache);
    silbe_corpus_free(&a);
}

static void test_means(void **state)
{
    (void)state;
    float x[] = {1, 10, 3, 20, 5, 30};
    const float want[] = {-2, -10, 0, 0, 2, 10};
    silbe_remove_band_means(x, 3, 2);
    assert_memory_equal(x, want, sizeof x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lexicon),
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
