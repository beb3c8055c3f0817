#define _POSIX_C_SOURCE 200809L
#include "datasets/demo/stamp.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "datasets/demo/pronounce.h"
#include "datasets/demo/songs.h"
#include "features/base/atomic_file.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "features/base/path.h"

#define LINE_SIZE 4096

/* FNV-1a; a change of the data must show, nobody attacks it. */
static uint64_t digest(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
    }
    return (hash ^ 0xffU) * 0x100000001b3ULL;
}

static uint64_t digest_number(uint64_t hash, double number)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.17g", number);
    return digest(hash, text);
}

static uint64_t digest_data(void)
{
    uint64_t hash = 0xcbf29ce484222325ULL;
    const silbe_synth_source *song = NULL;
    for (size_t i = 0; (song = silbe_demo_song_at(i)) != NULL; i++) {
        const char *texts[] = {song->work,  song->title,      song->poet,      song->key,
                               song->voice, song->right_hand, song->left_hand, song->lyrics};
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
            hash = digest(hash, texts[k]);
        }
        hash = digest_number(hash, song->tempo_qpm);
        hash = digest_number(hash, song->fifths);
        hash = digest_number(hash, song->minor);
        hash = digest_number(hash, song->transposed);
    }
    const silbe_synth_version *version = NULL;
    for (size_t i = 0; (version = silbe_demo_version_at(i)) != NULL; i++) {
        const silbe_synth_singer *singer = &version->singer;
        double numbers[] = {version->transposition, version->tuning_hz,        version->tempo,
                            version->rubato,        version->lead_s,           version->tail_s,
                            version->peak,          version->noise_db,         version->voice_db,
                            version->disc,          singer->formant_scale,     singer->singers_hz,
                            singer->vibrato_hz,     singer->vibrato_semitones, singer->breath,
                            singer->brightness_hz};
        hash = digest(digest(hash, version->name), version->about);
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            hash = digest_number(hash, numbers[k]);
        }
    }
    return hash;
}

void silbe_demo_stamp_line(char line[SILBE_DEMO_STAMP_LINE])
{
    (void)snprintf(line, SILBE_DEMO_STAMP_LINE, "silbe-demo %d data %016" PRIx64 " espeak-ng %s",
                   SILBE_DEMO_GENERATOR_VERSION, digest_data(), silbe_demo_speech_version());
}

/* Size of folder/name in bytes, -1 if it is no regular file. */
static long long size_of(const char *folder, const char *name)
{
    struct stat about;
    char *path = silbe_path_join(folder, name);
    bool is_file = path != NULL && stat(path, &about) == 0 && S_ISREG(about.st_mode);
    free(path);
    return is_file ? (long long)about.st_size : -1;
}

void silbe_demo_stamp_write(const char *folder, char *const *names, size_t n, silbe_err *err)
{
    char line[SILBE_DEMO_STAMP_LINE];
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    char *path = silbe_join_path(folder, SILBE_DEMO_STAMP_NAME, err);
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (!silbe_failed(err)) {
        silbe_demo_stamp_line(line);
        (void)fprintf(file.stream, "%s\n", line);
        for (size_t i = 0; i < n; i++) {
            (void)fprintf(file.stream, "%lld %s\n", size_of(folder, names[i]), names[i]);
        }
        silbe_try(err, silbe_atomic_commit(&file, err));
    }
    free(path);
}

static bool is_empty(const char *folder)
{
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return errno == ENOENT;
    }
    bool empty = true;
    for (struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        empty &= strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    (void)closedir(entries);
    return empty;
}

/* Whether the file that the line names is there, with the size that it gives. */
static bool is_file_there(const char *folder, char *line)
{
    char size[24] = "";
    char *name = strchr(line, ' ');
    if (name == NULL) {
        return false;
    }
    *name++ = '\0';
    (void)snprintf(size, sizeof size, "%lld", size_of(folder, name));
    return strcmp(size, line) == 0;
}

static silbe_demo_folder_state check_lines(const char *folder, FILE *stream)
{
    char line[LINE_SIZE];
    char wanted[SILBE_DEMO_STAMP_LINE];
    size_t n_lines = 0;
    silbe_demo_stamp_line(wanted);
    for (; fgets(line, sizeof line, stream) != NULL; n_lines++) {
        line[strcspn(line, "\n")] = '\0';
        if (n_lines == 0 && strncmp(line, "silbe-demo ", 11) != 0) {
            return SILBE_DEMO_FOLDER_FOREIGN;
        }
        if (n_lines == 0 ? strcmp(line, wanted) != 0 : !is_file_there(folder, line)) {
            return SILBE_DEMO_FOLDER_OLD;
        }
    }
    return n_lines >= 2   ? SILBE_DEMO_FOLDER_CURRENT
           : n_lines == 1 ? SILBE_DEMO_FOLDER_OLD
                          : SILBE_DEMO_FOLDER_FOREIGN;
}

silbe_demo_folder_state silbe_demo_stamp_check(const char *folder)
{
    char *path = silbe_path_join(folder, SILBE_DEMO_STAMP_NAME);
    FILE *stream = path != NULL ? fopen(path, "rb") : NULL;
    free(path);
    if (stream == NULL) {
        return is_empty(folder) ? SILBE_DEMO_FOLDER_FREE : SILBE_DEMO_FOLDER_FOREIGN;
    }
    silbe_demo_folder_state state = check_lines(folder, stream);
    (void)fclose(stream);
    return state;
}
