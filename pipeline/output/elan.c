/*
 * ELAN annotation format 3.0: "EAF Annotation Format", Max Planck Institute for Psycholinguistics,
 * https://www.mpi.nl/tools/elan/EAFv3.0.xsd
 */
#include <libxml/uri.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/xml.h"
#include "pipeline/output/text.h"
#include "pipeline/output/tiers.h"

#define TICKS_PER_SECOND 1000 /* TIME_UNITS milliseconds */

/* libxml2's own BAD_CAST casts const away. */
#define XML (const xmlChar *)

/* The schema wants a date; a constant one keeps equal runs equal. */
#define CONSTANT_DATE "1970-01-01T00:00:00+00:00"

typedef struct {
    int64_t ms;
    size_t slot; /* 2 * annotation, + 1 for its end; annotations counted through all tiers */
} time_slot;

/* Writing goes on after an error, which is remembered: one check at the end is enough. */
typedef struct {
    xmlTextWriterPtr xml;
    bool failed;
} eaf;

static void note(eaf *out, int result)
{
    out->failed = out->failed || result < 0;
}

static void begin(eaf *out, const char *name)
{
    note(out, xmlTextWriterStartElement(out->xml, XML name));
}

static void end(eaf *out)
{
    note(out, xmlTextWriterEndElement(out->xml));
}

static void attribute(eaf *out, const char *name, const char *value)
{
    char *clean = silbe_text_copy(value, SILBE_TEXT_PLAIN);
    out->failed = out->failed || clean == NULL;
    if (clean != NULL) {
        note(out, xmlTextWriterWriteAttribute(out->xml, XML name, XML clean));
    }
    free(clean);
}

static void numbered(eaf *out, const char *name, const char *prefix, size_t number)
{
    note(out, xmlTextWriterWriteFormatAttribute(out->xml, XML name, "%s%zu", prefix, number));
}

static const char *mime_type(const char *file_name)
{
    static const char *const TYPES[][2] = {
        {".wav", "audio/x-wav"}, {".mp3", "audio/mpeg"},  {".flac", "audio/flac"},
        {".ogg", "audio/ogg"},   {".aiff", "audio/aiff"}, {".aif", "audio/aiff"},
    };
    const char *dot = strrchr(file_name, '.');
    for (size_t t = 0; dot != NULL && t < sizeof TYPES / sizeof TYPES[0]; t++) {
        if (strcmp(dot, TYPES[t][0]) == 0) {
            return TYPES[t][1];
        }
    }
    return "unknown";
}

static void put_header(eaf *out, const silbe_words *words, size_t n_annotations)
{
    const char *name = silbe_output_base_name(words->audio_file);
    begin(out, "HEADER");
    attribute(out, "MEDIA_FILE", "");
    attribute(out, "TIME_UNITS", "milliseconds");
    begin(out, "MEDIA_DESCRIPTOR");
    /* No absolute place: ELAN then looks beside the document. */
    xmlChar *escaped = xmlURIEscapeStr(XML name, NULL);
    out->failed = out->failed || escaped == NULL;
    if (escaped != NULL) {
        note(out, xmlTextWriterWriteFormatAttribute(out->xml, XML "MEDIA_URL", "./%s",
                                                    (const char *)escaped));
        note(out, xmlTextWriterWriteFormatAttribute(out->xml, XML "RELATIVE_MEDIA_URL", "./%s",
                                                    (const char *)escaped));
    }
    xmlFree(escaped);
    attribute(out, "MIME_TYPE", mime_type(name));
    end(out);
    begin(out, "PROPERTY");
    attribute(out, "NAME", "lastUsedAnnotationId");
    note(out, xmlTextWriterWriteFormatString(out->xml, "%zu", n_annotations));
    end(out);
    end(out);
}

static int compare_slots(const void *left, const void *right)
{
    const time_slot *a = left;
    const time_slot *b = right;
    if (a->ms != b->ms) {
        return a->ms < b->ms ? -1 : 1;
    }
    return (a->slot > b->slot) - (a->slot < b->slot);
}

