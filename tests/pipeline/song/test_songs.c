#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "pipeline/song/songs.h"
#include "tests/pipeline/song/folder.h"

static const char FOLDER[] = "test_songs.dir";
#define N_FILES(files) (sizeof(files) / sizeof(files)[0])

static int enter(void **state)
{
    (void)state;
    return folder_enter(FOLDER);
}

static int leave(void **state)
{
    (void)state;
    return folder_leave(FOLDER);
}

/* Makes the files that are named, by their endings; "-" is none. */
static void put(const char *const *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *ending = strrchr(files[i], '.');
        if (ending != NULL && (strcmp(ending, ".txt") == 0 || strcmp(ending, ".xml") == 0)) {
            folder_put_text(files[i]);
        } else if (strcmp(files[i], "-") != 0) {
            folder_put_wav(files[i]);
        }
    }
}

static silbe_songs sort(const char *const *files, size_t n)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_songs songs = SILBE_SONGS_INIT;
    put(files, n);
    check_ok(silbe_songs_sort(files, n, &songs, &err), err);
    return songs;
}

/* A NULL is equal to a NULL alone. */
static void check_text(const char *found, const char *wanted)
{
    assert_true((found == NULL) == (wanted == NULL));
    if (wanted != NULL) {
        assert_string_equal(found, wanted);
    }
}

static void check_song(const silbe_songs *songs, size_t index, const char *audio, const char *text,
                       const char *score)
{
    assert_true(index < songs->n);
    assert_string_equal(songs->items[index].audio, audio);
    check_text(songs->items[index].text, text);
    check_text(songs->items[index].score, score);
}

/* One song, its text and its score. */
static void check_one(const char *const *files, size_t n, const char *audio, const char *name,
                      const char *text, const char *score)
{
    silbe_songs songs = sort(files, n);
    assert_int_equal(songs.n, 1);
    check_song(&songs, 0, audio, text, score);
    assert_string_equal(songs.items[0].name, name);
    silbe_songs_free(&songs);
}

/* The message holds what, and more where it is not NULL. */
static void check_refused(const char *const *files, size_t n, const char *what, const char *more)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_songs songs = SILBE_SONGS_INIT;
    put(files, n);
    assert_int_equal(silbe_songs_sort(files, n, &songs, &err), SILBE_ERR_ARGUMENT);
    if (strstr(err.message, what) == NULL || (more != NULL && strstr(err.message, more) == NULL)) {
        print_error("%s\n", err.message);
    }
    assert_non_null(strstr(err.message, what));
    assert_true(more == NULL || strstr(err.message, more) != NULL);
    silbe_songs_free(&songs);
    assert_int_equal(silbe_songs_sort(files, n, &songs, NULL), SILBE_ERR_ARGUMENT);
    silbe_songs_free(&songs);
}

static void one_in_any_order(void **state)
{
    (void)state;
    static const char *const ORDERS[][3] = {
        {"one.wav", "other.txt", "third.xml"}, {"one.wav", "third.xml", "other.txt"},
        {"other.txt", "one.wav", "third.xml"}, {"other.txt", "third.xml", "one.wav"},
        {"third.xml", "one.wav", "other.txt"}, {"third.xml", "other.txt", "one.wav"},
    };
    for (size_t i = 0; i < N_FILES(ORDERS); i++) {
        check_one(ORDERS[i], 3, "one.wav", "one", "other.txt", "third.xml");
    }
    static const char *const TEXT[] = {"other.txt", "one.wav"}, *const SCORE[] = {"one.wav",
                                                                                  "third.xml"};
    check_one(TEXT, 2, "one.wav", "one", "other.txt", NULL);
    check_one(SCORE, 2, "one.wav", "one", NULL, "third.xml");
    static const char *const PIPED[] = {"-", "one.wav"}, *const BOTH[] = {"one.wav", "third.xml",
                                                                          "-"};
    check_one(PIPED, 2, "one.wav", "one", "-", NULL);
    check_one(BOTH, 3, "one.wav", "one", "-", "third.xml");
    /* A result is left out, also where a pattern names it first. */
    static const char *const RESULT[] = {"one.words.txt", "one.wav", "other.txt"};
    check_one(RESULT, 3, "one.wav", "one", "other.txt", NULL);
}

