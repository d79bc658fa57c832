/*
 * bridge.c: sinks whose callbacks are Go functions.
 * Knows nothing of what Go does with a finding.
 */
#include "bridge.h"

#include "_cgo_export.h"

static int on_finding(void *ctx, const secscan_finding *finding)
{
    return goFinding((uintptr_t)ctx, (secscan_finding *)finding);
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    return goSkipped((uintptr_t)ctx, (secscan_skip *)skip);
}

static int on_progress(void *ctx, const secscan_progress *progress)
{
    (void)progress;
    return goProgress((uintptr_t)ctx);
}

secscan_sink bridge_sink(uintptr_t handle)
{
    return (secscan_sink){sizeof(secscan_sink), (void *)handle, on_finding,
                          on_skipped, on_progress};
}

int bridge_scan_buffer(secscan_scanner *scanner, const char *name,
                       const char *data, size_t len, uintptr_t handle,
                       secscan_error *err)
{
    const secscan_sink sink = bridge_sink(handle);

    return secscan_scan_buffer(scanner, name, data, len, &sink, err);
}

int bridge_scan_file(secscan_scanner *scanner, const char *path,
                     uintptr_t handle, secscan_error *err)
{
    const secscan_sink sink = bridge_sink(handle);

    return secscan_scan_file(scanner, path, &sink, err);
}

int bridge_scan_tree(secscan_scanner *scanner, const char *path,
                     const secscan_tree_options *options, uintptr_t handle,
                     secscan_error *err)
{
    const secscan_sink sink = bridge_sink(handle);

    return secscan_scan_tree(scanner, &path, 1, options, &sink, err);
}

int bridge_stream_begin(secscan_scanner *scanner, const char *name,
                        uintptr_t handle, secscan_error *err)
{
    const secscan_sink sink = bridge_sink(handle);

    return secscan_stream_begin(scanner, name, &sink, err);
}
