/*
 * archive_reader.c: which of libarchive's formats reads which kind. Those that
 * it finds in plain text (mtree), and filters that run programs, are not in
 * use.
 */
#include "archive_reader.h"

#include "source/archive_input.h"

#include <archive.h>
#include <archive_entry.h>

/* Each restart reads the headers before the damage again. */
#define MAX_RESTARTS 64u

#define AR_MARK 8u    /* all there is of an empty ar */
#define RAR_HEADER 7u /* the shortest */
#define ZIP_END 22u   /* without its comment */

typedef struct format {
    const char *kind;
    int (*support)(struct archive *a);
    uint8_t is_solid;
    uint8_t can_restart; /* members are compressed one by one */
} format;

static const format formats[] = {
    {"zip", archive_read_support_format_zip, 0, 1},
    {"tar", archive_read_support_format_tar, 0, 0},
    {"cpio", archive_read_support_format_cpio, 0, 0},
    {"rpm", archive_read_support_format_cpio, 0, 0},
    {"ar", archive_read_support_format_ar, 0, 0},
    {"7z", archive_read_support_format_7zip, 1, 0},
    {"iso9660", archive_read_support_format_iso9660, 0, 0},
    {"rar", archive_read_support_format_rar, 1, 0},
    {"rar5", archive_read_support_format_rar5, 1, 0},
    {"xar", archive_read_support_format_xar, 0, 0},
    {"cab", archive_read_support_format_cab, 1, 0},
    {"lha", archive_read_support_format_lha, 0, 0},
};

static const format *format_of(const ss_archive_reader *r)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (strcmp(formats[i].kind, r->kind) == 0)
            return &formats[i];
    return NULL;
}

int ss_archive_reader_open(ss_archive_reader *r)
{
    const format *f = format_of(r);

    int rc;

    r->a = archive_read_new();
    if (!r->a || !f)
        return ARCHIVE_FATAL;
    rc = r->is_in_order ? archive_read_support_format_zip_streamable(r->a)
                        : f->support(r->a);
    if (rc < ARCHIVE_WARN)
        return ARCHIVE_FATAL;
    /* A tar behind another's end is read, too: nothing is passed over. */
    archive_read_set_option(r->a, "tar", "read_concatenated_archives", "1");
    return r->stream ? ss_archive_stream_open(r->a, r->stream)
                     : ss_archive_input_open(r->a, &r->feed);
}

/* Begin again, and pass over `n` headers. */
static int open_behind(ss_archive_reader *r, uint64_t n)
{
    struct archive_entry *entry;

    archive_read_free(r->a);
    r->feed.at = 0;
    if (ss_archive_reader_open(r) < ARCHIVE_WARN)
        return -1;
    for (r->n_headers = 0; r->n_headers < n; r->n_headers++)
        if (archive_read_next_header(r->a, &entry) <= ARCHIVE_FATAL)
            return -1;
    return 0;
}

/* A zip's directory leads to what is no member: go on without it, by what
 * begins a member. In these words libarchive says so. */
static int leave_directory(ss_archive_reader *r)
{
    const char *text = archive_error_string(r->a);

    if (!format_of(r)->can_restart || r->is_in_order || r->feed.fault.reason ||
        !text || !strstr(text, "Damaged Zip archive"))
        return -1;
    r->is_in_order = 1;
    if (open_behind(r, r->n_headers - 1))
        return -1;
    r->n_headers++; /* the one that is lost */
    return 0;
}

int ss_archive_reader_next(ss_archive_reader *r, struct archive_entry **out)
{
    la_int64_t before = archive_read_header_position(r->a);
    int rc = archive_read_next_header(r->a, out);

    r->n_headers++;
    /* So says cpio's reader, and goes on. */
    r->has_gap |= rc == ARCHIVE_WARN && archive_error_string(r->a) &&
                  strncmp(archive_error_string(r->a), "Skipped ", 8) == 0;
    if (rc == ARCHIVE_RETRY)
        rc = ARCHIVE_FAILED; /* "try the next one" is what we do anyway */
    if (rc <= ARCHIVE_FATAL && leave_directory(r) == 0)
        return ARCHIVE_FAILED;
    /* Damage is passed over; but not where nothing moves. */
    if (rc < ARCHIVE_WARN && rc > ARCHIVE_FATAL && r->n_headers > 1 &&
        archive_read_header_position(r->a) == before)
        return ARCHIVE_FATAL;
    return rc;
}

