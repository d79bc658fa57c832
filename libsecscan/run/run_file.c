/*
 * run_file.c: read a file and scan it: at once when it fits the buffer, as most
 * do, else in pieces.
 */
#include "run_file.h"

#include "base/alloc.h"
#include "os/open.h"

#define BUFFER_LEN ((size_t)256 << 10)

int ss_file_worker_init(ss_file_worker *worker, secscan_scanner *handle,
                        ss_scanner *scanner, secscan_error *err)
{
    worker->scanner = scanner;
    ss_unpacker_init(&worker->unpacker, handle, scanner);
    worker->max_size = handle->options.max_file_size;
    worker->on_read = NULL;
    worker->ctx = NULL;
    worker->buffer = ss_alloc(BUFFER_LEN);
    return worker->buffer ? 0 : ss_fail_nomem(err);
}

void ss_file_worker_release(ss_file_worker *worker)
{
    ss_unpacker_release(&worker->unpacker);
    ss_free_wiped(worker->buffer, BUFFER_LEN);
    worker->buffer = NULL;
}

/* Fill the buffer; less than all of it is the end of the file. -1 and *why when
 * reading fails; what came before is in *len. */
static int fill_buffer(ss_file_worker *worker, int fd, size_t *len,
                       const char **why)
{
    *len = 0;
    while (*len < BUFFER_LEN) {
        ptrdiff_t got =
            ss_open_read(fd, worker->buffer + *len, BUFFER_LEN - *len, why);

        if (got < 0)
            return -1;
        if (!got)
            return 0;
        *len += (size_t)got;
    }
    return 0;
}

static int tell(const ss_file_worker *worker, size_t len)
{
    return worker->on_read ? worker->on_read(worker->ctx, len) : 0;
}

static ss_bytes buffered(const ss_file_worker *worker, size_t len)
{
    return (ss_bytes){worker->buffer, len};
}

/* The buffer is full: there may be more. *fault is static text when reading
 * failed. */
static int scan_pieces(ss_file_worker *worker, int fd,
                       const ss_match_sink *sink, uint64_t *total,
                       const char **fault, secscan_error *err)
{
    size_t len = BUFFER_LEN;
    int rc = ss_scanner_begin(worker->scanner, sink, err);

    if (rc)
        return rc;
    for (;;) {
        rc = ss_scanner_feed(worker->scanner, buffered(worker, len), err);
        *total += len;
        if (!rc)
            rc = tell(worker, len);
        if (rc || *fault || len < BUFFER_LEN)
            break;
        fill_buffer(worker, fd, &len, fault);
    }
    return ss_scanner_finish(worker->scanner, rc, err);
}

/* ---- a container ---- */

typedef struct file_input {
    int fd;
    const char *fault; /* static; NULL: it could be read */
} file_input;

static ptrdiff_t read_at(void *ctx, void *to, size_t len, uint64_t offset)
{
    file_input *in = ctx;
    size_t got;

    if (!ss_file_read_at(in->fd, to, len, offset, &got, NULL))
        return (ptrdiff_t)got;
    in->fault = "cannot be read";
    return -1;
}

/* What a file that the buffer does not hold ends with may tell, too. */
static const ss_container_kind *detect_tail(ss_file_worker *worker,
                                            file_input *in, uint64_t size)
{
    uint8_t tail[SS_CONTAINER_TAIL];
    ptrdiff_t n = -1;

    if (ss_handle_opens(worker->unpacker.handle) && size > sizeof(tail))
        n = read_at(in, tail, sizeof(tail), size - sizeof(tail));
    return n < (ptrdiff_t)sizeof(tail)
               ? NULL
               : ss_unpack_detect_tail(&worker->unpacker,
                                       ss_bytes_of(tail, sizeof(tail)));
}

