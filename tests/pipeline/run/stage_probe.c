/*
 * A stage for test_stage.sh: copies NAME.in of the dataset's folder to NAME.a and sub/NAME.b. The
 * first word of an input says what goes wrong:
 *   fail      fails at once
 *   partial   writes the first output, then fails
 *   forget    does not write the second output, and says that all is well
 *   sleep     writes the first output, makes the file "sleeping" and sleeps for a minute
 *   wait      makes the file "waiting" and goes on when the file "go" is there
 *   big       writes 1 MiB
 * With --upstream STAGE its inputs are STAGE's outputs NAME.a.
 */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "features/base/atomic_file.h"
#include "pipeline/host/read_text.h"
#include "pipeline/run/chain.h"
#include "pipeline/run/stage.h"
#include "pipeline/settings/cli.h"

static const char *upstream;
static const char *name;

static const silbe_cli_extra EXTRAS[] = {
    {"--upstream", NULL, "STAGE", "take the outputs of this stage", NULL},
    {"--name", NULL, "STAGE", "name of the stage", NULL},
};

static const silbe_cli_spec SPEC = {
    .program = "stage-probe",
    .summary = "a stage that can fail in many ways",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
};

static const char *const KEYS[] = {"features.hop_ms"};

static void touch(const char *path)
{
    FILE *stream = fopen(path, "wb");
    if (stream != NULL) {
        (void)fclose(stream);
    }
}

static void sleep_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

static silbe_status write_text(const char *path, const char *text, size_t times, silbe_err *err)
{
    silbe_atomic_file file;
    silbe_status status = silbe_atomic_open(&file, path, err);
    if (status != SILBE_OK) {
        return status;
    }
    for (size_t i = 0; i < times; i++) {
        (void)fputs(text, file.stream);
    }
    return silbe_atomic_commit(&file, err);
}

static silbe_status run_item(void *context, const silbe_stage_item *item, const char *const *temps,
                             silbe_item_report *report, silbe_err *err)
{
    char *text = NULL;
    size_t n = 0;
    (void)context;
    silbe_status status = silbe_read_text(item->inputs.paths[0], &text, &n, err);
    if (status != SILBE_OK) {
        return status;
    }
    size_t times = strncmp(text, "big", 3) == 0 ? 1 << 18 : 1;
    report->audio_s = 1;
    if (strncmp(text, "fail", 4) == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: says fail", item->inputs.paths[0]);
    } else {
        status = write_text(temps[0], text, times, err);
    }
    if (status == SILBE_OK && strncmp(text, "partial", 7) == 0) {
        status = silbe_fail(err, SILBE_ERR_DATA, "%s: says partial", item->inputs.paths[0]);
    }
    if (status == SILBE_OK && strncmp(text, "sleep", 5) == 0) {
        touch("sleeping");
        for (int i = 0; i < 6000; i++) { /* a signal ends only one of the naps */
            sleep_ms(10);
        }
    }
    if (status == SILBE_OK && strncmp(text, "wait", 4) == 0) {
        touch("waiting");
        for (int i = 0; i < 6000 && access("go", F_OK) != 0; i++) {
            sleep_ms(10);
        }
    }
    if (status == SILBE_OK && strncmp(text, "forget", 6) != 0) {
        status = write_text(temps[1], text, 1, err);
    }
    free(text);
    return status;
}

static silbe_status add_item(silbe_stage *stage, const silbe_config *config, const char *file,
                             silbe_err *err)
{
    char item[256];
    char path[3 * SILBE_CONFIG_PATH_SIZE];
    size_t index = 0;
    (void)snprintf(item, sizeof item, "%.*s", (int)(strrchr(file, '.') - file), file);
    if (!silbe_chain_selects(config, item)) {
        return SILBE_OK;
    }
    if (upstream != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s/%s/%s.a", config->work.folder,
                       config->dataset.name, upstream, item);
    } else {
        (void)snprintf(path, sizeof path, "%s/%s", config->dataset.root, file);
    }
    silbe_status status = silbe_stage_add_item(stage, item, 0, &index, err);
    if (status == SILBE_OK) {
        status = silbe_stage_add_input(stage, index, 0, path, err);
    }
    if (status == SILBE_OK) {
        (void)snprintf(path, sizeof path, "%s.a", item);
        status = silbe_stage_add_output(stage, index, 0, path, err);
    }
    (void)snprintf(path, sizeof path, "sub/%s.b", item);
    return status == SILBE_OK ? silbe_stage_add_output(stage, index, 1, path, err) : status;
}

static silbe_status add_items(silbe_stage *stage, const silbe_config *config, silbe_err *err)
{
    struct dirent **entries = NULL;
    silbe_status status = SILBE_OK;
    int n = scandir(config->dataset.root, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        if (status == SILBE_OK && dot != NULL && strcmp(dot, ".in") == 0) {
            status = add_item(stage, config, entries[i]->d_name, err);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

int main(int argc, char **argv)
{
    silbe_cli cli;
    silbe_err err = SILBE_ERR_INIT;
    silbe_stage stage = SILBE_STAGE_INIT;
    int exit_code = SILBE_EXIT_UNABLE;
    if (!silbe_cli_begin(&cli, &SPEC, argc, argv, &exit_code)) {
        return exit_code;
    }
    upstream = cli.extras[0];
    name = cli.extras[1];
    stage.name = name != NULL ? name : "probe";
    stage.keys = KEYS;
    stage.n_keys = sizeof KEYS / sizeof KEYS[0];
    stage.run = run_item;
    if (add_items(&stage, &cli.config, &err) != SILBE_OK) {
        exit_code = silbe_cli_fail(&cli, &err);
    } else {
        exit_code = silbe_stage_run(&stage, &cli);
    }
    silbe_stage_free(&stage);
    return silbe_cli_end(&cli, exit_code);
}
