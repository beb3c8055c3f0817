/* Standard MIDI files: the bytes of a small one, and notes, pedal and tuning read back. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "pipeline/train/data/midi_file.h"
#include "tests/check.h"

/* By hand after the specification (RP-001): a note of half a second after half a second, velocity
 * 0.5, in a file of a second and a half. 480 ticks are 83 60 in its numbers of variable length. */
static const unsigned char golden[] = {
    'M',  'T',  'h',  'd',  0,    0,    0,    6,    0,  0,    0,   1,
    0x01, 0xE0,                                   /* format 0, one track, 480 */
    'M',  'T',  'r',  'k',  0,    0,    0,    49, /* */
    0,    0xFF, 0x51, 3,    0x07, 0xA1, 0x20,     /* 500,000 us */
    0,    0xC0, 4,                                /* program */
    0,    0xB0, 101,  0,    0,    0xB0, 100,  1,  /* fine tuning: */
    0,    0xB0, 38,   0,    0,    0xB0, 6,    64,   0,  0xB0, 101, 127, /* 0x2000, none */
    0,    0xB0, 100,  127,                                              /* */
    0x83, 0x60, 0x90, 60,   64,   0x83, 0x60, 0x80, 60, 64,             /* on, off */
    0x83, 0x60, 0xFF, 0x2F, 0,                                          /* end */
};

static void test_golden(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_piano_note note = {.start_s = 0.5, .end_s = 1.0, .pitch = 60, .velocity = 0.5};
    const silbe_midi_piece piece = {.notes = &note,
                                    .n_notes = 1,
                                    .programs = {4},
                                    .velocity_scale = 1.0,
                                    .tuning_hz = 440.0,
                                    .duration_s = 1.5};
    unsigned char *bytes;
    size_t n = 0;
    check_ok(silbe_midi_encode(&piece, &bytes, &n, &err), err);
    assert_int_equal(n, sizeof golden);
    assert_memory_equal(bytes, golden, n);
    free(bytes);
}

/* ---- a reader of what the writer writes, and of nothing else ---- */

typedef struct {
    size_t n_on, n_off;
    int program[16];
    int tuning[16];
    int parameter[16][2]; /* coarse and fine number */
    int data_fine[16];
    double on_s[16][128]; /* when the note that sounds began; < 0: none sounds */
    double sum_s;         /* of lengths */
    size_t n_pedal;       /* times pressed */
    double end_s;
    struct {
        double start_s, end_s;
        int channel, pitch, velocity;
    } notes[4096]; /* by end */
    size_t n_notes;
    int velocity[16][128];
} midi_read;

static uint32_t read_number(const unsigned char **at)
{
    uint32_t number = 0;
    do {
        number = number << 7 | (**at & 127U);
    } while ((*(*at)++ & 128U) != 0);
    return number;
}

static void read_control(midi_read *r, int channel, int control, int value)
{
    if (control == 101 || control == 100) {
        r->parameter[channel][101 - control] = value;
    } else if (control == 38) {
        r->data_fine[channel] = value;
    } else if (control == 6) {
        assert_int_equal(r->parameter[channel][0], 0);
        assert_int_equal(r->parameter[channel][1], 1);
        r->tuning[channel] = value << 7 | r->data_fine[channel];
    } else {
        assert_int_equal(control, 64);
        assert_true(value == 0 || value == 127);
        r->n_pedal += value == 127;
    }
}

