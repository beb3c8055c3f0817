#include "align/lyrics/pronounce_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

enum { BUFFER_PHONES = 2 * SILBE_MAX_WORD_PHONES };

typedef struct {
    silbe_phone items[BUFFER_PHONES];
    size_t n;
} phone_buffer;

static bool is_symbol(silbe_phone phone, const char *symbol)
{
    return strcmp(silbe_phone_get(phone.phone)->symbol, symbol) == 0;
}

static silbe_phone make(const char *symbol, uint8_t marks)
{
    return (silbe_phone){(uint8_t)silbe_phone_find(symbol, strlen(symbol)), marks};
}

static bool is_vowel_like(silbe_phone phone)
{
    silbe_phone_class class = silbe_phone_get(phone.phone)->phone_class;
    return class == SILBE_PHONE_CLASS_VOWEL || class == SILBE_PHONE_CLASS_GLIDE;
}

/* Each rule writes the whole word anew. */
static void apply_er(const phone_buffer *from, phone_buffer *to)
{
    for (size_t i = 0; i < from->n; i++) {
        silbe_phone phone = from->items[i];
        if (is_symbol(phone, "6") && (phone.marks & SILBE_MARK_GLIDE) == 0) {
            to->items[to->n++] = make("@", phone.marks);
            phone = make("r", 0);
        }
        to->items[to->n++] = phone;
    }
}

static void apply_r(const phone_buffer *from, phone_buffer *to)
{
    for (size_t i = 0; i < from->n; i++) {
        silbe_phone phone = from->items[i];
        bool after_vowel = i > 0 && is_vowel_like(from->items[i - 1]);
        bool before_vowel = i + 1 < from->n && is_vowel_like(from->items[i + 1]);
        bool vocalised = is_symbol(phone, "r") && after_vowel && !before_vowel;
        to->items[to->n++] = vocalised ? make("6", SILBE_MARK_GLIDE) : phone;
    }
}

static void apply_schwa(const phone_buffer *from, phone_buffer *to)
{
    for (size_t i = 0; i < from->n; i++) {
        silbe_phone phone = from->items[i];
        to->items[to->n++] = is_symbol(phone, "@") ? make("E", phone.marks) : phone;
    }
}

static void apply_syllabic(const phone_buffer *from, phone_buffer *to)
{
    for (size_t i = 0; i < from->n; i++) {
        bool after_consonant = i > 0 && !is_vowel_like(from->items[i - 1]);
        bool closed = i + 1 < from->n && (i + 2 == from->n || !is_vowel_like(from->items[i + 2])) &&
                      (is_symbol(from->items[i + 1], "n") || is_symbol(from->items[i + 1], "m") ||
                       is_symbol(from->items[i + 1], "l"));
        if (is_symbol(from->items[i], "@") && after_consonant && closed) {
            to->items[to->n] = from->items[++i];
            to->items[to->n++].marks |= SILBE_MARK_SYLLABIC;
        } else {
            to->items[to->n++] = from->items[i];
        }
    }
}

static void apply_ig(const phone_buffer *from, phone_buffer *to)
{
    *to = *from;
    for (size_t i = from->n; i-- > 1;) {
        if (is_symbol(from->items[i], "C") && is_symbol(from->items[i - 1], "I")) {
            to->items[i] = make("k", 0);
            return; /* the last one */
        }
    }
}

static void apply_elided(const phone_buffer *from, phone_buffer *to)
{
    static const char *const pairs[][2] = {{"p", "b"}, {"t", "d"}, {"k", "g"}, {"s", "z"}};
    *to = *from;
    silbe_phone *last = &to->items[to->n - 1];
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (is_symbol(*last, pairs[i][0])) {
            *last = make(pairs[i][1], 0);
            return;
        }
    }
}

static void apply_long_e(const phone_buffer *from, phone_buffer *to)
{
    for (size_t i = 0; i < from->n; i++) {
        silbe_phone phone = from->items[i];
        bool is_long = is_symbol(phone, "E") && (phone.marks & SILBE_MARK_LONG) != 0;
        to->items[to->n++] = is_long ? make("e", phone.marks) : phone;
    }
}

static bool has_ig(const char *key)
{
    const char *at = strstr(key, "ig");
    return at != NULL && (at[2] == '\0' || strchr("tsk", at[2]) != NULL);
}

