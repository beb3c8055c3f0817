#define _POSIX_C_SOURCE 200809L
#include "datasets/musicxml.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "datasets/musicxml_internal.h"
#include "datasets/mxl.h"
#include "features/base/array.h"
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

/* Text of the first <element> below node that has any; *text stays NULL otherwise. */
static silbe_status read_first_text(const silbe_mxml *mxml, const xmlNode *node,
                                    const char *element, char **text, silbe_err *err)
{
    for (const xmlNode *child = node == NULL ? NULL : node->children; child != NULL;
         child = child->next) {
        if (silbe_mxml_is(child, element)) {
            char *found = NULL;
            silbe_status status = silbe_mxml_text(mxml, child, &found, err);
            if (status != SILBE_OK) {
                return status;
            }
            if (found[0] != '\0') {
                *text = found;
                return SILBE_OK;
            }
            free(found);
        }
    }
    return SILBE_OK;
}

/* work-title, else movement-title, else the first credit-words. */
static silbe_status read_title(silbe_mxml *mxml, const xmlNode *root, silbe_err *err)
{
    silbe_status status =
        read_first_text(mxml, silbe_mxml_child(root, "work"), "work-title", &mxml->title, err);
    if (status == SILBE_OK && mxml->title == NULL) {
        status = read_first_text(mxml, root, "movement-title", &mxml->title, err);
    }
    for (const xmlNode *child = root->children;
         child != NULL && status == SILBE_OK && mxml->title == NULL; child = child->next) {
        if (silbe_mxml_is(child, "credit")) {
            status = read_first_text(mxml, child, "credit-words", &mxml->title, err);
        }
    }
    return status;
}

