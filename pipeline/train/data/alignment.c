#include "pipeline/train/data/alignment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/atomic_file.h"
#include "features/base/memory.h"

silbe_status silbe_alignments_new(const silbe_corpus *corpus, size_t stride, double hop_s,
                                  silbe_alignments *alignments, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *alignments = (silbe_alignments)SILBE_ALIGNMENTS_INIT;
    if (stride == 0 || !(hop_s > 0.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "stride and hop_s must be > 0, got %zu and %g",
                          stride, hop_s);
    }
    alignments->items =
        silbe_alloc(corpus->n_utterances, sizeof *alignments->items, "alignments", err);
    alignments->n_items = silbe_failed(err) ? 0 : corpus->n_utterances;
    alignments->hop_s = hop_s;
    for (size_t i = 0; i < alignments->n_items; i++) {
        alignments->items[i].n_frames = (corpus->utterances[i].logmel.n_rows - 1) / stride + 1;
    }
    return err->status;
}

void silbe_alignments_free(silbe_alignments *alignments)
{
    for (size_t i = 0; i < alignments->n_items; i++) {
        free(alignments->items[i].segments);
    }
    free(alignments->items);
    *alignments = (silbe_alignments)SILBE_ALIGNMENTS_INIT;
}

void silbe_alignment_labels(const silbe_alignment *alignment, int32_t *labels)
{
    for (size_t i = 0; i < alignment->n_segments; i++) {
        const silbe_segment *s = &alignment->segments[i];
        for (size_t t = s->begin_frame; t < s->end_frame; t++) {
            labels[t] = s->phone;
        }
    }
}

void silbe_alignments_log_prior(const silbe_alignments *alignments, double *log_prior)
{
    double counts[SILBE_N_PHONES], total = 0.0;
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        counts[p] = 1.0;
    }
    for (size_t i = 0; i < alignments->n_items; i++) {
        for (size_t k = 0; k < alignments->items[i].n_segments; k++) {
            const silbe_segment *s = &alignments->items[i].segments[k];
            counts[s->phone] += (double)(s->end_frame - s->begin_frame);
        }
    }
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        total += counts[p];
    }
    for (size_t p = 0; p < SILBE_N_PHONES; p++) {
        log_prior[p] = log(counts[p] / total);
    }
}

/* Both cover the same frames; walks over the borders of both. */
static size_t count_changed(const silbe_alignment *a, const silbe_alignment *b)
{
    size_t changed = 0, i = 0, k = 0, t = 0;
    while (i < a->n_segments && k < b->n_segments) {
        size_t end_a = a->segments[i].end_frame, end_b = b->segments[k].end_frame;
        size_t end = end_a < end_b ? end_a : end_b;
        changed += a->segments[i].phone != b->segments[k].phone ? end - t : 0;
        t = end;
        i += end_a == end;
        k += end_b == end;
    }
    return changed;
}

double silbe_alignments_changed(const silbe_alignments *a, const silbe_alignments *b)
{
    size_t changed = 0, total = 0;
    for (size_t i = 0; i < a->n_items && i < b->n_items; i++) {
        if (a->items[i].n_segments > 0 && b->items[i].n_segments > 0) {
            changed += count_changed(&a->items[i], &b->items[i]);
            total += a->items[i].n_frames;
        }
    }
    return total > 0 ? (double)changed / (double)total : 0.0;
}

static const char header[] = "file\tbegin_s\tend_s\tphone\tword\n";

