#include "align/lyrics/language_tag.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "align/lyrics/pronounce.h"

static const char NAME[] = "lang";

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return at;
}

/* Behind "[lang" and its "=", or what is written for it; NULL: no tag begins here. "[Langsam]" and
 * "[Lang]" are words of a text. */
static const char *skip_name(const char *at, const char *end)
{
    size_t n = strlen(NAME);
    if (at == end || *at != '[') {
        return NULL;
    }
    at = skip_blanks(at + 1, end);
    if ((size_t)(end - at) <= n || strncasecmp(at, NAME, n) != 0) {
        return NULL;
    }
    at = skip_blanks(at + n, end);
    return at < end && (*at == '=' || *at == ':') ? at : NULL;
}

/* The language behind '='; false: this is no tag. */
static bool read_language(const char *equals, const char *end, silbe_language_tag *tag,
                          const char **behind)
{
    const char *begin = skip_blanks(equals + 1, end);
    const char *close = memchr(begin, ']', (size_t)(end - begin));
    if (*equals != '=' || close == NULL) {
        return false;
    }
    size_t n = (size_t)(close - begin);
    while (n > 0 && (begin[n - 1] == ' ' || begin[n - 1] == '\t')) {
        n--;
    }
    if (n >= sizeof tag->language) {
        return false;
    }
    memcpy(tag->language, begin, n);
    tag->language[n] = '\0';
    *behind = close + 1;
    return true;
}

silbe_status silbe_language_tag_read(const char *at, const char *end, size_t line_number,
                                     silbe_language_tag *tag, silbe_err *err)
{
    const char *equals = skip_name(at, end), *rest = at;
    *tag = (silbe_language_tag){.n_bytes = 0};
    if (equals != NULL) {
        if (!read_language(equals, end, tag, &rest)) {
            int n_shown = end - at < 40 ? (int)(end - at) : 40;
            return silbe_fail(err, SILBE_ERR_FORMAT,
                              "line %zu: \"%.*s\" is no tag of a language; write it as [lang=it]",
                              line_number, n_shown, at);
        }
        tag->n_bytes = (size_t)(rest - at);
    }
    for (; rest < end; rest++) {
        if (skip_name(rest, end) != NULL) {
            return silbe_fail(err, SILBE_ERR_FORMAT,
                              "line %zu: a tag of a language stands at the beginning of a line and "
                              "nowhere else; begin a new line before it",
                              line_number);
        }
    }
    return SILBE_OK;
}

silbe_status silbe_language_tag_check(const char *language, size_t line_number, silbe_err *err)
{
    silbe_pronounce_options options = SILBE_PRONOUNCE_OPTIONS_INIT;
    options.voice = language;
    silbe_status status = silbe_pronounce_check(&options, err);
    if (status == SILBE_OK) {
        return SILBE_OK;
    }
    char place[SILBE_LANGUAGE_SIZE + 40];
    (void)snprintf(place, sizeof place, "line %zu: [lang=%s]", line_number, language);
    return silbe_fail_prefix(err, status == SILBE_ERR_ARGUMENT ? SILBE_ERR_DATA : status, place);
}
