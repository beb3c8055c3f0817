#include "datasets/demo/writers.h"
#include "datasets/xml.h"
#include "features/base/atomic_file.h"
#include "features/base/memory.h"

/* libxml2's writer reports failure by a negative result; the first one is remembered and the whole
 * file judged at the end. */
typedef struct {
    xmlTextWriterPtr writer;
    int failed;
} xml;

static void open_element(xml *x, const char *name)
{
    x->failed |= xmlTextWriterStartElement(x->writer, (const xmlChar *)name) < 0;
}

static void close_element(xml *x)
{
    x->failed |= xmlTextWriterEndElement(x->writer) < 0;
}

static void attribute(xml *x, const char *name, const char *value)
{
    x->failed |=
        xmlTextWriterWriteAttribute(x->writer, (const xmlChar *)name, (const xmlChar *)value) < 0;
}

static void text(xml *x, const char *name, const char *value)
{
    x->failed |=
        xmlTextWriterWriteElement(x->writer, (const xmlChar *)name, (const xmlChar *)value) < 0;
}

static void number(xml *x, const char *name, long value)
{
    x->failed |=
        xmlTextWriterWriteFormatElement(x->writer, (const xmlChar *)name, "%ld", value) < 0;
}

static void empty(xml *x, const char *name)
{
    open_element(x, name);
    close_element(x);
}

static void empty_with_type(xml *x, const char *name, const char *type)
{
    open_element(x, name);
    attribute(x, "type", type);
    close_element(x);
}

static const char *note_type(int base)
{
    switch (base) {
    case 1:
        return "whole";
    case 2:
        return "half";
    case 4:
        return "quarter";
    case 8:
        return "eighth";
    default:
        return "16th";
    }
}

static void write_pitch(xml *x, const silbe_synth_pitch *pitch, int octave_up)
{
    const char step[2] = {pitch->step, '\0'};
    open_element(x, "pitch");
    text(x, "step", step);
    if (pitch->alter != 0) {
        number(x, "alter", pitch->alter);
    }
    number(x, "octave", pitch->octave + octave_up);
    close_element(x);
}

/* Tied, fermata. */
static void write_notations(xml *x, const silbe_synth_event *event)
{
    if (!event->tied_back && !event->tied_on && !event->fermata) {
        return;
    }
    open_element(x, "notations");
    if (event->tied_back) {
        empty_with_type(x, "tied", "stop");
    }
    if (event->tied_on) {
        empty_with_type(x, "tied", "start");
    }
    if (event->fermata) {
        empty_with_type(x, "fermata", "upright");
    }
    close_element(x);
}

static void write_lyric(xml *x, const silbe_synth_song *song, size_t event_index)
{
    static const char *const names[] = {"single", "begin", "middle", "end"};
    const silbe_synth_event *event = &song->events[event_index];
    if (event->syllable == SILBE_SYNTH_NO_SYLLABLE) {
        return;
    }
    const silbe_synth_syllable *syllable = &song->syllables[event->syllable];
    open_element(x, "lyric");
    attribute(x, "number", "part1verse1");
    text(x, "syllabic", names[syllable->syllabic]);
    text(x, "text", syllable->text);
    if (syllable->last_event != event_index) {
        empty(x, "extend");
    }
    close_element(x);
}

/* One <note>: the k-th pitch of the event, or its rest. */
static void write_note(xml *x, const silbe_synth_song *song, size_t event_index, int k)
{
    const silbe_synth_event *event = &song->events[event_index];
    bool voice = event->staff == 0;
    open_element(x, "note");
    if (event->grace) {
        empty(x, "grace");
    }
    if (k > 0) {
        empty(x, "chord");
    }
    if (event->n_pitches == 0) {
        empty(x, "rest");
    } else {
        write_pitch(x, &event->pitches[k], voice && song->source->transposed ? 1 : 0);
    }
    if (!event->grace) {
        number(x, "duration", event->duration);
    }
    if (event->tied_back) {
        empty_with_type(x, "tie", "stop");
    }
    if (event->tied_on) {
        empty_with_type(x, "tie", "start");
    }
    text(x, "voice", event->staff == 2 ? "5" : "1");
    text(x, "type", note_type(event->base));
    if (event->dotted) {
        empty(x, "dot");
    }
    if (event->triplet) {
        open_element(x, "time-modification");
        number(x, "actual-notes", 3);
        number(x, "normal-notes", 2);
        close_element(x);
    }
    number(x, "staff", voice ? 1 : event->staff);
    write_notations(x, event);
    if (k == 0) {
        write_lyric(x, song, event_index);
    }
    close_element(x);
}

static void write_clef(xml *x, const char *staff, const char *sign, int line, int octave_change)
{
    open_element(x, "clef");
    attribute(x, "number", staff);
    text(x, "sign", sign);
    number(x, "line", line);
    if (octave_change != 0) {
        number(x, "clef-octave-change", octave_change);
    }
    close_element(x);
}