/* A file of which the buffer holds the head. *is_plain as ss_unpack's. */
static int open_container(ss_file_worker *worker, int fd, ss_results *results,
                          uint64_t *total, int *is_plain, secscan_error *err)
{
    file_input file = {.fd = fd};
    ss_input in = {.ctx = &file, .read_at = read_at};
    ss_file_info info;
    const ss_container_kind *kind =
        ss_unpack_detect(&worker->unpacker, buffered(worker, BUFFER_LEN));
    int is_head = kind != NULL, rc;

    *is_plain = 1;
    if (ss_open_info(fd, &info) || info.kind != SS_FILE_REGULAR ||
        info.size < BUFFER_LEN)
        return 0;
    if (!kind)
        kind = detect_tail(worker, &file, info.size);
    if (!kind)
        return 0;
    in.size = info.size;
    rc = ss_unpack(&worker->unpacker, kind, &in, results, is_plain, err);
    *is_plain |= !is_head;
    if (!rc && file.fault)
        rc = ss_results_add_skip(results, "unreadable", file.fault);
    if (rc || *is_plain)
        return rc;
    *total = info.size;
    return tell(worker, (size_t)info.size);
}

/* More than the buffer holds. */
static int scan_large(ss_file_worker *worker, int fd, ss_results *results,
                      uint64_t *total, const char **fault, secscan_error *err)
{
    ss_match_sink sink = ss_results_sink(results);
    int is_plain;
    int rc = open_container(worker, fd, results, total, &is_plain, err);

    if (!rc && is_plain)
        rc = scan_pieces(worker, fd, &sink, total, fault, err);
    return rc ? rc : ss_unpack_end(&worker->unpacker, results, 0, err);
}

static int scan_open(ss_file_worker *worker, int fd, ss_results *results,
                     uint64_t *total, secscan_error *err)
{
    const char *fault = NULL;
    size_t len;
    int rc;

    worker->unpacker.on_read = worker->on_read;
    worker->unpacker.ctx = worker->ctx;
    fill_buffer(worker, fd, &len, &fault);
    if (len == BUFFER_LEN) {
        rc = scan_large(worker, fd, results, total, &fault, err);
    } else {
        *total = len;
        rc = ss_unpack_scan(&worker->unpacker, buffered(worker, len), results,
                            err);
        if (!rc)
            rc = tell(worker, len);
    }
    if (!rc && fault)
        rc = ss_results_add_skip(results, "unreadable", fault);
    return rc;
}

static int skip(ss_results *results, const char *reason, const char *detail,
                ss_file_outcome *outcome)
{
    *outcome = SS_FILE_SKIPPED;
    return ss_results_add_skip(results, reason, detail);
}

static int is_too_large(const ss_file_worker *worker, int fd)
{
    ss_file_info info;

    return worker->max_size && !ss_open_info(fd, &info) &&
           info.size > worker->max_size;
}

static int skip_closed(ss_results *results, ss_open_status status,
                       const char *why, ss_file_outcome *outcome)
{
    switch (status) {
    case SS_OPEN_GONE:
        *outcome = SS_FILE_VANISHED;
        return 0;
    case SS_OPEN_SYMLINK:
        return skip(results, "symlink", "not followed", outcome);
    case SS_OPEN_NOT_A_FILE:
        return skip(results, "not-a-file", "", outcome);
    default:
        return skip(results, "unreadable", why, outcome);
    }
}

int ss_run_file(ss_file_worker *worker, const char *path, int follow,
                ss_results *results, ss_file_outcome *outcome, uint64_t *len,
                secscan_error *err)
{
    const char *why = "";
    ss_open_status status;
    int fd = -1;
    int rc;

    *outcome = SS_FILE_SCANNED;
    *len = 0;
    status = ss_open_file(&fd, path, follow, &why);
    if (status)
        rc = skip_closed(results, status, why, outcome);
    else if (is_too_large(worker, fd))
        rc = skip(results, "too-large", "", outcome);
    else
        rc = scan_open(worker, fd, results, len, err);
    ss_file_close(fd);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : rc;
}
