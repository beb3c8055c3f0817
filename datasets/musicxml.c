#include "datasets/musicxml.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "datasets/mxl.h"
#include "datasets/xml.h"
#include "features/base/memory.h"
#include "features/base/read_file.h"

void silbe_mxml_free(silbe_mxml *mxml)
{
    for (size_t p = 0; p < mxml->n_parts; p++) {
        silbe_mxml_part *part = &mxml->parts[p];
        for (size_t i = 0; i < part->n_lyrics; i++) {
            free(part->lyrics[i].text);
        }
        free(part->id);
        free(part->name);
        free(part->notes);
        free(part->lyrics);
        free(part->measures);
    }
    for (size_t i = 0; i < mxml->n_marks; i++) {
        free(mxml->marks[i].segno);
        free(mxml->marks[i].dal_segno);
        free(mxml->marks[i].coda);
        free(mxml->marks[i].to_coda);
    }
    free(mxml->parts);
    free(mxml->marks);
    free(mxml->title);
    *mxml = (silbe_mxml){0};
}

/* Text of the first <element> below node that has any, or NULL. */
static char *read_first_text(const silbe_mxml *mxml, const xmlNode *node, const char *element,
                             silbe_err *err)
{
    for (const xmlNode *child = node == NULL ? NULL : node->children; child != NULL;
         child = child->next) {
        char *found = silbe_mxml_is(child, element) ? silbe_mxml_text(mxml, child, err) : NULL;
        if (found != NULL && found[0] != '\0') {
            return found;
        }
        free(found);
    }
    return NULL;
}

/* work-title, else movement-title, else the first credit-words. */
static void read_title(silbe_mxml *mxml, const xmlNode *root, silbe_err *err)
{
    mxml->title = read_first_text(mxml, silbe_mxml_child(root, "work"), "work-title", err);
    if (mxml->title == NULL) {
        mxml->title = read_first_text(mxml, root, "movement-title", err);
    }
    for (const xmlNode *child = root->children; child != NULL && mxml->title == NULL;
         child = child->next) {
        if (silbe_mxml_is(child, "credit")) {
            mxml->title = read_first_text(mxml, child, "credit-words", err);
        }
    }
}

static void add_part(silbe_mxml *mxml, const xmlNode *node, silbe_err *err)
{
    const char *id = silbe_mxml_attribute(node, "id");
    if (id == NULL) {
        silbe_mxml_fail(mxml, node, err, "has no id");
    }
    mxml->parts = silbe_grow(mxml->parts, mxml->n_parts, NULL, sizeof *mxml->parts, "parts", err);
    if (silbe_failed(err)) {
        return;
    }
    silbe_mxml_part *part = &mxml->parts[mxml->n_parts++];
    *part = (silbe_mxml_part){.id = silbe_copy_text(id, err),
                              .name = read_first_text(mxml, node, "part-name", err)};
    if (part->name == NULL) {
        part->name = silbe_copy_text("", err);
    }
}

static void read_part_names(silbe_mxml *mxml, const xmlNode *root, silbe_err *err)
{
    const xmlNode *list = silbe_mxml_child(root, "part-list");
    if (list == NULL) {
        silbe_mxml_fail(mxml, root, err, "has no <part-list>");
        return;
    }
    for (const xmlNode *child = list->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "score-part")) {
            add_part(mxml, child, err);
        }
    }
}

static silbe_mxml_part *find_part(silbe_mxml *mxml, const char *id)
{
    for (size_t p = 0; id != NULL && p < mxml->n_parts; p++) {
        if (strcmp(mxml->parts[p].id, id) == 0) {
            return &mxml->parts[p];
        }
    }
    return NULL;
}

/* A listed part without music (a group heading in some programs) is none. */
static void drop_empty_parts(silbe_mxml *mxml)
{
    size_t n_kept = 0;
    for (size_t p = 0; p < mxml->n_parts; p++) {
        silbe_mxml_part part = mxml->parts[p];
        if (part.n_measures > 0) {
            mxml->parts[n_kept++] = part;
        } else {
            free(part.id);
            free(part.name);
        }
    }
    mxml->n_parts = n_kept;
}

