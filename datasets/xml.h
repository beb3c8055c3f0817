/* libxml2's parsers and writers, made in any thread.
 *
 * libxml2 prepares its tables at the first use, without a lock: two threads that come first at once
 * collide. Parsers and writers are therefore made here alone. */
#ifndef SILBE_DATASETS_XML_H
#define SILBE_DATASETS_XML_H

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>

#include "features/base/status.h"

/* A parser, to be freed with xmlFreeParserCtxt; NULL (SILBE_ERR_MEMORY) where there is no memory.
 */
xmlParserCtxt *silbe_xml_parser_new(silbe_err *err);

/* A writer into a new buffer: first the writer is to be freed (which flushes it) with
 * xmlFreeTextWriter, then the buffer with xmlBufferFree. Both NULL (SILBE_ERR_MEMORY) where there
 * is no memory. */
xmlTextWriter *silbe_xml_writer_new(xmlBuffer **buffer, silbe_err *err);

#endif
