/*
 * ELAN annotation format 3.0: "EAF Annotation Format", Max Planck Institute for Psycholinguistics,
 * https://www.mpi.nl/tools/elan/EAFv3.0.xsd
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/xml.h"
#include "features/base/decimal.h"
#include "features/base/memory.h"
#include "pipeline/output/read_internal.h"

/* Annotations that refer to annotations that refer ...: deeper is a circle. */
#define MAX_DEPTH 64

/* A time slot or an annotation, by its name. */
typedef struct {
    const char *id; /* borrowed from the document */
    double time_s;  /* of a slot; NAN if it has none */
    xmlNode *node;  /* of an annotation */
} named;

typedef struct {
    named *items;
    size_t n;
} names;

typedef struct {
    silbe_times_reader *reader;
    names slots;
    names annotations;
} eaf;

bool silbe_is_elan(const char *text)
{
    return text[strspn(text, " \t\n")] == '<';
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static size_t line_of(const xmlNode *node)
{
    long line = xmlGetLineNo(node);
    return line > 0 ? (size_t)line : 0;
}

/* The attribute of that name; NULL if there is none. */
static const xmlAttr *find_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        if (strcmp((const char *)a->name, name) == 0) {
            return a;
        }
    }
    return NULL;
}

/* Its value, borrowed; NULL if there is none. Identifiers and numbers are one piece of text. */
static const char *attribute(const xmlNode *node, const char *name)
{
    const xmlAttr *found = find_attribute(node, name);
    const xmlNode *text = found != NULL ? found->children : NULL;
    bool is_text = text != NULL && text->type == XML_TEXT_NODE && text->content != NULL;
    return found == NULL ? NULL : is_text ? (const char *)text->content : "";
}

/* The text of nodes that follow each other, allocated. Entities of the document's own are refused:
 * they can be made to grow without bound. */
static char *join_text(const eaf *file, const xmlNode *parent, const xmlNode *first)
{
    size_t n_bytes = 0;
    for (const xmlNode *node = first; node != NULL; node = node->next) {
        bool is_text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
        n_bytes += is_text && node->content != NULL ? strlen((const char *)node->content) : 0;
        if (node->type == XML_ENTITY_REF_NODE) {
            silbe_times_fail(file->reader, line_of(parent),
                             "the entity &%.60s; is not accepted, write its text",
                             (const char *)node->name);
        }
    }
    char *text = silbe_alloc(n_bytes + 1, 1, "bytes of text", file->reader->err);
    size_t n = 0;
    for (const xmlNode *node = first; text != NULL && node != NULL; node = node->next) {
        if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) &&
            node->content != NULL) {
            size_t n_more = strlen((const char *)node->content);
            memcpy(text + n, node->content, n_more);
            n += n_more;
        }
    }
    return text;
}

/* An attribute that must be there. */
static const char *need_attribute(const eaf *file, const xmlNode *node, const char *name)
{
    const char *value = attribute(node, name);
    if (value == NULL) {
        silbe_times_fail(file->reader, line_of(node), "<%s> lacks %s", (const char *)node->name,
                         name);
    }
    return value != NULL ? value : "";
}

static int compare_names(const void *left, const void *right)
{
    const named *a = left, *b = right;
    return strcmp(a->id, b->id);
}

static const named *find(const names *all, const char *id)
{
    const named key = {.id = id};
    return all->n > 0 ? bsearch(&key, all->items, all->n, sizeof *all->items, compare_names) : NULL;
}

static void add_name(eaf *file, names *all, const char *id, double time_s, xmlNode *node)
{
    silbe_err *err = file->reader->err;
    all->items = silbe_grow(all->items, all->n, NULL, sizeof *all->items, "annotations", err);
    if (!silbe_failed(err)) {
        all->items[all->n++] = (named){id, time_s, node};
    }
}

static void read_slots(eaf *file, const xmlNode *order)
{
    for (xmlNode *slot = order->children; slot != NULL; slot = slot->next) {
        if (is_element(slot, "TIME_SLOT")) {
            const char *value = attribute(slot, "TIME_VALUE");
            const char *id = need_attribute(file, slot, "TIME_SLOT_ID");
            double time_ms = NAN;
            if (value != NULL && !silbe_decimal_parse(value, &time_ms)) {
                silbe_times_fail(file->reader, line_of(slot),
                                 "TIME_VALUE is \"%.60s\", expected milliseconds", value);
            }
            add_name(file, &file->slots, id, time_ms / 1e3, NULL);
        }
    }
}

