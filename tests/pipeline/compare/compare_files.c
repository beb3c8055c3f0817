/* compare_files ESTIMATE REFERENCE: prints the comparison as JSON. */
#include <stdio.h>

#include "pipeline/compare/compare.h"

int main(int argc, char **argv)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_file_comparison comparison = SILBE_FILE_COMPARISON_INIT;
    if (argc != 3) {
        (void)fprintf(stderr, "usage: compare_files ESTIMATE REFERENCE\n");
        return 2;
    }
    if (silbe_compare_files(argv[1], argv[2], &comparison, &err) != SILBE_OK ||
        silbe_file_comparison_print_json(&comparison, stdout, &err) != SILBE_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
    }
    silbe_file_comparison_free(&comparison);
    return err.status != SILBE_OK;
}
