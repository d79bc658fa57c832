/*
 * archive.c: archives and compressed streams. In: bytes and their kind. Out:
 * members, by libarchive. A compressed archive (.tar.gz, .cpio.zst) is one
 * container: its members are those of the archive.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "source/archive_reader.h"
#include "source/open_container.h"
#include "source/utf8_locale.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

/* Holes of sparse files are not delivered: just enough of each to part what
 * stands before it from what stands behind it. */
#define MAX_HOLE 512u

typedef struct archive_container {
    ss_container base;
    ss_archive_reader reader;
    ss_bytes block; /* what is left of it */
    uint64_t at;    /* in the member: behind the block */
    size_t hole;    /* zeros before the block */
    uint64_t n_members;
    uint8_t is_at_member; /* it has bytes, or nobody knows that it has not */
    uint8_t is_lost;      /* the member at hand stands for a damaged header */
    uint8_t is_damaged;   /* its bytes were not what they should be */
    uint8_t is_dead;      /* libarchive has given up */
    char name[32];        /* of what has no name */
} archive_container;

static int fail(archive_container *c, ss_container_fault *fault)
{
    *fault = ss_archive_reader_fault(&c->reader);
    return SECSCAN_ERR_CORRUPT;
}

/* 1: there is a block or a hole; 0: the member is over. */
static int next_block(archive_container *c, ss_container_fault *fault)
{
    const void *data = NULL;
    size_t len = 0;
    la_int64_t offset = 0;
    int rc;

    if (ss_feed_is_stopped(&c->reader.feed))
        return fail(c, fault);
    rc = archive_read_data_block(c->reader.a, &data, &len, &offset);
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
        c->is_dead = rc <= ARCHIVE_FATAL;
        return fail(c, fault);
    }
    c->is_damaged |= rc != ARCHIVE_OK; /* a wrong checksum or size */
    c->block = ss_bytes_of(data, len);
    if (offset > 0 && (uint64_t)offset > c->at) {
        uint64_t hole = (uint64_t)offset - c->at;

        c->hole = hole < MAX_HOLE ? (size_t)hole : MAX_HOLE;
        c->at = (uint64_t)offset;
    }
    c->at += len;
    return 1;
}

static size_t take(archive_container *c, void *to, size_t len)
{
    size_t hole = c->hole < len ? c->hole : len;
    size_t n = c->block.len < len - hole ? c->block.len : len - hole;

    if (hole)
        memset(to, 0, hole);
    if (n)
        memcpy((uint8_t *)to + hole, c->block.data, n);
    c->hole -= hole;
    c->block.data += n;
    c->block.len -= n;
    return hole + n;
}

static ptrdiff_t read_member(ss_container *container, void *to, size_t len,
                             ss_container_fault *fault)
{
    archive_container *c = (archive_container *)container;
    int rc = 1;

    if (c->is_lost) {
        *fault = (ss_container_fault){"corrupt", "its header is damaged"};
        return SECSCAN_ERR_CORRUPT;
    }
    while (c->is_at_member && !c->hole && !c->block.len && rc > 0)
        rc = next_block(c, fault);
    if (rc <= 0)
        c->is_at_member = 0;
    if (rc == 0 && c->is_damaged) {
        *fault = (ss_container_fault){"corrupt", "its checksum is wrong"};
        return SECSCAN_ERR_CORRUPT;
    }
    return rc < 0 ? rc : (ptrdiff_t)take(c, to, len);
}

/* Others pass over what is left of a member by themselves, and faster. */
static int drain(archive_container *c, ss_container_fault *fault)
{
    if (!ss_archive_reader_is_solid(&c->reader))
        return 0;
    while (c->is_at_member) {
        int rc = next_block(c, fault);

        if (c->reader.feed.fault.reason)
            return rc;
        c->is_at_member = rc > 0;
    }
    return 0;
}

static int is_member(struct archive_entry *entry)
{
    switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
    case AE_IFLNK:
    case AE_IFCHR:
    case AE_IFBLK:
    case AE_IFIFO:
    case AE_IFSOCK:
        return 0;
    default:
        /* Of a file's links one has the bytes: in cpio the last. */
        return !archive_entry_hardlink(entry) || archive_entry_size(entry) > 0;
    }
}

static void describe(archive_container *c, struct archive_entry *entry,
                     ss_member *out)
{
    const char *name = entry ? archive_entry_pathname(entry) : NULL;

    c->n_members++;
    if (!name || !*name) {
        snprintf(c->name, sizeof(c->name), "member %llu",
                 (unsigned long long)c->n_members);
        name = c->name;
    }
    *out = (ss_member){.name = name, .size = UINT64_MAX};
    if (!entry)
        return;
    if (archive_entry_size_is_set(entry) && archive_entry_size(entry) >= 0)
        out->size = (uint64_t)archive_entry_size(entry);
    out->is_encrypted = archive_entry_is_data_encrypted(entry) != 0 ||
                        archive_entry_is_metadata_encrypted(entry) != 0;
}

