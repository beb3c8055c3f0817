#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/memory.h"

#define MAX_STAVES 16

/* What holds from one measure of a part to the next. */
typedef struct {
    silbe_mxml_state note;
    double metre_q; /* 0 = none */
    int clef_octaves[MAX_STAVES];
    size_t measure; /* index */
} part_state;

/* The staff (1-based) that an attribute number="" means: *first..*last, all of them without it. */
static void staves_of(const silbe_mxml *mxml, const xmlNode *node, int fallback_last, int *first,
                      int *last, silbe_err *err)
{
    const char *number = silbe_mxml_attribute(node, "number");
    *first = 1;
    *last = fallback_last;
    if (number == NULL) {
        return;
    }
    char *end = NULL;
    long staff = strtol(number, &end, 10);
    if (end == number || *end != '\0' || staff < 1 || staff > MAX_STAVES) {
        silbe_mxml_fail(mxml, node, err, "number should be a staff from 1 to %d, got %.20s",
                        MAX_STAVES, number);
    } else {
        *first = *last = (int)staff;
    }
}

static void read_clef(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                      silbe_err *err)
{
    const xmlNode *change = silbe_mxml_child(node, "clef-octave-change");
    int first = 1, last = 1;
    staves_of(mxml, node, 1, &first, &last, err);
    state->clef_octaves[first - 1] =
        change != NULL ? silbe_mxml_integer(mxml, change, -4, 4, err) : 0;
}

/*
 * By the specification the clef says nothing about sound: <pitch> is what is written, <transpose>
 * turns it into what sounds. For a tenor's treble clef with an 8 below, however, Sibelius writes
 * <pitch> as it sounds and yet octave-change -1 in both elements. Counting it again would put
 * tenors an octave below their compass, so equal octave changes of clef and transposition count
 * once.
 */
static void read_transpose(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                           silbe_err *err)
{
    const xmlNode *chromatic_node = silbe_mxml_child(node, "chromatic");
    const xmlNode *octave_node = silbe_mxml_child(node, "octave-change");
    int first = 1, last = MAX_STAVES;
    staves_of(mxml, node, MAX_STAVES, &first, &last, err);
    double chromatic =
        chromatic_node ? silbe_mxml_number(mxml, chromatic_node, -60.0, 60.0, err) : 0.0;
    int octaves = octave_node ? silbe_mxml_integer(mxml, octave_node, -5, 5, err) : 0;
    for (int staff = first; staff <= last; staff++) {
        int clef = state->clef_octaves[staff - 1];
        bool is_in_clef = octaves != 0 && clef == octaves;
        state->note.semitones[staff - 1] = (int)lround(chromatic) + (is_in_clef ? 0 : 12 * octaves);
    }
}

/* "3", or "3+2+3" as in composite metres. */
static double read_beats(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err)
{
    char *text = silbe_mxml_text(mxml, node, err);
    double sum = 0.0;
    bool is_good = text != NULL;
    const char *at = text;
    while (is_good) {
        char *end = NULL;
        long term = strtol(at, &end, 10);
        is_good = end != at && term >= 1 && term <= 1000;
        sum += (double)term;
        while (is_good && *end == ' ') {
            end++;
        }
        at = end;
        if (!is_good || *at != '+') {
            break;
        }
        at++;
    }
    if (!is_good || *at != '\0') {
        silbe_mxml_fail(mxml, node, err, "\"%.40s\" is no number of beats", text);
    }
    free(text);
    return sum;
}

static void read_time(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                      silbe_err *err)
{
    double metre_q = 0.0, beats = 0.0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "beats")) {
            beats = read_beats(mxml, child, err);
        } else if (silbe_mxml_is(child, "beat-type")) {
            metre_q += 4.0 * beats / silbe_mxml_integer(mxml, child, 1, 1024, err);
        } else if (silbe_mxml_is(child, "senza-misura")) {
            metre_q = 0.0;
        }
    }
    state->metre_q = metre_q;
}

