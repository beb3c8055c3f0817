#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "pipeline/host/nearest.h"
#include "pipeline/settings/config.h"
#include "pipeline/settings/config_internal.h"
#include "pipeline/settings/config_paths.h"

enum { MAX_SHOWN = 80 }; /* bytes of an offending text in a message */

static void *field(silbe_config *config, const silbe_option *option)
{
    return (char *)config + option->offset;
}

static const void *const_field(const silbe_config *config, const silbe_option *option)
{
    return (const char *)config + option->offset;
}

int silbe_config_choice(const char *choices, const char *name, size_t length)
{
    int index = 0;
    for (const char *at = choices; *at != '\0'; index++) {
        size_t n = strcspn(at, "|");
        if (n == length && strncmp(at, name, n) == 0) {
            return index;
        }
        at += n + (at[n] == '|');
    }
    return -1;
}

/* Copies choice index to name ("" when there is none so far); false when there is none. */
static bool choice_name(const char *choices, int index, char *name, size_t size)
{
    const char *at = choices;
    for (; index > 0 && *at != '\0'; index--) {
        size_t n = strcspn(at, "|");
        at += n + (at[n] == '|');
    }
    (void)snprintf(name, size, "%.*s", (int)strcspn(at, "|"), at);
    return *at != '\0';
}

/* "a|b|c" as "a, b or c". */
static void list_choices(const char *choices, const char *last_word, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (const char *at = choices; *at != '\0' && used < size;) {
        size_t n = strcspn(at, "|");
        bool is_last = at[n] == '\0';
        const char *separator = at == choices ? "" : (is_last ? last_word : ", ");
        int printed = snprintf(text + used, size - used, "%s%.*s", separator, (int)n, at);
        used += printed > 0 ? (size_t)printed : 0;
        at += n + !is_last;
    }
}

void silbe_config_describe(const silbe_option *option, char *text, size_t size)
{
    char choices[512];
    const char *gap = option->unit[0] != '\0' ? " " : "";
    switch (option->type) {
    case SILBE_OPTION_INT:
        (void)snprintf(text, size, "a whole number from %.15g to %.15g%s%s", option->min,
                       option->max, gap, option->unit);
        break;
    case SILBE_OPTION_FLOAT:
        (void)snprintf(text, size, "a number from %.15g to %.15g%s%s", option->min, option->max,
                       gap, option->unit);
        break;
    case SILBE_OPTION_BOOL:
        (void)snprintf(text, size, "true or false");
        break;
    case SILBE_OPTION_STRING:
        (void)snprintf(text, size, "a text of up to %d bytes", SILBE_CONFIG_STRING_SIZE - 1);
        break;
    case SILBE_OPTION_PATH:
        (void)snprintf(text, size, "a path of up to %d bytes", SILBE_CONFIG_PATH_SIZE - 1);
        break;
    case SILBE_OPTION_PATHS:
        (void)snprintf(text, size, "a list of paths, of up to %d bytes together",
                       SILBE_CONFIG_PATH_SIZE - 1);
        break;
    case SILBE_OPTION_ENUM:
        list_choices(option->choices, " or ", choices, sizeof choices);
        (void)snprintf(text, size, "%s", choices);
        break;
    case SILBE_OPTION_FLAGS:
        list_choices(option->choices, " and ", choices, sizeof choices);
        (void)snprintf(text, size, "a list of %s", choices);
        break;
    }
}

static silbe_status refuse(const silbe_option *option, const char *text, const char *problem,
                           silbe_err *err)
{
    char allowed[640];
    silbe_config_describe(option, allowed, sizeof allowed);
    return silbe_fail(err, SILBE_ERR_ARGUMENT, "\"%.*s\"%s %s; %s takes %s", MAX_SHOWN, text,
                      strlen(text) > MAX_SHOWN ? "..." : "", problem, option->key, allowed);
}

silbe_status silbe_config_refuse_choice(const silbe_option *option, const char *text,
                                        silbe_err *err)
{
    char name[MAX_SHOWN], nearest_name[MAX_SHOWN] = "", problem[2 * MAX_SHOWN];
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    for (int i = 0; choice_name(option->choices, i, name, sizeof name); i++) {
        size_t before = nearest.word != NULL ? nearest.distance : SIZE_MAX;
        silbe_nearest_offer(&nearest, text, strlen(text), name);
        if (nearest.word != NULL && nearest.distance < before) {
            memcpy(nearest_name, name, sizeof nearest_name);
        }
    }
    (void)snprintf(problem, sizeof problem, "is not known%s%s%s",
                   nearest.word != NULL ? "; did you mean " : "", nearest_name,
                   nearest.word != NULL ? "?" : "");
    return refuse(option, text, problem, err);
}

