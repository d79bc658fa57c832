/*
 * pack_window.c: one piece of a file in memory.
 */
#include "pack_window.h"

#include "base/alloc.h"
#include "os/file.h"

/* Where calls jump about, little is read in vain; where they go on, a call
 * serves hundreds of entries. */
#define LEAST ((size_t)4 << 10)
#define MOST ((size_t)128 << 10)

static int make_room(ss_pack_window *w, size_t len, secscan_error *err)
{
    if (len <= w->cap)
        return 0;
    ss_free(w->data);
    w->cap = w->len = 0;
    w->data = ss_alloc(len);
    if (!w->data)
        return ss_fail_nomem(err);
    w->cap = len;
    return 0;
}

/* Behind what was read last, and near: the next ones will be, too. */
static void choose_ahead(ss_pack_window *w, uint64_t offset)
{
    size_t most = w->most ? w->most : MOST;
    int goes_on = offset >= w->offset && offset - w->offset <= w->len + LEAST;

    if (!goes_on || !w->ahead)
        w->ahead = LEAST;
    else if (w->ahead < most)
        w->ahead *= 2;
}

static int fill(ss_pack_window *w, int fd, uint64_t offset, size_t len,
                secscan_error *err)
{
    int rc;

    choose_ahead(w, offset);
    if (len < w->ahead)
        len = w->ahead;
    rc = make_room(w, len, err);
    if (rc)
        return rc;
    w->len = 0;
    w->offset = offset;
    return ss_file_read_at(fd, w->data, len, offset, &w->len, err);
}

int ss_pack_window_look(ss_pack_window *w, int fd, uint64_t offset, size_t len,
                        ss_bytes *out, secscan_error *err)
{
    size_t skip, left;

    if (offset < w->offset || offset - w->offset > w->len ||
        len > w->len - (size_t)(offset - w->offset)) {
        int rc = fill(w, fd, offset, len, err);

        if (rc)
            return rc;
    }
    skip = (size_t)(offset - w->offset);
    left = w->len - skip;
    *out = ss_bytes_of(w->data + skip, len < left ? len : left);
    return 0;
}

void ss_pack_window_release(ss_pack_window *w)
{
    ss_free(w->data);
    *w = (ss_pack_window){0};
}
