#define _POSIX_C_SOURCE 200809L
#include "pipeline/run/batch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/host/run_info.h"
#include "pipeline/host/stop.h"

/* One item from beginning to report. */
typedef struct {
    bool is_done;
    silbe_item_outcome outcome;
    silbe_item_report report;
    silbe_err err;
    double wall_s;
} slot;

typedef struct {
    const char *const *names;
    slot *slots;
    size_t n_items;
    size_t n_done;     /* finished in any order */
    size_t n_reported; /* all before this one are reported */
    int name_width;
    double start_s;
    silbe_log *log;
} batch;

static void append_line(char **lines, const char *format, va_list args)
{
    char line[SILBE_ERR_MESSAGE_SIZE];
    (void)vsnprintf(line, sizeof line, format, args);
    size_t old_length = *lines != NULL ? strlen(*lines) : 0;
    size_t length = strlen(line);
    char *longer = realloc(*lines, old_length + length + 2);
    if (longer != NULL) {
        memcpy(longer + old_length, line, length);
        memcpy(longer + old_length + length, "\n", 2);
        *lines = longer;
    }
}

void silbe_item_note(silbe_item_report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    append_line(&report->notes, format, args);
    va_end(args);
}

void silbe_item_warning(silbe_item_report *report, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    append_line(&report->warnings, format, args);
    va_end(args);
}

/* Characters, not bytes: continuation bytes of UTF-8 are not counted. */
static int display_width(const char *text)
{
    int width = 0;
    for (const char *c = text; *c != '\0'; c++) {
        width += ((unsigned char)*c & 0xc0) != 0x80;
    }
    return width;
}

static void log_lines(silbe_log *log, const char *lines, bool is_warning)
{
    while (lines != NULL && *lines != '\0') {
        int length = (int)strcspn(lines, "\n");
        if (is_warning) {
            silbe_log_info(log, "        warning: %.*s", length, lines);
        } else {
            silbe_log_detail(log, "        %.*s", length, lines);
        }
        lines += length + (lines[length] == '\n');
    }
}

static void report_item(const batch *b, size_t index)
{
    const slot *s = &b->slots[index];
    const char *name = b->names[index];
    char head[512];
    char total[24];
    int digits = snprintf(total, sizeof total, "%zu", b->n_items);
    (void)snprintf(
        head, sizeof head, "[%*zu/%s] %.400s%*s", digits, index + 1, total, name,
        b->name_width - display_width(name) > 0 ? b->name_width - display_width(name) : 0, "");
    switch (s->outcome) {
    case SILBE_ITEM_OK:
        if (s->report.audio_s > 0) {
            silbe_log_info(b->log, "%s  ok  %.1f s audio, %.1f s (%.0fx real time)", head,
                           s->report.audio_s, s->wall_s,
                           s->report.audio_s / (s->wall_s > 1e-3 ? s->wall_s : 1e-3));
        } else {
            silbe_log_info(b->log, "%s  ok  %.1f s", head, s->wall_s);
        }
        break;
    case SILBE_ITEM_UP_TO_DATE:
        silbe_log_info(b->log, "%s  up to date", head);
        break;
    case SILBE_ITEM_FAILED:
        silbe_log_always(b->log, "%s  FAILED: %s", head, s->err.message);
        break;
    case SILBE_ITEM_DROPPED:
        break;
    }
    log_lines(b->log, s->report.warnings, true);
    log_lines(b->log, s->report.notes, false);
}

/* Called under the lock: reports every item whose turn it is. */
static void finish_item(batch *b, size_t index)
{
    b->slots[index].is_done = true;
    b->n_done++;
    while (b->n_reported < b->n_items && b->slots[b->n_reported].is_done) {
        report_item(b, b->n_reported);
        b->n_reported++;
    }
    if (b->n_done < b->n_items) {
        silbe_log_progress(b->log, b->n_done, b->n_items, silbe_clock_s() - b->start_s);
    } else {
        silbe_log_clear_bar(b->log);
    }
}

static void run_item(batch *b, size_t index, silbe_item_fn fn, void *context)
{
    slot *s = &b->slots[index];
    if (silbe_stop_requested()) {
        s->outcome = SILBE_ITEM_DROPPED;
        return;
    }
    double start_s = silbe_clock_s();
    silbe_status status = fn(context, index, &s->report, &s->err);
    s->wall_s = silbe_clock_s() - start_s;
    if (status != SILBE_OK) {
        s->outcome = SILBE_ITEM_FAILED;
        if (s->err.message[0] == '\0') {
            (void)silbe_fail(&s->err, status, "%s", silbe_status_str(status));
        }
    } else {
        s->outcome = s->report.up_to_date ? SILBE_ITEM_UP_TO_DATE : SILBE_ITEM_OK;
    }
}

static void summarise(const batch *b, silbe_batch_summary *summary)
{
    *summary = (silbe_batch_summary){.interrupted = silbe_stop_requested()};
    for (size_t i = 0; i < b->n_items; i++) {
        summary->n_ok += b->slots[i].outcome == SILBE_ITEM_OK;
        summary->n_up_to_date += b->slots[i].outcome == SILBE_ITEM_UP_TO_DATE;
        summary->n_failed += b->slots[i].outcome == SILBE_ITEM_FAILED;
        summary->n_dropped += b->slots[i].outcome == SILBE_ITEM_DROPPED;
    }
}

silbe_status silbe_batch_run(const char *const *names, size_t n_items, int n_threads,
                             silbe_item_fn fn, void *context, silbe_log *log,
                             silbe_batch_summary *summary, silbe_err *err)
{
    batch b = {.names = names, .n_items = n_items, .log = log, .start_s = silbe_clock_s()};
    *summary = (silbe_batch_summary){0};
    b.slots = calloc(n_items > 0 ? n_items : 1, sizeof *b.slots);
    if (b.slots == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for %zu items", n_items);
    }
    for (size_t i = 0; i < n_items; i++) {
        int width = display_width(names[i]);
        b.name_width = width > b.name_width && width <= 48 ? width : b.name_width;
    }
    silbe_log_progress(log, 0, n_items, 0);
#pragma omp parallel for schedule(dynamic, 1) num_threads(n_threads)
    for (size_t i = 0; i < n_items; i++) {
        run_item(&b, i, fn, context);
#pragma omp critical(silbe_batch_report)
        finish_item(&b, i);
    }
    summarise(&b, summary);
    for (size_t i = 0; i < n_items; i++) {
        free(b.slots[i].report.notes);
        free(b.slots[i].report.warnings);
    }
    free(b.slots);
    return SILBE_OK;
}
