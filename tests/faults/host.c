/* The host of one process, to be spoiled: its wall clock, its disk, its names. What is wrong stands in the file
   $BAD_HOST, three doubles that may change at any moment:
     [0] the wall clock is so many seconds off; the monotonic clock is left alone, as on a real machine;
     [1] each fsync fails with EIO with this probability;
     [2] the resolver takes so many seconds; names under .test are this machine.
   libfaketime is no use here: it slows every wait of Python's threads down to seconds. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double nothing_wrong[3];
static volatile double *wrong = nothing_wrong;
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_getaddrinfo)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

__attribute__((constructor)) static void begin(void) {
    real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    real_getaddrinfo = (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(
        RTLD_NEXT, "getaddrinfo");
    const char *path = getenv("BAD_HOST");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, sizeof nothing_wrong, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED) wrong = page;
}

int clock_gettime(clockid_t id, struct timespec *now) {
    int status = real_clock_gettime(id, now);
    if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += (time_t)wrong[0];
    return status;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *where) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (where) *where = exact.tv_sec;
    return exact.tv_sec;
}

static int is_broken(void) {
    if (wrong[1] <= 0 || drand48() >= wrong[1]) return 0;
    errno = EIO;
    return 1;
}

int fsync(int file) { return is_broken() ? -1 : real_fsync(file); }

int fdatasync(int file) { return is_broken() ? -1 : real_fdatasync(file); }

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    size_t length = name ? strlen(name) : 0;
    if (length < 5 || strcmp(name + length - 5, ".test") != 0) return real_getaddrinfo(name, service, hints, found);
    for (double waited = 0; waited < wrong[2]; waited += 0.05) usleep(50000);
    return real_getaddrinfo("127.0.0.1", service, hints, found);
}
