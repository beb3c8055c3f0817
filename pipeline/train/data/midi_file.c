#include "pipeline/train/data/midi_file.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

enum { N_PITCHES = 128, LONGEST_S = 86400, HEADER_SIZE = 14, TRACK_HEADER_SIZE = 8 };
enum { NOTE_OFF = 0x80, NOTE_ON = 0x90, CONTROL = 0xB0, PROGRAM = 0xC0 };
enum { DATA_COARSE = 6, DATA_FINE = 38, PEDAL = 64, RPN_FINE = 100, RPN_COARSE = 101 };

/* Events of one tick are written in this order. */
typedef enum { RANK_OFF, RANK_CONTROL, RANK_ON } rank;

typedef struct {
    uint32_t tick;
    rank rank;
    size_t number; /* of its making: last rule of order */
    unsigned char bytes[3];
    unsigned char n_bytes;
} event;

typedef struct {
    uint32_t on, off;
    unsigned char channel, pitch, velocity;
} note;

typedef struct {
    event *events;
    size_t n;
    size_t capacity;
    silbe_err *err;
} track;

static void add(track *t, uint32_t tick, rank r, int status, int channel, int first, int second)
{
    t->events = silbe_grow(t->events, t->n, &t->capacity, sizeof *t->events, "MIDI events", t->err);
    if (silbe_failed(t->err)) {
        return;
    }
    t->events[t->n] = (event){
        .tick = tick,
        .rank = r,
        .number = t->n,
        .bytes = {(unsigned char)(status | channel), (unsigned char)first, (unsigned char)second},
        .n_bytes = status == PROGRAM ? 2 : 3};
    t->n++;
}

static int compare_events(const void *left, const void *right)
{
    const event *a = left, *b = right;
    if (a->tick != b->tick) {
        return a->tick < b->tick ? -1 : 1;
    }
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

/* By time; of those that begin together, channel, pitch, and the softest first. */
static int compare_notes(const void *left, const void *right)
{
    const note *a = left, *b = right;
    if (a->on != b->on) {
        return a->on < b->on ? -1 : 1;
    }
    if (a->channel != b->channel) {
        return a->channel < b->channel ? -1 : 1;
    }
    if (a->pitch != b->pitch) {
        return a->pitch < b->pitch ? -1 : 1;
    }
    if (a->velocity != b->velocity) {
        return a->velocity < b->velocity ? -1 : 1;
    }
    return a->off < b->off ? -1 : a->off > b->off;
}

static uint32_t tick_of(double time_s)
{
    return time_s <= 0.0 ? 0 : (uint32_t)(time_s * SILBE_MIDI_TICKS_PER_S + 0.5);
}

static silbe_status check(const silbe_midi_piece *p, silbe_err *err)
{
    if (!(p->duration_s > 0.0 && p->duration_s <= LONGEST_S)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "a MIDI file of %g s: 0 to %d can be written",
                          p->duration_s, LONGEST_S);
    }
    if (!(p->tuning_hz > 415.31 && p->tuning_hz < 466.15)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "a MIDI file in a tuning of %g Hz: 415.4 to 466.1 can be written",
                          p->tuning_hz);
    }
    for (size_t i = 0; i < p->n_notes; i++) {
        const silbe_piano_note *n = &p->notes[i];
        int channel = p->channels == NULL ? 0 : p->channels[i];
        if (n->pitch < 0 || n->pitch >= N_PITCHES || channel >= SILBE_MIDI_N_CHANNELS ||
            channel == SILBE_MIDI_DRUMS || !(n->start_s >= 0.0 && n->start_s <= LONGEST_S) ||
            !(n->end_s > n->start_s) || !isfinite(n->velocity)) {
            return silbe_fail(err, SILBE_ERR_ARGUMENT,
                              "MIDI note %zu: pitch %d, channel %d, %g to %g s, velocity %g is no "
                              "note",
                              i, n->pitch, channel, n->start_s, n->end_s, n->velocity);
        }
    }
    return SILBE_OK;
}

static void set_up_channel(track *t, int channel, int program, double tuning_hz)
{
    double cents = 1200.0 * log2(tuning_hz / 440.0);
    int tuning = 8192 + (int)lrint(cents / 100.0 * 8192.0);
    tuning = tuning < 0 ? 0 : tuning > 16383 ? 16383 : tuning;
    add(t, 0, RANK_CONTROL, PROGRAM, channel, program & 127, 0);
    /* FluidSynth acts on the coarse part, so the fine one comes before it. */
    const int controls[6][2] = {{RPN_COARSE, 0},           {RPN_FINE, 1},
                                {DATA_FINE, tuning & 127}, {DATA_COARSE, tuning >> 7},
                                {RPN_COARSE, 127},         {RPN_FINE, 127}};
    for (size_t i = 0; i < 6; i++) {
        add(t, 0, RANK_CONTROL, CONTROL, channel, controls[i][0], controls[i][1]);
    }
}

static void add_pedal(track *t, const silbe_midi_piece *p, int channel, uint32_t end)
{
    for (size_t i = 0; i < p->n_pedal; i++) {
        uint32_t up = tick_of(p->pedal_s[i]), down = tick_of(p->pedal_s[i] + SILBE_MIDI_PEDAL_S);
        uint32_t next = i + 1 < p->n_pedal ? tick_of(p->pedal_s[i + 1]) : end;
        if (up < end) {
            add(t, up, RANK_CONTROL, CONTROL, channel, PEDAL, 0);
        }
        if (down < next && down < end) {
            add(t, down, RANK_CONTROL, CONTROL, channel, PEDAL, 127);
        }
    }
}

