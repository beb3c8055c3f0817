#define _POSIX_C_SOURCE 200809L
#include "pipeline/song/file_kind.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <unistr.h>

#include "pipeline/output/output.h"

enum { HEAD_BYTES = 4096, LONGEST_CHARACTER = 4 };

static bool has_ending(const char *path, const char *ending)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot != NULL && dot != name && strcasecmp(dot + 1, ending) == 0;
}

/* Of the formats that libsndfile reads, those that begin alike everywhere. */
static bool is_sound(const unsigned char *head, size_t n)
{
    static const char *const MAGIC[] = {"RIFF", "RF64", "FORM", "fLaC", "OggS", "ID3", "caff"};
    for (size_t i = 0; i < sizeof MAGIC / sizeof MAGIC[0]; i++) {
        size_t length = strlen(MAGIC[i]);
        if (n >= length && memcmp(head, MAGIC[i], length) == 0) {
            return true;
        }
    }
    return n > 1 && head[0] == 0xff && (head[1] & 0xe0) == 0xe0 &&
           head[1] != 0xfe; /* MPEG, no BOM */
}

/* UTF-8 without zeros; a character may be cut off at the end of the head. */
static bool is_text(const unsigned char *head, size_t n)
{
    if (n == 0 || memchr(head, '\0', n) != NULL) {
        return false;
    }
    for (size_t cut = 0; cut < LONGEST_CHARACTER && cut < n; cut++) {
        if (u8_check(head, n - cut) == NULL) {
            return true;
        }
        if (n < HEAD_BYTES) {
            return false;
        }
    }
    return false;
}

/* "a/Song.words.csv", with the ending of a format that is written; and unfinished, as a run that
 * was killed may leave it, "a/Song.words.csv.tmp.123". */
static bool is_result(const char *path)
{
    static const char INFIX[] = ".words.", UNFINISHED[] = ".tmp.";
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *infix = NULL;
    for (const char *at = name; (at = strstr(at, INFIX)) != NULL; at++) {
        infix = at;
    }
    if (infix == NULL || infix == name) {
        return false;
    }
    const char *ending = infix + strlen(INFIX);
    size_t length = strcspn(ending, "."), n_formats = 0;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    bool is_format = false;
    for (size_t f = 0; f < n_formats; f++) {
        is_format = is_format || (strlen(formats[f].extension) == length &&
                                  strncasecmp(formats[f].extension, ending, length) == 0);
    }
    return is_format && (ending[length] == '\0' ||
                         strncmp(ending + length, UNFINISHED, strlen(UNFINISHED)) == 0);
}

static silbe_status read_head(const char *path, unsigned char *head, size_t *n, silbe_err *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: %s", path, strerror(errno));
    }
    *n = fread(head, 1, HEAD_BYTES, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    (void)fclose(file);
    if (failed) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: %s", path, strerror(reason));
    }
    return SILBE_OK;
}

silbe_status silbe_file_kind_find(const char *path, silbe_file_kind *kind, silbe_err *err)
{
    struct stat info;
    unsigned char head[HEAD_BYTES];
    size_t n = 0;
    *kind = SILBE_KIND_TEXT;
    if (strcmp(path, "-") == 0) {
        return SILBE_OK;
    }
    if (stat(path, &info) != 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: %s", path,
                          errno == ENOENT ? "there is no such file" : strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "%s is a folder; a folder of songs goes alone: silbe align %s", path,
                          path);
    }
    if (!S_ISREG(info.st_mode)) {
        /* It would be read twice, or waited for. */
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "%s is no regular file; to pipe a text in, name - in its place", path);
    }
    if (is_result(path)) {
        *kind = SILBE_KIND_RESULT;
        return SILBE_OK;
    }
    if (read_head(path, head, &n, err) != SILBE_OK) {
        return err != NULL ? err->status : SILBE_ERR_ARGUMENT;
    }
    bool named_text = has_ending(path, "txt");
    if (has_ending(path, "musicxml") || has_ending(path, "xml") || has_ending(path, "mxl")) {
        *kind = SILBE_KIND_SCORE;
    } else if (named_text && is_sound(head, n) && !is_text(head, n)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "%s is a recording by its content and a text by its name; rename it",
                          path);
    } else if (!named_text && (is_sound(head, n) || !is_text(head, n))) {
        *kind = SILBE_KIND_RECORDING;
    }
    return SILBE_OK;
}
