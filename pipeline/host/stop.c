#define _POSIX_C_SOURCE 200809L
#include "pipeline/host/stop.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The one piece of process-wide state: signals are process-wide too. */
static volatile sig_atomic_t stop_signals;

static void on_signal(int number)
{
    static const char NOTE[] = "\nstopping after the items in work (press again to drop them)\n";
    (void)number;
    if (stop_signals > 0) {
        _exit(130);
    }
    stop_signals = 1;
    ssize_t n = write(STDERR_FILENO, NOTE, sizeof NOTE - 1);
    (void)n;
}

void silbe_stop_install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART; /* files being read or written are not to fail */
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

bool silbe_stop_requested(void)
{
    return stop_signals > 0;
}
