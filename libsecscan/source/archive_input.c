/*
 * archive_input.c: the callbacks of libarchive.
 */
#include "archive_input.h"

#include <archive.h>
#include <errno.h>
#include <stdio.h> /* SEEK_SET */

static la_ssize_t given(struct archive *a, int rc, ss_bytes block,
                        const void **out)
{
    if (rc < 0) {
        archive_set_error(a, EIO, "no more bytes");
        return ARCHIVE_FATAL;
    }
    *out = block.data;
    return rc == 0 ? 0 : (la_ssize_t)block.len;
}

static la_ssize_t read_feed(struct archive *a, void *ctx, const void **out)
{
    ss_bytes block = {NULL, 0};
    int rc = ss_feed_next(ctx, &block);

    return given(a, rc, block, out);
}

static la_ssize_t read_stream(struct archive *a, void *ctx, const void **out)
{
    ss_bytes block = {NULL, 0};
    int rc = ss_stream_block(ctx, &block);

    return given(a, rc, block, out);
}

static la_int64_t skip(struct archive *a, void *ctx, la_int64_t len)
{
    ss_feed *feed = ctx;
    uint64_t size = ss_feed_size(feed);
    uint64_t left = feed->at < size ? size - feed->at : 0;

    (void)a;
    if (len < 0)
        return 0;
    if ((uint64_t)len > left)
        len = (la_int64_t)left;
    feed->at += (uint64_t)len;
    return len;
}

static la_int64_t seek(struct archive *a, void *ctx, la_int64_t offset,
                       int whence)
{
    ss_feed *feed = ctx;
    la_int64_t size = (la_int64_t)ss_feed_size(feed);
    la_int64_t from = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? (la_int64_t)feed->at
                                           : size;

    (void)a;
    if (offset < -from || offset > size - from)
        return ARCHIVE_FATAL;
    feed->at = (uint64_t)(from + offset);
    return from + offset;
}

int ss_archive_input_open(struct archive *a, ss_feed *feed)
{
    archive_read_set_callback_data(a, feed);
    archive_read_set_read_callback(a, read_feed);
    if (ss_feed_can_seek(feed)) {
        archive_read_set_skip_callback(a, skip);
        archive_read_set_seek_callback(a, seek);
    }
    return archive_read_open1(a);
}

int ss_archive_stream_open(struct archive *a, ss_stream *stream)
{
    archive_read_set_callback_data(a, stream);
    archive_read_set_read_callback(a, read_stream);
    return archive_read_open1(a);
}

/* libarchive tells these apart only in words, which are not scanned bytes. */
static int says(struct archive *a, const char *const *words)
{
    const char *text = archive_error_string(a);

    for (; text && *words; words++)
        if (strstr(text, *words))
            return 1;
    return 0;
}

ss_container_fault ss_archive_fault(struct archive *a, const char *damage)
{
    static const char *const of_keys[] = {"ncrypted", "assphrase", "ncryption",
                                          NULL};
    static const char *const of_methods[] = {
        "nsupported",         "not supported",           "navailable",
        "nknown compression", "nrecognized compression", NULL};

    if (says(a, of_keys))
        return (ss_container_fault){"encrypted", ""};
    if (archive_errno(a) == ENOMEM)
        return (ss_container_fault){"unsupported",
                                    "it asks for more memory than there is"};
    if (says(a, of_methods))
        return (ss_container_fault){"unsupported",
                                    "a method of compression is not known"};
    return (ss_container_fault){"corrupt", damage};
}
