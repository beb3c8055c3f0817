#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/format.h"
#include "features/base/memory.h"

/* The undertie that MusicXML and Unicode use for two syllables on one note. */
static const char UNDERTIE[] = "\xe2\x80\xbf";

double silbe_mxml_duration(const silbe_mxml *mxml, const silbe_mxml_state *state,
                           const xmlNode *node, silbe_err *err)
{
    const xmlNode *duration = silbe_mxml_child(node, "duration");
    if (duration == NULL) {
        silbe_mxml_fail(mxml, node, err, "has no <duration>");
    } else if (state->divisions == 0.0) {
        silbe_mxml_fail(mxml, duration, err, "comes before any <divisions>");
    }
    double most = 4096.0 * state->divisions;
    return silbe_failed(err) ? 0.0
                             : silbe_mxml_number(mxml, duration, 0.0, most, err) / state->divisions;
}

/* Index of the step A to G in "CDEFGAB". */
static size_t read_step(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err)
{
    static const char STEPS[] = "CDEFGAB";
    char *text = silbe_mxml_text(mxml, node, err);
    const char *step = text != NULL && strlen(text) == 1 ? strchr(STEPS, text[0]) : NULL;
    if (step == NULL) {
        silbe_mxml_fail(mxml, node, err, "should be one of A to G, got \"%.20s\"", text);
    }
    free(text);
    return step != NULL ? (size_t)(step - STEPS) : 0;
}

static short read_pitch(const silbe_mxml *mxml, const silbe_mxml_state *state, const xmlNode *note,
                        const xmlNode *pitch, silbe_err *err)
{
    static const int SEMITONES[] = {0, 2, 4, 5, 7, 9, 11};
    const xmlNode *step_node = silbe_mxml_child(pitch, "step");
    const xmlNode *octave_node = silbe_mxml_child(pitch, "octave");
    const xmlNode *alter_node = silbe_mxml_child(pitch, "alter");
    const xmlNode *staff_node = silbe_mxml_child(note, "staff");
    if (step_node == NULL || octave_node == NULL) {
        silbe_mxml_fail(mxml, pitch, err, "needs <step> and <octave>");
        return 0;
    }
    int semitone = SEMITONES[read_step(mxml, step_node, err)];
    int octave = silbe_mxml_integer(mxml, octave_node, 0, 9, err);
    double alter = alter_node ? silbe_mxml_number(mxml, alter_node, -3.0, 3.0, err) : 0.0;
    int staff = staff_node ? silbe_mxml_integer(mxml, staff_node, 1, 16, err) : 1;
    int value = 12 * (octave + 1) + semitone + (int)lround(alter) + state->semitones[staff - 1];
    if (value < 0 || value > 127) {
        silbe_mxml_fail(mxml, pitch, err,
                        "sounds as MIDI note %d, outside 0..127; check <transpose>", value);
    }
    return (short)value;
}

static void push_lyric(silbe_mxml_part *part, silbe_mxml_lyric lyric, silbe_err *err)
{
    part->lyrics =
        silbe_grow(part->lyrics, part->n_lyrics, NULL, sizeof *part->lyrics, "lyrics", err);
    if (silbe_failed(err)) {
        free(lyric.text);
    } else {
        part->lyrics[part->n_lyrics++] = lyric;
    }
}

static silbe_syllabic read_syllabic(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err)
{
    static const char *const NAMES[] = {"single", "begin", "middle", "end"};
    char *text = silbe_mxml_text(mxml, node, err);
    int syllabic = 0;
    while (text != NULL && syllabic < 4 && strcmp(text, NAMES[syllabic]) != 0) {
        syllabic++;
    }
    if (syllabic == 4) {
        silbe_mxml_fail(mxml, node, err, "should be single, begin, middle or end, got \"%.20s\"",
                        text);
    }
    free(text);
    return (silbe_syllabic)syllabic;
}

/* Joins text to the syllable before it on the same note, over an undertie. */
static void join_lyric(silbe_mxml_lyric *lyric, const char *text, silbe_err *err)
{
    char *joined = silbe_format(err, "%s%s%s", lyric->text, UNDERTIE, text);
    if (joined != NULL) {
        free(lyric->text);
        lyric->text = joined;
    }
}

/* The last run of digits of <lyric number="">, or rank if there is none or it makes no sense. */
static int lyric_line(const xmlNode *node, int rank)
{
    const char *number = silbe_mxml_attribute(node, "number");
    int line = 0;
    bool in_digits = false;
    for (const char *at = number; at != NULL && *at != '\0'; at++) {
        bool is_digit = *at >= '0' && *at <= '9';
        if (is_digit && !in_digits) {
            line = 0;
        }
        if (is_digit && line < 1000000) {
            line = 10 * line + (*at - '0');
        }
        in_digits = is_digit;
    }
    return line >= 1 && line <= 1000 ? line : rank;
}

