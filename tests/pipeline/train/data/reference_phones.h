/*
 * The phone times that come with two speech sets: nl_nathalie/phones.tsv (automatic, IPA) and
 * de_emodb/phones.tsv (hand-made, SAMPA; closures, bursts and aspiration of a plosive apart).
 */
#ifndef SILBE_TESTS_REFERENCE_PHONES_H
#define SILBE_TESTS_REFERENCE_PHONES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/host/read_text.h"
#include "pipeline/train/data/bootstrap.h"
#include "tests/pipeline/train/data/boundaries.h"

typedef struct {
    char utterance[64];
    silbe_timed_phone phone;
    bool is_checked;
} reference_phone;

typedef struct {
    reference_phone *phones;
    size_t n;
} reference_phones;

/* SAMPA of de_emodb to our symbols; bursts and aspiration, which go on with a plosive, are not
 * here. */
static inline const char *reference_of_sampa(const char *label)
{
    static const char *const pairs[][2] = {
        {"I", "I"},     {"a", "a"},  {"n", "n"},    {"t", "t"},    {"s", "s"},     {"m", "m"},
        {"d", "d"},     {"v", "v"},  {"i", "i"},    {"b", "b"},    {"l", "l"},     {"g", "g"},
        {"p", "p"},     {"E", "E"},  {"z", "z"},    {"f", "f"},    {"@", "@"},     {"e", "e"},
        {"N", "N"},     {"U", "U"},  {"S", "S"},    {"_d", "d"},   {"aI", "a I^"}, {"C", "C"},
        {"x", "x"},     {"k", "k"},  {"o", "o"},    {"6", "6"},    {"O", "O"},     {"X", "x"},
        {"aU", "a U^"}, {"j", "j"},  {"V", "a"},    {"y", "y"},    {"9", "9"},     {"OY", "O Y^"},
        {"Y", "Y"},     {"D", "d"},  {"B", "b"},    {"_t", "t"},   {"R", "r"},     {"h", "h"},
        {"E6", "E 6"},  {"_b", "b"}, {"a6", "a 6"}, {"_p", "p"},   {"_k", "k"},    {"i6", "i 6"},
        {"aO", "a U^"}, {"G", "g"},  {"u", "u"},    {"I6", "I 6"}, {"Y6", "Y 6"},  {"A", "a"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (strcmp(pairs[i][0], label) == 0) {
            return pairs[i][1];
        }
    }
    return NULL;
}

/* A diphthong's second part has no time of its own in the reference: only the first is kept. */
static inline bool reference_to_phone(bool is_sampa, const char *label, uint8_t *phone)
{
    silbe_phone phones[8];
    size_t n = 0;
    silbe_err err = SILBE_ERR_INIT;
    const char *symbols = is_sampa ? reference_of_sampa(label) : NULL;
    if (strcmp(label, "SIL") == 0 || strcmp(label, "SPN") == 0 || (is_sampa && symbols == NULL)) {
        return false;
    }
    silbe_status status = is_sampa
                              ? silbe_phones_read(symbols, strlen(symbols), phones, 8, &n, &err)
                              : silbe_phones_from_ipa(label, phones, 8, &n, NULL, &err);
    *phone = n > 0 ? phones[0].phone : 0;
    return status == SILBE_OK && n > 0;
}

static inline void reference_read(const char *root, bool is_sampa, reference_phones *r)
{
    char path[4096];
    char *text = NULL;
    size_t n_bytes = 0, n_lines = 0;
    silbe_err err = SILBE_ERR_INIT;
    (void)snprintf(path, sizeof path, "%s/%s/phones.tsv", root,
                   is_sampa ? "de_emodb" : "nl_nathalie");
    *r = (reference_phones){NULL, 0};
    if (silbe_read_text(path, &text, &n_bytes, &err) != SILBE_OK) {
        return;
    }
    for (size_t i = 0; i < n_bytes; i++) {
        n_lines += text[i] == '\n';
    }
    r->phones = calloc(n_lines + 1, sizeof *r->phones);
    for (char *at = strchr(text, '\n'); r->phones != NULL && at != NULL; at = strchr(at, '\n')) {
        char *fields[6] = {NULL};
        size_t n = 0;
        char *end = strchr(++at, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        for (char *f = at; f != NULL && n < 6; n++) {
            fields[n] = f;
            f = strchr(f, '\t');
            if (f != NULL) {
                *f++ = '\0';
            }
        }
        reference_phone *p = &r->phones[r->n];
        const char *label = n >= 5 ? fields[is_sampa ? 3 : 4] : "";
        if (n >= 5 && reference_to_phone(is_sampa, label, &p->phone.phone)) {
            (void)snprintf(p->utterance, sizeof p->utterance, "%s", fields[0]);
            p->phone.begin_s = atof(fields[is_sampa ? 1 : 2]);
            p->phone.end_s = atof(fields[is_sampa ? 2 : 3]);
            p->is_checked = !is_sampa || (n == 6 && strcmp(fields[5], "ok") == 0);
            r->n++;
        }
        if (end == NULL) {
            break;
        }
        *end = '\n';
        at = end;
    }
    free(text);
}

/* Utterances of which every phone is checked and that lie inside the recording. */
static inline silbe_boundary_figures reference_compare(const reference_phones *r,
                                                       const silbe_corpus *corpus,
                                                       const silbe_alignments *alignments)
{
    silbe_boundaries b = SILBE_BOUNDARIES_INIT;
    silbe_err err = SILBE_ERR_INIT;
    for (size_t i = 0; i < alignments->n_items; i++) {
        const silbe_alignment *a = &alignments->items[i];
        const char *slash = strrchr(corpus->utterances[i].item->file, '/');
        const char *file = slash == NULL ? "" : slash + 1;
        silbe_timed_phone ours[512], theirs[512];
        size_t n_ours = 0, n_theirs = 0, n_bad = 0;
        for (size_t k = 0; k < r->n; k++) {
            size_t length = strlen(r->phones[k].utterance);
            if (strncmp(file, r->phones[k].utterance, length) == 0 && file[length] == '.' &&
                n_theirs < 512) {
                n_bad += !r->phones[k].is_checked;
                theirs[n_theirs++] = r->phones[k].phone;
            }
        }
        double recording_s = (double)a->n_frames * alignments->hop_s;
        if (n_theirs == 0 || theirs[n_theirs - 1].end_s > recording_s - 0.03 ||
            n_bad * 4 > n_theirs) {
            continue;
        }
        for (size_t k = 0; k < a->n_segments && n_ours < 512; k++) {
            ours[n_ours++] = (silbe_timed_phone){
                (a->segments[k].begin_frame - 0.5) * alignments->hop_s,
                (a->segments[k].end_frame - 0.5) * alignments->hop_s, a->segments[k].phone};
        }
        if (silbe_boundaries_add(&b, ours, n_ours, theirs, n_theirs, &err) != SILBE_OK) {
            break;
        }
    }
    silbe_boundary_figures figures = silbe_boundaries_figures(&b);
    silbe_boundaries_free(&b);
    return figures;
}

#endif