static size_t add_slots(time_slot *slots, size_t n_slots, const silbe_tick_span *spans, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (silbe_tick_span_is_placed(&spans[i])) {
            slots[n_slots] = (time_slot){spans[i].start, n_slots};
            slots[n_slots + 1] = (time_slot){spans[i].end, n_slots + 1};
            n_slots += 2;
        }
    }
    return n_slots;
}

/* Every annotation has two slots of its own: moving one in ELAN does not move another. Allocated;
 * NULL if memory is short. */
static time_slot *time_order(const silbe_words *words, const silbe_output_tiers *tiers,
                             size_t *n_slots)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    size_t n_phones = tiers->phones != NULL ? words->n_phones : 0;
    size_t n_spans = lyrics->n_lines + lyrics->n_words + lyrics->n_syllables + n_phones;
    time_slot *slots = calloc(2 * n_spans, sizeof *slots);
    if (slots != NULL) {
        *n_slots = add_slots(slots, 0, tiers->lines, lyrics->n_lines);
        *n_slots = add_slots(slots, *n_slots, tiers->words, lyrics->n_words);
        *n_slots = add_slots(slots, *n_slots, tiers->syllables, lyrics->n_syllables);
        *n_slots = add_slots(slots, *n_slots, tiers->phones, n_phones);
        qsort(slots, *n_slots, sizeof *slots, compare_slots);
    }
    return slots;
}

static void put_time_order(eaf *out, const time_slot *slots, size_t n_slots)
{
    begin(out, "TIME_ORDER");
    for (size_t s = 0; s < n_slots; s++) {
        begin(out, "TIME_SLOT");
        numbered(out, "TIME_SLOT_ID", "ts", slots[s].slot + 1);
        note(out, xmlTextWriterWriteFormatAttribute(out->xml, XML "TIME_VALUE", "%lld",
                                                    (long long)slots[s].ms));
        end(out);
    }
    end(out);
}

/* The next one, if it has a place. */
static void put_annotation(eaf *out, const silbe_tick_span *span, const char *text, size_t *number)
{
    if (!silbe_tick_span_is_placed(span)) {
        return;
    }
    begin(out, "ANNOTATION");
    begin(out, "ALIGNABLE_ANNOTATION");
    numbered(out, "ANNOTATION_ID", "a", *number);
    numbered(out, "TIME_SLOT_REF1", "ts", 2 * *number - 1);
    numbered(out, "TIME_SLOT_REF2", "ts", 2 * *number);
    ++*number;
    char *clean = silbe_text_copy(text, SILBE_TEXT_PLAIN);
    out->failed = out->failed || clean == NULL;
    if (clean != NULL) {
        note(out, xmlTextWriterWriteElement(out->xml, XML "ANNOTATION_VALUE", XML clean));
    }
    free(clean);
    end(out);
    end(out);
}

static void begin_tier(eaf *out, const char *name, const char *parent)
{
    begin(out, "TIER");
    attribute(out, "LINGUISTIC_TYPE_REF", name);
    if (parent != NULL) {
        attribute(out, "PARENT_REF", parent);
    }
    attribute(out, "TIER_ID", name);
}

static void put_tiers(eaf *out, const silbe_words *words, const silbe_output_tiers *tiers)
{
    const silbe_lyrics *lyrics = &words->lyrics;
    size_t number = 1;
    begin_tier(out, "Lines", NULL);
    for (size_t l = 0; l < lyrics->n_lines; l++) {
        put_annotation(out, &tiers->lines[l], lyrics->lines[l].text, &number);
    }
    end(out);
    begin_tier(out, "Words", "Lines");
    for (size_t w = 0; w < lyrics->n_words; w++) {
        put_annotation(out, &tiers->words[w], lyrics->words[w].text, &number);
    }
    end(out);
    begin_tier(out, "Syllables", "Words");
    for (size_t s = 0; s < lyrics->n_syllables; s++) {
        put_annotation(out, &tiers->syllables[s], lyrics->syllables[s].text, &number);
    }
    end(out);
    if (tiers->phones != NULL) {
        begin_tier(out, "Phones", NULL);
        for (size_t i = 0; i < words->n_phones; i++) {
            put_annotation(out, &tiers->phones[i], words->phones[i].symbol, &number);
        }
        end(out);
    }
}

