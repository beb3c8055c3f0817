#define _XOPEN_SOURCE 700
#include "datasets/csv.h"

#include <locale.h>

#include "tests/datasets/temp_folder.h"

#define FOLDER "test_csv.tmp"
#define PATH FOLDER "/x.csv"

static const char *const HEADERS[] = {"start;word", "start;end;word", NULL};

static int set_up(void **state)
{
    (void)state;
    temp_folder(FOLDER);
    return 0;
}

static silbe_status read_text(const char *text, bool may_use_comma, silbe_csv_table *table,
                              silbe_err *err)
{
    temp_write(FOLDER, "x.csv", text);
    return silbe_csv_read(PATH, HEADERS, may_use_comma, table, err);
}

static void reads_plain_quoted_and_empty_fields(void **state)
{
    (void)state;
    /* A byte order mark, CRLF and LF, quotes, no line end after the last row. */
    static const char *const TEXTS[] = {
        "\xEF\xBB\xBFstart;word\r\n1.5;\"a \"\"b\"\";c\"\r\n\"2\";\r\n",
        "start;word\n1.5;\"a \"\"b\"\";c\"\n\"2\";",
        "\"start\";\"word\"\n1.5;\"a \"\"b\"\";c\"\n\"2\";\"\"\n\n",
    };
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        silbe_csv_table table = SILBE_CSV_TABLE_INIT;
        silbe_err err = SILBE_ERR_INIT;
        double value = 0.0;
        check_ok(read_text(TEXTS[i], false, &table, &err), err);
        assert_int_equal(table.header, 0);
        assert_int_equal(table.n_cols, 2);
        assert_int_equal(table.n_rows, 2);
        assert_string_equal(silbe_csv_at(&table, 0, 1)->text, "a \"b\";c");
        assert_string_equal(silbe_csv_at(&table, 1, 1)->text, "");
        assert_int_equal(silbe_csv_at(&table, 1, 0)->line, 3);
        assert_int_equal(silbe_csv_at(&table, 0, 1)->column, 5);
        check_ok(silbe_csv_number(&table, 1, 0, 0.0, HUGE_VAL, &value, &err), err);
        check_close(value, 2.0, 0.0);
        silbe_csv_free(&table);
    }
}

static void counts_columns_in_characters(void **state)
{
    (void)state;
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    check_ok(
        read_text("start;end;word\n\"\xC3\xA4\"\"\";\xC3\xBC\xC3\xBC;x\n", false, &table, &err),
        err);
    assert_int_equal(table.header, 1);
    assert_int_equal(silbe_csv_at(&table, 0, 1)->column, 7);
    assert_int_equal(silbe_csv_at(&table, 0, 2)->column, 10);
    silbe_csv_free(&table);
}

static void comma_only_where_allowed(void **state)
{
    (void)state;
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    assert_int_equal(read_text("start,word\n1,a;b\n", false, &table, &err), SILBE_ERR_FORMAT);
    silbe_csv_free(&table);
    check_ok(read_text("start,word\n1,a;b\n", true, &table, &err), err);
    assert_string_equal(silbe_csv_at(&table, 0, 1)->text, "a;b");
    silbe_csv_free(&table);
}

static void malformed_files_name_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *place;
        const char *says;
    } CASES[] = {
        {"", PATH, "empty"},
        {"\xEF\xBB\xBF", PATH, "empty"},
        {"word;start\n1;a\n", PATH ":1:1", "\"word;start\", expected \"start;word\""},
        {"start;word;\n1;a\n", PATH ":1:1", "expected"},
        {"start\n1\n", PATH ":1:1", "expected"},
        {"start;word\n1;a\n2\n", PATH ":3:1", "1 field, expected 2"},
        {"start;word\n1;a;b\n", PATH ":2:1", "3 fields, expected 2"},
        {"start;word\n1;\"a\n", PATH ":2:3", "not closed"},
        {"start;word\n1;\"a\"b\n", PATH ":2:6", "got 'b', expected ';'"},
        {"start;word\n1;a\"b\n", PATH ":2:4", "got '\"'"},
        {"start;word\n1;a\n\n2;b\n", PATH ":3:1", "blank line"},
        {"start;word\n1;\xC3\xA4\xFF\n", PATH ":2:4", "0xFF is not UTF-8"},
        {"start;word\n1;a\x01\n", PATH ":2:4", "control byte 0x01"},
        {"start;word\n1;a\rb\n", PATH ":2:4", "control byte 0x0D"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        silbe_csv_table table = SILBE_CSV_TABLE_INIT;
        silbe_err err = SILBE_ERR_INIT;
        assert_int_equal(read_text(CASES[i].text, false, &table, &err), SILBE_ERR_FORMAT);
        if (strncmp(err.message, CASES[i].place, strlen(CASES[i].place)) != 0 ||
            strstr(err.message, CASES[i].says) == NULL) {
            fail_msg("case %zu: \"%s\" should begin with %s and say %s", i, err.message,
                     CASES[i].place, CASES[i].says);
        }
        silbe_csv_free(&table);
    }
}