silbe_status silbe_alignments_write(const char *path, const silbe_corpus *corpus,
                                    const silbe_alignments *alignments, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_atomic_file file = SILBE_ATOMIC_FILE_INIT;
    silbe_try(err, silbe_atomic_open(&file, path, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    (void)fputs(header, file.stream); /* commit checks the stream */
    for (size_t i = 0; i < alignments->n_items; i++) {
        const silbe_alignment *a = &alignments->items[i];
        for (size_t k = 0; k < a->n_segments; k++) {
            const silbe_segment *s = &a->segments[k];
            (void)fprintf(file.stream, "%s\t%.4f\t%.4f\t%s\t%u\n", corpus->utterances[i].item->file,
                          s->begin_frame * alignments->hop_s, s->end_frame * alignments->hop_s,
                          silbe_phone_get(s->phone)->symbol, (unsigned)s->word);
        }
    }
    silbe_try(err, silbe_atomic_commit(&file, err));
    silbe_atomic_abort(&file);
    return err->status;
}

typedef struct {
    const char *path;
    const silbe_corpus *corpus;
    silbe_alignments *alignments;
    size_t line;
    size_t utterance; /* in hand; n_utterances: none yet */
    size_t next;      /* first utterance that may come */
    size_t capacity;
    silbe_err *err;
} reader;

static void bad(const reader *r, silbe_status status, const char *what)
{
    if (!silbe_failed(r->err)) {
        (void)silbe_fail(r->err, status, "%s:%zu: %s; delete the file to make it again", r->path,
                         r->line, what);
    }
}

static bool to_frame(const reader *r, const char *text, uint32_t *frame)
{
    char *end;
    double value = strtod(text, &end) / r->alignments->hop_s;
    double whole = round(value);
    if (end == text || *end != '\0' || !(value >= 0.0 && value < 4e9) ||
        !(fabs(value - whole) < 0.01)) {
        return false;
    }
    *frame = (uint32_t)whole;
    return true;
}

/* The segments of the utterance in hand must reach its end. */
static void close_utterance(const reader *r)
{
    if (r->utterance == r->corpus->n_utterances) {
        return;
    }
    const silbe_alignment *a = &r->alignments->items[r->utterance];
    if (a->segments[a->n_segments - 1].end_frame != a->n_frames) {
        bad(r, SILBE_ERR_MISMATCH, "an utterance ends elsewhere than its recording");
    }
}

static void open_utterance(reader *r, const char *file)
{
    size_t n = r->corpus->n_utterances;
    const silbe_utterance *utterances = r->corpus->utterances;
    if (r->utterance < n && strcmp(utterances[r->utterance].item->file, file) == 0) {
        return;
    }
    close_utterance(r);
    while (r->next < n && strcmp(utterances[r->next].item->file, file) != 0) {
        r->next++;
    }
    if (r->next == n) {
        bad(r, SILBE_ERR_MISMATCH,
            "the recording is not among those that are used, or out of order");
    }
    r->utterance = r->next++;
    r->capacity = 0;
}

static void add_row(reader *r, char *fields[5])
{
    silbe_segment s = {0};
    size_t phone = silbe_phone_find(fields[3], strlen(fields[3]));
    char *end;
    unsigned long word = strtoul(fields[4], &end, 10);
    open_utterance(r, fields[0]);
    if (silbe_failed(r->err)) {
        return;
    }
    silbe_alignment *a = &r->alignments->items[r->utterance];
    if (!to_frame(r, fields[1], &s.begin_frame) || !to_frame(r, fields[2], &s.end_frame) ||
        phone == SILBE_PHONE_NONE || end == fields[4] || *end != '\0' ||
        word > r->corpus->utterances[r->utterance].n_words) {
        bad(r, SILBE_ERR_FORMAT, "a time, phone or word is none");
    }
    uint32_t begin = a->n_segments > 0 ? a->segments[a->n_segments - 1].end_frame : 0;
    if (s.begin_frame != begin || s.end_frame <= begin || s.end_frame > a->n_frames) {
        bad(r, SILBE_ERR_FORMAT, "a segment does not begin where the last one ended");
    }
    s.phone = (uint8_t)phone;
    s.word = (uint32_t)word;
    a->segments =
        silbe_grow(a->segments, a->n_segments, &r->capacity, sizeof s, "segments", r->err);
    if (!silbe_failed(r->err)) {
        a->segments[a->n_segments++] = s;
    }
}

static void read_row(reader *r, char *line)
{
    char *fields[5] = {NULL};
    size_t n = strlen(line), n_fields = 0;
    if (n == 0 || line[n - 1] != '\n') {
        bad(r, SILBE_ERR_FORMAT, "the line has no end");
        return;
    }
    if (r->line == 1) {
        if (strcmp(line, header) != 0) {
            bad(r, SILBE_ERR_FORMAT, "another header than this version writes");
        }
        return;
    }
    line[n - 1] = '\0';
    for (char *at = line; at != NULL && n_fields < 5; n_fields++) {
        fields[n_fields] = at;
        at = strchr(at, '\t');
        if (at != NULL) {
            *at++ = '\0';
        }
    }
    if (n_fields < 5) {
        bad(r, SILBE_ERR_FORMAT, "fewer than 5 columns");
        return;
    }
    add_row(r, fields);
}

silbe_status silbe_alignments_read(const char *path, const silbe_corpus *corpus,
                                   silbe_alignments *alignments, silbe_err *err)
{
    silbe_err own;
    char line[2048];
    FILE *stream = fopen(path, "rb");
    reader r = {.path = path,
                .corpus = corpus,
                .alignments = alignments,
                .utterance = corpus->n_utterances,
                .err = silbe_err_begin(err, &own)};
    if (stream == NULL) {
        return silbe_fail(r.err, SILBE_ERR_IO, "%s: cannot be opened", path);
    }
    for (size_t i = 0; i < alignments->n_items; i++) {
        free(alignments->items[i].segments);
        alignments->items[i].segments = NULL;
        alignments->items[i].n_segments = 0;
    }
    while (!silbe_failed(r.err) && fgets(line, sizeof line, stream) != NULL) {
        r.line++;
        read_row(&r, line);
    }
    if (!silbe_failed(r.err) && (ferror(stream) || r.line == 0)) {
        bad(&r, SILBE_ERR_IO, "the file cannot be read, or is empty");
    }
    if (!silbe_failed(r.err)) {
        close_utterance(&r);
    }
    (void)fclose(stream);
    return r.err->status;
}
