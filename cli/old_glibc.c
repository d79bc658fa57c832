/*
 * old_glibc.c: what lets secscan_portable, which is linked on a new system, run
 * with the C library of an old one. The linker sends what its objects and
 * archives call (--wrap, portable.cmake) to the functions here, which call the
 * oldest versions that glibc has of the same names; it keeps them for programs
 * that are old. What an old one does not have at all is here in full. Only for
 * glibc on x86-64.
 */
#include <link.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* RESULT __wrap_NAME PARAMETERS calls NAME@GLIBC_VERSION. */
#define FORWARD(result, name, version, parameters, arguments)                  \
    result old_##name parameters;                                              \
    __asm__(".symver old_" #name ", " #name "@GLIBC_" version);                \
    result __wrap_##name parameters;                                           \
    result __wrap_##name parameters                                            \
    {                                                                          \
        return old_##name arguments;                                           \
    }

typedef void *(*thread_start)(void *);
typedef void (*destructor)(void *);
typedef void (*procedure)(void);

/* Of libpthread and libdl, before 2.34. */
FORWARD(int, pthread_create, "2.2.5",
        (pthread_t * thread, const pthread_attr_t *attr, thread_start start,
         void *arg),
        (thread, attr, start, arg))
FORWARD(int, pthread_join, "2.2.5", (pthread_t thread, void **result),
        (thread, result))
FORWARD(int, pthread_once, "2.2.5", (pthread_once_t * once, procedure run),
        (once, run))
FORWARD(int, pthread_key_create, "2.2.5",
        (pthread_key_t * key, destructor destroy), (key, destroy))
FORWARD(int, __pthread_key_create, "2.2.5",
        (pthread_key_t * key, destructor destroy), (key, destroy))
FORWARD(int, pthread_key_delete, "2.2.5", (pthread_key_t key), (key))
FORWARD(void *, pthread_getspecific, "2.2.5", (pthread_key_t key), (key))
FORWARD(int, pthread_setspecific, "2.2.5",
        (pthread_key_t key, const void *value), (key, value))
FORWARD(int, pthread_rwlock_init, "2.2.5",
        (pthread_rwlock_t * lock, const pthread_rwlockattr_t *attr),
        (lock, attr))
FORWARD(int, pthread_rwlock_destroy, "2.2.5", (pthread_rwlock_t * lock), (lock))
FORWARD(int, pthread_rwlock_rdlock, "2.2.5", (pthread_rwlock_t * lock), (lock))
FORWARD(int, pthread_rwlock_wrlock, "2.2.5", (pthread_rwlock_t * lock), (lock))
FORWARD(int, pthread_rwlock_unlock, "2.2.5", (pthread_rwlock_t * lock), (lock))
FORWARD(int, pthread_condattr_setclock, "2.3.3",
        (pthread_condattr_t * attr, clockid_t clock), (attr, clock))
FORWARD(int, pthread_sigmask, "2.2.5",
        (int how, const sigset_t *set, sigset_t *old), (how, set, old))
FORWARD(void *, dlopen, "2.2.5", (const char *path, int flags), (path, flags))
FORWARD(void *, dlsym, "2.2.5", (void *handle, const char *name),
        (handle, name))

/* Those of 2.29 differ in how they report errors, not in what they compute. */
FORWARD(double, log2, "2.2.5", (double x), (x))
FORWARD(double, pow, "2.2.5", (double x, double y), (x, y))

/* Of libc_nonshared.a, before 2.33: calls with the version of the struct. */
#define STAT_VERSION 1
int old_stat(int version, const char *path, struct stat *out);
int old_lstat(int version, const char *path, struct stat *out);
int old_fstat(int version, int fd, struct stat *out);
int old_fstatat(int version, int fd, const char *path, struct stat *out,
                int flags);
__asm__(".symver old_stat, __xstat@GLIBC_2.2.5");
__asm__(".symver old_lstat, __lxstat@GLIBC_2.2.5");
__asm__(".symver old_fstat, __fxstat@GLIBC_2.2.5");
__asm__(".symver old_fstatat, __fxstatat@GLIBC_2.4");

int __wrap_stat(const char *path, struct stat *out);
int __wrap_stat(const char *path, struct stat *out)
{
    return old_stat(STAT_VERSION, path, out);
}

int __wrap_lstat(const char *path, struct stat *out);
int __wrap_lstat(const char *path, struct stat *out)
{
    return old_lstat(STAT_VERSION, path, out);
}

int __wrap_fstat(int fd, struct stat *out);
int __wrap_fstat(int fd, struct stat *out)
{
    return old_fstat(STAT_VERSION, fd, out);
}

int __wrap_fstatat(int fd, const char *path, struct stat *out, int flags);
int __wrap_fstatat(int fd, const char *path, struct stat *out, int flags)
{
    return old_fstatat(STAT_VERSION, fd, path, out, flags);
}

/* Since 2.32; the C++ runtime asks whether it may do without atomic counts. */
extern char __wrap___libc_single_threaded;
char __wrap___libc_single_threaded = 0;

/* ---- start: before 2.34 a program ran its own constructors ---- */

typedef int (*main_function)(int, char **, char **);

extern procedure __init_array_start[] __attribute__((visibility("hidden")));
extern procedure __init_array_end[] __attribute__((visibility("hidden")));
void _init(void);

static int construct(int argc, char **argv, char **env)
{
    typedef void (*constructor)(int, char **, char **);

    _init();
    for (procedure *at = __init_array_start; at < __init_array_end; at++)
        ((constructor)*at)(argc, argv, env);
    return 0;
}

int old_start(main_function run, int argc, char **argv, main_function init,
              procedure fini, procedure rtld_fini, void *stack_end);
__asm__(".symver old_start, __libc_start_main@GLIBC_2.2.5");

int __wrap___libc_start_main(main_function run, int argc, char **argv,
                             main_function init, procedure fini,
                             procedure rtld_fini, void *stack_end);
int __wrap___libc_start_main(main_function run, int argc, char **argv,
                             main_function init, procedure fini,
                             procedure rtld_fini, void *stack_end)
{
    (void)init;
    return old_start(run, argc, argv, construct, fini, rtld_fini, stack_end);
}

/* ---- exceptions: what is at an address, since 2.35 ---- */

typedef struct search {
    uintptr_t address;
    struct dl_find_object *out;
} search;

static int look(struct dl_phdr_info *object, size_t size, void *ctx)
{
    const search *s = ctx;
    uintptr_t end = 0;
    int is_it = 0;

    (void)size;
    s->out->dlfo_eh_frame = NULL;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        uintptr_t from = object->dlpi_addr + part->p_vaddr;

        if (part->p_type == PT_LOAD && s->address >= from &&
            s->address - from < part->p_memsz)
            is_it = 1;
        if (part->p_type == PT_LOAD && from + part->p_memsz > end)
            end = from + part->p_memsz;
        if (part->p_type == PT_GNU_EH_FRAME)
            s->out->dlfo_eh_frame = (void *)from;
    }
    s->out->dlfo_map_start = (void *)object->dlpi_addr;
    s->out->dlfo_map_end = (void *)end;
    return is_it;
}

int __wrap__dl_find_object(void *address, struct dl_find_object *out);
int __wrap__dl_find_object(void *address, struct dl_find_object *out)
{
    search s = {(uintptr_t)address, out};

    out->dlfo_flags = 0;
    out->dlfo_link_map = NULL;
    if (!dl_iterate_phdr(look, &s) || !out->dlfo_eh_frame)
        return -1;
    return 0;
}