static void read_attributes(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                            silbe_err *err)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "divisions")) {
            state->note.divisions = silbe_mxml_number(mxml, child, 1e-3, 1e6, err);
        } else if (silbe_mxml_is(child, "time")) {
            read_time(mxml, child, state, err);
        } else if (silbe_mxml_is(child, "clef")) {
            read_clef(mxml, child, state, err);
        }
    }
    /* After the clefs, which it is compared with. */
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "transpose")) {
            read_transpose(mxml, child, state, err);
        }
    }
}

/* "1", "1, 2": a bit for each pass. */
static uint32_t ending_passes(const silbe_mxml *mxml, const xmlNode *node, const char *number,
                              silbe_err *err)
{
    uint32_t passes = 0;
    for (const char *at = number; *at != '\0' && !silbe_failed(err);) {
        if (strchr(" ,.\t", *at) != NULL) {
            at++;
            continue;
        }
        char *end = NULL;
        long pass = strtol(at, &end, 10);
        if (end == at || pass < 1 || pass > 32) {
            silbe_mxml_fail(mxml, node, err, "number should list 1 to 32, got \"%.40s\"", number);
        } else {
            passes |= (uint32_t)1 << (pass - 1);
        }
        at = end;
    }
    return passes;
}

static void read_ending(const silbe_mxml *mxml, const xmlNode *node, silbe_mxml_marks *marks,
                        silbe_err *err)
{
    const char *number = silbe_mxml_attribute(node, "number");
    const char *type = silbe_mxml_attribute(node, "type");
    if (type == NULL || number == NULL) {
        silbe_mxml_fail(mxml, node, err, "needs the attributes number and type");
    } else if (strcmp(type, "start") != 0) {
        marks->ending_stop = true;
    } else {
        uint32_t passes = ending_passes(mxml, node, number, err);
        marks->ending_start = marks->ending_start || passes != 0;
        marks->endings |= passes;
    }
}

static void read_repeat(const silbe_mxml *mxml, const xmlNode *node, silbe_mxml_marks *marks,
                        silbe_err *err)
{
    const char *direction = silbe_mxml_attribute(node, "direction");
    if (direction != NULL && strcmp(direction, "forward") == 0) {
        marks->forward = true;
        return;
    }
    if (direction == NULL || strcmp(direction, "backward") != 0) {
        silbe_mxml_fail(mxml, node, err, "direction should be forward or backward");
    }
    const char *times_text = silbe_mxml_attribute(node, "times");
    long times = 2;
    if (times_text != NULL) {
        char *end = NULL;
        times = strtol(times_text, &end, 10);
        if (end == times_text || *end != '\0' || times < 1 || times > 100) {
            silbe_mxml_fail(mxml, node, err, "times should be from 1 to 100, got %.40s",
                            times_text);
        }
    }
    if (times > marks->backward_times) {
        marks->backward_times = (int)times;
    }
}

static void read_barline(const silbe_mxml *mxml, const xmlNode *node, silbe_mxml_marks *marks,
                         silbe_err *err)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "ending")) {
            read_ending(mxml, child, marks, err);
        } else if (silbe_mxml_is(child, "repeat")) {
            read_repeat(mxml, child, marks, err);
        }
    }
}

/* The label that comes first stays. */
static void set_label(const xmlNode *node, const char *attribute, char **label, silbe_err *err)
{
    if (*label == NULL) {
        *label = silbe_copy_text(silbe_mxml_attribute(node, attribute), err);
    }
}

static void read_sound(const xmlNode *node, silbe_mxml_marks *marks, silbe_err *err)
{
    const char *da_capo = silbe_mxml_attribute(node, "dacapo");
    const char *fine = silbe_mxml_attribute(node, "fine");
    const char *forward = silbe_mxml_attribute(node, "forward-repeat");
    marks->da_capo = marks->da_capo || (da_capo != NULL && strcmp(da_capo, "yes") == 0);
    marks->fine = marks->fine || (fine != NULL && strcmp(fine, "no") != 0);
    marks->forward = marks->forward || (forward != NULL && strcmp(forward, "yes") == 0);
    set_label(node, "segno", &marks->segno, err);
    set_label(node, "dalsegno", &marks->dal_segno, err);
    set_label(node, "coda", &marks->coda, err);
    set_label(node, "tocoda", &marks->to_coda, err);
}