int ss_archive_reader_restart(ss_archive_reader *r)
{
    if (!format_of(r)->can_restart || r->is_in_order ||
        !ss_feed_can_seek(&r->feed) || r->feed.fault.reason ||
        r->n_restarts++ >= MAX_RESTARTS)
        return -1;
    return open_behind(r, r->n_headers);
}

/* The block that ends every rar5 is small: sum, size, type 5. */
static int is_rar5_end(ss_archive_reader *r, uint64_t at)
{
    uint8_t end[6];

    if (!ss_feed_can_seek(&r->feed))
        return r->feed.at - at > sizeof(end);
    return ss_feed_peek(&r->feed, end, sizeof(end), at) == sizeof(end) &&
           end[5] == 5;
}

/* The header and the name of what ends a cpio, at most. */
static la_int64_t cpio_trailer(ss_archive_reader *r)
{
    switch (archive_format(r->a)) {
    case ARCHIVE_FORMAT_CPIO_POSIX:
        return 76 + 11;
    case ARCHIVE_FORMAT_CPIO_BIN_LE:
    case ARCHIVE_FORMAT_CPIO_BIN_BE:
        return 26 + 12;
    default:
        return 110 + 11 + 3;
    }
}

/* As many entries as the end record says; 65,535: it does not say. */
static int is_zip_whole(ss_archive_reader *r)
{
    uint8_t tail[SS_CONTAINER_TAIL];
    uint64_t size = ss_feed_can_seek(&r->feed) ? ss_feed_size(&r->feed) : 0;
    size_t n = ss_feed_peek(&r->feed, tail, sizeof(tail),
                            size > sizeof(tail) ? size - sizeof(tail) : 0);

    for (size_t at = n < ZIP_END ? 0 : n - ZIP_END + 1; at > 0; at--) {
        const uint8_t *end = tail + at - 1;
        unsigned count = end[10] + end[11] * 256u;

        if (memcmp(end, "PK\5\6", 4) == 0)
            return count == 0xffff || r->n_headers > count;
    }
    return 1;
}

/* libarchive takes the end of the bytes between two members for the end, which
 * may be where they were cut. Blocks end a tar and a rar5; ar and an old rar
 * just end, but not within a header. It passes over what should be a header of
 * cpio, and ends a zip where its directory seems to. */
int ss_archive_reader_is_whole(ss_archive_reader *r)
{
    la_int64_t header = archive_read_header_position(r->a);
    uint64_t at = header < 0 ? 0 : (uint64_t)header;

    if (strcmp(r->kind, "tar") == 0)
        return archive_filter_bytes(r->a, 0) > header;
    if (strcmp(r->kind, "zip") == 0)
        return is_zip_whole(r);
    if (strcmp(r->kind, "cpio") == 0 || strcmp(r->kind, "rpm") == 0)
        return !r->has_gap &&
               archive_filter_bytes(r->a, 0) - header <= cpio_trailer(r);
    if (strcmp(r->kind, "ar") == 0)
        return at >= r->feed.at || r->feed.at <= AR_MARK;
    if (strcmp(r->kind, "rar") == 0)
        return at >= r->feed.at || r->feed.at - at >= RAR_HEADER;
    return strcmp(r->kind, "rar5") != 0 || is_rar5_end(r, at);
}

int ss_archive_reader_is_solid(const ss_archive_reader *r)
{
    return format_of(r)->is_solid;
}

ss_container_fault ss_archive_reader_fault(ss_archive_reader *r)
{
    if (r->feed.fault.reason)
        return r->feed.fault;
    if (r->stream && r->stream->fault.reason)
        return r->stream->fault;
    return ss_archive_fault(r->a, "damaged or cut short");
}

void ss_archive_reader_release(ss_archive_reader *r)
{
    if (r->a)
        archive_read_free(r->a);
    ss_stream_close(r->stream);
    ss_feed_release(&r->feed);
}
