/* What writer and reader of the JSON format both call it. */
#ifndef SILBE_OUTPUT_JSON_NAMES_H
#define SILBE_OUTPUT_JSON_NAMES_H

#define SILBE_JSON_FORMAT "silbe-words"
#define SILBE_JSON_FORMAT_VERSION 1

#endif
