#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/demo/writers.h"
#include "features/base/atomic_file.h"
#include "features/base/memory.h"

/* Write errors stay in the stream (ferror) and come out when the file is committed. */

const char *silbe_demo_key_name(const silbe_synth_source *source, int transposition)
{
    static const char *const major[12] = {"C:maj",  "Db:maj", "D:maj",  "Eb:maj",
                                          "E:maj",  "F:maj",  "F#:maj", "G:maj",
                                          "Ab:maj", "A:maj",  "Bb:maj", "B:maj"};
    static const char *const minor[12] = {"C:min",  "C#:min", "D:min",  "Eb:min",
                                          "E:min",  "F:min",  "F#:min", "G:min",
                                          "G#:min", "A:min",  "Bb:min", "B:min"};
    int tonic = 7 * source->fifths + transposition; /* up a fifth = up seven semitones */
    if (source->minor) {
        tonic -= 3;
    }
    tonic = ((tonic % 12) + 12) % 12;
    return source->minor ? minor[tonic] : major[tonic];
}

void silbe_demo_write_lyrics(const char *path, const silbe_synth_song *song, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (silbe_failed(err)) {
        return;
    }
    for (size_t i = 0; i < song->n_lines; i++) {
        const silbe_synth_line *line = &song->lines[i];
        if (i > 0 && line->stanza != song->lines[i - 1].stanza) {
            (void)fputc('\n', file.stream);
        }
        for (size_t k = 0; k < line->n_words; k++) {
            (void)fprintf(file.stream, "%s%s", k == 0 ? "" : " ",
                          song->words[line->first_word + k].text);
        }
        (void)fputc('\n', file.stream);
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
}

static int by_start(const void *left, const void *right)
{
    const silbe_synth_note *a = left;
    const silbe_synth_note *b = right;
    if (a->start_s < b->start_s || a->start_s > b->start_s) {
        return a->start_s < b->start_s ? -1 : 1;
    }
    return a->voice != b->voice ? (a->voice ? -1 : 1) : a->pitch - b->pitch;
}

void silbe_demo_write_notes(const char *path, const silbe_synth_performance *performance,
                            silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    size_t n = performance->n_notes;
    silbe_synth_note *notes = silbe_alloc(n, sizeof *notes, "notes", err);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        memcpy(notes, performance->notes, n * sizeof *notes);
        qsort(notes, n, sizeof *notes, by_start);
        (void)fprintf(file.stream, "start;end;pitch;pitchclass;instrument\n");
        for (size_t i = 0; i < n; i++) {
            (void)fprintf(file.stream, "%.6f;%.6f;%d;%d;\"%s\"\n", notes[i].start_s, notes[i].end_s,
                          notes[i].pitch, notes[i].pitch % 12, notes[i].voice ? "voice" : "piano");
        }
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    free(notes);
}

void silbe_demo_write_measures(const char *path, const silbe_synth_performance *performance,
                               silbe_err *err)
{
    const silbe_synth_song *song = performance->song;
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (silbe_failed(err)) {
        return;
    }
    (void)fprintf(file.stream, "start;measure\n");
    for (size_t i = 0; i < song->n_measures; i++) {
        const silbe_synth_measure *measure = &song->measures[i];
        double metre =
            4.0 * SILBE_SYNTH_TICKS_PER_QUARTER * measure->beats / (double)measure->beat_type;
        (void)fprintf(file.stream, "%.9f;", performance->measures[i].start_s);
        if (measure->number == 0) {
            (void)fprintf(file.stream, "%.3f\n", 1.0 - (double)measure->length / metre);
        } else {
            (void)fprintf(file.stream, "%d\n", measure->number);
        }
    }
    double end_s = 0.0;
    for (size_t i = 0; i < performance->n_notes; i++) {
        end_s = fmax(end_s, performance->notes[i].end_s);
    }
    (void)fprintf(file.stream, "%.9f;%d.999\n", end_s, song->measures[song->n_measures - 1].number);
    silbe_try(err, silbe_atomic_commit(&file, err));
}

void silbe_demo_write_words(const char *path, const silbe_synth_performance *performance,
                            silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (silbe_failed(err)) {
        return;
    }
    (void)fprintf(file.stream, "start;end;word\n");
    for (size_t i = 0; i < performance->song->n_words; i++) {
        (void)fprintf(file.stream, "%.6f;%.6f;\"%s\"\n", performance->words[i].start_s,
                      performance->words[i].end_s, performance->song->words[i].text);
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
}
