/*
 * secscan_load.c: public entry point that loads libsecscan-containers.
 */
#include "os/library.h"

#include <secscan.h>

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

const secscan_opener *secscan_load_containers(void *path)
{
    ss_library_fn found =
        ss_library_find(path ? path : LIBRARY, "secscan_containers");

    return found ? ((opener_fn)found)(NULL) : NULL;
}
