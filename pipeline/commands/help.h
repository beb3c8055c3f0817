/*
 * What silbe says about itself.
 */
#ifndef SILBE_HELP_H
#define SILBE_HELP_H

/* `silbe`, `silbe help ...`, `silbe --help`, `silbe --version`, and words that are no command.
 * Returns an exit code. */
int silbe_help_main(int argc, char **argv);

/* Lines of examples. */
extern const char silbe_help_examples[];

#endif
