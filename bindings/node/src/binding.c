/*
 * binding.c: see binding.h.
 *
 * Node itself exports the names of zlib and OpenSSL, in versions of its own,
 * and other programs built on it those of BoringSSL. With RTLD_DEEPBIND a
 * library looks into its own libraries first. But where malloc has been
 * replaced, as by LD_PRELOAD, it would free by libc's what libc had from the
 * other one: there Node's zlib and OpenSSL have to do.
 */
#include "binding.h"

#include <dlfcn.h>
#include <stddef.h>

#if defined(RTLD_DEEPBIND)
static int deep_flag(void)
{
    void *libc = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
    void *own = libc ? dlsym(libc, "malloc") : NULL;
    int is_own = own && own == dlsym(RTLD_DEFAULT, "malloc");

    if (libc)
        dlclose(libc);
    return is_own ? RTLD_DEEPBIND : 0;
}
#else
static int deep_flag(void)
{
    return 0;
}
#endif

void *binding_load(const char *name)
{
    return dlopen(name, RTLD_NOW | RTLD_LOCAL | deep_flag());
}
