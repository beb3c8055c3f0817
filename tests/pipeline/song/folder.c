#define _POSIX_C_SOURCE 200809L
#include "tests/pipeline/song/folder.h"

#include "tests/check.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/host/work_folder.h"

int folder_enter(const char *name)
{
    return silbe_remove_tree(name, NULL) == SILBE_OK && mkdir(name, 0777) == 0 ? chdir(name) : -1;
}

int folder_leave(const char *name)
{
    return chdir("..") == 0 && silbe_remove_tree(name, NULL) == SILBE_OK ? 0 : -1;
}

void folder_write(const char *path, const void *bytes, size_t n)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, n, stream), n);
    assert_int_equal(fclose(stream), 0);
}

void folder_put_wav(const char *path)
{
    static const char HEAD[] = "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0";
    folder_write(path, HEAD, sizeof HEAD - 1);
}

void folder_put_text(const char *path)
{
    static const char TEXT[] = "Es war, als h\xc3\xa4tt' der Himmel\n";
    folder_write(path, TEXT, sizeof TEXT - 1);
}

bool folder_has(const char *path)
{
    return access(path, F_OK) == 0;
}

size_t folder_count(const char *path)
{
    size_t n = 0;
    DIR *stream = opendir(path);
    for (struct dirent *item; stream != NULL && (item = readdir(stream)) != NULL;) {
        n += item->d_name[0] != '.' || strlen(item->d_name) > 2;
    }
    if (stream != NULL) {
        assert_int_equal(closedir(stream), 0);
    }
    return n;
}