static void put_type(eaf *out, const char *name, const char *constraint)
{
    begin(out, "LINGUISTIC_TYPE");
    if (constraint != NULL) {
        attribute(out, "CONSTRAINTS", constraint);
    }
    attribute(out, "GRAPHIC_REFERENCES", "false");
    attribute(out, "LINGUISTIC_TYPE_ID", name);
    attribute(out, "TIME_ALIGNABLE", "true");
    end(out);
}

/* The four stereotypes with the descriptions that ELAN itself writes. */
static void put_constraints(eaf *out)
{
    static const char *const STEREOTYPES[][2] = {
        {"Time_Subdivision",
         "Time subdivision of parent annotation's time interval, no time gaps allowed within this "
         "interval"},
        {"Symbolic_Subdivision",
         "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are "
         "ordered"},
        {"Symbolic_Association", "1-1 association with a parent annotation"},
        {"Included_In",
         "Time alignable annotations within the parent annotation's time interval, gaps are "
         "allowed"},
    };
    for (size_t c = 0; c < sizeof STEREOTYPES / sizeof STEREOTYPES[0]; c++) {
        begin(out, "CONSTRAINT");
        attribute(out, "DESCRIPTION", STEREOTYPES[c][1]);
        attribute(out, "STEREOTYPE", STEREOTYPES[c][0]);
        end(out);
    }
}

static void put_document(eaf *out, const silbe_words *words, const silbe_output_tiers *tiers)
{
    size_t n_slots = 0;
    time_slot *slots = time_order(words, tiers, &n_slots);
    out->failed = out->failed || slots == NULL;
    note(out, xmlTextWriterSetIndent(out->xml, 1));
    note(out, xmlTextWriterStartDocument(out->xml, "1.0", "UTF-8", NULL));
    begin(out, "ANNOTATION_DOCUMENT");
    attribute(out, "AUTHOR", "Silbe");
    attribute(out, "DATE", CONSTANT_DATE);
    attribute(out, "FORMAT", "3.0");
    attribute(out, "VERSION", "3.0");
    attribute(out, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    attribute(out, "xsi:noNamespaceSchemaLocation", "http://www.mpi.nl/tools/elan/EAFv3.0.xsd");
    put_header(out, words, n_slots / 2);
    put_time_order(out, slots, n_slots);
    put_tiers(out, words, tiers);
    put_type(out, "Lines", NULL);
    put_type(out, "Words", "Included_In");
    put_type(out, "Syllables", "Included_In");
    if (tiers->phones != NULL) {
        put_type(out, "Phones", NULL);
    }
    put_constraints(out);
    note(out, xmlTextWriterEndDocument(out->xml));
    free(slots);
}

silbe_status silbe_output_write_elan(const char *path, const silbe_words *words, silbe_err *err)
{
    silbe_err own;
    silbe_output_tiers tiers = SILBE_OUTPUT_TIERS_INIT;
    err = silbe_err_begin(err, &own);
    silbe_try(err, silbe_output_tiers_new(words, TICKS_PER_SECOND, true, &tiers, err));
    silbe_try(err, silbe_output_check_one_voice(words, err));
    if (silbe_failed(err)) {
        silbe_output_tiers_free(&tiers);
        return silbe_fail_prefix(err, err->status, path);
    }
    xmlBufferPtr buffer = NULL;
    eaf out = {silbe_xml_writer_new(&buffer, err), false};
    if (out.xml != NULL) {
        put_document(&out, words, &tiers);
        note(&out, xmlTextWriterFlush(out.xml));
        xmlFreeTextWriter(out.xml);
    }
    if (out.xml == NULL || out.failed) {
        (void)silbe_fail(err, SILBE_ERR_MEMORY, "%s: out of memory for %zu words", path,
                         words->lyrics.n_words);
    }
    silbe_try(err, silbe_output_write_file(path, xmlBufferContent(buffer),
                                           (size_t)xmlBufferLength(buffer), err));
    xmlBufferFree(buffer);
    silbe_output_tiers_free(&tiers);
    return err->status;
}
