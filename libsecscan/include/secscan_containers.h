/*
 * secscan_containers.h: what opens containers, for scanners of secscan.h.
 *
 *     secscan_scan_options options = {.size = sizeof(options),
 *                                     .opener = secscan_containers};
 *
 * In a library of its own (libsecscan-containers), which links libarchive,
 * SQLite, qpdf and OpenSSL's libcrypto. A program that seldom meets a container
 * lets secscan_load_containers of secscan.h load it instead.
 */
#ifndef SECSCAN_CONTAINERS_H
#define SECSCAN_CONTAINERS_H

#include "secscan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opens zip, tar, 7z, cpio, iso, rpm, deb and more, compressed streams, SQLite
 * databases, PDF, notebooks and key stores. `ctx` is not used. Static, for any
 * thread, never NULL. */
SECSCAN_API const secscan_opener *secscan_containers(void *ctx);

#ifdef __cplusplus
}
#endif
#endif
