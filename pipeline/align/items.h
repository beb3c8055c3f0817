/*
 * Inputs and outputs of the items of a stage that reads what earlier stages wrote.
 */
#ifndef SILBE_ALIGN_ITEMS_H
#define SILBE_ALIGN_ITEMS_H

#include "pipeline/align/mode.h"
#include "pipeline/output/output.h"

/* Appends WORK/<dataset>/<folder>/<name>.<suffix> as an input. */
SILBE_MUST_CHECK silbe_status silbe_align_add_input(silbe_stage *stage, size_t index,
                                                    const silbe_config *config, const char *folder,
                                                    const char *name, const char *suffix,
                                                    silbe_err *err);

/* Appends the output <folder>/<name>.<suffix>. */
SILBE_MUST_CHECK silbe_status silbe_align_add_output(silbe_stage *stage, size_t index,
                                                     const char *folder, const char *name,
                                                     const char *suffix, silbe_err *err);

/* Appends the file of words set by hand, if the item has one: behind the inputs that all have. */
SILBE_MUST_CHECK silbe_status silbe_align_add_corrections(silbe_stage *stage, size_t index,
                                                          const silbe_config *config,
                                                          const silbe_item *item, silbe_err *err);

/* Appends words/<name>.<extension> for each format of output.formats. */
SILBE_MUST_CHECK silbe_status silbe_align_add_formats(silbe_stage *stage, size_t index,
                                                      const silbe_config *config, const char *name,
                                                      silbe_err *err);

/* Writes the word times in those formats to temps[0], temps[1], ... *words holds lyrics, times,
 * duration_s, title and what the mode knows beside; work, version, mode, audio_file,
 * program_version and settings_digest are filled in here. */
SILBE_MUST_CHECK silbe_status silbe_align_write_words(const silbe_align_context *context,
                                                      const silbe_stage_item *item,
                                                      const silbe_output_item *words,
                                                      const char *const *temps, silbe_err *err);

#endif