static void one_is_too_much_or_too_little(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"x.wav", "x.txt", "y.txt"};
    check_refused(TEXTS, 3, "two texts for x.wav: x.txt and y.txt", "name one");
    static const char *const PIPED[] = {"x.wav", "-", "y.txt"};
    check_refused(PIPED, 3, "two texts for x.wav: - and y.txt", NULL);
    static const char *const SCORES[] = {"x.wav", "x.xml", "y.xml"};
    check_refused(SCORES, 3, "two scores for x.wav: x.xml and y.xml", NULL);
    static const char *const TEXT[] = {"x.txt"}, *const SCORE[] = {"x.xml"};
    check_refused(TEXT, 1, "x.txt: a text or score, but no recording is named", NULL);
    check_refused(SCORE, 1, "x.xml: a text or score, but no recording is named", NULL);
    static const char *const RESULT[] = {"x.words.txt"};
    check_refused(RESULT, 1, "x.words.txt", "recording");
    static const char *const LONE[] = {"lone.wav"};
    check_refused(LONE, 1, "lone.wav: there is no text and no score", "lone.txt");
    static const char *const NOWHERE[] = {"x.wav", "nowhere.txt"};
    silbe_err err = SILBE_ERR_INIT;
    silbe_songs songs = SILBE_SONGS_INIT;
    assert_int_equal(remove("x.txt"), 0);
    assert_int_equal(silbe_songs_sort(NOWHERE, 2, &songs, &err), SILBE_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "nowhere.txt: there is no such file"));
    silbe_songs_free(&songs);
    check_refused(NULL, 0, "no file is named", NULL);
}

static void several_by_name(void **state)
{
    (void)state;
    static const char *const FILES[] = {
        "s/Lied.txt", "s/Gruppe.txt", "Lied_2_Alt.wav",    "Gruppe.wav", "Lied.wav",
        "Lied_2.xml", "Lied_2.txt",   "Gruppe-1948 b.mp3", "Lied_3.wav", "Lied.Hotter.ogg"};
    assert_int_equal(mkdir("s", 0777), 0);
    silbe_songs songs = sort(FILES, N_FILES(FILES));
    assert_int_equal(songs.n, 6);
    check_song(&songs, 0, "Lied_2_Alt.wav", "Lied_2.txt", "Lied_2.xml"); /* the longest */
    check_song(&songs, 1, "Gruppe.wav", "s/Gruppe.txt", NULL);
    check_song(&songs, 2, "Lied.wav", "s/Lied.txt", NULL);
    check_song(&songs, 3, "Gruppe-1948 b.mp3", "s/Gruppe.txt", NULL);
    check_song(&songs, 4, "Lied_3.wav", "s/Lied.txt", NULL);
    check_song(&songs, 5, "Lied.Hotter.ogg", "s/Lied.txt", NULL);
    silbe_songs_free(&songs);
}

static void several_that_do_not_fit(void **state)
{
    (void)state;
    static const char *const NONE[] = {"p.wav", "q.wav", "p.txt", "q.txt", "r.txt"};
    check_refused(NONE, 5, "r.txt: a text for none of the recordings", "Song_Singer.wav");
    /* The beginning of a name ends before a separator. */
    static const char *const PART[] = {"Lieder.wav", "q.wav", "q.txt", "Lied.txt"};
    check_refused(PART, 4, "Lied.txt: a text for none of the recordings", NULL);
    static const char *const SCORE[] = {"p.wav", "q.wav", "p.txt", "q.txt", "r.xml"};
    check_refused(SCORE, 5, "r.xml: a score for none of the recordings", NULL);
    static const char *const TWICE[] = {"p.wav", "q.wav", "t/p.txt", "p.txt", "q.txt"};
    assert_int_equal(mkdir("t", 0777), 0);
    check_refused(TWICE, 5, "two texts of one name", "t/p.txt");
    static const char *const PIPED[] = {"p.wav", "q.wav", "-"};
    check_refused(PIPED, 3, "- reads the text of one song", "several");
    static const char *const LONE[] = {"p.wav", "alone.wav", "p.txt"};
    check_refused(LONE, 3, "alone.wav: there is no text and no score", NULL);
}

