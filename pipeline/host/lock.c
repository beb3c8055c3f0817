#define _DEFAULT_SOURCE
#include "pipeline/host/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* The holder wrote "PROGRAM, process PID"; it may be just about to. */
static silbe_status fail_busy(int fd, const char *folder, silbe_err *err)
{
    char holder[128];
    ssize_t n = pread(fd, holder, sizeof holder - 1, 0);
    holder[n > 0 ? n : 0] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    return silbe_fail(err, SILBE_ERR_BUSY,
                      "%s: another run is at work here (%s); wait for it to end, or let this one "
                      "write elsewhere with --work FOLDER (make: WORK=folder)",
                      folder, holder[0] != '\0' ? holder : "it has just begun");
}

silbe_status silbe_lock_take(silbe_lock *lock, const char *folder, const char *holder,
                             silbe_err *err)
{
    char path[4096 + 16];
    char text[128];
    *lock = (silbe_lock)SILBE_LOCK_INIT;
    int length = snprintf(path, sizeof path, "%s/.lock", folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        return silbe_fail(err, SILBE_ERR_IO, "%.100s...: the path is too long", folder);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        return silbe_fail(err, SILBE_ERR_IO, "%s: cannot be opened: %s; check the folder's rights",
                          path, strerror(errno));
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        silbe_status status =
            errno == EWOULDBLOCK
                ? fail_busy(fd, folder, err)
                : silbe_fail(err, SILBE_ERR_IO, "%s: cannot be locked: %s", path, strerror(errno));
        (void)close(fd);
        return status;
    }
    /* Only for the message to others: not being able to write it does no harm. */
    length = snprintf(text, sizeof text, "%.64s, process %ld\n", holder, (long)getpid());
    if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)length, 0) != length) {
        (void)ftruncate(fd, 0);
    }
    lock->fd = fd;
    return SILBE_OK;
}

void silbe_lock_release(silbe_lock *lock)
{
    if (lock->fd >= 0) {
        (void)close(lock->fd);
        *lock = (silbe_lock)SILBE_LOCK_INIT;
    }
}
