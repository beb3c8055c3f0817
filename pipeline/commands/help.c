#include "pipeline/commands/help.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/commands/command.h"
#include "pipeline/commands/completion.h"
#include "pipeline/commands/help_files.h"
#include "pipeline/commands/man.h"
#include "pipeline/host/nearest.h"
#include "pipeline/host/run_info.h"
#include "pipeline/settings/cli_help.h"

const char silbe_help_examples[] =
    "  silbe align song.mp3 lyrics.txt       word times of a song, beside it\n"
    "  silbe align path/to/folder            songs with their texts beside them\n"
    "  silbe align demo --mode all           a dataset in every mode, and a report";

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
    (void)fprintf(
        stream,
        "\nExamples:\n%s\n"
        "\nMore help:\n"
        "  silbe help COMMAND                    what it reads and writes, its options\n"
        "  silbe help settings [NAME...]         all settings, of sections, single ones\n"
        "  silbe help --man [NAME]               a manual page: silbe help --man | man -l -\n"
        "  silbe help --completion SHELL         for bash, zsh or fish\n"
        "  silbe help --write FOLDER             all manual pages and completions, as files\n"
        "\n",
        silbe_help_examples);
    silbe_cli_print_exits(stream);
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

/* `silbe help settings NAME...` */
static int help_on_settings(int n_names, char **names)
{
    for (int i = 0; i < n_names || i == 0; i++) {
        const char *name = n_names > 0 ? names[i] : NULL;
        if (i > 0) {
            (void)putchar('\n');
        }
        if (!silbe_cli_print_settings(name, stdout)) {
            const char *nearest = silbe_cli_nearest_setting(name);
            (void)fprintf(stderr, "silbe: error: there is no setting and no section %.200s%s%s%s\n",
                          name, nearest != NULL ? "; did you mean " : "",
                          nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
            (void)fputs("silbe help settings lists all\n", stderr);
            return SILBE_EXIT_MISUSE;
        }
    }
    return end();
}

static int refuse(const char *word)
{
    size_t n = 0;
    const silbe_command *commands = silbe_commands(&n);
    silbe_nearest nearest = SILBE_NEAREST_INIT;
    silbe_nearest_offer(&nearest, word, strlen(word), "help");
    silbe_nearest_offer(&nearest, word, strlen(word), "settings");
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

/* `silbe help --man [NAME]` */
static int manual_page(int n_names, char **names)
{
    size_t page = 0;
    if (n_names > 0 && !silbe_man_find(names[0], &page)) {
        return refuse(names[0]);
    }
    silbe_man_print(page, stdout);
    return end();
}

/* `silbe help --completion SHELL` */
static int completion(int n_names, char **names)
{
    const silbe_completion_shell *shell = n_names > 0 ? silbe_completion_find(names[0]) : NULL;
    if (shell == NULL) {
        (void)fprintf(stderr, "silbe: error: --completion needs a shell: bash, zsh or fish\n");
        return SILBE_EXIT_MISUSE;
    }
    shell->print(stdout);
    return end();
}

/* `silbe help --write FOLDER` */
static int write_files(int n_names, char **names)
{
    silbe_err err = SILBE_ERR_INIT;
    if (n_names == 0) {
        (void)fputs("silbe: error: --write needs a folder, for man/ and completions/\n", stderr);
        return SILBE_EXIT_MISUSE;
    }
    if (silbe_help_files_write(names[0], &err) != SILBE_OK) {
        (void)fprintf(stderr, "silbe: error: %s\n", err.message);
        return SILBE_EXIT_UNABLE;
    }
    return SILBE_EXIT_OK;
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

/* What stands behind `silbe help`. */
static int help_topic(int n_words, char **words)
{
    static const struct {
        const char *word;
        int (*run)(int n_names, char **names);
    } TOPICS[] = {{"--man", manual_page}, {"--completion", completion}, {"--write", write_files}};
    const size_t n_topics = sizeof TOPICS / sizeof TOPICS[0];
    if (strcmp(words[0], "settings") == 0) {
        return help_on_settings(n_words - 1, words + 1);
    }
    size_t t = 0;
    while (t < n_topics && strcmp(TOPICS[t].word, words[0]) != 0) {
        t++;
    }
    if (n_words > (t < n_topics ? 2 : 1)) {
        (void)fprintf(stderr, "silbe: error: \"%.200s\" is one word too many\n",
                      words[n_words - 1]);
        return SILBE_EXIT_MISUSE;
    }
    return t < n_topics ? TOPICS[t].run(n_words - 1, words + 1) : help_on(words[0]);
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
        return help_topic(argc - 2, argv + 2);
    }
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_overview(stdout);
        return end();
    }
    return refuse(word);
}
