#define _POSIX_C_SOURCE 200809L
#include "pipeline/settings/config.h"

#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"
#include "pipeline/host/digest.h"
#include "pipeline/settings/config_internal.h"

void silbe_config_defaults(silbe_config *config)
{
    size_t n_options = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    /* All bytes, so that two configurations of the same values compare equal with memcmp. */
    memset(config, 0, sizeof *config);
    for (size_t i = 0; i < n_options; i++) {
        /* Every default is a valid value: a test sets each. */
        silbe_status status =
            silbe_config_set_value(config, &options[i], options[i].default_yaml, NULL);
        (void)status;
    }
}

silbe_status silbe_config_set(silbe_config *config, const char *assignment, silbe_err *err)
{
    const char *equals = strchr(assignment, '=');
    char key[SILBE_CONFIG_STRING_SIZE];
    if (equals == NULL || equals == assignment) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "--set %.200s: write it as key=value, for example features.hop_ms=10",
                          assignment);
    }
    size_t length = (size_t)(equals - assignment);
    if (length >= sizeof key) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "--set %.60s...: no setting has such a long name", assignment);
    }
    memcpy(key, assignment, length);
    key[length] = '\0';
    const silbe_option *option = silbe_config_find(key);
    if (option == NULL) {
        const char *nearest = silbe_config_nearest(key);
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "--set %.200s: there is no setting %.100s; %s%s%s silbe help settings "
                          "lists them all",
                          assignment, key, nearest != NULL ? "did you mean " : "",
                          nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    }
    silbe_status status = silbe_config_set_value(config, option, equals + 1, err);
    return status == SILBE_OK ? SILBE_OK : silbe_fail_prefix(err, status, "--set");
}

silbe_status silbe_config_apply_environment(silbe_config *config, silbe_err *err)
{
    const char *name = config->dataset.root_env;
    const char *value = name[0] != '\0' ? getenv(name) : NULL;
    if (value == NULL || value[0] == '\0') {
        return SILBE_OK;
    }
    silbe_status status =
        silbe_config_set_value(config, silbe_config_find("dataset.root"), value, err);
    return status == SILBE_OK ? SILBE_OK : silbe_fail_prefix(err, status, name);
}

silbe_status silbe_config_check_dataset(const silbe_config *config, silbe_err *err)
{
    const char *name = config->dataset.name;
    if (name[0] == '\0' || config->dataset.root[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "dataset.name and dataset.root are needed: say which dataset with "
                          "--dataset NAME, --dataset FOLDER or --config FILE");
    }
    /* It becomes the name of a folder. */
    bool is_name = name[0] != '.' && strchr(name, '/') == NULL;
    for (const char *c = name; *c != '\0'; c++) {
        is_name = is_name && (unsigned char)*c >= 0x20 && *c != 0x7f;
    }
    if (!is_name) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "dataset.name \"%.100s\" cannot be the name of a folder: it must not "
                          "begin with a dot nor contain '/' or control characters",
                          name);
    }
    if (!(config->output.formats & SILBE_OUTPUT_JSON)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "output.formats must contain json: the evaluation reads it");
    }
    return SILBE_OK;
}

silbe_status silbe_config_check(const silbe_config *config, silbe_err *err)
{
    if (config->features.chroma_low_pitch > config->features.chroma_high_pitch) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "features.chroma_low_pitch %d must not be above chroma_high_pitch %d",
                          config->features.chroma_low_pitch, config->features.chroma_high_pitch);
    }
    if (config->features.onset_low_pitch > config->features.onset_high_pitch) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "features.onset_low_pitch %d must not be above onset_high_pitch %d",
                          config->features.onset_low_pitch, config->features.onset_high_pitch);
    }
    if (config->features.logmel_low_hz >= config->features.logmel_high_hz ||
        2 * config->features.logmel_high_hz > config->features.rate_hz) {
        return silbe_fail(
            err, SILBE_ERR_ARGUMENT,
            "features.logmel_high_hz %g must lie above logmel_low_hz %g and not above "
            "half of rate_hz %d",
            config->features.logmel_high_hz, config->features.logmel_low_hz,
            config->features.rate_hz);
    }
    if (config->work.folder[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "work.folder must not be empty");
    }
    if (config->run.items[0] == '\0') {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "run.items must not be empty: \"*\" stands for all items");
    }
    if (config->output.formats == 0) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "output.formats must name a format");
    }
    return SILBE_OK;
}