/* <backup> and <forward>. */
static void move_cursor(const silbe_mxml *mxml, const xmlNode *node, silbe_mxml_state *state,
                        silbe_err *err)
{
    double duration_q = silbe_mxml_duration(mxml, state, node, err);
    state->cursor_q += silbe_mxml_is(node, "backup") ? -duration_q : duration_q;
    if (state->cursor_q < -SILBE_MXML_SAME_Q) {
        silbe_mxml_fail(mxml, node, err, "goes %g quarters before the measure", -state->cursor_q);
    }
    /* Sums of thirds must not leave the measure's start at -1e-17. */
    state->cursor_q = fabs(state->cursor_q) < 1e-9 ? 0.0 : fmax(state->cursor_q, 0.0);
}

static void read_measure(const silbe_mxml *mxml, silbe_mxml_part *part, part_state *state,
                         const xmlNode *node, silbe_mxml_measure *measure, silbe_err *err)
{
    silbe_mxml_marks *marks = &mxml->marks[state->measure];
    silbe_mxml_state *note = &state->note;
    note->cursor_q = note->last_q = 0.0;
    for (const xmlNode *child = node->children; child != NULL && !silbe_failed(err);
         child = child->next) {
        if (silbe_mxml_is(child, "note")) {
            silbe_mxml_read_note(mxml, part, note, child, err);
        } else if (silbe_mxml_is(child, "backup") || silbe_mxml_is(child, "forward")) {
            move_cursor(mxml, child, note, err);
        } else if (silbe_mxml_is(child, "attributes")) {
            read_attributes(mxml, child, state, err);
        } else if (silbe_mxml_is(child, "barline")) {
            read_barline(mxml, child, marks, err);
        } else if (silbe_mxml_is(child, "sound")) {
            read_sound(child, marks, err);
        } else if (silbe_mxml_is(child, "direction")) {
            const xmlNode *sound = silbe_mxml_child(child, "sound");
            if (sound != NULL) {
                read_sound(sound, marks, err);
            }
        }
        measure->length_q = fmax(measure->length_q, note->cursor_q);
    }
    measure->n_notes = part->n_notes - measure->first_note;
    measure->metre_q = state->metre_q;
}

/* The leading digits of number="", or the number of the measure before. */
static int measure_number(const xmlNode *node, int before)
{
    const char *text = silbe_mxml_attribute(node, "number");
    int number = 0, n_digits = 0;
    for (; text != NULL && *text >= '0' && *text <= '9' && n_digits < 8; text++, n_digits++) {
        number = 10 * number + (*text - '0');
    }
    return n_digits > 0 ? number : before;
}

static void push_measure(silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                         silbe_err *err)
{
    size_t index = part->n_measures;
    part->measures =
        silbe_grow(part->measures, index, NULL, sizeof *part->measures, "measures", err);
    if (index == mxml->n_marks) {
        mxml->marks = silbe_grow(mxml->marks, index, NULL, sizeof *mxml->marks, "measures", err);
    }
    if (silbe_failed(err)) {
        return;
    }
    if (index == mxml->n_marks) {
        mxml->marks[mxml->n_marks++] = (silbe_mxml_marks){0};
    }
    int before = index == 0 ? 0 : part->measures[index - 1].number;
    part->measures[index] = (silbe_mxml_measure){.first_note = part->n_notes,
                                                 .number = measure_number(node, before),
                                                 .xml_line = (int)xmlGetLineNo(node)};
    part->n_measures++;
}

void silbe_mxml_read_part(silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                          silbe_err *err)
{
    part_state state = {.measure = 0};
    for (const xmlNode *child = node->children; child != NULL && !silbe_failed(err);
         child = child->next) {
        if (!silbe_mxml_is(child, "measure")) {
            continue;
        }
        push_measure(mxml, part, child, err);
        if (!silbe_failed(err)) {
            state.measure = part->n_measures - 1;
            read_measure(mxml, part, &state, child, &part->measures[state.measure], err);
        }
    }
}