static void read_parts(silbe_mxml *mxml, const xmlNode *root, silbe_err *err)
{
    size_t n_notes = 0;
    for (const xmlNode *child = root->children; child != NULL && !silbe_failed(err);
         child = child->next) {
        if (!silbe_mxml_is(child, "part")) {
            continue;
        }
        silbe_mxml_part *part = find_part(mxml, silbe_mxml_attribute(child, "id"));
        if (part == NULL) {
            silbe_mxml_fail(mxml, child, err, "its id is not in <part-list>");
        } else if (part->n_measures > 0) {
            silbe_mxml_fail(mxml, child, err, "a second part with id %.40s", part->id);
        } else {
            silbe_mxml_read_part(mxml, part, child, err);
            n_notes += part->n_notes;
        }
    }
    if (n_notes == 0) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_DATA, "%s: the score has no notes", mxml->name));
    }
    if (!silbe_failed(err)) {
        drop_empty_parts(mxml);
    }
}

/* Equal up to blanks at the ends and the case of ASCII letters. */
static bool is_same_name(const char *name, const char *wanted)
{
    while (isspace((unsigned char)*wanted)) {
        wanted++;
    }
    while (*name != '\0' && tolower((unsigned char)*name) == tolower((unsigned char)*wanted)) {
        name++;
        wanted++;
    }
    while (isspace((unsigned char)*wanted)) {
        wanted++;
    }
    return *name == '\0' && *wanted == '\0';
}

/* Marks the parts of that name; whether there is one. */
static bool choose_voice(silbe_mxml *mxml, const char *wanted)
{
    bool is_found = false;
    for (size_t p = 0; p < mxml->n_parts; p++) {
        silbe_mxml_part *part = &mxml->parts[p];
        if (is_same_name(part->name, wanted) || is_same_name(part->id, wanted)) {
            part->is_voice = is_found = true;
        }
    }
    return is_found;
}

/* Marks the sung parts. Raw lyrics are already read, for every part. */
static void choose_voices(silbe_mxml *mxml, const silbe_musicxml_options *options, silbe_err *err)
{
    if (options->n_voice_parts == 0 || options->voice_parts == NULL) {
        for (size_t p = 0; p < mxml->n_parts; p++) {
            mxml->parts[p].is_voice = mxml->parts[p].n_lyrics > 0;
        }
        return;
    }
    for (size_t i = 0; i < options->n_voice_parts && !silbe_failed(err); i++) {
        if (choose_voice(mxml, options->voice_parts[i])) {
            continue;
        }
        char names[300] = "";
        for (size_t p = 0; p < mxml->n_parts; p++) {
            strncat(names, p > 0 ? ", " : "", sizeof names - strlen(names) - 1);
            strncat(names, mxml->parts[p].name, sizeof names - strlen(names) - 1);
        }
        (void)silbe_fail(err, SILBE_ERR_DATA, "%s: no part is named \"%.80s\"; its parts: %s",
                         mxml->name, options->voice_parts[i], names);
    }
}

static void build_score(silbe_mxml *mxml, silbe_score *score, silbe_err *err)
{
    size_t n_steps = 0, n_events = 0;
    silbe_mxml_step *steps = silbe_mxml_order(mxml, &n_steps, err);
    silbe_mxml_event *events = silbe_mxml_unfold(mxml, steps, n_steps, score, &n_events, err);
    silbe_mxml_syllables(mxml, events, n_events, score, err);
    score->title = mxml->title;
    mxml->title = NULL;
    free(steps);
    free(events);
}

static void check_root(const silbe_mxml *mxml, const xmlDoc *doc, const xmlNode *root,
                       silbe_err *err)
{
    if (root == NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT, "%s: no element in it", mxml->name);
    } else if (silbe_mxml_is(root, "score-timewise")) {
        silbe_mxml_fail(mxml, root, err,
                        "timewise scores are not read; export the score as partwise");
    } else if (!silbe_mxml_is(root, "score-partwise")) {
        silbe_mxml_fail(mxml, root, err,
                        "this is no MusicXML, the root should be <score-partwise>");
    } else if (doc->intSubset != NULL && doc->intSubset->entities != NULL) {
        /* Harmless in themselves, but there is no honest use for them in a score. */
        silbe_mxml_fail(mxml, root, err, "the file defines entities; remove them");
    }
}

