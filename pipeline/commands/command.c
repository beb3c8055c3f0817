#include "pipeline/commands/command.h"

#include <stdio.h>
#include <string.h>

static const silbe_command COMMANDS[] = {
    {"align", NULL, &silbe_align_spec, silbe_align_command},
    {"features", "silbe-features", &silbe_features_spec, silbe_features_command},
    {"labels", "silbe-labels", &silbe_labels_spec, silbe_labels_command},
    {"posteriors", "silbe-posteriors", &silbe_posteriors_spec, silbe_posteriors_command},
    {NULL, "silbe-align", &silbe_align_stage_spec, silbe_align_stage_command},
    {"evaluate", "silbe-evaluate", &silbe_evaluate_spec, silbe_evaluate_command},
    {"report", "silbe-report", &silbe_report_spec, silbe_report_command},
    {"adapt", NULL, &silbe_adapt_spec, silbe_adapt_command},
    {"train", "silbe-train", &silbe_train_spec, silbe_train_command},
    {"cache", NULL, &silbe_cache_spec, silbe_cache_command},
    {"demo", NULL, &silbe_demo_spec, silbe_demo_command},
    {"doctor", NULL, &silbe_doctor_spec, silbe_doctor_command},
};

enum { N_COMMANDS = sizeof COMMANDS / sizeof COMMANDS[0] };

const silbe_command *silbe_commands(size_t *n_commands)
{
    *n_commands = N_COMMANDS;
    return COMMANDS;
}

const silbe_command *silbe_command_find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (COMMANDS[i].name != NULL && strcmp(COMMANDS[i].name, name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

const silbe_command *silbe_command_find_program(const char *program)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (COMMANDS[i].program != NULL && strcmp(COMMANDS[i].program, program) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

int silbe_command_main(const silbe_command *command, bool as_program, int argc, char **argv)
{
    silbe_cli cli;
    int exit_code;
    char program[64];
    silbe_cli_spec spec = *command->spec;
    if (!as_program) {
        (void)snprintf(program, sizeof program, "silbe %s", command->name);
        spec.program = program;
    }
    if (!silbe_cli_begin(&cli, &spec, argc, argv, &exit_code)) {
        return exit_code;
    }
    return silbe_cli_end(&cli, command->run(&cli));
}
