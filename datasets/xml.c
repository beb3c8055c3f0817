#include "datasets/xml.h"

#include <pthread.h>

#include "features/base/memory.h"

static void prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, xmlInitParser);
}

xmlParserCtxt *silbe_xml_parser_new(silbe_err *err)
{
    prepare();
    return silbe_need(xmlNewParserCtxt(), "an XML parser", err);
}

xmlTextWriter *silbe_xml_writer_new(xmlBuffer **buffer, silbe_err *err)
{
    prepare();
    *buffer = silbe_need(xmlBufferCreate(), "an XML writer", err);
    xmlTextWriter *writer = *buffer != NULL ? xmlNewTextWriterMemory(*buffer, 0) : NULL;
    if (writer == NULL && *buffer != NULL) {
        xmlBufferFree(*buffer);
        *buffer = NULL;
        (void)silbe_need(NULL, "an XML writer", err);
    }
    return writer;
}
