#define _POSIX_C_SOURCE 200809L
#include "pipeline/song/songs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/song/file_kind.h"

/* A text or a score that stands on the command line. */
typedef struct {
    const char *path;
    char *name; /* owned: without folder and ending */
    bool is_used;
} companion;

typedef struct {
    companion *items; /* by name, where there are several recordings */
    size_t n;
    const char *what; /* "text", "score" */
} companions;

static char *name_of(const char *path, silbe_err *err)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t length = dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
    return silbe_format(err, "%.*s", (int)length, name);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const companion *)a)->name, ((const companion *)b)->name);
}

static void add_companion(companions *list, const char *path, silbe_err *err)
{
    list->items = silbe_grow(list->items, list->n, NULL, sizeof *list->items, "files", err);
    char *name = name_of(path, err);
    if (name != NULL) {
        list->items[list->n++] = (companion){.path = path, .name = name};
    }
}

static void add_song(silbe_songs *songs, const char *path, silbe_err *err)
{
    songs->items = silbe_grow(songs->items, songs->n, NULL, sizeof *songs->items, "songs", err);
    if (!silbe_failed(err)) {
        silbe_song *song = &songs->items[songs->n++];
        *song = (silbe_song){.audio = silbe_copy_text(path, err), .name = name_of(path, err)};
    }
}

static void sort_file(const char *path, silbe_songs *songs, companions *texts, companions *scores,
                      silbe_err *err)
{
    silbe_file_kind kind = SILBE_KIND_RECORDING;
    silbe_try(err, silbe_file_kind_find(path, &kind, err));
    if (silbe_failed(err)) {
        return;
    }
    if (kind == SILBE_KIND_RECORDING) {
        add_song(songs, path, err);
    } else if (kind != SILBE_KIND_RESULT) {
        add_companion(kind == SILBE_KIND_TEXT ? texts : scores, path, err);
    }
}

/* Of one recording: the only one that there may be. */
static void take_only(companions *list, const silbe_song *song, char **place, silbe_err *err)
{
    if (!silbe_failed(err) && list->n > 1) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "two %ss for %s: %s and %s; name one", list->what,
                         song->audio, list->items[0].path, list->items[1].path);
    } else if (list->n == 1) {
        *place = silbe_copy_text(list->items[0].path, err);
    }
}

static companion *find(const companions *list, char *name)
{
    const companion key = {.name = name};
    return list->n > 0 ? bsearch(&key, list->items, list->n, sizeof *list->items, compare_names)
                       : NULL;
}

/* The companion of the song's name, or of the longest beginning of it that ends before a separator:
 * "Lied" for "Lied_Hotter-1948". */
static void take_named(const companions *list, const silbe_song *song, char **place, silbe_err *err)
{
    char *name = silbe_copy_text(song->name, err);
    companion *found = NULL;
    while (name != NULL && (found = find(list, name)) == NULL) {
        size_t n = strlen(name);
        while (n > 0 && strchr(" _-.", name[n - 1]) == NULL) {
            n--;
        }
        if (n < 2) {
            break;
        }
        name[n - 1] = '\0';
    }
    if (found != NULL) {
        found->is_used = true;
        *place = silbe_copy_text(found->path, err);
    }
    free(name);
}

static void check_companions(companions *list, silbe_err *err)
{
    if (list->n > 0) {
        qsort(list->items, list->n, sizeof *list->items, compare_names);
    }
    for (size_t i = 0; i < list->n && !silbe_failed(err); i++) {
        if (strcmp(list->items[i].path, "-") == 0) {
            (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                             "- reads the text of one song; there are several recordings");
        } else if (i > 0 && compare_names(&list->items[i - 1], &list->items[i]) == 0) {
            (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "two %ss of one name: %s and %s; name one",
                             list->what, list->items[i - 1].path, list->items[i].path);
        }
    }
}

static void check_used(const companions *list, silbe_err *err)
{
    for (size_t i = 0; i < list->n && !silbe_failed(err); i++) {
        if (!list->items[i].is_used) {
            (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                             "%s: a %s for none of the recordings; with several, they go by their "
                             "names: Song.wav or Song_Singer.wav, and Song.txt",
                             list->items[i].path, list->what);
        }
    }
}

