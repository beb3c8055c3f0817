/*
 * Between the files of the MusicXML reader: what is written, before it is unfolded.
 *
 *   musicxml.c            the file, the parts, and the phases in order
 *   musicxml_xml.c        elements to text and numbers, with line numbers in messages
 *   musicxml_part.c       one <part> to raw measures and notes
 *   musicxml_note.c       one <note>
 *   musicxml_order.c      repeats to the order in which measures are played
 *   musicxml_unfold.c     raw notes, in that order, to notes with ties merged and grace notes
 *                         placed
 *   musicxml_syllables.c  lyrics to syllables with melismas; the finished silbe_score
 */
#ifndef SILBE_MUSICXML_INTERNAL_H
#define SILBE_MUSICXML_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/tree.h>

#include "features/base/score.h"
#include "features/base/status.h"

/* Positions that differ by less are the same position (quarters). Durations are whole multiples of
 * 1 / divisions, rounded by the program that wrote the file: 85/256 for a third. */
#define SILBE_MXML_SAME_Q 0.02

/* A score that unfolds to more is refused: it is an attack or an endless repeat. */
#define SILBE_MXML_MAX_MEASURES 100000
#define SILBE_MXML_MAX_NOTES ((size_t)4000000)

typedef struct {
    char *text; /* UTF-8, owned */
    silbe_syllabic syllabic;
    int line; /* number of the lyric line, >= 1 */
} silbe_mxml_lyric;

typedef struct {
    double onset_q;    /* in its measure; a grace note's is that of what follows it */
    double duration_q; /* 0 for grace notes */
    size_t first_lyric;
    size_t n_lyrics;
    int xml_line;
    int voice; /* <voice>, hashed to a number; 0 = none */
    short pitch;
    bool is_grace;
    bool is_chord; /* sounds with the note before it */
    bool tie_start;
    bool tie_stop;
    bool ends_melisma; /* humming, laughing */
} silbe_mxml_note;

typedef struct {
    size_t first_note;
    size_t n_notes;
    double length_q; /* as far as this part reaches */
    double metre_q;  /* 0 = senza misura or not given yet */
    int number;
    int xml_line;
} silbe_mxml_measure;

/* Repeat marks, of all parts together. */
typedef struct {
    bool forward;       /* a repeated section starts here */
    int backward_times; /* how often the section that ends here is played; 0 = no sign here */
    uint32_t endings;   /* bit k-1: played in pass k; 0 = in every pass */
    bool ending_start;  /* an ending bracket starts here */
    bool ending_stop;   /* and ends here */
    bool da_capo;
    bool fine;
    char *segno; /* labels, owned; NULL = none */
    char *dal_segno;
    char *coda;
    char *to_coda;
} silbe_mxml_marks;

typedef struct {
    char *id;
    char *name; /* trimmed */
    silbe_mxml_note *notes;
    size_t n_notes;
    silbe_mxml_lyric *lyrics;
    size_t n_lyrics;
    silbe_mxml_measure *measures;
    size_t n_measures;
    bool is_voice;
} silbe_mxml_part;

typedef struct {
    const char *name; /* the file, for messages; not owned */
    char *title;
    silbe_mxml_part *parts;
    size_t n_parts;
    silbe_mxml_marks *marks; /* one per measure */
    size_t n_marks;
} silbe_mxml;

void silbe_mxml_free(silbe_mxml *mxml);

/* The place of one measure in the order of playing. */
typedef struct {
    size_t measure; /* as written */
    int pass;       /* how many times it has been played, this time included */
} silbe_mxml_step;

/* All functions from here on that take an err are steps (features/base/status.h): it is never NULL,
 * and they do nothing where it already holds a failure. */

/* The order of playing from the marks, owned by the caller. SILBE_ERR_FORMAT if a jump has no goal
 * or the order is longer than SILBE_MXML_MAX_MEASURES. */
silbe_mxml_step *silbe_mxml_order(const silbe_mxml *mxml, size_t *n_steps, silbe_err *err);

/* One sounding note of the unfolded score, with what the syllables still need to know. */
typedef struct {
    silbe_note note;
    size_t part;
    size_t lyric; /* index + 1 of the first lyric in the part's lyrics that counts here; 0 = none */
    size_t n_lyrics;
    size_t order; /* in the unfolded part */
    int voice;
    bool ends_melisma;
} silbe_mxml_event;

/* Fills the measures of the score; returns all events in order of playing, owned by the caller. */
silbe_mxml_event *silbe_mxml_unfold(const silbe_mxml *mxml, const silbe_mxml_step *steps,
                                    size_t n_steps, silbe_score *score, size_t *n_events,
                                    silbe_err *err);

/* Sorts the events and fills notes and syllables of *score. */
void silbe_mxml_syllables(const silbe_mxml *mxml, silbe_mxml_event *events, size_t n_events,
                          silbe_score *score, silbe_err *err);

/* Reads <part> into *part (id, name and is_voice are set by the caller), and its repeat marks. */
void silbe_mxml_read_part(silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                          silbe_err *err);

/* What a note needs from the attributes that are in force. */
typedef struct {
    double divisions;  /* per quarter; 0 = not given yet */
    double cursor_q;   /* position in the measure where the next note starts */
    double last_q;     /* onset of the last note that is no chord member */
    int semitones[16]; /* transposition of each staff, [staff - 1] */
} silbe_mxml_state;

/* Reads one <note>, appends it (with its lyrics) unless it makes no sound, and moves the cursor. */
void silbe_mxml_read_note(const silbe_mxml *mxml, silbe_mxml_part *part, silbe_mxml_state *state,
                          const xmlNode *node, silbe_err *err);

/* The <duration> below node in quarters, 0 <= duration <= 4096. */
double silbe_mxml_duration(const silbe_mxml *mxml, const silbe_mxml_state *state,
                           const xmlNode *node, silbe_err *err);

/* --- musicxml_xml.c --- */

/* Adds file, line and element in front of the message and raises SILBE_ERR_FORMAT. */
void silbe_mxml_fail(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err,
                     const char *format, ...) SILBE_PRINTF(4, 5);

bool silbe_mxml_is(const xmlNode *node, const char *element);
const xmlNode *silbe_mxml_child(const xmlNode *node, const char *element);

/* The element's text without white space at its ends (malloc, caller frees). Entities are refused.
 */
char *silbe_mxml_text(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err);

/* A decimal number, checked to its last character, in [low, high]; low after a failure. */
double silbe_mxml_number(const silbe_mxml *mxml, const xmlNode *node, double low, double high,
                         silbe_err *err);

/* The same for a whole number. */
int silbe_mxml_integer(const silbe_mxml *mxml, const xmlNode *node, int low, int high,
                       silbe_err *err);

/* Value of an attribute that is not a reference to an entity, or NULL; owned by the tree. */
const char *silbe_mxml_attribute(const xmlNode *node, const char *attribute);

#endif