/* ALIGNABLE_ANNOTATION or REF_ANNOTATION inside an ANNOTATION; NULL if there is none. */
static xmlNode *inside(const xmlNode *annotation)
{
    for (xmlNode *node = annotation->children; node != NULL; node = node->next) {
        if (is_element(node, "ALIGNABLE_ANNOTATION") || is_element(node, "REF_ANNOTATION")) {
            return node;
        }
    }
    return NULL;
}

/* Its text, allocated; "" if there is none. */
static char *text_of(const eaf *file, const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (is_element(child, "ANNOTATION_VALUE")) {
            return join_text(file, child, child->children);
        }
    }
    return silbe_copy_text("", file->reader->err);
}

static bool is_blank_annotation(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (is_element(child, "ANNOTATION_VALUE")) {
            const xmlNode *text = child->children;
            return text == NULL || (text->next == NULL && xmlIsBlankNode(text));
        }
    }
    return true;
}

/* The annotations of a tier, by name; how many have a text. */
static size_t read_annotations(eaf *file, const xmlNode *tier)
{
    size_t n_labels = 0;
    for (const xmlNode *child = tier->children; child != NULL; child = child->next) {
        xmlNode *node = is_element(child, "ANNOTATION") ? inside(child) : NULL;
        if (node != NULL && !silbe_failed(file->reader->err)) {
            const char *id = need_attribute(file, node, "ANNOTATION_ID");
            add_name(file, &file->annotations, id, NAN, node);
            n_labels += !is_blank_annotation(node);
        }
    }
    return n_labels;
}

static double slot_time(const eaf *file, const xmlNode *node, const char *name)
{
    const char *id = need_attribute(file, node, name);
    const named *slot = find(&file->slots, id);
    if (slot == NULL) {
        silbe_times_fail(file->reader, line_of(node), "there is no time slot \"%.60s\"", id);
    }
    return slot != NULL ? slot->time_s : NAN;
}

/*
 * Times of an annotation. One that refers to another has its start if it is the first that does,
 * and its end if none of its own tier comes after it; in between nothing is known.
 */
static void find_times(const eaf *file, const xmlNode *node, bool is_last, silbe_times_row *row)
{
    bool has_start = true, has_end = true;
    for (int depth = 0; depth < MAX_DEPTH && !silbe_failed(file->reader->err); depth++) {
        if (is_element(node, "ALIGNABLE_ANNOTATION")) {
            double start_s = slot_time(file, node, "TIME_SLOT_REF1");
            double end_s = slot_time(file, node, "TIME_SLOT_REF2");
            row->start_s = has_start ? start_s : NAN;
            row->end_s = has_end ? end_s : NAN;
            return;
        }
        const char *id = need_attribute(file, node, "ANNOTATION_REF");
        const named *parent = find(&file->annotations, id);
        if (parent == NULL) {
            silbe_times_fail(file->reader, line_of(node), "there is no annotation \"%.60s\"", id);
            return;
        }
        has_start = has_start && attribute(node, "PREVIOUS_ANNOTATION") == NULL;
        has_end = has_end && is_last;
        node = parent->node;
        is_last = false; /* of its siblings: not looked for */
    }
    silbe_times_fail(file->reader, line_of(node), "annotations refer to each other in a circle");
}

/* Whether the annotation behind it on its tier refers to another one. */
static bool ends_parent(const xmlNode *annotation, const xmlNode *node)
{
    const char *parent = attribute(node, "ANNOTATION_REF");
    const xmlNode *next = annotation->next;
    while (next != NULL && !is_element(next, "ANNOTATION")) {
        next = next->next;
    }
    const xmlNode *other = next != NULL ? inside(next) : NULL;
    const char *its_parent = other != NULL ? attribute(other, "ANNOTATION_REF") : NULL;
    return parent == NULL || its_parent == NULL || strcmp(parent, its_parent) != 0;
}