static void nul_bytes_and_missing_files(void **state)
{
    (void)state;
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    temp_write_bytes(FOLDER, "x.csv", "start;word\n1;a\0b\n", 17);
    assert_int_equal(silbe_csv_read(PATH, HEADERS, false, &table, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, ":2:4: control byte 0x00"));
    silbe_csv_free(&table);
    assert_int_equal(silbe_csv_read(FOLDER "/none.csv", HEADERS, false, &table, &err),
                     SILBE_ERR_IO);
    assert_non_null(strstr(err.message, FOLDER "/none.csv"));
    silbe_csv_free(&table);
    assert_int_equal(silbe_csv_read(FOLDER, HEADERS, false, &table, &err), SILBE_ERR_IO);
    silbe_csv_free(&table);
}

static void numbers_are_strict(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"0",  "12.345", "-0.5",    "1e-3",
                                       "5.", ".5",     "007.250", "213.560091000000001"};
    static const double VALUES[] = {0, 12.345, -0.5, 1e-3, 5, 0.5, 7.25, 213.560091};
    static const char *const BAD[] = {"",   "nan",   "inf",   "-inf", "1,5", "1.5x",
                                      " 1", "1 ",    "0x10",  "1e",   ".",   "-",
                                      "+1", "1e999", "1.2.3", "--1",  "1e+", "\xC2\xBD"};
    char text[128];
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD + sizeof BAD / sizeof *BAD; i++) {
        bool is_good = i < sizeof GOOD / sizeof *GOOD;
        silbe_csv_table table = SILBE_CSV_TABLE_INIT;
        silbe_err err = SILBE_ERR_INIT;
        double value = -1.0;
        const char *number = is_good ? GOOD[i] : BAD[i - sizeof GOOD / sizeof *GOOD];
        (void)snprintf(text, sizeof text, "start;word\n%s;a\n", number);
        check_ok(read_text(text, false, &table, &err), err);
        silbe_status status = silbe_csv_number(&table, 0, 0, -HUGE_VAL, HUGE_VAL, &value, &err);
        if (is_good) {
            check_ok(status, err);
            check_close(value, VALUES[i], 1e-12);
        } else {
            assert_int_equal(status, SILBE_ERR_FORMAT);
            assert_non_null(strstr(err.message, PATH ":2:1: start is \""));
        }
        silbe_csv_free(&table);
    }
}

static void ranges_and_integers(void **state)
{
    (void)state;
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    double value = 0.0;
    long whole = 0;
    check_ok(read_text("start;word\n128;99999999999999999999\n-7;1.0\n", false, &table, &err), err);
    assert_int_equal(silbe_csv_number(&table, 0, 0, 0.0, 127.0, &value, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "\"128\", expected a number in 0 .. 127"));
    assert_int_equal(silbe_csv_number(&table, 1, 0, 0.0, HUGE_VAL, &value, &err), SILBE_ERR_FORMAT);
    assert_int_equal(silbe_csv_integer(&table, 0, 0, 0, 127, &whole, &err), SILBE_ERR_FORMAT);
    assert_int_equal(silbe_csv_integer(&table, 0, 1, 0, 127, &whole, &err), SILBE_ERR_FORMAT);
    assert_int_equal(silbe_csv_integer(&table, 1, 1, 0, 127, &whole, &err), SILBE_ERR_FORMAT);
    check_ok(silbe_csv_integer(&table, 1, 0, -10, 127, &whole, &err), err);
    assert_int_equal(whole, -7);
    silbe_csv_free(&table);
}