/* notes: room for p->n_notes. */
static void add_notes(track *t, const silbe_midi_piece *p, uint32_t end, note *notes)
{
    uint32_t next[SILBE_MIDI_N_CHANNELS][N_PITCHES];
    bool is_used[SILBE_MIDI_N_CHANNELS] = {false};
    for (size_t i = 0; i < p->n_notes; i++) {
        const silbe_piano_note *n = &p->notes[i];
        double velocity = floor(127.0 * n->velocity * p->velocity_scale + 0.5);
        velocity = velocity < 1.0 ? 1.0 : velocity > 127.0 ? 127.0 : velocity;
        uint32_t on = tick_of(n->start_s), off = n->end_s < LONGEST_S ? tick_of(n->end_s) : end;
        notes[i] = (note){on, off, p->channels == NULL ? 0 : p->channels[i],
                          (unsigned char)n->pitch, (unsigned char)velocity};
        is_used[notes[i].channel] = true;
    }
    qsort(notes, p->n_notes, sizeof *notes, compare_notes);
    for (int c = 0; c < SILBE_MIDI_N_CHANNELS; c++) {
        for (int k = 0; k < N_PITCHES; k++) {
            next[c][k] = end;
        }
        if (is_used[c]) {
            set_up_channel(t, c, p->programs[c], p->tuning_hz);
            add_pedal(t, p, c, end);
        }
    }
    for (size_t i = p->n_notes; i > 0; i--) {
        const note *n = &notes[i - 1];
        uint32_t *limit = &next[n->channel][n->pitch];
        if (n->on >= *limit) {
            continue; /* after the end, or one that begins with a louder one */
        }
        uint32_t off = n->off <= n->on ? n->on + 1 : n->off;
        add(t, n->on, RANK_ON, NOTE_ON, n->channel, n->pitch, n->velocity);
        add(t, off < *limit ? off : *limit, RANK_OFF, NOTE_OFF, n->channel, n->pitch, 64);
        *limit = n->on;
    }
}

/* Big-endian, n bytes. */
static unsigned char *put(unsigned char *at, uint32_t value, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        *at++ = (unsigned char)(value >> (8 * i));
    }
    return at;
}

/* Seven bits a byte, the highest first; all but the last have the top bit set. */
static unsigned char *put_time(unsigned char *at, uint32_t ticks)
{
    for (int shift = 21; shift > 0; shift -= 7) {
        if (ticks >> shift != 0) {
            *at++ = (unsigned char)(0x80 | ((ticks >> shift) & 127));
        }
    }
    *at++ = (unsigned char)(ticks & 127);
    return at;
}

static unsigned char *write_file(const track *t, uint32_t end, size_t *n, silbe_err *err)
{
    static const unsigned char tempo[] = {0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20}; /* 500,000 us */
    static const unsigned char closing[] = {0xFF, 0x2F, 0};
    const size_t longest = 7; /* of an event with its time */
    unsigned char *bytes = silbe_alloc(HEADER_SIZE + TRACK_HEADER_SIZE + (t->n + 3) * longest, 1,
                                       "bytes of a MIDI file", err);
    if (bytes == NULL) {
        return NULL;
    }
    unsigned char *start = bytes + HEADER_SIZE + TRACK_HEADER_SIZE, *at = start;
    uint32_t tick = 0;
    memcpy(at, tempo, sizeof tempo);
    at += sizeof tempo;
    for (size_t i = 0; i < t->n; i++) {
        const event *e = &t->events[i];
        at = put_time(at, e->tick - tick);
        memcpy(at, e->bytes, e->n_bytes);
        at += e->n_bytes;
        tick = e->tick;
    }
    at = put_time(at, end - tick);
    memcpy(at, closing, sizeof closing);
    at += sizeof closing;
    *n = (size_t)(at - bytes);
    uint32_t size = (uint32_t)(at - start);
    memcpy(bytes, "MThd", 4);
    at = put(bytes + 4, 6, 4);
    at = put(at, 0, 2);
    at = put(at, 1, 2);
    at = put(at, SILBE_MIDI_TICKS_PER_S / 2, 2);
    memcpy(at, "MTrk", 4);
    (void)put(at + 4, size, 4);
    return bytes;
}

silbe_status silbe_midi_encode(const silbe_midi_piece *piece, unsigned char **bytes, size_t *n,
                               silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *bytes = NULL;
    silbe_try(err, check(piece, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    track t = {.err = err};
    uint32_t end = tick_of(piece->duration_s);
    note *notes = silbe_alloc(piece->n_notes, sizeof *notes, "notes", err);
    if (notes != NULL) {
        add_notes(&t, piece, end, notes);
    }
    if (!silbe_failed(err) && t.n >= UINT32_MAX / 8) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "no memory for a MIDI file of %zu notes",
                         piece->n_notes);
    }
    if (!silbe_failed(err) && t.n > 0) {
        qsort(t.events, t.n, sizeof *t.events, compare_events);
    }
    *bytes = write_file(&t, end, n, err);
    free(notes);
    free(t.events);
    return err->status;
}

silbe_status silbe_midi_write(const char *path, const silbe_midi_piece *piece, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    unsigned char *bytes = NULL;
    size_t n = 0;
    if (silbe_midi_encode(piece, &bytes, &n, err) != SILBE_OK) {
        return silbe_fail_prefix(err, err->status, path);
    }
    FILE *file = fopen(path, "wb");
    bool is_written = file != NULL && fwrite(bytes, 1, n, file) == n;
    int error = errno;
    if (file != NULL && fclose(file) != 0) {
        is_written = false;
        error = errno;
    }
    free(bytes);
    return is_written
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_IO, "%s: cannot be written: %s", path, strerror(error));
}