static void read_tree(const xmlDoc *doc, const char *name, const silbe_musicxml_options *options,
                      silbe_score *score, silbe_err *err)
{
    silbe_mxml mxml = {.name = name};
    silbe_score built = SILBE_SCORE_INIT;
    const xmlNode *root = xmlDocGetRootElement(doc);
    check_root(&mxml, doc, root, err);
    if (silbe_failed(err)) {
        return;
    }
    read_title(&mxml, root, err);
    read_part_names(&mxml, root, err);
    read_parts(&mxml, root, err);
    choose_voices(&mxml, options, err);
    build_score(&mxml, &built, err);
    if (silbe_failed(err)) {
        silbe_score_free(&built);
    } else {
        *score = built;
    }
    silbe_mxml_free(&mxml);
}

static void fail_xml(const xmlParserCtxt *context, const char *name, silbe_err *err)
{
    const xmlError *last = &context->lastError;
    char reason[300];
    size_t length = 0;
    for (const char *at = last->message; at != NULL && *at != '\0' && length < 299; at++) {
        reason[length++] = *at == '\n' || *at == '\r' ? ' ' : *at;
    }
    while (length > 0 && reason[length - 1] == ' ') {
        length--;
    }
    reason[length] = '\0';
    if (last->code == XML_ERR_NO_MEMORY) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for the XML", name);
        return;
    }
    /* The advice in "Excessive depth in document: 256 use XML_PARSE_HUGE option" is for
     * programmers. */
    if (strstr(reason, "XML_PARSE_HUGE") != NULL) {
        (void)snprintf(reason, sizeof reason, "elements nested too deeply, or a text too long");
    }
    (void)silbe_fail(err, SILBE_ERR_FORMAT,
                     "%s:%d:%d: not well-formed XML: %s; export the score again", name, last->line,
                     last->int2, length > 0 ? reason : "empty or unreadable");
}

silbe_status silbe_musicxml_parse(const char *xml, size_t n_bytes, const char *name,
                                  const silbe_musicxml_options *options, silbe_score *score,
                                  silbe_err *err)
{
    static const silbe_musicxml_options DEFAULTS = SILBE_MUSICXML_OPTIONS_INIT;
    silbe_err own;
    err = silbe_err_begin(err, &own);
    options = options == NULL ? &DEFAULTS : options;
    size_t max_bytes = options->max_bytes == 0 ? SILBE_MUSICXML_MAX_BYTES : options->max_bytes;
    if (n_bytes > max_bytes || n_bytes > INT_MAX) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s: %zu bytes of XML, more than the limit of %zu",
                          name, n_bytes, max_bytes);
    }
    if (n_bytes == 0) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: the file is empty; export the score again",
                          name);
    }
    xmlParserCtxt *context = silbe_xml_parser_new(err);
    if (context == NULL) {
        return err->status;
    }
    /* No network, no DTD, no entity replaced, libxml2's limits on depth and size kept (no HUGE),
     * and not a word on stderr. */
    int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                XML_PARSE_BIG_LINES;
    xmlDoc *doc = xmlCtxtReadMemory(context, xml, (int)n_bytes, name, NULL, flags);
    if (doc == NULL) {
        fail_xml(context, name, err);
    } else {
        read_tree(doc, name, options, score, err);
    }
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(context);
    return err->status;
}

silbe_status silbe_musicxml_read(const char *path, const silbe_musicxml_options *options,
                                 silbe_score *score, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t max_bytes =
        options == NULL || options->max_bytes == 0 ? SILBE_MUSICXML_MAX_BYTES : options->max_bytes;
    char *xml = NULL;
    size_t n_bytes = 0;
    silbe_try(err, silbe_read_file(path, max_bytes, &xml, &n_bytes, err));
    if (xml != NULL && silbe_mxl_is_zip(xml, n_bytes)) {
        free(xml);
        xml = NULL;
        silbe_try(err, silbe_mxl_read(path, max_bytes, &xml, &n_bytes, err));
    }
    silbe_try(err, silbe_musicxml_parse(xml, n_bytes, path, options, score, err));
    free(xml);
    return err->status;
}
