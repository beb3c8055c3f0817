#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "features/base/memory.h"
#include "features/base/read_file.h"
#include "pipeline/settings/config.h"
#include "pipeline/settings/config_internal.h"
#include "pipeline/settings/config_paths.h"

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
    (void)silbe_fail((err), SILBE_ERR_FORMAT, "%s:%zu:%zu: " format, (r)->path,                    \
                     (r)->event.start_mark.line + 1, (r)->event.start_mark.column + 1,             \
                     __VA_ARGS__)

static void fail_syntax(const reader *r, silbe_err *err)
{
    const yaml_parser_t *parser = &r->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    if (parser->error == YAML_MEMORY_ERROR) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", r->path);
    } else if (parser->error == YAML_READER_ERROR) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: byte %zu: not valid YAML: %s", r->path,
                         parser->problem_offset + 1, problem);
    } else {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s:%zu:%zu: not valid YAML: %s%s%s", r->path,
                         parser->problem_mark.line + 1, parser->problem_mark.column + 1, problem,
                         parser->context != NULL ? ", " : "",
                         parser->context != NULL ? parser->context : "");
    }
}

/* Anchors, aliases and tags are refused here, before anything could multiply. */
static void check_event(const reader *r, silbe_err *err)
{
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
        FAIL_HERE(r, err,
                  "%.*s: anchors and aliases (& and *) are not supported; write the "
                  "value itself, or quote a text that begins so",
                  MAX_SHOWN, (const char *)anchor);
    } else if (tag != NULL) {
        FAIL_HERE(r, err, "%.*s: tags (!) are not supported; write the plain value", MAX_SHOWN,
                  (const char *)tag);
    }
}

