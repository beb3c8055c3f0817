/* The first parsers and writers of a program, made in many threads at once (a race that the
 * sanitizers see, and the leak that it leaves). */
#define _POSIX_C_SOURCE 200809L

#include "datasets/xml.h"

#include <pthread.h>
#include <string.h>

#include "tests/check.h"

enum { N_THREADS = 16 };

static pthread_barrier_t barrier;
static bool went_well[N_THREADS];

static void *write_or_read(void *argument)
{
    static const char TEXT[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe4</a>";
    bool *well = argument;
    silbe_err err = SILBE_ERR_INIT;
    (void)pthread_barrier_wait(&barrier);
    if ((well - went_well) % 2 == 0) {
        xmlParserCtxt *parser = silbe_xml_parser_new(&err);
        xmlDoc *document =
            xmlCtxtReadMemory(parser, TEXT, (int)(sizeof TEXT - 1), "a", NULL, XML_PARSE_NONET);
        xmlChar *content = xmlNodeGetContent(xmlDocGetRootElement(document));
        *well = content != NULL && strcmp((const char *)content, "\xc3\xa4") == 0;
        xmlFree(content);
        xmlFreeDoc(document);
        xmlFreeParserCtxt(parser);
    } else {
        xmlBuffer *buffer = NULL;
        xmlTextWriter *writer = silbe_xml_writer_new(&buffer, &err);
        *well = xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL) >= 0 &&
                xmlTextWriterWriteElement(writer, (const xmlChar *)"a",
                                          (const xmlChar *)"\xc3\xa4") >= 0;
        xmlFreeTextWriter(writer);
        *well &= strstr((const char *)xmlBufferContent(buffer), "<a>\xc3\xa4</a>") != NULL;
        xmlBufferFree(buffer);
    }
    return NULL;
}

static void first_uses_at_once(void **state)
{
    (void)state;
    pthread_t threads[N_THREADS];
    assert_int_equal(pthread_barrier_init(&barrier, NULL, N_THREADS), 0);
    for (size_t t = 0; t < N_THREADS; t++) {
        assert_int_equal(pthread_create(&threads[t], NULL, write_or_read, &went_well[t]), 0);
    }
    for (size_t t = 0; t < N_THREADS; t++) {
        assert_int_equal(pthread_join(threads[t], NULL), 0);
        assert_true(went_well[t]);
    }
    (void)pthread_barrier_destroy(&barrier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_uses_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