static silbe_status stream_failed(silbe_err *err)
{
    return silbe_fail(err, SILBE_ERR_IO, "the settings could not be written; is the disk full?");
}

/* Prints words behind "  # ", broken before column 100. */
static void print_comment(FILE *stream, const char *indent, const char *text)
{
    enum { WIDTH = 98 };
    size_t column = strlen(indent) + 1;
    (void)fprintf(stream, "%s#", indent);
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        if (column + 1 + n > WIDTH) {
            (void)fprintf(stream, "\n%s#", indent);
            column = strlen(indent) + 1;
        }
        (void)fprintf(stream, " %.*s", (int)n, text);
        column += 1 + n;
        text += n + strspn(text + n, " ");
    }
    (void)fputc('\n', stream);
}

static void print_option(const silbe_config *config, const silbe_option *option, FILE *stream,
                         char *value)
{
    char allowed[640];
    char doc[2048];
    silbe_config_describe(option, allowed, sizeof allowed);
    if (option->type == SILBE_OPTION_STRING || option->type == SILBE_OPTION_PATH) {
        (void)snprintf(doc, sizeof doc, "%s", option->doc);
    } else {
        (void)snprintf(doc, sizeof doc, "%s [%s]", option->doc, allowed);
    }
    print_comment(stream, "  ", doc);
    silbe_config_format_value(config, option, value);
    (void)fprintf(stream, "  %s: %s\n", strchr(option->key, '.') + 1, value);
}

silbe_status silbe_config_print(const silbe_config *config, FILE *stream, silbe_err *err)
{
    size_t n_sections = 0;
    size_t n_options = 0;
    const silbe_config_section *sections = silbe_config_sections(&n_sections);
    const silbe_option *options = silbe_config_options(&n_options);
    silbe_err own;
    err = silbe_err_begin(err, &own);
    char *value = silbe_alloc(SILBE_CONFIG_YAML_SIZE, 1, "characters", err);
    if (value == NULL) {
        return err->status;
    }
    print_comment(stream, "",
                  "Every setting of Silbe with its value, unit and range. A file that "
                  "is given with --config needs only the settings that it changes; "
                  "--set section.key=value on the command line wins over the file.");
    for (size_t s = 0; s < n_sections; s++) {
        size_t length = strlen(sections[s].name);
        (void)fputc('\n', stream);
        print_comment(stream, "", sections[s].doc);
        (void)fprintf(stream, "%s:\n", sections[s].name);
        for (size_t i = 0; i < n_options; i++) {
            if (strncmp(options[i].key, sections[s].name, length) == 0 &&
                options[i].key[length] == '.') {
                print_option(config, &options[i], stream, value);
            }
        }
    }
    free(value);
    return fflush(stream) != 0 || ferror(stream) ? stream_failed(err) : SILBE_OK;
}

static bool matches(const char *key, const char *const *prefixes, size_t n_prefixes)
{
    for (size_t i = 0; i < n_prefixes; i++) {
        size_t length = strlen(prefixes[i]);
        bool is_section = length > 0 && prefixes[i][length - 1] == '.';
        if (strncmp(key, prefixes[i], length) == 0 && (is_section || key[length] == '\0')) {
            return true;
        }
    }
    return false;
}

silbe_status silbe_config_digest(const silbe_config *config, const char *const *prefixes,
                                 size_t n_prefixes, char hex[SILBE_DIGEST_HEX_SIZE], silbe_err *err)
{
    size_t n_options = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    silbe_err own;
    char *text = NULL;
    size_t size = 0;
    err = silbe_err_begin(err, &own);
    char *value = silbe_alloc(SILBE_CONFIG_YAML_SIZE, 1, "characters", err);
    FILE *stream = open_memstream(&text, &size);
    (void)silbe_need(stream, "the settings", err);
    for (size_t i = 0; i < n_options && !silbe_failed(err); i++) {
        if (matches(options[i].key, prefixes, n_prefixes)) {
            silbe_config_format_value(config, &options[i], value);
            (void)fprintf(stream, "%s: %s\n", options[i].key, value);
        }
    }
    bool failed = stream != NULL && ferror(stream);
    failed = (stream != NULL && fclose(stream) != 0) || failed;
    (void)silbe_need(failed ? NULL : text, "the settings", err);
    if (!silbe_failed(err)) {
        silbe_digest_bytes(text, size, hex);
    }
    free(text);
    free(value);
    return err->status;
}
