#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "features/base/read_file.h"
#include "pipeline/settings/config.h"
#include "pipeline/settings/config_internal.h"

enum { MAX_FILE_SIZE = 1 << 20, MAX_SHOWN = 80 };

typedef struct {
    const char *path;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool has_event;
    silbe_config *config;
    bool *seen; /* one for each option, then one for each section */
} reader;

/* "path:line:column: ..." at the current event. */
#define FAIL_HERE(r, err, format, ...)                                                             \
    silbe_fail((err), SILBE_ERR_FORMAT, "%s:%zu:%zu: " format, (r)->path,                          \
               (r)->event.start_mark.line + 1, (r)->event.start_mark.column + 1, __VA_ARGS__)

static silbe_status fail_syntax(const reader *r, silbe_err *err)
{
    const yaml_parser_t *parser = &r->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", r->path);
    }
    if (parser->error == YAML_READER_ERROR) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: byte %zu: not valid YAML: %s", r->path,
                          parser->problem_offset + 1,
                          parser->problem != NULL ? parser->problem : "unreadable");
    }
    return silbe_fail(err, SILBE_ERR_FORMAT, "%s:%zu:%zu: not valid YAML: %s%s%s", r->path,
                      parser->problem_mark.line + 1, parser->problem_mark.column + 1,
                      parser->problem != NULL ? parser->problem : "unreadable",
                      parser->context != NULL ? ", " : "",
                      parser->context != NULL ? parser->context : "");
}

/* Moves to the next event. Anchors, aliases and tags are refused here, before anything could
 * multiply. */
static silbe_status next(reader *r, silbe_err *err)
{
    if (r->has_event) {
        yaml_event_delete(&r->event);
        r->has_event = false;
    }
    if (!yaml_parser_parse(&r->parser, &r->event)) {
        return fail_syntax(r, err);
    }
    r->has_event = true;
    const yaml_event_t *event = &r->event;
    const void *anchor = NULL;
    const void *tag = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        anchor = event->data.alias.anchor;
    } else if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor != NULL) {
        return FAIL_HERE(r, err,
                         "%.*s: anchors and aliases (& and *) are not supported; write the "
                         "value itself, or quote a text that begins so",
                         MAX_SHOWN, (const char *)anchor);
    }
    if (tag != NULL) {
        return FAIL_HERE(r, err, "%.*s: tags (!) are not supported; write the plain value",
                         MAX_SHOWN, (const char *)tag);
    }
    return SILBE_OK;
}

static const char *scalar_text(const reader *r)
{
    return (const char *)r->event.data.scalar.value;
}

