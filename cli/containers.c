/*
 * containers.c: load libsecscan-containers when the first container appears.
 *
 * Linked, it would bring libarchive, SQLite, qpdf and OpenSSL into every start
 * of the program, and most scans meet no container. It stands where the
 * program's RUNPATH says, and is never unloaded. Without it containers are
 * skips of the scan, which is incomplete then or not as the library says.
 */
#include "containers.h"

#include <secscan_containers.h>

#include <dlfcn.h>
#include <string.h>

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
/* The SONAME: a library of another version is not found. */
#if defined(__APPLE__)
#define LIBRARY                                                                \
    "@rpath/libsecscan-containers." TEXT(SECSCAN_VERSION_MAJOR) ".dylib"
#else
#define LIBRARY "libsecscan-containers.so." TEXT(SECSCAN_VERSION_MAJOR)
#endif

typedef const secscan_opener *(*opener_fn)(void *ctx);

static const secscan_opener *load(void *ctx)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, "secscan_containers") : NULL;
    opener_fn opener;

    _Static_assert(sizeof(opener) == sizeof(symbol), "as POSIX has it");
    memcpy(&opener, &symbol, sizeof(opener));
    return opener ? opener(ctx) : NULL;
}

void cli_containers_choose(const cli_args *args, secscan_scan_options *options)
{
    if (args->has_no_decode)
        options->flags |= SECSCAN_SCAN_NO_DECODE;
    if (args->has_no_containers)
        options->flags |= SECSCAN_SCAN_NO_CONTAINERS;
    options->opener = load;
    options->max_depth = (uint32_t)args->max_depth;
    options->max_seconds = (uint32_t)((args->container_timeout + 999) / 1000);
    options->max_ratio = (uint32_t)args->max_ratio;
    options->max_entries = (uint32_t)args->max_entries;
    options->max_decoded = args->max_decoded;
    options->max_member = args->max_member;
    options->max_unpacked = args->max_unpacked;
}
