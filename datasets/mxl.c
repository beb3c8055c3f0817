#include "datasets/mxl.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <zip.h>

/* A container file names one or two files; this is generous. */
static const size_t MAX_CONTAINER_BYTES = (size_t)1 << 20;

bool silbe_mxl_is_zip(const char *bytes, size_t n_bytes)
{
    return n_bytes >= 4 && memcmp(bytes, "PK\003\004", 4) == 0;
}

/* Inflates one member. The size that the archive states is not believed: reading stops behind
 * max_bytes. */
static silbe_status inflate_member(zip_t *archive, const char *path, const char *member,
                                   size_t max_bytes, char **bytes, size_t *n_bytes, silbe_err *err)
{
    silbe_status status = SILBE_ERR_FORMAT;
    char *data = NULL;
    size_t size = 0, capacity = (size_t)1 << 16;
    zip_file_t *file = zip_fopen(archive, member, 0);
    if (file == NULL) {
        return silbe_fail(err, SILBE_ERR_FORMAT, "%s: cannot open %.200s in the archive: %s", path,
                          member, zip_strerror(archive));
    }
    for (;;) {
        void *grown = realloc(data, capacity + 1);
        if (grown == NULL) {
            status = silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for %.200s", path, member);
            goto done;
        }
        data = grown;
        zip_int64_t n_read = zip_fread(file, data + size, capacity - size);
        if (n_read < 0) {
            status = silbe_fail(err, SILBE_ERR_FORMAT,
                                "%s: cannot inflate %.200s: %s; the file is damaged, copy it again",
                                path, member, zip_file_strerror(file));
            goto done;
        }
        if (n_read == 0) {
            break;
        }
        size += (size_t)n_read;
        if (size > max_bytes) {
            status = silbe_fail(err, SILBE_ERR_DATA,
                                "%s: %.200s inflates to more than the limit of %zu bytes", path,
                                member, max_bytes);
            goto done;
        }
        if (size == capacity) {
            capacity *= 2;
        }
    }
    data[size] = '\0';
    *bytes = data;
    *n_bytes = size;
    data = NULL;
    status = SILBE_OK;
done:
    free(data);
    (void)zip_fclose(file);
    return status;
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

static silbe_status read_container(zip_t *archive, const char *path, char **member, silbe_err *err)
{
    char *xml = NULL;
    size_t n_bytes = 0;
    silbe_status status = inflate_member(archive, path, "META-INF/container.xml",
                                         MAX_CONTAINER_BYTES, &xml, &n_bytes, err);
    if (status != SILBE_OK) {
        return status;
    }
    xmlDoc *doc = xmlReadMemory(xml, (int)n_bytes, "container.xml", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (doc == NULL || (doc->intSubset != NULL && doc->intSubset->entities != NULL)) {
        status =
            silbe_fail(err, SILBE_ERR_FORMAT,
                       "%s: META-INF/container.xml is not well-formed or defines entities", path);
    } else {
        *member = find_root_file(doc);
        if (*member == NULL) {
            status = silbe_fail(err, SILBE_ERR_FORMAT,
                                "%s: META-INF/container.xml names no <rootfile full-path>", path);
        }
    }
    xmlFreeDoc(doc);
    free(xml);
    return status;
}

silbe_status silbe_mxl_read(const char *path, size_t max_bytes, char **xml, size_t *n_bytes,
                            silbe_err *err)
{
    int code = 0;
    char *member = NULL;
    zip_t *archive = zip_open(path, ZIP_RDONLY, &code);
    if (archive == NULL) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        bool is_io = code == ZIP_ER_NOENT || code == ZIP_ER_OPEN || code == ZIP_ER_READ;
        silbe_status status =
            silbe_fail(err, is_io ? SILBE_ERR_IO : SILBE_ERR_FORMAT,
                       "%s: cannot open the archive: %s", path, zip_error_strerror(&error));
        zip_error_fini(&error);
        return status;
    }
    silbe_status status = read_container(archive, path, &member, err);
    if (status == SILBE_OK) {
        status = inflate_member(archive, path, member, max_bytes, xml, n_bytes, err);
    }
    xmlFree(member);
    zip_discard(archive);
    return status;
}