static int at_end(archive_container *c, ss_container_fault *fault)
{
    if (archive_read_has_encrypted_entries(c->reader.a) == 1 &&
        c->n_members == 0) {
        *fault = (ss_container_fault){"encrypted", ""};
        return SECSCAN_ERR_CORRUPT;
    }
    if (ss_archive_reader_is_whole(&c->reader))
        return 0;
    *fault = (ss_container_fault){
        "corrupt", "cut short, or something in it was passed over"};
    return SECSCAN_ERR_CORRUPT;
}

static void forget_member(archive_container *c)
{
    c->block.len = c->hole = 0;
    c->at = 0;
    c->is_at_member = c->is_damaged = 0;
}

/* A run of damaged headers is delivered as one member that cannot be read. */
static int next_member(archive_container *c, ss_member *out,
                       ss_container_fault *fault)
{
    struct archive_entry *entry = NULL;

    for (;;) {
        int rc = ss_archive_reader_next(&c->reader, &entry);

        if (rc == ARCHIVE_EOF)
            return at_end(c, fault);
        if (rc <= ARCHIVE_FATAL) {
            c->is_dead = 1;
            return fail(c, fault);
        }
        if (rc < ARCHIVE_WARN && c->is_lost)
            continue;
        c->is_lost = rc < ARCHIVE_WARN;
        if (c->is_lost || is_member(entry))
            break;
    }
    describe(c, c->is_lost ? NULL : entry, out);
    c->is_at_member = !c->is_lost && !out->is_encrypted;
    return 1;
}

static int next(ss_container *container, ss_member *out,
                ss_container_fault *fault)
{
    archive_container *c = (archive_container *)container;
    void *before;
    int rc = drain(c, fault);

    if (rc)
        return rc;
    if (c->is_dead && ss_archive_reader_restart(&c->reader)) {
        *fault = (ss_container_fault){"corrupt", "what follows the damage"};
        return SECSCAN_ERR_CORRUPT;
    }
    c->is_dead = 0;
    forget_member(c);
    before = ss_utf8_locale_enter();
    rc = next_member(c, out, fault);
    ss_utf8_locale_leave(before);
    return rc;
}

static void close_archive(ss_container *container)
{
    archive_container *c = (archive_container *)container;

    if (!c)
        return;
    ss_archive_reader_release(&c->reader);
    ss_free(c);
}

/* Takes the stream, whatever it returns. */
static int open_archive(ss_container **out, const char *kind, ss_feed feed,
                        ss_stream *stream, ss_container_fault *fault)
{
    archive_container *c = ss_calloc(1, sizeof(*c));
    void *before;
    int rc;

    if (!c) {
        ss_stream_close(stream);
        return SECSCAN_ERR_NOMEM;
    }
    c->base.ops = &ss_archive_ops;
    c->reader =
        (ss_archive_reader){.kind = kind, .feed = feed, .stream = stream};
    before = ss_utf8_locale_enter();
    rc = ss_archive_reader_open(&c->reader);
    ss_utf8_locale_leave(before);
    if (rc < ARCHIVE_WARN) {
        rc = c->reader.a ? fail(c, fault) : SECSCAN_ERR_NOMEM;
        close_archive(&c->base);
        return rc;
    }
    *out = &c->base;
    return 0;
}

/* The archive that begins with `head`, inside a compressed stream; or NULL. */
static const char *archive_in(ss_bytes head)
{
    const ss_container_kind *kind = ss_container_detect(head);

    return kind && (strcmp(kind->name, "tar") == 0 ||
                    strcmp(kind->name, "cpio") == 0)
               ? kind->name
               : NULL;
}

static int open_stream(ss_container **out, ss_stream *stream,
                       const ss_feed *feed, ss_container_fault *fault)
{
    const char *kind;
    int rc = ss_stream_block(stream, &stream->pending);

    if (rc < 0) {
        *fault = stream->fault;
        ss_stream_close(stream);
        return SECSCAN_ERR_CORRUPT;
    }
    kind = rc ? archive_in(stream->pending) : NULL;
    if (kind)
        return open_archive(out, kind, *feed, stream, fault);
    *out = ss_stream_container(stream);
    if (*out)
        return 0;
    ss_stream_close(stream);
    return SECSCAN_ERR_NOMEM;
}

static int open_kind(ss_container **out, const ss_container_kind *kind,
                     const ss_input *input, int (*should_stop)(void *ctx),
                     void *ctx, ss_container_fault *fault)
{
    ss_feed feed = {.input = input, .should_stop = should_stop, .ctx = ctx};
    int is_rpm = strcmp(kind->name, "rpm") == 0;
    ss_stream *stream;

    if (kind->opens == SS_OPENS_ARCHIVE && !is_rpm)
        return open_archive(out, kind->name, feed, NULL, fault);
    stream = ss_stream_open(kind->name, input, should_stop, ctx);
    if (!stream)
        return SECSCAN_ERR_NOMEM;
    return is_rpm ? open_archive(out, "rpm", feed, stream, fault)
                  : open_stream(out, stream, &feed, fault);
}

const ss_opens_ops ss_archive_ops = {open_kind, next, read_member, NULL,
                                     close_archive};
