#include "pipeline/files/posteriorgram.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "features/base/npy.h"
#include "tests/check.h"

static const char FACTS[] = "test_posteriorgram.json";
static const char NPY[] = "test_posteriorgram.npy";

/* Four frames: two in which one phone is clear, one in which silence is, one undecided. */
static silbe_matrix four_frames(void)
{
    static const double CLEAR[] = {0.9, 0.6, 0.0, 0.0};
    static const double SILENT[] = {0.05, 0.2, 0.9, 0.4};
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m;
    check_ok(silbe_matrix_new(&m, 4, SILBE_N_PHONES, &err), err);
    for (size_t t = 0; t < 4; t++) {
        size_t n_rest = SILBE_N_PHONES - 1 - (CLEAR[t] > 0);
        for (size_t k = 0; k < SILBE_N_PHONES; k++) {
            double p = (1 - SILENT[t] - CLEAR[t]) / (double)n_rest;
            p = k == SILBE_PHONE_SILENCE ? SILENT[t] : k == 3 + t && CLEAR[t] > 0 ? CLEAR[t] : p;
            silbe_matrix_row(&m, t)[k] = (float)log(p);
        }
    }
    return m;
}

static silbe_posteriorgram_facts facts_of(const silbe_matrix *m)
{
    silbe_posteriorgram_facts facts = {.duration_s = 0.0875, .hop_s = 0.02};
    for (size_t k = 0; k < SILBE_N_PHONES; k++) {
        facts.log_prior[k] = -1.0 - (double)k / 7;
    }
    silbe_voice_meter meter = {0};
    silbe_voice_meter_add(&meter, m->data, m->n_rows);
    silbe_voice_meter_read(&meter, &facts);
    return facts;
}

static void test_measure(void **state)
{
    (void)state;
    silbe_matrix m = four_frames();
    silbe_posteriorgram_facts facts = facts_of(&m);
    assert_int_equal(facts.n_frames, 4);
    check_close(facts.voice_share, (0.95 + 0.8 + 0.1 + 0.6) / 4, 1e-6);
    check_close(facts.clear_share, 0.5, 0);
    silbe_matrix_free(&m);
}

static void test_round_trip(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m = four_frames(), again;
    silbe_posteriorgram_facts facts = facts_of(&m), read;
    check_ok(silbe_npy_write_matrix(NPY, &m, &err), err);
    check_ok(silbe_posteriorgram_facts_write(FACTS, &facts, &err), err);
    check_ok(silbe_posteriorgram_read(FACTS, NPY, &read, &again, &err), err);
    assert_memory_equal(&facts, &read, sizeof facts);
    assert_memory_equal(m.data, again.data, 4 * SILBE_N_PHONES * sizeof(float));
    silbe_matrix_free(&again);
    silbe_matrix_free(&m);
}

static void expect_refused(silbe_status status, const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_posteriorgram_facts facts;
    silbe_matrix m = SILBE_MATRIX_INIT;
    assert_int_equal(silbe_posteriorgram_read(FACTS, NPY, &facts, &m, &err), status);
    if (strstr(err.message, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", err.message, part);
    }
    silbe_matrix_free(&m);
}

/* The facts with the first place of old replaced. */
static void expect_bad_facts(const char *old, const char *replacement, silbe_status status,
                             const char *part)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m = four_frames();
    silbe_posteriorgram_facts facts = facts_of(&m);
    char text[8192] = "";
    check_ok(silbe_posteriorgram_facts_write(FACTS, &facts, &err), err);
    FILE *stream = fopen(FACTS, "rb");
    assert_non_null(stream);
    assert_true(fread(text, 1, sizeof text - 1, stream) > 0);
    assert_int_equal(fclose(stream), 0);
    const char *at = strstr(text, old);
    assert_non_null(at);
    stream = fopen(FACTS, "wb");
    assert_non_null(stream);
    (void)fprintf(stream, "%.*s%s%s", (int)(at - text), text, replacement, at + strlen(old));
    assert_int_equal(fclose(stream), 0);
    expect_refused(status, part);
    silbe_matrix_free(&m);
}

static void test_malformed(void **state)
{
    (void)state;
    silbe_err err = SILBE_ERR_INIT;
    silbe_matrix m = four_frames();
    check_ok(silbe_npy_write_matrix(NPY, &m, &err), err);
    expect_bad_facts("silbe-posteriors", "posteriors", SILBE_ERR_FORMAT, "is not a silbe-");
    expect_bad_facts("\"version\": 1", "\"version\": 2", SILBE_ERR_FORMAT, "of version 1");
    expect_bad_facts("\"phone_set\": 1", "\"phone_set\": 9", SILBE_ERR_FORMAT, "phone set");
    expect_bad_facts("0.02", "0", SILBE_ERR_FORMAT, "hop_s");
    expect_bad_facts("-1.0", "1.0", SILBE_ERR_FORMAT, "log_prior[0]");
    expect_bad_facts("{", "", SILBE_ERR_FORMAT, FACTS);
    expect_bad_facts("[\n  4,", "[\n  5,", SILBE_ERR_MISMATCH, "4 frames");
    assert_int_equal(unlink(FACTS), 0);
    expect_refused(SILBE_ERR_IO, FACTS);

    silbe_posteriorgram_facts facts = facts_of(&m);
    check_ok(silbe_posteriorgram_facts_write(FACTS, &facts, &err), err);
    m.data[2 * SILBE_N_PHONES + 5] = NAN;
    check_ok(silbe_npy_write_matrix(NPY, &m, &err), err);
    expect_refused(SILBE_ERR_DATA, "frame 2, phone 5");
    m.data[2 * SILBE_N_PHONES + 5] = 0.5F;
    check_ok(silbe_npy_write_matrix(NPY, &m, &err), err);
    expect_refused(SILBE_ERR_DATA, "0.5 is not the logarithm of a probability");
    silbe_matrix_free(&m);
    assert_int_equal(unlink(FACTS), 0);
    assert_int_equal(unlink(NPY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_measure),
                                       cmocka_unit_test(test_round_trip),
                                       cmocka_unit_test(test_malformed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
