#include "pipeline/evaluate/item_references.h"

#include <stdlib.h>

#include "datasets/annotations.h"
#include "pipeline/files/corrections.h"

static silbe_status read_measures(const silbe_item *item, const silbe_labels *labels,
                                  silbe_item_references *references, silbe_err *err)
{
    silbe_measure_rows rows = SILBE_MEASURE_ROWS_INIT;
    silbe_status status = silbe_measure_rows_read(item->ref_measures_path, &rows, err);
    if (status == SILBE_OK) {
        status = silbe_reference_measures_new(&labels->score, &rows, &references->measures, err);
        if (status != SILBE_OK) {
            status = silbe_fail_prefix(err, status, item->ref_measures_path);
        }
    }
    silbe_measure_rows_free(&rows);
    return status;
}

static silbe_status words_from_notes(const silbe_item *item, const silbe_labels *labels,
                                     silbe_item_references *references, silbe_err *err)
{
    silbe_note_rows rows = SILBE_NOTE_ROWS_INIT;
    silbe_reference_pairing pairing = SILBE_REFERENCE_PAIRING_INIT;
    const silbe_reference_measures *measures = &references->measures;
    silbe_status status = silbe_note_rows_read(item->ref_notes_path, &rows, err);
    if (status == SILBE_OK) {
        status = silbe_reference_pairing_new(
            &labels->score, &rows, measures->n_measures > 0 ? measures : NULL, &pairing, err);
        if (status != SILBE_OK) {
            status = silbe_fail_prefix(err, status, item->ref_notes_path);
        }
    }
    if (status == SILBE_OK) {
        status = silbe_reference_words_from_notes(&labels->score, &pairing, &labels->lyrics,
                                                  &references->words, err);
    }
    silbe_reference_pairing_free(&pairing);
    silbe_note_rows_free(&rows);
    return status;
}

static silbe_status words_from_file(const silbe_item *item, const silbe_labels *labels,
                                    silbe_item_references *references, silbe_err *err)
{
    silbe_word_rows rows = SILBE_WORD_ROWS_INIT;
    silbe_status status = silbe_word_rows_read(item->ref_words_path, &rows, err);
    if (status == SILBE_OK) {
        status = silbe_reference_words_from_rows(&labels->lyrics, &rows, &references->words, err);
        if (status != SILBE_OK) {
            status = silbe_fail_prefix(err, status, item->ref_words_path);
        }
    }
    silbe_word_rows_free(&rows);
    return status;
}

/* Words that were not set by hand keep the dataset's time, unless a correction has passed it: then
 * that time was wrong too, and the word has no reference. */
static silbe_status drop_overtaken(silbe_item_references *references, const silbe_lyrics *lyrics,
                                   silbe_err *err)
{
    silbe_reference_words *words = &references->words;
    silbe_status status = SILBE_OK;
    for (size_t i = 0; i < words->n_words; i++) {
        for (size_t k = 0; references->is_corrected[i] && k < words->n_words; k++) {
            silbe_reference_word *other = &words->words[k];
            bool is_overtaken = other->is_known && !references->is_corrected[k] &&
                                (k < i ? other->start_s > words->words[i].start_s
                                       : other->start_s < words->words[i].start_s);
            if (is_overtaken && status == SILBE_OK) {
                other->is_known = false;
                words->n_known--;
                status =
                    silbe_messages_add(&words->reports, err,
                                       "word %zu \"%s\" (line %zu): its reference lies on the "
                                       "wrong side of a correction",
                                       k + 1, lyrics->words[k].text, lyrics->words[k].line + 1);
            }
        }
    }
    return status;
}

/* Puts what was set by hand over what the dataset says. */
static silbe_status apply_corrections(const char *path, const silbe_lyrics *lyrics,
                                      silbe_item_references *references, silbe_err *err)
{
    silbe_reference_words corrections = SILBE_REFERENCE_WORDS_INIT;
    silbe_reference_words *words = &references->words;
    silbe_status status = silbe_corrections_read(path, lyrics, &corrections, err);
    if (status == SILBE_OK && !references->has_words) {
        words->words = calloc(lyrics->n_words + 1, sizeof *words->words);
        words->n_words = words->words != NULL ? lyrics->n_words : 0;
        references->has_words = true;
    }
    references->is_corrected = calloc(lyrics->n_words + 1, sizeof *references->is_corrected);
    if (status == SILBE_OK && (words->words == NULL || references->is_corrected == NULL)) {
        status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    for (size_t i = 0; status == SILBE_OK && i < lyrics->n_words; i++) {
        if (corrections.words[i].is_known) {
            words->n_known += !words->words[i].is_known;
            words->words[i] = corrections.words[i];
            references->is_corrected[i] = true;
            references->n_corrected++;
        }
    }
    if (status == SILBE_OK) {
        status = drop_overtaken(references, lyrics, err);
    }
    if (status == SILBE_OK && references->n_corrected > 0) {
        status = silbe_messages_add(&words->reports, err,
                                    "%zu of the %zu reference words were set by hand (%s)",
                                    references->n_corrected, words->n_known, path);
    }
    silbe_reference_words_free(&corrections);
    return status;
}

silbe_status silbe_item_references_read(const silbe_config *config, const silbe_item *item,
                                        const silbe_labels *labels,
                                        silbe_item_references *references, silbe_err *err)
{
    char *corrections = NULL;
    *references = (silbe_item_references)SILBE_ITEM_REFERENCES_INIT;
    silbe_status status = silbe_corrections_path(config, item, &corrections, err);
    if (status == SILBE_OK && item->ref_measures_path != NULL) {
        status = read_measures(item, labels, references, err);
    }
    references->has_words = item->ref_words_path != NULL || item->ref_notes_path != NULL;
    if (status == SILBE_OK && item->ref_words_path != NULL) {
        status = words_from_file(item, labels, references, err);
    } else if (status == SILBE_OK && item->ref_notes_path != NULL) {
        status = words_from_notes(item, labels, references, err);
    }
    if (status == SILBE_OK && corrections != NULL) {
        status = apply_corrections(corrections, &labels->lyrics, references, err);
    }
    free(corrections);
    return status;
}

void silbe_item_references_free(silbe_item_references *references)
{
    silbe_reference_measures_free(&references->measures);
    silbe_reference_words_free(&references->words);
    free(references->is_corrected);
    *references = (silbe_item_references)SILBE_ITEM_REFERENCES_INIT;
}
