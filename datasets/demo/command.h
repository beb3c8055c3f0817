/* The command line of silbe-demo. */
#ifndef SILBE_DEMO_COMMAND_H
#define SILBE_DEMO_COMMAND_H

/* silbe-demo --out FOLDER [--threads N]: prints, and returns the exit status: 0, 1 a folder that
 * cannot be made, 2 misuse. */
int silbe_demo_main(int argc, char **argv);

#endif