static void read_event(midi_read *r, double time_s, const unsigned char *e)
{
    int channel = e[0] & 15, pitch = e[1];
    double *on_s = &r->on_s[channel][pitch];
    switch (e[0] & 0xF0) {
    case 0x90:
        assert_true(*on_s < 0.0); /* none of the same pitch sounds */
        assert_true(e[2] >= 1 && e[2] <= 127);
        *on_s = time_s;
        r->velocity[channel][pitch] = e[2];
        r->n_on++;
        break;
    case 0x80:
        assert_true(*on_s >= 0.0 && *on_s < time_s);
        r->notes[r->n_notes].start_s = *on_s;
        r->notes[r->n_notes].end_s = time_s;
        r->notes[r->n_notes].channel = channel;
        r->notes[r->n_notes].velocity = r->velocity[channel][pitch];
        r->notes[r->n_notes++].pitch = pitch;
        *on_s = -1.0;
        break;
    default:
        assert_int_equal(e[0] & 0xF0, 0xB0);
        read_control(r, channel, e[1], e[2]);
    }
}

static void read_back(const unsigned char *bytes, size_t n, midi_read *r)
{
    const unsigned char *at = bytes + 22, *end = bytes + n;
    uint32_t tick = 0;
    memset(r, 0, sizeof *r);
    for (int c = 0; c < 16; c++) {
        r->program[c] = r->tuning[c] = -1;
        for (int k = 0; k < 128; k++) {
            r->on_s[c][k] = -1.0;
        }
    }
    assert_memory_equal(bytes, golden, 14);
    assert_memory_equal(bytes + 14, "MTrk", 4);
    assert_int_equal((size_t)bytes[18] << 24 | (size_t)bytes[19] << 16 | (size_t)bytes[20] << 8 |
                         bytes[21],
                     n - 22);
    while (at < end) {
        tick += read_number(&at);
        if (at[0] == 0xFF) {
            r->end_s = tick / 960.0;
            assert_true(at[1] == 0x51 || at + 3 == end);
            at += 3 + at[2];
        } else if ((at[0] & 0xF0) == 0xC0) {
            r->program[at[0] & 15] = at[1];
            at += 2;
        } else {
            read_event(r, tick / 960.0, at);
            at += 3;
        }
    }
    assert_true(at == end);
    for (int c = 0; c < 16; c++) {
        for (int k = 0; k < 128; k++) {
            assert_true(r->on_s[c][k] < 0.0); /* nothing goes on sounding */
        }
    }
}

/* Notes that do not overlap in a pitch come back, each within a tick. */
static void test_round_trip(void **state)
{
    (void)state;
    enum { N = 600 };
    static midi_read r;
    silbe_err err = SILBE_ERR_INIT;
    check_rng rng = check_rng_new(11);
    silbe_piano_note notes[N];
    unsigned char channels[N];
    double free_from_s[3][128] = {{0}}, duration_s = 0.0;
    for (size_t i = 0; i < N; i++) {
        channels[i] = (unsigned char)(5 * (check_random(&rng) % 3)); /* 0, 5, 10 */
        int pitch = 21 + (int)(check_random(&rng) % 88);
        double start_s = free_from_s[channels[i] / 5][pitch] + 0.01 + 3.0 * check_uniform(&rng);
        double end_s = start_s + 0.01 + 2.0 * check_uniform(&rng);
        notes[i] = (silbe_piano_note){start_s, end_s, pitch, 0.1 + 0.8 * check_uniform(&rng)};
        free_from_s[channels[i] / 5][pitch] = end_s + 0.002;
        duration_s = end_s > duration_s ? end_s : duration_s;
    }
    const double pedal_s[3] = {0.0, 1.0, 1.05}; /* the second has no time to be pressed */
    const silbe_midi_piece piece = {.notes = notes,
                                    .n_notes = N,
                                    .channels = channels,
                                    .programs = {[0] = 48, [5] = 60, [10] = 71},
                                    .velocity_scale = 1.2,
                                    .tuning_hz = 432.0,
                                    .pedal_s = pedal_s,
                                    .n_pedal = 3,
                                    .duration_s = duration_s + 1.0};
    unsigned char *bytes;
    size_t n = 0;
    check_ok(silbe_midi_encode(&piece, &bytes, &n, &err), err);
    read_back(bytes, n, &r);
    free(bytes);
    assert_int_equal(r.n_notes, N);
    check_close(r.end_s, piece.duration_s, 0.5001 / 960.0);
    assert_int_equal(r.n_pedal, 2 * 3);
    assert_int_equal(r.program[5], 60);
    assert_int_equal(r.program[9], -1);
    /* 432 Hz is 1200 log2(432 / 440) = -31.7666 cents; 8192 - 2602. */
    assert_int_equal(r.tuning[10], 5590);
    for (size_t i = 0; i < N; i++) {
        bool is_found = false;
        for (size_t k = 0; k < N && !is_found; k++) {
            is_found = r.notes[k].pitch == notes[i].pitch && r.notes[k].channel == channels[i] &&
                       fabs(r.notes[k].start_s - notes[i].start_s) <= 0.5001 / 960.0 &&
                       fabs(r.notes[k].end_s - notes[i].end_s) <= 0.5001 / 960.0 &&
                       abs(r.notes[k].velocity -
                           (int)fmin(127.0, 127.0 * 1.2 * notes[i].velocity + 0.5)) <= 0;
        }
        assert_true(is_found);
    }
}

