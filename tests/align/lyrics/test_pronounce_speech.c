/*
 * Against phones that others made: the Dutch phones.tsv of Rhasspy's nathalie (CC0), from a
 * dictionary and an aligner. It differs from libespeak-ng in voicing and in where weak vowels are
 * (one writes "lopen" with n, the other without), so the share that agrees is far from 1: what is
 * tested is that it does not fall, and that all symbols of the other side map.
 */
#include <string.h>

#include "align/lyrics/pronounce.h"
#include "tests/check.h"

enum { MAX_PHONES = 64 };

typedef struct {
    size_t n_words;
    size_t n_equal;
    size_t n_phones;
    size_t n_edits; /* Levenshtein distance over phones */
} agreement;

static size_t distance(const silbe_phone *a, size_t n_a, const silbe_phone *b, size_t n_b)
{
    size_t row[MAX_PHONES + 1];
    for (size_t k = 0; k <= n_b; k++) {
        row[k] = k;
    }
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= n_b; k++) {
            size_t best = diagonal + (a[i - 1].phone != b[k - 1].phone);
            diagonal = row[k];
            best = row[k] + 1 < best ? row[k] + 1 : best;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    return row[n_b];
}

static void compare(const char *word, const silbe_phone *phones, size_t n, agreement *all)
{
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.voice = "nl";
    silbe_word_phones ours = SILBE_WORD_PHONES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(silbe_pronounce_word(&options, word, &ours, &err), err);
    size_t n_ours = ours.items[0].n_phones < MAX_PHONES ? ours.items[0].n_phones : MAX_PHONES;
    size_t edits = distance(phones, n, ours.items[0].phones, n_ours);
    all->n_words++;
    all->n_equal += edits == 0;
    all->n_phones += n;
    all->n_edits += edits;
    if (getenv("SILBE_TEST_VERBOSE") != NULL && edits > 0) {
        char a[256];
        char b[256];
        silbe_phones_write(phones, n, a, sizeof a);
        silbe_phones_write(ours.items[0].phones, n_ours, b, sizeof b);
        print_message("%s: [%s] ours [%s]\n", word, a, b);
    }
    silbe_word_phones_free(&ours);
}

/* Rows: utt, word, start, end, phone. A word ends where utterance or word changes, or where the
 * next row does not begin at its end; two equal words in a row without a pause are told apart by
 * nothing and left out as too long. */
static void read_rows(FILE *file, agreement *all)
{
    char line[512];
    char last_word[128] = "";
    char last_utterance[128] = "";
    silbe_phone phones[MAX_PHONES];
    size_t n = 0;
    assert_non_null(fgets(line, sizeof line, file)); /* header */
    while (fgets(line, sizeof line, file) != NULL) {
        char utterance[128];
        char word[128];
        char phone[32];
        if (sscanf(line, "%127[^\t]\t%127[^\t]\t%*[^\t]\t%*[^\t]\t%31[^\t\r\n]", utterance, word,
                   phone) != 3) {
            continue; /* silence has no word */
        }
        if (strcmp(word, last_word) != 0 || strcmp(utterance, last_utterance) != 0) {
            if (n > 0) {
                compare(last_word, phones, n, all);
            }
            n = 0;
            strcpy(last_word, word);
            strcpy(last_utterance, utterance);
        }
        if (strcmp(phone, "SIL") == 0 || strcmp(phone, "SPN") == 0) {
            continue;
        }
        uint32_t unmapped = 0;
        silbe_err err = SILBE_ERR_INIT;
        check_ok(silbe_phones_from_ipa(phone, phones, MAX_PHONES, &n, &unmapped, &err), err);
        if (unmapped != 0) {
            fail_msg("no phone for \"%s\"", phone);
        }
    }
    if (n > 0) {
        compare(last_word, phones, n, all);
    }
}

static void test_dutch(void **state)
{
    (void)state;
    const char *root = getenv("SILBE_SPEECH_ROOT");
    if (root == NULL) {
        print_message("skipped: set SILBE_SPEECH_ROOT to the speech data\n");
        skip();
        return;
    }
    char path[1024];
    snprintf(path, sizeof path, "%s/nl_nathalie/phones.tsv", root);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    agreement all = {0, 0, 0, 0};
    read_rows(file, &all);
    fclose(file);
    print_message("%zu words: phones of %.1f %% agree; %.1f %% phone errors\n", all.n_words,
                  100.0 * (double)all.n_equal / (double)all.n_words,
                  100.0 * (double)all.n_edits / (double)all.n_phones);
    assert_true(all.n_words > 5000);
    assert_true((double)all.n_equal / (double)all.n_words >= 0.7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dutch)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