static void read_lyric(const silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node, int rank,
                       bool *ends_melisma, silbe_err *err)
{
    silbe_mxml_lyric lyric = {NULL, SILBE_SYLLABIC_SINGLE, lyric_line(node, rank)};
    bool own_syllabic = true; /* of the next <text>: the first one always starts a syllable */
    size_t first = part->n_lyrics;
    for (const xmlNode *child = node->children; child != NULL && !silbe_failed(err);
         child = child->next) {
        if (silbe_mxml_is(child, "syllabic")) {
            own_syllabic = true;
            lyric.syllabic = read_syllabic(mxml, child, err);
        } else if (silbe_mxml_is(child, "humming") || silbe_mxml_is(child, "laughing")) {
            *ends_melisma = true;
        } else if (silbe_mxml_is(child, "text")) {
            char *text = silbe_mxml_text(mxml, child, err);
            if (text == NULL || text[0] == '\0') {
                free(text);
            } else if (own_syllabic || part->n_lyrics == first) {
                lyric.text = text;
                push_lyric(part, lyric, err);
                own_syllabic = false;
            } else {
                join_lyric(&part->lyrics[part->n_lyrics - 1], text, err);
                free(text);
            }
        }
    }
}

static void read_ties(const xmlNode *node, const char *element, silbe_mxml_note *note)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        const char *type = silbe_mxml_is(child, element) ? silbe_mxml_attribute(child, "type") : "";
        note->tie_start = note->tie_start || (type != NULL && strcmp(type, "start") == 0);
        note->tie_stop = note->tie_stop || (type != NULL && strcmp(type, "stop") == 0);
        if (silbe_mxml_is(child, "notations")) {
            read_ties(child, "tied", note);
        }
    }
}

/* Voices are names; equal names give equal numbers (FNV-1a). Two names that meet in one number
 * would only share their grace notes' room. 0 = none. */
static int read_voice(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err)
{
    const xmlNode *child = silbe_mxml_child(node, "voice");
    char *text = child != NULL ? silbe_mxml_text(mxml, child, err) : NULL;
    if (text == NULL) {
        return 0;
    }
    uint32_t hash = 2166136261u;
    for (const char *at = text; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    }
    free(text);
    return (int)(hash >> 1);
}

static void read_note_lyrics(const silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                             silbe_mxml_note *note, silbe_err *err)
{
    int rank = 0;
    note->first_lyric = part->n_lyrics;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "lyric")) {
            read_lyric(mxml, part, child, ++rank, &note->ends_melisma, err);
        }
    }
    note->n_lyrics = part->n_lyrics - note->first_lyric;
}

/* Onset and duration, and the cursor behind the note. */
static void place_note(const silbe_mxml *mxml, silbe_mxml_state *state, const xmlNode *node,
                       silbe_mxml_note *note, silbe_err *err)
{
    note->is_grace = silbe_mxml_child(node, "grace") != NULL;
    note->is_chord = silbe_mxml_child(node, "chord") != NULL;
    if (note->is_grace) {
        note->onset_q = state->cursor_q;
        return;
    }
    note->duration_q = silbe_mxml_duration(mxml, state, node, err);
    if (note->is_chord) {
        note->onset_q = state->last_q;
    } else {
        note->onset_q = state->cursor_q;
        state->last_q = state->cursor_q;
        state->cursor_q += note->duration_q;
    }
}

void silbe_mxml_read_note(const silbe_mxml *mxml, silbe_mxml_part *part, silbe_mxml_state *state,
                          const xmlNode *node, silbe_err *err)
{
    silbe_mxml_note note = {.xml_line = (int)xmlGetLineNo(node)};
    place_note(mxml, state, node, &note, err);
    const xmlNode *pitch = silbe_mxml_child(node, "pitch");
    if (pitch == NULL || silbe_mxml_child(node, "cue") != NULL ||
        silbe_mxml_child(node, "rest") != NULL) {
        return;
    }
    if (!note.is_grace && !(note.duration_q > 0.0)) {
        silbe_mxml_fail(mxml, node, err, "a note that is no grace note lasts 0");
    }
    note.pitch = read_pitch(mxml, state, node, pitch, err);
    note.voice = read_voice(mxml, node, err);
    read_note_lyrics(mxml, part, node, &note, err);
    read_ties(node, "tie", &note);
    part->notes = silbe_grow(part->notes, part->n_notes, NULL, sizeof *part->notes, "notes", err);
    if (!silbe_failed(err)) {
        part->notes[part->n_notes++] = note;
    }
}
