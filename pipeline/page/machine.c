#define _DEFAULT_SOURCE
#include "pipeline/page/machine.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The first "model name : X" of Linux's list of processors. */
static void read_processor(char *text, size_t size)
{
    char line[512];
    FILE *stream = fopen("/proc/cpuinfo", "r");
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL) {
        const char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            colon += 1 + strspn(colon + 1, " \t");
            (void)snprintf(text, size, "%.*s", (int)strcspn(colon, "\n"), colon);
            break;
        }
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
}

void silbe_machine_get(silbe_machine *machine)
{
    struct utsname names;
    *machine = (silbe_machine){.n_processors = 1};
    if (uname(&names) == 0) {
        (void)snprintf(machine->system, sizeof machine->system, "%.60s %.80s %.60s", names.sysname,
                       names.release, names.machine);
    }
    read_processor(machine->processor, sizeof machine->processor);
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    machine->n_processors = n > 0 ? (size_t)n : 1;
#ifdef _SC_PHYS_PAGES
    long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    machine->memory_gb = pages > 0 && page_bytes > 0 ? (double)pages * (double)page_bytes / 1e9 : 0;
#endif
}