static void read_tier(eaf *file, const xmlNode *tier, size_t voice)
{
    silbe_err *err = file->reader->err;
    for (const xmlNode *child = tier->children; child != NULL && !silbe_failed(err);
         child = child->next) {
        const xmlNode *node = is_element(child, "ANNOTATION") ? inside(child) : NULL;
        if (node == NULL) {
            continue;
        }
        silbe_times_row row = {.voice = voice, .line = line_of(node), .confidence = NAN};
        char *text = text_of(file, node);
        find_times(file, node, ends_parent(child, node), &row);
        if (text != NULL && !silbe_failed(err)) {
            row.text = text;
            row.n_bytes = strlen(text);
            silbe_times_add(file->reader, &row);
        }
        free(text);
    }
}

static void check_root(const eaf *file, const xmlNode *root)
{
    if (!is_element(root, "ANNOTATION_DOCUMENT")) {
        silbe_times_fail(file->reader, line_of(root),
                         "is an XML file of <%.60s>; ELAN's begin with <ANNOTATION_DOCUMENT>",
                         (const char *)root->name);
    }
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        const char *unit = is_element(node, "HEADER") ? attribute(node, "TIME_UNITS") : NULL;
        if (unit != NULL && strcmp(unit, "milliseconds") != 0) {
            silbe_times_fail(file->reader, line_of(node),
                             "TIME_UNITS is \"%.60s\", expected milliseconds", unit);
        }
    }
}

/* Names, then tiers that are chosen among; tiers: room for n_tiers. */
static void read_document(eaf *file, const xmlNode *root, silbe_times_tier *tiers)
{
    silbe_err *err = file->reader->err;
    size_t n_tiers = 0, t = 0;
    check_root(file, root);
    for (const xmlNode *node = root->children; node != NULL && !silbe_failed(err);
         node = node->next) {
        if (is_element(node, "TIME_ORDER")) {
            read_slots(file, node);
        } else if (is_element(node, "TIER")) {
            const xmlAttr *name = find_attribute(node, "TIER_ID");
            (void)need_attribute(file, node, "TIER_ID");
            tiers[n_tiers].name = join_text(file, node, name != NULL ? name->children : NULL);
            tiers[n_tiers++].n_labels = read_annotations(file, node);
        }
    }
    if (!silbe_failed(err)) {
        names *both[] = {&file->slots, &file->annotations};
        for (size_t i = 0; i < 2; i++) {
            if (both[i]->n > 0) {
                qsort(both[i]->items, both[i]->n, sizeof *both[i]->items, compare_names);
            }
        }
        silbe_times_choose_tiers(file->reader, tiers, n_tiers);
    }
    for (const xmlNode *node = root->children; node != NULL && !silbe_failed(err);
         node = node->next) {
        if (is_element(node, "TIER") && tiers[t++].is_chosen) {
            read_tier(file, node, tiers[t - 1].voice);
        }
    }
    for (size_t i = 0; i < n_tiers; i++) {
        free(tiers[i].name);
    }
}

static void fail_xml(silbe_times_reader *reader, xmlParserCtxt *context)
{
    const xmlError *error = xmlCtxtGetLastError(context);
    char reason[200] = "";
    if (error != NULL && error->message != NULL) {
        (void)snprintf(reason, sizeof reason, "%.*s", (int)strcspn(error->message, "\n"),
                       error->message);
    }
    if (strstr(reason, "XML_PARSE_HUGE") != NULL) { /* advice for programmers */
        (void)snprintf(reason, sizeof reason, "elements are nested too deeply, or too long");
    }
    silbe_times_fail(reader, error != NULL && error->line > 0 ? (size_t)error->line : 0,
                     "is not well-formed XML (%s)", reason);
}

void silbe_read_elan(silbe_times_reader *reader)
{
    eaf file = {.reader = reader};
    xmlParserCtxt *context = silbe_xml_parser_new(reader->err);
    xmlDoc *document = NULL;
    if (context != NULL) {
        /* The text is UTF-8 by now, whatever its head says. No entity is replaced. */
        document =
            xmlCtxtReadMemory(context, reader->text, (int)reader->n_bytes, reader->path, "UTF-8",
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                  XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
    }
    xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    if (root == NULL && context != NULL) {
        fail_xml(reader, context);
    } else if (root != NULL) {
        silbe_times_tier *tiers =
            silbe_alloc(xmlChildElementCount(root), sizeof *tiers, "tiers", reader->err);
        if (tiers != NULL) {
            read_document(&file, root, tiers);
        }
        free(tiers);
    }
    xmlFreeDoc(document);
    xmlFreeParserCtxt(context);
    free(file.slots.items);
    free(file.annotations.items);
}
