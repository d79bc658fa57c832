/*
 * bridge.h: the calls of secscan.h with a Go handle where C has a sink.
 *
 * A Go function cannot be named in a C struct, so each call here fills in a
 * sink whose callbacks are the exported functions of bridge.go. `handle` is a
 * cgo.Handle of an *engine, and all callbacks get it back.
 */
#ifndef SECSCAN_GO_BRIDGE_H
#define SECSCAN_GO_BRIDGE_H

#include <secscan.h>

#include <stdint.h>

/* What tells of a scan to Go; handle as above. */
secscan_sink bridge_sink(uintptr_t handle);

/* `data` is no pointer to void: cgo looks through what that points into for
 * pointers, and a struct that the bytes stand in may have some. */
int bridge_scan_buffer(secscan_scanner *scanner, const char *name,
                       const char *data, size_t len, uintptr_t handle,
                       secscan_error *err);
int bridge_scan_file(secscan_scanner *scanner, const char *path,
                     uintptr_t handle, secscan_error *err);
int bridge_scan_tree(secscan_scanner *scanner, const char *path,
                     const secscan_tree_options *options, uintptr_t handle,
                     secscan_error *err);
int bridge_stream_begin(secscan_scanner *scanner, const char *name,
                        uintptr_t handle, secscan_error *err);

#endif