/* "hab'": a b, d, g or s that a vowel followed; the t of "träumt'" was one before as well. */
static bool is_elided(const char *key)
{
    size_t n = strlen(key);
    return n >= 2 && key[n - 1] == '\'' && strchr("bdgs", key[n - 2]) != NULL;
}

static bool always(const char *key)
{
    (void)key;
    return true;
}

typedef struct {
    void (*apply)(const phone_buffer *from, phone_buffer *to);
    bool (*concerns)(const char *key);
    double sung;
    double spoken;
} rule;

static const rule rules[] = {
    {apply_r, always, 0.25, 0.70},      {apply_er, always, 0.30, 0.0}, /* after r: it makes one */
    {apply_schwa, always, 0.30, 0.05},  {apply_syllabic, always, 0.0, 0.50},
    {apply_ig, has_ig, 0.15, 0.20},     {apply_elided, is_elided, 0.40, 0.20},
    {apply_long_e, always, 0.20, 0.40},
};

enum { N_RULES = sizeof rules / sizeof rules[0] };

static bool same(const silbe_phone *a, size_t n_a, const silbe_phone *b, size_t n_b)
{
    bool equal = n_a == n_b;
    for (size_t i = 0; equal && i < n_a; i++) {
        equal = a[i].phone == b[i].phone;
    }
    return equal;
}

void silbe_pronunciation_add(silbe_word_phones *word, const silbe_phone *phones, size_t n_phones,
                             double logp, silbe_err *err)
{
    word->items =
        silbe_grow(word->items, word->n_items, NULL, sizeof *word->items, "pronunciations", err);
    silbe_phone *copy = silbe_alloc(n_phones, sizeof *copy, "phones", err);
    if (copy != NULL) {
        memcpy(copy, phones, n_phones * sizeof *copy);
        word->items[word->n_items++] = (silbe_pronunciation){copy, n_phones, logp};
    }
}

void silbe_pronunciation_add_german(silbe_word_phones *word, const silbe_phone *phones,
                                    size_t n_phones, double logp, silbe_pronounce_style style,
                                    const char *key, silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    phone_buffer base = {.n = n_phones};
    memcpy(base.items, phones, n_phones * sizeof *phones);
    double p[N_RULES] = {0}; /* of each rule; 0 where it changes nothing */
    for (size_t r = 0; r < N_RULES && style != SILBE_STYLE_PLAIN; r++) {
        phone_buffer changed = {.n = 0};
        rules[r].apply(&base, &changed);
        if (rules[r].concerns(key) && !same(base.items, base.n, changed.items, changed.n)) {
            p[r] = style == SILBE_STYLE_SUNG ? rules[r].sung : rules[r].spoken;
        }
    }
    for (unsigned mask = 0; mask < 1U << N_RULES && !silbe_failed(err); mask++) {
        phone_buffer now = base;
        double mask_logp = logp;
        bool possible = true;
        for (size_t r = 0; r < N_RULES; r++) {
            bool applied = (mask >> r & 1U) != 0;
            possible = possible && (!applied || p[r] > 0.0);
            if (possible && applied) {
                phone_buffer next = {.n = 0};
                rules[r].apply(&now, &next);
                now = next;
            }
            mask_logp += possible ? log(applied ? p[r] : 1.0 - p[r]) : 0.0;
        }
        if (possible && now.n <= SILBE_MAX_WORD_PHONES) {
            silbe_pronunciation_add(word, now.items, now.n, mask_logp, err);
        }
    }
}

void silbe_pronunciation_settle(silbe_word_phones *word, size_t max)
{
    /* Insertion sort: stable, and the lists are short. */
    for (size_t i = 1; i < word->n_items; i++) {
        silbe_pronunciation item = word->items[i];
        size_t k = i;
        for (; k > 0 && word->items[k - 1].logp < item.logp; k--) {
            word->items[k] = word->items[k - 1];
        }
        word->items[k] = item;
    }
    size_t kept = 0;
    double total = 0.0;
    for (size_t i = 0; i < word->n_items; i++) {
        silbe_pronunciation *item = &word->items[i];
        bool drop = kept == max;
        for (size_t k = 0; k < kept && !drop; k++) {
            drop =
                same(word->items[k].phones, word->items[k].n_phones, item->phones, item->n_phones);
        }
        if (drop) {
            free(item->phones);
        } else {
            total += exp(item->logp);
            word->items[kept++] = *item;
        }
    }
    word->n_items = kept;
    for (size_t i = 0; i < kept; i++) {
        word->items[i].logp -= log(total);
    }
}
