#define _POSIX_C_SOURCE 200809L
#include "tests/check.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "pipeline/host/stop.h"
#include "pipeline/run/batch.h"

enum { N_ITEMS = 40 };

typedef struct {
    int calls[N_ITEMS];
    size_t stop_at; /* raise a signal in this item; N_ITEMS: never */
} work;

static void sleep_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* Even items take longer, so that several threads finish out of order. Items 7 and 20 fail, 5 is up
 * to date, 3 has a note and a warning, 11 fails without a message. */
static silbe_status run_item(void *context, size_t index, silbe_item_report *report, silbe_err *err)
{
    work *w = context;
    w->calls[index]++;
    sleep_ms(index % 2 == 0 ? 3 : 0);
    report->audio_s = index == 2 ? 60 : 0;
    report->up_to_date = index == 5;
    if (index == 3) {
        silbe_item_note(report, "note %d", 1);
        silbe_item_note(report, "note %d", 2);
        silbe_item_warning(report, "careful");
    }
    if (index == w->stop_at) {
        assert_int_equal(raise(SIGINT), 0);
    }
    if (index == 7 || index == 20) {
        return silbe_fail(err, SILBE_ERR_DATA, "item %zu is broken", index);
    }
    return index == 11 ? SILBE_ERR_IO : SILBE_OK;
}

/* Runs N_ITEMS and returns the log, without the times. */
static char *run(int n_threads, silbe_log_level level, size_t stop_at, work *w,
                 silbe_batch_summary *summary)
{
    silbe_err err = SILBE_ERR_INIT;
    char names[N_ITEMS][32];
    const char *list[N_ITEMS];
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    silbe_log log = {.stream = stream, .program = "test", .level = level};
    *w = (work){.stop_at = stop_at};
    for (size_t i = 0; i < N_ITEMS; i++) {
        (void)snprintf(names[i], sizeof names[i], i == 0 ? "\xc3\xa4" : "item_%zu", i);
        list[i] = names[i];
    }
    check_ok(silbe_batch_run(list, N_ITEMS, n_threads, run_item, w, &log, summary, &err), err);
    assert_int_equal(fclose(stream), 0);
    /* "ok  0.0 s" -> "ok" */
    char *out = text;
    for (const char *in = text; *in != '\0';) {
        size_t n = strcspn(in, "\n");
        const char *ok = strstr(in, "  ok  ");
        size_t keep = ok != NULL && ok < in + n ? (size_t)(ok - in) + 4 : n;
        memmove(out, in, keep);
        out += keep;
        *out++ = '\n';
        in += n + (in[n] == '\n');
    }
    *out = '\0';
    return text;
}

static void reports_come_in_order_whatever_the_threads(void **state)
{
    (void)state;
    work w;
    silbe_batch_summary summary;
    char *one = run(1, SILBE_LOG_VERBOSE, N_ITEMS, &w, &summary);
    assert_non_null(strstr(one, "[ 1/40] \xc3\xa4        ok\n[ 2/40] item_1   ok\n"));
    assert_non_null(strstr(one, "        warning: careful\n        note 1\n        note 2\n"));
    assert_non_null(strstr(one, "[ 6/40] item_5   up to date\n"));
    assert_non_null(strstr(one, "[ 8/40] item_7   FAILED: item 7 is broken\n"));
    assert_non_null(strstr(one, "[12/40] item_11  FAILED: input/output error\n"));
    for (int n_threads = 2; n_threads <= 16; n_threads *= 2) {
        char *many = run(n_threads, SILBE_LOG_VERBOSE, N_ITEMS, &w, &summary);
        assert_string_equal(many, one);
        free(many);
        assert_int_equal(summary.n_ok, N_ITEMS - 4);
        assert_int_equal(summary.n_up_to_date, 1);
        assert_int_equal(summary.n_failed, 3);
        assert_int_equal(summary.n_dropped, 0);
        assert_false(summary.interrupted);
        for (size_t i = 0; i < N_ITEMS; i++) {
            assert_int_equal(w.calls[i], 1);
        }
    }
    free(one);
}

static void quiet_shows_failures_alone(void **state)
{
    (void)state;
    work w;
    silbe_batch_summary summary;
    char *text = run(2, SILBE_LOG_QUIET, N_ITEMS, &w, &summary);
    assert_string_equal(text, "[ 8/40] item_7   FAILED: item 7 is broken\n"
                              "[12/40] item_11  FAILED: input/output error\n"
                              "[21/40] item_20  FAILED: item 20 is broken\n");
    free(text);
}

static void nothing_to_do_is_legal(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_batch_summary summary;
    silbe_log log = {.stream = stderr, .program = "test", .level = SILBE_LOG_QUIET};
    check_ok(silbe_batch_run(NULL, 0, 4, run_item, NULL, &log, &summary, &err), err);
    assert_int_equal(summary.n_ok, 0);
}

/* Last: the request to stop stays for the rest of the process. */
static void a_signal_drops_the_items_not_begun(void **state)
{
    (void)state;
    work w;
    silbe_batch_summary summary;
    silbe_stop_install();
    char *text = run(1, SILBE_LOG_NORMAL, 9, &w, &summary);
    assert_true(summary.interrupted);
    assert_int_equal(summary.n_ok, 8);
    assert_int_equal(summary.n_failed, 1);
    assert_int_equal(summary.n_dropped, N_ITEMS - 10);
    assert_int_equal(w.calls[9], 1);
    assert_int_equal(w.calls[10], 0);
    assert_non_null(strstr(text, "[10/40] item_9   ok\n"));
    assert_null(strstr(text, "item_10"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_come_in_order_whatever_the_threads),
        cmocka_unit_test(quiet_shows_failures_alone),
        cmocka_unit_test(nothing_to_do_is_legal),
        cmocka_unit_test(a_signal_drops_the_items_not_begun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
