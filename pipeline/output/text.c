#define _POSIX_C_SOURCE 200809L
#include "pipeline/output/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>
#include <uniwidth.h>

typedef struct {
    char character; /* ASCII */
    const char *replacement;
} replacement;

#define END                                                                                        \
    {                                                                                              \
        '\0', NULL                                                                                 \
    }

static const replacement PLAIN[] = {END};
static const replacement QUOTED[] = {{'"', "\"\""}, END};
static const replacement WEBVTT[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, END};
/* U+2039 and U+203A, single angle quotation marks */
static const replacement SRT[] = {
    {'<', "\xe2\x80\xb9"}, {'>', "\xe2\x80\xba"}, {'{', "("}, {'}', ")"}, END};
static const replacement LRC[] = {
    {'<', "\xe2\x80\xb9"}, {'>', "\xe2\x80\xba"}, {'[', "("}, {']', ")"}, END};
static const replacement MARKDOWN[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'|', "\\|"}, {'\\', "\\\\"},
    {'*', "\\*"},   {'_', "\\_"},  {'`', "\\`"},  {'[', "\\["}, {']', "\\]"},
    {'#', "\\#"},   {'~', "\\~"},  {'!', "\\!"},  END};

static const replacement *const STYLES[SILBE_N_TEXT_STYLES] = {
    [SILBE_TEXT_PLAIN] = PLAIN, [SILBE_TEXT_QUOTED] = QUOTED, [SILBE_TEXT_WEBVTT] = WEBVTT,
    [SILBE_TEXT_SRT] = SRT,     [SILBE_TEXT_LRC] = LRC,       [SILBE_TEXT_MARKDOWN] = MARKDOWN,
};

static bool is_control(ucs4_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

/* Next character of *text, cleaned and in a style: its bytes and how many. *text moves on. */
static const char *next_piece(const char **text, silbe_text_style style, size_t *n_bytes)
{
    const char *here = *text;
    ucs4_t c = 0;
    int length = u8_mbtoucr(&c, (const uint8_t *)here, strnlen(here, 4)); /* < 0: not UTF-8 */
    *text = here + (length > 0 ? length : 1);
    if (is_control(c)) {
        *n_bytes = 1;
        return " ";
    }
    if (length <= 0 || (c & 0xfffe) == 0xfffe) {
        *n_bytes = 3;
        return "\xef\xbf\xbd";
    }
    for (const replacement *r = STYLES[style]; r->replacement != NULL; r++) {
        if (c == (ucs4_t)(unsigned char)r->character) {
            *n_bytes = strlen(r->replacement);
            return r->replacement;
        }
    }
    *n_bytes = (size_t)length;
    return here;
}

void silbe_text_put(FILE *stream, const char *text, silbe_text_style style)
{
    while (*text != '\0') {
        size_t n_bytes;
        const char *piece = next_piece(&text, style, &n_bytes);
        (void)fwrite(piece, 1, n_bytes, stream);
    }
}

char *silbe_text_copy(const char *text, silbe_text_style style)
{
    size_t size = 1;
    for (const char *p = text; *p != '\0';) {
        size_t n_bytes;
        (void)next_piece(&p, style, &n_bytes);
        size += n_bytes;
    }
    char *copy = malloc(size);
    if (copy == NULL) {
        return NULL;
    }
    char *end = copy;
    for (const char *p = text; *p != '\0';) {
        size_t n_bytes;
        const char *piece = next_piece(&p, style, &n_bytes);
        memcpy(end, piece, n_bytes);
        end += n_bytes;
    }
    *end = '\0';
    return copy;
}

bool silbe_text_valid(const char *text)
{
    return u8_check((const uint8_t *)text, strlen(text)) == NULL;
}

bool silbe_text_same(const char *left, const char *right)
{
    while (*left != '\0' && *right != '\0') {
        size_t n_left, n_right;
        const char *piece = next_piece(&left, SILBE_TEXT_PLAIN, &n_left);
        const char *other = next_piece(&right, SILBE_TEXT_PLAIN, &n_right);
        if (n_left != n_right || memcmp(piece, other, n_left) != 0) {
            return false;
        }
    }
    return *left == *right;
}

static size_t piece_width(const char *piece, size_t n_bytes)
{
    int width = u8_width((const uint8_t *)piece, n_bytes, "UTF-8");
    return width > 0 ? (size_t)width : 0;
}

size_t silbe_text_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        size_t n_bytes;
        const char *piece = next_piece(&text, SILBE_TEXT_PLAIN, &n_bytes);
        width += piece_width(piece, n_bytes);
    }
    return width;
}

void silbe_text_put_padded(FILE *stream, const char *text, size_t width)
{
    size_t room = width;
    bool is_cut = silbe_text_width(text) > width;
    if (is_cut && room > 0) {
        room--;
    }
    while (*text != '\0') {
        size_t n_bytes;
        const char *piece = next_piece(&text, SILBE_TEXT_PLAIN, &n_bytes);
        size_t columns = piece_width(piece, n_bytes);
        if (columns > room) {
            break;
        }
        (void)fwrite(piece, 1, n_bytes, stream);
        room -= columns;
    }
    if (is_cut && width > 0) {
        (void)fputs("\xe2\x80\xa6", stream);
    }
    for (; room > 0; room--) {
        (void)fputc(' ', stream);
    }
}
