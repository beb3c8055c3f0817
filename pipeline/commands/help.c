#include "pipeline/commands/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/commands/command.h"
#include "pipeline/host/nearest.h"
#include "pipeline/host/run_info.h"

static void print_overview(FILE *stream)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    (void)fprintf(stream,
                  "silbe %s: the time of every sung word\n\n"
                  "Usage: silbe COMMAND [ARGUMENT...]\n\nCommands:\n",
                  silbe_version());
    for (size_t i = 0; i < n; i++) {
        if (commands[i].name != NULL) {
            (void)fprintf(stream, "  %-12s %s\n", commands[i].name, commands[i].spec->summary);
        }
    }
    (void)fprintf(stream, "  %-12s %s\n", "help", "this, or all about a command: silbe help align");
}

/* Ends with the text on stdout, if it got there. */
static int end(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, "silbe: error: standard output could not be written: %s\n",
                      strerror(errno));
        return SILBE_EXIT_UNABLE;
    }
    return SILBE_EXIT_OK;
}

static int refuse(const char *word)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    silbe_nearest_offer(&nearest, word, strlen(word), "help");
    for (size_t i = 0; i < n; i++) {
        if (commands[i].name != NULL) {
            silbe_nearest_offer(&nearest, word, strlen(word), commands[i].name);
        }
    }
    (void)fprintf(stderr, "silbe: error: there is no command %.200s", word);
    if (nearest.word != NULL) {
        (void)fprintf(stderr, "; did you mean %s?", nearest.word);
    }
    (void)fputs("\nsilbe help lists the commands\n", stderr);
    return SILBE_EXIT_MISUSE;
}

static int help_on(char *name)
{
    char program[] = "silbe", option[] = "--help";
    char *arguments[] = {program, name, option, NULL};
    const silbe_command *command = silbe_command_find(name);
    if (command == NULL && (command = silbe_command_find_program(name)) == NULL) {
        return refuse(name);
    }
    bool is_program = command->name == NULL;
    arguments[1] = is_program ? option : name;
    return silbe_command_main(command, is_program, is_program ? 2 : 3, arguments);
}

int silbe_help_main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        print_overview(stderr);
        return SILBE_EXIT_MISUSE;
    }
    if (strcmp(word, "--version") == 0) {
        (void)printf("silbe %s\n", silbe_version());
        return end();
    }
    if (strcmp(word, "help") == 0 && argc > 2) {
        return help_on(argv[2]);
    }
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_overview(stdout);
        return end();
    }
    return refuse(word);
}
