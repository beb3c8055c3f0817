#include "datasets/mxl.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "datasets/xml.h"
#include "features/base/memory.h"

/* A container file names one or two files; this is generous. */
static const size_t MAX_CONTAINER_BYTES = (size_t)1 << 20;

bool silbe_mxl_is_zip(const char *bytes, size_t n_bytes)
{
    return n_bytes >= 4 && memcmp(bytes, "PK\003\004", 4) == 0;
}

/* Inflates one member, to be freed. The size that the archive states is not believed: reading stops
 * behind max_bytes. */
static char *inflate_member(zip_t *archive, const char *path, const char *member, size_t max_bytes,
                            size_t *n_bytes, silbe_err *err)
{
    zip_file_t *file = silbe_failed(err) ? NULL : zip_fopen(archive, member, 0);
    if (file == NULL) {
        silbe_try(err,
                  silbe_fail(err, SILBE_ERR_FORMAT, "%s: cannot open %.200s in the archive: %s",
                             path, member, zip_strerror(archive)));
        return NULL;
    }
    size_t size = 0, capacity = (size_t)1 << 16;
    char *data = silbe_alloc(capacity, 1, "bytes", err);
    zip_int64_t n_read = 1;
    while (n_read > 0 && !silbe_failed(err)) {
        data = silbe_grow(data, size + 1, &capacity, 1, "bytes", err); /* with the zero behind */
        n_read = zip_fread(file, data + size, capacity - size - 1);
        size += n_read > 0 ? (size_t)n_read : 0;
        if (n_read < 0) {
            silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT,
                                      "%s: cannot inflate %.200s: %s; the file is damaged, copy it "
                                      "again",
                                      path, member, zip_file_strerror(file)));
        } else if (size > max_bytes) {
            silbe_try(err, silbe_fail(err, SILBE_ERR_DATA,
                                      "%s: %.200s inflates to more than the limit of %zu bytes",
                                      path, member, max_bytes));
        }
    }
    (void)zip_fclose(file);
    if (silbe_failed(err)) {
        free(data);
        return NULL;
    }
    data[size] = '\0';
    *n_bytes = size;
    return data;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The first <rootfile> that is MusicXML (a media type is optional; PDF previews have one). */
static char *find_root_file(const xmlDoc *doc)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    for (const xmlNode *list = root == NULL ? NULL : root->children; list != NULL;
         list = list->next) {
        for (const xmlNode *node = is_element(list, "rootfiles") ? list->children : NULL;
             node != NULL; node = node->next) {
            if (!is_element(node, "rootfile")) {
                continue;
            }
            xmlChar *type = xmlGetNoNsProp(node, (const xmlChar *)"media-type");
            bool is_score = type == NULL || strstr((const char *)type, "xml") != NULL;
            xmlFree(type);
            xmlChar *path = is_score ? xmlGetNoNsProp(node, (const xmlChar *)"full-path") : NULL;
            if (path != NULL) {
                return (char *)path;
            }
        }
    }
    return NULL;
}

/* The name of the root file, to be freed with xmlFree. */
static char *read_container(zip_t *archive, const char *path, silbe_err *err)
{
    size_t n_bytes = 0;
    char *xml =
        inflate_member(archive, path, "META-INF/container.xml", MAX_CONTAINER_BYTES, &n_bytes, err);
    if (xml == NULL) {
        return NULL;
    }
    char *member = NULL;
    xmlParserCtxt *context = silbe_xml_parser_new(err);
    if (context == NULL) {
        free(xml);
        return NULL;
    }
    xmlDoc *doc = xmlCtxtReadMemory(context, xml, (int)n_bytes, "container.xml", NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlFreeParserCtxt(context);
    if (doc == NULL || (doc->intSubset != NULL && doc->intSubset->entities != NULL)) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: META-INF/container.xml is not well-formed or defines entities", path);
    } else if ((member = find_root_file(doc)) == NULL) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: META-INF/container.xml names no <rootfile full-path>", path);
    }
    xmlFreeDoc(doc);
    free(xml);
    return member;
}

silbe_status silbe_mxl_read(const char *path, size_t max_bytes, char **xml, size_t *n_bytes,
                            silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_RDONLY, &code);
    if (archive == NULL) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        bool is_io = code == ZIP_ER_NOENT || code == ZIP_ER_OPEN || code == ZIP_ER_READ;
        (void)silbe_fail(err, is_io ? SILBE_ERR_IO : SILBE_ERR_FORMAT,
                         "%s: cannot open the archive: %s", path, zip_error_strerror(&error));
        zip_error_fini(&error);
        return err->status;
    }
    char *member = read_container(archive, path, err);
    *xml = inflate_member(archive, path, member, max_bytes, n_bytes, err);
    xmlFree(member);
    zip_discard(archive);
    return err->status;
}