static silbe_status read_part_names(silbe_mxml *mxml, const xmlNode *root, silbe_err *err)
{
    const xmlNode *list = silbe_mxml_child(root, "part-list");
    size_t capacity = 0;
    if (list == NULL) {
        return silbe_mxml_fail(mxml, root, err, "has no <part-list>");
    }
    for (const xmlNode *child = list->children; child != NULL; child = child->next) {
        if (!silbe_mxml_is(child, "score-part")) {
            continue;
        }
        const char *id = silbe_mxml_attribute(child, "id");
        if (id == NULL) {
            return silbe_mxml_fail(mxml, child, err, "has no id");
        }
        void *grown = silbe_array_grow(mxml->parts, mxml->n_parts, &capacity, sizeof *mxml->parts);
        if (grown == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for parts", mxml->name);
        }
        mxml->parts = grown;
        silbe_mxml_part *part = &mxml->parts[mxml->n_parts++];
        *part = (silbe_mxml_part){.id = silbe_mxml_copy(id)};
        silbe_status status = read_first_text(mxml, child, "part-name", &part->name, err);
        if (status == SILBE_OK && part->name == NULL) {
            part->name = silbe_mxml_copy("");
        }
        if (status == SILBE_OK && (part->id == NULL || part->name == NULL)) {
            status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for parts", mxml->name);
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
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

static silbe_status read_parts(silbe_mxml *mxml, const xmlNode *root, silbe_err *err)
{
    for (const xmlNode *child = root->children; child != NULL; child = child->next) {
        if (!silbe_mxml_is(child, "part")) {
            continue;
        }
        silbe_mxml_part *part = find_part(mxml, silbe_mxml_attribute(child, "id"));
        if (part == NULL) {
            return silbe_mxml_fail(mxml, child, err, "its id is not in <part-list>");
        }
        if (part->n_measures > 0) {
            return silbe_mxml_fail(mxml, child, err, "a second part with id %.40s", part->id);
        }
        silbe_status status = silbe_mxml_read_part(mxml, part, child, err);
        if (status != SILBE_OK) {
            return status;
        }
    }
    /* A listed part without music (a group heading in some programs) is none. */
    size_t n_kept = 0;
    for (size_t p = 0; p < mxml->n_parts; p++) {
        silbe_mxml_part part = mxml->parts[p];
        if (part.n_measures > 0) {
            mxml->parts[p] = mxml->parts[n_kept];
            mxml->parts[n_kept++] = part;
        }
    }
    size_t n_notes = 0;
    for (size_t p = 0; p < n_kept; p++) {
        n_notes += mxml->parts[p].n_notes;
    }
    if (n_notes == 0) {
        return silbe_fail(err, SILBE_ERR_DATA, "%s: the score has no notes", mxml->name);
    }
    for (size_t p = n_kept; p < mxml->n_parts; p++) {
        free(mxml->parts[p].id);
        free(mxml->parts[p].name);
    }
    mxml->n_parts = n_kept;
    return SILBE_OK;
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

/* Marks the sung parts. Raw lyrics are already read, for every part. */
static silbe_status choose_voices(silbe_mxml *mxml, const silbe_musicxml_options *options,
                                  silbe_err *err)
{
    if (options->n_voice_parts == 0 || options->voice_parts == NULL) {
        for (size_t p = 0; p < mxml->n_parts; p++) {
            mxml->parts[p].is_voice = mxml->parts[p].n_lyrics > 0;
        }
        return SILBE_OK;
    }
    for (size_t i = 0; i < options->n_voice_parts; i++) {
        bool is_found = false;
        for (size_t p = 0; p < mxml->n_parts; p++) {
            silbe_mxml_part *part = &mxml->parts[p];
            if (is_same_name(part->name, options->voice_parts[i]) ||
                is_same_name(part->id, options->voice_parts[i])) {
                part->is_voice = is_found = true;
            }
        }
        if (!is_found) {
            char names[300] = "";
            for (size_t p = 0; p < mxml->n_parts; p++) {
                strncat(names, p > 0 ? ", " : "", sizeof names - strlen(names) - 1);
                strncat(names, mxml->parts[p].name, sizeof names - strlen(names) - 1);
            }
            return silbe_fail(err, SILBE_ERR_DATA, "%s: no part is named \"%.80s\"; its parts: %s",
                              mxml->name, options->voice_parts[i], names);
        }
    }
    return SILBE_OK;
}

static silbe_status build_score(silbe_mxml *mxml, silbe_score *score, silbe_err *err)
{
    silbe_mxml_step *steps = NULL;
    silbe_mxml_event *events = NULL;
    size_t n_steps = 0, n_events = 0;
    silbe_status status = silbe_mxml_order(mxml, &steps, &n_steps, err);
    if (status == SILBE_OK) {
        status = silbe_mxml_unfold(mxml, steps, n_steps, score, &events, &n_events, err);
    }
    if (status == SILBE_OK) {
        status = silbe_mxml_syllables(mxml, events, n_events, score, err);
    }
    if (status == SILBE_OK) {
        score->title = mxml->title;
        mxml->title = NULL;
    }
    free(steps);
    free(events);
    return status;
}

static silbe_status read_tree(const xmlDoc *doc, const char *name,
                              const silbe_musicxml_options *options, silbe_score *score,
                              silbe_err *err)
{
    silbe_mxml mxml = {.name = name};
    silbe_score built = SILBE_SCORE_INIT;
    const xmlNode *root = xmlDocGetRootElement(doc);
    silbe_status status = SILBE_ERR_FORMAT;
    if (root == NULL) {
        status = silbe_fail(err, SILBE_ERR_FORMAT, "%s: no element in it", name);
        goto done;
    }
    if (silbe_mxml_is(root, "score-timewise")) {
        status = silbe_mxml_fail(&mxml, root, err,
                                 "timewise scores are not read; export the score as partwise");
        goto done;
    }
    if (!silbe_mxml_is(root, "score-partwise")) {
        status = silbe_mxml_fail(&mxml, root, err,
                                 "this is no MusicXML, the root should be <score-partwise>");
        goto done;
    }
    /* Harmless in themselves, but there is no honest use for them in a score. */
    if (doc->intSubset != NULL && doc->intSubset->entities != NULL) {
        status = silbe_mxml_fail(&mxml, root, err, "the file defines entities; remove them");
        goto done;
    }
    status = read_title(&mxml, root, err);
    if (status == SILBE_OK) {
        status = read_part_names(&mxml, root, err);
    }
    if (status == SILBE_OK) {
        status = read_parts(&mxml, root, err);
    }
    if (status == SILBE_OK) {
        status = choose_voices(&mxml, options, err);
    }
    if (status == SILBE_OK) {
        status = build_score(&mxml, &built, err);
    }
    if (status == SILBE_OK) {
        *score = built;
        built = (silbe_score)SILBE_SCORE_INIT;
    }
done:
    silbe_score_free(&built);
    silbe_mxml_free(&mxml);
    return status;
}

static silbe_status xml_error(const xmlParserCtxt *context, const char *name, silbe_err *err)
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
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for the XML", name);
    }
    /* The advice in "Excessive depth in document: 256 use XML_PARSE_HUGE option" is for
     * programmers. */
    if (strstr(reason, "XML_PARSE_HUGE") != NULL) {
        (void)snprintf(reason, sizeof reason, "elements nested too deeply, or a text too long");
    }
    return silbe_fail(err, SILBE_ERR_FORMAT,
                      "%s:%d:%d: not well-formed XML: %s; export the score again", name, last->line,
                      last->int2, length > 0 ? reason : "empty or unreadable");
}

/* libxml2 prepares itself at its first use, without a lock: two threads at once would collide. */
static void prepare_libxml(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, xmlInitParser);
}

silbe_status silbe_musicxml_parse(const char *xml, size_t n_bytes, const char *name,
                                  const silbe_musicxml_options *options, silbe_score *score,
                                  silbe_err *err)
{
    static const silbe_musicxml_options DEFAULTS = SILBE_MUSICXML_OPTIONS_INIT;
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
    prepare_libxml();
    xmlParserCtxt *context = xmlNewParserCtxt();
    if (context == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for the XML parser", name);
    }
    /* No network, no DTD, no entity replaced, libxml2's limits on depth and size kept (no HUGE),
     * and not a word on stderr. */
    int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                XML_PARSE_BIG_LINES;
    xmlDoc *doc = xmlCtxtReadMemory(context, xml, (int)n_bytes, name, NULL, flags);
    silbe_status status =
        doc == NULL ? xml_error(context, name, err) : read_tree(doc, name, options, score, err);
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(context);
    return status;
}

silbe_status silbe_musicxml_read(const char *path, const silbe_musicxml_options *options,
                                 silbe_score *score, silbe_err *err)
{
    size_t max_bytes =
        options == NULL || options->max_bytes == 0 ? SILBE_MUSICXML_MAX_BYTES : options->max_bytes;
    char *xml = NULL;
    size_t n_bytes = 0;
    prepare_libxml();
    silbe_status status = silbe_read_file(path, max_bytes, &xml, &n_bytes, err);
    if (status == SILBE_OK && silbe_mxl_is_zip(xml, n_bytes)) {
        free(xml);
        xml = NULL;
        status = silbe_mxl_read(path, max_bytes, &xml, &n_bytes, err);
    }
    if (status == SILBE_OK) {
        status = silbe_musicxml_parse(xml, n_bytes, path, options, score, err);
    }
    free(xml);
    return status;
}