/* strtod also reads "inf", "nan", hexadecimal and leading white space; settings do not. */
static bool is_decimal(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "+-.0123456789eE")] == '\0';
}

static silbe_status set_number(silbe_config *config, const silbe_option *option, const char *text,
                               silbe_err *err)
{
    bool is_int = option->type == SILBE_OPTION_INT;
    char *end = NULL;
    long whole = 0;
    double value = NAN;
    if (is_decimal(text) && is_int) {
        errno = 0;
        whole = strtol(text, &end, 10);
        value = errno == ERANGE ? INFINITY : (double)whole;
    } else if (is_decimal(text)) {
        value = strtod(text, &end);
    }
    if (isnan(value) || end == text || *end != '\0') {
        return refuse(option, text, is_int ? "is not a whole number" : "is not a number", err);
    }
    if (!(value >= option->min && value <= option->max)) {
        return refuse(option, text, "is out of range", err);
    }
    if (is_int) {
        *(int *)field(config, option) = (int)whole;
    } else {
        *(double *)field(config, option) = value + 0.0; /* -0 becomes 0: one text for one value */
    }
    return SILBE_OK;
}

static silbe_status set_text(silbe_config *config, const silbe_option *option, const char *text,
                             silbe_err *err)
{
    bool is_path = option->type == SILBE_OPTION_PATH;
    size_t size = is_path ? SILBE_CONFIG_PATH_SIZE : SILBE_CONFIG_STRING_SIZE;
    size_t length = strlen(text);
    if (length >= size) {
        return refuse(option, text, "is too long", err);
    }
    if (u8_check((const uint8_t *)text, length) != NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the text for %s is not valid UTF-8",
                          option->key);
    }
    memcpy(field(config, option), text, length + 1);
    return SILBE_OK;
}

/* "a,b" or "[a, b]"; a path with a comma can only be given in YAML. */
static silbe_status set_paths(silbe_config *config, const silbe_option *option, const char *text,
                              silbe_err *err)
{
    char paths[SILBE_CONFIG_PATH_SIZE] = "";
    size_t length = strlen(text);
    const char *at = text, *end = text + length;
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        at++;
        end--;
    }
    if (u8_check((const uint8_t *)text, length) != NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "the text for %s is not valid UTF-8",
                          option->key);
    }
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma != NULL ? comma : end;
        size_t n_left = strspn(at, " ");
        const char *first = at + n_left < stop ? at + n_left : stop, *last = stop;
        while (last > first && last[-1] == ' ') {
            last--;
        }
        if (first == last) {
            return refuse(option, text, "has an empty path", err);
        }
        if (!silbe_config_add_path(paths, first, (size_t)(last - first))) {
            return refuse(option, text, "is too long, or has a line break in it", err);
        }
        at = comma != NULL ? comma + 1 : end;
        if (comma != NULL && at == end) {
            return refuse(option, text, "has an empty path", err);
        }
    }
    memcpy(field(config, option), paths, sizeof paths);
    return SILBE_OK;
}

static silbe_status set_choice(silbe_config *config, const silbe_option *option, const char *text,
                               silbe_err *err)
{
    int index = silbe_config_choice(option->choices, text, strlen(text));
    if (index < 0) {
        return silbe_config_refuse_choice(option, text, err);
    }
    *(int *)field(config, option) = index;
    return SILBE_OK;
}

