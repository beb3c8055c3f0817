#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/memory.h"

void silbe_mxml_fail(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err,
                     const char *format, ...)
{
    if (silbe_failed(err)) {
        return;
    }
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s:%ld: <%s>: %s", mxml->name, xmlGetLineNo(node),
                     (const char *)node->name, what);
}

bool silbe_mxml_is(const xmlNode *node, const char *element)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, element) == 0;
}

const xmlNode *silbe_mxml_child(const xmlNode *node, const char *element)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, element)) {
            return child;
        }
    }
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *silbe_mxml_text(const silbe_mxml *mxml, const xmlNode *node, silbe_err *err)
{
    size_t size = 0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ENTITY_REF_NODE) {
            silbe_mxml_fail(mxml, node, err, "entity &%s; is not accepted, write its text",
                            (const char *)child->name);
        }
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            size += strlen((const char *)child->content);
        }
    }
    char *joined = silbe_alloc(size + 1, 1, "bytes of text", err);
    if (joined == NULL) {
        return NULL;
    }
    size_t at = 0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            size_t length = strlen((const char *)child->content);
            memcpy(joined + at, child->content, length);
            at += length;
        }
    }
    size_t begin = 0;
    while (begin < at && is_blank(joined[begin])) {
        begin++;
    }
    while (at > begin && is_blank(joined[at - 1])) {
        at--;
    }
    memmove(joined, joined + begin, at - begin);
    joined[at - begin] = '\0';
    return joined;
}

/* xs:decimal: sign, digits, at most one point; neither exponent, hexadecimal, "inf" nor "nan". */
static bool is_decimal(const char *text)
{
    size_t n_digits = 0;
    bool has_point = false;
    if (*text == '+' || *text == '-') {
        text++;
    }
    for (; *text != '\0'; text++) {
        if (*text >= '0' && *text <= '9') {
            n_digits++;
        } else if (*text == '.' && !has_point) {
            has_point = true;
        } else {
            return false;
        }
    }
    return n_digits > 0 && n_digits <= 300;
}

/* strtod would follow the locale's decimal point, which a caller may have set. */
static double parse_decimal(const char *text)
{
    bool is_negative = *text == '-';
    double value = 0.0, unit = 1.0;
    bool is_fraction = false;
    for (text += *text == '+' || *text == '-'; *text != '\0'; text++) {
        if (*text == '.') {
            is_fraction = true;
            continue;
        }
        value = 10.0 * value + (double)(*text - '0');
        unit *= is_fraction ? 10.0 : 1.0;
    }
    value /= unit;
    return is_negative ? -value : value;
}

double silbe_mxml_number(const silbe_mxml *mxml, const xmlNode *node, double low, double high,
                         silbe_err *err)
{
    char *text = silbe_mxml_text(mxml, node, err);
    double value = low;
    if (text != NULL && !is_decimal(text)) {
        silbe_mxml_fail(mxml, node, err, "\"%.40s\" is no decimal number", text);
    } else if (text != NULL) {
        value = parse_decimal(text);
    }
    if (!(value >= low && value <= high)) {
        silbe_mxml_fail(mxml, node, err, "should be from %g to %g, got %.40s", low, high, text);
        value = low;
    }
    free(text);
    return value;
}

int silbe_mxml_integer(const silbe_mxml *mxml, const xmlNode *node, int low, int high,
                       silbe_err *err)
{
    double value = silbe_mxml_number(mxml, node, low, high, err);
    if (value != floor(value)) {
        silbe_mxml_fail(mxml, node, err, "should be a whole number, got %g", value);
        return low;
    }
    return (int)value;
}

const char *silbe_mxml_attribute(const xmlNode *node, const char *attribute)
{
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (strcmp((const char *)at->name, attribute) == 0) {
            const xmlNode *value = at->children;
            bool is_plain = value != NULL && value->next == NULL && value->type == XML_TEXT_NODE;
            return is_plain ? (const char *)value->content : NULL;
        }
    }
    return NULL;
}
