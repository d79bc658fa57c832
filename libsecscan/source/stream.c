/*
 * stream.c: the streams that libarchive unpacks, as its raw format. Only the
 * filter that the kind names is in use: what is compressed twice is a stream in
 * a stream, and whoever reads counts them.
 */
#include "stream.h"

#include "base/alloc.h"
#include "source/archive_input.h"

#include <archive.h>
#include <archive_entry.h>

typedef struct filter_stream {
    ss_stream base;
    struct archive *a;
    int is_open, is_over;
    const char *kind;
} filter_stream;

static const struct filter {
    const char *kind;
    int code;
} filters[] = {
    {"bzip2", ARCHIVE_FILTER_BZIP2}, {"xz", ARCHIVE_FILTER_XZ},
    {"zstd", ARCHIVE_FILTER_ZSTD},   {"lz4", ARCHIVE_FILTER_LZ4},
    {"lzma", ARCHIVE_FILTER_LZMA},   {"lzip", ARCHIVE_FILTER_LZIP},
};

/* compress, which reads when it is made, cannot be named beforehand; and an
 * rpm's payload is compressed in one of some ways: libarchive finds out. */
static int add_filters(struct archive *a, const char *kind)
{
    for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
        if (strcmp(filters[i].kind, kind) == 0)
            return archive_read_append_filter(a, filters[i].code);
    if (strcmp(kind, "compress") == 0)
        return archive_read_support_filter_compress(a);
    archive_read_support_filter_rpm(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_lzma(a);
    return archive_read_support_filter_zstd(a);
}

static int fail(filter_stream *s)
{
    s->base.fault = s->base.feed.fault.reason
                        ? s->base.feed.fault
                        : ss_archive_fault(s->a, "damaged or cut short");
    s->is_over = 1;
    return -1;
}

static int open_filters(filter_stream *s)
{
    struct archive_entry *entry;
    int rc;

    s->is_open = 1;
    if (add_filters(s->a, s->kind) < ARCHIVE_WARN)
        return fail(s);
    archive_read_support_format_raw(s->a);
    archive_read_support_format_empty(s->a);
    rc = ss_archive_input_open(s->a, &s->base.feed);
    /* A filter that fails at once looks like one with nothing to give. */
    if (rc < ARCHIVE_WARN || archive_error_string(s->a))
        return fail(s);
    rc = archive_read_next_header(s->a, &entry);
    s->is_over = rc == ARCHIVE_EOF;
    return s->is_over || rc >= ARCHIVE_WARN ? 0 : fail(s);
}

static int block(ss_stream *stream, ss_bytes *out)
{
    filter_stream *s = (filter_stream *)stream;
    const void *data = NULL;
    size_t len = 0;
    la_int64_t offset;
    int rc;

    if (!s->is_open && open_filters(s))
        return -1;
    while (!s->is_over) {
        rc = archive_read_data_block(s->a, &data, &len, &offset);
        if (rc < ARCHIVE_WARN)
            return fail(s);
        s->is_over = rc == ARCHIVE_EOF;
        *out = ss_bytes_of(data, len);
        if (len && !s->is_over)
            return 1;
    }
    return 0;
}

static void close_stream(ss_stream *stream)
{
    filter_stream *s = (filter_stream *)stream;

    archive_read_free(s->a);
    ss_free(s);
}

static ss_stream *filter_stream_open(const char *kind)
{
    static const ss_stream_ops ops = {block, close_stream};
    filter_stream *s = ss_calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->base.ops = &ops;
    s->kind = kind;
    s->a = archive_read_new();
    if (!s->a) {
        ss_free(s);
        return NULL;
    }
    return &s->base;
}

ss_stream *ss_stream_open(const char *kind, const ss_input *input,
                          int (*should_stop)(void *ctx), void *ctx)
{
    int is_gzip = strcmp(kind, "gzip") == 0;
    ss_stream *s = is_gzip || strcmp(kind, "zlib") == 0
                       ? ss_zlib_stream_open(is_gzip)
                       : filter_stream_open(kind);

    if (s) {
        s->feed.input = input;
        s->feed.should_stop = should_stop;
        s->feed.ctx = ctx;
    }
    return s;
}

int ss_stream_block(ss_stream *s, ss_bytes *out)
{
    if (s->pending.len) {
        *out = s->pending;
        s->pending.len = 0;
        return 1;
    }
    if (!s->fault.reason && ss_feed_is_stopped(&s->feed))
        s->fault = s->feed.fault;
    return s->fault.reason && strcmp(s->fault.reason, "time-limit") == 0
               ? -1
               : s->ops->block(s, out);
}

void ss_stream_close(ss_stream *s)
{
    if (!s)
        return;
    ss_feed_release(&s->feed);
    s->ops->close(s);
}