/* Of one pitch: the former ends where the latter begins; the louder of two that begin together;
 * what lies after the end is not there, and what lasts longer ends with the file. */
static void test_overlaps(void **state)
{
    (void)state;
    static midi_read r;
    silbe_err err = SILBE_ERR_INIT;
    const silbe_piano_note notes[] = {
        {0.0, 2.0, 60, 0.4}, {1.0, 3.0, 60, 0.5}, {1.0, 1.5, 60, 0.6},
        {5.0, 9.0, 62, 0.5}, {7.0, 8.0, 64, 0.5},
    };
    const silbe_midi_piece piece = {
        .notes = notes, .n_notes = 5, .velocity_scale = 1.0, .tuning_hz = 440, .duration_s = 6.0};
    unsigned char *bytes;
    size_t n = 0;
    check_ok(silbe_midi_encode(&piece, &bytes, &n, &err), err);
    read_back(bytes, n, &r);
    free(bytes);
    assert_int_equal(r.n_notes, 3);
    check_close(r.notes[0].end_s, 1.0, 1e-9);
    check_close(r.notes[1].start_s, 1.0, 1e-9);
    check_close(r.notes[1].end_s, 1.5, 1e-9);
    assert_int_equal(r.notes[1].velocity, 76);
    check_close(r.notes[2].end_s, 6.0, 1e-9);
}

static void test_refused(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_piano_note note = {.start_s = 0.5, .end_s = 1.0, .pitch = 60, .velocity = 0.5};
    const unsigned char drums = SILBE_MIDI_DRUMS;
    const silbe_midi_piece good = {
        .notes = &note, .n_notes = 1, .velocity_scale = 1.0, .tuning_hz = 440.0, .duration_s = 1.5};
    unsigned char *bytes;
    size_t n;
    for (int k = 0; k < 8; k++) {
        silbe_midi_piece piece = good;
        note = (silbe_piano_note){.start_s = 0.5, .end_s = 1.0, .pitch = 60, .velocity = 0.5};
        switch (k) {
        case 0:
            note.pitch = 128;
            break;
        case 1:
            note.end_s = 0.5;
            break;
        case 2:
            note.start_s = -0.1;
            break;
        case 3:
            note.velocity = (double)NAN;
            break;
        case 4:
            piece.channels = &drums;
            break;
        case 5:
            piece.duration_s = 0.0;
            break;
        case 6:
            piece.tuning_hz = 400.0;
            break;
        default:
            piece.duration_s = 1e6;
        }
        assert_int_equal(silbe_midi_encode(&piece, &bytes, &n, &err), SILBE_ERR_ARGUMENT);
        assert_null(bytes);
    }
    note = (silbe_piano_note){.start_s = 0.5, .end_s = 1.0, .pitch = 60, .velocity = 0.5};
    assert_int_equal(silbe_midi_write("test_midi_none/x.mid", &good, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "test_midi_none/x.mid"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
