#include "datasets/word_pairing.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "features/base/memory.h"

typedef struct {
    uint8_t **left;  /* letters of the words */
    uint8_t **right; /* letters of the others */
    size_t offset;   /* elements that both have in common at the beginning */
} word_texts;

/* Letters and digits, case-folded (sharp s becomes ss) and NFC, to be freed; the text itself,
 * folded, if it has none. */
static uint8_t *letters_of(const char *text, silbe_err *err)
{
    size_t length = 0, n_kept = 0;
    uint8_t *folded = silbe_need(
        u8_casefold((const uint8_t *)text, strlen(text) + 1, NULL, UNINORM_NFC, NULL, &length),
        "a word's letters", err);
    uint8_t *letters = silbe_alloc(length, 1, "letters", err);
    for (size_t i = 0; letters != NULL && i < length && folded[i] != '\0';) {
        ucs4_t character = 0;
        int n_bytes = u8_mbtouc(&character, folded + i, length - i);
        if (uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                            UC_CATEGORY_MASK_N)) {
            memcpy(letters + n_kept, folded + i, (size_t)n_bytes);
            n_kept += (size_t)n_bytes;
        }
        i += (size_t)n_bytes;
    }
    free(n_kept > 0 ? folded : letters);
    return n_kept > 0 ? letters : folded;
}

static int64_t word_cost(size_t i, size_t j, const void *context)
{
    const word_texts *texts = context;
    /* Unequal words never pair: two edits are cheaper. */
    return u8_strcmp(texts->left[texts->offset + i], texts->right[texts->offset + j]) == 0 ? 0 : 3;
}

static void free_texts(uint8_t **texts, size_t n)
{
    for (size_t i = 0; texts != NULL && i < n; i++) {
        free(texts[i]);
    }
    free(texts);
}

/* Equal beginnings and ends pair at once (no pairing is cheaper); the middle by edits. */
static void pair_words(word_texts *texts, size_t n_left, size_t n_right, size_t *partner,
                       silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    size_t tail = 0;
    texts->offset = 0;
    while (texts->offset < n_left && texts->offset < n_right &&
           u8_strcmp(texts->left[texts->offset], texts->right[texts->offset]) == 0) {
        partner[texts->offset] = texts->offset;
        texts->offset++;
    }
    while (tail < n_left - texts->offset && tail < n_right - texts->offset &&
           u8_strcmp(texts->left[n_left - 1 - tail], texts->right[n_right - 1 - tail]) == 0) {
        partner[n_left - 1 - tail] = n_right - 1 - tail;
        tail++;
    }
    const silbe_edit_costs costs = {1, 1, word_cost, texts};
    size_t n_middle = n_left - texts->offset - tail;
    silbe_try(err, silbe_edit_align(n_middle, n_right - texts->offset - tail, &costs,
                                    partner + texts->offset, NULL, err));
    for (size_t i = texts->offset; i < texts->offset + n_middle && !silbe_failed(err); i++) {
        partner[i] += partner[i] != SILBE_UNPAIRED ? texts->offset : 0;
    }
}

/* The letters of n words, allocated. */
static uint8_t **letters_of_all(const char *const *words, size_t n, silbe_err *err)
{
    uint8_t **letters = silbe_alloc(n, sizeof *letters, "words", err);
    for (size_t i = 0; letters != NULL && i < n && !silbe_failed(err); i++) {
        letters[i] = letters_of(words[i], err);
    }
    return letters;
}

silbe_status silbe_pair_words(const char *const *left, size_t n_left, const char *const *right,
                              size_t n_right, size_t *partner, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    word_texts texts = {letters_of_all(left, n_left, err), letters_of_all(right, n_right, err), 0};
    pair_words(&texts, n_left, n_right, partner, err);
    free_texts(texts.left, n_left);
    free_texts(texts.right, n_right);
    return err->status;
}