/* "a,b" or "[a, b]"; the order does not matter. */
static silbe_status set_flags(silbe_config *config, const silbe_option *option, const char *text,
                              silbe_err *err)
{
    unsigned flags = 0;
    size_t length = strlen(text);
    const char *at = text;
    const char *end = text + length;
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        at++;
        end--;
    }
    while (at < end) {
        at += strspn(at, " ");
        size_t n = strcspn(at, ", ]");
        char name[MAX_SHOWN + 1];
        (void)snprintf(name, sizeof name, "%.*s", (int)(n < MAX_SHOWN ? n : MAX_SHOWN), at);
        int index = silbe_config_choice(option->choices, at, n);
        if (index < 0) {
            return silbe_config_refuse_choice(option, name, err);
        }
        if (flags & 1U << index) {
            return refuse(option, name, "is given twice", err);
        }
        flags |= 1U << index;
        at += n;
        at += strspn(at, " ");
        if (at < end && *at++ != ',') {
            return refuse(option, text, "lacks a comma", err);
        }
    }
    *(unsigned *)field(config, option) = flags;
    return SILBE_OK;
}

silbe_status silbe_config_set_value(silbe_config *config, const silbe_option *option,
                                    const char *text, silbe_err *err)
{
    switch (option->type) {
    case SILBE_OPTION_INT:
    case SILBE_OPTION_FLOAT:
        return set_number(config, option, text, err);
    case SILBE_OPTION_BOOL:
        if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
            return refuse(option, text, "is neither true nor false", err);
        }
        *(bool *)field(config, option) = text[0] == 't';
        return SILBE_OK;
    case SILBE_OPTION_STRING:
    case SILBE_OPTION_PATH:
        return set_text(config, option, text, err);
    case SILBE_OPTION_PATHS:
        return set_paths(config, option, text, err);
    case SILBE_OPTION_ENUM:
        return set_choice(config, option, text, err);
    case SILBE_OPTION_FLAGS:
        return set_flags(config, option, text, err);
    }
    return silbe_fail(err, SILBE_ERR_ARGUMENT, "%s: unknown type %d", option->key, option->type);
}

/* YAML's double-quoted style; returns the end. */
static char *format_text(const char *value, char *text)
{
    char *out = text;
    *out++ = '"';
    for (const unsigned char *in = (const unsigned char *)value; *in != '\0'; in++) {
        if (*in == '"' || *in == '\\') {
            *out++ = '\\';
            *out++ = (char)*in;
        } else if (*in < 0x20 || *in == 0x7f) {
            out += sprintf(out, "\\x%02X", *in);
        } else {
            *out++ = (char)*in;
        }
    }
    *out++ = '"';
    *out = '\0';
    return out;
}

static void format_paths(const char *paths, char *text)
{
    char path[SILBE_CONFIG_PATH_SIZE];
    char *out = text + sprintf(text, "[");
    for (bool is_first = true; silbe_config_next_path(&paths, path); is_first = false) {
        out += sprintf(out, "%s", is_first ? "" : ", ");
        out = format_text(path, out);
    }
    (void)sprintf(out, "]");
}

static void format_flags(unsigned flags, const char *choices, char *text)
{
    char name[MAX_SHOWN];
    size_t used = (size_t)sprintf(text, "[");
    for (int i = 0; choice_name(choices, i, name, sizeof name); i++) {
        if (flags & 1U << i) {
            used += (size_t)sprintf(text + used, "%s%s", used > 1 ? ", " : "", name);
        }
    }
    (void)sprintf(text + used, "]");
}

void silbe_config_format_value(const silbe_config *config, const silbe_option *option,
                               char text[SILBE_CONFIG_YAML_SIZE])
{
    const void *value = const_field(config, option);
    switch (option->type) {
    case SILBE_OPTION_INT:
        (void)sprintf(text, "%d", *(const int *)value);
        break;
    case SILBE_OPTION_FLOAT:
        /* The shortest of the two that reads back as the same number. */
        (void)sprintf(text, "%.15g", *(const double *)value);
        if (strtod(text, NULL) != *(const double *)value) {
            (void)sprintf(text, "%.17g", *(const double *)value);
        }
        break;
    case SILBE_OPTION_BOOL:
        (void)sprintf(text, "%s", *(const bool *)value ? "true" : "false");
        break;
    case SILBE_OPTION_STRING:
    case SILBE_OPTION_PATH:
        (void)format_text(value, text);
        break;
    case SILBE_OPTION_PATHS:
        format_paths(value, text);
        break;
    case SILBE_OPTION_ENUM:
        (void)choice_name(option->choices, *(const int *)value, text, SILBE_CONFIG_YAML_SIZE);
        break;
    case SILBE_OPTION_FLAGS:
        format_flags(*(const unsigned *)value, option->choices, text);
        break;
    }
}