static void what_lies_beside(void **state)
{
    (void)state;
    assert_int_equal(mkdir("b", 0777), 0);
    folder_put_text("b/v.txt");
    folder_put_text("b/v.mxl");
    folder_put_text("b/w.musicxml");
    static const char *const ONE[] = {"b/v.wav"};
    check_one(ONE, 1, "b/v.wav", "v", "b/v.txt", "b/v.mxl");
    static const char *const SEVERAL[] = {"b/w.wav", "b/v.wav"};
    silbe_songs songs = sort(SEVERAL, 2);
    check_song(&songs, 0, "b/w.wav", NULL, "b/w.musicxml");
    check_song(&songs, 1, "b/v.wav", "b/v.txt", "b/v.mxl");
    silbe_songs_free(&songs);
    /* What is named goes alone: the score beside the recording was not asked for. */
    static const char *const NAMED[] = {"b/v.wav", "b/v.txt"};
    check_one(NAMED, 2, "b/v.wav", "v", "b/v.txt", NULL);
}

static void any_names(void **state)
{
    (void)state;
    static const char *const NAMES[] = {
        "with blanks", "\"quoted\" 'twice'", "two\nlines", "h\xc3\xa4tt' \xe2\x82\xac",
        "-leading",    "several.dots.in it", ".hidden",    "per%cent %s",
    };
    for (size_t i = 0; i < N_FILES(NAMES); i++) {
        char audio[64], text[64];
        (void)snprintf(audio, sizeof audio, "%s.wav", NAMES[i]);
        (void)snprintf(text, sizeof text, "%s.txt", NAMES[i]);
        const char *const files[] = {text, audio};
        check_one(files, 2, audio, NAMES[i], text, NULL);
        check_one(files + 1, 1, audio, NAMES[i], text, NULL); /* beside it */
    }
    static const char *const NO_ENDING[] = {"song", "text.txt"};
    check_one(NO_ENDING, 2, "song", "song", "text.txt", NULL);
    static const char *const DOTTED[] = {"./-a.wav", "-a.txt"};
    check_one(DOTTED, 2, "./-a.wav", "-a", "-a.txt", NULL);
    silbe_songs songs = sort(NO_ENDING, 2);
    silbe_songs_free(&songs);
    assert_null(songs.items);
    silbe_songs_free(&songs);
}

enum { MANY = 10000, NAME_SIZE = 32 };

static double seconds(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Texts before recordings, and both backwards. */
static void many(void **state)
{
    (void)state;
    char(*names)[NAME_SIZE] = calloc(2 * MANY, sizeof *names);
    const char **files = calloc(2 * MANY, sizeof *files);
    assert_true(names != NULL && files != NULL);
    for (size_t i = 0; i < MANY; i++) {
        size_t number = MANY - i;
        (void)snprintf(names[i], NAME_SIZE, "m/Lied %zu.txt", number);
        (void)snprintf(names[MANY + i], NAME_SIZE, "m/Lied %zu_SC06.wav", number);
    }
    for (size_t i = 0; i < 2 * MANY; i++) {
        files[i] = names[i];
    }
    assert_int_equal(mkdir("m", 0777), 0);
    put(files, 2 * MANY);
    silbe_err err = SILBE_ERR_INIT;
    silbe_songs songs = SILBE_SONGS_INIT;
    double start = seconds();
    check_ok(silbe_songs_sort(files, 2 * MANY, &songs, &err), err);
    double elapsed = seconds() - start;
    print_message("%d songs sorted in %.3f s\n", MANY, elapsed);
    assert_true(elapsed < 2.0); /* two loops in each other would take a minute */
    assert_int_equal(songs.n, MANY);
    for (size_t i = 0; i < MANY; i++) {
        check_song(&songs, i, names[MANY + i], names[i], NULL);
    }
    silbe_songs_free(&songs);
    free(files);
    free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_in_any_order),
        cmocka_unit_test(one_is_too_much_or_too_little),
        cmocka_unit_test(several_by_name),
        cmocka_unit_test(several_that_do_not_fit),
        cmocka_unit_test(what_lies_beside),
        cmocka_unit_test(any_names),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
