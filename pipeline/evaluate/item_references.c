#include "pipeline/evaluate/item_references.h"

#include <stdlib.h>

#include "datasets/annotations.h"
#include "features/base/memory.h"
#include "pipeline/files/corrections.h"

/* What the rows of the file at path are refused for begins with it. */
static void name_file(const char *path, silbe_err *err)
{
    if (silbe_failed(err)) {
        (void)silbe_fail_prefix(err, err->status, path);
    }
}

static void read_measures(const silbe_item *item, const silbe_labels *labels,
                          silbe_item_references *references, silbe_err *err)
{
    silbe_measure_rows rows = SILBE_MEASURE_ROWS_INIT;
    silbe_try(err, silbe_measure_rows_read(item->ref_measures_path, &rows, err));
    if (!silbe_failed(err)) {
        silbe_try(err,
                  silbe_reference_measures_new(&labels->score, &rows, &references->measures, err));
        name_file(item->ref_measures_path, err);
    }
    silbe_measure_rows_free(&rows);
}

static void words_from_notes(const silbe_item *item, const silbe_labels *labels,
                             silbe_item_references *references, silbe_err *err)
{
    silbe_note_rows rows = SILBE_NOTE_ROWS_INIT;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    const silbe_reference_measures *measures = &references->measures;
    measures = measures->n_measures > 0 ? measures : NULL;
    silbe_try(err, silbe_note_rows_read(item->ref_notes_path, &rows, err));
    if (!silbe_failed(err)) {
        silbe_try(err, silbe_reference_pairing_new(&labels->score, &rows, measures, &pairing, err));
        name_file(item->ref_notes_path, err);
    }
    silbe_try(err, silbe_reference_words_from_notes(&labels->score, &pairing, &labels->lyrics,
                                                    &references->words, err));
    silbe_reference_pairing_free(&pairing);
    silbe_note_rows_free(&rows);
}

static void words_from_file(const silbe_item *item, const silbe_labels *labels,
                            silbe_item_references *references, silbe_err *err)
{
    silbe_word_rows rows = SILBE_WORD_ROWS_INIT;
    silbe_try(err, silbe_word_rows_read(item->ref_words_path, &rows, err));
    if (!silbe_failed(err)) {
        silbe_try(err,
                  silbe_reference_words_from_rows(&labels->lyrics, &rows, &references->words, err));
        name_file(item->ref_words_path, err);
    }
    silbe_word_rows_free(&rows);
    references->has_words = references->words.n_known > 0;
    if (!references->has_words) { /* estimates alone are no reference */
        silbe_reference_words_free(&references->words);
    }
}

/* Words that were not set by hand keep the dataset's time, unless a correction has passed it: then
 * that time was wrong too, and the word has no reference. */
static void drop_overtaken(silbe_item_references *references, const silbe_lyrics *lyrics,
                           silbe_err *err)
{
    silbe_reference_words *words = &references->words;
    for (size_t i = 0; i < words->n_words && !silbe_failed(err); i++) {
        for (size_t k = 0; references->is_corrected[i] && k < words->n_words; k++) {
            silbe_reference_word *other = &words->words[k];
            bool is_overtaken = other->is_known && !references->is_corrected[k] &&
                                (k < i ? other->start_s > words->words[i].start_s
                                       : other->start_s < words->words[i].start_s);
            if (is_overtaken) {
                other->is_known = false;
                words->n_known--;
                silbe_try(err, silbe_messages_add(
                                   &words->reports, err,
                                   "word %zu \"%s\" (line %zu): its reference lies on the "
                                   "wrong side of a correction",
                                   k + 1, lyrics->words[k].text, lyrics->words[k].line + 1));
            }
        }
    }
}

/* Puts what was set by hand over what the dataset says. */
static void apply_corrections(const char *path, const silbe_lyrics *lyrics,
                              silbe_item_references *references, silbe_err *err)
{
    silbe_reference_words corrections = SILBE_REFERENCE_WORDS_INIT;
    silbe_reference_words *words = &references->words;
    silbe_try(err, silbe_corrections_read(path, lyrics, &corrections, err));
    if (!references->has_words) {
        words->words = silbe_alloc(lyrics->n_words, sizeof *words->words, "words", err);
        words->n_words = words->words != NULL ? lyrics->n_words : 0;
        references->has_words = true;
    }
    references->is_corrected =
        silbe_alloc(lyrics->n_words, sizeof *references->is_corrected, "words", err);
    for (size_t i = 0; i < lyrics->n_words && !silbe_failed(err); i++) {
        if (corrections.words[i].is_known) {
            words->n_known += !words->words[i].is_known;
            words->words[i] = corrections.words[i];
            references->is_corrected[i] = true;
            references->n_corrected++;
        }
    }
    if (!silbe_failed(err)) {
        drop_overtaken(references, lyrics, err);
    }
    if (references->n_corrected > 0) {
        silbe_try(err, silbe_messages_add(&words->reports, err,
                                          "%zu of the %zu reference words were set by hand (%s)",
                                          references->n_corrected, words->n_known, path));
    }
    silbe_reference_words_free(&corrections);
}

silbe_status silbe_item_references_read(const silbe_config *config, const silbe_item *item,
                                        const silbe_labels *labels,
                                        silbe_item_references *references, silbe_err *err)
{
    silbe_err own;
    char *corrections = NULL;
    err = silbe_err_begin(err, &own);
    *references = (silbe_item_references)SILBE_ITEM_REFERENCES_INIT;
    silbe_try(err, silbe_corrections_path(config, item, &corrections, err));
    if (item->ref_measures_path != NULL) {
        read_measures(item, labels, references, err);
    }
    if (item->ref_words_path != NULL) {
        words_from_file(item, labels, references, err);
    }
    if (!references->has_words && item->ref_notes_path != NULL) {
        references->has_words = true;
        words_from_notes(item, labels, references, err);
    }
    if (corrections != NULL) {
        apply_corrections(corrections, &labels->lyrics, references, err);
    }
    free(corrections);
    return err->status;
}

void silbe_item_references_free(silbe_item_references *references)
{
    silbe_reference_measures_free(&references->measures);
    silbe_reference_words_free(&references->words);
    free(references->is_corrected);
    *references = (silbe_item_references)SILBE_ITEM_REFERENCES_INIT;
}
