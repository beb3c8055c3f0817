#include "align/joint/sung_text.h"

#include <math.h>

static const double SAME_Q = 1e-4;

silbe_status silbe_sung_text_check(const silbe_sung_text *text, silbe_err *err)
{
    if (text->n_syllables == 0 || text->silence >= text->n_phones_set ||
        !(text->consonant_q >= 0) || !isfinite(text->consonant_q)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "sung text of %zu syllables, silence %u of %zu phones, consonants of %g "
                          "quarter notes",
                          text->n_syllables, (unsigned)text->silence, text->n_phones_set,
                          text->consonant_q);
    }
    for (size_t i = 0; i < text->n_syllables; i++) {
        const silbe_sung_syllable *s = &text->syllables[i];
        bool is_sound = isfinite(s->onset_q) && isfinite(s->end_q) && s->end_q >= s->onset_q &&
                        s->n_phones > 0 && s->nucleus < s->n_phones &&
                        (i == 0 || s->onset_q >= text->syllables[i - 1].onset_q);
        for (size_t k = 0; is_sound && k < s->n_phones; k++) {
            is_sound = s->phones[k] < text->n_phones_set;
        }
        if (!is_sound) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "sung text: syllable %zu has no place after the one before it, or no "
                              "nucleus, or phones that do not exist",
                              i + 1);
        }
    }
    return SILBE_OK;
}

/* First syllable whose onset is not before q. */
static size_t first_from(const silbe_sung_text *text, double q)
{
    size_t low = 0, high = text->n_syllables;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (text->syllables[middle].onset_q < q - SAME_Q) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t silbe_sung_syllable_at(const silbe_sung_text *text, double q)
{
    size_t i = first_from(text, q);
    return i < text->n_syllables && text->syllables[i].onset_q <= q + SAME_Q ? i
                                                                             : text->n_syllables;
}

static size_t add(uint8_t phone, uint8_t *phones, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (phones[i] == phone) {
            return n;
        }
    }
    if (n < SILBE_SUNG_MAX_PHONES) {
        phones[n++] = phone;
    }
    return n;
}

size_t silbe_sung_phones_at(const silbe_sung_text *text, double q, double next_q,
                            uint8_t phones[SILBE_SUNG_MAX_PHONES])
{
    size_t n = 0;
    next_q = fmax(next_q, q + 3 * SAME_Q); /* a point is a short stretch from there on */
    double margin_q = fmin(text->consonant_q, fmax(next_q - q, SAME_Q));
    /* Syllables that sound in [q, next_q): the last one that began at q or before, and on. */
    size_t next = first_from(text, q + 2 * SAME_Q), first = next > 0 ? next - 1 : 0;
    bool has_rest = next == 0;
    for (size_t i = first; i < text->n_syllables; i++) {
        const silbe_sung_syllable *s = &text->syllables[i];
        if (s->onset_q >= next_q + text->consonant_q - SAME_Q && i > first) {
            break;
        }
        double after_q = i + 1 < text->n_syllables ? text->syllables[i + 1].onset_q : INFINITY;
        double end_q = fmin(s->end_q, after_q);
        if (s->onset_q < next_q - SAME_Q && end_q > q + SAME_Q) {
            n = add(s->phones[s->nucleus], phones, n);
        }
        /* Its end lies inside, or so near that its last consonants do. */
        if (s->onset_q < next_q - SAME_Q && end_q - text->consonant_q < next_q - SAME_Q &&
            end_q + margin_q > q + SAME_Q) {
            for (size_t k = s->nucleus + 1; k < s->n_phones; k++) {
                n = add(s->phones[k], phones, n);
            }
            has_rest = true;
        }
        has_rest = has_rest || (s->onset_q <= q + SAME_Q && end_q < next_q - SAME_Q);
        /* It begins soon enough for its first consonants to be heard. */
        if (s->onset_q > q + SAME_Q && s->onset_q - text->consonant_q < next_q - SAME_Q) {
            for (size_t k = 0; k < s->nucleus; k++) {
                n = add(s->phones[k], phones, n);
            }
        }
    }
    return has_rest || n == 0 ? add(text->silence, phones, n) : n;
}