static bool is_plain(const reader *r)
{
    return r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* Nothing, or YAML's words for nothing. */
static bool is_null(const reader *r)
{
    const char *text = scalar_text(r);
    return is_plain(r) && (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static silbe_status need_scalar(const reader *r, const char *subject, silbe_err *err)
{
    if (r->event.type != YAML_SCALAR_EVENT) {
        return FAIL_HERE(r, err, "%s: a single value is expected here, got a %s", subject,
                         r->event.type == YAML_SEQUENCE_START_EVENT ? "list" : "mapping");
    }
    if (strlen(scalar_text(r)) != r->event.data.scalar.length) {
        return FAIL_HERE(r, err, "%s: the text contains a zero byte", subject);
    }
    return SILBE_OK;
}

static silbe_status set_here(reader *r, const silbe_option *option, const char *text,
                             silbe_err *err)
{
    silbe_err inner = SILBE_ERR_INIT;
    if (silbe_config_set_value(r->config, option, text, &inner) != SILBE_OK) {
        return FAIL_HERE(r, err, "%s", inner.message);
    }
    return SILBE_OK;
}

/* The value is a list; the current event is its beginning. Leaves at its end. */
static silbe_status read_list(reader *r, const silbe_option *option, silbe_err *err)
{
    unsigned all = 0;
    unsigned *flags = (unsigned *)(void *)((char *)r->config + option->offset);
    for (;;) {
        silbe_status status = next(r, err);
        if (status != SILBE_OK) {
            return status;
        }
        if (r->event.type == YAML_SEQUENCE_END_EVENT) {
            *flags = all;
            return SILBE_OK;
        }
        status = need_scalar(r, option->key, err);
        if (status != SILBE_OK) {
            return status;
        }
        int index = silbe_config_choice(option->choices, scalar_text(r), strlen(scalar_text(r)));
        if (index < 0) {
            /* For the message; also "a, b" in quotes ends here. */
            char allowed[640];
            silbe_config_describe(option, allowed, sizeof allowed);
            return FAIL_HERE(r, err, "\"%.*s\" is not known; %s takes %s", MAX_SHOWN,
                             scalar_text(r), option->key, allowed);
        }
        if (all & 1U << index) {
            return FAIL_HERE(r, err, "%s: \"%.*s\" is given twice", option->key, MAX_SHOWN,
                             scalar_text(r));
        }
        all |= 1U << index;
    }
}

/* The current event is the beginning of the value. */
static silbe_status read_value(reader *r, const silbe_option *option, silbe_err *err)
{
    char allowed[640];
    silbe_config_describe(option, allowed, sizeof allowed);
    if (option->type == SILBE_OPTION_FLAGS && r->event.type == YAML_SEQUENCE_START_EVENT) {
        return read_list(r, option, err);
    }
    silbe_status status = need_scalar(r, option->key, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (is_null(r)) {
        return FAIL_HERE(r, err, "%s has no value; it takes %s", option->key, allowed);
    }
    bool is_text = option->type == SILBE_OPTION_STRING || option->type == SILBE_OPTION_PATH ||
                   option->type == SILBE_OPTION_ENUM;
    if (option->type == SILBE_OPTION_FLAGS || (!is_text && !is_plain(r))) {
        return FAIL_HERE(r, err, "\"%.*s\" is a text; %s takes %s%s", MAX_SHOWN, scalar_text(r),
                         option->key, allowed,
                         option->type == SILBE_OPTION_FLAGS ? ", in brackets" : " without quotes");
    }
    return set_here(r, option, scalar_text(r), err);
}

/* The current event is a key inside section. */
static silbe_status read_setting(reader *r, const char *section, silbe_err *err)
{
    size_t n_options = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    char key[2 * MAX_SHOWN + 2];
    silbe_status status = need_scalar(r, section, err);
    if (status != SILBE_OK) {
        return status;
    }
    (void)snprintf(key, sizeof key, "%.*s.%.*s", MAX_SHOWN, section, MAX_SHOWN, scalar_text(r));
    const silbe_option *option = silbe_config_find(key);
    if (option == NULL) {
        const char *nearest = silbe_config_nearest(key);
        return FAIL_HERE(r, err, "there is no setting %s%s%s%s", key,
                         nearest != NULL ? "; did you mean " : "; --help lists them all",
                         nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    }
    bool *seen = &r->seen[option - options];
    if (*seen) {
        return FAIL_HERE(r, err, "%s is given twice; remove one", key);
    }
    *seen = true;
    status = next(r, err);
    return status == SILBE_OK ? read_value(r, option, err) : status;
}

static silbe_status fail_section(const reader *r, const char *name, silbe_err *err)
{
    const char *nearest = silbe_config_nearest_section(name);
    const char *moved = nearest == NULL ? silbe_config_nearest(name) : NULL;
    if (moved != NULL) {
        return FAIL_HERE(r, err,
                         "there is no section %.*s; settings stand inside their section: "
                         "%.*s:, and below it, indented, %s:",
                         MAX_SHOWN, name, (int)strcspn(moved, "."), moved, strchr(moved, '.') + 1);
    }
    return FAIL_HERE(r, err, "there is no section %.*s%s%s%s", MAX_SHOWN, name,
                     nearest != NULL ? "; did you mean " : "; --help lists all settings",
                     nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

/* The current event is a section's name. */
static silbe_status read_section(reader *r, silbe_err *err)
{
    size_t n_sections = 0;
    size_t n_options = 0;
    const silbe_config_section *sections = silbe_config_sections(&n_sections);
    size_t s = 0;
    (void)silbe_config_options(&n_options);
    silbe_status status = need_scalar(r, "section", err);
    if (status != SILBE_OK) {
        return status;
    }
    while (s < n_sections && strcmp(sections[s].name, scalar_text(r)) != 0) {
        s++;
    }
    if (s == n_sections) {
        return fail_section(r, scalar_text(r), err);
    }
    if (r->seen[n_options + s]) {
        return FAIL_HERE(r, err, "section %s is given twice; join them", sections[s].name);
    }
    r->seen[n_options + s] = true;
    status = next(r, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (r->event.type == YAML_SCALAR_EVENT && is_null(r)) {
        return SILBE_OK; /* all its settings commented out */
    }
    if (r->event.type != YAML_MAPPING_START_EVENT) {
        return FAIL_HERE(r, err, "section %s: settings are expected here, as key: value",
                         sections[s].name);
    }
    while ((status = next(r, err)) == SILBE_OK && r->event.type != YAML_MAPPING_END_EVENT) {
        status = read_setting(r, sections[s].name, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    return status;
}

static silbe_status read_document(reader *r, silbe_err *err)
{
    silbe_status status = next(r, err); /* the beginning of the stream */
    if (status == SILBE_OK) {
        status = next(r, err);
    }
    if (status != SILBE_OK || r->event.type == YAML_STREAM_END_EVENT) {
        return status; /* nothing but comments: all defaults */
    }
    status = next(r, err); /* behind the beginning of the document */
    if (status != SILBE_OK) {
        return status;
    }
    if (r->event.type == YAML_MAPPING_START_EVENT) {
        while ((status = next(r, err)) == SILBE_OK && r->event.type != YAML_MAPPING_END_EVENT) {
            status = read_section(r, err);
            if (status != SILBE_OK) {
                return status;
            }
        }
        if (status != SILBE_OK) {
            return status;
        }
    } else if (r->event.type != YAML_SCALAR_EVENT || !is_null(r)) {
        return FAIL_HERE(r, err, "sections are expected here, for example %s", "features:");
    }
    status = next(r, err); /* the end of the document */
    if (status == SILBE_OK) {
        status = next(r, err);
    }
    if (status == SILBE_OK && r->event.type != YAML_STREAM_END_EVENT) {
        return FAIL_HERE(r, err, "a second document begins here; %s", "one file is one document");
    }
    return status;
}

static silbe_status read_settings(const char *path, char **text, size_t *size, silbe_err *err)
{
    silbe_status status = silbe_read_file(path, MAX_FILE_SIZE, text, size, err);
    if (status == SILBE_OK && *size > MAX_FILE_SIZE) {
        status = silbe_fail(err, SILBE_ERR_FORMAT,
                            "%s: is larger than 1 MiB; this is not a settings file", path);
    }
    return status;
}

silbe_status silbe_config_load(silbe_config *config, const char *path, silbe_err *err)
{
    silbe_status status = SILBE_ERR_MEMORY;
    reader r = {.path = path, .config = config};
    size_t n_options = 0;
    size_t n_sections = 0;
    char *text = NULL;
    size_t size = 0;
    (void)silbe_config_options(&n_options);
    (void)silbe_config_sections(&n_sections);
    r.seen = calloc(n_options + n_sections, sizeof *r.seen);
    if (r.seen == NULL || !yaml_parser_initialize(&r.parser)) {
        free(r.seen);
        return silbe_fail(err, status, "%s: out of memory", path);
    }
    status = read_settings(path, &text, &size, err);
    if (status == SILBE_OK) {
        yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
        status = read_document(&r, err);
    }
    if (r.has_event) {
        yaml_event_delete(&r.event);
    }
    yaml_parser_delete(&r.parser);
    free(r.seen);
    free(text);
    return status;
}
