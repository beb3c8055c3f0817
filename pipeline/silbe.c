/* silbe, the one program. Called by another name, "silbe-features", it is that command. */
#include <stdio.h>
#include <string.h>

#include "datasets/demo/command.h"
#include "pipeline/commands/command.h"
#include "pipeline/commands/help.h"

int main(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : argc > 0 ? argv[0] : "silbe";
    if (strcmp(name, "silbe-demo") == 0) { /* with options of its own, and no settings */
        return silbe_demo_main(argc, argv);
    }
    const silbe_command *command = silbe_command_find_program(name);
    if (command != NULL) {
        return silbe_command_main(command, true, argc, argv);
    }
    command = argc > 1 ? silbe_command_find(argv[1]) : NULL;
    if (command != NULL) {
        return silbe_command_main(command, false, argc, argv);
    }
    return silbe_help_main(argc, argv);
}
