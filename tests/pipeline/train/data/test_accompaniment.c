/* Piano pieces: notes from a score without the voice, made-up ones, the bank and its cache. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/train/data/accompaniment.h"
#include "tests/check.h"

static const char score[] =
    "<?xml version=\"1.0\"?><score-partwise><part-list>"
    "<score-part id=\"P1\"><part-name>Voice</part-name></score-part>"
    "<score-part id=\"P2\"><part-name>Piano</part-name></score-part></part-list>"
    "<part id=\"P1\"><measure number=\"1\"><attributes><divisions>1</divisions>"
    "<time><beats>4</beats><beat-type>4</beat-type></time></attributes>"
    "<note><pitch><step>C</step><octave>5</octave></pitch><duration>4</duration>"
    "<lyric><syllabic>single</syllabic><text>la</text></lyric></note></measure></part>"
    "<part id=\"P2\"><measure number=\"1\"><attributes><divisions>1</divisions></attributes>"
    "<note><pitch><step>C</step><octave>3</octave></pitch><duration>2</duration></note>"
    "<note><pitch><step>G</step><octave>3</octave></pitch><duration>2</duration></note>"
    "</measure></part></score-partwise>";

static void write_score(const char *path)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(score, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_folder(const char *path)
{
    char file[512];
    DIR *folder = opendir(path);
    for (const struct dirent *e; folder != NULL && (e = readdir(folder)) != NULL;) {
        (void)snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.') {
            (void)unlink(file);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    (void)rmdir(path);
}

static void test_score(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_piano_notes notes = {0};
    const char *path = "test_accompaniment.xml";
    write_score(path);
    check_ok(silbe_piano_notes_of_score(path, 1, 60.0, &notes, &err), err);
    assert_int_equal(notes.n_notes, 2); /* not the voice's */
    assert_int_equal(notes.notes[1].pitch - notes.notes[0].pitch, 7);
    assert_true(abs(notes.notes[0].pitch - 48) <= 3);
    for (size_t i = 0; i < 2; i++) {
        assert_true(notes.notes[i].end_s > notes.notes[i].start_s);
        assert_true(notes.notes[i].velocity > 0.0 && notes.notes[i].velocity < 1.0);
    }
    assert_true(notes.notes[1].start_s > 0.8 && notes.notes[1].start_s < 3.2);
    silbe_piano_notes_free(&notes);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(silbe_piano_notes_of_score(path, 1, 60.0, &notes, &err), SILBE_ERR_IO);
}

static void test_made_up(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    for (size_t i = 0; i < 20; i++) {
        silbe_piano_notes a = {0}, b = {0};
        check_ok(silbe_piano_notes_make_up(i, 1, 20.0, &a, &err), err);
        check_ok(silbe_piano_notes_make_up(i, 1, 20.0, &b, &err), err);
        assert_int_equal(a.n_notes, b.n_notes);
        for (size_t k = 0; k < a.n_notes; k++) {
            const silbe_piano_note *x = &a.notes[k], *y = &b.notes[k];
            assert_true(x->start_s == y->start_s && x->end_s == y->end_s && x->pitch == y->pitch &&
                        x->velocity == y->velocity);
        }
        assert_true(a.n_notes > 15 && a.duration_s > 15.0 && a.duration_s <= 20.0);
        silbe_piano_notes_free(&a);
        silbe_piano_notes_free(&b);
    }
}

/* Says yes from the third time on. */
static bool stop_soon(void *context)
{
    return atomic_fetch_add((atomic_int *)context, 1) >= 2;
}

static void test_stop(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    atomic_int n_asked = 0;
    silbe_accompaniment_options o = silbe_accompaniment_options_default();
    silbe_accompaniment_bank bank = SILBE_ACCOMPANIMENT_BANK_INIT;
    o.n_made_up = 500;
    o.max_piece_s = 2.0;
    o.should_stop = stop_soon;
    o.stop_context = &n_asked;
    assert_int_equal(silbe_accompaniment_bank_new(&o, NULL, &bank, &err), SILBE_ERR_IO);
    assert_non_null(strstr(err.message, "stopped"));
    assert_null(bank.pieces);
    assert_true(n_asked >= 3 && n_asked < 100);
}

static void test_bank(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    const char *work = "test_accompaniment_work", *scores = "test_accompaniment_scores";
    silbe_accompaniment_options o = silbe_accompaniment_options_default();
    silbe_accompaniment_bank a = SILBE_ACCOMPANIMENT_BANK_INIT, b = a;
    silbe_logmel_cache *cache;
    char path[256];
    check_ok(silbe_logmel_cache_new(work, &o.logmel, &cache, &err), err);
    (void)snprintf(path, sizeof path, "%s/logmel", scores);
    silbe_logmel_cache *unused; /* makes the folder of scores */
    check_ok(silbe_logmel_cache_new(scores, &o.logmel, &unused, &err), err);
    silbe_logmel_cache_free(unused);
    remove_folder(path);
    write_score("test_accompaniment_scores/Schubert_D911-07.xml");
    write_score("test_accompaniment_scores/Schubert_D911-18.xml"); /* evaluated: left out */
    o.scores = scores;
    o.n_made_up = 2;
    o.max_piece_s = 4.0;
    check_ok(silbe_accompaniment_bank_new(&o, cache, &a, &err), err);
    check_ok(silbe_accompaniment_bank_new(&o, cache, &b, &err), err); /* from the cache */
    assert_int_equal(a.n_pieces, 3);
    assert_string_equal(a.pieces[0].name, "Schubert_D911-07.xml");
    for (size_t i = 0; i < 3; i++) {
        const silbe_matrix *m = &a.pieces[i].logmel;
        float least = 1e9F, most = -1e9F;
        assert_int_equal(m->n_rows, b.pieces[i].logmel.n_rows);
        assert_memory_equal(m->data, b.pieces[i].logmel.data, m->n_rows * m->n_cols * 4);
        assert_true(m->n_rows > 200 && m->n_rows <= 401 && m->n_cols == 80);
        for (size_t k = 0; k < m->n_rows * m->n_cols; k++) {
            least = m->data[k] < least ? m->data[k] : least;
            most = m->data[k] > most ? m->data[k] : most;
        }
        assert_true(isfinite(least) && isfinite(most) && most - least > 5.0F);
    }
    silbe_accompaniment_bank_free(&a);
    silbe_accompaniment_bank_free(&b);
    o.left_out = "D911";
    assert_int_equal(silbe_accompaniment_bank_new(&o, cache, &a, &err), SILBE_ERR_DATA);
    o.scores = "test_accompaniment_none";
    assert_int_equal(silbe_accompaniment_bank_new(&o, cache, &a, &err), SILBE_ERR_IO);
    o.scores = NULL;
    o.n_made_up = 0;
    assert_int_equal(silbe_accompaniment_bank_new(&o, cache, &a, &err), SILBE_ERR_DATA);
    assert_null(a.pieces);
    silbe_logmel_cache_free(cache);
    remove_folder("test_accompaniment_work/logmel");
    remove_folder(work);
    remove_folder(scores);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_score),
        cmocka_unit_test(test_made_up),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_bank),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
