/* The files of the demo dataset, each in the form of the Schubert Winterreise Dataset. Every writer
 * writes whole files or none (silbe_atomic_file), and is a step (features/base/status.h). */
#ifndef SILBE_DEMO_WRITERS_H
#define SILBE_DEMO_WRITERS_H

#include <stddef.h>

#include "datasets/synthesis/performance.h"
#include "features/base/status.h"

/* score_musicxml: MusicXML 3.0 partwise, parts Voice and Piano, 48 divisions to the quarter. */
void silbe_demo_write_musicxml(const char *path, const silbe_synth_song *song, silbe_err *err);

/* lyrics_txt: one verse a line, an empty line between stanzas, no hyphens between syllables. */
void silbe_demo_write_lyrics(const char *path, const silbe_synth_song *song, silbe_err *err);

/* ann_audio_note: start;end;pitch;pitchclass;instrument, pitches as they sound, by start. */
void silbe_demo_write_notes(const char *path, const silbe_synth_performance *performance,
                            silbe_err *err);

/* ann_audio_measure: start;measure. The last row is the end of the last note. */
void silbe_demo_write_measures(const char *path, const silbe_synth_performance *performance,
                               silbe_err *err);

/* ann_audio_word: start;end;word, the truth that only a generated dataset has. */
void silbe_demo_write_words(const char *path, const silbe_synth_performance *performance,
                            silbe_err *err);

/* RIFF WAVE, 16 bit, mono, SILBE_SYNTH_RATE_HZ. Thread-safe. */
void silbe_demo_write_wav(const char *path, const float *samples, size_t n, silbe_err *err);

/* Name of the key that the version sounds in, "F:maj" as the dataset writes it. Static string. */
const char *silbe_demo_key_name(const silbe_synth_source *source, int transposition);

/* README.txt. */
void silbe_demo_write_readme(const char *path, silbe_err *err);

/* ann_audio_globalkey.csv: WorkID;PerformanceID;key */
void silbe_demo_write_keys(const char *path, silbe_err *err);

/* ann_audio_globalkey-tuning.csv: SongID;WorkID;PerformanceID;Key;Tuning */
void silbe_demo_write_tunings(const char *path, silbe_err *err);

#endif
