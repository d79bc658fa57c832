/*
 * library.c: dlopen, and a pointer to a function out of one to an object.
 */
#include "library.h"

#include <dlfcn.h>
#include <string.h>

ss_library_fn ss_library_find(const char *name, const char *function)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, function) : 0;
    ss_library_fn out;

    _Static_assert(sizeof(out) == sizeof(symbol), "as POSIX has it");
    memcpy(&out, &symbol, sizeof(out));
    return out;
}