/* Damaged files are read or refused, never worse (run under the sanitizers). */
static void damaged_files_are_read_or_refused(void **state)
{
    (void)state;
    static const char TEXT[] = "start;end;word\r\n0.25;1;\"a \"\"b\"\"\"\n1;2.5;\xC3\xBC;\n\n";
    static const char BYTES[] = "\";;\n\r0.e-\xC3\xBC\xEF";
    check_rng rng = check_rng_new(3);
    size_t n_read = 0;
    for (int trial = 0; trial < 300; trial++) {
        char text[sizeof TEXT];
        silbe_csv_table table = SILBE_CSV_TABLE_INIT;
        silbe_err err = SILBE_ERR_INIT;
        memcpy(text, TEXT, sizeof TEXT);
        for (size_t k = check_random(&rng) % 4; k > 0; k--) {
            text[check_random(&rng) % (sizeof TEXT - 1)] =
                BYTES[check_random(&rng) % (sizeof BYTES - 1)];
        }
        temp_write_bytes(FOLDER, "x.csv", text, 1 + check_random(&rng) % (sizeof TEXT - 1));
        silbe_status status = silbe_csv_read(PATH, HEADERS, trial % 2 == 1, &table, &err);
        assert_true(status == SILBE_OK || status == SILBE_ERR_FORMAT);
        n_read += status == SILBE_OK;
        for (size_t i = 0; status == SILBE_OK && i < table.n_rows; i++) {
            double value = 0.0;
            status = silbe_csv_number(&table, i, 0, -HUGE_VAL, HUGE_VAL, &value, &err);
            assert_true(status != SILBE_OK || isfinite(value));
        }
        silbe_csv_free(&table);
    }
    assert_true(n_read > 0);
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL && setlocale(LC_ALL, "fr_FR.UTF-8") == NULL) {
        skip();
    }
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    double value = 0.0;
    check_ok(read_text("start;word\n1.25;a\n", false, &table, &err), err);
    check_ok(silbe_csv_number(&table, 0, 0, 0.0, HUGE_VAL, &value, &err), err);
    check_close(value, 1.25, 0.0);
    silbe_csv_free(&table);
    (void)setlocale(LC_ALL, "C");
}

/* Texts of any columns, in memory. */
static void parses_any_columns(void **state)
{
    (void)state;
    static const char *const TEXT = "\"a,b\"\tc;d\t\n1\t\"x\ty\"\tz\n";
    silbe_csv_table table = SILBE_CSV_TABLE_INIT;
    silbe_err err = SILBE_ERR_INIT;
    size_t n_fields = 0;
    assert_int_equal(silbe_csv_separator(TEXT, ",\t;", &n_fields), '\t');
    assert_int_equal(n_fields, 3);
    assert_int_equal(silbe_csv_separator("a b", ",;", &n_fields), '\0');
    assert_int_equal(n_fields, 1);
    check_ok(silbe_csv_parse("x", TEXT, strlen(TEXT), '\t', NULL, &table, &err), err);
    assert_int_equal(table.n_cols, 3);
    assert_int_equal(table.n_rows, 1);
    assert_string_equal(table.col_names[0], "a,b");
    assert_string_equal(table.col_names[1], "c d"); /* `;` is kept for messages */
    assert_string_equal(table.col_names[2], "");
    assert_string_equal(silbe_csv_at(&table, 0, 1)->text, "x\ty");
    assert_int_equal(silbe_csv_at(&table, 0, 1)->line, 2);
    silbe_csv_free(&table);
    check_ok(silbe_csv_parse("x", "1,a\n2,b", 7, ',', "time;label", &table, &err), err);
    assert_int_equal(table.n_rows, 2);
    assert_int_equal(silbe_csv_at(&table, 1, 1)->line, 2);
    assert_string_equal(table.col_names[1], "label");
    silbe_csv_free(&table);
    assert_int_equal(silbe_csv_parse("x", "1,a\n2\n", 6, ',', "time;label", &table, &err),
                     SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "x:2:1: 1 field, expected 2 like the first line"));
    silbe_csv_free(&table);
    assert_int_equal(silbe_csv_parse("x", "a,\"b\n", 5, ',', NULL, &table, &err), SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "x:1:3: the quote that opens here is not closed"));
    silbe_csv_free(&table);
    char wide[200] = "";
    memset(wide, ',', SILBE_CSV_MAX_ANY_COLUMNS);
    assert_int_equal(silbe_csv_parse("x", wide, strlen(wide), ',', NULL, &table, &err),
                     SILBE_ERR_FORMAT);
    assert_non_null(strstr(err.message, "x:1:1: 65 columns, expected 64 at most"));
    silbe_csv_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_any_columns),
        cmocka_unit_test(reads_plain_quoted_and_empty_fields),
        cmocka_unit_test(counts_columns_in_characters),
        cmocka_unit_test(comma_only_where_allowed),
        cmocka_unit_test(malformed_files_name_the_place),
        cmocka_unit_test(nul_bytes_and_missing_files),
        cmocka_unit_test(numbers_are_strict),
        cmocka_unit_test(ranges_and_integers),
        cmocka_unit_test(damaged_files_are_read_or_refused),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