/* Moves to the next event and returns its type; YAML_NO_EVENT after a failure. */
static yaml_event_type_t next(reader *r, silbe_err *err)
{
    if (silbe_failed(err)) {
        return YAML_NO_EVENT;
    }
    if (r->has_event) {
        yaml_event_delete(&r->event);
    }
    r->has_event = yaml_parser_parse(&r->parser, &r->event) != 0;
    if (r->has_event) {
        check_event(r, err);
    } else {
        fail_syntax(r, err);
    }
    return silbe_failed(err) ? YAML_NO_EVENT : r->event.type;
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

static void need_scalar(const reader *r, const char *subject, silbe_err *err)
{
    if (silbe_failed(err)) {
        return;
    }
    if (r->event.type != YAML_SCALAR_EVENT) {
        FAIL_HERE(r, err, "%s: a single value is expected here, got a %s", subject,
                  r->event.type == YAML_SEQUENCE_START_EVENT ? "list" : "mapping");
    } else if (strlen(scalar_text(r)) != r->event.data.scalar.length) {
        FAIL_HERE(r, err, "%s: the text contains a zero byte", subject);
    }
}

static void set_here(reader *r, const silbe_option *option, const char *text, silbe_err *err)
{
    silbe_err inner = SILBE_ERR_INIT;
    if (silbe_config_set_value(r->config, option, text, &inner) != SILBE_OK) {
        FAIL_HERE(r, err, "%s", inner.message);
    }
}

/* The current event is a value of a list, of which the flags are known already. */
static void add_flag(const reader *r, const silbe_option *option, unsigned *flags, silbe_err *err)
{
    need_scalar(r, option->key, err);
    if (silbe_failed(err)) {
        return;
    }
    int index = silbe_config_choice(option->choices, scalar_text(r), strlen(scalar_text(r)));
    if (index < 0) {
        /* For the message; also "a, b" in quotes ends here. */
        silbe_err inner = SILBE_ERR_INIT;
        (void)silbe_config_refuse_choice(option, scalar_text(r), &inner);
        FAIL_HERE(r, err, "%s", inner.message);
    } else if (*flags & 1U << index) {
        FAIL_HERE(r, err, "%s: \"%.*s\" is given twice", option->key, MAX_SHOWN, scalar_text(r));
    } else {
        *flags |= 1U << index;
    }
}

/* The value is a list; the current event is its beginning. Leaves at its end. */
static void read_list(reader *r, const silbe_option *option, silbe_err *err)
{
    unsigned flags = 0;
    while (next(r, err) != YAML_SEQUENCE_END_EVENT && !silbe_failed(err)) {
        add_flag(r, option, &flags, err);
    }
    if (!silbe_failed(err)) {
        *(unsigned *)(void *)((char *)r->config + option->offset) = flags;
    }
}

/* The current event is one path of a list, or the only one. */
static void add_path(const reader *r, const silbe_option *option, char *paths, silbe_err *err)
{
    need_scalar(r, option->key, err);
    if (!silbe_failed(err) && scalar_text(r)[0] != '\0' &&
        !silbe_config_add_path(paths, scalar_text(r), strlen(scalar_text(r)))) {
        FAIL_HERE(r, err, "%s: \"%.*s\" is too long, or has a line break in it", option->key,
                  MAX_SHOWN, scalar_text(r));
    }
}

/* The current event is the beginning of one path, or of a list of them. */
static void read_paths(reader *r, const silbe_option *option, silbe_err *err)
{
    char paths[SILBE_CONFIG_PATH_SIZE] = "";
    if (r->event.type == YAML_SEQUENCE_START_EVENT) {
        while (next(r, err) != YAML_SEQUENCE_END_EVENT && !silbe_failed(err)) {
            add_path(r, option, paths, err);
        }
    } else {
        add_path(r, option, paths, err);
    }
    if (!silbe_failed(err)) {
        memcpy((char *)r->config + option->offset, paths, sizeof paths);
    }
}

/* The current event is the beginning of the value. */
static void read_value(reader *r, const silbe_option *option, silbe_err *err)
{
    char allowed[640];
    bool is_flags = option->type == SILBE_OPTION_FLAGS;
    bool is_text = option->type == SILBE_OPTION_STRING || option->type == SILBE_OPTION_PATH ||
                   option->type == SILBE_OPTION_ENUM;
    silbe_config_describe(option, allowed, sizeof allowed);
    if (is_flags && r->event.type == YAML_SEQUENCE_START_EVENT) {
        read_list(r, option, err);
        return;
    }
    bool is_paths = option->type == SILBE_OPTION_PATHS;
    if (is_paths && (r->event.type == YAML_SEQUENCE_START_EVENT ||
                     (r->event.type == YAML_SCALAR_EVENT && !is_null(r)))) {
        read_paths(r, option, err);
        return;
    }
    need_scalar(r, option->key, err);
    if (silbe_failed(err)) {
        return;
    }
    if (is_null(r)) {
        FAIL_HERE(r, err, "%s has no value; it takes %s", option->key, allowed);
    } else if (is_flags || (!is_text && !is_plain(r))) {
        FAIL_HERE(r, err, "\"%.*s\" is a text; %s takes %s%s", MAX_SHOWN, scalar_text(r),
                  option->key, allowed, is_flags ? ", in brackets" : " without quotes");
    } else {
        set_here(r, option, scalar_text(r), err);
    }
}

/* The current event is a key inside section; NULL after a failure. */
static const silbe_option *find_option(const reader *r, const char *section, silbe_err *err)
{
    size_t n_options = 0;
    const silbe_option *options = silbe_config_options(&n_options);
    char key[2 * MAX_SHOWN + 2];
    need_scalar(r, section, err);
    if (silbe_failed(err)) {
        return NULL;
    }
    (void)snprintf(key, sizeof key, "%.*s.%.*s", MAX_SHOWN, section, MAX_SHOWN, scalar_text(r));
    const silbe_option *option = silbe_config_find(key);
    if (option == NULL) {
        const char *nearest = silbe_config_nearest(key);
        FAIL_HERE(r, err, "there is no setting %s%s%s%s", key,
                  nearest != NULL ? "; did you mean " : "; silbe help settings lists them all",
                  nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
        return NULL;
    }
    if (r->seen[option - options]) {
        FAIL_HERE(r, err, "%s is given twice; remove one", key);
        return NULL;
    }
    r->seen[option - options] = true;
    return option;
}

static void fail_section(const reader *r, const char *name, silbe_err *err)
{
    const char *nearest = silbe_config_nearest_section(name);
    const char *moved = nearest == NULL ? silbe_config_nearest(name) : NULL;
    if (moved != NULL) {
        FAIL_HERE(r, err,
                  "there is no section %.*s; settings stand inside their section: "
                  "%.*s:, and below it, indented, %s:",
                  MAX_SHOWN, name, (int)strcspn(moved, "."), moved, strchr(moved, '.') + 1);
        return;
    }
    FAIL_HERE(r, err, "there is no section %.*s%s%s%s", MAX_SHOWN, name,
              nearest != NULL ? "; did you mean " : "; silbe help settings lists all",
              nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

/* The current event is a section's name. NULL after a failure. */
static const char *find_section(const reader *r, silbe_err *err)
{
    size_t n_sections = 0, n_options = 0, s = 0;
    const silbe_config_section *sections = silbe_config_sections(&n_sections);
    (void)silbe_config_options(&n_options);
    need_scalar(r, "section", err);
    if (silbe_failed(err)) {
        return NULL;
    }
    while (s < n_sections && strcmp(sections[s].name, scalar_text(r)) != 0) {
        s++;
    }
    if (s == n_sections) {
        fail_section(r, scalar_text(r), err);
        return NULL;
    }
    if (r->seen[n_options + s]) {
        FAIL_HERE(r, err, "section %s is given twice; join them", sections[s].name);
        return NULL;
    }
    r->seen[n_options + s] = true;
    return sections[s].name;
}

/* The current event is a section's name. */
static void read_section(reader *r, silbe_err *err)
{
    const char *section = find_section(r, err);
    yaml_event_type_t type = next(r, err);
    if (type == YAML_NO_EVENT || (type == YAML_SCALAR_EVENT && is_null(r))) {
        return; /* a failure, or all its settings are commented out */
    }
    if (type != YAML_MAPPING_START_EVENT) {
        FAIL_HERE(r, err, "section %s: settings are expected here, as key: value", section);
    }
    while (next(r, err) != YAML_MAPPING_END_EVENT && !silbe_failed(err)) {
        const silbe_option *option = find_option(r, section, err);
        if (next(r, err) != YAML_NO_EVENT) {
            read_value(r, option, err);
        }
    }
}

static void read_document(reader *r, silbe_err *err)
{
    (void)next(r, err); /* the beginning of the stream */
    yaml_event_type_t type = next(r, err);
    if (type == YAML_NO_EVENT || type == YAML_STREAM_END_EVENT) {
        return; /* a failure, or nothing but comments: all defaults */
    }
    type = next(r, err); /* behind the beginning of the document */
    if (type == YAML_MAPPING_START_EVENT) {
        while (next(r, err) != YAML_MAPPING_END_EVENT && !silbe_failed(err)) {
            read_section(r, err);
        }
    } else if (type != YAML_NO_EVENT && (type != YAML_SCALAR_EVENT || !is_null(r))) {
        FAIL_HERE(r, err, "sections are expected here, for example %s", "features:");
    }
    (void)next(r, err); /* the end of the document */
    type = next(r, err);
    if (type != YAML_NO_EVENT && type != YAML_STREAM_END_EVENT) {
        FAIL_HERE(r, err, "a second document begins here; %s", "one file is one document");
    }
}

static void read_settings(const char *path, char **text, size_t *size, silbe_err *err)
{
    silbe_try(err, silbe_read_file(path, MAX_FILE_SIZE, text, size, err));
    if (!silbe_failed(err) && *size > MAX_FILE_SIZE) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: is larger than 1 MiB; this is not a settings file", path);
    }
}

silbe_status silbe_config_read(silbe_config *config, const char *path, silbe_err *err)
{
    silbe_err own;
    reader r = {.path = path, .config = config};
    size_t n_options = 0, n_sections = 0, size = 0;
    char *text = NULL;
    (void)silbe_config_options(&n_options);
    (void)silbe_config_sections(&n_sections);
    err = silbe_err_begin(err, &own);
    if (!yaml_parser_initialize(&r.parser)) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory", path);
    }
    r.seen = silbe_alloc(n_options + n_sections, sizeof *r.seen, "settings", err);
    read_settings(path, &text, &size, err);
    if (!silbe_failed(err)) {
        yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
        read_document(&r, err);
    }
    if (r.has_event) {
        yaml_event_delete(&r.event);
    }
    yaml_parser_delete(&r.parser);
    free(r.seen);
    free(text);
    return err->status;
}