static void write_attributes(xml *x, const silbe_synth_song *song, size_t measure, bool voice)
{
    const silbe_synth_measure *m = &song->measures[measure];
    if (measure > 0 && !m->new_metre) {
        return;
    }
    open_element(x, "attributes");
    if (measure == 0) {
        number(x, "divisions", SILBE_SYNTH_TICKS_PER_QUARTER);
        open_element(x, "key");
        number(x, "fifths", song->source->fifths);
        text(x, "mode", song->source->minor ? "minor" : "major");
        close_element(x);
    }
    open_element(x, "time");
    number(x, "beats", m->beats);
    number(x, "beat-type", m->beat_type);
    close_element(x);
    if (measure == 0) {
        number(x, "staves", voice ? 1 : 2);
        write_clef(x, "1", "G", 2, voice && !song->source->transposed ? -1 : 0);
        if (!voice) {
            write_clef(x, "2", "F", 4, 0);
        }
        if (voice && song->source->transposed) {
            open_element(x, "transpose");
            number(x, "diatonic", 0);
            number(x, "chromatic", 0);
            number(x, "octave-change", -1);
            close_element(x);
        }
    }
    close_element(x);
}

static void write_staff(xml *x, const silbe_synth_song *song, size_t measure, int staff)
{
    for (size_t i = song->first_event[staff]; i < song->first_event[staff + 1]; i++) {
        const silbe_synth_event *event = &song->events[i];
        if (event->measure == measure) {
            int n = event->n_pitches == 0 ? 1 : event->n_pitches;
            for (int k = 0; k < n; k++) {
                write_note(x, song, i, k);
            }
        }
    }
}

static void write_part(xml *x, const silbe_synth_song *song, bool voice)
{
    open_element(x, "part");
    attribute(x, "id", voice ? "P1" : "P2");
    for (size_t i = 0; i < song->n_measures; i++) {
        const silbe_synth_measure *m = &song->measures[i];
        char name[16];
        (void)snprintf(name, sizeof name, "%d", m->number);
        open_element(x, "measure");
        attribute(x, "number", name);
        if (m->number == 0) {
            attribute(x, "implicit", "yes");
        }
        write_attributes(x, song, i, voice);
        if (voice) {
            write_staff(x, song, i, 0);
        } else {
            write_staff(x, song, i, 1);
            open_element(x, "backup");
            number(x, "duration", m->length);
            close_element(x);
            write_staff(x, song, i, 2);
        }
        close_element(x);
    }
    close_element(x);
}

static void write_score_part(xml *x, const char *id, const char *name)
{
    open_element(x, "score-part");
    attribute(x, "id", id);
    text(x, "part-name", name);
    close_element(x);
}

static void write_score(xml *x, const silbe_synth_song *song)
{
    x->failed |= xmlTextWriterStartDocument(x->writer, "1.0", "UTF-8", "no") < 0;
    x->failed |= xmlTextWriterWriteDTD(
                     x->writer, (const xmlChar *)"score-partwise",
                     (const xmlChar *)"-//Recordare//DTD MusicXML 3.0 Partwise//EN",
                     (const xmlChar *)"http://www.musicxml.org/dtds/partwise.dtd", NULL) < 0;
    open_element(x, "score-partwise");
    attribute(x, "version", "3.0");
    open_element(x, "work");
    text(x, "work-title", song->source->title);
    close_element(x);
    open_element(x, "identification");
    open_element(x, "creator");
    attribute(x, "type", "lyricist");
    x->failed |= xmlTextWriterWriteString(x->writer, (const xmlChar *)song->source->poet) < 0;
    close_element(x);
    open_element(x, "encoding");
    text(x, "software", "silbe-demo");
    close_element(x);
    close_element(x);
    open_element(x, "part-list");
    write_score_part(x, "P1", "Voice");
    write_score_part(x, "P2", "Piano");
    close_element(x);
    write_part(x, song, true);
    write_part(x, song, false);
    x->failed |= xmlTextWriterEndDocument(x->writer) < 0;
}

/* The score as a text, to be freed with xmlBufferFree; NULL after a failure. */
static xmlBufferPtr format_score(const silbe_synth_song *song, silbe_err *err)
{
    xmlBufferPtr buffer = NULL;
    xml x = {silbe_xml_writer_new(&buffer, err), 0};
    if (x.writer != NULL) {
        (void)xmlTextWriterSetIndent(x.writer, 1);
        write_score(&x, song);
        xmlFreeTextWriter(x.writer); /* flushes into the buffer */
    }
    if (x.failed) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MEMORY, "the XML writer ran out of memory"));
    }
    return buffer;
}

void silbe_demo_write_musicxml(const char *path, const silbe_synth_song *song, silbe_err *err)
{
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    xmlBufferPtr buffer = silbe_failed(err) ? NULL : format_score(song, err);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        /* A failed write shows in commit, through the error flag of the stream. */
        (void)fwrite(xmlBufferContent(buffer), 1, (size_t)xmlBufferLength(buffer), file.stream);
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    xmlBufferFree(buffer);
}
