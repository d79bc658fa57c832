/*
 * containers.c: load libsecscan-containers, by opener.c, when the first
 * container appears.
 *
 * Linked, it would bring libarchive, SQLite, qpdf and OpenSSL into every
 * program that scans text. It stands beside this addon, and is never unloaded.
 * Without it containers are skips of the scan.
 *
 * secscan_load_containers would find it, too, but by dlopen as it is, and Node
 * exports zlib and OpenSSL by the same names: binding.c says what that takes.
 */
#include "addon.h"
#include "binding.h"

#include <dlfcn.h>
#include <string.h>

#if defined(__APPLE__)
#define LIBRARY "@loader_path/secscan-containers.node"
#else
#define LIBRARY "secscan-containers.node"
#endif

typedef const secscan_opener *(*opener_fn)(void);

const secscan_opener *containers_load(void *ctx)
{
    void *library = binding_load(LIBRARY);
    void *symbol = library ? dlsym(library, "secscan_node_opener") : NULL;
    opener_fn opener;

    (void)ctx;
    _Static_assert(sizeof(opener) == sizeof(symbol), "as POSIX has it");
    memcpy(&opener, &symbol, sizeof(opener));
    return opener ? opener() : NULL;
}
