#define _POSIX_C_SOURCE 200809L
#include "datasets/listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <unistr.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"

const char *const SILBE_AUDIO_EXTENSIONS[] = {"wav", "wave", "flac", "ogg",  "oga", "opus",
                                              "mp3", "aiff", "aif",  "aifc", "au",  "snd",
                                              "caf", "w64",  "rf64", NULL};
const char *const SILBE_SCORE_EXTENSIONS[] = {"xml", "musicxml", "mxl", NULL};

static const char WORDS_SUFFIX[] = ".words.csv";

/* Where the extension's dot stands, or the end of the name. */
static size_t extension_start(const char *name)
{
    size_t length = strlen(name);
    size_t suffix = sizeof WORDS_SUFFIX - 1;
    if (length > suffix && strcasecmp(name + length - suffix, WORDS_SUFFIX) == 0) {
        return length - suffix;
    }
    const char *dot = strrchr(name, '.');
    return dot != NULL ? (size_t)(dot - name) : length;
}

static void check_name(const char *folder, const char *name, silbe_err *err)
{
    bool has_control = false;
    for (const char *p = name; *p != '\0'; p++) {
        has_control = has_control || ((unsigned char)*p < 0x20) || *p == 0x7F;
    }
    if (!has_control && u8_check((const uint8_t *)name, strlen(name)) == NULL) {
        return;
    }
    char shown[64];
    size_t n = 0;
    for (; name[n] != '\0' && n + 1 < sizeof shown; n++) {
        shown[n] = name[n] >= 0x20 && name[n] < 0x7F ? name[n] : '?';
    }
    shown[n] = '\0';
    (void)silbe_fail(
        err, SILBE_ERR_FORMAT,
        "%s: the name of the file \"%s\" is not UTF-8 or has control characters (shown "
        "as ?); rename it",
        folder, shown);
}

static void append(silbe_listing *listing, size_t *capacity, const char *folder, const char *name,
                   silbe_err *err)
{
    listing->files = silbe_grow(listing->files, listing->n_files, capacity, sizeof *listing->files,
                                "files", err);
    if (silbe_failed(err)) {
        return;
    }
    size_t start = extension_start(name);
    silbe_listed_file *file = &listing->files[listing->n_files++];
    file->path = silbe_join_path(folder, name, err);
    file->stem = silbe_need(strndup(name, start), "a file's name", err);
    file->extension = silbe_copy_text(name[start] == '.' ? name + start + 1 : "", err);
    for (char *p = file->extension; p != NULL && *p != '\0'; p++) {
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    }
}

static int compare_files(const void *left, const void *right)
{
    const silbe_listed_file *a = left;
    const silbe_listed_file *b = right;
    int order = strcmp(a->stem, b->stem);
    if (order == 0) {
        order = strcmp(a->extension, b->extension);
    }
    return order != 0 ? order : strcmp(a->path, b->path);
}

/* A folder is left out; a link to nowhere is kept, so that whoever opens it says what is wrong. */
static bool is_folder(const char *folder, const char *name)
{
    struct stat info;
    char *path = silbe_path_join(folder, name);
    bool answer = path != NULL && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
    free(path);
    return answer;
}

/* The next name in the folder, NULL behind the last. */
static const char *next_name(DIR *stream, const char *folder, silbe_err *err)
{
    errno = 0;
    const struct dirent *entry = readdir(stream);
    if (entry == NULL && errno != 0) {
        (void)silbe_fail(err, SILBE_ERR_IO, "%s: listing failed: %s", folder, strerror(errno));
    }
    return entry != NULL ? entry->d_name : NULL;
}

void silbe_listing_read(const char *folder, silbe_listing *listing, silbe_err *err)
{
    size_t capacity = 0;
    const char *name = NULL;
    *listing = (silbe_listing)SILBE_LISTING_INIT;
    DIR *stream = silbe_failed(err) ? NULL : opendir(folder);
    if (stream == NULL) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_IO, "%s: cannot be listed: %s", folder,
                                  strerror(errno)));
        return;
    }
    while (!silbe_failed(err) && (name = next_name(stream, folder, err)) != NULL) {
        if (name[0] != '.' && !is_folder(folder, name)) {
            check_name(folder, name, err);
            append(listing, &capacity, folder, name, err);
        }
    }
    (void)closedir(stream);
    if (!silbe_failed(err) && listing->n_files > 0) {
        qsort(listing->files, listing->n_files, sizeof *listing->files, compare_files);
    }
}

void silbe_listing_free(silbe_listing *listing)
{
    if (listing == NULL) {
        return;
    }
    for (size_t i = 0; i < listing->n_files; i++) {
        free(listing->files[i].path);
        free(listing->files[i].stem);
        free(listing->files[i].extension);
    }
    free(listing->files);
    *listing = (silbe_listing)SILBE_LISTING_INIT;
}

bool silbe_listed_as(const char *extension, const char *const *extensions)
{
    for (; *extensions != NULL; extensions++) {
        if (strcmp(extension, *extensions) == 0) {
            return true;
        }
    }
    return false;
}

char *silbe_listing_find(const silbe_listing *listing, const char *stem,
                         const char *const *extensions, silbe_err *err)
{
    if (silbe_failed(err)) {
        return NULL;
    }
    const silbe_listed_file *found = NULL;
    /* Binary search for the first file of that stem. */
    size_t low = 0;
    size_t high = listing->n_files;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(listing->files[middle].stem, stem) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < listing->n_files && strcmp(listing->files[low].stem, stem) == 0; low++) {
        const silbe_listed_file *file = &listing->files[low];
        if (!silbe_listed_as(file->extension, extensions)) {
            continue;
        }
        if (found != NULL) {
            (void)silbe_fail(err, SILBE_ERR_MISMATCH,
                             "%s and %s: two files for the same \"%s\"; keep one of them",
                             found->path, file->path, stem);
            return NULL;
        }
        found = file;
    }
    return silbe_copy_text(found != NULL ? found->path : NULL, err);
}