/* What lies beside the recording: NAME.ending, if it is there. */
static bool take_beside(const silbe_song *song, const char *ending, char **place, silbe_err *err)
{
    const char *slash = strrchr(song->audio, '/');
    int folder = slash != NULL ? (int)(slash - song->audio) + 1 : 0;
    char *path = silbe_format(err, "%.*s%s.%s", folder, song->audio, song->name, ending);
    if (path != NULL && strcmp(path, song->audio) != 0 && access(path, F_OK) == 0) {
        *place = path;
        return true;
    }
    free(path);
    return false;
}

static void complete(silbe_song *song, silbe_err *err)
{
    static const char *const SCORES[] = {"musicxml", "xml", "mxl"};
    if (silbe_failed(err) || song->text != NULL || song->score != NULL) {
        return;
    }
    (void)take_beside(song, "txt", &song->text, err);
    for (size_t i = 0; i < sizeof SCORES / sizeof SCORES[0] && !silbe_failed(err); i++) {
        if (take_beside(song, SCORES[i], &song->score, err)) {
            break;
        }
    }
    if (!silbe_failed(err) && song->text == NULL && song->score == NULL) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "%s: there is no text and no score for it; name one behind it, or put "
                         "%s.txt or %s.musicxml beside it",
                         song->audio, song->name, song->name);
    }
}

/* files: what was named; all that is no recording, text or score are word times. */
static void check_recordings(const char *const *files, size_t n_files, const silbe_songs *songs,
                             const companions *texts, const companions *scores, silbe_err *err)
{
    const companions *list = texts->n > 0 ? texts : scores;
    if (silbe_failed(err) || songs->n > 0) {
        return;
    }
    if (list->n > 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: a text or score, but no recording is named",
                         list->items[0].path);
    } else if (n_files > 0) {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT,
                         "%s: by its name word times, not something to align; name a recording and "
                         "its text",
                         files[0]);
    } else {
        (void)silbe_fail(err, SILBE_ERR_ARGUMENT, "no file is named");
    }
}

static void join(silbe_songs *songs, companions *texts, companions *scores, silbe_err *err)
{
    if (songs->n > 1) {
        check_companions(texts, err);
        check_companions(scores, err);
    }
    for (size_t i = 0; i < songs->n && !silbe_failed(err); i++) {
        silbe_song *song = &songs->items[i];
        if (songs->n == 1) {
            take_only(texts, song, &song->text, err);
            take_only(scores, song, &song->score, err);
        } else {
            take_named(texts, song, &song->text, err);
            take_named(scores, song, &song->score, err);
        }
    }
    if (songs->n > 1) {
        check_used(texts, err);
        check_used(scores, err);
    }
    for (size_t i = 0; i < songs->n && !silbe_failed(err); i++) {
        complete(&songs->items[i], err);
    }
}

static void free_companions(companions *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i].name);
    }
    free(list->items);
}

silbe_status silbe_songs_sort(const char *const *files, size_t n_files, silbe_songs *songs,
                              silbe_err *err)
{
    silbe_err own;
    companions texts = {.what = "text"}, scores = {.what = "score"};
    err = silbe_err_begin(err, &own);
    for (size_t i = 0; i < n_files && !silbe_failed(err); i++) {
        sort_file(files[i], songs, &texts, &scores, err);
    }
    check_recordings(files, n_files, songs, &texts, &scores, err);
    join(songs, &texts, &scores, err);
    free_companions(&texts);
    free_companions(&scores);
    return err->status;
}

void silbe_songs_free(silbe_songs *songs)
{
    for (size_t i = 0; i < songs->n; i++) {
        free(songs->items[i].audio);
        free(songs->items[i].name);
        free(songs->items[i].text);
        free(songs->items[i].score);
    }
    free(songs->items);
    *songs = (silbe_songs)SILBE_SONGS_INIT;
}
