#include "pipeline/commands/command.h"
#include "pipeline/run/chain.h"
#include "tests/check.h"

#include <stdio.h>
#include <string.h>

/* Whether one of the words of text, between spaces, is this one. */
static bool has_word(const char *text, const char *word, size_t length)
{
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        if (n == length && strncmp(text, word, n) == 0) {
            return true;
        }
        text += n + (text[n] == ' ');
    }
    return false;
}

/* The help of a stage points to the sections of the settings that decide its results. */
static void stages_name_their_settings(void **state)
{
    (void)state;
    for (int s = 0; s < SILBE_STAGE_MODES; s++) {
        const silbe_chain_stage *stage = silbe_chain_get((silbe_stage_id)s);
        const silbe_command *command = silbe_command_find(stage->name);
        assert_non_null(command);
        assert_non_null(command->spec->settings);
        for (size_t k = 0; k < silbe_chain_n_keys(stage); k++) {
            size_t length = strcspn(stage->keys[k], ".");
            assert_true(has_word(command->spec->settings, stage->keys[k], length));
        }
    }
}

static void found_by_name_and_program(void **state)
{
    (void)state;
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(commands[i].name != NULL || commands[i].program != NULL);
        if (commands[i].name != NULL) {
            assert_ptr_equal(silbe_command_find(commands[i].name), &commands[i]);
        }
        if (commands[i].program != NULL) {
            assert_ptr_equal(silbe_command_find_program(commands[i].program), &commands[i]);
        }
        assert_true(commands[i].spec->n_extras <= SILBE_CLI_MAX_EXTRAS);
    }
    assert_null(silbe_command_find("silbe-features"));
    assert_null(silbe_command_find_program("features"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_name_their_settings),
        cmocka_unit_test(found_by_name_and_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
