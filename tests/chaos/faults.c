/* What a machine can do to a process, without breaking the machine. Preloaded; told what to do by FAULTS_DIR:
 *
 *   held           while it is there, what is written to append-only files stays in this process until it is fsynced,
 *                  as it would in a disk's cache: SIGKILL is a power cut then
 *   full           while it is there, the first half of a write to an append-only file fits, the rest gets ENOSPC
 *   index-full     while it is there, what is written to files of the embedded index gets ENOSPC
 *   clock-ROOM     eight bytes, seconds that the wall clock of that room's worker is ahead (or behind, below zero)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FILES 4096

static struct { int kept; char *bytes; size_t size, room; } files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char held_switch[PATH_MAX], full_switch[PATH_MAX], index_switch[PATH_MAX];
static char of_index[FILES];
static volatile const int64_t *ahead;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_close)(int), (*real_ftruncate)(int, off64_t);
static int (*real_open)(const char *, int, ...);
static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_day)(struct timeval *, void *);

static void find_clock(const char *folder) {
  char words[4096], path[PATH_MAX];
  FILE *file = fopen("/proc/self/cmdline", "r");
  if (!file) return;
  size_t size = fread(words, 1, sizeof words - 1, file);
  fclose(file);
  words[size] = 0;
  for (char *word = words; word < words + size; word += strlen(word) + 1) {
    if (strcmp(word, "-Q")) continue;
    char *room = word + 3;
    if (room >= words + size) return;
    snprintf(path, sizeof path, "%s/clock-%s", folder, room);
    int opened = real_open(path, O_RDONLY);
    if (opened < 0) return;
    void *found = mmap(0, 8, PROT_READ, MAP_SHARED, opened, 0);
    if (found != MAP_FAILED) ahead = found;
    real_close(opened);
    return;
  }
}

static void find_real(void) {
  if (real_write) return;
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_close = dlsym(RTLD_NEXT, "close");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_open = dlsym(RTLD_NEXT, "open64");
  real_clock = dlsym(RTLD_NEXT, "clock_gettime");
  real_day = dlsym(RTLD_NEXT, "gettimeofday");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_write = dlsym(RTLD_NEXT, "write");
}

__attribute__((constructor)) static void begin(void) {
  find_real();
  const char *folder = getenv("FAULTS_DIR");
  if (!folder) return;
  snprintf(held_switch, sizeof held_switch, "%s/held", folder);
  snprintf(full_switch, sizeof full_switch, "%s/full", folder);
  snprintf(index_switch, sizeof index_switch, "%s/index-full", folder);
  find_clock(folder);
}

static int no_room(int fd) {
  return fd >= 0 && fd < FILES && of_index[fd] && index_switch[0] && !access(index_switch, F_OK);
}

static int kept(int fd) { return fd >= 0 && fd < FILES && files[fd].kept; }

/* Writes what was held; called with the lock. */
static int let_out(int fd) {
  size_t at = 0;
  while (at < files[fd].size) {
    ssize_t done = real_write(fd, files[fd].bytes + at, files[fd].size - at);
    if (done < 0) return -1;
    at += done;
  }
  files[fd].size = 0;
  return 0;
}

/* A process that ends by itself leaves its writes to the kernel: no power was cut. */
__attribute__((destructor)) static void end(void) {
  for (int fd = 0; fd < FILES; fd++) if (files[fd].kept) let_out(fd);
}

static int opened(const char *path, int fd, int flags) {
  size_t size = strlen(path);
  int append_only = strstr(path, "appendonlydir/") && size > 4 && !strcmp(path + size - 4, ".aof");
  if (fd >= 0 && fd < FILES && append_only && (flags & O_ACCMODE) != O_RDONLY) {
    files[fd].kept = 1;
    files[fd].size = 0;
  }
  if (fd >= 0 && fd < FILES) of_index[fd] = strstr(path, "/d/index/") && (flags & O_ACCMODE) != O_RDONLY;
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  find_real();
  return opened(path, real_open(path, flags, mode), flags);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  find_real();
  return opened(path, real_open(path, flags, mode), flags);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  find_real();
  if (no_room(fd)) { errno = ENOSPC; return -1; }
  return real_writev(fd, parts, count);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  find_real();
  if (no_room(fd)) { errno = ENOSPC; return -1; }
  if (!kept(fd)) return real_write(fd, bytes, size);
  pthread_mutex_lock(&lock);
  ssize_t done = size;
  if (full_switch[0] && !access(full_switch, F_OK)) {
    done = size > 1 ? (let_out(fd), real_write(fd, bytes, size / 2)) : -1;
    if (done < 0) errno = ENOSPC;
  } else if (held_switch[0] && !access(held_switch, F_OK)) {
    if (files[fd].size + size > files[fd].room) {
      files[fd].room = 2 * (files[fd].size + size);
      files[fd].bytes = realloc(files[fd].bytes, files[fd].room);
      if (!files[fd].bytes) abort();
    }
    memcpy(files[fd].bytes + files[fd].size, bytes, size);
    files[fd].size += size;
  } else {
    done = let_out(fd) ? -1 : real_write(fd, bytes, size);
  }
  pthread_mutex_unlock(&lock);
  return done;
}

static int synced(int fd, int (*real)(int)) {
  if (!kept(fd)) return real(fd);
  pthread_mutex_lock(&lock);
  int done = let_out(fd);
  pthread_mutex_unlock(&lock);
  return done ? -1 : real(fd);
}

int fsync(int fd) { find_real(); return synced(fd, real_fsync); }
int fdatasync(int fd) { find_real(); return synced(fd, real_fdatasync); }

int ftruncate64(int fd, off64_t size) {
  find_real();
  if (kept(fd)) {
    pthread_mutex_lock(&lock);
    let_out(fd);
    pthread_mutex_unlock(&lock);
  }
  return real_ftruncate(fd, size);
}

int close(int fd) {
  find_real();
  if (fd >= 0 && fd < FILES) of_index[fd] = 0;
  if (kept(fd)) {
    pthread_mutex_lock(&lock);
    let_out(fd);
    files[fd].kept = 0;
    pthread_mutex_unlock(&lock);
  }
  return real_close(fd);
}

int clock_gettime(clockid_t which, struct timespec *now) {
  find_real();
  int done = real_clock(which, now);
  if (!done && ahead && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += *ahead;
  return done;
}

int gettimeofday(struct timeval *now, void *zone) {
  find_real();
  int done = real_day(now, zone);
  if (!done && ahead) now->tv_sec += *ahead;
  return done;
}

time_t time(time_t *told) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
  if (told) *told = now.tv_sec;
  return now.tv_sec;
}
