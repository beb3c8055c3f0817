/* Programs that other parts of the work call; word times need none of them. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/format.h"
#include "pipeline/commands/doctor_checks.h"

static const struct {
    const char *name, *purpose;
} PROGRAMS[] = {
    {"fluidsynth", "plays the accompaniment that an acoustic model is trained with (make train)"},
    {"node", "bundles the page of reports (make page)"},
    {"npm", "gets what that page is bundled from (make page)"},
    {"curl", "downloads datasets (make fetch)"},
    {"unzip", "unpacks them (make fetch)"},
    {"jq", "finds out what to download (make fetch)"},
    {"ffmpeg", "turns m4a and other recordings into wav or flac, by hand"},
};

static bool is_program(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

/* As a shell would find it in PATH, allocated; NULL: it is not there. A step. */
static char *find_program(const char *name, silbe_err *err)
{
    const char *folders = getenv("PATH");
    while (folders != NULL && !silbe_failed(err)) {
        size_t length = strcspn(folders, ":");
        /* An empty one is the current folder. */
        char *path = silbe_format(err, "%.*s/%s", length > 0 ? (int)length : 1,
                                  length > 0 ? folders : ".", name);
        if (path != NULL && is_program(path)) {
            return path;
        }
        free(path);
        folders = folders[length] == ':' ? folders + length + 1 : NULL;
    }
    return NULL;
}

void silbe_doctor_programs(silbe_findings *findings, silbe_err *err)
{
    for (size_t i = 0; i < sizeof PROGRAMS / sizeof PROGRAMS[0]; i++) {
        char *path = find_program(PROGRAMS[i].name, err);
        silbe_findings_add(findings, "programs", PROGRAMS[i].name,
                           path != NULL ? SILBE_FOUND_GOOD : SILBE_FOUND_ABSENT,
                           silbe_format(err, "%s%s%s", path != NULL ? path : "",
                                        path != NULL ? ": " : "", PROGRAMS[i].purpose),
                           err);
        free(path);
    }
}
