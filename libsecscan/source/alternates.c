/*
 * alternates.c: follow info/alternates from store to store. A circle ends where
 * it began; what is no file is not opened.
 */
#include "alternates.h"

#include "base/buf.h"
#include "os/open.h"
#include "source/seen.h"

#define MAX_DEPTH 5
#define MAX_PATH_LEN ((size_t)1 << 16)
#define MAX_FILE ((size_t)1 << 20)

typedef struct follower {
    const ss_alternates_sink *sink;
    ss_seen seen;
    secscan_error *err;
} follower;

static int say(follower *f, const char *path, const char *reason,
               const char *detail)
{
    return f->sink->problem
               ? f->sink->problem(f->sink->ctx, path, reason, detail)
               : 0;
}

static int follow(follower *f, const char *objects_dir, int depth);

/* One line: a path, relative ones from the store itself. */
static int read_line(follower *f, const char *objects_dir, ss_bytes line,
                     int depth)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_file_info info;
    int rc;

    if (!line.len || line.data[0] == '#')
        return 0;
    if (line.data[0] != '/')
        ss_buf_puts(&path, objects_dir);
    ss_buf_add(&path, line.data, line.len);
    ss_buf_add(&path, "/", 2);
    if (path.failed)
        rc = ss_fail_nomem(f->err);
    else if (ss_file_stat((const char *)path.data, 1, &info, NULL) ||
             info.kind != SS_FILE_DIRECTORY)
        rc = say(f, (const char *)path.data, "missing",
                 "an alternate object store is not there");
    else
        rc = follow(f, (const char *)path.data, depth + 1);
    ss_buf_release(&path);
    return rc;
}

static int read_lines(follower *f, const char *objects_dir, const char *path,
                      int depth)
{
    ss_buf text = SS_BUF_INIT(MAX_FILE);
    ss_bytes in, line;
    int found;
    int rc = ss_file_read_regular(&text, path, MAX_FILE, &found, NULL);

    if (rc == SECSCAN_ERR_NOMEM)
        rc = ss_fail_nomem(f->err);
    else if (rc)
        rc = say(f, path, "unreadable", "info/alternates cannot be read");
    in = found ? ss_buf_bytes(&text) : (ss_bytes){NULL, 0};
    while (!rc && ss_bytes_line(&line, &in))
        rc = read_line(f, objects_dir, line, depth);
    ss_buf_release(&text);
    return rc;
}

static int read_alternates(follower *f, const char *objects_dir, int depth)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    int rc;

    ss_buf_puts(&path, objects_dir);
    ss_buf_add(&path, "info/alternates", 16);
    rc = path.failed
             ? ss_fail_nomem(f->err)
             : read_lines(f, objects_dir, (const char *)path.data, depth);
    ss_buf_release(&path);
    return rc;
}

static int follow(follower *f, const char *objects_dir, int depth)
{
    int is_new = 0;
    int rc = ss_seen_add_inode(&f->seen, objects_dir, &is_new, f->err);

    if (rc || !is_new)
        return rc;
    if (depth > MAX_DEPTH)
        return say(f, objects_dir, "unsupported",
                   "alternate object stores nest too deep");
    rc = f->sink->store(f->sink->ctx, objects_dir);
    return rc ? rc : read_alternates(f, objects_dir, depth);
}

int ss_alternates_each(const char *objects_dir, const ss_alternates_sink *sink,
                       secscan_error *err)
{
    follower f = {sink, SS_SEEN_INIT, err};
    int rc = follow(&f, objects_dir, 0);

    ss_seen_release(&f.seen);
    return rc;
}
